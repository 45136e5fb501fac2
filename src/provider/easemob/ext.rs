//! `ext`: the app's own keys, and the keys of offline push that the platform reads out of them.

use super::fields::{FILLED, LOWER_CASE, boolean, text};
use crate::contract::{
    Check, Condition, Field, FindingSink, Kind, Limit, MapOf, RuleId, Shape, Unknown, choices, rows,
};
use crate::document::At;
use crate::near::did_you_mean;

use super::checks::push_keys;

const RULE: RuleId = "EM-09";

const fn string(name: &'static str, about: &'static str) -> Field {
    text(name, RULE, about)
}

const fn flag(name: &'static str, about: &'static str) -> Field {
    boolean(name, RULE, about)
}

const fn int(name: &'static str, about: &'static str) -> Field {
    Field::new(name, Kind::I64, about).rule(RULE)
}

static TEXT: Field = Field::item(Kind::Text);
static LOWER: Field = Field::item(Kind::Text).limits(&[Limit::form(&LOWER_CASE).rule("EM-W25")]);

/// A documented array of strings has no empty one.
static FULL: Field = Field::item(Kind::Text).limits(FILLED);

const fn full_texts(name: &'static str, about: &'static str) -> Field {
    Field::new(name, Kind::List(&FULL), about).rule(RULE)
}

const fn texts(name: &'static str, about: &'static str) -> Field {
    Field::new(name, Kind::List(&TEXT), about).rule(RULE)
}

const fn object(name: &'static str, shape: &'static Shape, about: &'static str) -> Field {
    Field::new(name, Kind::Object(shape), about).rule(RULE)
}

static TITLE_ARGS: Condition = Condition::Given("em_push_title_loc_args");
static BODY_ARGS: Condition = Condition::Given("em_push_body_loc_args");

static APNS: Shape = Shape::of(rows! {
    string("em_push_title", "Title of the notification").composed(),
    string("em_push_content", "Text of the notification"),
    string("em_alert_subTitle", "Second title"),
    string("em_push_category", "Category of actions"),
    string("em_push_sound", "Sound file of the app: .aiff, .wav or .caf"),
    flag("em_push_mutable_content", "An extension of the app may change it"),
    int("em_push_badge", "Number on the icon"),
    Field::new("em_push_content_available", Kind::Choice(choices! { 1 "1": "wakes the app in the background" }),
        "1 wakes the app in the background").rule(RULE),
    string("thread_id", "Notifications with the same one are grouped"),
    Field::new("extern", Kind::Union(&[Kind::Text, Kind::Map(&FREE)]), "The app's own data: a text, or an object whose \
        fields reach the app instead of the free keys beside it").rule(RULE),
    string("em_push_title_loc_key", "Key of a translated title").required_if(&TITLE_ARGS),
    string("em_push_body_loc_key", "Key of a translated text").required_if(&BODY_ARGS),
    string("em_alert_title", "Title of the alert"),
    string("em_alert_body", "Text of the alert"),
    string("em_push_name", "Name that the notification shows"),
    string("em_push_channel_id", "Channel of the notification, on Android"),
    string("em_huawei_push_badge_class", "Screen whose icon has the number, on Huawei devices"),
    string("em_push_type", "Kind of push"),
    string("em_push_collapse_key", "Notifications with the same one are sent as one").replaces(),
    full_texts("em_push_title_loc_args", "Values for the translated title"),
    full_texts("em_push_body_loc_args", "Values for the translated text"),
})
.named("em_apns_ext")
// What the push service does not use reaches the app.
.unknown(Unknown::Ignore)
.checks(&[FREE_KEYS]);

const FREE_KEYS: Check = Check::function(
    "EM-W01",
    "free keys that do not reach the app, and misspelled ones",
    free_keys,
);

/// Warnings on free keys: one that is nearly a key of the platform, and one that is lost beside `extern`.
fn free_keys(at: At<'_>, sink: &mut FindingSink<'_>) {
    let known = || APNS.fields.iter().map(|field| field.name);
    let has_extern = at.get("extern").is_there() && !sink.is_wrong(at.get("extern"));
    for (key, value) in at.members().filter(|(key, _)| !known().any(|name| name == *key)) {
        let meant = did_you_mean(key, known()).filter(|_| key.starts_with("em_"));
        if let Some(help) = meant {
            let message = format!("`{key}` is not a field of em_apns_ext here");
            sink.report_with_help("EM-W01", value, message, help);
        } else if has_extern {
            let message = format!("`{key}` does not reach the app");
            let help = "Beside `extern` only what is under it does: put it there.";
            sink.report_with_help("EM-W01", value, message, help);
        }
    }
}

