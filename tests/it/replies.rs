//! Literal replies of vendors' servers with the exit code that is due: `tests/replies.jsonl`.

use std::collections::BTreeMap;
use std::io::Write as _;

use serde::Deserialize;
use serde_json::Value;

use crate::failures::counting;
use crate::rates::{LoopbackVendor, reply};
use crate::support::{World, read_whole};

#[derive(Deserialize)]
struct ReplyCase {
    id: String,
    provider: String,
    operation: String,
    request: Value,
    status: u16,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    body: String,
    exit: i32,
    why: String,
}

/// An account of each provider that a reply is known of.
const ACCOUNTS: [(&str, &str); 6] = [
    ("easemob", "org = \"o\"\napp = \"a\"\ntoken = { env = \"S\" }"),
    ("jmessage", "app_key = \"7d431e42dfa6a6d693ac2d04\"\nmaster_secret = { env = \"S\" }"),
    ("jpush-v2", "app_key = \"7d431e42dfa6a6d693ac2d04\"\nmaster_secret = { env = \"S\" }"),
    ("jpush-v3", "app_key = \"7d431e42dfa6a6d693ac2d04\"\nmaster_secret = { env = \"S\" }"),
    ("rongcloud", "app_key = \"uwd1c0sxdlx2\"\napp_secret = { env = \"S\" }"),
    ("wildfire", "secret = { env = \"S\" }"),
];

/// A profile `p` of this provider at an endpoint.
fn profile(world: &World, provider: &str, endpoint: &str) {
    let (_, account) = ACCOUNTS.iter().find(|(name, _)| *name == provider).expect("an account");
    let of = format!("[profiles.p]\nprovider = \"{provider}\"\nendpoint = \"{endpoint}\"");
    world.write_private("profiles.toml", format!("{of}\n{account}\n"));
}

/// The exit code, and what stands beside it in JSON, when a server gives this reply to every request.
fn met(case: &ReplyCase) -> (i32, Value) {
    let mut headers: String =
        case.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    if case.headers.is_empty() {
        headers.push_str("Content-Type: application/json\r\n");
    }
    let answer = reply(case.status, &headers, &case.body);
    let server = LoopbackVendor::answering(move |_, _| answer.clone());
    let world = World::new();
    profile(&world, &case.provider, server.url());
    world.write("request.json", case.request.to_string());
    let operation = format!("{}/{}", case.provider, case.operation);
    let arguments = [
        ["call", &operation, "--body", "request.json", "--profiles", "profiles.toml"].as_slice(),
        ["--deadline", "2s", "--yes", "--confirm", "p", "--output", "json"].as_slice(),
    ]
    .concat();
    let run = world.run_with(&arguments, &[("S", "5e987ac6d2e04d95a9d8f0d1")]);
    (run.code, serde_json::from_str(&run.out).unwrap_or(Value::String(run.err)))
}

