//! The vendor's quotas of an hour or a day: what is left of them, and what may begin within them.

use super::{facts, overrides};
use crate::cli::trip::Trip;
use crate::contract::Operation;
use crate::error::{Error, Result};
use crate::guard::{self, Guard, Quota};
use crate::ledger::{Allowance, Spent};
use crate::report;

/// The quotas that calls must not exceed at the moment at which they begin: others may begin some between what the guards
/// see and that.
pub(in crate::cli) struct Bound(Vec<Quota>);

/// The quotas of these operations; none in the sandbox, and none where `--override quota` passes them.
pub(in crate::cli) fn bound(
    trip: &Trip<'_>,
    operations: impl IntoIterator<Item = &'static Operation>,
) -> Result<Bound> {
    if trip.world.sandbox || overrides(&trip.sending.overrides)?.contains(&Guard::Quota) {
        return Ok(Bound(Vec::new()));
    }
    Ok(Bound(Quota::of(trip.vendor.contract(), operations.into_iter(), Some(1))))
}

impl Bound {
    /// As the ledger keeps to them.
    pub(in crate::cli) fn allowances(&self) -> Vec<Allowance> {
        let allowance = |quota: &Quota| Allowance {
            operations: quota.operations.clone(),
            span_ms: i64::from(quota.rate.seconds) * 1000,
            most: usize::try_from(quota.rate.count).unwrap_or(usize::MAX),
        };
        self.0.iter().map(allowance).collect()
    }

    /// Why a call does not begin.
    pub(in crate::cli) fn refusal(
        &self,
        trip: &Trip<'_>,
        operation: &Operation,
        spent: &Spent,
    ) -> Error {
        let name = format!("{}/{}", trip.vendor.contract().id, operation.id);
        let quota = &self.0[spent.place];
        guard::no_quota(&name, &quota.used(&spent.times_ms), trip.session.edge.now_ms()).into()
    }
}

/// What of the vendor's quotas is left, for people and for scripts. A ledger that cannot be read tells nothing.
pub(in crate::cli) fn quotas_left(
    trip: &Trip<'_>,
    operations: impl IntoIterator<Item = &'static Operation>,
    calls: Option<u64>,
) -> Vec<QuotaLeft> {
    let used = facts::quotas(trip, operations, calls).unwrap_or_default();
    let left = |quota: &guard::QuotaUse| QuotaLeft {
        count: u64::from(quota.rate.count),
        seconds: u64::from(quota.rate.seconds),
        left: u64::from(quota.rate.count).saturating_sub(quota.used),
        scope: quota.rate.scope,
    };
    used.iter().map(left).collect()
}

/// How much of a quota is left.
pub(in crate::cli) struct QuotaLeft {
    count: u64,
    seconds: u64,
    left: u64,
    scope: &'static str,
}

impl QuotaLeft {
    /// In words.
    pub(in crate::cli) fn words(&self) -> String {
        let Self { count, seconds, left, scope } = self;
        let window = report::time_span(*seconds);
        format!("{left} of {count} calls in {window} are left ({scope})")
    }

    /// For scripts.
    pub(in crate::cli) fn to_json(&self) -> serde_json::Value {
        let Self { count, seconds, left, scope } = self;
        serde_json::json!({"count": count, "seconds": seconds, "left": left, "scope": scope})
    }
}
