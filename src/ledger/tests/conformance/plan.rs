//! What is planned: numbers, orders, pages, and the one writer that may change it.

use super::*;

/// A job of seven batches in two templates.
fn seven(ledger: &mut Ledger) -> Uuid {
    let intent = job_intent(1);
    ledger.plan_job(&intent).unwrap();
    let first = ledger.plan_template(intent.id, &job_template()).unwrap();
    ledger.plan_batches(intent.id, &[planned(&["a"]), planned(&["b"]), planned(&["c"])]).unwrap();
    let second = JobTemplate { operation: "other".to_owned(), ..job_template() };
    let second = ledger.plan_template(intent.id, &second).unwrap();
    assert_eq!((first, second), (0, 1));
    let of_second = |id: &str| PlannedBatch { template: 1, ..planned(&[id]) };
    ledger.plan_batches(intent.id, &["d", "e", "f", "g"].map(of_second)).unwrap();
    ledger.open_job(intent.id, &Opening::of(&intent), None).unwrap();
    intent.id
}

fn templates_and_batches_are_numbered_as_they_come(stores: &dyn Stores) {
    let mut ledger = stores.create();
    let job = seven(&mut ledger);
    let operations = ledger.job(job).unwrap().templates.into_iter().map(|one| one.operation);
    assert_eq!(operations.collect::<Vec<_>>(), ["push", "other"]);
    assert_eq!(ledger.last_batch(job).unwrap(), Some(BatchKey::nth(7)));
    let mut found = Vec::new();
    let mut take = |one: JobBatch| {
        found.push((one.batch.key.number(), one.batch.template, one.batch.ids[0].clone()));
        ControlFlow::Continue(())
    };
    ledger.each_batch(job, BatchFilter::All, &mut take).unwrap();
    let expected = [(1, 0, "a"), (2, 0, "b"), (3, 0, "c"), (4, 1, "d"), (5, 1, "e"), (6, 1, "f")];
    assert_eq!(
        found[..6],
        expected.map(|(number, template, id)| (number, template, id.to_owned()))
    );
}

fn pages_of_any_length_have_each_planned_batch_once_and_in_order(stores: &dyn Stores) {
    for length in 1..=8 {
        let mut ledger = stores.create();
        let job = seven(&mut ledger);
        ledger.claim_job(job, NOW).unwrap();
        ledger.commit(job, &[begin(BatchKey::nth(3))], &Preconditions::NONE).unwrap();
        let (mut after, mut numbers) = (None, Vec::new());
        loop {
            let page = ledger.next_batches(job, after, length).unwrap();
            assert!(page.len() <= length);
            let Some(last) = page.last() else { break };
            after = Some(last.key);
            numbers.extend(page.iter().map(|batch| batch.key.number()));
        }
        assert_eq!(numbers, [1, 2, 4, 5, 6, 7], "{length}");
    }
}

fn entries_and_jobs_come_the_latest_first_and_may_be_broken_off(stores: &dyn Stores) {
    let mut ledger = stores.create();
    for n in 1..=5 {
        // In the order in which they were written, whatever the clock says.
        ledger.begin(&intent(n, NOW - n as i64), &Preconditions::NONE).unwrap();
        opened(&mut ledger, &job_intent(n), &[planned(&["a"])]);
    }
    let filter = Filter { limit: Some(3), ..Filter::default() };
    let ids: Vec<_> = ledger.list(&filter).unwrap().iter().map(|one| one.intent.id).collect();
    assert_eq!(ids, [5, 4, 3].map(|n| intent(n, 0).id));
    let mut jobs = Vec::new();
    let mut take = |job: Job| {
        jobs.push(job.intent.id);
        if jobs.len() < 2 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    ledger.jobs(&Filter::default(), &mut take).unwrap();
    assert_eq!(jobs, [5, 4].map(|n| job_intent(n).id));
}

fn guards_that_were_passed_later_are_added_once(stores: &dyn Stores) {
    let mut ledger = stores.create();
    let job = seven(&mut ledger);
    for guards in [&["quota"][..], &["quota", "repeat"]] {
        let guards: Vec<String> = guards.iter().map(|guard| (*guard).to_owned()).collect();
        ledger.add_overrides(job, &guards).unwrap();
    }
    assert_eq!(ledger.job(job).unwrap().intent.overrides, ["quota", "repeat"]);
}

fn a_job_is_changed_as_it_was_seen_or_not_at_all(stores: &dyn Stores) {
    let mut ledger = stores.create();
    let job = seven(&mut ledger);
    let seen = ledger.job(job).unwrap();
    let opening = Opening { settings: "{\"n\":1}".to_owned(), ..Opening::of(&seen.intent) };
    ledger.reseal_job(&seen, &opening, &[]).unwrap();
    let other = Opening { settings: "{\"n\":2}".to_owned(), ..opening };
    assert_eq!(ledger.reseal_job(&seen, &other, &[]).unwrap_err().exit().code(), 3);
    assert_eq!(ledger.job(job).unwrap().intent.settings, "{\"n\":1}");
}

fn what_another_writer_owns_is_not_changed(stores: &dyn Stores) {
    let mut own = stores.create();
    let job = seven(&mut own);
    own.claim_job(job, NOW).unwrap();
    own.commit(job, &[begin(BatchKey::nth(1))], &Preconditions::NONE).unwrap();
    let mut other = stores.open(NOW);
    let before = fates(&mut own, job);
    for error in [
        other.commit(job, &[begin(BatchKey::nth(2))], &Preconditions::NONE).unwrap_err(),
        other
            .commit(job, &[end(BatchKey::nth(1), Verdict::Accepted)], &Preconditions::NONE)
            .unwrap_err(),
        other.requeue_doubtful(job, 0, &(0..=NOW)).unwrap_err(),
        other.release_job(job, NOW).unwrap_err(),
    ] {
        assert_eq!(error.to_string(), format!("the job {job} is not this process's own"));
    }
    assert_eq!(fates(&mut own, job), before);
    own.commit(job, &[end(BatchKey::nth(1), Verdict::Accepted)], &Preconditions::NONE).unwrap();
}

passed_by_each_store! {
    templates_and_batches_are_numbered_as_they_come,
    pages_of_any_length_have_each_planned_batch_once_and_in_order,
    entries_and_jobs_come_the_latest_first_and_may_be_broken_off,
    guards_that_were_passed_later_are_added_once,
    a_job_is_changed_as_it_was_seen_or_not_at_all,
}

passed_by_shared_stores! {
    what_another_writer_owns_is_not_changed,
}
