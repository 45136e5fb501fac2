//! `[profiles.NAME.defaults]`: what the messages of a profile have unless flags or a file say otherwise.

use serde_json::{Value, json};

use crate::support::World;

/// Each provider: the rest of its profile, defaults with which the plainest message draws no warning, and that message.
const PLAIN: [(&str, &str, &[&str]); 6] = [
    ("easemob", "from = \"news\"", &["--to", "bob", "--text", "hi"]),
    ("jmessage", "from = \"news1\"", &["--to", "bob1", "--text", "hi"]),
    ("jpush-v2", "apns_production = 1", &["--to", "bob", "--text", "hi"]),
    ("jpush-v3", "\"options.apns_production\" = true", &["--to", "bob", "--text", "hi"]),
    ("rongcloud", "from = \"news\"", &["--to", "bob", "--text", "hi"]),
    ("wildfire", "from = \"news\"", &["--to", "bob", "--text", "hi"]),
];

/// A world with one profile that stays in the sandbox.
fn world(provider: &str, defaults: &str) -> World {
    let world = World::new();
    let text = format!(
        "[profiles.p]\nprovider = \"{provider}\"\nmode = \"sandbox\"\n\n[profiles.p.defaults]\n{defaults}\n"
    );
    world.write_private(".config/herald/profiles.toml", text);
    world
}

/// The bodies that a command would send.
fn bodies(world: &World, words: &[&str]) -> Vec<Value> {
    let more = ["--dry-run", "--output", "json", "--show-secrets"];
    let words: Vec<&str> = words.iter().copied().chain(more).collect();
    let planned = world.run(&words).ends_with(0).json();
    let requests = planned["requests"].as_array().expect("requests").clone();
    let body = |request: Value| {
        let text = request["body"].as_str().expect("a body").to_owned();
        serde_json::from_str(&text).unwrap_or(Value::String(text))
    };
    requests.into_iter().map(body).collect()
}

#[test]
fn with_its_defaults_the_plainest_message_draws_no_warning() {
    for (provider, defaults, words) in PLAIN {
        let world = world(provider, defaults);
        let send: Vec<&str> = ["send"].into_iter().chain(words.iter().copied()).collect();
        let sent = world.run(&send).ends_with(0);
        assert!(!sent.err.contains("warning"), "{provider}: {}", sent.err);
        world.run(&["profile", "check"]).ends_with(0).tells("p (").tells(": ok");
        let shown = world.run(&["profile", "show", "p", "--output", "json"]).ends_with(0).json();
        assert_eq!(shown["defaults"].as_object().map(serde_json::Map::len), Some(1), "{shown}");
        let path = defaults.split(" = ").next().expect("a path").trim_matches('"');
        world.run(&["profile", "show", "p"]).ends_with(0).tells(&format!("defaults.{path}"));
    }
}

/// What herald fills in by itself is no fault of the user, also where the store is that of the sandbox.
#[test]
fn the_address_of_a_file_that_herald_uploads_draws_no_warning() {
    let mut sent = Vec::new();
    for (provider, defaults, _) in PLAIN {
        let world = world(provider, defaults);
        world.write("photo.gif", b"GIF89a\x02\0\x03\0\0\0\0");
        for flag in ["--image", "--file"] {
            let send = world.run(&["send", "--to", "user:bobby", flag, "photo.gif"]);
            assert!(!send.err.contains("warning"), "{provider} {flag}: {}", send.err);
            sent.extend((send.code == 0).then_some((provider, flag)));
        }
    }
    let takes_files = [("easemob", "--image"), ("jmessage", "--image"), ("wildfire", "--image")];
    assert!(takes_files.iter().all(|one| sent.contains(one)), "{sent:?}");
}

