//! The file: durable, private, shared, and refused when it cannot be trusted.

mod at_once;
mod damage;
mod jobs;
#[cfg(target_os = "linux")]
mod names;
#[cfg(unix)]
mod rights;
mod trust;

use std::fs::{self, File};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use uuid::Uuid;

use super::*;
use crate::error::{Error, ErrorKind};
use crate::ledger::commit::CommitStore as _;
use crate::ledger::tests::conformance::{ADDRESS, NOW, ending, intent, with};
use crate::ledger::{
    Ending, EntryStatus, Filter, Job, KeptLonger, Ledger, Preconditions, Pruning, Realm, Resolution,
};
use crate::outcome::Verdict;

pub(super) fn folder() -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("state/herald/ledger.db");
    (folder, path)
}

pub(super) fn ledger(path: &Path) -> Ledger {
    Ledger::open(path, NOW, Duration::MAX).unwrap()
}

fn refused(path: &Path) -> Error {
    let Err(error) = Ledger::open(path, NOW, Duration::MAX) else {
        panic!("{} was opened", path.display())
    };
    assert_eq!((error.kind(), error.exit().code()), (ErrorKind::Ledger, 3));
    assert!(error.advice().is_some(), "{error:?}");
    error
}

fn status(path: &Path, now_ms: i64) -> EntryStatus {
    let mut reader = Ledger::open_to_read(path, now_ms, Duration::MAX).unwrap();
    reader.list(&Filter::default()).unwrap().remove(0).status
}

/// The log of a ledger.
pub(super) fn log(path: &Path) -> PathBuf {
    durable::journal(path)
}

/// Changes what a ledger says, as a program of herald's would: with the sums that go with it.
pub(super) fn tamper(path: &Path, sql: &str) -> rusqlite::Result<()> {
    let db = Connection::open(path)?;
    sums::register(&db)?;
    db.execute_batch(sql)?;
    sums::seal_all(&db)
}

/// Files beside the ledger that say that a writer is at work.
pub(super) fn signs(path: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(path.parent().unwrap()).unwrap().map(|file| file.unwrap().path());
    files.filter(|file| file.extension().is_some_and(|end| end == "alive")).collect()
}

/// Puts all of the log into the file, so that what is damaged there is all there is.
fn fold_in(path: &Path) {
    let db = Connection::open(path).unwrap();
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
}

const UNKNOWN: EntryStatus = EntryStatus::Decided(Verdict::Unknown);

#[test]
fn intents_and_endings_are_synced_and_are_in_the_file_itself_when_its_last_user_closes() {
    let (_folder, path) = folder();
    let mut store = Sqlite::open(&path).unwrap();
    let level = |store: &Sqlite| -> i64 {
        store.db.query_row("PRAGMA synchronous", [], |row| row.get(0)).unwrap()
    };
    let mode: String = store.db.query_row("PRAGMA journal_mode", [], |row| row.get(0)).unwrap();
    assert_eq!((mode.as_str(), level(&store)), ("wal", 2));
    store.begin(&intent(1, NOW), &Preconditions::NONE).unwrap();
    store.attempt(intent(1, NOW).id, 1, NOW).unwrap();
    assert_eq!(level(&store), 2);
    assert!(fs::metadata(log(&path)).unwrap().len() > 0);
    drop(store);
    assert!(!log(&path).exists());
    assert_eq!(status(&path, NOW), UNKNOWN);
}

#[test]
fn an_entry_is_being_sent_while_its_process_lives_however_long_that_takes() {
    let (_folder, path) = folder();
    let mut writer = ledger(&path);
    writer.begin(&intent(1, NOW), &Preconditions::NONE).unwrap();
    let much_later = NOW + 86_400_000;
    assert_eq!(status(&path, much_later), EntryStatus::Sending);
    assert_eq!(signs(&path).len(), 1);
    drop(writer);
    assert_eq!(status(&path, NOW), UNKNOWN);
    assert!(signs(&path).is_empty());
}

#[test]
fn what_a_dead_process_left_behind_is_unknown_and_swept_up() {
    let (_folder, path) = folder();
    let name = {
        let mut store = Sqlite::open(&path).unwrap();
        store.begin(&intent(1, NOW), &Preconditions::NONE).unwrap();
        store.writer.as_ref().and_then(Writer::name).unwrap().to_owned()
    };
    let sign = path.with_file_name(format!("ledger.db-{name}.alive"));
    let file = File::create(&sign).unwrap();
    file.lock().unwrap();
    assert_eq!(status(&path, NOW), EntryStatus::Sending);
    drop(file);
    assert_eq!(status(&path, NOW), UNKNOWN);
    assert!(!sign.exists());
}

