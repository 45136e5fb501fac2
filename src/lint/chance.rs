//! Whether a document only looks like a payload, because documents of every kind have such keys.

use super::recognise::{LintedAs, PayloadHint};
use crate::contract::identify::{has_known_member, is_one_word, is_strange_object};
use crate::contract::{BoundedFindings, Field, Finding, Kind, Lit, Operation, Severity, Shape};
use crate::document::{At, Document, Trail, ValueView};
use crate::near::nearest;

/// Whether a document whose known keys are words that every document may have is no payload, because its members do not
/// fit. Without a word or a name of the vendor's in its values, everything has to fit. `words` is `None` if a key tells more.
pub(super) fn fits_by_chance(
    linted: &LintedAs,
    words: Option<usize>,
    document: &Document,
    hint: &PayloadHint,
) -> bool {
    if linted.found.misfits() == 0 && linted.found.limits == 0 {
        return false;
    }
    let trail = Trail::new(document);
    let root = trail.root();
    let there = fields_there(linted.named.operation, root);
    // A word such as `audience` is not the vendor's where most members are of other types.
    let wrong = there.iter().filter(|field| is_outer_error(&linted.found, field.name)).count();
    let has_own_name = there.iter().any(|field| !is_one_word(field.name));
    if !has_own_name && wrong >= 2 && 2 * wrong > there.len() {
        return true;
    }
    match few_keys_tell(linted, root, &there) {
        // A person who names the provider has said more than few keys do.
        Some(false) if hint.provider.is_some() && linted.found.misfits() == 0 => return false,
        Some(tell) => return !tell,
        None if words.is_none() => return is_lone_name(linted, root, &there),
        None => {}
    }
    let Some(words) = words else { return false };
    let outer = outer_misfits(&linted.found);
    let at_members = root.members().filter(|(key, _)| is_outer_error(&linted.found, key)).count();
    let missing = outer.saturating_sub(at_members);
    // Whether only members are missing, and those that are there fit.
    let all_fit = linted.found.misfits() <= missing;
    let is_own = |field: &Field| is_own_value(&field.kind, root.get(field.name));
    let is_chosen = |field: &Field| is_own_word(&field.kind, root.get(field.name));
    let has_own_value = there.iter().any(|field| is_own(field) && !is_chosen(field));
    // Other tools have `"type": "image"`, too.
    let has_word = there.iter().any(|field| is_chosen(field));
    let shape = linted.named.operation.shape();
    let is_strange = |field: &Field| {
        shape.is_some_and(|shape| is_strange_object(shape, field.name, root.get(field.name)))
    };
    let has_strangers = || there.iter().any(|field| is_strange(field));
    if linted.found.misfits() > 0 && !has_own_value && has_strangers() {
        return true;
    }
    if has_own_value || has_word && all_fit {
        return outer >= words.max(2);
    }
    if has_word || all_fit && words > 2 {
        return 2 * outer >= words;
    }
    // A person who names the provider has said more than the words do.
    let is_too_large = || hint.provider.is_none() && words <= 2 && linted.found.limits > 0;
    linted.found.misfits() > 0 || is_too_large()
}

/// How many members of the right types tell a payload, whatever the value is that should tell it.
const ENOUGH: usize = 3;

