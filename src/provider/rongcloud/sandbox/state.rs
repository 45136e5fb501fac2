//! What the servers keep: tags, tokens, logs, and which operation does what to messages.

use super::messages::{self, KeptMessage};
use super::settings;
use super::{Accepted, Refusal};
use crate::document::{At, Trail, Value, ValueView};
use crate::provider::kit::forms::china;
use crate::provider::kit::sandbox::text;
use crate::provider::kit::{object, put};
use crate::provider::rongcloud::fields::texts;
use crate::sandbox::SandboxWorld;

/// The answer of success, with these members behind the code.
pub(super) fn done<const N: usize>(members: [(&str, Value); N]) -> Value {
    let mut answer = object([("code", 200_i64.into())]);
    for (key, value) in members {
        put(&mut answer, key, value);
    }
    answer
}

/// Carries out what was accepted.
pub(super) fn perform(
    accepted: &Accepted<'_>,
    world: &mut SandboxWorld<'_>,
) -> Result<Value, Refusal> {
    let trail = Trail::new(accepted.body);
    let body = trail.root();
    if let Some(answer) = settings::perform(accepted.operation.id, body, world) {
        return answer;
    }
    match accepted.operation.id {
        "push" => Ok(messages::push(body, world)),
        "push-user" | "push-custom" => Ok(done([("id", messages::push_id(world).into())])),
        "broadcast" | "broadcast-online" => Ok(messages::broadcast(body, world)),
        "send-private-status" | "send-group-status" | "broadcast-chatroom" => Ok(done([])),
        "send-private-stream" | "send-group-stream" => messages::chunk(body, world),
        "recall" | "recall-broadcast" => messages::recall(body, world),
        "modify-private" | "modify-group" | "modify-ultragroup" => messages::modify(body, world),
        "ultragroup-msg-get" => Ok(messages::get(body, world)),
        "expansion-set" | "ultragroup-expansion-set" => messages::expand(body, world),
        "expansion-delete" | "ultragroup-expansion-delete" => Ok(messages::contract(body, world)),
        "expansion-query" | "ultragroup-expansion-query" => Ok(messages::expansion(body, world)),
        "history-clean" => Ok(clean(body, world)),
        "history-query-private" => Ok(query(1, body, world)),
        "history-query-group" => Ok(query(3, body, world)),
        "history-query-chatroom" => Ok(query(4, body, world)),
        "history-query-ultragroup" => Ok(query(10, body, world)),
        "ultragroup-hismsg-query" => Ok(search(body, world)),
        "ultragroup-hismsg-msgid-query" => Ok(around(body, world)),
        "history-log" => Ok(log(body, world)),
        "history-log-delete" => delete_log(body, world),
        "token" => Ok(token(body, world)),
        "tag-set" => Ok(tag(&[text(body.get("userId"))], body, world)),
        "tag-batch-set" => {
            let users: Vec<String> =
                texts(body.get("userIds")).into_iter().map(|(_, id)| id).collect();
            Ok(tag(&users, body, world))
        }
        _ => messages::send(accepted.operation.id, body, world),
    }
}

fn tag(users: &[String], body: At<'_>, world: &mut SandboxWorld<'_>) -> Value {
    let tags = body.get("tags").value().map_or(Value::Null, ValueView::to_value);
    for user in users {
        world.store.put("tags", user, &object([("tags", tags.clone())]));
    }
    done([])
}

fn token(body: At<'_>, world: &mut SandboxWorld<'_>) -> Value {
    let user = text(body.get("userId"));
    world.store.put("user", &user, &object([("name", text(body.get("name")).into())]));
    let token = format!("sandbox-token-{}", world.store.next("token"));
    done([("userId", user.into()), ("token", token.into())])
}

/// A history is cleared for one user alone.
fn clean(body: At<'_>, world: &mut SandboxWorld<'_>) -> Value {
    let id = cleared_id(
        &text(body.get("fromUserId")),
        body.get("conversationType").as_integer().unwrap_or_default(),
        &text(body.get("targetId")),
    );
    let until = body.get("msgTimestamp").as_integer().and_then(|n| i64::try_from(n).ok());
    let until = until.unwrap_or(world.now_ms);
    world.store.put("cleared", &id, &object([("until", until.into())]));
    done([])
}

fn cleared_id(user: &str, conversation: i128, target: &str) -> String {
    format!("{user}/{conversation}/{target}")
}

