//! Proxies of the environment: both a single request and the many of a list go through them.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use crate::support::World;

const REPLY: &str = r#"{"code":0,"msg":"success","result":{"messageUid":5323654,"timestamp":1}}"#;

/// A proxy that answers in the vendor's place and remembers the first lines.
fn proxy() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let base = format!("http://{}", listener.local_addr().expect("bound"));
    let lines = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&lines);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let kept = Arc::clone(&kept);
            thread::spawn(move || answer(stream, &kept));
        }
    });
    (base, lines)
}

/// Answers one request and closes.
fn answer(mut stream: TcpStream, lines: &Mutex<Vec<String>>) {
    let mut read = Vec::new();
    let mut chunk = [0; 4096];
    while !whole(&read) {
        match stream.read(&mut chunk) {
            Ok(0) | Err(_) => return,
            Ok(count) => read.extend_from_slice(&chunk[..count]),
        }
    }
    let text = String::from_utf8_lossy(&read).into_owned();
    lines.lock().expect("no panic").extend(text.lines().next().map(str::to_owned));
    let length = REPLY.len();
    let _ = write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{REPLY}"
    );
}

fn whole(read: &[u8]) -> bool {
    let text = String::from_utf8_lossy(read).to_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    length.is_some_and(|length| length.parse() == Ok(body.len()))
}

#[test]
fn single_requests_and_lists_go_through_the_proxy_that_the_environment_names() {
    let world = World::new();
    let (base, lines) = proxy();
    world.write("to.txt", "u1\nu2\nu3\n");
    let environment = [
        ("HERALD_WILDFIRE_ENDPOINT", "http://im.nowhere.test:18080"),
        ("HERALD_WILDFIRE_SECRET", "a-secret-of-our-own"),
        ("http_proxy", base.as_str()),
    ];
    let of = ["--provider", "wildfire", "--from", "news"];
    let send = [&["send"], &of[..], &["--to", "u1", "--text", "one"]].concat();
    world.run_with(&send, &environment).ends_with(0);
    let list = ["--targets", "to.txt", "--text", "to all", "--job", "many"];
    let list = [&["broadcast"], &of[..], &list].concat();
    world.run_with(&list, &environment).ends_with(0);
    let lines = lines.lock().expect("no panic");
    assert_eq!(
        *lines,
        [
            "POST http://im.nowhere.test:18080/admin/message/send HTTP/1.1",
            "POST http://im.nowhere.test:18080/admin/message/multicast HTTP/1.1",
        ]
    );
}

#[test]
fn a_proxy_that_cannot_be_used_is_not_passed_over() {
    let world = World::new();
    world.write("to.txt", "u1\nu2\n");
    let endpoint = ("HERALD_WILDFIRE_ENDPOINT", "http://im.nowhere.test:18080");
    let secret = ("HERALD_WILDFIRE_SECRET", "a-secret-of-our-own");
    let of = ["--provider", "wildfire", "--from", "news", "--text", "hello"];
    let send = [&["send"], &of[..], &["--to", "u1"]].concat();
    let list = [&["broadcast"], &of[..], &["--targets", "to.txt", "--job", "j"]].concat();
    for command in [&send, &list] {
        for (name, value) in [("http_proxy", "http://"), ("ALL_PROXY", "ftp://127.0.0.1:1")] {
            let run = world.run_with(command, &[endpoint, secret, (name, value)]);
            let run = run.ends_with(3).says(&format!("`{name}` names no proxy"));
            assert_eq!(run.err.matches("error").count(), 1, "{}", run.err);
        }
    }
    // Nothing was sent; the jobs are planned, and go on when the proxy is named rightly.
    let history = world.run_with(&["history", "--output", "json"], &[]).ends_with(0).json();
    let entries = history["entries"].as_array().expect("entries");
    assert_eq!(entries.len(), 2, "{history}");
    assert!(entries.iter().all(|entry| entry["job"]["counts"]["planned"] == 2), "{history}");
    // Where no proxy is wanted, a wrong one does no harm: the host cannot be found.
    let excepted = ("no_proxy", "nowhere.test");
    let run = world.run_with(&send, &[endpoint, secret, excepted, ("http_proxy", "http://")]);
    run.ends_with(7);
}
