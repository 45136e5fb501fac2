//! Rows in words, for the reference pages, for warnings in schemas and for messages.

use super::{
    Check, Choice, Condition, CrossCheck, ErrorCode, Field, Kind, Limit, Operation, Presence,
    Retry, Test,
};

impl Kind {
    /// The known values of a closed or an open set.
    pub const fn choices(&self) -> &'static [Choice] {
        match self {
            Self::Choice(choices) | Self::Open(choices) => choices,
            _ => &[],
        }
    }

    /// The kind in a few words: `list of text`.
    pub fn words(&self) -> String {
        match self {
            Self::Any => "any".to_owned(),
            Self::Text => "text".to_owned(),
            Self::Int(int) => {
                let width = match int.width {
                    super::Width::I32 => "whole number, 32 bits",
                    super::Width::U32 => "whole number from 0, 32 bits",
                    super::Width::I64 => "whole number, 64 bits",
                    super::Width::U64 => "whole number from 0, 64 bits",
                };
                let how = if int.plain { ", in plain digits" } else { "" };
                format!("{width}{how}")
            }
            Self::Digits => "text of digits".to_owned(),
            Self::Number(_) => "number".to_owned(),
            Self::Bool(_) => "true or false".to_owned(),
            Self::Choice(choices) if choices.len() <= MOST_CHOICES => {
                listed(choices.iter().map(Choice::words), "or")
            }
            Self::Choice(choices) => some(choices),
            Self::Open(choices) => format!("{} or another", some(choices)),
            Self::Object(shape) if shape.name.is_empty() => "object".to_owned(),
            Self::Object(shape) => format!("object {}", shape.name),
            Self::Map(map) => format!("map of {}", map.value.kind.words()),
            Self::List(item) => format!("list of {}", item.kind.words()),
            Self::OneOrList(item) => format!("{0}, or a list of {0}", item.kind.words()),
            Self::CommaText(item) => format!("text, comma-separated: {}", item.kind.words()),
            Self::JsonText(inner) if inner.bare => {
                format!("{}, or JSON text of it", inner.kind.words())
            }
            Self::JsonText(inner) => format!("JSON text: {}", inner.kind.words()),
            Self::Base64 => "base64".to_owned(),
            Self::Base64Json(inner) => format!("base64 of JSON: {}", inner.kind.words()),
            Self::Union(kinds) => listed(kinds.iter().map(Self::words), "or"),
            Self::File(rules) => format!("file of at most {} bytes", rules.max_bytes),
        }
    }
}

impl Presence {
    /// Whether it has to be there, in a few words.
    pub fn words(&self) -> String {
        match self {
            Self::Optional => "no".to_owned(),
            Self::Required => "yes".to_owned(),
            Self::RequiredIf(when) => format!("if {}", when.words()),
            Self::Recommended(_) => "recommended".to_owned(),
            Self::RecommendedIf(_, when) => format!("recommended if {}", when.words()),
        }
    }
}

impl Condition {
    /// The condition in words.
    pub fn words(&self) -> String {
        match self {
            Self::Is(path, lits) => {
                // `true` and `"true"` are read as the same value.
                let mut words: Vec<String> = lits.iter().map(|lit| lit.to_text()).collect();
                words.dedup();
                format!("`{}` is {}", shown(path), listed(words.into_iter(), "or"))
            }
            Self::Given(path) => format!("`{}` is given", shown(path)),
            Self::Not(Condition::Given(path)) => format!("`{}` is not given", shown(path)),
            Self::Not(Condition::Is(path, lits)) => format!(
                "`{}` is not {}",
                shown(path),
                listed(lits.iter().map(|lit| lit.to_text()), "or")
            ),
            Self::Not(when) => format!("not ({})", when.words()),
            Self::All(all) => listed(all.iter().map(Self::words), "and"),
            Self::Any(any) => listed(any.iter().map(Self::words), "or"),
        }
    }
}

impl Limit {
    /// The limit in words, with its condition.
    pub fn words(&self) -> String {
        let words = match self.test {
            Test::AtMost(length) => format!("at most {} {}", length.max(), length.unit()),
            Test::AtLeast(length) => format!("at least {} {}", length.max(), length.unit()),
            Test::Filled => "not empty".to_owned(),
            Test::NotBlank => "not blank".to_owned(),
            Test::Form(form) => form.words.to_string(),
            Test::Range(min, max) => {
                between(min.map(|n| n.to_string()), max.map(|n| n.to_string()))
            }
            Test::Between(min, max) => between(Some(min.to_string()), Some(max.to_string())),
            Test::Not(lits) => {
                format!("not {}", listed(lits.iter().map(|lit| lit.to_text()), "or"))
            }
            Test::OneOf(choices) => {
                format!("one of {}", listed(choices.iter().map(Choice::words), ","))
            }
            Test::Items(min, max) => {
                let noun = if max.or(min) == Some(1) { "item" } else { "items" };
                let count = between(min.map(|n| n.to_string()), max.map(|n| n.to_string()));
                format!("{count} {noun}")
            }
            Test::Unique => "no item twice".to_owned(),
            Test::Keys(form) => format!("keys: {}", form.words),
            Test::KeysAtMost(length) => {
                format!("keys of at most {} {}", length.max(), length.unit())
            }
            Test::ValueCheck(judge) => judge.name.to_owned(),
        };
        match self.when {
            Some(when) => format!("{words} if {}", when.words()),
            None => words,
        }
    }
}

