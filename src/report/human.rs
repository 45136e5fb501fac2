//! Findings for people: what is wrong, where in the file, and what to do about it.

use annotate_snippets::{AnnotationKind, Level, Renderer as Drawing, Snippet};

use super::excerpt::Excerpt;
use super::fold::{columns, fold};
use super::{FindingRecord, FindingSource, LeftOut, LintedPayload, Renderer, Summary, escape};
use crate::contract::Severity;

/// The most characters of a message, a help or a pointer: each may quote text of the file.
const MAX_CHARACTERS: usize = 400;

/// The indent of a line that continues another one, in columns.
const HANG: usize = 4;

/// Diagnostics with source excerpt and caret, payload by payload, and a summary line.
#[derive(Debug)]
pub(super) struct Human {
    style: FindingStyle,
}

/// How findings are drawn.
#[derive(Clone, Copy, Debug, Default)]
pub struct FindingStyle {
    /// Coloured or not.
    pub color: bool,
    /// The most columns; a file has no limit.
    pub width: Option<usize>,
}

impl Human {
    /// In this style.
    pub(super) fn new(style: FindingStyle) -> Self {
        Self { style }
    }
}

impl Renderer for Human {
    fn draw(&self, record: &FindingRecord, source: &FindingSource<'_>) -> String {
        diagnostic(record, source, self.style)
    }

    fn payload(&mut self, linted: &LintedPayload<'_>) -> String {
        linted.drawn.concat()
    }

    fn left_out(&mut self, left_out: &LeftOut) -> String {
        let text =
            format!("left out: {}: {}\n\n", escape(left_out.file.name()), escape(&left_out.reason));
        fold(&text, self.style.width, HANG)
    }

    fn finish(&mut self, summary: &Summary) -> String {
        summary.statistics_lines() + &fold(&summary.lines(), self.style.width, HANG)
    }
}

/// One finding, with a blank line after it.
pub(super) fn diagnostic(
    record: &FindingRecord,
    source: &FindingSource<'_>,
    style: FindingStyle,
) -> String {
    let level = match record.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Hint => Level::INFO.with_name("hint"),
    };
    let (start, end) = (record.byte_start - source.offset, record.byte_end - source.offset);
    let room = style.width.map(|width| width.saturating_sub(gutter(record)));
    let hidden = source.hidden(&Excerpt::reach(start..end));
    let excerpt = Excerpt::of(source.bytes, start..end, &hidden, room);
    let pointer = short(&record.pointers());
    let until = columns(&excerpt.text[..excerpt.marked.end]);
    let fits = room.is_none_or(|room| until + 1 + columns(&pointer) <= room);
    let mark = AnnotationKind::Primary.span(excerpt.marked);
    let (mark, below) = match pointer {
        pointer if pointer.is_empty() => (mark, None),
        pointer if fits => (mark.label(pointer), None),
        pointer => (mark, Some(Level::NOTE.with_name("at").message(pointer))),
    };
    let title = level.primary_title(short(&record.message)).id(record.code.as_str());
    let help = record.help.iter().flat_map(|help| help.lines());
    let group = title
        .element(Snippet::source(excerpt.text).line_start(record.line).annotation(mark))
        .elements(below)
        .elements(help.map(|line| Level::HELP.message(short(line))));
    // The excerpt is already short; the renderer must not cut it again.
    let drawing = if style.color { Drawing::styled() } else { Drawing::plain() };
    let drawing = drawing.term_width(usize::MAX / 4).render(&[group]);
    let (head, body) = drawing.split_once('\n').unwrap_or((&drawing, ""));
    let text = format!("{head}\n{}\n{body}\n\n", place(record, style.color));
    fold(&text, style.width, HANG)
}

/// The columns before the excerpt: the number of the line, and a bar.
fn gutter(record: &FindingRecord) -> usize {
    record.line.to_string().len() + " | ".len()
}

/// ` --> send.json:2:12`, written here because an excerpt that was cut does not know its columns.
fn place(record: &FindingRecord, color: bool) -> String {
    let FindingRecord { file, line, column, .. } = record;
    let indent = " ".repeat(line.to_string().len());
    let (on, off) = if color { ("\u{1b}[1m\u{1b}[94m", "\u{1b}[0m") } else { ("", "") };
    format!("{indent}{on}-->{off} {}:{line}:{column}", escape(file.name()))
}

