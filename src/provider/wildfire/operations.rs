//! The operations: administration, robots, channels.

use super::roots::{
    BROADCAST_ROOT, CHANNEL_SEND_ROOT, CLEAR_ROOT, CONV_READ_ROOT, DELIVERY_ROOT, FORGET_ROOT,
    FROM_MANY_ROOT, HEALTH_ROOT, IMPORT_ROOT, MULTICAST_ROOT, RECALL_ROOT, REPUBLISH_ROOT,
    ROBOT_REPLY_ROOT, ROBOT_SEND_ROOT, ROBOT_UPDATE_ROOT, SEND_ROOT, TAKE_BACK_ROOT, UID_ROOT,
    UPDATE_ROOT, UPLOAD_ROOT,
};
use crate::contract::{
    Audience, Auth, Batching, BodyForm, Counted, Effect, Operation, Rate, Reach, Recall,
    Repeatable, Root, Target, TargetKind, Verb,
};
use crate::document::At;
use crate::text::{Text, en};
use crate::wire::Method;

/// The mark of an operation that the community edition does not have.
pub(super) const PRO: &str = "pro";

/// The host of robots and channels: the same machine, another port.
pub(super) const PUBLIC: &str = "public";

const MESSAGE_API: &str = "admin_api/message_api.md";

const ADMIN_RATE: &[Rate] = &[Rate {
    count: 10_000,
    seconds: 10,
    counted: Counted::Calls,
    scope: "the whole server, all clients together",
    pool: "admin",
}];

const ROBOT_RATE: &[Rate] = &[Rate {
    count: 1000,
    seconds: 10,
    counted: Counted::Calls,
    scope: "one robot",
    pool: "robot",
}];

const CHANNEL_RATE: &[Rate] = &[Rate {
    count: 1000,
    seconds: 10,
    counted: Counted::Calls,
    scope: "one channel",
    pool: "channel",
}];

const ADMIN: Operation = Operation {
    auth: Auth::Headers,
    rates: ADMIN_RATE,
    audience: AUDIENCE,
    source: MESSAGE_API,
    ..Operation::BASE
};

/// Names that say who is reached by a message.
const AUDIENCE: &[&str] = &["conv", "type", "target", "toUsers", "targets"];

/// Where a message and its directed receivers stand.
const ADDRESSED: Reach = Reach::Read(&["conv/type", "conv/target", "toUsers"], addressed);

/// Who got a message, as the ledger knows.
const BY_UID: Reach = Reach::Message(&["messageUid"]);

/// The named users are told, and every user who has not fetched the message yet loses it, too.
const FROM_LISTED: Reach = Reach::AllOf(&[Reach::Listed(TargetKind::User, "receivers"), BY_UID]);

const SENDS: Operation = Operation {
    verbs: &[Verb::Send],
    effect: Effect::Sends,
    repeat: Repeatable::Duplicates,
    content: "payload",
    ..ADMIN
};

const DESTROYS: Operation = Operation { effect: Effect::Destroys, ..ADMIN };

const ROBOT: Operation =
    Operation { host: PUBLIC, rates: ROBOT_RATE, source: "robot_api/README.md", ..ADMIN };

const CHANNEL: Operation =
    Operation { host: PUBLIC, rates: CHANNEL_RATE, source: "channel_api/README.md", ..ADMIN };

/// The members of the conversation, or those of them that a directed message names.
fn addressed(root: At<'_>) -> Option<Audience> {
    audience(root.get("conv"), root.get("toUsers"))
}

fn audience(conv: At<'_>, users: At<'_>) -> Option<Audience> {
    // Left out, the type is read as 0, a private chat.
    let kind = match conv.get("type") {
        at if at.is_there() => target_kind(at.as_integer()?)?,
        _ => TargetKind::User,
    };
    let target = Target::new(kind, conv.get("target").as_str().filter(|id| !id.is_empty())?);
    let mut targets = Vec::new();
    for user in users.items() {
        targets.push(Target::new(TargetKind::User, user.as_str()?));
    }
    // Chatrooms know no directed messages, and in private chats older servers do not.
    if targets.is_empty() || matches!(kind, TargetKind::Room | TargetKind::User) {
        targets.push(target);
    }
    Some(Audience::Named(targets))
}

