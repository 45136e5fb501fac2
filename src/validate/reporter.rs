//! What a run writes to its outputs, and how it ends.

use super::baseline::Baseline;
use super::part::DocumentPart;
use super::policy::FilePolicy;
use crate::contract::BoundedFindings;
use crate::contract::identify::Named;
use crate::error::Error;
use crate::exit::Exit;
use crate::report::{
    Destination, FindingCounts, FindingRecord, Format, LeftOut, LintedPayload, Renderer,
    ReportedPath, Summary, Ui,
};

/// A format and its destination.
pub struct ReportOutput {
    /// The format.
    pub renderer: Box<dyn Renderer>,
    /// The file of a report; `None` for the normal output.
    pub file: Option<Destination>,
}

/// Writes findings to every output. A payload is dropped once it is reported, except by formats that are one document.
pub(super) struct Reporter {
    ui: Ui,
    pub(super) outputs: Vec<ReportOutput>,
    pub(super) summary: Summary,
    /// The most findings that are shown, and how many were shown so far.
    max_findings: usize,
    told: usize,
    pub(super) baseline: Baseline,
    /// Whether a finding makes the run fail.
    fails: bool,
    worst: Exit,
}

impl Reporter {
    /// Without an output.
    pub(super) fn new(ui: Ui, max_findings: usize) -> Self {
        let (outputs, summary) = (Vec::new(), Summary::default());
        let baseline = Baseline::default();
        Self {
            ui,
            outputs,
            summary,
            max_findings,
            told: 0,
            baseline,
            fails: false,
            worst: Exit::Done,
        }
    }

    /// Shows findings up to the limit, and counts the others.
    pub(super) fn report(
        &mut self,
        file: &ReportedPath,
        part: DocumentPart<'_>,
        operation: Option<Named>,
        found: BoundedFindings,
        policy: &FilePolicy<'_>,
    ) {
        let DocumentPart { part, source, base } = part;
        let mut records = Vec::new();
        let mut hidden = FindingCounts::default();
        for mut finding in found.kept {
            let Some(severity) = policy.severity(finding.space, finding.rule) else { continue };
            if policy.accepts(&mut finding) {
                self.summary.ignored += 1;
                continue;
            }
            if self.baseline.covers(file, &finding) {
                self.summary.baseline += 1;
                continue;
            }
            self.fails |= policy.fails(severity);
            if self.told < self.max_findings {
                self.told += 1;
                let record = FindingRecord::new(finding, operation, file, source, base);
                records.push(FindingRecord { severity, ..record });
            } else {
                hidden.add(severity, 1);
            }
        }
        for more in found.more.iter().filter(|more| more.count > 0) {
            if let Some(severity) = policy.severity(more.space, more.rule) {
                self.fails |= policy.fails(severity);
                hidden.add(severity, more.count);
            }
        }
        self.summary.add(&records, hidden);
        let linted = LintedPayload { file, part, source, operation, records, hidden };
        self.write(|renderer| renderer.payload(&linted));
    }

    /// A file, or a part of it, that is not linted. Each reason is reported once a file, and not for more files than
    /// findings are shown.
    pub(super) fn left_out(&mut self, file: &ReportedPath, reason: String) {
        self.summary.left_out += 1;
        let left_out = LeftOut { file: file.clone(), reason };
        let known = &mut self.summary.left_out_files;
        if known.last() == Some(&left_out) || known.len() >= self.max_findings {
            return;
        }
        known.push(left_out.clone());
        self.write(|renderer| renderer.left_out(&left_out));
    }

    /// An input that could not be read; a finding says so.
    pub(super) fn unreadable(&mut self, error: &Error) {
        self.note(error.exit());
        self.write(|renderer| renderer.unreadable(error));
    }

    /// An error that prevented files from being linted; the others continue.
    pub(super) fn trouble(&mut self, error: &Error) {
        self.ui.complain_beside(error);
        self.note(error.exit());
        self.write(|renderer| renderer.trouble(error));
    }

    /// Writes to every output. A report that can no longer be written is reported once, and closed.
    fn write(&mut self, mut text: impl FnMut(&mut dyn Renderer) -> String) {
        let ui = self.ui;
        let mut failed = Vec::new();
        self.outputs.retain_mut(|output| {
            let text = text(&mut *output.renderer);
            let written = match &mut output.file {
                _ if text.is_empty() => Ok(()),
                Some(file) => file.write(&text),
                None => {
                    ui.raw(&text);
                    Ok(())
                }
            };
            written.map_err(|error| failed.push(error)).is_ok()
        });
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
            Err(error) => self.trouble(&error),
        }
        let summary = std::mem::take(&mut self.summary);
        // The summary for people contains it; other outputs have no line for it.
        if self.ui.is_machine() {
            summary.hidden_words().iter().for_each(|words| self.ui.warn(words));
        }
        if matches!(self.ui.format, Format::Junit | Format::Gitlab) {
            summary.read_words().iter().for_each(|words| self.ui.remark(words));
        }
        self.write(|renderer| renderer.finish(&summary));
        for file in std::mem::take(&mut self.outputs).into_iter().filter_map(|out| out.file) {
            if let Err(error) = file.finish() {
                self.ui.complain(&error);
                self.note(error.exit());
            }
        }
        self.worst
    }
}
