//! The operations.

use super::checks;
use super::envelope::{self, PROTOCOL, SEND};
use super::forms::{AT_LEAST, AT_MOST, ID, ONE_LINE, TIME, USERNAME};
use crate::contract::{
    AddressVariant, Auth, BodyForm, Check, Condition, Effect, Field, FileRules, Kind, Limit, Lit,
    Operation, Position, Rate, Reach, Recall, Repeatable, Root, Shape, Test, Verb, choices,
    operations, rows,
};
use crate::wire::Method;

/// The most bytes of an upload.
const MAX_UPLOAD: u64 = 8 * 1024 * 1024;

const REST: &str = "IM REST API v1";
const REPORT: &str = "report API v2, messages";

/// All calls share one rate.
const RATES: &[Rate] =
    &[Rate::calls(600, 60, "AppKey, free plan; up to 200000 on paid plans", "api")];

/// What all calls have in common.
const CALL: Operation = Operation {
    auth: Auth::Basic,
    verbs: &[Verb::Call],
    rates: RATES,
    audience: AUDIENCE,
    source: REST,
    ..Operation::BASE
};

/// Names that say who is reached by a message.
const AUDIENCE: &[&str] = &["target_type", "target_id"];

/// What look-ups have in common.
const LOOK_UP: Operation = Operation { method: Method::Get, body: BodyForm::None, ..CALL };

/// Operations whose payloads have the same shape, principal first.
pub(super) const GROUPS: &[&[&str]] = &[&["send", "protocol-message"]];

/// Every operation.
pub(super) static OPERATIONS: &[Operation] = operations! {
    "send": "send a message to one user, group or chat room", CALL.at("/v1/messages", &SEND) =>
        verbs: &[Verb::Send, Verb::Broadcast], effect: Effect::Sends, reach: Reach::Read(AUDIENCE, envelope::reach),
        repeat: Repeatable::Duplicates,
        recall: Recall::by("retract", Some(checks::RETRACT_SECONDS), "by the sender's username, whatever the type and the target"),
        content: "msg_body", sender: "from_id", source: "IM REST API v1, messages; message protocol";
    "protocol-message": "check a message as it is stored, received or handed to a callback", Operation::BASE =>
        root: Root::Shape(&PROTOCOL), content: "msg_body", sender: "from_id", source: "message protocol, version 1";
    "retract": "withdraw a message within 3 minutes", CALL.at("/v1/messages/{username}/{msgid}/retract", &RETRACT) =>
        method: Method::Post, body: BodyForm::None, verbs: &[Verb::Recall], effect: Effect::Destroys,
        reach: Reach::Message(&["msgid"]), sender: "username";
    "resource-upload": "upload a file, for the ids and sizes that a message with media needs",
        CALL.at("/v1/resource", &UPLOAD) =>
        body: BodyForm::Multipart, verbs: &[Verb::Upload], effect: Effect::Manages, reach: Reach::Own,
        repeat: Repeatable::Duplicates, source: "IM REST API v1, media";
    "resource-url": "ask for the address of an uploaded file, an avatar too", LOOK_UP.at("/v1/resource", &RESOURCE) =>
        source: "IM REST API v1, media";
    "register-admin": "register an administrator, who may then send", CALL.at("/v1/admins/", &ADMIN) =>
        effect: Effect::Manages, reach: Reach::Own, source: "IM REST API v1, users";
    "user-get": "look up a user", LOOK_UP.at("/v1/users/{username}", &USER) =>
        source: "IM REST API v1, users";
    "users-online": "ask on which devices users are connected", CALL =>
        path: "/v1/users/userstat", root: Root::Value(&USERS), source: "IM REST API v1, users";
    "group-get": "look up a group", LOOK_UP.at("/v1/groups/{gid}", &GROUP) =>
        source: "IM REST API v1, groups";
    "chatroom-get": "look up chat rooms", CALL =>
        path: "/v1/chatroom/batch", root: Root::Value(&ROOMS), source: "IM REST API v1, chat rooms";
    "history": "read the messages of the last 60 days: all, or those of a user, group or room",
        LOOK_UP.at("/v2/messages", &HISTORY) =>
        host: "report", verbs: &[Verb::Get], source: REPORT,
        words: &[("scope", "all")], variants: HISTORY_ADDRESSES;
};

/// Beside `/v2/messages`, which is for the scope `all`.
const HISTORY_ADDRESSES: &[AddressVariant] = rows! {
    AddressVariant { path: "/v2/users/{username}/messages", words: &[("scope", "user")], ..AddressVariant::BASE },
    AddressVariant { path: "/v2/groups/{gid}/messages", words: &[("scope", "group")], ..AddressVariant::BASE },
    AddressVariant { path: "/v2/chatrooms/{chatroomid}/messages", words: &[("scope", "chatroom")], ..AddressVariant::BASE },
};

