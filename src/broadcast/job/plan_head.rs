//! The head of a new plan.

use std::time::Duration;

use uuid::Uuid;

use crate::broadcast::job::options::JobOptions;
use crate::broadcast::job::plan_totals::plan_totals;
use crate::broadcast::job::planner::PlanningResult;
use crate::broadcast::job::settings::JobSettings;
use crate::broadcast::plan::{PlanDestination, PlanHead, PlanValidity};
use crate::guard::QuotaRequest;
use crate::ledger::JobTemplate;
use crate::send::context::SendContext;
use crate::send::guard_prompt::{self, QuotaLeft};

/// The head of a plan of these requests, from now on.
pub(crate) fn plan_head(
    context: &SendContext<'_>,
    options: &JobOptions,
    planned: &PlanningResult,
    templates: Vec<JobTemplate>,
    validity: Duration,
) -> PlanHead {
    let PlanningResult { totals, fingerprint, .. } = planned;
    let sheets = || planned.templates.iter().map(|composed| &composed.sheet);
    let created_ms = context.env.system.now_ms();
    let valid_ms = i64::try_from(validity.as_millis()).unwrap_or(i64::MAX);
    let uses = sheets().map(|sheet| QuotaRequest::of(sheet.operation, sheet.body()));
    let quotas = guard_prompt::quotas_left(context, uses, Some(totals.requests));
    let operations = sheets().map(|sheet| sheet.operation);
    let settings = JobSettings {
        limits: options.limits(),
        allow: context.sending.allow.clone(),
        ..JobSettings::default()
    };
    PlanHead {
        id: Uuid::now_v7(),
        job: options.job.clone(),
        validity: PlanValidity {
            herald: env!("CARGO_PKG_VERSION").to_owned(),
            created_ms,
            valid_until_ms: created_ms.saturating_add(valid_ms),
        },
        destination: PlanDestination {
            provider: context.app.vendor.contract().id.to_owned(),
            profile: context.app.account.profile.clone(),
            sandbox: context.app.sandbox,
            app: context.app.id(),
            endpoint: context.app.base(),
        },
        totals: plan_totals(totals, operations, &templates, fingerprint.clone(), created_ms),
        quota: quotas.iter().map(QuotaLeft::words).collect(),
        quotas: quotas.iter().map(QuotaLeft::to_json).collect(),
        settings: settings.to_text(),
        templates,
    }
}
