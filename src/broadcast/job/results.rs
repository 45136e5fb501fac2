//! What is told while a job runs: a result a target into a file, and a bar for whoever watches.

use std::fs::File;
use std::io::{BufWriter, IsTerminal as _, Write as _};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use serde_json::json;

use crate::broadcast::counts::TargetCounts;
use crate::broadcast::parts::Observer;
use crate::broadcast::targets::{Bad, SKIPPED};
use crate::contract::{Operation, TargetKind};
use crate::error::system_words;
use crate::ledger::{Batch, Ending, Fate, Job, TargetState, fates};
use crate::net::Stop;
use crate::outcome::{Outcome, first_id};
use crate::report::Ui;

/// Results of single targets, an object a line.
pub(crate) struct Results {
    name: String,
    file: BufWriter<File>,
    /// Why it could not be written, the first time that it could not.
    failed: Option<std::io::Error>,
}

impl Results {
    /// Results in a file that is empty up from where it stands, behind these lines.
    pub(crate) fn new(name: String, file: File, first: &[String]) -> Self {
        let mut results = Self { name, file: BufWriter::new(file), failed: None };
        first.iter().for_each(|line| results.line(line));
        results.flush();
        results
    }

    /// Writes down what became of one target.
    pub(crate) fn write(&mut self, kind: Option<&str>, operation: &str, fate: &Fate<'_>) {
        let target = match kind {
            Some(kind) => format!("{kind}:{}", fate.target),
            None => fate.target.to_owned(),
        };
        self.line(&json!({
            "version": 1,
            "target": target,
            "outcome": fate.state.word(),
            "operation": operation,
            "id": fate.id,
            "code": fate.code,
            "message": fate.message,
        }));
    }

    /// Writes a line.
    pub(crate) fn line(&mut self, line: &dyn std::fmt::Display) {
        if self.failed.is_none()
            && let Err(error) = writeln!(self.file, "{line}")
        {
            self.failed = Some(error);
        }
    }

    /// Writes down what became of a request that names nobody: its audience stands for the target. Without an ending it is
    /// yet to be sent.
    pub(crate) fn write_whole(&mut self, audience: &str, operation: &str, ending: Option<&Ending>) {
        let state = |ending: &Ending| TargetState::Decided(ending.verdict);
        let fate = Fate {
            target: audience,
            state: ending.map_or(TargetState::Planned, state),
            id: ending.and_then(|ending| first_id(&ending.ids)),
            code: ending.and_then(|ending| ending.code.as_deref()),
            message: ending.and_then(|ending| ending.message.as_deref()),
        };
        self.write(None, operation, &fate);
    }

    /// Hands over to the disk what is ready.
    fn flush(&mut self) {
        if self.failed.is_none() {
            self.failed = self.file.flush().err();
        }
    }

    /// Whether nothing more can be written.
    pub(crate) fn is_over(&self) -> bool {
        self.failed.is_some()
    }

    /// Writes nothing more, since somebody asked to stop.
    pub(crate) fn break_off(&mut self, stop: Stop) {
        self.flush();
        self.failed.get_or_insert(std::io::Error::other(stop.word()));
    }

    /// Writes nothing more, since the ledger that the rest stands in is lost: why, is told already.
    pub(crate) fn lose_ledger(&mut self) {
        self.flush();
        self.failed.get_or_insert(std::io::Error::other("the ledger is lost"));
    }

    /// Ends the file, and tells what went wrong with it.
    pub(crate) fn finish(mut self, ui: &Ui, job: &str) {
        self.flush();
        if let Some(error) = self.failed {
            ui.warn(&format!(
                "the results in `{}` are not complete ({}); `herald history show {job}` tells the rest",
                self.name,
                system_words(&error)
            ));
        }
    }
}

/// The line of an entry that was left out of a list, as it stands there.
pub(crate) fn skipped(bad: &Bad) -> String {
    json!({
        "version": 1,
        "target": bad.text,
        "outcome": SKIPPED,
        "operation": "",
        "id": null,
        "code": null,
        "message": bad.reason,
        "line": bad.line,
    })
    .to_string()
}

