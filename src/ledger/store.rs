//! The boundary behind which entries are kept: a database has to do this, and nothing else.

use std::ops::{ControlFlow, RangeInclusive};
use std::time::Duration;

use uuid::Uuid;

use super::job::{
    Batch, BatchChange, BatchFilter, BatchKey, BatchSeals, Code, Job, JobBatch, JobIntent,
    JobTemplate, Opening, Permit, PlannedBatch, QuotaCall, Settled,
};
use super::{
    CommitBounds, Ending, EntryIntent, EntryStatus, LedgerEntry, Realm, Resolution, Terms, Unmet,
};
use crate::contract::Verb;
use crate::error::Result;
use crate::net::pace::{RateClaim, RateGrant};
use crate::outcome::Verdict;
use crate::seal::SealKey;

/// Where entries are kept. Several processes, or machines, may work on the same entries at once.
pub(super) trait LedgerStore: Send {
    /// Keeps intents, all or none. They outlive a power cut when this returns: many may share the cost of that. Where that
    /// would exceed an allowance or a shared rate limit, or one that may have arrived has the same fingerprint and another
    /// writer, none is kept. Counting and keeping are one step for all who share the entries.
    fn begin(
        &mut self,
        intents: &[EntryIntent],
        terms: &Terms,
        claim: Option<&RateClaim>,
        bodies: Bodies,
    ) -> Result<Option<Unmet>>;

    /// Takes in what a process reports about shared rate limits, and decides what it may begin. A power cut may undo it.
    fn claim(&mut self, claim: &RateClaim) -> Result<RateGrant>;

    /// Counts an attempt. It may be lost in a power cut.
    fn attempt(&mut self, entry: Uuid, attempt: u32, started_ms: i64) -> Result<()>;

    /// Keeps endings, all or none, as durably as intents, with what there is to report about shared rate limits.
    fn finish(&mut self, endings: &[(Uuid, &Ending)], claim: Option<&RateClaim>) -> Result<()>;

    /// Keeps a resolution, unless the entry has one or has a definite ending: then the answer is `false`.
    fn resolve(&mut self, entry: Uuid, resolution: &Resolution) -> Result<bool>;

    /// Hands over entries, the latest first, until it is told to stop. [`Filter::standing`],
    /// [`Filter::failed`] and [`Filter::limit`] are not its concern.
    fn each(
        &mut self,
        query: &Query,
        take: &mut dyn FnMut(LedgerEntry) -> ControlFlow<()>,
    ) -> Result<()>;

    /// Refuses to go on where the entries are no longer where they were opened.
    fn in_place(&mut self) -> Result<()>;

    /// Seals jobs with this key from now on, and checks their seals with it. Without one nothing is sealed, and no seal is
    /// checked.
    fn seal_with(&mut self, key: Option<SealKey>);

    /// Whether every batch of a job is there that was there when it was sealed.
    fn has_all_batches(&mut self, job: Uuid) -> Result<bool>;

    /// Opens a job anew as it was read, with these batches, and seals it: all or nothing, and nothing where it has changed
    /// since.
    fn reseal_job(&mut self, seen: &Job, opening: &Opening, batches: &[BatchSeals]) -> Result<()>;

    /// Waits no longer than this for others who hold the entries, and never longer than is usual.
    fn wait_at_most(&mut self, time: Duration) -> Result<()>;

    /// What tells whether a writer, as entries name it, is still at work.
    fn liveness(&self) -> Box<dyn Fn(&str) -> Liveness>;

    /// This writer, as jobs name their owners.
    fn me(&self) -> &str;

    /// Adds a job that is being planned, with this writer as its owner.
    fn plan_job(&mut self, intent: &JobIntent) -> Result<()>;

    /// Adds a template to a job that this writer is planning. They are numbered from 0.
    fn plan_template(&mut self, job: Uuid, template: &JobTemplate, bodies: Bodies) -> Result<u32>;

    /// Adds batches to a job that this writer is planning, all or none. They may be lost in a power cut until the job is opened.
    fn plan_batches(&mut self, job: Uuid, batches: &[PlannedBatch]) -> Result<()>;

