//! The power is lost at a write: what was not synced is dropped, and the broadcast is resumed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::is_long;
use super::rig::{Rig, balanced, note, results};
use crate::support::{Run, finish};

const CONCURRENCY: usize = 4;

/// The library that ends a process at a write; nothing where it cannot be made.
fn shim(rig: &Rig) -> Option<PathBuf> {
    let shim = rig.world.path("powerloss.so");
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/stress/powerloss.c");
    let mut cc = Command::new("cc");
    cc.args(["-shared", "-fPIC", "-O1", "-o"]).arg(&shim).args([source, "-ldl"]);
    let made = cc.output().ok().filter(|output| output.status.success());
    if made.is_none() {
        note("skipped: there is no C compiler");
    }
    made.map(|_| shim)
}

/// A broadcast with a ledger of its own.
struct Job<'a> {
    rig: &'a Rig,
    shim: &'a Path,
    name: String,
    targets: Vec<String>,
    /// How long the record was before it.
    before: u64,
}

impl<'a> Job<'a> {
    fn new(rig: &'a Rig, shim: &'a Path, name: String, requests: usize) -> Self {
        let targets: Vec<String> = (0..requests).map(|n| format!("group:{name}-{n}")).collect();
        rig.world.write(&format!("{name}/list.txt"), targets.join("\n"));
        let job = Self { rig, shim, name, targets, before: rig.bytes() };
        fs::create_dir(job.path("disk")).expect("a folder");
        fs::create_dir(job.path("durable")).expect("a folder");
        job
    }

    fn path(&self, name: &str) -> PathBuf {
        self.rig.world.path(&self.name).join(name)
    }

    fn command(&self, more: &[&str]) -> Command {
        let mut command = self.rig.command(&["broadcast", "--yes", "--output", "json"]);
        command.args(["--concurrency", "4"]).args(more);
        command.arg("--results").arg(self.path("results.ndjson"));
        command.env("HERALD_LEDGER", self.path("disk/ledger.db"));
        command
    }

    fn begin(&self) -> Command {
        let list = self.path("list.txt");
        let list = list.to_str().expect("UTF-8");
        let message = ["--provider", "wildfire", "--from", "news", "--text", "hello"];
        let job = ["--targets", list, "--job", &self.name, "--confirm", "wildfire"];
        self.command(&[&message[..], &job].concat())
    }

    /// Runs it until the power is lost at a write or sync; 0: never.
    fn run_until(&self, boundary: u64) -> Run {
        let mut command = self.begin();
        command
            .env("LD_PRELOAD", self.shim)
            .env("POWERLOSS_DIR", self.path("disk").canonicalize().expect("a folder"))
            .env("POWERLOSS_DURABLE", self.path("durable"))
            .env("POWERLOSS_COUNT", self.path("count"))
            .env("POWERLOSS_AT", boundary.to_string());
        finish(&mut command)
    }

    /// Writes and syncs of a run that came to its end.
    fn boundaries(&self) -> u64 {
        fs::read_to_string(self.path("count")).expect("a count").parse().expect("a number")
    }

    /// Drops what was not synced. Of what was written and not synced, a disk may keep any part: this keeps nothing, or all
    /// of the database, or all of its log.
    fn lose(&self, boundary: u64) {
        let kept = ["", "ledger.db", "ledger.db-wal"][usize::try_from(boundary % 3).expect("few")];
        let [disk, durable] = ["disk", "durable"].map(|name| self.path(name));
        let names = |folder: &Path| -> Vec<_> {
            let entries = fs::read_dir(folder).expect("a folder").flatten();
            entries.map(|entry| entry.file_name()).collect()
        };
        for name in names(&disk).into_iter().filter(|name| name != kept) {
            fs::remove_file(disk.join(name)).expect("it is there");
        }
        for name in names(&durable).into_iter().filter(|name| name != kept) {
            fs::copy(durable.join(&name), disk.join(&name)).expect("a copy");
        }
    }

    /// Loses the power at a boundary, resumes, and compares the books.
    fn survives(&self, boundary: u64) {
        let cut = self.run_until(boundary);
        if cut.code != 137 {
            // Answers that come together are written together: there are not always as many.
            assert_eq!(cut.code, 0, "{cut:?}");
            return;
        }
        self.lose(boundary);
        let mut last = finish(&mut self.command(&["--resume", &self.name]));
        let none = ["there is no ledger", "is empty", "there is no job", "is still being planned"];
        if none.iter().any(|words| last.err.contains(words)) {
            assert!(self.stored().is_empty(), "boundary {boundary}: {}", last.err);
            last = finish(&mut self.begin());
        }
        assert!([0, 8].contains(&last.code), "boundary {boundary}: {last:?}");
        let results = results(&self.path("results.ndjson"));
        let unknown = balanced(&self.targets, &results, &last.json(), &self.stored());
        assert!(unknown <= CONCURRENCY, "boundary {boundary}: {unknown} unknown");
    }

    fn stored(&self) -> super::rig::Stored {
        let mut stored = self.rig.stored_since(self.before);
        stored.retain(|target, _| self.targets.contains(target));
        stored
    }
}

#[test]
#[cfg(target_os = "linux")]
fn what_was_not_synced_when_the_power_went_is_not_missed() {
    let rig = Rig::new();
    let Some(shim) = shim(&rig) else { return };
    let (requests, step) = if is_long() { (500, 1) } else { (16, 7) };
    let whole = Job::new(&rig, &shim, "whole".to_owned(), requests);
    whole.run_until(0).ends_with(0);
    let boundaries = whole.boundaries();
    note(&format!("{boundaries} writes and syncs"));
    assert!(boundaries > 3 * requests as u64 / CONCURRENCY as u64, "the shim does not see them");
    let lose = |first: u64| {
        for boundary in (first..=boundaries).step_by(2 * step) {
            let job = Job::new(&rig, &shim, format!("at{boundary}"), requests);
            job.survives(boundary);
            fs::remove_dir_all(rig.world.path(&job.name)).expect("it is there");
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(|| lose(1));
        scope.spawn(|| lose(1 + step as u64));
    });
}
