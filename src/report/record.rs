//! A finding in the form for output: with file, line and column.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::ops::Range;

use serde::{Serialize, Serializer};
use sha2::{Digest as _, Sha256};

use super::ReportedPath;
use crate::contract::identify::Named;
use crate::contract::{Finding, Rule, Severity};
use crate::document::Span;
use crate::redact::Redactor;
use crate::wire::lower_hex;

/// A finding in the form for machines. Names and order of its members are part of the interface.
#[derive(Clone, Debug, Serialize)]
pub struct FindingRecord {
    /// The code that never changes.
    pub code: String,
    /// How severe it is.
    #[serde(serialize_with = "word")]
    pub severity: Severity,
    /// What is wrong at this place.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Id of the provider, if it is known.
    pub provider: Option<&'static str>,
    /// Id of the operation, if it is known.
    pub operation: Option<&'static str>,
    /// The file.
    pub file: ReportedPath,
    /// Line of the first character, from 1.
    pub line: usize,
    /// Column of the first character, in characters from 1.
    pub column: usize,
    /// Line of the character after the last one.
    pub end_line: usize,
    /// Column of the character after the last one.
    pub end_column: usize,
    /// First byte within the file, from 0.
    pub byte_start: usize,
    /// Byte after the last one.
    pub byte_end: usize,
    /// RFC 6901 pointer into the body.
    pub pointer: String,
    /// Pointer inside the string at `pointer`, if that string holds JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inner_pointer: Option<String>,
    /// The rule.
    #[serde(skip)]
    pub rule: &'static Rule,
}

fn word<S: Serializer>(severity: &Severity, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(severity.word())
}

impl FindingRecord {
    /// A finding of a payload that begins at byte `base` of a source.
    pub fn new(
        finding: Finding,
        operation: Option<Named>,
        file: &ReportedPath,
        source: &FindingSource<'_>,
        base: usize,
    ) -> Self {
        let Span { start, end } = finding.place.span;
        let (start, end) = (base + start, base + end.max(start));
        if finding.rule.hides {
            source.pointed_at.borrow_mut().push(start..end);
        }
        let (line, column) = source.position(start);
        let (end_line, end_column) = source.position(end);
        Self {
            code: finding.code(),
            severity: finding.severity(),
            message: finding.message,
            help: finding.help,
            provider: operation.map(|named| named.contract.id),
            operation: operation.map(|named| named.operation.id),
            file: file.clone(),
            line,
            column,
            end_line,
            end_column,
            byte_start: source.offset + start,
            byte_end: source.offset + end,
            pointer: finding.place.pointer,
            inner_pointer: finding.place.inner_pointer,
            rule: finding.rule,
        }
    }

    /// The place in the body for people: the pointer, and the one inside the string at that place.
    pub fn pointers(&self) -> String {
        match &self.inner_pointer {
            Some(inner) => format!("{} → {inner}", self.pointer),
            None => self.pointer.clone(),
        }
    }
}

/// Fingerprints of findings, which stay the same when lines move.
#[derive(Debug, Default)]
pub(super) struct Fingerprints {
    /// How often a finding with the same words occurred.
    seen: HashMap<String, usize>,
}

impl Fingerprints {
    /// The digest of rule, file, place in the body and message, and of how often they occurred before.
    pub(super) fn of(&mut self, record: &FindingRecord) -> String {
        let FindingRecord { code, file, pointer, inner_pointer, message, .. } = record;
        let inner = inner_pointer.as_deref().unwrap_or_default();
        let what = [code, &file.in_repository(), pointer, inner, message].join("\0");
        let times = self.seen.entry(what.clone()).or_default();
        *times += 1;
        lower_hex(&Sha256::digest(format!("{what}\0{times}")))
    }
}

/// The part of a file to which findings refer: all of it, or one line of NDJSON.
#[derive(Debug)]
pub struct FindingSource<'a> {
    /// Its bytes, UTF-8 or not.
    pub bytes: &'a [u8],
    /// The byte of the file at which it begins.
    pub offset: usize,
    /// Hides secrets in excerpts.
    redactor: Option<&'a Redactor>,
    /// The places of secrets, computed for the first excerpt.
    secrets: OnceCell<Vec<Range<usize>>>,
    /// Places of findings that no excerpt shows.
    pointed_at: RefCell<Vec<Range<usize>>>,
    first_line: usize,
    /// Known places, in order; computed when the first place in a long part is requested.
    marks: OnceCell<Vec<Mark>>,
}