#[test]
fn literal_replies_end_with_their_exit_code() {
    let text = include_str!("../replies.jsonl");
    let cases: Vec<ReplyCase> =
        text.lines().map(|line| serde_json::from_str(line).expect("a case")).collect();
    assert!(!cases.is_empty());
    let mut wrong = Vec::new();
    for case in &cases {
        let (code, told) = met(case);
        if code != case.exit {
            wrong.push(format!(
                "{} ends with {code}, not {} ({}): {told}",
                case.id, case.exit, case.why
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// `{"code":0}`, compressed.
const GZIP: &[u8] = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff\xabVJ\xceOIU\xb22\xa8\x05\x00\xec\x9c\x8e\x8c\x0a\x00\x00\x00";

/// `{"code":0}` in UTF-16.
const UTF_16: &[u8] = b"\xff\xfe{\0\"\0c\0o\0d\0e\0\"\0:\x000\0}\0";

#[test]
fn an_answer_that_is_no_text_is_named_and_not_shown() {
    for (header, body, words) in [
        ("Content-Encoding: gzip\r\n", GZIP, "a compressed reply (gzip), which was not asked for"),
        ("", GZIP, "a compressed reply (gzip), which was not asked for"),
        ("Content-Encoding: br\r\n", b"\x8b\x04\x80{}", "a compressed reply (br)"),
        ("", UTF_16, "a reply that is no UTF-8 text"),
    ] {
        let (port, _) = counting(move |stream| {
            if !read_whole(stream, &mut Vec::new()) {
                return;
            }
            let head = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length:";
            let _ = write!(stream, "{head} {}\r\n{header}\r\n", body.len());
            let _ = stream.write_all(body);
        });
        for (provider, _) in ACCOUNTS {
            let world = World::new();
            profile(&world, provider, &format!("http://127.0.0.1:{port}"));
            let audience = if provider.starts_with("jpush") { "alias" } else { "user" };
            world.write("to.txt", format!("{audience}:user1\n{audience}:user2\n"));
            let to = format!("{audience}:user1");
            let of = ["--profiles", "profiles.toml", "--from", "admin", "--text", "x"];
            for command in [["send", "--to", &to], ["broadcast", "--targets", "to.txt"]] {
                let words_of =
                    [&command[..], &of, &["--deadline", "2s", "--confirm", "p"]].concat();
                let run = world.run_with(&words_of, &[("S", "5e987ac6d2e04d95a9d8f0d1")]);
                let told = format!("{}{}", run.out, run.err);
                assert!(told.contains(words), "{provider} {command:?}: {told}");
                assert!(!told.contains("\\u{") && !told.contains('\u{fffd}'), "{told}");
                assert!(!told.contains("{\"code"), "{told}");
            }
        }
    }
}

/// What a server answers about others, to a message for two users or to a recall: each with the name of a stranger.
const STRANGERS: [(&str, &str, &str, &str, &str); 8] = [
    ("easemob", "send-users", SEND_EASEMOB, r#"{"data":{"mallory":"1001"}}"#, "mallory"),
    (
        "easemob",
        "send-users",
        SEND_EASEMOB,
        r#"{"data":{"x":"11","y":"12","mallory":"13"}}"#,
        "mallory",
    ),
    (
        "rongcloud",
        "send-private",
        SEND_RONGCLOUD,
        r#"{"code":200,"messageUIDs":[{"userId":"mallory","messageUID":"AAAA-BBBB-CCCC-DDDD"},{"userId":"eve","messageUID":"AAAA-BBBB-CCCC-DDDE"}]}"#,
        "mallory",
    ),
    (
        "easemob",
        "recall-batch",
        RECALL_EASEMOB,
        r#"{"data":{"msgs":[{"msg_id":"1001","recalled":"yes"}]}}"#,
        "",
    ),
    (
        "easemob",
        "recall-batch",
        RECALL_EASEMOB,
        r#"{"data":[{"msg_id":"9","recalled":"yes"}]}"#,
        "9",
    ),
    (
        "easemob",
        "recall-batch",
        RECALL_EASEMOB,
        r#"{"data":[{"msg_id":"9","recalled":"no"}]}"#,
        "9",
    ),
    ("easemob", "recall-batch", RECALL_EASEMOB, r#"{"data":{"recalled":"yes"}}"#, ""),
    ("jpush-v3", "batch-alias", BATCH_JPUSH, r#"{"other":{"msg_id":"5"}}"#, "other"),
];

const SEND_EASEMOB: &str =
    r#"{"from":"admin","to":["bob","alice"],"type":"txt","body":{"msg":"x"}}"#;
const SEND_RONGCLOUD: &str = r#"{"fromUserId":"admin","toUserId":["bob","alice"],"objectName":"RC:TxtMsg","content":"{\"content\":\"x\"}"}"#;
const RECALL_EASEMOB: &str = r#"{"msgs":[{"msg_id":"1001","to":"bob","chat_type":"chat","force":false},{"msg_id":"1002","to":"alice","chat_type":"chat","force":false}]}"#;
const BATCH_JPUSH: &str = r#"{"pushlist":{"7d431e42dfa6a6d693ac2d04-5e0a0c86-58a3-4a42-9a2a-0d1f4c5b6e7a":{"platform":"all","target":"bob","notification":{"alert":"x"}}}}"#;

#[test]
fn replies_about_others_leave_in_doubt_what_was_asked_for() {
    for (provider, operation, request, body, stranger) in STRANGERS {
        let case = ReplyCase {
            id: operation.to_owned(),
            provider: provider.to_owned(),
            operation: operation.to_owned(),
            request: serde_json::from_str(request).expect("a request"),
            status: 200,
            headers: BTreeMap::new(),
            body: body.to_owned(),
            exit: 0,
            why: String::new(),
        };
        let (_, told) = met(&case);
        assert_eq!(told["outcome"], "unknown", "{operation} {body}: {told}");
        let targets = told["targets"].as_array().expect("targets");
        let is_named = |one: &Value| one["target"] == stranger;
        assert!(!targets.is_empty() && !targets.iter().any(is_named), "{body}: {told}");
        let whole = told.to_string();
        let is_told = whole.contains("not asked for") && whole.contains(&format!("`{stranger}`"));
        assert!(stranger.is_empty() || is_told, "{body}: {told}");
        assert!(
            !whole.contains("AAAA-") && told["ids"].as_object().is_none_or(|ids| ids.is_empty()),
            "{told}"
        );
    }
}
