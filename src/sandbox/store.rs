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
pub struct Shelf {
    /// Declared before the file, so that it is closed first: closing the file gives up the locks of SQLite.
    connection: Connection,
    file: Option<(FileInPlace, DatabaseFile)>,
}

impl Shelf {
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
        anyhow::bail!("another herald is at work on `{}` under another name", path.display());
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
mod tests {

    use super::*;

    fn text(value: &str) -> Value {
        Value::from(value)
    }

    fn shows_what_a_store_does(mut shelf: Shelf) {
        shelf
            .visit("a", |store| {
                store.put("message", "2", &text("first"));
                store.put("message", "10", &text("second"));
                store.put("message", "1", &Value::number("9007199254740993"));
                store.put("message", "2", &text("changed"));
                store.put("tag", "2", &text("another kind"));
                store.remove("message", "10");
                assert_eq!((store.next("id"), store.next("id"), store.next("x")), (1, 2, 1));
            })
            .expect("it can be written");
        shelf
            .visit("a", |store| {
                let listed: Vec<(String, String)> = store
                    .list("message")
                    .into_iter()
                    .map(|(id, value)| (id, value.to_compact()))
                    .collect();
                let expected = [("2", "\"changed\""), ("1", "9007199254740993")];
                assert_eq!(listed, expected.map(|(id, body)| (id.to_owned(), body.to_owned())));
                assert!(store.get("message", "10").is_none());
                assert_eq!(store.next("id"), 3);
            })
            .expect("it can be read");
        shelf
            .visit("b", |store| {
                assert!(store.list("message").is_empty(), "providers are kept apart");
                assert_eq!(store.next("id"), 1);
            })
            .expect("it can be read");
    }

    #[test]
    fn records_keep_their_age_their_numbers_and_their_provider() {
        shows_what_a_store_does(Shelf::memory());
        let folder = tempfile::tempdir().expect("a temporary folder");
        shows_what_a_store_does(Shelf::open(folder.path()).expect("it can be written"));
    }

