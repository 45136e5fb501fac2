//! Messages to users, groups, rooms and everybody; streams.

use super::{RECALLED, batch, calls, json, never, sends, targets};
use crate::contract::{
    Audience, Choice, Condition, Empties, Field, Kind, Limit, Lit, Operation, Position, Rate,
    Reach, Recall, Shape, TargetKind, Test, Verb, audience as read,
};
use crate::document::At;
use crate::provider::easemob::checks::{audience, follow, host, size};
use crate::provider::easemob::fields::{
    COMMON, DIGITS, FROM, GROUP_ACK, LEVEL, PLACE_ITEM, ROUTE, SYNC_DEVICE, USER_ID, USER_ITEM,
    WITH_EXT, boolean, filled, ignored, long, once, place, text, user,
};
use crate::provider::easemob::messages::{BROADCAST, MESSAGE, OLD};
use crate::text::{Text, en};

const fn receivers(item: &'static Field, limits: &'static [Limit], about: &'static str) -> Field {
    Field::new("to", Kind::List(item), about).rule("EM-03").limits(limits).required().composed()
}

const STAMP: Field =
    Field::new("msg_timestamp", Kind::Any, "Time of the message, in documents of 2022 and 2023")
        .deprecated("EM-W33", "leave it out: the time of arrival counts");

static USERS: Shape = Shape::of(&[
    receivers(&USER_ITEM, &once(Limit::items(1, 600)), "Users, at most 600"),
    ignored(&[]),
    STAMP,
])
.include(&[&MESSAGE, &COMMON])
.ignores(&[audience::NO_ACK, audience::NO_LEVEL])
.checks(&[audience::QUOTA]);

/// `send-users`
pub(super) const SEND_USERS: Operation = Operation {
    about: en("Send a message to users, one to one"),
    verbs: &[Verb::Send, Verb::Broadcast],
    reach: Reach::Field(TargetKind::User, "to"),
    batch: batch("to", 600),
    rates: &[calls(100, 1), targets(6000, 60)],
    recall: RECALLED,
    content: "body",
    sender: "from",
    ..sends(json("send-users", "/{org}/{app}/messages/users", &USERS))
};

const TWENTY: &[Limit] = &[Limit::at_most_items(20)];

static GROUPS: Shape = Shape::of(&[
    receivers(&PLACE_ITEM, &once(Limit::items(1, 3)), "Groups, at most 3"),
    ignored(TWENTY),
    GROUP_ACK,
])
.include(&[&MESSAGE, &COMMON])
.ignores(&[audience::NO_LEVEL]);

/// `send-groups`
pub(super) const SEND_GROUPS: Operation = Operation {
    about: en("Send a message to groups"),
    verbs: &[Verb::Send],
    reach: Reach::Field(TargetKind::Group, "to"),
    batch: batch("to", 3),
    rates: &[calls(20, 1), targets(20, 1)],
    recall: RECALLED,
    content: "body",
    sender: "from",
    ..sends(json("send-groups", "/{org}/{app}/messages/chatgroups", &GROUPS))
};

static ROOMS: Shape = Shape::of(&[
    receivers(&PLACE_ITEM, &once(Limit::items(1, 10)), "Chat rooms, at most 10"),
    ignored(TWENTY),
    LEVEL,
])
.include(&[&MESSAGE, &COMMON])
.ignores(&[audience::NO_ACK])
.checks(&[audience::NO_ROUTE, audience::NO_SYNC]);

/// `send-rooms`
pub(super) const SEND_ROOMS: Operation = Operation {
    about: en("Send a message to chat rooms"),
    verbs: &[Verb::Send],
    reach: Reach::Field(TargetKind::Room, "to"),
    batch: batch("to", 10),
    rates: &[calls(100, 1), targets(100, 1)],
    recall: RECALLED,
    content: "body",
    sender: "from",
    ..sends(json("send-rooms", "/{org}/{app}/messages/chatrooms", &ROOMS))
};

const fn one_place(limit: Limit) -> [Limit; 3] {
    let one = Limit::of(Test::Items(None, Some(1))).rule("EM-W19");
    [limit, one, Limit::of(Test::Unique).rule("EM-W11")]
}

const MEMBERS: Field =
    Field::new("users", Kind::List(&USER_ITEM), "Members who get it, at most 20")
        .rule("EM-04")
        .limits(&once(Limit::items(1, 20)))
        .required()
        .composed();

static GROUP_MEMBERS: Shape = Shape::of(&[
    receivers(&PLACE_ITEM, &one_place(Limit::items(1, 3)), "The group"),
    MEMBERS,
    ignored(TWENTY),
    GROUP_ACK,
])
.include(&[&MESSAGE, &COMMON])
.ignores(&[audience::NO_LEVEL]);

/// Members of a group or a room: people are counted, not the place.
fn members(at: At<'_>) -> Option<Audience> {
    read::named(TargetKind::User, at.get("users"))
}

const TARGETED: &[Rate] = &[targets(100, 1)];

