//! Members that do nothing in an operation, and deserve more than a word on an unknown name.

use super::{Lit, RuleId};
use crate::document::{At, ValueView};

/// A member that people copy from another operation, and that does nothing here. It is not a field, so it does not
/// identify an operation, but it deserves a better message than an undescribed member.
#[derive(Clone, Copy, Debug)]
pub struct Ignored {
    /// Its name.
    pub name: &'static str,
    /// The rule that says so.
    pub rule: RuleId,
    /// The sentence.
    pub message: &'static str,
    /// What to do; empty for the advice of the rule.
    pub help: &'static str,
    /// Values that mean the same as none, as clients write them by default; `null` is then one of them.
    pub harmless: &'static [Lit],
}

impl Ignored {
    /// A member with the sentence about it.
    pub const fn new(name: &'static str, rule: RuleId, message: &'static str) -> Self {
        Self { name, rule, message, help: "", harmless: &[] }
    }

    /// What to do about it.
    #[must_use]
    pub const fn help(self, help: &'static str) -> Self {
        Self { help, ..self }
    }

    /// Values that mean the same as none.
    #[must_use]
    pub const fn harmless(self, harmless: &'static [Lit]) -> Self {
        Self { harmless, ..self }
    }

    /// Whether the value at a place deserves the sentence.
    pub fn speaks(&self, at: At<'_>) -> bool {
        at.value().is_some_and(|value| {
            let is_null = matches!(value, ValueView::Null);
            self.harmless.is_empty() || !(is_null || self.harmless.iter().any(|lit| lit.is(value)))
        })
    }
}
