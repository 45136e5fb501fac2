//! The rules, and those of them that rows cannot say.

use super::wire;
use crate::contract::{Empties, FindingSink, Rule, rules};
use crate::document::{At, ContainerView, ValueView};
use crate::provider::jiguang::is_key;
use crate::wire::is_open;

/// The most bytes that `n_content` and `n_extras` may have together.
pub(super) const NOTIFICATION_BYTES: usize = 220;
/// The most bytes that a custom message may have.
pub(super) const CUSTOM_BYTES: usize = 1000;

/// Every rule.
pub(super) static RULES: &[Rule] = rules! {
    "V2-01" error "sendno is wrong": "Give a whole number from 1 to 4294967295; it is your own, and it is echoed.";
    "V2-02" error "app_key is not one AppKey":
        "An AppKey has 24 letters or digits; leave it out and herald takes the profile's.";
    "V2-03" error "receiver_type is wrong":
        "2 is tag, 3 alias, 4 everybody, 5 RegistrationID; 1 (IMEI) was removed in 2012.";
    "V2-04" error "receiver_value is missing":
        "Tags, aliases and RegistrationIDs have to be named; only receiver_type 4 does without.";
    "V2-05" error "too many receivers":
        "A request takes 10 tags, 1000 aliases or 1000 RegistrationIDs; send the rest in further requests.";
    "V2-06" error "verification_code is no MD5": "It has 32 hexadecimal digits; leave it out and herald computes it.";
    "V2-07" error "msg_type is wrong": "1 is a notification, 2 a custom message for Android.";
    "V2-08" error "msg_content is no JSON object": "Give an object, or a string that holds one.";
    "V2-09" error "n_content is missing or no string": "A notification needs it; for a badge alone it may be empty.";
    "V2-10" error "n_builder_id is wrong": "Give 1 to 1000, or leave it out for the default style.";
    "V2-11" error "n_title is no string": "Give a string, or leave it out for the app's name.";
    "V2-12" error "n_extras is no object": "Give an object with your own keys.";
    "V2-13" error "notification too large":
        "n_content and n_extras (as compact JSON) may have 220 bytes of UTF-8 together; a Chinese character takes 3.";
    "V2-14" error "message is missing or no string": "A custom message needs its text.";
    "V2-15" error "a field of the custom message has another type":
        "content_type and title are strings, extras is an object.";
    "V2-16" error "custom message too large":
        "Its fields may have 1000 bytes of UTF-8 together; a Chinese character takes 3.";
    "V2-17" error "platform is wrong": "Name android, ios or both, joined by a comma.";
    "V2-18" error "custom message without Android":
        "Only Android takes custom messages: name android in platform, or send a notification.";
    "V2-19" error "apns_production is wrong": "0 is development, 1 production; without it the portal's setting holds.";
    "V2-20" error "time_to_live is wrong":
        "Give seconds from 0 to 864000 (10 days); without it the message is kept for a day.";
    "V2-21" error "override_msg_id is no message id": "Give the decimal msg_id of a push that is at most a day old.";
    "V2-22" error "verification_code does not fit":
        "It is the upper-case MD5 of sendno, receiver_type, receiver_value and the master secret in UTF-8; leave it out \
         and herald computes it.";
    "V2-30" error "msg_ids is wrong": "Ask for 1 to 100 message ids, each of decimal digits.";
    "V2-W01" warning "verification_code in lower case":
        "The documents want upper case; old PHP and C# clients sent lower case and got through.";
    "V2-W02" warning "unusual master secret":
        "Master secrets have 24 letters or digits; check that it was copied whole.";
    "V2-W03" warning "blanks around a list's items":
        "They belong to the tag or alias and to the signature; remove them unless the name really has them.";
    "V2-W04" warning "an item twice, or an empty one": "Remove it; an empty name reaches nobody.";
    "V2-W05" warning "winphone is retired": "Name android and ios only.";
    "V2-W06" warning "receiver_value on a broadcast":
        "receiver_type 4 reaches everybody whatever it says; leave it out, it only changes the signature.";
    "V2-W07" warning "custom message to iOS": "Only Android gets custom messages; iOS devices get nothing.";
    "V2-W08" warning "apns_production is missing":
        "The portal's setting decides whether iOS devices get it; say 0 or 1."
        settled("iOS: production or development?", &["apns_production=1"]);
    "V2-W09" warning "empty n_content without badge":
        "Nothing is shown: give a text, or a number in n_extras.ios.badge.";
    "V2-W10" warning "field of the other message type":
        "Notifications have n_ names (n_content, n_title, n_extras), custom messages message, title, extras.";
    "V2-W11" hint "REST API v2 is retired": "It was supported until 2015; move to jpush-v3."
        settled("REST API v2 is retired: --provider jpush-v3 replaces it, --allow jpush-v2/V2-W11 hides this", &[]);
    "V2-W12" warning "plain http": "The code and the text travel unprotected; use https://api.jpush.cn.";
    "V2-W13" hint "time_to_live 0": "Who is off-line now never gets it; leave it out to keep it for a day.";
    "V2-W14" warning "unknown form key": "The server ignores it.";
    "V2-W15" warning "an empty value of another type":
        "An old PHP client writes [] and \"\" for nothing; leave the field out.";
    "V2-W16" warning "custom message may be refused":
        "Its values fit into 1000 bytes, its whole JSON does not; no document says which of the two counts.";
};

