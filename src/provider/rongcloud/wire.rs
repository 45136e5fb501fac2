//! Requests and replies: hosts, signature, form and JSON bodies, what an answer says.

use crate::provider::kit::wire::ids;
use crate::provider::kit::wire::{Region, serves};
use sha1::{Digest as _, Sha1};

use super::errors;
use crate::contract::{BodyForm, Effect, Endpoint, Operation, Position};
use crate::document::{Object, Value};
use crate::error::{Error, Result};
use crate::near::did_you_mean;
use crate::outcome::{Reading, TargetResult, Verdict};
use crate::provider::kit::wire::host_of;
use crate::provider::mistakes::SignatureEncoding;
use crate::provider::{Call, Signature};
use crate::wire::{Body, FormBody, HIDDEN, Header, Reply, Request, Written, lower_hex};

const fn endpoint(name: &'static str, base: &'static str, backup: &'static str) -> Endpoint {
    Endpoint { name, role: "", base, backup: Some(backup) }
}

/// The data centres; an app lives in exactly one.
pub(super) const ENDPOINTS: &[Endpoint] = &[
    endpoint("", "https://api.rong-api.com", "https://api-b.rong-api.com"),
    endpoint("cn", "https://api.rong-api.com", "https://api-b.rong-api.com"),
    endpoint("sg", "https://api.sg-light-api.com", "https://api-b.sg-light-api.com"),
    endpoint("sg-b", "https://api.sg-b-light-api.com", "https://api-b.sg-b-light-api.com"),
    endpoint("us", "https://api.us-light-api.com", "https://api-b.us-light-api.com"),
    endpoint("sau", "https://api.sau-light-api.com", "https://api-b.sau-light-api.com"),
];

/// Hosts of former days, with what replaces them.
const OLD_HOSTS: &[(&str, &str)] = &[
    ("api.cn.rong.io", "api.rong-api.com"),
    ("api.cn.ronghub.com", "api.rong-api.com"),
    ("api-cn.ronghub.com", "api.rong-api.com"),
    ("api2-cn.ronghub.com", "api-b.rong-api.com"),
    ("api-sg01.ronghub.com", "api.sg-light-api.com"),
];

/// The host that replaces an old one.
pub(super) fn successor(host: &str) -> Option<&'static str> {
    OLD_HOSTS.iter().find(|(old, _)| *old == host).map(|(_, today)| *today)
}

/// Where an endpoint is.
pub(super) fn region_of(endpoint: &str) -> Region {
    let host = host_of(endpoint);
    let host = successor(host).unwrap_or(host);
    match ENDPOINTS.iter().find(|row| row.name == host || serves(row, host)) {
        Some(row) if matches!(row.name, "" | "cn") => Region::China,
        Some(_) => Region::Abroad,
        None => Region::Unknown,
    }
}

/// Scheme and host that a call goes to.
pub(super) fn base_of(call: &Call<'_>) -> Result<String> {
    let wanted = call.account.endpoint.as_deref().unwrap_or_default();
    if wanted.contains("://") {
        return Ok(wanted.trim_end_matches('/').to_owned());
    }
    match ENDPOINTS.iter().find(|row| row.name == wanted) {
        Some(row) => Ok(row.base.to_owned()),
        None => {
            let names = ENDPOINTS.iter().map(|row| row.name).filter(|name| !name.is_empty());
            let help = did_you_mean(wanted, names)
                .unwrap_or_else(|| "there are cn, sg, sg-b, us and sau; or give a URL".to_owned());
            let message = format!("rongcloud has no data centre `{wanted}`");
            Err(Error::new(crate::error::ErrorKind::Profile, message).help(help))
        }
    }
}

/// Lower-case hex of SHA-1 over secret, nonce and timestamp, glued together.
pub(super) fn digest(secret: &str, nonce: &str, timestamp: &str) -> String {
    let hash = Sha1::new()
        .chain_update(secret.as_bytes())
        .chain_update(nonce.as_bytes())
        .chain_update(timestamp.as_bytes())
        .finalize();
    lower_hex(&hash)
}

/// A header that the payload names, else what herald made.
fn named_header(body: &Value, name: &str, made: &str) -> String {
    match body.as_object().and_then(|object| object.get(name)) {
        Some(node) if !matches!(node.value, Value::Null) => node.value.to_plain(),
        _ => made.to_owned(),
    }
}

/// How a call is signed. The body is not part of it.
pub(super) fn sign(call: &Call<'_>) -> Result<Signature> {
    let nonce = named_header(call.body, "Nonce", &call.stamp.nonce);
    let timestamp = named_header(call.body, "Timestamp", &call.stamp.timestamp);
    let secret = call.account.secret("app_secret");
    let value = secret.map(|secret| digest(secret.expose(), &nonce, &timestamp));
    let key = call.account.value("app_key").map_or_else(|| Written::plain(HIDDEN), Written::plain);
    let shown = value.clone().map_or_else(|| Written::plain(HIDDEN), Written::secret);
    let hashed =
        secret.map_or_else(|| Written::plain(HIDDEN), |secret| Written::secret(secret.expose()));
    Ok(Signature {
        recipe: "SHA-1 of app secret, nonce and timestamp glued together, lower-case hex",
        pieces: vec![
            ("app_secret", hashed),
            ("nonce", Written::plain(nonce.clone())),
            ("timestamp", Written::plain(timestamp.clone())),
        ],
        encoding: Some(SignatureEncoding::Sha1),
        value,
        case_matters: true,
        headers: vec![
            ("App-Key", key),
            ("Nonce", Written::plain(nonce)),
            ("Timestamp", Written::plain(timestamp)),
            ("Signature", shown),
        ],
        fields: Vec::new(),
        valid_for: None,
    })
}

