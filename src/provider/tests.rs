//! What every provider must do, the template included; and what the template has to be.

use std::path::Path;

use super::example::Example;
use super::kit::testing::{MockServer, ask, intent, stamp};
use super::*;
use crate::contract::{Contract, Operation, Retry, Severity};
use crate::document::Document;
use crate::lint::lint;
use crate::net::decide;
use crate::outcome::{Class, Outcome, Reading, Verdict};
use crate::profile::sandbox_account;

/// The most lines of code in the folder of the template: a provider is written in an afternoon.
const MAX_LINES: usize = 220;

fn repository(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Name and text of the files of the template.
fn files_of_the_template() -> Vec<(String, String)> {
    let folder = std::fs::read_dir(repository("src/provider/example")).expect("the folder");
    let file = |entry: std::io::Result<std::fs::DirEntry>| {
        let path = entry.expect("an entry").path();
        let text = std::fs::read_to_string(&path).expect("a text");
        (path.file_name().expect("a name").to_string_lossy().into_owned(), text)
    };
    folder.map(file).collect()
}

#[test]
fn the_template_is_short() {
    let files = files_of_the_template();
    let code = files.iter().filter(|(name, _)| name.ends_with(".rs"));
    let lines: usize = code.map(|(_, text)| text.lines().count()).sum();
    assert!(lines <= MAX_LINES, "{lines} lines of code, and {MAX_LINES} are the most");
}

#[test]
fn the_guide_shows_each_file_of_the_template_as_it_is() {
    let page = std::fs::read_to_string(repository("docs/add-a-provider.md")).expect("the page");
    for (name, text) in files_of_the_template() {
        let kind = if name.ends_with(".rs") { "rust" } else { "json" };
        let block = format!("`{name}`\n\n```{kind}\n{text}```\n");
        assert!(
            page.contains(&block),
            "docs/add-a-provider.md does not show {name} as it is:\n{block}"
        );
    }
}

#[test]
fn the_cases_of_the_template_have_their_verdict() {
    for line in include_str!("example/cases.jsonl").lines() {
        let case: serde_json::Value = serde_json::from_str(line).expect("a case");
        let (vendor, operation) = find_operation(&format!(
            "{}/{}",
            case["provider"].as_str().expect("a provider"),
            case["operation"].as_str().expect("an operation")
        ))
        .expect("they are there");
        let body = Document::parse(case["body"].to_string()).expect("JSON");
        let findings = lint(vendor.contract(), operation, &body, &Default::default());
        let errors = findings.iter().filter(|finding| finding.severity() == Severity::Error);
        let found: Vec<&str> = errors.map(|finding| finding.place.pointer.as_str()).collect();
        let wanted: Vec<&str> = case["pointer"].as_str().into_iter().collect();
        assert_eq!(found, wanted, "{line}: {findings:?}");
        assert_eq!(case["expect"] == "accept", wanted.is_empty(), "{line}");
    }
}

/// Vendors that need no other call before a message.
fn without_prerequisites() -> impl Iterator<Item = &'static dyn Vendor> {
    ALL.iter().copied().filter(|vendor| {
        let account = sandbox_account(vendor.contract());
        let stamp = stamp("1");
        let first = &vendor.contract().operations[0];
        let call =
            Call { operation: first, body: &Value::object(), account: &account, stamp: &stamp };
        vendor.prerequisite(&call).is_ok_and(|prerequisite| prerequisite.is_none())
    })
}

