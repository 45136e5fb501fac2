//! Entries and jobs as JSON and as rows of the list.

use serde_json::{Value as Json, json};

use crate::ledger::{Counts, Ending, Job, JobEnd, LedgerEntry, Resolution};
use crate::report::{self, FollowUpMarks, LocalTime, time};

/// One item of the list.
pub(crate) enum HistoryItem {
    /// A single request.
    Entry(Box<LedgerEntry>),
    /// A job, with the answer to its request, if there is only one.
    Job(Box<Job>, Option<Box<Ending>>),
}

impl HistoryItem {
    /// When it was made, in milliseconds since 1970.
    pub(crate) fn created_ms(&self) -> i64 {
        match self {
            Self::Entry(entry) => entry.intent.times.created_ms,
            Self::Job(job, _) => job.intent.created_ms,
        }
    }

    /// As JSON, without payloads, with what became of it.
    pub(crate) fn summary(&self, marks: &FollowUpMarks) -> Json {
        let mut summary = match self {
            Self::Entry(entry) => entry_summary(entry),
            Self::Job(job, only) => job_summary(job, only.as_deref()),
        };
        marks.add_to(&mut summary);
        summary
    }

    /// As a row of the list, with what became of it, or what it is about.
    pub(crate) fn row(&self, marks: &FollowUpMarks, local: &LocalTime) -> Vec<String> {
        match self {
            Self::Entry(entry) => vec![
                time(entry.intent.times.created_ms),
                marks.on(entry.status.word(), entry.resolution.as_ref(), local),
                format!("{}/{}", entry.intent.route.provider, entry.intent.route.operation),
                marks.of(&entry.intent.reach.audience),
                listed(entry.ending.as_ref()),
                entry.short_id.clone(),
            ],
            Self::Job(job, only) => vec![
                time(job.intent.created_ms),
                marks.on(job.status().word(), job.resolutions.last(), local),
                format!("{}/{}", job.intent.provider, operation(job)),
                marks.of(&job.intent.audience),
                match only {
                    Some(only) => listed(Some(only)),
                    None => format!("job {}", told(&job.targets)),
                },
                job.short_id.clone(),
            ],
        }
    }
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
        "failure": failure(ending),
        "attempts": ending.map(|ending| ending.attempts),
        "elapsed_ms": ending.map(|ending| ending.elapsed_ms),
        "digest": entry.digest,
        "overrides": intent.overrides,
        "recall_until": intent.times.recall_until_ms.map(time),
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
pub(crate) fn resolved_words(resolution: &Resolution) -> String {
    let note = resolution.note.as_deref().map(|note| format!(": {note}")).unwrap_or_default();
    format!("{} {}{note}", resolution.resolved.word(), time(resolution.resolved_ms))
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
        "targets_count": job.targets.total(),
        "ids": ids(only),
        "vendor": vendor(only),
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
            "counts": counts(&job.targets),
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
