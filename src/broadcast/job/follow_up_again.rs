//! A follow-up that was begun before: it is gone on with, or it is done.

use uuid::Uuid;

use crate::broadcast::job::options::RunOptions;
use crate::broadcast::job::resume_job::resume_job;
use crate::error::{Error, ErrorKind, Result};
use crate::exit::Exit;
use crate::ledger::{ConflictingJob, EntryStatus, Job, JobState, Ledger, LedgerEntry, Opening};
use crate::report::{SentReport, Ui, counted};
use crate::send::compose::Composed;
use crate::send::composed_follow_ups::ComposedFollowUps;
use crate::send::context::SendContext;
use crate::send::delivery::Delivery;
use crate::send::earlier_follow_ups::EarlierFollowUps;
use crate::send::followed;
use crate::send::guard_prompt;
use crate::send::other_follow_ups::{at_work, has_some_left, in_the_way, request_at_work};
use crate::text::suggest;

/// A job that has done a part of the same before, and has requests left. Another one beside it would do some of them twice,
/// and so would one beside a request that is under way.
pub(crate) fn unfinished<'f>(
    follow_ups: &'f ComposedFollowUps,
    composed: &[Composed],
) -> Result<Option<&'f Job>> {
    let ComposedFollowUps { verb, look, followed, is_narrowed, .. } = follow_ups;
    let under_way = |entry: &&LedgerEntry| entry.status == EntryStatus::Sending;
    if let Some(entry) = followed.entries.iter().find(under_way) {
        return Err(request_at_work(*verb, &entry.short_id));
    }
    let is_left = |job: &&Job| job.state != JobState::Finished;
    let Some(job) = followed.jobs.iter().find(is_left) else { return Ok(None) };
    if job.state.is_at_work() {
        return Err(at_work(*verb, job.label()));
    }
    let own = followed::about(&job.intent);
    let left = composed.iter().filter_map(|one| one.about.as_ref());
    let is_all = own.iter().all(|id| look.about.contains(id));
    if is_all && !is_narrowed && left.clone().all(|about| own.contains(&about.id)) {
        return Ok(Some(job));
    }
    Err(has_some_left(*verb, job))
}

/// Opens a job, unless another one of the same command, about some of the same messages, was opened or taken up since the
/// command looked at what was done before.
pub(crate) fn open(
    context: &SendContext<'_>,
    ledger: &mut Ledger,
    (job, opening): (Uuid, &Opening),
    follow_ups: &ComposedFollowUps,
) -> Result<()> {
    let look = &follow_ups.look;
    let rival = Some(ConflictingJob::FollowUp(look.others(&look.about)));
    match guard_prompt::open_beside(context, ledger, job, opening, rival)? {
        None => Ok(()),
        Some(other) => Err(in_the_way(ledger, follow_ups.verb, other)?),
    }
}

/// Goes on with a job that was halted.
pub(crate) fn go_on(context: &SendContext<'_>, running: &RunOptions, job: &Job) -> Result<Exit> {
    context.app.require_complete()?;
    let (done, all) = (job.counts().accepted, job.counts().total());
    context.env.ui.remark(&format!(
        "{} has {} {done} of {all} targets; it continues what is left",
        job.label(),
        context.verb.done(),
    ));
    resume_job(&SendContext { is_job: true, ..*context }, running, job)
}

/// Reports what was done before, where nothing is left to do.
pub(crate) fn nothing_left(
    context: &SendContext<'_>,
    follow_ups: &ComposedFollowUps,
    running: &RunOptions,
) -> Result<Exit> {
    let ComposedFollowUps { followed, is_narrowed, .. } = follow_ups;
    // A job that was about others as well has figures of its own, and so has one of which a part was out of reach.
    let is_other = |job: &&Job| *is_narrowed || job.intent.aside() > 0;
    if let Some(job) = followed.jobs.first().filter(is_other) {
        let earlier = earlier_report(context, follow_ups, job);
        return Ok(Delivery::of_reports(vec![earlier]).tell(&context.env.ui));
    }
    if let Some(job) = followed.jobs.first() {
        context.app.require_complete()?;
        return resume_job(&SendContext { is_job: true, ..*context }, running, job);
    }
    let Some(entry) = followed.entries.first() else {
        return Err(Error::new(ErrorKind::Bug, "nothing is left, and nothing was done"));
    };
    Ok(Delivery::of_reports(vec![Delivery::of_entry(entry)]).tell(&context.env.ui))
}

/// What was done before with the targets that are named.
fn earlier_report(
    context: &SendContext<'_>,
    follow_ups: &ComposedFollowUps,
    job: &Job,
) -> SentReport {
    let app = context.app;
    SentReport {
        provider: app.vendor.contract().id.to_owned(),
        operation: job.templates.first().map(|one| one.operation.clone()).unwrap_or_default(),
        profile: app.account.profile.clone(),
        sandbox: app.sandbox,
        outcome: follow_ups.earlier.outcome(),
        ledger_id: Some(job.intent.id.to_string()),
        short_id: Some(job.short_id.clone()),
        attempts: 0,
        elapsed_ms: 0,
        take_back: None,
    }
}

/// Says what may have been done before and is not repeated.
pub(crate) fn tell_doubts(ui: &Ui, follow_ups: &ComposedFollowUps, earlier: &EarlierFollowUps) {
    let ComposedFollowUps { verb, followed, .. } = follow_ups;
    if earlier.again() > 0 {
        ui.remark(&format!(
            "{} of an earlier {} may have been done; they are not left out, since a repeat changes nothing",
            counted(earlier.again(), "target"),
            verb.word()
        ));
    }
    if earlier.doubts() == 0 {
        return;
    }
    let verb = verb.word();
    let by = followed.jobs.first().map(Job::label);
    let by = by.or_else(|| followed.entries.first().map(|entry| entry.short_id.clone()));
    let settle = by.map(|by| {
        let settle = suggest("history resolve").arg(by).words("--not-accepted");
        format!(", then {settle} lets it be done again")
    });
    ui.warn(&format!(
        "{} of an earlier {verb} may have been done, and a repeat is not free of effect by the vendor's contract: left out; \
         look at the vendor{}",
        counted(earlier.doubts(), "target"),
        settle.unwrap_or_default()
    ));
}
