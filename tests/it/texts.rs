//! What a message says: nothing that shows nothing goes out unless it is meant, and a text may begin with a hyphen.

use std::collections::BTreeSet;

use herald::contract::{Kind, Shape, Verb};
use serde_json::Value;

use crate::support::{Run, World, percent_decode};

const PROVIDERS: [&str; 6] =
    ["easemob", "jmessage", "jpush-v2", "jpush-v3", "rongcloud", "wildfire"];
const TO: [&str; 4] = ["--from", "anna", "--to", "carol"];

fn send<'a>(provider: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["send", "--sandbox", "--dry-run", "-q", "--provider", provider], &TO[..], more].concat()
}

#[test]
fn a_text_that_shows_nothing_is_refused_unless_it_is_meant() {
    let world = World::new();
    let blanks = [
        ("", "is empty"),
        (" ", "is blank"),
        ("\u{3000}\n", "is blank"),
        ("\u{200b}", "invisible"),
    ];
    for (provider, (text, why)) in
        PROVIDERS.iter().flat_map(|name| blanks.map(|blank| (*name, blank)))
    {
        for flag in ["--text", "--image", "--voice", "--video", "--file", "--location", "--command"]
        {
            let run = world.run(&send(provider, &[flag, text])).ends_with(2);
            assert!(
                run.err.contains(flag) && run.err.contains(why),
                "{flag} {text:?}: {}",
                run.err
            );
        }
        let title = world.run(&send(provider, &["--text", "x", "--title", text])).ends_with(2);
        assert!(title.err.contains("--title"), "{}", title.err);
        let extra = format!("{text}=v");
        let extra = world.run(&send(provider, &["--text", "x", "--extra", &extra])).ends_with(2);
        assert!(extra.err.contains("--extra"), "{}", extra.err);
        let run = world.run(&send(provider, &["--text", text, "--allow-empty"]));
        assert!(run.code != 2, "the vendor's own rules judge it: {}", run.err);
    }
    let meant = send("easemob", &["--text", "", "--allow-empty"]);
    world.run(&meant).ends_with(0);
    let update = ["update", "1", "--provider", "easemob", "--sandbox", "--dry-run", "--text", " "];
    world.run(&update).ends_with(2).says("--text");
}

/// The paths of a shape that are texts and no ids, down to the second level.
fn text_paths(shape: &'static Shape, before: &str, depth: usize) -> Vec<String> {
    let mut paths = Vec::new();
    for field in shape.all_fields() {
        let path = format!("{before}{}", field.name);
        match field.kind {
            Kind::Text if !field.id && !field.name.contains('.') => paths.push(path),
            Kind::Object(inner) if depth > 0 => {
                paths.extend(text_paths(inner, &format!("{path}."), depth - 1));
            }
            _ => {}
        }
    }
    paths
}

