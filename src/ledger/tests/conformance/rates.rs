//! What may begin within rate limits that processes share.

use std::time::Duration;

use super::*;
use crate::contract::{Operation, Rate, RateUnit};
use crate::net::rate_limit::RateAsk;
use crate::net::rate_limit::RateClaim;
use crate::net::rate_limit::RateLimiter;
use crate::net::rate_limit::RateSharer;
use crate::net::rate_limit::Ticket;

static PUSH: Operation = Operation {
    id: "push",
    rates: &[Rate { count: 3, seconds: 20, counted: RateUnit::Calls, scope: "app", pool: "" }],
    ..Operation::BASE
};

/// A process that shares the limits of an app.
struct SharingProcess(RateLimiter);

impl SharingProcess {
    fn of(who: &str, app: &str, sandbox: bool) -> Self {
        let (provider, app) = ("acme".to_owned(), app.to_owned());
        Self(RateLimiter::sharing(RateSharer { sandbox, provider, app, who: who.to_owned() }))
    }

    /// What there is to report and to ask, at a number of seconds after the beginning.
    fn claim(&mut self, asks: usize, seconds: i64) -> Option<RateClaim> {
        let ask = RateAsk { operation: &PUSH, targets: 1, limit: Duration::from_secs(30) };
        let now = Duration::from_secs(seconds.unsigned_abs());
        self.0.claim(vec![ask; asks], now, NOW + 1000 * seconds)
    }

    fn begin(&mut self) -> Ticket {
        let mut ticket = self.0.begin(&PUSH, 1);
        self.0.granted(&mut ticket);
        ticket
    }
}

fn until_ms(unmet: Option<UnmetPrecondition>) -> Option<i64> {
    unmet.map(|unmet| match unmet {
        UnmetPrecondition::RateLimited { until_ms } => until_ms - NOW,
        other => panic!("{other:?}"),
    })
}

fn an_entry_begins_where_the_shared_limit_has_room_and_is_not_kept_where_it_has_none(
    stores: &dyn Stores,
) {
    let mut ledger = stores.create();
    let mut begin = |n: u64, sharing: &mut SharingProcess, seconds| {
        let (one, claim) = (intent(n, NOW + 1000 * seconds), sharing.claim(1, seconds));
        let unmet = ledger.begin(&one, &sharing_rate(claim.as_ref())).unwrap();
        let kept = ledger.maybe_entry(one.id).unwrap().is_some();
        assert_eq!(kept, unmet.is_none());
        until_ms(unmet)
    };
    let (mut one, mut other) =
        (SharingProcess::of("1", "key-1", false), SharingProcess::of("2", "key-1", false));
    for n in 1..=3 {
        assert_eq!(begin(n, &mut one, 0), None);
    }
    // What is in flight may end at any time from now on.
    assert_eq!(begin(4, &mut one, 1), Some(21_000));
    assert_eq!(begin(5, &mut other, 2), Some(22_000));
    assert_eq!(begin(6, &mut SharingProcess::of("3", "key-2", false), 2), None, "another app");
    assert_eq!(begin(7, &mut SharingProcess::of("4", "key-1", true), 2), None, "the sandbox");
    // What ends with an entry is told with it.
    let ticket = one.begin();
    one.0.end(ticket, Duration::from_secs(3));
    let told = one.claim(0, 4);
    ledger.finish(intent(1, NOW).id, &ending(Verdict::Accepted), told.as_ref()).unwrap();
    let mut begin = |n: u64, sharing: &mut SharingProcess, millis: i64| {
        let claim = sharing.claim(1, millis / 1000).unwrap();
        let one = intent(n, NOW + millis);
        until_ms(ledger.begin(&one, &sharing_rate(Some(&claim))).unwrap())
    };
    assert_eq!(begin(8, &mut other, 22_000), Some(23_001));
    assert_eq!(begin(9, &mut other, 24_000), None);
}

