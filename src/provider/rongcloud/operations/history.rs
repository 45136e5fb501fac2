//! History and logs, and the users that messages need: tokens and tags.

use super::{Operation, calls, form, json};
use crate::contract::{
    Effect, Field, Kind, Limit, Rate, Reach, Shape, TargetKind, TextForm, Verb, choices,
    operations, rows,
};
use crate::provider::rongcloud::checks::follow::{HISTORY, SEARCH};
use crate::provider::rongcloud::fields::{
    FORM, HEADERS, TAG, ULTRA_CHANNEL, USERS, boolean, id, message_id, millis, text, user,
};
use crate::text::en;

static HOUR: TextForm = TextForm {
    test: is_hour,
    pattern: Some("^[0-9]{4}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])([01][0-9]|2[0-3])$"),
    words: en("an hour as YYYYMMDDHH, as 2026070109"),
};

/// Ten digits whose parts are a month, a day of some month and an hour.
fn is_hour(text: &str) -> bool {
    let part =
        |from: usize, to: usize| text.get(from..to).and_then(|part| part.parse::<u32>().ok());
    text.len() == 10
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && part(4, 6).is_some_and(|month| (1..=12).contains(&month))
        && part(6, 8).is_some_and(|day| (1..=31).contains(&day))
        && part(8, 10).is_some_and(|hour| hour < 24)
}

static LOG_SHAPE: Shape = Shape::of(rows! {
    text("date", "Hour as YYYYMMDDHH; Beijing time in the data centre of China, UTC elsewhere")
        .limits(&[Limit::filled(), Limit::form(&HOUR)]).required(),
})
.include(&[&HEADERS])
.policy(&FORM);

static CLEAN_SHAPE: Shape = Shape::of(rows! {
    Field::new("conversationType",
        Kind::Choice(choices! { 1 "private", 3 "group", 4 "chat-room" remark "H07", 6 "system" }),
        "Type of the conversation").required().composed(),
    id("fromUserId", "Whose history").composed(),
    id("targetId", "User, group or room").composed(),
    millis("msgTimestamp", "Up to and including this time; absent clears all"),
})
.include(&[&HEADERS])
.near(&[("fromuserid", "fromUserId")])
.policy(&FORM);

static QUERY: Shape = Shape::of(rows! {
    id("userId", "Whose history").composed(),
    id("targetId", "User, group or room").composed(),
    millis("startTime", "The later end, in milliseconds: pages run backwards").required().composed(),
    millis("endTime", "The earlier end, in milliseconds; at most 14 days before").required().composed(),
    boolean("includeStart", "With the message at `startTime` itself").required().composed(),
    Field::new("pageSize", Kind::I64, "Entries a page").limits(&[Limit::range(1, 100)]).default("10"),
})
.include(&[&HEADERS])
.checks(&[HISTORY]);
static ULTRA_QUERY: Shape = Shape::of(&[ULTRA_CHANNEL]).include(&[&QUERY]);

const ULTRA_GROUP: Field = id("groupId", "The ultra group");
const IN_CHANNEL: Field = Field {
    about: en("Its channel; `RCDefault` is the default one"),
    default: "",
    ..ULTRA_CHANNEL
}
.required();
static ULTRA_SEARCH_SHAPE: Shape = Shape::of(rows! {
    ULTRA_GROUP,
    IN_CHANNEL,
    millis("startTime", "The earlier end, in milliseconds: the message at it is not in the answer").required(),
    millis("endTime", "The later end, in milliseconds; at most 14 days after").required(),
    user("fromUserId", "Messages of this sender alone"),
    Field::new("pageSize", Kind::I64, "Entries a page").limits(&[Limit::range(1, 100)]).default("20"),
})
.include(&[&HEADERS])
.checks(&[SEARCH])
.policy(&FORM);

const fn around(name: &'static str, about: &'static str) -> Field {
    Field::new(name, Kind::I64, about).limits(FIFTY).default("10")
}
const FIFTY: &[Limit] = &[Limit::range(0, 50)];
static ULTRA_AROUND_SHAPE: Shape = Shape::of(rows! {
    ULTRA_GROUP,
    IN_CHANNEL,
    message_id("msgUID", "The message in the middle; the answer has it"),
    around("prevNum", "How many messages before it"),
    around("lastNum", "How many messages after it"),
})
.include(&[&HEADERS])
.near(&[("messageUID", "msgUID")])
.policy(&FORM);

const TEN_A_SECOND: &[Rate] = &[calls(10, 1)];

const PAGES: &str = "Page through stored messages of a conversation, newest first";
const ULTRA_PAGES: &str =
    "Page through stored messages of an ultra group, newest first; it keeps them 7 days by default";

