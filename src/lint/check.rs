//! The walk: it checks every row against its value, and runs every check on its object.

use super::help;
use super::kind::is_right;
use super::limit::check_limits;
use super::plan::LintMemory;
use super::rewrite::rewritten;
use super::words::name_of;
use crate::contract::identify::SCHEMA_KEY;
use crate::contract::{
    BoundedFindings, Codes, Context, Contract, Field, FindingLimit, FindingSink, IgnoredRules,
    Kind, Null, Operation, Policy, Presence, Root, RowFault, RuleId, Shape, Spelling, Unknown,
    WrongName,
};
use crate::document::{At, Document, Trail, ValueView};
use crate::near::{did_you_mean, nearest};

/// What applies at the current place: the nearest setting for codes and policy wins.
#[derive(Clone, Copy)]
pub(super) struct LintScope<'s> {
    codes: &'static Codes,
    pub(super) policy: &'s Policy,
    /// The shape whose members are walked; `None` for the outermost value.
    shape: Option<&'static Shape>,
    /// The row of the value; `None` inside a value that has no row of its own.
    pub(super) row: Option<&'static Field>,
    around: Option<&'s LintScope<'s>>,
}

impl<'s> LintScope<'s> {
    /// The scope of a row or a shape inside this one.
    pub(super) fn within<'t>(
        &'t self,
        codes: &'static Codes,
        policy: Option<&'t Policy>,
    ) -> LintScope<'t>
    where
        's: 't,
    {
        LintScope {
            codes,
            policy: policy.unwrap_or(self.policy),
            shape: self.shape,
            row: None,
            around: Some(self),
        }
    }

    /// The scope of a value that has this row.
    pub(super) fn of_row<'t>(&'t self, row: &'static Field) -> LintScope<'t>
    where
        's: 't,
    {
        LintScope { row: Some(row), ..self.within(&row.codes, None) }
    }

    /// What to do about a fault of this value: the words of its row, or what its kind makes of the value.
    pub(super) fn cure(&self, fault: RowFault, at: At<'_>) -> Option<String> {
        let row = self.row?;
        let own = row.cures.iter().find(|(known, _)| *known == fault);
        own.map(|(_, cure)| cure.to_string()).or_else(|| rewritten(&row.kind, at.value()?))
    }

    /// The rule for a fault here.
    pub(super) fn rule(&self, fault: RowFault) -> RuleId {
        let exact = self.chain().find_map(|scope| scope.codes.of(fault));
        exact.unwrap_or_else(|| match fault {
            RowFault::Null => self.rule(RowFault::Type),
            other => panic!("no rule for {other:?}"),
        })
    }

    fn chain(&self) -> impl Iterator<Item = &LintScope<'s>> {
        std::iter::successors(Some(self), |scope| scope.around)
    }
}

/// The result of looking for a value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ValueState {
    Absent,
    Wrong,
    /// Wrong under a rule that is ignored: what can still be measured of it is.
    Waived,
    Fine,
}

/// Checks a payload whose own repeated keys are known.
pub(super) fn check(
    contract: &'static Contract,
    operation: &'static Operation,
    document: &Document,
    context: &Context<'_>,
    repeated: BoundedFindings,
    most: FindingLimit,
) -> BoundedFindings {
    let policy = operation.shape().and_then(|shape| shape.policy).unwrap_or(&contract.policy);
    // A person who ignores a wrong type has the vendor read digits as the number that they are.
    let is_strict = context.waived.is_none_or(IgnoredRules::is_empty);
    let trail = match policy.digits {
        Spelling::Refuse if is_strict => Trail::new(document).strict(),
        _ => Trail::new(document),
    };
    let mut walk = LintWalk {
        sink: FindingSink::new(contract, operation, context, most),
        explained: Vec::new(),
        memory: LintMemory::take(),
        repeated,
    };
    let scope = LintScope {
        codes: &contract.codes,
        policy: &contract.policy,
        shape: None,
        row: None,
        around: None,
    };
    let root = trail.root();
    match operation.root {
        Root::Shape(shape) if root.as_object().is_some() => walk.shape(shape, root, &scope),
        Root::Shape(_) => {
            let found = root.value().map_or("nothing", ValueView::kind_name);
            let rule = scope.codes.of(RowFault::Root).unwrap_or("json/not-an-object");
            walk.sink.report(rule, root, format!("the body must be one JSON object, not {found}"));
        }
        Root::Value(field) => {
            walk.field(field, root, &scope);
        }
    }
    let LintWalk { sink, repeated, memory, .. } = walk;
    memory.keep();
    let mut findings = repeated;
    findings.kept.extend(sink.findings.kept);
    findings.more.extend(sink.findings.more);
    (findings.limits, findings.waived) = (sink.findings.limits, sink.findings.waived);
    findings
}

