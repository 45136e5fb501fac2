//! The operations: administration, robots, channels.

use super::roots::{
    BROADCAST_ROOT, CHANNEL_SEND_ROOT, CLEAR_ROOT, CONV_READ_ROOT, DELIVERY_ROOT, FORGET_ROOT,
    FROM_MANY_ROOT, HEALTH_ROOT, IMPORT_ROOT, MULTICAST_ROOT, RECALL_ROOT, REPUBLISH_ROOT,
    ROBOT_REPLY_ROOT, ROBOT_SEND_ROOT, ROBOT_UPDATE_ROOT, SEND_ROOT, TAKE_BACK_ROOT, UID_ROOT,
    UPDATE_ROOT, UPLOAD_ROOT,
};
use crate::contract::{
    Acceptance, Audience, Auth, Batching, BodyForm, Condition, Effect, ListedRecall, Lit,
    Operation, Rate, Reach, Recall, RecallException, RecallLimit, Repeatable, Target, TargetKind,
    Verb, operations,
};
use crate::document::{At, ContainerView};
use crate::text::en;
use crate::wire::Method;

/// The mark of an operation that the community edition does not have.
pub(super) const PRO: &str = "pro";

/// The key of a profile that tells the edition of its server, and the edition that lacks what is marked so.
pub(super) const EDITION: &str = "edition";
pub(super) const COMMUNITY: &str = "community";

/// The operation that hands out a message by its uid.
pub(super) const GET_ONE: &str = "get-one";

/// The host of robots and channels: the same machine, another port.
pub(super) const PUBLIC: &str = "public";

/// The versions that name an address for uploads.
const UPLOADS: &str = "pro, or community 1.4.8 with `media.server.use_qiniu` 1";

const MESSAGE_API: &str = "admin_api/message_api.md";

const ADMIN_RATE: &[Rate] =
    &[Rate::calls(10_000, 10, "the whole server, all clients together", "admin")];

const ROBOT_RATE: &[Rate] = &[Rate::calls(1000, 10, "one robot", "robot")];

const CHANNEL_RATE: &[Rate] = &[Rate::calls(1000, 10, "one channel", "channel")];

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

/// A server of the community edition answers before it stores and delivers (`IMHandler`, `DatabaseStore`).
pub(super) const QUEUED_WORDS: &str = "`accepted` on a community server is queued: what was accepted in the last seconds \
     before a crash of the server may be lost.";
const QUEUED: Acceptance = Acceptance::volatile(QUEUED_WORDS);

const SENDS: Operation = Operation {
    verbs: &[Verb::Send],
    effect: Effect::Sends,
    queued: Some(QUEUED),
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

/// Those who are in one of the conversations.
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
    if targets.as_array().is_none_or(ContainerView::is_empty) {
        return Some(Audience::Everybody);
    }
    crate::contract::audience::named(TargetKind::User, targets)
}

const fn batch(field: &'static str) -> Option<Batching> {
    Some(Batching { field, cap: None })
}

/// Operations whose payloads have the same shape, principal first.
pub(super) const GROUPS: &[&[&str]] = &[
    &["recall", "recall-broadcast", "delete-broadcast"],
    &["recall-multicast", "delete-multicast"],
    &["update", "robot-update"],
    &["get-one", "delete", "robot-recall", "channel-recall"],
    &["delete-conversation", "clear-by-user"],
    &["upload-url", "robot-upload-url"],
];

