//! How the server behaves: what it checks and in which order, what it answers, what it keeps.

use super::operations::{MAX_REPORT, OPERATIONS};
use super::{CONTRACT, rules};
use crate::account::{Account, Secret};
use crate::contract::{Audience, Context, Finding, Severity};
use crate::document::{Document, Node, Object, Value};
use crate::lint::lint;
use crate::provider::jiguang::{self, Meter, SANDBOX_KEY, SANDBOX_SECRET};
use crate::provider::kit::sandbox::{member, plain_path, read_form};
use crate::sandbox::{Answer, Backend, Incoming, SandboxWorld};

/// The server: push and report on one address.
#[derive(Debug)]
pub(super) struct Server;

/// Pushes that were accepted, by `msg_id`.
const PUSH: &str = "push";
/// Calls a minute on the free plan.
const PUSHES: Meter = Meter { name: "push", per_minute: 600 };
const REPORTS: Meter = Meter { name: "report", per_minute: 2400 };
/// The server forgets: override works for a day, counts are kept for ten.
const DAY_MS: i64 = 86_400_000;

/// The content type of a push.
const FORM: &str = "application/x-www-form-urlencoded";

/// A refusal: the code and the server's words.
type Refusal = (u32, String);

impl Backend for Server {
    fn answer(&self, request: &Incoming, world: &mut SandboxWorld<'_>) -> Answer {
        match plain_path(&request.path).as_str() {
            "/v2/push" => metered(&PUSHES, world, |world| match push(request, world) {
                Ok(answer) => answer,
                Err((code, message)) => {
                    let mut body = Object::default();
                    body.set("errcode", u64::from(code));
                    body.set("errmsg", message);
                    Answer::json(200, &Value::Object(body))
                }
            }),
            "/v2/received" => metered(&REPORTS, world, |world| match received(request, world) {
                Ok(answer) => answer,
                Err((status, code, message)) => jiguang::refuse(status, code, message),
            }),
            _ => jiguang::refuse(404, 1000, "there is nothing at this address"),
        }
    }
}

/// The answer with the headers of its rate, or the refusal of one call too many.
fn metered(
    meter: &Meter,
    world: &mut SandboxWorld<'_>,
    answer: impl FnOnce(&mut SandboxWorld<'_>) -> Answer,
) -> Answer {
    let count = meter.count(world);
    let mut answer = if count.is_over() {
        jiguang::refuse(429, 2002, "the API's rate limit is exceeded")
    } else {
        answer(world)
    };
    answer.headers.extend(count.headers());
    answer
}

fn push(request: &Incoming, world: &mut SandboxWorld<'_>) -> Result<Answer, Refusal> {
    let refuse = |code: u32, message: &str| Err((code, message.to_owned()));
    if request.method != "POST" {
        return refuse(1001, "only POST is supported");
    }
    let media = request.media_type();
    if media.as_deref() != Some(FORM) {
        world.reasons.blame_media(media.as_deref(), FORM);
        return refuse(1013, "content-type only supports application/x-www-form-urlencoded");
    }
    let body = read_form(&request.body);
    for name in ["app_key", "verification_code"] {
        if member(&body, name).is_empty() {
            if body.is_empty() {
                world.reasons.tell("the body is empty, and a form is due");
            } else if body.iter().all(|pair| pair.node.value.as_str() == Some("")) {
                world.reasons.tell("the body has no `name=value`, and a form is due");
            }
            return Err((1002, format!("{name} is missing")));
        }
    }
    let body = Value::Object(body);
    let findings = lint(&CONTRACT, &OPERATIONS[0], &Document::of(&body), &context());
    let fields = body.as_object().expect("it was made from one");
    let known = member(fields, "app_key") == SANDBOX_KEY;
    let refusals =
        findings.iter().filter_map(|finding| Some((Some(finding), refusal(finding, fields)?)));
    let unknown_app = (!known).then(|| (None, (1, 1008, "app_key does not exist".to_owned())));
    let faults = refusals.chain(unknown_app);
    // Of several faults the server tells the one that it checks first.
    if let Some((finding, (_, code, message))) = faults.min_by_key(|(_, (order, ..))| *order) {
        // What is wrong with key and code is told with what was hashed.
        if let Some(finding) = finding.filter(|_| !matches!(code, 1004 | 1008)) {
            world.reasons.blame(finding);
        }
        return Err((code, message));
    }
    replace(fields, world)?;
    if OPERATIONS[0].is_to_all(&Document::of(&body)) && !jiguang::count_to_all(world) {
        return refuse(2008, "more than 10 pushes to everybody today");
    }
    Ok(accept(&body, world))
}

/// The account that the sandbox knows, for the rules that need a secret.
fn account() -> Account {
    let mut account = Account::default();
    account.values.insert("app_key".to_owned(), SANDBOX_KEY.to_owned());
    account.secrets.insert("master_secret".to_owned(), Secret::new(SANDBOX_SECRET));
    account
}

fn context() -> Context<'static> {
    static ACCOUNT: std::sync::OnceLock<Account> = std::sync::OnceLock::new();
    Context { account: Some(ACCOUNT.get_or_init(account)), ..Context::default() }
}

