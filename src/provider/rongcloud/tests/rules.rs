//! Every rule with a payload that breaks it and one that does not.

use super::{GROUP, PRIVATE, QUERY, RECALL, TEMPLATE, ids, message, push, push_alone, with};
use crate::document::Value;
use crate::provider::rongcloud::CONTRACT;

/// A rule, a payload that breaks it, and one that is just right.
fn table() -> Vec<(&'static str, &'static str, String, String)> {
    let alert = r#""notification":{"alert":"a"}"#;
    let landed =
        r#""fromuserid":"u1","message":{"objectName":"RC:TxtMsg","content":"{\"content\":\"x\"}"}"#;
    let large = |n: usize| message("App:Large", &"a".repeat(n));
    let place = |lat: &str, lng: &str| {
        message(
            "RC:LBSMsg",
            &format!(r#"{{"content":"AAAA","latitude":{lat},"longitude":{lng},"poi":"p"}}"#),
        )
    };
    let image = |n: usize| {
        let thumbnail = "A".repeat(n);
        message("RC:ImgMsg", &format!(r#"{{"content":"{thumbnail}","imageUri":"https://x/y"}}"#))
    };
    let pairs = |n: usize| {
        let pairs: Vec<String> = (0..n).map(|i| format!(r#"\"k{i}\":\"v\""#)).collect();
        with(PRIVATE, &format!(r#""expansion":true,"extraContent":"{{{}}}""#, pairs.join(",")))
    };
    let mention = |info: &str, rest: &str| {
        let content = Value::from(format!(r#"{{"content":"hi","mentionedInfo":{info}}}"#));
        format!(
            r#"{{"fromUserId":"u1","toGroupId":["g1"],"objectName":"RC:TxtMsg","content":{}{rest}}}"#,
            content.to_compact()
        )
    };
    let rooms = |n: usize| {
        let rooms: Vec<String> = (0..n).map(|i| format!(r#""r{i}""#)).collect();
        format!(
            r#"{{"fromUserId":"u1","toChatroomId":[{}],"objectName":"RC:TxtMsg","content":"{{\"content\":\"hi\"}}"}}"#,
            rooms.join(",")
        )
    };
    let everybody = |audience: &str| push(r#"["ios","android"]"#, audience, alert);
    let android =
        |block: &str| push_alone(&format!(r#""notification":{{"alert":"a","android":{block}}}"#));
    let ios = |block: &str| push_alone(&format!(r#""notification":{{"alert":"a","ios":{block}}}"#));
    vec![
        ("E01", "push", "[]".into(), push_alone(alert)),
        ("E02", "recall", r#"{"fromUserId":"u1"}"#.into(), with(RECALL, "")),
        (
            "E03",
            "send-private",
            with(PRIVATE, r#""count":"many""#),
            with(PRIVATE, r#""count":"3""#),
        ),
        (
            "E04",
            "token",
            r#"{"userId":"","name":"A"}"#.into(),
            r#"{"userId":"u","name":"A"}"#.into(),
        ),
        (
            "E04",
            "send-private",
            r#"{"fromUserId":"u1","toUserId":["u2"],"objectName":"RC:TxtMsg","content":""}"#.into(),
            with(PRIVATE, ""),
        ),
        (
            "E05",
            "send-private",
            with(PRIVATE, "").replace("u2", &"u".repeat(65)),
            with(PRIVATE, "").replace("u2", &"u".repeat(64)),
        ),
        (
            "E06",
            "push",
            push("[]", r#"{"is_to_all":true}"#, alert),
            everybody(r#"{"is_to_all":true}"#),
        ),
        (
            "E07",
            "send-private",
            with(PRIVATE, r#""isCounted":2"#),
            with(PRIVATE, r#""isCounted":"1""#),
        ),
        (
            "E08",
            "tag-set",
            format!(r#"{{"userId":"u","tags":["{}"]}}"#, "t".repeat(41)),
            format!(r#"{{"userId":"u","tags":["{}"]}}"#, "t".repeat(40)),
        ),
        (
            "E09",
            "history-log",
            r#"{"date":"2026130109"}"#.into(),
            r#"{"date":"2026120109"}"#.into(),
        ),
        (
            "E10",
            "send-private",
            message("RC:TxtMsg", "%7B%22content%22%3A%22hi%22%7D"),
            with(PRIVATE, ""),
        ),
        ("E11", "send-private", message("RC:ImgMsg", r#"{"content":"AAAA"}"#), image(4)),
        (
            "E12",
            "send-private",
            message("RC:HQVCMsg", r#"{"remoteUrl":"https://x","duration":61}"#),
            message("RC:HQVCMsg", r#"{"remoteUrl":"https://x","duration":60}"#),
        ),
        ("E12", "send-private", pairs(101), pairs(100)),
        ("E13", "send-private", message("RC:txtMsg", "{}"), message("App:Own", "{}")),
        ("E14", "send-private", large(131_073), large(131_072)),
        (
            "E15",
            "push",
            push_alone(r#""notification":{"ios":{"alert":"a"}}"#),
            push_alone(r#""notification":{"ios":{"alert":"a"},"android":{"alert":"b"}}"#),
        ),
        (
            "E16",
            "send-private-template",
            with(TEMPLATE, r#""values":[],"pushContent":["p"]"#),
            with(TEMPLATE, r#""values":[{"{c}":"B"}],"pushContent":["p"]"#),
        ),
        (
            "E17",
            "send-group",
            with(GROUP, r#""isMentioned":1"#),
            mention(r#"{"type":1}"#, r#","isMentioned":1"#),
        ),
        (
            "E18",
            "push",
            push_alone(&format!(r#"{alert},"objectName":"RC:TxtMsg""#)),
            push_alone(alert),
        ),
        (
            "E19",
            "push",
            everybody(r#"{"is_to_all":false,"packageName":"","tag":[]}"#),
            everybody(r#"{"is_to_all":false,"tag":["a"]}"#),
        ),
        ("W01", "recall", with(RECALL, r#""sentTIme":1"#), with(RECALL, "")),
        ("W02", "push", everybody(r#"{"is_to_all":"true"}"#), everybody(r#"{"is_to_all":true}"#)),
        (
            "W02",
            "send-private",
            with(PRIVATE, r#""expansion":"True""#),
            with(PRIVATE, r#""expansion":"true""#),
        ),
        (
            "W02",
            "send-private-template",
            with(TEMPLATE, "").replace(r#"["u2"]"#, "[2]"),
            with(TEMPLATE, ""),
        ),
        (
            "W03",
            "push",
            everybody(r#"{"is_to_all":true,"packageName":"x"}"#),
            everybody(r#"{"is_to_all":true,"packageName":""}"#),
        ),
        (
            "W04",
            "push",
            push(r#"["ios"]"#, r#"{"is_to_all":true}"#, r#""notification":{"ios":{"alert":"a"}}"#),
            everybody(r#"{"is_to_all":true}"#),
        ),
        (
            "W05",
            "push",
            everybody(r#"{"is_to_all":false,"userid":["u"],"tag":["a"]}"#),
            everybody(r#"{"is_to_all":false,"userid":["u"]}"#),
        ),
        (
            "W05",
            "push",
            push(r#"["ios"]"#, r#"{"is_to_all":false,"userid":["u"]}"#, alert),
            push(r#"["ios"]"#, r#"{"is_to_all":false,"tag":["u"]}"#, alert),
        ),
        (
            "W05",
            "push-custom",
            everybody(r#"{"is_to_all":false,"tagItems":[{"tags":["a"]}],"tag":["b"]}"#),
            everybody(r#"{"is_to_all":false,"tagItems":[{"tags":["a"]}]}"#),
        ),
        (
            "W06",
            "push",
            push(r#"["iOS"]"#, r#"{"is_to_all":true}"#, alert),
            push(r#"["ios"]"#, r#"{"is_to_all":true}"#, alert),
        ),
        (
            "W07",
            "push",
            push(
                r#"["ios"]"#,
                r#"{"is_to_all":true}"#,
                r#""notification":{"alert":"a","android":{"alert":"b"}}"#,
            ),
            push(
                r#"["ios"]"#,
                r#"{"is_to_all":true}"#,
                r#""notification":{"alert":"a","android":{}}"#,
            ),
        ),
        ("W08", "push", push_alone(landed), push_alone(&format!("{landed},{alert}"))),
        (
            "W09",
            "send-private",
            with(PRIVATE, r#""disablePush":true,"pushContent":"p""#),
            with(PRIVATE, r#""disablePush":false,"pushContent":"p""#),
        ),
        ("W10", "send-private", with(PRIVATE, r#""extraContent":"{\"a\":\"1\"}""#), pairs(1)),
        (
            "W11",
            "send-private",
            with(PRIVATE, r#""count":3"#).replace(r#"["u2"]"#, r#"["u2","u3"]"#),
            with(PRIVATE, r#""count":3"#),
        ),
        (
            "W12",
            "send-group",
            with(GROUP, r#""toUserId":["u2"]"#).replace(r#"["g1"]"#, r#"["g1","g2"]"#),
            with(GROUP, r#""toUserId":["u2"]"#),
        ),
        (
            "W12",
            "send-group",
            with(GROUP, r#""toUserId":["u2"],"expansion":true"#),
            with(GROUP, r#""expansion":true"#),
        ),
        (
            "W13",
            "send-group",
            mention(r#"{"type":1}"#, ""),
            mention(r#"{"type":1}"#, r#","isMentioned":"1""#),
        ),
        (
            "W14",
            "send-group",
            mention(r#"{"type":2,"userIdList":["u9"]}"#, r#","isMentioned":1,"toUserId":["u2"]"#),
            mention(r#"{"type":2,"userIdList":["u2"]}"#, r#","isMentioned":1,"toUserId":["u2"]"#),
        ),
        (
            "W15",
            "send-private-template",
            with(TEMPLATE, r#""values":[{"c":"B"}],"pushContent":["p"]"#),
            with(TEMPLATE, r#""values":[{"{c}":"B"}],"pushContent":["p"]"#),
        ),
        (
            "W15",
            "send-private-template",
            with(TEMPLATE, r#""values":[{}],"pushContent":["p"]"#),
            with(TEMPLATE, r#""values":[{"{c}":"B","{d}":"C"}],"pushContent":["p {d}"]"#),
        ),
        (
            "W15",
            "send-private-template",
            with(TEMPLATE, r#""values":[{"{c}":"B"}]"#),
            with(TEMPLATE, r#""values":[{"{c}":"B"}],"pushContent":["p"]"#),
        ),
        (
            "W16",
            "push",
            android(r#"{"hw":{"image":"http://x/y.png"}}"#),
            android(r#"{"hw":{"image":"https://x/y.png"}}"#),
        ),
        (
            "W17",
            "push",
            android(r#"{"HW":{"channelId":"c"}}"#),
            android(r#"{"hw":{"channelId":"c"}}"#),
        ),
        ("W17", "push", ios(r#"{"threadId":"t"}"#), ios(r#"{"thread-id":"t"}"#)),
        (
            "W17",
            "send-private",
            with(PRIVATE, r#""pushExt":"{\"pushConfigs\":[{\"hw\":{}}]}""#),
            with(PRIVATE, r#""pushExt":"{\"pushConfigs\":[{\"HW\":{}}]}""#),
        ),
        (
            "W18",
            "push",
            android(r#"{"vivo":{"category":"IM"}}"#),
            android(r#"{"vivo":{"category":"IM","classification":"1"}}"#),
        ),
        (
            "W18",
            "push",
            android(r#"{"oppo":{"notify_level":2}}"#),
            android(r#"{"oppo":{"notify_level":2,"category":"IM"}}"#),
        ),
        (
            "W18",
            "push",
            ios(r#"{"richMediaUri":"https://x"}"#),
            ios(r#"{"richMediaUri":"https://x","category":"c"}"#),
        ),
        ("W19", "recall", with(RECALL, ""), with(RECALL, r#""sentTime":1700000000000"#)),
        (
            "W19",
            "recall",
            with(RECALL, r#""sentTime":1700000000000,"busChannel":"c""#),
            with(RECALL, r#""sentTime":1700000000000,"busChannel":"c""#).replace(":1,", ":10,"),
        ),
        (
            "W20",
            "history-query-private",
            with(QUERY, r#""startTime":1700000000000,"endTime":1700000000001"#),
            with(QUERY, r#""startTime":1701209600000,"endTime":1700000000000"#),
        ),
        (
            "W20",
            "history-query-private",
            with(QUERY, r#""startTime":1701209600001,"endTime":1700000000000"#),
            with(QUERY, r#""startTime":1700000000001,"endTime":1700000000000"#),
        ),
        (
            "W21",
            "send-private",
            with(PRIVATE, "").replace(r#"["u2"]"#, r#"["u2","u2"]"#),
            with(PRIVATE, ""),
        ),
        (
            "W21",
            "send-private",
            with(PRIVATE, "").replace(r#"["u2"]"#, r#"["u1"]"#),
            with(PRIVATE, ""),
        ),
        ("W21", "send-chatroom", rooms(11), rooms(10)),
        (
            "W22",
            "tag-set",
            r#"{"userId":"han@x","tags":[]}"#.into(),
            r#"{"userId":"han_x","tags":[]}"#.into(),
        ),
        (
            "W22",
            "send-group",
            with(GROUP, "").replace("g1", &"g".repeat(65)),
            with(GROUP, "").replace("g1", &"g".repeat(64)),
        ),
        ("W23", "send-private", large(128_001), large(128_000)),
        ("W24", "send-private", place("116.39", "39.91"), place("39.91", "116.39")),
        ("W24", "send-private", place("0", "0.0"), place("0", "1")),
        ("W24", "send-private", place(r#""39.9""#, "116"), place("39.9", "116")),
        (
            "W25",
            "token",
            format!(r#"{{"userId":"u","name":"A","Nonce":"{}"}}"#, "1".repeat(19)),
            format!(r#"{{"userId":"u","name":"A","Nonce":"{}"}}"#, "1".repeat(18)),
        ),
        (
            "W26",
            "recall",
            with(RECALL, r#""sentTime":1700000000"#),
            with(RECALL, r#""sentTime":1700000000000"#),
        ),
        (
            "W27",
            "send-private",
            with(PRIVATE, "").replace(r#"["u2"]"#, r#""a,b,c""#),
            with(PRIVATE, "").replace(r#"["u2"]"#, r#""a""#),
        ),
        (
            "W28",
            "send-private",
            message("RC:RcNtf", "{}"),
            message("RC:CmdMsg", r#"{"name":"n","data":"d"}"#),
        ),
        (
            "W29",
            "send-private",
            message("RC:FileMsg", r#"{"size":"1","type":"t","fileUrl":"https://x"}"#),
            message("RC:FileMsg", r#"{"name":"n","size":"1","type":"t","fileUrl":"https://x"}"#),
        ),
        (
            "W29",
            "send-private",
            message("RC:TxtMsg", r#"{"content":""}"#),
            message("RC:TxtMsg", r#"{"content":" "}"#),
        ),
        ("W30", "send-private", image(10_244), image(10_240)),
        ("W31", "push", push_alone(&format!(r#"{alert},"fromuserid":"u1""#)), push_alone(alert)),
        (
            "W32",
            "send-private",
            message("App:Own", "%7B%22a%22%3A1%7D"),
            message("App:Own", r#"{"a":1}"#),
        ),
        (
            "W33",
            "send-group",
            mention(r#"{"type":1,"pushContent":"hi"}"#, r#","isMentioned":1"#),
            mention(r#"{"type":1,"mentionedContent":"hi"}"#, r#","isMentioned":1"#),
        ),
        ("H01", "send-group", GROUP.replace("RC:TxtMsg", "App:Own") + "}", with(GROUP, "")),
        (
            "H02",
            "send-private",
            message("RC:VcMsg", r#"{"content":"AAAA","duration":1}"#),
            message("RC:HQVCMsg", r#"{"remoteUrl":"https://x","duration":1}"#),
        ),
        (
            "H02",
            "push",
            android(r#"{"mi":{"large_icon_uri":"https://x"}}"#),
            android(r#"{"mi":{"channelId":"c"}}"#),
        ),
        ("H03", "push", push_alone(alert), r#"{}"#.into()),
        (
            "H04",
            "token",
            r#"{"userId":"u","name":"A","Timestamp":1408706337}"#.into(),
            r#"{"userId":"u","name":"A","Timestamp":1408706337000}"#.into(),
        ),
        (
            "H05",
            "push",
            push(r#"["ios","HarmonyOS"]"#, r#"{"is_to_all":true}"#, alert),
            everybody(r#"{"is_to_all":true}"#),
        ),
        ("H06", "send-private", pairs(21), pairs(20)),
        (
            "H07",
            "history-clean",
            r#"{"conversationType":4,"fromUserId":"u","targetId":"r"}"#.into(),
            r#"{"conversationType":3,"fromUserId":"u","targetId":"r"}"#.into(),
        ),
        ("H09", "send-private", message("RC:SpMsg", "x"), message("App:SpMsg", "x")),
    ]
}

#[test]
fn each_rule_has_a_payload_that_breaks_it_and_one_that_does_not() {
    let mut tested: Vec<&str> = vec!["H08"];
    for (rule, operation, broken, fine) in table() {
        assert!(
            ids(operation, &broken).contains(&rule),
            "{rule} is silent on {operation} {broken}"
        );
        // A reminder that goes with the operation has no silent payload: another operation is.
        let other = if rule == "H03" { "tag-set" } else { operation };
        let found = ids(other, &fine);
        assert!(!found.contains(&rule), "{rule} speaks of {other} {fine}: {found:?}");
        tested.push(rule);
    }
    for rule in CONTRACT.rules {
        assert!(tested.contains(&rule.id), "{} has no test", rule.id);
    }
}

#[test]
fn a_fault_is_told_once_and_not_again_by_what_depends_on_it() {
    let many: Vec<String> = (0..1001).map(|i| format!(r#""u{i}""#)).collect();
    let rows = [r#"{"{c}":"B"}"#; 2].join(",");
    let template = with(TEMPLATE, &format!(r#""values":[{rows}],"pushContent":["{{c}}","p"]"#));
    let key = "k".repeat(33);
    for (rule, operation, payload) in [
        (
            "E06",
            "send-private-template",
            template.replace(r#"["u2"]"#, &format!("[{}]", many.join(","))),
        ),
        (
            "E12",
            "send-private",
            with(PRIVATE, &format!(r#""expansion":true,"extraContent":"{{\"{key}\":7}}""#)),
        ),
    ] {
        let errors: Vec<_> =
            ids(operation, &payload).into_iter().filter(|rule| rule.starts_with('E')).collect();
        assert_eq!(errors, [rule], "{operation} {payload}");
    }
}
