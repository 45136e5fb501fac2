//! Lists of targets: read as a stream, checked, and packed into batches, in memory that does not grow with the list.
//!
//! A list is one of three [`ListFormat`]s.
//! - **Lines**: a target a line, as `--to` takes it: `KIND:ID`, or an id of the vendor's usual kind.
//! - **CSV**: a header row, and a column that is named. Comma, semicolon or tab, whichever the header has most of; fields
//!   in double quotes may hold line breaks. The other columns are variables.
//! - **NDJSON**: an object a line with the target under `to` (where there is no `to`, under `target`); its other members
//!   are variables. A bare string or whole number is a target without variables.
//!
//! In each, blanks around a target are taken off and blank lines are passed over. Lines are counted from 1 as an editor
//! counts them; a CSV row is told by the line on which it begins.
//!
//! What cannot be used is a [`Bad`] entry with its line: the reader goes on, and the caller decides. What spoils the whole
//! list (it cannot be read, it is in another encoding, it lacks the column) is an error.
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

/// The most bytes of a line, and of a CSV row over several lines. A longer one is no entry but a file of another kind, or a
/// quote that was never closed.
pub const MAX_LINE: usize = 64 << 10;

/// The most bytes of an id. No vendor's are longer than a quarter of it.
pub const MAX_ID: usize = 1024;

/// The outcome in results of an entry that was left out of a list.
pub const SKIPPED: &str = "skipped";

/// How a list is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListFormat {
    /// A target a line.
    Lines,
    /// Comma-separated values with a header row.
    Csv,
    /// A JSON text a line.
    Ndjson,
}

impl ListFormat {
    /// What a list of this name is: by its ending; one of which a column is asked is CSV where its name does not say that
    /// it is NDJSON.
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
    /// What it is called in messages.
    pub name: String,
    /// How it is written; `None`: as [`ListFormat::of`] tells.
    pub form: Option<ListFormat>,
    /// The column of a CSV that has the targets.
    pub column: Option<String>,
    /// How its text is encoded; `None`: as UTF-8, and what looks like something else is refused by name.
    pub encoding: Option<Encoding>,
    /// The kind of targets that do not say theirs.
    pub usual: TargetKind,
    /// The variables that are wanted of each target: columns of a CSV, members of NDJSON. Others are passed over.
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
    /// Its first characters as they stand there. Not escaped for a terminal.
    pub text: String,
    /// What is wrong with it.
    pub reason: String,
    /// What to do about it, where that can be said.
    pub help: Option<String>,
}

impl Bad {
    /// How much of an entry is shown.
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

/// What a form reads next.
enum ListRead<'a> {
    /// A target as it is written, without blanks around it.
    Typed {
        /// The line on which it begins.
        line: u64,
        /// What is written.
        typed: &'a str,
        /// The values of its variables.
        values: &'a [String],
    },
    /// Something else.
    Bad(Box<Bad>),
    /// Nothing more.
    End,
}
