//! Removing what is old.

use std::ops::ControlFlow;

use uuid::Uuid;

use super::store::{JobQuery, Query, Which, WhichJob};
use super::{Filter, Job, Ledger, Standing};
use crate::error::Result;
use crate::outcome::Verdict;

/// How many entries are removed in one transaction: others do not wait long.
const AT_ONCE: usize = 1000;

/// What is to be removed.
#[derive(Clone, Copy, Debug)]
pub struct Pruning {
    /// What ended before this, in milliseconds since 1970.
    pub before_ms: i64,
    /// Also what is unknown.
    pub unknown: bool,
    /// Nothing at all: it is only counted.
    pub dry_run: bool,
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
    /// Whether the file system has got the room back; where others are at work it is used for what comes next.
    pub compacted: bool,
}

impl Ledger {
    /// Removes what is old. What is being sent stays, and what is unknown unless that is wanted.
    pub fn prune(&mut self, pruning: &Pruning) -> Result<Pruned> {
        let mut pruned = Pruned::default();
        let entries = self.old_entries(pruning, &mut pruned)?;
        let jobs = self.old_jobs(pruning, &mut pruned)?;
        pruned.entries = entries.len() as u64;
        pruned.jobs = jobs.len() as u64;
        if pruning.dry_run {
            return Ok(pruned);
        }
        entries.chunks(AT_ONCE).try_for_each(|some| self.store.remove_entries(some))?;
        jobs.iter().try_for_each(|job| self.store.remove_job(*job))?;
        if !entries.is_empty() || !jobs.is_empty() {
            pruned.compacted = self.store.compact()?;
        }
        Ok(pruned)
    }

    fn old_entries(&mut self, pruning: &Pruning, pruned: &mut Pruned) -> Result<Vec<Uuid>> {
        let mut old = Vec::new();
        let query = Query { which: Which::All, filter: Filter::default() };
        self.each(&query, &mut |entry| {
            let ended =
                entry.ending.as_ref().map_or(entry.intent.created_ms, |end| end.finished_ms);
            match entry.standing {
                _ if ended >= pruning.before_ms => {}
                Standing::Sending => {}
                Standing::Decided(Verdict::Unknown) if !pruning.unknown => pruned.kept_unknown += 1,
                Standing::Decided(_) => old.push(entry.intent.id),
            }
            ControlFlow::Continue(())
        })?;
        Ok(old)
    }

    fn old_jobs(&mut self, pruning: &Pruning, pruned: &mut Pruned) -> Result<Vec<Uuid>> {
        let mut old = Vec::new();
        let ended = |job: &Job| job.ended_ms.unwrap_or(job.active_ms).max(job.active_ms);
        self.each_job(&JobQuery::of(WhichJob::Opened), &mut |job, alive| {
            if !alive && ended(&job) < pruning.before_ms {
                if job.batches.unknown > 0 && !pruning.unknown {
                    pruned.kept_unknown += 1;
                } else {
                    old.push(job.intent.id);
                }
            }
            ControlFlow::Continue(())
        })?;
        Ok(old)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::job::tests::{begin, end, job_intent, opened, planned};
    use crate::ledger::tests::{NOW, ending, intent};
    use crate::ledger::{Ending, JobIntent};

    const OLD: i64 = NOW - 1000;

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

    fn begin_at(key: crate::ledger::BatchKey) -> crate::ledger::Change {
        match begin(key) {
            crate::ledger::Change::Begin { batch, dedupe_id, .. } => {
                crate::ledger::Change::Begin { batch, started_ms: OLD, dedupe_id }
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
            let pruning = Pruning { before_ms: NOW, unknown, dry_run };
            let pruned = ledger.prune(&pruning).unwrap();
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
            let pruning = Pruning { before_ms: NOW, unknown: false, dry_run: false };
            let before = size();
            let pruned = ledger.prune(&pruning).unwrap();
            assert_eq!((pruned.entries, pruned.compacted), (200, !others));
            assert_eq!(size() < before, !others, "{before} {}", size());
            drop(other);
        }
    }
}
