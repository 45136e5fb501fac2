//! How Easemob's servers behave: what they check, in which order, and with which words they refuse.
//!
//! Known to be checked are paths, tokens, fields, sizes and quotas; whether a sender or a receiver exists is not. Two
//! habits of an official client pass that documents refuse: `"ext":null` and `"routetype":""`.

mod labels;
mod messages;
mod quota;
mod refuse;
mod route;
mod state;

use super::{CONTRACT, errors};
use crate::contract::{BodyForm, Context, Operation, Position, Severity};
use crate::document::{Document, Value};
use crate::lint::lint;
use crate::provider::kit::sandbox::{described, parts};
use crate::provider::kit::{object, put};
use crate::sandbox::multipart::MultipartPart;
use crate::sandbox::{Answer, Backend, Incoming, Reasons, SandboxWorld};

/// The app that the sandbox knows.
pub(super) const ORG: &str = "herald";
/// The app's name.
pub(super) const APP: &str = "sandbox";
/// Its client id.
pub(super) const CLIENT_ID: &str = "herald-sandbox-client";
/// Its client secret.
pub(super) const CLIENT_SECRET: &str = "herald-sandbox-secret";
/// A token that is always good.
pub(super) const TOKEN: &str = "herald-sandbox-token";

/// What the vendor calls an app that it does not know.
const NO_APP: &str = "organization_application_not_found";

/// The mock server.
#[derive(Debug)]
pub(super) struct EasemobServers;

/// A refusal, in the vendor's words.
#[derive(Debug)]
pub(super) struct Refusal {
    status: u16,
    error: &'static str,
    code: &'static str,
    message: String,
}

impl Refusal {
    fn new(status: u16, error: &'static str, message: impl Into<String>) -> Self {
        Self { status, error, code: "", message: message.into() }
    }

    /// A refusal of a message that has a number, in the words that go with it.
    fn numbered(code: &'static str) -> Self {
        Self { code, ..Self::new(400, "message_send_error", errors::words_of(code)) }
    }
}

/// What was accepted, ready to be carried out.
struct Accepted<'a> {
    operation: &'static Operation,
    /// Body, path, query and header parameters together.
    body: &'a Document,
    parts: Vec<MultipartPart>,
}

/// What a request results in.
enum SandboxEffect {
    /// `data` of the usual envelope.
    Data(Value),
    /// `entities` of the usual envelope.
    Entities(Value),
    /// `data` of the push product's short envelope.
    Push(Value),
    /// The whole answer.
    Whole(Value),
    /// A file.
    File(Vec<u8>),
}

impl Backend for EasemobServers {
    fn answer(&self, request: &Incoming, world: &mut SandboxWorld<'_>) -> Answer {
        match accept(request, world) {
            Ok(SandboxEffect::File(body)) => Answer {
                status: 200,
                headers: vec![("Content-Type", "application/octet-stream".to_owned())],
                body,
                close: false,
            },
            Ok(SandboxEffect::Whole(body)) => Answer::json(200, &body),
            Ok(SandboxEffect::Push(data)) => {
                let members = [
                    ("timestamp", world.now_ms.into()),
                    ("data", data),
                    ("duration", 0_i64.into()),
                ];
                Answer::json(200, &object(members))
            }
            Ok(SandboxEffect::Data(data)) => {
                Answer::json(200, &envelope(request, world, "data", data))
            }
            Ok(SandboxEffect::Entities(list)) => {
                Answer::json(200, &envelope(request, world, "entities", list))
            }
            Err(refusal) => refused(&refusal, world),
        }
    }
}

fn envelope(request: &Incoming, world: &SandboxWorld<'_>, name: &str, data: Value) -> Value {
    let path = route::below_app(&request.path);
    let origin = world.origin;
    let mut body = object([
        ("path", path.as_str().into()),
        ("uri", format!("{origin}/{ORG}/{APP}{path}").into()),
        ("timestamp", world.now_ms.into()),
        ("organization", ORG.into()),
        ("application", "0d1e2f30-1111-4222-8333-444455556666".into()),
        ("action", request.method.to_ascii_lowercase().into()),
    ]);
    put(&mut body, name, data);
    put(&mut body, "duration", 1_i64);
    put(&mut body, "applicationName", APP);
    body
}

fn refused(refusal: &Refusal, world: &SandboxWorld<'_>) -> Answer {
    let exception = match refusal.error {
        "json_parse" => "org.codehaus.jackson.JsonParseException",
        "illegal_argument" => "java.lang.IllegalArgumentException",
        "auth_bad_access_token" => "org.apache.usergrid.rest.exceptions.SecurityException",
        "unauthorized" => "EasemobSecurityException",
        "message_send_error" => "MessageSendException",
        other => other,
    };
    let mut body = object([
        ("error", refusal.error.into()),
        ("exception", exception.into()),
        ("timestamp", world.now_ms.into()),
        ("duration", 0_i64.into()),
    ]);
    if let Ok(code) = refusal.code.parse::<i64>() {
        put(&mut body, "error_code", code);
    }
    put(&mut body, "error_description", refusal.message.as_str());
    Answer::json(refusal.status, &body)
}

