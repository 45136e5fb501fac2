//! Opens the job of a plan: writes its requests into the ledger, and asks the guards.

use crate::broadcast::job::batch_writer::BatchWriter;
use crate::broadcast::job::guard_check::{GuardedJob, override_words, pass_guards};
use crate::broadcast::job::inspect::sheets_of;
use crate::broadcast::job::job_intent::new_intent;
use crate::broadcast::job::plan_inspection::{PLAN_SOURCE, inspect_plan};
use crate::broadcast::job::plan_source::SealedPlan;
use crate::broadcast::job::settings::{JobSettings, names_of};
use crate::error::{Error, ErrorKind, Result};
use crate::ledger::{Job, JobIntent, Ledger, Opening};
use crate::net::ConcurrentTransport;
use crate::send::context::SendContext;
use crate::send::guard_prompt::{self, NOTHING_SAID};
use crate::send::known_dedupe_id::check_known_in_job;
use crate::text::suggest;

/// Writes the job of a plan into the ledger, and opens it. Fails where the plan was applied before.
pub(crate) fn open_plan(
    context: &SendContext<'_>,
    ledger: &mut Ledger,
    fleet: &dyn ConcurrentTransport,
    plan: &SealedPlan,
) -> Result<()> {
    let head = &plan.head;
    if ledger.opened_job(head.id)?.is_some() {
        return Err(applied_error(&ledger.job(head.id)?));
    }
    let planned_until_ms = Some(head.validity.valid_until_ms);
    let settings = JobSettings { planned_until_ms, ..plan.settings.clone() };
    let intent = JobIntent {
        audience: head.totals.audience.clone(),
        settings: settings.to_text(),
        fingerprint: head.totals.fingerprint.clone(),
        ..new_intent(context, head.id, head.job.clone())
    };
    if let Err(error) = ledger.plan_job(&intent) {
        // Another herald process may have written the job after the check above.
        return Err(ledger.job(head.id).map_or(error, |job| applied_error(&job)));
    }
    let opened = fill_and_open(context, ledger, fleet, plan, (&intent, settings));
    if opened.is_err() {
        // Nothing was sent, so keep no trace of the job.
        let _ = ledger.discard_job(head.id);
    }
    opened
}

/// The error for a plan that was applied before.
fn applied_error(job: &Job) -> Error {
    let id = job.label();
    let what = if job.state.is_at_work() {
        "is being carried out by another herald".to_owned()
    } else {
        format!("was carried out before: {}", job.state.word())
    };
    Error::new(ErrorKind::Input, format!("the plan {what}")).help(format!(
        "{} tells what happened to it; {} continues it if something is left",
        suggest("history show").arg(&id),
        suggest("broadcast --resume").arg(&id)
    ))
}

/// Writes the requests of a plan into the ledger, asks the guards, and opens the job.
fn fill_and_open(
    context: &SendContext<'_>,
    ledger: &mut Ledger,
    fleet: &dyn ConcurrentTransport,
    plan: &SealedPlan,
    (intent, settings): (&JobIntent, JobSettings),
) -> Result<()> {
    let head = &plan.head;
    let sheets = sheets_of(context, &head.templates, PLAN_SOURCE)?;
    let bodies: Vec<_> = sheets.iter().map(|sheet| (sheet.operation, sheet.body())).collect();
    check_known_in_job(context, ledger, &bodies)?;
    for template in &head.templates {
        ledger.plan_template(head.id, template)?;
    }
    let mut batches = BatchWriter::new(ledger, head.id, fleet);
    let totals = inspect_plan(context, plan, &sheets, &mut |batch| batches.add(batch))?;
    batches.flush()?;
    let passed = pass_guards(
        context,
        totals.samples.with_operations(|template| sheets[template].operation),
        &GuardedJob {
            audience: &totals.audience,
            calls: totals.requests,
            name: head.job.as_deref(),
            fingerprint: Some(&head.totals.fingerprint),
            before: &NOTHING_SAID,
        },
    )?;
    let (confirmed, variables) = (passed.confirmed, names_of(sheets.iter()));
    let settings = JobSettings { confirmed, variables, ..settings };
    let opening = Opening {
        overrides: override_words(&passed.overridden),
        settings: settings.to_text(),
        ..Opening::of(intent)
    };
    guard_prompt::open_job(context, ledger, head.id, &opening)
}
