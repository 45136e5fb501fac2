//! The report of a run: JSON for scripts, and a table for users.

use std::ops::ControlFlow;

use serde_json::{Map, Value as Json, json};

use crate::broadcast::job::ledger_failure::halted_by_ledger;
use crate::broadcast::job::settings::holds_secrets;
use crate::broadcast::ports::RunReport;
use crate::error::{ErrorKind, Result};
use crate::exit::Exit;
use crate::ledger::{BatchFilter, Counts, Ending, Job, JobBatch, JobEnd, JobState, Ledger};
use crate::outcome::{Outcome, Verdict, first_id};
use crate::provider::{self, find_operation};
use crate::report::{
    Format, Ui, completed, counted, error_object, failure, failure_in_words, history_batches,
    marked, table,
};
use crate::send::executor::Halt;
use crate::send::guard_prompt;
use crate::text::escape;
use crate::text::suggest;

/// The most requests in the JSON. `history show` has all.
const MAX_BATCHES_SHOWN: usize = 20;

/// The most ids of requests in the table.
const MAX_IDS_SHOWN: usize = 3;

/// A finished run.
pub(crate) struct FinishedRun<'a> {
    /// The job as the ledger has it now.
    pub(crate) job: &'a Job,
    /// The report of the engine.
    pub(crate) report: &'a RunReport,
    /// How long it took.
    pub(crate) elapsed_ms: u64,
    /// How it can be recalled, for scripts.
    pub(crate) recall: Json,
    /// How many targets belong to the same command, and no request could be made for: what became of them is not known.
    pub(crate) aside: u64,
}

impl FinishedRun<'_> {
    /// The targets by state, with those for which no request could be made.
    fn counts(&self) -> Counts {
        let mut counts = *self.job.counts();
        counts.unknown += self.aside;
        counts
    }
}

/// Prints the report of a run, and returns the exit code.
pub(crate) fn print_summary(ui: &Ui, ledger: &mut Ledger, run: &FinishedRun<'_>) -> Result<Exit> {
    let FinishedRun { job, report, .. } = run;
    // The requests are sent, so report them also where the ledger cannot be read.
    let first = first_batches(ledger, job).unwrap_or_else(|error| {
        ui.warn(&format!("the ledger cannot be read: {}", error.full_message()));
        Vec::new()
    });
    match ui.format {
        Format::Json | Format::Ndjson => ui.json(&document(run, &first)),
        _ => {
            ui.line(table(ui, &["", ""], &facts(run, &first)).trim_end());
        }
    }
    match &report.halt {
        Some(Halt::Fault(error)) => ui.complain_beside(error),
        Some(halt) => ui.warn(&halt_words(halt, report.last.as_ref(), ledger)),
        None => {}
    }
    if !ui.is_machine()
        && let Some(advice) = advice(run)
    {
        ui.remark(&escape(&advice));
    }
    Ok(exit(run))
}

/// The first requests of a job.
fn first_batches(ledger: &mut Ledger, job: &Job) -> Result<Vec<JobBatch>> {
    let mut first = Vec::new();
    ledger.each_batch(job.intent.id, BatchFilter::All, &mut |batch| {
        first.push(batch);
        if first.len() < MAX_BATCHES_SHOWN {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    })?;
    Ok(first)
}

/// The outcome of the only request of a job. The report has it where the report of a single send has it.
fn only<'a>(job: &Job, first: &'a [JobBatch]) -> Option<&'a Ending> {
    if job.batches.total() == 1 { first.first()?.ending.as_ref() } else { None }
}

/// The vendor's ids of the first requests, and how many more requests there are.
fn first_ids(job: &Job, first: &[JobBatch]) -> Option<String> {
    let endings = first.iter().filter_map(|batch| batch.ending.as_ref());
    let ids: Vec<&str> =
        endings.filter_map(|ending| first_id(&ending.ids)).take(MAX_IDS_SHOWN).collect();
    let more = job.batches.total().saturating_sub(ids.len() as u64);
    let rest = || {
        format!(
            "; {} has those of all {} requests",
            suggest("history show").arg(job.label()),
            job.batches.total()
        )
    };
    (!ids.is_empty()).then(|| ids.join(", ") + &if more > 0 { rest() } else { String::new() })
}

