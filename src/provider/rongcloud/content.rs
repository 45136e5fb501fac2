//! The JSON that stands in `content`, by message type.

use super::checks::message;
use super::fields::{FILLED, INNER, INNER_CODES, LOOSE_INT, text as plain};
use crate::contract::{
    Condition, Empties, Field, InnerKind, Kind, Limit, Lit, RowFault, Shape, Spelling, Test,
    choices,
};

const ODD_IF_EMPTY: &[Limit] = &[Limit::filled().rule("W29")];

/// A required text, which may be empty though that is odd.
const fn text(name: &'static str, about: &'static str) -> Field {
    plain(name, about).limits(ODD_IF_EMPTY).required()
}

/// A text that client code requires, not a document.
const fn client_text(name: &'static str, about: &'static str) -> Field {
    plain(name, about).recommended("W29")
}

/// A required address.
const fn url(name: &'static str, about: &'static str) -> Field {
    plain(name, about).limits(FILLED).required()
}

/// An address that client code requires.
const fn client_url(name: &'static str, about: &'static str) -> Field {
    url(name, about).recommended("W29").absent(Empties::NONE)
}

const fn int(name: &'static str, about: &'static str) -> Field {
    Field::new(name, Kind::I64, about).required()
}

/// A picture as base64 of a JPG: the text's length was once limited to 80 K, is advised to be below 10 K.
const THUMBNAIL: Field = Field::new(
    "content",
    Kind::Base64,
    "Thumbnail: JPG in base64 without line breaks, longer side 240 px at most, 10 K advised",
)
.limits(&[Limit::filled(), Limit::bytes(81_920), Limit::bytes(10_240).rule("W30")])
.required();

/// A first frame or a map: no limit is documented, but the advice for thumbnails holds.
const STILL: Field =
    Field::new("content", Kind::Base64, "Picture: JPG in base64 without line breaks, 10 K advised")
        .limits(&[Limit::filled(), Limit::bytes(10_240).rule("W30")])
        .required();

const SIZE: Field = Field::new("size", LOOSE_INT, "Bytes of the file").required();

const fn degrees(name: &'static str, about: &'static str, limits: &'static [Limit]) -> Field {
    Field::new(name, Kind::Number(Spelling::Remark("W24")), about).limits(limits).required()
}

/// Who sends, as clients show it before they know the user.
pub(super) static USER: Shape = Shape::of(&[
    plain("id", "User id").id(),
    plain("name", "Name"),
    plain("portrait", "Address of the portrait"),
    plain("extra", "The app's own data"),
])
.named("user");
const USER_FIELD: Field = Field::new("user", Kind::Object(&USER), "Who sends, for display");

static USER_ID: Field = Field::item(Kind::Text).id();
static LISTED: Condition = Condition::Is("type", &[Lit::Int(2)]);

/// Who is mentioned.
pub(super) static MENTIONED_INFO: Shape = Shape::of(&[
    Field::new(
        "type",
        Kind::Choice(
            choices! { 1 "all": "everybody in the group", 2 "listed": "the users in `userIdList`" },
        ),
        "Who is mentioned",
    )
    .required(),
    Field::new("userIdList", Kind::List(&USER_ID), "User ids, for type 2")
        .required_if(&LISTED)
        .sdk(&["userIds"]),
    plain(
        "mentionedContent",
        "Text of the push to whom it mentions; takes priority over `pushContent`",
    ),
])
.named("mentionedInfo")
.near_as("W33", &[("pushContent", "mentionedContent")]);

const MENTIONED: Field = Field::new(
    "mentionedInfo",
    Kind::Object(&MENTIONED_INFO),
    "Who is mentioned; acts only with `isMentioned` 1",
);
const EXTRA: Field = plain("extra", "The app's own data");

static COMMON: Shape = Shape::of(&[EXTRA, MENTIONED]);
static WITH_USER: Shape = Shape::of(&[USER_FIELD]).include(&[&COMMON]);

macro_rules! contents {
    ($($name:ident: $shape:expr;)*) => {
        $(pub(super) static $name: InnerKind = InnerKind {
            kind: Kind::Object({
                // A type is also looked at by itself, so its codes are the shape's, not only the string's.
                static SHAPE: Shape =
                    $shape.policy(&INNER).rule("E12").codes(&[(RowFault::Missing, "E11")]);
                &SHAPE
            }),
            bare: false,
            codes: INNER_CODES,
        };)*
    };
}

