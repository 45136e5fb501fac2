//! Addresses, headers and bodies; replies.

use super::super::{CONTRACT, JMessage};
use super::{account, message, stamp, value};
use crate::error::Result;
use crate::net::decide;
use crate::outcome::Verdict;
use crate::provider::{Call, Vendor as _};
use crate::wire::{Body, FormPart, Reply, Request, Show};

fn request(operation: &str, body: &str) -> Result<Request> {
    let operation = CONTRACT.operation(operation).expect("an operation");
    let account = account("7d431e42dfa6a6d693ac2d04", "5e987ac6d2e04d95a9d8f0d1");
    let (body, stamp) = (value(body), stamp());
    JMessage.request(&Call { operation, body: &body, account: &account, stamp: &stamp })
}

#[test]
fn every_operation_has_its_address() {
    let (api, report) = ("https://api.im.jpush.cn", "https://report.im.jpush.cn");
    for (operation, body, url) in [
        ("send", message("{}"), format!("POST {api}/v1/messages")),
        (
            "retract",
            r#"{"username":"a@b.c","msgid":431}"#.to_owned(),
            format!("POST {api}/v1/messages/a@b.c/431/retract"),
        ),
        (
            "resource-upload",
            r#"{"type":"file","filename":{"name":"a","content":"x"}}"#.to_owned(),
            format!("POST {api}/v1/resource?type=file"),
        ),
        (
            "resource-url",
            r#"{"mediaId":"qiniu/image/A"}"#.to_owned(),
            format!("GET {api}/v1/resource?mediaId=qiniu%2Fimage%2FA"),
        ),
        (
            "register-admin",
            r#"{"username":"ops1","password":"pass"}"#.to_owned(),
            format!("POST {api}/v1/admins/"),
        ),
        ("user-get", r#"{"username":"a/b"}"#.to_owned(), format!("GET {api}/v1/users/a%2Fb")),
        ("users-online", r#"["a"]"#.to_owned(), format!("POST {api}/v1/users/userstat")),
        ("group-get", r#"{"gid":"7"}"#.to_owned(), format!("GET {api}/v1/groups/7")),
        ("chatroom-get", "[7]".to_owned(), format!("POST {api}/v1/chatroom/batch")),
        (
            "history",
            r#"{"scope":"all","count":1,"begin_time":"2026-01-01 00:00:00","username":"x"}"#
                .to_owned(),
            format!("GET {report}/v2/messages?count=1&begin_time=2026-01-01%2000%3A00%3A00"),
        ),
        (
            "history",
            r#"{"scope":"user","username":"fang","cursor":"C"}"#.to_owned(),
            format!("GET {report}/v2/users/fang/messages?cursor=C"),
        ),
        (
            "history",
            r#"{"scope":"group","gid":7,"cursor":"C"}"#.to_owned(),
            format!("GET {report}/v2/groups/7/messages?cursor=C"),
        ),
        (
            "history",
            r#"{"scope":"chatroom","chatroomid":7,"cursor":null}"#.to_owned(),
            format!("GET {report}/v2/chatrooms/7/messages"),
        ),
    ] {
        let request = request(operation, &body).expect("a request");
        let found = format!("{} {}", request.method.as_str(), request.url(Show::Redacted));
        assert_eq!(found, url);
        assert!(request.carries_secret, "{operation}");
        let header = request.header("authorization").expect("a header");
        assert_eq!(header.show(Show::Redacted), "Basic ***");
        let json = matches!(operation, "send" | "register-admin" | "users-online" | "chatroom-get");
        let wanted = if json { value(&body).to_compact() } else { String::new() };
        if operation != "resource-upload" {
            assert_eq!(request.body_text(Show::Secrets), wanted, "{operation}");
        }
    }
    for (operation, body) in [
        ("retract", r#"{"username":"..","msgid":"1"}"#),
        ("retract", r#"{"username":"fang"}"#),
        ("user-get", "{}"),
        ("history", r#"{"scope":"room"}"#),
        ("history", r#"{"scope":"group"}"#),
        ("protocol-message", "{}"),
    ] {
        assert!(request(operation, body).is_err(), "{operation} {body}");
    }
}

#[test]
fn uploads_have_one_file_part_under_its_base_name() {
    let parts = |file: &str| {
        let body = format!(r#"{{"type":"image","filename":{file}}}"#);
        match request("resource-upload", &body).map(|request| request.body) {
            Ok(Body::Multipart(parts)) => Ok(parts),
            Ok(other) => panic!("{other:?}"),
            Err(error) => Err(error),
        }
    };
    let found = parts(r#"{"path":"pictures/a.jpg"}"#).expect("parts");
    assert!(
        matches!(found.as_slice(), [FormPart::File { name, file_name, .. }] if name == "filename" && file_name == "a.jpg")
    );
    let found = parts(r#"{"name":"/tmp/b.jpg","content":"x"}"#).expect("parts");
    assert!(
        matches!(found.as_slice(), [FormPart::Content { file_name, content, .. }] if file_name == "b.jpg" && content.show(Show::Secrets) == "x")
    );
    assert!(parts(r#"{"name":"b.jpg","size":3}"#).is_err());
}

#[test]
fn replies_become_verdicts_and_ids_stay_exact() {
    let error = |code: u32| format!(r#"{{"error":{{"code":{code},"message":"m"}}}}"#);
    for (operation, status, body, verdict, id) in [
        (
            "send",
            201,
            r#"{"msg_id":9007199254740993,"msg_ctime":1493794522950}"#.to_owned(),
            Verdict::Accepted,
            "9007199254740993",
        ),
        ("send", 201, "{}".to_owned(), Verdict::Unknown, ""),
        ("send", 200, "[1]".to_owned(), Verdict::Unknown, ""),
        ("send", 200, String::new(), Verdict::Unknown, ""),
        ("send", 200, error(899_003), Verdict::Rejected, ""),
        ("send", 401, error(899_008), Verdict::Denied, ""),
        ("send", 401, String::new(), Verdict::Denied, ""),
        ("send", 403, error(899_016), Verdict::Denied, ""),
        ("send", 400, error(803_012), Verdict::Rejected, ""),
        ("send", 400, error(803_010), Verdict::Unavailable, ""),
        ("send", 429, String::new(), Verdict::Unavailable, ""),
        ("send", 500, error(899_000), Verdict::Unknown, ""),
        ("send", 503, "<html>".to_owned(), Verdict::Unknown, ""),
        ("send", 400, error(765_001), Verdict::Rejected, ""),
        ("retract", 204, String::new(), Verdict::Accepted, ""),
        ("retract", 400, error(855_004), Verdict::Accepted, ""),
        ("retract", 400, error(855_001), Verdict::Rejected, ""),
        (
            "resource-upload",
            200,
            r#"{"media_id":"qiniu/file/A","fsize":1}"#.to_owned(),
            Verdict::Accepted,
            "qiniu/file/A",
        ),
        ("register-admin", 201, String::new(), Verdict::Accepted, ""),
        ("register-admin", 201, format!("[{}]", error(899_001)), Verdict::Rejected, ""),
        (
            "users-online",
            200,
            r#"[{"username":"a","devices":[]}]"#.to_owned(),
            Verdict::Accepted,
            "",
        ),
        ("user-get", 404, error(899_002), Verdict::Rejected, ""),
        ("user-get", 500, error(899_000), Verdict::Unavailable, ""),
        (
            "history",
            200,
            r#"{"total":0,"count":0,"messages":[]}"#.to_owned(),
            Verdict::Accepted,
            "",
        ),
    ] {
        let row = CONTRACT.operation(operation).expect("an operation");
        let reply = Reply { status, headers: Vec::new(), body: body.clone().into_bytes() };
        let outcome = decide(&CONTRACT, row, &Ok(reply), &|reply| JMessage.read(row, reply));
        assert_eq!(outcome.verdict, verdict, "{operation} {status} {body}: {outcome:?}");
        let found = outcome.ids.first().map_or("", |(_, id)| id.as_str());
        assert_eq!(found, id, "{operation} {body}");
    }
}