/// The names of a list joined by commas, as the server sees them.
pub(super) fn items(text: &str) -> impl Iterator<Item = &str> {
    text.split(',')
}

/// V2-W03, V2-W04: the items of `receiver_value`, where it means anything.
pub(super) fn receivers(at: At<'_>, sink: &mut FindingSink<'_>) {
    let named = at.get("receiver_type").as_integer().is_some_and(|n| matches!(n, 2 | 3 | 5));
    let value = at.get("receiver_value");
    let Some(text) = value.as_str().filter(|text| named && !text.is_empty()) else { return };
    if let Some(item) = items(text).find(|item| item.trim() != *item) {
        let message = format!("`receiver_value` has blanks around `{}`", item.trim());
        sink.report("V2-W03", value, message);
    }
    let mut seen = std::collections::HashSet::new();
    if items(text).any(|item| item.trim().is_empty()) {
        sink.report("V2-W04", value, "`receiver_value` holds an empty item");
    } else if let Some(item) = items(text).find(|item| !seen.insert(*item)) {
        sink.report("V2-W04", value, format!("`receiver_value` holds `{item}` more than once"));
    }
}

/// V2-18, V2-W03, V2-W07: what `platform` means for the type of message.
pub(super) fn platforms(at: At<'_>, sink: &mut FindingSink<'_>) {
    let platform = at.get("platform");
    let Some(text) = platform.as_str().filter(|text| !text.is_empty()) else { return };
    if sink.is_wrong(platform) {
        return;
    }
    if items(text).any(|item| item.trim() != item) {
        sink.report("V2-W03", platform, "`platform` has blanks around its items");
    }
    if at.get("msg_type").as_integer() != Some(2) {
        return;
    }
    if !names(text, "android") {
        sink.report("V2-18", platform, format!("a custom message cannot go to `{text}` alone"));
    } else if names(text, "ios") {
        sink.report("V2-W07", platform, "a custom message does not reach iOS");
    }
}

/// V2-W08: nothing says which APNs environment is meant.
pub(super) fn environment(at: At<'_>, sink: &mut FindingSink<'_>) {
    let production = at.get("apns_production");
    let absent = production.value().is_none_or(|value| Empties::TEXT.holds(value));
    let ios = at.get("platform").as_str().is_some_and(|text| names(text, "ios"));
    if absent && ios && at.get("msg_type").as_integer() != Some(2) {
        let message = "iOS is among the platforms and `apns_production` is missing";
        sink.report("V2-W08", production, message);
    }
}

/// Whether a list of platforms names one.
pub(super) fn names(platforms: &str, wanted: &str) -> bool {
    items(platforms).any(|item| item.trim() == wanted)
}

/// V2-22, V2-W01: the verification code.
pub(super) fn code(at: At<'_>, sink: &mut FindingSink<'_>) {
    let code = at.get("verification_code");
    let Some(given) = code.as_str().filter(|text| !text.is_empty()) else { return };
    if sink.is_wrong(code) {
        return;
    }
    if given.bytes().any(|byte| byte.is_ascii_lowercase()) {
        sink.report("V2-W01", code, "`verification_code` is in lower case");
    }
    let hashed = ["sendno", "receiver_type", "receiver_value"];
    if hashed.iter().any(|name| sink.is_wrong(at.get(name))) {
        return;
    }
    let secret = sink.context().account.and_then(|account| account.secret("master_secret"));
    let (Some(secret), Some(body)) = (secret, at.value()) else { return };
    if !wire::verification_code(&body.to_value(), secret.expose()).eq_ignore_ascii_case(given) {
        let message = "`verification_code` is not that of sendno, receiver_type, receiver_value and the master secret";
        sink.report("V2-22", code, message);
    }
}

