//! The operations and their fields.

use crate::contract::{
    Auth, Batching, Effect, Field, Kind, Limit, Operation, Position, Reach, Recall, Repeatable,
    Shape, TargetKind, Unknown, Verb, operations, rows,
};

/// The most users of one message.
pub(super) const MAX_USERS: u32 = 100;

/// What all operations have.
const BASE: Operation =
    Operation { auth: Auth::Bearer, audience: &["to"], source: "Messages", ..Operation::BASE };

/// Every operation.
pub(super) static OPERATIONS: &[Operation] = operations! {
    "send": "send a text to users", BASE.at("/v1/messages", &SEND) =>
        verbs: &[Verb::Send, Verb::Broadcast], effect: Effect::Sends, sender: "from",
        reach: Reach::Field(TargetKind::User, "to"), repeat: Repeatable::Duplicates, batch: Batching::of("to", MAX_USERS),
        recall: Recall::by("recall", Some(120), "it disappears from all of its users");
    "recall": "recall a message", BASE.at("/v1/messages/{message_id}", &MESSAGE).delete() =>
        verbs: &[Verb::Recall], effect: Effect::Destroys, reach: Reach::Message(&["message_id"]);
    "status": "ask whether there is a message", BASE.at("/v1/messages/{message_id}", &MESSAGE).get() =>
        verbs: &[Verb::Status];
};

static SEND: Shape = Shape::of(rows! {
    Field::new("to", Kind::List(&Field::item(Kind::Text).id()), "users").required().composed()
        .limits(&[Limit::items(1, MAX_USERS)]).rule("EX-01"),
    Field::new("from", Kind::Text, "the user who sends it").composed().id().default("the app"),
    Field::new("text", Kind::Text, "the text").required().composed()
        .limits(&[Limit::filled(), Limit::chars(500)]).rule("EX-02"),
})
.unknown(Unknown::Report("EX-W01"));

static MESSAGE: Shape = Shape::of(rows! {
    Field::new("message_id", Kind::Text, "what `send` answered").required().position(Position::Path),
});
