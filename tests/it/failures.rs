//! What fails before a request is written, as users and scripts are told of it: by commands, by jobs, and by what a request
//! needs first. What time cannot heal is tried once.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::{Value, json};

use crate::prerequisites::serving;
use crate::support::{Run, World, files_below, read_whole};

const KEY: &str = "0123456789abcdef01234567";

/// A certificate of the tests.
pub(crate) fn certificate(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/certificates").join(name)
}

/// A server that says something before it knows who is there, and how many came.
pub(crate) fn counting(
    behave: impl Fn(&mut TcpStream) + Send + Sync + 'static,
) -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let (came, behave) = (Arc::new(AtomicUsize::new(0)), Arc::new(behave));
    let counted = Arc::clone(&came);
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            counted.fetch_add(1, Ordering::SeqCst);
            let behave = Arc::clone(&behave);
            thread::spawn(move || behave(&mut stream));
        }
    });
    (port, came)
}

/// A server with a certificate, which answers each request with this; how many came.
pub(crate) fn tls(certificate_name: &str, body: &'static str) -> (u16, Arc<AtomicUsize>) {
    let session = tls_session(certificate_name);
    counting(move |stream| {
        let mut stream = rustls::StreamOwned::new(session(), stream);
        if !read_whole(&mut stream, &mut Vec::new()) {
            return;
        }
        let head = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length:";
        let _ = write!(stream, "{head} {}\r\n\r\n{body}", body.len());
    })
}

/// Makes sessions of servers with this certificate.
pub(crate) fn tls_session(certificate_name: &str) -> impl Fn() -> rustls::ServerConnection + use<> {
    let chain = CertificateDer::pem_file_iter(certificate(certificate_name)).expect("a file");
    let chain = chain.collect::<Result<Vec<_>, _>>().expect("certificates");
    let key = PrivateKeyDer::from_pem_file(certificate("server.key")).expect("a key");
    let _ = rustls::crypto::ring::default_provider().install_default();
    let config = rustls::ServerConfig::builder().with_no_client_auth();
    let config = Arc::new(config.with_single_cert(chain, key).expect("they fit"));
    move || rustls::ServerConnection::new(Arc::clone(&config)).expect("a session")
}

/// A server that answers a TLS session in HTTP; how many came.
fn no_tls() -> (u16, Arc<AtomicUsize>) {
    counting(|stream| {
        let _ = stream.read(&mut [0; 1024]);
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    })
}

fn closed_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

fn wildfire(world: &World, base: &str, words: &[&str]) -> Run {
    let environment =
        [("HERALD_WILDFIRE_ENDPOINT", base), ("HERALD_WILDFIRE_SECRET", "a-secret-of-our-own")];
    world.run_with(&[words, &["--provider", "wildfire"]].concat(), &environment)
}

/// What stands in `failure`, with nothing under `vendor`.
#[track_caller]
fn failure(told: &Value) -> &Value {
    assert_eq!(
        told["vendor"],
        json!({"http_status": null, "code": null, "message": null}),
        "{told}"
    );
    &told["failure"]
}

const SEND: [&str; 7] = ["send", "--from", "a", "--to", "u1", "--text", "x"];