#[test]
fn a_sign_that_no_entry_speaks_of_is_swept_up_unless_it_is_new_or_locked() {
    let (_folder, path) = folder();
    drop(ledger(&path));
    let began = |ms: i64| {
        let id = uuid::Builder::from_unix_timestamp_millis(ms as u64, &[7; 10]).into_uuid();
        let sign = path.with_file_name(format!("ledger.db-{id}.alive"));
        (File::create(&sign).unwrap(), sign)
    };
    let ((dead, old), (new, fresh), (alive, locked)) =
        (began(NOW - 60_001), began(NOW - 59_000), began(NOW - 900_000));
    drop((dead, new));
    alive.lock().unwrap();
    let stranger = path.with_file_name("ledger.db-x.alive");
    File::create(&stranger).unwrap();
    drop(Ledger::open_to_read(&path, NOW, Duration::MAX).unwrap());
    let left = [&old, &fresh, &locked, &stranger].map(|path| path.exists());
    assert_eq!(left, [false, true, true, true]);
}

#[test]
fn where_nobody_can_tell_the_deadline_decides() {
    let (_folder, path) = folder();
    let mut writer = ledger(&path);
    let one = intent(1, NOW);
    writer.begin(&one, &Preconditions::NONE).unwrap();
    for name in ["NULL", "'../no-name-of-ours'"] {
        tamper(&path, &format!("UPDATE entry SET writer = {name}")).unwrap();
        assert_eq!(status(&path, one.times.deadline_ms + 9_000), EntryStatus::Sending);
        assert_eq!(status(&path, one.times.deadline_ms + 11_000), UNKNOWN);
    }
}

/// What the tests below run in processes of their own; in this one it has nothing to do.
#[test]
fn begins_an_entry_and_ends_or_waits() {
    let Ok(path) = std::env::var(ADDRESS) else { return };
    let mut writer = ledger(Path::new(&path));
    let one = with(intent(1, NOW), |one| one.id = Uuid::now_v7());
    writer.begin(&one, &Preconditions::NONE).unwrap();
    if std::env::var("LEDGER_WAITS").is_ok() {
        std::thread::sleep(Duration::from_secs(60));
    }
    writer.finish(one.id, &ending(Verdict::Accepted), None).unwrap();
}

fn process(path: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", "ledger::sqlite::tests::begins_an_entry_and_ends_or_waits"])
        .env(ADDRESS, path)
        .stdout(Stdio::null());
    command
}

#[test]
fn several_processes_may_make_the_ledger_at_once() {
    let (_folder, path) = folder();
    let children: Vec<_> = (0..8).map(|_| process(&path).spawn().unwrap()).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let entries = ledger(&path).list(&Filter::default()).unwrap();
    assert_eq!(entries.len(), 8);
    assert!(entries.iter().all(|entry| entry.status == EntryStatus::Decided(Verdict::Accepted)));
}

#[cfg(unix)]
#[test]
fn folder_and_file_are_for_nobody_else() {
    use std::os::unix::fs::PermissionsExt as _;
    let (_folder, path) = folder();
    let mut writer = ledger(&path);
    writer.begin(&intent(1, NOW), &Preconditions::NONE).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    assert_eq!(mode(path.parent().unwrap().parent().unwrap()), 0o700);
    let mut files = 0;
    for file in fs::read_dir(path.parent().unwrap()).unwrap() {
        let file = file.unwrap().path();
        assert_eq!(mode(&file), 0o600, "{}", file.display());
        files += 1;
    }
    // The database, its log, the log's index, the record of what was synced, the sign of the writer.
    assert_eq!(files, 5);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    drop(ledger(&path));
    assert_eq!(mode(&path), 0o600);
}