/// The finished request.
pub(super) fn request(call: &Call<'_>) -> Result<Request> {
    let signature = sign(call)?;
    let headers =
        signature.headers.into_iter().map(|(name, value)| Header { name, value }).collect();
    let mut members = call.body.as_object().cloned().unwrap_or_default();
    for field in call.operation.shape().map(|shape| shape.all_fields()).unwrap_or_default() {
        if field.position == Position::Header {
            members.remove(field.name);
        }
    }
    let body = match call.operation.body {
        BodyForm::Form => {
            Body::Text { media: "application/x-www-form-urlencoded", text: form(&members) }
        }
        BodyForm::Json | BodyForm::None | BodyForm::Multipart => Body::Text {
            media: "application/json",
            text: Written::plain(Value::Object(members).to_compact()),
        },
    };
    Ok(Request {
        method: call.operation.method,
        base: base_of(call)?,
        path: Written::plain(call.operation.path),
        headers,
        body,
        carries_secret: false,
    })
}

/// Pairs in the order of the payload; of a list, the key is repeated.
fn form(members: &Object) -> Written {
    let mut form = FormBody::default();
    for member in members {
        match &member.node.value {
            Value::Null => {}
            Value::Array(items) => {
                items.iter().for_each(|item| form.pair(&member.key, &item.value.to_plain()));
            }
            other => form.pair(&member.key, &other.to_plain()),
        }
    }
    form.finish()
}

/// What a reply says.
pub(super) fn read(operation: &'static Operation, reply: &Reply, body: Option<Value>) -> Reading {
    let Some(body) = body else { return unreadable(reply) };
    let Some(object) = body.as_object() else { return unreadable(reply) };
    let text = |name: &str| {
        let node = object.get(name).filter(|node| !matches!(node.value, Value::Null))?;
        Some(node.value.to_plain()).filter(|text| !text.is_empty())
    };
    let code = text("code");
    let message = text("errorMessage").or_else(|| text("msg"));
    let success = code.as_deref().map(errors::is_success);
    let mut reading = Reading { success, code, message, ..Reading::default() };
    // The code of a repeated dedupe id is not documented, so that the words have to tell.
    reading.repeated = success == Some(false)
        && (400..500).contains(&reply.status)
        && is_repeated(reading.message.as_deref().unwrap_or_default());
    ids(object, &["messageUID", "id"], &mut reading);
    if let Some(list) = object.get("messageUIDs") {
        reading.targets = targets(&list.value);
        if let [one] = reading.targets.as_slice() {
            reading.ids.extend(one.id.clone().map(|id| ("messageUID".to_owned(), id)));
        }
    }
    if reading.success == Some(true) && operation.id == "history-log" && text("url").is_none() {
        reading.warnings.push("there is no log of that hour yet".to_owned());
    }
    let shown = matches!(operation.effect, Effect::Reads) || operation.id == "token";
    if shown && reading.success == Some(true) {
        reading.result = Some(body);
    }
    reading
}

/// A reply without JSON. A refusal by path or method is one all the same: nothing behind it has read the request.
fn unreadable(reply: &Reply) -> Reading {
    match reply.status {
        404 | 405 => Reading {
            success: Some(false),
            code: Some(reply.status.to_string()),
            ..Reading::default()
        },
        _ => Reading::default(),
    }
}

/// Whether an error says that its dedupe id came before: it names the id and has a word for a repetition. Words that a
/// complaint about the id itself could have as well (`does not exist`, `cannot be used`) are none.
fn is_repeated(text: &str) -> bool {
    const WORDS: [&str; 7] =
        ["repeat", "duplicat", "already", "was used", "been used", "重复", "已存在"];
    let text = text.to_lowercase();
    text.contains("msgrandom") && WORDS.iter().any(|word| text.contains(word))
}

/// The ids of the messages of single targets.
fn targets(list: &Value) -> Vec<TargetResult> {
    let one = |entry: &Object| {
        let text = |name: &str| entry.get(name).map(|node| node.value.to_plain());
        let target = text("userId").or_else(|| text("groupId")).or_else(|| text("chatroomId"))?;
        Some(TargetResult {
            id: text("messageUID"),
            ..TargetResult::new(target, Verdict::Accepted)
        })
    };
    let entries = list.as_array().unwrap_or_default().iter();
    entries.filter_map(|node| node.value.as_object().and_then(one)).collect()
}
