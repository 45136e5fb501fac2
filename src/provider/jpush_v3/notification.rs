//! `notification` and its blocks, one for each platform.

use super::checks;
use super::forms::{BADGE, BADGE_RANGE, TIME};
use crate::contract::{
    Bools, Check, Condition, Field, Kind, Length, Limit, Lit, MapOf, Null, RowFault, Shape,
    Spelling, Unknown, choices, rows,
};
use crate::text::en;

/// An object with the app's own keys.
pub(super) static FREE: MapOf =
    MapOf { value: Field::new("key", Kind::Any, "whatever the app reads"), reserved: &[] };

/// An object with free keys.
pub(super) const OBJECT: Kind = Kind::Map(&FREE);

const fn text(name: &'static str, about: &'static str) -> Field {
    Field::new(name, Kind::Text, about)
}

const fn int(name: &'static str, about: &'static str) -> Field {
    Field::new(name, Kind::I64, about)
}

pub(super) static NOTIFICATION: Shape = Shape::of(&[
    text("alert", "the text for every block that has none of its own").composed().rule("V3-13"),
    text("alternate_alert", "another text, with `options.alternate_set`").rule("V3-W05"),
    // DeanThompson/jpush-api-go-client, pull request 2.
    block("android", &ANDROID, "Android")
        .null(Null::Wrong)
        .cures(&[(RowFault::Null, en("the server fails on null (HTTP 500): leave it out"))]),
    block("ios", &IOS, "iOS"),
    block("hmos", &HMOS, "HarmonyOS"),
    block("quickapp", &QUICKAPP, "quick apps").edition("VIP"),
    Field::new("voip", OBJECT, "your own keys for a VoIP push on iOS").rule("V3-34"),
    Field::new("winphone", Kind::Any, "Windows Phone, retired")
        .deprecated("V3-W03", "remove it: the server ignores it"),
    Field::new("ai_opportunity", Kind::Any, "what the Java client adds to every push"),
])
.named("a notification")
.unknown(Unknown::Report("V3-W10"))
.checks(&[
    Check::function("V3-14", "an alert for each block", checks::alerts),
    Check::function("V3-84", "a VoIP push on HarmonyOS without other blocks", checks::voip_alone),
]);

const fn block(name: &'static str, shape: &'static Shape, about: &'static str) -> Field {
    Field::new(name, Kind::Object(shape), about).composed().rule("V3-15")
}

const BADGE_ADD: Field =
    int("badge_add_num", "how much the badge grows").limits(&[Limit::range(1, 99)]).rule("V3-20");
const BADGE_SET: Field =
    int("badge_set_num", "what the badge becomes").limits(&[Limit::range(0, 99)]).rule("V3-20");

/// A text that one vendor shows instead of a long one.
const fn short(name: &'static str, limit: &'static [Limit]) -> Field {
    text(name, "the text for this vendor's devices").limits(limit).rule("V3-W05")
}

static ANDROID_EXTRAS: MapOf = MapOf {
    value: Field::new("key", Kind::Any, "whatever the app reads"),
    reserved: &[
        short("mipns_content_forshort", &[Limit::chars(128)]),
        short("oppns_content_forshort", &[Limit::chars(200)]),
        short("vpns_content_forshort", &[Limit::at_most(Length::Weighted(100))]),
        short("mzpns_content_forshort", &[Limit::chars(100)]),
    ],
};

static BUTTON: Shape = Shape::of(rows! {
    text("name", "what stands on it").limits(&[Limit::chars(20)]),
    int("action_type", "what it does, 1 to 4").limits(&[Limit::range(1, 4)]),
    text("action", "what it opens; needed for action_type 1 and 2")
        .required_if(&Condition::Is("action_type", &[Lit::Int(1), Lit::Int(2)])).limits(&[Limit::chars(300)]),
    text("data", "what the app gets with it").limits(&[Limit::chars(100)]),
})
.rule("V3-W05");

static ANDROID: Shape = Shape::of(rows! {
    text("alert", "the text; empty shows nothing"),
    text("title", "the title").composed().default("the app's name"),
    int("builder_id", "number of the app's own notification style"),
    text("channel_id", "notification channel, Android 8 and newer").limits(&[Limit::bytes(1000).rule("V3-18")]),
    int("priority", "-2 to 2").limits(&[Limit::range(-2, 2).rule("V3-W05")]),
    text("category", "one of Android's categories"),
    int("style", "0 plain, 1 big_text, 2 inbox, 3 big_pic").limits(&[Limit::range(0, 3).rule("V3-W05")]),
    int("alert_type", "sum of 1 sound, 2 vibrate, 4 lights; -1 all").limits(&[Limit::range(-1, 7).rule("V3-19")]),
    text("big_text", "the long text of style 1"),
    Field::new("inbox", OBJECT, "the lines of style 2"),
    text("big_pic_path", "the picture of style 3, an address").sdk(&["bigPicture"]),
    Field::new("extras", Kind::Map(&ANDROID_EXTRAS), "the app's own data").composed(),
    text("large_icon", "address of an icon"),
    text("small_icon_uri", "address of an icon").sdk(&["smallIcon"]),
    text("icon_bg_color", "colour behind the icon, SDK 5.5 and newer").rule("V3-W05"),
    Field::new("intent", OBJECT, "what a tap opens: {\"url\":\"intent:#Intent;...;end\"}"),
    text("uri_activity", "activity that a tap opens"),
    text("uri_action", "action that a tap starts"),
    // On no page; a field of `Notification.cs` of jpush/jpush-api-csharp-client (2024-10).
    text("uri_flag", "flags of the activity that a tap opens"),
    BADGE_ADD,
    BADGE_SET,
    text("badge_class", "the app's entry activity; needs a badge number"),
    text("sound", "a sound of the app, without ending"),
    text("show_begin_time", "from when it is shown").limits(&[Limit::form(&TIME).rule("V3-21")]),
    text("show_end_time", "until when it is shown").limits(&[Limit::form(&TIME).rule("V3-21")]),
    Field::new("display_foreground", Kind::Choice(choices! { "0", "1" }),
        "whether it is shown while the app is in front").rule("V3-22"),
    Field::new("custom_buttons", Kind::List(&Field::item(Kind::Object(&BUTTON))), "buttons, SDK 5.9 and newer")
        .rule("V3-W05"),
})
.named("the android block")
.rule("V3-16")
.unknown(Unknown::Report("V3-17"))
.checks(&[
    Check::function("V3-W06", "fields that need each other", checks::android_companions),
    Check::function("V3-W07", "what a tap opens", checks::no_intent),
]);

