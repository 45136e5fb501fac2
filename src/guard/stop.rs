//! Guards that stop a request whatever it says: switches, and the hour.

use super::past::span;
use super::{Consent, GuardInput, Objection};
use crate::account::{Guards, Mode};
use crate::contract::Effect;

/// How much of the reason of a kill switch is shown, in characters.
const MOST_OF_A_REASON: usize = 200;

/// Whether a value of `HERALD_READ_ONLY` switches it on: everything but a clear no does.
fn is_on(value: &str) -> bool {
    !matches!(value.trim().to_ascii_lowercase().as_str(), "" | "0" | "false" | "no" | "off")
}

/// Objects to everything where the environment says so.
pub(super) fn read_only(case: &GuardInput<'_>) -> Option<Objection> {
    case.read_only.is_some_and(is_on).then(|| Objection {
        saw: format!("HERALD_READ_ONLY is set, and {} {}", case.operation, does(case.effect)),
        proceed: "unset HERALD_READ_ONLY; no flag overrides it".to_owned(),
        answer: Consent::None,
    })
}

/// Objects to what leaves the sandbox with a profile that stays in it.
pub(super) fn sandbox_only(case: &GuardInput<'_>) -> Option<Objection> {
    (case.guards.mode == Mode::Sandbox && !case.sandbox).then(|| Objection {
        saw: format!("`{}` has mode = \"sandbox\", and this would leave it", case.name),
        proceed: "add --sandbox, or use a profile of another mode".to_owned(),
        answer: Consent::None,
    })
}

/// Objects to what sends or destroys while there is a file that says stop.
pub(super) fn kill_switch(case: &GuardInput<'_>) -> Option<Objection> {
    let switch = case.kill_switch?;
    match case.effect {
        Effect::Sends | Effect::Destroys => {}
        Effect::Manages | Effect::Reads => return None,
    }
    let path = switch.path.display();
    let reason = switch.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
    let saw = match reason {
        Some(reason) => format!("{path} says stop: {}", super::cut(reason, MOST_OF_A_REASON)),
        None => format!("{path} is there, and says stop"),
    };
    let proceed = "ask who put it there, and remove it".to_owned();
    Some(Objection { saw, proceed, answer: Consent::None })
}

/// Objects to what reaches people in the quiet hours of the profile.
pub(super) fn quiet_hours(case: &GuardInput<'_>) -> Option<Objection> {
    let is_sent = case.effect == Effect::Sends;
    let (saw, left) = quiet_now(case.guards, case.name, case.now_ms).filter(|_| is_sent)?;
    Some(Objection { saw, proceed: format!("wait {}", span(left)), answer: Consent::None })
}

/// Where a profile is quiet at a time: what there is to say about that, and for how many seconds it is.
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

/// What an operation does, for people.
const fn does(effect: Effect) -> &'static str {
    match effect {
        Effect::Sends => "sends",
        Effect::Destroys => "takes away or changes what people have",
        Effect::Manages => "changes the app",
        Effect::Reads => "reads",
    }
}
