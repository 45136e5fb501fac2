//! Checks one batch of a list, and finds the targets in it that cannot be used.

use std::ops::Range;

use crate::broadcast::job::body_lint::{BodyLint, LintErrors, LintSubject, without_indices};
use crate::broadcast::job::composer::ComposedTemplate;
use crate::broadcast::job::entry_findings::{EntryFinding, EntryFindings};
use crate::contract::{Contract, Finding};
use crate::document::Document;
use crate::error::Result;
use crate::send::flag_words::{WordedPayload, renamed};
use crate::send::origins::{is_audience, is_within, value_at_place, whole_pointer};
use crate::template::message_template::FinishedBody;
use crate::template::text::Template;

/// What is wrong with a batch.
pub(crate) enum BatchFault {
    /// Some of its targets, each with its index in the batch and the reason.
    Targets(Vec<(usize, String)>),
    /// The payload, for every target.
    Payload(LintErrors),
}

/// Checks batches with the same template and the same values of variables.
pub(crate) struct BatchCheck<'c, 'l> {
    pub(crate) lint: &'c mut BodyLint<'l>,
    /// The number of the template.
    pub(crate) template: usize,
    /// The template.
    pub(crate) composed: &'c ComposedTemplate,
    /// The values of the variables, as JSON.
    pub(crate) variables: Option<&'c str>,
    /// Where warnings about entries go.
    pub(crate) entries: &'c mut EntryFindings,
}

impl<'c> BatchCheck<'c, '_> {
    /// Lints a batch of these targets. Where it has an error, checks each target alone to find out which ones cause it. With
    /// the lines of the entries, tells warnings, too.
    pub(crate) fn check(
        &mut self,
        ids: &[String],
        lines: Option<&[u64]>,
    ) -> Result<Result<FinishedBody, BatchFault>> {
        let errors = match self.lint(ids, lines) {
            Ok((finished, None)) => return Ok(Ok(finished)),
            Ok((_, Some(errors))) => errors,
            Err(error) => {
                return match ids {
                    [] => Err(error),
                    [_] => Ok(Err(BatchFault::Targets(vec![(0, error.to_string())]))),
                    // If each target alone fits into the payload, only all together do not.
                    _ => self.check_each(ids)?.map_or(Err(error), |fault| Ok(Err(fault))),
                };
            }
        };
        Ok(Err(match ids {
            [_] if errors.0.iter().all(|finding| self.is_about_target(finding, &errors.1)) => {
                let first = errors.0.first();
                let contract = self.lint.linted.contract;
                let reason = first
                    .map(|finding| words(contract, self.composed, finding, &errors.1, "the id"));
                let reason = reason.unwrap_or_default();
                BatchFault::Targets(vec![(0, reason)])
            }
            [] | [_] => BatchFault::Payload(errors),
            // If each target alone is valid, the payload cannot take as many.
            _ => self.check_each(ids)?.unwrap_or(BatchFault::Payload(errors)),
        }))
    }

    /// Checks each target alone. Stops at a fault of the payload.
    fn check_each(&mut self, ids: &[String]) -> Result<Option<BatchFault>> {
        let mut faults = Vec::new();
        for (index, id) in ids.iter().enumerate() {
            match self.check(std::slice::from_ref(id), None)? {
                Ok(_) => {}
                Err(BatchFault::Targets(own)) => {
                    faults.extend(own.into_iter().map(|(_, reason)| (index, reason)));
                }
                Err(payload) => return Ok(Some(payload)),
            }
        }
        Ok((!faults.is_empty()).then_some(BatchFault::Targets(faults)))
    }

    /// Whether a finding in a payload for one target can be caused by the target: by its values, or at the place of its id.
    /// A field that is missing is a flag that is missing.
    fn is_about_target(&self, finding: &Finding, body: &Document) -> bool {
        let place = whole_pointer(&finding.place);
        if value_at_place(&body.root().value, &place).is_none() {
            return false;
        }
        let sheet = &self.composed.sheet;
        let is_id = |pointer: &str| finding.place.pointer.starts_with(pointer);
        !sheet.names().is_empty() || sheet.slot().is_some_and(|slot| is_id(&slot.pointer_of(0)))
    }

    /// The finished payload, with its errors if it has any.
    pub(crate) fn lint(
        &mut self,
        ids: &[String],
        lines: Option<&[u64]>,
    ) -> Result<(FinishedBody, Option<LintErrors>)> {
        let finished = self.composed.sheet.finish(ids, self.variables)?;
        let subject = self.subject();
        let Some(lines) = lines else {
            let errors = self.lint.errors(subject, &finished.body, None);
            return Ok((finished, errors));
        };
        let (composed, contract) = (self.composed, self.lint.linted.contract);
        let mut told = Vec::new();
        let mut takes = |finding: &Finding, body: &Document| {
            let entries = entries_of(composed, finding, lines.len());
            let is_taken = entries.is_some();
            told.extend(entries.map(|entries| {
                let subject = match ids.get(entries.start) {
                    Some(id) if entries.len() == 1 => format!("`{id}`"),
                    _ => "an id".to_owned(),
                };
                (finding.clone(), entries, words(contract, composed, finding, body, &subject))
            }));
            is_taken
        };
        let errors = self.lint.errors(subject, &finished.body, Some(&mut takes));
        for (finding, entries, message) in told {
            let (template, place) = (self.template, without_indices(&finding.place.pointer));
            let lines = self.lines_with(&finding, (ids, lines), entries)?;
            let (finding, lines) = (&finding, &*lines);
            self.entries.add(EntryFinding { template, finding, place, message, lines });
        }
        Ok((finished, errors))
    }

    /// The lines of the entries that a finding is about. Ids that share a text are linted one by one.
    fn lines_with(
        &self,
        finding: &Finding,
        (ids, lines): (&[String], &[u64]),
        entries: Range<usize>,
    ) -> Result<Vec<u64>> {
        let sheet = &self.composed.sheet;
        let is_shared = entries.len() > 1
            && sheet.slot().is_some_and(|slot| slot.pointer_of(0) == finding.place.pointer);
        if !is_shared {
            return Ok(lines[entries].to_vec());
        }
        let mut found = Vec::new();
        for (id, line) in ids.iter().zip(lines) {
            let alone = sheet.finish(std::slice::from_ref(id), self.variables)?;
            let is_it = |one: &Finding| {
                one.code() == finding.code() && one.place.pointer == finding.place.pointer
            };
            if self.lint.lint(self.subject(), &alone.body).iter().any(is_it) {
                found.push(*line);
            }
        }
        Ok(found)
    }

    /// Shows the errors of the payload, and fails.
    pub(crate) fn refuse(self, errors: LintErrors) -> Result<()> {
        self.lint.refuse(self.subject(), errors)
    }

    fn subject(&self) -> LintSubject<'c> {
        LintSubject {
            template: self.template,
            operation: self.composed.sheet.operation,
            sizes: &self.composed.sizes,
            source: self.composed.source(),
        }
    }
}

