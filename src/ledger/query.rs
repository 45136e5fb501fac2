//! What can be asked of the ledger: entries, jobs and batches, one of them or many.

use std::ops::ControlFlow;

use uuid::Uuid;

use super::recent_calls::QuotaCall;
use super::{
    Batch, BatchFilter, BatchKey, Ending, EntryIntent, EntryStatus, Filter, Job, JobBatch, Ledger,
    LedgerEntry, Realm,
};
use crate::contract::Verb;
use crate::error::{Error, Result};
use crate::outcome::Verdict;

/// Commands whose sends `recall --last` can recall.
const RECALLABLE: [Verb; 3] = [Verb::Send, Verb::Broadcast, Verb::Call];

/// Questions to a store. What is handed over is handed over one by one, until `take` breaks.
pub(super) trait QueryStore {
    /// Hands over entries, the latest first. [`LedgerEntry::status`] is not its concern, nor are [`Filter::status`],
    /// [`Filter::failed`] and [`Filter::limit`].
    fn entries(
        &mut self,
        query: &EntryQuery,
        take: &mut dyn FnMut(LedgerEntry) -> ControlFlow<()>,
    ) -> Result<()>;

    /// Hands over jobs, the latest first. [`Job::settle`] is not its concern.
    fn jobs(
        &mut self,
        query: &JobQuery,
        take: &mut dyn FnMut(Job) -> ControlFlow<()>,
    ) -> Result<()>;

    /// Hands over batches, none that was split; what was sent again as others only where it is asked for.
    fn batches(
        &mut self,
        query: &BatchQuery,
        take: &mut dyn FnMut(JobBatch) -> ControlFlow<()>,
    ) -> Result<()>;

    /// The latest batch that was sent, and no follow-up, to which a vendor gave this id, for the whole or for a target.
    fn batch_of_vendor_id(
        &mut self,
        provider: &str,
        id: &str,
        realm: Realm,
    ) -> Result<Option<(Uuid, BatchKey)>>;

    /// Hands over the ids of all entries and jobs.
    fn ids(&mut self, take: &mut dyn FnMut(Uuid)) -> Result<()>;

    /// When requests of entries and batches began that left, or may have, the latest first; at most this many.
    fn calls(&mut self, call: &QuotaCall<'_>, limit: usize) -> Result<Vec<i64>>;
}

/// A question about entries.
#[derive(Clone, Debug)]
pub(super) struct EntryQuery {
    /// Which entries.
    pub(super) which: WhichEntries,
    /// What they have in common besides.
    pub(super) filter: Filter,
}

/// Which entries a question is about.
#[derive(Clone, Debug)]
pub(super) enum WhichEntries {
    /// All of them.
    All,
    /// The one with an id.
    Id(Uuid),
    /// Those whose id has this part, in lower case, with dashes or without.
    Part(String),
    /// Those to which the vendor gave this id, for the whole or for a target.
    VendorId(String),
    /// Those that one command has made together.
    Command(Uuid),
    /// Those that recalled or changed an entry.
    FollowUps(Uuid),
    /// Those of these commands that reach people.
    Sends(&'static [Verb]),
    /// Those with a fingerprint.
    Fingerprint(String),
}

/// A question about jobs.
#[derive(Clone, Debug)]
pub(super) struct JobQuery {
    /// Which jobs.
    pub(super) which: WhichJob,
    /// What they have in common besides.
    pub(super) filter: Filter,
}

impl JobQuery {
    /// A question without a filter.
    pub(super) fn of(which: WhichJob) -> Self {
        Self { which, filter: Filter::default() }
    }
}

/// Which jobs a question is about. Except with the first two, only those that were opened.
#[derive(Clone, Debug)]
pub(super) enum WhichJob {
    /// Those that are being planned.
    Planning,
    /// The one with an id, also while it is being planned.
    Id(Uuid),
    /// All of them.
    Opened,
    /// The one with an id.
    OpenedId(Uuid),
    /// Those whose id has this part, in lower case, with dashes or without.
    Part(String),
    /// Those with a name.
    Name(String),
    /// Those with a fingerprint.
    Fingerprint(String),
}

/// A question about batches.
#[derive(Clone, Copy, Debug)]
pub(super) enum BatchQuery {
    /// At least those of a job that a filter holds, in their order.
    Of(Uuid, BatchFilter),
    /// One of a job.
    One(Uuid, BatchKey),
    /// The planned ones of a job in their order, behind this one. What has ended is not looked at. Where there is a key for
    /// seals, one that does not bear its seals is an error.
    Next(Uuid, Option<BatchKey>),
}

impl Ledger {
    /// Entries, the latest first.
    pub fn list(&mut self, filter: &Filter) -> Result<Vec<LedgerEntry>> {
        let limit = filter.limit.unwrap_or(usize::MAX);
        let wanted = |entry: &LedgerEntry| filter.holds(entry.status);
        let mut found = self.some_entries(WhichEntries::All, filter.clone(), limit, wanted)?;
        self.tell_apart(&mut found)?;
        Ok(found)
    }

