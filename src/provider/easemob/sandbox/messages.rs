//! Messages: what is kept of them, and what can still be done to them.

use super::{APP, ORG, Refusal, SandboxEffect};
use crate::document::{At, Value, ValueView};
use crate::provider::kit::forms::china;
use crate::provider::kit::sandbox::field;
use crate::provider::kit::sandbox::{number, text, texts};
use crate::provider::kit::{object, put};
use crate::sandbox::SandboxWorld;

/// The usual recall period, in seconds.
const WINDOW: i64 = 120;
/// The most edits of a message.
const EDITS: i64 = 10;
/// The most bytes of a stream, and the most milliseconds between chunks and of the whole.
const STREAM_BYTES: i64 = 131_072;
const STREAM_PAUSE: i64 = 30_000;
const STREAM_LENGTH: i64 = 1_800_000;

/// Carries out a call about messages.
pub(super) fn perform(
    id: &str,
    body: At<'_>,
    world: &mut SandboxWorld<'_>,
) -> Result<SandboxEffect, Refusal> {
    Ok(SandboxEffect::Data(match id {
        "send" => send_old(body, world),
        "broadcast-all" | "broadcast-online" | "broadcast-rooms" => {
            object([("id", (1_070_000_000_000_000_000 + world.store.next("broadcast")).into())])
        }
        "stream-users" => stream("chat", body, world)?,
        "stream-groups" => stream("groupchat", body, world)?,
        "import-users" => imported("chat", body, world),
        "import-groups" => imported("groupchat", body, world),
        "recall" => recall(body, world)?,
        "recall-batch" => {
            let items: Vec<At<'_>> = body.get("msgs").items().collect();
            items.into_iter().map(|item| recall_one(item, world)).collect::<Vec<_>>().into()
        }
        "recall-legacy" => {
            let items: Vec<At<'_>> = body.get("msgs").items().collect();
            let done: Vec<Value> = items.into_iter().map(|item| recall_one(item, world)).collect();
            object([("msgs", done.into())])
        }
        "update" => update(body, world)?,
        "history" => history(body, world)?,
        "offline-count" => {
            let user = text(body.get("username"));
            let waiting = world
                .store
                .list("message")
                .iter()
                .filter(|(_, record)| {
                    field(record, "to") == user && field(record, "chat") == "chat" && waits(record)
                })
                .count();
            let waiting = if is_online(world) { 0 } else { waiting as u64 };
            let mut data = Value::object();
            put(&mut data, &user, waiting);
            data
        }
        "offline-status" => {
            let id = text(body.get("msg_id"));
            let waits = world.store.get("message", &id).is_some_and(|record| waits(&record));
            let said = if waits && !is_online(world) { "undelivered" } else { "delivered" };
            let mut data = Value::object();
            put(&mut data, &id, said);
            data
        }
        "delete-conversation" => object([("result", "ok".into())]),
        "delete-roaming" => {
            let answer =
                object([("requestStatusCode", "ok".into()), ("timestamp", world.now_ms.into())]);
            return Ok(SandboxEffect::Whole(answer));
        }
        "send-users" => send("chat", body, world),
        "send-groups" | "send-groups-targeted" => send("groupchat", body, world),
        _ => send("chatroom", body, world),
    }))
}

fn is_online(world: &SandboxWorld<'_>) -> bool {
    (world.switches)("online").as_deref() == Some("on")
}

/// Whether a message waits for its receiver: what goes to who is online alone never does.
fn waits(record: &Value) -> bool {
    field(record, "route").is_empty() && field(record, "recalled") != "true"
}

fn next_id(world: &mut SandboxWorld<'_>) -> String {
    (1_403_000_000_000_000_000 + world.store.next("message")).to_string()
}

/// Keeps a message and gives its id.
fn keep(
    chat: &str,
    to: &str,
    kind: &str,
    content: Value,
    body: At<'_>,
    world: &mut SandboxWorld<'_>,
) -> String {
    let id = next_id(world);
    let from = Some(text(body.get("from"))).filter(|from| !from.is_empty());
    let record = object([
        ("chat", chat.into()),
        ("from", from.unwrap_or_else(|| "admin".to_owned()).into()),
        ("to", to.into()),
        ("type", kind.into()),
        ("content", content),
        ("ext", value_at(body.get("ext"))),
        ("route", text(body.get("routetype")).into()),
        ("time", world.now_ms.into()),
        ("edits", 0_i64.into()),
        ("recalled", false.into()),
    ]);
    world.store.put("message", &id, &record);
    id
}

