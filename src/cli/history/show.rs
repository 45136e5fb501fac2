//! `history show`: all that is known about an entry or a job.

use serde_json::{Value as Json, json};

use crate::env::Env;
use crate::error::Result;
use crate::exit::Exit;
use crate::ledger::{Code, Ending, HALTED, Job, JobTemplate, Ledger, LedgerEntry};
use crate::outcome::TargetResult;
use crate::report::history_item::{
    counts, entry_summary, job_summary, operation, resolved_words, told, told_targets,
};
use crate::report::kept_payload::{payload_json, payload_text};
use crate::report::{Format, Ui, history_batches, marked, table};
use crate::send::later_follow_ups::LaterFollowUps;
use crate::send::named::{NamePurpose, NamedSubject, named};
use crate::send::open_ledger::{known_names, ledger_to_look, realm_of};
use crate::send::options::SendOptions;
use crate::text::escape;

/// The most codes that are shown to people; scripts get all.
const CODES: usize = 10;

/// Flags of `history show`.
#[derive(Debug, clap::Args)]
pub(super) struct ShowArgs {
    /// Message or job by its id, the vendor's id, or a job's name
    ///
    /// Any part of a ledger id works if it is unique.
    id: String,
}

/// Shows an entry or a job.
pub(super) fn show(env: &Env, place: &SendOptions, flags: &ShowArgs) -> Result<Exit> {
    let id = flags.id.as_str();
    let mut ledger = ledger_to_look(env, place)?;
    known_names(env, &mut ledger)?;
    let realm = realm_of(env, place.sandbox);
    let ui = &env.ui;
    let job = match named(env, &mut ledger, (realm, true), id, NamePurpose::Look)? {
        NamedSubject::Entry(entry) => {
            let later = LaterFollowUps::of_entry(env, &mut ledger, realm, &entry)?;
            let mut others = ledger.of_one_command((*entry).clone())?;
            others.retain(|one| one.intent.id != entry.intent.id);
            show_entry(ui, &entry, &others, &later);
            return Ok(Exit::Done);
        }
        NamedSubject::Request(job, _) => Some(*job),
        NamedSubject::Jobs(jobs) => jobs.into_iter().next(),
    };
    if let Some(job) = job {
        let codes = ledger.codes(job.intent.id)?;
        let only = ledger.only_ending(&job)?;
        let later = LaterFollowUps::of_job(env, &mut ledger, realm, &job)?;
        let found = (only.as_ref(), &*codes, &later);
        return show_job(ui, &mut ledger, &job, found).map(|()| Exit::Done);
    }
    Ok(Exit::Done)
}

/// Adds what became of it to a JSON object.
fn add_later(later: &LaterFollowUps, object: &mut Json) {
    later.marks.add_to(object);
    let jobs = later.jobs.iter().map(|job| job_summary(job, None));
    object["follow_ups"] = jobs.chain(later.entries.iter().map(entry_summary)).collect();
    object["recall"] = later.recall_json();
    object["advice"] = json!(later.advice);
}

/// Adds the rows of what became of it, and of how it can be recalled.
fn add_later_rows(later: &LaterFollowUps, rows: &mut Rows) {
    rows.add("unknown", later.advice.clone().unwrap_or_default());
    rows.add("recall", later.recall_words());
    let mut add = |verb: &str, name: &str, state: &str| {
        rows.add("followed by", format!("{verb} {name} ({state})"));
    };
    for job in &later.jobs {
        add(&job.intent.verb, &job.label(), job.status().word());
    }
    for entry in &later.entries {
        add(&entry.intent.content.verb, &entry.short_id, entry.status.word());
    }
}

fn show_entry(ui: &Ui, entry: &LedgerEntry, others: &[LedgerEntry], later: &LaterFollowUps) {
    if matches!(ui.format, Format::Json | Format::Ndjson) {
        let mut object = entry_summary(entry);
        object["body"] = payload_json(&entry.intent.route.provider, &entry.intent.content.body);
        object["targets"] = targets(entry);
        object["sent_with"] = others.iter().map(entry_summary).collect();
        add_later(later, &mut object);
        ui.json(&object);
        return;
    }
    ui.line(&table(ui, &["", ""], &entry_rows(entry, others, later)));
    show_targets(ui, &entry.targets());
    ui.page(&(payload_text(&entry.intent.route.provider, &entry.intent.content.body) + "\n"));
}