/// The code that the server has for a finding, and when it looks: required, AppKey, code, values, content, size.
fn refusal(finding: &Finding, fields: &Object) -> Option<(u8, u32, String)> {
    if finding.severity() != Severity::Error {
        return None;
    }
    let name = finding.place.pointer.trim_start_matches('/').split('/').next().unwrap_or_default();
    let missing = member(fields, name).is_empty();
    let (order, code) = match finding.rule.id {
        "V2-01" | "V2-03" | "V2-04" | "V2-07" | "V2-17" if missing => (0, 1002),
        "V2-02" => (1, 1008),
        "V2-06" | "V2-22" => (2, 1004),
        "V2-04" | "V2-05" => (3, 1007),
        "V2-18" => (3, 1012),
        "V2-08" | "V2-09" | "V2-10" | "V2-11" | "V2-12" | "V2-14" | "V2-15" => (4, 1010),
        "V2-13" | "V2-16" => (5, 1005),
        _ => (3, 1003),
    };
    Some((order, code, finding.message.clone()))
}

/// Takes the push out of the way that `override_msg_id` names; one that is a day old, or none, is a fault.
fn replace(fields: &Object, world: &mut SandboxWorld<'_>) -> Result<(), Refusal> {
    let id = member(fields, "override_msg_id");
    if id.is_empty() {
        return Ok(());
    }
    let old = world.store.get(PUSH, &id).filter(|old| !is_older(old, world.now_ms, DAY_MS));
    let Some(Value::Object(mut old)) = old else {
        return Err((1003, format!("{id} is not a valid message to override")));
    };
    old.set("overridden", true);
    world.store.put(PUSH, &id, &Value::Object(old));
    Ok(())
}

fn is_older(record: &Value, now_ms: i64, age_ms: i64) -> bool {
    let at = record.as_object().and_then(|record| record.get("at_ms"));
    let at = at.and_then(|node| node.value.as_integer()).unwrap_or_default();
    i128::from(now_ms) - at > i128::from(age_ms)
}

/// Keeps a push and answers with its id.
fn accept(body: &Value, world: &mut SandboxWorld<'_>) -> Answer {
    let id = 1_613_113_583 + world.store.next("msg_id");
    let document = Document::of(body);
    // The number of devices is not known: the mock server has one for each name, and one for everybody.
    let reached = Audience::of(&OPERATIONS[0], &document).targets().len().max(1);
    let mut record = Object::default();
    record.set("body", body.clone());
    record.set("reached", reached as u64);
    record.set("at_ms", world.now_ms);
    world.store.put(PUSH, &id.to_string(), &Value::Object(record));

    let fields = body.as_object().expect("it was made from one");
    let mut answer = Object::default();
    // Without the zeros and blanks that digits in a form may have.
    let sendno = fields.get("sendno").and_then(|node| node.value.as_integer()).unwrap_or_default();
    answer.set("sendno", Value::number(sendno.to_string()));
    answer.set("msg_id", id);
    answer.set("errcode", 0_u64);
    answer.set("errmsg", "Succeed");
    Answer::json(200, &Value::Object(answer))
}

fn received(
    request: &Incoming,
    world: &mut SandboxWorld<'_>,
) -> Result<Answer, (u16, u32, &'static str)> {
    if request.method != "GET" {
        return Err((405, 1001, "only GET is supported"));
    }
    let pair = request.header("authorization").and_then(jiguang::read_basic);
    if pair.is_none_or(|(key, secret)| key != SANDBOX_KEY || secret != SANDBOX_SECRET) {
        return Err((401, 3001, "Basic authentication failed"));
    }
    let query = read_form(request.query.as_bytes());
    let ids = member(&query, "msg_ids");
    let ids: Vec<&str> = rules::items(&ids).map(str::trim).filter(|id| !id.is_empty()).collect();
    let digits = |id: &&str| id.bytes().all(|byte| byte.is_ascii_digit());
    if ids.is_empty() || ids.len() > MAX_REPORT as usize || !ids.iter().all(digits) {
        return Err((400, 3002, "msg_ids must be 1 to 100 ids, joined by commas"));
    }
    let counts = ids.iter().map(|id| Node::bare(counts(id, world))).collect();
    Ok(Answer::json(200, &Value::Array(counts)))
}

/// What is known of one push: nothing where there is none, or it is too old.
fn counts(id: &str, world: &mut SandboxWorld<'_>) -> Value {
    let record = world.store.get(PUSH, id);
    let record = record.filter(|record| !is_older(record, world.now_ms, 10 * DAY_MS));
    let record = record.as_ref().and_then(Value::as_object);
    let body = record.and_then(|record| record.get("body")?.value.as_object());
    let reached = |platform: &str| {
        let named = body.is_some_and(|body| rules::names(&member(body, "platform"), platform));
        let custom = body.is_some_and(|body| member(body, "msg_type") == "2");
        let count = record.and_then(|record| record.get("reached")).map(|node| node.value.clone());
        count.filter(|_| named && !(custom && platform == "ios")).unwrap_or(Value::Null)
    };
    let mut row = Object::default();
    // A number as the server writes it; digits that are not a JSON number stay text.
    row.set("msg_id", id.parse::<u64>().map_or_else(|_| Value::from(id), Value::from));
    row.set("android_received", reached("android"));
    row.set("ios_apns_sent", reached("ios"));
    Value::Object(row)
}
