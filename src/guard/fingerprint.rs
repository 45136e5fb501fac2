//! What a request says, as a digest: two that differ only in what every run makes anew have the same.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::contract::{Operation, Repeat};
use crate::document::{Member, Node, Object, Span, Value};

/// SHA-256, in lower-case hex, of an operation and a body without its signature. The audience is part of the body.
///
/// The order of members and the spelling of numbers make no difference, nor does what [`Operation::volatile`] names and
/// what the vendor tells repeats by.
pub fn fingerprint(operation: &Operation, body: &Value) -> String {
    let mut hash = Sha256::new();
    hash.update(operation.id);
    hash.update([0]);
    hash.update(canonical(&lasting(operation, body)).to_compact());
    hex(&hash.finalize())
}

/// The same of several requests that a command makes: of their fingerprints, or of what else tells them apart.
pub fn fingerprint_of_all<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
        hash.update([0]);
    }
    hex(&hash.finalize())
}

fn hex(digest: &[u8]) -> String {
    digest.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// The body without what every run makes anew.
fn lasting(operation: &Operation, body: &Value) -> Value {
    let mut body = body.clone();
    let Some(object) = body.as_object_mut() else { return body };
    for name in operation.volatile {
        object.remove(name);
    }
    for member in operation.audience_members() {
        if let Some(node) = object.get_mut(member) {
            in_order(&mut node.value);
        }
    }
    if let Repeat::Deduplicated { field, .. } = operation.repeat
        && let Some(node) = object.remove(field)
        && let Value::Object(by_id) = node.value
    {
        // The ids are the keys of what they are for.
        let items = by_id.iter().map(|member| member.node.clone()).collect();
        object.set(field, Value::Array(items));
    }
    body
}

/// Puts lists of targets in order: the same people are the same audience.
fn in_order(value: &mut Value) {
    match value {
        Value::Array(items) => items.sort_by_key(|item| item.value.to_compact()),
        Value::Object(object) => {
            let keys: Vec<String> = object.iter().map(|member| member.key.to_string()).collect();
            for key in keys {
                if let Some(node) = object.get_mut(&key) {
                    in_order(&mut node.value);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The same with members in the order of their keys, and whole numbers spelled one way.
fn canonical(value: &Value) -> Value {
    match value {
        Value::Number(number) => number
            .as_integer()
            .map_or_else(|| value.clone(), |whole| Value::number(whole.to_string())),
        Value::Array(items) => {
            Value::Array(items.iter().map(|item| Node::bare(canonical(&item.value))).collect())
        }
        Value::Object(object) => {
            let mut members: Vec<_> = object.iter().collect();
            members.sort_by(|a, b| a.key.cmp(&b.key));
            let mut sorted = Object::default();
            for member in members {
                let node = Node::bare(canonical(&member.node.value));
                sorted.push(Member { key: member.key.clone(), key_span: Span::default(), node });
            }
            Value::Object(sorted)
        }
        Value::Null | Value::Bool(_) | Value::String(_) => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;

    const PLAIN: Operation = Operation { id: "push", volatile: &["n"], ..Operation::BASE };
    const WITH_ID: Operation =
        Operation { repeat: Repeat::Deduplicated { field: "cid", seconds: 60 }, ..PLAIN };

    fn print(operation: &Operation, body: &str) -> String {
        fingerprint(operation, &Document::parse(body).expect("JSON").into_value())
    }

    #[test]
    fn what_every_run_makes_anew_and_how_it_is_written_make_no_difference() {
        let body = r#"{"to":["a","b"],"text":"x","more":{"a":1,"b":[2,{"c":3,"d":4}]}}"#;
        for other in [
            r#"{"n":7,"to":["a","b"],"text":"x","more":{"a":1,"b":[2,{"c":3,"d":4}]}}"#,
            r#"{"more":{"b":[2,{"d":4,"c":3}],"a":1},"text":"x","to":["a","b"],"n":8}"#,
            r#"{ "to": ["a","b"], "text": "\u0078", "more": {"a":1.0,"b":[2e0,{"c":3,"d":4}]} }"#,
        ] {
            assert_eq!(print(&PLAIN, body), print(&PLAIN, other), "{other}");
        }
        let id = r#"{"to":["a","b"],"text":"x","cid":"1","more":{"a":1,"b":[2,{"c":3,"d":4}]}}"#;
        assert_eq!(print(&WITH_ID, body), print(&WITH_ID, id));
        let of_each = |ids: [&str; 2]| {
            let [a, b] = ids;
            print(&WITH_ID, &format!(r#"{{"cid":{{"{a}":{{"to":"x"}},"{b}":{{"to":"y"}}}}}}"#))
        };
        assert_eq!(of_each(["2", "1"]), of_each(["3", "4"]));
        assert_ne!(of_each(["1", "2"]), print(&WITH_ID, r#"{"cid":{"1":{"to":"x"}}}"#));
    }

    #[test]
    fn what_it_says_to_whom_and_by_which_operation_does() {
        let body = r#"{"to":["a","b"],"text":"x","m":{"n":1}}"#;
        for other in [
            r#"{"to":["a"],"text":"x","m":{"n":1}}"#,
            r#"{"to":["b","a"],"text":"x","m":{"n":1}}"#,
            r#"{"to":["a","b"],"text":"y","m":{"n":1}}"#,
            r#"{"to":["a","b"],"text":"x","m":{"n":2}}"#,
            r#"{"to":["a","b"],"text":"x","m":{"n":"1"}}"#,
            r#"{"to":["a","b"],"text":"x","m":{"n":1},"cid":"1"}"#,
            r#"{"to":["a","b"],"text":"x"}"#,
        ] {
            assert_ne!(print(&PLAIN, body), print(&PLAIN, other), "{other}");
        }
        let renamed = Operation { id: "pull", ..PLAIN };
        assert_ne!(print(&PLAIN, body), print(&renamed, body));
    }

    #[test]
    fn a_fingerprint_stays_what_it_is() {
        // The ledger keeps them, so that tomorrow's herald has to come to the same.
        let known = "3ccc74b49a23eae234ed909aa8a5babdff198fb8c4ba26d9d11cd3b8c3d0dc6d";
        assert_eq!(print(&PLAIN, r#"{"b":1.0,"a":"x"}"#), known);
    }
}
