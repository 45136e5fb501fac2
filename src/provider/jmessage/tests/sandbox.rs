//! What the mock server answers.

use super::super::{CONTRACT, JMessage};
use super::{account, message, stamp, typed, value};
use crate::document::{Document, Value};
use crate::provider::jiguang::{SANDBOX_KEY, SANDBOX_SECRET};
use crate::provider::kit::testing::SandboxMemory;
use crate::provider::{Call, Vendor as _};
use crate::sandbox::fake::ORIGIN;
use crate::sandbox::{Incoming, SandboxWorld};
use crate::wire::{Body, Show};

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
        let switches = |_: &str| None;
        let mut world = SandboxWorld {
            now_ms: self.now_ms,
            origin: ORIGIN,
            switches: &switches,
            reasons: &crate::sandbox::Reasons::default(),
            store: &mut self.memory,
        };
        let answer = JMessage.backend().answer(request, &mut world);
        assert!(answer.headers.iter().any(|(name, _)| *name == "X-Rate-Limit-Remaining"));
        (answer.status, String::from_utf8(answer.body).expect("UTF-8"))
    }

    fn call(&mut self, operation: &str, body: &str) -> (u16, String) {
        self.ask(&incoming(operation, body))
    }

    /// The status, and the code of the error or else 0.
    fn code(&mut self, operation: &str, body: &str) -> (u16, i128) {
        let (status, body) = self.call(operation, body);
        (status, code(&body))
    }

    /// Sends, and returns the id.
    fn send(&mut self, body: &str) -> String {
        let (status, answer) = self.call("send", body);
        assert_eq!(status, 201, "{answer}");
        member(&answer, "msg_id").expect("an id").to_plain()
    }
}

fn member(body: &str, name: &str) -> Option<Value> {
    let document = Document::parse(body).ok()?;
    document.root().value.as_object()?.get(name).map(|node| node.value.clone())
}

fn code(body: &str) -> i128 {
    let error = member(body, "error");
    let code = error.as_ref().and_then(|error| error.as_object()?.get("code")?.value.as_integer());
    code.unwrap_or_default()
}

