//! Checks a value against the limits of its row.

use std::collections::HashSet;

use super::check::{LintScope, ValueState};
use super::help;
use super::words::{describe, quoted};
use crate::contract::{Field, FindingSink, Kind, Limit, RowFault, Test};
use crate::document::{At, ValueView};

/// Checks the limits of a row; if one value breaks several, the first is reported.
#[inline]
pub(super) fn check_limits(
    field: &'static Field,
    value: ValueView<'_>,
    at: At<'_>,
    state: ValueState,
    scope: &LintScope<'_>,
    sink: &mut FindingSink<'_>,
) {
    let is_plain = !matches!(field.kind, Kind::CommaText(_));
    if !is_plain || !field.limits.iter().all(|limit| is_kept(&limit.test, value)) {
        check_each(field, value, at, state, scope, sink);
    }
}

/// Whether a value breaks no limit, of those that most values have. Of the others, [`breach`] finds out more.
fn is_kept(test: &Test, value: ValueView<'_>) -> bool {
    match (test, value) {
        // No unit counts more than the bytes.
        (Test::AtMost(length), ValueView::String(text)) => text.len() as u64 <= length.max(),
        (Test::Filled, ValueView::String(text)) => !text.is_empty(),
        (Test::Form(form), ValueView::String(text)) => (form.test)(text),
        (Test::Items(min, max), ValueView::Array(items)) => {
            let count = items.len() as u64;
            min.is_none_or(|min| count >= u64::from(min))
                && max.is_none_or(|max| count <= u64::from(max))
        }
        _ => false,
    }
}

fn check_each(
    field: &'static Field,
    value: ValueView<'_>,
    at: At<'_>,
    state: ValueState,
    scope: &LintScope<'_>,
    sink: &mut FindingSink<'_>,
) {
    // Of a value of the wrong type that is ignored, only what can be measured is.
    let is_measured = match state {
        ValueState::Absent | ValueState::Wrong => return,
        ValueState::Fine => true,
        ValueState::Waived => value.as_str().is_some(),
    };
    let mut broken = false;
    for limit in field.limits {
        if !is_measured
            && matches!(limit.test, Test::Form(_) | Test::ValueCheck(_) | Test::OneOf(_))
        {
            continue;
        }
        if limit.when.is_some_and(|when| !when.holds(at.parent())) {
            continue;
        }
        // A soft limit with its own rule is reported beside a hard one, but not for a value that is already wrong.
        if broken {
            continue;
        }
        if let Some((fault, message)) = breach(limit, field, value, at) {
            let rule = limit.rule.unwrap_or_else(|| scope.rule(fault));
            broken = !sink.waives(rule);
            // The words of a row are about its own rule.
            let cure = limit.rule.is_none().then(|| scope.cure(fault, at)).flatten();
            let own = || sink.own_help(rule, help::of_limit(limit, field, at, scope));
            let help = cure.or_else(own);
            sink.report_limit(rule, at, message, help);
        }
    }
    if let (Kind::CommaText(item), Some(text), false) = (&field.kind, value.as_str(), broken) {
        for limit in item.limits {
            let hit = text.split(',').find_map(|part| {
                text_breach(limit, part).map(|(fault, words)| (part, fault, words))
            });
            if let Some((part, fault, words)) = hit {
                let rule = limit.rule.unwrap_or_else(|| scope.rule(fault));
                let message = format!("the item `{part}` of {} {words}", quoted(at));
                sink.report_limit(rule, at, message, None);
            }
        }
    }
}

