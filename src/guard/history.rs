//! Guards that compare with the ledger: a repeated broadcast, a larger audience, a used quota.

use super::{GuardEnvironment, GuardInput, NeededAnswer, Objection, QuotaUse};
use crate::report::LocalTime;
use crate::text::suggest;

/// A second broadcast with the same content and audience within this time counts as a repeat.
pub const REPEAT_SECONDS: i64 = 600;

/// Objects to a broadcast with the content and the audience of one that was sent a short time ago.
pub(super) fn repeat(input: &GuardInput<'_>) -> Option<Objection> {
    let earlier = input.environment.history.repeat.as_ref().filter(|_| input.is_broadcast())?;
    let (id, ago) = (&earlier.id, span(earlier.age_seconds));
    let went = if earlier.certain { "went" } else { "may have gone" };
    Some(Objection {
        saw: format!("the same {went} to the same audience {ago} ago ({id}, {})", earlier.outcome),
        proceed: format!("look at it with {}", suggest("history show").arg(id)),
        answer: NeededAnswer::None,
    })
}

/// Objects to an audience that is more than a fifth larger than that of the last job of the same name.
pub(super) fn growth(input: &GuardInput<'_>) -> Option<Objection> {
    let last = input.environment.history.last_job.as_ref()?;
    let before = last.targets?;
    let now = match input.action.audience.count() {
        Some(count) if count.saturating_mul(5) <= before.saturating_mul(6) => return None,
        Some(count) => format!("this one reaches {count}"),
        None => {
            format!("it is unknown how many people this one reaches: {}", input.action.audience)
        }
    };
    Some(Objection {
        saw: format!("the last job `{}` reached {before} targets, and {now}", last.name),
        proceed: "look at the list of targets".to_owned(),
        answer: NeededAnswer::None,
    })
}

/// Objects to more calls than the vendor allows in an hour or a day.
pub(super) fn quota(input: &GuardInput<'_>) -> Option<Objection> {
    let over =
        |quota: &&QuotaUse| quota.used.saturating_add(quota.asked) > u64::from(quota.rate.count);
    input.environment.history.quotas.iter().find(over).map(|quota| {
        let GuardEnvironment { now_ms, local, .. } = input.environment;
        used_up(input.action.operation, quota, now_ms, local)
    })
}

/// The objection to a call that is over a quota.
pub(super) fn used_up(
    operation: &str,
    quota: &QuotaUse,
    now_ms: i64,
    local: &LocalTime,
) -> Objection {
    let (count, window) = (u64::from(quota.rate.count), span(quota.rate.seconds.into()));
    let left = count.saturating_sub(quota.used);
    let asked = match quota.asked {
        1 => "this is one more".to_owned(),
        asked => format!("these are {asked}"),
    };
    let frees = quota.frees_ms.filter(|frees| *frees > now_ms).map(|frees| {
        let seconds = u64::try_from((frees - now_ms) / 1000).unwrap_or_default();
        format!("wait: the next is free in {} ({})", span(seconds), local.second(frees))
    });
    Objection {
        saw: format!(
            "{operation} may be called {count} times in {window} ({}); {left} left, and {asked}",
            quota.rate.scope
        ),
        proceed: frees.unwrap_or_else(|| "send fewer at a time".to_owned()),
        answer: NeededAnswer::None,
    }
}

/// A time span in a unit that gives a short number.
pub(super) fn span(seconds: u64) -> String {
    let (count, unit) = match seconds {
        0..=119 => (seconds, "second"),
        120..=7_199 if !seconds.is_multiple_of(3600) => (seconds / 60, "minute"),
        3_600..=172_799 if seconds != 86_400 => (seconds / 3600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    if count == 1 { format!("1 {unit}") } else { format!("{count} {unit}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_told_in_a_unit_of_its_size() {
        for (seconds, words) in [
            (0, "0 seconds"),
            (1, "1 second"),
            (119, "119 seconds"),
            (120, "2 minutes"),
            (3_599, "59 minutes"),
            (3_600, "1 hour"),
            (5_400, "90 minutes"),
            (7_200, "2 hours"),
            (86_399, "23 hours"),
            (86_400, "1 day"),
            (172_800, "2 days"),
            (2_592_000, "30 days"),
        ] {
            assert_eq!(span(seconds), words, "{seconds}");
        }
    }
}
