//! The first pass over a broadcast: reads and checks every target, and puts it into a batch. Nothing is sent.

use crate::broadcast::job::batch_check::{BatchCheck, BatchFault};
use crate::broadcast::job::body_lint::BodyLint;
use crate::broadcast::job::composer::{ComposedTemplate, Composer};
use crate::broadcast::job::entry_findings::EntryFindings;
use crate::broadcast::job::plan_sink::PlanSink;
use crate::broadcast::job::planned_templates::PlannedTemplates;
use crate::broadcast::job::rejected_entries::RejectedEntries;
use crate::broadcast::job::secret_payload::secret_in_values;
use crate::broadcast::job::totals::Totals;
use crate::broadcast::targets::{InvalidEntry, TargetBatch};
use crate::contract::{Audience, TargetKind};
use crate::error::{Error, Result};
use crate::guard::AllowList;
use crate::ledger::PlannedBatch;
use crate::template::message_template::FinishedBody;

/// The result of the first pass.
pub(crate) struct PlanningResult {
    /// What the requests add up to.
    pub(crate) totals: Totals,
    /// The templates by their number.
    pub(crate) templates: Vec<ComposedTemplate>,
    /// Entries of the list that cannot be used.
    pub(crate) rejected: RejectedEntries,
    /// A digest of all payloads and targets that does not depend on their order and the number of requests.
    pub(crate) fingerprint: String,
}

/// Puts targets into batches.
pub(crate) struct Planner<'a> {
    templates: PlannedTemplates<'a>,
    lint: BodyLint<'a>,
    sink: &'a mut dyn PlanSink,
    allow_list: &'a AllowList<'a>,
    totals: Totals,
    /// A batch ends after this number of targets, so that the canary is complete.
    canary: u64,
    pending: PendingBatch,
    pub(crate) rejected: RejectedEntries,
    entries: EntryFindings,
}

/// The targets of a batch that is not full yet.
#[derive(Default)]
struct PendingBatch {
    kind: Option<TargetKind>,
    values: Vec<String>,
    ids: Vec<String>,
    lines: Vec<u64>,
}

impl<'a> Planner<'a> {
    /// A planner without targets. A canary of 0 is none.
    pub(crate) fn new(
        composer: Composer<'a>,
        lint: BodyLint<'a>,
        sink: &'a mut dyn PlanSink,
        allow_list: &'a AllowList<'a>,
        canary: u64,
        rejected: RejectedEntries,
    ) -> Self {
        Self {
            templates: PlannedTemplates::new(composer),
            lint,
            sink,
            allow_list,
            totals: Totals::default(),
            canary,
            pending: PendingBatch::default(),
            rejected,
            entries: EntryFindings::default(),
        }
    }

    /// Sets the variables whose values [`Planner::add`] gets.
    pub(crate) fn set_variables(&mut self, names: Vec<String>) {
        self.templates.variables = names;
    }

    /// Plans an audience from flags, which has its targets in its templates.
    pub(crate) fn add_audience(&mut self, templates: Vec<ComposedTemplate>) -> Result<()> {
        for composed in templates {
            let index = self.templates.add(None, composed, &self.lint.linted, self.sink)?;
            let ids = match self.templates.get(index).sheet.own_audience() {
                Audience::Named(targets) => targets.into_iter().map(|one| one.id).collect(),
                Audience::Nobody | Audience::Class(_) | Audience::Everybody => Vec::new(),
            };
            let mut check = self.check(index, None);
            let (finished, errors) = check.lint(&ids, Some(&[]))?;
            if let Some(errors) = errors {
                return check.refuse(errors);
            }
            self.put(index, ids, None, &finished)?;
        }
        Ok(())
    }

