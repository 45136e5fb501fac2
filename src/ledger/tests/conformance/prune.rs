//! What is removed, and what is kept.

use super::*;

const OLD: i64 = NOW - 1000;

/// Calls of one operation count for this long, and a job with settings was a plan until they say.
struct Needs(i64);

impl KeptLonger for Needs {
    fn counts_ms(&self, provider: &str, operation: &str) -> i64 {
        assert_eq!(provider, "acme");
        if operation == "push" { self.0 } else { 0 }
    }

    fn planned_until_ms(&self, job: &Job) -> Option<i64> {
        job.intent.settings.parse().ok()
    }
}

fn entry(ledger: &mut Ledger, n: u64, created_ms: i64, verdict: Option<Verdict>) {
    let one = intent(n, created_ms);
    ledger.begin(&one, &Preconditions::NONE).unwrap();
    if let Some(verdict) = verdict {
        let ending = Ending { finished_ms: created_ms, ..ending(verdict) };
        ledger.finish(one.id, &ending, None).unwrap();
    }
}

/// A job that came to one verdict long ago.
fn job(ledger: &mut Ledger, n: u64, verdict: Verdict) -> Uuid {
    let intent = JobIntent { created_ms: OLD, ..job_intent(n) };
    opened(ledger, &intent, &[planned(&["a"])]);
    ledger.claim_job(intent.id, OLD).unwrap();
    let key = ledger.next_batches(intent.id, None, 1).unwrap()[0].key;
    ledger.commit(intent.id, &[begin_at(key)], &Preconditions::NONE).unwrap();
    ledger.commit(intent.id, &[end(key, verdict)], &Preconditions::NONE).unwrap();
    ledger.release_job(intent.id, OLD).unwrap();
    intent.id
}

fn begin_at(key: BatchKey) -> BatchChange {
    match begin(key) {
        BatchChange::Begin { batch, dedupe_id, .. } => {
            BatchChange::Begin { batch, started_ms: OLD, dedupe_id }
        }
        other => other,
    }
}

fn what_is_old_and_certain_goes_and_all_else_stays(stores: &dyn Stores) {
    for (unknown, dry_run, left, kept) in [
        (false, false, vec![4, 3, 2], 2),
        (true, false, vec![4, 3], 0),
        (false, true, vec![4, 3, 2, 1], 2),
    ] {
        let mut ledger = stores.create();
        entry(&mut ledger, 1, OLD, Some(Verdict::Accepted));
        entry(&mut ledger, 2, OLD, Some(Verdict::Unknown));
        entry(&mut ledger, 3, OLD, None);
        entry(&mut ledger, 4, NOW, Some(Verdict::Accepted));
        let done = job(&mut ledger, 1, Verdict::Accepted);
        let doubtful = job(&mut ledger, 2, Verdict::Unknown);
        let running = JobIntent { created_ms: OLD, ..job_intent(3) };
        opened(&mut ledger, &running, &[planned(&["a"])]);
        let pruning = Pruning { before_ms: NOW, unknown, dry_run, of: Filter::default() };
        let pruned = ledger.prune(&pruning, &Needs(0)).unwrap();
        let gone = 1 + u64::from(unknown);
        assert_eq!((pruned.entries, pruned.jobs, pruned.kept_unknown), (gone, gone, kept));
        assert_eq!(pruned.compacted, !dry_run);
        let found: Vec<Uuid> =
            ledger.list(&Filter::default()).unwrap().iter().map(|one| one.intent.id).collect();
        assert_eq!(found, left.iter().map(|n| intent(*n, 0).id).collect::<Vec<_>>());
        assert_eq!(ledger.job(done).is_ok(), dry_run);
        assert_eq!(ledger.job(doubtful).is_ok(), dry_run || !unknown);
        assert!(ledger.job(running.id).is_ok());
    }
}

