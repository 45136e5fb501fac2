//! The totals of a plan. They are computed when the plan is written, and again when it is applied.

use crate::broadcast::job::totals::Totals;
use crate::broadcast::plan::PlanTotals;
use crate::contract::Operation;
use crate::error::{Error, Result};
use crate::ledger::JobTemplate;
use crate::report;
use crate::text::escape;

/// The totals of a plan that was written at this time.
pub(crate) fn plan_totals(
    totals: &Totals,
    operations: impl IntoIterator<Item = &'static Operation>,
    templates: &[JobTemplate],
    fingerprint: String,
    created_ms: i64,
) -> PlanTotals {
    let recallable_seconds = templates.iter().filter_map(|template| template.recall_seconds).min();
    // This is the limit for the first request. Later requests can be recalled a little longer.
    let recallable = recallable_seconds.and_then(|seconds| i64::try_from(seconds).ok());
    PlanTotals {
        audience: totals.audience.to_string(),
        targets: totals.targets,
        requests: totals.requests,
        audience_digest: totals.audience_digest(),
        fingerprint,
        seconds: totals.seconds(operations),
        recallable_until: recallable.map(|seconds| report::time(created_ms + seconds * 1000)),
        recallable_seconds,
    }
}

/// Fails where the totals in a plan differ from those of its batches.
pub(crate) fn check_totals(stored: &PlanTotals, computed: &PlanTotals) -> Result<()> {
    let number = |number: Option<u64>| number.map(|number| number.to_string());
    let row = |totals: &PlanTotals| {
        [
            ("requests", number(Some(totals.requests))),
            ("targets", number(Some(totals.targets))),
            ("audience", Some(totals.audience.clone())),
            ("audience_digest", Some(totals.audience_digest.clone())),
            ("fingerprint", Some(totals.fingerprint.clone())),
            ("seconds", number(Some(totals.seconds))),
            ("recallable_seconds", number(totals.recallable_seconds)),
            ("recallable_until", totals.recallable_until.clone()),
        ]
    };
    let mut pairs = row(stored).into_iter().zip(row(computed));
    let Some(((key, stored), (_, computed))) = pairs.find(|(stored, computed)| stored != computed)
    else {
        return Ok(());
    };
    let shown = |value: Option<String>| escape(&value.unwrap_or_else(|| "none".to_owned()));
    Err(Error::input(format!(
        "the plan says that `{key}` is {}, and its entries come to {}",
        shown(stored),
        shown(computed),
    ))
    .help("nothing was sent; write a new plan"))
}

/// Fails where the facts about a payload in a plan differ from the payload itself, and names the first difference.
pub(crate) fn check_template(
    number: usize,
    stored: &JobTemplate,
    computed: &JobTemplate,
) -> Result<()> {
    let JobTemplate { operation, effect, kind, sender, body, slot, recall_seconds } = computed;
    let same = [
        ("operation", stored.operation == *operation),
        ("effect", stored.effect == *effect),
        ("kind", stored.kind == *kind),
        ("sender", stored.sender == *sender),
        ("body", stored.body == *body),
        ("slot", stored.slot == *slot),
        ("recall_seconds", stored.recall_seconds == *recall_seconds),
    ];
    let Some((key, _)) = same.into_iter().find(|(_, is_same)| !is_same) else { return Ok(()) };
    Err(Error::input(format!(
        "the plan gives another `{key}` of its payload {} than that payload has",
        number + 1
    ))
    .help("nothing was sent; write a new plan"))
}
