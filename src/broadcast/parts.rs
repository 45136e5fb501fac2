//! What the engine works with: books, a journal, a world, a maker of requests, an observer.

use std::time::Duration;

use super::halt::{Halt, Limits};
use super::tally::TargetCounts;
use crate::contract::Operation;
use crate::error::Result;
use crate::ledger::{Batch, BatchChange, BatchKey, Permit};
use crate::net::pace::RateClaim;
use crate::outcome::Outcome;
use crate::send::ports::Sealed;
use crate::wire::{Exchange, Request};

/// Where batches come from, and where what became of them is kept.
pub trait Books {
    /// Planned batches, each once, in their order; none where there are no more. Parts of what this run has cut are not
    /// among them.
    fn next(&mut self, count: usize) -> Result<Vec<Batch>>;

    /// The next parts of what this run has cut, each once, in their order.
    fn parts(&mut self, count: usize) -> Result<Vec<Batch>>;

    /// Keeps changes, all or none, safe from a power cut when this returns. [`Permit::Stopped`] where somebody asked for
    /// the job to be stopped, [`Permit::NoQuota`] where the vendor's quota has no room: then nothing may begin, and endings
    /// are kept all the same. The claim asks for a share of the vendor's rate limits for each batch that is to begin, in
    /// their order: [`Permit::RateLimited`] where only the first of them may begin.
    fn commit(&mut self, changes: &[BatchChange], claim: Option<&RateClaim>) -> Result<Permit>;
}

/// Books that somebody keeps for the engine, which goes on meanwhile.
pub trait Journal {
    /// As [`Books::next`]. Takes as long as what was handed over last.
    fn next(&mut self, count: usize) -> Result<Vec<Batch>>;

    /// As [`Books::parts`]. Takes as long as what was handed over last.
    fn parts(&mut self, count: usize) -> Result<Vec<Batch>>;

    /// Hands over what is to be kept, with what there is to tell and to ask where rate limits are shared. Nothing of it is
    /// kept until [`Journal::kept`] says so, which has to be asked before anything else is handed over.
    fn hand_over(&mut self, changes: Vec<BatchChange>, claim: Option<RateClaim>);

    /// Waits at most so long for what was handed over. Whether [`Journal::kept`] answers at once then.
    fn is_done(&mut self, at_most: Duration) -> bool;

    /// Waits for what was handed over: gives it back, with what [`Books::commit`] said.
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

/// Makes requests of batches.
pub trait Maker {
    /// The operation of a batch.
    fn operation(&self, batch: &Batch) -> &'static Operation;

    /// A finished request: rendered, addressed, signed. May have to fetch a token or an idempotency key first. Where the
    /// batch has a key, the request carries it.
    fn make(&mut self, batch: &Batch) -> Result<MadeRequest>;

    /// Whether nothing was done and the next attempt will go out otherwise: with another token, since this one is refused,
    /// or to the other host of a pair, since this one cannot be reached.
    fn mends(
        &mut self,
        sealed: &Sealed,
        operation: &'static Operation,
        exchange: &Exchange,
    ) -> bool;

    /// What became of a request for a batch.
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
    pub sealed: Sealed,
}

/// How a job is to run.
#[derive(Clone, Debug)]
pub struct RunSettings {
    /// How many requests are on their way at a time, at most.
    pub concurrency: usize,
    /// How long one request may take.
    pub request_limit: Duration,
    /// When everything has to be over, by [`EngineWorld::now`].
    pub until: Option<Duration>,
    /// What ends it early.
    pub limits: Limits,
}

/// Told of what happens.
pub trait Observer {
    /// A batch has ended, and is on disk; or the run is over, and the ledger could not take it.
    fn ended(&mut self, batch: &Batch, operation: &Operation, outcome: &Outcome);
    /// Something is not as it was asked for, and the run goes on.
    fn remark(&mut self, _text: &str) {}
    /// Something changed: for a progress bar.
    fn progress(&mut self, tally: &TargetCounts);
    /// Nothing leaves for this time, since the vendor's rate limit does not allow it. Called once for each wait of
    /// [`LONG_WAIT`](crate::net::pace::LONG_WAIT) or more.
    fn waits(&mut self, _time: Duration) {}
}

/// How a run ended.
#[derive(Debug)]
pub struct RunReport {
    /// What became of targets, earlier runs of the same job included.
    pub tally: TargetCounts,
    /// Why it ended before all was done.
    pub halt: Option<Halt>,
    /// How many requests left.
    pub requests: u64,
    /// The last answer that was not a plain success, to show it.
    pub last: Option<Outcome>,
    /// Batches that have ended, and the ledger could not take it.
    pub unkept: Vec<BatchKey>,
}