#[test]
fn each_warning_about_what_herald_composed_is_one_line_that_says_what_settles_it() {
    let run = |provider: &str, more: &[&str]| {
        let begin = ["send", "--sandbox", "--provider", provider, "--to", "bob"];
        let words: Vec<&str> = begin.into_iter().chain(more.iter().copied()).collect();
        World::new().run(&words).ends_with(0).err
    };
    let settled = |err: &str, rule: &str| -> String {
        let lines: Vec<&str> = err.lines().filter(|line| line.contains(rule)).collect();
        assert_eq!(lines.len(), 1, "{rule}: {err}");
        lines[0].to_owned()
    };
    let err = run("jpush-v3", &["--text", "hi"]);
    assert_eq!(
        err.trim(),
        "warning: iOS: production or development? --set options.apns_production:=true, or that field in the \
         profile's defaults [V3-W04]"
    );
    let err = run("jpush-v3", &["--text", "hi", "--title", "t", "--extra", "a=b"]);
    for (rule, words) in [
        ("V3-W04", "--set options.apns_production:=true"),
        ("V3-W07", "--set notification.hmos.category=IM"),
        ("V3-W07", "--set notification.android.intent.url="),
    ] {
        let line = settled(&err, rule);
        assert!(line.contains(words) && line.contains("in the profile's defaults ["), "{line}");
    }
    assert!(!err.contains("-->") && err.lines().count() <= 4, "{err}");
    let err = run("jpush-v3", &["--command", "refresh"]);
    assert_eq!(err.matches("iOS gets a message only").count(), 1, "{err}");
    let err = run("jpush-v2", &["--text", "hi"]);
    assert!(settled(&err, "V2-W08").contains("--set apns_production=1"), "{err}");
    settled(&err, "V2-W11");
    let err = run("easemob", &["--text", "hi"]);
    assert!(settled(&err, "EM-W17").contains("--from ID"), "{err}");
    // Several requests of one command say it once.
    let world = World::new();
    let list: String = (0..2500).map(|n| format!("u{n}\n")).collect();
    world.write("list.txt", list);
    let job = [
        "broadcast",
        "--sandbox",
        "--provider",
        "jpush-v3",
        "--targets",
        "list.txt",
        "--text",
        "hi",
    ];
    settled(&world.run(&job).ends_with(0).err, "V3-W04");
}

#[test]
fn defaults_fill_in_what_no_flag_and_no_file_gives() {
    let defaults = "title = \"News\"\nplatform = [\"android\"]\n\"options.time_to_live\" = 60\n\
        options.apns_production = true\n\"notification.hmos.category\" = \"IM\"\n";
    let v3 = world("jpush-v3", defaults);
    let send = ["send", "--to", "bob", "--text", "hi"];
    let body = &bodies(&v3, &send)[0];
    assert_eq!(body["platform"], json!(["android"]), "herald's own choice gives way: {body}");
    assert_eq!(body["options"], json!({ "time_to_live": 60, "apns_production": true }));
    assert_eq!(body["notification"]["android"]["title"], "News");
    assert_eq!(body["notification"]["hmos"]["category"], "IM");
    let flags =
        [&send[..], &["--title", "T", "--set", "platform=all", "--set", "options.time_to_live=9"]]
            .concat();
    let body = &bodies(&v3, &flags)[0];
    assert_eq!(body["platform"], "all", "{body}");
    assert_eq!(body["options"]["time_to_live"], 9);
    assert_eq!(body["notification"]["android"]["title"], "T");
    // A message to the app has no notification: a field of one does not make a broken one of it.
    let body = &bodies(&v3, &["send", "--to", "bob", "--command", "refresh"])[0];
    assert_eq!(body["notification"], Value::Null, "{body}");
    assert_eq!(body["options"]["time_to_live"], 60);
    let file = json!({
        "platform": ["ios"],
        "audience": { "alias": ["bob"] },
        "notification": { "alert": "from the file" },
        "options": { "time_to_live": 7 },
    });
    v3.write("push.json", file.to_string());
    let whole = &bodies(&v3, &["send", "--body", "push.json"])[0];
    assert_eq!(whole["platform"], json!(["ios"]), "{whole}");
    assert_eq!(whole["options"], json!({ "time_to_live": 7, "apns_production": true }));
    let called = &bodies(&v3, &["call", "jpush-v3/push-validate", "--body", "push.json"])[0];
    assert_eq!(called["options"]["apns_production"], true, "{called}");
    let listed = bodies(&v3, &["broadcast", "--to", "bob", "--to", "eve", "--text", "hi"]);
    assert_eq!(listed[0]["options"]["time_to_live"], 60, "{listed:?}");

    let wildfire = world("wildfire", "from = \"news\"\n\"payload.persistFlag\" = 1\n");
    let send = ["send", "--to", "bob", "--text", "hi"];
    let body = &bodies(&wildfire, &send)[0];
    assert_eq!((&body["sender"], &body["payload"]["persistFlag"]), (&json!("news"), &json!(1)));
    let body = &bodies(&wildfire, &[&send[..], &["--from", "ann"]].concat())[0];
    assert_eq!(body["sender"], "ann");
    let call = [
        "call",
        "wildfire/send",
        "--set",
        "conv:={\"type\":0,\"target\":\"bob\",\"line\":0}",
        "--set",
        "payload:={\"type\":1,\"searchableContent\":\"hi\",\"persistFlag\":3}",
    ];
    let body = &bodies(&wildfire, &call)[0];
    assert_eq!((&body["sender"], &body["payload"]["persistFlag"]), (&json!("news"), &json!(3)));
}

