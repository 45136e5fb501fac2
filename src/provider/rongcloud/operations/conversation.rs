//! What is done to messages that were sent: recall, edit, read, key/values.

use super::{calls, form, scarce};
use crate::contract::{
    Audience, Effect, Field, InnerKind, Kind, Limit, Operation, Rate, Reach, Repeatable, Shape,
    TargetKind, Test, Verb, audience, choices, operations, rows,
};
use crate::document::At;
use crate::provider::rongcloud::checks::{message, pairs};
use crate::provider::rongcloud::fields::{
    FORM, FROM, HEADERS, INNER, INNER_CODES, OBJECT_NAME, PAIRS, PRIVATE_OR_GROUP, RANDOM,
    RECALL_CHANNEL, TEXT_ITEM, ULTRA_CHANNEL, flag, form_boolean, id, message_id, millis, text,
};
use crate::provider::rongcloud::messages::CONTENT_BY_NAME;
use crate::text::en;

const GROUP_ID: Field = id("groupId", "Group of the message").composed();
const TARGET_ID: Field = id("targetId", "User, group or room of the message").composed();
const MSG_UID: Field = message_id("msgUID", "Id of the message").composed();

const UNDO: &[Field] = rows! {
    FROM.sdk(&["senderId", "userId"]),
    text("messageUID", "Id of the message").limits(&[Limit::filled()]).required().composed()
        .sdk(&["uId", "messageId"]),
    millis("sentTime", "When it was sent, in milliseconds since 1970").recommended("W19").composed(),
    flag("isAdmin", "Say that an administrator recalled it").default("0"),
    flag("isDelete", "Vanish without a note").default("0"),
    text("extra", "The app's own data"),
    form_boolean("disableUpdateLastMsg", "Do not change the conversation's last message"),
};
static UNDO_SHAPE: Shape = Shape::of(UNDO).near(&[
    ("msgUID", "messageUID"),
    ("fromuserid", "fromUserId"),
    ("messageUId", "messageUID"),
]);

static RECALL_SHAPE: Shape = Shape::of(rows! {
    Field::new("conversationType",
        Kind::Choice(choices! { 1 "private", 3 "group", 4 "chat-room", 6 "system", 10 "ultra-group" }),
        "Type of the conversation").required().composed(),
    TARGET_ID.sdk(&["groupId", "chatroomId"]),
    RECALL_CHANNEL.composed(),
    form_boolean("disablePush", "No push of the recall"),
})
.include(&[&UNDO_SHAPE, &HEADERS])
.checks(message::RECALL)
.policy(&FORM);

const BY_CONVERSATION: Reach = Reach::Read(&["conversationType", "targetId"], by_conversation);
const GROUP: Reach = Reach::Field(TargetKind::Group, "groupId");
const ULTRA_GROUP: Reach = Reach::Field(TargetKind::Channel, "groupId");
const PRIVATE: Reach = Reach::Field(TargetKind::User, "targetId");

/// Who got the message, beside the targets of the conversation: what the server does where both differ is not documented.
const MESSAGE: Reach = Reach::KnownMessage(&["msgUID"]);
const RECALLED_MESSAGE: Reach = Reach::KnownMessage(&["messageUID"]);

/// The conversation that a call is about.
fn by_conversation(root: At<'_>) -> Option<Audience> {
    let kind = match root.get("conversationType").as_integer()? {
        1 | 6 => TargetKind::User,
        3 => TargetKind::Group,
        4 => TargetKind::Room,
        10 => TargetKind::Channel,
        _ => return None,
    };
    audience::named(kind, root.get("targetId"))
}

static RECALL_BROADCAST_SHAPE: Shape =
    Shape::of(&[]).include(&[&UNDO_SHAPE, &HEADERS]).policy(&FORM);

static EDITED: Shape = Shape::of(&[FROM, MSG_UID])
    .variants(CONTENT_BY_NAME)
    .near(&[("messageUID", "msgUID"), ("fromuserid", "fromUserId")]);
static TYPED: Shape = Shape::of(&[OBJECT_NAME.optional()]).checks(&[message::NAMES]);
static MODIFY_PRIVATE_SHAPE: Shape =
    Shape::of(&[TARGET_ID]).include(&[&EDITED, &TYPED, &HEADERS]).policy(&FORM);
