//! Targets that `--set` repeats: each gets the message once, as with `--to`.

use std::collections::HashSet;

use serde_json::json;

use crate::contract::typed::{self, PathRoots, SetExpr};
use crate::contract::{Kind, Operation};
use crate::document::Value;
use crate::error::Result;
use crate::provider::Draft;
use crate::send::prerequisites::value_at;

/// Leaves out targets that stand again in a list that is not the one of before, and says how many.
pub(crate) fn leave_out(draft: &mut Draft, before: &Value) -> Result<()> {
    let mut left_out = 0;
    for path in target_paths(draft.operation) {
        let Some(after) = value_at(&draft.body, path) else { continue };
        if value_at(before, path).is_some_and(|before| before.same(after)) {
            continue;
        }
        let Some(ids) = ids_at(draft.operation, &draft.body, path, after) else { continue };
        let mut seen = HashSet::new();
        let once: Vec<&str> = ids.iter().copied().filter(|id| seen.insert(*id)).collect();
        let repeats = ids.len() - once.len();
        if repeats == 0 || has_list_beside(&draft.body, path, ids.len()) {
            continue;
        }
        let value = match after {
            Value::Array(_) => json!(once),
            _ => json!(once.join(",")),
        };
        let set = SetExpr::parse(&format!("{}:={value}", path.replace('/', ".")))?;
        typed::apply(&set, &mut draft.body, draft.operation, PathRoots::Body)?;
        left_out += repeats;
    }
    if left_out > 0 {
        draft.lost.push(format!("repeated targets that are left out: {left_out}"));
    }
    Ok(())
}

/// The paths of an operation's lists of targets, without those that lead into each item of a list.
fn target_paths(operation: &Operation) -> Vec<&'static str> {
    let mut paths = Vec::new();
    operation.reach.each_target_path(&mut |path| {
        let path = path.trim_matches('/');
        if !path.contains('*') && !paths.contains(&path) {
            paths.push(path);
        }
    });
    paths
}

/// The ids of a list, or of a text that the vendor reads as one.
fn ids_at<'v>(
    operation: &'static Operation,
    body: &Value,
    path: &str,
    value: &'v Value,
) -> Option<Vec<&'v str>> {
    match value {
        Value::Array(items) => items.iter().map(|item| item.value.as_str()).collect(),
        Value::String(text) => {
            let probe = SetExpr::parse(&format!("{}=x", path.replace('/', "."))).ok()?;
            let place = typed::place(&probe, body, operation, PathRoots::Body).ok()?;
            let is_list = matches!(place.field?.kind, Kind::CommaText(_));
            is_list.then(|| text.as_str().split(',').collect())
        }
        _ => None,
    }
}

/// Whether another list of the same length stands beside a list: its items may belong to the targets, one by one.
fn has_list_beside(body: &Value, path: &str, length: usize) -> bool {
    let (around, name) = path.rsplit_once('/').unwrap_or(("", path));
    let parent = if around.is_empty() { Some(body) } else { value_at(body, around) };
    let Some(Value::Object(members)) = parent else { return false };
    members.iter().any(|member| match &member.node.value {
        Value::Array(items) => &*member.key != name && items.len() == length,
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::provider;

    fn body(text: &str) -> Value {
        Document::parse(text).expect("JSON").into_value()
    }

    #[test]
    fn each_target_stands_once_in_each_list_of_each_provider() {
        let mut lists = 0;
        for vendor in provider::ALL {
            for operation in vendor.contract().operations.iter().filter(|one| one.sends()) {
                for path in target_paths(operation) {
                    let set = format!("{}:=[\"u1\",\"u2\",\"u1\"]", path.replace('/', "."));
                    let set = SetExpr::parse(&set).expect("an expression");
                    let before = Value::object();
                    let mut draft = Draft::new(operation, before.clone());
                    if typed::apply(&set, &mut draft.body, operation, PathRoots::Body).is_err() {
                        continue;
                    }
                    let Some(Value::Array(_)) = value_at(&draft.body, path) else { continue };
                    leave_out(&mut draft, &before).expect("a list");
                    let left = value_at(&draft.body, path).expect("the list").to_compact();
                    assert_eq!(left, r#"["u1","u2"]"#, "{} {path}", operation.id);
                    assert_eq!(draft.lost, ["repeated targets that are left out: 1"]);
                    lists += 1;
                }
            }
        }
        assert!(lists > 10, "{lists}");
    }

    #[test]
    fn what_was_there_and_what_belongs_to_other_items_stays() {
        let is_plain = |path: &&&str| !path.contains('/');
        let mut seen = 0;
        for vendor in provider::ALL {
            for operation in vendor.contract().operations.iter().filter(|one| one.sends()) {
                for path in target_paths(operation).iter().filter(is_plain) {
                    let one = body(&format!(r#"{{"{path}":["u1","u1"],"values":[{{}},{{}}]}}"#));
                    let other = body(&format!(r#"{{"{path}":["u1","u1"]}}"#));
                    for (before, after) in [(Value::object(), one), (other.clone(), other)] {
                        let mut draft = Draft::new(operation, after.clone());
                        leave_out(&mut draft, &before).expect("a list");
                        assert!(draft.body.same(&after), "{} {path}", operation.id);
                        seen += 1;
                    }
                }
            }
        }
        assert!(seen > 10, "{seen}");
    }
}
