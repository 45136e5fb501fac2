//! What follows up on something sent: recall, update, clear, get; and what has no counterpart.

use super::CONTRACT;
use super::compose::{Message, write_message};
use crate::contract::{Target, TargetKind, Verb};
use crate::document::Value;
use crate::error::{Error, Result};
use crate::outcome::SentMessage;
use crate::provider::kit;
use crate::provider::kit::messages_of;
use crate::provider::kit::text;
use crate::provider::kit::{object, put};
use crate::provider::{Draft, FollowUp};

/// How far around the sent time the history is searched, in milliseconds.
const AROUND: i64 = 60_000;
/// The longest time that a query of the history spans, in milliseconds: 14 days.
const QUERY_SPAN: i64 = 14 * 24 * 3_600_000;
/// The most messages that one query names.
const QUERY: usize = 20;

/// Where a body names its targets.
const TARGETS: &[&str] = &["toGroupId", "toGroupIds", "toChatroomId", "toUserId"];

/// A kind of conversation: its number, and what `--to` calls its target.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Conversation {
    Private = 1,
    Group = 3,
    Room = 4,
    System = 6,
    Ultra = 10,
}

impl Conversation {
    fn of_operation(id: &str) -> Option<Self> {
        Some(match id {
            "send-private" | "send-private-template" | "send-private-stream" => Self::Private,
            "send-group" | "send-group-stream" => Self::Group,
            "send-chatroom" => Self::Room,
            "send-system" | "send-system-template" => Self::System,
            "send-ultragroup" => Self::Ultra,
            _ => return None,
        })
    }

    fn of_kind(kind: TargetKind) -> Option<Self> {
        Some(match kind {
            TargetKind::User => Self::Private,
            TargetKind::Group => Self::Group,
            TargetKind::Room => Self::Room,
            TargetKind::Channel => Self::Ultra,
            TargetKind::Alias | TargetKind::Tag | TargetKind::Regid | TargetKind::Package => {
                return None;
            }
        })
    }
}

/// A message that was sent, as far as it is known.
struct Known {
    conversation: Conversation,
    from: Option<String>,
    target: String,
    id: String,
    sent_ms: Option<i64>,
    channel: Option<String>,
}

/// The operations that follow up on something sent.
pub(super) fn follow_up(ask: &FollowUp<'_>) -> Result<Vec<Draft>> {
    match ask.verb {
        Verb::Recall => recall(ask),
        Verb::Update => update(ask),
        Verb::Clear => clear(ask),
        Verb::Get => get(ask),
        Verb::Delete => {
            Err(Error::usage("rongcloud cannot delete a message apart from recalling it")
                .help("`recall ID --set isDelete=1` leaves no note"))
        }
        Verb::Status => {
            let help =
                "whether it was stored tells `get ID`, or call rongcloud/history-query-private";
            let help = match is_ultra(ask) {
                true => format!("{help}; {ULTRA_RETENTION}"),
                false => help.to_owned(),
            };
            Err(Error::usage("rongcloud has no report by message id").help(help))
        }
        other => Err(Error::usage(format!("`{}` does not follow up on a message", other.word()))),
    }
}

/// How long a message of an ultra group can be found.
const ULTRA_RETENTION: &str = "ultra groups keep messages for 7 days, unless the plan has more";

/// Whether messages of an ultra group are meant.
fn is_ultra(ask: &FollowUp<'_>) -> bool {
    let sent = ask.sent.and_then(|sent| Conversation::of_operation(&sent.operation));
    sent == Some(Conversation::Ultra)
        || ask.to.iter().any(|target| target.kind == TargetKind::Channel)
}

