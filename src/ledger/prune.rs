//! Removing what is old.

use std::ops::ControlFlow;

use uuid::Uuid;

use super::query::{EntryQuery, JobQuery, WhichEntries, WhichJob};
use super::{EntryStatus, Filter, Job, Ledger, Realm};
use crate::error::Result;
use crate::outcome::Verdict;

/// How many entries are removed in one transaction: others do not wait long.
const CHUNK_ENTRIES: usize = 1000;

/// Removal in a store.
pub(super) trait PruneStore {
    /// Removes entries, and jobs that still are as they were seen, with all that belongs to them. The answer is how
    /// many jobs were removed: none that is gone, or that another writer has worked on since.
    fn remove(&mut self, entries: &[Uuid], jobs: &[Job]) -> Result<u64>;

    /// Gives room back to the file system. The answer is `false` where that has to wait, because others are at work.
    fn compact(&mut self) -> Result<bool>;
}

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

/// What is needed for longer than people may want to keep it: without it something could go out that must not.
pub trait KeptLonger {
    /// How long a call of an operation counts against a quota of the vendor's, in milliseconds; 0 where it does not.
    fn counts_ms(&self, provider: &str, operation: &str) -> i64;

    /// Until when the plan that became a job could be carried out again if the job were forgotten, in milliseconds since
    /// 1970; `None` where it was not a plan.
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
        entries
            .chunks(CHUNK_ENTRIES)
            .try_for_each(|some| self.store.remove(some, &[]).map(drop))?;
        for job in &jobs {
            pruned.jobs += self.store.remove(&[], std::slice::from_ref(job))?;
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
        let query = EntryQuery { which: WhichEntries::All, filter: pruning.of.clone() };
        self.each_entry(&query, &mut |entry| {
            let intent = &entry.intent;
            let ended =
                entry.ending.as_ref().map_or(intent.times.created_ms, |end| end.finished_ms);
            // A vendor that has had enough may count those who ask again.
            let refused = entry.ending.as_ref().is_some_and(|end| end.http_status.is_some());
            let counts = |verdict| {
                let began_ms = intent.times.created_ms.max(entry.started_ms.unwrap_or_default());
                let counts_ms = need.counts_ms(&intent.route.provider, &intent.route.operation);
                intent.route.realm == Realm::Real
                    && (verdict != Verdict::Unavailable || refused)
                    && counts_until(began_ms, counts_ms).is_some_and(|until| until >= now_ms)
            };
            match entry.status {
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
