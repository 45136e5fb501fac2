//! Messages to users, groups, rooms and everybody.

use super::{ONCE, SENDS, batch, form, json, never, scarce, targets};
use crate::contract::{
    Choice, Field, Kind, Limit, MapOf, Operation, Reach, Recall, Shape, TargetKind, Test, Verb,
};
use crate::provider::rongcloud::checks::template::TEMPLATE;
use crate::provider::rongcloud::checks::{message, pairs, place};
use crate::provider::rongcloud::fields::{
    CHANNEL, CONTENT_AVAILABLE, COUNTED, EXTRA_CONTENT, FORM, FORM_PLACES, FORM_USERS, HEADERS,
    INCLUDE_SENDER, MENTIONED, MESSAGE, PERSISTED, PLACES, PUSH_EXT_FIELD, PUSHED, RANDOM,
    READ_RECEIPT, TEMPLATE_USERS, TEXT_ITEM, ULTRA_CHANNEL, USERS, VERIFY_BLACKLIST, boolean,
    form_boolean, text,
};
use crate::text::{Text, en};

const EXPANSION: Field = form_boolean("expansion", "It may carry key/values, now or later");
const DISABLE_PUSH: Field = form_boolean("disablePush", "No push");
const LAST: Field =
    form_boolean("disableUpdateLastMsg", "Do not show it as the conversation's last message");

const fn users(limits: &'static [Limit]) -> Field {
    Field::new("toUserId", FORM_USERS, "Whom it is for").limits(limits).required().composed()
}

const THOUSAND: &[Limit] = &[Limit::items(1, 1000)];
const HUNDRED: &[Limit] = &[Limit::items(1, 100)];

const GROUPS: Field = Field::new("toGroupId", FORM_PLACES, "Groups, at most 3")
    .limits(&[Limit::items(1, 3)])
    .required()
    .composed();

