//! A finding as output knows it: with file, line and column.

use std::cell::{Cell, OnceCell, RefCell};
use std::ops::Range;

use serde::{Serialize, Serializer};

use crate::contract::identify::Named;
use crate::contract::{Rule, Severity};
use crate::document::Span;
use crate::lint::Finding;
use crate::redact::Redactor;

/// A finding in the form that machines read. Names and order of its members are part of the interface.
#[derive(Clone, Debug, Serialize)]
pub struct Record {
    /// The code that never changes.
    pub code: String,
    /// How bad it is.
    #[serde(serialize_with = "word")]
    pub severity: Severity,
    /// What is wrong here.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Id of the provider, where it is known whose payload this is.
    pub provider: Option<&'static str>,
    /// Id of the operation, where it is known which one.
    pub operation: Option<&'static str>,
    /// The file as it was named.
    pub file: String,
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
    /// Pointer inside the string at `pointer`, where that string holds JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inner_pointer: Option<String>,
    /// The rule.
    #[serde(skip)]
    pub rule: &'static Rule,
}

fn word<S: Serializer>(severity: &Severity, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(severity.word())
}

impl Record {
    /// A finding of a payload that begins at byte `base` of a source.
    pub fn new(
        finding: Finding,
        operation: Option<Named>,
        file: &str,
        source: &Source<'_>,
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
            file: file.to_owned(),
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

    /// The place in the body for people: the pointer, and the one inside the string there.
    pub fn pointers(&self) -> String {
        match &self.inner_pointer {
            Some(inner) => format!("{} → {inner}", self.pointer),
            None => self.pointer.clone(),
        }
    }
}

/// A stretch of a file that findings point into: all of it, or one line of NDJSON.
#[derive(Debug)]
pub struct Source<'a> {
    /// Its bytes, UTF-8 or not.
    pub bytes: &'a [u8],
    /// The byte of the file at which it begins.
    pub offset: usize,
    /// Hides secrets in excerpts.
    redactor: Option<&'a Redactor>,
    /// Where they stand, found when the first excerpt is drawn.
    secrets: OnceCell<Vec<Range<usize>>>,
    /// What findings point at that no excerpt shows.
    pointed_at: RefCell<Vec<Range<usize>>>,
    first_line: usize,
    /// The place that was asked for last, as byte, line and column: the next one is mostly near.
    last: Cell<(usize, usize, usize)>,
}

impl<'a> Source<'a> {
    /// A stretch that begins with a line of its file.
    pub fn new(bytes: &'a [u8], first_line: usize, offset: usize) -> Self {
        let last = Cell::new((0, first_line, 1));
        let (secrets, pointed_at) = (OnceCell::new(), RefCell::default());
        Self { bytes, offset, redactor: None, secrets, pointed_at, first_line, last }
    }

    /// The same with what hides its secrets in excerpts.
    #[must_use]
    pub fn redacted_by(self, redactor: &'a Redactor) -> Self {
        Self { redactor: Some(redactor), ..self }
    }

    /// Which bytes around a stretch no excerpt shows, in order.
    pub(super) fn hidden(&self, around: &Range<usize>) -> Vec<Range<usize>> {
        let find = || self.redactor.map_or_else(Vec::new, |all| secret_places(self.bytes, all));
        // Both are in the order of their places.
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

    /// Line and column of a byte of the stretch; what is no UTF-8 counts as a character.
    pub fn position(&self, at: usize) -> (usize, usize) {
        let at = at.min(self.bytes.len());
        let (from, mut line, mut column) = match self.last.get() {
            (from, ..) if from > at => (0, self.first_line, 1),
            near => near,
        };
        let between = &self.bytes[from..at];
        let fresh = match between.iter().rposition(|byte| *byte == b'\n') {
            Some(end) => {
                line += between.iter().filter(|byte| **byte == b'\n').count();
                column = 1;
                &between[end + 1..]
            }
            None => between,
        };
        column += characters(fresh);
        self.last.set((at, line, column));
        (line, column)
    }
}

/// Where secrets stand in bytes that may be no text.
fn secret_places(bytes: &[u8], redactor: &Redactor) -> Vec<Range<usize>> {
    // No JSON has one: it is text in another encoding, or no text, in which nothing can be told apart.
    if bytes.contains(&0) {
        return std::iter::once(0..bytes.len()).collect();
    }
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        // As many bytes as there are, so that places stay what they are.
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

/// A payload and what there is to say about it.
#[derive(Debug)]
pub struct Linted<'a> {
    /// The file as it was named.
    pub file: &'a str,
    /// The payload's name among those of the file: empty where it is the only one, else `line 7` or `item 3`.
    pub part: String,
    /// Where the findings point into.
    pub source: &'a Source<'a>,
    /// What it was taken for, where that is known.
    pub operation: Option<Named>,
    /// The findings, in source order.
    pub records: Vec<Record>,
}

/// How much was looked at and found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Files that could be read.
    pub files: usize,
    /// Payloads in them.
    pub payloads: usize,
    /// Findings that are errors.
    pub errors: usize,
    /// Findings that are warnings.
    pub warnings: usize,
    /// Findings that are hints.
    pub hints: usize,
}

impl Summary {
    /// Counts a payload with its findings.
    pub fn add(&mut self, records: &[Record]) {
        self.payloads += 1;
        for record in records {
            match record.severity {
                Severity::Error => self.errors += 1,
                Severity::Warning => self.warnings += 1,
                Severity::Hint => self.hints += 1,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn columns_count_characters_and_lines_count_line_feeds() {
        let text = "{\n  \"你好\": \"👋\"}\r\n".as_bytes();
        let source = Source::new(text, 10, 100);
        assert_eq!(source.position(0), (10, 1));
        assert_eq!(source.position(4), (11, 3));
        assert_eq!(source.position(text.len() - 3), (11, 12));
        assert_eq!(source.position(4), (11, 3));
        assert_eq!(source.position(9999), (12, 1));
        assert_eq!(Source::new(b"a\xc4\xe3b", 1, 0).position(3), (1, 4));
    }

    proptest! {
        #[test]
        fn a_position_does_not_depend_on_what_was_asked_before(text in "[a你👋\n\"]{0,40}", places in proptest::collection::vec(0usize..130, 1..8)) {
            let source = Source::new(text.as_bytes(), 1, 0);
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