/// One verdict over all targets.
fn verdict(counts: &Counts, halt: Option<&Halt>) -> Verdict {
    let left = counts.planned + counts.unavailable;
    let reached = counts.accepted + counts.partial;
    if counts.unknown + counts.sending > 0 {
        Verdict::Unknown
    } else if reached > 0 && (counts.rejected + left > 0 || counts.partial > 0) {
        Verdict::Partial
    } else if reached > 0 {
        Verdict::Accepted
    } else if matches!(halt, Some(Halt::Denied)) {
        Verdict::Denied
    } else if counts.rejected > 0 {
        Verdict::Rejected
    } else {
        Verdict::Unavailable
    }
}

/// The exit code: from a signal, else from the vendor's answers, else from an error of herald.
fn exit(run: &FinishedRun<'_>) -> Exit {
    let report = run.report;
    let verdict = verdict(&run.counts(), report.halt.as_ref());
    let unsent = verdict == Verdict::Unavailable && report.requests == 0;
    match &report.halt {
        Some(Halt::Signal(stop)) => stop.exit(),
        Some(Halt::Fault(error)) if unsent || halted_by_ledger(report) => error.exit(),
        Some(Halt::NoRoom) if unsent => Exit::Input,
        Some(Halt::Quota) if verdict == Verdict::Unavailable => Exit::Guard,
        _ => verdict.exit(),
    }
}

/// Why a run ended early, in words.
fn halt_words(halt: &Halt, last: Option<&Outcome>, ledger: &Ledger) -> String {
    match halt {
        Halt::Asked => "stopped by `stop`".to_owned(),
        Halt::Signal(stop) => stop.word().to_owned(),
        Halt::Deadline => "the deadline has passed".to_owned(),
        Halt::RateLimit(wait) => format!(
            "halted: the vendor's rate limit allows the next request in {:.0} s, which is after the deadline",
            wait.as_secs_f64().ceil()
        ),
        Halt::Denied => "halted: the vendor refuses the credentials or the right".to_owned(),
        Halt::Silence => match last.and_then(|last| last.failure.as_ref()) {
            Some(failure) => format!("halted: {}", failure.words()),
            None => "halted: the server fails without saying what it did".to_owned(),
        },
        Halt::Unreachable(why) => format!("halted: {why}"),
        Halt::Redirected => "halted: the endpoint sends requests elsewhere".to_owned(),
        Halt::Failures { failed, of } => {
            format!(
                "halted by --abort-above: {failed} of {of} targets failed; \
                 to go on all the same, resume it with a higher --abort-above"
            )
        }
        Halt::Payload => "halted: the vendor rejects the payload, whoever gets it".to_owned(),
        Halt::Throttled => "halted: the vendor has had enough for now".to_owned(),
        Halt::NoRoom => match ledger.no_room() {
            Some(why) => format!("halted: there is no room for the ledger: {why}"),
            None => "halted: there is no room for the ledger".to_owned(),
        },
        Halt::Quota => "halted by the guard `quota`: the vendor takes no more calls for now; \
                        --override quota goes on all the same"
            .to_owned(),
        Halt::Fault(error) => format!("halted: {error}"),
    }
}

/// Why a run ended early, as one word for scripts.
fn halt_word(halt: &Halt) -> &str {
    match halt {
        Halt::Asked => "stopped",
        Halt::Signal(stop) => stop.kind().word(),
        Halt::Deadline | Halt::RateLimit(_) => "deadline",
        Halt::Denied => "denied",
        Halt::Silence => "silence",
        Halt::Unreachable(_) => "unreachable",
        Halt::Redirected => "redirected",
        Halt::Failures { .. } => "abort-above",
        Halt::Payload => "payload",
        Halt::Throttled => "throttled",
        Halt::NoRoom => "disk-full",
        Halt::Quota => "quota",
        Halt::Fault(error) => guard_prompt::halts(error).unwrap_or("fault"),
    }
}

