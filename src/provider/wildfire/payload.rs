//! What travels inside a request: conversations, lists of ids, and the payload of a message.

use super::{checks, content, messages};
use crate::contract::{
    Budget, BudgetPart, Check, Condition, Field, Int, Kind, Length, Limit, RowFault, Shape,
    Spelling, Test, ValueCheck, Variant, Width, choices, rows,
};
use crate::document::At;
use crate::provider::kit::forms::ROUNDED;

/// The most that the server takes in one payload, in UTF-16 units and decoded bytes together.
pub(super) const MAX_UNITS: u64 = 65_536;

/// What the documents recommend as the most, in bytes of UTF-8.
const RECOMMENDED_BYTES: u64 = 15_360;

/// How long an id may be: the columns of the server's tables count characters.
const CHARS: Limit = Limit::chars(64);

/// The same in the unit of the documents.
const BYTES: Limit = Limit::bytes(64).rule("W31");

const ID: &[Limit] = &[Limit::filled(), CHARS, BYTES];

/// The id of a user, group, chatroom or channel.
pub(super) const fn id(name: &'static str, about: &'static str) -> Field {
    Field::new(name, Kind::Text, about).limits(ID).id()
}

/// An item of a list of ids. A blank one is not an error of the server's, so it is only warned of.
static ID_ITEM: Field = Field::item(Kind::Text)
    .id()
    .codes(&[(RowFault::Type, "E08"), (RowFault::Null, "E08")])
    .limits(&[CHARS, Limit::of(Test::NotBlank).rule("W06"), BYTES]);

const UNIQUE: Limit = Limit::of(Test::Unique).rule("W06");
const NOT_EMPTY: Limit = Limit::of(Test::Items(Some(1), None)).rule("W05");

/// A list of ids in which none is as good as everybody.
pub(super) const fn ids(name: &'static str, about: &'static str) -> Field {
    Field::new(name, Kind::List(&ID_ITEM), about).limits(&[UNIQUE])
}

/// A list of ids that does nothing when it is empty.
pub(super) const fn due_ids(name: &'static str, about: &'static str) -> Field {
    Field::new(name, Kind::List(&ID_ITEM), about).limits(&[NOT_EMPTY, UNIQUE]).required()
}

const UID: &[Limit] = &[Limit::range(1, i64::MAX as i128), ROUNDED.rule("W15")];

/// The number of a message. Tools that keep it as text are met halfway.
pub(super) const fn uid(name: &'static str, about: &'static str) -> Field {
    Field::new(name, Kind::Int(Int::id(Width::I64).digits(Spelling::Remark("W25"))), about)
        .limits(UID)
        .rule("E06")
        .codes(&[(RowFault::Missing, "E02")])
        .required()
}

/// A payload that must be there.
pub(super) const PAYLOAD_FIELD: Field =
    Field::new("payload", Kind::Object(&PAYLOAD), "The message").required().composed();

/// A line, which separates conversations with the same target.
pub(super) const LINE: Field =
    Field::new("line", Kind::I32, "Number that separates conversations with one target")
        .default("0");

/// The kinds of conversations, by number.
pub(super) const CONVERSATIONS: Kind = Kind::Choice(choices! {
    0 "private": "with one user",
    1 "group": "of a group",
    2 "chatroom": "of a chatroom",
    3 "channel": "of a channel",
    4 "device": "devices, which only the professional edition has" remark "W04",
    5 "secret": "a secret chat, which this API cannot write to" remark "W04",
    6 "undefined": "nothing that is defined" remark "W04",
});

/// The type of a conversation under one of its names.
pub(super) const fn conversation_type(name: &'static str) -> Field {
    Field::new(name, CONVERSATIONS, "Kind of conversation").codes(&[(RowFault::Set, "E07")])
}

/// Which conversation: its type, target and line.
pub(super) static CONVERSATION: Shape = Shape::of(&[
    conversation_type("type").required().sdk(&["conversationType"]),
    id("target", "Id of the user, group, chatroom or channel, as `type` says").required(),
    LINE,
])
.named("Conversation");

/// Values of `persistFlag`.
const PERSIST_FLAG: Kind = Kind::Choice(choices! {
    0 "not-persisted": "delivered, neither shown nor kept by clients",
    1 "persisted": "kept, not counted as unread",
    3 "counted": "kept and counted as unread: the usual message",
    4 "transparent": "for who is online; gone after 10 s",
});

const MENTIONED_TYPE: Kind = Kind::Choice(choices! {
    0 "none": "nobody",
    1 "users": "the users in `mentionedTarget`",
    2 "all": "everybody",
});

const MEDIA_TYPE: Kind = Kind::Open(choices! {
    0 "general": "anything",
    1 "image",
    2 "voice",
    3 "video",
    4 "file",
    5 "portrait",
    6 "favourite",
    7 "sticker",
    8 "moments",
    9 "custom-9": "free for own use",
    10 "custom-10": "free for own use",
    11 "custom-11": "free for own use",
    12 "drive": "newer clients",
});

