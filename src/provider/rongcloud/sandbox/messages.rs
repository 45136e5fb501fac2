//! Messages that the servers keep: sent, recalled, edited, expanded.

use crate::provider::kit::sandbox::text;
use sha1::{Digest as _, Sha1};

use super::Refusal;
use super::state::done;
use crate::document::{At, Object, Value};
use crate::provider::kit::{is_filled, object, put};
use crate::provider::rongcloud::MSG_RANDOM;
use crate::provider::rongcloud::fields::{texts, truth};
use crate::sandbox::SandboxWorld;

/// The most key/values of one message, and how many a page of them has.
const EXPANSIONS: usize = 300;

/// A message as it is kept.
#[derive(Default)]
pub(super) struct KeptMessage {
    /// Its id.
    pub(super) id: String,
    /// Number of the type of conversation; 0 for broadcasts.
    pub(super) conversation: i128,
    /// Who sent it.
    pub(super) from: String,
    /// User, group or room.
    pub(super) target: String,
    /// Channel of an ultra group.
    pub(super) channel: String,
    /// Its type.
    pub(super) name: String,
    /// What it says.
    pub(super) content: String,
    /// When it came, in milliseconds since 1970.
    pub(super) time: i64,
    /// Whether the history has it.
    pub(super) stored: bool,
    /// Whether it may carry key/values.
    pub(super) expandable: bool,
    /// Its key/values, each `{"v","ts"}`.
    pub(super) pairs: Object,
}

impl KeptMessage {
    fn read(id: &str, record: &Value) -> Self {
        let get = |name: &str| record.as_object().and_then(|object| object.get(name));
        let text = |name: &str| get(name).map(|node| node.value.to_plain()).unwrap_or_default();
        let number = |name: &str| get(name).and_then(|node| node.value.as_integer());
        let flag = |name: &str| get(name).and_then(|node| node.value.as_bool()) == Some(true);
        Self {
            id: id.to_owned(),
            conversation: number("conversation").unwrap_or_default(),
            from: text("from"),
            target: text("target"),
            channel: text("channel"),
            name: text("name"),
            content: text("content"),
            time: number("time").and_then(|n| i64::try_from(n).ok()).unwrap_or_default(),
            stored: flag("stored"),
            expandable: flag("expandable"),
            pairs: get("pairs")
                .and_then(|node| node.value.as_object())
                .cloned()
                .unwrap_or_default(),
        }
    }

    fn keep(&self, world: &mut SandboxWorld<'_>) {
        let record = object([
            ("conversation", Value::number(self.conversation.to_string())),
            ("from", self.from.as_str().into()),
            ("target", self.target.as_str().into()),
            ("channel", self.channel.as_str().into()),
            ("name", self.name.as_str().into()),
            ("content", self.content.as_str().into()),
            ("time", self.time.into()),
            ("stored", self.stored.into()),
            ("expandable", self.expandable.into()),
            ("pairs", Value::Object(self.pairs.clone())),
        ]);
        world.store.put("message", &self.id, &record);
    }

    /// The key/values as text, without their times.
    fn pairs_text(&self) -> String {
        let mut plain = Value::object();
        for pair in &self.pairs {
            let value = pair.node.value.as_object().and_then(|entry| entry.get("v"));
            put(&mut plain, &pair.key, value.map_or(Value::Null, |node| node.value.clone()));
        }
        plain.to_compact()
    }

    /// As an entry of a history.
    pub(super) fn in_history(&self) -> Value {
        let mut entry = object([
            ("targetId", self.target.as_str().into()),
            ("fromUserId", self.from.as_str().into()),
            ("messageUID", self.id.as_str().into()),
            ("msgTime", self.time.into()),
            ("objectName", self.name.as_str().into()),
            ("content", self.content.as_str().into()),
            ("expansion", self.expandable.into()),
            ("extraContent", self.pairs_text().into()),
        ]);
        if !self.channel.is_empty() {
            put(&mut entry, "busChannel", self.channel.as_str());
        }
        entry
    }

    /// As an entry of a channel's history; `conversionType` is the server's own spelling.
    pub(super) fn in_channel(&self) -> Value {
        let channel = if self.channel.is_empty() { "RCDefault" } else { self.channel.as_str() };
        object([
            ("groupId", self.target.as_str().into()),
            ("busChannel", channel.into()),
            ("fromUserId", self.from.as_str().into()),
            ("msgUID", self.id.as_str().into()),
            ("msgTime", self.time.into()),
            ("objectName", self.name.as_str().into()),
            ("conversionType", 10_i64.into()),
            ("content", self.content.as_str().into()),
            ("expansion", self.expandable.into()),
            ("extraContent", self.pairs_text().into()),
        ])
    }

    /// As a message that was asked for by id.
    fn in_group(&self) -> Value {
        object([
            ("fromUserId", self.from.as_str().into()),
            ("groupId", self.target.as_str().into()),
            ("sentTime", self.time.into()),
            ("busChannel", self.channel.as_str().into()),
            ("msgUID", self.id.as_str().into()),
            ("objectName", self.name.as_str().into()),
            ("content", self.content.as_str().into()),
            ("expansion", self.expandable.into()),
            ("extraContent", self.pairs_text().into()),
        ])
    }
}

