//! Files that others own or can change: refused before anything is read, run or sent, with the command that fixes it.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::path::Path;
use std::process::Command;

use crate::prerequisites::serving;
use crate::support::{Run, World, finish};

fn set(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("it is ours");
}

/// Sets the mode of what may not be there: a log is removed where all of it is in the file.
fn loosen(path: &Path, mode: u32) {
    if !path.exists() {
        fs::write(path, "").expect("a file");
    }
    set(path, mode);
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("it is there").permissions().mode() & 0o777
}

/// Ends the test unless the command was refused with advice that can be run, and the advice helped.
#[track_caller]
fn refused(run: Run, home: &Path) -> String {
    let run = run.ends_with(3).says("is not safe to use");
    let help = run.err.lines().find_map(|line| line.trim().strip_prefix("help: "));
    let help = help.unwrap_or_else(|| panic!("{run:?}"));
    assert!(help.contains("chmod ") || help.contains("chown "), "{help}");
    let fixed = Command::new("sh").args(["-c", help]).current_dir(home).output();
    assert!(fixed.expect("a shell").status.success(), "{help}");
    run.err
}

const SEND: [&str; 7] = ["send", "--from", "a", "--to", "b", "--text", "hello"];

/// A world with a profile whose secret comes from a program that leaves a mark, and a server that answers.
struct Watched {
    world: World,
    asked: std::sync::mpsc::Receiver<String>,
}

impl Watched {
    fn new() -> Self {
        let world = World::new();
        let answer = r#"200 {"code":0,"msg":"success","result":{"messageUid":1,"timestamp":1}}"#;
        let (base, asked) = serving(vec![answer.to_owned(); 40]);
        let mark = world.path("ran").display().to_string();
        world.write("tool", format!("#!/bin/sh\ntouch '{mark}'\necho secret\n"));
        set(&world.path("tool"), 0o755);
        let tool = world.path("tool").display().to_string();
        world.write(
            "config/p.toml",
            format!(
                "[profiles.p]\nprovider = \"wildfire\"\nendpoint = \"{base}\"\nkill_switch = \"../switch/stop\"\n\
                 secret = {{ command = [\"{tool}\"] }}\n"
            ),
        );
        fs::create_dir(world.path("switch")).expect("a folder");
        Self { world, asked }
    }

    fn run(&self, arguments: &[&str]) -> Run {
        let more = ["--profiles", "config/p.toml", "--ledger", "state/l.db"];
        finish(self.world.command().args([arguments, &more].concat()))
    }

    fn profiles(&self, arguments: &[&str]) -> Run {
        finish(self.world.command().args([arguments, &["--profiles", "config/p.toml"]].concat()))
    }

    /// Whether the program ran since this was asked last.
    fn ran(&self) -> bool {
        fs::remove_file(self.world.path("ran")).is_ok()
    }

    /// How many requests came in since this was asked last.
    fn requests(&self) -> usize {
        self.asked.try_iter().count()
    }
}

#[test]
fn what_others_can_change_is_refused_and_the_advice_helps() {
    let watched = Watched::new();
    let (world, home) = (&watched.world, watched.world.path("."));
    watched.run(&SEND).ends_with(0);
    assert!(watched.ran() && watched.requests() == 1);
    for (name, loose, runs) in [
        ("config/p.toml", 0o666, false),
        ("config", 0o777, false),
        ("tool", 0o777, false),
        ("switch", 0o777, true),
        ("state/l.db", 0o666, true),
        ("state/l.db-wal", 0o666, true),
        ("state/l.db-shm", 0o666, true),
        ("state", 0o777, true),
    ] {
        let path = world.path(name);
        loosen(&path, loose);
        let told = refused(watched.run(&SEND), &home);
        assert!(told.contains(name.rsplit('/').next().expect("a name")), "{name}: {told}");
        assert_eq!(mode(&path) & 0o022, 0, "{name}");
        assert_eq!((watched.ran(), watched.requests()), (runs, 0), "{name}");
        watched.run(&SEND).ends_with(0);
        assert!(watched.ran() && watched.requests() == 1, "{name}");
    }
    // One command fixes all that is wrong at once.
    for (name, loose) in [("state", 0o777), ("state/l.db", 0o666), ("state/l.db-wal", 0o666)] {
        loosen(&world.path(name), loose);
    }
    refused(watched.run(&SEND), &home);
    watched.run(&SEND).ends_with(0);
    watched.ran();
    for (name, loose) in [("config/p.toml", 0o666), ("config", 0o777)] {
        for look in [&["profile", "check"][..], &["profile", "list"], &["sign", "wildfire/send"]] {
            set(&world.path(name), loose);
            refused(watched.profiles(look), &home);
            assert!(!watched.ran(), "{look:?}");
        }
    }
    set(&world.path("switch"), 0o777);
    let check = watched.profiles(&["profile", "check"]).ends_with(3);
    assert!(check.out.contains("the folder of the kill switch"), "{check:?}");
    // In a sticky folder a user cannot replace the files of others.
    for name in ["config", "state", "switch"] {
        set(&world.path(name), 0o1777);
    }
    watched.run(&SEND).ends_with(0);
}

