//! Several writers at the same moment.

use std::sync::Barrier;
use std::time::{Duration, Instant};

use super::*;
use crate::contract::{Operation, Rate, RateUnit};
use crate::ledger::query::{JobQuery, WhichJob};
use crate::net::rate_limit::RateAsk;
use crate::net::rate_limit::RateLimiter;
use crate::net::rate_limit::RateSharer;

const WRITERS: u64 = 6;

fn three_an_hour() -> [Allowance; 1] {
    [Allowance { operations: vec!["push"], to_all: false, span_ms: 3_600_000, most: 3 }]
}

/// Lets that many try at once, and counts those that may.
pub(super) fn together(act: impl Fn(u64, &Barrier) -> bool + Sync) -> usize {
    let barrier = Barrier::new(WRITERS as usize);
    std::thread::scope(|scope| {
        let (act, barrier) = (&act, &barrier);
        let threads: Vec<_> = (1..=WRITERS).map(|n| scope.spawn(move || act(n, barrier))).collect();
        threads.into_iter().map(|one| usize::from(one.join().unwrap())).sum()
    })
}

fn of_entries_that_begin_at_once_no_more_do_than_an_allowance_leaves(stores: &dyn Stores) {
    drop(stores.create());
    let begun = together(|n, barrier| {
        let mut ledger = stores.open(NOW);
        barrier.wait();
        ledger.begin(&intent(n, NOW + n as i64), &within(&three_an_hour())).unwrap().is_none()
    });
    assert_eq!(begun, 3);
    assert_eq!(stores.open(NOW).list(&Filter::default()).unwrap().len(), 3);
}

fn of_jobs_that_begin_at_once_no_more_do_than_an_allowance_leaves(stores: &dyn Stores) {
    drop(stores.create());
    let begun = together(|n, barrier| {
        let mut ledger = stores.open(NOW);
        let job = job_intent(n).id;
        opened(&mut ledger, &job_intent(n), &[planned(&["a"])]);
        ledger.claim_job(job, NOW).unwrap();
        let key = ledger.next_batches(job, None, 1).unwrap()[0].key;
        barrier.wait();
        ledger.commit(job, &[begin(key)], &within(&three_an_hour())).unwrap() == Permit::Granted
    });
    assert_eq!(begun, 3);
}

fn of_those_who_plan_the_same_job_one_does_and_the_others_are_told_so(stores: &dyn Stores) {
    drop(stores.create());
    let planned = together(|_, barrier| {
        let mut ledger = stores.open(NOW);
        barrier.wait();
        let planned = ledger.plan_job(&job_intent(1));
        if let Err(error) = &planned {
            assert!(error.to_string().ends_with("already"), "{error}");
            assert!(ledger.job(job_intent(1).id).unwrap().state.is_at_work());
        }
        // No writer leaves before all have tried: a plan whose planner is gone is forgotten.
        barrier.wait();
        planned.is_ok()
    });
    assert_eq!(planned, 1);
}

fn of_the_same_that_begins_at_once_one_does(stores: &dyn Stores) {
    drop(stores.create());
    let fresh = fresh_since(NOW);
    let fingerprint = Some("f".to_owned());
    let same =
        |n| with(intent(n, NOW + n as i64), |one| one.content.fingerprint = fingerprint.clone());
    let begun = together(|n, barrier| {
        let mut ledger = stores.open(NOW);
        barrier.wait();
        let begun = ledger.begin(&same(n), &fresh).unwrap().is_none();
        // A writer is not in its own way.
        assert!(!begun || ledger.begin(&same(100 + n), &fresh).unwrap().is_none());
        begun
    });
    assert_eq!(begun, 1);
    let late = fresh_since(NOW + 1000);
    assert_eq!(stores.open(NOW).begin(&same(50), &late).unwrap(), None);
}