#[test]
fn what_failed_on_the_way_stands_in_failure_and_what_does_not_heal_is_tried_once() {
    let trusted = certificate("root.pem").display().to_string();
    let trust = ["--cacert", trusted.as_str()];
    let (expired, at_expired) = tls("expired.pem", "");
    let (not_yet, at_not_yet) = tls("not_yet.pem", "");
    let (other, at_other) = tls("other_name.pem", "");
    let (unknown, at_unknown) = tls("valid.pem", "");
    let (plain, at_plain) = no_tls();
    for (port, came, trust, cause, reason, advice) in [
        (
            expired,
            at_expired,
            &trust[..],
            "certificate-expired",
            "expired on 2021",
            "new certificate",
        ),
        (not_yet, at_not_yet, &trust, "certificate-not-yet-valid", "before 2119", "clock"),
        (other, at_other, &trust, "certificate-other-name", "for a.test, b.test", "a name that"),
        (unknown, at_unknown, &[], "unknown-issuer", "unknown issuer", "--cacert"),
        (plain, at_plain, &trust, "no-tls", "does not speak TLS", "http://"),
    ] {
        let world = World::new();
        let base = format!("https://127.0.0.1:{port}");
        let told = wildfire(&world, &base, &[&SEND[..], &["--output", "json"], trust].concat());
        let told = told.ends_with(7).json();
        let failed = failure(&told);
        let place = json!({"step": failed["step"], "host": failed["host"], "port": failed["port"]});
        assert_eq!(place, json!({"step": "tls", "host": "127.0.0.1", "port": port}));
        assert_eq!((&failed["cause"], &failed["proxy"]), (&json!(cause), &Value::Null), "{told}");
        assert!(failed["reason"].as_str().expect("words").contains(reason), "{told}");
        assert!(told["advice"].as_str().expect("words").contains(advice), "{told}");
        assert_eq!(told["attempts"], 1, "{told}");
        assert_eq!(came.load(Ordering::SeqCst), 1, "{cause}");

        // The same for people, in the ledger, and with -v.
        let run = wildfire(&world, &base, &[&SEND[..], &["-v"], trust].concat()).ends_with(7);
        assert!(run.out.contains(&format!("failed       127.0.0.1:{port}: ")), "{}", run.out);
        assert!(!run.out.contains("vendor says"), "{}", run.out);
        assert!(run.err.contains(&format!("ms: 127.0.0.1:{port}: ")), "{}", run.err);
        let id = told["ledger_id"].as_str().expect("an id");
        let shown = world.run(&["history", "show", id, "--output", "json"]).ends_with(0).json();
        let words = failure(&shown)["reason"].as_str().expect("words");
        assert!(words.contains(reason) && words.contains(&port.to_string()), "{shown}");
        let shown = world.run(&["history", "show", id]).ends_with(0).out;
        assert!(shown.contains("failed") && !shown.contains("vendor says"), "{shown}");
    }
}

#[test]
fn what_may_heal_is_tried_again_and_named_with_its_place() {
    let port = closed_port();
    let world = World::new();
    for (base, step, cause) in [
        (format!("http://127.0.0.1:{port}"), "connect", "connection-refused"),
        (format!("https://no-such-host.invalid:{port}"), "dns", "no-address"),
    ] {
        let words = ["--output", "json", "--deadline", "2s", "--allow", "wildfire/W22"];
        let told = wildfire(&world, &base, &[&SEND[..], &words].concat()).ends_with(7).json();
        let failed = failure(&told);
        assert_eq!((&failed["step"], &failed["cause"]), (&json!(step), &json!(cause)), "{told}");
        assert_eq!(failed["port"], port);
        assert!(told["attempts"].as_u64() > Some(1) || step == "dns", "{told}");
    }
}

#[test]
fn what_a_request_needs_first_fails_with_its_cause_and_is_asked_for_once() {
    let (port, came) = tls("expired.pem", "");
    let base = format!("https://127.0.0.1:{port}");
    let trusted = certificate("root.pem").display().to_string();
    let world = World::new();
    world.write("to.txt", "alias:a\nalias:b\n");
    let easemob = [
        ("HERALD_EASEMOB_ENDPOINT", base.as_str()),
        ("HERALD_EASEMOB_ORG", "1122161011178276"),
        ("HERALD_EASEMOB_APP", "testapp"),
        ("HERALD_EASEMOB_CLIENT_ID", "id"),
        ("HERALD_EASEMOB_CLIENT_SECRET", "secret"),
    ];
    let jpush = [
        ("HERALD_JPUSH_V3_ENDPOINT", base.as_str()),
        ("HERALD_JPUSH_V3_APP_KEY", KEY),
        ("HERALD_JPUSH_V3_MASTER_SECRET", KEY),
    ];
    let common = ["--output", "json", "--cacert", &trusted];
    for (environment, words, what) in [
        (&easemob[..], "send --provider easemob --from a --to b --text x", "fetching a token"),
        (&jpush, "send --provider jpush-v3 --to b --text x", "fetching an id against repeats"),
        (
            &jpush,
            "broadcast --provider jpush-v3 --targets to.txt --text x --job j",
            "halted: fetching",
        ),
    ] {
        let before = came.load(Ordering::SeqCst);
        let words: Vec<&str> = words.split(' ').collect();
        let run = world.run_with(&[&words[..], &common].concat(), environment).ends_with(7);
        let told = run.json();
        assert_eq!(told["failure"]["step"], "tls", "{told}");
        assert_eq!(told["failure"]["cause"], "certificate-expired", "{told}");
        assert_eq!(told["failure"]["port"], port, "{told}");
        assert_eq!(came.load(Ordering::SeqCst), before + 1, "{what} was tried again");
        run.says("the certificate expired on 2021-01-01").says("nothing was sent");
    }
    let check = ["profile", "check", "--online", "--provider", "jpush-v3", "--output", "json"];
    let before = came.load(Ordering::SeqCst);
    let told = world.run_with(&check, &[&jpush[..], &[("SSL_CERT_FILE", &trusted)]].concat());
    let told = told.ends_with(7).json();
    let online = &told["profiles"][0]["online"];
    assert_eq!(online["failure"]["cause"], "certificate-expired", "{told}");
    assert_eq!(came.load(Ordering::SeqCst), before + 1);
}

