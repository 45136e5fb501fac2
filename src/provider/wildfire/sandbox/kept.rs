//! Messages as the server keeps them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::super::uid;
use super::Refusal;
use super::gson::GsonObject;
use crate::document::{Str, Value};
use crate::provider::kit::{object, put};
use crate::sandbox::SandboxWorld;

/// A message that the server took.
#[derive(Clone, Debug)]
pub(super) struct StoredMessage {
    /// Its number.
    pub(super) uid: i64,
    /// How it was sent: `send`, `multicast`, `broadcast`, `channel`.
    pub(super) kind: String,
    /// Who sent it.
    pub(super) sender: String,
    /// Where to.
    pub(super) conversation: KeptConversation,
    /// Users that a directed message is for, targets of a multicast.
    pub(super) users: Vec<String>,
    /// Its payload with every field.
    pub(super) payload: Value,
    /// When, in milliseconds since 1970.
    pub(super) sent_ms: i64,
    /// Whether it was recalled.
    pub(super) recalled: bool,
}

/// A conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct KeptConversation {
    /// Its kind.
    pub(super) kind: i64,
    /// Its target.
    pub(super) target: String,
    /// Its line.
    pub(super) line: i64,
}

impl KeptConversation {
    /// The conversation under a key: 251 where it is missing or none.
    pub(super) fn read(body: &GsonObject, key: &str) -> Result<Self, Refusal> {
        let conversation = body.object(key)?.ok_or(Refusal::Code(251))?;
        let kind = conversation.int("type")?;
        if !(0..=6).contains(&kind) {
            return Err(Refusal::Code(251));
        }
        let target = conversation.due_text("target")?;
        Ok(Self { kind, target, line: conversation.int("line")? })
    }

    /// The private chat with a user.
    pub(super) fn private(target: &str, line: i64) -> Self {
        Self { kind: 0, target: target.to_owned(), line }
    }

    fn to_value(&self) -> Value {
        object([
            ("type", self.kind.into()),
            ("target", self.target.as_str().into()),
            ("line", self.line.into()),
        ])
    }
}

const MESSAGES: &str = "message";

/// How long a transparent message is kept.
const TRANSPARENT_MS: i64 = 10_000;

impl StoredMessage {
    /// The message with a number: 253 where there is none (any more).
    pub(super) fn find(uid: i64, world: &mut SandboxWorld<'_>) -> Result<Self, Refusal> {
        let id = uid.to_string();
        let record = world.store.get(MESSAGES, &id).ok_or(Refusal::Code(253))?;
        let kept = Self::of_value(uid, &record).ok_or(Refusal::Code(4))?;
        let age = world.now_ms.saturating_sub(kept.sent_ms);
        if number(&kept.payload, "persistFlag") == 4 && age > TRANSPARENT_MS {
            world.store.remove(MESSAGES, &id);
            return Err(Refusal::Code(253));
        }
        Ok(kept)
    }

    /// Every message, oldest first.
    pub(super) fn all(world: &mut SandboxWorld<'_>) -> Vec<Self> {
        let records = world.store.list(MESSAGES);
        records.iter().filter_map(|(id, record)| Self::of_value(id.parse().ok()?, record)).collect()
    }

    /// Keeps the message.
    pub(super) fn keep(&self, world: &mut SandboxWorld<'_>) {
        world.store.put(MESSAGES, &self.uid.to_string(), &self.to_value());
    }

    /// Forgets the message.
    pub(super) fn forget(&self, world: &mut SandboxWorld<'_>) {
        world.store.remove(MESSAGES, &self.uid.to_string());
    }

    /// Whether it is for a user. Who is in which group is not known here, so everybody is.
    pub(super) fn reaches(&self, user: &str) -> bool {
        let listed = self.users.iter().any(|one| one == user);
        match self.kind.as_str() {
            "multicast" => listed,
            "broadcast" => true,
            _ if self.conversation.kind == 0 => self.conversation.target == user,
            _ => self.users.is_empty() || listed,
        }
    }

