//! Follows a run: writes results into a file, and shows a progress bar.

use std::io::IsTerminal as _;
use std::time::Duration;

use indicatif::ProgressDrawTarget;

use crate::broadcast::counts::TargetCounts;
use crate::broadcast::job::progress_bar::JobBar;
use crate::broadcast::job::results::ResultsWriter;
use crate::broadcast::ports::Observer;
use crate::contract::{Operation, TargetKind};
use crate::ledger::{Batch, Ending, Job, fates};
use crate::outcome::Outcome;
use crate::report::Ui;

/// The observer that the engine calls.
pub(crate) struct RunObserver<'a> {
    ui: &'a Ui,
    /// The results file, if there is one.
    pub(crate) results: Option<ResultsWriter>,
    /// The kind of targets of each template.
    kinds: Vec<Option<TargetKind>>,
    /// The audience of the job, in words.
    audience: String,
    /// The progress bar, if there is one.
    pub(crate) bar: Option<JobBar>,
}

impl<'a> RunObserver<'a> {
    /// An observer of a run of a job. `before` is the result of earlier runs.
    pub(crate) fn new(
        ui: &'a Ui,
        results: Option<ResultsWriter>,
        job: &Job,
        before: &TargetCounts,
    ) -> Self {
        let kinds = job.templates.iter().map(|template| template.kind).collect();
        let audience = job.intent.audience.clone();
        Self { ui, results, kinds, audience, bar: progress_bar(ui, before) }
    }

    /// Writes to stderr, above the bar.
    fn aside(&self, write: impl FnOnce(&Ui)) {
        match &self.bar {
            Some(bar) => bar.aside(|| write(self.ui)),
            None => write(self.ui),
        }
    }
}

impl Observer for RunObserver<'_> {
    fn ended(&mut self, batch: &Batch, operation: &Operation, outcome: &Outcome) {
        if let Some(results) = &mut self.results {
            let kind = self.kinds.get(batch.template as usize).copied().flatten();
            let kind = kind.map(TargetKind::word);
            let ending = Ending::of(outcome, 0, 0, batch.attempts);
            if batch.ids.is_empty() {
                results.write_audience(&self.audience, operation.id, Some(&ending));
            }
            for fate in fates(&batch.ids, &ending) {
                results.write_target(kind, operation.id, &fate);
            }
            results.flush();
        }
        let words = format!("batch {}: {}", batch.key.number(), outcome.verdict.word());
        self.aside(|ui| ui.phase("outcome", &words));
    }

    fn waits(&mut self, time: Duration) {
        self.aside(|ui| ui.waits(time));
    }

    /// Beside the bar, where there is one: a line for each would push it away.
    fn retries(&mut self, time: Duration, why: &str) {
        match &self.bar {
            Some(bar) => bar.retries(time, why),
            None => self.ui.retries(time, why),
        }
    }

    fn remark(&mut self, text: &str) {
        self.aside(|ui| ui.warn(text));
    }

    fn progress(&mut self, tally: &TargetCounts) {
        if let Some(bar) = &self.bar {
            bar.set(tally);
        }
    }
}

/// A progress bar on stderr; none with `--quiet`, or where stderr is not a terminal.
fn progress_bar(ui: &Ui, tally: &TargetCounts) -> Option<JobBar> {
    if ui.quiet || !std::io::stderr().is_terminal() {
        return None;
    }
    Some(JobBar::on(ui, ProgressDrawTarget::stderr(), tally))
}
