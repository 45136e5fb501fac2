//! What must not be shown or kept: the only redaction in herald.
//!
//! A [`Redactor`] knows secrets in two ways. By *name*: members of payloads that the contract's rows mark
//! ([`SecretNames`]). By *value*: secrets of the account, tokens, signatures, and the values of members with such
//! names; these are found anywhere, also percent-encoded and in base64. Lint, `--dry-run`, `--curl`, `-v`, the ledger,
//! plans and every answer from a vendor go through it. Requests that are sent do not.

mod members;
mod payload;
mod values;

use std::borrow::Cow;
use std::ops::Range;

use self::members::InString;
pub use self::payload::PayloadSecrets;
use self::values::SecretValues;
use crate::account::{Account, Secret};
use crate::contract::SecretNames;
use crate::document::Value;
use crate::outcome::{Outcome, TargetResult};
use crate::wire::{Body, FormPart, HIDDEN, Request, Show, Written};

/// The header that is the same in many requests.
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
    /// Knows names, but no secret yet.
    pub fn new(names: &'static SecretNames) -> Self {
        Self { names, values: SecretValues::default() }
    }

    /// Knows names, and the secrets of an account. If a secret equals a value that is not secret, such as the app key,
    /// it is not hidden.
    pub fn of(account: &Account, names: &'static SecretNames) -> Self {
        let mut redactor = Self::new(names);
        let secrets = account.secrets.values().map(Secret::expose);
        let is_open = |secret: &&str| account.values.values().any(|value| value == secret);
        secrets.filter(|secret| !is_open(secret)).for_each(|secret| redactor.cover(secret));
        redactor
    }

    /// Hides a secret from now on. A secret of fewer than 4 characters is hidden only by its name; one of fewer than 6,
    /// or a number of fewer than 16 digits, only where it is a whole word.
    pub fn cover(&mut self, secret: &str) {
        self.values.cover(secret);
    }

    /// From now on, hides the values of a payload's members that have the names of secrets.
    pub fn learn(&mut self, payload: &Value) {
        let own = PayloadSecrets::of_value(self.names, &self.values, payload).values();
        self.values.add_all(own);
    }

    /// The same for a payload that may be broken, a form, or a query.
    pub fn learn_from(&mut self, payload: &str) {
        let own = self.payload(payload).values();
        self.values.add_all(own);
    }

    /// Hides the parts of a request that prove who sends it.
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

    /// Replaces each known secret with `***` in a text that is not a payload: a message, an id, an address.
    pub fn hide(&self, text: &mut String) {
        let mut found = Vec::new();
        self.values.find(text, &mut found);
        if !found.is_empty() {
            *text = hidden_at(text, found);
        }
    }

    /// Whether a known secret occurs in a text, and not by chance: it has at least 8 characters.
    pub fn knows_one_in(&self, text: &str) -> bool {
        self.values.has_sure(text)
    }

    /// The secrets of a payload, which may be broken, together with the known ones.
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

    /// A payload in which each secret is replaced by the text `***`; `None` if it has no secrets.
    pub fn redacted_value(&self, payload: &Value) -> Option<Value> {
        let mut value = payload.clone();
        let secrets = PayloadSecrets::of_value(self.names, &self.values, payload);
        secrets.redact(&mut value).then_some(value)
    }

    /// The same for an answer: names are ignored, because some secrets are what the request asked for.
    fn redacted_answer(&self, answer: &Value) -> Option<Value> {
        let mut value = answer.clone();
        let secrets = PayloadSecrets::of_value(&NO_NAMES, &self.values, answer);
        secrets.redact(&mut value).then_some(value)
    }

    /// The pointers of members of a payload that have the names of secrets.
    pub fn secret_members(&self, payload: &Value) -> Vec<String> {
        let mut found = Vec::new();
        pointers(payload, self.names, &mut String::new(), &mut found);
        found
    }

    /// Marks what must not be shown in a request. What is sent does not change.
    pub fn mark(&self, request: &mut Request) {
        // Secrets in the body are hidden in path and headers as well.
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

    fn hide_result(&self, result: &mut TargetResult) {
        let texts = [&mut result.code, &mut result.message, &mut result.id];
        texts.into_iter().flatten().for_each(|text| self.hide(text));
    }

    /// The outcome of a request, without the secrets that a server has repeated. `is_asked` tells which targets the
    /// request named: these must remain recognisable, and are not part of the answer.
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
            self.hide_result(target);
            target.devices.iter_mut().for_each(|device| self.hide_result(device));
            if !self.values.is_free_of(&target.target) && !is_asked(&target.target) {
                self.hide(&mut target.target);
            }
        }
        outcome.ids.iter_mut().for_each(|(_, id)| self.hide(id));
        let own = [&mut outcome.code, &mut outcome.message, &mut outcome.advice];
        let reason = outcome.failure.as_mut().map(|failure| &mut failure.reason);
        let texts = own.into_iter().flatten().chain(&mut outcome.warnings).chain(reason);
        texts.for_each(|text| self.hide(text));
        if let Some(result) = &outcome.result
            && let Some(shown) = self.redacted_answer(result)
        {
            outcome.result = Some(shown);
        }
        outcome
    }
}

