//! Commits: what happens around each of them, from the first one of a process to the end, where all of the journal is put
//! into the database.

use std::io::ErrorKind;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, TransactionBehavior};
use uuid::Uuid;

use super::durable::DurableRow;
use super::fault::StoreFault;
use super::pack::Words;
use super::place::LedgerPlace;
use super::record::SyncRecord;
use super::seal::Sealing;
use super::writer::{Signs, Writer, WriterTurn};
use super::{CHECK_TIME, CHECKPOINT_PAGES, NO_WRITER, Sqlite, durable, file};
use crate::error::{Error, Result};
use crate::ledger::orphans::Liveness;
use crate::ledger::store::StoreSettings;
use crate::seal::SealKey;

/// How long the end of a command waits for others who write.
const CLOSE_TIMEOUT: Duration = Duration::from_millis(200);

/// What goes with a ledger that is a file.
pub(super) struct FileKeeping {
    place: LedgerPlace,
    /// Where it is written to.
    record: Option<SyncRecord>,
    /// What the ledger said of its commits after the last change of this connection.
    last: Option<DurableRow>,
    /// How many pages the journal has, after the last commit.
    pages: Arc<AtomicU32>,
    /// With how many the journal is put into the database.
    most_pages: u32,
    /// Whether the database itself says that more follows in its journal.
    is_announced: bool,
}

impl FileKeeping {
    /// Of a ledger that is only read.
    pub(super) fn to_read(place: LedgerPlace) -> Self {
        let pages = Arc::default();
        let (record, last, is_announced) = Default::default();
        Self { place, record, last, pages, most_pages: CHECKPOINT_PAGES, is_announced }
    }

    /// Of a ledger that is written to over a connection.
    pub(super) fn to_write(place: LedgerPlace, db: &mut Connection) -> Result<Self, StoreFault> {
        let opened = SyncRecord::open(place.database());
        let record = opened.map_err(|e| StoreFault::Io("write beside", e))?;
        let keeping = Self { record: Some(record), ..Self::to_read(place) };
        let counted = Arc::clone(&keeping.pages);
        // In the place of SQLite's own, which would put the journal into the database without a word about what follows.
        db.wal_hook(Some(move |_: &mut _, pages: i32| {
            counted.store(u32::try_from(pages).unwrap_or(0), Ordering::Relaxed);
            Ok(())
        }))?;
        Ok(keeping)
    }

    /// Lets the journal grow to this many pages.
    pub(super) fn let_grow(&mut self, pages: u32) {
        self.most_pages = pages;
    }

    /// Refuses files that are no longer in their place. Others may be writing meanwhile.
    pub(super) fn check_place(&mut self) -> Result<(), StoreFault> {
        self.place.check_names()
    }

    /// Refuses a database that another program has written to. SQLite does not look again at what it has read.
    /// `now` is what the ledger says of its commits.
    fn look_again(&mut self, now: DurableRow) -> Result<(), StoreFault> {
        // A herald says so in the ledger before it puts a journal into the database.
        if self.last == Some(now) && self.place.was_written() {
            file::look_through_anew(self.place.database(), CHECK_TIME)?;
            self.place.look();
        }
        Ok(())
    }

    fn is_long(&self) -> bool {
        self.is_announced && self.pages.load(Ordering::Relaxed) >= self.most_pages
    }
}

/// How much of the journal is in the database.
struct Checkpoint {
    /// How many frames the journal has.
    frames: i64,
    /// How many of them the database has.
    moved: i64,
}

impl Checkpoint {
    /// Puts the journal into the database, as far as no other process reads it.
    fn make(db: &Connection) -> Result<Self, StoreFault> {
        let mut make = db.prepare_cached("PRAGMA wal_checkpoint(PASSIVE)")?;
        Ok(make.query_row([], |row| Ok(Self { frames: row.get(1)?, moved: row.get(2)? }))?)
    }
}

/// A transaction that changes the ledger, with what a change may ask.
pub(super) struct Tx<'a> {
    pub(super) db: &'a Connection,
    pub(super) words: &'a mut Words,
    pub(super) writer: Option<&'a Writer>,
    pub(super) settings: &'a StoreSettings,
    signs: &'a Signs,
}

impl<'a> Tx<'a> {
    /// This writer, as jobs name their owners.
    pub(super) fn me(&self) -> &'a str {
        self.writer.map_or(NO_WRITER, Writer::id)
    }

    /// What jobs and batches are sealed with.
    pub(super) fn seal_key(&self) -> Option<&'a SealKey> {
        self.settings.seal_key.as_ref()
    }

    /// What seals batches of a job that are written.
    pub(super) fn sealing(&self, job: Uuid) -> Sealing<'a> {
        Sealing { key: self.seal_key(), job }
    }

    /// Whether a writer has certainly ended.
    pub(super) fn is_gone(&self, writer: &str) -> bool {
        self.signs.liveness(writer) == Liveness::Gone
    }
}