/// A number that an open set of values would otherwise take at any size.
const INT32: Limit = Limit::range(i32::MIN as i128, i32::MAX as i128).rule("E03");

const PLAUSIBLE_SECONDS: &[Limit] = &[Limit::of(Test::ValueCheck(&SECONDS)).rule("W24")];
static SECONDS: ValueCheck =
    ValueCheck { name: "expireDuration in seconds", test: doubtful_seconds };

/// An hour in milliseconds: as seconds it would be six weeks.
const LOOKS_LIKE_MS: i128 = 3_600_000;

fn doubtful_seconds(at: At<'_>) -> Option<String> {
    let n = at.as_integer()?;
    if n < 0 {
        Some(format!("`expireDuration` is negative ({n})"))
    } else if n >= LOOKS_LIKE_MS {
        Some(format!("`expireDuration` counts seconds, and {n} looks like milliseconds"))
    } else {
        None
    }
}

static MENTIONS_USERS: Condition = Condition::Is("mentionedType", &[crate::contract::Lit::Int(1)]);

const FIELDS: &[Field] = rows! {
    Field::new("type", Kind::Open(&messages::CHOICES), "Message type; own types from 1000").limits(&[INT32])
        .required().composed(),
    Field::new("searchableContent", Kind::Text, "Text; what search and word filter look at"),
    Field::new("pushContent", Kind::Text, "Text of the offline push")
        .default("made by the server for types 1 to 8 and 10; for others no push, unless `pushData` is set"),
    Field::new("pushData", Kind::Text, "Data that goes with the offline push"),
    Field::new("content", Kind::Text, "Content of the type, often a JSON text"),
    Field::new("base64edData", Kind::Base64, "Binary content in base64"),
    Field::new("mediaType", MEDIA_TYPE, "Bucket of the medium").limits(&[INT32]).default("0"),
    Field::new("remoteMediaUrl", Kind::Text, "Address of the medium; upload it first"),
    Field::new("persistFlag", PERSIST_FLAG, "Whether it is kept and counted").default("0").composed(),
    Field::new("expireDuration", Kind::I32, "Seconds until clients no longer fetch it; 0 = never")
        .limits(PLAUSIBLE_SECONDS).default("0"),
    Field::new("mentionedType", MENTIONED_TYPE, "Who is mentioned").default("0"),
    ids("mentionedTarget", "Users that are mentioned, with `mentionedType` 1").absent(crate::contract::Empties::LIST)
        .required_if(&MENTIONS_USERS).codes(&[(RowFault::Missing, "E12")]),
    Field::new("extra", Kind::Text, "Free text for the app"),
};

/// Names that only clients have, or that one reads in samples.
const NEAR: &[(&str, &str)] = &[
    ("binaryContent", "base64edData"),
    ("binaryEditContent", "base64edData"),
    ("mentionedTargets", "mentionedTarget"),
    ("remoteUrl", "remoteMediaUrl"),
    ("localMediaPath", "remoteMediaUrl"),
    ("localContent", "content"),
];

/// The payload of a message.
pub(super) static PAYLOAD: Shape = Shape::of(FIELDS)
    .named("MessagePayload")
    .variants(&[Variant { by: "type", cases: content::CASES, otherwise: None }])
    .near(NEAR)
    .checks(&[
        Check::function("W03", "the type is meant to be sent", checks::sendable).also(&["W08"]),
        Check::function("W02", "persistFlag fits the type", checks::flag).also(&["W17", "W18"]),
        Check::function("W07", "mentions have their type", checks::mention),
        Check::function("W19", "mediaType and address fit", checks::media),
        Check::function("H01", "an own type has a push", checks::push),
        Check::function("H02", "images and videos have a thumbnail", checks::thumbnail),
    ]);

const SIZE: Budget = Budget {
    parts: &[
        BudgetPart::Text("payload/content"),
        BudgetPart::Text("payload/searchableContent"),
        BudgetPart::Text("payload/extra"),
        BudgetPart::Text("payload/pushContent"),
        BudgetPart::Text("payload/pushData"),
        BudgetPart::Decoded("payload/base64edData"),
    ],
    max: Length::Utf16(MAX_UNITS),
    at: "payload",
    what: "the texts of the payload with the decoded `base64edData`",
};

const RECOMMENDED: Check = Check::budget(
    "W13",
    Budget {
        parts: &[BudgetPart::Compact("payload")],
        max: Length::Bytes(RECOMMENDED_BYTES),
        at: "payload",
        what: "the payload",
    },
);

/// The sizes of a payload where the server checks them.
pub(super) static CHECKED_SIZE: Shape =
    Shape::of(&[]).checks(&[Check::budget("E11", SIZE), RECOMMENDED]);

/// The sizes of a payload where no server is known to check them.
pub(super) static UNCHECKED_SIZE: Shape =
    Shape::of(&[]).checks(&[Check::budget("W12", SIZE), RECOMMENDED]);
