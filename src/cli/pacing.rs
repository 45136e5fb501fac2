//! What all requests of a command share: the vendor's rate limits, the retries that are left, the clock.

use std::cell::RefCell;
use std::rc::Rc;

use super::clock::Clock;
use super::edge::Edge;
use crate::net::pace::{self, Pace};
use crate::net::retry::Budget;

/// What all requests of a command share, those that it needs beforehand included.
#[derive(Clone, Debug)]
pub(crate) struct Pacing {
    pub(crate) pace: pace::Shared,
    pub(crate) budget: Rc<RefCell<Budget>>,
    pub(crate) clock: Clock,
    /// Whether what has to wait is waited for. Where other requests are under way, whoever made them waits instead.
    pub(crate) waits: bool,
}

impl Pacing {
    /// Of a command that knows of no request before it, and makes one after the other.
    pub(super) fn new(edge: Edge) -> Self {
        Self::by(Clock::new(edge))
    }

    /// The same by another clock.
    pub(crate) fn by(clock: Clock) -> Self {
        Self { pace: pace::Shared::default(), budget: Rc::default(), clock, waits: true }
    }

    /// The same with what is known of the requests before.
    pub(super) fn after(self, pace: Pace) -> Self {
        self.pace.replace(pace);
        self
    }
}
