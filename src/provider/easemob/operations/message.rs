//! What is done to messages that are there: recall, edit, deletion; and messages from elsewhere.

use super::{HUNDRED, calls, json, sends, shared};
use crate::contract::{
    AddressVariant, Answers, Audience, Batching, BodyForm, Choice, Condition, Effect, Field, Kind,
    Limit, Lit, Misplaced, Operation, Position, Rate, Reach, Recall, Repeatable, Shape, Target,
    TargetKind, Test, ValueCheck, Verb, choices, operations, rows,
};
use crate::document::{At, ValueView};
use crate::provider::easemob::checks::{follow, host, size};
use crate::provider::easemob::ext;
use crate::provider::easemob::fields::{
    FILLED, USERNAME, WITH_EXT, boolean, filled, long, place, text, user,
};
use crate::provider::easemob::messages::{IMPORTED, NEW_MSG};
use crate::provider::kit::forms::DIGITS;
use crate::wire::Method;

const CHAT_TYPES: &[Choice] =
    choices! { "chat": "one to one", "groupchat": "a group", "chatroom": "a chat room" };

const MSG_ID: Field =
    filled("msg_id", "EM-41", "Id of the message").required().composed().sdk(&["messageId"]);
const OF_WHOM: Field =
    filled("to", "EM-42", "Receiver: user, group or chat room").required().composed().id();
const FORCE: Field =
    boolean("force", "EM-44", "Also after the recall period").required().composed();
const RECALLER: Field = text("from", "EM-45", "Who recalls it").default("admin").composed().id();
const INFO: Field =
    text("recallMessageExtensionInfo", "EM-45", "Text that clients get with the recall");
const NEAR: &[(&str, &str)] =
    &[("msgId", "msg_id"), ("message_id", "msg_id"), ("chatType", "chat_type"), ("target", "to")];

const fn chat_type(kinds: &'static [Choice]) -> Field {
    Field::new("chat_type", Kind::Choice(kinds), "Kind of conversation")
        .rule("EM-43")
        .required()
        .composed()
}

static ONE: Shape = Shape::of(rows! {
    MSG_ID,
    OF_WHOM,
    chat_type(CHAT_TYPES),
    FORCE,
    RECALLER,
    boolean("sync_device", "EM-45", "Also on the sender's devices; one to one only").default("true"),
    INFO,
})
.near(NEAR)
.misplaced(&[Misplaced {
    field: "msg_id",
    when: Condition::Given("msgs"),
    members: &["msgs"],
    help: "`msgs` is a list of recalls: `recall-batch` takes it.",
}])
.checks(&[follow::RECEIVER, follow::TOO_LATE]);

/// What takes messages away.
/// The same for what each call costs one of a few edits.
const fn costly(of: Operation) -> Operation {
    Operation { repeat: Repeatable::Costly, ..destroys(of) }
}

const fn destroys(of: Operation) -> Operation {
    Operation { effect: Effect::Destroys, repeat: Repeatable::Safe, rates: HUNDRED, ..of }
}

/// Who is affected by a recall.
const FROM_ONE: Reach =
    Reach::AllOf(&[Reach::Read(&["chat_type", "to"], recalled), Reach::KnownMessage(&["msg_id"])]);

/// Who is affected by a list of recalls. Old SDKs can leave receivers out: then who got the messages.
const FROM_EACH: Reach = Reach::FirstOf(&[
    Reach::AllOf(&[
        Reach::Read(&["msgs/*/chat_type", "msgs/*/to"], all_recalled),
        Reach::KnownMessage(&["msgs/*/msg_id"]),
    ]),
    Reach::Message(&["msgs/*/msg_id"]),
]);

/// The receiver, by the kind of conversation.
fn receiver(at: At<'_>) -> Option<Target> {
    let kind = match at.get("chat_type").as_str()? {
        "chat" => TargetKind::User,
        "groupchat" | "group_chat" => TargetKind::Group,
        "chatroom" => TargetKind::Room,
        _ => return None,
    };
    Some(Target::new(kind, at.get("to").as_str().filter(|id| !id.is_empty())?))
}

fn recalled(at: At<'_>) -> Option<Audience> {
    Some(Audience::Named(vec![receiver(at)?]))
}

fn all_recalled(at: At<'_>) -> Option<Audience> {
    let targets = at.get("msgs").items().map(receiver).collect::<Option<Vec<_>>>()?;
    Some(Audience::Named(targets))
}

