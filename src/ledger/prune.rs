//! Removing what is old.

use std::ops::ControlFlow;

use uuid::Uuid;

use super::store::{JobQuery, Query, Which, WhichJob};
use super::{EntryStatus, Filter, Job, Ledger, Realm};
use crate::error::Result;
use crate::outcome::Verdict;

/// How many entries are removed in one transaction: others do not wait long.
const AT_ONCE: usize = 1000;

/// What is to be removed.
#[derive(Clone, Debug, Default)]
pub struct Pruning {
    /// What ended before this, in milliseconds since 1970.
    pub before_ms: i64,
    /// Also what is unknown.
    pub unknown: bool,
    /// Nothing at all: it is only counted.
    pub dry_run: bool,
    /// Of this realm, provider and profile. The rest of it does not count.
    pub of: Filter,
}

/// What is needed for longer than somebody may want to keep it: without it something could go out that must not.
pub trait KeptLonger {
    /// How long a call of an operation counts against a quota of the vendor's, in milliseconds; 0 where it does not.
    fn counts_ms(&self, provider: &str, operation: &str) -> i64;

    /// Until when the plan that became a job could be carried out again if nobody knew of the job, in milliseconds since
    /// 1970; `None` where it was no plan.
    fn planned_until_ms(&self, job: &Job) -> Option<i64>;
}

/// What was removed, or would be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Single entries.
    pub entries: u64,
    /// Jobs.
    pub jobs: u64,
    /// Entries and jobs that are old enough, and are kept because something of them is unknown.
    pub kept_unknown: u64,
    /// Entries and jobs that are old enough, and are kept because they count against a quota.
    pub kept_quota: u64,
    /// Jobs that are old enough, and are kept because their plan still holds.
    pub kept_plans: u64,
    /// Whether the file system has got the room back; where others are at work it is used for what comes next.
    pub compacted: bool,
}

impl Ledger {
    /// Removes what is old. What is being sent stays, what is still needed, and what is unknown unless that is wanted.
    pub fn prune(&mut self, pruning: &Pruning, need: &dyn KeptLonger) -> Result<Pruned> {
        let mut pruned = Pruned::default();
        let entries = self.old_entries(pruning, need, &mut pruned)?;
        let jobs = self.old_jobs(pruning, need, &mut pruned)?;
        pruned.entries = entries.len() as u64;
        if pruning.dry_run {
            pruned.jobs = jobs.len() as u64;
            return Ok(pruned);
        }
        entries.chunks(AT_ONCE).try_for_each(|some| self.store.remove_entries(some))?;
        for job in &jobs {
            pruned.jobs += u64::from(self.store.remove_job(job)?);
        }
        if pruned.entries + pruned.jobs > 0 {
            pruned.compacted = self.store.compact()?;
        }
        Ok(pruned)
    }

    fn old_entries(
        &mut self,
        pruning: &Pruning,
        need: &dyn KeptLonger,
        pruned: &mut Pruned,
    ) -> Result<Vec<Uuid>> {
        let mut old = Vec::new();
        let now_ms = self.now_ms;
        let query = Query { which: Which::All, filter: pruning.of.clone() };
        self.each(&query, &mut |entry| {
            let intent = &entry.intent;
            let ended = entry.ending.as_ref().map_or(intent.created_ms, |end| end.finished_ms);
            // A vendor that has had enough may count those who ask again.
            let refused = entry.ending.as_ref().is_some_and(|end| end.http_status.is_some());
            let counts = |verdict| {
                let began_ms = intent.created_ms.max(entry.started_ms.unwrap_or_default());
                let counts_ms = need.counts_ms(&intent.provider, &intent.operation);
                intent.realm == Realm::Real
                    && (verdict != Verdict::Unavailable || refused)
                    && counts_until(began_ms, counts_ms).is_some_and(|until| until >= now_ms)
            };
            match entry.standing {
                _ if ended >= pruning.before_ms => {}
                EntryStatus::Sending => {}
                EntryStatus::Decided(Verdict::Unknown) if !pruning.unknown => {
                    pruned.kept_unknown += 1
                }
                EntryStatus::Decided(verdict) if counts(verdict) => pruned.kept_quota += 1,
                EntryStatus::Decided(_) => old.push(intent.id),
            }
            ControlFlow::Continue(())
        })?;
        Ok(old)
    }

