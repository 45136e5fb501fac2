//! The push object, in the forms that the operations take it in.

use super::forms::{CID, CID_UUID, ONCE};
use super::notification::{NOTIFICATION, OBJECT};
use super::{audience, checks, options::OPTIONS};
use crate::contract::{
    Check, Condition, Field, Kind, Limit, Lit, MapOf, Shape, Test, Unknown, choices, rows,
};

const PLATFORM: Kind = Kind::Union(&[
    Kind::Choice(choices! { "all": "every platform" }),
    Kind::List(&Field::item(Kind::Choice(choices! {
        "android",
        "ios",
        "quickapp",
        "hmos",
        "winphone": "Windows Phone is retired" remark "V3-W03",
    }))),
]);

static CONTENT: Shape = Shape::of(rows! {
    Field::new("platform", PLATFORM, "\"all\", or a list of platforms").required().composed()
        .limits(&[Limit::of(Test::Items(Some(1), None)), ONCE]).rule("V3-01"),
    Field::new("notification", Kind::Object(&NOTIFICATION), "what is shown").composed()
        .limits(&[Limit::of(Test::Items(Some(1), None))]).rule("V3-13"),
    Field::new("message", Kind::Object(&MESSAGE), "what the app itself handles").composed().rule("V3-35")
        .sdk(&["custom"]),
    Field::new("notification_3rd", Kind::Object(&THIRD), "what vendors show in a message's place").rule("V3-60")
        .sdk(&["thirdNotificationMessage"]),
    Field::new("sms_message", Kind::Object(&SMS), "an SMS to who was not reached").rule("V3-38")
        .sdk(&["sms"]),
    Field::new("options", Kind::Object(&OPTIONS), "how it is delivered").rule("V3-41"),
    Field::new("callback", Kind::Object(&CALLBACK), "whom to tell what happened to it").edition("VIP").rule("V3-65"),
})
.checks(rows! {
    Check::flag("V3-59",
        Condition::All(&[Condition::Given("notification_3rd"), Condition::Not(&Condition::Given("message"))]),
        "notification_3rd", "`notification_3rd` needs `message`"),
    Check::function("V3-60", "content of notification_3rd", checks::third).also(&["V3-W16"]),
    Check::flag("V3-49", Condition::All(&[Condition::Is("options/need_backup", &[Lit::Bool(true)]),
        Condition::Not(&Condition::Is("options/active_push", &[Lit::Bool(true)]))]), "options/need_backup",
        "`need_backup` needs `active_push` true"),
    Check::flag("V3-50", Condition::All(&[Condition::Is("options/active_push", &[Lit::Bool(true)]),
        Condition::Any(&[Condition::Given("message"), Condition::Given("options/big_push_duration")])]),
        "options/active_push", "`active_push` excludes `message` and `big_push_duration`"),
    Check::function("V3-W17", "hours and distribution of active_push", checks::active),
    Check::flag("V3-31", Condition::All(&[
        Condition::Is("notification/hmos/push_type", &[Lit::Int(1), Lit::Int(7)]),
        Condition::Given("options/third_party_channel/hmos/distribution"),
        Condition::Not(&Condition::Is("options/third_party_channel/hmos/distribution", &[Lit::Text("ospush")]))]),
        "options/third_party_channel/hmos/distribution",
        "cards and live views go by HarmonyOS's own channel: `distribution` is ospush, or left out"),
    Check::function("V3-82", "what live and VoIP pushes of makers need", checks::live_pushes),
    Check::function("V3-61", "at most 4000 bytes of android block and message", checks::android_size),
    Check::function("V3-62", "at most 2000 bytes in the ios block", checks::ios_size).also(&["V3-W09"]),
    Check::function("V3-W02", "blocks for platforms", checks::blocks),
    Check::function("V3-W04", "an APNs environment for iOS", checks::environment),
    Check::function("V3-W14", "a message to iOS", checks::message_alone),
});

