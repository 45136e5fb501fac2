//! What ends a run before all is done.

use std::time::Duration;

use super::tally::Tally;
use crate::error::Error;
use crate::net::Stop;

/// Why a run ended before all was done.
#[derive(Debug)]
pub enum Halt {
    /// Somebody asked for the job to be stopped, from elsewhere.
    Asked,
    /// Ctrl-C or SIGTERM.
    Signal(Stop),
    /// The time of the command is up.
    Deadline,
    /// The vendor refuses the credentials or the right.
    Denied,
    /// Nobody answers.
    Silence,
    /// More failed than may.
    Failures {
        /// How many targets failed.
        failed: u64,
        /// Of so many that have an outcome.
        of: u64,
    },
    /// Every part of a batch is rejected, down to single targets, and nothing was ever accepted.
    Payload,
    /// The vendor has had enough for now, and the time does not suffice to wait.
    Throttled,
    /// The disk is full: what came back is written down, and nothing more may leave.
    NoRoom,
    /// Something on this side failed: the ledger, an errand.
    Fault(Error),
}

/// What ends a run early.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Limits {
    /// A few first.
    pub canary: Option<Canary>,
    /// The share of targets that may fail, from 0 to 1; `None` where any share may.
    pub abort_above: Option<f64>,
}

/// So many targets first, and then a pause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Canary {
    /// How many targets.
    pub targets: u64,
    /// How long nothing is sent after the last of them.
    pub soak: Duration,
}

/// So many outcomes have to be known before a share of them means anything.
const MEANINGFUL: u64 = 100;

/// So many requests in a row without any answer, where none was ever answered.
const SILENT_FROM_THE_START: u32 = 4;

/// The same where some were: of those that are under way at a time, several may be lost together.
const SILENT: u32 = 16;

/// Keeps an eye on what comes back.
#[derive(Debug, Default)]
pub(super) struct Watch {
    /// Requests in a row that nobody answered.
    silence: u32,
    answered: bool,
    /// Batches that were cut since anything was accepted.
    cuts: u32,
}

impl Watch {
    /// A request was answered.
    pub(super) fn answered(&mut self) {
        self.silence = 0;
        self.answered = true;
    }

    /// A request was given up without an answer.
    pub(super) fn unanswered(&mut self) -> Option<Halt> {
        self.silence += 1;
        let most = if self.answered { SILENT } else { SILENT_FROM_THE_START };
        (self.silence >= most).then_some(Halt::Silence)
    }

    /// Something was accepted.
    pub(super) fn accepted(&mut self) {
        self.cuts = 0;
    }

    /// Whether a rejected batch of so many targets may be cut in two. As long as nothing was accepted, one way down to a
    /// single target is all that is tried: then it is not the targets that are refused.
    pub(super) fn may_cut(&mut self, targets: usize) -> bool {
        if targets < 2 {
            return false;
        }
        let ways_down = 2 * (usize::BITS - targets.leading_zeros()) + 2;
        self.cuts += 1;
        self.cuts <= ways_down
    }

    /// Whether too many have failed.
    pub(super) fn failures(&self, limits: &Limits, tally: &Tally) -> Option<Halt> {
        let most = limits.abort_above?;
        let (failed, of) = (tally.failed(), tally.decided());
        let meaningful = limits.canary.map_or(MEANINGFUL, |canary| canary.targets.min(MEANINGFUL));
        #[expect(clippy::cast_precision_loss, reason = "a share needs no more than 52 bits")]
        let share = failed as f64 / of.max(1) as f64;
        (of >= meaningful && share > most).then_some(Halt::Failures { failed, of })
    }
}