/// What herald itself would send.
fn incoming(operation: &str, body: &str) -> Incoming {
    let operation = CONTRACT.operation(operation).expect("an operation");
    let (account, body, stamp) = (account(SANDBOX_KEY, SANDBOX_SECRET), value(body), stamp());
    let call = Call { operation, body: &body, account: &account, stamp: &stamp };
    let request = JMessage.request(&call).expect("a request");
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
            // As the Java client writes it: another name of the part, no blanks, the whole path.
            "--b\r\nContent-Disposition: form-data;name=\"image\";filename=\"/tmp/a.gif\"\r\n\r\nGIF89a\u{20}\0\u{10}\0\r\n--b--\r\n"
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

#[test]
fn each_fault_gets_the_code_that_the_server_has_for_it() {
    let long = format!(r#""text":"{}""#, "x".repeat(4086));
    let room = typed("text", &long).replace("single", "chatroom").replace("javen", "7");
    for (operation, body, wanted) in [
        ("send", message("{}"), (201, 0)),
        ("send", message(r#"{"from_type":"user","notification":{}}"#), (201, 0)),
        ("send", message(r#"{"msg_body":null}"#), (400, 899_003)),
        ("send", message(r#"{"from_type":"robot"}"#), (403, 899_016)),
        ("send", typed("text", &long), (400, 803_007)),
        ("send", room, (400, 847_004)),
        ("retract", r#"{"username":"fang","msgid":"1"}"#.to_owned(), (400, 855_003)),
        ("retract", r#"{"username":"fang","msgid":"x"}"#.to_owned(), (400, 899_003)),
        (
            "resource-upload",
            r#"{"type":"film","filename":{"path":"a"}}"#.to_owned(),
            (400, 899_003),
        ),
        ("resource-url", r#"{"mediaId":"qiniu/image/A"}"#.to_owned(), (404, 899_003)),
        ("register-admin", r#"{"username":"ops1","password":"pas"}"#.to_owned(), (400, 899_003)),
        ("register-admin", r#"{"username":"ops1","password":"pass"}"#.to_owned(), (201, 0)),
        ("register-admin", r#"{"username":"ops1","password":"pass"}"#.to_owned(), (400, 899_001)),
        ("user-get", r#"{"username":"javen"}"#.to_owned(), (200, 0)),
        ("user-get", r#"{"username":"abc"}"#.to_owned(), (400, 899_003)),
        ("users-online", r#"["javen"]"#.to_owned(), (200, 0)),
        ("users-online", "[]".to_owned(), (400, 899_003)),
        ("group-get", r#"{"gid":"7"}"#.to_owned(), (200, 0)),
        ("group-get", r#"{"gid":"x"}"#.to_owned(), (400, 899_003)),
        ("chatroom-get", "[7,8]".to_owned(), (200, 0)),
        ("history", r#"{"scope":"all","count":5}"#.to_owned(), (400, 899_003)),
        ("history", r#"{"scope":"all","cursor":"C9"}"#.to_owned(), (400, 899_003)),
    ] {
        let mut server = Server::new();
        if wanted.1 == 899_001 {
            server.call(operation, &body);
        }
        assert_eq!(server.code(operation, &body), wanted, "{operation} {body}");
    }
}

#[test]
fn strangers_and_strange_addresses_are_turned_away() {
    let mut server = Server::new();
    let mut request = incoming("send", &message("{}"));
    "/v1/messages/".clone_into(&mut request.path);
    assert_eq!(server.ask(&request).0, 201);
    request.headers = vec![("authorization".to_owned(), "Basic YTpi".to_owned())];
    let (status, body) = server.ask(&request);
    assert_eq!((status, code(&body)), (401, 899_008));
    request.headers.clear();
    let (status, body) = server.ask(&request);
    assert_eq!((status, code(&body)), (401, 899_007));

    for (method, path, wanted) in
        [("GET", "/v1/messages", 405), ("GET", "/v3/push", 404), ("POST", "/v2/messages", 405)]
    {
        let request =
            Incoming { method: method.to_owned(), path: path.to_owned(), ..incoming("send", "{}") };
        let switches = |_: &str| None;
        let mut world = SandboxWorld {
            now_ms: 0,
            origin: ORIGIN,
            switches: &switches,
            reasons: &crate::sandbox::Reasons::default(),
            store: &mut SandboxMemory::default(),
        };
        assert_eq!(JMessage.backend().answer(&request, &mut world).status, wanted, "{path}");
    }
}

#[test]
fn a_message_is_withdrawn_once_by_its_sender_within_three_minutes() {
    let mut server = Server::new();
    let id = server.send(&message("{}"));
    let by = |name: &str, id: &str| format!(r#"{{"username":"{name}","msgid":{id}}}"#);
    assert_eq!(server.code("retract", &by("javen", &id)), (400, 855_002));
    let late = server.send(&message("{}"));
    server.now_ms += 180_000;
    // The Python client sends a body that the API does not need.
    let mut request = incoming("retract", &by("fang", &id));
    request.body = b"{\"username\"".to_vec();
    assert_eq!(server.ask(&request), (204, String::new()));
    assert_eq!(server.code("retract", &by("fang", &id)), (400, 855_004));
    server.now_ms += 1;
    assert_eq!(server.code("retract", &by("fang", &late)), (400, 855_001));
}

#[test]
fn what_was_sent_is_in_the_history_of_its_conversation_page_by_page() {
    let mut server = Server::new();
    let ids: Vec<String> = (0..3).map(|_| server.send(&message("{}"))).collect();
    let group = server.send(&message(
        r#"{"target_type":"group","target_id":"7","target_appkey":"4f7aef34fb361292c566a1cd"}"#,
    ));
    // 1700000000 is 06:13:20 in China.
    let span = r#""count":2,"begin_time":"2023-11-15 06:13:20","end_time":"2023-11-15 06:13:20""#;
    let ask = |server: &mut Server, who: &str, rest: &str| {
        let (status, body) = server.call("history", &format!("{{{who},{rest}}}"));
        assert_eq!(status, 200, "{body}");
        let messages = member(&body, "messages").expect("a list");
        let ids = messages.as_array().expect("a list").iter().map(|item| {
            let message = item.value.as_object().expect("an object");
            message.get("msgid").expect("an id").value.to_plain()
        });
        (ids.collect::<Vec<_>>(), member(&body, "cursor").map(|cursor| cursor.to_plain()))
    };
    let user = r#""scope":"user","username":"javen""#;
    let (first, cursor) = ask(&mut server, user, span);
    assert_eq!(first, ids[..2]);
    let next = format!(r#""cursor":"{}""#, cursor.expect("a second page"));
    assert_eq!(ask(&mut server, user, &next), (ids[2..].to_vec(), None));
    let of_group = r#""scope":"group","gid":"7""#;
    assert_eq!(ask(&mut server, of_group, span).0, [group.as_str()]);
    assert!(ask(&mut server, r#""scope":"chatroom","chatroomid":"7""#, span).0.is_empty());
    assert_eq!(
        ask(&mut server, r#""scope":"user","username":"fang""#, &span.replace(":2,", ":9,"))
            .0
            .len(),
        4
    );
    assert_eq!(
        server.code("history", &format!("{{{of_group},{next}}}")).0,
        400,
        "another question"
    );
    server.now_ms += 120_001;
    assert_eq!(server.code("history", &format!("{{{user},{next}}}")).0, 400, "too late");
    let (_, body) = server.call("history", &format!("{{{of_group},{span}}}"));
    let wanted = r#""msg_body":{"text":"Hi"},"target_appkey":"4f7aef34fb361292c566a1cd","create_time":1700000000"#;
    assert!(body.contains(wanted) && body.contains(r#""msg_level":1"#), "{body}");
}

#[test]
fn an_upload_answers_what_a_message_with_it_needs() {
    let mut server = Server::new();
    let upload = |kind: &str| format!(r#"{{"type":"{kind}","filename":{{"path":"a.gif"}}}}"#);
    let (status, image) = server.call("resource-upload", &upload("image"));
    assert_eq!(status, 200, "{image}");
    assert!(image.contains(r#""width":32,"height":16,"format":"gif","fsize":10"#), "{image}");
    let body = typed("image", image.trim_matches(['{', '}']));
    assert_eq!(super::plain("send", &body), [], "{body}");
    let (_, file) = server.call("resource-upload", &upload("file"));
    assert!(file.contains(r#""fname":"a.gif""#), "{file}");
    assert_eq!(super::plain("send", &typed("file", file.trim_matches(['{', '}']))), []);
    let id = member(&file, "media_id").expect("an id").to_compact();
    let (status, url) = server.call("resource-url", &format!(r#"{{"mediaId":{id}}}"#));
    assert!(status == 200 && url.starts_with(r#"{"url":"http"#), "{url}");
}

#[test]
fn the_calls_of_a_minute_are_counted() {
    let mut server = Server::new();
    for _ in 0..600 {
        assert_eq!(server.call("group-get", r#"{"gid":7}"#).0, 200);
    }
    assert_eq!(server.code("send", &message("{}")), (429, 800_017));
    server.now_ms += 60_000;
    assert_eq!(server.code("send", &message("{}")), (201, 0));
}
