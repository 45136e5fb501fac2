//! `validate` on what is not a payload, cannot be read, or is not a file at all.

use std::collections::BTreeSet;
use std::fs;

use serde_json::json;

use crate::support::World;
use crate::validate::{FORMATS, GOOD, PUSH, found, json_of, mixed, read, reads};

/// Documents of other tools.
const FOREIGN: [&str; 69] = [
    r#"["message",{"from":"bob"}]"#,
    r#"["EVENT","sub",{"kind":1}]"#,
    r#"[1, "two", 3.0, {"lvl":"info"}]"#,
    r#"[1700000000,{"lvl":"info"}]"#,
    r#"{"date":"2024-05-01"}"#,
    r#"{"from":"+1","to":"+2","body":"hi"}"#,
    r#"{"msgtype":"m.text","body":"hi"}"#,
    r#"{"from":"a@b","to":["c@d"],"type":"html","body":{"html":"<p>"},"subject":"s"}"#,
    r#"{"type":"http","body":{"msg":"x"},"to":["a"]}"#,
    r#"{"type":"image","filename":"a.png"}"#,
    r#"{"username":"bob","password":"x"}"#,
    r#"{"count":5000}"#,
    r#"{"sender":"svc-a","payload":{"type":"order.created","id":1},"targets":["svc-b"]}"#,
    r#"{"sender":"Absender","conv":"Gespräch","payload":"Inhalt"}"#,
    r#"{"audience":"Publikum","platform":"Plattform"}"#,
    r#"{"audience":"Publikum","platform":"Plattform","notification":"Hinweis"}"#,
    r#"{"name":"CI","description":"Builds and tests","runs":{"using":"composite","steps":[]}}"#,
    r#"{"name":"Bug","description":"File a bug","body":[{"type":"markdown"}]}"#,
    r#"{"name":"Token","description":"d","image":"https://x.example/1.png"}"#,
    r#"{"name":"app","version":"1.0.0","exports":{}}"#,
    r#"{"messages":[{"role":"user","content":"hi"}]}"#,
    r#"{"messages":[{"role":"user","content":"hi"}],"model":"m"}"#,
    r#"{"username":"a","password":"b","email":"c@d"}"#,
    r#"{"action":"opened","sender":{"login":"octocat"},"repository":{"id":1}}"#,
    r#"{"strategy":{"save":"exact"},"resolution":{}}"#,
    r#"{"platform":{"apiRuntime":"node:18"},"trailingSlash":"auto"}"#,
    r#"{"platform":"linux","os":"linux"}"#,
    r#"{"type":"text","content":"hello","sender":"@a:example.org"}"#,
    r#"{"type":"m.room.message","sender":"@a:example.org","content":{"msgtype":"m.text","body":"hi"}}"#,
    r#"{"auths":{"https://index.docker.io/v1/":{"auth":"eA=="}},"credsStore":"desktop"}"#,
    r#"{"sender":"a","receivers":["b"],"subject":"s","body":"b"}"#,
    r#"{"title":"Titel","message":"Nachricht","options":"Optionen"}"#,
    r#"{"username":"Benutzername","password":"Passwort","title":"Anmelden"}"#,
    r#"{"username":"Name","nickname":"Spitzname"}"#,
    r#"{"from":"Von","to":"An"}"#,
    r#"{"from":"Von","to":"An","msg":"Nachricht"}"#,
    r#"{"from":"a@b","to":["c@d"],"subject":"x","body":"y"}"#,
    r#"{"msg":"sent","from":"a","to":"b"}"#,
    r#"{"from":"a","ope":0,"to":"b","type":0,"body":"{\"msg\":\"hi\"}"}"#,
    r#"{"ext":"123"}"#,
    r#"{"target":"x"}"#,
    r#"{"tags":["a","b"]}"#,
    r#"{"notification":{"alert":"Hello"}}"#,
    r#"{"user":{"require":true},"content":{"require":true}}"#,
    r#"{"name":"app","private":true}"#,
    r#"{"name":"app","version":"1.0.0","dependencies":{}}"#,
    r#"{"name":"app","version":"1.0.0","description":"an app","main":"index.js","type":"module","scripts":{}}"#,
    r#"{"name":"a/b","type":"library","require":{"php":">=8"},"description":"d","license":"MIT"}"#,
    r#"{"compilerOptions":{"strict":true},"include":["src"]}"#,
    r#"{"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{}}"#,
    r#"{"swagger":"2.0","info":{"title":"t","version":"1"},"host":"h","paths":{}}"#,
    r#"{"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"urn:herald:jpush-v3/push","type":"object","properties":{}}"#,
    r#"{"title":"t","description":"d","type":"object","properties":{"platform":{}},"required":["platform"]}"#,
    r#"{"type":"object","properties":{}}"#,
    r#"{"version":1,"summary":{},"read":[],"findings":[]}"#,
    r#"{"version":1,"provider":"wildfire","operation":"send","profile":null,"outcome":"accepted","ids":{}}"#,
    r#"{"version":1,"error":{"kind":"input"}}"#,
    r#"{"target":"user:a","outcome":"accepted","ids":{}}"#,
    r#"{"conversation":{"type":{"require":true},"targetId":{"require":true}}}"#,
    r#"{"operator":"plus"}"#,
    r#"["a text",{"input":"b"},"c"]"#,
    r#"{"key":"value"}"#,
    r#"{"en":{"title":"t"},"zh":{"title":"t"}}"#,
    "{}",
    "[]",
    "[1,2]",
    r#"["a","b"]"#,
    "7",
    "null",
];

