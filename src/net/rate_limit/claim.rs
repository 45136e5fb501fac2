//! What a process reports to the processes that share a vendor's rate limits with it, and what it asks for.

use std::sync::Arc;
use std::time::Duration;

use crate::contract::Operation;
use crate::net::rate_limit::{RateHeaders, RateLimiter, Ticket};

/// Whose rate limits are shared, and which process shares them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RateSharer {
    /// Whether it is the sandbox that is asked, and no vendor.
    pub sandbox: bool,
    /// Id of the provider.
    pub provider: String,
    /// Which app of the vendor's it is about.
    pub app: String,
    /// The process, by the name that it has as a writer of the ledger, or by another name that no other process has.
    pub who: String,
}

/// A request that wants to leave.
#[derive(Clone, Debug)]
pub struct RateAsk {
    /// Its operation.
    pub operation: &'static Operation,
    /// How many targets it has.
    pub targets: u64,
    /// How long its exchange may take.
    pub limit: Duration,
}

/// What a process brings to a transaction in which the shared limits are looked at. Times in it are those since 1970.
#[derive(Clone, Debug)]
pub struct RateClaim {
    pub(super) sharer: Arc<RateSharer>,
    /// When it was made.
    pub(super) now: Duration,
    /// The same by the clock of its process.
    own_now: Duration,
    pub(super) news: Vec<RateNews>,
    pub(super) asks: Vec<RateAsk>,
    /// How many requests the process would begin if it could, those that it asks for included.
    pub(super) wanted: usize,
}

/// How many of the requests that were asked for may leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateGrant {
    /// This many, from the first one on.
    pub begun: usize,
    /// When to ask for the others again, as the time since 1970; `None` where there are no others.
    pub until: Option<Duration>,
}

/// Something that happened to a request.
#[derive(Clone, Copy, Debug)]
pub(super) struct RateNews {
    pub(super) operation: &'static Operation,
    pub(super) what: RateEvent,
    /// When; of a pause, when it is over.
    pub(super) at: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RateEvent {
    /// One of those that were granted has ended.
    Ended { targets: u64 },
    /// One of those that were granted did not leave.
    Unsent { targets: u64 },
    /// A reply told of limits.
    Told(RateHeaders),
    /// The vendor asked for a pause.
    Held,
    /// The process no longer waits.
    GivesUp,
}

/// The processes with which limits are shared, and what is not reported to them yet.
#[derive(Clone, Debug)]
pub(super) struct RateReports {
    sharer: Arc<RateSharer>,
    news: Vec<RateNews>,
}

impl RateClaim {
    /// Which limits it is about, and which process makes it.
    pub fn sharer(&self) -> &RateSharer {
        &self.sharer
    }

    /// Whether it reports anything.
    pub fn has_news(&self) -> bool {
        !self.news.is_empty()
    }

    /// The same for a process that would begin this many requests if it could. It asks for the rest of them next.
    #[must_use]
    pub fn wanting(self, count: usize) -> Self {
        Self { wanted: count.max(self.asks.len()), ..self }
    }
}

impl RateLimiter {
    /// A rate limiter that has let nothing go yet, of a process that shares the limits with others.
    pub fn sharing(sharer: RateSharer) -> Self {
        let sharing = RateReports { sharer: Arc::new(sharer), news: Vec::new() };
        Self { sharing: Some(sharing), ..Self::default() }
    }

    /// What there is to report, with these questions; `now_ms` is the time `now` in milliseconds since 1970. `None` where
    /// there is nothing to report or to ask, or where limits are not shared.
    pub fn claim(&mut self, asks: Vec<RateAsk>, now: Duration, now_ms: i64) -> Option<RateClaim> {
        let sharing = self.sharing.as_mut()?;
        if asks.is_empty() && sharing.news.is_empty() {
            return None;
        }
        let since_1970 = Duration::from_millis(u64::try_from(now_ms).unwrap_or_default());
        let mut claim = RateClaim {
            sharer: sharing.sharer.clone(),
            now: since_1970,
            own_now: now,
            news: std::mem::take(&mut sharing.news),
            wanted: asks.len(),
            asks,
        };
        for news in &mut claim.news {
            // Rather a millisecond too late than too early.
            let at = moved(news.at, now, since_1970 + Duration::from_millis(1));
            news.at = whole_millis(at);
        }
        Some(claim)
    }

    /// A claim was lost: what it reports is reported again.
    pub fn unsaid(&mut self, claim: RateClaim) {
        let RateClaim { mut news, now, own_now, .. } = claim;
        let Some(sharing) = &mut self.sharing else { return };
        news.iter_mut().for_each(|news| news.at = moved(news.at, now, own_now));
        news.append(&mut sharing.news);
        sharing.news = news;
    }

    /// The other processes know of a request from now on: its end has to be reported.
    pub fn granted(&self, ticket: &mut Ticket) {
        ticket.is_known = self.sharing.is_some() && !self.lanes[ticket.lane].windows.is_empty();
    }

    /// Nothing waits for this operation's limits any more: other processes need not keep room for it.
    pub fn give_up(&mut self, operation: &'static Operation) {
        let lane = self.lane(operation);
        self.note(true, lane, RateEvent::GivesUp, Duration::ZERO);
    }

    /// Whether requests of an operation take a share of limits that other processes use, too.
    pub fn is_shared(&mut self, operation: &'static Operation) -> bool {
        self.sharing.is_some() && self.is_rated(operation)
    }

    pub(super) fn note(&mut self, is_news: bool, lane: usize, what: RateEvent, at: Duration) {
        if let (true, Some(sharing)) = (is_news, &mut self.sharing) {
            let operation = self.lanes[lane].operation;
            sharing.news.push(RateNews { operation, what, at });
        }
    }
}

/// A moment by another clock, which says `there` while this one says `here`.
fn moved(at: Duration, here: Duration, there: Duration) -> Duration {
    if at <= here { there.saturating_sub(here - at) } else { there.saturating_add(at - here) }
}

fn whole_millis(at: Duration) -> Duration {
    let millis = at.as_nanos().div_ceil(1_000_000);
    Duration::from_millis(u64::try_from(millis).unwrap_or(u64::MAX))
}
