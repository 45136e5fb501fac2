//! Messages to users, groups, rooms and everybody.

use super::{ONCE, form, json, scarce, sends};
use crate::contract::{
    Batching, Field, Kind, Limit, MapOf, Rate, Reach, Recall, Shape, TargetKind, Test, Verb,
    choices, operations, rows,
};
use crate::provider::rongcloud::checks::template::TEMPLATE;
use crate::provider::rongcloud::checks::{message, pairs, place};
use crate::provider::rongcloud::fields::{
    BY_SDKS, CHANNEL, CONTENT_AVAILABLE, COUNTED, EXTRA_CONTENT, FORM, FORM_PLACES, FORM_USERS,
    HEADERS, INCLUDE_SENDER, MENTIONED, MESSAGE, PERSISTED, PLACES, PUSHED, RANDOM, READ_RECEIPT,
    SENT_BY_SDKS, TEMPLATE_USERS, TEXT_ITEM, ULTRA_CHANNEL, USERS, VERIFY_BLACKLIST, boolean,
    form_boolean, text,
};
use crate::provider::rongcloud::push::TEMPLATE_PUSH_EXT;

const EXPANSION: Field = form_boolean("expansion", "It may carry key/values, now or later");
const DISABLE_PUSH: Field = form_boolean("disablePush", "No push");
const LAST: Field =
    form_boolean("disableUpdateLastMsg", "Do not show it as the conversation's last message");

const fn users(limits: &'static [Limit]) -> Field {
    Field::new("toUserId", FORM_USERS, "Which user it is for")
        .limits(limits)
        .required()
        .composed()
        .sdk(TARGET)
}

/// What the SDKs for Java, PHP, Node and Go call the target of every send.
const TARGET: &[&str] = &["targetId"];

const THOUSAND: &[Limit] = &[Limit::items(1, 1000)];
const HUNDRED: &[Limit] = &[Limit::items(1, 100)];

const GROUPS: Field = Field::new("toGroupId", FORM_PLACES, "Groups, at most 3")
    .limits(&[Limit::items(1, 3)])
    .required()
    .composed()
    .sdk(TARGET);

const COUNT: Field =
    Field::new("count", Kind::I64, "Badge on iOS; -1 leaves it; with one recipient only");
const COUNT_RANGE: Limit = Limit::range(-1, 9999);

static PRIVATE: Shape = Shape::of(&[
    users(THOUSAND),
    COUNT.limits(&[COUNT_RANGE]),
    VERIFY_BLACKLIST,
    DISABLE_PUSH,
    PERSISTED,
    COUNTED,
    INCLUDE_SENDER,
    EXPANSION,
    EXTRA_CONTENT,
    LAST,
    READ_RECEIPT,
    RANDOM,
    CHANNEL,
])
.include(&[&MESSAGE, &PUSHED, &HEADERS])
.checks(&[message::COUNT, message::EXPANSION, pairs::OF_EXTRA_CONTENT])
.policy(&FORM);

static GROUP: Shape = Shape::of(&[
    GROUPS,
    Field::new("toUserId", FORM_USERS, "Members of one group that it is for"),
    MENTIONED,
    DISABLE_PUSH,
    PERSISTED,
    COUNTED,
    INCLUDE_SENDER,
    EXPANSION,
    EXTRA_CONTENT,
    LAST,
    READ_RECEIPT,
    RANDOM,
    CHANNEL,
])
.include(&[&MESSAGE, &PUSHED, &HEADERS])
.checks(&[message::MENTIONS, message::GROUPS, message::EXPANSION, pairs::OF_EXTRA_CONTENT])
.policy(&FORM);

static ULTRA: Shape = Shape::of(rows! {
    Field::new("toGroupIds", PLACES, "Ultra groups, at most 3").limits(&[Limit::items(1, 3)]).required().composed()
        .sdk(TARGET),
    Field::new("toUserIds", USERS, "Members that it is for; one group and one channel only"),
    ULTRA_CHANNEL,
    MENTIONED,
    PERSISTED,
    COUNTED,
    boolean("expansion", "It may carry key/values, now or later"),
    EXTRA_CONTENT,
    boolean("disableUpdateLastMsg", "Do not show it as the conversation's last message"),
    RANDOM,
    boolean("unreadCountFlag", "Whether it counts as unread").limits(BY_SDKS),
})
.include(&[&MESSAGE, &PUSHED, &HEADERS])
.near(&[("toGroupId", "toGroupIds"), ("toUserId", "toUserIds")])
.checks(&[message::MENTIONS, message::GROUPS, message::EXPANSION, pairs::OF_EXTRA_CONTENT]);

