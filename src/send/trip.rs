//! What a command that makes requests carries along: what was typed, for whom, and where it goes.

use std::time::Instant;

use crate::contract::{Auth, Context, Finding, Operation, Verb};
use crate::document::{Document, Value};
use crate::env::Session;
use crate::env::clock::chance;
use crate::error::Result;
use crate::lint::{self, Waivers};
use crate::net::Fleet;
use crate::provider::{Call, Vendor};
use crate::report::SentReport;
use crate::send::context::SendContext;
use crate::send::options::SendOptions;
use crate::send::prerequisites::{Around, Errands};
use crate::send::rate_limits::RateLimits;
use crate::wire::{Request, Stamp};

/// One command on its way: what was typed, for whom, and where it goes.
#[derive(Clone, Copy)]
pub(crate) struct Trip<'a> {
    /// The session.
    pub session: &'a Session,
    /// Flags of sending.
    pub sending: &'a SendOptions,
    /// The vendor.
    pub vendor: &'static dyn Vendor,
    /// Credentials, guards, host; and whether it stays in the sandbox.
    pub world: &'a SendContext,
    /// The command.
    pub verb: Verb,
    /// Whether stdin was read, so that nothing can be asked.
    pub stdin_used: bool,
    /// What belongs to it and no request can be made for, told with the rest.
    pub aside: &'a [SentReport],
    /// What listens to signals, once something does: until then they end the process.
    pub listens: Option<&'a dyn Fleet>,
}

impl<'a> Trip<'a> {
    /// A command in a world.
    pub(crate) fn new(
        session: &'a Session,
        sending: &'a SendOptions,
        world: &'a SendContext,
        verb: Verb,
    ) -> Self {
        Self {
            session,
            sending,
            vendor: world.vendor,
            world,
            verb,
            stdin_used: false,
            aside: &[],
            listens: None,
        }
    }

    /// Clock and dice, or what flags fix.
    pub(crate) fn stamp(&self) -> Stamp {
        let mut stamp = self.session.edge.stamp();
        if let Some(nonce) = &self.sending.nonce {
            stamp.nonce.clone_from(nonce);
        }
        if let Some(timestamp) = &self.sending.timestamp {
            stamp.timestamp.clone_from(timestamp);
        }
        stamp
    }

    /// The body without what signs it.
    pub(crate) fn unsigned(&self, call: &Call<'_>) -> Result<Value> {
        let mut unsigned = call.body.clone();
        if let (Auth::Body, Some(object)) = (call.operation.auth, unsigned.as_object_mut()) {
            for (field, _) in self.vendor.sign(call)?.fields {
                object.remove(field);
            }
        }
        Ok(unsigned)
    }

    /// What lint finds in a finished body, without the rules that `--allow` ignores.
    fn lint(&self, operation: &'static Operation, body: &Value) -> Vec<Finding> {
        let contract = self.vendor.contract();
        // What is no rule was refused before.
        let waived = Waivers::of(&self.sending.allow, &[contract]).unwrap_or_default();
        let now_ms = Some(self.session.edge.now_ms());
        let context = Context { account: Some(&self.world.account), now_ms, ..Context::default() };
        let mut found =
            lint::lint(contract, operation, &Document::unwritten(body.clone()), &context);
        found.retain(|one| !waived.cover(one));
        found
    }

    /// A request with marks on what must not be shown.
    pub(crate) fn marked(&self, mut request: Request) -> Request {
        self.world.redactor.borrow().mark(&mut request);
        request
    }

    /// A payload as the ledger keeps it: without its secrets.
    pub(crate) fn kept(&self, unsigned: &Value) -> Value {
        let kept = self.world.redactor.borrow().redacted_value(unsigned);
        kept.unwrap_or_else(|| unsigned.clone())
    }

    /// Hands over what runs errands, over this transport.
    pub(crate) fn with_errands<T>(
        &self,
        fleet: &dyn Fleet,
        pacing: &RateLimits,
        act: impl FnOnce(Errands<'_>) -> T,
    ) -> T {
        let (stamp, now_ms) = (|| self.stamp(), || self.session.edge.now_ms());
        let tell = |name: &str, text: &str| self.session.ui.phase(name, &self.world.hidden(text));
        let lint = |operation, body: &Value| self.lint(operation, body);
        // A broadcast ends when it is done; one request, and all that it needs, within the usual time.
        let endless = self.verb == Verb::Broadcast && self.sending.deadline.is_none();
        let limit = self.sending.deadline();
        let (rest, chance) = (|pause| drop(fleet.wait(pause)), || chance(self.session.edge));
        act(self.world.errands(
            self.session,
            Around {
                vendor: self.vendor,
                transport: fleet,
                pacing,
                rest: &rest,
                chance: &chance,
                stamp: &stamp,
                now_ms: &now_ms,
                lint: &lint,
                warn: &|text| self.session.ui.warn(text),
                tell: &tell,
                waits: &|time| pacing.tell_wait(time),
                until: (!endless).then(|| Instant::now() + limit),
                limit,
            },
        ))
    }
}
