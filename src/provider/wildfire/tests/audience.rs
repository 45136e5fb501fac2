//! The audiences of requests.

use super::Wildfire;
use crate::contract::{Audience, Reach, Target, TargetKind};
use crate::document::Document;
use crate::provider::Vendor as _;

#[test]
fn every_sending_operation_says_whom_it_reaches() {
    for operation in Wildfire.contract().operations {
        let sends = operation.effect == crate::contract::Effect::Sends;
        let silent = matches!(operation.reach, Reach::Unsaid);
        assert!(!(sends && silent), "{} reaches nobody", operation.id);
        if let Some(recall) = operation.recall.operation {
            assert!(Wildfire.contract().operation(recall).is_some(), "{recall}");
        }
    }
}

#[test]
fn the_audience_is_read_from_the_body() {
    for (operation, body, audience) in [
        ("send", r#"{"conv":{"type":0,"target":"u1"}}"#, "user:u1"),
        ("send", r#"{"conv":{"target":"u1"}}"#, "user:u1"),
        ("send", r#"{"conv":{"type":1,"target":"g1"}}"#, "group:g1"),
        ("send", r#"{"conv":{"type":2,"target":"r1"}}"#, "room:r1"),
        ("send", r#"{"conv":{"type":3,"target":"c1"}}"#, "channel:c1"),
        ("send", r#"{"conv":{"type":1,"target":"g1"},"toUsers":["u1"]}"#, "user:u1"),
        (
            "send",
            r#"{"conv":{"type":2,"target":"r1"},"toUsers":["u1"]}"#,
            "2 targets (user:u1 and 1 more)",
        ),
        ("send", r#"{"conv":{"type":7,"target":"g1"}}"#, "everybody"),
        ("send", r#"{"conv":{"type":1}}"#, "everybody"),
        ("robot-send", r#"{"conv":{"type":1,"target":"g1"}}"#, "group:g1"),
        ("multicast", r#"{"targets":["a","b","a"]}"#, "2 targets (user:a and 1 more)"),
        ("multicast", r#"{"targets":[]}"#, "nobody"),
        ("multicast", r#"{"targets":"a"}"#, "everybody"),
        ("multicast", "{}", "everybody"),
        // A user who has not fetched the message loses it, named or not.
        ("recall-multicast", r#"{"receivers":[]}"#, "everybody"),
        ("recall-multicast", r#"{"messageUid":1,"receivers":[]}"#, "user:got-1"),
        (
            "recall-multicast",
            r#"{"messageUid":1,"receivers":["a"]}"#,
            "2 targets (user:a and 1 more)",
        ),
        ("recall-multicast", r#"{"messageUid":1}"#, "everybody"),
        ("delete-multicast", r#"{"receivers":["a"]}"#, "everybody"),
        ("delete-multicast", r#"{"messageUid":2,"receivers":["a"]}"#, "everybody"),
        ("channel-republish", r#"{"targets":[]}"#, "nobody"),
        ("import", r#"{"messages":[]}"#, "nobody"),
        ("broadcast", r#"{"targets":["a"]}"#, "everybody"),
        ("channel-send", r#"{"targets":["a"]}"#, "user:a"),
        ("channel-send", r#"{"targets":[]}"#, "everybody"),
        ("channel-send", "{}", "everybody"),
        ("robot-reply", r#"{"messageUid":1}"#, "everybody"),
        (
            "import",
            r#"{"messages":[{"conversation":{"type":1,"target":"g"}},{"conversation":{"type":0,"target":"u"}}]}"#,
            "2 targets (group:g and 1 more)",
        ),
        ("clear-by-user", r#"{"userId":"u1"}"#, "everybody"),
        ("delete-conversation", r#"{"userId":"u1"}"#, "user:u1"),
        ("recall", r#"{"operator":"a","messageUid":1}"#, "user:got-1"),
        ("recall", r#"{"operator":"a","messageUid":"1"}"#, "user:got-1"),
        ("recall", r#"{"operator":"a","messageUid":2}"#, "everybody"),
        ("recall", r#"{"operator":"a"}"#, "everybody"),
        ("update", r#"{"messageUid":1,"messageUID":2}"#, "everybody"),
        ("upload-url", "{}", "nobody"),
    ] {
        let operation = Wildfire.contract().operation(operation).expect("an operation");
        let body = Document::parse(body).expect("JSON");
        let got = |id: &str| {
            let target = Target::new(TargetKind::User, format!("got-{id}"));
            (id == "1").then(|| Audience::Named(vec![target]))
        };
        let found = Audience::with_sent(operation, &body, &mut |id| got(id)).to_string();
        assert_eq!(found, audience, "{} {}", operation.id, body.text());
    }
}
