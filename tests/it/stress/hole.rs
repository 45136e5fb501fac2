//! Servers that take everything and answer nothing: every command comes back in time, and says what is to be done.

use std::process::Command;
use std::time::{Duration, Instant};

use super::is_long;
use super::server::{Full, Server};
use crate::support::{Run, World, finish};

const DEADLINE: &str = "400ms";
/// The deadline and a second.
const IN_TIME: Duration = Duration::from_millis(1400);

/// A command that reaches for the vendor.
struct Case {
    arguments: &'static [&'static str],
    /// How it ends where requests are read and not answered.
    silent: i32,
}

/// What a command says of what is to be done, one of these.
const ADVICE: [&str; 4] = ["retry", "history resolve", "--resume", "again leads to the same state"];

/// Where no one takes the connection nothing was sent, whatever it was.
const UNCONNECTED: i32 = 7;

#[rustfmt::skip]
const CASES: &[Case] = &[
    Case { arguments: &["send", "--provider", "wildfire", "--from", "a", "--to", "b", "--text", "x"], silent: 8 },
    Case { arguments: &["send", "--provider", "jpush-v3", "--to", "alias:b", "--text", "x"], silent: 7 },
    Case { arguments: &["send", "--provider", "rongcloud", "--from", "a", "--to", "b", "--text", "x"], silent: 8 },
    Case { arguments: &["send", "--provider", "easemob", "--from", "a", "--to", "b", "--text", "x"], silent: 7 },
    Case { arguments: &["send", "--provider", "jpush-v3", "--to", "alias:b", "--text", "x", "--dry-run=server"], silent: 7 },
    Case { arguments: &["broadcast", "--provider", "wildfire", "--from", "a", "--targets", "groups.txt", "--text", "x"], silent: 8 },
    Case { arguments: &["broadcast", "--provider", "jpush-v3", "--targets", "aliases.txt", "--text", "x"], silent: 7 },
    Case { arguments: &["broadcast", "--provider", "rongcloud", "--all", "--from", "a", "--text", "x", "--confirm", "rongcloud"], silent: 8 },
    Case { arguments: &["apply", "plan"], silent: 8 },
    Case { arguments: &["call", "wildfire/send", "--body", "body.json"], silent: 8 },
    Case { arguments: &["call", "rongcloud/tag-set", "--set", "userId=u1", "--set", "tags:=[\"a\"]"], silent: 8 },
    Case { arguments: &["recall", "--provider", "wildfire", "--from", "a", "588268286165155841", "--confirm", "wildfire"], silent: 8 },
    Case { arguments: &["get", "--provider", "wildfire", "588268286165155841"], silent: 7 },
    Case { arguments: &["status", "--provider", "jpush-v3", "18100287000000001"], silent: 7 },
    Case { arguments: &["upload", "--provider", "wildfire", "picture.png"], silent: 7 },
];

