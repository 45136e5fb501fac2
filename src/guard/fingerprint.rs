//! Digests of what requests say, and of their targets. Values that differ from run to run do not change them.

use std::collections::HashSet;

use sha2::{Digest as _, Sha256};

use crate::contract::{Audience, Operation, Repeatable, Target};
use crate::document::{Member, Node, Object, Span, Value};
use crate::wire::lower_hex;

/// The fingerprint of one request. It equals that of a job with the same content for the same targets.
pub fn fingerprint(operation: &Operation, body: &Value, audience: &Audience) -> String {
    let mut digest = AudienceDigest::default();
    audience.targets().iter().for_each(|target| digest.add(target, ""));
    fingerprint_of_job([content_digest(operation, body, audience)], &digest)
}

/// The fingerprint of a job: the [`content_digest`] of each of its texts, and the digest of all its targets. It does not
/// depend on the number of requests.
pub fn fingerprint_of_job(
    texts: impl IntoIterator<Item = String>,
    audience: &AudienceDigest,
) -> String {
    // Requests to different targets may have the same content. Their order depends on the list.
    let mut texts: Vec<String> = texts.into_iter().collect();
    texts.sort();
    texts.dedup();
    let mut hash = Sha256::new();
    for part in texts.iter().chain([&audience.to_hex()]) {
        hash.update(part);
        hash.update([0]);
    }
    lower_hex(&hash.finalize())
}

/// SHA-256, in lower-case hex, of an operation and its body without the signature and the targets.
///
/// The order of members, the spelling of numbers, the members in [`Operation::volatile`] and the idempotency key do not
/// change it.
pub fn content_digest(operation: &Operation, body: &Value, audience: &Audience) -> String {
    let mut body = without_volatile(operation, body);
    if let Audience::Named(targets) = audience {
        remove_targets(operation, &mut body, targets);
    }
    print(operation, &body)
}

fn print(operation: &Operation, body: &Value) -> String {
    let mut hash = Sha256::new();
    hash.update(operation.id);
    hash.update([0]);
    hash.update(canonical(body).to_compact());
    lower_hex(&hash.finalize())
}

/// A digest of targets that does not depend on their order: the sum of their hashes. Add each target once.
#[derive(Clone, Debug, Default)]
pub struct AudienceDigest([u64; 4]);

impl AudienceDigest {
    /// Adds a target with the values of its variables.
    pub fn add(&mut self, target: &Target, vars: &str) {
        let mut hash = Sha256::new();
        hash.update(format!("{}:{}\n{vars}", target.kind, target.id));
        let mut carry = false;
        for (sum, bytes) in self.0.iter_mut().zip(hash.finalize().chunks_exact(8)) {
            let word = u64::from_le_bytes(bytes.try_into().expect("eight bytes"));
            let (first, over) = sum.overflowing_add(word);
            let (second, again) = first.overflowing_add(u64::from(carry));
            (*sum, carry) = (second, over || again);
        }
    }

    /// In hex.
    pub fn to_hex(&self) -> String {
        self.0.iter().map(|word| format!("{word:016x}")).collect()
    }
}

/// The body without values that differ from run to run, and with its targets in order.
fn without_volatile(operation: &Operation, body: &Value) -> Value {
    let mut body = body.clone();
    let Some(object) = body.as_object_mut() else { return body };
    for name in operation.volatile {
        object.remove(name);
    }
    for member in operation.audience_members() {
        if let Some(node) = object.get_mut(member) {
            sort_lists(&mut node.value);
        }
    }
    if let Repeatable::Deduplicated { field, .. } = operation.repeat
        && let Some(node) = object.remove(field)
        && let Value::Object(by_id) = node.value
    {
        // Idempotency keys are the member names here. Keep what they stand for.
        let items = by_id.iter().map(|member| member.node.clone()).collect();
        object.set(field, Value::Array(items));
    }
    body
}

/// Removes targets from the body. A vendor writes them as a text, a text with commas or a list, depending on their number.
/// The template of a job has none.
fn remove_targets(operation: &Operation, body: &mut Value, targets: &[Target]) {
    let ids: HashSet<&str> = targets.iter().map(|target| target.id.as_str()).collect();
    let members = operation.audience_members();
    let Some(object) = body.as_object_mut() else { return };
    let keys: Vec<String> = object.iter().map(|member| member.key.to_string()).collect();
    // Where the contract reads the audience with a function, any member may hold targets.
    for key in keys.iter().filter(|key| members.is_empty() || members.contains(&key.as_str())) {
        if object.get_mut(key).is_some_and(|node| !remove_ids(&mut node.value, &ids)) {
            object.remove(key);
        }
    }
}

