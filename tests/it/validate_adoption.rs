//! `herald validate` in a repository that begins to use it: severities, accepted findings, baselines, `herald init`.

use std::fs;

use crate::support::World;
use crate::validate::{EASEMOB, GOOD, PUSH, found, json_of};

/// A payload with one warning (`jpush-v3/V3-W04`) and nothing else to report, and one with an error.
const WARNED: &str = r#"{"platform":"all","audience":"all","notification":{"alert":"hi"},"options":{"apns_production":true}}"#;
const WRONG: &str = r#"{"sender":"a","conv":{"type":"0x","target":"b","line":0},"payload":{"type":1,"searchableContent":"hi"}}"#;

/// The codes that a run over the folder reports.
fn codes(world: &World, code: i32, flags: &[&str]) -> Vec<String> {
    let report = json_of(world, code, &[flags, &["."]].concat());
    report["findings"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| {
            format!(
                "{} {}",
                one["severity"].as_str().unwrap_or_default(),
                one["code"].as_str().unwrap_or_default()
            )
        })
        .collect()
}

/// The first finding of a payload: severity and code.
fn first(world: &World, text: &str, code: i32) -> String {
    world.write("probe.json", text);
    let report = json_of(world, code, &["probe.json"]);
    fs::remove_file(world.path("probe.json")).expect("removed");
    report["findings"][0]["code"].as_str().expect("a finding").to_owned()
}

#[test]
fn a_project_gives_rules_their_severity_and_turns_them_off() {
    let world = World::new();
    let warning = first(&world, WARNED, 0);
    let error = first(&world, WRONG, 1);
    world.write("a.json", WARNED);
    world.write("b.json", WRONG);
    let settings = |lines: &str| world.write("herald.toml", lines);

    settings(&format!("[lint.severity]\n\"{warning}\" = \"error\"\n\"{error}\" = \"hint\""));
    let told = codes(&world, 1, &[]);
    assert!(told.contains(&format!("error {warning}")), "{told:?}");
    assert!(told.contains(&format!("hint {error}")), "{told:?}");
    settings(&format!("[lint.severity]\n\"{warning}\" = \"off\"\n\"{error}\" = \"warning\""));
    let told = codes(&world, 0, &[]);
    assert!(!told.iter().any(|one| one.ends_with(&warning)), "{told:?}");
    assert!(told.contains(&format!("warning {error}")), "{told:?}");

    for (lines, words) in [
        (format!("[lint.severity]\n\"{error}\" = \"fatal\""), "cannot be `fatal`"),
        ("[lint.severity]\n\"json/syntax\" = \"hint\"".to_owned(), "json/syntax"),
        ("[lint.severity]\n\"jpush-v3/V3-999\" = \"off\"".to_owned(), "no rule `jpush-v3/V3-999`"),
        ("[lint]\nfail_on = \"hint\"".to_owned(), "`fail_on` cannot be `hint`"),
    ] {
        settings(&lines);
        world.run(&["validate", "."]).ends_with(3).says(words);
    }
}

#[test]
fn a_run_fails_from_the_severity_that_is_asked_for() {
    let world = World::new();
    world.write("a.json", WARNED);
    codes(&world, 0, &[]);
    codes(&world, 1, &["--fail-on", "warning"]);
    world.write("herald.toml", "[lint]\nfail_on = \"warning\"");
    codes(&world, 1, &[]);
    codes(&world, 0, &["--fail-on", "error"]);
    // What is counted and not shown fails as well.
    codes(&world, 1, &["--max-findings", "0"]);
}

#[test]
fn findings_are_accepted_at_their_place_until_their_day() {
    let world = World::new();
    let error = first(&world, WRONG, 1);
    fs::create_dir(world.path("old")).expect("a folder");
    world.write("old/a.json", WRONG);
    world.write("new.json", WRONG);
    let section = |more: &str| {
        format!(
            "[[lint.ignore]]\nrule = \"{error}\"\npath = \"old/**\"\nreason = \"the old app\"\n{more}"
        )
    };
    let told = |more: &str| {
        world.write("herald.toml", section(more));
        let run = world.run(&["validate", "--output", "json", "."]).ends_with(1);
        let report = run.json();
        let files = found(&report).into_iter().filter(|one| one.ends_with(&error));
        let files: Vec<String> =
            files.map(|one| one.split(':').next().unwrap_or_default().replace("./", "")).collect();
        (files, report["summary"]["ignored"].as_u64().unwrap_or(0), run.err)
    };
    let (files, ignored, _) = told("");
    assert_eq!((files, ignored), (vec!["new.json".to_owned()], 1));
    let (files, ignored, _) = told("pointer = \"/conv/*\"\nuntil = 2999-01-01");
    assert_eq!((files, ignored), (vec!["new.json".to_owned()], 1));
    // At another place, and after its day, it is reported, and the section is named.
    let (files, ignored, err) = told("pointer = \"/payload/*\"");
    assert_eq!((files.len(), ignored), (2, 0));
    assert!(err.contains("about no finding"), "{err}");
    let (files, ignored, err) = told("until = 2020-02-29");
    assert_eq!((files.len(), ignored), (2, 0));
    assert!(
        err.contains("herald.toml:1: the [[lint.ignore]]") && err.contains("ended on 2020-02-29"),
        "{err}"
    );

    for (lines, words) in [
        ("[[lint.ignore]]\npath = \"a\"\nreason = \"x\"".to_owned(), "has no `rule`"),
        (section("").replace("reason = \"the old app\"", ""), "has no `reason`"),
        (section("").replace("the old app", " "), "`reason` is empty"),
        (section("until = \"soon\""), "should be a day"),
        (section("pointer = \"conv\""), "without a slash"),
        (section("unitl = 2020-02-29"), "did you mean `until`?"),
    ] {
        world.write("herald.toml", &lines);
        world.run(&["validate", "."]).ends_with(3).says(words);
    }
}