/// The kind of target that a conversation of this type has.
const fn target_kind(conversation: i128) -> Option<TargetKind> {
    match conversation {
        0 => Some(TargetKind::User),
        1 => Some(TargetKind::Group),
        2 => Some(TargetKind::Room),
        3 => Some(TargetKind::Channel),
        _ => None,
    }
}

const IMPORTED: &[&str] =
    &["messages/*/conversation/type", "messages/*/conversation/target", "messages/*/receivers"];

/// Whoever is in one of the conversations.
fn imported(root: At<'_>) -> Option<Audience> {
    let mut targets = Vec::new();
    let messages = root.get("messages");
    messages.as_array()?;
    for message in messages.items() {
        match audience(message.get("conversation"), message.get("receivers"))? {
            Audience::Named(named) => targets.extend(named),
            _ => return None,
        }
    }
    Some(if targets.is_empty() { Audience::Nobody } else { Audience::Named(targets) })
}

/// The subscribers that are named, else all of them.
fn subscribers(root: At<'_>) -> Option<Audience> {
    let targets = root.get("targets");
    if targets.as_array().is_none_or(<[_]>::is_empty) {
        return Some(Audience::Everybody);
    }
    crate::contract::audience::named(TargetKind::User, targets)
}

const fn batch(field: &'static str) -> Option<Batching> {
    Some(Batching { field, cap: None })
}

