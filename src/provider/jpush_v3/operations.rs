//! The operations.

use super::forms::{DAY, EXACT_ID, MESSAGE_ID, MESSAGE_ITEM, ONCE};
use super::notification::NOTIFICATION;
use super::{audience, checks, push};
use crate::contract::{
    Acceptance, Answers, Auth, Batching, BodyForm, Check, Condition, Effect, EverybodyRates, Field,
    FileRules, Kind, Limit, Lit, MessageType, Operation, Position, Rate, RateUnit, Reach, Recall,
    Repeatable, Root, RowFault, Shape, Verb, choices, operations, rows,
};
use crate::provider::jiguang;
use crate::text::{Text, en};
use crate::wire::Method;

/// The most message ids in a report.
pub(super) const MAX_REPORT: u32 = 100;
/// The most registration ids in a question about one message.
pub(super) const MAX_STATUS: u32 = 1000;

const PUSHES: &[Rate] = &[rate(600, "push")];
const REPORTS: &[Rate] = &[rate(2400, "report")];

const fn rate(count: u32, pool: &'static str) -> Rate {
    Rate { count, seconds: 60, counted: RateUnit::Calls, scope: "AppKey, free plan", pool }
}

const RECALL: Recall = Recall::by(
    "recall",
    Some(86_400),
    "best effort: what is queued, then what is shown and not clicked; custom messages only while they are queued",
);

const VIP: &str = "VIP";
const CONTRACT_ONLY: &str = "by contract with Jiguang";
const PUSH_PAGE: &str = "REST API v3, push (page of 2025-10-14)";
const REPORT_PAGE: &str = "REST API v3, report (page of 2025-08-04)";
const FILE_PAGE: &str = "REST API v3, files (page of 2022-07-22)";

/// JPush answers when it has read a push; devices come later.
const QUEUED: Acceptance = Acceptance::kept(
    "`accepted` is queued: the push is delivered later, and `received-detail` counts how many devices it reached.",
);

/// What pushes have in common.
const SENDS: Operation = Operation {
    method: Method::Post,
    body: BodyForm::Json,
    auth: Auth::Basic,
    effect: Effect::Sends,
    repeat: Repeatable::Deduplicated { field: "cid", seconds: 86_400 },
    rates: PUSHES,
    recall: RECALL,
    audience: AUDIENCE,
    source: PUSH_PAGE,
    queued: Some(QUEUED),
    ..Operation::BASE
};

/// Names that say who is reached by a push.
const AUDIENCE: &[&str] = &[
    "audience",
    "registration_id",
    "alias",
    "tag",
    "tag_and",
    "tag_not",
    "segment",
    "abtest",
    "live_activity_id",
    "file",
    "pushlist",
    "target",
];

/// What reports have in common.
const REPORT: Operation = Operation {
    method: Method::Get,
    host: "report",
    body: BodyForm::None,
    root: Root::Shape(&MESSAGES),
    auth: Auth::Basic,
    batch: Batching::of("msg_ids", MAX_REPORT),
    rates: REPORTS,
    source: REPORT_PAGE,
    ..Operation::BASE
};

/// What target files have in common.
const FILES: Operation = Operation {
    method: Method::Get,
    body: BodyForm::None,
    auth: Auth::Basic,
    verbs: &[Verb::Call],
    audience: AUDIENCE,
    edition: CONTRACT_ONLY,
    source: FILE_PAGE,
    ..Operation::BASE
};

/// The member of a batch whose keys are cids, and those of its answer.
const PUSHLIST: &str = "pushlist";

/// A push to everybody.
const TO_ALL: Condition = Condition::Is("audience", &[Lit::Text("all")]);

/// Operations whose payloads have the same shape, principal first.
pub(super) const GROUPS: &[&[&str]] = &[
    &["push", "push-validate", "push-file", "group-push"],
    &["received-detail", "received", "messages-detail"],
    &["file-get", "file-delete"],
    &["batch-regid", "batch-alias"],
];

