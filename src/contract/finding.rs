//! What lint says of a payload, and where.

use super::{Rule, Severity};
use crate::document::Place;

/// Something to say about a payload, and where.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Whose rule it is: the provider's id, or `json`.
    pub space: &'static str,
    /// The rule.
    pub rule: &'static Rule,
    /// What is wrong here, in one sentence.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Where, for machines and for people.
    pub place: Place,
}

impl Finding {
    /// The code that never changes: `jpush-v2/V2-13`.
    pub fn code(&self) -> String {
        format!("{}/{}", self.space, self.rule.id)
    }

    /// How bad it is.
    pub fn severity(&self) -> Severity {
        self.rule.severity
    }
}

/// The most bytes of text that bounded findings may have together: each repeats the keys on its way, which can be long.
const MAX_TEXT: usize = 16 << 20;

/// Findings of one payload, of which no more are kept than are told.
#[derive(Debug)]
pub struct BoundedFindings {
    /// Those that are kept, in source order: of each rule the first ones.
    pub kept: Vec<Finding>,
    /// How many more there are, by their rule.
    pub more: Vec<MoreFindings>,
    /// How many are kept of a rule.
    most: usize,
    /// How many bytes of text are kept.
    text: usize,
}

/// Findings of one rule that are counted and not kept.
#[derive(Clone, Copy, Debug)]
pub struct MoreFindings {
    /// Whose rule it is.
    pub space: &'static str,
    /// The rule.
    pub rule: &'static Rule,
    /// How many of it are kept.
    pub(crate) kept: usize,
    /// How many more there are.
    pub count: usize,
}

impl BoundedFindings {
    /// The only finding of a text: that is no document.
    pub fn only(finding: Finding) -> Self {
        Self { kept: vec![finding], ..Self::new(usize::MAX) }
    }

    pub(crate) fn new(most: usize) -> Self {
        Self { kept: Vec::new(), more: Vec::new(), most, text: 0 }
    }

    pub(crate) fn of(&mut self, space: &'static str, rule: &'static Rule) -> &mut MoreFindings {
        let known = |one: &MoreFindings| one.space == space && one.rule.id == rule.id;
        let index = self.more.iter().position(known).unwrap_or_else(|| {
            self.more.push(MoreFindings { space, rule, kept: 0, count: 0 });
            self.more.len() - 1
        });
        &mut self.more[index]
    }

    /// Whether another finding of a rule would only be counted.
    pub(crate) fn is_full(&mut self, space: &'static str, rule: &'static Rule) -> bool {
        self.text > MAX_TEXT || self.of(space, rule).kept >= self.most
    }

    pub(crate) fn is_bounded(&self) -> bool {
        self.most < usize::MAX
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
