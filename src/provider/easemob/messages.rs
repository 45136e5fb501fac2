//! Message types: the same fields in `body` (current generation) and beside `type` in `msg` (old one, broadcasts).

use super::checks::{attachment, secrets, size};
use super::fields::{DECIMAL, long, text};
use crate::contract::{
    Case, Choice, Condition, Empties, Field, Ignored, Kind, Limit, Lit, MapOf, MessageType,
    Misplaced, RuleId, Shape, Test, TextForm, Variant, choices, rows,
};
use crate::text::{Text, en};

const fn url(rule: RuleId) -> Field {
    text("url", rule, "Address of the upload: {base}/chatfiles/{uuid}")
        .required()
        .composed()
        .sdk(&["uri"])
}

const fn filename(rule: RuleId) -> Field {
    text("filename", rule, "Name of the file, which clients show").composed().sdk(&["displayName"])
}

const fn secret(rule: RuleId) -> Field {
    text("secret", rule, "The upload's share-secret; restricted files cannot be read without it")
        .composed()
        .secret()
        .sdk(&["secretKey"])
}

const fn number(name: &'static str, rule: RuleId, about: &'static str) -> Field {
    Field::new(name, Kind::NUMBER, about).rule(rule)
}

const fn length(rule: RuleId) -> Field {
    long("length", rule, "Seconds").sdk(&["duration"])
}

const MISSPELLED: &[(&str, &str)] = &[
    ("Length", "length"),
    ("fileName", "filename"),
    ("file_name", "filename"),
    ("fileLength", "file_length"),
    ("thumbSecret", "thumb_secret"),
    ("customevent", "customEvent"),
    ("custom_event", "customEvent"),
    ("customexts", "customExts"),
    ("custom_exts", "customExts"),
];

/// A shape of content whose wrongly spelled names have a rule of their own.
const fn content(fields: &'static [Field]) -> Shape {
    Shape::of(fields).near_as("EM-W10", MISSPELLED)
}

static TXT: Shape = content(rows! {
    text("msg", "EM-20", "The text").limits(&[Limit::of(Test::NotBlank).rule("EM-W16")]).required().composed()
        .sdk(&["text"]),
})
.checks(&[secrets::IN_TEXT])
.near(&[("content", "msg")]);

const fn pixels(fields: &'static [Field]) -> Shape {
    Shape::of(fields).named("size")
}

static PIXELS: Shape =
    pixels(&[number("width", "EM-21", "Pixels"), number("height", "EM-21", "Pixels")]);
static THUMB_PIXELS: Shape =
    pixels(&[number("width", "EM-23", "Pixels"), number("height", "EM-23", "Pixels")]);

const fn bytes(rule: RuleId) -> Field {
    long("file_length", rule, "Bytes").sdk(&["bytes"])
}

static IMG: Shape = content(&[
    url("EM-21"),
    filename("EM-21"),
    secret("EM-21"),
    Field::new("size", Kind::Object(&PIXELS), "Width and height in pixels")
        .rule("EM-21")
        .sdk(&["dimensions"]),
    bytes("EM-21"),
]);

static AUDIO: Shape =
    content(&[url("EM-22"), filename("EM-22"), secret("EM-22"), length("EM-22"), bytes("EM-22")]);

static VIDEO: Shape = content(&[
    url("EM-23"),
    filename("EM-23"),
    secret("EM-23"),
    text("thumb", "EM-23", "Address of the thumbnail, an upload of its own").recommended("EM-W18"),
    text("thumb_secret", "EM-23", "The thumbnail's share-secret").secret(),
    length("EM-23"),
    bytes("EM-23").composed(),
    Field::new("size", Kind::Object(&THUMB_PIXELS), "Width and height of the thumbnail in pixels")
        .rule("EM-23")
        .sdk(&["dimensions"]),
]);

static FILE: Shape = content(&[url("EM-24"), filename("EM-24"), secret("EM-24"), bytes("EM-24")]);

const DEGREES: Kind = Kind::Union(&[Kind::Text, Kind::NUMBER]);

const fn degrees(name: &'static str, limits: &'static [Limit]) -> Field {
    Field::new(name, DEGREES, "Decimal degrees, as text")
        .rule("EM-25")
        .limits(limits)
        .required()
        .composed()
}

