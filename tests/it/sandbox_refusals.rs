//! `herald sandbox` tells who writes a client why it refused, and takes the credentials that it prints.

use std::net::TcpListener;

use serde_json::Value;

use crate::sandbox::Served;
use crate::support::World;

/// A server with a log, and what it said on stderr.
struct Watched {
    world: World,
    served: Served,
}

impl Watched {
    fn start(more: &[&str]) -> Self {
        let world = World::new();
        let served = Served::start(&world, &[&["--log", "log"], more].concat());
        Self { world, served }
    }

    /// Sends a request, and returns the answer, what was said about it, and its line of the log.
    fn ask(&self, head: &str, body: &str) -> (String, String, Value) {
        let before = self.said().len();
        let request = format!(
            "{head}\r\nHost: {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            self.served.address(),
            body.len()
        );
        let answer = self.served.talk(&request);
        (answer, self.said()[before..].to_owned(), self.last_line())
    }

    fn said(&self) -> String {
        std::fs::read_to_string(self.world.path("sandbox.err")).expect("what it said")
    }

    fn last_line(&self) -> Value {
        let log = std::fs::read_to_string(self.world.path("log")).expect("a log");
        serde_json::from_str(log.lines().last().expect("a line")).expect("JSON")
    }
}

#[test]
fn a_refused_signature_is_told_with_what_was_hashed_and_the_slip() {
    let watched = Watched::start(&[]);
    let head = "POST /wildfire/admin/message/send HTTP/1.1\r\nnonce: 1\r\ntimestamp: 1700000000000\r\nsign: ABC";
    let (answer, said, line) = watched.ask(head, "{}");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    for words in [
        "refused wildfire/send: HTTP 200, code 24",
        "1|test-secret|1700000000000",
        "ABC came",
        "sign wildfire/send",
        "--explain",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert_eq!(line["operation"], "send");
    assert!(line["refused"]["reason"].as_str().expect("a reason").contains("hashed was"), "{line}");
    let wrong = "GET /jpush-v3/v3/received/detail?msg_ids=1 HTTP/1.1\r\nAuthorization: Basic c2FuZGJveDAwYXBwMDBrZXkwMDAwMDAxOndyb25n";
    let (_, said, line) = watched.ask(wrong, "");
    assert!(said.contains("refused jpush-v3/received-detail: HTTP 401, code 3001"), "{said}");
    assert!(!said.contains("wrong\n") && !line.to_string().contains("c2FuZGJveD"), "{said} {line}");
}

#[test]
fn a_refused_payload_is_told_with_its_rule_and_pointer() {
    let watched = Watched::start(&[]);
    let head = "POST /easemob/herald/sandbox/messages/users HTTP/1.1\r\nAuthorization: Bearer herald-sandbox-token\r\nContent-Type: application/json";
    let (_, said, line) = watched.ask(head, r#"{"from":"a","to":["b"],"type":"txt","body":{}}"#);
    assert!(
        said.starts_with("refused easemob/send-users: HTTP 400") && said.contains("easemob/EM-"),
        "{said}"
    );
    assert!(line["refused"]["pointer"].is_string(), "{line}");
}

#[test]
fn what_no_provider_sees_is_told_and_logged_with_its_reason() {
    let watched = Watched::start(&[]);
    for (request, status, reason) in [
        ("GET /a?x>1 HTTP/1.1\r\nHost: localhost\r\n\r\n", "400", "the target has a `>`"),
        (
            "POST /v3/push HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
            "400",
            "two Content-Length headers",
        ),
        ("\u{16}\u{3}\u{1}\u{0}\u{5}hello\r\n\r\n", "400", "a TLS handshake on a plain port"),
        ("GET /v3/push HTTP/1.1\r\n\r\n", "400", "needs the header Host"),
        (
            "GET /nobody/has/this/path/at/all HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
            "404",
            "no provider has the path",
        ),
    ] {
        let answer = watched.served.talk(request);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{request:?}: {answer}");
        assert!(answer.contains(reason), "{request:?}: {answer}");
        assert!(watched.said().contains(reason), "{request:?}: {}", watched.said());
        let told = watched.last_line()["refused"]["reason"].clone();
        assert!(told.as_str().is_some_and(|told| told.contains(reason)), "{request:?}: {told}");
    }
}

#[test]
fn what_is_accepted_although_lint_has_an_error_is_told() {
    let watched = Watched::start(&[]);
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a time");
    let timestamp = now.as_millis().to_string();
    let sign = watched.world.run_with(
        &["sign", "rongcloud/push", "--nonce", "7", "--timestamp", &timestamp, "--output", "json"],
        &[
            ("HERALD_RONGCLOUD_APP_KEY", "herald-sandbox"),
            ("HERALD_RONGCLOUD_APP_SECRET", "herald-sandbox-secret"),
        ],
    );
    let signed = sign.ends_with(0).json();
    let signature = signed["headers"]["Signature"].as_str().expect("a signature");
    let head = format!(
        "POST /rongcloud/push.json HTTP/1.1\r\nContent-Type: application/json\r\nApp-Key: herald-sandbox\r\n\
         Nonce: 7\r\nTimestamp: {timestamp}\r\nSignature: {signature}"
    );
    let body = r#"{"platform":["ios"],"fromuserid":"a","audience":{"is_to_all":true},"message":{"objectName":"RC:TxtMsg","content":"%7B%22content%22%3A%22x%22%7D"},"notification":{"alert":"x"}}"#;
    let (answer, said, line) = watched.ask(&head, body);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(said.contains("accepted rongcloud/push") && said.contains("rongcloud/E10"), "{said}");
    assert_eq!(line["lint"], serde_json::json!(["rongcloud/E10"]));
}

#[test]
fn a_path_that_herald_does_not_know_is_no_message_id() {
    let watched = Watched::start(&[]);
    let (answer, said, _) = watched.ask("GET /jpush-v3/v3/push/quota HTTP/1.1", "");
    assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
    assert!(said.contains("herald knows no operation of jpush-v3 at this path"), "{said}");
    let (answer, ..) = watched.ask("GET /v3/push/quota HTTP/1.1", "");
    assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
    let (answer, ..) = watched.ask("GET /v3/push/123 HTTP/1.1", "");
    assert!(answer.starts_with("HTTP/1.1 405"), "{answer}");
}

#[test]
fn the_root_says_what_is_served() {
    let watched = Watched::start(&[]);
    let (answer, said, _) = watched.ask("GET / HTTP/1.1", "");
    assert!(answer.starts_with("HTTP/1.1 200") && said.is_empty(), "{answer} {said}");
    for vendor in herald::provider::contracts() {
        assert!(answer.contains(&format!("http://{}/{}", watched.served.address(), vendor.id)));
    }
}

#[test]
fn printed_profiles_work_against_the_running_sandbox() {
    // A port that was free a moment ago.
    let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("it").port();
    let listen = format!("127.0.0.1:{port}");
    let world = World::new();
    let printed = world.run(&["sandbox", "--print-profiles", "--listen", &listen]).ends_with(0);
    // As a shell makes the file under umask 022.
    world.write("p.toml", &printed.out);
    let _served = Served::start(&world, &["--listen", &listen]);
    for profile in [
        "wildfire",
        "wildfire-robot",
        "rongcloud",
        "easemob",
        "easemob-token",
        "jpush-v2",
        "jpush-v3",
    ] {
        let send =
            ["send", "--profiles", "p.toml", "--profile", profile, "--to", "u1", "--text", "hi"];
        let from: &[&str] =
            if profile == "wildfire" || profile == "rongcloud" { &["--from", "a"] } else { &[] };
        let sent = world.run(&[&send[..], from].concat()).ends_with(0);
        assert!(
            !sent.err.contains("p.toml") && !sent.err.contains("secret"),
            "{profile}: {}",
            sent.err
        );
    }
    // Each of them is right, also by the vendor's own word where it has a call that changes nothing.
    let check = ["profile", "check", "--profiles", "p.toml", "--online", "--output", "json"];
    let checked = world.run(&check).ends_with(0).json();
    for profile in checked["profiles"].as_array().expect("profiles") {
        assert_ne!(profile["state"], "not-usable", "{profile}");
    }
    let variables = world.run(&["sandbox", "--print-env", "--listen", &listen]).ends_with(0).out;
    assert!(
        variables
            .contains(&format!("export HERALD_RONGCLOUD_ENDPOINT=http://{listen}/rongcloud\n"))
    );
    world.run(&["sandbox", "--print-env", "--listen", "127.0.0.1:0"]).ends_with(2);
}
