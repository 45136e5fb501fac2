//! Ctrl-C and SIGTERM at random moments, with a server that is slow.

use std::collections::HashMap;
use std::io::Write as _;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use super::is_long;
use super::rig::{SeededRandom, ended, signal, spawn, until};
use super::server::Server;
use crate::support::{Run, World, finish};

const TARGETS: usize = 80;

/// Signals that ask to stop, with the exit codes that a shell gives them.
const SIGNALS: [(&str, i32); 4] = [("INT", 130), ("HUP", 129), ("QUIT", 131), ("TERM", 143)];

/// A broadcast to a slow server.
struct SlowStore {
    world: World,
    server: Server,
}

impl SlowStore {
    fn new(delay: Duration) -> Self {
        let world = World::new();
        let list: Vec<String> = (0..TARGETS).map(|n| format!("group:g{n}")).collect();
        world.write("list.txt", list.join("\n"));
        Self { world, server: Server::answering_after(delay) }
    }

    fn command(&self, more: &[&str]) -> Command {
        let mut command = self.world.command();
        command.args(["broadcast", "--yes", "--output", "json", "--concurrency", "4"]).args(more);
        command.env("HERALD_WILDFIRE_ENDPOINT", self.server.url());
        command.env("HERALD_WILDFIRE_SECRET", "secret");
        command
    }

    fn begin(&self, more: &[&str]) -> Command {
        let flags = ["--provider", "wildfire", "--from", "a", "--text", "x", "--job", "j"];
        let list = ["--targets", "list.txt", "--override", "repeat"];
        self.command(&[&flags[..], &list, more].concat())
    }

    fn resume(&self) -> Command {
        self.command(&["--resume", "j", "--results", "r.ndjson"])
    }

    /// No one got it twice, and no one was left out but those who are unknown.
    fn is_complete(&self, last: &Run) {
        let mut times: HashMap<String, u32> = HashMap::new();
        for body in self.server.read() {
            let body: serde_json::Value = serde_json::from_str(&body).expect("a document");
            let target = body["conv"]["target"].as_str().expect("a target");
            *times.entry(format!("group:{target}")).or_default() += 1;
        }
        assert!(times.values().all(|times| *times == 1), "{times:?}");
        let results = super::rig::results(&self.world.path("r.ndjson"));
        assert_eq!(results.len(), TARGETS);
        for (target, outcome) in &results {
            assert!(["accepted", "unknown"].contains(&outcome.as_str()), "{target}: {outcome}");
            assert!(outcome == "unknown" || times.contains_key(target), "{target} got nothing");
        }
        assert_eq!(last.json()["job"]["state"], "finished");
    }
}

/// Waits for the end, and tells how long that took.
fn timed(child: Child) -> (Run, Duration) {
    let began = Instant::now();
    (ended(child), began.elapsed())
}

#[test]
fn an_interrupted_broadcast_ends_soon_and_can_be_resumed() {
    let mut dice = SeededRandom::new();
    let times = if is_long() { 200 } else { 12 };
    for round in 0..times {
        let slow = SlowStore::new(Duration::from_millis(30));
        let (name, code) = SIGNALS[round % SIGNALS.len()];
        let child = spawn(&mut slow.begin(&[]));
        until("the first request", || !slow.server.read().is_empty());
        std::thread::sleep(Duration::from_millis(dice.below(250)));
        signal(&child, name);
        let (run, took) = timed(child);
        assert!(took < Duration::from_secs(6), "it took {took:?}");
        let run = run.ends_with(code);
        assert_eq!(run.json()["job"]["state"], "interrupted", "{run:?}");
        let last = finish(&mut slow.resume()).ends_with(0);
        slow.is_complete(&last);
    }
}

#[test]
fn a_second_interrupt_ends_it_at_once() {
    let times = if is_long() { 20 } else { 2 };
    let mut dice = SeededRandom::new();
    for _ in 0..times {
        let slow = SlowStore::new(Duration::ZERO);
        let child = spawn(&mut slow.begin(&[]));
        until("requests", || slow.server.read().len() == 4);
        signal(&child, "INT");
        std::thread::sleep(Duration::from_millis(100 + dice.below(300)));
        let before = Instant::now();
        signal(&child, "INT");
        let (run, _) = timed(child);
        assert!(before.elapsed() < Duration::from_secs(2), "it took {:?}", before.elapsed());
        run.ends_with(130);
        slow.server.answer_after(Duration::from_millis(1));
        let last = finish(&mut slow.resume()).ends_with(8);
        assert_eq!(last.json()["job"]["counts"]["unknown"], 4);
        slow.is_complete(&last);
    }
}

