//! Every warning and hint with a payload that brings it up and one that does not.

use std::collections::BTreeSet;

use super::{CONTRACT, account, findings, json};
use crate::contract::{Context, Severity};
use crate::outcome::SentMessage;

const URL: &str = "https://a31.easemob.com/acme/demo/chatfiles/55f12940";

fn users(rest: &str) -> String {
    let comma = if rest.is_empty() { "" } else { "," };
    format!(r#"{{"from":"a","to":["u1"],"type":"txt","body":{{"msg":"hi"}}{comma}{rest}}}"#)
}

fn places(to: &str, rest: &str) -> String {
    format!(r#"{{"from":"a","to":{to},"type":"txt","body":{{"msg":"hi"}}{rest}}}"#)
}

fn typed(kind: &str, body: &str) -> String {
    format!(r#"{{"from":"a","to":["u1"],"type":"{kind}","body":{body}}}"#)
}

fn old(target: &str, msg: &str) -> String {
    format!(
        r#"{{"from":"a","target_type":"users","target":{target},"msg":{{"type":"txt","msg":"{msg}"}}}}"#
    )
}

fn broadcast(rest: &str) -> String {
    format!(r#"{{"from":"a","msg":{{"type":"txt","msg":"hi"}}{rest}}}"#)
}

fn recall(chat: &str, to: &str, force: bool) -> String {
    format!(r#"{{"msg_id":"1","to":"{to}","chat_type":"{chat}","force":{force}}}"#)
}

fn chunk(body: &str) -> String {
    format!(r#"{{"from":"a","to":"u","body":{body}}}"#)
}

fn push(rest: &str) -> String {
    format!(r#"{{"targets":["u1"],"pushMessage":{{"title":"t","content":"c"}}{rest}}}"#)
}

fn section(section: &str) -> String {
    format!(
        r#"{{"targets":["u1"],"strategy":0,"pushMessage":{{"title":"t","content":"c",{section}}}}}"#
    )
}

fn place(lat: &str, lng: &str) -> String {
    typed("loc", &format!(r#"{{"lat":{lat},"lng":{lng},"addr":"x"}}"#))
}

/// A rule, an operation, a payload that brings it up, and one that does not.
fn table() -> Vec<(&'static str, &'static str, String, String)> {
    let sized = |n: usize| users("").replace("hi", &"x".repeat(n));
    let many = |n: usize| {
        let to: Vec<String> = (0..n).map(|i| format!(r#""u{i}""#)).collect();
        places(&format!("[{}]", to.join(",")), "")
    };
    let video = |rest: &str| typed("video", &format!(r#"{{"url":"{URL}"{rest}}}"#));
    let image = |url: &str| typed("img", &format!(r#"{{"url":"{url}"}}"#));
    let ext = |ext: &str| users(&format!(r#""ext":{{{ext}}}"#));
    let command = |ext: &str| {
        format!(
            r#"{{"from":"a","to":["u1"],"type":"cmd","body":{{"action":"x"}},"ext":{{{ext}}}}}"#
        )
    };
    let token = |rest: &str| {
        format!(r#"{{"grant_type":"inherit","username":"u","autoCreateUser":true{rest}}}"#)
    };
    let client = |secret: &str| {
        format!(
            r#"{{"grant_type":"client_credentials","client_id":"c","client_secret":"{secret}"}}"#
        )
    };
    let tap = |kind: &str| {
        format!(r#"{{"title":"t","content":"c","easemob":{{"operation":{{"type":{kind}}}}}}}"#)
    };
    let edit = |rest: &str| format!(r#"{{"new_msg":{{"type":"img"}}{rest}}}"#);
    let template = |user: &str| {
        ext(&format!(r#""em_push_template":{{"directed_template":{{"target":["{user}"]}}}}"#))
    };
    let roaming = |id: &str| format!(r#"{{"username":"u","peer":"p","msgIdList":[{id}]}}"#);
    vec![
        ("EM-W01", "send-users", users(r#""messge":1"#), users("")),
        ("EM-W02", "send", old(r#"["u1"]"#, &"x".repeat(6000)), old(r#"["u1"]"#, "hi")),
        (
            "EM-W02",
            "import-users",
            format!(
                r#"{{"from":"a","target":"u","type":"txt","body":{{"msg":"{}"}}}}"#,
                "x".repeat(6000)
            ),
            r#"{"from":"a","target":"u","type":"txt","body":{"msg":"x"}}"#.into(),
        ),
        ("EM-W03", "broadcast-online", broadcast(r#","to":["vip1"]"#), broadcast("")),
        ("EM-W03", "broadcast-rooms", broadcast(r#","users":["vip1"]"#), broadcast("")),
        (
            "EM-W04",
            "send-users",
            ext(r#""em_push_content":"x""#),
            ext(r#""em_push_ext":{"content":"x"}"#),
        ),
        (
            "EM-W05",
            "send-users",
            ext(r#""em_ignore_notification":true,"em_force_notification":true"#),
            ext(r#""em_ignore_notification":false,"em_force_notification":true"#),
        ),
        (
            "EM-W06",
            "send-users",
            users(r#""routetype":"ROUTE_ONLINE","ext":{"em_apns_ext":{"em_push_title":"t"}}"#),
            users(r#""routetype":"ROUTE_ONLINE","ext":{"k":"v"}"#),
        ),
        ("EM-W07", "send-users", command(r#""em_force_notification":true"#), command(r#""k":"v""#)),
        (
            "EM-W08",
            "send-groups",
            places(r#"["1"]"#, r#","chatroom_msg_level":"high""#),
            places(r#"["1"]"#, r#","need_group_ack":true"#),
        ),
        (
            "EM-W08",
            "send-rooms",
            places(r#"["1"]"#, r#","routetype":"ROUTE_ONLINE""#),
            places(r#"["1"]"#, r#","chatroom_msg_level":"high""#),
        ),
        (
            "EM-W08",
            "send-rooms",
            places(r#"["1"]"#, r#","sync_device":true"#),
            places(r#"["1"]"#, ""),
        ),
        ("EM-W08", "send-users", users(r#""need_group_ack":true"#), users("")),
        ("EM-W08", "broadcast-online", broadcast(r#","target_type":"users""#), broadcast("")),
        ("EM-W09", "send-users", image("http://cdn.example.com/a.png"), image(URL)),
        (
            "EM-W09",
            "send-users",
            image("https://a31.easemob.com/acme/other/chatfiles/1"),
            image(URL),
        ),
        (
            "EM-W09",
            "send-users",
            image("55f12940"),
            image("http://127.0.0.1:8787/acme/demo/chatfiles/1"),
        ),
        (
            "EM-W09",
            "send-users",
            image("http://127.0.0.1.example.com/acme/demo/chatfiles/1"),
            image("http://Vendor.LocalHost.:8787/acme/demo/chatfiles/1"),
        ),
        (
            "EM-W10",
            "send-users",
            typed("audio", &format!(r#"{{"url":"{URL}","Length":3}}"#)),
            typed("audio", &format!(r#"{{"url":"{URL}","length":3}}"#)),
        ),
        (
            "EM-W10",
            "update",
            r#"{"new_msg":{"type":"image"},"new_ext":{"a":1}}"#.into(),
            edit(r#","new_ext":{"a":1}"#),
        ),
        (
            "EM-W10",
            "push-message",
            r#"{"title":"t","content":"c","sub_title":"s"}"#.into(),
            r#"{"title":"t","content":"c","subTitle":"s"}"#.into(),
        ),
        ("EM-W11", "send-users", places(r#"["u1","u1"]"#, ""), places(r#"["u1","u2"]"#, "")),
        ("EM-W12", "send-users", places(r#"["Lily"]"#, ""), places(r#"["lily"]"#, "")),
        ("EM-W13", "send-groups", places(r#"["lily"]"#, ""), places(r#"["184524748161025"]"#, "")),
        (
            "EM-W13",
            "send",
            old(r#"["lily"]"#, "hi").replace("\"users\"", "\"chatgroups\""),
            old(r#"["lily"]"#, "hi"),
        ),
        (
            "EM-W14",
            "send-users",
            place(r#""116.3""#, r#""39.9""#),
            place(r#""39.9""#, r#""116.3""#),
        ),
        ("EM-W14", "send-users", place(r#""39 N""#, r#""116.3""#), place("39.9", "116.3")),
        (
            "EM-W15",
            "send-users",
            typed("custom", r#"{"customExts":{"a":"1"}}"#),
            typed("custom", r#"{"customEvent":"e"}"#),
        ),
        ("EM-W16", "send-users", typed("txt", r#"{"msg":" "}"#), users("")),
        ("EM-W17", "send-users", users("").replace(r#""from":"a","#, ""), users("")),
        ("EM-W18", "send-users", video(""), video(&format!(r#","thumb":"{URL}""#))),
        (
            "EM-W19",
            "send-groups-targeted",
            places(r#"["1","2"]"#, r#","users":["u"]"#),
            places(r#"["1"]"#, r#","users":["u"]"#),
        ),
        ("EM-W20", "send-users", many(6001), many(600)),
        ("EM-W22", "recall", recall("groupchat", "lily", true), recall("groupchat", "123", true)),
        ("EM-W22", "recall", recall("chat", "123", true), recall("chat", "lily", true)),
        (
            "EM-W23",
            "stream-users",
            chunk(r#"{"msg":"x","seq":0,"msgId":"1"}"#),
            chunk(r#"{"msg":"x","seq":1,"msgId":"1"}"#),
        ),
        (
            "EM-W23",
            "stream-users",
            chunk(r#"{"msg":"x","seq":0,"finishReason":1}"#),
            chunk(r#"{"msg":"x","seq":0,"finish":true,"finishReason":1}"#),
        ),
        ("EM-W25", "send-users", template("Lily"), template("lily")),
        ("EM-W26", "send-users", ext(r#""order":{"id":1}"#), ext(r#""order":1,"em_other":{}"#)),
        ("EM-W27", "push-single", push(""), push(r#","strategy":3"#)),
        ("EM-W27", "push-single", push(r#","strategy":2"#), push(r#","strategy":0"#)),
        ("EM-W28", "token-user", token(r#","ttl":0"#), token(r#","ttl":3600"#)),
        ("EM-W28", "token", client("s3cret"), client("***")),
        ("EM-W29", "update", edit(""), edit(r#","new_ext":{"a":1}"#)),
        (
            "EM-W30",
            "delete-roaming",
            roaming("1028442084794698104"),
            roaming(r#""1028442084794698104""#),
        ),
        ("EM-W31", "send-users", users("").replace("hi", "use YWMtABC"), users("")),
        (
            "EM-W31",
            "send-users",
            users("").replace("hi", "id 11010519491231002X!"),
            users("").replace("hi", "no 110105194912310021"),
        ),
        ("EM-W32", "send", old("[]", "hi"), old(r#"["u1"]"#, "hi")),
        ("EM-W33", "send-users", users(r#""msg_timestamp":1"#), users("")),
        (
            "EM-W33",
            "import-users",
            r#"{"from":"a","target":"u","type":"txt","body":{"msg":"x"},"is_ack_read":true}"#
                .into(),
            r#"{"from":"a","target":"u","type":"txt","body":{"msg":"x"}}"#.into(),
        ),
        ("EM-W33", "send", old(r#"["u1"]"#, "hi"), "{}".into()),
        (
            "EM-W34",
            "push-single",
            section(r#""easemob":{"style":1}"#),
            section(r#""easemob":{"style":1,"bigTxt":"x"}"#),
        ),
        (
            "EM-W34",
            "push-single",
            section(r#""easemob":{"operation":{"type":2}}"#),
            section(r#""easemob":{"operation":{"type":2,"openAction":"x"}}"#),
        ),
        (
            "EM-W34",
            "push-single",
            section(r#""vivo":{"notifyId":0}"#),
            section(r#""vivo":{"notifyId":1}"#),
        ),
        (
            "EM-W34",
            "push-single",
            section(r#""honor":{"style":1,"bigTitle":"t"}"#),
            section(r#""honor":{"style":1,"bigTitle":"t","bigBody":"b"}"#),
        ),
        (
            "EM-W34",
            "push-single",
            section(
                r#""huawei":{"message":{"android":{"notification":{"badge":{"addNum":100}}}}}"#,
            ),
            section(r#""huawei":{"message":{"android":{"notification":{"badge":{"addNum":99}}}}}"#),
        ),
        ("EM-W35", "push-label", push("").replace(r#"["u1"]"#, r#"["a","b"]"#), push("")),
        ("EM-W36", "send-users", sized(4900), sized(4800)),
        ("EM-W38", "push-message", tap(r#""0""#), tap("0")),
    ]
}

/// Rules that need an account, a clock or the ledger, which tests of their own have.
const APART: &[&str] = &["EM-W21", "EM-W24", "EM-W37"];

fn ids(operation: &str, body: &str) -> Vec<&'static str> {
    let account = account("china-2");
    let context = Context { account: Some(&account), ..Context::default() };
    findings(operation, body, &context).iter().map(|finding| finding.rule.id).collect()
}

#[test]
fn each_soft_rule_speaks_and_is_silent() {
    let mut wrong = Vec::new();
    for (rule, operation, speaks, silent) in table() {
        if !ids(operation, &speaks).contains(&rule) {
            wrong.push(format!("{rule} is silent on {operation} {speaks:.300}"));
        }
        // The old generation as a whole is deprecated, whatever it says.
        if ids(operation, &silent).contains(&rule) && (rule, operation) != ("EM-W33", "send") {
            wrong.push(format!("{rule} speaks on {operation} {silent:.300}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_soft_rule_is_without_a_payload() {
    let mut told: BTreeSet<&str> = table().iter().map(|row| row.0).collect();
    told.extend(APART);
    let missing: Vec<&str> = CONTRACT
        .rules
        .iter()
        .filter(|rule| rule.severity != Severity::Error && !told.contains(rule.id))
        .map(|rule| rule.id)
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn what_depends_on_the_data_centre_is_said_where_it_is_known() {
    let body = users(r#""env":"prod""#);
    for (endpoint, wanted) in [
        ("", ""),
        ("china-1", ""),
        ("https://a31.easecdn.com", ""),
        ("https://im.example.com", ""),
        ("singapore-2", "EM-W24"),
        ("https://a41.easemob.com", "EM-W24"),
        ("frankfurt-1", "EM-W24 EM-W33"),
        ("https://a51.easemob.com", "EM-W24 EM-W33"),
    ] {
        let account = account(endpoint);
        let context = Context { account: Some(&account), ..Context::default() };
        let mut found: Vec<&str> =
            findings("send-users", &body, &context).iter().map(|one| one.rule.id).collect();
        found.sort_unstable();
        assert_eq!(found.join(" "), wanted, "{endpoint}");
    }
}

#[test]
fn a_recall_that_comes_too_late_or_never_works_is_told_by_the_ledger() {
    let sent = |operation: &str, body: &str, sent_ms: i64| SentMessage {
        operation: operation.to_owned(),
        body: json(body),
        ids: Vec::new(),
        targets: Vec::new(),
        sent_ms,
    };
    for (sent, force, wanted) in [
        (sent("send-users", &users(""), 1_000_000), false, None),
        (sent("send-users", &users(""), 800_000), false, Some("/force")),
        (sent("send-users", &users(""), 800_000), true, None),
        (sent("send-users", r#"{"type":"cmd"}"#, 1_000_000), true, Some("/msg_id")),
        (sent("send", r#"{"msg":{"type":"cmd"}}"#, 1_000_000), true, Some("/msg_id")),
        (sent("broadcast-all", &broadcast(""), 1_000_000), true, Some("/msg_id")),
    ] {
        let context = Context { sent: Some(&sent), now_ms: Some(1_000_000), ..Context::default() };
        let found = findings("recall", &recall("chat", "u1", force), &context);
        let found = found.iter().find(|finding| finding.rule.id == "EM-W21");
        assert_eq!(
            found.map(|finding| finding.place.pointer.as_str()),
            wanted,
            "{} {force}",
            sent.operation
        );
    }
}

#[test]
fn a_start_is_looked_at_by_the_servers_clock() {
    // 2026-01-01 08:00:00 in Beijing, midnight of UTC.
    let now = 1_767_225_600_000;
    for (endpoint, start, odd) in [
        ("china-1", "2026-01-01 09:30:00", false),
        ("china-1", "2026-01-01 08:30:00", true),
        ("china-1", "2026-02-01 09:30:00", true),
        ("china-1", "2020-01-01 00:00:00", true),
        ("singapore-1", "2026-01-01 01:30:00", false),
        ("singapore-1", "2026-01-01 00:30:00", true),
    ] {
        let account = account(endpoint);
        let context = Context { account: Some(&account), now_ms: Some(now), ..Context::default() };
        let body = push(&format!(r#","strategy":0,"startDate":"{start}""#));
        let found = findings("push-list", &body, &context);
        assert_eq!(
            found.iter().any(|finding| finding.rule.id == "EM-W37"),
            odd,
            "{endpoint} {start}"
        );
    }
}

#[test]
fn a_fault_is_told_once() {
    for (operation, body, wanted) in [
        ("send-users", typed("txt", r#""hello""#), "EM-05"),
        ("send-users", typed("combine", r#"{"what":"ever"}"#), "EM-06"),
        ("send-users", users("").replace("\"body\"", "\"msg\""), "EM-05"),
        ("send", old(r#"["u1"]"#, &"x".repeat(60_000)), "EM-30 EM-W33"),
        ("send-users", users("").replace("hi", &"x".repeat(6000)), "EM-30"),
        ("delete-roaming", r#"{"username":"u","peer":"p","groupId":"1"}"#.to_owned(), "EM-78"),
        ("delete-roaming", r#"{"username":"u","peer":"p"}"#.to_owned(), "EM-79"),
        ("delete-roaming", r#"{"username":"u","delTime":1}"#.to_owned(), "EM-79"),
        ("delete-roaming", r#"{"username":"u"}"#.to_owned(), ""),
    ] {
        let mut found = ids(operation, &body);
        found.sort_unstable();
        assert_eq!(found.join(" "), wanted, "{operation} {body:.200}");
    }
}

#[test]
fn options_of_offline_push_need_their_neighbours() {
    for (ext, pointer) in [
        (
            r#"{"em_apns_ext":{"em_push_title_loc_args":["a"]}}"#,
            "/ext/em_apns_ext/em_push_title_loc_key",
        ),
        (
            r#"{"em_android_push_ext":{"oppo_notify_level":2}}"#,
            "/ext/em_android_push_ext/oppo_category",
        ),
        (
            r#"{"em_android_push_ext":{"honor_importance":"HIGH"}}"#,
            "/ext/em_android_push_ext/honor_importance",
        ),
        (
            r#"{"em_android_push_ext":{"xiaomi_target_user_type":2}}"#,
            "/ext/em_android_push_ext/xiaomi_target_user_type",
        ),
        (r#"{"em_at_list":"all"}"#, "/ext/em_at_list"),
        (r#"{"em_at_list":["u1",""]}"#, "/ext/em_at_list/1"),
        (r#"{"em_push_ext":{"type":"video"}}"#, "/ext/em_push_ext/type"),
    ] {
        let found = findings("send-users", &users(&format!(r#""ext":{ext}"#)), &Context::default());
        let errors: Vec<(&str, &str)> =
            found.iter().map(|one| (one.rule.id, one.place.pointer.as_str())).collect();
        assert_eq!(errors, [("EM-09", pointer)], "{ext}");
    }
}

/// The errors of a payload, with their places.
fn errors(operation: &str, body: &str) -> Vec<(&'static str, String)> {
    let all = findings(operation, body, &Context::default());
    let wrong = all.into_iter().filter(|finding| finding.severity() == Severity::Error);
    wrong.map(|finding| (finding.rule.id, finding.place.pointer)).collect()
}

#[test]
fn a_later_chunk_needs_its_id_and_a_wrong_number_is_no_place() {
    let id = || vec![("EM-34", "/body/msgId".to_owned())];
    let seq = || vec![("EM-33", "/body/seq".to_owned())];
    for (body, expected) in [
        (r#"{"msg":"x","seq":1}"#, id()),
        (r#"{"msg":"x","seq":1,"msgId":null}"#, id()),
        (r#"{"msg":"x","seq":"1"}"#, seq()),
        (r#"{"msg":"x","seq":100000000000000000000}"#, seq()),
        (r#"{"msg":"x","seq":0,"msgId":null}"#, vec![]),
    ] {
        assert_eq!(errors("stream-users", &chunk(body)), expected, "{body}");
    }
}

#[test]
fn a_null_names_no_conversation_and_no_time() {
    for rest in [r#""groupId":null,"msgIdList":["1"]"#, r#""msgIdList":["1"],"delTime":null"#] {
        let body = format!(r#"{{"username":"u","peer":"a",{rest}}}"#);
        assert_eq!(errors("delete-roaming", &body), [], "{body}");
    }
    let body = r#"{"username":"u","peer":null,"msgIdList":["1"]}"#;
    assert_eq!(errors("delete-roaming", body), [("EM-79", "/msgIdList".to_owned())]);
}

#[test]
fn an_edit_holds_what_its_type_can_change() {
    for (body, expected) in [
        (r#"{"type":"img","msg":"x"}"#, vec![("EM-53", "/new_msg/msg".to_owned())]),
        (
            r#"{"type":"txt","msg":"x","customEvent":"e"}"#,
            vec![("EM-27", "/new_msg/customEvent".to_owned())],
        ),
        (r#"{"type":"loc","customExts":{}}"#, vec![("EM-28", "/new_msg/customExts".to_owned())]),
        (r#"{"type":"custom","customEvent":"e","customExts":{"a":"b"}}"#, vec![]),
        (r#"{"type":"zzz","msg":"x"}"#, vec![("EM-52", "/new_msg/type".to_owned())]),
        (r#"{"type":"image"}"#, vec![]),
    ] {
        assert_eq!(errors("update", &format!(r#"{{"new_msg":{body}}}"#)), expected, "{body}");
    }
}
