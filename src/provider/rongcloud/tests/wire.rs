//! Signatures, requests, audiences and replies.

use super::{account, push};
use crate::account::{Account, Secret};
use crate::contract::Audience;
use crate::document::{Document, Value};
use crate::provider::rongcloud::{CONTRACT, RongCloud, wire};
use crate::provider::{Call, Vendor as _};
use crate::wire::{Reply, Show, Stamp};

#[test]
fn signatures_are_those_that_are_known() {
    for (secret, nonce, timestamp, signature) in [
        ("Y1W2MeFwwwRxa0", "14314", "1408710653000", "30be0bbca9c9b2e27578701e9fda2358a814c88f"),
        ("uwd1c0sxdlx2", "14314", "1408706337", "45beb7cc7307889a8e711219a47b7cf6a5b000e8"),
        ("Y1W2MeFwwwRxa0", "14314", "1585127132438", "d8daf4b0973a5ec456e08236acb784aa7ba77c82"),
        ("Y1W2MeFwwwRxa0", "14314", "1408710653491", "dd11a264276f438b045b3b236a2741ddc89d48df"),
        ("Y1W2MeFwwwRxa0", "14314", "1408706337", "e107e3819638b81a00383951d1d871197910ffe6"),
        ("Y1W2MeFwwwRxa0", "14314", "1408706337000", "171768c81d3ee1b48f1ac59096ae14e20d401a2e"),
        ("secret", "1", "1", "80cb0f9f28257dcb6f32b51cfe8c0c951bf066a6"),
        (
            "secret",
            "000000000000000001",
            "1700000000000",
            "8f178ca9dc77ce0e5db1f9a2ba5ef433185877c6",
        ),
        ("secret", "0.5493831234", "1700000000", "5de9bab4222b38c3e23c76aecc5be6fd0933d3de"),
        ("密钥", "14314", "1700000000000", "72a61889dc40fd5f376d8248159dd8d4952000da"),
    ] {
        assert_eq!(
            wire::digest(secret, nonce, timestamp),
            signature,
            "{secret} {nonce} {timestamp}"
        );
    }
}

fn request(operation: &str, body: &str, account: &Account) -> crate::wire::Request {
    let body = Document::parse(body).expect("JSON").into_value();
    let stamp = Stamp { timestamp: "1".to_owned(), nonce: "1".to_owned() };
    let operation = CONTRACT.operation(operation).expect("an operation");
    let call = Call { operation, body: &body, account, stamp: &stamp };
    RongCloud.request(&call).expect("a request")
}

