//! An id by which the vendor tells repeats belongs to one message: under it another one would be dropped without a word.

use crate::support::{Run, World};

const CID: &str = "cid=7d431e42dfa6a6d693ac2d04-711261d4-5f17-4d2f-a855-5e5a8909b26e";
const OTHER: &str = "cid=7d431e42dfa6a6d693ac2d04-811261d4-5f17-4d2f-a855-5e5a8909b26e";

const REPEAT: &str = "the vendor recognises it as a repeat";
const DROPPED: &str = "the vendor would take this one for a repeat of that";

fn run(world: &World, command: &[&str], text: &str, id: &str) -> Run {
    let push = ["--provider", "jpush-v3", "--text", text, "--set", id, "--sandbox"];
    world.run(&[command, &push, &["--override", "repeat"]].concat())
}

#[test]
fn an_id_of_another_message_is_refused_and_that_of_the_same_one_is_told() {
    let world = World::new();
    let send = &["send", "--to", "alias:bob"];
    let first = run(&world, send, "hello", CID).ends_with(0);
    assert!(!first.err.contains(REPEAT), "{}", first.err);
    run(&world, send, "hello", CID).ends_with(0).says(REPEAT);
    // Another text, and the same to others.
    for (whom, text) in [("alias:bob", "good evening"), ("alias:ann", "hello")] {
        let refused = run(&world, &["send", "--to", whom], text, CID).ends_with(3);
        refused.says("another message, ").says(DROPPED).says("nothing was sent");
    }
    run(&world, send, "good evening", OTHER).ends_with(0);
    // Also of a message that is a job, in either order.
    let all = &["broadcast", "--all", "--confirm", "jpush-v3"];
    run(&world, all, "hello", CID).ends_with(3).says(DROPPED);
    let sent = world.run(&["history", "--sandbox", "--output", "json"]).ends_with(0).json();
    assert_eq!(sent["entries"].as_array().map(Vec::len), Some(3));
}

#[test]
fn an_id_of_a_job_is_that_of_its_message_alone() {
    let world = World::new();
    let all = &["broadcast", "--all", "--confirm", "jpush-v3"];
    run(&world, all, "hello", CID).ends_with(0);
    run(&world, all, "hello", CID).ends_with(0).says(REPEAT);
    run(&world, all, "good evening", CID).ends_with(3).says(DROPPED);
    run(&world, &["send", "--to", "alias:bob"], "hello", CID).ends_with(3).says(DROPPED);
}
