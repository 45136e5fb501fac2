//! What a project says about rules: how severe they are, and at which places their findings are accepted.

use std::ops::Range;

use globset::{GlobBuilder, GlobMatcher};
use jiff::civil::Date;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::ProjectReader;
use crate::contract::Severity;
use crate::input::PathGlob;
use crate::near::did_you_mean;
use crate::profile::text::Problem;

/// The word that turns a rule off.
const OFF: &str = "off";

/// The help where a section lacks a key.
const SECTION: &str =
    "a section has `rule`, `path` and `reason`, and may have `pointer` and `until`";

/// Findings that a project has accepted: a section `[[lint.ignore]]`.
#[derive(Clone, Debug)]
pub struct IgnoredFindings {
    /// The code of their rule.
    pub rule: String,
    /// Their files.
    pub path: PathGlob,
    /// Their places in the payload; `None` for all.
    pointer: Option<GlobMatcher>,
    /// Why they are accepted.
    pub reason: String,
    /// The last day on which they are.
    pub until: Option<Date>,
    /// The line of the section in its file, from 1.
    pub line: usize,
}

impl IgnoredFindings {
    /// Whether the section is about a place, given as RFC 6901 pointers into the payload and into the string there.
    pub fn is_at(&self, pointer: &str, inner_pointer: Option<&str>) -> bool {
        let Some(glob) = &self.pointer else { return true };
        glob.is_match(pointer)
            || inner_pointer.is_some_and(|inner| glob.is_match(format!("{pointer}{inner}")))
    }

    /// Whether it holds for all places of its files.
    pub fn is_everywhere(&self) -> bool {
        self.pointer.is_none()
    }

    /// Whether its last day has passed.
    pub fn has_ended(&self, today: Date) -> bool {
        self.until.is_some_and(|until| until < today)
    }
}

