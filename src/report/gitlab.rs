//! Code Quality report of GitLab: <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>.

use std::collections::HashMap;

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::json::pretty;
use super::{Linted, Record, Renderer, Summary, escape};
use crate::contract::Severity;

/// Findings as a Code Quality report.
#[derive(Debug, Default)]
pub(super) struct Gitlab {
    issues: Vec<Issue>,
    seen: HashMap<String, usize>,
}

#[derive(Debug, Serialize)]
struct Issue {
    description: String,
    check_name: String,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Debug, Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Debug, Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

impl Renderer for Gitlab {
    fn payload(&mut self, linted: &Linted<'_>) -> String {
        for record in &linted.records {
            let fingerprint = self.fingerprint(record);
            self.issues.push(issue(record, fingerprint));
        }
        String::new()
    }

    fn finish(&mut self, _: &Summary) -> String {
        pretty(&self.issues)
    }
}

impl Gitlab {
    /// Stays the same when lines move: rule, file, place in the body and words, and how often they occurred before.
    fn fingerprint(&mut self, record: &Record) -> String {
        let Record { code, file, pointer, inner_pointer, message, .. } = record;
        let inner = inner_pointer.as_deref().unwrap_or_default();
        let what = [code, file, pointer, inner, message].join("\0");
        let times = self.seen.entry(what.clone()).or_default();
        *times += 1;
        let digest = Sha256::digest(format!("{what}\0{times}"));
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

fn issue(record: &Record, fingerprint: String) -> Issue {
    Issue {
        description: escape(&record.message),
        check_name: record.code.clone(),
        fingerprint,
        severity: match record.severity {
            Severity::Error => "major",
            Severity::Warning => "minor",
            Severity::Hint => "info",
        },
        location: Location {
            path: record.file.strip_prefix("./").unwrap_or(&record.file).to_owned(),
            lines: Lines { begin: record.line, end: record.end_line },
        },
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::rendered;
    use super::*;

    #[test]
    fn the_sample_looks_like_this() {
        insta::assert_snapshot!(rendered(&mut Gitlab::default()), @"");
    }
}
