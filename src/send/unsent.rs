//! The outcome of a request that did not leave.

use std::time::Duration;

use crate::net::{self, ConcurrentTransport};
use crate::outcome::{Outcome, Reading};
use crate::send::context::SendContext;
use crate::send::executor::single::{kept_back, no_time, stopped_before};
use crate::send::prepared_request::LintedRequest;
use crate::send::rate_limits::RateLimits;
use crate::wire::Reply;

/// Why a request that the vendor's rate limit allows at this time did not go out.
pub(crate) fn held_by(
    fleet: &dyn ConcurrentTransport,
    limits: &RateLimits,
    due: Option<Duration>,
) -> Outcome {
    if fleet.stopped().is_some() {
        let advice = "nothing was sent; retry".to_owned();
        return kept_back("stopped while it waited for the vendor's rate limit", advice);
    }
    let seconds = due.unwrap_or_default().saturating_sub(limits.clock.now()).as_secs() + 1;
    kept_back(
        "the vendor's rate limit allows no request before the deadline",
        format!(
            "nothing was sent; it may go in {seconds} s: retry then, or with a longer --deadline"
        ),
    )
}

/// The outcome of a request that did not leave: the user asked to stop before, or its time was up.
pub(crate) fn unsent(
    context: &SendContext<'_>,
    one: &LintedRequest,
    fleet: &dyn ConcurrentTransport,
) -> Outcome {
    let contract = context.app.vendor.contract();
    let failure = fleet.stopped().map_or_else(no_time, stopped_before);
    let nothing = |_: &Reply| Reading::default();
    let mut outcome = net::decide(contract, one.operation, &Err(failure), &nothing);
    let asked = one.operation.asked(&one.body, &one.audience);
    net::account_for(contract, one.operation, &mut outcome, &asked);
    outcome
}
