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

use self::members::InString;
pub use self::payload::PayloadSecrets;
use self::values::SecretValues;
use crate::contract::SecretNames;
use crate::document::Value;
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
        let own = PayloadSecrets::of_value(self.names, &self.values, payload).values();
        self.values.add_all(own);
    }

    /// The same of a payload that may be broken, a form, or a query.
    pub fn learn_from(&mut self, payload: &str) {
        let own = self.payload(payload).values();
        self.values.add_all(own);
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

    /// The secrets of a payload, which may be broken, with those that are known.
    pub fn payload(&self, payload: &str) -> PayloadSecrets<'_> {
        PayloadSecrets::of_text(self.names, &self.values, payload)
    }

    /// A payload as text without its secrets.
    pub fn redacted<'t>(&self, payload: &'t str) -> Cow<'t, str> {
        match self.payload(payload).places(payload) {
            places if places.is_empty() => Cow::Borrowed(payload),
            places => Cow::Owned(hidden_at(payload, places)),
        }
    }

    /// A payload without its secrets, each of which is the text `***` in it; `None` where there are none.
    pub fn redacted_value(&self, payload: &Value) -> Option<Value> {
        let mut value = payload.clone();
        let secrets = PayloadSecrets::of_value(self.names, &self.values, payload);
        secrets.redact(&mut value).then_some(value)
    }

    /// The same of an answer: names tell nothing there, since some secrets are what was asked for.
    fn redacted_answer(&self, answer: &Value) -> Option<Value> {
        let mut value = answer.clone();
        let secrets = PayloadSecrets::of_value(&NO_NAMES, &self.values, answer);
        secrets.redact(&mut value).then_some(value)
    }

    /// The pointers of members whose names are those of secrets, in a payload.
    pub fn secret_members(&self, payload: &Value) -> Vec<String> {
        let mut found = Vec::new();
        pointers(payload, self.names, &mut String::new(), &mut found);
        found
    }

    /// Marks what must not be shown in a request: the same goes out.
    pub fn mark(&self, request: &mut Request) {
        // What stands in the body is hidden in path and headers, too.
        let mut all = self.clone();
        let Request { path, headers, body, .. } = request;
        let texts: Vec<&mut Written> = match body {
            Body::Text { text, .. } => vec![text],
            Body::Multipart(parts) => {
                for part in parts.iter_mut() {
                    if let FormPart::Field { name, value } = part
                        && self.names.matches(name)
                    {
                        *value = Written::secret(value.show(Show::Secrets));
                        all.cover(&value.show(Show::Secrets));
                    }
                }
                parts.iter_mut().filter_map(FormPart::text_mut).collect()
            }
            Body::None | Body::File { .. } => Vec::new(),
        };
        for text in texts.into_iter().chain([path]) {
            let whole = text.show(Show::Secrets);
            all.learn_from(&whole);
            text.mark(&all.payload(&whole).places(&whole));
        }
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
