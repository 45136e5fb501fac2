//! Proxies of the environment: both a single request and the many of a list go through them.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::json;

use crate::failures::{certificate, counting, tls, tls_session};
use crate::support::{World, files_below};

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

/// The proxy answers in the vendor's place; past it there is nothing. `192.0.2.2` leads nowhere from any machine.
#[test]
fn hosts_that_no_proxy_lists_are_not_reached_through_the_proxy() {
    let (base, lines) = proxy();
    let secret = ("HERALD_WILDFIRE_SECRET", "a-secret-of-our-own");
    for (endpoint, list, is_excepted) in [
        ("http://192.0.2.2:7999", "*", true),
        ("http://192.0.2.2:7999", "192.0.2.2:7999", true),
        ("http://192.0.2.2:7999", "192.0.2.2:80", false),
        ("http://192.0.2.2:7999", "foo 192.0.2.0/24", true),
        ("http://[2001:db8::1]:7999", "[2001:db8::1]:7999", true),
        ("http://[2001:db8::1]:7999", "2001:db9::/32", false),
        ("http://im.nowhere.test:18080", "*.nowhere.test", true),
        ("http://im.nowhere.test:18080", "IM.nowhere.test.", true),
        ("http://im.nowhere.test:18080", "im.nowhere.test:18081", false),
    ] {
        for (proxy, no_proxy) in [("http_proxy", "no_proxy"), ("ALL_PROXY", "NO_PROXY")] {
            let world = World::new();
            world.write("to.txt", "u1\nu2\n");
            let endpoint = ("HERALD_WILDFIRE_ENDPOINT", endpoint);
            let environment = [endpoint, secret, (proxy, base.as_str()), (no_proxy, list)];
            let of = ["--provider", "wildfire", "--from", "a", "--text", "x", "--deadline", "1s"];
            let single = [&["send"], &of[..], &["--to", "u1"]].concat();
            let many = [&["broadcast"], &of[..], &["--targets", "to.txt"]].concat();
            for command in [single, many] {
                let before = lines.lock().expect("no panic").len();
                let run = world.run_with(&command, &environment);
                let came = lines.lock().expect("no panic").len() - before;
                assert_eq!((run.code, came), if is_excepted { (7, 0) } else { (0, 1) }, "{list}");
            }
        }
    }
}

#[test]
fn entries_of_no_proxy_that_cannot_be_understood_are_named_once() {
    let (base, _) = proxy();
    let world = World::new();
    world.write("to.txt", (0..250).map(|n| format!("u{n}\n")).collect::<String>());
    let environment = [
        ("HERALD_WILDFIRE_ENDPOINT", "http://im.nowhere.test:18080"),
        ("HERALD_WILDFIRE_SECRET", "a-secret-of-our-own"),
        ("http_proxy", base.as_str()),
        ("NO_PROXY", "10.0.0.0/33, good.test"),
    ];
    let list = ["broadcast", "--provider", "wildfire", "--from", "a", "--targets", "to.txt"];
    let run = world.run_with(&[&list[..], &["--text", "x", "--yes"]].concat(), &environment);
    let run = run.ends_with(0).says("NO_PROXY: the entry `10.0.0.0/33` cannot be understood");
    assert_eq!(run.err.matches("NO_PROXY").count(), 1, "{}", run.err);
}

