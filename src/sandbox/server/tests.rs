//! The server as clients of all kinds see it.

use std::io::{Read as _, Write as _};
use std::net::TcpStream as Stream;
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use tokio::sync::oneshot;

use super::super::intake::BODY_LIMIT;
use super::*;
use crate::net::{Network, NetworkSettings, Transport as _, TrustRoots};
use crate::sandbox::fake::{Echo, ONE, TWO, request};
use crate::sandbox::{RecordStore, Switches};

/// A server in a separate thread, until it is dropped.
struct Running {
    address: SocketAddr,
    /// Status and reason of what the server itself refused.
    told: Arc<Mutex<Vec<String>>>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    fn start() -> Self {
        Self::waiting(Waits::default())
    }

    fn waiting(waits: Waits) -> Self {
        let server = BoundServer::bind("127.0.0.1:0".parse().expect("an address")).expect("a port");
        let address = server.address();
        let (stop, stopped) = oneshot::channel();
        let told = Arc::<Mutex<Vec<String>>>::default();
        let list = Arc::clone(&told);
        let thread = thread::spawn(move || {
            let tenants =
                [&ONE, &TWO].map(|contract| Tenant { contract, backend: Box::new(Echo) }).into();
            let stage = SandboxState::new(
                RecordStore::memory(),
                Switches::default(),
                Box::new(|| 42),
                crate::provider::secret_names_of,
            );
            let observe = Box::new(move |seen: &SeenRequest<'_>| {
                if let Some(why) = seen.refused {
                    let line = format!("{} {} {why}", seen.answer.status, seen.request.method);
                    list.lock().expect("no panic").push(line);
                }
            });
            let site = Site { tenants, stage, observe, is_exposed: false, waits };
            let _ = server.serve(site, stopped);
        });
        Self { address, told, stop: Some(stop), thread: Some(thread) }
    }

    /// The last refusal that was told, within a second.
    fn last_told(&self) -> String {
        for _ in 0..100 {
            if let Some(last) = self.told.lock().expect("no panic").last() {
                return last.clone();
            }
            thread::sleep(Duration::from_millis(10));
        }
        String::new()
    }

    /// Writes bytes and reads until the server closes.
    fn talk(&self, bytes: &str) -> String {
        let mut stream = Stream::connect(self.address).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_secs(5))).expect("a timeout");
        stream.write_all(bytes.as_bytes()).expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        answer
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.stop.take());
        self.thread.take().map(JoinHandle::join);
    }
}

#[test]
fn odd_requests_of_sdks_are_answered_like_others() {
    let server = Running::start();
    let end = "Host: localhost\r\nConnection: close\r\n";
    for (request, expected) in [
        (format!("POST /v2/echo HTTP/1.1\r\n{end}Content-Length: 2\r\n\r\nhi"), "\"body\":\"hi\""),
        (format!("POST //v2//echo/?a=b&a= HTTP/1.1\r\n{end}Content-Length: 0\r\n\r\n"), "\"path\":\"//v2//echo/\",\"query\":\"a=b&a=\""),
        ("POST http://api.one.example/v2/echo HTTP/1.1\r\nHost: api.one.example\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".to_owned(), "\"path\":\"/v2/echo\""),
        (format!("DELETE /one/v1/x HTTP/1.1\r\n{end}Content-Length: 4\r\n\r\nbody"), "\"path\":\"/v1/x\",\"query\":\"\",\"body\":\"body\""),
        (format!("GET /v1/rooms HTTP/1.1\r\n{end}\r\n{{}}"), "\"method\":\"GET\""),
        (format!("POST /v2/echo HTTP/1.1\r\n{end}Nonce: 9\r\nContent-Length: 0\r\n\r\n"), "\"Nonce\":\"9\""),
        // The backend asks for `Nonce`, which is a different name.
        (format!("POST /v2/echo HTTP/1.1\r\n{end}nonce: 9\r\nContent-Length: 0\r\n\r\n"), "\"Nonce\":\"none\""),
        (format!("POST /v2/echo HTTP/1.1\r\n{end}Content-Type: Text/Plain;charset:utf-8\r\nContent-Encoding: UTF-8\r\nContent-Length: 2\r\n\r\nhi"), "\"media\":\"text/plain\""),
        ("POST /v2/echo HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAA\r\nContent-Length: 2\r\n\r\nhi".to_owned(), "\"body\":\"hi\""),
        (format!("POST /v2/echo HTTP/1.1\r\n{end}Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n"), "\"body\":\"hi\""),
        (format!("POST /v2/echo HTTP/1.1\r\n{end}Expect: 100-continue\r\nContent-Length: 2\r\n\r\nhi"), "\"body\":\"hi\""),
        ("POST /v2/echo HTTP/1.0\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nhi".to_owned(), "\"body\":\"hi\""),
    ] {
        let answer = server.talk(&request);
        assert!(answer.contains(expected), "{request}\n-> {answer}");
        let (head, body) = answer.rsplit_once("\r\n\r\n").expect("a head");
        assert!(head.contains(&format!("\r\ncontent-length: {}", body.len())), "{head}");
        assert!(!head.contains("chunked"), "{head}");
    }
}