#[test]
fn what_is_under_way_is_awaited_for_five_seconds() {
    // Someone who waits six seconds for the short form would not run it.
    let cases = if is_long() { &[(2000, 0, 0), (60_000, 8, 4)][..] } else { &[(700, 0, 0)] };
    for (delay, code, unknown) in cases {
        let slow = SlowStore::new(Duration::from_millis(*delay));
        let child = spawn(&mut slow.begin(&[]));
        until("requests", || slow.server.read().len() == 4);
        signal(&child, "INT");
        let (run, took) = timed(child);
        assert!(took < Duration::from_secs(6), "it took {took:?}");
        let run = run.ends_with(130);
        assert_eq!(run.json()["job"]["counts"]["unknown"], *unknown, "{run:?}");
        slow.server.answer_after(Duration::from_millis(1));
        let last = finish(&mut slow.resume()).ends_with(*code);
        slow.is_complete(&last);
    }
}

#[test]
fn an_interrupt_while_the_list_is_read_sends_nothing() {
    let slow = SlowStore::new(Duration::from_millis(1));
    let ids: Vec<String> = (0..300_000).map(|n| format!("group:g{n}")).collect();
    slow.world.write("list.txt", ids.join("\n"));
    let child = spawn(&mut slow.begin(&["--confirm", "wildfire"]));
    let ledger = slow.world.path(".local/state/herald/ledger.db-wal");
    until("a ledger", || std::fs::metadata(&ledger).is_ok_and(|log| log.len() > 1_000_000));
    signal(&child, "INT");
    let (run, took) = timed(child);
    assert!(took < Duration::from_secs(6), "it took {took:?}");
    run.ends_with(130);
    assert!(slow.server.read().is_empty());
}

#[test]
fn an_interrupt_while_a_list_is_awaited_from_stdin_sends_nothing_and_leaves_no_job() {
    for (name, code, word) in [
        ("INT", 130, "interrupted"),
        ("TERM", 143, "terminated"),
        ("HUP", 129, "hung up"),
        ("QUIT", 131, "quit"),
    ] {
        for sandbox in [&[][..], &["--sandbox"]] {
            let slow = SlowStore::new(Duration::from_millis(1));
            let flags = ["--provider", "wildfire", "--from", "a", "--text", "x", "--job", "j"];
            let list = ["--targets", "-"];
            let mut command = slow.command(&[&flags[..], &list, sandbox].concat());
            let mut child = spawn(command.stdin(std::process::Stdio::piped()));
            let mut stdin = child.stdin.take().expect("a pipe");
            stdin.write_all(b"group:g1\ngroup:g2\n").expect("it reads");
            let ledger = slow.world.path(".local/state/herald/ledger.db");
            until("a ledger", || ledger.exists());
            std::thread::sleep(Duration::from_millis(200));
            signal(&child, name);
            let (run, took) = timed(child);
            assert!(took < Duration::from_secs(2), "it took {took:?}");
            run.ends_with(code).says(&format!("{word} while the list was read; nothing was sent"));
            drop(stdin);
            assert!(slow.server.read().is_empty());
            let list = [&["history", "--output", "json"][..], sandbox].concat();
            let entries = slow.world.run(&list).ends_with(0).json();
            assert_eq!(entries["entries"], serde_json::json!([]), "no job is left");
        }
    }
}

#[test]
fn a_list_whose_writer_is_interrupted_as_well_is_no_whole_list() {
    let slow = SlowStore::new(Duration::from_millis(1));
    let flags = ["--provider", "wildfire", "--from", "a", "--text", "x", "--targets", "-"];
    let mut child = spawn(slow.command(&flags).stdin(std::process::Stdio::piped()));
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(b"group:g1\ngroup:g2\n").expect("it reads");
    let ledger = slow.world.path(".local/state/herald/ledger.db");
    until("a ledger", || ledger.exists());
    std::thread::sleep(Duration::from_millis(200));
    signal(&child, "INT");
    drop(stdin);
    let (run, _) = timed(child);
    run.ends_with(130);
    assert!(slow.server.read().is_empty());
}

#[test]
fn a_terminal_that_is_closed_sends_several_hangups_and_none_of_them_is_a_hurry() {
    let slow = SlowStore::new(Duration::from_millis(700));
    let child = spawn(&mut slow.begin(&[]));
    until("requests", || slow.server.read().len() == 4);
    for _ in 0..4 {
        signal(&child, "HUP");
        std::thread::sleep(Duration::from_millis(30));
    }
    let (run, took) = timed(child);
    assert!(took < Duration::from_secs(6), "it took {took:?}");
    let told = run.ends_with(129).json();
    assert_eq!(told["job"]["halted_by"], "hung-up");
    assert_eq!(told["job"]["counts"]["accepted"], 4);
    slow.server.answer_after(Duration::from_millis(1));
    let last = finish(&mut slow.resume()).ends_with(0);
    slow.is_complete(&last);
}