static SYSTEM: Shape = Shape::of(&[
    users(HUNDRED),
    DISABLE_PUSH,
    PERSISTED,
    COUNTED,
    LAST,
    RANDOM,
    CHANNEL.limits(BY_SDKS),
    COUNT.limits(&[COUNT_RANGE, SENT_BY_SDKS]),
])
.include(&[&MESSAGE, &PUSHED, &HEADERS])
.policy(&FORM);

const NOT_STORED: &[Field] = &[
    Field::new("isPersisted", Kind::FLAG01, "Without effect; some SDKs send 0").default("0"),
    Field::new("isCounted", Kind::FLAG01, "Without effect; some SDKs send 0").default("0"),
    RANDOM.limits(BY_SDKS),
    CHANNEL.limits(BY_SDKS),
];
static STATUS: Shape = Shape::of(NOT_STORED).include(&[&MESSAGE, &HEADERS]);
static PRIVATE_STATUS: Shape = Shape::of(&[users(THOUSAND), VERIFY_BLACKLIST, INCLUDE_SENDER])
    .include(&[&STATUS])
    .policy(&FORM);
static GROUP_STATUS: Shape =
    Shape::of(&[GROUPS, VERIFY_BLACKLIST, INCLUDE_SENDER]).include(&[&STATUS]).policy(&FORM);

static ROOM: Shape = Shape::of(rows! {
    Field::new("toChatroomId", FORM_PLACES, "Chat rooms; 10 or fewer are advised")
        .limits(&[Limit::of(Test::Items(Some(1), None))]).required().composed().sdk(TARGET),
    PERSISTED,
    INCLUDE_SENDER,
    Field::new("priority", Kind::Choice(choices! { 0 "default", 1 "allow-listed", 2 "high", 3 "low" }),
        "What a full room drops last: 0 is the default level; 1 and 3 need a switch, else the vendor answers an error code")
        .default("0").source("ChatroomMessage of rongcloud/server-sdk-java, 2024-05-15"),
    RANDOM,
})
.include(&[&MESSAGE, &HEADERS])
.policy(&FORM);

static ROOMS: Shape = Shape::of(&[INCLUDE_SENDER]).include(&[&MESSAGE, &HEADERS]).policy(&FORM);

static EVERYBODY: Shape = Shape::of(&[
    LAST,
    RANDOM,
    DISABLE_PUSH.limits(BY_SDKS),
    text("os", "Only to one system").deprecated("H02", "`push` with `platform` replaces it"),
])
.include(&[&MESSAGE, &PUSHED, &HEADERS])
.checks(&[place::SCARCE])
.policy(&FORM);

static ONLINE: Shape = Shape::of(&[LAST, RANDOM]).include(&[&MESSAGE, &HEADERS]).policy(&FORM);

static VALUES_OF: MapOf =
    MapOf { value: Field::new("{placeholder}", Kind::Any, ""), reserved: &[] };
static VALUES_ITEM: Field = Field::item(Kind::Map(&VALUES_OF));

const fn recipients(limits: &'static [Limit]) -> Field {
    Field::new("toUserId", TEMPLATE_USERS, "Which user it is for")
        .limits(limits)
        .required()
        .sdk(TARGET)
}

static TEMPLATES: Shape = Shape::of(rows! {
    Field::new("values", Kind::List(&VALUES_ITEM), "An object for each recipient, keys with braces").required(),
    Field::new("pushContent", Kind::List(&TEXT_ITEM), "A text of the push for each recipient").recommended("W15"),
    Field::new("pushData", Kind::List(&TEXT_ITEM), "Data of the push for each recipient"),
    TEMPLATE_PUSH_EXT,
    PERSISTED,
    COUNTED,
    CONTENT_AVAILABLE,
    CHANNEL.limits(BY_SDKS),
    boolean("expansion", "They may carry key/values later"),
    boolean("disablePush", "No push"),
    boolean("disableUpdateLastMsg", "Do not show them as the conversation's last message"),
    RANDOM,
})
.include(&[&MESSAGE, &HEADERS])
.checks(&[TEMPLATE, place::ABROAD]);

static PRIVATE_TEMPLATE: Shape =
    Shape::of(&[recipients(THOUSAND), VERIFY_BLACKLIST, INCLUDE_SENDER, READ_RECEIPT])
        .include(&[&TEMPLATES]);
static SYSTEM_TEMPLATE: Shape = Shape::of(&[recipients(HUNDRED)]).include(&[&TEMPLATES]);