/// Every operation, in the order of the documents.
pub(super) static OPERATIONS: &[Operation] = operations! {
    "send": "Send a message into one conversation", SENDS.at("/admin/message/send", &SEND_ROOT) =>
        sender: "sender", reach: ADDRESSED,
        recall: Recall::by("recall", None, "at any age while the server has it").limited(TRANSPARENT);
    "update": "Replace the content of a message", DESTROYS.at("/admin/message/update", &UPDATE_ROOT) =>
        sender: "operator", reach: BY_UID, verbs: &[Verb::Update], content: "payload", edition: PRO,
        repeat: Repeatable::Notifies;
    "recall": "Recall a message", DESTROYS.at("/admin/message/recall", &RECALL_ROOT) =>
        sender: "operator", reach: BY_UID, verbs: &[Verb::Recall];
    "multicast": "Send a message to each of several users", SENDS.at("/admin/message/multicast", &MULTICAST_ROOT) =>
        sender: "sender", verbs: &[Verb::Send, Verb::Broadcast], reach: Reach::Listed(TargetKind::User, "targets"),
        batch: batch("targets"),
        recall: Recall::by("recall-multicast", None, "with the same list of users; a plain recall tells only the sender").limited(TRANSPARENT);
    "broadcast": "Send a message to every user", SENDS.at("/admin/message/broadcast", &BROADCAST_ROOT) =>
        sender: "sender", verbs: &[Verb::Broadcast], reach: Reach::Everybody,
        recall: Recall::by("recall-broadcast", None, "in the professional edition alone").or_listed(FROM_A_LIST).limited(TRANSPARENT);
    "delete": "Delete a message", DESTROYS.at("/admin/message/delete", &UID_ROOT) =>
        reach: BY_UID, verbs: &[Verb::Delete], edition: PRO;
    "clear-by-user": "Clear one user's messages of a conversation",
        DESTROYS.at("/admin/message/clear_by_user", &CLEAR_ROOT) =>
        verbs: &[Verb::Clear],
        // The documents do not say whether it is what the user sees, or what all members see of the user.
        reach: Reach::Unsaid, edition: PRO;
    "delete-conversation": "Remove one user's conversation", DESTROYS.at("/admin/conversation/delete", &FORGET_ROOT) =>
        verbs: &[Verb::Clear], reach: Reach::Field(TargetKind::User, "userId"), own_view: true, edition: PRO;
    "get-one": "Fetch a message", ADMIN.at("/admin/message/get_one", &UID_ROOT) =>
        verbs: &[Verb::Get, Verb::Check];
    "recall-broadcast": "Recall a broadcast", DESTROYS.at("/admin/message/recall_broadcast", &TAKE_BACK_ROOT) =>
        sender: "operator", reach: BY_UID, verbs: &[Verb::Recall], edition: PRO;
    "recall-multicast": "Recall a multicast", DESTROYS.at("/admin/message/recall_multicast", &FROM_MANY_ROOT) =>
        sender: "operator", verbs: &[Verb::Recall], reach: FROM_LISTED, batch: batch("receivers"),
        repeat: Repeatable::Notifies;
    "delete-broadcast": "Delete a broadcast", DESTROYS.at("/admin/message/delete_broadcast", &TAKE_BACK_ROOT) =>
        sender: "operator", reach: BY_UID, verbs: &[Verb::Delete], edition: PRO;
    "delete-multicast": "Delete a multicast", DESTROYS.at("/admin/message/delete_multicast", &FROM_MANY_ROOT) =>
        sender: "operator", verbs: &[Verb::Delete], reach: FROM_LISTED, batch: batch("receivers"), edition: PRO;
    "conv-read": "Ask up to when a user has read a conversation",
        ADMIN.at("/admin/message/conv_read", &CONV_READ_ROOT) =>
        verbs: &[Verb::Status], edition: PRO;
    "delivery": "Ask up to when messages reached a user", ADMIN.at("/admin/message/delivery", &DELIVERY_ROOT) =>
        verbs: &[Verb::Status], edition: PRO;
    "import": "Load the history of another system before going live", ADMIN.at("/admin/message/import", &IMPORT_ROOT) =>
        verbs: &[Verb::Call], effect: Effect::Manages, reach: Reach::Read(IMPORTED, imported),
        repeat: Repeatable::Duplicates, batch: batch("messages"), edition: PRO;
    "health": "Ask whether the server is alive", ADMIN.at("/admin/health", &HEALTH_ROOT) =>
        method: Method::Get, body: BodyForm::None, auth: Auth::None, verbs: &[Verb::Call],
        source: "admin_api/general_api.md";
    "robot-send": "Send a message as a robot", ROBOT.at("/robot/message/send", &ROBOT_SEND_ROOT) =>
        verbs: &[Verb::Send], effect: Effect::Sends, reach: ADDRESSED, repeat: Repeatable::Duplicates,
        recall: ROBOT_RECALL, content: "payload", queued: Some(QUEUED);
    "robot-update": "Replace the content of a robot's message", ROBOT.at("/robot/message/update", &ROBOT_UPDATE_ROOT) =>
        reach: BY_UID, verbs: &[Verb::Update], effect: Effect::Destroys, content: "payload",
        edition: PRO, repeat: Repeatable::Notifies;
    "robot-recall": "Recall a robot's message", ROBOT.at("/robot/message/recall", &UID_ROOT) =>
        reach: BY_UID, verbs: &[Verb::Recall], effect: Effect::Destroys, edition: PRO;
    "robot-reply": "Answer a message as a robot", ROBOT.at("/robot/message/reply", &ROBOT_REPLY_ROOT) =>
        verbs: &[Verb::Call], effect: Effect::Sends,
        reach: Reach::ForeignCodes("it answers in the conversation of the message"), repeat: Repeatable::Duplicates, recall: ROBOT_RECALL, content: "payload",
        queued: Some(QUEUED), edition: "1.3.9";
    "channel-send": "Send a message as a channel", CHANNEL.at("/channel/message/send", &CHANNEL_SEND_ROOT) =>
        verbs: &[Verb::Send, Verb::Broadcast], effect: Effect::Sends, reach: Reach::Read(&["targets"], subscribers),
        repeat: Repeatable::Duplicates, batch: batch("targets"), recall: CHANNEL_RECALL, content: "payload",
        queued: Some(QUEUED);
    "channel-recall": "Recall a channel's message", CHANNEL.at("/channel/message/recall", &UID_ROOT) =>
        reach: BY_UID, verbs: &[Verb::Recall], effect: Effect::Destroys, edition: PRO;
    "channel-republish": "Send a channel's message to further subscribers",
        CHANNEL.at("/channel/message/republish", &REPUBLISH_ROOT) =>
        verbs: &[Verb::Call], effect: Effect::Sends, reach: Reach::Listed(TargetKind::User, "targets"),
        repeat: Repeatable::Duplicates, batch: batch("targets"), recall: CHANNEL_RECALL,
        edition: PRO;
    "upload-url": "Ask where to upload a file", ADMIN.at("/admin/oss/get_upload_url", &UPLOAD_ROOT) =>
        verbs: &[Verb::Upload], effect: Effect::Manages, reach: Reach::Own, edition: UPLOADS,
        source: "server SDKs";
    "robot-upload-url": "Ask as a robot where to upload a file", ROBOT.at("/robot/oss/get_upload_url", &UPLOAD_ROOT) =>
        verbs: &[Verb::Upload], effect: Effect::Manages, reach: Reach::Own, edition: UPLOADS, source: "server SDKs";
};

