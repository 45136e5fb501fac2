//! What a plan says of itself: computed from its entries where it is written, and again where it is carried out.

use crate::broadcast::job::totals::Totals;
use crate::broadcast::plan::Head;
use crate::contract::Operation;
use crate::error::{Error, Result};
use crate::ledger::JobTemplate;
use crate::report;
use crate::text::escape;

/// What a plan says of its entries.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct PlanClaims {
    audience: String,
    targets: u64,
    requests: u64,
    audience_digest: String,
    fingerprint: String,
    seconds: u64,
    recallable_until: Option<String>,
    recallable_seconds: Option<u64>,
}

impl PlanClaims {
    /// Of what entries come to that were planned at a time.
    pub(crate) fn of(
        totals: &Totals,
        operations: impl IntoIterator<Item = &'static Operation>,
        templates: &[JobTemplate],
        fingerprint: String,
        created_ms: i64,
    ) -> Self {
        let recallable_seconds = templates.iter().filter_map(|kept| kept.recall_seconds).min();
        // Of what is sent first: the rest can be taken back for a little longer.
        let recallable = recallable_seconds.and_then(|seconds| i64::try_from(seconds).ok());
        Self {
            audience: totals.tally.to_string(),
            targets: totals.targets,
            requests: totals.requests,
            audience_digest: totals.audience_digest(),
            fingerprint,
            seconds: totals.seconds(operations),
            recallable_until: recallable.map(|seconds| report::time(created_ms + seconds * 1000)),
            recallable_seconds,
        }
    }

    /// A head that says this.
    pub(crate) fn into_head(self, head: Head) -> Head {
        let Self {
            audience,
            targets,
            requests,
            audience_digest,
            fingerprint,
            seconds,
            recallable_until,
            recallable_seconds,
        } = self;
        Head {
            audience,
            targets,
            requests,
            audience_digest,
            fingerprint,
            seconds,
            recallable_until,
            recallable_seconds,
            ..head
        }
    }

    /// Refuses a head that says something else.
    pub(crate) fn check(self, head: &Head) -> Result<()> {
        let own = self.into_head(head.clone());
        let number = |number: Option<u64>| number.map(|number| number.to_string());
        let text = |text: &str| Some(text.to_owned());
        for (what, says, is) in [
            ("requests", number(Some(head.requests)), number(Some(own.requests))),
            ("targets", number(Some(head.targets)), number(Some(own.targets))),
            ("audience", text(&head.audience), text(&own.audience)),
            ("audience_digest", text(&head.audience_digest), text(&own.audience_digest)),
            ("fingerprint", text(&head.fingerprint), text(&own.fingerprint)),
            ("seconds", number(Some(head.seconds)), number(Some(own.seconds))),
            ("recallable_seconds", number(head.recallable_seconds), number(own.recallable_seconds)),
            ("recallable_until", head.recallable_until.clone(), own.recallable_until.clone()),
        ] {
            if says != is {
                let shown = |value: Option<String>| value.unwrap_or_else(|| "none".to_owned());
                return Err(Error::input(format!(
                    "the plan says that `{what}` is {}, and its entries come to {}",
                    escape(&shown(says)),
                    escape(&shown(is)),
                ))
                .help("nothing was sent; write a new plan"));
            }
        }
        Ok(())
    }
}

/// Refuses a payload of a plan that is kept otherwise than its own rows say, and names what differs.
pub(crate) fn check_template(number: usize, says: &JobTemplate, is: &JobTemplate) -> Result<()> {
    let JobTemplate { operation, effect, kind, sender, body, slot, recall_seconds } = is;
    for (what, same) in [
        ("operation", says.operation == *operation),
        ("effect", says.effect == *effect),
        ("kind", says.kind == *kind),
        ("sender", says.sender == *sender),
        ("body", says.body == *body),
        ("slot", says.slot == *slot),
        ("recall_seconds", says.recall_seconds == *recall_seconds),
    ] {
        if !same {
            return Err(Error::input(format!(
                "the plan gives another `{what}` of its payload {} than that payload has",
                number + 1
            ))
            .help("nothing was sent; write a new plan"));
        }
    }
    Ok(())
}
