//! The templates of a job that is being planned: one for each kind of target in the list.

use crate::broadcast::job::composer::{ComposedTemplate, Composer};
use crate::broadcast::job::plan_sink::PlanSink;
use crate::broadcast::job::secret_payload::digest_without_secrets;
use crate::contract::TargetKind;
use crate::document::Value;
use crate::error::{Error, Result};
use crate::send::lint_state::LintState;
use crate::send::placeholders::unfilled;

/// Composes each template when it is first needed.
pub(crate) struct PlannedTemplates<'a> {
    composer: Composer<'a>,
    /// The variables that have values.
    pub(crate) variables: Vec<String>,
    /// The templates by their number, each with its kind of targets. `None` for an audience from flags.
    composed: Vec<(Option<TargetKind>, ComposedTemplate)>,
    /// The digest of each template without uploads and idempotency keys, which differ from run to run.
    digests: Vec<String>,
}

impl<'a> PlannedTemplates<'a> {
    /// No templates yet.
    pub(crate) fn new(composer: Composer<'a>) -> Self {
        Self { composer, variables: Vec::new(), composed: Vec::new(), digests: Vec::new() }
    }

    /// The template with a number.
    pub(crate) fn get(&self, index: usize) -> &ComposedTemplate {
        &self.composed[index].1
    }

    /// The number of the template for a kind of targets. Composes it if it is new.
    pub(crate) fn index_of(
        &mut self,
        kind: TargetKind,
        lint: &LintState<'_>,
        sink: &mut dyn PlanSink,
    ) -> Result<usize> {
        if matches!(kind, TargetKind::Tag | TargetKind::Package) {
            return Err(Error::usage(format!("a {kind} reaches an unknown number of people"))
                .help(format!("reach it with --{kind}, apart from the list")));
        }
        if let Some(index) = self.composed.iter().position(|(known, _)| *known == Some(kind)) {
            return Ok(index);
        }
        let composed = self.composer.for_kind(kind)?;
        self.add(Some(kind), composed, lint, sink)
    }

    /// Adds a template. Returns its number.
    pub(crate) fn add(
        &mut self,
        kind: Option<TargetKind>,
        mut composed: ComposedTemplate,
        lint: &LintState<'_>,
        sink: &mut dyn PlanSink,
    ) -> Result<usize> {
        for remark in composed.remarks.drain(..) {
            lint.remark(&remark);
        }
        unfilled(composed.sheet.body(), &self.variables)?;
        // The sink puts uploads in, so compute the digest before.
        self.digests.push(digest_without_secrets(&lint.redactor, &composed)?);
        sink.template(&mut composed)?;
        self.composed.push((kind, composed));
        Ok(self.composed.len() - 1)
    }

    /// The variables with these values, as a JSON object.
    pub(crate) fn variables_as_json(&self, values: &[String]) -> String {
        let mut object = Value::object();
        if let Some(members) = object.as_object_mut() {
            for (name, value) in self.variables.iter().zip(values) {
                members.set(name, value.as_str());
            }
        }
        object.to_compact()
    }

    /// The templates, and the digest of each.
    pub(crate) fn into_parts(self) -> (Vec<ComposedTemplate>, Vec<String>) {
        (self.composed.into_iter().map(|(_, composed)| composed).collect(), self.digests)
    }
}
