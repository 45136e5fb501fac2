//! The message: what stands around `msg_body`.

use super::forms::{SECONDS, TARGET_NAME, USERNAME};
use super::{bodies, checks};
use crate::contract::{
    Audience, Budget, BudgetPart, Case, Check, Field, Kind, Length, Limit, Lit, Shape, Target,
    TargetKind, Variant, choices, rows,
};
use crate::document::At;
use crate::provider::jiguang::KEY;

/// The most bytes of `msg_body`, as compact JSON.
pub(super) const MAX_BODY: u64 = 4096;

const fn name(name: &'static str, about: &'static str) -> Field {
    Field::new(name, Kind::Text, about).rule("JM-17")
}

const fn body(kind: Kind) -> Field {
    Field::new("msg_body", kind, "the content, by `msg_type`")
        .required()
        .rule("JM-07")
        .sdk(&["messageBody", "msg"])
}

const fn target(kind: Kind, about: &'static str) -> Field {
    Field::new("target_id", kind, about).id().required().rule("JM-03").sdk(&["target"])
}

/// What is sent and what is stored have in common.
static ENVELOPE: Shape = Shape::of(rows! {
    Field::new("version", Kind::Choice(choices! { 1 "1": "the only one" }), "of the protocol").required().composed()
        .rule("JM-01"),
    Field::new("target_type", Kind::Choice(choices! { "single": "one user", "group": "the members of a group",
        "chatroom": "who is in a chat room" }), "what `target_id` names").required().rule("JM-02"),
    Field::new("from_type", Kind::Open(choices! { "admin": "a registered administrator",
        "user": "a user; newer servers only", "robot": "a robot; older document only" }), "what `from_id` names")
        .required().limits(&[Limit::filled()]).composed().rule("JM-04"),
    Field::new("from_id", Kind::Text, "username of the sender").id().required().limits(USERNAME).rule("JM-05")
        .sdk(&["from"]),
    Field::new("msg_type", Kind::Choice(choices! { "text": "a text", "image": "an image", "voice": "a voice",
        "custom": "the app's own", "file": "a file", "video": "a film", "location": "a place" }),
        "what `msg_body` holds").required().rule("JM-06").sdk(&["messageType"]),
    name("target_name", "display name of the target"),
    name("from_name", "display name of the sender"),
    name("target_appkey", "AppKey of the target's app, for messages across apps").limits(&[Limit::form(&KEY)])
        .edition("by contract with Jiguang"),
    Field::new("no_offline", Kind::BOOL, "do not keep it for users who are off line").default("false").rule("JM-18"),
    Field::new("no_notification", Kind::BOOL, "do not show it in the notification bar").default("false")
        .rule("JM-18"),
    Field::new("notification", Kind::Object(&NOTIFICATION), "what the notification bar shows instead").rule("JM-19"),
})
.variants(rows! {
    Variant { by: "target_type", cases: &[Case { is: &[Lit::Text("single")], shape: &SINGLE },
        Case { is: &[Lit::Text("group"), Lit::Text("chatroom")], shape: &MANY }], otherwise: Some(&SOMEBODY) },
    Variant {
        by: "msg_type",
        cases: rows! {
            Case { is: &[Lit::Text("text")], shape: &Shape::of(&[body(Kind::Object(&bodies::TEXT))]) },
            Case { is: &[Lit::Text("image")], shape: &Shape::of(&[body(Kind::Object(&bodies::IMAGE))]) },
            Case { is: &[Lit::Text("voice")], shape: &Shape::of(&[body(Kind::Object(&bodies::VOICE))]) },
            Case { is: &[Lit::Text("file")], shape: &Shape::of(&[body(Kind::Object(&bodies::FILE))]) },
            Case { is: &[Lit::Text("video")], shape: &Shape::of(&[body(Kind::Object(&bodies::VIDEO))]) },
            Case { is: &[Lit::Text("location")], shape: &Shape::of(&[body(Kind::Object(&bodies::LOCATION))]) },
        },
        // The server does not check custom bodies, and the fields of an unknown type are not known.
        otherwise: Some(&Shape::of(&[body(bodies::FREE)])),
    },
})
.checks(&[
    Check::function("JM-W02", "a body of the type's own", checks::another_type),
    Check::function("JM-W05", "what has no effect in rooms", checks::in_a_room),
    Check::function("JM-W06", "a notification that is not shown", checks::not_shown),
    Check::function("JM-W11", "a sender who is the target", checks::to_oneself),
]);

static SINGLE: Shape =
    Shape::of(&[target(Kind::Text, "username of the target").limits(TARGET_NAME)]);
static MANY: Shape =
    Shape::of(&[target(Kind::Digits, "id of the group or the room: digits in a string")]);
static SOMEBODY: Shape = Shape::of(&[target(Kind::Text, "username, or id of a group or a room")]);

static NOTIFICATION: Shape = Shape::of(&[
    Field::new("title", Kind::Text, "title in the notification bar"),
    Field::new("alert", Kind::Text, "text in the notification bar"),
])
.named("notification");

/// What the call sends. Members of the stored form are known here only to say that they do not belong.
pub(super) static SEND: Shape = Shape::of(&[
    stored("create_time"),
    stored("from_platform"),
    stored("from_appkey"),
    stored("msgid"),
    stored("msg_ctime"),
])
.named("the message")
.include(&[&ENVELOPE])
.checks(rows! {
    Check::budget("JM-08", Budget { parts: &[BudgetPart::Compact("msg_body")], max: Length::Bytes(MAX_BODY),
        at: "msg_body", what: "`msg_body` as compact JSON" }),
    Check::function("JM-W16", "room left in the body", checks::nearly_full),
    Check::function("JM-W01", "a sender whom the server takes", checks::odd_sender),
    Check::function("JM-W09", "members of the stored form", checks::of_the_stored_form),
});

const fn stored(name: &'static str) -> Field {
    Field::new(name, Kind::Any, "of the stored form: the server sets it")
}

/// A message as it is stored, received or handed to a callback.
pub(super) static PROTOCOL: Shape = Shape::of(rows! {
    Field::new("create_time", Kind::NUMBER, "time of sending, in seconds since 1970").required().limits(&[SECONDS])
        .rule("JM-22"),
    Field::new("from_platform",
        Kind::Choice(choices! { "a": "Android", "i": "iOS", "w": "WinPhone", "web": "Web", "j": "JavaScript" }),
        "what the sender used").recommended("JM-W17").rule("JM-21"),
    name("from_appkey", "AppKey of the sender's app").limits(&[Limit::form(&KEY)]),
    Field::new("msgid", Kind::Any, "id of the message, as histories have it"),
    Field::new("msg_ctime", Kind::Any, "time of sending in milliseconds, as histories have it"),
    Field::new("msg_level", Kind::Any, "1 across apps, as histories have it"),
    Field::new("set_from_name", Kind::Any, "as histories have it"),
})
.named("the message")
.include(&[&ENVELOPE]);

/// The audience of a message.
pub(super) fn reach(at: At<'_>) -> Option<Audience> {
    let kind = match at.get("target_type").as_str()? {
        "single" => TargetKind::User,
        "group" => TargetKind::Group,
        "chatroom" => TargetKind::Room,
        _ => return None,
    };
    let id = at.get("target_id").as_str().filter(|id| !id.is_empty())?;
    Some(Audience::Named(vec![Target::new(kind, id)]))
}
