//! How what the ledger has can be recalled now.

use crate::account::Account;
use crate::contract::{Effect, Verb};
use crate::document::Document;
use crate::env::Env;
use crate::ledger::{EntryStatus, Ledger, LedgerEntry, Realm};
use crate::outcome::Verdict;
use crate::provider;
use crate::report::{
    FollowUpMark, FollowUpMarks, LocalTime, RecallAdvice, RecallName, SentSubject,
};
use crate::send::app::account_of;
use crate::send::followed::Marked;
use crate::send::recall_of_job::job_recall;
use crate::send::recall_of_sent::recall_of;

/// How an entry or a job can be recalled now; `None` where it has reached no one, is not a message, or is recalled.
pub(crate) fn of(
    env: &Env,
    ledger: &mut Ledger,
    one: &Marked<'_>,
    marks: &FollowUpMarks,
    local: &LocalTime,
) -> Option<RecallAdvice> {
    let is_whole = |mark: &FollowUpMark| {
        mark.verb == Verb::Recall && (mark.targets.is_none() || mark.targets == mark.of)
    };
    if marks.done.iter().any(is_whole) {
        return None;
    }
    // `recall` would use the same account. Where the profile is gone, the words say what depends on it.
    let (provider, profile, realm) = match one {
        Marked::Entry(LedgerEntry { intent, .. }) => {
            (&intent.route.provider, &intent.route.profile, intent.route.realm)
        }
        Marked::Job(job) => (&job.intent.provider, &job.intent.profile, job.intent.realm),
    };
    let is_sandbox = realm == Realm::Sandbox;
    let account = account_of(env, provider, profile.as_deref(), is_sandbox).unwrap_or_default();
    match one {
        Marked::Entry(entry) => of_entry(env, entry, &account, local),
        Marked::Job(job) => job_recall(env, ledger, job, &account),
    }
}

fn of_entry(
    env: &Env,
    entry: &LedgerEntry,
    account: &Account,
    local: &LocalTime,
) -> Option<RecallAdvice> {
    let route = &entry.intent.route;
    let (vendor, operation) =
        provider::find_operation(&format!("{}/{}", route.provider, route.operation)).ok()?;
    if operation.effect != Effect::Sends || !entry.status.may_be_recalled() {
        return None;
    }
    let body = Document::parse(entry.intent.content.body.as_str()).ok();
    let id = entry.intent.id.to_string();
    let subject = SentSubject {
        operation,
        body: body.as_ref(),
        account,
        name: RecallName::Known { id: &id, label: &entry.short_id },
        sent_ms: entry.started_ms.unwrap_or(entry.intent.times.created_ms),
        is_planned: false,
        sandbox: entry.is_of_sandbox(),
        local,
    };
    if entry.status == EntryStatus::Sending {
        return Some(RecallAdvice::never("not before it is settled: it is being sent".to_owned()));
    }
    let sent = entry.to_sent().ok()?;
    let is_unknown = entry.status == EntryStatus::Decided(Verdict::Unknown);
    let doubt = is_unknown.then_some(!entry.has_body());
    let how = recall_of(vendor, &subject, &sent, doubt, &env.system.stamp());
    Some(how.at(env.system.now_ms(), &subject))
}