fn value_at(at: At<'_>) -> Value {
    at.value().map_or_else(Value::object, ValueView::to_value)
}

fn send(chat: &str, body: At<'_>, world: &mut SandboxWorld<'_>) -> Value {
    let mut data = Value::object();
    for to in texts(body.get("to")) {
        let id = keep(chat, &to, &text(body.get("type")), value_at(body.get("body")), body, world);
        put(&mut data, &to, id);
    }
    data
}

fn send_old(body: At<'_>, world: &mut SandboxWorld<'_>) -> Value {
    let chat = match text(body.get("target_type")).as_str() {
        "chatgroups" => "groupchat",
        "chatrooms" => "chatroom",
        _ => "chat",
    };
    let with_ids = body.get("useMsgId").as_bool() == Some(true);
    let mut data = Value::object();
    for to in texts(body.get("target")) {
        let msg = body.get("msg");
        let id = keep(chat, &to, &text(msg.get("type")), value_at(msg), body, world);
        put(&mut data, &to, if with_ids { id } else { "success".to_owned() });
    }
    data
}

fn imported(chat: &str, body: At<'_>, world: &mut SandboxWorld<'_>) -> Value {
    let to = text(body.get("target"));
    let id = keep(chat, &to, &text(body.get("type")), value_at(body.get("body")), body, world);
    if let (Some(time), Some(mut record)) =
        (body.get("msg_timestamp").as_integer(), world.store.get("message", &id))
    {
        put(&mut record, "time", i64::try_from(time).unwrap_or(world.now_ms));
        world.store.put("message", &id, &record);
    }
    object([("msg_id", id.into())])
}

/// A chunk of a stream.
fn stream(chat: &str, body: At<'_>, world: &mut SandboxWorld<'_>) -> Result<Value, Refusal> {
    let chunk = body.get("body");
    let seq = chunk.get("seq").as_integer().and_then(|n| i64::try_from(n).ok()).unwrap_or(0);
    let bytes = text(chunk.get("msg")).len() as i64;
    let done = chunk.get("finish").as_bool() == Some(true);
    let to = text(body.get("to"));
    if seq == 0 && !chunk.get("msgId").is_there() {
        let id = keep(chat, &to, "txt", object([("msg", value_at(chunk.get("msg")))]), body, world);
        let record = object([
            ("from", text(body.get("from")).into()),
            ("to", to.into()),
            ("seq", 0_i64.into()),
            ("bytes", bytes.into()),
            ("start", world.now_ms.into()),
            ("last", world.now_ms.into()),
            ("done", done.into()),
        ]);
        world.store.put("stream", &id, &record);
        return Ok(object([("msgId", id.into())]));
    }
    let id = text(chunk.get("msgId"));
    let mut record = world.store.get("stream", &id).ok_or_else(|| Refusal::numbered("14031"))?;
    if field(&record, "from") != text(body.get("from")) {
        return Err(Refusal::numbered("14036"));
    }
    if field(&record, "to") != to {
        return Err(Refusal::numbered("14037"));
    }
    if field(&record, "done") == "true" {
        return Err(Refusal::numbered("14035"));
    }
    let last = number(&record, "seq");
    if seq <= last {
        return Err(Refusal::numbered("14038"));
    }
    if seq > last + 1 {
        return Err(Refusal::numbered("14030"));
    }
    let all = number(&record, "bytes") + bytes;
    if all > STREAM_BYTES {
        return Err(Refusal::numbered("14032"));
    }
    if world.now_ms - number(&record, "start") > STREAM_LENGTH {
        return Err(Refusal::numbered("14034"));
    }
    if world.now_ms - number(&record, "last") > STREAM_PAUSE {
        return Err(Refusal::numbered("14033"));
    }
    put(&mut record, "seq", seq);
    put(&mut record, "bytes", all);
    put(&mut record, "last", world.now_ms);
    put(&mut record, "done", done);
    world.store.put("stream", &id, &record);
    append(&id, &text(chunk.get("msg")), world);
    Ok(Value::object())
}

/// A stream's message grows.
fn append(id: &str, more: &str, world: &mut SandboxWorld<'_>) {
    let Some(mut record) = world.store.get("message", id) else { return };
    let before = record
        .as_object()
        .and_then(|object| object.get("content"))
        .map(|node| field(&node.value, "msg"))
        .unwrap_or_default();
    put(&mut record, "content", object([("msg", format!("{before}{more}").into())]));
    world.store.put("message", id, &record);
}

