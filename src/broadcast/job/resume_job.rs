//! Inspects what is left of a job, and sends it.

use crate::broadcast::job::before_resume::{not_accepted, refuse_recalled};
use crate::broadcast::job::options::RunOptions;
use crate::broadcast::job::remaining::inspect_remaining;
use crate::broadcast::job::run::run;
use crate::broadcast::job::run_params::RunParams;
use crate::broadcast::job::settings::JobSettings;
use crate::error::{Error, ErrorKind, Result};
use crate::exit::Exit;
use crate::ledger::Job;
use crate::seal::SealCheck;
use crate::send::context::SendContext;
use crate::send::interruptible_io::attentive;
use crate::text::suggest;

/// Inspects a job, and sends what is left of it.
pub(crate) fn resume_job(context: &SendContext<'_>, flags: &RunOptions, job: &Job) -> Result<Exit> {
    let settings = JobSettings::parse(&job.intent.settings)?;
    if settings.holds_secrets {
        return Err(Error::new(
            ErrorKind::Ledger,
            format!("the ledger keeps no secrets, and the job {} needs one", job.label()),
        )
        .help(format!(
            "send the rest as a new job: {} lists the targets that are left",
            suggest("history --job").arg(job.label()).words("--failed --as targets")
        )));
    }
    let params = RunParams::new(context, flags, Vec::new(), Some(job.intent.id))?;
    let fleet = attentive(context.app.transport(context.env, context.sending)?);
    let context = &SendContext { listens: Some(fleet.as_ref()), ..*context };
    let mut ledger = context.app.open_ledger(context.env, context.sending)?;
    if let Some(until) =
        settings.planned_until_ms.filter(|until| *until < context.env.system.now_ms())
    {
        let until = context.env.local_time().second(until);
        context.env.ui.warn(&format!(
            "the plan of this job was valid until {until}; what is left of it goes out as it was planned then"
        ));
    }
    // Read the job again: only this connection has the key of the seals.
    let job = ledger.job(job.intent.id)?;
    let again = not_accepted(context, &mut ledger, &job)?;
    let job = &ledger.job(job.intent.id)?;
    refuse_recalled(context, &mut ledger, job, &again)?;
    let sending = match job.seal {
        SealCheck::Intact => settings.allowing(context.sending, context.app.vendor.contract()),
        SealCheck::Broken | SealCheck::Missing | SealCheck::NoKey => context.sending.clone(),
    };
    let context = &SendContext { sending: &sending, ..*context };
    let inspected =
        inspect_remaining(context, &mut ledger, (job, &again), &settings).map_err(|error| {
            match error.kind().is_of_a_signal() {
                true => error.help(format!("to continue: {}", job.resume_command())),
                false => error,
            }
        })?;
    let seen = (inspected.intent, job.templates.clone());
    let mut params = params.for_resume(inspected.overridden, seen);
    params.again = again;
    run(context, params, ledger, fleet.as_ref(), job.intent.id)
}