/// No name is the name of a secret.
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

/// Ranges in order; ranges that touch become one.
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

/// A text with `***` at these places.
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::contract::{Contract, Field, Kind, Operation, Root, Shape};
    use crate::document::Document;
    use crate::outcome::Verdict;
    use crate::wire::{Header, Method};

    static SHAPE: Shape = Shape::of(&[Field::new("password", Kind::Text, "").secret()]);
    static OPERATIONS: &[Operation] = &[Operation { root: Root::Shape(&SHAPE), ..Operation::BASE }];
    static CONTRACT: Contract = Contract { operations: OPERATIONS, ..Contract::BASE };

    fn redactor(known: &[&str]) -> Redactor {
        let mut redactor = Redactor::new(CONTRACT.secret_names());
        known.iter().for_each(|secret| redactor.cover(secret));
        redactor
    }

    fn value(text: &str) -> Value {
        Document::parse(text).expect("JSON").into_value()
    }

    #[test]
    fn a_value_without_its_secrets_is_json_in_which_they_are_texts() {
        for (text, wanted) in [
            (r#"{"password":7,"a":"b"}"#, Some(r#"{"password":"***","a":"b"}"#)),
            (
                r#"{"password":["CANARY9"],"a":"the CANARY9"}"#,
                Some(r#"{"password":"***","a":"the ***"}"#),
            ),
            (r#"{"a":"{\"password\":7}"}"#, Some(r#"{"a":"{\"password\":\"***\"}"}"#)),
            (r#"{"a":"known-secret","n":1234567890123456}"#, Some(r#"{"a":"***","n":"***"}"#)),
            (r#"{"known-secret":1}"#, Some(r#"{"***":1}"#)),
            (r#"{"password":"","a":null,"b":{"password":null}}"#, None),
            (r#"{"a":"b"}"#, None),
        ] {
            let redacted =
                redactor(&["known-secret", "1234567890123456"]).redacted_value(&value(text));
            assert_eq!(redacted.map(|value| value.to_compact()).as_deref(), wanted, "{text}");
        }
        let members = redactor(&[]).secret_members(&value(
            r#"{"a":[{"password":1}],"b":"password=x","c~/":{"password":2}}"#,
        ));
        assert_eq!(members, ["/a/0/password", "/b", "/c~0~1/password"]);
    }

    #[test]
    fn an_outcome_is_shown_without_what_a_server_repeats() {
        let target = |name: &str| TargetResult {
            id: Some("id of known-secret".to_owned()),
            message: Some("known%2Dsecret".to_owned()),
            ..TargetResult::new(name, Verdict::Rejected)
        };
        let outcome = Outcome {
            code: Some("known-secret".to_owned()),
            ids: vec![("id".to_owned(), "x-known-secret-y".to_owned())],
            targets: vec![target("known-secret"), target("known-secret-2")],
            result: Some(value(r#"{"a":["known-secret"],"password":"asked for"}"#)),
            warnings: vec!["a25vd24tc2VjcmV0".to_owned()],
            ..Outcome::of(Verdict::Accepted)
        };
        let shown =
            redactor(&["known-secret"]).redacted_outcome(outcome, &|name| name == "known-secret");
        assert_eq!(shown.code.as_deref(), Some("***"));
        assert_eq!(shown.ids[0].1, "x-***-y");
        assert_eq!(shown.targets[0].target, "known-secret", "it was asked for");
        assert_eq!(shown.targets[1].target, "***-2");
        assert_eq!(shown.targets[0].id.as_deref(), Some("id of ***"));
        assert_eq!(shown.targets[0].message.as_deref(), Some("***"));
        assert_eq!(
            shown.result.expect("one").to_compact(),
            r#"{"a":["***"],"password":"asked for"}"#
        );
        assert_eq!(shown.warnings, ["***"]);
    }

    #[test]
    fn a_request_goes_out_as_it_is_and_is_shown_without_secrets() {
        let mut request = Request {
            method: Method::Post,
            base: "http://h".to_owned(),
            path: Written::plain("/users/CANARY99?password=CANARY99&x=known-secret"),
            headers: vec![
                Header { name: "password", value: Written::plain("x") },
                Header { name: "X", value: Written::plain("a CANARY99") },
            ],
            body: Body::Multipart(vec![
                FormPart::Field { name: "password".to_owned(), value: Written::plain("CANARY99") },
                FormPart::Field {
                    name: "a".to_owned(),
                    value: Written::plain("{\"password\":\"ab\"}"),
                },
            ]),
            carries_secret: false,
        };
        let before = format!("{}{}", request.url(Show::Secrets), request.body_text(Show::Secrets));
        redactor(&["known-secret"]).mark(&mut request);
        let after = format!("{}{}", request.url(Show::Secrets), request.body_text(Show::Secrets));
        assert_eq!(before, after);
        assert_eq!(request.path.show(Show::Redacted), "/users/***?password=***&x=***");
        assert_eq!(request.headers[0].value.show(Show::Redacted), "***");
        assert_eq!(request.headers[1].value.show(Show::Redacted), "a ***");
        assert_eq!(request.body_text(Show::Redacted), "password=***&a={\"password\":\"***\"}");
    }

    /// A document with the canary in a secret, also in strings that hold documents.
    fn document() -> impl Strategy<Value = String> {
        let secret = prop::sample::select(vec![
            r#"{"a":1,"password":"CANARY99","b":"x"}"#,
            r#"{ "PassWord" : ["CANARY99", {"x": "CANARY99"}] }"#,
            r#"{"p\u0061ssword":"CANARY99"}"#,
            r#"{"pass-word":"\"CANARY99\\"}"#,
            r#"{"password":"first","password":"CANARY99"}"#,
        ]);
        secret.prop_map(str::to_owned).prop_recursive(4, 8, 1, |inner| {
            (inner, 0..4).prop_map(|(inner, how)| match how {
                0 => format!(r#"{{"x":[{inner},"y"]}}"#),
                1 => format!(r#"{{"x":{},"y":0}}"#, Value::from(inner).to_compact()),
                2 => format!(r#"[null,{{"é":{inner}}}]"#),
                _ => {
                    use base64::Engine as _;
                    let text = base64::engine::general_purpose::STANDARD.encode(inner);
                    format!(r#"{{"x":"{text}"}}"#)
                }
            })
        })
    }

    proptest! {
        #[test]
        fn nothing_of_a_secret_is_left_however_deep_it_stands(text in document()) {
            let redactor = redactor(&[]);
            let shown = redactor.redacted(&text).into_owned();
            prop_assert!(!shown.contains("CANARY99"), "{shown}");
            let kept = redactor.redacted_value(&value(&text)).expect("there is a secret").to_compact();
            prop_assert!(!kept.contains("CANARY99"), "{kept}");
            prop_assert!(redactor.redacted_value(&value(&kept)).is_none(), "{kept}");
        }

        #[test]
        fn a_document_that_breaks_beside_a_secret_does_not_show_it(
            before in r#"[\[\]{}:,"' a-z0-9\\\n]{0,12}"#,
            between in r#"[ \t\n]{0,2}[:=,]?[ \t\n]{0,2}"#,
            quote in prop::sample::select(vec!["\"", "'", "\\\"", "\\\\\\\""]),
            after in r#"[\[\]{}:,"' a-z0-9\\\n]{0,12}"#,
        ) {
            // The text before it starts a separate name.
            let text = format!("{before}{{{quote}password{quote}{between}{quote}CANARY99{quote}{after}");
            let shown = redactor(&[]).redacted(&text).into_owned();
            prop_assert!(!shown.contains("CANARY99"), "{text:?} is shown as {shown:?}");
        }
    }
}
