//! How RongCloud's servers behave: what they check, in which order, and with which codes they refuse.
//!
//! The order is not documented; this one goes from the outside in.

mod messages;
mod settings;
mod state;
#[cfg(test)]
mod tests;

use super::{CONTRACT, wire};
use crate::contract::{Audience, BodyForm, Context, Finding, Operation, Position, Rate};
use crate::document::{Document, Value};
use crate::lint::lint;
use crate::provider::kit::sandbox::{RateCount, form_pairs, plain_path, tell_off};
use crate::sandbox::{Answer, Backend, Incoming, Reasons, SandboxWorld};

use super::operations::OPERATIONS;
use crate::provider::kit::{object, put};

/// How far a clock may be off, in seconds: the default of the switch.
pub(super) const SKEW: &str = "300";

/// The mock server.
#[derive(Debug)]
pub(super) struct RongCloudServers;

/// A refusal: HTTP status, code and text.
struct Refusal {
    status: u16,
    code: i64,
    message: String,
}

impl Refusal {
    fn new(status: u16, code: i64, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into() }
    }
}

/// What was accepted, ready to be carried out.
struct Accepted<'a> {
    operation: &'static Operation,
    body: &'a Document,
}

impl Backend for RongCloudServers {
    fn answer(&self, request: &Incoming, world: &mut SandboxWorld<'_>) -> Answer {
        let path = plain_path(&request.path);
        let answer = accept(request, &path, world);
        match answer {
            Ok(body) => Answer::json(200, &body),
            Err(refusal) => {
                let body = object([
                    ("code", refusal.code.into()),
                    ("url", path.into()),
                    ("errorMessage", refusal.message.into()),
                ]);
                Answer::json(refusal.status, &body)
            }
        }
    }
}

fn accept(request: &Incoming, path: &str, world: &mut SandboxWorld<'_>) -> Result<Value, Refusal> {
    let operation = OPERATIONS
        .iter()
        .find(|operation| operation.path == path)
        .ok_or_else(|| Refusal::new(404, 404, "there is no such path"))?;
    if request.method != operation.method.as_str() {
        return Err(Refusal::new(405, 405, "the method must be POST"));
    }
    authenticate(request, world)?;
    check_framing(request, operation, world.reasons)?;
    // What cannot be read is not charged, but is refused only where the quota has room.
    let body = parse(request, operation, world.reasons);
    let cost = body.as_ref().map_or(1, |body| targets(operation, body));
    check_quota(operation, body.as_ref().ok(), cost, world)?;
    if (world.switches)(operation.id).as_deref() == Some("off") {
        tell_off(operation, world);
        return Err(Refusal::new(430, 1009, "this service is not enabled"));
    }
    let body = body?;
    check_payload(operation, &body, world.reasons)?;
    let answer = state::perform(&Accepted { operation, body: &body }, world)?;
    charge(operation, &body, cost, world);
    Ok(answer)
}

/// The four headers, in either set of names.
fn authenticate(request: &Incoming, world: &SandboxWorld<'_>) -> Result<(), Refusal> {
    let header = |name: &str| {
        request
            .header(name)
            .or_else(|| request.header(&format!("RC-{name}")))
            .filter(|value| !value.is_empty())
            .ok_or_else(|| Refusal::new(401, 1004, format!("the header {name} is missing")))
    };
    let (key, nonce) = (header("App-Key")?, header("Nonce")?);
    let (timestamp, signature) = (header("Timestamp")?, header("Signature")?);
    let sandbox = |name: &str| {
        let row = CONTRACT.credentials.iter().find(|row| row.name == name);
        row.map_or("", |row| row.sandbox)
    };
    if key != sandbox("app_key") {
        return Err(Refusal::new(401, 1001, "the App-Key is unknown"));
    }
    if signature != wire::digest(sandbox("app_secret"), nonce, timestamp) {
        return Err(Refusal::new(401, 1004, "signature error"));
    }
    let skew = (world.switches)("skew").unwrap_or_else(|| SKEW.to_owned());
    let Ok(skew) = skew.parse::<i64>() else { return Ok(()) };
    let sent: i64 =
        timestamp.parse().map_err(|_| Refusal::new(401, 1004, "the Timestamp is no number"))?;
    // SDKs send seconds, the documents say milliseconds.
    let sent_ms = if sent < 100_000_000_000 { sent.saturating_mul(1000) } else { sent };
    if (world.now_ms - sent_ms).abs() > skew.saturating_mul(1000) {
        return Err(Refusal::new(401, 1004, "the Timestamp is too old or in the future"));
    }
    Ok(())
}