#[test]
fn no_text_of_a_message_is_emptied_by_set_unless_it_is_meant() {
    let world = World::new();
    for vendor in herald::provider::ALL {
        let contract = vendor.contract();
        let sends = contract.operations.iter().filter(|row| row.verbs.contains(&Verb::Send));
        let paths: BTreeSet<String> = sends
            .filter_map(|row| row.shape())
            .flat_map(|shape| text_paths(shape, "", 1))
            .collect();
        let mut told = 0;
        for (number, path) in paths.iter().enumerate() {
            let blank = ["", " ", "\u{200b}"][number % 3];
            let set = format!("{path}={blank}");
            let words = send(contract.id, &["--text", "hi", "--set", &set]);
            // Other operations than the one that is sent have other fields.
            let run = world.run(&words);
            let is_field = !run.err.contains("has no field") && !run.err.contains("is not a field");
            if is_field {
                assert_eq!(run.code, 2, "{} {path}: {}{}", contract.id, run.out, run.err);
                let is_told = run.err.contains(path) && run.err.contains("--allow-empty");
                told += usize::from(is_told);
            }
        }
        assert!(told > 0, "{}: {paths:?}", contract.id);
    }
    for set in
        ["notification.alert=", "notification.android.title= ", "notification.ios.alert:=\"\""]
    {
        let words = send("jpush-v3", &["--text", "hi", "--set", set]);
        world.run(&words).ends_with(2).says("--allow-empty");
        // It contradicts `--text` where it empties the text of that flag.
        let code = if set.starts_with("notification.alert") { 2 } else { 0 };
        world.run(&[&words[..], &["--allow-empty"]].concat()).ends_with(code);
    }
    world.write(
        "push.json",
        r#"{"platform":"all","audience":{"alias":["bob"]},"notification":{"alert":"hi"}}"#,
    );
    let body = ["send", "--sandbox", "--provider", "jpush-v3", "--body", "push.json", "--dry-run"];
    world.run(&[&body[..], &["--set", "notification.alert="]].concat()).ends_with(2);
    // A text that the vendor refuses is not let out.
    let text = ["--type", "text", "--set", "searchableContent=", "--allow-empty"];
    world.run(&send("wildfire", &text)).ends_with(1).says("T01");
}

#[test]
fn a_text_that_is_empty_for_a_person_of_the_list_is_not_sent_to_that_person() {
    let world = World::new();
    world.write("l.csv", "user,name\nann1,Ann\nbob1,\ncarl, \ndora,Dora\n");
    let list = ["--targets", "l.csv", "--column", "user", "--from", "anna"];
    for provider in PROVIDERS {
        let broadcast = |more: &[&str]| {
            let start = ["broadcast", "--sandbox", "--provider", provider];
            world.run(&[&start[..], &list[..], more].concat())
        };
        let run = broadcast(&["--text", "{{name}}"]).ends_with(3);
        assert!(run.err.contains("line 3: ") && run.err.contains("line 4: "), "{}", run.err);
        assert!(run.err.contains("`--text` is"), "{}", run.err);
        let run =
            broadcast(&["--text", "{{name}}", "--skip-invalid", "--output", "json"]).ends_with(0);
        assert_eq!(run.json()["job"]["counts"]["accepted"], 2, "{}", run.out);
        let run = broadcast(&["--text", "Dear {{name}},"]).ends_with(0);
        assert!(
            run.err.contains("name is empty in 2 of 4 entries, first lines 3, 4"),
            "{}",
            run.err
        );
    }
}

#[test]
fn a_value_may_begin_with_a_hyphen_and_a_flag_is_none() {
    let world = World::new();
    for text in ["- first item", "-5 °C", "--", "-x", "--wrong"] {
        let run =
            world.run(&send("easemob", &["--text", text, "--output", "json", "--show-secrets"]));
        let run = run.ends_with(0);
        let body = run.json()["requests"][0]["body"].to_string();
        assert!(body.contains(text), "{body}");
    }
    let to =
        ["send", "--sandbox", "--dry-run", "--provider", "wildfire", "--from", "a", "--text", "x"];
    let run = world.run(&[&to[..], &["--to", "-1001234"]].concat()).ends_with(0);
    assert!(run.out.contains("-1001234"), "{}", run.out);
    for flag in ["--yes", "-v", "--output=json", "--dry-run"] {
        let run = world.run(&send("easemob", &["--text", flag])).ends_with(2);
        // With -q, the error of a line that names JSON is on stdout alone.
        let told = format!("{}{}", run.out, run.err);
        assert!(told.contains(&format!("--text={flag}")), "{told}");
        let meant = format!("--text={flag}");
        world.run(&send("easemob", &[&meant])).ends_with(0);
    }
}

