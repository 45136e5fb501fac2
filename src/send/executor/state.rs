//! Batches in the hands of the executor: ahead, on their way, waiting for another attempt, ended.

use std::time::Duration;

use crate::contract::Operation;
use crate::ledger::Batch;
use crate::net::rate_limit::Ticket;
use crate::outcome::Outcome;
use crate::send::executor::ports::AttemptInfo;
use crate::wire::Request;

/// A batch, and what this run has tried with it.
pub(super) struct RunBatch {
    pub(super) batch: Batch,
    /// Attempts of this run.
    pub(super) tries: u32,
    /// When the first attempt of this run began that may have arrived.
    pub(super) first: Option<Duration>,
    /// Whether a reason that lay on this side has been fixed once.
    pub(super) recovered: bool,
    /// Whether that was just now, so that the next attempt goes out otherwise.
    pub(super) goes_otherwise: bool,
    /// What the attempt before that came to.
    pub(super) refusal: Option<Box<Outcome>>,
    /// Whether its targets have begun before, in this batch or in the one that it is a part of.
    pub(super) begun: bool,
    /// Whether the vendor recognises a repeat of it by its idempotency key.
    pub(super) recognised: bool,
}

impl RunBatch {
    /// A batch of which nothing has begun.
    pub(super) fn fresh(batch: Batch) -> Self {
        // What an earlier run left in doubt comes here only where the vendor recognises it.
        let recognised = batch.dedupe_id.is_some();
        Self {
            batch,
            tries: 0,
            first: None,
            recovered: false,
            goes_otherwise: false,
            refusal: None,
            begun: false,
            recognised,
        }
    }

    /// A part of a batch that was cut.
    pub(super) fn part(batch: Batch) -> Self {
        Self { begun: true, ..Self::fresh(batch) }
    }
}

/// A batch whose request can leave as soon as the journal has it as begun.
pub(super) struct ReadyBatch {
    pub(super) item: RunBatch,
    pub(super) operation: &'static Operation,
    /// How many targets the rate limits count it for.
    pub(super) targets: u64,
    pub(super) attempt: AttemptInfo,
    /// Its share of the vendor's rate limits, where they hold for it.
    pub(super) pace: Option<Ticket>,
    pub(super) request: Request,
}

/// A batch on its way.
pub(super) struct OpenAttempt {
    pub(super) item: RunBatch,
    pub(super) operation: &'static Operation,
    pub(super) attempt: AttemptInfo,
    pub(super) pace: Option<Ticket>,
    pub(super) started: Duration,
    pub(super) started_ms: i64,
}

/// A batch that waits for its next attempt.
pub(super) struct Waiting {
    pub(super) due: Duration,
    /// Whether the vendor asked for that pause.
    pub(super) is_rate_wait: bool,
    pub(super) order: u64,
    pub(super) item: RunBatch,
}

/// By when they are due, the first one the greatest.
impl Ord for Waiting {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (other.due, other.order).cmp(&(self.due, self.order))
    }
}

impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Waiting {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Waiting {}

/// A batch that has ended: the policy is told once it is on disk.
pub(super) struct EndedItem {
    pub(super) batch: Batch,
    pub(super) operation: &'static Operation,
    pub(super) outcome: Outcome,
}
