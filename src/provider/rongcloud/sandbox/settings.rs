//! Settings that the servers keep: which users get which pushes, and which message types chat rooms drop or keep.

use super::Refusal;
use super::state::done;
use crate::document::{At, Value};
use crate::provider::kit::object;
use crate::provider::kit::sandbox::text;
use crate::provider::rongcloud::fields::texts;
use crate::sandbox::SandboxWorld;

/// The most message types that chat rooms drop first.
const DEMOTED: usize = 20;

/// Carries out a call about settings; `None` if the operation is another one.
pub(super) fn perform(
    operation: &str,
    body: At<'_>,
    world: &mut SandboxWorld<'_>,
) -> Option<Result<Value, Refusal>> {
    let get = |name: &'static str| text(body.get(name));
    Some(match operation {
        "chatroom-message-priority-add" => add(("demoted", "objectName"), DEMOTED, body, world),
        "chatroom-message-priority-remove" => remove(("demoted", "objectName"), body, world),
        "chatroom-message-priority-query" => Ok(done([("objectNames", names("demoted", world))])),
        "chatroom-whitelist-add" => add(("kept", "objectnames"), usize::MAX, body, world),
        "chatroom-whitelist-delete" => remove(("kept", "objectnames"), body, world),
        // The Java SDK reads the one name, those for Go, PHP and Node the other.
        "chatroom-whitelist-query" => Ok(done([
            ("objectNames", names("kept", world)),
            ("whitlistMsgType", names("kept", world)),
        ])),
        "conversation-notification-set" | "conversation-type-notification-set" => {
            let level = body.get("unpushLevel").as_integer().unwrap_or_default();
            let muted = body.get("isMuted").as_integer().unwrap_or(level);
            let record = object([
                ("isMuted", Value::number(muted.to_string())),
                ("unpushLevel", Value::number(level.to_string())),
            ]);
            world.store.put("notification", &setting(body), &record);
            Ok(done([]))
        }
        "conversation-notification-get" | "conversation-type-notification-get" => {
            let record = world.store.get("notification", &setting(body));
            let number = |name| stored(record.as_ref(), name).unwrap_or_else(|| 0_i64.into());
            Ok(done([("isMuted", number("isMuted")), ("unpushLevel", number("unpushLevel"))]))
        }
        "ultragroup-notdisturb-set" => {
            let level = body.get("unpushLevel").as_integer().unwrap_or_default();
            let record = object([("unpushLevel", Value::number(level.to_string()))]);
            world.store.put("notdisturb", &setting(body), &record);
            Ok(done([]))
        }
        "ultragroup-notdisturb-get" => {
            let record = world.store.get("notdisturb", &setting(body));
            let level = stored(record.as_ref(), "unpushLevel").unwrap_or_else(|| 0_i64.into());
            let (group, channel) = (get("groupId").into(), get("busChannel").into());
            Ok(done([("groupId", group), ("busChannel", channel), ("unpushLevel", level)]))
        }
        "user-block-push-period-set" => {
            let number = |name: &'static str, usual| {
                let number = body.get(name).as_integer().unwrap_or(usual);
                Value::number(number.to_string())
            };
            let record = object([
                ("startTime", get("startTime").into()),
                ("period", number("period", 0)),
                ("unPushLevel", number("level", 1)),
            ]);
            world.store.put("period", &get("userId"), &record);
            Ok(done([]))
        }
        "user-block-push-period-get" => {
            let record = world.store.get("period", &get("userId"));
            Ok(done([("data", record.unwrap_or_else(Value::object))]))
        }
        "user-block-push-period-delete" => {
            world.store.remove("period", &get("userId"));
            Ok(done([]))
        }
        "user-tags-get" => {
            let mut result = Value::object();
            for (_, user) in texts(body.get("userIds")) {
                let record = world.store.get("tags", &user);
                let tags = stored(record.as_ref(), "tags")
                    .unwrap_or_else(|| Value::from(Vec::<Value>::new()));
                crate::provider::kit::put(&mut result, &user, tags);
            }
            Ok(done([("result", result)]))
        }
        // Clients alone see these.
        "chatroom-message-stop-distribution"
        | "chatroom-message-resume-distribution"
        | "conversation-top-set"
        | "user-conversation-tag-set"
        | "user-conversation-tag-del"
        | "tag-conversation-set"
        | "tag-conversation-del" => Ok(done([])),
        _ => return None,
    })
}

/// What a setting is about: user or ultra group, conversation, channel. Names that the call does not have are empty.
fn setting(body: At<'_>) -> String {
    let parts = ["requestId", "groupId", "conversationType", "targetId", "busChannel"];
    parts.map(|name| text(body.get(name))).join("/")
}

fn stored(record: Option<&Value>, name: &str) -> Option<Value> {
    record?.as_object()?.get(name).map(|node| node.value.clone())
}

/// The names in a list of message types.
fn names(list: &str, world: &mut SandboxWorld<'_>) -> Value {
    let names = world.store.list(list).into_iter().map(|(name, _)| Value::from(name));
    Value::from(names.collect::<Vec<_>>())
}

fn add(
    (list, field): (&str, &'static str),
    most: usize,
    body: At<'_>,
    world: &mut SandboxWorld<'_>,
) -> Result<Value, Refusal> {
    let new: Vec<String> = texts(body.get(field)).into_iter().map(|(_, name)| name).collect();
    let known = world.store.list(list);
    let more = new.iter().filter(|name| !known.iter().any(|(old, _)| old == *name)).count();
    if known.len() + more > most {
        return Err(Refusal::new(400, 1005, format!("there are at most {most} types")));
    }
    new.iter().for_each(|name| world.store.put(list, name, &Value::object()));
    Ok(done([]))
}

fn remove(
    (list, field): (&str, &'static str),
    body: At<'_>,
    world: &mut SandboxWorld<'_>,
) -> Result<Value, Refusal> {
    texts(body.get(field)).iter().for_each(|(_, name)| world.store.remove(list, name));
    Ok(done([]))
}
