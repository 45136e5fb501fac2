//! What answers say. An HTTP 200 is not a success yet: pushes, batch recalls and label changes fail inside.

use super::errors;
use crate::contract::{Effect, Operation};
use crate::document::{Node, Object, Value};
use crate::outcome::{Reading, TargetResult, Verdict};
use crate::provider::kit::wire::{self, plain};
use crate::wire::{HIDDEN, Reply};

/// What a reply says.
pub(super) fn read(operation: &'static Operation, reply: &Reply, body: Option<Value>) -> Reading {
    let fine = (200..300).contains(&reply.status);
    if fine && matches!(operation.id, "download" | "download-thumb") {
        let warning = format!("{} bytes arrived; herald shows no files", reply.body.len());
        return Reading { success: Some(true), warnings: vec![warning], ..Reading::default() };
    }
    match body.as_ref().and_then(Value::as_object) {
        Some(object) if !fine || object.get("error").is_some() => {
            let done = success(operation, object);
            let is_named =
                object.get("data").is_some_and(|node| !matches!(node.value, Value::Null));
            let contradicts = operation.effect != Effect::Reads
                && (!done.ids.is_empty() || is_named && done.success == Some(true));
            // What it names may have been sent all the same.
            let (ids, targets) = match contradicts {
                true => (done.ids, done.targets),
                false => (Vec::new(), Vec::new()),
            };
            Reading { contradicts, ids, targets, ..failure(object) }
        }
        Some(object) => success(operation, object),
        None if fine => Reading::default(),
        // What a gateway says is told apart by its status.
        None => Reading { success: Some(false), ..Reading::default() },
    }
}

fn failure(object: &Object) -> Reading {
    let number = plain(object, "error_code").filter(|code| errors::is_known(code));
    let word = plain(object, "error").filter(|word| errors::is_known(word));
    let exception = plain(object, "exception");
    // An exception in full stands behind its package; only known ones are codes.
    let short = exception.as_deref().and_then(|name| name.rsplit('.').next()).map(str::to_owned);
    let known = short.filter(|name| errors::is_known(name));
    let code = number.or(word).or(known).or_else(|| plain(object, "error"));
    let message = plain(object, "error_description").or_else(|| plain(object, "message"));
    Reading { success: Some(false), code, message, ..Reading::default() }
}

fn success(operation: &'static Operation, object: &Object) -> Reading {
    let data = object.get("data").map(|node| &node.value);
    let done = || Reading { success: Some(true), ..Reading::default() };
    match operation.id {
        "send"
        | "send-users"
        | "send-groups"
        | "send-rooms"
        | "send-groups-targeted"
        | "send-rooms-targeted" => {
            data.and_then(Value::as_object).map_or_else(Reading::default, sent)
        }
        "broadcast-all" | "broadcast-online" | "broadcast-rooms" => ids(data, &["id"]),
        "stream-users" | "stream-groups" => {
            Reading { success: Some(true), ..ids(data, &["msgId"]) }
        }
        "import-users" | "import-groups" => ids(data, &["msg_id"]),
        "recall" | "recall-batch" | "recall-legacy" => recalled(data),
        "upload" => uploaded(object),
        "push-sync" | "push-async" => pushed(data, true),
        "push-single" => pushed(data, false),
        "push-list" | "push-label" => ids(data, &["taskId"]),
        "push-task" | "push-task-broadcast" => one_id(data, "taskId"),
        "push-message" => one_id(data, "pushMsgId"),
        "label-users-add" | "label-users-remove" => labelled(data),
        "attachment-lifetime" => kept(data),
        "token" | "token-user" => token(object),
        "hosts" => Reading { result: Some(Value::Object(object.clone())), ..done() },
        "update" => word(data, "success"),
        "delete-conversation" => {
            word(data.and_then(|data| Some(&data.as_object()?.get("result")?.value)), "ok")
        }
        "delete-roaming" => match plain(object, "requestStatusCode").as_deref() {
            Some("ok") => done(),
            _ => Reading::default(),
        },
        _ if operation.effect == Effect::Reads => Reading {
            result: Some(data.cloned().unwrap_or(Value::Object(object.clone()))),
            ..done()
        },
        _ => Reading { success: data.map(|_| true), ..Reading::default() },
    }
}

fn target(name: impl Into<String>, verdict: Verdict) -> TargetResult {
    TargetResult::new(name, verdict)
}