/// Every message, oldest first.
pub(super) fn all(world: &mut SandboxWorld<'_>) -> Vec<KeptMessage> {
    world.store.list("message").iter().map(|(id, record)| KeptMessage::read(id, record)).collect()
}

fn find(id: &str, world: &mut SandboxWorld<'_>) -> Option<KeptMessage> {
    world.store.get("message", id).map(|record| KeptMessage::read(id, &record))
}

/// A message that was sent here, not one that was only given key/values.
fn find_sent(id: &str, world: &mut SandboxWorld<'_>) -> Option<KeptMessage> {
    find(id, world).filter(|kept| !kept.from.is_empty())
}

/// A new id: four groups of four of `0-9 A-Z`.
fn message_id(world: &mut SandboxWorld<'_>) -> String {
    const ALPHABET: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let number = world.store.next("message");
    let hash = Sha1::digest(format!("message {number}"));
    let letters: Vec<char> =
        hash.iter().take(16).map(|byte| char::from(ALPHABET[usize::from(byte % 36)])).collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join("-")
}

/// A new id of a push.
pub(super) fn push_id(world: &mut SandboxWorld<'_>) -> String {
    format!("push-{}", world.store.next("push"))
}

/// A message of a body that has no target yet.
fn draft(
    body: At<'_>,
    from: &str,
    conversation: i128,
    world: &mut SandboxWorld<'_>,
) -> KeptMessage {
    let mut pairs = Object::default();
    if let Some(given) = body.get("extraContent").object_or_json() {
        for (key, value) in given.members() {
            pairs.set(key, entry(&text(value), world.now_ms));
        }
    }
    KeptMessage {
        conversation,
        from: from.to_owned(),
        channel: text(body.get("busChannel")),
        name: text(body.get("objectName")),
        content: text(body.get("content")),
        time: world.now_ms,
        stored: body.get("isPersisted").as_integer() != Some(0),
        expandable: truth(body.get("expansion")) == Some(true),
        pairs,
        ..KeptMessage::default()
    }
}

fn entry(value: &str, now_ms: i64) -> Value {
    object([("v", value.into()), ("ts", now_ms.into())])
}

/// A message for named targets: one id for each.
pub(super) fn send(
    operation: &str,
    body: At<'_>,
    world: &mut SandboxWorld<'_>,
) -> Result<Value, Refusal> {
    let (conversation, field, name) = match operation {
        "send-group" => (3, "toGroupId", "groupId"),
        "send-chatroom" => (4, "toChatroomId", "chatroomId"),
        "send-system" | "send-system-template" => (6, "toUserId", "userId"),
        "send-ultragroup" => (10, "toGroupIds", "groupId"),
        _ => (1, "toUserId", "userId"),
    };
    refuse_repeated(body, world)?;
    let mut ids = Vec::new();
    for (index, (_, target)) in texts(body.get(field)).into_iter().enumerate() {
        let mut kept = draft(body, &text(body.get("fromUserId")), conversation, world);
        fill(&mut kept.content, body.get("values").item(index));
        kept.id = message_id(world);
        kept.target = target;
        kept.keep(world);
        let mut one = object([(name, kept.target.into()), ("messageUID", kept.id.into())]);
        if !kept.channel.is_empty() && conversation == 10 {
            put(&mut one, "busChannel", kept.channel);
        }
        ids.push(one);
    }
    Ok(done([("messageUIDs", ids.into())]))
}

/// Puts a recipient's values into the text of a template.
fn fill(content: &mut String, values: At<'_>) {
    for (key, value) in values.members() {
        let escaped = Value::from(text(value)).to_compact();
        *content = content.replace(key, &escaped[1..escaped.len() - 1]);
    }
}

/// The dedupe id, in apps that have the feature.
fn refuse_repeated(body: At<'_>, world: &mut SandboxWorld<'_>) -> Result<(), Refusal> {
    if (world.switches)(MSG_RANDOM).as_deref() != Some("on") || !is_filled(body.get("msgRandom")) {
        return Ok(());
    }
    let id = text(body.get("msgRandom"));
    let before = world.store.get("random", &id).and_then(|record| record.as_integer());
    if before.is_some_and(|before| i128::from(world.now_ms) - before < 60_000) {
        return Err(Refusal::new(400, 1002, "msgRandom was used within the last minute"));
    }
    world.store.put("random", &id, &world.now_ms.into());
    Ok(())
}

/// A push, with the message that lands if there is one.
pub(super) fn push(body: At<'_>, world: &mut SandboxWorld<'_>) -> Value {
    let id = push_id(world);
    if !is_filled(body.get("message")) {
        return done([("id", id.into())]);
    }
    let mut kept = draft(body.get("message"), &text(body.get("fromuserid")), 0, world);
    kept.id = message_id(world);
    kept.keep(world);
    done([("id", id.into()), ("messageUID", kept.id.into())])
}

