//! What the server does with a call that it accepts, and what it keeps.

use super::{Refusal, refusal};
use crate::contract::{Audience, Operation};
use crate::document::{Document, Node, Object, Value};
use crate::provider::jiguang::{self, SANDBOX_KEY};
use crate::provider::kit::forms::clock;
use crate::provider::kit::object;
use crate::provider::kit::sandbox::bare;
use crate::provider::kit::sandbox::member;
use crate::sandbox::{Answer, SandboxWorld};

/// Kinds of records: pushes by `msg_id`, answers by cid, target files by `file_id`.
const PUSH: &str = "push";
const CID: &str = "cid";
const FILE: &str = "file";

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
/// How long pushes are counted.
const COUNTED_MS: i64 = 28 * DAY_MS;
/// Target files at a time.
const FILES: usize = 20;
/// Cids in one answer on the free plan.
const FREE_CIDS: i128 = 10;

/// What is wrong with an entry of a batch.
type Faults<'f> = &'f dyn Fn(&str) -> Option<(u32, String)>;

/// Carries out a call whose payload is right.
pub(super) fn act(
    operation: &'static Operation,
    body: Option<&Object>,
    fault_of: Faults<'_>,
    world: &mut SandboxWorld<'_>,
) -> Result<Answer, Refusal> {
    let empty = Object::default();
    let body = body.unwrap_or(&empty);
    match operation.id {
        "push" | "push-file" => push(operation, body, world).map(ok),
        "push-validate" => Ok(ok(receipt(body, "0"))),
        "group-push" => group_push(operation, body, world).map(ok),
        "batch-regid" | "batch-alias" => Ok(ok(batch(body, fault_of, world))),
        "cid" => Ok(ok(cids(body, world))),
        "recall" => recall(&member(body, "msg_id"), world),
        "received" | "received-detail" | "messages-detail" => {
            let ids =
                body.get("msg_ids").and_then(|node| node.value.as_array()).unwrap_or_default();
            let ids = ids.iter().map(|id| id.value.to_plain());
            let rows = ids.map(|id| Node::bare(counts(operation.id, &id, world))).collect();
            Ok(ok(Value::Array(rows)))
        }
        "status" => Ok(ok(status(body, world))),
        "file-upload" => upload(body, world).map(ok),
        "file-list" => Ok(ok(files(world))),
        "file-get" => match file(&member(body, "file_id"), world) {
            Some(file) => Ok(ok(file)),
            None => Err(refusal(400, 1003, "the file does not exist")),
        },
        // Of an unknown file, too.
        "file-delete" => {
            world.store.remove(FILE, &member(body, "file_id"));
            Ok(bare(200))
        }
        other => Err((404, 1000, format!("`{other}` is not served"))),
    }
}

fn ok(value: Value) -> Answer {
    Answer::json(200, &value)
}

/// A member of an object inside.
fn inner<'o>(object: &'o Object, outer: &str, name: &str) -> Option<&'o Value> {
    Some(&object.get(outer)?.value.as_object()?.get(name)?.value)
}

fn age(record: &Value, world: &SandboxWorld<'_>) -> i64 {
    let at = record.as_object().and_then(|record| record.get("at_ms")?.value.as_integer());
    world.now_ms - i64::try_from(at.unwrap_or_default()).unwrap_or_default()
}

/// What answers a push. Both are strings.
fn receipt(body: &Object, msg_id: &str) -> Value {
    let sendno = inner(body, "options", "sendno").map_or_else(|| "0".to_owned(), Value::to_plain);
    object([("sendno", Value::from(sendno)), ("msg_id", Value::from(msg_id))])
}

