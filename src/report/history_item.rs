//! Entries and jobs as JSON and as rows of the list.

use serde_json::{Value as Json, json};

use crate::contract::Verb;
use crate::ledger::{Counts, Ending, Job, JobEnd, LedgerEntry, Resolution};
use crate::report::{self, FollowUpMarks, LocalTime, grouped, time};

/// One item of the list.
pub(crate) enum HistoryItem {
    /// A single request.
    Entry(Box<LedgerEntry>),
    /// A job, with the answer to its request, if there is only one.
    Job(Box<Job>, Option<Box<Ending>>),
}

/// The places of the outcome and of the audience in a row.
const OUTCOME: usize = 2;
const TO: usize = 4;

impl HistoryItem {
    /// When it was made, in milliseconds since 1970.
    pub(crate) fn created_ms(&self) -> i64 {
        match self {
            Self::Entry(entry) => entry.intent.times.created_ms,
            Self::Job(job, _) => job.intent.created_ms,
        }
    }

    /// As JSON, without payloads, with what happened to it.
    pub(crate) fn summary(&self, marks: &FollowUpMarks) -> Json {
        let mut summary = match self {
            Self::Entry(entry) => entry_summary(entry),
            Self::Job(job, only) => job_summary(job, only.as_deref()),
        };
        marks.add_to(&mut summary);
        summary
    }

    /// As a row of the list, with what happened to it, or what it is about.
    pub(crate) fn row(&self, marks: &FollowUpMarks, local: &LocalTime) -> Vec<String> {
        match self {
            Self::Entry(entry) => vec![
                local.second(entry.intent.times.created_ms),
                entry.intent.content.verb.clone(),
                marks.on(entry.status.word(), entry.resolution.as_ref(), local),
                format!("{}/{}", entry.intent.route.provider, entry.intent.route.operation),
                marks.of(&(entry.intent.reach.audience.clone() + &part_words(entry))),
                listed(entry.ending.as_ref()),
                entry.short_id.clone(),
            ],
            Self::Job(job, only) => vec![
                local.second(job.intent.created_ms),
                job_words(job),
                marks.on(job.status().word(), job.resolutions.last(), local),
                format!("{}/{}", job.intent.provider, operation(job)),
                marks.of(&job.intent.audience),
                match only {
                    Some(only) => listed(Some(only)),
                    None => told(&told_targets(job)),
                },
                job.short_id.clone(),
            ],
        }
    }

    /// The same for one of its targets.
    pub(crate) fn row_of_target(
        &self,
        marks: &FollowUpMarks,
        local: &LocalTime,
        (target, outcome): (&str, &str),
    ) -> Vec<String> {
        let mut row = self.row(marks, local);
        row[OUTCOME] = match self {
            Self::Entry(entry) => marks.on(outcome, entry.resolution.as_ref(), local),
            // What a person found out may be about others.
            Self::Job(..) => marks.on(outcome, None, local),
        };
        let part = match self {
            Self::Entry(entry) => part_words(entry),
            Self::Job(..) => String::new(),
        };
        row[TO] = marks.of(&format!("{target}{part}"));
        row
    }
}

/// Which part of its command an entry is, in words; empty where it is all of it.
fn part_words(entry: &LedgerEntry) -> String {
    let part = entry.intent.part;
    part.map(|part| format!(" ({} of {})", part.number, part.total)).unwrap_or_default()
}

/// A job in the list: its command, where that is not a broadcast, and its name.
fn job_words(job: &Job) -> String {
    let command = match job.intent.verb.as_str() {
        verb if verb == Verb::Broadcast.word() => String::new(),
        verb => format!("{verb} "),
    };
    let name = job.intent.name.as_ref().map(|name| format!(" {name}")).unwrap_or_default();
    format!("{command}job{name}")
}

/// A job as a row of `jobs`: its name, state, targets that are done, those that are left, those that are recalled, when it
/// was begun, its operation, its audience.
pub(crate) fn job_cells(job: &Job, marks: &FollowUpMarks, local: &LocalTime) -> Vec<String> {
    let recalled = marks.done.iter().find(|mark| mark.verb == Verb::Recall);
    let recalled = recalled.map(|mark| mark.counts()).unwrap_or_default();
    let targets = told_targets(job);
    let Counts { planned, sending, unknown, .. } = targets;
    let (done, total) = (targets.ended() - unknown, targets.total());
    let unknown =
        if unknown > 0 { format!(", {} unknown", grouped(unknown)) } else { String::new() };
    vec![
        job.label(),
        job.state.word().to_owned(),
        // A request to everybody names no targets.
        if total > 0 {
            format!("{} of {}{unknown}", grouped(done), grouped(total))
        } else {
            told(&job.batches)
        },
        grouped(planned + sending),
        recalled,
        local.second(job.begun_ms.unwrap_or(job.intent.created_ms)),
        format!("{}/{}", job.intent.provider, operation(job)),
        job.intent.audience.clone(),
    ]
}

/// The vendor's ids for a cell of a table.
pub(crate) fn listed(ending: Option<&Ending>) -> String {
    let ids = ending.into_iter().flat_map(|ending| &ending.ids);
    ids.map(|(_, id)| id.as_str()).collect::<Vec<_>>().join(" ")
}

/// The vendor's ids by its names for them.
pub(crate) fn ids(ending: Option<&Ending>) -> Json {
    let ids = ending.into_iter().flat_map(|ending| &ending.ids);
    Json::Object(ids.map(|(name, id)| (name.clone(), json!(id))).collect())
}

