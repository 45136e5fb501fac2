//! What rows cannot say: checks over several fields.

use super::forms::{CID, CID_UUID};
use super::makers::{CHANNELS, LIVE_PUSHES, LivePush};
use crate::contract::{FindingSink, Lit, TextForm};
use crate::document::{At, ContainerView, ValueView};
use crate::provider::kit::{is_filled, is_given};

/// The most bytes of android block and message together.
pub(super) const ANDROID_BYTES: usize = 4000;
/// The most bytes of the ios block. Documented in 2014 and not since, although APNs takes more now.
pub(super) const IOS_BYTES: usize = 2000;
/// From here on it matters whether the key `"ios":` counts.
const IOS_DOUBT: usize = 1995;
/// The most bytes of the ios block of a live activity.
pub(super) const LIVE_BYTES: usize = 3584;

/// Whether a maker's section makes a push complete without notification and message.
fn is_complete(section: At<'_>) -> bool {
    let own = LIVE_PUSHES.iter().flat_map(|push| push.alone.iter().copied().chain([push.key]));
    own.chain(["voip_extraData"]).any(|key| is_given(section.get(key)))
}

/// V3-11: notification or message, or what may stand instead.
pub(super) fn content(at: At<'_>, sink: &mut FindingSink<'_>) {
    if !is_given(at.get("live_activity")) {
        entry_content(at, sink);
    }
}

/// V3-11 without live activity, which entries of a batch do not have.
pub(super) fn entry_content(at: At<'_>, sink: &mut FindingSink<'_>) {
    let own = ["notification", "message"].iter().any(|name| is_given(at.get(name)));
    let channels = at.find("options/third_party_channel");
    if !own && !CHANNELS.iter().any(|maker| is_complete(channels.get(maker))) {
        let message = "neither `notification` nor `message` is there";
        sink.report("V3-11", at.get("notification"), message);
    }
}

/// V3-14: an alert in each block, or one for all.
pub(super) fn alerts(at: At<'_>, sink: &mut FindingSink<'_>) {
    if is_given(at.get("alert")) {
        return;
    }
    for name in ["android", "ios", "hmos", "quickapp"] {
        let block = at.get(name);
        let alert = block.get("alert");
        let without = name == "hmos"
            && block.get("push_type").as_integer().is_some_and(|n| matches!(n, 1 | 7));
        if block.as_object().is_some() && !is_given(alert) && !without {
            let message = format!("neither `{name}` nor `notification` has an `alert`");
            sink.report("V3-14", alert, message);
        }
    }
}

/// V3-84: a VoIP push of HarmonyOS is not a notification on other platforms.
pub(super) fn voip_alone(at: At<'_>, sink: &mut FindingSink<'_>) {
    let hmos = at.get("hmos");
    if !Lit::Int(10).is_at(hmos.get("push_type")) {
        return;
    }
    let others = ["android", "ios", "quickapp", "winphone"];
    if let Some(other) = others.iter().find(|name| is_given(at.get(name))) {
        let message = format!("push_type 10 excludes notifications, and `{other}` is there");
        sink.report("V3-84", hmos, message);
    }
}

/// V3-82: what makers need for live and VoIP pushes. Of each section the first fault is told.
pub(super) fn live_pushes(at: At<'_>, sink: &mut FindingSink<'_>) {
    for push in LIVE_PUSHES {
        let section = at.find("options/third_party_channel").get(push.maker);
        if let Some(content) = live_content(push, section, sink) {
            let fault = delivery_fault(section, at.get("options"))
                .or_else(|| content_fault(push, content, section));
            // Where the value is wrong in itself, or for another section, it is told already.
            if let Some((place, message)) = fault.filter(|(place, _)| !sink.is_wrong(*place)) {
                sink.report(
                    "V3-82",
                    place,
                    format!("a live or VoIP push of {} {message}", push.maker),
                );
            }
        }
    }
}

/// The content that the push type of a section asks for; `None` where it is neither a live nor a VoIP push, or an unknown one.
fn live_content(
    push: &LivePush,
    section: At<'_>,
    sink: &FindingSink<'_>,
) -> Option<&'static [&'static str]> {
    let number = section.get(push.key);
    if sink.is_wrong(number) {
        return None;
    }
    let asked = push.types.iter().find(|(value, _)| Lit::Int(*value).is_at(number));
    match asked {
        Some((_, [])) => Some(push.alone.get(..1).unwrap_or_default()),
        Some((_, content)) => Some(content),
        None => push.alone.iter().any(|key| is_filled(section.get(key))).then_some(&[]),
    }
}

