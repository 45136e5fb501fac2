//! The texts of a request that people read, as far as the contract describes them.

use crate::contract::{Field, Kind, Operation, Repeatable, Root};
use crate::document::{At, ValueView};

/// The texts of a body in their order, also those inside strings that hold JSON.
///
/// Targets, the sender, the idempotency key, and values that the contract describes as choices, numbers or bytes are not
/// texts. A value that the contract does not describe counts as a text.
pub(super) fn texts<'a>(operation: &Operation, root: At<'a>) -> Vec<At<'a>> {
    let mut technical = operation.audience_members();
    technical.extend(operation.volatile);
    if let Repeatable::Deduplicated { field, .. } = operation.repeat
        && root.get(field).as_str().is_some()
    {
        technical.push(field);
    }
    let sender = root.find(operation.sender).place().pointer;
    let mut out = Vec::new();
    match operation.root {
        Root::Shape(shape) => {
            let fields = shape.fields_at(root);
            for (key, at) in root.members().filter(|(key, _)| !technical.contains(key)) {
                gather(kind_of(&fields, key), at, &mut out);
            }
        }
        Root::Value(field) => gather(&field.kind, root, &mut out),
    }
    out.retain(|at| operation.sender.is_empty() || at.place().pointer != sender);
    out
}

fn kind_of(fields: &[&'static Field], key: &str) -> &'static Kind {
    let names = |field: &&&'static Field| field.name == key || field.aliases.contains(&key);
    fields.iter().find(names).map_or(&Kind::Any, |field| &field.kind)
}

fn gather<'a>(kind: &'static Kind, at: At<'a>, out: &mut Vec<At<'a>>) {
    match kind {
        Kind::Int(_)
        | Kind::Digits
        | Kind::Number(_)
        | Kind::Bool(_)
        | Kind::Choice(_)
        | Kind::Open(_)
        | Kind::File(_) => {}
        // A value of another type than in the contract counts as one that the contract does not describe.
        Kind::Object(_) | Kind::Map(_) if at.as_object().is_none() => free(Some(at), out),
        Kind::List(_) if at.as_array().is_none() => free(Some(at), out),
        Kind::Object(shape) => {
            let fields = shape.fields_at(at);
            at.members().for_each(|(key, inner)| gather(kind_of(&fields, key), inner, out));
        }
        Kind::Map(map) => at.members().for_each(|(key, inner)| {
            let reserved = map.reserved.iter().find(|field| field.name == key);
            gather(&reserved.unwrap_or(&map.value).kind, inner, out);
        }),
        Kind::List(item) => at.items().for_each(|inner| gather(&item.kind, inner, out)),
        Kind::OneOrList(item) => match at.as_array() {
            Some(_) => at.items().for_each(|inner| gather(&item.kind, inner, out)),
            None => gather(&item.kind, at, out),
        },
        Kind::JsonText(inner) => match at.json() {
            Some(inside) => gather(&inner.kind, inside, out),
            None => gather(&inner.kind, at, out),
        },
        Kind::Base64Json(inner) => {
            if let Some(inside) = at.base64_json() {
                gather(&inner.kind, inside, out);
            }
        }
        Kind::Base64 => free(at.base64_json(), out),
        Kind::CommaText(item) => gather(&item.kind, at, out),
        Kind::Any | Kind::Text | Kind::Union(_) => match union(kind, at) {
            Some(kind) => gather(kind, at, out),
            None => free(Some(at), out),
        },
    }
}

/// The kind within a union that fits an object, a list or a choice. Another string counts as a text.
fn union(kind: &'static Kind, at: At<'_>) -> Option<&'static Kind> {
    let Kind::Union(kinds) = kind else { return None };
    kinds.iter().find(|kind| match kind {
        Kind::Object(_) | Kind::Map(_) => at.as_object().is_some(),
        Kind::List(_) => at.as_array().is_some(),
        Kind::Choice(choices) => {
            at.value().is_some_and(|value| choices.iter().any(|choice| choice.value.is(value)))
        }
        _ => false,
    })
}

/// The keys of all objects, also of those inside strings that hold JSON, each with its value.
pub(super) fn keys<'a>(root: At<'a>) -> Vec<(&'a str, At<'a>)> {
    let (mut out, mut open) = (Vec::new(), vec![root]);
    while let Some(at) = open.pop() {
        let inside = if at.as_str().is_some() { held(at) } else { None };
        open.extend(inside);
        open.extend(at.items());
        let members: Vec<_> = at.members().collect();
        open.extend(members.iter().map(|(_, inner)| *inner));
        out.extend(members);
    }
    out
}

/// The object or the list in a string, as JSON or as base64 of JSON.
fn held(at: At<'_>) -> Option<At<'_>> {
    let holds = |inner: &At<'_>| inner.as_object().is_some() || inner.as_array().is_some();
    at.json().filter(holds).or_else(|| at.base64_json().filter(holds))
}

/// Every text of a value that the contract does not describe.
fn free<'a>(at: Option<At<'a>>, out: &mut Vec<At<'a>>) {
    let Some(at) = at else { return };
    match at.value() {
        Some(ValueView::Object(_)) => at.members().for_each(|(_, inner)| free(Some(inner), out)),
        Some(ValueView::Array(_)) => at.items().for_each(|inner| free(Some(inner), out)),
        Some(ValueView::String(_)) => match held(at) {
            Some(inside) => free(Some(inside), out),
            None => out.push(at),
        },
        _ => {}
    }
}
