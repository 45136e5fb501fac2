//! What bad input gets: one clear error with place, reason and fix, the right exit code, nothing sent.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use serde_json::json;

use crate::support::World;

const TO: [&str; 6] = ["--from", "a", "--to", "b", "--text", "x"];

fn send<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["send", "--provider", "wildfire", "--sandbox"][..], &TO, more].concat()
}

#[test]
fn every_unknown_name_gets_the_nearest_known_one() {
    let world = World::new();
    world.write_private(
        "profiles.toml",
        "[profiles.prod]\nprovider = \"wildfire\"\nendpoint = \"http://127.0.0.1:1\"\nsecret = { env = \"S\" }\n",
    );
    let file = ["--profiles", "profiles.toml"];
    #[rustfmt::skip]
    let table: &[(&[&str], i32, &str)] = &[
        (&["send", "--provider", "wildfir", "--from", "a", "--to", "b", "--text", "x"], 2, "wildfire"),
        (&["call", "wildfire/sned"], 2, "send"),
        (&["call", "wildfire"], 2, "PROVIDER/OPERATION"),
        (&["send", "--profiles", "profiles.toml", "--profile", "prd", "--from", "a", "--to", "b", "--text", "x"], 3, "prod"),
        (&["snd"], 2, "send"),
        (&["send", "--txt", "x"], 2, "--text"),
        (&["explain", "wildfire/E022"], 2, "E02"),
        (&["providers", "wildfire/sendd"], 2, "send"),
        (&["schema", "wildfire/sendd"], 2, "send"),
    ];
    for (arguments, code, words) in table {
        world.run(arguments).ends_with(*code).says(words);
    }
    let _ = file;
    for (flag, value, words) in [
        ("--set", "paylod.type=1", "payload"),
        ("--set", "payload.typ=1", "type"),
        ("--set", "payload.type=txt", "text"),
        ("--set", "payload", "PATH=VALUE"),
        ("--set", "payload:={", "JSON"),
        ("--to", "usr:b", "user"),
        ("--override", "guestlist", "guest-list"),
        ("--allow", "wildfire/E1", "wildfire/E1"),
        ("--deadline", "fast", "30s"),
        ("--extra", "k", "KEY=VALUE"),
        ("--type", "txt", "text"),
    ] {
        let mut arguments = send(&[flag, value]);
        if flag == "--type" {
            arguments.retain(|word| !["--text", "x"].contains(word));
        }
        world.run(&arguments).ends_with(2).says(words);
    }
}

#[test]
fn in_json_modes_an_error_is_an_object_on_stdout_too() {
    let world = World::new();
    for (arguments, code, kind) in [
        (vec!["send", "--output", "json", "--nonsense"], 2, "usage"),
        (vec!["call", "wildfire/sned", "--output", "json"], 2, "usage"),
        (
            vec![
                "send",
                "--output",
                "json",
                "--provider",
                "wildfire",
                "--from",
                "a",
                "--to",
                "b",
                "--text",
                "x",
            ],
            3,
            "profile",
        ),
        (vec!["validate", "--output", "json", "--as", "wildfire/send", "nowhere.json"], 3, "input"),
    ] {
        let document = world.run(&arguments).ends_with(code).json();
        assert_eq!(document["version"], 1, "{arguments:?}");
        assert_eq!(document["error"]["exit_code"], code, "{arguments:?}");
        assert_eq!(document["error"]["kind"], kind, "{arguments:?}: {document}");
        assert!(document["error"]["message"].as_str().is_some_and(|text| !text.is_empty()));
    }
}

