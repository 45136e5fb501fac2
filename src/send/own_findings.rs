//! Findings about what herald has composed by itself: a field that it left to the user, and not a fault. Each rule is told
//! once, in one line that says what settles it.

use crate::contract::{Finding, SettledBy, Severity};
use crate::send::flag_words::WordedPayload;
use crate::send::origins::{MadeOf, whole_pointer};

/// All findings of one rule, as one line.
#[derive(Debug)]
pub(crate) struct OwnFinding {
    /// The code of the rule.
    pub(crate) code: String,
    /// How severe it is.
    pub(crate) severity: Severity,
    /// The line.
    pub(crate) line: String,
    /// What each of the findings says.
    pub(crate) messages: Vec<String>,
}

impl WordedPayload<'_> {
    /// The findings of herald's own making, a line for each rule.
    pub(crate) fn own_findings(&self, found: &[Finding]) -> Vec<OwnFinding> {
        let mut own: Vec<(OwnFinding, Option<SettledBy>, Vec<String>)> = Vec::new();
        for finding in found.iter().filter(|finding| self.is_own(finding)) {
            let settled = finding.rule.settled;
            let code = finding.code();
            if !own.iter().any(|(known, ..)| known.code == code) {
                let (severity, line, messages) = (finding.severity(), String::new(), Vec::new());
                own.push((
                    OwnFinding { code: code.clone(), severity, line, messages },
                    settled,
                    Vec::new(),
                ));
            }
            let same = own.iter_mut().find(|(known, ..)| known.code == code);
            let Some((one, _, sets)) = same else { continue };
            one.messages.push(finding.message.clone());
            let set = self.settles(finding).into_iter().filter(|set| !sets.contains(set));
            sets.extend(set.collect::<Vec<_>>());
        }
        let line = |(mut one, settled, sets): (OwnFinding, Option<SettledBy>, Vec<String>)| {
            let ask = settled.map(|settled| settled.ask).filter(|ask| !ask.is_empty());
            let said = one.messages.join(", ");
            let rule = one.code.rsplit('/').next().unwrap_or_default();
            one.line = in_one_line(ask.unwrap_or(&said), &sets, rule);
            one
        };
        own.into_iter().map(line).collect()
    }

    /// Whether a finding is about a choice that herald has made, or has left to the user.
    pub(crate) fn is_own(&self, finding: &Finding) -> bool {
        self.origins.made_of == MadeOf::Flags
            && finding.severity() != Severity::Error
            && (finding.rule.settled.is_some() || !self.is_there(&whole_pointer(&finding.place)))
    }

    /// The flags that settle a finding.
    fn settles(&self, finding: &Finding) -> Option<String> {
        let place = whole_pointer(&finding.place);
        let path = place.trim_start_matches('/').replace('/', ".");
        let sets = finding.rule.settled.map_or(&[][..], |settled| settled.sets);
        let is_its = |set: &&&str| {
            let rest = set.strip_prefix(path.as_str());
            rest.is_some_and(|rest| rest.starts_with(['.', '=', ':']))
        };
        // A rule with one way out has it wherever the finding stands.
        let known = sets.iter().find(is_its).or(sets.first().filter(|_| sets.len() == 1));
        match known {
            Some(set) => Some(format!("--set {set}")),
            None if path.is_empty() => None,
            None => self.line_for(&place, finding),
        }
    }
}

/// `ASK --set A, --set B, or those fields in the profile's defaults [RULE]`.
fn in_one_line(ask: &str, sets: &[String], rule: &str) -> String {
    let colon = if ask.ends_with(['?', ':']) || sets.is_empty() { "" } else { ":" };
    let fields = match sets {
        [] => return format!("{ask} [{rule}]"),
        [_] => "that field",
        _ => "those fields",
    };
    format!("{ask}{colon} {}, or {fields} in the profile's defaults [{rule}]", sets.join(", "))
}