/// How a run ended, for the ledger and for scripts. Where targets are left although nothing halted it, the vendor took
/// them for now in no attempt: it is down.
pub(crate) fn job_end(report: &RunReport) -> JobEnd {
    let is_unanswered = report.last.as_ref().is_some_and(|last| last.failure.is_some());
    let is_left = report.tally.decided() < report.tally.total;
    match &report.halt {
        None if is_left || report.tally.unavailable > 0 => JobEnd::VendorDown,
        None => JobEnd::Finished,
        Some(Halt::Asked) => JobEnd::Stopped,
        Some(Halt::Deadline) if is_unanswered => JobEnd::VendorDown,
        Some(Halt::Signal(_) | Halt::Deadline | Halt::RateLimit(_)) => JobEnd::Interrupted,
        Some(Halt::Silence | Halt::Unreachable(_) | Halt::Throttled) => JobEnd::VendorDown,
        Some(Halt::Quota) => JobEnd::Guard,
        Some(Halt::Fault(error)) if guard_prompt::halts(error).is_some() => JobEnd::Guard,
        Some(Halt::Fault(error)) if error.kind().is_of_a_signal() => JobEnd::Interrupted,
        Some(Halt::Fault(error)) if error.kind() == ErrorKind::Unavailable => JobEnd::VendorDown,
        Some(
            Halt::Denied
            | Halt::Redirected
            | Halt::Failures { .. }
            | Halt::Payload
            | Halt::NoRoom
            | Halt::Fault(_),
        ) => JobEnd::Aborted,
    }
}

/// What the user can do now.
fn advice(run: &FinishedRun<'_>) -> Option<String> {
    let FinishedRun { job, report, .. } = run;
    let id = job.label();
    let mut advice = Vec::new();
    let keeps_payloads = job.templates.iter().all(|template| !template.body.is_empty())
        && !holds_secrets(&job.intent);
    let goes_on = job.state != JobState::Finished && !halted_by_ledger(report);
    if job.counts().planned > 0 && goes_on && keeps_payloads {
        advice.push(format!(
            "{} goes on; left: {}",
            job.exact_resume_command(),
            counted(job.counts().planned, counted_thing(job))
        ));
    }
    if job.counts().unknown > 0 {
        let unknown = counted(job.counts().unknown, counted_thing(job));
        let vendor = provider::find(&job.intent.provider);
        let resolve = suggest("history resolve").arg(&id);
        advice.push(match vendor.is_ok_and(|vendor| vendor.id_search().is_some()) {
            true => {
                let look = resolve.words("--check");
                format!("unknown: {unknown}; {look} looks for them before you send again")
            }
            false => format!("unknown: {unknown}; find out before you send to them again, then say so with {resolve}"),
        });
    }
    let failed = job.counts().rejected + job.counts().unavailable;
    if job.targets.total() > 0 && (failed > 0 || job.counts().planned > 0 && !keeps_payloads) {
        let list = suggest("history --job").arg(&id).words("--failed --as targets");
        advice.push(format!("{list} lists whom it did not reach"));
    }
    advice.extend(lost_in_crash(run));
    let last = report.last.as_ref().filter(|_| job.counts().accepted != job.counts().total());
    advice.extend(last.and_then(outcome_advice));
    (!advice.is_empty()).then(|| advice.join("; "))
}

