//! Each of a rule's several faults has a help of its own.

use super::{PRIVATE, QUERY, RECALL, TEMPLATE, findings, message, push_alone, with};
use crate::contract::Context;

#[test]
fn each_fault_of_a_rule_is_told_its_own_cure() {
    let private = |rest: &str| with(PRIVATE, rest);
    let from = |value: &str| private("").replace(r#""u1""#, value);
    let to = |value: &str| private("").replace(r#"["u2"]"#, value);
    let room = |level: &str| {
        let body = to(r#"["r1"]"#).replace("toUserId", "toChatroomId");
        body.replacen('{', &format!(r#"{{"priority":{level},"#), 1)
    };
    let voice = |duration: &str| {
        message("RC:HQVCMsg", &format!(r#"{{"remoteUrl":"https://x","duration":{duration}}}"#))
    };
    let pairs = |key: &str, value: &str| {
        private(&format!(r#""expansion":true,"extraContent":"{{\"{key}\":{value}}}""#))
    };
    #[rustfmt::skip]
    let table: &[(&str, &str, String, &str)] = &[
        ("E03", "send-private", from("10001"), r#"write it in quotes: `"10001"`"#),
        ("E03", "send-private", from("true"), r#"write it in quotes: `"true"`"#),
        ("E03", "send-private", from(r#"["u1"]"#), "write a string"),
        ("E03", "send-private", to("[7]"), r#"write it in quotes: `"7"`"#),
        ("E03", "send-private", to("[null]"), "leave it out rather than giving null"),
        ("E03", "send-private", private(r#""count":"many""#), "write a whole number"),
        ("E03", "send-private", private(r#""count":1.5"#), "write it without a fraction"),
        ("E03", "send-private", private(r#""isCounted":true"#), "write a number, as 1"),
        ("E03", "send-private", private(r#""expansion":"maybe""#), "write true or false, without quotes"),
        ("E03", "send-private", private(r#""pushExt":{"title":"t"}"#), "write the JSON as text: in quotes, escaped once"),
        ("E03", "tag-set", r#"{"userId":"u","tags":"vip"}"#.into(), r#"write `["vip"]`"#),
        ("E03", "push", push_alone(r#""notification":{"alert":"a","ios":"x"}"#), r#"an object is expected: {"key": "value"}"#),
        ("E03", "push", push_alone(r#""notification":{"alert":"a","ios":"{\"badge\":1}"}"#),
            "write the object itself, without quotes around it"),
        ("E03", "push", push_alone(r#""notification":{"alert":"a","android":{"extras":[1]}}"#), "write an object"),
        ("E04", "send-private", from(r#""""#), "give it a value"),
        ("E04", "push", push_alone(r#""notification":{"alert":"a","ios":{"alert":""}}"#), "give it a value, or leave it out"),
        ("E06", "send-private", to("[]"), "give at least 1"),
        ("E06", "send-group", private("").replace(r#""toUserId":["u2"]"#, r#""toGroupId":["a","b","c","d"]"#),
            "give at most 3 in one call"),
        ("E07", "send-private", private(r#""count":10000"#), "Badge on iOS; -1 leaves it; with one recipient only"),
        ("E07", "send-private", private(r#""isCounted":2"#), "Count it as unread"),
        ("E07", "send-chatroom", room("4"),
            "What a full room drops last: 0 is the default level; 1 and 3 need a switch, else the vendor answers an error code"),
        ("E08", "token", format!(r#"{{"userId":"u","name":"{}"}}"#, "n".repeat(70)), "shorten it by 6 characters"),
        ("E09", "history-log", r#"{"date":"2026"}"#.into(), "write an hour as YYYYMMDDHH, as 2026070109"),
        ("E09", "ultragroup-notdisturb-get", r#"{"groupId":"g","busChannel":"a b"}"#.into(), "write letters and digits"),
        ("E10", "send-private", message("RC:TxtMsg", "[]"), "write an object as JSON text"),
        ("E12", "send-private", voice("61"), "Seconds, at most 60; not milliseconds"),
        ("E12", "send-private", voice("1.5"), "write it without a fraction"),
        ("E12", "send-private", voice("true"), "write a number, as 1"),
        ("E12", "send-private", pairs("k", "7"), r#"write it in quotes: `"7"`"#),
        ("E12", "send-private", pairs(&"k".repeat(33), r#"\"v\""#), "shorten it by 1 characters"),
        ("E12", "send-private", pairs("a b", r#"\"v\""#), "rename it; its value may have any characters"),
        ("W02", "tag-batch-set", r#"{"userIds":["u"],"tags":[],"Timestamp":1408706337000}"#.into(), ""),
        ("W02", "push", push_alone(r#""notification":{"alert":"a","forceShowPushContent":"1"}"#),
            "write a number without quotes"),
        ("W02", "send-private", private(r#""expansion":"True""#), "write true or false in lower case"),
        ("W15", "send-private-template", with(TEMPLATE, r#""values":[{"c":"B"}],"pushContent":["p"]"#), "write the key as `{c}`"),
        ("W15", "send-private-template", with(TEMPLATE, r#""values":[{}],"pushContent":["p"]"#),
            r#"add `"{c}"` to the values of each recipient"#),
        ("W15", "send-private-template", with(TEMPLATE, r#""values":[{"{c}":"B","{d}":"x"}],"pushContent":["p"]"#),
            "write it into a text, or remove it from `values`"),
        ("W19", "recall", with(RECALL, r#""sentTime":1700000000000,"busChannel":"c""#),
            "Leave out what has no effect; give `sentTime`, which some documents require."),
        ("W19", "recall", with(RECALL, ""), "When it was sent, in milliseconds since 1970"),
        ("W20", "history-query-private", with(QUERY, r#""startTime":1600000000000,"endTime":1600000000001"#),
            "pages run backwards, `startTime` is the later end; swap them"),
        ("W20", "history-query-private", with(QUERY, r#""startTime":1700000000000,"endTime":1600000000000"#),
            "ask for at most 14 days at a time"),
        ("W21", "send-private", to(r#"["u2","u2"]"#), "name it once: each time counts as a recipient"),
        ("W21", "send-private", to(r#"["u1"]"#),
            "leave the sender out; `isIncludeSender` sends it to the sender's own devices"),
        ("W22", "send-private", from(r#""a b""#), "write letters, digits and + = - _"),
    ];
    for (rule, operation, body, wanted) in table {
        let found = findings(operation, body, &Context::default());
        let helps: Vec<&str> = found
            .iter()
            .filter(|one| one.rule.id == *rule)
            .filter_map(|one| one.help.as_deref())
            .collect();
        let due: Vec<&str> = Some(*wanted).into_iter().filter(|help| !help.is_empty()).collect();
        assert_eq!(helps, due, "{rule} {operation} {body}: {found:#?}");
    }
}
