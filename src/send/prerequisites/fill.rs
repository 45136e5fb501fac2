//! Puts what prerequisites brought where a body needs it.

use crate::document::Value;
use crate::provider::prerequisite::{BroughtValues, Purpose, UploadPlace, value};
use crate::send::prerequisites::handed_out::HandedOut;

/// Puts what an upload brought into a body, and gives the place for which it brought nothing. Places that the flags have
/// filled are not among these.
pub(crate) fn fill<'p>(
    body: &mut Value,
    (places, what): (&'p [UploadPlace], &str),
    brought: &BroughtValues,
    handed: &mut Vec<HandedOut>,
) -> Option<&'p UploadPlace> {
    for place in places {
        match value(brought, place.name) {
            Some(value) => {
                handed.push(HandedOut {
                    what: what.to_owned(),
                    purpose: Purpose::Upload,
                    name: place.name,
                    at: place.at,
                    value: value.clone(),
                    stand_in: value_at(body, place.at).filter(|_| place.required).cloned(),
                });
                put_at(body, place.at, value.clone());
            }
            None if place.required => return Some(place),
            None => {}
        }
    }
    None
}

pub(crate) fn put_at(body: &mut Value, way: &str, value: Value) {
    let Some(object) = body.as_object_mut() else { return };
    match way.split_once('/') {
        None => {
            object.set(way, value);
        }
        Some((step, rest)) => {
            if object.get(step).is_none() {
                object.set(step, Value::object());
            }
            if let Some(node) = object.get_mut(step) {
                put_at(&mut node.value, rest, value);
            }
        }
    }
}

/// The value at a place; `None` where nothing is.
pub(crate) fn value_at<'v>(body: &'v Value, way: &str) -> Option<&'v Value> {
    way.split('/').try_fold(body, |value, step| Some(&value.as_object()?.get(step)?.value))
}