contents! {
    TEXT: Shape::of(&[text("content", "The text, emoji included").composed()]).include(&[&WITH_USER]);
    IMAGE: Shape::of(&[THUMBNAIL, url("imageUri", "Address of the picture").composed()])
        .include(&[&WITH_USER]);
    GIF: Shape::of(&[
        int("gifDataSize", "Bytes of the picture"),
        int("width", "Pixels"),
        int("height", "Pixels"),
        url("remoteUrl", "Address of the picture"),
        plain("localPath", "Path on the receiver's device, in old versions"),
        plain("name", "Name of the file"),
    ]).include(&[&WITH_USER]);
    VOICE: Shape::of(&[
        url("remoteUrl", "Address of the AAC file").composed(),
        DURATION,
        plain("localPath", "Path on the device"),
    ]).include(&[&WITH_USER]);
    FILE: Shape::of(&[
        client_text("name", "Name of the file").composed(),
        SIZE,
        text("type", "Type of the file, as `txt`").composed(),
        url("fileUrl", "Address of the file").composed(),
    ]).include(&[&WITH_USER]);
    SIGHT: Shape::of(&[
        url("sightUrl", "Address of the film, mp4").composed(),
        STILL,
        int("duration", "Seconds; clients record up to 120"),
        SIZE,
        text("name", "Name of the file, ending in .mp4").composed(),
    ]).include(&[&WITH_USER]);
    LOCATION: Shape::of(&[
        STILL,
        degrees("latitude", "Degrees", &[Limit::of(Test::Between(-90.0, 90.0)).rule("W24")])
            .composed(),
        degrees("longitude", "Degrees", &[Limit::of(Test::Between(-180.0, 180.0)).rule("W24")])
            .composed(),
        text("poi", "Name of the place").composed(),
    ]).include(&[&WITH_USER]).checks(&[message::NOWHERE]);
    INFO: Shape::of(&[text("message", "The line that is shown")]).include(&[&COMMON]);
    PROFILE: Shape::of(&[
        text("operation", "What changed, in the app's own words"),
        text("data", "What it is now, usually JSON text"),
    ]).include(&[&COMMON]);
    CONTACT: Shape::of(&[
        Field::new(
            "operation",
            Kind::Open(choices! { "Request": "asks", "AcceptResponse": "accepts", "RejectResponse": "declines" }),
            "What it is about, or the app's own word",
        ).limits(&[Limit::filled().rule("W29")]).required(),
        text("sourceUserId", "Who caused the notice").id(),
        text("targetUserId", "Who gets it; in groups and rooms the conversation's id").id(),
        text("message", "Wording of the request or answer"),
    ]).include(&[&COMMON]);
    COMMAND: Shape::of(&[
        text("name", "Name of the command").composed(),
        text("data", "What goes with it, usually JSON text"),
        MENTIONED,
    ]);
    REFERENCE: Shape::of(&[
        client_text("content", "The reply"),
        client_text("referMsgUserId", "Author of the quoted message").id(),
        client_text("objName", "Type of the quoted message"),
        Field::new("referMsg", Kind::Object(&ANYTHING), "Content of the quoted message")
            .recommended("W29"),
        plain("referMsgUid", "Id of the quoted message"),
    ]).include(&[&COMMON]);
    COMBINE: Shape::of(&[
        client_url("remoteUrl", "Address of the bundle, HTML"),
        Field::new(
            "conversationType",
            Kind::Choice(choices! { 1 "private", 3 "group" }),
            "Where the messages come from",
        ).recommended("W29"),
        Field::new("nameList", Kind::List(&LINE), "Names, up to 4")
            .limits(&[Limit::at_most_items(4)]).recommended("W29"),
        Field::new("summaryList", Kind::List(&LINE), "First lines, up to 4")
            .limits(&[Limit::at_most_items(4)]).recommended("W29"),
    ]).include(&[&COMMON]);
    VOICE_LEGACY: Shape::of(&[
        Field::new("content", Kind::Base64, "AMR in base64 without line breaks")
            .limits(&[Limit::filled(), Limit::bytes(61_440).rule("W30")])
            .absent(Empties::NONE)
            .recommended("W29"),
        Field::new("duration", Kind::I64, "Seconds, at most 60")
            .limits(&[Limit::of(Test::Range(None, Some(60)))]).recommended("W29"),
    ]).include(&[&COMMON]);
    RICH: Shape::of(&[
        client_text("title", "Title"),
        client_text("content", "Text"),
        client_url("imageUri", "Address of the picture"),
        client_url("url", "Where it leads"),
    ]).include(&[&COMMON]);
    GROUP: Shape::of(&[
        text("operatorUserId", "Who did it").id(),
        Field::new(
            "operation",
            Kind::Open(choices! { "Create", "Rename", "Add", "Kicked", "Quit", "Dismiss" }),
            "What happened, or the app's own word",
        ).limits(&[Limit::filled().rule("W29")]).required(),
        // A map in `GroupNotificationMessage` of rongcloud/server-sdk-java since 2019, text in the Go SDKs.
        Field::new("data", Kind::Union(&[Kind::Text, Kind::Object(&ANYTHING)]), "Details: JSON text, or the object itself")
            .limits(ODD_IF_EMPTY).required(),
        text("message", "The line that is shown"),
    ]).include(&[&COMMON]);
    COMMAND_NOTIFICATION: Shape::of(&[
        client_text("name", "Name of the command"),
        client_text("data", "What goes with it"),
    ]).include(&[&COMMON]).near(&[("operation", "name")]);
    RECALL_COMMAND: Shape::of(&[
        client_text("messageUId", "Id of the broadcast"),
        Field::new(
            "conversationType",
            Kind::Choice(choices! { 6 "system" }),
            "Always 6",
        ).recommended("W29"),
        Field::new("isAdmin", Kind::FLAG01, "Recalled by an administrator").recommended("W29"),
        Field::new("isDelete", Kind::FLAG01, "Vanish without a note").recommended("W29"),
    ]).include(&[&COMMON]);
    READ_RECEIPT: Shape::of(&[
        Field::new("lastMessageSendTime", Kind::I64, "Milliseconds").recommended("W29"),
        client_text("messageUId", "Id of the last message that was read"),
        Field::new("type", Kind::Choice(choices! { 1 "1" }), "Always 1")
            .recommended("W29"),
    ]).include(&[&COMMON]);
    TYPING: Shape::of(&[client_text("typingContentType", "Type that is being written")])
        .include(&[&COMMON]);
    // `ContactMessage` and `StickerMessage` of rongcloud/android-ui-sdk-set, `RCContactCardMessage` and `RCStickerMessage`
    // of rongcloud/ios-ui-sdk-set, both of 2026-06-30.
    CONTACT_CARD: Shape::of(&[
        client_text("userId", "Whose card it is").id(),
        client_text("name", "Name of that user"),
        plain("portraitUri", "Address of that user's portrait"),
        plain("sendUserId", "Who shares the card").id(),
        plain("sendUserName", "Name of who shares it"),
    ]).include(&[&COMMON]);
    STICKER: Shape::of(&[
        client_text("packageId", "Set of the sticker"),
        client_text("stickerId", "The sticker"),
        client_text("digest", "The sticker in words"),
        Field::new("width", Kind::I64, "Pixels"),
        Field::new("height", Kind::I64, "Pixels"),
    ]).include(&[&COMMON]);
    ROOM_KEY: Shape::of(&[
        Field::new(
            "type",
            Kind::Choice(choices! { 1 "set", 2 "delete" }),
            "What is done",
        ).required(),
        plain("key", "Key").limits(&[Limit::chars(128), Limit::filled().rule("W29")]).required(),
        plain("value", "Value").limits(&[Limit::chars(4096), Limit::filled().rule("W29")]).required(),
    ]).include(&[&COMMON]);
}

const DURATION: Field = Field::new("duration", Kind::I64, "Seconds, at most 60; not milliseconds")
    .limits(&[Limit::of(Test::Range(None, Some(60)))])
    .required();
static ANYTHING: Shape = Shape::of(&[]);
static LINE: Field = Field::item(Kind::Text);
