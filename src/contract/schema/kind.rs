//! Kinds as schemas.

use serde_json::{Map, Value, json};

use super::condition::{one_of, spellings};
use super::limit::{keywords, whole};
use super::{Builder, SchemaScope, both};
use crate::contract::{Bools, Choice, Field, FileRules, Int, Kind, Lit, MapOf, RowFault, Spelling};

impl Builder {
    /// A value that is there, with its limits: an item, or the value of a field.
    pub(super) fn value(&mut self, field: &'static Field, around: &SchemaScope) -> Value {
        let scope = around.within(field.codes, None);
        if !scope.is_error(RowFault::Type) {
            return json!({});
        }
        let kind = self.kind(field.kind, &scope);
        // If a value outside the set is not an error, lint does not check its limits either.
        let closed = !matches!(field.kind, Kind::Choice(_)) || scope.is_error(RowFault::Set);
        let limits = if closed { keywords(field, &scope) } else { Map::new() };
        let built = both(kind, Value::Object(limits));
        if scope.is_error(RowFault::Null) { built } else { with(built, vec![Value::Null]) }
    }

    /// The values that a kind allows.
    pub(super) fn kind(&mut self, kind: Kind, scope: &SchemaScope) -> Value {
        match kind {
            Kind::Any => json!({}),
            Kind::Text => json!({ "type": "string" }),
            Kind::Int(int) => int_schema(int, scope),
            Kind::Digits => json!({ "type": "string", "pattern": "^[0-9]+$" }),
            Kind::Number(text) => {
                let types = if passes(text, scope.policy.digits) {
                    json!(["number", "string"])
                } else {
                    json!("number")
                };
                json!({ "type": types })
            }
            Kind::Bool(bools) => bool_schema(bools, scope),
            Kind::Choice(choices) => choice_schema(choices, scope.is_error(RowFault::Set), scope),
            Kind::Open(choices) => choice_schema(choices, false, scope),
            Kind::Object(shape) => self.shared(shape, scope),
            Kind::Map(map) => self.map(map, scope),
            Kind::List(item) => json!({ "type": "array", "items": self.value(item, scope) }),
            Kind::OneOrList(item) => {
                let one = self.value(item, scope);
                json!({ "anyOf": [one, { "type": "array", "items": one }] })
            }
            Kind::CommaText(item) => comma_text(item, scope),
            Kind::JsonText(inner) => {
                let inside = scope.within(inner.codes, None);
                let content = self.kind(inner.kind, &inside);
                let text = json!({
                    "type": "string",
                    "contentMediaType": "application/json",
                    "contentSchema": content,
                });
                if inner.bare { json!({ "anyOf": [text, content] }) } else { text }
            }
            Kind::Base64 if scope.is_error(RowFault::Base64) => json!({
                "type": "string",
                "contentEncoding": "base64",
                "pattern": BASE64,
            }),
            Kind::Base64 => json!({ "type": "string", "contentEncoding": "base64" }),
            Kind::Base64Json(inner) => {
                let inside = scope.within(inner.codes, None);
                json!({
                    "type": "string",
                    "contentEncoding": "base64",
                    "contentMediaType": "application/json",
                    "contentSchema": self.kind(inner.kind, &inside),
                })
            }
            Kind::Union(kinds) => {
                let all: Vec<Value> = kinds.iter().map(|kind| self.kind(*kind, scope)).collect();
                json!({ "anyOf": all })
            }
            Kind::File(rules) => file_schema(rules, scope),
        }
    }

    fn map(&mut self, map: &'static MapOf, scope: &SchemaScope) -> Value {
        let mut schema = Map::new();
        schema.insert("type".to_owned(), json!("object"));
        let values = self.value(&map.value, scope);
        self.members(map.reserved, scope, &mut schema);
        schema.insert("additionalProperties".to_owned(), values);
        Value::Object(schema)
    }
}

/// The standard alphabet, padding optional.
const BASE64: &str = "^[A-Za-z0-9+/]*={0,2}$";

/// Whether another spelling is accepted, with a finding or without.
fn passes(own: Spelling, policy: Spelling) -> bool {
    let spelling = if own == Spelling::Policy { policy } else { own };
    matches!(spelling, Spelling::Accept | Spelling::Remark(_))
}

fn int_schema(int: Int, scope: &SchemaScope) -> Value {
    let (min, max) = int.width.bounds();
    let mut number = json!({ "type": "integer", "minimum": whole(min), "maximum": whole(max) });
    if int.plain {
        number["$comment"] = json!("in plain digits: no fraction, no exponent");
    }
    if passes(int.digits, scope.policy.digits) {
        json!({ "anyOf": [number, { "type": "string", "pattern": "^-?[0-9]+$" }] })
    } else {
        number
    }
}

