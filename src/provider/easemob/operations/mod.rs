//! Every operation.

mod manage;
mod message;
mod push;
mod sending;
mod token;

use crate::contract::{
    Auth, Batching, BodyForm, Counted, Effect, Operation, Rate, Recall, Repeatable, Root, Shape,
};
use crate::text::en;
use crate::wire::Method;

const SOURCE: &str = "Easemob REST documentation";

/// A call with a bearer token.
const BASE: Operation =
    Operation { auth: Auth::Bearer, audience: AUDIENCE, source: SOURCE, ..Operation::BASE };

/// Names that say who is reached by a message.
const AUDIENCE: &[&str] = &["to", "users", "target_type", "target", "targets"];

/// A call with a JSON body.
const fn json(id: &'static str, path: &'static str, shape: &'static Shape) -> Operation {
    Operation { id, path, root: Root::Shape(shape), ..BASE }
}

/// A call that reads.
const fn get(id: &'static str, path: &'static str, shape: &'static Shape) -> Operation {
    Operation { method: Method::Get, body: BodyForm::None, ..json(id, path, shape) }
}

/// What a sending call is, whatever it sends.
const fn sends(of: Operation) -> Operation {
    Operation { effect: Effect::Sends, repeat: Repeatable::Duplicates, ..of }
}

const fn never(why: &'static str) -> Recall {
    Recall { operation: None, window: None, note: en(why) }
}

/// Messages with an id of their own.
const RECALLED: Recall = Recall {
    operation: Some("recall"),
    window: Some(120),
    note: en(
        "2 minutes, up to 7 days by a switch of the console, any age with force; never commands",
    ),
};

const fn calls(count: u32, seconds: u32) -> Rate {
    Rate { count, seconds, counted: Counted::Calls, scope: "app key", pool: "" }
}

const fn shared(count: u32, seconds: u32, pool: &'static str) -> Rate {
    Rate { count, seconds, counted: Counted::Calls, scope: "app key, shared", pool }
}

const fn targets(count: u32, seconds: u32) -> Rate {
    Rate { count, seconds, counted: Counted::Targets, scope: "app key, by receiver", pool: "" }
}

const fn batch(field: &'static str, cap: u32) -> Option<Batching> {
    Some(Batching { field, cap: Some(cap) })
}

const HUNDRED: &[Rate] = &[calls(100, 1)];

/// The operations, in the order of their ids.
pub(super) const OPERATIONS: &[Operation] = &[
    manage::ATTACHMENT_LIFETIME,
    sending::BROADCAST_ALL,
    sending::BROADCAST_ONLINE,
    sending::BROADCAST_ROOMS,
    message::DELETE_CONVERSATION,
    message::DELETE_ROAMING,
    manage::DOWNLOAD,
    manage::DOWNLOAD_THUMB,
    manage::HISTORY,
    token::HOSTS,
    message::IMPORT_GROUPS,
    message::IMPORT_USERS,
    push::LABEL_CREATE,
    push::LABEL_DELETE,
    push::LABEL_GET,
    push::LABEL_LIST,
    push::LABEL_USER_GET,
    push::LABEL_USERS_ADD,
    push::LABEL_USERS_LIST,
    push::LABEL_USERS_REMOVE,
    manage::OFFLINE_COUNT,
    manage::OFFLINE_STATUS,
    push::PUSH_ASYNC,
    push::PUSH_LABEL,
    push::PUSH_LIST,
    push::PUSH_MESSAGE_CREATE,
    push::PUSH_MESSAGE_GET,
    push::PUSH_SINGLE,
    push::PUSH_SYNC,
    push::PUSH_TASK,
    push::PUSH_TASK_BROADCAST,
    message::RECALL,
    message::RECALL_BATCH,
    message::RECALL_LEGACY,
    sending::SEND,
    sending::SEND_GROUPS,
    sending::SEND_GROUPS_TARGETED,
    sending::SEND_ROOMS,
    sending::SEND_ROOMS_TARGETED,
    sending::SEND_USERS,
    sending::STREAM_GROUPS,
    sending::STREAM_USERS,
    token::TOKEN,
    token::TOKEN_USER,
    message::UPDATE,
    manage::UPLOAD,
];
