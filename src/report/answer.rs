//! What a vendor answered to a question, as a table for people.

use super::{Ui, escape, escape_json, listing, lossless, table};
use crate::contract::Contract;
use crate::document::Value;
use crate::provider;

/// Said instead of a table without rows.
const NOTHING: &str = "the vendor has no figures for this id (yet)";

/// Members that hold a code of the vendor's.
const CODES: [&str; 4] = ["code", "errorCode", "error_code", "errcode"];

/// Writes an answer: what it holds, each value with its path, and codes with what the vendor means by them.
pub(super) fn answer(ui: &Ui, provider: &str, result: &Value) {
    let contract = provider::find(provider).ok().map(|vendor| vendor.contract());
    if let Value::Array(items) = result
        && !items.is_empty()
        && items.iter().all(|item| matches!(item.value, Value::Object(_)))
    {
        return list(ui, contract, items.iter().map(|item| &item.value));
    }
    let mut rows = Vec::new();
    gather(contract, "", "", result, &mut rows);
    if !rows.iter().any(|(name, _)| !names_it(name)) {
        ui.sentence(NOTHING);
        return;
    }
    let rows: Vec<Vec<String>> = rows.into_iter().map(|(name, value)| vec![name, value]).collect();
    ui.line(table(ui, &["", ""], &rows).trim_end());
}

/// Several answers of one shape: a row for each.
fn list<'a>(ui: &Ui, contract: Option<&Contract>, items: impl Iterator<Item = &'a Value>) {
    let gathered = |item: &Value| {
        let mut rows = Vec::new();
        gather(contract, "", "", item, &mut rows);
        rows
    };
    let items: Vec<Vec<(String, String)>> = items.map(gathered).collect();
    let mut names: Vec<&str> = Vec::new();
    for (name, _) in items.iter().flatten() {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    if names.iter().all(|name| names_it(name)) {
        ui.sentence(NOTHING);
        return;
    }
    let cell = |item: &[(String, String)], name: &str| {
        item.iter().find(|(known, _)| known == name).map_or(String::new(), |(_, cell)| cell.clone())
    };
    let rows: Vec<Vec<String>> =
        items.iter().map(|item| names.iter().map(|name| cell(item, name)).collect()).collect();
    ui.line(listing(ui, &names, &rows, &[]).trim_end());
}

/// Whether a member only repeats which message the answer is about.
fn names_it(path: &str) -> bool {
    let name = path.rsplit('.').next().unwrap_or_default().to_lowercase();
    name == "id" || name.ends_with("_id") || name.ends_with("msgid") || name.ends_with("uid")
}

/// The values below a place that hold something, each with its path.
fn gather(
    contract: Option<&Contract>,
    path: &str,
    name: &str,
    value: &Value,
    rows: &mut Vec<(String, String)>,
) {
    let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match value {
        Value::Null => {}
        Value::String(text) if text.as_str().is_empty() => {}
        Value::Object(object) => {
            for member in object.iter() {
                let key = member.key.to_string();
                gather(contract, &below(&key), &key, &member.node.value, rows);
            }
        }
        Value::Array(items) if items.iter().any(|item| is_nested(&item.value)) => {
            for (index, item) in items.iter().enumerate() {
                gather(contract, &below(&index.to_string()), name, &item.value, rows);
            }
        }
        Value::Array(items) if items.is_empty() => {}
        Value::Array(items) => {
            let all: Vec<String> =
                items.iter().map(|item| escape(&item.value.to_plain())).collect();
            rows.push((escape(path), all.join(", ")));
        }
        Value::Bool(_) | Value::String(_) | Value::Number(_) => {
            let text = escape(&value.to_plain());
            let meaning = contract.filter(|_| CODES.contains(&name)).and_then(|contract| {
                let row = contract.errors.iter().find(|row| row.code == text)?;
                Some(format!(" ({})", row.meaning))
            });
            rows.push((escape(path), text + &meaning.unwrap_or_default()));
        }
    }
}

fn is_nested(value: &Value) -> bool {
    matches!(value, Value::Object(_) | Value::Array(_))
}

/// An answer that is neither an object nor a list, as it is.
pub(super) fn is_table(result: &Value) -> bool {
    is_nested(result)
}

/// The same as JSON.
pub(super) fn plain(result: &Value) -> String {
    escape_json(&format!("{:#}", lossless(result)))
}