/// The messages that are meant: from the ledger, else from ids, `--to` and `--from`.
fn known(ask: &FollowUp<'_>) -> Result<Vec<Known>> {
    let Some(sent) = ask.sent else { return named(ask) };
    let Some(conversation) = Conversation::of_operation(&sent.operation) else {
        return Err(Error::usage(format!(
            "`{}` leaves no message in a conversation",
            sent.operation
        ))
        .help("private, group, chat-room, ultra-group and system messages have one"));
    };
    let from = ask.from.map(str::to_owned).or_else(|| text(&sent.body, "fromUserId"));
    let channel = text(&sent.body, "busChannel");
    let message = |(target, id)| Known {
        conversation,
        from: from.clone(),
        target,
        id,
        sent_ms: Some(sent.sent_ms),
        channel: channel.clone(),
    };
    let ids = || ids_of(ask, sent);
    let found: Vec<Known> = messages_of(ask, sent, TARGETS, ids).into_iter().map(message).collect();
    if found.is_empty() {
        return Err(Error::usage("the ledger has no message id for this")
            .help(format!("name it: `{} ID --to user:ID --from ID`", ask.verb.word())));
    }
    Ok(found)
}

/// Messages that the ledger does not know.
fn named(ask: &FollowUp<'_>) -> Result<Vec<Known>> {
    let messages = kit::named(ask).ok_or_else(|| {
        Error::usage("rongcloud needs the conversation of a message beside its id").help(format!(
            "as in `herald {} 5FGT-7VA9-G4DD-4V5P --to user:u2 --from u1`; \
             a broadcast by `call rongcloud/recall-broadcast`",
            ask.verb.word()
        ))
    })?;
    let one = |(target, id): (&Target, &String)| {
        Ok(Known {
            conversation: conversation_of(target)?,
            from: ask.from.map(str::to_owned),
            target: target.id.clone(),
            id: id.clone(),
            sent_ms: None,
            channel: None,
        })
    };
    messages.into_iter().map(one).collect()
}

fn conversation_of(target: &Target) -> Result<Conversation> {
    Conversation::of_kind(target.kind).ok_or_else(|| {
        Error::usage(format!("`{target}` names no conversation"))
            .help("there are user, group, room and channel")
    })
}

/// The ids of messages that are meant. What the vendor calls by another name, as the id of a push, is none.
fn ids_of(ask: &FollowUp<'_>, sent: &SentMessage) -> Vec<String> {
    let wanted = |id: &String| ask.ids.is_empty() || ask.ids.contains(id);
    let own = sent.ids.iter().filter(|(name, id)| name == "messageUID" && wanted(id));
    let own: Vec<String> = own.map(|(_, id)| id.clone()).collect();
    if !own.is_empty() {
        return own;
    }
    let other = |id: &String| !sent.ids.iter().any(|(_, known)| known == id);
    ask.ids.iter().filter(|id| other(id)).cloned().collect()
}

fn recall(ask: &FollowUp<'_>) -> Result<Vec<Draft>> {
    if let Some(sent) = ask.sent {
        match sent.operation.as_str() {
            "push" | "broadcast" => return recall_broadcast(ask, sent),
            "send-private-status" | "send-group-status" => {
                return Err(never(sent, "status messages are not stored"));
            }
            "push-user" | "push-custom" => {
                return Err(never(sent, "a push alone leaves no message"));
            }
            "broadcast-online" | "broadcast-chatroom" => {
                return Err(never(sent, "the vendor has no call for it"));
            }
            _ => {}
        }
    }
    let draft = |message: Known| {
        let mut body = Value::object();
        if let Some(from) = &message.from {
            put(&mut body, "fromUserId", from.as_str());
        }
        put(&mut body, "conversationType", message.conversation as i64);
        put(&mut body, "targetId", message.target);
        put(&mut body, "messageUID", message.id);
        if let Some(sent_ms) = message.sent_ms {
            put(&mut body, "sentTime", sent_ms);
        }
        if let Some(channel) =
            message.channel.filter(|_| message.conversation == Conversation::Ultra)
        {
            put(&mut body, "busChannel", channel);
        }
        Draft::new(kit::operation(&CONTRACT, "recall"), body)
    };
    Ok(known(ask)?.into_iter().map(draft).collect())
}

fn never(sent: &SentMessage, why: &str) -> Error {
    Error::usage(format!("`{}` cannot be recalled: {why}", sent.operation))
}

