//! What `msg_content` holds, by `msg_type`.

use super::rules;
use crate::contract::{
    Case, Check, Codes, Empties, Field, InnerKind, Int, Kind, Limit, Lit, MapOf, MessageType,
    Policy, Shape, Spelling, Unknown, Variant, Width, choices, rows,
};
use crate::provider::jiguang::JPUSH_NULL;
use crate::text::en;

/// The message types.
pub(super) static TYPES: &[MessageType] = rows! {
    MessageType { id: "notification", wire: Lit::Int(1), about: en("a notification in the bar"),
        content: Some(Kind::Object(&NOTIFICATION)),
        facts: "Android and iOS; n_content and n_extras have 220 bytes together", by_hand: true, flag: "--text",
        source: "REST API v2, Notification Type" },
    MessageType { id: "custom", wire: Lit::Int(2), about: en("a message that the app itself handles"),
        content: Some(Kind::Object(&CUSTOM)), facts: "Android only; its fields have 1000 bytes together",
        by_hand: true, flag: "--command", source: "REST API v2, Types of Custom Message" },
};

/// The values of `msg_type`.
pub(super) const MSG_TYPE: Kind = Kind::Choice(choices! {
    1 "notification": "a notification in the bar",
    2 "custom": "a message that the app handles, Android only",
});

/// `msg_content` as `msg_type` picks it. Under a bad `msg_type`, its fields are not known.
pub(super) static BY_TYPE: [Variant; 1] = [Variant {
    by: "msg_type",
    cases: &[
        Case { is: &[Lit::Int(1)], shape: &Shape::of(&[content(&NOTIFICATION_TEXT)]) },
        Case { is: &[Lit::Int(2)], shape: &Shape::of(&[content(&CUSTOM_TEXT)]) },
    ],
    otherwise: Some(&Shape::of(&[field(Kind::Any)])),
}];

const fn field(kind: Kind) -> Field {
    Field::new("msg_content", kind, "the message itself: an object, or a string that holds one")
        .required()
        .composed()
        .rule("V2-08")
        .absent(Empties::TEXT)
}

const fn content(inner: &'static InnerKind) -> Field {
    field(Kind::JsonText(inner))
}

static NOTIFICATION_TEXT: InnerKind =
    InnerKind { kind: Kind::Object(&NOTIFICATION), bare: true, codes: Codes::NONE };
static CUSTOM_TEXT: InnerKind =
    InnerKind { kind: Kind::Object(&CUSTOM), bare: true, codes: Codes::NONE };

/// Inside the content JSON has its own types again, and an old client's `""` is nothing.
static INSIDE: Policy = Policy {
    null: JPUSH_NULL,
    absent: Empties::TEXT,
    digits: Spelling::Refuse,
    words: Spelling::Refuse,
    unknown: Unknown::Ignore,
};

/// The same where an old client writes `[]` for an empty object.
static PAIRS: Policy = Policy { absent: Empties::LIST, ..INSIDE };

static FREE: MapOf =
    MapOf { value: Field::new("key", Kind::Any, "whatever the app reads"), reserved: &[] };

static N_EXTRAS: MapOf = MapOf {
    value: Field::new("key", Kind::Any, "whatever the app reads"),
    reserved: rows! {
        Field::new("ios", Kind::Any, "badge, sound and content-available for APNs; their types are not checked"),
    },
};

static NOTIFICATION: Shape = Shape::of(rows! {
    Field::new("n_content", Kind::Text, "the text; may be empty for a badge alone").required().composed()
        .rule("V2-09"),
    Field::new("n_title", Kind::Text, "the title, Android only").composed().sdk(&["msgtitle"]).default("the app's name").rule("V2-11"),
    Field::new("n_builder_id", Kind::Int(Int::new(Width::I64).digits(Spelling::Accept)),
        "number of the app's own notification style, Android only").limits(&[Limit::range(0, 1000)])
        .default("0, the default style").rule("V2-10"),
})
.named("a notification")
.include(&[&Shape::of(&[Field::new("n_extras", Kind::Map(&N_EXTRAS), "the app's own data")
    .composed()
    .rule("V2-12")])
.policy(&PAIRS)])
.checks(rows! {
    Check::function("V2-13", "at most 220 bytes of n_content plus n_extras", rules::notification_size),
    Check::function("V2-W09", "something to show", rules::nothing_shown),
    Check::function("V2-W10", "fields of a notification", rules::not_of_a_notification),
    Check::function("V2-W15", "no empty list for an object", rules::php_habits),
})
.policy(&INSIDE);

static CUSTOM: Shape = Shape::of(&[
    Field::new("message", Kind::Text, "what the app reads").required().composed().rule("V2-14"),
    Field::new("content_type", Kind::Text, "a word by which the app reads `message`").rule("V2-15"),
    Field::new("title", Kind::Text, "the title").composed().rule("V2-15"),
])
.named("a custom message")
.include(&[&Shape::of(rows! {
    Field::new("extras", Kind::Map(&FREE), "the app's own data, returned as it is").composed().rule("V2-15"),
})
.policy(&PAIRS)])
.checks(rows! {
    Check::function("V2-16", "at most 1000 bytes in all fields", rules::custom_size).also(&["V2-W16"]),
    Check::function("V2-W10", "fields of a custom message", rules::not_of_a_custom_message),
    Check::function("V2-W15", "no empty list for an object", rules::php_habits),
})
.policy(&INSIDE);
