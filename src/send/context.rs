//! The context of a command that makes requests: options, account, surroundings.

use std::time::Instant;

use crate::contract::{Auth, Context, Finding, Operation, Verb};
use crate::document::{Document, Value};
use crate::env::Env;
use crate::env::clock::chance;
use crate::error::Result;
use crate::lint::{self, IgnoredRules};
use crate::net::ConcurrentTransport;
use crate::provider::Call;
use crate::report::SentReport;
use crate::send::app::App;
use crate::send::options::SendOptions;
use crate::send::other_follow_ups::FollowUpLook;
use crate::send::prerequisites::{PrerequisiteContext, Prerequisites};
use crate::send::rate_limits::RateLimits;
use crate::wire::{Request, Stamp};

/// The context of a command that makes requests. Cheap to copy.
#[derive(Clone, Copy)]
pub(crate) struct SendContext<'a> {
    /// The env.
    pub env: &'a Env,
    /// Flags of sending.
    pub sending: &'a SendOptions,
    /// Credentials, guards, host; and whether it stays in the sandbox.
    pub app: &'a App,
    /// The command.
    pub verb: Verb,
    /// Whether its requests are those of a job, which ends when it is done.
    pub is_job: bool,
    /// Whether stdin was read, so that nothing can be asked.
    pub stdin_used: bool,
    /// What belongs to it and no request can be made for, told with the rest.
    pub aside: &'a [SentReport],
    /// What it had seen of follow-ups on the same messages, where it follows up on some.
    pub look: Option<&'a FollowUpLook>,
    /// What listens to signals, once something does: until then they end the process.
    pub listens: Option<&'a dyn ConcurrentTransport>,
}

impl<'a> SendContext<'a> {
    /// The context of a command.
    pub(crate) fn new(env: &'a Env, sending: &'a SendOptions, app: &'a App, verb: Verb) -> Self {
        let is_job = verb == Verb::Broadcast;
        let (look, listens) = (None, None);
        Self { env, sending, app, verb, is_job, stdin_used: false, aside: &[], look, listens }
    }

    /// Time and randomness, or what flags fix.
    pub(crate) fn stamp(&self) -> Stamp {
        let mut stamp = self.env.system.stamp();
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
            for (field, _) in self.app.vendor.sign(call)?.fields {
                object.remove(field);
            }
        }
        Ok(unsigned)
    }

    /// What lint has to know beside a payload: the account, and the time.
    pub(crate) fn known(&self) -> Context<'a> {
        let now_ms = Some(self.env.system.now_ms());
        Context { account: Some(&self.app.account), now_ms, ..Context::default() }
    }

    /// What lint finds in a finished body, without the rules that `--allow` ignores.
    fn lint(&self, operation: &'static Operation, body: &Value) -> Vec<Finding> {
        let contract = self.app.vendor.contract();
        // What is not a rule was refused before.
        let waived = IgnoredRules::of(&self.sending.allow, &[contract]).unwrap_or_default();
        let document = Document::unwritten(body.clone());
        let context = Context { waived: Some(&waived), ..self.known() };
        lint::lint(contract, operation, &document, &context)
    }

    /// A request with marks on what must not be shown.
    pub(crate) fn marked(&self, mut request: Request) -> Request {
        self.app.redactor.borrow().mark(&mut request);
        request
    }

    /// A payload as the ledger keeps it: without its secrets.
    pub(crate) fn kept(&self, unsigned: &Value) -> Value {
        let kept = self.app.redactor.borrow().redacted_value(unsigned);
        kept.unwrap_or_else(|| unsigned.clone())
    }

    /// Hands over what runs prerequisites, over this transport.
    pub(crate) fn with_prerequisites<T>(
        &self,
        fleet: &dyn ConcurrentTransport,
        limits: &RateLimits,
        act: impl FnOnce(Prerequisites<'_>) -> T,
    ) -> T {
        let (stamp, now_ms) = (|| self.stamp(), || self.env.system.now_ms());
        let tell = |name: &str, text: &str| self.env.ui.phase(name, &self.app.hidden(text));
        let lint = |operation, body: &Value| self.lint(operation, body);
        // A job ends when it is done; one request, and all that it needs, within the usual time.
        let endless = self.is_job && self.sending.deadline.is_none();
        let limit = self.sending.deadline();
        let (rest, chance) = (|pause| drop(fleet.wait(pause)), || chance(self.env.system));
        act(self.app.prerequisites(
            self.env,
            PrerequisiteContext {
                vendor: self.app.vendor,
                transport: fleet,
                limits,
                rest: &rest,
                chance: &chance,
                stamp: &stamp,
                now_ms: &now_ms,
                lint: &lint,
                warn: &|text| self.env.ui.warn(text),
                tell: &tell,
                waits: &|time| limits.tell_wait(time),
                retries: &|time, why| self.env.ui.retries(time, why),
                until: (!endless).then(|| Instant::now() + limit),
                limit,
            },
        ))
    }
}
