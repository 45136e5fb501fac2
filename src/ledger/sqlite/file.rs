//! The file of a ledger: made for its owner alone to read, and checked before it is used.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::fault::StoreFault;
use super::place::{self, LedgerPlace};
use super::record::{self, DurablePoint};
use super::{durable, head, schema, sums};
use crate::error::{Error, ErrorKind};
use crate::trust::{DatabaseFile, NameUse, OpenMode, OwnerRule, TrustCheck, side_files};

/// How many statements stay prepared: more than a job uses, so that none is prepared again for each of its commits.
const CACHED_STATEMENTS: usize = 64;

/// Up to this size a ledger is checked as a whole when it is opened: that takes about as long as one sync.
const MAX_CHECKED_BYTES: u64 = 256 * 1024;

/// How long another herald may take from making a file to making a ledger of it.
const CREATION_TIMEOUT: Duration = Duration::from_millis(500);

/// How long to wait before looking again whether it has.
const POLL_INTERVAL: Duration = Duration::from_millis(25);

/// Who may own and change a ledger that is written, or on which something is sent.
const TO_WRITE: TrustCheck<'static> = TrustCheck {
    name: "the ledger",
    kind: ErrorKind::Ledger,
    owner: OwnerRule::UserOrRoot,
    is_private: true,
};

/// The same for one in which something is looked up.
const TO_READ: TrustCheck<'static> = TrustCheck { owner: OwnerRule::Anyone, ..TO_WRITE };

/// What is looked through before a job, that first to which a job writes. With `sqlite_schema` goes the list of free pages.
const TABLES: &str = "sqlite_schema durable progress tally rate word part other_id open \
    done template decision job job_end job_halt batch again dedupe_seal entry command vendor_id \
    target";

/// Opens the file of a ledger that is to be written, and makes it with its folder where they are not there yet, readable
/// by their owner alone. What others can change is refused, and so is what is there and is not a file; both are left as
/// they are. The answer has whether there is something in the file.
pub(super) fn make(path: &Path) -> Result<(Arc<DatabaseFile>, bool), StoreFault> {
    no_folder(path)?;
    leads_somewhere(path)?;
    no_lone_log(path)?;
    if let Some(folder) = path.parent() {
        make_folder(folder).map_err(|e| StoreFault::Io("make the folder of", e))?;
    }
    let is_absent = fs::symlink_metadata(path).is_err_and(|e| e.kind() == io::ErrorKind::NotFound);
    if is_absent {
        TO_WRITE.folder_of(path).map_err(StoreFault::Refused)?;
        // What is left of a ledger that was removed says nothing about the new one.
        let _ = fs::remove_file(record::beside(path));
        match DatabaseFile::create(path) {
            Ok(made) => return Ok((under_one_name(made)?, false)),
            // Another herald was quicker.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(StoreFault::Io("make", error)),
        }
    }
    let (database, size) = open(path, OpenMode::Write)?;
    keep_private(&database)?;
    Ok((database, size > 0))
}

/// Opens the file of a ledger that is there, and answers how long it is. What others can change is refused, and so is what
/// is not a file.
fn open(path: &Path, mode: OpenMode) -> Result<(Arc<DatabaseFile>, u64), StoreFault> {
    let (check, doing) = match mode {
        OpenMode::Write => (TO_WRITE, "write to"),
        OpenMode::Read => (TO_READ, "read"),
    };
    regular(path)?;
    let mut database = DatabaseFile::open(path, mode).map_err(|e| StoreFault::Io(doing, e))?;
    database.has_beside(record::beside(database.real_path()));
    let data =
        database.file().and_then(fs::File::metadata).map_err(|e| StoreFault::Io("read", e))?;
    if !data.is_file() {
        return Err(StoreFault::NoFile);
    }
    database.check(&check, path).map_err(StoreFault::Refused)?;
    Ok((under_one_name(database)?, data.len()))
}

/// Refuses a file that is open under another name: SQLite keeps a log for each name, and the two would not know of each
/// other.
fn under_one_name(database: DatabaseFile) -> Result<Arc<DatabaseFile>, StoreFault> {
    match database.share_name() {
        NameUse::Other => Err(StoreFault::OtherName),
        NameUse::Same | NameUse::Unknown => Ok(Arc::new(database)),
    }
}

