//! Whether a file is a report of herald: only such a file is replaced by a new report.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom};

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use super::{Format, markdown};
use crate::contract::json_rules;
use crate::files::first_line;
use crate::provider;

/// The most bytes at the end of a file in which its last line is searched.
const TAIL: u64 = 64 * 1024;

/// Whether a file is a report in a format, of this or an older version.
pub(super) fn is_report(format: Format, file: File) -> bool {
    match format {
        Format::Human | Format::Concise | Format::Github => is_summary(&last_line(file)),
        Format::Json => read(file).is_some_and(|report: JsonReportHead| report.version == 1),
        Format::Ndjson => is_ndjson(file),
        Format::Sarif => read(file).is_some_and(|log: SarifLogHead| {
            !log.runs.is_empty() && log.runs.iter().all(|run| run.tool.driver.name == "herald")
        }),
        Format::Junit => is_junit(file),
        Format::Markdown => first_line(file).trim_ascii() == markdown::HEADING.as_bytes(),
        Format::Gitlab => read(file).is_some_and(|all: Vec<GitlabIssue>| all.iter().all(is_issue)),
    }
}

/// The members that every version of a JSON report has.
#[derive(Deserialize)]
struct JsonReportHead {
    version: u64,
    #[expect(dead_code, reason = "it only has to be there")]
    summary: JsonSummary,
    #[expect(dead_code, reason = "it only has to be there")]
    findings: Vec<IgnoredAny>,
}

#[derive(Deserialize)]
struct JsonSummary {
    #[expect(dead_code, reason = "it only has to be there")]
    files: u64,
    #[expect(dead_code, reason = "it only has to be there")]
    payloads: u64,
}

#[derive(Deserialize)]
struct NdjsonLine {
    version: u64,
    code: Option<String>,
    error: Option<IgnoredAny>,
    summary: Option<JsonSummary>,
}

#[derive(Deserialize)]
struct SarifLogHead {
    runs: Vec<SarifRunHead>,
}

#[derive(Deserialize)]
struct SarifRunHead {
    tool: SarifToolHead,
}

#[derive(Deserialize)]
struct SarifToolHead {
    driver: SarifDriverHead,
}

#[derive(Deserialize)]
struct SarifDriverHead {
    name: String,
}

#[derive(Deserialize)]
struct GitlabIssue {
    check_name: String,
    fingerprint: String,
    #[expect(dead_code, reason = "it only has to be there")]
    location: IgnoredAny,
}

fn read<T: DeserializeOwned>(file: File) -> Option<T> {
    serde_json::from_reader(BufReader::new(file)).ok()
}

/// Whether each line is one of a report, and the last one is its summary.
fn is_ndjson(file: File) -> bool {
    let mut is_complete = false;
    for line in BufReader::new(file).lines() {
        let line = line.ok().and_then(|line| serde_json::from_str::<NdjsonLine>(&line).ok());
        let Some(line) = line.filter(|line| line.version == 1) else { return false };
        is_complete = line.summary.is_some();
        if !is_complete && line.error.is_none() && !line.code.is_some_and(|code| is_code(&code)) {
            return false;
        }
    }
    is_complete
}

fn is_junit(file: File) -> bool {
    let mut start = String::new();
    // The declaration is shorter than this, and so is the tag behind it.
    let read = file.take(256).read_to_string(&mut start);
    let second = start.strip_prefix("<?xml ").and_then(|rest| rest.split_once("?>"));
    read.is_ok()
        && second
            .is_some_and(|(_, rest)| rest.trim_start().starts_with("<testsuites name=\"herald\""))
}

/// Of other tools, the names of checks have no provider before them.
fn is_issue(issue: &GitlabIssue) -> bool {
    let is_digest = |text: &str| text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
    is_code(&issue.check_name) && is_digest(&issue.fingerprint)
}

