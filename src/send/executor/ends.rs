//! How a run ends.

use std::time::Duration;

use crate::error::Error;
use crate::ledger::BatchKey;
use crate::net::Stop;
use crate::outcome::Outcome;

/// Why a run ended before all was done.
#[derive(Debug)]
pub enum Halt {
    /// Another process asked for the job to be stopped.
    Asked,
    /// Ctrl-C, SIGTERM, SIGHUP or SIGQUIT.
    Signal(Stop),
    /// The time of the command is up.
    Deadline,
    /// The vendor's rate limit allows the next request after this time, and the time of the command is up before.
    RateLimit(Duration),
    /// The vendor refuses the credentials or the right.
    Denied,
    /// No server answers.
    Silence,
    /// No request can get there, and time does not heal that: the cause in words.
    Unreachable(String),
    /// The endpoint sends requests elsewhere.
    Redirected,
    /// More failed than may.
    Failures {
        /// How many targets failed.
        failed: u64,
        /// How many targets have an outcome.
        of: u64,
    },
    /// Every part of a batch is rejected, down to single targets, and nothing was ever accepted.
    Payload,
    /// The vendor has had enough for now, and the time does not suffice to wait.
    Throttled,
    /// The vendor's quota of an hour or a day is used up, by others as well: what came back is written down.
    Quota,
    /// The disk is full: what came back is written down, and nothing more may leave.
    NoRoom,
    /// Something on this side failed: the ledger, a prerequisite.
    Fault(Error),
}

/// How a run ended.
#[derive(Debug)]
pub struct Executed {
    /// Why it ended before all was done.
    pub halt: Option<Halt>,
    /// How many requests left.
    pub requests: u64,
    /// The last answer that was not a plain success, to show it.
    pub last: Option<Outcome>,
    /// Batches that have ended, and the journal could not take it.
    pub unkept: Vec<BatchKey>,
    /// When the vendor's rate limit would have allowed a request, where the run ended for it.
    pub held_until: Option<Duration>,
    /// Whether a request waited for the vendor's rate limit when the run ended.
    pub waited_for_rate: bool,
    /// Whether the journal took at last what it had refused before.
    pub kept_at_last: bool,
}