/// Every operation.
pub(super) static OPERATIONS: &[Operation] = operations! {
    "push": "push a notification, a message or both to an audience", SENDS.at("/v3/push", &push::PUSH) =>
        verbs: &[Verb::Send, Verb::Broadcast], reach: Reach::Read(audience::KEYS_READ, audience::reach),
        to_all: Some(EverybodyRates { when: TO_ALL, rates: jiguang::PUSHES_TO_ALL });
    "push-validate": "have the server check a push that nobody gets", SENDS.at("/v3/push/validate", &push::PUSH) =>
        verbs: &[Verb::DryRun], effect: Effect::Reads, repeat: Repeatable::Safe, recall: Recall::NOTHING, queued: None;
    "cid": "fetch ids by which the server tells a repeated push", Operation::BASE.at("/v3/push/cid", &CIDS) =>
        method: Method::Get, body: BodyForm::None, auth: Auth::Basic, verbs: &[Verb::Check], rates: PUSHES,
        source: PUSH_PAGE;
    "batch-regid": "push something else to each of up to 1000 registration ids",
        SENDS.at("/v3/push/batch/regid/single", &push::BATCH) =>
        verbs: &[Verb::Call], reach: Reach::Read(audience::TARGETS_READ, audience::batch_regid),
        repeat: Repeatable::Deduplicated { field: PUSHLIST, seconds: 86_400 }, answers: Answers::Keys(PUSHLIST),
        edition: VIP, source: "REST API v3, push to single targets";
    "batch-alias": "push something else to each of up to 1000 aliases",
        SENDS.at("/v3/push/batch/alias/single", &push::BATCH) =>
        verbs: &[Verb::Call], reach: Reach::Read(audience::TARGETS_READ, audience::batch_alias),
        repeat: Repeatable::Deduplicated { field: PUSHLIST, seconds: 86_400 }, answers: Answers::Keys(PUSHLIST),
        edition: VIP, source: "REST API v3, push to single targets";
    "push-file": "push to the targets of a file that was uploaded", SENDS.at("/v3/push/file", &push::FILE_PUSH) =>
        verbs: &[Verb::Call], reach: Reach::Everybody, edition: CONTRACT_ONLY, source: FILE_PAGE;
    "file-upload": "upload a file of aliases or registration ids", FILES.at("/v3/files/{type}", &UPLOAD) =>
        method: Method::Post, body: BodyForm::Multipart, verbs: &[Verb::Upload], effect: Effect::Manages,
        reach: Reach::Own, repeat: Repeatable::Duplicates, rates: &[Rate::alive(20, 2_592_000, "AppKey", "files")];
    "file-list": "list the target files", FILES =>
        path: "/v3/files";
    "file-get": "describe a target file", FILES.at("/v3/files/{file_id}", &FILE);
    "file-delete": "delete a target file, at the earliest 5 minutes after its push",
        FILES.at("/v3/files/{file_id}", &FILE) =>
        method: Method::Delete, effect: Effect::Manages,
        // Pushes to the file may still be under way, and only the file says who gets them.
        reach: Reach::Unsaid;
    "group-push": "push to all apps of a group; app_key and master_secret are the group's",
        SENDS.at("/v3/grouppush", &push::GROUP_PUSH) =>
        answers: Answers::Others, verbs: &[Verb::Call], reach: Reach::Read(audience::KEYS_READ, audience::reach),
        recall: Recall::never("recall each app's msg_id with that app's own key"), source: "REST API v3, group push";
    "recall": "withdraw a push; a second recall of the same id may answer an error",
        Operation::BASE.at("/v3/push/{msg_id}", &RECALLED) =>
        method: Method::Delete, body: BodyForm::None, auth: Auth::Basic, verbs: &[Verb::Recall],
        effect: Effect::Destroys, reach: Reach::Message(&["msg_id"]), audience: AUDIENCE, rates: PUSHES,
        source: PUSH_PAGE;
    "received": "count deliveries, in the older report", REPORT =>
        path: "/v3/received", verbs: &[Verb::Call];
    "received-detail": "count deliveries by channel, of pushes of the last 28 days", REPORT =>
        path: "/v3/received/detail", verbs: &[Verb::Status];
    "messages-detail": "count what happened to pushes within 5 days, from target to click, by block and channel", REPORT =>
        path: "/v3/messages/detail", verbs: &[Verb::Call], edition: VIP;
    "status": "ask what happened to one message on given devices", REPORT.at("/v3/status/message", &STATUS) =>
        method: Method::Post, body: BodyForm::Json, verbs: &[Verb::Status],
        batch: Batching::of("registration_ids", MAX_STATUS), edition: VIP;
};

