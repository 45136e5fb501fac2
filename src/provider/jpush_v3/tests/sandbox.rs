//! What the mock server answers.

use super::super::{CONTRACT, JpushV3};
use super::{account, push, stamp, value};
use crate::document::{Document, Value};
use crate::net::decide;
use crate::outcome::Verdict;
use crate::provider::jiguang::{SANDBOX_KEY, SANDBOX_SECRET};
use crate::provider::kit::testing::SandboxMemory;
use crate::provider::{Call, Vendor as _};
use crate::sandbox::fake::ORIGIN;
use crate::sandbox::{Incoming, SandboxWorld};
use crate::wire::{Body, Reply, Show};

/// A server with its clock and its plan.
struct Server {
    memory: SandboxMemory,
    now_ms: i64,
    plan: Option<&'static str>,
}

impl Server {
    fn new() -> Self {
        Self { memory: SandboxMemory::default(), now_ms: 1_700_000_000_000, plan: None }
    }

    fn ask(&mut self, request: &Incoming) -> (u16, String) {
        let plan = self.plan;
        let switches = |name: &str| plan.filter(|_| name == "plan").map(str::to_owned);
        let mut world = SandboxWorld {
            now_ms: self.now_ms,
            origin: ORIGIN,
            switches: &switches,
            reasons: &crate::sandbox::Reasons::default(),
            store: &mut self.memory,
        };
        let answer = JpushV3.backend().answer(request, &mut world);
        (answer.status, String::from_utf8(answer.body).expect("UTF-8"))
    }

    fn call(&mut self, operation: &str, body: &str) -> (u16, String) {
        self.ask(&incoming(operation, body))
    }

    /// The status, and the code of the error or else 0.
    fn code(&mut self, operation: &str, body: &str) -> (u16, i128) {
        let (status, body) = self.call(operation, body);
        (status, member(&body, "error").map_or(0, |error| integer(&error, "code")))
    }

    fn push(&mut self, body: &str) -> String {
        let (status, body) = self.call("push", body);
        assert_eq!(status, 200, "{body}");
        member(&body, "msg_id").and_then(|id| Some(id.as_str()?.to_owned())).expect("a string")
    }
}

fn member(body: &str, name: &str) -> Option<Value> {
    let document = Document::parse(body).ok()?;
    document.root().value.as_object()?.get(name).map(|node| node.value.clone())
}

fn integer(value: &Value, name: &str) -> i128 {
    let object = value.as_object().expect("an object");
    object.get(name).and_then(|node| node.value.as_integer()).expect("a number")
}

/// What herald itself would send.
fn incoming(operation: &str, body: &str) -> Incoming {
    let operation = CONTRACT.operation(operation).expect("an operation");
    let (account, body, stamp) = (account(SANDBOX_KEY, SANDBOX_SECRET), value(body), stamp());
    let call = Call { operation, body: &body, account: &account, stamp: &stamp };
    let request = JpushV3.request(&call).expect("a request");
    let url = request.path.show(Show::Secrets);
    let (path, query) = url.split_once('?').unwrap_or((&url, ""));
    let mut headers: Vec<_> = request
        .headers
        .iter()
        .map(|header| (header.name.to_lowercase(), header.value.show(Show::Secrets)))
        .collect();
    let body = match &request.body {
        Body::Multipart(_) => {
            headers.push(("Content-Type".to_owned(), "multipart/form-data; boundary=b".to_owned()));
            "--b\r\nContent-Disposition: form-data; name=\"ttl\"\r\n\r\n24\r\n\
                --b\r\nContent-Disposition: form-data; name=\"filename\"; filename=\"a.txt\"\r\n\r\nalias1\r\n--b--\r\n"
                .to_owned()
        }
        _ => request.body_text(Show::Secrets),
    };
    Incoming {
        method: request.method.as_str().to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        headers,
        body: body.into_bytes(),
    }
}

const CID: &str = "sandbox00app00key0000001-711261d4-5f17-4d2f-a855-5e5a8909b26e";