fn push(
    operation: &'static Operation,
    body: &Object,
    world: &mut SandboxWorld<'_>,
) -> Result<Value, Refusal> {
    let cid = member(body, "cid");
    if let Some(before) = repeated(&cid, world) {
        return Ok(before);
    }
    let file_id = body.get("audience").and_then(|node| node.value.as_object());
    let file_id = file_id.and_then(|audience| inner(audience, "file", "file_id"));
    if file_id.is_some_and(|id| file(&id.to_plain(), world).is_none()) {
        return Err(refusal(400, 1003, "the file of targets does not exist"));
    }
    if let Some(old) = inner(body, "options", "override_msg_id").map(Value::to_plain) {
        let old = world.store.get(PUSH, &old);
        if old.is_none_or(|old| age(&old, world) > DAY_MS) {
            return Err(refusal(400, 1003, "there is no such message to override"));
        }
    }
    if member(body, "audience") == "all" {
        count_broadcast(world)?;
    }
    let msg_id = keep(operation, body, world);
    let answer = receipt(body, &msg_id);
    remember(&cid, &answer, world);
    Ok(answer)
}

/// The answer that a cid got within the last day.
fn repeated(cid: &str, world: &mut SandboxWorld<'_>) -> Option<Value> {
    let record = world.store.get(CID, cid).filter(|_| !cid.is_empty())?;
    if age(&record, world) > DAY_MS {
        return None;
    }
    record.as_object()?.get("answer").map(|node| node.value.clone())
}

fn remember(cid: &str, answer: &Value, world: &mut SandboxWorld<'_>) {
    if !cid.is_empty() {
        let at = Value::from(world.now_ms);
        world.store.put(CID, cid, &object([("answer", answer.clone()), ("at_ms", at)]));
    }
}

fn count_broadcast(world: &mut SandboxWorld<'_>) -> Result<(), Refusal> {
    if jiguang::count_to_all(world) {
        return Ok(());
    }
    Err(refusal(403, 2008, "more than 10 pushes to everybody today"))
}

/// Keeps a push and gives it an id, longer than a double can hold as real ones are.
fn keep(operation: &'static Operation, body: &Object, world: &mut SandboxWorld<'_>) -> String {
    let msg_id = (18_100_287_000_000_000 + world.store.next("msg_id")).to_string();
    let body = Value::Object(body.clone());
    // The number of devices is not known: the mock server has one for each name, and one for everybody.
    let reached = Audience::of(operation, &Document::of(&body)).targets().len().max(1);
    let record = object([
        ("body", body),
        ("reached", Value::from(reached as u64)),
        ("at_ms", Value::from(world.now_ms)),
    ]);
    world.store.put(PUSH, &msg_id, &record);
    msg_id
}

/// One app is in the sandbox's group.
fn group_push(
    operation: &'static Operation,
    body: &Object,
    world: &mut SandboxWorld<'_>,
) -> Result<Value, Refusal> {
    let app = push(operation, body, world)?;
    let group = format!("G{}", world.store.next("group_msgid"));
    Ok(object([(SANDBOX_KEY, app), ("group_msgid", Value::from(group))]))
}

/// Each entry for itself: one that is wrong does not stop the others.
fn batch(body: &Object, fault_of: Faults<'_>, world: &mut SandboxWorld<'_>) -> Value {
    let mut answers = Object::default();
    let entries = body.get("pushlist").and_then(|node| node.value.as_object());
    for entry in entries.into_iter().flatten() {
        let answer = match (repeated(&entry.key, world), fault_of(&entry.key)) {
            (Some(before), _) => before,
            (None, Some((code, message))) => {
                let code = Value::from(u64::from(code));
                let error = object([("code", code), ("message", Value::from(message))]);
                object([("error", error)])
            }
            (None, None) => {
                let empty = Object::default();
                let push = entry.node.value.as_object().unwrap_or(&empty);
                let operation = &super::CONTRACT.operations[0];
                let answer = object([("msg_id", Value::from(keep(operation, push, world)))]);
                remember(&entry.key, &answer, world);
                answer
            }
        };
        answers.set(&entry.key, answer);
    }
    Value::Object(answers)
}

