//! The job that follows up on messages: planned from its requests, judged by the guards, opened, and run.

use uuid::Uuid;

use crate::broadcast::job::follow_up_again::open;
use crate::broadcast::job::follow_up_plan::{name, opening, plan};
use crate::broadcast::job::job_intent::new_intent;
use crate::broadcast::job::options::RunOptions;
use crate::broadcast::job::run::run;
use crate::broadcast::job::run_params::RunParams;
use crate::error::Result;
use crate::exit::Exit;
use crate::files::KeptFile;
use crate::send::composed_follow_ups::ComposedFollowUps;
use crate::send::context::SendContext;
use crate::send::guard_prompt::{self, GuardSubject};
use crate::send::interruptible_io::attentive;
use crate::send::pipeline::ReadyRequests;
use crate::send::prepared_request::LintedRequest;

/// Whether requests need no job: one about a message that has none, or such as the ledger cannot keep.
pub(crate) fn is_one_request(ready: &[LintedRequest]) -> bool {
    // Files would have to be uploaded again in each later run, and secrets are not kept.
    let needs_this_run = |one: &LintedRequest| !one.uploads.is_empty() || one.has_secrets;
    let is_of_job =
        |one: &LintedRequest| one.about.as_ref().is_some_and(|about| about.batch.is_some());
    ready.iter().any(needs_this_run) || ready.len() == 1 && !ready.iter().any(is_of_job)
}

/// Writes the job into the ledger, and runs it.
pub(crate) fn start_follow_up(
    context: &SendContext<'_>,
    follow_ups: &ComposedFollowUps,
    ready: ReadyRequests,
    (running, reads): (&RunOptions, Vec<KeptFile>),
) -> Result<Exit> {
    context.app.require_complete()?;
    let params = RunParams::new(context, running, reads, None)?;
    let fleet = attentive(context.app.transport(context.env, context.sending)?);
    let context = &SendContext { listens: Some(fleet.as_ref()), ..*context };
    let ReadyRequests { requests: ready, braces, .. } = ready;
    let requests: Vec<_> = ready.iter().map(LintedRequest::to_guard).collect();
    let about = ready.iter().find_map(|one| one.message(context));
    let about = about.as_ref().map(|(operation, body)| (*operation, body));
    let passed =
        guard_prompt::pass(context, &GuardSubject { about, ..GuardSubject::all(&requests) })?;
    drop(requests);
    braces?;
    let mut ledger = context.app.open_ledger(context.env, context.sending)?;
    let name = name(follow_ups, context, &mut ledger)?;
    let intent = new_intent(context, Uuid::now_v7(), name);
    let job = intent.id;
    ledger.plan_job(&intent)?;
    let opening = opening(context, &ready, &passed);
    let opened = plan(context, &mut ledger, fleet.as_ref(), job, ready)
        .and_then(|()| open(context, &mut ledger, (job, &opening), follow_ups));
    if let Err(error) = opened {
        // Nothing was sent, so keep no trace of the job.
        let _ = ledger.discard_job(job);
        return Err(error);
    }
    run(context, params, ledger, fleet.as_ref(), job)
}
