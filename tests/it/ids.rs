//! One judge of ids, at places that the table of doors does not have: beside other targets, in maps, and in profiles.

use crate::support::World;

/// What is wrong with an id, around `bob`, and a word of the reason.
const SLIPS: [(&str, &str); 13] = [
    (" ", "blank"),
    ("bob ", "blank"),
    (" bob", "blank"),
    ("bob\r", "\\r"),
    ("bob\n", "\\n"),
    ("bob\t", "\\t"),
    ("b\u{1}ob", "\\u{1}"),
    ("bob\u{200b}", "\\u{200b}"),
    ("\u{feff}bob", "\\u{feff}"),
    ("bo\u{202e}b", "\\u{202e}"),
    ("b\u{e77b}ob", "private use"),
    ("u1,u2", "comma"),
    ("1E+21", "scientific"),
];

fn refused(world: &World, arguments: &[&str], code: i32, words: &[&str]) {
    let run = world.run(arguments);
    let told = format!("{arguments:?}\n{}{}", run.out, run.err);
    assert_eq!(run.code, code, "{told}");
    for word in words {
        assert!(run.err.lines().any(|line| line.contains(word)), "`{word}` is not told: {told}");
    }
    assert!(!run.out.contains("accepted"), "{told}");
}

#[test]
fn no_field_takes_what_is_no_id() {
    let world = World::new();
    // Users beside a group, and a kind before a sender.
    let group = ["send", "--sandbox", "--provider", "rongcloud", "--from", "anna", "--text", "hi"];
    let group = [&group[..], &["--to", "group:g1"]].concat();
    for (slip, word) in SLIPS {
        let list = format!("toUserId:={}", serde_json::json!([slip]));
        refused(&world, &[&group[..], &["--set", &list]].concat(), 2, &["toUserId", word]);
    }
    let with_kind = ["send", "--sandbox", "--provider", "wildfire", "--from", "user:anna"];
    let with_kind = [&with_kind[..], &["--to", "bob", "--text", "hi"]].concat();
    refused(&world, &with_kind, 2, &["a sender has no kind: --from anna"]);
    // Ids at places that a list or a map repeats.
    let key = "sandbox00app00key0000001-711261d4-5f17-4d2f-a855-5e5a8909b26e";
    for (slip, word) in SLIPS {
        let entry = serde_json::json!({ "platform": ["android"], "target": slip, "notification": { "alert": "a, b" } });
        let list = format!("pushlist:={}", serde_json::json!({ key: entry }));
        let call = ["call", "jpush-v3/batch-alias", "--sandbox", "--set", &list];
        refused(&world, &call, 2, &["pushlist.*.target", word]);
    }
    let history = world.run(&["history", "--sandbox", "--output", "json"]).ends_with(0).json();
    assert_eq!(history["entries"], serde_json::json!([]), "nothing was sent");
}

#[test]
fn a_guest_of_a_profile_is_an_id_too() {
    let world = World::new();
    for (slip, word) in
        [("user:test-* ", "blank"), ("user:a,b", "comma"), ("user:\u{200b}", "invisible")]
    {
        world.write_private(
            "profiles.toml",
            format!(
                "[profiles.p]\nprovider = \"wildfire\"\nendpoint = \"http://127.0.0.1:1\"\nmode = \"test\"\n\
                 secret = {{ env = \"S\" }}\nallow_to = [\"{slip}\"]\n"
            ),
        );
        let send =
            ["send", "--profiles", "profiles.toml", "--from", "a", "--to", "b", "--text", "x"];
        let run = world.run_with(&send, &[("S", "s")]).ends_with(3);
        assert!(run.err.contains(word) && run.err.contains("allow_to"), "{}", run.err);
    }
}

#[test]
fn a_target_that_is_looked_for_is_an_id_too() {
    let world = World::new();
    for (slip, word) in SLIPS {
        refused(&world, &["history", "--to", slip], 2, &["--to", word]);
        refused(&world, &["history", "list", "--to", &format!("user:{slip}")], 2, &["--to", word]);
    }
    for (slip, word) in [
        ("user：bob", "`：`"),
        ("bob，carol", "comma"),
        ("usr:bob", "did you mean"),
        ("---", "ruler"),
    ] {
        refused(&world, &["history", "--sandbox", "--to", slip], 2, &[word]);
    }
    for target in ["bob", "user:bob", "tag:all"] {
        refused(&world, &["history", "--to", target], 0, &["nothing matches"]);
    }
}

