//! Lists, variables, plans and jobs as no one should hand them over: told with place and fix, and nothing is sent.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use super::rig::{Rig, results};
use super::server::Server;
use crate::support::{Run, World, finish};

const WILDFIRE: [&str; 7] =
    ["broadcast", "--provider", "wildfire", "--from", "news", "--text", "hello {{name}}"];

/// A broadcast of a plain text.
fn plain<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&WILDFIRE[..6], &["hello", "--yes"], more].concat()
}

/// A broadcast of a text with a variable.
fn with_name<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&WILDFIRE[..], &["--yes"], more].concat()
}

fn utf16(text: &str, mark: bool) -> Vec<u8> {
    let mark = mark.then_some(0xFEFF_u16).into_iter();
    mark.chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

/// `用户1` and `用户2`, in GBK.
const GBK: &[u8] = b"group:\xD3\xC3\xBB\xA71\ngroup:\xD3\xC3\xBB\xA72\n";

#[test]
fn a_bad_list_is_told_by_line_and_nothing_is_sent() {
    let rig = Rig::new();
    let world = &rig.world;
    world.write("empty.txt", "");
    world.write("blank.txt", "\n  \n\u{feff}\n");
    world.write("partly.txt", "group:g1\nusr:x\ngroup:g2\ngroup:\ngroup:g1\n");
    world.write("users.csv", "user,name\ngroup:g1,Ann\n");
    world.write("ragged.csv", "user,name\ngroup:g1,Ann\ngroup:g2\n");
    world.write("broken.ndjson", "{\"target\":\"group:g1\"}\n{\"target\":\n");
    world.write(
        "nameless.ndjson",
        "{\"target\":\"group:g1\",\"name\":\"Ann\"}\n{\"target\":\"group:g2\"}\n",
    );
    world.write("gbk.txt", GBK);
    world.write("utf16.txt", utf16("group:g1\ngroup:g2\n", true));
    world.write("utf16-bare.txt", utf16("group:g1\ngroup:g2\n", false));
    world.write("bytes.txt", [0xFF, 0xC0, 0x80, b'\n']);
    std::fs::create_dir(world.path("folder")).expect("a folder");
    world.write("tags.txt", "tag:vip\n");
    #[rustfmt::skip]
    let table: &[(Vec<&str>, i32, &[&str])] = &[
        (plain(&["--targets", "missing.txt"]), 3, &["cannot read `missing.txt`"]),
        (plain(&["--targets", "folder"]), 3, &["is a folder"]),
        (plain(&["--targets", "empty.txt"]), 3, &["empty.txt"]),
        (plain(&["--targets", "blank.txt"]), 3, &["blank.txt"]),
        (plain(&["--targets", "partly.txt"]), 3, &["line 2", "line 4", "2 entries", "--skip-invalid"]),
        (plain(&["--targets", "tags.txt"]), 3, &["line 1", "tag"]),
        (plain(&["--targets", "users.csv", "--column", "usr"]), 3, &["usr", "user"]),
        (with_name(&["--targets", "ragged.csv", "--column", "user"]), 3, &["line 3"]),
        (plain(&["--targets", "broken.ndjson"]), 3, &["line 2"]),
        (with_name(&["--targets", "nameless.ndjson"]), 3, &["line 2", "name"]),
        (with_name(&["--targets", "tags.txt"]), 3, &["name"]),
        (plain(&["--targets", "gbk.txt"]), 3, &["--encoding", "gb"]),
        (plain(&["--targets", "utf16.txt"]), 3, &["--encoding", "utf-16"]),
        (plain(&["--targets", "utf16-bare.txt"]), 3, &["--encoding", "utf-16"]),
        (plain(&["--targets", "bytes.txt"]), 3, &["bytes.txt"]),
        (plain(&["--targets", "gbk.txt", "--encoding", "gbkk"]), 2, &["gbk"]),
        (plain(&["--targets", "partly.txt", "--to", "group:g1"]), 2, &["--targets"]),
        (plain(&["--targets", "partly.txt", "--all"]), 2, &["--all"]),
        (plain(&["--targets", "-", "--body", "-"]), 2, &["stdin"]),
    ];
    let wrong: Vec<String> = table.iter().filter_map(|row| wrong(&rig.run(&row.0), row)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n---\n"));
    assert_eq!(rig.bytes(), 0, "nothing has left");
    let entries = rig.run(&["history", "--output", "json"]).ends_with(0).json();
    assert_eq!(entries["entries"], serde_json::json!([]), "nothing of it is kept");
}

/// What is wrong with how a command ended.
fn wrong(run: &Run, (arguments, code, words): &(Vec<&str>, i32, &[&str])) -> Option<String> {
    let err = run.err.to_lowercase();
    let missing: Vec<_> =
        words.iter().filter(|words| !err.contains(&words.to_lowercase())).collect();
    (run.code != *code || !missing.is_empty())
        .then(|| format!("{arguments:?} -> {} without {missing:?}:\n{}", run.code, run.err))
}

#[test]
fn a_list_in_any_encoding_reaches_whom_it_names() {
    let rig = Rig::new();
    let world = &rig.world;
    world.write("gbk.txt", GBK);
    world.write("utf16.txt", utf16("group:用户3\r\ngroup:用户4\r\n", true));
    world.write("utf16-bare.txt", utf16("group:用户5\ngroup:用户6", false));
    world.write("utf8.txt", "\u{feff}group:用户7\r\n\r\ngroup:用户8");
    world.write("partly.txt", "group:用户9\nusr:x\ngroup:用户9\n");
    for (name, more) in [
        ("gbk.txt", &["--encoding", "gbk"][..]),
        ("utf16.txt", &["--encoding", "utf-16"]),
        ("utf16-bare.txt", &["--encoding", "utf-16le"]),
        ("utf8.txt", &[]),
        ("partly.txt", &["--skip-invalid"]),
    ] {
        rig.run(&[&plain(&["--targets", name]), more].concat()).ends_with(0);
    }
    let stored = rig.stored();
    assert_eq!(stored.len(), 9);
    for n in 1..=9 {
        let target = format!("group:用户{n}");
        assert_eq!(stored.get(&target).map(|ids| ids.len()), Some(1), "{target}");
    }
}

#[test]
fn variables_reach_each_target_as_they_are_and_are_never_expanded_again() {
    let rig = Rig::new();
    let names = ["Ann", "{{name}}", "\\\"},{\\\"x\\\":\\\"", "安\\n娜"];
    let mut list = String::new();
    for (n, name) in names.iter().enumerate() {
        writeln!(list, "{{\"target\":\"group:g{n}\",\"name\":\"{name}\"}}").expect("room");
    }
    rig.world.write("list.ndjson", list);
    let run = rig.run(&with_name(&["--targets", "list.ndjson", "--override", "test-content"]));
    run.ends_with(0);
    let bodies: Vec<serde_json::Value> = rig
        .requests()
        .iter()
        .map(|one| serde_json::from_str(one["body"].as_str().expect("text")).expect("JSON"))
        .collect();
    assert_eq!(bodies.len(), names.len());
    for (n, name) in names.iter().enumerate() {
        let name: String = serde_json::from_str(&format!("\"{name}\"")).expect("a text");
        let target = format!("g{n}");
        let body = bodies.iter().find(|body| body["conv"]["target"] == *target).expect("a body");
        assert_eq!(body["payload"]["searchableContent"], format!("hello {name}"));
    }
}

#[test]
fn a_million_duplicates_are_one_target() {
    let rig = Rig::new();
    rig.world.write("list.txt", "group:g1\n".repeat(1_000_000));
    let herald = rig.command(&plain(&["--targets", "list.txt"]));
    let mut limited = std::process::Command::new("sh");
    // 128 MiB of addresses, of which the program itself takes most.
    limited.args(["-c", "ulimit -v 131072; exec \"$0\" \"$@\""]);
    limited.arg(herald.get_program()).args(herald.get_args());
    let environment = herald.get_envs().filter_map(|(name, value)| Some((name, value?)));
    limited.env_clear().envs(environment).current_dir(rig.world.path(""));
    let began = Instant::now();
    let run = finish(&mut limited).ends_with(0);
    assert!(began.elapsed() < Duration::from_secs(20), "it took {:?}", began.elapsed());
    run.says("left out: 999999");
    assert_eq!(rig.requests().len(), 1);
}

/// A plan for two groups.
fn plan(rig: &Rig, name: &str, more: &[&str]) -> Run {
    rig.world.write("list.txt", "group:g1\ngroup:g2\n");
    rig.run(&[&plain(&["--targets", "list.txt", "--plan", name]), more].concat())
}

#[test]
fn a_plan_is_carried_out_once_as_it_was_written_or_not_at_all() {
    let rig = Rig::new();
    plan(&rig, "good.plan", &[]).ends_with(0);
    plan(&rig, "short.plan", &["--valid-for", "1s"]).ends_with(0);
    plan(&rig, "long.plan", &["--valid-for", "25h"]).ends_with(2).says("24");
    let good = std::fs::read_to_string(rig.world.path("good.plan")).expect("a plan");
    let edits = [
        ("text.plan", good.replace("hello", "hullo")),
        ("target.plan", good.replace("g2", "g3")),
        ("less.plan", good.lines().take(good.lines().count() - 1).collect::<Vec<_>>().join("\n")),
        ("cut.plan", good[..good.len() - 5].to_owned()),
        ("twice.plan", format!("{good}{good}")),
        ("empty.plan", String::new()),
        ("other.plan", "{}\n".to_owned()),
    ];
    for (name, text) in edits {
        rig.world.write(name, text);
        let run = rig.run(&["apply", name]).ends_with(3);
        assert!(run.err.contains("help:"), "{name}: {}", run.err);
    }
    rig.run(&["apply", "missing.plan"]).ends_with(3).says("missing.plan");
    std::thread::sleep(Duration::from_millis(1100));
    rig.run(&["apply", "short.plan"]).ends_with(3).says("was valid until");
    let elsewhere = Server::silent();
    let mut command = rig.command(&["apply", "good.plan"]);
    command.env("HERALD_WILDFIRE_ENDPOINT", elsewhere.url());
    finish(&mut command).ends_with(3).says("another profile");
    rig.run(&["apply", "good.plan", "--provider", "jpush-v3"]).ends_with(3).says("plan is for");
    assert_eq!(rig.bytes(), 0, "nothing has left");
    rig.run(&["apply", "good.plan", "--results", "r.ndjson"]).ends_with(0);
    assert_eq!(results(&rig.world.path("r.ndjson")).len(), 2);
    rig.run(&["apply", "good.plan"]).ends_with(3).says("carried out before");
    assert_eq!(rig.requests().len(), 2);
}

#[test]
fn a_job_that_is_not_there_or_done_is_told_so() {
    let rig = Rig::new();
    rig.world.write("list.txt", "group:g1\ngroup:g2\n");
    rig.run(&["broadcast", "--resume", "spring"]).ends_with(2).says("there is no job `spring`");
    rig.run(&plain(&["--targets", "list.txt", "--job", "spring"])).ends_with(0);
    rig.run(&["broadcast", "--resume", "sprin"]).ends_with(2).says("did you mean `spring`?");
    rig.run(&["stop", "sprin"]).ends_with(2).says("did you mean `spring`?");
    rig.run(&["stop", "spring"]).says("nothing");
    // It is told again what happened to it, and nothing goes out.
    let again = ["broadcast", "--resume", "spring", "--results", "r.ndjson"];
    rig.run(&again).ends_with(0).says("nothing left to do");
    assert_eq!(results(&rig.world.path("r.ndjson")).len(), 2);
    for flags in
        [&["--text", "x"][..], &["--targets", "list.txt"], &["--plan", "p"], &["--dry-run"]]
    {
        let run = rig.run(&[&["broadcast", "--resume", "spring"], flags].concat());
        assert_eq!(run.code, 2, "{run:?}");
    }
    assert_eq!(rig.requests().len(), 2);
}

#[test]
fn a_list_from_stdin_is_read_to_its_end_before_anything_leaves() {
    let world = World::new();
    let message =
        ["broadcast", "--sandbox", "--provider", "wildfire", "--from", "a", "--text", "x"];
    let all = [&message[..], &["--targets", "-", "--output", "json"]].concat();
    let told = world.run_on(&all, "group:g1\ngroup:g2").ends_with(0).json();
    assert_eq!(told["job"]["counts"]["accepted"], 2);
    let told = world.run_on(&all, "group:g3\nusr:x\n").ends_with(3).json();
    assert_eq!(told["entries"][0]["line"], 2, "{told}");
}
