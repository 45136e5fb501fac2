//! What official SDKs and client kits send and the documents do not have: known, and told as no more than that.

use super::{PRIVATE, TEMPLATE, findings, ids, message, with};
use crate::contract::Context;
use crate::document::Value;
use crate::provider::rongcloud::messages::OBJECT_NAMES;

/// The rules that speak, each once; an account makes `H03` speak of scarce calls, which is left out.
fn told(operation: &str, body: &str) -> String {
    let mut found: Vec<&str> = ids(operation, body).into_iter().filter(|id| *id != "H03").collect();
    found.sort_unstable();
    found.join(" ")
}

#[test]
fn names_of_client_code_are_known_and_others_are_not() {
    let undescribed: Vec<&str> = OBJECT_NAMES
        .iter()
        .filter(|choice| choice.remark == Some("H09"))
        .map(|choice| choice.name)
        .collect();
    assert_eq!(undescribed.len(), 16);
    for name in undescribed {
        for content in [r#"{"a":1}"#, "[1]", "plain text"] {
            assert_eq!(told("send-private", &message(name, content)), "H09", "{name} {content}");
        }
    }
    for name in ["RC:CardmMsg", "RC:cardMsg", "RC:STKMSG", "RC:Order", "RC:"] {
        let found = findings("send-private", &message(name, r#"{"a":1}"#), &Context::default());
        let [error] = found.as_slice() else { panic!("{name}: {found:?}") };
        assert_eq!(error.rule.id, "E13", "{name}");
        assert!(error.message.contains("no source names"), "{}", error.message);
    }
}

#[test]
fn cards_and_stickers_are_types_whose_fields_clients_require() {
    let card = r#"{"userId":"u2","name":"Ann","portraitUri":"","sendUserId":"u1","sendUserName":"Bo","extra":""}"#;
    let sticker = r#"{"packageId":"p","stickerId":"s","digest":"hi","width":1,"height":2}"#;
    #[rustfmt::skip]
    let table = [
        ("RC:CardMsg", card.to_owned(),                              ""),
        ("RC:CardMsg", card.replace("\"userId\":\"u2\",", ""),       "W29"),
        ("RC:CardMsg", card.replace("\"name\":\"Ann\",", ""),        "W29"),
        ("RC:CardMsg", card.replace("\"sendUserId\":\"u1\",", ""),   ""),
        ("RC:CardMsg", card.replace("\"Ann\"", "7"),                 "E12"),
        ("RC:StkMsg",  sticker.to_owned(),                           ""),
        ("RC:StkMsg",  sticker.replace("\"digest\":\"hi\",", ""),    "W29"),
        ("RC:StkMsg",  sticker.replace(",\"width\":1", ""),          ""),
        ("RC:StkMsg",  sticker.replace("\"width\":1", "\"width\":[]"), ""),
        ("RC:StkMsg",  sticker.replace("\"width\":1", "\"width\":\"wide\""), "E12"),
        ("RC:StkMsg",  "no JSON".to_owned(),                         "E10"),
    ];
    for (name, content, wanted) in table {
        assert_eq!(told("send-private", &message(name, &content)), wanted, "{name} {content}");
    }
    // No source has a default text of their push.
    let silent = message("RC:StkMsg", sticker).replace(r#","pushContent":"p""#, "");
    assert_eq!(told("send-private", &silent), "H01");
}

#[test]
fn details_of_a_group_notification_are_text_or_an_object() {
    let content = |data: &str| {
        let text =
            format!(r#"{{"operatorUserId":"u1","operation":"Add","data":{data},"message":"m"}}"#);
        Value::from(text).to_compact()
    };
    for (operation, body) in [
        (
            "send-group",
            r#"{"fromUserId":"u1","toGroupId":["g1"],"objectName":"RC:GrpNtf","content":CONTENT,"pushContent":"p"}"#,
        ),
        (
            "send-ultragroup",
            r#"{"fromUserId":"u1","toGroupIds":["g1"],"objectName":"RC:GrpNtf","content":CONTENT,"pushContent":"p"}"#,
        ),
        (
            "modify-group",
            r#"{"fromUserId":"u1","groupId":"g1","msgUID":"m","objectName":"RC:GrpNtf","content":CONTENT}"#,
        ),
        (
            "push",
            r#"{"platform":["ios"],"fromuserid":"u1","audience":{"is_to_all":true},"message":{"objectName":"RC:GrpNtf","content":CONTENT},"notification":{"alert":"a"}}"#,
        ),
    ] {
        for (data, wanted) in [
            (r#"{"operatorNickname":"Ann"}"#, ""),
            ("{}", ""),
            (r#""{\"operatorNickname\":\"Ann\"}""#, ""),
            ("7", "E12"),
            ("[]", "E12"),
            ("true", "E12"),
            ("null", "E11"),
        ] {
            assert_eq!(
                told(operation, &body.replace("CONTENT", &content(data))),
                wanted,
                "{operation} {data}"
            );
        }
    }
}

#[test]
fn the_default_level_of_a_room_message_may_be_written() {
    for (level, wanted) in [
        ("0", ""),
        ("1", ""),
        ("2", ""),
        ("3", ""),
        (r#""0""#, ""),
        (r#""3""#, ""),
        ("4", "E07"),
        ("-1", "E07"),
        (r#""4""#, "E07"),
        (r#""high""#, "E03"),
    ] {
        let body = format!(
            r#"{{"fromUserId":"u1","toChatroomId":["r1"],"objectName":"RC:TxtMsg","content":"{{\"content\":\"hi\"}}","priority":{level}}}"#
        );
        assert_eq!(told("send-chatroom", &body), wanted, "{level}");
    }
}

#[test]
fn a_templates_push_settings_are_one_text_or_one_for_each_recipient() {
    let values = r#""values":[{"{c}":"B"}],"pushContent":["p"]"#;
    let bad = r#""{\"pushConfigs\":[{\"HW\":{\"importance\":\"MID\"}}]}""#;
    for (ext, wanted, pointer) in [
        (r#""{\"title\":\"t\"}""#, "", ""),
        (r#"["{\"title\":\"t\"}"]"#, "", ""),
        (r#"[""]"#, "", ""),
        ("[]", "", ""),
        (r#"["{\"title\":\"t\"}",""]"#, "W15", "/pushExt"),
        (r#"[{"title":"t"}]"#, "E03", "/pushExt/0"),
        ("[null]", "E03", "/pushExt/0"),
        (r#"["{\"title\":"]"#, "E10", "/pushExt/0"),
        (&format!("[{bad}]"), "E12", "/pushExt/0"),
        (bad, "E12", "/pushExt"),
        (r#"{"title":"t"}"#, "E03", "/pushExt"),
    ] {
        for operation in ["send-private-template", "send-system-template"] {
            let body = with(TEMPLATE, &format!(r#"{values},"pushExt":{ext}"#));
            assert_eq!(told(operation, &body), wanted, "{operation} {ext}");
            let found = findings(operation, &body, &Context::default());
            let pointers: Vec<&str> = found.iter().map(|one| one.place.pointer.as_str()).collect();
            assert!(
                pointers.iter().all(|found| *found == pointer),
                "{operation} {ext}: {pointers:?}"
            );
        }
    }
}

#[test]
fn fields_of_official_sdks_draw_a_hint_and_no_warning() {
    let users = |rest: &str| with(PRIVATE, rest);
    let groups = |rest: &str| users(rest).replace(r#""toUserId":["u2"]"#, r#""toGroupId":["g1"]"#);
    let ultra = |rest: &str| groups(rest).replace("toGroupId", "toGroupIds");
    let template = |rest: &str| {
        with(TEMPLATE, &format!(r#""values":[{{"{{c}}":"B"}}],"pushContent":["p"],{rest}"#))
    };
    let everybody = |rest: &str| users(rest).replace(r#""toUserId":["u2"],"#, "");
    let ext = |text: &str| users(&format!(r#""pushExt":{}"#, Value::from(text).to_compact()));
    for (operation, body) in [
        ("send-private-status", users(r#""msgRandom":1"#)),
        ("send-private-status", users(r#""busChannel":"c""#)),
        ("send-group-status", groups(r#""msgRandom":"1""#)),
        ("send-group-status", groups(r#""busChannel":"c""#)),
        ("broadcast", everybody(r#""disablePush":false"#)),
        ("send-private-template", template(r#""busChannel":"c""#)),
        ("send-system-template", template(r#""busChannel":"c""#)),
        ("send-system", users(r#""busChannel":"c""#)),
        ("send-system", users(r#""count":3"#)),
        ("send-ultragroup", ultra(r#""unreadCountFlag":true"#)),
        ("send-private", ext(r#"{"pushId":"p"}"#)),
        ("send-private", ext(r#"{"pushConfigs":[{"OPPO":{"category":"IM"}}]}"#)),
        ("send-private", ext(r#"{"pushConfigs":[{"OPPO":{"notifyLevel":2}}]}"#)),
        ("send-private", ext(r#"{"pushConfigs":[{"MI":{"templateId":"t"}}]}"#)),
        ("send-private", ext(r#"{"pushConfigs":[{"APNs":{"category":"c"}}]}"#)),
    ] {
        assert_eq!(told(operation, &body), "H09", "{operation} {body}");
    }
    for (operation, body, wanted) in [
        ("send-system", users(r#""count":10000"#), "E07"),
        ("send-ultragroup", ultra(r#""unreadCountFlag":"yes""#), "E03"),
        ("send-private", ext(r#"{"pushId":7}"#), "E12"),
        ("broadcast-online", everybody(r#""disablePush":false"#), "W01"),
        ("send-private", ext(r#"{"pushConfigs":[{"HW":{"templateId":"t"}}]}"#), "W01"),
    ] {
        assert_eq!(told(operation, &body), wanted, "{operation} {body}");
    }
}

#[test]
fn nothing_says_that_an_unknown_field_is_ignored() {
    let ext = Value::from(r#"{"pushConfigs":[{"HW":{"foo":1}}]}"#).to_compact();
    for (operation, body) in [
        ("send-private", with(PRIVATE, r#""foo":1"#)),
        ("send-private", with(PRIVATE, &format!(r#""pushExt":{ext}"#))),
        ("push", super::push_alone(r#""notification":{"alert":"a","android":{"hw":{"foo":1}}}"#)),
    ] {
        let found = findings(operation, &body, &Context::default());
        let [unknown] = found.as_slice() else { panic!("{body}: {found:?}") };
        assert_eq!(unknown.rule.id, "W01", "{body}");
        let said = format!("{} {}", unknown.message, unknown.help.as_deref().unwrap_or_default());
        assert!(!said.contains("ignore"), "{said}");
    }
}
