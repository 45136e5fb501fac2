//! Files, histories, states of delivery.

use super::{BASE, HUNDRED, calls, get, json, shared};
use crate::contract::{
    BodyForm, Choice, Effect, Field, FileRules, Kind, Limit, Operation, Position, Reach,
    Repeatable, Root, Shape, Verb,
};
use crate::provider::easemob::fields::{
    DIGITS, HOUR, TEXT_ITEM, USERNAME, boolean, filled, long, text,
};
use crate::text::{Text, en};
use crate::wire::Method;

const fn header(field: Field) -> Field {
    field.position(Position::Header)
}

/// The most bytes of a file, unless a contract says more.
pub(in super::super) const FILE_BYTES: u64 = 10_485_760;
static RULES: FileRules = FileRules { max_bytes: FILE_BYTES, endings: &[], max_name: None };

static UPLOADED: Shape = Shape::of(&[
    Field::new("file", Kind::File(&RULES), "The file, at most 10 MB")
        .rule("EM-60")
        .required()
        .composed(),
    text("filename", "EM-60", "Name of the file, as one SDK sends it"),
    header(boolean("restrict-access", "EM-61", "Downloads need the share-secret"))
        .edition("on request"),
    header(long("thumbnail-height", "EM-61", "Height of the thumbnail in pixels")).default("170"),
    header(long("thumbnail-width", "EM-61", "Width of the thumbnail in pixels")).default("170"),
]);

/// `upload`
pub(super) const UPLOAD: Operation = Operation {
    id: "upload",
    about: en("Store a file that messages can refer to, for 7 days by default"),
    path: "/{org}/{app}/chatfiles",
    body: BodyForm::Multipart,
    root: Root::Shape(&UPLOADED),
    verbs: &[Verb::Upload],
    effect: Effect::Manages,
    reach: Reach::Own,
    repeat: Repeatable::Duplicates,
    rates: HUNDRED,
    ..BASE
};

const UUID: Field = filled("file_uuid", "EM-62", "Uuid that the upload's answer gave")
    .position(Position::Path)
    .required();
const SHARE: Field = header(text("share-secret", "EM-62", "Secret of a restricted file")).secret();

static FETCHED: Shape = Shape::of(&[UUID, SHARE]);

/// `download`
pub(super) const DOWNLOAD: Operation = Operation {
    about: en("Fetch a file"),
    verbs: &[Verb::Call],
    rates: &[shared(100, 1, "download")],
    ..get("download", "/{org}/{app}/chatfiles/{file_uuid}", &FETCHED)
};

/// `download-thumb`
pub(super) const DOWNLOAD_THUMB: Operation = Operation {
    about: en("Fetch the thumbnail of a picture"),
    verbs: &[Verb::Call],
    rates: &[shared(100, 1, "download")],
    ..get("download-thumb", "/{org}/{app}/chatfiles/{file_uuid}", &FETCHED)
};

static LIFETIME: Shape = Shape::of(&[
    USERNAME,
    Field::new(
        "lifetime",
        Kind::Choice(&[
            Choice::word("default", en("as the plan has it")),
            Choice::word("refresh", en("as long again, from now on")),
            Choice::word("forever", Text::NONE),
        ]),
        "How long the files are kept",
    )
    .rule("EM-63")
    .required(),
    Field::new("chatfile_ids", Kind::List(&TEXT_ITEM), "Uuids of uploads, at most 100")
        .rule("EM-64")
        .limits(&[Limit::items(1, 100)])
        .required(),
]);

/// `attachment-lifetime`
pub(super) const ATTACHMENT_LIFETIME: Operation = Operation {
    about: en("Keep files longer"),
    method: Method::Put,
    verbs: &[Verb::Call],
    effect: Effect::Manages,
    repeat: Repeatable::Costly,
    // Messages with these files may be with anyone.
    reach: Reach::Unsaid,
    rates: HUNDRED,
    edition: "on request; the example bears a user's token",
    ..json("attachment-lifetime", "/{org}/{app}/users/{username}/chatfiles/lifetime", &LIFETIME)
};

static AN_HOUR: Shape = Shape::of(&[text(
    "time",
    "EM-65",
    "Hour as yyyyMMddHH: of Beijing in China, else of UTC; the last 3 days",
)
.limits(&[Limit::form(&HOUR)])
.position(Position::Path)
.required()]);

/// `history`
pub(super) const HISTORY: Operation = Operation {
    about: en(
        "Get the address of the file with all messages of an hour; it comes late, up to a day",
    ),
    verbs: &[Verb::Call],
    rates: &[calls(10, 60)],
    ..get("history", "/{org}/{app}/chatmessages/{time}", &AN_HOUR)
};

static ONE_USER: Shape = Shape::of(&[USERNAME.required()]);

/// `offline-count`
pub(super) const OFFLINE_COUNT: Operation = Operation {
    about: en("Count the messages that wait for a user"),
    verbs: &[Verb::Call],
    rates: &[shared(100, 1, "users")],
    ..get("offline-count", "/{org}/{app}/users/{username}/offline_msg_count", &ONE_USER)
};

static ONE_MESSAGE: Shape = Shape::of(&[
    USERNAME.required().composed(),
    text("msg_id", "EM-67", "Id of the message")
        .limits(&[Limit::form(&DIGITS)])
        .position(Position::Path)
        .required()
        .composed(),
]);

/// `offline-status`
pub(super) const OFFLINE_STATUS: Operation = Operation {
    about: en("Ask whether a message reached a user"),
    verbs: &[Verb::Status],
    rates: &[shared(100, 1, "users")],
    ..get(
        "offline-status",
        "/{org}/{app}/users/{username}/offline_msg_status/{msg_id}",
        &ONE_MESSAGE,
    )
};