/// Documented as booleans; some clients send 1.
const APNS_FLAG: Kind = Kind::Bool(Bools {
    text: Spelling::Refuse,
    cased: Spelling::Refuse,
    one: Spelling::Remark("V3-W05"),
});

static IOS: Shape = Shape::of(rows! {
    Field::new("alert", Kind::Union(&[Kind::Text, OBJECT]), "a text, or an APNs alert dictionary").composed()
        .rule("V3-24"),
    Field::new("sound", Kind::Union(&[Kind::Text, OBJECT]), "a sound of the app").rule("V3-25"),
    Field::new("badge", Kind::Union(&[Kind::I64, Kind::Text]), "N, or +N and -N to change it")
        .limits(&[Limit::form(&BADGE), BADGE_RANGE]).default("unchanged").rule("V3-26"),
    Field::new("content-available", APNS_FLAG, "wake the app in the background").rule("V3-17"),
    Field::new("mutable-content", APNS_FLAG, "let the service extension change it").rule("V3-17"),
    text("category", "one of the app's categories").rule("V3-24"),
    text("thread-id", "groups notifications").rule("V3-24"),
    Field::new("extras", OBJECT, "the app's own data").composed().rule("V3-24"),
    Field::new("interruption-level", Kind::Choice(choices! { "active", "critical", "passive", "time-sensitive" }),
        "how much it may disturb").rule("V3-27"),
})
.named("the ios block")
.rule("V3-24")
.unknown(Unknown::Report("V3-17"));

static VOIP_OR_EXTENSION: Condition = Condition::Is("push_type", &[Lit::Int(2), Lit::Int(10)]);
static CARD_OR_LIVE: Condition = Condition::Is("push_type", &[Lit::Int(1), Lit::Int(7)]);
/// Cards and live views need nothing but their payload.
static SHOWN: Condition = Condition::Not(&CARD_OR_LIVE);

static HMOS: Shape = Shape::of(rows! {
    text("alert", "the text; HarmonyOS refuses an empty one"),
    text("title", "the title").composed(),
    text("category", "HarmonyOS's own category of the message; needed there").recommended_if("V3-W07", &SHOWN)
        .cures(&[(RowFault::Missing, en("HarmonyOS wants one of its own categories, as IM or EXPRESS"))]),
    text("large_icon", "address of an icon"),
    Field::new("intent", OBJECT, "what a tap opens: {\"url\":\"scheme://...\"}").recommended_if("V3-W07", &SHOWN)
        .cures(&[(RowFault::Missing, en("HarmonyOS wants one to open the app: {\"url\":\"action.system.home\"} for its first page"))]),
    Field::new("extras", OBJECT, "the app's own data").composed(),
    Field::new("inbox", OBJECT, "the lines of style 2"),
    Field::new("style", Kind::Choice(choices! { 0 "plain", 2 "inbox" }), "how it looks"),
    BADGE_ADD,
    BADGE_SET,
    Field::new("push_type", Kind::Choice(choices! { 0 "alert": "a notification", 1 "card": "a card",
        2 "extension": "a notification that an extension changes", 7 "live-view": "a live view",
        10 "voip": "a VoIP call" }), "what HarmonyOS makes of it").rule("V3-29"),
    text("extra_data", "data for push_type 2 and 10").required_if(&VOIP_OR_EXTENSION).rule("V3-30"),
    Field::new("hm_payload", OBJECT, "payload for push_type 1 and 7").required_if(&CARD_OR_LIVE).rule("V3-31"),
    text("sound", "a sound of the app"),
    int("sound_duration", "seconds that `sound` lasts; without `sound` no effect").limits(&[Limit::range(1, 60)]).rule("V3-32"),
    text("display_foreground", "whether it is shown while the app is in front"),
    Field::new("test_message", Kind::BOOL, "a test message of the vendor's").sdk(&["isTest"]),
    text("receipt_id", "id of the vendor's receipt"),
})
.named("the hmos block")
.rule("V3-28")
.unknown(Unknown::Report("V3-W10"))
.checks(rows! {
    Check::flag("V3-W06",
        Condition::All(&[Condition::Given("sound_duration"), Condition::Not(&Condition::Given("sound"))]),
        "sound_duration", "`sound_duration` has no effect without `sound`"),
    Check::flag("V3-W07", Condition::All(&[Condition::Is("alert", &[Lit::Text("")]), SHOWN]), "alert",
        "`alert` is empty: HarmonyOS refuses it"),
});

static QUICKAPP: Shape = Shape::of(&[
    text("alert", "the text"),
    text("title", "the title").required(),
    text("page", "the page that a tap opens").required(),
    Field::new("extras", OBJECT, "the app's own data"),
])
.named("the quickapp block")
.rule("V3-33")
.unknown(Unknown::Report("V3-W10"));
