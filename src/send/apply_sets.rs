//! Carries out `--set`. Ids that it gives, of the audience and of the sender, are judged as those of `--to` and `--from`.

use crate::contract::audience::id::IdFault;
use crate::contract::typed::{self, PathRoots, SetExpr, SetValue};
use crate::contract::{Audience, Contract, Operation, Reach};
use crate::document::{Document, Value};
use crate::error::{Error, Result};
use crate::provider::{self, Draft};
use crate::send::options::without_value;
use crate::send::origins::{Origins, ValueOrigin};
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
pub(crate) fn with_sets(
    mut draft: Draft,
    sets: &[SetExpr],
    origins: &mut Origins,
) -> Result<Draft> {
    let before = draft.body.clone();
    for set in sets {
        let unset = draft.body.clone();
        apply(set, &mut draft.body, draft.operation, origins.roots)?;
        origins.note(&unset, &draft.body, &ValueOrigin::Set(set.path().to_owned()));
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

/// The text with which a message is composed to find the place of its text. No message says this.
pub(crate) const PROBE_TEXT: &str = "herald-stands-in-for-a-text";

/// The expressions that say what the text of a message is, in place of `--text`: after them the text of a message that was
/// composed with [`PROBE_TEXT`] is gone from its content.
pub(crate) fn of_text<'s>(composed: &[Draft], sets: &'s [SetExpr]) -> Vec<&'s SetExpr> {
    let probes = |operation: &Operation, body: &Value| {
        let content = Some(operation.content).filter(|way| !way.is_empty());
        let part = content.and_then(|way| value_at(body, way)).unwrap_or(body);
        part.to_compact().matches(PROBE_TEXT).count()
    };
    let says_it = |set: &&SetExpr| {
        composed.iter().any(|draft| {
            let mut body = draft.body.clone();
            apply(set, &mut body, draft.operation, PathRoots::ContentFirst).is_ok()
                && probes(draft.operation, &body) < probes(draft.operation, &draft.body)
        })
    };
    sets.iter().filter(says_it).collect()
}

/// The value of an expression, where it is a text.
pub(crate) fn text_of(set: &SetExpr) -> Option<&str> {
    match set.value() {
        SetValue::Text(text) => Some(text),
        SetValue::Json(json) => json.as_str(),
    }
}

/// Refuses an id that stands in a body now, did not stand there before, and cannot be one.
fn check_ids(operation: &Operation, before: &Value, after: &Value) -> Result<()> {
    let known = ids(operation, before);
    let fresh = ids(operation, after).into_iter().filter(|id| !known.contains(id));
    for (path, text) in fresh {
        let Some(fault) = IdFault::of(text) else { continue };
        if fault == IdFault::Comma && is_list(operation, after, text) {
            continue;
        }
        let advice =
            if fault == IdFault::Comma { "one id an item of a list" } else { fault.advice() };
        let field = path.trim_start_matches('/').replace('/', ".");
        let message = format!("--set gives `{field}` the id \"{}\", which {fault}", escape(text));
        return Err(Error::usage(message).help(advice));
    }
    Ok(())
}

/// The texts at the places that say who is reached, and of the sender, each with its path.
fn ids<'v>(operation: &Operation, body: &'v Value) -> Vec<(&'static str, &'v str)> {
    let mut found = Vec::new();
    let mut at = |path: &'static str| {
        let mut texts = Vec::new();
        texts_at(body, path.trim_start_matches('/'), &mut texts);
        found.extend(texts.into_iter().map(|text| (path, text)));
    };
    operation.reach.each_target_path(&mut at);
    if !operation.sender.is_empty() {
        at(operation.sender);
    }
    let known = found.len();
    for name in id_names(operation) {
        // Fields that name people here, although they decide neither who is reached nor who sends.
        let mut texts = Vec::new();
        texts_at(body, name, &mut texts);
        let is_new =
            |text: &&str| !found[..known].iter().any(|(_, other)| std::ptr::eq(*other, *text));
        let fresh: Vec<_> = texts.into_iter().filter(is_new).map(|text| (name, text)).collect();
        found.extend(fresh);
    }
    found
}

/// Outermost members that hold ids: those whose name says the audience or the sender in another operation of the provider.
fn id_names(operation: &Operation) -> Vec<&'static str> {
    let is_own = |contract: &&&Contract| {
        contract.operations.iter().any(|other| std::ptr::eq(other, operation))
    };
    let contracts = provider::contracts();
    let Some(contract) = contracts.iter().find(is_own) else { return Vec::new() };
    let mut names: Vec<&'static str> = Vec::new();
    for other in contract.operations {
        let mut see = |path: &'static str| {
            let name = path.trim_matches('/');
            if !name.contains('/') && !name.is_empty() && !names.contains(&name) {
                names.push(name);
            }
        };
        // A function reads an audience that is no list of ids.
        if !matches!(other.reach, Reach::Read(..)) {
            other.reach.each_target_path(&mut see);
        }
        see(other.sender);
    }
    let own = operation.audience_members();
    names.retain(|name| !own.contains(name) && *name != operation.sender);
    names
}

/// The texts at a path and below; `*` stands for every item and every member.
fn texts_at<'v>(value: &'v Value, path: &str, found: &mut Vec<&'v str>) {
    let (step, rest) = path.split_once('/').unwrap_or((path, ""));
    let is_end = path.is_empty();
    match value {
        Value::String(text) if is_end => found.push(text.as_str()),
        Value::Array(items) if is_end || step == "*" => {
            items.iter().for_each(|item| texts_at(&item.value, rest, found));
        }
        Value::Object(members) if is_end || step == "*" => {
            members.iter().for_each(|member| texts_at(&member.node.value, rest, found));
        }
        Value::Object(members) => {
            members.get(step).into_iter().for_each(|node| texts_at(&node.value, rest, found));
        }
        _ => {}
    }
}

/// Whether a text with commas is the vendor's own form of a list, all of whose ids can be ids.
fn is_list(operation: &Operation, body: &Value, text: &str) -> bool {
    let audience = Audience::of(operation, &Document::of(body));
    text.split(',').all(|id| {
        IdFault::of(id).is_none() && audience.targets().iter().any(|target| target.id == id)
    })
}
