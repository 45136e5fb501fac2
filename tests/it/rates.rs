//! Processes that share a ledger keep a vendor's rate limits together: real ones, against a server that notes when requests
//! arrive.
//!
//! `HERALD_LONG=1` runs the long forms: more processes, more requests, and windows of a minute.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::support::{Run, World, finish};

const KEY: &str = "0123456789abcdef01234567";

fn is_long() -> bool {
    std::env::var_os("HERALD_LONG").is_some_and(|value| value == "1")
}

/// What a server answers: by the number of the request, counted from 1, and its path.
type VendorAnswer = Box<dyn Fn(usize, &str) -> String + Send + Sync>;

/// A server on this machine that notes when requests arrive.
pub(crate) struct LoopbackVendor {
    url: String,
    shared: Arc<VendorState>,
}

struct VendorState {
    answer: VendorAnswer,
    count: AtomicUsize,
    arrived: Mutex<Vec<(Instant, String)>>,
}

impl LoopbackVendor {
    /// A server that answers so, in whole HTTP/1.1 replies.
    pub(crate) fn answering(
        answer: impl Fn(usize, &str) -> String + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let (count, arrived) = (AtomicUsize::new(0), Mutex::default());
        let shared = Arc::new(VendorState { answer: Box::new(answer), count, arrived });
        let here = shared.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let shared = here.clone();
                std::thread::spawn(move || serve(stream, &shared));
            }
        });
        Self { url, shared }
    }

    /// Where it listens.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// A RongCloud that takes everything.
    fn rongcloud() -> Self {
        Self::answering(|_, _| reply(200, "", r#"{"code":200}"#))
    }

    /// A JPush v3 that takes everything, with these headers in each answer.
    fn jpush(headers: &'static str) -> Self {
        Self::answering(move |number, path| jpush_reply(headers, number, path))
    }

    fn arrived(&self, path: &str) -> Vec<Instant> {
        let arrived = self.shared.arrived.lock().expect("no thread has panicked");
        arrived.iter().filter(|(_, own)| own.contains(path)).map(|(at, _)| *at).collect()
    }

    /// Waits until this many requests have arrived.
    fn until(&self, count: usize) {
        let began = Instant::now();
        while self.arrived("").len() < count {
            assert!(began.elapsed() < Duration::from_secs(60), "too few requests arrive");
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// A command against this server, with profiles for both vendors.
    fn command(&self, world: &World, arguments: &[&str]) -> Command {
        let mut command = world.command();
        command
            .args(arguments)
            .env("HERALD_RONGCLOUD_ENDPOINT", &self.url)
            .env("HERALD_RONGCLOUD_APP_KEY", "key")
            .env("HERALD_RONGCLOUD_APP_SECRET", "secret")
            .env("HERALD_JPUSH_V3_ENDPOINT", &self.url)
            .env("HERALD_JPUSH_V3_APP_KEY", KEY)
            .env("HERALD_JPUSH_V3_MASTER_SECRET", KEY);
        command
    }

    fn run(&self, world: &World, arguments: &[&str]) -> Run {
        finish(&mut self.command(world, arguments))
    }

    fn spawn(&self, world: &World, arguments: &[&str]) -> Child {
        use std::process::Stdio;
        let mut command = self.command(world, arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("herald runs")
    }
}

pub(crate) fn reply(status: u16, headers: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status} X\r\n{headers}Content-Length: {length}\r\n\r\n{body}")
}

fn jpush_reply(headers: &str, number: usize, path: &str) -> String {
    let mut ids = String::new();
    for id in 0..if path.contains("/cid") { 1000 } else { 0 } {
        let comma = if id > 0 { "," } else { "" };
        write!(ids, "{comma}\"{KEY}-711261d4-5f17-{number:04x}-a855-{id:012x}\"").expect("room");
    }
    let body = if ids.is_empty() {
        format!(r#"{{"sendno":"0","msg_id":"{}"}}"#, 18_100_287_008_000_000_u64 + number as u64)
    } else {
        format!(r#"{{"cidlist":[{ids}]}}"#)
    };
    reply(200, headers, &body)
}

fn serve(mut stream: TcpStream, shared: &VendorState) {
    let (mut read, mut some) = (Vec::new(), [0; 16384]);
    loop {
        let (end, path) = loop {
            if let Some(found) = request(&read) {
                break found;
            }
            match stream.read(&mut some) {
                Ok(length) if length > 0 => read.extend_from_slice(&some[..length]),
                _ => return,
            }
        };
        read.drain(..end);
        let number = shared.count.fetch_add(1, Ordering::Relaxed) + 1;
        let answer = (shared.answer)(number, &path);
        shared.arrived.lock().expect("no thread has panicked").push((Instant::now(), path));
        if stream.write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}

/// Where the first request ends, and its path; nothing where it is not there as a whole.
fn request(read: &[u8]) -> Option<(usize, String)> {
    let head = read.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let text = String::from_utf8_lossy(&read[..head]).to_ascii_lowercase();
    let length = text.lines().find_map(|line| line.strip_prefix("content-length:"));
    let end = head + length.map_or(0, |length| length.trim().parse().expect("a number"));
    let path = text.split(' ').nth(1).expect("a path").to_owned();
    (read.len() >= end).then_some((end, path))
}

/// No window of such a length holds more, wherever it begins.
#[track_caller]
fn within(arrived: &[Instant], most: usize, window: Duration) {
    let mut arrived = arrived.to_vec();
    arrived.sort();
    for (first, last) in arrived.iter().zip(arrived.iter().skip(most)) {
        let between = *last - *first;
        assert!(between >= window, "{} requests in {between:?}", most + 1);
    }
}

fn ended(child: Child) -> Run {
    let output = child.wait_with_output().expect("herald ends");
    Run {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).expect("UTF-8"),
        err: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

/// A list of which each target has a request of its own.
fn list(world: &World, name: &str, kind: &str, count: usize) {
    let (mut text, stem) = (String::new(), name.replace(['-', '.'], ""));
    for n in 0..count {
        writeln!(text, r#"{{"target":"{kind}:{stem}{n}","name":"{n}"}}"#).expect("room");
    }
    world.write(name, text);
}

fn broadcast<'a>(provider: &'a str, name: &'a str) -> Vec<&'a str> {
    let words = ["broadcast", "--provider", provider, "--targets", name, "--job", name];
    let mut words = [&words[..], &["--yes", "--confirm", provider, "--text"]].concat();
    words.push(if name.contains('1') { "first {{name}}" } else { "hello {{name}}" });
    if provider == "rongcloud" {
        words.extend(["--from", "news"]);
    }
    words
}

/// Broadcasts of one app at the same time, to groups: 20 a second. Each with another text, so that none is a repeat.
fn groups_beside_each_other(processes: usize, each: usize) {
    let (world, vendor) = (World::new(), LoopbackVendor::rongcloud());
    let names: Vec<String> = (0..processes).map(|n| format!("list-{n}.ndjson")).collect();
    names.iter().for_each(|name| list(&world, name, "group", each));
    let start = |name: &String| vendor.spawn(&world, &broadcast("rongcloud", name));
    let children: Vec<Child> = names.iter().map(start).collect();
    for child in children {
        ended(child).ends_with(0);
    }
    let arrived = vendor.arrived("/message/group");
    assert_eq!(arrived.len(), processes * each);
    within(&arrived, 20, Duration::from_secs(1));
}

#[test]
fn two_broadcasts_at_once_keep_the_limit_together_and_both_end() {
    groups_beside_each_other(2, if is_long() { 600 } else { 35 });
}

#[test]
fn eight_broadcasts_at_once_keep_the_limit_together_and_all_end() {
    groups_beside_each_other(8, if is_long() { 200 } else { 8 });
}

#[test]
fn single_requests_beside_a_broadcast_keep_the_limit_with_it() {
    let (world, vendor) = (World::new(), LoopbackVendor::rongcloud());
    let count = if is_long() { 400 } else { 50 };
    list(&world, "list-1.ndjson", "group", count);
    let job = vendor.spawn(&world, &broadcast("rongcloud", "list-1.ndjson"));
    vendor.until(10);
    let texts: Vec<String> = (0..8).map(|n| format!("single {n}")).collect();
    let send = |text: &String| {
        let words = ["send", "--provider", "rongcloud", "--from", "a", "--to", "group:g", "--text"];
        vendor.spawn(&world, &[&words[..], &[text]].concat())
    };
    let singles: Vec<Child> = texts.iter().map(send).collect();
    for single in singles {
        ended(single).ends_with(0);
    }
    ended(job).ends_with(0);
    let arrived = vendor.arrived("/message/group");
    assert_eq!(arrived.len(), count + 8);
    within(&arrived, 20, Duration::from_secs(1));
}

#[test]
fn questions_take_their_share_as_well() {
    let (world, vendor) = (World::new(), LoopbackVendor::rongcloud());
    // The ledger is there.
    let words = ["send", "--provider", "rongcloud", "--from", "a", "--to", "bob", "--text", "x"];
    vendor.run(&world, &words).ends_with(0);
    let words = "call rongcloud/history-query-private --set userId=a --set targetId=b \
                 --set startTime:=1 --set endTime:=0 --set includeStart:=true";
    let words: Vec<&str> = words.split_whitespace().collect();
    let children: Vec<Child> = (0..24).map(|_| vendor.spawn(&world, &words)).collect();
    for child in children {
        ended(child).ends_with(0);
    }
    let arrived = vendor.arrived("/message/private/query");
    assert_eq!(arrived.len(), 24);
    within(&arrived, 10, Duration::from_secs(1));
}

#[test]
fn what_headers_said_is_there_after_a_crash() {
    // A plan with more calls a minute than the documented 600.
    let vendor = LoopbackVendor::jpush(
        "X-Rate-Limit-Limit: 60000\r\nX-Rate-Limit-Remaining: 50000\r\nX-Rate-Limit-Reset: 60\r\n",
    );
    let world = World::new();
    list(&world, "list-1.ndjson", "alias", 1000);
    let mut job = vendor.spawn(&world, &broadcast("jpush-v3", "list-1.ndjson"));
    vendor.until(650);
    job.kill().expect("it can be killed");
    ended(job);
    let resume = ["broadcast", "--resume", "list-1.ndjson", "--provider", "jpush-v3", "--yes"];
    let run = vendor.run(&world, &resume).ends_with(0);
    assert!(!run.err.contains("waiting"), "{}", run.err);
}

#[test]
fn a_limit_that_headers_lowered_holds_for_the_next_command_and_for_ids_that_are_fetched() {
    let vendor = LoopbackVendor::jpush("X-Rate-Limit-Limit: 5\r\n");
    let world = World::new();
    let send = |n: &str, deadline: &str| {
        let words = ["send", "--provider", "jpush-v3", "--to", "bob", "--text", n];
        vendor.run(&world, &[&words[..], &["--deadline", deadline]].concat())
    };
    // Each takes an id first, and that is a call as well.
    send("one", "30s").ends_with(0);
    send("two", "30s").ends_with(0);
    let run = send("three", "3s").ends_with(7);
    assert!(run.err.contains("it may go in"), "{}", run.err);
    assert_eq!(vendor.arrived("").len(), 5);
    // A command that brings its own id has to wait for the push itself.
    let cid = format!("cid={KEY}-711261d4-5f17-4d2f-a855-5e5a8909b2aa");
    let words = ["send", "--provider", "jpush-v3", "--to", "bob", "--text", "four", "--set", &cid];
    let run = vendor.run(&world, &[&words[..], &["--deadline", "3s"]].concat()).ends_with(7);
    assert!(run.out.contains("rate") || run.out.contains("pace"), "{run:?}");
    assert_eq!(vendor.arrived("").len(), 5);
}

#[test]
fn a_pause_that_the_vendor_asked_one_process_for_holds_the_next_one_and_is_told() {
    let vendor = LoopbackVendor::answering(|number, _| match number {
        1 => reply(429, "Retry-After: 4\r\n", r#"{"code":1008,"errorMessage":"too fast"}"#),
        _ => reply(200, "", r#"{"code":200}"#),
    });
    let world = World::new();
    let send = |more: &[&str]| {
        let words = ["send", "--provider", "rongcloud", "--from", "a", "--to", "bob", "--text"];
        vendor.run(&world, &[&words[..], more].concat())
    };
    send(&["one", "--deadline", "2s"]).ends_with(7);
    let run = send(&["two"]).ends_with(0);
    let waits = run.err.matches("waiting ").count();
    assert_eq!(waits, 1, "{}", run.err);
    run.says(" s: rate limit of the vendor");
    let arrived = vendor.arrived("");
    assert!(arrived[1] - arrived[0] >= Duration::from_secs(4));
}

#[test]
fn a_check_of_an_account_waits_for_a_pause_as_every_request_does() {
    let vendor = LoopbackVendor::answering(|number, _| match number {
        2 => reply(429, "Retry-After: 2\r\n", ""),
        _ => reply(200, "", r#"{"code":0,"msg":"success","result":{"messageUid":1}}"#),
    });
    let world = World::new();
    let environment = [
        ("HERALD_WILDFIRE_SECRET", "a-secret-of-some-length"),
        ("HERALD_WILDFIRE_ENDPOINT", vendor.url.as_str()),
    ];
    let run = |words: &[&str]| world.run_with(words, &environment);
    let send = ["send", "--provider", "wildfire", "--from", "a", "--to", "bob", "--text", "one"];
    run(&send).ends_with(0);
    let check = ["profile", "check", "--provider", "wildfire", "--online"];
    run(&check).ends_with(7);
    run(&check).ends_with(0).says("waiting 2 s");
    assert_eq!(vendor.arrived("").len(), 3, "it asks once");
}

#[test]
fn a_pause_that_was_asked_for_with_an_id_holds_the_pushes_of_the_next_process() {
    let vendor = LoopbackVendor::answering(|number, path| match number {
        1 => reply(429, "Retry-After: 4\r\n", r#"{"error":{"code":2002,"message":"rate"}}"#),
        _ => jpush_reply("", number, path),
    });
    let world = World::new();
    let words = ["send", "--provider", "jpush-v3", "--to", "bob", "--text", "x"];
    vendor.run(&world, &[&words[..], &["--deadline", "2s"]].concat()).ends_with(7);
    vendor.run(&world, &words).ends_with(0).says(" s: rate limit of the vendor");
    let arrived = vendor.arrived("");
    assert_eq!(arrived.len(), 3);
    assert!(arrived[1] - arrived[0] >= Duration::from_secs(4));
}

#[test]
fn a_long_wait_is_told_on_stderr_and_not_where_it_is_to_be_quiet() {
    for (quiet, waits) in [(&[][..], 1), (&["-q"], 0)] {
        let vendor = LoopbackVendor::answering(|number, _| match number {
            1 => reply(429, "Retry-After: 2\r\n", r#"{"code":1008,"errorMessage":"too fast"}"#),
            _ => reply(200, "", r#"{"code":200}"#),
        });
        let world = World::new();
        let words =
            ["send", "--provider", "rongcloud", "--from", "a", "--to", "bob", "--text", "x"];
        let run = vendor.run(&world, &[&words[..], quiet].concat()).ends_with(0);
        assert_eq!(run.err.matches("waiting ").count(), waits, "{}", run.err);

        let vendor = LoopbackVendor::answering(|number, _| match number {
            3 => reply(429, "Retry-After: 2\r\n", r#"{"code":1008,"errorMessage":"too fast"}"#),
            _ => reply(200, "", r#"{"code":200}"#),
        });
        list(&world, "list-1.ndjson", "group", 9);
        let words = [&broadcast("rongcloud", "list-1.ndjson")[..], quiet].concat();
        let run = vendor.run(&world, &words).ends_with(0);
        assert_eq!(run.err.matches("waiting ").count(), waits, "{}", run.err);
    }
}

#[test]
fn the_sandbox_has_limits_of_its_own() {
    let (world, vendor) = (World::new(), LoopbackVendor::rongcloud());
    // As many as a minute has room for.
    let targets: String =
        (0..6000).fold(String::new(), |list, n| list + "user:u" + &n.to_string() + "\n");
    world.write("list.txt", targets);
    let words = "broadcast --provider rongcloud --from news --targets list.txt --job list --yes \
                 --confirm rongcloud --text";
    let words: Vec<&str> = words.split_whitespace().collect();
    for (more, requests) in [(&["one", "--sandbox"][..], 0), (&["one"], 6)] {
        let run = vendor.run(&world, &[&words[..], more].concat()).ends_with(0);
        assert!(!run.err.contains("waiting"), "{}", run.err);
        assert_eq!(vendor.arrived("").len(), requests);
    }
}
