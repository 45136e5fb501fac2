//! Recall of many: a job that goes on where it was halted, and never does the same twice.

use std::collections::HashMap;
use std::io::Read as _;
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};

use crate::sandbox::Served;
use crate::support::{Run, World, finish};

/// A served sandbox, which keeps what it took whatever becomes of the clients.
struct Site {
    world: World,
    served: Served,
    provider: &'static str,
}

impl Site {
    fn start(provider: &'static str) -> Self {
        let world = World::new();
        let served = Served::start(&world, &["--provider", provider, "--log", "requests.ndjson"]);
        Self { world, served, provider }
    }

    fn command(&self, arguments: &[&str]) -> std::process::Command {
        let mut command = self.world.command();
        command.envs(self.served.environment()).env("TZ", "Asia/Shanghai").args(arguments);
        command
    }

    fn run(&self, arguments: &[&str]) -> Run {
        finish(&mut self.command(arguments))
    }

    #[track_caller]
    fn json(&self, arguments: &[&str]) -> Value {
        self.run(&[arguments, &["--output", "json"]].concat()).ends_with(0).json()
    }

    fn broadcast(&self, count: usize, job: &str) -> Vec<String> {
        let ids: Vec<String> = (0..count).map(|n| format!("u{n:05}")).collect();
        self.world.write("users.txt", ids.join("\n"));
        let list = ["broadcast", "--provider", self.provider, "--from", "news"];
        let more = ["--text", "Doors open at eight", "--targets", "users.txt", "--job", job];
        let confirm = ["--confirm", self.provider];
        self.run(&[&list[..], &more, &confirm].concat()).ends_with(0);
        ids
    }

    /// How many of a job were recalled, as `history` says.
    fn recalled(&self, job: &str) -> (u64, u64) {
        let shown = self.json(&["history", "show", job]);
        let mark = &shown["recalled"];
        (mark["targets"].as_u64().unwrap_or(0), mark["of"].as_u64().unwrap_or(0))
    }
}

/// Sends a signal to a process.
#[cfg(unix)]
fn signal(child: &std::process::Child, name: &str) {
    let pid = child.id().to_string();
    let status = std::process::Command::new("kill").args([name, &pid]).status().expect("kill");
    assert!(status.success(), "the process {pid} is there");
}

/// A number below another, from a seed that goes on.
fn below(seed: &mut u64, most: u64) -> u64 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
    (*seed >> 33) % most
}

/// How long runs of a test are: short, or with `HERALD_LONG=1` as long as operators see them.
fn long() -> bool {
    std::env::var_os("HERALD_LONG").is_some()
}

#[cfg(unix)]
#[test]
fn a_recall_that_is_halted_at_any_moment_recalls_from_each_target_once() {
    let (count, rounds) = if long() { (5000, 20) } else { (400, 3) };
    let mut seed = 7;
    for round in 0..rounds {
        let site = Site::start("rongcloud");
        let ids = site.broadcast(count, "spring");
        let recall = ["recall", "--job", "spring", "--confirm", "rongcloud"];
        let mut halts = 0;
        loop {
            let mut command = site.command(&recall);
            let mut child =
                command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("herald runs");
            let most = if long() { 30_000 } else { 2_500 };
            std::thread::sleep(Duration::from_millis(200 + below(&mut seed, most)));
            let is_over = child.try_wait().expect("its status").is_some();
            if !is_over {
                match below(&mut seed, 2) {
                    0 => signal(&child, "-INT"),
                    _ => drop(site.run(&["stop", "recall-spring"])),
                }
                halts += 1;
            }
            let status = child.wait().expect("it ends");
            let mut err = String::new();
            child.stderr.take().expect("a pipe").read_to_string(&mut err).expect("UTF-8");
            let (recalled, of) = site.recalled("spring");
            assert!(recalled <= of && (of == count as u64 || recalled == 0), "{recalled} of {of}");
            assert_eq!(recalled, targets(&site, "recall-spring", "accepted"), "round {round}");
            if status.success() {
                break;
            }
            // It says how it goes on, unless it was halted before it took up the job.
            let says = err.contains("herald recall --resume recall-spring");
            let has_begun = recalled > 0 && !err.contains("error: interrupted; nothing was sent");
            assert!(says || !has_begun, "round {round}: {status:?} {err}");
        }
        let mut asked: HashMap<String, u32> = HashMap::new();
        for target in requests(&site) {
            *asked.entry(target).or_default() += 1;
        }
        let twice: Vec<_> = asked.iter().filter(|(_, times)| **times != 1).collect();
        assert!(twice.is_empty() && asked.len() == ids.len(), "{halts} halts: {twice:?}");
        assert_eq!(site.recalled("spring"), (count as u64, count as u64));
    }
}