const fn username(about: &'static str) -> Field {
    Field::new("username", Kind::Text, about).id().required().limits(USERNAME)
}

static RETRACT: Shape = Shape::of(rows! {
    username("the sender's").position(Position::Path).rule("JM-30"),
    Field::new("msgid", ID, "what sending returned as `msg_id`").required().position(Position::Path).rule("JM-31"),
})
.near(&[("msg_id", "msgid")])
.checks(&[Check::function("JM-W19", "a withdrawal within 3 minutes", checks::late)]);

static UPLOAD: Shape = Shape::of(rows! {
    Field::new("type", Kind::Choice(choices! { "image": "an image: jpg, bmp, gif, png and the like",
        "file": "any file, films too", "voice": "a voice" }), "what the file is").required().position(Position::Query)
        .rule("JM-32"),
    Field::new("filename", Kind::File(&FileRules { max_bytes: MAX_UPLOAD, endings: &[], max_name: None }), "the file")
        .required().rule("JM-33"),
})
.checks(&[Check::function("JM-W18", "an image that the server names", checks::odd_image)]);

static RESOURCE: Shape =
    Shape::of(rows! {
        Field::new("mediaId", Kind::Text, "what the upload returned").required().limits(&[Limit::filled()])
            .position(Position::Query).rule("JM-34"),
    })
    .near(&[("media_id", "mediaId")]);

static ADMIN: Shape = Shape::of(rows! {
    username("the administrator's"),
    Field::new("password", Kind::Text, "any characters").required().limits(&[AT_LEAST, AT_MOST]).secret(),
    Field::new("nickname", Kind::Text, "display name")
        .limits(&[Limit::bytes(64), Limit::form(&ONE_LINE).rule("JM-W20")]),
})
.rule("JM-35");

static USER: Shape = Shape::of(&[username("the user's").position(Position::Path).rule("JM-36")]);

const SOME: &[Limit] = &[Limit::of(Test::Items(Some(1), None))];

static USERS: Field =
    Field::new("", Kind::List(&Field::item(Kind::Text).limits(USERNAME)), "usernames")
        .id()
        .required()
        .limits(SOME)
        .rule("JM-37");

static GROUP: Shape = Shape::of(rows! {
    Field::new("gid", ID, "id of the group").id().required().position(Position::Path).rule("JM-38"),
});

static ROOMS: Field =
    Field::new("", Kind::List(&Field::item(Kind::U64_ID)), "ids of rooms, as numbers")
        .id()
        .required()
        .limits(SOME)
        .rule("JM-39");

static FIRST_PAGE: Condition = Condition::Not(&Condition::Given("cursor"));
static OF_A_USER: Condition = Condition::Is("scope", &[Lit::Text("user")]);
static OF_A_GROUP: Condition = Condition::Is("scope", &[Lit::Text("group")]);
static OF_A_ROOM: Condition = Condition::Is("scope", &[Lit::Text("chatroom")]);

static HISTORY: Shape = Shape::of(rows! {
    Field::new("scope", Kind::Choice(choices! { "all": "every message of the app: /v2/messages",
        "user": "those of a user: /v2/users/{username}/messages",
        "group": "those of a group: /v2/groups/{gid}/messages",
        "chatroom": "those of a room: /v2/chatrooms/{chatroomid}/messages" }), "whose messages; it chooses the path")
        .required().position(Position::Nowhere).rule("JM-43"),
    Field::new("username", Kind::Text, "whose messages, with scope `user`").id().required_if(&OF_A_USER)
        .limits(&[Limit::filled()]).position(Position::Path).rule("JM-43"),
    Field::new("gid", ID, "the group, with scope `group`").id().required_if(&OF_A_GROUP).position(Position::Path)
        .rule("JM-43"),
    Field::new("chatroomid", ID, "the room, with scope `chatroom`").id().required_if(&OF_A_ROOM).position(Position::Path)
        .rule("JM-43"),
    Field::new("count", Kind::I64, "messages a page; on the first page alone").required_if(&FIRST_PAGE)
        .limits(&[Limit::range(1, 1000)]).position(Position::Query).rule("JM-40"),
    Field::new("begin_time", Kind::Text, "from this time on, yyyy-MM-dd HH:mm:ss").required_if(&FIRST_PAGE)
        .limits(&[Limit::form(&TIME)]).position(Position::Query).rule("JM-41"),
    Field::new("end_time", Kind::Text, "up to this time, at most 7 days after begin_time").required_if(&FIRST_PAGE)
        .limits(&[Limit::form(&TIME)]).position(Position::Query).rule("JM-41"),
    Field::new("cursor", Kind::Text, "what the page before returned, within 120 s").position(Position::Query)
        .rule("JM-40"),
})
.checks(&[Check::function("JM-42", "a span of at most 7 days", checks::span)]);
