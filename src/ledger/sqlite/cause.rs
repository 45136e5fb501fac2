//! Errors of the system by their names: SQLite tells most of them as a number of its own.
//!
//! SQLite keeps the error of the system to itself. What failed is tried once more beside the ledger, on a file that is
//! removed again, so that the system says what is wrong.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use rusqlite::{Error, ErrorCode, ffi};

use super::durable::{journal, length};
use super::writer::private;

/// How many bytes are written to try out whether the system takes them: a page.
const TRIED: usize = 4096;

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
pub(super) fn words(error: &io::Error) -> String {
    let by_number = error.raw_os_error().filter(|_| cfg!(unix)).and_then(by_number);
    match by_number.or_else(|| by_kind(error.kind())) {
        Some((name, words)) => format!("{words} ({name})"),
        None => without_number(error),
    }
}

/// What to do about an error of the system.
pub(super) fn help(error: &io::Error) -> &'static str {
    match (error.kind(), error.raw_os_error()) {
        (ErrorKind::StorageFull | ErrorKind::QuotaExceeded, _) => {
            "make room on its disk, or name another file with --ledger"
        }
        (ErrorKind::FileTooLarge, _) => {
            "raise the limit for the size of files (`ulimit -f`), or name another file with --ledger"
        }
        (_, Some(23 | 24)) if cfg!(unix) => "raise the limit for open files (`ulimit -n`)",
        _ => {
            "check its disk, and the rights of the file and of its folder, or name another file with --ledger"
        }
    }
}

/// What numbers mean that are the same on all Unix systems, or that are not among the kinds of the standard library.
fn by_number(number: i32) -> Option<(&'static str, &'static str)> {
    let is_linux = cfg!(any(target_os = "linux", target_os = "android"));
    Some(match number {
        1 => ("EPERM", "operation not permitted"),
        5 => ("EIO", "input/output error"),
        23 => ("ENFILE", "too many open files in the system"),
        24 => ("EMFILE", "too many open files"),
        36 if is_linux => ("ENAMETOOLONG", "file name too long"),
        40 if is_linux => ("ELOOP", "too many links in the path"),
        62 if !is_linux => ("ELOOP", "too many links in the path"),
        63 if !is_linux => ("ENAMETOOLONG", "file name too long"),
        _ => return None,
    })
}

fn by_kind(kind: ErrorKind) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        ErrorKind::StorageFull => ("ENOSPC", "no space left on the device"),
        ErrorKind::QuotaExceeded => ("EDQUOT", "disk quota exceeded"),
        ErrorKind::FileTooLarge => ("EFBIG", "file too large"),
        ErrorKind::ReadOnlyFilesystem => ("EROFS", "read-only file system"),
        ErrorKind::StaleNetworkFileHandle => ("ESTALE", "stale file handle"),
        ErrorKind::PermissionDenied => ("EACCES", "permission denied"),
        ErrorKind::NotFound => ("ENOENT", "no such file or folder"),
        ErrorKind::AlreadyExists => ("EEXIST", "it exists"),
        ErrorKind::NotADirectory => ("ENOTDIR", "not a folder"),
        ErrorKind::IsADirectory => ("EISDIR", "it is a folder"),
        ErrorKind::OutOfMemory => ("ENOMEM", "not enough memory"),
        ErrorKind::ResourceBusy => ("EBUSY", "device or resource busy"),
        _ => return None,
    })
}

/// What the standard library says, without the number behind it.
fn without_number(error: &io::Error) -> String {
    let text = error.to_string();
    let end = text.rfind(" (os error").unwrap_or(text.len());
    text[..end].to_owned()
}

/// What the system has against something that SQLite was refused, as far as that can be found out. `named` is the ledger.
pub(super) fn of(error: &Error, named: &Path) -> Option<SystemCause> {
    let Error::SqliteFailure(failure, _) = error else { return None };
    let database = super::place::database(named);
    let folder = database.parent()?.to_owned();
    let of = |file: &Path, error| Some(SystemCause { file: file.to_owned(), error });
    match (failure.code, failure.extended_code) {
        (ErrorCode::DiskFull, _) => {
            let tried = why_not_written(&database);
            tried.or_else(|| of(&database, ErrorKind::StorageFull.into()))
        }
        (_, ffi::SQLITE_IOERR_READ | ffi::SQLITE_IOERR_SHORT_READ) => {
            of(&database, io::Error::from_raw_os_error(EIO))
        }
        (ErrorCode::SystemIoFailure, _) => {
            let tried = why_not_written(&database).or_else(|| why_not_opened(&folder));
            tried.or_else(|| of(&database, io::Error::from_raw_os_error(EIO)))
        }
        (ErrorCode::CannotOpen, _) => {
            why_not_opened(&folder).or_else(|| why_not_written(&database))
        }
        (ErrorCode::ReadOnly | ErrorCode::PermissionDenied, _) => {
            let tried = why_not_written(&database);
            tried.or_else(|| of(&database, ErrorKind::PermissionDenied.into()))
        }
        _ => None,
    }
}

/// `EIO`, on every system.
const EIO: i32 = 5;

/// How many files SQLite has open of a database, and a few more.
const HANDLES: usize = 8;

/// Why no more can be opened in a folder, where no more can.
fn why_not_opened(folder: &Path) -> Option<SystemCause> {
    let open = |_| File::open(folder);
    let error = (0..HANDLES).map(open).collect::<io::Result<Vec<_>>>().err()?;
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
        file.write_all(&[0x5a; TRIED])?;
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
        let kinds = [
            (ErrorKind::StorageFull, "no space left on the device (ENOSPC)"),
            (ErrorKind::QuotaExceeded, "disk quota exceeded (EDQUOT)"),
            (ErrorKind::FileTooLarge, "file too large (EFBIG)"),
            (ErrorKind::ReadOnlyFilesystem, "read-only file system (EROFS)"),
            (ErrorKind::PermissionDenied, "permission denied (EACCES)"),
        ];
        for (kind, says) in kinds {
            assert_eq!(words(&kind.into()), says);
        }
        #[cfg(unix)]
        for (number, says) in [
            (2, "no such file or folder (ENOENT)"),
            (5, "input/output error (EIO)"),
            (13, "permission denied (EACCES)"),
            (24, "too many open files (EMFILE)"),
            (27, "file too large (EFBIG)"),
            (28, "no space left on the device (ENOSPC)"),
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
            (ffi::SQLITE_IOERR_READ, &path, "input/output error (EIO)"),
            (ffi::SQLITE_IOERR_WRITE, &path, "input/output error (EIO)"),
            (ffi::SQLITE_FULL, &path, "no space left on the device (ENOSPC)"),
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
        assert!(gone.words().ends_with("no such file or folder (ENOENT)"), "{gone:?}");
        // Nothing of what was tried is left.
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
