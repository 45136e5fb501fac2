//! `herald apply --dry-run`: shows the requests of a plan.

use std::path::Path;

use crate::broadcast::job::guard_check::{GuardedJob, would_refuse};
use crate::broadcast::job::inspect::sheets_of;
use crate::broadcast::job::plan_inspection::{PLAN_SOURCE, inspect_plan};
use crate::broadcast::job::plan_source::SealedPlan;
use crate::broadcast::job::plan_summary::{plan_facts, planned_recall, remark_on_validity};
use crate::broadcast::job::preview::{PlannedRequests, Preview};
use crate::error::Result;
use crate::exit::Exit;
use crate::send::context::SendContext;
use crate::send::guard_prompt::NOTHING_SAID;

/// Prints the requests of a plan, and sends nothing.
pub(crate) fn print_plan_requests(
    context: &SendContext<'_>,
    path: &Path,
    plan: &SealedPlan,
) -> Result<Exit> {
    let head = &plan.head;
    let sheets = sheets_of(context, &head.templates, PLAN_SOURCE)?;
    let mut preview = Preview::new(context);
    let totals = inspect_plan(context, plan, &sheets, &mut |batch| {
        preview.add(batch);
        Ok(())
    })?;
    let guarded = GuardedJob {
        audience: &totals.audience,
        calls: totals.requests,
        name: head.job.as_deref(),
        fingerprint: Some(&head.totals.fingerprint),
        before: &NOTHING_SAID,
    };
    let samples = totals.samples.with_operations(|template| sheets[template].operation);
    let refusals = would_refuse(context, samples, &guarded)?;
    let exit = preview.show(PlannedRequests {
        targets: head.totals.targets,
        requests: head.totals.requests,
        sheets: sheets.iter().collect(),
        uploads: Vec::new(),
        refusals,
        recall: planned_recall(context, head, sheets.iter()),
        facts: plan_facts(path, head),
    })?;
    if !context.env.ui.is_machine() && !context.sending.curl {
        remark_on_validity(context.env, path, head);
    }
    Ok(exit)
}
