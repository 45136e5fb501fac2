//! What the server does with a call that it accepts, and what it keeps.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Asked, Refusal, media, refusal};
use crate::document::{Node, Object, Value};
use crate::provider::jiguang::SANDBOX_KEY;
use crate::provider::jmessage::checks::RETRACT_SECONDS;
use crate::provider::kit::forms::clock;
use crate::provider::kit::object;
use crate::provider::kit::sandbox::bare;
use crate::provider::kit::sandbox::{count, field, member};
use crate::sandbox::{Answer, FILES, Incoming, SandboxWorld};

/// Kinds of records: messages by `msg_id`, files by `media_id`, administrators by username, open questions by cursor.
const MESSAGE: &str = "message";
const MEDIA: &str = "media";
const ADMIN: &str = "admin";
const CURSOR: &str = "cursor";

/// How long messages are kept, and how long a cursor.
const KEPT_MS: i64 = 60 * 86_400_000;
const CURSOR_MS: i64 = 120_000;
/// Ids are longer than 32 bits, as real ones are.
const FIRST_ID: u64 = 43_143_728_000;
/// The creation time of users, groups and chat rooms that no call made.
const ALWAYS: &str = "2015-01-01 00:00:00";

/// Carries out a call whose payload is right.
pub(super) fn act(asked: &Asked, world: &mut SandboxWorld<'_>) -> Result<Answer, Refusal> {
    let root = &asked.body.root().value;
    let empty = Object::default();
    let body = root.as_object().unwrap_or(&empty);
    match asked.operation.id {
        "send" => Ok(send(body, world)),
        "retract" => retract(body, world),
        "resource-upload" => Ok(upload(body, &asked.file, world)),
        "resource-url" => resource(body, world),
        "register-admin" => register(body, world),
        "user-get" => Ok(ok(user(&member(body, "username"), world))),
        "users-online" => Ok(ok(each(root, offline))),
        "group-get" => Ok(ok(group(body))),
        "chatroom-get" => Ok(ok(each(root, room))),
        "history" => history(body, world).map(ok),
        other => Err((404, 899_003, format!("`{other}` is not served"))),
    }
}

fn ok(value: Value) -> Answer {
    Answer::json(200, &value)
}

/// An answer for each item of a list.
fn each(list: &Value, answer: impl Fn(&Value) -> Value) -> Value {
    let items = list.as_array().unwrap_or_default();
    Value::Array(items.iter().map(|item| Node::bare(answer(&item.value))).collect())
}

fn send(body: &Object, world: &mut SandboxWorld<'_>) -> Answer {
    let id = (FIRST_ID + world.store.next(MESSAGE)).to_string();
    let record = object([
        ("sent", Value::Object(body.clone())),
        ("at_ms", world.now_ms.into()),
        ("retracted", false.into()),
    ]);
    world.store.put(MESSAGE, &id, &record);
    let answer = object([("msg_id", Value::number(id)), ("msg_ctime", world.now_ms.into())]);
    Answer::json(201, &answer)
}

fn retract(body: &Object, world: &mut SandboxWorld<'_>) -> Result<Answer, Refusal> {
    let id = member(body, "msgid");
    let Some(Value::Object(mut record)) = world.store.get(MESSAGE, &id) else {
        return Err(refusal(400, 855_003, "the message does not exist"));
    };
    let sender = record.get("sent").and_then(|node| node.value.as_object());
    if sender.map(|sent| member(sent, "from_id")) != Some(member(body, "username")) {
        return Err(refusal(400, 855_002, "only the sender can retract the message"));
    }
    if member(&record, "retracted") == "true" {
        return Err(refusal(400, 855_004, "the message is retracted already"));
    }
    let age_ms = world.now_ms - count(&record, "at_ms");
    if age_ms > RETRACT_SECONDS as i64 * 1000 {
        return Err(refusal(400, 855_001, "the message is older than 3 minutes"));
    }
    record.set("retracted", true);
    world.store.put(MESSAGE, &id, &Value::Object(record));
    Ok(bare(204))
}