fn bool_schema(bools: Bools, scope: &SchemaScope) -> Value {
    let mut all = vec![json!({ "type": "boolean" })];
    if passes(bools.cased, Spelling::Refuse) {
        let pattern = "^([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])$";
        all.push(json!({ "type": "string", "pattern": pattern }));
    } else if passes(bools.text, scope.policy.words) {
        all.push(json!({ "enum": ["true", "false"] }));
    }
    if passes(bools.one, Spelling::Refuse) {
        all.push(json!({ "const": 1 }));
    }
    if all.len() == 1 { all.remove(0) } else { json!({ "anyOf": all }) }
}

fn choice_schema(choices: &'static [Choice], closed: bool, scope: &SchemaScope) -> Value {
    let has = |test: fn(&Lit) -> bool| choices.iter().any(|choice| test(&choice.value));
    let numbers = has(|lit| matches!(lit, Lit::Int(_)));
    let texts = has(|lit| matches!(lit, Lit::Text(_)));
    let bools = has(|lit| matches!(lit, Lit::Bool(_)));
    let digits = numbers && (texts || passes(Spelling::Policy, scope.policy.digits));
    if closed {
        let lits: Vec<Lit> = choices.iter().map(|choice| choice.value).collect();
        if digits {
            return one_of(&lits);
        }
        let values: Vec<Value> = lits.into_iter().map(lit).collect();
        return json!({ "enum": values });
    }
    let mut types: Vec<&str> = Vec::new();
    types.extend(numbers.then_some("integer"));
    types.extend((texts || digits).then_some("string"));
    types.extend(bools.then_some("boolean"));
    let examples: Vec<Value> = choices.iter().map(|choice| lit(choice.value)).collect();
    // An empty list of choices is an open set of words.
    match types.as_slice() {
        [] => json!({}),
        [one] => json!({ "type": one, "examples": examples }),
        types => json!({ "type": types, "examples": examples }),
    }
}

fn lit(lit: Lit) -> Value {
    match lit {
        Lit::Int(n) => json!(n),
        Lit::Text(text) => json!(text),
        Lit::Bool(value) => json!(value),
    }
}

fn comma_text(item: &'static Field, scope: &SchemaScope) -> Value {
    let inner = scope.within(item.codes, None);
    match item.kind {
        Kind::Choice(choices) if inner.is_error(RowFault::Set) => {
            let words: Vec<String> = choices
                .iter()
                .map(|choice| match choice.value {
                    Lit::Int(n) => spellings(n),
                    other => escape_pattern(&other.to_text()),
                })
                .collect();
            let one = format!("\\s*({})\\s*", words.join("|"));
            json!({ "type": "string", "pattern": format!("^{one}(,{one})*$") })
        }
        _ => json!({ "type": "string" }),
    }
}

/// A word as a pattern that matches it alone.
fn escape_pattern(word: &str) -> String {
    let mut out = String::new();
    for c in word.chars() {
        if "\\^$.|?*+()[]{}/-".contains(c) && c != '-' && c != '/' {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn file_schema(rules: &FileRules, scope: &SchemaScope) -> Value {
    if !scope.is_error(RowFault::File) {
        return json!({ "type": "object" });
    }
    let text = json!({ "type": "string" });
    json!({
        "type": "object",
        "anyOf": [
            { "required": ["path"], "properties": { "path": text } },
            { "required": ["name", "content"], "properties": { "name": text, "content": text } },
            { "required": ["name", "size"], "properties": { "name": text } },
        ],
        "properties": { "size": { "maximum": rules.max_bytes } },
        "x-herald-endings": rules.endings,
    })
}

/// A schema that takes these values, too.
pub(super) fn with(schema: Value, extra: Vec<Value>) -> Value {
    let plain = |schema: &Map<String, Value>| {
        let more = ["enum", "const", "anyOf", "allOf", "not", "$ref", "oneOf"];
        !more.iter().any(|key| schema.contains_key(*key))
    };
    match schema {
        Value::Object(all) if all.is_empty() => Value::Object(all),
        // `null` beside one type needs no alternative: all other keywords ignore it.
        Value::Object(mut one) if plain(&one) && extra == [Value::Null] => {
            if let Some(Value::String(name)) = one.get("type").cloned() {
                one.insert("type".to_owned(), json!([name, "null"]));
            } else if let Some(Value::Array(types)) = one.get_mut("type") {
                types.push(json!("null"));
            }
            Value::Object(one)
        }
        other => json!({ "anyOf": [other, { "enum": extra }] }),
    }
}
