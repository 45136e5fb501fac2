//! The ledger in an embedded database: SQLite with a write-ahead log.
//!
//! An intent and an ending are one commit and one sync each. A sender leaves the log where it is when it closes, because
//! tidying it up takes more syncs than all of a send; it is tidied up when it has grown, or after a look-up.

mod fault;
mod job;
mod query;
mod row;
mod schema;
#[cfg(test)]
mod tests;
mod writer;

use std::fs::{self, OpenOptions};
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior, params};
use uuid::Uuid;

use super::job::{
    Batch, BatchFilter, BatchKey, Call, Change, Code, Job, JobBatch, JobIntent, JobTemplate,
    Lately, Opening, Permit, PlannedBatch, Settled,
};
use super::store::{JobQuery, Liveness, Query, Store};
use super::{Allowance, Bodies, Ending, Entry, Intent, Realm, Resolution, Terms, Unmet};
use crate::error::Result;
use fault::Fault;
use writer::Writer;

/// How long others may hold the database.
const PATIENCE: Duration = Duration::from_secs(5);

/// Pages in the log at which it is tidied up: every opening reads the log once, so it is kept short.
const LOG_PAGES: u32 = 256;

/// The same while a job is planned or carried out: it writes so much that tidying up after each megabyte would cost more
/// than all else.
const JOB_LOG_PAGES: u32 = 2048;

/// The owner of what is in memory: nobody else sees it.
const ALONE: &str = "this process";

/// Up to this size a ledger is checked as a whole when it is opened: that takes about as long as one sync.
const CHECKED_BYTES: u64 = 256 * 1024;

/// One opening at a time in a process: closing any handle of a file gives up the locks that SQLite holds on it in the
/// same process, and making the file opens and closes one.
static OPENING: Mutex<()> = Mutex::new(());

/// A connection to the database.
pub(super) struct Sqlite {
    db: Connection,
    path: PathBuf,
    writer: Option<Writer>,
    words: job::Words,
}

impl Sqlite {
    /// Opens a ledger to write to it, and makes it where there is none.
    pub(super) fn open(path: &Path) -> Result<Self> {
        Self::open_with(path, schema::STEPS)
    }

    fn open_with(path: &Path, steps: &[&str]) -> Result<Self> {
        let opened = || {
            let path = std::path::absolute(path).map_err(|e| Fault::Io("find", e))?;
            make(&path)?;
            let writer = Writer::begin(&path).map_err(|e| Fault::Io("write beside", e))?;
            let db = connect(&path, steps)?;
            if db.is_readonly("main")? {
                let denied = io::ErrorKind::PermissionDenied.into();
                return Err(Fault::Io("write to", denied));
            }
            db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
            db.pragma_update(None, "synchronous", "FULL")?;
            db.pragma_update(None, "wal_autocheckpoint", LOG_PAGES)?;
            if cfg!(target_os = "macos") {
                db.pragma_update(None, "fullfsync", true)?;
            }
            Ok(Self { db, path, writer: Some(writer), words: job::Words::default() })
        };
        opened().map_err(|fault: Fault| fault.at(path))
    }

    /// Opens a ledger that is there, to look things up.
    pub(super) fn open_to_read(path: &Path, now_ms: i64) -> Result<Self> {
        let opened = || {
            let path = std::path::absolute(path).map_err(|e| Fault::Io("find", e))?;
            no_folder(&path)?;
            let db = connect(&path, schema::STEPS)?;
            writer::sweep(&path, now_ms);
            Ok(Self { db, path, writer: None, words: job::Words::default() })
        };
        opened().map_err(|fault: Fault| fault.at(path))
    }