/// A broadcast, or a push that had a message.
fn recall_broadcast(ask: &FollowUp<'_>, sent: &SentMessage) -> Result<Vec<Draft>> {
    let ids = ids_of(ask, sent);
    if ids.is_empty() {
        return Err(never(sent, "the vendor gave no message id, as for a push alone"));
    }
    let from = ask.from.map(str::to_owned);
    let from =
        from.or_else(|| text(&sent.body, "fromUserId")).or_else(|| text(&sent.body, "fromuserid"));
    let audience = sent.body.as_object().and_then(|body| body.get("audience"));
    let unclear = audience.is_some_and(|audience| {
        let audience = &audience.value;
        let everybody = text(audience, "is_to_all").is_some_and(|text| text == "true");
        everybody || text(audience, "userid").is_some_and(|users| users != "[]")
    });
    let draft = |id: String| {
        let mut body = Value::object();
        if let Some(from) = &from {
            put(&mut body, "fromUserId", from.as_str());
        }
        put(&mut body, "messageUID", id);
        put(&mut body, "sentTime", sent.sent_ms);
        let mut draft = Draft::new(kit::operation(&CONTRACT, "recall-broadcast"), body);
        if unclear {
            let remark =
                "the vendor promises recall of pushes by tag and package only; this may fail";
            draft.warnings.push(remark.to_owned());
        }
        draft
    };
    Ok(ids.into_iter().map(draft).collect())
}

fn update(ask: &FollowUp<'_>) -> Result<Vec<Draft>> {
    let Some(intent) = ask.intent else {
        return Err(Error::usage("there is no new content").help("give it, as with --text"));
    };
    let message = Message::of(intent)?;
    let before = ask.sent.and_then(|sent| text(&sent.body, "objectName"));
    if let (Some(before), Some(now)) = (&before, message.name)
        && before != now
    {
        let message = format!("the message is `{before}` and cannot become `{now}`");
        return Err(Error::usage(message).help("recall it, and send a new one"));
    }
    let draft = |known: Known| {
        let (operation, field) = match known.conversation {
            Conversation::Private => ("modify-private", "targetId"),
            Conversation::Group => ("modify-group", "groupId"),
            Conversation::Ultra => ("modify-ultragroup", "groupId"),
            Conversation::Room | Conversation::System => {
                return Err(Error::usage("messages of rooms and the system cannot be changed")
                    .help("recall it, and send a new one"));
            }
        };
        let mut body = Value::object();
        if let Some(from) = &known.from {
            put(&mut body, "fromUserId", from.as_str());
        }
        put(&mut body, field, known.target);
        put(&mut body, "msgUID", known.id);
        write_message(&mut body, &message);
        if known.conversation == Conversation::Ultra {
            // The type is not a field there: the server has it.
            if let Some(object) = body.as_object_mut() {
                object.remove("objectName");
            }
            if let Some(channel) = known.channel {
                put(&mut body, "busChannel", channel);
            }
        }
        Ok(Draft::new(kit::operation(&CONTRACT, operation), body))
    };
    known(ask)?.into_iter().map(draft).collect()
}

fn clear(ask: &FollowUp<'_>) -> Result<Vec<Draft>> {
    if ask.to.is_empty() {
        return Err(Error::usage("`clear` needs the conversation whose history goes")
            .help("as in `herald clear --to user:u2 --from u1`, which clears it for u1"));
    }
    let draft = |target: &Target| {
        let conversation = conversation_of(target)?;
        if conversation == Conversation::Ultra {
            return Err(Error::usage("rongcloud clears no history of ultra groups"));
        }
        let mut body = object([("conversationType", (conversation as i64).into())]);
        if let Some(from) = ask.from {
            put(&mut body, "fromUserId", from);
        }
        put(&mut body, "targetId", target.id.as_str());
        Ok(Draft::new(kit::operation(&CONTRACT, "history-clean"), body))
    };
    ask.to.iter().map(draft).collect()
}