/// The outcomes of single targets, where the vendor told them apart.
fn show_targets(ui: &Ui, targets: &[TargetResult]) {
    if targets.is_empty() {
        return;
    }
    let row = |one: &TargetResult| {
        let (id, code) = (one.id.clone().unwrap_or_default(), one.code.clone());
        let why = said([code, one.message.clone(), None]);
        vec![escape(&one.target), one.verdict.word().to_owned(), escape(&id), why]
    };
    let rows: Vec<Vec<String>> = targets.iter().take(CODES).map(row).collect();
    ui.line(&table(ui, &["target", "outcome", "id", "why"], &rows));
    if targets.len() > CODES {
        ui.remark(&format!("and {} more; --output json has all", targets.len() - CODES));
    }
}

/// Rows of names and values; rows without a value are omitted.
#[derive(Default)]
struct Rows(Vec<Vec<String>>);

impl Rows {
    fn add(&mut self, name: &str, value: impl Into<String>) {
        let value = value.into();
        if !value.is_empty() {
            self.0.push(vec![name.to_owned(), value]);
        }
    }
}

/// An entry beside others of the same command.
fn part(entry: &LedgerEntry) -> String {
    let whom = &entry.intent.reach.audience;
    format!("{} to {whom} ({})", entry.short_id, entry.status.word())
}

fn entry_rows(
    entry: &LedgerEntry,
    others: &[LedgerEntry],
    later: &LaterFollowUps,
) -> Vec<Vec<String>> {
    let mut rows = Rows::default();
    let (intent, local) = (&entry.intent, &later.local);
    rows.add("ledger id", entry.short_id.clone());
    let outcome = marked(entry.status.word(), entry.is_of_sandbox());
    rows.add("outcome", later.marks.on(&outcome, entry.resolution.as_ref(), &later.local));
    rows.add("operation", format!("{}/{}", intent.route.provider, intent.route.operation));
    rows.add("command", intent.content.verb.clone());
    rows.add("profile", intent.route.profile.clone().unwrap_or_default());
    rows.add("endpoint", intent.route.endpoint.clone());
    rows.add("sent", local.second(intent.times.created_ms));
    rows.add("from", intent.reach.sender.clone().unwrap_or_default());
    rows.add("to", intent.reach.audience.clone());
    rows.add("sent with", others.iter().map(part).collect::<Vec<_>>().join(", "));
    rows.add("about", later.marks.about.join(", "));
    rows.add("ids", ids(entry.ending.as_ref()));
    if let Some(ending) = &entry.ending {
        let message = ending.said().map(str::to_owned);
        let status = ending.http_status.map(|status| format!("HTTP {status}"));
        rows.add("vendor says", said([status, ending.code.clone(), message]));
        rows.add("meaning", ending.meaning().map(escape).unwrap_or_default());
        rows.add("failed", ending.why_silent().map(escape).unwrap_or_default());
        rows.add("took", format!("{} ms, {} attempt(s)", ending.elapsed_ms, ending.attempts));
    }
    if let Some(resolution) = &entry.resolution {
        rows.add("resolved", resolved_words(resolution, local));
    }
    rows.add("overrides", intent.overrides.join(", "));
    rows.add("dedupe id", intent.content.dedupe_id.clone().unwrap_or_default());
    add_later_rows(later, &mut rows);
    rows.0
}

