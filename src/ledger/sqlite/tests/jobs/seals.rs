//! Seals: every column that decides what is sent, and to which targets, is changed, one at a time and two at a time.

use std::ops::ControlFlow;

use super::*;
use uuid::Uuid;

use crate::error::Result;
use crate::ledger::tests::conformance::seals::{checks, key};
use crate::ledger::{BatchKey, JobBatch, JobIntent, JobTemplate};
use crate::seal::SealCheck;

fn sealed(path: &Path) -> Ledger {
    ledger(path).sealed_with(Some(key("s")))
}

/// A job of three batches in two templates. The first batch was begun with an idempotency key, and may have arrived.
fn job(path: &Path) -> JobIntent {
    let mut ledger = sealed(path);
    let intent = JobIntent { overrides: vec!["growth".to_owned()], ..job_intent(1) };
    ledger.plan_job(&intent).unwrap();
    for sender in [None, Some("ann".to_owned())] {
        ledger.plan_template(intent.id, &JobTemplate { sender, ..job_template() }).unwrap();
    }
    let second = PlannedBatch {
        template: 1,
        vars: Some(r#"{"n":"Ann"}"#.to_owned()),
        ..planned(&["c", "d"])
    };
    let batches = [planned(&["a", "b"]), second, planned(&["e"])];
    ledger.plan_batches(intent.id, &batches).unwrap();
    ledger.open_job(intent.id, &Opening::of(&intent), None).unwrap();
    ledger.claim_job(intent.id, NOW).unwrap();
    let first = ledger.next_batches(intent.id, None, 1).unwrap()[0].key;
    let dedupe_id = Some("cid-1".to_owned());
    let begin = BatchChange::Begin { batch: first, started_ms: NOW, dedupe_id };
    ledger.commit(intent.id, &[begin], &Preconditions::NONE).unwrap();
    ledger.commit(intent.id, &[again(first)], &Preconditions::NONE).unwrap();
    intent
}

fn again(batch: BatchKey) -> BatchChange {
    BatchChange::RetryAfter { batch, attempts: 1, doubtful: true }
}

/// Whether everything bears its seal, and every batch is there.
fn is_intact(path: &Path, job: Uuid) -> bool {
    let mut ledger = sealed(path);
    let is_read = || -> Result<bool> {
        let mut ledger = sealed(path);
        let mut all = ledger.job(job)?.seal == SealCheck::Intact && ledger.has_all_batches(job)?;
        ledger.each_batch(job, BatchFilter::All, &mut |batch| {
            all &= batch.seal == SealCheck::Intact;
            ControlFlow::Continue(())
        })?;
        Ok(all)
    };
    let by_checks = is_read().unwrap_or(false);
    // The engine reads what it sends by itself, and gets nothing that does not bear its seal.
    let by_batches = ledger.next_batches(job, None, 9).is_ok();
    assert!(!by_checks || by_batches, "the engine refuses what bears its seal");
    by_checks
}

/// Changes of what is sealed, each of one column.
const CHANGES: &[&str] = &[
    "UPDATE job SET sandbox = 1",
    "UPDATE job SET created_ms = created_ms + 1",
    "UPDATE job SET name = 'summer'",
    "UPDATE job SET name = NULL",
    "UPDATE job SET verb = 'send'",
    "UPDATE job SET provider = 'acmf'",
    "UPDATE job SET profile = 'test'",
    "UPDATE job SET profile = NULL",
    "UPDATE job SET app = 'key-2'",
    "UPDATE job SET endpoint = 'https://evil.example'",
    "UPDATE job SET audience = 'another list'",
    "UPDATE job SET overrides = '[]'",
    "UPDATE job SET overrides = '[\"growth\",\"repeat\"]'",
    "UPDATE job SET settings = '{\"abort_above\":null}'",
    "UPDATE job SET fingerprint = 'f2'",
    "UPDATE job SET seal = NULL",
    "UPDATE job SET seal = x''",
    "UPDATE job SET seal = substr(seal, 1, 16)",
    "UPDATE job SET sealed_batches = 2",
    "UPDATE job SET sealed_batches = NULL",
    "UPDATE template SET operation = 'push-all' WHERE number = 0",
    "UPDATE template SET effect = 'reads' WHERE number = 0",
    "UPDATE template SET effect = 'sand' WHERE number = 0",
    "UPDATE template SET kind = 'group' WHERE number = 0",
    "UPDATE template SET kind = 'usr' WHERE number = 0",
    "UPDATE template SET kind = NULL WHERE number = 1",
    "UPDATE template SET sender = 'eve' WHERE number = 1",
    "UPDATE template SET sender = NULL WHERE number = 1",
    "UPDATE template SET body = '{\"text\":\"ho\"}' WHERE number = 1",
    "UPDATE template SET body = '', digest = x'00' WHERE number = 0",
    "UPDATE template SET slot = '/cc' WHERE number = 0",
    "UPDATE template SET slot = NULL WHERE number = 0",
    "UPDATE template SET recall_seconds = 61 WHERE number = 0",
    "UPDATE template SET recall_seconds = NULL WHERE number = 0",
    "UPDATE template SET number = 2 WHERE number = 1",
    "DELETE FROM template WHERE number = 1",
    "INSERT INTO template SELECT job, 2, operation, effect, kind, sender, body, digest, slot, recall_seconds, NULL FROM template WHERE number = 0",
    "UPDATE batch SET template = 1 WHERE template = 0",
    "UPDATE batch SET ids = x'0178' WHERE template = 1",
    "UPDATE batch SET ids = x'' WHERE template = 1",
    "UPDATE batch SET ids = x'016301640178' WHERE template = 1",
    "UPDATE batch SET vars = '{\"n\":\"Eve\"}' WHERE template = 1",
    "UPDATE batch SET vars = NULL WHERE template = 1",
    "UPDATE batch SET vars = '{}' WHERE template = 0",
    "UPDATE batch SET seal = NULL WHERE template = 1",
    "UPDATE batch SET seal = x'00' WHERE template = 1",
    "UPDATE batch SET seal = (SELECT seal FROM batch WHERE template = 0 LIMIT 1)",
    "UPDATE batch SET key = key + 7 WHERE template = 1",
    "DELETE FROM batch WHERE template = 1",
    "UPDATE open SET dedupe_id = 'cid-2' WHERE dedupe_id IS NOT NULL",
    "UPDATE open SET dedupe_id = NULL WHERE dedupe_id IS NOT NULL",
    "UPDATE open SET dedupe_id = 'cid-1' WHERE dedupe_id IS NULL",
    "UPDATE dedupe_seal SET seal = x'00'",
    "DELETE FROM dedupe_seal",
    "INSERT INTO dedupe_seal SELECT batch + 1, seal FROM dedupe_seal",
    "UPDATE dedupe_seal SET batch = batch + 1",
    // Two batches of one template change their places, seals and all.
    "UPDATE batch SET ids = x'0165' WHERE ids = x'01610162'; UPDATE batch SET ids = x'01610162' WHERE key = (SELECT max(key) FROM batch)",
    // A batch more, with the seal of another.
    "INSERT INTO batch (key, template, ids, vars, seal) SELECT max(key) + 1, 0, x'017a', NULL, seal FROM batch WHERE template = 0;
     INSERT INTO open (key, template, targets, attempts, doubtful) SELECT max(key), 0, 1, 0, 0 FROM batch",
];

#[test]
fn what_was_sealed_is_found_changed_column_by_column_and_two_at_a_time() {
    let (_folder, path) = folder();
    let job = job(&path).id;
    assert!(is_intact(&path, job));
    let whole = snapshot(&path);
    for change in CHANGES {
        tamper(&path, change).unwrap();
        assert!(!is_intact(&path, job), "{change}");
        restore(&path, &whole);
    }
    // Neighbours in the list, and each with one from far away.
    for (at, change) in CHANGES.iter().enumerate() {
        for other in [(at + 1) % CHANGES.len(), (at + 23) % CHANGES.len()] {
            let other = CHANGES[other];
            // The second may find nothing left to change.
            tamper(&path, change).unwrap();
            let _ = tamper(&path, other);
            assert!(!is_intact(&path, job), "{change}; {other}");
            restore(&path, &whole);
        }
    }
    assert!(is_intact(&path, job));
}

/// All of a ledger in one file.
fn snapshot(path: &Path) -> Vec<u8> {
    Connection::open(path)
        .unwrap()
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .unwrap();
    fs::read(path).unwrap()
}

fn restore(path: &Path, whole: &[u8]) {
    for beside in ["db-wal", "db-shm", "db-synced"] {
        let _ = fs::remove_file(path.with_extension(beside));
    }
    fs::write(path, whole).unwrap();
}

#[test]
fn what_became_of_batches_is_not_sealed() {
    let (_folder, path) = folder();
    let job = job(&path).id;
    for change in [
        "UPDATE open SET attempts = 9, first_ms = 1, doubtful = 0",
        "UPDATE progress SET begun_ms = 5, stop_ms = 6",
        "UPDATE tally SET targets = targets + 1",
    ] {
        tamper(&path, change).unwrap();
        assert!(is_intact(&path, job), "{change}");
    }
}

#[test]
fn a_job_is_sealed_anew_as_it_was_seen_or_not_at_all() {
    let (_folder, path) = folder();
    let job = job(&path).id;
    let mut other = ledger(&path).sealed_with(Some(key("t")));
    let seen = other.job(job).unwrap();
    let opening = Opening { settings: "{\"new\":1}".to_owned(), ..Opening::of(&seen.intent) };
    let mut seals = Vec::new();
    let seals_of = other.seals_of(job);
    let mut take = |batch: JobBatch| {
        seals.extend(seals_of(&batch.batch));
        ControlFlow::Continue(())
    };
    other.each_batch(job, BatchFilter::All, &mut take).unwrap();
    tamper(&path, "UPDATE template SET body = '{\"text\":\"ho\"}'").unwrap();
    assert!(other.reseal_job(&seen, &opening, &seals).is_err(), "it has changed since");
    assert_eq!(checks(&mut other, job)[1], SealCheck::Broken, "and nothing was sealed");
    tamper(&path, "UPDATE template SET body = '{\"text\":\"hi\"}'").unwrap();
    // A batch that changes after it was seen does not get the seal of what it is now.
    tamper(&path, "UPDATE batch SET ids = x'0178' WHERE template = 1").unwrap();
    other.reseal_job(&seen, &opening, &seals).unwrap();
    assert_eq!(other.job(job).unwrap().intent.settings, "{\"new\":1}");
    let is = [SealCheck::Intact, SealCheck::Intact, SealCheck::Broken, SealCheck::Intact];
    assert_eq!(checks(&mut other, job), is);
    assert!(other.has_all_batches(job).unwrap());
}

#[test]
fn parts_of_what_was_cut_and_guards_that_were_passed_later_are_sealed_too() {
    let (_folder, path) = folder();
    let mut own = sealed(&path);
    let intent = job_intent(1);
    opened(&mut own, &intent, &[planned(&["a", "b"])]);
    own.claim_job(intent.id, NOW).unwrap();
    let key = own.next_batches(intent.id, None, 1).unwrap()[0].key;
    own.commit(intent.id, &[begin(key)], &Preconditions::NONE).unwrap();
    let parts = vec![planned(&["a"]), planned(&["b"])];
    own.commit(intent.id, &[BatchChange::Split { batch: key, parts }], &Preconditions::NONE)
        .unwrap();
    own.add_overrides(intent.id, &["kill-switch".to_owned()]).unwrap();
    assert_eq!(checks(&mut own, intent.id), [SealCheck::Intact; 3]);
    assert!(own.has_all_batches(intent.id).unwrap());
    assert_eq!(own.next_batches(intent.id, None, 9).unwrap().len(), 2);
    // Where the seal does not fit, nothing makes it fit in passing.
    tamper(&path, "UPDATE job SET audience = 'others'").unwrap();
    own.add_overrides(intent.id, &["quota".to_owned()]).unwrap();
    assert_eq!(own.job(intent.id).unwrap().seal, SealCheck::Broken);
}

#[test]
fn a_payload_of_which_only_the_digest_is_kept_is_sealed_by_it() {
    let (_folder, path) = folder();
    let mut own = sealed(&path).keep(Bodies::Digested);
    let intent = job_intent(1);
    opened(&mut own, &intent, &[planned(&["a"]), planned(&["b"])]);
    let job = own.claim_job(intent.id, NOW).unwrap().job;
    assert_eq!((job.seal, job.templates[0].body.as_str()), (SealCheck::Intact, r#"{"text":"hi"}"#));
    let keys = own.next_batches(intent.id, None, 9).unwrap();
    own.commit(intent.id, &[begin(keys[0].key)], &Preconditions::NONE).unwrap();
    own.commit(intent.id, &[end(keys[0].key, Verdict::Accepted)], &Preconditions::NONE).unwrap();
    own.release_job(intent.id, NOW).unwrap();
    assert_eq!(sealed(&path).job(intent.id).unwrap().seal, SealCheck::Intact);
    tamper(&path, "UPDATE template SET digest = x'00'").unwrap();
    assert_eq!(sealed(&path).job(intent.id).unwrap().seal, SealCheck::Broken);
    tamper(&path, "UPDATE template SET body = '{\"text\":\"ho\"}'").unwrap();
    assert_eq!(sealed(&path).job(intent.id).unwrap().seal, SealCheck::Broken);
}