#[test]
fn looking_into_a_ledger_that_is_not_there_makes_none() {
    let (folder, path) = folder();
    let mut reader = Ledger::open_to_read(&path, NOW, Duration::MAX).unwrap();
    assert!(reader.list(&Filter::default()).unwrap().is_empty());
    assert!(reader.last(Realm::Real, None).unwrap().is_none());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_ledger_of_a_newer_version_is_refused_and_left_as_it_is() {
    let (_folder, path) = folder();
    drop(ledger(&path));
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let error = refused(&path);
    assert!(
        error.to_string().ends_with("is of version 99, and this herald knows versions up to 7")
    );
    assert!(Ledger::open_to_read(&path, NOW, Duration::MAX).is_err());
}

#[test]
fn an_older_ledger_becomes_one_of_this_version_with_all_that_is_in_it() {
    let (_folder, path) = folder();
    let mut old = ledger(&path);
    old.begin(&intent(1, NOW), &Preconditions::NONE).unwrap();
    old.finish(intent(1, NOW).id, &ending(Verdict::Accepted), None).unwrap();
    drop(old);
    let steps = [schema::STEPS, &["ALTER TABLE entry ADD COLUMN job TEXT"]].concat();
    for _ in 0..2 {
        let new = Sqlite::open_with(&path, &steps, BUSY_TIMEOUT).unwrap();
        let version: i64 = new.db.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
        assert_eq!(version, steps.len() as i64);
        let jobs =
            new.db.query_row("SELECT count(*) - count(job) FROM entry", [], |row| row.get(0));
        assert_eq!(jobs, Ok(1_i64));
        let found = new.into_ledger(NOW, BUSY_TIMEOUT).list(&Filter::default()).unwrap();
        assert_eq!(
            found.into_iter().map(|entry| entry.intent).collect::<Vec<_>>(),
            [intent(1, NOW)]
        );
    }
    refused(&path);
}

#[test]
fn a_step_that_fails_leaves_the_older_ledger_whole() {
    let (_folder, path) = folder();
    drop(ledger(&path));
    let steps = [schema::STEPS, &["CREATE TABLE extra (x)", "no sql"]].concat();
    assert!(Sqlite::open_with(&path, &steps, BUSY_TIMEOUT).is_err());
    assert!(ledger(&path).list(&Filter::default()).unwrap().is_empty());
    let db = Connection::open(&path).unwrap();
    assert!(db.prepare("SELECT * FROM extra").is_err());
}

#[test]
fn what_is_no_ledger_is_refused() {
    let (folder, path) = folder();
    let in_folder = |name: &str| folder.path().join(name);
    fs::create_dir_all(&path).unwrap();
    assert!(refused(&path).to_string().ends_with("is a folder"));
    assert!(Ledger::open_to_read(&path, NOW, Duration::MAX).is_err());

    let text = in_folder("text");
    fs::write(&text, "not a database, but long enough to be looked at ".repeat(40)).unwrap();
    assert!(refused(&text).to_string().ends_with("is damaged"));
    assert!(Ledger::open_to_read(&text, NOW, Duration::MAX).is_err());

    refused(&text.join("ledger.db"));

    let foreign = in_folder("foreign.db");
    Connection::open(&foreign).unwrap().execute_batch("CREATE TABLE t (x)").unwrap();
    assert!(refused(&foreign).to_string().ends_with("is a database, but not a ledger"));
}

#[test]
fn an_empty_file_becomes_a_ledger_and_no_name_is_special_to_the_database() {
    let (folder, _) = folder();
    let empty = folder.path().join("empty.db");
    fs::write(&empty, "").unwrap();
    let odd = folder.path().join("file:memory?mode=memory#x");
    for path in [empty, odd] {
        ledger(&path).begin(&intent(1, NOW), &Preconditions::NONE).unwrap();
        assert_eq!(ledger(&path).list(&Filter::default()).unwrap().len(), 1, "{}", path.display());
        assert!(path.is_file());
    }
}

#[test]
fn a_ledger_damaged_anywhere_is_refused() {
    let (_folder, path) = folder();
    let mut writer = ledger(&path);
    for n in 1..40 {
        writer.begin(&intent(n, NOW), &Preconditions::NONE).unwrap();
    }
    drop(writer);
    fold_in(&path);
    let whole = fs::read(&path).unwrap();
    let page = 4096;
    assert!(whole.len() > 8 * page);
    for start in [100, page, 2 * page, 3 * page] {
        let mut damaged = whole.clone();
        damaged[start..start + 900].fill(0xa5);
        fs::write(&path, damaged).unwrap();
        refused(&path);
    }
    fs::write(&path, &whole[..2 * page]).unwrap();
    refused(&path);
}

#[cfg(unix)]
#[test]
fn a_ledger_that_cannot_be_written_is_refused_but_can_be_looked_into() {
    use std::os::unix::fs::PermissionsExt as _;
    let (_folder, path) = folder();
    ledger(&path).begin(&intent(1, NOW), &Preconditions::NONE).unwrap();
    let set = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    set(&path, 0o400);
    // The system administrator may write everywhere.
    if fs::OpenOptions::new().write(true).open(&path).is_ok() {
        return;
    }
    refused(&path);
    assert_eq!(status(&path, NOW), UNKNOWN);
    set(&path, 0o600);
    let folder = path.parent().unwrap();
    set(folder, 0o500);
    refused(&path);
    set(folder, 0o700);
}

#[test]
fn an_ending_that_does_not_fit_gives_up_the_reserve_and_says_so() {
    let (_folder, path) = folder();
    let mut store = Sqlite::open(&path).unwrap();
    store.begin(&intent(1, NOW), &Preconditions::NONE).unwrap();
    let pages: i64 = store.db.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
    store.db.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(())).unwrap();
    let reserved = || fs::metadata(&signs(&path)[0]).unwrap().len();
    assert!(reserved() > 0);
    let message = Some("x".repeat(100_000));
    let long = Ending { message, ..ending(Verdict::Accepted) };
    let error = store.finish(intent(1, NOW).id, &long, None).unwrap_err();
    assert!(error.to_string().ends_with("has no room to grow"), "{error}");
    assert_eq!((error.kind(), reserved()), (ErrorKind::Ledger, 0));
    // Nothing of it was kept, and a shorter one still finds its entry open.
    store.finish(intent(1, NOW).id, &ending(Verdict::Accepted), None).unwrap();
}