/// The first place that says something else than the maker's own channel and a system message.
fn delivery_fault<'a>(section: At<'a>, options: At<'a>) -> Option<(At<'a>, String)> {
    let way = section.get("distribution");
    if is_given(way) && way.as_str() != Some("ospush") {
        return Some((
            way,
            "goes by the maker's channel: `distribution` is ospush, or left out".to_owned(),
        ));
    }
    // The server looks at the first of them alone.
    let told = [options.get("classification"), section.get("classification")];
    let told = told.into_iter().find(|at| is_given(*at)).unwrap_or(told[0]);
    let is_system = told.value().is_some_and(|value| Lit::Int(1).is(value));
    (!is_system).then(|| (told, "needs `classification` 1".to_owned()))
}

/// The first content that is missing, or excluded by what is there.
fn content_fault<'a>(
    push: &LivePush,
    content: &[&'static str],
    section: At<'a>,
) -> Option<(At<'a>, String)> {
    let has = |key: &&'static str| is_filled(section.get(key));
    // A push type without content of its own takes either of the keys that make a live push by themselves.
    let takes_either = push.types.iter().any(|(_, keys)| keys.is_empty());
    let either: Vec<&str> = push.alone.iter().copied().filter(has).collect();
    if let (true, [first, second, ..]) = (takes_either, either.as_slice()) {
        return Some((section.get(second), format!("has either `{first}` or `{second}`")));
    }
    let is_there = |key: &&'static str| {
        has(key) || (takes_either && !either.is_empty() && push.alone.contains(key))
    };
    let missing = content.iter().find(|key| !is_there(key))?;
    Some((section.get(missing), format!("needs `{missing}`")))
}

/// V3-60, V3-W16: what each version of `notification_3rd` needs.
pub(super) fn third(at: At<'_>, sink: &mut FindingSink<'_>) {
    let third = at.get("notification_3rd");
    let version = at.find("options/notification_3rd_ver");
    if third.as_object().is_none() || sink.is_wrong(version) {
        return;
    }
    if version.as_str() == Some("v2") {
        if !["android", "ios", "hmos"].iter().any(|name| is_given(third.get(name))) {
            let message = "version v2 needs one of `android`, `ios`, `hmos`";
            sink.report("V3-60", third, message);
        }
        return;
    }
    let content = third.get("content");
    if content.as_str().is_none_or(str::is_empty) {
        sink.report("V3-60", content, "`content` must be a string that is not empty");
    }
    if reaches(at, "android") == Some(false) {
        let message = "version v1 reaches Android, which is not among the platforms";
        sink.report("V3-W16", third, message);
    }
}

/// Whether a platform is meant; `None` where `platform` is wrong or missing.
fn reaches(at: At<'_>, name: &str) -> Option<bool> {
    let platform = at.get("platform");
    if platform.as_str() == Some("all") {
        return Some(true);
    }
    platform.as_array()?;
    Some(platform.items().any(|item| item.as_str() == Some(name)))
}

/// V3-W17: when and how active pushes work.
pub(super) fn active(at: At<'_>, sink: &mut FindingSink<'_>) {
    let active = at.find("options/active_push");
    if active.as_bool() != Some(true) {
        return;
    }
    // China has one time zone, eight hours ahead, and no summer time.
    let hour = sink.context().now_ms.map(|ms| ms.div_euclid(3_600_000) + 8);
    if hour.is_some_and(|hour| !(7..22).contains(&hour.rem_euclid(24))) {
        sink.report("V3-W17", active, "in China it is not between 07:00 and 22:00");
    }
    let channels = at.find("options/third_party_channel");
    for name in CHANNELS {
        let way = channels.get(name).get("distribution");
        if way.as_str().is_some_and(|way| way != "secondary_push") && !sink.is_wrong(way) {
            let message = "`active_push` wants `distribution` absent or secondary_push";
            sink.report("V3-W17", way, message);
        }
    }
}

/// The bytes of an object as compact JSON; 0 where there is none.
fn size(at: At<'_>) -> usize {
    at.value().filter(|_| at.as_object().is_some()).map_or(0, ValueView::compact_bytes)
}