fn of_the_same_job_that_is_opened_at_once_one_is_and_one_that_reached_nobody_is_in_nobodys_way(
    stores: &dyn Stores,
) {
    drop(stores.create());
    let same = |n| JobIntent { fingerprint: "f".to_owned(), ..job_intent(n) };
    let open = |ledger: &mut Ledger, n| {
        ledger.plan_job(&same(n)).unwrap();
        ledger.plan_template(same(n).id, &job_template()).unwrap();
        ledger.plan_batches(same(n).id, &[planned(&["a"])]).unwrap();
        ledger
            .open_job(
                same(n).id,
                &Opening::of(&same(n)),
                Some(ConflictingJob::Same { since_ms: NOW }),
            )
            .unwrap()
            .is_none()
    };
    let opened = together(|n, barrier| {
        let mut ledger = stores.open(NOW);
        barrier.wait();
        let opened = open(&mut ledger, n);
        barrier.wait();
        opened
    });
    assert_eq!(opened, 1);
    // All of them are gone, and nothing was sent.
    let mut next = stores.open(NOW);
    assert!(open(&mut next, 20));
    next.claim_job(same(20).id, NOW).unwrap();
    let key = next.next_batches(same(20).id, None, 1).unwrap()[0].key;
    next.commit(same(20).id, &[begin(key)], &Preconditions::NONE).unwrap();
    next.commit(same(20).id, &[end(key, Verdict::Accepted)], &Preconditions::NONE).unwrap();
    next.release_job(same(20).id, NOW + 1).unwrap();
    assert!(!open(&mut stores.open(NOW), 21));
}

/// The plan of a writer that is gone, as another one sees it that is about to forget it.
fn dead_plan(stores: &dyn Stores, late: &mut Ledger) -> [Job; 1] {
    let mut dead = stores.open(NOW);
    dead.plan_job(&job_intent(1)).unwrap();
    dead.plan_template(job_intent(1).id, &job_template()).unwrap();
    dead.plan_batches(job_intent(1).id, &[planned(&["a"])]).unwrap();
    drop(dead);
    let mut seen = Vec::new();
    late.each_job(&JobQuery::of(WhichJob::Planning), &mut |job, _| {
        seen.push(job);
        ControlFlow::Continue(())
    })
    .unwrap();
    seen.try_into().expect("one plan")
}

fn a_plan_that_somebody_else_has_taken_up_meanwhile_is_left_to_him(stores: &dyn Stores) {
    let job = job_intent(1).id;
    let mut late = stores.create();
    let seen = dead_plan(stores, &mut late);
    // Between the look and the sweep, another one sweeps, and plans the same.
    let mut quick = stores.open(NOW);
    quick.plan_job(&job_intent(1)).unwrap();
    quick.plan_template(job, &job_template()).unwrap();
    assert_eq!(late.store.remove(&[], &seen).unwrap(), 0);
    // Nor does the late one write into what is not its own, or throw it away.
    assert!(late.store.plan_job(&job_intent(1)).unwrap_err().to_string().ends_with("already"));
    let not_own = |error: crate::error::Error| {
        assert!(error.to_string().contains("not this process's own"), "{error}");
    };
    not_own(late.plan_template(job, &job_template()).unwrap_err());
    not_own(late.plan_batches(job, &[planned(&["a"])]).unwrap_err());
    not_own(late.open_job(job, &Opening::of(&job_intent(1)), None).unwrap_err());
    let error = late.discard_job(job).unwrap_err();
    assert_eq!(error.to_string(), "the job spring is planned elsewhere");
    quick.plan_batches(job, &[planned(&["a"])]).unwrap();
    quick.open_job(job, &Opening::of(&job_intent(1)), None).unwrap();
    not_own(late.plan_batches(job, &[planned(&["a"])]).unwrap_err());
    assert_eq!(fates(&mut quick, job), ["a planned"]);
}

fn a_dead_plan_that_somebody_else_has_swept_up_is_in_nobodys_way(stores: &dyn Stores) {
    let mut late = stores.create();
    let seen = dead_plan(stores, &mut late);
    stores.open(NOW).plan_job(&job_intent(2)).unwrap();
    assert_eq!(late.store.remove(&[], &seen).unwrap(), 0);
}

fn all_who_begin_while_a_dead_plan_lies_there_may(stores: &dyn Stores) {
    drop(stores.create());
    for round in 0..5 {
        dead_plan(stores, &mut stores.open(NOW));
        let begun = together(|n, barrier| {
            let mut ledger = stores.open(NOW);
            barrier.wait();
            ledger.plan_job(&job_intent(100 + 10 * round + n)).unwrap();
            barrier.wait();
            true
        });
        assert_eq!(begun, WRITERS as usize);
        // The next writer forgets what they left.
        stores.open(NOW).plan_job(&job_intent(99)).unwrap();
        stores.open(NOW).plan_job(&job_intent(98)).unwrap();
    }
}

