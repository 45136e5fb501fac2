//! Flags become operations: neutral content, audiences, and what each of them cannot have.

use super::CONTRACT;
use super::messages::push_text;
use crate::contract::{Target, TargetKind, Verb};
use crate::document::Value;
use crate::error::{Error, Result};
use crate::provider::kit;
use crate::provider::kit::{degrees, file_name, object, put};
use crate::provider::{Content, Draft, Media, SendIntent, WantedAudience};

/// The most users, groups and chat rooms in a call, and tags in a push.
const USERS: usize = 1000;
const GROUPS: usize = 3;
const ROOMS: usize = 10;
const TAGS: usize = 20;

/// A message before it has an audience.
pub(super) struct Message {
    /// Its type; `None` where `--set` gives it.
    pub(super) name: Option<&'static str>,
    /// The JSON of its content; `None` where `--set` gives it.
    pub(super) content: Option<Value>,
    /// The push text for clients, unless a flag sets another.
    alert: Option<String>,
}

impl Message {
    /// The message that flags ask for.
    pub(super) fn of(intent: &SendIntent<'_>) -> Result<Self> {
        let mut message = match (&intent.content, intent.message_type) {
            (Some(content), Some(row)) if row.flag != content.flag() => {
                let message = format!("{} does not make `{}`", content.flag(), row.wire.to_text());
                return Err(Error::usage(message).help("give one of --type and a content flag"));
            }
            (Some(content), _) => Self::neutral(content)?,
            (None, Some(row)) if row.id != "custom" => {
                let crate::contract::Lit::Text(name) = row.wire else {
                    unreachable!("every type of this vendor has a name")
                };
                let alert = push_text(name).filter(|text| !text.is_empty()).map(str::to_owned);
                Self { name: Some(name), content: Some(Value::object()), alert }
            }
            (None, _) => Self { name: None, content: None, alert: None },
        };
        message.extend(intent)?;
        Ok(message)
    }

    fn neutral(content: &Content) -> Result<Self> {
        let (name, inner) = match content {
            Content::Text(text) => ("RC:TxtMsg", object([("content", text.as_str().into())])),
            Content::Image(media) => {
                ("RC:ImgMsg", object([("imageUri", address(media, "--image")?.into())]))
            }
            Content::Voice(media) => {
                ("RC:HQVCMsg", object([("remoteUrl", address(media, "--voice")?.into())]))
            }
            Content::Video(media) => {
                let url = address(media, "--video")?;
                let name = file_name(url).into();
                ("RC:SightMsg", object([("sightUrl", url.into()), ("name", name)]))
            }
            Content::File(media) => {
                let url = address(media, "--file")?;
                let name = file_name(url);
                let suffix = name.rsplit_once('.').map_or("", |(_, suffix)| suffix);
                let members =
                    [("name", name.into()), ("type", suffix.into()), ("fileUrl", url.into())];
                ("RC:FileMsg", object(members))
            }
            Content::Location { latitude, longitude, name } => {
                let poi = name.clone().unwrap_or_else(|| format!("{latitude},{longitude}"));
                let members = [
                    ("latitude", degrees(latitude)),
                    ("longitude", degrees(longitude)),
                    ("poi", poi.into()),
                ];
                ("RC:LBSMsg", object(members))
            }
            Content::Command(name) => ("RC:CmdMsg", object([("name", name.as_str().into())])),
        };
        let alert = match content {
            Content::Text(text) => Some(text.clone()),
            Content::File(Media::Url(url)) => {
                push_text(name).map(|text| format!("{text} {}", file_name(url)))
            }
            _ => push_text(name).map(str::to_owned),
        };
        Ok(Self { name: Some(name), content: Some(inner), alert })
    }

    /// The app's own pairs, as JSON text in `extra`.
    fn extend(&mut self, intent: &SendIntent<'_>) -> Result<()> {
        if intent.extra.is_empty() {
            return Ok(());
        }
        let pairs = kit::pairs(intent.extra);
        match &mut self.content {
            Some(_) if self.name == Some("RC:CmdMsg") => {
                Err(Error::usage("`RC:CmdMsg` has no place for --extra")
                    .help("put it into the command's data: --set data=…"))
            }
            Some(content) => {
                put(content, "extra", pairs.to_compact());
                Ok(())
            }
            None => Err(Error::usage("a type of the app's own has no place for --extra")
                .help("put it into the content itself: --set content=…")),
        }
    }
}

/// The address of a medium: RongCloud takes no uploads.
fn address<'a>(media: &'a Media, flag: &str) -> Result<&'a str> {
    match media {
        Media::Url(url) => Ok(url),
        Media::File(file) => {
            let message =
                format!("rongcloud takes no uploads, and {} is a file", file.path.display());
            Err(Error::usage(message)
                .help(format!("put it on a server of your own, and give its address: {flag} URL")))
        }
    }
}

