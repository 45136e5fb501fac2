//! Decisions by hand: the question before many, and how they are withdrawn.

use std::io::IsTerminal as _;

use serde_json::json;

use crate::env::Env;
use crate::error::{Error, ErrorKind, Result};
use crate::exit::Exit;
use crate::ledger::{BatchKey, Job, Ledger, LedgerEntry, ResolvedAs};
use crate::report::history_item::{entry_summary, job_summary};
use crate::report::{Format, counted};
use crate::text::suggest;

/// What people decided on.
pub(crate) enum DecidedSubject<'a> {
    Entry(&'a LedgerEntry),
    Job(&'a Job),
    /// One request of a job.
    Request(&'a Job, BatchKey),
    /// Single targets of a job, by the batches that they are in.
    Targets(&'a Job, Vec<(BatchKey, Vec<String>)>),
}

/// Asks before more than one target of a job is decided on. In the sandbox nothing is asked.
pub(crate) fn ask_to_decide(env: &Env, job: &Job, count: u64, resolved: ResolvedAs) -> Result<()> {
    if count < 2 || job.is_of_sandbox() {
        return Ok(());
    }
    let what = format!(
        "{} of {} would be resolved as {}",
        counted(count, "target"),
        job.label(),
        resolved.word()
    );
    let declined = || Error::new(ErrorKind::Guard, what.clone()).help("add --yes to do it");
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return Err(declined());
    }
    env.ui.prompt(&format!("{what}. Do it? [y/N]"));
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).map_err(|error| declined().because(error))?;
    let is_yes = matches!(line.trim().to_ascii_lowercase().as_str(), "y" | "yes");
    if is_yes { Ok(()) } else { Err(declined()) }
}

/// Makes unknown again what people decided on.
pub(crate) fn undo_decision(
    env: &Env,
    ledger: &mut Ledger,
    subject: &DecidedSubject<'_>,
) -> Result<Exit> {
    let (sent, label) = match subject {
        DecidedSubject::Entry(entry) => {
            (ledger.sent_because_of_entry(entry)?, entry.short_id.clone())
        }
        DecidedSubject::Job(job) => (ledger.sent_because_of_job(job)?, job.label()),
        DecidedSubject::Request(job, batch) => {
            let found = ledger.batch(job.intent.id, *batch)?;
            let all = found.map(|found| (*batch, found.batch.ids));
            (ledger.sent_because_of_targets(job, Some(all.as_slice()))?, job.label())
        }
        DecidedSubject::Targets(job, targets) => {
            (ledger.sent_because_of_targets(job, Some(targets))?, job.label())
        }
    };
    if let Some(sent) = sent {
        return Err(Error::input(format!(
            "{label} cannot be made unknown again: {sent} was sent on the strength of the decision"
        ))
        .help(format!("{} tells what that was", suggest("history show").arg(sent))));
    }
    let undone = match subject {
        DecidedSubject::Entry(entry) => ledger.undo_entry(entry.intent.id)?,
        DecidedSubject::Job(job) => ledger.undo_job(job.intent.id)?,
        DecidedSubject::Request(job, batch) => ledger.undo_batch(job.intent.id, *batch)?,
        DecidedSubject::Targets(job, targets) => ledger.undo_targets(job.intent.id, targets)?,
    };
    if undone.batches == 0 {
        return Err(Error::usage(format!("no decision was made on {label}"))
            .help("only what was resolved by hand is made unknown again"));
    }
    let mut summary = match subject {
        DecidedSubject::Entry(entry) => entry_summary(&ledger.get(entry.intent.id)?),
        DecidedSubject::Job(job)
        | DecidedSubject::Request(job, _)
        | DecidedSubject::Targets(job, _) => {
            let job = ledger.job(job.intent.id)?;
            let only = ledger.only_ending(&job)?;
            job_summary(&job, only.as_ref())
        }
    };
    if matches!(env.ui.format, Format::Json | Format::Ndjson) {
        summary["undone"] = json!({"batches": undone.batches, "targets": undone.targets});
        env.ui.json(&summary);
    } else {
        let count = match undone.targets {
            0 => String::new(),
            targets => format!(": {}", counted(targets, "target")),
        };
        env.ui.sentence(&format!("{label} is unknown again{count}"));
    }
    Ok(Exit::Done)
}
