//! How far an exchange has got, readable from outside while it runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::Watch;
use crate::wire::{Failure, Phase};

/// Follows one exchange.
#[derive(Clone, Default)]
pub(super) struct Progress {
    flags: Arc<Flags>,
    /// Told how much of a body with files is gone.
    pub(super) watch: Option<Watch>,
}

/// What has happened.
#[derive(Debug, Default)]
pub(super) struct Flags {
    /// Something asked for the first byte of the body, or a request without one was handed over: such a one tells nobody
    /// when it is written.
    begun: AtomicBool,
    replied: AtomicBool,
}

impl Flags {
    /// From now on some of the request may have been read at the other end.
    pub(super) fn begin(&self) {
        self.begun.store(true, Ordering::Release);
    }
}

impl Progress {
    /// Nothing has happened yet; files are watched on their way.
    pub(super) fn watched(watch: Option<Watch>) -> Self {
        Self { watch, ..Self::default() }
    }

    /// What the body sets.
    pub(super) fn flags(&self) -> Arc<Flags> {
        Arc::clone(&self.flags)
    }

    /// From now on some of the request may have been read at the other end.
    pub(super) fn begin(&self) {
        self.flags.begin();
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

    /// How it ends where its time is up.
    pub(super) fn timed_out(&self, limit: Duration) -> Failure {
        let phase = self.phase();
        let seconds = (limit.as_secs_f64() * 10.0).round() / 10.0;
        let reason = match phase {
            Phase::Connect => format!("no connection within {seconds} s"),
            Phase::Sent => format!("no answer within {seconds} s"),
            Phase::Reply => format!("the answer did not end within {seconds} s"),
        };
        Failure { phase, reason }
    }
}

impl std::fmt::Debug for Progress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Progress").field(&self.phase()).finish()
    }
}
