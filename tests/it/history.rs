//! What the ledger tells of jobs and entries, and how it is kept: against the sandbox in the process.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::Duration;

use herald::contract::{Effect, TargetKind};
use herald::ledger::{
    BatchChange, BatchKey, Ending, JobIntent, JobTemplate, Ledger, Opening, PlannedBatch,
    Preconditions, Realm,
};
use herald::outcome::Verdict;
use serde_json::json;
use uuid::Uuid;

use crate::support::{World, finish};

/// Long ago, whatever the clock says.
const NOW: i64 = 1_000_000_000_000;

impl World {
    fn ledger(&self) -> PathBuf {
        self.path(".local/state/herald/ledger.db")
    }
}

/// Plants a job of the sandbox: a target a verdict, and one that was never sent.
pub(crate) fn plant(world: &World, name: &str, verdicts: &[Verdict]) -> Uuid {
    plant_of(world, (Realm::Sandbox, "wildfire", "multicast"), name, verdicts)
}

/// The same of an operation of a provider.
pub(crate) fn plant_of(
    world: &World,
    (realm, provider, operation): (Realm, &str, &str),
    name: &str,
    verdicts: &[Verdict],
) -> Uuid {
    let mut ledger = Ledger::open(&world.ledger(), NOW, Duration::MAX).expect("a ledger");
    let intent = JobIntent {
        id: Uuid::now_v7(),
        realm,
        created_ms: NOW,
        name: Some(name.to_owned()),
        verb: "broadcast".to_owned(),
        provider: provider.to_owned(),
        profile: None,
        app: "app".to_owned(),
        endpoint: "http://127.0.0.1:1".to_owned(),
        audience: "a list".to_owned(),
        overrides: Vec::new(),
        settings: "{}".to_owned(),
        fingerprint: "f".to_owned(),
    };
    let template = JobTemplate {
        operation: operation.to_owned(),
        effect: Effect::Sends,
        kind: Some(TargetKind::User),
        sender: None,
        body: r#"{"sender":"ops"}"#.to_owned(),
        slot: None,
        recall_seconds: Some(120),
    };
    ledger.plan_job(&intent).expect("a job");
    ledger.plan_template(intent.id, &template).expect("a template");
    let names = (0..=verdicts.len()).map(|n| format!("u{n}"));
    let batches: Vec<PlannedBatch> =
        names.map(|id| PlannedBatch { template: 0, ids: vec![id], vars: None }).collect();
    ledger.plan_batches(intent.id, &batches).expect("batches");
    ledger.open_job(intent.id, &Opening::of(&intent), None).expect("an open job");
    ledger.claim_job(intent.id, NOW).expect("a claim");
    let keys = ledger.next_batches(intent.id, None, verdicts.len()).expect("batches");
    for (batch, verdict) in keys.iter().zip(verdicts) {
        let begin = BatchChange::Begin { batch: batch.key, started_ms: NOW, dedupe_id: None };
        ledger.commit(intent.id, &[begin], &Preconditions::NONE).expect("a begun batch");
        ledger
            .commit(intent.id, &[end(batch.key, *verdict)], &Preconditions::NONE)
            .expect("an ended batch");
    }
    ledger.release_job(intent.id, NOW).expect("a released job");
    intent.id
}

fn end(batch: BatchKey, verdict: Verdict) -> BatchChange {
    let ending = Ending {
        finished_ms: NOW,
        elapsed_ms: 1,
        attempts: 1,
        verdict,
        http_status: Some(200),
        code: Some("7".to_owned()),
        message: None,
        ids: vec![("messageUid".to_owned(), format!("m{}", batch.number()))],
        targets: Vec::new(),
    };
    BatchChange::End { batch, ending }
}

const MIXED: [Verdict; 4] =
    [Verdict::Accepted, Verdict::Rejected, Verdict::Unknown, Verdict::Unavailable];

