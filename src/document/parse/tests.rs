use proptest::prelude::*;

use super::*;
use crate::document::{Document, Span, Trail};

#[test]
fn every_sort_of_broken_text_is_one_fault_at_its_place() {
    #[rustfmt::skip]
    let table: &[(&str, FaultKind, usize, &str)] = &[
        ("",                      FaultKind::Syntax, 0,  "empty"),
        ("  \n",                  FaultKind::Syntax, 0,  "empty"),
        (r#"{"a":1,}"#,           FaultKind::Syntax, 6,  "comma"),
        (r#"[1,2,]"#,             FaultKind::Syntax, 4,  "comma"),
        (r#"{a:1}"#,              FaultKind::Syntax, 1,  "double quotes"),
        (r#"{."addr":1}"#,        FaultKind::Syntax, 1,  "double quotes"),
        (r#"{"a" 1}"#,            FaultKind::Syntax, 5,  "colon"),
        (r#"{"a":'x'}"#,          FaultKind::Syntax, 5,  "double quotes"),
        (r#"{"a":1"#,             FaultKind::Syntax, 0,  "ends before"),
        (r#"{"a":"x"#,            FaultKind::Syntax, 5,  "not closed"),
        ("{\"a\":\"x\ty\"}",      FaultKind::Syntax, 7,  "inside a string"),
        (r#"{"a":"\x"}"#,         FaultKind::Syntax, 6,  "escape"),
        (r#"{"a":"\u12"}"#,       FaultKind::Syntax, 6,  "hexadecimal"),
        (r#"{"a":"\ud83d"}"#,     FaultKind::Syntax, 6,  "surrogate"),
        (r#"{"a":01}"#,           FaultKind::Syntax, 6,  "leading zeros"),
        (r#"{"a":1.}"#,           FaultKind::Syntax, 7,  "digit"),
        (r#"{"a":True}"#,         FaultKind::Syntax, 5,  "value is due"),
        (r#"{"a":nul}"#,          FaultKind::Syntax, 5,  "no JSON value"),
        (r#"{"a":1} {"b":2}"#,    FaultKind::Syntax, 8,  "more text"),
        (r#"// hi"#,              FaultKind::Syntax, 0,  "comments"),
    ];
    for (text, kind, start, words) in table {
        let fault = Document::parse(*text).expect_err(text);
        assert_eq!((fault.kind, fault.span.start), (*kind, *start), "{text}: {fault:?}");
        assert!(fault.message.contains(words), "{text}: {}", fault.message);
    }
}

#[test]
fn bytes_that_are_no_utf8_are_located() {
    let bom = Document::from_bytes(b"\xef\xbb\xbf{}".to_vec()).expect_err("BOM");
    assert_eq!((bom.kind, bom.span), (FaultKind::Encoding, Span::new(0, 3)));
    let gbk = Document::from_bytes(b"{\"a\":\"\xc4\xe3\"}".to_vec()).expect_err("GBK");
    assert_eq!((gbk.kind, gbk.span.start), (FaultKind::Encoding, 6));
}

#[test]
fn nesting_ends_at_the_limit_and_not_in_the_stack() {
    assert!(Document::parse("[".repeat(MAX_DEPTH) + &"]".repeat(MAX_DEPTH)).is_ok());
    let deep = Document::parse("[".repeat(1_000_000)).expect_err("too deep");
    assert_eq!((deep.kind, deep.span.start), (FaultKind::Depth, MAX_DEPTH));
}

#[test]
fn a_repeated_key_is_reported_where_it_repeats() {
    let document = Document::parse(r#"{"a":[{"x":1,"x":2}]}"#).expect("JSON");
    let [fault] = document.repeated() else { panic!("one repeated key") };
    assert_eq!((fault.pointer.as_str(), fault.span), ("/a/0/x", Span::new(13, 16)));
}

#[test]
fn numbers_of_any_size_survive() {
    let text = r#"[561233975322902529,18446744073709551616,-0.0,1e400,1.0,1.50]"#;
    assert_eq!(Document::parse(text).expect("JSON").into_value().to_compact(), text);
}

#[test]
fn whole_numbers_are_recognised_in_every_spelling() {
    #[rustfmt::skip]
    let table = [
        ("0", Some(0)), ("-7", Some(-7)), ("1.0", Some(1)), ("1e2", Some(100)), ("1.5e1", Some(15)), ("120e-1", Some(12)),
        ("1.5", None), ("1e-1", None), ("1e400", None), ("9223372036854775808", Some(9_223_372_036_854_775_808)),
    ];
    for (text, whole) in table {
        let document = Document::parse(text).expect("JSON");
        assert_eq!(
            document.root().value.as_number().expect("a number").as_integer(),
            whole,
            "{text}"
        );
    }
}

#[test]
fn a_place_inside_a_string_is_found_in_the_file() {
    let text = r#"{"content":"{\"\u4f60\":\"好\",\"b\":[1,22]}"}"#;
    let document = Document::parse(text).expect("JSON");
    let trail = Trail::new(&document);
    let item = trail.root().get("content").json().expect("JSON inside").get("b").item(1);
    let place = item.place();
    assert_eq!(
        (place.pointer.as_str(), place.inner_pointer.as_deref()),
        ("/content", Some("/b/1"))
    );
    assert_eq!(&text[place.span.start..place.span.end], "22");
    let chinese = trail.root().find("content/你").place();
    assert_eq!(&text[chinese.span.start..chinese.span.end], "\\\"好\\\"");
}

#[test]
fn a_missing_value_points_at_its_container() {
    let document = Document::parse(r#"{"conv":{"type":0}}"#).expect("JSON");
    let trail = Trail::new(&document);
    let place = trail.root().get("conv").get("target").place();
    assert_eq!((place.pointer.as_str(), place.span), ("/conv/target", Span::new(8, 9)));
    assert_eq!(trail.root().get("a/b").get("~").place().pointer, "/a~1b/~0");
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        ".*".prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
            proptest::collection::hash_map(".*", inner, 0..6)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}

#[test]
fn strings_are_searched_for_the_first_special_byte() {
    for special in ["\"", "\\", "\n", "\u{1f}"] {
        for before in 0..40 {
            for other in ["a", "你", "\u{7f}", "!", "#", "["] {
                let text = other.repeat(before) + special + &other.repeat(20) + special;
                let found = crate::document::text::first_special(text.as_bytes());
                assert_eq!(found, Some(other.len() * before), "{text:?}");
            }
        }
    }
    assert_eq!(crate::document::text::first_special("你好, world".as_bytes()), None);
}

proptest! {
    #[test]
    fn the_tape_writes_and_measures_what_its_tree_does(value in json(), blanks in "[ ]{0,3}") {
        let inside = serde_json::json!({"json": value.to_string(), "value": value});
        let text = blanks + &serde_json::json!({"twice": inside.to_string(), "once": inside}).to_string();
        let document = Document::parse(text.as_str()).expect("serde writes JSON");
        let compact = document.root().value.to_compact();
        prop_assert_eq!(document.view().to_compact(), compact.clone());
        prop_assert_eq!(document.view().compact_bytes(), compact.len());
        let again = Document::unwritten(document.root().value.clone());
        prop_assert_eq!(again.view().to_compact(), compact);
    }

    #[test]
    fn memory_is_used_again_and_nothing_of_the_text_before(first in json(), second in json()) {
        let (first, second) = (first.to_string(), second.to_string());
        let mut document = Document::parse(first.as_str()).expect("JSON");
        document.parse_again(usize::MAX, &second).expect("JSON");
        let fresh = Document::parse(second.as_str()).expect("JSON");
        prop_assert_eq!(document.text(), second.as_str());
        prop_assert_eq!(document.root().value.to_compact(), fresh.root().value.to_compact());
    }

    #[test]
    fn what_serde_writes_is_read_and_written_back(value in json()) {
        let text = value.to_string();
        let document = Document::parse(text.as_str()).expect("serde writes JSON");
        let again: serde_json::Value = serde_json::from_str(&document.root().value.to_compact()).expect("JSON");
        prop_assert_eq!(again, value);
    }

    #[test]
    fn both_readers_agree_on_what_is_json(text in r#"[\[\]{},:"\\a-u0-9 .eE+-]{0,24}"#) {
        let serde = serde_json::from_str::<serde::de::IgnoredAny>(&text);
        prop_assert_eq!(Document::parse(text.as_str()).is_ok(), serde.is_ok(), "{}", text);
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
        let _ = Document::from_bytes(bytes);
    }

    #[test]
    fn a_string_inside_a_string_maps_back_to_its_bytes(before in ".*", value in ".*") {
        let inner = serde_json::json!({"a": before, "b": value}).to_string();
        let text = serde_json::json!({"outer": inner}).to_string();
        let document = Document::parse(text.as_str()).expect("JSON");
        let trail = Trail::new(&document);
        let span = trail.root().find("outer/b").place().span;
        let found: String = serde_json::from_str(&format!("\"{}\"", &text[span.start..span.end])).expect("a string");
        prop_assert_eq!(serde_json::from_str::<String>(&found).expect("JSON inside"), value);
    }
}