/// Payloads with a fault or two whose keys other documents have, too: they stay payloads.
#[test]
fn a_payload_of_common_keys_with_a_fault_is_linted() {
    let world = World::new();
    for text in [
        r#"{"from":"a","to":"u1","type":"txt","body":{"msg":"hi"}}"#,
        r#"{"from":"a","to":["u1"],"type":"txt"}"#,
        r#"{"from":"a","to":["u1"],"type":"txxt","body":{"msg":"hi"}}"#,
        r#"{"platform":"all","audience":"al"}"#,
        r#"{"sender":5,"conv":{}}"#,
        r#"{"platform":"all","notification":{"alert":"hi"}}"#,
        r#"{"msgs":[{"msg_id":"1","to":"u1","chat_type":"room","force":false}]}"#,
        r#"{"msg":{"type":"cmd"},"from":"admin"}"#,
        r#"{"targets":"u1","payload":{"type":1,"searchableContent":"news","persistFlag":3}}"#,
    ] {
        let report = world.run_on(&["validate", "--output", "json", "-"], text).ends_with(1).json();
        assert_eq!(report["summary"]["unrecognised"], 0, "{text}: {report}");
    }
}

#[test]
fn json_that_is_no_payload_is_one_finding_that_counts_as_much_as_the_file_was_meant() {
    let world = World::new();
    for (index, text) in FOREIGN.iter().enumerate() {
        world.write(&format!("p/{index:02}.json"), text);
        let report = world.run_on(&["validate", "--output", "json", "-"], text).ends_with(1).json();
        assert_eq!(found(&report), ["(stdin):1 error json/unrecognised"], "{text}");
        assert_eq!(report["summary"]["unrecognised"], 1, "{text}");
        assert_eq!(report["findings"][0]["column"], 1);
    }
    let report = json_of(&world, 0, &["p"]);
    let summary = &report["summary"];
    assert_eq!(
        (&summary["unrecognised"], &summary["warnings"]),
        (&json!(FOREIGN.len()), &json!(FOREIGN.len()))
    );
    let run = world.run(&["validate", "p"]).ends_with(0);
    assert!(run.out.contains(&format!(", {} not recognised: ", FOREIGN.len())), "{}", run.out);
    let run = world.run(&["validate", "p", "--allow", "json/unrecognised"]).ends_with(0);
    assert!(
        run.out.ends_with(&format!(
            "0 payloads, {} not recognised: nothing to report; {} ignored\n",
            FOREIGN.len(),
            FOREIGN.len()
        )),
        "{}",
        run.out
    );

    // Mapped, each is meant to be a payload.
    let mapped = json_of(&world, 1, &["p", "--as", "p/*=jpush-v3"]);
    let files = mapped["findings"].as_array().expect("a list").iter();
    let errors = files.filter(|one| one["severity"] == "error").map(|one| &one["file"]);
    let faulty: BTreeSet<_> = errors.map(|file| file.as_str().expect("a text")).collect();
    assert_eq!(faulty.len(), FOREIGN.len(), "{:?}", found(&mapped));
    assert_eq!(read(&json_of(&world, 1, &["p", "--as", "**=wildfire/send"])).len(), 1);
    let report = world
        .run_on(&["validate", "--output", "json", "--as", "jmessage", "-"], "[1,2]")
        .ends_with(0);
    assert_eq!(read(&report.json()), reads(&[("jmessage/chatroom-get keys", 1)]));

    // Lines and items are judged one by one.
    let lines = format!("{GOOD}\n{}\n\n{GOOD}\n[1]\n", FOREIGN[0]);
    let report = world.run_on(&["validate", "--output", "json", "-"], lines).ends_with(1).json();
    assert_eq!(
        found(&report),
        ["(stdin):2 error json/unrecognised", "(stdin):5 error json/unrecognised"]
    );
    let items = format!("[{GOOD},\n{},\n{GOOD}]", FOREIGN[0]);
    let report = world.run_on(&["validate", "--output", "json", "-"], items).ends_with(1).json();
    assert_eq!(found(&report), ["(stdin):2 error json/unrecognised"]);
    let none = format!("[{0},{0},{0}]", FOREIGN[0]);
    let report = world.run_on(&["validate", "--output", "json", "-"], none).ends_with(1).json();
    assert_eq!(found(&report), ["(stdin):1 error json/unrecognised"], "one document");
}

