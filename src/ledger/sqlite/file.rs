//! The file of a ledger: made for nobody else to read, and looked at before anything is believed of it or done to it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::fault::Fault;
use super::{head, schema};
use crate::error::Kind;
use crate::trust::{DatabaseFile, NameUse, OpenMode, OwnerRule, TrustCheck, side_files};

/// How many statements stay prepared: more than a job uses, so that none is prepared again for each of its commits.
const STATEMENTS: usize = 64;

/// Up to this size a ledger is checked as a whole when it is opened: that takes about as long as one sync.
const CHECKED_BYTES: u64 = 256 * 1024;

/// Who may own and change a ledger that is written, or on which something is sent.
const TO_WRITE: TrustCheck<'static> = TrustCheck {
    name: "the ledger",
    kind: Kind::Ledger,
    owner: OwnerRule::UserOrRoot,
    is_private: true,
};

/// The same for one in which something is looked up.
const TO_READ: TrustCheck<'static> = TrustCheck { owner: OwnerRule::Anyone, ..TO_WRITE };

/// What is looked through before a job, that first to which a job writes.
const TABLES: [&str; 16] = [
    "progress",
    "tally",
    "rate",
    "word",
    "part",
    "other_id",
    "open",
    "done",
    "template",
    "decision",
    "job",
    "batch",
    "dedupe_seal",
    "entry",
    "vendor_id",
    "target",
];

/// Opens the file of a ledger that is to be written, and makes it with its folder where they are not there yet, readable
/// by their owner alone. What others can change is refused, and so is what is there and is no file; both are left as they are.
/// The answer has whether there is something in the file.
pub(super) fn make(path: &Path) -> Result<(Arc<DatabaseFile>, bool), Fault> {
    no_folder(path)?;
    if let Some(folder) = path.parent() {
        make_folder(folder).map_err(|e| Fault::Io("make the folder of", e))?;
    }
    let is_absent = fs::symlink_metadata(path).is_err_and(|e| e.kind() == io::ErrorKind::NotFound);
    if is_absent {
        TO_WRITE.folder_of(path).map_err(Fault::Refused)?;
        match DatabaseFile::create(path) {
            Ok(made) => return Ok((under_one_name(made)?, false)),
            // Another herald was quicker.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(Fault::Io("make", error)),
        }
    }
    let (database, size) = open(path, OpenMode::Write)?;
    no_lone_log(database.real_path(), size)?;
    keep_private(&database)?;
    Ok((database, size > 0))
}

/// Opens the file of a ledger that is there, and answers how long it is. What others can change is refused, and so is what
/// is no file.
fn open(path: &Path, mode: OpenMode) -> Result<(Arc<DatabaseFile>, u64), Fault> {
    let (check, doing) = match mode {
        OpenMode::Write => (TO_WRITE, "write to"),
        OpenMode::Read => (TO_READ, "read"),
    };
    regular(path)?;
    let database = DatabaseFile::open(path, mode).map_err(|e| Fault::Io(doing, e))?;
    let data = database.file().and_then(fs::File::metadata).map_err(|e| Fault::Io("read", e))?;
    if !data.is_file() {
        return Err(Fault::NoFile);
    }
    database.check(&check, path).map_err(Fault::Refused)?;
    Ok((under_one_name(database)?, data.len()))
}