fn upload(body: &Object, file: &[u8], world: &mut SandboxWorld<'_>) -> Answer {
    let kind = member(body, "type");
    let described = body.get("filename").and_then(|node| node.value.as_object());
    let name = described.map(|described| member(described, "name")).unwrap_or_default();
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let crc = media::crc32(file);
    let number = world.store.next(MEDIA);
    let id = format!("qiniu/{kind}/j/{crc:08X}{number:08X}");
    let mut answer = Object::default();
    answer.set("media_id", id.as_str());
    answer.set("media_crc32", u64::from(crc));
    if kind == "image" {
        let (width, height) = media::size(file);
        answer.set("width", u64::from(width));
        answer.set("height", u64::from(height));
    }
    match kind.as_str() {
        "file" => answer.set("fname", name.as_str()),
        _ => answer.set("format", ending),
    };
    answer.set("fsize", file.len() as u64);
    if kind != "image" {
        answer.set("hash", format!("{crc:08x}{:08x}", file.len()));
    }
    let answer = Value::Object(answer);
    world.store.put(MEDIA, &id, &answer);
    let content = object([("content", STANDARD.encode(file).into())]);
    world.store.put(FILES, &id, &content);
    ok(answer)
}

fn resource(body: &Object, world: &mut SandboxWorld<'_>) -> Result<Answer, Refusal> {
    let id = member(body, "mediaId");
    if world.store.get(MEDIA, &id).is_none() {
        return Err(refusal(404, 899_003, "there is no such file"));
    }
    Ok(ok(object([("url", format!("{}/jmessage{MEDIA_PATH}{id}", world.origin).into())])))
}

/// Where files are fetched from, behind the provider's prefix.
const MEDIA_PATH: &str = "/media/";

/// The answer to a request for a file, without credentials; `None` if it asks for something else.
pub(super) fn media_file(request: &Incoming, world: &mut SandboxWorld<'_>) -> Option<Answer> {
    let id = request.path.strip_prefix(MEDIA_PATH).filter(|_| request.method == "GET")?;
    let content = world.store.get(FILES, id).map(|record| field(&record, "content"));
    let body = content.and_then(|content| STANDARD.decode(content).ok());
    let media = ("Content-Type", "application/octet-stream".to_owned());
    Some(body.map_or_else(
        || bare(404),
        |body| Answer { status: 200, headers: vec![media], body, close: false },
    ))
}

fn register(body: &Object, world: &mut SandboxWorld<'_>) -> Result<Answer, Refusal> {
    let username = member(body, "username");
    if world.store.get(ADMIN, &username).is_some() {
        return Err(refusal(400, 899_001, "the user exists already"));
    }
    let now = clock(world.now_ms);
    let mut record = Object::default();
    record.set("username", username.as_str());
    let nickname = member(body, "nickname");
    if !nickname.is_empty() {
        record.set("nickname", nickname);
    }
    record.set("mtime", now.as_str());
    record.set("ctime", now);
    world.store.put(ADMIN, &username, &Value::Object(record));
    let made = Node::bare(object([("username", username.into())]));
    Ok(Answer::json(201, &Value::Array(vec![made])))
}

/// Every valid username has a user.
fn user(username: &str, world: &mut SandboxWorld<'_>) -> Value {
    world.store.get(ADMIN, username).unwrap_or_else(|| {
        object([("username", username.into()), ("mtime", ALWAYS.into()), ("ctime", ALWAYS.into())])
    })
}

/// No user is connected here.
fn offline(username: &Value) -> Value {
    object([("username", username.clone()), ("devices", Value::Array(Vec::new()))])
}

fn group(body: &Object) -> Value {
    let gid = member(body, "gid");
    object([
        ("gid", Value::number(gid.as_str())),
        ("name", format!("group {gid}").into()),
        ("desc", "".into()),
        ("appkey", SANDBOX_KEY.into()),
        ("MaxMemberCount", 500_i64.into()),
        ("mtime", ALWAYS.into()),
        ("ctime", ALWAYS.into()),
    ])
}