    #[test]
    fn what_was_kept_is_there_for_the_next_process() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let inside = folder.path().join("deep/inside");
        let mut first = Shelf::open(&inside).expect("it can be written");
        first.visit("a", |store| store.put("k", "1", &text("x"))).expect("kept");
        let mut second = Shelf::open(&inside).expect("two at once are fine");
        let found = second.visit("a", |store| store.get("k", "1")).expect("read");
        assert!(found.is_some_and(|value| value.same(&text("x"))));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = |path: &Path| fs::metadata(path).expect("it is there").permissions().mode();
            assert_eq!(mode(&inside) & 0o777, 0o700);
            assert_eq!(mode(first.path().expect("a file")) & 0o777, 0o600);
        }
    }

    #[test]
    fn several_processes_never_get_the_same_number() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let workers: Vec<_> = (0..4)
            .map(|_| {
                let path = folder.path().to_owned();
                std::thread::spawn(move || {
                    let mut shelf = Shelf::open(&path).expect("it can be written");
                    (0..50)
                        .map(|_| shelf.visit("a", |store| store.next("id")).expect("in turn"))
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        let mut numbers: Vec<u64> =
            workers.into_iter().flat_map(|worker| worker.join().expect("no panic")).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=200).collect::<Vec<u64>>());
    }

    #[test]
    fn a_folder_that_cannot_be_written_or_read_falls_back_to_memory() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("file");
        fs::write(&file, "not a folder").expect("writable");
        let damaged = folder.path().join("damaged");
        fs::create_dir(&damaged).expect("writable");
        fs::write(damaged.join("state.db"), "not a database, but long enough to be read as one")
            .expect("writable");
        for folder in [Some(file.as_path()), Some(damaged.as_path()), None] {
            let (shelf, remark) = Shelf::open_or_memory(folder).expect("not refused");
            assert!(shelf.path().is_none());
            assert!(remark.is_some_and(|remark| remark.contains("state")));
        }
    }

    #[test]
    fn a_damaged_record_is_a_fault_and_changes_nothing() {
        let mut shelf = Shelf::memory();
        shelf.visit("a", |store| store.put("k", "1", &text("x"))).expect("kept");
        shelf.connection.execute("UPDATE record SET body = '{'", []).expect("damaged");
        let looked = shelf.visit("a", |store| {
            store.put("k", "2", &text("y"));
            store.get("k", "1")
        });
        assert!(looked.is_err_and(|error| error.to_string().contains("is damaged")));
        assert!(shelf.visit("a", |store| store.list("k").len()).is_err());
        let count: i64 = shelf
            .connection
            .query_row("SELECT count(*) FROM record", [], |row| row.get(0))
            .expect("a count");
        assert_eq!(count, 1);
    }

    #[test]
    fn nothing_is_kept_in_a_file_that_has_moved() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut shelf = Shelf::open(folder.path()).expect("it can be written");
        let mut put = || shelf.visit("a", |store| store.put("k", "1", &text("x")));
        put().expect("it is there");
        fs::rename(folder.path().join("state.db"), folder.path().join("other.db")).expect("moved");
        let error = put().expect_err("it is gone").to_string();
        assert!(error.contains("state.db") && error.contains("moved or deleted"), "{error}");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_folder_has_one_server_at_a_time() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let first = Shelf::open_for_server(folder.path()).expect("it is free");
        let error = Shelf::open_for_server(folder.path()).expect_err("it is taken").to_string();
        assert!(error.contains(&folder.path().display().to_string()), "{error}");
        Shelf::open(folder.path()).expect("others may look into it");
        drop(first);
        Shelf::open_for_server(folder.path()).expect("it is free again");
    }

    #[test]
    fn a_newer_layout_is_left_alone() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let shelf = Shelf::open(folder.path()).expect("it can be written");
        shelf.connection.execute_batch("PRAGMA user_version = 99").expect("written");
        drop(shelf);
        assert!(Shelf::open(folder.path()).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_state_that_others_can_change_is_refused_and_one_that_they_can_read_is_closed() {
        use std::os::unix::fs::PermissionsExt as _;
        let home = tempfile::tempdir().expect("a temporary folder");
        let folder = home.path().join("state");
        let mut shelf = Shelf::open(&folder).expect("it can be written");
        shelf.visit("a", |store| store.put("k", "1", &text("x"))).expect("kept");
        let files = ["state.db", "state.db-wal", "state.db-shm"].map(|name| folder.join(name));
        let set = |path: &Path, mode| {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("it is ours");
        };
        let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
        files.iter().for_each(|file| set(file, 0o644));
        let mut second = Shelf::open(&folder).expect("others can only read it");
        assert_eq!(files.clone().map(|file| mode(&file)), [0o600; 3]);
        second.visit("a", |store| store.put("k", "2", &text("y"))).expect("kept");
        for (path, loose, usual) in
            [(&folder, 0o777, 0o700), (&files[0], 0o666, 0o600), (&files[1], 0o666, 0o600)]
        {
            set(path, loose);
            let refusal = Shelf::open_or_memory(Some(&folder)).expect_err("it is refused");
            assert_eq!(refusal.exit().code(), 3);
            assert!(refusal.advice().is_some_and(|help| help.starts_with("chmod")), "{refusal:?}");
            set(path, usual);
        }
        drop((shelf, second));
        let again = Shelf::open(&folder).expect("it is safe again");
        assert!(again.path().is_some());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_state_in_use_is_not_opened_under_another_name() {
        let home = tempfile::tempdir().expect("a temporary folder");
        let at = |name: &str| home.path().join(name);
        let first = Shelf::open(&at("one")).expect("it can be written");
        fs::create_dir(at("two")).expect("a folder");
        fs::hard_link(at("one/state.db"), at("two/state.db")).expect("a link");
        std::os::unix::fs::symlink(at("one"), at("three")).expect("a link");
        let error = Shelf::open(&at("two")).expect_err("SQLite would have two logs");
        assert!(error.to_string().contains("under another name"), "{error}");
        drop(Shelf::open(&at("three")).expect("the same name"));
        drop(first);
        assert!(Shelf::open(&at("two")).is_ok());
    }

    #[cfg(unix)]
    #[test]
    fn state_is_kept_through_no_link() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().expect("a temporary folder");
        let victim = folder.path().join("victim");
        for name in ["state.db", "state.db-wal", "state.db-shm"] {
            let inside = folder.path().join(name.replace('.', "-"));
            fs::create_dir(&inside).expect("writable");
            symlink(&victim, inside.join(name)).expect("a link");
            assert!(Shelf::open(&inside).is_err(), "{name}");
            assert!(!victim.exists());
        }
        let own = folder.path().join("own");
        let mut shelf = Shelf::open(&own).expect("it can be written");
        shelf.visit("a", |store| store.put("k", "1", &text("x"))).expect("kept");
        // A link may lead to the folder itself.
        symlink(&own, folder.path().join("linked")).expect("a link");
        let mut linked = Shelf::open(&folder.path().join("linked")).expect("it can be written");
        let found = linked.visit("a", |store| store.get("k", "1")).expect("read");
        assert!(found.is_some_and(|value| value.same(&text("x"))));
    }
}
