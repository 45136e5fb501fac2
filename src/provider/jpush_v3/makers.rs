//! `options.third_party_channel`: a section for each maker's channel.
//!
//! Keys and types beyond those of the push page were read in `api/jpush/push/options/options.go` of
//! cavlabs/jiguang-sdk-go (2026-07), whose comments repeat the page.

use super::notification::OBJECT;
use crate::contract::{
    Check, Codes, Condition, Field, InnerKind, Kind, Limit, Shape, Test, Unknown, choices, rows,
};

/// The makers whose channels JPush uses.
pub(super) const CHANNELS: [&str; 10] =
    ["xiaomi", "huawei", "honor", "meizu", "oppo", "vivo", "fcm", "nio", "asus", "hmos"];

pub(super) static CHANNEL_SECTIONS: Shape = Shape::of(rows! {
    section("xiaomi", &XIAOMI), section("huawei", &HUAWEI), section("honor", &HONOR), section("meizu", &OTHER),
    section("oppo", &OPPO), section("vivo", &VIVO), section("fcm", &OTHER), section("nio", &OTHER),
    section("asus", &OTHER), section("hmos", &OTHER),
})
.named("third_party_channel")
.unknown(Unknown::Report("V3-W10"));

const fn section(maker: &'static str, shape: &'static Shape) -> Field {
    Field::new(maker, Kind::Object(shape), "the channel of this maker")
}

/// A key that JPush hands on: another type than the documented one is warned of.
const fn passed(name: &'static str, kind: Kind, about: &'static str) -> Field {
    Field::new(name, kind, about).rule("V3-W05")
}

const fn text(name: &'static str, about: &'static str) -> Field {
    passed(name, Kind::Text, about)
}

const fn flag(name: &'static str, about: &'static str) -> Field {
    passed(name, Kind::BOOL, about)
}

const fn object(name: &'static str, about: &'static str) -> Field {
    passed(name, OBJECT, about)
}

const VIP_WAYS: &str = "secondary_push on the free plan, first_ospush with VIP; first_ospush and ospush need VIP (page of 2025-10-14)";

/// Which channel delivers.
static DELIVERY: Shape = Shape::of(rows! {
    Field::new("distribution", Kind::Choice(choices! {
        "first_ospush": "the maker's channel where a device has it, JPush's own elsewhere",
        "ospush": "the maker's channel alone; without its quota the push is refused (1012)",
        "jpush": "JPush's own channel alone",
        "secondary_push": "JPush's own channel, the maker's for devices that are off-line" }),
        "which of the maker's channel and JPush's own comes first").default(VIP_WAYS),
    Field::new("distribution_fcm",
        Kind::Choice(choices! { "jpush", "fcm", "pns", "secondary_fcm_push", "secondary_pns_push" }),
        "the same between FCM, the maker's channel and JPush's own")
        .default("secondary_fcm_push on the free plan, fcm with VIP; fcm and pns need VIP (page of 2025-10-14)"),
    Field::new("distribution_customize", Kind::Choice(choices! { "jpush", "first_ospush", "secondary_push" }),
        "the same for custom messages, huawei and honor"),
})
.rule("V3-53");

/// What the documents name without a maker, or for several.
static COMMON: Shape = Shape::of(rows! {
    text("channel_id", "notification channel of the maker's, before the one of the android block"),
    flag("skip_quota", "JPush does not count the maker's quota; xiaomi and oppo").default("false"),
    passed("classification", Kind::Choice(choices! { 0 "operational": "news and marketing",
        1 "system": "system and private messages" }), "what it is; `options.classification` goes before it"),
    passed("push_mode", Kind::Choice(choices! { 0 "real", 1 "test" }), "a test push; vivo").default("0"),
    text("importance", "LOW, NORMAL or HIGH; huawei and honor"),
    text("category", "the maker's own category of the message; huawei, vivo and oppo"),
    passed("notify_level", Kind::I64, "how loud it is: 1 bar, 2 and lock screen, 16 and banner; oppo, with `category`"),
    text("sound", "a sound of the app; huawei"),
    text("urgency", "HIGH or NORMAL, for custom messages; huawei"),
    passed("target_user_type", Kind::Choice(choices! { 0 "all", 1 "test" }), "a test message; huawei and honor")
        .default("0"),
    passed("style", Kind::I64, "0 plain, 1 big_text, 2 inbox, 3 big_pic").limits(&[Limit::range(0, 3)]).default("0"),
});

static BIG_TEXT: Shape = Shape::of(&[text("big_text", "the long text of style 1")]);
static LARGE_ICON: Shape =
    Shape::of(&[text("large_icon", "an icon: media_id, or an https address")]);
static SMALL_ICON: Shape = Shape::of(&[text("small_icon_uri", "a small icon")]);
static OWN_STYLE: Shape =
    Shape::of(&[
        flag("only_use_vendor_style", "not the style of the android block").default("false")
    ]);
static AUDIT: Shape =
    Shape::of(&[object("auditResponse", "what a third party's review of the text answered")]);
static VOIP: Shape = Shape::of(&[text("voip_extraData", "data of a VoIP push, push type 3")]);

/// A push type: no other value is known to the server.
const fn push_type(name: &'static str, kind: Kind) -> Field {
    Field::new(name, kind, "what kind of live or VoIP push it is").rule("V3-81")
}