/// Told by the engine.
pub(crate) struct Witness<'a> {
    pub(crate) ui: &'a Ui,
    pub(crate) results: Option<Results>,
    pub(crate) kinds: Vec<Option<TargetKind>>,
    /// Whom the job reaches, for people.
    pub(crate) audience: String,
    /// The id of the job.
    pub(crate) job: String,
    pub(crate) bar: Option<ProgressBar>,
}

impl<'a> Witness<'a> {
    /// Of a run of a job.
    pub(crate) fn new(
        ui: &'a Ui,
        results: Option<Results>,
        job: &Job,
        bar: Option<ProgressBar>,
    ) -> Self {
        let kinds = job.templates.iter().map(|template| template.kind).collect();
        let (audience, job) = (job.intent.audience.clone(), job.intent.id.to_string());
        Self { ui, results, kinds, audience, job, bar }
    }
}

impl Observer for Witness<'_> {
    fn ended(&mut self, batch: &Batch, operation: &Operation, outcome: &Outcome) {
        if let Some(results) = &mut self.results {
            let kind = self.kinds.get(batch.template as usize).copied().flatten();
            let kind = kind.map(TargetKind::word);
            let ending = Ending::of(outcome, 0, 0, batch.attempts);
            if batch.ids.is_empty() {
                results.write_whole(&self.audience, operation.id, Some(&ending));
            }
            for fate in fates(&batch.ids, &ending) {
                results.write(kind, operation.id, &fate);
            }
            results.flush();
        }
        self.ui
            .phase("outcome", &format!("batch {}: {}", batch.key.number(), outcome.verdict.word()));
    }

    fn waits(&mut self, time: Duration) {
        match &self.bar {
            Some(bar) => bar.suspend(|| self.ui.waits(time)),
            None => self.ui.waits(time),
        }
    }

    fn remark(&mut self, text: &str) {
        self.ui.warn(text);
    }

    fn progress(&mut self, tally: &TargetCounts) {
        if let Some(bar) = &self.bar {
            bar.set_position(tally.decided());
            let words =
                [("failed", tally.rejected + tally.unavailable), ("unknown", tally.unknown)];
            let told = words.iter().filter(|(_, count)| *count > 0);
            bar.set_message(
                told.map(|(word, count)| format!("{count} {word}")).collect::<Vec<_>>().join(", "),
            );
        }
    }
}

/// A bar on stderr; none where that is no terminal, or where remarks are kept back.
pub(crate) fn bar(ui: &Ui, tally: &TargetCounts) -> Option<ProgressBar> {
    if ui.quiet || !std::io::stderr().is_terminal() {
        return None;
    }
    Some(bar_on(ProgressDrawTarget::stderr(), tally))
}

fn bar_on(target: ProgressDrawTarget, tally: &TargetCounts) -> ProgressBar {
    let template = "{bar:30} {human_pos}/{human_len} {rate}/s {eta} left {msg}";
    let style = ProgressStyle::with_template(template)
        .expect("the template is well-formed")
        .with_key("rate", |state: &ProgressState, out: &mut dyn std::fmt::Write| {
            let _ = write!(out, "{:.0}", state.per_sec());
        });
    let bar = ProgressBar::with_draw_target(Some(tally.total), target).with_style(style);
    bar.set_position(tally.decided());
    // What earlier runs have done was not done in this moment.
    bar.reset_eta();
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_earlier_runs_have_done_counts_for_the_bar_and_not_for_its_rate() {
        let tally =
            TargetCounts { total: 2_000_000, accepted: 1_500_000, ..TargetCounts::default() };
        let bar = bar_on(ProgressDrawTarget::hidden(), &tally);
        std::thread::sleep(Duration::from_millis(60));
        bar.set_position(1_500_010);
        assert_eq!(bar.position(), 1_500_010);
        assert!(bar.per_sec() < 10_000.0, "{} in a second", bar.per_sec());
    }
}
