//! What the engine of broadcasts works with besides the ports of the executor: the batches of a job, its settings, an
//! observer.

use std::time::Duration;

use crate::broadcast::abort::Limits;
use crate::broadcast::counts::TargetCounts;
use crate::contract::Operation;
use crate::error::Result;
use crate::ledger::{Batch, BatchChange, BatchKey, Permit};
use crate::net::Stop;
use crate::net::rate_limit::RateClaim;
use crate::outcome::Outcome;
use crate::send::executor::Halt;

/// Where batches come from, and where their outcomes are kept.
pub trait BatchStore {
    /// Planned batches, each once, in their order; none where there are no more. Parts of what this run has cut are not
    /// among them.
    fn next(&mut self, count: usize) -> Result<Vec<Batch>>;

    /// The next parts of what this run has cut, each once, in their order.
    fn parts(&mut self, count: usize) -> Result<Vec<Batch>>;

    /// Keeps changes, all or none, safe from a power cut when this returns. [`Permit::Stopped`] where the user asked for
    /// the job to be stopped, [`Permit::NoQuota`] where the vendor's quota has no room: then nothing may begin, and endings
    /// are kept all the same. The claim asks for a share of the vendor's rate limits for each batch that is to begin, in
    /// their order: [`Permit::RateLimited`] where only the first of them may begin.
    fn commit(&mut self, changes: &[BatchChange], claim: Option<&RateClaim>) -> Result<Permit>;
}

/// How a job is to run.
#[derive(Clone, Debug)]
pub struct RunSettings {
    /// How many requests are on their way at a time, at most.
    pub concurrency: usize,
    /// How long one request may take.
    pub request_limit: Duration,
    /// When everything has to be over, by [`TimedTransport::now`](crate::send::executor::ports::TimedTransport::now).
    pub until: Option<Duration>,
    /// Whether each request has a payload of its own: it is not cut, and that many are refused says nothing of the others.
    pub has_own_payloads: bool,
    /// What ends it early.
    pub limits: Limits,
    /// Codes by which the server says that it does not keep up: then fewer requests are in flight.
    pub overrun: &'static [&'static str],
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
    /// [`LONG_WAIT`](crate::net::rate_limit::LONG_WAIT) or more.
    fn waits(&mut self, _time: Duration) {}
    /// A request goes out again after this time; in words, why.
    fn retries(&mut self, _time: Duration, _why: &str) {}
}

/// How a run ended.
#[derive(Debug)]
pub struct RunReport {
    /// The outcomes of targets, earlier runs of the same job included.
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

impl RunReport {
    /// Of a run that had nothing to send, and may have been stopped by a signal.
    pub(crate) fn of_nothing(tally: TargetCounts, stopped: Option<Stop>) -> Self {
        let halt = stopped.map(Halt::Signal);
        Self { tally, halt, requests: 0, last: None, unkept: Vec::new() }
    }
}
