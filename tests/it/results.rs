//! `--results FILE`: what is in it, and what it may never replace.

use serde_json::{Value, json};

use crate::support::{Run, World};

/// A broadcast to the mock server inside the process.
fn broadcast(world: &World, more: &[&str]) -> Run {
    let start = ["broadcast", "--sandbox", "--provider", "wildfire", "--from", "a", "--text", "x"];
    world.run(&[&start[..], more].concat())
}

#[test]
fn what_has_no_results_in_it_is_not_replaced_whatever_its_bytes() {
    let world = World::new();
    world.write("list.txt", "ann\nbob\n");
    let list = ["--targets", "list.txt", "--results"];
    for (name, bytes) in [
        ("gbk.txt", &b"\xd5\xc5\n\xc0\xee\n"[..]),
        ("zeros", &[0; 64]),
        ("other.ndjson", b"{\"target\":\"ann\",\"outcome\":\"won\"}\n"),
        ("half.ndjson", b"{\"version\":1,\"target\":\"ann\""),
    ] {
        world.write(name, bytes);
        let run = broadcast(&world, &[&list[..], &[name]].concat()).ends_with(2);
        run.says("has no results in it, and would be replaced");
        assert_eq!(std::fs::read(world.path(name)).expect("a file"), bytes);
    }
    let gbk = ["--targets", "gbk.txt", "--encoding", "gbk", "--results", "gbk.txt"];
    broadcast(&world, &gbk).ends_with(2).says("would be replaced");
    // Nor are the results of another job.
    broadcast(&world, &[&list[..], &["r.ndjson"]].concat()).ends_with(0);
    let before = std::fs::read_to_string(world.path("r.ndjson")).expect("results");
    assert_eq!(before.lines().count(), 2);
    let refused = broadcast(&world, &[&list[..], &["r.ndjson"]].concat()).ends_with(2);
    refused.says("`r.ndjson` has the results of another job").says("nothing was sent");
    assert_eq!(std::fs::read_to_string(world.path("r.ndjson")).expect("results"), before);
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_back_is_not_replaced() {
    use std::os::unix::fs::PermissionsExt as _;
    let world = World::new();
    world.write("list.txt", "ann\n");
    let path = world.write("closed.txt", "precious\n");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o200)).expect("permissions");
    // A person who may read everything finds that there are no results in it.
    let run = broadcast(&world, &["--targets", "list.txt", "--results", "closed.txt"]).ends_with(2);
    run.says("would be replaced");
    assert_eq!(std::fs::metadata(&path).expect("a file").len(), 9);
}

#[test]
fn results_never_replace_what_they_come_from() {
    let world = World::new();
    let state = ".local/state/herald";
    world.write("empty.toml", "");
    world.write("list.txt", "ann\n");
    let results = |name: &str, more: &[&str]| {
        let list = ["--targets", "list.txt", "--results", name];
        broadcast(&world, &[&list[..], more].concat())
    };
    // Neither is there yet, and so nothing in it says what it is.
    std::fs::create_dir_all(world.path(state)).expect("a folder");
    for file in ["ledger.db", "ledger.db-wal", "ledger.db-shm"] {
        results(&format!("{state}/{file}"), &[]).ends_with(2).says("is the ledger");
    }
    results("l.db", &["--ledger", "l.db"]).ends_with(2).says("is the ledger");
    results("./empty.toml", &["--profiles", "empty.toml"]).ends_with(2).says("is the profiles");
    assert!(!world.path(state).join("ledger.db").exists(), "nothing was sent");
    results("r.ndjson", &[]).ends_with(0);
    let ledger = std::fs::read(world.path(state).join("ledger.db")).expect("a ledger");
    results(&format!("{state}/ledger.db"), &[]).ends_with(2).says("is the ledger");
    assert_eq!(std::fs::read(world.path(state).join("ledger.db")).expect("a ledger"), ledger);
    // Results may be the list of the next broadcast.
    let list = ["--targets", "r.ndjson", "--results", "r.ndjson"];
    broadcast(&world, &list).ends_with(2).says("is the list of targets");
    std::fs::hard_link(world.path("r.ndjson"), world.path("same.ndjson")).expect("a link");
    let list = ["--targets", "r.ndjson", "--results", "same.ndjson"];
    broadcast(&world, &list).ends_with(2).says("is the list of targets");
    broadcast(&world, &["--targets", "list.txt", "--plan", "p.plan"]).ends_with(0);
    let run = world.run(&["apply", "--sandbox", "p.plan", "--results", "p.plan"]).ends_with(2);
    run.says("is the plan");
    world.run(&["apply", "--sandbox", "p.plan"]).ends_with(0);
}

