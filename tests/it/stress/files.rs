//! A process that may not open as many files as it would like.

use std::collections::HashMap;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::rig::{ended, spawn};
use super::server::Server;
use crate::support::World;

#[test]
fn where_no_more_files_can_be_opened_fewer_connections_carry_all_of_it() {
    let server = Server::answering_after(Duration::from_millis(20));
    let world = World::new();
    world.write("list.txt", (0..150).map(|n| format!("group:g{n}\n")).collect::<String>());
    let flags = "broadcast --provider wildfire --from a --text x --targets list.txt --confirm wildfire \
                 --concurrency 64 --output json";
    let mut command = Command::new("/bin/sh");
    command.args(["-c", "ulimit -n 26; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_herald")]);
    command.args(flags.split_whitespace()).env_clear().env("HOME", world.path(""));
    command.env("HERALD_WILDFIRE_ENDPOINT", server.url()).env("HERALD_WILDFIRE_SECRET", "secret");
    command.current_dir(world.path("")).stdin(Stdio::null());
    let run = ended(spawn(&mut command)).ends_with(0);
    assert_eq!(run.err.matches("too many open files").count(), 1, "it is said once: {}", run.err);
    assert_eq!(run.json()["job"]["counts"]["accepted"], 150);
    let mut times: HashMap<String, u32> = HashMap::new();
    server.read().into_iter().for_each(|body| *times.entry(body).or_default() += 1);
    assert!(times.len() == 150 && times.values().all(|times| *times == 1));
}
