//! What is found of what went out before.

use super::*;

fn the_last_job_of_a_name_is_one_that_sent(stores: &dyn Stores) {
    let mut ledger = stores.create();
    opened(&mut ledger, &job_intent(1), &[planned(&["a", "b"])]);
    ledger.claim_job(job_intent(1).id, NOW).unwrap();
    let last = |ledger: &mut Ledger, profile| {
        let last = ledger.last_job_of("spring", Realm::Real, "acme", profile).unwrap();
        last.map(|last| (last.id, last.targets))
    };
    assert_eq!(last(&mut ledger, Some("live")), None);
    let key = keys(&mut ledger, job_intent(1).id)[0];
    ledger.commit(job_intent(1).id, &[begin(key)], &Preconditions::NONE).unwrap();
    opened(&mut ledger, &job_intent(2), &[planned(&["a"])]);
    assert_eq!(last(&mut ledger, Some("live")), Some((job_intent(1).id, 2)));
    assert_eq!(last(&mut ledger, None), None);
}

fn the_same_to_the_same_is_found_while_it_may_have_arrived(stores: &dyn Stores) {
    let print = |n: u64| Some(format!("f{n}"));
    for (verdict, found) in
        [(Verdict::Accepted, true), (Verdict::Unknown, true), (Verdict::Rejected, false)]
    {
        let (mut ledger, job, keys) = three(stores);
        let at = |ledger: &mut Ledger, since| {
            ledger
                .sent_since(Realm::Real, "acme", "key-1", "f1", since)
                .unwrap()
                .map(|repeat| (repeat.id, repeat.is_job))
        };
        assert_eq!(at(&mut ledger, NOW), None);
        ledger.commit(job, &[begin(keys[0])], &Preconditions::NONE).unwrap();
        assert_eq!(at(&mut ledger, NOW + 1), Some((job, true)));
        ledger.commit(job, &[end(keys[0], verdict)], &Preconditions::NONE).unwrap();
        assert_eq!(at(&mut ledger, NOW + 1).is_some(), found, "{verdict:?}");
        assert_eq!(at(&mut ledger, NOW + 2), None);
        let one = with(intent(7, NOW + 5), |one| one.content.fingerprint = print(1));
        ledger.begin(&one, &Preconditions::NONE).unwrap();
        ledger.finish(one.id, &ending(verdict), None).unwrap();
        assert_eq!(at(&mut ledger, NOW + 2), found.then_some((one.id, false)));
        assert_eq!(ledger.sent_since(Realm::Sandbox, "acme", "key-1", "f1", 0).unwrap(), None);
        assert_eq!(ledger.sent_since(Realm::Real, "acme", "key-2", "f1", 0).unwrap(), None);
    }
}

fn calls_of_entries_and_batches_count_against_one_quota(stores: &dyn Stores) {
    let (mut ledger, job, keys) = three(stores);
    for (n, verdict) in [(1, Verdict::Accepted), (2, Verdict::Unavailable), (3, Verdict::Unknown)] {
        let one = intent(n, NOW + 10 * n as i64);
        ledger.begin(&one, &Preconditions::NONE).unwrap();
        ledger.finish(one.id, &ending(verdict), None).unwrap();
    }
    ledger
        .begin(
            &with(intent(4, NOW + 40), |one| one.route.operation = "other".to_owned()),
            &Preconditions::NONE,
        )
        .unwrap();
    let starts = [(NOW + 5, Verdict::Rejected), (NOW + 6, Verdict::Unavailable)];
    for (batch, (started_ms, verdict)) in keys.iter().zip(starts) {
        ledger
            .commit(
                job,
                &[BatchChange::Begin { batch: *batch, started_ms, dedupe_id: None }],
                &Preconditions::NONE,
            )
            .unwrap();
        ledger.commit(job, &[end(*batch, verdict)], &Preconditions::NONE).unwrap();
    }
    ledger
        .commit(
            job,
            &[BatchChange::Begin { batch: keys[2], started_ms: NOW + 99, dedupe_id: None }],
            &Preconditions::NONE,
        )
        .unwrap();
    let mut calls = |app, operations: &[&str], since_ms, limit| {
        let call = QuotaCall {
            realm: Realm::Real,
            provider: "acme",
            app,
            operations,
            to_all: false,
            since_ms,
        };
        let times = ledger.recent_calls(&call, limit).unwrap();
        times.into_iter().map(|time| time - NOW).collect::<Vec<_>>()
    };
    assert_eq!(calls("key-1", &["push"], NOW, 9), [99, 30, 10, 5]);
    assert_eq!(calls("key-1", &["push", "other"], NOW + 20, 2), [99, 40]);
    assert_eq!(calls("key-2", &["push"], NOW, 9), Vec::<i64>::new());
    assert_eq!(calls("key-1", &["push"], NOW + 100, 9), Vec::<i64>::new());
}

