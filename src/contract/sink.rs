//! What checks receive, and where they put their findings.

use super::{
    BoundedFindings, Contract, Finding, FindingLimit, IgnoredRules, Operation, Rule, RuleId,
    Severity, json_rules,
};
use crate::account::Account;
use crate::document::{At, Place, Span};
use crate::outcome::SentMessage;

/// What a rule may need besides the document. A rule that lacks what it needs reports nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context<'a> {
    /// Credentials, endpoint, edition.
    pub account: Option<&'a Account>,
    /// The time, in milliseconds since 1970.
    pub now_ms: Option<i64>,
    /// What the ledger knows about the message that the payload refers to.
    pub sent: Option<&'a SentMessage>,
    /// How often the sender retries automatically.
    pub retries: u32,
    /// Sizes in bytes of the files that the payload names by path.
    pub sizes: &'a [(String, u64)],
    /// Rules that are ignored: their findings are left out, and keep no other finding back.
    pub waived: Option<&'a IgnoredRules>,
}

impl Context<'_> {
    /// The size of a file that the payload names.
    pub(crate) fn size_of(&self, path: &str) -> Option<u64> {
        self.sizes.iter().find(|(known, _)| known == path).map(|(_, size)| *size)
    }
}

/// Receives findings from checks.
#[derive(Debug)]
pub struct FindingSink<'c> {
    contract: &'static Contract,
    operation: &'static Operation,
    context: &'c Context<'c>,
    pub(crate) findings: BoundedFindings,
}

impl<'c> FindingSink<'c> {
    pub(crate) fn new(
        contract: &'static Contract,
        operation: &'static Operation,
        context: &'c Context<'c>,
        most: FindingLimit,
    ) -> Self {
        Self { contract, operation, context, findings: BoundedFindings::new(most) }
    }

    /// What else is known.
    pub fn context(&self) -> &'c Context<'c> {
        self.context
    }

    /// The operation that the payload is for.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// Reports a finding under a rule of the provider.
    pub fn report(&mut self, rule: RuleId, at: At<'_>, message: impl Into<String>) {
        self.push(rule, at, message.into(), None);
    }

    /// Reports a finding about the size or the form of a value, which says nothing about the operation that a payload is
    /// for.
    pub(crate) fn report_limit(
        &mut self,
        rule: RuleId,
        at: At<'_>,
        message: String,
        help: Option<String>,
    ) {
        let is_error = self.rule(rule).1.severity == Severity::Error;
        self.findings.limits += usize::from(is_error);
        self.push(rule, at, message, help);
    }

    /// Reports a finding whose help is more specific than its rule's.
    pub fn report_with_help(
        &mut self,
        rule: RuleId,
        at: At<'_>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.push(rule, at, message.into(), Some(help.into()));
    }

    /// Reports a fault of a row. Its own help is told where the rule has several faults; otherwise the rule's fix is.
    pub(crate) fn report_fault(
        &mut self,
        id: RuleId,
        at: At<'_>,
        message: impl Into<String>,
        help: Option<String>,
    ) {
        let help = self.own_help(id, help);
        self.push(id, at, message.into(), help);
    }

    /// The help of a fault, if its rule has several faults.
    pub(crate) fn own_help(&self, id: RuleId, help: Option<String>) -> Option<String> {
        help.filter(|_| self.rule(id).1.by_fault)
    }

    /// Whether a rule is ignored. A check that goes no further after a finding has to go on then.
    pub fn waives(&self, id: RuleId) -> bool {
        let (space, rule) = self.rule(id);
        self.ignores(space, rule)
    }

    fn ignores(&self, space: &'static str, rule: &'static Rule) -> bool {
        self.context.waived.is_some_and(|waived| waived.covers(space, rule))
    }

