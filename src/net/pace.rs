//! How fast requests may leave.
//!
//! A [`Pace`] belongs to one vendor and one app. It keeps a sliding window for each documented rate and lets a request go
//! only where no window can overflow, whatever happens on the way: the vendor counts a request at some moment between its
//! start and its end, so a request counts from its start until a whole window after its end.
//!
//! What a vendor scopes more narrowly (per room, per user, per robot) is counted for the whole app, which is the safe side.
//! So is a sliding window where the vendor keeps calendar minutes, or a bucket that drains.
//!
//! Rates of half an hour or more outlive a process: those are [`quotas`], and the ledger counts them. What an earlier process
//! sent within a shorter window is looked up ([`lookback`]) and told with [`Pace::remember`].
//!
//! Time comes in as the [`Duration`] since any moment that all callers agree on, and never goes backwards.

mod past;
mod window;

#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use crate::contract::{Counted, Operation, Rate};
use crate::wire::Reply;

pub use past::{Lookback, Past, lookback};
use window::Window;

/// From this many seconds on a rate is a quota, counted by the ledger and not here.
pub const QUOTA_SECONDS: u32 = 1800;

/// The longest pause that a rate header is believed.
const LONGEST_RESET: u64 = 86_400;

/// The largest limit that a header is believed: contracts count in 32 bits, too.
const MOST: u64 = u32::MAX as u64;

/// The rates of an operation that hold across processes and runs.
pub fn quotas(operation: &Operation) -> impl Iterator<Item = &'static Rate> + use<> {
    operation.rates.iter().filter(|rate| is_quota(rate))
}

/// The same of those that hold for requests to everybody alone.
pub fn quotas_to_all(operation: &Operation) -> impl Iterator<Item = &'static Rate> + use<> {
    let rates = operation.to_all.map_or(&[][..], |all| all.rates);
    rates.iter().filter(|rate| is_quota(rate))
}

/// How long a job of so many requests with so many targets takes at the documented pace: from its first request to the start
/// of its last, without the time of the exchanges and without what [`quotas`] make of it.
pub fn estimate(operation: &Operation, requests: u64, targets: u64) -> Duration {
    let seconds = operation.rates.iter().filter(|rate| is_paced(rate)).map(|rate| {
        let weight = match rate.counted {
            Counted::Calls => 1,
            Counted::Targets => targets.div_ceil(requests.max(1)).max(1),
            // How long the vendor keeps things alive is not known.
            Counted::Alive => return 0,
        };
        let fitting = (u64::from(rate.count) / weight).max(1);
        let full_windows = requests.saturating_sub(1) / fitting;
        full_windows.saturating_mul(u64::from(rate.seconds))
    });
    Duration::from_secs(seconds.max().unwrap_or(0))
}

/// The windows of one app at one vendor.
#[derive(Clone, Debug, Default)]
pub struct Pace {
    lanes: Vec<Lane>,
    pools: Vec<Pool>,
    windows: Vec<(Key, Window)>,
}

/// The one pace of a command, for all that makes requests in it.
pub type Shared = Rc<RefCell<Pace>>;

/// A request on its way, to be given back to [`Pace::end`]: until then it counts, however long that takes.
#[derive(Debug)]
#[must_use = "a request counts until its ticket is given back"]
pub struct Ticket {
    lane: usize,
    targets: u64,
}

/// What an operation is held by: places in the lists of [`Pace`].
#[derive(Clone, Debug)]
struct Lane {
    id: &'static str,
    pools: Vec<usize>,
    windows: Vec<usize>,
    /// The window that rate headers speak of, where there is no doubt which.
    told: Option<usize>,
    /// The pool that rate headers speak of.
    told_pool: usize,
}