    /// The entry with an id, where there is one.
    pub fn maybe_entry(&mut self, id: Uuid) -> Result<Option<LedgerEntry>> {
        Ok(self.some_entries(WhichEntries::Id(id), Filter::default(), 1, |_| true)?.pop())
    }

    /// The entry with an id.
    pub fn get(&mut self, id: Uuid) -> Result<LedgerEntry> {
        self.maybe_entry(id)?.ok_or_else(|| {
            Error::usage(format!("there is no ledger entry `{id}`"))
                .help("`herald history` lists them")
        })
    }

    /// Every entry to which a vendor gave an id, for the whole of it or for one of its targets, the latest first.
    pub fn entries_of_vendor_id(
        &mut self,
        provider: &str,
        id: &str,
        realm: Realm,
    ) -> Result<Vec<LedgerEntry>> {
        let (provider, realm) = (Some(provider.to_owned()), Some(realm));
        let filter = Filter { provider, realm, ..Filter::default() };
        self.some_entries(WhichEntries::VendorId(id.to_owned()), filter, usize::MAX, |_| true)
    }

    /// The latest entry that was accepted, is about no other entry, and has done this operation with this very payload.
    pub fn done_alone(
        &mut self,
        (realm, provider, app): (Realm, &str, &str),
        operation: &str,
        body: &str,
    ) -> Result<Option<LedgerEntry>> {
        let (provider, realm) = (Some(provider.to_owned()), Some(realm));
        let filter = Filter { provider, realm, ..Filter::default() };
        let same = |entry: &LedgerEntry| {
            let EntryIntent { parent, route, content, .. } = &entry.intent;
            parent.is_none()
                && entry.status == EntryStatus::Decided(Verdict::Accepted)
                && (route.app.as_str(), route.operation.as_str()) == (app, operation)
                && content.body == body
        };
        let mut found = self.some_entries(WhichEntries::All, filter, 1, same)?;
        self.tell_apart(&mut found)?;
        Ok(found.pop())
    }

    /// The entries that recalled or changed an entry, the latest first.
    pub fn follow_ups(&mut self, entry: Uuid) -> Result<Vec<LedgerEntry>> {
        let which = WhichEntries::FollowUps(entry);
        let mut found = self.some_entries(which, Filter::default(), usize::MAX, |_| true)?;
        self.tell_apart(&mut found)?;
        Ok(found)
    }

    /// The entries that one command has made, the first one first. An entry that is the only one of its command is alone.
    pub fn of_one_command(&mut self, entry: LedgerEntry) -> Result<Vec<LedgerEntry>> {
        let Some(part) = entry.intent.part else { return Ok(vec![entry]) };
        let which = WhichEntries::Command(part.command);
        let mut found = self.some_entries(which, Filter::default(), usize::MAX, |_| true)?;
        self.tell_apart(&mut found)?;
        found.sort_by_key(|one| one.intent.part.map(|part| part.number));
        Ok(found)
    }

    /// The last entry of `send`, `broadcast` or `call` that reached people, or may have.
    pub fn last(&mut self, realm: Realm, profile: Option<&str>) -> Result<Option<LedgerEntry>> {
        let filter =
            Filter { realm: Some(realm), profile: profile.map(str::to_owned), ..Filter::default() };
        let which = WhichEntries::Sends(&RECALLABLE);
        let mut last = self.some_entries(which, filter, 1, LedgerEntry::may_have_arrived)?;
        Ok(last.pop())
    }