#[test]
fn a_default_that_cannot_be_is_an_error_at_its_place() {
    for (provider, defaults, words) in [
        (
            "jpush-v3",
            "\"options.apns_prodction\" = true",
            "did you mean `options.apns_production`?",
        ),
        ("jpush-v3", "options.apns_prodction = true", "did you mean `options.apns_production`?"),
        ("jpush-v3", "\"options.apns_production\" = \"maybe\"", "true or false"),
        ("jpush-v3", "\"options.time_to_live\" = -5", "time_to_live"),
        ("jpush-v3", "\"options.time_to_live\" = \"soon\"", "time_to_live"),
        ("jpush-v3", "audience = \"all\"", "names targets"),
        ("jpush-v3", "\"audience.alias\" = [\"bob\"]", "names targets"),
        ("jpush-v3", "cid = \"x\"", "tells repeats apart"),
        ("jpush-v3", "\"options.override_msg_id\" = 7", "names another message"),
        ("jpush-v3", "\"options.apns_collapse_id\" = \"a\"", "names another message"),
        ("jpush-v2", "override_msg_id = \"7\"", "names another message"),
        ("rongcloud", "toUserId = \"bob\"", "names targets"),
        ("rongcloud", "fromUserId = \"a,b\"", "holds a comma"),
        ("wildfire", "\"conv.target\" = \"bob\"", "names targets"),
        ("wildfire", "from = \"a \"", "ends in"),
        ("wildfire", "from = \"\"", "is empty"),
        ("wildfire", "from = 5", "text in quotes"),
        ("wildfire", "sender = \"a\\u200b\"", "holds"),
        ("wildfire", "title = \" \"", "shows nothing"),
        ("wildfire", "title = \"Dear {{name}}\"", "variable"),
        ("easemob", "to = [\"bob\"]", "names targets"),
        ("wildfire", "\"payload.persistFlag\" = 2026-01-01", "date"),
    ] {
        let world = world(provider, defaults);
        for command in [&["profile", "check"][..], &["send", "--to", "bob", "--text", "hi"]] {
            let refused = world.run(command).ends_with(3).says(words);
            assert!(refused.err.contains("profiles.toml:6:"), "{defaults}: {}", refused.err);
        }
    }
}

#[test]
fn guards_judge_what_defaults_have_made() {
    let world = World::new();
    let text = "[profiles.p]\nprovider = \"wildfire\"\nendpoint = \"http://127.0.0.1:9\"\nsecret = { command = [\"echo\", \"x\"] }\n\
        mode = \"test\"\nallow_to = [\"user:test-*\"]\n[profiles.p.defaults]\nfrom = \"news\"\n";
    world.write_private(".config/herald/profiles.toml", text);
    world
        .run_with(&["send", "--to", "bob", "--text", "hi"], &[("PATH", "/usr/bin:/bin")])
        .ends_with(9);
}

