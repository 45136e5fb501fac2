//! Files that are not ledgers, ledgers that are damaged, and ledgers that another process holds.

use super::*;
use crate::ledger::Fate;
use crate::ledger::tests::conformance::{job_intent, opened, planned};

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[cfg(unix)]
#[test]
fn what_is_no_ledger_keeps_its_rights_and_gets_nothing_beside_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = TempDir::new().unwrap();
    let at = |name: &str| folder.path().join(name);
    let made = Command::new("mkfifo").arg(at("fifo")).status().unwrap();
    assert!(made.success());
    let _socket = std::os::unix::net::UnixListener::bind(at("socket")).unwrap();
    fs::create_dir(at("folder")).unwrap();
    fs::write(at("text"), "a text that is nobody's ledger\n".repeat(400)).unwrap();
    Connection::open(at("foreign.db")).unwrap().execute_batch("CREATE TABLE t (x)").unwrap();
    std::os::unix::fs::symlink(at("text"), at("link")).unwrap();
    let names = || {
        let files = fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name());
        let mut names: Vec<_> = files.collect();
        names.sort();
        names
    };
    let before = names();
    for (name, says) in [
        ("fifo", "is no regular file"),
        ("socket", "is no regular file"),
        ("folder", "is a folder"),
        ("text", "is damaged"),
        ("foreign.db", "is a database, but not a ledger"),
        ("link", "is damaged"),
    ] {
        let rights = if name == "folder" { 0o755 } else { 0o664 };
        fs::set_permissions(at(name), fs::Permissions::from_mode(rights)).unwrap();
        let error = refused(&at(name));
        assert!(error.to_string().ends_with(says), "{name}: {error}");
        assert_eq!(mode(&at(name)), rights, "{name}");
        let error = Ledger::open_to_read(&at(name), NOW, Duration::MAX).err().expect("it is none");
        assert!(error.to_string().ends_with(says), "{name}: {error}");
        assert!(Ledger::open_readonly(&at(name), NOW).is_none() || name != "fifo");
        assert_eq!((mode(&at(name)), names()), (rights, before.clone()), "{name}");
    }
}

/// Some entries and a job, more than is checked when a ledger is opened; and the number of the root page of each table and
/// index.
fn large() -> (TempDir, PathBuf, Vec<(String, usize)>) {
    let (folder, path) = folder();
    let mut writer = ledger(&path);
    for n in 1..400 {
        let one = with(intent(n, NOW), |one| {
            one.content.body = "x".repeat(1500);
            one.content.fingerprint = Some(format!("f{n}"));
            one.parent = Some(intent(n, NOW).id);
        });
        writer.begin(&one, &Preconditions::NONE).unwrap();
    }
    opened(&mut writer, &job_intent(1), &[planned(&["a"]), planned(&["b"])]);
    drop(writer);
    fold_in(&path);
    assert!(fs::metadata(&path).unwrap().len() > 2 * 256 * 1024);
    let db = Connection::open(&path).unwrap();
    let mut find =
        db.prepare("SELECT name, rootpage FROM sqlite_schema WHERE rootpage > 0").unwrap();
    let roots =
        find.query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)? as usize))).unwrap();
    let roots = roots.map(Result::unwrap).collect();
    (folder, path, roots)
}

/// The file with one page overwritten.
fn damaged(whole: &[u8], page: usize) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    bytes[(page - 1) * 4096..page * 4096].fill(0xa5);
    bytes
}

#[test]
fn a_large_ledger_is_refused_where_a_page_is_damaged_that_an_ending_is_written_to() {
    let (_folder, path, roots) = large();
    let whole = fs::read(&path).unwrap();
    let mut seen = 0;
    for (name, page) in roots {
        let written = ["entry", "vendor_id", "target", "sqlite_autoindex_entry"];
        if !written.iter().any(|table| name.starts_with(table)) {
            continue;
        }
        seen += 1;
        fs::write(&path, damaged(&whole, page)).unwrap();
        let one = with(intent(1000, NOW), |one| {
            one.content.fingerprint = Some("f".to_owned());
            one.parent = Some(intent(1, NOW).id);
        });
        let begun = Ledger::open(&path, NOW, Duration::MAX)
            .and_then(|mut ledger| ledger.begin(&one, &Preconditions::NONE));
        let error = begun.expect_err(&name);
        assert_eq!((error.kind(), error.exit().code()), (ErrorKind::Ledger, 3), "{name}");
        assert!(error.to_string().contains("is damaged"), "{name}: {error}");
    }
    assert!(seen >= 9, "{seen}");
}

