//! Signals that end a command before anything was sent: one line, one document for scripts, and the exit code.

use std::io::Read as _;
use std::process::{Child, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::sandbox::Served;
use crate::support::World;

const SIGNALS: [(&str, i32, &str); 4] = [
    ("-INT", 130, "interrupted"),
    ("-TERM", 143, "terminated"),
    ("-HUP", 129, "hung up"),
    ("-QUIT", 131, "quit"),
];

fn signal(child: &Child, name: &str) {
    let status = std::process::Command::new("kill").args([name, &child.id().to_string()]).status();
    assert!(status.expect("kill").success(), "the process is there");
}

/// What a command left: its exit code, stdout and stderr.
fn left(mut child: Child) -> (Option<i32>, String, String) {
    let (mut out, mut err) = (String::new(), String::new());
    child.stdout.take().expect("a pipe").read_to_string(&mut out).expect("UTF-8");
    child.stderr.take().expect("a pipe").read_to_string(&mut err).expect("UTF-8");
    (child.wait().expect("it ends").code(), out, err)
}

#[test]
fn a_command_that_is_ended_before_it_sends_says_so_and_prints_one_document() {
    let world = World::new();
    let send = ["send", "--sandbox", "--provider", "rongcloud", "--from", "a", "--to", "u1"];
    let sent = world.run(&[&send[..], &["--text", "x", "--output", "json"]].concat()).ends_with(0);
    let id = sent.json()["ledger_id"].as_str().expect("an id").to_owned();
    let recall = ["recall", &id, "--sandbox", "--targets", "-"];
    let whole = [&send[..4], &["--body", "-"]].concat();
    let of_file = [&send[..], &["--text-file", "-"]].concat();
    let broadcast = [
        &["broadcast", "--sandbox", "--provider", "rongcloud", "--from", "a", "--text", "x"][..],
        &["--targets", "-"],
    ]
    .concat();
    for command in [&recall[..], &whole, &of_file, &broadcast] {
        for (name, code, word) in SIGNALS {
            let mut started = world.command();
            started.args(command).args(["--output", "json"]);
            started.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
            let mut child = started.spawn().expect("herald runs");
            // It waits for what is written to it.
            let stdin = child.stdin.take();
            std::thread::sleep(Duration::from_millis(700));
            signal(&child, name);
            let (ended, out, err) = left(child);
            assert_eq!(ended, Some(code), "{command:?} {name}: {err}");
            let errors: Vec<&str> = err.lines().filter(|line| line.contains("error")).collect();
            assert!(
                matches!(errors[..], [one] if one.contains(word) && one.contains("nothing was sent")),
                "{command:?} {name}: {err}"
            );
            let document: Value = serde_json::from_str(&out).expect("one document");
            assert_eq!(document["error"]["exit_code"], code, "{document}");
            assert_eq!(document["sandbox"], true, "{document}");
            drop(stdin);
        }
    }
}

#[test]
fn a_recall_of_many_that_is_ended_at_any_moment_prints_one_document() {
    let world = World::new();
    let served = Served::start(&world, &["--provider", "rongcloud"]);
    let run = |arguments: &[&str]| {
        let mut command = world.command();
        command.envs(served.environment()).args(arguments).args(["--output", "json"]);
        command
    };
    let ids: Vec<String> = (0..300).map(|n| format!("u{n}")).collect();
    world.write("users.txt", ids.join("\n"));
    let list = ["broadcast", "--provider", "rongcloud", "--from", "news", "--text", "Open"];
    let more = ["--targets", "users.txt", "--job", "spring", "--confirm", "rongcloud"];
    crate::support::finish(&mut run(&[&list[..], &more].concat())).ends_with(0);
    let recall = ["recall", "--job", "spring", "--confirm", "rongcloud"];
    for after in [10, 40, 80, 120, 200, 300, 500] {
        let mut command = run(&recall);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it");
        std::thread::sleep(Duration::from_millis(after));
        signal(&child, "-INT");
        let (ended, out, err) = left(child);
        if after < 200 && out.is_empty() {
            // It had not read its command line.
            continue;
        }
        let document: Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{out} {err}"));
        match ended {
            Some(0) => return,
            code => assert_eq!(code, Some(130), "{document} {err}"),
        }
        // Nothing was sent, or there is a job to go on with.
        let has_job = document["job"]["name"] == "recall-spring";
        assert!(has_job || err.contains("nothing was sent"), "{after}: {document} {err}");
    }
}
