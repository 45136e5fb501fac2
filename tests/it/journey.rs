//! What a user does with herald, from the first command on, against the sandbox in the process.

use serde_json::json;

use crate::support::{World, files_below};

const SEND: &[&str] = &[
    "send",
    "--sandbox",
    "--provider",
    "wildfire",
    "--from",
    "alice",
    "--to",
    "bob",
    "--text",
    "hello",
];

/// A broadcast to two users, which the vendor calls a multicast.
const TO_MANY: [&str; 12] = [
    "broadcast",
    "--sandbox",
    "--provider",
    "wildfire",
    "--from",
    "ops",
    "--to",
    "a",
    "--to",
    "b",
    "--text",
    "x",
];

#[test]
fn the_first_command_sends_and_the_second_takes_it_back() {
    let world = World::new();
    let sent = world.run(&[SEND, &["--output", "json"]].concat()).ends_with(0).json();
    assert_eq!(sent["version"], 1);
    assert_eq!((&sent["provider"], &sent["operation"]), (&json!("wildfire"), &json!("send")));
    assert_eq!(sent["outcome"], "accepted");
    let uid = sent["ids"]["messageUid"].as_str().expect("an id that is a string");
    assert!(uid.parse::<u64>().expect("digits") > 1 << 53, "{uid}");
    let ledger_id = sent["ledger_id"].as_str().expect("an entry");

    let got = world
        .run(&["get", "--sandbox", uid, "--output", "json", "--provider", "wildfire"])
        .ends_with(0)
        .json();
    assert_eq!(got["result"]["messageId"], uid);
    assert_eq!(got["result"]["payload"]["searchableContent"], "hello");

    let recalled =
        world.run(&["recall", "--sandbox", "--last", "--output", "json"]).ends_with(0).json();
    assert_eq!(
        (&recalled["operation"], &recalled["outcome"]),
        (&json!("recall"), &json!("accepted"))
    );
    let got = world.run(&["get", "--sandbox", ledger_id, "--output", "json"]).ends_with(0).json();
    assert_eq!(got["result"]["payload"]["type"], 80, "a recalled message is a recall notice");
}

#[test]
fn what_was_sent_to_many_is_taken_back_from_the_same() {
    let world = World::new();
    let sent = world.run(&[&TO_MANY[..], &["--output", "json"]].concat()).ends_with(0).json();
    assert_eq!(sent["operation"], "multicast");
    let id = sent["ledger_id"].as_str().expect("an entry");
    let plan = world
        .run(&["recall", "--sandbox", id, "--dry-run", "--output", "json"])
        .ends_with(0)
        .json();
    assert_eq!(plan["operation"], "recall-multicast");
    let body: serde_json::Value =
        serde_json::from_str(plan["requests"][0]["body"].as_str().expect("a body")).expect("JSON");
    assert_eq!(body["receivers"], json!(["a", "b"]));
    assert_eq!(body["operator"], "ops");
}

#[test]
fn everybody_is_reached_by_broadcast_alone_and_the_sandbox_asks_nothing() {
    let world = World::new();
    let all = [
        "broadcast",
        "--sandbox",
        "--provider",
        "wildfire",
        "--from",
        "ops",
        "--all",
        "--text",
        "x",
    ];
    let sent = world.run(&[&all[..], &["--output", "json"]].concat()).ends_with(0).json();
    assert_eq!((&sent["operation"], &sent["outcome"]), (&json!("broadcast"), &json!("accepted")));
}

#[test]
fn a_push_is_signed_accepted_and_asked_after() {
    let world = World::new();
    let push = ["send", "--sandbox", "--provider", "jpush-v2", "--to", "alias_1", "--text", "你好"];
    let sent = world.run(&[&push[..], &["--output", "json"]].concat()).ends_with(0).json();
    assert_eq!((&sent["operation"], &sent["outcome"]), (&json!("push"), &json!("accepted")));
    let id = sent["ids"]["msg_id"].as_str().expect("an id");
    let status = world.run(&["status", "--sandbox", id, "--output", "json"]).ends_with(0).json();
    assert_eq!(status["operation"], "received");
    let run = world.run(&["recall", "--sandbox", "--last"]).ends_with(2);
    assert!(run.err.contains("override_msg_id"), "what it has instead is named: {}", run.err);
}