#[test]
fn entries_that_were_left_out_stay_in_the_results_when_a_job_goes_on() {
    let world = World::new();
    world.write("list.txt", "ann\nusr:x\nbob\nusr:y\n");
    let env =
        [("HERALD_WILDFIRE_ENDPOINT", "http://127.0.0.1:9"), ("HERALD_WILDFIRE_SECRET", "secret")];
    let run = |flags: &[&str]| {
        let more = ["--deadline", "300ms", "--results", "r.ndjson"];
        world.run_with(&[&["broadcast"], flags, &more].concat(), &env)
    };
    let told = || {
        let text = std::fs::read_to_string(world.path("r.ndjson")).expect("results");
        let line = |line| serde_json::from_str::<serde_json::Value>(line).expect("JSON");
        let told = |line: serde_json::Value| format!("{} {}", line["target"], line["outcome"]);
        text.lines().map(line).map(told).collect::<Vec<_>>().join(", ").replace('"', "")
    };
    let wanted = "usr:x skipped, usr:y skipped, user:ann planned, user:bob planned";
    let list = ["--provider", "wildfire", "--from", "a", "--text", "x", "--targets", "list.txt"];
    run(&[&list[..], &["--skip-invalid", "--job", "j"]].concat()).ends_with(7);
    assert_eq!(told(), wanted);
    for _ in 0..2 {
        run(&["--resume", "j"]).ends_with(7);
        assert_eq!(told(), wanted);
    }
    // Another job does not replace them: the ledger has no entries that were left out.
    world.write("list.txt", "ann\n");
    run(&list).ends_with(2).says("has the results of another job");
    assert_eq!(told(), wanted);
}

#[test]
fn every_target_and_every_request_of_a_job_has_the_vendors_id_and_it_can_be_asked_with() {
    let world = World::new();
    let list: String = (0..25).map(|n| format!("alias:u{n:03}\n")).collect();
    world.write("list.txt", list);
    let told = world
        .run(&[
            "broadcast",
            "--sandbox",
            "--provider",
            "jpush-v3",
            "--targets",
            "list.txt",
            "--text",
            "hello",
            "--canary",
            "10",
            "--soak",
            "1ms",
            "--job",
            "J",
            "--results",
            "r.ndjson",
            "--output",
            "json",
        ])
        .ends_with(0)
        .json();
    // Two requests: the canary, and the others.
    assert_eq!(told["job"]["requests"], 2, "{told}");
    let shown = world.run(&["history", "show", "J", "--sandbox", "--output", "json"]);
    let shown = shown.ends_with(0).json();
    let batches = shown["batches"].as_array().expect("batches");
    let ids: Vec<&str> =
        batches.iter().map(|one| one["ids"]["msg_id"].as_str().expect("an id")).collect();
    assert_eq!(
        (batches.len(), &batches[0]["targets"], &batches[1]["targets"]),
        (2, &json!(10), &json!(15))
    );
    for (batch, told) in
        batches.iter().zip(told["job"]["first_batches"].as_array().expect("batches"))
    {
        assert_eq!(batch, told);
        assert_eq!((&batch["outcome"], &batch["operation"]), (&json!("accepted"), &json!("push")));
        assert!(batch["started"].is_string() && batch["finished"].is_string(), "{batch}");
    }
    let line = world.run(&["history", "show", "J", "--sandbox", "--output", "ndjson"]).ends_with(0);
    assert_eq!((line.out.lines().count(), &line.json()["batches"]), (1, &shown["batches"]));
    let results = std::fs::read_to_string(world.path("r.ndjson")).expect("results");
    for (place, line) in results.lines().enumerate() {
        let line: Value = serde_json::from_str(line).expect("a document a line");
        assert_eq!(line["id"], ids[usize::from(place >= 10)], "{line}");
    }
    assert_eq!(results.lines().count(), 25);
    let table = world.run(&["history", "show", "J", "--sandbox"]).ends_with(0).out;
    assert!(ids.iter().all(|id| table.contains(id)), "{table}");
    let one = world.run(&[
        "status",
        ids[1],
        "--sandbox",
        "--provider",
        "jpush-v3",
        "--to",
        "regid:13065ffa4e3f5a5b6c7",
    ]);
    assert_eq!(one.code, 0, "{one:?}");
}
