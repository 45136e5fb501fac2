//! Makes the attempts of a message, and reads what happened to them.

use std::cell::RefCell;

use crate::contract::Operation;
use crate::error::Result;
use crate::ledger::Batch;
use crate::net;
use crate::outcome::Outcome;
use crate::provider::Call;
use crate::send::compose;
use crate::send::context::SendContext;
use crate::send::executor::ports::{AttemptInfo, MadeRequest, Maker};
use crate::send::prepared_request::LintedRequest;
use crate::send::prerequisites::Prerequisites;
use crate::wire::Exchange;

/// Makes the attempts of a message.
pub(crate) struct MessageMaker<'a, 'e> {
    pub(crate) context: &'a SendContext<'a>,
    pub(crate) prerequisites: &'a mut Prerequisites<'e>,
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
        let (context, one) = (self.context, &mut *self.one.borrow_mut());
        let before = one.body.clone();
        // Another attempt has a signature of now; its files are there, and its idempotency key stays.
        let is_first = !std::mem::replace(&mut self.is_again, true);
        let uploads = if is_first { one.uploads.as_slice() } else { &[] };
        let made = self.prerequisites.prepare(one.operation, &mut one.body, uploads)?;
        one.base.clone_from(&made.request.base);
        if is_first {
            one.typed_id = compose::dedupe_id(one.operation, &before).is_some();
            one.dedupe_id.clone_from(&made.dedupe_id);
            if !one.body.same(&before) {
                let (account, stamp) = (&context.app.account, &context.stamp());
                let call = Call { operation: one.operation, body: &one.body, account, stamp };
                let unsigned = context.unsigned(&call)?;
                context.app.redactor.borrow_mut().learn(&one.body);
                one.kept = context.kept(&unsigned);
            }
        }
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

    fn decide(&self, _: &Batch, operation: &'static Operation, exchange: &Exchange) -> Outcome {
        let one = self.one.borrow();
        let mut outcome =
            self.prerequisites.outcome_of(operation, &|| Some(one.body.clone()), exchange);
        let asked = operation.asked(&one.body, &one.audience);
        net::account_for(self.context.app.vendor.contract(), operation, &mut outcome, &asked);
        let targets = one.audience.targets();
        let is_asked = |name: &str| targets.iter().any(|target| target.id == name);
        self.prerequisites.redacted(outcome, &is_asked)
    }
}