#[test]
fn history_tells_what_was_sent_and_keeps_the_sandbox_apart() {
    let world = World::new();
    let sent = world.run(&[SEND, &["--output", "json"]].concat()).ends_with(0).json();
    let id = sent["ledger_id"].as_str().expect("an entry").to_owned();
    let list = world.run(&["history", "--sandbox", "--output", "json"]).ends_with(0).json();
    assert_eq!(list["entries"][0]["id"], id.as_str());
    assert_eq!(list["entries"][0]["outcome"], "accepted");
    let real = world.run(&["history", "--output", "json"]).ends_with(0).json();
    assert_eq!(real["entries"], json!([]));
    let shown =
        world.run(&["history", "show", &id, "--sandbox", "--output", "json"]).ends_with(0).json();
    assert_eq!(shown["body"]["payload"]["searchableContent"], "hello");
}

#[test]
fn a_dry_run_opens_nothing_writes_nothing_and_needs_no_credentials() {
    let world = World::new();
    let plain = [
        "send",
        "--provider",
        "wildfire",
        "--from",
        "alice",
        "--to",
        "bob",
        "--text",
        "hello",
        "--dry-run",
    ];
    let plan = world.run(&[&plain[..], &["--output", "json"]].concat()).ends_with(0).json();
    assert_eq!(plan["outcome"], "planned");
    assert_eq!(plan["requests"][0]["headers"]["sign"], "***");
    assert_eq!(plan["requests"][0]["method"], "POST");
    assert_eq!(files_below(&world.path(".")), Vec::<std::path::PathBuf>::new());
}

#[test]
fn no_output_holds_a_secret_unless_it_is_asked_for() {
    let world = World::new();
    let environment = [
        ("HERALD_JPUSH_V2_APP_KEY", "7d431e42dfa6a6d693ac2d04"),
        ("HERALD_JPUSH_V2_MASTER_SECRET", "5e987ac6d2e04d95a9d8f0d1"),
    ];
    let send = [
        "send",
        "--provider",
        "jpush-v2",
        "--to",
        "a",
        "--text",
        "x",
        "--dry-run",
        "--set",
        "sendno=3321",
        "-v",
    ];
    let hidden = world.run_with(&send, &environment).ends_with(0);
    let code = "verification_code=***";
    assert!(hidden.out.contains(code), "{}", hidden.out);
    let curl = world.run_with(&[&send[..], &["--curl"]].concat(), &environment).ends_with(0);
    assert!(curl.out.starts_with("curl ") && curl.out.contains(code), "{}", curl.out);
    assert_eq!(curl.out.lines().count(), 1);
    let shown =
        world.run_with(&[&send[..], &["--show-secrets"]].concat(), &environment).ends_with(0);
    assert!(!shown.out.contains("***"), "{}", shown.out);
    for run in [&hidden, &curl, &shown] {
        assert!(
            !run.out.contains("5e987ac6") && !run.err.contains("5e987ac6"),
            "the secret itself never shows"
        );
    }
}

#[test]
fn a_known_signature_is_made_explained_and_verified() {
    let world = World::new();
    let environment = [
        ("HERALD_WILDFIRE_SECRET", "123456"),
        ("HERALD_WILDFIRE_ENDPOINT", "http://127.0.0.1:18080"),
    ];
    let known = ["--nonce", "76616", "--timestamp", "1558350862502"];
    let right = "b98f9b0717f59febccf1440067a7f50d9b31bdde";
    let sign = [&["sign", "wildfire/send"], &known[..]].concat();
    let made = world
        .run_with(&[&sign[..], &["--output", "json"]].concat(), &environment)
        .ends_with(0)
        .json();
    assert_eq!(
        made["headers"],
        json!({"nonce": "76616", "timestamp": "1558350862502", "sign": right})
    );
    let explained =
        world.run_with(&[&sign[..], &["--explain"]].concat(), &environment).ends_with(0);
    assert!(
        explained.out.contains("***") && !explained.out.contains("123456"),
        "{}",
        explained.out
    );
    world.run_with(&[&sign[..], &["--verify", right]].concat(), &environment).ends_with(0);
    world.run_with(&[&sign[..], &["--verify", "00"]].concat(), &environment).ends_with(1);
    // A wrong one is explained on stdout, in JSON too; the age of a right one is told.
    for (wrong, words) in [
        (right.to_uppercase().as_str(), "the wrong case"),
        ("6da82980430d24ad64613738b4373119eef8f3f0", "the separator `|` is left out"),
        ("0f773015241829dc895e8707faf6a1dc62515d06", "`nonce` and `secret` are swapped"),
    ] {
        let verify = [&sign[..], &["--verify", wrong]].concat();
        let told = world.run_with(&verify, &environment).ends_with(1).out;
        assert!(told.contains(words) && !told.contains("123456"), "{told}");
        let told = world.run_with(&[&verify[..], &["--output", "json"]].concat(), &environment);
        let told = told.ends_with(1).json();
        assert!(told["reason"].as_str().expect("a reason").contains(words), "{told}");
    }
    let seconds = ["--nonce", "76616", "--timestamp", "1558350862"];
    let sign = [&["sign", "wildfire/send"], &seconds[..], &["--verify"]].concat();
    let made = "53dfd11e53da4ca64f09e3ee5bb9dbbd0fcdc4bb";
    let run = world.run_with(&[&sign[..], &[made]].concat(), &environment);
    assert!(run.err.contains("looks like seconds"), "{run:?}");
}

