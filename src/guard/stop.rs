//! Guards that do not depend on the content: read-only, sandbox-only, the kill switch, quiet hours.

use super::history::span;
use super::{GuardInput, NeededAnswer, Objection};
use crate::account::{Guards, Mode};
use crate::contract::Effect;

/// The most characters of the reason in a kill switch that are shown.
const MAX_REASON_SHOWN: usize = 200;

/// Whether a value of `HERALD_READ_ONLY` means on. Every value except a clear no does.
fn is_on(value: &str) -> bool {
    !matches!(value.trim().to_ascii_lowercase().as_str(), "" | "0" | "false" | "no" | "off")
}

/// Objects to every change while `HERALD_READ_ONLY` is on.
pub(super) fn read_only(input: &GuardInput<'_>) -> Option<Objection> {
    input.environment.read_only.is_some_and(is_on).then(|| Objection {
        saw: format!(
            "HERALD_READ_ONLY is set, and {} {}",
            input.action.operation,
            does(input.action.effect)
        ),
        proceed: "unset HERALD_READ_ONLY; no flag overrides it".to_owned(),
        answer: NeededAnswer::None,
    })
}

/// Objects to requests to a real vendor with a profile in mode `sandbox`.
pub(super) fn sandbox_only(input: &GuardInput<'_>) -> Option<Objection> {
    (input.profile.guards.mode == Mode::Sandbox && !input.profile.sandbox).then(|| Objection {
        saw: format!("`{}` has mode = \"sandbox\", and this would leave it", input.profile.name),
        proceed: "add --sandbox, or use a profile of another mode".to_owned(),
        answer: NeededAnswer::None,
    })
}

/// Objects to requests that send or delete while the kill switch exists.
pub(super) fn kill_switch(input: &GuardInput<'_>) -> Option<Objection> {
    let switch = input.environment.kill_switch?;
    match input.action.effect {
        Effect::Sends | Effect::Destroys => {}
        Effect::Manages | Effect::Reads => return None,
    }
    let path = switch.path.display();
    let reason = switch.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
    let saw = match reason {
        Some(reason) => format!("{path} says stop: {}", super::cut(reason, MAX_REASON_SHOWN)),
        None => format!("{path} is there, and says stop"),
    };
    let proceed = "ask who put it there, and remove it".to_owned();
    Some(Objection { saw, proceed, answer: NeededAnswer::None })
}

/// Objects to messages in the quiet hours of the profile.
pub(super) fn quiet_hours(input: &GuardInput<'_>) -> Option<Objection> {
    let is_sent = input.action.effect == Effect::Sends;
    let (saw, left) = quiet_now(input.profile.guards, input.profile.name, input.environment.now_ms)
        .filter(|_| is_sent)?;
    Some(Objection { saw, proceed: format!("wait {}", span(left)), answer: NeededAnswer::None })
}

/// If the time is in the quiet hours of a profile: a sentence about that, and the number of seconds until their end.
pub fn quiet_now(guards: &Guards, name: &str, now_ms: i64) -> Option<(String, u64)> {
    let hours = guards.quiet_hours.as_ref()?;
    let (now, end) = (hours.clock(now_ms)?, hours.end_of(now_ms)?);
    let left = end.timestamp().as_second().saturating_sub(now.timestamp().as_second());
    let saw = format!(
        "it is {} in {}, and `{name}` is quiet until {}",
        now.strftime("%H:%M"),
        hours.zone(),
        end.strftime("%H:%M on %Y-%m-%d"),
    );
    Some((saw, u64::try_from(left).unwrap_or_default()))
}

/// The effect of an operation, for messages.
const fn does(effect: Effect) -> &'static str {
    match effect {
        Effect::Sends => "sends",
        Effect::Destroys => "takes away or changes what people have",
        Effect::Manages => "changes the app",
        Effect::Reads => "reads",
    }
}
