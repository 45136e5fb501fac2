//! Jobs in the file: shared, durable, small, quick.

mod seals;

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::super::{Sqlite, StoreFault, verify};
use super::super::{record, schema, sums};
use super::{folder, ledger, tamper};
use crate::contract::{Operation, Rate, RateUnit};
use crate::ledger::commit::CommitStore as _;
use crate::ledger::orphans::{OwnerStore as _, StatusChange};
use crate::ledger::plan::PlanStore as _;
use crate::ledger::prune::PruneStore as _;
use crate::ledger::tests::conformance::{
    NOW, audit, begin, end, ending, fates, intent, job_intent, job_template, keys, opened, planned,
    sharing_rate,
};
use crate::ledger::{
    BatchChange, BatchFilter, Bodies, Ending, Filter, JobBatch, JobEnd, JobState, Ledger, Opening,
    Permit, PlannedBatch, Preconditions, Realm, Repeat, Resolution, ResolvedAs,
};
use crate::net::rate_limit::RateAsk;
use crate::net::rate_limit::RateLimiter;
use crate::net::rate_limit::RateSharer;
use crate::outcome::Verdict;

fn two_batches(path: &Path) {
    let mut first = ledger(path);
    opened(&mut first, &job_intent(1), &[planned(&["a", "b"]), planned(&["c"])]);
    first.claim_job(job_intent(1).id, NOW).unwrap();
    first.release_job(job_intent(1).id, NOW).unwrap();
}

#[test]
fn where_nobody_can_tell_whether_an_owner_lives_it_does_for_a_while() {
    let (_folder, path) = folder();
    two_batches(&path);
    let job = job_intent(1).id;
    tamper(&path, "UPDATE progress SET owner = 'elsewhere', ended_ms = NULL").unwrap();
    for (later, state) in [(1, JobState::Running), (600_000, JobState::Interrupted)] {
        let mut reader = Ledger::open(&path, NOW + later, Duration::MAX).unwrap();
        assert_eq!(reader.job(job).unwrap().state, state);
        assert_eq!(reader.claim_job(job, NOW + later).is_ok(), later > 1);
    }
}

#[test]
fn opening_syncs_and_the_owners_log_is_put_away_when_it_leaves() {
    let (_folder, path) = folder();
    let mut store = Sqlite::open(&path).unwrap();
    let level = |store: &Sqlite| -> i64 {
        store.db.query_row("PRAGMA synchronous", [], |r| r.get(0)).unwrap()
    };
    let job = job_intent(1);
    store.plan_job(&job).unwrap();
    store.plan(job.id, &[job_template()], &[planned(&["a"])]).unwrap();
    assert_eq!(level(&store), 2);
    store.open_job(job.id, &Opening::of(&job), None).unwrap();
    let me = store.me().to_owned();
    for change in [
        StatusChange::Claim { now_ms: NOW },
        StatusChange::Release { ended_ms: Some(NOW), how: Some(JobEnd::Finished), why: None },
    ] {
        assert!(store.change_status(job.id, Some(&me), change).unwrap().is_some());
    }
    drop(store);
    assert!(!path.with_file_name("ledger.db-wal").exists());
}

#[test]
fn a_commit_that_does_not_fit_keeps_what_ended_and_begins_nothing() {
    let (_folder, path) = folder();
    two_batches(&path);
    let job = job_intent(1).id;
    let mut store = Sqlite::open(&path).unwrap();
    store.change_status(job, None, StatusChange::Claim { now_ms: NOW }).unwrap();
    let keys = keys(&mut ledger(&path), job);
    store.commit(job, &[begin(keys[0])], &Preconditions::NONE).unwrap();
    let pages: i64 = store.db.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
    store.db.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(())).unwrap();
    let dedupe_id = Some("x".repeat(100_000));
    let both = [
        end(keys[0], Verdict::Accepted),
        BatchChange::Begin { batch: keys[1], started_ms: NOW, dedupe_id },
    ];
    let committed = store.commit(job, &both, &Preconditions::NONE).unwrap();
    assert_eq!(committed.permit, Permit::NoRoom);
    assert!(committed.no_room.is_some_and(|told| told.contains("ledger.db")));
    let mut ledger = store.into_ledger(NOW, Duration::MAX);
    assert_eq!(fates(&mut ledger, job), ["a accepted", "b accepted", "c planned"]);
    audit(&mut ledger, job);
}

/// Fills a job whose batches have one target each, as an engine does: 64 at a time.
fn carried_out(path: &Path, targets: usize, vendor_id: impl Fn(usize) -> String) -> Duration {
    let mut ledger =
        ledger(path).sealed_with(Some(crate::ledger::tests::conformance::seals::key("s")));
    let intent = job_intent(1);
    ledger.plan_job(&intent).unwrap();
    ledger.plan_template(intent.id, &job_template()).unwrap();
    for start in (0..targets).step_by(1000) {
        let batches: Vec<PlannedBatch> = (start..targets.min(start + 1000))
            .map(|n| planned(&[&format!("user-{n:027}")]))
            .collect();
        ledger.plan_batches(intent.id, &batches).unwrap();
    }
    ledger.open_job(intent.id, &Opening::of(&intent), None).unwrap();
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
        ledger.commit(intent.id, &changes, &Preconditions::NONE).unwrap();
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
        verify::verify(&Sqlite::open(&path).unwrap().db, job_intent(1).id).unwrap();
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
    assert_eq!((entry.intent.id, entry.intent.content.fingerprint), (intent(1, NOW).id, None));
    opened(&mut new, &job_intent(1), &[planned(&["a"])]);
    assert_eq!(fates(&mut new, job_intent(1).id), ["a planned"]);
    drop(new);
    // And a herald of the first version refuses it.
    let mut db = Connection::open(&path).unwrap();
    let refused = schema::prepare(&mut db, &schema::STEPS[..1], &|| true);
    assert!(matches!(refused, Err(StoreFault::Newer { version: 7, known: 1 })), "{refused:?}");
}

