//! One file under several names: whether a writer lives is told by the file, not by its path.

use std::os::unix::fs::symlink;

use super::*;
use crate::ledger::JobState;
use crate::ledger::orphans::Liveness;
use crate::ledger::tests::conformance::{job_intent, opened, planned};

/// A ledger in which one job is this writer's, and the folder with other names of it.
fn at_work() -> (TempDir, PathBuf, Ledger) {
    let (home, path) = folder();
    let mut owner = ledger(&path);
    opened(&mut owner, &job_intent(1), &[planned(&["a"])]);
    owner.claim_job(job_intent(1).id, NOW).unwrap();
    owner.begin(&intent(1, NOW), &Preconditions::NONE).unwrap();
    symlink(&path, home.path().join("link.db")).unwrap();
    symlink(path.parent().unwrap(), home.path().join("folder")).unwrap();
    symlink("folder", home.path().join("folder-of-a-link")).unwrap();
    (home, path, owner)
}

/// Names that lead to the file by another path, with one log.
const PATHS: [&str; 5] = [
    "state/herald/ledger.db",
    "state/../state/herald/./ledger.db",
    "link.db",
    "folder/ledger.db",
    "folder-of-a-link/ledger.db",
];

const LATER: i64 = NOW + 86_400_000;

/// A second process's view: the job is at work, and is not given away.
fn is_at_work(path: &Path) {
    let job = job_intent(1).id;
    let mut other = Ledger::open(path, LATER, Duration::MAX).unwrap();
    assert_eq!(other.job(job).unwrap().state, JobState::Running, "{}", path.display());
    let error = other.claim_job(job, LATER).unwrap_err();
    assert_eq!(error.to_string(), "the job spring is running elsewhere", "{}", path.display());
    assert_eq!(error.exit().code(), 3);
    assert_eq!(status(path, LATER), EntryStatus::Sending, "{}", path.display());
    assert!(!other.store.compact().unwrap(), "others are at work");
}

#[test]
fn a_job_runs_elsewhere_whatever_the_ledger_is_called_and_without_its_file() {
    let (home, path, mut owner) = at_work();
    PATHS.iter().for_each(|name| is_at_work(&home.path().join(name)));
    for sign in signs(&path) {
        fs::remove_file(sign).unwrap();
    }
    PATHS.iter().for_each(|name| is_at_work(&home.path().join(name)));
    // It is still the owner, also in its own eyes.
    assert_eq!(owner.job(job_intent(1).id).unwrap().state, JobState::Running);
    assert_eq!(owner.list(&Filter::default()).unwrap()[0].status, EntryStatus::Sending);
    owner.release_job(job_intent(1).id, NOW).unwrap();
    drop(owner);
    let mut other = Ledger::open(&home.path().join("link.db"), LATER, Duration::MAX).unwrap();
    other.claim_job(job_intent(1).id, LATER).unwrap();
    assert_eq!(status(&path, LATER), UNKNOWN);
}

#[test]
fn plans_of_a_living_planner_are_left_alone_whatever_the_ledger_is_called() {
    let (home, path) = folder();
    let mut planner = ledger(&path);
    let link = home.path().join("link.db");
    symlink(&path, &link).unwrap();
    planner.plan_job(&job_intent(1)).unwrap();
    for sign in signs(&path) {
        fs::remove_file(sign).unwrap();
    }
    // Planning sweeps the plans of dead planners.
    Ledger::open(&link, LATER, Duration::MAX).unwrap().plan_job(&job_intent(2)).unwrap();
    assert_eq!(planner.job(job_intent(1).id).unwrap().state, JobState::Planning);
}

#[test]
fn a_file_in_use_is_refused_under_another_name_which_would_have_another_log() {
    let (home, path, owner) = at_work();
    let hard = home.path().join("hard.db");
    fs::hard_link(&path, &hard).unwrap();
    let size = fs::metadata(&path).unwrap().len();
    for opened in
        [Ledger::open(&hard, NOW, Duration::MAX), Ledger::open_to_read(&hard, NOW, Duration::MAX)]
    {
        let Err(error) = opened else { panic!("it was opened") };
        assert_eq!((error.kind(), error.exit().code()), (ErrorKind::Ledger, 3));
        assert!(error.to_string().contains("is running elsewhere"), "{error}");
    }
    assert!(Ledger::open_readonly(&hard, NOW).is_none());
    assert!(!home.path().join("hard.db-wal").exists());
    assert_eq!(fs::metadata(&path).unwrap().len(), size);
    is_at_work(&path);
    drop(owner);
    fold_in(&path);
    let mut alone = ledger(&hard);
    assert_eq!(alone.job(job_intent(1).id).unwrap().state, JobState::Interrupted);
    assert!(
        Ledger::open(&path, NOW, Duration::MAX).is_err(),
        "now the first name is the other one"
    );
}

#[test]
fn a_writer_of_an_older_herald_is_found_by_its_file_beside_any_name() {
    let (home, path) = folder();
    drop(ledger(&path));
    let link = home.path().join("link.db");
    symlink(&path, &link).unwrap();
    let name = Uuid::now_v7().to_string();
    let of_name = |ledger: &Path| {
        let read = file::read(ledger, schema::STEPS, BUSY_TIMEOUT).unwrap().unwrap();
        Signs { path: ledger.to_owned(), database: Some(read.database) }.liveness(&name)
    };
    for ledger in [&path, &link] {
        let mut sign = ledger.clone().into_os_string();
        sign.push(format!("-{name}.alive"));
        let file = File::create(&sign).unwrap();
        file.lock().unwrap();
        assert_eq!(of_name(ledger), Liveness::Alive);
        drop(file);
        assert_eq!(of_name(ledger), Liveness::Gone);
        assert!(!Path::new(&sign).exists());
    }
    assert_eq!(of_name(&path), Liveness::Gone);
}

#[test]
fn a_killed_writer_is_gone_at_once_under_every_name() {
    let (home, path) = folder();
    drop(ledger(&path));
    let link = home.path().join("link.db");
    symlink(&path, &link).unwrap();
    let mut child = process(&link).env("LEDGER_WAITS", "1").spawn().unwrap();
    let patience = Instant::now() + Duration::from_secs(20);
    let entries = || {
        Ledger::open_to_read(&path, NOW, Duration::MAX).unwrap().list(&Filter::default()).unwrap()
    };
    while entries().is_empty() && Instant::now() < patience {
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(status(&path, LATER), EntryStatus::Sending);
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!((status(&path, NOW), status(&link, NOW)), (UNKNOWN, UNKNOWN));
}
