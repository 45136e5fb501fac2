//! Messages to users, groups, rooms and everybody; streams.

use super::{RECALLED, calls, json, sends, targets};
use crate::contract::{
    Answers, Audience, Batching, Choice, Condition, Empties, Field, Kind, Limit, Lit, Misplaced,
    Position, Rate, Reach, Recall, Shape, TargetKind, Test, Verb, audience as read, choices,
    operations, rows,
};
use crate::document::At;
use crate::provider::easemob::checks::{audience, follow, host, size};
use crate::provider::easemob::fields::{
    COMMON, FROM, GROUP_ACK, LEVEL, PLACE_ITEM, ROUTE, SYNC_DEVICE, USER_ID, USER_ITEM, WITH_EXT,
    boolean, filled, ignored, long, once, place, text, user,
};
use crate::provider::easemob::messages::{BROADCAST, MESSAGE, OLD};
use crate::provider::kit::forms::DIGITS;

const fn receivers(item: &'static Field, limits: &'static [Limit], about: &'static str) -> Field {
    Field::new("to", Kind::List(item), about)
        .rule("EM-03")
        .limits(limits)
        .required()
        .composed()
        .sdk(&["tos", "toSet"])
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

const TWENTY: &[Limit] = &[Limit::at_most_items(20)];

static GROUPS: Shape = Shape::of(&[
    receivers(&PLACE_ITEM, &once(Limit::items(1, 3)), "Groups, at most 3"),
    ignored(TWENTY),
    GROUP_ACK,
])
.include(&[&MESSAGE, &COMMON])
.ignores(&[audience::NO_LEVEL, audience::ALL_OF_GROUP]);

static ROOMS: Shape = Shape::of(&[
    receivers(&PLACE_ITEM, &once(Limit::items(1, 10)), "Chat rooms, at most 10"),
    ignored(TWENTY),
    LEVEL,
])
.include(&[&MESSAGE, &COMMON])
.ignores(&[audience::NO_ACK, audience::ALL_OF_ROOM])
.checks(&[audience::NO_ROUTE, audience::NO_SYNC]);

const fn one_place(limit: Limit) -> [Limit; 3] {
    let one = Limit::of(Test::Items(None, Some(1))).rule("EM-W19");
    [limit, one, Limit::of(Test::Unique).rule("EM-W11")]
}

const MEMBERS: Field =
    Field::new("users", Kind::List(&USER_ITEM), "Members who get it, at most 20")
        .rule("EM-04")
        .limits(&once(Limit::items(1, 20)))
        .required()
        .composed()
        .sdk(&["toGroupUsers", "toRoomUsers"]);

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

static ROOM_MEMBERS: Shape = Shape::of(&[
    receivers(&PLACE_ITEM, &one_place(Limit::items(1, 10)), "The chat room"),
    MEMBERS,
    ignored(TWENTY),
    LEVEL,
])
.include(&[&MESSAGE, &COMMON])
.ignores(&[audience::NO_ACK])
.checks(&[audience::NO_ROUTE, audience::NO_SYNC]);

const TARGET_TYPE_WORDS: &[Lit] =
    &[Lit::Text("users"), Lit::Text("chatgroups"), Lit::Text("chatrooms")];
const TARGET_TYPES: &[Choice] = choices! { "users", "chatgroups", "chatrooms" };

static TO_USERS: Condition = Condition::Is("/target_type", &[Lit::Text("users")]);
static TO_PLACES: Condition =
    Condition::Is("/target_type", &[Lit::Text("chatgroups"), Lit::Text("chatrooms")]);
static TARGET: Field = Field::item(Kind::Text).id().limits(&[
    Limit::filled(),
    Limit::form(&USER_ID).rule("EM-W12").when(&TO_USERS),
    Limit::form(&DIGITS).rule("EM-W13").when(&TO_PLACES),
]);

static ANY_TARGET: Shape = Shape::of(rows! {
    Field::new("target_type", Kind::Choice(TARGET_TYPES), "What `target` names").rule("EM-01").required(),
    Field::new("target", Kind::List(&TARGET), "Users, groups or chat rooms, at most 600").rule("EM-02")
        .limits(&[Limit::at_most_items(600), Limit::items(1, 600).rule("EM-W32"),
        Limit::of(Test::Unique).rule("EM-W11")]).required().sdk(&["targets"]),
    FROM,
    SYNC_DEVICE,
    ROUTE,
    LEVEL,
    boolean("useMsgId", "EM-16", "Answer with ids; without them nothing can be recalled").default("false")
        .position(Position::Query),
})
.include(&[&OLD, &WITH_EXT])
.near(&[("to", "target")])
.misplaced(&[Misplaced {
    field: "target_type",
    when: Condition::Is("type", TARGET_TYPE_WORDS),
    members: &["type"],
    help: "`type` is there; did you mean `target_type`?",
}])
.checks(&[host::OLD_GENERATION, audience::ONLINE_ONLY, size::FORTY_KB, size::OLD]);

/// The audience in the old generation, of the kind that it names.
fn old_audience(at: At<'_>) -> Option<Audience> {
    let kind = match at.get("target_type").as_str()? {
        "users" => TargetKind::User,
        "chatgroups" => TargetKind::Group,
        "chatrooms" => TargetKind::Room,
        _ => return None,
    };
    read::named(kind, at.get("target"))
}

static WHOLE_APP: Shape = Shape::of(&[FROM]).include(&[&BROADCAST, &WITH_EXT]);

const SIZES: &[crate::contract::Check] = &[size::FIVE_KB_FLAT, size::NEAR_FIVE_KB_FLAT];

static EVERYBODY: Shape = Shape::of(rows! {
    Field::new("target_type", Kind::Choice(choices! { "users": "the only one" }), "Always `users`").rule("EM-01")
        .required().composed(),
})
.include(&[&WHOLE_APP, &SIZED])
.ignores(&[audience::NO_TO, audience::NO_TARGET, audience::NO_USERS, audience::NO_LEVEL]);

static SIZED: Shape = Shape::of(&[]).checks(SIZES);

const NO_ID: Recall = Recall::never("the id that a broadcast gets is no message id");

static ONLINE: Shape = Shape::of(&[]).include(&[&WHOLE_APP, &SIZED]).ignores(&[
    audience::NO_TO,
    audience::NO_TARGET,
    audience::NO_USERS,
    audience::NO_TARGET_TYPE,
    audience::NO_LEVEL,
]);

static ALL_ROOMS: Shape = Shape::of(&[LEVEL, SYNC_DEVICE])
    .include(&[&WHOLE_APP, &SIZED])
    .ignores(&[audience::NO_TO, audience::NO_TARGET, audience::NO_USERS, audience::NO_TARGET_TYPE])
    .checks(&[audience::NO_SYNC]);

static CHUNK: Shape = Shape::of(rows! {
    text("msg", "EM-32", "Text of this chunk; all of them together at most 128 KB").limits(&[Limit::bytes(131_072)])
        .required(),
    long("seq", "EM-33", "Number of the chunk, from 0 on").limits(&[Limit::of(Test::Range(Some(0), None))])
        .required(),
    filled("msgId", "EM-34", "Id that the first chunk's answer gave"),
    boolean("finish", "EM-35", "It is the last chunk").default("false"),
    long("finishReason", "EM-35", "The app's own code, beside `finish` true"),
    Field::new("type", Kind::Choice(choices! { "text", "markdown" }),
        "How clients show the text; the first chunk's counts").rule("EM-36").default("text"),
})
.near(&[("message_id", "msgId"), ("msg_id", "msgId")])
.checks(&[follow::FIRST_CHUNK, follow::LATER, follow::REASON]);

const STREAM_FROM: Field =
    filled("from", "EM-07", "Sender, the same in every chunk").required().composed().id();
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

static GROUP_STREAM: Shape = Shape::of(&[
    STREAM_FROM,
    place("to", "EM-03", "Group of at most 200 members, the same in every chunk").required(),
    STREAM_BODY,
])
.include(&[&WITH_EXT]);

operations! {
    SEND_USERS = "send-users": "Send a message to users, one to one",
        sends(json("/{org}/{app}/messages/users", &USERS)) =>
        verbs: &[Verb::Send, Verb::Broadcast], reach: Reach::Field(TargetKind::User, "to"), batch: Batching::of("to", 600),
        rates: &[calls(100, 1), targets(6000, 60)], recall: RECALLED, content: "body", sender: "from";
    SEND_GROUPS = "send-groups": "Send a message to groups", sends(json("/{org}/{app}/messages/chatgroups", &GROUPS)) =>
        verbs: &[Verb::Send], reach: Reach::Field(TargetKind::Group, "to"), batch: Batching::of("to", 3),
        rates: &[calls(20, 1), targets(20, 1)], recall: RECALLED, content: "body", sender: "from";
    SEND_ROOMS = "send-rooms": "Send a message to chat rooms", sends(json("/{org}/{app}/messages/chatrooms", &ROOMS)) =>
        verbs: &[Verb::Send], reach: Reach::Field(TargetKind::Room, "to"), batch: Batching::of("to", 10),
        rates: &[calls(100, 1), targets(100, 1)], recall: RECALLED, content: "body", sender: "from";
    SEND_GROUPS_TARGETED = "send-groups-targeted": "Send a message to some members of a group; no unread count, no conversation entry",
        sends(json("/{org}/{app}/messages/chatgroups/users", &GROUP_MEMBERS)) =>
        verbs: &[Verb::Send], reach: Reach::Read(&["to", "users"], members), batch: Batching::of("users", 20),
        answers: Answers::Values("to"), rates: TARGETED, recall: RECALLED, content: "body", sender: "from";
    SEND_ROOMS_TARGETED = "send-rooms-targeted": "Send a message to some members of a chat room",
        sends(json("/{org}/{app}/messages/chatrooms/users", &ROOM_MEMBERS)) =>
        verbs: &[Verb::Send], reach: Reach::Read(&["to", "users"], members), batch: Batching::of("users", 20),
        answers: Answers::Values("to"), rates: TARGETED, recall: RECALLED, content: "body", sender: "from";
    SEND = "send": "Send a message to users, groups or chat rooms, the old way",
        sends(json("/{org}/{app}/messages", &ANY_TARGET)) =>
        verbs: &[Verb::Call], reach: Reach::Read(&["target_type", "target"], old_audience),
        batch: Batching::of("target", 600),
        rates: &[
            Rate::calls(10, 1, "app key; 30 on the professional plan", ""),
            Rate::targets(20_000, 86_400, "free edition, system messages by day of UTC", ""),
        ],
        recall: Recall::by("recall", Some(120),
            "only where useMsgId was true, for there are no ids otherwise; 2 minutes by default")
            .limited(super::COMMANDS),
        content: "msg", sender: "from", source: "Easemob documentation of 2021, sending messages";
    BROADCAST_ALL = "broadcast-all": "Send a message to every user of the app, kept 7 days for who is offline",
        sends(json("/{org}/{app}/messages/broadcast", &EVERYBODY)) =>
        verbs: &[Verb::Broadcast], reach: Reach::Everybody,
        rates: &[calls(1, 1800), Rate { scope: "app key, by day of UTC", ..calls(3, 86_400) }], recall: NO_ID,
        content: "msg", sender: "from", edition: "professional plan on request, flagship and enterprise plan";
    BROADCAST_ONLINE = "broadcast-online": "Send a message to every user who is online now",
        sends(json("/{org}/{app}/messages/users/broadcast", &ONLINE)) =>
        verbs: &[Verb::Broadcast], reach: Reach::Everybody,
        rates: &[calls(1, 60), Rate { scope: "app key, by day of UTC", ..calls(50, 86_400) }], recall: NO_ID,
        content: "msg", sender: "from", edition: "on request";
    BROADCAST_ROOMS = "broadcast-rooms": "Send a message to every active chat room of the app",
        sends(json("/{org}/{app}/messages/chatrooms/broadcast", &ALL_ROOMS)) =>
        verbs: &[Verb::Broadcast], reach: Reach::Everybody,
        rates: &[calls(1, 1), calls(10, 60), Rate { scope: "app key, by day of UTC", ..calls(100, 86_400) }],
        recall: NO_ID, content: "msg", sender: "from", edition: "flagship and enterprise plan";
    STREAM_USERS = "stream-users": "Send a chunk of a text that grows before a user's eyes",
        sends(json("/{org}/{app}/stream_message/user", &USER_STREAM)) =>
        verbs: &[Verb::Call], reach: Reach::Field(TargetKind::User, "to"), rates: TARGETED, recall: RECALLED,
        content: "body", sender: "from";
    STREAM_GROUPS = "stream-groups": "Send a chunk of a text that grows before a group's eyes",
        sends(json("/{org}/{app}/stream_message/chatgroup", &GROUP_STREAM)) =>
        verbs: &[Verb::Call], reach: Reach::Field(TargetKind::Group, "to"), rates: TARGETED, recall: RECALLED,
        content: "body", sender: "from";
}
