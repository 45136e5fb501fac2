//! Whether a request goes out again, and when.
//!
//! Nothing that may have been done is repeated unless the repetition cannot do it twice: because the vendor knows the
//! request again by its dedupe id, or because it leads to the same state. One function, [`next`], decides; [`settle`]
//! says what the attempts of one request come to together.
//!
//! Times are [`Duration`]s since any moment that all callers agree on; random numbers in [0, 1) are handed in.

use std::time::Duration;

use crate::contract::{Operation, Repeatable};
use crate::net::{after_doubt, rate_limit};
use crate::outcome::{Class, Outcome, TargetResult, Verdict};

#[cfg(test)]
mod tests;

/// The most attempts of one request, the first one included.
pub const ATTEMPTS: u32 = 5;

/// The first pause where the vendor names none; each later one is twice as long.
const BASE: Duration = Duration::from_millis(500);

/// The longest pause where the vendor names none.
const CAP: Duration = Duration::from_secs(30);

/// How much later than the vendor named an attempt may begin, so that those who were told the same do not come at once.
const SPREAD: Duration = Duration::from_millis(400);

/// An attempt that has less time left than this only hides what kept the one before it from an answer.
const WORTHWHILE: Duration = Duration::from_millis(500);

/// The shortest time that is worth an exchange, and the longest that a repeat of what may have been done needs to be given.
const MIN_EXCHANGE: Duration = Duration::from_secs(5);

/// What happened to one request so far.
#[derive(Clone, Copy, Debug)]
pub struct AttemptHistory {
    /// How many attempts there were, the one that ended now included.
    pub count: u32,
    /// When the first of them began.
    pub first: Duration,
    /// How many attempts before the one that ended now are unknown.
    pub unknown: u32,
    /// Whether it carries the id by which the vendor knows it again, the same on every attempt.
    pub deduplicated: bool,
}

impl AttemptHistory {
    /// A request whose first attempt begins now.
    pub const fn new(now: Duration, deduplicated: bool) -> Self {
        Self { count: 1, first: now, unknown: 0, deduplicated }
    }

    /// The same when its next attempt begins, after one that ended in this verdict.
    #[must_use]
    pub fn again(self, verdict: Verdict) -> Self {
        let unknown = self.unknown.saturating_add(u32::from(verdict == Verdict::Unknown));
        Self { count: self.count.saturating_add(1), unknown, ..self }
    }
}

/// What attempts are bounded by.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Nothing begins from here on.
    pub deadline: Duration,
    /// How long one exchange may take.
    pub exchange: Duration,
}

/// What to do with a request after an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// It goes out again, not before that moment. Then ask the rate limiter, and [`may_repeat`] where one may have acted.
    At(Duration),
    /// It does not go out again.
    End,
}

/// How many more attempts there may be, over all requests of a run: a bucket that retries empty and successes fill, so that
/// an outage is not answered with several times the traffic.
#[derive(Clone, Debug)]
pub struct RetryBudget {
    tenths: u32,
    most: u32,
}

impl RetryBudget {
    /// A full bucket of ten.
    pub const fn new() -> Self {
        Self::of(10)
    }

    /// A full bucket of this number of retries.
    pub const fn of(retries: u32) -> Self {
        let most = retries.saturating_mul(10);
        Self { tenths: most, most }
    }

    /// A request was accepted: half a retry more, so that a bad line is borne and an outage, which accepts nothing, is not
    /// multiplied.
    pub fn accepted(&mut self) {
        self.tenths = self.tenths.saturating_add(5).min(self.most);
    }

    /// How many retries are left.
    pub const fn left(&self) -> u32 {
        self.tenths / 10
    }

    fn take(&mut self) -> bool {
        let rest = self.tenths.checked_sub(10);
        self.tenths = rest.unwrap_or(self.tenths);
        rest.is_some()
    }
}

impl Default for RetryBudget {
    fn default() -> Self {
        Self::new()
    }
}