impl ProjectReader<'_> {
    pub(super) fn fail_on(&mut self, value: &Spanned<DeValue<'_>>) {
        match value.get_ref() {
            DeValue::String(word) if word == "error" => {
                self.project.fail_on = Some(Severity::Error);
            }
            DeValue::String(word) if word == "warning" => {
                self.project.fail_on = Some(Severity::Warning);
            }
            DeValue::String(word) => {
                self.unknown_word("fail_on", word, value, &["error", "warning"])
            }
            _ => self.wrong_type("fail_on", value, "\"error\" or \"warning\""),
        }
    }

    pub(super) fn severities(&mut self, value: &Spanned<DeValue<'_>>) {
        let DeValue::Table(table) = value.get_ref() else {
            return self.wrong_type("severity", value, "a section [lint.severity]");
        };
        if !self.are_few("severity", value, table.len()) {
            return;
        }
        for (key, value) in table {
            let code = key.get_ref();
            if !(self.names.is_waivable)(code) {
                self.no_such_rule(code, key.span());
                continue;
            }
            let DeValue::String(word) = value.get_ref() else {
                self.wrong_type(code, value, "\"off\", \"error\", \"warning\" or \"hint\"");
                continue;
            };
            let severity = Severity::ALL.into_iter().find(|severity| severity.word() == word);
            match severity {
                Some(severity) => self.project.severities.push((code.to_string(), severity)),
                None if word == OFF => self.project.allow.push(code.to_string()),
                None => {
                    let words = Severity::ALL.map(Severity::word);
                    let words: Vec<&str> = std::iter::once(OFF).chain(words).collect();
                    self.unknown_word(code, word, value, &words);
                }
            }
        }
    }

    pub(super) fn ignores(&mut self, value: &Spanned<DeValue<'_>>) {
        let DeValue::Array(entries) = value.get_ref() else {
            return self.wrong_type("ignore", value, "a list of sections [[lint.ignore]]");
        };
        if !self.are_few("ignore", value, entries.len()) {
            return;
        }
        for entry in entries.iter() {
            match entry.get_ref() {
                DeValue::Table(table) => self.ignore(entry.span(), table),
                _ => self.wrong_type("ignore", entry, "a section [[lint.ignore]]"),
            }
        }
    }

    fn ignore(&mut self, section: Range<usize>, table: &DeTable<'_>) {
        let before = self.problems.len();
        let (mut rule, mut path, mut reason) = (None, None, None);
        let (mut pointer, mut until) = (None, None);
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "rule" => rule = self.rule(value),
                "path" => path = self.glob("path", value),
                "reason" => reason = self.reason(value),
                "pointer" => pointer = self.pointer(value),
                "until" => until = self.until(value),
                _ => {
                    let keys = ["rule", "path", "reason", "pointer", "until"];
                    self.unknown(key, &keys, SECTION);
                }
            }
        }
        match (rule, path, reason) {
            // What is there and wrong has been reported.
            _ if self.problems.len() > before => {}
            (Some(rule), Some(path), Some(reason)) => {
                let line = (self.line_of)(section.start);
                let ignored = IgnoredFindings { rule, path, pointer, reason, until, line };
                self.project.ignores.push(ignored);
            }
            (rule, path, _) => {
                let lacks = match (rule, path) {
                    (None, _) => "rule",
                    (_, None) => "path",
                    _ => "reason",
                };
                self.problem(section.clone(), |_| {
                    Problem::new(section, format!("the section has no `{lacks}`"))
                        .help(SECTION.to_owned())
                });
            }
        }
    }

    fn rule(&mut self, value: &Spanned<DeValue<'_>>) -> Option<String> {
        match value.get_ref() {
            DeValue::String(code) if (self.names.is_waivable)(code) => Some(code.to_string()),
            DeValue::String(code) => {
                self.no_such_rule(code, value.span());
                None
            }
            _ => {
                self.wrong_type("rule", value, "a code in quotes");
                None
            }
        }
    }

    fn reason(&mut self, value: &Spanned<DeValue<'_>>) -> Option<String> {
        match value.get_ref() {
            DeValue::String(text) if !text.trim().is_empty() => Some(text.to_string()),
            DeValue::String(_) => {
                self.problem(value.span(), |_| {
                    Problem::new(value.span(), "`reason` is empty")
                        .help("write why these findings are accepted".to_owned())
                });
                None
            }
            _ => {
                self.wrong_type("reason", value, "a sentence in quotes");
                None
            }
        }
    }

    fn pointer(&mut self, value: &Spanned<DeValue<'_>>) -> Option<GlobMatcher> {
        let DeValue::String(text) = value.get_ref() else {
            self.wrong_type("pointer", value, "a pointer in quotes, as \"/audience/*\"");
            return None;
        };
        if !text.starts_with('/') && !text.is_empty() {
            self.problem(value.span(), |_| {
                Problem::new(value.span(), format!("the pointer `{text}` begins without a slash"))
                    .help(format!("did you mean `/{text}`?"))
            });
            return None;
        }
        let glob = GlobBuilder::new(text).literal_separator(true).backslash_escape(true).build();
        glob.map(|glob| glob.compile_matcher())
            .map_err(|error| {
                let why = error.kind().to_string();
                self.problem(value.span(), |_| Problem::new(value.span(), why));
            })
            .ok()
    }

    fn until(&mut self, value: &Spanned<DeValue<'_>>) -> Option<Date> {
        let text = match value.get_ref() {
            DeValue::Datetime(moment) => moment.to_string(),
            DeValue::String(text) => text.to_string(),
            _ => {
                self.wrong_type("until", value, "a day, as 2027-03-31");
                return None;
            }
        };
        let day = Date::strptime("%Y-%m-%d", &text);
        day.map_err(|_| {
            self.problem(value.span(), |_| {
                Problem::new(value.span(), format!("`until` is `{text}`, and should be a day"))
                    .help("write it as 2027-03-31".to_owned())
            });
        })
        .ok()
    }

    fn unknown_word(
        &mut self,
        key: &str,
        word: &str,
        value: &Spanned<DeValue<'_>>,
        known: &[&str],
    ) {
        self.problem(value.span(), |_| {
            let all = || format!("it can be `{}`", known.join("`, `"));
            let help = did_you_mean(word, known.iter().copied()).unwrap_or_else(all);
            Problem::new(value.span(), format!("`{key}` cannot be `{word}`")).help(help)
        });
    }
}
