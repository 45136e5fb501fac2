//! `herald broadcast --resume JOB`: finds the job, and opens the profile of its first command.

use crate::broadcast::job::options::RunOptions;
use crate::broadcast::job::resume_job::resume_job;
use crate::contract::Verb;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::ledger::{Job, JobState};
use crate::report::LocalTime;
use crate::send::context::SendContext;
use crate::send::named::{NamePurpose, jobs_called};
use crate::send::open_ledger::ledger_to_look;
use crate::send::open_ledger::realm_of;
use crate::send::options::SendOptions;
use crate::send::sent_with::SentWith;
use crate::text::suggest;

/// Resumes a job, with the profile of its first command.
pub fn resume(env: &Env, name: &str, running: &RunOptions, sending: &SendOptions) -> Result<Exit> {
    running.check(&env.ui)?;
    sending.check()?;
    if sending.curl || sending.dry_run.is_some() {
        return Err(Error::usage("--resume sends what is left, and takes no --dry-run")
            .help(format!("{} tells what is left", suggest("history show").arg(name))));
    }
    let realm = realm_of(env, sending.sandbox);
    let mut ledger = ledger_to_look(env, sending)?;
    let job = find_job(
        &env.local_time(),
        name,
        jobs_called(env, &mut ledger, realm, name, NamePurpose::Change)?,
    )?;
    // The last connection that closes the ledger removes its journal. This one is read-only and cannot.
    drop(ledger);
    let begun = SentWith::of_job(&job);
    // A profile of the same app takes the place of one that is not defined any more.
    if begun.lost_profile(env)?.is_none() {
        begun.check_profile_flag(env)?;
    }
    begun.check_provider_flag(env)?;
    let app = begun.open(env, sending)?;
    begun.check_app(&app, ", or send the rest as a new job")?;
    app.require_complete()?;
    let verb = Verb::follow_up(&job.intent.verb).unwrap_or(Verb::Broadcast);
    let context = SendContext { is_job: true, ..SendContext::new(env, sending, &app, verb) };
    resume_job(&context, running, &job)
}

/// The job to resume of those with a name: the only one with requests left that no process works on. Without one, the
/// job that a process works on, or the latest.
fn find_job(local: &LocalTime, name: &str, mut jobs: Vec<Job>) -> Result<Job> {
    let waits = |job: &Job| matches!(job.state, JobState::Stopped | JobState::Interrupted);
    let waiting: Vec<usize> = (0..jobs.len()).filter(|place| waits(&jobs[*place])).collect();
    let place = match waiting[..] {
        [place] => place,
        [] => jobs.iter().position(|job| job.state.is_at_work()).unwrap_or(0),
        _ => {
            let listed = waiting.iter().map(|place| {
                let job = &jobs[*place];
                let (left, total) = (job.counts().planned, job.counts().total());
                let created = local.second(job.intent.created_ms);
                format!("\n{}  {created}  {left} of {total} left", job.short_id)
            });
            let listed: String = listed.collect();
            return Err(Error::usage(format!("several jobs `{name}` have something left"))
                .help(format!("name one by its id:{listed}")));
        }
    };
    Ok(jobs.swap_remove(place))
}
