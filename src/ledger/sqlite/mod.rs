//! The ledger in an embedded database: SQLite with a write-ahead log.
//!
//! An intent and an ending are one commit and one sync each. The log is put into the database when it has grown, and at the
//! end of the last command that uses the ledger, when its answer is told: that takes more syncs than all of a send. A look-up
//! changes nothing.

mod cause;
mod commit;
mod durable;
mod fault;
pub(super) mod file;
mod head;
mod job;
mod place;
mod query;
mod rate;
mod record;
mod row;
mod schema;
pub(super) mod sums;
#[cfg(test)]
mod tests;
mod writer;

use std::io;
use std::ops::{ControlFlow, RangeInclusive};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::Connection;
use uuid::Uuid;

use super::job::{
    Batch, BatchChange, BatchFilter, BatchKey, BatchSeals, Code, Job, JobBatch, JobIntent,
    JobTemplate, Opening, Permit, PlannedBatch, QuotaCall, Settled,
};
use super::store::{JobQuery, LedgerStore, Liveness, Query};
use super::{
    Bodies, CommitBounds, Ending, EntryIntent, LedgerEntry, Realm, Resolution, Terms, Unmet,
};
use crate::error::Result;
use crate::net::pace::{RateClaim, RateGrant};
use crate::seal::SealKey;
use crate::trust::DatabaseFile;
use commit::FileKeeping;
use fault::StoreFault;
use writer::{Signs, Writer};

/// How long others may hold the database.
const PATIENCE: Duration = Duration::from_secs(5);

/// Pages in the log at which it is tidied up: every opening reads the log once, so it is kept short.
const LOG_PAGES: u32 = 256;

/// The same while a job is planned or carried out: it writes so much that tidying up after each megabyte would cost more
/// than all else.
const JOB_LOG_PAGES: u32 = 2048;

/// The owner of what is in memory: nobody else sees it.
const ALONE: &str = "this process";

/// How long a ledger is looked through for damage before a job.
const LOOK: Duration = Duration::from_secs(1);