impl Sqlite {
    /// Does something in one transaction, which is durable when this returns.
    pub(super) fn durably<T>(
        &mut self,
        change: impl FnOnce(&mut Tx<'_>) -> Result<T, StoreFault>,
    ) -> Result<T> {
        self.transact(change).map_err(|fault| self.at(fault))
    }

    /// Does something without waiting for the disk: it outlives the process, and not a power cut.
    pub(super) fn quickly<T>(
        &mut self,
        change: impl FnOnce(&mut Tx<'_>) -> Result<T, StoreFault>,
    ) -> Result<T> {
        let changed = || {
            self.db.pragma_update(None, "synchronous", "NORMAL")?;
            self.is_quick = true;
            let changed = self.transact(change);
            self.is_quick = false;
            self.db.pragma_update(None, "synchronous", "FULL")?;
            changed
        };
        changed().map_err(|fault: StoreFault| self.at(fault))
    }

    /// The same as [`Sqlite::durably`], for callers that try again.
    fn transact<T>(
        &mut self,
        change: impl FnOnce(&mut Tx<'_>) -> Result<T, StoreFault>,
    ) -> Result<T, StoreFault> {
        let done = self.try_to_transact(change);
        done.map_err(|fault| self.told_by_place(fault))
    }

    /// Does something that frees room as well as it takes some: where there is none, it is done again after room was
    /// made. The change is told whether there is room for more.
    pub(super) fn making_room<T>(
        &mut self,
        change: impl Fn(&mut Tx<'_>, bool) -> Result<T, StoreFault>,
    ) -> Result<T> {
        let mut done = self.transact(|tx| change(tx, true));
        if self.has_begun_journal_anew(&done) {
            done = self.transact(|tx| change(tx, true));
        }
        if self.has_given_up_reserve(&done) {
            done = self.transact(|tx| change(tx, false));
        }
        done.map_err(|fault| self.at(fault))
    }

    /// The error for people.
    pub(super) fn at(&self, fault: StoreFault) -> Error {
        self.told_by_place(fault).at(&self.signs.path)
    }

    /// Why something failed: where a file was removed or cut short, SQLite tells of what it met behind that.
    fn told_by_place(&self, fault: StoreFault) -> StoreFault {
        let moved = self.keeping.as_ref().and_then(|keeping| keeping.place.check_names().err());
        moved.unwrap_or(fault)
    }

    fn try_to_transact<T>(
        &mut self,
        change: impl FnOnce(&mut Tx<'_>) -> Result<T, StoreFault>,
    ) -> Result<T, StoreFault> {
        self.announce()?;
        let Self { db, writer, words, keeping, is_quick, settings, signs, .. } = self;
        let writer = writer.as_ref();
        let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let changes = transaction.total_changes();
        let mut tx = Tx { db: &transaction, words, writer, settings, signs };
        let done = change(&mut tx).and_then(|done| {
            let mut counted = None;
            if let Some(keeping) = keeping.as_mut() {
                // No other process writes now: so what another one does is not taken for damage.
                keeping.place.check()?;
                let before = durable::found(&transaction)?;
                keeping.look_again(before)?;
                // A commit that changes nothing is not synced.
                if !*is_quick && transaction.total_changes() > changes {
                    let id = writer.map_or(NO_WRITER, Writer::id);
                    counted = Some(durable::advance(&transaction, before, id)?);
                }
                keeping.last = Some(before);
            }
            transaction.commit()?;
            Ok((done, counted))
        });
        let (done, counted) = done.inspect_err(|_| words.forget())?;
        if let (Some(keeping), Some(counted)) = (keeping, counted) {
            keeping.last = Some(counted);
            if let Some(record) = &mut keeping.record {
                record.write(counted.point);
            }
        }
        self.look();
        self.tidy_up()?;
        Ok(done)
    }

    /// Lets the database itself say that more follows in its journal, before the first commit that only the journal has.
    fn announce(&mut self) -> Result<(), StoreFault> {
        let Self { db, keeping, .. } = self;
        let Some(keeping) = keeping.as_mut().filter(|keeping| !keeping.is_announced) else {
            return Ok(());
        };
        keeping.place.check()?;
        let mut is_announced = false;
        if let (0, Some(record)) = (keeping.place.journal_length(), &mut keeping.record) {
            // Where the power goes now, the database may say so, and the journal may not be there: the record knows then
            // that nothing is missing. That saves two syncs.
            record
                .sync(durable::found(db)?.point)
                .map_err(|e| StoreFault::Io("write beside", e))?;
            // Another herald's commit must not go into the database unsynced: it is written again, with syncs.
            is_announced = self.put_in("OFF")?.frames <= 1;
        }
        if !is_announced {
            self.put_in("NORMAL")?;
        }
        self.look();
        if let Some(keeping) = &mut self.keeping {
            keeping.is_announced = true;
        }
        Ok(())
    }

    /// Notes what the files have grown to.
    fn look(&mut self) {
        if let Some(keeping) = &mut self.keeping {
            keeping.place.look();
        }
    }

    /// Puts the journal into the database where it has grown long. Where that cannot be done now, it is done later.
    fn tidy_up(&mut self) -> Result<(), StoreFault> {
        if !self.keeping.as_ref().is_some_and(FileKeeping::is_long) {
            return Ok(());
        }
        // A copy that is made by SQLite's means between two commits has all of it.
        let _ = self.put_in("NORMAL").and_then(|_| self.say_whether_more_follows(false));
        self.look();
        // Whatever the result, the next commit is synced.
        self.set_level(self.level())
    }

    /// Says in the ledger that more follows, and puts the journal into the database.
    fn put_in(&mut self, level: &str) -> Result<Checkpoint, StoreFault> {
        self.set_level(level)?;
        let said = self.say_whether_more_follows(true).and_then(|()| Checkpoint::make(&self.db));
        self.set_level(self.level())?;
        said
    }

    fn say_whether_more_follows(&mut self, follows: bool) -> Result<(), StoreFault> {
        let change = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let said = durable::say_whether_more_follows(&change, follows)?;
        change.commit()?;
        if let Some(keeping) = &mut self.keeping {
            keeping.last = Some(said);
        }
        Ok(())
    }

    /// How much SQLite syncs.
    fn level(&self) -> &'static str {
        if self.is_quick { "NORMAL" } else { "FULL" }
    }

    fn set_level(&self, level: &str) -> Result<(), StoreFault> {
        Ok(self.db.pragma_update(None, "synchronous", level)?)
    }

    /// Lets the journal begin again after a change that failed because a file has reached a limit of this process. Whether it
    /// did: then the change may be tried again.
    fn has_begun_journal_anew<T>(&mut self, done: &Result<T, StoreFault>) -> bool {
        let cause = done.as_ref().err().and_then(|fault| fault.no_room(&self.signs.path));
        let Some(cause) = cause else { return false };
        let Some(keeping) = &mut self.keeping else { return false };
        if cause.error.kind() != ErrorKind::FileTooLarge {
            return false;
        }
        // The database does not say that more follows: the next change lets it.
        keeping.is_announced = false;
        Checkpoint::make(&self.db).is_ok_and(|made| made.frames == made.moved)
    }

    /// Gives up the reserve after a change for which there was no room. Whether it did: then the change may be tried again.
    fn has_given_up_reserve<T>(&mut self, done: &Result<T, StoreFault>) -> bool {
        let cause = done.as_ref().err().and_then(|fault| fault.no_room(&self.signs.path));
        let Some(cause) = cause else { return false };
        self.full = Some(cause.words());
        self.writer.as_ref().is_some_and(Writer::release)
    }

    /// Gives room back to the file system.
    pub(super) fn vacuum(&mut self) -> Result<(), StoreFault> {
        if let Some(keeping) = &mut self.keeping {
            keeping.place.check()?;
        }
        self.db.execute_batch("VACUUM")?;
        Checkpoint::make(&self.db)?;
        self.look();
        Ok(())
    }

    /// Puts all of the journal into the database where no other herald is at work on the ledger. Whether the database has
    /// the whole ledger then, and SQLite may remove the journal. A command that only looks at a ledger leaves it as it is.
    fn leave(&mut self) -> Result<bool, StoreFault> {
        // From now on this one is not at work any more: of two that end at the same time, the later one sees the other end.
        let Some(own) = self.writer.take().map(|writer| writer.id().to_owned()) else {
            return Ok(false);
        };
        // The handle is kept beside: the turn is held to the end of this.
        let database = self.signs.database.clone();
        let _turn = database.as_deref().map(|database| WriterTurn::take(database, CLOSE_TIMEOUT));
        let is_alone = !self.signs.others_at_work(&own);
        let Some(keeping) = self.keeping.as_mut().filter(|_| is_alone) else { return Ok(false) };
        keeping.place.check()?;
        if keeping.place.journal_length() > 0 {
            self.db.busy_timeout(CLOSE_TIMEOUT)?;
            self.set_level("NORMAL")?;
            if durable::found(&self.db)?.follows {
                self.say_whether_more_follows(false)?;
            }
            let Checkpoint { frames, moved } = Checkpoint::make(&self.db)?;
            if frames != moved {
                return Ok(false);
            }
            // SQLite removes the journal with the last connection, and one of this command may still be open to read.
            let _ = self.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        }
        let last = durable::found(&self.db)?.point;
        if let Some(record) = self.keeping.as_mut().and_then(|keeping| keeping.record.as_mut()) {
            // So that the next command need not wait for that.
            let _ = record.sync(last);
        }
        Ok(true)
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        if matches!(self.leave(), Ok(true)) {
            // Then SQLite removes the journal, unless others still read it.
            let _ = self.db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false);
        }
    }
}
