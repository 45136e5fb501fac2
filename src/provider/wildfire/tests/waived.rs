//! What is ignored with `--allow` hides nothing else, and what newer servers and their SDKs know.

use base64::Engine as _;

use super::lint::found;
use super::{Wildfire, account};
use crate::contract::{Context, IgnoredRules};
use crate::provider::Vendor as _;

fn errors(operation: &str, body: &str, allow: &[&str]) -> Vec<String> {
    let codes: Vec<String> = allow.iter().map(|id| format!("wildfire/{id}")).collect();
    let waived = IgnoredRules::of(&codes, &[Wildfire.contract()]).expect("rules");
    let context = Context { waived: Some(&waived), ..Context::default() };
    let hits = found(operation, body, &context).into_iter().map(|(rule, _)| rule);
    hits.filter(|rule| rule.starts_with(['E', 'T'])).collect()
}

fn send(payload: &str) -> String {
    format!(r#"{{"sender":"a","conv":{{"type":1,"target":"g"}},"payload":{payload}}}"#)
}

#[test]
fn the_size_is_measured_whatever_else_is_wrong() {
    let bytes = base64::engine::general_purpose::STANDARD.encode(vec![7; 65_537]);
    let long = "x".repeat(65_537);
    for (payload, others) in [
        (format!(r#"{{"type":1,"searchableContent":"","base64edData":"{bytes}"}}"#), &["T01"][..]),
        (format!(r#"{{"type":2,"content":"{long}","remoteMediaUrl":"https://a.b/c"}}"#), &["T02"]),
        (format!(r#"{{"type":90,"content":"","extra":"{long}"}}"#), &["T90"]),
        (format!(r#"{{"type":1000,"content":7,"extra":"{long}"}}"#), &["E03"]),
        (format!(r#"{{"type":1000,"base64edData":"!","extra":"{long}"}}"#), &["E10"]),
        (format!(r#"{{"type":1000,"persistFlag":2,"extra":"{long}"}}"#), &["E09"]),
    ] {
        let body = send(&payload);
        let mut wanted: Vec<&str> = [&["E11"], others].concat();
        wanted.sort_unstable();
        let mut hits = errors("send", &body, &[]);
        hits.sort();
        assert_eq!(hits, wanted, "{:.80}", payload);
        assert_eq!(errors("send", &body, others), ["E11"], "{:.80}", payload);
    }
}

/// The server takes digits in quotes for the number, so what follows from the number holds where the quotes are ignored.
#[test]
fn a_number_in_quotes_chooses_what_is_checked_where_it_is_waived() {
    for (payload, rest) in [
        (r#"{"type":"1","persistFlag":3}"#, "T01"),
        (r#"{"type":1000,"mentionedType":"1"}"#, "E12"),
        (r#"{"type":1000,"persistFlag":"2"}"#, "E09"),
        (r#"{"type":"14","searchableContent":"x","content":"s","persistFlag":"3"}"#, "T14"),
    ] {
        assert_eq!(errors("send", &send(payload), &["E03"]), [rest], "{payload}");
    }
    let digits = format!(r#"{{"operator":{},"messageUid":561233975322902529}}"#, "7".repeat(65));
    assert_eq!(errors("recall", &digits, &["E03"]), ["E05"]);
}

#[test]
fn ids_are_measured_in_characters_and_a_remark_counts_bytes() {
    let of = |id: &str| {
        let body = format!(r#"{{"operator":"{id}","messageUid":561233975322902529}}"#);
        found("recall", &body, &Context::default())
            .into_iter()
            .map(|(rule, _)| rule)
            .collect::<Vec<_>>()
    };
    for (character, count, rules) in [
        ("a", 64, &[][..]),
        ("a", 65, &["E05"]),
        ("中", 21, &[]),
        ("中", 22, &["W31"]),
        ("中", 64, &["W31"]),
        ("中", 65, &["E05"]),
        ("😀", 64, &["W31"]),
    ] {
        assert_eq!(of(&character.repeat(count)), rules, "{count} of {character}");
    }
    let list =
        format!(r#"{{"sender":"a","targets":["{}"],"payload":{{"type":1000}}}}"#, "中".repeat(22));
    let hits = found("multicast", &list, &Context::default());
    assert_eq!(hits, [("W31".to_owned(), "/targets/0".to_owned())]);
}

#[test]
fn a_chatroom_is_for_the_administration_alone_on_a_community_server() {
    let to = |kind: u8, rights: &str| {
        format!(
            r#"{{"sender":"a","conv":{{"type":{kind},"target":"r"}},"payload":{{"type":1000}}{rights}}}"#
        )
    };
    let robot = |kind: u8| to(kind, "").replace(r#""sender":"a","#, "");
    let pro = account(&[("edition", "pro")]);
    let pro = Context { account: Some(&pro), ..Context::default() };
    for (operation, body, context, fires) in [
        ("send", to(2, r#","isUserMessage":true"#), Context::default(), true),
        ("send", to(2, r#","isUserMessage":true"#), pro, false),
        ("send", to(2, r#","isUserMessage":false"#), Context::default(), false),
        ("send", to(2, ""), Context::default(), false),
        ("send", to(1, r#","isUserMessage":true"#), Context::default(), false),
        ("robot-send", robot(2), Context::default(), true),
        ("robot-send", robot(2), pro, false),
        ("robot-send", robot(1), Context::default(), false),
    ] {
        let hits = found(operation, &body, &context);
        let wanted = ("W30".to_owned(), "/conv/type".to_owned());
        assert_eq!(hits.contains(&wanted), fires, "{operation} {body}: {hits:?}");
    }
}

#[test]
fn a_name_that_is_ignored_to_the_harm_of_its_writer_is_a_warning_that_says_so() {
    let of = |operation: &str, body: &str| {
        let row = Wildfire.contract().operation(operation).expect("an operation");
        let document = crate::document::Document::parse(body).expect("JSON");
        let found = crate::lint::lint(Wildfire.contract(), row, &document, &Context::default());
        let said = found.into_iter().filter(|one| one.rule.id == "W01");
        said.map(|one| {
            format!("{} {} {}", one.place.pointer, one.message, one.help.unwrap_or_default())
        })
        .collect::<Vec<_>>()
        .join("; ")
    };
    let send = |member: &str| {
        format!(
            r#"{{"sender":"a","conv":{{"type":1,"target":"g"}},"payload":{{"type":1000}},{member}}}"#
        )
    };
    let clear = |member: &str| {
        format!(r#"{{"userId":"a","conversation":{{"type":1,"target":"g"}},{member}}}"#)
    };
    let broadcast =
        |member: &str| format!(r#"{{"sender":"a","payload":{{"type":1000}},{member}}}"#);
    for (operation, body, says) in [
        ("send", send(r#""userMessage":true"#), &["isUserMessage", "administration's rights"][..]),
        ("send", send(r#""userMessage":"no""#), &["isUserMessage"]),
        ("send", send(r#""userMessage":1"#), &["isUserMessage"]),
        (
            "clear-by-user",
            clear(r#""fromTime":1700000000000"#),
            &["startTime", "whole conversation"],
        ),
        ("clear-by-user", clear(r#""toTime":1700000000000"#), &["endTime", "whole conversation"]),
        ("broadcast", broadcast(r#""targets":["b"]"#), &["/targets", "*everybody*", "multicast"]),
        ("broadcast", broadcast(r#""toUsers":["b"]"#), &["/toUsers", "*everybody*"]),
    ] {
        let said = of(operation, &body);
        assert!(says.iter().all(|word| said.contains(word)), "{operation} {body}: {said}");
        assert!(!said.contains("; "), "once: {said}");
    }
    for (operation, body) in [
        ("send", send(r#""userMessage":false"#)),
        ("send", send(r#""userMessage":null"#)),
        ("send", send(r#""isMeshMessage":false"#)),
        ("clear-by-user", clear(r#""fromTime":0,"toTime":0"#)),
    ] {
        assert_eq!(of(operation, &body), "", "{operation} {body}");
    }
}
