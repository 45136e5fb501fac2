//! The parts of a message that a profile's defaults leave as they are: a default makes no notification of a message, and
//! shows nothing that was silent.

use crate::contract::{Target, Verb};
use crate::document::Value;
use crate::provider::{Content, SendIntent, WantedAudience};
use crate::send::app::App;
use crate::send::origins::MadeOf;
use crate::send::parse_options::TEXT_FLAG;
use crate::text::is_blank;
use crate::wire::Stamp;

/// Whether a default leaves it to the payload what the message is. Where a member of the payload is a message of its
/// own, as the notification of a push, a default makes none; in a file's payload it makes no part of one either, and it
/// adds nothing to one that shows nothing.
pub(crate) fn keeps_blocks(app: &App, body: &Value, names: &[String], made_of: MadeOf) -> bool {
    let Some(name) = names.first() else { return true };
    let mut types = app.vendor.contract().types.iter();
    let Some(row) = types.find(|row| row.wire.to_text() == *name) else { return true };
    let known = known_names(body, names);
    let is_whole = matches!(made_of, MadeOf::FileAndFlags | MadeOf::Sets);
    if known == 0 || is_whole && known + 1 < names.len() {
        return false;
    }
    if row.flag != TEXT_FLAG {
        return true;
    }
    // A text that all parts share makes one of each: its audience, and what it says, is told of each message.
    let texts = text_names(app);
    let block = body.as_object().and_then(|members| members.get(name));
    !names.last().is_some_and(|last| texts.contains(last))
        && block.is_some_and(|block| has_text_at(&block.value, &texts))
}

/// The names of the members that have the text of a message of text.
fn text_names(app: &App) -> Vec<String> {
    let vendor = app.vendor;
    let stamp = Stamp { timestamp: String::new(), nonce: String::new() };
    let probe = SendIntent {
        verb: Verb::Send,
        audience: WantedAudience::Targets(vec![Target::new(vendor.contract().default_target, "-")]),
        from: Some("-"),
        content: Some(Content::Text(PROBE_TEXT.to_owned())),
        title: None,
        extra: &[],
        message_type: None,
        sets: &[],
        account: &app.account,
        stamp: &stamp,
    };
    let mut names = Vec::new();
    for draft in vendor.compose(&probe).unwrap_or_default() {
        names_of_text(&draft.body, &mut names);
    }
    names
}

/// The text with which a message is composed to find the place of its text. No message says this.
const PROBE_TEXT: &str = "herald-stands-in-for-a-text";

/// The names of the members that have the text of the probe.
fn names_of_text(value: &Value, names: &mut Vec<String>) {
    for member in value.as_object().into_iter().flatten() {
        match member.node.value.as_str() {
            Some(PROBE_TEXT) => names.push(member.key.to_string()),
            Some(_) => {}
            None => names_of_text(&member.node.value, names),
        }
    }
}

/// Whether a member with one of these names, at any depth, has a text that shows something.
fn has_text_at(value: &Value, names: &[String]) -> bool {
    value.as_object().into_iter().flatten().any(|member| {
        let inner = &member.node.value;
        if names.iter().any(|name| *name == *member.key) {
            has_text(inner)
        } else {
            has_text_at(inner, names)
        }
    })
}

fn has_text(value: &Value) -> bool {
    match value {
        Value::String(text) => !is_blank(text.as_str()),
        Value::Object(members) => members.iter().any(|member| has_text(&member.node.value)),
        _ => false,
    }
}

/// How many of the first names are there.
pub(crate) fn known_names(body: &Value, names: &[String]) -> usize {
    let mut here = Some(body);
    let is_missing = |name: &String| {
        here = here.and_then(Value::as_object).and_then(|o| o.get(name)).map(|node| &node.value);
        here.is_none()
    };
    names.iter().position(is_missing).unwrap_or(names.len())
}
