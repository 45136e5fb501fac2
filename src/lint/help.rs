//! What to do about a fault of a row, where its rule has several: a text of its own for each. What the value itself tells
//! is in `rewrite`, and comes first.

use super::check::LintScope;
use super::words::json_type;
use crate::contract::{Field, Kind, Limit, Presence, Test};
use crate::document::{At, ContainerView, ValueView};

/// What to do about a value of the wrong JSON type. `due` is what is expected, in the words of the message.
pub(super) fn of_type(scope: &LintScope<'_>, due: &str, at: At<'_>) -> Option<String> {
    let value = at.value()?;
    if matches!(value, ValueView::Null) {
        return Some("leave it out rather than giving null".to_owned());
    }
    let own = scope.row.and_then(|row| of_kind(&row.kind, value));
    Some(own.unwrap_or_else(|| format!("write {due}")))
}

/// The same for a value that the kind of its row does not take, where more can be said than what is due.
fn of_kind(kind: &Kind, value: ValueView<'_>) -> Option<String> {
    Some(match (kind, json_type(kind), value) {
        (Kind::Union(kinds), ..) => return kinds.iter().find_map(|kind| of_kind(kind, value)),
        (Kind::JsonText(_), _, ValueView::Object(_) | ValueView::Array(_)) => {
            "write the JSON as text: in quotes, escaped once".to_owned()
        }
        (_, "a string", ValueView::Number(_) | ValueView::Bool(_)) => {
            format!("write it in quotes: `\"{}\"`", value.to_compact())
        }
        (_, "an object", ValueView::String(_)) => {
            "an object is expected: {\"key\": \"value\"}".to_owned()
        }
        (_, "true or false", ValueView::String(_) | ValueView::Number(_)) => {
            "write true or false, without quotes".to_owned()
        }
        (_, "a number", ValueView::Bool(flag)) => format!("write a number, as {}", i32::from(flag)),
        (Kind::Int(_), _, ValueView::Number(_)) => "write it without a fraction".to_owned(),
        _ => return None,
    })
}

/// What to do about a value outside its set: what the row says about its values.
pub(super) fn of_set(scope: &LintScope<'_>) -> Option<String> {
    let about = scope.row?.about;
    (!about.is_empty()).then(|| about.to_string())
}

/// What to do about a value that breaks a limit.
pub(super) fn of_limit(
    limit: &Limit,
    field: &Field,
    at: At<'_>,
    scope: &LintScope<'_>,
) -> Option<String> {
    match limit.test {
        Test::AtMost(length) => {
            let used = length.measure(at.as_str()?);
            Some(format!("shorten it by {} {}", used.saturating_sub(length.max()), length.unit()))
        }
        Test::Filled | Test::NotBlank => Some(match field.need {
            Presence::Required => "give it a value".to_owned(),
            _ => "give it a value, or leave it out".to_owned(),
        }),
        Test::Form(form) => Some(format!("write {}", form.words)),
        Test::Items(min, max) => {
            let count = at.as_array().map_or(1, ContainerView::len);
            match (min, max) {
                (Some(min), _) if count < min as usize => Some(format!("give at least {min}")),
                (_, Some(max)) => Some(format!("give at most {max} in one call")),
                _ => None,
            }
        }
        Test::Range(..) | Test::Between(..) => of_set(scope),
        _ => None,
    }
}
