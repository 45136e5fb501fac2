//! How WildfireChat's servers behave: order of checks, codes, texts, and what happens to accepted messages.

mod gson;
mod handlers;
mod kept;
mod lenient;

use super::operations::OPERATIONS;
use super::wire;
use crate::contract::{BodyForm, Effect, Operation};
use crate::document::{Node, Value};
use crate::provider::kit::object;
use crate::sandbox::{Answer, Backend, Incoming, Reasons, SandboxWorld};
use crate::wire::HIDDEN;

/// The secret of the sandbox's administration, robots and channels. The one that servers are shipped with would draw a
/// warning on every call.
pub(super) const SECRET: &str = "test-secret";

/// The servers. What they keep is in the store of the [`SandboxWorld`].
pub(super) struct Server;

/// Why a request was not carried out.
#[derive(Debug)]
enum Refusal {
    /// With a code of the server's.
    Code(u16),
    /// With the text of an exception.
    Exception(String),
}

/// In whose name a request comes.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Caller {
    Admin,
    Robot(String),
    Channel(String),
}

/// What the community edition serves.
const COMMUNITY: &[&str] = &[
    "send",
    "recall",
    "multicast",
    "broadcast",
    "get-one",
    "recall-multicast",
    "health",
    "robot-send",
    "robot-reply",
    "channel-send",
    "upload-url",
    "robot-upload-url",
];

/// Whether it is a server of the community edition, as version 1.4.8 is.
fn is_community(world: &SandboxWorld<'_>) -> bool {
    (world.switches)("edition").as_deref() == Some("community")
}

const MAX_BODY: usize = 104_857_600;

impl Backend for Server {
    fn answer(&self, request: &Incoming, world: &mut SandboxWorld<'_>) -> Answer {
        if request.method == "HEAD" {
            return empty(200);
        }
        if is_upload(request) {
            return empty(200);
        }
        let Some(operation) = served(request, is_community(world)) else {
            if let Some(missing) = served(request, false) {
                world.reasons.tell(format!(
                    "the community edition has no `{}` (`--switch edition=community`)",
                    missing.id
                ));
            }
            return empty(500);
        };
        if request.body.len() > MAX_BODY {
            return empty(413);
        }
        if operation.body == BodyForm::None {
            // Known by its whole address: with a query it is a call that lacks a signature.
            return match request.query.is_empty() {
                true => success(Some(health())),
                false => {
                    world.reasons.tell("this call takes no query");
                    failure(239)
                }
            };
        }
        let caller = match admit(operation, request, world) {
            Ok(caller) => caller,
            Err(code) => return failure(code),
        };
        let done = read(operation, request, world.reasons)
            .and_then(|body| handlers::handle(operation, &body, &caller, world));
        match done {
            Ok(_) if loses_answer(operation, world) => failure(249),
            Ok(result) => success(result),
            Err(Refusal::Code(code)) => failure(code),
            Err(Refusal::Exception(text)) => {
                if world.reasons.all().is_empty() {
                    let cause = text.lines().next().unwrap_or_default();
                    world.reasons.tell(format!("the body cannot be read: {cause}"));
                }
                Answer { body: text.into_bytes(), close: true, ..empty(500) }
            }
        }
    }
}

/// Whether the answer to a message that was taken is lost, as on a server that is overrun: with the switch `lose` = N
/// every N-th is answered with 249, without the 5 s that a server takes for it.
fn loses_answer(operation: &Operation, world: &mut SandboxWorld<'_>) -> bool {
    let every = (world.switches)("lose").and_then(|every| every.parse::<u64>().ok());
    let Some(every @ 1..) = every.filter(|_| operation.effect == Effect::Sends) else {
        return false;
    };
    world.store.next("lose").is_multiple_of(every)
}

/// The body, every field of it read: what cannot be read fails before anything is checked.
fn read(
    operation: &Operation,
    request: &Incoming,
    reasons: &Reasons,
) -> Result<gson::GsonObject, Refusal> {
    let body = gson::parse(&request.body, reasons)?;
    if let Some(shape) = operation.shape() {
        gson::read_all(&body, shape)?;
    }
    Ok(body)
}

fn served(request: &Incoming, community: bool) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|operation| {
        operation.path == request.path
            && operation.method.as_str() == request.method
            && (!community || COMMUNITY.contains(&operation.id))
    })
}

/// Where `upload-url` sends a file; a store of objects, not the server itself. Where several providers share a port, the
/// provider's id before it leads here, and is taken off on the way.
const UPLOADS: &str = "/upload/";

fn is_upload(request: &Incoming) -> bool {
    let path = request.path.strip_prefix("/wildfire").unwrap_or(&request.path);
    matches!(request.method.as_str(), "PUT" | "POST") && path.starts_with(UPLOADS)
}