static MODIFY_GROUP_SHAPE: Shape =
    Shape::of(&[GROUP_ID]).include(&[&EDITED, &TYPED, &HEADERS]).policy(&FORM);
static MODIFY_ULTRA_SHAPE: Shape = Shape::of(&[
    GROUP_ID,
    Field { about: en("Channel of the message, outside `RCDefault`"), ..ULTRA_CHANNEL }.composed(),
    RANDOM,
])
.include(&[&EDITED, &HEADERS])
.policy(&FORM);

const fn modifies(path: &'static str, shape: &'static Shape) -> Operation {
    Operation {
        verbs: &[Verb::Update],
        effect: Effect::Destroys,
        repeat: Repeatable::Costly,
        content: "content",
        sender: "fromUserId",
        edition: "described since 2026",
        ..form(path, shape)
    }
}

static ASKED: Shape = Shape::of(&[
    text("msgUID", "Id of the message").limits(&[Limit::filled()]).required(),
    text("busChannel", "Its channel").id(),
])
.policy(&INNER);
static ASKED_ITEM: Field = Field::item(Kind::Object(&ASKED));
static MESSAGES: InnerKind =
    InnerKind { kind: Kind::List(&ASKED_ITEM), bare: false, codes: INNER_CODES };
static GET_SHAPE: Shape = Shape::of(rows! {
    GROUP_ID,
    Field::new("msgs", Kind::JsonText(&MESSAGES), "Messages as a JSON list, at most 20").required().composed(),
})
.include(&[&HEADERS])
.checks(&[pairs::OF_MESSAGES])
.policy(&FORM);

const KEY_VALUES: Field =
    Field::new("extraKeyVal", Kind::JsonText(&PAIRS), "Key/values as a JSON object, at most 100")
        .required()
        .sdk(&["extra"]);
static KEYS: InnerKind =
    InnerKind { kind: Kind::List(&TEXT_ITEM), bare: false, codes: INNER_CODES };
const KEYS_FIELD: Field =
    Field::new("extraKey", Kind::JsonText(&KEYS), "Keys as a JSON list, at most 100")
        .required()
        .sdk(&["keys"]);
const ACTOR: Field = id("userId", "Who acts");
const PAGE: Field = Field::new("pageNo", Kind::I64, "Page, from 1 on; 300 entries each")
    .limits(&[Limit::of(Test::Range(Some(1), None))])
    .sdk(&["page"]);

static ABOUT_MESSAGE: Shape = Shape::of(&[MSG_UID]).near(&[("messageUID", "msgUID")]);
static IN_CONVERSATION: Shape = Shape::of(&[
    ACTOR,
    Field::new("conversationType", PRIVATE_OR_GROUP, "Type of the conversation").required(),
    TARGET_ID,
    flag("isSyncSender", "The sender's own devices learn of it, too").default("0"),
])
.include(&[&ABOUT_MESSAGE, &HEADERS]);
static IN_ULTRA_GROUP: Shape =
    Shape::of(&[GROUP_ID.sdk(&["targetId"]), ULTRA_CHANNEL]).include(&[&ABOUT_MESSAGE, &HEADERS]);

static SET: Shape = Shape::of(&[KEY_VALUES])
    .include(&[&IN_CONVERSATION])
    .checks(&[pairs::OF_EXTRA_KEY_VAL])
    .policy(&FORM);
static DELETE: Shape = Shape::of(&[KEYS_FIELD])
    .include(&[&IN_CONVERSATION])
    .checks(&[pairs::OF_EXTRA_KEY])
    .policy(&FORM);
static QUERY: Shape = Shape::of(&[PAGE]).include(&[&ABOUT_MESSAGE, &HEADERS]).policy(&FORM);
static ULTRA_SET: Shape = Shape::of(&[ACTOR, KEY_VALUES])
    .include(&[&IN_ULTRA_GROUP])
    .checks(&[pairs::OF_EXTRA_KEY_VAL])
    .policy(&FORM);
static ULTRA_DELETE: Shape = Shape::of(&[ACTOR, KEYS_FIELD])
    .include(&[&IN_ULTRA_GROUP])
    .checks(&[pairs::OF_EXTRA_KEY])
    .policy(&FORM);
