//! What each operation does once the request has been let in.

use std::collections::HashSet;

use super::gson::{self, GsonObject};
use super::kept::{self, KeptConversation, StoredMessage, number};
use super::{Caller, Refusal, UPLOADS, well_formed};
use crate::contract::Operation;
use crate::document::Value;
use crate::provider::kit::object;
use crate::provider::wildfire::payload::MAX_UNITS;
use crate::sandbox::SandboxWorld;
use crate::wire::percent_encode_path;

type HandlerResult = Result<Option<Value>, Refusal>;

const INVALID: Refusal = Refusal::Code(251);
const NOT_THERE: Refusal = Refusal::Code(253);
const NO_RIGHT: Refusal = Refusal::Code(248);

/// How long robots may take their messages back.
const ROBOT_RECALL_MS: i64 = 120_000;

/// Carries out an operation; gives the `result` of the answer.
pub(super) fn handle(
    operation: &Operation,
    body: &GsonObject,
    caller: &Caller,
    world: &mut SandboxWorld<'_>,
) -> HandlerResult {
    match operation.id {
        "send" | "robot-send" => send(body, caller, world),
        "multicast" => multicast(body, world),
        "broadcast" => broadcast(body, world),
        "update" | "robot-update" => update(body, caller, world),
        "recall" => recall(body, world),
        "recall-multicast" => recall_multicast(body, world),
        "recall-broadcast" => recall_broadcast(body, world),
        "robot-recall" | "channel-recall" => recall_own(body, caller, world),
        "delete" => delete(body, None, world),
        "delete-multicast" => delete(body, Some("multicast"), world),
        "delete-broadcast" => delete(body, Some("broadcast"), world),
        "clear-by-user" | "delete-conversation" => clear(body),
        "get-one" => get_one(body, world),
        "conv-read" => conversation_read(body, world),
        "delivery" => delivery(body, world),
        "import" => import(body, world),
        "robot-reply" => robot_reply(body, caller, world),
        "channel-send" => channel_send(body, caller, world),
        "channel-republish" => republish(body, world),
        "upload-url" => upload_url(body, world),
        _ => Err(Refusal::Code(4)),
    }
}

fn too_large(payload: &Value) -> Result<(), Refusal> {
    let fits = u64::try_from(kept::units(payload)).is_ok_and(|units| units <= MAX_UNITS);
    if fits { Ok(()) } else { Err(Refusal::Code(35)) }
}

/// Keeps a new message and answers with its number.
fn accept(mut message: StoredMessage, world: &mut SandboxWorld<'_>) -> HandlerResult {
    message.uid = kept::next_uid(world);
    message.keep(world);
    Ok(Some(object([("messageUid", message.uid.into()), ("timestamp", message.sent_ms.into())])))
}

fn message(
    kind: &str,
    sender: &str,
    conversation: KeptConversation,
    payload: Value,
    now: i64,
) -> StoredMessage {
    StoredMessage {
        uid: 0,
        kind: kind.to_owned(),
        sender: sender.to_owned(),
        conversation,
        users: Vec::new(),
        payload,
        sent_ms: now,
        recalled: false,
    }
}

/// Types that a user or a robot may not send; with all rights anything goes.
fn may_send(payload: &Value, robot: bool) -> Result<(), Refusal> {
    match number(payload, "type") {
        80 | 81 | 100..=199 => Err(INVALID),
        200..=299 if !robot => Err(NO_RIGHT),
        _ => Ok(()),
    }
}

fn send(body: &GsonObject, caller: &Caller, world: &mut SandboxWorld<'_>) -> HandlerResult {
    let sender = match caller {
        Caller::Robot(id) => id.clone(),
        _ => body.due_text("sender")?,
    };
    let conversation = KeptConversation::read(body, "conv")?;
    let payload = kept::payload(body)?;
    let users = body.list("toUsers")?.unwrap_or_default();
    let robot = *caller != Caller::Admin;
    if robot || body.flag("isUserMessage")? {
        may_send(&payload, robot)?;
    }
    too_large(&payload)?;
    if matches!(conversation.kind, 1 | 3) && !well_formed(&conversation.target) {
        return Err(NOT_THERE);
    }
    let message = message("send", &sender, conversation, payload, world.now_ms);
    accept(StoredMessage { users, ..message }, world)
}

fn multicast(body: &GsonObject, world: &mut SandboxWorld<'_>) -> HandlerResult {
    let sender = body.due_text("sender")?;
    let payload = kept::payload(body)?;
    let mut users = body.list("targets")?.ok_or_else(gson::null_pointer)?;
    let mut seen = HashSet::new();
    users.retain(|user| seen.insert(user.clone()));
    let conversation = KeptConversation::private(&sender, body.int("line")?);
    let message = message("multicast", &sender, conversation, payload, world.now_ms);
    accept(StoredMessage { users, ..message }, world)
}