#[test]
fn names_of_headers_keep_their_case_from_request_to_request() {
    let server = Running::start();
    let ask = |name: &str, body: &str| {
        let length = body.len();
        format!(
            "POST /v2/echo HTTP/1.1\r\nHost: localhost\r\n{name}: 5\r\nContent-Length: {length}\r\n\r\n{body}"
        )
    };
    let mut stream = Stream::connect(server.address).expect("it listens");
    stream.set_read_timeout(Some(Duration::from_secs(5))).expect("a timeout");
    let long = "\r\nNonce: in the body\r\n".repeat(5_000);
    for (name, body, expected) in [
        ("nonce", "x", "\"Nonce\":\"none\""),
        ("Nonce", "", "\"Nonce\":\"5\""),
        ("NONCE", long.as_str(), "\"Nonce\":\"none\""),
        ("Nonce", "y", "\"Nonce\":\"5\""),
    ] {
        stream.write_all(ask(name, body).as_bytes()).expect("it reads");
        let mut answer = Vec::new();
        let mut chunk = [0; 4096];
        while !answer.ends_with(b"}") || !String::from_utf8_lossy(&answer).contains("\"count\":") {
            let count = stream.read(&mut chunk).expect("it answers");
            assert!(count > 0, "closed too early");
            answer.extend_from_slice(&chunk[..count]);
        }
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.contains(expected), "{name}: {expected}");
    }
}

#[test]
fn what_nobody_serves_gets_404_and_the_reason() {
    let server = Running::start();
    let ask = |path: &str| {
        server.talk(&format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        ))
    };
    let ambiguous = ask("/v1/users");
    assert!(ambiguous.starts_with("HTTP/1.1 404"), "{ambiguous}");
    assert!(ambiguous.contains("one, two have the path /v1/users"), "{ambiguous}");
    assert!(ask("/a/b/c/d/e").contains("no provider has the path"));
    assert!(ask("/one/v1/users").starts_with("HTTP/1.1 200"));
}

#[test]
fn a_body_beyond_the_limit_gets_413_before_it_is_sent() {
    let server = Running::start();
    let answer = server.talk(&format!(
        "POST /v2/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n",
        BODY_LIMIT + 1
    ));
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
}

/// Each is refused before its body is read, and without a header that would let a page read the answer.
#[test]
fn who_is_not_admitted_gets_403_whatever_is_asked_for() {
    let server = Running::start();
    let foreign = [
        "Host: evil.example",
        "Host: localhost\r\nHost: localhost",
        "X-Nothing: 1",
        "Host: localhost\r\nOrigin: http://evil.example",
        "Host: localhost\r\nOrigin: null",
        "Host: localhost\r\nOrigin: http://evil.example\r\nAccess-Control-Request-Method: POST",
        "Host: localhost\r\nSec-Fetch-Site: cross-site",
        "Host: localhost\r\nsec-fetch-site: same-site",
        "Host: b\u{e9}b\u{e9}.localhost",
    ];
    let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"];
    for method in methods {
        for target in ["/", "/one/v1/users", "/not/served/at/all", "*", "http://localhost/v2/echo"]
        {
            for headers in foreign {
                // A body that never arrives.
                let answer = server.talk(&format!(
                    "{method} {target} HTTP/1.1\r\n{headers}\r\nContent-Length: 9\r\n\r\n"
                ));
                let answer = answer.to_ascii_lowercase();
                let is_refused =
                    answer.starts_with("http/1.1 403") || answer.starts_with("http/1.1 400");
                assert!(is_refused, "{method} {target} {headers}\n-> {answer}");
                assert!(!answer.contains("access-control"), "{answer}");
            }
        }
    }
    // What the HTTP layer itself refuses, and a preflight of a page that is answered.
    let own = "Host: localhost:1\r\nOrigin: http://localhost:1\r\nConnection: close\r\n";
    for request in [
        "GET / HTTP/1.1\r\nHost: localhost\r\nbad header\r\n\r\n".to_owned(),
        "GET /\r\n\r\n".to_owned(),
        format!("GET / HTTP/1.1\r\nHost: localhost\r\nX: {}\r\n\r\n", "x".repeat(1 << 20)),
        format!("OPTIONS /v2/echo HTTP/1.1\r\n{own}Access-Control-Request-Method: POST\r\n\r\n"),
    ] {
        let answer = server.talk(&request).to_ascii_lowercase();
        assert!(!answer.contains("access-control"), "{answer}");
    }
}