/// Decides what to do with a request after an attempt that ended `now` in this outcome, as [`crate::net::decide()`]
/// gave it (not yet [settled](settle)). A retry takes from the budget; accepted requests are told to it by the caller.
pub fn next(
    operation: &Operation,
    outcome: &Outcome,
    tries: &AttemptHistory,
    bounds: &Bounds,
    budget: &mut RetryBudget,
    now: Duration,
    random: f64,
) -> Next {
    let wait = pause(outcome.retry_after, tries.count, random);
    let Some(at) = now.checked_add(wait) else { return Next::End };
    let is_in_time = at.saturating_add(WORTHWHILE) < bounds.deadline;
    if is_repeatable(operation, outcome, tries, bounds, at)
        && tries.count < ATTEMPTS
        && is_in_time
        && budget.take()
    {
        Next::At(at)
    } else {
        Next::End
    }
}

/// Whether an attempt that ended so can be followed by another one at that moment, as far as its outcome says.
fn is_repeatable(
    operation: &Operation,
    outcome: &Outcome,
    tries: &AttemptHistory,
    bounds: &Bounds,
    at: Duration,
) -> bool {
    match (outcome.verdict, tries.unknown > 0) {
        _ if !outcome.heals() => false,
        (Verdict::Unavailable, _) if is_spent(operation, outcome) => false,
        // What it says of those that were taken, their ids above all, must not get lost with the next answer.
        (Verdict::Unknown, _) if names_taken(outcome) => false,
        (Verdict::Unavailable, false) => true,
        (Verdict::Unavailable, true) | (Verdict::Unknown, _) => {
            may_repeat(operation, &tries.again(outcome.verdict), bounds, at)
        }
        (Verdict::Accepted | Verdict::Partial | Verdict::Denied | Verdict::Rejected, _) => false,
    }
}

/// How long the wait would be after which a request goes out again, where it does not go out again only because that is
/// later than the deadline, and the vendor asks for that wait.
pub fn too_long_a_wait(
    operation: &Operation,
    outcome: &Outcome,
    tries: &AttemptHistory,
    bounds: &Bounds,
    now: Duration,
) -> Option<Duration> {
    let wait = outcome.retry_after.filter(|wait| !wait.is_zero())?;
    let at = now.saturating_add(wait);
    let is_late = at.saturating_add(WORTHWHILE) >= bounds.deadline;
    (is_late && tries.count < ATTEMPTS && is_repeatable(operation, outcome, tries, bounds, at))
        .then_some(wait)
}

/// Whether a request can begin again at that moment without acting twice, where an attempt may have acted.
///
/// Ask again when it does begin: what [`next`] allowed may have had to wait longer, for the rate limiter or for a
/// free connection. Where it may not, the request stays unknown. `tries` are those of the attempt that is to begin.
pub fn may_repeat(
    operation: &Operation,
    tries: &AttemptHistory,
    bounds: &Bounds,
    at: Duration,
) -> bool {
    match operation.repeat {
        // People would get a second message, or a second notice.
        Repeatable::Duplicates | Repeatable::Notifies => false,
        Repeatable::Safe => true,
        // What each call costs may have been paid already.
        Repeatable::Costly => tries.unknown <= 1,
        Repeatable::Deduplicated { .. } => {
            tries.deduplicated && window(operation, tries, at) > bounds.exchange.min(MIN_EXCHANGE)
        }
    }
}

/// How long an exchange that begins at that moment may take. The vendor counts from the attempt that it took, which is the
/// first one at the earliest; and the last moment at which it can take the next one is that exchange's end. So a repeat of
/// what may have been done ends inside the window in which it is recognised.
pub fn limit(
    operation: &Operation,
    tries: &AttemptHistory,
    bounds: &Bounds,
    at: Duration,
) -> Duration {
    match operation.repeat {
        Repeatable::Deduplicated { .. } if tries.unknown > 0 => {
            bounds.exchange.min(window(operation, tries, at))
        }
        Repeatable::Duplicates
        | Repeatable::Safe
        | Repeatable::Costly
        | Repeatable::Notifies
        | Repeatable::Deduplicated { .. } => bounds.exchange,
    }
}

/// For how long after an attempt that may have arrived another run may begin a repeat that takes up to `exchange`.
pub fn repeatable_for(operation: &Operation, exchange: Duration) -> Duration {
    match operation.repeat {
        Repeatable::Deduplicated { seconds, .. } => {
            Duration::from_secs(seconds).saturating_sub(exchange.min(MIN_EXCHANGE))
        }
        Repeatable::Duplicates | Repeatable::Safe | Repeatable::Costly | Repeatable::Notifies => {
            Duration::ZERO
        }
    }
}

