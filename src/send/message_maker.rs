//! Makes the attempts of a message, and reads what became of them.

use std::cell::RefCell;

use crate::contract::Operation;
use crate::error::Result;
use crate::ledger::Batch;
use crate::net::{self, Fleet};
use crate::outcome::Outcome;
use crate::send::context::SendContext;
use crate::send::executor::ports::{AttemptInfo, MadeRequest, Maker};
use crate::send::failover::Failover;
use crate::send::prepared_request::LintedRequest;
use crate::send::prerequisites::{PreparedRequest, Prerequisites};
use crate::wire::{Exchange, Reply};

/// Makes the attempts of a message.
pub(crate) struct MessageMaker<'a, 'e> {
    pub(crate) context: &'a SendContext<'a>,
    pub(crate) fleet: &'a dyn Fleet,
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
        let PreparedRequest { mut request, dedupe_id, token } = prepared;
        self.failover.use_backup_host(&mut request);
        // What was fetched for it may be in its headers now.
        self.fleet.prepare(&request)?;
        self.prerequisites.begin();
        one.base.clone_from(&request.base);
        let base = request.base.clone();
        let attempt = AttemptInfo { recognised: dedupe_id.is_some(), token, base };
        Ok(MadeRequest { request, dedupe_id, attempt })
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
        let (vendor, one) = (self.context.app.vendor, self.one.borrow());
        let read = |reply: &Reply| vendor.read(operation, reply);
        let mut outcome = net::decide(vendor.contract(), operation, exchange, &read);
        let asked = operation.asked(&one.body, &one.audience);
        net::account_for(vendor.contract(), operation, &mut outcome, asked);
        let targets = one.audience.targets();
        let is_asked = |name: &str| targets.iter().any(|target| target.id == name);
        self.prerequisites.redacted(outcome, &is_asked)
    }
}
