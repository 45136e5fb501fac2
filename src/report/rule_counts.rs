//! How many findings there are of each rule.

use serde::Serialize;

use crate::contract::{Rule, Severity};

/// The findings of a run, rule by rule.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RuleCounts(Vec<RuleCount>);

/// The findings of a rule. Names and order of its members are part of the interface.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RuleCount {
    /// The code of the rule.
    pub code: String,
    /// How severe its findings are in this run.
    pub severity: &'static str,
    /// How many there are, shown or not.
    pub count: usize,
    /// The fault in a few words.
    pub title: String,
}

impl RuleCounts {
    /// Counts findings.
    pub fn add(&mut self, space: &str, rule: &'static Rule, severity: Severity, times: usize) {
        let code = format!("{space}/{}", rule.id);
        let severity = severity.word();
        let known = |one: &&mut RuleCount| one.code == code && one.severity == severity;
        match self.0.iter_mut().find(known) {
            Some(one) => one.count += times,
            None => {
                let title = rule.title.to_string();
                self.0.push(RuleCount { code, severity, count: times, title });
            }
        }
    }

    /// The rules with the most findings first; of equals, in the order of their codes.
    pub fn sorted(&self) -> Vec<&RuleCount> {
        let mut all: Vec<&RuleCount> = self.0.iter().collect();
        all.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.code.cmp(&b.code)));
        all
    }

    /// A line for each rule, for people.
    pub(super) fn lines(&self) -> String {
        let wide = self.0.iter().map(|one| one.count.to_string().len()).max().unwrap_or_default();
        let code = self.0.iter().map(|one| one.code.len()).max().unwrap_or_default();
        let line = |one: &RuleCount| {
            let RuleCount { code: name, severity, count, title } = one;
            format!("{count:>wide$}  {severity:<7}  {name:<code$}  {title}\n")
        };
        self.sorted().into_iter().map(line).collect()
    }
}
