//! Reads lists of targets as a stream, checks them and puts them into batches. The memory does not grow with the list.
//!
//! A list is one of four [`ListFormat`]s.
//! - **Lines**: a target a line, as `--to` takes it: `KIND:ID`, or an id of the vendor's usual kind.
//! - **CSV**: a header row, and a column that is named. Comma, semicolon or tab, whichever the header has most of; fields
//!   in double quotes may hold line breaks. The other columns are variables.
//! - **NDJSON**: an object a line with the target under `to` (where there is no `to`, under `target`); its other members
//!   are variables. A bare string or whole number is a target without variables.
//! - **JSON**: an array of such values. Without another name, a list that begins with `[` is one.
//!
//! Lines that can only stand in a list of another form are an error, so that they never go out as ids. So is a first line
//! that is what a column is called, unless [`ListSettings::form`] says that it is a target.
//!
//! Spaces around a line or a cell are removed, those in a text of JSON are not, and empty lines are skipped. Lines are counted from 1 as in an editor.
//! The line of a CSV row is the one on which the row begins.
//!
//! An entry that cannot be used becomes an [`InvalidEntry`] with its line. The reader continues, and the caller
//! decides. A list that cannot be read, has another encoding or lacks the column is an error.
//!
//! ```
//! use herald::broadcast::targets::{Dedupe, ListBatches, ListItem, ListSettings, BatchSettings};
//! use herald::contract::TargetKind;
//!
//! let list = "bob\ngroup:7\ngroup:8\nbob\nusr:x\n";
//! let packing = BatchSettings { cap: 100, dedupe: Some(Dedupe::new([7; 16])), check: None };
//! let options = ListSettings::new("list.txt", TargetKind::User);
//! let mut batches = ListBatches::open(Box::new(list.as_bytes()), options, packing)?;
//! let mut seen = Vec::new();
//! while let Some(item) = batches.next()? {
//!     seen.push(match item {
//!         ListItem::Batch(batch) => format!("{}: {}", batch.kind(), batch.ids().collect::<Vec<_>>().join(",")),
//!         ListItem::Invalid(bad) => format!("line {}: {}", bad.line, bad.reason),
//!     });
//! }
//! assert_eq!(seen, ["user: bob", "group: 7,8", "line 5: there is no kind of target `usr`"]);
//! assert_eq!(batches.finish()?.repeats, 1);
//! # Ok::<(), herald::error::Error>(())
//! ```

mod csv;
mod dedupe;
mod encoding;
mod json;
mod leftovers;
mod lines;
mod list_batches;
mod ndjson;
mod own_output;
mod shape;
mod target_batch;

#[cfg(test)]
mod tests;

pub use dedupe::Dedupe;
pub use encoding::Encoding;
pub use leftovers::MixedColumn;
pub use list_batches::{BatchSettings, IdCheck, ListBatches, ListCounts, ListItem};
pub use target_batch::TargetBatch;

use crate::contract::TargetKind;

/// The most bytes of a line, and of a CSV row over several lines. A longer one is probably a file of another type, or an
/// unclosed quote.
pub const MAX_LINE: usize = 64 << 10;

/// The most bytes of an id. No vendor allows more than a quarter of it.
pub const MAX_ID: usize = 1024;

/// The outcome in a results file of an entry that was left out of the list.
pub const SKIPPED_OUTCOME: &str = "skipped";

/// The format of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListFormat {
    /// A target a line.
    Lines,
    /// Comma-separated values with a header row.
    Csv,
    /// A JSON text a line.
    Ndjson,
    /// A JSON array.
    Json,
}

impl ListFormat {
    /// The format of a list, from the extension of its name. With `--column`, every list except NDJSON is CSV.
    pub fn of(name: &str, column: Option<&str>) -> Self {
        let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
        match ending.as_deref() {
            Some("ndjson" | "jsonl") => Self::Ndjson,
            Some("json") => Self::Json,
            _ if column.is_some() => Self::Csv,
            Some("csv" | "tsv") => Self::Csv,
            _ => Self::Lines,
        }
    }
}

/// How to read a list.
#[derive(Clone, Debug)]
pub struct ListSettings {
    /// Its name in messages.
    pub name: String,
    /// Its format; `None`: the one from [`ListFormat::of`].
    pub form: Option<ListFormat>,
    /// The column with the targets, in a CSV.
    pub column: Option<String>,
    /// Its encoding; `None`: UTF-8. Then a list that looks like another encoding is an error that names the encoding.
    pub encoding: Option<Encoding>,
    /// The kind of a target without `KIND:`.
    pub usual: TargetKind,
    /// The variables of each target: columns of a CSV, members of NDJSON. Other columns and members are ignored.
    pub variables: Vec<String>,
    /// Whether its targets get a new message. Results of herald are then no list where one of their targets has got the message, or
    /// may have got it.
    pub sends: bool,
}

impl ListSettings {
    /// The settings for a list without variables.
    pub fn new(name: impl Into<String>, usual: TargetKind) -> Self {
        Self {
            name: name.into(),
            form: None,
            column: None,
            encoding: None,
            usual,
            variables: Vec::new(),
            sends: false,
        }
    }
}

/// An entry that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidEntry {
    /// The line on which it begins, from 1.
    pub line: u64,
    /// Its first characters, not escaped for a terminal.
    pub text: String,
    /// What is wrong with it.
    pub reason: String,
    /// What the user can do about it, if herald knows that.
    pub help: Option<String>,
}

impl InvalidEntry {
    /// The most characters of an entry that are shown.
    const MAX_SHOWN: usize = 80;

    fn new(line: u64, text: &str, reason: impl Into<String>) -> Box<Self> {
        let mut shown: String = text.chars().take(Self::MAX_SHOWN).collect();
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

/// The next entry that a format reads.
enum ListRead<'a> {
    /// A target as written, without the spaces around a line or a cell.
    Typed {
        /// The line on which it begins.
        line: u64,
        /// The written text.
        typed: &'a str,
        /// The values of its variables.
        values: &'a [String],
    },
    /// An entry that cannot be used.
    Invalid(Box<InvalidEntry>),
    /// The end of the list.
    End,
}
