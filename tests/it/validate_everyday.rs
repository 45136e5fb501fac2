//! `validate` on folders as people have them: own reports, texts in other encodings, faulty settings, broken links.

use std::fs;

use serde_json::{Value, json};

use crate::support::World;
use crate::validate::{EASEMOB, FORMATS, GOOD, PUSH, found, json_of};

/// A payload with one error.
const BAD: &str = r#"{"sender":5,"conv":{"type":0,"target":"b","line":0},"payload":{"type":1,"persistFlag":3,"searchableContent":"hi"}}"#;

/// What a run wrote on stdout and stderr, in the format.
fn all_of(world: &World, code: i32, format: &str, arguments: &[&str]) -> String {
    let run = world.run(&[&["validate", "--output", format], arguments].concat()).ends_with(code);
    run.out + &run.err
}

#[test]
fn what_keys_alone_say_to_reach_everybody_is_told_so() {
    let world = World::new();
    #[rustfmt::skip]
    let table = [
        (r#"{"sender":"a","payload":{"type":1,"searchableContent":"x","persistFlag":3}}"#, "wildfire/broadcast", true),
        (r#"{"from":"a","msg":{"type":"txt","msg":"x"}}"#, "easemob/broadcast-online", true),
        (r#"{"platform":"all","audience":"all","notification":{"alert":"hi"},"options":{"apns_production":true}}"#, "jpush-v3/push", true),
        (r#"{"sendno":1,"app_key":"","receiver_type":4,"verification_code":"","msg_type":1,"msg_content":"{\"n_content\":\"x\"}","platform":"android"}"#, "jpush-v2/push", true),
        (r#"{"fromUserId":"a","objectName":"RC:TxtMsg","content":"{\"content\":\"x\"}"}"#, "rongcloud/broadcast", true),
        (PUSH, "jpush-v3/push", false),
        (GOOD, "wildfire/send", false),
        (EASEMOB, "easemob/send-users", false),
        // Who got the message is in the ledger: that is not everybody.
        (r#"{"operator":"a","messageUid":301459004534587393}"#, "wildfire/recall", false),
    ];
    for (body, operation, to_all) in table {
        world.write("a.json", body);
        let words = format!("1 payload for {operation}, which reaches everybody");
        for format in FORMATS {
            let run = world.run(&["validate", "a.json", "--output", format]);
            let told = match format {
                "json" => run.json()["read"][0]["everybody"] == 1,
                "ndjson" => run.out.contains("\"everybody\":1"),
                _ => (run.out + &run.err).contains(&words),
            };
            assert_eq!(told, to_all, "{format}: {body}");
        }
        // Where the user names the operation, it is known.
        let named = world.run(&["validate", "a.json", "--as", operation]);
        assert!(!named.out.contains("everybody:"), "{}", named.out);
    }
}

#[test]
fn faulty_settings_have_their_place_in_every_format() {
    #[rustfmt::skip]
    let table = [
        ("[lint\nallow = []\n",                                 1, "unclosed"),
        ("[lint]\nfoo = 1\n",                                   2, "unknown key `foo`"),
        ("[lint]\n\nallow = [\"jpush-v3/V3-W99\"]\n",           3, "no rule `jpush-v3/V3-W99`"),
        ("[lint]\nexclude = [\"[\"]\n",                         2, "unclosed character class"),
        ("[[lint.files]]\npath = \"a\"\nas = \"jpush-v4\"\n",   3, "jpush-v4"),
    ];
    for (text, line, words) in table {
        let world = World::new();
        fs::create_dir_all(world.path(".git")).expect("a repository");
        world.write("herald.toml", text);
        world.write("sub/a.json", GOOD);
        let place = format!("herald.toml:{line}:");
        for format in FORMATS {
            let arguments = ["validate", ".", "--output", format, "--report", "junit=r.xml"];
            let run = world.run(&arguments).ends_with(3);
            let told = match format {
                "json" => {
                    let error = run.json()["error"].clone();
                    assert_eq!(error["places"][0]["file"], "herald.toml", "{error}");
                    error["places"][0]["line"] == line
                }
                "sarif" => {
                    let log: Value = serde_json::from_str(&run.out).expect("JSON");
                    let run = &log["runs"][0]["invocations"][0];
                    assert_eq!(run["executionSuccessful"], false);
                    let first = &run["toolExecutionNotifications"][0];
                    let place = &first["locations"][0]["physicalLocation"];
                    assert_eq!(place["artifactLocation"]["uri"], "herald.toml", "{first}");
                    place["region"]["startLine"] == line
                }
                "gitlab" => {
                    let issues: Value = serde_json::from_str(&run.out).expect("JSON");
                    let (place, issue) = (&issues[0]["location"], &issues[0]);
                    assert_eq!(issue["severity"], "critical", "{issue}");
                    place["path"] == "herald.toml" && place["lines"]["begin"] == line
                }
                "github" => run.out.contains(&format!("::error file=herald.toml,line={line},col=")),
                _ => run.out.contains(&place),
            };
            let shown = run.out.replace("\\`", "`");
            assert!(told && shown.contains(words), "{format} {text}: {}", run.out);
            // The file that was not linted is named, and no path is absolute.
            let folder = world.path("").display().to_string();
            assert!(run.out.contains("sub/a.json"), "{format}: {}", run.out);
            assert!(!(run.out + &run.err).contains(&folder), "{format}");
        }
        let report = fs::read_to_string(world.path("r.xml")).expect("a report");
        assert!(report.contains(&place) && report.contains("errors=\"1\""), "{report}");
    }
}

#[test]
fn what_is_hidden_unreadable_or_nothing_at_all_is_in_every_format() {
    let world = World::new();
    world.write("bad/a.json", BAD);
    world.write("good/a.json", GOOD);
    world.write("push/a.json", PUSH);
    fs::create_dir_all(world.path("none")).expect("a folder");
    #[rustfmt::skip]
    let table: [(&[&str], i32, &str); 5] = [
        (&["bad", "--max-findings", "0"],      1, "1 more finding is counted and not shown"),
        (&["good"],                            0, "1 file, 1 payload for wildfire/send: nothing to report"),
        (&["none"],                            3, "holds no payload file"),
        (&["gone.json"],                       3, "cannot read `gone.json`"),
        (&["push", "--provider", "easemob", "--as", "push/**=jpush-v3"],   3, "not easemob"),
    ];
    for (arguments, code, words) in table {
        for format in FORMATS {
            let all = all_of(&world, code, format, arguments);
            let words = match (format, arguments[0]) {
                ("json" | "ndjson", "bad") => "\"hidden\"",
                ("json" | "ndjson", "good") => "\"wildfire/send\"",
                ("markdown", "gone.json") => "gone.json",
                ("junit", "bad") => "1 error, not shown",
                _ => words,
            };
            let all = all.replace("\\`", "`");
            assert!(all.contains(words), "{format} {arguments:?}: {all}");
        }
    }
    let hidden = world.run(&["validate", "bad", "--max-findings", "0", "--output", "gitlab"]);
    let issues: Value = serde_json::from_str(&hidden.out).expect("JSON");
    assert_eq!(issues[0]["check_name"], "herald/hidden");
    assert_eq!(
        (&issues[0]["severity"], &issues[0]["location"]["path"]),
        (&json!("major"), &json!("bad/a.json"))
    );
}

#[test]
fn own_reports_in_a_folder_are_counted_and_never_linted() {
    for format in FORMATS {
        let world = World::new();
        world.write("p/a.json", BAD);
        // Only files with these endings are looked at.
        let name = if format == "ndjson" { "p/r.ndjson" } else { "p/r.json" };
        let report = format!("{format}={name}");
        let arguments = ["p", "--as", "wildfire/send"];
        let first = json_of(&world, 1, &[&arguments[..], &["--report", &report]].concat());
        assert_eq!(first["summary"]["files"], 1);
        for more in [&[][..], &["--report", &report]] {
            let next = json_of(&world, 1, &[&arguments[..], more].concat());
            let codes: Vec<&str> = next["findings"]
                .as_array()
                .expect("a list")
                .iter()
                .filter_map(|one| one["code"].as_str())
                .collect();
            assert_eq!(codes, ["wildfire/E03", "json/unrecognised"], "{format} {next}");
            let summary = &next["summary"];
            let counts = ["payloads", "unrecognised", "errors", "warnings"]
                .map(|name| summary[name].clone());
            assert_eq!(counts, [json!(1), json!(1), json!(1), json!(1)], "{format}");
        }
        // A person who names one is told that it is no payload.
        let named = json_of(&world, 1, &[name, "--as", "wildfire/send"]);
        assert_eq!(found(&named).len(), 1, "{named}");
        assert_eq!(named["findings"][0]["severity"], "error");
    }
}

#[test]
fn texts_that_are_not_json_are_files_and_no_payloads() {
    let world = World::new();
    let utf16 = |text: &str, bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    };
    let utf32 = |text: &str, bytes: fn(u32) -> [u8; 4]| -> Vec<u8> {
        text.chars().flat_map(|c| bytes(c.into())).collect()
    };
    let marked = format!("\u{feff}{GOOD}");
    #[rustfmt::skip]
    let table: [(&str, Vec<u8>, &str, &str); 11] = [
        ("empty",   vec![],                                  "json/syntax",   "the text is empty"),
        ("zeros",   vec![0; 9],                              "json/syntax",   "\\u{0}"),
        ("cut",     GOOD.as_bytes()[..40].to_vec(),          "json/syntax",   "the text ends"),
        ("le",      utf16(GOOD, u16::to_le_bytes),           "json/encoding", "UTF-16"),
        ("be",      utf16(GOOD, u16::to_be_bytes),           "json/encoding", "UTF-16"),
        ("le-mark", utf16(&marked, u16::to_le_bytes),        "json/encoding", "UTF-16"),
        ("be-mark", utf16(&marked, u16::to_be_bytes),        "json/encoding", "UTF-16"),
        ("32",      utf32(GOOD, u32::to_le_bytes),           "json/encoding", "UTF-32"),
        ("32be",    utf32(GOOD, u32::to_be_bytes),           "json/encoding", "UTF-32"),
        ("32-mark", utf32(&marked, u32::to_le_bytes),        "json/encoding", "UTF-32"),
        ("gbk",     b"{\"a\":\"\xc4\xe3\"}".to_vec(),        "json/encoding", "not UTF-8"),
    ];
    world.write("p/good.json", GOOD);
    for (name, bytes, code, words) in &table {
        world.write(&format!("p/{name}.json"), bytes);
        let report = json_of(&world, 1, &[&format!("p/{name}.json")]);
        let first = &report["findings"][0];
        assert_eq!(first["code"], *code, "{name}");
        assert!(first["message"].as_str().expect("text").contains(words), "{name} {first}");
        assert_eq!(
            (&report["summary"]["files"], &report["summary"]["payloads"]),
            (&json!(1), &json!(0))
        );
    }
    let line =
        format!("{} files, 1 payload for wildfire/send: {} errors", table.len() + 1, table.len());
    for format in FORMATS.into_iter().filter(|format| !format.ends_with("json")) {
        let all = all_of(&world, 1, format, &["p"]);
        assert!(all.contains(&line), "{format}: {all}");
    }
    // A fault at the end of a text is in its last line, not in the one that the line end opens.
    world.write("cut.json", "{\"broken\"\n");
    assert_eq!(found(&json_of(&world, 1, &["cut.json"])), ["cut.json:1 error json/syntax"]);
}

#[test]
fn a_byte_order_mark_hides_no_finding_and_moves_no_place() {
    let world = World::new();
    let name = |one: &Value| one["code"].as_str().unwrap_or_default().to_owned();
    let places = |text: &str, name_of: &str| -> Vec<(String, u64, u64)> {
        world.write(name_of, text);
        let report = json_of(&world, 1, &[name_of]);
        let findings = report["findings"].as_array().expect("a list").iter();
        let byte = |one: &Value, key: &str| one[key].as_u64().expect("a number");
        findings.map(|one| (name(one), byte(one, "byte_start"), byte(one, "byte_end"))).collect()
    };
    let list = format!("[{GOOD},\n{BAD}]");
    let lines = format!("{BAD}\n{BAD}\n");
    for (file, text) in [
        ("a.json", BAD),
        ("a.json", &list),
        ("a.ndjson", &lines),
        ("a.json", "{\"a\":"),
        ("a.json", "{}"),
    ] {
        let plain = places(text, file);
        let marked = places(&format!("\u{feff}{text}"), file);
        assert_eq!(marked[0], ("json/encoding".to_owned(), 0, 3), "{text}");
        let moved: Vec<_> =
            plain.into_iter().map(|(code, from, to)| (code, from + 3, to + 3)).collect();
        assert_eq!(marked[1..], moved, "{text}");
    }
    // On stdin the first line still tells that these are lines.
    let run = world.run_on(&["validate", "-", "--output", "json"], format!("\u{feff}{lines}"));
    assert_eq!(run.json()["summary"]["payloads"], 2);
}

#[test]
fn a_report_in_markdown_is_added_to_the_summary_of_a_step() {
    let world = World::new();
    world.write("p/a.json", GOOD);
    let heading = "## Payloads linted by herald";
    for path in ["summary.md", "./summary.md"] {
        world.write("summary.md", "# Build\n\n- done");
        let summary = world.path("summary.md").display().to_string();
        let report = format!("markdown={path}");
        for times in 1..=2 {
            let arguments = ["validate", "p", "--report", &report];
            world.run_with(&arguments, &[("GITHUB_STEP_SUMMARY", &summary)]).ends_with(0);
            let text = fs::read_to_string(world.path("summary.md")).expect("a summary");
            assert!(text.starts_with("# Build\n\n- done\n\n## "), "{text}");
            assert_eq!(text.matches(heading).count(), times, "{text}");
        }
        // Another file, or another format, is replaced or kept as ever.
        world.run(&["validate", "p", "--report", &report]).ends_with(3);
        let json = ["validate", "p", "--report", "json=summary.md"];
        world.run_with(&json, &[("GITHUB_STEP_SUMMARY", &summary)]).ends_with(3);
    }
    fs::remove_file(world.path("summary.md")).expect("removed");
    let summary = world.path("summary.md").display().to_string();
    let arguments = ["validate", "p", "--report", &format!("markdown={summary}")];
    world.run_with(&arguments, &[("GITHUB_STEP_SUMMARY", &summary)]).ends_with(0);
    let text = fs::read_to_string(&summary).expect("a summary");
    assert!(text.starts_with(heading), "{text}");
}

#[test]
fn init_leaves_what_may_be_a_payload_to_be_reported() {
    let world = World::new();
    world.write("p/good.json", GOOD);
    world.write(
        "p/all.json",
        r#"{"sender":"a","payload":{"type":1,"searchableContent":"x","persistFlag":3}}"#,
    );
    world.write("p/near.json", r#"{"target_typ":"single","msg":{"a":1},"frm_id":"x"}"#);
    world.write("p/package.json", r#"{"name":"app"}"#);
    world.write("other/a.json", r#"{"colour":"red"}"#);
    world.run(&["init"]).ends_with(0).says("p/near.json");
    let text = fs::read_to_string(world.path("herald.toml")).expect("settings");
    let (settings, comments): (Vec<&str>, Vec<&str>) =
        text.lines().partition(|line| !line.starts_with('#'));
    let (settings, comments) = (settings.join("\n"), comments.join("\n"));
    assert!(!settings.contains("near") && comments.contains("# path = \"p/near.json\""), "{text}");
    for excluded in ["\"p/package.json\"", "\"other/**\""] {
        assert!(settings.contains(excluded), "{text}");
    }
    assert!(settings.contains("as = \"wildfire/broadcast\" # reaches everybody"), "{text}");
    let report = json_of(&world, 0, &["."]);
    assert_eq!(found(&report), ["./p/near.json:1 warning json/unrecognised"]);
}

/// The codes, pointers and texts at the places of findings in a file.
fn told(world: &World, name: &str, arguments: &[&str]) -> Vec<(String, String, String)> {
    let text = fs::read_to_string(world.path(name)).expect("a file");
    let report = json_of(world, 1, &[&[name], arguments].concat());
    let told = |one: &Value| {
        let word = |key: &str| one[key].as_str().unwrap_or_default();
        let at = |key: &str| one[key].as_u64().and_then(|at| usize::try_from(at).ok());
        let bytes = at("byte_start").expect("a place")..at("byte_end").expect("a place");
        let inner = format!("{}{}", word("pointer"), word("inner_pointer"));
        (word("code").to_owned(), inner, text[bytes].to_owned())
    };
    report["findings"].as_array().expect("a list").iter().map(told).collect()
}

#[test]
fn each_fault_inside_a_string_has_its_own_place() {
    let world = World::new();
    let content = r#"{\"content\":1,\"imageUri\":5,\"extra\":7,\"user\":{\"id\":5,\"name\":6}}"#;
    let body = format!(
        r#"{{"fromUserId":"a","toUserId":["b"],"objectName":"RC:ImgMsg","content":"{content}"}}"#
    );
    world.write("a.json", body);
    let all: Vec<(String, String, String)> = [
        ("/content/content", "1"),
        ("/content/imageUri", "5"),
        ("/content/extra", "7"),
        ("/content/user/id", "5"),
        ("/content/user/name", "6"),
    ]
    .map(|(pointer, text)| ("rongcloud/E12".to_owned(), pointer.to_owned(), text.to_owned()))
    .into();
    assert_eq!(told(&world, "a.json", &["--as", "rongcloud/send-private"]), all);
    // One that is accepted by its pointer accepts none of the others.
    let ignore = "[[lint.ignore]]\nrule = 'rongcloud/E12'\npath = '*'\npointer = '/content/extra'\nreason = 'r'\n";
    world.write("herald.toml", ignore);
    let kept: Vec<_> =
        all.into_iter().filter(|(_, pointer, _)| pointer != "/content/extra").collect();
    assert_eq!(told(&world, "a.json", &["--as", "rongcloud/send-private"]), kept);
}

#[test]
fn broken_json_in_a_string_is_shown_where_it_breaks() {
    #[rustfmt::skip]
    let table = [
        (r#"{\"content\":\"1\", x}"#,       "x"),
        (r#"{\"content\":\"你\" 好}"#,      "好"),
        (r#"{\"content\":\u00221\u0022;}"#, ";"),
        (r#"{\"content\":"#,                 ""),
        (r#"{\"content\":1"#,                "{"),
    ];
    for (content, place) in table {
        let world = World::new();
        let body = format!(
            r#"{{"fromUserId":"a","toUserId":["b"],"objectName":"RC:TxtMsg","content":"{content}"}}"#
        );
        world.write("a.json", body);
        let expected = ("rongcloud/E10".to_owned(), "/content".to_owned(), place.to_owned());
        assert_eq!(
            told(&world, "a.json", &["--as", "rongcloud/send-private"]),
            [expected],
            "{content}"
        );
    }
}

#[test]
fn what_no_vendor_means_is_a_warning_in_a_folder() {
    #[rustfmt::skip]
    let table = [
        (r#"{"type":"custom","body":{"a":1}}"#,                                "json/unrecognised"),
        (r#"{"grant_type":"password","username":"u","password":"p"}"#,         "json/unrecognised"),
        (r#"{"objectName":"x","content":"y"}"#,                                "json/unrecognised"),
        (r#"{"messageId":"abc-def"}"#,                                         "json/unrecognised"),
        (r#"{"startTime":1,"endTime":2}"#,                                     "json/unrecognised"),
        (r#"{"groupId":"g","userId":"u"}"#,                                    "json/unrecognised"),
        // Names and words of a vendor are enough.
        (r#"{"type":"custom","body":{"customEvent":"x"}}"#,                    "easemob/EM-03"),
        (r#"{"operator":"a","messageUid":0}"#,                                 "wildfire/E06"),
        (r#"{"objectName":"RC:TxtMsg","content":"{\"content\":\"x\"}"}"#,     "rongcloud/E02"),
        (r#"{"msg_ids":["1"]}"#,                                               "json/ambiguous"),
    ];
    for (body, code) in table {
        let world = World::new();
        world.write("p/a.json", body);
        let is_foreign = code == "json/unrecognised";
        let report = json_of(&world, i32::from(!is_foreign), &["p"]);
        let first = &report["findings"][0];
        assert_eq!(first["code"], code, "{body}");
        assert_eq!(first["severity"], if is_foreign { "warning" } else { "error" }, "{body}");
    }
    // SDK names that four operations share: the one to users is meant.
    let world = World::new();
    let content = r#"{\"content\":\"x\"}"#;
    let body = format!(
        r#"{{"senderId":"u1","targetId":"u2","objectName":"RC:TxtMsg","content":"{content}"}}"#
    );
    world.write("p/a.json", body);
    let report = json_of(&world, 1, &["p"]);
    assert_eq!(report["read"][0]["operation"], "rongcloud/send-private", "{report}");
}
