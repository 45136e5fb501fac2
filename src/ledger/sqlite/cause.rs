//! Errors of the system by their names: SQLite tells most of them as a number of its own.
//!
//! SQLite keeps the error of the system to itself. What failed is tried again beside the ledger, on a file that is
//! removed again, so that the system says what is wrong.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use rusqlite::{Error, ErrorCode, ffi};

use super::durable::{journal, length};
use super::writer::private;
use crate::error::system_words;

/// How many bytes are written to try out whether the system takes them: a page.
const PROBE_BYTES: usize = 4096;

/// What the system said, and about which file.
#[derive(Debug)]
pub(super) struct SystemCause {
    /// The file.
    pub(super) file: PathBuf,
    /// What it said.
    pub(super) error: io::Error,
}

impl SystemCause {
    /// Whether there is no room left for a file of this size: on the disk, by a quota, or by a limit.
    pub(super) fn is_no_room(&self) -> bool {
        is_no_room(&self.error)
    }

    /// `file: words (NAME)`.
    pub(super) fn words(&self) -> String {
        format!("{}: {}", self.file.display(), words(&self.error))
    }
}

/// Whether an error says that there is no room: on the disk, by a quota, or by a limit for the size of files.
pub(super) fn is_no_room(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge
    )
}

/// An error of the system in words, with its name: `file too large (EFBIG)`.
#[cfg(unix)]
pub(super) fn words(error: &io::Error) -> String {
    use nix::errno::Errno;
    match error.raw_os_error().map(Errno::from_raw) {
        None | Some(Errno::UnknownErrno) => system_words(error),
        Some(number) => format!("{} ({number:?})", number.desc().to_lowercase()),
    }
}

/// An error of the system in words.
#[cfg(not(unix))]
pub(super) fn words(error: &io::Error) -> String {
    system_words(error)
}

/// What SQLite was refused, where the system does not say more.
#[cfg(unix)]
mod refused {
    use nix::errno::Errno;

    pub(super) const NO_ROOM: i32 = Errno::ENOSPC as i32;
    pub(super) const NO_RIGHT: i32 = Errno::EACCES as i32;
    pub(super) const BROKEN: i32 = Errno::EIO as i32;
}

/// The same: `ERROR_DISK_FULL`, `ERROR_ACCESS_DENIED`, `ERROR_IO_DEVICE`.
#[cfg(not(unix))]
mod refused {
    pub(super) const NO_ROOM: i32 = 112;
    pub(super) const NO_RIGHT: i32 = 5;
    pub(super) const BROKEN: i32 = 1117;
}

/// What to do about an error of the system.
pub(super) fn help(error: &io::Error) -> &'static str {
    match (error.kind(), error.raw_os_error()) {
        (ErrorKind::StorageFull | ErrorKind::QuotaExceeded, _) => {
            "make room on its disk, or name another file with --ledger or HERALD_LEDGER"
        }
        (ErrorKind::FileTooLarge, _) => {
            "raise the limit for the size of files (`ulimit -f`), or name another file with --ledger or HERALD_LEDGER"
        }
        (_, Some(23 | 24)) if cfg!(unix) => "raise the limit for open files (`ulimit -n`)",
        _ => {
            "check its disk, and the rights of the file and of its folder, or name another file with --ledger or HERALD_LEDGER"
        }
    }
}

