//! Every row of an operation or a message type, for all values: for the reference pages, and for tests of the tables.

use super::schema::fault_of;
use super::{
    Check, Codes, Contract, Field, Kind, MessageType, Operation, Policy, Presence, Root, RowFault,
    RuleId, Shape, Spelling, Unknown,
};

/// A row, and what applies at its place.
pub(super) struct SeenRow<'w> {
    /// The path to it, in the form of `--set`.
    pub(super) path: &'w str,
    /// Which rules faults get, from the provider inwards.
    pub(super) codes: &'w [Codes],
    /// How strictly it is read.
    pub(super) policy: &'static Policy,
    /// The row.
    pub(super) row: WalkedRow,
}

/// A row.
#[derive(Clone, Copy)]
pub(super) enum WalkedRow {
    /// A field, an item or a value of a map.
    Field(&'static Field),
    /// A kind inside another one, without limits.
    Kind(&'static Kind),
    /// An object, once for each place where it occurs.
    Shape(&'static Shape),
    /// A check that spans fields.
    Check(&'static Check),
}

impl SeenRow<'_> {
    /// The rule of a fault here, as lint finds it.
    pub(super) fn rule(&self, fault: RowFault) -> Option<RuleId> {
        let exact = self.codes.iter().rev().find_map(|codes| codes.of(fault));
        exact.or_else(|| (fault == RowFault::Null).then(|| self.rule(RowFault::Type)).flatten())
    }

    /// Every rule that this row may be reported under; `None` stands for a fault without a rule.
    pub(super) fn rules(&self) -> Vec<Option<RuleId>> {
        match self.row {
            WalkedRow::Field(field) => {
                let mut out = self.rules_of_kind(&field.kind);
                for limit in field.limits {
                    out.push(limit.rule.or_else(|| self.rule(fault_of(&limit.test))));
                }
                match field.need {
                    Presence::Optional => {}
                    Presence::Required | Presence::RequiredIf(_) => {
                        out.push(self.rule(RowFault::Missing))
                    }
                    Presence::Recommended(rule) | Presence::RecommendedIf(rule, _) => {
                        out.push(Some(rule))
                    }
                }
                out.extend(field.deprecated.map(|deprecated| Some(deprecated.rule)));
                out
            }
            WalkedRow::Kind(kind) => self.rules_of_kind(kind),
            WalkedRow::Shape(shape) => {
                let unknown = match (shape.unknown, self.policy.unknown) {
                    (Unknown::Report(rule), _) | (Unknown::Policy, Unknown::Report(rule)) => {
                        Some(rule)
                    }
                    _ => None,
                };
                let ignored = shape.ignored.iter().map(|ignored| ignored.rule);
                unknown.into_iter().chain(shape.near_rule).chain(ignored).map(Some).collect()
            }
            WalkedRow::Check(check) => {
                let also = check.also.iter().copied().map(Some);
                std::iter::once(Some(check.rule)).chain(also).collect()
            }
        }
    }

    fn rules_of_kind(&self, kind: &Kind) -> Vec<Option<RuleId>> {
        let mut out: Vec<Option<RuleId>> =
            faults(kind).iter().map(|fault| self.rule(*fault)).collect();
        let mut spelling = |own: Spelling, policy: Spelling| {
            let spelling = if own == Spelling::Policy { policy } else { own };
            if let Spelling::Remark(rule) = spelling {
                out.push(Some(rule));
            }
        };
        match kind {
            Kind::Int(int) => spelling(int.digits, self.policy.digits),
            Kind::Number(text) => spelling(*text, self.policy.digits),
            Kind::Bool(bools) => {
                spelling(bools.text, self.policy.words);
                spelling(bools.cased, Spelling::Refuse);
                spelling(bools.one, Spelling::Refuse);
            }
            Kind::Choice(choices) | Kind::Open(choices) => {
                out.extend(choices.iter().filter_map(|choice| choice.remark).map(Some));
            }
            Kind::CommaText(item) => {
                let remarks = item.kind.choices().iter().filter_map(|choice| choice.remark);
                out.extend(remarks.map(Some));
            }
            _ => {}
        }
        out
    }
}

/// The sorts of faults that a kind can show by itself.
fn faults(kind: &Kind) -> &'static [RowFault] {
    match kind {
        Kind::Any => &[],
        Kind::Text
        | Kind::Int(_)
        | Kind::Digits
        | Kind::Number(_)
        | Kind::Bool(_)
        | Kind::Open(_)
        | Kind::Object(_)
        | Kind::Map(_)
        | Kind::List(_)
        | Kind::Union(_) => &[RowFault::Type],
        Kind::OneOrList(_) => &[],
        Kind::Choice(_) => &[RowFault::Type, RowFault::Set],
        Kind::CommaText(_) => &[RowFault::Type],
        Kind::JsonText(_) => &[RowFault::Type, RowFault::Json],
        Kind::Base64 => &[RowFault::Type, RowFault::Base64],
        Kind::Base64Json(_) => &[RowFault::Type, RowFault::Base64, RowFault::Json],
        Kind::File(_) => &[RowFault::Type, RowFault::File],
    }
}

/// Shows every row of an operation.
pub(super) fn operation(
    contract: &'static Contract,
    operation: &'static Operation,
    see: &mut dyn FnMut(&SeenRow<'_>),
) {
    let mut walk = RowWalk::new(contract, see);
    match operation.root {
        Root::Shape(shape) => walk.shape(shape, "", &contract.policy),
        Root::Value(field) => walk.field(field, "", &contract.policy),
    }
}

/// Shows every row of a message type's content.
pub(super) fn message_type(
    contract: &'static Contract,
    row: &'static MessageType,
    see: &mut dyn FnMut(&SeenRow<'_>),
) {
    if let Some(kind) = &row.content {
        RowWalk::new(contract, see).kind(kind, "", &contract.policy);
    }
}

struct RowWalk<'w> {
    codes: Vec<Codes>,
    /// The shapes above the current one; they stop endless recursion.
    open: Vec<&'static Shape>,
    see: &'w mut dyn FnMut(&SeenRow<'_>),
}

impl<'w> RowWalk<'w> {
    fn new(contract: &'static Contract, see: &'w mut dyn FnMut(&SeenRow<'_>)) -> Self {
        Self { codes: vec![contract.codes], open: Vec::new(), see }
    }

    fn show(&mut self, row: WalkedRow, path: &str, policy: &'static Policy) {
        (self.see)(&SeenRow { path, codes: &self.codes, policy, row });
    }

    fn shape(&mut self, shape: &'static Shape, path: &str, policy: &'static Policy) {
        if self.open.iter().any(|open| std::ptr::eq(*open, shape)) {
            return;
        }
        self.open.push(shape);
        let policy = shape.policy.unwrap_or(policy);
        self.codes.push(shape.codes);
        self.show(WalkedRow::Shape(shape), path, policy);
        self.part(shape, path, policy);
        self.codes.pop();
        self.open.pop();
    }

    /// The fields and checks of a shape, of its variants and of what it includes.
    fn part(&mut self, part: &'static Shape, path: &str, around: &'static Policy) {
        let policy = part.policy.unwrap_or(around);
        self.codes.push(part.codes);
        for field in part.fields {
            self.field(field, &join(path, field.name), policy);
        }
        for check in part.checks {
            self.show(WalkedRow::Check(check), path, policy);
        }
        self.codes.pop();
        let cases = part.variants.iter().flat_map(|variant| {
            variant.cases.iter().map(|case| case.shape).chain(variant.otherwise)
        });
        for shape in cases.chain(part.include.iter().copied()) {
            self.part(shape, path, around);
        }
    }

    fn field(&mut self, field: &'static Field, path: &str, policy: &'static Policy) {
        self.codes.push(field.codes);
        self.show(WalkedRow::Field(field), path, policy);
        self.inside(&field.kind, path, policy);
        self.codes.pop();
    }

    fn kind(&mut self, kind: &'static Kind, path: &str, policy: &'static Policy) {
        self.show(WalkedRow::Kind(kind), path, policy);
        self.inside(kind, path, policy);
    }

    fn inside(&mut self, kind: &'static Kind, path: &str, policy: &'static Policy) {
        match kind {
            Kind::Object(shape) => self.shape(shape, path, policy),
            Kind::Map(map) => {
                self.field(&map.value, &join(path, "*"), policy);
                for field in map.reserved {
                    self.field(field, &join(path, field.name), policy);
                }
            }
            Kind::List(item) | Kind::OneOrList(item) | Kind::CommaText(item) => {
                self.field(item, &join(path, "0"), policy);
            }
            Kind::JsonText(inner) | Kind::Base64Json(inner) => {
                self.codes.push(inner.codes);
                self.kind(&inner.kind, path, policy);
                self.codes.pop();
            }
            Kind::Union(kinds) => kinds.iter().for_each(|kind| self.kind(kind, path, policy)),
            Kind::Any
            | Kind::Text
            | Kind::Int(_)
            | Kind::Digits
            | Kind::Number(_)
            | Kind::Bool(_)
            | Kind::Choice(_)
            | Kind::Open(_)
            | Kind::Base64
            | Kind::File(_) => {}
        }
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}
