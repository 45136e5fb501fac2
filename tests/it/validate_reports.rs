//! What the reports of `validate` say besides the findings: nothing is left out in silence, and errors come first.

use std::fs;

use serde_json::{Value, json};

use crate::support::{World, finish};
use crate::validate::{FORMATS, GOOD, PUSH, json_of};

/// One warning.
const ODD: &str = PUSH;

/// One error.
const BAD: &str = r#"{"sender":5,"conv":{"type":0,"target":"b","line":0},"payload":{"type":1,"persistFlag":3,"searchableContent":"hi"}}"#;

fn codes(report: &Value) -> Vec<&str> {
    let findings = report["findings"].as_array().expect("a list").iter();
    findings.map(|one| one["severity"].as_str().expect("a word")).collect()
}

#[test]
fn errors_are_shown_before_warnings_whatever_file_they_are_in() {
    let world = World::new();
    for name in ["a", "b", "c"] {
        world.write(&format!("p/{name}.json"), ODD);
    }
    world.write("p/z.json", BAD);
    for (most, shown) in [
        ("1", &["error"][..]),
        ("2", &["warning", "error"]),
        ("4", &["warning", "warning", "warning", "error"]),
        ("0", &[]),
    ] {
        let report = json_of(&world, 1, &["p", "--max-findings", most]);
        assert_eq!(codes(&report), shown, "{most}");
        let summary = &report["summary"];
        assert_eq!((&summary["errors"], &summary["warnings"]), (&json!(1), &json!(3)));
        assert_eq!(summary["hidden"], 4 - shown.len());
    }
}

#[test]
fn what_is_ignored_is_counted_whoever_says_so() {
    let world = World::new();
    world.write("p/a.json", ODD);
    world.write("p/b.json", ODD);
    let code =
        json_of(&world, 0, &["p"])["findings"][0]["code"].as_str().expect("a code").to_owned();
    let count = |arguments: &[&str], member: &str| {
        let report = json_of(&world, 0, arguments);
        assert_eq!(report["findings"], json!([]));
        report["summary"][member].clone()
    };
    assert_eq!(count(&["p", "--allow", &code], "ignored"), 2);
    world.write("herald.toml", format!("[lint]\nallow = ['{code}']\n"));
    assert_eq!(count(&["p"], "ignored"), 2);
    world.write("herald.toml", format!("[lint.severity]\n'{code}' = 'off'\n"));
    assert_eq!(count(&["p"], "ignored"), 2);
    let ignore = format!("[[lint.ignore]]\nrule = '{code}'\npath = 'p/**'\nreason = 'r'\n");
    world.write("herald.toml", ignore);
    assert_eq!(count(&["p"], "ignored"), 2);
    for format in FORMATS.into_iter().skip(3) {
        let run = world.run(&["validate", "p", "--output", format]).ends_with(0);
        assert!((run.out + &run.err).contains("2 ignored"), "{format}");
    }
    fs::remove_file(world.path("herald.toml")).expect("removed");
    world.run(&["validate", "p", "--write-baseline", "known"]).ends_with(0);
    assert_eq!(count(&["p", "--baseline", "known"], "baseline"), 2);
}

#[test]
fn what_is_hidden_or_ignored_by_git_is_counted_and_links_count_once() {
    let world = World::new();
    world.write("p/a.json", GOOD);
    world.write("p/.b.json", GOOD);
    world.write("p/out/c.json", GOOD);
    world.write("p/.gitignore", "out\n");
    #[cfg(unix)]
    std::os::unix::fs::symlink("a.json", world.path("p/link.json")).expect("a link");
    let report = json_of(&world, 0, &["p", "p"]);
    assert_eq!(
        (&report["summary"]["files"], &report["summary"]["skipped"]),
        (&json!(1), &json!(2))
    );
    let run = world.run(&["validate", "p", "-v"]).ends_with(0);
    assert!(run.out.contains(", 2 hidden or ignored by git: "), "{}", run.out);
    assert!(run.err.contains("skip") && run.err.contains("p/out"), "{}", run.err);
    #[cfg(unix)]
    {
        let report = json_of(&world, 0, &["p/link.json", "p/a.json", "p"]);
        assert_eq!(report["summary"]["files"], 1, "{report}");
    }
}