#[test]
fn a_job_halts_at_once_at_what_time_does_not_heal() {
    let (port, came) = tls("expired.pem", "");
    let base = format!("https://127.0.0.1:{port}");
    let trusted = certificate("root.pem").display().to_string();
    let world = World::new();
    world.write("to.txt", (0..90).map(|n| format!("group:g{n}\n")).collect::<String>());
    let list = ["broadcast", "--from", "a", "--targets", "to.txt", "--text", "x", "--job", "j"];
    let words = ["--cacert", trusted.as_str(), "--output", "json"];
    let run = wildfire(&world, &base, &[&list[..], &words].concat()).ends_with(7);
    let told = run.json();
    assert_eq!(told["job"]["halted_by"], "unreachable", "{told}");
    assert_eq!(told["job"]["counts"]["planned"], 90, "{told}");
    assert_eq!(failure(&told)["cause"], "certificate-expired");
    assert!(told["advice"].as_str().expect("words").contains("new certificate"), "{told}");
    assert!(came.load(Ordering::SeqCst) <= 4, "no more than were under way together");
    run.says(&format!("halted: 127.0.0.1:{port}: the certificate expired"));
}

#[test]
fn a_pause_that_is_longer_than_the_deadline_is_told_and_not_waited_for() {
    for (status, single, planned) in [(429, 7, 90), (503, 8, 89)] {
        let (port, came) = counting(move |stream| {
            if !read_whole(stream, &mut Vec::new()) {
                return;
            }
            let head = format!("HTTP/1.1 {status} X\r\nRetry-After: 60\r\nContent-Length: 0\r\n");
            let _ = write!(stream, "{head}Connection: close\r\n\r\n");
        });
        let base = format!("http://127.0.0.1:{port}");
        let world = World::new();
        let words = ["--deadline", "20s", "--output", "json"];
        let began = std::time::Instant::now();
        let told = wildfire(&world, &base, &[&SEND[..], &words].concat()).ends_with(single);
        let advice = told.json()["advice"].as_str().expect("advice").to_owned();
        assert!(advice.contains("asks to wait 60 s"), "{advice}");
        let is_due_again = advice.contains("begin in 60 s, which is after the deadline");
        assert_eq!(is_due_again, status == 429, "what may have gone out is not repeated: {advice}");

        // Of one request after the other, by a job and by a command of its own.
        let list = ["broadcast", "--from", "a", "--targets", "to.txt", "--text", "x"];
        let list = [&list[..], &["--concurrency", "1"], &words].concat();
        world.write("to.txt", (0..90).map(|n| format!("group:g{n}\n")).collect::<String>());
        let run = wildfire(&world, &base, &list).ends_with(7);
        let halted = "halted: the vendor's rate limit allows the next request in";
        assert!(run.err.contains(halted) || run.err.contains("after the deadline"), "{}", run.err);
        let fresh = World::new();
        fresh.write("to.txt", (0..90).map(|n| format!("group:g{n}\n")).collect::<String>());
        let run = wildfire(&fresh, &base, &list).ends_with(single);
        assert!(format!("{}{}", run.out, run.err).contains("after the deadline"), "{}", run.err);
        assert_eq!(run.json()["job"]["counts"]["planned"], planned);
        assert_eq!(came.load(Ordering::SeqCst), 2, "of both commands that were not told to wait");
        assert!(began.elapsed().as_secs() < 15, "nothing waits for the deadline");
    }
}