#[test]
fn each_fault_gets_the_code_that_the_server_has_for_it() {
    let long = format!(r#"{{"message":{{"msg_content":"{}"}}}}"#, "x".repeat(4000));
    for (changes, wanted) in [
        ("{}", (200, 0)),
        (
            r#"{"options":{"classification":0},"notification":{"alert":"a","ai_opportunity":false}}"#,
            (200, 0),
        ),
        (r#"{"notification":{"ios":{"alert":"a","content-available":1}}}"#, (200, 0)),
        (r#"{"platform":null}"#, (400, 1002)),
        (r#"{"audience":null}"#, (400, 1002)),
        (r#"{"notification":null}"#, (400, 1002)),
        (r#"{"platform":"every"}"#, (400, 1003)),
        (r#"{"audience":{"tags":["a"]}}"#, (400, 1003)),
        (r#"{"audience":{"alias":[""]}}"#, (400, 1003)),
        (r#"{"notification":{"android":{"alert":"a","build_id":1}}}"#, (400, 1009)),
        (r#"{"options":{"active_push":true,"big_push_duration":1}}"#, (400, 1035)),
        (r#"{"options":{"override_msg_id":7}}"#, (400, 1003)),
        (r#"{"notification":{"alert":"a","android":null}}"#, (400, 1003)),
        (r#"{"options":{"third_party_channel":{"vivo":{"vivo_push_type":3}}}}"#, (400, 1003)),
        (r#"{"options":{"third_party_channel":{"oppo":{"op_push_type":4}}}}"#, (400, 1003)),
        (r#"{"options":{"third_party_channel":{"oppo":{"notify_level":2}}}}"#, (400, 1003)),
        (&long, (400, 1005)),
        (r#"{"audience":null,"notification":{"android":{"alert":"a","build_id":1}}}"#, (400, 1002)),
    ] {
        assert_eq!(Server::new().code("push", &push(changes)), wanted, "{changes}");
    }
    let missing = r#"{"audience":{"file":{"file_id":"f"}}}"#;
    assert_eq!(Server::new().code("push-file", &push(missing)), (400, 1003));
    assert_eq!(Server::new().code("received", "{}"), (400, 3002));
    assert_eq!(Server::new().code("received", r#"{"msg_ids":["x"]}"#), (400, 3002));
    assert_eq!(Server::new().code("status", r#"{"msg_id":1}"#), (400, 3002));
    let form = Incoming { body: b"msg_id=1".to_vec(), ..incoming("status", r#"{"msg_id":1}"#) };
    let (status, body) = Server::new().ask(&form);
    assert!(status == 400 && body.contains("3002"), "{body}");
}

#[test]
fn strangers_wrong_methods_and_wrong_addresses_are_turned_away() {
    let mut server = Server::new();
    let fine = incoming("push", &push("{}"));
    let doubled = Incoming { path: "/v3//push/".to_owned(), ..fine.clone() };
    assert_eq!(server.ask(&doubled).0, 200);
    let anonymous = Incoming { headers: Vec::new(), ..fine.clone() };
    let (status, body) = server.ask(&anonymous);
    assert!(status == 401 && body.contains("1004"), "{body}");
    let report = Incoming { headers: Vec::new(), ..incoming("received", r#"{"msg_ids":["1"]}"#) };
    let (status, body) = server.ask(&report);
    assert!(status == 401 && body.contains("3001"), "{body}");
    let get = Incoming { method: "GET".to_owned(), ..fine.clone() };
    let (status, body) = server.ask(&get);
    assert!(status == 405 && body.contains("1001"), "{body}");
    assert_eq!(server.ask(&Incoming { path: "/v4/push".to_owned(), ..fine.clone() }).0, 404);
    let broken = Incoming { body: b"{".to_vec(), ..fine.clone() };
    let (status, body) = server.ask(&broken);
    assert!(status == 400 && body.contains("1003"), "{body}");
    // A group has another user than its app.
    let group = Incoming { path: "/v3/grouppush".to_owned(), ..fine };
    assert_eq!(server.ask(&group).0, 401);

    server.plan = Some("free");
    assert_eq!(server.code("messages-detail", r#"{"msg_ids":["1"]}"#), (403, 2006));
    assert_eq!(server.code("file-list", "{}"), (403, 2007));
    assert_eq!(server.code("push", &push("{}")), (200, 0));
}

#[test]
fn a_push_with_the_same_cid_is_accepted_as_the_first_one_was() {
    let mut server = Server::new();
    let operation = CONTRACT.operation("push").expect("an operation");
    let body = push(&format!(r#"{{"cid":"{CID}"}}"#));
    let mut outcome = || {
        let (status, body) = server.call("push", &body);
        let reply = Reply { status, body: body.into_bytes(), ..Reply::default() };
        decide(&CONTRACT, operation, &Ok(reply), &|reply| JpushV3.read(operation, reply))
    };
    let (first, again) = (outcome(), outcome());
    assert_eq!((first.verdict, again.verdict), (Verdict::Accepted, Verdict::Accepted));
    assert_eq!(first.ids, again.ids);
}

#[test]
fn the_same_cid_pushes_once_a_day() {
    let mut server = Server::new();
    let body = push(&format!(r#"{{"cid":"{CID}"}}"#));
    let first = server.push(&body);
    assert_eq!(server.push(&body), first);
    server.now_ms += 86_400_001;
    assert_ne!(server.push(&body), first);
    assert_ne!(server.push(&push("{}")), server.push(&push("{}")));

    let list = format!(
        r#"{{"pushlist":{{"{CID}":{{"platform":"all","target":"a","notification":{{"alert":"a"}}}},
            "sandbox00app00key0000001-x":{{"platform":"all","target":"","notification":{{"alert":"a"}}}}}}}}"#
    );
    server.now_ms += 86_400_001;
    let (status, first) = server.call("batch-alias", &list);
    assert_eq!(status, 200);
    assert!(first.contains(r#""msg_id":"#) && first.contains(r#""code":1003"#), "{first}");
    assert_eq!(server.call("batch-alias", &list).1, first);
    let (_, cids) = server.call("cid", r#"{"count":20}"#);
    assert_eq!(cids.matches(SANDBOX_KEY).count(), 10);
    let key = r#"{"pushlist":{"1":{"platform":"all","target":"a","notification":{"alert":"a"}}}}"#;
    assert_eq!(server.code("batch-alias", key), (400, 1003));
}

#[test]
fn what_was_pushed_can_be_counted_recalled_and_replaced() {
    let mut server = Server::new();
    let id = server.push(&push(r#"{"audience":{"registration_id":["r","s"]}}"#));
    let ids = format!(r#"{{"msg_ids":["{id}","7"]}}"#);
    let asked = format!(r#"{{"msg_id":{id},"registration_ids":["r","t"]}}"#);
    let (_, counts) = server.call("received", &ids);
    assert!(
        counts.contains(&format!(r#"{{"msg_id":"{id}","android_received":2,"ios_apns_sent":null"#))
    );
    assert!(counts.contains(r#"{"msg_id":"7","android_received":null"#), "{counts}");
    assert!(server.call("received-detail", &ids).1.contains(r#""jpush_received":2"#));
    let (_, details) = server.call("messages-detail", &ids);
    assert!(details.contains(r#""notification":{"target":2,"sent":2,"received":2"#), "{details}");
    for (changes, block) in [
        (r#"{"inapp_message":{"inapp_message":true}}"#, "inapp"),
        (r#"{"message":{"msg_content":"m"}}"#, "message"),
        (
            r#"{"notification":null,"audience":{"live_activity_id":"L"},"live_activity":{"ios":{"event":"end","content-state":{}}}}"#,
            "live_activity",
        ),
    ] {
        let other = server.push(&push(changes));
        let (_, details) = server.call("messages-detail", &format!(r#"{{"msg_ids":["{other}"]}}"#));
        assert!(details.contains(&format!(r#""{block}":{{"target":1"#)), "{details}");
    }
    assert_eq!(server.call("status", &asked).1, r#"{"r":{"status":0},"t":{"status":3}}"#);
    let as_text = format!(r#"{{"msg_id":"{id}","registration_ids":["r","t"]}}"#);
    assert_eq!(server.code("status", &as_text), (400, 3002));

    let replace = push(&format!(r#"{{"options":{{"override_msg_id":{id}}}}}"#));
    assert_eq!(server.code("push", &replace), (200, 0));
    let recall = format!(r#"{{"msg_id":"{id}"}}"#);
    assert_eq!(server.call("recall", &recall), (200, String::new()));
    assert_eq!(server.call("status", &asked).1, r#"{"r":{"status":1},"t":{"status":3}}"#);
    assert_eq!(server.code("recall", r#"{"msg_id":"7"}"#), (400, 1003));
    server.now_ms += 86_400_001;
    assert_eq!(server.code("recall", &recall), (400, 1003));
    assert_eq!(server.code("push", &replace), (400, 1003));
    // A day has gone by; pushes of the last 28 are counted.
    server.now_ms += 27 * 86_400_000 - 1;
    assert!(server.call("received", &ids).1.contains(r#""android_received":0"#));
    server.now_ms += 1;
    assert!(server.call("received", &ids).1.contains(r#""android_received":null"#));
}

#[test]
fn validating_and_groups_answer_like_a_push() {
    let mut server = Server::new();
    let body = push(r#"{"options":{"sendno":18}}"#);
    let (status, answer) = server.call("push-validate", &body);
    assert_eq!((status, answer.as_str()), (200, r#"{"sendno":"18","msg_id":"0"}"#));
    let (status, answer) = server.call("group-push", &body);
    assert_eq!(status, 200);
    assert!(answer.contains(SANDBOX_KEY) && answer.contains("group_msgid"), "{answer}");
}

#[test]
fn the_eleventh_push_to_everybody_has_to_wait_for_tomorrow() {
    let mut server = Server::new();
    let all = push(r#"{"audience":"all"}"#);
    assert!((0..10).all(|_| server.code("push", &all) == (200, 0)));
    assert_eq!(server.code("push", &all), (403, 2008));
    assert_eq!(server.code("push", &push("{}")), (200, 0));
    server.now_ms += 86_400_000;
    assert_eq!(server.code("push", &all), (200, 0));
}

#[test]
fn files_of_targets_live_as_long_as_they_say() {
    let mut server = Server::new();
    let upload = r#"{"type":"alias","ttl":24,"filename":{"name":"a.txt","content":"alias1"}}"#;
    let (status, answer) = server.call("file-upload", upload);
    assert_eq!(status, 200, "{answer}");
    let id =
        member(&answer, "file_id").and_then(|id| Some(id.as_str()?.to_owned())).expect("an id");
    let named = format!(r#"{{"file_id":"{id}"}}"#);
    let (_, file) = server.call("file-get", &named);
    assert_eq!(
        file,
        format!(
            r#"{{"file_id":"{id}","file_name":"a.txt","type":"alias","create_time":"2023-11-15 06:13:20","expire_time":"2023-11-16 06:13:20"}}"#
        )
    );
    assert!(server.call("file-list", "{}").1.starts_with(r#"{"total_count":1,"#));
    let body = push(&format!(r#"{{"audience":{{"file":{named}}}}}"#));
    assert_eq!(server.code("push-file", &body), (200, 0));
    server.now_ms += 86_400_000;
    assert_eq!(server.code("push-file", &body), (400, 1003));
    assert_eq!(server.code("file-get", &named), (400, 1003));
    assert_eq!(server.call("file-delete", &named), (200, String::new()));
    assert!((0..20).all(|_| server.code("file-upload", upload) == (200, 0)));
    assert_eq!(server.code("file-upload", upload), (400, 1003));
}
