//! The limits that processes share: one state for each app of a vendor, kept where all of them can change it in a
//! transaction.
//!
//! The state holds what each process has in flight, what ended less than a window ago, what the vendor's headers said,
//! and which processes wait. A process reports what has ended since its last transaction, and asks for what is to
//! begin. Between these two a request counts as in flight, so that no window overflows, however the processes take
//! turns.
//!
//! A process that has to wait gets a place in a queue, and is told when to ask again. Until a moment after that time room is
//! kept for it: no other process begins its first request before the processes that came earlier have begun their first, nor
//! its second before all that wait have begun their first, and so on. So no process starves, and the shares are about equal.

use std::time::Duration;

use crate::net::rate_limit::claim::{RateClaim, RateEvent, RateGrant, RateNews};
use crate::net::rate_limit::pool::LONGEST_RESET;
use crate::net::rate_limit::{RateLimiter, weight};

/// How far the time of a transaction may lie before that of the last one: it is read before the wait for others.
const CLOCK_SLACK: Duration = Duration::from_secs(10);

/// How long the vendor's own word for a limit is believed.
const TOLD_FOR: Duration = Duration::from_secs(86_400);

/// How long room is kept for a process after the time at which it was told to ask again.
const KEPT_FOR: Duration = Duration::from_millis(500);

/// How long after that time it keeps its place in the queue.
const QUEUED_FOR: Duration = Duration::from_secs(30);

/// When to ask again where there is room, and it is kept for processes that are about to take it.
const SOON: Duration = Duration::from_millis(10);

/// After this time without a transaction it is checked whether a process is alive.
const SILENT_FOR: Duration = Duration::from_millis(200);

/// How much later an exchange can end than its limit says: it begins after its transaction, which may wait for others.
const LATE: Duration = Duration::from_secs(5);

/// The largest number of processes for which the state knows what is in flight.
const MOST_USERS: usize = 256;

/// What a transaction comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RateDecision {
    /// What has to be stored now; `None` where nothing has changed.
    pub state: Option<Vec<u8>>,
    /// What may leave.
    pub grant: RateGrant,
}

/// Takes in what a process reports, and decides which of its requests begin: none where something else forbids it.
/// `is_gone` says whether a process has certainly ended. An error where what was stored is damaged.
///
/// The caller stores the state before anything leaves, in the transaction in which it was read.
pub fn settle(
    stored: Option<&[u8]>,
    claim: &RateClaim,
    may_begin: bool,
    is_gone: &dyn Fn(&str) -> bool,
) -> Result<RateDecision, &'static str> {
    let mut limits = stored.map_or(Ok(SharedLimits::default()), SharedLimits::unpack)?;
    limits.advance(claim.now);
    let user = limits.user(&claim.sharer.who);
    limits.users[user].seen = claim.now;
    claim.news.iter().for_each(|news| limits.learn(user, news, claim.now));
    limits.forget_documented();
    let nothing = RateGrant { begun: 0, until: None };
    let grant = if may_begin { limits.grant(user, claim, is_gone) } else { nothing };
    let state = limits.is_changed.then(|| limits.pack());
    Ok(RateDecision { state, grant })
}

/// The limits of one app, with the processes that use them.
#[derive(Clone, Debug, Default)]
pub(super) struct SharedLimits {
    /// When it was changed last.
    pub(super) at: Duration,
    pub(super) pace: RateLimiter,
    pub(super) users: Vec<RateUser>,
    pub(super) is_changed: bool,
}

/// A process that has something in flight, or waits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct RateUser {
    pub(super) who: String,
    /// When it was heard of last.
    pub(super) seen: Duration,
    /// When all that it has in flight is over at the latest.
    pub(super) over_by: Duration,
    /// How much it has in flight, by window and by pool.
    pub(super) windows: Vec<(usize, u64)>,
    pub(super) pools: Vec<(usize, u64)>,
    pub(super) queued: Option<Queued>,
}

/// A place in the queue, with what each of the next requests needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Queued {
    pub(super) since: Duration,
    /// When it was told to come.
    pub(super) due: Duration,
    /// How many requests it wants to begin.
    pub(super) count: u64,
    pub(super) windows: Vec<(usize, u64)>,
    pub(super) pools: Vec<usize>,
}

