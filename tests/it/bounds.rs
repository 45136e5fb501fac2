//! What a lint job costs: in proportion to its input, and no memory for what is not told.

use crate::support::World;

const GOOD: &str = r#"{"sender":"a","conv":{"type":0,"target":"b","line":0},"payload":{"type":1,"persistFlag":3,"searchableContent":"hi"}}"#;

#[test]
fn what_is_not_told_is_counted_in_every_format() {
    let world = World::new();
    let bad = r#"{"sender":1,"conv":{"type":"0","target":5,"line":"0"},"payload":{"type":1,"persistFlag":3}}"#;
    world.write("a.ndjson", format!("{bad}\n").repeat(2000));
    let one = ["validate", "--as", "wildfire/send", "a.ndjson"];
    let json = |more: &[&str]| {
        world.run(&[&one[..], &["--output", "json"], more].concat()).ends_with(1).json()
    };
    let all = json(&["--max-findings", "1000000"]);
    let total = all["findings"].as_array().map(Vec::len).expect("a list");
    assert!(total > 4000 && all["summary"]["hidden"] == 0, "{total}");
    for (more, most) in
        [(&[][..], 1000), (&["--max-findings", "7"], 7), (&["--max-findings", "0"], 0)]
    {
        let some = json(more);
        assert_eq!(some["findings"].as_array().map(Vec::len), Some(most));
        assert_eq!(some["summary"]["hidden"], total - most);
        for kind in ["files", "payloads", "errors", "warnings", "hints"] {
            assert_eq!(some["summary"][kind], all["summary"][kind], "{kind}");
        }
    }
    let words = format!("{} more findings are counted and not shown", total - 7);
    for format in ["table", "json", "ndjson", "sarif", "junit", "github", "gitlab"] {
        let report = format!("{}=r.out", if format == "table" { "human" } else { format });
        // A report replaces only one in its own format.
        let _ = std::fs::remove_file(world.path("r.out"));
        let run = world.run(
            &[&one[..], &["--output", format, "--report", &report, "--max-findings", "7"]].concat(),
        );
        let run = run.ends_with(1);
        assert!((run.err.clone() + &run.out).contains(&words), "{format}: {}", run.err);
        let report = std::fs::read_to_string(world.path("r.out")).expect("a report");
        assert_eq!(report.len(), run.out.len(), "{format}");
        let codes = run.out.matches("wildfire/E").count();
        assert!((1..40).contains(&codes), "{format}: {codes}");
        // Of each line JUnit tells whether it is right.
        let per_line = if format == "junit" { 300 * 2000 } else { 0 };
        assert!(run.out.len() < 20_000 + per_line, "{format}: {}", run.out.len());
    }
    let junit = world.run(&[&one[..], &["--output", "junit", "--max-findings", "7"]].concat());
    assert!(junit.out.contains("failures=\"2000\""), "a payload whose errors are not shown fails");
}

#[test]
fn one_payload_of_very_many_faults_is_counted_to_its_end() {
    let world = World::new();
    let many = 30_000;
    let keys: String = (0..many).map(|n| format!(",\"k{n}\":1")).collect();
    let same = ",\"sender\":\"a\"".repeat(many);
    let inner = (0..many).map(|n| format!("\\\"k{n}{}\\\":1", "x".repeat(40))).collect::<Vec<_>>();
    for (name, body, expected) in [
        ("unknown", GOOD.replacen(",\"conv\"", &format!("{keys},\"conv\""), 1), many),
        ("repeated", GOOD.replacen(",\"conv\"", &format!("{same},\"conv\""), 1), many),
        ("items", format!("[{}]", vec!["0"; many].join(",")), many),
    ] {
        let file = format!("{name}.json");
        world.write(&file, body);
        let run = world.run(&["validate", "--as", "wildfire/send", "--output", "json", &file]);
        let found = run.json();
        let summary = &found["summary"];
        let count = |kind: &str| summary[kind].as_u64().expect("a number") as usize;
        assert_eq!(count("errors") + count("warnings") + count("hints"), expected, "{name}");
        assert_eq!(count("hidden"), expected - 1000, "{name}");
    }
    let body = format!(
        r#"{{"fromUserId":"a","toUserId":["b"],"objectName":"RC:TxtMsg","content":"{{\"content\":\"x\"}}","extraContent":"{{{}}}"}}"#,
        inner.join(",")
    );
    world.write("inner.json", body);
    let run = world.run(&[
        "validate",
        "--as",
        "rongcloud/send-private",
        "--output",
        "json",
        "inner.json",
    ]);
    let found = run.ends_with(1).json();
    assert!(
        found["summary"]["errors"].as_u64().is_some_and(|n| n >= many as u64),
        "{}",
        found["summary"]
    );
    let last = &found["findings"].as_array().expect("a list")[900];
    let text = std::fs::read_to_string(world.path("inner.json")).expect("a file");
    let at = |key: &str| last[key].as_u64().expect("a number") as usize;
    assert_eq!(&text[at("byte_start")..at("byte_end")], "1", "{last}");
    assert_eq!(at("column"), 1 + text[..at("byte_start")].chars().count());
}

/// A long file is judged by several threads, and only errors are looked for once no more warnings are shown.
#[test]
fn lines_of_a_long_file_are_told_in_their_order_however_few_are_shown() {
    let world = World::new();
    let warned = GOOD.replace("\"searchableContent\"", "\"odd\":1,\"searchableContent\"");
    let wrong = GOOD.replace("\"sender\":\"a\"", "\"sender\":1");
    let lines: String = (0..3000)
        .map(|number| match number % 3 {
            0 => format!("{warned}\n"),
            1 => format!("{GOOD}\n"),
            _ => format!("{wrong}\n"),
        })
        .collect();
    world.write("a.ndjson", lines);
    let report = |most: &str| {
        let arguments =
            ["validate", "--as", "wildfire/send", "--output", "json", "--max-findings", most];
        world.run(&[&arguments[..], &["a.ndjson"]].concat()).ends_with(1).json()
    };
    let lines = |report: &serde_json::Value, severity: &str| -> Vec<u64> {
        let findings = report["findings"].as_array().expect("a list");
        let wanted = findings.iter().filter(|finding| finding["severity"] == severity);
        wanted.map(|finding| finding["line"].as_u64().expect("a number")).collect()
    };
    let all = report("100000");
    let warnings = lines(&all, "warning");
    assert_eq!(lines(&all, "error"), (1..=1000).map(|n| 3 * n).collect::<Vec<u64>>());
    assert_eq!(warnings, (0..1000).map(|n| 3 * n + 1).collect::<Vec<u64>>());
    let few = report("1200");
    assert_eq!(lines(&few, "error"), lines(&all, "error"));
    assert_eq!(lines(&few, "warning"), warnings[..200]);
    for kind in ["payloads", "errors", "warnings", "hints"] {
        assert_eq!(few["summary"][kind], all["summary"][kind], "{kind}");
    }
}