#[test]
fn without_credentials_a_request_is_whole_but_for_them() {
    let request =
        request("token", r#"{"userId":"u 1","name":"安","portraitUri":null}"#, &Account::default());
    for (name, value) in
        [("App-Key", "***"), ("Nonce", "1"), ("Timestamp", "1"), ("Signature", "***")]
    {
        assert_eq!(request.header(name).expect(name).show(Show::Secrets), value);
    }
    assert_eq!(request.url(Show::Secrets), "https://api.rong-api.com/user/getToken.json");
    assert_eq!(request.body_text(Show::Secrets), "userId=u%201&name=%E5%AE%89");
}

#[test]
fn a_signature_is_hidden_until_secrets_are_asked_for_and_named_headers_are_hashed() {
    let mut account = account("sau");
    account.values.insert("app_key".to_owned(), "key".to_owned());
    account.secrets.insert("app_secret".to_owned(), Secret::new("secret"));
    let body =
        r#"{"userId":"u","tags":["a"],"Nonce":"000000000000000001","Timestamp":1700000000000}"#;
    let request = request("tag-set", body, &account);
    assert_eq!(request.base, "https://api.sau-light-api.com");
    let signature = request.header("signature").expect("a signature");
    assert_eq!(signature.show(Show::Redacted), "***");
    assert_eq!(signature.show(Show::Secrets), "8f178ca9dc77ce0e5db1f9a2ba5ef433185877c6");
    assert_eq!(request.body_text(Show::Secrets), r#"{"userId":"u","tags":["a"]}"#);
    assert!(!format!("{request:?}").contains("8f178ca9"), "{request:?}");
}

#[test]
fn an_unknown_data_centre_is_an_error_that_names_a_known_one() {
    let account = account("sgb");
    let body = Value::object();
    let stamp = Stamp { timestamp: "1".to_owned(), nonce: "1".to_owned() };
    let operation = CONTRACT.operation("token").expect("an operation");
    let call = Call { operation, body: &body, account: &account, stamp: &stamp };
    let error = RongCloud.request(&call).expect_err("no such data centre");
    assert_eq!(error.advice(), Some("did you mean `sg-b`?"));
}

#[test]
fn the_audience_is_read_as_the_vendor_reads_it() {
    let audience = |audience: &str| push("[]", audience, r#""x":1"#);
    for (operation, body, wanted) in [
        ("push", audience(r#"{"is_to_all":true,"userid":["u"]}"#), "everybody"),
        ("push", audience(r#"{"is_to_all":false,"userid":["u"],"tag":["t"]}"#), "user:u"),
        (
            "push",
            audience(r#"{"is_to_all":false,"packageName":"p","tag_or":["t"]}"#),
            "everybody with package:p, tag:t",
        ),
        ("push", audience(r#"{"is_to_all":false}"#), "everybody"),
        ("push", audience(r#"{"userid":["u"]}"#), "everybody"),
        ("push", audience(r#"{"is_to_all":false,"userid":[{}]}"#), "everybody"),
        (
            "push-custom",
            audience(r#"{"is_to_all":false,"tagItems":[{"tags":["a"]}]}"#),
            "everybody with tag:a",
        ),
        (
            "push-custom",
            audience(r#"{"is_to_all":false,"tagItems":[{"tags":["a"],"isNot":true}]}"#),
            "everybody",
        ),
        ("send-group", r#"{"toGroupId":"g"}"#.to_owned(), "group:g"),
        ("send-private", r#"{"toUserId":["a","a"]}"#.to_owned(), "user:a"),
        ("send-private", "{}".to_owned(), "everybody"),
        ("broadcast-online", "{}".to_owned(), "everybody"),
        ("recall", r#"{"conversationType":"10","targetId":"ug"}"#.to_owned(), "channel:ug"),
        ("recall-broadcast", "{}".to_owned(), "everybody"),
        ("tag-set", "{}".to_owned(), "everybody"),
        ("tag-set", r#"{"userId":"u","tags":[]}"#.to_owned(), "user:u"),
        ("tag-batch-set", r#"{"userIds":["u"],"tags":["t"]}"#.to_owned(), "user:u"),
        ("history-log-delete", r#"{"date":"2021010112"}"#.to_owned(), "everybody"),
        ("history-clean", r#"{"fromUserId":"u","targetId":"v"}"#.to_owned(), "user:u"),
        ("token", r#"{"userId":"u","name":"U"}"#.to_owned(), "nobody"),
    ] {
        let operation = CONTRACT.operation(operation).expect("an operation");
        let document = Document::parse(body.as_str()).expect("JSON");
        assert_eq!(
            Audience::of(operation, &document).to_string(),
            wanted,
            "{} {body}",
            operation.id
        );
    }
}

#[test]
fn a_reply_is_read_with_its_ids() {
    let read = |operation: &str, status: u16, body: &str| {
        let reply = Reply { status, headers: Vec::new(), body: body.as_bytes().to_vec() };
        RongCloud.read(CONTRACT.operation(operation).expect("an operation"), &reply)
    };
    let sent = read(
        "send-private",
        200,
        r#"{"code":200,"messageUIDs":[{"userId":"u2","messageUID":"A"},{"userId":"u3","messageUID":"B"}]}"#,
    );
    assert_eq!(sent.success, Some(true));
    let targets: Vec<_> =
        sent.targets.iter().map(|t| (t.target.as_str(), t.id.as_deref())).collect();
    assert_eq!(targets, [("u2", Some("A")), ("u3", Some("B"))]);
    assert!(sent.ids.is_empty());

    let pushed = read("push", 200, r#"{"code":"200","id":51,"messageUID":"CJ4P"}"#);
    assert_eq!(pushed.success, Some(true));
    assert_eq!(
        pushed.ids,
        [("messageUID".to_owned(), "CJ4P".to_owned()), ("id".to_owned(), "51".to_owned())]
    );

    let refused =
        read("push", 430, r#"{"code":1009,"url":"/push.json","errorMessage":"not enabled"}"#);
    assert_eq!((refused.success, refused.code.as_deref()), (Some(false), Some("1009")));
    assert_eq!(refused.message.as_deref(), Some("not enabled"));

    for (status, body, success) in [
        (502, "<html>", None),
        (200, "", None),
        (200, "[]", None),
        (200, "{}", None),
        (404, "<html>", Some(false)),
        (400, r#"{"code":1234,"errorMessage":"msgRandom repeated"}"#, Some(false)),
    ] {
        assert_eq!(read("send-private", status, body).success, success, "{status} {body}");
    }
    for (status, code, text, repeated) in [
        (400, "1234", "msgRandom repeated", true),
        (400, "1002", "msgRandom was used within the last minute", true),
        (429, "4711", "Duplicate msgrandom", true),
        (400, "4711", "msgRandom 重复", true),
        // Whatever its code, a complaint about the id is none about a repetition.
        (400, "4711", "msgRandom must be an Int64", false),
        (400, "4711", "msgRandom does not exist here and cannot be used", false),
        (400, "1002", "already sent", false),
        (200, "200", "msgRandom repeated", false),
        (500, "1000", "msgRandom repeated", false),
    ] {
        let body = format!(r#"{{"code":{code},"errorMessage":"{text}"}}"#);
        assert_eq!(read("send-private", status, &body).repeated, repeated, "{status} {body}");
    }
    let empty = read("history-log", 200, r#"{"code":200,"url":"","date":"2026070109"}"#);
    assert_eq!(empty.warnings.len(), 1);
    assert!(empty.result.is_some());
}