    /// Whether it mentions a user by name.
    pub(super) fn mentions(&self, user: &str) -> bool {
        let list = self.payload.as_object().and_then(|payload| payload.get("mentionedTarget"));
        let items = list.and_then(|node| node.value.as_array()).unwrap_or_default();
        items.iter().any(|node| node.value.as_str() == Some(user))
    }

    /// The original as a recall answers it, a JSON text.
    pub(super) fn original(&self) -> String {
        let payload = |name| text(&self.payload, name);
        let mut original = object([
            ("s", self.sender.as_str().into()),
            ("ts", self.sent_ms.into()),
            ("t", number(&self.payload, "type").into()),
            ("sc", payload("searchableContent").into()),
            ("c", payload("content").into()),
            ("e", payload("extra").into()),
        ]);
        let mut add = |name: &str, value: Value| {
            if let Some(object) = original.as_object_mut() {
                object.set(name, value);
            }
        };
        if !payload("base64edData").is_empty() {
            add("b", payload("base64edData").into());
        }
        if number(&self.payload, "mediaType") != 0 {
            add("mt", number(&self.payload, "mediaType").into());
        }
        if !payload("remoteMediaUrl").is_empty() {
            add("mu", payload("remoteMediaUrl").into());
        }
        original.to_compact()
    }

    /// Replaces the payload with a recall notice, with the original where one person's message is recalled.
    pub(super) fn take_back(&mut self, operator: &str, with_original: bool) {
        let digits = self.uid.to_string();
        let mut notice = object([
            ("type", 80_i64.into()),
            ("content", operator.into()),
            ("base64edData", STANDARD.encode(&digits).into()),
        ]);
        if let (true, Some(notice)) = (with_original, notice.as_object_mut()) {
            notice.set("persistFlag", 1_i64);
            notice.set("extra", self.original());
            notice.set("pushData", format!("{{\"messageUid\":{digits}}}"));
        }
        self.payload = complete(&notice);
        self.recalled = true;
    }

    /// The message as get-one answers it.
    pub(super) fn answer(&self) -> Value {
        let spread = matches!(self.kind.as_str(), "multicast" | "broadcast");
        let conversation = if spread {
            KeptConversation::private(&self.sender, self.conversation.line)
        } else {
            self.conversation.clone()
        };
        let users = if spread { Vec::new() } else { self.users.clone() };
        object([
            ("messageId", self.uid.into()),
            ("sender", self.sender.as_str().into()),
            ("conv", conversation.to_value()),
            ("payload", self.payload.clone()),
            ("toUsers", users.into()),
            ("timestamp", self.sent_ms.into()),
        ])
    }

    fn to_value(&self) -> Value {
        object([
            ("kind", self.kind.as_str().into()),
            ("sender", self.sender.as_str().into()),
            ("conv", self.conversation.to_value()),
            ("users", self.users.clone().into()),
            ("payload", self.payload.clone()),
            ("timestamp", self.sent_ms.into()),
            ("recalled", self.recalled.into()),
        ])
    }

    fn of_value(uid: i64, record: &Value) -> Option<Self> {
        let object = record.as_object()?;
        let conversation = &object.get("conv")?.value;
        let users = object.get("users")?.value.as_array()?.iter();
        Some(Self {
            uid,
            kind: text(record, "kind"),
            sender: text(record, "sender"),
            conversation: KeptConversation {
                kind: number(conversation, "type"),
                target: text(conversation, "target"),
                line: number(conversation, "line"),
            },
            users: users.filter_map(|node| node.value.as_str().map(str::to_owned)).collect(),
            payload: object.get("payload")?.value.clone(),
            sent_ms: number(record, "timestamp"),
            recalled: object.get("recalled")?.value.as_bool()?,
        })
    }
}