#[test]
fn a_job_stands_among_the_entries_with_its_counts() {
    let world = World::new();
    let id = plant(&world, "spring", &MIXED).to_string();
    world.run(&SEND).ends_with(0);
    let list = world.run(&["history", "--sandbox", "--output", "json"]).ends_with(0).json();
    let entries = list["entries"].as_array().expect("a list");
    let job = entries.iter().find(|entry| entry["id"] == id.as_str()).expect("the job");
    assert_eq!(entries.len(), 2);
    assert_eq!(job["outcome"], "unknown");
    assert_eq!((&job["operation"], &job["targets_count"]), (&json!("multicast"), &json!(5)));
    assert_eq!(job["job"]["name"], "spring");
    assert_eq!(job["job"]["state"], "interrupted");
    assert_eq!(job["job"]["counts"]["planned"], 1);
    assert_eq!(job["recall_until"], "2001-09-09T01:48:40Z");
    // Each filter leaves what it says.
    for (flags, count) in [
        (&["--outcome", "accepted"][..], 1),
        (&["--outcome", "unknown"], 1),
        (&["--failed"], 1),
        (&["--job", "spring"], 1),
        (&["--since", "2100-01-01T00:00:00Z"], 0),
        (&["--since", "1h"], 1),
        (&["--limit", "1"], 1),
    ] {
        let run = [&["history", "--sandbox", "--output", "json"], flags].concat();
        let list = world.run(&run).ends_with(0).json();
        assert_eq!(list["entries"].as_array().map(Vec::len), Some(count), "{flags:?}");
    }
    let real = world.run(&["history", "--output", "json"]).ends_with(0).json();
    assert_eq!(real["entries"], json!([]));
    world.run(&["history", "--since", "soon"]).ends_with(2).says("write how long ago");
}

const SEND: [&str; 10] = [
    "send",
    "--sandbox",
    "--provider",
    "wildfire",
    "--from",
    "alice",
    "--to",
    "bob",
    "--text",
    "hi",
];

#[test]
fn whom_a_job_did_not_reach_is_a_list_for_the_next_one() {
    let world = World::new();
    plant(&world, "spring", &MIXED);
    let failed = ["history", "--sandbox", "--job", "spring", "--failed", "--as", "targets"];
    let run = world.run(&failed).ends_with(0).says("1 target is unknown and not listed");
    assert_eq!(run.out, "user:u1\nuser:u3\nuser:u4\n");
    let all = world.run(&["history", "--sandbox", "--as", "targets"]).ends_with(0);
    assert_eq!(all.out.lines().count(), 5);
    let unknown = ["history", "--sandbox", "--outcome", "unknown", "--as", "targets"];
    assert_eq!(world.run(&unknown).ends_with(0).out, "user:u2\n");
    let json = world.run(&[&failed[..], &["--output", "json"]].concat()).ends_with(0).json();
    assert_eq!(json["targets"][0]["target"], "user:u1");
    assert_eq!(
        (&json["targets"][0]["outcome"], &json["targets"][0]["code"]),
        (&json!("rejected"), &json!("7"))
    );
    let lines = world.run(&[&failed[..], &["--output", "ndjson"]].concat()).ends_with(0).out;
    assert_eq!(lines.lines().count(), 3);
    world.run(&["history", "--as", "targets"]).ends_with(2).says("no job");
    world
        .run(&["history", "--sandbox", "--job", "sprin"])
        .ends_with(2)
        .says("did you mean `spring`?");
}

#[test]
fn a_job_is_shown_with_what_the_vendor_said_to_how_many() {
    let world = World::new();
    let id = plant(&world, "spring", &MIXED).to_string();
    for name in ["spring", &id, &id[..13]] {
        let run = world.run(&["history", "show", name, "--sandbox", "--output", "json"]);
        let shown = run.ends_with(0).json();
        assert_eq!(shown["templates"][0]["body"], json!({"sender": "ops"}));
        assert_eq!(shown["codes"].as_array().map(Vec::len), Some(4));
        assert_eq!(shown["codes"][0]["code"], "7");
    }
    let text = world.run(&["history", "show", "spring", "--sandbox"]).ends_with(0).out;
    assert!(text.contains("1 accepted, 1 rejected, 1 unavailable, 1 unknown, 1 planned"), "{text}");
}

#[test]
fn what_is_unknown_of_a_job_is_resolved_at_once_or_by_the_vendors_id() {
    for (name, says) in
        [("spring", "1 target in 1 request of spring is resolved"), ("m3", "1 target in 1")]
    {
        let world = World::new();
        plant(&world, "spring", &MIXED);
        let resolve =
            ["history", "resolve", name, "--sandbox", "--not-accepted", "--note", "asked"];
        let run = world.run(&resolve).ends_with(0);
        assert!(run.out.contains(says), "{}", run.out);
        world.run(&resolve).ends_with(2).says("unknown");
        let failed = ["history", "--sandbox", "--failed", "--as", "targets"];
        assert_eq!(world.run(&failed).ends_with(0).out, "user:u1\nuser:u2\nuser:u3\nuser:u4\n");
    }
}