/// What `accepted` is worth where a server that queues went away.
fn lost_in_crash(run: &FinishedRun<'_>) -> Option<String> {
    let FinishedRun { job, report, .. } = run;
    let is_gone = matches!(report.halt, Some(Halt::Silence | Halt::Unreachable(_)))
        || report.last.as_ref().is_some_and(|last| last.failure.is_some());
    if !is_gone || job.counts().accepted == 0 {
        return None;
    }
    let operation = &job.templates.first()?.operation;
    let (_, operation) = find_operation(&format!("{}/{operation}", job.intent.provider)).ok()?;
    let queued = operation.queued.filter(|queued| queued.volatile)?;
    Some(queued.words.to_string().trim_end_matches('.').to_owned())
}

/// What the user can do about the outcome of one request.
fn outcome_advice(last: &Outcome) -> Option<String> {
    // The general advice may say that nothing was sent, which may be wrong for the job. So take that of the cause.
    let unsent = last.failure.as_ref().filter(|failure| failure.is_before_sending());
    unsent.map(|failure| failure.cause.advice().to_owned()).or_else(|| last.advice.clone())
}

/// What the counts of a job count.
fn counted_thing(job: &Job) -> &'static str {
    if job.targets.total() == 0 { "request" } else { "target" }
}

fn document(run: &FinishedRun<'_>, first: &[JobBatch]) -> Json {
    let FinishedRun { job, report, elapsed_ms, recall, .. } = run;
    let only = only(job, first);
    let verdict = verdict(&run.counts(), report.halt.as_ref());
    let ids: Map<String, Json> = only
        .iter()
        .flat_map(|ending| &ending.ids)
        .map(|(name, id)| (name.clone(), json!(id)))
        .collect();
    let last = report.last.as_ref();
    // A run without anything left to do ends as the one before it.
    let ended = match &report.halt {
        None if report.requests == 0 => job.ended.unwrap_or(JobEnd::Finished),
        _ => job_end(report),
    };
    let vendor = match only {
        Some(only) => {
            json!({"http_status": only.http_status, "code": only.code, "message": only.said()})
        }
        None => json!({
            "http_status": last.and_then(|last| last.http_status),
            "code": last.and_then(|last| last.code.clone()),
            "message": last.and_then(Outcome::said),
        }),
    };
    // This run knows more about a failure than the ledger stores.
    let failure = match (last, only.and_then(Ending::why_silent)) {
        (Some(last), _) if only.is_none_or(|only| only.http_status.is_none()) => failure(last),
        (_, words) => failure_in_words(words),
    };
    let mut document = json!({
        "version": 1,
        "provider": job.intent.provider,
        "operation": job.templates.first().map(|template| template.operation.clone()),
        "profile": job.intent.profile,
        "sandbox": job.is_of_sandbox(),
        "outcome": verdict.word(),
        "ended": ended.word(),
        "ids": ids,
        "vendor": vendor,
        "failure": failure,
        "advice": advice(run).as_deref().map(completed),
        "ledger_id": job.intent.id.to_string(),
        "attempts": only.map_or(report.requests, |only| u64::from(only.attempts)),
        "elapsed_ms": elapsed_ms,
        "recall": recall,
        "job": {
            "id": job.intent.id.to_string(),
            "name": job.intent.name,
            "state": job.state.word(),
            "halted_by": report.halt.as_ref().map(halt_word),
            "requests": job.batches.total(),
            "counts": counts(&run.counts()),
            "first_batches": first.iter().map(|batch| history_batches::object(job, batch)).collect::<Json>(),
        },
    });
    if let Some(only) = only.filter(|only| !only.targets.is_empty()) {
        document["targets"] = crate::report::targets(&only.targets, &only.ids);
    }
    if let Some(Halt::Fault(error)) = &report.halt {
        if let Some((_, failed)) = error.details().filter(|(name, _)| *name == "failure") {
            document["failure"] = failed.clone();
        }
        document["error"] = error_object(error, exit(run));
    }
    document
}

