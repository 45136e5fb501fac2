//! `--set` on real operations: what the rows make of what people type.

use herald::contract::typed::{PathRoots, SetExpr, apply};
use herald::document::Document;
use herald::provider::find_operation;

/// The body after some `--set`s, or the error with its advice.
fn set(name: &str, before: &str, sets: &[&str], roots: PathRoots) -> Result<String, String> {
    let (_, operation) = find_operation(name).expect("an operation");
    let mut body = Document::parse(before).expect("JSON").into_value();
    for typed in sets {
        SetExpr::parse(typed).and_then(|expr| apply(&expr, &mut body, operation, roots)).map_err(
            |error| format!("{}; {}", error.full_message(), error.advice().unwrap_or_default()),
        )?;
    }
    Ok(body.to_compact())
}

#[test]
fn names_of_values_and_nested_fields_become_what_the_vendor_wants() {
    for (name, before, sets, roots, after) in [
        (
            "jpush-v2/push",
            "{}",
            &["receiver_type=alias", "msg_type=1", "msg_content.n_builder_id=3"][..],
            PathRoots::Body,
            r#"{"receiver_type":3,"msg_type":1,"msg_content":{"n_builder_id":3}}"#,
        ),
        (
            "jpush-v2/push",
            r#"{"msg_type":1,"msg_content":"{\"n_content\":\"hi\"}"}"#,
            &["n_extras.ios.badge:=8", "msg_content.n_title=Shop"],
            PathRoots::ContentFirst,
            r#"{"msg_type":1,"msg_content":"{\"n_content\":\"hi\",\"n_extras\":{\"ios\":{\"badge\":8}},\"n_title\":\"Shop\"}"}"#,
        ),
        (
            "wildfire/send",
            r#"{"payload":{"type":1}}"#,
            &["conv.type=group", "conv.target=g1", "toUsers=u1", "persistFlag=3", "sender=a"],
            PathRoots::ContentFirst,
            concat!(
                r#"{"payload":{"type":1,"persistFlag":3},"conv":{"type":1,"target":"g1"},"#,
                r#""toUsers":["u1"],"sender":"a"}"#
            ),
        ),
        (
            "wildfire/recall",
            "{}",
            &["operator=admin", "messageUid=288373737373737373"],
            PathRoots::Body,
            r#"{"operator":"admin","messageUid":288373737373737373}"#,
        ),
    ] {
        assert_eq!(set(name, before, sets, roots).as_deref(), Ok(after), "{name} {sets:?}");
    }
}

#[test]
fn what_does_not_fit_names_what_does() {
    for (name, typed, wanted) in [
        ("jpush-v2/push", "receiver_type=alais", "did you mean `alias`?"),
        ("jpush-v2/push", "recever_type=2", "did you mean `receiver_type`?"),
        ("jpush-v2/push", "time_to_live=soon", "`time_to_live` must be a whole number, not `soon`"),
        ("jpush-v2/push", "n_title=Shop", "did you mean `msg_content.n_title`?"),
        ("wildfire/send", "conv.tpye=1", "did you mean `conv.type`?"),
        ("wildfire/send", "searchableContent=x", "did you mean `payload.searchableContent`?"),
    ] {
        let said = set(name, "{}", &[typed], PathRoots::Body).expect_err(typed);
        assert!(said.contains(wanted), "{typed}: {said}");
    }
}
