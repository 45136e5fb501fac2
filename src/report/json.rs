//! One JSON document with everything: version 1 of what scripts rely on.

use serde::Serialize;

use super::{Linted, Record, Renderer, Summary};
use crate::error::Error;

/// Findings as one JSON document.
#[derive(Debug, Default)]
pub(super) struct Json {
    findings: Vec<Record>,
    trouble: Vec<Failure>,
}

#[derive(Serialize)]
struct Document<'a> {
    version: u8,
    summary: &'a Summary,
    findings: &'a [Record],
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Failure>,
}

/// An error as machines read it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Failure {
    kind: &'static str,
    exit_code: u8,
    message: String,
    help: Option<String>,
}

impl Failure {
    pub(super) fn of(error: &Error) -> Self {
        Self {
            kind: error.kind().word(),
            exit_code: error.exit().code(),
            message: error.full_message(),
            help: error.advice().map(str::to_owned),
        }
    }
}

impl Renderer for Json {
    fn payload(&mut self, linted: &Linted<'_>) -> String {
        self.findings.extend_from_slice(&linted.records);
        String::new()
    }

    fn trouble(&mut self, error: &Error) -> String {
        self.trouble.push(Failure::of(error));
        String::new()
    }

    /// One document has room for one error: the one that decides the exit code, with the messages of all.
    fn finish(&mut self, summary: &Summary) -> String {
        let messages: Vec<&str> = self.trouble.iter().map(|one| one.message.as_str()).collect();
        let worst = self.trouble.iter().max_by_key(|one| one.exit_code);
        let error = worst.map(|one| Failure { message: messages.join("; "), ..one.clone() });
        let document = Document { version: 1, summary, findings: &self.findings, error };
        pretty(&document)
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
        insta::assert_snapshot!(rendered(&mut Json::default()), @"");
    }
}
