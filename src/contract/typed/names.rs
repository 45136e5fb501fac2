//! The paths that `--set` knows: for completion, and for the nearest one to a mistyped one.

use super::way::FILE;
use super::{Roots, content_segments, root_kind, split};
use crate::contract::{Field, Kind, Operation, Shape};
use crate::near::nearest;

/// Paths of fields that begin with what was typed, one level at a time, those of the message's content first.
pub fn complete(operation: &Operation, prefix: &str) -> Vec<String> {
    let depth = split(prefix).len();
    let mut paths = paths(operation, Roots::ContentFirst, depth);
    paths.retain(|path| path.starts_with(prefix));
    paths
}

/// A path that ends in a name, or in one near it, wherever it is.
pub(super) fn elsewhere(operation: &Operation, roots: Roots, typed: &str) -> Option<String> {
    let paths = paths(operation, roots, DEEPEST);
    let last = |path: &str| split(path).pop().unwrap_or_default();
    let exact = paths.iter().find(|path| last(path) == typed);
    if let Some(path) = exact {
        return Some(path.clone());
    }
    // Of a name this short, every other one is near.
    if typed.chars().count() < 4 {
        return None;
    }
    let names: Vec<String> = paths.iter().map(|path| last(path)).collect();
    let name = nearest(typed, names.iter().map(String::as_str))?;
    paths.iter().find(|path| last(path) == name).cloned()
}

/// How deep a mistyped name is searched for.
const DEEPEST: usize = 4;

/// A name as it stands in a path.
pub(super) fn escape(name: &str) -> String {
    name.replace('.', "\\.")
}

/// Every field of a shape, whatever its variants; one name may stand there several times.
pub(in crate::contract) fn every_field(shape: &'static Shape) -> Vec<&'static Field> {
    let mut out: Vec<&'static Field> = shape.fields.iter().collect();
    for include in shape.include {
        out.extend(every_field(include));
    }
    for variant in shape.variants {
        let cases = variant.cases.iter().map(|case| case.shape);
        for shape in cases.chain(variant.otherwise) {
            out.extend(every_field(shape));
        }
    }
    out
}

fn paths(operation: &Operation, roots: Roots, depth: usize) -> Vec<String> {
    let mut out = Vec::new();
    if let Some(segments) = content_segments(operation, roots) {
        for kind in inside(vec![root_kind(operation)], &segments) {
            gather(kind, "", depth, &mut out);
        }
    }
    gather(root_kind(operation), "", depth, &mut out);
    out
}

/// The kinds that may stand at a path.
fn inside(kinds: Vec<Kind>, segments: &[String]) -> Vec<Kind> {
    let Some((name, rest)) = segments.split_first() else { return kinds };
    let next = kinds.into_iter().flat_map(members).filter(|(member, _)| member == name);
    inside(next.map(|(_, kind)| kind).collect(), rest)
}

fn gather(kind: Kind, before: &str, depth: usize, out: &mut Vec<String>) {
    if depth == 0 {
        return;
    }
    for (name, kind) in members(kind) {
        let path = format!("{before}{}", escape(name));
        if !out.contains(&path) {
            out.push(path.clone());
        }
        gather(kind, &format!("{path}."), depth - 1, out);
    }
}

/// The names below a kind that its rows know; the first item stands for a list.
fn members(kind: Kind) -> Vec<(&'static str, Kind)> {
    match kind {
        Kind::Object(shape) => {
            every_field(shape).into_iter().map(|field| (field.name, field.kind)).collect()
        }
        Kind::Map(map) => map.reserved.iter().map(|field| (field.name, field.kind)).collect(),
        Kind::List(item) | Kind::OneOrList(item) => vec![("0", item.kind)],
        Kind::JsonText(inner) | Kind::Base64Json(inner) => members(inner.kind),
        Kind::Union(kinds) => kinds.iter().flat_map(|kind| members(*kind)).collect(),
        Kind::File(_) => FILE.to_vec(),
        Kind::Any
        | Kind::Text
        | Kind::Int(_)
        | Kind::Digits
        | Kind::Number(_)
        | Kind::Bool(_)
        | Kind::Choice(_)
        | Kind::Open(_)
        | Kind::CommaText(_)
        | Kind::Base64 => Vec::new(),
    }
}
