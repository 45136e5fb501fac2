use std::collections::BTreeSet;

use super::*;
use crate::contract::{CredentialKey, Fill};
use crate::provider::{ALL, secret_names_of};
use crate::sandbox::{RecordStore, SandboxState, Switches};

const NOW_MS: i64 = 1_700_000_000_000;

/// The least payload that has an address: whatever else the vendor wants is missing.
fn broken(operation: &Operation) -> Value {
    let mut body = Value::object();
    let members = body.as_object_mut().expect("an object");
    for field in operation.shape().map(|shape| shape.all_fields()).unwrap_or_default() {
        if field.position == Position::Path && field.fill != Fill::Always {
            members.set(field.name, "1");
        }
    }
    body
}

/// Everything that the sandbox takes: a token and the like, too, that is usually asked for.
fn right_account(vendor: &dyn Vendor) -> Account {
    let contract = vendor.contract();
    let mut account = sandbox_account(contract);
    let roles = contract.sandbox_roles.iter().flat_map(|role| role.values);
    for (name, value) in roles {
        let row = contract.credentials.iter().find(|row| row.name == *name);
        account = with(&account, row.expect("a key"), value);
    }
    account
}

/// The request of an operation with an account; `None` where it cannot be made without more.
fn request(
    vendor: &dyn Vendor,
    operation: &'static Operation,
    account: &Account,
) -> Option<Incoming> {
    let stamp = Stamp { timestamp: NOW_MS.to_string(), nonce: "7".to_owned() };
    let body = broken(operation);
    let call = Call { operation, body: &body, account, stamp: &stamp };
    Incoming::of(&vendor.request(&call).ok()?).ok()
}

/// What the mock server makes of it.
fn told(vendor: &'static dyn Vendor, request: &Incoming) -> (Answer, Diagnosis) {
    let id = vendor.contract().id;
    let (shelf, switches) = (RecordStore::memory(), Switches::default());
    let mut stage = SandboxState::new(shelf, switches, Box::new(|| NOW_MS), secret_names_of);
    let (answer, reasons) = stage
        .answer(id, vendor.backend().as_ref(), request, "http://127.0.0.1:1")
        .expect("kept in memory");
    let diagnosis = diagnose(vendor, (request, &answer), &reasons, NOW_MS);
    (answer, diagnosis)
}

fn with(account: &Account, row: &CredentialKey, value: &str) -> Account {
    let mut account = account.clone();
    if row.secret {
        account.secrets.insert(row.name.to_owned(), crate::account::Secret::new(value));
    } else {
        account.values.insert(row.name.to_owned(), value.to_owned());
    }
    account
}

/// Whatever is wrong with the payload, too: wrong credentials are what is told, and no rule of the payload.
#[test]
fn credentials_are_told_before_the_payload() {
    for vendor in ALL {
        let contract = vendor.contract();
        let right = sandbox_account(contract);
        let mut tried = 0;
        for operation in contract.operations.iter().filter(|row| !row.path.is_empty()) {
            // At the address of a call that needs no credentials, the payload says which of the two it is.
            let is_open = |row: &Operation| row.auth == Auth::None && row.path == operation.path;
            if contract.operations.iter().any(is_open) {
                continue;
            }
            let Some(good) = request(*vendor, operation, &right) else { continue };
            let mut wrong: Vec<(String, Incoming)> = Vec::new();
            for row in contract.credentials.iter().filter(|row| !row.sandbox.is_empty()) {
                let other = with(&right, row, "another0another0another0");
                if let Some(request) = request(*vendor, operation, &other)
                    && (&request.headers, &request.body) != (&good.headers, &good.body)
                    && request.path == good.path
                {
                    wrong.push((row.name.to_owned(), request));
                }
            }
            for scheme in ["Bearer x", "Basic eDp5", "x", ""] {
                let mut request = good.clone();
                let authorization =
                    request.headers.iter_mut().find(|(name, _)| name == "Authorization");
                if let Some((_, value)) = authorization {
                    *value = scheme.to_owned();
                    wrong.push((format!("Authorization: {scheme}"), request));
                }
            }
            for (what, request) in wrong {
                let (answer, found) = told(*vendor, &request);
                let about = format!(
                    "{}/{} {what}: {} {:?} {:?}",
                    contract.id, operation.id, answer.status, found.message, found.reasons
                );
                assert!(found.is_refused, "{about}");
                assert!(!found.reasons.is_empty(), "{about}");
                let is_rule = |reason: &String| {
                    contract
                        .rules
                        .iter()
                        .any(|rule| reason.starts_with(&format!("{}/{}: ", contract.id, rule.id)))
                };
                assert!(found.pointer.is_none() && !found.reasons.iter().any(is_rule), "{about}");
                tried += 1;
            }
        }
        assert!(tried > 3, "{}: {tried}", contract.id);
    }
}

