//! Shapes: objects of fields, the checks that span them, and how strictly they are read.

use super::{Field, Ignored, Length, Lit, Misplaced, RowFault, RuleId};
use crate::contract::FindingSink;
use crate::document::{At, ValueView};

/// An object of fields.
#[derive(Debug)]
pub struct Shape {
    /// The vendor's name for it; empty if it has none.
    pub name: &'static str,
    /// Its fields.
    pub fields: &'static [Field],
    /// Shapes whose fields and checks it has as well; a field of this shape hides one of the same name.
    pub include: &'static [&'static Shape],
    /// Fields and checks that depend on a value. They hide fields of the same name.
    pub variants: &'static [Variant],
    /// Checks that span fields.
    pub checks: &'static [Check],
    /// How a member that no row describes is treated.
    pub unknown: Unknown,
    /// Names that people use by mistake, with the right ones.
    pub near: &'static [(&'static str, &'static str)],
    /// Fields that people put elsewhere.
    pub misplaced: &'static [Misplaced],
    /// The rule for names in `near`; without a rule they are treated as members that no row describes.
    pub near_rule: Option<RuleId>,
    /// Members that other operations have and that do nothing here.
    pub ignored: &'static [Ignored],
    /// Which rules faults in it get.
    pub codes: Codes,
    /// How strictly it is read, if this differs from the object around it.
    pub policy: Option<&'static Policy>,
}

impl Shape {
    /// A shape that has only fields.
    pub const fn of(fields: &'static [Field]) -> Self {
        Self {
            name: "",
            fields,
            include: &[],
            variants: &[],
            checks: &[],
            unknown: Unknown::Policy,
            near: &[],
            misplaced: &[],
            near_rule: None,
            ignored: &[],
            codes: Codes::NONE,
            policy: None,
        }
    }

    /// Sets the vendor's name for it.
    #[must_use]
    pub const fn named(self, name: &'static str) -> Self {
        Self { name, ..self }
    }

    /// Adds shapes whose fields it has as well.
    #[must_use]
    pub const fn include(self, include: &'static [&'static Shape]) -> Self {
        Self { include, ..self }
    }

    /// Sets what depends on a value.
    #[must_use]
    pub const fn variants(self, variants: &'static [Variant]) -> Self {
        Self { variants, ..self }
    }

    /// Sets the checks that span fields.
    #[must_use]
    pub const fn checks(self, checks: &'static [Check]) -> Self {
        Self { checks, ..self }
    }

    /// Sets how a member that no row describes is treated.
    #[must_use]
    pub const fn unknown(self, unknown: Unknown) -> Self {
        Self { unknown, ..self }
    }

    /// Sets the names that people use by mistake, with the right ones.
    #[must_use]
    pub const fn near(self, near: &'static [(&'static str, &'static str)]) -> Self {
        Self { near, ..self }
    }

    /// Sets the fields that people put elsewhere.
    #[must_use]
    pub const fn misplaced(self, misplaced: &'static [Misplaced]) -> Self {
        Self { misplaced, ..self }
    }

    /// Sets the names that people use by mistake, with a rule for them.
    #[must_use]
    pub const fn near_as(
        self,
        rule: RuleId,
        near: &'static [(&'static str, &'static str)],
    ) -> Self {
        Self { near, near_rule: Some(rule), ..self }
    }

    /// Sets the members that other operations have and that do nothing here.
    #[must_use]
    pub const fn ignores(self, ignored: &'static [Ignored]) -> Self {
        Self { ignored, ..self }
    }

    /// All faults in it get this rule, unless their row says something else.
    #[must_use]
    pub const fn rule(self, rule: RuleId) -> Self {
        Self { codes: Codes { all: Some(rule), by: self.codes.by }, ..self }
    }

    /// These faults in it get these rules, unless their row says something else.
    #[must_use]
    pub const fn codes(self, by: &'static [(RowFault, RuleId)]) -> Self {
        Self { codes: Codes { all: self.codes.all, by }, ..self }
    }

    /// Sets how strictly it is read.
    #[must_use]
    pub const fn policy(self, policy: &'static Policy) -> Self {
        Self { policy: Some(policy), ..self }
    }

    /// Every field that the object can have in any variant, nearest first, each name once.
    pub fn all_fields(&self) -> Vec<&'static Field> {
        fn gather(shape: &Shape, out: &mut Vec<&'static Field>) {
            let mut add = |field: &'static Field| {
                if !out.iter().any(|known| known.name == field.name) {
                    out.push(field);
                }
            };
            shape.fields.iter().for_each(&mut add);
            for include in shape.include {
                gather(include, out);
            }
            for variant in shape.variants {
                for case in variant.cases {
                    gather(case.shape, out);
                }
                if let Some(shape) = variant.otherwise {
                    gather(shape, out);
                }
            }
        }
        let mut out = Vec::new();
        gather(self, &mut out);
        out
    }

    /// The fields that this object has, given its values: the variants that apply hide fields of the same name.
    pub fn fields_at(&'static self, at: At<'_>) -> Vec<&'static Field> {
        let mut out: Vec<&'static Field> = Vec::new();
        self.visit(at, &mut |shape| {
            for field in shape.fields {
                if !out.iter().any(|known| known.name == field.name) {
                    out.push(field);
                }
            }
        });
        out
    }

    /// Whether a field of this shape itself has this name.
    pub fn has_field(&self, name: &str) -> bool {
        self.fields.iter().any(|field| field.name == name)
    }

    /// The shapes that apply to this object, one after the other; a shape comes before those that it hides.
    pub fn visit(&'static self, at: At<'_>, see: &mut dyn FnMut(&'static Shape)) {
        for variant in self.variants {
            if let Some(shape) = variant.pick(at) {
                shape.visit(at, see);
            }
        }
        see(self);
        for include in self.include {
            include.visit(at, see);
        }
    }
}

