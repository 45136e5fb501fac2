//! Inspects what is left of a job, and sends it.

use crate::broadcast::job::options::RunOptions;
use crate::broadcast::job::remaining::inspect_remaining;
use crate::broadcast::job::run::run;
use crate::broadcast::job::run_params::RunParams;
use crate::broadcast::job::settings::JobSettings;
use crate::contract::Verb;
use crate::error::{Error, ErrorKind, Result};
use crate::exit::Exit;
use crate::ledger::{Job, Ledger};
use crate::report::{self, counted};
use crate::seal::SealCheck;
use crate::send::context::SendContext;
use crate::send::followed::{Marked, marks};
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
    let params = RunParams::new(context, flags, Vec::new())?;
    let fleet = attentive(context.app.transport(context.env, context.sending)?);
    let context = &SendContext { listens: Some(fleet.as_ref()), ..*context };
    let mut ledger = context.app.open_ledger(context.env, context.sending)?;
    if let Some(until) =
        settings.planned_until_ms.filter(|until| *until < context.env.system.now_ms())
    {
        let until = report::time(until);
        context.env.ui.warn(&format!(
            "the plan of this job held until {until}; what is left of it goes out as it was planned then"
        ));
    }
    // Read the job again: only this connection has the key of the seals.
    let job = &ledger.job(job.intent.id)?;
    refuse_recalled(context, &mut ledger, job)?;
    let sending = match job.seal {
        SealCheck::Intact => settings.allowing(context.sending, context.app.vendor.contract()),
        SealCheck::Broken | SealCheck::Missing | SealCheck::NoKey => context.sending.clone(),
    };
    let context = &SendContext { sending: &sending, ..*context };
    let inspected = inspect_remaining(context, &mut ledger, job, &settings)?;
    let seen = (inspected.intent, job.templates.clone());
    let params = params.for_resume(inspected.overridden, seen);
    run(context, params, ledger, fleet.as_ref(), job.intent.id)
}

/// Refuses to send the rest of a message that was recalled meanwhile, unless `--confirm` names the profile.
fn refuse_recalled(context: &SendContext<'_>, ledger: &mut Ledger, job: &Job) -> Result<()> {
    let counts = job.counts();
    let left = counts.total() - counts.ended();
    let is_confirmed = context.sending.confirm.as_deref() == Some(context.app.name());
    if left == 0 || is_confirmed {
        return Ok(());
    }
    let marks = marks(ledger, context.app.realm(), &[Marked::Job(job)])?;
    let is_taken_back = |verb| matches!(verb, Verb::Recall | Verb::Delete);
    let Some(mark) = marks.iter().flat_map(|all| &all.done).find(|one| is_taken_back(one.verb))
    else {
        return Ok(());
    };
    let label = job.label();
    let resume = job.resume_command().words("--confirm").arg(context.app.name());
    Err(Error::new(
        ErrorKind::Guard,
        format!(
            "{} targets of the job {label} were {}, and {} of it would go out now",
            mark.counts(),
            mark.verb.done(),
            counted(left, "target")
        ),
    )
    .help(format!("nothing was sent; where the rest is to go out all the same: {resume}")))
}
