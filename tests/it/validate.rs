//! `herald validate` over folders of several kinds: which file is what, and what is said of files that are not payloads.

use std::collections::BTreeMap;
use std::fs;

use herald::provider;
use serde_json::{Value, json};

use crate::cases::{Case, cases};
use crate::support::World;

pub(crate) const FORMATS: [&str; 9] =
    ["human", "json", "ndjson", "sarif", "junit", "github", "gitlab", "concise", "markdown"];

pub(crate) const GOOD: &str = r#"{"sender":"a","conv":{"type":0,"target":"b","line":0},"payload":{"type":1,"persistFlag":3,"searchableContent":"hi"}}"#;
pub(crate) const PUSH: &str =
    r#"{"platform":"all","audience":{"alias":["u1"]},"notification":{"alert":"hi"}}"#;
pub(crate) const EASEMOB: &str = r#"{"from":"a","to":["u1"],"type":"txt","body":{"msg":"hi"}}"#;

/// The codes of a JSON report with their files and lines, in order.
pub(crate) fn found(report: &Value) -> Vec<String> {
    let findings = report["findings"].as_array().expect("a list");
    let words = |one: &Value, key: &str| one[key].as_str().unwrap_or_default().to_owned();
    findings
        .iter()
        .map(|one| {
            format!(
                "{}:{} {} {}",
                words(one, "file"),
                one["line"],
                words(one, "severity"),
                words(one, "code")
            )
        })
        .collect()
}

/// How the payloads of a JSON report were read: operation and by what.
pub(crate) fn read(report: &Value) -> BTreeMap<String, u64> {
    let read = report["read"].as_array().expect("a list");
    let one = |one: &Value| {
        let (name, by) = (one["operation"].as_str()?, one["by"].as_str()?);
        Some((format!("{name} {by}"), one["payloads"].as_u64()?))
    };
    read.iter().map(|entry| one(entry).expect("an entry")).collect()
}

pub(crate) fn reads(entries: &[(&str, u64)]) -> BTreeMap<String, u64> {
    entries.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect()
}

pub(crate) fn json_of(world: &World, code: i32, arguments: &[&str]) -> Value {
    world.run(&[&["validate", "--output", "json"], arguments].concat()).ends_with(code).json()
}

#[test]
fn every_payload_that_a_vendor_accepts_is_linted_without_a_word_of_what_it_is() {
    let world = World::new();
    let mut bodies = BTreeMap::new();
    cases(|case: &Case<'_>| {
        if case.expect == "accept" {
            let name = format!("p/{}-{}.json", case.provider, case.id);
            world.write(&name, case.body.get());
            bodies.insert(name, (case.operation_name(), case.body.get().to_owned()));
        }
    });
    let report =
        world.run(&["validate", "--output", "json", "--max-findings", "100000", "p"]).json();
    let summary = &report["summary"];
    assert_eq!(
        (summary["files"].as_u64(), summary["left_out"].as_u64()),
        (Some(bodies.len() as u64), Some(0))
    );
    let mut wrong = Vec::new();
    let mut unrecognised = 0;
    for one in report["findings"].as_array().expect("a list") {
        let (operation, body) = &bodies[one["file"].as_str().expect("a file")];
        let message = one["message"].as_str().expect("a message");
        match one["code"].as_str().expect("a code") {
            // Without keys, nothing tells what it is.
            "json/unrecognised" if !body.contains(':') => unrecognised += 1,
            "json/ambiguous" => {
                let providers = provider::contracts();
                let level =
                    providers.iter().filter(|one| message.contains(&format!("{}/", one.id)));
                if level.count() < 2 {
                    wrong.push(format!("{operation}: {message} {body}"));
                }
            }
            code if one["severity"] == "error" || code == "json/unrecognised" => {
                wrong.push(format!("{operation} {one} {body}"));
            }
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "{} of {}: {wrong:#?}", wrong.len(), bodies.len());
    assert_eq!(summary["unrecognised"], unrecognised);
    // What says that a payload is for an operation, and nothing else, decides.
    let all: u64 = report["read"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|one| one["payloads"].as_u64())
        .sum();
    let ambiguous =
        found(&report).iter().filter(|one| one.ends_with("json/ambiguous")).count() as u64;
    assert_eq!(all + ambiguous + unrecognised, bodies.len() as u64);
    assert!(ambiguous < 20, "{ambiguous}");
}

