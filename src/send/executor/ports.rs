//! What an executor works with: a journal, a transport with a clock, a maker of requests, a policy.

use std::time::Duration;

use super::Halt;
use crate::contract::Operation;
use crate::error::{Error, Result};
use crate::ledger::{Batch, BatchChange, Ending, Permit};
use crate::net::rate_limit::RateClaim;
use crate::net::{Stop, retry};
use crate::outcome::Outcome;
use crate::wire::{Exchange, Request};

/// Where batches come from, and where what happened to them is kept, while the executor goes on.
pub trait Journal {
    /// Planned batches, each once, in their order; none where there are no more. Parts of what this run has cut are not
    /// among them. Takes as long as what was handed over last.
    fn next(&mut self, count: usize) -> Result<Vec<Batch>>;

    /// The next parts of what this run has cut, each once, in their order. Takes as long as what was handed over last.
    fn parts(&mut self, count: usize) -> Result<Vec<Batch>>;

    /// Hands over what is to be kept, with what there is to tell and to ask where rate limits are shared. Nothing of it is
    /// kept until [`Journal::kept`] says so, which has to be asked before anything else is handed over.
    fn hand_over(&mut self, changes: Vec<BatchChange>, claim: Option<RateClaim>);

    /// Waits at most this long for what was handed over. Whether [`Journal::kept`] answers at once then.
    fn is_done(&mut self, at_most: Duration) -> bool;

    /// Waits for what was handed over: gives it back, and tells whether it is kept, safe from a power cut.
    fn kept(&mut self) -> CommitState;
}

/// What was handed over, and whether it is kept.
#[derive(Debug)]
pub struct CommitState {
    /// All of it.
    pub changes: Vec<BatchChange>,
    /// What was told and asked with it.
    pub claim: Option<RateClaim>,
    /// Whether it is kept, and what was to begin has begun.
    pub permit: Result<Permit>,
}

/// What carries requests, and what time it is there. An executor has no clock and no randomness of its own, so that a
/// simulated transport runs the same code.
pub trait TimedTransport {
    /// Time since 1970 as the clock said at the start; never runs backwards, whatever the clock says later.
    fn now(&self) -> Duration;
    /// Milliseconds since 1970.
    fn now_ms(&self) -> i64;
    /// A number in [0, 1), another one each time.
    fn chance(&mut self) -> f64;
    /// Starts an exchange; it ends within the limit.
    fn start(&mut self, ticket: u64, request: Request, limit: Duration);
    /// Waits until something has ended, the user asks to stop, or this much time has passed. Without any time it starts
    /// what is to start, and takes what has ended by now.
    fn wait(&mut self, at_most: Duration) -> Vec<(u64, Exchange)>;
    /// From now on it is worth this much time to wait for another exchange to end once one has.
    fn linger(&mut self, _time: Duration) {}
    /// Gives up what has been started.
    fn abandon(&mut self) -> Vec<(u64, Exchange)>;
    /// Whether the user asked to stop, and whether twice.
    fn stopped(&self) -> Option<(Stop, bool)>;
}

/// Makes requests of batches, and reads what happened to them.
pub trait Maker {
    /// The operation of a batch.
    fn operation(&self, batch: &Batch) -> &'static Operation;

    /// Whether the vendor's rate limits hold for its request. Those to other hosts have none.
    fn is_rated(&self) -> bool {
        true
    }

    /// How many targets the rate limits count it for.
    fn targets(&self, batch: &Batch) -> u64 {
        batch.ids.len() as u64
    }

    /// A finished request: rendered, addressed, signed. May have to fetch a token or an idempotency key first. Where the
    /// batch has a key, the request carries it.
    fn make(&mut self, batch: &Batch) -> Result<MadeRequest>;

    /// Whether nothing was done and the next attempt will go out otherwise: with another token, since this one is refused,
    /// or to the other host of a pair, since this one cannot be reached.
    fn recovers(
        &mut self,
        attempt: &AttemptInfo,
        operation: &'static Operation,
        exchange: &Exchange,
    ) -> bool;

    /// What happened to a request for a batch.
    fn decide(&self, batch: &Batch, operation: &'static Operation, exchange: &Exchange) -> Outcome;
}

/// A request that is ready to go out.
#[derive(Debug)]
pub struct MadeRequest {
    /// The request.
    pub request: Request,
    /// The idempotency key in it, where it has one: it belongs to the batch from now on.
    pub dedupe_id: Option<String>,
    /// What stays known of it while it is away.
    pub attempt: AttemptInfo,
}

/// What stays known of a request while it is away.
#[derive(Clone, Debug, Default)]
pub struct AttemptInfo {
    /// Whether the vendor recognises a repeat of it by its idempotency key.
    pub recognised: bool,
    /// Which of the tokens that were fetched it carries.
    pub token: u64,
    /// Scheme, host and port that it goes to.
    pub base: String,
}

/// What a run of requests is held to beyond the rules for each of them: how many are in flight, what ends it early, and who
/// is told. Without more it is that of a single request, which is told by its outcome.
pub trait RunPolicy {
    /// How many requests may be in flight at a time, for all that is known by now.
    fn max_in_flight(&self) -> usize {
        1
    }