fn counts(counts: &Counts) -> Json {
    json!({
        "total": counts.total(),
        "accepted": counts.accepted,
        "rejected": counts.rejected,
        "unavailable": counts.unavailable,
        "unknown": counts.unknown + counts.partial,
        "sending": counts.sending,
        "planned": counts.planned,
    })
}

fn facts(run: &FinishedRun<'_>, first: &[JobBatch]) -> Vec<Vec<String>> {
    let FinishedRun { job, report, elapsed_ms, .. } = run;
    let (only, counts) = (only(job, first), run.counts());
    let verdict = verdict(&counts, report.halt.as_ref());
    let operation = job.templates.first().map_or("", |template| template.operation.as_str());
    let mut rows = vec![vec![
        marked(verdict.word(), job.is_of_sandbox()),
        format!("{}/{operation}", job.intent.provider),
    ]];
    for (word, count) in [
        ("accepted", counts.accepted),
        ("rejected", counts.rejected),
        ("unavailable", counts.unavailable),
        ("unknown", counts.unknown + counts.partial),
        ("not sent", counts.planned),
    ] {
        if count > 0 {
            rows.push(vec![
                word.to_owned(),
                format!("{count} of {}", counted(counts.total(), counted_thing(job))),
            ]);
        }
    }
    rows.extend(
        only.iter().flat_map(|only| &only.ids).map(|(name, id)| vec![name.clone(), id.clone()]),
    );
    let ids = if only.is_none() { first_ids(job, first) } else { None };
    rows.extend(ids.map(|ids| vec!["ids".to_owned(), escape(&completed(&ids))]));
    let last = report.last.as_ref();
    let says = [last.and_then(|last| last.code.as_deref()), last.and_then(Outcome::said)];
    let says = says.into_iter().flatten().map(escape).collect::<Vec<_>>().join(" ");
    if !says.is_empty() {
        rows.push(vec!["vendor says".to_owned(), says]);
    }
    let why = last.and_then(Outcome::why_silent);
    rows.extend(why.map(|why| vec!["failed".to_owned(), escape(why)]));
    rows.push(vec![
        "requests".to_owned(),
        format!(
            "{} in {:.1} s",
            report.requests,
            std::time::Duration::from_millis(*elapsed_ms).as_secs_f64()
        ),
    ]);
    if let Some(name) = &job.intent.name {
        rows.push(vec!["job".to_owned(), name.clone()]);
    }
    rows.push(vec!["ledger id".to_owned(), job.short_id.clone()]);
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::broadcast::counts::TargetCounts;
    use crate::error::Error;
    use crate::net::Stop;

    #[test]
    fn each_reason_of_a_halt_is_one_of_six_ends() {
        let fault = |kind| Halt::Fault(Error::new(kind, "why"));
        let table = [
            (None, "finished"),
            (Some(Halt::Asked), "stopped"),
            (Some(Halt::Signal(Stop::Terminated)), "interrupted"),
            (Some(Halt::Deadline), "interrupted"),
            (Some(Halt::Silence), "vendor-down"),
            (Some(Halt::Unreachable(String::new())), "vendor-down"),
            (Some(Halt::Throttled), "vendor-down"),
            (Some(Halt::Denied), "aborted"),
            (Some(Halt::Redirected), "aborted"),
            (Some(Halt::Failures { failed: 2, of: 3 }), "aborted"),
            (Some(Halt::Payload), "aborted"),
            (Some(Halt::NoRoom), "aborted"),
            (Some(fault(ErrorKind::Ledger)), "aborted"),
            (Some(fault(ErrorKind::Interrupted)), "interrupted"),
            (Some(fault(ErrorKind::Unavailable)), "vendor-down"),
            (Some(Halt::Quota), "guard"),
        ];
        for (halt, word) in table {
            let (tally, unkept) = (TargetCounts::default(), Vec::new());
            let report = RunReport { tally, halt, requests: 1, last: None, unkept };
            assert_eq!(job_end(&report).word(), word, "{report:?}");
        }
    }
}
