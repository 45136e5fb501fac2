//! Opens the job of a broadcast: writes its requests into the ledger, and asks the guards.

use uuid::Uuid;

use crate::broadcast::job::batch_writer::{BatchWriter, stopped};
use crate::broadcast::job::broadcast_command::BroadcastCommand;
use crate::broadcast::job::composer::Composer;
use crate::broadcast::job::guard_check::{GuardedJob, override_words, pass_guards};
use crate::broadcast::job::ledger_sink::LedgerSink;
use crate::broadcast::job::settings::{JobSettings, names_of};
use crate::error::{Error, Result};
use crate::ledger::{Ledger, Opening};
use crate::net::ConcurrentTransport;
use crate::send::context::SendContext;
use crate::send::guard_prompt::{self, NOTHING_SAID};
use crate::send::interruptible_io;
use crate::send::known_dedupe_id::check_known_in_job;
use crate::send::rate_limits::RateLimits;

/// Plans the requests of a job into the ledger, asks the guards, and opens the job. Returns the entries of the list
/// that were left out, as lines of a results file.
pub(crate) fn open_job(
    command: &BroadcastCommand<'_>,
    context: &SendContext<'_>,
    composer: Composer<'_>,
    ledger: &mut Ledger,
    fleet: &dyn ConcurrentTransport,
    job: Uuid,
) -> Result<Vec<String>> {
    let limits = RateLimits::beside(context.env, context.sending, context.app, ledger);
    let planned = context.with_prerequisites(fleet, &limits, |mut prerequisites| {
        let batches = BatchWriter::new(ledger, job, fleet);
        let prerequisites = &mut prerequisites;
        let mut sink = LedgerSink { context, batches, job, prerequisites, holds_secrets: false };
        let planned = command.plan_requests(context, composer, &mut sink)?;
        sink.batches.flush()?;
        Ok::<_, Error>((planned, sink.holds_secrets))
    });
    // After a signal, an error in the part of the list that was read is not important.
    let (planned, holds_secrets) =
        planned.map_err(|error| fleet.stopped().map_or(error, stopped))?;
    let sheets = planned.templates.iter().map(|one| &one.sheet);
    let bodies: Vec<_> = sheets.map(|sheet| (sheet.operation, sheet.body())).collect();
    check_known_in_job(context, ledger, &bodies)?;
    let totals = &planned.totals;
    let passed = pass_guards(
        context,
        totals.samples.with_operations(|template| planned.templates[template].sheet.operation),
        &GuardedJob {
            audience: &totals.audience,
            calls: totals.requests,
            name: command.options.job.job.as_deref(),
            fingerprint: Some(&planned.fingerprint),
            before: &NOTHING_SAID,
        },
    )?;
    let settings = JobSettings {
        limits: command.options.job.limits(),
        allow: context.sending.allow.clone(),
        confirmed: passed.confirmed,
        holds_secrets,
        variables: names_of(planned.templates.iter().map(|one| &one.sheet)),
        ..JobSettings::default()
    };
    let opening = Opening {
        audience: context.app.hidden(&totals.audience.to_string()),
        fingerprint: planned.fingerprint.clone(),
        overrides: override_words(&passed.overridden),
        settings: settings.to_text(),
    };
    interruptible_io::heed(fleet).map_err(stopped)?;
    guard_prompt::open_job(context, ledger, job, &opening)?;
    Ok(planned.rejected.lines)
}
