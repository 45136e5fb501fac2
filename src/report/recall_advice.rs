//! How something that was sent can be recalled, in words for people and as a command for scripts.

use serde_json::{Value, json};

use super::{LocalTime, completed, completed_line, time};
use crate::account::Account;
use crate::contract::{Contract, DoubtfulMessage, Effect, Operation};
use crate::document::Document;
use crate::text::{SuggestedCommand, suggest};

/// How something that was sent, or is to be sent, can be recalled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecallAdvice {
    /// In words.
    pub words: String,
    /// Whether it can be recalled.
    pub is_possible: bool,
    /// The command that recalls it, without the program's name where it is a form; `None` if it cannot be recalled now, or where
    /// one command does not recall all of it.
    pub command: Option<String>,
    /// Until when that works, in milliseconds since 1970; `None` while the vendor keeps it.
    pub until_ms: Option<i64>,
}

/// How `recall` names something.
#[derive(Clone, Copy, Debug)]
pub enum RecallName<'a> {
    /// An entry or a job of the ledger.
    Known {
        /// Its whole id.
        id: &'a str,
        /// What people call it.
        label: &'a str,
    },
    /// What is sent last: it has no id yet.
    Last,
    /// One of several that have no ids yet, or what no ledger has.
    Unknown,
}

/// Something that was sent, or is to be sent, as `recall` sees it.
#[derive(Clone, Copy, Debug)]
pub struct SentSubject<'a> {
    /// Its operation.
    pub operation: &'a Operation,
    /// Its payload, where it is known: less may hold for some messages of an operation.
    pub body: Option<&'a Document>,
    /// The account that sends it.
    pub account: &'a Account,
    /// How it is named.
    pub name: RecallName<'a>,
    /// When it was sent, in milliseconds since 1970; of what is to be sent, the present.
    pub sent_ms: i64,
    /// Whether it is still to be sent.
    pub is_planned: bool,
    /// Whether it goes to the sandbox.
    pub sandbox: bool,
    /// How people read times.
    pub local: &'a LocalTime,
}

impl RecallAdvice {
    /// How something can be recalled: by its type, the server's edition, its age and its id.
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
        let command = |command: SuggestedCommand| {
            let list = needs_list.is_some();
            let command =
                if list { command.words("--targets").placeholder("FILE") } else { command };
            in_realm(command, sent)
        };
        let recalls = |id: &str| command(suggest("recall").arg(id));
        let (how, whole) = match sent.name {
            RecallName::Known { id, label } => (recalls(label).to_string(), Some(recalls(id))),
            RecallName::Last => {
                let last = command(suggest("recall").words("--last"));
                (last.to_string(), Some(last))
            }
            RecallName::Unknown => ("by its own id".to_owned(), None),
        };
        let until = match (until_ms, sent.is_planned) {
            (Some(at), true) => format!("if sent now, until {}: ", local.second(at)),
            (Some(at), false) => format!("until {}: ", local.second(at)),
            (None, true) => "once it is sent: ".to_owned(),
            (None, false) => String::new(),
        };
        let more = match (needs_list, limit) {
            (Some(listed), _) => format!(" ({})", listed.ids_from),
            (None, Some(limit)) => format!(" ({})", limit.why),
            (None, None) if until_ms.is_some() || recall.note.is_empty() => String::new(),
            (None, None) => format!(" ({})", recall.note),
        };
        Self {
            words: completed(&format!("{until}{how}{more}{}", unsaid_edition(operation, account))),
            is_possible: true,
            command: whole.map(|command| completed_line(&command.into_line())),
            until_ms,
        }
    }

    /// How all parts of a job can be recalled by one command. The first that ends counts. `None` if there are no parts.
    pub fn of_all(parts: impl IntoIterator<Item = Self>) -> Option<Self> {
        let (possible, never): (Vec<Self>, Vec<Self>) =
            parts.into_iter().partition(|part| part.is_possible);
        let mut never: Vec<String> = never.into_iter().map(|part| part.words).collect();
        never.dedup();
        let never = never.join("; ");
        let first = possible.into_iter().min_by_key(|part| part.until_ms.unwrap_or(i64::MAX));
        match first {
            None => (!never.is_empty()).then(|| Self::never(never)),
            Some(first) if never.is_empty() => Some(first),
            Some(first) => {
                Some(Self { words: format!("{}; not all of it: {never}", first.words), ..first })
            }
        }
    }

    /// It cannot be recalled, and why.
    pub fn never(words: String) -> Self {
        Self { words, is_possible: false, command: None, until_ms: None }
    }

    /// The same at a later time: what came too late says so.
    #[must_use]
    pub fn at(self, now_ms: i64, sent: &SentSubject<'_>) -> Self {
        let Some(until) = self.until_ms.filter(|until| *until < now_ms) else { return self };
        let note = sent.operation.recall.note;
        let more = if note.is_empty() { String::new() } else { format!(" ({note})") };
        Self::never(format!("too late: it was possible until {}{more}", sent.local.second(until)))
    }

    /// Of something that may have been sent, and whose id is not known: first it has to be settled what happened to it. What
    /// herald cannot look for at the vendor itself is recalled by the vendor's id alone: to settle it brings none.
    ///
    /// `is_digest`: the ledger keeps no payload of it, so herald cannot look for it at the vendor, and a person has to.
    pub fn once_settled(sent: &SentSubject<'_>, contract: &Contract, is_digest: bool) -> Self {
        let label = match sent.name {
            RecallName::Known { label, .. } => Some(label),
            RecallName::Last | RecallName::Unknown => None,
        };
        let lost = DoubtfulMessage { label, is_digest, ..DoubtfulMessage::default() };
        let how = match contract.check_command(sent.operation, &lost) {
            Some(check) => in_realm(check, sent).to_string(),
            None => {
                let recall = in_realm(suggest("recall").placeholder("VENDOR_ID"), sent);
                format!(
                    "look for the message at the vendor, then recall it by its id there: {recall}"
                )
            }
        };
        Self::never(completed(&format!("not before it is settled: {how}")))
    }

    /// The same for scripts; null if it cannot be recalled.
    pub fn to_json(&self) -> Value {
        if !self.is_possible {
            return Value::Null;
        }
        json!({ "command": self.command, "until": self.until_ms.map(time) })
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

/// The command with the flag that names the ledger entries of the sandbox. A program that uses herald as a library has no
/// command at hand whose flags could be repeated.
fn in_realm(command: SuggestedCommand, sent: &SentSubject<'_>) -> SuggestedCommand {
    if sent.sandbox { command.words("--sandbox") } else { command }
}
