//! What herald's own flags become: neutral content and `--to`.

use super::CONTRACT;
use super::prerequisite;
use crate::contract::{Target, TargetKind, Verb};
use crate::document::{Object, Value};
use crate::error::{Error, Result};
use crate::provider::kit::compose::{one_kind, same_type};
use crate::provider::kit::{degrees, is_set, operation, pairs};
use crate::provider::{Content, Draft, Media, SendIntent, WantedAudience};

/// The default zoom of the map of a location: a part of a town.
const SCALE: i64 = 15;

/// The messages that flags ask for: one a target, in the order given.
pub(super) fn compose(intent: &SendIntent<'_>) -> Result<Vec<Draft>> {
    if intent.verb == Verb::Update {
        return Err(no_update());
    }
    let targets = match &intent.audience {
        WantedAudience::Everybody => return Err(no_broadcast()),
        WantedAudience::Targets(targets) => targets,
    };
    let first = one_kind(targets, "USERNAME", |first, other| {
        Error::usage(format!("`{first}` and `{other}` are of two kinds"))
            .help("send to each kind by itself")
    })?;
    let kind = target_type(first)?;
    if intent.from.is_none() && !is_set(intent, "from_id") {
        return Err(Error::usage("JMessage needs a sender")
            .help("give `--from USERNAME`, that of an administrator: `call jmessage/register-admin` makes one"));
    }
    let message = message(intent)?;
    Ok(targets.iter().map(|target| draft(intent, kind, target, message.as_ref())).collect())
}

/// Why nothing can be changed afterwards.
pub(super) fn no_update() -> Error {
    Error::usage("jmessage has no `update`")
        .help("recall the message within 3 minutes with `recall ID`, then send a new one")
}

fn no_broadcast() -> Error {
    Error::usage("JMessage has no broadcast to all users").help(
        "reach a group or a chat room with `--to group:ID` or `--to room:ID`, many users with `--targets FILE`; a notification for everybody is JPush's",
    )
}

/// What the wire calls a kind of target.
fn target_type(target: &Target) -> Result<&'static str> {
    match target.kind {
        TargetKind::User => Ok("single"),
        TargetKind::Group => Ok("group"),
        TargetKind::Room => Ok("chatroom"),
        TargetKind::Alias | TargetKind::Tag | TargetKind::Regid => {
            Err(Error::usage(format!("JMessage knows no `{}`", target.kind)).help(
                "aliases, tags and registration ids of the same app are JPush's: providers jpush-v3 and jpush-v2",
            ))
        }
        TargetKind::Channel | TargetKind::Package => {
            Err(Error::usage(format!("JMessage knows no `{}`", target.kind))
                .help("there are user, group and room"))
        }
    }
}

/// One message to one target.
fn draft(
    intent: &SendIntent<'_>,
    kind: &'static str,
    target: &Target,
    message: Option<&(&'static str, Object)>,
) -> Draft {
    let mut body = Object::default();
    body.set("version", 1_i64);
    body.set("target_type", kind);
    body.set("target_id", target.id.as_str());
    body.set("from_type", "admin");
    if let Some(from) = intent.from {
        body.set("from_id", from);
    }
    if let Some((msg_type, content)) = message {
        body.set("msg_type", *msg_type);
        body.set("msg_body", Value::Object(content.clone()));
    }
    let room = target.kind == TargetKind::Room;
    let command = matches!(intent.content, Some(Content::Command(_)));
    let mut lost = Vec::new();
    match intent.title {
        Some(_) if room => lost.push("`--title`: a chat room has no notifications".to_owned()),
        Some(title) => {
            let mut notification = Object::default();
            notification.set("title", title);
            if let Some(Content::Text(text)) = &intent.content {
                notification.set("alert", text.as_str());
            }
            body.set("notification", Value::Object(notification));
            lost.push("only the notification bar shows `--title`".to_owned());
        }
        None if command && !room => {
            body.set("no_notification", true);
        }
        None => {}
    }
    if command {
        lost.push("a command is stored like any message".to_owned());
    }
    let file = intent.content.as_ref().and_then(Content::file);
    let uploads = file.into_iter().map(|(file, kind)| prerequisite::attach(file, kind)).collect();
    Draft { lost, uploads, ..Draft::new(operation(&CONTRACT, "send"), Value::Object(body)) }
}

/// Type and body of the message; `None` where `--set` gives both.
fn message(intent: &SendIntent<'_>) -> Result<Option<(&'static str, Object)>> {
    let wanted = intent.message_type.map(|row| row.id);
    let (id, mut body) = match &intent.content {
        Some(content) => {
            let id = type_of(content);
            same_type(intent, id, &format!("message of type `{id}`"))?;
            (id, body(content)?)
        }
        None => match wanted {
            Some(id) => (id, Object::default()),
            None if intent.extra.is_empty()
                && intent.title.is_none()
                && !intent.sets.is_empty() =>
            {
                return Ok(None);
            }
            None => {
                return Err(Error::usage("there is nothing to send")
                    .help("give `--text TEXT`, or `--type TYPE` and its fields with `--set`"));
            }
        },
    };
    if !intent.extra.is_empty() {
        body.set("extras", pairs(intent.extra));
    }
    Ok(Some((id, body)))
}

const fn type_of(content: &Content) -> &'static str {
    match content {
        Content::Text(_) => "text",
        Content::Image(_) => "image",
        Content::Voice(_) => "voice",
        Content::Video(_) => "video",
        Content::File(_) => "file",
        Content::Location { .. } => "location",
        Content::Command(_) => "custom",
    }
}

fn body(content: &Content) -> Result<Object> {
    let mut body = Object::default();
    match content {
        Content::Text(text) => {
            body.set("text", text.as_str());
        }
        Content::Location { latitude, longitude, name } => {
            let label = name.clone().unwrap_or_else(|| format!("{latitude},{longitude}"));
            body.set("latitude", degrees(latitude));
            body.set("longitude", degrees(longitude));
            body.set("scale", SCALE);
            // The documents spell it in both ways.
            body.set("label", label.as_str());
            body.set("lable", label);
        }
        Content::Command(name) => {
            body.set("command", name.as_str());
        }
        Content::Image(media)
        | Content::Voice(media)
        | Content::Video(media)
        | Content::File(media) => {
            if let Media::Url(url) = media {
                return Err(address(content, url));
            }
            if let Some((file, kind)) = content.file() {
                body = prerequisite::fields(file, kind);
            }
        }
    }
    Ok(body)
}

/// A message carries the id of an upload, never an address.
fn address(content: &Content, url: &str) -> Error {
    let (flag, id) = (content.flag(), type_of(content));
    Error::usage(format!(
        "`{flag} {url}` is an address, and a JMessage message carries the id of an upload"
    ))
    .help(format!(
        "download it and give the file (at most 8 MiB): `{flag} FILE`; for an id in hand `--type {id} --set {}=…` \
         with the other fields",
        media_id(id)
    ))
}

fn media_id(id: &str) -> &'static str {
    if id == "video" { "video.media_id" } else { "media_id" }
}