operations! {
    SEND_PRIVATE = "send-private": "Send a message to users, one to one",
        sends(form("/message/private/publish.json", &PRIVATE)) =>
        verbs: &[Verb::Send, Verb::Broadcast], reach: Reach::Field(TargetKind::User, "toUserId"),
        batch: Batching::of("toUserId", 1000), rates: &[Rate::targets(6000, 60, "app, by recipient", "private")];
    SEND_GROUP = "send-group": "Send a message to groups, or to members of one",
        sends(form("/message/group/publish.json", &GROUP)) =>
        verbs: &[Verb::Send], reach: Reach::Field(TargetKind::Group, "toGroupId"), batch: Batching::of("toGroupId", 3),
        rates: &[Rate::targets(20, 1, "app, by group", "group")];
    SEND_ULTRAGROUP = "send-ultragroup": "Send a message to ultra groups",
        sends(json("/message/ultragroup/publish.json", &ULTRA)) =>
        verbs: &[Verb::Send], reach: Reach::Field(TargetKind::Channel, "toGroupIds"),
        batch: Batching::of("toGroupIds", 3), rates: &[Rate::targets(100, 1, "ultra group", ""), Rate::targets(20, 1, "channel", "")],
        edition: "ultra-group plan";
    SEND_SYSTEM = "send-system": "Send a message in the system conversation to users",
        sends(form("/message/system/publish.json", &SYSTEM)) =>
        verbs: &[Verb::Send, Verb::Broadcast], reach: Reach::Field(TargetKind::User, "toUserId"),
        batch: Batching::of("toUserId", 100), rates: &[Rate::targets(100, 1, "app, by recipient", "system")];
    SEND_PRIVATE_STATUS = "send-private-status": "Tell users who are online, without storing or pushing it",
        sends(form("/statusmessage/private/publish.json", &PRIVATE_STATUS)) =>
        repeat: ONCE.repeat, reach: Reach::Field(TargetKind::User, "toUserId"), batch: Batching::of("toUserId", 1000),
        rates: &[Rate::targets(6000, 60, "app, by recipient", "")], recall: Recall::never("status messages are not stored");
    SEND_GROUP_STATUS = "send-group-status": "Tell members of groups who are online, without storing or pushing it",
        sends(form("/statusmessage/group/publish.json", &GROUP_STATUS)) =>
        repeat: ONCE.repeat, reach: Reach::Field(TargetKind::Group, "toGroupId"), batch: Batching::of("toGroupId", 3),
        rates: &[Rate::targets(20, 1, "app, by group", "")], recall: Recall::never("status messages are not stored");
    SEND_CHATROOM = "send-chatroom": "Send a message to chat rooms", sends(form("/message/chatroom/publish.json", &ROOM)) =>
        verbs: &[Verb::Send], reach: Reach::Field(TargetKind::Room, "toChatroomId"), batch: Batching::of("toChatroomId", 10),
        rates: &[Rate::targets(100, 1, "app, by room", "")];
    BROADCAST_CHATROOM = "broadcast-chatroom": "Send a message to every chat room of the app",
        sends(form("/message/chatroom/broadcast.json", &ROOMS)) =>
        verbs: &[Verb::Broadcast], repeat: ONCE.repeat, reach: Reach::Everybody, rates: &[super::calls(1, 1)],
        recall: Recall::never("the vendor gives no id"), edition: "switch";
    BROADCAST = "broadcast": "Send a stored message to all users, within three minutes",
        sends(form("/message/broadcast.json", &EVERYBODY)) =>
        verbs: &[Verb::Broadcast], repeat: ONCE.repeat, reach: Reach::Everybody, rates: &scarce("broadcast"),
        recall: Recall::by("recall-broadcast", None, ""), edition: "switch";
    BROADCAST_ONLINE = "broadcast-online": "Send a message to all users who are online now",
        sends(form("/message/online/broadcast.json", &ONLINE)) =>
        verbs: &[Verb::Broadcast], reach: Reach::Everybody, rates: &[super::calls(60, 60)],
        recall: Recall::never("it gives no id that a recall takes"), edition: "switch";
    SEND_PRIVATE_TEMPLATE = "send-private-template": "Send a text of their own to each of several users",
        sends(json("/message/private/publish_template.json", &PRIVATE_TEMPLATE)) =>
        reach: Reach::Field(TargetKind::User, "toUserId"),
        rates: &[Rate::targets(6000, 60, "app, by recipient, shared with send-private", "private")];
    SEND_SYSTEM_TEMPLATE = "send-system-template": "Send a text of their own to each of several users, in the system conversation",
        sends(json("/message/system/publish_template.json", &SYSTEM_TEMPLATE)) =>
        reach: Reach::Field(TargetKind::User, "toUserId"),
        rates: &[Rate::targets(100, 1, "app, by recipient, shared with send-system", "system")];
}
