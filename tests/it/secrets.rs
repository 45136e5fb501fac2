//! A canary in every credential, and in payloads that are linted. It is sent, and found nowhere else.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use herald::provider;
use serde_json::json;

use crate::support::{Run, World, files_below};

pub(crate) const CANARY: &str = "Canary24charactersLong00";

/// The canary as it is and encoded, whatever stands around it.
fn forms(canary: &str) -> Vec<String> {
    let mut forms = vec![canary.to_owned()];
    for lead in 0..3 {
        for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
            let all = engine.encode([&[0; 2][..lead], canary.as_bytes()].concat());
            forms.push(all[4..all.len() - 4].to_owned());
        }
    }
    forms
}

#[track_caller]
pub(crate) fn free_of(canary: &str, what: &str, text: &str) {
    let found = forms(canary).into_iter().find(|form| text.contains(form.as_str()));
    assert_eq!(found, None, "{what} shows the canary:\n{text}");
}

#[track_caller]
pub(crate) fn says_nothing(canary: &str, run: &Run) {
    free_of(canary, "stdout", &run.out);
    free_of(canary, "stderr", &run.err);
}

/// Looks into every file of a home: ledger, write-ahead log, state of the sandbox, cache, plan, results.
#[track_caller]
pub(crate) fn keeps_nothing(canary: &str, home: &Path) {
    for file in files_below(home) {
        let bytes = std::fs::read(&file).expect("readable");
        free_of(canary, &file.display().to_string(), &String::from_utf8_lossy(&bytes));
    }
}

/// The same name elsewhere, twice, in a string, in another spelling; the value in another place; a value of another type; and
/// documents that are broken beside the secret.
#[test]
fn lint_shows_no_secret_in_any_format() {
    let world = World::new();
    let (canary, number) = (CANARY, "987654321012345678");
    let nested = json!({ "password": CANARY }).to_string();
    let base64 = STANDARD_NO_PAD.encode(&nested);
    let kinds = [
        format!(r#"{{"username":"u","password":"{canary}","password":"{canary}"}}"#),
        format!(
            r#"{{"username":"{canary}","password":"{canary}","Pass_Word":"{canary}","x":{{"password":["{canary}"]}}}}"#
        ),
        format!(r#"{{"username":"u","password":{number}}}"#),
        format!(r#"{{"username":"u","password":{{"a":"{canary}"}}}}"#),
        json!({ "username": "u", "password": 1, "x": nested, "y": base64 }).to_string(),
        format!(r#"{{"username":"u","password":"{canary}",}}"#),
        format!(r#"{{"username":"u","password":"{canary}" "nickname":"x"}}"#),
        format!(r#"{{"username":"u","password":"{canary}"#),
        format!("{{\"username\":\"u\",\"password\":\"{canary}\n\"}}"),
        format!("{{'username':'u','password':'{canary}'}}"),
        format!("{{username: u, password: {canary}}}"),
        format!(r#"{{"username":"u","p\u0061ssword":"{canary}\q"}}"#),
    ];
    let (mut names, mut lines) = (Vec::new(), String::new());
    for (index, text) in kinds.iter().enumerate() {
        let name = format!("{index}.json");
        world.write(&name, text);
        names.push(name);
        lines += &format!("{}\n", text.replace('\n', " "));
    }
    world.write("all.ndjson", lines);
    world
        .write("u16.json", kinds[0].encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>());
    world.write("latin.json", [kinds[0].as_bytes(), b"\xe9"].concat());
    names.extend(["all.ndjson", "u16.json", "latin.json"].map(str::to_owned));
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    for format in ["human", "json", "ndjson", "sarif", "junit", "github", "gitlab"] {
        let report = format!("{format}=report");
        for who in [&["--as", "jmessage/register-admin"][..], &[]] {
            let more = ["validate", "--output", format, "--report", &report];
            let run = world.run(&[&more[..], who, &names].concat());
            assert!(run.code > 0, "{}", run.out);
            let report = std::fs::read_to_string(world.path("report")).expect("a report");
            for secret in [canary, number] {
                free_of(secret, format, &run.out);
                free_of(secret, format, &run.err);
                free_of(secret, format, &report);
            }
            let spread: String = canary.chars().flat_map(|c| [c, '\0']).collect();
            assert!(
                !run.out.contains(&spread) && !run.out.contains(r"C\u{0}a\u{0}n"),
                "{}",
                run.out
            );
        }
    }
    // The same payloads on their way out.
    for name in &names {
        let call = ["call", "jmessage/register-admin", "--sandbox", "--body", name];
        let run = world.run(&call);
        says_nothing(canary, &run);
        free_of(number, "stderr", &run.err);
    }
    for set in [
        "password:=Canary24charactersLong00",
        "password:Canary24charactersLong00",
        "nickname:=\"Canary24charactersLong00\"",
    ] {
        let run = world.run(&[
            "call",
            "jmessage/register-admin",
            "--sandbox",
            "--set",
            "username=admin2",
            "--set",
            "password=Canary24charactersLong00",
            "--set",
            set,
        ]);
        says_nothing(canary, &run);
    }
    let set = format!("content={{\"app_secret\":\"{canary}");
    let run = world
        .run(&[
            "call",
            "rongcloud/send-private",
            "--sandbox",
            "--set",
            "objectName=RC:TxtMsg",
            "--set",
            &set,
        ])
        .ends_with(2);
    says_nothing(canary, &run);
    // A text that looks like a secret is pointed at, and not shown.
    let text = json!({ "from": "a", "to": ["b"], "type": "txt", "body": { "msg": format!("-----BEGIN {canary}") } });
    world.write("text.json", text.to_string());
    let run = world.run(&["validate", "--as", "easemob/send-users", "text.json"]).ends_with(0);
    assert!(run.out.contains("EM-W31"), "{}", run.out);
    says_nothing(canary, &run);
}

/// A server that answers every request with all that was sent to it, in every place of an answer.
fn echo(answer: fn(&str) -> (u16, String)) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let request = take(&mut stream);
            let (status, body) = answer(&request);
            let _ = write!(
                stream,
                "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nX-Echo: {CANARY}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            );
        }
    });
    base
}

fn take(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut some = [0; 16 * 1024];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                line.to_lowercase().strip_prefix("content-length: ")?.trim().parse().ok()
            });
            if body.len() >= length.unwrap_or(0) {
                return text;
            }
        }
        let read = stream.read(&mut some).expect("a request");
        if read == 0 {
            return text;
        }
        bytes.extend_from_slice(&some[..read]);
    }
}