/// `send-groups-targeted`
pub(super) const SEND_GROUPS_TARGETED: Operation = Operation {
    about: en("Send a message to some members of a group; no unread count, no conversation entry"),
    verbs: &[Verb::Send],
    reach: Reach::Read(&["to", "users"], members),
    batch: batch("users", 20),
    rates: TARGETED,
    recall: RECALLED,
    content: "body",
    sender: "from",
    ..sends(json("send-groups-targeted", "/{org}/{app}/messages/chatgroups/users", &GROUP_MEMBERS))
};

static ROOM_MEMBERS: Shape = Shape::of(&[
    receivers(&PLACE_ITEM, &one_place(Limit::items(1, 10)), "The chat room"),
    MEMBERS,
    ignored(TWENTY),
    LEVEL,
])
.include(&[&MESSAGE, &COMMON])
.ignores(&[audience::NO_ACK])
.checks(&[audience::NO_ROUTE, audience::NO_SYNC]);

/// `send-rooms-targeted`
pub(super) const SEND_ROOMS_TARGETED: Operation = Operation {
    about: en("Send a message to some members of a chat room"),
    verbs: &[Verb::Send],
    reach: Reach::Read(&["to", "users"], members),
    batch: batch("users", 20),
    rates: TARGETED,
    recall: RECALLED,
    content: "body",
    sender: "from",
    ..sends(json("send-rooms-targeted", "/{org}/{app}/messages/chatrooms/users", &ROOM_MEMBERS))
};

const TARGET_TYPES: &[Choice] = &[
    Choice::word("users", Text::NONE),
    Choice::word("chatgroups", Text::NONE),
    Choice::word("chatrooms", Text::NONE),
];

static TO_USERS: Condition = Condition::Is("/target_type", &[Lit::Text("users")]);
static TO_PLACES: Condition =
    Condition::Is("/target_type", &[Lit::Text("chatgroups"), Lit::Text("chatrooms")]);
static TARGET: Field = Field::item(Kind::Text).limits(&[
    Limit::filled(),
    Limit::form(&USER_ID).rule("EM-W12").when(&TO_USERS),
    Limit::form(&DIGITS).rule("EM-W13").when(&TO_PLACES),
]);

static ANY_TARGET: Shape = Shape::of(&[
    Field::new("target_type", Kind::Choice(TARGET_TYPES), "What `target` names")
        .rule("EM-01")
        .required(),
    Field::new("target", Kind::List(&TARGET), "Users, groups or chat rooms, at most 600")
        .rule("EM-02")
        .limits(&[
            Limit::at_most_items(600),
            Limit::items(1, 600).rule("EM-W32"),
            Limit::of(Test::Unique).rule("EM-W11"),
        ])
        .required(),
    FROM,
    SYNC_DEVICE,
    ROUTE,
    LEVEL,
    boolean("useMsgId", "EM-16", "Answer with ids; without them nothing can be recalled")
        .default("false")
        .position(Position::Query),
])
.include(&[&OLD, &WITH_EXT])
.near(&[("to", "target"), ("type", "target_type")])
.checks(&[host::OLD_GENERATION, audience::ONLINE_ONLY, size::FORTY_KB, size::OLD]);

/// Whom the old generation reaches, of the kind that it says.
fn old_audience(at: At<'_>) -> Option<Audience> {
    let kind = match at.get("target_type").as_str()? {
        "users" => TargetKind::User,
        "chatgroups" => TargetKind::Group,
        "chatrooms" => TargetKind::Room,
        _ => return None,
    };
    read::named(kind, at.get("target"))
}

/// `send`
pub(super) const SEND: Operation = Operation {
    about: en("Send a message to users, groups or chat rooms, the old way"),
    verbs: &[Verb::Call],
    reach: Reach::Read(&["target_type", "target"], old_audience),
    batch: batch("target", 600),
    rates: &[
        Rate { scope: "app key; 30 on the professional plan", ..calls(10, 1) },
        Rate { scope: "free edition, system messages by day of UTC", ..targets(20_000, 86_400) },
    ],
    recall: Recall {
        note: en(
            "only where useMsgId was true, for there are no ids otherwise; 2 minutes by default",
        ),
        ..RECALLED
    },
    content: "msg",
    sender: "from",
    source: "Easemob documentation of 2021, sending messages",
    ..sends(json("send", "/{org}/{app}/messages", &ANY_TARGET))
};

static WHOLE_APP: Shape = Shape::of(&[FROM]).include(&[&BROADCAST, &WITH_EXT]);

const SIZES: &[crate::contract::Check] = &[size::FIVE_KB_FLAT, size::NEAR_FIVE_KB_FLAT];

static EVERYBODY: Shape = Shape::of(&[Field::new(
    "target_type",
    Kind::Choice(&[Choice::word("users", en("the only one"))]),
    "Always `users`",
)
.rule("EM-01")
.required()
.composed()])
.include(&[&WHOLE_APP, &SIZED])
.ignores(&[audience::NO_TO, audience::NO_TARGET, audience::NO_USERS, audience::NO_LEVEL]);

static SIZED: Shape = Shape::of(&[]).checks(SIZES);

const NO_ID: Recall = never("the id that a broadcast gets is no message id");

