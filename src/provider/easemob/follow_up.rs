//! What follows up on something sent: recall, edit, deletion, state of delivery; and what has no counterpart.

use super::CONTRACT;
use super::checks::follow::never;
use crate::contract::{Target, TargetKind, Verb};
use crate::document::Value;
use crate::error::{Error, Result};
use crate::outcome::SentMessage;
use crate::provider::kit;
use crate::provider::kit::messages_of;
use crate::provider::kit::text;
use crate::provider::kit::{object, operation, pairs, put};
use crate::provider::{Content, Draft, FollowUp, SendIntent};

/// The most messages of a recall, and of a deletion.
const RECALLS: usize = 30;
const DELETIONS: usize = 50;

/// Where a body names its targets.
const TARGETS: &[&str] = &["to", "target"];

/// A kind of conversation.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chat {
    User,
    Group,
    Room,
}

impl Chat {
    /// The kind that an operation sends to.
    fn of_sent(sent: &SentMessage) -> Option<Self> {
        Some(match sent.operation.as_str() {
            "send-users" | "stream-users" | "import-users" => Self::User,
            "send-groups" | "send-groups-targeted" | "stream-groups" | "import-groups" => {
                Self::Group
            }
            "send-rooms" | "send-rooms-targeted" => Self::Room,
            "send" => match text(&sent.body, "target_type")?.as_str() {
                "users" => Self::User,
                "chatgroups" => Self::Group,
                "chatrooms" => Self::Room,
                _ => return None,
            },
            _ => return None,
        })
    }

    fn of_target(target: &Target) -> Result<Self> {
        match target.kind {
            TargetKind::User => Ok(Self::User),
            TargetKind::Group => Ok(Self::Group),
            TargetKind::Room => Ok(Self::Room),
            _ => Err(Error::usage(format!("`{target}` names no conversation"))
                .help("there are user, group and room")),
        }
    }

    /// The word in `chat_type`.
    const fn word(self) -> &'static str {
        match self {
            Self::User => "chat",
            Self::Group => "groupchat",
            Self::Room => "chatroom",
        }
    }
}

/// A message that was sent, as far as it is known.
struct Known {
    chat: Chat,
    from: Option<String>,
    target: String,
    id: String,
}

/// The operations that follow up on something sent.
pub(super) fn follow_up(ask: &FollowUp<'_>) -> Result<Vec<Draft>> {
    match ask.verb {
        Verb::Recall => recall(ask),
        Verb::Update => update(ask),
        Verb::Delete => delete(ask),
        Verb::Status => status(ask),
        Verb::Get => Err(Error::usage("easemob gives no message by its id")
            .help("`call easemob/history --set time=yyyyMMddHH` gives the file of an hour")),
        Verb::Clear => Err(Error::usage("easemob has no `clear`").help(
            "`delete --from USER --set channel=ID` takes a conversation out of a user's list",
        )),
        other => Err(Error::usage(format!("`{}` does not follow up on a message", other.word()))),
    }
}

/// Refuses what can never be changed, before anything is sent.
fn changeable(ask: &FollowUp<'_>) -> Result<()> {
    match ask.sent.and_then(|sent| Some((sent, never(sent)?))) {
        Some((sent, why)) => {
            let what = ask.verb.word();
            Err(Error::usage(format!("{what} of `{}` is not possible: {why}", sent.operation)))
        }
        None => Ok(()),
    }
}

/// How the id of a message is called in the answers.
const OF_MESSAGES: &[&str] = &["msg_id", "msgId"];

/// The messages that are meant: from the ledger, else from ids, `--to` and `--from`.
fn known(ask: &FollowUp<'_>) -> Result<Vec<Known>> {
    let Some(sent) = ask.sent else { return named(ask) };
    let Some(chat) = Chat::of_sent(sent) else {
        return Err(Error::usage(format!(
            "`{}` leaves no message in a conversation",
            sent.operation
        )));
    };
    let from = ask.from.map(str::to_owned).or_else(|| text(&sent.body, "from"));
    let ids = || match ask.ids {
        [] => {
            let of_message = |(name, _): &&(_, _)| OF_MESSAGES.contains(&String::as_str(name));
            sent.ids.iter().filter(of_message).map(|(_, id)| id.clone()).collect()
        }
        _ => ask.ids_called(OF_MESSAGES),
    };
    let message = |(target, id)| Known { chat, from: from.clone(), target, id };
    let found: Vec<Known> = messages_of(ask, sent, TARGETS, ids).into_iter().map(message).collect();
    if found.is_empty() {
        return Err(Error::usage("the ledger has no message id for this").help(format!(
            "the old `send` gives ids only with useMsgId; else name one: `{} ID --to user:ID`",
            ask.verb.word()
        )));
    }
    Ok(found)
}

