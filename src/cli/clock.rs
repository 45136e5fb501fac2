//! Time and dice for whatever sends, as this machine has them.

use std::time::{Duration, Instant};

use super::edge::Edge;
use crate::wire::Exchange;

/// A clock that counts from 1970 and never runs backwards.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    began: Instant,
    began_at: Duration,
}

impl Clock {
    pub(super) fn new(edge: Edge) -> Self {
        let began_at = Duration::from_millis(u64::try_from(edge.now_ms()).unwrap_or_default());
        Self { began: Instant::now(), began_at }
    }

    pub(super) fn now(&self) -> Duration {
        self.began_at + self.began.elapsed()
    }
}

/// A number in [0, 1).
pub(super) fn chance(edge: Edge) -> f64 {
    const STEPS: u32 = 1 << 20;
    f64::from(u32::try_from(edge.random(u64::from(STEPS))).unwrap_or(0)) / f64::from(STEPS)
}

/// An exchange with the time at which it came: dates in a reply are read against it.
pub(super) fn dated(exchange: Exchange, edge: Edge) -> Exchange {
    exchange.map(|reply| reply.dated(edge.now_ms()))
}
