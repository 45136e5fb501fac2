//! Carries out `--set`. Ids that it gives, of the audience and of the sender, are judged as those of `--to` and `--from`.

use crate::contract::audience::id::IdFault;
use crate::contract::typed::{self, PathRoots, SetExpr, SetValue};
use crate::contract::{Audience, Operation};
use crate::document::{Document, Value};
use crate::error::{Error, Result};
use crate::provider::Draft;
use crate::send::options::without_value;
use crate::send::prerequisites::value_at;
use crate::text::escape;

/// Carries out a `--set`. No error shows a secret that it sets.
pub(crate) fn apply(
    set: &SetExpr,
    body: &mut Value,
    operation: &'static Operation,
    roots: PathRoots,
) -> Result<()> {
    typed::apply(set, body, operation, roots).map_err(|error| match set.value() {
        SetValue::Text(value) => without_value(error, set.path(), value),
        SetValue::Json(_) => error,
    })
}

/// A draft with `--set` applied. What it sets is no longer the business of an upload.
pub(crate) fn with_sets(mut draft: Draft, sets: &[SetExpr], roots: PathRoots) -> Result<Draft> {
    let before = draft.body.clone();
    for set in sets {
        apply(set, &mut draft.body, draft.operation, roots)?;
    }
    if !sets.is_empty() {
        check_ids(draft.operation, &before, &draft.body)?;
    }
    let kept = |way: &str| match (value_at(&before, way), value_at(&draft.body, way)) {
        (None, None) => true,
        (Some(before), Some(after)) => before.same(after),
        (None, Some(_)) | (Some(_), None) => false,
    };
    // Who gives the address does not want another one.
    draft
        .uploads
        .retain(|upload| upload.places.iter().all(|place| !place.required || kept(place.at)));
    for upload in &mut draft.uploads {
        upload.places.retain(|place| kept(place.at));
    }
    Ok(draft)
}

/// Refuses an id that stands in a body now, did not stand there before, and cannot be one.
fn check_ids(operation: &Operation, before: &Value, after: &Value) -> Result<()> {
    let known = ids(operation, before);
    let fresh = ids(operation, after).into_iter().filter(|id| !known.contains(id));
    for text in fresh {
        let Some(fault) = IdFault::of(text) else { continue };
        if fault == IdFault::Comma && is_list(operation, after, text) {
            continue;
        }
        let advice =
            if fault == IdFault::Comma { "one id an item of a list" } else { fault.advice() };
        let message = format!("--set gives the id \"{}\", which {fault}", escape(text));
        return Err(Error::usage(message).help(advice));
    }
    Ok(())
}

/// The texts of the members that say who is reached, and of the sender.
fn ids<'v>(operation: &Operation, body: &'v Value) -> Vec<&'v str> {
    let mut found = Vec::new();
    let members = operation.audience_members();
    let members = members.into_iter().filter_map(|member| value_at(body, member));
    members.chain(value_at(body, operation.sender)).for_each(|value| texts(value, &mut found));
    found
}

fn texts<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
    match value {
        Value::String(text) => found.push(text.as_str()),
        Value::Array(items) => items.iter().for_each(|item| texts(&item.value, found)),
        Value::Object(members) => {
            members.iter().for_each(|member| texts(&member.node.value, found))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Whether a text with commas is the vendor's own form of a list, all of whose ids can be ids.
fn is_list(operation: &Operation, body: &Value, text: &str) -> bool {
    let audience = Audience::of(operation, &Document::of(body));
    text.split(',').all(|id| {
        IdFault::of(id).is_none() && audience.targets().iter().any(|target| target.id == id)
    })
}
