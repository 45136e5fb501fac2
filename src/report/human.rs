//! Findings for people: what is wrong, where in the file, and what to do about it.

use annotate_snippets::{AnnotationKind, Level, Renderer as Drawing, Snippet};

use super::excerpt::Excerpt;
use super::{Linted, Record, Renderer, Source, Summary, escape};
use crate::contract::Severity;
use crate::contract::identify::Named;

/// The most characters of a message, a help or a pointer: each may quote what the file holds.
const MOST: usize = 400;

/// How many operations the last line counts by name.
const NAMED: usize = 3;

/// Diagnostics with source excerpt and caret, payload by payload, and a line that sums up.
#[derive(Debug)]
pub(super) struct Human {
    color: bool,
    /// What payloads were taken for, and how many of them.
    operations: Vec<(Named, usize)>,
}

impl Human {
    /// Coloured or not.
    pub(super) fn new(color: bool) -> Self {
        Self { color, operations: Vec::new() }
    }
}

impl Renderer for Human {
    fn payload(&mut self, linted: &Linted<'_>) -> String {
        if let Some(named) = linted.operation {
            match self.operations.iter_mut().find(|(known, _)| *known == named) {
                Some((_, times)) => *times += 1,
                None => self.operations.push((named, 1)),
            }
        }
        linted.records.iter().map(|record| diagnostic(record, linted.source, self.color)).collect()
    }

    fn finish(&mut self, summary: &Summary) -> String {
        if summary.payloads == 0 {
            return String::new();
        }
        format!("{}\n", sentence(summary, &self.operations))
    }
}

/// One finding, with a blank line after it.
pub(super) fn diagnostic(record: &Record, source: &Source<'_>, color: bool) -> String {
    let level = match record.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Hint => Level::INFO.with_name("hint"),
    };
    let (start, end) = (record.byte_start - source.offset, record.byte_end - source.offset);
    let excerpt = Excerpt::of(source.bytes, start..end);
    let pointer = short(&record.pointers());
    let mark = AnnotationKind::Primary.span(excerpt.marked);
    let mark = if pointer.is_empty() { mark } else { mark.label(pointer) };
    let title = level.primary_title(short(&record.message)).id(record.code.as_str());
    let help = record.help.iter().flat_map(|help| help.lines());
    let group = title
        .element(Snippet::source(excerpt.text).line_start(record.line).annotation(mark))
        .elements(help.map(|line| Level::HELP.message(short(line))));
    // The excerpt is short already; the drawing must not cut it a second time.
    let style = if color { Drawing::styled() } else { Drawing::plain() };
    let drawing = style.term_width(usize::MAX / 4).render(&[group]);
    let (head, body) = drawing.split_once('\n').unwrap_or((&drawing, ""));
    format!("{head}\n{}\n{body}\n\n", place(record, color))
}

/// ` --> send.json:2:12`, drawn here because an excerpt that was cut does not know its columns.
fn place(record: &Record, color: bool) -> String {
    let Record { file, line, column, .. } = record;
    let indent = " ".repeat(line.to_string().len());
    let (on, off) = if color { ("\u{1b}[1m\u{1b}[94m", "\u{1b}[0m") } else { ("", "") };
    format!("{indent}{on}-->{off} {}:{line}:{column}", escape(file))
}

/// Escaped, and cut where it is too long to be read.
fn short(text: &str) -> String {
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}...", escape(&text[..end])),
        None => escape(text),
    }
}

/// `2 files, 5 payloads (4 wildfire/send, 1 wildfire/recall): 1 error, 2 warnings`: what a payload was taken for belongs
/// to what was found, most of all where nothing was.
fn sentence(summary: &Summary, operations: &[(Named, usize)]) -> String {
    let Summary { files, payloads, errors, warnings, hints } = *summary;
    let found: Vec<String> = [(errors, "error"), (warnings, "warning"), (hints, "hint")]
        .into_iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, what)| counted(n, what))
        .collect();
    let found = if found.is_empty() { "nothing to report".to_owned() } else { found.join(", ") };
    let mut names: Vec<String> =
        operations.iter().take(NAMED).map(|(named, times)| format!("{times} {named}")).collect();
    if operations.len() > NAMED {
        names.push(counted(operations.len() - NAMED, "other operation"));
    }
    let names = match operations {
        [] => String::new(),
        [(named, _)] => format!(" for {named}"),
        _ => format!(" ({})", names.join(", ")),
    };
    format!("{}, {}{names}: {found}", counted(files, "file"), counted(payloads, "payload"))
}

fn counted(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}

#[cfg(test)]
mod tests {
    use super::super::sample::rendered;
    use super::*;

    #[test]
    fn the_sample_looks_like_this() {
        insta::assert_snapshot!(rendered(&mut Human::new(false)), @r#"
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

        3 files, 4 payloads for acme/send: 2 errors, 2 warnings, 1 hint
        "#);
    }
}