/// Removes ids from a value. Returns whether something is left of it.
fn remove_ids(value: &mut Value, ids: &HashSet<&str>) -> bool {
    match value {
        Value::String(text) => {
            let text = text.as_str();
            !(text.is_empty() || ids.contains(text) || text.split(',').all(|id| ids.contains(id)))
        }
        Value::Array(items) => {
            items.retain_mut(|item| remove_ids(&mut item.value, ids));
            !items.is_empty()
        }
        Value::Object(object) => {
            let keys: Vec<String> = object.iter().map(|member| member.key.to_string()).collect();
            for key in keys {
                if object.get_mut(&key).is_some_and(|node| !remove_ids(&mut node.value, ids)) {
                    object.remove(&key);
                }
            }
            !object.is_empty()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => true,
    }
}

/// Sorts lists of targets, because their order does not change the audience.
fn sort_lists(value: &mut Value) {
    match value {
        Value::Array(items) => items.sort_by_key(|item| item.value.to_compact()),
        Value::Object(object) => {
            let keys: Vec<String> = object.iter().map(|member| member.key.to_string()).collect();
            for key in keys {
                if let Some(node) = object.get_mut(&key) {
                    sort_lists(&mut node.value);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The same value with sorted members, and with one spelling for each whole number.
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
    use crate::contract::{Reach, TargetKind};
    use crate::document::Document;

    const PLAIN: Operation = Operation { id: "push", volatile: &["n"], ..Operation::BASE };
    const WITH_ID: Operation =
        Operation { repeat: Repeatable::Deduplicated { field: "cid", seconds: 60 }, ..PLAIN };

    fn value(body: &str) -> Value {
        Document::parse(body).expect("JSON").into_value()
    }

    fn print(operation: &Operation, body: &str) -> String {
        content_digest(operation, &value(body), &Audience::Everybody)
    }

    fn targets(ids: &str) -> Vec<Target> {
        ids.split(' ').map(|id| Target::new(TargetKind::User, id)).collect()
    }

    #[test]
    fn a_request_has_the_fingerprint_of_a_job_with_the_same_content_and_targets() {
        let operation = |path| Operation { reach: Reach::Field(TargetKind::User, path), ..PLAIN };
        let job = |operation: &Operation, body: &[&str], ids: &str| {
            let mut digest = AudienceDigest::default();
            targets(ids).iter().for_each(|target| digest.add(target, ""));
            let none = Audience::Named(Vec::new());
            let texts = body.iter().map(|body| content_digest(operation, &value(body), &none));
            fingerprint_of_job(texts, &digest)
        };
        let one = |operation: &Operation, body: &str, ids: &str| {
            fingerprint(operation, &value(body), &Audience::Named(targets(ids)))
        };
        // The form of the targets in the request does not matter, nor that the template of a job has none.
        let flat = operation("to");
        let expected = job(&flat, &[r#"{"to":"","text":"a"}"#], "a b");
        for body in [r#"{"text":"a","to":"b,a"}"#, r#"{"to":["a","b"],"text":"a"}"#] {
            assert_eq!(one(&flat, body, "b a"), expected, "{body}");
        }
        assert_eq!(job(&flat, &[r#"{"to":[],"text":"a"}"#; 2], "b a"), expected);
        let deep = operation("conv/target");
        let body = r#"{"conv":{"type":0,"target":"a"},"text":"a"}"#;
        let expected = job(&deep, &[r#"{"conv":{"type":0,"target":""},"text":"a"}"#], "a");
        assert_eq!(one(&deep, body, "a"), expected);
        // Another target, one more, another text, another conversation.
        for (body, ids) in [
            (body, "b"),
            (body, "a b"),
            (r#"{"conv":{"type":0,"target":"a"},"text":"b"}"#, "a"),
            (r#"{"conv":{"type":1,"target":"a"},"text":"a"}"#, "a"),
        ] {
            assert_ne!(one(&deep, body, ids), expected, "{body} {ids}");
        }
    }

    #[test]
    fn volatile_values_and_spelling_do_not_change_a_digest() {
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
    fn content_audience_and_operation_change_a_digest() {
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
        // The ledger stores fingerprints, so a later version has to compute the same.
        let known = "3ccc74b49a23eae234ed909aa8a5babdff198fb8c4ba26d9d11cd3b8c3d0dc6d";
        assert_eq!(print(&PLAIN, r#"{"b":1.0,"a":"x"}"#), known);
    }
}
