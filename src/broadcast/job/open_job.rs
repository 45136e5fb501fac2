//! Opens the job of a broadcast: writes its requests into the ledger, and asks the guards.

use uuid::Uuid;

use crate::broadcast::job::batch_writer::{BatchWriter, stopped};
use crate::broadcast::job::broadcast_command::BroadcastCommand;
use crate::broadcast::job::composer::Composer;
use crate::broadcast::job::guard_check::{GuardedJob, override_words, pass_guards};
use crate::broadcast::job::ledger_sink::LedgerSink;
use crate::broadcast::job::settings::JobSettings;
use crate::error::{Error, Result};
use crate::ledger::{Ledger, Opening};
use crate::net::Fleet;
use crate::send::guard_prompt::{self, NOTHING_SAID};
use crate::send::interruptible_io;
use crate::send::rate_limits::Pacing;
use crate::send::trip::Trip;

/// Plans the requests of a job into the ledger, asks the guards, and opens the job. Returns the entries of the list that were
/// left out, as lines of a results file.
pub(crate) fn open_job(
    command: &BroadcastCommand<'_>,
    trip: &Trip<'_>,
    composer: Composer<'_>,
    ledger: &mut Ledger,
    fleet: &dyn Fleet,
    job: Uuid,
) -> Result<Vec<String>> {
    let pacing = Pacing::beside(trip.session, trip.sending, trip.world, ledger);
    let planned = trip.with_errands(fleet, &pacing, |mut errands| {
        let batches = BatchWriter::new(ledger, job, fleet);
        let errands = &mut errands;
        let mut sink = LedgerSink { trip, batches, job, errands, holds_secrets: false };
        let planned = command.plan_requests(trip, composer, &mut sink)?;
        sink.batches.flush()?;
        Ok::<_, Error>((planned, sink.holds_secrets))
    });
    // After a signal, an error in the part of the list that was read is not important.
    let (planned, holds_secrets) =
        planned.map_err(|error| fleet.stopped().map_or(error, stopped))?;
    let totals = &planned.totals;
    let passed = pass_guards(
        trip,
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
        allow: trip.sending.allow.clone(),
        confirmed: passed.confirmed,
        planned_until_ms: None,
        holds_secrets,
    };
    let opening = Opening {
        audience: trip.world.hidden(&totals.audience.to_string()),
        fingerprint: planned.fingerprint.clone(),
        overrides: override_words(&passed.overridden),
        settings: settings.to_text(),
    };
    interruptible_io::heed(fleet).map_err(stopped)?;
    guard_prompt::open_job(trip, ledger, job, &opening)?;
    Ok(planned.rejected.lines)
}