fn cids(body: &Object, world: &mut SandboxWorld<'_>) -> Value {
    let wanted = body.get("count").and_then(|node| node.value.as_integer()).unwrap_or(1);
    let cids: Vec<String> =
        (0..wanted.min(FREE_CIDS)).map(|_| unique(world.store.next("cid"))).collect();
    object([("cidlist", cids.into())])
}

/// An id of the form of cids and files: the AppKey and a UUID.
fn unique(number: u64) -> String {
    format!("{SANDBOX_KEY}-00000000-0000-4000-8000-{number:012x}")
}

/// Best effort, for a day; what was recalled stays so.
fn recall(msg_id: &str, world: &mut SandboxWorld<'_>) -> Result<Answer, Refusal> {
    let record = world.store.get(PUSH, msg_id).filter(|record| age(record, world) <= DAY_MS);
    let Some(Value::Object(mut record)) = record else {
        return Err(refusal(400, 1003, "the msgid does not exist"));
    };
    record.set("recalled", true);
    world.store.put(PUSH, msg_id, &Value::Object(record));
    Ok(bare(200))
}

/// The push with an id, unless the server has forgotten it.
fn known(msg_id: &str, world: &mut SandboxWorld<'_>) -> Option<Object> {
    let record = world.store.get(PUSH, msg_id).filter(|record| age(record, world) <= COUNTED_MS);
    match record {
        Some(Value::Object(record)) => Some(record),
        _ => None,
    }
}

/// The row of a report: `null` where nothing is known.
fn counts(report: &str, msg_id: &str, world: &mut SandboxWorld<'_>) -> Value {
    let record = known(msg_id, world);
    let reached = |platform: &str, content: &str| -> Value {
        let Some(record) = &record else { return Value::Null };
        let platforms = inner(record, "body", "platform");
        let named = platforms.is_some_and(|value| {
            value.as_str() == Some("all")
                || value.as_array().is_some_and(|items| {
                    items.iter().any(|item| item.value.as_str() == Some(platform))
                })
        });
        let there = content.is_empty() || inner(record, "body", content).is_some();
        if !(named && there) {
            return Value::Null;
        }
        // What was recalled in time was shown to no user.
        match record.get("recalled") {
            Some(_) => Value::from(0_u64),
            None => record.get("reached").map_or(Value::Null, |node| node.value.clone()),
        }
    };
    let id = Value::from(msg_id);
    match report {
        "received" => object([
            ("msg_id", id),
            ("android_received", reached("android", "")),
            ("ios_apns_sent", reached("ios", "notification")),
            ("ios_apns_received", reached("ios", "notification")),
            ("ios_msg_received", reached("ios", "message")),
            ("wp_mpns_sent", Value::Null),
        ]),
        "received-detail" => object([
            ("msg_id", id),
            ("jpush_received", reached("android", "")),
            ("android_pns_sent", Value::Null),
            ("android_pns_received", Value::Null),
            ("ios_apns_sent", reached("ios", "notification")),
            ("ios_apns_received", reached("ios", "notification")),
            ("ios_msg_received", reached("ios", "message")),
            ("live_acivity_sent", reached("ios", "live_activity")),
            ("live_acivity_received", reached("ios", "live_activity")),
            ("quickapp_pns_sent", Value::Null),
            ("quickapp_jpush_received", reached("quickapp", "")),
            ("hmos_hmpns_sent", reached("hmos", "notification")),
            ("hmos_hmpns_received", reached("hmos", "notification")),
            ("hmos_msg_sent", reached("hmos", "message")),
            ("hmos_msg_received", reached("hmos", "message")),
            ("wp_mpns_sent", Value::Null),
        ]),
        _ => object([("msg_id", id), ("details", details(record.as_ref()))]),
    }
}

