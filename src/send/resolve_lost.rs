//! Decides on requests whose answers were lost, where their messages can be found at the vendor: searches, records what was
//! found, and tells it.

use std::ops::ControlFlow;

use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::contract::{DoubtfulMessage, Effect, Operation};
use crate::env::Env;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::ledger::{
    BatchFilter, BatchKey, Ending, EntryStatus, Job, JobIntent, Ledger, LedgerEntry, Resolution,
    ResolvedAs, Settled,
};
use crate::outcome::Verdict;
use crate::provider::{self, Vendor};
use crate::report::history_item::{entry_summary, job_summary};
use crate::report::{Format, counted};
use crate::send::find_lost::{FoundMessages, LostKey, LostRequest, MessageMatch, find_lost};
use crate::send::options::SendOptions;
use crate::send::sent_with::SentWith;

/// Requests whose messages are looked for.
pub(crate) struct LostMessages {
    sent_with: SentWith,
    subject: LostSubject,
    requests: Vec<LostRequest>,
}

/// What they belong to.
enum LostSubject {
    Entry(Uuid),
    Job(Uuid),
}

impl LostMessages {
    /// An entry. `None` where it is not lost, where the vendor's ids cannot be guessed, or where the ledger has one.
    pub(crate) fn of_entry(entry: &LedgerEntry) -> Result<Option<Self>> {
        let route = &entry.intent.route;
        let is_lost = entry.status == EntryStatus::Decided(Verdict::Unknown)
            && entry.intent.content.effect == Effect::Sends
            && !has_id(entry.ending.as_ref());
        let (vendor, operation) =
            provider::find_operation(&format!("{}/{}", route.provider, route.operation))?;
        if !is_lost || !is_searched(vendor, operation) {
            return Ok(None);
        }
        Ok(Some(Self {
            sent_with: SentWith::of_entry(entry),
            subject: LostSubject::Entry(entry.intent.id),
            requests: vec![LostRequest::entry(entry)?],
        }))
    }

    /// The unknown requests of a job, or one of them. `None` where the vendor's ids cannot be guessed.
    pub(crate) fn of_job(
        ledger: &mut Ledger,
        job: &Job,
        only: Option<BatchKey>,
    ) -> Result<Option<Self>> {
        let JobIntent { id, provider, .. } = &job.intent;
        let vendor = provider::find(provider)?;
        let operations =
            job.templates.iter().map(|one| vendor.contract().operation(&one.operation));
        let is_searched = |one: Option<&Operation>| one.is_some_and(|one| is_searched(vendor, one));
        if !operations.into_iter().all(is_searched) {
            return Ok(None);
        }
        Ok(Some(Self {
            sent_with: SentWith::of_job(job),
            subject: LostSubject::Job(*id),
            requests: lost_batches(ledger, job, only)?,
        }))
    }
}

/// Whether herald looks for messages of an operation. Whether the ledger keeps their payloads is a later question.
fn is_searched(vendor: &dyn Vendor, operation: &Operation) -> bool {
    let lost = DoubtfulMessage::default();
    vendor.id_search().is_some() && vendor.contract().check_command(operation, &lost).is_some()
}

fn has_id(ending: Option<&Ending>) -> bool {
    ending.is_some_and(|ending| !ending.ids.is_empty())
}

/// The batches of a job that are unknown and have no id.
fn lost_batches(
    ledger: &mut Ledger,
    job: &Job,
    only: Option<BatchKey>,
) -> Result<Vec<LostRequest>> {
    let mut lost = Vec::new();
    ledger.each_batch(job.intent.id, BatchFilter::Unknown, &mut |batch| {
        if !has_id(batch.ending.as_ref()) && only.is_none_or(|only| only == batch.batch.key) {
            lost.push(LostRequest::batch(job, &batch));
        }
        ControlFlow::Continue(())
    })?;
    if lost.is_empty() {
        return Err(Error::usage(format!("nothing of the job {} is unknown", job.label()))
            .help("only what is unknown is looked up"));
    }
    lost.into_iter().collect()
}

/// What a search has decided, and what it has not.
#[derive(Default)]
struct Decided {
    settled: Settled,
    /// The number of a batch, and the ids that fit it.
    undecided: Vec<(Option<u32>, Vec<String>)>,
}