/// Escaped, and shortened if it is too long to read.
fn short(text: &str) -> String {
    match text.char_indices().nth(MAX_CHARACTERS) {
        Some((end, _)) => format!("{}...", escape(&text[..end])),
        None => escape(text),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_width::UnicodeWidthStr as _;

    use super::super::sample::{at, rendered};
    use super::*;

    /// A finding at bytes of a text, drawn.
    fn drawn(text: &[u8], start: usize, end: usize, message: &str) -> String {
        let source = FindingSource::new(text, 1, 0);
        diagnostic(&at(start, end, message, &source), &source, FindingStyle::default())
    }

    #[test]
    fn colours_change_nothing_but_colours() {
        let escape = |text: String| {
            let mut parts = text.split('\u{1b}');
            let first = parts.next().unwrap_or_default().to_owned();
            parts.fold(first, |out, part| out + part.split_once('m').map_or("", |(_, rest)| rest))
        };
        let colored = rendered(&mut Human::new(FindingStyle { color: true, width: None }));
        assert!(colored.contains("\u{1b}["));
        assert_eq!(escape(colored), rendered(&mut Human::new(FindingStyle::default())));
    }

    #[test]
    fn what_a_file_makes_long_is_shown_short() {
        let text = format!("{{\"{}\":1}}", "k".repeat(1_000_000));
        let shown = drawn(text.as_bytes(), 1, text.len() - 3, &text);
        assert!(shown.len() < 1500, "{}", shown.len());
    }

    proptest! {
        #[test]
        fn no_text_and_place_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300), start in 0usize..320, len in 0usize..320, message in ".*") {
            let shown = drawn(&bytes, start, start + len, &message);
            prop_assert!(!shown.chars().any(|c| c.is_control() && c != '\n'));
        }

        #[test]
        fn the_caret_stands_under_what_it_means(before in "[a-z你好👋é\u{1b}\u{202e} ]{0,24}", meant in "[a-z你👋\u{1b}]{1,8}", after in "[a-z你👋]{0,8}") {
            let text = format!("x{before}{meant}{after}");
            // Longer lines are cut to a window; the tests of the excerpt cover those.
            prop_assume!(escape(&text).width() <= 120);
            let shown = drawn(text.as_bytes(), 1 + before.len(), 1 + before.len() + meant.len(), "m");
            let lines: Vec<&str> = shown.lines().collect();
            let (line, caret) = (lines[3].strip_prefix("1 | "), lines[4].strip_prefix("  | "));
            let (line, caret) = (line.expect("the source"), caret.expect("the caret"));
            let from = caret.find('^').expect("a caret");
            prop_assert_eq!(from, format!("x{}", escape(&before)).width());
            prop_assert_eq!(caret.matches('^').count(), escape(&meant).width());
            prop_assert_eq!(line, escape(&text));
        }
    }

    #[test]
    fn the_sample_looks_like_this() {
        insta::assert_snapshot!(rendered(&mut Human::new(FindingStyle::default())), @r#"
        error[json/syntax]: a comma stands before the closing bracket
         --> ./broken, 1.json:1:8
          |
        1 | {"a": 1,}
          |        ^
          |
          = help: take the comma out

        error[acme/E02]: `to` is missing
         --> send.json:1:1
          |
        1 | {
          | ^ /to
          |
          = help: add "to": a user's id

        warning[acme/W07]: odd: \u{1b}[2J <100%>
         --> send.json:2:12
          |
        2 |   "title": "你好 👋 \u{1b}[2J", "content": "{\"n\": 7}"
          |            ^^^^^^^^^^^^^^^^^^^ /title

        hint[acme/H1]: `n` is 7
         --> send.json:2:45
          |
        2 |   "title": "你好 👋 \u{1b}[2J", "content": "{\"n\": 7}"
          |                                                     ^ /content → /n

        warning[acme/W07]: odd
         --> many.ndjson:7:9
          |
        7 | {"user":"王小明","body":"x"}
          |         ^^^^^^^^ /user
          |
          = help: one
          = help: two

        left out: other.json: it is for another

        3 files, 3 payloads for acme/send, 1 left out: 2 errors, 2 warnings, 1 hint
        "#);
    }
}
