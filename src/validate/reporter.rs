//! What a run writes to its outputs, and how it ends.

use super::baseline::Baseline;
use super::part::DocumentPart;
use super::policy::FilePolicy;
use super::queue::{DrawnFinding, FindingQueue, FindingRank, QueuedItem};
use crate::contract::identify::Named;
use crate::contract::{BoundedFindings, Rule, Severity};
use crate::error::Error;
use crate::exit::Exit;
use crate::report::{
    Destination, FindingCounts, FindingRecord, Format, LeftOut, Renderer, ReportedPath, Summary,
    Trouble, Ui,
};

/// A format and its destination.
pub struct ReportOutput {
    /// The format.
    pub renderer: Box<dyn Renderer>,
    /// The file of a report; `None` for the normal output.
    pub file: Option<Destination>,
    /// Whether it can no longer be written.
    pub failed: bool,
}

/// The most files of which it is said that they were left out, however few findings are shown.
const FEW: usize = 20;

/// Writes findings to every output, once all of them are known.
pub(super) struct Reporter {
    ui: Ui,
    pub(super) outputs: Vec<ReportOutput>,
    pub(super) summary: Summary,
    /// The most findings that are shown, and the most files of which it is said that they were left out.
    max_findings: usize,
    queue: FindingQueue,
    pub(super) baseline: Baseline,
    /// Whether something was left out because it is for another provider.
    pub(super) left_out_foreign: bool,
    /// Whether a finding makes the run fail.
    fails: bool,
    worst: Exit,
}

impl Reporter {
    /// Without an output.
    pub(super) fn new(ui: Ui, max_findings: usize) -> Self {
        let (outputs, summary) = (Vec::new(), Summary::default());
        let (queue, baseline) = (FindingQueue::new(max_findings), Baseline::default());
        let (left_out_foreign, fails, worst) = (false, false, Exit::Done);
        Self { ui, outputs, summary, max_findings, queue, baseline, left_out_foreign, fails, worst }
    }

    /// Whether more findings are shown, or looked at one by one.
    pub(super) fn has_room(&self) -> bool {
        self.queue.has_room() || self.baseline.is_used()
    }

    /// Shows findings up to the limit, errors before others, and counts the rest.
    pub(super) fn report(
        &mut self,
        file: &ReportedPath,
        part: DocumentPart<'_>,
        operation: Option<Named>,
        found: BoundedFindings,
        policy: &FilePolicy<'_>,
    ) {
        let DocumentPart { name, source, base } = part;
        let is_clean = found.kept.is_empty() && found.more.iter().all(|more| more.count == 0);
        self.summary.ignored += found.waived;
        let is_listed = self.outputs.iter().any(|output| output.renderer.lists_payloads());
        if is_clean && !is_listed {
            return;
        }
        let is_queued = is_listed || !found.kept.is_empty();
        if is_queued {
            self.queue.payload(file.clone(), name.to_string(), operation, FindingCounts::default());
        }
        for mut finding in found.kept {
            let Some(severity) = policy.severity(finding.space, finding.rule) else {
                self.summary.ignored += 1;
                continue;
            };
            if policy.accepts(&mut finding) {
                self.summary.ignored += 1;
                continue;
            }
            if self.baseline.covers(file, &finding) {
                self.summary.baseline += 1;
                continue;
            }
            self.count(finding.space, finding.rule, severity, 1, policy);
            if self.queue.shown() >= self.max_findings {
                self.summary.hidden_in.get_or_insert_with(|| file.clone());
            }
            let rank = FindingRank::of(&finding, severity);
            if !self.queue.takes(rank) {
                self.queue.hide(severity, 1);
                continue;
            }
            let record = FindingRecord::new(finding, operation, file, source, base);
            let record = FindingRecord { severity, ..record };
            let outputs = self.outputs.iter();
            let drawn = outputs.map(|output| output.renderer.draw(&record, source)).collect();
            self.queue.push(rank, DrawnFinding { record, drawn });
        }
        for more in found.more.iter().filter(|more| more.count > 0) {
            match policy.severity(more.space, more.rule) {
                Some(severity) => {
                    self.count(more.space, more.rule, severity, more.count, policy);
                    self.summary.hidden_in.get_or_insert_with(|| file.clone());
                    if is_queued {
                        self.queue.hide(severity, more.count);
                    }
                }
                None => self.summary.ignored += more.count,
            }
        }
        if !is_listed {
            self.queue.forget_empty();
        }
    }

