//! The report of a run: JSON for scripts, and a table for users.

use std::ops::ControlFlow;

use serde_json::{Map, Value as Json, json};

use crate::broadcast::job::halt_reason::{halt_reason, halt_word, job_end};
use crate::broadcast::job::ledger_failure::halted_by_ledger;
use crate::broadcast::job::next_steps::NextSteps;
use crate::broadcast::ports::RunReport;
use crate::error::{ErrorKind, Result};
use crate::exit::Exit;
use crate::ledger::{BatchFilter, Counts, Ending, Job, JobBatch, JobEnd, Ledger};
use crate::outcome::{Outcome, Verdict, first_id};
use crate::report::history_batches::{Repeats, object};
use crate::report::{
    Format, RecallAdvice, Ui, completed, counted, error_object, failure, failure_in_words, marked,
    table,
};
use crate::send::executor::Halt;
use crate::send::settle_unknown::out_of_reach_advice;
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
    /// How it can be recalled.
    pub(crate) recall: Option<RecallAdvice>,
}

/// Prints the report of a run, and returns the exit code.
pub(crate) fn print_summary(ui: &Ui, ledger: &mut Ledger, run: &FinishedRun<'_>) -> Result<Exit> {
    let FinishedRun { job, report, .. } = run;
    // The requests are sent, so report them also where the ledger cannot be read.
    let first = first_batches(ledger, job).unwrap_or_else(|error| {
        ui.warn(&format!("the ledger cannot be read: {}", error.full_message()));
        Vec::new()
    });
    let out_of_reach = out_of_reach_advice(ledger, job).unwrap_or_default();
    match ui.format {
        Format::Json | Format::Ndjson => {
            let repeats = Repeats::of(ledger, job).unwrap_or_default();
            ui.json(&document(run, (&first, &repeats), out_of_reach.clone()));
        }
        _ => {
            ui.line(table(ui, &["", ""], &facts(run, &first)).trim_end());
            ui.tell_profile(job.intent.profile.as_deref());
        }
    }
    match &report.halt {
        Some(Halt::Fault(error)) => ui.complain_beside(error),
        Some(halt @ (Halt::Asked | Halt::Signal(_) | Halt::Deadline)) => {
            ui.warn(&halt_reason(halt, report.last.as_ref(), ledger));
        }
        Some(halt) => {
            ui.warn(&format!("halted: {}", halt_reason(halt, report.last.as_ref(), ledger)));
        }
        None => {}
    }
    if !ui.is_machine() {
        NextSteps::after(job, report, out_of_reach).tell(ui);
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

/// One verdict over all of it. A denial is told by the halt: the ledger knows it as a rejection.
fn verdict(job: &Job, halt: Option<&Halt>) -> Verdict {
    match (job.verdict(), halt) {
        (Verdict::Rejected | Verdict::Unavailable, Some(Halt::Denied)) => Verdict::Denied,
        (verdict, _) => verdict,
    }
}

/// The exit code: from a signal, else from the vendor's answers, else from an error of herald.
fn exit(run: &FinishedRun<'_>) -> Exit {
    let report = run.report;
    let verdict = verdict(run.job, report.halt.as_ref());
    let unsent = verdict == Verdict::Unavailable && report.requests == 0;
    match &report.halt {
        Some(Halt::Signal(stop)) => stop.exit(),
        // What requests need first was refused; the job is planned as before, and a run that resumes it may get it.
        Some(Halt::Fault(error)) if unsent && error.kind() == ErrorKind::Rejected => verdict.exit(),
        Some(Halt::Fault(error)) if unsent || halted_by_ledger(report) => error.exit(),
        Some(Halt::NoRoom) if unsent => Exit::Input,
        Some(Halt::Quota) if verdict == Verdict::Unavailable => Exit::Guard,
        _ => verdict.exit(),
    }
}

/// What the counts of a job count.
fn counted_thing(job: &Job) -> &'static str {
    if job.targets.total() == 0 { "request" } else { "target" }
}

fn document(
    run: &FinishedRun<'_>,
    (first, repeats): (&[JobBatch], &Repeats),
    out_of_reach: Option<String>,
) -> Json {
    let FinishedRun { job, report, elapsed_ms, recall, .. } = run;
    let only = only(job, first);
    let verdict = verdict(run.job, report.halt.as_ref());
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
        "meaning": only.map_or_else(|| last.and_then(Outcome::meaning), Ending::meaning),
        "failure": failure,
        "advice": NextSteps::after(job, report, out_of_reach).text(),
        "ledger_id": job.intent.id.to_string(),
        "attempts": only.map_or(report.requests, |only| u64::from(only.attempts)),
        "elapsed_ms": elapsed_ms,
        "recall": recall.as_ref().map_or(Json::Null, RecallAdvice::to_json),
        "job": {
            "id": job.intent.id.to_string(),
            "name": job.intent.name,
            "state": job.state.word(),
            "halted_by": report.halt.as_ref().map(halt_word),
            "halt_reason": job.halt_reason(),
            "requests": job.batches.total(),
            "counts": counts(&run.job.told()),
            "first_batches": first.iter().map(|batch| object(job, batch, repeats)).collect::<Json>(),
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
    let FinishedRun { job, report, elapsed_ms, recall, .. } = run;
    let (only, counts) = (only(job, first), run.job.told());
    let verdict = verdict(job, report.halt.as_ref());
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
    let meaning = last.and_then(Outcome::meaning);
    rows.extend(meaning.map(|meaning| vec!["meaning".to_owned(), escape(meaning)]));
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
    rows.extend(recall.as_ref().map(|how| vec!["recall".to_owned(), how.words.clone()]));
    rows
}