/// A byte whose line and column are known.
#[derive(Clone, Copy, Debug)]
struct Mark {
    byte: usize,
    line: usize,
    column: usize,
}

/// How many bytes lie between two marks: for each requested place, at most this many bytes are read.
const STRIDE: usize = 1024;

impl<'a> FindingSource<'a> {
    /// A part that begins at the start of a line of its file.
    pub fn new(bytes: &'a [u8], first_line: usize, offset: usize) -> Self {
        let (secrets, pointed_at, marks) = (OnceCell::new(), RefCell::default(), OnceCell::new());
        Self { bytes, offset, redactor: None, secrets, pointed_at, first_line, marks }
    }

    /// The same with a redactor that hides its secrets in excerpts.
    #[must_use]
    pub fn redacted_by(self, redactor: &'a Redactor) -> Self {
        Self { redactor: Some(redactor), ..self }
    }

    /// Which bytes around a range no excerpt shows, in order.
    pub(super) fn hidden(&self, around: &Range<usize>) -> Vec<Range<usize>> {
        let find = || self.redactor.map_or_else(Vec::new, |all| secret_places(self.bytes, all));
        // Both lists are in the order of their places.
        let near = |all: &[Range<usize>]| {
            let first = all.partition_point(|place| place.end < around.start);
            let last = all.partition_point(|place| place.start <= around.end);
            all.get(first..last).unwrap_or_default().to_vec()
        };
        let mut all = near(self.secrets.get_or_init(find));
        all.extend(near(&self.pointed_at.borrow()));
        all.sort_by_key(|place| place.start);
        all
    }

    /// Line and column of a byte of the part; invalid UTF-8 counts as a character.
    pub fn position(&self, at: usize) -> (usize, usize) {
        let at = at.min(self.bytes.len());
        let Mark { byte, mut line, mut column } = self.mark_before(at);
        let between = &self.bytes[byte..at];
        let fresh = match between.iter().rposition(|byte| *byte == b'\n') {
            Some(end) => {
                line += between.iter().filter(|byte| **byte == b'\n').count();
                column = 1;
                &between[end + 1..]
            }
            None => between,
        };
        column += characters(fresh);
        (line, column)
    }

    fn mark_before(&self, at: usize) -> Mark {
        let first = Mark { byte: 0, line: self.first_line, column: 1 };
        if at < STRIDE {
            return first;
        }
        let marks = self.marks.get_or_init(|| self.find_marks(first));
        let behind = marks.partition_point(|mark| mark.byte <= at);
        behind.checked_sub(1).map_or(first, |index| marks[index])
    }

    fn find_marks(&self, first: Mark) -> Vec<Mark> {
        let (mut marks, mut here, mut last) = (Vec::new(), first, 0);
        for chunk in self.bytes.utf8_chunks() {
            for c in chunk.valid().chars() {
                if here.byte - last >= STRIDE {
                    marks.push(here);
                    last = here.byte;
                }
                here.byte += c.len_utf8();
                if c == '\n' {
                    here = Mark { line: here.line + 1, column: 1, ..here };
                } else {
                    here.column += 1;
                }
            }
            here.byte += chunk.invalid().len();
            here.column += usize::from(!chunk.invalid().is_empty());
        }
        marks
    }
}

/// The places of secrets in bytes that may not be text.
fn secret_places(bytes: &[u8], redactor: &Redactor) -> Vec<Range<usize>> {
    // JSON never contains a NUL: this is text in another encoding, or not text, and herald cannot find secrets in it.
    if bytes.contains(&0) {
        return std::iter::once(0..bytes.len()).collect();
    }
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        // The replacement has the same number of bytes, so that places stay the same.
        text.extend(chunk.invalid().iter().map(|_| '?'));
    }
    redactor.payload(&text).places(&text)
}

fn characters(bytes: &[u8]) -> usize {
    let chunk = |chunk: std::str::Utf8Chunk<'_>| {
        chunk.valid().chars().count() + usize::from(!chunk.invalid().is_empty())
    };
    bytes.utf8_chunks().map(chunk).sum()
}