#[test]
fn a_redirect_after_a_request_is_in_doubt_or_final_and_halts_a_job() {
    let world = World::new();
    world.write("to.txt", (0..90).map(|n| format!("group:g{n}\n")).collect::<String>());
    for (status, single, outcome) in
        [(302, 8, "unknown"), (303, 8, "unknown"), (308, 5, "rejected")]
    {
        let (port, came) = counting(move |stream| {
            if !read_whole(stream, &mut Vec::new()) {
                return;
            }
            let place = "Location: http://127.0.0.1:1/elsewhere?sign=0123456789";
            let head = format!("HTTP/1.1 {status} X\r\n{place}\r\nContent-Length: 0\r\n");
            let _ = write!(stream, "{head}Connection: close\r\n\r\n");
        });
        let base = format!("http://127.0.0.1:{port}");
        let told = wildfire(&world, &base, &[&SEND[..], &["--output", "json"]].concat());
        let told = told.ends_with(single).json();
        assert_eq!((&told["outcome"], &told["attempts"]), (&json!(outcome), &json!(1)), "{told}");
        let advice = told["advice"].as_str().expect("words");
        assert!(advice.contains("`http://127.0.0.1:1/elsewhere?…`"), "{advice}");

        let recall = ["call", "wildfire/recall", "--set", "operator=a", "--set", "messageUid=9"];
        let recall = [&recall[..], &["--confirm", "wildfire", "--output", "json"]].concat();
        let told = wildfire(&world, &base, &recall).ends_with(single).json();
        assert_eq!((&told["outcome"], &told["attempts"]), (&json!(outcome), &json!(1)), "{told}");

        let before = came.load(Ordering::SeqCst);
        let list = ["broadcast", "--from", "a", "--targets", "to.txt", "--text", "x", "--override"];
        let list = [&list[..], &["repeat", "--output", "json"]].concat();
        let told = wildfire(&world, &base, &list).ends_with(single).json();
        let requests = came.load(Ordering::SeqCst) - before;
        assert!(requests <= 4, "no more than were under way together: {told}");
        assert_eq!(told["job"]["halted_by"], "redirected", "{told}");
        assert_eq!(told["job"]["counts"][outcome], requests, "{told}");
        assert_eq!(told["job"]["counts"]["planned"], 90 - requests, "{told}");
    }
}

#[test]
fn a_redirect_of_what_a_request_needs_first_sends_nothing_and_says_so() {
    let world = World::new();
    world.write("photo.gif", b"GIF89a\x07\x00\x05\x00\x00\x00\x00");
    let address = r#"200 {"code":0,"msg":"success","result":{"type":0,"uploadUrl":"BASE/up","downloadUrl":"BASE/down"}}"#;
    for (answers, words, code, end) in [
        (vec![address, "302 "], "send --from a --to b --image photo.gif", 7, "nothing was sent"),
        (vec![address, "302 "], "upload photo.gif", 8, "the file may be there"),
        (vec!["303 "], "upload photo.gif", 7, "nothing was sent"),
        (vec![address, "308 "], "upload photo.gif", 5, "nothing was sent"),
    ] {
        let (base, asked) = serving(answers.iter().map(|&answer| answer.to_owned()).collect());
        let run = wildfire(&world, &base, &words.split(' ').collect::<Vec<_>>()).ends_with(code);
        let run = run.says(end).says("sends requests elsewhere, and herald does not follow");
        assert_eq!(asked.try_iter().count(), answers.len(), "{}", run.err);
    }
    for status in ["302 ", "303 "] {
        let (base, _) = serving(vec![status.to_owned()]);
        let push = ["send", "--provider", "jpush-v3", "--to", "b", "--text", "x"];
        let environment = [
            ("HERALD_JPUSH_V3_ENDPOINT", base.as_str()),
            ("HERALD_JPUSH_V3_APP_KEY", KEY),
            ("HERALD_JPUSH_V3_MASTER_SECRET", KEY),
        ];
        world.run_with(&push, &environment).ends_with(7).says("nothing was sent");
    }
}