#[test]
fn a_look_up_records_only_what_it_proves() {
    let world = World::new();
    let sent = world.run(&[&SEND[..], &["--output", "json"]].concat()).ends_with(0).json();
    let uid = sent["ids"]["messageUid"].as_str().expect("an id").to_owned();
    // The same message again, of which no answer came.
    let unknown = unknown_entry(&world);
    let check = |more: &[&str]| {
        let run = ["history", "resolve", &unknown, "--sandbox", "--check", "--output", "json"];
        world.run(&[&run[..], more].concat())
    };
    // The one that was answered is none that was lost.
    check(&[]).ends_with(8).says("no message fits");
    check(&["--vendor-id", "1"]).ends_with(8).says("proves nothing");
    let shown = world.run(&["history", "show", &unknown, "--sandbox", "--output", "json"]).json();
    assert_eq!(shown["outcome"], "unknown");
    let found = check(&["--vendor-id", &uid]).ends_with(0).json();
    assert_eq!((&found["outcome"], &found["resolution"]), (&json!("accepted"), &json!("accepted")));
    assert_eq!(found["note"], format!("the vendor returned the message {uid}"));
    // And where the vendor hands out nothing, that is what it says.
    world
        .run(&[
            "history",
            "resolve",
            sent["ledger_id"].as_str().expect("an id"),
            "--sandbox",
            "--check",
        ])
        .ends_with(2)
        .says("is not unknown");
}

/// An entry of the sandbox whose process ended before the answer came.
fn unknown_entry(world: &World) -> String {
    let mut ledger = Ledger::open(&world.ledger(), NOW, Duration::MAX).expect("a ledger");
    let mut entry =
        ledger.list(&herald::ledger::Filter::default()).expect("entries").remove(0).intent;
    entry.id = Uuid::now_v7();
    ledger.begin(&entry, &Preconditions::NONE).expect("an intent");
    entry.id.to_string()
}

#[test]
fn pruning_removes_what_is_old_and_certain() {
    let world = World::new();
    plant(&world, "done", &[Verdict::Accepted]);
    plant(&world, "doubtful", &MIXED);
    world.run(&SEND).ends_with(0);
    let prune = ["history", "prune", "--sandbox", "--older-than", "0s", "--output", "json"];
    let would = world.run(&[&prune[..], &["--dry-run"]].concat()).ends_with(0).json();
    assert_eq!(
        (&would["entries"], &would["jobs"], &would["kept_unknown"]),
        (&json!(1), &json!(1), &json!(1))
    );
    let did = world.run(&prune).ends_with(0).json();
    assert_eq!(
        (&did["entries"], &did["jobs"], &did["compacted"]),
        (&json!(1), &json!(1), &json!(true))
    );
    let list = world.run(&["history", "--sandbox", "--output", "json"]).json();
    assert_eq!(list["entries"][0]["job"]["name"], "doubtful");
    world.run(&["history", "prune", "--sandbox"]).ends_with(0);
    let kept = world.run(&[&prune[..], &["--unknown"]].concat()).ends_with(0).json();
    assert_eq!(kept["jobs"], 1);
    world.run(&["history", "prune", "--older-than", "soon"]).ends_with(2);
}

#[test]
fn names_of_jobs_complete_live() {
    let world = World::new();
    plant(&world, "spring", &MIXED);
    for words in [
        &["stop", "--sandbox", "sp"][..],
        &["history", "--sandbox", "--job", ""],
        &["history", "--sandbox", "show", "s"],
        &["broadcast", "--sandbox", "--resume", ""],
    ] {
        let line = [&["--", "herald"], words].concat();
        let index = (line.len() - 2).to_string();
        let mut command = world.command();
        command.args(&line).env("HERALD_COMPLETE", "fish").env("_CLAP_COMPLETE_INDEX", index);
        let offered = finish(&mut command).ends_with(0).out;
        assert!(offered.starts_with("spring\t"), "{words:?}: {offered}");
    }
}

#[test]
fn stop_tells_a_running_job_from_one_at_which_nobody_is() {
    let world = World::new();
    let id = plant(&world, "spring", &MIXED);
    world.run(&["stop", "spring", "--sandbox"]).ends_with(2).says("--resume");
    world.run(&["stop", "spring"]).ends_with(2).says("no job");
    let text = id.to_string();
    world.run(&["stop", &text[..13]]).ends_with(2).says("--sandbox");
    // This process works on it.
    let mut ledger = Ledger::open(&world.ledger(), NOW, Duration::MAX).expect("a ledger");
    ledger.claim_job(id, NOW).expect("a claim");
    for name in ["spring", &text[..13]] {
        let stopped =
            world.run(&["stop", name, "--sandbox", "--output", "json"]).ends_with(0).json();
        let expected = json!({
            "version": 1, "outcome": "sending", "job": text, "state": "stopping", "sandbox": true,
        });
        assert_eq!(stopped, expected);
    }
    let batch = ledger.next_batches(id, None, 1).expect("a batch").remove(0).key;
    let begin = BatchChange::Begin { batch, started_ms: NOW, dedupe_id: None };
    let permit = ledger.commit(id, &[begin], &Preconditions::NONE).expect("a commit");
    assert_eq!(permit, herald::ledger::Permit::Stopped);
}