fn accept(request: &Incoming, world: &mut SandboxWorld<'_>) -> Result<SandboxEffect, Refusal> {
    let found = route::find(request).inspect_err(|refusal| {
        if refusal.error == NO_APP {
            world.reasons.tell(format!("the app of the sandbox is `/{ORG}/{APP}`"));
        }
    })?;
    let operation = found.operation;
    world.reasons.serve(operation);
    if operation.auth == crate::contract::Auth::Bearer {
        state::authenticate(request, world)?;
    }
    let (mut payload, parts) = payload(request, operation, world.reasons)?;
    for (name, value) in found.parameters.into_iter().chain(beside(request, operation)) {
        put(&mut payload, &name, value);
    }
    let payload = Document::of(&payload);
    quota::check(operation, &payload, world)?;
    refuse::switched_off(operation, world)?;
    if let Some(missing) = refuse::lacks_query(&request.path, operation, &payload) {
        world.reasons.tell(format!("the query has no `{missing}`"));
        return Err(refuse::bad_query());
    }
    check(operation, &payload, world.reasons)?;
    let accepted = Accepted { operation, body: &payload, parts };
    let done = state::perform(&accepted, world)?;
    quota::charge(operation, &payload, world);
    Ok(done)
}

/// The body as the object that payload files are.
fn payload(
    request: &Incoming,
    operation: &'static Operation,
    reasons: &Reasons,
) -> Result<(Value, Vec<MultipartPart>), Refusal> {
    match operation.body {
        BodyForm::None => Ok((Value::object(), Vec::new())),
        BodyForm::Multipart => {
            let parts = parts(request);
            let mut body = Value::object();
            if let Some(part) = parts.iter().find(|part| part.name == "file") {
                put(&mut body, "file", described(part));
            }
            Ok((body, parts))
        }
        BodyForm::Json | BodyForm::Form => {
            let is_token = operation.id.starts_with("token");
            let media = request.media_type();
            if !takes(operation, media.as_deref()) {
                reasons.blame_media(media.as_deref(), "application/json");
                return Err(Refusal::new(415, "web_application", "Unsupported Media Type"));
            }
            let document = Document::from_bytes(request.body.clone()).map_err(|fault| {
                reasons.blame_syntax(&request.body, &fault);
                refuse::not_json(operation, &fault.message)
            })?;
            let mut body = document.into_value();
            if body.as_object().is_none() {
                reasons.tell("the body is JSON, but not an object");
                return Err(refuse::not_json(operation, "an object is expected"));
            }
            tolerate(&mut body, is_token);
            Ok((body, Vec::new()))
        }
    }
}

/// Whether a body with this content type is read as JSON: one without any is, and that of a token call whatever it says.
/// The vendor's samples of imports and of deleted conversations name none, so curl sends them as forms.
fn takes(operation: &Operation, media: Option<&str>) -> bool {
    let is_sampled = operation.id.starts_with("import-") || operation.id == "delete-conversation";
    match media {
        None | Some("application/json") => true,
        Some("application/x-www-form-urlencoded") if is_sampled => true,
        Some(_) => operation.id.starts_with("token"),
    }
}

/// What official clients send although documents refuse it.
fn tolerate(body: &mut Value, is_token: bool) {
    let Some(object) = body.as_object_mut() else { return };
    let is_null = |value: &Value| matches!(value, Value::Null);
    let is_empty = |value: &Value| value.as_str() == Some("");
    if object.get("ext").is_some_and(|node| is_null(&node.value)) {
        object.remove("ext");
    }
    if object.get("routetype").is_some_and(|node| is_empty(&node.value)) {
        object.remove("routetype");
    }
    if is_token && object.get("ttl").is_some_and(|node| is_empty(&node.value)) {
        object.remove("ttl");
    }
}

/// Parameters in headers and query.
fn beside(request: &Incoming, operation: &'static Operation) -> Vec<(String, Value)> {
    let fields = operation.shape().map(|shape| shape.all_fields()).unwrap_or_default();
    let mut out = Vec::new();
    for field in fields {
        let text = match field.position {
            Position::Header => request.header(field.name).map(str::to_owned),
            Position::Query => route::query(request, field.wire_name()),
            Position::Body | Position::Path | Position::Nowhere => None,
        };
        let Some(text) = text else { continue };
        out.push((field.name.to_owned(), route::typed(&field.kind, &text)));
    }
    out
}

/// The first rule that the payload breaks, in the vendor's words.
fn check(
    operation: &'static Operation,
    payload: &Document,
    reasons: &Reasons,
) -> Result<(), Refusal> {
    let findings = lint(&CONTRACT, operation, payload, &Context::default());
    let refused = findings
        .iter()
        .filter(|finding| finding.severity() == Severity::Error && finding.space != "json")
        // What the platform only reads for the offline push goes out all the same.
        .find(|finding| finding.rule.id != "EM-09");
    refused.map_or(Ok(()), |finding| {
        reasons.blame(finding);
        Err(refuse::because(operation, finding, payload))
    })
}
