//! What the help of a finding says: each fault has its own.

use super::{CONTRACT, android, hmos, ios, options, push};
use crate::contract::Context;
use crate::document::Document;
use crate::lint::lint;

#[test]
fn a_number_is_remarked_on_only_where_text_is_as_good_or_its_digits_may_be_lost() {
    let number = 29_273_455_998_601_743_i64;
    let words = |operation: &str, body: String| {
        let operation = CONTRACT.operation(operation).expect("an operation");
        let document = Document::parse(body.as_str()).expect("JSON");
        let findings = lint(&CONTRACT, operation, &document, &Context::default());
        let told = findings.into_iter().filter(|finding| finding.rule.id == "V3-W15");
        told.map(|told| format!("{} {}", told.message, told.help.unwrap_or_default())).collect()
    };
    let recall: Vec<String> = words("recall", format!(r#"{{"msg_id":{number}}}"#));
    assert!(recall[0].contains("a string is safe here"), "{recall:?}");
    let replaced = options(&format!(r#""override_msg_id":{number}"#));
    let replaced: Vec<String> = words("push", replaced);
    assert!(!replaced[0].contains("string"), "no text is allowed there: {replaced:?}");
    let asked = format!(r#"{{"msg_id":{number},"registration_ids":["r"]}}"#);
    assert_eq!(words("status", asked), Vec::<String>::new(), "it has to be a number");
}

#[test]
fn each_fault_of_a_rule_has_its_own_help() {
    for (operation, body, pointer, help) in [
        ("push", push(r#"{"platform":"android"}"#), "/platform", r#"write `["android"]`"#),
        (
            "push",
            push(r#"{"platform":"android,ios"}"#),
            "/platform",
            r#"write `["android","ios"]`"#,
        ),
        ("push", push(r#"{"audience":{"alias":"a"}}"#), "/audience/alias", r#"write `["a"]`"#),
        ("push", push(r#"{"audience":{"alias":[42]}}"#), "/audience/alias/0", r#"`"42"`"#),
        ("push", android(r#","extras":[]"#), "/notification/android/extras", "PHP writes []"),
        ("push", ios(r#","extras":[]"#), "/notification/ios/extras", "PHP writes []"),
        ("push", android(r#","builder_id":"7""#), "/notification/android/builder_id", "`7`"),
        ("push", options(r#""time_to_live":"60""#), "/options/time_to_live", "quotes: `60`"),
        (
            "push",
            push(r#"{"notification":{"alert":"a","android":null}}"#),
            "/notification/android",
            "HTTP 500",
        ),
        (
            "push",
            push(r#"{"notification":{"alert":"a","ios":null}}"#),
            "/notification/ios",
            "leave the field out",
        ),
        (
            "push",
            push(r#"{"notification":{"android":"a"}}"#),
            "/notification/android",
            "a text belongs into its `alert`",
        ),
        (
            "push",
            push(r#"{"notification":{"android":{"alert":"a"}}}"#),
            "/notification/android/intent",
            "intent:#Intent",
        ),
        (
            "push",
            hmos(r#""alert":"a","category":"IM""#),
            "/notification/hmos/intent",
            "action.system.home",
        ),
        (
            "status",
            r#"{"msg_id":"1","registration_ids":["r"]}"#.to_owned(),
            "/msg_id",
            "the vendor answers 3002 to text: write it without quotes",
        ),
        (
            "status",
            r#"{"msg_id":1,"registration_ids":["r"],"date":"1.2.26"}"#.to_owned(),
            "/date",
            "yyyy-mm-dd",
        ),
    ] {
        let row = CONTRACT.operation(operation).expect("an operation");
        let document = Document::parse(body.as_str()).expect("JSON");
        let findings = lint(&CONTRACT, row, &document, &Context::default());
        let told = findings.iter().find(|finding| finding.place.pointer == pointer);
        let words = told.and_then(|told| told.help.clone()).unwrap_or_default();
        assert!(words.contains(help), "{body}: {findings:?}");
    }
    let document = push(r#"{"notification":{"alert":"a","ios":null}}"#);
    let document = Document::parse(document.as_str()).expect("JSON");
    let operation = CONTRACT.operation("push").expect("an operation");
    let findings = lint(&CONTRACT, operation, &document, &Context::default());
    assert!(findings.iter().any(|told| told.message == "`ios` is null: JPush may refuse it"));
}
