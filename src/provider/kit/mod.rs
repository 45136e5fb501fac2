//! What the providers share: bodies and drafts here, flags in [`compose`], follow-ups in [`follow_up`], requests and replies
//! in [`wire`], forms of texts in [`forms`], mock servers in [`sandbox`], tests in `testing`; and in [`simple`] all that a vendor with
//! few calls needs. Any other piece belongs here once two vendors need the same one.

pub(super) mod compose;
pub(super) mod follow_up;
pub(super) mod forms;
pub(super) mod sandbox;
#[cfg_attr(
    not(test),
    allow(
        dead_code,
        reason = "the template of a provider uses all of it, and only tests have that"
    )
)]
pub(super) mod simple;
#[cfg(test)]
pub(super) mod testing;
pub(super) mod vendor;
pub(super) mod wire;

use super::{CredentialProbe, Draft, FollowUp, SendIntent};
use crate::contract::{Contract, Empties, Operation, Target, TargetKind};
use crate::document::{At, Document, Value, ValueView};
use crate::outcome::SentMessage;

/// A JSON object.
pub(super) fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    let mut value = Value::object();
    for (key, member) in members {
        put(&mut value, key, member);
    }
    value
}

/// Sets a member of a JSON object; nothing else can have one.
pub(super) fn put(value: &mut Value, key: &str, member: impl Into<Value>) {
    if let Some(object) = value.as_object_mut() {
        object.set(key, member);
    }
}

/// Sets a member that is given.
pub(super) fn put_given(value: &mut Value, key: &str, member: Option<&str>) {
    if let Some(member) = member {
        put(value, key, member);
    }
}

/// The pairs of `--extra` as an object.
pub(super) fn pairs(extra: &[(String, String)]) -> Value {
    let mut pairs = Value::object();
    for (key, value) in extra {
        put(&mut pairs, key, value.as_str());
    }
    pairs
}

/// The operation that a module of the provider names.
pub(super) fn operation(contract: &'static Contract, id: &str) -> &'static Operation {
    contract.operation(id).expect("ids in this code are those of the rows")
}

/// A draft of such an operation.
pub(super) fn draft(contract: &'static Contract, id: &str, body: Value) -> Draft {
    Draft::new(operation(contract, id), body)
}

/// A call of such an operation that proves credentials.
pub(super) fn probe(
    contract: &'static Contract,
    id: &str,
    body: Value,
    proofs: &'static [&'static str],
) -> CredentialProbe {
    CredentialProbe { operation: operation(contract, id), body, proofs }
}

/// Whether there is more than `null` and nothing.
pub(super) fn is_given(at: At<'_>) -> bool {
    at.value().is_some_and(|value| !matches!(value, ValueView::Null))
}

/// Whether there is more than nothing: not `null`, `""`, `[]` or `{}`.
#[inline]
pub(super) fn is_filled(at: At<'_>) -> bool {
    at.value().is_some_and(|value| !Empties::ALL.holds(value))
}

/// Degrees as typed, as a number: what is none stays text, for lint to tell.
pub(super) fn degrees(text: &str) -> Value {
    let parsed = Document::parse(text.trim()).ok().map(Document::into_value);
    match parsed {
        Some(value) if value.as_number().is_some() => value,
        _ => match text.trim().parse::<f64>() {
            Ok(degrees) if degrees.is_finite() => Value::number(degrees.to_string()),
            _ => text.into(),
        },
    }
}

/// The last step of an address's path: what a file there is called.
pub(super) fn file_name(url: &str) -> &str {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let path = path.split_once("://").map_or(path, |(_, rest)| rest);
    path.rsplit_once('/').map_or("", |(_, name)| name)
}

/// The kinds of some targets, each once.
pub(super) fn kinds(targets: &[Target]) -> Vec<TargetKind> {
    let mut kinds: Vec<TargetKind> = Vec::new();
    for target in targets {
        if !kinds.contains(&target.kind) {
            kinds.push(target.kind);
        }
    }
    kinds
}

/// The text of a member of a sent body; `None` where it is empty or not there.
pub(super) fn text(body: &Value, name: &str) -> Option<String> {
    let text = body.as_object()?.get(name)?.value.to_plain();
    (!text.is_empty()).then_some(text)
}

/// The id of a target, whose kind may stand before it.
pub(super) fn plain_id(target: &str) -> String {
    match target.split_once(':') {
        Some((kind, id)) if TargetKind::from_word(kind).is_some() => id.to_owned(),
        _ => target.to_owned(),
    }
}

/// The targets that a sent body names, in the first of these members that is there.
pub(super) fn targets_of(body: &Value, names: &[&str]) -> Vec<String> {
    let list = names.iter().find_map(|name| Some(&body.as_object()?.get(name)?.value));
    match list {
        Some(Value::Array(items)) => items.iter().map(|item| item.value.to_plain()).collect(),
        Some(one) => vec![one.to_plain()],
        None => Vec::new(),
    }
}

/// The messages of a ledger entry as target and id: those that the answer told apart, else `ids` where the body names one
/// target alone.
pub(super) fn messages_of(
    ask: &FollowUp<'_>,
    sent: &SentMessage,
    names: &[&str],
    ids: impl FnOnce() -> Vec<String>,
) -> Vec<(String, String)> {
    let wanted = |id: &String| ask.ids.is_empty() || ask.ids.contains(id);
    let told = sent.targets.iter();
    let told = told.filter_map(|(target, id)| Some((plain_id(target), id.clone().filter(wanted)?)));
    let found: Vec<(String, String)> = told.collect();
    match targets_of(&sent.body, names).as_slice() {
        [only] if found.is_empty() => ids().into_iter().map(|id| (only.clone(), id)).collect(),
        _ => found,
    }
}

/// Ids as given, each with its target: one for all, or as many as ids. `None` where they do not go together.
pub(super) fn named<'a>(ask: &FollowUp<'a>) -> Option<Vec<(&'a Target, &'a String)>> {
    match ask.to {
        _ if ask.ids.is_empty() => None,
        [one] => Some(ask.ids.iter().map(|id| (one, id)).collect()),
        all if all.len() == ask.ids.len() => Some(all.iter().zip(ask.ids).collect()),
        _ => None,
    }
}

/// Whether `--set` gives a path.
pub(super) fn is_set(intent: &SendIntent<'_>, path: &str) -> bool {
    intent.sets.iter().any(|set| set == path)
}
