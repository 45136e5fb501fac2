//! Copies of a ledger: older ones, and such as were made of the database alone.

use super::*;

#[test]
fn an_older_copy_is_damage_beside_the_record_of_what_came_later() {
    let (_folder, path) = folder();
    let mut ledger = ledger(&path);
    ledger.begin(&intent(1, NOW), &Preconditions::NONE).unwrap();
    let older = path.with_file_name("older.db");
    copied(&path, &older);
    ledger.begin(&intent(2, NOW), &Preconditions::NONE).unwrap();
    drop(ledger);
    fs::copy(&older, &path).unwrap();
    fs::copy(log(&older), log(&path)).unwrap();
    let error = refused(&path);
    assert!(error.to_string().ends_with("is damaged: the last commit is lost"), "{error}");
    assert!(error.advice().unwrap().contains("ledger.db-synced"), "{error:?}");
    assert!(Ledger::open_to_read(&path, NOW, Duration::MAX).is_err());
    // Another history that is as long is as bad: the entry of this one is not in it.
    fs::remove_file(record::beside(&path)).unwrap();
    let mut other = self::ledger(&path);
    other.begin(&intent(3, NOW), &Preconditions::NONE).unwrap();
    other.finish(intent(3, NOW).id, &ending(Verdict::Accepted), None).unwrap();
    let known = record::beside(&path.with_file_name("known.db"));
    fs::copy(record::beside(&path), &known).unwrap();
    drop(other);
    copied(&older, &path);
    fs::remove_file(record::beside(&path)).unwrap();
    let mut fork = self::ledger(&path);
    fork.begin(&intent(4, NOW), &Preconditions::NONE).unwrap();
    fork.finish(intent(4, NOW).id, &ending(Verdict::Accepted), None).unwrap();
    drop(fork);
    fs::copy(&known, record::beside(&path)).unwrap();
    let error = refused(&path);
    assert!(error.to_string().ends_with("its last commit is not the one that was made"), "{error}");
}

/// The database itself, without its journal, at a moment.
fn alone(path: &Path) -> PathBuf {
    let copy = path.with_file_name("alone.db");
    for file in file::files(&copy) {
        let _ = fs::remove_file(file);
    }
    fs::copy(path, &copy).unwrap();
    copy
}

#[test]
fn a_copy_of_the_database_alone_is_whole_or_says_that_its_journal_is_missing() {
    let (_folder, path) = folder();
    let entries = |path: &Path| {
        Ledger::open_to_read(path, NOW, Duration::MAX)
            .and_then(|mut ledger| ledger.list(&Filter::default()))
    };
    for n in 1..4 {
        let mut ledger = ledger(&path);
        ledger.begin(&intent(n, NOW), &Preconditions::NONE).unwrap();
        let error = entries(&alone(&path)).unwrap_err();
        assert!(error.to_string().contains("alone.db-wal is missing"), "{error}");
        refused(&alone(&path));
        ledger.finish(intent(n, NOW).id, &ending(Verdict::Accepted), None).unwrap();
        entries(&alone(&path)).unwrap_err();
        // Another one that ends meanwhile leaves the journal to this one.
        drop(self::ledger(&path));
        drop(Ledger::open_to_read(&path, NOW, Duration::MAX).unwrap());
        entries(&alone(&path)).unwrap_err();
        drop(ledger);
        assert_eq!(entries(&alone(&path)).unwrap().len() as u64, n);
        assert!(!log(&path).exists());
    }
}

#[test]
fn a_copy_by_sqlite_is_whole_at_any_moment_and_so_is_what_it_puts_away() {
    let (_folder, path) = folder();
    let mut ledger = ledger(&path);
    for n in 1..60 {
        let one = with(intent(n, NOW), |one| one.content.body = "x".repeat(9000));
        ledger.begin(&one, &Preconditions::NONE).unwrap();
        let copy = path.with_file_name(format!("copy{n}.db"));
        let db = Connection::open(&path).unwrap();
        db.execute("VACUUM INTO ?1", [copy.to_str().unwrap()]).unwrap();
        drop(db);
        let mut copy = self::ledger(&copy);
        assert_eq!(copy.list(&Filter::default()).unwrap().len() as u64, n);
    }
    // As a herald that was killed, and then a look with another program, which puts the journal away.
    let killed = path.with_file_name("killed.db");
    copied(&path, &killed);
    fs::remove_file(record::beside(&killed)).unwrap();
    let db = Connection::open(&killed).unwrap();
    let rows: i64 = db.query_row("SELECT count(*) FROM entry", [], |row| row.get(0)).unwrap();
    drop(db);
    assert!(!log(&killed).exists());
    assert_eq!(self::ledger(&killed).list(&Filter::default()).unwrap().len() as i64, rows);
}

#[test]
fn a_file_with_content_and_no_tables_is_no_ledger() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("l.db");
    let db = Connection::open(&path).unwrap();
    db.execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE t (x); DROP TABLE t").unwrap();
    drop(db);
    let error = refused(&path);
    assert!(error.to_string().ends_with("l.db has no tables: it is no ledger"), "{error}");
    assert!(error.advice().unwrap().contains("l.db-wal"), "{error:?}");
    assert!(Ledger::open_to_read(&path, NOW, Duration::MAX).is_err());
    File::create(&path).unwrap();
    assert!(Ledger::refuse_lost(&path).unwrap_err().to_string().ends_with("l.db is empty"));
    assert!(
        Ledger::open_to_read(&path, NOW, Duration::MAX)
            .unwrap()
            .list(&Filter::default())
            .unwrap()
            .is_empty()
    );
}
