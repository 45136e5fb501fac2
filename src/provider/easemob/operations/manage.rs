//! Files, histories, states of delivery.

use super::{BASE, HUNDRED, calls, get, json, shared};
use crate::contract::{
    Answers, BodyForm, Effect, Field, FileRules, Kind, Limit, Position, Reach, Repeatable, Shape,
    Verb, choices, operations, rows,
};
use crate::provider::easemob::fields::{HOUR, TEXT_ITEM, USERNAME, boolean, filled, long, text};
use crate::provider::kit::forms::DIGITS;
use crate::wire::Method;

const fn header(field: Field) -> Field {
    field.position(Position::Header)
}

/// The most bytes of a file, unless a contract says more.
pub(in super::super) const FILE_BYTES: u64 = 10_485_760;
static RULES: FileRules = FileRules { max_bytes: FILE_BYTES, endings: &[], max_name: None };

static UPLOADED: Shape = Shape::of(rows! {
    Field::new("file", Kind::File(&RULES), "The file, at most 10 MB").rule("EM-60").required().composed(),
    text("filename", "EM-60", "Name of the file, as one SDK sends it"),
    header(boolean("restrict-access", "EM-61", "Downloads need the share-secret")).edition("on request"),
    header(long("thumbnail-height", "EM-61", "Height of the thumbnail in pixels")).default("170"),
    header(long("thumbnail-width", "EM-61", "Width of the thumbnail in pixels")).default("170"),
});

const UUID: Field = filled("file_uuid", "EM-62", "Uuid that the upload's answer gave")
    .position(Position::Path)
    .required();
const SHARE: Field = header(text("share-secret", "EM-62", "Secret of a restricted file")).secret();

static FETCHED: Shape = Shape::of(&[UUID, SHARE]);

static LIFETIME: Shape = Shape::of(rows! {
    USERNAME,
    Field::new("lifetime", Kind::Choice(choices! { "default": "as the plan has it",
        "refresh": "as long again, from now on", "forever" }), "How long the files are kept").rule("EM-63")
        .required(),
    Field::new("chatfile_ids", Kind::List(&TEXT_ITEM), "Uuids of uploads, at most 100").rule("EM-64")
        .limits(&[Limit::items(1, 100)]).required(),
});

static AN_HOUR: Shape = Shape::of(rows! {
    text("time", "EM-65", "Hour as yyyyMMddHH: of Beijing in China, else of UTC; the last 3 days")
        .limits(&[Limit::form(&HOUR)]).position(Position::Path).required(),
});

static ONE_USER: Shape = Shape::of(&[USERNAME.required()]);

static ONE_MESSAGE: Shape = Shape::of(rows! {
    USERNAME.required().composed(),
    text("msg_id", "EM-67", "Id of the message").limits(&[Limit::form(&DIGITS)]).position(Position::Path).required()
        .composed(),
});

operations! {
    UPLOAD = "upload": "Store a file that messages can refer to, for 7 days by default",
        BASE.at("/{org}/{app}/chatfiles", &UPLOADED) =>
        body: BodyForm::Multipart, verbs: &[Verb::Upload], effect: Effect::Manages, reach: Reach::Own,
        repeat: Repeatable::Duplicates, rates: HUNDRED;
    DOWNLOAD = "download": "Fetch a file", get("/{org}/{app}/chatfiles/{file_uuid}", &FETCHED) =>
        verbs: &[Verb::Call], rates: &[shared(100, 1, "download")];
    DOWNLOAD_THUMB = "download-thumb": "Fetch the thumbnail of a picture",
        get("/{org}/{app}/chatfiles/{file_uuid}", &FETCHED) =>
        verbs: &[Verb::Call], rates: &[shared(100, 1, "download")];
    ATTACHMENT_LIFETIME = "attachment-lifetime": "Keep files longer",
        json("/{org}/{app}/users/{username}/chatfiles/lifetime", &LIFETIME) =>
        method: Method::Put, verbs: &[Verb::Call], effect: Effect::Manages, repeat: Repeatable::Costly,
        // Messages with these files may be with anyone.
        reach: Reach::Unsaid, answers: Answers::Values("chatfile_ids"), rates: HUNDRED,
        edition: "on request; the example bears a user's token";
    HISTORY = "history": "Get the address of the file with all messages of an hour; it comes late, up to a day",
        get("/{org}/{app}/chatmessages/{time}", &AN_HOUR) =>
        verbs: &[Verb::Call], rates: &[calls(10, 60)];
    OFFLINE_COUNT = "offline-count": "Count the messages that wait for a user",
        get("/{org}/{app}/users/{username}/offline_msg_count", &ONE_USER) =>
        verbs: &[Verb::Call], rates: &[shared(100, 1, "users")];
    OFFLINE_STATUS = "offline-status": "Ask whether a message reached a user",
        get("/{org}/{app}/users/{username}/offline_msg_status/{msg_id}", &ONE_MESSAGE) =>
        verbs: &[Verb::Status], rates: &[shared(100, 1, "users")];
}