/// A page of a conversation, newest first.
fn query(conversation: i128, body: At<'_>, world: &mut SandboxWorld<'_>) -> Value {
    let (user, target) = (text(body.get("userId")), text(body.get("targetId")));
    let number = |name: &str| {
        let value = body.as_object()?.get(name)?.as_integer()?;
        i64::try_from(value).ok()
    };
    let (start, end) = (number("startTime").unwrap_or(i64::MAX), number("endTime").unwrap_or(0));
    let with_start = text(body.get("includeStart")) == "true";
    let channel = text(body.get("busChannel"));
    let page = number("pageSize").and_then(|n| usize::try_from(n).ok()).unwrap_or(10);
    let cleared = world
        .store
        .get("cleared", &cleared_id(&user, conversation, &target))
        .and_then(|record| record.as_object()?.get("until")?.value.as_integer())
        .unwrap_or(-1);
    let fits = |kept: &KeptMessage| {
        let between = kept.conversation == conversation
            && (kept.target == target && (conversation != 1 || kept.from == user)
                || conversation == 1 && kept.from == target && kept.target == user);
        between
            && kept.stored
            && kept.time >= end
            && (kept.time < start || with_start && kept.time == start)
            && i128::from(kept.time) > cleared
            && (channel.is_empty() || kept.channel == channel)
    };
    let mut found: Vec<KeptMessage> = messages::all(world).into_iter().filter(fits).collect();
    found.reverse();
    let entries: Vec<Value> = found.iter().take(page).map(KeptMessage::in_history).collect();
    done([("data", entries.into())])
}

/// The messages of a channel of an ultra group, oldest first.
fn of_channel(body: At<'_>, world: &mut SandboxWorld<'_>) -> Vec<KeptMessage> {
    let (group, channel) = (text(body.get("groupId")), text(body.get("busChannel")));
    // Messages sent without a channel are in the default one.
    let is_in = |kept: &KeptMessage| {
        let own = if kept.channel.is_empty() { "RCDefault" } else { kept.channel.as_str() };
        kept.conversation == 10 && kept.stored && kept.target == group && own == channel
    };
    messages::all(world).into_iter().filter(is_in).collect()
}

/// Those after `startTime`, up to and including `endTime`.
fn search(body: At<'_>, world: &mut SandboxWorld<'_>) -> Value {
    let number = |name: &'static str| body.get(name).as_integer().unwrap_or_default();
    let (start, end) = (number("startTime"), number("endTime"));
    let sender = text(body.get("fromUserId"));
    let page = body.get("pageSize").as_integer().and_then(|n| usize::try_from(n).ok());
    let found = of_channel(body, world).into_iter().filter(|kept| {
        let time = i128::from(kept.time);
        start < time && time <= end && (sender.is_empty() || kept.from == sender)
    });
    let entries: Vec<Value> =
        found.take(page.unwrap_or(20)).map(|kept| kept.in_channel()).collect();
    done([("data", entries.into())])
}

/// A message, with as many before and after it as are asked for.
fn around(body: At<'_>, world: &mut SandboxWorld<'_>) -> Value {
    let number = |name: &'static str| {
        let number = body.get(name).as_integer().and_then(|n| usize::try_from(n).ok());
        number.unwrap_or(10)
    };
    let all = of_channel(body, world);
    let id = text(body.get("msgUID"));
    let entries: Vec<Value> = match all.iter().position(|kept| kept.id == id) {
        Some(at) => {
            let (first, last) =
                (at.saturating_sub(number("prevNum")), (at + number("lastNum")).min(all.len() - 1));
            all[first..=last].iter().map(KeptMessage::in_channel).collect()
        }
        None => Vec::new(),
    };
    done([("data", entries.into())])
}

fn has_log(date: &str, world: &mut SandboxWorld<'_>) -> bool {
    let any = messages::all(world).iter().any(|kept| china(kept.time, "%Y%m%d%H") == date);
    any && world.store.get("deleted-log", date).is_none()
}

fn log(body: At<'_>, world: &mut SandboxWorld<'_>) -> Value {
    let date = text(body.get("date"));
    let url = match has_log(&date, world) {
        true => format!("{}/rongcloud/log/{date}.zip", world.origin),
        false => String::new(),
    };
    done([("url", url.into()), ("date", date.into())])
}

fn delete_log(body: At<'_>, world: &mut SandboxWorld<'_>) -> Result<Value, Refusal> {
    let date = text(body.get("date"));
    if !has_log(&date, world) {
        return Err(Refusal::new(200, 1015, "there is nothing to delete"));
    }
    world.store.put("deleted-log", &date, &Value::object());
    Ok(done([]))
}