#[test]
fn a_provider_without_a_sender_is_told_by_the_check_and_not_at_each_message() {
    let world = world("jpush-v3", "from = \"news\"\n\"options.apns_production\" = true");
    let sent = world.run(&["send", "--to", "bob", "--text", "hi"]).ends_with(0);
    assert_eq!(sent.err.trim(), "profile: p", "nothing else is said");
    world.run(&["profile", "check"]).ends_with(0).tells("has no sender");
}

/// Operations of several providers: a payload file with a fault in the second line, the pointer of that, defaults that
/// are filled in, and a `--set` beside them with a fault of its own, and the rule of that.
const FILES: [(&str, &str, &str, &str, &str); 4] = [
    (
        "jpush-v3/push",
        "{\"audience\": {\"alias\": [\"bob\"]}, \"notification\": {\"alert\": \"\u{4f60}\u{597d}\"},\n  \"platform\": \"windows\"}",
        "/platform",
        "\"options.time_to_live\" = 60\noptions.apns_production = true",
        "options.sendno:=\"x\"",
    ),
    (
        "wildfire/send",
        "{\"conv\": {\"type\": 0, \"target\": \"bob\", \"line\": 0}, \"payload\": {\"searchableContent\": \"\u{4f60}\",\n  \"type\": \"one\"}}",
        "/payload/type",
        "from = \"news\"\n\"payload.persistFlag\" = 1",
        "payload.expireDuration:=\"x\"",
    ),
    (
        "rongcloud/send-private",
        "{\"toUserId\": \"bob\", \"objectName\": \"RC:TxtMsg\", \"content\": \"{\\\"content\\\":\\\"\u{4f60}\\\"}\",\n  \"isPersisted\": 7}",
        "/isPersisted",
        "from = \"news\"",
        "isCounted:=9",
    ),
    (
        "easemob/send-users",
        "{\"to\": [\"bob\"], \"body\": {\"msg\": \"\u{4f60}\"}, \"type\": \"txt\",\n  \"sync_device\": \"maybe\"}",
        "/sync_device",
        "from = \"news\"",
        "routetype:=\"x\"",
    ),
];

/// The findings of a command that is refused, for an operation, with its exit code.
fn findings(world: &World, words: &[&str]) -> Vec<Value> {
    let words: Vec<&str> = words.iter().copied().chain(["--output", "json"]).collect();
    let refused = world.run(&words).json();
    refused["findings"].as_array().unwrap_or_else(|| panic!("{refused}")).clone()
}

#[test]
fn findings_in_a_file_keep_their_places_beside_defaults_and_flags() {
    for (operation, file, pointer, defaults, set) in FILES {
        let (provider, _) = operation.split_once('/').expect("two parts");
        let (plain, filled) = (world(provider, ""), world(provider, defaults));
        for world in [&plain, &filled] {
            world.write("push.json", file);
        }
        let call = ["call", operation, "--body", "push.json"];
        let at = |all: &[Value]| {
            all.iter()
                .find(|one| one["pointer"] == pointer)
                .unwrap_or_else(|| panic!("{all:?}"))
                .clone()
        };
        let alone = at(&findings(&plain, &call));
        assert_eq!((&alone["file"], &alone["line"]), (&json!("push.json"), &json!(2)), "{alone}");
        assert_eq!(at(&findings(&filled, &call)), alone, "with defaults");
        let flags = [&call[..], &["--set", set]].concat();
        let all = findings(&filled, &flags);
        assert_eq!(at(&all), alone, "with defaults and a flag");
        let path = set.split([':', '=']).next().expect("a path");
        let flag = format!("--set {path}");
        let other =
            all.iter().find(|one| one["help"].as_str().is_some_and(|help| help.contains(&flag)));
        assert_eq!(other.unwrap_or_else(|| panic!("{all:?}"))["file"], "(flags)");
        let shown = filled.run(&flags).ends_with(1).err;
        assert!(shown.contains("push.json:2:") && shown.contains(&flag), "{shown}");
        assert!(!shown.contains("profile's defaults"), "{shown}");
    }
}

