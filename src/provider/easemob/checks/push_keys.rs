//! Keys of `ext` that the platform reads: in the wrong place, against each other, or without effect.

use crate::contract::{Check, FindingSink};
use crate::document::{At, ValueView};

/// All warnings about `ext`.
pub(in super::super) const REMARKS: Check =
    Check::function("EM-W04", "keys of offline push in `ext`", remarks)
        .also(&["EM-W05", "EM-W07", "EM-W26"]);

/// Keys of `ext` that steer offline push.
const STEERING: &[&str] = &[
    "em_force_notification",
    "em_apns_ext",
    "em_push_ext",
    "em_push_template",
    "em_push_filter",
    "em_android_push_ext",
    "em_harmony_push_ext",
];

/// Keys that begin with `em_push_` and stand in `ext` itself.
const OUTSIDE: &[&str] = &["em_push_ext", "em_push_template", "em_push_filter"];

fn remarks(at: At<'_>, sink: &mut FindingSink<'_>) {
    let ext = at.get("ext");
    for (key, value) in ext.members() {
        if key.starts_with("em_push_") && !OUTSIDE.contains(&key) {
            let message = format!("`{key}` is read inside `em_apns_ext`, not here");
            sink.report("EM-W04", value, message);
        }
        let nested = matches!(value.value(), Some(ValueView::Object(_) | ValueView::Array(_)));
        if nested && !key.starts_with("em_") {
            let message = format!("`{key}` is no plain value; old clients drop it");
            sink.report("EM-W26", value, message);
        }
    }
    let (ignore, force) = (ext.get("em_ignore_notification"), ext.get("em_force_notification"));
    if ignore.as_bool() == Some(true) && force.as_bool() == Some(true) {
        let message = "`em_ignore_notification` takes priority over `em_force_notification`: nobody is pushed";
        sink.report("EM-W05", force, message);
    }
    let kind = at.get("type").as_str().or_else(|| at.find("msg/type").as_str());
    if kind == Some("cmd") {
        for key in STEERING.iter().filter(|key| ext.get(key).is_there()) {
            let message = format!("commands are never pushed, `{key}` does nothing");
            sink.report("EM-W07", ext.get(key), message);
        }
    }
}