/// What is left of the time in which the vendor recognises a repeat.
fn window(operation: &Operation, tries: &AttemptHistory, at: Duration) -> Duration {
    let Repeatable::Deduplicated { seconds, .. } = operation.repeat else { return Duration::ZERO };
    tries.first.saturating_add(Duration::from_secs(seconds)).saturating_sub(at)
}

/// Whether an answer names some that were taken.
fn names_taken(outcome: &Outcome) -> bool {
    outcome.targets.iter().any(|target| target.verdict == Verdict::Accepted)
}

/// Whether a refusal may be that of a quota of hours or days. Trying again within the minute would not help, and each
/// attempt may count.
fn is_spent(operation: &Operation, outcome: &Outcome) -> bool {
    is_throttled(outcome) && rate_limit::quotas(operation).next().is_some()
}

/// Whether the vendor has had enough for now.
fn is_throttled(outcome: &Outcome) -> bool {
    outcome.class == Some(Class::Throttle) || outcome.http_status == Some(429)
}

/// Whether the wait before another attempt is one that the vendor asked for: with a pause that it named, or by a
/// refusal that says that it has had enough.
pub fn is_asked_for(outcome: &Outcome) -> bool {
    outcome.retry_after.is_some() || is_throttled(outcome)
}

/// The backoff before the next attempt: what the vendor named and a little more, else exponential, with jitter for half of
/// it. `random` is a random number in [0, 1).
pub fn pause(retry_after: Option<Duration>, count: u32, random: f64) -> Duration {
    let random = random.clamp(0.0, 1.0);
    match retry_after {
        Some(named) if !named.is_zero() => named.saturating_add(SPREAD.mul_f64(random)),
        Some(_) | None => {
            let doublings = count.saturating_sub(1).min(16);
            let longest = BASE.saturating_mul(1 << doublings).min(CAP);
            longest.mul_f64(f64::midpoint(1.0, random))
        }
    }
}

/// What an attempt's outcome comes to where an earlier attempt of the same request is unknown.
///
/// Only *accepted* survives: the vendor took this attempt, or says that it took an earlier one, which is also what a refusal
/// says for which the idempotency key came before. Whatever else it says is about the last attempt. That one may have been
/// refused for a reason that did not hold before (a rate, a token), before the idempotency key was looked at, or for being a
/// repetition in words that are not documented, while the earlier one went out. So the request stays unknown, and so does
/// each target that was not accepted.
pub fn settle(operation: &Operation, earlier_unknown: bool, outcome: Outcome) -> Outcome {
    if !earlier_unknown || matches!(outcome.verdict, Verdict::Accepted | Verdict::Unknown) {
        return outcome;
    }
    if outcome.repeated {
        return taken_before(outcome);
    }
    let doubt = format!("An earlier attempt may have been done; {}", after_doubt(operation));
    let advice = match &outcome.advice {
        Some(advice) => format!("{doubt}. Of the last attempt: {advice}"),
        None => doubt,
    };
    fn doubtful(target: TargetResult) -> TargetResult {
        let devices = target.devices.into_iter().map(doubtful).collect();
        let verdict = match target.verdict {
            Verdict::Accepted => Verdict::Accepted,
            _ => Verdict::Unknown,
        };
        TargetResult { verdict, devices, ..target }
    }
    Outcome {
        verdict: Verdict::Unknown,
        advice: Some(advice),
        // Automation would take it for an invitation.
        retry_after: None,
        targets: outcome.targets.into_iter().map(doubtful).collect(),
        ..outcome
    }
}

/// The outcome of a refusal as a repeat: the earlier attempt, whose outcome was unknown, was taken.
fn taken_before(mut outcome: Outcome) -> Outcome {
    outcome.warnings.push(
        "an earlier attempt was taken: the vendor refuses this one as a repeat of it".to_owned(),
    );
    Outcome { verdict: Verdict::Accepted, class: None, advice: None, retry_after: None, ..outcome }
}
