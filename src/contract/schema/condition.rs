//! Conditions as schemas that hold exactly where the condition does; `None` if JSON Schema cannot express it.

use serde_json::{Value, json};

use super::Level;
use crate::contract::{Condition, Field, Kind, Lit, Shape};

/// The condition as a schema of the object that it is about.
pub(super) fn when(when: &Condition, shape: &'static Shape, level: Level) -> Option<Value> {
    match when {
        Condition::Is(path, lits) => at(path, one_of(lits), shape, level),
        Condition::Given(path) => {
            at(path, json!({ "not": { "enum": [null, "", [], {}] } }), shape, level)
        }
        Condition::Not(inner) => Some(json!({ "not": self::when(inner, shape, level)? })),
        Condition::All(all) => Some(json!({ "allOf": each(all, shape, level)? })),
        Condition::Any(any) => Some(json!({ "anyOf": each(any, shape, level)? })),
    }
}

fn each(all: &[Condition], shape: &'static Shape, level: Level) -> Option<Vec<Value>> {
    all.iter().map(|one| when(one, shape, level)).collect()
}

/// Exactly the values that lint takes as one of these: digits in a string count as a number.
pub(super) fn one_of(lits: &[Lit]) -> Value {
    let mut plain: Vec<Value> = Vec::new();
    let mut digits: Vec<String> = Vec::new();
    for lit in lits {
        match lit {
            Lit::Int(n) => {
                plain.push(json!(n));
                digits.push(spellings(*n));
            }
            Lit::Text(text) => plain.push(json!(text)),
            Lit::Bool(value) => plain.push(json!(value)),
        }
    }
    let plain = json!({ "enum": plain });
    if digits.is_empty() {
        return plain;
    }
    let pattern = format!("^({})$", digits.join("|"));
    json!({ "anyOf": [plain, { "type": "string", "pattern": pattern }] })
}

/// The ways in which digits can spell a number.
pub(super) fn spellings(n: i64) -> String {
    match n {
        0 => "[+-]?0+".to_owned(),
        n if n < 0 => format!("-0*{}", n.unsigned_abs()),
        n => format!("[+]?0*{n}"),
    }
}

/// A schema for the value at a path, as a schema of the object in which the path begins.
pub(super) fn at(path: &str, value: Value, shape: &'static Shape, level: Level) -> Option<Value> {
    let path = match path.strip_prefix('/') {
        Some(_) if level != Level::Root => return None,
        Some(rest) => rest,
        None => path,
    };
    let names: Vec<&str> = path.split('/').filter(|name| !name.is_empty()).collect();
    enters_objects_only(shape, &names).then(|| {
        names.iter().rev().fold(value, |inner, name| {
            json!({ "type": "object", "required": [name], "properties": { *name: inner } })
        })
    })
}

/// Whether a path leads through objects only, never through a string that holds JSON, or through a list.
fn enters_objects_only(shape: &'static Shape, names: &[&str]) -> bool {
    let [name, rest @ ..] = names else { return true };
    if rest.is_empty() {
        return true;
    }
    let same: Vec<&Field> =
        super::object::every_field(shape).into_iter().filter(|field| field.name == *name).collect();
    !same.is_empty()
        && same.iter().all(|field| match field.kind {
            Kind::Object(inner) => enters_objects_only(inner, rest),
            _ => false,
        })
}