/// A connection to the database.
pub(super) struct Sqlite {
    /// Closed before the files below: closing one of those gives up its locks.
    db: Connection,
    path: PathBuf,
    writer: Option<Writer>,
    database: Option<Arc<DatabaseFile>>,
    words: job::Words,
    /// What jobs are sealed with, and their seals checked.
    seal_key: Option<SealKey>,
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
        Self::open_within(path, PATIENCE)
    }

    /// The same, where others may hold it for so long.
    pub(super) fn open_within(path: &Path, patience: Duration) -> Result<Self> {
        Self::open_with(path, schema::STEPS, patience)
    }

    fn open_with(path: &Path, steps: &[&str], patience: Duration) -> Result<Self> {
        let opened = || {
            let path = std::path::absolute(path).map_err(|e| StoreFault::Io("find", e))?;
            let (database, has_content) = file::make(&path)?;
            let connect = || file::connect(&path, &database, steps, patience.min(PATIENCE));
            // What another program has put there is looked at before anything is put beside it.
            let there = if has_content { Some(connect()?) } else { None };
            let writer = Writer::begin(&database).map_err(|e| StoreFault::Io("write beside", e))?;
            let (mut db, place) = there.map_or_else(connect, Ok)?;
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
        let (writer, words, seal_key) = (None, job::Words::default(), None);
        let (looked_through, is_quick, full, keeping) = Default::default();
        Self {
            db,
            path,
            writer,
            database,
            words,
            seal_key,
            looked_through,
            is_quick,
            full,
            keeping,
        }
    }

    /// Opens a ledger that is there, to look things up; nothing is written to it. It waits no longer than
    /// `patience` for others who hold it.
    pub(super) fn open_to_read(path: &Path, now_ms: i64, patience: Duration) -> Result<Self> {
        let opened = || {
            let path = std::path::absolute(path).map_err(|e| StoreFault::Io("find", e))?;
            let read = file::read(&path, schema::STEPS, patience.min(PATIENCE))?;
            Ok(read.map(|read| {
                let is_own = read.is_own;
                let mut opened = Self::of(read.db, path, Some(read.database));
                opened.keeping = Some(FileKeeping::to_read(read.place));
                if is_own {
                    writer::sweep(&opened.signs(), now_ms);
                }
                opened
            }))
        };
        let opened = opened().map_err(|fault: StoreFault| fault.at(path))?;
        opened.map_or_else(Self::in_memory, Ok)
    }

    /// Opens a ledger without writing to it, where that can be done at once.
    pub(super) fn glance(path: &Path) -> Option<Self> {
        let path = std::path::absolute(path).ok()?;
        let (database, db) = file::glance(&path)?;
        Some(Self::of(db, path, Some(database)))
    }

    fn signs(&self) -> Signs {
        Signs { path: self.path.clone(), database: self.database.clone() }
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

    fn try_to_commit(
        &mut self,
        job: Uuid,
        changes: &[BatchChange],
        bounds: CommitBounds<'_>,
        bodies: Bodies,
        room: bool,
    ) -> std::result::Result<Permit, StoreFault> {
        let (key, is_gone) = (self.seal_key.clone(), self.is_gone());
        self.in_job(|db, words, me| {
            let (seal_key, is_gone) = (key.as_ref(), &is_gone);
            let ruled = job::Ruled { me, room, bounds, is_gone, bodies, seal_key };
            job::commit(db, words, job, changes, ruled)
        })
    }

    /// Tells whether a writer has certainly ended.
    fn is_gone(&self) -> impl Fn(&str) -> bool + use<> {
        let liveness = self.liveness();
        move |writer| liveness(writer) == Liveness::Gone
    }

    /// Makes ready for a job: no damage that could be known, a reserve of room, and a log that may grow.
    fn make_ready(&mut self) -> Result<()> {
        if !std::mem::replace(&mut self.looked_through, true) {
            file::look_through(&self.db, LOOK).map_err(|fault| self.at(fault))?;
        }
        if let Some(writer) = &mut self.writer {
            let reserved = writer.reserve_for_job();
            reserved.map_err(|error| StoreFault::Io("write beside", error).at(&self.path))?;
        }
        self.let_journal_grow(JOB_LOG_PAGES);
        Ok(())
    }

    fn let_journal_grow(&mut self, pages: u32) {
        if let Some(keeping) = &mut self.keeping {
            keeping.let_grow(pages);
        }
    }
}

impl LedgerStore for Sqlite {
    fn begin(
        &mut self,
        intents: &[EntryIntent],
        terms: &Terms,
        claim: Option<&RateClaim>,
        bodies: Bodies,
    ) -> Result<Option<Unmet>> {
        let is_gone = self.is_gone();
        self.durably(|db, writer| {
            let mut unmet = job::unmet(db, intents, writer, terms)?;
            match (&unmet, claim) {
                (None, Some(claim)) => unmet = rate::unmet(db, claim, &is_gone)?,
                (Some(_), Some(claim)) => rate::tell(db, claim, &is_gone)?,
                (_, None) => {}
            }
            if unmet.is_none() {
                intents.iter().try_for_each(|intent| row::insert(db, intent, writer, bodies))?;
                row::rehearse(db, intents)?;
            }
            Ok(unmet)
        })
        .map_err(|fault| self.at(fault))
    }

    fn claim(&mut self, claim: &RateClaim) -> Result<RateGrant> {
        let is_gone = self.is_gone();
        self.quickly(|this| this.durably(|db, _| rate::settle(db, claim, &is_gone)))
    }

    fn attempt(&mut self, entry: Uuid, attempt: u32, started_ms: i64) -> Result<()> {
        self.quickly(|this| {
            this.durably(|db, _| row::count_attempt(db, entry, attempt, started_ms))
        })
    }

    fn finish(&mut self, endings: &[(Uuid, &Ending)], claim: Option<&RateClaim>) -> Result<()> {
        let is_gone = self.is_gone();
        let all = |db: &Connection, _: Option<&str>| {
            endings.iter().try_for_each(|(id, ending)| row::end(db, *id, ending))?;
            claim.map_or(Ok(()), |claim| rate::tell(db, claim, &is_gone))
        };
        let mut done = self.durably(all);
        if self.has_begun_journal_anew(&done) {
            done = self.durably(all);
        }
        if self.has_given_up_reserve(&done) {
            done = self.durably(all);
        }
        done.map_err(|fault| self.at(fault))
    }

    fn resolve(&mut self, entry: Uuid, resolution: &Resolution) -> Result<bool> {
        self.durably(|db, _| row::resolve(db, entry, resolution)).map_err(|fault| self.at(fault))
    }

    fn each(
        &mut self,
        query: &Query,
        take: &mut dyn FnMut(LedgerEntry) -> ControlFlow<()>,
    ) -> Result<()> {
        query::each(&self.db, query, take).map_err(|fault| self.at(fault))
    }

    fn seal_with(&mut self, key: Option<SealKey>) {
        self.seal_key = key;
    }

    fn has_all_batches(&mut self, job: Uuid) -> Result<bool> {
        job::has_all_batches(&self.db, job).map_err(|fault| self.at(fault))
    }

    fn reseal_job(&mut self, seen: &Job, opening: &Opening, batches: &[BatchSeals]) -> Result<()> {
        let key = self.seal_key.clone();
        self.job_change(|db, _, _| job::reseal(db, seen, opening, batches, key.as_ref()))
    }

    fn in_place(&mut self) -> Result<()> {
        let checked = self.keeping.as_mut().map_or(Ok(()), FileKeeping::check_place);
        checked.map_err(|fault| self.at(fault))
    }

    fn wait_at_most(&mut self, time: Duration) -> Result<()> {
        let set = self.db.busy_timeout(time.min(PATIENCE));
        set.map_err(|error| StoreFault::from(error).at(&self.path))
    }

    fn liveness(&self) -> Box<dyn Fn(&str) -> Liveness> {
        let signs = self.signs();
        Box::new(move |name| signs.liveness(name))
    }

    fn me(&self) -> &str {
        self.writer.as_ref().map_or(ALONE, Writer::id)
    }

    fn plan_job(&mut self, intent: &JobIntent) -> Result<()> {
        self.make_ready()?;
        self.job_change(|db, _, me| job::plan(db, intent, me))
    }

    fn plan_template(&mut self, job: Uuid, template: &JobTemplate, bodies: Bodies) -> Result<u32> {
        self.job_change(|db, _, me| job::template(db, job, template, bodies, me))
    }

    fn plan_batches(&mut self, job: Uuid, batches: &[PlannedBatch]) -> Result<()> {
        let key = self.seal_key.clone();
        self.quickly(|this| this.in_job(|db, _, me| job::add(db, job, batches, me, key.as_ref())))
    }

    fn open_job(
        &mut self,
        job: Uuid,
        opening: &Opening,
        fresh_since_ms: Option<i64>,
    ) -> Result<Option<Uuid>> {
        let (liveness, key) = (self.liveness(), self.seal_key.clone());
        // What was planned without a sync is in the log before this, and goes to the disk with it.
        self.job_change(|db, _, me| {
            let is_alive = |owner: &str| liveness(owner) != Liveness::Gone;
            job::open_fresh(db, job, opening, fresh_since_ms, (me, key.as_ref()), is_alive)
        })
    }

    fn remove_job(&mut self, seen: &Job) -> Result<bool> {
        let removed = self.job_change(|db, _, _| job::remove(db, seen))?;
        self.let_journal_grow(LOG_PAGES);
        Ok(removed)
    }

    fn claim_job(&mut self, job: Uuid, seen: Option<&str>, now_ms: i64) -> Result<Option<u64>> {
        self.make_ready()?;
        // Outside of the change, which others would have to wait for. What this process has planned it need not look at.
        if seen != Some(self.me()) {
            job::verify(&self.db, job).map_err(|fault| self.at(fault))?;
        }
        self.job_change(|db, _, me| job::claim(db, job, seen, me, now_ms))
    }

    fn add_overrides(&mut self, job: Uuid, guards: &[String]) -> Result<()> {
        let key = self.seal_key.clone();
        self.job_change(|db, _, _| job::add_overrides(db, job, guards, key.as_ref()))
    }

    fn release_job(&mut self, job: Uuid, now_ms: i64) -> Result<()> {
        self.job_change(|db, _, me| job::release(db, job, me, now_ms))?;
        self.let_journal_grow(LOG_PAGES);
        Ok(())
    }

    fn stop_job(&mut self, job: Uuid, now_ms: i64) -> Result<()> {
        self.job_change(|db, _, _| job::stop(db, job, now_ms))
    }

    fn commit(
        &mut self,
        job: Uuid,
        changes: &[BatchChange],
        bounds: CommitBounds<'_>,
        bodies: Bodies,
    ) -> Result<Permit> {
        let mut done = self.try_to_commit(job, changes, bounds, bodies, true);
        if self.has_begun_journal_anew(&done) {
            done = self.try_to_commit(job, changes, bounds, bodies, true);
        }
        if self.has_given_up_reserve(&done) {
            done = self.try_to_commit(job, changes, bounds, bodies, false);
        }
        done.map_err(|fault| self.at(fault))
    }

    fn no_room(&self) -> Option<&str> {
        self.full.as_deref()
    }

    fn recognisable(&mut self, job: Uuid) -> Result<u64> {
        job::recognisable(&self.db, job).map_err(|fault| self.at(fault))
    }

    fn requeue(
        &mut self,
        job: Uuid,
        template: u32,
        started_ms: &RangeInclusive<i64>,
    ) -> Result<u64> {
        self.job_change(|db, _, me| job::requeue(db, job, template, started_ms, me))
    }

    fn planned(&mut self, job: Uuid, after: Option<BatchKey>, count: usize) -> Result<Vec<Batch>> {
        let key = self.seal_key.as_ref();
        job::planned(&self.db, job, after, count, key).map_err(|fault| self.at(fault))
    }

    fn last(&mut self, job: Uuid) -> Result<Option<BatchKey>> {
        job::last(&self.db, job).map_err(|fault| self.at(fault))
    }

    fn each_job(
        &mut self,
        query: &JobQuery,
        take: &mut dyn FnMut(Job) -> ControlFlow<()>,
    ) -> Result<()> {
        job::each_job(&self.db, query, self.seal_key.as_ref(), take).map_err(|fault| self.at(fault))
    }

    fn batches(
        &mut self,
        job: Uuid,
        which: BatchFilter,
        take: &mut dyn FnMut(JobBatch) -> ControlFlow<()>,
    ) -> Result<()> {
        job::batches(&self.db, job, which, self.seal_key.as_ref(), take)
            .map_err(|fault| self.at(fault))
    }

    fn batch(&mut self, job: Uuid, key: BatchKey) -> Result<Option<JobBatch>> {
        job::batch(&self.db, job, key).map_err(|fault| self.at(fault))
    }

    fn batch_of_vendor_id(
        &mut self,
        provider: &str,
        id: &str,
        realm: Realm,
    ) -> Result<Option<(Uuid, BatchKey)>> {
        job::batch_of_vendor_id(&self.db, provider, id, realm).map_err(|fault| self.at(fault))
    }

    fn resolve_job(
        &mut self,
        job: Uuid,
        only: Option<BatchKey>,
        dead: Option<&str>,
        resolution: &Resolution,
    ) -> Result<Settled> {
        job::verify(&self.db, job).map_err(|fault| self.at(fault))?;
        self.job_change(|db, _, _| job::resolve(db, job, only, dead, resolution))
    }

    fn codes(&mut self, job: Uuid) -> Result<Vec<Code>> {
        job::codes(&self.db, job).map_err(|fault| self.at(fault))
    }

    fn remove_entries(&mut self, entries: &[Uuid]) -> Result<()> {
        self.durably(|db, _| entries.iter().try_for_each(|id| row::remove(db, *id)))
            .map_err(|fault| self.at(fault))
    }

    fn compact(&mut self) -> Result<bool> {
        let own = self.writer.as_ref().map_or("", Writer::id);
        if self.signs().others_at_work(own) {
            return Ok(false);
        }
        self.vacuum().map(|()| true).map_err(|fault| self.at(fault))
    }

    fn calls(&mut self, call: &QuotaCall<'_>, limit: usize) -> Result<Vec<i64>> {
        job::calls(&self.db, call, limit).map_err(|fault| self.at(fault))
    }
}