/// Why a message is not recalled; nothing where it is.
fn objection(item: At<'_>, world: &mut SandboxWorld<'_>) -> Option<(u16, &'static str)> {
    let id = text(item.get("msg_id"));
    let force = item.get("force").as_bool() == Some(true);
    let Some(record) = world.store.get("message", &id) else {
        // With force, what has expired on the server is recalled on the devices.
        return (!force).then_some((403, "not_found msg"));
    };
    let to = text(item.get("to"));
    let chat = text(item.get("chat_type"));
    let same_chat = field(&record, "chat") == chat.replace('_', "");
    if (!to.is_empty() && field(&record, "to") != to) || !same_chat {
        return Some((400, "can't find msg to"));
    }
    if field(&record, "recalled") == "true" || field(&record, "type") == "cmd" {
        return Some((403, "not_found msg"));
    }
    let window = (world.switches)("window").and_then(|text| text.parse().ok()).unwrap_or(WINDOW);
    let late = world.now_ms - number(&record, "time") > window * 1000;
    (late && !force).then_some((403, "exceed recall time limit"))
}

fn mark(item: At<'_>, world: &mut SandboxWorld<'_>) {
    let id = text(item.get("msg_id"));
    if let Some(mut record) = world.store.get("message", &id) {
        put(&mut record, "recalled", true);
        world.store.put("message", &id, &record);
    }
}

/// What is said of one recall.
fn said(item: At<'_>, word: &str) -> Value {
    let from = Some(text(item.get("from"))).filter(|from| !from.is_empty());
    object([
        ("recalled", word.into()),
        ("chattype", text(item.get("chat_type")).into()),
        ("from", from.unwrap_or_else(|| "admin".to_owned()).into()),
        ("to", text(item.get("to")).into()),
        ("msg_id", text(item.get("msg_id")).into()),
    ])
}

fn recall(body: At<'_>, world: &mut SandboxWorld<'_>) -> Result<Value, Refusal> {
    if let Some((status, why)) = objection(body, world) {
        return Err(Refusal::new(status, "message_recall_error", why));
    }
    mark(body, world);
    Ok(said(body, "yes"))
}

/// A recall in a list, whose failure stands inside an answer of success.
fn recall_one(item: At<'_>, world: &mut SandboxWorld<'_>) -> Value {
    match objection(item, world) {
        Some((_, why)) => said(item, why),
        None => {
            mark(item, world);
            said(item, "yes")
        }
    }
}

fn update(body: At<'_>, world: &mut SandboxWorld<'_>) -> Result<Value, Refusal> {
    let id = text(body.get("msg_id"));
    let refuse =
        |status: u16, message: &str| Refusal::new(status, "message_rewrite_error", message);
    let gone = || refuse(404, "The message is unavailable or has expired.");
    let mut record = world.store.get("message", &id).ok_or_else(gone)?;
    if field(&record, "recalled") == "true" {
        return Err(gone());
    }
    let kind = text(body.find("new_msg/type"));
    let kind = if kind == "image" { "img".to_owned() } else { kind };
    if kind != field(&record, "type") {
        let message = "The message is of a type that is currently not supported for modification.";
        return Err(refuse(400, message));
    }
    let edits = number(&record, "edits");
    if edits >= EDITS {
        return Err(refuse(
            403,
            "The message has reached its edit limit and cannot be modified further.",
        ));
    }
    put(&mut record, "edits", edits + 1);
    if matches!(kind.as_str(), "txt" | "custom") {
        put(&mut record, "content", value_at(body.get("new_msg")));
    }
    if body.get("new_ext").is_there() {
        let replace = body.get("is_combine_ext").as_bool() == Some(false);
        let before = record.as_object().and_then(|object| object.get("ext"));
        let mut ext = match before {
            Some(node) if !replace => node.value.clone(),
            _ => Value::object(),
        };
        for (key, value) in body.get("new_ext").members() {
            put(&mut ext, key, value_at(value));
        }
        put(&mut record, "ext", ext);
    }
    world.store.put("message", &id, &record);
    Ok("success".into())
}

fn history(body: At<'_>, world: &mut SandboxWorld<'_>) -> Result<Value, Refusal> {
    let wanted = text(body.get("time"));
    let any = world
        .store
        .list("message")
        .iter()
        .any(|(_, record)| china(number(record, "time"), "%Y%m%d%H") == wanted);
    if !any {
        let message = format!(
            "Failed to find chat message history download url for appkey: {ORG}#{APP}, time: {wanted}"
        );
        return Err(Refusal::new(404, "storage_object_not_found", message));
    }
    let url = format!("{}/easemob/history/{ORG}/{APP}/{wanted}.gz", world.origin);
    Ok(vec![object([("url", url.into())])].into())
}
