//! How something that was sent can be recalled, in words for people and as a command for scripts.

use serde_json::{Value, json};

use super::{LocalTime, completed, completed_line, time, time_span};
use crate::account::Account;
use crate::contract::{Effect, Operation};
use crate::document::{Document, Value as Body};
use crate::ledger::Job;
use crate::provider;
use crate::text::{SuggestedCommand, suggest};

/// How something that was sent can be recalled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakeBack {
    /// In words.
    pub words: String,
    /// The command that recalls it; `None` if it cannot be recalled now.
    pub command: Option<String>,
    /// Until when that works, in milliseconds since 1970; `None` while the vendor keeps it.
    pub until_ms: Option<i64>,
}

/// Something that was sent, as `recall` names it.
#[derive(Clone, Copy, Debug)]
pub struct SentSubject<'a> {
    /// Its operation.
    pub operation: &'a Operation,
    /// Its payload, where it is known: less may hold for some messages of an operation.
    pub body: Option<&'a Document>,
    /// The account that sent it.
    pub account: &'a Account,
    /// Its id in the ledger.
    pub ledger_id: Option<&'a str>,
    /// What people call it.
    pub label: Option<&'a str>,
    /// When it was sent, in milliseconds since 1970.
    pub sent_ms: i64,
    /// Whether it went to the sandbox.
    pub sandbox: bool,
    /// How people read times.
    pub local: &'a LocalTime,
}

impl TakeBack {
    /// How something can be recalled whose outcome is known.
    pub fn of(sent: &SentSubject<'_>) -> Self {
        let SentSubject { operation, account, local, .. } = sent;
        let recall = &operation.recall;
        let limit = sent.body.and_then(|body| recall.limit_of(body));
        if recall.operation.is_none() || operation.effect != Effect::Sends {
            let note = recall.note;
            let why = if note.is_empty() { String::new() } else { format!(": {note}") };
            return Self::never(format!("it cannot be recalled{why}"));
        }
        if let Some(limit) = limit.filter(|limit| limit.window.is_none()) {
            return Self::never(limit.why.to_string());
        }
        if let Some(lack) = recall.lacking.filter(|lack| lack.holds(account) == Some(true)) {
            return Self::never(lack.instead.to_string());
        }
        let seconds = limit.and_then(|limit| limit.window).or(recall.window);
        let until_ms = seconds.and_then(|seconds| until(sent.sent_ms, seconds));
        let listed = recall.listed.and_then(|listed| Some((listed, listed.is_only(account)?)));
        let needs_list = listed.filter(|(_, is_only)| *is_only).map(|(listed, _)| listed);
        let command = |id: &str| {
            let command = suggest("recall").arg(id);
            let list = needs_list.is_some();
            in_realm(if list { command.words("--targets FILE") } else { command }, sent)
        };
        let until = until_ms.map(|at| format!("until {}: ", local.second(at))).unwrap_or_default();
        let shown = command(sent.label.unwrap_or("ID"));
        let more = match (needs_list, limit) {
            (Some(listed), _) => format!(" ({})", listed.ids_from),
            (None, Some(limit)) => format!(" ({})", limit.why),
            (None, None) if until_ms.is_some() || recall.note.is_empty() => String::new(),
            (None, None) => format!(" ({})", recall.note),
        };
        Self {
            words: completed(&format!(
                "{until}{shown}{more}{}",
                unsaid_edition(operation, account)
            )),
            command: sent.ledger_id.map(|id| completed_line(&command(id).into_line())),
            until_ms,
        }
    }

    /// It cannot be recalled, and why.
    pub fn never(words: String) -> Self {
        Self { words, command: None, until_ms: None }
    }

    /// Of something that may have been sent, and whose id is not known: first it has to be settled what happened to it.
    ///
    /// `is_found`: herald can look for it at the vendor. Otherwise a person has to.
    pub fn once_settled(sent: &SentSubject<'_>, is_found: bool) -> Self {
        let settle = suggest("history resolve").arg(sent.label.unwrap_or("ID"));
        let settle = settle.words(if is_found { "--check" } else { "--accepted" });
        let find = in_realm(settle, sent);
        Self::never(completed(&format!("not before it is settled: {find}")))
    }