/// Refuses a file that is open under another name: SQLite keeps a log for each name, and the two would not know of each
/// other.
fn under_one_name(database: DatabaseFile) -> Result<Arc<DatabaseFile>, Fault> {
    match database.share_name() {
        NameUse::Other => Err(Fault::OtherName),
        NameUse::Same | NameUse::Unknown => Ok(Arc::new(database)),
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

/// Takes the rights of others from a ledger that came from elsewhere, a backup or `touch`, before SQLite opens it: it gives
/// its log the rights of the file. Only where the file says that it is a ledger: the rights of other files are not herald's
/// to change.
fn keep_private(database: &DatabaseFile) -> Result<(), Fault> {
    let fault = |error| Fault::Io("take the rights of others from", error);
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

/// What SQLite keeps of a ledger: the file, and what is beside it.
pub(in crate::ledger) fn files(path: &Path) -> Vec<PathBuf> {
    [path.to_owned()].into_iter().chain(side_files(path)).collect()
}

/// Refuses a file that has lost everything but its log: SQLite would take it for a new one and remove the log.
fn no_lone_log(path: &Path, size: u64) -> Result<(), Fault> {
    if size == 0 && fs::metadata(log_of(path)).is_ok_and(|log| log.len() > 0) {
        return Err(Fault::Damaged("it is empty, and its log is not".to_owned()));
    }
    Ok(())
}

fn no_folder(path: &Path) -> Result<(), Fault> {
    if path.is_dir() { Err(Fault::Folder) } else { Ok(()) }
}

/// Refuses what is no file, and answers how long it is. A device would be written to, and a pipe waits for a writer.
fn regular(path: &Path) -> Result<u64, Fault> {
    no_folder(path)?;
    let data = fs::metadata(path).map_err(|e| Fault::Io("read", e))?;
    if data.is_file() { Ok(data.len()) } else { Err(Fault::NoFile) }
}

/// Connects to a file that is there, and makes sure that it is a ledger. Others may hold it for so long.
pub(super) fn connect(
    path: &Path,
    steps: &[&str],
    patience: Duration,
) -> Result<Connection, Fault> {
    let size = regular(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut db = Connection::open_with_flags(path, flags)?;
    db.busy_timeout(patience)?;
    db.set_prepared_statement_cache_capacity(STATEMENTS);
    schema::prepare(&mut db, steps)?;
    if (1..=CHECKED_BYTES).contains(&size) {
        is_whole(&db, "PRAGMA quick_check(1)")?;
    }
    Ok(db)
}

/// A ledger that is open to be read.
pub(super) struct Reading {
    pub(super) database: Arc<DatabaseFile>,
    pub(super) db: Connection,
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
) -> Result<Option<Reading>, Fault> {
    let (database, size) = open(path, OpenMode::Read)?;
    no_lone_log(database.real_path(), size)?;
    if size == 0 {
        return Ok(None);
    }
    let data = database.file().and_then(fs::File::metadata).map_err(|e| Fault::Io("read", e))?;
    let is_own = TO_WRITE.metadata(&data, path).and_then(|()| TO_WRITE.folder_of(path)).is_ok();
    let real = database.real_path().to_owned();
    let reading = |db| Ok(Some(Reading { database, db, is_own }));
    match connect_to_read(&real, steps, patience) {
        Ok((_, Some(0))) => Ok(None),
        Ok((_, Some(version))) if !is_own => Err(Fault::Older { version, known: steps.len() }),
        Ok((_, Some(_))) => put_in_order(path, steps, patience).map(Some),
        Ok((db, None)) => {
            if size <= CHECKED_BYTES {
                is_whole(&db, "PRAGMA quick_check(1)")?;
            }
            reading(db)
        }
        Err(fault) if fault.needs_writing() => {
            let in_order = if is_own { put_in_order(path, steps, patience) } else { Err(fault) };
            match in_order {
                // This user cannot write beside the file, so cannot send on the strength of it either.
                Err(_) if is_folded_in(&real) => reading(connect_as_it_is(&real, steps)?),
                in_order => in_order.map(Some),
            }
        }
        Err(fault) => Err(fault),
    }
}

/// Opens a ledger that is there to be read, where it has to be written for that.
fn put_in_order(path: &Path, steps: &[&str], patience: Duration) -> Result<Reading, Fault> {
    let (database, _) = make(path)?;
    let db = connect(database.real_path(), steps, patience)?;
    Ok(Reading { database, db, is_own: true })
}

/// Connects to a file without writing to it; the answer has the version where that is an older one.
fn connect_to_read(
    path: &Path,
    steps: &[&str],
    patience: Duration,
) -> Result<(Connection, Option<usize>), Fault> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut db = Connection::open_with_flags(path, flags)?;
    db.busy_timeout(patience)?;
    db.set_prepared_statement_cache_capacity(STATEMENTS);
    let older = schema::older_version(&*db.transaction()?, steps)?;
    Ok((db, older))
}

/// Connects to a file without log and locks: SQLite would have to make them.
fn connect_as_it_is(path: &Path, steps: &[&str]) -> Result<Connection, Fault> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
    let db = Connection::open_with_flags(as_it_is(path), flags)?;
    match schema::older_version(&db, steps)? {
        None => Ok(db),
        Some(version) => Err(Fault::Older { version, known: steps.len() }),
    }
}

/// Opens a file to look at it where that can be done at once.
pub(super) fn glance(path: &Path) -> Option<(Arc<DatabaseFile>, Connection)> {
    let (database, _) = open(path, OpenMode::Read).ok()?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(database.real_path(), flags).ok()?;
    db.busy_timeout(Duration::ZERO).ok()?;
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

fn is_whole(db: &Connection, check: &str) -> Result<(), Fault> {
    let told: String = db.query_row(check, [], |row| row.get(0))?;
    if told == "ok" { Ok(()) } else { Err(Fault::Damaged(told)) }
}

/// Looks for damage in all tables and their indexes, for no longer than this: of a ledger that is too large for that, the
/// rest is not looked at.
pub(super) fn look_through(db: &Connection, at_most: Duration) -> Result<(), Fault> {
    let (done, waits) = mpsc::channel::<()>();
    let stop = db.get_interrupt_handle();
    let clock = thread::Builder::new().spawn(move || {
        if waits.recv_timeout(at_most) == Err(RecvTimeoutError::Timeout) {
            stop.interrupt();
        }
    });
    // Without a clock this might take as long as it likes.
    let Ok(clock) = clock else { return Ok(()) };
    let mut tables = TABLES.iter();
    let looked = tables.try_for_each(|table| is_whole(db, &format!("PRAGMA quick_check({table})")));
    drop(done);
    let _ = clock.join();
    match looked {
        Err(Fault::Sqlite(error))
            if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) =>
        {
            Ok(())
        }
        looked => looked,
    }
}
