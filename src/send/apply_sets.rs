//! Carries out `--set`. Ids that it gives, of targets and of senders, are judged as those of `--to` and `--from`.

use std::fmt;

use serde_json::json;

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
use crate::send::{contradictions, rounded_ids, set_repeats};
use crate::text::{self, quoted};

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

/// A draft with `--set` applied as it is given, for what is signed and not sent: an id that cannot be one is a warning, and
/// repeated targets stay.
pub(crate) fn as_given(mut draft: Draft, sets: &[SetExpr], origins: &mut Origins) -> Result<Draft> {
    for set in sets {
        let unset = draft.body.clone();
        apply(set, &mut draft.body, draft.operation, origins.roots)?;
        origins.note(&unset, &draft.body, &ValueOrigin::Set(set.path().to_owned()));
    }
    let wrong = WrongId::find(draft.operation, &Value::object(), &draft.body);
    draft.warnings.extend(wrong.map(|wrong| format!("{wrong}: it is signed as it is given")));
    Ok(draft)
}

/// A draft with `--set` applied. What it sets is no longer the business of an upload.
pub(crate) fn with_sets(
    mut draft: Draft,
    sets: &[SetExpr],
    origins: &mut Origins,
) -> Result<Draft> {
    let before = draft.body.clone();
    let of_flags = (!sets.is_empty()).then(|| origins.clone());
    for set in sets {
        let unset = draft.body.clone();
        apply(set, &mut draft.body, draft.operation, origins.roots)?;
        origins.note(&unset, &draft.body, &ValueOrigin::Set(set.path().to_owned()));
        // What is given as JSON is meant.
        let may_be_none = |text: &str| IdFault::of_bare(text).is_some();
        if matches!(set.value(), SetValue::Text(text) if may_be_none(text))
            && let Some(wrong) =
                WrongId::find_with(draft.operation, &unset, &draft.body, IdFault::of_bare)
        {
            return Err(wrong.of_text(set, &draft.body));
        }
    }
    if !sets.is_empty()
        && let Some(wrong) = WrongId::find(draft.operation, &before, &draft.body)
    {
        return Err(wrong.of_set());
    }
    if !sets.is_empty() {
        let rounded = rounded_in_sets(draft.operation, &before, &draft.body);
        draft.warnings.extend(rounded);
    }
    set_repeats::leave_out(&mut draft, &before)?;
    if let Some(of_flags) = of_flags {
        contradictions::check(draft.operation, (&before, &draft.body), sets, &of_flags)?;
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

/// The warning about ids of `--set` whose last digits a program may have lost.
fn rounded_in_sets(operation: &Operation, before: &Value, after: &Value) -> Option<String> {
    let (before, after) = (Document::of(before), Document::of(after));
    let (before, after) = (Trail::new(&before), Trail::new(&after));
    let known = GivenId::all(operation, before.root());
    let given = GivenId::all(operation, after.root());
    let given = given.iter().filter(|given| !known.contains(given));
    rounded_ids::remark(given.map(|given| (format!("{} {}", given.path, given.id), given.id)))
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
        Self::find_with(operation, before, after, IdFault::of)
    }

    /// The same with a judge of ids.
    fn find_with(
        operation: &Operation,
        before: &Value,
        after: &Value,
        judge: fn(&str) -> Option<IdFault>,
    ) -> Option<Self> {
        let (before, after) = (Document::of(before), Document::of(after));
        let (before, after) = (Trail::new(&before), Trail::new(&after));
        let known = GivenId::all(operation, before.root());
        GivenId::all(operation, after.root()).into_iter().find_map(|given| {
            let fault = judge(given.id).filter(|_| !known.contains(&given))?;
            Some(Self { id: given.id.to_owned(), path: given.path, fault })
        })
    }

    /// The error where `--set` has given it.
    fn of_set(&self) -> Error {
        let field = if self.path.is_empty() { String::new() } else { format!("`{}` ", self.path) };
        Error::usage(format!("--set gives {field}{self}")).help(self.advice())
    }

    /// The error where `--set` has given it as a text.
    fn of_text(&self, set: &SetExpr, body: &Value) -> Error {
        let error = self.of_set();
        if !self.fault.is_doubtful() {
            return error;
        }
        let list = self.path.strip_suffix(".*");
        let at = value_at(body, &self.path.replace('.', "/"));
        let is_list = list.is_some() || matches!(at, Some(Value::Array(_)));
        let id = if is_list { json!([self.id]) } else { json!(self.id) };
        let meant = quoted(&format!("{}:={id}", set.path()));
        error.help(format!("{}; where it is an id: --set {meant}", self.advice()))
    }

    /// What the user can do about it.
    pub(crate) fn advice(&self) -> &'static str {
        match self.fault {
            IdFault::Separator(_) | IdFault::Bar => "one id an item of a list",
            fault => fault.advice(),
        }
    }
}

/// As the object of a sentence.
impl fmt::Display for WrongId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the id \"{}\", which {}", text::escape(&self.id), self.fault)
    }
}
