//! Runs of one request: a message of a few, a prerequisite, a question to the vendor.

use std::time::Duration;

use super::ports::{
    AttemptInfo, CommitState, Journal, MadeRequest, Maker, RunPolicy, Settings, TimedTransport,
};
use super::{Executed, Executor, Halt};
use crate::contract::Operation;
use crate::env::clock::SteadyClock;
use crate::error::{Error, ErrorKind, Result};
use crate::ledger::{Batch, BatchChange, Ending, Permit};
use crate::net::rate_limit::RateClaim;
use crate::net::{Stop, Transport};
use crate::outcome::{Outcome, Verdict};
use crate::send::rate_limits::RateLimits;
use crate::wire::{Cause, Exchange, ExchangeStep, Failure, Request};

/// A transport that carries one request at a time, with a clock. The exchange runs while it is waited for.
pub(crate) struct SingleTransport<'a> {
    /// What carries the request.
    pub transport: &'a dyn Transport,
    /// Waits this long, or until the user asks to stop.
    pub rest: &'a dyn Fn(Duration),
    /// The clock of the command.
    pub clock: &'a SteadyClock,
    /// Milliseconds since 1970.
    pub now_ms: &'a dyn Fn() -> i64,
    /// Numbers in [0, 1).
    pub chance: &'a dyn Fn() -> f64,
    /// What leaves with the next [`TimedTransport::wait`].
    pub started: Option<(u64, Request, Duration)>,
}

impl TimedTransport for SingleTransport<'_> {
    fn now(&self) -> Duration {
        self.clock.now()
    }

    fn now_ms(&self) -> i64 {
        (self.now_ms)()
    }

    fn chance(&mut self) -> f64 {
        (self.chance)()
    }

    fn start(&mut self, ticket: u64, request: Request, limit: Duration) {
        self.started = Some((ticket, request, limit));
    }

    fn wait(&mut self, at_most: Duration) -> Vec<(u64, Exchange)> {
        let Some((ticket, request, limit)) = self.started.take() else {
            if !at_most.is_zero() {
                (self.rest)(at_most);
            }
            return Vec::new();
        };
        if limit.is_zero() {
            return vec![(ticket, Err(no_time()))];
        }
        let exchange = self.transport.exchange(&request, limit);
        vec![(ticket, exchange.map(|reply| reply.dated((self.now_ms)())))]
    }

    fn abandon(&mut self) -> Vec<(u64, Exchange)> {
        self.started.take().map(|(ticket, ..)| (ticket, Err(no_time()))).into_iter().collect()
    }

    fn stopped(&self) -> Option<(Stop, bool)> {
        // While an exchange runs, the transport itself looks whether the user asks twice.
        self.transport.stopped().map(|stop| (stop, false))
    }
}

/// Why a request did not leave whose time was up before.
pub(crate) fn no_time() -> Failure {
    let reason = "the deadline passed before it began";
    Failure::unsent(ExchangeStep::Local, Cause::NoTime, reason)
}

/// Why a request did not leave since the user asked to stop before.
pub(crate) fn stopped_before(stop: Stop) -> Failure {
    let reason = format!("{} before anything was sent", stop.word());
    Failure::unsent(ExchangeStep::Local, Cause::Stopped, reason)
}

/// The entry of a request in the ledger.
pub(crate) trait Entry {
    /// An attempt begins: the first one is written down as an intent.
    fn begin(&mut self, claim: Option<&RateClaim>) -> Result<Permit>;

    /// Writes down what happened to it.
    fn finish(&mut self, ending: &Ending, claim: Option<&RateClaim>) -> Result<()>;
}

/// The journal of a run of one request.
pub(crate) struct SingleJournal<'a> {
    limits: &'a RateLimits,
    operation: &'static Operation,
    /// `None` for a request that leaves none: then only the rate limits are shared.
    entry: Option<&'a mut dyn Entry>,
    handed_out: bool,
    kept: Option<CommitState>,
}

impl<'a> SingleJournal<'a> {
    /// Of a request that shares these rate limits.
    pub(crate) fn new(limits: &'a RateLimits, operation: &'static Operation) -> Self {
        Self { limits, operation, entry: None, handed_out: false, kept: None }
    }

    /// The same with an entry in the ledger.
    pub(crate) fn with(self, entry: &'a mut dyn Entry) -> Self {
        Self { entry: Some(entry), ..self }
    }