fn the_first_batches_that_fit_begin_and_everything_else_is_kept(stores: &dyn Stores) {
    let (mut ledger, job, keys) = three(stores);
    let mut own = SharingProcess::of("own", "key-1", false);
    let mut other = SharingProcess::of("other", "key-1", false);
    assert_eq!(ledger.claim(&other.claim(1, 0).unwrap()).unwrap().begun, 1);
    let commit = |ledger: &mut Ledger, changes: &[BatchChange], claim: Option<RateClaim>| {
        let bounds = Preconditions { allowances: &[], rate: claim.as_ref(), ..Preconditions::NONE };
        ledger.commit(job, changes, &bounds).unwrap()
    };
    let all: Vec<BatchChange> = keys.iter().copied().map(begin).collect();
    let permit = commit(&mut ledger, &all, own.claim(3, 1));
    assert_eq!(permit, Permit::RateLimited { begun: 2, until_ms: NOW + 21_000 });
    assert_eq!(fates(&mut ledger, job), ["a sending", "b sending", "c sending", "d planned"]);
    audit(&mut ledger, job);
    // An end is kept and told although nothing may begin.
    let ticket = own.begin();
    own.0.end(ticket, Duration::from_secs(2));
    let changes = [end(keys[0], Verdict::Accepted), begin(keys[2])];
    let permit = commit(&mut ledger, &changes, own.claim(1, 3));
    assert!(matches!(permit, Permit::RateLimited { begun: 0, .. }), "{permit:?}");
    assert_eq!(fates(&mut ledger, job), ["a accepted", "b accepted", "c sending", "d planned"]);
    audit(&mut ledger, job);
    let permit = commit(&mut ledger, &[begin(keys[2])], own.claim(1, 24));
    assert_eq!(permit, Permit::Granted);
    assert_eq!(fates(&mut ledger, job)[3], "d sending");
}

fn what_has_ended_is_told_whatever_keeps_batches_from_beginning(stores: &dyn Stores) {
    for (quota, stopped, permit) in
        [(9, false, Permit::Granted), (0, false, Permit::NoQuota), (9, true, Permit::Stopped)]
    {
        let (mut ledger, job, keys) = three(stores);
        let mut own = SharingProcess::of("own", "key-1", false);
        assert_eq!(ledger.claim(&own.claim(3, 0).unwrap()).unwrap().begun, 3);
        for _ in 0..2 {
            let ticket = own.begin();
            own.0.end(ticket, Duration::from_secs(1));
        }
        if stopped {
            ledger.ask_to_stop(job, NOW).unwrap();
        }
        let hour =
            Allowance { operations: vec!["push"], to_all: false, span_ms: 3_600_000, most: quota };
        let (changes, claim) = ([begin(keys[0])], own.claim(1, 25));
        let bounds =
            Preconditions { allowances: &[hour], rate: claim.as_ref(), ..Preconditions::NONE };
        assert_eq!(ledger.commit(job, &changes, &bounds).unwrap(), permit);
        // One of three is in flight still; and one more, where the batch has begun.
        let mut other = SharingProcess::of("other", "key-1", false);
        let begun = ledger.claim(&other.claim(3, 26).unwrap()).unwrap().begun;
        assert_eq!(begun, 2 - usize::from(permit == Permit::Granted), "{permit:?}");
    }
}

fn a_transaction_that_fails_takes_no_share(stores: &dyn Stores) {
    let (mut ledger, job, keys) = three(stores);
    let mut own = SharingProcess::of("own", "key-1", false);
    let claim = own.claim(2, 0).unwrap();
    let bounds = Preconditions { allowances: &[], rate: Some(&claim), ..Preconditions::NONE };
    let twice = [begin(keys[0]), begin(keys[0])];
    ledger.commit(job, &twice, &bounds).unwrap_err();
    let mut other = SharingProcess::of("other", "key-1", false);
    assert_eq!(ledger.claim(&other.claim(3, 0).unwrap()).unwrap().begun, 3);
}

passed_by_each_store! {
    an_entry_begins_where_the_shared_limit_has_room_and_is_not_kept_where_it_has_none,
    the_first_batches_that_fit_begin_and_everything_else_is_kept,
    what_has_ended_is_told_whatever_keeps_batches_from_beginning,
    a_transaction_that_fails_takes_no_share,
}