#[test]
fn a_baseline_keeps_old_findings_out_and_lets_new_ones_in() {
    let world = World::new();
    world.write("a.json", WRONG);
    world.write("many.ndjson", format!("{GOOD}\n{WRONG}\n"));
    codes(&world, 1, &[]);
    let written = world.run(&["validate", "--write-baseline", "known.json", "."]).ends_with(0);
    written.says("known.json");
    let base = ["--baseline", "known.json"];
    assert_eq!(codes(&world, 0, &base), Vec::<String>::new());

    // Lines move, payloads come before it, and the file is not linted itself.
    world.write("many.ndjson", format!("\n{GOOD}\n{GOOD}\n\n{WRONG}\n"));
    world.write("a.json", WRONG.replace("{\"sender\"", "{\n\n  \"sender\""));
    assert_eq!(codes(&world, 0, &base), Vec::<String>::new());
    // A second one of the same kind is new, and so is a broken file.
    world.write("many.ndjson", format!("{WRONG}\n{WRONG}\n"));
    assert!(!codes(&world, 1, &base).is_empty());
    world.write("many.ndjson", GOOD);
    world.write("b.json", "{");
    assert_eq!(codes(&world, 1, &base), ["error json/syntax"]);
    let broken = world.run(&["validate", "--write-baseline", "known.json", "."]).ends_with(1);
    assert!(broken.out.contains("json/syntax"), "{}", broken.out);
    fs::remove_file(world.path("b.json")).expect("removed");
    // What is gone is told, and without the flag the file is known for what it is.
    world.write("a.json", GOOD);
    world.run(&["validate", "--baseline", "known.json", "."]).ends_with(0).says("there no more");
    let report = json_of(&world, 0, &["."]);
    assert_eq!(report["left_out"][0]["file"], "./known.json");
}

#[test]
fn what_is_no_baseline_is_refused_with_its_place() {
    let world = World::new();
    world.write("a.json", GOOD);
    for (text, words) in [
        ("", "known.json:1:1"),
        ("[]", "not a baseline"),
        (r#"{"$schema":"urn:herald:baseline","version":2}"#, "known.json:1:44: this version"),
        (
            r#"{"$schema":"urn:herald:baseline","version":1,"findings":[{"count":1,"code":"jpush-v2/V2-1x","file":"a","pointer":"","message":""}]}"#,
            "no rule `jpush-v2/V2-1x`",
        ),
        (
            r#"{"$schema":"urn:herald:baseline","version":1,"findings":[{"code":"json/null"}]}"#,
            "`count`",
        ),
    ] {
        world.write("known.json", text);
        world.run(&["validate", "--baseline", "known.json", "a.json"]).ends_with(3).says(words);
    }
    // It replaces no file of the user's.
    world.write("mine.json", "{}");
    world.run(&["validate", "--write-baseline", "mine.json", "a.json"]).ends_with(3);
    assert_eq!(fs::read_to_string(world.path("mine.json")).expect("there"), "{}");
    world.run(&["validate", "--baseline", "gone.json", "a.json"]).ends_with(3).says("gone.json");
}

#[test]
fn init_writes_settings_with_which_nothing_is_left_to_say() {
    let world = World::new();
    for folder in ["push/ios", "im", "config"] {
        fs::create_dir_all(world.path(folder)).expect("a folder");
    }
    world.write("push/a.json", PUSH);
    world.write("push/ios/b.json", PUSH);
    world.write("im/wildfire.json", GOOD);
    world.write("im/easemob [1].json", EASEMOB);
    world.write("config/app.json", r#"{"port": 80}"#);
    world.write("im/both.ndjson", format!("{GOOD}\n{PUSH}\n"));
    world.run(&["init"]).ends_with(0).says("herald.toml").says("im/both.ndjson");
    let text = fs::read_to_string(world.path("herald.toml")).expect("written");
    assert!(text.contains("path = \"push/**\"\nas = \"jpush-v3/push\""), "{text}");
    assert!(text.contains("\"config/**\","), "{text}");
    let report = json_of(&world, 0, &["."]);
    assert_eq!(report["summary"]["unrecognised"], 0, "{report}");
    assert_eq!(report["summary"]["payloads"], 6, "{report}");
    // What is there stays.
    world.run(&["init", "."]).ends_with(3).says("there already");
    assert_eq!(fs::read_to_string(world.path("herald.toml")).expect("there"), text);
    world.run(&["init", "config"]).ends_with(3).says("recognises no payload file");
    assert!(!world.path("config/herald.toml").exists());
    world.run(&["init", "gone"]).ends_with(3).says("gone");
}
