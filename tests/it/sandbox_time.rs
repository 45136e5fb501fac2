//! Quotas and the clock of `herald sandbox`, for every provider: `quota=off` counts nothing, `clock` moves what is judged.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use crate::sandbox::Served;
use crate::support::World;

/// A request of a provider that runs into a limit of calls.
struct Call {
    provider: &'static str,
    head: &'static str,
    /// How many calls fit, and how many surely do not: a minute may end while they are made.
    fits: usize,
    too_many: usize,
    /// How a refused call is answered.
    refusal: &'static str,
}

const fn jiguang(provider: &'static str, head: &'static str) -> Call {
    Call { provider, head, fits: 600, too_many: 1300, refusal: "HTTP/1.1 429" }
}

const CALLS: [Call; 4] = [
    jiguang("jmessage", "GET /jmessage/v1/users/abcd HTTP/1.1\r\n"),
    jiguang("jpush-v2", "POST /jpush-v2/v2/push HTTP/1.1\r\n"),
    jiguang("jpush-v3", "POST /jpush-v3/v3/push HTTP/1.1\r\n"),
    Call {
        provider: "wildfire",
        head: "POST /wildfire/robot/message/send HTTP/1.1\r\nnonce: 1\r\ntimestamp: 1\r\nsign: x\r\nrid: r\r\n",
        fits: 1000,
        // Its bucket drains by 100 a second: a slow machine never fills it. The provider's own tests do, at a standing clock.
        too_many: 0,
        refusal: "\"code\":250",
    },
];

/// Sends a request so often over one connection, and returns all that was answered.
fn repeat(served: &Served, call: &Call, times: usize) -> String {
    let one =
        |last: &str| format!("{}Host: localhost\r\n{last}Content-Length: 0\r\n\r\n", call.head);
    let mut stream = TcpStream::connect(served.address()).expect("it listens");
    stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a timeout");
    let mut writer = stream.try_clone().expect("a second handle");
    let all = one("").repeat(times - 1) + &one("Connection: close\r\n");
    let writes = std::thread::spawn(move || writer.write_all(all.as_bytes()));
    let mut answers = String::new();
    stream.read_to_string(&mut answers).expect("it answers");
    writes.join().expect("no panic").expect("it reads");
    assert_eq!(answers.matches("HTTP/1.1 ").count(), times, "{}", call.provider);
    answers
}

/// Broadcasts to everybody, and returns whether it was accepted.
fn broadcast(world: &World, served: &Served, provider: &str, text: &str) -> bool {
    let environment = served.environment();
    let environment: Vec<_> =
        environment.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    let from: &[&str] = if provider.starts_with("jpush") { &[] } else { &["--from", "a"] };
    let all = ["broadcast", "--provider", provider, "--all", "--confirm", provider, "--text", text];
    let pass = ["--override", "quota", "--override", "repeat", "--override", "test-content"];
    world.run_with(&[&all[..], from, &pass].concat(), &environment).code == 0
}

#[test]
fn no_provider_counts_calls_when_quotas_are_off() {
    let world = World::new();
    let counting = Served::start(&world, &["--quiet"]);
    let other = World::new();
    let free = Served::start(&other, &["--quiet", "--switch", "quota=off"]);
    for call in &CALLS {
        let refusal = call.refusal;
        if call.too_many > 0 {
            assert!(repeat(&counting, call, call.too_many).contains(refusal), "{}", call.provider);
        }
        assert!(!repeat(&free, call, call.fits + 50).contains(refusal), "{}", call.provider);
    }
}

#[test]
fn no_provider_counts_broadcasts_when_quotas_are_off() {
    for (provider, fit) in [("jpush-v2", 10), ("jpush-v3", 10), ("rongcloud", 2), ("easemob", 1)] {
        let world = World::new();
        let served = Served::start(&world, &[]);
        for number in 0..=fit {
            let is_taken = broadcast(&world, &served, provider, &format!("n {number}"));
            assert_eq!(is_taken, number < fit, "{provider} {number}");
        }
        let world = World::new();
        let served = Served::start(&world, &["--switch", "quota=off"]);
        for number in 0..=fit {
            let is_taken = broadcast(&world, &served, provider, &format!("n {number}"));
            assert!(is_taken, "{provider} {number}");
        }
    }
}

#[test]
fn the_clock_ends_the_windows_of_quotas() {
    for (provider, fit, clock) in
        [("jpush-v2", 10, "+1d"), ("jpush-v3", 10, "+1d"), ("easemob", 1, "+1h")]
    {
        let world = World::new();
        let served = Served::start(&world, &["--state", "kept"]);
        for number in 0..=fit {
            let is_taken = broadcast(&world, &served, provider, &format!("n {number}"));
            assert_eq!(is_taken, number < fit, "{provider} {number}");
        }
        drop(served);
        let clock = format!("clock={clock}");
        let served = Served::start(&world, &["--state", "kept", "--switch", &clock]);
        // herald itself waits where its ledger knows of the refusal; another ledger does not.
        assert!(broadcast(&World::new(), &served, provider, "later"), "{provider}");
    }
    let world = World::new();
    let [jmessage, ..] = &CALLS;
    let served = Served::start(&world, &["--quiet", "--state", "kept"]);
    repeat(&served, jmessage, jmessage.too_many);
    drop(served);
    let served = Served::start(&world, &["--quiet", "--state", "kept", "--switch", "clock=+2m"]);
    assert!(!repeat(&served, jmessage, 1).contains(jmessage.refusal));
}

#[test]
fn the_clock_ages_signatures_and_tokens() {
    for (clock, exit) in [("+3h", 4), ("+1h", 0), ("-3h", 0)] {
        let world = World::new();
        let served = Served::start(&world, &["--switch", &format!("wildfire.clock={clock}")]);
        let send = ["send", "--provider", "wildfire", "--from", "a", "--to", "b", "--text", "x"];
        served.run(&world, exit, &send);
    }
    let world = World::new();
    let ask = |served: &Served, head: &str, body: &str| {
        let (host, length) = (served.address(), body.len());
        served.talk(&format!(
            "{head}Host: {host}\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
        ))
    };
    let served = Served::start(&world, &["--state", "kept"]);
    let grant = r#"{"grant_type":"client_credentials","client_id":"herald-sandbox-client","client_secret":"herald-sandbox-secret","ttl":7200}"#;
    let answer = ask(&served, "POST /easemob/herald/sandbox/token HTTP/1.1\r\n", grant);
    let (_, token) = answer.split_once("\"access_token\":\"").expect("a token");
    let token = token.split('"').next().expect("its end");
    drop(served);
    for (clock, status) in [("+1h", "200"), ("+3h", "401")] {
        let switch = format!("easemob.clock={clock}");
        let served = Served::start(&world, &["--state", "kept", "--switch", &switch]);
        let head = format!(
            "POST /easemob/herald/sandbox/messages/users HTTP/1.1\r\nAuthorization: Bearer {token}\r\n"
        );
        let message = r#"{"from":"a","to":["b"],"type":"txt","body":{"msg":"x"}}"#;
        let answer = ask(&served, &head, message);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{clock}: {answer}");
    }
}