#[test]
fn headers_of_http_basic_are_verified_and_a_token_is_no_signature() {
    let world = World::new();
    let environment = [
        ("HERALD_JPUSH_V3_APP_KEY", "7d431e42dfa6a6d693ac2d04"),
        ("HERALD_JPUSH_V3_MASTER_SECRET", "5e987ac6d2e04d95a9d8f0d1"),
        ("HERALD_EASEMOB_TOKEN", "YWMt"),
        ("HERALD_EASEMOB_ORG", "o"),
        ("HERALD_EASEMOB_APP", "a"),
    ];
    let verify = |operation: &str, header: &str| {
        world.run_with(&["sign", operation, "--verify", header], &environment)
    };
    let right = "Basic N2Q0MzFlNDJkZmE2YTZkNjkzYWMyZDA0OjVlOTg3YWM2ZDJlMDRkOTVhOWQ4ZjBkMQ==";
    let swapped = "Basic NWU5ODdhYzZkMmUwNGQ5NWE5ZDhmMGQxOjdkNDMxZTQyZGZhNmE2ZDY5M2FjMmQwNA==";
    let line_end = "Basic N2Q0MzFlNDJkZmE2YTZkNjkzYWMyZDA0OjVlOTg3YWM2ZDJlMDRkOTVhOWQ4ZjBkMQo=";
    verify("jpush-v3/push", right).ends_with(0);
    verify("jpush-v3/push", &format!("Authorization: {right}")).ends_with(0);
    for (operation, header, words) in [
        ("jpush-v3/push", swapped, "are swapped"),
        ("jpush-v3/push", line_end, "a line end stands behind `master_secret`"),
        ("jpush-v3/push", "Basic eDp5", "are others"),
        ("jpush-v3/group-push", right, "is without `group-`"),
    ] {
        let run = verify(operation, header).ends_with(1);
        assert!(run.out.contains(words), "{run:?}");
        assert!(!format!("{run:?}").contains("5e987ac6d2e04d95a9d8f0d1"), "{run:?}");
    }
    for empty in ["", " ", "\u{200b}", "Authorization: "] {
        verify("jpush-v3/push", empty).ends_with(2).says("is empty");
    }
    verify("easemob/send-users", "Bearer YWMt").ends_with(2).says("nothing is signed");
}

#[test]
fn flags_beat_the_file_and_leave_nothing_of_its_audience() {
    let world = World::new();
    let payload = r#"{"sender":"a","conv":{"type":1,"target":"g","line":7},"toUsers":["u1"],"payload":{"type":1,"searchableContent":"x","persistFlag":3,"extra":"e"}}"#;
    let file = world.write("send.json", payload);
    let base = [
        "send",
        "--sandbox",
        "--provider",
        "wildfire",
        "--body",
        file.to_str().expect("UTF-8"),
        "--dry-run",
        "--output",
        "json",
    ];
    let body = |more: &[&str]| -> serde_json::Value {
        let plan = world.run(&[&base[..], more].concat()).ends_with(0).json();
        serde_json::from_str(plan["requests"][0]["body"].as_str().expect("a body")).expect("JSON")
    };
    let as_written: serde_json::Value = serde_json::from_str(payload).expect("JSON");
    assert_eq!(body(&[]), as_written);
    let aimed = body(&["--to", "bob"]);
    assert_eq!(aimed["conv"], json!({"type": 0, "target": "bob", "line": 0}));
    assert_eq!(
        (&aimed["toUsers"], &aimed["sender"], &aimed["payload"]),
        (&json!(null), &json!("a"), &as_written["payload"])
    );
    let from = body(&["--from", "ops"]);
    assert_eq!(
        (&from["sender"], &from["conv"], &from["payload"]),
        (&json!("ops"), &as_written["conv"], &as_written["payload"])
    );
    let text = body(&["--text", "new"]);
    assert_eq!(
        (&text["payload"]["searchableContent"], &text["payload"]["extra"]),
        (&json!("new"), &json!("e"))
    );
    assert_eq!((&text["conv"], &text["toUsers"]), (&as_written["conv"], &as_written["toUsers"]));
}

