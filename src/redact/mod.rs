//! What must not be shown or kept: the one mask of herald.
//!
//! A [`Redactor`] knows secrets in two ways. By *name*: members of payloads that the contract's rows mark
//! ([`SecretNames`]). By *value*: secrets of the account, tokens, signatures, and what stood in members of such names; those
//! are found anywhere, also percent-encoded and in base64. Lint, `--dry-run`, `--curl`, `-v`, the ledger, plans and whatever
//! comes back from a vendor go through it. What is sent does not.

mod members;
mod payload;
mod values;

use std::borrow::Cow;
use std::ops::Range;

use self::members::{InString, SecretMember};
pub use self::payload::PayloadSecrets;
use self::values::SecretValues;
use crate::contract::SecretNames;
use crate::document::{Document, Node, Value};
use crate::outcome::Outcome;
use crate::wire::{Body, FormPart, HIDDEN, Request, Show, Written};

/// The header that is the same for many requests.
const LASTING: &str = "authorization";

/// Hides secrets.
#[derive(Clone)]
pub struct Redactor {
    names: &'static SecretNames,
    values: SecretValues,
}

impl std::fmt::Debug for Redactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Redactor").field("names", self.names).finish_non_exhaustive()
    }
}

impl Redactor {
    /// Knows names, and no secret yet.
    pub fn new(names: &'static SecretNames) -> Self {
        Self { names, values: SecretValues::default() }
    }

    /// Hides a secret from now on. What is shorter than four characters is hidden by its name alone, what is shorter than
    /// eight only where it is a whole word.
    pub fn cover(&mut self, secret: &str) {
        self.values.cover(secret);
    }

    /// Hides from now on what stands in members of a payload whose names are those of secrets.
    pub fn learn(&mut self, payload: &Value) {
        let names = self.names;
        members::in_value(payload, names, &mut |secret| self.values.cover(secret));
    }

    /// The same of a payload that may be broken, a form, or a query.
    pub fn learn_from(&mut self, payload: &str) {
        for member in members::in_text(payload, self.names) {
            member.values.iter().for_each(|value| self.values.cover(value));
        }
    }

    /// Hides what a request proves with who sends it.
    pub fn cover_request(&mut self, request: &Request) {
        let headers = request.headers.iter().map(|header| (header.name, &header.value));
        let body: Vec<&Written> = match &request.body {
            Body::Text { text, .. } => vec![text],
            Body::Multipart(parts) => parts.iter().filter_map(FormPart::text).collect(),
            Body::None | Body::File { .. } => Vec::new(),
        };
        let rest = body.into_iter().chain([&request.path]).map(|text| ("", text));
        for (name, written) in headers.chain(rest) {
            for secret in written.secrets() {
                if name.eq_ignore_ascii_case(LASTING) {
                    self.values.cover(secret);
                } else {
                    self.values.cover_for_now(secret);
                }
            }
        }
    }

    /// Whether a member or a header of this name holds a secret.
    pub fn names(&self, name: &str) -> bool {
        self.names.matches(name)
    }

    /// Puts `***` into the place of each known secret in a text that is no payload: a message, an id, an address.
    pub fn hide(&self, text: &mut String) {
        let mut found = Vec::new();
        self.values.find(text, &mut found);
        if !found.is_empty() {
            *text = hidden_at(text, found);
        }
    }

    /// Whether a known secret stands in a text, and is no word that may stand there for another reason.
    pub fn knows_one_in(&self, text: &str) -> bool {
        self.values.has_long(text)
    }

    /// Where secrets stand in a payload, known ones and those of which the name tells: in order, apart from each other.
    pub fn places(&self, payload: &str) -> Vec<Range<usize>> {
        self.payload(payload).places(payload)
    }

