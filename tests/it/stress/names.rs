//! A job at work, and a second herald that calls the ledger by another name.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use super::rig::{ended, spawn, until};
use super::stop::{SlowStore, TARGETS};
use crate::support::finish;

/// The second one is told that the job runs elsewhere, whatever it wants to do with it.
fn runs_elsewhere(slow: &SlowStore, ledger: &str) {
    let resume = ["broadcast", "--resume", "j", "--yes", "--ledger", ledger];
    let second = finish(&mut slow.command(&resume)).ends_with(3);
    let told = second.json()["error"]["message"].to_string();
    assert!(told.contains("running elsewhere"), "{ledger}: {told}");
}

/// Whether a file or folder can be mounted at another place: that takes root and a kernel that lets it.
fn mount(what: &Path, at: &Path) -> bool {
    Command::new("mount")
        .arg("--bind")
        .args([what, at])
        .output()
        .is_ok_and(|run| run.status.success())
}

fn unmount(at: &Path) {
    let _ = Command::new("umount").arg(at).output();
}

#[test]
fn a_job_runs_elsewhere_under_every_name_of_its_ledger() {
    let slow = SlowStore::new();
    let at = |name: &str| slow.world.path(name);
    let send = ["send", "--provider", "wildfire", "--from", "a", "--to", "group:z", "--text", "y"];
    finish(&mut slow.command(&[&send[..], &["--ledger", "real/l.db"]].concat())).ends_with(0);
    let before = slow.requests();
    for folder in ["other", "mounted"] {
        fs::create_dir(at(folder)).expect("a folder");
    }
    symlink("../real/l.db", at("other/link.db")).expect("a link");
    symlink("real", at("folder")).expect("a link");
    fs::hard_link(at("real/l.db"), at("other/hard.db")).expect("a link");
    fs::write(at("other/mounted.db"), "").expect("a file");
    let child = spawn(slow.begin().args(["--ledger", "other/link.db"]));
    until("a request", || slow.requests() > before);
    let mounted = [("real", "mounted"), ("real/l.db", "other/mounted.db")];
    let is_mounted = mounted.map(|(what, place)| mount(&at(what), &at(place)));
    let whole = at("real/l.db").display().to_string();
    let names = ["real/l.db", "other/link.db", "folder/l.db", "real/../real/l.db", &whole];
    let mut names = names.to_vec();
    names.push("other/hard.db");
    names.extend(is_mounted[0].then_some("mounted/l.db"));
    names.extend(is_mounted[1].then_some("other/mounted.db"));
    names.iter().for_each(|name| runs_elsewhere(&slow, name));
    let files = fs::read_dir(at("real")).expect("a folder").flatten().map(|file| file.path());
    let signs: Vec<_> =
        files.filter(|file| file.extension().is_some_and(|end| end == "alive")).collect();
    assert_eq!(signs.len(), 1, "beside the ledger itself: {signs:?}");
    fs::remove_file(&signs[0]).expect("it is ours");
    names.iter().for_each(|name| runs_elsewhere(&slow, name));
    for (_, place) in mounted.iter().zip(is_mounted).filter(|(_, is)| *is).map(|(one, _)| one) {
        unmount(&at(place));
    }
    let list = ["history", "list", "--ledger", "real/l.db"];
    let list = finish(&mut slow.command(&list)).ends_with(0).json();
    assert_eq!(list["entries"][0]["job"]["state"], "running", "{list}");
    ended(child).ends_with(0);
    assert_eq!(slow.requests(), before + TARGETS, "the others have sent nothing");
}

#[test]
fn a_stop_reaches_a_job_through_another_path_of_its_ledger() {
    let slow = SlowStore::new();
    symlink("real/l.db", slow.world.path("link.db")).expect("a link");
    let child = spawn(slow.begin().args(["--ledger", "real/l.db"]));
    until("a request", || slow.requests() > 0);
    let stop = ["stop", "j", "--ledger", "link.db"];
    let stopped = finish(&mut slow.command(&stop)).ends_with(0).json();
    assert_eq!(stopped["state"], "stopping", "{stopped}");
    assert_eq!(ended(child).json()["job"]["halted_by"], "stopped");
}

#[test]
fn a_killed_job_can_be_resumed_at_once_under_another_path() {
    let slow = SlowStore::new();
    symlink("real/l.db", slow.world.path("link.db")).expect("a link");
    let mut child = spawn(slow.begin().args(["--ledger", "real/l.db"]));
    until("requests", || slow.requests() >= 4);
    child.kill().expect("it can be killed");
    ended(child);
    slow.server.answer_after(std::time::Duration::from_millis(1));
    let resume = ["broadcast", "--resume", "j", "--yes", "--ledger", "link.db"];
    let last = finish(&mut slow.command(&resume)).ends_with(8).json();
    assert_eq!(last["job"]["state"], "finished", "{last}");
    assert!((TARGETS - 4..=TARGETS).contains(&slow.requests()), "{}", slow.requests());
}
