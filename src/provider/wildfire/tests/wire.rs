use super::super::wire::{Address, digest};
use super::{Wildfire, account, json, stamp};
use crate::document::Value;
use crate::provider::{Call, Vendor as _};
use crate::wire::{Reply, Show};

#[test]
fn signatures_are_the_published_ones() {
    for (nonce, secret, timestamp, sign) in [
        ("76616", "123456", "1558350862502", "b98f9b0717f59febccf1440067a7f50d9b31bdde"),
        ("1", "123456", "1558350862502", "9a9de7282206b266ab0a0130a74acf879be4b688"),
        ("000123", "test-secret", "1700000000000", "e69735c6bf1ab6250821bb0031fe989cb41232ea"),
        ("999999", "S3cr3t!", "1893456000000", "c5f5b0b79af1a966a20de97f8e3c7af881a620ce"),
        ("76616", "密钥", "1558350862502", "3ba9517743fc067e94720e35f9872fca21cb46e9"),
        ("a b", "s|k", "0", "88b2a5996551f89ecb7dd93e03160a98b0cc11c8"),
    ] {
        assert_eq!(digest(nonce, secret, timestamp), sign);
        let account = account(&[("secret", secret)]);
        let stamp = stamp(timestamp, nonce);
        let operation = Wildfire.contract().operation("send").expect("send");
        let body = Value::object();
        let call = Call { operation, body: &body, account: &account, stamp: &stamp };
        let signature = Wildfire.sign(&call).expect("a signature");
        assert_eq!(signature.value.as_deref(), Some(sign));
        let hashed: String =
            signature.pieces.iter().map(|(_, piece)| piece.show(Show::Secrets)).collect();
        assert_eq!(hashed, format!("{nonce}|{secret}|{timestamp}"));
        let shown: String =
            signature.headers.iter().map(|(_, value)| value.show(Show::Redacted)).collect();
        assert!(!shown.contains(sign) && shown.contains("***"), "{shown}");
    }
}

#[test]
fn a_timestamp_that_no_server_reads_is_not_signed() {
    let account = account(&[]);
    let body = json("{}");
    for (timestamp, fine) in [
        ("1700000000000", true),
        ("0", true),
        ("x", false),
        ("", false),
        ("1.5", false),
        ("9223372036854775808", false),
    ] {
        let call = Call {
            operation: Wildfire.contract().operation("get-one").expect("an operation"),
            body: &body,
            account: &account,
            stamp: &stamp(timestamp, "1"),
        };
        assert_eq!(Wildfire.sign(&call).is_ok(), fine, "{timestamp}");
    }
}

#[test]
fn requests_go_to_the_port_of_their_api() {
    for (endpoint, operation, url) in [
        ("http://im.example.com:18080", "send", "http://im.example.com:18080/admin/message/send"),
        ("http://im.example.com:18080/", "send", "http://im.example.com:18080/admin/message/send"),
        ("http://im.example.com:18080", "robot-send", "http://im.example.com/robot/message/send"),
        ("http://[::1]:18080", "channel-send", "http://[::1]/channel/message/send"),
        ("http://127.0.0.1:9001", "robot-send", "http://127.0.0.1:9001/robot/message/send"),
        ("https://im.example.com/wf", "send", "https://im.example.com/wf/admin/message/send"),
        ("http://im.example.com:18080", "health", "http://im.example.com:18080/admin/health"),
    ] {
        let account = account(&[("endpoint", endpoint), ("secret", "x"), ("robot_id", "r1")]);
        let operation = Wildfire.contract().operation(operation).expect("an operation");
        let (body, stamp) = (Value::object(), stamp("0", "1"));
        let call = Call { operation, body: &body, account: &account, stamp: &stamp };
        let request = Wildfire.request(&call).expect("a request");
        assert_eq!(request.url(Show::Secrets), url);
        let robot = operation.id == "robot-send";
        assert_eq!(
            request.header("rid").map(|id| id.show(Show::Secrets)),
            robot.then(|| "r1".into())
        );
        assert_eq!(request.header("sign").is_none(), operation.id == "health");
    }
}

