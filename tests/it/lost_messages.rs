//! Messages whose answer was lost: the real binary finds them at a server that took them, and at no other.
//!
//! Between herald and the served sandbox stands a relay that loses answers. What it does stands in the text of a message.

use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::thread;

use serde_json::{Value, json};

use crate::prerequisites::serving;
use crate::sandbox::Served;
use crate::support::{Run, World, read_whole, short_id};

/// The server takes it, and the answer says that it took too long.
const LATE: &str = "answered late";
/// The server takes it, and the connection ends before the answer.
const CUT: &str = "answer cut off";
/// The server takes it, and the answer never comes.
const HELD: &str = "answer held back";
/// The server never hears of it, and the answer is the same as of one that it took.
const NEVER: &str = "never arrived";

const TIMEOUT: &str = r#"{"code":249,"msg":"timeout"}"#;

/// A served sandbox behind a relay.
struct Lossy {
    world: World,
    served: Served,
    base: String,
}

impl Lossy {
    fn start(more: &[&str]) -> Self {
        let world = World::new();
        let served = Served::start(&world, &[&["--provider", "wildfire"], more].concat());
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let server = served.address().to_owned();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let server = server.clone();
                thread::spawn(move || relay(stream, &server));
            }
        });
        let lossy = Self { world, served, base };
        lossy.profiles("");
        lossy
    }

    /// Writes the profiles of the administration, of a robot and of a channel.
    fn profiles(&self, more: &str) {
        let profile = |name: &str, more: &str| {
            let base = &self.base;
            format!(
                "[profiles.{name}]\nprovider = \"wildfire\"\nendpoint = \"{base}\"\n\
                 secret = {{ env = \"HERALD_WILDFIRE_SECRET\" }}\n{more}\n"
            )
        };
        let all = [
            "default = \"im\"\n".to_owned(),
            profile("im", more),
            profile("robot", "robot_id = \"r2\""),
            profile("channel", "channel_id = \"c3\""),
        ];
        self.world.write("profiles.toml", all.concat());
    }

    fn run(&self, arguments: &[&str]) -> Run {
        self.run_in(&self.world, arguments)
    }

    /// The same with the ledger of another home.
    fn run_in(&self, world: &World, arguments: &[&str]) -> Run {
        let environment = self.served.environment();
        let environment: Vec<(&str, &str)> =
            environment.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let profiles = self.world.path("profiles.toml").display().to_string();
        let arguments = [arguments, &["--profiles", &profiles, "--output", "json"]].concat();
        world.run_with(&arguments, &environment)
    }

    /// Sends something of which no answer comes. Its id in the ledger.
    #[track_caller]
    fn lose(&self, arguments: &[&str]) -> String {
        let sent = self.run(arguments).ends_with(8).json();
        assert_eq!((&sent["outcome"], &sent["ids"]), (&json!("unknown"), &json!({})));
        sent["ledger_id"].as_str().expect("an id").to_owned()
    }

    /// What the server has under a uid.
    #[track_caller]
    fn get(&self, uid: &str) -> Value {
        self.run(&["get", uid, "--profile", "im"]).ends_with(0).json()["result"].clone()
    }

    #[track_caller]
    fn check(&self, id: &str, code: i32) -> Value {
        self.run(&["history", "resolve", id, "--check"]).ends_with(code).json()
    }
}

/// Hands on requests and answers, except the answers that are lost. A connection to the server serves one of a client: a search
/// asks some ten thousand times, and connecting takes longer than asking.
fn relay(mut stream: TcpStream, server: &str) {
    let mut upstream = TcpStream::connect(server).expect("it listens");
    loop {
        let mut request = Vec::new();
        if !read_whole(&mut stream, &mut request) {
            return;
        }
        let text = String::from_utf8_lossy(&request).into_owned();
        let is_send = !text.contains("get_one") && !text.contains("recall");
        let says = |marker: &str| is_send && text.contains(marker);
        let answer = if says(NEVER) { Vec::new() } else { ask(&mut upstream, &request) };
        if says(CUT) {
            return;
        }
        if says(HELD) {
            thread::sleep(std::time::Duration::from_secs(60));
            return;
        }
        let answer = if says(LATE) || says(NEVER) {
            let length = TIMEOUT.len();
            format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{TIMEOUT}").into_bytes()
        } else {
            answer
        };
        if stream.write_all(&answer).is_err() {
            return;
        }
    }
}

