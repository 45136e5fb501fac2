//! Jobs in the file: shared, durable, small, quick.

mod race;
mod seals;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::super::schema;
use super::super::tests::{folder, ledger, tamper};
use super::super::{Sqlite, StoreFault};
use crate::ledger::job::tests::{
    audit, begin, end, fates, job_intent, job_template, opened, planned,
};
use crate::ledger::tests::{NOW, ending, intent};
use crate::ledger::{
    BatchChange, BatchFilter, Bodies, CommitBounds, Ending, Filter, JobState, Ledger, Opening,
    Permit, PlannedBatch, Realm,
};
use crate::outcome::Verdict;

/// What a child of these tests does: it claims the job and begins its first batch.
#[test]
fn claims_a_job_and_waits() {
    let Ok(path) = std::env::var("LEDGER_OF_A_JOB_TEST") else { return };
    let mut ledger = ledger(Path::new(&path));
    let job = job_intent(1).id;
    if std::env::var("JOB_IS_PLANNED").is_ok() {
        ledger.plan_job(&job_intent(1)).unwrap();
        ledger.plan_template(job, &job_template()).unwrap();
        ledger.plan_batches(job, &[planned(&["a"])]).unwrap();
    } else {
        ledger.claim_job(job, NOW).unwrap();
        let first = ledger.next_batches(job, None, 1).unwrap()[0].key;
        ledger.commit(job, &[begin(first)]).unwrap();
    }
    std::thread::sleep(Duration::from_secs(60));
}

fn child(path: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", "ledger::sqlite::job::tests::claims_a_job_and_waits"])
        .env("LEDGER_OF_A_JOB_TEST", path)
        .stdout(Stdio::null());
    command
}