#[test]
fn a_named_file_that_is_left_out_or_that_a_pattern_excludes_is_told() {
    let world = World::new();
    let claimed = PUSH.replacen('{', r#"{"$schema":"jpush-v3/push","#, 1);
    world.write("s.json", claimed);
    world.write("w.json", GOOD);
    let run = world.run(&["validate", "--provider", "wildfire", "s.json"]).ends_with(3);
    run.says("nothing was linted").says("--provider");
    world.run(&["validate", "--provider", "wildfire", "s.json", "w.json"]).ends_with(0);
    let run = world.run(&["validate", "--exclude", "w*", "w.json"]).ends_with(0);
    assert!(!run.err.contains("matches no file"), "{}", run.err);
    run.says("although a pattern excludes it");
    let run = world.run(&["validate", "--provider", "wildfire", "--max-findings", "0", "s.json"]);
    assert!(run.ends_with(3).out.contains("left out: s.json"));
}

#[test]
fn settings_that_do_not_apply_are_told() {
    let world = World::new();
    world.write("herald.toml", "[lint]\nallow = ['jpush-v3/V3-W04']\n");
    world.write("sub/a.json", PUSH);
    let run =
        || finish(world.command().current_dir(world.path("sub")).args(["validate", "a.json"]));
    run().ends_with(0).says("herald.toml` is not used");
    fs::create_dir_all(world.path(".git")).expect("a folder");
    let run = run().ends_with(0);
    assert!(!run.err.contains("is not used"), "{}", run.err);
}

#[test]
fn statistics_count_each_rule_in_every_format_that_has_a_place_for_it() {
    let world = World::new();
    world.write("p/a.json", ODD);
    world.write("p/b.json", BAD);
    world.write("p/c.json", ODD);
    let report = json_of(&world, 1, &["p", "--statistics", "--max-findings", "1"]);
    let counts: Vec<(&Value, &Value)> = report["statistics"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| (&one["severity"], &one["count"]))
        .collect();
    assert_eq!(counts, [(&json!("warning"), &json!(2)), (&json!("error"), &json!(1))]);
    assert_eq!(json_of(&world, 1, &["p"])["statistics"], Value::Null);
    for format in ["table", "concise", "ndjson", "sarif", "github", "markdown"] {
        let run = world.run(&["validate", "p", "--statistics", "--output", format]).ends_with(1);
        let title = report["statistics"][0]["title"].as_str().expect("a title");
        let plain = run.out.replace(['\\'], "").replace("&#58;", ":");
        assert!(plain.contains(title), "{format}: {}", run.out);
    }
}

#[test]
fn github_gets_as_many_annotations_as_it_shows_and_the_others_as_lines() {
    let world = World::new();
    let lines: String = (0..14).map(|_| format!("{ODD}\n{BAD}\n")).collect();
    world.write("many.ndjson", lines);
    let run = world.run(&["validate", "many.ndjson", "--output", "github"]).ends_with(1);
    let begins = |start: &str| run.out.lines().filter(|line| line.starts_with(start)).count();
    assert_eq!((begins("::error "), begins("::warning ")), (10, 10));
    assert_eq!((begins("error: many.ndjson:"), begins("warning: many.ndjson:")), (4, 4));
    assert!(
        run.out.contains("\n8 findings have no annotation: GitHub shows 10 errors"),
        "{}",
        run.out
    );
    assert!(run.out.starts_with("::error "), "errors come first");
}

#[test]
fn a_step_summary_is_written_into_an_empty_file_and_never_over_other_text() {
    let world = World::new();
    world.write("p/b.json", BAD);
    world.write("summary.md", "");
    let write = ["validate", "p", "--report", "markdown=summary.md"];
    for _ in 0..2 {
        world.run(&write).ends_with(1);
        let text = fs::read_to_string(world.path("summary.md")).expect("a report");
        assert!(
            text.starts_with("## Payloads linted by herald\n")
                && text.contains("| error | p/b.json"),
            "{text}"
        );
    }
    world.write("summary.md", "# Mine\n");
    world.run(&write).ends_with(3);
}
