//! Faults of what flags have composed: told in the words of the flags, with a line to paste, and no JSON that no one wrote.

use crate::support::{Run, World};

/// Each provider with a target that it takes.
const PROVIDERS: [(&str, &str); 6] = [
    ("easemob", "user:bob"),
    ("jmessage", "user:bobby"),
    ("jpush-v2", "alias:bob"),
    ("jpush-v3", "alias:bob"),
    ("rongcloud", "user:bob"),
    ("wildfire", "user:bob"),
];

/// One value for each content flag.
const CONTENTS: [[&str; 2]; 7] = [
    ["--text", "hi"],
    ["--image", "https://example.com/a.jpg"],
    ["--voice", "https://example.com/a.mp3"],
    ["--video", "https://example.com/a.mp4"],
    ["--file", "https://example.com/a.pdf"],
    ["--location", "39.9,116.4,Beijing"],
    ["--command", "refresh"],
];

/// No excerpt, and no payload, on stderr.
#[track_caller]
fn has_no_json(run: &Run) {
    for sign in ["-->", "(flags)", "{\"", "^"] {
        assert!(!run.err.contains(sign), "`{sign}`: {}", run.err);
    }
}

/// The words of a line to paste, with a value in the place of its placeholder.
fn pasted(line: &str) -> Vec<String> {
    let (flag, value) = line.split_once(' ').expect("a flag and its value");
    let value = value.replace(":=JSON", ":={\"duration\":5}").replace("=BASE64", "=AAAA");
    let value = value.replace("=NUMBER", "=5").replace("=TEXT", "=5");
    let value = if flag == "--from" { "anna".to_owned() } else { value };
    vec![flag.to_owned(), value]
}

/// The lines to paste that an answer names.
fn lines_of(run: &Run) -> Vec<String> {
    let adds = run.err.lines().filter(|line| line.starts_with("error: "));
    adds.filter_map(|line| Some(line.split_once(": add ")?.1.to_owned())).collect()
}

#[test]
fn a_flag_that_is_missing_is_one_line_to_paste() {
    let world = World::new();
    let mut pasted_lines = 0;
    for (provider, target) in PROVIDERS {
        for content in CONTENTS {
            let send = ["send", "--sandbox", "--provider", provider, "--to", target, "--dry-run"];
            let mut words: Vec<String> =
                send.iter().chain(&content).map(|word| (*word).to_owned()).collect();
            let run = world.run(&words.iter().map(String::as_str).collect::<Vec<_>>());
            has_no_json(&run);
            let lines = lines_of(&run);
            if lines.is_empty() {
                // Complete as it is, or refused with what to do instead.
                assert!(run.code == 0 || run.code == 2, "{provider} {content:?}: {}", run.err);
                continue;
            }
            assert_eq!(run.code, 2, "{}", run.err);
            pasted_lines += lines.len();
            words.extend(lines.iter().flat_map(|line| pasted(line)));
            let run = world.run(&words.iter().map(String::as_str).collect::<Vec<_>>());
            assert_eq!(run.code, 0, "{words:?}: {}", run.err);
        }
    }
    assert!(pasted_lines > 12, "{pasted_lines}");
}