fn show_job(
    ui: &Ui,
    ledger: &mut Ledger,
    job: &Job,
    (only, codes, later): (Option<&Ending>, &[Code], &LaterFollowUps),
) -> Result<()> {
    if matches!(ui.format, Format::Json | Format::Ndjson) {
        let mut object = job_summary(job, only);
        object["job"]["batch_counts"] = counts(&job.batches);
        object["body"] = match job.templates.as_slice() {
            [only] => payload_json(&job.intent.provider, &only.body),
            _ => Json::Null,
        };
        let provider = &job.intent.provider;
        let templates = job.templates.iter();
        object["templates"] = templates.map(|one| template(provider, one)).collect();
        object["codes"] = codes.iter().map(code).collect();
        add_later(later, &mut object);
        return history_batches::add(ui, ledger, job, object);
    }
    let requests = history_batches::requests(ledger, job)?;
    ui.line(&table(ui, &["", ""], &job_rows(job, requests, only, later)));
    history_batches::list(ui, ledger, job, &later.local)?;
    if !codes.is_empty() {
        let row = |code: &Code| {
            let said = said([code.code.clone(), code.message.clone(), None]);
            vec![code.targets.to_string(), code.state.word().to_owned(), said]
        };
        let rows: Vec<Vec<String>> = codes.iter().take(CODES).map(row).collect();
        ui.line(&table(ui, &["targets", "outcome", "why"], &rows));
        if codes.len() > CODES {
            ui.remark(&format!("and {} more; --output json has all", codes.len() - CODES));
        }
    }
    for template in &job.templates {
        let provider = &job.intent.provider;
        let body = payload_text(provider, &template.body);
        ui.page(&format!("{provider}/{} {body}\n", template.operation));
    }
    Ok(())
}

fn job_rows(
    job: &Job,
    requests: String,
    only: Option<&Ending>,
    later: &LaterFollowUps,
) -> Vec<Vec<String>> {
    let mut rows = Rows::default();
    let (intent, local) = (&job.intent, &later.local);
    let moment = |millis| local.second(millis);
    rows.add("ledger id", job.short_id.clone());
    rows.add("job", intent.name.clone().unwrap_or_default());
    rows.add("state", job.state.word());
    rows.add(HALTED.0, job.halt_reason().map(escape).unwrap_or_default());
    let outcome = marked(job.status().word(), job.is_of_sandbox());
    rows.add("outcome", later.marks.on(&outcome, job.resolutions.last(), &later.local));
    rows.add("operation", format!("{}/{}", intent.provider, operation(job)));
    rows.add("command", intent.verb.clone());
    rows.add("profile", intent.profile.clone().unwrap_or_default());
    rows.add("endpoint", intent.endpoint.clone());
    rows.add("planned", local.second(intent.created_ms));
    rows.add("begun", job.begun_ms.map(moment).unwrap_or_default());
    rows.add("left", job.ended_ms.map(moment).unwrap_or_default());
    rows.add("to", intent.audience.clone());
    rows.add("about", later.marks.about.join(", "));
    rows.add("targets", told(&told_targets(job)));
    rows.add("requests", requests);
    rows.add("ids", ids(only));
    job.resolutions.iter().for_each(|one| rows.add("resolved", resolved_words(one, local)));
    rows.add("overrides", intent.overrides.join(", "));
    add_later_rows(later, &mut rows);
    rows.0
}

fn template(provider: &str, template: &JobTemplate) -> Json {
    json!({
        "operation": template.operation,
        "kind": template.kind.map(|kind| kind.word()),
        "from": template.sender,
        "recall_seconds": template.recall_seconds,
        "body": payload_json(provider, &template.body),
    })
}

fn code(code: &Code) -> Json {
    json!({
        "outcome": code.state.word(),
        "code": code.code,
        "message": code.message,
        "targets": code.targets,
    })
}

fn targets(entry: &LedgerEntry) -> Json {
    let of = |ending: &Ending| crate::report::targets(&entry.targets(), &ending.ids);
    entry.ending.as_ref().map_or_else(|| json!([]), of)
}

fn ids(ending: Option<&Ending>) -> String {
    let ids = ending.into_iter().flat_map(|ending| &ending.ids);
    ids.map(|(name, id)| format!("{name} {id}")).collect::<Vec<_>>().join(", ")
}

fn said(parts: [Option<String>; 3]) -> String {
    parts.into_iter().flatten().map(|part| escape(&part)).collect::<Vec<_>>().join(" ")
}
