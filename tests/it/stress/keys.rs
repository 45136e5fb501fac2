//! Idempotency keys against a server that loses answers and refuses for a moment: the key that leaves is the key that the
//! ledger has at that moment, and a job that is broken off and resumed reaches no one twice.

use std::collections::{BTreeMap, HashMap};
use std::io::Write as _;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use herald::ledger::{BatchFilter, Ledger, Realm};
use serde_json::{Value, json};

use super::is_long;
use super::rig::{SeededRandom, ended, note, spawn};
use super::server::next_request;
use crate::support::{World, latest_job};

/// The idempotency key of a message, and its targets.
type Message = (String, Vec<String>);

/// A vendor that recognises repeats, as far as this test needs it.
#[derive(Clone, Copy)]
struct Vendor {
    provider: &'static str,
    kind: &'static str,
    profile: &'static str,
    /// Key and targets of a message; `None` for any other request.
    read: fn(path: &str, body: &str) -> Option<Message>,
    /// What a message that came before is answered.
    repeated: fn(number: usize) -> (u16, Value),
}

const JPUSH: Vendor = Vendor {
    provider: "jpush-v3",
    kind: "alias",
    profile: "app_key = \"000000000000000000000000\"\nmaster_secret = { env = \"SECRET\" }",
    read: |path, body| {
        let body: Value = serde_json::from_str(body).ok()?;
        let ids = body["audience"]["alias"].as_array().filter(|_| path == "/v3/push")?;
        let id = |id: &Value| id.as_str().expect("an alias").to_owned();
        Some((body["cid"].as_str()?.to_owned(), ids.iter().map(id).collect()))
    },
    // The answer to the first one, again.
    repeated: |number| (200, json!({"sendno": "0", "msg_id": number.to_string()})),
};

const RONGCLOUD: Vendor = Vendor {
    provider: "rongcloud",
    kind: "user",
    profile: "app_key = \"uwd1c0sxdlx2\"\nmsg_random = \"on\"\napp_secret = { env = \"SECRET\" }",
    read: |_, body| {
        let pairs: Vec<(&str, &str)> =
            body.split('&').filter_map(|pair| pair.split_once('=')).collect();
        let all = |name: &str| {
            let of_name = pairs.iter().filter(move |(known, _)| *known == name);
            of_name.map(|(_, value)| (*value).to_owned()).collect::<Vec<_>>()
        };
        Some((all("msgRandom").pop()?, all("toUserId")))
    },
    repeated: |_| (400, json!({"code": 1002, "errorMessage": "msgRandom is repeated"})),
};

/// What the server knows.
struct Shared {
    vendor: Vendor,
    ledger: PathBuf,
    /// Whether it refuses and loses answers.
    fails: AtomicBool,
    dice: Mutex<SeededRandom>,
    /// By its key, the number of each message that was delivered.
    seen: Mutex<HashMap<String, usize>>,
    /// How often each target got a message.
    delivered: Mutex<BTreeMap<String, u32>>,
    /// Requests whose key was compared with the ledger's.
    compared: AtomicU64,
    /// What differed.
    wrong: Mutex<Vec<String>>,
    over: AtomicBool,
}

struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
}

impl Server {
    fn start(vendor: Vendor, ledger: PathBuf) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared {
            vendor,
            ledger,
            fails: AtomicBool::new(true),
            dice: Mutex::new(SeededRandom::new()),
            seen: Mutex::default(),
            delivered: Mutex::default(),
            compared: AtomicU64::default(),
            wrong: Mutex::default(),
            over: AtomicBool::default(),
        });
        let all = shared.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if all.over.load(Ordering::Relaxed) {
                    break;
                }
                let shared = all.clone();
                std::thread::spawn(move || serve(stream, &shared));
            }
        });
        Self { address, shared }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(self.address);
    }
}

fn serve(mut stream: TcpStream, shared: &Shared) {
    let mut read = Vec::new();
    let mut ledger = None;
    while let Some((head, body)) = next_request(&mut stream, &mut read) {
        let path = head.split_whitespace().nth(1).unwrap_or_default();
        let (status, headers, body) = match (shared.vendor.read)(path, &body) {
            Some((key, targets)) => {
                compare(shared, &mut ledger, &key, &targets);
                answer(shared, key, targets)
            }
            None => (200, "", cids()),
        };
        let length = body.len();
        let head = format!(
            "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\n{headers}Content-Length: {length}\r\n\r\n"
        );
        if write!(stream, "{head}{body}").is_err() {
            return;
        }
    }
}

/// New keys, as JPush hands them out.
fn cids() -> String {
    static SERIAL: AtomicU64 = AtomicU64::new(1);
    let serial = SERIAL.fetch_add(10, Ordering::Relaxed);
    let cid = |n| format!("{}-{:08x}-0000-4000-8000-000000000000", "0".repeat(24), serial + n);
    json!({ "cidlist": (0..10).map(cid).collect::<Vec<_>>() }).to_string()
}

/// The key that arrives is the key that the ledger has for these targets, at this moment.
fn compare(shared: &Shared, ledger: &mut Option<Ledger>, key: &str, targets: &[String]) {
    let opened = ledger.get_or_insert_with(|| {
        Ledger::open_to_read(&shared.ledger, 0, Duration::MAX)
            .expect("a ledger, before anything is sent")
    });
    let job = latest_job(opened, "victim", Realm::Real).intent.id;
    let mut kept = None;
    opened
        .each_batch(job, BatchFilter::All, &mut |one| {
            if one.batch.ids == targets {
                kept = one.batch.dedupe_id;
                return std::ops::ControlFlow::Break(());
            }
            std::ops::ControlFlow::Continue(())
        })
        .expect("batches");
    shared.compared.fetch_add(1, Ordering::Relaxed);
    if kept.as_deref() != Some(key) {
        let text = format!("{targets:?}: {key} arrives, and the ledger has {kept:?}");
        shared.wrong.lock().expect("no thread has panicked").push(text);
    }
}

