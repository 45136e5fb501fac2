//! The ledger in an embedded database: SQLite with a write-ahead log.
//!
//! An intent and an ending are one commit and one sync each. The log is put into the database when it has grown, and at the
//! end of the last command that uses the ledger, when its answer is told: that takes more syncs than all of a send. A
//! look-up changes nothing.

mod batches;
mod cause;
mod changes;
mod commit;
mod decide;
mod durable;
mod entries;
mod fault;
pub(super) mod file;
mod follow_ups;
mod head;
mod jobs;
mod orphans;
mod pack;
mod parts;
mod place;
mod plan;
mod plan_again;
mod preconditions;
mod prune;
mod query;
mod recent_calls;
mod record;
mod schema;
mod seal;
mod settle;
mod shared_rates;
pub(super) mod sums;
mod tally;
#[cfg(test)]
mod tests;
mod transact;
mod verify;
mod writer;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::Connection;

use super::orphans::Writers;
use super::store::{LedgerStore, StoreSettings};
use super::{Bodies, Ledger};
use crate::error::Result;
use crate::trust::DatabaseFile;
use fault::StoreFault;
use pack::Words;
use transact::FileKeeping;
use writer::{Signs, Writer};

/// How long others may hold the database.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Pages in the journal at which it is put into the database: each opening reads the journal once, so it is kept short.
const CHECKPOINT_PAGES: u32 = 256;

/// The same while a job is planned or carried out: it writes that much that a checkpoint after each megabyte would cost more
/// than all else.
const JOB_CHECKPOINT_PAGES: u32 = 2048;

/// The writer of a ledger that is only read or is in memory: no other process sees its jobs.
const NO_WRITER: &str = "this process";

/// How long a ledger is looked through for damage before a job.
const CHECK_TIME: Duration = Duration::from_secs(1);

/// A connection to the database.
pub(super) struct Sqlite {
    /// Closed before the files below: closing one of those gives up its locks.
    db: Connection,
    /// The ledger, for questions about its writers.
    signs: Signs,
    writer: Option<Writer>,
    words: Words,
    settings: StoreSettings,
    /// Whether it was looked through for damage.
    looked_through: bool,
    /// Whether the disk is not waited for.
    is_quick: bool,
    /// What there was no room for when it was needed.
    full: Option<String>,
    /// Where it is a file.
    keeping: Option<FileKeeping>,
}

impl Sqlite {
    /// Opens a ledger to write to it, and makes it where there is none.
    #[cfg(test)]
    pub(super) fn open(path: &Path) -> Result<Self> {
        Self::open_within(path, BUSY_TIMEOUT)
    }

    /// The same, where others may hold it for that long.
    pub(super) fn open_within(path: &Path, patience: Duration) -> Result<Self> {
        Self::open_with(path, schema::STEPS, patience)
    }

    fn open_with(path: &Path, steps: &[&str], patience: Duration) -> Result<Self> {
        let opened = || {
            let path = std::path::absolute(path).map_err(|e| StoreFault::Io("find", e))?;
            let (database, has_content) = file::make(&path)?;
            let connect = || file::connect(&path, &database, steps, patience.min(BUSY_TIMEOUT));
            // What another program has put there is looked at before anything is put beside it.
            let there = if has_content { Some(connect()?) } else { None };
            let writer = Writer::begin(&database).map_err(|e| StoreFault::Io("write beside", e))?;
            let (mut db, mut place) = there.map_or_else(connect, Ok)?;
            // Until it was the turn of this one, the last one at work may have cut the files short.
            place.look();
            if db.is_readonly("main")? {
                let denied = io::ErrorKind::PermissionDenied.into();
                return Err(StoreFault::Io("write to", denied));
            }
            db.pragma_update(None, "synchronous", "FULL")?;
            if cfg!(target_os = "macos") {
                db.pragma_update(None, "fullfsync", true)?;
            }
            let keeping = FileKeeping::to_write(place, &mut db)?;
            let mut opened = Self::of(db, path, Some(database));
            (opened.writer, opened.keeping) = (Some(writer), Some(keeping));
            Ok(opened)
        };
        opened().map_err(|fault: StoreFault| fault.at(path))
    }