fn ask(server: &mut TcpStream, request: &[u8]) -> Vec<u8> {
    server.write_all(request).expect("it reads");
    let mut answer = Vec::new();
    read_whole(server, &mut answer);
    answer
}

const SEND: [&str; 6] = ["send", "--from", "alice", "--to", "bob", "--text"];

#[test]
fn a_message_that_was_taken_is_found_and_can_be_recalled_and_one_that_was_not_stays_unknown() {
    let lossy = Lossy::start(&[]);
    // What was accepted tells the node and the clock; and is not an answer to what is lost, whatever it says.
    lossy.run(&[&SEND[..], &[LATE]].concat()).ends_with(8);
    let first = lossy.run(&["history"]).json()["entries"][0]["id"].clone();
    let first = first.as_str().expect("an id");
    let never = lossy.lose(&[&SEND[..], &[NEVER]].concat());
    let found = lossy.check(first, 0);
    let uid = found["ids"]["messageUid"].as_str().expect("an id");
    assert_eq!((&found["outcome"], &found["resolution"]), (&json!("accepted"), &json!("accepted")));
    assert!(found["look_ups"].as_u64().expect("a number") >= 10_002, "{found}");
    assert_eq!(lossy.get(uid)["payload"]["searchableContent"], LATE);
    lossy.run(&["history", "resolve", first, "--check"]).ends_with(2).says("not unknown");
    lossy.run(&["recall", first]).ends_with(0);
    assert_eq!(lossy.get(uid)["payload"]["type"], 80);

    let run = lossy.run(&["history", "resolve", &never, "--check"]).ends_with(8);
    let run = run.says("it stays unknown: no message fits among the ").says(", with `get-one`");
    let told = run.json();
    assert_eq!((&told["outcome"], &told["ids"]), (&json!("unknown"), &json!({})));
    assert_eq!(told["undecided"], json!([{ "request": null, "fits": [] }]));
    assert!(told["look_ups"].as_u64().expect("a number") >= 10_002, "{told}");
}

#[test]
fn of_two_messages_that_fit_none_is_taken_for_the_lost_one() {
    let lossy = Lossy::start(&[]);
    let lost = lossy.lose(&[&SEND[..], &[CUT]].concat());
    // The same message, sent by someone with another ledger.
    let other = World::new();
    lossy.run_in(&other, &[&SEND[..], &[CUT]].concat()).ends_with(8);
    // And others that differ in one thing.
    for words in [
        ["send", "--from", "alice", "--to", "carol", "--text", CUT],
        ["send", "--from", "anna", "--to", "bob", "--text", CUT],
        ["send", "--from", "alice", "--to", "group:bob", "--text", CUT],
    ] {
        lossy.run_in(&other, &words).ends_with(8);
    }
    let run = lossy.run(&["history", "resolve", &lost, "--check"]).ends_with(8);
    let told = run.says("it stays unknown").json();
    let fits = told["undecided"][0]["fits"].as_array().expect("a list");
    assert_eq!((fits.len(), &told["outcome"]), (2, &json!("unknown")), "{told}");
    let refused = lossy.run(&["recall", &lost]).ends_with(2);
    refused.says(&format!("`herald history resolve {} --check", short_id(&lost)));
}

#[test]
fn batches_of_a_job_are_found_and_the_job_is_recalled_from_all() {
    let lossy = Lossy::start(&[]);
    let ids: Vec<String> = (0..2500).map(|n| format!("u{n}")).collect();
    let rows: Vec<String> =
        ids.iter().map(|id| format!("{id},{}", if id == "u7" { CUT } else { "hello" })).collect();
    lossy.world.write("list.csv", format!("user,text\n{}\n", rows.join("\n")));
    let broadcast = ["broadcast", "--from", "news", "--targets", "list.csv", "--column", "user"];
    let broadcast = [&broadcast[..], &["--text", "{{text}}", "--job", "spring", "--yes"]].concat();
    let sent = lossy.run(&[&broadcast[..], &["--confirm", "im"]].concat()).ends_with(8).json();
    assert_eq!(sent["job"]["counts"]["unknown"], 1, "{sent}");
    assert!(sent["advice"].as_str().expect("advice").contains("--check"), "{sent}");
    let found = lossy.check("spring", 0);
    assert_eq!(found["resolved"], json!({ "as": "accepted", "batches": 1, "targets": 1 }));
    assert_eq!((&found["outcome"], &found["undecided"]), (&json!("accepted"), &json!([])));
    let shown = lossy.run(&["history", "show", "spring"]).json();
    let batches = shown["batches"].as_array().expect("batches");
    assert!(batches.iter().all(|batch| batch["ids"]["messageUid"].is_string()), "{shown}");
    let recalled = lossy.run(&["recall", "--job", "spring", "--confirm", "im"]).ends_with(0).json();
    assert_eq!(recalled["outcome"], "accepted", "{recalled}");
    for batch in batches {
        let uid = batch["ids"]["messageUid"].as_str().expect("an id");
        assert_eq!(lossy.get(uid)["payload"]["type"], 80);
    }
}