/// Reports a size over its limit, unless the value is wrong already.
fn too_large(
    rule: &'static str,
    at: At<'_>,
    what: &str,
    used: usize,
    max: usize,
    sink: &mut FindingSink<'_>,
) {
    if used > max && !sink.is_wrong(at) {
        let message = format!("{what} takes {used} bytes, the limit is {max}");
        sink.report_with_help(rule, at, message, format!("shorten it by {} bytes", used - max));
    }
}

/// V3-61: the android block and the message share their bytes.
pub(super) fn android_size(at: At<'_>, sink: &mut FindingSink<'_>) {
    let (block, message) = (at.find("notification/android"), at.get("message"));
    let alone = size(message);
    if alone > ANDROID_BYTES {
        too_large("V3-61", message, "`message`", alone, ANDROID_BYTES, sink);
    } else {
        let both = alone + size(block);
        too_large("V3-61", block, "`android` plus `message`", both, ANDROID_BYTES, sink);
    }
}

/// V3-62, V3-W09: the ios block, or what the shared alert makes of it.
pub(super) fn ios_size(at: At<'_>, sink: &mut FindingSink<'_>) {
    let block = at.find("notification/ios");
    let used = if block.is_there() {
        size(block)
    } else {
        let alert = at.find("notification/alert").value();
        let made = |alert: ValueView<'_>| r#"{"alert":}"#.len() + alert.compact_bytes();
        alert.filter(|_| reaches(at, "ios") == Some(true)).map_or(0, made)
    };
    if (IOS_DOUBT..=IOS_BYTES).contains(&used) {
        let message = format!("`ios` takes {used} of {IOS_BYTES} bytes");
        sink.report("V3-W09", block, message);
    }
    too_large("V3-62", block, "`ios`", used, IOS_BYTES, sink);
}

/// V3-64: the size of a live activity.
pub(super) fn live_size(at: At<'_>, sink: &mut FindingSink<'_>) {
    let block = at.find("live_activity/ios");
    too_large("V3-64", block, "the live activity", size(block), LIVE_BYTES, sink);
}

/// V3-W02: blocks that reach no device, and platforms that get nothing.
pub(super) fn blocks(at: At<'_>, sink: &mut FindingSink<'_>) {
    let notification = at.get("notification");
    if notification.as_object().is_none() || sink.is_wrong(at.get("platform")) {
        return;
    }
    let shared = is_given(notification.get("alert"));
    for name in ["android", "ios", "hmos", "quickapp"] {
        let block = notification.get(name);
        match (reaches(at, name), block.as_object().is_some()) {
            (Some(false), true) => {
                let message = format!("`{name}` is not among the platforms");
                sink.report("V3-W02", block, message);
            }
            (Some(true), false) if !shared && at.get("platform").as_array().is_some() => {
                let message = format!("the notification says nothing for `{name}`");
                sink.report("V3-W02", at.get("platform"), message);
            }
            _ => {}
        }
    }
}

/// V3-W04: nothing says which APNs environment is meant.
pub(super) fn environment(at: At<'_>, sink: &mut FindingSink<'_>) {
    let production = at.find("options/apns_production");
    if reaches(at, "ios") == Some(true) && !is_given(production) {
        let message = "iOS is among the platforms and `apns_production` is missing";
        sink.report("V3-W04", production, message);
    }
}

/// V3-W14: a message without notification to iOS.
pub(super) fn message_alone(at: At<'_>, sink: &mut FindingSink<'_>) {
    let message = at.get("message");
    let alone = is_given(message) && !is_given(at.get("notification"));
    if alone && reaches(at, "ios") == Some(true) {
        sink.report("V3-W14", message, "iOS gets a message only while the app is in front");
    }
}

/// V3-W06: fields of the android block that need each other.
pub(super) fn android_companions(at: At<'_>, sink: &mut FindingSink<'_>) {
    let mut tell = |place: At<'_>, message: String, help: &str| {
        sink.report_with_help("V3-W06", place, message, help);
    };
    let style = at.get("style");
    for (number, field) in [(1, "big_text"), (2, "inbox"), (3, "big_pic_path")] {
        let content = at.get(field);
        if style.as_integer() == Some(number) && !is_given(content) {
            let help = "style 1 shows big_text, 2 inbox, 3 big_pic_path";
            tell(style, format!("`style` {number} needs `{field}`"), help);
        } else if is_given(content) && !is_given(style) {
            let message = format!("`{field}` is shown only with `style` {number}");
            tell(content, message, &format!("add `style` {number}"));
        }
    }
    let class = at.get("badge_class");
    if is_given(class) && !is_given(at.get("badge_add_num")) && !is_given(at.get("badge_set_num")) {
        let message = "`badge_class` needs `badge_add_num` or `badge_set_num`";
        tell(class, message.to_owned(), "add one of them: without a number there is no badge");
    }
    let sound = at.get("sound");
    if is_given(sound) && is_given(at.get("channel_id")) {
        let message = "from Android 8 on `channel_id` decides the sound, not `sound`";
        tell(sound, message.to_owned(), "give the channel the sound, in the app");
    }
}

