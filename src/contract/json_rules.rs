//! Rules that apply to every document, for any vendor.

use super::{Rule, error, warning};
use crate::document::FaultKind;

/// The first part of their codes.
pub const SPACE: &str = "json";

/// The rules.
pub static RULES: &[Rule] = &[
    error(
        "syntax",
        "not JSON",
        "Vendors' parsers refuse it, or read something else than was meant.",
    ),
    error("encoding", "not UTF-8 without byte order mark", "Every vendor needs UTF-8."),
    error(
        "duplicate-key",
        "a key twice in one object",
        "Parsers differ in which one they take; keep one.",
    ),
    error(
        "depth",
        "nested deeper than 128 levels",
        "No payload needs it, and parsers give up earlier.",
    ),
    error("not-an-object", "the body is not one JSON object", "Put the fields into one object."),
    error(
        "ambiguous",
        "a payload that fits operations of different shapes equally well",
        "It is not linted. Say which operation it is for: `--as`, `[[lint.files]]` in herald.toml, or its `$schema`.",
    ),
    error(
        "unrecognised",
        "JSON that is no payload of any operation",
        "It is not linted. Say which operation it is for: `--as`, `[[lint.files]]` in herald.toml, or its `$schema`; or \
         exclude it. It is only a warning where a walk through a folder found the file.",
    ),
    error(
        "unreadable",
        "a file or folder that cannot be read",
        "It is not linted, and the exit code is 3.",
    ),
    warning(
        "integral-float",
        "a whole number with a decimal point or exponent",
        "It goes out as it is written, and some parsers refuse it; write it without.",
    ),
    warning(
        "null",
        "null in an optional field",
        "Few vendors say what they do with it; leave the field out.",
    ),
    error(
        "link",
        "a link in a linted folder that is not followed",
        "Put a copy in its place: what a link brings in from elsewhere would stand in every report.",
    ),
    warning(
        "not-a-file",
        "a pipe, socket or device in a linted folder",
        "Only regular files are linted: a pipe would wait for its writer. Exclude it, or move it.",
    ),
];

/// The rule `unrecognised` for a file that a walk found: a folder can hold JSON of any kind.
pub static UNRECOGNISED_IN_WALK: Rule = warning(
    "unrecognised",
    "JSON that is no payload of any operation",
    "It is not linted. Say which operation it is for, or exclude it.",
);

/// The rule with an id, as `null`.
pub fn find(id: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.id == id)
}

/// The rule for a parser's fault.
pub fn of_fault(kind: FaultKind) -> &'static Rule {
    let id = match kind {
        FaultKind::Syntax => "syntax",
        FaultKind::Encoding => "encoding",
        FaultKind::Depth => "depth",
        FaultKind::DuplicateKey => "duplicate-key",
    };
    find(id).expect("the table has a row for each kind")
}
