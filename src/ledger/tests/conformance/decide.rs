//! What people decide on what is unknown.

use super::*;

fn decision(resolved: ResolvedAs) -> Resolution {
    Resolution { resolved, note: None, by: Some("ann".to_owned()), resolved_ms: NOW }
}

fn coded(target: &str, verdict: Verdict, code: &str) -> TargetResult {
    let code = Some(code.to_owned());
    TargetResult { code, ..TargetResult::new(target, verdict) }
}

/// Three requests: one is unknown, one is known in part, one has lost its owner.
fn unknown(stores: &dyn Stores) -> (Ledger, Uuid, Vec<BatchKey>) {
    let mut ledger = stores.create();
    let job = job_intent(1).id;
    let batches = [planned(&["a", "b"]), planned(&["c", "d"]), planned(&["e"]), planned(&["f"])];
    opened(&mut ledger, &job_intent(1), &batches);
    ledger.claim_job(job, NOW).unwrap();
    let keys: Vec<_> =
        ledger.next_batches(job, None, 9).unwrap().iter().map(|batch| batch.key).collect();
    let begins: Vec<BatchChange> = keys[..3].iter().copied().map(begin).collect();
    ledger.commit(job, &begins, &Preconditions::NONE).unwrap();
    let targets = vec![coded("c", Verdict::Rejected, "7")];
    let part = Ending { targets, code: Some("9".to_owned()), ..ending(Verdict::Unknown) };
    let ends = [end(keys[0], Verdict::Unknown), BatchChange::End { batch: keys[1], ending: part }];
    ledger.commit(job, &ends, &Preconditions::NONE).unwrap();
    ledger.release_job(job, NOW).unwrap();
    (ledger, job, keys)
}

fn a_decision_is_about_what_is_unknown_and_is_made_once(stores: &dyn Stores) {
    for (resolved, word) in
        [(ResolvedAs::Accepted, "accepted"), (ResolvedAs::NotAccepted, "unavailable")]
    {
        let (mut ledger, job, _) = unknown(stores);
        let settled = ledger.resolve_job(job, None, &decision(resolved)).unwrap();
        assert_eq!(settled, Settled { batches: 3, targets: 4 });
        let fates = fates(&mut ledger, job);
        assert_eq!(
            fates[2..],
            ["c rejected", &format!("d {word}"), &format!("e {word}"), "f planned"]
        );
        audit(&mut ledger, job);
        let error = ledger.resolve_job(job, None, &decision(resolved)).unwrap_err();
        assert_eq!(error.to_string(), "nothing of the job spring is unknown");
    }
}

fn a_decision_can_be_about_one_request(stores: &dyn Stores) {
    let (mut ledger, job, keys) = unknown(stores);
    let accepted = decision(ResolvedAs::Accepted);
    let settled = ledger.resolve_job(job, Some(keys[0]), &accepted).unwrap();
    assert_eq!(settled, Settled { batches: 1, targets: 2 });
    assert_eq!(fates(&mut ledger, job)[..3], ["a accepted", "b accepted", "c rejected"]);
    audit(&mut ledger, job);
    let error = ledger.resolve_job(job, Some(keys[3]), &accepted).unwrap_err();
    assert_eq!(error.to_string(), "that request of the job spring is not unknown");
    assert_eq!(ledger.job(job).unwrap().state, JobState::Interrupted);
}

fn an_id_that_was_found_is_kept_with_the_decision(stores: &dyn Stores) {
    let accepted = decision(ResolvedAs::Accepted);
    let found = |number: &str| ("uid".to_owned(), number.to_owned());
    let ids = |ending: Option<Ending>| ending.map(|ending| ending.ids).unwrap_or_default();
    let mut ledger = stores.create();
    let one = intent(1, NOW);
    ledger.begin(&one, &Preconditions::NONE).unwrap();
    ledger.finish(one.id, &ending(Verdict::Unknown), None).unwrap();
    let id = one.id;
    let entry = ledger.resolve_with_id(id, &accepted, Some(&found("5"))).unwrap();
    assert_eq!(entry.status, EntryStatus::Decided(Verdict::Accepted));
    assert_eq!(ids(entry.ending), [found("5")]);
    assert_eq!(ledger.entries_of_vendor_id("acme", "5", Realm::Real).unwrap().len(), 1);
    ledger.resolve_with_id(id, &accepted, Some(&found("6"))).unwrap_err();
    // Requests of a job: an answer that has an id keeps it.
    let (mut ledger, job, keys) = unknown(stores);
    for (key, number) in keys[..3].iter().zip(["7", "8", "9"]) {
        ledger.resolve_batch_with_id(job, *key, &accepted, &found(number)).unwrap();
        let batch = ledger.batch(job, *key).unwrap().unwrap();
        assert_eq!(batch.state, TargetState::Decided(Verdict::Accepted));
        let kept = ids(batch.ending.clone());
        assert_eq!(kept.len(), 1);
        let (_, id) = &kept[0];
        assert!(ledger.find_batch_by_vendor_id("acme", id, Realm::Real).unwrap().is_some());
    }
    let lost = ledger.batch(job, keys[2]).unwrap().unwrap();
    assert_eq!(ids(lost.ending), [found("9")], "its owner had died");
    audit(&mut ledger, job);
}

fn codes_are_told_with_how_many_they_were_said_to(stores: &dyn Stores) {
    let (mut ledger, job, _) = unknown(stores);
    let told: Vec<(&str, Option<String>, u64)> = ledger
        .codes(job)
        .unwrap()
        .into_iter()
        .map(|code| (code.state.word(), code.code, code.targets))
        .collect();
    assert_eq!(
        told,
        [
            ("unknown", None, 3),
            ("rejected", Some("7".to_owned()), 1),
            ("unknown", Some("9".to_owned()), 1),
        ]
    );
}

fn digests_keep_no_payload_but_the_process_that_planned_has_it_in_hand(stores: &dyn Stores) {
    let job = job_intent(1).id;
    let mut own = stores.create().keep(Bodies::Digested);
    let with_vars =
        PlannedBatch { vars: Some(r#"{"name":"Ann Secret"}"#.to_owned()), ..planned(&["a"]) };
    opened(&mut own, &job_intent(1), &[with_vars]);
    let claim = own.claim_job(job, NOW).unwrap();
    assert_eq!(claim.job.templates[0].body, r#"{"text":"hi"}"#);
    let batch = own.next_batches(job, None, 1).unwrap().remove(0);
    assert!(batch.vars.is_some());
    own.commit(job, &[begin(batch.key)], &Preconditions::NONE).unwrap();
    own.commit(job, &[end(batch.key, Verdict::Accepted)], &Preconditions::NONE).unwrap();
    own.release_job(job, NOW).unwrap();
    let mut other = stores.open(NOW);
    assert_eq!(other.job(job).unwrap().templates[0].body, "");
    assert_eq!(other.batch(job, batch.key).unwrap().unwrap().batch.vars, None);
}

passed_by_each_store! {
    a_decision_is_about_what_is_unknown_and_is_made_once,
    an_id_that_was_found_is_kept_with_the_decision,
    a_decision_can_be_about_one_request,
    codes_are_told_with_how_many_they_were_said_to,
}

passed_by_shared_stores! {
    digests_keep_no_payload_but_the_process_that_planned_has_it_in_hand,
}
