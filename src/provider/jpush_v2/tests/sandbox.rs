//! What the mock server answers.

use super::super::JpushV2;
use super::{account, push, stamp, value};
use crate::document::Document;
use crate::provider::jiguang::{SANDBOX_KEY, SANDBOX_SECRET, basic};
use crate::provider::kit::testing::SandboxMemory;
use crate::provider::{Call, Vendor as _};
use crate::sandbox::fake::ORIGIN;
use crate::sandbox::{Incoming, SandboxWorld};
use crate::wire::Show;

/// A server with its clock.
struct Server {
    memory: SandboxMemory,
    now_ms: i64,
}

impl Server {
    fn new() -> Self {
        Self { memory: SandboxMemory::default(), now_ms: 1_700_000_000_000 }
    }

    fn ask(&mut self, request: &Incoming) -> (u16, String) {
        let mut world = SandboxWorld {
            now_ms: self.now_ms,
            origin: ORIGIN,
            switches: &|_| None,
            reasons: &crate::sandbox::Reasons::default(),
            store: &mut self.memory,
        };
        let answer = JpushV2.backend().answer(request, &mut world);
        (answer.status, String::from_utf8(answer.body).expect("UTF-8"))
    }

    /// The code that a push gets.
    fn push(&mut self, body: &str) -> String {
        let (status, body) = self.ask(&signed(body));
        assert_eq!(status, 200, "{body}");
        code(&body)
    }

    fn report(&mut self, ids: &str) -> (u16, String) {
        let account = account(SANDBOX_KEY, SANDBOX_SECRET);
        let authorization = basic(Some(SANDBOX_KEY), &account).show(Show::Secrets);
        self.ask(&Incoming {
            method: "GET".to_owned(),
            path: "/v2/received".to_owned(),
            query: format!("msg_ids={ids}"),
            headers: vec![("authorization".to_owned(), authorization)],
            body: Vec::new(),
        })
    }
}

fn code(body: &str) -> String {
    let document = Document::parse(body).expect("JSON");
    let object = document.root().value.as_object().expect("an object");
    object.get("errcode").expect("a code").value.to_plain()
}

/// What herald itself would send.
fn signed(body: &str) -> Incoming {
    let operation = super::CONTRACT.operation("push").expect("an operation");
    let (account, body, stamp) = (account(SANDBOX_KEY, SANDBOX_SECRET), value(body), stamp());
    let call = Call { operation, body: &body, account: &account, stamp: &stamp };
    let request = JpushV2.request(&call).expect("a request");
    raw(&request.body_text(Show::Secrets))
}

fn raw(form: &str) -> Incoming {
    let media = "application/x-www-form-urlencoded; charset=UTF-8";
    Incoming {
        method: "POST".to_owned(),
        path: "//v2/push/".to_owned(),
        query: String::new(),
        headers: vec![("Content-type".to_owned(), media.to_owned())],
        body: form.as_bytes().to_vec(),
    }
}

