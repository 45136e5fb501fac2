//! The network against a server that misbehaves.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::*;
use crate::wire::{Body, Header, Method, Phase, Written};

const LONG: Duration = Duration::from_secs(10);
const SHORT: Duration = Duration::from_millis(400);

/// Serves one connection as told. The address to reach it, and what it read.
fn serve(
    behave: impl FnOnce(&mut TcpStream, &mut Vec<u8>) + Send + 'static,
) -> (String, JoinHandle<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let base = format!("http://{}", listener.local_addr().expect("it is bound"));
    let seen = thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("one connection");
        let mut read = Vec::new();
        behave(&mut stream, &mut read);
        read
    });
    (base, seen)
}

/// Reads one request, head and body.
fn read_request(stream: &mut TcpStream, read: &mut Vec<u8>) {
    let mut chunk = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(read).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| {
                    line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok()
                })
                .unwrap_or(0);
            if body.len() >= length {
                return;
            }
        }
        match stream.read(&mut chunk) {
            Ok(0) | Err(_) => return,
            Ok(count) => read.extend_from_slice(&chunk[..count]),
        }
    }
}

/// Reads a request and answers with these bytes.
fn answering(bytes: impl Into<Vec<u8>>) -> (String, JoinHandle<Vec<u8>>) {
    let bytes = bytes.into();
    serve(move |stream, read| {
        read_request(stream, read);
        let _ = stream.write_all(&bytes);
    })
}

fn network(deadline: Duration) -> Network {
    Network::new(NetworkSettings {
        roots: TrustRoots::Bundled,
        deadline,
        tell: None,
        watch: None,
        requests_per_connection: None,
    })
    .expect("a runtime")
}

fn request(base: &str) -> Request {
    Request {
        method: Method::Post,
        base: base.to_owned(),
        path: Written::plain("/v2/push?a=%2F"),
        headers: vec![Header { name: "nonce", value: Written::plain("76616") }],
        body: Body::Text { media: "application/json", text: Written::plain("{\"a\":1}") },
        carries_secret: false,
    }
}

fn exchange(carry: PrerequisiteResult, base: &str, deadline: Duration) -> Exchange {
    let started = Instant::now();
    let result = carry(&network(deadline), &request(base), deadline);
    assert!(started.elapsed() < deadline + Duration::from_secs(1), "late by far");
    result
}

/// A way for one request to its reply: both ways have to end in the same way.
type PrerequisiteResult = fn(&Network, &Request, Duration) -> Exchange;

/// As commands send a single request.
fn alone(network: &Network, request: &Request, deadline: Duration) -> Exchange {
    network.exchange(request, deadline)
}

/// As broadcasts send many.
fn in_a_fleet(network: &Network, request: &Request, deadline: Duration) -> Exchange {
    network.start(7, request.clone(), deadline);
    loop {
        let mut landed = network.wait(LONG);
        if let Some((ticket, exchange)) = landed.pop() {
            assert_eq!((ticket, landed.len()), (7, 0));
            return exchange;
        }
    }
}

