//! A rule that `--allow` ignores keeps back no finding of another rule.
//!
//! Two members of an accepted payload are broken. With the rules of the first fault ignored, the errors are at least those of
//! the payload in which only the second member is broken.

use std::collections::{BTreeMap, BTreeSet};

use herald::contract::{Context, Contract, IgnoredRules, Operation, Severity};
use herald::document::Document;
use herald::lint::lint;
use herald::provider;
use serde_json::{Value, json};

/// Errors as codes with their places.
type Errors = BTreeSet<(String, String)>;

struct Payload {
    contract: &'static Contract,
    operation: &'static Operation,
    body: Value,
}

impl Payload {
    fn errors(&self, body: &Value, allow: &BTreeSet<String>) -> Errors {
        self.told(body, allow).into_iter().map(|(code, place, _)| (code, place)).collect()
    }

    /// Errors with what they say.
    fn told(&self, body: &Value, allow: &BTreeSet<String>) -> BTreeSet<(String, String, String)> {
        let allow: Vec<String> = allow.iter().cloned().collect();
        let waived = IgnoredRules::of(&allow, &[self.contract]).expect("rules");
        let context = Context { waived: Some(&waived), ..Context::default() };
        let document = Document::parse(body.to_string()).expect("JSON");
        let found = lint(self.contract, self.operation, &document, &context);
        let errors = found.iter().filter(|one| one.severity() == Severity::Error);
        let words = |text: &str| text.replace(|c: char| c.is_ascii_digit(), "");
        errors.map(|one| (one.code(), one.place.pointer.clone(), words(&one.message))).collect()
    }

    /// Whether an error is one, in these words, only for some right values of another member: then nothing is known of it
    /// while that member is wrong.
    fn depends(
        &self,
        error: &(String, String),
        place: &str,
        values: &[Value],
        second: &Change,
    ) -> bool {
        let none = BTreeSet::new();
        let told = self.told(&self.with(&[second]), &none);
        let own: Vec<_> =
            told.iter().filter(|one| (&one.0, &one.1) == (&error.0, &error.1)).collect();
        let shorter = values.iter().filter_map(|value| Some(json!([value.as_array()?.first()?])));
        values.iter().cloned().chain(shorter).any(|value| {
            let change = Change { place: place.to_owned(), value: Some(value) };
            let alone = self.errors(&self.with(&[&change]), &none);
            let is_right = !alone.iter().any(|(_, own)| is_below(own, place));
            let there = self.told(&self.with(&[&change, second]), &none);
            is_right && !own.iter().any(|one| there.contains(*one))
        })
    }

    fn with(&self, changes: &[&Change]) -> Value {
        let mut body = self.body.clone();
        changes.iter().for_each(|change| change.make(&mut body));
        body
    }
}

/// A change of one member.
#[derive(Clone, Debug)]
struct Change {
    place: String,
    /// `None`: the member is left out.
    value: Option<Value>,
}

impl Change {
    fn make(&self, body: &mut Value) {
        let (above, key) = self.place.rsplit_once('/').expect("a pointer");
        match (body.pointer_mut(above), &self.value) {
            (Some(Value::Object(object)), Some(value)) => {
                object.insert(key.replace("~1", "/").replace("~0", "~"), value.clone());
            }
            (Some(Value::Object(object)), None) => {
                object.remove(&key.replace("~1", "/").replace("~0", "~"));
            }
            (Some(Value::Array(items)), Some(value)) => {
                items[key.parse::<usize>().expect("an index")] = value.clone();
            }
            _ => {}
        }
    }

    fn is_beside(&self, other: &Self) -> bool {
        !is_below(&self.place, &other.place) && !is_below(&other.place, &self.place)
    }
}

/// Whether a place is another one, or lies in it.
fn is_below(place: &str, other: &str) -> bool {
    place.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl std::fmt::Display for Change {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let value = self.value.as_ref().map_or("nothing".to_owned(), Value::to_string);
        write!(f, "{} = {:.40}", self.place, value)
    }
}

/// The place of every member, and of the first item of every list.
fn places(value: &Value, at: &str, out: &mut Vec<String>) {
    let mut go = |key: String, value: &Value| {
        let place = format!("{at}/{key}");
        out.push(place.clone());
        places(value, &place, out);
    };
    match value {
        Value::Object(object) => object.iter().for_each(|(key, value)| {
            go(key.replace('~', "~0").replace('/', "~1"), value);
        }),
        Value::Array(items) => items.iter().take(1).for_each(|value| go("0".to_owned(), value)),
        _ => {}
    }
}