fn room(id: &Value) -> Value {
    object([
        ("id", id.clone()),
        ("owner_username", "sandbox".into()),
        ("max_member_count", 10_000_i64.into()),
        ("total_member_count", 0_i64.into()),
        ("name", format!("room {}", id.to_plain()).into()),
        ("appkey", SANDBOX_KEY.into()),
        ("ctime", ALWAYS.into()),
    ])
}

/// A page of messages, oldest first.
fn history(body: &Object, world: &mut SandboxWorld<'_>) -> Result<Value, Refusal> {
    let cursor = member(body, "cursor");
    let (question, start) =
        if cursor.is_empty() { (body.clone(), 0) } else { continued(&cursor, body, world)? };
    let found = matching(&question, world);
    let count = usize::try_from(count(&question, "count")).unwrap_or_default();
    let page: Vec<Node> = found.iter().skip(start).take(count).cloned().map(Node::bare).collect();
    let mut answer = Object::default();
    answer.set("total", found.len() as u64);
    let next = start + page.len();
    if next < found.len() {
        let cursor = format!("C{}", world.store.next(CURSOR));
        let record = object([
            ("question", Value::Object(question)),
            ("start", (next as u64).into()),
            ("at_ms", world.now_ms.into()),
        ]);
        world.store.put(CURSOR, &cursor, &record);
        answer.set("cursor", cursor);
    }
    answer.set("count", page.len() as u64);
    answer.set("messages", Value::Array(page));
    Ok(Value::Object(answer))
}

/// The question that a cursor stands for, and how many messages were handed out before.
fn continued(
    cursor: &str,
    body: &Object,
    world: &mut SandboxWorld<'_>,
) -> Result<(Object, usize), Refusal> {
    let record = world.store.get(CURSOR, cursor);
    let record = record.as_ref().and_then(Value::as_object);
    let alive = record.filter(|record| world.now_ms - count(record, "at_ms") <= CURSOR_MS);
    let question = alive.and_then(|record| record.get("question")?.value.as_object());
    let same = |question: &&Object| {
        ["scope", "username", "gid", "chatroomid"]
            .iter()
            .all(|name| member(question, name) == member(body, name))
    };
    match (alive, question.filter(same)) {
        (Some(record), Some(question)) => {
            let start = usize::try_from(count(record, "start")).unwrap_or_default();
            Ok((question.clone(), start))
        }
        _ => Err(refusal(400, 899_003, "the cursor is unknown or older than 120 s")),
    }
}

/// The messages that a question is about, as they are stored.
fn matching(question: &Object, world: &mut SandboxWorld<'_>) -> Vec<Value> {
    let (begin, end) = (member(question, "begin_time"), member(question, "end_time"));
    let now = world.now_ms;
    let stored = world.store.list(MESSAGE).into_iter().filter_map(|(id, record)| {
        let record = record.as_object()?;
        let sent = record.get("sent")?.value.as_object()?;
        let at_ms = count(record, "at_ms");
        // Times of this form are in the order of their texts.
        let time = clock(at_ms);
        let fits = begin <= time && time <= end && now - at_ms <= KEPT_MS;
        (fits && is_of(question, sent)).then(|| message(sent, &id, at_ms))
    });
    stored.collect()
}

fn is_of(question: &Object, sent: &Object) -> bool {
    let to = |kind: &str, name: &str| {
        member(sent, "target_type") == kind && member(sent, "target_id") == member(question, name)
    };
    match member(question, "scope").as_str() {
        "user" => {
            to("single", "username") || member(sent, "from_id") == member(question, "username")
        }
        "group" => to("group", "gid"),
        "chatroom" => to("chatroom", "chatroomid"),
        _ => true,
    }
}

/// A message with what the server adds to it.
fn message(sent: &Object, id: &str, at_ms: i64) -> Value {
    let mut stored = sent.clone();
    stored.set("create_time", at_ms.div_euclid(1000));
    stored.set("msgid", Value::number(id));
    let across = sent.get("target_appkey").is_some();
    stored.set("msg_level", i64::from(across));
    stored.set("msg_ctime", at_ms);
    Value::Object(stored)
}