    /// The same for scripts; null if it cannot be recalled.
    pub fn to_json(&self) -> Value {
        self.command.as_ref().map_or(
            Value::Null,
            |command| json!({ "command": command, "until": self.until_ms.map(time) }),
        )
    }
}

/// Until when something can be recalled, both in milliseconds since 1970.
fn until(sent_ms: i64, seconds: u64) -> Option<i64> {
    sent_ms.checked_add(i64::try_from(seconds).ok()?.checked_mul(1000)?)
}

/// What holds on servers of an edition that the profile does not name.
fn unsaid_edition(operation: &Operation, account: &Account) -> String {
    let recall = &operation.recall;
    if let Some(lack) = recall.lacking.filter(|lack| lack.holds(account).is_none()) {
        let (key, value) = lack.edition;
        return format!("; with `{key} = \"{value}\"` {}", lack.instead);
    }
    if let Some(listed) = recall.listed.filter(|listed| listed.is_only(account).is_none()) {
        let (key, value) = listed.edition;
        return format!("; with `{key} = \"{value}\"` add --targets FILE ({})", listed.ids_from);
    }
    String::new()
}

/// How what a job has sent can be recalled; `None` where nothing of it has left, or it is not a message.
pub(crate) fn job_recall(job: &Job, account: &Account, local: &LocalTime) -> Option<TakeBack> {
    let template = job.templates.first().filter(|_| job.has_reached())?;
    let name = format!("{}/{}", job.intent.provider, template.operation);
    let (_, operation) = provider::find_operation(&name).ok()?;
    if operation.effect != Effect::Sends {
        return None;
    }
    let body = Document::parse(template.body.as_str()).ok();
    let (ledger_id, label) = (job.intent.id.to_string(), job.label());
    Some(TakeBack::of(&SentSubject {
        operation,
        body: body.as_ref(),
        account,
        ledger_id: Some(&ledger_id),
        label: Some(&label),
        sent_ms: job.begun_ms.unwrap_or(job.intent.created_ms),
        sandbox: job.is_of_sandbox(),
        local,
    }))
}

/// The command with the flag that names the ledger entries of the sandbox. A program that uses herald as a library has no
/// command at hand whose flags could be repeated.
fn in_realm(command: SuggestedCommand, sent: &SentSubject<'_>) -> SuggestedCommand {
    if sent.sandbox { command.words("--sandbox") } else { command }
}

/// Whether and until when a message can be recalled that is not sent yet, in a few words. The account may tell which of
/// several recalls its server has.
pub fn take_back(operation: &Operation, body: &Body, account: &Account) -> String {
    let recall = &operation.recall;
    let limit = recall.limit_of(&Document::unwritten(body.clone()));
    if let Some(limit) = limit.filter(|limit| limit.window.is_none()) {
        return limit.why.to_string();
    }
    let window = limit.and_then(|limit| limit.window).or(recall.window);
    let said = |before: &str, after: &str| match recall.note {
        note if note.is_empty() => String::new(),
        note => format!("{before}{note}{after}"),
    };
    let usual = match (recall.operation, window) {
        (None, _) => format!("it cannot be taken back{}", said(": ", "")),
        (Some(operation), Some(seconds)) => {
            format!("`{operation}` takes it back within {}{}", time_span(seconds), said(" (", ")"))
        }
        (Some(operation), None) => format!("`{operation}` takes it back{}", said(" (", ")")),
    };
    if let Some(lack) = recall.lacking {
        let (key, value) = lack.edition;
        return match lack.holds(account) {
            Some(true) => lack.instead.to_string(),
            Some(false) => usual,
            None => format!("{usual}; with `{key} = \"{value}\"` {}", lack.instead),
        };
    }
    let Some(listed) = recall.listed else { return usual };
    let from_list = format!(
        "`recall --targets FILE` takes it back from those whom FILE names ({})",
        listed.ids_from
    );
    match listed.is_only(account) {
        Some(true) => from_list,
        Some(false) => usual,
        None => {
            let (key, value) = listed.edition;
            format!("{usual}; with `{key} = \"{value}\"` {from_list}")
        }
    }
}
