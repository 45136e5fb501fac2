//! What lint reports about a payload, and where.

use super::{Rule, Severity};
use crate::document::Place;

/// One warning about a payload, and its place.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The owner of the rule: the provider's id, or `json`.
    pub space: &'static str,
    /// The rule.
    pub rule: &'static Rule,
    /// What is wrong at this place, in one sentence.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// The place, for machines and for people.
    pub place: Place,
}

impl Finding {
    /// The code that never changes: `jpush-v2/V2-13`.
    pub fn code(&self) -> String {
        format!("{}/{}", self.space, self.rule.id)
    }

    /// How severe it is.
    pub fn severity(&self) -> Severity {
        self.rule.severity
    }
}

/// The most bytes of text of bounded findings together: each repeats the keys of its path, which can be long.
const MAX_TEXT: usize = 16 << 20;

/// Which findings of a payload are kept; the others are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FindingLimit {
    /// The most findings that are kept for each rule; `usize::MAX` means all.
    pub most: usize,
    /// Whether only errors are kept: checks ask which places are wrong, but nothing is reported.
    pub only_errors: bool,
}

impl From<usize> for FindingLimit {
    fn from(most: usize) -> Self {
        Self { most, only_errors: false }
    }
}

/// Findings of one payload: only those that will be reported are kept.
#[derive(Debug)]
pub struct BoundedFindings {
    /// The kept findings, in source order: for each rule the first ones.
    pub kept: Vec<Finding>,
    /// How many more findings there are, by rule.
    pub more: Vec<MoreFindings>,
    limit: FindingLimit,
    /// How many bytes of text the kept findings have.
    text: usize,
    /// How many errors are about the size or the form of a value.
    pub(crate) limits: usize,
    /// How many errors are further faults of a text that has an error already.
    pub(crate) repeats: usize,
    /// How many findings are of rules that are ignored.
    pub(crate) waived: usize,
}

/// Findings of one rule that are counted and not kept.
#[derive(Clone, Copy, Debug)]
pub struct MoreFindings {
    /// The owner of the rule: the provider's id, or `json`.
    pub space: &'static str,
    /// The rule.
    pub rule: &'static Rule,
    /// How many findings of this rule are kept.
    pub(crate) kept: usize,
    /// How many more there are.
    pub count: usize,
}

impl BoundedFindings {
    /// The only finding of a text that is not a document.
    pub fn only(finding: Finding) -> Self {
        Self { kept: vec![finding], ..Self::new(usize::MAX) }
    }

    pub(crate) fn new(limit: impl Into<FindingLimit>) -> Self {
        Self {
            kept: Vec::new(),
            more: Vec::new(),
            limit: limit.into(),
            text: 0,
            limits: 0,
            repeats: 0,
            waived: 0,
        }
    }

    /// How many errors say that the payload is not for the operation: all but those about the size or the form of a value.
    pub fn misfits(&self) -> usize {
        let kept = self.kept.iter().filter(|finding| finding.severity() == Severity::Error).count();
        let more = self.more.iter().filter(|more| more.rule.severity == Severity::Error);
        let errors = kept + more.map(|more| more.count).sum::<usize>();
        errors.saturating_sub(self.limits + self.repeats)
    }

    pub(crate) fn of(&mut self, space: &'static str, rule: &'static Rule) -> &mut MoreFindings {
        let known = |one: &MoreFindings| one.space == space && one.rule.id == rule.id;
        let index = self.more.iter().position(known).unwrap_or_else(|| {
            self.more.push(MoreFindings { space, rule, kept: 0, count: 0 });
            self.more.len() - 1
        });
        &mut self.more[index]
    }

    /// Whether another finding of a rule would be counted but not kept.
    pub(crate) fn is_full(&mut self, space: &'static str, rule: &'static Rule) -> bool {
        self.limit.only_errors && rule.severity != Severity::Error
            || self.text > MAX_TEXT
            || self.of(space, rule).kept >= self.limit.most
    }

    /// Whether there is none so far, kept or counted.
    pub(crate) fn is_empty(&self) -> bool {
        self.kept.is_empty() && self.more.is_empty()
    }

    pub(crate) fn is_bounded(&self) -> bool {
        self.limit.most < usize::MAX || self.limit.only_errors
    }

    pub(crate) fn count(&mut self, space: &'static str, rule: &'static Rule, times: usize) {
        self.of(space, rule).count += times;
    }

    pub(crate) fn push(&mut self, finding: Finding) {
        let (space, rule) = (finding.space, finding.rule);
        if self.is_bounded() {
            if self.is_full(space, rule) {
                return self.count(space, rule, 1);
            }
            self.of(space, rule).kept += 1;
            self.text += finding.place.pointer.len() + finding.message.len();
        }
        self.kept.push(finding);
    }
}
