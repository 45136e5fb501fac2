//! What stress needs: a served sandbox that keeps a record, commands against it, and the books of both sides compared.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::sandbox::Served;
use crate::support::{Run, World, finish};

/// A served sandbox with a record of what it was sent, and a home for the commands.
pub(super) struct Rig {
    pub(super) world: World,
    pub(super) log: PathBuf,
    environment: Vec<(String, String)>,
    _served: Served,
}

/// What is stored on the other side: for each target, the ids of the messages that it got.
pub(super) type Stored = HashMap<String, BTreeSet<String>>;

impl Rig {
    pub(super) fn new() -> Self {
        let world = World::new();
        let log = world.path("log.ndjson");
        let served = Served::start(&world, &["--log", log.to_str().expect("UTF-8")]);
        let environment = served.environment();
        Self { world, log, environment, _served: served }
    }

    /// A command against the served sandbox.
    pub(super) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.world.command();
        let environment = self.environment.iter().map(|(name, value)| (name, value));
        command.args(arguments).envs(environment);
        command
    }

    pub(super) fn run(&self, arguments: &[&str]) -> Run {
        finish(&mut self.command(arguments))
    }

    /// Starts a command that no one waits for.
    pub(super) fn spawn(&self, arguments: &[&str]) -> Child {
        spawn(&mut self.command(arguments))
    }

    /// Requests that were answered since the record was so long.
    pub(super) fn requests_since(&self, bytes: u64) -> Vec<Value> {
        let mut log = std::fs::File::open(&self.log).expect("a record");
        log.seek(SeekFrom::Start(bytes.saturating_sub(1))).expect("it is longer");
        let mut text = Vec::new();
        log.read_to_end(&mut text).expect("a record");
        let text = String::from_utf8_lossy(&text);
        // A line that was being written then had begun before.
        let text =
            if bytes == 0 { &text } else { text.split_once('\n').map_or("", |(_, new)| new) };
        // A line that is just being written is not there yet.
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        whole.lines().map(|line| serde_json::from_str(line).expect("a document a line")).collect()
    }

    /// Requests that were answered so far.
    pub(super) fn requests(&self) -> Vec<Value> {
        self.requests_since(0)
    }

    /// How long the record is.
    pub(super) fn bytes(&self) -> u64 {
        std::fs::metadata(&self.log).map_or(0, |log| log.len())
    }

    /// What was stored, by target as lists name it.
    pub(super) fn stored(&self) -> Stored {
        self.stored_since(0)
    }

    /// What was stored since the record was so long.
    pub(super) fn stored_since(&self, bytes: u64) -> Stored {
        let mut stored = Stored::new();
        for request in self.requests_since(bytes) {
            for (target, id) in messages(&request) {
                assert!(
                    stored.entry(target.clone()).or_default().insert(id)
                        || request["provider"] == "jpush-v3",
                    "{target} got a message with an id that was there"
                );
            }
        }
        stored
    }
}

/// The messages that a request made, as target and id; none where it was refused.
fn messages(request: &Value) -> Vec<(String, String)> {
    let parse =
        |text: &Value| text.as_str().and_then(|text| serde_json::from_str::<Value>(text).ok());
    let (Some(body), Some(answer)) = (parse(&request["body"]), parse(&request["answer"]["body"]))
    else {
        return Vec::new();
    };
    if let Some(uid) = answer["result"]["messageUid"].as_u64() {
        let target = body["conv"]["target"].as_str().expect("a target");
        return vec![(format!("group:{target}"), uid.to_string())];
    }
    let Some(id) = answer["msg_id"].as_str() else { return Vec::new() };
    let aliases = body["audience"]["alias"].as_array().expect("aliases");
    let target = |alias: &Value| format!("alias:{}", alias.as_str().expect("text"));
    aliases.iter().map(|alias| (target(alias), id.to_owned())).collect()
}

/// Starts a command with its output kept.
pub(super) fn spawn(command: &mut Command) -> Child {
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("herald runs")
}

/// Waits for a command and tells what it did.
pub(super) fn ended(child: Child) -> Run {
    let output = child.wait_with_output().expect("herald ends");
    Run {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).expect("UTF-8"),
        err: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

/// Sends a signal, by its name.
pub(super) fn signal(child: &Child, name: &str) {
    let killed = Command::new("kill").args(["-s", name, &child.id().to_string()]).output();
    assert!(killed.expect("kill runs").status.success());
}

/// Waits until something holds; ends the test where it does not within half a minute.
#[track_caller]
pub(super) fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < Duration::from_secs(30), "{what} does not come about");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// The results of a job, by target. Each target has one.
pub(super) fn results(path: &Path) -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(path).expect("results");
    let mut results = BTreeMap::new();
    for line in text.lines() {
        let line: Value = serde_json::from_str(line).expect("a document a line");
        let target = line["target"].as_str().expect("a target").to_owned();
        let outcome = line["outcome"].as_str().expect("an outcome").to_owned();
        let before = results.insert(target.clone(), outcome);
        assert_eq!(before, None, "{target} has two results");
    }
    results
}

/// Compares ledger and server: no one is lost, no one got it twice, each accepted target has it, and each that has it without being
/// accepted is unknown. Gives how many are unknown.
#[track_caller]
pub(super) fn balanced(
    targets: &[String],
    results: &BTreeMap<String, String>,
    told: &Value,
    stored: &Stored,
) -> usize {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for target in targets {
        let outcome = results.get(target).unwrap_or_else(|| panic!("{target} has no result"));
        *counts.entry(outcome).or_default() += 1;
        let times = stored.get(target).map_or(0, BTreeSet::len);
        assert!(times <= 1, "{target} got it {times} times");
        match outcome.as_str() {
            "accepted" => assert_eq!(times, 1, "{target} is accepted, and has nothing"),
            "unknown" => {}
            other => panic!("{target} is {other}"),
        }
    }
    assert_eq!(results.len(), targets.len(), "there are results of strangers");
    let job = &told["job"];
    assert_eq!(job["state"], "finished", "{told}");
    assert_eq!(job["counts"]["total"], targets.len(), "{told}");
    for word in ["accepted", "rejected", "unavailable", "unknown", "sending", "planned"] {
        let counted = counts.get(word).copied().unwrap_or_default();
        assert_eq!(job["counts"][word], counted, "{word} in {told}");
    }
    usize::try_from(counts.get("unknown").copied().unwrap_or_default()).expect("a few")
}

/// Says something that is worth reading where a test fails, or with `--nocapture`.
#[expect(clippy::print_stderr, reason = "the reader of a test has nothing else")]
pub(super) fn note(words: &str) {
    eprintln!("{words}");
}

/// Numbers that are different each time, and told so that a failure can be looked into.
pub(super) struct SeededRandom(u64);

impl SeededRandom {
    pub(super) fn new() -> Self {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let seed = since.expect("after 1970").subsec_nanos();
        note(&format!("dice: {seed}"));
        Self(u64::from(seed) | 1)
    }

    /// A number below this one.
    pub(super) fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % most.max(1)
    }
}