#[test]
fn the_scheme_that_is_due_is_named() {
    for vendor in ALL {
        let contract = vendor.contract();
        let account = sandbox_account(contract);
        for (auth, other, due) in
            [(Auth::Basic, "Bearer x", "Basic is due"), (Auth::Bearer, "Basic x", "Bearer is due")]
        {
            let mut rows = contract.operations.iter().filter(|row| row.auth == auth);
            let Some(mut request) = rows.find_map(|row| request(*vendor, row, &account)) else {
                continue;
            };
            request.headers.retain(|(name, _)| name != "Authorization");
            request.headers.push(("Authorization".to_owned(), other.to_owned()));
            let (_, found) = told(*vendor, &request);
            assert!(found.reasons.iter().any(|reason| reason.contains(due)), "{found:?}");
        }
    }
}

/// What arrives of a payload that is right.
struct Arrival {
    name: String,
    vendor: &'static dyn Vendor,
    operation: &'static Operation,
    request: Incoming,
}

/// The request of a payload, in the name of the sandbox's account: what a payload says of its app is left out.
fn arrival(provider: &str, operation: &str, id: &str, body: &serde_json::Value) -> Option<Arrival> {
    let name = format!("{provider}/{operation}");
    let (vendor, operation) = crate::provider::find_operation(&name).expect("known");
    let mut body = Document::parse(body.to_string()).expect("JSON").into_value();
    if let Some(object) = body.as_object_mut() {
        let keys = vendor.contract().credentials.iter().map(|row| row.name);
        keys.for_each(|name| drop(object.remove(name)));
    }
    let account = right_account(vendor);
    let stamp = Stamp { timestamp: NOW_MS.to_string(), nonce: "7".to_owned() };
    let call = Call { operation, body: &body, account: &account, stamp: &stamp };
    let request = Incoming::of(&vendor.request(&call).ok()?).ok()?;
    Some(Arrival { name: format!("{id} {name}"), vendor, operation, request })
}

fn lines(text: &str) -> impl Iterator<Item = serde_json::Value> + '_ {
    text.lines().map(|line| serde_json::from_str(line).expect("a line of JSON"))
}

/// Everything that the cases call accepted.
fn right_arrivals() -> Vec<Arrival> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let text = std::fs::read_to_string(entry.expect("an entry").path()).expect("a file");
        all.extend(lines(&text).filter(|case| case["expect"] == "accept").filter_map(|case| {
            let text = |name: &str| case[name].as_str().expect("text");
            arrival(text("provider"), text("operation"), text("id"), &case["body"])
        }));
    }
    all
}

/// Everything that official SDKs send.
fn sdk_arrivals() -> Vec<Arrival> {
    let text = include_str!("../../../tests/vectors.jsonl");
    let one = |vector: serde_json::Value| {
        let text = |name: &str| vector[name].as_str().expect("text");
        arrival(text("provider"), text("operation"), text("id"), &vector["inputs"]["body"])
    };
    lines(text).filter_map(one).collect()
}

