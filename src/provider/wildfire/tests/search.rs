//! Which message that the server hands out is the one that was sent.

use super::super::search::{self, SEARCH};
use super::{Wildfire, json};
use crate::contract::DoubtfulMessage;
use crate::document::Value;
use crate::outcome::SentMessage;
use crate::provider::{AskedMessage, Vendor as _};

const UID: &str = "561233975322902529";

fn fits(operation: &str, app: &str, body: &str, found: &Value) -> bool {
    let sent = SentMessage {
        operation: operation.to_owned(),
        body: json(body),
        ids: Vec::new(),
        targets: Vec::new(),
        sent_ms: 0,
    };
    (SEARCH.fits)(&AskedMessage { id: UID, found, sent: &sent, app })
}

/// A message as `get-one` hands it out: every text is there, and the line and the numbers are.
fn found(sender: &str, conversation: &str, payload: &str, users: &str) -> Value {
    json(&format!(
        r#"{{"messageId":{UID},"sender":"{sender}","conv":{conversation},"payload":{payload},"toUsers":{users},"timestamp":1782353213880}}"#
    ))
}

const BOB: &str = r#"{"type":0,"target":"bob","line":0}"#;
const ALICE: &str = r#"{"type":0,"target":"alice","line":0}"#;

fn text(words: &str) -> String {
    format!(
        r#"{{"type":1,"searchableContent":"{words}","pushContent":"","pushData":"","content":"","mediaType":0,"remoteMediaUrl":"","persistFlag":3,"expireDuration":0,"mentionedType":0,"mentionedTarget":[],"extra":""}}"#
    )
}

const SERVER: &str = "http://127.0.0.1:18080";