#[test]
fn what_the_matrix_says_a_flag_needs_is_asked_for() {
    let world = World::new();
    let matrix = world.run(&["providers", "--matrix"]).ends_with(0).out;
    let rongcloud = matrix.lines().find(|line| line.starts_with("--video")).expect("a row");
    assert!(rongcloud.contains("needs content, duration, size"), "{matrix}");
    let send = ["send", "--sandbox", "--provider", "rongcloud", "--to", "bob"];
    let video = ["--video", "https://example.com/a.mp4"];
    let run = world.run(&[&send[..], &video].concat()).ends_with(2);
    assert_eq!(
        lines_of(&run),
        ["--from ID", "--set content=BASE64", "--set duration=NUMBER", "--set size=NUMBER",]
    );
    let document =
        world.run(&[&send[..], &video, &["--output", "json", "-q"]].concat()).ends_with(2).json();
    assert_eq!(document["error"]["kind"], "usage");
    let first = &document["findings"][0];
    assert_eq!((first["file"].as_str(), first["line"].as_i64()), (Some("(flags)"), Some(1)));
    assert_eq!(first["message"], "`fromUserId` is missing");
    assert!(first["help"].as_str().is_some_and(|help| help.contains("--from ID")), "{first}");
    let list = world.write("list.txt", "bob\ncarol\n");
    let list = list.to_str().expect("UTF-8");
    for how in [["--targets", list], ["--to", "bob"]] {
        let broadcast = ["broadcast", "--sandbox", "--provider", "rongcloud", "--text", "hi"];
        let run = world.run(&[&broadcast[..], &how].concat()).ends_with(2);
        run.says("rongcloud needs a sender: add --from ID");
    }
    let call = ["call", "rongcloud/tag-set", "--sandbox", "--set", "userId=u1"];
    let run = world.run(&call).ends_with(2).says("rongcloud/tag-set needs `tags`");
    assert_eq!(lines_of(&run), ["--set tags=TEXT"]);
    has_no_json(&run);
}

#[test]
fn a_value_that_breaks_a_rule_is_told_with_its_flag() {
    let world = World::new();
    let long = "x".repeat(300);
    let send = |provider: &'static str, more: &[&str]| {
        let to = if provider == "jmessage" { "bobby" } else { "bob" };
        let send = ["send", "--sandbox", "--provider", provider, "--to", to];
        let run = world.run(&[&send[..], more].concat());
        has_no_json(&run);
        run
    };
    let run = send("jpush-v2", &["--text", &long, "--extra", "a=b"]).ends_with(1);
    run.says("--text takes 309 bytes with --extra, the limit is 220").says("jpush-v2/V2-13");
    let run = send("jpush-v2", &["--text", &long]).ends_with(1);
    assert!(!run.err.contains("n_extras"), "{}", run.err);
    send("wildfire", &["--from", &"a".repeat(65), "--text", "hi"]).ends_with(2).says("--from aaaa");
    let set = ["--from", "anna", "--text", "hi", "--set", "isPersisted:=7"];
    send("rongcloud", &set).ends_with(1).says("--set isPersisted");
    let short = ["send", "--sandbox", "--provider", "jmessage", "--to", "b", "--from", "anna"];
    let run =
        world.run(&[&short[..], &["--text", "hi"]].concat()).ends_with(2).says("--to b takes");
    has_no_json(&run);
    // What stands in a file is told with its place in the file.
    let body = world.write("m.json", "{\"sendno\":1,\"receiver_type\":3,\"receiver_value\":\"b\",\"msg_type\":1,\"platform\":\"android\",\"msg_content\":{\"n_content\":7}}");
    let body = body.to_str().expect("UTF-8");
    let send = ["send", "--sandbox", "--provider", "jpush-v2", "--body", body];
    world.run(&send).ends_with(1).says("m.json:1:");
}

