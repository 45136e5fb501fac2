//! A JSON document a line: findings as they are found, then the summary.

use serde::Serialize;

use super::json::Failure;
use super::{Linted, Record, Renderer, Summary};
use crate::error::Error;

/// Findings a line each, and the summary.
#[derive(Debug)]
pub(super) struct Ndjson;

#[derive(Serialize)]
struct Versioned<T> {
    version: u8,
    #[serde(flatten)]
    what: T,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Last<'a> {
    Summary(&'a Summary),
    Error(Failure),
}

impl Renderer for Ndjson {
    fn payload(&mut self, linted: &Linted<'_>) -> String {
        linted.records.iter().map(|record: &Record| line(record)).collect()
    }

    fn trouble(&mut self, error: &Error) -> String {
        line(Last::Error(Failure::of(error)))
    }

    fn finish(&mut self, summary: &Summary) -> String {
        line(Last::Summary(summary))
    }
}

fn line(what: impl Serialize) -> String {
    let document = Versioned { version: 1, what };
    let text = serde_json::to_string(&document).expect("structs of texts and numbers");
    text + "\n"
}

#[cfg(test)]
mod tests {
    use super::super::sample::rendered;
    use super::*;

    #[test]
    fn the_sample_looks_like_this() {
        insta::assert_snapshot!(rendered(&mut Ndjson), @"");
    }
}
