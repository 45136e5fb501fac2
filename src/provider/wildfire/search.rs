//! How a message is found whose answer was lost: uids are clocks, and `get-one` hands out any message by its uid.
//!
//! A server that is overrun answers with 249 after 5 s and may still deliver (im-server 1.2.4 and 1.4.8,
//! `IMHandler`); the handler gives the uid within these 5 s.

use super::compose::Role;
use super::operations::GET_ONE;
use super::payload::PAYLOAD;
use super::uid;
use crate::account::Account;
use crate::contract::{Field, Kind};
use crate::document::{Str, Value};
use crate::error::{Error, Result};
use crate::provider::kit::object;
use crate::provider::{AskedMessage, IdParts, IdSearch};

/// How long a handler of the server takes at most, in milliseconds.
const HANDLER_MS: i64 = 5000;

/// How messages are found.
pub(super) static SEARCH: IdSearch = IdSearch {
    operation: GET_ONE,
    id_name: "messageUid",
    absent: "253",
    window_ms: HANDLER_MS,
    counters: 1..=2,
    max_counter: uid::MAX_COUNTER,
    usual_node: 1,
    parts,
    id: uid::text,
    ask,
    check,
    fits,
};

fn parts(id: &str) -> Option<IdParts> {
    uid::of_text(id).map(uid::parts)
}

fn ask(id: &str) -> Value {
    let uid = uid::of_text(id).unwrap_or_default();
    object([("messageUid", uid.into())])
}

/// The id of the robot or channel that an app is. The app of the administration is the address of its server.
fn speaker(app: &str) -> Option<&str> {
    (!app.contains("://")).then_some(app)
}

/// What a sending operation leaves behind on the server.
#[derive(Clone, Copy)]
enum Kept {
    /// A message in the conversation that the body names.
    Addressed,
    /// A private chat with the sender; the other user does not matter.
    Spread,
    /// A message in the channel.
    InChannel,
}

impl Kept {
    fn of(operation: &str) -> Option<Self> {
        match operation {
            "send" | "robot-send" => Some(Self::Addressed),
            "multicast" | "broadcast" => Some(Self::Spread),
            "channel-send" => Some(Self::InChannel),
            _ => None,
        }
    }
}

/// Whether a message of an operation can be compared with what was sent.
#[cfg(test)]
pub(super) fn is_kept(operation: &str) -> bool {
    Kept::of(operation).is_some()
}

fn check(account: &Account) -> Result<()> {
    let who = match Role::of(account)? {
        Role::Admin => return Ok(()),
        Role::Robot => "robot",
        Role::Channel => "channel",
    };
    Err(Error::usage(format!("a {who}'s profile cannot ask: `{GET_ONE}` is the administration's"))
        .help("name a profile of the same server's administration with `--profile`"))
}

/// Whether it has the same sender, conversation and payload.
///
/// The sender of a channel's message is the channel's owner, who is not known outside: there the conversation says whose
/// message it is. Of the users that a message is for, the server may have kept fewer.
fn fits(asked: &AskedMessage<'_>) -> bool {
    let AskedMessage { id, found, sent, app } = *asked;
    let Some(kept) = Kept::of(&sent.operation) else { return false };
    let body = &sent.body;
    let sender = match member(body, "sender") {
        Some(sender) => sender.to_plain(),
        None => speaker(app).unwrap_or_default().to_owned(),
    };
    let line = number(body, "line");
    let conversation = match kept {
        Kept::Addressed => member(body, "conv").map(conversation_of),
        Kept::Spread => Some((0, sender.clone(), line)),
        Kept::InChannel => Some((3, speaker(app).unwrap_or_default().to_owned(), line)),
    };
    let is_same_sender = match kept {
        Kept::Addressed | Kept::Spread => text(found, "sender") == sender,
        Kept::InChannel => true,
    };
    let for_users = match kept {
        Kept::Addressed => Some(texts(body, "toUsers")),
        Kept::InChannel => Some(texts(body, "targets")),
        Kept::Spread => None,
    };
    let is_for_them = for_users
        .is_none_or(|users| texts(found, "toUsers").iter().all(|user| users.contains(user)));
    let payloads = (member(body, "payload"), member(found, "payload"));
    text(found, "messageId") == id
        && !sender.is_empty()
        && is_same_sender
        && conversation.is_some()
        && conversation == member(found, "conv").map(conversation_of)
        && is_for_them
        && matches!(payloads, (Some(sent), Some(found)) if is_same_payload(sent, found))
}

/// Type, target and line.
type ConversationParts = (i64, String, i64);

fn conversation_of(value: &Value) -> ConversationParts {
    (number(value, "type"), text(value, "target"), number(value, "line"))
}

/// Whether two payloads say the same: what is left out is an empty text, 0, or an empty list.
fn is_same_payload(sent: &Value, found: &Value) -> bool {
    let mentions_users = number(sent, "mentionedType") == 1;
    let is_same = |field: &Field| match field.kind {
        Kind::Text => text(sent, field.name) == text(found, field.name),
        Kind::Base64 => bytes(sent, field.name) == bytes(found, field.name),
        // The server keeps those that are mentioned only where users are.
        Kind::List(_) => !mentions_users || texts(sent, field.name) == texts(found, field.name),
        _ => number(sent, field.name) == number(found, field.name),
    };
    PAYLOAD.fields.iter().all(is_same)
}

/// A member that is there and not null.
fn member<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    let node = value.as_object()?.get(name)?;
    (!matches!(node.value, Value::Null)).then_some(&node.value)
}

/// A text, or what the server's reader makes of a number in its place.
fn text(value: &Value, name: &str) -> String {
    member(value, name).map(Value::to_plain).unwrap_or_default()
}

/// A number, or what the server's reader makes of a text of digits in its place.
fn number(value: &Value, name: &str) -> i64 {
    text(value, name).parse().unwrap_or_default()
}

fn bytes(value: &Value, name: &str) -> Option<Vec<u8>> {
    Str::new(text(value, name)).base64().map(<[u8]>::to_vec)
}

fn texts(value: &Value, name: &str) -> Vec<String> {
    let items = member(value, name).and_then(Value::as_array).unwrap_or_default();
    items.iter().map(|item| item.value.to_plain()).collect()
}
