//! Templates: a text for each recipient, made of one pattern and a row of values.

use std::collections::HashSet;

use crate::contract::{Check, FindingSink};
use crate::document::{At, ContainerView, Value, ValueView};

/// Lists that run beside the recipients.
pub(in crate::provider::rongcloud) const TEMPLATE: Check =
    Check::function("E16", "an entry for each recipient", template).also(&["W15"]);

fn template(at: At<'_>, sink: &mut FindingSink<'_>) {
    let users = at.get("toUserId");
    // The number of recipients in a list at fault is not known. Where the fault is ignored there is at least one.
    let is_told = sink.is_told(users);
    let due =
        users.as_array().filter(|_| !is_told).map(ContainerView::len).filter(|count| *count > 0);
    for name in ["values", "pushContent", "pushData"] {
        let list = at.get(name);
        let Some(entries) = list.as_array().map(ContainerView::len) else { continue };
        if due.is_none() && !is_told && entries == 0 && name == "values" {
            sink.report("E16", list, "`values` has no entry for any recipient");
        }
        let Some(due) = due else { continue };
        // An empty optional list is as good as none.
        if entries != due && (name == "values" || entries > 0) {
            let message = format!("`{name}` has {entries} entries for {due} recipients");
            sink.report("E16", list, message);
        }
    }
    let list = at.get("pushExt");
    if let (Some(due), Some(entries)) = (due, list.as_array().map(ContainerView::len))
        && entries != due
        && entries > 0
    {
        let message = format!("`pushExt` has {entries} entries for {due} recipients");
        let help = "give one for each recipient, `\"\"` for none, or one text for all";
        sink.report_with_help("W15", list, message, help);
    }
    placeholders(at, sink);
}

/// Placeholders against values, both ways; each name is reported once, not for every recipient.
fn placeholders(at: At<'_>, sink: &mut FindingSink<'_>) {
    let content = at.get("content");
    let mut in_content = HashSet::new();
    match content.json().and_then(At::value).map(ValueView::to_value).as_ref() {
        Some(value) => gather(value, &mut in_content),
        None => names_in(content.as_str().unwrap_or_default(), &mut in_content),
    }
    let mut told = HashSet::new();
    for (index, row) in at.get("values").items().enumerate() {
        if row.as_object().is_none() {
            continue;
        }
        let mut used = in_content.clone();
        for name in ["pushContent", "pushData"] {
            names_in(at.get(name).item(index).as_str().unwrap_or_default(), &mut used);
        }
        for (key, value) in row.members() {
            let braced = key.starts_with('{') && key.ends_with('}');
            if !braced && told.insert(format!("bare {key}")) {
                let help = format!("write the key as `{{{key}}}`");
                let message = format!("the key `{key}` has no braces, so it replaces nothing");
                sink.report_with_help("W15", value, message, help);
            } else if braced && !used.contains(key) && told.insert(format!("unused {key}")) {
                let message = format!("no text holds the placeholder `{key}`");
                let help = "write it into a text, or remove it from `values`";
                sink.report_with_help("W15", value, message, help);
            }
        }
        let has = |key: &str| row.as_object().is_some_and(|row| row.get(key).is_some());
        let mut missing: Vec<&String> =
            used.iter().filter(|name| !has(name) && !has(bare(name))).collect();
        missing.sort();
        for name in missing {
            if told.insert(format!("missing {name}")) {
                let message = format!("the placeholder `{name}` has no value");
                let help = format!("add `\"{name}\"` to the values of each recipient");
                sink.report_with_help("W15", row, message, help);
            }
        }
    }
}

fn bare(name: &str) -> &str {
    name.trim_start_matches('{').trim_end_matches('}')
}

/// Placeholders of every text in a value.
fn gather(value: &Value, out: &mut HashSet<String>) {
    match value {
        Value::String(text) => names_in(text.as_str(), out),
        Value::Array(items) => items.iter().for_each(|item| gather(&item.value, out)),
        Value::Object(object) => object.iter().for_each(|member| gather(&member.node.value, out)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Placeholders of a text: braces around characters that JSON has no use for between braces.
fn names_in(text: &str, out: &mut HashSet<String>) {
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        rest = &rest[start + 1..];
        let end = rest.find(['{', '}', '"', ':', ',', '\\']);
        if let Some(end) = end
            && rest[end..].starts_with('}')
            && end > 0
        {
            out.insert(format!("{{{}}}", &rest[..end]));
        }
    }
}