#[test]
fn large_bodies_wait_for_each_other_and_small_ones_for_none() {
    let server = Running::start();
    let head = |length: usize| {
        format!(
            "POST /v2/echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n"
        )
    };
    // One client holds all the memory and sends nothing.
    let mut first = Stream::connect(server.address).expect("it listens");
    first.write_all(head(BODY_LIMIT as usize).as_bytes()).expect("it reads");
    assert!(server.talk(&(head(2) + "hi")).contains("\"body\":\"hi\""));
    std::thread::scope(|scope| {
        let waits = scope.spawn(|| server.talk(&(head(100_000) + &"x".repeat(100_000))));
        // It disconnects, and its memory is free again.
        drop(first);
        assert!(waits.join().expect("no panic").starts_with("HTTP/1.1 200"));
    });
    // Of unknown length, and longer than its first chunk.
    let chunk = format!("{:x}\r\n{}\r\n", 1 << 16, "x".repeat(1 << 16));
    let chunked = "POST /v2/echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n";
    let answer = server.talk(&format!("{chunked}{}0\r\n\r\n", chunk.repeat(40)));
    assert!(answer.contains(&"x".repeat(40 << 16)));
}

#[test]
fn a_backend_can_have_the_connection_closed() {
    let server = Running::start();
    let answer =
        server.talk("POST /v2/close HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
    assert!(answer.contains("\r\nconnection: close"), "{answer}");
}

#[test]
fn the_network_reaches_it_and_connections_are_used_again() {
    let server = Running::start();
    let deadline = Duration::from_secs(5);
    let settings = NetworkSettings {
        roots: TrustRoots::Bundled,
        deadline,
        tell: None,
        watch: None,
        requests_per_connection: None,
    };
    let network = Network::new(settings).expect("a runtime");
    for count in 1..=20 {
        let mut ask = request("/v2/echo");
        ask.base = format!("http://{}", server.address);
        let reply = network.exchange(&ask, deadline).expect("an answer");
        let body = String::from_utf8(reply.body).expect("text");
        assert!(body.ends_with(&format!("\"count\":{count}}}")), "{body}");
    }
}

#[test]
fn a_port_that_is_taken_is_an_unusable_input() {
    let server = Running::start();
    let error = BoundServer::bind(server.address).expect_err("it is taken");
    assert_eq!(error.exit(), crate::exit::Exit::Input);
    assert!(error.advice().is_some_and(|help| help.contains("something else listens there")));
}

/// A head that is complete except for its end.
const POST: &str = "POST /v2/echo HTTP/1.1\r\nHost: localhost\r\n";

#[test]
fn what_the_http_layer_refuses_is_answered_and_told_with_its_reason() {
    let chunked = format!("{POST}Transfer-Encoding: chunked\r\n\r\n");
    let large = format!("{POST}X: {}\r\n\r\n", "x".repeat(1 << 20));
    let many: String = (0..200).map(|number| format!("X-{number}: 1\r\n")).collect();
    for (request, status, why) in [
        (large, "431", "the head is larger than"),
        (format!("{POST}{many}\r\n"), "431", "there are 100 headers or more"),
        (format!("{chunked}zz\r\nhi\r\n0\r\n\r\n"), "400", "the body did not arrive"),
        (format!("{chunked}5\r\nhi\r\n0\r\n\r\n"), "400", "the body did not arrive"),
        (format!("{POST}Content-Length: 200000000\r\n\r\n"), "413", "at most 128 MiB"),
        (format!("{POST}Content-Length: -1\r\n\r\n"), "400", "Content-Length is no number"),
        (format!("{POST}nonsense\r\n\r\n"), "400", "a header line has no colon"),
        ("hello\r\n\r\n".to_owned(), "400", "the first line is not"),
        ("GET / HTTP/3.0\r\n\r\n".to_owned(), "", "the version is `HTTP/3.0`"),
    ] {
        let server = Running::start();
        let mut stream = Stream::connect(server.address).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_secs(5))).expect("a timeout");
        // It may close before it has read everything.
        let _ = stream.write_all(request.as_bytes());
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer);
        let shown: String = request.chars().take(80).collect();
        let told = server.last_told();
        assert!(told.contains(why), "{shown:?}: {told}");
        assert!(answer.contains(&format!(" {status}")), "{shown:?}: {answer}");
        assert!(
            answer.contains("connection: close") || answer.contains("Connection: close"),
            "{answer}"
        );
        assert!(answer.contains(why), "{shown:?}: {answer}");
    }
}

