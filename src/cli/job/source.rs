//! Where the targets of a broadcast come from.

use std::path::{Path, PathBuf};

use crate::broadcast::targets::{Dedupe, Encoding, ListBatches, ListFormat, Options, Packing};
use crate::cli::{Session, input, patience};
use crate::contract::TargetKind;
use crate::error::Result;
use crate::input::Input;
use crate::net::Fleet;

/// How many targets the reader hands over at a time.
const READ: usize = 1000;

/// A list of targets, as flags name it.
#[derive(Clone, Debug, Default, clap::Args)]
pub(in crate::cli) struct List {
    /// Reach the targets of this list: a target a line as --to takes it, CSV with --column, or NDJSON; `-` is stdin
    ///
    /// The columns of a CSV and the members of NDJSON fill in `{{name}}` in the texts of the message, for each target.
    /// Everything is read, checked and put into requests before the first one leaves. Repeats are left out.
    #[arg(long, value_name = "FILE")]
    pub targets: Option<PathBuf>,
    /// Find the targets in this column of a CSV
    #[arg(long, value_name = "NAME", requires = "targets")]
    pub column: Option<String>,
    /// Read the list as this, where its name does not say it
    #[arg(long, value_name = "FORM", requires = "targets")]
    pub form: Option<ListForm>,
    /// Read the list in this encoding: utf-8, gbk, gb18030, utf-16, utf-16le, utf-16be
    #[arg(long, value_name = "NAME", requires = "targets")]
    pub encoding: Option<String>,
    /// Leave out entries that cannot be used, instead of sending nothing; --results tells them as `skipped`
    #[arg(long, requires = "targets")]
    pub skip_invalid: bool,
}

/// How a list is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(in crate::cli) enum ListForm {
    /// A target a line.
    Lines,
    /// Comma-separated values with a header row.
    Csv,
    /// A JSON text a line.
    Ndjson,
}

impl From<ListForm> for ListFormat {
    fn from(form: ListForm) -> Self {
        match form {
            ListForm::Lines => Self::Lines,
            ListForm::Csv => Self::Csv,
            ListForm::Ndjson => Self::Ndjson,
        }
    }
}

impl List {
    /// What it is called in messages.
    pub(super) fn name(path: &Path) -> String {
        if input::is_stdin(Some(path)) { "stdin".to_owned() } else { path.display().to_string() }
    }

    /// Opens it, and reads it while signals are heard, where somebody listens to them. A link is followed as far as its
    /// repository reaches, and into the folders `allowed`.
    pub(super) fn open<'f>(
        &self,
        session: &Session,
        listens: Option<&'f dyn Fleet>,
        path: &Path,
        allowed: &[PathBuf],
        usual: TargetKind,
        variables: Vec<String>,
    ) -> Result<ListBatches<'f>> {
        let encoding = self.encoding.as_deref().map(Encoding::parse).transpose()?;
        let options = Options {
            column: self.column.clone(),
            encoding,
            form: self.form.map(Into::into),
            variables,
            ..Options::new(Self::name(path), usual)
        };
        let dice = || session.edge.random(u64::MAX).to_le_bytes();
        let (mut key, half) = ([0; 16], dice());
        key[..8].copy_from_slice(&half);
        key[8..].copy_from_slice(&dice());
        let packing = Packing { cap: READ, dedupe: Some(Dedupe::new(key)), check: None };
        let input = Input::named(path, allowed)?;
        let stream = match listens {
            Some(fleet) => patience::stream(input, fleet)?,
            None => input.stream()?,
        };
        ListBatches::open(stream, options, packing)
    }
}