#[test]
fn a_loose_ledger_is_closed_by_who_writes_and_left_alone_by_who_reads() {
    let watched = Watched::new();
    let world = &watched.world;
    watched.run(&SEND).ends_with(0);
    let ledger = world.path("state/l.db");
    let files = || {
        let files = fs::read_dir(world.path("state")).expect("a folder").flatten();
        files.map(|file| file.path()).collect::<Vec<_>>()
    };
    files().iter().for_each(|file| set(file, 0o644));
    let list = watched.run(&["history", "list", "--output", "json"]).ends_with(0).json();
    assert_eq!(list["entries"].as_array().map(Vec::len), Some(1));
    assert_eq!(mode(&ledger), 0o644);
    watched.run(&SEND).ends_with(0);
    assert!(files().iter().all(|file| mode(file) == 0o600), "{:?}", files());
    set(&ledger, 0o666);
    watched.run(&["history", "list"]).ends_with(3).says("chmod 600");
    // From its first moment on, whatever the umask.
    let script = "umask 0; exec \"$0\" \"$@\"";
    let new = ["--profiles", "config/p.toml", "--ledger", "new/l.db"];
    let mut command = Command::new("sh");
    command.args(["-c", script, env!("CARGO_BIN_EXE_herald")]).args([&SEND[..], &new].concat());
    command.env_clear().env("HOME", world.path(".")).env("PATH", "/usr/bin:/bin");
    finish(command.current_dir(world.path("."))).ends_with(0);
    assert_eq!(mode(&world.path("new")), 0o700);
    assert_eq!(mode(&world.path("new/l.db")), 0o600);
}

#[test]
fn what_another_user_owns_is_refused_but_for_looking_into_a_ledger() {
    let watched = Watched::new();
    let (world, home) = (&watched.world, watched.world.path("."));
    watched.run(&SEND).ends_with(0);
    let give = |name: &str, user| chown(world.path(name), Some(user), Some(user)).is_ok();
    // Only root can give files away.
    if !give("config/p.toml", 1234) {
        return;
    }
    refused(watched.run(&SEND), &home);
    watched.run(&SEND).ends_with(0);
    for name in ["config", "tool", "switch", "state"] {
        give(name, 1234);
        let told = refused(watched.run(&SEND), &home);
        assert!(told.contains("belongs to the user 1234"), "{name}: {told}");
        watched.run(&SEND).ends_with(0);
    }
    watched.requests();
    for name in ["state", "state/l.db", "state/l.db-wal", "state/l.db-shm"] {
        give(name, 1234);
    }
    set(&world.path("state/l.db"), 0o644);
    set(&world.path("state"), 0o755);
    let list = watched.run(&["history", "list", "--output", "json"]).ends_with(0).json();
    let entries = list["entries"].as_array().expect("a list");
    let id = entries[0]["id"].as_str().expect("an id");
    watched.run(&["history", "show", id]).ends_with(0);
    watched.run(&[&SEND[..], &["--dry-run"]].concat()).ends_with(0);
    let ledger = fs::metadata(world.path("state/l.db")).expect("it is there");
    assert_eq!((ledger.uid(), ledger.mode() & 0o777), (1234, 0o644));
    watched.run(&SEND).ends_with(3).says("belongs to the user 1234");
    watched.run(&["history", "prune"]).ends_with(3).says("belongs to the user 1234");
    assert_eq!(watched.requests(), 0);
}

#[test]
fn a_token_that_others_can_change_is_not_sent() {
    let world = World::new();
    let token = r#"200 {"access_token":"t0k","expires_in":5000,"application":"a"}"#;
    let sent = r#"200 {"data":{"b":"1"}}"#;
    let (base, asked) = serving([token, sent, sent, sent].map(str::to_owned).to_vec());
    let environment = [
        ("HERALD_EASEMOB_ENDPOINT", base.as_str()),
        ("HERALD_EASEMOB_ORG", "o"),
        ("HERALD_EASEMOB_APP", "a"),
        ("HERALD_EASEMOB_CLIENT_ID", "c"),
        ("HERALD_EASEMOB_CLIENT_SECRET", "s"),
    ];
    let send = [&SEND[..], &["--provider", "easemob"]].concat();
    world.run_with(&send, &environment).ends_with(0);
    assert_eq!(asked.try_iter().count(), 2);
    let cache = world.path(".cache/herald");
    let kept = fs::read_dir(&cache).expect("a folder").flatten().next().expect("a token").path();
    for (path, loose) in [(&kept, 0o666), (&cache, 0o777)] {
        set(path, loose);
        refused(world.run_with(&send, &environment), &world.path("."));
        assert_eq!(asked.try_iter().count(), 0, "{}", path.display());
        world.run_with(&send, &environment).ends_with(0);
        assert_eq!(asked.try_iter().count(), 1);
    }
    // Only root can give files away.
    if chown(&kept, Some(1234), None).is_ok() {
        refused(world.run_with(&send, &environment), &world.path("."));
        assert_eq!(asked.try_iter().count(), 0);
    }
}

#[test]
fn the_state_of_the_sandbox_is_refused_where_others_can_change_it() {
    let world = World::new();
    let send = [&SEND[..], &["--provider", "wildfire", "--sandbox"]].concat();
    world.run(&send).ends_with(0);
    let state = world.path(".local/state/herald/sandbox");
    for (path, loose) in [(state.join("state.db"), 0o666), (state.clone(), 0o777)] {
        set(&path, loose);
        refused(world.run(&send), &world.path("."));
        set(&path, loose);
        let folder = state.to_str().expect("UTF-8");
        let serve = ["sandbox", "--listen", "127.0.0.1:0", "--state", folder];
        refused(world.run(&serve), &world.path("."));
        world.run(&send).ends_with(0);
    }
}
