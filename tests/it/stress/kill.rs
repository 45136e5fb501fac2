//! `kill -9` at random moments of a broadcast that is resumed until it is done.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use super::is_long;
use super::rig::{Rig, SeededRandom, balanced, ended, note, results};
use crate::support::Run;

const CONCURRENCY: usize = 8;

/// A broadcast that is going to be killed.
struct Victim<'a> {
    /// The command that begins it.
    begin: &'a [&'a str],
    targets: Vec<String>,
    kills: u64,
    /// About how long the record of one request is.
    line: u64,
}

/// How it went.
struct Outcome {
    unknown: usize,
    kills: u64,
    last: Run,
}

impl Victim<'_> {
    /// Kills and resumes it until it is done, and compares the books.
    fn run(&self, rig: &Rig) -> Outcome {
        let (mut dice, mut kills) = (SeededRandom::new(), 0);
        let step = 2 * self.line * self.targets.len() as u64 / self.kills;
        while kills < self.kills {
            let resume = ["broadcast", "--resume", "victim", "--yes", "--concurrency", "8"];
            let mut child = rig.spawn(if kills == 0 { self.begin } else { &resume });
            let (due, began) = (rig.bytes() + 1 + dice.below(step), Instant::now());
            while rig.bytes() < due && began.elapsed() < Duration::from_secs(120) {
                if child.try_wait().expect("it can be asked").is_some() {
                    break;
                }
                std::thread::sleep(Duration::from_micros(200));
            }
            std::thread::sleep(Duration::from_micros(dice.below(3000)));
            child.kill().expect("it can be killed");
            let run = ended(child);
            assert!(of_earlier(&run) <= CONCURRENCY, "{}", run.err);
            if run.code != -1 {
                // It was faster than the dice.
                assert!([0, 8].contains(&run.code), "{run:?}");
                break;
            }
            kills += 1;
        }
        let last = [
            "broadcast",
            "--resume",
            "victim",
            "--yes",
            "--results",
            "r.ndjson",
            "--output",
            "json",
        ];
        let last = rig.run(&last);
        assert!(of_earlier(&last) <= CONCURRENCY, "{}", last.err);
        let (told, results) = (last.json(), results(&rig.world.path("r.ndjson")));
        let unknown = balanced(&self.targets, &results, &told, &rig.stored());
        let shown = rig.run(&["history", "show", "victim", "--output", "json"]).ends_with(0).json();
        let counts = |of: &serde_json::Value, word: &str| of["job"]["counts"][word].clone();
        for word in ["total", "accepted", "unknown", "planned", "sending"] {
            assert_eq!(counts(&shown, word), counts(&told, word), "{word} in {shown}");
        }
        note(&format!("{kills} kills, {} requests, {unknown} unknown", rig.requests().len()));
        Outcome { unknown, kills, last }
    }
}

/// How many requests of an earlier run a run found in doubt.
fn of_earlier(run: &Run) -> usize {
    let line = run.err.lines().find(|line| line.contains(" of an earlier run"));
    let words = line.into_iter().flat_map(str::split_whitespace);
    words.filter_map(|word| word.parse().ok()).next().unwrap_or(0)
}

#[test]
fn a_killed_broadcast_loses_nobody_and_reaches_nobody_twice() {
    let rig = Rig::new();
    let (count, kills) = if is_long() { (100_000, 1000) } else { (2000, 15) };
    let targets: Vec<String> = (0..count).map(|n| format!("group:g{n}")).collect();
    rig.world.write("list.txt", targets.join("\n"));
    let begin = [
        "broadcast",
        "--provider",
        "wildfire",
        "--from",
        "news",
        "--text",
        "hello",
        "--yes",
        "--confirm",
        "wildfire",
        "--targets",
        "list.txt",
        "--job",
        "victim",
        "--concurrency",
        "8",
    ];
    let done = Victim { begin: &begin, targets, kills, line: 760 }.run(&rig);
    assert!(done.kills * 3 > kills, "only {} kills hit", done.kills);
    assert!(done.unknown <= usize::try_from(done.kills).expect("few") * CONCURRENCY);
    done.last.ends_with(if done.unknown > 0 { 8 } else { 0 });
}

#[test]
fn a_killed_broadcast_leaves_no_doubt_where_the_vendor_recognises_repeats() {
    let rig = Rig::new();
    // More than this many in a minute, and the vendor's pace would be all that is tested.
    let (count, kills) = if is_long() { (500, 80) } else { (400, 10) };
    let targets: Vec<String> = (0..count).map(|n| format!("alias:a{n}")).collect();
    let mut list = String::new();
    for target in &targets {
        writeln!(list, "{{\"target\":\"{target}\",\"name\":\"{target}\"}}").expect("room");
    }
    rig.world.write("list.ndjson", list);
    let begin = [
        "broadcast",
        "--provider",
        "jpush-v3",
        "--text",
        "hello {{name}}",
        "--yes",
        "--confirm",
        "jpush-v3",
        "--targets",
        "list.ndjson",
        "--job",
        "victim",
        "--concurrency",
        "8",
    ];
    let done = Victim { begin: &begin, targets, kills, line: 740 }.run(&rig);
    assert!(done.kills * 3 > kills, "only {} kills hit", done.kills);
    assert_eq!(done.unknown, 0);
    done.last.ends_with(0);
}
