//! Limits as keywords.

use serde_json::{Map, Value, json};

use super::{SchemaScope, comment, condition};
use crate::contract::{Field, Kind, Length, Limit, RowFault, Test};

/// The sort of fault that a breach of a limit is.
pub(in crate::contract) fn fault(test: &Test) -> RowFault {
    match test {
        Test::AtMost(_) | Test::AtLeast(_) => RowFault::Length,
        Test::Filled | Test::NotBlank => RowFault::Empty,
        Test::Form(_) | Test::ValueCheck(_) => RowFault::Form,
        Test::Range(..) | Test::Between(..) | Test::Not(_) => RowFault::Range,
        Test::OneOf(_) => RowFault::Set,
        Test::Items(..) | Test::Unique => RowFault::Items,
        Test::Keys(_) | Test::KeysAtMost(_) => RowFault::Key,
    }
}

/// All limits of a row that always apply. Those that are not errors become a warning.
pub(super) fn keywords(field: &Field, scope: &SchemaScope) -> Map<String, Value> {
    let mut out = Map::new();
    for limit in field.limits.iter().filter(|limit| limit.when.is_none()) {
        if scope.refuses(limit) {
            add(&mut out, &one(limit, &field.kind));
        } else {
            comment(&mut out, &format!("warned about: {}", limit.words()));
        }
    }
    out
}

/// Joins keywords; if both have the same keyword, the second goes into an `allOf`.
fn add(out: &mut Map<String, Value>, more: &Map<String, Value>) {
    for (key, value) in more {
        match out.get_mut(key) {
            None => {
                out.insert(key.clone(), value.clone());
            }
            Some(_) if key == "$comment" => comment(out, value.as_str().unwrap_or_default()),
            Some(known) if known == value => {}
            Some(_) => {
                let all = out.entry("allOf").or_insert_with(|| json!([]));
                if let Value::Array(all) = all {
                    all.push(json!({ key: value }));
                }
            }
        }
    }
}

/// One limit.
pub(super) fn one(limit: &Limit, kind: &Kind) -> Map<String, Value> {
    let keywords = match limit.test {
        Test::AtMost(length) => at_most(length),
        Test::AtLeast(length) => json!({ "minLength": fewest_characters(length) }),
        Test::Filled => json!({ "minLength": 1 }),
        Test::NotBlank => json!({ "pattern": "\\S" }),
        Test::Form(form) => match form.pattern {
            Some(pattern) => json!({ "pattern": pattern }),
            None => json!({ "$comment": format!("must be {}", form.words) }),
        },
        // lint measures only whole numbers here, so no fraction is out of range.
        Test::Range(..) if matches!(kind, Kind::Number(_) | Kind::Any) => {
            json!({ "$comment": limit.words() })
        }
        Test::Range(min, max) => bounds(("minimum", min.map(whole)), ("maximum", max.map(whole))),
        Test::Between(min, max) => json!({ "minimum": min, "maximum": max }),
        Test::Not(lits) => json!({ "not": condition::one_of(lits) }),
        Test::OneOf(choices) => {
            let lits: Vec<_> = choices.iter().map(|choice| choice.value).collect();
            condition::one_of(&lits)
        }
        Test::Items(min, max) => items(min, max, kind),
        Test::Unique => match kind {
            Kind::List(item) if matches!(item.kind, Kind::Text) => json!({ "uniqueItems": true }),
            _ => json!({ "$comment": limit.words() }),
        },
        Test::Keys(form) => match form.pattern {
            Some(pattern) => json!({ "propertyNames": { "pattern": pattern } }),
            None => json!({ "$comment": format!("keys must be {}", form.words) }),
        },
        Test::KeysAtMost(length) => json!({ "propertyNames": at_most(length) }),
        Test::ValueCheck(judge) => json!({ "$comment": format!("checked by {}", judge.name) }),
    };
    match keywords {
        Value::Object(keywords) => keywords,
        _ => Map::new(),
    }
}

/// The number as `maxLength`: exact for characters, an outer bound for every other unit.
fn at_most(length: Length) -> Value {
    let max = length.max();
    match length {
        Length::Chars(_) => json!({ "maxLength": max }),
        Length::Bytes(_) => json!({ "maxLength": max, "x-herald-maxBytes": max }),
        Length::Utf16(_) => json!({ "maxLength": max, "x-herald-maxUtf16": max }),
        Length::Weighted(_) => json!({ "maxLength": max, "x-herald-maxWeighted": max }),
    }
}

/// The fewest characters that can have a length.
fn fewest_characters(length: Length) -> u64 {
    let n = length.max();
    match length {
        Length::Chars(_) => n,
        Length::Bytes(_) => n.div_ceil(4),
        Length::Utf16(_) | Length::Weighted(_) => n.div_ceil(2),
    }
}

fn items(min: Option<u32>, max: Option<u32>, kind: &Kind) -> Value {
    match kind {
        Kind::Map(_) | Kind::Object(_) => {
            bounds(("minProperties", min.map(Value::from)), ("maxProperties", max.map(Value::from)))
        }
        Kind::CommaText(_) => bounds(
            ("x-herald-minItems", min.map(Value::from)),
            ("x-herald-maxItems", max.map(Value::from)),
        ),
        Kind::Union(_) => {
            let lists =
                bounds(("minItems", min.map(Value::from)), ("maxItems", max.map(Value::from)));
            let maps = bounds(
                ("minProperties", min.map(Value::from)),
                ("maxProperties", max.map(Value::from)),
            );
            super::both(lists, maps)
        }
        _ => bounds(("minItems", min.map(Value::from)), ("maxItems", max.map(Value::from))),
    }
}

fn bounds(min: (&str, Option<Value>), max: (&str, Option<Value>)) -> Value {
    let pairs = [min, max].into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?)));
    Value::Object(pairs.collect())
}

/// A bound as a JSON number; no JSON reader uses a bound that does not fit into 64 bits.
pub(super) fn whole(n: i128) -> Value {
    match (i64::try_from(n), u64::try_from(n)) {
        (Ok(n), _) => json!(n),
        (_, Ok(n)) => json!(n),
        _ => json!(n as f64),
    }
}