/// `broadcast-all`
pub(super) const BROADCAST_ALL: Operation = Operation {
    about: en("Send a message to every user of the app, kept 7 days for who is offline"),
    verbs: &[Verb::Broadcast],
    reach: Reach::Everybody,
    rates: &[calls(1, 1800), Rate { scope: "app key, by day of UTC", ..calls(3, 86_400) }],
    recall: NO_ID,
    content: "msg",
    sender: "from",
    edition: "professional plan on request, flagship and enterprise plan",
    ..sends(json("broadcast-all", "/{org}/{app}/messages/broadcast", &EVERYBODY))
};

static ONLINE: Shape = Shape::of(&[]).include(&[&WHOLE_APP, &SIZED]).ignores(&[
    audience::NO_TO,
    audience::NO_TARGET,
    audience::NO_USERS,
    audience::NO_TARGET_TYPE,
    audience::NO_LEVEL,
]);

/// `broadcast-online`
pub(super) const BROADCAST_ONLINE: Operation = Operation {
    about: en("Send a message to every user who is online now"),
    verbs: &[Verb::Broadcast],
    reach: Reach::Everybody,
    rates: &[calls(1, 60), Rate { scope: "app key, by day of UTC", ..calls(50, 86_400) }],
    recall: NO_ID,
    content: "msg",
    sender: "from",
    edition: "on request",
    ..sends(json("broadcast-online", "/{org}/{app}/messages/users/broadcast", &ONLINE))
};

static ALL_ROOMS: Shape = Shape::of(&[LEVEL]).include(&[&WHOLE_APP, &SIZED]).ignores(&[
    audience::NO_TO,
    audience::NO_TARGET,
    audience::NO_USERS,
    audience::NO_TARGET_TYPE,
]);

/// `broadcast-rooms`
pub(super) const BROADCAST_ROOMS: Operation = Operation {
    about: en("Send a message to every active chat room of the app"),
    verbs: &[Verb::Broadcast],
    reach: Reach::Everybody,
    rates: &[
        calls(1, 1),
        calls(10, 60),
        Rate { scope: "app key, by day of UTC", ..calls(100, 86_400) },
    ],
    recall: NO_ID,
    content: "msg",
    sender: "from",
    edition: "flagship and enterprise plan",
    ..sends(json("broadcast-rooms", "/{org}/{app}/messages/chatrooms/broadcast", &ALL_ROOMS))
};

static CHUNK: Shape = Shape::of(&[
    text("msg", "EM-32", "Text of this chunk; all of them together at most 128 KB")
        .limits(&[Limit::bytes(131_072)])
        .required(),
    long("seq", "EM-33", "Number of the chunk, from 0 on")
        .limits(&[Limit::of(Test::Range(Some(0), None))])
        .required(),
    filled("msgId", "EM-34", "Id that the first chunk's answer gave"),
    boolean("finish", "EM-35", "It is the last chunk").default("false"),
    long("finishReason", "EM-35", "The app's own code, beside `finish` true"),
    Field::new(
        "type",
        Kind::Choice(&[Choice::word("text", Text::NONE), Choice::word("markdown", Text::NONE)]),
        "How clients show the text; the first chunk's counts",
    )
    .rule("EM-36")
    .default("text"),
])
.near(&[("message_id", "msgId"), ("msg_id", "msgId")])
.checks(&[follow::FIRST_CHUNK, follow::LATER, follow::REASON]);

const STREAM_FROM: Field =
    filled("from", "EM-07", "Sender, the same in every chunk").required().composed();
const STREAM_BODY: Field = Field::new("body", Kind::Object(&CHUNK), "The chunk")
    .rule("EM-05")
    .absent(Empties::OBJECT)
    .required();

static USER_STREAM: Shape = Shape::of(&[
    STREAM_FROM,
    user("to", "EM-03", "Receiver, the same in every chunk").required(),
    STREAM_BODY,
])
.include(&[&WITH_EXT]);

/// `stream-users`
pub(super) const STREAM_USERS: Operation = Operation {
    about: en("Send a chunk of a text that grows before a user's eyes"),
    verbs: &[Verb::Call],
    reach: Reach::Field(TargetKind::User, "to"),
    rates: TARGETED,
    recall: RECALLED,
    content: "body",
    sender: "from",
    ..sends(json("stream-users", "/{org}/{app}/stream_message/user", &USER_STREAM))
};

static GROUP_STREAM: Shape = Shape::of(&[
    STREAM_FROM,
    place("to", "EM-03", "Group of at most 200 members, the same in every chunk").required(),
    STREAM_BODY,
])
.include(&[&WITH_EXT]);

/// `stream-groups`
pub(super) const STREAM_GROUPS: Operation = Operation {
    about: en("Send a chunk of a text that grows before a group's eyes"),
    verbs: &[Verb::Call],
    reach: Reach::Field(TargetKind::Group, "to"),
    rates: TARGETED,
    recall: RECALLED,
    content: "body",
    sender: "from",
    ..sends(json("stream-groups", "/{org}/{app}/stream_message/chatgroup", &GROUP_STREAM))
};