#[test]
fn a_proxy_that_cannot_be_used_is_refused_before_anything_is_tried_or_written() {
    let world = World::new();
    world.write("to.txt", "u1\nu2\n");
    let secret = ("HERALD_WILDFIRE_SECRET", "a-secret-of-our-own");
    let of = ["--provider", "wildfire", "--from", "news", "--text", "hello"];
    let send = [&["send"], &of[..], &["--to", "u1"]].concat();
    let list = [&["broadcast"], &of[..], &["--targets", "to.txt", "--job", "j"]].concat();
    let files = files_below(&world.path(""));
    for (name, value, words) in [
        ("http_proxy", "http://", "the proxy in `http_proxy` names no host"),
        ("ALL_PROXY", "ftp://127.0.0.1:1", "has the scheme `ftp`"),
        (
            "all_proxy",
            "socks5://127.0.0.1:7890",
            "the proxy in `all_proxy` has the scheme `socks5`",
        ),
        ("HTTP_PROXY", "socks5h://u:canary@127.0.0.1:7890", "has the scheme `socks5h`"),
        ("http_proxy", "http://user:p@canary#w@127.0.0.1:7823", "has a raw `@`"),
        ("http_proxy", "http://user:canary#w@127.0.0.1:7823", "has a raw `#`"),
        ("HTTP_PROXY", "http://127.0.0.1:99999", "no usable port: `99999`"),
        ("http_proxy", "http://127.0.0.1:1\r\nX: canary", "has a line break"),
    ] {
        for scheme in ["http", "https"] {
            // The same value, for the other scheme by its own variable.
            let name = if scheme == "https" {
                name.replace("http", "https").replace("HTTP", "HTTPS")
            } else {
                name.to_owned()
            };
            let endpoint = format!("{scheme}://im.nowhere.test:18080");
            let endpoint = ("HERALD_WILDFIRE_ENDPOINT", endpoint.as_str());
            let words = words.replace(
                "http_proxy",
                if scheme == "https" { "https_proxy" } else { "http_proxy" },
            );
            for command in [&send, &list] {
                let run = world.run_with(command, &[endpoint, secret, (&name, value)]);
                let run = run.ends_with(3).says(&words);
                assert_eq!(run.err.matches("error").count(), 1, "{}", run.err);
                assert!(!run.err.contains("canary"), "{}", run.err);
                assert_eq!(files_below(&world.path("")), files, "{name}={value}");
            }
        }
    }
    // Where no proxy is wanted, a wrong one does no harm: the host cannot be found.
    let endpoint = ("HERALD_WILDFIRE_ENDPOINT", "http://im.nowhere.test:18080");
    let excepted = ("no_proxy", "nowhere.test");
    let run = world.run_with(&send, &[endpoint, secret, excepted, ("http_proxy", "http://")]);
    run.ends_with(7);
}

/// A proxy that answers CONNECT so, and passes the bytes on to this port where that is a success.
fn tunnelling(answer: &'static str, to: u16) -> (u16, Arc<AtomicUsize>) {
    counting(move |stream| {
        let mut read = Vec::new();
        let mut byte = [0; 1];
        while !read.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|read| read == 1) {
            read.extend_from_slice(&byte);
        }
        let _ = stream.write_all(answer.as_bytes());
        let Ok(far) = TcpStream::connect(("127.0.0.1", to)) else { return };
        let (Ok(mut back), Ok(mut into)) = (stream.try_clone(), far.try_clone()) else { return };
        let mut far = far;
        thread::spawn(move || std::io::copy(&mut far, &mut back));
        let _ = std::io::copy(stream, &mut into);
    })
}

const SEND: [&str; 9] =
    ["send", "--provider", "wildfire", "--from", "a", "--to", "b", "--text", "x"];

#[test]
fn what_a_proxy_refuses_is_told_of_the_proxy_and_its_variable() {
    let closed =
        TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("bound").port();
    let plain = "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n";
    let no = "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n";
    let far = "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n";
    for (endpoint, answer, credentials, cause, reason, once) in [
        (
            "http",
            plain,
            "",
            "proxy-credentials",
            "it needs a user name and a password (HTTP 407)",
            true,
        ),
        (
            "https",
            plain,
            "",
            "proxy-credentials",
            "it needs a user name and a password (HTTP 407)",
            true,
        ),
        (
            "https",
            plain,
            "me:wrong@",
            "proxy-credentials",
            "it refuses the user name and the password (HTTP 407)",
            true,
        ),
        (
            "https",
            no,
            "",
            "proxy-refuses",
            "it does not let the connection through (HTTP 403)",
            true,
        ),
        ("https", far, "", "proxy-fails", "it cannot reach the server (HTTP 502)", false),
        ("https", "SSH-2.0-OpenSSH_9.6\r\n", "", "no-proxy", "the answer is no HTTP", true),
        ("https", "", "", "connection-refused", "connection refused", false),
        ("http", "", "", "connection-refused", "connection refused", false),
    ] {
        let (open, came) = tunnelling(answer, closed);
        let port = if answer.is_empty() { closed } else { open };
        let variable = format!("{endpoint}_proxy");
        let world = World::new();
        let environment = [
            ("HERALD_WILDFIRE_ENDPOINT", format!("{endpoint}://im.test:18080")),
            ("HERALD_WILDFIRE_SECRET", "a-secret-of-our-own".to_owned()),
            (&variable, format!("http://{credentials}127.0.0.1:{port}")),
        ];
        let environment: Vec<(&str, &str)> =
            environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let words = ["--output", "json", "--deadline", "2s", "-q"];
        let told = world.run_with(&[&SEND[..], &words].concat(), &environment).ends_with(7).json();
        let failed = &told["failure"];
        assert_eq!((&failed["step"], &failed["cause"]), (&json!("proxy"), &json!(cause)), "{told}");
        assert!(failed["reason"].as_str().expect("words").starts_with(reason), "{told}");
        let proxy = json!({"host": "127.0.0.1", "port": port, "variable": variable});
        assert_eq!(failed["proxy"], proxy, "{told}");
        assert_eq!((&failed["host"], &failed["port"]), (&json!("127.0.0.1"), &json!(port)));
        assert_eq!(told["vendor"]["message"], json!(null), "{told}");
        assert_eq!(told["attempts"] == 1, once, "{told}");
        // Of a tunnel that is refused the library tells no status but 407: the proxy is asked for it by a second CONNECT.
        let is_asked_twice = endpoint == "https" && answer != plain;
        assert!(came.load(Ordering::SeqCst) <= 1 + usize::from(is_asked_twice) || !once, "{told}");
        let run = world.run_with(&[&SEND[..], &["--deadline", "1s", "-q"]].concat(), &environment);
        let words = format!("proxy 127.0.0.1:{port} ({variable}): {reason}");
        assert!(run.out.contains(&words) && !run.out.contains("vendor says"), "{}", run.out);
    }
}

