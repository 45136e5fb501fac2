//! HTTP Basic, paths and bodies, and what replies say.

use super::CONTRACT;
use crate::contract::{Effect, Operation, base_url};
use crate::document::{Object, Value};
use crate::error::Result;
use crate::outcome::{Reading, TargetResult, Verdict};
use crate::provider::jiguang;
use crate::provider::jiguang::wire::failure;
use crate::provider::kit::wire::{by_status, id_in, ids, plain, request_to};
use crate::provider::{Call, Signature};
use crate::wire::{Header, Reply, Request};

/// Every call is signed in the same way.
pub(super) fn sign(call: &Call<'_>) -> Result<Signature> {
    Ok(jiguang::basic_signature(user(call).as_deref(), call.account))
}

/// The user of HTTP Basic: the AppKey; for a group its key with a prefix, which the profile may have or not.
fn user(call: &Call<'_>) -> Option<String> {
    let key = call.account.value("app_key")?;
    Some(match call.operation.id {
        "group-push" => format!("group-{}", key.strip_prefix("group-").unwrap_or(key)),
        _ => key.to_owned(),
    })
}

/// The finished request.
pub(super) fn request(call: &Call<'_>) -> Result<Request> {
    let base = base_url(call.account, &CONTRACT, call.operation.host)?;
    let authorization = jiguang::basic(user(call).as_deref(), call.account);
    // In the Beijing data centre reports have an address of their own, which holds the version.
    let path = match call.operation.path.strip_prefix("/v3") {
        Some(rest) if base.ends_with("/v3/report") => rest,
        _ => call.operation.path,
    };
    let headers = vec![Header { name: "Authorization", value: authorization }];
    Ok(Request { headers, carries_secret: true, ..request_to(call, base, path)? })
}

/// What a reply says.
pub(super) fn read(operation: &'static Operation, reply: &Reply, body: Option<Value>) -> Reading {
    let fine = (200..300).contains(&reply.status);
    let empty = reply.body.iter().all(u8::is_ascii_whitespace);
    if fine && empty && matches!(operation.id, "recall" | "file-delete") {
        return Reading { success: Some(true), ..Reading::default() };
    }
    let mut reading = by_status(reply);
    let Some(value) = body else { return reading };
    let is_many = matches!(operation.id, "group-push" | "batch-regid" | "batch-alias");
    match (operation.id, value.as_object()) {
        // A refusal of the whole call that names messages all the same.
        (_, Some(object))
            if is_many && named(object) && (failure(object, &mut reading) || !fine) =>
        {
            each(object, &mut reading);
            reading.targets.retain(|target| target.target != "error");
            reading.contradicts = true;
        }
        (_, Some(object)) if failure(object, &mut reading) => {}
        (_, Some(object)) if is_many && fine => {
            each(object, &mut reading);
        }
        ("push" | "push-file" | "push-validate", Some(object)) => {
            let is_named = ids(object, &["msg_id"], &mut reading);
            // `sendno` is the caller's own number: it shows that the push was read, and names nothing.
            if fine && (is_named || plain(object, "sendno").is_some()) {
                reading.success = Some(true);
            }
        }
        ("file-upload", Some(object)) => {
            let is_named = ids(object, &["file_id"], &mut reading);
            if fine && is_named {
                reading.success = Some(true);
            }
        }
        // The id is that of the message, as it was asked for; anything else does not say what was done.
        ("recall", Some(object))
            if !fine || !object.is_empty() && plain(object, "msg_id").is_none() => {}
        // A list answers a question; what is sent has an id.
        (_, object)
            if fine && (object.is_some() || lists(operation) && value.as_array().is_some()) =>
        {
            reading.success = Some(true);
            reading.result = Some(value);
        }
        _ => {}
    }
    reading
}

fn lists(operation: &Operation) -> bool {
    operation.effect == Effect::Reads
}

/// Whether an entry of an AppKey or cid has the id of a message.
fn named(object: &Object) -> bool {
    let mut entries = object.iter().filter_map(|member| member.node.value.as_object());
    entries.any(|entry| plain(entry, "msg_id").is_some())
}

/// Results by AppKey or cid: some may have failed.
fn each(object: &Object, reading: &mut Reading) {
    for member in object {
        match member.node.value.as_object() {
            Some(result) => reading.targets.push(target(&member.key, result)),
            // `group_msgid` stands beside the apps.
            None => {
                ids(object, &[&member.key], reading);
            }
        }
    }
    // Of each, the row of its code says later whether that is permanent.
    let failed = |target: &TargetResult| target.verdict == Verdict::Rejected;
    reading.success = match reading.targets.as_slice() {
        [] => None,
        targets if targets.iter().all(failed) => {
            reading.code = targets[0].code.clone();
            reading.message = targets[0].message.clone();
            Some(false)
        }
        _ => Some(true),
    };
}

fn target(name: &str, result: &Object) -> TargetResult {
    let is_taken = plain(result, "msg_id").is_some();
    let error = result.get("error").and_then(|node| node.value.as_object());
    let verdict = match (error, is_taken) {
        (None, true) => Verdict::Accepted,
        (None, false) => Verdict::Unknown,
        // Some of the entry's targets were illegal, the others were taken.
        (Some(_), true) => Verdict::Partial,
        (Some(_), false) => Verdict::Rejected,
    };
    TargetResult {
        id: id_in(result, "msg_id"),
        code: error.and_then(|error| plain(error, "code")),
        message: error.and_then(|error| plain(error, "message")),
        ..TargetResult::new(name, verdict)
    }
}
