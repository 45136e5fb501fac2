//! Settings: what users are pushed and how their conversations are shown, and which messages chat rooms drop first.
//!
//! Read in rongcloud/server-sdk-java (2026-03-13: `Conversation`, `BlockPushPeriod`, `Demotion`, `Distribute`, `Tag`) and
//! rongcloud/server-sdk-go (2025-10-16: `sdk/conversation.go`, `sdk/ultragroup.go`, `sdk/chatroom.go`).

use super::{form, json};
use crate::contract::{
    Effect, Field, Kind, Limit, Operation, Reach, Shape, TargetKind, Verb, choices, operations,
    rows,
};
use crate::provider::rongcloud::fields::{
    FORM, FORM_USERS, HEADERS, RECALL_CHANNEL, ULTRA_CHANNEL, flag, form_boolean, id, text,
};
use crate::text::en;

const CONVERSATIONS: Kind =
    Kind::Choice(choices! { 1 "private", 3 "group", 6 "system", 10 "ultra-group" });

const CONVERSATION: Field =
    Field::new("conversationType", CONVERSATIONS, "Type of the conversation")
        .required()
        .sdk(&["type"]);
const WHOSE: Field = id("requestId", "User whose setting it is").sdk(&["userId"]);
const TARGET: Field = id("targetId", "User, group or ultra group of the conversation");
const CHANNEL: Field =
    Field { about: en("Channel of the ultra group, with type 10"), ..RECALL_CHANNEL };

const LEVEL: Field = Field::new(
    "unpushLevel",
    Kind::Choice(choices! {
        -1 "everything": "every message is pushed",
        0 "default": "as the group or the app has it",
        1 "mentions": "mentions alone",
        2 "own-mentions": "mentions of the user, not of everybody",
        4 "mentions-of-all": "mentions of everybody alone",
        5 "nothing": "nothing is pushed",
    }),
    "What is pushed",
);

static NOTIFICATION_SET: Shape = Shape::of(&[
    CONVERSATION,
    WHOSE,
    TARGET,
    CHANNEL,
    flag("isMuted", "Whether it is muted").required(),
    LEVEL,
])
.include(&[&HEADERS])
.policy(&FORM);
static NOTIFICATION_GET: Shape =
    Shape::of(&[CONVERSATION, WHOSE, TARGET, CHANNEL]).include(&[&HEADERS]).policy(&FORM);
static TYPE_SET: Shape =
    Shape::of(&[CONVERSATION, WHOSE, LEVEL.required()]).include(&[&HEADERS]).policy(&FORM);
static TYPE_GET: Shape = Shape::of(&[CONVERSATION, WHOSE]).include(&[&HEADERS]).policy(&FORM);

const ULTRA_GROUP: Field = id("groupId", "The ultra group").sdk(&["id"]);
static ULTRA_SET: Shape =
    Shape::of(&[ULTRA_GROUP, ULTRA_CHANNEL, LEVEL.required()]).include(&[&HEADERS]).policy(&FORM);
static ULTRA_GET: Shape =
    Shape::of(&[ULTRA_GROUP, ULTRA_CHANNEL]).include(&[&HEADERS]).policy(&FORM);

static TOP: Shape = Shape::of(&[
    id("userId", "User whose list of conversations it is"),
    Field::new(
        "conversationType",
        Kind::Choice(choices! { 1 "private", 3 "group", 6 "system" }),
        "Type of the conversation",
    )
    .required(),
    id("targetId", "User or group of the conversation"),
    Field { default: "", ..form_boolean("setTop", "Whether it stands on top") }.required(),
])
.include(&[&HEADERS])
.policy(&FORM);

const USER: Field = id("userId", "User id");
const PERIOD_OF: Field = USER.sdk(&["id"]);
static PERIOD_SET: Shape = Shape::of(rows! {
    PERIOD_OF,
    text("startTime", "Time of day from which nothing is pushed, as HH:MM:SS").limits(&[Limit::filled()]).required(),
    Field::new("period", Kind::I64, "For how long, in minutes").required(),
    Field::new("level", Kind::I64, "What is not pushed in that time").default("1"),
})
.include(&[&HEADERS])
.policy(&FORM);
static PERIOD: Shape = Shape::of(&[PERIOD_OF]).include(&[&HEADERS]).policy(&FORM);

const NOT_EMPTY: &[Limit] = &[Limit::of(crate::contract::Test::Items(Some(1), None))];