/// A request that asks for its place.
#[derive(Clone, Copy)]
struct Turn {
    user: usize,
    /// Since when its process waits.
    since: Duration,
    /// How many requests of its process have begun before it in this transaction.
    before: usize,
    now: Duration,
}

impl RateUser {
    fn is_idle(&self) -> bool {
        self.windows.is_empty() && self.pools.is_empty()
    }

    /// Whether nothing has to be remembered of it.
    pub(super) fn is_forgotten(&self) -> bool {
        self.is_idle() && self.queued.is_none()
    }
}

impl SharedLimits {
    /// Lets time pass.
    fn advance(&mut self, now: Duration) {
        if self.at > now + CLOCK_SLACK {
            // The clock was set back. Nothing has to wait for that.
            self.shift_back(self.at - now);
            self.at = now;
        }
        self.at = self.at.max(now);
        for (_, window) in &mut self.pace.windows {
            window.forget(now);
            window.forget_told_before(now.saturating_sub(TOLD_FOR));
        }
        let latest = now + LONGEST_RESET;
        for pool in &mut self.pace.pools {
            pool.held = pool.held.min(latest);
            pool.rest = pool.rest.filter(|rest| rest.until > now && rest.until <= latest);
        }
        for user in 0..self.users.len() {
            let one = &mut self.users[user];
            one.queued = one.queued.take().filter(|queued| now <= queued.due + QUEUED_FOR);
            if one.over_by <= now && !one.is_idle() {
                let (over_by, queued) = (one.over_by, one.queued.take());
                self.retire(user, over_by);
                self.users[user].queued = queued;
            }
        }
        if self.users.len() > MOST_USERS {
            // What the longest silent process has in flight is taken to end as late as it can.
            let silent = (0..self.users.len()).min_by_key(|user| self.users[*user].seen);
            silent.into_iter().for_each(|user| self.retire(user, self.users[user].over_by));
        }
        self.users.retain(|user| !user.is_forgotten());
    }

    fn shift_back(&mut self, by: Duration) {
        let earlier = |at: &mut Duration| *at = at.saturating_sub(by);
        self.pace.windows.iter_mut().for_each(|(_, window)| window.shift_back(by));
        for pool in &mut self.pace.pools {
            earlier(&mut pool.held);
            pool.rest.iter_mut().for_each(|rest| earlier(&mut rest.until));
        }
        for user in &mut self.users {
            earlier(&mut user.seen);
            earlier(&mut user.over_by);
            if let Some(queued) = &mut user.queued {
                earlier(&mut queued.since);
                earlier(&mut queued.due);
            }
        }
    }

    /// Removes a process. What it has in flight has ended at this time, with any outcome.
    fn retire(&mut self, user: usize, ended: Duration) {
        let RateUser { windows, pools, queued, .. } = &mut self.users[user];
        *queued = None;
        for (place, weight) in std::mem::take(windows) {
            self.pace.windows[place].1.end(weight, ended);
        }
        for (place, count) in std::mem::take(pools) {
            self.pace.pools[place].end(count);
        }
        self.is_changed = true;
    }

    fn user(&mut self, who: &str) -> usize {
        self.users.iter().position(|user| user.who == who).unwrap_or_else(|| {
            self.users.push(RateUser { who: who.to_owned(), ..RateUser::default() });
            self.users.len() - 1
        })
    }

    fn learn(&mut self, user: usize, news: &RateNews, now: Duration) {
        let lane = self.pace.lane(news.operation);
        match news.what {
            RateEvent::Ended { targets } => self.release(user, lane, targets, Some(news.at)),
            RateEvent::Unsent { targets } => self.release(user, lane, targets, None),
            RateEvent::Told(told) => self.pace.hear(lane, told, news.at),
            RateEvent::GivesUp => self.users[user].queued = None,
            RateEvent::Held => self.pace.pause(news.operation, news.at.min(now + LONGEST_RESET)),
        }
        self.is_changed = true;
    }