static ULTRA_QUERY: Shape = Shape::of(&[PAGE]).include(&[&IN_ULTRA_GROUP]).policy(&FORM);

const GROUP_SHARE: Rate = Rate::calls(20, 1, "app, of these for groups", "of groups");

operations! {
    RECALL = "recall": "Recall a message", form("/message/recall.json", &RECALL_SHAPE) =>
        verbs: &[Verb::Recall], effect: Effect::Destroys, reach: Reach::AllOf(&[BY_CONVERSATION, RECALLED_MESSAGE]),
        rates: &[calls(100, 1)], sender: "fromUserId";
    RECALL_BROADCAST = "recall-broadcast": "Recall a broadcast, or a push by tag or package",
        form("/message/broadcast/recall.json", &RECALL_BROADCAST_SHAPE) =>
        verbs: &[Verb::Recall], effect: Effect::Destroys, reach: Reach::Message(&["messageUID"]),
        repeat: Repeatable::Duplicates, rates: &scarce("recall-broadcast"), edition: "switch", sender: "fromUserId";
    MODIFY_PRIVATE = "modify-private": "Replace the content of a message between users",
        modifies("/message/private/modify.json", &MODIFY_PRIVATE_SHAPE) =>
        reach: Reach::AllOf(&[PRIVATE, MESSAGE]);
    MODIFY_GROUP = "modify-group": "Replace the content of a group message",
        modifies("/message/group/modify.json", &MODIFY_GROUP_SHAPE) =>
        reach: Reach::AllOf(&[GROUP, MESSAGE]);
    MODIFY_ULTRAGROUP = "modify-ultragroup": "Replace the content of an ultra-group message",
        modifies("/ultragroup/msg/modify.json", &MODIFY_ULTRA_SHAPE) =>
        reach: Reach::AllOf(&[ULTRA_GROUP, MESSAGE]), rates: &[calls(100, 60)], edition: "ultra-group plan";
    ULTRAGROUP_MSG_GET = "ultragroup-msg-get": "Read ultra-group messages by id; ultra groups keep them 7 days by default",
        form("/ultragroup/msg/get.json", &GET_SHAPE) =>
        verbs: &[Verb::Get], edition: "ultra-group plan; more than 7 days are paid";
    EXPANSION_SET = "expansion-set": "Put key/values on a message that was sent with `expansion`",
        form("/message/expansion/set.json", &SET) =>
        verbs: &[Verb::Call], effect: Effect::Destroys, reach: Reach::AllOf(&[BY_CONVERSATION, MESSAGE]),
        rates: &[calls(100, 1), GROUP_SHARE], sender: "userId";
    EXPANSION_DELETE = "expansion-delete": "Remove key/values from a message",
        form("/message/expansion/delete.json", &DELETE) =>
        verbs: &[Verb::Call], effect: Effect::Destroys, reach: Reach::AllOf(&[BY_CONVERSATION, MESSAGE]),
        rates: &[calls(100, 1), GROUP_SHARE], sender: "userId";
    EXPANSION_QUERY = "expansion-query": "Read the key/values of a message",
        form("/message/expansion/query.json", &QUERY) =>
        verbs: &[Verb::Call], rates: &[calls(100, 1)];
    ULTRAGROUP_EXPANSION_SET = "ultragroup-expansion-set": "Put key/values on an ultra-group message",
        form("/ultragroup/message/expansion/set.json", &ULTRA_SET) =>
        verbs: &[Verb::Call], effect: Effect::Destroys, reach: Reach::AllOf(&[ULTRA_GROUP, MESSAGE]),
        edition: "ultra-group plan", sender: "userId";
    ULTRAGROUP_EXPANSION_DELETE = "ultragroup-expansion-delete": "Remove key/values from an ultra-group message",
        form("/ultragroup/message/expansion/delete.json", &ULTRA_DELETE) =>
        verbs: &[Verb::Call], effect: Effect::Destroys, reach: Reach::AllOf(&[ULTRA_GROUP, MESSAGE]),
        edition: "ultra-group plan", sender: "userId";
    ULTRAGROUP_EXPANSION_QUERY = "ultragroup-expansion-query": "Read the key/values of an ultra-group message",
        form("/ultragroup/message/expansion/query.json", &ULTRA_QUERY) =>
        verbs: &[Verb::Call], edition: "ultra-group plan";
}
