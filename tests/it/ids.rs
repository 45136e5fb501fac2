//! One judge of ids: whichever way an id comes in, what no vendor has as an id is refused before anything is sent, with the
//! flag or the line, and the reason.

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

/// Each provider with a target that it takes, and a field of the audience where `--set` can give it.
const PROVIDERS: [(&str, &str, Option<&str>); 6] = [
    ("easemob", "user", Some("to")),
    ("jmessage", "user", Some("target_id")),
    ("jpush-v2", "alias", None),
    ("jpush-v3", "alias", Some("audience.alias")),
    ("rongcloud", "user", Some("toUserId")),
    ("wildfire", "user", Some("conv.target")),
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
fn no_flag_takes_what_is_no_id() {
    let world = World::new();
    for (provider, kind, field) in PROVIDERS {
        for (slip, word) in SLIPS.into_iter().chain([("", "empty")]) {
            let sends = ["--sandbox", "--provider", provider, "--text", "hi", "-q"];
            let (from, to) = (["--from", "anna"], ["--to", "bob"]);
            let with_kind = format!("{kind}:{slip}");
            for doors in [["--to", slip], ["--to", &with_kind]] {
                let send = [&["send"], &sends[..], &from, &doors].concat();
                refused(&world, &send, 2, &["--to", word]);
            }
            let send = [&["send"], &sends[..], &["--from", slip], &to].concat();
            refused(&world, &send, 2, &["--from", word]);
            let tag = [&["broadcast"], &sends[..], &from, &["--tag", slip, "--yes"]].concat();
            refused(&world, &tag, 2, &["--tag", word]);
            let Some(field) = field else { continue };
            let list = format!("{field}:={}", serde_json::json!([slip]));
            let text = format!("{field}:={}", serde_json::json!(slip));
            let is_list = matches!(provider, "easemob" | "rongcloud" | "jpush-v3");
            let set = ["--set", if is_list { &list } else { &text }];
            let send = [&["send"], &sends[..], &from, &to, &set].concat();
            refused(&world, &send, 2, &["--set", word]);
        }
    }
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
fn no_list_takes_what_is_no_id() {
    let world = World::new();
    // What a list has around a line or a cell is taken off.
    let slips =
        SLIPS.into_iter().filter(|(slip, _)| slip.trim() == "bob\u{200b}" || slip.trim() == *slip);
    for (slip, word) in slips {
        let cell = format!("user\ncarol\n\"{slip}\"\n");
        let line = format!("carol\n\n{slip}\n");
        let object = format!("{{\"to\":\"carol\"}}\n\n{}\n", serde_json::json!({ "to": slip }));
        for (name, text) in [("l.csv", cell), ("l.txt", line), ("l.ndjson", object)] {
            world.write(name, text);
            for (provider, _, _) in PROVIDERS {
                let column: &[&str] = if name == "l.csv" { &["--column", "user"] } else { &[] };
                let list = ["broadcast", "--sandbox", "--provider", provider, "--from", "anna"];
                let rest = ["--text", "hi", "--targets", name];
                let arguments = [&list[..], &rest, column].concat();
                refused(&world, &arguments, 3, &["line 3: ", word]);
            }
        }
    }
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