/// Looks for messages, records what was found, and tells it. `decides` makes a decision of what the vendor said.
pub(crate) fn resolve_lost(
    env: &Env,
    sending: &SendOptions,
    mut ledger: Ledger,
    lost: LostMessages,
    decides: &dyn Fn(String) -> Resolution,
) -> Result<Exit> {
    let LostMessages { sent_with, subject, requests } = lost;
    let app = sent_with.open_to_ask(env, sending)?;
    let found = find_lost(env, sending, &app, &mut ledger, requests)?;
    let decided = decide(&mut ledger, &found, decides)?;
    tell(env, &mut ledger, &subject, &found, &decided)?;
    Ok(if decided.undecided.is_empty() { Exit::Done } else { Exit::Unknown })
}

fn decide(
    ledger: &mut Ledger,
    found: &FoundMessages,
    decides: &dyn Fn(String) -> Resolution,
) -> Result<Decided> {
    let mut decided = Decided::default();
    for (key, one) in &found.matches {
        let number = match key {
            LostKey::Entry(_) => None,
            LostKey::Batch(_, batch) => Some(batch.number()),
        };
        let id = match one {
            MessageMatch::Found(id) => id,
            MessageMatch::None => {
                decided.undecided.push((number, Vec::new()));
                continue;
            }
            MessageMatch::Several(ids) => {
                decided.undecided.push((number, ids.clone()));
                continue;
            }
        };
        let resolution = decides(format!(
            "the vendor returned the message {id}, and no other that fits in {} look-ups",
            found.look_ups
        ));
        let vendor_id = (found.id_name.to_owned(), id.clone());
        match key {
            LostKey::Entry(entry) => {
                ledger.resolve_with_id(*entry, &resolution, Some(&vendor_id))?;
                decided.settled.batches += 1;
            }
            LostKey::Batch(job, batch) => {
                let one = ledger.resolve_batch_with_id(*job, *batch, &resolution, &vendor_id)?;
                decided.settled.batches += one.batches;
                decided.settled.targets += one.targets;
            }
        }
    }
    Ok(decided)
}

fn tell(
    env: &Env,
    ledger: &mut Ledger,
    subject: &LostSubject,
    found: &FoundMessages,
    decided: &Decided,
) -> Result<()> {
    let ui = &env.ui;
    let (asked, total) = (found.asked.words(&env.local_time()), found.asked.total);
    match &found.failed {
        Some(why) if found.look_ups == 0 => {
            ui.warn(&format!("no look-up of {} was answered: {why}", counted(total, "id")));
        }
        Some(why) => ui.warn(&format!(
            "the search ended early, after {} of {total}: {why}",
            counted(found.look_ups, "look-up")
        )),
        None => {}
    }
    for (number, ids) in &decided.undecided {
        let what = number.map_or_else(|| "it".to_owned(), |number| format!("request {number}"));
        let why = match ids.as_slice() {
            [] if found.failed.is_some() => "not all ids could be asked for".to_owned(),
            [] => format!("no message fits among {asked}"),
            ids => format!("more than one request or message fits ({})", ids.join(", ")),
        };
        ui.warn(&format!("{what} stays unknown: {why}"));
    }
    if decided.undecided.iter().any(|(_, ids)| !ids.is_empty()) {
        ui.remark("what fits can be recalled by hand: `recall ID… --from SENDER`, with those who may have got it");
    }
    let mut summary = match subject {
        LostSubject::Entry(entry) => entry_summary(&ledger.get(*entry)?),
        LostSubject::Job(job) => {
            let job = ledger.job(*job)?;
            let only = ledger.only_ending(&job)?;
            job_summary(&job, only.as_ref())
        }
    };
    if matches!(ui.format, Format::Json | Format::Ndjson) {
        summary["look_ups"] = json!(found.look_ups);
        summary["asked"] = found.asked.to_json();
        summary["failed"] = json!(found.failed);
        summary["undecided"] = decided
            .undecided
            .iter()
            .map(|(number, ids)| json!({ "request": number, "fits": ids }))
            .collect::<Json>();
        if let (LostSubject::Job(_), Settled { batches, targets }) = (subject, decided.settled) {
            summary["resolved"] =
                json!({ "as": ResolvedAs::Accepted.key(), "batches": batches, "targets": targets });
        }
        ui.json(&summary);
        return Ok(());
    }
    for (key, one) in &found.matches {
        let MessageMatch::Found(id) = one else { continue };
        let what = match key {
            LostKey::Entry(entry) => entry.to_string(),
            LostKey::Batch(_, batch) => format!("request {}", batch.number()),
        };
        ui.sentence(&format!("{what} is resolved as accepted: {} {id}", found.id_name));
    }
    let look_ups = found.look_ups;
    ui.sentence(&format!(
        "asked for {asked}; answered: {look_ups}; found: {}, unknown: {}",
        decided.settled.batches,
        decided.undecided.len()
    ));
    Ok(())
}