/// Makes a folder with those above it. Each is on disk before anything is put into it: a power cut must not take the
/// first intent together with the folder that it is in.
fn make_folder(folder: &Path) -> io::Result<()> {
    let Some(above) = folder.parent().filter(|_| !folder.is_dir()) else { return Ok(()) };
    if folder.exists() {
        return Err(io::ErrorKind::NotADirectory.into());
    }
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

/// Takes the rights of others from a ledger that came from elsewhere, a backup or `touch`, before SQLite opens it: it gives
/// its log the rights of the file. Only where the file says that it is a ledger: the rights of other files are not herald's
/// to change.
fn keep_private(database: &DatabaseFile) -> Result<(), StoreFault> {
    let fault = |error| StoreFault::Io("take the rights of others from", error);
    let file = database.file().map_err(fault)?;
    if !head::is_ledger(file, &log_of(database.real_path())).map_err(fault)? {
        return Ok(());
    }
    database.make_private().map_err(fault)
}

fn log_of(path: &Path) -> PathBuf {
    let [log, ..] = side_files(path);
    log
}

/// What belongs to a ledger: the file, what SQLite keeps beside it, and the record of its last commit.
pub(in crate::ledger) fn files(path: &Path) -> Vec<PathBuf> {
    let record = record::beside(path);
    [path.to_owned()].into_iter().chain(side_files(path)).chain([record]).collect()
}

/// Refuses a log that has lost its file, or a file that has lost everything but its log: SQLite would take it for a new one
/// and remove the log.
fn no_lone_log(path: &Path) -> Result<(), StoreFault> {
    let database = place::database(path);
    let log = log_of(&database);
    if durable::length(&log) == 0 {
        return Ok(());
    }
    match fs::metadata(&database) {
        Ok(data) if data.len() == 0 => {
            Err(StoreFault::Damaged("it is empty, and its log is not".to_owned()))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(StoreFault::NoDatabase(log)),
        _ => Ok(()),
    }
}

/// Refuses a path in which there is a link to nothing, and names that link.
fn leads_somewhere(path: &Path) -> Result<(), StoreFault> {
    let is_absent = |path: &Path| {
        fs::metadata(path).is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
    };
    let mut above = path.ancestors().filter(|path| !path.as_os_str().is_empty());
    let link = above.find(|path| path.is_symlink() && is_absent(path));
    let Some(link) = link else { return Ok(()) };
    let to = fs::read_link(link).map_err(|e| StoreFault::Io("read", e))?;
    Err(StoreFault::Dangling(link.to_owned(), to))
}

fn no_folder(path: &Path) -> Result<(), StoreFault> {
    if path.is_dir() { Err(StoreFault::Folder) } else { Ok(()) }
}

/// Refuses what is not a file, and answers how long it is. A device would be written to, and a pipe waits for a writer.
fn regular(path: &Path) -> Result<u64, StoreFault> {
    no_folder(path)?;
    leads_somewhere(path)?;
    let data = fs::metadata(path).map_err(|e| StoreFault::Io("read", e))?;
    if data.is_file() { Ok(data.len()) } else { Err(StoreFault::NoFile) }
}

/// Whether there is a file with nothing in it, and without a log.
fn is_empty(path: &Path) -> bool {
    let database = place::database(path);
    let is_empty_file = fs::metadata(&database).is_ok_and(|data| data.is_file() && data.len() == 0);
    is_empty_file && durable::length(&log_of(&database)) == 0
}

/// Refuses such a file, unless another herald is just making a ledger of it; a link that leads nowhere; and a log
/// without its file.
pub(in crate::ledger) fn refuse_lost(path: &Path) -> Result<(), Error> {
    leads_somewhere(path).and_then(|()| no_lone_log(path)).map_err(|fault| fault.at(path))?;
    let began = Instant::now();
    while is_empty(path) {
        if began.elapsed() > CREATION_TIMEOUT {
            return Err(StoreFault::Empty(log_of(&place::database(path))).at(path));
        }
        thread::sleep(POLL_INTERVAL);
    }
    Ok(())
}

/// Connects to a file that is there, and makes sure that it is a ledger, and that nothing of it is lost. Others may hold it
/// for that long. A file that has no content at all becomes a ledger.
pub(super) fn connect(
    named: &Path,
    database: &DatabaseFile,
    steps: &[&str],
    patience: Duration,
) -> Result<(Connection, LedgerPlace), StoreFault> {
    let mut place = LedgerPlace::of(named, database)?;
    let real = database.real_path();
    let size = regular(real)?;
    // Before the database: what is committed between the two is not lost.
    let recorded = record::read(real);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut db = Connection::open_with_flags(real, flags)?;
    set_up(&db, patience)?;
    let may_be_made = || recorded.is_empty() && durable::length(real) == 0;
    if !schema::prepare(&mut db, steps, &may_be_made)? {
        return Err(without_tables(real, &recorded));
    }
    is_all_there(&db, &recorded, real, size)?;
    // What was opened is what was there before.
    place.check()?;
    place.look();
    Ok((db, place))
}

/// Why a file without tables is not a ledger.
fn without_tables(real: &Path, recorded: &[DurablePoint]) -> StoreFault {
    let (journal, is_empty) = (log_of(real), durable::length(real) == 0);
    match recorded.iter().max_by_key(|point| point.commits) {
        Some(last) if is_empty => StoreFault::Lost { commits: last.commits, journal },
        _ if is_empty => StoreFault::Empty(journal),
        _ => StoreFault::NoTables(journal),
    }
}

/// Refuses a ledger where something is lost or damaged, as far as that can be told soon.
fn is_all_there(
    db: &Connection,
    recorded: &[DurablePoint],
    real: &Path,
    size: u64,
) -> Result<(), StoreFault> {
    durable::check(db, recorded, real)?;
    if (1..=MAX_CHECKED_BYTES).contains(&size) {
        is_whole(db, "PRAGMA integrity_check(1)")?;
    }
    Ok(())
}

/// What every connection to a file has.
fn set_up(db: &Connection, patience: Duration) -> Result<(), StoreFault> {
    db.busy_timeout(patience)?;
    db.set_prepared_statement_cache_capacity(CACHED_STATEMENTS);
    // SQLite would put a journal that is damaged into the database, as far as it goes, and remove it.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    db.pragma_update(None, "cell_size_check", true)?;
    Ok(sums::register(db)?)
}

/// A ledger that is open to be read.
pub(super) struct OpenLedger {
    pub(super) database: Arc<DatabaseFile>,
    pub(super) db: Connection,
    pub(super) place: LedgerPlace,
    /// Whether the user may write it as well.
    pub(super) is_own: bool,
}

/// Opens a file that is there to look things up: nothing is written to it, and its rights stay as they are. `None` where
/// nothing is in it. It waits no longer than `patience` for others who hold it.
///
/// Where the user may write it, one of an older version is brought up to date first, and one in which a change was cut short
/// is put in order: neither could be read as it is.
pub(super) fn read(
    path: &Path,
    steps: &[&str],
    patience: Duration,
) -> Result<Option<OpenLedger>, StoreFault> {
    no_lone_log(path)?;
    let (database, size) = open(path, OpenMode::Read)?;
    if size == 0 {
        return Ok(None);
    }
    let data =
        database.file().and_then(fs::File::metadata).map_err(|e| StoreFault::Io("read", e))?;
    let is_own = TO_WRITE.metadata(&data, path).and_then(|()| TO_WRITE.folder_of(path)).is_ok();
    let real = database.real_path().to_owned();
    let place = LedgerPlace::of(path, &database)?;
    let recorded = record::read(&real);
    let reading = |db| {
        is_all_there(&db, &recorded, &real, size)?;
        let mut place = place;
        place.look();
        Ok(Some(OpenLedger { database, db, place, is_own }))
    };
    match connect_to_read(&real, steps, patience) {
        Ok((_, Some(0))) => Err(without_tables(&real, &recorded)),
        Ok((_, Some(version))) if !is_own => Err(StoreFault::Older { version, known: steps.len() }),
        Ok((_, Some(_))) => put_in_order(path, steps, patience).map(Some),
        Ok((db, None)) => reading(db),
        Err(fault) if fault.needs_writing() => {
            let in_order = if is_own { put_in_order(path, steps, patience) } else { Err(fault) };
            match in_order {
                // This user cannot write beside the file, so cannot send on the strength of it either.
                Err(_) if is_folded_in(&real) => reading(connect_as_it_is(&real, steps)?),
                Err(_) if is_without_index(&real) => reading(connect_alone(&real, steps)?),
                in_order => in_order.map(Some),
            }
        }
        Err(fault) => Err(fault),
    }
}

/// Opens a ledger that is there to be read, where it has to be written for that.
fn put_in_order(path: &Path, steps: &[&str], patience: Duration) -> Result<OpenLedger, StoreFault> {
    let (database, _) = make(path)?;
    let (db, place) = connect(path, &database, steps, patience)?;
    Ok(OpenLedger { database, db, place, is_own: true })
}

/// Connects to a file without writing to it; the answer has the version where that is an older one.
fn connect_to_read(
    path: &Path,
    steps: &[&str],
    patience: Duration,
) -> Result<(Connection, Option<usize>), StoreFault> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut db = Connection::open_with_flags(path, flags)?;
    set_up(&db, patience)?;
    let older = schema::older_version(&*db.transaction()?, steps)?;
    Ok((db, older))
}

/// Connects to a file without log and locks: SQLite would have to make them.
fn connect_as_it_is(path: &Path, steps: &[&str]) -> Result<Connection, StoreFault> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
    let db = Connection::open_with_flags(as_it_is(path), flags)?;
    set_up(&db, Duration::ZERO)?;
    match schema::older_version(&db, steps)? {
        None => Ok(db),
        Some(version) => Err(StoreFault::Older { version, known: steps.len() }),
    }
}