/// The canary in the forms in which a server may repeat it.
fn repeated(request: &str) -> String {
    let pair = format!("7d431e42dfa6a6d693ac2d04:{CANARY}");
    let basic = STANDARD_NO_PAD.encode(&pair);
    let percent: String = CANARY.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let request: String =
        request.chars().filter(|c| *c != '"' && *c != '\\' && !c.is_control()).collect();
    format!(
        "{CANARY} Basic%20{basic}%3D {} {} x{percent}y {request}",
        URL_SAFE_NO_PAD.encode(&pair),
        URL_SAFE_NO_PAD.encode(CANARY)
    )
}

/// What says yes in the words of each vendor, with the canary where an id is, and what says no.
fn accepts(request: &str) -> (u16, String) {
    let said = repeated(request);
    let line = request.lines().next().unwrap_or_default();
    let body = if line.contains("/token") && line.contains("/o/a/") {
        json!({ "access_token": "YWMt-other-token", "expires_in": 3600 })
    } else if line.contains("/o/a/") {
        json!({ "data": { "bobby": "1029457500870543736" }, "path": said })
    } else if line.contains(".json") {
        json!({ "code": 200, "messageUID": CANARY, "messageUIDs": [{ "userId": "bobby", "messageUID": said }] })
    } else if line.contains("/admin/message/send") {
        json!({ "code": 0, "msg": said, "result": { "messageUid": CANARY, "timestamp": 1 } })
    } else {
        json!({ "msg_id": CANARY, "sendno": CANARY, "msg_ctime": 1, "errcode": 0, "errmsg": said, "cidlist": ["7d431e42dfa6a6d693ac2d04-1"] })
    };
    (200, body.to_string())
}

