//! Owner and permission bits: judged before SQLite opens the file, narrowed by writers, left alone by readers.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown, symlink};

use super::*;

fn set(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

fn side(path: &Path, end: &str) -> PathBuf {
    path.with_file_name(format!("ledger.db{end}"))
}

/// A ledger with an entry, and its log and the index of that, as a process leaves them that was killed.
fn used() -> (TempDir, PathBuf) {
    let (home, path) = folder();
    let live = home.path().join("live/ledger.db");
    let mut writer = ledger(&live);
    writer.begin(&intent(1, NOW), &Preconditions::NONE).unwrap();
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    for end in ["", "-wal", "-shm", "-synced"] {
        fs::copy(side(&live, end), side(&path, end)).unwrap();
    }
    drop(writer);
    assert!(fs::metadata(side(&path, "-wal")).unwrap().len() > 0);
    assert!(side(&path, "-shm").exists());
    (home, path)
}

/// Why it is refused, for writers and for readers; empty where it is not. Nothing may have changed then.
fn refusals(path: &Path) -> [String; 2] {
    [Ledger::open(path, NOW, Duration::MAX), Ledger::open_to_read(path, NOW, Duration::MAX)].map(
        |opened| match opened {
            Ok(_) => String::new(),
            Err(error) => {
                assert_eq!((error.kind(), error.exit().code()), (ErrorKind::Ledger, 3));
                let cause = std::error::Error::source(&error).map(ToString::to_string);
                let folder = path.parent().unwrap().display().to_string();
                let help = error.advice().unwrap().replace(&folder, "F");
                format!("{} / {help}", cause.unwrap_or_else(|| error.to_string()))
            }
        },
    )
}

#[test]
fn a_writer_narrows_a_file_that_others_can_read_with_all_that_is_beside_it() {
    for loose in [0o644, 0o640, 0o604, 0o755] {
        let (_home, path) = used();
        let files = [path.clone(), side(&path, "-wal"), side(&path, "-shm")];
        files.iter().for_each(|file| set(file, loose));
        drop(Ledger::open_to_read(&path, NOW, Duration::MAX).unwrap());
        assert_eq!(files.clone().map(|file| mode(&file)), [loose; 3], "a reader changes nothing");
        let _writer = ledger(&path);
        assert_eq!(files.clone().map(|file| mode(&file)), [0o600; 3], "{loose:o}");
    }
    // What SQLite makes from here on has the rights of the file.
    let (_home, path) = used();
    fold_in(&path);
    for end in ["-wal", "-shm"] {
        let _ = fs::remove_file(side(&path, end));
    }
    set(&path, 0o644);
    let _writer = ledger(&path);
    assert_eq!([mode(&path), mode(&side(&path, "-wal")), mode(&side(&path, "-shm"))], [0o600; 3]);
}

#[test]
fn what_others_can_write_is_refused_with_the_command_that_fixes_it_and_stays_as_it_is() {
    let (_home, path) = used();
    let folder = path.parent().unwrap().to_owned();
    fs::write(side(&path, "-journal"), "").unwrap();
    set(&side(&path, "-journal"), 0o600);
    let all = "all users can write it / chmod";
    for (what, loose, expected) in [
        (path.clone(), 0o602, format!("{all} 600 'F/ledger.db'")),
        (path.clone(), 0o646, format!("{all} 600 'F/ledger.db'")),
        (side(&path, "-wal"), 0o602, format!("{all} 600 'F/ledger.db-wal'")),
        (side(&path, "-shm"), 0o602, format!("{all} 600 'F/ledger.db-shm'")),
        (side(&path, "-journal"), 0o602, format!("{all} 600 'F/ledger.db-journal'")),
        (folder.clone(), 0o757, format!("{all} go-w 'F'")),
        (folder.clone(), 0o1777, String::new()),
    ] {
        let before = mode(&what);
        set(&what, loose);
        assert_eq!(refusals(&path), [expected.clone(), expected], "{} {loose:o}", what.display());
        assert_eq!(mode(&what), loose);
        set(&what, before);
    }
    assert_eq!(refusals(&path), [const { String::new() }; 2]);
}

#[test]
fn a_new_ledger_is_not_made_where_others_can_replace_it() {
    let (home, path) = folder();
    set(home.path(), 0o777);
    let Err(error) = Ledger::open(&home.path().join("ledger.db"), NOW, Duration::MAX) else {
        panic!("made")
    };
    assert_eq!(error.exit().code(), 3);
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
    drop(ledger(&path));
    assert!(path.exists(), "a folder of its own is made below");
    set(home.path(), 0o1777);
    drop(ledger(&home.path().join("ledger.db")));
}

#[test]
fn a_link_is_judged_where_it_is_and_where_it_leads() {
    let (home, path) = used();
    let open = home.path().join("open");
    fs::create_dir(&open).unwrap();
    symlink(&path, open.join("ledger.db")).unwrap();
    drop(ledger(&open.join("ledger.db")));
    set(&open, 0o777);
    assert!(
        Ledger::open(&open.join("ledger.db"), NOW, Duration::MAX).is_err(),
        "others can lead it elsewhere"
    );
    set(&open, 0o755);
    set(path.parent().unwrap(), 0o777);
    assert!(Ledger::open(&open.join("ledger.db"), NOW, Duration::MAX).is_err());
}

#[test]
fn a_log_that_is_no_file_is_refused() {
    let (home, path) = used();
    fold_in(&path);
    let log = side(&path, "-wal");
    let _ = fs::remove_file(&log);
    symlink(home.path().join("elsewhere"), &log).unwrap();
    for refusal in refusals(&path) {
        assert!(refusal.contains("ledger.db-wal is no regular file"), "{refusal}");
    }
    assert!(!home.path().join("elsewhere").exists());
}

#[test]
fn a_ledger_of_another_user_is_read_and_not_written() {
    let (_home, path) = used();
    let files = [path.clone(), side(&path, "-wal"), side(&path, "-shm")];
    // Only root can give files away.
    if files.iter().any(|file| chown(file, Some(1234), Some(1234)).is_err()) {
        return;
    }
    set(&path, 0o644);
    let user = nix::unistd::geteuid();
    let chown = ["", "-wal", "-shm"].map(|end| format!("chown {user} 'F/ledger.db{end}'"));
    let owner = format!("it belongs to the user 1234 / {}", chown.join(" && "));
    assert_eq!(refusals(&path), [owner, String::new()]);
    assert_eq!(status(&path, NOW), UNKNOWN);
    let seen = files.clone().map(|file| (fs::metadata(&file).unwrap().uid(), mode(&file)));
    assert_eq!(seen, [(1234, 0o644), (1234, 0o600), (1234, 0o600)]);
    set(&path, 0o664);
    let [_, reader] = refusals(&path);
    assert_eq!(reader, "the group 1234 can write it / chmod 600 'F/ledger.db'");
}

#[test]
fn a_journal_is_read_where_no_index_can_be_made_beside_it() {
    let (_home, path) = used();
    fs::remove_file(side(&path, "-shm")).unwrap();
    let db = file::connect_alone(&path, schema::STEPS).unwrap();
    let entries: i64 = db.query_row("SELECT count(*) FROM entry", [], |row| row.get(0)).unwrap();
    assert_eq!(entries, 1);
    drop(db);
    assert!(!side(&path, "-shm").exists() && side(&path, "-wal").exists());
}
