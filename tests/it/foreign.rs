//! Whatever comes from outside - files, replies, requests to the sandbox - is read or refused, and never breaks anything.

use herald::contract::{Auth, Context, Operation};
use herald::document::{Document, Value};
use herald::lint::lint;
use herald::net::Transport as _;
use herald::provider::{self, Vendor};
use herald::sandbox::{InProcess, RecordStore, SandboxState, Switches};
use herald::wire::{Body, Method, Reply, Request, Written};
use proptest::prelude::*;

fn operations() -> Vec<(&'static dyn Vendor, &'static Operation)> {
    let of = |vendor: &&'static dyn Vendor| {
        let vendor = *vendor;
        vendor.contract().operations.iter().map(move |operation| (vendor, operation))
    };
    provider::ALL.iter().flat_map(of).collect()
}

/// The bodies of all cases: a good beginning for mutations.
fn bodies() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases");
    let files = std::fs::read_dir(folder).expect("the folder of cases");
    let mut bodies = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(file.expect("a file").path()).expect("cases");
        // Every seventh is a fair sample, and short ones make quick tests.
        let short = text.lines().step_by(7).filter(|line| line.len() < 2000);
        bodies.extend(short.map(|line| {
            let case: serde_json::Value = serde_json::from_str(line).expect("a case");
            case["body"].to_string()
        }));
    }
    bodies
}

/// A text with a few characters taken out, doubled or replaced.
fn mutated(text: &str, places: &[(prop::sample::Index, u8)]) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for (place, what) in places {
        if bytes.is_empty() {
            break;
        }
        let at = place.index(bytes.len());
        match what % 4 {
            0 => drop(bytes.remove(at)),
            1 => bytes.insert(at, bytes[at]),
            2 => bytes[at] = b"0\"{}[],:-nte. "[usize::from(*what) % 14],
            _ => bytes.truncate(at.max(1)),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_document_is_linted_as_any_operation(
        body in prop::sample::select(bodies()),
        operation in prop::sample::select(operations().iter().map(|(vendor, operation)| format!("{}/{}", vendor.contract().id, operation.id)).collect::<Vec<_>>()),
        places in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
    ) {
        let Ok(document) = Document::parse(mutated(&body, &places)) else { return Ok(()) };
        let (vendor, operation) = provider::find_operation(&operation).expect("it is registered");
        let findings = lint(vendor.contract(), operation, &document, &Context::default());
        for finding in &findings {
            prop_assert!(finding.place.span.start <= finding.place.span.end);
            prop_assert!(document.text().get(finding.place.span.start..finding.place.span.end).is_some());
        }
        let again = lint(vendor.contract(), operation, &document, &Context::default());
        prop_assert_eq!(findings.len(), again.len());
    }

    #[test]
    fn any_reply_is_read_by_any_vendor(
        body in prop_oneof![prop::collection::vec(any::<u8>(), 0..80), prop::sample::select(bodies()).prop_map(String::into_bytes)],
        status in prop::sample::select(vec![200_u16, 201, 204, 302, 400, 401, 429, 500, 503]),
    ) {
        let reply = Reply { status, headers: Vec::new(), body };
        for (vendor, operation) in operations() {
            vendor.read(operation, &reply);
        }
    }

    #[test]
    fn any_request_is_answered_by_any_sandbox(
        body in prop::sample::select(bodies()),
        places in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        operation in any::<prop::sample::Index>(),
        form in any::<bool>(),
    ) {
        let all = operations();
        let (vendor, operation) = all[operation.index(all.len())];
        let media = if form { "application/x-www-form-urlencoded" } else { "application/json" };
        let request = Request {
            method: Method::Post,
            base: "http://127.0.0.1".to_owned(),
            path: Written::plain(operation.path.replace(['{', '}'], "")),
            headers: Vec::new(),
            body: Body::Text { media, text: Written::plain(mutated(&body, &places)) },
            carries_secret: false,
        };
        let stage = SandboxState::new(RecordStore::memory(), Switches::default(), Box::new(|| 1_782_353_213_880), herald::provider::secret_names_of);
        let sandbox = InProcess::new(vendor.contract().id, vendor.backend(), stage, Box::new(|_, _| {}));
        let reply = sandbox.exchange(&request, std::time::Duration::from_secs(1)).expect("an answer");
        prop_assert!((200..600).contains(&reply.status));
        // What wants no credentials answers anyone.
        prop_assume!(operation.auth != Auth::None);
        prop_assert_ne!(vendor.read(operation, &reply).success, Some(true), "it was not signed: {:?}", Value::from(String::from_utf8_lossy(&reply.body).into_owned()));
    }
}
