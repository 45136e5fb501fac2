//! Several writers at the same moment.

use std::sync::Barrier;

use super::*;
use crate::contract::{Counted, Operation, Rate};
use crate::ledger::store::{JobQuery, LedgerStore as _, WhichJob};
use crate::ledger::{Allowance, EntryIntent, JobIntent, Terms};
use crate::net::pace::{Pace, RateAsk, RateSharer};

const WRITERS: u64 = 6;

fn three_an_hour() -> [Allowance; 1] {
    [Allowance { operations: vec!["push"], to_all: false, span_ms: 3_600_000, most: 3 }]
}

/// Lets that many try at once, and counts those that may.
fn together(act: impl Fn(u64, &Barrier) -> bool + Sync) -> usize {
    let barrier = Barrier::new(WRITERS as usize);
    std::thread::scope(|scope| {
        let (act, barrier) = (&act, &barrier);
        let threads: Vec<_> = (1..=WRITERS).map(|n| scope.spawn(move || act(n, barrier))).collect();
        threads.into_iter().map(|one| usize::from(one.join().unwrap())).sum()
    })
}

#[test]
fn of_entries_that_begin_at_once_no_more_do_than_an_allowance_leaves() {
    let (_folder, path) = folder();
    drop(ledger(&path));
    let begun = together(|n, barrier| {
        let mut ledger = ledger(&path);
        barrier.wait();
        let terms = Terms { allowances: three_an_hour().to_vec(), fresh_since_ms: None };
        ledger.begin_within(&intent(n, NOW + n as i64), &terms).unwrap().is_none()
    });
    assert_eq!(begun, 3);
    assert_eq!(ledger(&path).list(&Filter::default()).unwrap().len(), 3);
}

#[test]
fn of_jobs_that_begin_at_once_no_more_do_than_an_allowance_leaves() {
    let (_folder, path) = folder();
    drop(ledger(&path));
    let begun = together(|n, barrier| {
        let mut ledger = ledger(&path);
        let job = job_intent(n).id;
        opened(&mut ledger, &job_intent(n), &[planned(&["a"])]);
        ledger.claim_job(job, NOW).unwrap();
        let key = ledger.next_batches(job, None, 1).unwrap()[0].key;
        barrier.wait();
        ledger.commit_within(job, &[begin(key)], &three_an_hour()).unwrap() == Permit::Granted
    });
    assert_eq!(begun, 3);
}

#[test]
fn of_those_who_plan_the_same_job_one_does_and_the_others_are_told_so() {
    let (_folder, path) = folder();
    drop(ledger(&path));
    let planned = together(|_, barrier| {
        let mut ledger = ledger(&path);
        barrier.wait();
        let planned = ledger.plan_job(&job_intent(1));
        if let Err(error) = &planned {
            assert!(error.to_string().ends_with("already"), "{error}");
            assert!(ledger.job(job_intent(1).id).unwrap().state.is_at_work());
        }
        // Nobody leaves before all have tried: a plan whose planner is gone is swept away.
        barrier.wait();
        planned.is_ok()
    });
    assert_eq!(planned, 1);
}

#[test]
fn of_the_same_that_begins_at_once_one_does() {
    let (_folder, path) = folder();
    drop(ledger(&path));
    let terms = Terms { fresh_since_ms: Some(NOW), ..Terms::default() };
    let fingerprint = Some("f".to_owned());
    let same = |n| EntryIntent { fingerprint: fingerprint.clone(), ..intent(n, NOW + n as i64) };
    let begun = together(|n, barrier| {
        let mut ledger = ledger(&path);
        barrier.wait();
        let begun = ledger.begin_within(&same(n), &terms).unwrap().is_none();
        // A writer is not in its own way.
        assert!(!begun || ledger.begin_within(&same(100 + n), &terms).unwrap().is_none());
        begun
    });
    assert_eq!(begun, 1);
    let late = Terms { fresh_since_ms: Some(NOW + 1000), ..Terms::default() };
    assert_eq!(ledger(&path).begin_within(&same(50), &late).unwrap(), None);
}

