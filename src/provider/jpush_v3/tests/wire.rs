//! Addresses, headers and bodies; replies.

use super::super::wire::read;
use super::super::{CONTRACT, JpushV3};
use super::{account, push, stamp, value};
use crate::account::Account;
use crate::error::Result;
use crate::outcome::Verdict;
use crate::provider::kit::wire::reading;
use crate::provider::{Call, Vendor as _};
use crate::wire::{Body, FormPart, Reply, Request, Show};

fn known() -> Account {
    account("7d431e42dfa6a6d693ac2d04", "5e987ac6d2e04d95a9d8f0d1")
}

fn request(operation: &str, body: &str, account: &Account) -> Result<Request> {
    let operation = CONTRACT.operation(operation).expect("an operation");
    let (body, stamp) = (value(body), stamp());
    JpushV3.request(&Call { operation, body: &body, account, stamp: &stamp })
}

#[test]
fn every_operation_has_its_address() {
    let (usual, mut beijing) = (known(), known());
    beijing.endpoint = Some("beijing".to_owned());
    let api = "https://api.jpush.cn";
    let report = "https://report.jpush.cn";
    let bj = "https://bjapi.push.jiguang.cn";
    for (operation, body, account, url) in [
        ("push", push("{}"), &usual, format!("POST {api}/v3/push")),
        ("push", push("{}"), &beijing, format!("POST {bj}/v3/push")),
        (
            "cid",
            r#"{"count":3,"type":"push"}"#.to_owned(),
            &usual,
            format!("GET {api}/v3/push/cid?count=3&type=push"),
        ),
        ("cid", "{}".to_owned(), &usual, format!("GET {api}/v3/push/cid")),
        (
            "recall",
            r#"{"msg_id":18100287008456021}"#.to_owned(),
            &usual,
            format!("DELETE {api}/v3/push/18100287008456021"),
        ),
        (
            "received",
            r#"{"msg_ids":["1",2]}"#.to_owned(),
            &usual,
            format!("GET {report}/v3/received?msg_ids=1,2"),
        ),
        (
            "received-detail",
            r#"{"msg_ids":["1"]}"#.to_owned(),
            &beijing,
            format!("GET {bj}/v3/report/received/detail?msg_ids=1"),
        ),
        (
            "status",
            r#"{"msg_id":1,"registration_ids":["a"]}"#.to_owned(),
            &beijing,
            format!("POST {bj}/v3/report/status/message"),
        ),
        ("file-list", "{}".to_owned(), &usual, format!("GET {api}/v3/files")),
        (
            "file-get",
            r#"{"file_id":"a/b"}"#.to_owned(),
            &usual,
            format!("GET {api}/v3/files/a%2Fb"),
        ),
        (
            "file-upload",
            r#"{"type":"alias","filename":{"name":"a.txt","content":"x"}}"#.to_owned(),
            &usual,
            format!("POST {api}/v3/files/alias"),
        ),
    ] {
        let request = request(operation, &body, account).expect("a request");
        let found = format!("{} {}", request.method.as_str(), request.url(Show::Redacted));
        assert_eq!(found, url);
        assert!(request.carries_secret, "{operation}");
        let header = request.header("authorization").expect("a header");
        assert_eq!(header.show(Show::Redacted), "Basic ***");
    }
    for (operation, body) in [
        ("recall", "{}"),
        ("file-delete", r#"{"file_id":".."}"#),
        ("file-get", r#"{"file_id":""}"#),
    ] {
        assert!(request(operation, body, &usual).is_err(), "{operation} {body}");
    }
}

#[test]
fn bodies_go_out_as_they_are_written() {
    let body =
        r#"{"platform" : "all", "options": {"override_msg_id": 18101213529672826}, "cid":null}"#;
    let request = request("push", body, &known()).expect("a request");
    assert_eq!(
        request.body_text(Show::Secrets),
        r#"{"platform":"all","options":{"override_msg_id":18101213529672826},"cid":null}"#
    );
}

#[test]
fn uploads_have_one_file_part_under_its_base_name() {
    let parts = |file: &str| {
        let body = format!(r#"{{"type":"alias","ttl":24,"filename":{file}}}"#);
        match request("file-upload", &body, &known()).map(|request| request.body) {
            Ok(Body::Multipart(parts)) => Ok(parts),
            Ok(other) => panic!("{other:?}"),
            Err(error) => Err(error),
        }
    };
    let found = parts(r#"{"path":"lists/a.txt"}"#).expect("parts");
    assert!(
        matches!(&found[0], FormPart::Field { name, value } if name == "ttl" && value.show(Show::Secrets) == "24")
    );
    assert!(
        matches!(&found[1], FormPart::File { name, file_name, .. } if name == "filename" && file_name == "a.txt")
    );
    let found = parts(r#"{"name":"/tmp/b.txt","content":"x\ny"}"#).expect("parts");
    assert!(
        matches!(&found[1], FormPart::Content { file_name, content, .. } if file_name == "b.txt" && content.show(Show::Secrets) == "x\ny")
    );
    assert!(parts(r#"{"name":"b.txt","size":3}"#).is_err());
}

#[test]
fn a_group_signs_with_its_prefix_and_nobody_with_stars() {
    let group = account("e4c938578ee598be517a2243", "71d1dc4dae126674ed386b7b");
    let header = |operation: &str, account: &Account| {
        let request = request(operation, &push("{}"), account).expect("a request");
        request.header("authorization").expect("a header").show(Show::Secrets)
    };
    let token =
        "Basic Z3JvdXAtZTRjOTM4NTc4ZWU1OThiZTUxN2EyMjQzOjcxZDFkYzRkYWUxMjY2NzRlZDM4NmI3Yg==";
    assert_eq!(header("group-push", &group), token);
    assert_eq!(header("push", &Account::default()), "Basic ***");

    let operation = CONTRACT.operation("group-push").expect("an operation");
    let (body, stamp) = (value("{}"), stamp());
    let call = Call { operation, body: &body, account: &group, stamp: &stamp };
    let signature = JpushV3.sign(&call).expect("a signature");
    let pieces: Vec<String> =
        signature.pieces.iter().map(|(_, piece)| piece.show(Show::Redacted)).collect();
    assert_eq!(pieces, ["group-e4c938578ee598be517a2243", "***"]);
    assert_eq!(signature.headers[0].1.show(Show::Secrets), token);
}

#[test]
fn replies_are_read_in_every_shape_they_come_in() {
    for (operation, status, body, success, code, id) in [
        (
            "push",
            200,
            r#"{"sendno":"18","msg_id":"18100287008456021"}"#,
            Some(true),
            None,
            Some("18100287008456021"),
        ),
        (
            "push",
            200,
            r#"{"sendno":0,"msg_id":18100287008456021}"#,
            Some(true),
            None,
            Some("18100287008456021"),
        ),
        (
            "push",
            400,
            r#"{"msg_id":2081584083,"error":{"code":1011,"message":"x"}}"#,
            Some(false),
            Some("1011"),
            Some("2081584083"),
        ),
        ("push", 503, r#"{"error":{"code":1030,"message":"x"}}"#, Some(false), Some("1030"), None),
        ("push", 502, "<html>", Some(false), None, None),
        ("push", 200, "<html>", None, None, None),
        ("push", 200, "{}", None, None, None),
        ("recall", 200, "", Some(true), None, None),
        ("recall", 204, "\r\n", Some(true), None, None),
        ("recall", 200, "{}", Some(true), None, None),
        (
            "recall",
            400,
            r#"{"error":{"code":1003,"message":"x"}}"#,
            Some(false),
            Some("1003"),
            None,
        ),
        ("recall", 500, "", Some(false), None, None),
        ("file-upload", 200, r#"{"file_id":"f"}"#, Some(true), None, None),
        ("file-list", 200, r#"{"total_count":0,"files":[]}"#, Some(true), None, None),
        ("cid", 200, r#"{"cidlist":["a-b"]}"#, Some(true), None, None),
        ("received", 200, "[]", Some(true), None, None),
        ("push", 200, "[]", None, None, None),
        ("push", 200, "[1]", None, None, None),
        (
            "received",
            401,
            r#"{"error":{"code":3001,"message":"x"}}"#,
            Some(false),
            Some("3001"),
            None,
        ),
        (
            "batch-alias",
            400,
            r#"{"error":{"code":1003,"message":"x"}}"#,
            Some(false),
            Some("1003"),
            None,
        ),
        ("batch-alias", 200, "{}", None, None, None),
    ] {
        let operation = CONTRACT.operation(operation).expect("an operation");
        let reply = Reply { status, headers: Vec::new(), body: body.as_bytes().to_vec() };
        let reading = reading(operation, &reply, read);
        assert_eq!(reading.success, success, "{status} {body}");
        assert_eq!(reading.code.as_deref(), code, "{body}");
        let found = reading.ids.iter().find(|(name, _)| name == "msg_id");
        assert_eq!(found.map(|(_, id)| id.as_str()), id, "{body}");
        assert!(reading.ids.iter().all(|(name, _)| name != "sendno"), "{body}");
    }
}

#[test]
fn groups_and_batches_tell_their_parts_apart() {
    let reading = |operation: &str, body: &str| {
        let operation = CONTRACT.operation(operation).expect("an operation");
        let reply = Reply { status: 200, headers: Vec::new(), body: body.as_bytes().to_vec() };
        reading(operation, &reply, read)
    };
    let error = r#""error":{"code":1003,"message":"x"}"#;
    let group = reading(
        "group-push",
        &format!(r#"{{"group_msgid":"g1","A":{{"msg_id":"1","sendno":"0"}},"B":{{{error}}}}}"#),
    );
    assert_eq!(group.success, Some(true));
    assert_eq!(group.ids, [("group_msgid".to_owned(), "g1".to_owned())]);
    let verdicts: Vec<Verdict> = group.targets.iter().map(|target| target.verdict).collect();
    assert_eq!(verdicts, [Verdict::Accepted, Verdict::Rejected]);
    let batch = reading("batch-alias", &format!(r#"{{"c":{{"msg_id":"1",{error}}}}}"#));
    assert_eq!(batch.targets[0].verdict, Verdict::Partial);
    let failed = reading("batch-alias", &format!(r#"{{"c":{{{error}}}}}"#));
    assert_eq!((failed.success, failed.code.as_deref()), (Some(false), Some("1003")));
}

#[test]
fn what_a_report_counts_is_handed_on_whole() {
    let operation = CONTRACT.operation("messages-detail").expect("an operation");
    for body in [
        r#"[{"msg_id":"1","details":{"notification":{"target":9,"sub_android":{"nio":{"sent":1},"tuibida":{"sent":2}},"sub_hmos":{"jg_hmos":{"sent":1}}},"inapp":{"target":3},"live_activity":{"target":4},"later":{"target":5}}}]"#,
        // Of a push before 2021-09.
        r#"[{"msg_id":"1","android":{"received":1},"ios":{"apns_sent":2},"winphone":null}]"#,
        r#"[{"msg_id":"1","details":null}]"#,
    ] {
        let reply = Reply { status: 200, body: body.as_bytes().to_vec(), ..Reply::default() };
        let reading = JpushV3.read(operation, &reply);
        assert_eq!(reading.success, Some(true), "{body}");
        assert_eq!(reading.result.map(|value| value.to_compact()).as_deref(), Some(body));
    }
}
