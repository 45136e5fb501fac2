//! Signing, the finished request, and what a reply says.

use crate::provider::kit::wire::ids;
use sha1::{Digest as _, Sha1};

use super::CONTRACT;
use super::compose::Role;
use super::errors::word;
use super::operations::PUBLIC;
use crate::account::Account;
use crate::contract::{Auth, BodyForm, Operation};
use crate::document::{Object, Value};
use crate::error::{Error, ErrorKind, Result};
use crate::outcome::Reading;
use crate::provider::kit::{self, object};
use crate::provider::mistakes::SignatureEncoding;
use crate::provider::{Call, CredentialProbe, Signature};
use crate::wire::{Body, HIDDEN, Header, Reply, Request, Written, lower_hex};

const RECIPE: &str = "SHA-1 of nonce | secret | timestamp, lower-case hex";

/// The media type that the documents ask for; the server does not look at it.
const JSON: &str = "application/json; charset=utf-8";

/// The port of administration, and of nothing else.
const ADMIN_PORT: u16 = 18_080;

/// How long after its timestamp the server takes a signature. It refuses none for lying ahead.
const MAX_AGE: std::time::Duration = std::time::Duration::from_secs(2 * 60 * 60);

/// How a call is signed. Path, method and body are not covered: anyone who sees the headers can use them for two hours.
pub(super) fn sign(call: &Call<'_>) -> Result<Signature> {
    if call.operation.auth == Auth::None {
        return Ok(Signature { recipe: "not signed", ..Signature::default() });
    }
    let (nonce, timestamp) = (call.stamp.nonce.as_str(), call.stamp.timestamp.as_str());
    let shown = call.account.secret("secret").map_or(HIDDEN, |secret| secret.expose());
    let value = signature(call)?;
    let headers = headers(call, value.clone());
    Ok(Signature {
        recipe: RECIPE,
        pieces: vec![
            ("nonce", Written::plain(nonce)),
            ("separator", Written::plain("|")),
            ("secret", Written::secret(shown)),
            ("separator", Written::plain("|")),
            ("timestamp", Written::plain(timestamp)),
        ],
        encoding: Some(SignatureEncoding::Sha1),
        value,
        case_matters: true,
        headers,
        fields: Vec::new(),
        valid_for: Some(MAX_AGE),
    })
}

/// Headers by their names.
type Headers = Vec<(&'static str, Written)>;

/// The signature, where there is a secret.
fn signature(call: &Call<'_>) -> Result<Option<String>> {
    let (nonce, timestamp) = (call.stamp.nonce.as_str(), call.stamp.timestamp.as_str());
    if timestamp.parse::<i64>().is_err() {
        return Err(Error::usage(format!("the timestamp `{timestamp}` is no whole number"))
            .help("give milliseconds since 1970; the server answers anything else with code 239"));
    }
    let secret = call.account.secret("secret");
    Ok(secret.map(|secret| digest(nonce, secret.expose(), timestamp)))
}

/// The headers that carry it.
fn headers(call: &Call<'_>, signature: Option<String>) -> Headers {
    let mut headers = vec![
        ("nonce", Written::plain(call.stamp.nonce.as_str())),
        ("timestamp", Written::plain(call.stamp.timestamp.as_str())),
        ("sign", Written::secret(signature.unwrap_or_else(|| HIDDEN.to_owned()))),
    ];
    if let Some((name, key)) = identity(call.operation) {
        let id = call.account.value(key);
        headers.push((name, id.map_or_else(|| Written::secret(HIDDEN), Written::plain)));
    }
    headers
}

/// The signature itself.
pub(super) fn digest(nonce: &str, secret: &str, timestamp: &str) -> String {
    let mut hash = Sha1::new();
    for piece in [nonce, "|", secret, "|", timestamp] {
        hash.update(piece.as_bytes());
    }
    lower_hex(&hash.finalize())
}

/// The header that says which robot or channel speaks, and the key of a profile that holds its id.
pub(super) fn identity(operation: &Operation) -> Option<(&'static str, &'static str)> {
    if operation.host != PUBLIC {
        None
    } else if operation.id.starts_with("robot-") {
        Some(("rid", "robot_id"))
    } else {
        Some(("cid", "channel_id"))
    }
}

/// The finished request.
pub(super) fn request(call: &Call<'_>) -> Result<Request> {
    let headers = match call.operation.auth {
        Auth::None => Headers::new(),
        _ => headers(call, signature(call)?),
    };
    let body = match call.operation.body {
        BodyForm::None => Body::None,
        _ => Body::Text { media: JSON, text: Written::plain(call.body.to_compact()) },
    };
    Ok(Request {
        method: call.operation.method,
        base: base(call)?,
        path: Written::plain(call.operation.path),
        headers: headers.into_iter().map(|(name, value)| Header { name, value }).collect(),
        body,
        carries_secret: false,
    })
}

/// Scheme, host and port: the profile's, but robots and channels are served beside the port of administration.
pub(super) fn base(call: &Call<'_>) -> Result<String> {
    let endpoint = call.account.endpoint.as_deref().or_else(|| call.account.value("endpoint"));
    let Some(endpoint) = endpoint else { return Ok(format!("http://{HIDDEN}:{ADMIN_PORT}")) };
    let address = Address::of(endpoint).ok_or_else(|| {
        Error::new(ErrorKind::Profile, format!("the endpoint `{endpoint}` is no http address"))
            .help("WildfireChat runs on a host of your own, as in `http://im.example.com:18080`")
    })?;
    if call.operation.host == PUBLIC && address.port == Some(ADMIN_PORT) {
        return Ok(address.without_port());
    }
    Ok(endpoint.trim_end_matches('/').to_owned())
}

/// An http or https address, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Address<'a> {
    scheme: &'a str,
    /// Whether it is http, which anyone on the way can read.
    pub(super) is_plain: bool,
    /// The host, an IPv6 address with its brackets.
    pub(super) host: &'a str,
    /// The port, where one is written.
    pub(super) port: Option<u16>,
    path: &'a str,
}