#[cfg(unix)]
#[test]
fn of_recalls_that_begin_at_once_one_recalls_and_the_others_say_which() {
    for _ in 0..3 {
        let site = Site::start("rongcloud");
        let ids = site.broadcast(60, "spring");
        let recall = ["recall", "--job", "spring", "--confirm", "rongcloud"];
        let begin = |_| {
            let mut command = site.command(&recall);
            command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("herald runs")
        };
        let children: Vec<_> = (0..4).map(begin).collect();
        let ends = children.into_iter().map(|child| child.wait_with_output().expect("it ends"));
        let mut refused = 0;
        for end in ends {
            let err = String::from_utf8(end.stderr).expect("UTF-8");
            let says = err.contains("the recall recall-spring ") || err.contains("nothing is left");
            match end.status.code() {
                Some(0) => {}
                Some(3) if says => refused += 1,
                code => panic!("{code:?}: {err}"),
            }
        }
        let mut asked = requests(&site);
        asked.sort();
        assert_eq!(asked, ids, "{refused} were refused");
        assert_eq!(site.json(&["jobs"])["jobs"].as_array().map(Vec::len), Some(2));
    }
}

#[cfg(unix)]
#[test]
fn the_rest_of_a_recalled_job_goes_out_only_where_somebody_means_it() {
    let site = Site::start("rongcloud");
    let ids: Vec<String> = (0..10).map(|n| format!("u{n}")).collect();
    site.world.write("users.txt", ids.join("\n"));
    let list = ["broadcast", "--provider", "rongcloud", "--from", "news", "--text", "Open at 8"];
    let more = ["--targets", "users.txt", "--job", "spring", "--canary", "4", "--soak", "15s"];
    let mut command = site.command(&[&list[..], &more, &["--confirm", "rongcloud"]].concat());
    let mut child =
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("herald runs");
    while targets(&site, "spring", "accepted") < 4
        && child.try_wait().expect("its status").is_none()
    {
        std::thread::sleep(Duration::from_millis(50));
    }
    let recall = ["recall", "--job", "spring", "--confirm", "rongcloud"];
    let refused = site.run(&recall).ends_with(3);
    refused.says("the job spring is running: 6 targets").says("herald stop spring");
    site.run(&["stop", "spring"]);
    child.wait().expect("it ends");
    site.run(&recall).ends_with(0).says("6 targets of spring are not sent yet");
    assert_eq!(site.recalled("spring"), (4, 4));

    let resume = ["broadcast", "--resume", "spring"];
    let refused = site.run(&resume).ends_with(9);
    refused
        .says(
            "4 of 4 targets of the job spring were recalled, and 6 targets of it would go out now",
        )
        .says("herald broadcast --resume spring --confirm rongcloud");
    assert_eq!(targets(&site, "spring", "accepted"), 4);
    site.run(&[&resume[..], &["--confirm", "rongcloud"]].concat()).ends_with(0);
    assert_eq!(targets(&site, "spring", "accepted"), 10);
}

/// The targets of a job that have an outcome.
#[cfg(unix)]
fn targets(site: &Site, job: &str, outcome: &str) -> u64 {
    let list = ["history", "--job", job, "--as", "targets", "--outcome", outcome];
    match site.run(&[&list[..], &["--output", "json"]].concat()) {
        run if run.code == 0 => run.json()["targets"].as_array().map_or(0, Vec::len) as u64,
        // There is no such job yet.
        _ => 0,
    }
}

/// Whom the vendor was asked to recall from, request by request.
#[cfg(unix)]
fn requests(site: &Site) -> Vec<String> {
    let log = std::fs::read_to_string(site.world.path("requests.ndjson")).expect("a log");
    let lines = log.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let path =
        |line: &Value| line["target"].as_str().is_some_and(|path| path.contains("/message/recall"));
    let recalls = lines.filter(path);
    let target = |line: Value| {
        let body = line["body"].as_str().expect("a form").to_owned();
        let id = body.split("targetId=").nth(1).expect("a target");
        id.split('&').next().unwrap_or_default().to_owned()
    };
    recalls.map(target).collect()
}

