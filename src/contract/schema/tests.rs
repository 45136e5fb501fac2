use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::contract::Context;
use crate::contract::sample::CONTRACT;
use crate::document::Document;
use crate::lint::lint;

/// A body of the sample's `send` without any fault.
const GOOD: &str = r#"{"sender":"alice","to":["a","b"],"tags":["x"],"platform":"ios","line":3,"ratio":1.5,
    "silent":false,"loud":"True","group":"g","room":null,"number":"12","title":"hello","audience":{"tag":["t"]},"priority":1,
    "extra":{"a":"b","badge":1},"mention":"{\"type\":1}","inner":{"type":2},"blob":"aGk=","hex":"0a",
    "payload":{"type":2,"latitude":1.5,"push":{"badge-count":1,"level":0}}}"#;

/// Whether a schema takes a payload.
fn accepts(schema: &Value, body: &Value) -> bool {
    jsonschema::validator_for(schema).expect("a schema").is_valid(body)
}

fn lint_objects(contract: &'static Contract, operation: &'static Operation, body: &Value) -> bool {
    let document = Document::parse(body.to_string()).expect("JSON");
    let findings = lint(contract, operation, &document, &Context::default());
    findings.iter().any(|finding| finding.severity() == Severity::Error)
}

fn sample(id: &str) -> (&'static Operation, Value) {
    let operation = CONTRACT.operation(id).expect("an operation");
    (operation, of_operation(&CONTRACT, operation))
}

/// Every schema that is exported, with its name.
fn all() -> Vec<(String, Value)> {
    let contracts = crate::provider::ALL.iter().map(|vendor| vendor.contract());
    let mut out: Vec<(String, Value)> = Vec::new();
    for contract in contracts.chain([&CONTRACT]) {
        for operation in contract.operations {
            out.push((
                format!("{}/{}", contract.id, operation.id),
                of_operation(contract, operation),
            ));
        }
        for row in contract.types {
            out.push((format!("{}/{}", contract.id, row.id), of_type(contract, row)));
        }
    }
    for name in output::NAMES {
        out.push((name.to_owned(), output::find(name).expect("a known name")));
    }
    out
}

