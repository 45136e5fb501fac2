use base64::Engine as _;

use super::super::wire::digest;
use super::Wildfire;
use super::server::{NOW, Server, signed};
use crate::contract::Context;
use crate::document::Document;
use crate::lint::lint;
use crate::provider::Vendor as _;
use crate::wire::Method;

pub(super) const SEND: &str = "/admin/message/send";
pub(super) const HI: &str = r#"{"sender":"alice","conv":{"type":0,"target":"bob","line":0},"payload":{"type":1,"searchableContent":"hello","persistFlag":3}}"#;

#[test]
fn a_message_is_sent_fetched_and_taken_back() {
    let mut server = Server::new();
    assert_eq!(
        server.text(SEND, HI),
        r#"{"code":0,"msg":"success","result":{"messageUid":561233975322902529,"timestamp":1782353213880}}"#
    );
    let uid = "561233975322902529";
    let get = format!(r#"{{"messageUid":{uid}}}"#);
    assert_eq!(
        server.text("/admin/message/get_one", &get),
        format!(
            r#"{{"code":0,"msg":"success","result":{{"messageId":{uid},"sender":"alice","conv":{{"type":0,"target":"bob","line":0}},"payload":{{"type":1,"searchableContent":"hello","pushContent":"","pushData":"","content":"","mediaType":0,"remoteMediaUrl":"","persistFlag":3,"expireDuration":0,"mentionedType":0,"mentionedTarget":[],"extra":""}},"toUsers":[],"timestamp":1782353213880}}}}"#
        )
    );
    let recall = format!(r#"{{"operator":"alice","messageUid":{uid}}}"#);
    assert_eq!(
        server.text("/admin/message/recall", &recall),
        r#"{"code":0,"msg":"success","result":"{\"s\":\"alice\",\"ts\":1782353213880,\"t\":1,\"sc\":\"hello\",\"c\":\"\",\"e\":\"\"}"}"#
    );
    assert_eq!(
        server.text("/admin/message/recall", &recall),
        r#"{"code":0,"msg":"success","result":""}"#
    );
    let after = server.text("/admin/message/get_one", &get);
    for part in [
        r#""type":80"#,
        r#""content":"alice""#,
        r#""base64edData":"NTYxMjMzOTc1MzIyOTAyNTI5""#,
        r#""persistFlag":1"#,
        r#"{\"messageUid\":561233975322902529}"#,
    ] {
        assert!(after.contains(part), "{part} is not in {after}");
    }
}

#[test]
fn bodies_get_the_codes_of_the_server() {
    let ok = |result: &str| format!(r#"{{"code":0,"msg":"success"{result}}}"#);
    let failed = |code: u16, msg: &str| format!(r#"{{"code":{code},"msg":"{msg}"}}"#);
    let invalid = || failed(251, "Invalid parameter");
    let payload = |payload: &str| {
        format!(r#"{{"sender":"a","conv":{{"type":1,"target":"g"}},"payload":{payload}}}"#)
    };
    let long = "x".repeat(65_537);
    for (path, body, wanted) in [
        (SEND, "{}".to_owned(), invalid()),
        (SEND, String::new(), invalid()),
        (SEND, HI.replace("alice", ""), invalid()),
        (SEND, HI.replace("\"type\":0", "\"type\":7"), invalid()),
        (SEND, HI.replace("bob", ""), invalid()),
        (SEND, HI.replace("payload", "load"), invalid()),
        (
            SEND,
            payload(&format!(r#"{{"type":1,"searchableContent":"{long}"}}"#)),
            failed(35, "message too large"),
        ),
        (
            SEND,
            payload(r#"{"type":1}"#).replace("\"g\"", &format!("\"{}\"", "g".repeat(65))),
            failed(253, "not exist"),
        ),
        (
            SEND,
            payload(r#"{"type":80}"#).replace("\"sender\"", "\"isUserMessage\":true,\"sender\""),
            invalid(),
        ),
        (
            SEND,
            payload(r#"{"type":1}"#)
                .replace("\"sender\"", "\"isUserMessage\":true,\"sender\"")
                .replace("\"type\":1,\"target\"", "\"type\":2,\"target\""),
            failed(4, "server error"),
        ),
        (
            "/robot/message/send",
            payload(r#"{"type":1}"#).replace("\"type\":1,\"target\"", "\"type\":2,\"target\""),
            failed(4, "server error"),
        ),
        (
            SEND,
            payload(r#"{"type":1,"base64edData":"a-b="}"#),
            "500 java.lang.IllegalArgumentException: Illegal base64 character 2d".to_owned(),
        ),
        ("/robot/message/send", payload(r#"{"type":100}"#), invalid()),
        ("/admin/message/recall", r#"{"messageUid":7}"#.to_owned(), invalid()),
        (
            "/admin/message/recall",
            r#"{"operator":"a","messageUid":7}"#.to_owned(),
            failed(253, "not exist"),
        ),
        ("/admin/message/recall", r#"{"operator":"a"}"#.to_owned(), failed(253, "not exist")),
        (
            "/admin/message/recall",
            r#"{"operator":"a","messageUid":9223372036854775808}"#.to_owned(),
            failed(253, "not exist"),
        ),
        (
            "/admin/message/recall_multicast",
            r#"{"operator":"a","messageUid":-1,"receivers":[]}"#.to_owned(),
            failed(253, "not exist"),
        ),
        ("/robot/message/reply", r#"{"messageUid":0,"payload":{"type":1}}"#.to_owned(), invalid()),
        ("/robot/message/reply", r#"{"messageUid":7}"#.to_owned(), invalid()),
        ("/admin/message/get_one", r#"{"messageUid":0}"#.to_owned(), invalid()),
        ("/admin/message/get_one", r#"{"messageUid":"7"}"#.to_owned(), failed(253, "not exist")),
        (
            "/admin/message/multicast",
            r#"{"sender":"a","payload":{"type":1}}"#.to_owned(),
            "500 java.lang.NullPointerException".to_owned(),
        ),
        (
            "/admin/message/multicast",
            r#"{"sender":"a","targets":["b",null],"payload":{"type":1}}"#.to_owned(),
            "500 java.lang.NullPointerException".to_owned(),
        ),
        (
            "/admin/message/recall_multicast",
            r#"{"operator":"a","messageUid":7}"#.to_owned(),
            "500 java.lang.NullPointerException".to_owned(),
        ),
        (
            "/admin/conversation/delete",
            r#"{"userId":"a","conversation":{"type":1,"target":"g"}}"#.to_owned(),
            ok(""),
        ),
        ("/admin/message/clear_by_user", r#"{"userId":"a"}"#.to_owned(), invalid()),
        (
            "/admin/message/delivery",
            r#"{"userId":"nobody"}"#.to_owned(),
            ok(r#","result":{"timestamp":0}"#),
        ),
        ("/admin/message/import", r#"{"messages":[]}"#.to_owned(), ok("")),
        ("/admin/message/import", "{}".to_owned(), invalid()),
    ] {
        assert_eq!(
            Server::new().text(path, &body),
            wanted,
            "{path} {}",
            &body[..body.len().min(200)]
        );
    }
}

/// The linter and the sandbox count the same units.
#[test]
fn the_size_that_lint_refuses_is_the_one_that_the_server_refuses() {
    let send = Wildfire.contract().operation("send").expect("send");
    let bytes = |n: usize| base64::engine::general_purpose::STANDARD.encode(vec![7; n]);
    for (texts, data) in [
        (["x".repeat(65_536), String::new()], 0),
        (["x".repeat(65_536), "y".to_owned()], 0),
        (["中".repeat(65_536), String::new()], 0),
        (["😀".repeat(32_768), String::new()], 0),
        (["😀".repeat(32_768), "y".to_owned()], 0),
        (["x".to_owned(), "y".to_owned()], 65_534),
        (["x".to_owned(), "y".to_owned()], 65_535),
    ] {
        let [text, extra] = &texts;
        let data = bytes(data);
        let payload = format!(
            r#"{{"type":1,"searchableContent":"{text}","extra":"{extra}","base64edData":"{data}"}}"#
        );
        let body =
            HI.replace(r#"{"type":1,"searchableContent":"hello","persistFlag":3}"#, &payload);
        let document = Document::parse(body.as_str()).expect("JSON");
        let refused = lint(Wildfire.contract(), send, &document, &Context::default())
            .iter()
            .any(|finding| finding.rule.id == "E11");
        let answer = Server::new().text(SEND, &body);
        assert_eq!(answer.contains("\"code\":35"), refused, "{answer}");
        assert!(refused || answer.contains("\"code\":0"), "{answer}");
    }
}

#[test]
fn what_the_corpus_accepts_is_read_and_found_complete() {
    let corpus = include_str!("../../../../tests/cases/wildfire.jsonl");
    let mut accepted = 0;
    for line in corpus.lines() {
        let case = Document::parse(line).expect("a case");
        let text = |name| case.root().value.as_object().and_then(|case| case.get(name));
        let word = |name| text(name).and_then(|node| node.value.as_str()).unwrap_or_default();
        let operation = Wildfire.contract().operation(word("operation")).expect("an operation");
        if word("expect") != "accept" || operation.method != Method::Post {
            continue;
        }
        accepted += 1;
        let body = text("body").expect("a body").value.to_compact();
        let answer = Server::new().text(operation.path, &body);
        let fine = ["{\"code\":0,", "{\"code\":253,"].iter().any(|start| answer.starts_with(start));
        assert!(fine, "{}: {answer}", word("id"));
    }
    assert!(accepted > 40, "{accepted}");
}

#[test]
fn what_the_parser_cannot_read_is_an_exception_and_closes_the_connection() {
    for body in [
        r#"{"sender":"a","conv":{"type":0,"target":"b",},"payload":{"type":1}}"#,
        r#"{"sender":{},"conv":{"type":0,"target":"b"},"payload":{"type":1}}"#,
        r#"{"sender":"","conv":[],"payload":{"type":1}}"#,
        r#"{"sender":"a","conv":{"type":0,"target":"b"},"payload":{"type":"text"}}"#,
        r#"{"sender":"a","conv":{"type":0,"target":"b"},"payload":{"type":1.5}}"#,
        r#"{"sender":"a","conv":{"type":0,"target":"b"},"payload":{"type":1},"toUsers":"u"}"#,
        "[]",
    ] {
        let answer = Server::new().post(SEND, body);
        let text = String::from_utf8_lossy(&answer.body);
        let wrapped = "java.lang.RuntimeException: com.google.gson.JsonSyntaxException: ";
        assert!(text.starts_with(wrapped), "{body}: {text}");
        assert!(answer.status == 500 && answer.close, "{body}");
    }
    let lenient = "{'sender':'a',conv:{type:0,target:b}, // to\n\"payload\":{\"type\":1/* it */}}";
    assert!(Server::new().text(SEND, lenient).contains("\"code\":0"));
    let comma = lenient.replace("/* it */", ",/* it */");
    assert_eq!(Server::new().post(SEND, &comma).status, 500);
    let converted = r#"{"sender":7,"conv":{"type":"0","target":"b"},"payload":{"type":"1","persistFlag":3.0},"toUsers":null}"#;
    assert!(Server::new().text(SEND, converted).contains("\"code\":0"));
}

#[test]
fn the_door_checks_in_the_servers_order() {
    let plain = || signed(SEND, HI, NOW);
    let without = |name: &str| {
        let mut request = plain();
        request.headers.retain(|(key, _)| key != name);
        request
    };
    let renamed = |case: fn(&str) -> String| {
        let mut request = plain();
        for (key, _) in &mut request.headers {
            *key = case(key);
        }
        request
    };
    let with = |name: &str, value: &str| {
        let mut request = plain();
        for (key, old) in &mut request.headers {
            if key == name {
                *old = value.to_owned();
            }
        }
        request
    };
    let upper = digest("7", "test-secret", &NOW.to_string()).to_uppercase();
    for (request, code) in [
        (plain(), 0),
        (renamed(|key| key[..1].to_uppercase() + &key[1..]), 0),
        (renamed(str::to_uppercase), 239),
        (without("nonce"), 239),
        (without("sign"), 239),
        (with("timestamp", "now"), 239),
        (with("sign", &upper), 244),
        (with("nonce", "8"), 244),
        (signed(SEND, HI, NOW - 7_200_000), 0),
        (signed(SEND, HI, NOW - 7_200_001), 243),
        (signed(SEND, HI, NOW + 900_000_000), 0),
    ] {
        let answer = Server::new().answer(&request);
        let text = String::from_utf8(answer.body).expect("text");
        let document = Document::parse(text.as_str()).expect("JSON");
        let body = document.root().value.as_object().expect("an object");
        let found = body.get("code").and_then(|node| node.value.as_integer());
        assert_eq!((answer.status, found), (200, Some(code)), "{text}");
        assert_eq!(body.get("result").is_some(), code == 0, "{text}");
    }
}

/// Administration counts what is not signed, too; robots and channels count what could be signed.
#[test]
fn the_order_of_checks_decides_between_two_faults() {
    let changed = |path: &str, header: &str, value: Option<&str>| {
        let mut request = signed(path, "{}", NOW);
        request.headers.retain(|(key, _)| key != header);
        request.headers.extend(value.map(|value| (header.to_owned(), value.to_owned())));
        request
    };
    let nobody = "r".repeat(65);
    let fault = |path: &str, header: &str, value: Option<&str>, calls: usize| {
        let mut server = Server::new();
        for _ in 0..calls {
            server.post(path, "{}");
        }
        server.answer(&changed(path, header, value)).body
    };
    let (robot, channel, admin) =
        ("/robot/message/send", "/channel/message/send", "/admin/message/get_one");
    for (path, header, value, calls, code) in [
        (robot, "sign", None, 1000, 239),
        (robot, "timestamp", Some("soon"), 1000, 250),
        (robot, "rid", None, 1000, 239),
        (robot, "rid", Some(nobody.as_str()), 0, 253),
        (channel, "cid", Some(nobody.as_str()), 0, 236),
        (robot, "sign", Some("x"), 0, 244),
        (robot, "nonce", Some(&"7".repeat(8193)), 0, 239),
        (admin, "sign", None, 10_000, 250),
        (admin, "sign", None, 0, 239),
        (admin, "timestamp", Some("-9223372036854775808"), 0, 244),
    ] {
        let answer = String::from_utf8(fault(path, header, value, calls)).expect("text");
        assert!(answer.starts_with(&format!("{{\"code\":{code},")), "{path} {header}: {answer}");
    }
    // A robot that is not there, and a signature that is too old: the age comes first.
    let mut old = signed(robot, "{}", NOW - 7_200_001);
    old.headers
        .iter_mut()
        .filter(|(key, _)| key == "rid")
        .for_each(|(_, id)| id.clone_from(&nobody));
    assert!(String::from_utf8_lossy(&Server::new().answer(&old).body).contains("243"));
}

#[test]
fn an_unknown_path_or_edition_is_500_without_a_body_before_any_signature() {
    let cases = [
        ("POST", "/admin/message/send/", false, 500),
        ("POST", "/admin/message/Send", false, 500),
        ("GET", "/admin/message/send", false, 500),
        ("HEAD", "/anything", false, 200),
        ("POST", "/admin/message/update", true, 500),
        ("POST", "/admin/message/recall_broadcast", true, 500),
        ("POST", "/robot/message/recall", true, 500),
        ("POST", "/channel/message/recall", true, 500),
    ];
    for (method, path, community, status) in cases {
        let mut server = if community { Server::community() } else { Server::new() };
        let mut request = signed(path, "{}", 0);
        request.method = method.to_owned();
        let answer = server.answer(&request);
        assert_eq!((answer.status, answer.body.len()), (status, 0), "{method} {path}");
        let coding = answer.headers.iter().find(|(name, _)| *name == "Content-Encoding");
        assert_eq!(coding.map(|(_, value)| value.as_str()), Some("utf-8"));
    }
    assert!(Server::community().text(SEND, HI).contains("\"code\":0"));
    let mut health = signed("/admin/health", "", 0);
    (health.method, health.headers) = ("GET".to_owned(), Vec::new());
    let answer = Server::community().answer(&health);
    assert!(String::from_utf8_lossy(&answer.body).contains("\"node\":\"1\""));
    health.query = "t=1".to_owned();
    assert!(String::from_utf8_lossy(&Server::community().answer(&health).body).contains("239"));
}

#[test]
fn the_bucket_overflows_and_drains() {
    let mut server = Server::new();
    let get = r#"{"messageUid":7}"#;
    for _ in 0..1000 {
        assert!(!server.text("/robot/message/recall", get).contains("250"));
    }
    assert!(server.text("/robot/message/recall", get).contains("\"code\":250"));
    assert!(!server.text("/admin/message/get_one", get).contains("250"), "another bucket");
    server.now_ms += 10;
    assert!(!server.text("/robot/message/recall", get).contains("250"));
    assert!(server.text("/robot/message/recall", get).contains("\"code\":250"));
}

#[test]
fn what_went_to_many_is_kept_and_taken_back_as_such() {
    let mut server = Server::new();
    let multicast = r#"{"sender":"alice","targets":["a","b","a"],"payload":{"type":1,"searchableContent":"hi"}}"#;
    let uid = server.send("/admin/message/multicast", multicast);
    let get = format!(r#"{{"messageUid":{uid}}}"#);
    let shown = server.text("/admin/message/get_one", &get);
    assert!(shown.contains(r#""conv":{"type":0,"target":"alice","line":0}"#), "{shown}");
    assert!(server.text("/admin/message/delivery", r#"{"userId":"b"}"#).contains(&NOW.to_string()));
    let recall = format!(r#"{{"operator":"alice","messageUid":{uid},"receivers":["a"]}}"#);
    for _ in 0..2 {
        let answer = server.text("/admin/message/recall_multicast", &recall);
        assert_eq!(answer, r#"{"code":0,"msg":"success"}"#);
    }
    assert!(server.text("/admin/message/get_one", &get).contains(r#""type":80"#));

    let broadcast = r#"{"sender":"alice","payload":{"type":1,"searchableContent":"hi"}}"#;
    let answer = server.text("/admin/message/broadcast", broadcast);
    assert!(answer.contains(r#""count":3"#), "alice, a and b: {answer}");
    let uid = server.send("/admin/message/broadcast", broadcast);
    let recall = format!(r#"{{"operator":"alice","messageUid":{uid}}}"#);
    let answer = server.text("/admin/message/recall_broadcast", &recall);
    assert_eq!(answer, r#"{"code":0,"msg":"success"}"#);
    let answer = server.text("/admin/message/delete_broadcast", &recall);
    assert_eq!(answer, r#"{"code":0,"msg":"success"}"#);
    assert!(server.text("/admin/message/recall_broadcast", &recall).contains("253"));
}

#[test]
fn messages_are_changed_deleted_and_forgotten() {
    let mut server = Server::new();
    let uid = server.send(SEND, HI);
    let get = format!(r#"{{"messageUid":{uid}}}"#);
    let update = format!(
        r#"{{"operator":"alice","messageUid":{uid},"payload":{{"type":1,"searchableContent":"new"}},"distribute":1}}"#
    );
    assert_eq!(server.text("/admin/message/update", &update), r#"{"code":0,"msg":"success"}"#);
    assert!(server.text("/admin/message/get_one", &get).contains("\"new\""));
    assert_eq!(server.text("/admin/message/delete", &get), r#"{"code":0,"msg":"success"}"#);
    assert!(server.text("/admin/message/get_one", &get).contains("253"));

    let uid = server.send(SEND, &HI.replace("\"persistFlag\":3", "\"persistFlag\":4"));
    let get = format!(r#"{{"messageUid":{uid}}}"#);
    server.now_ms += 10_000;
    assert!(server.text("/admin/message/get_one", &get).contains("\"code\":0"));
    server.now_ms += 1;
    assert!(server.text("/admin/message/get_one", &get).contains("253"));
}

#[test]
fn uids_count_within_a_millisecond_and_begin_anew_in_the_next() {
    let mut server = Server::new();
    let uid = |server: &mut Server| server.send(SEND, HI).parse::<i64>().expect("a number");
    let (first, second) = (uid(&mut server), uid(&mut server));
    assert_eq!(second, first + 1);
    server.now_ms += 1;
    assert_eq!(uid(&mut server), first + (1 << 21));
}

#[test]
fn a_read_mark_is_that_of_its_conversation() {
    let mut server = Server::new();
    server.send(SEND, HI);
    let read = |kind: u8, target: &str| {
        format!(
            r#"{{"userId":"bob","type":{kind},"conversationType":{kind},"target":"{target}","line":0}}"#
        )
    };
    let ask = |server: &mut Server, body: String| server.text("/admin/message/conv_read", &body);
    assert!(ask(&mut server, read(0, "alice")).contains(&NOW.to_string()));
    assert!(ask(&mut server, read(0, "carol")).contains("\"timestamp\":0"));
    assert!(ask(&mut server, read(1, "alice")).contains("\"timestamp\":0"));
}

#[test]
fn robots_and_channels_act_on_their_own_messages() {
    let mut server = Server::new();
    let body =
        r#"{"conv":{"type":0,"target":"bob"},"payload":{"type":1,"searchableContent":"hi"}}"#;
    let uid = server.send("/robot/message/send", body);
    let by_uid = format!(r#"{{"messageUid":{uid}}}"#);
    assert!(server.text("/admin/message/get_one", &by_uid).contains("\"sender\":\"robot1\""));
    assert!(server.text("/channel/message/recall", &by_uid).contains("248"), "not the channel's");
    server.now_ms += 120_001;
    assert!(server.text("/robot/message/recall", &by_uid).contains("\"code\":24,"), "too late");

    let asked = server.send(
        SEND,
        &HI.replace(
            "\"type\":1,",
            "\"type\":1,\"mentionedType\":1,\"mentionedTarget\":[\"robot1\"],",
        ),
    );
    let reply =
        format!(r#"{{"messageUid":{asked},"payload":{{"type":1,"searchableContent":"yes"}}}}"#);
    let uid = server.send("/robot/message/reply", &reply);
    let shown = server.text("/admin/message/get_one", &format!(r#"{{"messageUid":{uid}}}"#));
    assert!(shown.contains(r#""conv":{"type":0,"target":"alice","line":0}"#), "{shown}");

    let uid =
        server.send("/channel/message/send", r#"{"payload":{"type":1,"searchableContent":"hi"}}"#);
    let answer = server.text("/channel/message/recall", &format!(r#"{{"messageUid":{uid}}}"#));
    assert_eq!(answer, r#"{"code":0,"msg":"success"}"#);
    let mut nobody = signed("/robot/message/send", body, server.now_ms);
    nobody.headers.retain(|(key, _)| key != "rid");
    assert!(String::from_utf8_lossy(&server.answer(&nobody).body).contains("239"));
}

#[test]
fn files_have_somewhere_to_go() {
    let mut server = Server::new();
    let ask = r#"{"fileName":"a b.jpg","mediaType":1,"contentType":"image/jpeg"}"#;
    let answer = server.text("/admin/oss/get_upload_url", ask);
    assert!(answer.contains("/upload/1/a%20b.jpg"), "{answer}");
    let mut put = signed("/upload/1/a%20b.jpg", "bytes", NOW);
    put.method = "PUT".to_owned();
    assert_eq!(server.answer(&put).status, 200);
}
