//! Signing, the form, and what replies say.

use std::fmt::Write as _;

use md5::{Digest as _, Md5};

use super::CONTRACT;
use crate::contract::{Operation, base_url};
use crate::document::{Object, Value};
use crate::error::{Error, Result};
use crate::outcome::Reading;
use crate::provider::jiguang::wire::failure;
use crate::provider::kit::wire::{by_status, coded, ids, query_value};
use crate::provider::mistakes::SignatureEncoding;
use crate::provider::{Call, Signature, jiguang};
use crate::wire::{Body, FormBody, HIDDEN, Header, Reply, Request, Written};

/// The parts of the code, in the order in which they are hashed.
const HASHED: [&str; 3] = ["sendno", "receiver_type", "receiver_value"];

/// Those of them that every push has; a broadcast has no `receiver_value`.
const NEEDED: [&str; 2] = ["sendno", "receiver_type"];

/// The code: upper-case MD5 over the parts as they travel, before percent-encoding, and the secret.
pub(super) fn verification_code(body: &Value, secret: &str) -> String {
    let mut md5 = Md5::new();
    for name in HASHED {
        md5.update(part(body, name));
    }
    md5.update(secret);
    md5.finalize().iter().fold(String::with_capacity(32), |mut hex, byte| {
        let _ = write!(hex, "{byte:02X}");
        hex
    })
}

/// Whether a value of a form is as good as none.
fn is_absent(value: &Value) -> bool {
    matches!(value, Value::Null) || value.as_str() == Some("")
}

/// A part of the code: an absent value is nothing, never the word `null`.
fn part(body: &Value, name: &str) -> String {
    let value = body.as_object().and_then(|object| object.get(name)).map(|node| &node.value);
    value.filter(|value| !is_absent(value)).map(Value::to_plain).unwrap_or_default()
}

/// How a call is signed: a push by its code, a report by HTTP Basic.
pub(super) fn sign(call: &Call<'_>) -> Result<Signature> {
    if call.operation.id == "received" {
        return Ok(jiguang::basic_signature(call.account.value("app_key"), call.account));
    }
    // Without them the code would be that of the secret alone.
    if let Some(missing) = NEEDED.iter().find(|name| part(call.body, name).is_empty()) {
        return Err(Error::usage(format!("there is no `{missing}` to sign")).help(
            "give `sendno` and `receiver_type`, and `receiver_value` unless everybody is meant, \
             as in `--set sendno=1 --set receiver_type=3 --set receiver_value=bob`",
        ));
    }
    let secret = call.account.secret("master_secret");
    let value = secret.map(|secret| verification_code(call.body, secret.expose()));
    let mut pieces: Vec<(&'static str, Written)> =
        HASHED.iter().map(|name| (*name, Written::plain(part(call.body, name)))).collect();
    let shown = secret.map_or(HIDDEN, |secret| secret.expose());
    pieces.push(("master_secret", Written::secret(shown)));
    let code = value.clone().unwrap_or_else(|| HIDDEN.to_owned());
    Ok(Signature {
        recipe: "MD5 of sendno receiver_type receiver_value master_secret without separators, in UTF-8, upper-case hex",
        pieces,
        encoding: Some(SignatureEncoding::Md5),
        value,
        case_matters: false,
        headers: Vec::new(),
        fields: vec![("verification_code", Written::secret(code))],
        valid_for: None,
    })
}

fn authorization(call: &Call<'_>) -> Written {
    jiguang::basic(call.account.value("app_key"), call.account)
}

/// The finished request.
pub(super) fn request(call: &Call<'_>) -> Result<Request> {
    let base = base_url(call.account, &CONTRACT, call.operation.host)?;
    let empty = Object::default();
    let body = call.body.as_object().unwrap_or(&empty);
    let mut request = Request {
        method: call.operation.method,
        base,
        path: Written::plain(call.operation.path),
        headers: Vec::new(),
        body: Body::None,
        carries_secret: false,
    };
    if call.operation.id == "received" {
        let ids = body.get("msg_ids").map(|node| query_value(&node.value)).unwrap_or_default();
        request.path = Written::plain(format!("{}?msg_ids={ids}", call.operation.path));
        request.headers.push(Header { name: "Authorization", value: authorization(call) });
        request.carries_secret = true;
    } else {
        let text = form(call, body);
        request.body = Body::Text { media: "application/x-www-form-urlencoded", text };
    }
    Ok(request)
}

/// The form: the body's fields in their order, then what herald fills in.
fn form(call: &Call<'_>, body: &Object) -> Written {
    let mut form = FormBody::default();
    let given = |name: &str| body.get(name).is_some_and(|node| !is_absent(&node.value));
    for member in body {
        let (key, value) = (&*member.key, &member.node.value);
        match key {
            "app_key" | "verification_code" if !given(key) => {}
            "verification_code" => form.secret_pair(key, &value.to_plain()),
            _ if matches!(value, Value::Null) => {}
            _ => form.pair(key, &value.to_plain()),
        }
    }
    if !given("app_key") {
        match call.account.value("app_key") {
            Some(key) => form.pair("app_key", key),
            // Hidden, not encoded: `***` is not a value, it stands for one.
            None => form.secret_pair("app_key", HIDDEN),
        }
    }
    if !given("verification_code") {
        let secret = call.account.secret("master_secret");
        let code = secret.map(|secret| verification_code(call.body, secret.expose()));
        form.secret_pair("verification_code", code.as_deref().unwrap_or(HIDDEN));
    }
    form.finish()
}

/// What a reply says.
pub(super) fn read(operation: &'static Operation, reply: &Reply, body: Option<Value>) -> Reading {
    let mut reading = by_status(reply);
    let Some(value) = body else { return reading };
    if let Some(object) = value.as_object() {
        // `sendno` comes back, too: it is the caller's own number, and no id of anything.
        if coded(object, "errcode", "errmsg", &mut reading) || !failure(object, &mut reading) {
            ids(object, &["msg_id"], &mut reading);
        }
    } else if reading.success.is_none() && operation.id == "received" && value.as_array().is_some()
    {
        reading.success = Some(true);
    }
    if operation.id == "received" {
        reading.result = Some(value);
    }
    reading
}
