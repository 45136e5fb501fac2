//! How jobs end, and what is said of attempts meanwhile.

use serde_json::Value;

use crate::failures::counting;
use crate::support::{Run, World, finish, read_whole};

/// A broadcast to a port on which nothing listens.
const CLOSED: [(&str, &str); 2] =
    [("HERALD_WILDFIRE_ENDPOINT", "http://127.0.0.1:9"), ("HERALD_WILDFIRE_SECRET", "secret")];

fn broadcast(world: &World, more: &[&str]) -> Run {
    let start = ["broadcast", "--provider", "wildfire", "--from", "a", "--text", "x"];
    let rest = ["--targets", "list.txt", "--output", "json"];
    world.run_with(&[&start[..], &rest, more].concat(), &CLOSED)
}

fn ended(world: &World, job: &str, more: &[&str]) -> Value {
    let listed = world.run(&[&["history", "--job", job, "--output", "json"], more].concat());
    listed.ends_with(0).json()["entries"][0]["ended"].clone()
}

#[test]
fn a_job_says_how_it_ended_when_it_ends_and_in_the_history() {
    let world = World::new();
    world.write("list.txt", "ann\nbob\n");
    let told = broadcast(&world, &["--sandbox", "--job", "fine"]).ends_with(0).json();
    assert_eq!(
        (&told["ended"], ended(&world, "fine", &["--sandbox"])),
        (&"finished".into(), "finished".into())
    );
    let told = broadcast(&world, &["--job", "down", "--deadline", "2s"]).ends_with(7).json();
    assert_eq!(
        (&told["ended"], ended(&world, "down", &[])),
        (&"vendor-down".into(), "vendor-down".into())
    );
    // A run that goes on with it has an end of its own.
    let run = ["broadcast", "--resume", "down", "--deadline", "300ms", "--output", "json"];
    let told = world.run_with(&run, &CLOSED).ends_with(7).json();
    assert_eq!(told["ended"], ended(&world, "down", &[]));
    let shown = world.run(&["history", "show", "down", "--output", "json"]).ends_with(0).json();
    assert_eq!(shown["ended"], told["ended"], "{shown}");
}

#[test]
fn each_pause_before_another_attempt_is_one_line_on_stderr() {
    let world = World::new();
    world.write("list.txt", "ann\nbob\n");
    let lines = |run: &Run| {
        let told = |line: &&str| line.starts_with("retrying in ");
        let lines: Vec<String> = run.err.lines().filter(told).map(str::to_owned).collect();
        assert!(
            lines.iter().all(|line| line.ends_with(": connection refused (127.0.0.1:9)")),
            "{lines:?}"
        );
        lines.len()
    };
    let send = ["send", "--provider", "wildfire", "--from", "a", "--to", "b", "--text", "x"];
    for quiet in [&[][..], &["-q"]] {
        let time = ["--deadline", "4s"];
        let sent = world.run_with(&[&send[..], &time, quiet].concat(), &CLOSED).ends_with(7);
        let job = broadcast(&world, &[&time[..], quiet].concat()).ends_with(7);
        for run in [sent, job] {
            assert_eq!(lines(&run) >= 2, quiet.is_empty(), "{run:?}");
        }
    }
}

/// Why a job was halted, by `history show`.
#[track_caller]
fn halt_reason(world: &World, job: &str) -> String {
    let shown = world.run(&["history", "show", job, "--output", "json"]).ends_with(0).json();
    let reason = shown["job"]["halt_reason"].as_str().unwrap_or_default().to_owned();
    let table = world.run(&["history", "show", job]).ends_with(0).out;
    let row = table.lines().find(|line| line.starts_with("halted"));
    assert_eq!(row.map(|row| row["halted".len()..].trim().to_owned()), Some(reason.clone()));
    reason
}

#[test]
fn the_reason_of_a_halt_is_kept_and_shown() {
    let world = World::new();
    world.write("list.txt", (0..40).map(|n| format!("group:g{n}\n")).collect::<String>());
    let told = broadcast(&world, &["--job", "down", "--deadline", "3s"]).ends_with(7).json();
    let reason = halt_reason(&world, "down");
    assert!(reason.contains("127.0.0.1:9: connection refused"), "{reason}");
    assert_eq!(told["job"]["halt_reason"], reason);
    let sandbox = ["history", "show", "fine", "--sandbox", "--output", "json"];
    broadcast(&world, &["--sandbox", "--job", "fine"]).ends_with(0);
    assert_eq!(world.run(&sandbox).json()["job"]["halt_reason"], Value::Null);

    let answers = |status: &'static str, body: &'static str| {
        let (port, _) = counting(move |stream| {
            use std::io::Write as _;
            if !read_whole(stream, &mut Vec::new()) {
                return;
            }
            let head = "Connection: close\r\nContent-Length:";
            let _ = write!(stream, "HTTP/1.1 {status} X\r\n{head} {}\r\n\r\n{body}", body.len());
        });
        format!("http://127.0.0.1:{port}")
    };
    for (name, status, body, more, words) in [
        ("denied", "401", "", &[][..], "refuses the credentials"),
        (
            "failed",
            "200",
            r#"{"code":218,"msg":"no such group"}"#,
            &["--abort-above", "10%"],
            "--abort-above",
        ),
    ] {
        let base = answers(status, body);
        let environment =
            [("HERALD_WILDFIRE_ENDPOINT", base.as_str()), ("HERALD_WILDFIRE_SECRET", "secret")];
        let start = ["broadcast", "--provider", "wildfire", "--from", "a", "--text", "x", "--job"];
        let rest = [name, "--targets", "list.txt", "--override", "repeat"];
        let run = world.run_with(&[&start[..], &rest, more].concat(), &environment);
        assert_ne!(run.code, 0, "{}", run.err);
        let reason = halt_reason(&world, name);
        assert!(reason.contains(words), "{reason}: {}", run.err);
        assert!(run.err.contains(&format!("halted: {reason}")), "{}", run.err);
    }
}

#[test]
fn the_end_of_a_job_is_one_next_step_a_line_to_paste() {
    let world = World::new();
    world.write("list.txt", (0..5).map(|n| format!("group:g{n}\n")).collect::<String>());
    let start = ["broadcast", "--provider", "wildfire", "--from", "a", "--text", "x", "--job", "j"];
    let rest = ["--targets", "list.txt", "--deadline", "2s", "--ledger", "my ledger.db"];
    let run = world.run_with(&[&start[..], &rest].concat(), &CLOSED).ends_with(7);
    assert!(!run.out.contains("vendor says"), "{}", run.out);
    assert!(!run.err.contains("nothing was sent"), "{}", run.err);
    let step = run.err.lines().find_map(|line| line.strip_prefix("to continue: ")).expect(&run.err);
    assert!(step.ends_with(" --provider wildfire --ledger 'my ledger.db'"), "{step}");
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_herald"));
    let mut shell = std::process::Command::new("/bin/sh");
    shell.args(["-c", &format!("{step} --deadline 1s")]).current_dir(world.path("")).env_clear();
    shell.env("HOME", world.path("")).envs(CLOSED).env("PATH", program.parent().expect("a folder"));
    finish(&mut shell).ends_with(7).says("to continue: ");
}
