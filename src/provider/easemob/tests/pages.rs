//! Fields, sections and generations as the vendor's pages have them.

use super::findings;
use crate::contract::{Context, Finding};

/// Rule, place and help of each finding but the hints about a sender and an old generation.
fn told(operation: &str, body: &str) -> Vec<String> {
    let all = findings(operation, body, &Context::default());
    let quiet = |finding: &&Finding| !["EM-W17", "EM-W33", "EM-W27"].contains(&finding.rule.id);
    let say = |finding: &Finding| {
        let help = finding.help.as_deref().unwrap_or_default();
        format!("{} {}: {help}", finding.rule.id, finding.place.pointer)
    };
    all.iter().filter(quiet).map(say).collect()
}

/// Each finding begins with what is due; there are no others.
fn check(operation: &str, body: &str, due: &[&str]) {
    let found = told(operation, body);
    let fits = found.len() == due.len()
        && found.iter().zip(due).all(|(found, due)| found.starts_with(due));
    assert!(fits, "{operation} {body}: {found:#?}, not {due:#?}");
}

#[test]
fn members_of_the_other_generation_are_told_once_at_what_is_missing() {
    let old = r#"{"from":"a","target":["u"],"msg":{"type":"txt","msg":"x"}}"#;
    let current = r#"{"from":"a","to":["1"],"type":"txt","body":{"msg":"x"}}"#;
    let renamed: [&str; 3] = [
        "EM-03 /to: `target` is there; did you mean `to`?",
        "EM-05 /body: `msg` is there: take `type` out of it, and call the rest `body`.",
        "EM-06 /type: `msg` holds it",
    ];
    for operation in ["send-users", "send-groups", "send-rooms"] {
        check(operation, old, &renamed);
        let with_kind = old.replace("\"msg\":{", "\"target_type\":\"users\",\"msg\":{");
        let mut due = renamed.to_vec();
        due.push("EM-W01 /target_type: ");
        check(operation, &with_kind, &due);
    }
    check(
        "send",
        current,
        &[
            "EM-01 /target_type: ",
            "EM-02 /target: `to` is there; did you mean `target`?",
            "EM-05 /msg: `body` is there: call it `msg`, and put `type` into it.",
        ],
    );
    let everybody = current.replace(r#""to":["1"],"#, "");
    let at_msg = "EM-05 /msg: `body` is there: call it `msg`";
    for operation in ["broadcast-online", "broadcast-rooms"] {
        check(operation, &everybody, &[at_msg]);
        // Receivers are still shouted at: they change who gets it.
        check(operation, current, &[at_msg, "EM-W03 /to: "]);
        let beside = r#"{"from":"a","type":"txt","msg":{"msg":"x"}}"#;
        check(operation, beside, &["EM-06 /msg/type: `type` stands beside `msg`: put it in."]);
    }
    let import = r#"{"from":"a","target":"1","msg":{"type":"text","msg":"x"}}"#;
    for operation in ["import-users", "import-groups"] {
        let found = told(operation, import);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].starts_with("EM-05 /body: `msg` is there: take `type` out of it"));
        assert!(found[0].contains("`text` is `txt`") && found[0].contains("call the rest `body`"));
        assert!(found[1].starts_with("EM-06 /type: `msg` holds it"), "{found:?}");
    }
    // Where the field is there, the member of the other generation is unknown.
    let both = current.replace("\"type\"", "\"msg\":{\"type\":\"txt\"},\"type\"");
    check("send-groups", &both, &["EM-W01 /msg: "]);
    // The word of the kind of receivers, and that of the message.
    let word = r#"{"from":"a","type":"chatgroups","target":["1"],"msg":{"type":"txt","msg":"x"}}"#;
    check("send", word, &["EM-01 /target_type: `type` is there; did you mean `target_type`?"]);
    let list = r#"{"msgs":[{"msg_id":"1","to":"u","chat_type":"chat","force":true}]}"#;
    let mut found = told("recall", list);
    found.retain(|text| text.contains("recall-batch"));
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn keys_of_offline_push_are_known_or_free() {
    let with = |apns: &str| {
        format!(
            r#"{{"from":"a","to":["u1"],"type":"txt","body":{{"msg":"hi"}},"ext":{{"em_apns_ext":{{{apns}}}}}}}"#
        )
    };
    for (apns, due) in [
        (r#""em_push_title":"t","screen":"order/7","a":{"b":1}"#, ""),
        (r#""em_push_name":"n","em_push_channel_id":"c","em_huawei_push_badge_class":"b""#, ""),
        (
            r#""em_push_type":"t","em_push_collapse_key":"k","em_alert_title":"t","em_alert_body":"b""#,
            "",
        ),
        (r#""extern":{"order":"7"}"#, ""),
        (r#""extern":"order/7""#, ""),
        (r#""extern":{},"em_push_title":"t""#, ""),
        (r#""extern":null,"screen":"x""#, "EM-09 /ext/em_apns_ext/extern"),
        (r#""extern":7"#, "EM-09 /ext/em_apns_ext/extern"),
        (r#""extern":["7"]"#, "EM-09 /ext/em_apns_ext/extern"),
        (r#""em_push_name":1"#, "EM-09 /ext/em_apns_ext/em_push_name"),
        (r#""extern":"x","screen":"y""#, "EM-W01 /ext/em_apns_ext/screen: Beside `extern`"),
        (
            r#""em_push_titel":"t""#,
            "EM-W01 /ext/em_apns_ext/em_push_titel: did you mean `em_push_title`?",
        ),
        (
            r#""extern":"x","em_push_bagde":1"#,
            "EM-W01 /ext/em_apns_ext/em_push_bagde: did you mean `em_push_badge`?",
        ),
        // Nearly a key, but the app's own.
        (r#""push_title":"t","thread":"x""#, ""),
    ] {
        let found = findings("send-users", &with(apns), &Context::default());
        let found: Vec<String> = found
            .iter()
            .map(|one| {
                format!(
                    "{}/{} {}: {}",
                    one.space,
                    one.rule.id,
                    one.place.pointer,
                    one.help.as_deref().unwrap_or_default()
                )
            })
            .map(|text| text.trim_start_matches("easemob/").to_owned())
            .collect();
        let fits = match due {
            "" => found.is_empty(),
            due => found.len() == 1 && found[0].starts_with(due),
        };
        assert!(fits, "{apns}: {found:?}, not {due}");
    }
}

#[test]
fn settings_of_sections_are_those_of_the_pages() {
    let with = |section: &str| format!(r#"{{"title":"t","content":"c",{section}}}"#);
    let long = "x".repeat(65);
    for (section, due) in [
        // As the pages have them.
        (r#""xiaomi":{"title":"t","content":"c","channelId":"x","notifyEffect":3,"webUri":"http://x"}"#.to_owned(), vec![]),
        (r#""vivo":{"classification":1,"extra":{"callback":"http://x","callbackParam":"p"},"skipContent":"http://x","skipType":2}"#.to_owned(), vec![]),
        (r#""vivo":{"notifyType":4,"timeToLive":86400,"sendOnline":true,"requestId":"r","profileId":"p"}"#.to_owned(), vec![]),
        (r#""oppo":{"title":"t","subTitle":"s","content":"c","channelId":"x","clickActionType":2,"clickActionUrl":"http://x"}"#.to_owned(), vec![]),
        (r#""huawei":{"message":{"android":{"notification":{"title":"t","body":"b","defaultSound":false,"importance":"NORMAL"}}}}"#.to_owned(), vec![]),
        (r#""honor":{"data":{"k":"v"},"androidConfig":{"androidNotification":{"title":"t","body":"b","clickAction":{"type":2,"url":"https://x"},"badgeNotification":{"setNum":1,"badgeClass":"c"}}}}"#.to_owned(), vec![]),
        (r#""easemob":{"iconUrl":"https://x","needNotification":true,"operation":{"type":0},"channelLevel":3,"id":56734579}"#.to_owned(), vec![]),
        (r#""fcm":{"priority":"high"},"fcmV1":{"type":"BOTH"},"apns":{"threadId":"x"},"meizu":{"clickType":0}"#.to_owned(), vec![]),
        // Of HarmonyOS no page tells the keys.
        (r#""harmonyOS":{"anything":1}"#.to_owned(), vec![]),
        // The type of a tap, as number and as text.
        (r#""easemob":{"operation":{"type":"1","openUrl":"https://x"}}"#.to_owned(), vec!["EM-W38 /easemob/operation/type"]),
        (r#""easemob":{"operation":{"type":"2"}}"#.to_owned(), vec!["EM-W34 /easemob/operation/openAction", "EM-W38 /easemob/operation/type"]),
        (r#""easemob":{"operation":{"type":1}}"#.to_owned(), vec!["EM-W34 /easemob/operation/openUrl"]),
        (r#""easemob":{"operation":{"type":"3"}}"#.to_owned(), vec!["EM-102 /easemob/operation/type: 0 opens the app"]),
        (r#""easemob":{"style":"big"}"#.to_owned(), vec!["EM-102 /easemob/style: write a whole number"]),
        (r#""easemob":{"operation":"x"}"#.to_owned(), vec!["EM-102 /easemob/operation: an object is expected"]),
        (r#""easemob":{"operation":{"type":"01"}}"#.to_owned(), vec!["EM-102 /easemob/operation/type"]),
        (r#""easemob":{"operation":{"type":true}}"#.to_owned(), vec!["EM-102 /easemob/operation/type"]),
        // Beyond the bounds of the page.
        (format!(r#""vivo":{{"requestId":"{long}"}}"#), vec!["EM-W34 /vivo/requestId"]),
        (format!(r#""vivo":{{"profileId":"{long}"}}"#), vec!["EM-W34 /vivo/profileId"]),
        (r#""vivo":{"notifyType":5}"#.to_owned(), vec!["EM-W34 /vivo/notifyType"]),
        (r#""honor":{"androidConfig":{"androidNotification":{"style":1,"bigTitle":"t"}}}"#.to_owned(), vec!["EM-W34 /honor/androidConfig/androidNotification/bigBody"]),
        // Keys that no page has, with the nearest name, and never called ignored.
        (r#""vivo":{"notifyTyp":3}"#.to_owned(), vec!["EM-W01 /vivo/notifyTyp: did you mean `notifyType`?"]),
        (r#""xiaomi":{"foo":1}"#.to_owned(), vec!["EM-W01 /xiaomi/foo: The documents do not have it"]),
        (r#""huawei":{"message":{"android":{"notification":{"chanelId":"x"}}}}"#.to_owned(), vec!["EM-W01 /huawei/message/android/notification/chanelId: did you mean `channelId`?"]),
        (r#""easemob":{"operation":{"openURL":"x"}}"#.to_owned(), vec!["EM-W01 /easemob/operation/openURL: did you mean `openUrl`?"]),
    ] {
        check("push-message", &with(&section), &due);
    }
}

#[test]
fn fields_that_sdks_and_older_pages_have_are_known() {
    let url = "https://a31.easemob.com/acme/demo/chatfiles/55f12940";
    for (kind, more) in [
        ("img", r#""file_length":5"#),
        ("audio", r#""file_length":5,"length":1"#),
        ("file", r#""file_length":5"#),
        ("video", r#""file_length":5,"size":{"width":360,"height":480.5},"thumb":"T""#),
    ] {
        let body = format!(r#""url":"{url}",{more}"#).replace("\"T\"", &format!("\"{url}\""));
        let current = format!(r#"{{"from":"a","to":["u1"],"type":"{kind}","body":{{{body}}}}}"#);
        check("send-users", &current, &[]);
        let old = format!(
            r#"{{"from":"a","target_type":"users","target":["u1"],"msg":{{"type":"{kind}",{body}}}}}"#
        );
        check("send", &old, &[]);
        let wrong = current.replace("\"file_length\":5", "\"file_length\":\"5\"");
        assert_eq!(told("send-users", &wrong).len(), 1, "{wrong}");
    }
    let rooms = r#"{"from":"a","msg":{"type":"txt","msg":"hi"},"sync_device":true}"#;
    check("broadcast-rooms", rooms, &["EM-W08 /sync_device"]);
    check("broadcast-rooms", &rooms.replace("true", "1"), &["EM-10 /sync_device"]);
    check("broadcast-online", rooms, &["EM-W01 /sync_device"]);
}

#[test]
fn the_form_of_a_label_binds_new_ones_alone() {
    for name in ["会员", "VIP 2026", "a/b", "vip", &"x".repeat(65)] {
        for (operation, rest) in [
            ("label-get", ""),
            ("label-delete", ""),
            ("label-users-list", ""),
            ("label-users-add", r#","usernames":["u1"]"#),
            ("label-users-remove", r#","usernames":["u1"]"#),
            ("label-user-get", r#","username":"u1""#),
        ] {
            check(operation, &format!(r#"{{"name":"{name}"{rest}}}"#), &[]);
            check(operation, &format!(r#"{{"name":""{rest}}}"#), &["EM-105 /name"]);
            check(operation, &format!(r#"{{"name":7{rest}}}"#), &["EM-105 /name"]);
        }
        let created = format!(r#"{{"name":"{name}"}}"#);
        let due: &[&str] = if name == "vip" { &[] } else { &["EM-105 /name"] };
        check("label-create", &created, due);
    }
}

#[test]
fn members_of_a_group_to_which_all_of_it_goes_are_told_aloud() {
    let body = r#"{"from":"a","to":["1"],"users":["u1"],"type":"txt","body":{"msg":"hi"}}"#;
    for kind in ["groups", "rooms"] {
        let found = findings(&format!("send-{kind}"), body, &Context::default());
        let [only] = found.as_slice() else { panic!("one finding: {found:?}") };
        assert_eq!((only.rule.id, only.place.pointer.as_str()), ("EM-W01", "/users"));
        assert!(only.message.contains("WHOLE") && only.message.contains("-targeted"), "{kind}");
        check(&format!("send-{kind}-targeted"), body, &[]);
    }
}

#[test]
fn a_neutral_reason_between_chunks_is_no_oddity() {
    for (rest, due) in [
        (r#""finish":false,"finishReason":0"#, &[][..]),
        (r#""finishReason":0"#, &[]),
        (r#""finish":true,"finishReason":0"#, &[]),
        (r#""finish":true,"finishReason":1"#, &[]),
        (r#""finish":false,"finishReason":1"#, &["EM-W23 /body/finishReason"]),
        (r#""finishReason":-1"#, &["EM-W23 /body/finishReason"]),
    ] {
        let body =
            format!(r#"{{"from":"1","to":"2","body":{{"msgId":"1","msg":"x","seq":1,{rest}}}}}"#);
        check("stream-users", &body, due);
    }
}