/// The next number, and the millisecond that it belongs to: node 1, and a counter that begins at 1 in every
/// millisecond.
pub(super) fn next_uid(world: &mut SandboxWorld<'_>) -> i64 {
    if (world.switches)("ids").as_deref() == Some("small") {
        return i64::try_from(world.store.next("uid")).unwrap_or(i64::MAX);
    }
    let last = world.store.get("clock", "uid");
    let last = last.as_ref();
    let (last_ms, last_count) =
        last.map_or((0, 0), |last| (number(last, "ms"), number(last, "count")));
    // A clock that went back, or a full counter, borrows from the time to come.
    let (ms, count) = if world.now_ms > last_ms {
        (world.now_ms, 1)
    } else if last_count < 0x7fff {
        (last_ms, last_count + 1)
    } else {
        (last_ms + 1, 1)
    };
    world.store.put("clock", "uid", &object([("ms", ms.into()), ("count", count.into())]));
    uid::at(ms, 1, count)
}

/// The payload of a body with every field that the server knows, as it keeps it: 251 where it is missing.
pub(super) fn payload(body: &GsonObject) -> Result<Value, Refusal> {
    let given = body.object("payload")?.ok_or(Refusal::Code(251))?;
    let mut read = Value::object();
    for name in TEXTS {
        put(&mut read, name, given.text_or_empty(name)?);
    }
    for name in INTS {
        put(&mut read, name, given.int(name)?);
    }
    put(&mut read, "mentionedTarget", given.list("mentionedTarget")?.unwrap_or_default());
    let data = text(&read, "base64edData");
    if Str::new(data.as_str()).base64().is_none() {
        return Err(Refusal::Exception(illegal_base64(&data)));
    }
    Ok(complete(&read))
}

const TEXTS: [&str; 7] = [
    "searchableContent",
    "pushContent",
    "pushData",
    "content",
    "base64edData",
    "remoteMediaUrl",
    "extra",
];

const INTS: [&str; 5] = ["type", "mediaType", "persistFlag", "expireDuration", "mentionedType"];

/// A payload in the server's order of fields: texts are there even when they are empty, all but `base64edData`.
fn complete(payload: &Value) -> Value {
    let mut out = Value::object();
    put(&mut out, "type", number(payload, "type"));
    for name in ["searchableContent", "pushContent", "pushData", "content", "base64edData"] {
        let text = text(payload, name);
        if name != "base64edData" || !text.is_empty() {
            put(&mut out, name, text);
        }
    }
    put(&mut out, "mediaType", number(payload, "mediaType"));
    put(&mut out, "remoteMediaUrl", text(payload, "remoteMediaUrl"));
    for name in ["persistFlag", "expireDuration", "mentionedType"] {
        put(&mut out, name, number(payload, name));
    }
    let mentioned = payload.as_object().and_then(|object| object.get("mentionedTarget"));
    let nobody = Value::Array(Vec::new());
    put(&mut out, "mentionedTarget", mentioned.map_or(nobody, |node| node.value.clone()));
    put(&mut out, "extra", text(payload, "extra"));
    out
}

/// The size of a payload as the server counts it: UTF-16 units of the texts and decoded bytes.
pub(super) fn units(payload: &Value) -> usize {
    let texts = ["content", "searchableContent", "extra", "pushContent", "pushData"];
    let chars: usize = texts.iter().map(|name| text(payload, name).encode_utf16().count()).sum();
    chars + Str::new(text(payload, "base64edData")).base64().map_or(0, <[u8]>::len)
}

fn illegal_base64(data: &str) -> String {
    let legal = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=');
    match data.bytes().find(|byte| !legal(byte)) {
        Some(byte) => {
            format!("java.lang.IllegalArgumentException: Illegal base64 character {byte:x}")
        }
        None => "java.lang.IllegalArgumentException: Last unit does not have enough valid bits"
            .to_owned(),
    }
}

/// A text of an object, empty where there is none.
pub(super) fn text(value: &Value, name: &str) -> String {
    let node = value.as_object().and_then(|object| object.get(name));
    node.and_then(|node| node.value.as_str()).unwrap_or_default().to_owned()
}

/// A number of an object, 0 where there is none.
pub(super) fn number(value: &Value, name: &str) -> i64 {
    let node = value.as_object().and_then(|object| object.get(name));
    node.and_then(|node| i64::try_from(node.value.as_integer()?).ok()).unwrap_or_default()
}
