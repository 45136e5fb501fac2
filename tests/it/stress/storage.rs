//! Disks that are full, folders that cannot be written, files that are not ledgers, pipes that are closed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::rig::{Rig, balanced, ended, note, results, spawn, until};
use crate::support::{Run, finish};

/// A file system of its own, as large as it is told.
struct Disk {
    path: PathBuf,
}

impl Disk {
    /// Nothing where this user may not mount one.
    fn mount(path: PathBuf, options: &str) -> Option<Self> {
        fs::create_dir_all(&path).expect("a folder");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(&path);
        let mounted = mount.output().is_ok_and(|output| output.status.success());
        if !mounted {
            note("skipped: this user may not mount a file system");
        }
        mounted.then_some(Self { path })
    }

    /// Makes room.
    fn grow(&self, options: &str) {
        let mut mount = Command::new("mount");
        mount.args(["-o", &format!("remount,{options}")]).arg(&self.path);
        assert!(mount.status().expect("mount runs").success());
    }

    /// Leaves no more than this much room.
    fn fill(&self) {
        use std::io::Write as _;
        let mut filler = fs::File::create(self.path.join("filler")).expect("a file");
        for block in [65536, 4096, 1] {
            while filler.write_all(&vec![0; block]).is_ok() {}
        }
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.path).output();
    }
}

const MESSAGE: [&str; 7] =
    ["broadcast", "--provider", "wildfire", "--from", "news", "--text", "hello"];

/// A broadcast to this many groups.
struct Job {
    rig: Rig,
    targets: Vec<String>,
}

impl Job {
    fn new(count: usize) -> Self {
        let rig = Rig::new();
        let targets: Vec<String> = (0..count).map(|n| format!("group:g{n}")).collect();
        rig.world.write("list.txt", targets.join("\n"));
        Self { rig, targets }
    }

    fn command(&self, more: &[&str]) -> Command {
        let list = ["--targets", "list.txt", "--yes", "--confirm", "wildfire"];
        self.rig.command(&[&MESSAGE[..], &list, more].concat())
    }

    fn run(&self, more: &[&str]) -> Run {
        finish(&mut self.command(more))
    }

    /// Everybody got it, once, and the ledger says so.
    fn has_reached_all(&self) {
        let stored = self.rig.stored();
        assert_eq!(stored.len(), self.targets.len());
        assert!(stored.values().all(|ids| ids.len() == 1));
    }
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

#[test]
fn a_full_disk_stops_a_broadcast_before_its_first_request() {
    let job = Job::new(50);
    let Some(disk) = Disk::mount(job.rig.world.path("disk"), "size=2m") else { return };
    disk.fill();
    let ledger = disk.path.join("ledger.db");
    let run = job.run(&["--ledger", text(&ledger)]).ends_with(3);
    assert!(run.err.contains("make room"), "{}", run.err);
    assert_eq!(job.rig.bytes(), 0, "nothing has left");
}

#[test]
fn a_list_that_the_disk_has_no_room_for_is_not_begun() {
    let job = Job::new(20_000);
    let Some(disk) = Disk::mount(job.rig.world.path("disk"), "size=1m") else { return };
    let ledger = disk.path.join("ledger.db");
    let run = job.run(&["--ledger", text(&ledger)]).ends_with(3);
    assert!(run.err.contains("room"), "{}", run.err);
    assert_eq!(job.rig.bytes(), 0, "nothing has left");
    disk.grow("size=8m");
    let small = job.rig.world.write("small.txt", "group:s1\ngroup:s2\n");
    let list = ["--targets", text(&small), "--ledger", text(&ledger)];
    job.rig.run(&[&MESSAGE[..], &list].concat()).ends_with(0);
    let entries = job.rig.run(&["history", "--ledger", text(&ledger), "--output", "json"]).json();
    assert_eq!(entries["entries"].as_array().map(Vec::len), Some(1), "{entries}");
}

#[test]
fn a_disk_that_fills_up_meanwhile_halts_a_broadcast_with_its_books_in_order() {
    let job = Job::new(3000);
    let Some(disk) = Disk::mount(job.rig.world.path("disk"), "size=24m") else { return };
    let ledger = disk.path.join("ledger.db");
    let ledger = ["--ledger", text(&ledger)];
    let flags = ["--job", "j", "--output", "json", "--concurrency", "4"];
    let child = spawn(&mut job.command(&[&ledger[..], &flags].concat()));
    until("requests", || job.rig.bytes() > 100_000);
    disk.fill();
    let run = ended(child);
    let told = run.json();
    // Where all of the log's room was there already, it is carried out to its end.
    assert!([0, 3, 6, 8].contains(&run.code), "{run:?}");
    let counts = &told["job"]["counts"];
    let stored = job.rig.stored().len();
    let accepted = counts["accepted"].as_u64().expect("a count");
    let unknown = counts["unknown"].as_u64().expect("a count");
    note(&format!("halted by {}: {counts}, and {stored} are stored", told["job"]["halted_by"]));
    assert!(accepted <= stored as u64 && stored as u64 <= accepted + unknown, "{told}");
    assert!(unknown <= 4, "{told}");
    fs::remove_file(disk.path.join("filler")).expect("it is there");
    let resume = ["broadcast", "--resume", "j", "--yes", "--results", "r", "--output", "json"];
    let last = job.rig.run(&[&resume[..], &ledger].concat());
    let results = results(&job.rig.world.path("r"));
    let unknown = balanced(&job.targets, &results, &last.json(), &job.rig.stored());
    last.ends_with(if unknown > 0 { 8 } else { 0 });
}

#[test]
fn a_folder_that_cannot_be_written_stops_a_broadcast() {
    let job = Job::new(3);
    let Some(disk) = Disk::mount(job.rig.world.path("disk"), "size=1m,ro") else { return };
    let ledger = disk.path.join("ledger.db");
    job.run(&["--ledger", text(&ledger)]).ends_with(3).says("--ledger");
    let results = disk.path.join("r.ndjson");
    job.run(&["--results", text(&results)]).ends_with(3).says("cannot write the results");
    job.run(&["--plan", text(&disk.path.join("plan"))]).ends_with(3).says("cannot write the plan");
    assert_eq!(job.rig.bytes(), 0, "nothing has left");
}

#[test]
fn a_file_that_is_no_ledger_of_this_version_stops_a_broadcast() {
    let job = Job::new(3);
    job.run(&[]).ends_with(0);
    let before = job.rig.bytes();
    let ledger = job.rig.world.path(".local/state/herald/ledger.db");
    let newer = rusqlite::Connection::open(&ledger).expect("a database");
    newer.pragma_update(None, "user_version", 99).expect("it can be written");
    newer.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).expect("it is tidy");
    drop(newer);
    for command in [&["--override", "repeat"][..], &["--job", "j"]] {
        job.run(command).ends_with(3).says("version 99");
    }
    job.rig.run(&["broadcast", "--resume", "j"]).ends_with(3).says("version 99");
    job.rig.run(&["stop", "j"]).ends_with(3).says("version 99");
    let mut bytes = fs::read(&ledger).expect("a file");
    for (damage, words) in
        [(&b"not a database at all"[..], "damaged"), (b"SQLite format 3\0", "damaged")]
    {
        let length = bytes.len();
        bytes[..damage.len()].copy_from_slice(damage);
        bytes[100..length.min(3000)].fill(0x5A);
        fs::write(&ledger, &bytes).expect("it can be written");
        job.run(&["--override", "repeat"]).ends_with(3).says(words);
        job.rig.run(&["broadcast", "--resume", "j"]).ends_with(3).says(words);
    }
    assert_eq!(job.rig.bytes(), before, "nothing has left");
}