impl Check {
    /// The check in words.
    pub fn words(&self) -> String {
        match &self.test {
            CrossCheck::Count { names, min, max, .. } => {
                let names = names.iter().map(|name| format!("`{name}`"));
                let bounds = between(Some(min.to_string()), Some(max.to_string()));
                format!("{bounds} of {}", listed(names, ","))
            }
            CrossCheck::Flag { message, .. } => (*message).to_owned(),
            CrossCheck::Budget(budget) => {
                format!("{}: at most {} {}", budget.what, budget.max.max(), budget.max.unit())
            }
            CrossCheck::Function { name, .. } => (*name).to_owned(),
        }
    }
}

/// Whether a request may be sent again that may have been done, and that leads to the same state then.
const SAME_AGAIN: &str = "yes: the same again leads to the same state";

impl ErrorCode {
    /// Whether the same request may be sent again, in words; where that depends on the operation, for each of these.
    pub fn retry_words(&self, operations: &[Operation]) -> String {
        let meant = || self.operations(operations);
        let with = |retry: Retry| meant().filter(move |one| self.retry_of(one) == retry);
        let same: Vec<&str> = with(Retry::Same).map(|one| one.id).collect();
        let is_open = with(Retry::Ambiguous).next().is_some();
        match self.retry {
            Retry::Ambiguous if !is_open && meant().next().is_some() => SAME_AGAIN.to_owned(),
            Retry::Ambiguous if !same.is_empty() => format!(
                "yes for what only reads, and for {}: the same again leads to the same state; not blindly for the rest: it \
                 may have been done",
                listed(same.iter().map(|id| format!("`{id}`")), "and")
            ),
            retry => retry.words(),
        }
    }
}

impl Retry {
    /// Whether the same request may be sent again, in words.
    pub fn words(self) -> String {
        match self {
            Self::No => "no, it would fail again".to_owned(),
            Self::Wait(0) => "yes, after a pause; nothing was done".to_owned(),
            Self::Wait(seconds) => format!("yes, after {seconds} s; nothing was done"),
            Self::Yes => "yes, at once; nothing was done".to_owned(),
            Self::Resigned => "yes, with a new signature or token; nothing was done".to_owned(),
            Self::Ambiguous => "not blindly: it may have been done (reading is safe)".to_owned(),
            Self::Same => SAME_AGAIN.to_owned(),
            Self::InPart => "no: a part of it was done".to_owned(),
            Self::Later => "no at once; yes after a pause, if it is recent".to_owned(),
            Self::Done => "no need, it was done before".to_owned(),
        }
    }
}

impl Field {
    /// Its limits in words; those that only warn have their rule.
    pub fn limit_words(&self) -> String {
        let item = match self.kind {
            Kind::List(item) | Kind::OneOrList(item) | Kind::CommaText(item) => Some(item),
            _ => None,
        };
        let own = self.limits.iter().map(one_limit);
        let inner = item.into_iter().flat_map(|item| item.limits);
        let all: Vec<String> =
            own.chain(inner.map(|limit| format!("each {}", one_limit(limit)))).collect();
        all.join("; ")
    }
}

fn one_limit(limit: &Limit) -> String {
    match limit.rule {
        Some(rule) => format!("{} ({rule})", limit.words()),
        None => limit.words(),
    }
}

fn between(min: Option<String>, max: Option<String>) -> String {
    match (min, max) {
        (Some(min), Some(max)) if min == max => min,
        (Some(min), Some(max)) => format!("{min} to {max}"),
        (Some(min), None) => format!("at least {min}"),
        (None, Some(max)) => format!("at most {max}"),
        (None, None) => "any".to_owned(),
    }
}

/// The most values that are listed.
const MOST_CHOICES: usize = 13;

/// The values after "must be": `1 (group), 2 (room) or 3 (channel)`; if there are many, the first few.
pub(crate) fn one_of(choices: &[Choice]) -> String {
    if choices.len() <= MOST_CHOICES {
        listed(choices.iter().map(Choice::words), "or")
    } else {
        some(choices)
    }
}

/// The first of many values.
fn some(choices: &[Choice]) -> String {
    if choices.len() <= MOST_CHOICES {
        return listed(choices.iter().map(Choice::words), ",");
    }
    let first = choices.iter().take(MOST_CHOICES / 2).map(Choice::words);
    format!("{} … ({} known)", listed(first, ","), choices.len())
}

/// A path in the form of `--set`.
fn shown(path: &str) -> String {
    path.trim_start_matches('/').replace('/', ".")
}

/// `a, b or c`; if `last` is a comma, commas throughout.
fn listed(words: impl Iterator<Item = String>, last: &str) -> String {
    let words: Vec<String> = words.collect();
    match words.as_slice() {
        [most @ .., end] if !most.is_empty() && last != "," => {
            format!("{} {last} {end}", most.join(", "))
        }
        words => words.join(", "),
    }
}
