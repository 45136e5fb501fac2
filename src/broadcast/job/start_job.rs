//! Sends a broadcast as a new job.

use uuid::Uuid;

use crate::broadcast::job::broadcast_command::BroadcastCommand;
use crate::broadcast::job::job_intent::new_intent;
use crate::broadcast::job::open_job::open_job;
use crate::broadcast::job::run::run;
use crate::broadcast::job::run_params::RunParams;
use crate::error::Result;
use crate::exit::Exit;
use crate::send::interruptible_io::attentive;
use crate::send::trip::Trip;

/// Writes the job into the ledger, and runs it.
pub(crate) fn start_job(command: &BroadcastCommand<'_>) -> Result<Exit> {
    let (trip, options) = (&command.trip, command.options);
    let reads = [
        ("the list of targets", options.list.targets.as_deref()),
        ("the payload", options.message.payload.body.as_deref()),
    ];
    let mut params = RunParams::new(trip, &options.job.running, &reads)?;
    // A payload may come from stdin. Read it while a signal still ends the process.
    let composer = command.composer()?;
    let fleet = attentive(trip.world.transport(trip.session, trip.sending)?);
    let trip = &Trip { listens: Some(fleet.as_ref()), ..*trip };
    let mut ledger = trip.world.open_ledger(trip.session, trip.sending)?;
    let intent = new_intent(trip, Uuid::now_v7(), options.job.job.clone());
    let job = intent.id;
    ledger.plan_job(&intent)?;
    match open_job(command, trip, composer, &mut ledger, fleet.as_ref(), job) {
        Ok(skipped) => params.skipped = Some(skipped),
        Err(error) => {
            // Nothing was sent, so keep no trace of the job.
            let _ = ledger.discard_job(job);
            return Err(error);
        }
    }
    run(trip, params, ledger, fleet.as_ref(), job)
}