const fn tag_id() -> Field {
    text("tagId", "The tag's id").limits(TAG_ID_LIMITS).required().id()
}
const TAG_ID_LIMITS: &[Limit] = &[Limit::filled(), Limit::chars(10)];
static CONVERSATION_TAG: Shape = Shape::of(&[
    tag_id(),
    text("tagName", "The tag's name").limits(&[Limit::filled(), Limit::chars(15)]).required(),
]);
static TAG_ITEM: Field = Field::item(Kind::Object(&CONVERSATION_TAG));
static TAG_ID: Field = Field::item(Kind::Text).limits(TAG_ID_LIMITS).id();
static USER_TAG_SET: Shape = Shape::of(&[
    USER,
    Field::new("tags", Kind::List(&TAG_ITEM), "Tags that the user may put on conversations")
        .limits(NOT_EMPTY)
        .required(),
])
.include(&[&HEADERS]);
static USER_TAG_DEL: Shape = Shape::of(&[
    USER,
    Field::new("tagIds", Kind::List(&TAG_ID), "Ids of the tags").limits(NOT_EMPTY).required(),
])
.include(&[&HEADERS]);

static TAGGED: Shape = Shape::of(&[
    id("targetId", "User or group of the conversation"),
    Field::new("conversationType", Kind::I64, "Type of the conversation, as 1 private, 3 group")
        .required(),
]);
static TAGGED_ITEM: Field = Field::item(Kind::Object(&TAGGED));
static TAG_CONVERSATIONS: Shape = Shape::of(&[
    USER,
    tag_id(),
    Field::new("conversations", Kind::List(&TAGGED_ITEM), "The conversations")
        .limits(NOT_EMPTY)
        .required(),
])
.include(&[&HEADERS]);

static ROOM: Shape =
    Shape::of(&[id("chatroomId", "The chat room").sdk(&["id"])]).include(&[&HEADERS]).policy(&FORM);

static TYPE_NAME: Field = Field::item(Kind::Text).limits(&[Limit::filled(), Limit::chars(32)]);
const TYPE_NAMES: Kind = Kind::OneOrList(&TYPE_NAME);
static DEMOTED: Shape = Shape::of(&[Field::new(
    "objectName",
    TYPE_NAMES,
    "Message types that a busy room drops first: at most 5 a call, 20 in all",
)
.limits(&[Limit::items(1, 5)])
.required()
.sdk(&["msgs", "objectNames"])])
.include(&[&HEADERS])
.policy(&FORM);
static KEPT: Shape = Shape::of(&[Field::new(
    "objectnames",
    TYPE_NAMES,
    "Message types that a busy room does not drop; lower case, unlike elsewhere",
)
.limits(NOT_EMPTY)
.required()
.sdk(&["msgs"])])
.include(&[&HEADERS])
.near(&[("objectName", "objectnames")])
.policy(&FORM);
static NOTHING: Shape = Shape::of(&[]).include(&[&HEADERS]).policy(&FORM);

static TAGS_OF: Shape = Shape::of(&[Field::new("userIds", FORM_USERS, "Users, at most 50")
    .limits(&[Limit::items(1, 50)])
    .required()])
.include(&[&HEADERS])
.policy(&FORM);

/// A call that reads.
const fn reads(of: Operation) -> Operation {
    Operation { verbs: &[Verb::Call], source: SDKS, ..of }
}

/// A call that changes something for the users that `reach` names.
const fn sets(of: Operation, reach: Reach) -> Operation {
    Operation { effect: Effect::Manages, reach, ..reads(of) }
}

const SDKS: &str = "official server SDKs for Java (2026-03-13) and Go (2025-10-16)";
const OF_USER: Reach = Reach::Field(TargetKind::User, "userId");
const OF_REQUESTER: Reach = Reach::Field(TargetKind::User, "requestId");
const OF_ROOM: Reach = Reach::Field(TargetKind::Room, "chatroomId");
const OF_ULTRA_GROUP: Reach = Reach::Field(TargetKind::Channel, "groupId");

