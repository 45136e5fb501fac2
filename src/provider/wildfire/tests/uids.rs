//! Ids of messages: 64 bits, which the server reads exactly from plain digits alone.

use super::lint::found;
use super::{Wildfire, account, json};
use crate::contract::{Context, Contract};
use crate::net::decide_for;
use crate::outcome::Verdict;
use crate::provider::{Call, Vendor as _};
use crate::wire::{Reply, Stamp};

/// Every operation with a uid, with the name that the uid has there and the other members.
const WITH_UID: [(&str, &str, &str); 15] = [
    (
        "update",
        "messageUid",
        r#""operator":"a","payload":{"type":1000,"persistFlag":1},"distribute":1"#,
    ),
    ("recall", "messageUid", r#""operator":"a""#),
    ("delete", "messageUid", ""),
    ("get-one", "messageUid", ""),
    ("recall-broadcast", "messageUid", r#""operator":"a""#),
    ("recall-multicast", "messageUid", r#""operator":"a","receivers":["b"]"#),
    ("delete-broadcast", "messageUid", r#""operator":"a""#),
    ("delete-multicast", "messageUid", r#""operator":"a","receivers":["b"]"#),
    ("robot-update", "messageUid", r#""payload":{"type":1000,"persistFlag":1},"distribute":1"#),
    ("robot-recall", "messageUid", ""),
    ("robot-reply", "messageUid", r#""payload":{"type":1000,"persistFlag":1}"#),
    ("channel-recall", "messageUid", ""),
    ("channel-republish", "messageId", r#""targets":["b"]"#),
    ("recall", "messageUid", r#""isUserRecall":false,"operator":"a""#),
    (
        "update",
        "messageUid",
        r#""operator":"a","payload":{"type":1000,"persistFlag":1},"distribute":1,"meshLocal":0"#,
    ),
];

#[test]
fn a_uid_is_plain_digits_and_looks_like_one_that_was_not_rounded() {
    #[rustfmt::skip]
    let table: &[(&str, &[&str])] = &[
        ("561233975322902529",        &[]),
        (r#""561233975322902529""#,   &["W25"]),
        ("561233975322902529.0",      &["E06"]),
        ("5.61233975322902529e17",    &["E06"]),
        ("561233975322902529E0",      &["E06"]),
        (r#""5.61233975322902529e17""#, &["E06"]),
        (r#""561233975322902529.0""#, &["E06"]),
        (r#""+561233975322902529""#,  &["E06"]),
        ("-561233975322902529",       &["E06"]),
        ("0",                         &["E06"]),
        ("9223372036854775808",       &["E06"]),
        // What `JSON.stringify(JSON.parse(id))` makes of 561233975322902529, and a multiple of 64.
        ("561233975322902500",        &["W15"]),
        (r#""561233975322902500""#,   &["W15", "W25"]),
        ("561233975322902528",        &["W15"]),
    ];
    for (operation, name, others) in WITH_UID {
        for (uid, wanted) in table {
            let comma = if others.is_empty() { "" } else { "," };
            let body = format!(r#"{{"{name}":{uid}{comma}{others}}}"#);
            let mut hits = found(operation, &body, &Context::default());
            hits.sort();
            let wanted: Vec<(String, String)> =
                wanted.iter().map(|rule| ((*rule).to_owned(), format!("/{name}"))).collect();
            assert_eq!(hits, wanted, "{operation} {body}");
        }
    }
}

#[test]
fn a_code_means_what_it_means_for_this_request() {
    let contract: &'static Contract = Wildfire.contract();
    let chatroom = r#""conv":{"type":2,"target":"r"},"payload":{"type":1}"#;
    for (operation, body, code, verdict) in [
        ("robot-send", format!("{{{chatroom}}}"), 4, Verdict::Rejected),
        (
            "send",
            format!(r#"{{"sender":"a","isUserMessage":true,{chatroom}}}"#),
            4,
            Verdict::Rejected,
        ),
        (
            "send",
            format!(r#"{{"sender":"a","isUserMessage":"true",{chatroom}}}"#),
            4,
            Verdict::Rejected,
        ),
        (
            "send",
            format!(r#"{{"sender":"a","isUserMessage":false,{chatroom}}}"#),
            4,
            Verdict::Unknown,
        ),
        (
            "robot-send",
            chatroom.replace("2", "1").replace("\"conv", "{\"conv") + "}",
            4,
            Verdict::Unknown,
        ),
        ("multicast", "{}".to_owned(), 4, Verdict::Unknown),
        ("broadcast", "{}".to_owned(), 249, Verdict::Unknown),
        ("get-one", "{}".to_owned(), 249, Verdict::Unavailable),
        ("robot-reply", "{}".to_owned(), 254, Verdict::Rejected),
        ("robot-upload-url", "{}".to_owned(), 251, Verdict::Rejected),
    ] {
        let row = contract.operation(operation).expect("an operation");
        let reply = Reply {
            status: 200,
            headers: Vec::new(),
            body: format!(r#"{{"code":{code},"msg":"x"}}"#).into_bytes(),
        };
        let value = || Some(json(&body));
        let read = |reply: &Reply| Wildfire.read(row, reply);
        let outcome = decide_for(contract, row, &value, &Ok(reply), &read);
        assert_eq!(outcome.verdict, verdict, "{operation} {body}");
    }
}

#[test]
fn credentials_are_proved_where_requests_of_the_profile_go() {
    let stamp = Stamp { timestamp: "1".to_owned(), nonce: "1".to_owned() };
    let at = ("endpoint", "http://im.example.com:18080");
    for (values, url) in [
        (vec![at], "http://im.example.com:18080/admin/message/get_one"),
        (vec![at, ("robot_id", "r")], "http://im.example.com/robot/message/send"),
        (vec![at, ("channel_id", "c")], "http://im.example.com/channel/message/send"),
    ] {
        let account = account(&values);
        let probe = Wildfire.probe(&account).expect("a probe").expect("a probe");
        let call = Call {
            operation: probe.operation,
            body: &probe.body,
            account: &account,
            stamp: &stamp,
        };
        let request = Wildfire.request(&call).expect("a request");
        assert_eq!(request.url(crate::wire::Show::Secrets), url);
        let text =
            super::server::Server::new().text(probe.operation.path, &probe.body.to_compact());
        assert!(text.contains("\"code\":251"), "{text}");
        assert_eq!(probe.proofs, ["251"]);
    }
}
