//! The rate limiter: how fast requests may leave.
//!
//! A [`RateLimiter`] belongs to one vendor and one app. It keeps a sliding window for each documented rate and lets a request go
//! only where no window can overflow, whatever happens on the way: the vendor counts a request at some moment between its
//! start and its end, so a request counts from its start until a whole window after its end.
//!
//! What a vendor scopes more narrowly (per room, per user, per robot) is counted for the whole app, which is the safe side.
//! So is a sliding window where the vendor keeps calendar minutes, or a bucket that drains.
//!
//! A process has a [`RateLimiter`] of its own. Processes that share a ledger also share the limits: each brings a [`RateClaim`] to
//! a transaction of the ledger, and [`settle`] decides there which requests begin. Rates of half an hour or more are
//! [`quotas`], and the ledger counts them by its entries.
//!
//! Time comes in as the [`Duration`] since any moment that all callers agree on, and never goes backwards. Between processes
//! it is the time since 1970.

mod claim;
mod pack;
mod pool;
mod shared;
mod window;

#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use crate::contract::{Operation, Rate, RateUnit};
use crate::wire::Reply;

use claim::RateEvent;
pub use claim::{RateAsk, RateClaim, RateGrant, RateSharer};
use pool::Pool;
pub use pool::RateHeaders;
pub use shared::{RateDecision, settle};
use window::Window;

/// From this many seconds on a rate is a quota, counted by the ledger and not here.
pub const QUOTA_SECONDS: u32 = 1800;

/// From this length on a wait for a rate limit is told.
pub const LONG_WAIT: Duration = Duration::from_millis(1500);

/// The largest limit that a header is believed: contracts count in 32 bits, too.
const MAX_LIMIT: u64 = u32::MAX as u64;

/// The rates of an operation that hold across processes and runs.
pub fn quotas(operation: &Operation) -> impl Iterator<Item = &'static Rate> + use<> {
    operation.rates.iter().filter(|rate| is_quota(rate))
}

/// The same of those that hold for requests to everybody alone.
pub fn quotas_to_all(operation: &Operation) -> impl Iterator<Item = &'static Rate> + use<> {
    let rates = operation.to_all.map_or(&[][..], |all| all.rates);
    rates.iter().filter(|rate| is_quota(rate))
}

/// How long a job of these requests and targets takes at the documented rates: from its first request to the start of
/// its last, without the time of the exchanges and without what [`quotas`] make of it.
pub fn estimate(operation: &Operation, requests: u64, targets: u64) -> Duration {
    let seconds = operation.rates.iter().filter(|rate| is_paced(rate)).map(|rate| {
        let weight = match rate.counted {
            RateUnit::Calls => 1,
            RateUnit::Targets => targets.div_ceil(requests.max(1)).max(1),
            // How long the vendor keeps things alive is not known.
            RateUnit::Alive => return 0,
        };
        let fitting = (u64::from(rate.count) / weight).max(1);
        let full_windows = requests.saturating_sub(1) / fitting;
        full_windows.saturating_mul(u64::from(rate.seconds))
    });
    Duration::from_secs(seconds.max().unwrap_or(0))
}

/// The windows of one app at one vendor.
#[derive(Clone, Debug, Default)]
pub struct RateLimiter {
    lanes: Vec<RateLanes>,
    pools: Vec<Pool>,
    windows: Vec<(LimitKey, Window)>,
    /// The processes with which limits are shared, and what is not reported to them yet.
    sharing: Option<claim::RateReports>,
}

/// The one rate limiter of a command, for all that makes requests in it.
pub type Shared = Rc<RefCell<RateLimiter>>;

/// A request on its way, to be given back to [`RateLimiter::end`]: until then it counts, however long that takes.
#[derive(Debug)]
#[must_use = "a request counts until its ticket is given back"]
pub struct Ticket {
    lane: usize,
    targets: u64,
    /// Whether the processes that share the limits know of it.
    is_known: bool,
}

/// The limits of an operation: places in the lists of [`RateLimiter`].
#[derive(Clone, Debug)]
struct RateLanes {
    operation: &'static Operation,
    pools: Vec<usize>,
    windows: Vec<usize>,
    /// The window that rate headers speak of, where there is no doubt which.
    told: Option<usize>,
    /// The pool that rate headers speak of.
    told_pool: usize,
}

