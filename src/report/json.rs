//! One JSON document with everything: version 1 of the interface for scripts.

use serde::Serialize;

use super::{
    FindingRecord, LeftOut, LintedPayload, ReadCount, Renderer, ReportedPath, RuleCount,
    RuleCounts, Summary, Trouble, TroublePlace,
};
use crate::error::Error;

/// Findings as one JSON document.
#[derive(Debug, Default)]
pub(super) struct Json {
    findings: Vec<FindingRecord>,
    trouble: Vec<JsonError>,
}

#[derive(Serialize)]
struct JsonReport<'a> {
    version: u8,
    summary: &'a Summary,
    read: &'a [ReadCount],
    left_out: &'a [LeftOut],
    #[serde(skip_serializing_if = "Option::is_none")]
    statistics: Option<Vec<&'a RuleCount>>,
    findings: &'a [FindingRecord],
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<JsonError>,
}

/// An error in the form for machines.
#[derive(Clone, Debug, Serialize)]
pub(super) struct JsonError {
    kind: &'static str,
    exit_code: u8,
    message: String,
    help: Option<String>,
    /// The places in files that it is about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    places: Vec<JsonPlace>,
}

#[derive(Clone, Debug, Serialize)]
struct JsonPlace {
    file: ReportedPath,
    line: usize,
    column: usize,
    message: String,
    help: Option<String>,
}

impl JsonError {
    pub(super) fn of(trouble: &Trouble<'_>) -> Self {
        let error = trouble.error;
        let place = |place: &TroublePlace| {
            let TroublePlace { file, line, column, message, help } = place.clone();
            JsonPlace { file, line, column, message, help }
        };
        Self {
            kind: error.kind().word(),
            exit_code: error.exit().code(),
            message: error.full_message(),
            help: error.advice().map(str::to_owned),
            places: trouble.places.iter().map(place).collect(),
        }
    }
}

impl Renderer for Json {
    fn payload(&mut self, linted: &LintedPayload<'_>) -> String {
        self.findings.extend_from_slice(&linted.records);
        String::new()
    }

    fn trouble(&mut self, trouble: &Trouble<'_>) -> String {
        self.trouble.push(JsonError::of(trouble));
        String::new()
    }

    fn unreadable(&mut self, error: &Error) -> String {
        self.trouble(&Trouble::new(error))
    }

    /// One document can hold one error: the one that decides the exit code, with the messages of all errors.
    fn finish(&mut self, summary: &Summary) -> String {
        let messages: Vec<&str> = self.trouble.iter().map(|one| one.message.as_str()).collect();
        let worst = self.trouble.iter().max_by_key(|one| one.exit_code);
        let error = worst.map(|one| {
            let places = self.trouble.iter().flat_map(|one| one.places.iter().cloned()).collect();
            JsonError { message: messages.join("; "), places, ..one.clone() }
        });
        let (read, left_out) = (&summary.read, &summary.left_out_files);
        let findings = &self.findings;
        let statistics = summary.statistics.as_ref().map(RuleCounts::sorted);
        pretty(&JsonReport { version: 1, summary, read, left_out, statistics, findings, error })
    }
}

/// Indented JSON with a line end.
pub(super) fn pretty(document: &impl Serialize) -> String {
    let text = serde_json::to_string_pretty(document).expect("structs of texts and numbers");
    text + "\n"
}

#[cfg(test)]
mod tests {
    use super::super::sample::rendered;
    use super::*;

    #[test]
    fn the_sample_looks_like_this() {
        insta::assert_snapshot!(rendered(&mut Json::default()), @r#"
        {
          "version": 1,
          "summary": {
            "files": 3,
            "payloads": 3,
            "unrecognised": 0,
            "left_out": 1,
            "excluded": 0,
            "errors": 2,
            "warnings": 2,
            "hints": 1,
            "hidden": 0
          },
          "read": [
            {
              "operation": "acme/send",
              "by": "keys",
              "payloads": 3,
              "also": []
            }
          ],
          "left_out": [
            {
              "file": "other.json",
              "reason": "it is for another"
            }
          ],
          "findings": [
            {
              "code": "json/syntax",
              "severity": "error",
              "message": "a comma stands before the closing bracket",
              "help": "take the comma out",
              "provider": null,
              "operation": null,
              "file": "./broken, 1.json",
              "line": 1,
              "column": 8,
              "end_line": 1,
              "end_column": 9,
              "byte_start": 7,
              "byte_end": 8,
              "pointer": ""
            },
            {
              "code": "acme/E02",
              "severity": "error",
              "message": "`to` is missing",
              "help": "add \"to\": a user's id",
              "provider": "acme",
              "operation": "send",
              "file": "send.json",
              "line": 1,
              "column": 1,
              "end_line": 1,
              "end_column": 2,
              "byte_start": 0,
              "byte_end": 1,
              "pointer": "/to"
            },
            {
              "code": "acme/W07",
              "severity": "warning",
              "message": "odd: \u001b[2J <100%>",
              "help": null,
              "provider": "acme",
              "operation": "send",
              "file": "send.json",
              "line": 2,
              "column": 12,
              "end_line": 2,
              "end_column": 23,
              "byte_start": 13,
              "byte_end": 31,
              "pointer": "/title"
            },
            {
              "code": "acme/H1",
              "severity": "hint",
              "message": "`n` is 7",
              "help": null,
              "provider": "acme",
              "operation": "send",
              "file": "send.json",
              "line": 2,
              "column": 45,
              "end_line": 2,
              "end_column": 46,
              "byte_start": 53,
              "byte_end": 54,
              "pointer": "/content",
              "inner_pointer": "/n"
            },
            {
              "code": "acme/W07",
              "severity": "warning",
              "message": "odd",
              "help": "one\ntwo",
              "provider": "acme",
              "operation": "send",
              "file": "many.ndjson",
              "line": 7,
              "column": 9,
              "end_line": 7,
              "end_column": 14,
              "byte_start": 308,
              "byte_end": 319,
              "pointer": "/user"
            }
          ],
          "error": {
            "kind": "input",
            "exit_code": 3,
            "message": "cannot read `gone.json`; settings.toml:3:7: unknown key `foo`",
            "help": "line 3: did you mean?",
            "places": [
              {
                "file": "settings.toml",
                "line": 3,
                "column": 7,
                "message": "unknown key `foo`",
                "help": "did you mean?"
              }
            ]
          }
        }
        "#);
    }
}
