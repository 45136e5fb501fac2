//! Why a ledger cannot be used, for people.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use super::cause::{self, SystemCause};
use super::{record, sums};
use crate::error::{Error, ErrorKind};
use crate::ledger::orphans::not_own;

/// Why a ledger cannot be used.
#[derive(Debug)]
pub(super) enum StoreFault {
    /// A later herald wrote it.
    Newer { version: i64, known: usize },
    /// An earlier herald wrote it, and this user cannot bring it up to date.
    Older { version: usize, known: usize },
    /// Owner or permission bits let others change it.
    Refused(Error),
    /// Another process has the file open under another name.
    OtherName,
    /// It is a database of another program's.
    Foreign,
    /// Something in it is not what was put there.
    Damaged(String),
    /// Commits that were synced are not in it: this many, or the last one is another.
    Lost { commits: i64, journal: PathBuf },
    /// It says that more follows in this journal, which is not there.
    NoJournal(PathBuf),
    /// There is this journal, and no database.
    NoDatabase(PathBuf),
    /// It has no tables; this is its journal, where it has one.
    NoTables(PathBuf),
    /// It has no content at all; this is its journal, where it has one.
    Empty(PathBuf),
    /// One of its files is no longer what was opened.
    Moved(String),
    /// There is a link in its path, and nothing where it leads.
    Dangling(PathBuf, PathBuf),
    /// An entry that should be open is not there, or has ended.
    NotOpen(uuid::Uuid),
    /// There is no such job.
    NoJob(uuid::Uuid),
    /// A job that is to be added is there.
    JobThere(uuid::Uuid),
    /// Another writer owns a job.
    ForeignCodes(uuid::Uuid),
    /// A job, or the batch of it with this number, does not bear its seal.
    Unsealed(uuid::Uuid, Option<u32>),
    /// A batch is not in the state in which it should be.
    NotThere(u32, &'static str),
    /// A batch is to begin with another idempotency key than it has.
    OtherKey(u32),
    /// A folder stands where the file should.
    Folder,
    /// Something else than a file stands where the file should.
    NoFile,
    /// The file system refused something.
    Io(&'static str, std::io::Error),
    /// The database refused something.
    Sqlite(rusqlite::Error),
}

impl From<rusqlite::Error> for StoreFault {
    fn from(error: rusqlite::Error) -> Self {
        sums::damage(&error).unwrap_or(Self::Sqlite(error))
    }
}

impl StoreFault {
    /// What there is no room for, where there is none left. `path` is where the ledger is.
    pub(super) fn no_room(&self, path: &Path) -> Option<SystemCause> {
        let Self::Sqlite(error) = self else { return None };
        cause::of(error, path).filter(SystemCause::is_no_room)
    }

    /// Whether SQLite would have to write before it can read: to undo a change that was cut short, or to make a log and
    /// its index.
    pub(super) fn needs_writing(&self) -> bool {
        self.has_code(ErrorCode::ReadOnly) || self.has_code(ErrorCode::CannotOpen)
    }

    fn has_code(&self, code: ErrorCode) -> bool {
        match self {
            Self::Sqlite(error) => error.sqlite_error_code() == Some(code),
            _ => false,
        }
    }

    /// The error for people. `path` is where the ledger is.
    pub(super) fn at(self, path: &Path) -> Error {
        let (whole, path) = (path, path.display());
        let error = |what: String| Error::new(ErrorKind::Ledger, what);
        match self {
            Self::Newer { version, known } => error(format!(
                "the ledger {path} is of version {version}, and this herald knows versions up to {known}"
            ))
            .help("use the herald that wrote it, or name another file with --ledger or HERALD_LEDGER"),
            Self::Older { version, known } => error(format!(
                "the ledger {path} is of version {version}, and this herald reads version {known}"
            ))
            .help("let its owner run `herald history` once, or copy it and name the copy with --ledger"),
            Self::Refused(refusal) => refusal,
            Self::OtherName => error(format!(
                "another herald is running elsewhere on the ledger {path}, under another name of the file"
            ))
            .help("wait for its end, or name the file as it does: a hard link or a mount gives a file several names"),
            Self::Foreign => error(format!("{path} is a database, but not a ledger"))
                .help("name another file with --ledger or HERALD_LEDGER"),
            Self::Damaged(what) => error(format!("the ledger {path} is damaged: {what}"))
                .help(DAMAGED),
            Self::Lost { commits, journal } => {
                let lost = match commits {
                    0 => "its last commit is not the one that was made".to_owned(),
                    1 => "the last commit is lost".to_owned(),
                    more => format!("the last {more} commits are lost"),
                };
                let (record, journal) = (record::beside(&super::place::database(whole)), journal.display());
                error(format!("the ledger {path} is damaged: {lost}")).help(format!(
                    "put it back together with its journal {journal}, as both were; \
                     what these commits sent would go out again, so only where that may be, remove {}",
                    record.display()
                ))
            }
            Self::NoJournal(journal) => {
                let journal = journal.display();
                error(format!("the ledger {path} is damaged: its journal {journal} is missing, and holds commits"))
                    .help("put the journal back beside it; a copy of a ledger that is in use needs both files")
            }
            Self::NoDatabase(journal) => {
                let journal = journal.display();
                error(format!("the ledger {path} is missing, and its journal {journal} holds commits"))
                    .help("put it back beside its journal, or move the journal away to begin a new ledger")
            }
            Self::NoTables(journal) => {
                let journal = journal.display();
                error(format!("{path} has no tables: it is no ledger")).help(format!(
                    "its journal {journal} may be missing: put it back beside it; or remove the file, and a send makes a new ledger"
                ))
            }
            Self::Empty(journal) => {
                let journal = journal.display();
                error(format!("the ledger {path} is empty")).help(format!(
                    "a send makes a ledger of it; where it had content, put that back, with its journal {journal}"
                ))
            }
            Self::Moved(what) => error(format!("the {what} while it was in use"))
                .help("nothing more is sent; put the ledger back as it was before it is used again"),
            Self::Dangling(link, to) => {
                let (link, to) = (link.display(), to.display());
                error(format!("the ledger {path} cannot be found: {link} is a link to {to}, and there is nothing"))
                    .help("make the link lead somewhere, or name another file with --ledger or HERALD_LEDGER")
            }
            Self::NotOpen(id) => error(format!("the ledger {path} has no open entry {id}"))
                .help("another program has changed the file"),
            Self::NoJob(id) => error(format!("the ledger {path} has no job {id}"))
                .help("it may have been removed meanwhile"),
            Self::JobThere(id) => error(format!("the job {id} is in the ledger {path} already"))
                .help("another herald has planned it"),
            Self::ForeignCodes(id) => not_own(id),
            Self::Unsealed(job, batch) => {
                let batch = batch.map(|number| format!("batch {number} of ")).unwrap_or_default();
                error(format!(
                    "{batch}the job {job} in the ledger {path} was changed since the job was opened: its seal does not fit"
                ))
                .help("nothing more is sent; `history show` tells what was sent")
            }
            Self::NotThere(number, state) => {
                error(format!("batch {number} in the ledger {path} is not {state}"))
                    .help("another program has changed the file")
            }
            Self::OtherKey(number) => Error::new(
                ErrorKind::Bug,
                format!("batch {number} in the ledger {path} has another idempotency key"),
            )
            .help("nothing of this batch was sent"),
            Self::Folder => error(format!("the ledger {path} is a folder"))
                .help("name a file with --ledger or HERALD_LEDGER"),
            Self::NoFile => error(format!("the ledger {path} is no regular file"))
                .help("name a file with --ledger or HERALD_LEDGER"),
            Self::Io(doing, cause) => error(format!("cannot {doing} the ledger {path}"))
                .because(anyhow::Error::msg(cause::words(&cause)))
                .help(cause::help(&cause)),
            Self::Sqlite(failure) => {
                let (what, help) = told(failure.sqlite_error_code());
                let error = error(format!("the ledger {path} {what}"));
                match cause::of(&failure, whole) {
                    Some(cause) => {
                        let help = cause::help(&cause.error);
                        error.because(anyhow::Error::msg(cause.words())).help(help)
                    }
                    None => error.because(anyhow::Error::msg(said(&failure))).help(help),
                }
            }
        }
    }
}

const DAMAGED: &str = "move it away, or name another file with --ledger or HERALD_LEDGER; `sqlite3 FILE .recover` saves what can be read";

/// What SQLite says, without a number of its own.
fn said(failure: &rusqlite::Error) -> String {
    match failure {
        rusqlite::Error::SqliteFailure(failure, None) => {
            rusqlite::ffi::code_to_str(failure.extended_code).to_owned()
        }
        failure => failure.to_string(),
    }
}

/// What a code of SQLite means here, and what to do.
fn told(code: Option<ErrorCode>) -> (&'static str, &'static str) {
    match code {
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt | ErrorCode::TypeMismatch)
        | None => ("is damaged", DAMAGED),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            ("is busy", "another program holds it; retry when it is done")
        }
        Some(ErrorCode::DiskFull) => (
            "has no room to grow",
            "make room on its disk, or name another file with --ledger or HERALD_LEDGER",
        ),
        Some(ErrorCode::SystemIoFailure) => (
            "cannot be read or written",
            "check its disk and the limits of this process, or name another file with --ledger or HERALD_LEDGER",
        ),
        Some(ErrorCode::CannotOpen) => (
            "cannot be opened",
            "check the rights of the file and of its folder, or name another file with --ledger or HERALD_LEDGER",
        ),
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => (
            "cannot be written",
            "check the rights of the file and of its folder, or name another file with --ledger or HERALD_LEDGER",
        ),
        Some(_) => (
            "cannot be used",
            "check its disk and rights, or name another file with --ledger or HERALD_LEDGER",
        ),
    }
}