#[test]
fn tls_is_spoken_through_a_proxy_with_the_server_itself() {
    let trusted = certificate("root.pem").display().to_string();
    let passed = "HTTP/1.1 200 Connection Established\r\n\r\n";
    for (name, code) in [("valid.pem", 0), ("expired.pem", 7)] {
        let (server, _) = tls(name, REPLY);
        let (proxy, came) = tunnelling(passed, server);
        let proxy = format!("http://127.0.0.1:{proxy}");
        let world = World::new();
        world.write("to.txt", "u1\nu2\n");
        let environment = [
            ("HERALD_WILDFIRE_ENDPOINT", "https://im.test:18080"),
            ("HERALD_WILDFIRE_SECRET", "a-secret-of-our-own"),
            ("https_proxy", proxy.as_str()),
        ];
        let words = ["--output", "json", "--cacert", trusted.as_str()];
        let run = world.run_with(&[&SEND[..], &words].concat(), &environment).ends_with(code);
        let failed = &run.json()["failure"];
        if code != 0 {
            assert_eq!((&failed["step"], &failed["host"]), (&json!("tls"), &json!("im.test")));
            assert_eq!(failed["proxy"]["variable"], "https_proxy");
        }
        let list = ["broadcast", "--provider", "wildfire", "--from", "a", "--targets", "to.txt"];
        let list = [&list[..], &["--text", "x"], &words].concat();
        world.run_with(&list, &environment).ends_with(code);
        assert_eq!(came.load(Ordering::SeqCst), 2);
    }
}

/// Speaks TLS with this certificate, and says one of these each time that something comes.
fn tls_talk(name: &str, answers: &'static [&str]) -> (u16, Arc<AtomicUsize>) {
    let session = tls_session(name);
    counting(move |stream| {
        let mut stream = rustls::StreamOwned::new(session(), stream);
        for answer in answers {
            if stream.read(&mut [0; 4096]).is_ok_and(|count| count > 0) {
                let _ = stream.write_all(answer.as_bytes());
            }
        }
    })
}

#[test]
fn a_proxy_that_is_spoken_to_with_tls_has_to_have_a_certificate_for_its_own_name() {
    let trusted = certificate("root.pem").display().to_string();
    let passed = &["HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 400 Bad Request\r\n\r\n"];
    let refused = &["HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"];
    for (name, answers, step, cause) in [
        ("expired.pem", &passed[..], "proxy", "certificate-expired"),
        ("other_name.pem", passed, "proxy", "certificate-other-name"),
        ("valid.pem", refused, "proxy", "proxy-refuses"),
        // It passes the bytes on, and what answers there does not speak TLS.
        ("valid.pem", passed, "tls", "no-tls"),
    ] {
        let (port, _) = tls_talk(name, answers);
        let proxy = format!("https://localhost:{port}");
        let environment = [
            ("HERALD_WILDFIRE_ENDPOINT", "https://im.test:18080"),
            ("HERALD_WILDFIRE_SECRET", "a-secret-of-our-own"),
            ("https_proxy", proxy.as_str()),
        ];
        let words = ["--output", "json", "--cacert", trusted.as_str()];
        let told = World::new().run_with(&[&SEND[..], &words].concat(), &environment);
        let told = told.ends_with(7).json();
        let failed = &told["failure"];
        assert_eq!((&failed["step"], &failed["cause"]), (&json!(step), &json!(cause)), "{told}");
        assert_eq!(failed["proxy"]["host"], "localhost", "{told}");
    }
}