fn what_counts_against_a_quota_stays_until_it_no_longer_does(stores: &dyn Stores) {
    for (window, left) in [(0, 0), (999, 0), (1000, 2), (86_400_000, 2)] {
        let mut ledger = stores.create();
        for (n, verdict) in [(1, Verdict::Accepted), (2, Verdict::Unavailable)] {
            entry(&mut ledger, n, OLD, Some(verdict));
        }
        let sandbox = with(intent(3, OLD), |one| one.route.realm = Realm::Sandbox);
        ledger.begin(&sandbox, &Preconditions::NONE).unwrap();
        let ended = Ending { finished_ms: OLD, ..ending(Verdict::Accepted) };
        ledger.finish(sandbox.id, &ended, None).unwrap();
        let sent = job(&mut ledger, 1, Verdict::Accepted);
        let pruning = Pruning { before_ms: NOW, unknown: true, ..Pruning::default() };
        let dry = Pruning { dry_run: true, ..pruning.clone() };
        for pruning in [dry, pruning] {
            let pruned = ledger.prune(&pruning, &Needs(window)).unwrap();
            assert_eq!(pruned.kept_quota, left, "{window}");
            assert_eq!(pruned.entries + pruned.jobs, 4 - left, "{window}");
        }
        assert_eq!(ledger.job(sent).is_ok(), left > 0, "{window}");
    }
}

fn a_job_stays_while_its_plan_could_be_carried_out_again(stores: &dyn Stores) {
    for (until, kept) in [(NOW - 1, 0), (NOW, 1), (NOW + 1, 1)] {
        let mut ledger = stores.create();
        let settings = until.to_string();
        let intent = JobIntent { created_ms: OLD, settings, ..job_intent(1) };
        opened(&mut ledger, &intent, &[planned(&["a"])]);
        ledger.claim_job(intent.id, OLD).unwrap();
        ledger.release_job(intent.id, OLD).unwrap();
        let pruning = Pruning { before_ms: NOW, ..Pruning::default() };
        let pruned = ledger.prune(&pruning, &Needs(0)).unwrap();
        assert_eq!((pruned.kept_plans, pruned.jobs), (kept, 1 - kept));
        assert_eq!(ledger.job(intent.id).is_ok(), kept == 1);
    }
}

fn nothing_goes_that_was_not_meant(stores: &dyn Stores) {
    let sandbox = Filter { realm: Some(Realm::Sandbox), ..Filter::default() };
    let real = Filter { realm: Some(Realm::Real), ..Filter::default() };
    let other = Filter { provider: Some("other".to_owned()), ..Filter::default() };
    let profile = Filter { profile: Some("live".to_owned()), ..Filter::default() };
    let nobody = Filter { profile: Some("nobody".to_owned()), ..Filter::default() };
    for (of, gone) in
        [(sandbox, (0, 0)), (other, (0, 0)), (nobody, (0, 0)), (real, (1, 1)), (profile, (1, 1))]
    {
        let mut ledger = stores.create();
        entry(&mut ledger, 1, OLD, Some(Verdict::Accepted));
        job(&mut ledger, 1, Verdict::Accepted);
        let pruning = Pruning { before_ms: NOW, of, ..Pruning::default() };
        let pruned = ledger.prune(&pruning, &Needs(0)).unwrap();
        assert_eq!((pruned.entries, pruned.jobs), gone, "{pruning:?}");
    }
}

fn a_job_that_somebody_takes_up_meanwhile_is_not_removed(stores: &dyn Stores) {
    let mut ledger = stores.create();
    let id = job_intent(1).id;
    opened(&mut ledger, &job_intent(1), &[planned(&["a"])]);
    ledger.claim_job(id, NOW).unwrap();
    ledger.release_job(id, NOW).unwrap();
    let seen = [ledger.job(id).unwrap()];
    let remove = |ledger: &mut Ledger| ledger.store.remove(&[], &seen).unwrap() == 1;
    let mut other = stores.open(NOW);
    other.claim_job(id, NOW).unwrap();
    assert!(!remove(&mut ledger));
    other.release_job(id, NOW).unwrap();
    assert!(remove(&mut ledger));
    assert!(!remove(&mut other));
}

passed_by_each_store! {
    what_counts_against_a_quota_stays_until_it_no_longer_does,
    a_job_stays_while_its_plan_could_be_carried_out_again,
    nothing_goes_that_was_not_meant,
}

passed_by_shared_stores! {
    what_is_old_and_certain_goes_and_all_else_stays,
    a_job_that_somebody_takes_up_meanwhile_is_not_removed,
}