/// `recall_multicast` looks at the uid alone, never at how the message was sent
/// (im-server, `MemoryMessagesStore.recallCastMessage`), and tells those who are listed, also who has the message already.
const FROM_A_LIST: ListedRecall = ListedRecall {
    operation: "recall-multicast",
    edition: (EDITION, COMMUNITY),
    ids_from: en("the server lists its users at `/admin/user/all`, by `offset` and `count`"),
};

/// A server forgets transparent messages after this time.
const TRANSPARENT: &[RecallLimit] = &[RecallLimit {
    when: Condition::Is("payload/persistFlag", &[Lit::Int(4)]),
    window: Some(10),
    why: en("with `persistFlag` 4 the server forgets it after 10 s"),
}];

const ROBOT_RECALL: Recall = Recall::by(
    "robot-recall",
    Some(120),
    "the users' limit holds, 120 s unless the server says otherwise",
)
.but_not_on(COMMUNITY_SERVERS)
.limited(TRANSPARENT);

const CHANNEL_RECALL: Recall =
    Recall::by("channel-recall", None, "").but_not_on(COMMUNITY_SERVERS).limited(TRANSPARENT);

/// Community 1.2.4 and 1.4.8 answer these recalls with HTTP 500; the administration's `recall` looks at the uid alone.
const COMMUNITY_SERVERS: RecallException =
    RecallException { edition: (EDITION, COMMUNITY), instead: en(BY_ADMINISTRATION) };

/// What recalls a robot's or a channel's message on a community server.
pub(super) const BY_ADMINISTRATION: &str = "`recall UID --from SENDER --profile ADMINISTRATION` recalls it, with the administration's profile, at any age";