    /// Opens a ledger without writing to it, where that can be done at once.
    pub(super) fn glance(path: &Path) -> Option<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let db = Connection::open_with_flags(path, flags).ok()?;
        db.busy_timeout(Duration::ZERO).ok()?;
        Some(Self { db, path: path.to_owned(), writer: None, words: job::Words::default() })
    }

    /// A database that is forgotten when it is closed. No other process sees its entries.
    pub(super) fn in_memory() -> Result<Self> {
        let path = PathBuf::from("in memory");
        let opened = || {
            let mut db = Connection::open_in_memory()?;
            schema::prepare(&mut db, schema::STEPS)?;
            Ok(db)
        };
        let db = opened().map_err(|fault: Fault| fault.at(&path))?;
        Ok(Self { db, path, writer: None, words: job::Words::default() })
    }

    /// Does something in one transaction, which is durable when this returns.
    fn durably<T>(
        &mut self,
        change: impl Fn(&Connection, Option<&str>) -> std::result::Result<T, Fault>,
    ) -> std::result::Result<T, Fault> {
        let name = self.writer.as_ref().and_then(Writer::name);
        let transaction = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = change(&transaction, name)?;
        transaction.commit()?;
        Ok(done)
    }

    /// The same for a job, with this writer's name as an owner, and an answer.
    fn in_job<T>(
        &mut self,
        change: impl FnOnce(&Connection, &mut job::Words, &str) -> std::result::Result<T, Fault>,
    ) -> std::result::Result<T, Fault> {
        let Self { db, writer, words, .. } = self;
        let me = writer.as_ref().map_or(ALONE, Writer::id);
        let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = change(&transaction, words, me)
            .and_then(|done| transaction.commit().map(|()| done).map_err(Fault::from));
        if done.is_err() {
            words.forget();
        }
        done
    }

    fn try_to_commit(
        &mut self,
        job: Uuid,
        changes: &[Change],
        allowances: &[Allowance],
        bodies: Bodies,
        room: bool,
    ) -> std::result::Result<Permit, Fault> {
        self.in_job(|db, words, me| {
            job::commit(db, words, job, changes, job::Ruled { me, room, allowances, bodies })
        })
    }

    fn job_change<T>(
        &mut self,
        change: impl FnOnce(&Connection, &mut job::Words, &str) -> std::result::Result<T, Fault>,
    ) -> Result<T> {
        self.in_job(change).map_err(|fault| fault.at(&self.path))
    }

    /// Makes ready for a job: a reserve of room, and a log that may grow.
    fn make_room(&mut self) -> Result<()> {
        if let Some(writer) = &mut self.writer {
            let reserved = writer.reserve_for_job();
            reserved.map_err(|error| Fault::Io("write beside", error).at(&self.path))?;
        }
        self.tidy_up_after(JOB_LOG_PAGES);
        Ok(())
    }

    /// Lets the log grow, or puts what is in it where it belongs. Others may be reading it: then they or the next one do.
    fn tidy_up_after(&self, log_pages: u32) {
        let _ = self.db.pragma_update(None, "wal_autocheckpoint", log_pages);
        if log_pages == LOG_PAGES {
            let _ = self.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        }
    }

    fn count_attempt(&self, entry: Uuid, attempt: u32, started_ms: i64) -> rusqlite::Result<()> {
        self.db
            .prepare_cached("UPDATE entry SET attempts = ?2, started_ms = ?3 WHERE id = ?1")?
            .execute(params![entry.to_string(), attempt, started_ms])
            .map(drop)
    }
}

impl Store for Sqlite {
    fn begin(
        &mut self,
        intents: &[Intent],
        terms: &Terms,
        bodies: Bodies,
    ) -> Result<Option<Unmet>> {
        self.durably(|db, writer| {
            let unmet = job::unmet(db, intents, writer, terms)?;
            if unmet.is_none() {
                intents.iter().try_for_each(|intent| row::insert(db, intent, writer, bodies))?;
            }
            Ok(unmet)
        })
        .map_err(|fault| fault.at(&self.path))
    }

    fn attempt(&mut self, entry: Uuid, attempt: u32, started_ms: i64) -> Result<()> {
        let counted = || {
            self.db.pragma_update(None, "synchronous", "NORMAL")?;
            let counted = self.count_attempt(entry, attempt, started_ms);
            self.db.pragma_update(None, "synchronous", "FULL")?;
            counted
        };
        counted().map_err(|error| Fault::from(error).at(&self.path))
    }

    fn finish(&mut self, endings: &[(Uuid, &Ending)]) -> Result<()> {
        let all = |db: &Connection, _: Option<&str>| {
            endings.iter().try_for_each(|(id, ending)| row::end(db, *id, ending))
        };
        let mut done = self.durably(all);
        let full = done.as_ref().is_err_and(Fault::is_full);
        if full && self.writer.as_ref().is_some_and(Writer::release) {
            done = self.durably(all);
        }
        done.map_err(|fault| fault.at(&self.path))
    }

    fn resolve(&mut self, entry: Uuid, resolution: &Resolution) -> Result<bool> {
        let Resolution { resolved, note, by, resolved_ms } = resolution;
        // One statement, so that of two who decide at once only one does.
        let resolve = || {
            self.db.execute(
                "UPDATE entry SET resolved = ?2, resolved_note = ?3, resolved_by = ?4, resolved_ms = ?5
                 WHERE id = ?1 AND resolved IS NULL AND (verdict IS NULL OR verdict = 'unknown')",
                params![entry.to_string(), resolved.word(), note, by, resolved_ms],
            )
        };
        resolve().map(|rows| rows == 1).map_err(|error| Fault::from(error).at(&self.path))
    }

    fn each(
        &mut self,
        query: &Query,
        take: &mut dyn FnMut(Entry) -> ControlFlow<()>,
    ) -> Result<()> {
        query::each(&self.db, query, take).map_err(|fault| fault.at(&self.path))
    }

