//! The records of the sandbox, in one SQLite file for all providers, or in memory.

use std::fs;
use std::path::Path;
use std::time::Duration;

use rusqlite::types::Type;
use rusqlite::{
    Connection, OpenFlags, OptionalExtension as _, Transaction, TransactionBehavior, params,
};

use super::SandboxStore;
use crate::document::{Document, Value};
use crate::error::{Error, ErrorKind, Result};
use crate::files::make_own_folder;
use crate::in_place::FileInPlace;
use crate::trust::{
    DatabaseFile, LockAttempt, LockByte, NameUse, OpenMode, OwnerRule, TrustCheck, is_refused,
    side_files,
};

/// Layout of the file. A file with another layout is not touched.
const LAYOUT: i64 = 1;

/// Name of the file.
const FILE: &str = "state.db";

/// Who may own and change the file: the sandbox answers its content as the vendor's.
const STATE: TrustCheck<'static> = TrustCheck {
    name: "the sandbox's state",
    kind: ErrorKind::Input,
    owner: OwnerRule::UserOrRoot,
    is_private: true,
};

/// The records of all providers.
#[derive(Debug)]
pub struct RecordStore {
    /// Declared before the file, so that it is closed first: closing the file gives up the locks of SQLite.
    connection: Connection,
    file: Option<(FileInPlace, DatabaseFile)>,
}

impl RecordStore {
    /// A shelf that disappears with the process.
    pub fn memory() -> Self {
        let connection = Connection::open_in_memory()
            .and_then(|connection| prepare(&connection).map(|()| connection))
            .expect("a database in memory needs nothing from outside");
        Self { connection, file: None }
    }

    /// A shelf in a folder, which is created if necessary. It holds messages, so other users cannot read it; one that
    /// they can change is refused ([`is_refused`]).
    pub fn open(folder: &Path) -> anyhow::Result<Self> {
        make_own_folder(folder)?;
        let path = folder.join(FILE);
        let file = open_private(&path)?;
        let flags = OpenFlags::default() | OpenFlags::SQLITE_OPEN_NOFOLLOW;
        let connection = Connection::open_with_flags(file.real_path(), flags)?;
        connection.busy_timeout(Duration::from_secs(10))?;
        let layout = |connection: &Connection| {
            connection.query_row("PRAGMA user_version", [], |row| row.get::<_, i64>(0))
        };
        match layout(&connection)? {
            0 | LAYOUT => {}
            other => anyhow::bail!("`{}` has layout {other}, not {LAYOUT}", path.display()),
        }
        prepare(&connection)?;
        let in_place = FileInPlace::of_open(&path, file.file()?)?;
        Ok(Self { connection, file: Some((in_place, file)) })
    }

    /// A shelf in a folder, for a server: the only one on it. An error if another server has the folder. Where the system
    /// has no locks on bytes of a file, that cannot be known, and both serve.
    pub fn open_for_server(folder: &Path) -> anyhow::Result<Self> {
        let shelf = Self::open(folder)?;
        if let Some((_, file)) = &shelf.file
            && file.lock_byte(LockByte::of_worker(b"sandbox server")) == LockAttempt::Busy
        {
            let message =
                format!("another `herald sandbox` keeps its state in `{}`", folder.display());
            let help = "name another folder, or end the other one; without --state each has its own in memory";
            return Err(Error::input(message).help(help).into());
        }
        Ok(shelf)
    }

    /// A shelf in a folder, or in memory if the folder cannot be written; then also the reason. An error if other users
    /// can change the state.
    pub fn open_or_memory(folder: Option<&Path>) -> Result<(Self, Option<String>)> {
        let Some(folder) = folder else {
            let remark = "there is no folder for the sandbox's state".to_owned();
            return Ok((Self::memory(), Some(remark)));
        };
        let error = match Self::open(folder) {
            Ok(shelf) => return Ok((shelf, None)),
            Err(error) => error,
        };
        match error.downcast::<Error>() {
            Ok(refusal) if is_refused(&refusal) => Err(refusal),
            other => {
                let error = other.map_or_else(|error| error, anyhow::Error::from);
                let shown = folder.display();
                let remark = format!("cannot keep the sandbox's state in `{shown}`: {error}");
                Ok((Self::memory(), Some(remark)))
            }
        }
    }

    /// Its path; `None` in memory.
    pub fn path(&self) -> Option<&Path> {
        self.file.as_ref().map(|(file, _)| file.path())
    }

    /// Gives access to a provider's records in one transaction: all is stored, or nothing; no other process writes
    /// meanwhile. Refuses if the file was moved, deleted or replaced: its records could not be found again.
    pub fn visit<T>(
        &mut self,
        provider: &str,
        work: impl FnOnce(&mut dyn SandboxStore) -> T,
    ) -> anyhow::Result<T> {
        if let Some((file, _)) = &self.file
            && let Some(change) = file.change()?
        {
            anyhow::bail!("`{}` {change} while it was in use", file.path().display());
        }
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut records = Records { transaction: &transaction, provider, fault: None };
        let done = work(&mut records);
        match records.fault {
            Some(fault) => Err(fault.into()),
            None => {
                transaction.commit()?;
                Ok(done)
            }
        }
    }
}