static PRIVATE: Shape = Shape::of(&[
    users(THOUSAND),
    Field::new("count", Kind::I64, "Badge on iOS; -1 leaves it; with one recipient only")
        .limits(&[Limit::range(-1, 9999)]),
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

/// `send-private`
pub(super) const SEND_PRIVATE: Operation = Operation {
    about: en("Send a message to users, one to one"),
    verbs: &[Verb::Send, Verb::Broadcast],
    reach: Reach::Field(TargetKind::User, "toUserId"),
    batch: batch("toUserId", 1000),
    rates: &[targets(6000, 60, "app, by recipient", "private")],
    ..sends("send-private", "/message/private/publish.json", &PRIVATE)
};

/// A sending form operation.
const fn sends(id: &'static str, path: &'static str, shape: &'static Shape) -> Operation {
    Operation {
        effect: SENDS.effect,
        repeat: SENDS.repeat,
        content: SENDS.content,
        sender: SENDS.sender,
        recall: SENDS.recall,
        verbs: SENDS.verbs,
        ..form(id, path, shape)
    }
}

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

/// `send-group`
pub(super) const SEND_GROUP: Operation = Operation {
    about: en("Send a message to groups, or to members of one"),
    verbs: &[Verb::Send],
    reach: Reach::Field(TargetKind::Group, "toGroupId"),
    batch: batch("toGroupId", 3),
    rates: &[targets(20, 1, "app, by group", "group")],
    ..sends("send-group", "/message/group/publish.json", &GROUP)
};

static ULTRA: Shape = Shape::of(&[
    Field::new("toGroupIds", PLACES, "Ultra groups, at most 3")
        .limits(&[Limit::items(1, 3)])
        .required()
        .composed(),
    Field::new("toUserIds", USERS, "Members that it is for; one group and one channel only"),
    ULTRA_CHANNEL,
    MENTIONED,
    PERSISTED,
    COUNTED,
    boolean("expansion", "It may carry key/values, now or later"),
    EXTRA_CONTENT,
    boolean("disableUpdateLastMsg", "Do not show it as the conversation's last message"),
    RANDOM,
])
.include(&[&MESSAGE, &PUSHED, &HEADERS])
.near(&[("toGroupId", "toGroupIds"), ("toUserId", "toUserIds")])
.checks(&[message::MENTIONS, message::GROUPS, message::EXPANSION, pairs::OF_EXTRA_CONTENT]);

/// `send-ultragroup`
pub(super) const SEND_ULTRAGROUP: Operation = Operation {
    about: en("Send a message to ultra groups"),
    verbs: &[Verb::Send],
    effect: SENDS.effect,
    repeat: SENDS.repeat,
    content: SENDS.content,
    sender: SENDS.sender,
    recall: SENDS.recall,
    reach: Reach::Field(TargetKind::Channel, "toGroupIds"),
    batch: batch("toGroupIds", 3),
    rates: &[targets(100, 1, "ultra group", ""), targets(20, 1, "channel", "")],
    edition: "ultra-group plan",
    ..json("send-ultragroup", "/message/ultragroup/publish.json", &ULTRA)
};

static SYSTEM: Shape = Shape::of(&[users(HUNDRED), DISABLE_PUSH, PERSISTED, COUNTED, LAST, RANDOM])
    .include(&[&MESSAGE, &PUSHED, &HEADERS])
    .policy(&FORM);

/// `send-system`
pub(super) const SEND_SYSTEM: Operation = Operation {
    about: en("Send a message in the system conversation to users"),
    verbs: &[Verb::Send, Verb::Broadcast],
    reach: Reach::Field(TargetKind::User, "toUserId"),
    batch: batch("toUserId", 100),
    rates: &[targets(100, 1, "app, by recipient", "system")],
    ..sends("send-system", "/message/system/publish.json", &SYSTEM)
};

const NOT_STORED: &[Field] = &[
    Field::new("isPersisted", Kind::FLAG01, "Without effect; some SDKs send 0").default("0"),
    Field::new("isCounted", Kind::FLAG01, "Without effect; some SDKs send 0").default("0"),
];
static STATUS: Shape = Shape::of(NOT_STORED).include(&[&MESSAGE, &HEADERS]);
static PRIVATE_STATUS: Shape = Shape::of(&[users(THOUSAND), VERIFY_BLACKLIST, INCLUDE_SENDER])
    .include(&[&STATUS])
    .policy(&FORM);
static GROUP_STATUS: Shape =
    Shape::of(&[GROUPS, VERIFY_BLACKLIST, INCLUDE_SENDER]).include(&[&STATUS]).policy(&FORM);

/// `send-private-status`
pub(super) const SEND_PRIVATE_STATUS: Operation = Operation {
    about: en("Tell users who are online, without storing or pushing it"),
    repeat: ONCE.repeat,
    reach: Reach::Field(TargetKind::User, "toUserId"),
    batch: batch("toUserId", 1000),
    rates: &[targets(6000, 60, "app, by recipient", "")],
    recall: never("status messages are not stored"),
    ..sends("send-private-status", "/statusmessage/private/publish.json", &PRIVATE_STATUS)
};

/// `send-group-status`
pub(super) const SEND_GROUP_STATUS: Operation = Operation {
    about: en("Tell members of groups who are online, without storing or pushing it"),
    repeat: ONCE.repeat,
    reach: Reach::Field(TargetKind::Group, "toGroupId"),
    batch: batch("toGroupId", 3),
    rates: &[targets(20, 1, "app, by group", "")],
    recall: never("status messages are not stored"),
    ..sends("send-group-status", "/statusmessage/group/publish.json", &GROUP_STATUS)
};

static ROOM: Shape = Shape::of(&[
    Field::new("toChatroomId", FORM_PLACES, "Chat rooms; 10 or fewer are advised")
        .limits(&[Limit::of(Test::Items(Some(1), None))])
        .required()
        .composed(),
    PERSISTED,
    INCLUDE_SENDER,
    Field::new(
        "priority",
        Kind::Choice(&[
            Choice::int(1, "allow-listed", Text::NONE),
            Choice::int(2, "high", Text::NONE),
            Choice::int(3, "low", Text::NONE),
        ]),
        "What a full room drops last; absent is normal",
    ),
    RANDOM,
])
.include(&[&MESSAGE, &HEADERS])
.policy(&FORM);

/// `send-chatroom`
pub(super) const SEND_CHATROOM: Operation = Operation {
    about: en("Send a message to chat rooms"),
    verbs: &[Verb::Send],
    reach: Reach::Field(TargetKind::Room, "toChatroomId"),
    batch: batch("toChatroomId", 10),
    rates: &[targets(100, 1, "app, by room", "")],
    ..sends("send-chatroom", "/message/chatroom/publish.json", &ROOM)
};

static ROOMS: Shape = Shape::of(&[INCLUDE_SENDER]).include(&[&MESSAGE, &HEADERS]).policy(&FORM);

/// `broadcast-chatroom`
pub(super) const BROADCAST_CHATROOM: Operation = Operation {
    about: en("Send a message to every chat room of the app"),
    verbs: &[Verb::Broadcast],
    repeat: ONCE.repeat,
    reach: Reach::Everybody,
    rates: &[super::calls(1, 1)],
    recall: never("the vendor gives no id"),
    edition: "switch",
    ..sends("broadcast-chatroom", "/message/chatroom/broadcast.json", &ROOMS)
};

static EVERYBODY: Shape = Shape::of(&[
    LAST,
    RANDOM,
    text("os", "Only to one system").deprecated("H02", "`push` with `platform` replaces it"),
])
.include(&[&MESSAGE, &PUSHED, &HEADERS])
.checks(&[place::SCARCE])
.policy(&FORM);

/// `broadcast`
pub(super) const BROADCAST: Operation = Operation {
    about: en("Send a stored message to all users, within three minutes"),
    verbs: &[Verb::Broadcast],
    repeat: ONCE.repeat,
    reach: Reach::Everybody,
    rates: &scarce("broadcast"),
    recall: Recall { operation: Some("recall-broadcast"), window: None, note: Text::NONE },
    edition: "switch",
    ..sends("broadcast", "/message/broadcast.json", &EVERYBODY)
};

static ONLINE: Shape = Shape::of(&[LAST, RANDOM]).include(&[&MESSAGE, &HEADERS]).policy(&FORM);

/// `broadcast-online`
pub(super) const BROADCAST_ONLINE: Operation = Operation {
    about: en("Send a message to all users who are online now"),
    verbs: &[Verb::Broadcast],
    reach: Reach::Everybody,
    rates: &[super::calls(60, 60)],
    recall: never("it gives no id that a recall takes"),
    edition: "switch",
    ..sends("broadcast-online", "/message/online/broadcast.json", &ONLINE)
};

static VALUES_OF: MapOf =
    MapOf { value: Field::new("{placeholder}", Kind::Any, ""), reserved: &[] };
static VALUES_ITEM: Field = Field::item(Kind::Map(&VALUES_OF));

const fn recipients(limits: &'static [Limit]) -> Field {
    Field::new("toUserId", TEMPLATE_USERS, "Whom it is for").limits(limits).required()
}

static TEMPLATES: Shape = Shape::of(&[
    Field::new(
        "values",
        Kind::List(&VALUES_ITEM),
        "An object for each recipient, keys with braces",
    )
    .required(),
    Field::new("pushContent", Kind::List(&TEXT_ITEM), "A text of the push for each recipient")
        .recommended("W15"),
    Field::new("pushData", Kind::List(&TEXT_ITEM), "Data of the push for each recipient"),
    PUSH_EXT_FIELD,
    PERSISTED,
    COUNTED,
    CONTENT_AVAILABLE,
    boolean("expansion", "They may carry key/values later"),
    boolean("disablePush", "No push"),
    boolean("disableUpdateLastMsg", "Do not show them as the conversation's last message"),
    RANDOM,
])
.include(&[&MESSAGE, &HEADERS])
.checks(&[TEMPLATE, place::ABROAD]);

static PRIVATE_TEMPLATE: Shape =
    Shape::of(&[recipients(THOUSAND), VERIFY_BLACKLIST, INCLUDE_SENDER, READ_RECEIPT])
        .include(&[&TEMPLATES]);
static SYSTEM_TEMPLATE: Shape = Shape::of(&[recipients(HUNDRED)]).include(&[&TEMPLATES]);

/// `send-private-template`
pub(super) const SEND_PRIVATE_TEMPLATE: Operation = Operation {
    about: en("Send a text of their own to each of several users"),
    reach: Reach::Field(TargetKind::User, "toUserId"),
    rates: &[targets(6000, 60, "app, by recipient, shared with send-private", "private")],
    effect: SENDS.effect,
    repeat: SENDS.repeat,
    content: SENDS.content,
    sender: SENDS.sender,
    recall: SENDS.recall,
    verbs: SENDS.verbs,
    ..json("send-private-template", "/message/private/publish_template.json", &PRIVATE_TEMPLATE)
};

/// `send-system-template`
pub(super) const SEND_SYSTEM_TEMPLATE: Operation = Operation {
    about: en("Send a text of their own to each of several users, in the system conversation"),
    reach: Reach::Field(TargetKind::User, "toUserId"),
    rates: &[targets(100, 1, "app, by recipient, shared with send-system", "system")],
    effect: SENDS.effect,
    repeat: SENDS.repeat,
    content: SENDS.content,
    sender: SENDS.sender,
    recall: SENDS.recall,
    verbs: SENDS.verbs,
    ..json("send-system-template", "/message/system/publish_template.json", &SYSTEM_TEMPLATE)
};
