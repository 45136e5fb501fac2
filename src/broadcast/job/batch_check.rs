//! Checks one batch of a list, and finds the targets in it that cannot be used.

use crate::broadcast::job::body_lint::{BodyLint, LintErrors, LintSubject};
use crate::broadcast::job::composer::ComposedTemplate;
use crate::contract::Finding;
use crate::error::Result;
use crate::template::message_template::FinishedBody;

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
}

impl<'c> BatchCheck<'c, '_> {
    /// Lints a batch of these targets. Where it has an error, checks each target alone to find out which ones cause it.
    pub(crate) fn check(
        &mut self,
        ids: &[String],
        shows_remarks: bool,
    ) -> Result<Result<FinishedBody, BatchFault>> {
        let errors = match self.lint(ids, shows_remarks) {
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
            [_] if errors.0.iter().all(|finding| self.is_about_target(finding)) => {
                let first = errors.0.first();
                let reason = first.map(|finding| finding.message.clone()).unwrap_or_default();
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
            match self.check(std::slice::from_ref(id), false)? {
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
    fn is_about_target(&self, finding: &Finding) -> bool {
        let sheet = &self.composed.sheet;
        let is_id = |pointer: &str| finding.place.pointer.starts_with(pointer);
        !sheet.names().is_empty() || sheet.slot().is_some_and(|slot| is_id(&slot.pointer_of(0)))
    }

    /// The finished payload, with its errors if it has any.
    pub(crate) fn lint(
        &mut self,
        ids: &[String],
        shows_remarks: bool,
    ) -> Result<(FinishedBody, Option<LintErrors>)> {
        let finished = self.composed.sheet.finish(ids, self.variables)?;
        let subject = self.subject();
        let errors = self.lint.errors(subject, &finished.body, shows_remarks);
        Ok((finished, errors))
    }

    /// Shows the errors of the payload, and fails.
    pub(crate) fn refuse(self, errors: LintErrors) -> Result<()> {
        let origin = format!("{} for the list", self.composed.origin);
        let subject = LintSubject { origin: &origin, ..self.subject() };
        self.lint.refuse(subject, errors)
    }

    fn subject(&self) -> LintSubject<'c> {
        LintSubject {
            template: self.template,
            operation: self.composed.sheet.operation,
            sizes: &self.composed.sizes,
            origin: &self.composed.origin,
        }
    }
}
