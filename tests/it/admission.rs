//! Which requests the served sandbox answers, what is in its state, and how much it holds at a time.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::json;

use crate::sandbox::Served;
use crate::support::World;

const KEPT: [&str; 8] =
    ["send", "--provider", "wildfire", "--from", "a", "--to", "b", "--text=private words"];

/// What asks the served sandbox for a message, signed with its public secret, with these headers.
fn signed(world: &World, served: &Served, uid: &str, host: &str, more: &str) -> String {
    let environment = served.environment();
    let environment: Vec<(&str, &str)> =
        environment.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    let get = ["get", "--provider", "wildfire", uid, "--dry-run", "--show-secrets"];
    let plan = world.run_with(&[&get[..], &["--output", "json"]].concat(), &environment);
    let plan = plan.ends_with(0).json();
    let request = &plan["requests"][0];
    let headers = request["headers"].as_object().expect("headers").iter();
    let headers: String = headers
        .filter(|(name, _)| !["host", "content-length"].contains(&&*name.to_lowercase()))
        .map(|(name, value)| format!("{name}: {}\r\n", value.as_str().expect("text")))
        .collect();
    let body = request["body"].as_str().expect("a body");
    format!(
        "POST /wildfire/admin/message/get_one HTTP/1.1\r\n{host}{more}{headers}Connection: close\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

#[test]
fn a_rightly_signed_request_of_a_foreign_page_gets_nothing() {
    let world = World::new();
    let served = Served::start(&world, &[]);
    let sent = served.run(&world, 0, &KEPT);
    let uid = sent["ids"]["messageUid"].as_str().expect("an id");
    let ask = |host: &str, more: &str| served.talk(&signed(&world, &served, uid, host, more));
    let own = format!("Host: {}\r\n", served.address());
    let same = format!("Origin: http://{}\r\nSec-Fetch-Site: same-origin\r\n", served.address());
    for (host, more) in [
        (own.as_str(), ""),
        (own.as_str(), same.as_str()),
        ("Host: localhost\r\n", ""),
        ("Host: me.localhost.:1\r\n", ""),
        ("host: [::1]\r\n", ""),
        ("HOST: api.jpush.cn\r\n", ""),
    ] {
        let answer = ask(host, more);
        assert!(answer.starts_with("HTTP/1.1 200"), "{host}{more}-> {answer}");
        assert!(answer.contains("private words"), "{answer}");
        assert!(!answer.to_lowercase().contains("access-control"), "{answer}");
    }
    for (host, more) in [
        ("Host: evil.example\r\n", ""),
        (
            "Host: evil.example\r\n",
            "Origin: http://evil.example\r\nSec-Fetch-Site: same-origin\r\n",
        ),
        ("Host: rebound.evil.example:8787\r\n", ""),
        ("Host: localhost.evil.example\r\n", ""),
        ("Host: HOST\r\n", ""),
        ("Host: localhost@evil.example\r\n", ""),
        ("Host: 2130706433\r\n", ""),
        ("", ""),
        (own.as_str(), "Host: localhost\r\n"),
        (own.as_str(), "Origin: http://evil.example\r\n"),
        (own.as_str(), "Origin: null\r\n"),
        (own.as_str(), "Origin: http://localhost:3000\r\nSec-Fetch-Site: same-site\r\n"),
        (own.as_str(), "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n"),
    ] {
        let answer = ask(host, more);
        let status = if host.is_empty() { 400 } else { 403 };
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{host}{more}-> {answer}");
        assert!(!answer.contains("private words"), "{answer}");
        assert!(!answer.to_lowercase().contains("access-control"), "{answer}");
    }
    let told = std::fs::read_to_string(world.path("sandbox.err")).expect("stderr");
    for why in ["evil.example", "`null`", "cross-site", "needs the header Host", "2 Hosts"] {
        assert!(told.contains(why), "{why} is not in {told}");
    }
}

#[test]
fn a_form_that_a_page_posts_changes_nothing() {
    let world = World::new();
    let log = world.path("log.ndjson");
    let served = Served::start(&world, &["--log", log.to_str().expect("UTF-8")]);
    let form = "sendno=1&receiver_type=4&msg_type=1";
    for target in ["/jpush-v2/v2/push", "/v2/push", "http://evil.example/v2/push"] {
        let answer = served.talk(&format!(
            "POST {target} HTTP/1.1\r\nHost: evil.example\r\nOrigin: http://evil.example\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            form.len()
        ));
        assert!(answer.starts_with("HTTP/1.1 403"), "{target}: {answer}");
    }
    // A client that uses it as its proxy is answered, and one whose two hosts differ is not.
    for (host, status) in
        [("api.jpush.cn", "401"), ("localhost", "403"), ("api.jpush.cn:8080", "403")]
    {
        let answer = served.talk(&format!(
            "POST http://api.jpush.cn/v3/push HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{{}}"
        ));
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{host}: {answer}");
    }
    let log = std::fs::read_to_string(log).expect("a log");
    let answered = log.lines().filter(|line| line.contains("\"provider\":\"")).count();
    assert_eq!((answered, log.lines().count()), (1, 6), "{log}");
}

#[test]
fn other_names_are_answered_to_where_it_is_exposed() {
    let world = World::new();
    let served = Served::start(&world, &["--expose"]);
    let ask = |headers: &str| {
        served.talk(&format!(
            "GET /not/a/path/of/any/vendor HTTP/1.1\r\n{headers}Connection: close\r\n\r\n"
        ))
    };
    assert!(ask("Host: ci-sandbox:8787\r\n").starts_with("HTTP/1.1 404"));
    for foreign in ["Origin: http://evil.example\r\n", "Sec-Fetch-Site: cross-site\r\n"] {
        let answer = ask(&format!("Host: ci-sandbox:8787\r\n{foreign}"));
        assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
    }
}

#[test]
fn the_served_state_is_its_own() {
    let world = World::new();
    let inside = world.run(&[&KEPT[..], &["--sandbox", "--output", "json"]].concat());
    let inside = inside.ends_with(0).json()["ids"]["messageUid"].clone();
    let inside = inside.as_str().expect("an id");
    let get = |served: &Served, uid: &str, code| {
        served.run(&world, code, &["get", "--provider", "wildfire", uid])
    };
    let folder = world.path("kept");
    let kept = ["--state", folder.to_str().expect("UTF-8")];
    let mut last = String::new();
    for more in [&[][..], &["--memory"], &kept] {
        let served = Served::start(&world, more);
        assert_eq!(get(&served, inside, 5)["vendor"]["code"], "253", "{more:?}");
        let sent = served.run(&world, 0, &KEPT);
        sent["ids"]["messageUid"].as_str().expect("an id").clone_into(&mut last);
        assert_eq!(get(&served, &last, 0)["outcome"], "accepted");
        let own = world.run(&["get", "--sandbox", "--provider", "wildfire", &last]);
        own.ends_with(5);
    }
    // At another port it is another server for the ledger that sent it: a ledger that does not know the id asks.
    let elsewhere = world.path("other.db");
    let ask = |served: &Served, code| {
        let ledger = elsewhere.to_str().expect("UTF-8");
        served.run(&world, code, &["get", "--provider", "wildfire", "--ledger", ledger, &last])
    };
    let again = Served::start(&world, &kept);
    let got = ask(&again, 0);
    assert_eq!(got["result"]["payload"]["searchableContent"], json!("private words"));
    drop(again);
    // Each start without a folder is a fresh one.
    ask(&Served::start(&world, &[]), 5);
}

/// The most memory that a process had at a time, in bytes.
#[cfg(target_os = "linux")]
fn peak(process: u32) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("it runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
    let kilobytes = line.trim().trim_end_matches(" kB").parse::<usize>().expect("a number");
    kilobytes * 1024
}

#[cfg(target_os = "linux")]
#[test]
fn six_large_bodies_at_once_take_the_room_of_one() {
    const BODY: usize = 120 << 20;
    let world = World::new();
    let served = Served::start(&world, &[]);
    let address = served.address();
    let send = |is_chunked: bool| {
        let mut stream = TcpStream::connect(address).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a timeout");
        let length = match is_chunked {
            true => format!("Transfer-Encoding: chunked\r\n\r\n{BODY:x}"),
            false => format!("Content-Length: {BODY}\r\n"),
        };
        let head = format!(
            "POST /not/a/path/of/any HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{length}\r\n"
        );
        stream.write_all(head.as_bytes()).expect("it reads");
        let piece = vec![b'x'; 1 << 20];
        // One that is refused need not be read to its end.
        let sent = (0..BODY / piece.len()).try_for_each(|_| stream.write_all(&piece));
        let _ =
            sent.and_then(|()| stream.write_all(if is_chunked { b"\r\n0\r\n\r\n" } else { b"" }));
        let mut answer = [0; 12];
        let read = stream.read_exact(&mut answer);
        read.map(|()| String::from_utf8_lossy(&answer[9..]).into_owned())
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..6).map(|n| scope.spawn(move || send(n % 2 == 0))).collect();
        let answers: Vec<_> =
            threads.into_iter().map(|one| one.join().expect("no panic")).collect();
        let served = answers.iter().flatten().filter(|status| *status == "404").count();
        assert!(served > 0, "{answers:?}");
        assert!(
            answers.iter().flatten().all(|status| ["404", "503"].contains(&&**status)),
            "{answers:?}"
        );
    });
    let peak = peak(served.process());
    assert!(peak < 2 * (128 << 20), "{peak} bytes");
}
