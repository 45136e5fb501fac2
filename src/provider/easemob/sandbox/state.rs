//! Tokens, files, pushes, and which operation does what.

use crate::provider::kit::sandbox::{number, text, texts};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{
    APP, Accepted, CLIENT_ID, CLIENT_SECRET, ORG, Refusal, SandboxEffect, TOKEN, labels, messages,
};
use crate::document::{At, Trail, Value, ValueView};
use crate::provider::easemob::fields::USER_ID;
use crate::provider::kit::sandbox::field;
use crate::provider::kit::{object, put};
use crate::sandbox::{FILES, Incoming, SandboxWorld};

/// How long a token is valid by default, in seconds.
const TTL: i64 = 86_400;

/// The bearer token must be the fixed one, or one that was given and is still good.
pub(super) fn authenticate(
    request: &Incoming,
    world: &mut SandboxWorld<'_>,
) -> Result<(), Refusal> {
    let header = request.header("authorization").unwrap_or_default();
    let Some(token) = header.strip_prefix("Bearer ").filter(|token| !token.is_empty()) else {
        let message = "Unable to authenticate due to expired access token";
        return Err(Refusal::new(401, "unauthorized", message));
    };
    if token == TOKEN {
        return Ok(());
    }
    let Some(record) = world.store.get("token", token) else {
        world.reasons.tell("the token is neither the published one nor one that the sandbox gave");
        let message = "Unable to authenticate due to corrupt access token";
        return Err(Refusal::new(401, "auth_bad_access_token", message));
    };
    let until = number(&record, "until");
    if until != 0 && until <= world.now_ms {
        let ago = (world.now_ms - until) / 1000;
        world.reasons.tell(format!("the token is right, and expired {ago} s ago"));
        let message = "Unable to authenticate due to expired access token";
        return Err(Refusal::new(401, "unauthorized", message));
    }
    Ok(())
}

/// Carries out what was accepted.
pub(super) fn perform(
    accepted: &Accepted<'_>,
    world: &mut SandboxWorld<'_>,
) -> Result<SandboxEffect, Refusal> {
    let trail = Trail::new(accepted.body);
    let body = trail.root();
    match accepted.operation.id {
        "token" => token(body, world),
        "token-user" => user_token(body, world),
        "hosts" => Ok(SandboxEffect::Whole(hosts(world.origin))),
        "upload" => Ok(SandboxEffect::Entities(upload(accepted, body, world))),
        "download" | "download-thumb" => download(body, world),
        "attachment-lifetime" => Ok(SandboxEffect::Data(lifetime(body, world))),
        "push-sync" => Ok(push(&["".to_owned()], "SUCCESS", world)),
        "push-async" => Ok(push(&["".to_owned()], "ASYNC_SUCCESS", world)),
        "push-single" => Ok(push(&texts(body.get("targets")), "ASYNC_SUCCESS", world)),
        "push-list" | "push-label" => {
            let id = number_of(968_120_369_184_112_182, "task", world);
            Ok(SandboxEffect::Push(object([("taskId", id.into())])))
        }
        "push-task" => {
            Ok(SandboxEffect::Push(number_of(833_974_560_000_000_000, "task", world).into()))
        }
        "push-task-broadcast" => {
            stored(&text(body.get("pushMsgId")), world)?;
            Ok(SandboxEffect::Push(number_of(833_974_560_000_000_000, "task", world).into()))
        }
        "push-message" => {
            let id = number_of(832_253_695_868_580_464, "push-message", world);
            let kept = body.value().map_or(Value::Null, ValueView::to_value);
            world.store.put("push-message", &id.to_string(), &kept);
            Ok(SandboxEffect::Push(id.into()))
        }
        "push-message-get" => Ok(SandboxEffect::Push(stored(&text(body.get("messageId")), world)?)),
        id if id.starts_with("label-") => labels::perform(id, body, world),
        id => messages::perform(id, body, world),
    }
}

/// The next number of a series, as long as real ones unless the switch `ids` says otherwise.
fn number_of(first: u64, series: &str, world: &mut SandboxWorld<'_>) -> u64 {
    let is_small = (world.switches)("ids").as_deref() == Some("small");
    world.store.next(series) + if is_small { 0 } else { first }
}

fn token(body: At<'_>, world: &mut SandboxWorld<'_>) -> Result<SandboxEffect, Refusal> {
    if text(body.get("client_id")) != CLIENT_ID {
        return Err(Refusal::new(400, "invalid_grant", "client_id does not match"));
    }
    if text(body.get("client_secret")) != CLIENT_SECRET {
        return Err(Refusal::new(400, "invalid_grant", "client_secret does not match"));
    }
    Ok(SandboxEffect::Whole(issue(body, world)))
}

