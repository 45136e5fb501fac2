//! What ends a run before all is done.

use std::time::Duration;

use crate::broadcast::counts::TargetCounts;
use crate::send::executor::Halt;

/// What ends a run early.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Limits {
    /// A few first.
    pub canary: Option<Canary>,
    /// The share of targets that may fail, from 0 to 1; `None` where any share may.
    pub abort_above: Option<f64>,
}

/// A few targets first, and then a pause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Canary {
    /// How many targets.
    pub targets: u64,
    /// How long nothing is sent after the last of them.
    pub soak: Duration,
}

/// The least number of outcomes for which a share means anything.
const MEANINGFUL: u64 = 100;

/// When this number of requests to single targets in a row is refused with the same code, and nothing was ever accepted, the
/// payload is at fault, not each of these targets.
const REFUSED_ALONE: u32 = 20;

/// The number of attempts in a row without any answer that ends a run where none was ever answered. If three of ten
/// answers get lost, the first eight do once in fifteen thousand runs.
const SILENT_FROM_THE_START: u32 = 8;

/// The same where some were, beside those that were under way together: one restart of a server loses all of them.
const SILENT: u32 = 16;

/// From this number on it may be an outage: then few are sent at a time, and with pauses.
const QUIET: u32 = 4;

/// Keeps an eye on what comes back.
#[derive(Debug, Default)]
pub(crate) struct FailureWatch {
    /// Attempts in a row without an answer.
    silence: u32,
    /// How many were under way when the first of them ended.
    together: u32,
    answered: bool,
    /// Whether anything of the job was ever accepted: then it is not the payload that is refused.
    accepted: bool,
    /// Batches that were refused since one was cut, that one included.
    refused: u32,
    /// How many of these it takes to know that it is not the targets.
    enough: u32,
    /// Requests to single targets that were refused in a row, with the vendor's code.
    alone: (u32, Option<String>),
}

/// What to do with a batch that was refused, perhaps for one of its targets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BatchRefusal {
    /// Its halves are sent apart.
    Cut,
    /// It is the target.
    Final,
    /// It is the payload.
    Payload,
}

impl FailureWatch {
    /// Of a job where something was accepted before, or not.
    pub(crate) fn new(accepted: bool) -> Self {
        Self { accepted, ..Self::default() }
    }

    /// An attempt was answered.
    pub(crate) fn answered(&mut self) {
        self.silence = 0;
        self.answered = true;
    }

    /// An attempt ended without an answer, while this number of others is in flight.
    pub(crate) fn unanswered(&mut self, others: usize) -> Option<Halt> {
        if self.silence == 0 {
            self.together = u32::try_from(others).unwrap_or(u32::MAX);
        }
        self.silence += 1;
        let most = if self.answered {
            self.together.saturating_add(SILENT)
        } else {
            SILENT_FROM_THE_START
        };
        (self.silence >= most).then_some(Halt::Silence)
    }

    /// Whether it may be an outage.
    pub(crate) const fn is_quiet(&self) -> bool {
        self.silence >= QUIET
    }

    /// Something was accepted.
    pub(crate) fn accepted(&mut self) {
        self.accepted = true;
    }

    /// A batch of this number of targets was refused as a whole. As long as nothing was accepted, about two ways down
    /// to a single target are all that is tried; and where none has more than one, a few of them.
    pub(crate) fn refused(&mut self, targets: usize, code: Option<&str>) -> BatchRefusal {
        if !self.accepted && targets <= 1 {
            if self.alone.1.as_deref() != code {
                self.alone = (0, code.map(str::to_owned));
            }
            self.alone.0 += 1;
            if self.alone.0 >= REFUSED_ALONE {
                return BatchRefusal::Payload;
            }
        }
        if !self.accepted && (targets > 1 || self.is_probing()) {
            self.refused += 1;
            self.enough = self.enough.max(2 * (usize::BITS - targets.leading_zeros()) + 2);
            if self.refused > self.enough {
                return BatchRefusal::Payload;
            }
        }
        if targets > 1 { BatchRefusal::Cut } else { BatchRefusal::Final }
    }

    /// How many may be under way for all that is known: one while it is being found out whether the payload is refused or a
    /// target, few as long as no server ever answered. So no more are sent than that takes.
    pub(crate) const fn room(&self) -> usize {
        match (self.is_probing(), self.answered) {
            (true, _) => 1,
            (false, true) => usize::MAX,
            (false, false) => SILENT_FROM_THE_START.saturating_sub(self.silence) as usize,
        }
    }

    const fn is_probing(&self) -> bool {
        self.refused > 0 && !self.accepted
    }

    /// Whether too many have failed: of those that have an outcome, where these are enough to say so; or of all,
    /// whatever happens to the rest.
    pub(crate) fn failures(&self, limits: &Limits, tally: &TargetCounts) -> Option<Halt> {
        let most = limits.abort_above?;
        let (failed, of) = (tally.failed(), tally.decided());
        let meaningful = limits.canary.map_or(MEANINGFUL, |canary| canary.targets.min(MEANINGFUL));
        #[expect(clippy::cast_precision_loss, reason = "a share needs no more than 52 bits")]
        let share = |of: u64| failed as f64 / of.max(1) as f64;
        let is_likely = of >= meaningful && share(of) > most;
        let is_certain = share(tally.total.max(of)) > most;
        (is_likely || is_certain).then_some(Halt::Failures { failed, of })
    }
}
