//! What is on disk before a request leaves, and after its answer: beginnings and endings of entries and batches.

use uuid::Uuid;

use super::preconditions::{Preconditions, UnmetPrecondition};
use super::{BatchChange, Ending, EntryIntent, Ledger, Permit};
use crate::error::Result;
use crate::net::rate_limit::RateClaim;

/// Beginnings and endings in a store.
pub(super) trait CommitStore {
    /// Keeps an intent, where its preconditions hold: otherwise nothing, and the answer is the one that does not. What the
    /// process reports about shared rate limits is kept in any case. Asking and keeping are one step for all writers.
    fn begin(
        &mut self,
        intent: &EntryIntent,
        on: &Preconditions<'_>,
    ) -> Result<Option<UnmetPrecondition>>;

    /// Counts an attempt. It may be lost in a power cut, and is not an error where it cannot be written. An error where the
    /// ledger is no longer where it was opened: then nothing more may leave.
    fn attempt(&mut self, entry: Uuid, attempt: u32, started_ms: i64) -> Result<()>;

    /// Keeps the ending of an entry that has none, with what there is to report about shared rate limits. An error where
    /// there is no such entry, or it has ended.
    fn finish(&mut self, entry: Uuid, ending: &Ending, rate: Option<&RateClaim>) -> Result<()>;

    /// Changes batches, all or none, except that nothing begins where a stop was asked for, the disk is full, or an
    /// allowance would be exceeded; and no more than a shared rate limit has room for. An error where this writer is
    /// not the owner, or a batch is not in the state that a change needs. Where bodies are not kept, what filled a text
    /// is removed with the ending.
    fn commit(
        &mut self,
        job: Uuid,
        changes: &[BatchChange],
        on: &Preconditions<'_>,
    ) -> Result<Committed>;
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
    /// Puts an intent on disk, where its preconditions hold: when this returns `None`, it outlives a power cut, and the
    /// request may leave. Otherwise nothing is kept, and the request must not leave. Of those that begin at the same moment,
    /// no more may than there is room for.
    pub fn begin(
        &mut self,
        intent: &EntryIntent,
        on: &Preconditions<'_>,
    ) -> Result<Option<UnmetPrecondition>> {
        self.store.begin(intent, on)
    }

    /// Marks that a further attempt begins, counted from 1. An error where the ledger was moved, deleted or replaced
    /// since it was opened: then the attempt must not leave. What [`Ledger::begin`] wrote is what counts after a crash;
    /// this is told in `history` and costs no sync, and it is not an error where it cannot be written.
    pub fn attempt(&mut self, entry: Uuid, attempt: u32, now_ms: i64) -> Result<()> {
        self.store.attempt(entry, attempt, now_ms)
    }

    /// Puts the outcome of an entry on disk, with what there is to report about shared rate limits.
    pub fn finish(&mut self, entry: Uuid, ending: &Ending, rate: Option<&RateClaim>) -> Result<()> {
        self.store.finish(entry, ending, rate)
    }

    /// Changes batches of a job that is this writer's, all or none, in one transaction that outlives a power cut. Where
    /// the job was asked to stop, the disk is full, or a precondition does not hold, what is to begin is left as it was.
    pub fn commit(
        &mut self,
        job: Uuid,
        changes: &[BatchChange],
        on: &Preconditions<'_>,
    ) -> Result<Permit> {
        let Committed { permit, no_room } = self.store.commit(job, changes, on)?;
        self.no_room = no_room.or(self.no_room.take());
        Ok(permit)
    }

    /// What there was no room for when a commit answered [`Permit::NoRoom`]: file and reason, for people.
    pub fn no_room(&self) -> Option<&str> {
        self.no_room.as_deref()
    }
}