#[test]
fn each_fault_gets_the_code_that_the_server_has_for_it() {
    let long = "x".repeat(221);
    for (changes, wanted) in [
        ("{}".to_owned(), "0"),
        (r#"{"receiver_type":4,"receiver_value":""}"#.to_owned(), "0"),
        (r#"{"receiver_type":2,"receiver_value":"深圳,北京"}"#.to_owned(), "0"),
        (r#"{"apnsProduction":"","callback_url":""}"#.to_owned(), "0"),
        (r#"{"msg_content":{"n_content":"c","n_extras":[],"n_builder_id":""}}"#.to_owned(), "0"),
        (r#"{"sendno":""}"#.to_owned(), "1002"),
        (r#"{"receiver_value":""}"#.to_owned(), "1002"),
        (r#"{"platform":""}"#.to_owned(), "1002"),
        (r#"{"app_key":"7d431e42dfa6a6d693ac2d04"}"#.to_owned(), "1008"),
        (r#"{"app_key":"short"}"#.to_owned(), "1008"),
        (r#"{"verification_code":"E6BD6AE007A6BB02A7DA117026545697"}"#.to_owned(), "1004"),
        (r#"{"verification_code":"xyz"}"#.to_owned(), "1004"),
        (r#"{"sendno":0}"#.to_owned(), "1003"),
        (r#"{"receiver_type":1}"#.to_owned(), "1003"),
        (r#"{"msg_type":3}"#.to_owned(), "1003"),
        (r#"{"platform":"symbian"}"#.to_owned(), "1003"),
        (r#"{"time_to_live":-1}"#.to_owned(), "1003"),
        (r#"{"apns_production":2}"#.to_owned(), "1003"),
        (r#"{"override_msg_id":"1"}"#.to_owned(), "1003"),
        (r#"{"receiver_type":2,"receiver_value":"1,2,3,4,5,6,7,8,9,0,1"}"#.to_owned(), "1007"),
        (r#"{"msg_content":"Hello"}"#.to_owned(), "1010"),
        (r#"{"msg_content":{"n_title":"t"}}"#.to_owned(), "1010"),
        (format!(r#"{{"msg_content":{{"n_content":"{long}"}}}}"#), "1005"),
        (r#"{"msg_type":2,"msg_content":{"message":"m"},"platform":"ios"}"#.to_owned(), "1012"),
        // Of two faults the one that is looked at first.
        (format!(r#"{{"msg_content":{{"n_content":"{long}"}},"time_to_live":-1}}"#), "1003"),
        (r#"{"time_to_live":-1,"verification_code":"xyz"}"#.to_owned(), "1004"),
        (r#"{"sendno":"","app_key":"short"}"#.to_owned(), "1002"),
    ] {
        assert_eq!(Server::new().push(&push(&changes)), wanted, "{changes}");
    }
}

#[test]
fn the_eleventh_push_to_everybody_has_to_wait_for_tomorrow() {
    let mut server = Server::new();
    let all = push(r#"{"receiver_type":4,"receiver_value":""}"#);
    assert!((0..10).all(|_| server.push(&all) == "0"));
    assert_eq!(server.push(&all), "2008");
    assert_eq!(server.push(&push("{}")), "0");
    server.now_ms += 86_400_000;
    assert_eq!(server.push(&all), "0");
}

#[test]
fn requests_of_old_clients_are_read_and_other_requests_are_not() {
    let mut server = Server::new();
    // Lower-case code, raw commas, braces and quotes, a doubled unknown field, an `&` at the end.
    let md5 = super::super::wire::verification_code(
        &value(r#"{"sendno":1,"receiver_type":2,"receiver_value":"女,b"}"#),
        SANDBOX_SECRET,
    );
    let form = format!(
        "sendno=1&app_key={SANDBOX_KEY}&receiver_type=2&receiver_value=女,b&verification_code={}&msg_type=1\
         &msg_content={{\"n_content\":\"50%+a\"}}&platform=android,ios&send_description=&send_description=&",
        md5.to_lowercase()
    );
    assert_eq!(code(&server.ask(&raw(&form)).1), "0");

    let get = Incoming { method: "GET".to_owned(), ..raw(&form) };
    assert_eq!(code(&server.ask(&get).1), "1001");
    let json = Incoming {
        headers: vec![("Content-Type".to_owned(), "application/json".to_owned())],
        ..raw(&form)
    };
    assert_eq!(code(&server.ask(&json).1), "1013");
    assert_eq!(code(&server.ask(&raw("sendno=1")).1), "1002");
    let elsewhere = Incoming { path: "/v3/push".to_owned(), ..raw(&form) };
    assert_eq!(server.ask(&elsewhere).0, 404);
}

#[test]
fn what_was_accepted_can_be_counted_and_overridden() {
    let mut server = Server::new();
    assert_eq!(server.push(&push(r#"{"receiver_value":"a,b","platform":"android"}"#)), "0");
    let (status, counts) = server.report("1613113584,7");
    assert_eq!(status, 200);
    assert_eq!(
        counts,
        r#"[{"msg_id":1613113584,"android_received":2,"ios_apns_sent":null},{"msg_id":7,"android_received":null,"ios_apns_sent":null}]"#
    );
    assert_eq!(server.push(&push(r#"{"override_msg_id":"1613113584"}"#)), "0");
    server.now_ms += 86_400_001;
    assert_eq!(server.push(&push(r#"{"override_msg_id":"1613113584"}"#)), "1003");
    server.now_ms += 9 * 86_400_000;
    assert!(server.report("1613113584").1.contains(r#""android_received":null"#));

    assert_eq!(server.report("").0, 400);
    assert_eq!(server.report("a").0, 400);
    let stranger = Incoming {
        method: "GET".to_owned(),
        path: "/v2/received".to_owned(),
        query: "msg_ids=1".to_owned(),
        headers: Vec::new(),
        body: Vec::new(),
    };
    let (status, body) = server.ask(&stranger);
    assert_eq!(status, 401);
    assert!(body.contains("3001"), "{body}");
}

#[test]
fn the_601st_push_of_a_minute_has_to_wait() {
    let mut server = Server::new();
    let request = signed(&push("{}"));
    assert!((0..600).all(|_| server.ask(&request).0 == 200));
    let (status, body) = server.ask(&request);
    assert_eq!(status, 429);
    assert!(body.contains("2002"), "{body}");
    server.now_ms += 60_000;
    assert_eq!(server.ask(&request).0, 200);
}