fn refuses(request: &str) -> (u16, String) {
    let said = repeated(request);
    let line = request.lines().next().unwrap_or_default();
    if line.contains("/token") && line.contains("/o/a/") {
        return (
            200,
            json!({ "access_token": "YWMt-other-token", "expires_in": 3600 }).to_string(),
        );
    }
    let body = json!({
        "error": { "code": CANARY, "message": said }, "error_description": said, "code": CANARY, "msg": said,
        "errorMessage": said, "errcode": CANARY, "errmsg": said,
    });
    (400, body.to_string())
}

#[test]
fn no_credential_is_shown_or_kept_whatever_a_server_repeats() {
    let key = "7d431e42dfa6a6d693ac2d04";
    for answer in [accepts as fn(&str) -> (u16, String), refuses] {
        let base = echo(answer);
        for vendor in provider::ALL {
            let contract = vendor.contract();
            for secret in contract.credentials.iter().filter(|row| row.secret) {
                let world = World::new();
                let inputs = World::new();
                let mut profile = format!(
                    "[profiles.p]\nprovider = \"{}\"\nendpoint = \"{base}\"\n",
                    contract.id
                );
                for row in contract
                    .credentials
                    .iter()
                    .filter(|row| row.name != "endpoint" && row.values.is_empty())
                {
                    let value = match row.name {
                        name if name == secret.name => CANARY,
                        "org" => "o",
                        "app" => "a",
                        // One of two ways to prove who one is.
                        "client_secret" | "token" | "robot_id" | "channel_id" => continue,
                        "client_id" if secret.name == "token" => continue,
                        _ => key,
                    };
                    profile += &format!("{} = \"{value}\"\n", row.name);
                }
                let profile = inputs.write_private("profiles.toml", profile);
                let list = inputs.write("list.txt", "bobby\nannie\n");
                let broken = inputs.write("broken.json", format!("{{\"text\":\"{CANARY}\",}}"));
                let broken = broken.to_str().expect("UTF-8").to_owned();
                let with = |arguments: &[&str]| {
                    let profile = ["--profiles", profile.to_str().expect("UTF-8")];
                    world.run(&[arguments, &profile[..]].concat())
                };
                let list = list.to_str().expect("UTF-8");
                // The secret stands in what is sent as well.
                let said = format!("the secret is {CANARY}");
                let test = format!("test {CANARY}");
                let message = ["--from", "alice", "--text", said.as_str()];
                let send = [&["send", "--to", "bobby"][..], &message].concat();
                let broadcast =
                    [&["broadcast", "--targets", list, "--results", "results"][..], &message]
                        .concat();
                let shown =
                    with(&[&send[..], &["--dry-run", "--show-secrets"]].concat()).ends_with(0);
                assert!(
                    shown.out.contains(CANARY) || shown.out.contains("the%20secret"),
                    "{}",
                    shown.out
                );
                let mut runs = vec![
                    with(&[&send[..], &["--dry-run"]].concat()),
                    with(&[&send[..], &["--curl"]].concat()),
                    with(&[&send[..], &["-v"]].concat()),
                    with(&[&send[..], &["--output", "json"]].concat()),
                    with(&[&broadcast[..], &["-v", "--yes"]].concat()),
                    with(&[&broadcast[..], &["--plan", "plan"]].concat()),
                    with(&["history", "--output", "json"]),
                    with(&["profile", "show", "p"]),
                    with(&["profile", "check", "p", "--online"]),
                    with(&["recall", "--last"]),
                    with(&["send", "--body", &broken]).ends_with(1),
                    // A guard quotes the text, an error the value of a flag.
                    with(&["broadcast", "--all", "--from", "alice", "--text", &test]),
                    with(&["send", "--to", "bobby", "--extra", CANARY]),
                ];
                let sent = runs[2].code;
                assert_eq!(
                    sent == 0,
                    std::ptr::fn_addr_eq(answer, accepts as fn(&str) -> (u16, String)),
                    "{:?}",
                    runs[2]
                );
                // What was sent is told without it.
                for entry in runs[6].json()["entries"].as_array().expect("entries") {
                    let id = entry["id"].as_str().expect("an id");
                    let show = with(&["history", "show", id]).ends_with(0);
                    assert!(show.out.contains("the secret is ***"), "{}", show.out);
                    runs.push(show);
                }
                for run in &runs {
                    says_nothing(CANARY, run);
                }
                keeps_nothing(CANARY, &world.path(""));
            }
        }
    }
}