/// Rate, headers, age, who calls, and signature, in the server's order: administration counts every call, robots and
/// channels only those that could be signed.
fn admit(
    operation: &Operation,
    request: &Incoming,
    world: &mut SandboxWorld<'_>,
) -> Result<Caller, u16> {
    let headers = headers(request);
    for name in ["nonce", "timestamp", "sign"] {
        if header(request, name).is_some_and(|value| value.len() > MAX_HEADER) {
            world.reasons.tell(format!(
                "the header {name} is longer than {MAX_HEADER} bytes, so that it is not read"
            ));
        }
    }
    let caller = match wire::identity(operation) {
        None => Caller::Admin,
        Some((name, _)) => {
            let id = header(request, name).filter(|_| headers.is_some()).ok_or(239_u16)?.to_owned();
            if name == "rid" { Caller::Robot(id) } else { Caller::Channel(id) }
        }
    };
    if !flows(&caller, world) {
        return Err(250);
    }
    let (nonce, timestamp, sign) = headers.ok_or(239_u16)?;
    let Ok(made) = timestamp.parse::<i64>() else { return Err(239) };
    // The future is never refused, and what is too far in the past overflows into it.
    if world.now_ms.wrapping_sub(made) > MAX_AGE_MS {
        return Err(243);
    }
    match &caller {
        Caller::Robot(id) if !well_formed(id) => {
            world.reasons.tell("the header rid is not the id of a robot");
            return Err(253);
        }
        Caller::Channel(id) if !well_formed(id) => {
            world.reasons.tell("the header cid is not the id of a channel");
            return Err(236);
        }
        _ => {}
    }
    if sign != wire::digest(nonce, SECRET, timestamp) {
        return Err(244);
    }
    Ok(caller)
}

const MAX_AGE_MS: i64 = 7_200_000;

/// A header under its lower-case name, else with a capital first letter; the server knows no other spelling.
fn header<'a>(request: &'a Incoming, name: &str) -> Option<&'a str> {
    let capital = name[..1].to_ascii_uppercase() + &name[1..];
    request
        .exact_header(name)
        .or_else(|| request.exact_header(&capital))
        .filter(|value| !value.is_empty())
}

/// A longer header is dropped on the way, in bytes.
const MAX_HEADER: usize = 8192;

/// What is hashed and the signature, where all of it is there.
fn headers(request: &Incoming) -> Option<(&str, &str, &str)> {
    let one = |name| header(request, name).filter(|value| value.len() <= MAX_HEADER);
    Some((one("nonce")?, one("timestamp")?, one("sign")?))
}

/// In the sandbox every id that could be one is one. The mask that stands for a missing key is none.
fn well_formed(id: &str) -> bool {
    !id.trim().is_empty() && id.chars().count() <= 64 && id != HIDDEN
}

/// One leaky bucket for administration, one for each robot and channel.
fn flows(caller: &Caller, world: &mut SandboxWorld<'_>) -> bool {
    if !world.counts_quotas() {
        return true;
    }
    let (id, burst, a_second) = match caller {
        Caller::Admin => ("admin".to_owned(), 10_000, 1000),
        Caller::Robot(id) => (format!("robot:{id}"), 1000, 100),
        Caller::Channel(id) => (format!("channel:{id}"), 1000, 100),
    };
    let bucket = world.store.get("rate", &id);
    let number = |name| {
        let object = bucket.as_ref().and_then(Value::as_object);
        let node = object.and_then(|object| object.get(name));
        node.and_then(|node| i64::try_from(node.value.as_integer()?).ok())
    };
    // The level is kept in thousandths of a request, so that a millisecond drains a whole number.
    let passed = world.now_ms - number("at").unwrap_or(world.now_ms);
    let drained = passed.max(0).saturating_mul(a_second);
    let level = number("level").unwrap_or(0).saturating_sub(drained).max(0);
    let fits = level + 1000 <= burst * 1000;
    let level = if fits { level + 1000 } else { level };
    let record = object([("level", level.into()), ("at", world.now_ms.into())]);
    world.store.put("rate", &id, &record);
    if !fits {
        // A thousandth of a request drains in a thousandth of a second divided by the rate.
        let quota = format!("{burst} calls at once and {a_second} calls in a second ({id})");
        world.tell_quota(&quota, world.now_ms + (level + 1000 - burst * 1000) / a_second + 1);
    }
    fits
}

fn empty(status: u16) -> Answer {
    let headers = vec![
        ("Content-Type", "application/json;charset=utf-8".to_owned()),
        // Not a content coding, and sent all the same: clients must put up with it.
        ("Content-Encoding", "utf-8".to_owned()),
        ("connection", "keep-alive".to_owned()),
    ];
    Answer { status, headers, body: Vec::new(), close: false }
}

fn reply(code: u16, result: Option<Value>) -> Answer {
    let mut body = pair(code);
    if let (Some(result), Some(body)) = (result, body.as_object_mut()) {
        body.set("result", result);
    }
    Answer { body: body.to_compact().into_bytes(), ..empty(200) }
}

fn success(result: Option<Value>) -> Answer {
    reply(0, result)
}

fn failure(code: u16) -> Answer {
    reply(code, None)
}

fn pair(code: u16) -> Value {
    object([("code", u64::from(code).into()), ("msg", text(code).into())])
}

/// The server's own words.
const fn text(code: u16) -> &'static str {
    match code {
        0 => "success",
        2 => "invalid data",
        9 => "not in group",
        10 => "invalid message",
        20 => "not in chatroom",
        21 => "not in channel",
        24 => "time expired",
        35 => "message too large",
        236 => "channel no exist",
        237 => "channel no secret",
        239 => "api not signed or sign parameter not completion",
        243 => "sign expired",
        244 => "auth failure",
        248 => "no right to operate",
        249 => "timeout",
        250 => "over frequency",
        251 => "Invalid parameter",
        253 => "not exist",
        254 => "not implement",
        _ => "server error",
    }
}

fn health() -> Value {
    let number = |n: i64| Value::from(n);
    let node = object([
        ("node", "1".into()),
        ("cpu", object([("load", number(0)), ("cores", number(1))])),
        ("memory", object([("free", number(1)), ("max", number(1)), ("avail", number(1))])),
        ("disk", object([("space", number(1)), ("free", number(1)), ("usable", number(1))])),
    ]);
    Value::Array(vec![Node::bare(node)])
}