/// What the cases call accepted, and what SDKs send, has no lint errors when it arrives, and is never refused for a rule.
#[test]
fn what_is_right_arrives_without_faults() {
    for (arrivals, least) in [(right_arrivals(), 100), (sdk_arrivals(), 30)] {
        let mut wrong = Vec::new();
        for Arrival { name, vendor, operation, request } in &arrivals {
            let (answer, found) = told(*vendor, request);
            let is_other = found.operation.is_none_or(|found| found.id != operation.id);
            let is_wrong =
                !found.lint.is_empty() || found.pointer.is_some() || answer.status == 401;
            if is_wrong || is_other {
                wrong.push(format!("{name}: {found:?}"));
            }
        }
        assert!(arrivals.len() > least, "{}", arrivals.len());
        assert!(wrong.is_empty(), "{}: {}", arrivals.len(), wrong.join("\n"));
    }
}

/// The longest text in JSON, made longer.
fn lengthened(body: &serde_json::Value, more: usize) -> Option<serde_json::Value> {
    fn texts<'v>(value: &'v mut serde_json::Value, all: &mut Vec<&'v mut String>) {
        match value {
            serde_json::Value::String(text) => all.push(text),
            serde_json::Value::Array(items) => items.iter_mut().for_each(|item| texts(item, all)),
            serde_json::Value::Object(members) => {
                members.iter_mut().for_each(|(_, member)| texts(member, all));
            }
            _ => {}
        }
    }
    let mut body = body.clone();
    let mut all = Vec::new();
    texts(&mut body, &mut all);
    let longest = all.into_iter().max_by_key(|text| text.len())?;
    longest.push_str(&"a".repeat(more));
    Some(body)
}

/// A name that stands twice, and a text that is far too long: refused with a reason, or accepted and told by lint's code.
#[test]
fn a_name_twice_and_a_text_that_is_too_long_are_told() {
    let (mut twice, mut long, mut wrong) = (0, BTreeSet::new(), Vec::new());
    for Arrival { name, vendor, operation, request } in &right_arrivals() {
        let text = String::from_utf8_lossy(&request.body);
        let Ok(body @ serde_json::Value::Object(_)) = serde_json::from_str(&text) else { continue };
        if operation.body != BodyForm::Json {
            continue;
        }
        let (answer, found) = told(*vendor, request);
        let Some((key, value)) = body.as_object().and_then(|members| members.iter().next()) else {
            continue;
        };
        // A request of the largest size has no place for another member.
        if found.is_refused || answer.status >= 300 || text.len() > 50_000 {
            continue;
        }
        let double = format!("{{\"{key}\":{value},{}", &text.trim_start()[1..]);
        let (_, found) = told(*vendor, &altered(request, Some(double.as_bytes()), None));
        let has =
            |part: &str| found.lint.iter().chain(&found.reasons).any(|said| said.contains(part));
        if !(has("duplicate-key") || found.is_refused && has("twice")) {
            wrong.push(format!("{name}, `{key}` twice: {found:?}"));
        }
        twice += 1;
        let Some(longer) = lengthened(&body, 300_000) else { continue };
        let (_, found) =
            told(*vendor, &altered(request, Some(longer.to_string().as_bytes()), None));
        // Of texts without a limit nothing is told.
        let is_silent =
            found.reasons.is_empty() && found.message.is_none_or(|text| text.is_empty());
        if found.is_refused && is_silent {
            wrong.push(format!("{name} is too long, and nothing says so"));
        }
        if found.is_refused || !found.lint.is_empty() {
            long.insert(vendor.contract().id);
        }
    }
    assert!(twice > 50 && long.len() >= 5, "{twice} {long:?}");
    assert!(wrong.is_empty(), "{} of {twice}: {}", wrong.len(), wrong.join("\n"));
}

/// A request with another body, or another content type; `None` for neither.
fn altered(request: &Incoming, body: Option<&[u8]>, media: Option<Option<&str>>) -> Incoming {
    let mut request = request.clone();
    if let Some(body) = body {
        request.body = body.to_vec();
    }
    if let Some(media) = media {
        request.headers.retain(|(name, _)| name != "Content-Type");
        let header = media.map(|media| ("Content-Type".to_owned(), media.to_owned()));
        request.headers.extend(header);
    }
    request
}

