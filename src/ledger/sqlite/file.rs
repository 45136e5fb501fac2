//! The file of a ledger: made for nobody else to read, and looked at before anything is believed of it or done to it.

use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::fault::Fault;
use super::{schema, writer};

/// How many statements stay prepared: more than a job uses, so that none is prepared again for each of its commits.
const STATEMENTS: usize = 64;

/// Up to this size a ledger is checked as a whole when it is opened: that takes about as long as one sync.
const CHECKED_BYTES: u64 = 256 * 1024;

/// One opening at a time in a process: closing any handle of a file gives up the locks that SQLite holds on it in the
/// same process, and making the file opens and closes one.
static OPENING: Mutex<()> = Mutex::new(());

/// What is looked through before a job, that first to which a job writes.
const TABLES: [&str; 15] = [
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
    "entry",
    "vendor_id",
    "target",
];

/// Makes folder and file where they are not there yet, for nobody else to read. What is there and is no file is refused as
/// it is. The answer is whether there is something in the file.
pub(super) fn make(path: &Path) -> Result<bool, Fault> {
    no_folder(path)?;
    if let Some(folder) = path.parent() {
        make_folder(folder).map_err(|e| Fault::Io("make the folder of", e))?;
    }
    let _one_at_a_time = OPENING.lock().unwrap_or_else(PoisonError::into_inner);
    match writer::private(OpenOptions::new().write(true).create_new(true)).open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let size = regular(path)?;
            no_lone_log(path, size)?;
            Ok(size > 0)
        }
        made => made.map(|_| false).map_err(|e| Fault::Io("make", e)),
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

/// Takes the rights of others from a ledger that came from elsewhere, a backup or `touch`, where that is possible. Only
/// once it is certain that it is one: nobody else's file is anybody's to lock up.
pub(super) fn keep_private(path: &Path) {
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

/// What SQLite keeps of a ledger: the file, its log, and the index of the log.
pub(in crate::ledger) fn files(path: &Path) -> [PathBuf; 3] {
    ["", "-wal", "-shm"].map(|end| {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        name.into()
    })
}

/// Refuses a file that has lost everything but its log: SQLite would take it for a new one and remove the log.
fn no_lone_log(path: &Path, size: u64) -> Result<(), Fault> {
    let [_, log, _] = files(path);
    if size == 0 && fs::metadata(log).is_ok_and(|log| log.len() > 0) {
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
    let _one_at_a_time = OPENING.lock().unwrap_or_else(PoisonError::into_inner);
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

/// Connects to a file without writing to it, where that can be done at once.
pub(super) fn glance(path: &Path) -> Option<Connection> {
    regular(path).ok()?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags).ok()?;
    db.busy_timeout(Duration::ZERO).ok()?;
    Some(db)
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
