//! `herald stop` from another process, and two heralds that want the same job.

use std::process::Command;
use std::time::Duration;

use super::rig::{ended, results, spawn, until};
use super::server::Server;
use crate::support::{World, finish};

pub(super) const TARGETS: usize = 60;

pub(super) struct SlowStore {
    pub(super) world: World,
    pub(super) server: Server,
}

impl SlowStore {
    pub(super) fn new() -> Self {
        let world = World::new();
        let list: Vec<String> = (0..TARGETS).map(|n| format!("group:g{n}")).collect();
        world.write("list.txt", list.join("\n"));
        Self { world, server: Server::answering_after(Duration::from_millis(120)) }
    }

    pub(super) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.world.command();
        command.args(arguments).args(["--output", "json"]);
        command.env("HERALD_WILDFIRE_ENDPOINT", self.server.url());
        command.env("HERALD_WILDFIRE_SECRET", "secret");
        command
    }

    pub(super) fn begin(&self) -> Command {
        let message = ["broadcast", "--provider", "wildfire", "--from", "a", "--text", "x"];
        let job = ["--targets", "list.txt", "--job", "j", "--concurrency", "4"];
        self.command(&[&message[..], &job].concat())
    }

    pub(super) fn requests(&self) -> usize {
        self.server.read().len()
    }
}

const RESUME: [&str; 4] = ["broadcast", "--resume", "j", "--yes"];

#[test]
fn a_stopped_job_begins_nothing_more_and_can_be_resumed() {
    let slow = SlowStore::new();
    let child = spawn(&mut slow.begin());
    until("requests", || slow.requests() >= 8);
    let stopped = finish(&mut slow.command(&["stop", "j"])).ends_with(0).json();
    let at_stop = slow.requests();
    assert_eq!(stopped["state"], "stopping");
    let run = ended(child).ends_with(6);
    // What was begun when it was asked to stop, and what began while the request was on its way.
    assert!(slow.requests() <= at_stop + 4, "{} after {at_stop}", slow.requests());
    let job = &run.json()["job"];
    assert_eq!((&job["state"], &job["halted_by"]), (&"stopped".into(), &"stopped".into()));
    assert_eq!(job["counts"]["accepted"], slow.requests());
    assert_eq!(job["counts"]["planned"], TARGETS - slow.requests());
    // No one works on it any more.
    let again = finish(&mut slow.command(&["stop", "j"]));
    assert_ne!(again.code, 0, "{again:?}");
    slow.server.answer_after(Duration::from_millis(1));
    let resume = [&RESUME[..], &["--results", "r.ndjson"]].concat();
    let last = finish(&mut slow.command(&resume)).ends_with(0).json();
    assert_eq!(last["job"]["state"], "finished");
    assert_eq!(slow.requests(), TARGETS);
    assert_eq!(results(&slow.world.path("r.ndjson")).len(), TARGETS);
}

#[test]
fn a_job_has_one_herald_at_a_time() {
    let slow = SlowStore::new();
    let child = spawn(&mut slow.begin());
    until("a request", || slow.requests() > 0);
    for _ in 0..3 {
        let second = finish(&mut slow.command(&RESUME)).ends_with(3);
        let told = second.json()["error"]["message"].to_string();
        assert!(told.contains("is running elsewhere"), "{told}");
    }
    ended(child).ends_with(0);
    assert_eq!(slow.requests(), TARGETS, "the second has sent nothing");
}

#[test]
fn of_several_that_resume_at_once_one_does() {
    let slow = SlowStore::new();
    let mut child = spawn(&mut slow.begin());
    until("requests", || slow.requests() >= 4);
    child.kill().expect("it can be killed");
    ended(child);
    slow.server.answer_after(Duration::from_millis(30));
    let all: Vec<_> = (0..4).map(|_| spawn(&mut slow.command(&RESUME))).collect();
    let codes: Vec<i32> = all.into_iter().map(|child| ended(child).code).collect();
    let at_work = codes.iter().filter(|code| **code == 8).count();
    assert!(at_work >= 1 && codes.iter().all(|code| [3, 8].contains(code)), "{codes:?}");
    assert!((TARGETS - 4..=TARGETS).contains(&slow.requests()), "{}", slow.requests());
}

#[test]
fn a_name_stops_every_job_that_has_it() {
    let slow = SlowStore::new();
    let first = spawn(&mut slow.begin());
    until("a request of the first", || slow.requests() > 0);
    let second = spawn(slow.begin().args(["--override", "repeat", "--override", "growth"]));
    until("two jobs", || {
        let list = finish(&mut slow.command(&["history"])).json();
        list["entries"].as_array().is_some_and(|jobs| jobs.len() == 2)
    });
    let stopped = finish(&mut slow.command(&["stop", "j"])).ends_with(0).json();
    assert_eq!(stopped["jobs"].as_array().map(Vec::len), Some(2), "{stopped}");
    for child in [first, second] {
        let run = ended(child);
        assert_eq!(run.json()["job"]["halted_by"], "stopped", "{run:?}");
    }
}

#[test]
fn a_guard_that_halts_a_job_is_named_and_the_document_ends_as_the_process_does() {
    let slow = SlowStore::new();
    let switch = slow.world.path("stop.txt");
    let child = spawn(slow.begin().env("HERALD_KILL_SWITCH", &switch));
    until("requests", || slow.requests() >= 4);
    slow.world.write("stop.txt", "wrong price");
    let run = ended(child).ends_with(6);
    let told = run.json();
    assert_eq!(told["job"]["halted_by"], "kill-switch", "{told}");
    assert_eq!((&told["error"]["kind"], &told["error"]["exit_code"]), (&"guard".into(), &6.into()));
    assert!(slow.requests() < TARGETS);
}