/// Whether the outermost members of a document with a fault tell a payload; `None` if what is in them has to tell. Three
/// known members of the right types do, if one of them has a name or a word of the vendor's. One or two are keys that
/// other documents have too: they have to fit as a whole.
fn few_keys_tell(linted: &LintedAs, root: At<'_>, there: &[&'static Field]) -> Option<bool> {
    let operation = linted.named.operation;
    let shape = operation.shape()?;
    let value = |field: &Field| root.get(field.name);
    let is_chosen = |field: &Field| is_own_word(&field.kind, value(field));
    let is_wrong = |field: &Field, key| {
        let place = format!("{}/{key}", field.name);
        is_outer_error(&linted.found, &place)
    };
    let has_names = |field: &Field| {
        has_known_member(shape, field.name, value(field))
            && !value(field).members().any(|(key, _)| is_wrong(field, key))
    };
    let fits = |field: &&'static Field| {
        let is_strange = is_strange_object(shape, field.name, value(field));
        has_type_of(&field.kind, value(field)) && !is_strange
    };
    let fitting: Vec<&'static Field> = there.iter().copied().filter(fits).collect();
    // A misspelled name of a field is no foreign key.
    let names = || shape.all_fields().into_iter().map(|field| field.name);
    let is_known = |key: &str| there.iter().any(|field| field.name == key);
    let is_misspelled = |key: &str| !is_known(key) && nearest(key, names()).is_some();
    let misspelled = root.members().filter(|(key, _)| is_misspelled(key)).count();
    let strange = root.members().count().saturating_sub(there.len() + misspelled);
    let at_members = there.iter().filter(|field| is_outer_error(&linted.found, field.name)).count();
    let missing = outer_misfits(&linted.found).saturating_sub(at_members + strange);
    let against = there.len() - fitting.len() + strange + missing;
    let has_own_name = fitting.iter().any(|field| !is_one_word(field.name));
    if there.len() + misspelled >= ENOUGH && fitting.len() > against {
        let tells = |field: &&Field| is_chosen(field) || has_names(field);
        return match has_own_name || fitting.iter().any(tells) {
            true => (strange == 0 && fitting.len() >= ENOUGH).then_some(true),
            false => Some(false),
        };
    }
    // A word of the vendor's beside a member with names of the vendor's is no chance.
    let tells = |field: &&'static Field| {
        is_own_value(&field.kind, value(field)) && !is_chosen(field)
            || value(field).as_object().is_some() && operation.reach.begins_at(field.name)
            || operation.sends() && is_chosen(field) && !is_one_word(field.name)
    };
    let has_word = there.iter().any(|field| is_chosen(field));
    if there.iter().any(tells) || has_word && there.iter().any(|field| has_names(field)) {
        return None;
    }
    let is_whole = against == 0 && there.len() > 1 && has_own_name;
    if is_whole { None } else { Some(false) }
}

/// Whether a document that has a fault has enough members of the right types to be a payload nevertheless.
pub(super) fn has_enough(linted: &LintedAs, document: &Document) -> bool {
    let trail = Trail::new(document);
    let root = trail.root();
    few_keys_tell(linted, root, &fields_there(linted.named.operation, root)) == Some(true)
}

/// The fields that a document has.
fn fields_there(operation: &Operation, root: At<'_>) -> Vec<&'static Field> {
    let shape = operation.shape();
    let mut fields = shape.map(|shape| shape.fields_at(root)).unwrap_or_default();
    fields.retain(|field| root.get(field.name).is_there());
    fields
}

/// Whether a value has the type of a kind, and a word of it where it has words.
fn has_type_of(kind: &'static Kind, at: At<'_>) -> bool {
    let Some(value) = at.value() else { return false };
    let is_text = matches!(value, ValueView::String(_));
    let is_number = matches!(value, ValueView::Number(_));
    match kind {
        Kind::Any => true,
        Kind::Text | Kind::Digits | Kind::CommaText(_) | Kind::JsonText(_) => is_text,
        Kind::Base64 | Kind::Base64Json(_) => is_text,
        Kind::Int(_) | Kind::Number(_) => is_number,
        Kind::Bool(_) => matches!(value, ValueView::Bool(_)),
        Kind::Choice(choices) => choices.iter().any(|choice| choice.value.is(value)),
        Kind::Open(_) => is_own_word(kind, at),
        Kind::Object(_) | Kind::Map(_) | Kind::File(_) => at.as_object().is_some(),
        Kind::List(_) => at.as_array().is_some(),
        Kind::OneOrList(item) => at.as_array().is_some() || has_type_of(&item.kind, at),
        Kind::Union(kinds) => kinds.iter().any(|kind| has_type_of(kind, at)),
    }
}

/// Whether only one key tells the vendor, and its value does not: a member alone with a value that does not fit, or one of
/// which the vendor has chosen the words, with another word.
fn is_lone_name(linted: &LintedAs, root: At<'_>, there: &[&'static Field]) -> bool {
    if root.members().count() == 1 {
        let is_wrong = |field: &&'static Field| is_outer_error(&linted.found, field.name);
        return there.iter().any(|field| !is_one_word(field.name) && is_wrong(field));
    }
    let mut own = there.iter().filter(|field| !is_one_word(field.name));
    let (Some(field), None) = (own.next(), own.next()) else { return false };
    let has_words = matches!(field.kind, Kind::Choice(_) | Kind::Open(_));
    let is_own = |field: &&&'static Field| is_own_value(&field.kind, root.get(field.name));
    linted.found.misfits() > 0 && has_words && !there.iter().any(|field| is_own(&field))
}

