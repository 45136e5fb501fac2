//! What scripts read: one document on stdout, with an outcome, whatever went wrong.

use serde_json::Value;

use crate::support::{Run, World};

/// Flags of a wildfire message into the sandbox.
const SEND: [&str; 8] = ["send", "--sandbox", "--provider", "wildfire", "--from", "a", "--to", "b"];

fn document(run: &Run) -> Value {
    let document = run.json();
    assert_eq!(document["version"], 1, "{run:?}");
    document
}

#[test]
fn a_refusal_before_anything_left_has_an_outcome_beside_the_error() {
    let world = World::new();
    world.write("list.txt", "ann\n");
    world.write("bad.json", "{\"sender\":5,\"conv\":{}}");
    let vendor = ["--provider", "wildfire"];
    let read_only = [
        ("HERALD_READ_ONLY", "1"),
        ("HERALD_WILDFIRE_SECRET", "x"),
        ("HERALD_WILDFIRE_ENDPOINT", "http://127.0.0.1:9"),
    ];
    let live = ["--from", "a", "--text", "x"];
    #[rustfmt::skip]
    let table: [(Vec<&str>, i32); 11] = [
        ([&["send", "--to", "b"][..], &live, &vendor].concat(), 9),
        ([&["broadcast", "--targets", "list.txt"][..], &live, &vendor].concat(), 9),
        ([&["call", "wildfire/send", "--body", "bad.json", "--sandbox"][..]].concat(), 1),
        ([&["send", "--body", "bad.json", "--sandbox"][..], &vendor].concat(), 1),
        ([&["recall", "--last", "--sandbox"][..], &vendor].concat(), 3),
        ([&["update", "1", "--sandbox"][..], &vendor].concat(), 2),
        ([&["delete", "x", "--sandbox"][..], &vendor].concat(), 2),
        ([&["apply", "list.txt"][..]].concat(), 3),
        ([&["upload", "gone.png", "--sandbox"][..], &vendor].concat(), 3),
        ([&["stop", "no-such-job"][..]].concat(), 2),
        ([&["broadcast", "--resume", "no-such-job", "--sandbox"][..], &vendor].concat(), 2),
    ];
    for (words, code) in table {
        for format in ["json", "ndjson"] {
            for quiet in [&[][..], &["-q"]] {
                let all = [&words[..], &["--output", format], quiet].concat();
                let run = world.run_with(&all, &read_only);
                let told = document(&run);
                assert_eq!(
                    (run.code, &told["outcome"]),
                    (code, &"refused".into()),
                    "{all:?}: {run:?}"
                );
                assert_eq!(told["error"]["exit_code"], code, "{all:?}");
                assert_eq!(run.err.contains("error"), quiet.is_empty(), "{all:?}: {}", run.err);
            }
        }
    }
    // A line that does not parse has no command yet.
    let run = world.run(&["send", "--no-such-flag", "--output", "json", "-q"]).ends_with(2);
    assert!(document(&run).get("outcome").is_none() && run.err.is_empty(), "{run:?}");
}

#[test]
fn a_lint_error_is_told_by_its_first_finding_and_how_many_more_there_are() {
    let world = World::new();
    world.write("bad.json", "{\"sender\":5,\"conv\":{}}");
    let call = ["call", "wildfire/send", "--body", "bad.json", "--sandbox", "--output", "json"];
    let told = document(&world.run(&call).ends_with(1));
    let message = told["error"]["message"].as_str().expect("text");
    let first = &told["findings"][0];
    assert!(message.starts_with(first["code"].as_str().expect("a code")), "{message}");
    assert!(message.contains(first["message"].as_str().expect("text")), "{message}");
    assert!(message.contains(" more error"), "{message}");
}

#[test]
fn curl_in_json_is_a_member_of_the_planned_document() {
    let world = World::new();
    let line = world.run(&[&SEND[..], &["--text", "x", "--curl"]].concat()).ends_with(0).out;
    for format in ["json", "ndjson"] {
        let flags = ["--text", "x", "--curl", "--output", format];
        let told = document(&world.run(&[&SEND[..], &flags].concat()).ends_with(0));
        assert_eq!(
            (&told["outcome"], told["requests"].as_array().map(Vec::len)),
            (&"planned".into(), Some(1))
        );
        let curl = told["curl"].as_str().expect("a line");
        // Nonce and time differ.
        assert_eq!(curl.split('\'').next(), line.split('\'').next());
    }
}

#[test]
fn of_a_flag_that_is_given_again_the_last_one_counts() {
    let world = World::new();
    for words in [
        &["--output", "table", "providers", "--output", "ndjson", "--output", "json"][..],
        &["providers", "--output", "ndjson", "-v", "-v", "--output=json", "-vv"],
        &["providers", "--color", "always", "--color", "never", "--output", "json", "-q", "-q"],
    ] {
        document(&world.run(words).ends_with(0));
    }
    let sent =
        ["--text", "one", "--text", "two", "--dry-run", "--output", "json", "--show-secrets"];
    let told = world.run(&[&SEND[..], &sent].concat()).ends_with(0);
    assert!(told.out.contains("two") && !told.out.contains("one\\\""), "{told:?}");
    // The error of a line that does not parse has the last format, too.
    let run = world.run(&["send", "--nope", "--output", "json", "--output", "table"]).ends_with(2);
    assert!(run.out.is_empty(), "{run:?}");
}

#[test]
fn formats_of_findings_are_for_validate_alone() {
    let world = World::new();
    for command in ["send", "broadcast", "history", "providers", "profile", "sandbox"] {
        let run = world.run(&[command, "--output", "sarif"]).ends_with(2);
        assert!(run.err.contains("[possible values: table, json, ndjson]"), "{command}: {run:?}");
        let help = world.run(&[command, "--help"]).ends_with(0).out;
        assert!(!help.contains("sarif") && !help.contains("junit"), "{command}");
    }
    assert!(world.run(&["validate", "--help"]).ends_with(0).out.contains("sarif"));
    world.run(&["--output", "sarif", "providers"]).ends_with(2);
}

#[test]
fn sarif_rules_have_the_text_of_explain() {
    let world = World::new();
    world.write("v.json", "{\"sender\":5,\"conv\":{}}");
    let run = world.run(&["validate", "--as", "wildfire/send", "v.json", "--output", "sarif"]);
    let log = run.ends_with(1).json();
    let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().expect("rules").clone();
    assert!(!rules.is_empty());
    for rule in rules {
        let id = rule["id"].as_str().expect("an id");
        let explained = world.run(&["explain", id, "--output", "json"]).ends_with(0).json();
        let help = rule["help"]["text"].as_str().expect("text");
        let cure = explained["cure"].as_str().unwrap_or_default();
        assert!(help.contains(id) && help.contains(cure), "{rule}");
        assert!(!rule["fullDescription"]["text"].as_str().expect("text").is_empty(), "{rule}");
    }
}
