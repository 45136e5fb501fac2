//! What happens to the findings of one file: which are reported, how severe they are, and which make the run fail.

use std::path::Path;

use jiff::civil::Date;

use super::settings::FileSettings;
use crate::contract::{Finding, Rule, Severity};
use crate::lint::IgnoredRules;

/// What the command line and the project's settings say about the findings of a file.
pub(super) struct FilePolicy<'a> {
    /// The rules that are not reported.
    pub(super) waivers: &'a IgnoredRules,
    settings: Option<&'a FileSettings>,
    /// The sections `[[lint.ignore]]` that are about the file, by their numbers.
    sections: Vec<usize>,
    fail_on: Severity,
    today: Date,
}

impl<'a> FilePolicy<'a> {
    /// The policy for a file whose settings are known; without a place in a folder, as stdin, no pattern matches it.
    pub(super) fn of(settings: &'a FileSettings, site: Option<&Path>, today: Date) -> Self {
        let sections = settings.sections(site);
        let (waivers, fail_on) = (&settings.waivers, settings.fail_on);
        Self { waivers, settings: Some(settings), sections, fail_on, today }
    }

    /// The policy for a file whose settings cannot be used.
    pub(super) fn without_settings(
        waivers: &'a IgnoredRules,
        fail_on: Severity,
        today: Date,
    ) -> Self {
        Self { waivers, settings: None, sections: Vec::new(), fail_on, today }
    }

    /// The severity with which findings of a rule are reported; `None` if the rule is ignored.
    pub(super) fn severity(&self, space: &str, rule: &Rule) -> Option<Severity> {
        if self.waivers.covers(space, rule) {
            return None;
        }
        let own = self.settings.and_then(|settings| settings.severity(space, rule));
        Some(own.unwrap_or(rule.severity))
    }

    /// Whether findings are treated by their places, or have another severity than their rule.
    pub(super) fn looks_at_each(&self) -> bool {
        !self.sections.is_empty() || self.settings.is_some_and(FileSettings::has_own_severities)
    }

    /// Whether a section `[[lint.ignore]]` accepts a finding. Where one did until its last day, the help of the finding
    /// says so.
    pub(super) fn accepts(&self, finding: &mut Finding) -> bool {
        let Some(settings) = self.settings.filter(|_| !self.sections.is_empty()) else {
            return false;
        };
        let code = finding.code();
        for number in &self.sections {
            let section = settings.section(*number);
            let (pointer, inner) = (&finding.place.pointer, &finding.place.inner_pointer);
            if section.rule != code || !section.is_at(pointer, inner.as_deref()) {
                continue;
            }
            settings.use_section(*number);
            if !section.has_ended(self.today) {
                return true;
            }
            let until = section.until.map(|day| day.to_string()).unwrap_or_default();
            let ended = format!("the [[lint.ignore]] of herald.toml about it ended on {until}");
            finding.help = Some(match finding.help.take() {
                Some(help) => format!("{help}\n{ended}"),
                None => ended,
            });
        }
        false
    }

    /// Whether findings of this severity make the run fail.
    pub(super) fn fails(&self, severity: Severity) -> bool {
        severity <= self.fail_on
    }
}
