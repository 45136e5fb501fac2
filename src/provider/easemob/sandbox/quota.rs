//! How often calls may be made: the rates of the rows, counted in windows of the clock.

use super::Refusal;
use crate::contract::{Audience, Counted, Operation, Rate};
use crate::document::{Document, Value};
use crate::provider::easemob::compose::object;
use crate::sandbox::SandboxWorld;

/// Rates that hold for the whole app; what is alive at a time ends at once here.
fn rates(operation: &'static Operation) -> impl Iterator<Item = &'static Rate> {
    let of_app = |rate: &&Rate| rate.scope.starts_with("app key") && rate.counted != Counted::Alive;
    operation.rates.iter().filter(of_app)
}

fn id(operation: &Operation, rate: &Rate) -> String {
    let pool = if rate.pool.is_empty() { operation.id } else { rate.pool };
    format!("{pool}/{}/{:?}", rate.seconds, rate.counted)
}

/// Days run from midnight of UTC, and so do all windows.
fn window(rate: &Rate, now_ms: i64) -> i64 {
    now_ms / 1000 / i64::from(rate.seconds)
}

fn used(operation: &Operation, rate: &Rate, world: &mut SandboxWorld<'_>) -> u64 {
    let Some(record) = world.store.get("quota", &id(operation, rate)) else { return 0 };
    let number = |name: &str| record.as_object()?.get(name)?.value.as_integer();
    if number("window") != Some(i128::from(window(rate, world.now_ms))) {
        return 0;
    }
    number("used").and_then(|used| u64::try_from(used).ok()).unwrap_or_default()
}

fn cost(operation: &'static Operation, rate: &Rate, payload: &Document) -> u64 {
    match rate.counted {
        Counted::Targets => {
            Audience::of(operation, payload).count().map_or(1, |n| (n as u64).max(1))
        }
        Counted::Calls | Counted::Alive => 1,
    }
}

/// Refuses a call that comes too soon.
pub(super) fn check(
    operation: &'static Operation,
    payload: &Document,
    world: &mut SandboxWorld<'_>,
) -> Result<(), Refusal> {
    if (world.switches)("quota").as_deref() == Some("off") {
        return Ok(());
    }
    for rate in rates(operation) {
        let used = used(operation, rate, world);
        // A call that is above the whole rate by itself goes through once.
        if used > 0 && used + cost(operation, rate, payload) > u64::from(rate.count) {
            return Err(over(operation, rate));
        }
    }
    Ok(())
}

fn over(operation: &Operation, rate: &Rate) -> Refusal {
    let daily = match operation.id {
        "broadcast-all" => "broadcast message limit exceeded",
        "broadcast-online" => "online user broadcast limit exceeded",
        "broadcast-rooms" => "chatroom broadcast limit exceeded",
        _ => "",
    };
    if rate.counted == Counted::Targets {
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
        let used = used(operation, rate, world) + cost(operation, rate, payload);
        let record: Value =
            object([("window", window(rate, world.now_ms).into()), ("used", used.into())]);
        world.store.put("quota", &id(operation, rate), &record);
    }
}