/// Whose calls are counted together. An operation's id may be the name of a pool, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Name {
    Own(&'static str),
    Shared(&'static str),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Key {
    name: Name,
    counted: Counted,
    seconds: u32,
}

/// What is held back together.
#[derive(Clone, Debug)]
struct Pool {
    name: Name,
    held: Duration,
    rest: Option<Rest>,
    in_flight: u64,
}

/// What a vendor says is left until its own window ends.
#[derive(Clone, Copy, Debug)]
struct Rest {
    /// The least that a reply named. A request that was counted later and answered would have named less.
    least: u64,
    /// How many have ended since then without a word on what is left.
    silent: u64,
    until: Duration,
}

impl Pace {
    /// A pace at which nothing has gone out yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether a request to so many targets may go now; otherwise the earliest moment at which it might. Ask again then, or
    /// when a request ends. Asking changes nothing.
    pub fn ready(
        &mut self,
        operation: &'static Operation,
        targets: u64,
        now: Duration,
    ) -> Result<(), Duration> {
        let lane = self.lane(operation);
        let lane = &self.lanes[lane];
        let held = lane.pools.iter().filter_map(|pool| self.pools[*pool].wait(now)).max();
        let mut earliest = held;
        for place in &lane.windows {
            let (key, window) = &mut self.windows[*place];
            earliest = earliest.max(window.wait(weight(key.counted, targets), now));
        }
        earliest.map_or(Ok(()), Err)
    }

    /// A request to so many targets goes out now. Whether it may is [`Pace::ready`]'s to say.
    pub fn begin(&mut self, operation: &'static Operation, targets: u64) -> Ticket {
        let place = self.lane(operation);
        let lane = &self.lanes[place];
        for pool in &lane.pools {
            self.pools[*pool].in_flight += 1;
        }
        for place in &lane.windows {
            let (key, window) = &mut self.windows[*place];
            window.begin(weight(key.counted, targets));
        }
        Ticket { lane: place, targets }
    }

    /// A request did not go out after all: it is as if it had not been begun.
    pub fn withdraw(&mut self, ticket: Ticket) {
        let lane = &self.lanes[ticket.lane];
        for pool in &lane.pools {
            self.pools[*pool].in_flight -= 1;
        }
        for place in &lane.windows {
            let (key, window) = &mut self.windows[*place];
            window.withdraw(weight(key.counted, ticket.targets));
        }
    }

    /// A request is over, however it ended.
    pub fn end(&mut self, ticket: Ticket, now: Duration) {
        let lane = &self.lanes[ticket.lane];
        for pool in &lane.pools {
            self.pools[*pool].end();
        }
        for place in &lane.windows {
            let (key, window) = &mut self.windows[*place];
            window.end(weight(key.counted, ticket.targets), now);
        }
    }

    /// Believes the rate headers of a reply over the documented rate, lower or higher; call it after [`Pace::end`] of the
    /// request. What is no number, or cannot be true, is passed over.
    ///
    /// `Limit` (or `Quota`) replaces the count of the one window that counts the operation's calls. `Remaining` holds
    /// until `Reset`: no more than that begin, and those in flight may be among them. It never allows more than the
    /// window does, since the vendor's window may have begun anew a moment ago.
    pub fn heed(&mut self, operation: &'static Operation, reply: &Reply, now: Duration) {
        let number = |name: &str| reply.header(name)?.trim().parse::<u64>().ok();
        let place = self.lane(operation);
        let lane = &self.lanes[place];
        let reset = number("x-rate-limit-reset").filter(|reset| *reset <= LONGEST_RESET);
        let limit = number("x-rate-limit-limit").or_else(|| number("x-rate-limit-quota"));
        let mut seconds = None;
        if let Some(place) = lane.told {
            let (key, window) = &mut self.windows[place];
            let span = u64::from(key.seconds);
            seconds = Some(span);
            // A window that ends later than this one can is another one. The vendor may have rounded up.
            if reset.is_none_or(|reset| reset <= span + 1) {
                window.believe(limit.filter(|limit| (1..=MOST).contains(limit)));
            }
        }
        if let (Some(left), Some(reset)) = (number("x-rate-limit-remaining"), reset.or(seconds)) {
            let span = Duration::from_secs(seconds.unwrap_or(0).max(reset));
            self.pools[lane.told_pool].heed(left, Duration::from_secs(reset), span, now);
        }
    }

    /// Nothing that shares a pool with this operation begins before that moment: what a 429 or `Retry-After` asks for.
    pub fn hold(&mut self, operation: &'static Operation, until: Duration) {
        let lane = self.lane(operation);
        for pool in &self.lanes[lane].pools {
            let held = &mut self.pools[*pool].held;
            *held = until.max(*held);
        }
    }

    /// Where an operation's lane is. Few operations are used in one run, so that looking through them is quick.
    fn lane(&mut self, operation: &'static Operation) -> usize {
        if let Some(place) = self.lanes.iter().position(|lane| lane.id == operation.id) {
            return place;
        }
        let own = self.pool(Name::Own(operation.id));
        let mut pools = vec![own];
        let mut windows = Vec::new();
        let mut of_calls = Vec::new();
        for rate in operation.rates {
            let name = name_of(operation, rate);
            add(&mut pools, self.pool(name));
            if !is_paced(rate) {
                continue;
            }
            let window = self.window(name, rate);
            add(&mut windows, window);
            if rate.counted == Counted::Calls {
                add(&mut of_calls, window);
            }
        }
        let told = if let [window] = of_calls[..] { Some(window) } else { None };
        let told_pool = told.map_or(own, |window| self.pool(self.windows[window].0.name));
        self.lanes.push(Lane { id: operation.id, pools, windows, told, told_pool });
        self.lanes.len() - 1
    }

    fn pool(&mut self, name: Name) -> usize {
        self.pools.iter().position(|pool| pool.name == name).unwrap_or_else(|| {
            self.pools.push(Pool { name, held: Duration::ZERO, rest: None, in_flight: 0 });
            self.pools.len() - 1
        })
    }

    /// Where a rate's window is. Rates of one pool that differ in nothing but the count (per group, per channel) share the
    /// window with the smallest.
    fn window(&mut self, name: Name, rate: &Rate) -> usize {
        let key = Key { name, counted: rate.counted, seconds: rate.seconds };
        let count = u64::from(rate.count);
        if let Some(place) = self.windows.iter().position(|(known, _)| *known == key) {
            self.windows[place].1.tighten(count);
            return place;
        }
        let span = match rate.counted {
            Counted::Calls | Counted::Targets => Duration::from_secs(u64::from(rate.seconds)),
            // Of what lives on at the vendor only the requests that create it can be seen here. So no more of those are
            // in flight than may live; the rest is the vendor's refusal.
            Counted::Alive => Duration::ZERO,
        };
        self.windows.push((key, Window::new(count, span)));
        self.windows.len() - 1
    }
}

impl Pool {
    fn wait(&self, now: Duration) -> Option<Duration> {
        let spent = self.rest.filter(|rest| rest.least <= rest.silent + self.in_flight);
        Some(self.held).max(spent.map(|rest| rest.until)).filter(|until| *until > now)
    }

    fn end(&mut self) {
        self.in_flight -= 1;
        if let Some(rest) = &mut self.rest {
            rest.silent += 1;
        }
    }

    /// So much is left for so long, in a window of that length.
    fn heed(&mut self, left: u64, reset: Duration, span: Duration, now: Duration) {
        let until = now + reset;
        let anew = Rest { least: left, silent: 0, until };
        self.rest = Some(match self.rest {
            // Replies overtake each other, and seconds are rounded: only a much later end is that of the next window.
            Some(known) if known.until > now && until <= known.until + span / 2 => {
                let until = until.max(known.until);
                if left <= known.least {
                    Rest { until, ..anew }
                } else {
                    Rest { silent: known.silent.saturating_sub(1), until, ..known }
                }
            }
            Some(_) | None => anew,
        });
    }
}

/// Whether a rate is counted by the ledger.
fn is_quota(rate: &Rate) -> bool {
    rate.seconds >= QUOTA_SECONDS && rate.counted == Counted::Calls
}

/// Whether a rate is kept here: what is short enough, and what bounds how much is in flight.
fn is_paced(rate: &Rate) -> bool {
    rate.seconds < QUOTA_SECONDS || rate.counted == Counted::Alive
}

fn name_of(operation: &Operation, rate: &Rate) -> Name {
    if rate.pool.is_empty() { Name::Own(operation.id) } else { Name::Shared(rate.pool) }
}

/// What a request counts in a window. One that names no targets reaches at least one.
fn weight(counted: Counted, targets: u64) -> u64 {
    match counted {
        Counted::Targets => targets.max(1),
        Counted::Calls | Counted::Alive => 1,
    }
}

fn add(list: &mut Vec<usize>, place: usize) {
    if !list.contains(&place) {
        list.push(place);
    }
}