#[test]
fn a_ledger_that_was_removed_starts_anew_and_one_that_was_emptied_is_refused() {
    let (_folder, path) = folder();
    ledger(&path).begin(&intent(1, NOW), &Preconditions::NONE).unwrap();
    fs::remove_file(&path).unwrap();
    let mut anew = ledger(&path);
    assert!(anew.list(&Filter::default()).unwrap().is_empty());
    anew.begin(&intent(2, NOW), &Preconditions::NONE).unwrap();
    fs::copy(&path, path.with_file_name("copy.db")).unwrap();
    fs::copy(log(&path), log(&path.with_file_name("copy.db"))).unwrap();
    drop(anew);
    File::create(&path).unwrap();
    assert!(refused(&path).to_string().contains("is lost"));
    // One whose log is there, as a herald that was killed leaves it.
    let path = path.with_file_name("copy.db");
    File::create(&path).unwrap();
    assert!(refused(&path).to_string().contains("it is empty, and its log is not"));
    fs::remove_file(&path).unwrap();
    assert!(refused(&path).to_string().contains("is missing, and its journal"));
}

/// Nothing is kept for longer than people want to.
struct NoNeed;

impl KeptLonger for NoNeed {
    fn counts_ms(&self, _: &str, _: &str) -> i64 {
        0
    }

    fn planned_until_ms(&self, _: &Job) -> Option<i64> {
        None
    }
}

#[test]
fn room_is_given_back_unless_others_are_at_work() {
    for others in [false, true] {
        let (_folder, path) = folder();
        let mut ledger = ledger(&path);
        for n in 0..200 {
            let one = intent(n, NOW - 1000);
            ledger.begin(&one, &Preconditions::NONE).unwrap();
            let ending = Ending { finished_ms: NOW - 1000, ..ending(Verdict::Accepted) };
            ledger.finish(one.id, &ending, None).unwrap();
        }
        // Tidies the log up, so that all of it is in the file.
        drop(
            Ledger::open_to_read(&path, NOW, Duration::MAX)
                .unwrap()
                .list(&Filter::default())
                .unwrap(),
        );
        let size = || fs::metadata(&path).unwrap().len();
        let other = others.then(|| Ledger::open(&path, NOW, Duration::MAX).unwrap());
        let pruning = Pruning { before_ms: NOW, ..Pruning::default() };
        let before = size();
        let pruned = ledger.prune(&pruning, &NoNeed).unwrap();
        assert_eq!((pruned.entries, pruned.compacted), (200, !others));
        assert_eq!(size() < before, !others, "{before} {}", size());
        drop(other);
    }
}
