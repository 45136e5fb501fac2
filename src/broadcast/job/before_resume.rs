//! What is settled before a job goes on: what is sent once more, and whether its message was recalled meanwhile.

use std::collections::HashSet;

use crate::broadcast::job::remaining::{can_be_resumed, check_bodies};
use crate::contract::Verb;
use crate::error::{Error, ErrorKind, Result};
use crate::ledger::{BatchKey, Job, Ledger, NotAccepted, ResolvedAs};
use crate::report::{FollowUpMark, counted};
use crate::send::context::SendContext;
use crate::send::followed::{Marked, marks};
use crate::template::own_payload;
use crate::text::suggest;

/// What people resolved as not accepted, and the run sends once more. Where something was sent since on the strength of that,
/// it may have gone to the same targets: then they stay as they are. Nothing is planned yet.
///
/// A job that follows up on messages is left as it is: the same command again finds what is left to do.
pub(crate) fn not_accepted(
    context: &SendContext<'_>,
    ledger: &mut Ledger,
    job: &Job,
) -> Result<Vec<NotAccepted>> {
    let is_resolved = job.resolutions.iter().any(|one| one.resolved == ResolvedAs::NotAccepted);
    if context.verb != Verb::Broadcast || !is_resolved || check_bodies(job).is_err() {
        return Ok(Vec::new());
    }
    let again = ledger.not_accepted(job.intent.id, &uncut(job))?;
    if again.is_empty() {
        return Ok(again);
    }
    if let Some(other) = ledger.sent_because_of_job(job)? {
        let list = suggest("history --job").arg(job.label()).words("--failed --as targets");
        context.env.ui.warn(&format!(
            "what was resolved as not accepted is left out: {other} was sent since, and may have gone to the same targets; \
             {list} lists them"
        ));
        return Ok(Vec::new());
    }
    Ok(again)
}

/// The templates whose batches are not cut.
fn uncut(job: &Job) -> Vec<u32> {
    let is_own = |slot: &Option<String>| slot.as_deref() == Some(own_payload::SLOT);
    let numbered = (0..).zip(&job.templates);
    numbered.filter(|(_, one)| is_own(&one.slot)).map(|(number, _)| number).collect()
}

/// The targets of a job that a resumed run sends to because they were resolved as not accepted, with their batches. A list
/// of those that failed leaves them out: each target is reached by the one or by the other.
pub(crate) fn left_to_resume(
    ledger: &mut Ledger,
    job: &Job,
) -> Result<HashSet<(BatchKey, String)>> {
    let is_resolved = job.resolutions.iter().any(|one| one.resolved == ResolvedAs::NotAccepted);
    if !job.sends() || !is_resolved || job.state.is_at_work() || !can_be_resumed(job) {
        return Ok(HashSet::new());
    }
    let again = ledger.still_not_accepted(job.intent.id, &uncut(job))?;
    if again.is_empty() || ledger.sent_because_of_job(job)?.is_some() {
        return Ok(HashSet::new());
    }
    let of_batch = |one: NotAccepted| {
        let key = one.batch.key;
        one.targets.into_iter().map(move |target| (key, target))
    };
    Ok(again.into_iter().flat_map(of_batch).collect())
}

/// Refuses to send the rest of a message that was recalled meanwhile, unless `--confirm` names the profile.
pub(crate) fn refuse_recalled(
    context: &SendContext<'_>,
    ledger: &mut Ledger,
    job: &Job,
    again: &[NotAccepted],
) -> Result<()> {
    let counts = job.counts();
    // Where targets cannot be counted, requests are.
    let of_again = |one: &NotAccepted| one.targets.len().max(1) as u64;
    let left = counts.total() - counts.ended() + again.iter().map(of_again).sum::<u64>();
    let is_confirmed = context.sending.confirm.as_deref() == Some(context.app.name());
    if left == 0 || is_confirmed {
        return Ok(());
    }
    let marks = marks(ledger, context.app.realm(), &[Marked::Job(job)])?;
    // Where one user alone no longer sees it, all others still do.
    let is_taken_back = |mark: &&FollowUpMark| {
        matches!(mark.verb, Verb::Recall | Verb::Delete) && mark.targets != Some(0)
    };
    let Some(mark) = marks.iter().flat_map(|all| &all.done).find(is_taken_back) else {
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
    .help(format!("nothing was sent; where the rest is to go out anyway: {resume}")))
}