#[test]
fn a_client_that_ends_early_is_told() {
    for (begun, why) in [
        (format!("{POST}Content-Length: 9\r\n\r\nhi"), "the body did not arrive"),
        (format!("{POST}Transfer-Encoding: chunked\r\n\r\n5\r\nhi"), "the body did not arrive"),
        ("POST /v2/echo HT".to_owned(), "the head did not arrive to its end"),
        (POST.to_owned(), "the head did not arrive to its end"),
    ] {
        let server = Running::start();
        let mut stream = Stream::connect(server.address).expect("it listens");
        stream.write_all(begun.as_bytes()).expect("it reads");
        drop(stream);
        let told = server.last_told();
        assert!(told.contains(why) && told.contains("POST"), "{begun:?}: {told}");
    }
}

#[test]
fn clients_that_are_silent_are_cut_off() {
    let short = Duration::from_millis(200);
    let waits = Waits { head: short, body: short };
    for (begun, answer_begins, why) in [
        ("", "", ""),
        ("POST /v2/echo HT", "", "the head did not arrive to its end"),
        (POST, "", "the head did not arrive to its end"),
        (&format!("{POST}Content-Length: 9\r\n\r\nhi"), "HTTP/1.1 408", "did not arrive in time"),
        // Idle after an answer.
        (&format!("{POST}Content-Length: 2\r\n\r\nhi"), "HTTP/1.1 200", ""),
    ] {
        let server = Running::waiting(waits);
        // It reads until the server closes.
        let answer = server.talk(begun);
        assert!(answer.starts_with(answer_begins), "{begun:?}: {answer}");
        match why {
            "" => assert!(server.told.lock().expect("no panic").is_empty(), "{begun:?}"),
            why => assert!(server.last_told().contains(why), "{begun:?}: {}", server.last_told()),
        }
    }
    let usual = Waits::default();
    assert!(usual.head >= Duration::from_secs(60) && usual.body >= Duration::from_secs(60));
}

#[test]
fn the_connection_header_says_what_happens() {
    let server = Running::start();
    for (version, asked, stays) in [
        ("1.1", "", true),
        ("1.1", "Connection: keep-alive\r\n", true),
        ("1.1", "Connection: close\r\n", false),
        ("1.1", "Connection: x, Close\r\n", false),
        ("1.0", "", false),
        ("1.0", "Connection: Keep-Alive\r\n", true),
        ("1.0", "Connection: close\r\n", false),
    ] {
        for path in ["/v2/echo", "/", "/one", "/nobody/has/this/path/at/all"] {
            let method = if path.contains("echo") { "POST" } else { "GET" };
            let one = format!("{method} {path} HTTP/{version}\r\nHost: localhost\r\n{asked}\r\n");
            let last = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            let answers = server.talk(&(one.clone() + last));
            assert_eq!(
                answers.matches("HTTP/1.").count(),
                1 + usize::from(stays),
                "{one}: {answers}"
            );
            let (head, _) = answers.split_once("\r\n\r\n").expect("a head");
            let head = head.to_ascii_lowercase();
            assert_eq!(head.contains("connection: close"), !stays, "{one}: {head}");
            assert!(stays || !head.contains("keep-alive"), "{one}: {head}");
            assert!(!stays || version == "1.1" || head.contains("keep-alive"), "{one}: {head}");
        }
    }
}

#[test]
fn the_root_of_a_provider_is_herald_s_own() {
    let server = Running::start();
    let ask = |line: &str| {
        server.talk(&format!("{line} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
    };
    for path in ["/two", "/two/", "//two//"] {
        let answer = ask(&format!("GET {path}"));
        assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("/two\"}"), "{answer}");
        assert!(!answer.contains("/one"), "{answer}");
        let answer = ask(&format!("POST {path}"));
        assert!(answer.starts_with("HTTP/1.1 405") && answer.contains("{\"sandbox\":"), "{answer}");
        assert!(server.last_told().starts_with("405 "));
    }
    let head = ask("HEAD /");
    assert!(head.starts_with("HTTP/1.1 200") && head.ends_with("\r\n\r\n"), "{head}");
}