#[test]
fn what_herald_prints_is_no_payload() {
    let world = World::new();
    world.write("p/good.json", GOOD);
    world.write("list.txt", "ann\nbob\n");
    let at_home = ["--sandbox", "--provider", "wildfire"];
    let send = [&["send", "--from", "a", "--to", "b", "--text", "x"], &at_home[..]].concat();
    let broadcast =
        [&["broadcast", "--from", "a", "--targets", "list.txt", "--text", "x"], &at_home[..]]
            .concat();
    for (index, (format, arguments)) in [
        ("json", vec!["validate", "p/good.json"]),
        ("ndjson", vec!["validate", "p/good.json"]),
        ("sarif", vec!["validate", "p/good.json"]),
        ("gitlab", vec!["validate", "p/good.json"]),
        ("json", vec!["validate", "nowhere.json"]),
        ("json", send.clone()),
        ("ndjson", send),
        ("json", [&broadcast[..], &["--results", "r/results.ndjson"]].concat()),
        ("json", [&broadcast[..], &["--plan", "r/plan.ndjson"]].concat()),
        ("json", vec!["history", "--sandbox"]),
        ("json", vec!["providers", "wildfire/send"]),
        ("json", vec!["explain", "json/null"]),
        ("json", vec!["schema", "wildfire/send"]),
        ("json", vec!["schema", "rongcloud/RC:TxtMsg"]),
        ("json", vec!["schema", "output/validate"]),
        ("json", vec!["sign", "wildfire/send", "--sandbox"]),
    ]
    .into_iter()
    .enumerate()
    {
        fs::create_dir_all(world.path("r")).expect("a folder");
        let run = world.run(&[&arguments[..], &["--output", format]].concat());
        let ending = if format == "ndjson" { "ndjson" } else { "json" };
        world.write(&format!("r/{index:02}.{ending}"), run.out);
    }
    let report = json_of(&world, 0, &["r"]);
    assert_eq!(report["read"], json!([]), "{report}");
    assert!(
        report["summary"]["unrecognised"].as_u64().is_some_and(|n| n >= 17),
        "{}",
        report["summary"]
    );
}

#[test]
fn the_exit_code_is_that_of_the_worst_and_every_format_has_all_of_it() {
    let world = mixed();
    world.write("empty.json", "");
    world.write("bom.json", "\u{feff}{}");
    for format in FORMATS {
        let output = if format == "human" { "table" } else { format };
        let report = format!("{format}=r.out");
        let told = |code: i32, paths: &[&str]| {
            let more = ["--output", output, "--report", &report];
            let run = world.run(&[&["validate"], paths, &more[..]].concat()).ends_with(code);
            assert!(!run.err.contains("error:"), "{format}: it is told once: {}", run.err);
            let written = fs::read_to_string(world.path("r.out")).expect("a report");
            fs::remove_file(world.path("r.out")).expect("removed");
            [run.out, written]
        };
        for told in told(1, &["."]) {
            let names =
                ["w.json", "web/package.json", "web/tsconfig.json", "empty.json", "bom.json"];
            let codes = ["wildfire/E", "json/unrecognised", "json/syntax", "json/encoding"];
            for words in names.iter().chain(&codes) {
                assert!(told.contains(words), "{format}: {words}: {told}");
            }
        }
        for told in told(3, &["nowhere.json", "w.json"]) {
            for words in ["nowhere.json", "json/unreadable", "wildfire/E"] {
                assert!(told.contains(words), "{format}: {words}: {told}");
            }
        }
        fs::create_dir_all(world.path("nothing")).expect("a folder");
        for told in told(3, &["nothing", "w.json"]) {
            assert!(
                told.contains("json/unreadable") && told.contains("holds no payload file"),
                "{format}: {told}"
            );
        }
    }
    // Wrong usage is found before a file is opened.
    for arguments in [
        &["--as", "jpsh-v3"][..],
        &["--as", "**=jpush-v3/psuh"],
        &["--as", "jpush-v3/push", "--provider", "easemob"],
        &["--exclude", "a["],
        &["--allow", "json/nul"],
    ] {
        let run = world
            .run(&[&["validate", "nowhere.json", "--report", "json=r.out"], arguments].concat());
        run.ends_with(2);
        assert!(!world.path("r.out").exists(), "{arguments:?}");
    }
}

