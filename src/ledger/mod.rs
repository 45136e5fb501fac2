//! The ledger: what was meant to go out, and its outcome.
//!
//! Before a request leaves, its [`EntryIntent`] is on disk, safe from a power cut; after the answer, its [`Ending`]. An
//! entry without an ending whose process is gone is *unknown*: it may have gone out. A person decides on it
//! ([`Ledger::resolve`]); of a job, a resumed run repeats what the vendor recognises as a repeat. Entries of the
//! sandbox stand in the same file and are never mixed with real ones: every question says which [`Realm`] it is about.
//! A broadcast over a list is a [`Job`], whose batches share what they have in common.
//!
//! What decides about a job's messages and targets is [sealed](Ledger::sealed_with) when the job is opened; their
//! outcomes are not.
//!
//! The rules are here; where entries are kept is behind one narrow boundary (the trait `LedgerStore`), so that another
//! database can take the place of the embedded one. Bodies come in unsigned, and no secret is written down: a template with
//! secrets stays in memory.

mod batch;
mod commit;
mod decide;
mod entry;
mod job;
mod job_name;
mod look_up;
mod orphans;
mod plan;
mod preconditions;
mod prune;
mod query;
mod recent_calls;
mod seal;
mod shared_rates;
mod short_id;
mod sqlite;
mod store;
#[cfg(test)]
mod tests;
mod undo;

pub use batch::{
    Batch, BatchChange, BatchFilter, BatchKey, Fate, JobBatch, Permit, PlannedBatch, TargetState,
    fates,
};
pub use decide::{Code, NotAccepted, Repeat, Settled, VendorId};
pub use entry::{
    CommandPart, Ending, EntryContent, EntryIntent, EntryReach, EntryRoute, EntryStatus,
    EntryTimes, Filter, LedgerEntry, Realm, Resolution, ResolvedAs,
};
pub use job::{ASIDE, Counts, HALTED, Job, JobEnd, JobIntent, JobState, JobTemplate, Opening};
pub use job_name::job_name_fault;
pub use look_up::{DIGITS_TO_ASK, DIGITS_TO_CHANGE, IdCandidate, LookUp, LookUpAnswer, MAX_LISTED};
pub use orphans::Claim;
pub use preconditions::{
    Allowance, ConflictingJob, OtherFollowUps, Preconditions, Spent, UnmetPrecondition,
};
pub use prune::{KeptLonger, Pruned, Pruning};
pub use recent_calls::{EarlierSend, LastJob, QuotaCall};
pub use seal::BatchSeals;
pub(crate) use short_id::short;
/// The sums of the rows of a ledger: a program that changes a row by other means has to sum it up again.
#[doc(hidden)]
pub use sqlite::sums::{register as register_row_sums, seal_all as sum_all_rows};
pub use store::Bodies;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::error::Result;
use crate::seal::SealKey;
use orphans::Writers;
use sqlite::Sqlite;
use store::{LedgerStore, StoreSettings};

/// The ledger.
pub struct Ledger {
    store: Box<dyn LedgerStore>,
    /// Holds the file of the store: so it goes after the store.
    writers: Writers,
    now_ms: i64,
    settings: StoreSettings,
    /// Bodies of jobs that this process has planned, where the store keeps none.
    held: HashMap<uuid::Uuid, Vec<Option<String>>>,
    /// What the last commit found no room for.
    no_room: Option<String>,
}

impl Ledger {
    /// Opens a ledger to write to it, and makes it where there is none. Refuses one that could not be written: nothing
    /// may be sent then. `now_ms` is the time of the command, in milliseconds since 1970. It waits no longer than `patience`
    /// for others who hold it, and never longer than 5 seconds.
    pub fn open(path: &Path, now_ms: i64, patience: Duration) -> Result<Self> {
        Ok(Sqlite::open_within(path, patience)?.into_ledger(now_ms, patience))
    }

    /// The same to look things up. Where there is none, or an empty file, none is made, and there is nothing in it.
    pub fn open_to_read(path: &Path, now_ms: i64, patience: Duration) -> Result<Self> {
        if Self::is_absent(path) {
            return Self::in_memory(now_ms);
        }
        Ok(Sqlite::open_to_read(path, now_ms, patience)?.into_ledger(now_ms, patience))
    }

    /// Whether it is certain that there is nothing at a path. What may be there and cannot be looked at is not absent.
    pub fn is_absent(path: &Path) -> bool {
        use std::io::ErrorKind::{NotADirectory, NotFound};
        std::fs::symlink_metadata(path)
            .is_err_and(|error| matches!(error.kind(), NotFound | NotADirectory))
    }

    /// Refuses a path at which a ledger is lost: a link that leads nowhere, a journal without its database, and a file that
    /// has nothing in it. One that another herald is just making is waited for.
    pub fn refuse_lost(path: &Path) -> Result<()> {
        sqlite::file::refuse_lost(path)
    }

    /// The files that a ledger at a path consists of while it is open, and the record beside it.
    pub fn files(path: &Path) -> Vec<PathBuf> {
        sqlite::file::files(path)
    }

    /// Opens a ledger for completion, without writing anything: no file is made, repaired or removed. `None` where it cannot
    /// be read at once.
    pub fn open_readonly(path: &Path, now_ms: i64) -> Option<Self> {
        Some(Sqlite::open_readonly(path)?.into_ledger(now_ms, Duration::ZERO))
    }

    /// A ledger that is forgotten when it is dropped.
    pub fn in_memory(now_ms: i64) -> Result<Self> {
        Ok(Sqlite::in_memory()?.into_ledger(now_ms, Duration::MAX))
    }

    fn over(
        mut store: impl LedgerStore + 'static,
        writers: Writers,
        now_ms: i64,
        patience: Duration,
    ) -> Self {
        let settings = StoreSettings { bodies: Bodies::Kept, seal_key: None, patience };
        store.set(&settings);
        let (held, no_room) = Default::default();
        Self { store: Box::new(store), writers, now_ms, settings, held, no_room }
    }

    fn set(&mut self, change: impl FnOnce(&mut StoreSettings)) {
        change(&mut self.settings);
        self.store.set(&self.settings);
    }

    /// Waits from now on no longer than this for others who hold it, and never longer than 5 seconds.
    pub fn wait_at_most(&mut self, time: Duration) {
        self.set(|settings| settings.patience = time);
    }

    /// Says what is kept of payloads from now on.
    pub fn keep(mut self, bodies: Bodies) -> Self {
        self.set(|settings| settings.bodies = bodies);
        self
    }

    /// Seals jobs with this key from now on, and checks their seals with it. Without one nothing is sealed, and no seal is
    /// checked.
    pub fn sealed_with(mut self, key: Option<SealKey>) -> Self {
        self.set(|settings| settings.seal_key = key);
        self
    }

    /// The name of this process as a writer.
    pub fn writer(&self) -> &str {
        &self.writers.me
    }
}