    fn of(db: Connection, path: PathBuf, database: Option<Arc<DatabaseFile>>) -> Self {
        let settings =
            StoreSettings { bodies: Bodies::Kept, seal_key: None, patience: BUSY_TIMEOUT };
        let (writer, words, looked_through, is_quick, full, keeping) = Default::default();
        let signs = Signs { path, database };
        Self { db, signs, writer, words, settings, looked_through, is_quick, full, keeping }
    }

    /// Opens a ledger that is there, to look things up; nothing is written to it. It waits no longer than
    /// `patience` for others who hold it.
    pub(super) fn open_to_read(path: &Path, now_ms: i64, patience: Duration) -> Result<Self> {
        let opened = || {
            let path = std::path::absolute(path).map_err(|e| StoreFault::Io("find", e))?;
            let read = file::read(&path, schema::STEPS, patience.min(BUSY_TIMEOUT))?;
            Ok(read.map(|read| {
                let is_own = read.is_own;
                let mut opened = Self::of(read.db, path, Some(read.database));
                opened.keeping = Some(FileKeeping::to_read(read.place));
                if is_own {
                    writer::sweep(&opened.signs, now_ms);
                }
                opened
            }))
        };
        let opened = opened().map_err(|fault: StoreFault| fault.at(path))?;
        opened.map_or_else(Self::in_memory, Ok)
    }

    /// Opens a ledger without writing to it, where that can be done at once.
    pub(super) fn open_readonly(path: &Path) -> Option<Self> {
        let path = std::path::absolute(path).ok()?;
        let (database, db) = file::open_readonly(&path)?;
        Some(Self::of(db, path, Some(database)))
    }

    /// A database that is forgotten when it is closed. No other process sees its entries.
    pub(super) fn in_memory() -> Result<Self> {
        let path = PathBuf::from("in memory");
        let opened = || {
            let mut db = Connection::open_in_memory()?;
            sums::register(&db)?;
            schema::prepare(&mut db, schema::STEPS, &|| true)?;
            Ok(db)
        };
        let db = opened().map_err(|fault: StoreFault| fault.at(&path))?;
        Ok(Self::of(db, path, None))
    }

    /// A ledger that is kept here.
    pub(super) fn into_ledger(self, now_ms: i64, patience: Duration) -> Ledger {
        let signs = self.signs.clone();
        let liveness = Box::new(move |name: &str| signs.liveness(name));
        let writers = Writers { me: self.me().to_owned(), liveness };
        Ledger::over(self, writers, now_ms, patience)
    }

    /// Makes ready for a job: no damage that could be known, a reserve of room, and a journal that may grow.
    fn make_ready(&mut self) -> Result<()> {
        if !std::mem::replace(&mut self.looked_through, true) {
            file::look_through(&self.db, CHECK_TIME).map_err(|fault| self.at(fault))?;
        }
        if let Some(writer) = &mut self.writer {
            let reserved = writer.reserve_for_job();
            reserved.map_err(|error| StoreFault::Io("write beside", error).at(&self.signs.path))?;
        }
        self.let_journal_grow(JOB_CHECKPOINT_PAGES);
        Ok(())
    }

    fn let_journal_grow(&mut self, pages: u32) {
        if let Some(keeping) = &mut self.keeping {
            keeping.let_grow(pages);
        }
    }

    /// This writer, as jobs name their owners.
    fn me(&self) -> &str {
        self.writer.as_ref().map_or(NO_WRITER, Writer::id)
    }
}

impl LedgerStore for Sqlite {
    fn set(&mut self, settings: &StoreSettings) {
        self.settings = settings.clone();
        // SQLite refuses no time that is as short as this.
        let _ = self.db.busy_timeout(settings.patience.min(BUSY_TIMEOUT));
    }
}
