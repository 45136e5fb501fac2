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
