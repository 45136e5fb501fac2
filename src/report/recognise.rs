//! Whether a file is a report of herald: only such a file is replaced by a new report, and none is linted.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Cursor, Read, Seek, SeekFrom};

use super::{Format, markdown};
use crate::contract::json_rules;
use crate::document::{Document, ValueView};
use crate::files::first_line;
use crate::provider;

/// The most bytes at the end of a file in which its last line is searched.
const TAIL: u64 = 64 * 1024;

/// Whether a file is a report in a format, of this or an older version.
pub(super) fn is_report(format: Format, file: File) -> bool {
    match format {
        Format::Human | Format::Concise | Format::Github => is_summary(&last_line(file)),
        Format::Json => is_document(file, is_json_report),
        Format::Ndjson => is_ndjson(file),
        Format::Sarif => is_document(file, is_sarif_log),
        Format::Junit => is_junit(file),
        Format::Markdown => is_heading(&first_line(file)),
        Format::Gitlab => is_document(file, is_code_quality),
    }
}

/// Whether a document is a report of herald, or a line of one.
pub fn is_report_document(root: ValueView<'_>) -> bool {
    match root.as_array() {
        Some(issues) => !issues.is_empty() && is_code_quality(root),
        None => is_json_report(root) || is_sarif_log(root) || report_line(root).is_some(),
    }
}

/// Whether a text that is not JSON is a report of herald.
pub fn is_report_text(bytes: &[u8]) -> bool {
    let text = || Cursor::new(bytes);
    // What begins as JSON does is meant to be some.
    let is_json = matches!(bytes.trim_ascii_start().first(), None | Some(b'{' | b'['));
    !is_json
        && (is_junit(text()) || is_heading(&first_line(text())) || is_summary(&last_line(text())))
}

fn is_document(file: File, is_one: fn(ValueView<'_>) -> bool) -> bool {
    let mut bytes = Vec::new();
    let read = BufReader::new(file).read_to_end(&mut bytes);
    let document = read.ok().and_then(|_| Document::from_bytes(bytes).ok());
    document.is_some_and(|document| is_one(document.view()))
}

fn member<'a>(value: ValueView<'a>, name: &str) -> Option<ValueView<'a>> {
    value.as_object()?.get(name)
}

fn text_at<'a>(value: ValueView<'a>, name: &str) -> Option<&'a str> {
    member(value, name)?.as_str()
}

/// Whether a value has the members of the first version of herald's own JSON.
fn is_first_version(value: ValueView<'_>) -> bool {
    member(value, "version").and_then(ValueView::as_integer) == Some(1)
}

/// Whether it counts files and payloads, as every version of a report does.
fn has_summary(value: ValueView<'_>) -> bool {
    let has_count =
        |summary, name| member(summary, name).is_some_and(|count| count.as_integer().is_some());
    member(value, "summary")
        .is_some_and(|summary| has_count(summary, "files") && has_count(summary, "payloads"))
}

fn is_json_report(root: ValueView<'_>) -> bool {
    let findings = || member(root, "findings").and_then(ValueView::as_array);
    is_first_version(root) && has_summary(root) && findings().is_some()
}

fn is_sarif_log(root: ValueView<'_>) -> bool {
    let Some(runs) = member(root, "runs").and_then(ValueView::as_array) else { return false };
    let driver = |run| member(member(run, "tool")?, "driver");
    let is_own = |run| driver(run).and_then(|driver| text_at(driver, "name")) == Some("herald");
    !runs.is_empty() && runs.values().all(is_own)
}

/// A line of NDJSON.
#[derive(PartialEq, Eq)]
enum ReportLine {
    Summary,
    /// A finding, or an error.
    Other,
}

fn report_line(line: ValueView<'_>) -> Option<ReportLine> {
    if !is_first_version(line) {
        return None;
    }
    let is_finding = || {
        text_at(line, "code").is_some_and(is_code)
            && ["severity", "file", "line"].iter().all(|name| member(line, name).is_some())
    };
    let is_error = || {
        let error = member(line, "error");
        error.is_some_and(|error| {
            text_at(error, "kind").is_some() && member(error, "exit_code").is_some()
        })
    };
    match has_summary(line) {
        true => Some(ReportLine::Summary),
        false => (is_finding() || is_error()).then_some(ReportLine::Other),
    }
}

/// Whether each line is one of a report, and the last one is its summary.
fn is_ndjson(file: File) -> bool {
    let mut last = None;
    for line in BufReader::new(file).split(b'\n') {
        let document = line.ok().and_then(|line| Document::from_bytes(line).ok());
        last = document.and_then(|document| report_line(document.view()));
        if last.is_none() {
            return false;
        }
    }
    last == Some(ReportLine::Summary)
}

fn is_heading(line: &[u8]) -> bool {
    line.trim_ascii() == markdown::HEADING.as_bytes()
}

fn is_junit(file: impl Read) -> bool {
    let mut start = String::new();
    // The declaration is shorter than this, and so is the tag behind it.
    let read = file.take(256).read_to_string(&mut start);
    let second = start.strip_prefix("<?xml ").and_then(|rest| rest.split_once("?>"));
    read.is_ok()
        && second
            .is_some_and(|(_, rest)| rest.trim_start().starts_with("<testsuites name=\"herald\""))
}

/// Whether each issue of a Code Quality report is of herald. Of other tools, the names of checks have no provider before
/// them.
fn is_code_quality(root: ValueView<'_>) -> bool {
    let is_digest = |text: &str| text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
    let is_issue = |issue| {
        text_at(issue, "check_name").is_some_and(is_code)
            && text_at(issue, "fingerprint").is_some_and(is_digest)
            && member(issue, "location").is_some()
    };
    root.as_array().is_some_and(|issues| issues.values().all(is_issue))
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
fn last_line(mut file: impl Read + Seek) -> String {
    let mut tail = Vec::new();
    let read = file
        .seek(SeekFrom::End(0))
        .and_then(|length| file.seek(SeekFrom::Start(length.saturating_sub(TAIL))))
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
