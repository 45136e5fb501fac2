//! Several writers at the same moment.

use std::sync::Barrier;

use super::*;
use crate::ledger::Allowance;

const WRITERS: u64 = 6;

fn three_an_hour() -> [Allowance; 1] {
    [Allowance { operations: vec!["push"], span_ms: 3_600_000, most: 3 }]
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
        ledger.begin_within(&intent(n, NOW + n as i64), &three_an_hour()).unwrap().is_none()
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