#[test]
fn requests_of_a_job_that_say_the_same_are_not_taken_for_each_other() {
    let lossy = Lossy::start(&[]);
    let ids: Vec<String> = (0..2500).map(|n| format!("u{n}")).collect();
    lossy.world.write("list.txt", ids.join("\n"));
    let broadcast = ["broadcast", "--from", "news", "--targets", "list.txt", "--confirm", "im"];
    let sent =
        lossy.run(&[&broadcast[..], &["--text", LATE, "--job", "late"]].concat()).ends_with(8);
    assert_eq!(sent.json()["job"]["counts"]["unknown"], 2500);
    let told = lossy.check("late", 8);
    let undecided = told["undecided"].as_array().expect("a list");
    assert_eq!(undecided.len(), 3);
    for one in undecided {
        assert_eq!(one["fits"].as_array().map(Vec::len), Some(3), "{told}");
    }
    assert_eq!(told["job"]["counts"]["unknown"], 2500);
    lossy.run(&["recall", "--job", "late", "--confirm", "im"]).ends_with(8).says("--check");
}

#[test]
fn what_robots_channels_and_broadcasts_sent_is_found_by_the_administration() {
    let lossy = Lossy::start(&[]);
    let lost = [
        vec!["send", "--profile", "robot", "--to", "group:g", "--text", LATE],
        vec!["broadcast", "--profile", "channel", "--all", "--text", LATE, "--confirm", "channel"],
        vec!["broadcast", "--from", "news", "--all", "--text", CUT, "--confirm", "im"],
    ];
    let lost: Vec<String> = lost.iter().map(|words| lossy.lose(words)).collect();
    for (id, who) in [(&lost[0], "robot"), (&lost[1], "channel")] {
        let refused = lossy.run(&["history", "resolve", id, "--check"]).ends_with(2);
        refused.says(&format!("a {who}'s profile cannot ask")).says("--profile");
    }
    for id in &lost {
        let check = ["history", "resolve", id, "--check", "--profile", "im"];
        let found = lossy.run(&check).ends_with(0).json();
        assert_eq!(found["outcome"], "accepted", "{found}");
        let uid = found["ids"]["messageUid"].as_str().expect("an id");
        assert!(lossy.get(uid)["payload"]["searchableContent"].is_string());
    }
}

#[test]
fn a_sandbox_loses_answers_where_a_switch_says_so() {
    for edition in ["community", "pro"] {
        let edition = format!("edition={edition}");
        let lossy = Lossy::start(&["--switch", "lose=2", "--switch", &edition]);
        lossy.run(&[&SEND[..], &["one"]].concat()).ends_with(0);
        let lost = lossy.lose(&[&SEND[..], &["two"]].concat());
        lossy.run(&[&SEND[..], &["two"]].concat()).ends_with(0);
        let found = lossy.check(&lost, 0);
        let uid = found["ids"]["messageUid"].as_str().expect("an id");
        assert_eq!(lossy.get(uid)["payload"]["searchableContent"], "two");
    }
}

