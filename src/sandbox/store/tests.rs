use super::*;

fn text(value: &str) -> Value {
    Value::from(value)
}

fn shows_what_a_store_does(mut shelf: RecordStore) {
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
    shows_what_a_store_does(RecordStore::memory());
    let folder = tempfile::tempdir().expect("a temporary folder");
    shows_what_a_store_does(RecordStore::open(folder.path()).expect("it can be written"));
}

#[test]
fn what_was_kept_is_there_for_the_next_process() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let inside = folder.path().join("deep/inside");
    let mut first = RecordStore::open(&inside).expect("it can be written");
    first.visit("a", |store| store.put("k", "1", &text("x"))).expect("kept");
    let mut second = RecordStore::open(&inside).expect("two at once are fine");
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
                let mut shelf = RecordStore::open(&path).expect("it can be written");
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
        let (shelf, remark) = RecordStore::open_or_memory(folder).expect("not refused");
        assert!(shelf.path().is_none());
        assert!(remark.is_some_and(|remark| remark.contains("state")));
    }
}

#[test]
fn a_damaged_record_is_a_fault_and_changes_nothing() {
    let mut shelf = RecordStore::memory();
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
    let mut shelf = RecordStore::open(folder.path()).expect("it can be written");
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
    let first = RecordStore::open_for_server(folder.path()).expect("it is free");
    let error = RecordStore::open_for_server(folder.path()).expect_err("it is taken").to_string();
    assert!(error.contains(&folder.path().display().to_string()), "{error}");
    RecordStore::open(folder.path()).expect("others may look into it");
    drop(first);
    RecordStore::open_for_server(folder.path()).expect("it is free again");
}

#[test]
fn a_newer_layout_is_left_alone() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let shelf = RecordStore::open(folder.path()).expect("it can be written");
    shelf.connection.execute_batch("PRAGMA user_version = 99").expect("written");
    drop(shelf);
    assert!(RecordStore::open(folder.path()).is_err());
}

#[cfg(unix)]
#[test]
fn a_state_that_others_can_change_is_refused_and_one_that_they_can_read_is_closed() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = tempfile::tempdir().expect("a temporary folder");
    let folder = home.path().join("state");
    let mut shelf = RecordStore::open(&folder).expect("it can be written");
    shelf.visit("a", |store| store.put("k", "1", &text("x"))).expect("kept");
    let files = ["state.db", "state.db-wal", "state.db-shm"].map(|name| folder.join(name));
    let set = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("it is ours");
    };
    let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
    files.iter().for_each(|file| set(file, 0o644));
    let mut second = RecordStore::open(&folder).expect("others can only read it");
    assert_eq!(files.clone().map(|file| mode(&file)), [0o600; 3]);
    second.visit("a", |store| store.put("k", "2", &text("y"))).expect("kept");
    for (path, loose, usual) in
        [(&folder, 0o777, 0o700), (&files[0], 0o666, 0o600), (&files[1], 0o666, 0o600)]
    {
        set(path, loose);
        let refusal = RecordStore::open_or_memory(Some(&folder)).expect_err("it is refused");
        assert_eq!(refusal.exit().code(), 3);
        assert!(refusal.advice().is_some_and(|help| help.starts_with("chmod")), "{refusal:?}");
        set(path, usual);
    }
    drop((shelf, second));
    let again = RecordStore::open(&folder).expect("it is safe again");
    assert!(again.path().is_some());
}

#[cfg(target_os = "linux")]
#[test]
fn a_state_in_use_is_not_opened_under_another_name() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let at = |name: &str| home.path().join(name);
    let first = RecordStore::open(&at("one")).expect("it can be written");
    fs::create_dir(at("two")).expect("a folder");
    fs::hard_link(at("one/state.db"), at("two/state.db")).expect("a link");
    std::os::unix::fs::symlink(at("one"), at("three")).expect("a link");
    let error = RecordStore::open(&at("two")).expect_err("SQLite would have two logs");
    assert!(error.to_string().contains("under another name"), "{error}");
    drop(RecordStore::open(&at("three")).expect("the same name"));
    drop(first);
    assert!(RecordStore::open(&at("two")).is_ok());
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
        assert!(RecordStore::open(&inside).is_err(), "{name}");
        assert!(!victim.exists());
    }
    let own = folder.path().join("own");
    let mut shelf = RecordStore::open(&own).expect("it can be written");
    shelf.visit("a", |store| store.put("k", "1", &text("x"))).expect("kept");
    // A link may lead to the folder itself.
    symlink(&own, folder.path().join("linked")).expect("a link");
    let mut linked = RecordStore::open(&folder.path().join("linked")).expect("it can be written");
    let found = linked.visit("a", |store| store.get("k", "1")).expect("read");
    assert!(found.is_some_and(|value| value.same(&text("x"))));
}