static EXTRAS: Shape = Shape::of(rows! {
    Field::new("live_activity", Kind::Object(&LIVE_ACTIVITY),
        "an update of a live activity, instead of other content").rule("V3-54"),
    Field::new("inapp_message", Kind::Object(&INAPP), "show the notification inside the app, too").edition("VIP")
        .rule("V3-58"),
    Field::new("cid", Kind::Text, "AppKey-UUID; within a day the same cid pushes only once").composed()
        .limits(&[Limit::form(&CID), Limit::form(&CID_UUID).rule("V3-W18")]).rule("V3-66"),
})
.checks(rows! {
    Check::function("V3-11", "notification or message", checks::content),
    Check::flag("V3-12", Condition::All(&[Condition::Given("live_activity"),
        Condition::Any(&[Condition::Given("notification"), Condition::Given("message")])]), "live_activity",
        "`live_activity` excludes `notification` and `message`"),
    Check::flag("V3-58", Condition::All(&[Condition::Given("inapp_message"),
        Condition::Any(&[Condition::Not(&Condition::Given("notification")), Condition::Given("message")])]),
        "inapp_message", "`inapp_message` needs `notification` and excludes `message`"),
    Check::function("V3-64", "at most 3584 bytes of live activity", checks::live_size),
});

/// The push object.
pub(super) static PUSH: Shape = Shape::of(rows! {
    Field::new("audience", audience::AUDIENCE, "\"all\", or who gets it; keys are joined with AND").required()
        .composed().rule("V3-02"),
})
.named("a push")
.include(&[&CONTENT, &EXTRAS])
.unknown(Unknown::Report("V3-W10"))
.checks(rows! {
    Check::flag("V3-W01", Condition::Is("audience", &[Lit::Text("all")]), "audience", "the push goes to everybody"),
    Check::function("V3-W12", "a cid where pushes are retried", checks::unprotected),
});

/// The push object of a group.
pub(super) static GROUP_PUSH: Shape = Shape::of(&[])
    .named("a push")
    .include(&[&PUSH])
    .unknown(Unknown::Report("V3-W10"))
    .checks(rows! {
        Check::flag("V3-57", Condition::Given("options/override_msg_id"), "options/override_msg_id",
            "a group push cannot replace another one"),
    });

/// The push object to the targets of a file.
pub(super) static FILE_PUSH: Shape =
    Shape::of(&[Field::new("audience", Kind::Object(&audience::FILE), "the file of targets")
        .required()
        .rule("V3-10")])
    .named("a push")
    .include(&[&CONTENT, &EXTRAS])
    .unknown(Unknown::Report("V3-W10"));

/// An entry of a batch.
static ENTRY: Shape =
    Shape::of(&[Field::new("target", Kind::Text, "one alias or registration id")
        .id()
        .required()
        .limits(&[Limit::filled()])
        .rule("V3-72")])
    .named("an entry")
    .include(&[&CONTENT])
    .unknown(Unknown::Report("V3-W10"))
    .checks(&[Check::function("V3-11", "notification or message", checks::entry_content)]);

static ENTRIES: MapOf = MapOf {
    value: Field::new("cid", Kind::Object(&ENTRY), "a push to one target, under its cid")
        .rule("V3-71"),
    reserved: &[],
};

/// Pushes to single targets.
pub(super) static BATCH: Shape =
    Shape::of(&[Field::new("pushlist", Kind::Map(&ENTRIES), "pushes to single targets, by cid")
        .required()
        .limits(&[Limit::items(1, 1000)])
        .rule("V3-70")
        .sdk(&["sendParam"])])
    .unknown(Unknown::Report("V3-W10"))
    .checks(&[Check::function("V3-71", "cids as keys", checks::batch_keys).also(&["V3-W18"])]);

pub(super) static MESSAGE: Shape = Shape::of(&[
    Field::new("msg_content", Kind::Text, "what the app reads")
        .required()
        .composed()
        .rule("V3-36")
        .sdk(&["content"]),
    Field::new("title", Kind::Text, "the title").composed(),
    Field::new("content_type", Kind::Text, "a word by which the app reads msg_content"),
    Field::new("extras", OBJECT, "the app's own data").composed(),
    alternate("alternate_title", "another title, with `options.alternate_set`"),
    alternate("alternate_content", "another msg_content, with `options.alternate_set`"),
    Field::new("test_message", Kind::BOOL, "what the Java client writes for a test message")
        .rule("V3-W05"),
])
.named("a message")
.rule("V3-37")
.unknown(Unknown::Report("V3-W10"));

