//! Makes the attempts of a message, and reads what happened to them.

use std::cell::RefCell;

use crate::contract::Operation;
use crate::error::Result;
use crate::ledger::Batch;
use crate::net;
use crate::outcome::Outcome;
use crate::send::context::SendContext;
use crate::send::executor::ports::{AttemptInfo, MadeRequest, Maker};
use crate::send::failover::Failover;
use crate::send::prepared_request::LintedRequest;
use crate::send::prerequisites::Prerequisites;
use crate::wire::Exchange;

/// Makes the attempts of a message.
pub(crate) struct MessageMaker<'a, 'e> {
    pub(crate) context: &'a SendContext<'a>,
    pub(crate) prerequisites: &'a mut Prerequisites<'e>,
    pub(crate) failover: &'a mut Failover,
    pub(crate) one: &'a RefCell<LintedRequest>,
    pub(crate) is_again: bool,
}

impl Maker for MessageMaker<'_, '_> {
    fn operation(&self, _: &Batch) -> &'static Operation {
        self.one.borrow().operation
    }

    fn targets(&self, _: &Batch) -> u64 {
        self.one.borrow().targets()
    }

    fn make(&mut self, _: &Batch) -> Result<MadeRequest> {
        let one = &mut *self.one.borrow_mut();
        let is_first = !std::mem::replace(&mut self.is_again, true);
        let prepared = one.equip(self.context, self.prerequisites, is_first)?;
        let made = self.failover.attempt(self.prerequisites, prepared)?;
        one.base.clone_from(&made.request.base);
        Ok(made)
    }

    fn recovers(
        &mut self,
        attempt: &AttemptInfo,
        operation: &'static Operation,
        exchange: &Exchange,
    ) -> bool {
        let vendor = self.context.app.vendor;
        self.failover.recovers(vendor, self.prerequisites, attempt, operation, exchange)
    }

    fn decide(&self, _: &Batch, operation: &'static Operation, exchange: &Exchange) -> Outcome {
        let one = self.one.borrow();
        let mut outcome =
            self.prerequisites.outcome_of(operation, &|| Some(one.body.clone()), exchange);
        let asked = operation.asked(&one.body, &one.audience);
        net::account_for(self.context.app.vendor.contract(), operation, &mut outcome, asked);
        let targets = one.audience.targets();
        let is_asked = |name: &str| targets.iter().any(|target| target.id == name);
        self.prerequisites.redacted(outcome, &is_asked)
    }
}