/// Delivers once for each key, and does not always say so.
fn answer(shared: &Shared, key: String, targets: Vec<String>) -> (u16, &'static str, String) {
    let dice = |below| shared.dice.lock().expect("no thread has panicked").below(below);
    let fails = shared.fails.load(Ordering::Relaxed);
    std::thread::sleep(Duration::from_millis(5));
    if fails && dice(10) == 0 {
        return (429, "Retry-After: 1\r\n", r#"{"error":{"code":2002,"message":"rate"}}"#.into());
    }
    let mut seen = shared.seen.lock().expect("no thread has panicked");
    let (next, before) = (seen.len() + 1, seen.get(&key).copied());
    if before.is_none() {
        seen.insert(key, next);
        let mut delivered = shared.delivered.lock().expect("no thread has panicked");
        targets.into_iter().for_each(|target| *delivered.entry(target).or_default() += 1);
    }
    drop(seen);
    if fails && dice(10) < 3 {
        return (502, "", "<html>502 Bad Gateway</html>".into());
    }
    const RATE: &str = "X-Rate-Limit-Limit: 600000\r\nX-Rate-Limit-Remaining: 599999\r\nX-Rate-Limit-Reset: 60\r\n";
    let (status, body) = match before {
        Some(number) => (shared.vendor.repeated)(number),
        None if shared.vendor.provider == JPUSH.provider => (JPUSH.repeated)(next),
        None => (200, json!({"code": 200})),
    };
    (status, RATE, body.to_string())
}

/// How the first run ends.
#[derive(Clone, Copy, Debug)]
enum End {
    Deadline,
    Kill,
}

/// A broadcast that is broken off at some moment, and resumed twice when the server is well again.
fn broken_off_and_resumed(vendor: Vendor, end: End, targets: u32) {
    let world = World::new();
    let state = world.path("state.db");
    let server = Server::start(vendor, state.clone());
    let Vendor { provider, kind, profile, .. } = vendor;
    let endpoint = format!("endpoint = \"http://{}\"", server.address);
    world.write(
        "p.toml",
        format!("[profiles.p]\nprovider = \"{provider}\"\n{endpoint}\n{profile}\nconfirm_above = 99999\n"),
    );
    let mut list = String::from("user,n\n");
    (0..targets).for_each(|n| list += &format!("{kind}:u{n:04},{}\n", n / 2));
    world.write("list.csv", list);
    let command = |arguments: &[&str]| {
        let mut command = world.command();
        command.args(["broadcast", "--profiles", "p.toml", "--ledger", "state.db"]);
        command.args(arguments).env("SECRET", "s".repeat(24));
        command
    };
    let deadline = if matches!(end, End::Deadline) { "3s" } else { "30s" };
    let mut child = spawn(&mut command(&[
        "--targets",
        "list.csv",
        "--column",
        "user",
        "--text",
        "Hello {{n}}",
        "--from",
        "news",
        "--job",
        "victim",
        "--concurrency",
        "32",
        "--deadline",
        deadline,
    ]));
    if matches!(end, End::Kill) {
        let moment = SeededRandom::new().below(2500);
        std::thread::sleep(Duration::from_millis(300 + moment));
        let _ = child.kill();
    }
    ended(child);
    server.shared.fails.store(false, Ordering::Relaxed);
    let began = Instant::now();
    let resume = || ended(spawn(&mut command(&["--resume", "victim", "--deadline", "60s"])));
    let last = [resume(), resume()].map(|run| run.code)[1];
    let wrong = server.shared.wrong.lock().expect("no thread has panicked").clone();
    assert!(wrong.is_empty(), "{provider}, {end:?}: {wrong:?}");
    let delivered = server.shared.delivered.lock().expect("no thread has panicked");
    let twice: Vec<_> = delivered.iter().filter(|(_, times)| **times > 1).collect();
    assert!(twice.is_empty(), "{provider}, {end:?}: delivered twice: {twice:?}");
    let is_right = match last {
        0 => delivered.len() == targets as usize,
        // Killed before the ledger was there, or before the job was in it.
        2 | 3 => matches!(end, End::Kill) && delivered.is_empty(),
        // What is in doubt for longer than the vendor recognises a repeat stays so.
        code => code == 8,
    };
    assert!(is_right, "ended with {last}, delivered to {}", delivered.len());
    let compared = server.shared.compared.load(Ordering::Relaxed);
    assert!(compared >= delivered.len() as u64 / 2, "{compared} of {}", delivered.len());
    note(&format!(
        "{provider}, {end:?}: {compared} keys compared, resumed in {:?}",
        began.elapsed()
    ));
}

#[test]
fn the_key_that_leaves_is_the_key_in_the_ledger_and_a_resumed_job_reaches_nobody_twice() {
    // Most of a round is waiting.
    let (workers, schedules, targets) = if is_long() { (6, 168, 400) } else { (2, 2, 200) };
    let ends = [
        (JPUSH, End::Deadline),
        (JPUSH, End::Kill),
        (RONGCLOUD, End::Deadline),
        (RONGCLOUD, End::Kill),
    ];
    std::thread::scope(|scope| {
        for worker in 0..workers {
            scope.spawn(move || {
                let own = ends.iter().cycle().skip(2 * worker).take(schedules);
                own.for_each(|(vendor, end)| broken_off_and_resumed(*vendor, *end, targets));
            });
        }
    });
}