    /// The first entries that meet a condition, at most this many.
    pub(super) fn some_entries(
        &mut self,
        which: WhichEntries,
        filter: Filter,
        limit: usize,
        wanted: impl Fn(&LedgerEntry) -> bool,
    ) -> Result<Vec<LedgerEntry>> {
        let mut entries = Vec::new();
        if limit == 0 {
            return Ok(entries);
        }
        self.each_entry(&EntryQuery { which, filter }, &mut |entry| {
            if wanted(&entry) {
                entries.push(entry);
            }
            if entries.len() < limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        Ok(entries)
    }

    /// The job with an id.
    pub fn job(&mut self, id: Uuid) -> Result<Job> {
        let mut job = self.stored_job(id)?;
        self.tell_apart_jobs(std::slice::from_mut(&mut job))?;
        // The process that planned it has in hand what the store does not keep.
        let held = self.held.get(&id).into_iter().flatten();
        for (template, body) in job.templates.iter_mut().zip(held) {
            if let Some(body) = body {
                template.body.clone_from(body);
            }
        }
        Ok(job)
    }

    /// The job with an id, as the store has it.
    pub(super) fn stored_job(&mut self, id: Uuid) -> Result<Job> {
        self.first_job(&JobQuery::of(WhichJob::Id(id)), |_| true)?
            .ok_or_else(|| no_job(&id.to_string()))
    }

    /// The job with an id that was opened, where there is one.
    pub fn opened_job(&mut self, id: Uuid) -> Result<Option<Job>> {
        self.first_job(&JobQuery::of(WhichJob::OpenedId(id)), |_| true)
    }

    /// Jobs, the latest first. [`Filter::status`] and [`Filter::limit`] are the caller's concern.
    pub fn jobs(
        &mut self,
        filter: &Filter,
        take: &mut dyn FnMut(Job) -> ControlFlow<()>,
    ) -> Result<()> {
        let query = JobQuery { which: WhichJob::Opened, filter: filter.clone() };
        self.each_job(&query, &mut |job, _| take(job))
    }

    /// The first job that meets a condition.
    pub(super) fn first_job(
        &mut self,
        query: &JobQuery,
        mut wanted: impl FnMut(&Job) -> bool,
    ) -> Result<Option<Job>> {
        let mut found = None;
        self.each_job(query, &mut |job, _| {
            if wanted(&job) {
                found = Some(job);
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        })?;
        Ok(found)
    }

    /// Whether anything was sent with a profile of this name.
    pub fn knows_profile(&mut self, name: &str) -> Result<bool> {
        let filter = Filter { profile: Some(name.to_owned()), limit: Some(1), ..Filter::default() };
        let query = JobQuery { which: WhichJob::Opened, filter: filter.clone() };
        Ok(self.first_job(&query, |_| true)?.is_some() || !self.list(&filter)?.is_empty())
    }

    /// Hands over batches of a job in their order, until it is told to stop, without holding them in memory.
    pub fn each_batch(
        &mut self,
        job: Uuid,
        which: BatchFilter,
        take: &mut dyn FnMut(JobBatch) -> ControlFlow<()>,
    ) -> Result<()> {
        let alive = self.stored_job(job)?.state.is_at_work();
        self.store.batches(&BatchQuery::Of(job, which), &mut |mut batch| {
            batch.settle(alive);
            if which.holds(batch.state) { take(batch) } else { ControlFlow::Continue(()) }
        })
    }

    /// Planned batches in their order, after one or from the first on.
    pub fn next_batches(
        &mut self,
        job: Uuid,
        after: Option<BatchKey>,
        count: usize,
    ) -> Result<Vec<Batch>> {
        let found = self.some_batches(&BatchQuery::Next(job, after), count)?;
        Ok(found.into_iter().map(|found| found.batch).collect())
    }

    /// The last batch of a job, whatever its outcome; parts of what is cut come behind it.
    pub fn last_batch(&mut self, job: Uuid) -> Result<Option<BatchKey>> {
        Ok(self.stored_job(job)?.last)
    }

    /// One batch of a job.
    pub fn batch(&mut self, job: Uuid, key: BatchKey) -> Result<Option<JobBatch>> {
        let alive = self.stored_job(job)?.state.is_at_work();
        let mut batch = self.some_batches(&BatchQuery::One(job, key), 1)?.pop();
        batch.iter_mut().for_each(|batch| batch.settle(alive));
        Ok(batch)
    }

    /// The latest batch to which a vendor gave an id, for the whole of it or for one of its targets, with its job.
    pub fn find_batch_by_vendor_id(
        &mut self,
        provider: &str,
        id: &str,
        realm: Realm,
    ) -> Result<Option<(Job, JobBatch)>> {
        let key = self.batch_of_vendor_id(provider, id, realm)?;
        let Some((job, key)) = key else { return Ok(None) };
        let Some(batch) = self.batch(job, key)? else { return Ok(None) };
        Ok(Some((self.job(job)?, batch)))
    }

    /// Which batch that is. A batch may have thousands of ids: callers that ask for many of them read it once.
    pub fn batch_of_vendor_id(
        &mut self,
        provider: &str,
        id: &str,
        realm: Realm,
    ) -> Result<Option<(Uuid, BatchKey)>> {
        self.store.batch_of_vendor_id(provider, id, realm)
    }

    /// The first batches that a question is about, at most this many.
    fn some_batches(&mut self, query: &BatchQuery, limit: usize) -> Result<Vec<JobBatch>> {
        let mut found = Vec::new();
        if limit == 0 {
            return Ok(found);
        }
        self.store.batches(query, &mut |batch| {
            found.push(batch);
            if found.len() < limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        Ok(found)
    }

    /// The answer to a job's only request; `None` where it has several, or none yet.
    pub fn only_ending(&mut self, job: &Job) -> Result<Option<Ending>> {
        let mut only = None;
        if job.batches.total() == 1 {
            self.each_batch(job.intent.id, BatchFilter::All, &mut |batch| {
                only = batch.ending;
                ControlFlow::Break(())
            })?;
        }
        Ok(only)
    }
}

/// The error where there is no such job.
fn no_job(id: &str) -> Error {
    Error::usage(format!("there is no job `{id}`")).help("`herald history` lists them")
}