static ITEM: Field = Field::item(Kind::Object(&ONE)).rule("EM-40");
static BATCH: Shape = Shape::of(rows! {
    Field::new("msgs", Kind::List(&ITEM), "Messages, at most 30").rule("EM-40").limits(&[Limit::items(1, 30)])
        .required().composed().sdk(&["recallMessages"]),
    INFO,
});

const OLD_CHAT_TYPES: &[Choice] = choices! {
    "chat": "one to one",
    "groupchat": "a group",
    "group_chat": "a group, as one SDK writes it",
    "chatroom": "a chat room",
};
static OLD_ONE: Shape = Shape::of(&[
    MSG_ID,
    filled("to", "EM-42", "Receiver: user, group or chat room").id(),
    chat_type(OLD_CHAT_TYPES),
    FORCE,
    RECALLER,
])
.near(NEAR)
.checks(&[follow::RECEIVER]);
static OLD_ITEM: Field = Field::item(Kind::Object(&OLD_ONE)).rule("EM-40");
static OLD_LIST: Shape = Shape::of(&[Field::new("msgs", Kind::List(&OLD_ITEM), "Messages")
    .rule("EM-40")
    .limits(&[Limit::of(Test::Items(Some(1), None))])
    .required()])
.checks(&[host::OLD_RECALL]);

static CANNOT_CHANGE: Condition = Condition::Is(
    "new_msg/type",
    &[
        Lit::Text("img"),
        Lit::Text("image"),
        Lit::Text("audio"),
        Lit::Text("video"),
        Lit::Text("file"),
        Lit::Text("loc"),
    ],
);

static EDIT: Shape = Shape::of(rows! {
    text("msg_id", "EM-50", "Id of the message").limits(&[Limit::form(&DIGITS)]).position(Position::Path).composed(),
    Field::new("new_msg", Kind::Object(&NEW_MSG), "What it becomes").rule("EM-51").required().composed()
        .sdk(&["newMessage"]),
    ext::field("new_ext", "EM-54", "The app's own keys; all that can change of attachments and places")
        .recommended_if("EM-W29", &CANNOT_CHANGE).composed(),
    boolean("is_combine_ext", "EM-54", "Merge `new_ext` with what is there, or replace it").default("true"),
    text("user", "EM-54", "Who edits").composed().id(),
})
.near(&[("msg", "new_msg"), ("ext", "new_ext"), ("from", "user")])
.checks(&[size::IMPORTED]);

/// What every import has.
static IMPORT: Shape = Shape::of(rows! {
    filled("from", "EM-07", "Sender").required().composed().id(),
    long("msg_timestamp", "EM-72", "When it was sent, in milliseconds; later than the import before it")
        .limits(&[Limit::of(Test::Range(Some(1000), None))]),
    boolean("need_download", "EM-73", "Copy the attachment into the vendor's store").default("false"),
    boolean("is_ack_read", "EM-73", "The receiver has read it")
        .deprecated("EM-W33", "leave it out: current documents no longer have it"),
})
.include(&[&IMPORTED, &WITH_EXT])
.near(&[("to", "target"), ("msg", "body")]);

static USER_IMPORT: Shape =
    Shape::of(&[user("target", "EM-02", "Receiver").required()]).include(&[&IMPORT]);
static GROUP_IMPORT: Shape =
    Shape::of(&[place("target", "EM-02", "Group").required()]).include(&[&IMPORT]);

const IMPORTED_RECALL: Recall =
    Recall::by("recall", None, "with force, for what is imported is old");

static CONVERSATION: Shape = Shape::of(rows! {
    USERNAME.composed(),
    filled("channel", "EM-75", "The other user, or the group").required().id().sdk(&["channelName"]),
    Field::new("type", Kind::Choice(choices! { "chat", "groupchat" }), "Kind of conversation").rule("EM-76")
        .required().composed().sdk(&["channelType"]),
    boolean("delete_roam", "EM-77", "Also its messages on the server").required(),
});

fn written_as_number(at: At<'_>) -> Option<String> {
    matches!(at.value(), Some(ValueView::Number(_)))
        .then(|| "an id should be text: as a number, programs lose its last digits".to_owned())
}
static AS_TEXT: ValueCheck = ValueCheck { name: "ids are text", test: written_as_number };
static MESSAGE_IDS: Field = Field::item(Kind::Union(&[Kind::Digits, Kind::U64_ID]))
    .limits(&[Limit::filled(), Limit::of(Test::ValueCheck(&AS_TEXT)).rule("EM-W30")]);

