//! Lists of targets: read as a stream, checked, and packed into batches, in memory that does not grow with the list.
//!
//! A list has one of three [`ListFormat`]s.
//! - **Lines**: one target on each line, as for `--to`: `KIND:ID`, or an id of the vendor's usual kind.
//! - **CSV**: a header row, and a named column. Comma, semicolon or tab: the one that occurs most often in the header;
//!   fields in double quotes may contain line breaks. The other columns are variables.
//! - **NDJSON**: one object on each line with the target under `to` (if there is no `to`, under `target`); its other
//!   members are variables. A bare string or whole number is a target without variables.
//!
//! In each format, blanks around a target are removed and blank lines are skipped. Lines are counted from 1 as in an
//! editor; a CSV row has the number of the line on which it begins.
//!
//! An unusable entry is a [`Bad`] entry with its line: the reader continues, and the caller decides. A fault of the
//! whole list (unreadable, in another encoding, without the column) is an error.
//!
//! ```
//! use herald::broadcast::targets::{Dedupe, ListBatches, ListItem, Options, Packing};
//! use herald::contract::TargetKind;
//!
//! let list = "bob\ngroup:7\ngroup:8\nbob\nusr:x\n";
//! let packing = Packing { cap: 100, dedupe: Some(Dedupe::new([7; 16])), check: None };
//! let options = Options::new("list.txt", TargetKind::User);
//! let mut batches = ListBatches::open(Box::new(list.as_bytes()), options, packing)?;
//! let mut seen = Vec::new();
//! while let Some(item) = batches.next()? {
//!     seen.push(match item {
//!         ListItem::Batch(batch) => format!("{}: {}", batch.kind(), batch.ids().collect::<Vec<_>>().join(",")),
//!         ListItem::Bad(bad) => format!("line {}: {}", bad.line, bad.reason),
//!     });
//! }
//! assert_eq!(seen, ["user: bob", "group: 7,8", "line 5: there is no kind of target `usr`"]);
//! assert_eq!(batches.finish()?.repeats, 1);
//! # Ok::<(), herald::error::Error>(())
//! ```

mod csv;
mod dedupe;
mod encoding;
mod lines;
mod ndjson;
mod pack;
mod packed;

#[cfg(test)]
mod tests;

pub use dedupe::Dedupe;
pub use encoding::Encoding;
pub use pack::{IdCheck, ListBatches, ListCounts, ListItem, Packing};
pub use packed::Packed;

use crate::contract::TargetKind;

/// The most bytes of a line, and of a CSV row over several lines. A longer one is not an entry but a file of another
/// kind, or a quote that was never closed.
pub const MAX_LINE: usize = 64 << 10;

/// The most bytes of an id. Every vendor's limit is at most a quarter of it.
pub const MAX_ID: usize = 1024;

/// The outcome, in results, of an entry that was omitted from a list.
pub const SKIPPED: &str = "skipped";

/// How a list is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListFormat {
    /// One target on each line.
    Lines,
    /// Comma-separated values with a header row.
    Csv,
    /// One JSON text on each line.
    Ndjson,
}

impl ListFormat {
    /// The format of a list with this name, by its ending. If the user names a column, it is CSV unless the name says
    /// NDJSON.
    pub fn of(name: &str, column: Option<&str>) -> Self {
        let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
        match ending.as_deref() {
            Some("ndjson" | "jsonl") => Self::Ndjson,
            _ if column.is_some() => Self::Csv,
            Some("csv" | "tsv") => Self::Csv,
            _ => Self::Lines,
        }
    }
}

/// How a list is read.
#[derive(Clone, Debug)]
pub struct Options {
    /// Its name in messages.
    pub name: String,
    /// Its format; `None` for the format from [`ListFormat::of`].
    pub form: Option<ListFormat>,
    /// The column of a CSV that contains the targets.
    pub column: Option<String>,
    /// Its text encoding; `None` for UTF-8: what looks like another encoding is then refused by name.
    pub encoding: Option<Encoding>,
    /// The kind of targets that name none.
    pub usual: TargetKind,
    /// The variables that each target must have: columns of a CSV, members of NDJSON. Others are ignored.
    pub variables: Vec<String>,
}

impl Options {
    /// A list by its name, without variables.
    pub fn new(name: impl Into<String>, usual: TargetKind) -> Self {
        Self {
            name: name.into(),
            form: None,
            column: None,
            encoding: None,
            usual,
            variables: Vec::new(),
        }
    }
}

/// An entry that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bad {
    /// The line on which it begins, from 1.
    pub line: u64,
    /// Its first characters, unchanged. Not escaped for a terminal.
    pub text: String,
    /// What is wrong with it.
    pub reason: String,
    /// What to do about it, if that is known.
    pub help: Option<String>,
}

impl Bad {
    /// How many characters of an entry are shown.
    const SHOWN: usize = 80;

    fn new(line: u64, text: &str, reason: impl Into<String>) -> Box<Self> {
        let mut shown: String = text.chars().take(Self::SHOWN).collect();
        if shown.len() < text.len() {
            shown.push('…');
        }
        Box::new(Self { line, text: shown, reason: reason.into(), help: None })
    }

    fn help(mut self: Box<Self>, help: impl Into<String>) -> Box<Self> {
        self.help = Some(help.into());
        self
    }
}

/// What a format reads next.
enum ListRead<'a> {
    /// A target as written, without blanks around it.
    Typed {
        /// The line on which it begins.
        line: u64,
        /// The written text.
        typed: &'a str,
        /// The values of its variables.
        values: &'a [String],
    },
    /// Something else.
    Bad(Box<Bad>),
    /// The end.
    End,
}
