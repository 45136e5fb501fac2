//! What a plan contains, for users and scripts.

use std::path::Path;

use serde_json::{Map, Value as Json, json};

use crate::broadcast::job::composer::ComposedTemplate;
use crate::broadcast::plan::PlanHead;
use crate::env::Env;
use crate::ledger;
use crate::report::{self, Format, RecallAdvice, RecallName};
use crate::send::context::SendContext;
use crate::template::message_template::MessageTemplate;
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

/// How what a plan sends could be recalled.
pub(crate) fn planned_recall<'t>(
    context: &SendContext<'_>,
    head: &PlanHead,
    sheets: impl Iterator<Item = &'t MessageTemplate>,
) -> Option<RecallAdvice> {
    let id = head.id.to_string();
    let short = ledger::short(head.id);
    let name = RecallName::Known { id: &id, label: head.job.as_deref().unwrap_or(&short) };
    context.recall_of_sheets(name, sheets)
}

/// Reports a plan that was written.
pub(crate) fn print_plan(
    context: &SendContext<'_>,
    path: &Path,
    head: &PlanHead,
    templates: &[ComposedTemplate],
) {
    let (env, totals) = (context.env, &head.totals);
    let ui = &env.ui;
    let recall = planned_recall(context, head, templates.iter().map(|one| &one.sheet));
    if matches!(ui.format, Format::Json | Format::Ndjson) {
        let mut document = json!({
            "version": 1,
            "outcome": "planned",
            "provider": head.destination.provider,
            "sandbox": head.destination.sandbox,
            "operation": head.templates.first().map(|template| template.operation.clone()),
            "recall": recall.as_ref().map_or(Json::Null, RecallAdvice::to_json),
        });
        if let Some(all) = document.as_object_mut() {
            all.extend(plan_facts(path, head));
        }
        ui.json(&document);
        return;
    }
    ui.sentence(&format!(
        "{}: {}, {}, about {} within the vendor's rate limit",
        report::marked(&path.display().to_string(), head.destination.sandbox),
        totals.audience,
        report::counted(totals.requests, "request"),
        report::time_span(totals.seconds)
    ));
    head.quota.iter().for_each(|quota| ui.remark(quota));
    if let Some(how) = recall {
        ui.remark(&format!("recall: {}", how.words));
    }
    remark_on_validity(env, path, head);
}

/// Says which command sends the plan, and until when.
pub(crate) fn remark_on_validity(env: &Env, path: &Path, head: &PlanHead) {
    env.ui.remark(&format!(
        "{} sends it, once, until {}",
        suggest("apply").arg(path.display()),
        env.local_time().second(head.validity.valid_until_ms)
    ));
}
