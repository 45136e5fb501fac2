//! Follows a run: writes results into a file, and shows a progress bar.

use std::io::IsTerminal as _;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use crate::broadcast::counts::TargetCounts;
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
    pub(crate) bar: Option<ProgressBar>,
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
        self.ui
            .phase("outcome", &format!("batch {}: {}", batch.key.number(), outcome.verdict.word()));
    }

    fn waits(&mut self, time: Duration) {
        match &self.bar {
            Some(bar) => bar.suspend(|| self.ui.waits(time)),
            None => self.ui.waits(time),
        }
    }

    /// A progress bar shows that nothing moves, so each pause is told only where there is none.
    fn retries(&mut self, time: Duration, why: &str) {
        if self.bar.is_none() {
            self.ui.retries(time, why);
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
            let shown = words.iter().filter(|(_, count)| *count > 0);
            bar.set_message(
                shown.map(|(word, count)| format!("{count} {word}")).collect::<Vec<_>>().join(", "),
            );
        }
    }
}

/// A progress bar on stderr; none with `--quiet`, or where stderr is not a terminal.
fn progress_bar(ui: &Ui, tally: &TargetCounts) -> Option<ProgressBar> {
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
    // The rate must not count the targets of earlier runs.
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