#[test]
fn of_the_same_job_that_is_opened_at_once_one_is_and_one_that_reached_nobody_is_in_nobodys_way() {
    let (_folder, path) = folder();
    drop(ledger(&path));
    let same = |n| JobIntent { fingerprint: "f".to_owned(), ..job_intent(n) };
    let open = |ledger: &mut Ledger, n| {
        ledger.plan_job(&same(n)).unwrap();
        ledger.plan_template(same(n).id, &job_template()).unwrap();
        ledger.plan_batches(same(n).id, &[planned(&["a"])]).unwrap();
        ledger.open_fresh(same(n).id, &Opening::of(&same(n)), NOW).unwrap().is_none()
    };
    let opened = together(|n, barrier| {
        let mut ledger = ledger(&path);
        barrier.wait();
        let opened = open(&mut ledger, n);
        barrier.wait();
        opened
    });
    assert_eq!(opened, 1);
    // All of them are gone, and nothing was sent.
    let mut next = ledger(&path);
    assert!(open(&mut next, 20));
    next.claim_job(same(20).id, NOW).unwrap();
    let key = next.next_batches(same(20).id, None, 1).unwrap()[0].key;
    next.commit(same(20).id, &[begin(key)]).unwrap();
    next.commit(same(20).id, &[end(key, Verdict::Accepted)]).unwrap();
    next.release_job(same(20).id, NOW + 1).unwrap();
    assert!(!open(&mut ledger(&path), 21));
}

/// The plan that somebody left behind who is gone, as one sees it who is about to sweep it up.
fn dead_plan(path: &Path, store: &mut Sqlite) -> crate::ledger::Job {
    let mut dead = ledger(path);
    dead.plan_job(&job_intent(1)).unwrap();
    dead.plan_template(job_intent(1).id, &job_template()).unwrap();
    dead.plan_batches(job_intent(1).id, &[planned(&["a"])]).unwrap();
    drop(dead);
    let mut seen = Vec::new();
    let take = &mut |job| {
        seen.push(job);
        std::ops::ControlFlow::Continue(())
    };
    store.each_job(&JobQuery::of(WhichJob::Planning), take).unwrap();
    assert_eq!(seen.len(), 1);
    seen.remove(0)
}

#[test]
fn a_plan_that_somebody_else_has_taken_up_meanwhile_is_left_to_him() {
    let (_folder, path) = folder();
    let job = job_intent(1).id;
    let mut late = Sqlite::open(&path).unwrap();
    let seen = dead_plan(&path, &mut late);
    // Between the look and the sweep, another one sweeps, and plans the same.
    let mut quick = ledger(&path);
    quick.plan_job(&job_intent(1)).unwrap();
    quick.plan_template(job, &job_template()).unwrap();
    assert!(!late.remove_job(&seen).unwrap());
    // Nor does the late one write into what is not its own, or throw it away.
    assert!(late.plan_job(&job_intent(1)).unwrap_err().to_string().ends_with("already"));
    let mut late = Ledger::over(late, NOW);
    let not_own = |error: crate::error::Error| {
        assert!(error.to_string().contains("not this process's own"), "{error}");
    };
    not_own(late.plan_template(job, &job_template()).unwrap_err());
    not_own(late.plan_batches(job, &[planned(&["a"])]).unwrap_err());
    not_own(late.open_job(job, &Opening::of(&job_intent(1))).unwrap_err());
    let error = late.discard_job(job).unwrap_err();
    assert_eq!(error.to_string(), "the job spring is planned elsewhere");
    quick.plan_batches(job, &[planned(&["a"])]).unwrap();
    quick.open_job(job, &Opening::of(&job_intent(1))).unwrap();
    not_own(late.plan_batches(job, &[planned(&["a"])]).unwrap_err());
    assert_eq!(fates(&mut quick, job), ["a planned"]);
}