/// Every operation, in the order of the documents.
pub(super) static OPERATIONS: &[Operation] = &[
    Operation {
        id: "send",
        sender: "sender",
        about: en("Send a message into one conversation"),
        path: "/admin/message/send",
        root: Root::Shape(&SEND_ROOT),
        reach: ADDRESSED,
        recall: Recall {
            operation: Some("recall"),
            window: None,
            note: en("at any age while the server has it; with `persistFlag` 4 for 10 s"),
        },
        ..SENDS
    },
    Operation {
        id: "update",
        sender: "operator",
        about: en("Replace the content of a message"),
        path: "/admin/message/update",
        root: Root::Shape(&UPDATE_ROOT),
        reach: BY_UID,
        verbs: &[Verb::Update],
        content: "payload",
        edition: PRO,
        repeat: Repeatable::Costly,
        ..DESTROYS
    },
    Operation {
        id: "recall",
        sender: "operator",
        about: en("Take back a message"),
        path: "/admin/message/recall",
        root: Root::Shape(&RECALL_ROOT),
        reach: BY_UID,
        verbs: &[Verb::Recall],
        ..DESTROYS
    },
    Operation {
        id: "multicast",
        sender: "sender",
        about: en("Send a message to each of several users"),
        path: "/admin/message/multicast",
        root: Root::Shape(&MULTICAST_ROOT),
        verbs: &[Verb::Send, Verb::Broadcast],
        reach: Reach::Listed(TargetKind::User, "targets"),
        batch: batch("targets"),
        recall: Recall {
            operation: Some("recall-multicast"),
            window: None,
            note: en("with the same list of users; a plain recall tells only the sender"),
        },
        ..SENDS
    },
    Operation {
        id: "broadcast",
        sender: "sender",
        about: en("Send a message to every user"),
        path: "/admin/message/broadcast",
        root: Root::Shape(&BROADCAST_ROOT),
        verbs: &[Verb::Broadcast],
        reach: Reach::Everybody,
        recall: Recall {
            operation: Some("recall-broadcast"),
            window: None,
            note: en("in the professional edition alone; on a community server a broadcast stays"),
        },
        ..SENDS
    },
    Operation {
        id: "delete",
        about: en("Delete a message"),
        path: "/admin/message/delete",
        root: Root::Shape(&UID_ROOT),
        reach: BY_UID,
        verbs: &[Verb::Delete],
        edition: PRO,
        ..DESTROYS
    },
    Operation {
        id: "clear-by-user",
        about: en("Clear one user's messages of a conversation"),
        path: "/admin/message/clear_by_user",
        root: Root::Shape(&CLEAR_ROOT),
        verbs: &[Verb::Clear],
        // The documents do not say whether it is what the user sees, or what all members see of the user.
        reach: Reach::Unsaid,
        edition: PRO,
        ..DESTROYS
    },
    Operation {
        id: "delete-conversation",
        about: en("Remove one user's conversation"),
        path: "/admin/conversation/delete",
        root: Root::Shape(&FORGET_ROOT),
        verbs: &[Verb::Clear],
        reach: Reach::Field(TargetKind::User, "userId"),
        edition: PRO,
        ..DESTROYS
    },
    Operation {
        id: "get-one",
        about: en("Fetch a message"),
        path: "/admin/message/get_one",
        root: Root::Shape(&UID_ROOT),
        verbs: &[Verb::Get],
        ..ADMIN
    },
    Operation {
        id: "recall-broadcast",
        sender: "operator",
        about: en("Take back a broadcast"),
        path: "/admin/message/recall_broadcast",
        root: Root::Shape(&TAKE_BACK_ROOT),
        reach: BY_UID,
        verbs: &[Verb::Recall],
        edition: PRO,
        ..DESTROYS
    },
    Operation {
        id: "recall-multicast",
        sender: "operator",
        about: en("Take back a multicast"),
        path: "/admin/message/recall_multicast",
        root: Root::Shape(&FROM_MANY_ROOT),
        verbs: &[Verb::Recall],
        reach: FROM_LISTED,
        batch: batch("receivers"),
        repeat: Repeatable::Costly,
        ..DESTROYS
    },
    Operation {
        id: "delete-broadcast",
        sender: "operator",
        about: en("Delete a broadcast"),
        path: "/admin/message/delete_broadcast",
        root: Root::Shape(&TAKE_BACK_ROOT),
        reach: BY_UID,
        verbs: &[Verb::Delete],
        edition: PRO,
        ..DESTROYS
    },
    Operation {
        id: "delete-multicast",
        sender: "operator",
        about: en("Delete a multicast"),
        path: "/admin/message/delete_multicast",
        root: Root::Shape(&FROM_MANY_ROOT),
        verbs: &[Verb::Delete],
        reach: FROM_LISTED,
        batch: batch("receivers"),
        edition: PRO,
        ..DESTROYS
    },
    Operation {
        id: "conv-read",
        about: en("Ask up to when a user has read a conversation"),
        path: "/admin/message/conv_read",
        root: Root::Shape(&CONV_READ_ROOT),
        verbs: &[Verb::Status],
        edition: PRO,
        ..ADMIN
    },
    Operation {
        id: "delivery",
        about: en("Ask up to when messages reached a user"),
        path: "/admin/message/delivery",
        root: Root::Shape(&DELIVERY_ROOT),
        verbs: &[Verb::Status],
        edition: PRO,
        ..ADMIN
    },
    Operation {
        id: "import",
        about: en("Load the history of another system before going live"),
        path: "/admin/message/import",
        root: Root::Shape(&IMPORT_ROOT),
        verbs: &[Verb::Call],
        effect: Effect::Manages,
        reach: Reach::Read(IMPORTED, imported),
        repeat: Repeatable::Duplicates,
        batch: batch("messages"),
        edition: PRO,
        ..ADMIN
    },
    Operation {
        id: "health",
        about: en("Ask whether the server is alive"),
        method: Method::Get,
        path: "/admin/health",
        body: BodyForm::None,
        root: Root::Shape(&HEALTH_ROOT),
        auth: Auth::None,
        verbs: &[Verb::Check],
        source: "admin_api/general_api.md",
        ..ADMIN
    },
    Operation {
        id: "robot-send",
        about: en("Send a message as a robot"),
        path: "/robot/message/send",
        root: Root::Shape(&ROBOT_SEND_ROOT),
        verbs: &[Verb::Send],
        effect: Effect::Sends,
        reach: ADDRESSED,
        repeat: Repeatable::Duplicates,
        recall: ROBOT_RECALL,
        content: "payload",
        ..ROBOT
    },
    Operation {
        id: "robot-update",
        about: en("Replace the content of a robot's message"),
        path: "/robot/message/update",
        root: Root::Shape(&ROBOT_UPDATE_ROOT),
        reach: BY_UID,
        verbs: &[Verb::Update],
        effect: Effect::Destroys,
        content: "payload",
        edition: "not in community 1.2.4",
        repeat: Repeatable::Costly,
        ..ROBOT
    },
    Operation {
        id: "robot-recall",
        about: en("Take back a robot's message"),
        path: "/robot/message/recall",
        root: Root::Shape(&UID_ROOT),
        reach: BY_UID,
        verbs: &[Verb::Recall],
        effect: Effect::Destroys,
        edition: "not in community 1.2.4",
        ..ROBOT
    },
    Operation {
        id: "robot-reply",
        about: en("Answer a message as a robot"),
        path: "/robot/message/reply",
        root: Root::Shape(&ROBOT_REPLY_ROOT),
        verbs: &[Verb::Call],
        effect: Effect::Sends,
        // The answer goes where the question was asked, which the body does not say.
        reach: Reach::Everybody,
        repeat: Repeatable::Duplicates,
        recall: ROBOT_RECALL,
        content: "payload",
        edition: "1.3.9",
        ..ROBOT
    },
    Operation {
        id: "channel-send",
        about: en("Send a message as a channel"),
        path: "/channel/message/send",
        root: Root::Shape(&CHANNEL_SEND_ROOT),
        verbs: &[Verb::Send, Verb::Broadcast],
        effect: Effect::Sends,
        reach: Reach::Read(&["targets"], subscribers),
        repeat: Repeatable::Duplicates,
        batch: batch("targets"),
        recall: CHANNEL_RECALL,
        content: "payload",
        ..CHANNEL
    },
    Operation {
        id: "channel-recall",
        about: en("Take back a channel's message"),
        path: "/channel/message/recall",
        root: Root::Shape(&UID_ROOT),
        reach: BY_UID,
        verbs: &[Verb::Recall],
        effect: Effect::Destroys,
        edition: "not in community 1.2.4",
        ..CHANNEL
    },
    Operation {
        id: "channel-republish",
        about: en("Send a channel's message to further subscribers"),
        path: "/channel/message/republish",
        root: Root::Shape(&REPUBLISH_ROOT),
        verbs: &[Verb::Call],
        effect: Effect::Sends,
        reach: Reach::Listed(TargetKind::User, "targets"),
        repeat: Repeatable::Duplicates,
        batch: batch("targets"),
        recall: CHANNEL_RECALL,
        edition: "not in community 1.2.4",
        ..CHANNEL
    },
    Operation {
        id: "upload-url",
        about: en("Ask where to upload a file"),
        path: "/admin/oss/get_upload_url",
        root: Root::Shape(&UPLOAD_ROOT),
        verbs: &[Verb::Upload],
        effect: Effect::Manages,
        reach: Reach::Own,
        edition: "1.4.6",
        source: "server SDKs",
        ..ADMIN
    },
];

const ROBOT_RECALL: Recall = Recall {
    operation: Some("robot-recall"),
    window: Some(120),
    note: en("the users' limit holds, 120 s unless the server says otherwise"),
};

const CHANNEL_RECALL: Recall =
    Recall { operation: Some("channel-recall"), window: None, note: Text::NONE };

/// The operation with an id of this table.
pub(super) fn get(id: &str) -> &'static Operation {
    OPERATIONS.iter().find(|operation| operation.id == id).expect("an id of this table")
}
