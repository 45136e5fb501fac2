//! What each message type must carry, and what stands inside its JSON and base64 texts.

use crate::contract::{
    Case, Check, Choice, Codes, Condition, Empties, Field, InnerKind, Kind, Limit, Lit, Null,
    Policy, RowFault, Shape, Spelling, Test, TextForm, Unknown, choices, rows,
};
use crate::provider::kit::forms::is_digits;
use crate::text::en;

/// The types with parts of their own, by `type`.
pub(super) const CASES: &[Case] = &[
    case(&[Lit::Int(1)], &TEXT),
    case(&[Lit::Int(2)], &VOICE),
    case(&[Lit::Int(3)], &IMAGE),
    case(&[Lit::Int(4)], &LOCATION),
    case(&[Lit::Int(5)], &FILE),
    case(&[Lit::Int(6)], &VIDEO),
    case(&[Lit::Int(7)], &STICKER),
    case(&[Lit::Int(8)], &LINK),
    case(&[Lit::Int(9)], &P_TEXT),
    case(&[Lit::Int(10)], &CARD),
    case(&[Lit::Int(11)], &COMPOSITE),
    case(&[Lit::Int(12)], &RICH),
    case(&[Lit::Int(13)], &ARTICLES),
    case(&[Lit::Int(14)], &GENERATING),
    case(&[Lit::Int(15)], &GENERATED),
    case(&[Lit::Int(90)], &TIP),
];

const fn case(is: &'static [Lit], shape: &'static Shape) -> Case {
    Case { is, shape }
}

/// The faults of a required part that belong to its type; a value that is not a string keeps the general rule.
macro_rules! part {
    ($rule:literal, $name:literal, $kind:expr, $about:literal) => {
        Field::new($name, $kind, $about).required().absent(Empties::TEXT).codes(&[
            (RowFault::Missing, $rule),
            (RowFault::Json, $rule),
            (RowFault::Form, $rule),
        ])
    };
}

/// A JSON object of these fields. Every fault gets the same rule.
macro_rules! inner {
    ($rule:literal, $shape:expr) => {{
        static SHAPE: Shape = $shape.policy(&INSIDE);
        static INNER: InnerKind =
            InnerKind { kind: Kind::Object(&SHAPE), bare: false, codes: Codes::all($rule) };
        &INNER
    }};
}

/// A part that holds the text of a JSON object: kind, rule and name, what it is, its fields.
macro_rules! json {
    ($kind:ident $rule:literal $name:literal, $about:literal: $($field:expr),+) => {
        part!($rule, $name, Kind::$kind(inner!($rule, Shape::of(&[$($field),+]))), $about)
    };
}

/// Clients take inside what they know, and leave the rest.
static INSIDE: Policy = Policy {
    null: Null::Absent,
    absent: Empties::NONE,
    digits: Spelling::Refuse,
    words: Spelling::Refuse,
    unknown: Unknown::Ignore,
};

pub(super) static TEXT: Shape = Shape::of(rows! {
    part!("T01", "searchableContent", Kind::Text, "The text"),
    Field::new("base64edData", Kind::Base64,
        "Base64 of `{\"quote\":{\"u\":UID,\"i\":SENDER,\"n\":NICK,\"d\":DIGEST}}`: what it answers"),
})
.named("text");

pub(super) static VOICE: Shape = Shape::of(rows! {
    json!(JsonText "T02" "content",
        "JSON text with the length": Field::new("duration", Kind::NUMBER, "Length in seconds").required()),
    part!("T02", "remoteMediaUrl", Kind::Text, "Address of the recording"),
})
.named("voice");

pub(super) static IMAGE: Shape = Shape::of(&[
    part!("T03", "remoteMediaUrl", Kind::Text, "Address of the image"),
    Field::new("content", Kind::Text, "JSON text `{\"w\",\"h\",\"tp\"}`, the size"),
    Field::new("base64edData", Kind::Base64, "JPEG thumbnail, at most 120x120"),
])
.named("image");

const fn degrees(name: &'static str, about: &'static str, limits: &'static [Limit]) -> Field {
    Field::new(name, Kind::NUMBER, about).limits(limits).required()
}

pub(super) static LOCATION: Shape = Shape::of(rows! {
    json!(JsonText "T04" "content", "JSON text with the coordinates": degrees("lat", "Latitude",
        &[Limit::of(Test::Between(-90.0, 90.0)).rule("W27")]), degrees("long", "Longitude",
        &[Limit::of(Test::Between(-180.0, 180.0)).rule("W27")])),
})
.named("location");

static DIGITS: TextForm = TextForm {
    test: is_digits,
    pattern: Some("^[0-9]+$"),
    words: en("the size in decimal digits"),
};

pub(super) static FILE: Shape = Shape::of(&[
    part!("T05", "searchableContent", Kind::Text, "Name of the file"),
    part!("T05", "content", Kind::Text, "Size in bytes, as digits").limits(&[Limit::form(&DIGITS)]),
    part!("T05", "remoteMediaUrl", Kind::Text, "Address of the file"),
])
.named("file");