/// A message to everybody.
pub(super) fn broadcast(body: At<'_>, world: &mut SandboxWorld<'_>) -> Value {
    let mut kept = draft(body, &text(body.get("fromUserId")), 0, world);
    kept.id = message_id(world);
    kept.keep(world);
    done([("messageUID", kept.id.into())])
}

/// A chunk of a stream: the first one makes the message, later ones grow it.
pub(super) fn chunk(body: At<'_>, world: &mut SandboxWorld<'_>) -> Result<Value, Refusal> {
    let content = body.get("content");
    if content.get("seq").as_integer() != Some(1) {
        let id = text(content.get("messageUID"));
        if let Some(mut kept) = find(&id, world) {
            kept.content.push_str(&text(content.get("content")));
            kept.keep(world);
        }
        return Ok(done([]));
    }
    let group = text(body.get("toGroupId"));
    let (conversation, target) =
        if group.is_empty() { (1, text(body.get("toUserId"))) } else { (3, group) };
    let mut kept = draft(body, &text(body.get("fromUserId")), conversation, world);
    kept.id = message_id(world);
    kept.target = target;
    kept.content = text(content.get("content"));
    kept.keep(world);
    Ok(done([("messageUID", kept.id.into())]))
}

/// Takes a message back. Ids that are not kept here were sent elsewhere: they are taken for known.
pub(super) fn recall(body: At<'_>, world: &mut SandboxWorld<'_>) -> Result<Value, Refusal> {
    let id = text(body.get("messageUID"));
    if let Some(kept) = find_sent(&id, world) {
        own(&kept, body)?;
        let wanted = body.get("conversationType").as_integer().unwrap_or_default();
        let target = text(body.get("targetId"));
        if kept.conversation != wanted || (wanted != 0 && kept.target != target) {
            return Err(Refusal::new(400, 1002, "the message is of another conversation"));
        }
        world.store.remove("message", &id);
    }
    Ok(done([]))
}

fn own(kept: &KeptMessage, body: At<'_>) -> Result<(), Refusal> {
    if kept.from == text(body.get("fromUserId")) {
        return Ok(());
    }
    Err(Refusal::new(400, 1002, "the message is of another sender"))
}

/// Replaces the content of a message.
pub(super) fn modify(body: At<'_>, world: &mut SandboxWorld<'_>) -> Result<Value, Refusal> {
    if let Some(mut kept) = find_sent(&text(body.get("msgUID")), world) {
        own(&kept, body)?;
        let name = text(body.get("objectName"));
        if !name.is_empty() && name != kept.name {
            return Err(Refusal::new(400, 1002, "the type of a message cannot change"));
        }
        kept.content = text(body.get("content"));
        kept.keep(world);
    }
    Ok(done([]))
}

/// Ultra-group messages by id.
pub(super) fn get(body: At<'_>, world: &mut SandboxWorld<'_>) -> Value {
    let group = text(body.get("groupId"));
    let asked = body.get("msgs").json();
    let ids: Vec<String> =
        asked.into_iter().flat_map(At::items).map(|one| text(one.get("msgUID"))).collect();
    let found: Vec<Value> = ids
        .iter()
        .filter_map(|id| find(id, world))
        .filter(|kept| kept.conversation == 10 && kept.target == group)
        .map(|kept| kept.in_group())
        .collect();
    done([("data", found.into())])
}

/// Puts key/values on a message; on one that is not kept here, a message is made to carry them.
pub(super) fn expand(body: At<'_>, world: &mut SandboxWorld<'_>) -> Result<Value, Refusal> {
    let id = text(body.get("msgUID"));
    let stranger = || KeptMessage { id: id.clone(), expandable: true, ..KeptMessage::default() };
    let mut kept = find(&id, world).unwrap_or_else(stranger);
    if !kept.expandable {
        return Err(Refusal::new(400, 1002, "the message was sent without expansion"));
    }
    if let Some(pairs) = body.get("extraKeyVal").json() {
        for (key, value) in pairs.members() {
            kept.pairs.set(key, entry(&text(value), world.now_ms));
        }
    }
    if kept.pairs.len() > EXPANSIONS {
        return Err(Refusal::new(400, 1005, "a message carries 300 pairs at most"));
    }
    kept.keep(world);
    Ok(done([]))
}

/// Removes key/values.
pub(super) fn contract(body: At<'_>, world: &mut SandboxWorld<'_>) -> Value {
    if let Some(mut kept) = find(&text(body.get("msgUID")), world) {
        if let Some(keys) = body.get("extraKey").json() {
            for (_, key) in texts(keys) {
                kept.pairs.remove(&key);
            }
        }
        kept.keep(world);
    }
    done([])
}

/// A page of key/values.
pub(super) fn expansion(body: At<'_>, world: &mut SandboxWorld<'_>) -> Value {
    let page = body.get("pageNo").as_integer().and_then(|n| usize::try_from(n).ok()).unwrap_or(1);
    let mut found = Value::object();
    if let Some(kept) = find(&text(body.get("msgUID")), world) {
        for pair in kept.pairs.iter().skip((page.max(1) - 1) * EXPANSIONS).take(EXPANSIONS) {
            put(&mut found, &pair.key, pair.node.value.clone());
        }
    }
    done([("extraContent", found)])
}