fn until(mut done: impl FnMut() -> bool) {
    let patience = Instant::now() + Duration::from_secs(20);
    while !done() {
        assert!(Instant::now() < patience, "nothing happened");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn two_batches(path: &Path) {
    let mut first = ledger(path);
    opened(&mut first, &job_intent(1), &[planned(&["a", "b"]), planned(&["c"])]);
    first.claim_job(job_intent(1).id, NOW).unwrap();
    first.release_job(job_intent(1).id, NOW).unwrap();
}

#[test]
fn a_job_that_runs_elsewhere_is_refused_and_one_whose_owner_was_killed_is_taken_over() {
    let (_folder, path) = folder();
    two_batches(&path);
    let job = job_intent(1).id;
    let mut owner = child(&path).spawn().unwrap();
    let mut other = ledger(&path);
    until(|| other.job(job).unwrap().batches.sending == 1);
    assert_eq!(other.job(job).unwrap().state, JobState::Running);
    let error = other.claim_job(job, NOW).unwrap_err();
    assert_eq!(error.to_string(), "the job spring is running elsewhere");
    assert_eq!(error.exit().code(), 3);
    assert_eq!(other.ask_to_stop(job, NOW + 1).unwrap().state, JobState::Stopping);
    owner.kill().unwrap();
    owner.wait().unwrap();
    // It counts as unknown before anybody has touched it, and once, however often it is claimed.
    assert_eq!(fates(&mut other, job), ["a unknown", "b unknown", "c planned"]);
    let left = other.job(job).unwrap();
    assert_eq!((left.state, left.targets.unknown), (JobState::Stopped, 2));
    let orphaned = [0, 1].map(|_| other.claim_job(job, NOW + 2).unwrap().orphaned);
    assert_eq!(orphaned, [1, 0]);
    assert_eq!(other.job(job).unwrap().state, JobState::Running);
    audit(&mut other, job);
}

#[test]
fn a_job_whose_planner_was_killed_is_forgotten() {
    let (_folder, path) = folder();
    let mut other = ledger(&path);
    let mut planner = child(&path).env("JOB_IS_PLANNED", "1").spawn().unwrap();
    let job = job_intent(1).id;
    until(|| other.job(job).is_ok_and(|job| job.targets.planned == 1));
    // Another job does not disturb it while it lives.
    opened(&mut other, &job_intent(2), &[planned(&["x"])]);
    assert_eq!(other.job(job).unwrap().state, JobState::Planning);
    planner.kill().unwrap();
    planner.wait().unwrap();
    opened(&mut other, &job_intent(3), &[planned(&["x"])]);
    assert!(other.job(job).is_err());
}

#[test]
fn where_nobody_can_tell_whether_an_owner_lives_it_does_for_a_while() {
    let (_folder, path) = folder();
    two_batches(&path);
    let job = job_intent(1).id;
    tamper(&path, "UPDATE progress SET owner = 'elsewhere', ended_ms = NULL").unwrap();
    for (later, state) in [(1, JobState::Running), (600_000, JobState::Interrupted)] {
        let mut reader = Ledger::open(&path, NOW + later).unwrap();
        assert_eq!(reader.job(job).unwrap().state, state);
        assert_eq!(reader.claim_job(job, NOW + later).is_ok(), later > 1);
    }
}

#[test]
fn of_two_who_claim_at_once_one_gets_the_job() {
    let (_folder, path) = folder();
    two_batches(&path);
    let job = job_intent(1).id;
    let barrier = std::sync::Barrier::new(4);
    let winners: usize = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    let mut ledger = ledger(&path);
                    barrier.wait();
                    let won = ledger.claim_job(job, NOW).is_ok();
                    barrier.wait();
                    usize::from(won)
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(winners, 1);
}

#[test]
fn a_stop_from_another_process_keeps_the_next_batch_back() {
    let (_folder, path) = folder();
    two_batches(&path);
    let job = job_intent(1).id;
    let mut owner = ledger(&path);
    owner.claim_job(job, NOW).unwrap();
    let keys: Vec<_> =
        owner.next_batches(job, None, 2).unwrap().iter().map(|batch| batch.key).collect();
    owner.commit(job, &[begin(keys[0])]).unwrap();
    let mut other = ledger(&path);
    let found = other.find_job("spring", Realm::Real).unwrap();
    other.ask_to_stop(found.intent.id, NOW + 1).unwrap();
    let changes = [end(keys[0], Verdict::Accepted), begin(keys[1])];
    assert_eq!(owner.commit(job, &changes).unwrap(), Permit::Stopped);
    assert_eq!(fates(&mut other, job), ["a accepted", "b accepted", "c planned"]);
}

#[test]
fn opening_syncs_and_the_owners_log_is_put_away_when_it_leaves() {
    let (_folder, path) = folder();
    let mut store = Sqlite::open(&path).unwrap();
    let level = |store: &Sqlite| -> i64 {
        store.db.query_row("PRAGMA synchronous", [], |r| r.get(0)).unwrap()
    };
    use crate::ledger::store::LedgerStore as _;
    let job = job_intent(1);
    store.plan_job(&job).unwrap();
    store.plan_template(job.id, &job_template(), Bodies::Kept).unwrap();
    store.plan_batches(job.id, &[planned(&["a"])]).unwrap();
    assert_eq!(level(&store), 2);
    store.open_job(job.id, &Opening::of(&job), None).unwrap();
    store.claim_job(job.id, None, NOW).unwrap();
    store.release_job(job.id, NOW).unwrap();
    drop(store);
    assert!(!path.with_file_name("ledger.db-wal").exists());
}

#[test]
fn a_commit_that_does_not_fit_keeps_what_ended_and_begins_nothing() {
    let (_folder, path) = folder();
    two_batches(&path);
    let job = job_intent(1).id;
    let mut store = Sqlite::open(&path).unwrap();
    use crate::ledger::store::LedgerStore as _;
    store.claim_job(job, None, NOW).unwrap();
    let keys: Vec<_> =
        store.planned(job, None, 2).unwrap().into_iter().map(|batch| batch.key).collect();
    store.commit(job, &[begin(keys[0])], CommitBounds::default(), Bodies::Kept).unwrap();
    let pages: i64 = store.db.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
    store.db.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(())).unwrap();
    let dedupe_id = Some("x".repeat(100_000));
    let both = [
        end(keys[0], Verdict::Accepted),
        BatchChange::Begin { batch: keys[1], started_ms: NOW, dedupe_id },
    ];
    assert_eq!(
        store.commit(job, &both, CommitBounds::default(), Bodies::Kept).unwrap(),
        Permit::NoRoom
    );
    let mut ledger = Ledger::over(store, NOW);
    assert_eq!(fates(&mut ledger, job), ["a accepted", "b accepted", "c planned"]);
    audit(&mut ledger, job);
}

/// Fills a job whose batches have one target each, as an engine does: 64 at a time.
fn carried_out(path: &Path, targets: usize, vendor_id: impl Fn(usize) -> String) -> Duration {
    let mut ledger = ledger(path).sealed_with(Some(seals::key("s")));
    let intent = job_intent(1);
    ledger.plan_job(&intent).unwrap();
    ledger.plan_template(intent.id, &job_template()).unwrap();
    for start in (0..targets).step_by(1000) {
        let batches: Vec<PlannedBatch> = (start..targets.min(start + 1000))
            .map(|n| planned(&[&format!("user-{n:027}")]))
            .collect();
        ledger.plan_batches(intent.id, &batches).unwrap();
    }
    ledger.open_job(intent.id, &Opening::of(&intent)).unwrap();
    ledger.claim_job(intent.id, NOW).unwrap();
    let mut spent = Duration::ZERO;
    let (mut after, mut ends, mut sent) = (None, Vec::new(), 0);
    loop {
        let batches = ledger.next_batches(intent.id, after, 64).unwrap();
        let mut changes = std::mem::take(&mut ends);
        changes.extend(batches.iter().map(|batch| begin(batch.key)));
        if changes.is_empty() {
            break;
        }
        let clock = Instant::now();
        ledger.commit(intent.id, &changes).unwrap();
        spent += clock.elapsed();
        after = batches.last().map(|batch| batch.key).or(after);
        for batch in batches {
            let ids = vec![("msg_id".to_owned(), vendor_id(sent))];
            let code = Some("0".to_owned());
            sent += 1;
            let ending = Ending { ids, code, ..ending(Verdict::Accepted) };
            ends.push(BatchChange::End { batch: batch.key, ending });
        }
    }
    ledger.release_job(intent.id, NOW + 10).unwrap();
    assert_eq!(ledger.job(intent.id).unwrap().targets.accepted, targets as u64);
    spent
}

fn size(path: &Path) -> u64 {
    let files = fs::read_dir(path.parent().unwrap()).unwrap();
    let files = files.map(|file| file.unwrap().path());
    let beside =
        |file: &PathBuf| file.extension().is_some_and(|end| end != "alive" && end != "db-shm");
    files.filter(beside).map(|file| fs::metadata(file).unwrap().len()).sum()
}

#[test]
fn a_target_takes_at_most_250_bytes_on_disk() {
    let targets = std::env::var("LEDGER_TARGETS").ok().and_then(|n| n.parse().ok()).unwrap_or(4000);
    // Ids that rise, as vendors count, and ids that jump about.
    let jumping = |n: usize| format!("{:020}", (n as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let rising = |n: usize| format!("{:020}", 18_100_287_000_000_000_u64 + n as u64 * 7);
    for (name, vendor_id) in
        [("rising", &rising as &dyn Fn(usize) -> String), ("jumping", &jumping)]
    {
        let (_folder, path) = folder();
        drop(ledger(&path));
        let empty = size(&path);
        let spent = carried_out(&path, targets, vendor_id);
        let each = (size(&path) - empty) / targets as u64;
        println!("{name}: {each} bytes a target, {:?} a commit", spent / (targets as u32 / 64));
        assert!(each <= 250, "{name}: {each} bytes");
        let clock = Instant::now();
        super::verify(&Sqlite::open(&path).unwrap().db, job_intent(1).id).unwrap();
        println!("{name}: looked through in {:?}", clock.elapsed());
        let mut reader = ledger(&path);
        let (job, batch) = reader
            .find_batch_by_vendor_id("acme", &vendor_id(targets / 2), Realm::Real)
            .unwrap()
            .unwrap();
        assert_eq!(
            (job.intent.id, batch.batch.key.number()),
            (job_intent(1).id, targets as u32 / 2 + 1)
        );
    }
}

#[test]
fn looking_for_work_does_not_pass_what_is_done() {
    let (_folder, path) = folder();
    let store = Sqlite::open(&path).unwrap();
    let plan = |sql: &str| -> Vec<String> {
        let mut explain = store.db.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let lines = explain.query_map([], |row| row.get(3)).unwrap();
        lines.map(Result::unwrap).collect()
    };
    let work = "SELECT open.key FROM open JOIN batch ON batch.key = open.key
         WHERE open.key > 1 AND open.key <= 2 AND open.started_ms IS NULL ORDER BY open.key LIMIT 3";
    let steps = plan(work);
    assert!(steps[0].starts_with("SEARCH open USING INTEGER PRIMARY KEY"), "{steps:?}");
    assert!(
        !steps.iter().any(|step| step.contains("done") || step.contains("B-TREE")),
        "{steps:?}"
    );
    for (sql, index) in [
        ("SELECT key FROM done WHERE verdict = 5 AND key BETWEEN 1 AND 2", "done_unknown"),
        ("SELECT key FROM done WHERE vendor_id = 'x'", "done_vendor_id"),
        ("SELECT id FROM entry WHERE fingerprint = 'x'", "entry_fingerprint"),
        (
            "SELECT id FROM entry WHERE (fingerprint = 'x' OR key > (SELECT max(key) - 256 FROM entry)) AND app = 'x'",
            "entry_fingerprint",
        ),
        (
            "SELECT id FROM entry WHERE (operation IN ('x', 'y') AND created_ms >= 1
                OR key > (SELECT max(key) - 256 FROM entry)) AND app = 'x'",
            "entry_operation",
        ),
    ] {
        let steps = plan(sql);
        assert!(steps.iter().any(|step| step.contains(index)), "{sql}: {steps:?}");
    }
}

#[test]
fn a_ledger_without_jobs_gets_them_with_all_that_is_in_it() {
    let (_folder, path) = folder();
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    {
        // What the first version wrote: its own tables and columns.
        let mut db = Connection::open(&path).unwrap();
        schema::prepare(&mut db, &schema::STEPS[..1], &|| true).unwrap();
        db.execute(
            "INSERT INTO entry (id, sandbox, created_ms, deadline_ms, verb, effect, provider, operation, app, endpoint,
                audience, body, digest, overrides)
             VALUES (?1, 0, ?2, ?2, 'send', 'sends', 'acme', 'push', 'key-1', 'https://api.example', 'user:bob', '{}',
                x'00', '[]')",
            rusqlite::params![intent(1, NOW).id.to_string(), NOW],
        )
        .unwrap();
    }
    let mut new = ledger(&path);
    let entry = new.list(&Filter::default()).unwrap().remove(0);
    assert_eq!((entry.intent.id, entry.intent.fingerprint), (intent(1, NOW).id, None));
    opened(&mut new, &job_intent(1), &[planned(&["a"])]);
    assert_eq!(fates(&mut new, job_intent(1).id), ["a planned"]);
    drop(new);
    // And a herald of the first version refuses it.
    let mut db = Connection::open(&path).unwrap();
    let refused = schema::prepare(&mut db, &schema::STEPS[..1], &|| true);
    assert!(matches!(refused, Err(StoreFault::Newer { version: 3, known: 1 })), "{refused:?}");
}

#[test]
fn a_removed_job_leaves_nothing_behind() {
    let (_folder, path) = folder();
    carried_out(&path, 100, |n| format!("m-{n}"));
    let mut store = Sqlite::open(&path).unwrap();
    use crate::ledger::store::LedgerStore as _;
    let seen = ledger(&path).job(job_intent(1).id).unwrap();
    assert!(store.remove_job(&seen).unwrap());
    assert!(!store.remove_job(&seen).unwrap());
    for table in [
        "job",
        "progress",
        "tally",
        "template",
        "batch",
        "open",
        "done",
        "part",
        "other_id",
        "word",
        "decision",
        "dedupe_seal",
    ] {
        let sql = format!("SELECT count(*) FROM {table}");
        let rows: i64 = store.db.query_row(&sql, [], |row| row.get(0)).unwrap();
        assert_eq!(rows, 0, "{table}");
    }
}

#[test]
fn streaming_does_not_depend_on_what_others_write_meanwhile() {
    let (_folder, path) = folder();
    carried_out(&path, 200, |n| format!("m-{n}"));
    let mut reader = Ledger::open_to_read(&path, NOW).unwrap();
    let mut seen = 0;
    let mut writer = ledger(&path);
    reader
        .each_batch(job_intent(1).id, BatchFilter::Reached, &mut |_| {
            if seen == 0 {
                opened(&mut writer, &job_intent(2), &[planned(&["z"])]);
            }
            seen += 1;
            std::ops::ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!(seen, 200);
}
