//! The user's TOML file: its faults are shown in its text, its secrets are not.

use std::fmt;
use std::io::Read;
use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::excerpt::{self, CredentialNames};
use crate::error::{Error, ErrorKind, TextFault};

/// The words that name the source of a secret, and are not secret themselves.
pub(super) const SOURCES: [&str; 3] = ["env", "file", "command"];

/// The most bytes of such a file. Real files of a project or a person have a few kilobytes.
pub(crate) const MAX_TOML: u64 = 1 << 20;

/// How many faults of a file are reported.
pub(super) const TOLD: usize = 20;

/// Reads a TOML file to its end, which must come before [`MAX_TOML`].
pub(crate) fn read_toml(file: impl Read) -> std::io::Result<String> {
    let mut text = String::new();
    file.take(MAX_TOML + 1).read_to_string(&mut text)?;
    if text.len() as u64 > MAX_TOML {
        return Err(std::io::Error::other("it is larger than 1 MiB"));
    }
    Ok(text)
}

/// A TOML file as it was read.
#[derive(Clone)]
pub(crate) struct TomlText {
    path: PathBuf,
    text: String,
    /// The bytes at which lines begin, without the first line.
    lines: Vec<usize>,
}

/// It may hold secrets, so none of its text is shown.
impl fmt::Debug for TomlText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TomlText").field("path", &self.path).finish_non_exhaustive()
    }
}

/// A fault in such a file.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    /// Its place.
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

    /// The same with advice, if there is any.
    #[must_use]
    pub(crate) fn help(mut self, help: impl Into<Option<String>>) -> Self {
        self.help = help.into();
        self
    }
}

impl TomlText {
    /// A text and the path it was read from.
    pub(crate) fn new(path: impl Into<PathBuf>, text: impl Into<String>) -> Self {
        let text = text.into();
        let lines = text.match_indices('\n').map(|(at, _)| at + 1).collect();
        Self { path: path.into(), text, lines }
    }

    /// The path it was read from.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The tables, or the first syntax faults and how many more there are.
    pub(crate) fn parse(&self) -> Result<Spanned<DeTable<'_>>, (Vec<Problem>, usize)> {
        let (table, faults) = DeTable::parse_recoverable(&self.text);
        if faults.is_empty() {
            return Ok(table);
        }
        let end = self.text.len();
        let span = |fault: &toml::de::Error| fault.span().unwrap_or(end..end);
        let mut first: Vec<&toml::de::Error> = faults.iter().collect();
        first.sort_by_key(|fault| (span(fault).start, span(fault).end));
        let mut causes = Causes { text: self, last: None };
        first.retain(|fault| causes.is_new(span(fault).start, fault.message()));
        let count = first.len();
        first.truncate(TOLD);
        let more = count - first.len();
        // toml's error holds the whole text, secrets included: only its message and its place are passed on.
        let problem = |fault: &&toml::de::Error| Problem::new(span(fault), fault.message());
        Err((first.iter().map(problem).collect(), more))
    }

    /// The line that contains a byte, from 1.
    pub(crate) fn line_of(&self, byte: usize) -> usize {
        1 + self.lines.partition_point(|begin| *begin <= byte)
    }

    fn fault(&self, problem: &Problem) -> TextFault {
        let line = self.line_of(problem.span.start);
        let begin = line.checked_sub(2).map_or(0, |index| self.lines[index]);
        let before = self.text.get(begin..problem.span.start).unwrap_or_default();
        TextFault {
            path: self.path.clone(),
            line,
            column: 1 + before.chars().count(),
            message: problem.message.clone(),
            help: problem.help.clone(),
        }
    }

    /// One error for all faults, in source order; each of the first ones is shown in its line. `names` are those of
    /// credentials, whose values are hidden; `more` faults after these are only counted.
    pub(crate) fn error(
        &self,
        kind: ErrorKind,
        mut problems: Vec<Problem>,
        more: usize,
        names: CredentialNames<'_>,
    ) -> Error {
        problems.sort_by_key(|problem| (problem.span.start, problem.span.end));
        let several = problems.len() > 1;
        let more = more + problems.len().saturating_sub(TOLD);
        problems.truncate(TOLD);
        let (mut messages, mut excerpts, mut helps) = (Vec::new(), Vec::new(), Vec::new());
        let mut faults = Vec::new();
        let mut last_line = excerpt::MaskedLine::default();
        for problem in problems {
            let (place, excerpt) =
                excerpt::show_next(&self.text, &problem.span, names, &mut last_line);
            messages.push(format!("{}:{place}: {}", self.path.display(), problem.message));
            excerpts.push(excerpt);
            faults.push(self.fault(&problem));
            helps.extend(problem.help.map(|help| match several {
                true => format!("line {}: {help}", self.line_of(problem.span.start)),
                false => help,
            }));
        }
        if more > 0 {
            messages.push(format!("and {more} more like these"));
        }
        let error = Error::new(kind, messages.join("; ")).excerpt(excerpts.join("\n")).at(faults);
        if helps.is_empty() { error } else { error.help(helps.join("\n")) }
    }
}

/// Tells the faults of a text from those that only follow from another one: users want one error a cause.
struct Causes<'a> {
    text: &'a TomlText,
    /// The last fault that was a cause: its byte, and whether it may spoil the lines after it.
    last: Option<(usize, TextDamage)>,
}

/// How far a fault makes others.
#[derive(Clone, Copy, PartialEq, Eq)]
enum TextDamage {
    /// In its own line.
    Line,
    /// Up to the next section, the keys of a section that is there twice.
    Keys,
    /// Up to the next section: a bracket or a quote that is not closed.
    All,
}

const DUPLICATE: &str = "duplicate key";

impl Causes<'_> {
    /// Whether a fault, which comes after the ones before, is a cause of its own.
    fn is_new(&mut self, at: usize, message: &str) -> bool {
        if let Some((before, spoils)) = self.last {
            let between = self.text.text.get(before..at).unwrap_or_default();
            let is_new_section = between.lines().skip(1).any(|line| line.starts_with('['));
            let begins_one = self.line_at(at).trim_start().starts_with('[');
            let follows = match spoils {
                TextDamage::Line => false,
                TextDamage::Keys => message == DUPLICATE && !is_new_section && !begins_one,
                // The line of the next section is still inside of what is not closed.
                TextDamage::All => {
                    !is_new_section || begins_one && between.matches("\n[").count() == 1
                }
            };
            if follows || !between.contains('\n') {
                return false;
            }
        }
        let is_section = self.line_at(at).trim_start().starts_with('[');
        let spoils = match message {
            DUPLICATE if is_section => TextDamage::Keys,
            DUPLICATE => TextDamage::Line,
            other
                if ["array", "unclosed", "inline table"]
                    .iter()
                    .any(|word| other.contains(word)) =>
            {
                TextDamage::All
            }
            _ => TextDamage::Line,
        };
        self.last = Some((at, spoils));
        true
    }

    fn line_at(&self, at: usize) -> &str {
        let index = self.text.line_of(at) - 1;
        let begin = index.checked_sub(1).map_or(0, |index| self.text.lines[index]);
        self.text.text[begin..].lines().next().unwrap_or_default()
    }
}

/// The type of a value, for a message about a wrong type.
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