#[test]
fn every_schema_is_one_to_the_official_meta_schema() {
    for (name, schema) in all() {
        if let Err(error) = jsonschema::meta::validate(&schema) {
            panic!("{name}: {error} at {}", error.instance_path());
        }
        jsonschema::validator_for(&schema).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

#[test]
fn a_good_payload_passes_and_structural_faults_do_not() {
    let (_, schema) = sample("send");
    let good: Value = serde_json::from_str(GOOD).expect("JSON");
    assert!(accepts(&schema, &good));
    for (pointer, bad) in [
        ("sender", json!(null)),
        ("sender", json!("")),
        ("sender", json!("123456789")),
        ("to", json!(["a", "b", "c", "d"])),
        ("to", json!([])),
        ("line", json!(10)),
        ("line", json!(1.5)),
        ("line", json!(true)),
        ("silent", json!("true")),
        ("number", json!("1a")),
        ("loud", json!("yes")),
        ("audience", json!("some")),
        ("platform", json!("ios,windows")),
        ("title", json!("1234567")),
        ("hex", json!("xyz")),
        ("extra", json!({ "badge": -1 })),
        ("room", json!("both a group and a room")),
        ("payload", json!({ "type": 2 })),
        ("payload", json!({ "type": 2, "latitude": 91 })),
        ("payload", json!({ "type": 1, "latitude": 1, "text": "x" })),
        ("payload", json!({ "type": 3 })),
        ("payload", json!({ "type": "2", "latitude": "x" })),
        ("unheard-of", json!(1)),
    ] {
        let mut body = good.clone();
        body[pointer] = bad.clone();
        assert!(!accepts(&schema, &body), "{pointer} = {bad}");
    }
    for (name, fine) in [
        ("line", json!("3")),
        ("line", json!(3.0)),
        ("title", json!("")),
        ("loud", json!("fALSE")),
        ("loud", json!(1)),
        ("from", json!("a mild mistake")),
        ("title", json!(null)),
        ("payload", json!({ "type": "1", "text": "x" })),
        ("payload", json!({ "type": 2, "latitude": 1, "content": "{\"type\":1}" })),
        ("$schema", json!("urn:herald:sample/send")),
    ] {
        let mut body = good.clone();
        body[name] = fine.clone();
        assert!(accepts(&schema, &body), "{name} = {fine}");
    }
    let mut silent = good.clone();
    silent["silent"] = json!(true);
    silent.as_object_mut().expect("an object").remove("room");
    assert!(!accepts(&schema, &silent), "`room` is due where `silent` is true");
}

#[test]
fn a_warning_is_no_refusal() {
    let (_, schema) = sample("send");
    let mut body: Value = serde_json::from_str(GOOD).expect("JSON");
    body["title"] = json!("12345");
    assert!(accepts(&schema, &body));
    let title = &schema["properties"]["title"];
    assert!(title.to_string().contains("warned about: at most 4 characters"), "{title}");
}

#[test]
fn named_shapes_stand_once_in_defs() {
    let (_, schema) = sample("send");
    let names: Vec<&String> = schema["$defs"].as_object().expect("definitions").keys().collect();
    assert_eq!(names, ["Mention", "Payload"]);
    assert_eq!(schema["$id"], "urn:herald:sample/send");
}

#[test]
fn documents_of_herald_itself_have_schemas_that_tell_right_from_wrong() {
    let error = output::find("output/error").expect("a schema");
    let right = json!({ "version": 1, "error": { "kind": "usage", "exit_code": 2, "message": "x", "help": null } });
    assert!(accepts(&error, &right));
    assert!(!accepts(&error, &json!({ "version": 2, "error": right["error"] })));
    let sign = output::find("output/sign").expect("a schema");
    assert!(accepts(&sign, &json!({ "version": 1, "provider": "p", "headers": {}, "fields": {} })));
    assert!(!accepts(&sign, &json!({ "version": 1, "provider": "p", "headers": { "a": 1 } })));
}

/// Every place of a payload, as JSON pointers.
fn places(value: &Value, at: &str, out: &mut Vec<String>) {
    out.push(at.to_owned());
    match value {
        Value::Object(members) => {
            for (key, inner) in members {
                let key = key.replace('~', "~0").replace('/', "~1");
                places(inner, &format!("{at}/{key}"), out);
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                places(inner, &format!("{at}/{index}"), out);
            }
        }
        _ => {}
    }
}

/// The replacement for a value; `None` removes it.
fn replacement() -> impl Strategy<Value = Option<Value>> {
    let values = [
        json!(null),
        json!(""),
        json!([]),
        json!({}),
        json!("0"),
        json!("1"),
        json!("-1"),
        json!("x"),
        json!(" "),
        json!("a,b"),
        json!("true"),
        json!(true),
        json!(false),
        json!(0),
        json!(1),
        json!(2),
        json!(-1),
        json!(1.0),
        json!(1.5),
        json!(99_999_999_999_i64),
        json!(u64::MAX),
        json!(["a"]),
        json!([null]),
        json!([1, 1]),
        json!({ "a": 1 }),
        json!("你好".repeat(400)),
        json!("{\"type\":1}"),
    ];
    prop_oneof![1 => Just(None), 6 => proptest::sample::select(values.to_vec()).prop_map(Some)]
}

/// A payload with some values replaced or removed, an item repeated, or an unknown member added.
fn mutate(body: &Value, changes: &[(usize, Option<Value>, u8)]) -> Value {
    let mut body = body.clone();
    for (pick, value, how) in changes {
        let mut all = Vec::new();
        places(&body, "", &mut all);
        let place = &all[pick % all.len()];
        match (value, body.pointer_mut(place)) {
            (_, Some(Value::Array(items))) if *how < 40 => {
                let more: Vec<Value> =
                    items.iter().cycle().take(items.len() * 400).cloned().collect();
                items.extend(more);
            }
            (Some(value), Some(Value::Object(members))) if *how < 80 => {
                let name = if how % 2 == 0 { "stranger" } else { "from" };
                members.insert(name.to_owned(), value.clone());
            }
            (Some(value), Some(slot)) => *slot = value.clone(),
            (None, _) => {
                let Some((parent, key)) = place.rsplit_once('/') else { continue };
                match body.pointer_mut(parent) {
                    Some(Value::Object(members)) => {
                        members.shift_remove(&key.replace("~1", "/").replace("~0", "~"));
                    }
                    Some(Value::Array(items)) => {
                        items.remove(key.parse().expect("an index"));
                    }
                    _ => {}
                }
            }
            (_, None) => {}
        }
    }
    body
}

/// The bodies of the cases whose provider is built in, with the schemas of their operations, and the sample's bodies.
fn bodies() -> Vec<(&'static Contract, &'static Operation, Value)> {
    let (send, _) = sample("send");
    let mut out = vec![(&CONTRACT, send, serde_json::from_str(GOOD).expect("JSON"))];
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases");
    for entry in std::fs::read_dir(folder).expect("the folder of cases") {
        let text = std::fs::read_to_string(entry.expect("an entry").path()).expect("a file");
        for line in text.lines() {
            let case: Value = serde_json::from_str(line).expect("a case");
            let name = |key: &str| case[key].as_str().unwrap_or_default().to_owned();
            let vendor = crate::provider::ALL.iter().find(|v| v.contract().id == name("provider"));
            let Some(contract) = vendor.map(|vendor| vendor.contract()) else { continue };
            let Some(operation) = contract.operation(&name("operation")) else { continue };
            out.push((contract, operation, case["body"].clone()));
        }
    }
    out
}

/// If the schema refuses a body, lint must refuse it.
fn agree(
    contract: &'static Contract,
    operation: &'static Operation,
    schema: &jsonschema::Validator,
    body: &Value,
) {
    if let Err(refusal) = schema.validate(body) {
        assert!(
            lint_objects(contract, operation, body),
            "{}/{}: the schema refuses what lint lets pass: {refusal} at {}\n{body}",
            contract.id,
            operation.id,
            refusal.instance_path(),
        );
    }
}

#[test]
fn what_a_schema_refuses_lint_reports_in_the_cases_of_the_sheets() {
    for (contract, operation, body) in bodies() {
        let schema =
            jsonschema::validator_for(&of_operation(contract, operation)).expect("a schema");
        agree(contract, operation, &schema, &body);
    }
}

#[test]
fn what_a_schema_refuses_lint_reports_in_mutated_payloads() {
    let bodies = bodies();
    let mut schemas: Vec<(String, jsonschema::Validator)> = Vec::new();
    for (contract, operation, _) in &bodies {
        let name = format!("{}/{}", contract.id, operation.id);
        if !schemas.iter().any(|(known, _)| *known == name) {
            let schema = of_operation(contract, operation);
            schemas.push((name, jsonschema::validator_for(&schema).expect("a schema")));
        }
    }
    let change = (any::<prop::sample::Index>(), replacement(), any::<u8>());
    let changes = proptest::collection::vec(change, 1..4);
    // Half of the runs use the sample, which has every kind of row.
    let which = prop_oneof![Just(0), 0..bodies.len()];
    proptest!(ProptestConfig::with_cases(2000), |(which in which, changes in changes)| {
        let (contract, operation, body) = &bodies[which];
        let name = format!("{}/{}", contract.id, operation.id);
        let (_, schema) = schemas.iter().find(|(known, _)| *known == name).expect("a schema");
        let changes: Vec<_> =
            changes.into_iter().map(|(index, value, how)| (index.index(1 << 20), value, how)).collect();
        agree(contract, operation, schema, &mutate(body, &changes));
    });
}
#[test]
fn a_schema_refuses_most_of_what_lint_refuses_outside_of_strings() {
    let (mut all, mut refused) = (0, 0);
    for (contract, operation, body) in bodies() {
        let document = Document::parse(body.to_string()).expect("JSON");
        let findings = lint(contract, operation, &document, &Context::default());
        let mut errors = findings.iter().filter(|found| found.severity() == Severity::Error);
        // A schema cannot see inside a string that holds JSON.
        if errors.any(|found| found.place.inner_pointer.is_none()) {
            all += 1;
            refused += u32::from(!accepts(&of_operation(contract, operation), &body));
        }
    }
    assert!(refused * 4 >= all * 3, "a schema refuses {refused} of {all} faulty payloads");
}