/// Whether a member of a document has a word or a name of the vendor's in it, or is an audience.
pub(super) fn has_own_word(operation: &Operation, document: &Document) -> bool {
    let trail = Trail::new(document);
    let root = trail.root();
    let fields = operation.shape().map(|shape| shape.fields_at(root)).unwrap_or_default();
    let is_audience = |field: &Field| {
        is_one_word(field.name)
            && operation.reach.begins_at(field.name)
            && root.get(field.name).is_there()
    };
    fields.iter().any(|field| is_audience(field) || is_own_value(&field.kind, root.get(field.name)))
}

/// Whether an error is at this outermost member.
fn is_outer_error(found: &BoundedFindings, name: &str) -> bool {
    let is_it = |finding: &Finding| finding.place.pointer.strip_prefix('/') == Some(name);
    found.kept.iter().any(|finding| finding.severity() == Severity::Error && is_it(finding))
}

/// Whether an object, or one inside it, has a word that the vendor has chosen, as `"type": "txt"`. If it is `inside` the
/// payload, a name of several words is enough: those of the outermost members have been judged.
fn has_own_member(shape: &'static Shape, at: At<'_>, inside: bool) -> bool {
    shape.fields_at(at).into_iter().any(|field| {
        let value = at.get(field.name);
        let is_own = || inside && !is_one_word(field.name) || is_own_value(&field.kind, value);
        value.is_there() && is_own()
    })
}

fn is_own_value(kind: &Kind, at: At<'_>) -> bool {
    match kind {
        Kind::Object(shape) => at.as_object().is_some() && has_own_member(shape, at, true),
        Kind::List(item) | Kind::OneOrList(item) => {
            at.items().any(|one| is_own_value(&item.kind, one))
        }
        Kind::Map(map) => at.members().any(|(_, one)| is_own_value(&map.value.kind, one)),
        Kind::Union(kinds) => kinds.iter().any(|kind| is_own_value(kind, at)),
        _ => is_own_word(kind, at),
    }
}

/// Whether a value is a word that the vendor has chosen for this place, or nearly one.
fn is_own_word(kind: &Kind, at: At<'_>) -> bool {
    let is_near = || match kind {
        Kind::Choice(choices) | Kind::Open(choices) => {
            // The words for numbers are herald's.
            let words = choices.iter().filter(|choice| matches!(choice.value, Lit::Text(_)));
            let words = words.map(|choice| choice.name);
            at.as_str().is_some_and(|word| nearest(word, words).is_some())
        }
        _ => false,
    };
    at.value().is_some_and(|value| kind.is_chosen_word(value)) || is_near()
}

/// How many outermost members are missing or do not fit.
fn outer_misfits(found: &BoundedFindings) -> usize {
    let errors = found.kept.iter().filter(|finding| finding.severity() == Severity::Error);
    let outer = errors.filter(|finding| finding.place.pointer.matches('/').count() < 2).count();
    outer.min(found.misfits())
}
