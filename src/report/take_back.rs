//! How something that was sent can be recalled, in words for people and as a command for scripts.

use serde_json::{Value, json};

use super::{completed, completed_line, time, time_span};
use crate::account::Account;
use crate::contract::{Effect, Operation};
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
}

impl TakeBack {
    /// How something can be recalled whose outcome is known.
    pub fn of(sent: &SentSubject<'_>) -> Self {
        let SentSubject { operation, account, .. } = sent;
        let recall = &operation.recall;
        let lacks = recall.lacking.is_some_and(|lack| lack.holds(account) == Some(true));
        let can = operation.effect == Effect::Sends && recall.operation.is_some() && !lacks;
        let needs_list = recall.listed.is_some_and(|listed| listed.is_only(account) == Some(true));
        let command = |id: &str| {
            let command = suggest("recall").arg(id);
            let command = if needs_list { command.words("--targets FILE") } else { command };
            completed_line(&in_realm(command, sent).into_line())
        };
        Self {
            words: take_back(operation, account),
            command: sent.ledger_id.filter(|_| can).map(command),
            until_ms: recall.until_ms(sent.sent_ms).filter(|_| !lacks),
        }
    }

    /// How something can be recalled that may have been sent, and whose id can be looked up.
    pub fn once_found(sent: &SentSubject<'_>) -> Self {
        let id = sent.label.unwrap_or("ID");
        let find = in_realm(suggest("history resolve").arg(id).words("--check"), sent);
        let words = completed(&format!("not before it is found: {find} looks for it"));
        Self { words, command: None, until_ms: None }
    }

    /// The same for scripts; null if it cannot be recalled.
    pub fn to_json(&self) -> Value {
        self.command.as_ref().map_or(
            Value::Null,
            |command| json!({ "command": command, "until": self.until_ms.map(time) }),
        )
    }
}

/// How what a job has sent can be recalled, for scripts; null where nothing of it has left, or nothing can be recalled.
pub(crate) fn job_recall(job: &Job, account: &Account) -> Value {
    let template = job.templates.first().filter(|_| job.has_reached());
    let operation = template.and_then(|template| {
        provider::find_operation(&format!("{}/{}", job.intent.provider, template.operation)).ok()
    });
    let Some((_, operation)) = operation else { return Value::Null };
    let (ledger_id, label) = (job.intent.id.to_string(), job.label());
    let (ledger_id, label) = (Some(ledger_id.as_str()), Some(label.as_str()));
    let sent_ms = job.begun_ms.unwrap_or(job.intent.created_ms);
    let sandbox = job.is_of_sandbox();
    let sent = SentSubject { operation, account, ledger_id, label, sent_ms, sandbox };
    TakeBack::of(&sent).to_json()
}

/// The command with the flag that names the ledger entries of the sandbox. A program that uses herald as a library has no
/// command at hand whose flags could be repeated.
fn in_realm(command: SuggestedCommand, sent: &SentSubject<'_>) -> SuggestedCommand {
    if sent.sandbox { command.words("--sandbox") } else { command }
}

/// Whether and until when messages of an operation can be recalled, in a few words. The account may tell which of
/// several recalls its server has.
pub fn take_back(operation: &Operation, account: &Account) -> String {
    let recall = &operation.recall;
    let said = |before: &str, after: &str| match recall.note {
        note if note.is_empty() => String::new(),
        note => format!("{before}{note}{after}"),
    };
    let usual = match (recall.operation, recall.window) {
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
