//! What a process leaves behind that is killed: what it has committed is kept, and what it had begun is unknown.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::*;

/// Which part of the work the killed process has done.
const PART: &str = "PART_OF_A_TEST";

/// What a process of these tests does before it waits to be killed.
#[test]
fn does_its_part_and_waits() {
    let Ok(part) = std::env::var(PART) else { return };
    let path = std::env::var(ADDRESS).unwrap();
    let mut ledger = Ledger::open(std::path::Path::new(&path), NOW, Duration::MAX).unwrap();
    let job = job_intent(1).id;
    match &*part {
        "entry" => drop(ledger.begin(&intent(1, NOW), &Preconditions::NONE).unwrap()),
        "plan" => {
            ledger.plan_job(&job_intent(1)).unwrap();
            ledger.plan_template(job, &job_template()).unwrap();
            ledger.plan_batches(job, &[planned(&["a"])]).unwrap();
        }
        "batch" => {
            ledger.claim_job(job, NOW).unwrap();
            let next = keys(&mut ledger, job);
            ledger.commit(job, &[begin(next[0]), begin(next[1])], &Preconditions::NONE).unwrap();
            // What is not committed is lost: the second change cannot be made.
            let both = [end(next[0], Verdict::Accepted), begin(next[1])];
            ledger.commit(job, &both, &Preconditions::NONE).unwrap_err();
            ledger.commit(job, &[end(next[1], Verdict::Accepted)], &Preconditions::NONE).unwrap();
        }
        other => unreachable!("{other}"),
    }
    std::thread::sleep(Duration::from_secs(60));
}

fn does(stores: &dyn Stores, part: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "ledger::tests::conformance::orphans::does_its_part_and_waits"])
        .env(ADDRESS, stores.address())
        .env(PART, part)
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

fn kill(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

fn until(mut done: impl FnMut() -> bool) {
    let patience = Instant::now() + Duration::from_secs(20);
    while !done() {
        assert!(Instant::now() < patience, "nothing happened");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn a_killed_process_leaves_an_unknown_entry_at_once(stores: &dyn Stores) {
    let mut other = stores.create();
    let child = does(stores, "entry");
    let mut status = || other.list(&Filter::default()).unwrap().first().map(|entry| entry.status);
    until(|| status().is_some());
    let before = status();
    kill(child);
    let unknown = EntryStatus::Decided(Verdict::Unknown);
    assert_eq!((before, status()), (Some(EntryStatus::Sending), Some(unknown)));
}

fn a_job_that_runs_elsewhere_is_refused_and_one_whose_owner_was_killed_is_taken_over(
    stores: &dyn Stores,
) {
    let mut other = stores.create();
    let job = job_intent(1).id;
    let batches = [planned(&["a", "b"]), planned(&["c"]), planned(&["d"])];
    opened(&mut other, &job_intent(1), &batches);
    other.release_job(job, NOW).unwrap();
    let child = does(stores, "batch");
    until(|| other.job(job).unwrap().batches.accepted == 1);
    assert_eq!(other.job(job).unwrap().state, JobState::Running);
    let error = other.claim_job(job, NOW).unwrap_err();
    assert_eq!(error.to_string(), "the job spring is running elsewhere");
    assert_eq!(error.exit().code(), 3);
    assert_eq!(other.ask_to_stop(job, NOW + 1).unwrap().state, JobState::Stopping);
    kill(child);
    // It counts as unknown before another writer has touched it, and once, however often it is claimed.
    let left = ["a unknown", "b unknown", "c accepted", "d planned"];
    assert_eq!(fates(&mut other, job), left);
    let found = other.job(job).unwrap();
    assert_eq!((found.state, found.targets.unknown), (JobState::Stopped, 2));
    let orphaned = [0, 1].map(|_| other.claim_job(job, NOW + 2).unwrap().orphaned);
    assert_eq!(orphaned, [1, 0]);
    assert_eq!(other.job(job).unwrap().state, JobState::Running);
    assert_eq!(fates(&mut other, job), left);
    audit(&mut other, job);
}

fn what_a_killed_owner_had_begun_is_decided_before_another_claims_it(stores: &dyn Stores) {
    let mut other = stores.create();
    let job = job_intent(1).id;
    opened(&mut other, &job_intent(1), &[planned(&["a", "b"]), planned(&["c"])]);
    other.release_job(job, NOW).unwrap();
    let child = does(stores, "batch");
    until(|| other.job(job).unwrap().batches.accepted == 1);
    let decision =
        Resolution { resolved: ResolvedAs::NotAccepted, note: None, by: None, resolved_ms: NOW };
    other.resolve_job(job, None, &decision).unwrap_err();
    kill(child);
    let settled = other.resolve_job(job, None, &decision).unwrap();
    assert_eq!(settled, Settled { batches: 1, targets: 2 });
    let found = other.job(job).unwrap();
    assert_eq!((found.state, found.ended_ms), (JobState::Finished, None));
    assert_eq!(fates(&mut other, job), ["a unavailable", "b unavailable", "c accepted"]);
    audit(&mut other, job);
}

fn a_job_whose_planner_was_killed_is_forgotten(stores: &dyn Stores) {
    let mut other = stores.create();
    let child = does(stores, "plan");
    let job = job_intent(1).id;
    until(|| other.job(job).is_ok_and(|job| job.targets.planned == 1));
    // Another job does not disturb it while it lives.
    opened(&mut other, &job_intent(2), &[planned(&["x"])]);
    assert_eq!(other.job(job).unwrap().state, JobState::Planning);
    kill(child);
    opened(&mut other, &job_intent(3), &[planned(&["x"])]);
    assert!(other.job(job).is_err());
}

passed_by_shared_stores! {
    a_killed_process_leaves_an_unknown_entry_at_once,
    a_job_that_runs_elsewhere_is_refused_and_one_whose_owner_was_killed_is_taken_over,
    what_a_killed_owner_had_begun_is_decided_before_another_claims_it,
    a_job_whose_planner_was_killed_is_forgotten,
}