#[test]
fn names_of_this_machine_need_no_name_server_and_take_secrets() {
    for host in ["vendor.localhost", "localhost.", "A.B.LocalHost."] {
        let (base, asked) = serving(vec!["200 {}".to_owned()]);
        let base = base.replace("127.0.0.1", host);
        let environment = [
            ("HERALD_JPUSH_V3_ENDPOINT", base.as_str()),
            ("HERALD_JPUSH_V3_APP_KEY", KEY),
            ("HERALD_JPUSH_V3_MASTER_SECRET", KEY),
            // Never for this machine.
            ("http_proxy", "http://127.0.0.1:1"),
        ];
        let world = World::new();
        let words = ["call", "jpush-v3/cid", "--output", "json"];
        world.run_with(&words, &environment).ends_with(0);
        assert!(asked.recv().expect("a request").contains("uthorization: Basic"), "{host}");
    }
}

#[test]
fn what_no_header_and_no_address_can_carry_is_refused_before_anything_is_written() {
    let world = World::new();
    world.write("to.txt", "u1\nu2\n");
    let good = [
        ("HERALD_WILDFIRE_ENDPOINT", "http://127.0.0.1:1"),
        ("HERALD_WILDFIRE_SECRET", "a-secret-of-our-own"),
    ];
    let list = ["broadcast", "--from", "a", "--targets", "to.txt", "--text", "x"];
    let files = files_below(&world.path(""));
    for (name, value, words) in [
        ("HERALD_WILDFIRE_SECRET", "canary\nX: y", "`secret` of wildfire has a line break"),
        ("HERALD_WILDFIRE_SECRET", "canary\u{1}", "control character (U+0001)"),
        ("HERALD_WILDFIRE_SECRET", "canary\u{7f}", "control character (U+007F)"),
        ("HERALD_WILDFIRE_ROBOT_ID", "robot\r", "`robot_id` of wildfire has a line break"),
        ("HERALD_WILDFIRE_ENDPOINT", "http://127.0.0.1:1/\r\nX: y", "line break"),
        ("HERALD_WILDFIRE_ENDPOINT", "http://127.0.0.1:1\\@evil.example", "backslash"),
        ("HERALD_WILDFIRE_ENDPOINT", "http://127.0.0.1:1/../x", "`..`"),
        ("HERALD_WILDFIRE_ENDPOINT", "http://canary:pw@127.0.0.1:1", "user name"),
        ("HERALD_WILDFIRE_ENDPOINT", "http://127.0.0.1:1#canary", "fragment"),
        ("HERALD_WILDFIRE_ENDPOINT", "http://127.0.0.1:1 ", "blank"),
        ("HERALD_KILL_SWITCH", "/tmp/stop\n", "`HERALD_KILL_SWITCH` has a line break"),
        ("SSL_CERT_FILE", "roots.pem\n", "the path of the trust roots has a line break"),
    ] {
        let environment = [&good[..], &[(name, value)]].concat();
        for command in [&SEND[..], &list] {
            let command = [command, &["--provider", "wildfire"]].concat();
            let run = world.run_with(&command, &environment).ends_with(3).says(words);
            assert!(!run.err.contains("canary"), "{}", run.err);
            assert_eq!(files_below(&world.path("")), files, "{name}={value:?}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_program_that_prints_a_secret_sees_no_other_secret() {
    let world = World::new();
    world.write_private(
        "profiles.toml",
        "[profiles.p]\nprovider = \"wildfire\"\nendpoint = \"http://127.0.0.1:1\"\n\
         secret = { command = [\"sh\", \"-c\", \"env > seen; echo a-secret-of-our-own\"] }\n",
    );
    let environment = [
        ("PATH", "/usr/bin:/bin"),
        ("HERALD_JPUSH_V3_MASTER_SECRET", "canary-1"),
        ("HERALD_OF_MY_OWN", "canary-2"),
        ("HERALD_JPUSH_V3_APP_KEY", "no-secret"),
    ];
    let check = ["profile", "check", "--profiles", "profiles.toml"];
    world.run_with(&check, &environment).ends_with(0);
    let seen = std::fs::read_to_string(world.path("seen")).expect("it ran");
    assert!(seen.contains("no-secret") && seen.contains("PATH="), "{seen}");
    assert!(!seen.contains("canary"), "{seen}");
}
