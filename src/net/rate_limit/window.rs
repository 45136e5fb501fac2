//! One sliding window.

use std::collections::VecDeque;
use std::time::Duration;

/// Ended requests are remembered one by one up to this many, and beyond that in steps of this part of the window.
const EXACT: u32 = 128;

/// When to ask again where only the end of a request can help.
const RECHECK: Duration = Duration::from_millis(100);

/// What goes on, and what ended less than a window ago.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Window {
    documented: u64,
    told: Option<ToldLimit>,
    span: Duration,
    pub(super) in_flight: u64,
    ended: VecDeque<WindowEnd>,
    /// The weight of all that ended.
    kept: u64,
}

/// The vendor's own word for a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ToldLimit {
    pub(super) limit: u64,
    /// When it said so.
    pub(super) at: Duration,
}

/// Requests that leave the window together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct WindowEnd {
    pub(super) leaves: Duration,
    pub(super) weight: u64,
}

impl Window {
    pub(super) fn new(limit: u64, span: Duration) -> Self {
        let ended = VecDeque::new();
        Self { documented: limit, told: None, span, in_flight: 0, ended, kept: 0 }
    }

    /// A window as stored, without what is in flight. Its documented limit is not stored: [`Window::tighten`] says it.
    pub(super) fn restored(
        span: Duration,
        told: Option<ToldLimit>,
        ended: VecDeque<WindowEnd>,
    ) -> Self {
        let kept = ended.iter().fold(0, |sum: u64, one| sum.saturating_add(one.weight));
        Self { documented: u64::MAX, told, span, in_flight: 0, ended, kept }
    }

    /// What has to be stored of it: the vendor's word, and what ended.
    pub(super) fn stored(&self) -> (Option<ToldLimit>, &VecDeque<WindowEnd>) {
        (self.told, &self.ended)
    }

    pub(super) fn span(&self) -> Duration {
        self.span
    }

    /// Takes the smaller of two documented limits.
    pub(super) fn tighten(&mut self, limit: u64) {
        self.documented = self.documented.min(limit);
    }

    /// Forgets which limit is documented, until [`Window::tighten`] says so again.
    pub(super) fn loosen(&mut self) {
        self.documented = u64::MAX;
    }

    /// Takes the vendor's own word for the limit, where it gave one.
    pub(super) fn believe(&mut self, limit: Option<u64>, now: Duration) {
        self.told = limit.map(|limit| ToldLimit { limit, at: now }).or(self.told);
    }

    /// When this weight may fit, besides the weight that is kept for others ahead; `None` where it fits now. What is heavier
    /// than a whole window fits into an empty one.
    pub(super) fn wait(&mut self, weight: u64, ahead: u64, now: Duration) -> Option<Duration> {
        self.forget(now);
        let limit = self.told.map_or(self.documented, |told| told.limit).max(1);
        let used = self.in_flight.saturating_add(self.kept);
        let wanted = weight.saturating_add(ahead);
        if used.saturating_add(wanted) <= limit || used == 0 && ahead == 0 {
            return None;
        }
        // Those ahead may fill whole windows before it is its turn.
        let full = if ahead == 0 { 0 } else { wanted.saturating_sub(1) / limit };
        let bearable = limit.saturating_sub(wanted - full * limit);
        let latest = now + (self.span + self.step()).max(RECHECK);
        if self.in_flight > bearable {
            return Some(latest);
        }
        let mut left = used;
        let leaves = self.ended.iter().find_map(|ended| {
            left = left.saturating_sub(ended.weight);
            (left <= bearable).then_some(ended.leaves)
        });
        let free = leaves.filter(|_| used > bearable).unwrap_or(now);
        let rounds = self.span.saturating_mul(u32::try_from(full).unwrap_or(u32::MAX));
        // Those ahead may give up before, so that nothing waits longer than a window without another look.
        Some(free.saturating_add(rounds).min(latest))
    }

    pub(super) fn begin(&mut self, weight: u64) {
        self.in_flight = self.in_flight.saturating_add(weight);
    }

    pub(super) fn withdraw(&mut self, weight: u64) {
        self.in_flight = self.in_flight.saturating_sub(weight);
    }

    /// What was in flight ended at this time: now, or a while ago.
    pub(super) fn end(&mut self, weight: u64, ended: Duration) {
        self.in_flight = self.in_flight.saturating_sub(weight);
        if self.span.is_zero() || weight == 0 {
            return;
        }
        let leaves = self.leaves(ended + self.span);
        self.kept = self.kept.saturating_add(weight);
        // Nearly always behind all others.
        let place = self.ended.partition_point(|one| one.leaves < leaves);
        match self.ended.get_mut(place) {
            Some(known) if known.leaves == leaves => {
                known.weight = known.weight.saturating_add(weight);
            }
            Some(_) | None => self.ended.insert(place, WindowEnd { leaves, weight }),
        }
    }

    /// When what could leave at this time does: then, or together with others at the next whole step. Where steps are
    /// does not depend on what is in the window, so that a time that was told stays right.
    fn leaves(&self, earliest: Duration) -> Duration {
        let step = self.step().as_nanos();
        if step == 0 {
            return earliest;
        }
        let over = earliest.as_nanos() % step;
        let rest = u64::try_from((step - over) % step).unwrap_or(0);
        earliest + Duration::from_nanos(rest)
    }

    /// How much later than it could what ends now may leave, so that it can leave together with others. Whole milliseconds.
    fn step(&self) -> Duration {
        if self.ended.len() < EXACT as usize {
            return Duration::ZERO;
        }
        let millis = self.span.as_millis().div_ceil(u128::from(EXACT));
        Duration::from_millis(u64::try_from(millis).unwrap_or(u64::MAX))
    }

    /// Forgets the vendor's own word where it is older than this.
    pub(super) fn forget_told_before(&mut self, then: Duration) {
        self.told = self.told.filter(|told| told.at >= then);
    }

    /// Moves all times back.
    pub(super) fn shift_back(&mut self, by: Duration) {
        self.ended.iter_mut().for_each(|one| one.leaves = one.leaves.saturating_sub(by));
        self.told.iter_mut().for_each(|told| told.at = told.at.saturating_sub(by));
    }

    /// Forgets what has left by now.
    pub(super) fn forget(&mut self, now: Duration) {
        while let Some(first) = self.ended.pop_front_if(|first| first.leaves <= now) {
            self.kept = self.kept.saturating_sub(first.weight);
        }
    }

    #[cfg(test)]
    pub(super) fn remembered(&self) -> usize {
        self.ended.len()
    }
}
