//! The content of strings and file parts: JSON, base64, a path.

use super::check::{LintScope, LintWalk, ValueState};
use super::repeated_key;
use super::words::{is_percent_encoded, json_type, quoted, takes};
use crate::contract::{FileRules, Finding, InnerKind, RowFault};
use crate::document::{At, Str, ValueView};

impl LintWalk<'_> {
    pub(super) fn json_text(
        &mut self,
        inner: &'static InnerKind,
        value: ValueView<'_>,
        at: At<'_>,
        scope: &LintScope<'_>,
    ) -> ValueState {
        if inner.bare && value.as_str().is_none() {
            let inside = scope.within(&inner.codes, None);
            return self.kind(&inner.kind, value, at, &inside);
        }
        let ValueView::String(text) = value else {
            return self.expect(false, "a string that holds JSON", at, scope);
        };
        if text.is_empty() {
            let message = format!("{} must hold JSON, and is empty", quoted(at));
            return self.wrong(scope.rule(RowFault::Empty), at, message);
        }
        if let Some(Err(fault)) = at.read_json() {
            let message = format!(
                "{} must hold JSON, and is none: {} (byte {} of the string)",
                quoted(at),
                fault.message,
                fault.span.start
            );
            let rule = scope.rule(RowFault::Json);
            let help = "the text is percent-encoded; give the JSON itself, herald encodes where that is \
                        needed";
            let help = is_percent_encoded(text).then(|| help.to_owned());
            self.sink.report_in_text(rule, (at, fault.span), message, help);
            return self.state_after(rule);
        }
        self.inside(inner, at.json(), "the JSON in the string", at, scope)
    }

    pub(super) fn base64(
        &mut self,
        value: ValueView<'_>,
        at: At<'_>,
        scope: &LintScope<'_>,
    ) -> ValueState {
        let ValueView::String(_) = value else { return self.expect(false, "a string", at, scope) };
        if at.string().and_then(Str::base64).is_none() {
            let message = format!(
                "{} is not base64 (standard alphabet, no blanks, no line breaks)",
                quoted(at)
            );
            return self.wrong(scope.rule(RowFault::Base64), at, message);
        }
        ValueState::Fine
    }

    /// The value inside a string.
    pub(super) fn inside(
        &mut self,
        inner: &'static InnerKind,
        value: Option<At<'_>>,
        what: &str,
        at: At<'_>,
        scope: &LintScope<'_>,
    ) -> ValueState {
        let Some(value) = value else {
            let message = format!("{} must hold JSON in base64, and does not", quoted(at));
            return self.wrong(scope.rule(RowFault::Json), at, message);
        };
        self.repeated_keys(value);
        let Some(found) = value.value() else { return ValueState::Absent };
        if !takes(&inner.kind, found) {
            let found = found.kind_name();
            let message = format!("{what} must be {}, not {found}", json_type(&inner.kind));
            let help = Some(format!("write {} as JSON text", json_type(&inner.kind)));
            let rule = scope.rule(RowFault::Json);
            self.sink.report_fault(rule, value, message, help);
            return self.state_after(rule);
        }
        let inside = scope.within(&inner.codes, None);
        let before = inner.codes.all.map(|rule| (rule, self.sink.times(rule)));
        let state = self.kind(&inner.kind, found, value, &inside);
        if let Some((rule, before)) = before {
            self.sink.count_as_one_misfit(rule, before);
        }
        state
    }

    /// Reports the repeated keys of the JSON in a string. Like those of the payload itself, they say nothing of its
    /// values, which are still checked. A string that several checks read is reported once.
    fn repeated_keys(&mut self, value: At<'_>) {
        for member in value.repeated() {
            let place = member.key_place();
            let is_told = |finding: &Finding| finding.place == place;
            if !self.repeated.kept.iter().any(is_told) {
                self.repeated.push(repeated_key(member.key(), place));
            }
        }
    }

    pub(super) fn file(
        &mut self,
        rules: &FileRules,
        at: At<'_>,
        scope: &LintScope<'_>,
    ) -> ValueState {
        let rule = scope.rule(RowFault::File);
        let Some(_) = at.as_object() else {
            return self.expect(false, "a file: {\"path\"} or {\"name\",\"content\"}", at, scope);
        };
        let path = at.get("path").as_str();
        let name = at
            .get("name")
            .as_str()
            .or_else(|| path.map(|path| path.rsplit('/').next().unwrap_or(path)));
        let Some(name) = name else {
            self.sink.report(
                rule,
                at,
                "a file part needs `path`, or `name` with `content` or `size`",
            );
            return ValueState::Wrong;
        };
        let ending = name
            .rsplit_once('.')
            .map(|(_, ending)| ending.to_ascii_lowercase())
            .unwrap_or_default();
        if !rules.endings.is_empty() && !rules.endings.contains(&ending.as_str()) {
            self.sink.report(
                rule,
                at,
                format!("`{name}` must end in .{}", rules.endings.join(" or .")),
            );
            return ValueState::Wrong;
        }
        let size = at
            .get("size")
            .as_integer()
            .or_else(|| at.get("content").as_str().map(|text| text.len() as i128))
            .or_else(|| self.sink.context().size_of(path?).map(i128::from));
        if size.is_some_and(|size| size > i128::from(rules.max_bytes)) {
            self.sink.report(rule, at, format!("`{name}` has more than {} bytes", rules.max_bytes));
            return ValueState::Wrong;
        }
        if size.is_none() && path.is_none() {
            self.sink.report(
                rule,
                at,
                "a file part needs `path`, or `name` with `content` or `size`",
            );
            return ValueState::Wrong;
        }
        ValueState::Fine
    }
}
