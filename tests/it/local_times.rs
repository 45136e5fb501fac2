//! Times for people: all of them in the zone of this machine, with its offset; those for scripts in UTC.

use std::time::Duration;

use serde_json::Value;

use crate::sandbox::Served;
use crate::support::{Run, World, finish};

/// A zone whose offset no other time has by chance.
const ZONE: &str = "Asia/Kathmandu";
const OFFSET: &str = " +05:45";

fn run(world: &World, arguments: &[&str]) -> Run {
    world.run_with(arguments, &[("TZ", ZONE)])
}

/// The number of times in a text. Each has to be a local one.
#[track_caller]
fn local_times(text: &str, command: &str) -> usize {
    let digit = |at: usize| text.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
    let mut count = 0;
    for (at, _) in text.match_indices(':') {
        let is_clock = at >= 2 && (1..=2).all(|n| digit(at - n) && digit(at + n));
        let before = at.checked_sub(3).map(|at| text.as_bytes()[at]);
        // Longer numbers are ports, and what follows a sign or a colon is no beginning.
        let begins = before.is_none_or(|one| !b"+-:.".contains(&one) && !one.is_ascii_digit());
        if !is_clock || !begins || digit(at + 3) {
            continue;
        }
        let rest = &text[at + 3..];
        let rest = if rest.starts_with(':') { &rest[3..] } else { rest };
        assert!(rest.starts_with(OFFSET), "`herald {command}`: {:?} in\n{text}", &text[at - 2..]);
        count += 1;
    }
    assert!(!text.contains("00Z") && !text.contains("UTC"), "`herald {command}`:\n{text}");
    count
}

#[track_caller]
fn told(world: &World, arguments: &[&str], code: i32) -> usize {
    let run = run(world, arguments).ends_with(code);
    local_times(&format!("{}\n{}", run.out, run.err), &arguments.join(" "))
}

#[test]
fn whatever_people_read_has_times_of_their_zone() {
    let world = World::new();
    let place = ["--sandbox", "--provider", "jmessage"];
    let send = ["send", "--from", "admin1", "--to", "user1", "--text", "x"];
    let send = [&send[..], &place].concat();
    let list = ["broadcast", "--from", "admin1", "--to", "user1", "--to", "user2", "--text", "x"];
    let list = [&list[..], &place].concat();
    let job = [&list[..], &["--job", "spring"]].concat();
    let planned = [&list[..], &["--job", "autumn", "--plan", "a.plan"]].concat();
    let short = [&list[..], &["--plan", "b.plan", "--valid-for", "1s"]].concat();
    let dry_send = [&send[..], &["--dry-run"]].concat();
    let dry_list = [&list[..], &["--dry-run"]].concat();
    // The command, its exit code, and how many times it tells at least.
    let cases: &[(&[&str], i32, usize)] = &[
        (&dry_send, 0, 1),
        (&send, 0, 1),
        (&dry_list, 0, 1),
        (&job, 0, 1),
        (&planned, 0, 2),
        (&["apply", "a.plan", "--sandbox", "--dry-run"], 0, 2),
        (&["apply", "a.plan", "--sandbox"], 0, 1),
        (&["history", "--sandbox"], 0, 2),
        (&["history", "show", "spring", "--sandbox"], 0, 3),
        (&["jobs", "--sandbox"], 0, 1),
        (&["recall", "--job", "spring", "--sandbox"], 0, 0),
        (&["recall", "--job", "spring", "--sandbox"], 0, 1),
        (&["recall", "--last", "--sandbox"], 0, 0),
        (&["history", "--sandbox", "--to", "user1"], 0, 2),
        (&["history", "show", "spring", "--sandbox"], 0, 3),
        (&["jobs", "--sandbox"], 0, 1),
        (&["history", "prune", "--older-than", "1d", "--sandbox"], 0, 1),
        (&["history", "prune", "--older-than", "1d", "--dry-run", "--sandbox"], 0, 1),
        (&short, 0, 2),
    ];
    for (arguments, code, least) in cases {
        let count = told(&world, arguments, *code);
        assert!(count >= *least, "`herald {}` tells {count} times", arguments.join(" "));
    }
    std::thread::sleep(Duration::from_millis(1200));
    assert_eq!(told(&world, &["apply", "b.plan", "--sandbox"], 3), 1);
}

#[test]
fn a_quota_that_is_used_up_says_in_local_time_when_it_is_free() {
    let world = World::new();
    let served = Served::start(&world, &["--provider", "rongcloud", "--switch", "quota=off"]);
    // The ledger counts what goes to a vendor: two an hour.
    let send = ["broadcast", "--all", "--from", "news", "--confirm", "rongcloud", "--text"];
    let environment = served.environment();
    let once = |text: &str, code: i32| {
        let mut command = world.command();
        command.envs(environment.iter().cloned()).env("TZ", ZONE).args(send).arg(text);
        let run = finish(command.args(["--provider", "rongcloud"])).ends_with(code);
        (local_times(&format!("{}\n{}", run.out, run.err), "broadcast --all"), run)
    };
    once("one", 0);
    once("two", 0);
    let (times, refused) = once("three", 9);
    refused.says("the next is free in ");
    assert_eq!(times, 1);
}

#[test]
fn scripts_read_utc_whatever_the_zone() {
    let world = World::new();
    let place = ["--sandbox", "--provider", "easemob", "--output", "json"];
    let send = ["send", "--from", "a", "--to", "b", "--text", "x"];
    let sent = run(&world, &[&send[..], &place].concat()).ends_with(0).json();
    let shown = run(
        &world,
        &[
            "history",
            "show",
            sent["ledger_id"].as_str().expect("an id"),
            "--sandbox",
            "--output",
            "json",
        ],
    );
    let shown = shown.ends_with(0).json();
    let is_utc = |time: &Value| time.as_str().is_some_and(|time| time.ends_with('Z'));
    assert!(is_utc(&sent["recall"]["until"]) && is_utc(&shown["sent"]), "{sent} {shown}");
}
