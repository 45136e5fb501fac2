//! `--results FILE`: the outcome of each target, a JSON object on each line.

use std::fs::File;
use std::io::{BufWriter, Write as _};

use serde_json::json;
use uuid::Uuid;

use crate::broadcast::targets::{InvalidEntry, SKIPPED_OUTCOME};
use crate::error::system_words;
use crate::ledger::{Ending, Fate, TargetState};
use crate::net::Stop;
use crate::outcome::{first_id, in_words};
use crate::report::Ui;
use crate::text::suggest;

/// Writes a results file.
pub(crate) struct ResultsWriter {
    name: String,
    file: BufWriter<File>,
    /// Why nothing more can be written: the first error, or a signal.
    failed: Option<std::io::Error>,
    /// The job, and whether it goes to the sandbox.
    job: (Uuid, bool),
}

impl ResultsWriter {
    /// Writes these lines into an empty file. More lines follow later.
    pub(crate) fn new(name: String, file: File, first: &[String], job: (Uuid, bool)) -> Self {
        let mut results = Self { name, file: BufWriter::new(file), failed: None, job };
        first.iter().for_each(|line| results.line(line));
        results.flush();
        results
    }

    /// Writes the outcome of one target.
    pub(crate) fn write_target(&mut self, kind: Option<&str>, operation: &str, fate: &Fate<'_>) {
        let target = match kind {
            Some(kind) => format!("{kind}:{}", fate.target),
            None => fate.target.to_owned(),
        };
        self.line(&json!({
            "version": 1,
            "target": target,
            "outcome": fate.state.word(),
            "operation": operation,
            "job": self.job.0.to_string(),
            "sandbox": self.job.1,
            "id": fate.id,
            "code": fate.code,
            "message": fate.message,
        }));
    }

    fn line(&mut self, line: &dyn std::fmt::Display) {
        if self.failed.is_none()
            && let Err(error) = writeln!(self.file, "{line}")
        {
            self.failed = Some(error);
        }
    }

    /// Writes the outcome of a request without target ids. Its audience stands for the target. `None`: nothing was sent yet.
    pub(crate) fn write_audience(
        &mut self,
        audience: &str,
        operation: &str,
        ending: Option<&Ending>,
    ) {
        let state = |ending: &Ending| TargetState::Decided(ending.verdict);
        let fate = Fate {
            target: audience,
            state: ending.map_or(TargetState::Planned, state),
            id: ending.and_then(|ending| first_id(&ending.ids)),
            code: ending.and_then(|ending| ending.code.as_deref()),
            message: ending.and_then(|ending| ending.message.as_deref()).map(in_words),
        };
        self.write_target(None, operation, &fate);
    }

    /// Writes the buffer to the file.
    pub(crate) fn flush(&mut self) {
        if self.failed.is_none() {
            self.failed = self.file.flush().err();
        }
    }

    /// Whether nothing more is written.
    pub(crate) fn is_over(&self) -> bool {
        self.failed.is_some()
    }

    /// Writes nothing more, because of a signal.
    pub(crate) fn stop(&mut self, stop: Stop) {
        self.flush();
        self.failed.get_or_insert(std::io::Error::other(stop.word()));
    }

    /// Writes nothing more, because the ledger with the rest failed. The error is already reported.
    pub(crate) fn stop_without_ledger(&mut self) {
        self.flush();
        self.failed.get_or_insert(std::io::Error::other("the ledger is lost"));
    }

    /// Ends the file. Warns where it is not complete.
    pub(crate) fn finish(mut self, ui: &Ui, job: &str) {
        self.flush();
        if let Some(error) = self.failed {
            ui.warn(&format!(
                "the results in `{}` are not complete ({}); {} tells the rest",
                self.name,
                system_words(&error),
                suggest("history show").arg(job)
            ));
        }
    }
}

/// The line for an entry that was left out of the list.
pub(crate) fn skipped_line(entry: &InvalidEntry, sandbox: bool) -> String {
    json!({
        "version": 1,
        "target": entry.text,
        "outcome": SKIPPED_OUTCOME,
        "operation": "",
        "sandbox": sandbox,
        "id": null,
        "code": null,
        "message": entry.reason,
        "line": entry.line,
    })
    .to_string()
}