#[test]
fn a_large_ledger_with_any_damaged_page_gets_no_job() {
    let (_folder, path, roots) = large();
    let whole = fs::read(&path).unwrap();
    let last = whole.len() / 4096;
    let leaves = [last / 3, last / 2, last - 1, last];
    for page in roots.into_iter().map(|(_, page)| page).chain(leaves) {
        fs::write(&path, damaged(&whole, page)).unwrap();
        for act in [
            (|ledger: &mut Ledger| ledger.plan_job(&job_intent(2)))
                as fn(&mut Ledger) -> Result<()>,
            |ledger| ledger.claim_job(job_intent(1).id, NOW).map(drop),
        ] {
            let done =
                Ledger::open(&path, NOW, Duration::MAX).and_then(|mut ledger| act(&mut ledger));
            let error = done.expect_err("it is damaged");
            assert!(error.to_string().contains("is damaged"), "page {page}: {error}");
        }
    }
    fs::write(&path, whole).unwrap();
    ledger(&path).plan_job(&job_intent(2)).unwrap();
}

#[test]
fn looking_through_a_ledger_ends_when_its_time_is_over() {
    let (_folder, path, _) = large();
    let store = Sqlite::open(&path).unwrap();
    for time in [Duration::ZERO, Duration::from_nanos(1), Duration::from_secs(5)] {
        file::look_through(&store.db, time).unwrap();
    }
    let rows: i64 = store.db.query_row("SELECT count(*) FROM entry", [], |row| row.get(0)).unwrap();
    assert_eq!(rows, 399);
}

#[test]
fn trying_an_ending_out_leaves_nothing_behind() {
    let (_folder, path) = folder();
    let mut writer = ledger(&path);
    writer.begin(&intent(1, NOW), &Preconditions::NONE).unwrap();
    let id = intent(1, NOW).id;
    let entry = writer.get(id).unwrap();
    assert!(entry.ending.is_none());
    assert_eq!(
        writer
            .entries_of_vendor_id("acme", &id.to_string(), Realm::Real)
            .unwrap()
            .into_iter()
            .next()
            .map(|_| ()),
        None
    );
    writer.finish(intent(1, NOW).id, &ending(Verdict::Rejected), None).unwrap();
    let entry = writer.get(id).unwrap();
    let ending = entry.ending.unwrap();
    assert!(ending.ids.is_empty() && ending.targets.is_empty());
}

#[test]
fn nobody_waits_longer_for_others_than_he_said() {
    let (_folder, path) = folder();
    drop(ledger(&path));
    let holder = Connection::open(&path).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut waiting = Ledger::open(&path, NOW, Duration::from_millis(200)).unwrap();
    let began = Instant::now();
    let error = waiting.begin(&intent(1, NOW), &Preconditions::NONE).unwrap_err();
    assert!(error.to_string().ends_with("is busy"), "{error}");
    assert_eq!(error.exit().code(), 3);
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    waiting.wait_at_most(Duration::ZERO);
    assert!(waiting.begin(&intent(1, NOW), &Preconditions::NONE).is_err());
    holder.execute_batch("COMMIT").unwrap();
    waiting.begin(&intent(1, NOW), &Preconditions::NONE).unwrap();
}

#[test]
fn what_people_find_out_about_a_job_is_kept_with_it() {
    let (_folder, path) = folder();
    let mut writer = ledger(&path);
    let job = job_intent(1).id;
    opened(&mut writer, &job_intent(1), &[planned(&["a"])]);
    writer.claim_job(job, NOW).unwrap();
    let key = writer.next_batches(job, None, 1).unwrap()[0].key;
    writer
        .commit(job, &[crate::ledger::tests::conformance::begin(key)], &Preconditions::NONE)
        .unwrap();
    writer.release_job(job, NOW).unwrap();
    assert!(writer.job(job).unwrap().resolutions.is_empty());
    let resolution = Resolution {
        resolved: crate::ledger::ResolvedAs::NotAccepted,
        note: Some("the support has looked".to_owned()),
        by: None,
        resolved_ms: NOW,
    };
    writer.resolve_job(job, None, &resolution).unwrap();
    assert_eq!(ledger(&path).job(job).unwrap().resolutions, [resolution]);
    let state = |fate: Fate<'_>| fate.state.word();
    let batch = writer.batch(job, key).unwrap().unwrap();
    assert_eq!(batch.fates().map(state).collect::<Vec<_>>(), ["unavailable"]);
}
