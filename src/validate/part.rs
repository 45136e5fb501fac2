//! A part of a file that is one document, and findings about documents that are not linted.

use std::path::Path;

use crate::contract::identify::Named;
use crate::contract::{Finding, Rule, json_rules};
use crate::document::{Document, ParseFault, Place, Span};
use crate::input::PathGlob;
use crate::report::FindingSource;
use crate::report::summary::listed;

/// A document in a file.
pub(super) struct DocumentPart<'a> {
    /// Its name within the file, if it is not the only document.
    pub(super) part: String,
    pub(super) source: &'a FindingSource<'a>,
    /// The byte of the source at which it begins.
    pub(super) base: usize,
}

/// Parses bytes as a document. They are copied, because an excerpt may be shown even if they are not a document.
pub(super) fn parse(most: usize, bytes: &[u8]) -> Result<Document, ParseFault> {
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.starts_with('\u{feff}') => Document::parse_up_to(most, text),
        _ => Document::from_bytes(bytes.to_vec()),
    }
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

/// How a user says what a file is.
pub(super) struct Settling<'a> {
    /// The file below the folder of the project's settings; `None` for stdin.
    pub(super) path: Option<&'a Path>,
    /// Whether a walk found the file, so that it can be excluded.
    pub(super) walked: bool,
}

impl Settling<'_> {
    /// The lines of `herald.toml` that say that a file is for an operation, or the flag.
    fn lines(&self, operation: &str) -> String {
        match self.path {
            None => format!("say it with `--as {operation}`"),
            Some(path) => {
                let glob = PathGlob::of_path(path);
                let glob = glob.replace('\\', "\\\\").replace('"', "\\\"");
                format!(
                    "say it with `--as {operation}`, or in herald.toml:\n[[lint.files]]\npath = \"{glob}\"\n\
                     as = \"{operation}\""
                )
            }
        }
    }
}

/// The finding about a payload that fits several operations equally well.
pub(super) fn ambiguous(start: usize, level: &[Named], settling: &Settling<'_>) -> Finding {
    let rule = json_rules::find("ambiguous").expect("the table has this row");
    let names = listed(level.iter().map(Named::to_string).collect());
    let message = format!("it fits {names} equally well");
    about(rule, start, message, settling.lines(&level[0].to_string()))
}

/// The finding about a document that is no payload; `near` are the operations that come nearest. It is an error if the
/// user said that it is a payload.
pub(super) fn unrecognised(
    start: usize,
    near: &[Named],
    is_error: bool,
    settling: &Settling<'_>,
) -> Finding {
    let rule = match is_error {
        true => json_rules::find("unrecognised").expect("the table has this row"),
        false => &json_rules::UNRECOGNISED_IN_WALK,
    };
    let names = near.iter().map(Named::to_string).collect();
    let message = match near {
        [] => "nothing tells that this is a payload".to_owned(),
        _ => format!("nothing tells that this is a payload; {} comes nearest", listed(names)),
    };
    let operation = near.first().map_or("PROVIDER/OPERATION".to_owned(), Named::to_string);
    let mut help = settling.lines(&operation);
    if settling.walked {
        help.push_str("\nor leave it out with `exclude` in herald.toml");
    }
    about(rule, start, message, help)
}