/// Whether a log has no index beside it: then no process uses the ledger.
fn is_without_index(path: &Path) -> bool {
    let [log, index, _] = side_files(path);
    durable::length(&log) > 0 && !index.exists()
}

/// Connects to a file with its log where no index of the log can be made beside it: SQLite keeps one in memory then. It takes
/// no locks, which a user who may not write could not take.
pub(super) fn connect_alone(path: &Path, steps: &[&str]) -> Result<Connection, StoreFault> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let vfs = if cfg!(unix) { c"unix-none" } else { c"win32-none" };
    let db = Connection::open_with_flags_and_vfs(path, flags, vfs)?;
    db.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    set_up(&db, Duration::ZERO)?;
    match schema::older_version(&db, steps)? {
        None => Ok(db),
        Some(version) => Err(StoreFault::Older { version, known: steps.len() }),
    }
}

/// Opens a file to look at it where that can be done at once.
pub(super) fn open_readonly(path: &Path) -> Option<(Arc<DatabaseFile>, Connection)> {
    let (database, _) = open(path, OpenMode::Read).ok()?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let real = database.real_path();
    let db = if is_folded_in(real) {
        // SQLite would make an empty log, and leave it.
        Connection::open_with_flags(as_it_is(real), flags | OpenFlags::SQLITE_OPEN_URI)
    } else {
        Connection::open_with_flags(real, flags)
    };
    let db = db.ok()?;
    set_up(&db, Duration::ZERO).ok()?;
    Some((database, db))
}

