//! What may begin within an allowance.

use super::*;

const HOUR_MS: i64 = 3_600_000;

fn push(most: usize) -> Allowance {
    Allowance { operations: vec!["push", "other"], to_all: false, span_ms: HOUR_MS, most }
}

fn an_entry_begins_where_every_allowance_has_room(stores: &dyn Stores) {
    let of = |operation: &str| {
        with(intent(9, NOW + 50), |one| one.route.operation = operation.to_owned())
    };
    let elsewhere = with(of("push"), |one| one.route.app = "key-2".to_owned());
    let sandbox = with(of("push"), |one| one.route.realm = Realm::Sandbox);
    let later = with(of("push"), |one| one.times.created_ms = NOW + 10 + HOUR_MS + 1);
    let both = || vec![push(9), push(2)];
    for (what, next, allowances, place) in [
        ("unbound", of("push"), vec![], None),
        ("room for one more", of("push"), vec![push(3)], None),
        ("used up", of("push"), vec![push(2)], Some(0)),
        ("used up by another operation of the pool", of("other"), both(), Some(1)),
        ("an operation that does not count", of("free"), both(), None),
        ("none at all", of("push"), vec![push(0)], Some(0)),
        ("another app", elsewhere, both(), None),
        ("another realm", sandbox, both(), None),
        ("the first has left the window", later, both(), None),
    ] {
        let mut ledger = stores.create();
        for (n, verdict) in
            [(1, Verdict::Accepted), (2, Verdict::Unknown), (3, Verdict::Unavailable)]
        {
            let one = intent(n, NOW + 10 * n as i64);
            ledger.begin(&one, &Preconditions::NONE).unwrap();
            ledger.finish(one.id, &ending(verdict), None).unwrap();
        }
        let unmet = ledger.begin(&next, &within(&allowances)).unwrap();
        let found = unmet.map(|unmet| match unmet {
            UnmetPrecondition::Spent(spent) => spent.place,
            other => panic!("{what}: {other:?}"),
        });
        assert_eq!(found, place, "{what}");
        let kept = ledger.maybe_entry(next.id).unwrap().is_some();
        assert_eq!(kept, place.is_none(), "{what}");
    }
}

fn another_attempt_of_an_entry_is_the_same_call(stores: &dyn Stores) {
    let mut ledger = stores.create();
    let (first, second) = (intent(1, NOW), intent(2, NOW + 9));
    assert_eq!(ledger.begin(&first, &within(&[push(2)])).unwrap(), None);
    ledger.attempt(first.id, 2, NOW + 5).unwrap();
    assert_eq!(ledger.begin(&second, &within(&[push(2)])).unwrap(), None);
    let spent = ledger.begin(&intent(3, NOW + 10), &within(&[push(2)])).unwrap();
    assert_eq!(
        spent,
        Some(UnmetPrecondition::Spent(Spent { place: 0, times_ms: vec![NOW + 9, NOW + 5] }))
    );
}

fn batches_begin_where_all_of_them_fit_and_what_has_ended_is_kept_all_the_same(
    stores: &dyn Stores,
) {
    for (most, permit) in [(3, Permit::Granted), (2, Permit::NoQuota)] {
        let (mut ledger, job, keys) = three(stores);
        ledger.begin(&intent(1, NOW), &Preconditions::NONE).unwrap();
        let allowances = [push(most)];
        let first = ledger.commit(job, &[begin(keys[0])], &within(&allowances)).unwrap();
        assert_eq!(first, Permit::Granted);
        let changes = [end(keys[0], Verdict::Accepted), begin(keys[1])];
        assert_eq!(ledger.commit(job, &changes, &within(&allowances)).unwrap(), permit);
        let next = if permit == Permit::Granted { "c sending" } else { "c planned" };
        assert_eq!(fates(&mut ledger, job), ["a accepted", "b accepted", next, "d planned"]);
        audit(&mut ledger, job);
        // One is left of two: none of them begins.
        let (mut ledger, job, keys) = three(stores);
        let both = [begin(keys[0]), begin(keys[1])];
        assert_eq!(ledger.commit(job, &both, &within(&[push(1)])).unwrap(), Permit::NoQuota);
        assert_eq!(ledger.commit(job, &both[..1], &within(&[push(1)])).unwrap(), Permit::Granted);
    }
}

fn a_batch_that_did_not_arrive_does_not_count_against_its_next_attempt(stores: &dyn Stores) {
    let (mut ledger, job, keys) = three(stores);
    let allowances = [push(1)];
    ledger.commit(job, &[begin(keys[0])], &within(&allowances)).unwrap();
    let again = BatchChange::RetryAfter { batch: keys[0], attempts: 1, doubtful: false };
    let permit = ledger.commit(job, &[again, begin(keys[0])], &within(&allowances)).unwrap();
    assert_eq!(permit, Permit::Granted);
    let ended = [end(keys[0], Verdict::Rejected), begin(keys[1])];
    assert_eq!(ledger.commit(job, &ended, &within(&allowances)).unwrap(), Permit::NoQuota);
}

fn what_a_person_resolved_as_not_done_does_not_count(stores: &dyn Stores) {
    let (mut ledger, job, keys) = three(stores);
    let all: Vec<BatchChange> = keys.iter().copied().map(begin).collect();
    ledger.commit(job, &all, &Preconditions::NONE).unwrap();
    let unknown = || ending(Verdict::Unknown);
    // One target of the first batch certainly got it.
    let targets = vec![told("a", Verdict::Accepted, None), told("b", Verdict::Unknown, None)];
    let ends = [Ending { targets, ..unknown() }, unknown(), unknown()];
    let ends =
        keys.iter().zip(ends).map(|(batch, ending)| BatchChange::End { batch: *batch, ending });
    ledger.commit(job, &ends.collect::<Vec<_>>(), &Preconditions::NONE).unwrap();
    let one = intent(1, NOW + 5);
    ledger.begin(&one, &Preconditions::NONE).unwrap();
    ledger.finish(one.id, &unknown(), None).unwrap();
    let count = |ledger: &mut Ledger| {
        let (realm, provider, app) = (Realm::Real, "acme", "key-1");
        let (operations, to_all, since_ms) = (&["push"][..], false, NOW);
        let call = QuotaCall { realm, provider, app, operations, to_all, since_ms };
        ledger.recent_calls(&call, 9).unwrap().len()
    };
    assert_eq!(count(&mut ledger), 4);
    let resolution = |resolved| Resolution { resolved, note: None, by: None, resolved_ms: NOW + 9 };
    ledger.resolve_job(job, Some(keys[1]), &resolution(ResolvedAs::Accepted)).unwrap();
    assert_eq!(count(&mut ledger), 4);
    ledger.resolve_job(job, Some(keys[2]), &resolution(ResolvedAs::NotAccepted)).unwrap();
    assert_eq!(count(&mut ledger), 3);
    ledger.resolve_job(job, Some(keys[0]), &resolution(ResolvedAs::NotAccepted)).unwrap();
    assert_eq!(count(&mut ledger), 3, "it was done, in part");
    ledger.resolve(one.id, &resolution(ResolvedAs::NotAccepted)).unwrap();
    assert_eq!(count(&mut ledger), 2);
}

passed_by_each_store! {
    an_entry_begins_where_every_allowance_has_room,
    another_attempt_of_an_entry_is_the_same_call,
    batches_begin_where_all_of_them_fit_and_what_has_ended_is_kept_all_the_same,
    a_batch_that_did_not_arrive_does_not_count_against_its_next_attempt,
    what_a_person_resolved_as_not_done_does_not_count,
}
