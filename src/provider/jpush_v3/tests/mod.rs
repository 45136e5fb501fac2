//! What the rows and rules say of payloads, what goes out and what comes back.

mod compose;
mod errors;
mod help;
mod makers;
mod sandbox;
mod wire;

use super::CONTRACT;
use crate::account::Account;
use crate::contract::{Audience, Context, Severity, Target, TargetKind};
use crate::document::{Document, Value};
use crate::outcome::SentMessage;
use crate::provider::kit::testing::{self, changed, json as value, rules_are_all_drawn};
use crate::wire::Stamp;

fn account(key: &str, secret: &str) -> Account {
    testing::account(&CONTRACT, &[("app_key", key), ("master_secret", secret)])
}

fn stamp() -> Stamp {
    testing::stamp("1")
}

/// A push that has nothing to warn of, with members put over it.
fn push(changes: &str) -> String {
    let body =
        r#"{"platform":["android"],"audience":{"alias":["a"]},"notification":{"alert":"Hi"}}"#;
    changed(body, changes)
}

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

/// An android block with an intent, so that nothing else is warned of.
fn android(fields: &str) -> String {
    push(&format!(
        r#"{{"notification":{{"android":{{"alert":"a","intent":{{"url":"x"}}{fields}}}}}}}"#
    ))
}

fn ios(fields: &str) -> String {
    push(&format!(
        r#"{{"platform":["ios"],"options":{{"apns_production":true}},"notification":{{"ios":{{"alert":"a"{fields}}}}}}}"#
    ))
}