static LOC: Shape = content(rows! {
    degrees("lat", &[Limit::form(&DECIMAL).rule("EM-W14"), Limit::of(Test::Between(-90.0, 90.0)).rule("EM-W14")])
        .sdk(&["latitude"]),
    degrees("lng", &[Limit::form(&DECIMAL).rule("EM-W14"), Limit::of(Test::Between(-180.0, 180.0)).rule("EM-W14")])
        .sdk(&["longitude"]),
    text("addr", "EM-25", "Name of the place").required().composed().sdk(&["address"]),
});

const SCALARS: Kind = Kind::Union(&[Kind::Text, Kind::NUMBER, Kind::BOOL]);
static PARAMS: MapOf = MapOf { value: Field::new("{key}", SCALARS, ""), reserved: &[] };

static CMD: Shape = content(rows! {
    text("action", "EM-26", "Name of the command").required().composed(),
    Field::new("param", Kind::Map(&PARAMS), "Parameters: texts, numbers, truth values").rule("EM-26")
        .sdk(&["params"]),
})
.near(&[("cmd", "action")]);

fn is_event(text: &str) -> bool {
    let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'/' | b'.' | b'-');
    (1..=32).contains(&text.len()) && text.bytes().all(fits)
}

static EVENT: TextForm = TextForm {
    test: is_event,
    pattern: Some("^[a-zA-Z0-9_/.\\-]{1,32}$"),
    words: en("1 to 32 letters, digits, `_`, `/`, `.` or `-`"),
};

const EVENT_LIMITS: &[Limit] = &[Limit::form(&EVENT)];
const CUSTOM_EVENT: Field = text("customEvent", "EM-27", "The app's name for the event")
    .limits(EVENT_LIMITS)
    .recommended("EM-W15");

static TEXTS: MapOf = MapOf { value: Field::new("{key}", Kind::Text, ""), reserved: &[] };
static VALUES: MapOf = MapOf { value: Field::new("{key}", Kind::Any, ""), reserved: &[] };

const SIXTEEN: &[Limit] = &[Limit::at_most_items(16)];

const fn custom_exts(map: &'static MapOf, about: &'static str) -> Field {
    Field::new("customExts", Kind::Map(map), about)
        .rule("EM-28")
        .limits(SIXTEEN)
        .sdk(&["customExtensions"])
}

static CUSTOM: Shape =
    content(&[CUSTOM_EVENT, custom_exts(&TEXTS, "The event's data: at most 16 pairs of texts")]);
/// The old generation says no more than that it is a map.
static OLD_CUSTOM: Shape =
    content(&[CUSTOM_EVENT, custom_exts(&VALUES, "The event's data: at most 16 pairs")]);

const KINDS: &[Choice] = choices! {
    "txt": "text",
    "img": "picture",
    "audio": "voice",
    "video": "film",
    "file": "file",
    "loc": "place",
    "cmd": "command that is never shown",
    "custom": "the app's own event",
};

/// The message type.
pub(super) const TYPE: Field = Field::new("type", Kind::Choice(KINDS), "Message type")
    .rule("EM-06")
    .required()
    .composed()
    .sdk(&["msgType"]);

/// What the old generation has for an unknown type: fields of all types, unchecked.
static ANY: Shape = Shape::of(&[
    any("msg", "The text"),
    any("url", "Address of the upload"),
    any("filename", "Name of the file"),
    any("secret", "Secret of the upload").secret(),
    any("size", "Width and height"),
    any("length", "Seconds"),
    any("file_length", "Bytes"),
    any("thumb", "Address of the thumbnail"),
    any("thumb_secret", "Secret of the thumbnail").secret(),
    any("lat", "Degrees"),
    any("lng", "Degrees"),
    any("addr", "Name of the place"),
    any("action", "Name of the command"),
    any("param", "Parameters of the command"),
    any("customEvent", "Name of the event"),
    any("customExts", "Data of the event"),
]);

const fn any(name: &'static str, about: &'static str) -> Field {
    Field::new(name, Kind::Any, about)
}