#[test]
fn a_finding_about_a_default_beside_a_file_names_the_key_of_the_profile() {
    let file = "{\"platform\": [\"ios\"], \"audience\": {\"alias\": [\"bob\"]},\n \"notification\": {\"alert\": \"hi\", \"ios\": {\"alert\": \"hi\"}, \"foo\": 1}}";
    let world = world("jpush-v3", "\"notification.ios.badge\" = 500");
    world.write("push.json", file);
    for command in [&["send"][..], &["broadcast", "--to", "eve", "--to", "ann"]] {
        let words = [command, &["--body", "push.json", "--dry-run"]].concat();
        let shown = world.run(&words).ends_with(0).err;
        let own = "profile p, defaults.\"notification.ios.badge\" (line 6)";
        assert!(shown.contains(own) && shown.contains(" push.json:2:"), "{shown}");
    }
}

#[test]
fn a_default_for_another_operation_stays_out_of_the_content_of_messages() {
    for default in ["isDelete = 1", "isAdmin = 1", "conversationType = 3"] {
        let plain = world("rongcloud", "");
        let filled = world("rongcloud", default);
        for send in [&["send", "--to", "bob"][..], &["broadcast", "--all"]] {
            let words = [send, &["--from", "a", "--text", "hi"]].concat();
            assert_eq!(bodies(&filled, &words), bodies(&plain, &words), "{default}");
        }
    }
}

#[test]
fn a_default_makes_no_part_of_a_message_and_shows_nothing_that_was_silent() {
    let defaults = "title = \"News\"\n\"notification.alert\" = \"News\"\n\"notification.android.builder_id\" = 7\n\
        \"notification.android.title\" = \"News\"\n\"notification.ios.sound\" = \"ring\"\n\"notification.ios.badge\" = 1\n";
    let (plain, filled) = (world("jpush-v3", ""), world("jpush-v3", defaults));
    let file = |parts: Value| {
        let mut body = json!({ "platform": "all", "audience": { "alias": ["bob"] } });
        body.as_object_mut().expect("an object").extend(parts.as_object().expect("parts").clone());
        body.to_string()
    };
    let silent = [
        file(json!({ "message": { "msg_content": "x" } })),
        file(json!({ "notification": { "ios": { "alert": "", "content-available": true } } })),
        file(json!({ "notification": { "alert": "", "ios": { "content-available": true } } })),
    ];
    for text in &silent {
        for world in [&plain, &filled] {
            world.write("push.json", text);
        }
        for command in [&["send"][..], &["broadcast", "--to", "eve", "--to", "ann"]] {
            let words = [command, &["--body", "push.json"]].concat();
            assert_eq!(bodies(&filled, &words), bodies(&plain, &words), "{text}");
        }
    }
    let send = ["send", "--to", "bob", "--text", "", "--allow-empty"];
    assert_eq!(bodies(&filled, &send), bodies(&plain, &send));
    let command = &bodies(&filled, &["send", "--to", "bob", "--command", "refresh"])[0];
    assert_eq!(command["notification"], Value::Null, "{command}");
    // What is shown anyway gets what belongs to its parts, and no other part.
    let shown = file(json!({ "notification": { "ios": { "alert": "hi" } } }));
    filled.write("push.json", shown);
    let body = &bodies(&filled, &["send", "--body", "push.json"])[0];
    assert_eq!(
        body["notification"],
        json!({ "ios": { "alert": "hi", "sound": "ring", "badge": 1 } }),
        "{body}"
    );
    let body = &bodies(&filled, &["send", "--to", "bob", "--text", "hi"])[0];
    assert_eq!(body["notification"]["android"]["builder_id"], 7, "{body}");
}