    /// A request of a process is no longer in flight: it ended at a time, or did not leave. What the state does not
    /// know as in flight has been counted before.
    fn release(&mut self, user: usize, lane: usize, targets: u64, ended: Option<Duration>) {
        let (lane, user) = (&self.pace.lanes[lane], &mut self.users[user]);
        for place in &lane.windows {
            let (key, window) = &mut self.pace.windows[*place];
            let weight = take(&mut user.windows, *place, weight(key.counted, targets));
            match ended {
                Some(ended) => window.end(weight, ended),
                None => window.withdraw(weight),
            }
        }
        for place in lane.pools.iter().filter(|_| !lane.windows.is_empty()) {
            let pool = &mut self.pace.pools[*place];
            let count = take(&mut user.pools, *place, 1);
            match ended {
                Some(_) => pool.end(count),
                None => pool.in_flight = pool.in_flight.saturating_sub(count),
            }
        }
    }

    /// The documented limits are taken from the operations that are asked for.
    fn forget_documented(&mut self) {
        self.pace.lanes.clear();
        self.pace.windows.iter_mut().for_each(|(_, window)| window.loosen());
    }

    /// Begins the first requests, as many as fit, and gives the next one a place in the queue.
    fn grant(
        &mut self,
        user: usize,
        claim: &RateClaim,
        is_gone: &dyn Fn(&str) -> bool,
    ) -> RateGrant {
        let now = claim.now;
        let (mut begun, mut has_looked) = (0, false);
        let queued = self.users[user].queued.take();
        self.is_changed |= queued.is_some();
        let since = queued.map_or(now, |queued| queued.since);
        while let Some(ask) = claim.asks.get(begun) {
            let lane = self.pace.lane(ask.operation);
            let turn = Turn { user, since, before: begun, now };
            if self.due(turn, lane, ask.targets).is_none() {
                self.put_in_flight(user, lane, ask.targets, now + ask.limit + LATE);
                begun += 1;
                continue;
            }
            if !std::mem::replace(&mut has_looked, true) && self.remove_dead(user, now, is_gone) {
                continue;
            }
            // A process that has begun a request goes to the end of the queue.
            let since = if begun == 0 { since } else { now };
            let due = self.due(Turn { since, before: 0, ..turn }, lane, ask.targets);
            let due = due.unwrap_or(now + SOON);
            self.queue(user, lane, ask.targets, (since, due, claim.wanted - begun));
            return RateGrant { begun, until: Some(due) };
        }
        if let Some(last) = claim.asks.last().filter(|_| claim.wanted > begun) {
            // It asks again at once.
            let lane = self.pace.lane(last.operation);
            self.queue(user, lane, last.targets, (now, now, claim.wanted - begun));
        }
        RateGrant { begun, until: None }
    }

    fn put_in_flight(&mut self, user: usize, lane: usize, targets: u64, over_by: Duration) {
        let lane = &self.pace.lanes[lane];
        if lane.windows.is_empty() {
            return;
        }
        let user = &mut self.users[user];
        user.over_by = user.over_by.max(over_by);
        for place in &lane.windows {
            let (key, window) = &mut self.pace.windows[*place];
            let weight = weight(key.counted, targets);
            window.begin(weight);
            put(&mut user.windows, *place, weight);
        }
        for place in &lane.pools {
            self.pace.pools[*place].in_flight += 1;
            put(&mut user.pools, *place, 1);
        }
        self.is_changed = true;
    }

    /// When a request may begin, with room kept for those ahead of it; `None` where it may now.
    fn due(&mut self, turn: Turn, lane: usize, targets: u64) -> Option<Duration> {
        let now = turn.now;
        let queue = ahead(&self.users, turn);
        let lane = &self.pace.lanes[lane];
        let mut due = None;
        for place in &lane.pools {
            let pool = &self.pace.pools[*place];
            let wants = |one: &Queued| u64::from(one.pools.contains(place));
            let ahead = Reserved::of(&queue, wants);
            due = due.max(ahead.due(now, |ahead| pool.wait(ahead, now)));
        }
        for place in &lane.windows {
            let (key, window) = &mut self.pace.windows[*place];
            let (weight, span) = (weight(key.counted, targets), window.span());
            // A request that waits for something else for longer than this window needs no room here yet.
            let is_soon = |one: &Queued| one.due <= now + span;
            let wants = |one: &Queued| if is_soon(one) { amount(&one.windows, *place) } else { 0 };
            let ahead = Reserved::of(&queue, wants);
            due = due.max(ahead.due(now, |ahead| window.wait(weight, ahead, now)));
        }
        due
    }

