//! The notification of the instant-push product, with a section for each phone maker.

use super::fields::{long, text};
use super::makers;
use crate::contract::{
    Choice, Field, Kind, Length, Limit, MapOf, RuleId, Shape, Test, choices, rows,
};

static FREE: MapOf = MapOf { value: Field::new("{key}", Kind::Any, ""), reserved: &[] };

static CLICK: Shape = Shape::of(&[
    text("url", "EM-100", "Address that a tap opens"),
    text("action", "EM-100", "Action that a tap starts; not on iOS"),
    text("activity", "EM-100", "Screen that a tap opens; not on iOS"),
])
.named("clickAction");

static BADGE: Shape = Shape::of(&[
    long("addNum", "EM-100", "What is added to the number on the icon"),
    long("setNum", "EM-100", "The number on the icon"),
    text("activity", "EM-100", "Screen whose icon has the number"),
])
.named("badge");

static CONFIG: Shape = Shape::of(&[
    Field::new("clickAction", Kind::Object(&CLICK), "What a tap does").rule("EM-100"),
    Field::new("badge", Kind::Object(&BADGE), "Number on the icon").rule("EM-100"),
])
.named("config");

const SECTION: RuleId = "EM-101";

const fn section(name: &'static str, shape: &'static Shape, about: &'static str) -> Field {
    Field::new(name, Kind::Object(shape), about).rule(SECTION)
}

/// The section of the vendor's own channel or of a phone maker.
pub(super) fn section_of(name: &str) -> Option<&'static Shape> {
    let field = PUSH_MESSAGE.fields.iter().find(|field| field.name == name)?;
    match field.kind {
        Kind::Object(shape) if field.codes.all == Some(SECTION) => Some(shape),
        _ => None,
    }
}

/// The notification.
pub(super) static PUSH_MESSAGE: Shape = Shape::of(rows! {
    text("title", "EM-96", "Title").limits(&[Limit::of(Test::NotBlank), Limit::at_most(Length::Weighted(32))])
        .required().composed(),
    text("content", "EM-97", "Text").limits(&[Limit::of(Test::NotBlank), Limit::at_most(Length::Weighted(100))])
        .required().composed(),
    text("subTitle", "EM-98", "Second title, on iOS").limits(&[Limit::chars(10)]),
    Field::new("ext", Kind::Map(&FREE), "The app's own keys: at most 10, 1024 characters together").rule("EM-99")
        .limits(&[Limit::at_most_items(10), Limit::chars(1024)]).composed(),
    Field::new("config", Kind::Object(&CONFIG), "What a tap does, and the number on the icon").rule("EM-100"),
    section("easemob", &makers::EASEMOB, "For the vendor's own channel"),
    section("apns", &makers::APNS, "For Apple devices"),
    section("fcm", &makers::FCM, "For Google's channel, old protocol"),
    section("fcmV1", &makers::FCM_V1, "For Google's channel"),
    section("huawei", &makers::HUAWEI, "For Huawei devices"),
    section("honor", &makers::HONOR, "For Honor devices"),
    section("meizu", &makers::MEIZU, "For Meizu devices"),
    section("oppo", &makers::OPPO, "For Oppo devices"),
    section("vivo", &makers::VIVO, "For vivo devices"),
    section("xiaomi", &makers::XIAOMI, "For Xiaomi devices"),
    section("harmonyOS", &makers::HARMONY, "For HarmonyOS devices"),
})
.named("pushMessage")
.checks(&[makers::UNKNOWN_SETTINGS])
.near_as("EM-W10", &[("sub_title", "subTitle"), ("subtitle", "subTitle")]);

const STRATEGIES: &[Choice] = choices! {
    0 "vendor-first": "the phone maker's channel first, then Easemob's",
    1 "easemob-only": "Easemob's channel alone",
    2 "vendor-only": "the phone maker's channel alone; users without a device token get nothing, and nobody is told" remark "EM-W27",
    3 "online-easemob": "who is online by Easemob, the others by the phone maker",
    4 "easemob-online": "Easemob's channel, only who is online",
};

/// Which channels are used.
pub(super) const STRATEGY: Field =
    Field::new("strategy", Kind::Choice(STRATEGIES), "Which channels are used")
        .rule("EM-91")
        .default("2")
        .recommended("EM-W27");

/// The field.
pub(super) const PUSH_FIELD: Field =
    Field::new("pushMessage", Kind::Object(&PUSH_MESSAGE), "The notification")
        .rule("EM-92")
        .required()
        .composed();
