//! `options`: how a push is delivered.

use super::forms::EXACT_NUMBER;
use super::makers::CHANNEL_SECTIONS;
use crate::contract::{Field, Kind, Limit, Lit, Shape, Test, Unknown, choices, rows};

const fn flag(name: &'static str, about: &'static str) -> Field {
    Field::new(name, Kind::BOOL, about).rule("V3-44")
}

/// A field that JPush hands on without looking at it.
const fn passed(name: &'static str, about: &'static str) -> Field {
    Field::new(name, Kind::Any, about)
}

/// A free plan keeps messages for three days.
const FREE_PLAN: Limit = Limit::of(Test::Range(None, Some(259_200))).rule("V3-W08");

pub(super) static OPTIONS: Shape = Shape::of(rows! {
    Field::new("sendno", Kind::I64, "the caller's own number of this push; it is echoed")
        .limits(&[Limit::of(Test::Not(&[Lit::Int(0)]))]).default("0, none").rule("V3-41"),
    Field::new("time_to_live", Kind::I64, "seconds to keep it for devices that are off-line")
        .limits(&[Limit::range(0, 864_000), FREE_PLAN]).default("86400, a day").rule("V3-42"),
    Field::new("override_msg_id", Kind::I64_ID, "msg_id of a push, at most a day old, to replace; Android and HarmonyOS")
        .limits(&[Limit::of(Test::Range(Some(1), None)), EXACT_NUMBER]).rule("V3-43").replaces(),
    flag("apns_production", "true: the APNs production environment").default("true"),
    Field::new("apns_collapse_id", Kind::Text, "a later push with the same id replaces it on iOS")
        .limits(&[Limit::bytes(64)]).rule("V3-45").replaces(),
    Field::new("big_push_duration", Kind::I64,
        "minutes over which the push is spread; an AppKey has at most 20 such pushes under way")
        .limits(&[Limit::range(0, 1400)]).rule("V3-46"),
    Field::new("classification",
        Kind::Choice(choices! { 0 "operational": "news and marketing", 1 "system": "system and private messages" }),
        "what vendors are told that it is").rule("V3-47"),
    Field::new("target_event", Kind::List(&Field::item(Kind::Text)), "events to react to").edition("VIP")
        .rule("V3-48"),
    flag("active_push", "only to devices in use, 07:00 to 22:00"),
    flag("need_backup", "the usual way for the others, with active_push"),
    flag("test_message", "a test message of the vendors'"),
    flag("test_model", "only to registered test devices").edition("paid"),
    Field::new("notification_3rd_ver", Kind::Choice(choices! { "v1", "v2" }), "version of notification_3rd")
        .default("v1").rule("V3-51"),
    Field::new("third_party_channel", Kind::Object(&CHANNEL_SECTIONS),
        "how each maker's channel is used; without VIP, at most 30 % of a push's users of makers' channels get it by them, \
         the others get nothing by them (docs.jiguang.cn, android_3rd_qps, 2025-04-07)").rule("V3-52"),
    passed("receipt_id", "id of the vendors' receipts"),
    passed("business_operation_code", "the caller's code of the campaign"),
    passed("auto_truncation", "whether texts that are too long for a vendor are cut").default("true"),
    passed("mkt_enable", "whether it counts as marketing"),
    passed("notification_switch_filter", "leave out devices with notifications off"),
    passed("alternate_set", "whether the `alternate_` texts of notification and message are used"),
    passed("geofence", "where devices have to be"),
    passed("portal_extra", "what the portal adds"),
})
.named("options")
.rule("V3-41")
.unknown(Unknown::Report("V3-W10"));
