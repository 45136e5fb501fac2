//! Writes a value at the end of a path, and creates what is missing on the path.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::way::TypedStep;
use crate::document::{Node, Value};

/// An index after the end of a list.
#[derive(Debug)]
pub(super) struct Gap {
    /// How many items the list has.
    pub(super) items: usize,
}

/// Puts a value at the end of the steps.
pub(super) fn put(slot: &mut Value, steps: &[TypedStep], value: Value) -> Result<(), Gap> {
    let Some((step, rest)) = steps.split_first() else {
        *slot = value;
        return Ok(());
    };
    match step {
        TypedStep::Key(key) => {
            if slot.as_object().is_none() {
                *slot = Value::object();
            }
            let object = slot.as_object_mut().expect("it has just been made one");
            if let Some(node) = object.get_mut(key) {
                return put(&mut node.value, rest, value);
            }
            let mut new = Value::Null;
            put(&mut new, rest, value)?;
            object.set(key, new);
            Ok(())
        }
        TypedStep::Index(index) => {
            let items = as_list(slot);
            if let Some(node) = items.get_mut(*index) {
                return put(&mut node.value, rest, value);
            }
            if *index > items.len() {
                return Err(Gap { items: items.len() });
            }
            let mut new = Value::Null;
            put(&mut new, rest, value)?;
            items.push(Node::bare(new));
            Ok(())
        }
        TypedStep::Json(bare) => {
            let (mut inner, was_text) = match slot {
                Value::String(text) => {
                    (text.json().map_or(Value::Null, |json| json.root().value.clone()), true)
                }
                Value::Null => (Value::Null, !bare),
                _ => (std::mem::replace(slot, Value::Null), !bare),
            };
            put(&mut inner, rest, value)?;
            *slot = if was_text { Value::from(inner.to_compact()) } else { inner };
            Ok(())
        }
        TypedStep::Base64Json => {
            let mut inner = match slot {
                Value::String(text) => {
                    let json = text.base64_json().and_then(Result::ok);
                    json.map_or(Value::Null, |json| json.root().value.clone())
                }
                _ => Value::Null,
            };
            put(&mut inner, rest, value)?;
            *slot = encode(&inner);
            Ok(())
        }
    }
}

/// The items of a list; a bare value becomes the first item.
fn as_list(slot: &mut Value) -> &mut Vec<Node> {
    if slot.as_array().is_none() {
        let first = match std::mem::replace(slot, Value::Null) {
            Value::Null => Vec::new(),
            bare => vec![Node::bare(bare)],
        };
        *slot = Value::Array(first);
    }
    match slot {
        Value::Array(items) => items,
        _ => unreachable!("it has just been made a list"),
    }
}

/// A value as JSON in base64.
pub(super) fn encode(value: &Value) -> Value {
    Value::from(STANDARD.encode(value.to_compact()))
}