    fn queue(
        &mut self,
        user: usize,
        lane: usize,
        targets: u64,
        (since, due, count): (Duration, Duration, usize),
    ) {
        let (lane, count) = (&self.pace.lanes[lane], count as u64);
        if lane.windows.is_empty() && due <= since {
            return;
        }
        let needs = |place: &usize| {
            let counted = self.pace.windows[*place].0.counted;
            (*place, weight(counted, targets))
        };
        let windows = lane.windows.iter().map(needs).collect();
        let pools = lane.pools.clone();
        self.users[user].queued = Some(Queued { since, due, count, windows, pools });
        self.is_changed = true;
    }

    /// Removes processes that have certainly ended. Whether there were any.
    fn remove_dead(&mut self, user: usize, now: Duration, is_gone: &dyn Fn(&str) -> bool) -> bool {
        let mut were_any = false;
        for other in (0..self.users.len()).filter(|other| *other != user) {
            let RateUser { who, seen, over_by, .. } = &self.users[other];
            if *seen + SILENT_FOR < now && is_gone(who) {
                let over_by = *over_by;
                self.retire(other, now.min(over_by));
                were_any = true;
            }
        }
        were_any
    }
}

/// What is kept for others in one window or pool.
struct Reserved {
    amount: u64,
    /// When the first of them asks again.
    first: Duration,
}

impl Reserved {
    fn of(queue: &[(&Queued, u64)], wants: impl Fn(&Queued) -> u64) -> Self {
        let mut ahead = Self { amount: 0, first: Duration::MAX };
        for (queued, count) in queue {
            let amount = wants(queued).saturating_mul(*count);
            if amount > 0 {
                ahead.amount = ahead.amount.saturating_add(amount);
                ahead.first = ahead.first.min(queued.due);
            }
        }
        ahead
    }

    /// When to ask again; `None` where there is room. Where the room is only kept for others, they take it or leave it soon
    /// after the first of them is due.
    fn due(
        &self,
        now: Duration,
        mut wait: impl FnMut(u64) -> Option<Duration>,
    ) -> Option<Duration> {
        let due = wait(self.amount)?;
        let is_kept = self.amount > 0 && wait(0).is_none();
        let at_least = now + Duration::from_millis(1);
        Some(if is_kept { due.min(self.first.max(now) + SOON) } else { due.max(at_least) })
    }
}

/// Those for which room is kept before a request gets its place, and for how many requests of each.
fn ahead(users: &[RateUser], turn: Turn) -> Vec<(&Queued, u64)> {
    let own = &users[turn.user];
    let mut ahead = Vec::new();
    for other in users.iter().filter(|other| other.who != own.who) {
        let Some(queued) = &other.queued else { continue };
        let is_earlier = (queued.since, &other.who) < (turn.since, &own.who);
        let count = queued.count.min(turn.before as u64 + u64::from(is_earlier));
        if count > 0 && turn.now <= queued.due + KEPT_FOR {
            ahead.push((queued, count));
        }
    }
    ahead
}

/// How much of something there is in a list.
fn amount(list: &[(usize, u64)], place: usize) -> u64 {
    list.iter().find(|(known, _)| *known == place).map_or(0, |(_, amount)| *amount)
}

fn put(list: &mut Vec<(usize, u64)>, place: usize, amount: u64) {
    match list.iter_mut().find(|(known, _)| *known == place) {
        Some((_, known)) => *known = known.saturating_add(amount),
        None => list.push((place, amount)),
    }
}

/// Takes this amount out of a list, or what there is of it.
fn take(list: &mut Vec<(usize, u64)>, place: usize, amount: u64) -> u64 {
    let Some(at) = list.iter().position(|(known, _)| *known == place) else { return 0 };
    let taken = amount.min(list[at].1);
    list[at].1 -= taken;
    if list[at].1 == 0 {
        list.swap_remove(at);
    }
    taken
}
