//! The secrets of one payload: their places, the payload without them, and what messages may say about it.

use std::borrow::Cow;
use std::ops::Range;

use super::members::{self, InString, SecretMember};
use super::values::SecretValues;
use super::{apart, hidden_at};
use crate::contract::SecretNames;
use crate::document::{Document, Span, Value};
use crate::wire::HIDDEN;

/// If one payload has more values, they are hidden only by their names: each value makes every search slower.
const MOST_VALUES: usize = 256;

/// The secrets of one payload, and those that were already known.
pub struct PayloadSecrets<'r> {
    names: &'r SecretNames,
    known: &'r SecretValues,
    own: SecretValues,
    /// In the order of their places, if the payload is a text.
    members: Vec<SecretMember>,
}

impl std::fmt::Debug for PayloadSecrets<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PayloadSecrets").field("members", &self.members.len()).finish()
    }
}

impl<'r> PayloadSecrets<'r> {
    /// For a text, which may be broken.
    pub(super) fn of_text(names: &'r SecretNames, known: &'r SecretValues, text: &str) -> Self {
        let mut members = members::in_text(text, names);
        members.sort_by_key(|member| member.range.start);
        let mut own = SecretValues::default();
        let values = members.iter().flat_map(|member| &member.values);
        values.take(MOST_VALUES).for_each(|value| own.cover(value));
        Self { names, known, own, members }
    }

    /// For a value, which has no places.
    pub(super) fn of_value(names: &'r SecretNames, known: &'r SecretValues, value: &Value) -> Self {
        let (mut own, mut count) = (SecretValues::default(), 0);
        members::in_value(value, names, &mut |value| {
            count += 1;
            if count <= MOST_VALUES {
                own.cover(value);
            }
        });
        Self { names, known, own, members: Vec::new() }
    }

    /// All known secrets and those of the payload, as values to search for.
    pub(super) fn values(self) -> SecretValues {
        self.own
    }

    /// Their places in the text: in order, without overlap.
    pub fn places(&self, text: &str) -> Vec<Range<usize>> {
        let mut found: Vec<_> = self.members.iter().map(|member| member.range.clone()).collect();
        self.find(text, &mut found);
        apart(found)
    }

    /// Removes them from a message about a place of the text. Here even the shortest one is hidden, which elsewhere is
    /// an ordinary word.
    pub fn hide(&self, place: Span, said: &mut String) {
        let mut found = Vec::new();
        self.find(said, &mut found);
        let first = self.members.partition_point(|member| member.range.end < place.start);
        let here = self.members[first..].iter().take_while(|one| one.range.start <= place.end);
        for value in here.flat_map(|member| &member.values) {
            SecretValues::find_word(value, said, &mut found);
        }
        if !found.is_empty() {
            *said = hidden_at(said, found);
        }
    }

    /// Removes them from a value; returns whether there were any.
    pub(super) fn redact(&self, value: &mut Value) -> bool {
        let shown: Value = match value {
            Value::Null | Value::Bool(_) => return false,
            Value::Array(items) => {
                return items
                    .iter_mut()
                    .fold(false, |any, item| self.redact(&mut item.value) | any);
            }
            Value::Object(object) => {
                return object.iter_mut().fold(false, |any, member| {
                    let is_secret = self.names.matches(&member.key);
                    let is_key = self.known.has_sure(&member.key) || self.own.has_sure(&member.key);
                    if is_key {
                        member.key = HIDDEN.into();
                    }
                    let value = &mut member.node.value;
                    let is_value = match is_secret {
                        true if members::is_nothing(value) => false,
                        true => {
                            *value = HIDDEN.into();
                            true
                        }
                        false => self.redact(value),
                    };
                    any | is_key | is_value
                });
            }
            Value::Number(number) if self.without_known(number.as_str()).is_none() => return false,
            Value::Number(_) => HIDDEN.into(),
            Value::String(text) => match self.string(text.as_str()) {
                Some(shown) => shown.into(),
                None => return false,
            },
        };
        *value = shown;
        true
    }

    /// A string without them, if it has some.
    fn string(&self, text: &str) -> Option<String> {
        let left = match members::in_string(text, self.names) {
            InString::Nothing => Cow::Borrowed(text),
            InString::Encoded(_) => return Some(HIDDEN.to_owned()),
            InString::Members(members) => Cow::Owned(without(text, members)),
        };
        let left = self.without_known(&left).map_or(left, Cow::Owned);
        (left != text).then(|| left.into_owned())
    }

    fn without_known(&self, text: &str) -> Option<String> {
        let mut found = Vec::new();
        self.find(text, &mut found);
        (!found.is_empty()).then(|| hidden_at(text, found))
    }

    fn find(&self, text: &str, found: &mut Vec<Range<usize>>) {
        self.known.find(text, found);
        self.own.find(text, found);
    }
}

/// A string that holds a payload, without its secrets. JSON stays JSON.
fn without(text: &str, mut members: Vec<SecretMember>) -> String {
    let is_json = Document::parse(text).is_ok();
    members.sort_by_key(|member| member.range.start);
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for SecretMember { range, is_bare, .. } in members {
        if range.start >= at {
            out.push_str(&text[at..range.start]);
            out.push_str(if is_json && is_bare { "\"***\"" } else { HIDDEN });
        }
        at = at.max(range.end);
    }
    out.push_str(&text[at..]);
    out
}
