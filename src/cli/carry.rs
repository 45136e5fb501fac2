//! What the engine works with, as it is on this machine: the network or the sandbox, the clock, the vendor.

use std::time::Duration;

use super::clock::{Clock, chance, dated};
use super::edge::Edge;
use super::errand::Errands;
use crate::broadcast::parts::{Made, Maker, Sealed, World};
use crate::broadcast::sheet::Sheet;
use crate::contract::typed::{self, Roots, SetExpr};
use crate::contract::{Answers, Auth, Class, Operation, Repeat};
use crate::error::Result;
use crate::ledger::Batch;
use crate::net::{self, Fleet, Stop};
use crate::outcome::Outcome;
use crate::vendor::Vendor;
use crate::wire::{Exchange, Failure, Phase, Reply, Request};

/// The network or the sandbox, with a clock.
pub(super) struct Carrier<'a> {
    fleet: &'a dyn Fleet,
    edge: Edge,
    clock: Clock,
}

impl<'a> Carrier<'a> {
    pub(super) fn new(fleet: &'a dyn Fleet, edge: Edge, clock: Clock) -> Self {
        Self { fleet, edge, clock }
    }

    fn all_dated(&self, landed: Vec<(u64, Exchange)>) -> Vec<(u64, Exchange)> {
        landed.into_iter().map(|(ticket, one)| (ticket, dated(one, self.edge))).collect()
    }
}

impl World for Carrier<'_> {
    fn now(&self) -> Duration {
        self.clock.now()
    }

    fn now_ms(&self) -> i64 {
        self.edge.now_ms()
    }

    fn chance(&mut self) -> f64 {
        chance(self.edge)
    }

    fn start(&mut self, ticket: u64, request: Request, limit: Duration) {
        self.fleet.start(ticket, request, limit);
    }

    fn wait(&mut self, at_most: Duration) -> Vec<(u64, Exchange)> {
        self.all_dated(self.fleet.wait(at_most))
    }

    fn linger(&mut self, time: Duration) {
        self.fleet.linger(time);
    }

    fn abandon(&mut self) -> Vec<(u64, Exchange)> {
        self.all_dated(self.fleet.abandon())
    }

    fn stopped(&self) -> Option<(Stop, bool)> {
        self.fleet.stopped().map(|stop| (stop, self.fleet.hurried()))
    }
}

/// Makes the requests of a job.
pub(super) struct Press<'a> {
    pub(super) vendor: &'static dyn Vendor,
    pub(super) errands: Errands<'a>,
    pub(super) sheets: Vec<Sheet>,
    pub(super) mender: Mender,
    /// Refuses to go on while somebody has switched everything off.
    pub(super) allowed: &'a dyn Fn() -> Result<()>,
}

/// Mends what lies on this side: a token that is too old, a host that cannot be reached while its pair can.
#[derive(Debug, Default)]
pub(super) struct Mender {
    /// The first host of a pair, with the one that is used instead.
    instead: Option<(&'static str, &'static str)>,
}

impl Mender {
    /// Sends a request to the other host of a pair, where the first could not be reached.
    pub(super) fn redirect(&self, request: &mut Request) {
        if let Some((first, other)) = self.instead
            && request.base == first
        {
            request.base = other.to_owned();
        }
    }

    /// Whether nothing was done, and the same request goes out otherwise when it is made again.
    pub(super) fn mends(
        &mut self,
        vendor: &'static dyn Vendor,
        errands: &mut Errands<'_>,
        sealed: &Sealed,
        operation: &'static Operation,
        exchange: &Exchange,
    ) -> bool {
        if let Err(Failure { phase: Phase::Connect, .. }) = exchange {
            // Nothing was read at the first host, so that the next request is no second one. After anything else it would be.
            let pair = vendor.contract().endpoints.iter().find(|row| row.base == sealed.base);
            let other = pair.and_then(|row| Some((row.base, row.backup?)));
            self.instead = self.instead.or(other);
            return other.is_some();
        }
        errands.drop_token(sealed.token, operation, exchange)
            || is_too_old(vendor, operation, exchange)
    }
}

/// Whether the vendor refuses the signature for its age.
fn is_too_old(
    vendor: &'static dyn Vendor,
    operation: &'static Operation,
    exchange: &Exchange,
) -> bool {
    let Ok(reply) = exchange else { return false };
    net::refuses_age(vendor.contract(), operation, reply, &vendor.read(operation, reply))
        && operation.auth != Auth::Bearer
}

impl Press<'_> {
    fn sheet(&self, batch: &Batch) -> &Sheet {
        &self.sheets[batch.template as usize]
    }
}

impl Maker for Press<'_> {
    fn operation(&self, batch: &Batch) -> &'static Operation {
        self.sheet(batch).operation
    }

    fn make(&mut self, batch: &Batch) -> Result<Made> {
        (self.allowed)()?;
        let sheet = self.sheet(batch);
        let operation = sheet.operation;
        let mut body = sheet.render(&batch.ids, batch.vars.as_deref())?;
        if let (Some(id), Repeat::Deduplicated { field, .. }) = (&batch.dedupe_id, operation.repeat)
        {
            let again = SetExpr::parse(&format!("{field}={id}"))?;
            typed::apply(&again, &mut body, operation, Roots::Body)?;
        }
        let prepared = self.errands.prepare(operation, &mut body, &[])?;
        self.errands.begin();
        let mut request = prepared.request;
        self.mender.redirect(&mut request);
        self.errands.transport().prepare(&request)?;
        let base = request.base.clone();
        let sealed = Sealed { dedupe_id: prepared.dedupe_id, token: prepared.token, base };
        Ok(Made { request, sealed })
    }

    fn mends(
        &mut self,
        sealed: &Sealed,
        operation: &'static Operation,
        exchange: &Exchange,
    ) -> bool {
        self.mender.mends(self.vendor, &mut self.errands, sealed, operation, exchange)
    }

    fn decide(&self, batch: &Batch, operation: &'static Operation, exchange: &Exchange) -> Outcome {
        let read = |reply: &Reply| self.vendor.read(operation, reply);
        let mut outcome = net::decide(self.vendor.contract(), operation, exchange, &read);
        if operation.answers == Answers::Targets {
            let asked = batch.ids.iter().map(String::as_str);
            net::account_for(self.vendor.contract(), operation, &mut outcome, asked);
        }
        self.errands.redacted(outcome, &|target| batch.ids.iter().any(|id| id == target))
    }

    /// What is wrong with the payload, or with somebody whom it is about: the vendor says which of both by a code only, and
    /// that is not precise.
    fn may_be_one_targets_fault(&self, outcome: &Outcome) -> bool {
        !outcome.repeated && matches!(outcome.class, Some(Class::State | Class::Payload) | None)
    }
}