#[cfg(unix)]
#[test]
fn a_killed_recall_leaves_nothing_out_and_repeats_only_what_may_be_done_again() {
    let site = Site::start("rongcloud");
    site.broadcast(300, "spring");
    let recall = ["recall", "--job", "spring", "--confirm", "rongcloud"];
    let mut child = site
        .command(&recall)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("herald runs");
    while targets(&site, "recall-spring", "accepted") == 0
        && child.try_wait().expect("its status").is_none()
    {
        std::thread::sleep(Duration::from_millis(20));
    }
    signal(&child, "-KILL");
    child.wait().expect("it ends");
    // It goes on with what was not sent. What was under way is unknown.
    let run = site.run(&recall);
    let unknown = targets(&site, "recall-spring", "unknown");
    assert_eq!(run.code, if unknown > 0 { 8 } else { 0 }, "{run:?}");
    assert_eq!(site.recalled("spring"), (300 - unknown, 300));
    if unknown > 0 {
        // The contract says that a repeat leads to the same state.
        let again = site.run(&[&recall[..], &["--output", "json"]].concat()).ends_with(0);
        assert_eq!(again.json()["job"]["counts"]["total"], unknown);
        again.says("a repeat changes nothing");
    }
    assert_eq!(site.recalled("spring"), (300, 300));
    let mut asked = requests(&site);
    let all = asked.len() as u64;
    asked.sort_unstable();
    asked.dedup();
    assert!(asked.len() == 300 && all <= 300 + unknown, "{all} requests, {unknown} unknown");
}

#[test]
fn a_second_recall_says_what_is_recalled_and_sends_only_what_is_left() {
    let site = Site::start("wildfire");
    let send = |to: &str| {
        let send = ["send", "--provider", "wildfire", "--from", "a", "--to", to, "--text", "x"];
        site.json(&send)["ledger_id"].as_str().expect("an id").to_owned()
    };
    let (one, two, three) = (send("u1"), send("u2"), send("u3"));
    site.run(&["recall", &one]).ends_with(0);
    let entries = || site.json(&["history"])["entries"].as_array().expect("a list").len();
    let before = entries();
    let again = site.run(&["recall", &one]).ends_with(0);
    again.says("recalled already: user:u1, at ").says("+08:00; nothing is left to do");
    assert_eq!(entries(), before, "nothing was sent");
    let again = site.json(&["recall", &one]);
    assert_eq!((&again["outcome"], &again["operation"]), (&json!("accepted"), &json!("recall")));

    // Of several, those that are left; and the whole is one row.
    let many = site.run(&["recall", &one, &two, &three, "--output", "json"]).ends_with(0);
    assert_eq!(many.json()["job"]["counts"]["total"], 2, "{many:?}");
    many.says("recalled already: user:u1, at ");
    assert_eq!(entries(), before + 1);
    let none = site.run(&["recall", &one, &two, &three, "--output", "json"]).ends_with(0);
    assert_eq!(none.json()["attempts"], 0);
    none.says("recalled already: 3 targets").says("nothing is left to do");

    for (id, to) in [(&one, "u1"), (&two, "u2"), (&three, "u3")] {
        let shown = site.json(&["history", "show", id]);
        assert_eq!(
            (&shown["recalled"]["targets"], &shown["recalled"]["of"], &shown["deleted"]),
            (&json!(1), &json!(1), &json!(null))
        );
        assert!(shown["follow_ups"].as_array().is_some_and(|all| all.len() == 1), "{shown}");
        let people = site.run(&["history", "show", id]).ends_with(0).out;
        assert!(people.contains("accepted, recalled ") && people.contains("+08:00"), "{people}");
        let list = site.run(&["history"]).ends_with(0).out;
        let row = list.lines().find(|row| row.contains("wildfire/send") && row.contains(to));
        assert!(row.is_some_and(|row| row.contains("accepted, recalled ")), "{list}");
        assert!(!list.contains("nobody"), "{list}");
    }
}

#[test]
fn a_list_with_targets_that_the_job_does_not_have_says_which() {
    let site = Site::start("wildfire");
    site.broadcast(3, "spring");
    let strangers: Vec<String> = (0..13).map(|n| format!("zz{n}")).collect();
    site.world.write("some.txt", format!("u00001\n{}\n", strangers.join("\n")));
    let recall = ["recall", "--job", "spring", "--targets", "some.txt"];
    let run = site.run(&recall).ends_with(0);
    run.says("13 targets of the list did not get it").says("user:zz0, user:zz1").says("and 3 more");
    assert_eq!(site.recalled("spring"), (1, 3));
    let shown = site.run(&["history", "show", "spring"]).ends_with(0).out;
    assert!(shown.contains("accepted, recalled 1 of 3 "), "{shown}");
    // The rest, and no more.
    let rest = site.json(&["recall", "--job", "spring"]);
    assert_eq!(
        (&rest["job"]["counts"]["total"], &rest["job"]["name"]),
        (&json!(2), &json!("recall-spring-2"))
    );
    assert_eq!(site.recalled("spring"), (3, 3));
}

