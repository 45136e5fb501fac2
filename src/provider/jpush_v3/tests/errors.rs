//! Errors that the corpus of cases does not have.

use super::{android, hmos, ios, is_error, options, plain, push};

#[test]
fn each_error_is_told_once_and_at_its_place() {
    let batch = |entry: &str| {
        format!(
            r#"{{"pushlist":{{"7d431e42dfa6a6d693ac2d04-711261d4-5f17-4d2f-a855-5e5a8909b26e":{entry}}}}}"#
        )
    };
    let entry = "/pushlist/7d431e42dfa6a6d693ac2d04-711261d4-5f17-4d2f-a855-5e5a8909b26e";
    let live = |ios: &str| {
        push(&format!(
            r#"{{"notification":null,"audience":{{"live_activity_id":"L"}},"live_activity":{ios}}}"#
        ))
    };
    let pretended = |key: &str| {
        push(&format!(
            r#"{{"notification":null,"options":{{"third_party_channel":{{"vivo":{{"{key}":1}}}}}}}}"#
        ))
    };
    for (operation, body, wanted) in [
        ("push", push(r#"{"platform":[]}"#), Some(("V3-01", "/platform"))),
        ("push", push(r#"{"platform":{"1":"ios"}}"#), Some(("V3-01", "/platform"))),
        ("push", push(r#"{"audience":["a"]}"#), Some(("V3-02", "/audience"))),
        ("push", push(r#"{"audience":{"tag":[]}}"#), Some(("V3-03", "/audience"))),
        ("push", push(r#"{"audience":{"alias":"a"}}"#), Some(("V3-06", "/audience/alias"))),
        ("push", push(r#"{"audience":{"alias":["a b"]}}"#), Some(("V3-08", "/audience/alias/0"))),
        ("push", push(r#"{"audience":{"alias":["a￥¥豈"]}}"#), None),
        (
            "push",
            push(r#"{"audience":{"live_activity_id":""}}"#),
            Some(("V3-09", "/audience/live_activity_id")),
        ),
        ("push", push(r#"{"audience":{"live_activity_id":"L","tag":[]}}"#), None),
        (
            "push",
            push(r#"{"audience":{"file":{"file_id":"f"}}}"#),
            Some(("V3-10", "/audience/file")),
        ),
        ("push-file", push(r#"{"audience":"all"}"#), Some(("V3-10", "/audience"))),
        ("push-file", push(r#"{"audience":{}}"#), Some(("V3-10", "/audience/file"))),
        (
            "push-file",
            push(r#"{"audience":{"file":{"file_id":""}}}"#),
            Some(("V3-10", "/audience/file/file_id")),
        ),
        ("push", pretended("voip_extraData"), None),
        ("push", pretended("category"), Some(("V3-11", "/notification"))),
        ("push", push(r#"{"notification":{"alert":1}}"#), Some(("V3-13", "/notification/alert"))),
        ("push", hmos(r#""push_type":1,"hm_payload":{},"category":"IM""#), None),
        ("push", push(r#"{"notification":{"voip":{"k":"v"}}}"#), None),
        ("push", push(r#"{"notification":{"voip":1}}"#), Some(("V3-34", "/notification/voip"))),
        ("push", push(r#"{"notification":{"winphone":1,"alert":"a"}}"#), None),
        ("push", android(r#","badge_set_num":0"#), None),
        (
            "push",
            android(r#","badge_set_num":100"#),
            Some(("V3-20", "/notification/android/badge_set_num")),
        ),
        (
            "push",
            android(r#","show_end_time":"2026-02-30 08:00:00""#),
            Some(("V3-21", "/notification/android/show_end_time")),
        ),
        (
            "push",
            android(r#","display_foreground":1"#),
            Some(("V3-22", "/notification/android/display_foreground")),
        ),
        ("push", ios(r#","extras":[]"#), Some(("V3-24", "/notification/ios/extras"))),
        ("push", ios(r#","badge":1.5"#), Some(("V3-26", "/notification/ios/badge"))),
        (
            "push",
            ios(r#","mutable-content":0"#),
            Some(("V3-17", "/notification/ios/mutable-content")),
        ),
        ("push", hmos(r#""alert":1"#), Some(("V3-28", "/notification/hmos/alert"))),
        ("push", hmos(r#""alert":"a","style":1"#), Some(("V3-28", "/notification/hmos/style"))),
        (
            "push",
            hmos(r#""alert":"a","push_type":10"#),
            Some(("V3-30", "/notification/hmos/extra_data")),
        ),
        ("push", hmos(r#""alert":"a","sound_duration":3"#), None),
        (
            "push",
            hmos(r#""alert":"a","sound_duration":61"#),
            Some(("V3-32", "/notification/hmos/sound_duration")),
        ),
        (
            "push",
            hmos(r#""alert":"a","sound":"s","sound_duration":0"#),
            Some(("V3-32", "/notification/hmos/sound_duration")),
        ),
        (
            "push",
            push(r#"{"notification":{"alert":"a","android":null}}"#),
            Some(("V3-15", "/notification/android")),
        ),
        (
            "group-push",
            push(r#"{"notification":{"android":null,"ios":{"alert":"a"}}}"#),
            Some(("V3-15", "/notification/android")),
        ),
        ("push", push(r#"{"notification":{"alert":"a","ios":null,"hmos":null}}"#), None),
        ("push", options(r#""sendno":0"#), Some(("V3-41", "/options/sendno"))),
        ("push", options(r#""sendno":2147533647"#), None),
        ("push", push(r#"{"options":[]}"#), Some(("V3-41", "/options"))),
        (
            "push",
            options(r#""notification_3rd_ver":"v3""#),
            Some(("V3-51", "/options/notification_3rd_ver")),
        ),
        (
            "push",
            options(r#""third_party_channel":[]"#),
            Some(("V3-52", "/options/third_party_channel")),
        ),
        (
            "push",
            options(r#""third_party_channel":{"fcm":{"distribution_fcm":"x"}}"#),
            Some(("V3-53", "/options/third_party_channel/fcm/distribution_fcm")),
        ),
        (
            "push",
            push(r#"{"message":{"msg_content":"m"},"options":{"active_push":true}}"#),
            Some(("V3-50", "/options/active_push")),
        ),
        ("push", live("1"), Some(("V3-54", "/live_activity"))),
        (
            "push",
            live(r#"{"ios":{"content-state":{}}}"#),
            Some(("V3-55", "/live_activity/ios/event")),
        ),
        (
            "push",
            live(r#"{"ios":{"event":"end","content-state":{},"relevance-score":101}}"#),
            Some(("V3-56", "/live_activity/ios/relevance-score")),
        ),
        (
            "push",
            live(r#"{"ios":{"event":"end","content-state":{},"apns-priority":6}}"#),
            Some(("V3-56", "/live_activity/ios/apns-priority")),
        ),
        // A wrong value is not told a second time for its company.
        (
            "push",
            push(r#"{"message":{"msg_content":"m"},"inapp_message":true}"#),
            Some(("V3-58", "/inapp_message")),
        ),
        ("push", push(r#"{"notification_3rd":"x"}"#), Some(("V3-60", "/notification_3rd"))),
        ("push", push(r#"{"live_activity":"x"}"#), Some(("V3-54", "/live_activity"))),
        ("push", push(r#"{"inapp_message":{}}"#), Some(("V3-58", "/inapp_message/inapp_message"))),
        (
            "push",
            push(
                r#"{"message":{"msg_content":"m"},"notification_3rd":{"ios":{}},"options":{"notification_3rd_ver":"v2"}}"#,
            ),
            None,
        ),
        (
            "push",
            push(r#"{"message":{"msg_content":"m"},"notification_3rd":{"content":""}}"#),
            Some(("V3-60", "/notification_3rd/content")),
        ),
        ("push", push(r#"{"callback":{"type":16}}"#), Some(("V3-65", "/callback/type"))),
        (
            "push",
            push(&format!(
                r#"{{"platform":["ios"],"notification":{{"alert":"{}"}}}}"#,
                "x".repeat(1989)
            )),
            Some(("V3-62", "/notification/ios")),
        ),
        ("push", push(&format!(r#"{{"notification":{{"alert":"{}"}}}}"#, "x".repeat(1989))), None),
        ("batch-alias", batch("1"), Some(("V3-71", entry))),
        (
            "batch-alias",
            batch(r#"{"platform":"all","target":"","notification":{"alert":"a"}}"#),
            Some(("V3-72", "target")),
        ),
        (
            "batch-alias",
            batch(r#"{"platform":"all","target":"a","live_activity":{}}"#),
            Some(("V3-11", "notification")),
        ),
        ("batch-alias", "{}".to_owned(), Some(("V3-70", "/pushlist"))),
        ("cid", r#"{"count":"3"}"#.to_owned(), Some(("V3-73", "/count"))),
        ("received", r#"{"msg_ids":["1","x"]}"#.to_owned(), Some(("V3-75", "/msg_ids/1"))),
        ("status", r#"{"msg_id":18446744073709551615,"registration_ids":["a"]}"#.to_owned(), None),
        (
            "status",
            r#"{"msg_id":"1","registration_ids":["a"]}"#.to_owned(),
            Some(("V3-76", "/msg_id")),
        ),
        ("status", r#"{"registration_ids":["a"]}"#.to_owned(), Some(("V3-76", "/msg_id"))),
        (
            "status",
            r#"{"msg_id":1,"registration_ids":["a"],"date":"2026-02-30"}"#.to_owned(),
            Some(("V3-76", "/date")),
        ),
        (
            "status",
            r#"{"msg_id":1,"registration_ids":[""]}"#.to_owned(),
            Some(("V3-76", "/registration_ids/0")),
        ),
        (
            "file-upload",
            r#"{"type":"alias","filename":{"name":"a.csv","size":1}}"#.to_owned(),
            Some(("V3-79", "/filename")),
        ),
        ("file-upload", r#"{"type":"alias"}"#.to_owned(), Some(("V3-79", "/filename"))),
        ("file-get", "{}".to_owned(), Some(("V3-80", "/file_id"))),
    ] {
        let mut errors = plain(operation, &body);
        errors.retain(|(id, _)| is_error(id));
        let wanted: Vec<(&str, String)> = wanted
            .into_iter()
            .map(|(rule, place)| {
                let inside = !place.starts_with('/');
                (rule, if inside { format!("{entry}/{place}") } else { place.to_owned() })
            })
            .collect();
        assert_eq!(errors, wanted, "{operation} {body}");
    }
}
