//! Entries of a list that cannot be used.

use serde_json::json;

use crate::broadcast::job::results::skipped_line;
use crate::broadcast::targets::{InvalidEntry, TargetBatch};
use crate::contract::TargetKind;
use crate::error::{Error, ErrorKind, Result};
use crate::report::Ui;
use crate::send::app::SharedRedactor;
use crate::text::escape;

/// The most rejected entries that are shown.
const MAX_SHOWN: usize = 20;

/// The rejected entries of a list.
pub(crate) struct RejectedEntries {
    redactor: SharedRedactor,
    /// `--skip-invalid`: leaves the entries out, instead of failing.
    pub(crate) is_lenient: bool,
    /// Whether `lines` is needed for a results file.
    keeps_lines: bool,
    /// Whether the job goes to the sandbox.
    sandbox: bool,
    /// The number of rejected entries.
    count: u64,
    /// The first of them.
    first: Vec<InvalidEntry>,
    /// All of them, as lines of a results file.
    pub(crate) lines: Vec<String>,
    /// Targets that were rejected since the last call of [`RejectedEntries::take_freed`].
    freed: Vec<(TargetKind, String)>,
}

impl RejectedEntries {
    /// No entries yet.
    pub(crate) fn new(
        redactor: SharedRedactor,
        skip_invalid: bool,
        has_results: bool,
        sandbox: bool,
    ) -> Self {
        Self {
            redactor,
            is_lenient: skip_invalid,
            keeps_lines: skip_invalid && has_results,
            sandbox,
            count: 0,
            first: Vec::new(),
            lines: Vec::new(),
            freed: Vec::new(),
        }
    }

    /// Adds an entry.
    pub(crate) fn add(&mut self, mut entry: InvalidEntry) {
        entry.text = self.redactor.borrow().redacted(&entry.text).into_owned();
        self.count += 1;
        if self.keeps_lines {
            self.lines.push(skipped_line(&entry, self.sandbox));
        }
        if self.first.len() < MAX_SHOWN {
            self.first.push(entry);
        }
    }

    /// Adds the entry of a target that the list reader took for valid.
    pub(crate) fn add_target(&mut self, kind: TargetKind, line: u64, id: String, reason: String) {
        self.freed.push((kind, id.clone()));
        self.add(InvalidEntry { line, text: id, reason, help: None });
    }

    /// Adds the entries of all targets of a batch.
    pub(crate) fn add_batch(&mut self, batch: &TargetBatch, reason: &str) {
        for (line, id) in batch.entries() {
            self.add_target(batch.kind(), line, id.to_owned(), reason.to_owned());
        }
    }

    /// The targets that were rejected since the last call. A later entry of the same target is not a repeat.
    pub(crate) fn take_freed(&mut self) -> Vec<(TargetKind, String)> {
        std::mem::take(&mut self.freed)
    }

    /// Reports the entries: as warnings with `--skip-invalid`, otherwise as an error that ends the command.
    pub(crate) fn report(&self, ui: &Ui, list: &str) -> Result<()> {
        if self.count == 0 {
            return Ok(());
        }
        if !self.is_lenient {
            return Err(self.error(list));
        }
        for entry in &self.first {
            ui.warn(&format!("line {} is left out: {}", entry.line, entry.reason));
        }
        if self.count > self.first.len() as u64 {
            ui.warn(&format!("{} entries are left out in all", self.count));
        }
        Ok(())
    }

    /// The error, with the lines of the first entries: no flag hides them.
    fn error(&self, list: &str) -> Error {
        // Some are found while the list is read, others when a batch of it is full.
        let mut first: Vec<&InvalidEntry> = self.first.iter().collect();
        first.sort_by_key(|entry| entry.line);
        let lines: Vec<String> = first.iter().map(|entry| entry.line.to_string()).collect();
        let more = self.count - self.first.len() as u64;
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let word = if self.count == 1 { "line" } else { "lines" };
        let entries =
            if self.count == 1 { "1 entry".to_owned() } else { format!("{} entries", self.count) };
        let (lines, told) = (lines.join(", "), first.iter().map(|entry| told(list, entry)));
        let details = first
            .iter()
            .map(|entry| json!({"line": entry.line, "text": entry.text, "reason": entry.reason}));
        Error::new(
            ErrorKind::Input,
            format!("{entries} of {list} cannot be used ({word} {lines}{more}); nothing was sent"),
        )
        .help("fix them, or leave them out with --skip-invalid")
        .excerpt(told.collect::<Vec<_>>().join("\n"))
        .with("entries", details.collect())
    }
}

/// An entry with its place, on one line.
fn told(list: &str, entry: &InvalidEntry) -> String {
    let InvalidEntry { line, text, reason, help } = entry;
    let help = help.as_deref().map(|help| format!(" ({help})")).unwrap_or_default();
    escape(&format!("{list}, line {line}: `{text}`: {reason}{help}"))
}