#[test]
fn a_variable_that_is_empty_counts_as_not_set() {
    let world = World::new();
    let names = [
        "HERALD_PROFILES",
        "HERALD_PROFILE",
        "HERALD_LEDGER",
        "HERALD_READ_ONLY",
        "HERALD_KILL_SWITCH",
        "SSL_CERT_FILE",
        "HTTP_PROXY",
        "http_proxy",
        "HTTPS_PROXY",
        "https_proxy",
        "ALL_PROXY",
        "all_proxy",
        "NO_PROXY",
        "no_proxy",
        "XDG_CONFIG_HOME",
        "XDG_STATE_HOME",
        "XDG_CACHE_HOME",
        "NO_COLOR",
        "CLICOLOR_FORCE",
        "TERM",
    ];
    let lines: [&[&str]; 5] = [
        &[
            "send",
            "--sandbox",
            "--provider",
            "wildfire",
            "--from",
            "a",
            "--to",
            "b",
            "--text",
            "hi",
        ],
        &["history", "--sandbox"],
        &["history", "list", "--sandbox"],
        &["recall", "--last", "--sandbox"],
        &["providers", "wildfire"],
    ];
    for name in names {
        for line in lines {
            world.run_with(line, &[(name, "")]).ends_with(0);
        }
    }
    let all: Vec<(&str, &str)> = names.iter().map(|name| (*name, "")).collect();
    for line in lines {
        world.run_with(line, &all).ends_with(0);
    }
    let stop = ["stop", "spring"];
    let run = world.run_with(&stop, &[("HERALD_LEDGER", "")]).ends_with(2);
    assert!(!run.err.contains("--ledger <FILE>"), "{}", run.err);
}

/// The bodies of a dry run, as texts.
fn bodies(run: &Run) -> String {
    let document = run.json();
    let requests = document["requests"].as_array().expect("requests").iter();
    let body = |request: &Value| match request["headers"]["Content-Type"].as_str() {
        Some("application/x-www-form-urlencoded") => {
            percent_decode(request["body"].as_str().expect("a form"))
        }
        _ => request["body"].to_string(),
    };
    requests.map(body).collect::<Vec<_>>().join("\n")
}

/// A list with a column whose name has a blank.
const PEOPLE: &str = "user,First Name,name\nann1,Ann,A\nbob1,Bob,B\n";

#[test]
fn braces_go_out_only_where_they_are_meant() {
    let world = World::new();
    world.write("l.csv", PEOPLE);
    world.write("l.ndjson", "{\"to\":\"ann1\",\"First Name\":\"Ann\",\"name\":\"A\"}\n");
    world.write("l.txt", "ann1\n");
    let csv = ["--targets", "l.csv", "--column", "user"];
    let ndjson = ["--targets", "l.ndjson"];
    let lines = ["--targets", "l.txt"];
    for provider in PROVIDERS {
        let sent = |list: &[&str], text: &str| {
            let start = ["broadcast", "--sandbox", "--dry-run", "--from", "anna", "--show-secrets"];
            let more = ["--provider", provider, "--output", "json", "--text", text];
            world.run(&[&start[..], list, &more].concat())
        };
        for list in [&csv[..], &ndjson] {
            let run = sent(list, "Hi {{ First Name }}, \\{{name}} {{name}}").ends_with(0);
            assert!(bodies(&run).contains("Hi Ann, {{name}} A"), "{}", run.out);
            sent(list, "Hi {{Name}}").ends_with(3);
            for odd in ["{{name | upper}}", "{{#if name}}", "{{name", "{{name}", "{{}}"] {
                let run = sent(list, odd).ends_with(2);
                let told = run.json()["error"].to_string();
                assert!(told.contains("is no variable") && told.contains("literal"), "{told}");
            }
        }
        sent(&lines, "Hi {{name}}").ends_with(3);
        sent(&lines, "Hi {{name | upper}}").ends_with(2);
        let run = sent(&csv, "{name} ${First Name} %name% name}} {{name}}").ends_with(0);
        for form in ["`{name}`", "`${First Name}`", "`%name%`", "`name}}`"] {
            assert!(run.err.contains(form), "{form}: {}", run.err);
        }
        assert!(!sent(&csv, "{x} {{name}}").ends_with(0).err.contains("`{x}`"));
        // Without a list there are no values.
        for (text, code) in [("Hi {{name}}", 3), ("Hi {{name | upper}}", 2), ("Hi {{name", 2)] {
            world.run(&send(provider, &["--text", text])).ends_with(code);
        }
        let braces = ["--text", "Hi \\{{name}}", "--output", "json", "--show-secrets"];
        let run = world.run(&send(provider, &braces)).ends_with(0);
        assert!(bodies(&run).contains("Hi {{name}}"), "{}", run.out);
    }
}

