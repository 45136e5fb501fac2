//! A run's pace begins with what the ledger knows of the runs before it.

use std::time::Duration;

use super::trip::Trip;
use crate::contract::Operation;
use crate::ledger::{Call, Lately, Ledger};
use crate::net::pace::{self, Pace, Past};

/// The pace of these operations, with what went out before. What cannot be found out slows nothing down: the vendor says
/// when it is too much.
pub(super) fn known(
    trip: &Trip<'_>,
    ledger: Option<&mut Ledger>,
    used: impl IntoIterator<Item = &'static Operation>,
    now: Duration,
) -> Pace {
    let mut pace = Pace::new();
    let used: Vec<&'static Operation> = used.into_iter().collect();
    let contract = trip.vendor.contract();
    let back = pace::lookback(contract.operations, used.iter().copied());
    let (Some(ledger), Some(back)) = (ledger, back) else { return pace };
    let now_ms = trip.session.edge.now_ms();
    // What began before the windows did may have ended, and have been counted, within them.
    let span = back.span + trip.sending.deadline();
    let call = Call {
        realm: trip.world.realm(),
        provider: contract.id,
        app: &trip.world.app(),
        operations: &back.operations,
        to_all: false,
        since_ms: now_ms.saturating_sub(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)),
    };
    let past = |one: &Lately| {
        let ago = one.ended_ms.map_or(0, |ended_ms| now_ms.saturating_sub(ended_ms));
        let ago = Duration::from_millis(u64::try_from(ago).unwrap_or(0));
        let operation = contract.operation(&one.operation)?;
        Some(Past { operation, targets: one.targets, ended: now.saturating_sub(ago) })
    };
    let lately = ledger.lately(&call, back.most).unwrap_or_default();
    let mut calls: Vec<Past> = lately.iter().filter_map(past).collect();
    calls.sort_by_key(|call| call.ended);
    pace.remember(used, &calls);
    pace
}
