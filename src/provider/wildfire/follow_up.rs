//! What can be done about a message that was sent: recall, update, delete, clear, get, status.

use std::collections::HashSet;

use super::CONTRACT;
use super::compose::{CHUNK, Role, conversation, conversation_type, draft, ids, is_set, payload};
use super::operations::{BY_ADMINISTRATION, COMMUNITY, EDITION};
use crate::contract::{Target, TargetKind, Verb};
use crate::document::Value;
use crate::error::{Error, Result};
use crate::outcome::SentMessage;
use crate::provider::kit::{self, object, put};
use crate::provider::{Draft, FollowUp};

/// The operations that follow up on something sent.
pub(super) fn follow_up(ask: &FollowUp<'_>) -> Result<Vec<Draft>> {
    let role = Role::of(ask.account)?;
    match ask.verb {
        Verb::Recall => recall(ask, role),
        Verb::Update => update(ask, role),
        Verb::Delete => delete(ask, role),
        Verb::Clear => clear(ask, role),
        Verb::Get => get(ask, role),
        Verb::Status => status(ask, role),
        other => Err(Error::usage(format!("WildfireChat has no `{}`", other.word()))),
    }
}

/// How one message went to many, if it did.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spread {
    One,
    Listed,
    Everybody,
}

fn spread(ask: &FollowUp<'_>) -> Spread {
    match ask.sent.map(|sent| sent.operation.as_str()) {
        Some("multicast") => Spread::Listed,
        Some("broadcast") => Spread::Everybody,
        Some(_) => Spread::One,
        None if ask.to.is_empty() => Spread::One,
        None => Spread::Listed,
    }
}

