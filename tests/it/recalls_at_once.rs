//! Follow-ups of the same message that begin at once: one goes out, and the others say which.

use std::io::Write as _;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::failures::counting;
use crate::support::{Run, World, finish, read_whole};

/// A vendor that takes its time for everything but a send, and the paths that it was asked for.
struct SlowVendor {
    world: World,
    base: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl SlowVendor {
    fn start() -> Self {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&asked);
        let (port, _) = counting(move |stream| {
            let mut read = Vec::new();
            if !read_whole(stream, &mut read) {
                return;
            }
            let path = String::from_utf8_lossy(&read).split(' ').nth(1).unwrap_or("").to_owned();
            let is_send = path.ends_with("/send");
            let number = {
                let mut heard = heard.lock().expect("a list");
                heard.push(path);
                heard.len()
            };
            if !is_send {
                std::thread::sleep(Duration::from_secs(2));
            }
            let result = format!(r#"{{"messageUid":{number},"timestamp":1782353213000}}"#);
            let body = format!(r#"{{"code":0,"msg":"success","result":{result}}}"#);
            let head = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length:";
            let _ = write!(stream, "{head} {}\r\n\r\n{body}", body.len());
        });
        Self { world: World::new(), base: format!("http://127.0.0.1:{port}"), asked }
    }

    fn command(&self, arguments: &[&str]) -> std::process::Command {
        let mut command = self.world.command();
        command
            .env("HERALD_WILDFIRE_ENDPOINT", &self.base)
            .env("HERALD_WILDFIRE_SECRET", "a-secret-of-our-own")
            .env("HERALD_WILDFIRE_EDITION", "pro")
            .args(arguments);
        command
    }

    fn run(&self, arguments: &[&str]) -> Run {
        finish(&mut self.command(arguments))
    }

    fn send(&self, to: &str) -> String {
        let send = ["send", "--provider", "wildfire", "--from", "a", "--to", to, "--text", "x"];
        let sent = self.run(&[&send[..], &["--output", "json"]].concat()).ends_with(0).json();
        sent["ledger_id"].as_str().expect("an id").to_owned()
    }

    /// How often it was asked for something other than a send.
    fn followed_up(&self) -> usize {
        let asked = self.asked.lock().expect("a list");
        asked.iter().filter(|path| !path.ends_with("/send")).count()
    }

    /// Runs a command, and while the vendor has its request the others one after the other. The answer is what these said.
    fn while_at_work(&self, first: &[&str], others: &[&[&str]]) -> Vec<Run> {
        let before = self.followed_up();
        let mut first = self.command(first);
        let mut child =
            first.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("herald runs");
        let began = Instant::now();
        while self.followed_up() == before {
            assert!(began.elapsed() < Duration::from_secs(30), "it sends its request");
            std::thread::sleep(Duration::from_millis(5));
        }
        let runs = others.iter().map(|other| self.run(other)).collect();
        assert_eq!(child.wait().expect("it ends").code(), Some(0));
        runs
    }
}

/// What a refused command says: one error, which is the same for scripts.
#[track_caller]
fn refused(run: Run, words: &str) {
    let run = run.ends_with(3).says(words).says("herald history show ");
    let errors = run.err.lines().filter(|line| line.starts_with("error")).count();
    assert_eq!(errors, 1, "{}", run.err);
}

#[test]
fn while_a_follow_up_is_under_way_another_of_the_same_message_is_refused() {
    let vendor = SlowVendor::start();
    let text = ["--text", "y", "--from", "a"];
    for verb in ["recall", "delete", "update"] {
        let more = if verb == "update" { &text[..] } else { &[][..] };
        let (id, other) = (vendor.send("u1"), vendor.send("u2"));
        let follow_up = |ids: &[&str]| [&[verb][..], ids, more].concat().join(" ");
        let (one, both) = (follow_up(&[&id]), follow_up(&[&id, &other]));
        let words = |line: &'_ str| line.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let (one, both) = (words(&one), words(&both));
        let one: Vec<&str> = one.iter().map(String::as_str).collect();
        let both: Vec<&str> = both.iter().map(String::as_str).collect();
        let before = vendor.followed_up();
        // An update names one message.
        let others = if verb == "update" { vec![&one[..]] } else { vec![&one[..], &both[..]] };
        for run in vendor.while_at_work(&one, &others) {
            refused(run, &format!("the {verb} "));
        }
        assert_eq!(vendor.followed_up() - before, 1, "{verb}");
    }
}

#[test]
fn while_a_job_recalls_a_message_another_recall_of_it_is_refused() {
    let vendor = SlowVendor::start();
    let (one, two) = (vendor.send("u1"), vendor.send("u2"));
    let single = ["recall", one.as_str(), "--output", "json"];
    for run in vendor.while_at_work(&["recall", &one, &two], &[&single]) {
        let error = run.ends_with(3).json();
        let message = error["error"]["message"].as_str().expect("words");
        assert!(message.contains("is running on the same messages"), "{message}");
    }
    assert_eq!(vendor.followed_up(), 2);
    let done = vendor.run(&single).ends_with(0).says("recalled already");
    assert_eq!(done.json()["outcome"], Value::from("accepted"));
    assert_eq!(vendor.followed_up(), 2);
}

#[test]
fn of_recalls_of_one_message_that_begin_at_once_one_goes_out() {
    let vendor = SlowVendor::start();
    for _ in 0..3 {
        let (id, before) = (vendor.send("u1"), vendor.followed_up());
        let begin = |_| {
            let mut command = vendor.command(&["recall", &id]);
            command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("herald runs")
        };
        let children: Vec<_> = (0..4).map(begin).collect();
        let ends = children.into_iter().map(|child| child.wait_with_output().expect("it ends"));
        for end in ends {
            let err = String::from_utf8_lossy(&end.stderr);
            let is_told = || err.contains("of the same message is under way");
            match end.status.code() {
                // One, and each that begins so late that it finds it done.
                Some(0) => {}
                code => assert!(code == Some(3) && is_told(), "{code:?}: {err}"),
            }
        }
        assert_eq!(vendor.followed_up() - before, 1);
    }
}
