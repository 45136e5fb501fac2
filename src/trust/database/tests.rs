//! Locks that follow the file: under every name of it, and only as long as the process lives.

use std::fs;
use std::os::unix::fs::symlink;

use rusqlite::Connection;

use super::*;

fn home() -> (tempfile::TempDir, PathBuf) {
    let home = tempfile::tempdir().expect("a folder");
    fs::create_dir(home.path().join("real")).expect("a folder");
    let path = home.path().join("real/a.db");
    fs::write(&path, "").expect("a file");
    (home, path)
}

fn open(path: &Path, mode: OpenMode) -> DatabaseFile {
    DatabaseFile::open(path, mode).expect("it opens")
}

#[test]
fn a_lock_is_seen_through_every_name_of_the_file() {
    let (home, path) = home();
    let at = |name: &str| home.path().join(name);
    symlink(&path, at("link.db")).expect("a link");
    symlink(at("real"), at("folder")).expect("a link");
    fs::hard_link(&path, at("hard.db")).expect("a link");
    let worker = open(&path, OpenMode::Write);
    let (byte, other) = (LockByte::of_worker(b"one"), LockByte::of_worker(b"two"));
    assert_eq!(worker.lock_byte(byte), LockAttempt::Taken);
    assert_eq!(worker.state_of(byte), LockState::Held, "its own");
    assert_eq!(worker.other_workers(), LockState::Free, "its own does not count");
    for name in ["real/a.db", "real/../real/a.db", "link.db", "folder/a.db", "hard.db"] {
        let asks = open(&at(name), OpenMode::Read);
        assert_eq!(
            (asks.state_of(byte), asks.state_of(other)),
            (LockState::Held, LockState::Free),
            "{name}"
        );
        assert_eq!(asks.other_workers(), LockState::Held, "{name}");
        assert_eq!(open(&at(name), OpenMode::Write).lock_byte(byte), LockAttempt::Busy, "{name}");
    }
    worker.unlock_byte(byte);
    let asks = open(&path, OpenMode::Read);
    assert_eq!((asks.state_of(byte), asks.other_workers()), (LockState::Free, LockState::Free));
    assert_eq!(worker.lock_byte(byte), LockAttempt::Taken);
    drop(worker);
    assert_eq!((asks.state_of(byte), asks.other_workers()), (LockState::Free, LockState::Free));
}

#[test]
fn one_file_open_under_two_names_is_noticed_and_two_ways_to_one_name_are_not() {
    let (home, path) = home();
    let at = |name: &str| home.path().join(name);
    symlink(&path, at("link.db")).expect("a link");
    symlink(at("real"), at("folder")).expect("a link");
    fs::hard_link(&path, at("real/b.db")).expect("a link");
    let first = open(&path, OpenMode::Read);
    assert_eq!(first.share_name(), NameUse::Same);
    for name in ["real/a.db", "link.db", "folder/a.db"] {
        assert_eq!(open(&at(name), OpenMode::Write).share_name(), NameUse::Same, "{name}");
    }
    let second = open(&at("real/b.db"), OpenMode::Read);
    assert_eq!(second.share_name(), NameUse::Other);
    drop(first);
    assert_eq!(second.share_name(), NameUse::Same, "the first name is not in use any more");
    drop(second);
    assert_eq!(open(&path, OpenMode::Read).share_name(), NameUse::Same);
}

/// Another process asks for SQLite's lock: in this one, SQLite would answer from memory.
#[test]
fn dropping_one_leaves_the_locks_of_a_connection_alone() {
    let (_home, path) = home();
    let busy = || {
        let output = std::process::Command::new(std::env::current_exe().expect("a path"))
            .args(["--exact", "trust::database::tests::says_whether_it_may_write", "--nocapture"])
            .env("DATABASE_OF_A_TEST", &path)
            .output()
            .expect("it runs");
        String::from_utf8_lossy(&output.stdout).contains("BUSY")
    };
    let first = open(&path, OpenMode::Write);
    let db = Connection::open(&path).expect("it opens");
    db.execute_batch("CREATE TABLE t (x); BEGIN IMMEDIATE; INSERT INTO t VALUES (1)")
        .expect("it works");
    assert!(busy());
    drop(open(&path, OpenMode::Read));
    drop(open(&path, OpenMode::Write));
    assert!(busy(), "the lock of the connection was lost");
    db.execute_batch("COMMIT").expect("it works");
    assert!(!busy());
    drop((db, first));
    let number = number(&fs::metadata(&path).expect("it is there"));
    assert!(!held().contains_key(&number), "nothing is kept open");
}

/// The test above runs this in a separate process; in this one it does nothing.
#[test]
fn says_whether_it_may_write() {
    let Ok(path) = std::env::var("DATABASE_OF_A_TEST") else { return };
    let db = Connection::open(path).expect("it opens");
    if db.execute_batch("BEGIN IMMEDIATE").is_err() {
        println!("BUSY");
    }
}

#[test]
fn what_is_absent_and_what_is_there_already_are_errors() {
    let (home, path) = home();
    let absent =
        DatabaseFile::open(&home.path().join("none.db"), OpenMode::Read).expect_err("none");
    assert_eq!(absent.kind(), io::ErrorKind::NotFound);
    let there = DatabaseFile::create(&path).expect_err("it is there");
    assert_eq!(there.kind(), io::ErrorKind::AlreadyExists);
    let made = DatabaseFile::create(&home.path().join("new.db")).expect("it is made");
    use std::os::unix::fs::MetadataExt as _;
    assert_eq!(made.file().expect("open").metadata().expect("it works").mode() & 0o777, 0o600);
}