const LIVE_OR_VOIP: Kind =
    Kind::Choice(choices! { 3 "voip": "a VoIP push", 7 "live": "a live push" });

static PARAMETERS: InnerKind = InnerKind { kind: OBJECT, bare: false, codes: Codes::NONE };

static XIAOMI: Shape = maker(
    rows! {
        text("small_icon_color", "colour of the small icon"),
        text("mi_template_id", "template of a private message, with `channel_id`"),
        passed("mi_template_param", Kind::JsonText(&PARAMETERS), "what is put into the template"),
        push_type("mi_push_type", LIVE_OR_VOIP),
        object("mi_live_payload", "what a live push shows, push type 7"),
    },
    "the xiaomi section",
    &[&DELIVERY, &COMMON, &BIG_TEXT, &OWN_STYLE, &VOIP],
);

static HUAWEI: Shape = maker(
    rows! {
        flag("default_sound", "the system's sound, not `sound`"),
        text("receipt_id", "id of the maker's receipt"),
        object("inbox", "the lines of style 2"),
        passed("hw_push_type", Kind::I64, "handed on; 7 is a live view"),
        object("hw_live_payload", "what a live view shows, push type 7"),
    },
    "the huawei section",
    &[&DELIVERY, &COMMON, &BIG_TEXT, &LARGE_ICON, &SMALL_ICON, &OWN_STYLE, &AUDIT],
);

static HONOR: Shape = maker(
    rows! {
        push_type("honor_push_type", Kind::Choice(choices! { 3 "voip": "a VoIP push" })),
    },
    "the honor section",
    &[&DELIVERY, &COMMON, &BIG_TEXT, &LARGE_ICON, &SMALL_ICON, &OWN_STYLE, &VOIP],
);

static OPPO: Shape = maker(rows! {
    text("big_pic_path", "the picture of style 3"),
    text("private_msg_template_id", "template of a private message"),
    object("private_title_parameters", "what is put into the template's title"),
    object("private_content_parameters", "what is put into the template's text"),
    passed("badge_operation_type", Kind::Choice(choices! { 0 "set", 1 "add" }), "whether the badge is set or grows"),
    passed("badge_message_count", Kind::I64, "the badge; 0 clears it").limits(&[Limit::of(Test::Range(Some(0), None))]),
    push_type("op_push_type", LIVE_OR_VOIP),
    object("op_intelligent_intent", "what a live push shows"),
    object("op_delete_intent_data", "which live push goes away; not beside `op_intelligent_intent`"),
}, "the oppo section", &[&DELIVERY, &COMMON, &BIG_TEXT, &LARGE_ICON, &OWN_STYLE, &AUDIT, &VOIP])
.checks(&[Check::flag("V3-83",
    Condition::All(&[Condition::Given("notify_level"), Condition::Not(&Condition::Given("category"))]),
    "notify_level", "`notify_level` needs `category`")]);

static VIVO: Shape = maker(
    rows! {
        text("callback_id", "id of the maker's receipt"),
        flag("add_badge", "the badge grows by one"),
        flag("extensionExpireShow", "handed on, for VoIP pushes"),
        push_type("vivo_push_type",
            Kind::Choice(choices! { 2 "data": "data for the app", 3 "voip": "a VoIP push", 7 "live": "a live push" })),
        object("vivo_inapp_msg", "data for the app, push type 2"),
        object("vivo_liveMessage", "what a live push shows, push type 7"),
    },
    "the vivo section",
    &[&DELIVERY, &COMMON, &AUDIT, &VOIP],
);

static OTHER: Shape = maker(&[], "this maker's section", &[&DELIVERY, &COMMON]);

const fn maker(
    fields: &'static [Field],
    name: &'static str,
    include: &'static [&'static Shape],
) -> Shape {
    Shape::of(fields).named(name).include(include).unknown(Unknown::Report("V3-W10"))
}

/// A maker's live and VoIP pushes: what makes one, and what it needs.
#[derive(Debug)]
pub(super) struct LivePush {
    /// The maker.
    pub(super) maker: &'static str,
    /// The key of the push type.
    pub(super) key: &'static str,
    /// The push types: the number, and the keys of the content, each of which has to be there.
    pub(super) types: &'static [(i64, &'static [&'static str])],
    /// Keys that make one by themselves. The push type with no content of its own needs one of them, and not two.
    pub(super) alone: &'static [&'static str],
}

/// What makers demand of live and VoIP pushes.
pub(super) static LIVE_PUSHES: &[LivePush] = rows! {
    LivePush { maker: "oppo", key: "op_push_type", types: &[(3, &["voip_extraData"]), (7, &[])],
        alone: &["op_intelligent_intent", "op_delete_intent_data"] },
    LivePush { maker: "vivo", key: "vivo_push_type",
        types: &[(2, &["vivo_inapp_msg"]), (3, &["voip_extraData"]), (7, &["vivo_liveMessage"])],
        alone: &["vivo_inapp_msg", "vivo_liveMessage"] },
    LivePush { maker: "honor", key: "honor_push_type", types: &[(3, &["voip_extraData"])], alone: &[] },
    LivePush { maker: "xiaomi", key: "mi_push_type",
        types: &[(3, &["voip_extraData", "channel_id"]), (7, &["mi_live_payload"])], alone: &["mi_live_payload"] },
    // Other numbers are handed on.
    LivePush { maker: "huawei", key: "hw_push_type", types: &[(7, &["hw_live_payload"])], alone: &[] },
};
