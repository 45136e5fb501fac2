//! A transport with the clock and the randomness of this machine, as an executor of requests works with it.

use std::time::Duration;

use crate::env::System;
use crate::env::clock::{SteadyClock, chance, dated};
use crate::net::{ConcurrentTransport, Stop};
use crate::send::executor::ports::TimedTransport;
use crate::wire::{Exchange, Request};

/// The network or the sandbox, with a clock.
pub(crate) struct TransportAdapter<'a> {
    fleet: &'a dyn ConcurrentTransport,
    system: System,
    clock: SteadyClock,
}

impl<'a> TransportAdapter<'a> {
    pub(crate) fn new(
        fleet: &'a dyn ConcurrentTransport,
        system: System,
        clock: SteadyClock,
    ) -> Self {
        Self { fleet, system, clock }
    }

    fn all_dated(&self, landed: Vec<(u64, Exchange)>) -> Vec<(u64, Exchange)> {
        landed.into_iter().map(|(ticket, one)| (ticket, dated(one, self.system))).collect()
    }
}

impl TimedTransport for TransportAdapter<'_> {
    fn now(&self) -> Duration {
        self.clock.now()
    }

    fn now_ms(&self) -> i64 {
        self.system.now_ms()
    }

    fn chance(&mut self) -> f64 {
        chance(self.system)
    }

    fn start(&mut self, ticket: u64, request: Request, limit: Duration) {
        self.fleet.start(ticket, request, limit);
    }

    fn wait(&mut self, at_most: Duration) -> Vec<(u64, Exchange)> {
        self.all_dated(self.fleet.wait(at_most))
    }

    fn linger(&mut self, time: Duration) {
        self.fleet.linger(time);
    }

    fn abandon(&mut self) -> Vec<(u64, Exchange)> {
        self.all_dated(self.fleet.abandon())
    }

    fn stopped(&self) -> Option<(Stop, bool)> {
        self.fleet.stopped().map(|stop| (stop, self.fleet.hurried()))
    }
}
