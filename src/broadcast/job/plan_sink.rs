//! Where planned requests go: the ledger, a plan file, or a preview.

use crate::broadcast::job::composer::ComposedTemplate;
use crate::error::Result;
use crate::ledger::PlannedBatch;

/// Takes the templates and batches of a job that is being planned.
pub(crate) trait PlanSink {
    /// Takes a template, before its first batch. Templates are numbered from 0.
    fn template(&mut self, composed: &mut ComposedTemplate) -> Result<()>;

    /// Takes a batch, in order, with its template.
    fn batch(&mut self, batch: PlannedBatch, composed: &ComposedTemplate) -> Result<()>;
}