static CIDS: Shape = Shape::of(rows! {
    Field::new("count", Kind::I64, "how many; free plans get 10 at most").position(Position::Query)
        .limits(&[Limit::range(1, 1000)]).default("1"),
    Field::new("type", Kind::Choice(choices! { "push": "for pushes", "schedule": "for scheduled pushes" }),
        "what they are for").default("push").position(Position::Query),
})
.rule("V3-73");

static MESSAGES: Shape = Shape::of(rows! {
    Field::new("msg_ids", Kind::List(&MESSAGE_ITEM), "message ids; joined by commas in the query").required()
        .limits(&[Limit::items(1, MAX_REPORT), ONCE]).position(Position::Query).rule("V3-75"),
});

static RECALLED: Shape = Shape::of(rows! {
    Field::new("msg_id", MESSAGE_ID, "what the push returned").required().limits(&[EXACT_ID])
        .sdk(&["messageId"]).position(Position::Path)
        .rule("V3-74"),
})
.checks(&[Check::function("V3-W11", "a recall within a day", checks::late)]);

static STATUS: Shape = Shape::of(rows! {
    // jpush/jpush-api-nodejs-client, issue 72; a Long in `MessageStatusGetParam` of jpush/jiguang-sdk-java.
    Field::new("msg_id", Kind::U64_ID, "what the push returned, as a number").sdk(&["messageId"])
        .required().cures(&[(RowFault::Type, en("the vendor answers 3002 to text: write it without quotes, in plain digits"))]),
    Field::new("registration_ids", Kind::List(&Field::item(Kind::Text).limits(&[Limit::filled()])), "the devices").id()
        .required().limits(&[Limit::items(1, MAX_STATUS), ONCE])
        .cures(&[(RowFault::Items, en("1 to 1000 registration ids a call; ask for the rest in further calls"))]),
    Field::new("date", Kind::Text, "the day of the push").limits(&[Limit::form(&DAY)]).default("today")
        .cures(&[(RowFault::Form, en("yyyy-mm-dd, as 2026-01-31"))]),
})
.rule("V3-76");

static UPLOAD: Shape = Shape::of(rows! {
    Field::new("type",
        Kind::Choice(choices! { "alias": "one alias a line", "registration_id": "one registration id a line" }),
        "what the file lists").required().position(Position::Path).rule("V3-77"),
    Field::new("ttl", Kind::I64, "hours to keep the file").limits(&[Limit::range(1, 720)]).default("720")
        .rule("V3-78"),
    Field::new("filename", Kind::File(&FileRules { max_bytes: 10_485_760, endings: &["txt"], max_name: None }),
        "the file: UTF-8, one target a line").required().rule("V3-79"),
});

static FILE: Shape = Shape::of(rows! {
    Field::new("file_id", Kind::Text, "what the upload returned").required().limits(&[Limit::filled()])
        .position(Position::Path).rule("V3-80"),
});

/// The message types: the members of a push that hold content.
pub(super) static TYPES: &[MessageType] = rows! {
    MessageType { by_hand: true, flag: "--text",..kind("notification", "notification",
        "a notification, with a block for each platform", &NOTIFICATION) },
    MessageType { by_hand: true,
        flag: "--command",..kind("message", "message", "a message that the app itself handles", &push::MESSAGE) },
    kind("live-activity", "live_activity", "an update of an iOS live activity", &push::LIVE_ACTIVITY),
    kind("sms", "sms_message", "an SMS to who was not reached", &push::SMS),
    kind("inapp", "inapp_message", "a notification inside the app", &push::INAPP),
    kind("notification-3rd", "notification_3rd", "what vendors show in a message's place", &push::THIRD),
};

const fn kind(
    id: &'static str,
    wire: &'static str,
    about: &'static str,
    shape: &'static Shape,
) -> MessageType {
    MessageType {
        id,
        wire: Lit::Text(wire),
        about: Text::en(about),
        content: Some(Kind::Object(shape)),
        facts: "",
        by_hand: false,
        flag: "",
        source: PUSH_PAGE,
    }
}