    fn commit(&mut self, changes: &[BatchChange], claim: Option<&RateClaim>) -> Result<Permit> {
        let begins = changes.iter().any(|change| matches!(change, BatchChange::Begin { .. }));
        let ending = changes.iter().find_map(|change| match change {
            BatchChange::End { ending, .. } => Some(ending),
            _ => None,
        });
        match (&mut self.entry, ending) {
            (Some(entry), _) if begins => entry.begin(claim),
            (Some(entry), Some(ending)) => entry.finish(ending, claim).map(|()| Permit::Granted),
            _ => Ok(self.limits.share(self.operation, claim)),
        }
    }
}

impl Journal for SingleJournal<'_> {
    fn next(&mut self, _: usize) -> Result<Vec<Batch>> {
        let is_first = !std::mem::replace(&mut self.handed_out, true);
        Ok(is_first.then(Batch::only).into_iter().collect())
    }

    fn parts(&mut self, _: usize) -> Result<Vec<Batch>> {
        Ok(Vec::new())
    }

    fn hand_over(&mut self, changes: Vec<BatchChange>, claim: Option<RateClaim>) {
        let permit = self.commit(&changes, claim.as_ref());
        self.kept = Some(CommitState { changes, claim, permit });
    }

    fn is_done(&mut self, _: Duration) -> bool {
        true
    }

    fn kept(&mut self) -> CommitState {
        let bug = || Error::new(ErrorKind::Bug, "nothing was handed over to the journal");
        self.kept.take().unwrap_or_else(|| CommitState {
            changes: Vec::new(),
            claim: None,
            permit: Err(bug()),
        })
    }
}

/// How the user hears of a single request.
#[derive(Clone, Copy)]
pub(crate) struct AttemptNews<'a> {
    /// Told of each phase.
    pub tell: &'a dyn Fn(&str, &str),
    /// Told of a long wait for the vendor's rate limit.
    pub waits: &'a dyn Fn(Duration),
    /// Told of the pause before another attempt, and why there is one.
    pub retries: &'a dyn Fn(Duration, &str),
}

/// The policy of a run of one request: it ends with the outcome of that.
struct SinglePolicy<'a> {
    talk: AttemptNews<'a>,
    /// Adds to an outcome what else there is to say.
    finishes: &'a dyn Fn(&mut Outcome),
    /// The outcome of one that has begun in the ledger and did not leave.
    unsent: &'a dyn Fn() -> Option<Outcome>,
    ended: Option<(Outcome, u32)>,
}

impl RunPolicy for SinglePolicy<'_> {
    fn retries(&mut self, outcome: &Outcome, wait: Duration) {
        (self.talk.retries)(wait, &outcome.why());
    }

    fn goes_otherwise(&mut self, request: &Request) {
        (self.talk.tell)("again", &format!("nothing was done; again, at {}", request.base));
    }

    fn settle(&self, batch: &Batch, operation: &'static Operation, outcome: Outcome) -> Outcome {
        let mut outcome = crate::net::retry::settle(operation, batch.doubtful, outcome);
        (self.finishes)(&mut outcome);
        outcome
    }

    fn gives_up(
        &mut self,
        batch: &Batch,
        operation: &'static Operation,
        _: bool,
        last: Option<Outcome>,
    ) -> Option<Outcome> {
        let outcome = last.or_else(|| (self.unsent)())?;
        Some(self.settle(batch, operation, outcome))
    }

    fn ended(&mut self, batch: &Batch, _: &'static Operation, outcome: Outcome) {
        self.ended = Some((outcome, batch.attempts));
    }

    fn waits(&mut self, time: Duration) {
        (self.talk.waits)(time);
    }
}

/// What a run of one request came to.
#[derive(Debug)]
pub(crate) struct SingleRun {
    /// Its outcome, where an attempt was made, with the number of attempts.
    pub ended: Option<(Outcome, u32)>,
    /// What kept it from leaving, or from another attempt.
    pub halt: Option<Halt>,
    /// When the vendor's rate limit would have allowed it, where it did not allow it in time.
    pub held_until: Option<Duration>,
    /// Whether it waited for that when the run ended.
    pub waited_for_rate: bool,
    /// Whether the journal took at last what it had refused before.
    pub kept_at_last: bool,
}