#[cfg(unix)]
#[test]
fn a_profile_file_can_keep_payloads_out_of_the_ledger() {
    let world = World::new();
    let profiles =
        world.write_private("profiles.toml", "[ledger]\npayload = \"digest\"\nkeep_days = 0\n");
    let profiles = ["--profiles", profiles.to_str().expect("a path")];
    let secret = "text-that-nobody-may-keep";
    let send = [&SEND[..9], &[secret, "--output", "json"], &profiles].concat();
    let sent = world.run(&send).ends_with(0).json();
    let id = sent["ledger_id"].as_str().expect("an id");
    for file in crate::support::files_below(world.ledger().parent().expect("a folder")) {
        if !file.to_string_lossy().contains("sandbox") {
            let bytes = std::fs::read(&file).expect("a file");
            let found = bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
            assert!(!found, "{}", file.display());
        }
    }
    let shown =
        world.run(&["history", "show", id, "--sandbox", "--output", "json"]).ends_with(0).json();
    assert_eq!(shown["body"], json!(null));
    assert_eq!(shown["digest"].as_str().map(str::len), Some(64));
    world.run(&["history", "show", id, "--sandbox"]).ends_with(0);
    let mut ledger = Ledger::open_to_read(&world.ledger(), NOW, Duration::MAX).expect("a ledger");
    let mut jobs = 0;
    let count = &mut |_| {
        jobs += 1;
        ControlFlow::Continue(())
    };
    ledger.jobs(&herald::ledger::Filter::default(), count).expect("jobs");
    assert_eq!(jobs, 0);
    drop(ledger);
    let prune = ["history", "prune", "--sandbox", "--output", "json"];
    let pruned = world.run(&[&prune[..], &profiles].concat());
    assert_eq!(pruned.ends_with(0).json()["entries"], 1);
}

#[cfg(unix)]
#[test]
fn a_ledger_that_cannot_be_written_or_is_none_stops_a_job_before_it_starts() {
    let world = World::new();
    world.write("list.txt", "a\nb\n");
    let broken =
        world.write("broken.db", "not a database, but long enough to be looked at ".repeat(40));
    let file = world.write("file", "x");
    let below = file.join("ledger.db");
    for ledger in [broken.as_path(), world.path("").as_path(), &below] {
        let ledger = ledger.to_str().expect("a path");
        let run = [
            "broadcast",
            "--sandbox",
            "--provider",
            "wildfire",
            "--from",
            "ops",
            "--targets",
            "list.txt",
            "--text",
            "hi",
            "--ledger",
            ledger,
        ];
        world.run(&run).ends_with(3);
    }
}

#[cfg(unix)]
#[test]
fn what_cannot_be_taken_back_without_its_payload_says_why() {
    let world = World::new();
    let profiles = world.write_private("profiles.toml", "[ledger]\npayload = \"digest\"\n");
    let profiles = profiles.to_str().expect("a path");
    let with = |arguments: &[&str]| {
        world.run(&[arguments, &["--sandbox", "--profiles", profiles]].concat())
    };
    let send = ["send", "--provider", "rongcloud", "--from", "a", "--to", "b", "--text", "hi"];
    with(&send).ends_with(0);
    let run = with(&["recall", "--last"]).ends_with(2).says("the ledger keeps only the digest");
    run.says("add --from ID");
    with(&["recall", "--last", "--from", "a"]).ends_with(0);
}

/// A first message goes to the sandbox more often than not, and is then looked for without the flag.
#[test]
fn where_a_part_of_the_ledger_is_empty_the_other_is_named() {
    let world = World::new();
    let shown = |world: &World, words: &[&str], code: i32, expected: bool| {
        let run = world.run(words).ends_with(code);
        let other = format!(
            "herald {} --sandbox` shows what went to the sandbox",
            match words[0] {
                "recall" => "history",
                verb => verb,
            }
        );
        assert_eq!(run.err.contains(&other), expected, "{words:?}: {}", run.err);
    };
    let looks: [(&[&str], i32); 3] =
        [(&["history"], 0), (&["jobs"], 0), (&["recall", "--last"], 3)];
    for (words, code) in looks {
        shown(&world, words, code, false);
    }
    let send = [
        "send",
        "--sandbox",
        "--provider",
        "rongcloud",
        "--from",
        "a",
        "--to",
        "b",
        "--text",
        "hi",
    ];
    world.run(&send).ends_with(0);
    for (words, code) in looks {
        shown(&world, words, code, true);
    }
}
