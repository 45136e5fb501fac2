//! What a commit promises: all of it or nothing, and what it has told is kept.

use super::*;

fn a_commit_of_which_one_change_cannot_be_made_changes_nothing(stores: &dyn Stores) {
    let split = |batch, ids: &[&str]| {
        let parts = ids.iter().map(|id| planned(&[id])).collect();
        BatchChange::Split { batch, parts }
    };
    let again = |batch| BatchChange::RetryAfter { batch, attempts: 1, doubtful: true };
    let (mut ledger, job, keys) = three(stores);
    let dedupe_id = Some("cid-1".to_owned());
    let with_key = |batch, dedupe_id| BatchChange::Begin { batch, started_ms: NOW, dedupe_id };
    ledger.commit(job, &[with_key(keys[0], dedupe_id.clone())], &Preconditions::NONE).unwrap();
    let before = fates(&mut ledger, job);
    // The first batch is begun, the others are planned: what comes second cannot be made.
    for (what, changes) in [
        ("end", [end(keys[0], Verdict::Accepted), end(keys[1], Verdict::Accepted)]),
        ("begin", [begin(keys[1]), begin(keys[0])]),
        ("begin after an end", [end(keys[0], Verdict::Accepted), begin(keys[0])]),
        ("again", [again(keys[0]), again(keys[2])]),
        ("split", [split(keys[0], &["a", "b"]), split(keys[1], &["c"])]),
        ("another key", [again(keys[0]), with_key(keys[0], Some("cid-2".to_owned()))]),
        ("no such batch", [begin(keys[1]), begin(BatchKey::nth(9))]),
    ] {
        ledger.commit(job, &changes, &Preconditions::NONE).expect_err(what);
        assert_eq!(fates(&mut ledger, job), before, "{what}");
        assert_eq!(ledger.last_batch(job).unwrap(), keys.last().copied(), "{what}");
        audit(&mut ledger, job);
    }
    let batch = ledger.batch(job, keys[0]).unwrap().unwrap().batch;
    assert_eq!((batch.dedupe_id, batch.attempts), (dedupe_id, 1));
}

fn an_entry_that_is_there_is_not_begun_again(stores: &dyn Stores) {
    let mut ledger = stores.create();
    let one = intent(1, NOW);
    ledger.begin(&one, &Preconditions::NONE).unwrap();
    let again = with(one.clone(), |one| one.content.body = "{}".to_owned());
    ledger.begin(&again, &Preconditions::NONE).unwrap_err();
    let entries = ledger.list(&Filter::default()).unwrap();
    assert_eq!(entries.iter().map(|entry| &entry.intent).collect::<Vec<_>>(), [&one]);
}

fn what_was_committed_is_there_for_the_next_writer(stores: &dyn Stores) {
    let (mut ledger, job, keys) = three(stores);
    ledger.commit(job, &[begin(keys[0]), begin(keys[1])], &Preconditions::NONE).unwrap();
    ledger.commit(job, &[end(keys[0], Verdict::Accepted)], &Preconditions::NONE).unwrap();
    ledger
        .commit(job, &[end(keys[0], Verdict::Accepted), begin(keys[2])], &Preconditions::NONE)
        .unwrap_err();
    drop(ledger);
    let mut next = stores.open(NOW + 1);
    assert_eq!(fates(&mut next, job), ["a accepted", "b accepted", "c unknown", "d planned"]);
    let claim = next.claim_job(job, NOW + 1).unwrap();
    assert_eq!(claim.orphaned, 1);
    assert_eq!(super::keys(&mut next, job), [keys[2]]);
    audit(&mut next, job);
}

passed_by_each_store! {
    a_commit_of_which_one_change_cannot_be_made_changes_nothing,
    an_entry_that_is_there_is_not_begun_again,
}

passed_by_shared_stores! {
    what_was_committed_is_there_for_the_next_writer,
}
