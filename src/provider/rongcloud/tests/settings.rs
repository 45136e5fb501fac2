//! Settings of users, conversations and rooms, and the queries of ultra groups.

use super::{findings, ids};
use crate::contract::Context;

/// Rules that speak, with their pointers.
fn told(operation: &str, body: &str) -> String {
    let found = findings(operation, body, &Context::default());
    let all = found.iter().map(|one| format!("{} {}", one.rule.id, one.place.pointer));
    all.collect::<Vec<_>>().join(", ")
}

#[test]
fn settings_have_the_fields_that_the_sdks_write() {
    const LEVEL: &str =
        r#"{"conversationType":10,"requestId":"u1","targetId":"g1","isMuted":1,"unpushLevel":"#;
    #[rustfmt::skip]
    let table: &[(&str, String, &str)] = &[
        ("chatroom-message-priority-add", r#"{"objectName":"RC:TxtMsg"}"#.into(), ""),
        ("chatroom-message-priority-add", r#"{"objectName":["a","b","c","d","e"]}"#.into(), ""),
        ("chatroom-message-priority-add", r#"{"objectName":["a","b","c","d","e","f"]}"#.into(), "E06 /objectName"),
        ("chatroom-message-priority-remove", "{}".into(), "E02 /objectName"),
        ("chatroom-message-priority-remove", r#"{"objectName":["a",7]}"#.into(), "E03 /objectName/1"),
        ("chatroom-message-priority-query", "{}".into(), ""),
        ("chatroom-message-stop-distribution", r#"{"chatroomId":"r1"}"#.into(), ""),
        ("chatroom-message-resume-distribution", r#"{"chatroomId":""}"#.into(), "E04 /chatroomId"),
        ("chatroom-whitelist-add", r#"{"objectnames":["RC:TxtMsg"]}"#.into(), ""),
        ("chatroom-whitelist-delete", r#"{"objectName":["RC:TxtMsg"]}"#.into(), "E02 /objectnames"),
        ("chatroom-whitelist-query", "{}".into(), ""),
        ("conversation-notification-set", format!("{LEVEL}-1}}"), ""),
        ("conversation-notification-set", format!("{LEVEL}0}}"), ""),
        ("conversation-notification-set", format!("{LEVEL}\"5\"}}"), ""),
        ("conversation-notification-set", format!("{LEVEL}3}}"), "E07 /unpushLevel"),
        ("conversation-notification-set", format!("{LEVEL}6}}"), "E07 /unpushLevel"),
        ("conversation-notification-set", r#"{"conversationType":4,"requestId":"u1","targetId":"g1","isMuted":2}"#.into(),
            "E07 /conversationType, E07 /isMuted"),
        ("conversation-notification-get", r#"{"conversationType":"3","requestId":"u1","targetId":"g1"}"#.into(), ""),
        ("conversation-notification-get", r#"{"conversationType":3,"requestId":"u1"}"#.into(), "E02 /targetId"),
        ("conversation-type-notification-set", r#"{"conversationType":6,"requestId":"u1","unpushLevel":4}"#.into(), ""),
        ("conversation-type-notification-set", r#"{"conversationType":6,"requestId":"u1"}"#.into(), "E02 /unpushLevel"),
        ("conversation-type-notification-get", r#"{"conversationType":6,"requestId":"u1"}"#.into(), ""),
        ("ultragroup-notdisturb-set", r#"{"groupId":"g1","busChannel":"c1","unpushLevel":5}"#.into(), ""),
        ("ultragroup-notdisturb-set", r#"{"groupId":"g1","unpushLevel":9}"#.into(), "E07 /unpushLevel"),
        ("ultragroup-notdisturb-get", r#"{"groupId":"g1"}"#.into(), ""),
        ("user-block-push-period-set", r#"{"userId":"u1","startTime":"22:00:00","period":600,"level":1}"#.into(), ""),
        ("user-block-push-period-set", r#"{"userId":"u1","startTime":"22:00:00"}"#.into(), "E02 /period"),
        ("user-block-push-period-get", r#"{"userId":"u1"}"#.into(), ""),
        ("user-block-push-period-delete", "{}".into(), "E02 /userId"),
        ("conversation-top-set", r#"{"userId":"u1","conversationType":1,"targetId":"u2","setTop":"true"}"#.into(), ""),
        ("conversation-top-set", r#"{"userId":"u1","conversationType":1,"targetId":"u2","setTop":"yes"}"#.into(), "E03 /setTop"),
        ("user-conversation-tag-set", r#"{"userId":"u1","tags":[{"tagId":"t1","tagName":"work"}]}"#.into(), ""),
        ("user-conversation-tag-set", r#"{"userId":"u1","tags":[{"tagId":"t1"}]}"#.into(), "E02 /tags/0/tagName"),
        ("user-conversation-tag-set", r#"{"userId":"u1","tags":[{"tagId":"12345678901","tagName":"work"}]}"#.into(),
            "E08 /tags/0/tagId"),
        ("user-conversation-tag-del", r#"{"userId":"u1","tagIds":["t1"]}"#.into(), ""),
        ("user-conversation-tag-del", r#"{"userId":"u1","tagIds":[]}"#.into(), "E06 /tagIds"),
        ("tag-conversation-set", r#"{"userId":"u1","tagId":"t1","conversations":[{"targetId":"u2","conversationType":1}]}"#.into(), ""),
        ("tag-conversation-del", r#"{"userId":"u1","tagId":"t1","conversations":[{"targetId":"u2"}]}"#.into(),
            "E02 /conversations/0/conversationType"),
        ("user-tags-get", r#"{"userIds":["u1","u2"]}"#.into(), ""),
        ("user-tags-get", format!(r#"{{"userIds":[{}]}}"#, vec!["\"u\""; 51].join(",")), "E06 /userIds"),
    ];
    for (operation, body, wanted) in table {
        assert_eq!(told(operation, body), *wanted, "{operation} {body}");
    }
}

#[test]
fn queries_of_ultra_groups_run_forwards() {
    let search = |rest: &str| format!(r#"{{"groupId":"g1","busChannel":"c1",{rest}}}"#);
    const DAY: i64 = 86_400_000;
    const START: i64 = 1_700_000_000_000;
    for (start, end, wanted) in [
        (START, START + 1, ""),
        (START, START + 14 * DAY, ""),
        (START, START + 14 * DAY + 1, "W20 /endTime"),
        (START, START, "W20 /startTime"),
        (START + 1, START, "W20 /startTime"),
        (START / 1000, START / 1000 + 1, "W26 /startTime, W26 /endTime"),
    ] {
        let body = search(&format!(r#""startTime":{start},"endTime":{end}"#));
        assert_eq!(told("ultragroup-hismsg-query", &body), wanted, "{body}");
        let backwards = format!(
            r#"{{"userId":"u1","targetId":"g1","includeStart":true,"startTime":{end},"endTime":{start}}}"#
        );
        assert!(
            !ids("history-query-ultragroup", &backwards).contains(&"W20")
                || wanted.starts_with("W20")
        );
    }
    for (rest, wanted) in [
        (
            r#""startTime":1700000000000,"endTime":1700000000001,"pageSize":100,"fromUserId":"u1""#,
            "",
        ),
        (r#""startTime":1700000000000,"endTime":1700000000001,"pageSize":0"#, "E07 /pageSize"),
        (r#""startTime":1700000000000,"endTime":1700000000001,"pageSize":101"#, "E07 /pageSize"),
        (r#""startTime":1700000000000"#, "E02 /endTime"),
    ] {
        assert_eq!(told("ultragroup-hismsg-query", &search(rest)), wanted, "{rest}");
    }
    for (rest, wanted) in [
        (r#""msgUID":"m""#, ""),
        (r#""msgUID":"m","prevNum":"0","lastNum":50"#, ""),
        (r#""msgUID":"m","prevNum":51,"lastNum":-1"#, "E07 /prevNum, E07 /lastNum"),
        (r#""messageUID":"m""#, "E02 /msgUID"),
    ] {
        assert_eq!(told("ultragroup-hismsg-msgid-query", &search(rest)), wanted, "{rest}");
    }
}