#[test]
fn a_message_is_the_one_with_the_same_sender_conversation_and_payload() {
    let send = r#"{"sender":"alice","conv":{"type":0,"target":"bob"},"payload":{"type":1,"searchableContent":"hi","persistFlag":3}}"#;
    let many = r#"{"sender":"alice","targets":["a","b"],"payload":{"type":1,"searchableContent":"hi","persistFlag":3}}"#;
    let robot = r#"{"conv":{"type":0,"target":"bob","line":0},"payload":{"type":1,"searchableContent":"hi","persistFlag":3}}"#;
    let channel =
        r#"{"targets":["a","b"],"payload":{"type":1,"searchableContent":"hi","persistFlag":3}}"#;
    let in_channel = r#"{"type":3,"target":"c3","line":0}"#;
    let is = |operation: &str, app: &str, body: &str, found: Value, wanted: bool| {
        assert_eq!(fits(operation, app, body, &found), wanted, "{operation} {app}: {found:?}");
    };
    let hi = text("hi");
    is("send", SERVER, send, found("alice", BOB, &hi, "[]"), true);
    is("send", SERVER, send, found("anna", BOB, &hi, "[]"), false);
    is("send", SERVER, send, found("alice", ALICE, &hi, "[]"), false);
    is("send", SERVER, send, found("alice", &BOB.replace("0,", "1,"), &hi, "[]"), false);
    is("send", SERVER, send, found("alice", &BOB.replace(":0}", ":1}"), &hi, "[]"), false);
    is("send", SERVER, send, found("alice", BOB, &text("ho"), "[]"), false);
    // One for some of a group is not one for all of it.
    is("send", SERVER, send, found("alice", BOB, &hi, r#"["bob"]"#), false);
    // What was recalled, and another message that the server took the number for.
    is("send", SERVER, send, found("alice", BOB, &hi.replace(":1,", ":80,"), "[]"), false);
    let mut other = found("alice", BOB, &hi, "[]");
    other.as_object_mut().expect("an object").set("messageId", 561_233_975_322_902_592_i64);
    is("send", SERVER, send, other, false);
    for operation in ["multicast", "broadcast"] {
        is(operation, SERVER, many, found("alice", ALICE, &hi, "[]"), true);
        is(operation, SERVER, many, found("alice", BOB, &hi, "[]"), false);
    }
    is("robot-send", "r2", robot, found("r2", BOB, &hi, "[]"), true);
    is("robot-send", "r9", robot, found("r2", BOB, &hi, "[]"), false);
    // A channel's message is its owner's.
    is("channel-send", "c3", channel, found("owner", in_channel, &hi, r#"["a"]"#), true);
    is("channel-send", "c3", channel, found("owner", in_channel, &hi, r#"["z"]"#), false);
    is("channel-send", "c9", channel, found("owner", in_channel, &hi, "[]"), false);
    is("robot-reply", "r2", robot, found("r2", BOB, &hi, "[]"), false);
}

#[test]
fn what_is_left_out_of_a_payload_is_what_the_server_puts_there() {
    let sent = |payload: &str| {
        format!(
            r#"{{"sender":"alice","conv":{{"type":0,"target":"bob","line":0}},"payload":{payload}}}"#
        )
    };
    let full = r#"{"type":7,"searchableContent":"s","pushContent":"","pushData":"","content":"","base64edData":"eyJ4IjoxfQ==","mediaType":7,"remoteMediaUrl":"http://x","persistFlag":3,"expireDuration":0,"mentionedType":0,"mentionedTarget":[],"extra":""}"#;
    let base = r#""type":7,"searchableContent":"s","mediaType":7,"remoteMediaUrl":"http://x","persistFlag":3"#;
    for (payload, wanted) in [
        (format!(r#"{{{base},"base64edData":"eyJ4IjoxfQ=="}}"#), true),
        // Padding says nothing, and neither does what is null or not known to the server.
        (format!(r#"{{{base},"base64edData":"eyJ4IjoxfQ","extra":null,"own":1}}"#), true),
        // Users that are named and not mentioned are not kept.
        (format!(r#"{{{base},"base64edData":"eyJ4IjoxfQ==","mentionedTarget":["z"]}}"#), true),
        (
            format!(
                r#"{{{base},"base64edData":"eyJ4IjoxfQ==","mentionedType":1,"mentionedTarget":["z"]}}"#
            ),
            false,
        ),
        (format!(r#"{{{base},"base64edData":"eyJ4IjoyfQ=="}}"#), false),
        (format!(r#"{{{base}}}"#), false),
        (format!(r#"{{{base},"base64edData":"eyJ4IjoxfQ==","extra":"e"}}"#), false),
        (format!(r#"{{{base},"base64edData":"eyJ4IjoxfQ==","expireDuration":9}}"#), false),
    ] {
        let found = found("alice", BOB, full, "[]");
        assert_eq!(fits("send", SERVER, &sent(&payload), &found), wanted, "{payload}");
    }
}

#[test]
fn every_operation_that_sends_a_message_of_its_own_can_be_looked_up_by_the_administration_alone() {
    use super::compose::Asked;
    let check = |values: &[(&str, &str)]| (SEARCH.check)(&Asked::new(values).account);
    assert!(check(&[("robot_id", "r")]).is_err() && check(&[("channel_id", "c")]).is_err());
    check(&[]).expect("it may ask");
    let contract = Wildfire.contract();
    let mut found = Vec::new();
    for operation in contract.operations {
        let known = DoubtfulMessage { label: Some("7"), ..DoubtfulMessage::default() };
        let command = contract.check_command(operation, &known).map(|command| command.to_string());
        // What is looked for is compared with what was sent.
        assert_eq!(command.is_some(), search::is_kept(operation.id), "{}", operation.id);
        let digest = DoubtfulMessage { is_digest: true, ..known };
        assert_eq!(contract.check_command(operation, &digest), None, "{}", operation.id);
        let Some(command) = command else { continue };
        // A profile that cannot ask is not sent to do it.
        let is_form = command.ends_with(" --profile ADMINISTRATION`");
        assert_eq!(is_form, operation.host == "public", "{}: {command}", operation.id);
        found.push(operation.id);
    }
    assert_eq!(found, ["send", "multicast", "broadcast", "robot-send", "channel-send"]);
}