macro_rules! by_type {
    ($by:literal, $otherwise:expr, $($word:literal => $shape:expr),* $(,)?) => {
        &[Variant {
            by: $by,
            cases: &[$(Case { is: &[Lit::Text($word)], shape: $shape }),*],
            otherwise: $otherwise,
        }]
    };
}

/// A `body` of one type.
macro_rules! body {
    ($shape:expr) => {{
        static BODY: Shape = Shape::of(&[held($shape)]);
        &BODY
    }};
}

const fn held(shape: &'static Shape) -> Field {
    Field::new("body", Kind::Object(shape), "The message's content")
        .rule("EM-05")
        .absent(Empties::OBJECT)
        .required()
        .composed()
}

static FREE: MapOf = MapOf { value: Field::new("{field}", Kind::Any, ""), reserved: &[] };
static UNKNOWN: Shape = Shape::of(rows! {
    Field::new("body", Kind::Map(&FREE), "The message's content").rule("EM-05").absent(Empties::OBJECT).required(),
});

const BODIES: &[Variant] = by_type! {
    "type", Some(&UNKNOWN),
    "txt" => body!(&TXT),
    "img" => body!(&IMG),
    "audio" => body!(&AUDIO),
    "video" => body!(&VIDEO),
    "file" => body!(&FILE),
    "loc" => body!(&LOC),
    "cmd" => body!(&CMD),
    "custom" => body!(&CUSTOM),
};

/// The old generation has type and content in `msg`.
const IN_MSG: Condition = Condition::Given("msg/type");

const fn in_msg(field: &'static str, help: &'static str) -> Misplaced {
    Misplaced { field, when: IN_MSG, members: &["msg"], help }
}

/// Type and content of a message of the current generation that people get.
pub(super) static MESSAGE: Shape =
    Shape::of(&[TYPE]).variants(BODIES).checks(&[attachment::OF_THIS_APP]).misplaced(&[
        in_msg("type", "`msg` holds it: remove it, and write it beside `body`."),
        in_msg("body", "`msg` is there: take `type` out of it, and call the rest `body`."),
    ]);

/// Type and content of a message that is imported: attachments may be anywhere.
pub(super) static IMPORTED: Shape =
    Shape::of(&[TYPE]).variants(BODIES).checks(&[size::IMPORTED]).misplaced(&[
        // So the official Java SDK sends it; its word for `txt` is `text`.
        in_msg("type", "`msg` holds it: remove it, beside `body`; the SDK's `text` is `txt`."),
        in_msg(
            "body",
            "`msg` is there: take `type` out of it (the SDK's `text` is `txt`), and call the rest `body`.",
        ),
    ]);

/// The current generation has the type beside the content.
const TYPE_BESIDE: &[Misplaced] = &[Misplaced {
    field: "type",
    when: Condition::Given("/type"),
    members: &["/type"],
    help: "`type` stands beside `msg`: put it in.",
}];

const BODY_FOR_MSG: &[Misplaced] = &[Misplaced {
    field: "msg",
    when: Condition::Given("body"),
    members: &["body", "type"],
    help: "`body` is there: call it `msg`, and put `type` into it.",
}];

static OLD_MSG: Shape = Shape::of(&[TYPE]).named("msg").misplaced(TYPE_BESIDE).variants(by_type! {
    "type", Some(&ANY),
    "txt" => &TXT,
    "img" => &IMG,
    "audio" => &AUDIO,
    "video" => &VIDEO,
    "file" => &FILE,
    "loc" => &LOC,
    "cmd" => &CMD,
    "custom" => &OLD_CUSTOM,
});

static BROADCAST_MSG: Shape =
    Shape::of(&[TYPE]).named("msg").misplaced(TYPE_BESIDE).variants(by_type! {
        "type", Some(&ANY),
        "txt" => &TXT,
        "img" => &IMG,
        "audio" => &AUDIO,
        "video" => &VIDEO,
        "file" => &FILE,
        "loc" => &LOC,
        "cmd" => &CMD,
        "custom" => &CUSTOM,
    });

const fn flat(shape: &'static Shape) -> Field {
    Field::new("msg", Kind::Object(shape), "Message type and content, on one level")
        .rule("EM-05")
        .required()
        .composed()
        .sdk(&["message"])
}

