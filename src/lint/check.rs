//! The walk: every row against its value, every check against its object.

use super::limit::check_limits;
use super::{Context, Finding, Sink};
use crate::contract::{
    Budget, Check, Choice, Codes, Contract, CrossCheck, Empties, Fault, Field, FileRules, Ignored,
    Inner, Int, Kind, Lit, MapOf, Need, Null, Operation, Part, Policy, Root, RuleId, Shape,
    Spelling, Unknown,
};
use crate::document::{At, Document, Trail, Value};
use crate::near::nearest;

/// What holds where the walk stands: the nearest word on codes and policy wins.
#[derive(Clone, Copy)]
pub(super) struct Scope<'s> {
    codes: Codes,
    policy: &'s Policy,
    /// The shape whose members are walked; none around the outermost one.
    shape: Option<&'static Shape>,
    around: Option<&'s Scope<'s>>,
}

impl<'s> Scope<'s> {
    /// The scope of a row or a shape inside this one.
    fn within<'t>(&'t self, codes: Codes, policy: Option<&'t Policy>) -> Scope<'t>
    where
        's: 't,
    {
        Scope {
            codes,
            policy: policy.unwrap_or(self.policy),
            shape: self.shape,
            around: Some(self),
        }
    }

    /// The rule that a fault gets here.
    pub(super) fn rule(&self, fault: Fault) -> RuleId {
        let exact = self.chain().find_map(|scope| scope.codes.of(fault));
        exact.unwrap_or_else(|| match fault {
            Fault::Null => self.rule(Fault::Type),
            other => panic!("no rule for {other:?}"),
        })
    }

    fn chain(&self) -> impl Iterator<Item = &Scope<'s>> {
        std::iter::successors(Some(self), |scope| scope.around)
    }
}

/// A name that people mistakenly use.
struct Near {
    wrong: &'static str,
    right: &'static str,
    /// Its own rule, where it has one.
    rule: Option<RuleId>,
}

/// How a value was found.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Absent,
    Wrong,
    Fine,
}

pub(super) fn check(
    contract: &'static Contract,
    operation: &'static Operation,
    document: &Document,
    context: &Context<'_>,
) -> Vec<Finding> {
    let trail = Trail::new(document);
    let mut walk = Walk { sink: Sink::new(contract, operation, context), near: Vec::new() };
    let scope =
        Scope { codes: contract.codes, policy: &contract.policy, shape: None, around: None };
    let root = trail.root();
    match operation.root {
        Root::Shape(shape) if root.as_object().is_some() => walk.shape(shape, root, &scope),
        Root::Shape(_) => {
            let found = root.value().map_or("nothing", Value::kind_name);
            let rule = scope.codes.of(Fault::Root).unwrap_or("json/not-an-object");
            walk.sink.report(rule, root, format!("the body must be one JSON object, not {found}"));
        }
        Root::Value(field) => {
            walk.field(field, root, &scope);
        }
    }
    walk.sink.findings
}

struct Walk<'c> {
    sink: Sink<'c>,
    /// Names that are mistaken for others in the object that is being walked.
    near: Vec<Near>,
}