fn broadcast(body: &GsonObject, world: &mut SandboxWorld<'_>) -> HandlerResult {
    let sender = body.due_text("sender")?;
    let payload = kept::payload(body)?;
    let conversation = KeptConversation::private(&sender, body.int("line")?);
    let mut message = message("broadcast", &sender, conversation, payload, world.now_ms);
    message.uid = kept::next_uid(world);
    message.keep(world);
    let count = u64::try_from(users(world).len()).unwrap_or(u64::MAX);
    Ok(Some(object([("messageUid", message.uid.into()), ("count", count.into())])))
}

/// Every user who ever sent or got something: those are the users that the sandbox knows of.
fn users(world: &mut SandboxWorld<'_>) -> HashSet<String> {
    let mut users = HashSet::new();
    for message in StoredMessage::all(world) {
        if message.conversation.kind == 0 {
            users.insert(message.conversation.target);
        }
        users.insert(message.sender);
        users.extend(message.users);
    }
    users
}

/// The number under a key: 251 below 1.
fn uid(body: &GsonObject, key: &str) -> Result<i64, Refusal> {
    let uid = body.long(key)?;
    if uid > 0 { Ok(uid) } else { Err(INVALID) }
}

fn found(body: &GsonObject, world: &mut SandboxWorld<'_>) -> Result<StoredMessage, Refusal> {
    StoredMessage::find(uid(body, "messageUid")?, world)
}

fn update(body: &GsonObject, caller: &Caller, world: &mut SandboxWorld<'_>) -> HandlerResult {
    let payload = kept::payload(body)?;
    if !matches!(body.int("distribute")?, 0 | 1) {
        return Err(INVALID);
    }
    let mut message = own(found(body, world)?, caller)?;
    message.payload = payload;
    message.keep(world);
    Ok(None)
}

/// Robots and channels change only what they sent.
fn own(message: StoredMessage, caller: &Caller) -> Result<StoredMessage, Refusal> {
    match caller {
        Caller::Robot(id) | Caller::Channel(id) if message.sender != *id => Err(NO_RIGHT),
        _ => Ok(message),
    }
}

fn recall(body: &GsonObject, world: &mut SandboxWorld<'_>) -> HandlerResult {
    let operator = body.due_text("operator")?;
    let mut message = found(body, world)?;
    if message.recalled {
        return Ok(Some("".into()));
    }
    let original = message.original();
    message.take_back(&operator, true);
    message.keep(world);
    Ok(Some(original.into()))
}

/// The message is turned for everybody; `receivers` only says who is told now.
fn recall_multicast(body: &GsonObject, world: &mut SandboxWorld<'_>) -> HandlerResult {
    let operator = body.due_text("operator")?;
    body.list("receivers")?.ok_or_else(gson::null_pointer)?;
    let mut message = found(body, world)?;
    if !message.recalled {
        message.take_back(&operator, false);
        message.keep(world);
    }
    Ok(None)
}

fn recall_broadcast(body: &GsonObject, world: &mut SandboxWorld<'_>) -> HandlerResult {
    let operator = body.due_text("operator")?;
    let mut message = found(body, world)?;
    if message.kind != "broadcast" {
        return Err(NOT_THERE);
    }
    if !message.recalled {
        message.take_back(&operator, false);
        message.keep(world);
    }
    Ok(None)
}

fn recall_own(body: &GsonObject, caller: &Caller, world: &mut SandboxWorld<'_>) -> HandlerResult {
    let mut message = own(found(body, world)?, caller)?;
    let age = world.now_ms.saturating_sub(message.sent_ms);
    if matches!(caller, Caller::Robot(_)) && age > ROBOT_RECALL_MS {
        return Err(Refusal::Code(24));
    }
    if !message.recalled {
        let sender = message.sender.clone();
        message.take_back(&sender, true);
        message.keep(world);
    }
    Ok(None)
}

/// Forgets a message; with a kind, only one that was sent so.
fn delete(body: &GsonObject, kind: Option<&str>, world: &mut SandboxWorld<'_>) -> HandlerResult {
    if kind.is_some() {
        body.due_text("operator")?;
    }
    if kind == Some("multicast") {
        body.list("receivers")?.ok_or_else(gson::null_pointer)?;
    }
    let message = found(body, world)?;
    if kind.is_some_and(|kind| kind != message.kind) {
        return Err(NOT_THERE);
    }
    message.forget(world);
    Ok(None)
}

