//! Every operation.

mod manage;
mod message;
mod push;
mod sending;
mod token;

pub(super) use push::PUSH_QUEUED;

use crate::contract::{
    Auth, Condition, Effect, Lit, Operation, Rate, Recall, RecallLimit, Repeatable, Shape,
};
use crate::text::en;

const SOURCE: &str = "Easemob REST documentation";

/// A call with a bearer token.
const BASE: Operation =
    Operation { auth: Auth::Bearer, audience: AUDIENCE, source: SOURCE, ..Operation::BASE };

/// Names that say who is reached by a message.
const AUDIENCE: &[&str] = &["to", "users", "target_type", "target", "targets"];

/// A call with a JSON body.
const fn json(path: &'static str, shape: &'static Shape) -> Operation {
    BASE.at(path, shape)
}

/// A call that reads.
const fn get(path: &'static str, shape: &'static Shape) -> Operation {
    BASE.at(path, shape).get()
}

/// What a sending call is, whatever it sends.
const fn sends(of: Operation) -> Operation {
    Operation { effect: Effect::Sends, repeat: Repeatable::Duplicates, ..of }
}

/// Messages with an id of their own.
const RECALLED: Recall = Recall::by(
    "recall",
    Some(120),
    "2 minutes, up to 7 days by a switch of the console, any age with force",
)
.limited(COMMANDS);

/// Commands leave no message with the receiver. The old sending call has the type one level deeper.
const COMMANDS: &[RecallLimit] = &[RecallLimit {
    when: Condition::Any(&[
        Condition::Is("type", &[Lit::Text("cmd")]),
        Condition::Is("msg/type", &[Lit::Text("cmd")]),
    ]),
    window: None,
    why: en("commands cannot be recalled"),
}];

const fn calls(count: u32, seconds: u32) -> Rate {
    Rate::calls(count, seconds, "app key", "")
}

const fn shared(count: u32, seconds: u32, pool: &'static str) -> Rate {
    Rate::calls(count, seconds, "app key, shared", pool)
}

const fn targets(count: u32, seconds: u32) -> Rate {
    Rate::targets(count, seconds, "app key, by receiver", "")
}

const HUNDRED: &[Rate] = &[calls(100, 1)];

/// Operations whose payloads have the same shape, principal first.
pub(super) const GROUPS: &[&[&str]] = &[
    &["send-users", "send-groups", "send-rooms"],
    &["send-groups-targeted", "send-rooms-targeted"],
    &["stream-users", "stream-groups"],
    &["push-single", "push-list", "push-label"],
    &["push-sync", "push-async", "push-task"],
    &["broadcast-online", "broadcast-rooms"],
    &["import-users", "import-groups"],
    &["label-get", "label-users-list", "label-create", "label-delete"],
    &["label-users-add", "label-users-remove"],
    &["recall-batch", "recall-legacy"],
    &["download", "download-thumb"],
    &["offline-count", "delete-roaming"],
];

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
