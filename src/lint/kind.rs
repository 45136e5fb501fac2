//! Checks a value against the kind that its row expects.

use super::check::{LintScope, LintWalk, ValueState};
use super::help;
use super::limit::check_limits;
use super::words::{describe, is_digits, is_signed_digits, json_type, quoted, takes};
use crate::contract::words::one_of;
use crate::contract::{Choice, Field, Int, Kind, Lit, MapOf, RowFault, Spelling};
use crate::document::{At, ValueView};
use crate::near::nearest;

/// What may stand instead of one of the words of a choice, after them.
fn others(scope: &LintScope<'_>) -> String {
    let Some(Kind::Union(kinds)) = scope.row.map(|row| row.kind) else { return String::new() };
    let others = kinds.iter().filter(|kind| !matches!(kind, Kind::Choice(_)));
    others.map(|kind| format!(", or {}", json_type(kind))).collect()
}

/// Whether a value is there and of its kind, whatever its row and its policy say: most values are, and tell it at a glance.
/// Of the others, the walk finds out more.
#[inline]
pub(super) fn is_right(kind: &Kind, value: ValueView<'_>) -> bool {
    /// Digits that every width has.
    const DIGITS: usize = 9;
    match (kind, value) {
        (_, ValueView::String("")) => false,
        (Kind::Text, ValueView::String(_)) | (Kind::Bool(_), ValueView::Bool(_)) => true,
        (Kind::Int(_), ValueView::Number(n)) => n.as_str().len() <= DIGITS && is_digits(n.as_str()),
        (Kind::Choice(choices) | Kind::Open(choices), ValueView::String(_)) => {
            let choice = choices.iter().find(|choice| choice.value.is(value));
            matches!(choice, Some(Choice { value: Lit::Text(_), remark: None, .. }))
        }
        _ => false,
    }
}

