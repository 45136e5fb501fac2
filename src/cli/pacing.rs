//! A run's pace begins with what the ledger knows of the runs before it.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use super::carry::Clock;
use super::edge::Edge;
use super::trip::Trip;
use crate::contract::Operation;
use crate::ledger::{Call, Lately, Ledger};
use crate::net::pace::{self, Pace, Past};
use crate::net::retry::Budget;

/// What all requests of a command share, those that it needs beforehand included.
#[derive(Clone, Debug)]
pub(super) struct Pacing {
    pub(super) pace: pace::Shared,
    pub(super) budget: Rc<RefCell<Budget>>,
    pub(super) clock: Clock,
    /// Whether what has to wait is waited for. Where other requests are under way, whoever made them waits instead.
    pub(super) waits: bool,
}

impl Pacing {
    /// Of a command that knows of no request before it, and makes one after the other.
    pub(super) fn new(edge: Edge) -> Self {
        Self {
            pace: pace::Shared::default(),
            budget: Rc::default(),
            clock: Clock::new(edge),
            waits: true,
        }
    }

    /// The same with what is known of the requests before.
    pub(super) fn after(self, pace: Pace) -> Self {
        self.pace.replace(pace);
        self
    }
}

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