#[test]
fn what_a_plan_holds_and_a_payload_says_of_braces_goes_out_as_it_was_meant() {
    let world = World::new();
    world.write("l.csv", PEOPLE);
    let start = ["broadcast", "--sandbox", "--provider", "wildfire", "--from", "a"];
    let list = ["--targets", "l.csv", "--column", "user"];
    let text = ["--text", "{{name}} \\{{name}}", "--extra", "k=\\{{"];
    world.run(&[&start[..], &list, &text, &["--plan", "p"]].concat()).ends_with(0);
    let run = world.run(&["apply", "p", "--dry-run", "--output", "json"]).ends_with(0);
    assert!(run.out.contains("A {{name}}") && run.out.contains("B {{name}}"), "{}", run.out);
    let body = r#"{"sender":"a","conv":{"type":0,"target":"b","line":0},"payload":{"type":1,"searchableContent":"TEXT"}}"#;
    let send = ["send", "--sandbox", "--provider", "wildfire", "--dry-run", "--body", "b.json"];
    for (text, code) in [("\\\\{{n}}", 0), ("{{n}}", 3), ("{{n", 2)] {
        world.write("b.json", body.replace("TEXT", text));
        let run = world.run(&send).ends_with(code);
        assert!(code != 0 || run.out.contains("\"{{n}}\""), "{}", run.out);
    }
}

#[test]
fn an_address_may_be_a_column_and_a_file_may_not() {
    let world = World::new();
    world.write("l.csv", "user,url\nann1,https://x.example/a.mp4\nbob1,a.mp4\n");
    let list = ["--targets", "l.csv", "--column", "user", "--from", "anna"];
    let start = ["broadcast", "--sandbox", "--provider", "wildfire"];
    let video = ["--video", "{{url}}", "--set", "content={\"duration\":5}"];
    let run = world.run(&[&start[..], &list, &video].concat()).ends_with(3);
    assert!(run.err.contains("line 3") && run.err.contains("no address"), "{}", run.err);
    let some = [
        "--file",
        "{{url}}",
        "--set",
        "content=9",
        "--skip-invalid",
        "--dry-run",
        "--output",
        "json",
    ];
    let run = world.run(&[&start[..], &list, &some].concat()).ends_with(0);
    assert!(run.out.contains("https://x.example/a.mp4"), "{}", run.out);
    let run = world.run(&[&start[..], &list, &["--file", "./{{url}}"]].concat()).ends_with(2);
    run.says("takes no variables");
    let one = send("wildfire", &["--file", "{{url}}", "--set", "content=9"]);
    world.run(&one).ends_with(3).says("no value");
}

