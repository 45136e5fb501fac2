//! Live and VoIP pushes of makers, and the keys of their sections.

use super::{is_error, plain, push};
use crate::provider::jpush_v3::makers::{CHANNELS, LIVE_PUSHES};

/// A push that is nothing but a maker's section, with options beside it.
fn section(maker: &str, fields: &str, options: &str) -> String {
    push(&format!(
        r#"{{"notification":null,"options":{{"third_party_channel":{{"{maker}":{{{fields}}}}}{options}}}}}"#
    ))
}

fn errors(operation: &str, body: &str) -> Vec<(&'static str, String)> {
    let mut errors = plain(operation, body);
    errors.retain(|(id, _)| is_error(id));
    errors
}

const SYSTEM: &str = r#","classification":1"#;

#[test]
fn a_live_push_needs_its_channel_its_class_and_its_content_in_this_order() {
    let own = "/options/third_party_channel/";
    for (maker, fields, options, wanted) in [
        ("oppo", r#""op_push_type":3"#, SYSTEM, "V3-82 oppo/voip_extraData"),
        ("oppo", r#""op_push_type":3,"voip_extraData":"""#, SYSTEM, "V3-82 oppo/voip_extraData"),
        ("oppo", r#""op_push_type":3,"voip_extraData":"d""#, SYSTEM, ""),
        (
            "oppo",
            r#""op_push_type":3,"op_intelligent_intent":{"a":1}"#,
            SYSTEM,
            "V3-82 oppo/voip_extraData",
        ),
        ("oppo", r#""op_push_type":7"#, SYSTEM, "V3-82 oppo/op_intelligent_intent"),
        ("oppo", r#""op_push_type":7,"op_delete_intent_data":{"a":1}"#, SYSTEM, ""),
        ("oppo", r#""op_push_type":7,"op_intelligent_intent":{"a":1}"#, SYSTEM, ""),
        (
            "oppo",
            r#""op_intelligent_intent":{"a":1},"op_delete_intent_data":{"a":1}"#,
            SYSTEM,
            "V3-82 oppo/op_delete_intent_data",
        ),
        (
            "oppo",
            r#""op_push_type":3,"voip_extraData":"d","op_intelligent_intent":{"a":1},"op_delete_intent_data":{"a":1}"#,
            SYSTEM,
            "V3-82 oppo/op_delete_intent_data",
        ),
        ("oppo", r#""op_intelligent_intent":{"a":1}"#, SYSTEM, ""),
        ("oppo", r#""op_intelligent_intent":{"a":1}"#, "", "V3-82 /options/classification"),
        ("oppo", r#""op_push_type":44"#, SYSTEM, "V3-81 oppo/op_push_type"),
        ("oppo", r#""op_push_type":"3","distribution":"jpush""#, "", "V3-81 oppo/op_push_type"),
        ("vivo", r#""vivo_push_type":2"#, SYSTEM, "V3-82 vivo/vivo_inapp_msg"),
        ("vivo", r#""vivo_push_type":3"#, SYSTEM, "V3-82 vivo/voip_extraData"),
        ("vivo", r#""vivo_push_type":7"#, SYSTEM, "V3-82 vivo/vivo_liveMessage"),
        (
            "vivo",
            r#""vivo_push_type":7,"vivo_inapp_msg":{"a":1}"#,
            SYSTEM,
            "V3-82 vivo/vivo_liveMessage",
        ),
        ("vivo", r#""vivo_push_type":7,"vivo_liveMessage":{"a":1}"#, SYSTEM, ""),
        ("vivo", r#""vivo_inapp_msg":{"a":1},"vivo_liveMessage":{"a":1}"#, SYSTEM, ""),
        ("vivo", r#""vivo_inapp_msg":{"a":1}"#, "", "V3-82 /options/classification"),
        ("vivo", r#""vivo_push_type":9"#, SYSTEM, "V3-81 vivo/vivo_push_type"),
        (
            "vivo",
            r#""vivo_push_type":3,"classification":0,"distribution":"secondary_push""#,
            "",
            "V3-82 vivo/distribution",
        ),
        ("vivo", r#""vivo_push_type":3,"classification":0"#, "", "V3-82 vivo/classification"),
        ("vivo", r#""vivo_push_type":3,"classification":1"#, "", "V3-82 vivo/voip_extraData"),
        ("vivo", r#""vivo_push_type":3,"classification":"1""#, "", "V3-82 vivo/voip_extraData"),
        ("vivo", r#""vivo_push_type":3,"classification":0"#, SYSTEM, "V3-82 vivo/voip_extraData"),
        (
            "vivo",
            r#""vivo_push_type":3,"classification":1"#,
            r#","classification":0"#,
            "V3-82 /options/classification",
        ),
        (
            "vivo",
            r#""vivo_push_type":3,"distribution":"ospush""#,
            r#","classification":5"#,
            "V3-47 /options/classification",
        ),
        ("vivo", r#""vivo_push_type":3,"distribution":"os""#, "", "V3-53 vivo/distribution"),
        ("honor", r#""honor_push_type":3"#, SYSTEM, "V3-82 honor/voip_extraData"),
        ("honor", r#""honor_push_type":7"#, SYSTEM, "V3-81 honor/honor_push_type"),
        ("honor", r#""honor_push_type":44"#, SYSTEM, "V3-81 honor/honor_push_type"),
        ("xiaomi", r#""mi_push_type":3"#, SYSTEM, "V3-82 xiaomi/voip_extraData"),
        ("xiaomi", r#""mi_push_type":3,"voip_extraData":"d""#, SYSTEM, "V3-82 xiaomi/channel_id"),
        ("xiaomi", r#""mi_push_type":3,"voip_extraData":"d","channel_id":"c""#, SYSTEM, ""),
        ("xiaomi", r#""mi_push_type":7"#, SYSTEM, "V3-82 xiaomi/mi_live_payload"),
        (
            "xiaomi",
            r#""mi_live_payload":{"a":1},"distribution":"jpush""#,
            SYSTEM,
            "V3-82 xiaomi/distribution",
        ),
        ("xiaomi", r#""mi_push_type":5"#, SYSTEM, "V3-81 xiaomi/mi_push_type"),
        ("huawei", r#""hw_push_type":7"#, "", "V3-82 /options/classification"),
        ("huawei", r#""hw_push_type":7"#, SYSTEM, "V3-82 huawei/hw_live_payload"),
        ("huawei", r#""hw_push_type":7,"hw_live_payload":{"a":1}"#, SYSTEM, ""),
        ("huawei", r#""hw_push_type":2,"distribution":"jpush""#, "", ""),
        // Content that is not live by itself asks for nothing.
        ("honor", r#""voip_extraData":"d""#, "", ""),
        // A push type in another maker's section is only a key that is not known there.
        ("honor", r#""vivo_push_type":9,"voip_extraData":"d""#, "", ""),
    ] {
        let body = section(maker, fields, options);
        let wanted: Vec<(&str, String)> = wanted
            .split_once(' ')
            .into_iter()
            .map(|(rule, place)| match place.strip_prefix('/') {
                Some(_) => (rule, place.to_owned()),
                None => (rule, format!("{own}{place}")),
            })
            .collect();
        for operation in ["push", "push-validate", "group-push"] {
            assert_eq!(errors(operation, &body), wanted, "{operation} {body}");
        }
    }
}

#[test]
fn files_and_entries_of_a_batch_are_held_to_the_same() {
    let options =
        r#""options":{"third_party_channel":{"oppo":{"op_push_type":3,"notify_level":2}}}"#;
    let file = push(&format!(r#"{{"audience":{{"file":{{"file_id":"f"}}}},{options}}}"#));
    let wanted = ["/options/classification", "/options/third_party_channel/oppo/notify_level"];
    let found = errors("push-file", &file);
    assert!(wanted.iter().all(|place| found.iter().any(|(_, at)| at == place)), "{found:?}");
    let cid = "7d431e42dfa6a6d693ac2d04-711261d4-5f17-4d2f-a855-5e5a8909b26e";
    let entry =
        format!(r#"{{"platform":"all","target":"a","notification":{{"alert":"a"}},{options}}}"#);
    let found = errors("batch-alias", &format!(r#"{{"pushlist":{{"{cid}":{entry}}}}}"#));
    let inside =
        |place: &&str| found.iter().any(|(_, at)| *at == format!("/pushlist/{cid}{place}"));
    assert!(wanted.iter().all(inside) && found.len() == 2, "{found:?}");
}

#[test]
fn a_class_that_two_sections_lack_is_told_once() {
    let sections = r#"{"options":{"third_party_channel":{"oppo":{"op_push_type":3},"vivo":{"vivo_push_type":3}}}}"#;
    assert_eq!(errors("push", &push(sections)), [("V3-82", "/options/classification".to_owned())]);
    let other = r#"{"options":{"classification":1,"third_party_channel":{"oppo":{"op_push_type":3},"vivo":{"vivo_push_type":3}}}}"#;
    assert_eq!(errors("push", &push(other)).len(), 2, "each lacks content of its own");
}

#[test]
fn oppo_wants_a_category_beside_its_level() {
    let place = "/options/third_party_channel/oppo/notify_level".to_owned();
    for (fields, wanted) in [
        (r#""notify_level":16"#, vec![("V3-83", place.clone())]),
        (r#""notify_level":16,"category":"""#, vec![("V3-83", place)]),
        (r#""notify_level":16,"category":"IM""#, vec![]),
        (r#""category":"IM""#, vec![]),
    ] {
        let body =
            push(&format!(r#"{{"options":{{"third_party_channel":{{"oppo":{{{fields}}}}}}}}}"#));
        assert_eq!(errors("push", &body), wanted, "{body}");
    }
    assert_eq!(
        errors("push", &section("vivo", r#""notify_level":1,"voip_extraData":"d""#, "")),
        []
    );
}

#[test]
fn a_card_or_live_view_of_harmony_goes_by_its_own_channel() {
    for (push_type, way, is_wrong) in [
        (1, "first_ospush", true),
        (7, "secondary_push", true),
        (7, "jpush", true),
        (1, "ospush", false),
        (0, "jpush", false),
        (2, "jpush", false),
    ] {
        let body = push(&format!(
            r#"{{"platform":["hmos"],"notification":{{"hmos":{{"alert":"a","push_type":{push_type},"extra_data":"d","hm_payload":{{"a":1}}}}}},
                "options":{{"third_party_channel":{{"hmos":{{"distribution":"{way}"}}}}}}}}"#
        ));
        let place = "/options/third_party_channel/hmos/distribution".to_owned();
        let wanted = if is_wrong { vec![("V3-31", place)] } else { vec![] };
        assert_eq!(errors("push", &body), wanted, "{body}");
    }
}

#[test]
fn a_voip_push_of_harmony_is_alone() {
    for (beside, is_wrong) in [
        (r#","ios":{"alert":"a"}"#, true),
        (r#","ios":{}"#, true),
        (r#","android":{"alert":"a"}"#, true),
        (r#","quickapp":{"alert":"a","title":"t","page":"/"}"#, true),
        (r#","voip":{"k":"v"}"#, false),
        (r#","ios":null"#, false),
        ("", false),
    ] {
        for push_type in [10, 0] {
            let body = push(&format!(
                r#"{{"platform":"all","notification":{{"alert":"a","hmos":{{"push_type":{push_type},"extra_data":"d"}}{beside}}}}}"#
            ));
            let place = ("V3-84", "/notification/hmos".to_owned());
            let wanted = if is_wrong && push_type == 10 { vec![place] } else { vec![] };
            assert_eq!(errors("push", &body), wanted, "{body}");
        }
    }
}

#[test]
fn each_key_is_known_with_its_type_to_its_makers_alone() {
    let all: Vec<&str> = CHANNELS.to_vec();
    for (key, right, wrong, makers) in [
        ("callback_id", r#""c""#, "1", vec!["vivo"]),
        ("default_sound", "false", r#""yes""#, vec!["huawei"]),
        ("large_icon", r#""i""#, "1", vec!["huawei", "honor", "oppo"]),
        ("small_icon_uri", r#""i""#, "{}", vec!["huawei", "honor"]),
        ("small_icon_color", r##""#fff""##, "1", vec!["xiaomi"]),
        ("style", "3", "4", all.clone()),
        ("style", "0", r#""1""#, all.clone()),
        ("big_text", r#""b""#, "[]", vec!["xiaomi", "huawei", "honor", "oppo"]),
        ("inbox", r#"{"a":"b"}"#, "[]", vec!["huawei"]),
        ("big_pic_path", r#""p""#, "1", vec!["oppo"]),
        ("only_use_vendor_style", "true", "1", vec!["xiaomi", "huawei", "honor", "oppo"]),
        ("auditResponse", r#"{"a":1}"#, r#""a""#, vec!["huawei", "oppo", "vivo"]),
        ("private_msg_template_id", r#""t""#, "1", vec!["oppo"]),
        ("private_title_parameters", r#"{"a":"b"}"#, r#""a""#, vec!["oppo"]),
        ("private_content_parameters", r#"{"a":"b"}"#, "1", vec!["oppo"]),
        ("mi_template_id", r#""t""#, "1", vec!["xiaomi"]),
        ("mi_template_param", r#""{\"a\":\"b\"}""#, r#"{"a":"b"}"#, vec!["xiaomi"]),
        ("mi_template_param", r#""{}""#, r#""a=b""#, vec!["xiaomi"]),
        ("mi_template_param", r#""{}""#, r#""[1]""#, vec!["xiaomi"]),
        ("badge_operation_type", "1", "2", vec!["oppo"]),
        ("badge_message_count", "100", r#""1""#, vec!["oppo"]),
        ("add_badge", "true", "1", vec!["vivo"]),
        ("extensionExpireShow", "true", "1", vec!["vivo"]),
        ("hw_live_payload", r#"{"a":1}"#, r#""a""#, vec!["huawei"]),
        ("channel_id", r#""c""#, "1", all.clone()),
        ("importance", r#""NORMAL""#, "1", all),
    ] {
        for maker in CHANNELS {
            let found = |value: &str| {
                let body = push(&format!(
                    r#"{{"options":{{"third_party_channel":{{"{maker}":{{"{key}":{value}}}}}}}}}"#
                ));
                plain("push", &body)
            };
            let place = format!("/options/third_party_channel/{maker}/{key}");
            if makers.contains(&maker) {
                assert_eq!(found(right), [], "{maker}.{key}");
                assert_eq!(found(wrong), [("V3-W05", place)], "{maker}.{key}");
            } else {
                assert_eq!(found(right), [("V3-W10", place)], "{maker}.{key}");
            }
        }
    }
}

#[test]
fn the_table_of_live_pushes_names_keys_of_the_rows() {
    let shape = &crate::provider::jpush_v3::makers::CHANNEL_SECTIONS;
    for push in LIVE_PUSHES {
        let row = shape.fields.iter().find(|field| field.name == push.maker).expect(push.maker);
        let crate::contract::Kind::Object(section) = row.kind else { panic!("{}", push.maker) };
        let known: Vec<&str> = section.all_fields().iter().map(|field| field.name).collect();
        let content = push.types.iter().flat_map(|(_, keys)| keys.iter());
        for key in content.chain(push.alone).chain([&push.key, &"distribution", &"classification"])
        {
            assert!(known.contains(key), "{} has no {key}", push.maker);
        }
    }
    assert!(shape.fields.iter().map(|field| field.name).eq(CHANNELS));
}
