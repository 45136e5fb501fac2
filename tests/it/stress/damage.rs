//! Ledgers that are damaged after a kill, and ledgers that are moved, deleted or replaced while a job runs.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use super::is_long;
use super::rig::{ended, note, results, spawn, until};
use super::server::Server;
use crate::support::{Run, World, finish};

/// A broadcast to groups, over a server that answers after a while.
struct Job {
    world: World,
    server: Server,
    targets: Vec<String>,
}

impl Job {
    fn new(count: usize, delay_ms: u64) -> Self {
        let world = World::new();
        let targets: Vec<String> = (0..count).map(|n| format!("group:g{n}")).collect();
        world.write("list.txt", targets.join("\n"));
        fs::create_dir(world.path("state")).expect("a folder");
        Self { world, server: Server::answering_after(Duration::from_millis(delay_ms)), targets }
    }

    fn command(&self, ledger: &Path, arguments: &[&str]) -> Command {
        let mut command = self.world.command();
        command.args(arguments).arg("--ledger").arg(ledger).args(["--output", "json"]);
        command.env("HERALD_WILDFIRE_ENDPOINT", self.server.url());
        command.env("HERALD_WILDFIRE_SECRET", "secret");
        command
    }

    fn ledger(&self) -> PathBuf {
        self.world.path("state/ledger.db")
    }

    fn begin(&self, ledger: &Path, more: &[&str]) -> Command {
        let message = ["broadcast", "--provider", "wildfire", "--from", "a", "--text", "x"];
        let list = ["--targets", "list.txt", "--job", "j", "--concurrency", "4", "--yes"];
        let confirm = ["--confirm", "wildfire"];
        self.command(ledger, &[&message[..], &list, &confirm, more].concat())
    }

    fn resume(&self, ledger: &Path) -> Run {
        finish(&mut self.command(ledger, &["broadcast", "--resume", "j", "--yes"]))
    }

    /// Whom the server has read messages to, from one on.
    fn reached(&self, from: usize) -> Vec<String> {
        let target = |body: &String| {
            let body: Value = serde_json::from_str(body).expect("a document");
            format!("group:{}", body["conv"]["target"].as_str().expect("a target"))
        };
        self.server.read()[from..].iter().map(target).collect()
    }
}

/// A ledger and what is beside it, copied into an empty folder.
fn copied(from: &Path, folder: &Path) -> PathBuf {
    let _ = fs::remove_dir_all(folder);
    fs::create_dir(folder).expect("a folder");
    for file in fs::read_dir(from.parent().expect("a folder")).expect("a folder").flatten() {
        let name = file.file_name();
        if !name.to_string_lossy().ends_with("-shm") {
            fs::copy(file.path(), folder.join(name)).expect("a copy");
        }
    }
    folder.join("ledger.db")
}

fn beside(ledger: &Path, end: &str) -> PathBuf {
    let mut name = ledger.as_os_str().to_owned();
    name.push(end);
    name.into()
}

