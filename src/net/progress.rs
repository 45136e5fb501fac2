//! How far an exchange has got, readable from outside while it runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use super::UploadProgress;
use super::trouble::CauseInWords;
use crate::wire::{Cause, ExchangeStep, Failure, Hop, Phase};

/// Follows one exchange.
#[derive(Clone, Default)]
pub(super) struct Progress {
    flags: Arc<PhaseFlags>,
    /// Where it goes.
    hop: Option<Arc<Hop>>,
    /// Told how much of a body with files is gone.
    pub(super) watch: Option<UploadProgress>,
}

/// What has happened.
#[derive(Debug, Default)]
pub(super) struct PhaseFlags {
    /// Something asked for the first byte of the body, or a request without one was handed over: such a one tells nobody
    /// when it is written.
    begun: AtomicBool,
    replied: AtomicBool,
    /// The step before that, by its place among all.
    step: AtomicUsize,
}

impl PhaseFlags {
    /// From now on some of the request may have been read at the other end.
    pub(super) fn begin(&self) {
        self.begun.store(true, Ordering::Release);
    }
}

impl Progress {
    /// Nothing has happened yet; files are watched on their way.
    pub(super) fn toward(hop: Arc<Hop>, watch: Option<UploadProgress>) -> Self {
        Self { hop: Some(hop), watch, ..Self::default() }
    }

    /// What the body sets.
    pub(super) fn flags(&self) -> Arc<PhaseFlags> {
        Arc::clone(&self.flags)
    }

    /// This step begins.
    pub(super) fn enter(&self, step: ExchangeStep) {
        let place = ExchangeStep::ALL.iter().position(|known| *known == step);
        self.flags.step.store(place.unwrap_or_default(), Ordering::Release);
    }

    /// From now on some of the request may have been read at the other end.
    pub(super) fn begin(&self) {
        self.flags.begin();
    }

    /// It turned out that nothing of the request can have left.
    pub(super) fn nothing_left(&self) {
        self.flags.begun.store(false, Ordering::Release);
    }

    /// A reply has begun.
    pub(super) fn reply(&self) {
        self.flags.replied.store(true, Ordering::Release);
    }

    /// The phase to name if it were given up now.
    pub(super) fn phase(&self) -> Phase {
        let is_set = |flag: &AtomicBool| flag.load(Ordering::Acquire);
        if is_set(&self.flags.replied) {
            Phase::Reply
        } else if is_set(&self.flags.begun) {
            Phase::Sent
        } else {
            Phase::Connect
        }
    }

    /// The step to name if it were given up now.
    pub(super) fn step(&self) -> ExchangeStep {
        match self.phase() {
            Phase::Connect => ExchangeStep::ALL[self.flags.step.load(Ordering::Acquire)],
            Phase::Sent => ExchangeStep::Request,
            Phase::Reply => ExchangeStep::Reply,
        }
    }

    /// How it ends where this went wrong now.
    pub(super) fn failed(&self, (cause, reason): CauseInWords) -> Failure {
        let hop = self.hop.as_deref().cloned().map(Box::new);
        Failure { phase: self.phase(), step: self.step(), cause, hop, reason }
    }

    /// How it ends where a signal, or the end of a run, gives it up.
    pub(super) fn given_up(&self, reason: &str) -> Failure {
        let cause = match self.phase() {
            Phase::Connect => Cause::Stopped,
            Phase::Sent => Cause::NoAnswer,
            Phase::Reply => Cause::CutOff,
        };
        self.failed((cause, reason.to_owned()))
    }

    /// How it ends where its time is up.
    pub(super) fn timed_out(&self, limit: Duration) -> Failure {
        let time = time(limit);
        let (cause, reason) = match self.step() {
            ExchangeStep::Dns => {
                (Cause::NoAddress, format!("no answer from a name server within {time}"))
            }
            ExchangeStep::Proxy => (Cause::TimedOut, format!("no answer within {time}")),
            ExchangeStep::Local | ExchangeStep::Connect => {
                (Cause::TimedOut, format!("no connection within {time}"))
            }
            ExchangeStep::Tls => (Cause::TlsTimedOut, format!("no TLS session within {time}")),
            ExchangeStep::Request => (Cause::NoAnswer, format!("no answer within {time}")),
            ExchangeStep::Reply => (Cause::CutOff, format!("the answer did not end within {time}")),
        };
        self.failed((cause, reason))
    }
}

/// A time in words: seconds with one digit behind the point, or milliseconds where these would be none.
fn time(time: Duration) -> String {
    let seconds = (time.as_secs_f64() * 10.0).round() / 10.0;
    if seconds > 0.0 { format!("{seconds} s") } else { format!("{} ms", time.as_millis()) }
}

impl std::fmt::Debug for Progress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Progress").field(&self.phase()).finish()
    }
}