fn hmos(fields: &str) -> String {
    push(&format!(r#"{{"platform":["hmos"],"notification":{{"hmos":{{{fields}}}}}}}"#))
}

fn options(fields: &str) -> String {
    push(&format!(r#"{{"options":{{{fields}}}}}"#))
}

#[test]
fn every_rule_is_drawn_by_a_row_or_a_check() {
    let sources = [
        include_str!("../audience.rs"),
        include_str!("../checks.rs"),
        include_str!("../forms.rs"),
        include_str!("../makers.rs"),
        include_str!("../notification.rs"),
        include_str!("../operations.rs"),
        include_str!("../options.rs"),
        include_str!("../push.rs"),
    ];
    // Lint does not know of retries; what sends does.
    rules_are_all_drawn(&CONTRACT, "V3-", &sources, &["V3-W12"]);
}

#[test]
fn every_warning_speaks_where_it_should_and_not_beside() {
    let fine_hmos = r#""alert":"a","category":"IM","intent":{"url":"x"}"#;
    let size = |n: usize| ios(&format!(r#","extras":{{"k":"{}"}}"#, "x".repeat(n)));
    let cid = |tail: &str| push(&format!(r#"{{"cid":"7d431e42dfa6a6d693ac2d04-{tail}"}}"#));
    let uuid = "711261d4-5f17-4d2f-a855-5e5a8909b26e";
    let third = |platform: &str| {
        push(&format!(
            r#"{{"platform":["{platform}"],"options":{{"apns_production":true}},"message":{{"msg_content":"m"}},"notification_3rd":{{"content":"c"}}}}"#
        ))
    };
    let message = |more: &str| {
        push(&format!(
            r#"{{"platform":["ios"],"options":{{"apns_production":true}},"notification":null,"message":{{"msg_content":"m"}}{more}}}"#
        ))
    };
    for (rule, place, loud, silent) in [
        ("V3-W01", "/audience", push(r#"{"audience":"all"}"#), push("{}")),
        (
            "V3-W02",
            "/notification/ios",
            push(
                r#"{"notification":{"ios":{"alert":"a"},"android":{"alert":"a","intent":{"url":"x"}}}}"#,
            ),
            ios(""),
        ),
        (
            "V3-W02",
            "/platform",
            push(
                r#"{"platform":["android","hmos"],"notification":{"android":{"alert":"a","intent":{"url":"x"}}}}"#,
            ),
            push(r#"{"platform":["android","hmos"]}"#),
        ),
        ("V3-W03", "/platform/1", push(r#"{"platform":["android","winphone"]}"#), push("{}")),
        (
            "V3-W03",
            "/notification/winphone",
            push(r#"{"notification":{"alert":"a","winphone":{"alert":"a"}}}"#),
            push("{}"),
        ),
        (
            "V3-W04",
            "/options/apns_production",
            push(r#"{"platform":["ios"]}"#),
            push(r#"{"platform":["ios"],"options":{"apns_production":false}}"#),
        ),
        ("V3-W04", "/options/apns_production", push(r#"{"platform":"all"}"#), push("{}")),
        (
            "V3-W05",
            "/notification/android/priority",
            android(r#","priority":5"#),
            android(r#","priority":2"#),
        ),
        (
            "V3-W05",
            "/notification/android/style",
            android(r#","style":4"#),
            android(r#","style":0"#),
        ),
        ("V3-W05", "/notification/ios/badge", ios(r#","badge":"+100""#), ios(r#","badge":"+99""#)),
        ("V3-W05", "/notification/ios/badge", ios(r#","badge":-1"#), ios(r#","badge":"""#)),
        (
            "V3-W05",
            "/notification/ios/content-available",
            ios(r#","content-available":1"#),
            ios(r#","content-available":true"#),
        ),
        (
            "V3-W05",
            "/notification/android/custom_buttons/0/action",
            android(r#","custom_buttons":[{"name":"b","action_type":1}]"#),
            android(r#","custom_buttons":[{"name":"b","action_type":3}]"#),
        ),
        (
            "V3-W05",
            "/notification/android/extras/vpns_content_forshort",
            android(&format!(r#","extras":{{"vpns_content_forshort":"{}"}}"#, "中".repeat(51))),
            android(&format!(r#","extras":{{"vpns_content_forshort":"{}"}}"#, "中".repeat(50))),
        ),
        (
            "V3-W06",
            "/notification/android/style",
            android(r#","style":1"#),
            android(r#","style":1,"big_text":"b""#),
        ),
        ("V3-W06", "/notification/android/big_text", android(r#","big_text":"b""#), android("")),
        (
            "V3-W06",
            "/notification/android/badge_class",
            android(r#","badge_class":"c""#),
            android(r#","badge_class":"c","badge_add_num":1"#),
        ),
        (
            "V3-W06",
            "/notification/android/sound",
            android(r#","sound":"s","channel_id":"c""#),
            android(r#","sound":"s""#),
        ),
        (
            "V3-W07",
            "/notification/hmos/category",
            hmos(r#""alert":"a","intent":{"url":"x"}"#),
            hmos(fine_hmos),
        ),
        (
            "V3-W07",
            "/notification/hmos/alert",
            hmos(r#""alert":"","category":"IM","intent":{"url":"x"}"#),
            hmos(fine_hmos),
        ),
        (
            "V3-W07",
            "/notification/hmos/intent",
            hmos(r#""alert":"a","category":"IM""#),
            hmos(fine_hmos),
        ),
        (
            "V3-W07",
            "/notification/android/intent",
            push(r#"{"notification":{"android":{"alert":"a","uri_flag":"FLAG"}}}"#),
            android(""),
        ),
        (
            "V3-W07",
            "/notification/android/intent",
            push(r#"{"notification":{"android":{"alert":"a"}}}"#),
            push(r#"{"notification":{"android":{"alert":"a","uri_activity":"a.B"}}}"#),
        ),
        (
            "V3-W07",
            "/notification/android/intent",
            push(r#"{"notification":{"android":{"alert":"a"}}}"#),
            push(r#"{"notification":{"android":{"alert":"a","uri_action":"a.B"}}}"#),
        ),
        (
            "V3-W07",
            "/notification/hmos/intent",
            hmos(r#""push_type":2,"extra_data":"d","alert":"a","category":"IM""#),
            hmos(r#""push_type":7,"hm_payload":{"a":1},"alert":"""#),
        ),
        (
            "V3-W06",
            "/notification/hmos/sound_duration",
            hmos(&format!(r#"{fine_hmos},"sound_duration":10"#)),
            hmos(&format!(r#"{fine_hmos},"sound":"s","sound_duration":10"#)),
        ),
        (
            "V3-W10",
            "/notification/hmos/categry",
            hmos(&format!(r#"{fine_hmos},"categry":"IM""#)),
            hmos(fine_hmos),
        ),
        (
            "V3-W10",
            "/message/foo",
            push(r#"{"message":{"msg_content":"c","foo":1}}"#),
            push(
                r#"{"message":{"msg_content":"c","alternate_title":"t","alternate_content":"c"}}"#,
            ),
        ),
        (
            "V3-W05",
            "/message/alternate_title",
            push(r#"{"message":{"msg_content":"c","alternate_title":1}}"#),
            push(r#"{"message":{"msg_content":"c","test_message":true}}"#),
        ),
        (
            "V3-W05",
            "/notification/alternate_alert",
            push(r#"{"notification":{"alert":"a","alternate_alert":1}}"#),
            push(r#"{"notification":{"alert":"a","alternate_alert":"b"}}"#),
        ),
        (
            "V3-W08",
            "/options/time_to_live",
            options(r#""time_to_live":259201"#),
            options(r#""time_to_live":259200"#),
        ),
        // {"alert":"a","extras":{"k":""}} has 31 bytes.
        ("V3-W09", "/notification/ios", size(1995 - 31), size(1994 - 31)),
        ("V3-W09", "/notification/ios", size(2000 - 31), size(100)),
        ("V3-W10", "/optoins", push(r#"{"optoins":{}}"#), options("")),
        (
            "V3-W10",
            "/options/time_to_life",
            options(r#""time_to_life":1"#),
            options(r#""time_to_live":1"#),
        ),
        (
            "V3-W10",
            "/options/third_party_channel/apple",
            options(r#""third_party_channel":{"apple":{}}"#),
            options(r#""third_party_channel":{"nio":{}}"#),
        ),
        (
            "V3-W13",
            "/audience/alias",
            push(r#"{"audience":{"alias":["a","a"]}}"#),
            push(r#"{"audience":{"alias":["a","A"]}}"#),
        ),
        (
            "V3-W13",
            "/audience/tag_not/0",
            push(r#"{"audience":{"tag":["a"],"tag_not":["a"]}}"#),
            push(r#"{"audience":{"tag":["a"],"tag_not":["b"]}}"#),
        ),
        ("V3-W14", "/message", message(""), message(r#","notification":{"alert":"a"}"#)),
        (
            "V3-W15",
            "/options/override_msg_id",
            options(r#""override_msg_id":18101213529672826"#),
            options(r#""override_msg_id":1613113584"#),
        ),
        ("V3-W16", "/notification_3rd", third("ios"), third("android")),
        (
            "V3-W17",
            "/options/third_party_channel/oppo/distribution",
            options(
                r#""active_push":true,"third_party_channel":{"oppo":{"distribution":"ospush"}}"#,
            ),
            options(
                r#""active_push":true,"third_party_channel":{"oppo":{"distribution":"secondary_push"}}"#,
            ),
        ),
        ("V3-W18", "/cid", cid("made-up-by-hand"), cid(uuid)),
    ] {
        let told = (rule, place.to_owned());
        let loud_findings = plain("push", &loud);
        assert!(loud_findings.contains(&told), "{rule} {loud}: {loud_findings:?}");
        assert!(!loud_findings.iter().any(|(id, _)| is_error(id)), "{rule}: {loud_findings:?}");
        let others = plain("push", &silent);
        assert!(!others.contains(&told), "{rule} {silent}: {others:?}");
        assert!(!others.iter().any(|(id, _)| is_error(id)), "{rule}: {others:?}");
    }
    assert_eq!(plain("push", &push("{}")), []);
    assert_eq!(plain("push", &android("")), []);
    assert_eq!(plain("push", &ios("")), []);
    assert_eq!(plain("push", &hmos(fine_hmos)), []);
}

#[test]
fn warnings_that_need_a_clock_or_the_ledger_are_silent_without() {
    let active = options(r#""active_push":true"#);
    let at = |hour: i64| Context {
        // 16:00 of the day before is midnight in China.
        now_ms: Some((hour - 8).rem_euclid(24) * 3_600_000),
        ..Context::default()
    };
    for (hour, loud) in [(6, true), (7, false), (21, false), (22, true), (23, true), (0, true)] {
        let findings = found("push", &active, &at(hour));
        let told = findings.contains(&("V3-W17", "/options/active_push".to_owned()));
        assert_eq!(told, loud, "{hour}");
    }
    assert_eq!(plain("push", &active), []);

    let sent = SentMessage {
        operation: "push".to_owned(),
        body: Value::object(),
        ids: Vec::new(),
        targets: Vec::new(),
        sent_ms: 0,
    };
    for (now_ms, loud) in [(86_400_000, false), (86_400_001, true)] {
        let context = Context { sent: Some(&sent), now_ms: Some(now_ms), ..Context::default() };
        let findings = found("recall", r#"{"msg_id":"1"}"#, &context);
        assert_eq!(findings.contains(&("V3-W11", "/msg_id".to_owned())), loud);
    }
    assert_eq!(plain("recall", r#"{"msg_id":"18101213529672826"}"#), []);
    assert_eq!(
        plain("recall", r#"{"msg_id":18101213529672826}"#),
        [("V3-W15", "/msg_id".to_owned())]
    );
}

#[test]
fn the_audience_is_what_its_keys_bound() {
    let of = |operation: &str, body: &str| {
        let operation = CONTRACT.operation(operation).expect("an operation");
        Audience::of(operation, &Document::parse(body).expect("JSON"))
    };
    let named = |kind, ids: &[&str]| ids.iter().map(|id| Target::new(kind, *id)).collect();
    let aliases = |ids: &[&str]| Audience::Named(named(TargetKind::Alias, ids));
    let tags = |ids: &[&str]| Audience::Class(named(TargetKind::Tag, ids));
    for (audience, wanted) in [
        (r#"{"alias":["a","b","a"]}"#, aliases(&["a", "b"])),
        (r#"{"tag":["t","u"]}"#, tags(&["t", "u"])),
        (r#"{"tag":["t"],"alias":["a"]}"#, aliases(&["a"])),
        (r#"{"tag":[],"alias":["a"]}"#, aliases(&["a"])),
        (r#"{"tag":["t"],"tag_and":["x"],"tag_not":["y"]}"#, tags(&["t"])),
        (r#"{"tag_and":["x","y"]}"#, tags(&["x", "y"])),
        (r#"{"registration_id":["r"]}"#, Audience::Named(named(TargetKind::Regid, &["r"]))),
        (r#""all""#, Audience::Everybody),
        (r#"{"tag_not":["t"]}"#, Audience::Everybody),
        (r#"{"segment":["s"]}"#, Audience::Everybody),
        (r#"{"alias":["a",1]}"#, Audience::Everybody),
        (r#"{"alias":["a"],"aliases":["b"]}"#, Audience::Everybody),
        (r#"{"alias":[]}"#, Audience::Everybody),
        ("{}", Audience::Everybody),
    ] {
        let body = push(&format!(r#"{{"audience":{audience}}}"#));
        assert_eq!(of("push", &body), wanted, "{audience}");
        assert_eq!(of("group-push", &body), wanted, "{audience}");
    }
    let batch = r#"{"pushlist":{"x":{"target":"a"},"y":{"target":"b"}}}"#;
    assert_eq!(of("batch-alias", batch), aliases(&["a", "b"]));
    assert_eq!(of("batch-regid", batch), Audience::Named(named(TargetKind::Regid, &["a", "b"])));
    assert_eq!(of("batch-alias", r#"{"pushlist":{"x":{}}}"#), Audience::Everybody);
    assert_eq!(of("push-validate", &push("{}")), Audience::Nobody);
    // Only the ledger knows who got a message, and nothing says who is in a file.
    assert_eq!(of("recall", r#"{"msg_id":"1"}"#), Audience::Everybody);
    assert_eq!(of("file-delete", r#"{"file_id":"1"}"#), Audience::Everybody);
    assert_eq!(of("file-upload", r#"{"type":"alias"}"#), Audience::Nobody);
}
