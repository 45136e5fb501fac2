//! How what the ledger has can be recalled now.

use crate::account::Account;
use crate::contract::{Effect, Verb};
use crate::document::Document;
use crate::env::Env;
use crate::ledger::{EntryStatus, LedgerEntry};
use crate::outcome::Verdict;
use crate::provider;
use crate::report::{FollowUpMarks, LocalTime, SentSubject, TakeBack, job_recall};
use crate::send::followed::Marked;

/// How an entry or a job can be recalled now; `None` where it has reached no one, is not a message, or is recalled.
pub(crate) fn of(
    env: &Env,
    one: &Marked<'_>,
    marks: &FollowUpMarks,
    local: &LocalTime,
) -> Option<TakeBack> {
    let is_whole = |mark: &crate::report::FollowUpMark| {
        mark.verb == Verb::Recall && (mark.targets.is_none() || mark.targets == mark.of)
    };
    if marks.done.iter().any(is_whole) {
        return None;
    }
    // The edition of its server, as far as a profile says it.
    let account = Account::default();
    let how = match one {
        Marked::Entry(entry) => of_entry(entry, &account, local)?,
        Marked::Job(job) => job_recall(job, &account, local)?,
    };
    let now_ms = env.system.now_ms();
    Some(match how.until_ms.filter(|until| *until < now_ms) {
        Some(until) => {
            TakeBack::never(format!("too late: it was possible until {}", local.second(until)))
        }
        None => how,
    })
}

fn of_entry(entry: &LedgerEntry, account: &Account, local: &LocalTime) -> Option<TakeBack> {
    let route = &entry.intent.route;
    let (vendor, operation) =
        provider::find_operation(&format!("{}/{}", route.provider, route.operation)).ok()?;
    if operation.effect != Effect::Sends || !entry.status.may_be_recalled() {
        return None;
    }
    let body = Document::parse(entry.intent.content.body.as_str()).ok();
    let id = entry.intent.id.to_string();
    let sent = SentSubject {
        operation,
        body: body.as_ref(),
        account,
        ledger_id: Some(&id),
        label: Some(&entry.short_id),
        sent_ms: entry.started_ms.unwrap_or(entry.intent.times.created_ms),
        sandbox: entry.is_of_sandbox(),
        local,
    };
    let how = TakeBack::of(&sent);
    let ending = entry.ending.as_ref();
    let has_id = ending.is_some_and(|ending| {
        !ending.ids.is_empty() || ending.targets.iter().any(|target| target.id.is_some())
    });
    let is_unknown = entry.status == EntryStatus::Decided(Verdict::Unknown);
    let settles = is_unknown && !has_id && how.command.is_some();
    Some(if settles { TakeBack::once_settled(&sent, vendor.id_search().is_some()) } else { how })
}
