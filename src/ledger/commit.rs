//! What is on disk before a request leaves, and after its answer: beginnings and endings of entries and batches.

use uuid::Uuid;

use super::preconditions::{Preconditions, Unmet};
use super::{Allowance, BatchChange, CommitBounds, Ending, EntryIntent, Ledger, Permit, Terms};
use crate::error::Result;
use crate::net::pace::RateClaim;

/// Beginnings and endings in a store.
pub(super) trait CommitStore {
    /// Keeps an intent, where its preconditions hold: otherwise nothing, and the answer is the one that does not. What the
    /// process reports about shared rate limits is kept in any case. Asking and keeping are one step for all writers.
    fn begin(&mut self, intent: &EntryIntent, on: &Preconditions<'_>) -> Result<Option<Unmet>>;

    /// Counts an attempt. It may be lost in a power cut.
    fn attempt(&mut self, entry: Uuid, attempt: u32, started_ms: i64) -> Result<()>;

    /// Keeps the ending of an entry that has none, with what there is to report about shared rate limits. An error where
    /// there is no such entry, or it has ended.
    fn finish(&mut self, entry: Uuid, ending: &Ending, rate: Option<&RateClaim>) -> Result<()>;

    /// Changes batches, all or none, except that nothing begins where a stop was asked for, the disk is full, or an allowance
    /// would be exceeded; and no more than a shared rate limit has room for. An error where this writer is not the owner, or a
    /// batch is not in the state that a change needs. Where bodies are not kept, what filled a text is removed with the
    /// ending.
    fn commit(
        &mut self,
        job: Uuid,
        changes: &[BatchChange],
        on: &Preconditions<'_>,
    ) -> Result<Committed>;

    /// Refuses to go on where the ledger is no longer where it was opened.
    fn in_place(&mut self) -> Result<()>;
}

/// What a commit of batches answers.
#[derive(Clone, Debug)]
pub(super) struct Committed {
    /// What may leave.
    pub(super) permit: Permit,
    /// What there was no room for, where that is why nothing may: file and reason, for people.
    pub(super) no_room: Option<String>,
}

impl Ledger {
    /// Puts an intent on disk. When this returns, it outlives a power cut, and the request may leave.
    pub fn begin(&mut self, intent: &EntryIntent) -> Result<()> {
        self.begin_within(intent, &Terms::default()).map(drop)
    }

    /// The same where its terms are met: otherwise nothing is kept, and the request must not leave. Of those who begin at the
    /// same moment, no more may than the terms leave room for.
    pub fn begin_within(&mut self, intent: &EntryIntent, terms: &Terms) -> Result<Option<Unmet>> {
        self.begin_sharing(intent, terms, None)
    }

    /// The same where it also has to take a share of the vendor's rate limits.
    pub fn begin_sharing(
        &mut self,
        intent: &EntryIntent,
        terms: &Terms,
        claim: Option<&RateClaim>,
    ) -> Result<Option<Unmet>> {
        let Terms { allowances, fresh_since_ms } = terms;
        let on = Preconditions { allowances, fresh_since_ms: *fresh_since_ms, rate: claim };
        self.store.begin(intent, &on)
    }

    /// Marks that an attempt begins, counted from 1. What [`Ledger::begin`] wrote is what counts after a crash; this is
    /// told in `history` and costs no sync.
    pub fn attempt(&mut self, entry: Uuid, attempt: u32, now_ms: i64) -> Result<()> {
        self.store.attempt(entry, attempt, now_ms)
    }

    /// Refuses to go on where the ledger was moved, deleted or replaced since it was opened. Every commit looks at that, too.
    pub fn in_place(&mut self) -> Result<()> {
        self.store.in_place()
    }

    /// Puts on disk what became of an entry.
    pub fn finish(&mut self, entry: Uuid, ending: &Ending) -> Result<()> {
        self.finish_sharing(entry, ending, None)
    }

    /// The same with what there is to report about shared rate limits.
    pub fn finish_sharing(
        &mut self,
        entry: Uuid,
        ending: &Ending,
        claim: Option<&RateClaim>,
    ) -> Result<()> {
        self.store.finish(entry, ending, claim)
    }

    /// Changes batches of a job that is this writer's, all or none, in one transaction that outlives a power cut. Where
    /// the job was asked to stop, or the disk is full, what is to begin is left as it was.
    pub fn commit(&mut self, job: Uuid, changes: &[BatchChange]) -> Result<Permit> {
        self.commit_within(job, changes, &[])
    }

    /// The same; and what is to begin is left as it was, too, where it would exceed an allowance.
    pub fn commit_within(
        &mut self,
        job: Uuid,
        changes: &[BatchChange],
        allowances: &[Allowance],
    ) -> Result<Permit> {
        self.commit_sharing(job, changes, CommitBounds { allowances, claim: None })
    }

    /// The same; and what is to begin is left as it was, too, where a shared rate limit has no room for it yet.
    pub fn commit_sharing(
        &mut self,
        job: Uuid,
        changes: &[BatchChange],
        bounds: CommitBounds<'_>,
    ) -> Result<Permit> {
        let CommitBounds { allowances, claim } = bounds;
        let on = Preconditions { allowances, fresh_since_ms: None, rate: claim };
        let Committed { permit, no_room } = self.store.commit(job, changes, &on)?;
        self.no_room = no_room.or(self.no_room.take());
        Ok(permit)
    }

    /// What there was no room for when a commit answered [`Permit::NoRoom`]: file and reason, for people.
    pub fn no_room(&self) -> Option<&str> {
        self.no_room.as_deref()
    }
}
