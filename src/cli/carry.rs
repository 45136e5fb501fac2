//! What the engine works with, as it is on this machine: the network or the sandbox, the clock, the vendor.

use std::time::Duration;

use super::clock::{SteadyClock, chance, dated};
use super::edge::Edge;
use super::errand::Errands;
use super::job::put_dedupe_id;
use crate::broadcast::parts::{EngineWorld, MadeRequest, Maker, Sealed};
use crate::broadcast::sheet::Sheet;
use crate::contract::{Answers, Auth, Operation};
use crate::error::Result;
use crate::ledger::Batch;
use crate::net::{self, Fleet, Stop};
use crate::outcome::Outcome;
use crate::provider::Vendor;
use crate::wire::{Exchange, ExchangeStep, Phase, Reply, Request};

/// The network or the sandbox, with a clock.
pub(super) struct Carrier<'a> {
    fleet: &'a dyn Fleet,
    edge: Edge,
    clock: SteadyClock,
}

impl<'a> Carrier<'a> {
    pub(super) fn new(fleet: &'a dyn Fleet, edge: Edge, clock: SteadyClock) -> Self {
        Self { fleet, edge, clock }
    }

    fn all_dated(&self, landed: Vec<(u64, Exchange)>) -> Vec<(u64, Exchange)> {
        landed.into_iter().map(|(ticket, one)| (ticket, dated(one, self.edge))).collect()
    }
}

impl EngineWorld for Carrier<'_> {
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
pub(crate) struct Press<'a> {
    pub(crate) vendor: &'static dyn Vendor,
    pub(crate) errands: Errands<'a>,
    pub(crate) sheets: Vec<Sheet>,
    pub(crate) mender: Mender,
    /// Refuses to go on while somebody has switched everything off.
    pub(crate) allowed: &'a dyn Fn() -> Result<()>,
}

/// Mends what lies on this side: a token that is too old, a host that cannot be reached while its pair can.
#[derive(Debug, Default)]
pub(crate) struct Mender {
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
        if let Err(failure) = exchange {
            let is_the_hosts_fault = failure.phase == Phase::Connect
                && matches!(
                    failure.step,
                    ExchangeStep::Dns | ExchangeStep::Connect | ExchangeStep::Tls
                )
                && failure.heals();
            if !is_the_hosts_fault {
                return false;
            }
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

    fn make(&mut self, batch: &Batch) -> Result<MadeRequest> {
        (self.allowed)()?;
        let sheet = self.sheet(batch);
        let operation = sheet.operation;
        let mut body = sheet.render(&batch.ids, batch.vars.as_deref())?;
        if let Some(id) = &batch.dedupe_id {
            put_dedupe_id(operation, &mut body, id)?;
        }
        let prepared = self.errands.prepare(operation, &mut body, &[])?;
        self.errands.begin();
        let mut request = prepared.request;
        self.mender.redirect(&mut request);
        self.errands.transport().prepare(&request)?;
        let base = request.base.clone();
        let recognised = prepared.dedupe_id.is_some();
        // A key that the batch has stays in the body also where the profile no longer says that the vendor knows it.
        let dedupe_id = prepared.dedupe_id.or_else(|| batch.dedupe_id.clone());
        let sealed = Sealed { recognised, token: prepared.token, base };
        Ok(MadeRequest { request, dedupe_id, sealed })
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
}