/// How a message is recalled in the name of a profile.
fn recall_of(ask: &FollowUp<'_>, role: Role) -> &'static str {
    if role != Role::Admin && ask.account.value("edition") == Some("community") {
        BY_ADMINISTRATION
    } else {
        "`recall` recalls it"
    }
}

fn recall(ask: &FollowUp<'_>, role: Role) -> Result<Vec<Draft>> {
    let mut drafts = match role {
        Role::Robot | Role::Channel => {
            let operation = if role == Role::Robot { "robot-recall" } else { "channel-recall" };
            professional(ask, operation, BY_ADMINISTRATION)?;
            by_uid(ask, operation)
        }
        Role::Admin => match spread(ask) {
            Spread::One => with_operator(ask, "recall"),
            Spread::Listed => from_listed(ask, "recall-multicast"),
            Spread::Everybody => from_everybody(ask),
        },
    }?;
    if let Some(warning) = ask.sent.and_then(|sent| too_late(sent, ask, role)) {
        for draft in &mut drafts {
            draft.warnings.push(warning.clone());
        }
    }
    Ok(drafts)
}

/// A broadcast is recalled from everybody at once, or on a server that cannot do that from the users who are named.
fn from_everybody(ask: &FollowUp<'_>) -> Result<Vec<Draft>> {
    let broadcast = kit::operation(&CONTRACT, "broadcast");
    let usual = broadcast.recall.operation.unwrap_or_default();
    let Some(listed) = broadcast.recall.listed else { return with_operator(ask, usual) };
    let is_named = !ask.to.is_empty() || is_set(ask.sets, "receivers");
    match (listed.is_only(ask.account), is_named) {
        (Some(true), false) => Err(lacks(
            &format!("the community edition has no `{usual}`"),
            &format!(
                "name the users whom the recall tells, with `--targets FILE|-` or `--to`; {}",
                listed.ids_from
            ),
        )),
        (Some(false), true) => Err(Error::usage(format!("`{usual}` recalls it from everybody"))
            .help("leave `--targets` and `--to` out, if that is meant")),
        (Some(false) | None, false) => with_operator(ask, usual),
        (Some(true) | None, true) => {
            let mut drafts = from_listed(ask, listed.operation)?;
            if let Some(first) = drafts.first_mut() {
                first.warnings.push(
                    "who is not named and has the message already keeps it; who has yet to fetch it loses it, too"
                        .to_owned(),
                );
            }
            Ok(drafts)
        }
    }
}

/// How long a server keeps a transparent message, and how long a robot may take its own back.
const TRANSPARENT_MS: i64 = 10_000;
const ROBOT_MS: i64 = 120_000;

fn too_late(sent: &SentMessage, ask: &FollowUp<'_>, role: Role) -> Option<String> {
    let age = ask.stamp.timestamp.parse::<i64>().ok()?.checked_sub(sent.sent_ms)?;
    let payload = sent.body.as_object()?.get("payload")?.value.as_object()?;
    let transparent =
        payload.get("persistFlag").and_then(|node| node.value.as_integer()) == Some(4);
    if transparent && age > TRANSPARENT_MS {
        Some("it was transparent (`persistFlag` 4): the server forgot it after 10 s".to_owned())
    } else if role == Role::Robot && age > ROBOT_MS {
        Some(
            "robots recall within the users' limit, 120 s unless the server says otherwise"
                .to_owned(),
        )
    } else {
        None
    }
}

fn update(ask: &FollowUp<'_>, role: Role) -> Result<Vec<Draft>> {
    let recall = recall_of(ask, role);
    let instead = format!("{recall}; then send a new one");
    let operation = match role {
        Role::Admin => "update",
        Role::Robot => "robot-update",
        Role::Channel => return Err(lacks("a channel has no `update`", &instead)),
    };
    professional(ask, operation, &instead)?;
    let Some(intent) = ask.intent else {
        return Err(Error::usage("there is no new content").help("add `--text` or another content"));
    };
    let payload = payload(intent)?;
    let finish = |(uid, mut body): (Value, Value)| {
        put(&mut body, "messageUid", uid);
        put(&mut body, "payload", payload.value.clone());
        put(&mut body, "distribute", 1_i64);
        let mut draft = draft(operation, body);
        draft.lost.extend(payload.lost.iter().cloned());
        draft.uploads.extend(payload.upload.iter().cloned());
        draft
    };
    let start = match role {
        Role::Admin => operator(ask)?,
        _ => Value::object(),
    };
    Ok(uids(ask)?.into_iter().map(|uid| finish((uid, start.clone()))).collect())
}

fn delete(ask: &FollowUp<'_>, role: Role) -> Result<Vec<Draft>> {
    only_admin(role, "delete", recall_of(ask, role))?;
    let operation = match spread(ask) {
        Spread::One => "delete",
        Spread::Listed => "delete-multicast",
        Spread::Everybody => "delete-broadcast",
    };
    professional(ask, operation, "it has `recall`")?;
    match spread(ask) {
        Spread::One => by_uid(ask, operation),
        Spread::Listed => from_listed(ask, operation),
        Spread::Everybody => with_operator(ask, operation),
    }
}

fn clear(ask: &FollowUp<'_>, role: Role) -> Result<Vec<Draft>> {
    only_admin(role, "clear", "use a profile without `robot_id` and `channel_id`")?;
    professional(ask, "clear-by-user", "it has `recall`, message by message")?;
    if ask.to.is_empty() {
        return Err(Error::usage("which conversation is to be cleared is not said")
            .help("name it with `--to`, and the user who loses it with `--from`"));
    }
    let one = |target: &Target| {
        let mut body = Value::object();
        match ask.from {
            Some(user) => put(&mut body, "userId", user),
            None if is_set(ask.sets, "userId") => {}
            None => {
                return Err(Error::usage("whose messages are to be cleared is not said").help(
                    "name the user with `--from`; \
                     `call wildfire/delete-conversation` removes the conversation itself",
                ));
            }
        }
        put(&mut body, "conversation", conversation(target)?);
        Ok(draft("clear-by-user", body))
    };
    ask.to.iter().map(one).collect()
}

fn get(ask: &FollowUp<'_>, role: Role) -> Result<Vec<Draft>> {
    only_admin(role, "get", "use a profile without `robot_id` and `channel_id`")?;
    by_uid(ask, "get-one")
}

fn status(ask: &FollowUp<'_>, role: Role) -> Result<Vec<Draft>> {
    only_admin(role, "status", "use a profile without `robot_id` and `channel_id`")?;
    if ask.to.is_empty() {
        return Err(Error::usage("WildfireChat has no status by message").help(
            "`status --to user:U` says up to when messages reached U, \
             `status --from U --to CONVERSATION` up to when U has read it; `get` fetches the message",
        ));
    }
    let operation = if ask.from.is_some() { "conv-read" } else { "delivery" };
    professional(ask, operation, "it has `get`")?;
    let one = |target: &Target| match ask.from {
        Some(user) => {
            let kind = conversation_type(target)?;
            let members = [
                ("userId", Value::from(user)),
                ("type", Value::from(kind)),
                ("conversationType", Value::from(kind)),
                ("target", Value::from(target.id.as_str())),
                ("line", Value::from(0_i64)),
            ];
            Ok(draft("conv-read", object(members)))
        }
        None if target.kind == TargetKind::User => {
            Ok(draft("delivery", object([("userId", target.id.as_str().into())])))
        }
        None => Err(Error::usage(format!("`{target}` is not a user"))
            .help("add `--from USER` to ask up to when that user has read it")),
    };
    ask.to.iter().map(one).collect()
}

/// One call a message, with only its number.
fn by_uid(ask: &FollowUp<'_>, operation: &str) -> Result<Vec<Draft>> {
    Ok(uids(ask)?.into_iter().map(|uid| draft(operation, object([("messageUid", uid)]))).collect())
}

/// One call a message, with its number and who asks.
fn with_operator(ask: &FollowUp<'_>, operation: &str) -> Result<Vec<Draft>> {
    let start = operator(ask)?;
    let one = |uid| {
        let mut body = start.clone();
        put(&mut body, "messageUid", uid);
        draft(operation, body)
    };
    Ok(uids(ask)?.into_iter().map(one).collect())
}

/// The same, from the users that `--to` names, else from all that it was sent to.
fn from_listed(ask: &FollowUp<'_>, operation: &str) -> Result<Vec<Draft>> {
    let sent_to = ask.sent.and_then(|sent| sent.body.as_object()?.get("targets")?.value.as_array());
    let all: Vec<Target> = sent_to
        .unwrap_or_default()
        .iter()
        .filter_map(|node| Some(Target::new(TargetKind::User, node.value.as_str()?)))
        .collect();
    let named: HashSet<&Target> = ask.to.iter().collect();
    let chosen: Vec<Target>;
    let receivers = match (ask.to.is_empty(), all.is_empty()) {
        (true, _) => &all[..],
        (false, true) => ask.to,
        // No one is told to recall what was not sent to them.
        (false, false) => {
            chosen = all.iter().filter(|target| named.contains(target)).cloned().collect();
            if chosen.is_empty() {
                return Ok(Vec::new());
            }
            &chosen
        }
    };
    if let Some(other) = receivers.iter().find(|target| target.kind != TargetKind::User) {
        return Err(Error::usage(format!("`{other}` is not a user")).help(
            "a multicast went to users; name those it is to be taken from, or none for all",
        ));
    }
    if receivers.is_empty() && !is_set(ask.sets, "receivers") {
        return Err(Error::usage("nobody knows whom it was sent to")
            .help("name the users with `--targets FILE|-` or `--to`, as in the multicast"));
    }
    let partial = receivers.len() < all.len();
    let mut drafts = with_operator(ask, operation)?;
    let lists: Vec<Value> = receivers.chunks(CHUNK).map(ids).collect();
    let mut out = Vec::new();
    for (nth, draft) in drafts.iter_mut().enumerate() {
        if partial && nth == 0 {
            draft.warnings.push(
                "not all who got it are named, but others who have not fetched it yet may lose it, too"
                    .to_owned(),
            );
        }
        for list in &lists {
            let mut draft =
                Draft { warnings: std::mem::take(&mut draft.warnings), ..draft.clone() };
            put(&mut draft.body, "receivers", list.clone());
            out.push(draft);
        }
    }
    Ok(if lists.is_empty() { drafts } else { out })
}

/// A body that begins with who does it: `--from`, else the sender in the ledger.
fn operator(ask: &FollowUp<'_>) -> Result<Value> {
    let sender = ask.sent.and_then(|sent| sent.body.as_object()?.get("sender")?.value.as_str());
    match ask.from.or(sender) {
        Some(operator) => Ok(object([("operator", operator.into())])),
        None if is_set(ask.sets, "operator") => Ok(Value::object()),
        None => Err(Error::usage(format!("who does the {} is not said", ask.verb.word()))
            .help("add `--from USER`; users are shown the name")),
    }
}

/// The numbers that were given.
fn uids(ask: &FollowUp<'_>) -> Result<Vec<Value>> {
    let ids = ask.ids_called(&["messageUid", "messageId"]);
    if ids.is_empty() {
        return Err(Error::usage("no message is named")
            .help(format!("give its `messageUid`: `{} ID`", ask.verb.word())));
    }
    let one = |id: &String| match id.parse::<i64>() {
        Ok(uid) if uid > 0 && !id.starts_with('+') => Ok(Value::from(uid)),
        _ => Err(Error::usage(format!("`{id}` is no message uid"))
            .help("it is the number under `messageUid` in the answer to the send")),
    };
    ids.iter().map(one).collect()
}

fn only_admin(role: Role, verb: &str, instead: &str) -> Result<()> {
    match role {
        Role::Admin => Ok(()),
        Role::Robot => Err(lacks(&format!("a robot has no `{verb}`"), instead)),
        Role::Channel => Err(lacks(&format!("a channel has no `{verb}`"), instead)),
    }
}

/// Refuses what the profile's server does not have.
fn professional(ask: &FollowUp<'_>, operation: &str, instead: &str) -> Result<()> {
    if ask.account.value(EDITION) == Some(COMMUNITY) {
        let message = format!("the community edition has no `{operation}`");
        return Err(lacks(&message, instead));
    }
    Ok(())
}

fn lacks(what: &str, instead: &str) -> Error {
    Error::usage(what).help(instead)
}