operations! {
    PRIORITY_ADD = "chatroom-message-priority-add": "Have busy chat rooms drop messages of these types first",
        sets(form("/chatroom/message/priority/add.json", &DEMOTED), Reach::Own);
    PRIORITY_QUERY = "chatroom-message-priority-query": "List the message types that busy chat rooms drop first",
        reads(form("/chatroom/message/priority/query.json", &NOTHING));
    PRIORITY_REMOVE = "chatroom-message-priority-remove": "No longer have chat rooms drop messages of these types first",
        sets(form("/chatroom/message/priority/remove.json", &DEMOTED), Reach::Own);
    RESUME_DISTRIBUTION = "chatroom-message-resume-distribution": "Deliver the messages of a chat room again",
        sets(form("/chatroom/message/resumeDistribution.json", &ROOM), OF_ROOM);
    STOP_DISTRIBUTION = "chatroom-message-stop-distribution": "Stop delivering the messages of a chat room to its members",
        sets(form("/chatroom/message/stopDistribution.json", &ROOM), OF_ROOM);
    WHITELIST_ADD = "chatroom-whitelist-add": "Have busy chat rooms keep messages of these types",
        sets(form("/chatroom/whitelist/add.json", &KEPT), Reach::Own);
    WHITELIST_DELETE = "chatroom-whitelist-delete": "No longer have busy chat rooms keep messages of these types",
        sets(form("/chatroom/whitelist/delete.json", &KEPT), Reach::Own);
    WHITELIST_QUERY = "chatroom-whitelist-query": "List the message types that busy chat rooms keep",
        reads(form("/chatroom/whitelist/query.json", &NOTHING));
    NOTIFICATION_GET_CALL = "conversation-notification-get": "Read whether a user is pushed about a conversation",
        reads(form("/conversation/notification/get.json", &NOTIFICATION_GET));
    NOTIFICATION_SET_CALL = "conversation-notification-set": "Set whether a user is pushed about a conversation",
        sets(form("/conversation/notification/set.json", &NOTIFICATION_SET), OF_REQUESTER);
    TOP_SET = "conversation-top-set": "Put a conversation on top of a user's list, or not",
        sets(form("/conversation/top/set.json", &TOP), OF_USER);
    TYPE_GET_CALL = "conversation-type-notification-get": "Read what a user is pushed of a type of conversation",
        reads(form("/conversation/type/notification/get.json", &TYPE_GET));
    TYPE_SET_CALL = "conversation-type-notification-set": "Set what a user is pushed of a type of conversation",
        sets(form("/conversation/type/notification/set.json", &TYPE_SET), OF_REQUESTER);
    TAG_CONVERSATION_DEL = "tag-conversation-del": "Take a user's tag off conversations",
        sets(json("/tag/conversation/del.json", &TAG_CONVERSATIONS), OF_USER);
    TAG_CONVERSATION_SET = "tag-conversation-set": "Put a user's tag on conversations",
        sets(json("/tag/conversation/set.json", &TAG_CONVERSATIONS), OF_USER);
    NOTDISTURB_GET = "ultragroup-notdisturb-get": "Read what members of an ultra group are pushed by default",
        reads(form("/ultragroup/notdisturb/get.json", &ULTRA_GET)) => edition: "ultra-group plan";
    NOTDISTURB_SET = "ultragroup-notdisturb-set": "Set what members of an ultra group are pushed by default",
        sets(form("/ultragroup/notdisturb/set.json", &ULTRA_SET), OF_ULTRA_GROUP) => edition: "ultra-group plan";
    PERIOD_DELETE = "user-block-push-period-delete": "Remove the time of day in which a user is not pushed",
        sets(form("/user/blockPushPeriod/delete.json", &PERIOD), OF_USER);
    PERIOD_GET = "user-block-push-period-get": "Read the time of day in which a user is not pushed",
        reads(form("/user/blockPushPeriod/get.json", &PERIOD));
    PERIOD_SET_CALL = "user-block-push-period-set": "Set the time of day in which a user is not pushed",
        sets(form("/user/blockPushPeriod/set.json", &PERIOD_SET), OF_USER);
    USER_TAG_DEL_CALL = "user-conversation-tag-del": "Delete tags that a user puts on conversations",
        sets(json("/user/conversation/tag/del.json", &USER_TAG_DEL), OF_USER);
    USER_TAG_SET_CALL = "user-conversation-tag-set": "Make tags that a user can put on conversations",
        sets(json("/user/conversation/tag/set.json", &USER_TAG_SET), OF_USER);
    USER_TAGS_GET = "user-tags-get": "Read the tags of users",
        reads(form("/user/tags/get.json", &TAGS_OF));
}