#[test]
fn a_recall_has_results_and_stands_in_history_by_whom_and_what() {
    let site = Site::start("rongcloud");
    site.broadcast(20, "spring");
    let recall = ["recall", "--job", "spring", "--results", "recalled.ndjson"];
    site.run(&recall).ends_with(0);
    let results = std::fs::read_to_string(site.world.path("recalled.ndjson")).expect("results");
    assert_eq!(results.lines().count(), 20);
    assert!(results.lines().all(|line| line.contains("\"outcome\":\"accepted\"")), "{results}");
    let list = site.run(&["history"]).ends_with(0).out;
    assert!(list.contains("20 targets (user:u00000 and 19 more), of spring"), "{list}");
    let shown = site.json(&["history", "show", "recall-spring"]);
    assert_eq!((&shown["command"], &shown["ended"]), (&json!("recall"), &json!("finished")));
    // A recall is not a message.
    site.run(&["recall", "--job", "recall-spring"]).ends_with(2).says("is itself a `recall`");
    site.run(&["recall", "--resume", "recall-spring"]).ends_with(0).says("nothing left to do");
}

/// What `send` says of the recall of what it sent: in words, and for scripts.
fn said(site: &Site, more: &[&str]) -> (String, Value) {
    let send = [&["send", "--provider", site.provider, "--from", "admin"][..], more].concat();
    let people = site.run(&send).ends_with(0).out;
    let line = people.lines().find(|line| line.starts_with("recall ")).expect("a line");
    (line.to_owned(), site.json(&send)["recall"].clone())
}

#[test]
fn the_line_about_recall_is_true_of_this_very_message() {
    // What is sent, whether it can be recalled, for how many seconds at the most, and a part of the words.
    for (provider, more, window, words) in [
        ("easemob", &["--to", "u1", "--text", "x"][..], Some(Some(120)), "until "),
        ("easemob", &["--to", "u1", "--command", "refresh"], None, "commands cannot be recalled"),
        ("rongcloud", &["--to", "u1", "--text", "x"], Some(None), "`herald recall "),
        ("jmessage", &["--to", "user-1", "--text", "x"], Some(Some(180)), "until "),
        ("wildfire", &["--to", "u1", "--text", "x"], Some(None), "at any age"),
        (
            "wildfire",
            &["--to", "u1", "--text", "x", "--set", "persistFlag=4"],
            Some(Some(10)),
            "forgets it after 10 s",
        ),
        ("jpush-v2", &["--to", "alias:u1", "--text", "x"], None, "cannot be recalled: a new push"),
    ] {
        let site = Site::start(provider);
        let (line, recall) = said(&site, more);
        assert!(line.contains(words), "{provider} {more:?}: {line}");
        assert_eq!(recall.is_null(), window.is_none(), "{provider} {more:?}: {recall}");
        let Some(window) = window else {
            assert!(!line.contains("herald recall"), "{line}");
            // `recall` says the same.
            assert!(!site.run(&["recall", "--last"]).err.is_empty());
            continue;
        };
        assert_eq!(line.contains("until ") && line.contains("+08:00"), window.is_some(), "{line}");
        assert_eq!(recall["until"].is_null(), window.is_none(), "{recall}");
        let shown = site.json(&[
            "history",
            "show",
            recall["command"].as_str().expect("a command").split(' ').nth(2).expect("an id"),
        ]);
        assert_eq!(shown["recall"]["until"].is_null(), window.is_none(), "{shown}");
        // The line can be pasted, and then there is nothing left to recall.
        let command = line.split('`').nth(1).expect("a command").to_owned();
        let words: Vec<&str> = command.split(' ').skip(1).collect();
        site.run(&words).ends_with(0);
        let shown = site.run(&["history", "show", words[1]]).ends_with(0).out;
        assert!(
            shown.contains("accepted, recalled ") && !shown.contains("herald recall"),
            "{shown}"
        );
    }
}