static FREE: MapOf = MapOf { value: Field::new("{key}", Kind::Any, ""), reserved: &[] };

static PUSH: Shape = Shape::of(rows! {
    string("title", "Title of the notification").composed(),
    string("content", "Text of the notification"),
    string("group_user_nickname", "Sender's name in a group's notification"),
    Field::new("custom", Kind::Map(&FREE), "The app's own data").rule(RULE),
    Field::new("type", Kind::Choice(choices! { "call": "a call, over VoIP push" }), "Kind of notification")
        .rule(RULE),
})
.named("em_push_ext");

static DIRECTED: Shape = Shape::of(rows! {
    Field::new("target", Kind::List(&LOWER), "Users who get this template, in lower case").rule(RULE).id(),
    string("name", "Name of the template"),
    texts("title_args", "Values for the title"),
    texts("content_args", "Values for the text"),
})
.named("directed_template");

static TEMPLATE: Shape = Shape::of(&[
    string("name", "Name of the template"),
    texts("title_args", "Values for the title"),
    texts("content_args", "Values for the text"),
    flag("disable_at_content", "No text of its own for who is mentioned"),
    object("directed_template", &DIRECTED, "Another template for some users"),
])
.named("em_push_template");

static FILTER: Shape = Shape::of(&[
    texts("accept_device_id", "Only these devices").id(),
    texts("ignore_device_id", "Not these devices").id(),
    texts("accept_notifier_name", "Only these push certificates"),
    texts("ignore_notifier_name", "Not these push certificates"),
])
.named("em_push_filter");

static LEVELLED: Condition = Condition::Given("oppo_notify_level");

const USER_TYPES: Kind =
    Kind::Choice(choices! { 0 "0": "an ordinary message", 1 "1": "a test message" });

const fn user_type(name: &'static str) -> Field {
    Field::new(name, USER_TYPES, "Ordinary or test message").rule(RULE)
}

static ANDROID: Shape = Shape::of(rows! {
    string("fcm_channel_id", "Channel of the notification"),
    Field::new("fcm_options", Kind::Map(&FREE), "Options of FCM").rule(RULE),
    string("oppo_category", "Category").required_if(&LEVELLED),
    Field::new("oppo_notify_level", Kind::Any, "Level; needs `oppo_category`").rule(RULE),
    Field::new("honor_importance", Kind::Choice(choices! { "LOW", "NORMAL" }), "Importance").rule(RULE),
    user_type("huawei_target_user_type"),
    user_type("honor_target_user_type"),
    user_type("vivo_target_user_type"),
    user_type("oppo_target_user_type"),
    user_type("xiaomi_target_user_type"),
    user_type("meizu_target_user_type"),
})
.named("em_android_push_ext")
// Each phone maker has keys of its own behind its name, more than anyone lists.
.unknown(Unknown::Ignore);

static HARMONY: Shape = Shape::of(&[
    string("category", "Category"),
    Field::new("click_action", Kind::Any, "What a tap does").rule(RULE),
    flag("is_test_message", "A test message"),
    int("notify_id", "Number of the notification; the same one replaces it"),
    string("receipt_id", "Which receipt address is told"),
])
.named("em_harmony_push_ext")
.unknown(Unknown::Ignore);

/// What stands in `ext`.
static EXT: MapOf = MapOf {
    value: Field::new("{key}", Kind::Any, "").composed(),
    reserved: rows! {
        flag("em_ignore_notification", "No push for who is offline; takes priority over em_force_notification"),
        flag("em_force_notification", "Push even to who does not want to be disturbed"),
        object("em_apns_ext", &APNS, "Offline push on Apple devices"),
        object("em_push_ext", &PUSH, "Offline push everywhere"),
        object("em_push_template", &TEMPLATE, "A template of the console"),
        object("em_push_filter", &FILTER, "Devices that are pushed"),
        object("em_android_push_ext", &ANDROID, "Offline push on Android, by maker"),
        object("em_harmony_push_ext", &HARMONY, "Offline push on HarmonyOS"),
        Field::new("em_at_list", Kind::Union(&[Kind::List(&FULL), Kind::Choice(choices! { "ALL": "everybody" })]),
            "Mentioned users, or `ALL`").rule(RULE).id(),
    },
};

/// The field.
pub(super) const fn field(name: &'static str, rule: RuleId, about: &'static str) -> Field {
    Field::new(name, Kind::Map(&EXT), about).rule(rule)
}

/// What spans keys of `ext`, or keys and the message.
pub(super) const CHECKS: &[Check] = &[push_keys::REMARKS];