/// Ids by receiver, or the word `success` where the old generation was not asked for ids.
fn sent(data: &Object) -> Reading {
    let targets: Vec<TargetResult> = data
        .iter()
        .map(|member| {
            let said = member.node.value.to_plain();
            let is_id = !said.is_empty() && said.bytes().all(|byte| byte.is_ascii_digit());
            match said.as_str() {
                "success" => target(&*member.key, Verdict::Accepted),
                _ if is_id => {
                    TargetResult { id: Some(said), ..target(&*member.key, Verdict::Accepted) }
                }
                // Neither of the two that are documented: it does not say what was done.
                _ => TargetResult { message: Some(said), ..target(&*member.key, Verdict::Unknown) },
            }
        })
        .collect();
    let mut reading =
        Reading { success: (!targets.is_empty()).then_some(true), ..Reading::default() };
    if let [one] = targets.as_slice() {
        reading.ids.extend(one.id.clone().map(|id| ("msg_id".to_owned(), id)));
    }
    let unnamed = |one: &TargetResult| one.verdict == Verdict::Accepted && one.id.is_none();
    if !targets.is_empty() && targets.iter().all(unnamed) {
        reading.warnings.push("no ids were asked for, so nothing of it can be recalled".to_owned());
    }
    reading.targets = targets;
    reading
}

/// The one word that says that it was done; any other does not say what was.
fn word(said: Option<&Value>, done: &str) -> Reading {
    let is_done = said.and_then(Value::as_str) == Some(done);
    Reading { success: is_done.then_some(true), ..Reading::default() }
}

/// Members of `data` that are ids; without any the answer does not say what was done.
fn ids(data: Option<&Value>, names: &[&str]) -> Reading {
    let mut reading = Reading::default();
    let object = data.and_then(Value::as_object);
    let is_named = object.is_some_and(|object| wire::ids(object, names, &mut reading));
    Reading { success: is_named.then_some(true), ..reading }
}

/// `data` is the id itself.
fn one_id(data: Option<&Value>, name: &str) -> Reading {
    match data {
        Some(value @ (Value::Number(_) | Value::String(_))) => {
            let mut reading = Reading { success: Some(true), ..Reading::default() };
            wire::keep_id(name, value, &mut reading);
            reading
        }
        other => ids(other, &[name]),
    }
}

/// The objects of a list, of a list in `msgs`, or the one that there is.
fn objects<'a>(data: Option<&'a Value>) -> Vec<&'a Object> {
    let all = |items: &'a [Node]| items.iter().filter_map(|node| node.value.as_object()).collect();
    match data {
        Some(Value::Array(items)) => all(items),
        Some(Value::Object(object)) => {
            match object.get("msgs").and_then(|node| node.value.as_array()) {
                Some(items) => all(items),
                None => vec![object],
            }
        }
        _ => Vec::new(),
    }
}

/// Each message was recalled, or why it was not: some versions say so with HTTP 200. Requests name messages, and
/// several of them can be with one receiver: an entry without the id names nothing.
fn recalled(data: Option<&Value>) -> Reading {
    let one = |entry: &Object| {
        let said = plain(entry, "recalled").unwrap_or_default();
        let id = wire::id_in(entry, "msg_id");
        let done = said == "yes" || said == "true";
        TargetResult {
            id: id.clone(),
            code: (!done).then(|| "recalled".to_owned()),
            message: (!done).then_some(said),
            ..target(
                id.unwrap_or_default(),
                if done { Verdict::Accepted } else { Verdict::Rejected },
            )
        }
    };
    let targets: Vec<TargetResult> = objects(data).into_iter().map(one).collect();
    together(targets)
}

/// A reading of targets: where all failed, the first one's words stand for all.
fn together(targets: Vec<TargetResult>) -> Reading {
    let refused = |target: &TargetResult| target.verdict == Verdict::Rejected;
    let mut reading = Reading::default();
    match targets.as_slice() {
        [] => {}
        [first, ..] if targets.iter().all(refused) => {
            reading.success = Some(false);
            reading.code.clone_from(&first.code);
            reading.message.clone_from(&first.message);
        }
        _ => reading.success = Some(true),
    }
    reading.targets = targets;
    reading
}