/// A payload with its findings.
#[derive(Debug)]
pub struct LintedPayload<'a> {
    /// The file.
    pub file: &'a ReportedPath,
    /// The payload's name within the file: empty if it is the only one, otherwise `line 7` or `item 3`.
    pub part: String,
    /// Its operation, if it is known.
    pub operation: Option<Named>,
    /// The findings, in source order.
    pub records: Vec<FindingRecord>,
    /// The text that [`Renderer::draw`](super::Renderer::draw) gave for each of them.
    pub drawn: Vec<String>,
    /// Findings that are counted but not shown.
    pub hidden: FindingCounts,
}

/// Findings by severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FindingCounts {
    /// Those that are errors.
    pub errors: usize,
    /// Those that are warnings.
    pub warnings: usize,
    /// Those that are hints.
    pub hints: usize,
}

impl FindingCounts {
    /// Counts findings.
    pub fn add(&mut self, severity: Severity, times: usize) {
        match severity {
            Severity::Error => self.errors += times,
            Severity::Warning => self.warnings += times,
            Severity::Hint => self.hints += times,
        }
    }

    /// How many there are.
    pub fn total(&self) -> usize {
        self.errors + self.warnings + self.hints
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn columns_count_characters_and_lines_count_line_feeds() {
        let text = "{\n  \"你好\": \"👋\"}\r\n".as_bytes();
        let source = FindingSource::new(text, 10, 100);
        assert_eq!(source.position(0), (10, 1));
        assert_eq!(source.position(4), (11, 3));
        assert_eq!(source.position(text.len() - 3), (11, 12));
        assert_eq!(source.position(4), (11, 3));
        assert_eq!(source.position(9999), (12, 1));
        assert_eq!(FindingSource::new(b"a\xc4\xe3b", 1, 0).position(3), (1, 4));
    }

    #[test]
    fn places_far_into_one_long_line_and_many_lines_are_found_without_reading_all_of_it() {
        let line = "{\"你\":1},".repeat(STRIDE);
        let (marks, text) = (line.len() / STRIDE, line.as_bytes());
        let source = FindingSource::new(text, 1, 0);
        assert_eq!(source.position(text.len()), (1, 1 + line.chars().count()));
        // Every place is at most a stride and a character after a mark.
        let found = source.marks.get().expect("they were found");
        assert!(found.len().abs_diff(marks) <= 1, "{} {marks}", found.len());
        let lines = "ab\n".repeat(STRIDE * 3);
        let source = FindingSource::new(lines.as_bytes(), 7, 0);
        for line in [0, 1, 341, 342, 1000, 3000] {
            assert_eq!(source.position(line * 3 + 1), (7 + line, 2), "{line}");
        }
        assert_eq!(source.position(5), (8, 3), "backwards");
    }

    proptest! {
        #[test]
        fn marks_change_no_place(
            pieces in proptest::collection::vec(proptest::sample::select(vec![&b"a"[..], "你".as_bytes(), b"\n", b"\xff\xe4", b"\xf0\x9f"]), 0..2500),
            places in proptest::collection::vec(0usize..4000, 1..6),
        ) {
            let bytes = pieces.concat();
            let marked = FindingSource::new(&bytes, 1, 0);
            for at in places {
                let at = at.min(bytes.len());
                let plain = FindingSource { marks: OnceCell::from(Vec::new()), ..FindingSource::new(&bytes, 1, 0) };
                // In the middle of a broken character, both only guess.
                let is_start = bytes.get(at).is_none_or(|byte| byte & 0xc0 != 0x80 && *byte != 0xff);
                prop_assume!(is_start);
                prop_assert_eq!(marked.position(at), plain.position(at));
            }
        }

        #[test]
        fn a_position_does_not_depend_on_what_was_asked_before(text in "[a你👋\n\"]{0,40}", places in proptest::collection::vec(0usize..130, 1..8)) {
            let source = FindingSource::new(text.as_bytes(), 1, 0);
            for at in places {
                let at = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).expect("0 is one");
                let before = &text[..at];
                let line = before.matches('\n').count() + 1;
                let column = before.rsplit('\n').next().expect("one part").chars().count() + 1;
                prop_assert_eq!(source.position(at), (line, column));
            }
        }
    }
}
