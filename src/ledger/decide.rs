//! What people find out about requests with an unknown outcome, and what the vendor said.

use uuid::Uuid;

use super::orphans::StatusChange;
use super::{Batch, BatchKey, EntryStatus, Job, Ledger, LedgerEntry, Resolution, TargetState};
use crate::error::{Error, ErrorKind, Result};
use crate::outcome::Verdict;
use crate::seal::SealCheck;
use crate::text::suggest;

/// Decisions in a store.
pub(super) trait DecisionStore {
    /// Keeps what was found out about requests that are unknown and have no decision; the answer is how many those are. An
    /// id is kept where the vendor's answer had none, and only of an entry or one batch.
    fn decide(
        &mut self,
        about: Undecided,
        resolution: &Resolution,
        id: Option<&VendorId>,
    ) -> Result<Settled>;

    /// Keeps what was found out about single targets of unknown batches of a job. Where one of them is not unknown, nothing
    /// is kept, and the answer is none.
    fn decide_targets(
        &mut self,
        job: Uuid,
        targets: &[(BatchKey, Vec<String>)],
        resolution: &Resolution,
    ) -> Result<Settled>;

    /// Makes unknown again what people decided on: an entry, all of a job, or one batch of it. The answer is how much that is.
    fn undo(&mut self, about: Undecided) -> Result<Settled>;

    /// The same of single targets of a job, whose decision may have been about others as well. Where people have not decided
    /// on one of them, nothing is changed, and the answer is none.
    fn undo_targets(&mut self, job: Uuid, targets: &[(BatchKey, Vec<String>)]) -> Result<Settled>;

    /// What people resolved as not accepted, batch by batch. A batch of these templates is not cut: all of it is there, or
    /// nothing.
    fn not_accepted(&mut self, job: Uuid, uncut: &[u32]) -> Result<Vec<NotAccepted>>;

    /// Moves these targets into planned batches of their own, where they are still as they were read, and answers how much
    /// that is. Those that have not begun when the job has no owner any more are resolved as not accepted again. An error
    /// where this writer is not the owner.
    fn plan_not_accepted(&mut self, job: Uuid, these: &[NotAccepted]) -> Result<Settled>;

    /// How much of what was planned again has not begun.
    fn left_of_not_accepted(&mut self, job: Uuid) -> Result<Settled>;

    /// What was planned again, in the order of the batches.
    fn repeats(&mut self, job: Uuid) -> Result<Vec<Repeat>>;

    /// What the vendor said to how many targets of a job, the commonest first.
    fn codes(&mut self, job: Uuid) -> Result<Vec<Code>>;
}

/// An id of the vendor's, with the vendor's name for it.
pub type VendorId = (String, String);

/// What a decision is about.
#[derive(Clone, Copy, Debug)]
pub(super) enum Undecided {
    /// An entry that has no ending, or an unknown one. It counts as one batch without targets.
    Entry(Uuid),
    /// All unknown batches of a job.
    Job(Uuid),
    /// One batch of a job, where it is unknown.
    Batch(Uuid, BatchKey),
}

/// How much of a job was decided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// Batches that were unknown.
    pub batches: u64,
    /// Targets in them that were.
    pub targets: u64,
}

/// What of a batch a person resolved as not accepted, and can be sent once more.
#[derive(Clone, Debug)]
pub struct NotAccepted {
    /// The batch as it is, with all of its targets.
    pub batch: Batch,
    /// Whether it bears its seals.
    pub seal: SealCheck,
    /// The targets; none where the batch names none.
    pub targets: Vec<String>,
}

/// Targets of a request that a person resolved as not accepted, and that are in a batch of their own since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repeat {
    /// The batch that they are in, which may be yet to be sent.
    pub batch: BatchKey,
    /// The request that they were in before: the last one that left, or may have.
    pub of: BatchKey,
    /// How many they were; a request to everybody names none.
    pub targets: u64,
    /// Whether no target of that request is in it any more.
    pub leaves_none: bool,
}

/// What a vendor said, and to how many targets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// Their outcome.
    pub state: TargetState,
    /// The vendor's code.
    pub code: Option<String>,
    /// The vendor's message.
    pub message: Option<String>,
    /// How many targets.
    pub targets: u64,
}

impl Ledger {
    /// Records what a person found out about an entry that is unknown.
    pub fn resolve(&mut self, id: Uuid, resolution: &Resolution) -> Result<LedgerEntry> {
        self.resolve_with_id(id, resolution, None)
    }

    /// The same with the vendor's id of the message, where that was found out, too.
    pub fn resolve_with_id(
        &mut self,
        id: Uuid,
        resolution: &Resolution,
        vendor_id: Option<&VendorId>,
    ) -> Result<LedgerEntry> {
        let entry = self.get(id)?;
        let about = Undecided::Entry(entry.intent.id);
        if entry.resolution.is_none()
            && entry.status == EntryStatus::Decided(Verdict::Unknown)
            && self.store.decide(about, resolution, vendor_id)?.batches > 0
        {
            return self.get(id);
        }
        // Another person may have decided meanwhile: what is there now says why it cannot be resolved.
        Err(not_unknown(&self.get(id)?))
    }

    /// Records what a person found out about batches of a job that are unknown: about one of them, or about all.
    pub fn resolve_job(
        &mut self,
        job: Uuid,
        only: Option<BatchKey>,
        resolution: &Resolution,
    ) -> Result<Settled> {
        let about = only.map_or(Undecided::Job(job), |batch| Undecided::Batch(job, batch));
        self.decide_on_job(job, about, resolution, None)
    }