#[test]
#[cfg(target_os = "linux")]
fn results_that_cannot_be_kept_change_no_send() {
    let job = Job::new(200);
    let run = job.run(&["--results", "/dev/full"]).ends_with(0);
    assert!(run.err.contains("not complete"), "{}", run.err);
    job.has_reached_all();
}

#[test]
fn results_that_cannot_be_begun_stop_it_and_leave_nothing_behind() {
    let job = Job::new(3);
    job.run(&["--results", "no/such/folder/r"]).ends_with(3).says("cannot write the results");
    assert_eq!(job.rig.bytes(), 0, "nothing has left");
    let entries = job.rig.run(&["history", "--output", "json"]).json();
    assert_eq!(entries["entries"], serde_json::json!([]));
    job.run(&["--results", "r"]).ends_with(0);
    job.has_reached_all();
}

#[test]
fn a_closed_pipe_or_terminal_changes_no_send() {
    for (name, closed) in
        [("stdout", [true, false]), ("stderr", [false, true]), ("both", [true, true])]
    {
        let job = Job::new(150);
        // One warning at least, and an outcome.
        let mut command = job.command(&["-v", "--results", "r.ndjson"]);
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("herald runs");
        if closed[0] {
            drop(child.stdout.take());
        }
        if closed[1] {
            drop(child.stderr.take());
        }
        let run = ended(child);
        assert_eq!(run.code, 0, "{name}: {run:?}");
        job.has_reached_all();
        assert_eq!(results(&job.rig.world.path("r.ndjson")).len(), 150);
    }
}

#[test]
fn without_any_stream_the_ledger_is_not_written_into() {
    let job = Job::new(150);
    let herald = job.command(&["-v"]);
    let environment = job.rig.command(&[]);
    let words = herald.get_args().map(|word| format!("'{}'", word.to_str().expect("UTF-8")));
    let line = format!(
        "exec '{}' {} <&- >&- 2>&-",
        env!("CARGO_BIN_EXE_herald"),
        words.collect::<Vec<_>>().join(" ")
    );
    let mut outer = Command::new("sh");
    outer.args(["-c", &line]).current_dir(job.rig.world.path(""));
    outer.env_clear().envs(environment.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let status = outer.status().expect("sh runs");
    assert_eq!(status.code(), Some(0));
    job.has_reached_all();
    job.rig.run(&["history"]).ends_with(0);
}

#[test]
#[cfg(unix)]
fn a_limit_for_the_size_of_files_that_a_job_reaches_is_got_over_or_named() {
    // In blocks of 512 bytes: more than the reserve, and less than the journal would grow to.
    let limited = |job: &Job, blocks: u32| {
        let herald = job.command(&["--job", "j", "--concurrency", "4", "--output", "json"]);
        let words = herald.get_args().map(|word| format!("'{}'", word.to_str().expect("UTF-8")));
        let line = format!(
            "ulimit -f {blocks}; exec '{}' {}",
            env!("CARGO_BIN_EXE_herald"),
            words.collect::<Vec<_>>().join(" ")
        );
        let mut outer = Command::new("sh");
        let environment = herald.get_envs().filter_map(|(name, value)| Some((name, value?)));
        outer.args(["-c", &line]).current_dir(job.rig.world.path("")).env_clear().envs(environment);
        finish(&mut outer)
    };
    let job = Job::new(1200);
    let run = limited(&job, 2200);
    run.ends_with(0);
    job.has_reached_all();
    let job = Job::new(30_000);
    let run = limited(&job, 2200).ends_with(3);
    assert!(run.err.contains("ledger.db-wal: file too large (EFBIG)"), "{}", run.err);
    assert!(!run.err.contains("Error code"), "{}", run.err);
    assert_eq!(job.rig.bytes(), 0, "nothing has left");
}
