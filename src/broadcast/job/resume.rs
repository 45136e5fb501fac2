//! What is left of a job, sent with the profile that it was begun with.

use crate::broadcast::job::options::RunOptions;
use crate::broadcast::job::remaining::inspect_remaining;
use crate::broadcast::job::run::{Leave, run};
use crate::broadcast::job::settings::JobSettings;
use crate::contract::Verb;
use crate::env::Env;
use crate::error::{Error, ErrorKind, Result};
use crate::exit::Exit;
use crate::ledger::{Job, JobState};
use crate::report::{self, time};
use crate::seal::SealCheck;
use crate::send::app::App;
use crate::send::context::SendContext;
use crate::send::interruptible_io::attentive;
use crate::send::open_ledger::jobs_called;
use crate::send::open_ledger::ledger_to_look;
use crate::send::open_ledger::realm_of;
use crate::send::options::SendOptions;

/// Goes on with a job, with the profile that it was begun with.
pub fn resume(env: &Env, name: &str, running: &RunOptions, sending: &SendOptions) -> Result<Exit> {
    running.check()?;
    sending.check()?;
    if sending.curl || sending.dry_run.is_some() {
        return Err(Error::usage("--resume sends what is left, and takes no --dry-run")
            .help("`herald history show JOB` tells what is left"));
    }
    let realm = realm_of(env, sending.sandbox);
    let mut ledger = ledger_to_look(env, sending)?;
    let job = one_to_resume(name, jobs_called(env, &mut ledger, realm, name)?)?;
    // Who closes it last puts the journal away, and this connection cannot.
    drop(ledger);
    let (provider, profile) = (&job.intent.provider, job.intent.profile.as_deref());
    for (flag, asked, own) in [
        ("--profile", &env.globals.profile, profile),
        ("--provider", &env.globals.provider, Some(provider.as_str())),
    ] {
        if let Some(asked) = asked.as_deref().filter(|asked| own != Some(asked)) {
            let own = own.unwrap_or("none");
            return Err(Error::usage(format!(
                "the job was begun with {flag} {own}, and this says {asked}"
            ))
            .help(format!("leave {flag} out")));
        }
    }
    let app = App::open_as(env, sending, provider, profile)?;
    if app.id() != job.intent.app || app.base() != job.intent.endpoint {
        return Err(Error::input(format!(
            "the job was begun for the app `{}` at {}, and the profile is now for `{}` at {}",
            job.intent.app,
            job.intent.endpoint,
            app.id(),
            app.base()
        ))
        .help("nothing was sent; set the profile back, or send the rest as a new job"));
    }
    app.require_complete()?;
    let context = SendContext::new(env, sending, &app, Verb::Broadcast);
    take_up(&context, running, &job)
}

/// Of the jobs of a name the only one that has something left and nobody at work on it, or else the latest.
fn one_to_resume(name: &str, mut jobs: Vec<Job>) -> Result<Job> {
    let waits = |job: &Job| matches!(job.state, JobState::Stopped | JobState::Interrupted);
    let waiting: Vec<usize> = (0..jobs.len()).filter(|place| waits(&jobs[*place])).collect();
    let place = match waiting[..] {
        [place] => place,
        [] => jobs.iter().position(|job| job.state.is_at_work()).unwrap_or(0),
        _ => {
            let told = waiting.iter().map(|place| {
                let job = &jobs[*place];
                let (left, total) = (job.counts().planned, job.counts().total());
                format!(
                    "{} ({left} of {total} left, {})",
                    job.intent.id,
                    time(job.intent.created_ms)
                )
            });
            let told = told.collect::<Vec<_>>().join(", ");
            return Err(Error::usage(format!("several jobs `{name}` have something left"))
                .help(format!("name one by its id: {told}")));
        }
    };
    Ok(jobs.swap_remove(place))
}

/// Takes up a job that has batches left.
fn take_up(context: &SendContext<'_>, flags: &RunOptions, job: &Job) -> Result<Exit> {
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
    let leave = Leave::of(context, flags, &[])?;
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
    // With the key of the seals, which the ledger that was looked into had not.
    let job = &ledger.job(job.intent.id)?;
    let sending = match job.seal {
        SealCheck::Intact => settings.allowing(context.sending, context.app.vendor.contract()),
        SealCheck::Broken | SealCheck::Missing | SealCheck::NoKey => context.sending.clone(),
    };
    let context = &SendContext { sending: &sending, ..*context };
    let looked_at = inspect_remaining(context, &mut ledger, job, &settings)?;
    let overridden = looked_at.overridden.iter().map(|guard| guard.word().to_owned()).collect();
    let leave = leave.resuming(overridden, (looked_at.intent, job.templates.clone()));
    run(context, leave, ledger, fleet.as_ref(), job.intent.id)
}
