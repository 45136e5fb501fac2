//! What went to the sandbox says so: in every table, sentence and document.

use serde_json::{Value, json};

use crate::support::World;

/// Commands in one home, each with what it prints for people and whether it succeeds.
const COMMANDS: [&[&str]; 12] = [
    &["send", "--from", "a", "--to", "b", "--text", "x"],
    &["send", "--from", "a", "--to", "b", "--text", "x", "--dry-run"],
    &[
        "broadcast",
        "--from",
        "a",
        "--to",
        "b",
        "--to",
        "c",
        "--text",
        "x",
        "--job",
        "j",
        "--results",
        "r",
    ],
    &["broadcast", "--from", "a", "--to", "b", "--to", "c", "--text", "x", "--dry-run"],
    &["broadcast", "--from", "a", "--to", "b", "--to", "c", "--text", "x", "--plan", "plan"],
    &["apply", "plan"],
    &["recall", "--last"],
    &["call", "wildfire/health"],
    &["upload", "file.txt"],
    &["history"],
    &["history", "show", "j"],
    &["history", "list", "--job", "j"],
];

/// Profiles of which one stays in the sandbox.
const PROFILES: &str = "[profiles.inside]\nprovider = \"wildfire\"\nmode = \"sandbox\"\nendpoint = \"http://127.0.0.1:1\"\n";

#[test]
fn tables_and_sentences_say_that_it_was_the_sandbox() {
    let places: [&[&str]; 2] =
        [&["--sandbox", "--provider", "wildfire"], &["--profiles", "p.toml"]];
    for place in places {
        let world = World::new();
        world.write_private("p.toml", PROFILES);
        world.write("file.txt", "text");
        for command in COMMANDS {
            let run = world.run(&[command, place].concat()).ends_with(0);
            let all = format!("{}{}", run.out, run.err);
            assert!(all.contains("sandbox"), "{command:?} {place:?}: {all}");
            assert!(!all.contains("127.0.0.1:1"), "{command:?} {place:?}: {all}");
        }
    }
}

/// Every object of a document that is a result, an entry or a plan.
fn results(document: &Value) -> Vec<&Value> {
    let inner =
        ["results", "entries", "jobs"].into_iter().filter_map(|name| document[name].as_array());
    let own = document.get("entries").is_none().then_some(document);
    own.into_iter().chain(inner.flatten()).collect()
}

#[test]
fn documents_have_a_member_for_it() {
    let world = World::new();
    world.write("file.txt", "text");
    let place = ["--sandbox", "--provider", "wildfire", "--output", "json"];
    for command in COMMANDS {
        let document = world.run(&[command, &place].concat()).ends_with(0).json();
        let all = results(&document);
        assert!(!all.is_empty(), "{command:?}: {document}");
        for one in all {
            assert_eq!(one["sandbox"], json!(true), "{command:?}: {one}");
        }
    }
    let lines = std::fs::read_to_string(world.path("r")).expect("results");
    for line in lines.lines() {
        let line: Value = serde_json::from_str(line).expect("JSON");
        assert_eq!(line["sandbox"], json!(true), "{line}");
    }
    let refused = world.run(&[&["send", "--to", "b", "--text", "x"][..], &place].concat());
    let refused = refused.ends_with(2).json();
    assert_eq!((&refused["outcome"], &refused["sandbox"]), (&json!("refused"), &json!(true)));
}

#[test]
fn the_address_is_that_of_the_sandbox_with_every_vendor() {
    let world = World::new();
    for provider in herald::provider::ALL.iter().map(|vendor| vendor.contract().id) {
        let send = ["send", "--sandbox", "--provider", provider, "--from", "abcd", "--to", "efgh"];
        let planned = [&send[..], &["--text", "x", "--dry-run", "--output", "json"]].concat();
        let planned = world.run(&planned).ends_with(0).json();
        let address = format!("http://sandbox.localhost:8787/{provider}");
        for request in planned["requests"].as_array().expect("requests") {
            let url = request["url"].as_str().expect("an address");
            assert!(url.starts_with(&address), "{url}");
        }
        world.run(&[&send[..], &["--text", "x"]].concat()).ends_with(0);
        let list = ["history", "--sandbox", "--provider", provider, "--output", "json"];
        let entries = world.run(&list).ends_with(0).json();
        assert_eq!(entries["entries"][0]["endpoint"], json!(address));
    }
}