/// Opens the file, and creates it if it does not exist: private from the start, under one name at a time, and through
/// no link.
fn open_private(path: &Path) -> anyhow::Result<DatabaseFile> {
    STATE.folder_of(path)?;
    for file in [path.to_owned()].into_iter().chain(side_files(path)) {
        if fs::symlink_metadata(&file).is_ok_and(|about| about.is_symlink()) {
            anyhow::bail!("`{}` is a link", file.display());
        }
    }
    let file = match DatabaseFile::create(path) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            let file = DatabaseFile::open(path, OpenMode::Write)?;
            file.check(&STATE, path)?;
            file.make_private()?;
            file
        }
        made => made?,
    };
    if file.share_name() == NameUse::Other {
        anyhow::bail!("another herald uses `{}` under another name", path.display());
    }
    Ok(file)
}

/// The sandbox need not survive a power cut, so nothing waits for the disk.
fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(&format!(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = OFF;
         BEGIN IMMEDIATE;
         CREATE TABLE IF NOT EXISTS record (
             age INTEGER PRIMARY KEY AUTOINCREMENT,
             provider TEXT NOT NULL,
             kind TEXT NOT NULL,
             id TEXT NOT NULL,
             body TEXT NOT NULL,
             UNIQUE (provider, kind, id)
         );
         CREATE TABLE IF NOT EXISTS series (
             provider TEXT NOT NULL,
             name TEXT NOT NULL,
             last INTEGER NOT NULL,
             PRIMARY KEY (provider, name)
         ) WITHOUT ROWID;
         PRAGMA user_version = {LAYOUT};
         COMMIT;"
    ))
}

/// The records of one provider within a transaction. The first error ends it, and the transaction with it.
struct Records<'a> {
    transaction: &'a Transaction<'a>,
    provider: &'a str,
    fault: Option<rusqlite::Error>,
}

impl Records<'_> {
    fn attempt<T: Default>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>, &str) -> rusqlite::Result<T>,
    ) -> T {
        if self.fault.is_some() {
            return T::default();
        }
        work(self.transaction, self.provider).unwrap_or_else(|error| {
            self.fault = Some(error);
            T::default()
        })
    }
}

impl SandboxStore for Records<'_> {
    fn get(&mut self, kind: &str, id: &str) -> Option<Value> {
        self.attempt(|transaction, provider| {
            transaction
                .prepare_cached(
                    "SELECT body FROM record WHERE provider = ? AND kind = ? AND id = ?",
                )?
                .query_row(params![provider, kind, id], |row| parse(0, row.get(0)?))
                .optional()
        })
    }

    fn put(&mut self, kind: &str, id: &str, record: &Value) {
        self.attempt(|transaction, provider| {
            transaction
                .prepare_cached(
                    "INSERT INTO record (provider, kind, id, body) VALUES (?, ?, ?, ?)
                     ON CONFLICT (provider, kind, id) DO UPDATE SET body = excluded.body",
                )?
                .execute(params![provider, kind, id, record.to_compact()])
        });
    }

    fn remove(&mut self, kind: &str, id: &str) {
        self.attempt(|transaction, provider| {
            transaction
                .prepare_cached("DELETE FROM record WHERE provider = ? AND kind = ? AND id = ?")?
                .execute(params![provider, kind, id])
        });
    }

    fn list(&mut self, kind: &str) -> Vec<(String, Value)> {
        self.attempt(|transaction, provider| {
            transaction
                .prepare_cached(
                    "SELECT id, body FROM record WHERE provider = ? AND kind = ? ORDER BY age",
                )?
                .query_map(params![provider, kind], |row| {
                    Ok((row.get(0)?, parse(1, row.get(1)?)?))
                })?
                .collect()
        })
    }

    fn next(&mut self, series: &str) -> u64 {
        let number: i64 = self.attempt(|transaction, provider| {
            transaction
                .prepare_cached(
                    "INSERT INTO series (provider, name, last) VALUES (?, ?, 1)
                     ON CONFLICT (provider, name) DO UPDATE SET last = last + 1 RETURNING last",
                )?
                .query_row(params![provider, series], |row| row.get(0))
        });
        u64::try_from(number).unwrap_or_default()
    }
}

/// Parses a record that [`SandboxStore::put`] wrote into a column. A damaged record is an error, not an empty record.
fn parse(column: usize, text: String) -> rusqlite::Result<Value> {
    Document::parse(text).map(Document::into_value).map_err(|fault| {
        let why = format!("a record of the sandbox is damaged: {}", fault.message);
        rusqlite::Error::FromSqlConversionFailure(column, Type::Text, why.into())
    })
}

#[cfg(test)]
mod tests;