impl LintWalk<'_> {
    pub(super) fn kind(
        &mut self,
        kind: &'static Kind,
        value: ValueView<'_>,
        at: At<'_>,
        scope: &LintScope<'_>,
    ) -> ValueState {
        match kind {
            Kind::Any => ValueState::Fine,
            Kind::Text => self.expect(value.as_str().is_some(), "a string", at, scope),
            Kind::Int(int) => self.int(*int, value, at, scope),
            Kind::Digits => {
                let fits = value.as_str().is_some_and(is_digits);
                self.expect(fits, "a string of decimal digits", at, scope)
            }
            Kind::Number(text) => match value {
                ValueView::Number(_) => ValueState::Fine,
                ValueView::String(s) if s.trim().parse::<f64>().is_ok_and(f64::is_finite) => {
                    self.spelled(*text, scope.policy.digits, "a number", at, scope)
                }
                _ => self.expect(false, "a number", at, scope),
            },
            Kind::Bool(bools) => match value {
                ValueView::Bool(_) => ValueState::Fine,
                ValueView::String("true" | "false") => self.spelled(
                    bools.text,
                    scope.policy.words,
                    "true or false without quotes",
                    at,
                    scope,
                ),
                ValueView::String(s)
                    if ["true", "false"].iter().any(|word| s.eq_ignore_ascii_case(word)) =>
                {
                    let due = "true or false in lower case";
                    self.spelled(bools.cased, Spelling::Refuse, due, at, scope)
                }
                ValueView::Number(n) if n.as_integer() == Some(1) => {
                    self.spelled(bools.one, Spelling::Refuse, "true or false", at, scope)
                }
                _ => self.expect(false, "true or false", at, scope),
            },
            Kind::Choice(choices) => self.choice(choices, true, value, at, scope),
            Kind::Open(choices) => self.choice(choices, false, value, at, scope),
            Kind::Object(shape) => {
                let state = self.expect(value.as_object().is_some(), "an object", at, scope);
                if state == ValueState::Fine {
                    self.shape(shape, at, scope);
                }
                state
            }
            Kind::Map(map) => self.map(map, at, scope),
            Kind::List(item) => {
                let state = self.expect(value.as_array().is_some(), "a list", at, scope);
                if state == ValueState::Fine {
                    self.items(item, at, scope);
                }
                state
            }
            Kind::OneOrList(item) => {
                if value.as_array().is_some() {
                    self.items(item, at, scope);
                    ValueState::Fine
                } else {
                    self.item(item, at, scope)
                }
            }
            Kind::CommaText(item) => self.comma_text(item, value, at, scope),
            Kind::JsonText(inner) => self.json_text(inner, value, at, scope),
            Kind::Base64 => self.base64(value, at, scope),
            Kind::Base64Json(inner) => {
                let state = self.base64(value, at, scope);
                if state != ValueState::Fine {
                    return state;
                }
                self.inside(
                    inner,
                    at.base64_json(),
                    "the JSON that the base64 stands for",
                    at,
                    scope,
                )
            }
            Kind::Union(kinds) => match kinds.iter().find(|kind| takes(kind, value)) {
                Some(kind) => self.kind(kind, value, at, scope),
                None => {
                    let names: Vec<&str> = kinds.iter().map(json_type).collect();
                    self.expect(false, &names.join(" or "), at, scope)
                }
            },
            Kind::File(rules) => self.file(rules, at, scope),
        }
    }

    #[inline]
    pub(super) fn expect(
        &mut self,
        fits: bool,
        due: &str,
        at: At<'_>,
        scope: &LintScope<'_>,
    ) -> ValueState {
        if fits { ValueState::Fine } else { self.other_type(due, at, scope) }
    }

    fn other_type(&mut self, due: &str, at: At<'_>, scope: &LintScope<'_>) -> ValueState {
        let (fault, found) = match at.value() {
            Some(ValueView::Null) => (RowFault::Null, "null".to_owned()),
            Some(value) => (RowFault::Type, describe(value)),
            None => (RowFault::Type, "nothing".to_owned()),
        };
        let message = format!("{} must be {due}, not {found}", quoted(at));
        let rule = scope.rule(fault);
        let cure = scope.cure(fault, at);
        let help = cure.or_else(|| self.sink.own_help(rule, help::of_type(scope, due, at)));
        self.sink.push(rule, at, message, help);
        self.state_after(rule)
    }

    /// A value in another spelling.
    pub(super) fn spelled(
        &mut self,
        own: Spelling,
        policy: Spelling,
        due: &str,
        at: At<'_>,
        scope: &LintScope<'_>,
    ) -> ValueState {
        match if own == Spelling::Policy { policy } else { own } {
            Spelling::Accept => ValueState::Fine,
            Spelling::Remark(rule) => {
                let found = at.value().map_or("nothing".to_owned(), describe);
                let message = format!("{} should be {due}, not {found}", quoted(at));
                self.sink.report_fault(rule, at, message, Some(format!("write {due}")));
                ValueState::Fine
            }
            Spelling::Refuse | Spelling::Policy => self.expect(false, due, at, scope),
        }
    }

    pub(super) fn int(
        &mut self,
        int: Int,
        value: ValueView<'_>,
        at: At<'_>,
        scope: &LintScope<'_>,
    ) -> ValueState {
        let (min, max) = int.width.bounds();
        let whole = match value {
            ValueView::Number(number) => {
                number.is_plain_integer() || (!int.plain && number.as_integer().is_some())
            }
            ValueView::String(text) => is_signed_digits(text),
            _ => false,
        };
        if !whole {
            return self.expect(false, int.due(), at, scope);
        }
        // If digits in a text are refused, the fault is the type, whatever their number.
        let digits = if int.digits == Spelling::Policy { scope.policy.digits } else { int.digits };
        let counts = value.as_number().is_some() || digits != Spelling::Refuse;
        if counts && !value.as_integer().is_some_and(|n| (min..=max).contains(&n)) {
            return self.out_of_width(min, max, at, scope);
        }
        match value {
            ValueView::Number(number) => {
                if !number.is_plain_integer() {
                    let message =
                        format!("{} is written `{number}`, not as a whole number", quoted(at));
                    self.sink.report("json/integral-float", at, message);
                }
                ValueState::Fine
            }
            _ => self.spelled(digits, Spelling::Refuse, "a number without quotes", at, scope),
        }
    }

    pub(super) fn out_of_width(
        &mut self,
        min: i128,
        max: i128,
        at: At<'_>,
        scope: &LintScope<'_>,
    ) -> ValueState {
        let message = format!("{} must be between {min} and {max}", quoted(at));
        let rule = scope.rule(RowFault::Type);
        self.sink.report_fault(rule, at, message, help::of_set(scope));
        self.state_after(rule)
    }

    pub(super) fn choice(
        &mut self,
        choices: &'static [Choice],
        closed: bool,
        value: ValueView<'_>,
        at: At<'_>,
        scope: &LintScope<'_>,
    ) -> ValueState {
        let numbers = choices.iter().any(|choice| matches!(choice.value, Lit::Int(_)));
        let texts = choices.iter().any(|choice| matches!(choice.value, Lit::Text(_)));
        let digits_for_number = numbers && !texts && value.as_str().is_some_and(is_signed_digits);
        let mut state = ValueState::Fine;
        if digits_for_number {
            state = self.spelled(
                Spelling::Policy,
                scope.policy.digits,
                "a number without quotes",
                at,
                scope,
            );
        } else {
            let fits = match value {
                ValueView::Number(number) => numbers && number.as_integer().is_some(),
                ValueView::String(_) => texts,
                ValueView::Bool(_) => {
                    choices.iter().any(|choice| matches!(choice.value, Lit::Bool(_)))
                }
                _ => false,
            };
            if !fits {
                let due = match (numbers, texts) {
                    (true, true) => "a number or a string",
                    (true, false) => "a whole number",
                    _ => "a string",
                };
                return self.expect(false, due, at, scope);
            }
            if value.as_number().is_some_and(|number| !number.is_plain_integer()) {
                self.sink.report(
                    "json/integral-float",
                    at,
                    format!("{} is not written as a whole number", quoted(at)),
                );
            }
        }
        if state == ValueState::Wrong {
            return state;
        }
        match choices.iter().find(|choice| choice.value.is(value)) {
            Some(Choice { remark: Some(rule), name, about, .. }) => {
                self.sink.report(rule, at, format!("{} is `{name}`: {about}", quoted(at)));
                state
            }
            Some(_) => state,
            None if !closed => state,
            None => {
                let due = format!("{}{}", one_of(choices), others(scope));
                let message = format!("{} must be {due}, not {}", quoted(at), describe(value));
                let names = choices.iter().map(|choice| choice.name);
                let rule = scope.rule(RowFault::Set);
                let meant = value.as_str().and_then(|typed| nearest(typed, names));
                let help = meant.map(|name| format!("did you mean `{name}`?"));
                let help = help.or_else(|| scope.cure(RowFault::Set, at));
                let help = help.or_else(|| self.sink.own_help(rule, help::of_set(scope)));
                self.sink.push(rule, at, message, help);
                self.state_after(rule)
            }
        }
    }

    pub(super) fn map(
        &mut self,
        map: &'static MapOf,
        at: At<'_>,
        scope: &LintScope<'_>,
    ) -> ValueState {
        let state = self.expect(at.as_object().is_some(), "an object", at, scope);
        if state != ValueState::Fine {
            return state;
        }
        for (key, value) in at.members() {
            match map.reserved.iter().find(|field| field.name == key) {
                Some(field) => {
                    self.field(field, value, scope);
                }
                None => {
                    self.item(&map.value, value, scope);
                }
            }
        }
        for field in map.reserved.iter().filter(|field| !at.get(field.name).is_there()) {
            self.field(field, at.get(field.name), scope);
        }
        ValueState::Fine
    }

    pub(super) fn items(&mut self, item: &'static Field, at: At<'_>, scope: &LintScope<'_>) {
        for value in at.items() {
            self.item(item, value, scope);
        }
    }

    /// An item of a list or a value of a map: it is present, so it does not count as absent, unless its own row says so.
    pub(super) fn item(
        &mut self,
        item: &'static Field,
        at: At<'_>,
        around: &LintScope<'_>,
    ) -> ValueState {
        let scope = around.of_row(item);
        let is_none = |value: &ValueView<'_>| {
            !matches!(value, ValueView::Null)
                && item.absent.is_some_and(|empties| empties.holds(*value))
        };
        let Some(value) = at.value().filter(|value| !is_none(value)) else {
            return ValueState::Absent;
        };
        let state = match is_right(&item.kind, value) {
            true => ValueState::Fine,
            false => self.kind(&item.kind, value, at, &scope),
        };
        check_limits(item, value, at, state, &scope, &mut self.sink);
        state
    }

    pub(super) fn comma_text(
        &mut self,
        item: &'static Field,
        value: ValueView<'_>,
        at: At<'_>,
        scope: &LintScope<'_>,
    ) -> ValueState {
        let Some(text) = value.as_str() else { return self.expect(false, "a string", at, scope) };
        if let Kind::Choice(choices) = item.kind {
            let inner = scope.within(&item.codes, None);
            for part in text.split(',').map(str::trim) {
                match choices.iter().find(|choice| choice.value.to_text() == part) {
                    Some(Choice { remark: Some(rule), about, .. }) => {
                        self.sink.report(rule, at, format!("`{part}`: {about}"));
                    }
                    Some(_) => {}
                    None => {
                        let message = format!(
                            "{} must be a comma-separated list of {}, `{part}` is none",
                            quoted(at),
                            one_of(choices)
                        );
                        let state = self.wrong(inner.rule(RowFault::Set), at, message);
                        if state == ValueState::Wrong {
                            return state;
                        }
                    }
                }
            }
        }
        ValueState::Fine
    }
}