    /// Adds targets of a list.
    pub(crate) fn add(&mut self, batch: &TargetBatch) -> Result<()> {
        let kind = batch.kind();
        if self.pending.kind != Some(kind) || self.pending.values != batch.values() {
            self.flush()?;
            self.pending.kind = Some(kind);
            self.pending.values = batch.values().to_vec();
        }
        let usual = self.lint.linted.contract.default_target;
        let index = match self.index_of(kind) {
            Ok(index) => index,
            // If the message can be sent to the vendor's usual kind, only this kind is the problem.
            Err(error) if kind != usual && self.index_of(usual).is_ok() => {
                self.reject_batch(batch, &error);
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        let cap = self.templates.get(index).cap;
        for (line, id) in batch.entries() {
            self.pending.ids.push(id.to_owned());
            self.pending.lines.push(line);
            let count = self.totals.targets + self.pending.ids.len() as u64;
            if self.pending.ids.len() >= cap || count == self.canary {
                self.flush()?;
            }
        }
        // A later entry of a rejected target is not a repeat, because its values may be valid. So with variables, find the
        // rejected targets before the list is read further. Without variables the later entry would be rejected, too.
        let may_retry = self.rejected.is_lenient && !self.templates.variables.is_empty();
        if may_retry { self.flush() } else { Ok(()) }
    }

    /// Rejects all targets of a kind that the message cannot be sent to.
    fn reject_batch(&mut self, batch: &TargetBatch, error: &Error) {
        let kind = batch.kind();
        for (line, id) in batch.entries() {
            let help = error.advice().map(str::to_owned);
            let (text, reason) = (format!("{kind}:{id}"), error.to_string());
            self.rejected.add(InvalidEntry { line, text, reason, help });
        }
    }

    /// Ends the list of this name.
    pub(crate) fn finish(mut self, list: &str) -> Result<PlanningResult> {
        self.flush()?;
        self.entries.report(self.lint.linted.ui, list);
        self.lint.linted.result()?;
        let Self { totals, rejected, .. } = self;
        let (templates, digests) = self.templates.into_parts();
        let fingerprint = totals.fingerprint(digests);
        Ok(PlanningResult { totals, templates, rejected, fingerprint })
    }

    fn index_of(&mut self, kind: TargetKind) -> Result<usize> {
        self.templates.index_of(kind, &self.lint.linted, self.sink)
    }

    fn check<'c>(&'c mut self, template: usize, variables: Option<&'c str>) -> BatchCheck<'c, 'a> {
        let composed = self.templates.get(template);
        let (lint, entries) = (&mut self.lint, &mut self.entries);
        BatchCheck { lint, template, composed, variables, entries }
    }

    /// Checks the pending targets, and puts the valid ones into a batch.
    fn flush(&mut self) -> Result<()> {
        let mut ids = std::mem::take(&mut self.pending.ids);
        let mut lines = std::mem::take(&mut self.pending.lines);
        let Some(kind) = self.pending.kind.filter(|_| !ids.is_empty()) else { return Ok(()) };
        let index = self.index_of(kind)?;
        let values = &self.pending.values;
        let variables = (!values.is_empty()).then(|| self.templates.variables_as_json(values));
        let redactor = &self.lint.linted.redactor;
        if let Some(reason) = secret_in_values(redactor, variables.as_deref()) {
            for (line, id) in lines.into_iter().zip(ids) {
                self.rejected.add_target(kind, line, id, reason.to_owned());
            }
            return Ok(());
        }
        // The payload without the invalid targets is another payload, so check again until it is valid.
        let finished = loop {
            let mut check = self.check(index, variables.as_deref());
            let faults = match check.check(&ids, Some(&lines))? {
                Ok(finished) => break finished,
                Err(BatchFault::Payload(errors)) => return check.refuse(errors),
                Err(BatchFault::Targets(faults)) => faults,
            };
            for (place, reason) in &faults {
                let id = ids[*place].clone();
                self.rejected.add_target(kind, lines[*place], id, reason.clone());
            }
            (ids, lines) = (without(ids, &faults), without(lines, &faults));
            if ids.is_empty() {
                return Ok(());
            }
        };
        self.put(index, ids, variables, &finished)
    }

    /// Counts a checked batch, and gives it to the sink.
    fn put(
        &mut self,
        index: usize,
        ids: Vec<String>,
        vars: Option<String>,
        finished: &FinishedBody,
    ) -> Result<()> {
        let composed = self.templates.get(index);
        self.totals.add((index, &composed.sheet), finished, vars.as_deref(), self.allow_list);
        let template =
            u32::try_from(index).expect("there are as many templates as kinds of targets");
        self.sink.batch(PlannedBatch { template, ids, vars }, composed)
    }
}

/// The items of a batch without those that have a fault.
fn without<T>(items: Vec<T>, faults: &[(usize, String)]) -> Vec<T> {
    let is_valid = |place: &usize| faults.iter().all(|(faulty, _)| faulty != place);
    let items = items.into_iter().enumerate().filter(|(place, _)| is_valid(place));
    items.map(|(_, item)| item).collect()
}
