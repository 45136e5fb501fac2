//! Payloads with the verdict that their vendor's contract gives: `tests/cases/*.jsonl`.

use std::collections::BTreeMap;

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

/// Every case of every file: its verdict and pointer, and no other error. `public.jsonl` has payloads of public bug reports,
/// official SDKs and the vendors' pages.
#[test]
fn every_case_has_its_verdict() {
    let (mut wrong, mut checked) = (Vec::new(), BTreeMap::<String, u32>::new());
    cases(|case| {
        *checked.entry(case.provider.clone()).or_insert(0) += 1;
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
    });
    let without: Vec<&str> = provider::contracts()
        .iter()
        .map(|contract| contract.id)
        .filter(|id| !checked.contains_key(*id))
        .collect();
    assert!(without.is_empty(), "providers without cases in tests/cases: {without:?}");
    let all: u32 = checked.values().sum();
    assert!(wrong.is_empty(), "{} of {all} cases are wrong:\n{}", wrong.len(), wrong.join("\n"));
}