#[test]
fn a_signature_is_for_the_operation_that_the_payload_tells() {
    let world = World::new();
    world.write("push.json", PUSH);
    world.write("two.json", r#"{"$schema":"easemob/send-users","from":"a"}"#);
    let profiles = "[profiles.p]\nprovider = 'jpush-v3'\napp_key = '7d431e42dfa6a6d693ac2d04'\nmaster_secret = { env = 'S' }\n";
    world.write("profiles.toml", profiles);
    let environment = [
        ("HERALD_JPUSH_V3_APP_KEY", "7d431e42dfa6a6d693ac2d04"),
        ("HERALD_JPUSH_V3_MASTER_SECRET", "5e987ac6d2e04d95a9d8f0d1"),
        ("S", "5e987ac6d2e04d95a9d8f0d1"),
    ];
    for by in [&["--provider", "jpush-v3"][..], &["--profiles", "profiles.toml"]] {
        let sign = |file: &str| {
            world.run_with(&[&["sign", "--explain", "--body", file], by].concat(), &environment)
        };
        let run = sign("push.json").ends_with(0);
        assert!(run.out.contains("jpush-v3/push:"), "{}", run.out);
        sign("two.json").ends_with(2).says("sign easemob/send-users --body FILE");
    }
    let send = ["send", "--sandbox", "--provider", "rongcloud", "--body", "rc.json"];
    let body = r#"{"fromUserId":"a","toUserId":["u1"],"objectName":"RC:TxtMsg","content":"{\"content\":\"hi\"}"}"#;
    world.write("rc.json", body);
    world.run(&send).ends_with(2).says("call rongcloud/send-private --body FILE");
}

#[cfg(unix)]
#[test]
fn links_and_pipes_in_a_folder_are_findings_and_named_ones_are_unreadable() {
    use std::os::unix::fs::symlink;
    let world = World::new();
    world.write("p/good.json", GOOD);
    symlink("nowhere", world.path("p/dangling.json")).expect("a link");
    symlink("self.json", world.path("p/self.json")).expect("a link");
    crate::support::pipe(&world.path("p/pipe.json"));
    for format in FORMATS {
        let output = if format == "human" { "table" } else { format };
        let run = world.run(&["validate", "p", "--output", output]).ends_with(1);
        for words in ["json/link", "dangling.json", "self.json", "json/not-a-file", "pipe.json"] {
            assert!(run.out.contains(words), "{format}: {words}: {}", run.out);
        }
    }
    let report = json_of(&world, 1, &["p"]);
    assert_eq!((&report["summary"]["files"], &report["summary"]["errors"]), (&json!(1), &json!(2)));
    for name in ["p/dangling.json", "p/self.json", "p/pipe.json"] {
        let report = json_of(&world, 3, &[name]);
        assert_eq!(found(&report), [format!("{name}:1 error json/unreadable")]);
    }
    // A folder with nothing else in it was looked at; what is excluded is not a finding either.
    world.write("q/herald.toml", "[lint]\nexclude = ['*.json']\n");
    symlink("nowhere", world.path("q/dangling.json")).expect("a link");
    world.write("q/good.ndjson", GOOD);
    let report = json_of(&world, 0, &["q"]);
    assert_eq!(
        (&report["summary"]["excluded"], &report["summary"]["payloads"]),
        (&json!(1), &json!(1))
    );
}
