//! Lists the targets of a job, one a line, as `--targets` takes them.

use std::ops::ControlFlow;

use serde_json::{Value as Json, json};

use crate::broadcast::job::remaining::can_be_resumed;
use crate::env::Env;
use crate::error::Result;
use crate::exit::Exit;
use crate::ledger::{BatchFilter, EntryStatus, Fate, Job, Ledger, TargetState};
use crate::report::{Format, counted};
use crate::text::suggest;

/// How many targets of a job certainly did not accept it, without those that it still sends to.
pub(crate) fn failed_targets(job: &Job) -> u64 {
    let later = if is_left_to_send(job) { job.targets.planned } else { 0 };
    job.targets.failed().saturating_sub(later)
}

/// Whether the targets that are not sent to yet are left to the job itself. A new job for them as well would reach them
/// twice.
fn is_left_to_send(job: &Job) -> bool {
    job.state.is_at_work() || can_be_resumed(job)
}

/// Lists the targets of a job: all of them, those with one outcome, or those that certainly did not accept it.
pub(crate) fn list_targets(
    env: &Env,
    ledger: &mut Ledger,
    job: &Job,
    wanted: Option<EntryStatus>,
    failed: bool,
) -> Result<Exit> {
    let is_left = is_left_to_send(job);
    let holds = |state: TargetState| {
        let later = is_left && state == TargetState::Planned;
        (!failed || state.has_failed() && !later)
            && wanted.is_none_or(|wanted| wanted.word() == state.word())
    };
    let ui = &env.ui;
    let (mut all, mut fault) = (Vec::new(), None);
    ledger.each_batch(job.intent.id, BatchFilter::All, &mut |batch| {
        // Without its kind, a target would be read as one of the vendor's usual kind.
        let kind = match job.template(batch.batch.template) {
            Ok(template) => template.kind.map(|kind| kind.word()),
            Err(error) => {
                fault = Some(error);
                return ControlFlow::Break(());
            }
        };
        for fate in batch.fates().filter(|fate| holds(fate.state)) {
            match ui.format {
                Format::Json => all.push(object(kind, &fate, job.is_of_sandbox())),
                Format::Ndjson => ui.json(&object(kind, &fate, job.is_of_sandbox())),
                _ => ui.line(&named(kind, &fate)),
            }
        }
        ControlFlow::Continue(())
    })?;
    if let Some(error) = fault {
        return Err(error);
    }
    if ui.format == Format::Json {
        ui.json(&json!({"version": 1, "targets": all}));
    }
    if failed {
        remark_on_others(env, job);
    }
    Ok(Exit::Done)
}

/// Reports targets that are not listed because it is unknown whether they received the message.
fn remark_on_others(env: &Env, job: &Job) {
    let is = |count: u64| if count == 1 { "is" } else { "are" };
    let (unknown, sending) = (job.targets.unknown, job.targets.sending);
    if unknown > 0 {
        env.ui.remark(&format!(
            "{} {} unknown and not listed: they may have got it; {} tells how they are settled",
            counted(unknown, "target"),
            is(unknown),
            suggest("history show").arg(job.label())
        ));
    }
    let planned = job.targets.planned;
    if planned > 0 && !job.state.is_at_work() && is_left_to_send(job) {
        env.ui.remark(&format!(
            "{} {} not sent yet and not listed: {} sends to {}",
            counted(planned, "target"),
            is(planned),
            job.resume_command(),
            if planned == 1 { "it" } else { "them" }
        ));
    }
    // If no process works on the job any more, these are unknown as well.
    if sending > 0 {
        env.ui.remark(&format!(
            "{} {} being sent right now and not listed",
            counted(sending, "target"),
            is(sending)
        ));
    }
}

fn named(kind: Option<&str>, fate: &Fate<'_>) -> String {
    kind.map_or_else(|| fate.target.to_owned(), |kind| format!("{kind}:{}", fate.target))
}

fn object(kind: Option<&str>, fate: &Fate<'_>, sandbox: bool) -> Json {
    json!({
        "version": 1,
        "target": named(kind, fate),
        "outcome": fate.state.word(),
        "sandbox": sandbox,
        "id": fate.id,
        "code": fate.code,
        "message": fate.message,
    })
}