/// V2-W02, V2-W12: what the profile says.
pub(super) fn account(at: At<'_>, sink: &mut FindingSink<'_>) {
    let Some(account) = sink.context().account else { return };
    if account.secret("master_secret").is_some_and(|secret| !is_key(secret.expose())) {
        let message = "the master secret does not have 24 letters or digits";
        sink.report("V2-W02", at, message);
    }
    if account.endpoint.as_deref().is_some_and(is_open) {
        sink.report("V2-W12", at, "the endpoint is plain http");
    }
}

/// V2-13: the size of a notification.
pub(super) fn notification_size(at: At<'_>, sink: &mut FindingSink<'_>) {
    if sink.is_wrong(at) {
        return;
    }
    let text = at.get("n_content").value().map(ValueView::to_plain).unwrap_or_default();
    let used = text.len() + at.get("n_extras").value().map_or(0, extras_bytes);
    if used > NOTIFICATION_BYTES {
        let message = format!(
            "n_content plus n_extras takes {used} bytes, the limit is {NOTIFICATION_BYTES}"
        );
        let help = format!("shorten it by {} bytes", used - NOTIFICATION_BYTES);
        sink.report_with_help("V2-13", at, message, help);
    }
}

/// V2-16, V2-W16: the size of a custom message, by its values and as a whole.
pub(super) fn custom_size(at: At<'_>, sink: &mut FindingSink<'_>) {
    let Some(whole) = at.value().filter(|_| !sink.is_wrong(at)) else { return };
    let values: usize = at
        .members()
        .filter_map(|(_, value)| value.value())
        .map(|value| value.as_str().map_or_else(|| extras_bytes(value), str::len))
        .sum();
    let help = |used: usize| format!("shorten it by {} bytes", used - CUSTOM_BYTES);
    if values > CUSTOM_BYTES {
        let message =
            format!("the fields of the message take {values} bytes, the limit is {CUSTOM_BYTES}");
        sink.report_with_help("V2-16", at, message, help(values));
    } else if whole.compact_bytes() > CUSTOM_BYTES {
        let used = whole.compact_bytes();
        let message = format!("the message as JSON takes {used} bytes, over {CUSTOM_BYTES}");
        sink.report_with_help("V2-W16", at, message, help(used));
    }
}

/// The bytes of a value as compact JSON; what counts as absent has none.
fn extras_bytes(value: ValueView<'_>) -> usize {
    if Empties::LIST.holds(value) { 0 } else { value.compact_bytes() }
}

/// V2-W09: a notification that shows nothing at all.
pub(super) fn nothing_shown(at: At<'_>, sink: &mut FindingSink<'_>) {
    let text = at.get("n_content");
    if text.as_str() == Some("") && !at.find("n_extras/ios/badge").is_there() {
        sink.report("V2-W09", text, "`n_content` is empty, and there is no badge");
    }
}

/// V2-W10 in a notification.
pub(super) fn not_of_a_notification(at: At<'_>, sink: &mut FindingSink<'_>) {
    let own = [
        ("message", Some("n_content")),
        ("title", Some("n_title")),
        ("extras", Some("n_extras")),
        ("content_type", None),
    ];
    misplaced(at, sink, "a notification", &own);
}

/// V2-W10 in a custom message.
pub(super) fn not_of_a_custom_message(at: At<'_>, sink: &mut FindingSink<'_>) {
    let own = [
        ("n_content", Some("message")),
        ("n_title", Some("title")),
        ("n_extras", Some("extras")),
        ("n_builder_id", None),
    ];
    misplaced(at, sink, "a custom message", &own);
}

fn misplaced(
    at: At<'_>,
    sink: &mut FindingSink<'_>,
    of: &str,
    names: &[(&'static str, Option<&str>)],
) {
    for (name, own) in names {
        let value = at.get(name);
        if !value.is_there() {
            continue;
        }
        let message = format!("`{name}` is not a field of {of}");
        match own {
            Some(own) => {
                let help = format!("did you mean `{own}`?");
                sink.report_with_help("V2-W10", value, message, help);
            }
            None => sink.report("V2-W10", value, message),
        }
    }
}

/// V2-W15: what an old PHP client writes for nothing.
pub(super) fn php_habits(at: At<'_>, sink: &mut FindingSink<'_>) {
    for name in ["n_extras", "extras"] {
        let value = at.get(name);
        if value.as_array().is_some_and(ContainerView::is_empty) {
            sink.report("V2-W15", value, format!("`{name}` is [] where an object belongs"));
        }
    }
    let builder = at.get("n_builder_id");
    if builder.as_str() == Some("") {
        sink.report("V2-W15", builder, "`n_builder_id` is an empty string");
    }
}