/// The vendor's answer.
pub(crate) fn vendor(ending: Option<&Ending>) -> Json {
    json!({
        "http_status": ending.and_then(|ending| ending.http_status),
        "code": ending.and_then(|ending| ending.code.clone()),
        "message": ending.and_then(Ending::said),
    })
}

/// What an answer without words of the vendor's means, in herald's words.
pub(crate) fn meaning(ending: Option<&Ending>) -> Json {
    json!(ending.and_then(Ending::meaning))
}

/// The failure on the way to the vendor.
pub(crate) fn failure(ending: Option<&Ending>) -> Json {
    report::failure_in_words(ending.and_then(Ending::why_silent))
}

/// The operation of a job: that of its first template.
pub(crate) fn operation(job: &Job) -> &str {
    job.templates.first().map_or("", |template| template.operation.as_str())
}

/// How many targets had which result, in words.
pub(crate) fn told(counts: &Counts) -> String {
    let some = counts.words().into_iter().filter(|(_, count)| *count > 0);
    some.map(|(word, count)| format!("{count} {word}")).collect::<Vec<_>>().join(", ")
}

/// The targets of a job, with those for which its command could make no request.
pub(crate) fn told_targets(job: &Job) -> Counts {
    Counts { unknown: job.targets.unknown + job.intent.aside(), ..job.targets }
}

/// Until when a whole job can be recalled, in milliseconds since 1970.
fn recall_until_ms(job: &Job) -> Option<i64> {
    let begun_ms = job.begun_ms?;
    job.templates.iter().filter_map(|template| template.recall_until_ms(begun_ms)).min()
}

/// An entry without its body.
pub(crate) fn entry_summary(entry: &LedgerEntry) -> Json {
    let intent = &entry.intent;
    let ending = entry.ending.as_ref();
    json!({
        "version": 1,
        "id": intent.id.to_string(),
        "outcome": entry.status.word(),
        "provider": intent.route.provider,
        "operation": intent.route.operation,
        "command": intent.content.verb,
        "profile": intent.route.profile,
        "sandbox": entry.is_of_sandbox(),
        "endpoint": intent.route.endpoint,
        "sent": time(intent.times.created_ms),
        "from": intent.reach.sender,
        "to": intent.reach.audience,
        "targets_count": intent.reach.target_count,
        "ids": ids(ending),
        "vendor": vendor(ending),
        "meaning": meaning(ending),
        "failure": failure(ending),
        "attempts": ending.map(|ending| ending.attempts),
        "elapsed_ms": ending.map(|ending| ending.elapsed_ms),
        "digest": entry.digest,
        "overrides": intent.overrides,
        "recall_until": intent.times.recall_until_ms.map(time),
        "part": intent.part.map(|part| json!({
            "command": part.command.to_string(),
            "number": part.number,
            "of": part.total,
        })),
        "parent": intent.parent.map(|id| id.to_string()),
        "resolution": decided(entry.resolution.as_ref()),
        "note": entry.resolution.as_ref().and_then(|resolution| resolution.note.clone()),
        "dedupe_id": intent.content.dedupe_id,
    })
}

/// What a person decided.
fn decided(resolution: Option<&Resolution>) -> Option<&'static str> {
    resolution.map(|resolution| resolution.resolved.key())
}

/// The same in full.
fn resolution(resolution: &Resolution) -> Json {
    json!({
        "resolution": resolution.resolved.key(),
        "note": resolution.note,
        "by": resolution.by,
        "resolved": time(resolution.resolved_ms),
    })
}

/// The same in words.
pub(crate) fn resolved_words(resolution: &Resolution, local: &LocalTime) -> String {
    let note = resolution.note.as_deref().map(|note| format!(": {note}")).unwrap_or_default();
    format!("{} {}{note}", resolution.resolved.word(), local.second(resolution.resolved_ms))
}

/// A job with the keys of an entry, if they make sense, and the keys that only a job has. If it made one request, the
/// result of that request has the same keys as for an entry.
pub(crate) fn job_summary(job: &Job, only: Option<&Ending>) -> Json {
    let intent = &job.intent;
    json!({
        "version": 1,
        "id": intent.id.to_string(),
        "outcome": job.status().word(),
        "ended": job.ended.map(JobEnd::word),
        "provider": intent.provider,
        "operation": operation(job),
        "command": intent.verb,
        "profile": intent.profile,
        "sandbox": job.is_of_sandbox(),
        "endpoint": intent.endpoint,
        "sent": time(intent.created_ms),
        "from": job.templates.first().and_then(|template| template.sender.clone()),
        "to": intent.audience,
        "targets_count": told_targets(job).total(),
        "ids": ids(only),
        "vendor": vendor(only),
        "meaning": meaning(only),
        "failure": failure(only),
        "attempts": only.map(|ending| ending.attempts),
        "elapsed_ms": only.map(|ending| ending.elapsed_ms),
        "overrides": intent.overrides,
        "recall_until": recall_until_ms(job).map(time),
        "resolution": decided(job.resolutions.last()),
        "note": job.resolutions.last().and_then(|resolution| resolution.note.clone()),
        "resolutions": job.resolutions.iter().map(resolution).collect::<Json>(),
        "job": {
            "name": intent.name,
            "state": job.state.word(),
            "halt_reason": job.halt_reason(),
            "counts": counts(&told_targets(job)),
            "batches": job.batches.total(),
        },
    })
}

/// Counts as JSON.
pub(crate) fn counts(counts: &Counts) -> Json {
    let words = counts.words().into_iter().map(|(word, count)| (word.to_owned(), json!(count)));
    let total = [("total".to_owned(), json!(counts.total()))];
    Json::Object(total.into_iter().chain(words).collect())
}
