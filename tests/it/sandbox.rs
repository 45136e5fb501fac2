//! `herald sandbox` as it is served: the real binary on a port, and the real binary and raw sockets against it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::World;

/// A sandbox that runs until the test ends.
pub(crate) struct Served {
    child: Child,
    announced: Value,
}

impl Served {
    pub(crate) fn start(world: &World, more: &[&str]) -> Self {
        Self::start_at(world, "127.0.0.1:0", more)
    }

    /// The same at an address, for one that was there before.
    pub(crate) fn start_at(world: &World, address: &str, more: &[&str]) -> Self {
        let mut child = world
            .command()
            .args(["sandbox", "--listen", address, "--output", "ndjson"])
            .args(more)
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(world.path("sandbox.err")).expect("a file"))
            .spawn()
            .expect("herald runs");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("a pipe");
        BufReader::new(stdout).read_line(&mut line).expect("a first line");
        let announced = serde_json::from_str(&line).expect("a document");
        Self { child, announced }
    }

    /// `127.0.0.1:PORT`.
    pub(crate) fn address(&self) -> &str {
        let url = self.announced["address"].as_str().expect("an address");
        url.strip_prefix("http://").expect("plain http")
    }

    /// The id of its process.
    #[cfg(target_os = "linux")]
    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    /// What a command needs in its environment to send there as to the vendor.
    pub(crate) fn environment(&self) -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().expect("text").to_owned();
        let providers = self.announced["providers"].as_array().expect("providers");
        let mut environment = Vec::new();
        for one in providers {
            let name = |key: &str| {
                format!("HERALD_{}_{key}", text(&one["provider"])).replace('-', "_").to_uppercase()
            };
            environment.push((name("endpoint"), text(&one["base_url"])));
            for (key, value) in one["credentials"].as_object().expect("credentials") {
                environment.push((name(key), text(value)));
            }
        }
        environment
    }

    /// Runs a command against it and reads its JSON.
    #[track_caller]
    pub(crate) fn run(&self, world: &World, code: i32, arguments: &[&str]) -> Value {
        let environment = self.environment();
        let environment: Vec<(&str, &str)> =
            environment.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        world
            .run_with(&[arguments, &["--output", "json"]].concat(), &environment)
            .ends_with(code)
            .json()
    }

    /// Writes bytes and reads until the server closes.
    pub(crate) fn talk(&self, bytes: &str) -> String {
        let mut stream = TcpStream::connect(self.address()).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a timeout");
        stream.write_all(bytes.as_bytes()).expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        answer
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn what_is_sent_over_the_wire_can_be_read_and_taken_back() {
    let world = World::new();
    let served = Served::start(&world, &[]);
    let send = ["send", "--provider", "wildfire", "--from", "a", "--to", "b", "--text", "你好"];
    let sent = served.run(&world, 0, &send);
    assert_eq!((&sent["outcome"], &sent["provider"]), (&json!("accepted"), &json!("wildfire")));
    let uid = sent["ids"]["messageUid"].as_str().expect("an id");
    let got = served.run(&world, 0, &["get", "--provider", "wildfire", uid]);
    assert_eq!(got["result"]["payload"]["searchableContent"], "你好");
    served.run(&world, 0, &["recall", "--provider", "wildfire", "--last"]);
    let got = served.run(&world, 0, &["get", "--provider", "wildfire", uid]);
    assert_eq!(got["result"]["payload"]["type"], 80);
}

#[test]
fn each_provider_has_its_own_place_on_the_port() {
    let world = World::new();
    let served = Served::start(&world, &[]);
    let push =
        |provider| ["send", "--provider", provider, "--to", "regid:0900e8d85ef", "--text", "x"];
    for provider in ["jpush-v2", "jpush-v3"] {
        let sent = served.run(&world, 0, &push(provider));
        let id = sent["ids"]["msg_id"].as_str().expect("an id");
        let status = served.run(&world, 0, &["status", "--provider", provider, id]);
        assert_eq!(status["result"][0]["msg_id"].to_string().trim_matches('"'), id, "{status}");
    }
    let send = ["send", "--provider", "rongcloud", "--from", "u1", "--to", "u2", "--text", "x"];
    served.run(&world, 0, &send);
    let history = || {
        let call = [
            "call",
            "rongcloud/history-query-private",
            "--set",
            "userId=u1",
            "--set",
            "targetId=u2",
        ];
        let times = [
            "--set",
            "startTime:=9999999999999",
            "--set",
            "endTime:=1",
            "--set",
            "includeStart:=true",
        ];
        served.run(&world, 0, &[&call[..], &times].concat())["result"]["data"].clone()
    };
    assert_eq!(history().as_array().map(Vec::len), Some(1));
    served.run(&world, 0, &["recall", "--provider", "rongcloud", "--last"]);
    assert_eq!(history(), json!([]));
}

#[test]
fn a_wrong_secret_is_refused_as_the_vendor_refuses_it() {
    let world = World::new();
    let served = Served::start(&world, &[]);
    let endpoint = format!("http://{}/rongcloud", served.address());
    let environment = [
        ("HERALD_RONGCLOUD_ENDPOINT", endpoint.as_str()),
        ("HERALD_RONGCLOUD_APP_KEY", "herald-sandbox"),
        ("HERALD_RONGCLOUD_APP_SECRET", "another"),
    ];
    let send = ["send", "--provider", "rongcloud", "--from", "a", "--to", "b", "--text", "x"];
    let sent = world.run_with(&[&send[..], &["--output", "json"]].concat(), &environment);
    let sent = sent.ends_with(4).json();
    assert_eq!((&sent["outcome"], &sent["vendor"]["code"]), (&json!("rejected"), &json!("1004")));
}

#[test]
fn a_switch_makes_it_the_community_edition() {
    let world = World::new();
    // Only the professional edition has it; the other answers as to a path that it does not know.
    let update = "POST /wildfire/admin/message/update HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}";
    for (switch, status) in [("wildfire.edition=community", "500"), ("edition=pro", "200")] {
        let served = Served::start(&world, &["--switch", switch]);
        let answer = served.talk(update);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{switch}: {answer}");
    }
}

#[test]
fn odd_requests_of_sdks_are_answered_with_a_length() {
    let world = World::new();
    let log = world.path("log.ndjson");
    let served = Served::start(&world, &["--log", log.to_str().expect("UTF-8")]);
    let push = r#"{"platform":"all","audience":{"alias":["\u4f60\u597d"]},"notification":{"alert":"a\/b\u0026"}}"#;
    let basic =
        "Authorization: Basic c2FuZGJveDAwYXBwMDBrZXkwMDAwMDAxOnNhbmRib3gwMG1hc3RlcjAwc2VjcmV0MQ==";
    let head = |line: &str, more: &str, body: &str| {
        let length = body.len();
        let host = if line.contains("://") { "api.jpush.cn" } else { "localhost" };
        format!(
            "{line} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{basic}\r\n{more}Content-Length: {length}\r\n\r\n{body}"
        )
    };
    let upgrade = format!(
        "POST /v3/push HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\n\
         HTTP2-Settings: AAMAAABkAARAAAAA\r\n{}\r\nContent-Length: {}\r\n\r\n{push}",
        basic.to_lowercase().replace(&basic.to_lowercase()[21..], &basic[21..]),
        push.len()
    );
    let stray = format!(
        "GET /v3/push/cid?count=1 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{basic}\r\n\r\n{{}}"
    );
    for (request, expected) in [
        (head("POST http://api.jpush.cn/v3/push", "", push), "\"msg_id\""),
        (head("POST //v3//push/validate", "", push), "\"msg_id\""),
        (head("POST /v3/push/", "", push), "\"msg_id\""),
        (head("POST /v3/push", "Content-Encoding: UTF-8\r\n", push), "\"msg_id\""),
        (
            head("POST /v3/push", "content-type: application/json;charset:utf-8\r\n", push),
            "\"msg_id\"",
        ),
        (upgrade, "\"msg_id\""),
        (stray, "\"cidlist\""),
        (head("DELETE /v3/push/18100287000000001", "", "{}"), "HTTP/1.1 200"),
        (head("POST /nobody/knows/this/path/at/all", "", "{}"), "HTTP/1.1 404"),
    ] {
        let answer = served.talk(&request);
        assert!(answer.contains(expected), "{request}\n-> {answer}");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        let head = head.to_ascii_lowercase();
        assert!(head.contains(&format!("\r\ncontent-length: {}", body.len())), "{head}");
        assert!(!head.contains("transfer-encoding"), "{head}");
    }
    let log = std::fs::read_to_string(log).expect("a log");
    let lines: Vec<Value> =
        log.lines().map(|line| serde_json::from_str(line).expect("a document a line")).collect();
    assert_eq!(lines.len(), 9);
    assert_eq!(
        (&lines[1]["target"], &lines[1]["provider"]),
        (&json!("//v3//push/validate"), &json!("jpush-v3"))
    );
    assert_eq!((&lines[0]["body"], &lines[8]["provider"]), (&json!(push), &Value::Null));
    assert!(!log.contains("c2FuZGJveD"), "no credentials in the log");
}

#[test]
fn a_form_may_end_with_an_ampersand() {
    let world = World::new();
    let served = Served::start(&world, &[]);
    let environment = served.environment();
    let environment: Vec<(&str, &str)> =
        environment.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    let plan = [
        "send",
        "--provider",
        "jpush-v2",
        "--to",
        "alias_1",
        "--text",
        "x",
        "--dry-run",
        "--show-secrets",
    ];
    let plan = world.run_with(&[&plan[..], &["--output", "json"]].concat(), &environment);
    let plan = plan.ends_with(0).json();
    let body = format!("{}&", plan["requests"][0]["body"].as_str().expect("a body"));
    let answer = served.talk(&format!(
        "POST /v2/push HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    ));
    assert!(answer.contains("\"msg_id\""), "{body}\n-> {answer}");
}

#[test]
fn a_port_in_use_or_open_to_others_is_refused() {
    let world = World::new();
    let served = Served::start(&world, &[]);
    world
        .run(&["sandbox", "--memory", "--listen", served.address()])
        .ends_with(3)
        .says("something else listens there");
    world.run(&["sandbox", "--memory", "--listen", "0.0.0.0:0"]).ends_with(2).says("--expose");
    world.run(&["sandbox", "--switch", "edition"]).ends_with(2).says("KEY=VALUE");
    world.run(&["sandbox", "--log", "."]).ends_with(3).says("cannot write the log");
}

#[cfg(unix)]
#[test]
fn signals_end_it_with_their_own_codes() {
    let world = World::new();
    for (signal, code) in [("TERM", 143), ("INT", 130)] {
        let mut served = Served::start(&world, &[]);
        let killed = Command::new("kill")
            .args(["-s", signal, &served.child.id().to_string()])
            .status()
            .expect("kill runs");
        assert!(killed.success());
        let status = served.child.wait().expect("it ends");
        assert_eq!(status.code(), Some(code), "{signal}");
    }
}

#[test]
fn a_file_goes_up_to_the_address_that_the_served_sandbox_gives() {
    let world = World::new();
    let served = Served::start(&world, &[]);
    let endpoint = format!("http://{}/wildfire", served.address());
    let environment = [
        ("HERALD_WILDFIRE_ENDPOINT", endpoint.as_str()),
        ("HERALD_WILDFIRE_SECRET", "test-secret"),
    ];
    world.write("a.bin", vec![7; 3 << 20]);
    let send = [
        "send",
        "--provider",
        "wildfire",
        "--from",
        "a",
        "--to",
        "b",
        "--file",
        "a.bin",
        "--output",
        "json",
    ];
    let sent = world.run_with(&send, &environment).ends_with(0).json();
    assert_eq!(sent["outcome"], "accepted");
    let id = sent["ledger_id"].as_str().expect("an entry");
    let shown = world.run(&["history", "show", id, "--output", "json"]).ends_with(0).json();
    assert_eq!(shown["body"]["payload"]["content"], (3 << 20).to_string());
}
