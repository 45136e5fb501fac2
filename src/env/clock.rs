//! Time and randomness as this machine has them.

use std::fmt;
use std::rc::Rc;
use std::time::{Duration, Instant};

use crate::env::System;
use crate::wire::Exchange;

/// A clock that counts from 1970 and never runs backwards.
#[derive(Clone)]
pub(crate) struct SteadyClock(Rc<dyn Fn() -> Duration>);

impl fmt::Debug for SteadyClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Clock").field(&self.now()).finish()
    }
}

impl SteadyClock {
    /// This machine's clock, which then advances by its monotonic clock.
    pub(crate) fn new(system: System) -> Self {
        let began_at = Duration::from_millis(u64::try_from(system.now_ms()).unwrap_or_default());
        let began = Instant::now();
        Self::reading(move || began_at + began.elapsed())
    }

    /// A clock that shows what `read` returns: the time since 1970, never less than before.
    pub(crate) fn reading(read: impl Fn() -> Duration + 'static) -> Self {
        Self(Rc::new(read))
    }

    pub(crate) fn now(&self) -> Duration {
        (self.0)()
    }
}

/// A number in [0, 1).
pub(crate) fn chance(system: System) -> f64 {
    const STEPS: u32 = 1 << 20;
    f64::from(u32::try_from(system.random(u64::from(STEPS))).unwrap_or(0)) / f64::from(STEPS)
}

/// An exchange with the time of its reply: dates in the reply are compared with it.
pub(crate) fn dated(exchange: Exchange, system: System) -> Exchange {
    exchange.map(|reply| reply.dated(system.now_ms()))
}
