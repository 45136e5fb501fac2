//! Literal replies of vendors' servers with the exit code that is due: `tests/replies.jsonl`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::rates::{LoopbackVendor, reply};
use crate::support::World;

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

/// The exit code, and what stands beside it in JSON, when a server gives this reply to every request.
fn met(case: &ReplyCase) -> (i32, Value) {
    let mut headers: String =
        case.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    if case.headers.is_empty() {
        headers.push_str("Content-Type: application/json\r\n");
    }
    let answer = reply(case.status, &headers, &case.body);
    let server = LoopbackVendor::answering(move |_, _| answer.clone());
    let (_, account) =
        ACCOUNTS.iter().find(|(name, _)| *name == case.provider).expect("an account");
    let world = World::new();
    world.write_private(
        "profiles.toml",
        format!(
            "[profiles.p]\nprovider = \"{}\"\nendpoint = \"{}\"\n{account}\n",
            case.provider,
            server.url()
        ),
    );
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