#[test]
fn what_is_found_in_an_entry_has_its_line_in_the_list() {
    let world = World::new();
    let ids = (1..1600).map(|n| if n % 300 == 0 { format!("a b@{n}") } else { format!("u{n}") });
    world.write("mid.txt", ids.collect::<Vec<_>>().join("\n"));
    for (provider, more) in [("rongcloud", ""), ("easemob", ""), ("rongcloud", "--plan")] {
        let send = ["broadcast", "--sandbox", "--provider", provider, "--from", "anna"];
        let plan = ["--plan", "mid.plan"];
        let plan: &[&str] = if more.is_empty() { &[] } else { &plan };
        let run = world.run(&[&send[..], &["--text", "hi", "--targets", "mid.txt"], plan].concat());
        let run = run.ends_with(0).says("mid.txt:300: `a b@300` ");
        let run = run.says("mid.txt, line 300: an id with a blank in it is one target");
        let warnings = run.err.lines().filter(|line| line.starts_with("warning[")).count();
        assert_eq!(warnings, 1, "{}", run.err);
        run.says("; and 4 more, first lines 300, 600, 900");
    }
    // An entry whose own text is too long, and one with a bad id; -q hides no line.
    world.write("p.csv", format!("user,name\nann,Ann\nbob,{}\n\"c,d\",Carol\n", "x".repeat(400)));
    let send = ["broadcast", "--sandbox", "--provider", "jpush-v2", "--targets", "p.csv", "-q"];
    let run = world.run(&[&send[..], &["--column", "user", "--text", "Dear {{name}}"]].concat());
    let run = run.ends_with(3).says("p.csv, line 3: `bob`: --text takes 405 bytes");
    run.says("p.csv, line 4: `c,d`: the id holds a comma").says("(lines 3, 4)");
    world.write("s.txt", "bobby\nb\n");
    let send = ["broadcast", "--sandbox", "--provider", "jmessage", "--from", "anna", "-q"];
    let send = [&send[..], &["--text", "hi", "--targets", "s.txt"]].concat();
    world.run(&send).ends_with(3).says("s.txt, line 2: `b`: the id takes 1 bytes");
    world.run(&[&send[..], &["--skip-invalid"]].concat()).ends_with(0);
}

/// Each provider: a command line, and a `--set` that contradicts the flag, with that flag.
const CONTRADICTIONS: [(&str, &[&str], &str, &str); 19] = [
    ("wildfire", &["--to", "bob", "--text", "hi"], "conv.target=carol", "--to"),
    ("wildfire", &["--to", "bob", "--text", "hi"], "conv.type=1", "--to"),
    ("wildfire", &["--to", "bob", "--text", "hi"], "conv:={\"type\":1,\"target\":\"bob\"}", "--to"),
    ("wildfire", &["--to", "bob", "--text", "hi"], "sender=carol", "--from"),
    ("wildfire", &["--to", "bob", "--text", "hi"], "searchableContent=ho", "--text"),
    ("wildfire", &["--to", "bob", "--text", "hi"], "payload.searchableContent=ho", "--text"),
    ("rongcloud", &["--to", "bob", "--text", "hi"], "toUserId:=[\"carol\"]", "--to"),
    ("rongcloud", &["--to", "bob", "--text", "hi"], "toUserId:=[\"bob\",\"carol\"]", "--to"),
    ("rongcloud", &["--to", "group:g", "--text", "hi"], "toGroupId=h", "--to"),
    ("rongcloud", &["--to", "bob", "--text", "hi"], "fromUserId=carol", "--from"),
    ("rongcloud", &["--to", "bob", "--text", "hi"], "content.content=ho", "--text"),
    ("easemob", &["--to", "bob", "--text", "hi"], "to:=[\"carol\"]", "--to"),
    ("easemob", &["--to", "bob", "--text", "hi"], "body.msg=ho", "--text"),
    ("jpush-v2", &["--to", "bob", "--text", "hi", "--extra", "k=v"], "n_extras.k=w", "--extra"),
    ("jpush-v2", &["--to", "bob", "--text", "hi"], "receiver_value=carol", "--to"),
    ("jpush-v2", &["--to", "bob", "--text", "hi", "--title", "t"], "n_title=s", "--title"),
    (
        "jpush-v3",
        &["--to", "bob", "--text", "hi"],
        "audience:={\"alias\":[\"carol\",\"dave\"]}",
        "--to",
    ),
    ("jpush-v3", &["--to", "bob", "--text", "hi"], "notification.alert=ho", "--text"),
    ("jmessage", &["--to", "bobby", "--text", "hi"], "target_id=carol", "--to"),
];

