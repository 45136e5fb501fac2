//! One sliding window.

use std::collections::VecDeque;
use std::time::Duration;

/// Ended requests are remembered one by one up to this many, and beyond that in steps of this part of the window.
const EXACT: u32 = 128;

/// When to ask again where only the end of a request can help.
const RECHECK: Duration = Duration::from_millis(100);

/// What goes on, and what ended less than a window ago.
#[derive(Clone, Debug)]
pub(super) struct Window {
    documented: u64,
    told: Option<u64>,
    span: Duration,
    in_flight: u64,
    ended: VecDeque<Ended>,
    /// The weight of all that ended.
    kept: u64,
}

/// Requests that leave the window together.
#[derive(Clone, Copy, Debug)]
struct Ended {
    leaves: Duration,
    weight: u64,
}

impl Window {
    pub(super) fn new(limit: u64, span: Duration) -> Self {
        let ended = VecDeque::new();
        Self { documented: limit, told: None, span, in_flight: 0, ended, kept: 0 }
    }

    /// Takes the smaller of two documented limits.
    pub(super) fn tighten(&mut self, limit: u64) {
        self.documented = self.documented.min(limit);
    }

    /// Takes the vendor's own word for the limit, where it gave one.
    pub(super) fn believe(&mut self, limit: Option<u64>) {
        self.told = limit.or(self.told);
    }

    /// When so much more may fit; `None` where it does now. What is heavier than a whole window fits into an empty one.
    pub(super) fn wait(&mut self, weight: u64, now: Duration) -> Option<Duration> {
        self.forget(now);
        let limit = self.told.unwrap_or(self.documented);
        let bearable = limit.saturating_sub(weight);
        let mut used = self.in_flight.saturating_add(self.kept);
        if used <= bearable {
            return None;
        }
        if self.in_flight > bearable {
            return Some(now + (self.span + self.step()).max(RECHECK));
        }
        let enough = self.ended.iter().find(|ended| {
            used -= ended.weight;
            used <= bearable
        });
        enough.map(|ended| ended.leaves)
    }

    pub(super) fn begin(&mut self, weight: u64) {
        self.in_flight = self.in_flight.saturating_add(weight);
    }

    pub(super) fn withdraw(&mut self, weight: u64) {
        self.in_flight = self.in_flight.saturating_sub(weight);
    }

    pub(super) fn end(&mut self, weight: u64, now: Duration) {
        self.forget(now);
        self.in_flight = self.in_flight.saturating_sub(weight);
        self.kept = self.kept.saturating_add(weight);
        let earliest = now + self.span;
        let leaves = earliest + self.step();
        match self.ended.back_mut() {
            // The moment at which a step leaves never moves: somebody may be waiting for it.
            Some(last) if earliest <= last.leaves => {
                last.weight = last.weight.saturating_add(weight)
            }
            Some(_) | None => self.ended.push_back(Ended { leaves, weight }),
        }
    }

    /// How much later than it could what ends now may leave, so that it can leave together with others.
    fn step(&self) -> Duration {
        if self.ended.len() < EXACT as usize { Duration::ZERO } else { self.span / EXACT }
    }

    fn forget(&mut self, now: Duration) {
        while let Some(first) = self.ended.pop_front_if(|first| first.leaves <= now) {
            self.kept -= first.weight;
        }
    }

    #[cfg(test)]
    pub(super) fn remembered(&self) -> usize {
        self.ended.len()
    }
}
