//! What the rows and rules say of payloads, what goes out and what comes back.

mod compose;
mod sandbox;
mod wire;

use super::CONTRACT;
use crate::account::Account;
use crate::contract::{Audience, Context, Severity, Target, TargetKind};
use crate::document::Document;
use crate::outcome::SentMessage;
use crate::provider::kit::testing::{self, changed, json as value, rules_are_all_drawn};
use crate::wire::Stamp;

fn account(key: &str, secret: &str) -> Account {
    testing::account(&CONTRACT, &[("app_key", key), ("master_secret", secret)])
}

fn stamp() -> Stamp {
    testing::stamp("1")
}

/// A message that has nothing to warn of, with members put over it; `null` takes one away.
fn message(changes: &str) -> String {
    changed(
        r#"{"version":1,"target_type":"single","target_id":"javen","from_type":"admin","from_id":"fang","msg_type":"text","msg_body":{"text":"Hi"}}"#,
        changes,
    )
}

/// The same as it is stored.
fn stored(changes: &str) -> String {
    changed(&message(r#"{"create_time":1446016259,"from_platform":"a"}"#), changes)
}

/// A message of a type.
fn typed(kind: &str, body: &str) -> String {
    message(&format!(r#"{{"msg_type":"{kind}","msg_body":{{{body}}}}}"#))
}

const IMAGE: &str = r#""media_id":"qiniu/image/A","media_crc32":1,"width":2,"height":3,"fsize":4"#;
const VOICE: &str = r#""media_id":"qiniu/voice/A","media_crc32":1,"fsize":4,"format":"mp3""#;
const FILE: &str = r#""media_id":"qiniu/file/A","media_crc32":1,"fsize":4,"fname":"a.mp4""#;
const PLACE: &str = r#""scale":15,"label":"x","lable":"x""#;

/// Rules and pointers of all findings.
fn found(operation: &str, body: &str, context: &Context<'_>) -> Vec<(&'static str, String)> {
    testing::found(&CONTRACT, operation, body, context)
}

fn plain(operation: &str, body: &str) -> Vec<(&'static str, String)> {
    found(operation, body, &Context::default())
}

fn is_error(rule: &str) -> bool {
    CONTRACT.rule(rule).is_some_and(|rule| rule.severity == Severity::Error)
}

#[test]
fn every_rule_is_drawn_by_a_row_or_a_check() {
    let sources = [
        include_str!("../bodies.rs"),
        include_str!("../checks.rs"),
        include_str!("../envelope.rs"),
        include_str!("../forms.rs"),
        include_str!("../mod.rs"),
        include_str!("../operations.rs"),
    ];
    rules_are_all_drawn(&CONTRACT, "JM-", &sources, &[]);
}

#[test]
fn the_documents_own_example_is_stored_without_fault() {
    let body = r#"{"version":1,"target_type":"single","target_id":"javen","target_name":"Javen Fang","from_type":"user","from_id":"fang","from_name":"Fang Javen","create_time":135432432187,"msg_type":"text","msg_body":{"text":"Hello, JPush IM!"}}"#;
    let mut found = plain("protocol-message", body);
    found.sort();
    let wanted = [("JM-W07", "/create_time"), ("JM-W17", "/from_platform")];
    assert_eq!(found, wanted.map(|(rule, place)| (rule, place.to_owned())));
}

#[test]
fn what_is_right_draws_no_remark() {
    let voice = format!(r#"{VOICE},"duration":7,"hash":"h""#);
    let video = format!(r#""video":{{{FILE}}},"duration":7.5,"thumb":{{{IMAGE},"format":"jpg"}}"#);
    for (operation, body) in [
        ("send", message("{}")),
        ("send", message(r#"{"target_type":"group","target_id":"10055201"}"#)),
        ("send", message(r#"{"target_type":"chatroom","target_id":"1"}"#)),
        ("send", message(r#"{"notification":{"title":"t","alert":"a"},"no_offline":true}"#)),
        ("send", typed("image", &format!(r#"{IMAGE},"format":"jpg","img_link":"l""#))),
        ("send", typed("voice", &voice)),
        ("send", typed("file", &format!(r#"{FILE},"extras":{{"form_name":1}}"#))),
        ("send", typed("video", &video)),
        ("send", typed("location", &format!(r#""latitude":1,"longitude":2.5,{PLACE}"#))),
        ("send", typed("custom", r#""cmd":1,"extras":"mine""#)),
        ("send", typed("custom", "")),
        (
            "protocol-message",
            stored(r#"{"msgid":1,"msg_ctime":2,"msg_level":0,"from_type":"robot"}"#),
        ),
        ("retract", r#"{"username":"fang","msgid":43143728109}"#.to_owned()),
        ("history", r#"{"scope":"room","cursor":"c"}"#.replace("room", "all")),
        ("history", r#"{"scope":"group","gid":7,"cursor":"c"}"#.to_owned()),
    ] {
        assert_eq!(plain(operation, &body), [], "{operation} {body}");
    }
}

#[test]
fn every_warning_speaks_where_it_should_and_not_beside() {
    let text = |n: usize| typed("text", &format!(r#""text":"{}""#, "x".repeat(n)));
    let image = |more: &str| typed("image", &format!(r#"{IMAGE}{more}"#));
    let voice = |more: &str| typed("voice", &format!(r#"{VOICE}{more}"#));
    let place = |where_: &str| typed("location", &format!("{where_},{PLACE}"));
    let label = |names: &str| {
        typed("location", &format!(r#""latitude":1,"longitude":2,"scale":3,{names}"#))
    };
    let crc = |crc: &str| {
        image(r#","format":"jpg""#)
            .replace(r#""media_crc32":1"#, &format!(r#""media_crc32":{crc}"#))
    };
    let video =
        |duration: &str| typed("video", &format!(r#""video":{{{FILE}}},"duration":{duration}"#));
    let upload = |name: &str, kind: &str| {
        format!(r#"{{"type":"{kind}","filename":{{"name":"{name}","size":1}}}}"#)
    };
    let admin =
        |name: &str| format!(r#"{{"username":"admin","password":"pass","nickname":"{name}"}}"#);
    let room =
        |more: &str| message(&format!(r#"{{"target_type":"chatroom","target_id":"1"{more}}}"#));
    let (send, fine) = ("send", message("{}"));
    for (rule, place, operation, loud, silent) in [
        (
            "JM-W01",
            "/from_type",
            send,
            message(r#"{"from_type":"robot"}"#),
            message(r#"{"from_type":"user"}"#),
        ),
        ("JM-W02", "/msg_type", send, typed("voice", r#""cmd":1"#), typed("custom", r#""cmd":1"#)),
        ("JM-W02", "/msg_type", send, typed("text", IMAGE), typed("text", "")),
        ("JM-W03", "/msg_body/format", send, image(""), image(r#","format":"jpg""#)),
        (
            "JM-W03",
            "/msg_body/format",
            send,
            typed("voice", r#""media_id":"a","media_crc32":1,"fsize":4,"duration":7"#),
            voice(r#","duration":7"#),
        ),
        (
            "JM-W04",
            "/msg_body/label",
            send,
            label(r#""label":"x""#),
            label(r#""label":"x","lable":"x""#),
        ),
        (
            "JM-W04",
            "/msg_body/lable",
            send,
            label(r#""lable":"x""#),
            label(r#""label":"x","lable":"x""#),
        ),
        (
            "JM-W05",
            "/notification",
            send,
            room(r#","notification":{}"#),
            message(r#"{"notification":{}}"#),
        ),
        (
            "JM-W05",
            "/no_offline",
            send,
            room(r#","no_offline":true"#),
            message(r#"{"no_offline":true}"#),
        ),
        ("JM-W05", "/no_notification", send, room(r#","no_notification":false"#), room("")),
        (
            "JM-W06",
            "/no_notification",
            send,
            message(r#"{"no_notification":true,"notification":{}}"#),
            message(r#"{"no_notification":false,"notification":{}}"#),
        ),
        (
            "JM-W07",
            "/create_time",
            "protocol-message",
            stored(r#"{"create_time":1446016259000}"#),
            stored("{}"),
        ),
        (
            "JM-W08",
            "/form_name",
            send,
            message(r#"{"form_name":"x"}"#),
            message(r#"{"from_name":"x"}"#),
        ),
        (
            "JM-W08",
            "/msg_body/txt",
            send,
            typed("text", r#""text":"a","txt":"b""#),
            typed("custom", r#""txt":"b""#),
        ),
        ("JM-W09", "/msgid", send, message(r#"{"msgid":1}"#), fine.clone()),
        ("JM-W09", "/from_appkey", send, message(r#"{"from_appkey":"k"}"#), fine.clone()),
        (
            "JM-W10",
            "/target_id",
            send,
            message(r#"{"target_id":"10055201"}"#),
            message(r#"{"target_type":"group","target_id":"10055201"}"#),
        ),
        ("JM-W11", "/target_id", send, message(r#"{"target_id":"fang"}"#), fine.clone()),
        ("JM-W12", "/msg_body/text", send, text(0), text(1)),
        ("JM-W13", "/msg_body/media_crc32", send, crc("-1516047683"), crc("4294967295")),
        ("JM-W13", "/msg_body/media_crc32", send, crc("4294967296"), crc("0")),
        (
            "JM-W14",
            "/msg_body/latitude",
            send,
            place(r#""latitude":111.2,"longitude":1"#),
            place(r#""latitude":-90,"longitude":1"#),
        ),
        (
            "JM-W14",
            "/msg_body/longitude",
            send,
            place(r#""latitude":1,"longitude":-180.5"#),
            place(r#""latitude":1,"longitude":180"#),
        ),
        (
            "JM-W14",
            "/msg_body/duration",
            send,
            voice(r#","duration":0"#),
            voice(r#","duration":86400"#),
        ),
        ("JM-W14", "/msg_body/duration", send, video("86401"), video("0.5")),
        (
            "JM-W15",
            "/msg_body/media_id",
            send,
            image(r#","format":"jpg""#).replace("qiniu/image", "qiniu/voice"),
            image(r#","format":"jpg""#),
        ),
        (
            "JM-W15",
            "/msg_body/video/media_id",
            send,
            video("1").replace("qiniu/file", "qiniu/image"),
            video("1").replace("qiniu/file", "other"),
        ),
        ("JM-W16", "/msg_body", send, text(3676), text(3675)),
        ("JM-W16", "/msg_body", send, text(4085), text(4086)),
        (
            "JM-W17",
            "/from_platform",
            "protocol-message",
            stored(r#"{"from_platform":null}"#),
            stored("{}"),
        ),
        (
            "JM-W18",
            "/filename",
            "resource-upload",
            upload("a.WebP", "image"),
            upload("a.JPG", "image"),
        ),
        (
            "JM-W18",
            "/filename",
            "resource-upload",
            upload("a.heic", "image"),
            upload("a.heic", "file"),
        ),
        ("JM-W20", "/nickname", "register-admin", admin("a\\nb"), admin("a b")),
    ] {
        let loud_ones = plain(operation, &loud);
        let wanted = (rule, place.to_owned());
        assert!(loud_ones.contains(&wanted), "{rule} at {place} not in {loud_ones:?} for {loud}");
        let silent_ones = plain(operation, &silent);
        assert!(silent_ones.iter().all(|(id, _)| *id != rule), "{rule} for {silent}");
    }
}

#[test]
fn a_late_withdrawal_is_told_where_clock_and_ledger_are_there() {
    let sent = |sent_ms| SentMessage {
        operation: "send".to_owned(),
        body: value(&message("{}")),
        ids: Vec::new(),
        targets: Vec::new(),
        sent_ms,
    };
    let body = r#"{"username":"fang","msgid":"1"}"#;
    let now = 1_700_000_000_000;
    for (sent, late) in [(sent(now - 180_001), true), (sent(now - 180_000), false)] {
        let context = Context { now_ms: Some(now), sent: Some(&sent), ..Context::default() };
        let wanted = if late { vec![("JM-W19", "/msgid".to_owned())] } else { Vec::new() };
        assert_eq!(found("retract", body, &context), wanted);
    }
    assert_eq!(plain("retract", body), []);
}

#[test]
fn each_error_is_told_once_and_at_its_place() {
    let label = |names: &str| {
        typed("location", &format!(r#""latitude":1,"longitude":2,"scale":3,{names}"#))
    };
    let history = |rest: &str| format!(r#"{{"scope":"all","count":1,{rest}}}"#);
    for (operation, body, rule, place) in [
        ("send", message(r#"{"version":2}"#), "JM-01", "/version"),
        ("send", message(r#"{"target_type":"tag","target_id":"!"}"#), "JM-02", "/target_type"),
        ("send", message(r#"{"from_type":""}"#), "JM-04", "/from_type"),
        ("send", message(r#"{"msg_type":"sms","msg_body":{"text":1}}"#), "JM-06", "/msg_type"),
        ("send", message(r#"{"msg_type":null,"msg_body":{"a":1}}"#), "JM-06", "/msg_type"),
        ("send", message(r#"{"target_appkey":"short"}"#), "JM-17", "/target_appkey"),
        ("send", message(r#"{"notification":{"title":1}}"#), "JM-19", "/notification/title"),
        ("send", label(r#""label":1"#), "JM-15", "/msg_body/label"),
        ("send", label(r#""label":"x","lable":1"#), "JM-15", "/msg_body/lable"),
        ("send", typed("video", r#""video":"x","duration":1"#), "JM-14", "/msg_body/video"),
        ("protocol-message", stored(r#"{"from_appkey":7}"#), "JM-17", "/from_appkey"),
        ("retract", r#"{"username":"fang","msgid":-1}"#.to_owned(), "JM-31", "/msgid"),
        ("resource-url", r#"{"mediaId":""}"#.to_owned(), "JM-34", "/mediaId"),
        ("users-online", "[]".to_owned(), "JM-37", ""),
        ("users-online", "{}".to_owned(), "JM-37", ""),
        ("chatroom-get", "[]".to_owned(), "JM-39", ""),
        (
            "history",
            history(r#""begin_time":"2026-02-30 00:00:00","end_time":"2026-03-01 00:00:00""#),
            "JM-41",
            "/begin_time",
        ),
        ("history", r#"{"scope":"all","cursor":5}"#.to_owned(), "JM-40", "/cursor"),
        ("history", r#"{"scope":"chatroom","cursor":"c"}"#.to_owned(), "JM-43", "/chatroomid"),
    ] {
        let errors: Vec<_> =
            plain(operation, &body).into_iter().filter(|(rule, _)| is_error(rule)).collect();
        assert_eq!(errors, [(rule, place.to_owned())], "{operation} {body}");
    }
    let size = |kind: &str| {
        let body = message(&format!(
            r#"{{"msg_type":"custom","msg_body":{{"a":"{}"}}{kind}}}"#,
            "字".repeat(1400)
        ));
        plain("send", &body)
    };
    assert_eq!(size(""), [("JM-08", "/msg_body".to_owned())]);
}

#[test]
fn a_time_of_a_history_has_its_exact_form() {
    let page = |time: &str| {
        format!(
            r#"{{"scope":"all","count":1,"begin_time":"{time}","end_time":"2026-01-01 02:00:00"}}"#
        )
    };
    assert_eq!(plain("history", &page("2026-01-01 01:00:00")), []);
    for time in [
        "2026-01-01 00:00:60",
        "+026-01-01 00:00:00",
        "2026-01-01  1:00:00",
        " 2026-1-01 00:00:00",
        "2026-02-30 00:00:00",
    ] {
        assert_eq!(plain("history", &page(time)), [("JM-41", "/begin_time".to_owned())], "{time}");
    }
}

#[test]
fn a_message_reaches_its_target_and_what_cannot_be_read_everybody() {
    let audience = |body: &str| {
        let operation = CONTRACT.operation("send").expect("a row");
        Audience::of(operation, &Document::parse(body).expect("JSON"))
    };
    let named = |kind| Audience::Named(vec![Target::new(kind, "7777")]);
    for (word, wanted) in [
        ("single", named(TargetKind::User)),
        ("group", named(TargetKind::Group)),
        ("chatroom", named(TargetKind::Room)),
        ("all", Audience::Everybody),
    ] {
        let body = format!(r#"{{"target_type":"{word}","target_id":"7777"}}"#);
        assert_eq!(audience(&body), wanted);
    }
    for body in ["{}", r#"{"target_type":"single"}"#, r#"{"target_type":"single","target_id":""}"#]
    {
        assert_eq!(audience(body), Audience::Everybody, "{body}");
    }
}