fn a_job_whose_targets_nobody_can_count_is_found_as_well(stores: &dyn Stores) {
    for (verdict, found) in
        [(Verdict::Accepted, true), (Verdict::Unknown, true), (Verdict::Rejected, false)]
    {
        let mut ledger = stores.create();
        let job = job_intent(1).id;
        opened(&mut ledger, &job_intent(1), &[planned(&[])]);
        ledger.claim_job(job, NOW).unwrap();
        let key = keys(&mut ledger, job)[0];
        assert!(!ledger.job(job).unwrap().has_reached());
        ledger.commit(job, &[begin(key)], &Preconditions::NONE).unwrap();
        ledger.commit(job, &[end(key, verdict)], &Preconditions::NONE).unwrap();
        ledger.release_job(job, NOW + 1).unwrap();
        let same = ledger.sent_since(Realm::Real, "acme", "key-1", "f1", NOW).unwrap();
        assert_eq!(same.map(|repeat| repeat.id), found.then_some(job), "{verdict:?}");
    }
}

fn what_was_not_done_does_not_count_and_what_is_to_everybody_can_be_counted_apart(
    stores: &dyn Stores,
) {
    let mut ledger = stores.create();
    let to = |n: u64, audience: &str| {
        with(intent(n, NOW + n as i64), |one| one.reach.audience = audience.into())
    };
    for (n, audience, verdict, http_status) in [
        (1, "everybody", Verdict::Unavailable, Some(429)),
        (2, "user:a", Verdict::Unavailable, Some(429)),
        (3, "everybody", Verdict::Unavailable, None),
        (4, "everybody", Verdict::Rejected, Some(400)),
        (5, "user:a", Verdict::Unknown, Some(502)),
    ] {
        let one = to(n, audience);
        ledger.begin(&one, &Preconditions::NONE).unwrap();
        ledger.finish(one.id, &Ending { http_status, ..ending(verdict) }, None).unwrap();
    }
    let everybody = JobIntent { audience: "everybody".into(), ..job_intent(5) };
    for (job, started_ms) in [(everybody, NOW + 7), (job_intent(6), NOW + 8)] {
        opened(&mut ledger, &job, &[planned(&[])]);
        ledger.claim_job(job.id, NOW).unwrap();
        let batch = keys(&mut ledger, job.id)[0];
        ledger
            .commit(
                job.id,
                &[BatchChange::Begin { batch, started_ms, dedupe_id: None }],
                &Preconditions::NONE,
            )
            .unwrap();
    }
    let mut calls = |to_all| {
        let (operations, since_ms) = (&["push"][..], NOW);
        let call = QuotaCall {
            realm: Realm::Real,
            provider: "acme",
            app: "key-1",
            operations,
            to_all,
            since_ms,
        };
        let times = ledger.recent_calls(&call, 9).unwrap();
        times.into_iter().map(|time| time - NOW).collect::<Vec<_>>()
    };
    assert_eq!(calls(false), [8, 7, 5, 4]);
    assert_eq!(calls(true), [7, 4]);
}

passed_by_each_store! {
    the_last_job_of_a_name_is_one_that_sent,
    the_same_to_the_same_is_found_while_it_may_have_arrived,
    calls_of_entries_and_batches_count_against_one_quota,
    a_job_whose_targets_nobody_can_count_is_found_as_well,
    what_was_not_done_does_not_count_and_what_is_to_everybody_can_be_counted_apart,
}
