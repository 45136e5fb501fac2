//! Secrets in the payload of a broadcast: sent, not written down, and so not sent by a later run.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};

use serde_json::{Value, json};

use crate::sandbox::Served;
use crate::support::{World, files_below};

const SHARE: &str = "DRGM8OZrEeO1vafuJSo2IjHBeKlIhDp0GCnFu54xOF3M6KLr";

/// An Easemob that hands out a share-secret, takes this number of messages, and then answers 429. Gives what it was sent.
fn easemob(messages: usize) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    let (tell, told) = channel();
    std::thread::spawn(move || {
        let mut left = messages;
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let request = read(&mut stream);
            let (status, body) = if request.contains("/chatfiles ") {
                let entity = json!({ "uuid": "55f12940-64af-11e4-8a5b-ff2336f03252", "type": "chatfile", "share-secret": SHARE });
                (200, json!({ "entities": [entity] }))
            } else if left > 0 {
                left -= 1;
                (200, json!({ "data": { "user1": "1029457500870543736" } }))
            } else {
                (429, json!({ "error": "too_many_requests" }))
            };
            let _ = tell.send(request);
            let body = body.to_string();
            let length = body.len();
            let _ = write!(
                stream,
                "HTTP/1.1 {status} X\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
            );
        }
    });
    (base, told)
}

fn read(stream: &mut std::net::TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut some = [0; 16 * 1024];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let head = head.to_lowercase();
            let length =
                head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                return text;
            }
        }
        match stream.read(&mut some) {
            Ok(0) | Err(_) => return text,
            Ok(read) => bytes.extend_from_slice(&some[..read]),
        }
    }
}

fn environment(base: &str) -> [(&str, &str); 4] {
    [
        ("HERALD_EASEMOB_ENDPOINT", base),
        ("HERALD_EASEMOB_ORG", "o"),
        ("HERALD_EASEMOB_APP", "a"),
        ("HERALD_EASEMOB_TOKEN", "YWMt-token-of-the-app"),
    ]
}

#[track_caller]
fn keeps_no(secret: &str, world: &World) {
    for file in files_below(&world.path("")) {
        let bytes = std::fs::read(&file).expect("readable");
        assert!(!String::from_utf8_lossy(&bytes).contains(secret), "{}", file.display());
    }
}