    /// Counts findings, shown or not.
    fn count(
        &mut self,
        space: &'static str,
        rule: &'static Rule,
        severity: Severity,
        times: usize,
        policy: &FilePolicy<'_>,
    ) {
        self.fails |= policy.fails(severity);
        self.summary.count(space, rule, severity, times);
    }

    /// A file, or a part of it, that is not linted. Each reason is reported once a file, and not for more files than
    /// findings are shown.
    pub(super) fn left_out(&mut self, file: &ReportedPath, reason: String) {
        self.summary.left_out += 1;
        let left_out = LeftOut { file: file.clone(), reason };
        let known = &mut self.summary.left_out_files;
        if known.last() == Some(&left_out) || known.len() >= self.max_findings.max(FEW) {
            return;
        }
        known.push(left_out.clone());
        self.queue.left_out(left_out);
    }

    /// An input that could not be read; a finding says so.
    pub(super) fn unreadable(&mut self, error: &Error) {
        self.note(error.exit());
        self.write(|renderer| renderer.unreadable(error));
    }

    /// An error that prevented files from being linted; the others continue.
    pub(super) fn trouble(&mut self, trouble: &Trouble<'_>) {
        self.ui.complain_beside(trouble.error);
        self.note(trouble.error.exit());
        self.write(|renderer| renderer.trouble(trouble));
    }

    fn write(&mut self, mut text: impl FnMut(&mut dyn Renderer) -> String) {
        self.write_each(|_, renderer| text(renderer));
    }

    /// Writes to every output by its number. A report that can no longer be written is reported once, and gets nothing more.
    fn write_each(&mut self, mut text: impl FnMut(usize, &mut dyn Renderer) -> String) {
        let ui = self.ui;
        let mut failed = Vec::new();
        for (number, output) in self.outputs.iter_mut().enumerate() {
            let text = text(number, &mut *output.renderer);
            let written = match &mut output.file {
                _ if text.is_empty() || output.failed => Ok(()),
                Some(file) => file.write(&text),
                None => {
                    ui.raw(&text);
                    Ok(())
                }
            };
            if let Err(error) = written {
                output.failed = true;
                failed.push(error);
            }
        }
        for error in failed {
            self.ui.complain(&error);
            self.note(error.exit());
        }
    }

    fn note(&mut self, exit: Exit) {
        if exit.code() > self.worst.code() {
            self.worst = exit;
        }
    }

    pub(super) fn finish(mut self) -> Exit {
        if self.fails {
            self.note(Exit::Findings);
        }
        match std::mem::take(&mut self.baseline).finish() {
            Ok(lines) => lines.iter().for_each(|line| self.ui.remark(line)),
            Err(error) => self.trouble(&Trouble::new(&error)),
        }
        let queue = std::mem::replace(&mut self.queue, FindingQueue::new(0));
        let mut summary = std::mem::take(&mut self.summary);
        summary.hidden = summary.found() - queue.shown();
        summary.hidden_errors = summary.errors - queue.shown_errors();
        for item in queue.into_items() {
            match item {
                QueuedItem::Payload(mut payload) => self
                    .write_each(|number, renderer| renderer.payload(&payload.for_output(number))),
                QueuedItem::LeftOut(left_out) => {
                    self.write(|renderer| renderer.left_out(&left_out))
                }
            }
        }
        // The summary for people contains it; other outputs have no line for it.
        if self.ui.is_machine() {
            summary.hidden_words().iter().for_each(|words| self.ui.warn(words));
        }
        if matches!(self.ui.format, Format::Junit | Format::Gitlab) {
            summary.notes().iter().for_each(|words| self.ui.remark(words));
        }
        self.write(|renderer| renderer.finish(&summary));
        let outputs = std::mem::take(&mut self.outputs).into_iter();
        for file in outputs.filter(|output| !output.failed).filter_map(|output| output.file) {
            if let Err(error) = file.finish() {
                self.ui.complain(&error);
                self.note(error.exit());
            }
        }
        self.worst
    }
}