/// Flips bits of a file of a killed job one at a time, and resumes the job each time.
fn flipped(put_away: bool) {
    let job = Job::new(60, 12);
    let mut child = spawn(&mut job.begin(&job.ledger(), &[]));
    until("requests", || job.server.read().len() >= 24);
    child.kill().expect("it can be killed");
    ended(child);
    job.server.answer_after(Duration::from_millis(1));
    // What had left is read before the next one is counted.
    std::thread::sleep(Duration::from_millis(100));
    let before: BTreeSet<String> = job.reached(0).into_iter().collect();
    if put_away {
        let prune = ["history", "prune", "--older-than", "9999d"];
        finish(&mut job.command(&job.ledger(), &prune)).ends_with(0);
        assert!(!beside(&job.ledger(), "-wal").exists());
    }
    let end = if put_away { "" } else { "-wal" };
    let bits = fs::metadata(beside(&job.ledger(), end)).expect("a file").len() * 8;
    let places = if is_long() { 200 } else { 16 };
    let (mut refused, mut done) = (0, 0);
    for place in 0..places {
        let ledger = copied(&job.ledger(), &job.world.path("copy"));
        let file = beside(&ledger, end);
        let mut bytes = fs::read(&file).expect("a file");
        let bit = usize::try_from((place * bits / places + place * 13) % bits).expect("a place");
        bytes[bit / 8] ^= 1 << (bit % 8);
        fs::write(&file, bytes).expect("it can be written");
        let from = job.server.read().len();
        let run = job.resume(&ledger);
        let reached = job.reached(from);
        let again: Vec<_> = reached.iter().filter(|target| before.contains(*target)).collect();
        assert!(again.is_empty(), "bit {bit} of {end}: {again:?} twice: {run:?}");
        assert!(reached.iter().all(|target| job.targets.contains(target)), "bit {bit}: {run:?}");
        if run.code == 3 {
            assert!(reached.is_empty(), "bit {bit}: it was refused too late: {run:?}");
            assert!(run.err.contains("ledger.db"), "{run:?}");
            refused += 1;
            continue;
        }
        // Those under way when it was killed are unknown.
        assert!([0, 8].contains(&run.code), "bit {bit}: {run:?}");
        let all: BTreeSet<&String> = before.iter().chain(&reached).collect();
        assert_eq!(all.len(), job.targets.len(), "bit {bit}: somebody got nothing: {run:?}");
        assert_eq!(reached.len() + before.len(), job.targets.len(), "bit {bit}: {run:?}");
        done += 1;
    }
    note(&format!("{refused} refused, {done} ended right"));
    assert!(refused > 0);
}

#[test]
fn a_journal_with_a_flipped_bit_sends_nothing_twice() {
    flipped(false);
}

#[test]
fn a_database_with_a_flipped_bit_sends_nothing_twice_and_nothing_to_strangers() {
    flipped(true);
}

#[test]
fn a_copy_without_its_journal_is_refused_and_a_whole_one_goes_on() {
    let job = Job::new(60, 12);
    let mut child = spawn(&mut job.begin(&job.ledger(), &[]));
    until("requests", || job.server.read().len() >= 24);
    child.kill().expect("it can be killed");
    ended(child);
    job.server.answer_after(Duration::from_millis(1));
    std::thread::sleep(Duration::from_millis(100));
    let from = job.server.read().len();
    let alone = job.world.path("alone/ledger.db");
    fs::create_dir(alone.parent().expect("a folder")).expect("a folder");
    fs::copy(job.ledger(), &alone).expect("a copy");
    job.resume(&alone).ends_with(3).says("alone/ledger.db-wal is missing");
    for command in [&["history"][..], &["recall", "--last"], &["history", "show", "j"]] {
        finish(&mut job.command(&alone, command)).ends_with(3).says("ledger.db-wal");
    }
    let again = job.begin(&alone, &["--override", "repeat"]);
    finish(&mut { again }).ends_with(3).says("ledger.db-wal");
    assert_eq!(job.server.read().len(), from, "nothing has left");
    let whole = copied(&job.ledger(), &job.world.path("whole"));
    assert!([0, 8].contains(&job.resume(&whole).code));
    assert!(!beside(&whole, "-wal").exists(), "the last user puts the journal away");
    let reached: BTreeSet<String> = job.reached(0).into_iter().collect();
    assert_eq!((reached.len(), job.server.read().len()), (60, 60));
}

/// What happens to a ledger while a job runs; it is in a folder of its own, behind a link.
type Deed = (&'static str, fn(&Path), &'static str);

fn overwrite(file: &Path, length: usize) {
    use std::io::Write as _;
    let mut file = OpenOptions::new().write(true).open(file).expect("a file");
    file.write_all(&vec![0; length]).expect("it can be written");
}

fn cut(file: &Path) {
    OpenOptions::new().write(true).open(file).expect("a file").set_len(0).expect("it can be cut");
}

fn replace(file: &Path) {
    let copy = file.with_file_name("copy");
    fs::copy(file, &copy).expect("a copy");
    fs::rename(copy, file).expect("it can be replaced");
}