/// The operations that flags ask for.
pub(super) fn compose(intent: &SendIntent<'_>) -> Result<Vec<Draft>> {
    let targets = match &intent.audience {
        WantedAudience::Everybody => return push(intent, &[]),
        WantedAudience::Targets(targets) => targets,
    };
    match kit::kinds(targets).as_slice() {
        [] => Err(Error::usage("there is no audience").help("name it with --to KIND:ID")),
        [TargetKind::User] => chunks(intent, targets, "send-private", "toUserId", USERS),
        [TargetKind::Group] => {
            // `pushExt`, which carries the title, works with one group only.
            let cap = if intent.title.is_some() { 1 } else { GROUPS };
            chunks(intent, targets, "send-group", "toGroupId", cap)
        }
        [TargetKind::Channel] => chunks(intent, targets, "send-ultragroup", "toGroupIds", GROUPS),
        [TargetKind::Room] => chunks(intent, targets, "send-chatroom", "toChatroomId", ROOMS),
        some if some.iter().any(|kind| matches!(kind, TargetKind::Alias | TargetKind::Regid)) => {
            Err(Error::usage("rongcloud knows no aliases and no registration ids")
                .help("there are user, group, room, channel, tag and package"))
        }
        some if some.iter().all(|kind| matches!(kind, TargetKind::Tag | TargetKind::Package)) => {
            if intent.verb == Verb::Broadcast {
                push(intent, targets)
            } else {
                Err(Error::usage("tags and packages are reached by `broadcast` alone")
                    .help("`broadcast --tag T` or `broadcast --package P`"))
            }
        }
        _ => Err(Error::usage("one command sends to targets of one kind").help(
            "only --package and --tag go together: users of that package with one of the tags",
        )),
    }
}

/// A draft for each `cap` targets, in the order given.
fn chunks(
    intent: &SendIntent<'_>,
    targets: &[Target],
    operation: &str,
    field: &str,
    cap: usize,
) -> Result<Vec<Draft>> {
    let message = Message::of(intent)?;
    let operation = kit::operation(&CONTRACT, operation);
    let drafts = targets.chunks(cap).map(|chunk| {
        let ids: Vec<Value> = chunk.iter().map(|target| target.id.as_str().into()).collect();
        let mut body = Value::object();
        if let Some(from) = intent.from {
            put(&mut body, "fromUserId", from);
        }
        put(&mut body, field, ids);
        write_message(&mut body, &message);
        let mut draft = Draft::new(operation, body);
        match intent.title {
            Some(_) if field == "toChatroomId" => {
                draft.lost.push("the title: chat rooms have no push".to_owned());
            }
            Some(title) => {
                put(&mut draft.body, "pushExt", object([("title", title.into())]).to_compact());
            }
            None => {}
        }
        draft
    });
    Ok(drafts.collect())
}

/// Type and content of a message.
pub(super) fn write_message(body: &mut Value, message: &Message) {
    if let Some(name) = message.name {
        put(body, "objectName", name);
    }
    if let Some(content) = &message.content {
        put(body, "content", content.to_compact());
    }
}

/// A push to everybody, or to package and tags.
fn push(intent: &SendIntent<'_>, targets: &[Target]) -> Result<Vec<Draft>> {
    let message = Message::of(intent)?;
    let mut body = object([("platform", vec!["ios", "android"].into())]);
    if let Some(from) = intent.from {
        put(&mut body, "fromuserid", from);
    }
    put(&mut body, "audience", audience(intent, targets)?);
    if message.name.is_some() {
        let mut landed = Value::object();
        write_message(&mut landed, &message);
        put(&mut body, "message", landed);
    }
    let mut notification = Value::object();
    if let Some(title) = intent.title {
        put(&mut notification, "title", title);
    }
    match message.alert.as_deref().filter(|alert| !alert.is_empty()) {
        Some(alert) => put(&mut notification, "alert", alert),
        None if intent.sets.iter().any(|path| path.starts_with("notification")) => {}
        None => {
            let what = message.name.unwrap_or("this push");
            return Err(Error::usage(format!("{what} has no push text of its own"))
                .help("give one: --set notification.alert=…"));
        }
    }
    put(&mut body, "notification", notification);
    Ok(vec![Draft::new(kit::operation(&CONTRACT, "push"), body)])
}

fn audience(intent: &SendIntent<'_>, targets: &[Target]) -> Result<Value> {
    let of = |kind: TargetKind| -> Vec<&str> {
        targets.iter().filter(|target| target.kind == kind).map(|target| &*target.id).collect()
    };
    let (packages, tags) = (of(TargetKind::Package), of(TargetKind::Tag));
    let mut audience = object([("is_to_all", targets.is_empty().into())]);
    match packages.as_slice() {
        [] => {}
        [package] => put(&mut audience, "packageName", *package),
        _ => {
            return Err(Error::usage("a push goes to one package")
                .help("give one command a package; each is one of two calls an hour"));
        }
    }
    if tags.len() > TAGS {
        return Err(Error::usage(format!(
            "a push takes {TAGS} tags, and there are {}",
            tags.len()
        ))
        .help("who has tags of two calls would get two messages, so herald does not split them"));
    }
    // Who says with `--set` that all tags are to be had at once does not mean any of them.
    if !tags.is_empty() && !intent.sets.iter().any(|path| path == "audience.tag") {
        put(&mut audience, "tag_or", tags);
    }
    Ok(audience)
}