pub(super) struct LintWalk<'c> {
    pub(super) sink: FindingSink<'c>,
    /// Pointers of the members that the help of a missing field names: they are not reported a second time.
    explained: Vec<(String, Option<String>)>,
    memory: LintMemory,
    /// The repeated keys of the payload, and of the JSON in its strings.
    pub(super) repeated: BoundedFindings,
}

impl LintWalk<'_> {
    /// Reports a value that is wrong. What its rule keeps back where it stands is still checked where it is ignored.
    pub(super) fn wrong(&mut self, rule: RuleId, at: At<'_>, message: String) -> ValueState {
        self.sink.report(rule, at, message);
        self.state_after(rule)
    }

    /// The state of a value that was reported under a rule.
    pub(super) fn state_after(&self, rule: RuleId) -> ValueState {
        if self.sink.waives(rule) { ValueState::Waived } else { ValueState::Wrong }
    }

    pub(super) fn shape(&mut self, shape: &'static Shape, at: At<'_>, around: &LintScope<'_>) {
        let scope = LintScope { shape: Some(shape), ..around.within(&shape.codes, shape.policy) };
        let plan = self.memory.plan(shape);
        let plan = plan.parts(at);
        let rows_of = plan.rows_of();
        let seen = plan.see(at, &mut self.memory.seen);
        for (index, part) in plan.parts.iter().enumerate() {
            let own = scope.within(&part.codes, part.policy);
            match rows_of {
                Some(rows_of) => {
                    for (row, field) in seen.rows(plan, rows_of[index]) {
                        let value = match self.memory.seen[seen.first + row] {
                            0 => at.missing(field.name),
                            node => at.at_node(node),
                        };
                        match field.aliases {
                            [] => self.field(field, value, &own),
                            _ => self.member(field, at, &own),
                        };
                    }
                }
                None => {
                    let before = &plan.parts[..index];
                    let is_hidden =
                        |field: &&Field| before.iter().any(|part| part.has_field(field.name));
                    for field in part.fields.iter().filter(|field| !is_hidden(field)) {
                        self.member(field, at, &own);
                    }
                }
            }
        }
        self.memory.seen.truncate(seen.first);
        let all_known = seen.all_known && rows_of.is_some();
        if !all_known {
            self.unknown(shape, &plan.parts, at, &scope);
        }
        if !all_known || plan.names_ignored {
            self.ignored(&plan.parts, at);
        }
        for check in plan.parts.iter().flat_map(|part| part.checks) {
            self.cross(check, at);
        }
    }

    /// Members that do nothing here.
    fn ignored(&mut self, parts: &[&'static Shape], at: At<'_>) {
        let ignored = parts.iter().flat_map(|part| part.ignored);
        for one in ignored.filter(|one| one.speaks(at.get(one.name))) {
            match one.help {
                "" => self.sink.report(one.rule, at.get(one.name), one.message),
                help => self.sink.report_with_help(one.rule, at.get(one.name), one.message, help),
            }
        }
    }

    /// A field of an object, under its name or an alias.
    pub(super) fn member(
        &mut self,
        field: &'static Field,
        at: At<'_>,
        scope: &LintScope<'_>,
    ) -> ValueState {
        let alias = field.aliases.iter().find(|alias| at.get(alias).is_there());
        let value = match alias {
            Some(alias) if !at.get(field.name).is_there() => at.get(alias),
            _ => at.get(field.name),
        };
        self.field(field, value, scope)
    }

    pub(super) fn field(
        &mut self,
        field: &'static Field,
        at: At<'_>,
        around: &LintScope<'_>,
    ) -> ValueState {
        let scope = around.of_row(field);
        let (value, state) = match at.value() {
            Some(value) if is_right(&field.kind, value) => (value, ValueState::Fine),
            Some(value) if !self.is_absent(field, value, at, &scope) => {
                (value, self.kind(&field.kind, value, at, &scope))
            }
            _ => {
                self.missing(field, at, &scope);
                return ValueState::Absent;
            }
        };
        check_limits(field, value, at, state, &scope, &mut self.sink);
        if state != ValueState::Absent
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

    /// Whether a value that is present counts as absent.
    fn is_absent(
        &mut self,
        field: &Field,
        value: ValueView<'_>,
        at: At<'_>,
        scope: &LintScope<'_>,
    ) -> bool {
        let needed = || self.is_needed(field, at);
        if matches!(value, ValueView::Null) {
            return match (field.absent, field.null.unwrap_or(scope.policy.null)) {
                (Some(_), _) | (None, Null::Absent) => true,
                (None, Null::Remarked(_)) if needed() => true,
                (None, Null::Remarked(_)) if matches!(field.kind, Kind::Any) => false,
                (None, Null::Remarked(known)) => {
                    let message = format!("`{}` is null: {known}", name_of(at));
                    self.sink.report("json/null", at, message);
                    true
                }
                (None, Null::Wrong) => false,
            };
        }
        match field.absent {
            Some(empties) => empties.holds(value),
            None => scope.policy.absent.holds(value) && !needed(),
        }
    }

    fn is_needed(&self, field: &Field, at: At<'_>) -> bool {
        match field.need {
            Presence::Required => true,
            Presence::RequiredIf(when) => when.holds(at.parent()),
            Presence::Optional | Presence::Recommended(_) | Presence::RecommendedIf(..) => false,
        }
    }

    fn missing(&mut self, field: &Field, at: At<'_>, scope: &LintScope<'_>) {
        if matches!(field.need, Presence::Optional) {
            return;
        }
        // A value that counts as absent may still be present.
        let how = if at.value().is_some_and(|value| !matches!(value, ValueView::Null)) {
            "empty"
        } else {
            "missing"
        };
        let message = format!("`{}` is {how}", field.name);
        let cure = || scope.cure(RowFault::Missing, at);
        match field.need {
            Presence::Optional => {}
            Presence::Required | Presence::RequiredIf(_) => {
                if self.is_needed(field, at) {
                    let rule = scope.rule(RowFault::Missing);
                    let typed = self.elsewhere(field, at.parent(), scope.shape);
                    self.sink.push(rule, at, message, typed.or_else(cure));
                }
            }
            Presence::Recommended(rule) => {
                let help = cure().or_else(|| self.sink.own_help(rule, help::of_set(scope)));
                self.sink.push(rule, at, message, help);
            }
            Presence::RecommendedIf(rule, when) => {
                if when.holds(at.parent()) {
                    self.sink.push(rule, at, message, cure());
                }
            }
        }
    }

    /// The help about a field that is missing here, because it stands elsewhere or under another name.
    fn elsewhere(
        &mut self,
        field: &Field,
        container: At<'_>,
        shape: Option<&'static Shape>,
    ) -> Option<String> {
        if let Some(row) = shape.and_then(|shape| shape.misplaced_at(field.name, container)) {
            let members = row.members.iter().map(|member| container.find(member).pointers());
            self.explained.extend(members);
            return Some(row.help.to_owned());
        }
        let (member, help) = Self::misspelled(field, container, shape)?;
        self.explained.push(member.pointers());
        Some(help)
    }

    /// The member that was probably meant to be the missing field, with the help about it: one with a known wrong name,
    /// or a similar one, that is not another field.
    fn misspelled<'a>(
        field: &Field,
        container: At<'a>,
        shape: Option<&'static Shape>,
    ) -> Option<(At<'a>, String)> {
        let fields = shape.map(|shape| shape.fields_at(container)).unwrap_or_default();
        let typed = || {
            container.members().filter(|(key, _)| !fields.iter().any(|other| other.name == *key))
        };
        let wrong = shape.map(|shape| shape.wrong_names(container)).unwrap_or_default();
        for wrong in wrong.iter().filter(|wrong| wrong.right == field.name) {
            if let Some((key, member)) = typed().find(|(key, _)| wrong.is(key)) {
                let help = wrong.help(key, wrong.right);
                let help = match wrong.is_sdk_name {
                    true => help,
                    false => format!("`{key}` is there; {help}"),
                };
                return Some((member, help));
            }
        }
        let (key, member) = typed().find(|(key, _)| nearest(key, [field.name]).is_some())?;
        Some((member, format!("`{key}` is there; did you mean `{}`?", field.name)))
    }

    fn unknown(
        &mut self,
        shape: &'static Shape,
        parts: &[&'static Shape],
        at: At<'_>,
        scope: &LintScope<'_>,
    ) {
        let unknown = match shape.unknown {
            Unknown::Policy => scope.policy.unknown,
            own => own,
        };
        let rule = match unknown {
            Unknown::Report(rule) => Some(rule),
            Unknown::Policy | Unknown::Ignore => None,
        };
        let has_known_mistakes =
            parts.iter().any(|part| part.near_rule.is_some() && !part.near.is_empty());
        if rule.is_none() && !has_known_mistakes {
            return;
        }
        let has_field = |key: &str| parts.iter().any(|part| part.has_field(key));
        // Nearly every member has a row: the lists are made for the first one that has none.
        let mut names: Option<(Vec<&str>, Vec<WrongName>)> = None;
        let Some(object) = at.as_object() else { return };
        if object.keys().all(has_field) {
            return;
        }
        for (key, value) in at.members().filter(|(key, _)| !has_field(key)) {
            let (known, wrong) = names.get_or_insert_with(|| {
                let fields = shape.fields_at(at).into_iter();
                let known = fields.flat_map(|field| {
                    std::iter::once(field.name).chain(field.aliases.iter().copied())
                });
                (known.collect(), shape.wrong_names(at))
            });
            let is_told = || parts.iter().flat_map(|part| part.ignored).any(|one| one.name == key);
            if known.contains(&key)
                || is_told()
                || (!self.explained.is_empty() && self.explained.contains(&value.pointers()))
                || (key == SCHEMA_KEY && at.is_root())
            {
                continue;
            }
            let meant = wrong.iter().find(|wrong| wrong.is(key)).copied();
            let Some(rule) = meant.and_then(|wrong| wrong.rule).or(rule) else { continue };
            // Finding the intended name is the slow part here.
            if self.sink.is_full(rule) {
                self.sink.count(rule);
                continue;
            }
            self.stranger(rule, shape, (key, value), meant, known);
        }
    }

    /// Reports a member that no row has.
    fn stranger(
        &mut self,
        rule: RuleId,
        shape: &Shape,
        (key, value): (&str, At<'_>),
        meant: Option<WrongName>,
        known: &[&str],
    ) {
        let of = if shape.name.is_empty() { String::new() } else { format!(" of {}", shape.name) };
        let message = format!("`{key}` is not a field{of} here");
        let help = match meant {
            Some(wrong) if wrong.is_sdk_name && value.parent().get(wrong.right).is_there() => {
                Some(format!("`{key}` is the SDK's name of `{}`, which is there", wrong.right))
            }
            Some(wrong) => Some(wrong.help(key, wrong.right)),
            None => did_you_mean(key, known.iter().copied()),
        };
        match help {
            Some(help) => self.sink.report_with_help(rule, value, message, help),
            None => self.sink.report(rule, value, message),
        }
    }
}
