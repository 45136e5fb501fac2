//! Names that official SDKs have for fields, in place of the vendors' own: lint, identification and `--set` tell the right
//! one.

use herald::contract::identify::identify;
use herald::contract::typed::{PathRoots, SetExpr, apply};
use herald::contract::{Context, Finding, Presence, Severity};
use herald::document::{Document, Value};
use herald::lint::lint;
use herald::provider;

fn findings(name: &str, text: &str) -> Vec<Finding> {
    let (vendor, operation) = provider::find_operation(name).expect("an operation");
    let document = Document::parse(text).expect("JSON");
    lint(vendor.contract(), operation, &document, &Context::default())
}

/// The operations that the keys of a payload may be for.
fn candidates(text: &str) -> Vec<String> {
    let document = Document::parse(text).expect("JSON");
    let identified = identify(&provider::contracts(), document.view());
    identified.fits().map(|named| named.to_string()).collect()
}

/// An operation, a payload, and for each error its pointer, the SDK's name and the vendor's.
type Spoken<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str, &'a str)]);

#[test]
fn payloads_in_an_sdks_words_are_recognised_and_told_the_vendors_words() {
    #[rustfmt::skip]
    let table: &[Spoken<'_>] = &[
        ("rongcloud/send-group",
            r#"{"senderId":"u1","targetId":["g1"],"objectName":"RC:TxtMsg","content":"{\"content\":\"hi\"}","isMentioned":0}"#,
            &[("/fromUserId", "senderId", "fromUserId"), ("/toGroupId", "targetId", "toGroupId")]),
        ("rongcloud/send-chatroom",
            r#"{"senderID":"u1","targetID":["r1"],"objectName":"RC:TxtMsg","content":"{\"content\":\"hi\"}"}"#,
            &[("/fromUserId", "senderID", "fromUserId"), ("/toChatroomId", "targetID", "toChatroomId")]),
        ("rongcloud/recall",
            r#"{"senderId":"u1","targetId":"u2","conversationType":1,"uId":"5FGT-7VA9","sentTime":1700000000000}"#,
            &[("/fromUserId", "senderId", "fromUserId"), ("/messageUID", "uId", "messageUID")]),
        ("rongcloud/token", r#"{"id":"u1","name":"Ann","portrait":"https://example.com/a.png"}"#,
            &[("/userId", "id", "userId")]),
        ("wildfire/send",
            r#"{"sender":"a","conversation":{"type":0,"target":"b"},"payload":{"type":1,"searchableContent":"x"}}"#,
            &[("/conv", "conversation", "conv")]),
        ("wildfire/multicast",
            r#"{"sender":"a","receivers":["b"],"payload":{"type":1,"searchableContent":"x"}}"#,
            &[("/targets", "receivers", "targets")]),
        ("jpush-v3/push",
            r#"{"platform":"all","audience":{"alias":["u1"]},"message":{"content":"c"}}"#,
            &[("/message/msg_content", "content", "msg_content")]),
        ("jpush-v3/status", r#"{"messageId":1,"registration_ids":["1a0018970a0c0d0e0f0"]}"#,
            &[("/msg_id", "messageId", "msg_id")]),
        ("jmessage/send",
            r#"{"version":1,"target_type":"single","target_id":"user1","from_type":"admin","from_id":"adm1","messageType":"text","messageBody":{"text":"x"}}"#,
            &[("/msg_type", "messageType", "msg_type"), ("/msg_body", "messageBody", "msg_body")]),
        ("jpush-v2/push",
            r#"{"sendno":1,"receiver_type":4,"mes_type":1,"msg_content":{"n_content":"x"},"platform":"android"}"#,
            &[("/msg_type", "mes_type", "msg_type")]),
        ("easemob/send-users",
            r#"{"from":"a","tos":["u1"],"msgType":"txt","body":{"msg":"x"},"extensions":{}}"#,
            &[("/to", "tos", "to"), ("/type", "msgType", "type")]),
        ("easemob/recall",
            r#"{"messageId":"1028442084794698104","to":"u1","chat_type":"chat","force":true}"#,
            &[("/msg_id", "messageId", "msg_id")]),
    ];
    for (name, text, errors) in table {
        let found = findings(name, text);
        for (pointer, sdk_name, field) in *errors {
            let error = found.iter().find(|one| one.place.pointer == *pointer);
            let help = error.and_then(|error| error.help.as_deref()).unwrap_or_default();
            assert_eq!(help, format!("`{sdk_name}` is the SDK's name: write `{field}`"), "{text}");
            let at_it =
                found.iter().find(|one| one.place.pointer.ends_with(&format!("/{sdk_name}")));
            assert!(at_it.is_none(), "{text}: told twice: {at_it:?}");
        }
        let count = found.iter().filter(|one| one.severity() == Severity::Error).count();
        assert_eq!(count, errors.len(), "{text}: {found:#?}");
        // Words that any document may have as keys, such as `id`, are not evidence for an operation.
        if *name != "rongcloud/token" {
            let candidates = candidates(text);
            assert!(candidates.iter().any(|one| one == name), "{text}: {candidates:?}");
        }
    }
}

