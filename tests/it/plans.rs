//! Plans: what someone has read in one goes out so, and nothing else.

use serde_json::{Value, json};

use crate::found_again::{entries, sandbox, three_groups};
use crate::guards::Live;
use crate::seals::sandbox_key;
use crate::support::World;

#[test]
fn a_plan_holds_what_goes_out_and_shows_it() {
    let world = World::new();
    let list = "{\"to\":\"u1\",\"n\":\"Ann\"}\n{\"to\":\"u2\",\"n\":\"Bob {{x}}\"}\n";
    world.write("list.ndjson", list);
    let plan = ["broadcast", "--provider", "rongcloud", "--from", "news", "--text", "Dear {{n}}"];
    let plan = [&plan[..], &["--targets", "list.ndjson", "--plan", "p.plan"]].concat();
    let told = sandbox(&world, &plan).ends_with(0).json();
    let text = std::fs::read_to_string(world.path("p.plan")).expect("a plan");
    let lines: Vec<Value> =
        text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    for key in ["quota", "quotas", "recallable_until", "audience_digest", "seconds", "profile"] {
        assert_eq!(lines[0][key], told[key], "{key}");
        assert!(told.get(key).is_some(), "{key} in {told}");
    }
    let bodies: Vec<String> = lines[1..].iter().map(|line| line["body"].to_string()).collect();
    assert!(bodies.len() == 2 && bodies[0].contains("Dear Ann"), "{bodies:?}");
    assert!(bodies[1].contains("Dear Bob {{x}}") && bodies[1].contains("u2"), "{bodies:?}");

    let dry = ["apply", "p.plan", "--dry-run"];
    let printed = world.run(&[&dry[..], &["--output", "json"]].concat()).ends_with(0).json();
    assert_eq!(printed["outcome"], "planned");
    assert_eq!((&printed["id"], &printed["requests_total"]), (&lines[0]["plan"], &json!(2)));
    let requests = printed["requests"].as_array().expect("requests");
    assert_eq!(requests.len(), 2);
    assert!(requests.iter().all(|one| one["method"] == "POST" && one["headers"].is_object()));
    assert!(requests[0]["body"].as_str().expect("a body").contains("Ann"), "{printed}");
    let people = world.run(&dry).ends_with(0);
    assert!(people.out.matches("POST ").count() == 2, "{}", people.out);
    people.says("sends it, once, until");
    let curl = world.run(&["apply", "p.plan", "--curl"]).ends_with(0).out;
    assert_eq!(curl.lines().filter(|line| line.starts_with("curl ")).count(), 2, "{curl}");
    assert_eq!(curl.lines().count(), 2, "{curl}");
    assert_eq!(entries(&world), json!([]), "nothing was begun");
}

/// Writes a plan again of which the head or the lines were changed, with the seal that fits.
fn resealed(world: &World, in_head: bool, from: &str, to: &str) {
    let text = std::fs::read_to_string(world.path("p.plan")).expect("a plan");
    let (head, batches) = text.split_once('\n').expect("lines");
    let (head, _) = head.rsplit_once(",\"digest\"").expect("a digest");
    let change =
        |text: &str, is_meant| if is_meant { text.replace(from, to) } else { text.to_owned() };
    let (head, batches) = (change(head, in_head), change(batches, !in_head));
    let mut seal = sandbox_key("wildfire").begin("plan");
    seal.text(&format!("{head}}}"));
    seal.rest(batches.as_bytes());
    let digest: String = seal.finish().iter().map(|byte| format!("{byte:02x}")).collect();
    world.write("forged.plan", format!("{head},\"digest\":\"{digest}\"}}\n{batches}"));
}

#[test]
fn a_plan_that_would_go_out_otherwise_than_it_says_is_refused() {
    let world = World::new();
    three_groups(&world, &["--plan", "p.plan"]);
    resealed(&world, false, "nothing", "nothing");
    world.run(&["apply", "forged.plan", "--dry-run"]).ends_with(0);
    for (from, to) in [("hello", "good-bye"), ("\"target\":\"2\"", "\"target\":\"9\"")] {
        resealed(&world, false, from, to);
        for more in [&["--dry-run"][..], &[]] {
            let run = world.run(&[&["apply", "forged.plan"][..], more].concat()).ends_with(3);
            run.says("would go out otherwise than the plan says").says("has changed");
        }
    }
    let text = std::fs::read_to_string(world.path("p.plan")).expect("a plan");
    let head: Value = serde_json::from_str(text.lines().next().expect("a head")).expect("JSON");
    let later = |key: &str, hours: i64| {
        let ms = head[key].as_i64().expect("a time");
        (format!("\"{key}\":{ms}"), format!("\"{key}\":{}", ms + hours * 3_600_000))
    };
    let number = |key: &str| (format!("\"{key}\":3"), format!("\"{key}\":2"));
    for ((from, to), why) in [
        (later("valid_until_ms", 720), "which cannot be"),
        (later("created_ms", 1), "which cannot be"),
        (number("requests"), "the plan says that `requests` is 2, and its entries come to 3"),
        (number("targets"), "the plan says that `targets` is 2, and its entries come to 3"),
    ] {
        assert!(text.contains(&from), "{from} in {text}");
        resealed(&world, true, &from, &to);
        world.run(&["apply", "forged.plan"]).ends_with(3).says(why);
    }
    assert_eq!(entries(&world), json!([]));
}

#[test]
fn a_plan_tells_what_is_left_of_a_quota_and_until_when_it_can_be_taken_back() {
    let live = Live::of("rongcloud");
    let push = ["broadcast", "--all", "--from", "u1", "--text", "one", "--plan", "p.plan"];
    live.run(&push).ends_with(0).says("2 of 2 calls in 1 hour are left");
    let told = live.run(&[&push[..], &["--output", "json"]].concat()).ends_with(0).json();
    assert_eq!((&told["quotas"][0]["left"], &told["quotas"][0]["count"]), (&json!(2), &json!(2)));
    let world = World::new();
    let plan = ["broadcast", "--from", "admin", "--to", "user0001", "--text", "one"];
    let plan = [&plan[..], &["--plan", "p.plan", "--provider"]].concat();
    let told = sandbox(&world, &[&plan[..], &["jmessage"]].concat()).ends_with(0).json();
    let seconds = told["recallable_seconds"].as_i64().expect("a window");
    let text = std::fs::read_to_string(world.path("p.plan")).expect("a plan");
    let head: Value = serde_json::from_str(text.lines().next().expect("a line")).expect("JSON");
    let until = herald::report::time(head["created_ms"].as_i64().expect("a time") + 1000 * seconds);
    assert_eq!(
        (&told["recallable_until"], &head["recallable_until"]),
        (&json!(until), &json!(until))
    );
    let people = world.run(&[&plan[..], &["jmessage", "--sandbox"]].concat()).ends_with(0);
    people.says("recall: if sent now, until ");
    // What has no window says how it is recalled, or that it is not.
    let told = sandbox(&world, &[&plan[..], &["wildfire"]].concat()).ends_with(0).json();
    assert!(told["recallable_until"].is_null() && told["recallable_seconds"].is_null(), "{told}");
    world
        .run(&[&plan[..], &["wildfire", "--sandbox"]].concat())
        .ends_with(0)
        .says("recall: once it is sent: ");
}
