//! Prepares a run before anything is sent.

use crate::broadcast::counts::TargetCounts;
use crate::broadcast::job::inspect::sheets_of;
use crate::broadcast::job::remaining::check_bodies;
use crate::broadcast::job::requeue::requeue;
use crate::broadcast::job::results::ResultsWriter;
use crate::broadcast::job::run_params::RunParams;
use crate::broadcast::job::settings::JobSettings;
use crate::broadcast::ports::RunSettings;
use crate::error::Result;
use crate::guard::QuotaRequest;
use crate::ledger::{Allowance, Counts, Job, Ledger};
use crate::send::context::SendContext;
use crate::send::guard_prompt;
use crate::template::message_template::MessageTemplate;

/// What a run needs.
pub(crate) struct PreparedRun {
    /// The templates by their number.
    pub(crate) sheets: Vec<MessageTemplate>,
    /// The settings of the engine.
    pub(crate) settings: RunSettings,
    /// The results file, if there is one.
    pub(crate) results: Option<ResultsWriter>,
    /// How many calls the quotas of the vendor still allow.
    pub(crate) allowances: Vec<Allowance>,
    /// The results of earlier runs.
    pub(crate) before: TargetCounts,
}

/// Prepares a run of a job that this process has claimed.
pub(crate) fn prepare(
    context: &SendContext<'_>,
    params: &mut RunParams,
    ledger: &mut Ledger,
    job: &Job,
) -> Result<PreparedRun> {
    params.check_unchanged(job)?;
    check_bodies(job)?;
    let sheets = sheets_of(context, &job.templates, "the job in the ledger")?;
    let planned = JobSettings::parse(&job.intent.settings)?.limits;
    let settings = RunSettings {
        concurrency: params.concurrency,
        request_limit: context.sending.deadline(),
        until: None,
        has_own_payloads: sheets.iter().any(MessageTemplate::has_own_payloads),
        limits: params.limits(planned),
        overrun: context.app.vendor.contract().overrun,
    };
    if !params.overridden.is_empty() {
        ledger.add_overrides(job.intent.id, &params.overridden)?;
    }
    requeue(context, ledger, job, &sheets, settings.request_limit)?;
    let results = params.begin_results(job.intent.id)?;
    let uses = sheets.iter().map(|sheet| QuotaRequest::of(sheet.operation, sheet.body()));
    let allowances = guard_prompt::bound(context, uses)?.allowances();
    let before = target_counts(ledger.job(job.intent.id)?.counts());
    Ok(PreparedRun { sheets, settings, results, allowances, before })
}

/// The engine's count of targets from the ledger's.
pub(crate) fn target_counts(counts: &Counts) -> TargetCounts {
    TargetCounts {
        total: counts.total(),
        accepted: counts.accepted,
        rejected: counts.rejected,
        unavailable: counts.unavailable,
        unknown: counts.unknown + counts.partial,
    }
}