#[test]
fn a_body_that_cannot_be_read_is_told_with_its_place_and_refused_in_the_vendors_words() {
    for vendor in ALL {
        let account = right_account(*vendor);
        let rows = vendor.contract().operations.iter();
        for operation in rows.filter(|row| row.body == BodyForm::Json && !row.path.is_empty()) {
            let Some(request) = request(*vendor, operation, &account) else { continue };
            for (body, due) in [
                (&b"{\n\"from\": :"[..], &["not json", "line 2, column 9"][..]),
                (b"{\n\"from\":", &["not json", "line 2, column"]),
                (b"from=a&to=b", &["not json", "line 1, column"]),
                (b"\xff", &["the body "]),
                (b"", &["the body is empty"]),
                (b"[]", &["object"]),
                (b"\"text\"", &["object"]),
            ] {
                // The body of few is a list.
                if due == ["object"] && operation.shape().is_none() {
                    continue;
                }
                let (answer, found) = told(*vendor, &altered(&request, Some(body), None));
                let said = [found.reasons.join("; "), found.message.unwrap_or_default()].join("; ");
                let said = said.to_lowercase();
                let about = format!(
                    "{}/{} {}: HTTP {} {:?} {said}",
                    vendor.contract().id,
                    operation.id,
                    String::from_utf8_lossy(body),
                    answer.status,
                    found.code,
                );
                // A body that needs no member may be empty.
                if body.is_empty() && answer.status == 200 && !found.is_refused {
                    continue;
                }
                assert!(found.is_refused && !answer.body.is_empty(), "{about}");
                assert!(due.iter().all(|due| said.contains(due)), "{about}");
            }
        }
    }
}

#[test]
fn a_content_type_for_which_a_request_is_refused_is_told() {
    for vendor in ALL {
        let account = right_account(*vendor);
        for operation in vendor.contract().operations.iter().filter(|row| !row.path.is_empty()) {
            let due = match operation.body {
                BodyForm::Json => "application/json",
                BodyForm::Form => "application/x-www-form-urlencoded",
                BodyForm::None | BodyForm::Multipart => continue,
            };
            let Some(right) = request(*vendor, operation, &account) else { continue };
            let (before, _) = told(*vendor, &right);
            for media in [None, Some("text/plain"), Some("application/xml; charset=utf-8")] {
                let (answer, found) = told(*vendor, &altered(&right, None, Some(media)));
                let about =
                    format!("{}/{} {media:?}: {found:?}", vendor.contract().id, operation.id);
                if (answer.status, &answer.body) == (before.status, &before.body) {
                    continue;
                }
                let first = found.reasons.first().map(String::as_str).unwrap_or_default();
                let came = media.map_or("is missing".to_owned(), |media| {
                    format!("`{}`", media.split(';').next().unwrap_or_default())
                });
                assert!(found.is_refused && first.contains(&came), "{about}");
                let is_credentials =
                    |text: &String| text.contains("timestamp") || text.contains("signature");
                assert!(!found.reasons.iter().any(is_credentials), "{about}");
                assert!(first.contains(due) && !answer.body.is_empty(), "{about}");
            }
        }
    }
}

/// One reason for each refusal: that for which the server refused, and no other fault of the payload.
#[test]
fn the_reason_of_a_refused_payload_is_the_servers_own() {
    for vendor in ALL {
        let account = right_account(*vendor);
        let mut tried = 0;
        for operation in vendor.contract().operations.iter().filter(|row| !row.path.is_empty()) {
            let Some(request) = request(*vendor, operation, &account) else { continue };
            let (answer, found) = told(*vendor, &request);
            if found.is_refused && operation.auth != Auth::None {
                let about = format!(
                    "{}/{} {} {:?}",
                    vendor.contract().id,
                    operation.id,
                    answer.status,
                    found.reasons
                );
                let has_message = found.message.is_some_and(|message| !message.is_empty());
                assert!(found.reasons.len() <= 1, "{about}");
                assert!(has_message || !found.reasons.is_empty(), "{about}");
                tried += 1;
            }
        }
        assert!(tried > 0, "{}", vendor.contract().id);
    }
}
