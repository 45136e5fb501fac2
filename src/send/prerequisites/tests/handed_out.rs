//! What a vendor hands out is held to the rules of its field before anything carries it.

use proptest::prelude::*;

use crate::contract::{Finding, Rule, error};
use crate::document::{Place as PayloadPlace, Span};
use crate::provider::prerequisite::UploadPlace;
use crate::send::prerequisites::tests::*;

static RULE: Rule = error("B1", "url is wrong", "It is short.");

/// A rule of one field: at most three characters.
fn too_long(_: &'static Operation, body: &Value) -> Vec<Finding> {
    let url = value_at(body, "body/url").and_then(Value::as_str).unwrap_or_default();
    let found = |pointer: &str| Finding {
        space: "bearer",
        rule: &RULE,
        message: "it is too long".to_owned(),
        help: Some("It is short.".to_owned()),
        place: PayloadPlace {
            pointer: pointer.to_owned(),
            inner_pointer: None,
            span: Span::default(),
        },
    };
    match url.len() {
        0..=3 => Vec::new(),
        4..=9 => vec![found("/body/url")],
        // The whole body is too large with it.
        _ => vec![found("")],
    }
}

fn linting(prerequisites: Prerequisites<'_>) -> Prerequisites<'_> {
    Prerequisites {
        around: PrerequisiteContext { lint: &too_long, ..prerequisites.around },
        ..prerequisites
    }
}

fn uploaded(url: &str) -> Result<String> {
    let answer = serde_json::json!({"url": url}).to_string();
    let script = Script::of(&[T1, (200, &answer)]);
    let mut prerequisites = linting(prerequisites(&script, Tokens::new(None)));
    let mut body = Value::object();
    prerequisites.prepare(operation("send"), &mut body, &[picture()])?;
    Ok(body.to_compact())
}

#[test]
fn what_breaks_the_rule_of_its_field_is_kept_back_and_shown() {
    assert!(uploaded("abc").is_ok());
    for (url, words) in [
        ("abcd", "`abcd` (4 bytes), which breaks bearer/B1 (url is wrong), as `url`"),
        ("abcdefghijk", "which breaks bearer/B1"),
        ("", "which is empty"),
        ("a\r\nX: y", "`a\\r\\nX: y` (7 bytes), which holds control characters"),
        (&"x".repeat(9000), "x…` (9000 bytes), which is longer than 8192 bytes"),
    ] {
        let error = uploaded(url).expect_err(url);
        let told = error.to_string();
        assert_eq!(error.exit(), Exit::Unavailable, "{told}");
        assert!(told.contains(words) && told.contains("the vendor returned"), "{told}");
        assert!(told.ends_with("nothing was sent"), "{told}");
        assert!(told.len() < 300 && !told.contains(char::is_control), "{told}");
        assert_eq!(error.when(), Some(RetryAfter::Never), "waiting does not change it");
    }
}

#[test]
fn a_body_that_is_not_finished_is_held_to_the_rules_of_what_was_put_in_alone() {
    for (url, is_taken) in [("abc", true), ("abcd", false), ("abcdefghijk", true)] {
        let answer = serde_json::json!({"url": url}).to_string();
        let script = Script::of(&[T1, (200, &answer)]);
        let mut prerequisites = linting(prerequisites(&script, Tokens::new(None)));
        let mut body = Value::object();
        let attached = prerequisites.attach(operation("send"), &mut body, &[picture()]);
        assert_eq!(attached.is_ok(), is_taken, "{url}");
    }
}

#[test]
fn what_stood_for_an_address_is_an_address() {
    let upload = || Upload {
        places: vec![UploadPlace { at: "body/url", name: "url", required: true }],
        ..picture()
    };
    for (url, is_taken) in [("http://a/b", true), ("javascript:x", false), ("/b", false)] {
        let answer = serde_json::json!({"url": url}).to_string();
        let script = Script::of(&[T1, (200, &answer)]);
        let mut prerequisites = prerequisites(&script, Tokens::new(None));
        let stand_in = r#"{"body":{"url":"https://upload.invalid/a.jpg"}}"#;
        let mut body = Document::parse(stand_in).expect("JSON").into_value();
        let prepared = prerequisites.prepare(operation("send"), &mut body, &[upload()]);
        assert_eq!(prepared.is_ok(), is_taken, "{url}");
    }
}

#[test]
fn a_token_that_no_header_carries_is_none() {
    for token in ["", "a b", "a\r\nX: y", "t\u{e9}", &"x".repeat(9000)] {
        let answer = serde_json::json!({"token": token}).to_string();
        let script = Script::of(&[(200, &answer)]);
        let folder = tempfile::tempdir().expect("a folder");
        let tokens = Tokens::new(Some(folder.path().to_owned()));
        let mut first = prerequisites(&script, tokens.clone());
        let error = first.prepare(operation("send"), &mut Value::object(), &[]).expect_err(token);
        assert_eq!(error.exit(), Exit::Unavailable, "{error}");
        assert!(error.to_string().contains("no header can carry"), "{error}");
        assert!(token.is_empty() || !error.to_string().contains(token), "{error}");
        // It is not kept, and a kept one like it is not used.
        let whose = ["bearer", "https://bearer.example", "app"];
        assert!(tokens.get(&whose, 1_000).expect("its own").is_none());
        let life = Some(Duration::from_secs(7200));
        tokens.keep(&whose, &Secret::new(token), life, 1_000).expect("writable");
        let script = Script::of(&[T1]);
        let mut second = prerequisites(&script, tokens);
        let prepared = second.prepare(operation("send"), &mut Value::object(), &[]).expect("t1");
        assert_eq!(token_of(&prepared), "t1");
    }
}

proptest! {
    #[test]
    fn whatever_is_handed_out_is_usable_or_told_in_one_safe_line(url in "\\PC{0,12}|[\\x00-\\x7f]{0,12}|.{0,200}") {
        match uploaded(&url) {
            Ok(_) => prop_assert!(!url.is_empty() && url.len() <= 3 && !url.contains(char::is_control)),
            Err(error) => {
                let told = error.to_string();
                prop_assert_eq!(error.exit(), Exit::Unavailable);
                prop_assert!(!told.contains(char::is_control) && told.len() < 1200, "{}", told);
            }
        }
    }
}
