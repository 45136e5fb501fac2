//! How many keys and words of a payload a provider's contract knows, whatever else is wrong with it.

use crate::contract::{Contract, Field, Kind, Operation, Root, Shape};
use crate::document::At;
use crate::near::{nearest, same_letters};

/// The most items of a list that are looked at: the others have the same keys.
const ITEMS: usize = 8;

/// What a known key or word is worth. An outermost key that is only misspelled is worth less.
const KNOWN: usize = 2;
const MISSPELLED: usize = 1;

/// How much of a payload a provider knows: the keys at every depth that one of its operations has at their places, and
/// the words there that the vendor has chosen. What several providers know counts for each of them alike, so that only
/// what one of them alone knows makes a difference. A fault takes away no more than its own key or word.
pub fn evidence(contract: &'static Contract, root: At<'_>) -> usize {
    contract.operations.iter().map(|operation| evidence_of(operation, root)).max().unwrap_or(0)
}

/// The same for one operation.
pub fn evidence_of(operation: &'static Operation, root: At<'_>) -> usize {
    match operation.root {
        Root::Shape(shape) => {
            let names = || shape.all_fields().into_iter().map(|field| field.name);
            let of = |(key, value)| match in_member(shape, key, value) {
                Some(known) => known,
                None => nearest(key, names()).map_or(0, |_| MISSPELLED),
            };
            root.members().map(of).sum()
        }
        Root::Value(field) => in_value(&field.kind, root),
    }
}

/// Whether an outermost member is an object that has members, and none of those that the vendor knows there, in whichever
/// variant.
pub fn is_strange_object(shape: &'static Shape, key: &str, value: At<'_>) -> bool {
    value.as_object().is_some_and(|object| !object.is_empty())
        && names_members(shape, key)
        && in_member(shape, key, value) == Some(KNOWN)
}

/// Whether a field is an object with named members in a variant.
fn names_members(shape: &'static Shape, key: &str) -> bool {
    let cases = shape
        .variants
        .iter()
        .flat_map(|variant| variant.cases.iter().map(|case| case.shape).chain(variant.otherwise));
    let is_object = |field: &Field| field.name == key && matches!(field.kind, Kind::Object(_));
    shape.fields.iter().any(is_object)
        || shape.include.iter().copied().chain(cases).any(|shape| names_members(shape, key))
}

/// Whether an outermost member is an object that has a member that the vendor knows there.
pub fn has_known_member(shape: &'static Shape, key: &str, value: At<'_>) -> bool {
    value.as_object().is_some() && in_member(shape, key, value).is_some_and(|known| known > KNOWN)
}

fn in_object(shape: &'static Shape, at: At<'_>) -> usize {
    at.members().map(|(key, value)| in_member(shape, key, value).unwrap_or(0)).sum()
}

/// What is known of a member, in the variant that knows most of it: the fault may be in the value that chooses one.
fn in_member(shape: &'static Shape, key: &str, value: At<'_>) -> Option<usize> {
    let is_it = |field: &&Field| {
        field.name == key
            || field.aliases.contains(&key)
            || field.sdk_names.iter().any(|name| same_letters(key, name))
    };
    let own = shape.fields.iter().filter(is_it).map(|field| KNOWN + in_value(&field.kind, value));
    let cases = shape
        .variants
        .iter()
        .flat_map(|variant| variant.cases.iter().map(|case| case.shape).chain(variant.otherwise));
    let inner = shape.include.iter().copied().chain(cases);
    own.chain(inner.filter_map(|shape| in_member(shape, key, value))).max()
}

fn in_value(kind: &'static Kind, at: At<'_>) -> usize {
    match kind {
        Kind::Object(shape) => in_object(shape, at),
        Kind::List(item) => at.items().take(ITEMS).map(|one| in_value(&item.kind, one)).sum(),
        Kind::OneOrList(item) if at.as_array().is_none() => in_value(&item.kind, at),
        Kind::OneOrList(item) => at.items().take(ITEMS).map(|one| in_value(&item.kind, one)).sum(),
        Kind::Map(map) => {
            let of = |(key, one)| {
                let reserved = map.reserved.iter().find(|field| field.name == key);
                match reserved {
                    Some(field) => KNOWN + in_value(&field.kind, one),
                    None => in_value(&map.value.kind, one),
                }
            };
            at.members().map(of).sum()
        }
        Kind::Union(kinds) => kinds.iter().map(|kind| in_value(kind, at)).max().unwrap_or(0),
        Kind::JsonText(_) | Kind::Base64Json(_) | Kind::CommaText(_) => 0,
        _ if at.value().is_some_and(|value| kind.is_chosen_word(value)) => KNOWN,
        _ => 0,
    }
}