    /// A payload as text without its secrets.
    pub fn redacted<'t>(&self, payload: &'t str) -> Cow<'t, str> {
        match self.places(payload) {
            places if places.is_empty() => Cow::Borrowed(payload),
            places => Cow::Owned(hidden_at(payload, places)),
        }
    }

    /// A payload without its secrets, each of which is the text `***` in it; `None` where there are none.
    pub fn redacted_value(&self, payload: &Value) -> Option<Value> {
        let mut all = Redactor { names: self.names, values: self.values.clone() };
        all.learn(payload);
        let mut value = payload.clone();
        all.redact(&mut value).then_some(value)
    }

    /// The same of an answer: names tell nothing there, since some are asked for.
    pub fn redacted_answer(&self, answer: &Value) -> Option<Value> {
        let by_value = Redactor { names: &NO_NAMES, values: self.values.clone() };
        let mut value = answer.clone();
        by_value.redact(&mut value).then_some(value)
    }

    /// The pointers of members whose names are those of secrets, in a payload.
    pub fn secret_members(&self, payload: &Value) -> Vec<String> {
        let mut found = Vec::new();
        pointers(payload, self.names, &mut String::new(), &mut found);
        found
    }

    /// Whether something was hidden.
    fn redact(&self, value: &mut Value) -> bool {
        match value {
            Value::Null | Value::Bool(_) => false,
            Value::Number(number) => {
                let is_secret = !self.values.is_free_of(number.as_str());
                if is_secret {
                    *value = HIDDEN.into();
                }
                is_secret
            }
            Value::String(text) => match self.redacted_string(text.as_str()) {
                Some(shown) => {
                    *value = shown.into();
                    true
                }
                None => false,
            },
            Value::Array(items) => {
                items.iter_mut().fold(false, |any, item| self.redact(&mut item.value) | any)
            }
            Value::Object(object) => object.iter_mut().fold(false, |any, member| {
                let mut key = member.key.to_string();
                self.hide(&mut key);
                let is_key = *key != *member.key;
                if is_key {
                    member.key = key.into();
                }
                let Node { value, .. } = &mut member.node;
                let is_hidden = if !self.names.matches(&member.key) {
                    self.redact(value)
                } else if members::is_nothing(value) {
                    false
                } else {
                    *value = HIDDEN.into();
                    true
                };
                any | is_key | is_hidden
            }),
        }
    }

    /// A string without its secrets, where it has some.
    fn redacted_string(&self, text: &str) -> Option<String> {
        let mut shown = match members::in_string(text, self.names) {
            InString::Nothing => Cow::Borrowed(text),
            InString::Encoded(_) => return Some(HIDDEN.to_owned()),
            InString::Members(members) => Cow::Owned(without(text, members)),
        };
        if !self.values.is_free_of(&shown) {
            self.hide(shown.to_mut());
        }
        (shown != text).then(|| shown.into_owned())
    }

    /// Marks what must not be shown in a request: the same goes out.
    pub fn mark(&self, request: &mut Request) {
        let mark = |text: &mut Written| {
            let whole = text.show(Show::Secrets);
            text.mark(&self.places(&whole));
        };
        let mut all = Redactor { names: self.names, values: self.values.clone() };
        let Request { path, headers, body, .. } = request;
        match body {
            Body::Text { text, .. } => {
                all.learn_from(&text.show(Show::Secrets));
                mark(text);
            }
            Body::Multipart(parts) => {
                for part in parts {
                    if let FormPart::Field { name, value } = part
                        && self.names.matches(name)
                    {
                        let whole = value.show(Show::Secrets);
                        all.cover(&whole);
                        *value = Written::secret(whole);
                    } else if let Some(text) = part.text_mut() {
                        all.learn_from(&text.show(Show::Secrets));
                        mark(text);
                    }
                }
            }
            Body::None | Body::File { .. } => {}
        }
        // A query names its secrets; a path and a header can only repeat one.
        let query = path.show(Show::Secrets);
        path.mark(&all.places(&query));
        for header in headers {
            let value = header.value.show(Show::Secrets);
            if self.names.matches(header.name) {
                header.value = Written::secret(value);
                continue;
            }
            let mut found = Vec::new();
            all.values.find(&value, &mut found);
            header.value.mark(&apart(found));
        }
    }

    /// What became of a request, without the secrets that a server has repeated. `is_asked` tells the targets that were
    /// named in the request: those have to be found again, and are no answer.
    #[must_use]
    pub fn redacted_outcome(
        &self,
        mut outcome: Outcome,
        is_asked: &dyn Fn(&str) -> bool,
    ) -> Outcome {
        if self.values.is_empty() {
            return outcome;
        }
        for target in &mut outcome.targets {
            [&mut target.code, &mut target.message, &mut target.id]
                .into_iter()
                .flatten()
                .for_each(|text| self.hide(text));
            if !self.values.is_free_of(&target.target) && !is_asked(&target.target) {
                self.hide(&mut target.target);
            }
        }
        outcome.ids.iter_mut().for_each(|(_, id)| self.hide(id));
        let own = [&mut outcome.code, &mut outcome.message, &mut outcome.advice];
        let texts = own.into_iter().flatten().chain(&mut outcome.warnings);
        texts.for_each(|text| self.hide(text));
        if let Some(result) = &outcome.result
            && let Some(shown) = self.redacted_answer(result)
        {
            outcome.result = Some(shown);
        }
        outcome
    }
}

/// No name is that of a secret.
static NO_NAMES: SecretNames = SecretNames::NONE;

/// A string that holds a payload, without the secrets of the payload.
fn without(text: &str, members: Vec<SecretMember>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    let mut members = members;
    members.sort_by_key(|member| member.range.start);
    for SecretMember { range, is_bare, .. } in members {
        if range.start < at {
            at = at.max(range.end);
            continue;
        }
        out.push_str(&text[at..range.start]);
        // What is JSON stays so.
        let is_json = is_bare && Document::parse(text).is_ok();
        out.push_str(if is_json { "\"***\"" } else { HIDDEN });
        at = range.end;
    }
    out.push_str(&text[at..]);
    out
}

fn pointers(value: &Value, names: &SecretNames, way: &mut String, found: &mut Vec<String>) {
    let mut inside = |step: &str, value: &Value, is_secret: bool| {
        let length = way.len();
        way.push('/');
        way.push_str(&step.replace('~', "~0").replace('/', "~1"));
        if is_secret {
            found.push(way.clone());
        } else {
            pointers(value, names, way, found);
        }
        way.truncate(length);
    };
    match value {
        Value::Object(object) => {
            for member in object {
                let value = &member.node.value;
                inside(
                    &member.key,
                    value,
                    names.matches(&member.key) && !members::is_nothing(value),
                );
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                inside(&index.to_string(), &item.value, false);
            }
        }
        Value::String(text) => {
            if !matches!(members::in_string(text.as_str(), names), InString::Nothing) {
                found.push(way.clone());
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Ranges in order, those that touch made one.
fn apart(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut out: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match out.last_mut() {
            Some(last) if range.start < last.end => last.end = last.end.max(range.end),
            _ => out.push(range),
        }
    }
    out
}

/// A text with `***` in these places.
fn hidden_at(text: &str, places: Vec<Range<usize>>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for place in apart(places) {
        out.push_str(&text[at..place.start]);
        out.push_str(HIDDEN);
        at = place.end;
    }
    out.push_str(&text[at..]);
    out
}
