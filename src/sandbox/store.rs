//! What the sandbox keeps, in one SQLite file for all providers, or in memory.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{
    Connection, OpenFlags, OptionalExtension as _, Transaction, TransactionBehavior, params,
};

use super::Store;
use crate::document::{Document, Value};
use crate::files::{keep_private, make_own_folder};

/// Layout of the file. A file of another layout is not touched.
const LAYOUT: i64 = 1;

/// Name of the file.
const FILE: &str = "state.db";

/// The records of all providers.
#[derive(Debug)]
pub struct Shelf {
    connection: Connection,
    path: Option<PathBuf>,
}

impl Shelf {
    /// One that is gone with the process.
    pub fn memory() -> Self {
        let connection = Connection::open_in_memory()
            .and_then(|connection| prepare(&connection).map(|()| connection))
            .expect("a database in memory needs nothing from outside");
        Self { connection, path: None }
    }

    /// One in a folder, which is made if it is not there. It holds messages, so others cannot read it.
    pub fn open(folder: &Path) -> anyhow::Result<Self> {
        let held = make_own_folder(folder)?;
        let path = folder.join(FILE);
        // Looked at before SQLite opens it: what it writes beside the file has the file's permissions.
        keep_private(&held, FILE.as_ref(), true)?;
        for beside in [format!("{FILE}-wal"), format!("{FILE}-shm")] {
            keep_private(&held, beside.as_ref(), false)?;
        }
        let flags = OpenFlags::default() | OpenFlags::SQLITE_OPEN_NOFOLLOW;
        let connection = Connection::open_with_flags(held.path().join(FILE), flags)?;
        connection.busy_timeout(Duration::from_secs(10))?;
        let layout = |connection: &Connection| {
            connection.query_row("PRAGMA user_version", [], |row| row.get::<_, i64>(0))
        };
        match layout(&connection)? {
            0 | LAYOUT => {}
            other => anyhow::bail!("`{}` has layout {other}, not {LAYOUT}", path.display()),
        }
        prepare(&connection)?;
        Ok(Self { connection, path: Some(path) })
    }

    /// One in a folder, or in memory where that cannot be written; then also why.
    pub fn open_or_memory(folder: Option<&Path>) -> (Self, Option<String>) {
        let Some(folder) = folder else {
            return (Self::memory(), Some("there is no folder for the sandbox's state".to_owned()));
        };
        match Self::open(folder) {
            Ok(shelf) => (shelf, None),
            Err(error) => {
                let shown = folder.display();
                (
                    Self::memory(),
                    Some(format!("cannot keep the sandbox's state in `{shown}`: {error}")),
                )
            }
        }
    }

    /// Where it is; `None` in memory.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Lets somebody work on the records of a provider. All of it is kept, or nothing; meanwhile no other process writes.
    pub fn visit<T>(
        &mut self,
        provider: &str,
        work: impl FnOnce(&mut dyn Store) -> T,
    ) -> rusqlite::Result<T> {
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut records = Records { transaction: &transaction, provider, fault: None };
        let done = work(&mut records);
        match records.fault {
            Some(fault) => Err(fault),
            None => transaction.commit().map(|()| done),
        }
    }
}

/// A stand-in need not survive a power cut, so nothing waits for the disk.
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

/// The records of one provider within a transaction. The first fault ends it, and with it the transaction.
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

impl Store for Records<'_> {
    fn get(&mut self, kind: &str, id: &str) -> Option<Value> {
        self.attempt(|transaction, provider| {
            transaction
                .prepare_cached(
                    "SELECT body FROM record WHERE provider = ? AND kind = ? AND id = ?",
                )?
                .query_row(params![provider, kind, id], |row| row.get::<_, String>(0))
                .optional()
        })
        .map(parse)
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
                    Ok((row.get(0)?, parse(row.get::<_, String>(1)?)))
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

/// A record is what [`Store::put`] wrote; one that somebody else damaged reads as an empty object.
fn parse(text: String) -> Value {
    Document::parse(text).map_or_else(|_| Value::object(), Document::into_value)
}

#[cfg(test)]
mod tests {
    use std::fs;

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
            let (shelf, remark) = Shelf::open_or_memory(folder);
            assert!(shelf.path().is_none());
            assert!(remark.is_some_and(|remark| remark.contains("state")));
        }
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
    fn state_is_kept_through_no_link_and_becomes_its_owner_s() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let folder = tempfile::tempdir().expect("a temporary folder");
        let victim = folder.path().join("victim");
        for name in ["state.db", "state.db-wal", "state.db-shm"] {
            let inside = folder.path().join(name.replace('.', "-"));
            fs::create_dir(&inside).expect("writable");
            symlink(&victim, inside.join(name)).expect("a link");
            assert!(Shelf::open(&inside).is_err(), "{name}");
            assert!(!victim.exists());
        }
        let loose = folder.path().join("loose");
        let mut shelf = Shelf::open(&loose).expect("it can be written");
        shelf.visit("a", |store| store.put("k", "1", &text("x"))).expect("kept");
        let names = ["state.db", "state.db-wal", "state.db-shm"];
        for name in names {
            let mode = fs::Permissions::from_mode(0o666);
            fs::set_permissions(loose.join(name), mode).expect("its owner");
        }
        let _second = Shelf::open(&loose).expect("it can be written");
        for name in names {
            let about = fs::metadata(loose.join(name)).expect("it is there");
            assert_eq!(about.permissions().mode() & 0o777, 0o600, "{name}");
        }
        // The folder itself may be reached by a link.
        symlink(&loose, folder.path().join("linked")).expect("a link");
        let mut linked = Shelf::open(&folder.path().join("linked")).expect("it can be written");
        let found = linked.visit("a", |store| store.get("k", "1")).expect("read");
        assert!(found.is_some_and(|value| value.same(&text("x"))));
    }
}