const ROAMING_ADDRESSES: &[AddressVariant] = rows! {
    AddressVariant { path: "/{org}/{app}/rest/message/roaming/chat/user/{username}/time", with: &["peer", "delTime"],
        ..ROAMING_ADDRESS },
    AddressVariant { path: "/{org}/{app}/rest/message/roaming/group/user/{username}/time", with: &["groupId", "delTime"],
        without: &["peer"], ..ROAMING_ADDRESS },
    AddressVariant { path: "/{org}/{app}/rest/message/roaming/group/user/{username}", with: &["groupId"],
        without: &["peer"], ..ROAMING_ADDRESS },
    AddressVariant { path: "/{org}/{app}/rest/message/roaming/user/{username}/delete/all", method: Method::Post,
        without: &["peer", "groupId"], ..ROAMING_ADDRESS },
};
const ROAMING_ADDRESS: AddressVariant =
    AddressVariant { method: Method::Delete, ..AddressVariant::BASE };

static ROAMING: Shape = Shape::of(rows! {
    USERNAME.required().composed(),
    text("peer", "EM-78", "The other user of the conversation").limits(FILLED).id().in_query("userId"),
    text("groupId", "EM-78", "The group or chat room").limits(FILLED).id().position(Position::Query),
    Field::new("msgIdList", Kind::List(&MESSAGE_IDS), "Ids of the messages, at most 50").rule("EM-79")
        .limits(&[Limit::items(1, 50)]).position(Position::Query).composed(),
    long("delTime", "EM-79", "Everything before this time, in milliseconds").position(Position::Query),
    boolean("isNotify", "EM-79", "Tell the user's devices").position(Position::Query),
})
.checks(&[follow::ROAMING]);

operations! {
    RECALL = "recall": "Recall a message, and its attachment",
        destroys(json("/{org}/{app}/messages/msg_recall", &ONE)) =>
        verbs: &[Verb::Recall], reach: FROM_ONE, answers: Answers::Values("msg_id"), sender: "from",
        edition: "switch of the console";
    RECALL_BATCH = "recall-batch": "Recall up to 30 messages",
        destroys(json("/{org}/{app}/messages/batch_recall", &BATCH)) =>
        verbs: &[Verb::Recall], reach: FROM_EACH, batch: Batching::of("msgs", 30),
        answers: Answers::Values("msgs/msg_id"), edition: "switch of the console";
    RECALL_LEGACY = "recall-legacy": "Recall messages the way of old SDKs",
        destroys(json("/{org}/{app}/messages/recall", &OLD_LIST)) =>
        verbs: &[Verb::Call], reach: FROM_EACH, answers: Answers::Values("msgs/msg_id"),
        edition: "switch of the console";
    UPDATE = "update": "Edit a stored message, at most 10 times",
        costly(json("/{org}/{app}/messages/rewrite/{msg_id}", &EDIT)) =>
        method: Method::Put, verbs: &[Verb::Update], content: "new_msg", sender: "user", edition: "on request",
        reach: Reach::Message(&["msg_id"]);
    IMPORT_USERS = "import-users": "Put a message from elsewhere into a conversation of two users",
        sends(json("/{org}/{app}/messages/users/import", &USER_IMPORT)) =>
        verbs: &[Verb::Call], reach: Reach::Field(TargetKind::User, "target"), rates: HUNDRED,
        recall: IMPORTED_RECALL, content: "body", sender: "from";
    IMPORT_GROUPS = "import-groups": "Put a message from elsewhere into a group",
        sends(json("/{org}/{app}/messages/chatgroups/import", &GROUP_IMPORT)) =>
        verbs: &[Verb::Call], reach: Reach::Field(TargetKind::Group, "target"), rates: HUNDRED,
        recall: IMPORTED_RECALL, content: "body", sender: "from";
    DELETE_CONVERSATION = "delete-conversation": "Take a conversation out of one user's list",
        json("/{org}/{app}/users/{username}/user_channel", &CONVERSATION) =>
        method: Method::Delete, verbs: &[Verb::Delete], reach: Reach::Field(TargetKind::User, "username"),
        rates: &[Rate { scope: "user", ..calls(5, 60) }, calls(100, 1)], repeat: Repeatable::Costly,
        effect: Effect::Destroys, own_view: true;
    DELETE_ROAMING = "delete-roaming": "Delete messages on the server for one user: by id, by time, or all",
        json("/{org}/{app}/rest/message/roaming/chat/user/{username}", &ROAMING) =>
        method: Method::Delete, body: BodyForm::None, verbs: &[Verb::Delete],
        reach: Reach::Field(TargetKind::User, "username"), rates: &[shared(100, 1, "roaming")],
        batch: Batching::of("msgIdList", 50), effect: Effect::Destroys, own_view: true, edition: "roaming service",
        variants: ROAMING_ADDRESSES;
}