/// The life of a push, from target to click.
fn details(record: Option<&Object>) -> Value {
    let Some(record) = record else { return Value::Null };
    let count = record.get("reached").map_or(Value::Null, |node| node.value.clone());
    let shown = if record.get("recalled").is_some() { Value::from(0_u64) } else { count.clone() };
    let mut details = Object::default();
    let blocks = [
        ("notification", "notification"),
        ("message", "message"),
        ("inapp_message", "inapp"),
        ("live_activity", "live_activity"),
    ];
    for (member, name) in blocks {
        if inner(record, "body", member).is_some() {
            let steps = object([
                ("target", count.clone()),
                ("sent", count.clone()),
                ("received", shown.clone()),
                ("display", shown.clone()),
                ("click", Value::from(0_u64)),
            ]);
            details.set(name, steps);
        }
    }
    Value::Object(details)
}

/// The state of a message on devices: 0 delivered, 1 not delivered, 3 no target of it.
fn status(body: &Object, world: &mut SandboxWorld<'_>) -> Value {
    let record = known(&member(body, "msg_id"), world);
    let audience = record.as_ref().and_then(|record| inner(record, "body", "audience"));
    let recalled = record.as_ref().is_some_and(|record| record.get("recalled").is_some());
    let is_target = |id: &str| {
        let names = audience.and_then(Value::as_object);
        let names = names.and_then(|keys| keys.get("registration_id")?.value.as_array());
        audience.and_then(Value::as_str) == Some("all")
            || names.is_some_and(|ids| ids.iter().any(|item| item.value.as_str() == Some(id)))
    };
    let ids = body.get("registration_ids").and_then(|node| node.value.as_array());
    let mut states = Object::default();
    for id in ids.unwrap_or_default().iter().filter_map(|item| item.value.as_str()) {
        let state: u64 = match (is_target(id), recalled) {
            (false, _) => 3,
            (true, true) => 1,
            (true, false) => 0,
        };
        states.set(id, object([("status", Value::from(state))]));
    }
    Value::Object(states)
}

fn upload(body: &Object, world: &mut SandboxWorld<'_>) -> Result<Value, Refusal> {
    if world.counts_quotas() && alive(world).len() >= FILES {
        world.reasons.tell(format!(
            "{FILES} files are kept at a time, until one is deleted or its `ttl` ends; `--switch quota=off` counts nothing"
        ));
        return Err(refusal(400, 1003, "there are 20 files already"));
    }
    let id = unique(world.store.next("file"));
    let hours = body.get("ttl").and_then(|node| node.value.as_integer()).unwrap_or(720);
    let end = world.now_ms + i64::try_from(hours).unwrap_or_default() * HOUR_MS;
    let name = inner(body, "filename", "name").map(Value::to_plain).unwrap_or_default();
    let record = object([
        ("file_id", Value::from(id.as_str())),
        ("file_name", Value::from(name)),
        ("type", Value::from(member(body, "type"))),
        ("create_time", Value::from(clock(world.now_ms))),
        ("expire_time", Value::from(clock(end))),
        ("end_ms", Value::from(end)),
    ]);
    world.store.put(FILE, &id, &record);
    Ok(object([("file_id", Value::from(id))]))
}

/// The files whose time is not up, as the server shows them.
fn alive(world: &mut SandboxWorld<'_>) -> Vec<Value> {
    let now = i128::from(world.now_ms);
    let files = world.store.list(FILE).into_iter().filter_map(|(_, record)| match record {
        Value::Object(mut record) => {
            let end = record.remove("end_ms").and_then(|node| node.value.as_integer());
            end.is_some_and(|end| end > now).then_some(Value::Object(record))
        }
        _ => None,
    });
    files.collect()
}

fn files(world: &mut SandboxWorld<'_>) -> Value {
    let files = alive(world);
    let count = Value::from(files.len() as u64);
    object([("total_count", count), ("files", files.into())])
}

fn file(id: &str, world: &mut SandboxWorld<'_>) -> Option<Value> {
    let is = |file: &Value| file.as_object().is_some_and(|file| member(file, "file_id") == id);
    alive(world).into_iter().find(is)
}
