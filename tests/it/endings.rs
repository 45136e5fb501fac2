//! How jobs end, and what is said of attempts meanwhile.

use serde_json::Value;

use crate::support::{Run, World};

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
        let told = |line: &&str| line.starts_with("trying again in ");
        let lines: Vec<String> = run.err.lines().filter(told).map(str::to_owned).collect();
        assert!(lines.iter().all(|line| line.ends_with("connection refused")), "{lines:?}");
        lines.len()
    };
    let send = ["send", "--provider", "wildfire", "--from", "a", "--to", "b", "--text", "x"];
    for quiet in [&[][..], &["-q"]] {
        let time = ["--deadline", "2s"];
        let sent = world.run_with(&[&send[..], &time, quiet].concat(), &CLOSED).ends_with(7);
        let job = broadcast(&world, &[&time[..], quiet].concat()).ends_with(7);
        for run in [sent, job] {
            assert_eq!(lines(&run) >= 2, quiet.is_empty(), "{run:?}");
        }
    }
}