/// Type and content of a message of the old generation.
pub(super) static OLD: Shape =
    Shape::of(&[flat(&OLD_MSG)]).checks(&[attachment::OF_THIS_APP]).misplaced(BODY_FOR_MSG);

/// Type and content of a broadcast.
pub(super) static BROADCAST: Shape =
    Shape::of(&[flat(&BROADCAST_MSG)]).checks(&[attachment::OF_THIS_APP]).misplaced(BODY_FOR_MSG);

const EDITABLE: &[Choice] = choices! {
    "txt": "text",
    "img": "picture",
    "image": "some examples write it so; the type is `img`" remark "EM-W10",
    "audio": "voice",
    "video": "film",
    "file": "file",
    "loc": "place",
    "custom": "the app's own event",
};

static NEW_TEXT: Shape = content(rows! {
    text("msg", "EM-53", "The new text").limits(&[Limit::of(Test::NotBlank).rule("EM-W16")]).required().composed(),
})
.checks(&[secrets::IN_TEXT]);

const fn only(name: &'static str, rule: RuleId, message: &'static str) -> Ignored {
    Ignored::new(name, rule, message)
}

const NO_TEXT: Ignored = only("msg", "EM-53", "`msg` belongs to an edit of type `txt` alone");
const NO_EVENT: Ignored =
    only("customEvent", "EM-27", "`customEvent` belongs to an edit of type `custom` alone");
const NO_EXTS: Ignored =
    only("customExts", "EM-28", "`customExts` belongs to an edit of type `custom` alone");

static EDITED_TEXT: Shape = Shape::of(&[]).include(&[&NEW_TEXT]).ignores(&[NO_EVENT, NO_EXTS]);
static EDITED_EVENT: Shape = Shape::of(&[]).include(&[&CUSTOM]).ignores(&[NO_TEXT]);
/// Of attachments and places only the keys beside them change.
static UNCHANGED: Shape = Shape::of(&[]).ignores(&[NO_TEXT, NO_EVENT, NO_EXTS]);

/// What an edit puts in the place of a message.
pub(super) static NEW_MSG: Shape = Shape::of(rows! {
    Field::new("type", Kind::Choice(EDITABLE), "Type of the stored message; commands cannot be edited").rule("EM-52")
        .required().composed(),
})
.named("new_msg")
.variants(by_type! {
    "type", None,
    "txt" => &EDITED_TEXT,
    "custom" => &EDITED_EVENT,
    "img" => &UNCHANGED,
    "image" => &UNCHANGED,
    "audio" => &UNCHANGED,
    "video" => &UNCHANGED,
    "file" => &UNCHANGED,
    "loc" => &UNCHANGED,
});

const BASE: MessageType = MessageType {
    id: "",
    wire: Lit::Text(""),
    about: Text::NONE,
    content: None,
    facts: "stored, pushed to who is offline, can be recalled and edited",
    by_hand: true,
    flag: "",
    source: "Easemob REST documentation, sending messages",
};

const fn row(
    id: &'static str,
    shape: &'static Shape,
    flag: &'static str,
    about: &'static str,
) -> MessageType {
    MessageType {
        id,
        wire: Lit::Text(id),
        about: en(about),
        content: Some(Kind::Object(shape)),
        flag,
        ..BASE
    }
}

/// Every message type.
pub(super) const TYPES: &[MessageType] = rows! {
    row("txt", &TXT, "--text", "Text"),
    row("img", &IMG, "--image", "Picture; its file is uploaded first"),
    row("audio", &AUDIO, "--voice", "Voice; its file is uploaded first"),
    row("video", &VIDEO, "--video", "Film; its file and its thumbnail are uploaded first"),
    row("file", &FILE, "--file", "File; it is uploaded first"),
    row("loc", &LOC, "--location", "Place"),
    MessageType { facts: "never shown, never pushed, cannot be recalled or edited",..row("cmd", &CMD, "--command",
        "Command to the app") },
    row("custom", &CUSTOM, "", "The app's own event"),
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_of_the_choice_has_a_row() {
        let words: Vec<&str> = KINDS.iter().map(|choice| choice.name).collect();
        let rows: Vec<&str> = TYPES.iter().map(|row| row.id).collect();
        assert_eq!(words, rows);
    }
}
