//! Writes the templates and batches of a job that is being planned into the ledger.

use uuid::Uuid;

use crate::broadcast::job::batch_writer::BatchWriter;
use crate::broadcast::job::composer::{ComposedTemplate, job_template};
use crate::broadcast::job::plan_sink::PlanSink;
use crate::broadcast::job::secret_payload::describe_secret;
use crate::error::Result;
use crate::ledger::{JobTemplate, PlannedBatch};
use crate::send::context::SendContext;
use crate::send::prerequisites::Prerequisites;

/// The ledger as a sink of planned requests.
pub(crate) struct LedgerSink<'d, 'e> {
    pub(crate) context: &'d SendContext<'d>,
    pub(crate) batches: BatchWriter<'d>,
    pub(crate) job: Uuid,
    /// Uploads the files of a template.
    pub(crate) prerequisites: &'d mut Prerequisites<'e>,
    /// Whether a template has secrets. The ledger does not store them.
    pub(crate) holds_secrets: bool,
}

impl PlanSink for LedgerSink<'_, '_> {
    fn template(&mut self, composed: &mut ComposedTemplate) -> Result<()> {
        let uploads = std::mem::take(&mut composed.uploads);
        let operation = composed.sheet.operation;
        self.prerequisites.attach(operation, composed.sheet.body_mut(), &uploads)?;
        let app = self.context.app;
        app.redactor.borrow_mut().learn(composed.sheet.body());
        let template = job_template(&composed.sheet);
        let sender = template.sender.as_deref().map(|sender| app.hidden(sender));
        let template = JobTemplate { sender, ..template };
        let redacted = app.redactor.borrow().redacted_value(composed.sheet.body());
        let Some(redacted) = redacted else {
            return self.batches.ledger.plan_template(self.job, &template).map(drop);
        };
        // Warn once for the whole job.
        if !self.holds_secrets {
            self.context.env.ui.warn(&format!(
                "this job cannot be resumed: {}, which the ledger does not keep",
                describe_secret(&app.redactor, composed.sheet.body())
            ));
        }
        self.holds_secrets = true;
        let body = template.body.clone();
        let template = JobTemplate { body: redacted.to_compact(), ..template };
        self.batches.ledger.plan_redacted_template(self.job, &template, body).map(drop)
    }

    fn batch(&mut self, batch: PlannedBatch, _: &ComposedTemplate) -> Result<()> {
        self.batches.add(batch)
    }
}