    /// Ends the planning, and makes all of it durable. Where a time is given and another job with this fingerprint is at
    /// work, or reached somebody at that time or later, nothing changes, and the answer is that one.
    fn open_job(
        &mut self,
        job: Uuid,
        opening: &Opening,
        fresh_since_ms: Option<i64>,
    ) -> Result<Option<Uuid>>;

    /// Removes a job with all that belongs to it, where it still is as it was seen: the answer is `false` where it is gone,
    /// or somebody has worked on it since.
    fn remove_job(&mut self, seen: &Job) -> Result<bool>;

    /// Makes this writer the owner, where the owner is still the one that was seen; what that one had begun becomes
    /// unknown, and no stop is asked for any more. The answer is how many batches became unknown, `None` where another
    /// writer was quicker. Where it is this writer's already, nothing changes.
    fn claim_job(&mut self, job: Uuid, seen: Option<&str>, now_ms: i64) -> Result<Option<u64>>;

    /// Adds guards to those that were passed for a job, each once.
    fn add_overrides(&mut self, job: Uuid, guards: &[String]) -> Result<()>;

    /// Takes the owner off, where it is this writer; what is begun becomes unknown.
    fn release_job(&mut self, job: Uuid, now_ms: i64) -> Result<()>;

    /// Asks the owner to stop.
    fn stop_job(&mut self, job: Uuid, now_ms: i64) -> Result<()>;

    /// Changes batches in one durable transaction, all or none, except what is to begin where a stop was asked for, the
    /// disk is full, an allowance would be exceeded, or a shared rate limit has no room. Refuses where this writer is not the
    /// owner. Where bodies are not kept, what filled a text is removed with the ending.
    fn commit(
        &mut self,
        job: Uuid,
        changes: &[BatchChange],
        bounds: CommitBounds<'_>,
        bodies: Bodies,
    ) -> Result<Permit>;

    /// What there was no room for when the last commit found none: file and reason, for people.
    fn no_room(&self) -> Option<&str>;

    /// How many unknown, unresolved batches have a dedupe id.
    fn recognisable(&mut self, job: Uuid) -> Result<u64>;

    /// Plans these again whose first attempt began at a time or later.
    fn requeue(
        &mut self,
        job: Uuid,
        template: u32,
        started_ms: &RangeInclusive<i64>,
    ) -> Result<u64>;

    /// Planned batches in their order, after one or from the first on. What has ended is not looked at. Where there is a key,
    /// a batch that does not bear its seals is an error.
    fn planned(&mut self, job: Uuid, after: Option<BatchKey>, count: usize) -> Result<Vec<Batch>>;

    /// The last batch of a job.
    fn last(&mut self, job: Uuid) -> Result<Option<BatchKey>>;

    /// Hands over jobs, the latest first, until it is told to stop. [`Job::settle`] is not its concern.
    fn each_job(
        &mut self,
        query: &JobQuery,
        take: &mut dyn FnMut(Job) -> ControlFlow<()>,
    ) -> Result<()>;

    /// Hands over batches in their order, until it is told to stop: at least those of the filter, and none that was split.
    fn batches(
        &mut self,
        job: Uuid,
        which: BatchFilter,
        take: &mut dyn FnMut(JobBatch) -> ControlFlow<()>,
    ) -> Result<()>;

    /// One batch.
    fn batch(&mut self, job: Uuid, key: BatchKey) -> Result<Option<JobBatch>>;

    /// The latest batch to which a vendor gave an id, for the whole of it or for a target.
    fn batch_of_vendor_id(
        &mut self,
        provider: &str,
        id: &str,
        realm: Realm,
    ) -> Result<Option<(Uuid, BatchKey)>>;

    /// Records a decision on unknown batches that have none: on one of them, or on all. Where a dead owner is named, what
    /// it had begun is unknown first.
    fn resolve_job(
        &mut self,
        job: Uuid,
        only: Option<BatchKey>,
        dead: Option<&str>,
        resolution: &Resolution,
    ) -> Result<Settled>;