static PUSH: Operation = Operation {
    id: "push",
    rates: &[Rate { count: 30, seconds: 1, counted: RateUnit::Calls, scope: "app", pool: "" }],
    ..Operation::BASE
};

/// When requests left and were answered, in microseconds since the start.
type Spans = Vec<(u128, u128)>;

/// One process that sends as fast as the shared limit lets it, for this time.
fn sender(stores: &dyn Stores, n: u64, began: Instant, now_ms: i64, time: Duration) -> Spans {
    let mut ledger = stores.open(NOW);
    let (provider, app) = ("acme".to_owned(), "key-1".to_owned());
    let who = ledger.writer().to_owned();
    let mut pace = RateLimiter::sharing(RateSharer { sandbox: false, provider, app, who });
    let mut spans = Spans::new();
    while began.elapsed() < time {
        let now = began.elapsed();
        let at_ms = now_ms + i64::try_from(now.as_millis()).unwrap();
        let ask = RateAsk { operation: &PUSH, targets: 1, limit: Duration::from_secs(5) };
        let claim = pace.claim(vec![ask; 4], now, at_ms).expect("it asks");
        let grant = ledger.claim(&claim).unwrap();
        let mut tickets = Vec::new();
        for _ in 0..grant.begun {
            let mut ticket = pace.begin(&PUSH, 1);
            pace.granted(&mut ticket);
            tickets.push(ticket);
        }
        let left = began.elapsed().as_micros();
        std::thread::sleep(Duration::from_micros(700 * n));
        let answered = began.elapsed();
        for ticket in tickets {
            spans.push((left, answered.as_micros()));
            pace.end(ticket, answered);
        }
        if let Some(until) = grant.until {
            let until = until.saturating_sub(Duration::from_millis(now_ms.unsigned_abs()));
            std::thread::sleep(until.saturating_sub(began.elapsed()).min(time));
        }
    }
    spans
}

/// No second holds more than it may, whether the vendor counts requests when they come or when they are answered.
fn within_a_second(mut at: Vec<u128>, most: usize) {
    at.sort_unstable();
    for (first, last) in at.iter().zip(at.iter().skip(most)) {
        assert!(last - first >= 1_000_000, "{} us", last - first);
    }
}