/// Shapes. A value selects one of them.
#[derive(Debug)]
pub struct Variant {
    /// Path of the value that selects: the name of a sibling, or a path from the root with a slash before it.
    pub by: &'static str,
    /// The shapes by value.
    pub cases: &'static [Case],
    /// The shape for every other value, including a missing one.
    pub otherwise: Option<&'static Shape>,
}

/// A shape that some values select.
#[derive(Debug)]
pub struct Case {
    /// The values.
    pub is: &'static [Lit],
    /// The shape.
    pub shape: &'static Shape,
}

impl Variant {
    /// The shape that applies here.
    pub fn pick(&self, at: At<'_>) -> Option<&'static Shape> {
        self.shape_of(self.case_at(at))
    }

    /// The number of the case that applies here; that of the cases for any other value.
    pub(crate) fn case_at(&self, at: At<'_>) -> usize {
        let value = at.find(self.by);
        let is_here = |case: &Case| case.is.iter().any(|lit| lit.is_at(value));
        self.cases.iter().position(is_here).unwrap_or(self.cases.len())
    }

    /// The shape of a case by its number.
    pub(crate) fn shape_of(&self, case: usize) -> Option<&'static Shape> {
        self.cases.get(case).map(|case| case.shape).or(self.otherwise)
    }
}