    fn liveness(&self) -> Box<dyn Fn(&str) -> Liveness> {
        let path = self.path.clone();
        Box::new(move |name| writer::liveness(&path, name))
    }

    fn me(&self) -> &str {
        self.writer.as_ref().map_or(ALONE, Writer::id)
    }

    fn plan_job(&mut self, intent: &JobIntent) -> Result<()> {
        self.make_room()?;
        self.job_change(|db, _, me| job::plan(db, intent, me))
    }

    fn plan_template(&mut self, job: Uuid, template: &JobTemplate, bodies: Bodies) -> Result<u32> {
        self.job_change(|db, _, _| job::template(db, job, template, bodies))
    }

    fn plan_batches(&mut self, job: Uuid, batches: &[PlannedBatch]) -> Result<()> {
        let mut planned = || {
            self.db.pragma_update(None, "synchronous", "NORMAL")?;
            let added = self.in_job(|db, _, _| job::add(db, job, batches));
            self.db.pragma_update(None, "synchronous", "FULL")?;
            added
        };
        planned().map_err(|fault| fault.at(&self.path))
    }

    fn open_job(
        &mut self,
        job: Uuid,
        opening: &Opening,
        fresh_since_ms: Option<i64>,
    ) -> Result<Option<Uuid>> {
        let liveness = self.liveness();
        // What was planned without a sync is in the log before this, and goes to the disk with it.
        self.job_change(|db, _, _| {
            let is_alive = |owner: &str| liveness(owner) != Liveness::Gone;
            job::open_fresh(db, job, opening, fresh_since_ms, is_alive)
        })
    }

    fn remove_job(&mut self, job: Uuid) -> Result<()> {
        self.job_change(|db, _, _| job::remove(db, job))?;
        self.tidy_up_after(LOG_PAGES);
        Ok(())
    }

    fn claim_job(&mut self, job: Uuid, seen: Option<&str>, now_ms: i64) -> Result<Option<u64>> {
        self.make_room()?;
        self.job_change(|db, _, me| job::claim(db, job, seen, me, now_ms))
    }

    fn add_overrides(&mut self, job: Uuid, guards: &[String]) -> Result<()> {
        self.job_change(|db, _, _| job::add_overrides(db, job, guards))
    }

    fn release_job(&mut self, job: Uuid, now_ms: i64) -> Result<()> {
        self.job_change(|db, _, me| job::release(db, job, me, now_ms))?;
        self.tidy_up_after(LOG_PAGES);
        Ok(())
    }

    fn stop_job(&mut self, job: Uuid, now_ms: i64) -> Result<()> {
        self.job_change(|db, _, _| job::stop(db, job, now_ms))
    }

    fn commit(
        &mut self,
        job: Uuid,
        changes: &[Change],
        allowances: &[Allowance],
        bodies: Bodies,
    ) -> Result<Permit> {
        let mut done = self.try_to_commit(job, changes, allowances, bodies, true);
        let full = done.as_ref().is_err_and(Fault::is_full);
        if full && self.writer.as_ref().is_some_and(Writer::release) {
            done = self.try_to_commit(job, changes, allowances, bodies, false);
        }
        done.map_err(|fault| fault.at(&self.path))
    }

    fn recognisable(&mut self, job: Uuid) -> Result<u64> {
        job::recognisable(&self.db, job).map_err(|fault| fault.at(&self.path))
    }

    fn requeue(&mut self, job: Uuid, template: u32, started_since_ms: i64) -> Result<u64> {
        self.job_change(|db, _, me| job::requeue(db, job, template, started_since_ms, me))
    }

    fn planned(&mut self, job: Uuid, after: Option<BatchKey>, count: usize) -> Result<Vec<Batch>> {
        job::planned(&self.db, job, after, count).map_err(|fault| fault.at(&self.path))
    }

    fn last(&mut self, job: Uuid) -> Result<Option<BatchKey>> {
        job::last(&self.db, job).map_err(|fault| fault.at(&self.path))
    }

    fn each_job(
        &mut self,
        query: &JobQuery,
        take: &mut dyn FnMut(Job) -> ControlFlow<()>,
    ) -> Result<()> {
        job::each_job(&self.db, query, take).map_err(|fault| fault.at(&self.path))
    }

    fn batches(
        &mut self,
        job: Uuid,
        which: BatchFilter,
        take: &mut dyn FnMut(JobBatch) -> ControlFlow<()>,
    ) -> Result<()> {
        job::batches(&self.db, job, which, take).map_err(|fault| fault.at(&self.path))
    }

    fn batch(&mut self, job: Uuid, key: BatchKey) -> Result<Option<JobBatch>> {
        job::batch(&self.db, job, key).map_err(|fault| fault.at(&self.path))
    }

