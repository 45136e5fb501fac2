//! What each operation expects as its body.

use super::checks;
use super::payload::{
    CHECKED_SIZE, CONVERSATION, LINE, PAYLOAD_FIELD, UNCHECKED_SIZE, conversation_type, due_ids,
    id, ids, uid,
};
use crate::contract::{
    Check, Condition, Field, Ignored, Kind, Limit, Lit, Shape, Test, choices, rows,
};

/// What holds for every operation, whatever it sends.
static CALL: Shape = Shape::of(&[]).checks(&[
    Check::function("W22", "the profile is a careful one", checks::profile),
    Check::function("W23", "the edition has the operation", checks::edition),
]);

static BY_UID: Shape =
    Shape::of(&[]).checks(&[Check::function("W14", "the uid is a real one", checks::uid)]);

const SENDER: Field = id("sender", "User in whose name it goes out; need not exist").required();
const OPERATOR: Field = id("operator", "User who does it; shown to users").required();
const UID: Field = uid("messageUid", "Number of the message, from the answer to the send");
const USER: Field = id("userId", "User whose messages these are").required();
const TO_USERS: Field = ids("toUsers", "Only these members get it; none = everybody");

const CONV: Field = Field::new("conv", Kind::Object(&CONVERSATION), "Conversation that it goes to")
    .required()
    .sdk(&["conversation"]);

const CONVERSATION_FIELD: Field =
    Field::new("conversation", Kind::Object(&CONVERSATION), "The conversation").required();

const DISTRIBUTE: Field = Field::new(
    "distribute",
    Kind::Choice(choices! {
        0 "store": "only what is stored is changed",
        1 "send": "users get it again: recommended",
    }),
    "Whether users get it again",
)
.required()
.composed();

const UPDATE_TIMESTAMP: Field =
    Field::new("updateTimestamp", Kind::I64, "Written as 0 by SDKs; undocumented");

/// What the Node and Python SDKs call `isUserMessage`.
const ALL_RIGHTS: Ignored = Ignored::new(
    "userMessage",
    "W01",
    "`userMessage` is not a field here: the message goes out with the administration's rights",
)
.help(
    "did you mean `isUserMessage`? Without it the message passes word filter, black list and mute",
)
.harmless(&[Lit::Bool(false)]);

/// What the Node and Python SDKs call the ends of a span.
const fn whole(name: &'static str, right: &'static str) -> Ignored {
    Ignored::new(
        name,
        "W01",
        "this is not a field here: without `startTime` and `endTime` the whole conversation is cleared",
    )
    .help(right)
    .harmless(&[Lit::Int(0)])
}

/// A name of an audience, in an operation that has none.
const fn everybody(name: &'static str) -> Ignored {
    Ignored::new(name, "W01", "this names nobody here: the message goes to *everybody*")
        .help("`multicast` takes a list in `targets`, `send` a conversation in `conv`")
}

const USER_RECALL: Field =
    Field::new("isUserRecall", Kind::BOOL, "Written as false by SDKs; undocumented")
        .default("false");

/// Names that people carry over from one operation to another.
const NEAR: &[(&str, &str)] = &[("messageId", "messageUid")];

pub(super) static SEND_ROOT: Shape = Shape::of(rows! {
    SENDER,
    CONV,
    PAYLOAD_FIELD,
    TO_USERS,
    Field::new("isUserMessage", Kind::BOOL, "With the sender's rights instead of all rights").default("false"),
    Field::new("isMeshMessage", Kind::BOOL, "For servers that are joined; SDKs write false").edition("pro")
        .default("false"),
})
.include(&[&CHECKED_SIZE, &CALL])
.near(NEAR)
.checks(&[
    Check::function("W30", "a chatroom takes the administration alone", checks::in_chatroom),
    Check::function("W20", "sender and conversation fit", checks::addressed).also(&["W07", "W21"]),
    Check::function("W21", "a notice comes from an account for notices", checks::sender),
])
.ignores(&[ALL_RIGHTS]);

pub(super) static UPDATE_ROOT: Shape = Shape::of(&[
    id("operator", "User who changes it").recommended("W09"),
    UID,
    PAYLOAD_FIELD,
    DISTRIBUTE,
    UPDATE_TIMESTAMP,
    Field::new("meshLocal", Kind::I32, "For servers that are joined; SDKs write 0")
        .edition("pro")
        .default("0"),
])
.include(&[&UNCHECKED_SIZE, &BY_UID, &CALL])
.near(NEAR);

pub(super) static RECALL_ROOT: Shape = Shape::of(&[OPERATOR, UID, USER_RECALL])
    .include(&[&BY_UID, &CALL])
    .near(NEAR)
    .checks(&[Check::function("W16", "the recall belongs to what was sent", checks::recalled)]);

pub(super) static TAKE_BACK_ROOT: Shape =
    Shape::of(&[OPERATOR, UID]).include(&[&BY_UID, &CALL]).near(NEAR);

pub(super) static FROM_MANY_ROOT: Shape =
    Shape::of(&[OPERATOR, UID, due_ids("receivers", "Users from whom it is taken")])
        .include(&[&BY_UID, &CALL])
        .near(&[("targets", "receivers"), ("messageId", "messageUid")]);

pub(super) static UID_ROOT: Shape = Shape::of(&[UID]).include(&[&BY_UID, &CALL]).near(NEAR);