#[test]
fn a_request_that_an_earlier_version_sent_again_is_shown() {
    let (_folder, path) = folder();
    let mut old = ledger(&path);
    let job = job_intent(1).id;
    opened(&mut old, &job_intent(1), &[planned(&["a", "b"])]);
    old.claim_job(job, NOW).unwrap();
    let first = old.next_batches(job, None, 1).unwrap()[0].key;
    old.commit(job, &[begin(first)], &Preconditions::NONE).unwrap();
    old.commit(job, &[end(first, Verdict::Unknown)], &Preconditions::NONE).unwrap();
    old.release_job(job, NOW).unwrap();
    let (resolved, note, by) = (ResolvedAs::NotAccepted, None, None);
    let not = Resolution { resolved, note, by, resolved_ms: NOW };
    old.resolve_job(job, None, &not).unwrap();
    let these = old.not_accepted(job, &[]).unwrap();
    old.claim_to_send_again(job, NOW, &these).unwrap();
    let second = old.next_batches(job, None, 1).unwrap()[0].key;
    old.commit(job, &[begin(second)], &Preconditions::NONE).unwrap();
    old.commit(job, &[end(second, Verdict::Accepted)], &Preconditions::NONE).unwrap();
    old.release_job(job, NOW).unwrap();
    drop(old);
    // What version 6 has left of it.
    let db = Connection::open(&path).unwrap();
    sums::register(&db).unwrap();
    db.execute_batch(
        "UPDATE done SET verdict = 6, targets = 0, sum = row_sum('done', key, template, 0, 6, rest, attempts, started_ms,
            first_ms, finished_ms, elapsed_ms, http_status, code, message, id_name, vendor_id, dedupe_id, decision, parts)
            WHERE verdict = 10;
         ALTER TABLE again DROP COLUMN targets;
         UPDATE again SET sum = row_sum('again', batch, origin);
         DROP TABLE command; PRAGMA user_version = 6",
    )
    .unwrap();
    drop(db);
    fs::remove_file(record::beside(&path)).unwrap();
    let mut new = ledger(&path);
    let repeat = Repeat { batch: second, of: first, targets: 2, leaves_none: true };
    assert_eq!(new.repeats(job).unwrap(), [repeat]);
    let mut keys = Vec::new();
    let mut take = |batch: JobBatch| {
        keys.push((batch.batch.key, batch.state.word()));
        ControlFlow::Continue(())
    };
    new.each_batch(job, BatchFilter::Requests, &mut take).unwrap();
    assert_eq!(keys, [(first, "unavailable"), (second, "accepted")]);
    audit(&mut new, job);
}

#[test]
fn a_removed_job_leaves_nothing_behind() {
    let (_folder, path) = folder();
    carried_out(&path, 100, |n| format!("m-{n}"));
    let mut store = Sqlite::open(&path).unwrap();
    let seen = [ledger(&path).job(job_intent(1).id).unwrap()];
    assert_eq!([1, 0], [0, 1].map(|_| store.remove(&[], &seen).unwrap()));
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

static PUSH: Operation = Operation {
    id: "push",
    rates: &[Rate { count: 30, seconds: 1, counted: RateUnit::Calls, scope: "app", pool: "" }],
    ..Operation::BASE
};

#[test]
fn a_state_of_rate_limits_that_is_damaged_is_told_and_nothing_begins() {
    let (_folder, path) = folder();
    let claim = |who: &str| {
        let (provider, app, who) = ("acme".to_owned(), "key-1".to_owned(), who.to_owned());
        let ask = RateAsk { operation: &PUSH, targets: 1, limit: Duration::from_secs(5) };
        RateLimiter::sharing(RateSharer { sandbox: false, provider, app, who })
            .claim(vec![ask], Duration::ZERO, NOW)
            .expect("it asks")
    };
    ledger(&path).claim(&claim("own")).unwrap();
    let damaged = "UPDATE rate SET state = CAST(substr(state, 1, length(state) - 5) || x'ff' || substr(state, -4) AS BLOB)";
    tamper(&path, damaged).unwrap();
    let mut ledger = ledger(&path);
    let error = ledger.begin(&intent(1, NOW), &sharing_rate(Some(&claim("other")))).unwrap_err();
    assert_eq!(error.exit().code(), 3);
    assert!(error.full_message().contains("rate limits is damaged"), "{}", error.full_message());
    assert!(ledger.list(&Filter::default()).unwrap().is_empty());
}