impl Walk<'_> {
    fn shape(&mut self, shape: &'static Shape, at: At<'_>, around: &Scope<'_>) {
        let scope = Scope { shape: Some(shape), ..around.within(shape.codes, shape.policy) };
        let mut names: Vec<&'static str> = Vec::new();
        let mut near: Vec<Near> = Vec::new();
        let mut checks: Vec<&Check> = Vec::new();
        let mut ignored: Vec<&Ignored> = Vec::new();
        shape.visit(at, &mut |part| {
            let rule = part.near_rule;
            near.extend(part.near.iter().map(|(wrong, right)| Near { wrong, right, rule }));
            checks.extend(part.checks);
            ignored.extend(part.ignored);
        });
        let outer = std::mem::replace(&mut self.near, near);
        shape.visit(at, &mut |part| {
            let own = scope.within(part.codes, part.policy);
            for field in part.fields {
                if !names.contains(&field.name) {
                    names.push(field.name);
                    self.member(field, at, &own);
                }
            }
        });
        let near = std::mem::replace(&mut self.near, outer);
        self.unknown(shape, at, &scope, &near);
        for one in ignored.iter().filter(|one| at.get(one.name).is_there()) {
            self.sink.report(one.rule, at.get(one.name), one.message);
        }
        for check in checks {
            self.cross(check, at);
        }
    }

    /// A field of an object, under its name or an alias.
    fn member(&mut self, field: &'static Field, at: At<'_>, scope: &Scope<'_>) {
        let alias = field.aliases.iter().find(|alias| at.get(alias).is_there());
        let value = match alias {
            Some(alias) if !at.get(field.name).is_there() => at.get(alias),
            _ => at.get(field.name),
        };
        self.field(field, value, scope);
    }

    fn field(&mut self, field: &'static Field, at: At<'_>, around: &Scope<'_>) -> State {
        let scope = around.within(field.codes, None);
        let state = match at.value() {
            Some(value) if !self.is_absent(field, value, at, &scope) => {
                self.kind(&field.kind, at, &scope)
            }
            _ => {
                self.missing(field, at, &scope);
                State::Absent
            }
        };
        if state == State::Fine {
            check_limits(field, at, &scope, &mut self.sink);
        }
        if state != State::Absent
            && let Some(deprecated) = field.deprecated
        {
            let message = format!("`{}` is deprecated", field.name);
            self.sink.report_with_help(
                deprecated.rule,
                at,
                message,
                deprecated.instead.to_string(),
            );
        }
        state
    }

    /// Whether a value that is there counts as absent.
    fn is_absent(&mut self, field: &Field, value: &Value, at: At<'_>, scope: &Scope<'_>) -> bool {
        let needed = self.is_needed(field, at);
        if matches!(value, Value::Null) {
            return match (field.absent, scope.policy.null) {
                (Some(_), _) | (None, Null::Absent) => true,
                (None, Null::Remarked) if needed => true,
                (None, Null::Remarked) if matches!(field.kind, Kind::Any) => false,
                (None, Null::Remarked) => {
                    self.sink.report(
                        "json/null",
                        at,
                        format!("`{}` is null and counts as absent", name_of(at)),
                    );
                    true
                }
                (None, Null::Wrong) => false,
            };
        }
        match field.absent {
            Some(empties) => empties.holds(value),
            None if needed => false,
            None => scope.policy.absent.holds(value),
        }
    }

    fn is_needed(&self, field: &Field, at: At<'_>) -> bool {
        match field.need {
            Need::Required => true,
            Need::RequiredIf(when) => when.holds(at.parent()),
            Need::Optional | Need::Recommended(_) | Need::RecommendedIf(..) => false,
        }
    }

    fn missing(&mut self, field: &Field, at: At<'_>, scope: &Scope<'_>) {
        match field.need {
            Need::Optional => {}
            Need::Required | Need::RequiredIf(_) => {
                if self.is_needed(field, at) {
                    let message = format!("`{}` is missing", field.name);
                    let rule = scope.rule(Fault::Missing);
                    match self.misspelled(field, at.parent(), scope.shape) {
                        Some(typed) => {
                            let help =
                                format!("`{typed}` is there; did you mean `{}`?", field.name);
                            self.sink.report_with_help(rule, at, message, help);
                        }
                        None => self.sink.report(rule, at, message),
                    }
                }
            }
            Need::Recommended(rule) => {
                self.sink.report(rule, at, format!("`{}` is missing", field.name))
            }
            Need::RecommendedIf(rule, when) => {
                if when.holds(at.parent()) {
                    self.sink.report(rule, at, format!("`{}` is missing", field.name));
                }
            }
        }
    }

    /// A member that is there, is mistaken for the missing one or looks like it, and is no other field.
    fn misspelled<'a>(
        &self,
        field: &Field,
        container: At<'a>,
        shape: Option<&'static Shape>,
    ) -> Option<&'a str> {
        let fields = shape.map(|shape| shape.fields_at(container)).unwrap_or_default();
        let known = |key: &str| fields.iter().any(|other| other.name == key);
        let mistaken = |key: &str| {
            self.near.iter().any(|near| near.wrong == key && near.right == field.name)
                || nearest(key, [field.name]).is_some()
        };
        container.members().map(|(key, _)| key).find(|key| !known(key) && mistaken(key))
    }

    fn unknown(&mut self, shape: &'static Shape, at: At<'_>, scope: &Scope<'_>, near: &[Near]) {
        let unknown = match shape.unknown {
            Unknown::Policy => scope.policy.unknown,
            own => own,
        };
        let rule = match unknown {
            Unknown::Report(rule) => Some(rule),
            Unknown::Policy | Unknown::Ignore => None,
        };
        if rule.is_none() && near.iter().all(|near| near.rule.is_none()) {
            return;
        }
        let fields = shape.fields_at(at);
        let known: Vec<&str> = fields
            .iter()
            .flat_map(|field| std::iter::once(field.name).chain(field.aliases.iter().copied()))
            .collect();
        let mut told: Vec<&str> = Vec::new();
        shape.visit(at, &mut |part| told.extend(part.ignored.iter().map(|one| one.name)));
        for (key, value) in at.members() {
            if known.contains(&key)
                || told.contains(&key)
                || (at.parent().place() == at.place() && key == "$schema")
            {
                continue;
            }
            let meant = near.iter().find(|near| near.wrong == key);
            let Some(rule) = meant.and_then(|near| near.rule).or(rule) else { continue };
            let of =
                if shape.name.is_empty() { String::new() } else { format!(" of {}", shape.name) };
            let message = format!("`{key}` is not a field{of} here");
            match meant.map(|near| near.right).or_else(|| nearest(key, known.iter().copied())) {
                Some(name) => self.sink.report_with_help(
                    rule,
                    value,
                    message,
                    format!("did you mean `{name}`?"),
                ),
                None => self.sink.report(rule, value, message),
            }
        }
    }

    fn kind(&mut self, kind: &'static Kind, at: At<'_>, scope: &Scope<'_>) -> State {
        let Some(value) = at.value() else { return State::Absent };
        match kind {
            Kind::Any => State::Fine,
            Kind::Text => self.expect(value.as_str().is_some(), "a string", at, scope),
            Kind::Int(int) => self.int(*int, value, at, scope),
            Kind::Digits => {
                let fits = value.as_str().is_some_and(is_digits);
                self.expect(fits, "a string of decimal digits", at, scope)
            }
            Kind::Number(text) => match value {
                Value::Number(_) => State::Fine,
                Value::String(s) if s.as_str().trim().parse::<f64>().is_ok_and(f64::is_finite) => {
                    self.spelled(*text, scope.policy.digits, "a number", at, scope)
                }
                _ => self.expect(false, "a number", at, scope),
            },
            Kind::Bool(bools) => match value {
                Value::Bool(_) => State::Fine,
                Value::String(s) if matches!(s.as_str(), "true" | "false") => self.spelled(
                    bools.text,
                    scope.policy.words,
                    "true or false without quotes",
                    at,
                    scope,
                ),
                Value::String(s)
                    if ["true", "false"]
                        .iter()
                        .any(|word| s.as_str().eq_ignore_ascii_case(word)) =>
                {
                    let due = "true or false in lower case";
                    self.spelled(bools.cased, Spelling::Refuse, due, at, scope)
                }
                Value::Number(n) if n.as_integer() == Some(1) => {
                    self.spelled(bools.one, Spelling::Refuse, "true or false", at, scope)
                }
                _ => self.expect(false, "true or false", at, scope),
            },
            Kind::Choice(choices) => self.choice(choices, true, value, at, scope),
            Kind::Open(choices) => self.choice(choices, false, value, at, scope),
            Kind::Object(shape) => {
                if self.expect(value.as_object().is_some(), "an object", at, scope) == State::Wrong
                {
                    return State::Wrong;
                }
                self.shape(shape, at, scope);
                State::Fine
            }
            Kind::Map(map) => self.map(map, at, scope),
            Kind::List(item) => {
                if self.expect(value.as_array().is_some(), "a list", at, scope) == State::Wrong {
                    return State::Wrong;
                }
                self.items(item, at, scope);
                State::Fine
            }
            Kind::OneOrList(item) => {
                if value.as_array().is_some() {
                    self.items(item, at, scope);
                    State::Fine
                } else {
                    self.item(item, at, scope)
                }
            }
            Kind::CommaText(item) => self.comma_text(item, value, at, scope),
            Kind::JsonText(inner) => self.json_text(inner, value, at, scope),
            Kind::Base64 => self.base64(value, at, scope),
            Kind::Base64Json(inner) => {
                if self.base64(value, at, scope) == State::Wrong {
                    return State::Wrong;
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
                Some(kind) => self.kind(kind, at, scope),
                None => {
                    let names: Vec<&str> = kinds.iter().map(json_type).collect();
                    self.expect(false, &names.join(" or "), at, scope)
                }
            },
            Kind::File(rules) => self.file(rules, at, scope),
        }
    }

    fn expect(&mut self, fits: bool, due: &str, at: At<'_>, scope: &Scope<'_>) -> State {
        if fits {
            return State::Fine;
        }
        let (fault, found) = match at.value() {
            Some(Value::Null) => (Fault::Null, "null".to_owned()),
            Some(value) => (Fault::Type, describe(value)),
            None => (Fault::Type, "nothing".to_owned()),
        };
        self.sink.report(
            scope.rule(fault),
            at,
            format!("{} must be {due}, not {found}", quoted(at)),
        );
        State::Wrong
    }

    /// A value in its other spelling.
    fn spelled(
        &mut self,
        own: Spelling,
        policy: Spelling,
        due: &str,
        at: At<'_>,
        scope: &Scope<'_>,
    ) -> State {
        match if own == Spelling::Policy { policy } else { own } {
            Spelling::Accept => State::Fine,
            Spelling::Remark(rule) => {
                let found = at.value().map_or("nothing".to_owned(), describe);
                self.sink.report(rule, at, format!("{} should be {due}, not {found}", quoted(at)));
                State::Fine
            }
            Spelling::Refuse | Spelling::Policy => self.expect(false, due, at, scope),
        }
    }

    fn int(&mut self, int: Int, value: &Value, at: At<'_>, scope: &Scope<'_>) -> State {
        let (min, max) = int.width.bounds();
        let due = "a whole number";
        let whole = match value {
            Value::Number(number) => number.is_plain_integer() || number.as_integer().is_some(),
            Value::String(text) => is_signed_digits(text.as_str()),
            _ => false,
        };
        if !whole {
            return self.expect(false, due, at, scope);
        }
        // Digits that are refused as text are a fault of type, whatever their number.
        let digits = if int.digits == Spelling::Policy { scope.policy.digits } else { int.digits };
        let counts = value.as_number().is_some() || digits != Spelling::Refuse;
        if counts && !value.as_integer().is_some_and(|n| (min..=max).contains(&n)) {
            return self.out_of_width(min, max, at, scope);
        }
        match value {
            Value::Number(number) => {
                if !number.is_plain_integer() {
                    let message =
                        format!("{} is written `{number}`, not as a whole number", quoted(at));
                    self.sink.report("json/integral-float", at, message);
                }
                State::Fine
            }
            _ => self.spelled(digits, Spelling::Refuse, "a number without quotes", at, scope),
        }
    }

    fn out_of_width(&mut self, min: i128, max: i128, at: At<'_>, scope: &Scope<'_>) -> State {
        let message = format!("{} must lie between {min} and {max}", quoted(at));
        self.sink.report(scope.rule(Fault::Type), at, message);
        State::Wrong
    }

    fn choice(
        &mut self,
        choices: &'static [Choice],
        closed: bool,
        value: &Value,
        at: At<'_>,
        scope: &Scope<'_>,
    ) -> State {
        let numbers = choices.iter().any(|choice| matches!(choice.value, Lit::Int(_)));
        let texts = choices.iter().any(|choice| matches!(choice.value, Lit::Text(_)));
        let digits_for_number = numbers && !texts && value.as_str().is_some_and(is_signed_digits);
        let mut state = State::Fine;
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
                Value::Number(number) => numbers && number.as_integer().is_some(),
                Value::String(_) => texts,
                Value::Bool(_) => choices.iter().any(|choice| matches!(choice.value, Lit::Bool(_))),
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
        if state == State::Wrong {
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
                let message =
                    format!("{} must be {}, not {}", quoted(at), list_of(choices), describe(value));
                let names = choices.iter().map(|choice| choice.name);
                match value.as_str().and_then(|typed| nearest(typed, names)) {
                    Some(name) => {
                        let help = format!("did you mean `{name}`?");
                        self.sink.report_with_help(scope.rule(Fault::Set), at, message, help);
                    }
                    None => self.sink.report(scope.rule(Fault::Set), at, message),
                }
                State::Wrong
            }
        }
    }

    fn map(&mut self, map: &'static MapOf, at: At<'_>, scope: &Scope<'_>) -> State {
        if self.expect(at.as_object().is_some(), "an object", at, scope) == State::Wrong {
            return State::Wrong;
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
        State::Fine
    }

    fn items(&mut self, item: &'static Field, at: At<'_>, scope: &Scope<'_>) {
        for value in at.items() {
            self.item(item, value, scope);
        }
    }

    /// An item of a list or a value of a map: it is there, so nothing counts as absent.
    fn item(&mut self, item: &'static Field, at: At<'_>, around: &Scope<'_>) -> State {
        let scope = around.within(item.codes, None);
        let state = self.kind(&item.kind, at, &scope);
        if state == State::Fine {
            check_limits(item, at, &scope, &mut self.sink);
        }
        state
    }

    fn comma_text(
        &mut self,
        item: &'static Field,
        value: &Value,
        at: At<'_>,
        scope: &Scope<'_>,
    ) -> State {
        let Some(text) = value.as_str() else { return self.expect(false, "a string", at, scope) };
        if let Kind::Choice(choices) = item.kind {
            let inner = scope.within(item.codes, None);
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
                            list_of(choices)
                        );
                        self.sink.report(inner.rule(Fault::Set), at, message);
                        return State::Wrong;
                    }
                }
            }
        }
        State::Fine
    }

    fn json_text(
        &mut self,
        inner: &'static Inner,
        value: &Value,
        at: At<'_>,
        scope: &Scope<'_>,
    ) -> State {
        if inner.bare && value.as_str().is_none() {
            let inside = scope.within(inner.codes, None);
            return self.kind(&inner.kind, at, &inside);
        }
        let Value::String(text) = value else {
            return self.expect(false, "a string that holds JSON", at, scope);
        };
        if text.as_str().is_empty() {
            let message = format!("{} must hold JSON, and is empty", quoted(at));
            self.sink.report(scope.rule(Fault::Empty), at, message);
            return State::Wrong;
        }
        if let Err(fault) = text.json() {
            let message = format!(
                "{} must hold JSON, and is none: {} (byte {} of the string)",
                quoted(at),
                fault.message,
                fault.span.start
            );
            match is_percent_encoded(text.as_str()) {
                true => {
                    let help = "the text is percent-encoded; give the JSON itself, herald encodes \
                                where that is due";
                    self.sink.report_with_help(scope.rule(Fault::Json), at, message, help);
                }
                false => self.sink.report(scope.rule(Fault::Json), at, message),
            }
            return State::Wrong;
        }
        self.inside(inner, at.json(), "the JSON in the string", at, scope)
    }

    fn base64(&mut self, value: &Value, at: At<'_>, scope: &Scope<'_>) -> State {
        let Value::String(text) = value else { return self.expect(false, "a string", at, scope) };
        if text.base64().is_none() {
            let message = format!(
                "{} is not base64 (standard alphabet, no blanks, no line breaks)",
                quoted(at)
            );
            self.sink.report(scope.rule(Fault::Base64), at, message);
            return State::Wrong;
        }
        State::Fine
    }

    /// The value that a string holds.
    fn inside(
        &mut self,
        inner: &'static Inner,
        value: Option<At<'_>>,
        what: &str,
        at: At<'_>,
        scope: &Scope<'_>,
    ) -> State {
        let Some(value) = value else {
            let message = format!("{} must hold JSON in base64, and does not", quoted(at));
            self.sink.report(scope.rule(Fault::Json), at, message);
            return State::Wrong;
        };
        if value.value().is_some_and(|value| !takes(&inner.kind, value)) {
            let found = value.value().map_or("nothing", Value::kind_name);
            let message = format!("{what} must be {}, not {found}", json_type(&inner.kind));
            self.sink.report(scope.rule(Fault::Json), value, message);
            return State::Wrong;
        }
        let inside = scope.within(inner.codes, None);
        self.kind(&inner.kind, value, &inside)
    }

    fn file(&mut self, rules: &FileRules, at: At<'_>, scope: &Scope<'_>) -> State {
        let rule = scope.rule(Fault::File);
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
            return State::Wrong;
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
            return State::Wrong;
        }
        let size = at
            .get("size")
            .as_integer()
            .or_else(|| at.get("content").as_str().map(|text| text.len() as i128));
        if size.is_some_and(|size| size > i128::from(rules.max_bytes)) {
            self.sink.report(rule, at, format!("`{name}` has more than {} bytes", rules.max_bytes));
            return State::Wrong;
        }
        if size.is_none() && path.is_none() {
            self.sink.report(
                rule,
                at,
                "a file part needs `path`, or `name` with `content` or `size`",
            );
            return State::Wrong;
        }
        State::Fine
    }

    fn cross(&mut self, check: &Check, at: At<'_>) {
        match &check.test {
            CrossCheck::Count { names, min, max, at: place } => {
                let there = names
                    .iter()
                    .filter(|name| {
                        at.get(name).value().is_some_and(|value| !Empties::ALL.holds(value))
                    })
                    .count();
                let there = u32::try_from(there).unwrap_or(u32::MAX);
                if (*min..=*max).contains(&there) {
                    return;
                }
                let names =
                    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
                let message = if there < *min {
                    format!("at least {min} of {names} must be there")
                } else {
                    format!("at most {max} of {names} may be there")
                };
                self.sink.report(check.rule, at.find(place), message);
            }
            CrossCheck::Flag { when, at: place, message } => {
                // A place that is wrong by itself is not told a second time for its company.
                if when.holds(at) && !self.sink.is_told(at.find(place)) {
                    self.sink.report(check.rule, at.find(place), *message);
                }
            }
            CrossCheck::Budget(budget) => self.budget(check.rule, budget, at),
            CrossCheck::Function { run, .. } => run(at, &mut self.sink),
        }
    }

    fn budget(&mut self, rule: RuleId, budget: &Budget, at: At<'_>) {
        let place = if budget.at.is_empty() { at } else { at.find(budget.at) };
        let Some(used) = measure(budget, at) else { return };
        let max = budget.max.max();
        if used > max && !self.sink.is_wrong(place) {
            let unit = budget.max.unit();
            let message = format!("{} takes {used} {unit}, the limit is {max}", budget.what);
            let help = format!("shorten it by {} {unit}", used - max);
            self.sink.report_with_help(rule, place, message, help);
        }
    }
}