/// There is a body, of the content type that the operation takes.
fn check_framing(
    request: &Incoming,
    operation: &Operation,
    reasons: &Reasons,
) -> Result<(), Refusal> {
    const FORM: &str = "application/x-www-form-urlencoded";
    let due = if operation.body == BodyForm::Form { FORM } else { "application/json" };
    let media = request.media_type().unwrap_or_else(|| FORM.to_owned());
    // A call without parameters has no body.
    let needs_body = operation.shape().is_none_or(|shape| {
        shape.all_fields().iter().any(|field| field.position == Position::Body)
    });
    let is_empty = request.body.is_empty() && needs_body;
    if is_empty || media != due {
        if media != due {
            reasons.blame_media(request.media_type().as_deref(), due);
        }
        if is_empty {
            reasons.tell("the body is empty");
        }
        return Err(Refusal::new(400, 1003, format!("a body of type {due} is expected")));
    }
    Ok(())
}

/// The body as the object that payload files are.
fn parse(
    request: &Incoming,
    operation: &Operation,
    reasons: &Reasons,
) -> Result<Document, Refusal> {
    if operation.body == BodyForm::Form {
        return Ok(Document::of(&form(&request.body)));
    }
    Document::from_bytes(request.body.clone()).map_err(|fault| {
        reasons.blame_syntax(&request.body, &fault);
        Refusal::new(400, 1002, format!("the body is no JSON: {}", fault.message))
    })
}

/// The pairs of a form: a key that occurs several times is a list. Bytes that should have been encoded pass.
fn form(body: &[u8]) -> Value {
    let mut members = Value::object();
    for (key, value) in form_pairs(body) {
        let value = Value::from(value);
        let before = members.as_object().and_then(|object| object.get(&key));
        let value = match before.map(|node| node.value.clone()) {
            None => value,
            Some(Value::Array(mut items)) => {
                items.push(crate::document::Node::bare(value));
                Value::Array(items)
            }
            Some(first) => Value::from(vec![first, value]),
        };
        put(&mut members, &key, value);
    }
    members
}

/// How much of a quota a request uses up.
fn targets(operation: &Operation, body: &Document) -> u64 {
    Audience::of(operation, body).count().map_or(1, |count| (count as u64).max(1))
}

/// The rates that hold for the whole app; those of a single group or channel are not counted.
fn rates<'a>(
    operation: &'a Operation,
    body: Option<&'a Document>,
) -> impl Iterator<Item = &'a Rate> {
    let group = body.is_some_and(|body| {
        let kind = body.root().value.as_object().and_then(|body| body.get("conversationType"));
        kind.is_some_and(|kind| kind.value.as_integer() == Some(3))
    });
    operation
        .rates
        .iter()
        .filter(move |rate| rate.scope.starts_with("app") && (group || rate.pool != "of groups"))
}

/// A day of the vendor's begins at midnight in Beijing.
fn counted<'r>(operation: &Operation, rate: &'r Rate, world: &SandboxWorld<'_>) -> RateCount<'r> {
    RateCount::new(operation, rate, 8 * 3600, world.now_ms)
}

fn check_quota(
    operation: &Operation,
    body: Option<&Document>,
    targets: u64,
    world: &mut SandboxWorld<'_>,
) -> Result<(), Refusal> {
    for rate in rates(operation, body) {
        if !counted(operation, rate, world).has_room(targets, world) {
            let message = format!("over {} in {} s", rate.count, rate.seconds);
            return Err(Refusal::new(429, 1008, message));
        }
    }
    Ok(())
}

fn charge(operation: &Operation, body: &Document, targets: u64, world: &mut SandboxWorld<'_>) {
    for rate in rates(operation, Some(body)) {
        counted(operation, rate, world).charge(targets, world);
    }
}

/// The first rule that the payload breaks, in the vendor's words.
fn check_payload(
    operation: &'static Operation,
    body: &Document,
    reasons: &Reasons,
) -> Result<(), Refusal> {
    let findings = lint(&CONTRACT, operation, body, &Context::default());
    let refused = |finding| Some((finding, refused_with(finding, body)?));
    match findings.iter().find_map(refused) {
        Some((finding, code)) => {
            reasons.blame(finding);
            Err(code)
        }
        None => Ok(()),
    }
}

/// The code of a rule; what only clients look at is let through, and so are texts that an SDK percent-encodes.
fn refused_with(finding: &Finding, body: &Document) -> Option<Refusal> {
    if finding.severity() != crate::contract::Severity::Error {
        return None;
    }
    let code = match (finding.space, finding.rule.id) {
        ("json", "not-an-object") => 1002,
        ("json", _) | (_, "E11" | "E12" | "E13" | "E18") => return None,
        (_, "E10") if percent_encoded(&finding.place.pointer, body) => return None,
        (_, "E05" | "E06" | "E08" | "E14") => 1005,
        _ => 1002,
    };
    Some(Refusal::new(400, code, format!("{} ({})", finding.message, finding.place.pointer)))
}

fn percent_encoded(pointer: &str, body: &Document) -> bool {
    let trail = crate::document::Trail::new(body);
    let text = trail.root().find(pointer).as_str();
    text.is_some_and(|text| text.starts_with("%7B") || text.starts_with("%5B"))
}
