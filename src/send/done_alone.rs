//! Recalls and deletions of messages that the ledger does not know: which of them it has done before.

use std::collections::HashMap;
use std::ops::ControlFlow;

use crate::contract::{Effect, Verb};
use crate::error::Result;
use crate::ledger::{BatchFilter, Ending, Filter, Job, JobBatch, Ledger, LedgerEntry, TargetState};
use crate::outcome::Verdict;
use crate::report::SentReport;
use crate::send::context::SendContext;
use crate::send::delivery::Delivery;
use crate::send::followed;
use crate::send::open_ledger::ledger_to_read;
use crate::send::prepared_request::LintedRequest;
use crate::template::own_payload::OwnPayload;
use crate::text::suggest;

/// A request that was done before: what people call it, when it was done, and its outcome.
#[derive(Clone)]
struct EarlierRequest {
    label: String,
    at_ms: i64,
    report: SentReport,
}

/// The requests of jobs that are about no message of the ledger, by operation and payload.
type RequestsOfJobs = HashMap<(String, String), EarlierRequest>;

/// Leaves out the requests about messages by the vendor's ids alone that were done already, by themselves or in a job, says so,
/// and gives their outcomes. Only the same payload tells that it is the same: the ledger does not know who got the message.
pub(crate) fn leave_out_done(
    context: &SendContext<'_>,
    verb: Verb,
    requests: &mut Vec<LintedRequest>,
) -> Result<Vec<SentReport>> {
    let is_alone = |one: &LintedRequest| {
        one.about.is_none() && one.operation.effect == Effect::Destroys && !one.has_secrets
    };
    if !matches!(verb, Verb::Recall | Verb::Delete) || !requests.iter().any(is_alone) {
        return Ok(Vec::new());
    }
    let mut ledger = ledger_to_read(context.env, context.sending)?;
    let (provider, app) = (context.app.vendor.contract().id, context.app.id());
    let of_jobs = requests_of_jobs(context, &mut ledger, verb)?;
    let mut found: Vec<EarlierRequest> = Vec::new();
    for one in std::mem::take(requests) {
        let (operation, body) = (one.operation.id, one.kept.to_compact());
        let done = match is_alone(&one) {
            true => ledger
                .done_alone((context.app.realm(), provider, &app), operation, &body)?
                .map(of_entry)
                .or_else(|| of_jobs.get(&(operation.to_owned(), body)).cloned()),
            false => None,
        };
        match done {
            Some(done) => found.push(done),
            None => requests.push(one),
        }
    }
    if let Some(last) = found.iter().max_by_key(|one| one.at_ms) {
        let (done, at) = (verb.done(), context.env.local_time().minute(last.at_ms));
        let (count, last_at) = match found.len() {
            1 => (String::new(), "at"),
            count => (format!(": {count} messages"), "the last at"),
        };
        let left = if requests.is_empty() { "; nothing is left to do" } else { "" };
        let show = suggest("history show").arg(&last.label);
        let how = format!("{show} tells how");
        context.env.ui.remark(&format!("{done} already{count}, {last_at} {at} ({how}){left}"));
    }
    Ok(found.into_iter().map(|one| one.report).collect())
}

fn of_entry(entry: LedgerEntry) -> EarlierRequest {
    EarlierRequest {
        at_ms: entry.ending.as_ref().map_or(entry.intent.times.created_ms, |end| end.finished_ms),
        report: Delivery::of_entry(&entry),
        label: entry.short_id,
    }
}

/// What jobs of this command have done by the vendor's ids alone, with this app.
fn requests_of_jobs(
    context: &SendContext<'_>,
    ledger: &mut Ledger,
    verb: Verb,
) -> Result<RequestsOfJobs> {
    let (mut jobs, mut done) = (Vec::new(), RequestsOfJobs::new());
    let app = context.app.id();
    let filter = Filter {
        realm: Some(context.app.realm()),
        provider: Some(context.app.vendor.contract().id.to_owned()),
        ..Filter::default()
    };
    ledger.jobs(&filter, &mut |job| {
        let is_same = job.intent.verb == verb.word() && job.intent.app == app;
        if is_same && followed::about(&job.intent).is_empty() {
            jobs.push(job);
        }
        ControlFlow::Continue(())
    })?;
    for job in &jobs {
        ledger.each_batch(job.intent.id, BatchFilter::Reached, &mut |batch| {
            if let Some((key, request)) = of_batch(job, &batch) {
                done.entry(key).or_insert(request);
            }
            ControlFlow::Continue(())
        })?;
    }
    Ok(done)
}

/// A request of a job that was accepted as a whole.
fn of_batch(job: &Job, batch: &JobBatch) -> Option<((String, String), EarlierRequest)> {
    let accepted = TargetState::Decided(Verdict::Accepted);
    let is_done = batch.state == accepted && batch.fates().all(|fate| fate.state == accepted);
    let own = batch.batch.vars.as_deref().and_then(OwnPayload::parse).filter(|_| is_done)?;
    let operation = job.templates.get(batch.batch.template as usize)?.operation.clone();
    let ending = batch.ending.as_ref();
    let outcome = Ending::to_outcome(ending, Verdict::Accepted);
    let report = SentReport {
        provider: job.intent.provider.clone(),
        operation: operation.clone(),
        profile: job.intent.profile.clone(),
        sandbox: job.is_of_sandbox(),
        outcome,
        ledger_id: Some(job.intent.id.to_string()),
        short_id: Some(job.short_id.clone()),
        attempts: ending.map_or(0, |ending| ending.attempts),
        elapsed_ms: ending.map_or(0, |ending| ending.elapsed_ms),
        take_back: None,
    };
    let at_ms =
        ending.map(|ending| ending.finished_ms).or(batch.started_ms).unwrap_or(job.active_ms);
    let request = EarlierRequest { label: job.label(), at_ms, report };
    Some(((operation, own.body.to_compact()), request))
}
