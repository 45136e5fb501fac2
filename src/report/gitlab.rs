//! Code Quality report of GitLab: <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>.

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::json::pretty;
use super::record::Fingerprints;
use super::{
    FindingRecord, LeftOut, LintedPayload, Renderer, ReportedPath, Summary, Trouble, TroublePlace,
    escape,
};
use crate::contract::Severity;
use crate::wire::lower_hex;

/// Findings as a Code Quality report.
#[derive(Debug, Default)]
pub(super) struct Gitlab {
    issues: Vec<Issue>,
    fingerprints: Fingerprints,
}

#[derive(Debug, Serialize)]
struct Issue {
    description: String,
    check_name: String,
    fingerprint: String,
    severity: &'static str,
    location: GitlabLocation,
}

#[derive(Debug, Serialize)]
struct GitlabLocation {
    path: String,
    lines: GitlabLines,
}

#[derive(Debug, Serialize)]
struct GitlabLines {
    begin: usize,
    end: usize,
}

impl Renderer for Gitlab {
    fn payload(&mut self, linted: &LintedPayload<'_>) -> String {
        for record in &linted.records {
            let fingerprint = self.fingerprints.of(record);
            self.issues.push(issue(record, fingerprint));
        }
        String::new()
    }

    /// The report has issues alone: what kept files from being linted is one, so that the pipeline does not look clean.
    fn trouble(&mut self, trouble: &Trouble<'_>) -> String {
        let check = trouble.error.kind().word();
        if trouble.places.is_empty() {
            let text = trouble.error.full_message();
            self.issues.push(own_issue(check, "critical", &text, ROOT.to_owned(), 1));
        }
        for TroublePlace { file, line, message, .. } in &trouble.places {
            let path = file.in_repository();
            self.issues.push(own_issue(check, "critical", message, path, *line));
        }
        String::new()
    }

    fn left_out(&mut self, left_out: &LeftOut) -> String {
        let (path, text) = (left_out.file.in_repository(), &left_out.reason);
        let issue = own_issue("left-out", "info", text, path, 1);
        let description = format!("left out: {}", issue.description);
        self.issues.push(Issue { description, ..issue });
        String::new()
    }

    fn finish(&mut self, summary: &Summary) -> String {
        if let Some(words) = summary.hidden_words() {
            let severity = if summary.hidden_errors > 0 { "major" } else { "minor" };
            let path = summary.hidden_in.as_ref().map(ReportedPath::in_repository);
            let path = path.unwrap_or_else(|| ROOT.to_owned());
            self.issues.push(own_issue("hidden", severity, &words, path, 1));
        }
        pretty(&self.issues)
    }
}

/// The path of an issue about no file.
const ROOT: &str = ".";

/// An issue about something else than a payload.
fn own_issue(check: &str, severity: &'static str, text: &str, path: String, line: usize) -> Issue {
    let what = [check, &path, text].join("\0");
    Issue {
        description: escape(text),
        check_name: format!("herald/{check}"),
        fingerprint: lower_hex(&Sha256::digest(what)),
        severity,
        location: GitlabLocation { path, lines: GitlabLines { begin: line, end: line } },
    }
}

fn issue(record: &FindingRecord, fingerprint: String) -> Issue {
    Issue {
        description: escape(&record.message),
        check_name: record.code.clone(),
        fingerprint,
        severity: match record.severity {
            Severity::Error => "major",
            Severity::Warning => "minor",
            Severity::Hint => "info",
        },
        location: GitlabLocation {
            path: record.file.in_repository(),
            lines: GitlabLines { begin: record.line, end: record.end_line },
        },
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::rendered;
    use super::*;

    #[test]
    fn the_sample_looks_like_this() {
        insta::assert_snapshot!(rendered(&mut Gitlab::default()), @r#"
        [
          {
            "description": "a comma stands before the closing bracket",
            "check_name": "json/syntax",
            "fingerprint": "7e6646c1c2356898cf8a7ff3fb24b96dce81550303fd8ac8e58692dc96c02ca6",
            "severity": "major",
            "location": {
              "path": "broken, 1.json",
              "lines": {
                "begin": 1,
                "end": 1
              }
            }
          },
          {
            "description": "`to` is missing",
            "check_name": "acme/E02",
            "fingerprint": "9d91db1a35a9ecbf482aa11971406460d8ae6384eccb4eb50a05f319ff864876",
            "severity": "major",
            "location": {
              "path": "send.json",
              "lines": {
                "begin": 1,
                "end": 1
              }
            }
          },
          {
            "description": "odd: \\u{1b}[2J <100%>",
            "check_name": "acme/W07",
            "fingerprint": "fa17d20b94f2369c9e5294ad668cdaaddc9171101c90b37c4b586f1824529a6b",
            "severity": "minor",
            "location": {
              "path": "send.json",
              "lines": {
                "begin": 2,
                "end": 2
              }
            }
          },
          {
            "description": "`n` is 7",
            "check_name": "acme/H1",
            "fingerprint": "12b7e9639fe1eddc8451b3a0ee0d4f91751f4ec6f6a80971ebd68b43affb5281",
            "severity": "info",
            "location": {
              "path": "send.json",
              "lines": {
                "begin": 2,
                "end": 2
              }
            }
          },
          {
            "description": "odd",
            "check_name": "acme/W07",
            "fingerprint": "db549e7e94360757f39c298d332bac7583bb1e7d5839e26fa94a018e54281a9b",
            "severity": "minor",
            "location": {
              "path": "many.ndjson",
              "lines": {
                "begin": 7,
                "end": 7
              }
            }
          },
          {
            "description": "left out: it is for another",
            "check_name": "herald/left-out",
            "fingerprint": "84f2c1c3bcf360ecf7269155dbff849f4189abea3f9a7bb8bbab5198b048c7e4",
            "severity": "info",
            "location": {
              "path": "other.json",
              "lines": {
                "begin": 1,
                "end": 1
              }
            }
          },
          {
            "description": "cannot read `gone.json`",
            "check_name": "herald/input",
            "fingerprint": "a8cd7e9cd900673be341bca7b67fb1ab842f5ec4ebe19782ec131d4ab94a99a8",
            "severity": "critical",
            "location": {
              "path": ".",
              "lines": {
                "begin": 1,
                "end": 1
              }
            }
          },
          {
            "description": "unknown key `foo`",
            "check_name": "herald/input",
            "fingerprint": "36029a2a462fce5773d0f0b240185656863cf285fb4cabd2f0acf0dc89372840",
            "severity": "critical",
            "location": {
              "path": "settings.toml",
              "lines": {
                "begin": 3,
                "end": 3
              }
            }
          }
        ]
        "#);
    }
}
