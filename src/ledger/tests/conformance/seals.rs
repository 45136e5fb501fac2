//! Seals: what was written with a key is read with it, and proves nothing to another one.

use super::*;
use crate::seal::{SealCheck, SealKey};

/// The key of an app with this secret.
pub(in crate::ledger) fn key(secret: &str) -> SealKey {
    SealKey::derive([("secret", secret)], "acme", "key-1").expect("a key")
}

/// What the seals of a job and of its batches say.
pub(in crate::ledger) fn checks(ledger: &mut Ledger, job: Uuid) -> Vec<SealCheck> {
    let mut checks = vec![ledger.job(job).unwrap().seal];
    let mut take = |batch: JobBatch| {
        checks.push(batch.seal);
        ControlFlow::Continue(())
    };
    ledger.each_batch(job, BatchFilter::All, &mut take).unwrap();
    checks
}

/// A sealed job of two batches.
fn sealed(ledger: Ledger) -> Ledger {
    let mut ledger = ledger.sealed_with(Some(key("s")));
    opened(&mut ledger, &job_intent(1), &[planned(&["a", "b"]), planned(&["c"])]);
    ledger.claim_job(job_intent(1).id, NOW).unwrap();
    ledger
}

fn another_secret_proves_nothing_and_without_one_nothing_is_proved(stores: &dyn Stores) {
    let job = job_intent(1).id;
    let mut own = sealed(stores.create());
    assert_eq!(checks(&mut own, job), [SealCheck::Intact; 3]);
    let mut other = own.sealed_with(Some(key("t")));
    assert_eq!(checks(&mut other, job), [SealCheck::Broken; 3]);
    let error = other.next_batches(job, None, 9).unwrap_err();
    assert_eq!(error.exit().code(), 3);
    assert!(error.to_string().contains("batch 1 of the job"), "{error}");
    let mut none = other.sealed_with(None);
    assert_eq!(checks(&mut none, job), [SealCheck::NoKey; 3]);
    assert_eq!(none.next_batches(job, None, 9).unwrap().len(), 2);

    // A job that was opened without a key has no seal.
    opened(&mut none, &job_intent(2), &[planned(&["z"])]);
    let mut read = none.sealed_with(Some(key("s")));
    assert_eq!(checks(&mut read, job_intent(2).id), [SealCheck::Missing; 2]);
    assert!(read.next_batches(job_intent(2).id, None, 9).is_err());
}

fn idempotency_keys_parts_and_guards_are_sealed_as_they_come(stores: &dyn Stores) {
    let job = job_intent(1).id;
    let mut own = sealed(stores.create());
    let first = keys(&mut own, job);
    let dedupe_id = Some("cid-1".to_owned());
    let begins =
        [BatchChange::Begin { batch: first[1], started_ms: NOW, dedupe_id }, begin(first[0])];
    own.commit(job, &begins, &Preconditions::NONE).unwrap();
    let parts = vec![planned(&["a"]), planned(&["b"])];
    let again = BatchChange::RetryAfter { batch: first[1], attempts: 1, doubtful: true };
    own.commit(job, &[BatchChange::Split { batch: first[0], parts }, again], &Preconditions::NONE)
        .unwrap();
    own.add_overrides(job, &["kill-switch".to_owned()]).unwrap();
    assert_eq!(checks(&mut own, job), [SealCheck::Intact; 4]);
    assert!(own.has_all_batches(job).unwrap());
    assert_eq!(own.next_batches(job, None, 9).unwrap().len(), 3);
}

fn a_job_gets_a_new_seal_with_the_batches_that_were_seen(stores: &dyn Stores) {
    let job = job_intent(1).id;
    let mut other = sealed(stores.create()).sealed_with(Some(key("t")));
    let seen = other.job(job).unwrap();
    let seals_of = other.seals_of(job);
    let mut seals = Vec::new();
    let mut take = |batch: JobBatch| {
        seals.extend(seals_of(&batch.batch));
        ControlFlow::Break(())
    };
    other.each_batch(job, BatchFilter::All, &mut take).unwrap();
    // Guards that are passed do not make a seal fit that does not.
    other.add_overrides(job, &[]).unwrap();
    assert_eq!(checks(&mut other, job), [SealCheck::Broken; 3]);
    other.reseal_job(&seen, &Opening::of(&seen.intent), &seals).unwrap();
    let of_first = [SealCheck::Intact, SealCheck::Intact, SealCheck::Broken];
    assert_eq!(checks(&mut other, job), of_first);
}

passed_by_each_store! {
    another_secret_proves_nothing_and_without_one_nothing_is_proved,
    idempotency_keys_parts_and_guards_are_sealed_as_they_come,
    a_job_gets_a_new_seal_with_the_batches_that_were_seen,
}
