//! How often calls may be made: the rates of the rows, counted in windows of the clock.

use super::Refusal;
use crate::contract::{Audience, Operation, Rate, RateUnit};
use crate::document::Document;
use crate::provider::kit::sandbox::RateCount;
use crate::sandbox::SandboxWorld;

/// Rates that hold for the whole app; what is alive at a time ends at once here.
fn rates(operation: &'static Operation) -> impl Iterator<Item = &'static Rate> {
    let of_app =
        |rate: &&Rate| rate.scope.starts_with("app key") && rate.counted != RateUnit::Alive;
    operation.rates.iter().filter(of_app)
}

fn targets(operation: &'static Operation, payload: &Document) -> u64 {
    Audience::of(operation, payload).count().map_or(1, |n| (n as u64).max(1))
}

/// A day of the vendor's is one of UTC.
fn counted<'r>(operation: &Operation, rate: &'r Rate, world: &SandboxWorld<'_>) -> RateCount<'r> {
    RateCount::new(operation, rate, 0, world.now_ms)
}

/// Refuses a call that comes too soon.
pub(super) fn check(
    operation: &'static Operation,
    payload: &Document,
    world: &mut SandboxWorld<'_>,
) -> Result<(), Refusal> {
    let targets = targets(operation, payload);
    let full = |rate: &&Rate| !counted(operation, rate, world).has_room(targets, world);
    rates(operation).find(full).map_or(Ok(()), |rate| Err(over(operation, rate)))
}

fn over(operation: &Operation, rate: &Rate) -> Refusal {
    let daily = match operation.id {
        "broadcast-all" => "broadcast message limit exceeded",
        "broadcast-online" => "online user broadcast limit exceeded",
        "broadcast-rooms" => "chatroom broadcast limit exceeded",
        _ => "",
    };
    if rate.counted == RateUnit::Targets {
        Refusal::new(403, "message_send_error", "message send reach limit")
    } else if rate.seconds == 86_400 && !daily.is_empty() {
        Refusal::new(403, "forbidden_op", daily)
    } else if operation.id.starts_with("push-") {
        Refusal::new(403, "LimitException", "limit request")
    } else {
        Refusal::new(429, "reach_limit", "This request has reached api limit")
    }
}

/// Counts a call that was taken.
pub(super) fn charge(
    operation: &'static Operation,
    payload: &Document,
    world: &mut SandboxWorld<'_>,
) {
    for rate in rates(operation) {
        counted(operation, rate, world).charge(targets(operation, payload), world);
    }
}
