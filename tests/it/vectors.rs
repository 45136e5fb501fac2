//! Requests that the vendors' official SDKs really made: `tests/vectors.jsonl`.

use herald::account::{Account, Secret};
use herald::document::Document;
use herald::provider::{self, Call};
use herald::wire::{Body, Show, Stamp};
use serde::Deserialize;
use serde_json::Value;

use crate::support::percent_decode;

#[derive(Deserialize)]
struct Vector<'a> {
    id: String,
    provider: String,
    operation: String,
    #[serde(borrow)]
    inputs: Inputs<'a>,
    expected: Expected,
}

#[derive(Deserialize)]
struct Inputs<'a> {
    credentials: std::collections::BTreeMap<String, String>,
    nonce: Option<String>,
    timestamp: Option<String>,
    #[serde(borrow)]
    body: &'a serde_json::value::RawValue,
}

#[derive(Deserialize)]
struct Expected {
    method: String,
    path: String,
    headers: std::collections::BTreeMap<String, String>,
    body: Value,
}

/// What a request is, without regard to how SDKs spell the same thing.
fn differences(vector: &Vector<'_>) -> Vec<String> {
    let name = format!("{}/{}", vector.provider, vector.operation);
    let (vendor, operation) = provider::find_operation(&name).expect("an operation of the sheets");
    let mut account = Account { provider: vector.provider.clone(), ..Account::default() };
    for (key, value) in &vector.inputs.credentials {
        let secret = vendor.contract().credentials.iter().any(|row| row.name == key && row.secret);
        if secret {
            account.secrets.insert(key.clone(), Secret::new(value.clone()));
        } else {
            account.values.insert(key.clone(), value.clone());
        }
    }
    let stamp = Stamp {
        timestamp: vector.inputs.timestamp.clone().unwrap_or_else(|| "1700000000000".to_owned()),
        nonce: vector.inputs.nonce.clone().unwrap_or_else(|| "1".to_owned()),
    };
    let body = Document::parse(vector.inputs.body.get()).expect("JSON").into_value();
    let call = Call { operation, body: &body, account: &account, stamp: &stamp };
    let request = vendor.request(&call).expect("a request");

    let mut wrong = Vec::new();
    let mut same = |what: &str, found: String, wanted: String| {
        if found != wanted {
            wrong.push(format!("{what}: found {found}, wanted {wanted}"));
        }
    };
    same("method", request.method.as_str().to_owned(), vector.expected.method.clone());
    same("path", decoded(&request.path.show(Show::Secrets)), decoded(&vector.expected.path));
    for (header, wanted) in &vector.expected.headers {
        let found = if header.eq_ignore_ascii_case("content-type") {
            match &request.body {
                Body::None => request.header("content-type").map(|value| value.show(Show::Secrets)),
                Body::Text { media, .. } => Some((*media).to_owned()),
                Body::Multipart(_) => Some("multipart/form-data".to_owned()),
                Body::File { media, .. } => Some((*media).to_owned()),
            }
            .map(|media| media.split(';').next().unwrap_or_default().trim().to_owned())
        } else {
            request.header(header).map(|value| value.show(Show::Secrets))
        };
        let wanted = if header.eq_ignore_ascii_case("content-type") {
            wanted.split(';').next().unwrap_or_default().trim().to_owned()
        } else {
            wanted.clone()
        };
        same(header, found.unwrap_or_default(), wanted);
    }
    let text = request.body_text(Show::Secrets);
    match &request.body {
        Body::Text { media, .. } if media.contains("form-urlencoded") => {
            same(
                "form",
                format!("{:?}", pairs(&text)),
                format!("{:?}", wanted_pairs(&vector.expected.body)),
            );
        }
        Body::Text { .. } => {
            let found: Value = serde_json::from_str(&text).expect("a JSON body");
            same(
                "body",
                sorted(found).to_string(),
                sorted(vector.expected.body.clone()).to_string(),
            );
        }
        Body::None | Body::Multipart(_) | Body::File { .. } => {}
    }
    wrong
}

/// The path, and the query's pairs in order of their names.
fn decoded(path: &str) -> String {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    format!("{} {:?}", percent_decode(path), pairs(query))
}

fn pairs(text: &str) -> Vec<(String, String)> {
    let mut pairs: Vec<_> = text
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(key, value)| (percent_decode(key), canonical(&percent_decode(value))))
        .collect();
    pairs.sort();
    pairs
}

fn wanted_pairs(body: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().expect("pairs of texts").to_owned();
    let mut pairs: Vec<_> = body
        .as_array()
        .expect("a list of pairs")
        .iter()
        .map(|pair| (text(&pair[0]), canonical(&text(&pair[1]))))
        .collect();
    pairs.sort();
    pairs
}

/// The same value with the members of its objects in the order of their names.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> =
                map.into_iter().map(|(key, value)| (key, sorted(value))).collect();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(entries.into_iter().collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        other => other,
    }
}

/// JSON text in one spelling, anything else as it is.
fn canonical(text: &str) -> String {
    match serde_json::from_str::<Value>(text) {
        Ok(value @ (Value::Object(_) | Value::Array(_))) => sorted(value).to_string(),
        _ => text.to_owned(),
    }
}

/// Every vector of a provider.
fn check(provider: &str) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors.jsonl");
    let text = std::fs::read_to_string(path).expect("the file of vectors");
    let vectors: Vec<Vector<'_>> =
        text.lines().map(|line| serde_json::from_str(line).expect("a vector")).collect();
    let mine: Vec<_> = vectors.iter().filter(|vector| vector.provider == provider).collect();
    assert!(!mine.is_empty(), "{provider}: no vector");
    let wrong: Vec<String> = mine
        .iter()
        .map(|vector| (vector, differences(vector)))
        .filter(|(_, wrong)| !wrong.is_empty())
        .map(|(vector, wrong)| format!("{} {}: {}", vector.id, vector.operation, wrong.join("; ")))
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {} vectors differ:\n{}",
        wrong.len(),
        mine.len(),
        wrong.join("\n")
    );
}

#[test]
fn easemob_requests_are_those_of_the_official_clients() {
    check("easemob");
}

#[test]
fn jmessage_requests_are_those_of_the_official_clients() {
    check("jmessage");
}

#[test]
fn jpush_v2_requests_are_those_of_the_official_clients() {
    check("jpush-v2");
}

#[test]
fn jpush_v3_requests_are_those_of_the_official_clients() {
    check("jpush-v3");
}

#[test]
fn rongcloud_requests_are_those_of_the_official_clients() {
    check("rongcloud");
}

#[test]
fn wildfire_requests_are_those_of_the_official_clients() {
    check("wildfire");
}
