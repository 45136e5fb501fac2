//! NDJSON lists: a JSON text on each line, with the target and its variables.

use std::borrow::Cow;

use super::lines::ListLines;
use super::lines::trimmed;
use super::own_output::check_own;
use super::shape::is_near_column;
use super::{InvalidEntry, ListRead, ListSettings, SKIPPED_OUTCOME};
use crate::contract::TargetKind;
use crate::document::{Document, Object, Value};
use crate::error::Result;
use crate::ledger::TargetState;
use crate::near::{did_you_mean, nearest};
use crate::template::text::{no_variable, reads_as_name};
use crate::text::escape;

/// The keys of the target, in order of precedence.
const TARGET_KEYS: [&str; 2] = ["to", "target"];

/// What is wrong with a line, and what the user can do about it; empty if herald does not know that.
pub(super) type LineFault = (String, Cow<'static, str>);

/// The buffers that are reused from line to line.
pub(super) struct NdjsonState {
    /// The name of the list.
    list: String,
    names: Vec<String>,
    /// Whether the targets get a new message.
    sends: bool,
    /// The members of the first object.
    members: Option<Vec<String>>,
    pub(super) values: Vec<String>,
    pub(super) typed: String,
}

impl NdjsonState {
    pub(super) fn new(settings: ListSettings) -> Self {
        let ListSettings { name: list, variables: names, sends, .. } = settings;
        let values = vec![String::new(); names.len()];
        Self { list, values, names, sends, members: None, typed: String::new() }
    }

    /// The members of the first object.
    pub(super) fn members(&self) -> &[String] {
        self.members.as_deref().unwrap_or_default()
    }

    /// Refuses texts in braces that do not read as names, where the first object shows that they are none.
    fn check_names(&mut self, object: &Object) -> Result<()> {
        if self.members.is_some() {
            return Ok(());
        }
        let odd = |name: &&String| object.get(name).is_none() && !reads_as_name(name);
        if let Some(name) = self.names.iter().find(odd) {
            return Err(no_variable(name));
        }
        self.members = Some(object.iter().map(|member| member.key.to_string()).collect());
        Ok(())
    }

    /// The target of the next line that is not empty.
    pub(super) fn next(&mut self, lines: &mut ListLines<'_>) -> Result<ListRead<'_>> {
        loop {
            if !lines.advance()? {
                return Ok(ListRead::End);
            }
            if let Some(entry) = lines.fault() {
                return Ok(ListRead::Invalid(entry));
            }
            if !trimmed(lines.text()).is_empty() {
                break;
            }
        }
        Ok(match self.take(lines.text())? {
            Ok(()) => {
                ListRead::Typed { line: lines.number(), typed: &self.typed, values: &self.values }
            }
            Err(fault) => ListRead::Invalid(Self::invalid(lines.number(), lines.text(), fault)),
        })
    }

    /// A text as an invalid entry.
    pub(super) fn invalid(line: u64, text: &str, (reason, help): LineFault) -> Box<InvalidEntry> {
        let entry = InvalidEntry::new(line, text, reason);
        if help.is_empty() { entry } else { entry.help(help) }
    }

    /// Reads target and variables from a line.
    fn take(&mut self, line: &str) -> Result<Result<(), LineFault>> {
        let document = match Document::parse(line) {
            Ok(document) => document,
            Err(fault) => {
                let reason = format!("not JSON: {}", fault.message);
                return Ok(Err((reason, fault.help.unwrap_or("").into())));
            }
        };
        if let Some(repeated) = document.repeated().first() {
            return Ok(Err((repeated.message.clone(), repeated.help.unwrap_or("").into())));
        }
        self.take_value(&document.root().value)
    }

    /// Reads target and variables from a value. Fails where no entry could have the variables.
    pub(super) fn take_value(&mut self, value: &Value) -> Result<Result<(), LineFault>> {
        if let Value::Object(object) = value {
            check_own(&self.list, object, self.sends)?;
            self.check_names(object)?;
        }
        Ok(self.take_entry(value))
    }

    fn take_entry(&mut self, value: &Value) -> Result<(), LineFault> {
        let empty = Object::default();
        let (target, object) = match value {
            Value::Object(object) => {
                let target =
                    TARGET_KEYS.iter().find_map(|name| object.get(name)).ok_or_else(|| {
                        ("the object has no member `to` or `target`".to_owned(), no_target(object))
                    })?;
                if object.get(TARGET_KEYS[0]).is_none() {
                    is_usable_result(object)?;
                }
                (&target.value, object)
            }
            bare => (bare, &empty),
        };
        self.typed.clear();
        match target {
            Value::String(text) => self.typed.push_str(text.as_str()),
            Value::Number(number) if number.is_plain_integer() => {
                self.typed.push_str(number.as_str());
            }
            other => {
                let help = "as in \"user:bob\"";
                let reason = format!("the target is {}, not a text", other.kind_name());
                return Err((reason, help.into()));
            }
        }
        self.take_values(object)
    }

    fn take_values(&mut self, object: &Object) -> Result<(), LineFault> {
        for (name, value) in self.names.iter().zip(&mut self.values) {
            let node = object.get(name).ok_or_else(|| {
                let meant = did_you_mean(name, object.iter().map(|member| &*member.key));
                let help = meant.map_or("each line needs one".into(), Cow::Owned);
                (format!("there is no value for `{{{{{name}}}}}`"), help)
            })?;
            value.clear();
            match &node.value {
                Value::String(text) => value.push_str(text.as_str()),
                Value::Number(_) | Value::Bool(_) => value.push_str(&node.value.to_compact()),
                other => {
                    let reason =
                        format!("the variable `{name}` is {}, not a text", other.kind_name());
                    return Err((reason, "a text, a number, true or false".into()));
                }
            }
        }
        Ok(())
    }
}

/// What to do about an object without a target: a member that is called as columns of ids are, or nearly so, may be it.
fn no_target(object: &Object) -> Cow<'static, str> {
    let keys = || object.iter().map(|member| &*member.key);
    let near = TARGET_KEYS.iter().find_map(|known| nearest(known, keys()));
    match near.or_else(|| keys().find(|key| is_near_column(key))) {
        Some(key) => format!("call `{}` `to`: {{\"to\":\"user:bob\"}}", escape(key)).into(),
        None => "as in {\"to\":\"user:bob\"}".into(),
    }
}

/// Refuses a line of a results file whose target is not one target. A line about everybody or a class has a description
/// there. A kind or an outcome that herald does not know is an error, too.
fn is_usable_result(object: &Object) -> Result<(), LineFault> {
    let text = |name: &str| object.get(name).and_then(|node| node.value.as_str());
    let (Some(_), Some(target), Some(outcome)) =
        (object.get("version"), text("target"), text("outcome"))
    else {
        return Ok(());
    };
    // An entry that was left out of a list stands in the results as it stood in the list.
    if outcome == SKIPPED_OUTCOME {
        return Ok(());
    }
    if TargetState::from_word(outcome).is_none() {
        let reason = format!("`{outcome}` is no outcome of a result");
        return Err((reason, "name the target with `to`, where it is no result of herald".into()));
    }
    let kind = target.split_once(':').and_then(|(kind, _)| TargetKind::from_word(kind));
    if kind.is_none() {
        let help =
            "a broadcast to everybody or to a class is sent again with the flags that it had";
        return Err((format!("the result is about `{target}`, which is no target"), help.into()));
    }
    Ok(())
}