#[test]
fn nobody_is_an_error_and_everybody_is_not_sent_to_by_accident() {
    let world = World::new();
    let base = ["--provider", "wildfire", "--sandbox", "--from", "a", "--text", "x"];
    world.run(&[&["send"], &base[..]].concat()).ends_with(2).says("--to");
    world.run(&[&["send"], &base[..], &["--to", ""]].concat()).ends_with(2);
    world
        .run(&[&["send"], &base[..], &["--to", "tag:vip"]].concat())
        .ends_with(2)
        .says("broadcast");
    world.run(&[&["broadcast"], &base[..]].concat()).ends_with(2).says("--all");
    let empty = world.write("empty.txt", "\n\n");
    let empty = empty.to_str().expect("UTF-8");
    world
        .run(&[&["broadcast"], &base[..], &["--targets", empty]].concat())
        .ends_with(3)
        .says("names no target");
}

#[test]
fn a_payload_that_is_none_is_said_to_be_none() {
    let world = World::new();
    let body =
        |content: &[u8]| world.write("body.json", content).to_str().expect("UTF-8").to_owned();
    #[rustfmt::skip]
    let table: &[(&[u8], &str)] = &[
        (b"", "empty"),
        (b"{\"sender\":\"a\",}", "comma"),
        (b"\xef\xbb\xbf{}", "byte order mark"),
        (b"{\"a\":\"\xff\"}", "UTF-8"),
        (b"[1]", "object"),
        (b"{\"sender\":\"a\",\"sender\":\"b\"}", "already"),
    ];
    for (content, words) in table {
        let path = body(content);
        world
            .run(&["call", "wildfire/send", "--sandbox", "--body", &path])
            .ends_with(1)
            .says(words);
        world.run(&["validate", "--as", "wildfire/send", &path]).ends_with(1);
    }
    std::fs::create_dir(world.path("folder")).expect("a folder");
    world
        .run(&["call", "wildfire/send", "--sandbox", "--body", "folder"])
        .ends_with(3)
        .says("folder");
    world
        .run(&["call", "wildfire/send", "--sandbox", "--body", "nowhere.json"])
        .ends_with(3)
        .says("nowhere.json");
    let huge = std::fs::File::create(world.path("huge.json")).expect("a file");
    huge.set_len(1 << 30).expect("a sparse file");
    world.run(&["validate", "--as", "wildfire/send", "huge.json"]).ends_with(3).tells("MiB");
    world
        .run(&["call", "wildfire/send", "--sandbox", "--body", "huge.json"])
        .ends_with(3)
        .says("MiB");
}

#[test]
fn lint_stops_a_send_and_one_rule_can_be_waived_by_name() {
    let world = World::new();
    let long = "a".repeat(65);
    let bad = [
        "send",
        "--provider",
        "wildfire",
        "--sandbox",
        "--from",
        &long,
        "--to",
        "b",
        "--text",
        "x",
    ];
    let run = world.run(&bad).ends_with(2).says("wildfire/E05").says("--from aaaa");
    assert!(!run.err.contains("-->"), "{}", run.err);
    let document = world.run(&[&bad[..], &["--output", "json"]].concat()).ends_with(2).json();
    assert_eq!(document["findings"][0]["code"], "wildfire/E05");
    world.run(&[&bad[..], &["--allow", "wildfire/E05"]].concat()).ends_with(0);
    assert_eq!(
        world.run(&["history", "--sandbox", "--output", "json"]).json()["entries"]
            .as_array()
            .map(Vec::len),
        Some(1)
    );
}

#[cfg(unix)]
#[test]
fn a_secret_that_others_can_read_or_that_is_not_set_stops_the_command() {
    let world = World::new();
    let profile =
        "[profiles.p]\nprovider = \"wildfire\"\nendpoint = \"http://127.0.0.1:1\"\nsecret = ";
    let arguments =
        ["send", "--profiles", "profiles.toml", "--from", "a", "--to", "b", "--text", "x"];
    world.write("profiles.toml", format!("{profile}\"literal\"\n"));
    world.run(&arguments).ends_with(3).says("others");
    world.write("profiles.toml", format!("{profile}{{ env = \"NOT_SET\" }}\n"));
    world.run(&arguments).ends_with(3).says("NOT_SET");
    world.write("secret.txt", "s");
    world.write("profiles.toml", format!("{profile}{{ file = \"secret.txt\" }}\n"));
    world.run(&arguments).ends_with(3).says("secret.txt");
    world.write("profiles.toml", "[profiles.p]\nprovider = \"wildfire\"\nsecrt = \"x\"\n");
    world.run(&arguments).ends_with(3).says("secret");
}