/// A condition on the values around.
///
/// A path is the name of a sibling (`receiver_type`), a path below it (`ios/alert`), or a path from the root, with a
/// slash before it (`/options/active_push`).
#[derive(Clone, Copy, Debug)]
pub enum Condition {
    /// The value at a path is one of these.
    Is(&'static str, &'static [Lit]),
    /// There is a value at a path that does not count as absent (`null`, `""`, `[]`, `{}`).
    Given(&'static str),
    /// The condition does not hold.
    Not(&'static Condition),
    /// All hold.
    All(&'static [Condition]),
    /// At least one holds.
    Any(&'static [Condition]),
}

impl Condition {
    /// Whether it is true in this object.
    pub fn holds(&self, at: At<'_>) -> bool {
        match self {
            Self::Is(path, lits) => {
                let value = at.find(path);
                lits.iter().any(|lit| lit.is_at(value))
            }
            Self::Given(path) => {
                at.find(path).value().is_some_and(|value| !Empties::ALL.holds(value))
            }
            Self::Not(when) => !when.holds(at),
            Self::All(all) => all.iter().all(|when| when.holds(at)),
            Self::Any(any) => any.iter().any(|when| when.holds(at)),
        }
    }
}

/// A check that spans fields of one object.
#[derive(Debug)]
pub struct Check {
    /// The rule of its finding. A function may report others as well; it lists them in [`Check::also`].
    pub rule: RuleId,
    /// Further rules that a function reports.
    pub also: &'static [RuleId],
    /// What is checked.
    pub test: CrossCheck,
}

/// What a check that spans fields tests.
#[derive(Debug)]
pub enum CrossCheck {
    /// At least `min` and at most `max` of these members are there; otherwise the finding is at `at`.
    Count {
        /// Names of members.
        names: &'static [&'static str],
        /// The fewest.
        min: u32,
        /// The most.
        max: u32,
        /// Path of the place that is wrong.
        at: &'static str,
    },
    /// If the condition is true, the place at `at` is wrong: exclusion, a missing neighbour, no effect, doubt.
    Flag {
        /// The condition.
        when: Condition,
        /// Path of the place that is wrong.
        at: &'static str,
        /// The sentence.
        message: &'static str,
    },
    /// Parts that are too large together.
    Budget(Budget),
    /// A named function, for checks that rows cannot express.
    Function {
        /// Its name in the reference.
        name: &'static str,
        /// The check: reads the object, reports into the sink.
        run: fn(At<'_>, &mut FindingSink<'_>),
    },
}

/// A limit on the sum of several parts.
#[derive(Debug)]
pub struct Budget {
    /// The parts that are added.
    pub parts: &'static [BudgetPart],
    /// The maximum, with its unit.
    pub max: Length,
    /// Path of the place that is wrong; empty for the object itself.
    pub at: &'static str,
    /// The name of the sum in messages: `n_content plus n_extras`.
    pub what: &'static str,
}

/// A part of a budget.
#[derive(Clone, Copy, Debug)]
pub enum BudgetPart {
    /// The characters of a text.
    Text(&'static str),
    /// The compact JSON of a value; for a string that holds JSON, of the value inside.
    Compact(&'static str),
    /// The bytes that a base64 text stands for.
    Decoded(&'static str),
}

impl Check {
    /// A named function.
    pub const fn function(
        rule: RuleId,
        name: &'static str,
        run: fn(At<'_>, &mut FindingSink<'_>),
    ) -> Self {
        Self { rule, also: &[], test: CrossCheck::Function { name, run } }
    }

    /// Further rules that the function reports.
    #[must_use]
    pub const fn also(self, also: &'static [RuleId]) -> Self {
        Self { rule: self.rule, also, test: self.test }
    }

    /// A condition under which a place is wrong.
    pub const fn flag(
        rule: RuleId,
        when: Condition,
        at: &'static str,
        message: &'static str,
    ) -> Self {
        Self { rule, also: &[], test: CrossCheck::Flag { when, at, message } }
    }

    /// A group of members. From `min` to `max` of them must be there.
    pub const fn count(
        rule: RuleId,
        names: &'static [&'static str],
        min: u32,
        max: u32,
        at: &'static str,
    ) -> Self {
        Self { rule, also: &[], test: CrossCheck::Count { names, min, max, at } }
    }

    /// A limit on a sum.
    pub const fn budget(rule: RuleId, budget: Budget) -> Self {
        Self { rule, also: &[], test: CrossCheck::Budget(budget) }
    }
}

/// Which rule a fault gets.
#[derive(Clone, Copy, Debug)]
pub struct Codes {
    /// The rule of every fault that is not listed.
    pub all: Option<RuleId>,
    /// Rules of single sorts of faults.
    pub by: &'static [(RowFault, RuleId)],
}

impl Codes {
    /// Says nothing: what is around it applies.
    pub const NONE: Self = Self { all: None, by: &[] };

    /// One rule for everything.
    pub const fn all(rule: RuleId) -> Self {
        Self { all: Some(rule), by: &[] }
    }

    /// Rules by fault.
    pub const fn by(by: &'static [(RowFault, RuleId)]) -> Self {
        Self { all: None, by }
    }

    /// The rule of a fault, if this names one.
    pub fn of(&self, fault: RowFault) -> Option<RuleId> {
        self.by.iter().find(|(known, _)| *known == fault).map(|(_, rule)| *rule).or(self.all)
    }
}

/// How strictly a body is read.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// What `null` is.
    pub null: Null,
    /// Which empty values count as absent in optional fields.
    pub absent: Empties,
    /// How digits in a string are treated where a number is expected.
    pub digits: super::Spelling,
    /// How `"true"` is treated where a boolean is expected.
    pub words: super::Spelling,
    /// How a member that no row describes is treated.
    pub unknown: Unknown,
}

/// How `null` is treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Null {
    /// As if it were not there: the vendor's documents or its code say so.
    Absent,
    /// As if it were not there, with the warning `json/null`, which ends with these words: what is known of this vendor,
    /// as "Acme may refuse it".
    Remarked(&'static str),
    /// A value of the wrong type.
    Wrong,
}

/// A set of empty values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Empties(u8);

impl Empties {
    /// None of them.
    pub const NONE: Self = Self(0);
    /// `""`.
    pub const TEXT: Self = Self(1);
    /// `[]`.
    pub const LIST: Self = Self(2);
    /// `{}`.
    pub const OBJECT: Self = Self(4);
    /// `""`, `[]` and `{}`.
    pub const ALL: Self = Self(7);

    /// Both sets together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether a value is `null` or an empty one of this set.
    #[inline]
    pub fn holds(self, value: ValueView<'_>) -> bool {
        match value {
            ValueView::Null => true,
            ValueView::String(text) => self.0 & 1 != 0 && text.is_empty(),
            ValueView::Array(items) => self.0 & 2 != 0 && items.is_empty(),
            ValueView::Object(object) => self.0 & 4 != 0 && object.is_empty(),
            ValueView::Bool(_) | ValueView::Number(_) => false,
        }
    }
}

/// How a member that no row describes is treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// As the policy says; in the policy itself: ignored.
    Policy,
    /// It is ignored: only the vendor decides about it.
    Ignore,
    /// A finding under this rule, with the nearest name.
    Report(RuleId),
}