/// One user's view of a conversation, which no other operation shows.
fn clear(body: &GsonObject) -> HandlerResult {
    body.due_text("userId")?;
    KeptConversation::read(body, "conversation")?;
    body.long("startTime")?;
    body.long("endTime")?;
    Ok(None)
}

fn get_one(body: &GsonObject, world: &mut SandboxWorld<'_>) -> HandlerResult {
    Ok(Some(found(body, world)?.answer()))
}

/// Users of the sandbox get and read everything at once: the time is that of the newest message.
fn newest(world: &mut SandboxWorld<'_>, counts: impl Fn(&StoredMessage) -> bool) -> HandlerResult {
    let times = StoredMessage::all(world).into_iter().filter(|message| counts(message));
    let newest = times.map(|message| message.sent_ms).max().unwrap_or(0);
    Ok(Some(object([("timestamp", newest.into())])))
}

fn conversation_read(body: &GsonObject, world: &mut SandboxWorld<'_>) -> HandlerResult {
    let user = body.due_text("userId")?;
    let named = body.text("conversationType")?.is_some();
    let kind = body.int(if named { "conversationType" } else { "type" })?;
    let target = body.due_text("target")?;
    let line = body.int("line")?;
    if !(0..=6).contains(&kind) {
        return Err(INVALID);
    }
    newest(world, |message| {
        let from = if kind == 0 { &message.sender } else { &message.conversation.target };
        message.conversation.kind == kind
            && message.conversation.line == line
            && *from == target
            && message.reaches(&user)
    })
}

fn delivery(body: &GsonObject, world: &mut SandboxWorld<'_>) -> HandlerResult {
    let user = body.due_text("userId")?;
    newest(world, |message| message.reaches(&user))
}

fn import(body: &GsonObject, world: &mut SandboxWorld<'_>) -> HandlerResult {
    let mut messages = Vec::new();
    for one in body.objects("messages")?.ok_or(INVALID)? {
        let sender = one.due_text("sender")?;
        let conversation = KeptConversation::read(&one, "conversation")?;
        let payload = kept::payload(&one)?;
        let sent_ms = one.long("timestamp")?;
        if sent_ms <= 0 {
            return Err(INVALID);
        }
        let users = one.list("receivers")?.unwrap_or_default();
        messages.push(StoredMessage {
            users,
            ..message("send", &sender, conversation, payload, sent_ms)
        });
    }
    for message in messages {
        accept(message, world)?;
    }
    Ok(None)
}

fn robot_reply(body: &GsonObject, caller: &Caller, world: &mut SandboxWorld<'_>) -> HandlerResult {
    let Caller::Robot(robot) = caller else { return Err(NO_RIGHT) };
    let asked = found(body, world)?;
    let payload = kept::payload(body)?;
    may_send(&payload, true)?;
    too_large(&payload)?;
    let only = body.flag("only2Sender")?;
    let conversation = match asked.conversation.kind {
        0 => KeptConversation::private(&asked.sender, asked.conversation.line),
        _ => asked.conversation,
    };
    let users = if only { vec![asked.sender] } else { Vec::new() };
    let message = message("send", robot, conversation, payload, world.now_ms);
    accept(StoredMessage { users, ..message }, world)
}

fn channel_send(body: &GsonObject, caller: &Caller, world: &mut SandboxWorld<'_>) -> HandlerResult {
    let Caller::Channel(channel) = caller else { return Err(NO_RIGHT) };
    let payload = kept::payload(body)?;
    let users = body.list("targets")?.unwrap_or_default();
    too_large(&payload)?;
    let conversation =
        KeptConversation { kind: 3, target: channel.clone(), line: body.int("line")? };
    let message = message("channel", channel, conversation, payload, world.now_ms);
    accept(StoredMessage { users, ..message }, world)
}

fn republish(body: &GsonObject, world: &mut SandboxWorld<'_>) -> HandlerResult {
    let mut message = StoredMessage::find(uid(body, "messageId")?, world)?;
    let targets = body.list("targets")?.ok_or_else(gson::null_pointer)?;
    message.users.extend(targets);
    message.keep(world);
    Ok(None)
}

fn upload_url(body: &GsonObject, world: &mut SandboxWorld<'_>) -> HandlerResult {
    let name = body.text_or_empty("fileName")?;
    body.int("mediaType")?;
    body.text("contentType")?;
    let (origin, number) = (world.origin, world.store.next("upload"));
    let url = format!("{origin}/wildfire{UPLOADS}{number}/{}", percent_encode_path(&name));
    // Any type but 1 wants a PUT of the bytes.
    Ok(Some(object([
        ("type", 0_i64.into()),
        ("uploadUrl", url.as_str().into()),
        ("downloadUrl", url.as_str().into()),
    ])))
}