#[test]
fn the_text_of_a_file_is_judged_as_that_of_the_flag() {
    let world = World::new();
    for provider in PROVIDERS {
        let file = |more: &[&str]| {
            let start = ["--text-file", "t.txt", "--output", "json", "--show-secrets"];
            world.run(&send(provider, &[&start[..], more].concat()))
        };
        world.write("t.txt", "\u{feff}Hallo, 世界 \\{{x}}\n");
        let sent = bodies(&file(&[]).ends_with(0));
        assert!(sent.contains("Hallo, 世界 {{x}}"), "{sent}");
        assert!(!sent.contains('\n') && !sent.contains("\\n"), "{sent}");
        for (text, code) in [("", 2), ("\n", 2), ("\u{feff}", 2), (" \u{200b}", 2), ("{{x}}", 3)] {
            world.write("t.txt", text);
            let run = file(&[]).ends_with(code);
            assert!(code == 3 || run.out.contains("--text-file"), "{}", run.out);
        }
        file(&["--text", "x"]).ends_with(2);
    }
    world.write("t.txt", b"\xc4\xe3\xba\xc3");
    world.run(&send("wildfire", &["--text-file", "t.txt"])).ends_with(3).says("not UTF-8");
    world.run(&send("wildfire", &["--text-file", "none.txt"])).ends_with(3);
    let stdin = send("wildfire", &["--text-file", "-"]);
    assert!(world.run_on(&stdin, "from stdin").ends_with(0).out.contains("\"from stdin\""));
    let both = send("wildfire", &["--text-file", "-", "--body", "-"]);
    world.run_on(&both, "x").ends_with(2).says("both read stdin");
    let list = ["broadcast", "--sandbox", "--provider", "wildfire", "--from", "a"];
    let both = ["--targets", "-", "--text-file", "-"];
    world.run_on(&[&list[..], &both].concat(), "x").ends_with(2).says("both read stdin");
}

#[test]
fn a_text_that_set_gives_is_judged_as_that_of_the_flag() {
    let world = World::new();
    world.write("l.csv", "user,name\nann1,Ann\nbob1,\n");
    let list = ["--targets", "l.csv", "--column", "user", "--from", "anna"];
    // The field of a text, beside --text and as a type of its own.
    let table = [
        ("easemob", "txt", "msg"),
        ("jmessage", "text", "text"),
        ("jpush-v2", "notification", "n_content"),
        ("jpush-v3", "notification", "notification.alert"),
        ("rongcloud", "text", "content"),
        ("wildfire", "text", "searchableContent"),
    ];
    for (provider, kind, field) in table {
        for text in ["", " ", "\u{200b}"] {
            for set in [format!("{field}={text}"), format!("{field}:=\"{text}\"")] {
                for what in [["--text", "x"], ["--type", kind]] {
                    let more = [&what[..], &["--set", &set]].concat();
                    let run = world.run(&send(provider, &more)).ends_with(2);
                    assert!(run.err.contains(&format!("`--set {field}` ")), "{}", run.err);
                    let run = world.run(&send(provider, &[&more[..], &["--allow-empty"]].concat()));
                    assert!(!run.err.contains("--allow-empty"), "{}", run.err);
                }
            }
        }
        let set = format!("{field}={{{{name}}}}");
        let start = ["broadcast", "--sandbox", "--dry-run", "--provider", provider];
        let more = ["--type", kind, "--set", &set];
        let run = world.run(&[&start[..], &list, &more].concat()).ends_with(3);
        assert!(run.err.contains("line 3") && run.err.contains("is empty"), "{}", run.err);
    }
    let other = ["--text", "x", "--set", "pushContent= "];
    world.run(&send("rongcloud", &other)).ends_with(2).says("--allow-empty");
}

#[test]
fn a_text_that_set_gives_to_an_update_is_judged_as_that_of_the_flag() {
    for (provider, field) in
        [("easemob", "msg"), ("rongcloud", "content"), ("wildfire", "searchableContent")]
    {
        let world = World::new();
        let first = ["send", "--sandbox", "--provider", provider, "--text", "first"];
        world.run(&[&first[..], &["--from", "anna", "--to", "user:bob"]].concat()).ends_with(0);
        let update =
            |more: &[&str]| world.run(&[&["update", "--last", "--sandbox"], more].concat());
        for text in ["", " ", "\u{200b}"] {
            let set = format!("{field}={text}");
            for what in [&[][..], &["--text", "x"]] {
                let more = [what, &["--set", &set]].concat();
                let run = update(&more).ends_with(2);
                assert!(run.err.contains(&format!("`--set {field}` ")), "{provider}: {}", run.err);
                let meant = update(&[&more[..], &["--allow-empty"]].concat());
                assert!(!meant.err.contains("--allow-empty"), "{provider}: {}", meant.err);
            }
        }
    }
}