fn writers_that_share_a_rate_limit_keep_it_together_and_each_of_them_sends(stores: &dyn Stores) {
    drop(stores.create());
    let (began, now_ms) = (Instant::now(), 1_782_353_213_000);
    let spans: Vec<Spans> = std::thread::scope(|scope| {
        let run = |n| move || sender(stores, n, began, now_ms, Duration::from_millis(2500));
        let threads: Vec<_> = (1..=WRITERS).map(|n| scope.spawn(run(n))).collect();
        threads.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let each: Vec<usize> = spans.iter().map(Vec::len).collect();
    assert!(each.iter().all(|count| *count > 0), "{each:?}");
    let all = || spans.iter().flatten();
    within_a_second(all().map(|(left, _)| *left).collect(), 30);
    within_a_second(all().map(|(_, answered)| *answered).collect(), 30);
}

fn two_heralds_may_write_at_once(stores: &dyn Stores) {
    drop(stores.create());
    let each = 25_u64;
    std::thread::scope(|scope| {
        for thread in 0..2 {
            scope.spawn(move || {
                let mut ledger = stores.open(NOW);
                for n in 0..each {
                    let one = intent(1 + thread * each + n, NOW);
                    ledger.begin(&one, &Preconditions::NONE).unwrap();
                    ledger.finish(one.id, &ending(Verdict::Accepted), None).unwrap();
                }
            });
        }
    });
    let entries = stores.open(NOW).list(&Filter::default()).unwrap();
    assert_eq!(entries.len() as u64, 2 * each);
    assert!(entries.iter().all(|entry| entry.status == EntryStatus::Decided(Verdict::Accepted)));
}

fn of_two_who_decide_at_once_one_is_told_that_he_was_late(stores: &dyn Stores) {
    stores.create().begin(&intent(1, NOW), &Preconditions::NONE).unwrap();
    let id = intent(1, NOW).id;
    let (mut ann, mut bob) = (stores.open(NOW), stores.open(NOW));
    let decision = |by: &str| Resolution {
        resolved: ResolvedAs::Accepted,
        note: None,
        by: Some(by.to_owned()),
        resolved_ms: NOW,
    };
    ann.resolve(id, &decision("ann")).unwrap();
    let error = bob.resolve(id, &decision("bob")).unwrap_err();
    assert!(error.to_string().ends_with("has been resolved by ann as accepted"));
}

fn an_intent_is_there_for_others_before_it_ends(stores: &dyn Stores) {
    let mut writer = stores.create();
    let one = intent(1, NOW);
    writer.begin(&one, &Preconditions::NONE).unwrap();
    let read = || stores.open(NOW).get(one.id).unwrap();
    assert_eq!((read().intent, read().status), (one.clone(), EntryStatus::Sending));
    writer.attempt(one.id, 1, NOW + 1).unwrap();
    assert_eq!((read().attempts, read().started_ms), (1, Some(NOW + 1)));
    writer.finish(one.id, &ending(Verdict::Accepted), None).unwrap();
    assert_eq!(read().status, EntryStatus::Decided(Verdict::Accepted));
}

fn of_two_who_claim_at_once_one_gets_the_job(stores: &dyn Stores) {
    two_batches(stores);
    let job = job_intent(1).id;
    let barrier = std::sync::Barrier::new(4);
    let winners: usize = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    let mut ledger = stores.open(NOW);
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

fn a_stop_from_another_process_keeps_the_next_batch_back(stores: &dyn Stores) {
    two_batches(stores);
    let job = job_intent(1).id;
    let mut owner = stores.open(NOW);
    owner.claim_job(job, NOW).unwrap();
    let keys: Vec<_> =
        owner.next_batches(job, None, 2).unwrap().iter().map(|batch| batch.key).collect();
    owner.commit(job, &[begin(keys[0])], &Preconditions::NONE).unwrap();
    let mut other = stores.open(NOW);
    other.ask_to_stop(job, NOW + 1).unwrap();
    let changes = [end(keys[0], Verdict::Accepted), begin(keys[1])];
    assert_eq!(owner.commit(job, &changes, &Preconditions::NONE).unwrap(), Permit::Stopped);
    assert_eq!(fates(&mut other, job), ["a accepted", "b accepted", "c planned"]);
}

fn reading_does_not_depend_on_what_others_write_meanwhile(stores: &dyn Stores) {
    let mut reader = stores.create();
    let ids: Vec<String> = (0..200).map(|n| format!("u{n}")).collect();
    let batches: Vec<PlannedBatch> = ids.iter().map(|id| planned(&[id])).collect();
    opened(&mut reader, &job_intent(1), &batches);
    let mut writer = stores.open(NOW);
    let mut seen = 0;
    reader
        .each_batch(job_intent(1).id, BatchFilter::Planned, &mut |_| {
            if seen == 0 {
                opened(&mut writer, &job_intent(2), &[planned(&["z"])]);
            }
            seen += 1;
            ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!(seen, 200);
}

passed_by_shared_stores! {
    of_entries_that_begin_at_once_no_more_do_than_an_allowance_leaves,
    of_jobs_that_begin_at_once_no_more_do_than_an_allowance_leaves,
    of_those_who_plan_the_same_job_one_does_and_the_others_are_told_so,
    of_the_same_that_begins_at_once_one_does,
    of_the_same_job_that_is_opened_at_once_one_is_and_one_that_reached_nobody_is_in_nobodys_way,
    a_plan_that_somebody_else_has_taken_up_meanwhile_is_left_to_him,
    a_dead_plan_that_somebody_else_has_swept_up_is_in_nobodys_way,
    all_who_begin_while_a_dead_plan_lies_there_may,
    writers_that_share_a_rate_limit_keep_it_together_and_each_of_them_sends,
    two_heralds_may_write_at_once,
    of_two_who_decide_at_once_one_is_told_that_he_was_late,
    an_intent_is_there_for_others_before_it_ends,
    of_two_who_claim_at_once_one_gets_the_job,
    a_stop_from_another_process_keeps_the_next_batch_back,
    reading_does_not_depend_on_what_others_write_meanwhile,
}