/// Makes a test of each function for each way.
macro_rules! both_ways {
    ($($name:ident)*) => {
        mod alone {
            $(#[test] fn $name() { super::$name(super::alone); })*
        }
        mod in_a_fleet {
            $(#[test] fn $name() { super::$name(super::in_a_fleet); })*
        }
    };
}

mod broken;
mod connections;
mod faults;
#[cfg(unix)]
mod interrupted;

both_ways! {
    a_request_goes_out_as_it_was_made_and_its_reply_comes_back
    where_nobody_listens_nothing_was_sent
    a_failed_tls_handshake_sends_nothing
    a_silent_tls_server_has_read_nothing
    a_connection_that_closes_at_once_may_have_taken_the_request
    a_connection_that_closes_after_reading_has_taken_the_request
    silence_ends_at_the_deadline_and_the_request_has_left
    half_a_reply_is_no_reply
    an_endless_reply_ends_at_8_mib
    pages_redirects_and_odd_encodings_are_replies_like_others
    a_missing_upload_opens_no_connection
    a_file_goes_out_with_its_length
}

/// What a broadcast sends is what one message sends: header for header, in one order.
#[test]
fn both_ways_write_the_same_bytes() {
    let written = [alone, in_a_fleet].map(|carry| {
        let (base, seen) = answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        exchange(carry, &base, LONG).expect("a reply");
        let seen = String::from_utf8(seen.join().expect("no panic")).expect("text");
        seen.replace(base.trim_start_matches("http://"), "HOST")
    });
    assert_eq!(written[0], written[1]);
}

fn phase(result: Exchange) -> Phase {
    result.expect_err("no reply was due").phase
}

fn a_request_goes_out_as_it_was_made_and_its_reply_comes_back(carry: PrerequisiteResult) {
    let (base, seen) = answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Kind: Odd\r\n\r\nok");
    let reply = exchange(carry, &base, LONG).expect("a reply");
    assert_eq!((reply.status, reply.body.as_slice()), (200, b"ok".as_slice()));
    assert_eq!(reply.header("x-kind"), Some("Odd"));
    let seen = String::from_utf8(seen.join().expect("no panic")).expect("text");
    let (head, body) = seen.split_once("\r\n\r\n").expect("a head");
    assert!(head.starts_with("POST /v2/push?a=%2F HTTP/1.1\r\n"), "{head}");
    for line in [
        "accept-encoding: identity",
        "nonce: 76616",
        "content-type: application/json",
        "content-length: 7",
        concat!("user-agent: herald/", env!("CARGO_PKG_VERSION")),
    ] {
        assert!(head.lines().any(|found| found == line), "{line} is not in {head}");
    }
    assert_eq!(body, "{\"a\":1}");
}

fn where_nobody_listens_nothing_was_sent(carry: PrerequisiteResult) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let base = format!("http://{}", listener.local_addr().expect("bound"));
    drop(listener);
    assert_eq!(phase(exchange(carry, &base, LONG)), Phase::Connect);
    assert_eq!(phase(exchange(carry, "http://no-such-host.invalid", LONG)), Phase::Connect);
}

fn a_failed_tls_handshake_sends_nothing(carry: PrerequisiteResult) {
    let (base, seen) = serve(|stream, read| {
        let mut chunk = [0; 512];
        let count = stream.read(&mut chunk).unwrap_or(0);
        read.extend_from_slice(&chunk[..count]);
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    let failure =
        exchange(carry, &base.replace("http:", "https:"), LONG).expect_err("no TLS there");
    assert_eq!(failure.phase, Phase::Connect, "{}", failure.reason);
    let seen = seen.join().expect("no panic");
    assert!(!String::from_utf8_lossy(&seen).contains("push"), "the request must not be in there");
}

fn a_silent_tls_server_has_read_nothing(carry: PrerequisiteResult) {
    let (base, _) = serve(|_, _| thread::sleep(Duration::from_secs(3)));
    assert_eq!(phase(exchange(carry, &base.replace("http:", "https:"), SHORT)), Phase::Connect);
}

fn a_connection_that_closes_at_once_may_have_taken_the_request(carry: PrerequisiteResult) {
    let (base, _) = serve(|_, _| {});
    assert!(phase(exchange(carry, &base, LONG)) <= Phase::Sent);
}

fn a_connection_that_closes_after_reading_has_taken_the_request(carry: PrerequisiteResult) {
    let (base, _) = serve(read_request);
    let failure = exchange(carry, &base, LONG).expect_err("no answer");
    assert_eq!(failure.phase, Phase::Sent);
    assert_eq!(failure.reason, "the connection was closed before an answer came");
}

fn silence_ends_at_the_deadline_and_the_request_has_left(carry: PrerequisiteResult) {
    let (base, _) = serve(|stream, read| {
        read_request(stream, read);
        thread::sleep(Duration::from_secs(3));
    });
    let failure = exchange(carry, &base, SHORT).expect_err("no answer");
    assert_eq!(failure.phase, Phase::Sent);
    assert_eq!(failure.reason, "no answer within 0.4 s");
}

fn half_a_reply_is_no_reply(carry: PrerequisiteResult) {
    for bytes in [
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"code\":0",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        "SSH-2.0-OpenSSH_9.6\r\n",
    ] {
        let (base, _) = answering(bytes);
        assert_eq!(phase(exchange(carry, &base, LONG)), Phase::Reply, "{bytes}");
    }
    let (base, _) = serve(|stream, read| {
        read_request(stream, read);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
        thread::sleep(Duration::from_secs(3));
    });
    assert_eq!(phase(exchange(carry, &base, SHORT)), Phase::Reply);
}

fn an_endless_reply_ends_at_8_mib(carry: PrerequisiteResult) {
    let endless = |head: &'static str| {
        serve(move |stream, read| {
            read_request(stream, read);
            let _ = stream.write_all(head.as_bytes());
            while stream.write_all(&[b'a'; 65_536]).is_ok() {}
        })
    };
    for head in [
        "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
    ] {
        let failure = exchange(carry, &endless(head).0, LONG).expect_err("it has no end");
        assert_eq!(failure.phase, Phase::Reply);
        assert!(failure.reason.contains("8 MiB"), "{}", failure.reason);
    }
}

fn pages_redirects_and_odd_encodings_are_replies_like_others(carry: PrerequisiteResult) {
    let long = "x".repeat(8 * 1024 * 1024);
    let cases = [
        ("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 6\r\n\r\n<html>".to_owned(), 502, "<html>"),
        ("HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n".to_owned(), 302, ""),
        (
            "HTTP/1.1 200 OK\r\nContent-Encoding: utf-8\r\nContent-Length: 2\r\n\r\n{}".to_owned(),
            200,
            "{}",
        ),
        (
            "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}".to_owned(),
            200,
            "{}",
        ),
        ("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}".to_owned(), 200, "{}"),
        ("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n\u{feff}{}".to_owned(), 200, "{}"),
        (format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{long}"), 200, long.as_str()),
    ];
    for (bytes, status, body) in cases {
        let (base, _) = answering(bytes);
        let reply = exchange(carry, &base, LONG).expect("a reply");
        assert_eq!(reply.status, status);
        assert_eq!(String::from_utf8_lossy(&reply.body), body);
    }
}

fn a_missing_upload_opens_no_connection(carry: PrerequisiteResult) {
    let (base, _) = answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let mut wanted = request(&base);
    wanted.body = Body::Multipart(vec![crate::wire::FormPart::File {
        name: "file".into(),
        file_name: "a.png".into(),
        path: "/no/such/file.png".into(),
    }]);
    let failure = carry(&network(LONG), &wanted, LONG).expect_err("nothing to send");
    assert_eq!(failure.phase, Phase::Connect);
    assert!(failure.reason.contains("/no/such/file.png"), "{}", failure.reason);
}

fn a_file_goes_out_with_its_length(carry: PrerequisiteResult) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("a.txt");
    std::fs::write(&path, "x".repeat(100_000)).expect("writable");
    let (base, seen) = answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let mut wanted = request(&base);
    wanted.body = Body::Multipart(vec![crate::wire::FormPart::File {
        name: "file".into(),
        file_name: "a.txt".into(),
        path,
    }]);
    carry(&network(LONG), &wanted, LONG).expect("a reply");
    let seen = String::from_utf8(seen.join().expect("no panic")).expect("text");
    let (head, body) = seen.split_once("\r\n\r\n").expect("a head");
    assert!(head.contains(&format!("\r\ncontent-length: {}", body.len())), "{head}");
    assert!(!head.contains("chunked"), "{head}");
}

#[test]
fn what_is_wrong_with_an_address_is_found_without_a_connection() {
    let network = network(LONG);
    let with_path =
        |path: &str| Request { path: Written::plain(path), ..request("http://127.0.0.1:9") };
    for request in [
        request("ftp://127.0.0.1"),
        request("127.0.0.1:8080"),
        with_path("/users/../tokens"),
        with_path("/users/a b"),
        Request { carries_secret: true, ..request("http://192.0.2.1") },
    ] {
        let error = network.prepare(&request).expect_err("unusable");
        assert_eq!(error.exit(), crate::exit::Exit::Input, "{error}");
    }
    for request in [
        with_path("//push/user.json"),
        with_path("/a/%2E%2Ffoo?x=%E4%B8%AD&y=@:"),
        Request { carries_secret: true, ..request("https://192.0.2.1") },
        Request { carries_secret: true, ..request("http://127.0.0.1:1") },
    ] {
        network.prepare(&request).expect("usable");
    }
}

#[test]
fn the_told_phases_hold_no_secret() {
    let (base, _) = answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let told = std::rc::Rc::new(std::cell::RefCell::new(String::new()));
    let kept = std::rc::Rc::clone(&told);
    let settings = NetworkSettings {
        roots: TrustRoots::Bundled,
        deadline: LONG,
        tell: Some(Box::new(move |phase, words| {
            *kept.borrow_mut() += &format!("{phase} {words}\n")
        })),
        watch: None,
        requests_per_connection: None,
    };
    let mut wanted = request(&base);
    wanted.headers.push(Header { name: "sign", value: Written::secret("SECRET") });
    wanted.path = Written::plain("/push?key=").then_secret("SECRET");
    Network::new(settings).expect("a runtime").exchange(&wanted, LONG).expect("a reply");
    let told = told.borrow();
    assert!(told.contains("sign: ***") && told.contains("HTTP 200"), "{told}");
    assert!(!told.contains("SECRET"), "{told}");
}

#[test]
fn a_travelling_secret_takes_plain_http_on_this_machine_only() {
    for (base, carries_secret, allowed) in [
        ("https://api.cloud.test", true, true),
        ("http://api.cloud.test", true, false),
        ("http://api.cloud.test", false, true),
        ("http://127.0.0.1:8080", true, true),
        ("http://127.9.9.9", true, true),
        ("http://127.1", true, true),
        ("http://[::1]:8080", true, true),
        ("http://localhost:8080", true, true),
        ("http://LOCALHOST", true, true),
        ("http://localhost.cloud.test", true, false),
        ("http://127.0.0.1.cloud.test", true, false),
        ("http://127.0.0.1@cloud.test", true, false),
        ("http://0.0.0.0", true, false),
        ("http://[::]", true, false),
        ("http://10.0.0.1", true, false),
        ("not a url", true, false),
    ] {
        let request = Request {
            method: Method::Post,
            base: base.to_owned(),
            path: Written::plain("/push"),
            headers: Vec::new(),
            body: Body::None,
            carries_secret,
        };
        assert_eq!(network(Duration::from_secs(1)).prepare(&request).is_ok(), allowed, "{base}");
    }
}

/// Remembers what it was told.
#[derive(Default)]
struct Seen(std::sync::Mutex<(Vec<(u64, u64)>, usize)>, std::sync::Mutex<Vec<String>>);

impl Watcher for Seen {
    fn begins(&self, server: &str) {
        self.1.lock().expect("no panic").push(server.to_owned());
    }

    fn sent(&self, bytes: u64, whole: u64) {
        self.0.lock().expect("no panic").0.push((bytes, whole));
    }

    fn done(&self) {
        self.0.lock().expect("no panic").1 += 1;
    }
}

#[test]
fn a_file_goes_out_as_it_is_and_is_watched_on_its_way() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("big.bin");
    std::fs::write(&path, vec![b'x'; 200_000]).expect("writable");
    let (base, seen) = answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let watched = Arc::new(Seen::default());
    let network = Network::new(NetworkSettings {
        roots: TrustRoots::Bundled,
        deadline: LONG,
        tell: None,
        watch: Some(watched.clone()),
        requests_per_connection: None,
    })
    .expect("a runtime");
    let body = Body::File { media: "image/jpeg", path };
    let wanted = Request { method: Method::Put, body, ..request(&base) };
    assert_eq!(network.exchange(&wanted, LONG).expect("a reply").status, 200);
    let seen = String::from_utf8(seen.join().expect("no panic")).expect("text");
    let (head, body) = seen.split_once("\r\n\r\n").expect("a head");
    assert!(head.contains("content-type: image/jpeg\r\n"), "{head}");
    assert!(head.contains("content-length: 200000"), "{head}");
    assert_eq!(body.len(), 200_000);
    let (sent, done) = &*watched.0.lock().expect("no panic");
    assert!(sent.windows(2).all(|pair| pair[0].0 <= pair[1].0), "{sent:?}");
    assert_eq!((sent.last(), *done), (Some(&(200_000, 200_000)), 1));
    assert_eq!(*watched.1.lock().expect("no panic"), [base], "the server is named");
}