    /// What the vendor said to how many targets, the commonest first.
    fn codes(&mut self, job: Uuid) -> Result<Vec<Code>>;

    /// Removes entries with all that belongs to them.
    fn remove_entries(&mut self, entries: &[Uuid]) -> Result<()>;

    /// Gives room back to the file system. The answer is `false` where that has to wait, because others are at work.
    fn compact(&mut self) -> Result<bool>;

    /// When requests of entries and batches began that left, or may have, the latest first.
    fn calls(&mut self, call: &QuotaCall<'_>, limit: usize) -> Result<Vec<i64>>;
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

    /// A question about jobs of one realm.
    pub(super) fn in_realm(which: WhichJob, realm: Realm) -> Self {
        Self { which, filter: Filter { realm: Some(realm), ..Filter::default() } }
    }
}

/// Which jobs a question is about. But for the first two, only those that were opened.
#[derive(Clone, Debug)]
pub(super) enum WhichJob {
    /// Those that are being planned.
    Planning,
    /// The one with an id, also while it is being planned.
    Id(Uuid),
    /// All of them.
    Opened,
    /// Those whose id begins so, in lower case.
    Prefix(String),
    /// Those with a name.
    Name(String),
    /// Those with a fingerprint.
    Fingerprint(String),
}

/// Whether the process that wrote an entry is still at work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Liveness {
    /// It is.
    Alive,
    /// It has ended, one way or another.
    Gone,
    /// Nobody can tell: its deadline decides.
    CannotTell,
}

impl Liveness {
    /// Whether an entry may still be being sent.
    pub(super) fn says_alive(self, before_deadline: bool) -> bool {
        match self {
            Self::Alive => true,
            Self::Gone => false,
            Self::CannotTell => before_deadline,
        }
    }
}

/// What is kept of payloads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Bodies {
    /// All of them, unsigned.
    #[default]
    Kept,
    /// Their digests only.
    Digested,
}

/// A question to the store.
#[derive(Clone, Debug)]
pub(super) struct Query {
    /// Which entries.
    pub(super) which: Which,
    /// What they have in common besides.
    pub(super) filter: Filter,
}

impl Query {
    /// A question about entries to which a vendor gave an id.
    pub(super) fn of_vendor_id(provider: &str, id: &str, realm: Realm) -> Self {
        let provider = Some(provider.to_owned());
        let filter = Filter { provider, realm: Some(realm), ..Filter::default() };
        Self { which: Which::VendorId(id.to_owned()), filter }
    }
}

/// Which entries a question is about.
#[derive(Clone, Debug)]
pub(super) enum Which {
    /// All of them.
    All,
    /// Those whose id begins so, in lower case.
    Prefix(String),
    /// Those to which the vendor gave this id, for the whole or for a target.
    VendorId(String),
    /// Those that recalled or changed an entry.
    FollowUps(Uuid),
    /// Those of these commands that reach people.
    Sends(&'static [Verb]),
    /// Those with a fingerprint.
    Fingerprint(String),
}

impl Filter {
    /// Whether something that stands so is wanted.
    pub fn stands(&self, standing: EntryStatus) -> bool {
        let failed = || {
            matches!(
                standing,
                EntryStatus::Decided(
                    Verdict::Denied | Verdict::Rejected | Verdict::Unavailable | Verdict::Partial
                )
            )
        };
        self.standing.is_none_or(|wanted| wanted.word() == standing.word())
            && (!self.failed || failed())
    }
}

/// What entries of a list have in common.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of this realm.
    pub realm: Option<Realm>,
    /// Of this provider.
    pub provider: Option<String>,
    /// Of this profile.
    pub profile: Option<String>,
    /// Standing so; a denial and a rejection are the same.
    pub standing: Option<EntryStatus>,
    /// Certainly not accepted, at least in part.
    pub failed: bool,
    /// Begun at this time or later, in milliseconds since 1970.
    pub since_ms: Option<i64>,
    /// At most so many.
    pub limit: Option<usize>,
}