/// Whether all of a ledger is in its file, and nothing beside it.
fn is_folded_in(path: &Path) -> bool {
    let [log, _, journal] = side_files(path);
    [log, journal].iter().all(|file| match fs::symlink_metadata(file) {
        Ok(data) => data.len() == 0,
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    })
}

/// The address by which SQLite reads a file as it is, without log and locks.
fn as_it_is(path: &Path) -> String {
    let mut address = "file:".to_owned();
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'/' | b'-' | b'.' | b'_' => address.push(char::from(*byte)),
            byte if byte.is_ascii_alphanumeric() => address.push(char::from(*byte)),
            byte => address.push_str(&format!("%{byte:02X}")),
        }
    }
    address + "?mode=ro&immutable=1"
}

fn is_whole(db: &Connection, check: &str) -> Result<(), StoreFault> {
    let told: String = db.query_row(check, [], |row| row.get(0))?;
    if told == "ok" { Ok(()) } else { Err(StoreFault::Damaged(told)) }
}

/// Looks for damage in a file that is open, over another connection: that one reads all of it again.
pub(super) fn look_through_anew(path: &Path, at_most: Duration) -> Result<(), StoreFault> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags)?;
    set_up(&db, at_most)?;
    look_through(&db, at_most)
}

/// Looks for damage in all tables and their indexes, for no longer than this: of a ledger that is too large for that, the
/// rest is not looked at.
pub(super) fn look_through(db: &Connection, at_most: Duration) -> Result<(), StoreFault> {
    let (done, waits) = mpsc::channel::<()>();
    let stop = db.get_interrupt_handle();
    let clock = thread::Builder::new().spawn(move || {
        if waits.recv_timeout(at_most) == Err(RecvTimeoutError::Timeout) {
            stop.interrupt();
        }
    });
    // Without a clock this might take as long as it likes.
    let Ok(clock) = clock else { return Ok(()) };
    let mut tables = TABLES.split(' ');
    let looked =
        tables.try_for_each(|table| is_whole(db, &format!("PRAGMA integrity_check({table})")));
    drop(done);
    let _ = clock.join();
    match looked {
        Err(StoreFault::Sqlite(error))
            if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) =>
        {
            Ok(())
        }
        looked => looked,
    }
}