const fn query(path: &'static str, shape: &'static Shape) -> Operation {
    let edition = "cloud history switch";
    Operation { verbs: &[Verb::Get], rates: TEN_A_SECOND, edition, ..json(path, shape) }
}

static TOKEN_SHAPE: Shape = Shape::of(&[
    id("userId", "User id").sdk(&["id"]),
    text("name", "Name that pushes show").limits(&[Limit::filled(), Limit::chars(64)]).required(),
    text("portraitUri", "Address of the portrait").limits(&[Limit::bytes(1024)]).sdk(&["portrait"]),
])
.include(&[&HEADERS])
.policy(&FORM);

const TAGS: Field =
    Field::new("tags", Kind::List(&TAG), "All tags from now on; an empty list clears them")
        .limits(&[Limit::at_most_items(20)])
        .required();
static TAG_SHAPE: Shape = Shape::of(&[id("userId", "User id"), TAGS]).include(&[&HEADERS]);
static TAG_BATCH_SHAPE: Shape = Shape::of(&[
    Field::new("userIds", USERS, "Users, at most 1000").limits(&[Limit::items(1, 1000)]).required(),
    TAGS,
])
.include(&[&HEADERS]);

operations! {
    LOG = "history-log": "Get the address of one hour's message log; kept for 3 days",
        form("/message/history.json", &LOG_SHAPE) =>
        verbs: &[Verb::Call], rates: &[calls(100, 1)], edition: "paid log service";
    LOG_DELETE = "history-log-delete": "Delete one hour's message log, permanently",
        form("/message/history/delete.json", &LOG_SHAPE) =>
        verbs: &[Verb::Call], effect: Effect::Destroys,
        // The log of all users.
        reach: Reach::Everybody, edition: "paid log service";
    CLEAN = "history-clean": "Clear the cloud history of a conversation for one user",
        form("/conversation/message/history/clean.json", &CLEAN_SHAPE) =>
        verbs: &[Verb::Clear], effect: Effect::Destroys, reach: Reach::Field(TargetKind::User, "fromUserId"),
        own_view: true, rates: &[calls(100, 1)], edition: "cloud history switch";
    TOKEN = "token": "Register a user and get a client token; senders must have had one",
        form("/user/getToken.json", &TOKEN_SHAPE) =>
        verbs: &[Verb::Call], effect: Effect::Manages, reach: Reach::Own, rates: &[calls(200, 1)],
        edition: "100 users in development";
    TAG_SET = "tag-set": "Replace the tags of a user", json("/user/tag/set.json", &TAG_SHAPE) =>
        verbs: &[Verb::Call], effect: Effect::Manages, reach: Reach::Field(TargetKind::User, "userId"),
        rates: &[calls(100, 1)];
    TAG_BATCH_SET = "tag-batch-set": "Replace the tags of many users, the same for all",
        json("/user/tag/batch/set.json", &TAG_BATCH_SHAPE) =>
        verbs: &[Verb::Call], effect: Effect::Manages, reach: Reach::Field(TargetKind::User, "userIds"),
        rates: &[calls(10, 1)];
    QUERY_PRIVATE = "history-query-private": PAGES, query("/v3/message/private/query.json", &QUERY);
    QUERY_GROUP = "history-query-group": PAGES, query("/v3/message/group/query.json", &QUERY);
    QUERY_ULTRAGROUP = "history-query-ultragroup": ULTRA_PAGES, query("/v3/message/ultragroup/query.json", &ULTRA_QUERY);
    QUERY_CHATROOM = "history-query-chatroom": PAGES, query("/v3/message/chatroom/query.json", &QUERY);
    ULTRA_SEARCH = "ultragroup-hismsg-query":
        "Search a channel of an ultra group by time and sender, oldest first; it keeps messages 7 days by default",
        form("/ultragroup/hismsg/query.json", &ULTRA_SEARCH_SHAPE) =>
        verbs: &[Verb::Call], rates: &[calls(100, 60)], edition: "ultra-group plan; more than 7 days are paid",
        source: "UGHistoryQuery of rongcloud/server-sdk-go, 2025-10-16";
    ULTRA_AROUND = "ultragroup-hismsg-msgid-query":
        "Read an ultra-group message with those before and after it, oldest first; it keeps messages 7 days by default",
        form("/ultragroup/hismsg/msgid/query.json", &ULTRA_AROUND_SHAPE) =>
        verbs: &[Verb::Call], edition: "ultra-group plan; more than 7 days are paid",
        source: "docs.rongcloud.cn, ultragroup/query-history-by-message-uid";
}
