//! What was sent, found again: by whom it went to, by what it said, and by its job.

use serde_json::Value;

use crate::support::World;

fn entries(world: &World, arguments: &[&str]) -> Vec<Value> {
    let list = [&["history", "--sandbox", "--output", "json"], arguments].concat();
    let list = world.run(&list).ends_with(0).json();
    list["entries"].as_array().expect("a list").clone()
}

/// A message to one, one to two, a job to three, and one to everybody.
fn world_of(provider: &str) -> World {
    let world = World::new();
    world.write("list.txt", "ann\nbob\n李雷\n");
    let run = |arguments: &[&str]| {
        let from = ["--sandbox", "--provider", provider, "--from", "news"];
        world.run(&[arguments, &from].concat()).ends_with(0)
    };
    run(&["send", "--to", "ann", "--text", "Good Morning"]);
    run(&["send", "--to", "bob", "--to", "carol", "--text", "明天上午停电"]);
    run(&["broadcast", "--targets", "list.txt", "--text", "a spring sale", "--job", "spring"]);
    world
}

#[test]
fn a_target_is_found_in_messages_and_in_jobs_with_its_outcome() {
    for provider in ["wildfire", "rongcloud", "easemob"] {
        let world = world_of(provider);
        let found = entries(&world, &["--to", "user:bob"]);
        let told: Vec<_> = found.iter().map(|one| (&one["job"]["name"], &one["target"])).collect();
        assert_eq!(told.len(), 2, "{provider}: {found:#?}");
        assert_eq!(told[0].0, "spring", "{provider}");
        for (_, target) in told {
            assert_eq!(target["target"], "user:bob", "{provider}");
            assert_eq!(target["outcome"], "accepted", "{provider}");
        }
        assert_eq!(entries(&world, &["--to", "carol"]).len(), 1, "{provider}: without a kind");
        assert_eq!(entries(&world, &["--to", "李雷"]).len(), 1, "{provider}");
        for other in ["group:bob", "user:bo", "user:news", "dave"] {
            assert_eq!(
                entries(&world, &["--to", other]),
                Vec::<Value>::new(),
                "{provider}: {other}"
            );
        }
        let shown = world.run(&["history", "--sandbox", "--to", "bob"]).ends_with(0);
        shown.tells("job spring").tells("user:bob");
    }
}

#[test]
fn a_part_of_a_text_is_found_whatever_its_case() {
    for provider in ["wildfire", "rongcloud", "easemob"] {
        let world = world_of(provider);
        for (part, count) in
            [("good morning", 1), ("停电", 1), ("SPRING", 1), ("news", 0), ("bob", 0)]
        {
            assert_eq!(entries(&world, &["--text", part]).len(), count, "{provider}: {part}");
        }
        assert_eq!(entries(&world, &["--text", "sale", "--to", "ann"]).len(), 1, "{provider}");
        assert_eq!(entries(&world, &["--text", "sale", "--to", "carol"]).len(), 0, "{provider}");
    }
}

#[test]
fn what_went_to_everybody_is_counted_and_not_claimed() {
    let world = world_of("wildfire");
    let all = ["broadcast", "--sandbox", "--provider", "wildfire", "--from", "news", "--all"];
    world.run(&[&all[..], &["--text", "hello"]].concat()).ends_with(0);
    let found = world.run(&["history", "--sandbox", "--to", "user:zoe"]).ends_with(0);
    found.says("not listed: 1 send to everybody").says("nothing matches");
}

#[test]
fn jobs_are_listed_with_what_is_left_and_single_messages_are_not() {
    let world = world_of("wildfire");
    let listed = world.run(&["jobs", "--sandbox", "--output", "json"]).ends_with(0).json();
    assert_eq!(listed["version"], 1);
    let jobs = listed["jobs"].as_array().expect("a list");
    assert_eq!(jobs.len(), 1, "{jobs:#?}");
    assert_eq!(jobs[0]["job"]["name"], "spring");
    assert_eq!(jobs[0]["job"]["counts"]["accepted"], 3);
    let shown = world.run(&["jobs", "--sandbox", "--watch"]).ends_with(0);
    shown.tells("spring").tells("finished").tells("3 of 3");
    world.run(&["jobs"]).ends_with(0).says("there is no job yet");
    world.run(&["jobs", "--sandbox", "--provider", "rongcloud"]).ends_with(0).says("no job");
    let history = world.run(&["history", "--sandbox"]).ends_with(0);
    history.tells("job spring").tells("send");
}

#[test]
fn people_see_times_in_their_zone_and_scripts_in_utc() {
    let world = world_of("wildfire");
    world.write("many.txt", (0..2500).map(|n| format!("u{n}\n")).collect::<String>());
    let many = ["broadcast", "--sandbox", "--provider", "wildfire", "--from", "news"];
    let more = ["--targets", "many.txt", "--text", "hi", "--job", "many", "--yes"];
    world.run(&[&many[..], &more].concat()).ends_with(0);
    let sent = entries(&world, &["--to", "carol"])[0]["id"].as_str().expect("an id").to_owned();
    let shown = |name: &str, more: &[&str]| {
        let mut command = world.command();
        command.env("TZ", "Asia/Shanghai").args(["history", "show", name, "--sandbox"]).args(more);
        crate::support::finish(&mut command).ends_with(0).out
    };
    for (name, moments) in [(sent.as_str(), 1), ("many", 6)] {
        let text = shown(name, &[]);
        assert_eq!(text.matches(" +08:00").count(), moments, "{text}");
        assert!(!text.contains("Z "), "{text}");
        let json = shown(name, &["--output", "json"]);
        assert!(json.contains("Z\"") && !json.contains("+08:00"), "{json}");
    }
}