fn uploaded(object: &Object) -> Reading {
    let entities = object.get("entities").and_then(|node| node.value.as_array());
    let first = entities.and_then(|items| items.first()?.value.as_object());
    let Some(uuid) = first.and_then(|entity| plain(entity, "uuid")) else {
        return Reading::default();
    };
    let mut ids = vec![("uuid".to_owned(), uuid.clone())];
    if let Some(uri) = plain(object, "uri") {
        ids.push(("url".to_owned(), format!("{}/{uuid}", uri.trim_end_matches('/'))));
    }
    ids.extend(
        first
            .and_then(|entity| plain(entity, "share-secret"))
            .map(|s| ("share-secret".to_owned(), s)),
    );
    Reading { success: Some(true), ids, ..Reading::default() }
}

/// The outcome of a notification for each user: the HTTP status says nothing of it. A user with several devices has an
/// entry for each. Where the call is about one user (`to_one`), entries do not name that user.
fn pushed(data: Option<&Value>, to_one: bool) -> Reading {
    let mut users: Vec<(String, Vec<TargetResult>)> = Vec::new();
    for entry in objects(data) {
        let name = plain(entry, "id").unwrap_or_default();
        let device = device(entry);
        let is_same = |known: &str| known == name && (to_one || !name.is_empty());
        match users.iter_mut().find(|(known, _)| is_same(known)) {
            Some((_, devices)) => devices.push(device),
            None => users.push((name, vec![device])),
        }
    }
    let is_queued = |device: &TargetResult| device.code.as_deref() == Some("ASYNC_SUCCESS");
    let queued = users.iter().any(|(_, devices)| devices.iter().any(is_queued));
    let mut reading = together(users.into_iter().map(user).collect());
    if let [one] = reading.targets.as_slice()
        && one.verdict == Verdict::Unknown
    {
        reading.success = Some(false);
        reading.code.clone_from(&one.code);
        reading.message.clone_from(&one.message);
    }
    if queued {
        reading.warnings.push("queued: whether it was delivered is not said".to_owned());
    }
    reading
}

/// What an entry says of one device.
fn device(entry: &Object) -> TargetResult {
    let status = plain(entry, "pushStatus").unwrap_or_default();
    let verdict = match status.as_str() {
        "SUCCESS" | "ASYNC_SUCCESS" => Verdict::Accepted,
        "FAIL" => Verdict::Rejected,
        // The phone maker's answer did not come, or is not documented.
        _ => Verdict::Unknown,
    };
    TargetResult { code: Some(status), message: plain(entry, "desc"), ..target("", verdict) }
}

/// A user by the results of the devices: with the words of the first that it did not reach.
fn user((name, devices): (String, Vec<TargetResult>)) -> TargetResult {
    let verdict = Verdict::together(devices.iter().map(|device| device.verdict));
    let failed = devices.iter().find(|device| device.verdict != Verdict::Accepted).cloned();
    let devices = if devices.len() > 1 { devices } else { Vec::new() };
    let target = target(name, verdict.unwrap_or(Verdict::Unknown));
    match failed {
        Some(failed) => {
            TargetResult { code: failed.code, message: failed.message, devices, ..target }
        }
        None => TargetResult { devices, ..target },
    }
}

/// Users with their reasons; who is in neither list is not spoken of.
fn labelled(data: Option<&Value>) -> Reading {
    let object = data.and_then(Value::as_object);
    let list = object.and_then(|object| object.get("success")?.value.as_array());
    let fail = object.and_then(|object| object.get("fail")?.value.as_object());
    let mut targets: Vec<TargetResult> = list
        .unwrap_or_default()
        .iter()
        .map(|node| target(node.value.to_plain(), Verdict::Accepted))
        .collect();
    targets.extend(fail.into_iter().flatten().map(|member| TargetResult {
        message: Some(member.node.value.to_plain()),
        ..target(&*member.key, Verdict::Rejected)
    }));
    together(targets)
}

/// Files by uuid: `success` or `failed`.
fn kept(data: Option<&Value>) -> Reading {
    let object = data.and_then(Value::as_object);
    let targets = object.into_iter().flatten().map(|member| {
        let said = member.node.value.to_plain();
        if said == "success" {
            target(&*member.key, Verdict::Accepted)
        } else {
            TargetResult { message: Some(said), ..target(&*member.key, Verdict::Rejected) }
        }
    });
    together(targets.collect())
}

/// A token is never shown: what herald needs of it, it reads for itself.
fn token(object: &Object) -> Reading {
    if plain(object, "access_token").is_none() {
        return Reading::default();
    }
    let mut shown = object.clone();
    shown.set("access_token", HIDDEN);
    Reading { success: Some(true), result: Some(Value::Object(shown)), ..Reading::default() }
}