    fn old_jobs(
        &mut self,
        pruning: &Pruning,
        need: &dyn KeptLonger,
        pruned: &mut Pruned,
    ) -> Result<Vec<Job>> {
        let mut old = Vec::new();
        let now_ms = self.now_ms;
        let ended = |job: &Job| job.ended_ms.unwrap_or(job.active_ms).max(job.active_ms);
        let counts = |job: &Job| {
            job.templates.iter().any(|template| {
                let counts_ms = need.counts_ms(&job.intent.provider, &template.operation);
                counts_until(job.active_ms, counts_ms).is_some_and(|until| until >= now_ms)
            })
        };
        let query = JobQuery { which: WhichJob::Opened, filter: pruning.of.clone() };
        self.each_job(&query, &mut |mut job, alive| {
            if alive || ended(&job) >= pruning.before_ms {
                return ControlFlow::Continue(());
            }
            if job.batches.unknown > 0 && !pruning.unknown {
                pruned.kept_unknown += 1;
            } else if need.planned_until_ms(&job).is_some_and(|until| until >= now_ms) {
                pruned.kept_plans += 1;
            } else if job.intent.realm == Realm::Real && job.begun_ms.is_some() && counts(&job) {
                pruned.kept_quota += 1;
            } else {
                // What it was is no longer of interest, and there may be many.
                job.templates.clear();
                old.push(job);
            }
            ControlFlow::Continue(())
        })?;
        Ok(old)
    }
}