/// The sum of a budget's parts; `None` where one of them is not what it should be.
pub(super) fn measure(budget: &Budget, at: At<'_>) -> Option<u64> {
    let mut sum = 0;
    for part in budget.parts {
        let (Part::Text(path) | Part::Compact(path) | Part::Decoded(path)) = part;
        let part_at = at.find(path);
        let Some(value) = part_at.value() else { continue };
        if matches!(value, Value::Null) {
            continue;
        }
        sum += match part {
            Part::Text(_) => budget.max.measure(value.as_str()?),
            Part::Compact(_) => {
                let value = part_at.json().and_then(At::value).unwrap_or(value);
                budget.max.measure(&value.to_compact())
            }
            Part::Decoded(_) => match value {
                Value::String(text) => text.base64()?.len() as u64,
                _ => return None,
            },
        };
    }
    Some(sum)
}

/// Whether a value has the JSON type that a kind wants.
fn takes(kind: &Kind, value: &Value) -> bool {
    match kind {
        Kind::Any => true,
        Kind::Text | Kind::Digits | Kind::CommaText(_) | Kind::Base64 | Kind::Base64Json(_) => {
            value.as_str().is_some()
        }
        Kind::Int(_) | Kind::Number(_) => value.as_number().is_some(),
        Kind::Bool(_) => value.as_bool().is_some(),
        Kind::Choice(choices) | Kind::Open(choices) => {
            choices.iter().any(|choice| match choice.value {
                Lit::Int(_) => value.as_number().is_some(),
                Lit::Text(_) => value.as_str().is_some(),
                Lit::Bool(_) => value.as_bool().is_some(),
            })
        }
        Kind::Object(_) | Kind::Map(_) | Kind::File(_) => value.as_object().is_some(),
        Kind::List(_) => value.as_array().is_some(),
        Kind::OneOrList(item) => value.as_array().is_some() || takes(&item.kind, value),
        Kind::JsonText(inner) => {
            value.as_str().is_some() || (inner.bare && takes(&inner.kind, value))
        }
        Kind::Union(kinds) => kinds.iter().any(|kind| takes(kind, value)),
    }
}