/// A secret with what no one sees is told before anything is signed with it.
#[test]
fn a_secret_that_is_blank_or_has_invisible_characters_is_refused() {
    let world = World::new();
    let profile = "[profiles.p]\nprovider = \"wildfire\"\nendpoint = \"http://127.0.0.1:1\"\nmode = \"test\"\n\
                   secret = { env = \"S\" }\nallow_to = [\"user:bob\"]\n";
    world.write_private(".config/herald/profiles.toml", profile);
    let send = ["send", "--from", "a", "--to", "bob", "--text", "x"];
    for (secret, words) in [
        (" ", "is blank"),
        ("\t", "is blank"),
        ("abc\u{200b}", "has an invisible character in it"),
        ("\u{feff}abc", "has an invisible character in it"),
    ] {
        let run = world.run_with(&send, &[("S", secret)]);
        assert_ne!(run.code, 0, "{secret:?}");
        assert!(run.err.contains(words), "{secret:?}: {}", run.err);
    }
}

#[test]
fn an_id_that_a_program_rounded_is_told_at_each_door() {
    const WORDS: &str = "may have rounded it";
    const ROUNDED: &str = "1294030472427830000";
    let world = World::new();
    world.write("list.txt", format!("{ROUNDED}\n1294030472427840000\n"));
    world.write("plain.txt", "b\nc\n");
    let flags = |command: &str, rest: &[&str]| {
        let common = ["--sandbox", "--provider", "wildfire", "--dry-run"];
        [&[command][..], &common, rest].concat().into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let run = |words: &[String]| world.run(&words.iter().map(String::as_str).collect::<Vec<_>>());
    let sender = format!("sender={ROUNDED}");
    let users = format!("toUserId:=[\"{ROUNDED}\"]");
    let mut beside_group =
        flags("send", &["--from", "a", "--to", "group:g1", "--text", "x", "--set", &users]);
    beside_group[3] = "rongcloud".to_owned();
    let doors = [
        (flags("send", &["--from", "a", "--to", ROUNDED, "--text", "x"]), ROUNDED),
        (flags("send", &["--from", "a", "--to", "b", "--to", ROUNDED, "--text", "x"]), ROUNDED),
        (flags("send", &["--from", ROUNDED, "--to", "b", "--text", "x"]), "--from"),
        (flags("send", &["--to", "b", "--text", "x", "--set", &sender]), "sender"),
        (beside_group, "toUserId"),
        (flags("broadcast", &["--from", "a", "--to", ROUNDED, "--text", "x"]), ROUNDED),
        (
            flags("broadcast", &["--from", ROUNDED, "--targets", "plain.txt", "--text", "x"]),
            "--from",
        ),
        (
            flags("broadcast", &["--from", "a", "--targets", "list.txt", "--text", "x"]),
            "list.txt, line 1",
        ),
        (flags("recall", &["--from", "a", ROUNDED]), ROUNDED),
        (flags("recall", &["--from", "a", "1294030472427830017", "--to", ROUNDED]), ROUNDED),
    ];
    for (door, place) in doors {
        let found = run(&door);
        let told = format!("{door:?}\n{}{}", found.out, found.err);
        let lines: Vec<&str> = found.err.lines().filter(|line| line.contains(WORDS)).collect();
        assert_eq!(lines.len(), 1, "{told}");
        assert!(lines[0].contains("warning") && lines[0].contains(place), "{told}");
        if !door.contains(&"list.txt".to_owned()) {
            let plain: Vec<String> =
                door.iter().map(|word| word.replace("830000", "830017")).collect();
            let run = run(&plain);
            assert!(!run.err.contains(WORDS), "{door:?}\n{}", run.err);
        }
    }
    // A payload that is given whole has the vendor's own rules.
    let body = format!(
        r#"{{"sender":"a","conv":{{"type":0,"target":"{ROUNDED}"}},"payload":{{"type":1,"searchableContent":"x"}}}}"#
    );
    world.write("body.json", body);
    let run = run(&flags("send", &["--body", "body.json"])).ends_with(0);
    assert!(!run.err.contains(WORDS), "{}", run.err);
}