    /// Whether a value, or something in it, is already known to be wrong: what depends on it is then not checked.
    pub fn is_wrong(&self, at: At<'_>) -> bool {
        if !self.has_errors() {
            return false;
        }
        let (pointer, _) = at.pointers();
        let below = format!("{pointer}/");
        self.findings.kept.iter().any(|finding| {
            finding.severity() == Severity::Error
                && (finding.place.pointer == pointer || finding.place.pointer.starts_with(&below))
        })
    }

    /// Whether there are errors so far. Most payloads have none, and pointers to compare need not be made.
    fn has_errors(&self) -> bool {
        self.findings.kept.iter().any(|finding| finding.severity() == Severity::Error)
    }

    /// Whether an error has already been found at exactly this place.
    pub fn is_told(&self, at: At<'_>) -> bool {
        if !self.has_errors() {
            return false;
        }
        let (pointer, inner_pointer) = at.pointers();
        self.findings.kept.iter().any(|finding| {
            finding.severity() == Severity::Error
                && finding.place.pointer == pointer
                && finding.place.inner_pointer == inner_pointer
        })
    }

    /// Whether another finding of a rule would only be counted or left out, so that it needs no message.
    pub(crate) fn is_full(&mut self, id: RuleId) -> bool {
        let (space, rule) = self.rule(id);
        self.waives(id) || self.findings.is_full(space, rule)
    }

    /// Counts a finding without message, place and help.
    pub(crate) fn count(&mut self, id: RuleId) {
        let (space, rule) = self.rule(id);
        match self.waives(id) {
            true => self.findings.waived += 1,
            false => self.findings.count(space, rule, 1),
        }
    }

    /// How many findings of a rule there are so far.
    pub(crate) fn times(&mut self, id: RuleId) -> usize {
        if self.findings.is_empty() {
            return 0;
        }
        let (space, rule) = self.rule(id);
        let is_one = |finding: &&Finding| finding.space == space && finding.rule.id == rule.id;
        let kept = self.findings.kept.iter().filter(is_one).count();
        kept + self.findings.of(space, rule).count
    }

    /// Counts all findings of a rule after `before` ones as one misfit: they are faults of one text.
    pub(crate) fn count_as_one_misfit(&mut self, id: RuleId, before: usize) {
        if self.findings.is_empty() {
            return;
        }
        let is_error = self.rule(id).1.severity == Severity::Error;
        let more = self.times(id).saturating_sub(before + 1);
        self.findings.repeats += if is_error { more } else { 0 };
    }

    pub(crate) fn rule(&self, id: RuleId) -> (&'static str, &'static Rule) {
        match id.strip_prefix("json/").and_then(json_rules::find) {
            Some(rule) => (json_rules::SPACE, rule),
            None => {
                let rule = self.contract.rule(id).unwrap_or_else(|| {
                    panic!("{} has no rule {id}", self.contract.id);
                });
                (self.contract.id, rule)
            }
        }
    }

    /// Reports a finding, with the fix of its rule where it has no help of its own.
    pub(crate) fn push(&mut self, id: RuleId, at: At<'_>, message: String, help: Option<String>) {
        let (space, rule) = self.rule(id);
        if self.ignores(space, rule) {
            self.findings.waived += 1;
            return;
        }
        if self.findings.is_bounded() && self.findings.is_full(space, rule) {
            // Finding its place would take time.
            return self.findings.count(space, rule, 1);
        }
        self.add(id, at.place(), message, help);
    }

    /// Reports a finding about some bytes of the text that the string at a place holds.
    pub(crate) fn report_in_text(
        &mut self,
        id: RuleId,
        (at, inside): (At<'_>, Span),
        message: String,
        help: Option<String>,
    ) {
        if self.is_full(id) {
            return self.count(id);
        }
        self.add(id, at.place_in_text(inside), message, help);
    }

    fn add(&mut self, id: RuleId, place: Place, message: String, help: Option<String>) {
        let (space, rule) = self.rule(id);
        let help = help.or_else(|| (!rule.cure.is_empty()).then(|| rule.cure.to_string()));
        self.findings.push(Finding { space, rule, message, help, place });
    }
}
