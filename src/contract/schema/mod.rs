//! JSON Schema 2020-12 of operations and message types, for editors.
//!
//! A schema is an outer bound of what lint accepts: if the schema refuses something, lint reports an error. The reverse
//! is not true where JSON Schema has no words: lengths in bytes or UTF-16 units (`x-herald-…` keywords hold the
//! numbers), sums over fields, JSON and base64 inside strings, named functions, and every warning or hint.

mod condition;
mod kind;
mod limit;
mod object;
pub mod output;

pub(super) use limit::fault as fault_of;

#[cfg(test)]
mod tests;

use serde_json::{Map, Value, json};

use super::Shape;
use super::{
    Codes, Contract, Kind, MessageType, Operation, Policy, Root, RowFault, RuleId, Severity,
};

/// The dialect.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The schema of an operation's payload.
pub fn of_operation(contract: &'static Contract, operation: &'static Operation) -> Value {
    let mut builder = Builder::default();
    let scope = SchemaScope::of(contract);
    let body = match operation.root {
        Root::Shape(shape) => builder.shape(shape, &scope, Level::Root),
        Root::Value(field) => builder.value(field, &scope),
    };
    let title = format!("{}/{}", contract.id, operation.id);
    let comment = format!("Read from: {}", operation.source);
    builder.finish(&title, &operation.about.to_string(), &comment, body)
}

/// The schema of a message type's content.
pub fn of_type(contract: &'static Contract, row: &'static MessageType) -> Value {
    let mut builder = Builder::default();
    let scope = SchemaScope::of(contract);
    let body = match row.content {
        Some(Kind::Object(shape)) => builder.shape(shape, &scope, Level::Root),
        Some(kind) => builder.kind(kind, &scope),
        None => json!({}),
    };
    let comment = format!("Read from: {}", row.source);
    builder.finish(&format!("{}/{}", contract.id, row.id), &row.about.to_string(), &comment, body)
}

/// Builds one schema.
#[derive(Default)]
struct Builder {
    defs: Map<String, Value>,
    /// Named shapes that are being built; they stop endless recursion.
    open: Vec<(&'static Shape, String)>,
}

/// The position of an object.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    /// It is the whole payload: paths from the root begin in it, and it may have `$schema`.
    Root,
    /// It is inside the payload.
    Inner,
}

/// Which rules faults get, and how strictly the object is read: the same as in lint.
#[derive(Clone)]
struct SchemaScope {
    contract: &'static Contract,
    codes: Vec<Codes>,
    policy: &'static Policy,
}

impl SchemaScope {
    fn of(contract: &'static Contract) -> Self {
        Self { contract, codes: vec![contract.codes], policy: &contract.policy }
    }

    fn within(&self, codes: Codes, policy: Option<&'static Policy>) -> Self {
        let mut inner = self.clone();
        inner.codes.push(codes);
        inner.policy = policy.unwrap_or(self.policy);
        inner
    }

    /// Whether a fault is an error here: a schema says nothing about faults that are not errors.
    fn is_error(&self, fault: RowFault) -> bool {
        match self.codes.iter().rev().find_map(|codes| codes.of(fault)) {
            Some(rule) => self.is_error_rule(rule),
            None => fault == RowFault::Null && self.is_error(RowFault::Type),
        }
    }

    fn is_error_rule(&self, id: RuleId) -> bool {
        self.contract.rule(id).is_some_and(|rule| rule.severity == Severity::Error)
    }

    /// Whether a breach of a limit is an error here.
    fn refuses(&self, limit: &super::Limit) -> bool {
        match limit.rule {
            Some(rule) => self.is_error_rule(rule),
            None => self.is_error(limit::fault(&limit.test)),
        }
    }
}

impl Builder {
    fn finish(self, title: &str, about: &str, comment: &str, body: Value) -> Value {
        let mut schema = Map::new();
        schema.insert("$schema".to_owned(), json!(DIALECT));
        schema.insert("$id".to_owned(), json!(format!("urn:herald:{title}")));
        schema.insert("title".to_owned(), json!(title));
        schema.insert("description".to_owned(), json!(about));
        schema.insert("$comment".to_owned(), json!(comment));
        match body {
            Value::Object(body) => {
                for (key, value) in body {
                    match (key.as_str(), schema.get(&key).and_then(Value::as_str)) {
                        ("$comment", Some(before)) => {
                            let both = format!("{before}. {}", value.as_str().unwrap_or_default());
                            schema.insert(key, json!(both));
                        }
                        _ => {
                            schema.insert(key, value);
                        }
                    }
                }
            }
            other => {
                schema.insert("allOf".to_owned(), json!([other]));
            }
        }
        if !self.defs.is_empty() {
            schema.insert("$defs".to_owned(), Value::Object(self.defs));
        }
        Value::Object(schema)
    }

    /// A named shape once in `$defs`, referred to; an unnamed one in place.
    fn shared(&mut self, shape: &'static Shape, scope: &SchemaScope) -> Value {
        if let Some((_, name)) = self.open.iter().find(|(open, _)| std::ptr::eq(*open, shape)) {
            // An unnamed shape that contains itself has no name for a reference.
            return if name.is_empty() { json!({}) } else { reference(name) };
        }
        let name = shape.name.split_whitespace().collect::<Vec<_>>().join("-");
        self.open.push((shape, name.clone()));
        let built = self.shape(shape, scope, Level::Inner);
        self.open.pop();
        if name.is_empty() { built } else { reference(&self.define(&name, built)) }
    }

    /// Puts a schema into `$defs`, under a new name if the name already has another meaning.
    fn define(&mut self, name: &str, schema: Value) -> String {
        let mut key = name.to_owned();
        let mut number = 2;
        while self.defs.get(&key).is_some_and(|known| *known != schema) {
            key = format!("{name}-{number}");
            number += 1;
        }
        self.defs.insert(key.clone(), schema);
        key
    }
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{name}") })
}

/// Adds a sentence to a schema's `$comment`.
fn comment(schema: &mut Map<String, Value>, words: &str) {
    let text = match schema.get("$comment").and_then(Value::as_str) {
        Some(before) => format!("{before}; {words}"),
        None => words.to_owned(),
    };
    schema.insert("$comment".to_owned(), json!(text));
}

/// A schema that holds if both hold.
fn both(first: Value, second: Value) -> Value {
    match (first, second) {
        (Value::Object(a), other) | (other, Value::Object(a)) if a.is_empty() => other,
        (Value::Object(mut a), Value::Object(b)) if b.keys().all(|key| !a.contains_key(key)) => {
            a.extend(b);
            Value::Object(a)
        }
        (a, b) => json!({ "allOf": [a, b] }),
    }
}
