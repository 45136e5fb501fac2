//! Inspects what is left of a job, and sends it.

use crate::broadcast::job::options::RunOptions;
use crate::broadcast::job::remaining::inspect_remaining;
use crate::broadcast::job::run::run;
use crate::broadcast::job::run_params::RunParams;
use crate::broadcast::job::settings::JobSettings;
use crate::error::{Error, ErrorKind, Result};
use crate::exit::Exit;
use crate::ledger::Job;
use crate::report;
use crate::seal::SealCheck;
use crate::send::interruptible_io::attentive;
use crate::send::trip::Trip;

/// Inspects a job, and sends what is left of it.
pub(crate) fn resume_job(trip: &Trip<'_>, flags: &RunOptions, job: &Job) -> Result<Exit> {
    let settings = JobSettings::parse(&job.intent.settings)?;
    if settings.holds_secrets {
        return Err(Error::new(
            ErrorKind::Ledger,
            format!("the ledger keeps no secrets, and the job {} needs one", job.label()),
        )
        .help(format!(
            "send the rest as a new job: `herald history --job {} --failed --as targets` lists the targets that are left",
            job.intent.id
        )));
    }
    let params = RunParams::new(trip, flags, &[])?;
    let fleet = attentive(trip.world.transport(trip.session, trip.sending)?);
    let trip = &Trip { listens: Some(fleet.as_ref()), ..*trip };
    let mut ledger = trip.world.open_ledger(trip.session, trip.sending)?;
    if let Some(until) =
        settings.planned_until_ms.filter(|until| *until < trip.session.edge.now_ms())
    {
        let until = report::time(until);
        trip.session.ui.warn(&format!(
            "the plan of this job held until {until}; what is left of it goes out as it was planned then"
        ));
    }
    // Read the job again: only this connection has the key of the seals.
    let job = &ledger.job(job.intent.id)?;
    let sending = match job.seal {
        SealCheck::Intact => settings.allowing(trip.sending, trip.vendor.contract()),
        SealCheck::Broken | SealCheck::Missing | SealCheck::NoKey => trip.sending.clone(),
    };
    let trip = &Trip { sending: &sending, ..*trip };
    let inspected = inspect_remaining(trip, &mut ledger, job, &settings)?;
    let seen = (inspected.intent, job.templates.clone());
    let params = params.for_resume(inspected.overridden, seen);
    run(trip, params, ledger, fleet.as_ref(), job.intent.id)
}
