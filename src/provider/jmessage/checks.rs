//! What rows cannot say: checks over several fields, and those that need a clock or the ledger.

use super::bodies;
use super::envelope::MAX_BODY;
use crate::contract::{FindingSink, Shape};
use crate::document::{At, ValueView};
use crate::provider::kit::forms::moment;
use crate::provider::kit::is_given;

/// How long a message can be withdrawn.
pub(super) const RETRACT_SECONDS: u64 = 180;
/// The widest span of a question for messages: a week.
const SPAN_SECONDS: i64 = 604_800;
/// From here on little more fits into the body.
const NEARLY: u64 = MAX_BODY * 9 / 10;

fn is_room(at: At<'_>) -> bool {
    at.get("target_type").as_str() == Some("chatroom")
}

/// JM-W01: the server takes administrators, newer ones users, too.
pub(super) fn odd_sender(at: At<'_>, sink: &mut FindingSink<'_>) {
    let from = at.get("from_type");
    if let Some(text) = from.as_str().filter(|text| !matches!(*text, "" | "admin" | "user")) {
        sink.report("JM-W01", from, format!("the server may refuse a sender of type `{text}`"));
    }
}

/// JM-W02: a body that has none of its type's members.
pub(super) fn another_type(at: At<'_>, sink: &mut FindingSink<'_>) {
    let kind = at.get("msg_type");
    let shape: &'static Shape = match kind.as_str() {
        Some("text") => &bodies::TEXT,
        Some("image") => &bodies::IMAGE,
        Some("voice") => &bodies::VOICE,
        Some("file") => &bodies::FILE,
        Some("video") => &bodies::VIDEO,
        Some("location") => &bodies::LOCATION,
        _ => return,
    };
    let fields = shape.all_fields();
    let own =
        |key: &str| fields.iter().any(|field| field.name == key || field.aliases.contains(&key));
    let mut keys = at.get("msg_body").members().map(|(key, _)| key).filter(|key| *key != "extras");
    let Some(first) = keys.next() else { return };
    if !own(first) && !keys.any(own) {
        let message = format!("`msg_body` has nothing of a message of type `{}`", shape.name);
        sink.report("JM-W02", kind, message);
    }
}

/// JM-W05: chat rooms have no off-line store and no notification.
pub(super) fn in_a_room(at: At<'_>, sink: &mut FindingSink<'_>) {
    if !is_room(at) {
        return;
    }
    for name in ["no_offline", "no_notification", "notification"] {
        if is_given(at.get(name)) {
            sink.report("JM-W05", at.get(name), format!("`{name}` has no effect in a chat room"));
        }
    }
}

/// JM-W06: a notification that is written and switched off.
pub(super) fn not_shown(at: At<'_>, sink: &mut FindingSink<'_>) {
    let switch = at.get("no_notification");
    if switch.as_bool() == Some(true) && is_given(at.get("notification")) && !is_room(at) {
        sink.report("JM-W06", switch, "`notification` is not shown with `no_notification`");
    }
}

/// JM-W09: what the server sets.
pub(super) fn of_the_stored_form(at: At<'_>, sink: &mut FindingSink<'_>) {
    for name in ["create_time", "from_platform", "from_appkey", "msgid", "msg_ctime"] {
        if is_given(at.get(name)) {
            let message = format!("`{name}` belongs to stored messages, the server sets it");
            sink.report("JM-W09", at.get(name), message);
        }
    }
}

/// JM-W11: a message to oneself.
pub(super) fn to_oneself(at: At<'_>, sink: &mut FindingSink<'_>) {
    let (from, to) = (at.get("from_id").as_str(), at.get("target_id").as_str());
    let single = at.get("target_type").as_str() == Some("single");
    if single && from.is_some_and(|from| !from.is_empty()) && from == to {
        sink.report("JM-W11", at.get("target_id"), "the target is the sender");
    }
}

/// JM-W16: nine tenths of the body are used.
pub(super) fn nearly_full(at: At<'_>, sink: &mut FindingSink<'_>) {
    let body = at.get("msg_body");
    let Some(value @ ValueView::Object(_)) = body.value() else { return };
    let used = value.compact_bytes() as u64;
    if used > NEARLY && used <= MAX_BODY {
        let message = format!("`msg_body` takes {used} of {MAX_BODY} bytes");
        sink.report("JM-W16", body, message);
    }
}

/// JM-15 and JM-W04: `label` and its misspelling. The row has checked one of them.
pub(super) fn labels(at: At<'_>, sink: &mut FindingSink<'_>) {
    let (label, lable) = (at.get("label"), at.get("lable"));
    match (is_given(label), is_given(lable)) {
        (true, true) if lable.as_str().is_none() => {
            sink.report("JM-15", lable, "`lable` must be a string");
        }
        (true, false) if label.as_str().is_some() => {
            sink.report("JM-W04", label, "`lable` is missing, which some clients read");
        }
        (false, true) if lable.as_str().is_some() => {
            sink.report("JM-W04", lable, "`label` is missing, which some clients read");
        }
        _ => {}
    }
}

/// Endings of images that the server does not name.
const OTHER_IMAGES: [&str; 11] =
    ["webp", "heic", "heif", "avif", "tif", "tiff", "svg", "ico", "jxl", "psd", "raw"];

/// JM-W18: an image of a format that the server does not name.
pub(super) fn odd_image(at: At<'_>, sink: &mut FindingSink<'_>) {
    if at.get("type").as_str() != Some("image") {
        return;
    }
    let file = at.get("filename");
    let name = file.get("name").as_str().or_else(|| file.get("path").as_str());
    let ending = name.and_then(|name| name.rsplit_once('.')).map(|(_, ending)| ending);
    if let Some(ending) = ending.filter(|e| OTHER_IMAGES.contains(&&*e.to_ascii_lowercase())) {
        sink.report("JM-W18", file, format!("the documents do not name .{ending} as an image"));
    }
}

/// JM-W19: a withdrawal that comes too late.
pub(super) fn late(at: At<'_>, sink: &mut FindingSink<'_>) {
    let context = sink.context();
    let (Some(now), Some(sent)) = (context.now_ms, context.sent) else { return };
    let seconds = now.saturating_sub(sent.sent_ms) / 1000;
    if now.saturating_sub(sent.sent_ms) > RETRACT_SECONDS as i64 * 1000 {
        let message = format!("the message was sent {seconds} s ago, and 180 s are allowed");
        sink.report("JM-W19", at.get("msgid"), message);
    }
}

/// JM-42: from begin to end, and no more than a week.
pub(super) fn span(at: At<'_>, sink: &mut FindingSink<'_>) {
    let time = |name| at.get(name).as_str().and_then(moment);
    let (Some(begin), Some(end)) = (time("begin_time"), time("end_time")) else { return };
    let seconds = end.duration_since(begin).as_secs();
    if seconds < 0 {
        sink.report("JM-42", at.get("end_time"), "`end_time` is before `begin_time`");
    } else if seconds > SPAN_SECONDS {
        let message = format!("the span is {seconds} s, the limit is {SPAN_SECONDS} (7 days)");
        sink.report("JM-42", at.get("end_time"), message);
    }
}
