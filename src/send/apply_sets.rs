//! Carries out `--set`. Ids that it gives, of targets and of senders, are judged as those of `--to` and `--from`.

use std::fmt;

use crate::contract::Operation;
use crate::contract::audience::given_ids::GivenId;
use crate::contract::audience::id::IdFault;
use crate::contract::typed::{self, PathRoots, SetExpr, SetValue};
use crate::document::{Document, Trail, Value};
use crate::error::{Error, Result};
use crate::provider::Draft;
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
    if !sets.is_empty()
        && let Some(wrong) = WrongId::find(draft.operation, &before, &draft.body)
    {
        return Err(wrong.of_set());
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

/// An id in a body that cannot be one.
pub(crate) struct WrongId {
    path: String,
    id: String,
    fault: IdFault,
}

impl WrongId {
    /// The first one that stands in a body now and did not stand there before.
    pub(crate) fn find(operation: &Operation, before: &Value, after: &Value) -> Option<Self> {
        let (before, after) = (Document::of(before), Document::of(after));
        let (before, after) = (Trail::new(&before), Trail::new(&after));
        let known = GivenId::all(operation, before.root());
        GivenId::all(operation, after.root()).into_iter().find_map(|given| {
            let fault = IdFault::of(given.id).filter(|_| !known.contains(&given))?;
            Some(Self { id: given.id.to_owned(), path: given.path, fault })
        })
    }

    /// The error where `--set` has given it.
    fn of_set(&self) -> Error {
        let field = if self.path.is_empty() { String::new() } else { format!("`{}` ", self.path) };
        Error::usage(format!("--set gives {field}{self}")).help(self.advice())
    }

    /// What the user can do about it.
    pub(crate) fn advice(&self) -> &'static str {
        match self.fault {
            IdFault::Comma => "one id an item of a list",
            fault => fault.advice(),
        }
    }
}

/// As the object of a sentence.
impl fmt::Display for WrongId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the id \"{}\", which {}", escape(&self.id), self.fault)
    }
}