/// A payload of each provider whose text is `TEXT`, with the operation that it is for.
const BODIES: [(&str, &str); 6] = [
    (
        "wildfire/send",
        r#"{"sender":"a","conv":{"type":0,"target":"TARGET","line":0},"payload":{"type":1,"searchableContent":"TEXT","persistFlag":3}}"#,
    ),
    (
        "rongcloud/send-private",
        r#"{"fromUserId":"a","toUserId":"TARGET","objectName":"RC:TxtMsg","content":"{\"content\":\"TEXT\"}"}"#,
    ),
    ("easemob/send-users", r#"{"from":"a","to":["TARGET"],"type":"txt","body":{"msg":"TEXT"}}"#),
    (
        "jmessage/send",
        r#"{"version":1,"target_type":"single","from_type":"admin","msg_type":"text","target_id":"TARGET","from_id":"admin","msg_body":{"text":"TEXT"}}"#,
    ),
    (
        "jpush-v3/push",
        r#"{"platform":"all","audience":{"alias":["TARGET"]},"notification":{"alert":"TEXT"},"options":{"apns_production":true}}"#,
    ),
    (
        "jpush-v2/push",
        r#"{"sendno":1,"receiver_type":3,"receiver_value":"TARGET","msg_type":1,"msg_content":{"n_content":"TEXT"},"platform":"android"}"#,
    ),
];

#[test]
fn a_text_of_a_payload_that_shows_nothing_is_told() {
    let world = World::new();
    for (operation, body) in BODIES {
        for (text, is_told) in
            [("\u{200b}", true), (" \u{2060}\u{feff}", true), (" ", true), ("hi", false)]
        {
            world.write("b.json", body.replace("TARGET", "user1").replace("TEXT", text));
            let run = world
                .run(&["call", operation, "--sandbox", "--body", "b.json", "--dry-run"])
                .ends_with(0);
            let told = run.err.contains("b.json: `/") && run.err.contains("shows nothing");
            assert!(
                told == is_told || run.err.contains("blank"),
                "{operation} {text:?}: {}",
                run.err
            );
        }
    }
}

#[test]
fn a_payload_names_each_target_by_itself() {
    let world = World::new();
    for (operation, body) in BODIES {
        world.write("b.json", body.replace("TARGET", "user1,user2").replace("TEXT", "hi"));
        let words = ["call", operation, "--body", "b.json", "--dry-run"];
        let run = world.run(&words);
        // One vendor splits at commas: that is its form of a list.
        if operation == "jpush-v2/push" {
            assert!(run.ends_with(0).err.contains("2 targets"));
        } else {
            let told = run.ends_with(1).err;
            assert!(
                told.contains("b.json: the target") && told.contains("holds a comma"),
                "{told}"
            );
        }
    }
}

#[test]
fn a_key_of_a_payload_that_is_nearly_a_known_one_is_told() {
    let world = World::new();
    for (operation, body, typo, near) in [
        ("jpush-v2/push", BODIES[5].1, r#""n_titel":"x","n_content""#, "`n_title`"),
        ("jpush-v3/push", BODIES[4].1, r#""alret":"x","alert""#, "`alert`"),
    ] {
        let key = if operation == "jpush-v2/push" { "\"n_content\"" } else { "\"alert\"" };
        world.write("b.json", body.replace(key, typo).replace("TARGET", "user1"));
        let run = world.run(&["call", operation, "--body", "b.json", "--dry-run"]);
        assert!(run.err.contains("did you mean") && run.err.contains(near), "{}", run.err);
    }
}