/// A server that answers a whole reply.
fn answering(status: &str, body: &str) -> String {
    let length = body.len();
    server(
        format!(
            "HTTP/1.1 {status}\r\nContent-Encoding: utf-8\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .as_bytes(),
    )
}

/// A server that reads a request and answers these bytes.
fn server(reply: &[u8]) -> String {
    let reply = reply.to_vec();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut buffer = [0; 8192];
            let _ = stream.read(&mut buffer);
            let _ = stream.write_all(&reply);
        }
    });
    format!("http://{address}")
}

#[test]
fn an_endpoint_that_misbehaves_is_told_apart_by_what_may_have_happened() {
    let world = World::new();
    let closed = {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        format!("http://{}", listener.local_addr().expect("an address"))
    };
    #[rustfmt::skip]
    let table: &[(&str, String, i32, &str)] = &[
        ("refused",      closed, 7, "unavailable"),
        ("silence",      server(b""), 8, "unknown"),
        ("html",         answering("502 Bad Gateway", "<html>"), 8, "unknown"),
        ("half a body",  server(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"code\":0"), 8, "unknown"),
        ("half a JSON",  answering("200 OK", r#"{"code":0"#), 8, "unknown"),
        ("empty 200",    answering("200 OK", ""), 8, "unknown"),
        ("not served",   answering("500 Internal Server Error", ""), 5, "rejected"),
        ("credentials",  answering("200 OK", r#"{"code":244,"msg":"auth failure"}"#), 4, "rejected"),
        ("accepted",     answering("200 OK", r#"{"code":0,"msg":"success","result":{"messageUid":561233975322902529,"timestamp":1782}}"#), 0, "accepted"),
        ("escapes",      answering("200 OK", r#"{"code":251,"msg":"\u001b[2Jboo\u001b"}"#), 5, "rejected"),
    ];
    for (name, endpoint, code, outcome) in table {
        let environment =
            [("HERALD_WILDFIRE_SECRET", "s"), ("HERALD_WILDFIRE_ENDPOINT", endpoint.as_str())];
        let arguments = [&["send", "--provider", "wildfire", "--deadline", "3s"][..], &TO].concat();
        let human = world.run_with(&arguments, &environment);
        assert_eq!(human.code, *code, "{name}: {}\n{}", human.out, human.err);
        assert!(
            !human.out.contains('\u{1b}') && !human.err.contains('\u{1b}'),
            "{name}: {}",
            human.out
        );
        let run = world
            .run_with(&[&arguments[..], &["--output", "json"]].concat(), &environment)
            .ends_with(*code);
        let document = run.json();
        assert_eq!(document["outcome"], *outcome, "{name}: {document}");
        let id = document["ledger_id"].as_str().expect("an entry of the ledger");
        let shown = world.run(&["history", "show", id, "--output", "json"]).ends_with(0).json();
        assert_eq!(shown["outcome"], *outcome, "{name}");
    }
}

#[test]
fn an_unknown_outcome_is_resolved_by_a_person_once() {
    let world = World::new();
    let endpoint = server(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let environment =
        [("HERALD_WILDFIRE_SECRET", "s"), ("HERALD_WILDFIRE_ENDPOINT", endpoint.as_str())];
    let arguments = [&["send", "--provider", "wildfire", "--output", "json"][..], &TO].concat();
    let id = world.run_with(&arguments, &environment).ends_with(8).json()["ledger_id"]
        .as_str()
        .expect("an entry")
        .to_owned();
    let resolved = world.run(&[
        "history",
        "resolve",
        &id,
        "--accepted",
        "--note",
        "bob has it",
        "--output",
        "json",
    ]);
    assert_eq!(resolved.ends_with(0).json()["resolution"], json!("accepted"));
    world.run(&["history", "resolve", &id, "--not-accepted"]).ends_with(2).says("resolved");
}

#[test]
fn guards_refuse_with_9_and_nothing_goes_out() {
    let world = World::new();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.set_nonblocking(true).expect("a socket");
    let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
    let profile = |more: &str| {
        world.write(
            "profiles.toml",
            format!("[profiles.p]\nprovider = \"wildfire\"\nendpoint = \"{endpoint}\"\nsecret = {{ env = \"S\" }}\n{more}"),
        );
    };
    let run = |arguments: &[&str], environment: &[(&str, &str)]| {
        let environment = [&[("S", "s")], environment].concat();
        world.run_with(&[arguments, &["--profiles", "profiles.toml"]].concat(), &environment)
    };
    profile("");
    let to = [&["send"][..], &TO].concat();
    let all = ["broadcast", "--all", "--from", "a", "--text", "x"];
    run(&to, &[("HERALD_READ_ONLY", "1")]).ends_with(9).says("HERALD_READ_ONLY");
    run(&all, &[]).ends_with(9).says("--confirm");
    run(&[&all[..], &["--confirm", "q"]].concat(), &[]).ends_with(9);
    run(&[&all[..], &["--yes"]].concat(), &[]).ends_with(9);
    let raw = world.write(
        "all.json",
        r#"{"sender":"a","payload":{"type":1,"searchableContent":"x","persistFlag":3}}"#,
    );
    run(&["call", "wildfire/broadcast", "--body", raw.to_str().expect("UTF-8")], &[]).ends_with(9);
    profile("mode = \"test\"\nallow_to = [\"user:test-*\"]\n");
    run(&to, &[]).ends_with(9).says("user:b");
    run(&[&to[..], &["--override", "guest-list"]].concat(), &[]).ends_with(9);
    profile("confirm_above = 1\n");
    let two = ["send", "--from", "a", "--to", "b", "--to", "c", "--text", "x"];
    run(&two, &[]).ends_with(9).says("--yes");
    assert!(listener.accept().is_err(), "nothing was sent");
}

#[cfg(unix)]
#[test]
fn a_ledger_that_cannot_be_written_stops_a_send_before_it_starts() {
    let world = World::new();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.set_nonblocking(true).expect("a socket");
    let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
    let environment =
        [("HERALD_WILDFIRE_SECRET", "s"), ("HERALD_WILDFIRE_ENDPOINT", endpoint.as_str())];
    let arguments = |ledger: &'static str| {
        [&["send", "--provider", "wildfire", "--ledger", ledger][..], &TO].concat()
    };
    world.write(
        "corrupt.db",
        "this is no database, and it is long enough to be looked at as one".repeat(40),
    );
    world.run_with(&arguments("corrupt.db"), &environment).ends_with(3);
    std::fs::create_dir(world.path("folder.db")).expect("a folder");
    world.run_with(&arguments("folder.db"), &environment).ends_with(3);
    world.write("file", "");
    world.run_with(&arguments("file/ledger.db"), &environment).ends_with(3);
    world.run_with(&arguments("/proc/nowhere/ledger.db"), &environment).ends_with(3);
    assert!(listener.accept().is_err(), "nothing was sent");
}

#[test]
fn a_closed_stdout_never_changes_a_send() {
    let world = World::new();
    let mut child = world
        .command()
        .args(send(&[]))
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("herald runs");
    drop(child.stdout.take());
    assert_eq!(child.wait().expect("herald ends").code(), Some(0));
    assert_eq!(
        world.run(&["history", "--sandbox", "--output", "json"]).json()["entries"][0]["outcome"],
        "accepted"
    );
}

#[test]
fn a_payload_can_come_from_stdin_and_then_nothing_can_be_asked() {
    let world = World::new();
    let payload = r#"{"sender":"a","conv":{"type":0,"target":"b","line":0},"payload":{"type":1,"searchableContent":"x","persistFlag":3}}"#;
    let run =
        world.run_on(&["validate", "--as", "wildfire/send", "--output", "json", "-"], payload);
    assert_eq!(run.ends_with(0).json()["summary"]["payloads"], 1);
    let run = world.run_on(
        &["call", "wildfire/send", "--sandbox", "--body", "-", "--output", "json"],
        payload,
    );
    assert_eq!(run.ends_with(0).json()["outcome"], "accepted");
    world
        .run_on(&["call", "wildfire/send", "--sandbox", "--body", "-"], "{")
        .ends_with(1)
        .says("(stdin)");
}

#[test]
fn a_password_in_an_endpoint_is_refused_wherever_it_comes_from() {
    let world = World::new();
    let environment = [
        ("HERALD_WILDFIRE_SECRET", "s"),
        ("HERALD_WILDFIRE_ENDPOINT", "http://user:hunter2@127.0.0.1:1"),
    ];
    let arguments = [&["send", "--provider", "wildfire", "-v"][..], &TO].concat();
    let run = world.run_with(&arguments, &environment).ends_with(3).says("password");
    assert!(!run.out.contains("hunter2") && !run.err.contains("hunter2"), "{}", run.err);
}

#[test]
fn one_deadline_holds_for_all_requests_of_a_command() {
    let world = World::new();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
    let environment =
        [("HERALD_WILDFIRE_SECRET", "s"), ("HERALD_WILDFIRE_ENDPOINT", endpoint.as_str())];
    let arguments = [
        "send",
        "--provider",
        "wildfire",
        "--from",
        "a",
        "--to",
        "group:g",
        "--to",
        "group:h",
        "--text",
        "x",
        "--deadline",
        "1s",
    ];
    let run = world
        .run_with(&[&arguments[..], &["--output", "json"]].concat(), &environment)
        .ends_with(8);
    let elapsed = run.json()["elapsed_ms"].as_u64().expect("a time");
    assert!(elapsed < 1500, "{elapsed}");
    assert!(run.err.contains("1 of 2 requests were not sent"), "{}", run.err);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_behind_stdout_is_told() {
    let world = World::new();
    let full = || std::fs::File::options().write(true).open("/dev/full").expect("a full disk");
    let run = |arguments: &[&str]| {
        let mut command = world.command();
        command.args(arguments).stdout(full()).stderr(std::process::Stdio::piped());
        let output = command.spawn().expect("herald runs").wait_with_output().expect("herald ends");
        (output.status.code(), String::from_utf8(output.stderr).expect("UTF-8"))
    };
    let (code, said) = run(&["schema", "wildfire/send"]);
    assert!(code == Some(3) && said.contains("cannot write"), "{code:?} {said}");
    let (code, _) = run(&send(&[]));
    assert_eq!(code, Some(0), "it was sent, and that is what the code tells");
}

#[test]
fn stdin_is_read_once() {
    let world = World::new();
    let both =
        ["broadcast", "--sandbox", "--provider", "wildfire", "--targets", "-", "--body", "-"];
    world.run(&both).ends_with(2).says("both read stdin");
}

#[test]
fn a_line_without_a_command_shows_help_and_is_wrong_usage() {
    let world = World::new();
    for line in [&[][..], &["profile"]] {
        let run = world.run(line).ends_with(2);
        assert!(run.err.contains("Usage:") && run.out.is_empty(), "{}", run.err);
    }
    let run = world.run(&["profile", "--output", "json"]).ends_with(2);
    assert!(run.json()["error"]["help"].to_string().contains("--help"), "{}", run.out);
    world.run(&["profile", "--help"]).ends_with(0);
}
