//! What happened to one target of many: in `history --to`, in a text that differs from target to target, and in a recall
//! that names some of them.

use serde_json::Value;

use crate::support::{Run, World};

fn run(world: &World, arguments: &[&str]) -> Run {
    world.run_with(&[arguments, &["--sandbox"]].concat(), &[("TZ", "Asia/Shanghai")])
}

fn found(world: &World, more: &[&str]) -> Vec<Value> {
    let list = [&["history", "--output", "json"][..], more].concat();
    let found = run(world, &list).ends_with(0).json();
    found["entries"].as_array().expect("a list").clone()
}

/// A job with a text for each target.
fn job(provider: &str) -> World {
    let world = World::new();
    world.write("list.csv", "user,name\nuser1,Ann\nuser2,Bob\nuser3,Cy\n");
    let list = ["--targets", "list.csv", "--column", "user", "--text", "hi {{name}}"];
    let send = ["broadcast", "--provider", provider, "--from", "news", "--job", "spring"];
    run(&world, &[&send[..], &list].concat()).ends_with(0);
    world
}

#[test]
fn history_finds_the_text_that_a_target_got() {
    let world = job("rongcloud");
    for (more, count) in [
        (&["--text", "hi Ann"][..], 1),
        (&["--text", "HI BOB"], 1),
        (&["--text", "hi Dan"], 0),
        (&["--text", "{{name}}"], 0),
        (&["--text", "name"], 0),
        (&["--to", "user1", "--text", "hi Ann"], 1),
        (&["--to", "user1", "--text", "hi Bob"], 0),
        (&["--to", "user9", "--text", "hi Ann"], 0),
    ] {
        assert_eq!(found(&world, more).len(), count, "{more:?}");
    }
    // An update has texts of its own.
    let update = ["update", "spring", "--text", "doors at nine", "--provider", "rongcloud"];
    run(&world, &[&update[..], &["--from", "news"]].concat()).ends_with(0);
    assert_eq!(found(&world, &["--text", "at nine"]).len(), 1);
}

#[test]
fn results_of_a_recall_never_replace_those_of_another_job() {
    let world = job("rongcloud");
    let list = ["broadcast", "--provider", "rongcloud", "--from", "news", "--text", "x"];
    let list =
        [&list[..], &["--targets", "list.csv", "--column", "user", "--job", "autumn"]].concat();
    run(&world, &[&list[..], &["--results", "r.ndjson"]].concat()).ends_with(0);
    let before = std::fs::read_to_string(world.path("r.ndjson")).expect("results");
    let recall = ["recall", "--job", "spring", "--results", "r.ndjson"];
    run(&world, &recall).ends_with(2).says("`r.ndjson` has the results of another job");
    let after = std::fs::read_to_string(world.path("r.ndjson")).expect("results");
    assert_eq!(before, after);
    // Nothing was recalled, and a file of its own is begun again by the same job.
    let own = ["recall", "--job", "spring", "--results", "own.ndjson"];
    run(&world, &own).ends_with(0);
    assert_eq!(std::fs::read_to_string(world.path("own.ndjson")).expect("it").lines().count(), 3);
    let resume = ["recall", "--resume", "recall-spring", "--results"];
    run(&world, &[&resume[..], &["own.ndjson"]].concat()).ends_with(0);
    run(&world, &[&resume[..], &["r.ndjson"]].concat()).ends_with(2).says("another job");
}
