//! A part of a file that is one document, and findings about documents that are not linted.

use std::fmt;
use std::path::Path;

use super::settings_text::quoted_glob;
use crate::contract::identify::Named;
use crate::contract::{Finding, Rule, json_rules};
use crate::document::{Document, ParseFault, Place, Span};
use crate::input::{BYTE_ORDER_MARK, PathGlob};
use crate::lint::{broken, unopened};
use crate::report::FindingSource;
use crate::report::summary::listed;

/// A document in a file.
pub(super) struct DocumentPart<'a> {
    pub(super) name: PartName,
    pub(super) source: &'a FindingSource<'a>,
    /// The byte of the source at which it begins.
    pub(super) base: usize,
}

/// The name of a document within its file; empty if it is the only one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum PartName {
    /// The only document.
    Only,
    /// A line of NDJSON, from 1.
    Line(usize),
    /// An item of a list, from 0.
    Item(usize),
}

impl fmt::Display for PartName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Only => Ok(()),
            Self::Line(line) => write!(f, "line {line}"),
            Self::Item(item) => write!(f, "item {item}"),
        }
    }
}

/// Parses bytes in place of a document. They are copied, because an excerpt may be shown even if they are not a document.
///
/// Blanks take the place of a byte order mark, so that what is after it is read, and every place stays the same.
pub(super) fn parse(document: &mut Document, most: usize, bytes: &[u8]) -> Result<(), ParseFault> {
    if let Some(rest) = bytes.strip_prefix(BYTE_ORDER_MARK) {
        return parse(document, most, &[b"   ", rest].concat());
    }
    match std::str::from_utf8(bytes) {
        // JSON has no zeros: this is a text in another encoding, or none.
        Ok(text) if !bytes.iter().take(4).any(|byte| *byte == 0) => {
            document.parse_again(most, text)
        }
        _ => Document::from_bytes(bytes.to_vec()).map(|read| *document = read),
    }
}

/// The finding about a byte order mark before a text, if there is one.
pub(super) fn byte_order_mark(bytes: &[u8]) -> Option<Finding> {
    let mark = bytes.get(..BYTE_ORDER_MARK.len()).filter(|start| *start == BYTE_ORDER_MARK)?;
    Document::from_bytes(mark.to_vec()).err().map(|fault| broken(&fault))
}

/// A finding about a whole document, at its first byte: excerpts need not show all of it.
fn about(rule: &'static Rule, start: usize, message: String, help: String) -> Finding {
    let place =
        Place { pointer: String::new(), inner_pointer: None, span: Span::new(start, start + 1) };
    Finding { space: json_rules::SPACE, rule, message, help: Some(help), place }
}

/// The list without items where payloads are expected.
pub(super) fn empty_list(document: &Document) -> Finding {
    let rule = json_rules::find("not-an-object").expect("the table has this row");
    let message = "the body must be one JSON object, not a list without payloads".to_owned();
    about(rule, document.root().span.start, message, rule.cure.to_string())
}

/// The finding about a file that was not read, by the name of its rule; with another help than that of the rule, or not.
pub(super) fn unopened_file(rule: &str, message: String, help: Option<String>) -> Finding {
    let rule = json_rules::find(rule).expect("the table has this row");
    let finding = unopened(rule, message);
    Finding { help: help.or(finding.help), ..finding }
}

/// How a user says what a file is.
pub(super) struct Settling<'a> {
    /// The file below the folder of the project's settings; `None` for stdin.
    pub(super) path: Option<&'a Path>,
    /// Whether a walk found the file, so that it can be excluded.
    pub(super) walked: bool,
}

impl Settling<'_> {
    /// The pattern for the file alone, as `herald.toml` holds it.
    fn glob(&self) -> Option<String> {
        Some(quoted_glob(&PathGlob::of_path(self.path?)))
    }

    /// How a file that a walk found is left out.
    fn exclusion(&self) -> Option<String> {
        let glob = self.glob().filter(|_| self.walked)?;
        Some(format!("leave it out: exclude = [{glob}] under [lint]"))
    }

    /// The flag and the lines of `herald.toml` that say that the file is for an operation.
    fn lines(&self, operation: &Named) -> String {
        let flag = format!("say it with `--as {operation}`");
        match self.glob() {
            None => flag,
            Some(glob) => format!(
                "{flag}, or in herald.toml:\n[[lint.files]]\npath = {glob}\nas = \"{operation}\""
            ),
        }
    }

    /// The same in one line, if it is not known which operation it may be for.
    fn line(&self) -> String {
        let flag = "if it is one, say which with `--as PROVIDER/OPERATION`";
        match self.glob() {
            None => flag.to_owned(),
            Some(glob) => format!(
                "{flag}, or with [[lint.files]] in herald.toml: path = {glob}, as = \"PROVIDER/OPERATION\""
            ),
        }
    }
}

/// The finding about a payload that fits several operations equally well.
pub(super) fn ambiguous(start: usize, level: &[Named], settling: &Settling<'_>) -> Finding {
    let rule = json_rules::find("ambiguous").expect("the table has this row");
    let names = listed(level.iter().map(Named::to_string).collect());
    let message = format!("it fits {names} equally well");
    about(rule, start, message, settling.lines(&level[0]))
}

/// The finding about a document that is not a payload; `near` are the operations that come nearest. It is an error if the
/// user said that it is a payload.
pub(super) fn unrecognised(
    start: usize,
    near: &[Named],
    has_schema: bool,
    is_error: bool,
    settling: &Settling<'_>,
) -> Finding {
    let rule = unrecognised_rule(is_error);
    let nothing = match has_schema {
        true => "its `$schema` names no operation, so it is taken for no payload",
        false => "nothing tells that this is a payload",
    };
    let (message, mut help) = match near {
        [] => (nothing.to_owned(), settling.line()),
        [first, others @ ..] => {
            let come = if others.is_empty() { "comes" } else { "come" };
            let names = listed(near.iter().map(Named::to_string).collect());
            (format!("{nothing}; {names} {come} nearest"), settling.lines(first))
        }
    };
    if let Some(line) = settling.exclusion() {
        help.push_str(&format!("\nif it is none, {line}"));
    }
    about(rule, start, message, help)
}

fn unrecognised_rule(is_error: bool) -> &'static Rule {
    match is_error {
        true => json_rules::find("unrecognised").expect("the table has this row"),
        false => &json_rules::UNRECOGNISED_IN_WALK,
    }
}

/// The finding about a report that an earlier run wrote.
pub(super) fn own_report(start: usize, settling: &Settling<'_>) -> Finding {
    let message = "this is a report of herald, and no payload".to_owned();
    let elsewhere = "write reports into a folder that is not linted";
    let help = match settling.exclusion() {
        Some(line) => format!("{elsewhere}, or {line}"),
        None => elsewhere.to_owned(),
    };
    about(unrecognised_rule(!settling.walked), start, message, help)
}
