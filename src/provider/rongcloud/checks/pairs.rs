//! Key/values of messages: they travel as JSON inside a string, so faults are shown at the single pair.

use crate::contract::{Check, FindingSink};
use crate::document::{At, ContainerView};
use crate::provider::rongcloud::fields::ID_CHARACTERS;

/// The most pairs, keys or messages a call.
const MAX_ITEMS: usize = 100;
/// What client SDKs allow.
const MOST_OF_CLIENTS: usize = 20;
/// The longest key.
const KEY: usize = 32;

/// Pairs that a message carries from the start.
pub(in crate::provider::rongcloud) const OF_EXTRA_CONTENT: Check =
    Check::function("E12", "pairs of extraContent", |at, sink| pairs(at.get("extraContent"), sink))
        .also(&["H06"]);

/// Pairs that are set later.
pub(in crate::provider::rongcloud) const OF_EXTRA_KEY_VAL: Check =
    Check::function("E12", "pairs of extraKeyVal", |at, sink| pairs(at.get("extraKeyVal"), sink))
        .also(&["H06"]);

fn pairs(field: At<'_>, sink: &mut FindingSink<'_>) {
    let Some(pairs) = field.object_or_json().filter(|at| at.as_object().is_some()) else { return };
    let many = pairs.members().count();
    if many > MAX_ITEMS {
        let message = format!("`{}` has {many} pairs, the limit is {MAX_ITEMS}", field.key());
        sink.report_with_help("E12", pairs, message, "set the others in another call");
    } else if many > MOST_OF_CLIENTS {
        let message = format!("{many} pairs in one call; client SDKs allow {MOST_OF_CLIENTS}");
        sink.report("H06", pairs, message);
    }
    for (key, pair) in pairs.members() {
        if sink.is_told(pair) {
            continue;
        }
        let length = key.chars().count();
        if length > KEY {
            let message = format!("the key `{key}` has {length} characters, the limit is {KEY}");
            let help = format!("shorten it by {} characters", length - KEY);
            sink.report_with_help("E12", pair, message, help);
        } else if !(ID_CHARACTERS.test)(key) {
            let message = format!("the key `{key}` must consist of {}", ID_CHARACTERS.words);
            sink.report_with_help(
                "E12",
                pair,
                message,
                "rename it; its value may have any characters",
            );
        }
    }
}

/// Keys that are deleted.
pub(in crate::provider::rongcloud) const OF_EXTRA_KEY: Check =
    Check::function("E12", "number of keys", |at, sink| items(at.get("extraKey"), MAX_ITEMS, sink));

/// Messages that are asked for.
pub(in crate::provider::rongcloud) const OF_MESSAGES: Check =
    Check::function("E12", "number of messages", |at, sink| items(at.get("msgs"), 20, sink));

fn items(field: At<'_>, most: usize, sink: &mut FindingSink<'_>) {
    let Some(list) = field.json() else { return };
    let many = list.as_array().map_or(0, ContainerView::len);
    if many > most {
        let message = format!("`{}` has {many} items, the limit is {most}", field.key());
        sink.report_with_help("E12", list, message, "name the others in another call");
    }
}