/// Messages that the ledger does not know.
fn named(ask: &FollowUp<'_>) -> Result<Vec<Known>> {
    let messages = kit::named(ask).ok_or_else(|| {
        Error::usage("easemob needs the receiver of a message beside its id").help(format!(
            "as in `herald {} 1028442084794698104 --to user:u2 --from u1`",
            ask.verb.word()
        ))
    })?;
    let one = |(target, id): (&Target, &String)| {
        let (chat, from) = (Chat::of_target(target)?, ask.from.map(str::to_owned));
        Ok(Known { chat, from, target: target.id.clone(), id: id.clone() })
    };
    messages.into_iter().map(one).collect()
}

fn recall(ask: &FollowUp<'_>) -> Result<Vec<Draft>> {
    changeable(ask)?;
    let messages = known(ask)?;
    let one = |message: &Known| {
        let mut body = object([
            ("msg_id", message.id.as_str().into()),
            ("to", message.target.as_str().into()),
            ("chat_type", message.chat.word().into()),
        ]);
        if let Some(from) = &message.from {
            put(&mut body, "from", from.as_str());
        }
        put(&mut body, "force", false);
        body
    };
    // `--set` names fields of one recall, so with it each message gets a call of its own.
    if messages.len() == 1 || !ask.sets.is_empty() {
        let draft = |message| Draft::new(operation(&CONTRACT, "recall"), one(message));
        return Ok(messages.iter().map(draft).collect());
    }
    let draft = |chunk: &[Known]| {
        let msgs: Vec<Value> = chunk.iter().map(one).collect();
        Draft::new(operation(&CONTRACT, "recall-batch"), object([("msgs", msgs.into())]))
    };
    Ok(messages.chunks(RECALLS).map(draft).collect())
}

/// The type of what was sent, in either form.
fn type_of(sent: &SentMessage) -> Option<String> {
    let msg = || text(&sent.body.as_object()?.get("msg")?.value, "type");
    let streamed = sent.operation.starts_with("stream-").then(|| "txt".to_owned());
    streamed.or_else(|| text(&sent.body, "type")).or_else(msg)
}

fn update(ask: &FollowUp<'_>) -> Result<Vec<Draft>> {
    let Some(intent) = ask.intent else {
        return Err(Error::usage("there is no new content").help("give it with --text or --extra"));
    };
    changeable(ask)?;
    let ids: Vec<String> = match ask.sent {
        Some(_) => known(ask)?.into_iter().map(|message| message.id).collect(),
        None => ask.ids.to_vec(),
    };
    let new_msg = new_message(ask, intent)?;
    let user = ask.from.map(str::to_owned).or_else(|| text(&ask.sent?.body, "from"));
    let draft = |id: String| {
        let mut body = object([("msg_id", id.into()), ("new_msg", new_msg.clone())]);
        if !intent.extra.is_empty() {
            put(&mut body, "new_ext", pairs(intent.extra));
        }
        if let Some(user) = &user {
            put(&mut body, "user", user.as_str());
        }
        let mut draft = Draft::new(operation(&CONTRACT, "update"), body);
        if intent.title.is_some() {
            draft.lost.push("the title: an edit is not pushed".to_owned());
        }
        draft
    };
    Ok(ids.into_iter().map(draft).collect())
}

fn new_message(ask: &FollowUp<'_>, intent: &SendIntent<'_>) -> Result<Value> {
    let new_text = match &intent.content {
        Some(Content::Text(text)) => Some(text.as_str()),
        None => None,
        Some(other) => {
            return Err(Error::usage(format!("an edit has no place for {}", other.flag())).help(
                "texts change by --text; of attachments and places only the data of --extra can change",
            ));
        }
    };
    let before = ask.sent.and_then(type_of);
    let named = intent.message_type.map(|row| row.id.to_owned());
    let kind =
        before.or(named).or_else(|| new_text.map(|_| "txt".to_owned())).ok_or_else(|| {
            Error::usage("nobody knows the type of this message")
                .help("say it, as in --type img --extra K=V")
        })?;
    if new_text.is_some() && kind != "txt" {
        return Err(Error::usage(format!("the message is `{kind}` and cannot become a text"))
            .help("recall it, and send a new one; --extra changes its data"));
    }
    let mut new_msg = object([("type", kind.into())]);
    if let Some(new_text) = new_text {
        put(&mut new_msg, "msg", new_text);
    }
    Ok(new_msg)
}

