//! What a typed text becomes; the kind of its row decides.

use super::put::encode;
use crate::contract::words::one_of;
use crate::contract::{Choice, Kind, Lit};
use crate::document::{Document, Node, Str, Value};
use crate::near::did_you_mean;

/// What would have been right.
#[derive(Debug)]
pub(super) struct Due {
    /// What is expected, after "must be".
    pub(super) what: String,
    /// What to do.
    pub(super) help: Option<String>,
}

impl Due {
    fn of(what: impl Into<String>) -> Self {
        Self { what: what.into(), help: None }
    }

    fn with(what: &str, help: impl Into<String>) -> Self {
        Self { what: what.to_owned(), help: Some(help.into()) }
    }
}

/// The value that a text stands for. lint checks the limits; a text of another kind is refused here.
pub(super) fn typed(kind: Kind, text: &str) -> Result<Value, Due> {
    match kind {
        Kind::Any | Kind::Text => Ok(Value::from(text)),
        Kind::Int(int) => {
            let (min, max) = int.width.bounds();
            let number = integer(text).ok_or_else(|| Due::of(int.due()))?;
            if !(min..=max).contains(&number) {
                return Err(Due::of(format!("a whole number from {min} to {max}")));
            }
            Ok(Value::number(number.to_string()))
        }
        Kind::Digits => {
            let fits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
            if fits { Ok(Value::from(text)) } else { Err(Due::of("a text of digits")) }
        }
        Kind::Number(_) => number(text).ok_or_else(|| Due::of("a number")),
        Kind::Bool(_) => match text {
            "true" => Ok(Value::from(true)),
            "false" => Ok(Value::from(false)),
            _ => Err(Due { what: "true or false".to_owned(), help: did_you_mean(text, BOOLS) }),
        },
        Kind::Choice(choices) => choice(choices, text).ok_or_else(|| not_among(choices, text)),
        Kind::Open(choices) => match choice(choices, text) {
            Some(value) => Ok(value),
            None => open(choices, text).ok_or_else(|| not_among(choices, text)),
        },
        Kind::Object(_) | Kind::Map(_) => Err(Due::with(
            "an object",
            "set its fields one by one, with a dot between the names, or write `:=` and JSON",
        )),
        Kind::List(item) => Ok(Value::Array(vec![Node::bare(typed(item.kind, text)?)])),
        Kind::OneOrList(item) => typed(item.kind, text),
        Kind::CommaText(_) => Ok(Value::from(text)),
        Kind::JsonText(_) => match Str::new(text).json() {
            Ok(_) => Ok(Value::from(text)),
            Err(fault) => Err(Due::with(
                "a text that holds JSON",
                format!("{}; or set its fields one by one, with a dot between", fault.message),
            )),
        },
        Kind::Base64 => {
            let fits = Str::new(text).base64().is_some();
            if fits { Ok(Value::from(text)) } else { Err(Due::of("base64")) }
        }
        Kind::Base64Json(_) => {
            let fits = matches!(Str::new(text).base64_json(), Some(Ok(_)));
            if fits { Ok(Value::from(text)) } else { Err(Due::of("JSON in base64")) }
        }
        Kind::Union(kinds) => union(kinds, text),
        Kind::File(_) => {
            let mut file = Value::object();
            file.as_object_mut().expect("it is an object").set("path", text);
            Ok(file)
        }
    }
}

/// Raw JSON; as text if the kind is one that holds JSON.
pub(super) fn raw(kind: Kind, json: &Value) -> Value {
    match kind {
        Kind::JsonText(inner) if !inner.bare && json.as_str().is_none() => {
            Value::from(json.to_compact())
        }
        Kind::Base64Json(_) if json.as_str().is_none() => encode(json),
        _ => json.clone(),
    }
}

const BOOLS: [&str; 2] = ["true", "false"];

/// The value of the first kind that accepts the text.
fn union(kinds: &[Kind], text: &str) -> Result<Value, Due> {
    let mut dues = Vec::new();
    let mut help = None;
    for kind in kinds {
        match typed(*kind, text) {
            Ok(value) => return Ok(value),
            Err(due) => {
                dues.push(due.what);
                help = help.or(due.help);
            }
        }
    }
    Err(Due { what: dues.join(" or "), help })
}

fn integer(text: &str) -> Option<i128> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_digits = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    is_digits.then(|| text.parse().ok()).flatten()
}

/// A number as the user typed it, if it is valid JSON.
fn number(text: &str) -> Option<Value> {
    let value = Document::parse(text).ok()?.into_value();
    value.as_number().is_some().then_some(value)
}

/// The choice with a value or a name.
fn choice(choices: &[Choice], text: &str) -> Option<Value> {
    let by_value = choices.iter().find(|choice| choice.value.to_text() == text);
    let by_name = || choices.iter().find(|choice| !choice.name.is_empty() && choice.name == text);
    by_value.or_else(by_name).map(|choice| choice.value.to_value())
}

/// A value that is not among the known ones, with the same type as they have.
fn open(choices: &[Choice], text: &str) -> Option<Value> {
    let numbers = choices.iter().any(|choice| matches!(choice.value, Lit::Int(_)));
    let texts = choices.iter().any(|choice| matches!(choice.value, Lit::Text(_)));
    match integer(text) {
        Some(number) if numbers => Some(Value::number(number.to_string())),
        _ if texts || choices.is_empty() => Some(Value::from(text)),
        _ => None,
    }
}

fn not_among(choices: &[Choice], text: &str) -> Due {
    let what = one_of(choices);
    let help = did_you_mean(text, choices.iter().map(|choice| choice.name));
    Due { what, help }
}