pub(super) static VIDEO: Shape = Shape::of(rows! {
    json!(JsonText "T06" "content",
        "JSON text with the length": Field::new("duration", Kind::NUMBER, "Length in seconds").required(),
        Field::new("d", Kind::NUMBER, "The same for old clients").recommended("W26")),
    part!("T06", "remoteMediaUrl", Kind::Text, "Address of the video"),
    Field::new("base64edData", Kind::Base64, "JPEG thumbnail"),
})
.named("video");

pub(super) static STICKER: Shape = Shape::of(rows! {
    part!("T07", "remoteMediaUrl", Kind::Text, "Address of the picture"),
    json!(Base64Json "T07" "base64edData",
        "Base64 of a JSON text with the size": Field::new("x", Kind::NUMBER, "Width").required(),
        Field::new("y", Kind::NUMBER, "Height").required()),
})
.named("sticker");

pub(super) static LINK: Shape = Shape::of(rows! {
    json!(Base64Json "T08" "base64edData", "Base64 of a JSON text with address, digest and picture": Field::new("u",
        Kind::Text, "Address").required().limits(&[Limit::filled()]), Field::new("d", Kind::Any, "Digest"),
        Field::new("t", Kind::Any, "Address of the picture")),
    Field::new("searchableContent", Kind::Text, "Title").recommended("W26").absent(Empties::TEXT),
})
.named("link");

pub(super) static P_TEXT: Shape =
    Shape::of(&[part!("T09", "searchableContent", Kind::Text, "The text")]).named("p-text");

const CARD_KINDS: &[Choice] = choices! { 0 "user": "a user", 1 "group": "a group" };

pub(super) static CARD: Shape = Shape::of(rows! {
    part!("T10", "content", Kind::Text, "Id of what is shown"),
    json!(Base64Json "T10" "base64edData", "Base64 of a JSON text with names and portrait": Field::new("t", Kind::Any,
        "Kind: 0 user, 1 group; others differ by client").limits(&[Limit::of(Test::OneOf(CARD_KINDS)).rule("W27")]),
        Field::new("f", Kind::Any, "Who sends the card"), Field::new("n", Kind::Any, "Account name"), Field::new("d",
        Kind::Any, "Display name"), Field::new("p", Kind::Any, "Portrait")),
})
.named("card");

pub(super) static COMPOSITE: Shape = Shape::of(rows! {
    json!(Base64Json "T11" "base64edData", "Base64 of a JSON text with the messages": Field::new("ms",
        Kind::List(&Field::item(Kind::Any)), "The messages").required()),
    Field::new("content", Kind::Text, "Title"),
    Field::new("searchableContent", Kind::Text, "Digest"),
})
.named("composite");

pub(super) static RICH: Shape = Shape::of(rows! {
    part!("T12", "pushContent", Kind::Text, "Title"),
    json!(Base64Json "T12" "base64edData",
        "Base64 of a JSON text with the details; `{}` will do": Field::new("remark", Kind::Any, "Line below"),
        Field::new("exName", Kind::Any, "Name of the app behind it"),
        Field::new("exPortrait", Kind::Any, "Its picture"), Field::new("exUrl", Kind::Any, "Address to open"),
        Field::new("appId", Kind::Any, "Its id"),
        Field::new("datas", Kind::Any, "List of `{\"key\",\"value\",\"color\"}`")),
    Field::new("content", Kind::Text, "Description").recommended("W26").absent(Empties::TEXT),
})
.named("rich-notification");

pub(super) static ARTICLES: Shape = Shape::of(rows! {
    json!(Base64Json "T13" "base64edData", "Base64 of a JSON text with the articles": Field::new("top",
        Kind::Object(&ANYTHING), "The first article").required(), Field::new("subArticles", Kind::Any,
        "Further articles")),
    Field::new("searchableContent", Kind::Text, "Title of the first article"),
})
.named("articles");

static ANYTHING: Shape = Shape::of(&[]).policy(&INSIDE);

pub(super) static GENERATING: Shape = Shape::of(&[
    part!("T14", "searchableContent", Kind::Text, "All of the text so far"),
    part!("T14", "content", Kind::Text, "Id of the stream"),
])
.checks(rows! {
    Check::flag("T14", Condition::Is("persistFlag", &[Lit::Int(0), Lit::Int(1), Lit::Int(3)]), "persistFlag",
        "a text that is still being generated travels with `persistFlag` 4 alone"),
})
.named("streaming-generating");

pub(super) static GENERATED: Shape = Shape::of(&[
    part!("T15", "searchableContent", Kind::Text, "The whole text"),
    part!("T15", "content", Kind::Text, "Id of the same stream"),
])
.named("streaming-generated");

pub(super) static TIP: Shape =
    Shape::of(&[part!("T90", "content", Kind::Text, "The line")]).named("tip");