pub(super) static MULTICAST_ROOT: Shape = Shape::of(&[
    SENDER,
    due_ids("targets", "Users, each in a private chat").sdk(&["receivers"]),
    LINE,
    PAYLOAD_FIELD,
])
.include(&[&UNCHECKED_SIZE, &CALL])
.near(NEAR)
.checks(&[
    Check::function("W06", "sender and targets fit", checks::multicast).also(&["W07"]),
    Check::function("W21", "a notice comes from an account for notices", checks::sender),
]);

pub(super) static BROADCAST_ROOT: Shape = Shape::of(&[SENDER, LINE, PAYLOAD_FIELD])
    .include(&[&UNCHECKED_SIZE, &CALL])
    .near(NEAR)
    .checks(&[Check::function("W21", "a notice comes from an account for notices", checks::sender)])
    .ignores(&[
        everybody("targets"),
        everybody("receivers"),
        everybody("toUsers"),
        everybody("conv"),
        everybody("conversation"),
    ]);

pub(super) static CLEAR_ROOT: Shape = Shape::of(&[
    USER,
    CONVERSATION_FIELD,
    Field::new("startTime", Kind::I64, "Milliseconds since 1970; none or 0 = open")
        .sdk(&["fromTime"]),
    Field::new("endTime", Kind::I64, "Milliseconds since 1970; none or 0 = open").sdk(&["toTime"]),
])
.include(&[&CALL])
.near(&[("conv", "conversation")])
.checks(&[Check::function("W10", "the times are a span", checks::span)])
.ignores(&[
    whole("fromTime", "did you mean `startTime`?"),
    whole("toTime", "did you mean `endTime`?"),
]);

pub(super) static FORGET_ROOT: Shape =
    Shape::of(&[USER, CONVERSATION_FIELD]).include(&[&CALL]).near(&[("conv", "conversation")]);

static WITHOUT_READ_TYPE: Condition = Condition::Not(&Condition::Given("conversationType"));
static WITH_TYPE: Condition = Condition::Given("type");

pub(super) static CONV_READ_ROOT: Shape = Shape::of(&[
    USER,
    conversation_type("type").required_if(&WITHOUT_READ_TYPE).composed(),
    conversation_type("conversationType").recommended_if("W11", &WITH_TYPE).composed(),
    id("target", "Id of the user, group, chatroom or channel").required(),
    LINE.recommended("W28").composed(),
])
.include(&[&CALL])
.checks(&[Check::function("W29", "both types are one", checks::both_types)]);

pub(super) static DELIVERY_ROOT: Shape = Shape::of(&[USER]).include(&[&CALL]);

static IMPORTED: Shape = Shape::of(&[
    SENDER,
    CONVERSATION_FIELD,
    PAYLOAD_FIELD,
    Field::new("timestamp", Kind::I64, "When it was sent, in milliseconds since 1970").required(),
    ids("receivers", "Users who got it"),
])
.include(&[&UNCHECKED_SIZE])
.near(&[("conv", "conversation")])
.checks(&[Check::function("W20", "sender and conversation fit", checks::imported).also(&["W10"])]);

pub(super) static IMPORT_ROOT: Shape = Shape::of(rows! {
    Field::new("messages", Kind::List(&Field::item(Kind::Object(&IMPORTED))),
        "The messages of another system; their groups must exist").required()
        .limits(&[Limit::of(Test::Items(Some(1), None)).rule("W05")]),
})
.include(&[&CALL]);

pub(super) static ROBOT_SEND_ROOT: Shape = Shape::of(&[CONV, PAYLOAD_FIELD, TO_USERS])
    .include(&[&CHECKED_SIZE, &CALL])
    .near(NEAR)
    .checks(&[
        Check::function("W07", "mentions and conversation fit", checks::addressed)
            .also(&["W20", "W21"]),
        Check::function("W30", "a chatroom takes the administration alone", checks::in_chatroom),
    ]);

pub(super) static ROBOT_UPDATE_ROOT: Shape =
    Shape::of(&[UID, PAYLOAD_FIELD, DISTRIBUTE, UPDATE_TIMESTAMP])
        .include(&[&UNCHECKED_SIZE, &BY_UID, &CALL])
        .near(NEAR);

pub(super) static ROBOT_REPLY_ROOT: Shape = Shape::of(&[
    uid("messageUid", "Number of the message that is answered"),
    PAYLOAD_FIELD,
    Field::new("only2Sender", Kind::BOOL, "Whether only the asker sees it").default("false"),
])
.include(&[&CHECKED_SIZE, &BY_UID, &CALL])
.near(NEAR);

pub(super) static CHANNEL_SEND_ROOT: Shape =
    Shape::of(&[PAYLOAD_FIELD, LINE, ids("targets", "Subscribers who get it; none = all of them")])
        .include(&[&CHECKED_SIZE, &CALL])
        .near(&[("toUsers", "targets")]);

pub(super) static REPUBLISH_ROOT: Shape = Shape::of(&[
    uid("messageId", "Number of the message, under this name here"),
    due_ids("targets", "Subscribers who get it"),
])
.include(&[&BY_UID, &CALL])
.near(&[("messageUid", "messageId")]);

pub(super) static UPLOAD_ROOT: Shape = Shape::of(&[
    Field::new("fileName", Kind::Text, "Name of the file").composed(),
    Field::new("mediaType", Kind::I32, "Bucket, as in a payload").composed(),
    Field::new("contentType", Kind::Text, "Media type of the file").composed(),
])
.include(&[&CALL]);

pub(super) static HEALTH_ROOT: Shape = Shape::of(&[]).include(&[&CALL]);
