//! Characters that show nothing: refused in ids, shown escaped to people, sent as they are in texts.

use crate::support::World;

const SEND: [&str; 7] =
    ["send", "--provider", "rongcloud", "--sandbox", "--dry-run", "--text", "hi"];

/// One of each sort: zero width, joiner, bidi override, bidi isolate, mark, soft hyphen, tag, variation selector, filler.
const UNSEEN: &str = "\u{200b}\u{200d}\u{202e}\u{2066}\u{feff}\u{ad}\u{e0041}\u{fe0f}\u{e0101}\u{3164}\u{2060}\u{34f}";

#[test]
fn an_id_with_one_is_refused_in_flags_and_in_lists_with_its_line() {
    let world = World::new();
    let list: String = UNSEEN.chars().map(|c| format!("b{c}ob\n")).collect();
    world.write("list.txt", list);
    let words: Vec<String> = UNSEEN.chars().map(|c| c.escape_unicode().to_string()).collect();
    for (c, word) in UNSEEN.chars().zip(&words) {
        let (to, from) = (format!("user:b{c}ob"), format!("a{c}"));
        let run = world.run(&[&SEND[..], &["--from", "a", "--to", &to]].concat()).ends_with(2);
        assert!(run.err.contains(word.as_str()) && !run.err.contains(c), "{}", run.err);
        let run = world.run(&[&SEND[..], &["--from", &from, "--to", "bob"]].concat()).ends_with(2);
        assert!(run.err.contains(word.as_str()) && !run.err.contains(c), "{}", run.err);
    }
    let list = ["--from", "a", "--targets", "list.txt"];
    let broadcast = [&["broadcast"], &SEND[1..], &list[..]].concat();
    let run = world.run(&broadcast).ends_with(3);
    for (number, word) in (1..).zip(&words) {
        assert!(run.err.contains(&format!("line {number}: ")), "{}", run.err);
        assert!(run.err.contains(&format!("({word})")), "{}", run.err);
    }
    assert!(!run.err.contains(|c| UNSEEN.contains(c)), "{}", run.err);
}

#[test]
fn people_see_them_and_the_vendor_gets_them() {
    let world = World::new();
    // A payload given whole is judged by the vendor's rules alone.
    let text = format!("👨\u{200d}👩{UNSEEN}");
    world.write(
        "body.json",
        serde_json::json!({
            "sender": "a",
            "conv": { "type": 0, "target": "b\u{200b}ob" },
            "payload": { "type": 1, "searchableContent": text },
        })
        .to_string(),
    );
    let call = ["call", "wildfire/send", "--body", "body.json", "--sandbox", "--dry-run"];
    let run = world.run(&call).ends_with(0);
    for shown in [&run.out, &run.err] {
        assert!(!shown.contains(|c| UNSEEN.contains(c)), "{shown}");
    }
    assert!(run.out.contains(r"b\u{200b}ob"), "{}", run.out);
    assert!(run.err.contains(r"reaches user:b\u{200b}ob"), "{}", run.err);
    let exact = world.run(&[&call[..], &["--output", "json", "--show-secrets"]].concat());
    let body = exact.ends_with(0).json()["requests"][0]["body"].to_string();
    assert!(body.contains(&text), "{body}");
    // A reply for people stays JSON.
    world.run(&call[..5]).ends_with(0);
    let list = world.run(&["history", "list", "--sandbox"]).ends_with(0);
    assert!(!list.out.contains(|c| UNSEEN.contains(c)), "{}", list.out);
}