#[test]
fn the_report_says_as_what_a_file_was_read_and_what_it_fits_besides() {
    let world = World::new();
    world.write("good.json", PUSH);
    let run = world.run(&["validate", "good.json"]).ends_with(0);
    let line = "read as jpush-v3/push (push-validate, push-file and group-push have the same shape: --as tells them apart)";
    assert!(run.out.contains(line), "{}", run.out);
    assert!(
        run.out.contains("; rongcloud/push and rongcloud/push-custom fit too, with more errors"),
        "{}",
        run.out
    );
    for format in &FORMATS[3..] {
        let run = world.run(&["validate", "good.json", "--output", format]).ends_with(0);
        assert!((run.out + &run.err).contains(line), "{format}");
    }
    for (body, name) in [
        (EASEMOB, "easemob/send-users keys"),
        (r#"{"operator":"a","messageUid":301459004534587393}"#, "wildfire/recall keys"),
        (r#"{"platform":"all","audience":{"alias":["a"]}}"#, "jpush-v3/push keys"),
        // What the principal cannot be, and another operation of its group can.
        (
            r#"{"platform":"all","audience":{"file":{"file_id":"8103a4c6"}},"notification":{"alert":"hi"}}"#,
            "jpush-v3/push-file keys",
        ),
        (
            r#"{"fromUserId":"a","toUserId":["u1"],"objectName":"RC:TxtMsg","content":"{\"content\":\"hi\"}"}"#,
            "rongcloud/send-private keys",
        ),
        (
            r#"{"sender":"a","cnv":{"type":0,"target":"b","line":0},"payload":{"type":1}}"#,
            "wildfire/send keys",
        ),
    ] {
        let report = world.run_on(&["validate", "--output", "json", "-"], body).json();
        assert_eq!(read(&report), reads(&[(name, 1)]), "{body}");
    }
}

#[test]
fn payloads_that_fit_two_providers_equally_well_are_one_finding_with_the_way_out() {
    let world = World::new();
    for (body, names) in [
        (r#"{"msg_ids":["1"]}"#, ["jpush-v2/received", "jpush-v3/received-detail"]),
        (r#"{"username":"u1"}"#, ["easemob/offline-count", "jmessage/user-get"]),
    ] {
        world.write("im/a \"1\".json", body);
        let report = json_of(&world, 1, &["im"]);
        assert_eq!(found(&report), ["im/a \"1\".json:1 error json/ambiguous"]);
        assert_eq!(
            (&report["summary"]["errors"], &report["summary"]["payloads"]),
            (&json!(1), &json!(1))
        );
        let one = &report["findings"][0];
        for name in names {
            assert!(one["message"].as_str().expect("a text").contains(name), "{one}");
        }
        // The lines that it names settle it.
        let help = one["help"].as_str().expect("a text");
        let (_, lines) = help.split_once("[[lint.files]]").expect(help);
        world.write("herald.toml", format!("[[lint.files]]{lines}"));
        assert_eq!(
            read(&world.run(&["validate", "--output", "json", "im"]).json()),
            reads(&[(&format!("{} config", names[0]), 1)])
        );
        fs::remove_file(world.path("herald.toml")).expect("removed");
        let provider = names[1].split_once('/').expect("a name").0;
        let run = world.run(&["validate", "--output", "json", "im", "--provider", provider]);
        assert_eq!(read(&run.json()), reads(&[(&format!("{} keys", names[1]), 1)]));
        world
            .run(&["validate", "im", "--allow", "json/ambiguous"])
            .ends_with(2)
            .says("cannot be ignored");
    }
}

/// A repository with payloads of several providers, and files of other tools.
pub(crate) fn mixed() -> World {
    let world = World::new();
    world.write("jpush/a.json", PUSH);
    world.write("jpush/deep/多条.ndjson", format!("{PUSH}\n\n{PUSH}\n"));
    world.write("easemob/e.json", format!("[{EASEMOB},{EASEMOB}]"));
    world.write("w.json", r#"{"sender":5,"conv":{}}"#);
    world.write("web/package.json", r#"{"name":"app"}"#);
    world.write("web/tsconfig.json", "{\n  // not JSON\n  \"compilerOptions\": {},\n}");
    world
}

#[test]
fn a_mixed_folder_is_linted_in_one_run() {
    let world = mixed();
    let report = json_of(&world, 1, &["."]);
    let usual =
        [("easemob/send-users keys", 2), ("jpush-v3/push keys", 3), ("wildfire/send keys", 1)];
    assert_eq!(read(&report), reads(&usual));
    assert_eq!(
        (&report["summary"]["unrecognised"], &report["summary"]["files"]),
        (&json!(2), &json!(6))
    );
    let codes = found(&report);
    assert!(
        codes.contains(&"./web/package.json:1 warning json/unrecognised".to_owned()),
        "{codes:?}"
    );

    let run =
        world.run(&["validate", ".", "--exclude", "web/**", "--exclude", "w.json"]).ends_with(0);
    assert!(run.out.contains(", 3 excluded: 3 warnings"), "{}", run.out);
    let run = world.run(&["validate", "w.json", "web", "--exclude", "**"]).ends_with(3);
    assert!(
        run.out.contains("wildfire/send, 2 excluded") && run.out.contains("is excluded"),
        "{}",
        run.out
    );
    world
        .run(&["validate", "jpush", "--exclude", "nothing/**"])
        .ends_with(0)
        .says("matches no file");
}

#[test]
fn the_command_line_comes_before_the_project_and_the_project_before_the_payload() {
    let world = mixed();
    let by = |arguments: &[&str]| {
        read(&world.run(&[&["validate", "--output", "json"], arguments].concat()).json())
    };
    let push = |id: &str, by: &str, count| reads(&[(&format!("jpush-v3/{id} {by}"), count)]);
    world.write(
        "herald.toml",
        "[lint]\nexclude = ['web/**']\n\n[[lint.files]]\npath = 'jpush/**'\nas = 'jpush-v3/push-file'\n\n\
         [[lint.files]]\npath = 'jpush/**/*.ndjson'\nas = 'jpush-v3/group-push'\n",
    );
    let both = reads(&[("jpush-v3/push-file config", 1), ("jpush-v3/group-push config", 2)]);
    assert_eq!(by(&["jpush"]), both, "the last that matches");
    assert_eq!(by(&["jpush", "--as", "jpush-v3"]), both, "a provider narrows");
    assert_eq!(by(&["jpush", "--provider", "jpush-v3"]), both);
    assert_eq!(by(&["jpush/a.json", "--as", "jpush-v3/push"]), push("push", "as", 1));
    let glob = ["--as", "jpush/**=jpush-v3/push-validate", "--as", "jpush-v3/push"];
    assert_eq!(by(&[&["jpush/a.json"], &glob[..]].concat()), push("push-validate", "as", 1));
    assert_eq!(
        by(&[
            "jpush/a.json",
            "--as",
            "*/a.json=jpush-v3/push",
            "--as",
            "*/*.json=jpush-v3/push-validate"
        ]),
        push("push-validate", "as", 1)
    );
    assert_eq!(by(&["jpush/a.json", "--as", "**=jpush-v3"]), push("push-file", "config", 1));

    // A file that is mapped to another provider is left out, counted and named.
    let report =
        json_of(&world, 0, &[".", "--provider", "easemob", "--as", "w.json=wildfire/send"]);
    assert_eq!(read(&report), reads(&[("easemob/send-users keys", 2)]));
    assert_eq!(
        (&report["summary"]["left_out"], &report["summary"]["excluded"]),
        (&json!(3), &json!(2))
    );
    assert_eq!(report["left_out"][2]["file"], "./w.json");
    for format in FORMATS {
        let output = if format == "human" { "table" } else { format };
        let report = format!("{format}=r.out");
        let _ = fs::remove_file(world.path("r.out"));
        let arguments =
            ["validate", ".", "--provider", "easemob", "--output", output, "--report", &report];
        let run = world.run(&arguments).ends_with(0);
        let written = fs::read_to_string(world.path("r.out")).expect("a report");
        for told in [run.out, written] {
            assert!(
                told.contains("jpush/a.json") && told.contains("jpush-v3/push-file, not easemob"),
                "{format}: {told}"
            );
        }
    }

    // A payload can say what it is; what is said of its file comes first.
    let own = PUSH.replacen('{', r#"{"$schema":"jpush-v3/push-validate","#, 1);
    world.write("x/a.json", &own);
    assert_eq!(by(&["x"]), push("push-validate", "schema", 1));
    assert_eq!(by(&["x", "--as", "x/=jpush-v3/push"]), push("push", "as", 1));
    let report = json_of(&world, 3, &["x", "--provider", "easemob"]);
    assert_eq!(report["left_out"][0]["file"], "x/a.json");
}

#[test]
fn a_faulty_project_file_leaves_out_what_is_below_it_and_nothing_else() {
    for (text, place, words) in [
        (
            "[[lint.files]]\npath = '**'\nas = 'jpush-v3/psuh'",
            "herald.toml:3:6",
            "did you mean `push`?",
        ),
        (
            "[[lint.files]]\npath = '**'\nas = 'jpsh-v3'",
            "herald.toml:3:6",
            "did you mean `jpush-v3`?",
        ),
        ("[[lint.files]]\npath = 'a['\nas = 'jpush-v3'", "herald.toml:2:8", "unclosed"),
        ("[lint]\nexclude = 'web'", "herald.toml:2:11", "list of patterns"),
    ] {
        let world = mixed();
        world.write("jpush/herald.toml", text);
        let run =
            world.run(&["validate", ".", "--output", "json"]).ends_with(3).says(place).says(words);
        let report = run.json();
        assert_eq!(report["error"]["exit_code"], 3);
        assert_eq!(report["summary"]["left_out"], 2, "{report}");
        assert_eq!(report["summary"]["payloads"], 3, "{report}");
        for (index, file) in ["./jpush/a.json", "./jpush/deep/多条.ndjson"].iter().enumerate() {
            assert_eq!(report["left_out"][index]["file"], *file);
            assert!(
                report["left_out"][index]["reason"].as_str().is_some_and(|why| why.contains(place))
            );
        }
    }
}

#[test]
fn a_schema_in_the_payload_is_taken_at_its_word() {
    let world = World::new();
    let with = |schema: &str| EASEMOB.replacen('{', &format!("{{\"$schema\":{schema},"), 1);
    for schema in [
        "easemob/send-groups",
        "urn:herald:easemob/send-groups",
        "./schemas/easemob/send-groups.json",
        "https://example.com/easemob/send-groups",
    ] {
        let body = with(&format!("\"{schema}\""));
        for (body, name, times) in [
            (body.clone(), "a.json", 1),
            (format!("{body}\n{body}\n"), "a.ndjson", 2),
            (format!("[{body},{body}]"), "a.json", 2),
        ] {
            world.write(name, &body);
            let expected = reads(&[("easemob/send-groups schema", times)]);
            assert_eq!(read(&json_of(&world, 0, &[name])), expected, "{schema}");
            assert_eq!(
                read(&world.run_on(&["validate", "--output", "json", "-"], &body).json()),
                expected
            );
        }
    }
    for (schema, help) in [
        ("\"easemob/send-usres\"", "did you mean `easemob/send-users`?"),
        ("\"urn:herald:easemob/send-usres\"", "did you mean `easemob/send-users`?"),
        ("\"easmob/send-users\"", "did you mean `easemob/send-users`?"),
        ("\"x/easemob/send-usres.json\"", "did you mean `easemob/send-users`?"),
        ("5", "PROVIDER/OPERATION"),
    ] {
        world.write("p/a.json", with(schema));
        for more in [&[][..], &["--as", "easemob/send-users"]] {
            let report = json_of(&world, 1, &[&["p"], more].concat());
            let one = &report["findings"][0];
            assert_eq!(
                (&one["code"], &one["pointer"]),
                (&json!("json/unrecognised"), &json!("/$schema")),
                "{report}"
            );
            assert!(one["help"].as_str().is_some_and(|text| text.contains(help)), "{one}");
            assert_eq!(report["summary"]["errors"], 1);
        }
        let send = ["send", "--sandbox", "--provider", "easemob", "--body", "p/a.json"];
        world.run(&send).ends_with(1).says("$schema").says(help);
        let call = ["call", "easemob/send-users", "--sandbox", "--body", "p/a.json"];
        world.run(&call).ends_with(1).says(help);
    }
    world.write("p/a.json", with("\"https://example.com/package.json\""));
    assert_eq!(found(&json_of(&world, 0, &["p"])), ["p/a.json:1 warning json/unrecognised"]);
    assert_eq!(found(&json_of(&world, 1, &["p/a.json"])), ["p/a.json:1 error json/unrecognised"]);
    for mapping in ["easemob/send-users", "easemob", "p/*=easemob"] {
        assert_eq!(found(&json_of(&world, 0, &["p", "--as", mapping])), [""; 0], "{mapping}");
    }
    let help = world.run(&["validate", "--help"]);
    assert!(help.out.contains(r#"{"$schema": "jpush-v3/push""#), "{}", help.out);
}