/// V3-W07: an android block that does not say what a tap opens, in none of the three ways.
pub(super) fn no_intent(at: At<'_>, sink: &mut FindingSink<'_>) {
    if !["intent", "uri_activity", "uri_action"].iter().any(|name| is_given(at.get(name))) {
        let message = "`intent` is missing: makers' channels open nothing without one";
        let help = "`intent` is {\"url\":\"intent:#Intent;...;end\"}; SDKs before 4.2.2 read `uri_activity` and `uri_action`";
        sink.report_with_help("V3-W07", at.get("intent"), message, help);
    }
}

/// V3-09: a live activity is the whole audience.
pub(super) fn live_alone(at: At<'_>, sink: &mut FindingSink<'_>) {
    let live = at.get("live_activity_id");
    let others = at.members().any(|(key, value)| {
        let empty = value.as_array().is_some_and(ContainerView::is_empty);
        key != "live_activity_id" && is_given(value) && !empty
    });
    if is_given(live) && others && !sink.is_wrong(live) {
        sink.report("V3-09", live, "`live_activity_id` must be the only key of the audience");
    }
}

/// V3-10: target files belong to another operation.
pub(super) fn no_file(at: At<'_>, sink: &mut FindingSink<'_>) {
    let file = at.get("file");
    if is_given(file) {
        let help = "`call jpush-v3/push-file`";
        let message = "this operation does not take a file of targets";
        sink.report_with_help("V3-10", file, message, help);
    }
}

/// V3-03: at least one key that is not empty.
pub(super) fn somebody(at: At<'_>, sink: &mut FindingSink<'_>) {
    let empty = |value: At<'_>| value.as_array().is_some_and(ContainerView::is_empty);
    let any = at.members().any(|(_, value)| is_given(value) && !empty(value));
    if !any && !sink.is_wrong(at) {
        sink.report("V3-03", at, "the audience names no target");
    }
}

/// V3-W13: a tag that is asked for and excluded.
pub(super) fn contradiction(at: At<'_>, sink: &mut FindingSink<'_>) {
    let excluded = at.get("tag_not");
    for name in ["tag", "tag_and"] {
        let wanted: Vec<&str> = at.get(name).items().filter_map(At::as_str).collect();
        let both = |item: &At<'_>| item.as_str().is_some_and(|tag| wanted.contains(&tag));
        if let Some(item) = excluded.items().find(both) {
            let tag = item.as_str().unwrap_or_default();
            sink.report("V3-W13", item, format!("`{tag}` is in `{name}`, too"));
        }
    }
}

/// V3-71, V3-W18: the keys of a batch are cids.
pub(super) fn batch_keys(at: At<'_>, sink: &mut FindingSink<'_>) {
    for (key, entry) in at.get("pushlist").members() {
        let has = |form: &TextForm| (form.test)(key);
        if !has(&CID) {
            sink.report("V3-71", entry, format!("the key `{key}` must be {}", CID.words));
        } else if !has(&CID_UUID) {
            sink.report("V3-W18", entry, format!("the key `{key}` has no UUID"));
        }
    }
}

/// V3-W12: a push that is tried again, and would be a second one.
pub(super) fn unprotected(at: At<'_>, sink: &mut FindingSink<'_>) {
    if sink.context().retries > 0 && !at.get("cid").is_there() {
        sink.report("V3-W12", at.get("cid"), "a retry without `cid` may push a second time");
    }
}

/// V3-W11: a recall that comes too late.
pub(super) fn late(at: At<'_>, sink: &mut FindingSink<'_>) {
    let context = sink.context();
    let (Some(now), Some(sent)) = (context.now_ms, context.sent) else { return };
    if now.saturating_sub(sent.sent_ms) > 86_400_000 {
        sink.report("V3-W11", at.get("msg_id"), "it was sent more than a day ago");
    }
}
