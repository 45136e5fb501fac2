//! `herald sandbox` says of every refusal what its server knows: switches, editions, quotas, tokens, keys and secrets.

use std::process::Command;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::sandbox::Served;
use crate::support::{World, finish};

/// What the server of this folder said on stderr.
fn said(world: &World) -> String {
    std::fs::read_to_string(world.path("sandbox.err")).expect("what it said")
}

fn ask(served: &Served, head: &str, body: &str) -> String {
    let length = body.len();
    served.talk(&format!(
        "{head}\r\nHost: localhost\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    ))
}

#[test]
fn an_operation_that_is_off_or_of_another_edition_is_named() {
    let send =
        |provider| ["send", "--provider", provider, "--from", "a", "--to", "b", "--text", "x"];
    for (switch, command, name, reason) in [
        (
            "send-users=off",
            &send("easemob")[..],
            "easemob/send-users",
            "`send-users` is switched off",
        ),
        (
            "send-private=off",
            &send("rongcloud"),
            "rongcloud/send-private",
            "`send-private` is switched off",
        ),
        (
            "jpush-v3.plan=free",
            &["call", "jpush-v3/messages-detail", "--set", "msg_ids=1"],
            "jpush-v3/messages-detail",
            "is not in the free plan",
        ),
    ] {
        let world = World::new();
        let served = Served::start(&world, &["--switch", switch]);
        served.run(&world, 4, command);
        let said = said(&world);
        assert!(said.contains(&format!("refused {name}: HTTP 4")), "{said}");
        assert!(said.contains(reason) && said.contains("--switch "), "{said}");
    }
    let world = World::new();
    let served = Served::start(&world, &["--switch", "wildfire.edition=community"]);
    let answer = ask(&served, "POST /wildfire/admin/message/update HTTP/1.1", "{}");
    assert!(answer.starts_with("HTTP/1.1 500"), "{answer}");
    let said = said(&world);
    assert!(
        said.contains("refused wildfire/") && said.contains("the community edition has no `"),
        "{said}"
    );
}

#[test]
fn a_quota_that_is_used_up_is_told_with_its_end() {
    let pass = ["--override", "quota", "--override", "repeat", "--override", "test-content"];
    for (provider, calls, quota) in [
        ("jpush-v2", 10, "10 pushes to everybody in a day of China"),
        ("jpush-v3", 10, "10 pushes to everybody in a day of China"),
        ("rongcloud", 2, "2 calls in 3600 s"),
    ] {
        let world = World::new();
        let served = Served::start(&world, &[]);
        let from: &[&str] = if provider == "rongcloud" { &["--from", "a"] } else { &[] };
        for number in 0..=calls {
            let text = format!("n {number}");
            let all = ["broadcast", "--provider", provider, "--all", "--confirm", provider];
            let exit = if number < calls { 0 } else { 5 };
            let environment = served.environment();
            let environment: Vec<_> =
                environment.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
            let arguments = [&all[..], &["--text", &text], from, &pass].concat();
            let run = world.run_with(&arguments, &environment);
            assert_eq!(run.code == 0, exit == 0, "{provider} {number}: {}", run.err);
        }
        let said = said(&world);
        let told = said.lines().find(|line| line.contains(quota)).unwrap_or_default();
        assert!(
            told.contains("is used up until 20") && told.contains("Z, in "),
            "{provider}: {said}"
        );
        assert!(told.contains("--switch quota=off"), "{told}");
    }
}

#[test]
fn a_token_that_is_wrong_is_told_apart_from_one_that_has_expired() {
    let world = World::new();
    let served = Served::start(&world, &[]);
    let send = |token: &str| {
        let head = format!(
            "POST /easemob/herald/sandbox/messages/users HTTP/1.1\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json"
        );
        let answer =
            ask(&served, &head, r#"{"from":"a","to":["b"],"type":"txt","body":{"msg":"x"}}"#);
        let said = said(&world);
        (answer, said.lines().last().unwrap_or_default().to_owned())
    };
    let grant = r#"{"grant_type":"client_credentials","client_id":"herald-sandbox-client","client_secret":"herald-sandbox-secret","ttl":1}"#;
    let head = "POST /easemob/herald/sandbox/token HTTP/1.1\r\nContent-Type: application/json";
    let answer = ask(&served, head, grant);
    let (_, token) = answer.split_once("\"access_token\":\"").expect("a token");
    let token = token.split('"').next().expect("its end");
    assert!(send(token).0.starts_with("HTTP/1.1 200"));
    std::thread::sleep(Duration::from_millis(1100));
    let (answer, told) = send(token);
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    assert!(told.contains("the token is right, and expired "), "{told}");
    assert!(!told.contains(token), "{told}");
    let (answer, told) = send("another");
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    assert!(told.contains("neither the published one nor one that the sandbox gave"), "{told}");
    assert!(!told.contains("another") && !told.contains("expired"), "{told}");
}

#[test]
fn key_and_secret_of_basic_are_told_apart() {
    let (key, secret) = ("sandbox00app00key0000001", "sandbox00master00secret1");
    let world = World::new();
    let served = Served::start(&world, &[]);
    for (pair, reason) in [
        (format!("{key}:wrong-secret"), "`app_key` is right, and `master_secret` is another"),
        (format!("wrong-key:{secret}"), "`master_secret` is right, and `app_key` is another"),
        (format!("{secret}:{key}"), "`app_key` and `master_secret` are swapped"),
        (format!("{key}:{secret}\n"), "a line end stands behind `master_secret`"),
        (String::new(), "missing headers: Authorization"),
    ] {
        for path in [
            "/jpush-v3/v3/received/detail?msg_ids=1",
            "/jpush-v2/v2/received?msg_ids=1",
            "/jmessage/v1/resource?mediaId=qiniu/image/x",
        ] {
            let header = match pair.is_empty() {
                true => String::new(),
                false => format!("\r\nAuthorization: Basic {}", STANDARD.encode(&pair)),
            };
            ask(&served, &format!("GET {path} HTTP/1.1{header}"), "");
            let said = said(&world);
            let last = said.lines().last().unwrap_or_default();
            assert!(last.starts_with("refused j") && last.contains(reason), "{path}: {last}");
            assert!(!last.contains("wrong-secret"), "{last}");
        }
    }
}

#[cfg(unix)]
#[test]
fn the_suggested_line_shows_the_expected_signature_as_it_is_pasted() {
    let world = World::new();
    let served = Served::start(&world, &[]);
    for (head, body) in [
        (
            "POST /wildfire/admin/message/send HTTP/1.1\r\nnonce: it's 1\r\ntimestamp: 1700000000000\r\nsign: ABC",
            "{}",
        ),
        (
            "POST /rongcloud/message/private/publish.json HTTP/1.1\r\nApp-Key: herald-sandbox\r\nNonce: 7\r\n\
             Timestamp: 1700000000000\r\nSignature: abc",
            "",
        ),
        (
            "POST /jpush-v2/v2/push HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded",
            "sendno=5&app_key=sandbox00app00key0000001&receiver_type=3&receiver_value=bob,it%27s&msg_type=1&platform=android&\
             verification_code=00&msg_content=%7B%22n_content%22%3A%22x%22%7D",
        ),
    ] {
        ask(&served, head, body);
        let said = said(&world);
        let last = said.lines().last().unwrap_or_default();
        let (_, expected) = last.split_once("which gives ").expect(last);
        let expected = expected.split(';').next().expect("its end");
        let (_, line) = last.split_once("`HERALD_").expect(last);
        let line = format!("HERALD_{}", line.split('`').next().expect("its end"));
        let line =
            line.replace(" herald sign", &format!(" '{}' sign", env!("CARGO_BIN_EXE_herald")));
        let mut shell = Command::new("sh");
        shell
            .args(["-c", &line])
            .env_clear()
            .env("HOME", world.path("."))
            .current_dir(world.path("."));
        finish(&mut shell).ends_with(0).tells(expected);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_of_state_has_one_server() {
    let world = World::new();
    let start = ["sandbox", "--listen", "127.0.0.1:0", "--state", "kept"];
    let first = Served::start(&world, &["--state", "kept"]);
    let second = world.run(&start).ends_with(3).says("kept");
    assert_eq!(second.out, "");
    drop(first);
    drop(Served::start(&world, &["--state", "kept"]));
}

#[test]
fn ids_can_be_small_for_clients_that_round_numbers() {
    const SAFE: u64 = 1 << 53;
    for (switch, is_small) in [("ids=small", true), ("ids=real", false)] {
        let world = World::new();
        let served = Served::start(&world, &["--switch", switch]);
        {
            let provider = "wildfire";
            let send = ["send", "--provider", provider, "--from", "a", "--to", "b", "--text", "x"];
            let sent = served.run(&world, 0, &send);
            let ids = sent["ids"].as_object().expect("ids");
            let numbers = ids.values().filter_map(|id| id.as_str()?.parse::<u64>().ok());
            let numbers: Vec<u64> = numbers.filter(|id| *id > 0).collect();
            assert!(!numbers.is_empty(), "{provider}: {sent}");
            assert!(numbers.iter().all(|id| (*id < SAFE) == is_small), "{provider}: {numbers:?}");
            if is_small && provider == "wildfire" {
                served.run(&world, 0, &["recall", "--provider", provider, "--last"]);
            }
        }
    }
}

#[test]
fn commands_in_the_sandbox_say_where_others_messages_are() {
    let world = World::new();
    let words = "what other clients sent to `herald sandbox` is in its --log";
    for (command, exit) in [
        (&["history"][..], Some(0)),
        (&["status", "1613113584", "--provider", "jpush-v3"], None),
        (&["recall", "1613113584", "--provider", "jpush-v3"], None),
        (&["get", "589837481550053377", "--provider", "wildfire"], None),
        (&["history", "--to", "user:nobody"], Some(0)),
        (&["history", "show", "abcdef0123"], Some(2)),
        (&["history", "resolve", "abcdef0123", "--accepted"], Some(2)),
    ] {
        let run = world.run(&[command, &["--sandbox"]].concat()).says(words);
        assert!(exit.is_none_or(|exit| run.code == exit), "{command:?}: {}", run.err);
    }
}

/// At every address of an operation, the word that chooses it is known: it is herald's own and never sent.
#[test]
fn an_address_stands_for_the_word_that_chooses_it() {
    let world = World::new();
    let served = Served::start(&world, &[]);
    let times = ["begin_time=2026-11-30 00:00:00", "end_time=2026-11-30 23:00:00", "count:=10"];
    for own in [
        &["scope=all"][..],
        &["scope=user", "username=user1"],
        &["scope=group", "gid:=1"],
        &["scope=chatroom", "chatroomid:=1"],
    ] {
        let sets = own.iter().chain(&times).flat_map(|set| ["--set", *set]);
        let call: Vec<&str> = ["call", "jmessage/history"].into_iter().chain(sets).collect();
        served.run(&world, 0, &call);
        world.run(&[&call[..], &["--sandbox"]].concat()).ends_with(0);
    }
    let said = said(&world);
    assert!(!said.contains("lint has errors") && !said.contains("refused"), "{said}");
}

#[test]
fn what_any_value_is_right_for_is_no_reason() {
    let world = World::new();
    let served = Served::start(&world, &[]);
    let long = "7".repeat(9000);
    for (head, due) in [
        (
            "POST /wildfire/robot/message/send HTTP/1.1\r\nrid: robot\r\nnonce: 7\r\ntimestamp: 4102444800000\r\nsign: x"
                .to_owned(),
            "which gives",
        ),
        (
            "POST /wildfire/channel/message/send HTTP/1.1\r\ncid: other\r\nnonce: 7\r\ntimestamp: 4102444800000\r\nsign: x"
                .to_owned(),
            "which gives",
        ),
        (
            "POST /wildfire/admin/message/send HTTP/1.1".to_owned(),
            "missing headers: nonce, timestamp, sign",
        ),
        (
            "POST /wildfire/robot/message/send HTTP/1.1\r\nnonce: 7\r\nsign: x".to_owned(),
            "missing headers: timestamp, rid",
        ),
        (
            "POST /wildfire/admin/message/send HTTP/1.1\r\nnonce: 7\r\ntimestamp: soon\r\nsign: x".to_owned(),
            "the timestamp `soon` is no whole number of milliseconds",
        ),
        (
            format!("POST /wildfire/admin/message/send HTTP/1.1\r\nnonce: {long}\r\ntimestamp: 1\r\nsign: x"),
            "the header nonce is longer than 8192 bytes",
        ),
        ("GET /wildfire/admin/health?x=1 HTTP/1.1".to_owned(), "this call takes no query"),
    ] {
        ask(&served, &head, "{}");
        let said = said(&world);
        let last = said.lines().last().unwrap_or_default();
        assert!(last.starts_with("refused ") && last.contains(due), "{last}");
        assert!(!last.contains("***"), "{last}");
    }
}

#[test]
fn a_head_that_is_too_long_has_one_status() {
    let world = World::new();
    let served = Served::start(&world, &[]);
    let long = "7".repeat(600 * 1024);
    let answer = served.talk(&format!("GET / HTTP/1.1\r\nHost: localhost\r\nx: {long}\r\n\r\n"));
    let status = answer.split(' ').nth(1).expect("a status");
    assert_eq!(status, "431");
    let said = said(&world);
    assert!(said.contains(&format!("HTTP {status}: ")), "{said}");
}

#[test]
fn an_operation_of_another_sort_of_account_needs_its_key() {
    let world = World::new();
    let message = r#"{"conv":{"type":0,"target":"bob","line":0},"payload":{"type":1,"searchableContent":"hi","persistFlag":3}}"#;
    world.write("body.json", message);
    let profile = |name: &str, key: &str| {
        format!("[profiles.{name}]\nprovider = \"wildfire\"\nmode = \"sandbox\"\n{key}\n")
    };
    let profiles = [profile("plain", ""), profile("robot", "robot_id = \"r\"")].concat();
    world.write_private(".config/herald/profiles.toml", profiles);
    let call = ["call", "wildfire/robot-send", "--body", "body.json"];
    for (account, code) in [
        (&["--sandbox"][..], 3),
        (&["--profile", "plain"], 3),
        (&["--profile", "robot"], 0),
        (&["--profile", "plain", "--dry-run"], 0),
    ] {
        let run = world.run(&[&call[..], account].concat());
        let run = run.ends_with(code);
        assert_eq!(code == 3, run.err.contains("robot_id"), "{}", run.err);
    }
    // A plan of a robot, whose profile has lost its key since.
    world.write("targets", "bob\nann\n");
    let job = ["broadcast", "--text", "hi", "--targets", "targets", "--profile", "robot"];
    world.run(&[&job[..], &["--plan", "a.plan"]].concat()).ends_with(0);
    let apply = ["apply", "a.plan", "--yes", "--profile", "robot"];
    world.write_private(".config/herald/profiles.toml", profile("robot", ""));
    let run = world.run(&apply).ends_with(3);
    assert!(run.err.contains("nothing was sent"), "{}", run.err);
    world.write_private(".config/herald/profiles.toml", profile("robot", "robot_id = \"r\""));
    world.run(&apply).ends_with(0);
}

#[test]
fn another_app_and_a_query_that_lacks_something_are_told_and_no_rule_of_the_payload() {
    let world = World::new();
    let served = Served::start(&world, &[]);
    let token = "Authorization: Bearer herald-sandbox-token\r\nContent-Type: application/json";
    let roaming = "rest/message/roaming/chat/user/alice";
    for (line, reason) in [
        (
            "POST /easemob/other/app/messages/users".to_owned(),
            "the app of the sandbox is `/herald/sandbox`",
        ),
        (format!("DELETE /easemob/herald/sandbox/{roaming}"), "the query has no `userId`"),
        (
            format!("DELETE /easemob/herald/sandbox/{roaming}?userId=bob"),
            "the query has no `msgIdList`",
        ),
    ] {
        ask(&served, &format!("{line} HTTP/1.1\r\n{token}"), "{}");
        let said = said(&world);
        let last = said.lines().last().unwrap_or_default();
        assert!(last.contains(reason) && !last.contains("easemob/EM-"), "{last}");
    }
}