fn breach(
    limit: &Limit,
    field: &Field,
    value: ValueView<'_>,
    at: At<'_>,
) -> Option<(RowFault, String)> {
    let name = quoted(at);
    match limit.test {
        Test::AtMost(_) | Test::AtLeast(_) | Test::Filled | Test::NotBlank | Test::Form(_) => {
            let plain;
            let text = match value {
                ValueView::String(text) => text,
                ValueView::Number(number) => number.as_str(),
                _ => {
                    plain = value.to_compact();
                    &plain
                }
            };
            text_breach(limit, text).map(|(fault, words)| (fault, format!("{name} {words}")))
        }
        Test::Range(min, max) => {
            let n = value.as_integer()?;
            let low = min.is_some_and(|min| n < min);
            let high = max.is_some_and(|max| n > max);
            (low || high).then(|| {
                let bounds = bounds(min.map(|n| n.to_string()), max.map(|n| n.to_string()));
                (RowFault::Range, format!("{name} must be {bounds}, not {n}"))
            })
        }
        Test::Between(min, max) => {
            let n = match value {
                ValueView::Number(number) => number.as_f64(),
                ValueView::String(text) => text.trim().parse().ok()?,
                _ => return None,
            };
            (!(min..=max).contains(&n))
                .then(|| (RowFault::Range, format!("{name} must be from {min} to {max}, not {n}")))
        }
        Test::Not(lits) => lits
            .iter()
            .any(|lit| lit.is(value))
            .then(|| (RowFault::Range, format!("{name} must not be {}", describe(value)))),
        Test::OneOf(choices) => (!choices.iter().any(|choice| choice.value.is(value))).then(|| {
            (
                RowFault::Set,
                format!("{name} is {}, which is not among the known values", describe(value)),
            )
        }),
        Test::Items(min, max) => {
            let n = count(at, &field.kind)?;
            let low = min.is_some_and(|min| n < u64::from(min));
            let high = max.is_some_and(|max| n > u64::from(max));
            (low || high).then(|| {
                let entries =
                    if matches!(value, ValueView::Object(_)) { "entries" } else { "items" };
                let message = match (low, min, max) {
                    (true, Some(1), _) => format!("{name} is empty"),
                    (true, Some(min), _) => {
                        format!("{name} has {n} {entries}, at least {min} are needed")
                    }
                    (_, _, Some(max)) => format!("{name} has {n} {entries}, the limit is {max}"),
                    _ => format!("{name} has {n} {entries}"),
                };
                (RowFault::Items, message)
            })
        }
        Test::Unique => {
            let twice = repeated_item(value, &field.kind)?;
            Some((RowFault::Items, format!("{name} holds {twice} more than once")))
        }
        Test::Keys(form) => {
            let key = value.as_object()?.keys().find(|key| !(form.test)(key))?;
            Some((RowFault::Key, format!("the key `{key}` of {name} must be {}", form.words)))
        }
        Test::KeysAtMost(length) => {
            let long = |key: &&str| length.measure(key) > length.max();
            let key = value.as_object()?.keys().find(long)?;
            let (max, unit) = (length.max(), length.unit());
            Some((RowFault::Key, format!("the key `{key}` of {name} is longer than {max} {unit}")))
        }
        Test::ValueCheck(judge) => (judge.test)(at).map(|message| (RowFault::Form, message)),
    }
}

fn text_breach(limit: &Limit, text: &str) -> Option<(RowFault, String)> {
    match limit.test {
        Test::AtMost(length) => {
            let used = length.measure(text);
            (used > length.max()).then(|| {
                let message =
                    format!("takes {used} {}, the limit is {}", length.unit(), length.max());
                (RowFault::Length, message)
            })
        }
        Test::AtLeast(length) => {
            let used = length.measure(text);
            (used < length.max()).then(|| {
                let message =
                    format!("takes {used} {}, at least {} are needed", length.unit(), length.max());
                (RowFault::Length, message)
            })
        }
        Test::Filled => text.is_empty().then(|| (RowFault::Empty, "must not be empty".to_owned())),
        Test::NotBlank => {
            text.trim().is_empty().then(|| (RowFault::Empty, "must not be blank".to_owned()))
        }
        Test::Form(form) => {
            (!(form.test)(text)).then(|| (RowFault::Form, format!("must be {}", form.words)))
        }
        _ => None,
    }
}

fn bounds(min: Option<String>, max: Option<String>) -> String {
    match (min, max) {
        (Some(min), Some(max)) => format!("from {min} to {max}"),
        (Some(min), None) => format!("at least {min}"),
        (None, Some(max)) => format!("at most {max}"),
        (None, None) => "a number".to_owned(),
    }
}

/// How many items a list, a comma-separated text or a map has; a single bare value counts as one.
fn count(at: At<'_>, kind: &Kind) -> Option<u64> {
    let n = match at.value()? {
        ValueView::Array(items) => items.len(),
        ValueView::Object(object) => object.len(),
        ValueView::String(text) => match kind {
            Kind::CommaText(_) => text.split(',').count(),
            Kind::JsonText(_) => return count(at.json()?, &Kind::Any),
            Kind::OneOrList(_) => 1,
            _ => return None,
        },
        ValueView::Number(_) if matches!(kind, Kind::OneOrList(_)) => 1,
        _ => return None,
    };
    Some(n as u64)
}

/// The first item of a list that stands in it before.
fn repeated_item(value: ValueView<'_>, kind: &Kind) -> Option<String> {
    match value {
        // Most lists are short.
        ValueView::Array(items) if items.are_few_and_distinct_texts() => None,
        ValueView::Array(items) => {
            let mut texts = HashSet::new();
            let mut others = HashSet::new();
            let repeated = items.values().find(|item| match item {
                ValueView::String(text) => !texts.insert(*text),
                other => !others.insert(other.to_compact()),
            });
            repeated.map(ValueView::to_compact)
        }
        ValueView::String(text) if matches!(kind, Kind::CommaText(_)) => {
            let mut seen = HashSet::new();
            let part = text.split(',').find(|part| !seen.insert(*part))?;
            Some(format!("`{part}`"))
        }
        _ => None,
    }
}