#[test]
fn a_text_is_composed_without_a_fault_and_taken_by_the_mock_server() {
    let mut sent = 0;
    for vendor in without_prerequisites() {
        let contract = vendor.contract();
        let (account, stamp) = (sandbox_account(contract), stamp("1"));
        let target = Target::new(contract.default_target, "abcd");
        let intent = SendIntent {
            from: Some("efgh"),
            ..intent(&account, &stamp, Verb::Send, WantedAudience::Targets(vec![target]))
        };
        for draft in vendor.compose(&intent).expect("a draft") {
            let body = draft.body.to_compact();
            let document = Document::of(&draft.body);
            let findings = lint(contract, draft.operation, &document, &Default::default());
            let errors = findings.iter().filter(|finding| finding.severity() == Severity::Error);
            assert_eq!(errors.count(), 0, "{} {body}: {findings:?}", contract.id);
            let outcome = MockServer::new(vendor).outcome(draft.operation.id, &body);
            assert_eq!(outcome.verdict, Verdict::Accepted, "{} {body}: {outcome:?}", contract.id);
            let mut stranger = MockServer::new(vendor);
            for row in contract.credentials.iter().filter(|row| row.secret) {
                let wrong = crate::account::Secret::new("wrong");
                stranger.account.secrets.insert(row.name.to_owned(), wrong);
            }
            let outcome = stranger.outcome(draft.operation.id, &body);
            assert_eq!(outcome.verdict, Verdict::Denied, "{} {body}: {outcome:?}", contract.id);
            sent += 1;
        }
    }
    assert!(sent > 3, "{sent} messages");
}

#[test]
fn each_follow_up_is_composed_or_refused_with_advice() {
    for vendor in ALL {
        let contract = vendor.contract();
        let (account, stamp) = (sandbox_account(contract), stamp("1"));
        let ids = ["1".to_owned()];
        for verb in Verb::FOLLOW_UPS.into_iter().chain([Verb::Get, Verb::Status]) {
            match vendor.follow_up(&ask(verb, &ids, &account, &stamp)) {
                Ok(drafts) => assert!(!drafts.is_empty(), "{} {}", contract.id, verb.word()),
                Err(error) => {
                    let told = error.advice().is_some();
                    assert!(told, "{} {}: {error}", contract.id, verb.word());
                }
            }
        }
    }
}

#[test]
fn only_tests_have_the_template() {
    let rows = include_str!("mod.rs").split("pub static ALL").nth(1).expect("the list");
    assert!(rows.contains("#[cfg(test)]\n    &example::Example,"), "it would be shipped");
    assert_eq!(find("example").expect("it is here").contract().name, Example.contract().name);
}

/// What a reply of this status comes to, where the vendor reads it as a failure with this code.
fn refusal(
    contract: &Contract,
    operation: &'static Operation,
    status: u16,
    code: Option<&str>,
) -> Outcome {
    let reading = |_: &Reply| Reading {
        success: code.map(|_| false),
        code: code.map(str::to_owned),
        ..Reading::default()
    };
    let reply = Reply { status, headers: Vec::new(), body: Vec::new() };
    decide(contract, operation, &Ok(reply), &reading)
}

#[test]
fn only_a_code_that_one_target_may_cause_splits_a_batch() {
    for contract in ALL.iter().map(|vendor| vendor.contract()) {
        for row in contract.errors.iter().filter(|row| row.of_one_target) {
            let is_refusal = matches!(row.class, Class::State | Class::Payload);
            assert!(is_refusal && row.retry == Retry::No, "{} {}", contract.id, row.code);
            assert!(!row.code.starts_with("http-"), "{} {}", contract.id, row.code);
        }
        for operation in contract.operations {
            for status in [200, 400, 404, 405, 413, 422, 429, 500] {
                for code in [None, Some("no such code")] {
                    let outcome = refusal(contract, operation, status, code);
                    assert!(!outcome.may_be_one_targets_fault(), "{} {status}", contract.id);
                }
            }
        }
    }
}

#[test]
fn http_429_is_a_rate_whatever_the_code_is() {
    for contract in ALL.iter().map(|vendor| vendor.contract()) {
        for operation in contract.operations {
            let own = |code: &str| {
                contract.errors.iter().any(|row| row.code == code && row.http == Some(429))
            };
            let codes = contract.errors.iter().map(|row| row.code).filter(|code| !own(code));
            for code in codes.map(Some).chain([None, Some("no such code")]) {
                let verdict = refusal(contract, operation, 429, code).verdict;
                let is_refused = matches!(verdict, Verdict::Rejected | Verdict::Denied);
                assert!(!is_refused, "{}/{} {code:?}", contract.id, operation.id);
            }
        }
    }
}
