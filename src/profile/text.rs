//! A TOML file of the user's: its faults are shown inside it, and its secrets are not.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::excerpt;
use crate::error::{Error, Kind};

/// The words that say where a secret is, and are no secret themselves.
pub(super) const SOURCES: [&str; 3] = ["env", "file", "command"];

/// A TOML file as it was read.
#[derive(Clone)]
pub(crate) struct TomlText {
    path: PathBuf,
    text: String,
}

/// It may hold secrets, so nothing of the text is shown.
impl fmt::Debug for TomlText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TomlText").field("path", &self.path).finish_non_exhaustive()
    }
}

/// A fault in such a file.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    /// Where.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Problem {
    /// A fault at a place.
    pub(crate) fn new(span: Range<usize>, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), help: None }
    }

    /// The same with advice, where there is any.
    #[must_use]
    pub(crate) fn help(mut self, help: impl Into<Option<String>>) -> Self {
        self.help = help.into();
        self
    }
}

impl TomlText {
    /// A text and where it was read.
    pub(crate) fn new(path: impl Into<PathBuf>, text: impl Into<String>) -> Self {
        Self { path: path.into(), text: text.into() }
    }

    /// Where it was read.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The tables, or every fault of syntax.
    pub(crate) fn parse(&self) -> Result<Spanned<DeTable<'_>>, Vec<Problem>> {
        let (table, faults) = DeTable::parse_recoverable(&self.text);
        if faults.is_empty() {
            return Ok(table);
        }
        // A fault of toml's own holds the whole text, secrets included: only its message and its place go on.
        let end = self.text.len();
        let problem = |fault: &toml::de::Error| {
            Problem::new(fault.span().unwrap_or(end..end), fault.message())
        };
        Err(faults.iter().map(problem).collect())
    }

    /// The line of a byte, from 1.
    pub(crate) fn line_of(&self, byte: usize) -> usize {
        1 + self.text.as_bytes()[..byte.min(self.text.len())]
            .iter()
            .filter(|b| **b == b'\n')
            .count()
    }

    /// One error for all faults, in source order; each is shown in its line. `public` are the keys whose values may be
    /// seen.
    pub(crate) fn error(&self, kind: Kind, mut problems: Vec<Problem>, public: &[&str]) -> Error {
        problems.sort_by_key(|problem| (problem.span.start, problem.span.end));
        let several = problems.len() > 1;
        let (mut messages, mut excerpts, mut helps) = (Vec::new(), Vec::new(), Vec::new());
        for problem in problems {
            let (place, excerpt) = excerpt::show(&self.text, &problem.span, public);
            messages.push(format!("{}:{place}: {}", self.path.display(), problem.message));
            excerpts.push(excerpt);
            helps.extend(problem.help.map(|help| match several {
                true => format!("line {}: {help}", self.line_of(problem.span.start)),
                false => help,
            }));
        }
        let error = Error::new(kind, messages.join("; ")).excerpt(excerpts.join("\n"));
        if helps.is_empty() { error } else { error.help(helps.join("\n")) }
    }
}

/// What a value is, for a sentence about a wrong type.
pub(crate) fn type_name(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a fraction",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
