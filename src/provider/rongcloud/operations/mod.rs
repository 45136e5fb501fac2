//! Every operation, as rows.

mod conversation;
mod history;
mod message;
mod notification;
mod settings;
mod stream;

use crate::contract::{Auth, BodyForm, Effect, Operation, Rate, Recall, Repeatable, Shape, Verb};
use crate::wire::Method;

/// What all operations share: POST, signed in headers.
const BASE: Operation = Operation {
    method: Method::Post,
    auth: Auth::Headers,
    audience: AUDIENCE,
    source: DOCS,
    ..Operation::BASE
};

/// Names that say who is reached by a message.
const AUDIENCE: &[&str] = &[
    "toUserId",
    "toGroupId",
    "toGroupIds",
    "toChatroomId",
    "userIds",
    "audience",
    "is_to_all",
    "userid",
    "packageName",
    "tag",
    "tag_or",
    "tagItems",
    "tags",
    "isNot",
];

const DOCS: &str = "RongCloud platform chat API; official server SDKs";

/// A form operation.
const fn form(path: &'static str, shape: &'static Shape) -> Operation {
    Operation { body: BodyForm::Form, ..BASE.at(path, shape) }
}

/// A JSON operation.
const fn json(path: &'static str, shape: &'static Shape) -> Operation {
    BASE.at(path, shape)
}

/// A sending operation; the dedupe id, where it is switched on, holds for a minute.
const SENDS: Operation = Operation {
    effect: Effect::Sends,
    repeat: Repeatable::Deduplicated { field: "msgRandom", seconds: 60 },
    content: "content",
    sender: "fromUserId",
    verbs: &[Verb::Call],
    recall: Recall::by("recall", None, ""),
    ..BASE
};

/// What a sending call is, whatever its body.
const fn sends(of: Operation) -> Operation {
    let Operation { effect, repeat, content, sender, verbs, recall, .. } = SENDS;
    Operation { effect, repeat, content, sender, verbs, recall, ..of }
}

/// A sending operation whose repetition is a second message.
const ONCE: Operation = Operation { repeat: Repeatable::Duplicates, ..SENDS };

const fn calls(count: u32, seconds: u32) -> Rate {
    Rate::calls(count, seconds, "app", "")
}

const fn scarce(pool: &'static str) -> [Rate; 2] {
    [
        Rate::calls(2, 3600, "app, all uses together", pool),
        Rate::calls(3, 86_400, "app, all uses together, by calendar day", pool),
    ]
}

/// Operations whose payloads have the same shape, principal first.
pub(super) const GROUPS: &[&[&str]] = &[
    &["send-private", "send-private-status", "send-private-stream", "send-system"],
    &["send-group", "send-group-status", "send-group-stream"],
    &["send-private-template", "send-system-template"],
    &["broadcast", "broadcast-online", "broadcast-chatroom"],
    &["push", "push-custom"],
    &["modify-group", "modify-ultragroup"],
    &[
        "history-query-private",
        "history-query-group",
        "history-query-chatroom",
        "history-query-ultragroup",
    ],
    &["history-log", "history-log-delete"],
    &["tag-set", "user-conversation-tag-set"],
    &["tag-conversation-set", "tag-conversation-del"],
    &["user-block-push-period-get", "user-block-push-period-delete"],
    &["chatroom-message-stop-distribution", "chatroom-message-resume-distribution"],
    &["chatroom-message-priority-add", "chatroom-message-priority-remove"],
    &["chatroom-whitelist-add", "chatroom-whitelist-delete"],
    &["chatroom-message-priority-query", "chatroom-whitelist-query"],
    &["ultragroup-expansion-query", "ultragroup-hismsg-msgid-query"],
];

/// Every operation, in the order of their ids.
pub(super) const OPERATIONS: &[Operation] = &[
    message::BROADCAST,
    message::BROADCAST_CHATROOM,
    message::BROADCAST_ONLINE,
    settings::PRIORITY_ADD,
    settings::PRIORITY_QUERY,
    settings::PRIORITY_REMOVE,
    settings::RESUME_DISTRIBUTION,
    settings::STOP_DISTRIBUTION,
    settings::WHITELIST_ADD,
    settings::WHITELIST_DELETE,
    settings::WHITELIST_QUERY,
    settings::NOTIFICATION_GET_CALL,
    settings::NOTIFICATION_SET_CALL,
    settings::TOP_SET,
    settings::TYPE_GET_CALL,
    settings::TYPE_SET_CALL,
    conversation::EXPANSION_DELETE,
    conversation::EXPANSION_QUERY,
    conversation::EXPANSION_SET,
    history::CLEAN,
    history::LOG,
    history::LOG_DELETE,
    history::QUERY_CHATROOM,
    history::QUERY_GROUP,
    history::QUERY_PRIVATE,
    history::QUERY_ULTRAGROUP,
    conversation::MODIFY_GROUP,
    conversation::MODIFY_PRIVATE,
    conversation::MODIFY_ULTRAGROUP,
    notification::PUSH,
    notification::PUSH_CUSTOM,
    notification::PUSH_USER,
    conversation::RECALL,
    conversation::RECALL_BROADCAST,
    message::SEND_CHATROOM,
    message::SEND_GROUP,
    message::SEND_GROUP_STATUS,
    stream::SEND_GROUP_STREAM,
    message::SEND_PRIVATE,
    message::SEND_PRIVATE_STATUS,
    stream::SEND_PRIVATE_STREAM,
    message::SEND_PRIVATE_TEMPLATE,
    message::SEND_SYSTEM,
    message::SEND_SYSTEM_TEMPLATE,
    message::SEND_ULTRAGROUP,
    history::TAG_BATCH_SET,
    settings::TAG_CONVERSATION_DEL,
    settings::TAG_CONVERSATION_SET,
    history::TAG_SET,
    history::TOKEN,
    conversation::ULTRAGROUP_EXPANSION_DELETE,
    conversation::ULTRAGROUP_EXPANSION_QUERY,
    conversation::ULTRAGROUP_EXPANSION_SET,
    history::ULTRA_AROUND,
    history::ULTRA_SEARCH,
    conversation::ULTRAGROUP_MSG_GET,
    settings::NOTDISTURB_GET,
    settings::NOTDISTURB_SET,
    settings::PERIOD_DELETE,
    settings::PERIOD_GET,
    settings::PERIOD_SET_CALL,
    settings::USER_TAG_DEL_CALL,
    settings::USER_TAG_SET_CALL,
    settings::USER_TAGS_GET,
];
