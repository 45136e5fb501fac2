//! Streaming messages: one message in chunks, whose content is an object and no text.

use super::{ONCE, Operation, calls, json};
use crate::contract::{
    Field, Kind, Limit, Rate, Reach, Recall, Shape, TargetKind, Test, choices, operations, rows,
};
use crate::provider::rongcloud::checks::follow::{CHUNK, CHUNK_SIZE};
use crate::provider::rongcloud::checks::{message, pairs};
use crate::provider::rongcloud::content::{MENTIONED_INFO, USER};
use crate::provider::rongcloud::fields::{
    FILLED, HEADERS, INCLUDE_SENDER, PAIR_MAP, PERSISTED, PLACE_LIMITS, USERS, id, text,
};

static CONTENT: Shape = Shape::of(rows! {
    text("content", "Text of this chunk").limits(FILLED).required(),
    Field::new("seq", Kind::I64, "Number of the chunk, from 1 on without gaps")
        .limits(&[Limit::of(Test::Range(Some(1), None))]).required(),
    Field::new("complete", Kind::BOOL, "Whether it is the last chunk").required(),
    Field::new("completeReason", Kind::I64, "Why it ends, with `complete` true"),
    text("type", "The app's own name of the text's format; first chunk"),
    text("messageUID", "Id that the first chunk's reply gave; later chunks"),
    Field::new("user", Kind::Object(&USER), "Who sends, for display; first chunk"),
    Field::new("mentionedInfo", Kind::Object(&MENTIONED_INFO), "Who is mentioned; first chunk"),
    text("extra", "The app's own data; first chunk"),
})
.named("content")
.checks(&[CHUNK]);

static STREAM: Shape = Shape::of(rows! {
    id("fromUserId", "User id of the sender"),
    Field::new("objectName", Kind::Choice(choices! { "RC:StreamMsg" }), "Always `RC:StreamMsg`").required(),
    Field::new("content", Kind::Object(&CONTENT), "The chunk, an object").required(),
    INCLUDE_SENDER,
    PERSISTED,
    Field::new("extraContent", Kind::Map(&PAIR_MAP), "Key/values that the message carries"),
})
.include(&[&HEADERS])
.near(&[("fromuserid", "fromUserId")])
.checks(CHUNK_SIZE);

static PRIVATE: Shape = Shape::of(&[id("toUserId", "The user it is for")])
    .include(&[&STREAM])
    .checks(&[message::RECIPIENTS, pairs::OF_EXTRA_CONTENT]);
static GROUP: Shape = Shape::of(rows! {
    text("toGroupId", "Group that it is for").limits(PLACE_LIMITS).required().id(),
    Field::new("toUserId", USERS, "Members that it is for, at most 10").limits(&[Limit::at_most_items(10)]),
})
.include(&[&STREAM])
.checks(&[message::RECIPIENTS, pairs::OF_EXTRA_CONTENT]);

const HUNDRED_A_SECOND: &[Rate] = &[calls(100, 1)];

const fn streams(path: &'static str, shape: &'static Shape) -> Operation {
    Operation {
        effect: ONCE.effect,
        repeat: ONCE.repeat,
        recall: Recall::by("recall", None, "by the id of the first chunk"),
        sender: ONCE.sender,
        verbs: ONCE.verbs,
        rates: HUNDRED_A_SECOND,
        edition: "client SDK 5.16 or later",
        ..json(path, shape)
    }
}

operations! {
    SEND_PRIVATE_STREAM = "send-private-stream": "Send a chunk of a streaming message to a user",
        streams("/v3/message/private/publish_stream.json", &PRIVATE) =>
        reach: Reach::Field(TargetKind::User, "toUserId");
    SEND_GROUP_STREAM = "send-group-stream": "Send a chunk of a streaming message to a group",
        streams("/v3/message/group/publish_stream.json", &GROUP) =>
        reach: Reach::Field(TargetKind::Group, "toGroupId");
}
