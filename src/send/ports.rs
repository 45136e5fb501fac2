//! What an executor of requests works with: a transport with a clock, and what stays known of a request.

use std::time::Duration;

use crate::net::Stop;
use crate::wire::{Exchange, Request};

/// What carries requests, and what time it is there.
pub trait EngineWorld {
    /// Time since 1970 as the clock said at the start; never runs backwards, whatever the clock says later.
    fn now(&self) -> Duration;
    /// Milliseconds since 1970.
    fn now_ms(&self) -> i64;
    /// A number in [0, 1), another one each time.
    fn chance(&mut self) -> f64;
    /// Starts an exchange; it ends within the limit.
    fn start(&mut self, ticket: u64, request: Request, limit: Duration);
    /// Waits until something has ended, somebody asks to stop, or so much time has passed. Without any time it starts what
    /// is to start, and takes what has ended by now.
    fn wait(&mut self, at_most: Duration) -> Vec<(u64, Exchange)>;
    /// From now on it is worth so much time to wait for another exchange to end once one has.
    fn linger(&mut self, _time: Duration) {}
    /// Gives up what has been started.
    fn abandon(&mut self) -> Vec<(u64, Exchange)>;
    /// Whether somebody asked to stop, and whether they asked twice.
    fn stopped(&self) -> Option<(Stop, bool)>;
}

/// What stays known of a request while it is away.
#[derive(Clone, Debug, Default)]
pub struct Sealed {
    /// Whether the vendor recognises a repeat of it by its idempotency key.
    pub recognised: bool,
    /// Which of the tokens that were fetched it carries.
    pub token: u64,
    /// Scheme, host and port that it goes to.
    pub base: String,
}