    /// The same for one batch whose message was found, with the vendor's id of it.
    pub fn resolve_batch_with_id(
        &mut self,
        job: Uuid,
        batch: BatchKey,
        resolution: &Resolution,
        vendor_id: &VendorId,
    ) -> Result<Settled> {
        self.decide_on_job(job, Undecided::Batch(job, batch), resolution, Some(vendor_id))
    }

    /// What people resolved as not accepted of a job: what [`Ledger::claim_to_send_again`] plans again. Batches of the
    /// templates in `uncut` hold a payload that names their targets: they are there only where none of them was accepted.
    /// Nothing is changed, except that what a dead owner left is settled first.
    pub fn not_accepted(&mut self, job: Uuid, uncut: &[u32]) -> Result<Vec<NotAccepted>> {
        self.release_unbegun(job)?;
        self.store.not_accepted(job, uncut)
    }

    /// The same, as it is: what a dead owner had planned again is not among it, and nothing is written.
    pub fn still_not_accepted(&mut self, job: Uuid, uncut: &[u32]) -> Result<Vec<NotAccepted>> {
        self.store.not_accepted(job, uncut)
    }

    /// How much of what was planned again has not begun.
    pub fn left_of_not_accepted(&mut self, job: Uuid) -> Result<Settled> {
        self.store.left_of_not_accepted(job)
    }

    /// What was planned again because people resolved it as not accepted, in the order of the batches.
    pub fn repeats(&mut self, job: Uuid) -> Result<Vec<Repeat>> {
        self.store.repeats(job)
    }

    /// Records what a person found out about single targets of a job, by the batches that they are in. An error where one of
    /// them is not unknown: then nothing is recorded.
    pub fn resolve_targets(
        &mut self,
        job: Uuid,
        targets: &[(BatchKey, Vec<String>)],
        resolution: &Resolution,
    ) -> Result<Settled> {
        self.release_dead(job)?;
        let settled = self.store.decide_targets(job, targets, resolution)?;
        if settled.batches > 0 {
            return Ok(settled);
        }
        Err(Error::usage("not all of these targets are unknown any more")
            .help("nothing was written; look again at what is"))
    }

    /// Makes an entry unknown again on which a person decided.
    pub fn undo_entry(&mut self, entry: Uuid) -> Result<Settled> {
        self.store.undo(Undecided::Entry(entry))
    }

    /// The same for all of a job.
    pub fn undo_job(&mut self, job: Uuid) -> Result<Settled> {
        self.release_dead(job)?;
        self.store.undo(Undecided::Job(job))
    }

    /// The same for one request of a job.
    pub fn undo_batch(&mut self, job: Uuid, batch: BatchKey) -> Result<Settled> {
        self.release_dead(job)?;
        self.store.undo(Undecided::Batch(job, batch))
    }

    /// The same for single targets of a job, by the batches that they are in. An error where people have not decided on one
    /// of them: then nothing is changed.
    pub fn undo_targets(
        &mut self,
        job: Uuid,
        targets: &[(BatchKey, Vec<String>)],
    ) -> Result<Settled> {
        self.release_dead(job)?;
        let undone = self.store.undo_targets(job, targets)?;
        if undone.batches > 0 {
            return Ok(undone);
        }
        Err(Error::usage("not all of these targets were resolved by hand")
            .help("nothing was written; the vendor's own answer stays"))
    }

    /// What a dead owner of a job had planned again, and not begun, is resolved as not accepted from now on.
    pub(super) fn release_unbegun(&mut self, job: Uuid) -> Result<()> {
        if self.left_of_not_accepted(job)?.batches > 0 {
            self.release_dead(job)?;
        }
        Ok(())
    }

    /// What a dead owner of a job had begun is unknown from now on. Another writer may have claimed it meanwhile: then it
    /// is.
    fn release_dead(&mut self, job: Uuid) -> Result<Job> {
        let found = self.job(job)?;
        if let (Some(dead), false) = (found.owner.as_deref(), found.state.is_at_work()) {
            let release = StatusChange::Release { ended_ms: None, how: None, why: None };
            self.store.change_status(job, Some(dead), release)?;
        }
        Ok(found)
    }

    fn decide_on_job(
        &mut self,
        job: Uuid,
        about: Undecided,
        resolution: &Resolution,
        vendor_id: Option<&VendorId>,
    ) -> Result<Settled> {
        let found = self.release_dead(job)?;
        let settled = self.store.decide(about, resolution, vendor_id)?;
        if settled.batches > 0 {
            return Ok(settled);
        }
        let (what, verb) = match about {
            Undecided::Batch(..) => ("that request of the job", "is not"),
            Undecided::Job(_) | Undecided::Entry(_) => ("nothing of the job", "is"),
        };
        Err(Error::usage(format!("{what} {} {verb} unknown", found.label()))
            .help("only what is unknown is resolved, and only once"))
    }

    /// What the vendor said to how many targets of a job, the commonest first.
    pub fn codes(&mut self, job: Uuid) -> Result<Vec<Code>> {
        self.store.codes(job)
    }
}

/// Why an entry cannot be resolved.
fn not_unknown(entry: &LedgerEntry) -> Error {
    let id = &entry.short_id;
    if let Some(resolution) = &entry.resolution {
        let by = resolution.by.as_deref().map_or(String::new(), |by| format!(" by {by}"));
        return Error::usage(format!(
            "the ledger entry {id} has been resolved{by} as {}",
            resolution.resolved.word()
        ))
        .help(format!("{} says when and why", suggest("history show").arg(id)));
    }
    let help = match entry.status {
        EntryStatus::Sending => "wait for its answer, or for its process to end",
        EntryStatus::Decided(_) => {
            "the vendor's answer is known; only an unknown entry is resolved"
        }
    };
    Error::new(
        ErrorKind::Usage,
        format!("the ledger entry {id} is not unknown, it is {}", entry.status.word()),
    )
    .help(help)
}