#[test]
fn a_flag_and_a_set_that_contradict_each_other_are_refused() {
    let world = World::new();
    let run = |provider: &str, flags: &[&str], sets: &[&str]| {
        let begin = ["send", "--sandbox", "--provider", provider, "--dry-run"];
        let from: &[&str] = if provider.starts_with("jpush") { &[] } else { &["--from", "anna"] };
        let sets: Vec<&str> = sets.iter().flat_map(|set| ["--set", *set]).collect();
        world.run(&[&begin[..], from, flags, &sets].concat())
    };
    for (provider, flags, set, flag) in CONTRADICTIONS {
        let path = set.split(['=', ':']).next().expect("a path");
        let words = format!("`{flag}` and `--set {path}` contradict each other");
        run(provider, flags, &[set]).ends_with(2).says(&words);
    }
    for (provider, flags, sets) in [
        ("wildfire", &["--to", "bob", "--text", "hi"][..], &["conv.target=bob", "conv.line=1"][..]),
        ("wildfire", &["--to", "group:g", "--text", "hi"], &["toUsers=u1"]),
        ("wildfire", &["--to", "bob", "--text", "hi"], &["sender=anna", "searchableContent=hi"]),
        ("wildfire", &["--to", "bob", "--text", "hi"], &["conv.target=carol", "conv.target=bob"]),
        ("rongcloud", &["--to", "bob", "--text", "hi"], &["toUserId:=[\"bob\"]", "pushContent=ho"]),
        ("easemob", &["--to", "bob", "--text", "hi"], &["to=bob", "body.msg=hi"]),
        ("jpush-v3", &["--to", "bob", "--text", "hi"], &["notification.ios.alert=ho"]),
        ("jpush-v3", &["--to", "bob", "--text", "hi"], &["audience.tag:=[\"shop\"]"]),
        ("jmessage", &["--to", "bobby", "--text", "hi"], &["notification.alert=ho"]),
    ] {
        run(provider, flags, sets).ends_with(0);
    }
    world.write("list.txt", "bob\ncarol\n");
    let broadcast =
        ["broadcast", "--sandbox", "--provider", "rongcloud", "--from", "anna", "--text", "hi"];
    let set = ["--dry-run", "--set", "toUserId=dave"];
    let run = world.run(&[&broadcast[..], &["--targets", "list.txt"], &set].concat());
    run.ends_with(2).says("`--targets` and `--set toUserId` contradict each other");
    // Flags beat a file, and a `--set` that contradicts them is one of the same kind there.
    let body = r#"{"$schema":"rongcloud/send-private","fromUserId":"x","toUserId":"y","objectName":"RC:TxtMsg","content":"{\"content\":\"hi\"}"}"#;
    world.write("body.json", body);
    let send = ["send", "--sandbox", "--provider", "rongcloud", "--body", "body.json", "--dry-run"];
    for (flags, set, code) in [
        (["--to", "bob"], "toUserId=carol", 2),
        (["--from", "bob"], "fromUserId=carol", 2),
        (["--to", "bob"], "fromUserId=carol", 0),
        (["--from", "bob"], "toUserId=carol", 0),
    ] {
        world.run(&[&send[..], &flags, &["--set", set]].concat()).ends_with(code);
    }
}

#[test]
fn a_set_beats_the_sender_and_the_title_of_the_defaults() {
    let world = World::new();
    let text = "[profiles.p]\nprovider = \"wildfire\"\nmode = \"sandbox\"\n\n[profiles.p.defaults]\nfrom = \"news\"\n";
    world.write_private(".config/herald/profiles.toml", text);
    let send = ["send", "--to", "bob", "--text", "hi", "--dry-run", "--set", "sender=anna"];
    world.run(&send).ends_with(0).tells("\"sender\":\"anna\"");
    world.run(&[&send[..], &["--from", "carol"]].concat()).ends_with(2);
}