/// The token of a user, who is registered if that is asked for. The sandbox knows those that it registered.
fn user_token(body: At<'_>, world: &mut SandboxWorld<'_>) -> Result<SandboxEffect, Refusal> {
    let user = text(body.get("username"));
    if world.store.get("user", &user).is_none() {
        if body.get("autoCreateUser").as_bool() != Some(true) {
            return Err(Refusal::new(404, "invalid_grant", "user not found"));
        }
        if user.len() > 64 {
            return Err(Refusal::new(400, "illegal_argument", "USERNAME_TOO_LONG"));
        }
        if !(USER_ID.test)(&user) {
            let message = format!("username [{user}] is not legal");
            return Err(Refusal::new(400, "illegal_argument", message));
        }
        world.store.put("user", &user, &object([("created", world.now_ms.into())]));
    }
    Ok(SandboxEffect::Whole(issue(body, world)))
}

/// A new token; with `ttl` 0 it is good for ever.
fn issue(body: At<'_>, world: &mut SandboxWorld<'_>) -> Value {
    let ttl = body.get("ttl").as_integer().and_then(|n| i64::try_from(n).ok()).unwrap_or(TTL);
    let until = if ttl == 0 { 0 } else { world.now_ms.saturating_add(ttl.saturating_mul(1000)) };
    let token = format!("YWMt-sandbox-{}", world.store.next("token"));
    world.store.put("token", &token, &object([("until", until.into())]));
    let mut answer = object([("access_token", token.into()), ("expires_in", ttl.into())]);
    let user = text(body.get("username"));
    if user.is_empty() {
        put(&mut answer, "application", "0d1e2f30-1111-4222-8333-444455556666");
    } else {
        put(&mut answer, "user", object([("username", user.into()), ("activated", true.into())]));
    }
    answer
}

/// The host of the app is this server.
fn hosts(origin: &str) -> Value {
    let (protocol, host) = origin.split_once("://").unwrap_or(("https", origin));
    let usual = if protocol == "https" { 443 } else { 80 };
    // An address of IPv6 has colons of its own, and ends with a bracket.
    let port = host.rsplit_once(':').and_then(|(name, port)| Some((name, port.parse().ok()?)));
    let (domain, port): (&str, i64) = port.unwrap_or((host, usual));
    let entry =
        object([("protocol", protocol.into()), ("domain", domain.into()), ("port", port.into())]);
    object([
        ("deploy_name", format!("{ORG}-{APP}").into()),
        ("file_version", "1".into()),
        ("rest", object([("hosts", vec![entry].into())])),
    ])
}

fn upload(accepted: &Accepted<'_>, body: At<'_>, world: &mut SandboxWorld<'_>) -> Value {
    let n = world.store.next(FILES);
    let uuid = format!("55f12940-64af-11e4-8a5b-{n:012x}");
    let secret = format!("sandbox-share-{n}");
    let content = accepted.parts.iter().find(|part| part.name == "file");
    let content = STANDARD.encode(content.map_or(&[][..], |part| &part.content));
    let restricted = body.get("restrict-access").as_bool() == Some(true);
    let record = object([
        ("content", content.into()),
        ("secret", secret.as_str().into()),
        ("restricted", restricted.into()),
    ]);
    world.store.put(FILES, &uuid, &record);
    let entity = object([
        ("uuid", uuid.into()),
        ("type", "chatfile".into()),
        ("share-secret", secret.into()),
    ]);
    vec![entity].into()
}

fn download(body: At<'_>, world: &mut SandboxWorld<'_>) -> Result<SandboxEffect, Refusal> {
    let Some(record) = world.store.get(FILES, &text(body.get("file_uuid"))) else {
        return Err(Refusal::new(404, "entity_not_found", "file may not exists"));
    };
    let open = field(&record, "restricted") != "true";
    if !open && text(body.get("share-secret")) != field(&record, "secret") {
        return Err(Refusal::new(401, "unauthorized", "Unable to authenticate (OAuth)"));
    }
    Ok(SandboxEffect::File(STANDARD.decode(field(&record, "content")).unwrap_or_default()))
}

fn lifetime(body: At<'_>, world: &mut SandboxWorld<'_>) -> Value {
    let mut data = Value::object();
    for uuid in texts(body.get("chatfile_ids")) {
        let said = if world.store.get(FILES, &uuid).is_some() { "success" } else { "failed" };
        put(&mut data, &uuid, said);
    }
    data
}

/// The outcome of a push for each user; the HTTP status is 200 in any case.
fn push(users: &[String], usual: &str, world: &SandboxWorld<'_>) -> SandboxEffect {
    let status = (world.switches)("pushStatus").unwrap_or_else(|| usual.to_owned());
    let one = |user: &String| {
        let mut entry = Value::object();
        if !user.is_empty() {
            put(&mut entry, "id", user.as_str());
        }
        put(&mut entry, "pushStatus", status.as_str());
        match status.as_str() {
            "FAIL" => put(&mut entry, "desc", "no push binding"),
            "ERROR" => put(&mut entry, "desc", "push timeout"),
            _ => {}
        }
        entry
    };
    SandboxEffect::Push(users.iter().map(one).collect::<Vec<_>>().into())
}

fn stored(id: &str, world: &mut SandboxWorld<'_>) -> Result<Value, Refusal> {
    let missing = || Refusal::new(400, "MessageException", format!("push message {id} not exists"));
    world.store.get("push-message", id).ok_or_else(missing)
}