fn get(ask: &FollowUp<'_>) -> Result<Vec<Draft>> {
    if ask.ids.is_empty() && ask.sent.is_none() && !ask.to.is_empty() {
        return ask.to.iter().map(|target| newest(ask, target)).collect();
    }
    let known = known(ask)?;
    let (ultra, others): (Vec<Known>, Vec<Known>) =
        known.into_iter().partition(|known| known.conversation == Conversation::Ultra);
    let mut drafts = Vec::new();
    let mut groups: Vec<&str> = Vec::new();
    for known in &ultra {
        if !groups.contains(&known.target.as_str()) {
            groups.push(&known.target);
        }
    }
    for group in groups {
        let of_group: Vec<&Known> = ultra.iter().filter(|known| known.target == group).collect();
        drafts.extend(of_group.chunks(QUERY).map(|chunk| ultra_query(group, chunk)));
    }
    for known in others {
        drafts.push(history_query(known)?);
    }
    Ok(drafts)
}

fn ultra_query(group: &str, messages: &[&Known]) -> Draft {
    let asked: Vec<Value> = messages
        .iter()
        .map(|known| {
            let mut asked = object([("msgUID", known.id.as_str().into())]);
            if let Some(channel) = &known.channel {
                put(&mut asked, "busChannel", channel.as_str());
            }
            asked
        })
        .collect();
    let msgs = Value::from(asked).to_compact();
    let body = object([("groupId", group.into()), ("msgs", msgs.into())]);
    let mut draft = Draft::new(kit::operation(&CONTRACT, "ultragroup-msg-get"), body);
    draft.warnings.push(ULTRA_RETENTION.to_owned());
    draft
}

/// The newest messages of a conversation.
fn newest(ask: &FollowUp<'_>, target: &Target) -> Result<Draft> {
    let operation = match conversation_of(target)? {
        Conversation::Ultra => "history-query-ultragroup",
        conversation => query_of(conversation)?,
    };
    let Some(from) = ask.from else {
        return Err(Error::usage("rongcloud reads a conversation as one who is in it")
            .help("name the sender of the message: --from ID"));
    };
    let now_ms = ask.stamp.timestamp.parse::<i64>().unwrap_or_default();
    let mut body = Value::object();
    put(&mut body, "userId", from);
    put(&mut body, "targetId", target.id.as_str());
    put(&mut body, "startTime", now_ms);
    put(&mut body, "endTime", now_ms - QUERY_SPAN);
    put(&mut body, "includeStart", true);
    put(&mut body, "pageSize", 100_i64);
    let mut draft = Draft::new(kit::operation(&CONTRACT, operation), body);
    draft.remarks.push("the newest 100 messages of the last 14 days".to_owned());
    Ok(draft)
}

/// The operation that reads the history of a conversation.
fn query_of(conversation: Conversation) -> Result<&'static str> {
    match conversation {
        Conversation::Private => Ok("history-query-private"),
        Conversation::Group => Ok("history-query-group"),
        Conversation::Room => Ok("history-query-chatroom"),
        Conversation::System | Conversation::Ultra => {
            Err(Error::usage("rongcloud reads no messages of the system conversation"))
        }
    }
}

/// The history around the time of sending; the entry with the message's id is the one.
fn history_query(known: Known) -> Result<Draft> {
    let operation = query_of(known.conversation)?;
    let Some(sent_ms) = known.sent_ms else {
        return Err(Error::usage(
            "rongcloud finds messages by time, and the ledger has none for this",
        )
        .help(format!("`call rongcloud/{operation} --set startTime=… --set endTime=…`")));
    };
    let mut body = Value::object();
    if let Some(from) = &known.from {
        put(&mut body, "userId", from.as_str());
    }
    put(&mut body, "targetId", known.target);
    put(&mut body, "startTime", sent_ms + AROUND);
    put(&mut body, "endTime", sent_ms - AROUND);
    put(&mut body, "includeStart", true);
    put(&mut body, "pageSize", 100_i64);
    let mut draft = Draft::new(kit::operation(&CONTRACT, operation), body);
    draft.remarks.push(format!("the entry with messageUID {} is the one", known.id));
    Ok(draft)
}