impl<'a> Address<'a> {
    /// The address that a text is; `None` where it is none.
    pub(super) fn of(text: &'a str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        let is_plain = scheme.eq_ignore_ascii_case("http");
        if !is_plain && !scheme.eq_ignore_ascii_case("https") {
            return None;
        }
        let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        let authority = authority.rsplit('@').next().unwrap_or_default();
        let colon = authority.rfind(':').filter(|colon| !authority[*colon..].contains(']'));
        let (host, port) = match colon {
            Some(colon) => (&authority[..colon], Some(authority[colon + 1..].parse().ok()?)),
            None => (authority, None),
        };
        let wrong = |c: char| c.is_whitespace() || c.is_control();
        if host.is_empty() || host.contains(wrong) {
            return None;
        }
        Some(Self { scheme, is_plain, host, port, path })
    }

    fn without_port(&self) -> String {
        format!("{}://{}{}", self.scheme, self.host, self.path.trim_end_matches('/'))
    }
}

/// A call that the server refuses with 251 after a right signature: because the message is missing, before anything is done.
pub(super) fn probe(account: &Account) -> Result<CredentialProbe> {
    let (operation, body) = match Role::of(account)? {
        Role::Admin => ("get-one", object([("messageUid", 0_i64.into())])),
        Role::Robot => ("robot-send", Value::object()),
        Role::Channel => ("channel-send", Value::object()),
    };
    Ok(kit::probe(&CONTRACT, operation, body, &["251"]))
}

/// What a reply says: `code` 0 is the only success.
pub(super) fn read(operation: &'static Operation, reply: &Reply, body: Option<Value>) -> Reading {
    let Some(Value::Object(mut answer)) = body else {
        return without_code(reply);
    };
    let code = answer.get("code").and_then(|node| node.value.as_integer());
    let Some(code) = code else {
        let mut reading = without_code(reply);
        take_ids(&answer, &mut reading);
        return reading;
    };
    let message = answer.get("msg").and_then(|node| node.value.as_str()).map(str::to_owned);
    let mut reading = Reading {
        success: Some(code == 0),
        code: Some(code.to_string()),
        message,
        ..Reading::default()
    };
    take_ids(&answer, &mut reading);
    if code == 0
        && let Some(result) = answer.remove("result")
    {
        take_result(operation, result.value, &mut reading);
    }
    reading
}

/// The ids of messages in the result, which a failure has none of.
fn take_ids(answer: &Object, reading: &mut Reading) {
    if let Some(result) = answer.get("result").and_then(|node| node.value.as_object()) {
        ids(result, &["messageUid", "messageId"], reading);
    }
}

fn take_result(operation: &Operation, result: Value, reading: &mut Reading) {
    let count = result.as_object().and_then(|object| object.get("count")?.value.as_integer());
    if count == Some(0) {
        reading.warnings.push("the server addressed no user at all (`count` is 0)".to_owned());
    }
    // A recall answers with the recalled message, as a JSON text.
    reading.result = match result {
        Value::String(text) if text.as_str().is_empty() => {
            if operation.id == "recall" {
                reading.warnings.push("it had been recalled before".to_owned());
            }
            None
        }
        Value::String(text) => match text.json() {
            Ok(document) => Some(document.root().value.clone()),
            Err(_) => Some(Value::String(text)),
        },
        other => Some(other),
    };
}

/// Answers of the HTTP layer, of a proxy, or of an exception in the server.
fn without_code(reply: &Reply) -> Reading {
    // What cannot be read is not shown either.
    let text = match reply.unreadable() {
        Some(_) => "".into(),
        None => String::from_utf8_lossy(&reply.body),
    };
    let text = text.trim();
    let (success, code) = match reply.status {
        500 if reply.body.trim_ascii().is_empty() => (Some(false), Some(word::NOT_SERVED)),
        500 if is_exception(text) => (Some(false), Some(word::EXCEPTION)),
        401 => (Some(false), Some(word::UNAUTHORIZED)),
        413 => (Some(false), Some(word::TOO_LARGE)),
        502..=504 => (Some(false), Some(word::GATEWAY)),
        404 | 405 => (Some(false), Some(word::REFUSED)),
        // A proxy's own business, which its status says as well as anyone could.
        300..500 => (Some(false), None),
        _ => (None, Some(word::NO_CODE)),
    };
    let message = (!text.is_empty()).then(|| text.chars().take(500).collect());
    Reading { success, code: code.map(str::to_owned), message, ..Reading::default() }
}

/// What version 1.4.8 and later put around an exception of reading the request.
const WRAPPER: &str = "java.lang.RuntimeException: ";

/// Whether a body is the text of an exception of reading the request, which comes before anything is done. Others come at
/// any time.
fn is_exception(mut text: &str) -> bool {
    while let Some(inner) = text.strip_prefix(WRAPPER) {
        text = inner.trim_start();
    }
    const OF_READING: [&str; 7] = [
        "JsonSyntaxException",
        "JsonParseException",
        "JsonIOException",
        "MalformedJsonException",
        "NumberFormatException",
        "IllegalArgumentException",
        "NullPointerException",
    ];
    let class = text.split([':', ' ', '\r', '\n']).next().unwrap_or_default();
    OF_READING.contains(&class.rsplit('.').next().unwrap_or_default())
}
