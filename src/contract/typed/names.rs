//! The paths that `--set` knows: for completion, and to find the nearest one to a mistyped path.

use super::way::FILE;
use super::{PathRoots, content_segments, root_kind, split};
use crate::contract::{Field, Kind, MessageType, Operation, Shape};
use crate::near::nearest;

/// How a `--set` may continue: fields one level at a time, those of the message's content first if a path may begin
/// there; after the `=`, the values that the rows know. A field that has fields ends in a dot, any other in `=`.
pub fn complete(operation: &Operation, roots: PathRoots, typed: &str) -> Vec<String> {
    offers(paths(operation, roots, depth(typed)), typed)
}

/// The same for the fields that only a message type has.
pub fn complete_type(row: &MessageType, typed: &str) -> Vec<String> {
    let mut out = Vec::new();
    if let Some(kind) = row.content {
        gather(kind, "", depth(typed), &mut out);
    }
    offers(out, typed)
}

/// How many names are before the `=`.
fn depth(typed: &str) -> usize {
    split(typed.split('=').next().unwrap_or_default()).len()
}

fn offers(paths: Vec<(String, Kind)>, typed: &str) -> Vec<String> {
    let ending = |kind: Kind| if leads_on(kind) { "." } else { "=" };
    let offers: Vec<String> = match typed.split_once('=') {
        None => {
            let offers = paths.into_iter().map(|(path, kind)| path + ending(kind));
            offers.filter(|offer| offer != typed).collect()
        }
        Some((name, _)) => {
            let same = paths.into_iter().filter(|(path, _)| path == name);
            let values = same.flat_map(|(_, kind)| values(kind));
            values.map(|value| format!("{name}={value}")).collect()
        }
    };
    offers.into_iter().filter(|offer| offer.starts_with(typed)).collect()
}

/// Whether a kind has, or may have, names below it.
fn leads_on(kind: Kind) -> bool {
    match kind {
        Kind::Map(_) => true,
        Kind::List(item) | Kind::OneOrList(item) => leads_on(item.kind),
        Kind::Union(kinds) => kinds.iter().any(|kind| leads_on(*kind)),
        other => !members(other).is_empty(),
    }
}

/// The values of a kind that has only a few.
fn values(kind: Kind) -> Vec<String> {
    match kind {
        Kind::Bool(_) => vec!["true".to_owned(), "false".to_owned()],
        Kind::List(item) | Kind::OneOrList(item) => values(item.kind),
        Kind::Union(kinds) => kinds.iter().flat_map(|kind| values(*kind)).collect(),
        other => other.choices().iter().map(|choice| choice.value.to_text()).collect(),
    }
}

/// A path that ends in a name, or in a similar one, anywhere in the body.
pub(super) fn elsewhere(operation: &Operation, roots: PathRoots, typed: &str) -> Option<String> {
    let paths: Vec<String> =
        paths(operation, roots, DEEPEST).into_iter().map(|(path, _)| path).collect();
    let last = |path: &str| split(path).pop().unwrap_or_default();
    let exact = paths.iter().find(|path| last(path) == typed);
    if let Some(path) = exact {
        return Some(path.clone());
    }
    // A name this short is similar to every other one.
    if typed.chars().count() < 4 {
        return None;
    }
    let names: Vec<String> = paths.iter().map(|path| last(path)).collect();
    let name = nearest(typed, names.iter().map(String::as_str))?;
    paths.iter().find(|path| last(path) == name).cloned()
}

/// The names with which a path may begin.
pub(super) fn first_names(operation: &Operation, roots: PathRoots) -> Vec<String> {
    paths(operation, roots, 1).into_iter().map(|(path, _)| path).collect()
}

/// The deepest level at which a mistyped name is searched for.
const DEEPEST: usize = 4;

/// A name, escaped for a path.
pub(super) fn escape(name: &str) -> String {
    name.replace('.', "\\.")
}

/// Every field of a shape, in all its variants; one name may appear several times.
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

fn paths(operation: &Operation, roots: PathRoots, depth: usize) -> Vec<(String, Kind)> {
    let mut out = Vec::new();
    if let Some(segments) = content_segments(operation, roots) {
        for kind in inside(vec![root_kind(operation)], &segments) {
            gather(kind, "", depth, &mut out);
        }
    }
    gather(root_kind(operation), "", depth, &mut out);
    out
}

/// The kinds that may be at a path.
fn inside(kinds: Vec<Kind>, segments: &[String]) -> Vec<Kind> {
    let Some((name, rest)) = segments.split_first() else { return kinds };
    let next = kinds.into_iter().flat_map(members).filter(|(member, _)| member == name);
    inside(next.map(|(_, kind)| kind).collect(), rest)
}

fn gather(kind: Kind, before: &str, depth: usize, out: &mut Vec<(String, Kind)>) {
    if depth == 0 {
        return;
    }
    for (name, kind) in members(kind) {
        let path = format!("{before}{}", escape(name));
        if !out.iter().any(|(known, _)| *known == path) {
            out.push((path.clone(), kind));
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
