//! Results that go into a pipe, whose reader may take its time.

use std::fs::File;
use std::io::Read as _;
use std::path::PathBuf;
use std::process::Command;
use std::thread::JoinHandle;
use std::time::Duration;

use super::rig::{ended, signal, spawn, until};
use super::server::Server;
use crate::support::World;

/// More than a pipe holds, once someone has told them.
const TARGETS: usize = 3000;

struct Piped {
    world: World,
    server: Server,
    pipe: PathBuf,
}

impl Piped {
    fn new() -> Self {
        let world = World::new();
        let list: Vec<String> = (0..TARGETS).map(|n| format!("user{n}")).collect();
        world.write("list.txt", list.join("\n"));
        let pipe = world.path("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo runs").success());
        Self { world, server: Server::answering_after(Duration::from_millis(400)), pipe }
    }

    fn command(&self, more: &[&str]) -> Command {
        let mut command = self.world.command();
        command.args(["broadcast", "--yes", "--output", "json", "--concurrency", "1"]).args(more);
        command.env("HERALD_WILDFIRE_ENDPOINT", self.server.url());
        command.env("HERALD_WILDFIRE_SECRET", "secret");
        command
    }

    /// A reader that is there before herald looks for one: without any, herald would send nothing.
    fn reader(&self) -> JoinHandle<File> {
        let pipe = self.pipe.clone();
        let reader = std::thread::spawn(move || File::open(pipe).expect("a pipe"));
        std::thread::sleep(Duration::from_millis(200));
        reader
    }

    fn begin(&self, more: &[&str]) -> Command {
        let flags = ["--provider", "wildfire", "--from", "a", "--text", "x", "--job", "j"];
        self.command(&[&flags[..], &["--targets", "list.txt"], more].concat())
    }
}

#[test]
fn results_go_into_a_pipe_that_is_opened_once() {
    let piped = Piped::new();
    piped.server.answer_after(Duration::from_millis(1));
    let reader = piped.reader();
    let child = spawn(&mut piped.begin(&["--results", "pipe"]));
    // It ends when the other side closes it for the first time.
    let text = std::io::read_to_string(reader.join().expect("a reader")).expect("results");
    assert_eq!(text.lines().count(), TARGETS);
    ended(child).ends_with(0);
}

#[test]
fn an_interrupt_while_earlier_results_are_told_lets_nothing_leave() {
    let piped = Piped::new();
    let child = spawn(&mut piped.begin(&[]));
    until("a request", || !piped.server.read().is_empty());
    signal(&child, "INT");
    let told = ended(child).ends_with(130).json();
    assert_eq!(told["job"]["counts"]["planned"], TARGETS - 1000, "{told}");
    let reader = piped.reader();
    let child = spawn(&mut piped.command(&["--resume", "j", "--results", "pipe"]));
    let mut reader = reader.join().expect("a reader");
    // The first line is there: the rest is more than fits.
    reader.read_exact(&mut [0; 1]).expect("results");
    std::thread::sleep(Duration::from_millis(200));
    signal(&child, "INT");
    std::thread::sleep(Duration::from_millis(100));
    reader.read_to_end(&mut Vec::new()).expect("results");
    let run = ended(child).ends_with(130);
    assert_eq!(piped.server.read().len(), 1, "{run:?}");
    assert_eq!(run.json()["job"]["counts"]["planned"], TARGETS - 1000);
    run.says("are not complete (interrupted)");
}