/// A request that is to be executed.
pub(crate) struct Single<'a> {
    /// The rate limits, the retries that are left, the clock.
    pub limits: &'a RateLimits,
    /// How the user hears of it.
    pub talk: AttemptNews<'a>,
    /// How it is executed.
    pub settings: Settings,
    /// Adds to an outcome what else there is to say.
    pub finishes: &'a dyn Fn(&mut Outcome),
    /// The outcome of one that has begun in the ledger and did not leave.
    pub unsent: &'a dyn Fn() -> Option<Outcome>,
}

impl<'a> Single<'a> {
    /// One request without an entry, within this time.
    pub(crate) fn within(limits: &'a RateLimits, talk: AttemptNews<'a>, limit: Duration) -> Self {
        let until = limits.clock.now() + limit;
        let settings = Settings {
            read_ahead: 1,
            request_limit: limit,
            until: Some(until),
            rate_until: Some(until),
            retries: true,
            keeps_margin: false,
            began: None,
        };
        Self { limits, talk, settings, finishes: &|_| {}, unsent: &|| None }
    }

    /// Sends it until it has an outcome.
    pub(crate) fn execute(
        self,
        journal: &mut SingleJournal<'_>,
        transport: &mut SingleTransport<'_>,
        maker: &mut dyn Maker,
    ) -> SingleRun {
        let Self { limits, talk, settings, finishes, unsent } = self;
        let mut policy = SinglePolicy { talk, finishes, unsent, ended: None };
        let operation = journal.operation;
        let executor = Executor::new(journal, transport, maker, &mut policy, &settings);
        let executed = executor.sharing(limits.pace.clone(), limits.budget.clone()).run();
        let Executed { halt, held_until, waited_for_rate, kept_at_last, .. } = executed;
        if held_until.is_some() && limits.waits {
            limits.give_up(operation);
        }
        SingleRun { ended: policy.ended, halt, held_until, waited_for_rate, kept_at_last }
    }

    /// The same for a finished request that changes nothing and is not tried again.
    pub(crate) fn ask(
        mut self,
        transport: &mut SingleTransport<'_>,
        operation: &'static Operation,
        request: Request,
        decide: &dyn Fn(&Exchange) -> Outcome,
    ) -> Result<Outcome> {
        self.settings.retries = false;
        let limits = self.limits;
        let mut maker = FinishedRequest { operation, request, decide };
        let mut journal = SingleJournal::new(limits, operation);
        let run = self.execute(&mut journal, transport, &mut maker);
        match (run.ended, run.halt, run.held_until) {
            (Some((outcome, _)), ..) => Ok(outcome),
            (None, Some(Halt::Fault(error)), _) => Err(error),
            (None, Some(Halt::Signal(stop)), _) => Ok(decide(&Err(stopped_before(stop)))),
            (None, _, Some(due)) => {
                let seconds = due.saturating_sub(limits.clock.now()).as_secs() + 1;
                let message = "the vendor's rate limit allows no request in this time";
                Err(Error::new(ErrorKind::Unavailable, message)
                    .help(format!("it may go in {seconds} s: retry then")))
            }
            (None, ..) => Ok(decide(&Err(no_time()))),
        }
    }
}

/// A request that was made before.
struct FinishedRequest<'a> {
    operation: &'static Operation,
    request: Request,
    decide: &'a dyn Fn(&Exchange) -> Outcome,
}

impl Maker for FinishedRequest<'_> {
    fn operation(&self, _: &Batch) -> &'static Operation {
        self.operation
    }

    fn targets(&self, _: &Batch) -> u64 {
        1
    }

    fn make(&mut self, _: &Batch) -> Result<MadeRequest> {
        // Made again where the rate limit of other processes keeps it back.
        let request = self.request.clone();
        Ok(MadeRequest { request, dedupe_id: None, attempt: AttemptInfo::default() })
    }

    fn recovers(&mut self, _: &AttemptInfo, _: &'static Operation, _: &Exchange) -> bool {
        false
    }

    fn decide(&self, _: &Batch, _: &'static Operation, exchange: &Exchange) -> Outcome {
        (self.decide)(exchange)
    }
}

/// The outcome of a request that certainly was not sent.
pub(crate) fn kept_back(message: &str, advice: String) -> Outcome {
    Outcome {
        message: Some(message.to_owned()),
        advice: Some(advice),
        ..Outcome::of(Verdict::Unavailable)
    }
}
