//! What follows up on something sent: recall and get; and what has no counterpart.

use super::CONTRACT;
use super::compose::no_update;
use crate::contract::Verb;
use crate::document::{Object, Value};
use crate::error::{Error, Result};
use crate::outcome::SentMessage;
use crate::provider::kit::forms::clock;
use crate::provider::kit::operation;
use crate::provider::{Draft, FollowUp};

/// How far around the time of sending messages are searched, in milliseconds.
const AROUND_MS: i64 = 5 * 60_000;
/// How long the server keeps messages, in milliseconds.
const KEPT_MS: i64 = 60 * 86_400_000;
/// The most messages of a page.
const PAGE: i64 = 1000;

/// The operations that follow up on something sent.
pub(super) fn follow_up(ask: &FollowUp<'_>) -> Result<Vec<Draft>> {
    match ask.verb {
        Verb::Recall => recall(ask),
        Verb::Get => get(ask),
        Verb::Update => Err(no_update()),
        Verb::Delete | Verb::Clear => {
            Err(Error::usage(format!("jmessage has no `{}` for messages", ask.verb.word()))
                .help("recall a message within 3 minutes: `recall ID`"))
        }
        Verb::Status => Err(Error::usage("jmessage does not report what happened to a message")
            .help("`call jmessage/users-online` tells who is connected, `get ID` what was stored")),
        other => Err(Error::usage(format!("`{}` does not follow up on a message", other.word()))),
    }
}

fn text<'s>(sent: &'s SentMessage, name: &str) -> Option<&'s str> {
    let text = sent.body.as_object()?.get(name)?.value.as_str()?;
    (!text.is_empty()).then_some(text)
}

/// The ids that are meant: as given, else those of the ledger.
fn ids(ask: &FollowUp<'_>) -> Result<Vec<String>> {
    if let Some(sent) = ask.sent.filter(|sent| sent.operation != "send") {
        return Err(Error::usage(format!("`{}` sent no message", sent.operation))
            .help("name what `send` returned as msg_id"));
    }
    let mut ids = ask.ids_called(&["msg_id"]);
    if let (true, Some(sent)) = (ids.is_empty(), ask.sent) {
        let known = sent.ids.iter().filter(|(name, _)| name == "msg_id");
        ids.extend(known.map(|(_, id)| id.clone()));
    }
    if ids.is_empty() {
        return Err(Error::usage("the message has no id that is known")
            .help(format!("name what `send` returned as msg_id: `{} ID`", ask.verb.word())));
    }
    Ok(ids)
}

fn recall(ask: &FollowUp<'_>) -> Result<Vec<Draft>> {
    let ids = ids(ask)?;
    let from = ask.sent.and_then(|sent| text(sent, "from_id")).or(ask.from);
    if from.is_none() && !ask.sets.iter().any(|set| set == "username") {
        return Err(Error::usage("only the sender recalls a message, and the ledger knows none")
            .help("say who sent it: `--from USERNAME`"));
    }
    let draft = |id: String| {
        let mut body = Object::default();
        if let Some(from) = from {
            body.set("username", from);
        }
        body.set("msgid", id);
        Draft::new(operation(&CONTRACT, "retract"), Value::Object(body))
    };
    Ok(ids.into_iter().map(draft).collect())
}

/// Messages are found by conversation and time alone.
fn get(ask: &FollowUp<'_>) -> Result<Vec<Draft>> {
    let ids = ids(ask)?;
    let Some(sent) = ask.sent else {
        return Err(Error::usage("JMessage finds messages by conversation and time, not by id")
            .help(
                "the ledger does not know this one: `call jmessage/history` with scope and times",
            ));
    };
    let now = ask.stamp.timestamp.parse::<i64>().ok();
    if now.is_some_and(|now| now.saturating_sub(sent.sent_ms) > KEPT_MS) {
        return Err(Error::usage("the message is older than the 60 days that JMessage keeps it")
            .help("`history show ID` has what herald sent"));
    }
    let target = text(sent, "target_id").unwrap_or_default();
    let (scope, field) = match text(sent, "target_type") {
        Some("single") => ("user", "username"),
        Some("group") => ("group", "gid"),
        Some("chatroom") => ("chatroom", "chatroomid"),
        _ => {
            return Err(Error::usage("the ledger does not say to whom the message went")
                .help("`call jmessage/history` with scope and times"));
        }
    };
    let mut body = Object::default();
    body.set("scope", scope);
    body.set(field, target);
    body.set("count", PAGE);
    body.set("begin_time", clock(sent.sent_ms.saturating_sub(AROUND_MS)));
    body.set("end_time", clock(sent.sent_ms.saturating_add(AROUND_MS)));
    let mut draft = Draft::new(operation(&CONTRACT, "history"), Value::Object(body));
    let named = ids.join(", ");
    draft.remarks.push(format!("the entry whose msgid is {named} is the one; times are China's"));
    Ok(vec![draft])
}
