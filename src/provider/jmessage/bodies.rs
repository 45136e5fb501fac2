//! What stands in `msg_body`, by message type.

use super::checks;
use super::forms::{CRC32, DURATION, FILE_ID, IMAGE_ID, LATITUDE, LONGITUDE, VOICE_ID};
use crate::contract::{Check, Field, Kind, Limit, Lit, MapOf, MessageType, Shape, rows};
use crate::text::Text;

const PROTOCOL: &str = "message protocol, message bodies";

static ANYTHING: MapOf = MapOf { value: Field::item(Kind::Any), reserved: &[] };

/// An object whose content is not checked.
pub(super) const FREE: Kind = Kind::Map(&ANYTHING);

/// What every body but the custom one can have.
static EXTRAS: Shape =
    Shape::of(&[Field::new("extras", FREE, "the app's own data, any JSON object").rule("JM-10")]);

const CRC: Field =
    Field::new("media_crc32", Kind::I64, "CRC-32 of the file, without sign; the upload tells it")
        .required()
        .limits(&[CRC32]);
const FSIZE: Field = Field::new("fsize", Kind::I64, "size of the file in bytes").required();
const WIDTH: Field = Field::new("width", Kind::I64, "width in pixels").required();
const HEIGHT: Field = Field::new("height", Kind::I64, "height in pixels").required();
const HASH: Field = Field::new("hash", Kind::Text, "hash that the upload told");
const FNAME: Field = Field::new("fname", Kind::Text, "name of the file").required();

const fn media_id(limits: &'static [Limit]) -> Field {
    Field::new("media_id", Kind::Text, "id that the upload gave").required().limits(limits)
}

const fn format(about: &'static str) -> Field {
    Field::new("format", Kind::Text, about)
}

/// `text`
pub(super) static TEXT: Shape = Shape::of(&[Field::new("text", Kind::Text, "the text")
    .required()
    .limits(&[Limit::filled().rule("JM-W12")])])
.named("text")
.include(&[&EXTRAS])
.rule("JM-09");

/// `image`
pub(super) static IMAGE: Shape = Shape::of(rows! {
    media_id(&[IMAGE_ID]),
    CRC,
    WIDTH,
    HEIGHT,
    FSIZE,
    format("format of the image, as `jpg`; documents differ on whether it is required").recommended("JM-W03"),
    HASH,
    Field::new("img_link", Kind::Text, "address of the image; in the older document only"),
})
.named("image")
.include(&[&EXTRAS])
.rule("JM-11");

/// `voice`
pub(super) static VOICE: Shape = Shape::of(rows! {
    media_id(&[VOICE_ID]),
    CRC,
    Field::new("duration", Kind::I64, "seconds; the upload does not tell it").required().limits(&[DURATION]),
    FSIZE,
    format("format of the voice, as `mp3`; documents differ on whether it is required").recommended("JM-W03"),
    HASH,
})
.named("voice")
.include(&[&EXTRAS])
.rule("JM-12");

/// `file`
pub(super) static FILE: Shape = Shape::of(&[media_id(&[FILE_ID]), CRC, FNAME, FSIZE, HASH])
    .named("file")
    .include(&[&EXTRAS])
    .rule("JM-13");

static VIDEO_FILE: Shape =
    Shape::of(&[media_id(&[FILE_ID]), CRC, FNAME, FSIZE, HASH]).rule("JM-14");

static THUMB: Shape = Shape::of(&[
    media_id(&[IMAGE_ID]),
    CRC,
    WIDTH,
    HEIGHT,
    FSIZE,
    format("format of the picture").required(),
    HASH,
])
.rule("JM-14");

/// `video`
pub(super) static VIDEO: Shape = Shape::of(rows! {
    Field::new("video", Kind::Object(&VIDEO_FILE), "the film, uploaded with type `file`").required(),
    Field::new("duration", Kind::NUMBER, "seconds; the upload does not tell it").required().limits(&[DURATION]),
    Field::new("thumb", Kind::Object(&THUMB), "a picture of it, uploaded with type `image`"),
})
.named("video")
.include(&[&EXTRAS])
.rule("JM-14");

/// `location`
pub(super) static LOCATION: Shape = Shape::of(rows! {
    Field::new("latitude", Kind::NUMBER, "degrees").required().limits(&[LATITUDE]),
    Field::new("longitude", Kind::NUMBER, "degrees").required().limits(&[LONGITUDE]),
    Field::new("scale", Kind::NUMBER, "scale of the map").required(),
    Field::new("label", Kind::Text, "name of the place; send it as `lable`, too").required().aliases(&["lable"]),
})
.named("location")
.include(&[&EXTRAS])
.checks(
    &[Check::function("JM-15", "both spellings of the label", checks::labels).also(&["JM-W04"])],
)
.rule("JM-15");

/// The message types.
pub(super) static TYPES: &[MessageType] = &[
    kind("text", "--text", "a text", Kind::Object(&TEXT)),
    kind("image", "--image", "an uploaded image", Kind::Object(&IMAGE)),
    kind("voice", "--voice", "an uploaded voice", Kind::Object(&VOICE)),
    kind("file", "--file", "an uploaded file", Kind::Object(&FILE)),
    kind("video", "--video", "an uploaded film", Kind::Object(&VIDEO)),
    kind("location", "--location", "a place on the map", Kind::Object(&LOCATION)),
    kind("custom", "--command", "any object that the app understands, `{}` too", FREE),
];

const fn kind(
    id: &'static str,
    flag: &'static str,
    about: &'static str,
    content: Kind,
) -> MessageType {
    MessageType {
        id,
        wire: Lit::Text(id),
        about: Text::en(about),
        content: Some(content),
        facts: "stored for users who are off line, but in chat rooms; msg_body up to 4096 bytes",
        by_hand: true,
        flag,
        source: PROTOCOL,
    }
}