#[test]
fn a_hangup_that_is_ignored_when_herald_starts_stays_ignored() {
    let slow = SlowStore::new(Duration::from_millis(30));
    let begin = slow.begin(&["--results", "r.ndjson"]);
    let mut shell = slow.world.command();
    // As `nohup` does it.
    shell.args(["-c", "trap '' HUP; exec \"$0\" \"$@\""]);
    let mut command = Command::new("/bin/sh");
    command.args(shell.get_args()).arg(begin.get_program()).args(begin.get_args());
    let set = begin.get_envs().filter_map(|(name, value)| Some((name, value?)));
    command.env_clear().envs(set).current_dir(slow.world.path(""));
    let child = spawn(command.stdin(std::process::Stdio::null()));
    for count in [1, 10, 40] {
        until("requests", || slow.server.read().len() >= count);
        signal(&child, "HUP");
    }
    let (run, _) = timed(child);
    slow.is_complete(&run.ends_with(0));
}

#[test]
fn a_terminal_that_is_gone_fails_no_write_and_leaves_a_job_in_order() {
    let there = Command::new("script").arg("--version").output();
    if !cfg!(target_os = "linux") || !there.is_ok_and(|run| run.status.success()) {
        return;
    }
    for ignores in ["", "trap '' HUP; "] {
        let slow = SlowStore::new(Duration::from_millis(50));
        let begin = slow.begin(&["-v"]);
        let words = begin.get_args().map(|word| word.to_str().expect("text"));
        let line = words.map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" ");
        let line = format!("{ignores}exec {} {line}", env!("CARGO_BIN_EXE_herald"));
        let mut terminal = Command::new("script");
        terminal.args(["-qec", &line, "/dev/null"]).env_clear().current_dir(slow.world.path(""));
        terminal.envs(begin.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let mut child = spawn(terminal.stdin(std::process::Stdio::piped()));
        until("requests", || slow.server.read().len() >= 8);
        child.kill().expect("it is there");
        child.wait().expect("it ends");
        if !ignores.is_empty() {
            until("all requests", || slow.server.read().len() == TARGETS);
        }
        let mut last = None;
        // The process that has the job may need a moment to let go of it.
        until("the end", || {
            let run = finish(&mut slow.resume());
            last = Some(run);
            last.as_ref().is_some_and(|run| run.code == 0)
        });
        slow.is_complete(&last.expect("it ran"));
    }
}

/// Starts a command that waits for something before anything is under way, sends it a signal, and waits for its end.
fn waiting(world: &World, words: &[&str], environment: &[(&str, &str)], name: &str) -> Run {
    let mut command = world.command();
    command.args(words).envs(environment.iter().copied());
    let mut child = spawn(command.stdin(std::process::Stdio::piped()));
    let stdin = child.stdin.take();
    std::thread::sleep(Duration::from_millis(300));
    signal(&child, name);
    let (run, took) = timed(child);
    drop(stdin);
    assert!(took < Duration::from_secs(3), "{words:?} took {took:?}");
    run
}

#[test]
fn whatever_waits_before_anything_is_under_way_ends_with_the_code_of_the_signal() {
    let silent = Server::silent();
    let world = World::new();
    let (url, secret) = (silent.url(), "a-secret-of-our-own");
    let closed =
        [("HERALD_WILDFIRE_ENDPOINT", "http://127.0.0.1:1"), ("HERALD_WILDFIRE_SECRET", secret)];
    let slow = [
        ("HERALD_WILDFIRE_ENDPOINT", url.as_str()),
        ("HERALD_WILDFIRE_SECRET_COMMAND", "/bin/sh -c 'sleep 47 & sleep 48'"),
        ("PATH", "/usr/bin:/bin"),
    ];
    let send = ["send", "--provider", "wildfire", "--from", "a", "--to", "b"];
    for (name, code) in SIGNALS {
        for (words, environment) in [
            // A program that prints a secret, a payload from stdin, a pause before another attempt, clients.
            ([&send[..], &["--text", "x"]].concat(), &slow[..]),
            ([&send[..], &["--body", "-"]].concat(), &closed),
            ([&send[..], &["--text", "x"]].concat(), &closed),
            (vec!["sandbox", "--listen", "127.0.0.1:0", "--memory"], &[]),
        ] {
            let run = waiting(&world, &words, environment, name);
            assert_eq!(run.code, code, "{name} {words:?}: {}", run.err);
        }
    }
    assert!(silent.read().is_empty());
}