/// The entries of a batch that a finding is about, by their indices: of its ids, or of the values of its variables; `None` if
/// it is about what all entries share.
fn entries_of(
    composed: &ComposedTemplate,
    finding: &Finding,
    count: usize,
) -> Option<Range<usize>> {
    let (sheet, pointer) = (&composed.sheet, &finding.place.pointer);
    if let Some(slot) = sheet.slot() {
        let index = pointer.rsplit('/').next().and_then(|step| step.parse::<usize>().ok());
        if let Some(index) = index.filter(|at| *at < count && slot.pointer_of(*at) == *pointer) {
            return Some(index..index + 1);
        }
        if slot.pointer_of(0) == *pointer {
            return Some(0..count);
        }
    }
    // Only a text shows whether it is the values' fault.
    let value = value_at_place(sheet.body(), &whole_pointer(&finding.place))?;
    (value.as_str().is_some() && !Template::parse(value).is_plain()).then_some(0..count)
}

/// What is wrong, in the words of the flags and the list.
fn words(
    contract: &'static Contract,
    composed: &ComposedTemplate,
    finding: &Finding,
    document: &Document,
    id: &str,
) -> String {
    let (sheet, operation) = (&composed.sheet, composed.sheet.operation);
    let place = whole_pointer(&finding.place);
    if sheet.slot().is_some_and(|slot| {
        is_within(&place, &slot.pointer_of(0)) || is_audience(operation, &place)
    }) {
        return renamed(&finding.message, &place, id);
    }
    let origins = &composed.origins;
    WordedPayload { contract, operation, document, origins }.words(finding).message
}