/// Whose calls are counted together. An operation's id may be the name of a pool, too.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Name {
    Own(Box<str>),
    Shared(Box<str>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct LimitKey {
    name: Name,
    counted: RateUnit,
    seconds: u32,
}

impl RateLimiter {
    /// A rate limiter that has let nothing go yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether a request to this number of targets may go now; otherwise the earliest moment at which it might. Ask
    /// again then, or when a request ends. Asking changes nothing.
    pub fn ready(
        &mut self,
        operation: &'static Operation,
        targets: u64,
        now: Duration,
    ) -> Result<(), Duration> {
        let lane = self.lane(operation);
        self.due(lane, targets, now).map_or(Ok(()), Err)
    }

    /// Until when a request has to wait, by the limits of its operation.
    fn due(&mut self, lane: usize, targets: u64, now: Duration) -> Option<Duration> {
        let lane = &self.lanes[lane];
        let mut earliest =
            lane.pools.iter().filter_map(|pool| self.pools[*pool].wait(0, now)).max();
        for place in &lane.windows {
            let (key, window) = &mut self.windows[*place];
            earliest = earliest.max(window.wait(weight(key.counted, targets), 0, now));
        }
        earliest
    }

    /// A request to this number of targets goes out now. [`RateLimiter::ready`] says whether it may.
    pub fn begin(&mut self, operation: &'static Operation, targets: u64) -> Ticket {
        let lane = self.lane(operation);
        self.put_in_flight(lane, targets);
        Ticket { lane, targets, is_known: false }
    }

    /// Whether a request that was begun and has not left may still leave.
    pub fn may_leave(&mut self, ticket: &Ticket, now: Duration) -> bool {
        self.take_back(ticket.lane, ticket.targets);
        let may_leave = self.due(ticket.lane, ticket.targets, now).is_none();
        self.put_in_flight(ticket.lane, ticket.targets);
        may_leave
    }

    /// A request did not go out after all: it is as if it had not been begun.
    pub fn withdraw(&mut self, ticket: Ticket) {
        self.take_back(ticket.lane, ticket.targets);
        let what = RateEvent::Unsent { targets: ticket.targets };
        self.note(ticket.is_known, ticket.lane, what, Duration::ZERO);
    }

    /// A request is over, however it ended.
    pub fn end(&mut self, ticket: Ticket, now: Duration) {
        let lane = &self.lanes[ticket.lane];
        for pool in &lane.pools {
            self.pools[*pool].end(1);
        }
        for place in &lane.windows {
            let (key, window) = &mut self.windows[*place];
            window.forget(now);
            window.end(weight(key.counted, ticket.targets), now);
        }
        let what = RateEvent::Ended { targets: ticket.targets };
        self.note(ticket.is_known, ticket.lane, what, now);
    }

    /// Believes the rate headers of a reply over the documented rate, lower or higher; call it after [`RateLimiter::end`] of the
    /// request. What is not a number, or cannot be true, is passed over.
    ///
    /// `Limit` (or `Quota`) replaces the count of the one window that counts the operation's calls. `Remaining` holds
    /// until `Reset`: no more than that begin, and those in flight may be among them. It never allows more than the
    /// window does, since the vendor's window may have begun again a moment ago.
    pub fn heed(&mut self, operation: &'static Operation, reply: &Reply, now: Duration) {
        let Some(told) = RateHeaders::of(reply) else { return };
        let lane = self.lane(operation);
        self.hear(lane, told, now);
        self.note(true, lane, RateEvent::Told(told), now);
    }

    /// The same for headers that were read before.
    fn hear(&mut self, lane: usize, told: RateHeaders, now: Duration) {
        let lane = &self.lanes[lane];
        let mut seconds = None;
        if let Some(place) = lane.told {
            let (key, window) = &mut self.windows[place];
            let span = u64::from(key.seconds);
            seconds = Some(span);
            // A window that ends later than this one can is another one. The vendor may have rounded up.
            if told.reset.is_none_or(|reset| reset <= span + 1) {
                window.believe(told.limit.filter(|limit| (1..=MAX_LIMIT).contains(limit)), now);
            }
        }
        if let (Some(left), Some(reset)) = (told.left, told.reset.or(seconds)) {
            let span = Duration::from_secs(seconds.unwrap_or(0).max(reset));
            self.pools[lane.told_pool].heed(left, Duration::from_secs(reset), span, now);
        }
    }

    /// Nothing that shares a pool with this operation begins before that moment: what a 429 or `Retry-After` asks for.
    pub fn hold(&mut self, operation: &'static Operation, until: Duration) {
        self.pause(operation, until);
        let lane = self.lane(operation);
        self.note(true, lane, RateEvent::Held, until);
    }

    /// The same where the vendor did not ask for it: it does not answer this process. Other processes are not told.
    pub fn pause(&mut self, operation: &'static Operation, until: Duration) {
        let lane = self.lane(operation);
        for pool in &self.lanes[lane].pools {
            let held = &mut self.pools[*pool].held;
            *held = until.max(*held);
        }
    }

    /// Whether an operation has a rate that is kept here.
    fn is_rated(&mut self, operation: &'static Operation) -> bool {
        let lane = self.lane(operation);
        !self.lanes[lane].windows.is_empty()
    }

    fn put_in_flight(&mut self, lane: usize, targets: u64) {
        let lane = &self.lanes[lane];
        for pool in &lane.pools {
            self.pools[*pool].in_flight += 1;
        }
        for place in &lane.windows {
            let (key, window) = &mut self.windows[*place];
            window.begin(weight(key.counted, targets));
        }
    }

    fn take_back(&mut self, lane: usize, targets: u64) {
        let lane = &self.lanes[lane];
        for pool in &lane.pools {
            self.pools[*pool].in_flight -= 1;
        }
        for place in &lane.windows {
            let (key, window) = &mut self.windows[*place];
            window.withdraw(weight(key.counted, targets));
        }
    }

    /// Where an operation's limits are. Few operations are used in one run, so that looking through them is quick.
    fn lane(&mut self, operation: &'static Operation) -> usize {
        if let Some(place) = self.lanes.iter().position(|lane| lane.operation.id == operation.id) {
            return place;
        }
        let own = self.pool(&Name::Own(operation.id.into()));
        let mut pools = vec![own];
        let mut windows = Vec::new();
        let mut of_calls = Vec::new();
        for rate in operation.rates {
            let name = name_of(operation, rate);
            add(&mut pools, self.pool(&name));
            if !is_paced(rate) {
                continue;
            }
            let window = self.window(name, rate);
            add(&mut windows, window);
            if rate.counted == RateUnit::Calls {
                add(&mut of_calls, window);
            }
        }
        let told = if let [window] = of_calls[..] { Some(window) } else { None };
        let told_pool = match told {
            Some(window) => {
                let name = self.windows[window].0.name.clone();
                self.pool(&name)
            }
            None => own,
        };
        self.lanes.push(RateLanes { operation, pools, windows, told, told_pool });
        self.lanes.len() - 1
    }

    fn pool(&mut self, name: &Name) -> usize {
        self.pools.iter().position(|pool| pool.name == *name).unwrap_or_else(|| {
            self.pools.push(Pool::new(name.clone()));
            self.pools.len() - 1
        })
    }

    /// Where a rate's window is. Rates of one pool that differ only in the count (per group, per channel) share the
    /// window with the smallest.
    fn window(&mut self, name: Name, rate: &Rate) -> usize {
        let key = LimitKey { name, counted: rate.counted, seconds: rate.seconds };
        let count = u64::from(rate.count);
        if let Some(place) = self.windows.iter().position(|(known, _)| *known == key) {
            self.windows[place].1.tighten(count);
            return place;
        }
        let window = Window::new(count, key.span());
        self.windows.push((key, window));
        self.windows.len() - 1
    }
}

impl LimitKey {
    /// How long what ended counts.
    fn span(&self) -> Duration {
        match self.counted {
            RateUnit::Calls | RateUnit::Targets => Duration::from_secs(u64::from(self.seconds)),
            // Of what lives on at the vendor only the requests that create it can be seen here. So no more of those are
            // in flight than may live; the rest is the vendor's refusal.
            RateUnit::Alive => Duration::ZERO,
        }
    }
}

/// Whether a rate is counted by the ledger.
fn is_quota(rate: &Rate) -> bool {
    rate.seconds >= QUOTA_SECONDS && rate.counted == RateUnit::Calls
}

/// Whether a rate is kept here: what is short enough, and what bounds how much is in flight.
fn is_paced(rate: &Rate) -> bool {
    rate.seconds < QUOTA_SECONDS || rate.counted == RateUnit::Alive
}

fn name_of(operation: &Operation, rate: &Rate) -> Name {
    if rate.pool.is_empty() {
        Name::Own(operation.id.into())
    } else {
        Name::Shared(rate.pool.into())
    }
}

/// What a request counts in a window. One that names no targets reaches at least one.
fn weight(counted: RateUnit, targets: u64) -> u64 {
    match counted {
        RateUnit::Targets => targets.max(1),
        RateUnit::Calls | RateUnit::Alive => 1,
    }
}

fn add(list: &mut Vec<usize>, place: usize) {
    if !list.contains(&place) {
        list.push(place);
    }
}
