//! Payloads with the verdict that their vendor's contract gives: `tests/cases/PROVIDER.jsonl`.

use herald::contract::{Context, Severity};
use herald::document::Document;
use herald::lint::lint;
use herald::provider;
use serde::Deserialize;

#[derive(Deserialize)]
struct Case<'a> {
    id: String,
    provider: String,
    operation: String,
    #[serde(borrow)]
    body: &'a serde_json::value::RawValue,
    expect: String,
    pointer: Option<String>,
    why: String,
}

/// Every case of a file whose provider is there: its verdict and pointer, and no other error.
fn check(file: &str) {
    let path = format!("{}/tests/cases/{file}.jsonl", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).expect("the file of cases");
    let mut wrong = Vec::new();
    let mut checked = 0;
    for line in text.lines() {
        let case: Case<'_> = serde_json::from_str(line).expect("a case");
        if !provider::ALL.iter().any(|vendor| vendor.contract().id == case.provider) {
            continue;
        }
        checked += 1;
        let name = format!("{}/{}", case.provider, case.operation);
        let (vendor, operation) =
            provider::find_operation(&name).expect("an operation of the sheets");
        let document = Document::parse(case.body.get()).expect("JSON");
        let findings = lint(vendor.contract(), operation, &document, &Context::default());
        let errors: Vec<_> =
            findings.iter().filter(|finding| finding.severity() == Severity::Error).collect();
        let pointers: Vec<&str> =
            errors.iter().map(|finding| finding.place.pointer.as_str()).collect();
        let wanted: Vec<&str> = case.pointer.as_deref().into_iter().collect();
        if pointers != wanted {
            let found: Vec<String> = errors
                .iter()
                .map(|finding| {
                    format!("{} at {}: {}", finding.code(), finding.place.pointer, finding.message)
                })
                .collect();
            wrong.push(format!(
                "{} {} ({}) wants {wanted:?}, found {found:#?}",
                case.id, case.expect, case.why
            ));
        }
    }
    assert!(checked > 0, "{file}: no case was checked");
    assert!(
        wrong.is_empty(),
        "{} of {checked} cases are wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn easemob_cases_have_their_verdict() {
    check("easemob");
}

#[test]
fn jmessage_cases_have_their_verdict() {
    check("jmessage");
}

#[test]
fn jpush_cases_have_their_verdict() {
    check("jpush");
}

#[test]
fn rongcloud_cases_have_their_verdict() {
    check("rongcloud");
}

#[test]
fn wildfire_cases_have_their_verdict() {
    check("wildfire");
}

/// Payloads of public bug reports, official SDKs and the vendors' pages.
#[test]
fn payloads_of_public_reports_have_their_verdict() {
    check("public");
}