    /// Whether batches that have not begun yet are kept back. `is_busy`: others are in flight, or wait for another attempt.
    fn keeps_back(&mut self, _is_busy: bool, _now: Duration) -> bool {
        false
    }

    /// A batch of this many targets begins for the first time.
    fn begins(&mut self, _targets: u64) {}

    /// A pause of this length or more ends the run.
    fn longest_pause(&self) -> Duration {
        Duration::MAX
    }

    /// A request was made.
    fn made(&mut self) {}

    /// A request could not be made. What happens to the run.
    fn not_made(&mut self, error: Error, _chance: f64) -> NotMade {
        NotMade::Halt(error)
    }

    /// No more connections can be opened while this many are in use. Whether the run goes on with fewer.
    fn takes_fewer_connections(&mut self, _in_flight: usize) -> bool {
        false
    }

    /// A server answered an attempt.
    fn answered(&mut self) {}

    /// No server answered an attempt, while this many are in flight.
    fn unanswered(&mut self, _in_flight: usize) -> Option<Halt> {
        None
    }

    /// Whether it may be an outage, because many attempts had no answer: others then wait as long as the next attempt does.
    fn is_outage(&self) -> bool {
        false
    }

    /// A request goes out again, after this time.
    fn retries(&mut self, _outcome: &Outcome, _wait: Duration) {}

    /// A request of which nothing was done goes out otherwise now.
    fn goes_otherwise(&mut self, _request: &Request) {}

    /// What all attempts of a batch come to together, where this is what the last one came to.
    fn settle(&self, batch: &Batch, operation: &'static Operation, outcome: Outcome) -> Outcome {
        retry::settle(operation, batch.doubtful, outcome)
    }

    /// What happens to a batch that has this outcome.
    fn disposes(&mut self, _batch: &Batch, _outcome: &Outcome) -> Disposal {
        Disposal::End
    }

    /// The outcome of a batch that is not sent again, although it has none: the vendor would not recognise a repeat any
    /// more (`too_late`), or the run is over. `last`: what the last attempt of the run came to. `None`: it stays planned.
    fn gives_up(
        &mut self,
        batch: &Batch,
        operation: &'static Operation,
        too_late: bool,
        last: Option<Outcome>,
    ) -> Option<Outcome>;

    /// A batch has ended. Whether that ends the run.
    fn counts(&mut self, _batch: &Batch, _ending: &Ending) -> Option<Halt> {
        None
    }

    /// The end of a batch is on disk; or the run is over, and the journal could not take it.
    fn ended(&mut self, batch: &Batch, operation: &'static Operation, outcome: Outcome);

    /// Something changed: for a progress bar.
    fn progress(&mut self) {}

    /// Nothing leaves for this time, since the vendor's rate limit does not allow it. Called once for each wait of
    /// [`LONG_WAIT`](crate::net::rate_limit::LONG_WAIT) or more.
    fn waits(&mut self, _time: Duration) {}
}

/// What happens to a run where a request could not be made.
#[derive(Debug)]
pub enum NotMade {
    /// It is over.
    Halt(Error),
    /// It is tried again after this time. `rate_limit`: since the vendor's rate limit does not allow it before.
    RetryAfter {
        /// How long nothing is made.
        pause: Duration,
        /// Whether it is the rate limit that is waited for.
        rate_limit: bool,
    },
}

/// What happens to a batch that has an outcome.
#[derive(Debug)]
pub enum Disposal {
    /// That is its end.
    End,
    /// That is its end, and this ends the run.
    EndAndHalt(Halt),
    /// Its halves are sent in its place.
    Cut,
    /// It stays planned: certainly nothing was done.
    Planned(Option<Halt>),
}

/// How requests are executed.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How many batches are read ahead at a time.
    pub read_ahead: usize,
    /// How long one exchange may take.
    pub request_limit: Duration,
    /// When everything has to be over, by [`TimedTransport::now`].
    pub until: Option<Duration>,
    /// The run ends where the vendor's rate limit allows no request before this time; `None`: it waits.
    pub rate_until: Option<Duration>,
    /// Whether requests may go out more than once.
    pub retries: bool,
    /// Whether nothing begins so shortly before the end that its answer would hardly come in time.
    pub keeps_margin: bool,
    /// Since when a request counts as under way, with all that it needed before; `None`: since it left.
    pub began: Option<Duration>,
}
