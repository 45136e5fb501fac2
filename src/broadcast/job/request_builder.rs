//! Builds the requests of a job for the engine.

use crate::broadcast::job::inspect::put_dedupe_id;
use crate::contract::{Answers, Audience, Operation};
use crate::document::Value;
use crate::error::Result;
use crate::ledger::Batch;
use crate::net;
use crate::outcome::Outcome;
use crate::provider::Vendor;
use crate::send::executor::ports::{AttemptInfo, MadeRequest, Maker};
use crate::send::prerequisites::Prerequisites;
use crate::template::message_template::MessageTemplate;
use crate::wire::Exchange;

/// Builds the requests of a job.
pub(crate) struct RequestBuilder<'a> {
    pub(crate) vendor: &'static dyn Vendor,
    pub(crate) prerequisites: Prerequisites<'a>,
    pub(crate) sheets: Vec<MessageTemplate>,
    /// Fails while a kill switch exists or quiet hours last.
    pub(crate) allowed: &'a dyn Fn() -> Result<()>,
}

impl<'a> RequestBuilder<'a> {
    /// A builder for the templates of a job.
    pub(crate) fn new(
        vendor: &'static dyn Vendor,
        prerequisites: Prerequisites<'a>,
        sheets: Vec<MessageTemplate>,
        allowed: &'a dyn Fn() -> Result<()>,
    ) -> Self {
        Self { vendor, prerequisites, sheets, allowed }
    }

    fn sheet(&self, batch: &Batch) -> &MessageTemplate {
        &self.sheets[batch.template as usize]
    }
}

impl Maker for RequestBuilder<'_> {
    fn operation(&self, batch: &Batch) -> &'static Operation {
        self.sheet(batch).operation
    }

    fn make(&mut self, batch: &Batch) -> Result<MadeRequest> {
        (self.allowed)()?;
        let sheet = self.sheet(batch);
        let operation = sheet.operation;
        let mut body = sheet.render(&batch.ids, batch.vars.as_deref())?;
        if let Some(id) = &batch.dedupe_id {
            put_dedupe_id(operation, &mut body, id)?;
        }
        let mut made = self.prerequisites.prepare(operation, &mut body, &[])?;
        // A batch keeps its key, also where the profile no longer says that the vendor recognises repeats.
        made.dedupe_id = made.dedupe_id.or_else(|| batch.dedupe_id.clone());
        Ok(made)
    }

    fn recovers(
        &mut self,
        attempt: &AttemptInfo,
        operation: &'static Operation,
        exchange: &Exchange,
    ) -> bool {
        self.prerequisites.recovers(attempt, operation, exchange)
    }

    fn decide(&self, batch: &Batch, operation: &'static Operation, exchange: &Exchange) -> Outcome {
        let body = || self.sheet(batch).render(&batch.ids, batch.vars.as_deref()).ok();
        let mut outcome = self.prerequisites.outcome_of(operation, &body, exchange);
        let contract = self.vendor.contract();
        match operation.answers {
            Answers::Targets => {
                net::account_for(contract, operation, &mut outcome, &batch.ids);
            }
            Answers::Values(_) => {
                let body = body().unwrap_or(Value::Null);
                let asked = operation.asked(&body, &Audience::Nobody);
                net::account_for(contract, operation, &mut outcome, &asked);
            }
            Answers::Keys(_) | Answers::Others => {}
        }
        self.prerequisites.redacted(outcome, &|target| batch.ids.iter().any(|id| id == target))
    }
}