const DEEDS: [Deed; 10] = [
    ("deleted", |ledger| fs::remove_file(ledger).expect("it is there"), "moved or deleted"),
    (
        "moved with its folder",
        |ledger| {
            let folder = ledger.parent().expect("a folder");
            fs::rename(folder, folder.with_file_name("elsewhere")).expect("it is there");
        },
        "moved or deleted",
    ),
    ("replaced", replace, "replaced"),
    ("cut short", cut, "cut short"),
    ("overwritten", |ledger| overwrite(ledger, 3 * 4096), "damaged"),
    ("journal cut short", |ledger| cut(&beside(ledger, "-wal")), "cut short"),
    (
        "journal deleted",
        |ledger| fs::remove_file(beside(ledger, "-wal")).expect("it is there"),
        "moved or deleted",
    ),
    ("journal replaced", |ledger| replace(&beside(ledger, "-wal")), "replaced"),
    ("journal overwritten", |ledger| overwrite(&beside(ledger, "-wal"), 8192), "overwritten"),
    (
        "link turned elsewhere",
        |ledger| {
            let link = ledger.parent().and_then(Path::parent).expect("a folder").join("link.db");
            fs::remove_file(&link).expect("it is there");
            fs::copy(ledger, &link).expect("a copy");
        },
        "replaced",
    ),
];

#[test]
#[cfg(unix)]
fn a_ledger_that_is_lost_while_a_job_runs_halts_it_with_every_answer_told() {
    for (name, deed, says) in DEEDS {
        let job = Job::new(400, 100);
        let link = job.world.path("link.db");
        drop(herald::ledger::Ledger::open(&job.ledger(), 0, Duration::MAX).expect("a ledger"));
        std::os::unix::fs::symlink(job.ledger(), &link).expect("a link");
        let child = spawn(&mut job.begin(&link, &["--results", "r.ndjson"]));
        until("requests", || job.server.read().len() >= 20);
        deed(&job.ledger());
        let at = job.server.read().len();
        let run = ended(child).ends_with(3);
        let left = job.server.read().len();
        assert!(left <= at + 8, "{name}: {left} after {at}");
        let lines: Vec<_> = run.err.lines().filter(|line| line.starts_with("error")).collect();
        assert_eq!(lines.len(), 1, "{name}: {run:?}");
        assert!(lines[0].contains(says) && lines[0].contains(".db"), "{name}: {run:?}");
        // Each was answered, and is told.
        let told = run.json();
        assert_eq!(told["job"]["counts"]["accepted"], left, "{name}: {told}");
        assert_eq!(told["job"]["counts"]["planned"], 400 - left, "{name}: {told}");
        assert_eq!(told["error"]["exit_code"], 3, "{name}: {told}");
        let results = results(&job.world.path("r.ndjson"));
        let accepted: BTreeSet<&String> = results
            .iter()
            .filter_map(|(target, outcome)| (outcome == "accepted").then_some(target))
            .collect();
        let reached = job.reached(0);
        assert_eq!(accepted, reached.iter().collect(), "{name}");
    }
}

#[test]
fn a_ledger_that_is_lost_while_a_request_is_on_its_way_ends_a_send_with_3() {
    for (name, deed, says) in [
        ("deleted", (|path| fs::remove_file(path).expect("it is there")) as fn(&Path), "deleted"),
        ("replaced", replace, "replaced"),
        ("journal cut", |path| cut(&beside(path, "-wal")), "cut short"),
    ] {
        let job = Job::new(1, 300);
        let send = ["send", "--provider", "wildfire", "--from", "a", "--to", "b", "--text", "x"];
        let child = spawn(&mut job.command(&job.ledger(), &send));
        until("a request", || job.server.read().len() == 1);
        deed(&job.ledger());
        let run = ended(child).ends_with(3);
        assert_eq!(run.json()["outcome"], "accepted", "{name}: {run:?}");
        assert_eq!(run.json()["error"]["exit_code"], 3, "{name}: {run:?}");
        assert!(run.err.contains(says) && run.err.contains("ledger.db"), "{name}: {run:?}");
    }
}
