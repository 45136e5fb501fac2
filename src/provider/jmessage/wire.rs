//! HTTP Basic, paths and bodies, and what replies say.

use super::CONTRACT;
use crate::contract::{Operation, base_url};
use crate::document::{Object, Value};
use crate::error::{Error, Result};
use crate::outcome::Reading;
use crate::provider::jiguang::{self, wire::failure};
use crate::provider::kit::wire::{by_status, ids, request_to};
use crate::provider::{Call, Signature};
use crate::wire::{Header, Reply, Request};

/// HTTP Basic with the app's pair.
pub(super) fn sign(call: &Call<'_>) -> Result<Signature> {
    Ok(jiguang::basic_signature(call.account.value("app_key"), call.account))
}

/// The finished request.
pub(super) fn request(call: &Call<'_>) -> Result<Request> {
    let operation = call.operation;
    if operation.path.is_empty() {
        return Err(Error::usage(format!("`jmessage/{}` is no call", operation.id))
            .help("it is a form of message, which `validate` checks"));
    }
    let base = base_url(call.account, &CONTRACT, operation.host)?;
    let empty = Object::default();
    let members = call.body.as_object().unwrap_or(&empty);
    let request = request_to(call, base, template(operation, members)?)?;
    let value = jiguang::basic(call.account.value("app_key"), call.account);
    let headers = vec![Header { name: "Authorization", value }];
    Ok(Request { headers, carries_secret: true, ..request })
}

/// The path before its parameters are in it. An unknown scope must not ask for all messages.
fn template(operation: &'static Operation, members: &Object) -> Result<&'static str> {
    let (_, path) = operation.address_for(members);
    let scope = members.get("scope").and_then(|node| node.value.as_str()).unwrap_or_default();
    if operation.id == "history" && path == operation.path && scope != "all" {
        return Err(Error::usage(format!("`scope` cannot be `{scope}`"))
            .help("it chooses the path: all, user, group or chatroom"));
    }
    Ok(path)
}

/// What a reply says. The documents name no statuses of failures, so a code in the body decides.
pub(super) fn read(operation: &'static Operation, reply: &Reply, body: Option<Value>) -> Reading {
    let fine = (200..300).contains(&reply.status);
    let empty = reply.body.iter().all(u8::is_ascii_whitespace);
    // With no other status: an empty 200 may be anyone's.
    if empty && matches!((operation.id, reply.status), ("retract", 204) | ("register-admin", 201)) {
        return Reading { success: Some(true), ..Reading::default() };
    }
    let mut reading = by_status(reply);
    let Some(value) = body else { return reading };
    match value.as_object() {
        Some(object) if failure(object, &mut reading) => return reading,
        Some(object) => {
            let name = match operation.id {
                "send" => "msg_id",
                "resource-upload" => "media_id",
                _ => "",
            };
            let is_named = ids(object, &[name], &mut reading);
            if fine && (name.is_empty() || is_named) {
                reading.success = Some(true);
            }
        }
        // Some calls answer with a list, whose entries can fail each by itself.
        None => match value.as_array() {
            // Not a message: its answer has an id.
            Some(items) if fine && !matches!(operation.id, "send" | "resource-upload") => {
                let refused = items
                    .iter()
                    .filter_map(|item| item.value.as_object())
                    .any(|item| operation.id == "register-admin" && failure(item, &mut reading));
                if refused {
                    return reading;
                }
                reading.success = Some(true);
            }
            _ => return reading,
        },
    }
    if fine && reading.success == Some(true) {
        reading.result = Some(value);
    }
    reading
}