#[test]
fn a_profile_of_the_sandbox_finds_what_it_sent_and_keeps_its_edition() {
    let world = World::new();
    world.write(
        "profiles.toml",
        "[profiles.box]\nprovider = \"wildfire\"\nmode = \"sandbox\"\nedition = \"community\"\n",
    );
    let with = |words: &[&str]| {
        world.run(&[words, &["--profiles", "profiles.toml", "--output", "json"]].concat())
    };
    let sent =
        with(&["send", "--from", "alice", "--to", "bob", "--text", "hello"]).ends_with(0).json();
    let id = sent["ledger_id"].as_str().expect("an entry").to_owned();
    assert_eq!(with(&["history"]).ends_with(0).json()["entries"][0]["id"], id.as_str());
    assert_eq!(with(&["recall", "--last"]).ends_with(0).json()["operation"], "recall");
    // What the community edition lacks is refused before anything is sent.
    with(&["update", &id, "--text", "new", "--from", "alice"]).ends_with(2);
    world.write(
        "profiles.toml",
        "[profiles.box]\nprovider = \"wildfire\"\nmode = \"sandbox\"\nedition = \"comunity\"\n",
    );
    with(&["send", "--from", "alice", "--to", "bob", "--text", "hello"])
        .ends_with(3)
        .says("community");
}

#[test]
fn a_recall_by_hand_is_held_against_the_ledger() {
    let world = World::new();
    let sent = world.run(&[&TO_MANY[..], &["--output", "json"]].concat()).ends_with(0).json();
    let uid = format!("messageUid={}", sent["ids"]["messageUid"].as_str().expect("an id"));
    let plain = ["call", "wildfire/recall", "--sandbox", "--set", "operator=ops", "--set", &uid];
    world.run(&plain).ends_with(0).says("wildfire/W16");
}

#[test]
fn several_requests_keep_their_ids_apart() {
    let world = World::new();
    let two = [
        "send",
        "--sandbox",
        "--provider",
        "wildfire",
        "--from",
        "a",
        "--to",
        "group:g1",
        "--to",
        "group:g2",
        "--text",
        "x",
    ];
    let sent = world.run(&[&two[..], &["--output", "json"]].concat()).ends_with(0).json();
    assert_eq!(
        (&sent["outcome"], &sent["ids"], &sent["attempts"]),
        (&json!("accepted"), &json!({}), &json!(1))
    );
    let results = sent["results"].as_array().expect("results");
    assert_eq!(results.len(), 2);
    assert_ne!(results[0]["ids"]["messageUid"], results[1]["ids"]["messageUid"]);
}

#[test]
fn what_is_signed_is_signed_as_it_is_given() {
    let world = World::new();
    let secret = "71638202938228382811FCB1CB308ADC";
    let profile = format!(
        "[profiles.j]\nprovider = \"jpush-v2\"\napp_key = \"7d431e42dfa6a6d693ac2d04\"\nmaster_secret = \"{secret}\"\n"
    );
    world.write_private(".config/herald/profiles.toml", profile);
    // The sheet's vectors: blanks in a list of targets count, and so does a target that stands there twice.
    for (value, code, warns) in [
        ("game, oldman, student", "E6BD6AE007A6BB02A7DA117026545697", true),
        ("game,oldman,student", "22E9D530B3D3E04310E4A720BE06A764", false),
    ] {
        let body = format!(r#"{{"sendno":3321,"receiver_type":2,"receiver_value":"{value}"}}"#);
        world.write("body.json", body);
        let set = format!("receiver_value={value}");
        let flags = ["--set", "sendno:=3321", "--set", "receiver_type:=2", "--set", &set];
        for given in [&flags[..], &["--body", "body.json"]] {
            let sign = ["sign", "jpush-v2/push", "--profile", "j", "--verify", code];
            let run = world.run(&[&sign[..], given].concat()).ends_with(0);
            assert_eq!(run.err.contains("signed as it is given"), warns, "{}", run.err);
        }
    }
    let twice = ["--set", "sendno:=1", "--set", "receiver_type:=2", "--set", "receiver_value=a,a"];
    let run = world
        .run(&[&["sign", "jpush-v2/push", "--profile", "j", "--explain"], &twice[..]].concat());
    assert!(run.ends_with(0).out.contains("a,a"));
}
