//! What happened to one target of many: in `history --to`, in a text that differs from target to target, and in a recall
//! that names some of them.

use serde_json::{Value, json};

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
fn history_of_a_target_says_whether_the_message_was_recalled_from_it() {
    for provider in ["rongcloud", "jmessage", "easemob"] {
        let world = job(provider);
        let recall = ["recall", "--job", "spring", "--to", "user2"];
        run(&world, &recall).ends_with(0);
        let of = |target: &str| {
            let all = found(&world, &["--to", target]);
            let sent = all.iter().find(|one| one["job"]["name"] == "spring").expect("the job");
            (sent["target"]["outcome"].clone(), sent["target"]["recalled"].clone())
        };
        let (outcome, recalled) = of("user2");
        assert_eq!(outcome, "accepted", "{provider}");
        assert!(recalled["at"].as_str().is_some_and(|at| at.ends_with('Z')), "{provider}");
        assert_eq!(of("user:user1"), (json!("accepted"), Value::Null), "{provider}");
        let row = |target: &str| {
            let shown = run(&world, &["history", "--to", target]).ends_with(0).out;
            shown.lines().find(|line| line.contains("job spring")).expect("its row").to_owned()
        };
        assert!(row("user2").contains("accepted, recalled "), "{provider}: {}", row("user2"));
        assert!(row("user2").contains("+08:00"), "{provider}: {}", row("user2"));
        assert!(!row("user1").contains("recalled"), "{provider}: {}", row("user1"));
        // The rest as well: then each of them says so.
        run(&world, &["recall", "--job", "spring"]).ends_with(0);
        assert!(row("user1").contains("accepted, recalled "), "{provider}: {}", row("user1"));
    }
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
fn a_recall_of_some_that_is_done_already_tells_of_these_alone() {
    let world = job("wildfire");
    run(&world, &["recall", "--job", "spring", "--to", "user1"]).ends_with(0);
    run(&world, &["recall", "--job", "spring", "--to", "user2", "--to", "user3"]).ends_with(0);
    world.write("some.txt", "user1\nstranger\n");
    let some = ["recall", "--job", "spring", "--targets", "some.txt"];
    let again = run(&world, &some).ends_with(0);
    again.says("1 target of the list did not get it").says("recalled already: user:user1");
    let told = run(&world, &[&some[..], &["--output", "json"]].concat()).ends_with(0).json();
    assert!(told["job"].is_null(), "no figures of a job: {told}");
    let of_users = told["targets"].as_array().map(|all| {
        all.iter().filter_map(|one| one["target"].as_str().map(str::to_owned)).collect::<Vec<_>>()
    });
    assert!(of_users.is_none_or(|users| users == ["user:user1"]), "{told}");
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
