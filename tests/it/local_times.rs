//! Times for scripts, in UTC whatever the zone of this machine.

use serde_json::Value;

use crate::support::{Run, World};

/// A zone that is not UTC.
const ZONE: &str = "Asia/Kathmandu";

fn run(world: &World, arguments: &[&str]) -> Run {
    world.run_with(arguments, &[("TZ", ZONE)])
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
