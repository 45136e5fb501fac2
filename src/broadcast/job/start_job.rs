//! Sends a broadcast as a new job.

use uuid::Uuid;

use crate::broadcast::job::broadcast_command::BroadcastCommand;
use crate::broadcast::job::job_intent::new_intent;
use crate::broadcast::job::open_job::open_job;
use crate::broadcast::job::run::run;
use crate::broadcast::job::run_params::RunParams;
use crate::error::Result;
use crate::exit::Exit;
use crate::send::context::SendContext;
use crate::send::interruptible_io::attentive;

/// Writes the job into the ledger, and runs it.
pub(crate) fn start_job(command: &BroadcastCommand<'_>) -> Result<Exit> {
    let (context, options) = (&command.context, command.options);
    let mut params = RunParams::new(context, &options.job.running, command.reads(), None)?;
    // A payload may come from stdin. Read it while a signal still ends the process.
    let composer = command.composer()?;
    let fleet = attentive(context.app.transport(context.env, context.sending)?);
    let context = &SendContext { listens: Some(fleet.as_ref()), ..*context };
    let mut ledger = context.app.open_ledger(context.env, context.sending)?;
    let intent = new_intent(context, Uuid::now_v7(), options.job.job.clone());
    let job = intent.id;
    ledger.plan_job(&intent)?;
    match open_job(command, context, composer, &mut ledger, fleet.as_ref(), job) {
        Ok(skipped) => params.skipped = Some(skipped),
        Err(error) => {
            // Nothing was sent, so keep no trace of the job.
            let _ = ledger.discard_job(job);
            return Err(error);
        }
    }
    run(context, params, ledger, fleet.as_ref(), job)
}