#[test]
fn another_server_and_a_ledger_without_payloads_are_not_asked() {
    let lossy = Lossy::start(&[]);
    let lost = lossy.lose(&[&SEND[..], &[NEVER]].concat());
    let text = std::fs::read_to_string(lossy.world.path("profiles.toml")).expect("a file");
    let other =
        text.replace("[profiles.robot]", "[profiles.other]").replace("robot_id = \"r2\"", "");
    let other = other.replacen(&lossy.base, "http://127.0.0.1:1", 2);
    let other = other.replacen("http://127.0.0.1:1", &lossy.base, 1);
    lossy.world.write("profiles.toml", &other);
    let check = ["history", "resolve", &lost, "--check", "--profile", "other"];
    lossy.run(&check).ends_with(2).says("this profile asks");

    let digested = format!("[ledger]\npayload = \"digest\"\n{text}");
    let digested = digested.replacen("default = \"im\"\n", "", 1);
    lossy.world.write("profiles.toml", format!("default = \"im\"\n{digested}"));
    let lost = lossy.lose(&[&SEND[..], &[NEVER]].concat());
    lossy.run(&["history", "resolve", &lost, "--check"]).ends_with(2).says("keeps no payloads");
}

#[test]
fn what_a_command_had_sent_that_was_killed_is_found() {
    let lossy = Lossy::start(&[]);
    let mut child = lossy
        .world
        .command()
        .envs(lossy.served.environment())
        .args(SEND)
        .args([HELD, "--profiles", "profiles.toml"])
        .spawn()
        .expect("herald runs");
    thread::sleep(std::time::Duration::from_millis(1500));
    child.kill().expect("it runs");
    child.wait().expect("it ends");
    let entry = lossy.run(&["history"]).json()["entries"][0].clone();
    assert_eq!((&entry["outcome"], &entry["attempts"]), (&json!("unknown"), &json!(null)));
    let id = entry["id"].as_str().expect("an id");
    let found = lossy.check(id, 0);
    let uid = found["ids"]["messageUid"].as_str().expect("an id");
    assert_eq!(lossy.get(uid)["payload"]["searchableContent"], HELD);
    let found = lossy.run(&["history", "show", id]).json();
    assert_eq!((&found["outcome"], &found["ids"]["messageUid"]), (&json!("accepted"), &json!(uid)));
    lossy.run(&["recall", id]).ends_with(0);
}

#[test]
fn ids_that_are_not_made_of_the_time_are_not_guessed() {
    let accepted = r#"200 {"code":0,"result":{"messageUid":77,"timestamp":1}}"#.to_owned();
    let (base, asked) = serving(vec![accepted, format!("200 {TIMEOUT}")]);
    let world = World::new();
    world.write_private(
        "profiles.toml",
        format!("[profiles.im]\nprovider = \"wildfire\"\nendpoint = \"{base}\"\nsecret = {{ env = \"A_SECRET\" }}\n"),
    );
    let run = |arguments: &[&str]| {
        let place = ["--profiles", "profiles.toml", "--output", "json"];
        world.run_with(&[arguments, &place].concat(), &[("A_SECRET", "s3cret")])
    };
    run(&[&SEND[..], &["first", "--profile", "im"]].concat()).ends_with(0);
    let lost = run(&[&SEND[..], &["second", "--profile", "im"]].concat()).ends_with(8).json();
    let id = lost["ledger_id"].as_str().expect("an id");
    run(&["history", "resolve", id, "--check"]).ends_with(2).says("do not fit the time");
    assert_eq!(asked.try_iter().count(), 2, "no id is asked for");
}

#[cfg(target_os = "linux")]
#[test]
fn a_search_that_is_interrupted_decides_nothing() {
    use nix::sys::signal::{Signal, kill};
    use nix::unistd::Pid;
    let lossy = Lossy::start(&[]);
    let lost = lossy.lose(&[&SEND[..], &[LATE]].concat());
    let environment = lossy.served.environment();
    let child = lossy
        .world
        .command()
        .envs(environment)
        .args(["history", "resolve", &lost, "--check", "--profiles", "profiles.toml"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("herald runs");
    thread::sleep(std::time::Duration::from_secs(2));
    let pid = Pid::from_raw(i32::try_from(child.id()).expect("a pid"));
    kill(pid, Signal::SIGINT).expect("it runs");
    let ended = child.wait_with_output().expect("it ends");
    let err = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(130), "{err}");
    assert!(err.contains("asking for the "), "the count comes before the search: {err}");
    assert!(err.contains("interrupted after ") && err.contains("nothing was decided"), "{err}");
    let shown = lossy.run(&["history", "show", &lost]).json();
    assert_eq!(shown["outcome"], "unknown");
}