/// Deletes from one user's view. Only a recall removes a message for everybody.
fn delete(ask: &FollowUp<'_>) -> Result<Vec<Draft>> {
    let sender = ask.sent.and_then(|sent| text(&sent.body, "from"));
    let user = ask.from.map(str::to_owned).or_else(|| sender.clone()).ok_or_else(|| {
        Error::usage("easemob deletes for one user alone, and nobody says for whom")
            .help("name the user with --from; `recall` takes a message from everybody")
    })?;
    if ask.sets.iter().any(|path| path == "channel") {
        return delete_conversation(ask, user);
    }
    let messages = known(ask)?;
    let mut conversations: Vec<(Chat, String)> = Vec::new();
    for message in &messages {
        let conversation = (message.chat, message.target.clone());
        if !conversations.contains(&conversation) {
            conversations.push(conversation);
        }
    }
    let mut drafts = Vec::new();
    for (chat, target) in conversations {
        let of_it = |message: &&Known| message.chat == chat && message.target == target;
        let ids: Vec<Value> =
            messages.iter().filter(of_it).map(|message| message.id.as_str().into()).collect();
        // For the receiver, the other one is the sender.
        let (name, other) = match chat {
            Chat::User if target == user => {
                ("peer", sender.clone().unwrap_or_else(|| "admin".to_owned()))
            }
            Chat::User => ("peer", target),
            Chat::Group | Chat::Room => ("groupId", target),
        };
        drafts.extend(ids.chunks(DELETIONS).map(|chunk| {
            let body = object([
                ("username", user.as_str().into()),
                (name, other.as_str().into()),
                ("msgIdList", chunk.to_vec().into()),
            ]);
            Draft::new(operation(&CONTRACT, "delete-roaming"), body)
        }));
    }
    Ok(drafts)
}

fn delete_conversation(ask: &FollowUp<'_>, user: String) -> Result<Vec<Draft>> {
    let chat = match (ask.sent.and_then(Chat::of_sent), ask.to.first()) {
        (Some(chat), _) => Some(chat),
        (None, Some(target)) => Some(Chat::of_target(target)?),
        (None, None) => None,
    };
    let mut body = object([("username", user.into())]);
    match chat {
        Some(Chat::Room) => {
            return Err(Error::usage("a chat room is in no user's list of conversations"));
        }
        Some(chat) => put(&mut body, "type", chat.word()),
        None => {}
    }
    Ok(vec![Draft::new(operation(&CONTRACT, "delete-conversation"), body)])
}

fn status(ask: &FollowUp<'_>) -> Result<Vec<Draft>> {
    let is_push = |id: &str| id.starts_with("broadcast-") || id.starts_with("push-");
    if let Some(sent) = ask.sent.filter(|sent| is_push(&sent.operation)) {
        return Err(Error::usage(format!("`{}` has no state of delivery", sent.operation))
            .help("the vendor gives one for messages to users, groups and rooms"));
    }
    let users: Vec<&Target> = ask.to.iter().filter(|to| to.kind == TargetKind::User).collect();
    let draft = |user: &str, id: &str| {
        let body = object([("username", user.into()), ("msg_id", id.into())]);
        Draft::new(operation(&CONTRACT, "offline-status"), body)
    };
    let need_user = || {
        Error::usage("the state of delivery is that of one user")
            .help("say of whom, as in `status ID --to user:U`")
    };
    if !users.is_empty() {
        let ids: Vec<String> = match (ask.ids, ask.sent) {
            ([], Some(_)) => known(ask)?.into_iter().map(|message| message.id).collect(),
            _ => ask.ids_called(OF_MESSAGES),
        };
        let each = ids.iter().flat_map(|id| users.iter().map(move |user| (user, id)));
        return Ok(each.map(|(user, id)| draft(&user.id, id)).collect());
    }
    if ask.sent.is_none() {
        return Err(need_user());
    }
    let one = |message: Known| match message.chat {
        Chat::User => Ok(draft(&message.target, &message.id)),
        Chat::Group | Chat::Room => Err(need_user()),
    };
    known(ask)?.into_iter().map(one).collect()
}