#[test]
fn a_job_whose_payload_has_a_secret_is_carried_out_and_not_resumed() {
    let world = World::new();
    world.write("photo.gif", b"GIF89a\x07\x00\x05\x00\x00\x00\x00");
    // A request takes 600 of them.
    world.write("list.txt", (1..=700).map(|n| format!("user{n}\n")).collect::<String>());
    let (base, told) = easemob(1);
    let environment = environment(&base);
    let broadcast = [
        "broadcast",
        "--provider",
        "easemob",
        "--targets",
        "list.txt",
        "--from",
        "news",
        "--image",
        "photo.gif",
    ];
    let run =
        world.run_with(&[&broadcast[..], &["--yes", "--job", "photo"]].concat(), &environment);
    let run = run.says("this job cannot be resumed: `/body/secret` is a secret");
    assert!(!run.err.contains("--resume"), "{}", run.err);
    let sent: Vec<String> = told.try_iter().collect();
    let messages = sent.iter().filter(|one| one.contains("/messages/users "));
    assert!(messages.clone().count() > 1);
    assert!(
        messages.clone().all(|one| one.contains(&format!("\"secret\":\"{SHARE}\""))),
        "{sent:?}"
    );
    keeps_no(SHARE, &world);
    let show = world.run(&["history", "show", "photo"]);
    assert!(show.out.contains(r#""secret":"***""#), "{}", show.out);
    let resumed = world.run_with(&["broadcast", "--resume", "photo", "--yes"], &environment);
    resumed.ends_with(3).says("the ledger keeps no secrets, and the job photo needs one");
    assert_eq!(told.try_iter().count(), 0, "nothing was sent");
    let rest =
        world.run(&["history", "--job", "photo", "--failed", "--as", "targets"]).ends_with(0);
    assert!(rest.out.contains("user700"), "{}", rest.out);
}

#[test]
fn plans_and_lists_hold_no_secrets() {
    let world = World::new();
    let (base, told) = easemob(9);
    // What a plan is sealed with.
    let lasting =
        [("HERALD_EASEMOB_CLIENT_ID", "id"), ("HERALD_EASEMOB_CLIENT_SECRET", "client-secret")];
    let environment: Vec<_> = environment(&base).into_iter().chain(lasting).collect();
    world.write("list.csv", "user,key\nuser1,s3cret-of-one\n");
    world.write("names.csv", "user,name\nuser1,Ann\nuser2,YWMt-token-of-the-app\n");
    let list = ["--targets", "list.csv", "--column", "user", "--from", "news", "--yes"];
    let image = ["--type", "img", "--set", "url=https://h/x", "--set", "filename=x.jpg"];
    let start = ["broadcast", "--provider", "easemob"];
    let with =
        |more: &[&[&str]]| world.run_with(&[&[&start[..]], more].concat().concat(), &environment);
    with(&[&list, &image, &["--set", "secret={{key}}"]])
        .ends_with(2)
        .says("`{{key}}` is in a secret");
    with(&[&list, &image, &["--set", "secret=S3CRET-share", "--plan", "plan"]])
        .ends_with(2)
        .says("a plan holds no secrets, and `/body/secret` is a secret");
    with(&[&list, &["--text", "YWMt-token-of-the-app", "--plan", "plan"]])
        .ends_with(2)
        .says("a plan holds no secrets, and a secret is in the payload");
    let names = ["--targets", "names.csv", "--column", "user", "--from", "news", "--yes"];
    let run = with(&[&names, &["--text", "Dear {{name}}"]]).ends_with(3);
    let run = run.says("line 3").says("one of its values holds a secret");
    assert!(!run.err.contains("YWMt-token"), "{}", run.err);
    assert!(!world.path("plan").exists());
    assert_eq!(told.try_iter().count(), 0, "nothing was sent");
    keeps_no("S3CRET-share", &world);
}

#[test]
fn what_a_file_is_opened_with_is_told_once_and_not_kept() {
    let world = World::new();
    let (base, _told) = easemob(9);
    let environment = environment(&base);
    world.write("body.json", r#"{"file":{"name":"a.txt","content":"x"}}"#);
    let call = ["call", "easemob/upload", "--body", "body.json", "--output", "json"];
    let run = world.run_with(&call, &environment).ends_with(0);
    assert_eq!(run.json()["ids"]["share-secret"], SHARE, "{}", run.out);
    keeps_no(SHARE, &world);
}

#[test]
fn an_id_that_was_a_secret_is_not_recalled() {
    let world = World::new();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    let secret = "0123456789abcdef01234567";
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            read(&mut stream);
            let body = json!({ "msg_id": secret, "msg_ctime": 1 }).to_string();
            let length = body.len();
            let _ = write!(
                stream,
                "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
            );
        }
    });
    let environment = [
        ("HERALD_JMESSAGE_ENDPOINT", base.as_str()),
        ("HERALD_JMESSAGE_APP_KEY", "7d431e42dfa6a6d693ac2d04"),
        ("HERALD_JMESSAGE_MASTER_SECRET", secret),
    ];
    let send = [
        "send",
        "--provider",
        "jmessage",
        "--from",
        "alice",
        "--to",
        "bobby",
        "--text",
        "x",
        "--output",
        "json",
    ];
    let sent = world.run_with(&send, &environment).ends_with(0).json();
    assert_eq!(sent["ids"], json!({ "msg_id": "***" }));
    let recall = world.run_with(&["recall", "--last"], &environment);
    assert!([2, 3].contains(&recall.code) && !recall.out.contains("***"), "{recall:?}");
    keeps_no(secret, &world);
}

/// What the served sandbox logs of the requests of any client.
#[test]
fn the_sandbox_logs_no_secret_of_a_payload() {
    let world = World::new();
    let server = Served::start(&world, &["--log", "log.ndjson"]);
    let post = |path: &str, head: &str, body: &str| {
        let length = body.len();
        server.talk(&format!(
            "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n{head}\
             Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        ))
    };
    let canary = "Canary24charactersLong00";
    let admin = json!({ "username": "admin2", "password": canary, "nickname": canary }).to_string();
    post("/jmessage/v1/admins/", "", &admin);
    post("/jmessage/v1/admins/", "", &admin.replace('}', ","));
    let token =
        json!({ "grant_type": "client_credentials", "client_id": "c", "client_secret": canary });
    post("/easemob/o/a/token", &format!("share-secret: {canary}\r\n"), &token.to_string());
    post(&format!("/easemob/o/a/token?client_secret={canary}"), "", "");
    post("/no/such/path", "", &format!("a=1&password={canary}"));
    let log = std::fs::read_to_string(world.path("log.ndjson")).expect("a log");
    let lines: Vec<Value> =
        log.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len(), 5, "{log}");
    assert_eq!(lines[0]["body"], r#"{"username":"admin2","password":"***","nickname":"***"}"#);
    assert_eq!(lines[2]["headers"]["share-secret"], "***");
    assert_eq!(lines[3]["target"], "/easemob/o/a/token?client_secret=***");
    keeps_no(canary, &world);
}
