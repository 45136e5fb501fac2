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

/// What the cases call accepted has no lint errors when it arrives, and is never refused for a rule.
#[test]
fn what_is_right_arrives_without_faults() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let (mut wrong, mut tried) = (Vec::new(), 0);
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let text = std::fs::read_to_string(entry.expect("an entry").path()).expect("a file");
        for line in text.lines() {
            let case: serde_json::Value = serde_json::from_str(line).expect("a case");
            let text = |name: &str| case[name].as_str().expect("text");
            if text("expect") != "accept" {
                continue;
            }
            let name = format!("{}/{}", text("provider"), text("operation"));
            let (vendor, operation) = crate::provider::find_operation(&name).expect("known");
            let body = Document::parse(case["body"].to_string()).expect("JSON").into_value();
            let account = right_account(vendor);
            let stamp = Stamp { timestamp: NOW_MS.to_string(), nonce: "7".to_owned() };
            let call = Call { operation, body: &body, account: &account, stamp: &stamp };
            let Some(request) =
                vendor.request(&call).ok().and_then(|request| Incoming::of(&request).ok())
            else {
                continue;
            };
            let (answer, found) = told(vendor, &request);
            tried += 1;
            let is_other = found.operation.is_none_or(|found| found.id != operation.id);
            let is_wrong =
                !found.lint.is_empty() || found.pointer.is_some() || answer.status == 401;
            if is_wrong || is_other {
                wrong.push(format!("{} {name}: {found:?}", text("id")));
            }
        }
    }
    assert!(tried > 100, "{tried}");
    assert!(wrong.is_empty(), "{tried}: {}", wrong.join("\n"));
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