/// What JSON calls the values of a kind.
fn json_type(kind: &Kind) -> &'static str {
    match kind {
        Kind::Any => "any value",
        Kind::Text
        | Kind::Digits
        | Kind::CommaText(_)
        | Kind::Base64
        | Kind::Base64Json(_)
        | Kind::JsonText(_) => "a string",
        Kind::Int(_) | Kind::Number(_) => "a number",
        Kind::Bool(_) => "true or false",
        Kind::Choice(choices) | Kind::Open(choices) => {
            match choices.first().map(|choice| choice.value) {
                Some(Lit::Int(_)) => "a number",
                Some(Lit::Bool(_)) => "true or false",
                Some(Lit::Text(_)) | None => "a string",
            }
        }
        Kind::Object(_) | Kind::Map(_) | Kind::File(_) => "an object",
        Kind::List(_) | Kind::OneOrList(_) => "a list",
        Kind::Union(_) => "one of several kinds",
    }
}

/// A value as messages show it: short ones themselves, long ones by their kind.
pub(super) fn describe(value: &Value) -> String {
    match value {
        Value::Array(_) | Value::Object(_) => value.kind_name().to_owned(),
        other => {
            let text = other.to_compact();
            if text.chars().count() <= 40 {
                text
            } else {
                format!("{} of {} characters", value.kind_name(), text.chars().count())
            }
        }
    }
}

/// The name of a field as messages show it.
pub(super) fn quoted(at: At<'_>) -> String {
    let name = name_of(at);
    if name.is_empty() { "the value".to_owned() } else { format!("`{name}`") }
}

/// The name of a field, for an item that of its list.
fn name_of(at: At<'_>) -> String {
    if !at.key().is_empty() {
        return at.key().to_owned();
    }
    let list = at.parent().key();
    let index = at.place().pointer.rsplit('/').next().unwrap_or_default().to_owned();
    if list.is_empty() { String::new() } else { format!("{list}[{index}]") }
}

fn list_of(choices: &[Choice]) -> String {
    let names: Vec<String> = choices
        .iter()
        .map(|choice| {
            let value = choice.value.to_text();
            if choice.name == value || choice.name.is_empty() {
                value
            } else {
                format!("{value} ({})", choice.name)
            }
        })
        .collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}

/// Whether a text begins as a percent-encoded object or list does.
fn is_percent_encoded(text: &str) -> bool {
    ["%7b", "%5b"]
        .iter()
        .any(|start| text.get(..3).is_some_and(|head| head.eq_ignore_ascii_case(start)))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_signed_digits(text: &str) -> bool {
    is_digits(text.strip_prefix('-').unwrap_or(text))
}
