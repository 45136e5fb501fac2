//! The vendors' own examples: `tests/payloads/PROVIDER/{valid,invalid}/OPERATION.NAME.json`.
//!
//! They are as the documents print them, slips included. A valid one has no error. Beside an invalid one stands
//! `OPERATION.NAME.expected`: code and pointer of each error and warning, a line each.

use std::path::{Path, PathBuf};

use herald::contract::{Context, Finding, Severity};
use herald::document::Document;
use herald::lint::{broken, lint};
use herald::provider;

/// The files of a folder that end so, in order.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let mut found: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|own| own == ending)).collect();
    found.sort();
    found
}

/// Everything that there is to say about a file.
fn findings(provider: &str, file: &Path) -> Vec<Finding> {
    let name = file.file_name().and_then(|name| name.to_str()).expect("a name");
    let operation = name.split('.').next().expect("the name begins with the operation");
    let (vendor, operation) =
        provider::find_operation(&format!("{provider}/{operation}")).expect(name);
    match Document::parse(std::fs::read_to_string(file).expect(name)) {
        Ok(document) => lint(vendor.contract(), operation, &document, &Context::default()),
        Err(fault) => vec![broken(&fault)],
    }
}

/// Code and pointer, a line each, of what is at least so bad.
fn told(findings: &[Finding], bad: impl Fn(Severity) -> bool) -> String {
    let line = |finding: &Finding| format!("{} {}", finding.code(), finding.place.pointer);
    let mut lines: Vec<String> =
        findings.iter().filter(|finding| bad(finding.severity())).map(line).collect();
    lines.sort();
    lines.iter().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// Each file of each provider with what is said of it and what should be.
fn compare(kind: &str, wanted: impl Fn(&Path) -> String, bad: impl Fn(Severity) -> bool + Copy) {
    let mut wrong = Vec::new();
    let mut checked = 0;
    for vendor in provider::ALL {
        let provider = vendor.contract().id;
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/payloads");
        for file in files(&folder.join(provider).join(kind), "json") {
            checked += 1;
            let (found, wanted) = (told(&findings(provider, &file), bad), wanted(&file));
            if found != wanted {
                wrong.push(format!("{}\nfound:\n{found}wanted:\n{wanted}", file.display()));
            }
        }
    }
    assert!(checked > 0, "there are no {kind} payloads");
    assert!(wrong.is_empty(), "{} of {checked}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn examples_that_are_right_have_no_error() {
    compare("valid", |_| String::new(), |severity| severity == Severity::Error);
}

#[test]
fn examples_with_a_slip_are_told_exactly_that() {
    let wanted = |file: &Path| {
        let expected = file.with_extension("expected");
        std::fs::read_to_string(&expected).unwrap_or_else(|_| panic!("{}", expected.display()))
    };
    compare("invalid", wanted, |severity| severity != Severity::Hint);
}