/// What SDKs call an optional field has no error that could name it.
#[test]
fn an_optional_field_in_an_sdks_words_is_unknown_and_told_the_right_one() {
    for (name, text, pointer, help) in [
        (
            "wildfire/send",
            r#"{"sender":"a","conv":{"type":0,"conversationType":0,"target":"b"},"payload":{"type":1,"searchableContent":"x"}}"#,
            "/conv/conversationType",
            "`conversationType` is the SDK's name of `type`, which is there",
        ),
        (
            "rongcloud/token",
            r#"{"userId":"u1","name":"Ann","portrait":"https://example.com/a.png"}"#,
            "/portrait",
            "`portrait` is the SDK's name: write `portraitUri`",
        ),
        (
            "jpush-v3/push",
            r#"{"platform":"all","audience":{"aliasList":["u1"]},"notification":{"alert":"a"}}"#,
            "/audience/aliasList",
            "`aliasList` is the SDK's name: write `alias`",
        ),
    ] {
        let found = findings(name, text);
        let unknown = found.iter().find(|one| one.place.pointer == pointer);
        assert_eq!(unknown.and_then(|one| one.help.as_deref()), Some(help), "{text}: {found:#?}");
    }
}

/// Each name of each required field of each operation, alone in a payload: one error tells the field, and nothing else is
/// said about the name.
#[test]
fn every_name_of_every_required_field_is_told_once() {
    let mut tried = 0;
    for vendor in provider::ALL {
        for operation in vendor.contract().operations {
            let fields = operation.shape().map(|shape| shape.all_fields()).unwrap_or_default();
            let required = fields.iter().filter(|field| matches!(field.need, Presence::Required));
            for (field, sdk_name) in
                required.flat_map(|field| field.sdk_names.iter().map(move |name| (field, name)))
            {
                tried += 1;
                let mut body = Value::object();
                body.as_object_mut().expect("an object").set(sdk_name, "x");
                let document = Document::of(&body);
                let found = lint(vendor.contract(), operation, &document, &Context::default());
                let what = format!("{}/{}: {sdk_name}", vendor.contract().id, operation.id);
                let told = found.iter().filter(|one| {
                    let help = format!("`{sdk_name}` is the SDK's name: write `{}`", field.name);
                    one.help.as_deref() == Some(&help)
                });
                let pointers: Vec<&str> = told.map(|one| one.place.pointer.as_str()).collect();
                assert_eq!(pointers, [format!("/{}", field.name)], "{what}");
                let at_it = found.iter().find(|one| one.place.pointer == format!("/{sdk_name}"));
                assert!(at_it.is_none(), "{what}: {at_it:?}");
            }
        }
    }
    assert!(tried > 60, "only {tried} names were tried");
}

#[test]
fn a_set_in_an_sdks_words_is_told_the_vendors_words() {
    for (name, typed, help) in [
        (
            "rongcloud/send-private",
            "senderId=u1",
            "`senderId` is the SDK's name: write `fromUserId`",
        ),
        ("rongcloud/recall", "uId=5FGT", "`uId` is the SDK's name: write `messageUID`"),
        (
            "wildfire/send",
            "conv.conversationType=1",
            "`conversationType` is the SDK's name: write `conv.type`",
        ),
        (
            "jpush-v3/push",
            "message.content=c",
            "`content` is the SDK's name: write `message.msg_content`",
        ),
        ("easemob/recall", "message_id=1", "did you mean `msg_id`?"),
        ("easemob/recall", "messageId=1", "`messageId` is the SDK's name: write `msg_id`"),
    ] {
        let (_, operation) = provider::find_operation(name).expect("an operation");
        let expr = SetExpr::parse(typed).expect("a path and a value");
        let error = apply(&expr, &mut Value::object(), operation, PathRoots::Body)
            .expect_err("the vendor has no such field");
        assert_eq!(error.advice(), Some(help), "{name} {typed}");
    }
}