/// What the system has against something that SQLite was refused, as far as that can be found out. `named` is the ledger.
pub(super) fn of(error: &Error, named: &Path) -> Option<SystemCause> {
    let Error::SqliteFailure(failure, _) = error else { return None };
    let database = super::place::database(named);
    let folder = database.parent()?.to_owned();
    let of_database = |number| {
        let error = io::Error::from_raw_os_error(number);
        Some(SystemCause { file: database.clone(), error })
    };
    match (failure.code, failure.extended_code) {
        (ErrorCode::DiskFull, _) => {
            let tried = why_not_written(&database);
            tried.or_else(|| of_database(refused::NO_ROOM))
        }
        (_, ffi::SQLITE_IOERR_READ | ffi::SQLITE_IOERR_SHORT_READ) => of_database(refused::BROKEN),
        (ErrorCode::SystemIoFailure, _) => {
            let tried = why_not_written(&database).or_else(|| why_not_opened(&folder));
            tried.or_else(|| of_database(refused::BROKEN))
        }
        (ErrorCode::CannotOpen, _) => {
            why_not_opened(&folder).or_else(|| why_not_written(&database))
        }
        (ErrorCode::ReadOnly | ErrorCode::PermissionDenied, _) => {
            let tried = why_not_written(&database);
            tried.or_else(|| of_database(refused::NO_RIGHT))
        }
        _ => None,
    }
}

/// How many files SQLite has open of a database, and a few more.
const MAX_HANDLES: usize = 8;

/// Why no more can be opened in a folder, where no more can.
fn why_not_opened(folder: &Path) -> Option<SystemCause> {
    let open = |_| File::open(folder);
    let error = (0..MAX_HANDLES).map(open).collect::<io::Result<Vec<_>>>().err()?;
    Some(SystemCause { file: folder.to_owned(), error })
}

/// Why a file beside a database, as long as the longer of database and journal, cannot grow, where it cannot. Nothing of
/// the ledger itself is touched.
fn why_not_written(database: &Path) -> Option<SystemCause> {
    let journal = journal(database);
    let [of_database, of_journal] = [database, &journal].map(length);
    let longer = if of_journal > of_database { &*journal } else { database };
    let mut tried = database.as_os_str().to_owned();
    tried.push(format!("-{}.tried", std::process::id()));
    let tried = PathBuf::from(tried);
    let at = of_database.max(of_journal);
    let write = || {
        let mut file = private(OpenOptions::new().write(true).create_new(true)).open(&tried)?;
        file.seek(SeekFrom::Start(at))?;
        file.write_all(&[0x5a; PROBE_BYTES])?;
        file.sync_all()
    };
    let error = write().err();
    let _ = fs::remove_file(&tried);
    Some(SystemCause { file: longer.to_owned(), error: error? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_of_the_system_is_told_by_its_name_and_never_as_a_number() {
        #[cfg(unix)]
        for (number, says) in [
            (2, "no such file or directory (ENOENT)"),
            (5, "i/o error (EIO)"),
            (13, "permission denied (EACCES)"),
            (24, "too many open files (EMFILE)"),
            (27, "file too large (EFBIG)"),
            (28, "no space left on device (ENOSPC)"),
            (30, "read-only file system (EROFS)"),
        ] {
            assert_eq!(words(&io::Error::from_raw_os_error(number)), says);
        }
        for number in 1..200 {
            let told = words(&io::Error::from_raw_os_error(number));
            assert!(!told.contains("os error") && !told.is_empty(), "{told}");
        }
    }

    #[test]
    fn what_sqlite_was_refused_is_found_out_beside_the_ledger() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("l.db");
        fs::write(&path, "x").unwrap();
        let failure = |code| Error::SqliteFailure(ffi::Error::new(code), None);
        for (code, file, says) in [
            (ffi::SQLITE_IOERR_READ, &path, "i/o error (EIO)"),
            (ffi::SQLITE_IOERR_WRITE, &path, "i/o error (EIO)"),
            (ffi::SQLITE_FULL, &path, "no space left on device (ENOSPC)"),
            (ffi::SQLITE_READONLY, &path, "permission denied (EACCES)"),
        ] {
            let cause = of(&failure(code), &path).unwrap();
            assert_eq!(
                cause.words(),
                format!("{}: {says}", file.canonicalize().unwrap().display())
            );
        }
        assert!(of(&failure(ffi::SQLITE_BUSY), &path).is_none());
        let gone = of(&failure(ffi::SQLITE_CANTOPEN), &folder.path().join("no/l.db")).unwrap();
        assert!(gone.words().ends_with("no such file or directory (ENOENT)"), "{gone:?}");
        // Nothing of what was tried is left.
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