#[test]
fn a_dead_plan_that_somebody_else_has_swept_up_is_in_nobodys_way() {
    let (_folder, path) = folder();
    let mut late = Sqlite::open(&path).unwrap();
    let seen = dead_plan(&path, &mut late);
    ledger(&path).plan_job(&job_intent(2)).unwrap();
    assert!(!late.remove_job(&seen).unwrap());
}

#[test]
fn all_who_begin_while_a_dead_plan_lies_there_may() {
    let (_folder, path) = folder();
    for round in 0..5 {
        dead_plan(&path, &mut Sqlite::open(&path).unwrap());
        let begun = together(|n, barrier| {
            let mut ledger = ledger(&path);
            barrier.wait();
            ledger.plan_job(&job_intent(100 + 10 * round + n)).unwrap();
            barrier.wait();
            true
        });
        assert_eq!(begun, WRITERS as usize);
        // Whoever comes next sweeps up after them.
        ledger(&path).plan_job(&job_intent(99)).unwrap();
        ledger(&path).plan_job(&job_intent(98)).unwrap();
    }
}

static PUSH: Operation = Operation {
    id: "push",
    rates: &[Rate { count: 30, seconds: 1, counted: Counted::Calls, scope: "app", pool: "" }],
    ..Operation::BASE
};

/// When requests left and were answered, in microseconds since the start.
type Spans = Vec<(u128, u128)>;

/// One process that sends as fast as the shared limit lets it, for this time.
fn sender(path: &Path, n: u64, began: Instant, now_ms: i64, time: Duration) -> Spans {
    let mut ledger = ledger(path);
    let (provider, app) = ("acme".to_owned(), "key-1".to_owned());
    let who = ledger.writer().to_owned();
    let mut pace = Pace::sharing(RateSharer { sandbox: false, provider, app, who });
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

#[test]
fn writers_that_share_a_rate_limit_keep_it_together_and_each_of_them_sends() {
    let (_folder, path) = folder();
    drop(ledger(&path));
    let (began, now_ms) = (Instant::now(), 1_782_353_213_000);
    let spans: Vec<Spans> = std::thread::scope(|scope| {
        let path = &path;
        let run = |n| move || sender(path, n, began, now_ms, Duration::from_millis(2500));
        let threads: Vec<_> = (1..=WRITERS).map(|n| scope.spawn(run(n))).collect();
        threads.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let each: Vec<usize> = spans.iter().map(Vec::len).collect();
    assert!(each.iter().all(|count| *count > 0), "{each:?}");
    let all = || spans.iter().flatten();
    within_a_second(all().map(|(left, _)| *left).collect(), 30);
    within_a_second(all().map(|(_, answered)| *answered).collect(), 30);
}

#[test]
fn a_state_of_rate_limits_that_is_damaged_is_told_and_nothing_begins() {
    let (_folder, path) = folder();
    let spans = sender(&path, 1, Instant::now(), NOW, Duration::from_secs(1));
    assert!(!spans.is_empty());
    let damaged = "UPDATE rate SET state = CAST(substr(state, 1, length(state) - 5) || x'ff' || substr(state, -4) AS BLOB)";
    tamper(&path, damaged).unwrap();
    let mut ledger = ledger(&path);
    let (provider, app) = ("acme".to_owned(), "key-1".to_owned());
    let sharer = RateSharer { sandbox: false, provider, app, who: "other".to_owned() };
    let ask = RateAsk { operation: &PUSH, targets: 1, limit: Duration::from_secs(5) };
    let claim = Pace::sharing(sharer).claim(vec![ask], Duration::ZERO, NOW).expect("it asks");
    let error = ledger.begin_sharing(&intent(1, NOW), &Terms::default(), Some(&claim)).unwrap_err();
    assert_eq!(error.exit().code(), 3);
    assert!(error.full_message().contains("rate limits is damaged"), "{}", error.full_message());
    assert!(ledger.list(&Filter::default()).unwrap().is_empty());
}