/// A home for the commands, with what they read.
fn home() -> World {
    let world = World::new();
    world.write("groups.txt", "group:g1\ngroup:g2\ngroup:g3\n");
    world.write("aliases.txt", "a1\na2\n");
    world.write("picture.png", [0x89, b'P', b'N', b'G']);
    let conv = r#"{"type":0,"target":"b","line":0}"#;
    let body =
        format!(r#"{{"sender":"a","conv":{conv},"payload":{{"type":1,"searchableContent":"x"}}}}"#);
    world.write("body.json", body);
    world
}

fn command(world: &World, url: &str, arguments: &[&str]) -> Command {
    let mut command = world.command();
    command.args(arguments);
    for (name, values) in [
        ("WILDFIRE", &[("SECRET", "x")][..]),
        (
            "JPUSH_V3",
            &[
                ("APP_KEY", "0123456789abcdef01234567"),
                ("MASTER_SECRET", "0123456789abcdef01234567"),
            ],
        ),
        ("RONGCLOUD", &[("APP_KEY", "key"), ("APP_SECRET", "x")]),
        ("EASEMOB", &[("ORG", "o"), ("APP", "a"), ("CLIENT_ID", "c"), ("CLIENT_SECRET", "x")]),
    ] {
        command.env(format!("HERALD_{name}_ENDPOINT"), url);
        for (key, value) in values {
            command.env(format!("HERALD_{name}_{key}"), value);
        }
    }
    command
}

fn timed(command: &mut Command) -> (Run, Duration) {
    let began = Instant::now();
    (finish(command), began.elapsed())
}

/// Runs all commands, two at a time.
fn run_all(url: &str, code: impl Fn(&Case) -> i32 + Sync) {
    let failures: Vec<String> = std::thread::scope(|scope| {
        let part = |cases: &'static [Case]| {
            let code = &code;
            scope.spawn(move || {
                cases.iter().filter_map(|case| fault(url, case, code(case))).collect::<Vec<_>>()
            })
        };
        let parts: Vec<_> = CASES.chunks(CASES.len().div_ceil(3)).map(part).collect();
        parts.into_iter().flat_map(|part| part.join().expect("no panic")).collect()
    });
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// What is wrong with how a command ends.
fn fault(url: &str, case: &Case, code: i32) -> Option<String> {
    let world = home();
    if case.arguments[0] == "apply" {
        let plan =
            ["broadcast", "--provider", "wildfire", "--from", "a", "--text", "x", "--plan", "plan"];
        let plan = [&plan[..], &["--targets", "groups.txt"]].concat();
        finish(&mut command(&world, url, &plan)).ends_with(0);
    }
    let arguments = [case.arguments, &["--deadline", DEADLINE]].concat();
    let (run, took) = timed(&mut command(&world, url, &arguments));
    let told = format!("{}{}", run.out, run.err);
    let advises = ADVICE.iter().any(|words| told.contains(words));
    let is_fine = took < IN_TIME && run.code == code && advises;
    (!is_fine).then(|| {
        format!(
            "{} -> {} after {took:?}, and {code} is due:\n{told}",
            arguments.join(" "),
            run.code
        )
    })
}

#[test]
fn a_server_that_never_answers_holds_no_command_beyond_its_deadline() {
    let server = Server::silent();
    run_all(&server.url(), |case| case.silent);
}

#[test]
fn a_server_that_takes_no_connection_holds_no_command_beyond_its_deadline() {
    let server = Full::new();
    run_all(&server.url(), |_| UNCONNECTED);
}

/// It has no flag for a deadline, and half a minute is too long to wait for in the short form.
#[test]
fn an_online_check_of_a_profile_is_not_held_either() {
    let server = Server::silent();
    let world = World::new();
    let url = server.url();
    let profile = format!(
        "[profiles.w]\nprovider = \"wildfire\"\nendpoint = \"{url}\"\nsecret = {{ env = \"S\" }}\n"
    );
    world.write_private("profiles.toml", profile);
    let mut command = world.command();
    let check = ["profile", "check", "--online", "--profiles", "profiles.toml"];
    command.args(check).env("S", "x");
    if is_long() {
        let (run, took) = timed(&mut command);
        assert!(took < Duration::from_secs(31), "{took:?} {run:?}");
        let run = run.ends_with(7);
        assert!(run.out.contains("retry"), "{}", run.out);
    }
}

#[test]
fn what_nobody_answered_for_is_not_said_to_have_gone() {
    let (world, server) = (World::new(), Server::silent());
    world.write("list.txt", "ann\nbob\n");
    let broadcast = || {
        let message = ["broadcast", "--provider", "wildfire", "--from", "a", "--text", "x"];
        let list = ["--targets", "list.txt", "--deadline", DEADLINE];
        let env =
            [("HERALD_WILDFIRE_ENDPOINT", &*server.url()), ("HERALD_WILDFIRE_SECRET", "secret")];
        world.run_with(&[&message[..], &list].concat(), &env)
    };
    broadcast().ends_with(8);
    broadcast().ends_with(9).says("the same may have gone to the same audience");
}