    fn batch_of_vendor_id(
        &mut self,
        provider: &str,
        id: &str,
        realm: Realm,
    ) -> Result<Option<(Uuid, BatchKey)>> {
        job::batch_of_vendor_id(&self.db, provider, id, realm).map_err(|fault| fault.at(&self.path))
    }

    fn resolve_job(
        &mut self,
        job: Uuid,
        only: Option<BatchKey>,
        dead: Option<&str>,
        resolution: &Resolution,
    ) -> Result<Settled> {
        self.job_change(|db, _, _| job::resolve(db, job, only, dead, resolution))
    }

    fn codes(&mut self, job: Uuid) -> Result<Vec<Code>> {
        job::codes(&self.db, job).map_err(|fault| fault.at(&self.path))
    }

    fn remove_entries(&mut self, entries: &[Uuid]) -> Result<()> {
        self.durably(|db, _| entries.iter().try_for_each(|id| row::remove(db, *id)))
            .map_err(|fault| fault.at(&self.path))
    }

    fn compact(&mut self) -> Result<bool> {
        let own = self.writer.as_ref().map_or("", Writer::id);
        if writer::others_at_work(&self.path, own) {
            return Ok(false);
        }
        let compacted = || {
            self.db.execute_batch("VACUUM")?;
            self.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        };
        compacted().map(|()| true).map_err(|error| Fault::from(error).at(&self.path))
    }

    fn calls(&mut self, call: &Call<'_>, limit: usize) -> Result<Vec<i64>> {
        job::calls(&self.db, call, limit).map_err(|fault| fault.at(&self.path))
    }

    fn lately(&mut self, call: &Call<'_>, limit: usize) -> Result<Vec<Lately>> {
        job::lately(&self.db, call, limit).map_err(|fault| fault.at(&self.path))
    }
}

/// Makes folder and file where they are not there yet, for nobody else to read.
fn make(path: &Path) -> std::result::Result<(), Fault> {
    no_folder(path)?;
    if let Some(folder) = path.parent() {
        make_folder(folder).map_err(|e| Fault::Io("make the folder of", e))?;
    }
    let _one_at_a_time = OPENING.lock().unwrap_or_else(PoisonError::into_inner);
    match writer::private(OpenOptions::new().write(true).create_new(true)).open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            keep_private(path);
            no_lone_log(path)
        }
        made => made.map(drop).map_err(|e| Fault::Io("make", e)),
    }
}

/// Makes a folder with those above it. Each is on disk before anything is put into it: a power cut must not take the
/// first intent together with the folder that it is in.
fn make_folder(folder: &Path) -> io::Result<()> {
    let Some(above) = folder.parent().filter(|_| !folder.is_dir()) else { return Ok(()) };
    make_folder(above)?;
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    // Another herald may have been quicker.
    builder.create(folder).or_else(|e| if folder.is_dir() { Ok(()) } else { Err(e) })?;
    #[cfg(unix)]
    fs::File::open(above)?.sync_all()?;
    Ok(())
}

/// Takes the rights of others from a file that came from elsewhere, a backup or `touch`, where that is possible.
fn keep_private(path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        if fs::metadata(path).is_ok_and(|data| data.permissions().mode() & 0o077 != 0) {
            let _ = fs::set_permissions(path, fs::Permissions::from_mode(0o600));
        }
    }
    #[cfg(not(unix))]
    let _ = path;
}

/// Refuses a file that has lost everything but its log: SQLite would take it for a new one and remove the log.
fn no_lone_log(path: &Path) -> std::result::Result<(), Fault> {
    let size = |path: &Path| fs::metadata(path).map_or(0, |data| data.len());
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    if size(path) == 0 && size(Path::new(&log)) > 0 {
        return Err(Fault::Damaged("it is empty, and its log is not".to_owned()));
    }
    Ok(())
}

fn no_folder(path: &Path) -> std::result::Result<(), Fault> {
    if path.is_dir() { Err(Fault::Folder) } else { Ok(()) }
}

/// Connects to a file that is there, and makes sure that it is a ledger.
fn connect(path: &Path, steps: &[&str]) -> std::result::Result<Connection, Fault> {
    let _one_at_a_time = OPENING.lock().unwrap_or_else(PoisonError::into_inner);
    let size = fs::metadata(path).map_err(|e| Fault::Io("read", e))?.len();
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut db = Connection::open_with_flags(path, flags)?;
    db.busy_timeout(PATIENCE)?;
    schema::prepare(&mut db, steps)?;
    if (1..=CHECKED_BYTES).contains(&size) {
        let told: String = db.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        if told != "ok" {
            return Err(Fault::Damaged(told));
        }
    }
    Ok(db)
}
