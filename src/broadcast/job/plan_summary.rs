//! What a plan contains, for users and scripts.

use std::path::Path;

use serde_json::{Map, Value as Json, json};

use crate::broadcast::job::composer::ComposedTemplate;
use crate::broadcast::plan::PlanHead;
use crate::env::Env;
use crate::report::{self, Format};
use crate::send::context::SendContext;
use crate::text::suggest;

/// The facts about a plan for scripts. `--plan` and `apply --dry-run` add their own.
pub(crate) fn plan_facts(path: &Path, head: &PlanHead) -> Map<String, Json> {
    let PlanHead { destination, totals, validity, .. } = head;
    [
        ("profile", json!(destination.profile)),
        ("plan", json!(path.display().to_string())),
        ("id", json!(head.id.to_string())),
        ("targets", json!(totals.targets)),
        ("requests_total", json!(totals.requests)),
        ("audience", json!(totals.audience)),
        ("audience_digest", json!(totals.audience_digest)),
        ("seconds", json!(totals.seconds)),
        ("quota", json!(head.quota)),
        ("quotas", json!(head.quotas)),
        ("recallable_until", json!(totals.recallable_until)),
        ("recallable_seconds", json!(totals.recallable_seconds)),
        ("valid_until", json!(report::time(validity.valid_until_ms))),
    ]
    .map(|(key, value)| (key.to_owned(), value))
    .into_iter()
    .collect()
}

/// Reports a plan that was written.
pub(crate) fn print_plan(
    context: &SendContext<'_>,
    path: &Path,
    head: &PlanHead,
    templates: &[ComposedTemplate],
) {
    let (env, account) = (context.env, &context.app.account);
    let (ui, totals) = (&env.ui, &head.totals);
    let recalls = templates
        .iter()
        .map(|one| report::take_back(one.sheet.operation, one.sheet.body(), account));
    if matches!(ui.format, Format::Json | Format::Ndjson) {
        let mut document = json!({
            "version": 1,
            "outcome": "planned",
            "provider": head.destination.provider,
            "sandbox": head.destination.sandbox,
            "operation": head.templates.first().map(|template| template.operation.clone()),
            "recall": recalls.collect::<Json>(),
        });
        if let Some(all) = document.as_object_mut() {
            all.extend(plan_facts(path, head));
        }
        ui.json(&document);
        return;
    }
    ui.sentence(&format!(
        "{}: {}, {}, about {} at the vendor's pace",
        report::marked(&path.display().to_string(), head.destination.sandbox),
        totals.audience,
        report::counted(totals.requests, "request"),
        report::time_span(totals.seconds)
    ));
    head.quota.iter().for_each(|quota| ui.remark(quota));
    match &totals.recallable_until {
        Some(until) => ui.remark(&format!("sent now, it can be taken back until {until}")),
        None => recalls.for_each(|words| ui.remark(&words)),
    }
    remark_on_validity(env, path, head);
}

/// Says which command sends the plan, and until when.
pub(crate) fn remark_on_validity(env: &Env, path: &Path, head: &PlanHead) {
    env.ui.remark(&format!(
        "{} sends it, once, until {}",
        suggest("apply").arg(path.display()),
        report::time(head.validity.valid_until_ms)
    ));
}
