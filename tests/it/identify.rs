//! Which operation a payload is, over all cases: the right one is found or among those that are asked about.

use herald::contract::Contract;
use herald::contract::identify::{Identified, identify};
use herald::document::Document;
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
}

/// How often the keys of a payload told its operation.
#[derive(Debug, Default)]
struct Told {
    right: usize,
    asked: usize,
    nothing: Vec<String>,
    wrong: Vec<String>,
}

fn tell(expect: &str) -> Told {
    let contracts: Vec<&Contract> = provider::ALL.iter().map(|vendor| vendor.contract()).collect();
    let mut told = Told::default();
    for file in ["easemob", "jmessage", "jpush", "rongcloud", "wildfire"] {
        let path = format!("{}/tests/cases/{file}.jsonl", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(&path).expect("the file of cases");
        for line in text.lines() {
            let case: Case<'_> = serde_json::from_str(line).expect("a case");
            if case.expect != expect || !contracts.iter().any(|known| known.id == case.provider) {
                continue;
            }
            let document = Document::parse(case.body.get()).expect("JSON");
            let name = format!("{}/{}", case.provider, case.operation);
            let what = format!("{} {name}: {}", case.id, case.body.get());
            match identify(&contracts, &document.root().value).expect("no case names a schema") {
                Identified::One(found) if found.to_string() == name => told.right += 1,
                Identified::One(found) => told.wrong.push(format!("{found}: {what}")),
                Identified::Several(all) if all.iter().any(|one| one.to_string() == name) => {
                    told.asked += 1;
                }
                Identified::Several(all) => {
                    let all: Vec<String> = all.iter().map(ToString::to_string).collect();
                    told.wrong.push(format!("{all:?}: {what}"));
                }
                Identified::Unknown => told.nothing.push(what),
            }
        }
    }
    told
}

#[test]
fn the_keys_of_a_good_payload_never_tell_a_wrong_operation() {
    let told = tell("accept");
    // A payload without any key tells nothing.
    let speechless: Vec<_> = told.nothing.iter().filter(|what| !what.ends_with(": {}")).collect();
    assert!(told.wrong.is_empty() && speechless.is_empty(), "{told:#?}");
    // Vendors that send to users, groups and rooms by paths of their own leave nothing in the body that tells them apart:
    // those payloads are asked about, and the question names the right operation.
    assert!(told.right > 150, "{} told, {} asked about", told.right, told.asked);
}

#[test]
fn most_payloads_with_a_fault_are_recognised() {
    let told = tell("reject");
    let missed = told.wrong.len() + told.nothing.len();
    assert!(told.right + told.asked > 6 * missed, "{told:#?}");
}
