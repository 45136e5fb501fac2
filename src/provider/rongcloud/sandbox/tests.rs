//! Requests to the sandbox and what they are answered.

mod settings;

use super::RongCloudServers;
use crate::document::{Document, Value};
use crate::net::decide;
use crate::net::retry::settle;
use crate::outcome::{Outcome, Verdict};
use crate::provider::Vendor as _;
use crate::provider::kit::testing::SandboxMemory;
use crate::provider::rongcloud::wire::digest;
use crate::provider::rongcloud::{CONTRACT, RongCloud};
use crate::sandbox::fake::ORIGIN;
use crate::sandbox::{Answer, Backend as _, Incoming, SandboxWorld};
use crate::wire::Reply;

/// 2023-11-14 22:13:20 UTC.
const NOW: i64 = 1_700_000_000_000;
const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

/// Servers with their memory, a clock and switches.
#[derive(Default)]
struct Sandbox {
    memory: SandboxMemory,
    late: i64,
    switches: Vec<(&'static str, &'static str)>,
}

impl Sandbox {
    fn answer(&mut self, request: &Incoming) -> Answer {
        let switches = self.switches.clone();
        let switch = move |name: &str| {
            let found = switches.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let mut world = SandboxWorld {
            now_ms: NOW + self.late,
            origin: ORIGIN,
            switches: &switch,
            reasons: &crate::sandbox::Reasons::default(),
            store: &mut self.memory,
        };
        RongCloudServers.answer(request, &mut world)
    }

    /// Status, code and body of what a well-signed call is answered.
    fn call(&mut self, path: &str, media: &str, body: &str) -> (u16, String, Value) {
        let mut request = signed(path, media, body);
        set(&mut request, "Timestamp", &(NOW + self.late).to_string());
        read(&self.answer(&request))
    }

    fn json(&mut self, path: &str, body: &str) -> (u16, String, Value) {
        self.call(path, JSON, body)
    }

    fn form(&mut self, path: &str, body: &str) -> (u16, String, Value) {
        self.call(path, FORM, body)
    }
}

fn read(answer: &Answer) -> (u16, String, Value) {
    let body = Document::from_bytes(answer.body.clone()).expect("JSON").into_value();
    (answer.status, member(&body, "code"), body)
}

fn member(body: &Value, path: &str) -> String {
    let document = Document::of(body);
    let trail = crate::document::Trail::new(&document);
    trail.root().find(path).value().map(crate::document::ValueView::to_plain).unwrap_or_default()
}

/// What herald makes of an answer to `send-private`.
fn outcome(status: u16, answer: &Value) -> Outcome {
    let operation = CONTRACT.operation("send-private").expect("an operation");
    let reply = Reply { status, body: answer.to_compact().into_bytes(), ..Reply::default() };
    decide(&CONTRACT, operation, &Ok(reply), &|reply| RongCloud.read(operation, reply))
}

fn signed(path: &str, media: &str, body: &str) -> Incoming {
    let (nonce, time) = ("0.5493831234", NOW.to_string());
    let headers = [
        ("App-Key", "herald-sandbox".to_owned()),
        ("Nonce", nonce.to_owned()),
        ("Timestamp", time.clone()),
        ("Signature", digest("herald-sandbox-secret", nonce, &time)),
        ("Content-Type", media.to_owned()),
    ];
    Incoming {
        method: "POST".to_owned(),
        path: path.to_owned(),
        query: String::new(),
        headers: headers.map(|(name, value)| (name.to_owned(), value)).to_vec(),
        body: body.as_bytes().to_vec(),
    }
}

/// Changes a header and signs again; without a value, takes it out.
fn set(request: &mut Incoming, name: &str, value: &str) {
    request.headers.retain(|(key, _)| !key.eq_ignore_ascii_case(name));
    if !value.is_empty() {
        request.headers.push((name.to_owned(), value.to_owned()));
    }
    if matches!(name, "Timestamp" | "Nonce") {
        let header = |name: &str| request.header(name).unwrap_or_default().to_owned();
        let signature = digest("herald-sandbox-secret", &header("Nonce"), &header("Timestamp"));
        set(request, "Signature", &signature);
    }
}

const TAGS: &str = r#"{"userId":"u1","tags":["a"]}"#;
const SEND: &str =
    "fromUserId=u1&toUserId=u2&objectName=RC%3ATxtMsg&content=%7B%22content%22%3A%22hi%22%7D";

#[test]
fn what_the_gate_lets_through_and_what_it_answers_otherwise() {
    type Change = fn(&mut Incoming);
    let changes: [(&str, Change, u16, &str); 16] = [
        ("nothing", |_| {}, 200, "200"),
        ("another path", |r| r.path = "/user/tag/get.json".to_owned(), 404, "404"),
        ("GET", |r| r.method = "GET".to_owned(), 405, "405"),
        ("doubled slashes", |r| r.path = "//user//tag/set.json/".to_owned(), 200, "200"),
        ("no nonce", |r| set(r, "Nonce", ""), 401, "1004"),
        ("unknown key", |r| set(r, "App-Key", "other"), 401, "1001"),
        ("wrong signature", |r| set(r, "Signature", "00"), 401, "1004"),
        ("seconds", |r| set(r, "Timestamp", &(NOW / 1000).to_string()), 200, "200"),
        ("four minutes old", |r| set(r, "Timestamp", &(NOW - 240_000).to_string()), 200, "200"),
        ("six minutes old", |r| set(r, "Timestamp", &(NOW - 360_000).to_string()), 401, "1004"),
        ("no time at all", |r| set(r, "Timestamp", "now"), 401, "1004"),
        ("19 digits of nonce", |r| set(r, "Nonce", "2781055864473387780"), 200, "200"),
        ("no body", |r| r.body.clear(), 400, "1003"),
        ("a form", |r| set(r, "Content-Type", FORM), 400, "1003"),
        ("a charset", |r| set(r, "Content-Type", "Application/JSON;charset=utf-8"), 200, "200"),
        ("broken JSON", |r| r.body.truncate(5), 400, "1002"),
    ];
    for (name, change, status, code) in changes {
        let mut request = signed("/user/tag/set.json", JSON, TAGS);
        change(&mut request);
        let (found, found_code, body) = read(&Sandbox::default().answer(&request));
        assert_eq!((found, found_code.as_str()), (status, code), "{name}: {}", body.to_compact());
        if status != 200 {
            assert!(!member(&body, "url").is_empty() && !member(&body, "errorMessage").is_empty());
        }
    }
}

#[test]
fn the_other_set_of_header_names_is_as_good() {
    let mut request = signed("/user/tag/set.json", JSON, TAGS);
    for (name, _) in request.headers.iter_mut().filter(|(name, _)| name != "Content-Type") {
        *name = format!("rc-{}", name.to_lowercase());
    }
    assert_eq!(read(&Sandbox::default().answer(&request)).1, "200");
}

#[test]
fn the_age_of_a_request_can_be_left_unchecked() {
    let mut request = signed("/user/tag/set.json", JSON, TAGS);
    set(&mut request, "Timestamp", "1");
    let mut sandbox = Sandbox { switches: vec![("skew", "off")], ..Sandbox::default() };
    assert_eq!(read(&sandbox.answer(&request)).1, "200");
}

#[test]
fn payloads_are_refused_in_the_vendors_codes() {
    for (path, body, status, code) in [
        (
            "/message/private/publish.json",
            "fromUserId=u1&objectName=RC:TxtMsg&content={}",
            400,
            "1002",
        ),
        (
            "/message/private/publish.json",
            "fromUserId=u1&toUserId=u2&objectName=a:b&content=hello&content=x",
            400,
            "1002",
        ),
        (
            "/message/private/publish.json",
            "fromUserId=u1&toUserId=u2&objectName=RC:TxtMsg&content=hello",
            400,
            "1002",
        ),
        (
            "/message/private/publish.json",
            "fromUserId=u1&toUserId=u2&objectName=RC:TxtMsg&content={}",
            200,
            "200",
        ),
        (
            "/message/private/publish.json",
            "fromUserId=u1&toUserId=u2&objectName=RC:txtMsg&content={}&",
            200,
            "200",
        ),
        (
            "/message/private/publish.json",
            "fromUserId=u1&toUserId=u2&objectName=a:b&content=%zz+1&expansion=True&pushContent=&x=1&x=2",
            200,
            "200",
        ),
        (
            "/message/group/publish.json",
            "fromUserId=u1&toGroupId=1&toGroupId=2&toGroupId=3&toGroupId=4&objectName=a:b&content=c",
            400,
            "1005",
        ),
    ] {
        let (found, found_code, answer) = Sandbox::default().form(path, body);
        assert_eq!((found, found_code.as_str()), (status, code), "{body}: {}", answer.to_compact());
    }
    for (path, body, status, code) in [
        (
            "/push.json",
            r#"{"platform":["ios"],"fromuserid":"u","audience":{"is_to_all":true},"message":{"objectName":"RC:TxtMsg","content":"%7B%22content%22%3A%22hi%22%7D"},"notification":{"alert":"a","ios":{},"android":{}}}"#,
            200,
            "200",
        ),
        (
            "/push.json",
            r#"{"platform":["ios"],"audience":{"is_to_all":false,"packageName":"","tag":[]},"notification":{"alert":"a"}}"#,
            400,
            "1002",
        ),
        (
            "/message/private/publish_template.json",
            r#"{"fromUserId":"u","objectName":"RC:TxtMsg","content":"{\"content\":\"{c}\"}","toUserId":[21],"values":[{"{c}":"x"}],"pushContent":["p"]}"#,
            200,
            "200",
        ),
        ("/user/tag/set.json", "[]", 400, "1002"),
    ] {
        let (found, found_code, answer) = Sandbox::default().json(path, body);
        assert_eq!((found, found_code.as_str()), (status, code), "{body}: {}", answer.to_compact());
    }
}

#[test]
fn quotas_run_out_and_come_back() {
    let push = r#"{"platform":["ios"],"audience":{"is_to_all":true},"notification":{"alert":"a"}}"#;
    let mut sandbox = Sandbox::default();
    let codes: Vec<String> = (0..3).map(|_| sandbox.json("/push.json", push).1).collect();
    assert_eq!(codes, ["200", "200", "1008"]);
    sandbox.late = 3_600_000;
    assert_eq!(sandbox.json("/push.json", push).1, "200", "the next hour");
    sandbox.late = 2 * 3_600_000;
    let (status, code, _) = sandbox.json("/push.json", push);
    assert_eq!((status, code.as_str()), (429, "1008"), "the fourth of the day");
    sandbox.late = 24 * 3_600_000;
    assert_eq!(sandbox.json("/push.json", push).1, "200", "the next day");
    // A broadcast has a quota of its own, and refused calls use up none.
    let broadcast = "fromUserId=u1&objectName=a:b&content=c";
    assert_eq!(sandbox.form("/message/broadcast.json", "fromUserId=u1").1, "1002");
    assert_eq!(sandbox.form("/message/broadcast.json", broadcast).1, "200");
    assert_eq!(sandbox.form("/message/broadcast.json", broadcast).1, "200");
    assert_eq!(sandbox.form("/message/broadcast.json", broadcast).1, "1008");
    sandbox.switches = vec![("quota", "off"), ("push-custom", "off")];
    assert_eq!(sandbox.form("/message/broadcast.json", broadcast).1, "200");
    let (status, code, _) = sandbox.json("/push/custom.json", "{}");
    assert_eq!((status, code.as_str()), (430, "1009"));
}

#[test]
fn a_message_is_found_changed_expanded_and_taken_back() {
    let mut sandbox = Sandbox::default();
    let (_, _, sent) = sandbox
        .form("/message/private/publish.json", &format!("{SEND}&toUserId=u3&expansion=true"));
    let id = member(&sent, "messageUIDs/0/messageUID");
    assert_eq!(member(&sent, "messageUIDs/1/userId"), "u3");
    assert_eq!((id.len(), id.matches('-').count()), (19, 3), "{id}");

    let history = |sandbox: &mut Sandbox, user: &str, target: &str| {
        let query = format!(
            r#"{{"userId":"{user}","targetId":"{target}","startTime":{},"endTime":0,"includeStart":true}}"#,
            NOW + 1
        );
        sandbox.json("/v3/message/private/query.json", &query).2
    };
    assert_eq!(member(&history(&mut sandbox, "u2", "u1"), "data/0/messageUID"), id);
    let edit =
        format!("fromUserId=u1&targetId=u2&msgUID={id}&content=%7B%22content%22%3A%22ho%22%7D");
    assert_eq!(sandbox.form("/message/private/modify.json", &edit).1, "200");
    assert_eq!(member(&history(&mut sandbox, "u1", "u2"), "data/0/content"), r#"{"content":"ho"}"#);

    let expand = format!("msgUID={id}&userId=u1&conversationType=1&targetId=u2");
    let pairs = format!("{expand}&extraKeyVal=%7B%22k%22%3A%22v%22%7D");
    assert_eq!(sandbox.form("/message/expansion/set.json", &pairs).1, "200");
    let query = format!("msgUID={id}");
    let (_, _, found) = sandbox.form("/message/expansion/query.json", &query);
    assert_eq!(member(&found, "extraContent/k/v"), "v");
    let keys = format!("{expand}&extraKey=%5B%22k%22%5D");
    assert_eq!(sandbox.form("/message/expansion/delete.json", &keys).1, "200");
    let (_, _, found) = sandbox.form("/message/expansion/query.json", &query);
    assert_eq!(member(&found, "extraContent"), "{}");

    let recall = |from: &str, target: &str| {
        format!(
            "fromUserId={from}&conversationType=1&targetId={target}&messageUID={id}&sentTime={NOW}"
        )
    };
    assert_eq!(sandbox.form("/message/recall.json", &recall("u9", "u2")).1, "1002");
    assert_eq!(sandbox.form("/message/recall.json", &recall("u1", "u3")).1, "1002");
    assert_eq!(sandbox.form("/message/recall.json", &recall("u1", "u2")).1, "200");
    assert_eq!(member(&history(&mut sandbox, "u2", "u1"), "data"), "[]");
    // The id is no longer known. It is accepted: the message may have been sent elsewhere.
    assert_eq!(sandbox.form("/message/recall.json", &recall("u9", "u9")).1, "200");
}

#[test]
fn a_message_without_expansion_carries_no_pairs() {
    let mut sandbox = Sandbox::default();
    let (_, _, sent) = sandbox.form("/message/private/publish.json", SEND);
    let id = member(&sent, "messageUIDs/0/messageUID");
    let body = format!("msgUID={id}&userId=u1&conversationType=1&targetId=u2&extraKeyVal=%7B%7D");
    assert_eq!(sandbox.form("/message/expansion/set.json", &body).1, "1002");
}

#[test]
fn a_history_is_cleared_for_one_user_alone() {
    let mut sandbox = Sandbox::default();
    sandbox.form("/message/private/publish.json", SEND);
    let clean = "conversationType=1&fromUserId=u1&targetId=u2";
    assert_eq!(sandbox.form("/conversation/message/history/clean.json", clean).1, "200");
    let query = |user: &str, target: &str| {
        format!(
            r#"{{"userId":"{user}","targetId":"{target}","startTime":{NOW},"endTime":0,"includeStart":true}}"#
        )
    };
    let path = "/v3/message/private/query.json";
    assert_eq!(member(&sandbox.json(path, &query("u1", "u2")).2, "data"), "[]");
    assert_ne!(member(&sandbox.json(path, &query("u2", "u1")).2, "data"), "[]");
}

#[test]
fn ultra_groups_give_messages_by_id_and_streams_grow() {
    let mut sandbox = Sandbox::default();
    let body = r#"{"fromUserId":"u1","toGroupIds":["g1"],"busChannel":"news","objectName":"a:b","content":"c"}"#;
    let (_, _, sent) = sandbox.json("/message/ultragroup/publish.json", body);
    let id = member(&sent, "messageUIDs/0/messageUID");
    assert_eq!(member(&sent, "messageUIDs/0/busChannel"), "news");
    let ask = format!("groupId=g1&msgs=%5B%7B%22msgUID%22%3A%22{id}%22%7D%5D");
    let (_, _, found) = sandbox.form("/ultragroup/msg/get.json", &ask);
    assert_eq!(member(&found, "data/0/msgUID"), id);
    assert_eq!(member(&found, "data/0/content"), "c");

    let chunk = |content: &str| {
        format!(
            r#"{{"fromUserId":"b","toGroupId":"g1","objectName":"RC:StreamMsg","content":{content}}}"#
        )
    };
    let path = "/v3/message/group/publish_stream.json";
    let first = chunk(r#"{"content":"Once ","seq":1,"complete":false,"type":"text"}"#);
    let id = member(&sandbox.json(path, &first).2, "messageUID");
    let second =
        chunk(&format!(r#"{{"content":"upon","seq":2,"complete":true,"messageUID":"{id}"}}"#));
    assert_eq!(member(&sandbox.json(path, &second).2, "messageUID"), "");
    let query = format!(
        r#"{{"userId":"u1","targetId":"g1","startTime":{NOW},"endTime":0,"includeStart":true}}"#
    );
    let (_, _, history) = sandbox.json("/v3/message/group/query.json", &query);
    assert_eq!(member(&history, "data/0/content"), "Once upon");
}

#[test]
fn a_repeated_dedupe_id_is_refused_where_the_feature_is_on() {
    let operation = CONTRACT.operation("send-private").expect("an operation");
    let body = format!("{SEND}&msgRandom=7");
    let path = "/message/private/publish.json";
    let mut sandbox = Sandbox::default();
    assert_eq!(
        (sandbox.form(path, &body).1, sandbox.form(path, &body).1),
        ("200".into(), "200".into())
    );
    sandbox.switches = vec![("msg_random", "on")];
    assert_eq!(sandbox.form(path, &body).1, "200");
    let (status, _, answer) = sandbox.form(path, &body);
    assert_eq!(status, 400);
    assert!(member(&answer, "errorMessage").contains("msgRandom"));
    let repeated = outcome(status, &answer);
    assert_eq!(repeated.verdict, Verdict::Rejected, "whose the first one was is not said");
    assert_eq!(settle(operation, true, repeated).verdict, Verdict::Accepted, "it was this one's");
    let (status, code, answer) = sandbox.form(path, &format!("{SEND}&msgRandom=x"));
    assert_eq!((status, code.as_str()), (400, "1002"));
    let wrong = outcome(status, &answer);
    assert_eq!(wrong.verdict, Verdict::Rejected, "nothing was taken");
    assert_eq!(settle(operation, true, wrong).verdict, Verdict::Unknown);
    sandbox.late = 60_000;
    assert_eq!(sandbox.form(path, &body).1, "200");
}

#[test]
fn logs_tokens_and_templates_answer_in_the_vendors_shapes() {
    let mut sandbox = Sandbox::default();
    // 2023-11-15 06:13 in Beijing.
    let date = "date=2023111506";
    assert_eq!(member(&sandbox.form("/message/history.json", date).2, "url"), "");
    let (status, code, _) = sandbox.form("/message/history/delete.json", date);
    assert_eq!((status, code.as_str()), (200, "1015"));
    let template = r#"{"fromUserId":"u1","objectName":"RC:TxtMsg","content":"{\"content\":\"hi {c}\"}","toUserId":["u2"],"values":[{"{c}":"\"B\""}],"pushContent":["p"]}"#;
    assert_eq!(sandbox.json("/message/private/publish_template.json", template).1, "200");
    let query = format!(
        r#"{{"userId":"u2","targetId":"u1","startTime":{NOW},"endTime":0,"includeStart":true}}"#
    );
    let (_, _, history) = sandbox.json("/v3/message/private/query.json", &query);
    assert_eq!(member(&history, "data/0/content"), r#"{"content":"hi \"B\""}"#);
    assert_ne!(member(&sandbox.form("/message/history.json", date).2, "url"), "");
    assert_eq!(sandbox.form("/message/history/delete.json", date).1, "200");
    assert_eq!(member(&sandbox.form("/message/history.json", date).2, "url"), "");
    let (_, _, token) = sandbox.form("/user/getToken.json", "userId=u1&name=%E5%AE%89");
    assert_eq!(member(&token, "userId"), "u1");
    assert!(!member(&token, "token").is_empty());
}

#[test]
fn what_official_sdks_send_is_accepted() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors.jsonl");
    let text = std::fs::read_to_string(path).expect("the file of vectors");
    let mut accepted = 0;
    for line in text.lines() {
        let vector: serde_json::Value = serde_json::from_str(line).expect("a vector");
        if vector["provider"] != "rongcloud" {
            continue;
        }
        let expected = &vector["expected"];
        let media = expected["headers"]["Content-Type"].as_str().unwrap_or(FORM);
        let body = match expected["body_raw"].as_str() {
            Some(raw) => raw.to_owned(),
            None => expected["body"].to_string(),
        };
        let path = expected["path"].as_str().expect("a path");
        let (_, code, answer) = Sandbox::default().call(path, media, &body);
        // A log that is not there is answered with a code of its own.
        let wanted = if vector["operation"] == "history-log-delete" { "1015" } else { "200" };
        assert_eq!(code, wanted, "{} {body}: {}", vector["id"], answer.to_compact());
        accepted += 1;
    }
    assert!(accepted > 30, "{accepted}");
}