/// Until when a call counts that began at a time; `None` where it never does.
fn counts_until(began_ms: i64, counts_ms: i64) -> Option<i64> {
    (counts_ms > 0).then(|| began_ms.saturating_add(counts_ms))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::job::tests::{begin, end, job_intent, opened, planned};
    use crate::ledger::tests::{NOW, ending, intent};
    use crate::ledger::{Ending, EntryIntent, JobIntent};

    const OLD: i64 = NOW - 1000;

    /// Calls of one operation count for so long, and a job with settings was a plan until they say.
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
        ledger.begin(&one).unwrap();
        if let Some(verdict) = verdict {
            let ending = Ending { finished_ms: created_ms, ..ending(verdict) };
            ledger.finish(one.id, &ending).unwrap();
        }
    }

    /// A job that came to one verdict long ago.
    fn job(ledger: &mut Ledger, n: u64, verdict: Verdict) -> Uuid {
        let intent = JobIntent { created_ms: OLD, ..job_intent(n) };
        opened(ledger, &intent, &[planned(&["a"])]);
        ledger.claim_job(intent.id, OLD).unwrap();
        let key = ledger.next_batches(intent.id, None, 1).unwrap()[0].key;
        ledger.commit(intent.id, &[begin_at(key)]).unwrap();
        ledger.commit(intent.id, &[end(key, verdict)]).unwrap();
        ledger.release_job(intent.id, OLD).unwrap();
        intent.id
    }

    fn begin_at(key: crate::ledger::BatchKey) -> crate::ledger::BatchChange {
        match begin(key) {
            crate::ledger::BatchChange::Begin { batch, dedupe_id, .. } => {
                crate::ledger::BatchChange::Begin { batch, started_ms: OLD, dedupe_id }
            }
            other => other,
        }
    }

    #[test]
    fn what_is_old_and_certain_goes_and_all_else_stays() {
        for (unknown, dry_run, left, kept) in [
            (false, false, vec![4, 3, 2], 2),
            (true, false, vec![4, 3], 0),
            (false, true, vec![4, 3, 2, 1], 2),
        ] {
            let folder = tempfile::TempDir::new().unwrap();
            let mut ledger = Ledger::open(&folder.path().join("ledger.db"), NOW).unwrap();
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

    #[test]
    fn what_counts_against_a_quota_stays_until_it_no_longer_does() {
        for (window, left) in [(0, 0), (999, 0), (1000, 2), (86_400_000, 2)] {
            let mut ledger = Ledger::in_memory(NOW).unwrap();
            for (n, verdict) in [(1, Verdict::Accepted), (2, Verdict::Unavailable)] {
                entry(&mut ledger, n, OLD, Some(verdict));
            }
            let sandbox = EntryIntent { realm: Realm::Sandbox, ..intent(3, OLD) };
            ledger.begin(&sandbox).unwrap();
            let ended = Ending { finished_ms: OLD, ..ending(Verdict::Accepted) };
            ledger.finish(sandbox.id, &ended).unwrap();
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

    #[test]
    fn a_job_stays_while_its_plan_could_be_carried_out_again() {
        for (until, kept) in [(NOW - 1, 0), (NOW, 1), (NOW + 1, 1)] {
            let mut ledger = Ledger::in_memory(NOW).unwrap();
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

    #[test]
    fn nothing_goes_that_was_not_meant() {
        let sandbox = Filter { realm: Some(Realm::Sandbox), ..Filter::default() };
        let real = Filter { realm: Some(Realm::Real), ..Filter::default() };
        let other = Filter { provider: Some("other".to_owned()), ..Filter::default() };
        let profile = Filter { profile: Some("live".to_owned()), ..Filter::default() };
        let nobody = Filter { profile: Some("nobody".to_owned()), ..Filter::default() };
        for (of, gone) in [
            (sandbox, (0, 0)),
            (other, (0, 0)),
            (nobody, (0, 0)),
            (real, (1, 1)),
            (profile, (1, 1)),
        ] {
            let mut ledger = Ledger::in_memory(NOW).unwrap();
            entry(&mut ledger, 1, OLD, Some(Verdict::Accepted));
            job(&mut ledger, 1, Verdict::Accepted);
            let pruning = Pruning { before_ms: NOW, of, ..Pruning::default() };
            let pruned = ledger.prune(&pruning, &Needs(0)).unwrap();
            assert_eq!((pruned.entries, pruned.jobs), gone, "{pruning:?}");
        }
    }

    #[test]
    fn a_job_that_somebody_takes_up_meanwhile_is_not_removed() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("ledger.db");
        let mut ledger = Ledger::open(&path, NOW).unwrap();
        let id = job_intent(1).id;
        opened(&mut ledger, &job_intent(1), &[planned(&["a"])]);
        ledger.claim_job(id, NOW).unwrap();
        ledger.release_job(id, NOW).unwrap();
        let seen = ledger.job(id).unwrap();
        let mut other = Ledger::open(&path, NOW).unwrap();
        other.claim_job(id, NOW).unwrap();
        assert!(!ledger.store.remove_job(&seen).unwrap());
        other.release_job(id, NOW).unwrap();
        assert!(ledger.store.remove_job(&seen).unwrap());
        assert!(!other.store.remove_job(&seen).unwrap());
    }

    #[test]
    fn room_is_given_back_unless_others_are_at_work() {
        for others in [false, true] {
            let folder = tempfile::TempDir::new().unwrap();
            let path = folder.path().join("ledger.db");
            let mut ledger = Ledger::open(&path, NOW).unwrap();
            for n in 0..200 {
                entry(&mut ledger, n, OLD, Some(Verdict::Accepted));
            }
            // Tidies the log up, so that all of it is in the file.
            drop(Ledger::open_to_read(&path, NOW).unwrap().list(&Filter::default()).unwrap());
            let size = || std::fs::metadata(&path).unwrap().len();
            let other = others.then(|| Ledger::open(&path, NOW).unwrap());
            let pruning = Pruning { before_ms: NOW, ..Pruning::default() };
            let before = size();
            let pruned = ledger.prune(&pruning, &Needs(0)).unwrap();
            assert_eq!((pruned.entries, pruned.compacted), (200, !others));
            assert_eq!(size() < before, !others, "{before} {}", size());
            drop(other);
        }
    }
}
