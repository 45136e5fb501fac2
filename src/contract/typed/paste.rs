//! The `--set` for a place of a payload, the other way round: as a line that users can paste.

use super::{PathRoots, SetExpr, SetValue, content_segments, find, names, root_kind};
use crate::contract::{Kind, Operation};
use crate::document::{Document, Place, Value};
use crate::text::Text;

/// The `--set` that gives the value at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetLine {
    /// The path, as `--set` takes it.
    pub path: String,
    /// What stands for the value, with the sign before it: `=TEXT`, `:=JSON`.
    pub value: &'static str,
    /// What the row says about the value.
    pub about: Text,
}

impl SetLine {
    /// The line to paste.
    pub fn line(&self) -> String {
        format!("--set {}{}", self.path, self.value)
    }
}

/// The `--set` for a place, with the shortest path that leads there; `None` if no path does.
pub fn set_line(
    operation: &Operation,
    document: &Document,
    roots: PathRoots,
    place: &Place,
) -> Option<SetLine> {
    let inner = place.inner_pointer.as_deref().unwrap_or_default();
    let segments: Vec<String> = steps(&place.pointer).chain(steps(inner)).collect();
    let expr = |segments: &[String]| {
        let path: Vec<String> = segments.iter().map(|name| names::escape(name)).collect();
        let segments = segments.to_vec();
        SetExpr { path: path.join("."), segments, value: SetValue::Json(Value::Null) }
    };
    let whole = expr(&segments);
    if segments.is_empty() {
        return first_item(operation, document);
    }
    let way = find(&whole, document, operation, PathRoots::Body).ok()?;
    let short = content_segments(operation, roots)
        .and_then(|before| segments.strip_prefix(&*before).filter(|rest| !rest.is_empty()))
        .map(expr);
    let leads_there = |expr: &SetExpr| {
        find(expr, document, operation, roots).is_ok_and(|other| other.steps == way.steps)
    };
    let expr = short.into_iter().chain([whole]).find(leads_there)?;
    let about = way.row.map_or(Text::NONE, |row| row.about);
    Some(SetLine { path: expr.path, value: placeholder(way.kind), about })
}

/// The line for the first item, where the body is a list and there is none yet.
fn first_item(operation: &Operation, document: &Document) -> Option<SetLine> {
    let Kind::List(item) = root_kind(operation) else { return None };
    let is_none = match &document.root().value {
        Value::Array(items) => items.is_empty(),
        Value::Object(object) => object.is_empty(),
        _ => false,
    };
    is_none.then(|| SetLine {
        path: "0".to_owned(),
        value: placeholder(item.kind),
        about: operation.about,
    })
}

/// The names of a pointer.
fn steps(pointer: &str) -> impl Iterator<Item = String> {
    pointer.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~"))
}

/// What stands for a value of a kind in a line.
fn placeholder(kind: Kind) -> &'static str {
    match kind {
        Kind::Any | Kind::Text | Kind::CommaText(_) => "=TEXT",
        Kind::Int(_) | Kind::Digits | Kind::Number(_) => "=NUMBER",
        Kind::Bool(_) => "=true",
        Kind::Choice(_) | Kind::Open(_) => "=VALUE",
        Kind::Base64 => "=BASE64",
        Kind::File(_) => "=FILE",
        Kind::Object(_) | Kind::Map(_) | Kind::JsonText(_) | Kind::Base64Json(_) => ":=JSON",
        Kind::List(item) | Kind::OneOrList(item) => placeholder(item.kind),
        Kind::Union(kinds) => kinds.first().map_or(":=JSON", |kind| placeholder(*kind)),
    }
}
