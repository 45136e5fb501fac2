//! What must hold at the moment at which a request begins, whatever other writers have begun meanwhile.

use std::collections::HashSet;

use uuid::Uuid;

use super::{JobIntent, QuotaCall};
use crate::net::rate_limit::RateClaim;

/// At most this many calls of these operations begin within a span of time, by all processes that share a ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// The ids of the operations whose calls count.
    pub operations: Vec<&'static str>,
    /// Whether only those to everybody count.
    pub to_all: bool,
    /// The span of time, in milliseconds.
    pub span_ms: i64,
    /// How many.
    pub most: usize,
}

impl Allowance {
    /// The calls that count at a time, of what is asked for besides.
    pub(super) fn at<'a>(&'a self, now_ms: i64, of: QuotaCall<'a>) -> QuotaCall<'a> {
        let since_ms = now_ms.saturating_sub(self.span_ms);
        QuotaCall { operations: &self.operations, to_all: self.to_all, since_ms, ..of }
    }
}

/// Which allowance is used up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spent {
    /// Its place among those that were named.
    pub place: usize,
    /// When the calls that count began, in milliseconds since 1970, the latest first.
    pub times_ms: Vec<i64>,
}

/// What must hold at the moment at which a request begins.
#[derive(Clone, Copy, Debug)]
pub struct Preconditions<'a> {
    /// None of these is exceeded.
    pub allowances: &'a [Allowance],
    /// Since this time, in milliseconds since 1970, no other writer has begun the same that may have arrived; `None` where
    /// that does not matter. Batches are not asked this: their job was, when it was opened.
    pub fresh_since_ms: Option<i64>,
    /// No other follow-up of the same command is in its way; `None` where that does not matter.
    pub others: Option<OtherFollowUps<'a>>,
    /// The vendor's rate limit, with a question for each request that is to begin, in their order; `None` where it is not
    /// shared.
    pub rate: Option<&'a RateClaim>,
}

impl Preconditions<'_> {
    /// No precondition at all.
    pub const NONE: Self = Self { allowances: &[], fresh_since_ms: None, others: None, rate: None };
}

/// Follow-ups of the same command on the same messages, by entries and by jobs. One that began, or was taken up, since the
/// command looked at what was done before is in its way: together they would do the same twice. So is one that is under
/// way. An entry that certainly was not accepted stops nothing.
#[derive(Clone, Copy, Debug)]
pub struct OtherFollowUps<'a> {
    /// The entries and jobs that the command is about.
    pub about: &'a [Uuid],
    /// The entries and jobs that were there, and not under way, when the command looked.
    pub seen: &'a HashSet<Uuid>,
    /// The operations of the command: an entry of `call` with one of them is one of its follow-ups as well.
    pub operations: &'a [&'static str],
    /// The entries and jobs that a job is about, by its settings: only the caller reads these.
    pub about_of: fn(&JobIntent) -> Vec<Uuid>,
}

/// What keeps a job from being opened.
#[derive(Clone, Copy, Debug)]
pub enum ConflictingJob<'a> {
    /// Another job about the same app with the same fingerprint that is at work, or reached a target at this time, in
    /// milliseconds since 1970, or later.
    Same {
        /// The time.
        since_ms: i64,
    },
    /// Another follow-up.
    FollowUp(OtherFollowUps<'a>),
}

/// Which precondition does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnmetPrecondition {
    /// An allowance is used up.
    Spent(Spent),
    /// This one says the same to the same audience.
    Repeat(Uuid),
    /// This entry or job does the same with the same message.
    FollowedUp(Uuid),
    /// The vendor's rate limit, which others share, has no room before this time, in milliseconds since 1970.
    RateLimited {
        /// The time.
        until_ms: i64,
    },
}