const fn alternate(name: &'static str, about: &'static str) -> Field {
    Field::new(name, Kind::Text, about).rule("V3-W05")
}

/// Its versions have other fields; [`checks::third`] knows which of them is due.
pub(super) static THIRD: Shape = Shape::of(&[
    Field::new("content", Kind::Any, "the text, v1"),
    Field::new("title", Kind::Any, "the title, v1"),
    Field::new("intent", Kind::Any, "what a tap opens, v1"),
    Field::new("uri_activity", Kind::Any, "activity that a tap opens, v1"),
    Field::new("uri_action", Kind::Any, "action that a tap starts, v1"),
    Field::new("channel_id", Kind::Any, "notification channel, v1"),
    Field::new("sound", Kind::Any, "a sound of the app, v1"),
    Field::new("badge_add_num", Kind::Any, "how much the badge grows, v1"),
    Field::new("badge_set_num", Kind::Any, "what the badge becomes, v1"),
    Field::new("badge_class", Kind::Any, "the app's entry activity, v1"),
    Field::new("extras", Kind::Any, "the app's own data, v1"),
    Field::new("android", Kind::Any, "the android block, v2"),
    Field::new("ios", Kind::Any, "the ios block, v2"),
    Field::new("hmos", Kind::Any, "the hmos block, v2"),
]);

pub(super) static SMS: Shape = Shape::of(rows! {
    Field::new("delay_time", Kind::I64, "seconds to wait for the push; 0 sends at once").required()
        .limits(&[Limit::range(0, 86_400)]).rule("V3-38"),
    Field::new("temp_id", Kind::I64, "number of the template").required().rule("V3-39"),
    Field::new("signid", Kind::I64, "number of the signature").rule("V3-40"),
    Field::new("temp_para", OBJECT, "what is put into the template").rule("V3-40"),
    Field::new("active_filter", Kind::BOOL, "leave out who is in the app").rule("V3-40"),
});

static CALLBACK: Shape = Shape::of(rows! {
    Field::new("url", Kind::Text, "where to call"),
    Field::new("params", OBJECT, "what to hand over"),
    Field::new("type", Kind::I64, "when to call: sum of 1 delivered, 2 clicked, 4 not delivered, 8 pushed")
        .limits(&[Limit::range(1, 15)]),
});

pub(super) static INAPP: Shape =
    Shape::of(&[Field::new("inapp_message", Kind::BOOL, "whether it is shown there").required()]);

pub(super) static LIVE_ACTIVITY: Shape =
    Shape::of(&[Field::new("ios", Kind::Object(&LIVE_IOS), "the live activity").required()]);

static STARTS: Condition = Condition::Is("event", &[Lit::Text("start")]);

static LIVE_IOS: Shape = Shape::of(rows! {
    Field::new("event", Kind::Choice(choices! { "start", "update", "end" }), "what happens to it").required(),
    Field::new("content-state", OBJECT, "what it shows").required(),
    Field::new("attributes-type", Kind::Text, "name of its type in the app, to start it").required_if(&STARTS),
    Field::new("attributes", OBJECT, "its attributes, to start it"),
    Field::new("alert", OBJECT, "title, body and sound of the alert"),
    Field::new("dismissal-date", Kind::I64, "when it goes away, in seconds since 1970"),
    Field::new("stale-date", Kind::I64, "when it counts as stale, in seconds since 1970"),
    Field::new("relevance-score", Kind::NUMBER, "which one comes first")
        .limits(&[Limit::of(Test::Between(1.0, 100.0))]).rule("V3-56"),
    Field::new("apns-priority", Kind::Choice(choices! { 5 "saving", 10 "at-once" }), "how urgent").rule("V3-56"),
})
.rule("V3-55");
