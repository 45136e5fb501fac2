//! Texts that stand inside of what `--set` or a file gives: no person gets a message that shows nothing.

use crate::support::World;

/// For each provider: a type, the parent of its text, and the parent's JSON with `TEXT` in the place of the text.
const PARENTS: [(&str, &str, &str, &str); 9] = [
    ("easemob", "txt", "body:=", r#"{"msg":"TEXT"}"#),
    ("jmessage", "text", "msg_body:=", r#"{"text":"TEXT"}"#),
    ("jpush-v2", "notification", "msg_content:=", r#"{"n_content":"TEXT"}"#),
    ("jpush-v2", "notification", "msg_content=", r#"{"n_content":"TEXT"}"#),
    ("jpush-v3", "notification", "notification:=", r#"{"alert":"TEXT"}"#),
    ("jpush-v3", "notification", "notification:=", r#"{"android":{"alert":"TEXT"}}"#),
    ("jpush-v3", "notification", "notification.android:=", r#"{"alert":"TEXT"}"#),
    ("rongcloud", "RC:TxtMsg", "content=", r#"{"content":"TEXT"}"#),
    ("wildfire", "text", "payload:=", r#"{"type":1,"searchableContent":"TEXT"}"#),
];

#[test]
fn a_text_inside_of_json_is_judged_as_one_of_its_own() {
    let world = World::new();
    for (provider, kind, path, json) in PARENTS {
        for text in ["", "   ", "\u{200b}"] {
            let set = format!("{path}{}", json.replace("TEXT", text));
            let words = ["send", "--sandbox", "--dry-run", "--provider", provider, "--from", "a"];
            let words = [&words[..], &["--to", "bob", "--type", kind, "--set", &set]].concat();
            let run = world.run(&words).ends_with(2);
            assert!(run.err.contains("--allow-empty"), "{provider} {set}: {}", run.err);
            let run = world.run(&[&words[..], &["--allow-empty"]].concat());
            assert!(!run.err.contains("--allow-empty"), "{provider} {set}: {}", run.err);
        }
    }
    // What a later expression fills in does not go out empty.
    let filled = ["send", "--sandbox", "--dry-run", "--provider", "rongcloud", "--from", "a"];
    let sets = ["--set", "content={\"content\":\"\"}", "--set", "content.content=hi"];
    let filled = [&filled[..], &["--to", "bob", "--type", "RC:TxtMsg"], &sets].concat();
    world.run(&filled).ends_with(0);
}

#[test]
fn a_text_inside_of_json_is_judged_for_each_person_of_a_list() {
    let world = World::new();
    world.write("ev.csv", "user,name\nalice,\nbob1,Bob\n");
    for (provider, kind, path, json) in PARENTS {
        let set = format!("{path}{}", json.replace("TEXT", "{{name}}"));
        let words = ["broadcast", "--sandbox", "--dry-run", "--provider", provider, "--from", "a"];
        let list = ["--targets", "ev.csv", "--column", "user"];
        let words = [&words[..], &list, &["--type", kind, "--set", &set]].concat();
        let run = world.run(&words).ends_with(3);
        assert!(
            run.err.contains("line 2") && run.err.contains("is empty with the values"),
            "{provider} {set}: {}",
            run.err
        );
    }
}

#[test]
fn a_text_of_a_file_is_judged_for_each_person_of_a_list() {
    let world = World::new();
    world.write("ev.csv", "user,name\nalice,\nbob1,Bob\n");
    world.write(
        "push.json",
        r#"{"platform":"all","audience":{"alias":["x"]},"notification":{"alert":"{{name}}"}}"#,
    );
    let words = ["broadcast", "--sandbox", "--dry-run", "--provider", "jpush-v3"];
    let list = ["--targets", "ev.csv", "--column", "user", "--body", "push.json"];
    let run = world.run(&[&words[..], &list].concat()).ends_with(3);
    assert!(run.err.contains("line 2") && run.err.contains("notification.alert"), "{}", run.err);
}

#[test]
fn a_kind_that_stands_twice_is_told() {
    let world = World::new();
    let send = ["send", "--sandbox", "--dry-run", "--provider", "rongcloud", "--from", "a"];
    let run = world.run(&[&send[..], &["--text", "hi", "--to", "user:user:bob"]].concat());
    assert!(run.err.contains("has its kind twice"), "{}", run.err);
    world.write("l.txt", "user:user:bob\ncarol\n");
    let list = ["broadcast", "--sandbox", "--dry-run", "--provider", "rongcloud", "--from", "a"];
    let run = world.run(&[&list[..], &["--text", "hi", "--targets", "l.txt"]].concat());
    assert!(run.err.contains("line 1: the id itself begins with a kind"), "{}", run.err);
}
