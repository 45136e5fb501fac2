//! `--allow CODE`: rules that the user ignores by name.

use std::collections::HashSet;

use super::{Contract, Finding, Rule, json_rules};
use crate::error::{Error, Result};
use crate::near::did_you_mean;

/// Rules that are never ignored: what breaks one is not a payload, or is not linted.
const NEVER: [&str; 7] =
    ["syntax", "encoding", "depth", "duplicate-key", "not-an-object", "ambiguous", "unreadable"];

fn is_never_waived(code: &str) -> bool {
    code.strip_prefix("json/").is_some_and(|id| NEVER.contains(&id))
}

/// The known rules, by the first part of their codes.
fn spaces(
    contracts: &[&'static Contract],
) -> impl Iterator<Item = (&'static str, &'static [Rule])> {
    let of_contracts = contracts.iter().map(|contract| (contract.id, contract.rules));
    of_contracts.chain([(json_rules::SPACE, json_rules::RULES)])
}

/// Rules that are ignored. It is not possible to ignore all rules at once.
#[derive(Clone, Debug, Default)]
pub struct IgnoredRules(HashSet<String>);

impl IgnoredRules {
    /// The rules with these codes (`jpush-v2/V2-13`). A code that is unknown or cannot be ignored is a usage error.
    pub fn of(codes: &[String], contracts: &[&'static Contract]) -> Result<Self> {
        for code in codes {
            Self::check(code, contracts)?;
        }
        Ok(Self(codes.iter().cloned().collect()))
    }

    /// Whether a rule is never ignored: what breaks it is not a payload, or is not linted.
    pub fn is_never_waived(code: &str) -> bool {
        is_never_waived(code)
    }

    /// Whether a code may be ignored; if not, why, and what to do.
    pub fn check(code: &str, contracts: &[&'static Contract]) -> Result<()> {
        if is_never_waived(code) {
            return Err(Error::usage(format!("`{code}` cannot be ignored")).help("fix the payload"));
        }
        if Self::is_waivable(code, contracts) {
            return Ok(());
        }
        let of = |(space, rules): (&'static str, &'static [Rule])| {
            rules.iter().map(move |rule| format!("{space}/{}", rule.id))
        };
        let names: Vec<String> = spaces(contracts).flat_map(of).collect();
        // A user who leaves out the provider means the rule with that id.
        let whole =
            names.iter().find(|name| name.split_once('/').is_some_and(|(_, id)| id == code));
        let help = match whole {
            Some(name) => format!("did you mean `{name}`?"),
            None => did_you_mean(code, names.iter().map(String::as_str)).unwrap_or_else(|| {
                "a code is the part in brackets of a finding, as `json/null`".to_owned()
            }),
        };
        Err(Error::usage(format!("there is no rule `{code}`")).help(help))
    }

    /// Whether a code may be ignored. It allocates nothing, because a file can name very many codes.
    pub fn is_waivable(code: &str, contracts: &[&'static Contract]) -> bool {
        let has = |space: &str, id: &str| {
            let own = spaces(contracts).filter(|(known, _)| *known == space);
            own.flat_map(|(_, rules)| rules).any(|rule| rule.id == id)
        };
        !is_never_waived(code) && code.split_once('/').is_some_and(|(space, id)| has(space, id))
    }

    /// Ignores rules that [`IgnoredRules::check`] has already accepted.
    pub fn add(&mut self, codes: impl IntoIterator<Item = String>) {
        self.0.extend(codes);
    }

    /// Whether no rule is ignored.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a finding is ignored.
    pub fn cover(&self, finding: &Finding) -> bool {
        self.covers(finding.space, finding.rule)
    }

    /// Whether all findings of a rule are ignored.
    pub fn covers(&self, space: &str, rule: &Rule) -> bool {
        !self.0.is_empty() && self.0.contains(&format!("{space}/{}", rule.id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Place, Span};
    use crate::exit::Exit;

    fn of(code: &str) -> Result<IgnoredRules> {
        IgnoredRules::of(&[code.to_owned()], &[])
    }

    #[test]
    fn one_rule_is_waived_and_no_other() {
        let finding = |id| Finding {
            space: json_rules::SPACE,
            rule: json_rules::find(id).expect("a rule"),
            message: String::new(),
            help: None,
            place: Place { pointer: String::new(), inner_pointer: None, span: Span::default() },
        };
        let waivers = of("json/null").expect("may be waived");
        assert!(waivers.cover(&finding("null")));
        assert!(!waivers.cover(&finding("integral-float")));
    }

    #[test]
    fn what_does_not_exist_or_must_not_be_waived_is_wrong_usage() {
        #[rustfmt::skip]
        let table = [
            ("json/syntax",         "cannot be ignored", "fix"),
            ("json/duplicate-key",  "cannot be ignored", "fix"),
            ("json/not-an-object",  "cannot be ignored", "fix"),
            ("json/nul",            "no rule",          "did you mean `json/null`?"),
            ("null",                "no rule",          "did you mean `json/null`?"),
            ("*",                   "no rule",          "brackets"),
            ("",                    "no rule",          "brackets"),
        ];
        for (code, message, help) in table {
            let error = of(code).expect_err(code);
            assert!(error.full_message().contains(message), "{code}: {}", error.full_message());
            assert!(
                error.advice().is_some_and(|advice| advice.contains(help)),
                "{code}: {error:?}"
            );
            assert_eq!(error.exit(), Exit::Usage);
        }
    }
}
