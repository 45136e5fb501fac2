//! Values and kinds in words, and small predicates on them.

use std::fmt;

use crate::contract::{Kind, Lit};
use crate::document::{At, ValueView};

/// Whether a value has the JSON type that a kind requires.
pub(super) fn takes(kind: &Kind, value: ValueView<'_>) -> bool {
    match kind {
        Kind::Any => true,
        Kind::Text | Kind::Digits | Kind::CommaText(_) | Kind::Base64 | Kind::Base64Json(_) => {
            value.as_str().is_some()
        }
        Kind::Int(_) | Kind::Number(_) => value.as_number().is_some(),
        Kind::Bool(_) => value.as_bool().is_some(),
        Kind::Choice(choices) | Kind::Open(choices) => {
            choices.iter().any(|choice| match choice.value {
                Lit::Int(_) => value.as_number().is_some(),
                Lit::Text(_) => value.as_str().is_some(),
                Lit::Bool(_) => value.as_bool().is_some(),
            })
        }
        Kind::Object(_) | Kind::Map(_) | Kind::File(_) => value.as_object().is_some(),
        Kind::List(_) => value.as_array().is_some(),
        Kind::OneOrList(item) => value.as_array().is_some() || takes(&item.kind, value),
        Kind::JsonText(inner) => {
            value.as_str().is_some() || (inner.bare && takes(&inner.kind, value))
        }
        Kind::Union(kinds) => kinds.iter().any(|kind| takes(kind, value)),
    }
}

/// What JSON calls the values of a kind.
pub(super) fn json_type(kind: &Kind) -> &'static str {
    match kind {
        Kind::Any => "any value",
        Kind::Text
        | Kind::Digits
        | Kind::CommaText(_)
        | Kind::Base64
        | Kind::Base64Json(_)
        | Kind::JsonText(_) => "a string",
        Kind::Int(_) | Kind::Number(_) => "a number",
        Kind::Bool(_) => "true or false",
        Kind::Choice(choices) | Kind::Open(choices) => {
            match choices.first().map(|choice| choice.value) {
                Some(Lit::Int(_)) => "a number",
                Some(Lit::Bool(_)) => "true or false",
                Some(Lit::Text(_)) | None => "a string",
            }
        }
        Kind::Object(_) | Kind::Map(_) | Kind::File(_) => "an object",
        Kind::List(_) | Kind::OneOrList(_) => "a list",
        Kind::Union(_) => "one of several kinds",
    }
}

/// A value as messages show it: a short value itself, a long one by its kind.
pub(super) fn describe(value: ValueView<'_>) -> String {
    match value {
        ValueView::Array(_) | ValueView::Object(_) => value.kind_name().to_owned(),
        other => {
            let text = other.to_compact();
            if text.chars().count() <= 40 {
                text
            } else {
                format!("{} of {} characters", value.kind_name(), text.chars().count())
            }
        }
    }
}

/// The name of a field as messages show it. It is made when a message is written: most values are right and have none.
pub(super) struct QuotedName<'a>(At<'a>);

pub(super) fn quoted(at: At<'_>) -> QuotedName<'_> {
    QuotedName(at)
}

impl fmt::Display for QuotedName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match name_of(self.0).as_str() {
            "" => f.write_str("the value"),
            name => write!(f, "`{name}`"),
        }
    }
}

/// The name of a field; for an item, the name of its list.
pub(super) fn name_of(at: At<'_>) -> String {
    if !at.key().is_empty() {
        return at.key().to_owned();
    }
    let list = at.parent().key();
    let index = at.place().pointer.rsplit('/').next().unwrap_or_default().to_owned();
    if list.is_empty() { String::new() } else { format!("{list}[{index}]") }
}

/// Whether a text begins like a percent-encoded object or list.
pub(super) fn is_percent_encoded(text: &str) -> bool {
    ["%7b", "%5b"]
        .iter()
        .any(|start| text.get(..3).is_some_and(|head| head.eq_ignore_ascii_case(start)))
}

pub(super) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

pub(super) fn is_signed_digits(text: &str) -> bool {
    is_digits(text.strip_prefix('-').unwrap_or(text))
}
