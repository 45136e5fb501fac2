//! What is held back together: pauses that a vendor asked for, and what it says is left of its own window.

use std::time::Duration;

use crate::net::rate_limit::Name;
use crate::wire::Reply;

/// The longest pause that a rate header is believed.
pub(super) const LONGEST_RESET: Duration = Duration::from_secs(86_400);

/// A reply that is this close to the end of its window may come after the first reply of the next window.
const OVERTAKEN: Duration = Duration::from_secs(2);

/// Operations that are held back together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pool {
    pub(super) name: Name,
    pub(super) held: Duration,
    pub(super) rest: Option<RemainingQuota>,
    pub(super) in_flight: u64,
}

/// What a vendor says is left until its own window ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RemainingQuota {
    /// The least that a reply named. A request that was counted later and answered would have named less.
    pub(super) least: u64,
    /// How many have ended since then without a word on what is left.
    pub(super) silent: u64,
    pub(super) until: Duration,
}

/// The rate headers of a reply, as far as they hold numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RateHeaders {
    /// `X-Rate-Limit-Limit` or `X-Rate-Limit-Quota`: how many in a window.
    pub(super) limit: Option<u64>,
    /// `X-Rate-Limit-Remaining`: how many more until the window ends.
    pub(super) left: Option<u64>,
    /// `X-Rate-Limit-Reset`: in how many seconds the window ends. One that cannot be true is left out.
    pub(super) reset: Option<u64>,
}

impl RateHeaders {
    /// What a reply says; `None` where it says nothing about its rate limit.
    pub fn of(reply: &Reply) -> Option<Self> {
        let number = |name: &str| reply.header(name)?.trim().parse::<u64>().ok();
        let limit = number("x-rate-limit-limit").or_else(|| number("x-rate-limit-quota"));
        let left = number("x-rate-limit-remaining");
        let reset = number("x-rate-limit-reset").filter(|reset| *reset <= LONGEST_RESET.as_secs());
        (limit.is_some() || left.is_some()).then_some(Self { limit, left, reset })
    }
}

impl Pool {
    pub(super) fn new(name: Name) -> Self {
        Self { name, held: Duration::ZERO, rest: None, in_flight: 0 }
    }

    /// Until when nothing more may begin, where room is kept for this many others; `None` where it may now.
    pub(super) fn wait(&self, ahead: u64, now: Duration) -> Option<Duration> {
        let is_spent = |rest: &RemainingQuota| {
            rest.least <= rest.silent.saturating_add(self.in_flight).saturating_add(ahead)
        };
        let spent = self.rest.filter(is_spent);
        Some(self.held).max(spent.map(|rest| rest.until)).filter(|until| *until > now)
    }

    /// This many requests in flight have ended.
    pub(super) fn end(&mut self, count: u64) {
        self.in_flight = self.in_flight.saturating_sub(count);
        if let Some(rest) = &mut self.rest {
            rest.silent = rest.silent.saturating_add(count);
        }
    }

    /// The vendor says how many are left until its window, of the length `span`, ends.
    pub(super) fn heed(&mut self, left: u64, reset: Duration, span: Duration, now: Duration) {
        let until = now + reset;
        let anew = RemainingQuota { least: left, silent: 0, until };
        self.rest = Some(match self.rest {
            // The last word of a window, after the first one of the next window. It holds for the moment that is left.
            Some(known) if reset <= OVERTAKEN && known.until > until + span / 2 => {
                self.held = self.held.max(until);
                RemainingQuota { silent: known.silent.saturating_sub(1), ..known }
            }
            // Replies overtake each other, and seconds are rounded: only a much later end is that of the next window.
            Some(known) if known.until > now && until <= known.until + span / 2 => {
                let until = until.max(known.until);
                if left <= known.least {
                    RemainingQuota { until, ..anew }
                } else {
                    RemainingQuota { silent: known.silent.saturating_sub(1), until, ..known }
                }
            }
            Some(_) | None => anew,
        });
    }
}