fn wrong_values() -> Vec<Option<Value>> {
    vec![
        None,
        Some(Value::Null),
        Some(json!("")),
        Some(json!("x y/?")),
        Some(json!("7")),
        Some(json!("x".repeat(4200))),
        Some(json!(-7)),
        Some(json!(7)),
        Some(json!(1e18)),
        Some(json!(7.5)),
        Some(json!(true)),
        Some(json!([])),
        Some(json!([7])),
        Some(json!({})),
    ]
}

/// Values by provider and by the name of the member that has them.
type SeenValues = BTreeMap<(String, String), Vec<Value>>;

fn name_of(place: &str) -> &str {
    place.rsplit('/').find(|step| step.parse::<usize>().is_err()).unwrap_or_default()
}

/// Accepted bodies of each operation that have every member of any accepted one, and the values that members have in any
/// payload.
fn payloads() -> (Vec<Payload>, SeenValues) {
    let mut accepted: BTreeMap<String, Vec<Payload>> = BTreeMap::new();
    let mut seen = SeenValues::new();
    for file in ["easemob", "jmessage", "jpush", "rongcloud", "wildfire"] {
        let path = format!("{}/tests/cases/{file}.jsonl", env!("CARGO_MANIFEST_DIR"));
        for line in std::fs::read_to_string(&path).expect("the file of cases").lines() {
            let case: Value = serde_json::from_str(line).expect("a case");
            let word = |key: &str| case[key].as_str().expect("a word");
            let name = format!("{}/{}", word("provider"), word("operation"));
            let Ok((vendor, operation)) = provider::find_operation(&name) else { continue };
            let body = case["body"].clone();
            let mut all = Vec::new();
            places(&body, "", &mut all);
            for place in all {
                let value = body.pointer(&place).expect("it is there").clone();
                let key = (word("provider").to_owned(), name_of(&place).to_owned());
                let known = seen.entry(key).or_default();
                if !known.contains(&value) && known.len() < 300 {
                    known.push(value);
                }
            }
            if word("expect") == "accept" && body.to_string().len() < 4000 {
                let payload = Payload { contract: vendor.contract(), operation, body };
                accepted.entry(name).or_default().push(payload);
            }
        }
    }
    let mut out = Vec::new();
    for mut bodies in accepted.into_values() {
        bodies.sort_by_key(|payload| std::cmp::Reverse(payload.body.to_string().len()));
        let mut known: BTreeSet<String> = BTreeSet::new();
        for payload in bodies {
            let mut all = Vec::new();
            places(&payload.body, "", &mut all);
            let before = known.len();
            known.extend(all);
            if known.len() > before {
                out.push(payload);
            }
        }
    }
    (out, seen)
}

/// Faults of single members, each with its errors: one change for each set of rules at a place.
fn faults(payload: &Payload) -> Vec<(Change, Errors)> {
    let mut all = Vec::new();
    places(&payload.body, "", &mut all);
    let mut out: Vec<(Change, Errors)> = Vec::new();
    for place in all {
        for value in wrong_values() {
            let change = Change { place: place.clone(), value };
            let errors = payload.errors(&payload.with(&[&change]), &BTreeSet::new());
            let is_new = |known: &(Change, Errors)| known.0.place != place || known.1 != errors;
            if !errors.is_empty() && out.iter().all(is_new) {
                out.push((change, errors));
            }
        }
    }
    out
}

#[test]
fn what_is_ignored_keeps_back_no_other_error() {
    let (payloads, values) = payloads();
    let every = if std::env::var_os("HERALD_LONG").is_some() { 1 } else { 4 };
    let (mut tried, mut wrong) = (0, Vec::new());
    for payload in payloads {
        let faults = faults(&payload);
        for (index, (first, waived)) in faults.iter().enumerate() {
            let allow: BTreeSet<String> = waived.iter().map(|(code, _)| code.clone()).collect();
            let codes: Vec<String> = allow.iter().cloned().collect();
            if IgnoredRules::of(&codes, &[payload.contract]).is_err() {
                continue;
            }
            let key = (payload.contract.id.to_owned(), name_of(&first.place).to_owned());
            let right = values.get(&key).map(Vec::as_slice).unwrap_or_default();
            let others = faults.iter().skip(index % every).step_by(every);
            for (second, errors) in others.filter(|(other, _)| first.is_beside(other)) {
                tried += 1;
                let found = payload.errors(&payload.with(&[first, second]), &allow);
                for error in errors.difference(&found) {
                    let is_meant = !allow.contains(&error.0) && !is_below(&error.1, &first.place);
                    if is_meant && !payload.depends(error, &first.place, right, second) {
                        wrong.push(format!(
                            "{}/{}: {error:?} of {second} is hidden by {allow:?} of {first}",
                            payload.contract.id, payload.operation.id
                        ));
                    }
                }
            }
        }
    }
    assert!(tried > 3_000, "{tried}");
    assert!(wrong.is_empty(), "{} of {tried}:\n{}", wrong.len(), wrong.join("\n"));
}
