//! Payloads with the verdict that their vendor's contract gives: `tests/cases/PROVIDER.jsonl`.

use herald::contract::{Context, Severity};
use herald::document::Document;
use herald::lint::lint;
use herald::provider;
use serde::Deserialize;

/// A payload, and what the vendor says of it.
#[derive(Deserialize)]
pub(crate) struct Case<'a> {
    pub(crate) id: String,
    pub(crate) provider: String,
    pub(crate) operation: String,
    #[serde(borrow)]
    pub(crate) body: &'a serde_json::value::RawValue,
    /// `accept` or `reject`.
    pub(crate) expect: String,
    pointer: Option<String>,
    why: String,
}

impl Case<'_> {
    /// `PROVIDER/OPERATION`
    pub(crate) fn operation_name(&self) -> String {
        format!("{}/{}", self.provider, self.operation)
    }
}

/// All cases of all files.
pub(crate) fn cases(mut see: impl FnMut(&Case<'_>)) {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let text = std::fs::read_to_string(entry.expect("an entry").path()).expect("a file");
        for line in text.lines() {
            see(&serde_json::from_str(line).expect("a case"));
        }
    }
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
        let name = case.operation_name();
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