/// Whether a text has the form of the code of a rule.
fn is_code(code: &str) -> bool {
    let space = code.split_once('/').map(|(space, _)| space);
    let mut contracts = provider::ALL.iter().map(|vendor| vendor.contract().id);
    // herald says under its own name which files it left out.
    let own = [json_rules::SPACE, "herald"];
    space.is_some_and(|space| own.contains(&space) || contracts.any(|id| id == space))
}

/// The last line that is not blank.
fn last_line(mut file: File) -> String {
    let length = file.metadata().map_or(0, |about| about.len());
    let mut tail = Vec::new();
    let read = file
        .seek(SeekFrom::Start(length.saturating_sub(TAIL)))
        .and_then(|_| file.take(TAIL).read_to_end(&mut tail));
    let text = String::from_utf8_lossy(&tail);
    let last = text.lines().rev().find(|line| !line.trim().is_empty());
    read.ok().and(last).unwrap_or_default().to_owned()
}

/// Whether a line is the summary for people, as `2 files, 1 payload: nothing to report`.
fn is_summary(line: &str) -> bool {
    let count = |part: &str, thing: &str| {
        let mut words = part.split(' ');
        let number = words.next().is_some_and(|number| number.parse::<u64>().is_ok());
        let noun = words.next().map(|noun| noun.trim_end_matches([':', 's', ';', ',']));
        number && noun == Some(thing)
    };
    let mut parts = line.split(", ");
    parts.next().is_some_and(|files| count(files, "file"))
        && parts.next().is_some_and(|payloads| count(payloads, "payload"))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::super::sample::rendered;
    use super::super::{FindingStyle, renderer};
    use super::*;

    fn is_one(format: Format, text: &str) -> bool {
        let mut file = tempfile::tempfile().expect("a file");
        file.write_all(text.as_bytes()).and_then(|()| file.rewind()).expect("writable");
        is_report(format, file)
    }

    #[test]
    fn a_report_is_one_in_its_own_format_alone() {
        let reports = Format::WORDS.map(|(word, format)| {
            let text = rendered(&mut *renderer(format, FindingStyle::default()));
            (word, format, text.replace("acme/", "wildfire/"))
        });
        for (word, format, text) in &reports {
            assert!(is_one(*format, text), "{word}: {text}");
            // The first half of it is none: it was not written by herald.
            let half = text.char_indices().nth(text.chars().count() / 2).map_or(0, |(at, _)| at);
            let begins = [Format::Junit, Format::Markdown].contains(format);
            assert!(begins || !is_one(*format, &text[..half]), "{word}");
        }
        // The reports for people end with the same line.
        let same = |one: Format, other: Format| {
            let people = [Format::Human, Format::Concise, Format::Github];
            one == other || [one, other].iter().all(|format| people.contains(format))
        };
        for (word, format, text) in &reports {
            for (_, other, _) in reports.iter().filter(|(_, other, _)| !same(*format, *other)) {
                assert!(!is_one(*other, text), "{word} is no {other:?}");
            }
        }
    }

    #[test]
    fn files_of_people_and_of_other_tools_are_no_reports() {
        for text in [
            "# A project\n\nIt has 2 files, 1 payload.\n",
            "{\"sender\":\"a\",\"conv\":{\"type\":0,\"target\":\"b\"}}",
            "{\"version\":1,\"summary\":\"of the year\",\"findings\":[]}",
            "{\"version\":1,\"outcome\":\"accepted\"}\n",
            "{\"version\":\"2.1.0\",\"runs\":[{\"tool\":{\"driver\":{\"name\":\"ruff\"}}}]}",
            "{\"version\":\"2.1.0\",\"runs\":[]}",
            "[{\"check_name\":\"E501\",\"fingerprint\":\"0\",\"location\":{}}]",
            "[{\"to\":[\"u1\"]}]",
            "<?xml version=\"1.0\"?>\n<testsuites name=\"cargo\">\n</testsuites>\n",
            "default = \"staging\"\n",
            "{}",
            " \n",
            "\u{0}\u{1}",
        ] {
            for (word, format) in Format::WORDS {
                assert!(!is_one(format, text), "{word}: {text}");
            }
        }
    }
}