#[test]
fn without_credentials_the_signature_is_stars() {
    let operation = Wildfire.contract().operation("send").expect("send");
    let (body, account, stamp) = (json(r#"{"sender":"a"}"#), account(&[]), stamp("0", "1"));
    let call = Call { operation, body: &body, account: &account, stamp: &stamp };
    let request = Wildfire.request(&call).expect("a request");
    assert_eq!(request.header("sign").expect("the header").show(Show::Secrets), "***");
    assert_eq!(request.body_text(Show::Secrets), r#"{"sender":"a"}"#);
}

#[test]
fn an_endpoint_that_is_no_address_is_refused() {
    for endpoint in ["im.example.com:18080", "ftp://im.example.com", "http://", "http://h:port"] {
        assert_eq!(Address::of(endpoint), None, "{endpoint}");
    }
}

fn reply(status: u16, body: &str) -> Reply {
    Reply { status, headers: Vec::new(), body: body.as_bytes().to_vec() }
}

#[test]
fn replies_say_what_became_of_it() {
    for (operation, status, body, success, code) in [
        (
            "send",
            200,
            r#"{"code":0,"msg":"success","result":{"messageUid":561233975322902529,"timestamp":1}}"#,
            Some(true),
            Some("0"),
        ),
        ("send", 200, r#"{"code":35,"msg":"message too large"}"#, Some(false), Some("35")),
        (
            "send",
            401,
            r#"{"code":244,"msg":"auth failure","result":{"code":244}}"#,
            Some(false),
            Some("244"),
        ),
        ("send", 401, "", Some(false), Some("unauthorized")),
        ("delete", 500, "", Some(false), Some("not-served")),
        (
            "send",
            500,
            "com.google.gson.JsonSyntaxException: Expected a string",
            Some(false),
            Some("exception"),
        ),
        ("send", 500, "java.lang.NullPointerException", Some(false), Some("exception")),
        (
            "robot-send",
            500,
            "java.lang.RuntimeException: com.google.gson.JsonSyntaxException: Expected a string",
            Some(false),
            Some("exception"),
        ),
        (
            "recall",
            500,
            "java.lang.RuntimeException: java.lang.RuntimeException: java.lang.NullPointerException",
            Some(false),
            Some("exception"),
        ),
        ("get-one", 500, "java.lang.RuntimeException: ", None, Some("no-code")),
        (
            "channel-send",
            500,
            "java.lang.RuntimeException: java.io.IOException",
            None,
            Some("no-code"),
        ),
        ("send", 500, "<html>oops</html>", None, Some("no-code")),
        ("send", 413, "", Some(false), Some("body-too-large")),
        ("send", 503, "<html>", Some(false), Some("gateway")),
        ("send", 404, "not found", Some(false), Some("not-this-server")),
        ("send", 429, "slow down", Some(false), None),
        ("send", 200, "", None, Some("no-code")),
        ("send", 200, r#"{"status":"healthy"}"#, None, Some("no-code")),
    ] {
        let operation = Wildfire.contract().operation(operation).expect("an operation");
        let reading = Wildfire.read(operation, &reply(status, body));
        assert_eq!(reading.success, success, "{status} {body}");
        assert_eq!(reading.code.as_deref(), code, "{status} {body}");
        if let (Some(false), Some(code)) = (success, code) {
            let known = Wildfire
                .contract()
                .errors
                .iter()
                .any(|row| row.code == code && row.http.is_none_or(|http| http == status));
            assert!(known, "no row for {code}");
        }
    }
}

#[test]
fn ids_and_results_are_taken_as_they_are_written() {
    let read = |operation: &str, result: &str| {
        let operation = Wildfire.contract().operation(operation).expect("an operation");
        let body = format!(r#"{{"code":0,"msg":"success","result":{result}}}"#);
        Wildfire.read(operation, &reply(200, &body))
    };
    let sent = read("send", r#"{"messageUid":9223372036854775807,"timestamp":1}"#);
    assert_eq!(sent.ids, [("messageUid".to_owned(), "9223372036854775807".to_owned())]);
    let rounded = read("send", r#"{"messageUid":5.61233975322902529e17,"timestamp":1}"#);
    assert_eq!((rounded.success, rounded.ids.len()), (Some(true), 0));
    assert!(rounded.warnings[0].contains("rounded"), "{:?}", rounded.warnings);
    let got = read("get-one", r#"{"messageId":561233975322902529,"sender":"alice"}"#);
    assert_eq!(got.ids, [("messageId".to_owned(), "561233975322902529".to_owned())]);
    assert!(got.result.expect("the message").to_compact().contains("alice"));
    assert_eq!(read("broadcast", r#"{"messageUid":1,"count":0}"#).warnings.len(), 1);
    assert!(read("broadcast", r#"{"messageUid":1,"count":7}"#).warnings.is_empty());
    let recalled = read("recall", r#""{\"s\":\"alice\",\"ts\":1}""#);
    assert_eq!(recalled.result.expect("the original").to_compact(), r#"{"s":"alice","ts":1}"#);
    let again = read("recall", r#""""#);
    assert!(again.result.is_none() && again.warnings.len() == 1);
}
