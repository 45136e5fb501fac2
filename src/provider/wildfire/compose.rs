//! Neutral content as payloads, and targets as operations.

use super::messages::{self, KnownType};
use super::upload;
use super::{CONTRACT, checks};
use crate::account::Account;
use crate::contract::{Target, TargetKind, Verb};
use crate::document::{Document, Trail, Value};
use crate::error::{Error, ErrorKind, Result};
use crate::provider::kit;
use crate::provider::kit::{object, put};
use crate::provider::{Content, Draft, Media, MediaKind, SendIntent, Upload, WantedAudience};

/// How many users herald puts into one request, as the server documents no limit. Each request has a uid of its own.
pub(super) const CHUNK: usize = 1000;

/// In whose name a profile speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Any user's, with all rights.
    Admin,
    /// A robot's.
    Robot,
    /// A channel's.
    Channel,
}

impl Role {
    /// The role of a profile.
    pub(super) fn of(account: &Account) -> Result<Self> {
        match (account.value("robot_id"), account.value("channel_id")) {
            (None, None) => Ok(Self::Admin),
            (Some(_), None) => Ok(Self::Robot),
            (None, Some(_)) => Ok(Self::Channel),
            (Some(_), Some(_)) => Err(Error::new(
                ErrorKind::Profile,
                "the profile has both `robot_id` and `channel_id`",
            )
            .help("keep one; each has a secret of its own")),
        }
    }
}

/// A draft of one of this vendor's operations.
pub(super) fn draft(operation: &str, body: Value) -> Draft {
    kit::draft(&CONTRACT, operation, body)
}

/// Whether `--set` gives a field, or something in it.
pub(super) fn is_set(sets: &[String], name: &str) -> bool {
    sets.iter().any(|path| path.split('.').any(|part| part == name))
}

/// The operations that flags ask for.
pub(super) fn compose(intent: &SendIntent<'_>) -> Result<Vec<Draft>> {
    let role = Role::of(intent.account)?;
    let payload = payload(intent)?;
    let mut drafts = match role {
        Role::Admin => as_admin(intent, &payload.value)?,
        Role::Robot => as_robot(intent, &payload.value)?,
        Role::Channel => as_channel(intent, &payload.value)?,
    };
    let warning = (role != Role::Admin && intent.from.is_some()).then_some(
        "`--from` is not sent: with `robot_id` or `channel_id` the profile itself is the sender",
    );
    for draft in &mut drafts {
        draft.own = &["payload.persistFlag"];
        draft.lost.extend(payload.lost.iter().cloned());
        draft.warnings.extend(warning.map(str::to_owned));
        draft.uploads.extend(payload.upload.iter().cloned());
    }
    Ok(drafts)
}

fn as_admin(intent: &SendIntent<'_>, payload: &Value) -> Result<Vec<Draft>> {
    let sender = match intent.from {
        Some(from) => Some(from),
        None if is_set(intent.sets, "sender") => None,
        None => {
            return Err(Error::usage("WildfireChat needs a sender")
                .help("add `--from USER`; the server does not ask whether that user exists"));
        }
    };
    let body = |members: &mut dyn FnMut(&mut Value)| {
        let mut body = Value::object();
        if let Some(sender) = sender {
            put(&mut body, "sender", sender);
        }
        members(&mut body);
        put(&mut body, "payload", payload.clone());
        body
    };
    let targets = match &intent.audience {
        WantedAudience::Everybody => {
            let body = body(&mut |body| put(body, "line", 0_i64));
            return Ok(vec![draft("broadcast", body)]);
        }
        WantedAudience::Targets(targets) => targets,
    };
    let kind = one_kind(targets)?;
    let many = targets.len() > 1 || intent.verb == Verb::Broadcast;
    if kind == TargetKind::User && many {
        let chunk = |users: &[Target]| {
            let body = body(&mut |body| {
                put(body, "targets", ids(users));
                put(body, "line", 0_i64);
            });
            draft("multicast", body)
        };
        return Ok(targets.chunks(CHUNK).map(chunk).collect());
    }
    let one = |target: &Target| {
        let conversation = conversation(target)?;
        Ok(draft("send", body(&mut |body| put(body, "conv", conversation.clone()))))
    };
    targets.iter().map(one).collect()
}

fn as_robot(intent: &SendIntent<'_>, payload: &Value) -> Result<Vec<Draft>> {
    let WantedAudience::Targets(targets) = &intent.audience else {
        return Err(Error::usage("a robot cannot write to everybody")
            .help("name users or groups with `--to`, or use a profile without `robot_id`"));
    };
    one_kind(targets)?;
    let one = |target: &Target| {
        let body = object([("conv", conversation(target)?), ("payload", payload.clone())]);
        Ok(draft("robot-send", body))
    };
    targets.iter().map(one).collect()
}

/// Refuses a message into a chatroom with the rights of a robot or of the sender, of which a community server stores
/// nothing.
pub(super) fn refuse_chatroom(draft: &Draft, account: &Account) -> Result<()> {
    let document = Document::of(&draft.body);
    let trail = Trail::new(&document);
    let root = trail.root();
    let is_robot = draft.operation.id == "robot-send";
    let who = match checks::lacks_rights(draft.operation, root) {
        true if account.value("edition") == Some("pro") => return Ok(()),
        true if is_robot => "robots",
        true => "senders with `isUserMessage`",
        false => return Ok(()),
    };
    let what = if is_robot { "a profile without `robot_id`" } else { "no `isUserMessage`" };
    Err(Error::usage(format!("{who} cannot speak in chatrooms: the server fails with 4")).help(
        format!(
            "use {what}, so that it goes out with all rights; or write `edition = \"pro\"` into the profile if its \
             server is of the professional edition"
        ),
    ))
}

fn as_channel(intent: &SendIntent<'_>, payload: &Value) -> Result<Vec<Draft>> {
    let WantedAudience::Targets(targets) = &intent.audience else {
        return Ok(vec![draft("channel-send", object([("payload", payload.clone())]))]);
    };
    if one_kind(targets)? != TargetKind::User {
        return Err(Error::usage("a channel writes to its subscribers alone").help(
            "name users with `--to`, reach all subscribers with `broadcast --all`, \
             or use a profile without `channel_id`",
        ));
    }
    let chunk = |users: &[Target]| {
        draft("channel-send", object([("targets", ids(users)), ("payload", payload.clone())]))
    };
    Ok(targets.chunks(CHUNK).map(chunk).collect())
}

/// The ids of targets, as a list.
pub(super) fn ids(targets: &[Target]) -> Value {
    Value::from(targets.iter().map(|target| target.id.as_str()).collect::<Vec<_>>())
}

/// The kind that all targets have.
fn one_kind(targets: &[Target]) -> Result<TargetKind> {
    let Some(first) = targets.first() else {
        return Err(Error::usage("there is no target").help("add `--to USER`"));
    };
    conversation_type(first)?;
    if let Some(other) = targets.iter().find(|target| target.kind != first.kind) {
        conversation_type(other)?;
        return Err(Error::usage(format!("`{first}` and `{other}` cannot share a command"))
            .help(
            "send them apart; members of a group are aimed at by `--to group:G --set toUsers:='[\"u1\"]'`",
        ));
    }
    Ok(first.kind)
}

/// The number of the conversation that a target stands for.
pub(super) fn conversation_type(target: &Target) -> Result<i64> {
    match target.kind {
        TargetKind::User => Ok(0),
        TargetKind::Group => Ok(1),
        TargetKind::Room => Ok(2),
        TargetKind::Channel => Ok(3),
        kind @ (TargetKind::Alias | TargetKind::Tag | TargetKind::Regid | TargetKind::Package) => {
            let instead = match kind {
                TargetKind::Tag | TargetKind::Package => {
                    "name the users in a list, `broadcast --targets FILE`, or reach everybody with \
                     `broadcast --all`"
                }
                _ => "`--to` takes user, group, room and channel here",
            };
            Err(Error::usage(format!("WildfireChat knows no {kind}")).help(instead))
        }
    }
}

/// The conversation that a target stands for.
pub(super) fn conversation(target: &Target) -> Result<Value> {
    Ok(object([
        ("type", Value::from(conversation_type(target)?)),
        ("target", Value::from(target.id.as_str())),
        ("line", Value::from(0_i64)),
    ]))
}

/// A payload, and what of the flags it cannot say.
pub(super) struct ComposedPayload {
    /// The payload.
    pub(super) value: Value,
    /// What gets lost.
    pub(super) lost: Vec<String>,
    /// The local file that it refers to.
    pub(super) upload: Option<Upload>,
}

/// The payload that flags ask for.
pub(super) fn payload(intent: &SendIntent<'_>) -> Result<ComposedPayload> {
    let mut lost = Vec::new();
    let chosen = intent.message_type.map(|row| row.id);
    let titled = matches!(intent.content, Some(Content::Text(_))) && chosen.is_none();
    let (natural, fields) = match (&intent.content, intent.title) {
        (Some(Content::Text(text)), Some(title)) if titled => {
            ("rich-notification", rich(title, text))
        }
        (Some(content), _) => neutral(content, &mut lost)?,
        (None, _) if chosen.is_some() || is_set(intent.sets, "type") => ("", Vec::new()),
        (None, Some(_)) => {
            return Err(Error::usage("a title alone is no message").help("add `--text`"));
        }
        (None, None) => {
            return Err(Error::usage("there is nothing to send")
                .help("add `--text`, another content, or `--type`"));
        }
    };
    let known = messages::by_id(chosen.unwrap_or(natural));
    let mut value = Value::object();
    if let Some(known) = known {
        put(&mut value, "type", known.number);
    }
    for (name, field) in fields {
        put(&mut value, name, field);
    }
    if let (Some(title), false) = (intent.title, titled) {
        put(&mut value, "pushContent", title);
        lost.push("the title is seen in the offline push only".to_owned());
    }
    if !intent.extra.is_empty() {
        put(&mut value, "extra", kit::pairs(intent.extra).to_compact());
    }
    let command = matches!(intent.content, Some(Content::Command(_)));
    if let Some(flag) = known.map(|known| own_flag(known, command)) {
        put(&mut value, "persistFlag", flag);
    }
    let file = intent.content.as_ref().and_then(Content::file);
    let upload = file.map(|(file, kind)| upload::attach(file, kind));
    Ok(ComposedPayload { value, lost, upload })
}

/// The flag that clients expect. Left out, the server takes 0 and clients show nothing.
fn own_flag(known: &KnownType, command: bool) -> i64 {
    match known.flag {
        Some(flag) => flag,
        None if command => 4,
        None => 3,
    }
}

type Fields = Vec<(&'static str, Value)>;

fn rich(title: &str, text: &str) -> Fields {
    // Base64 of `{}`: the details that a notice may have, none of them.
    vec![("pushContent", title.into()), ("content", text.into()), ("base64edData", "e30=".into())]
}

fn neutral(content: &Content, lost: &mut Vec<String>) -> Result<(&'static str, Fields)> {
    Ok(match content {
        Content::Text(text) => ("text", vec![("searchableContent", text.as_str().into())]),
        Content::Image(media) => ("image", medium(media, MediaKind::Image)),
        Content::Voice(media) => ("voice", medium(media, MediaKind::Voice)),
        Content::Video(media) => ("video", medium(media, MediaKind::Video)),
        Content::File(media) => {
            let mut fields = medium(media, MediaKind::File);
            match media {
                Media::Url(url) => fields.insert(0, ("searchableContent", file_name(url).into())),
                Media::File(file) => {
                    fields.insert(0, ("searchableContent", file.name.as_str().into()));
                    fields.insert(1, ("content", file.size.to_string().into()));
                }
            }
            ("file", fields)
        }
        Content::Location { latitude, longitude, name } => {
            let place = object([("lat", degrees(latitude)?), ("long", degrees(longitude)?)]);
            let typed = format!("{latitude},{longitude}");
            let name = name.clone().unwrap_or(typed);
            let content = place.to_compact();
            ("location", vec![("searchableContent", name.into()), ("content", content.into())])
        }
        Content::Command(name) => {
            lost.push(
                "users who are offline never get a command; it is gone after 10 s".to_owned(),
            );
            ("custom", vec![("content", name.as_str().into())])
        }
    })
}

fn medium(media: &Media, kind: MediaKind) -> Fields {
    let address = match media {
        Media::Url(url) => url.clone(),
        Media::File(file) => upload::stand_in(file),
    };
    vec![("mediaType", upload::bucket(kind).into()), ("remoteMediaUrl", address.into())]
}

/// The last part of an address's path, decoded.
fn file_name(url: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let path = path.split_once("://").map_or(path, |(_, rest)| rest);
    let name = match path.trim_end_matches('/').rsplit_once('/') {
        Some((_, name)) => name,
        None => return "file".to_owned(),
    };
    percent_decode(name).unwrap_or_else(|| name.to_owned())
}

fn percent_decode(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let digits = [bytes.next()?, bytes.next()?];
            out.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
        } else {
            out.push(byte);
        }
    }
    String::from_utf8(out).ok()
}

/// Degrees as typed where that is a JSON number, else the same number in JSON's spelling.
fn degrees(typed: &str) -> Result<Value> {
    if let Ok(document) = Document::parse(typed)
        && document.root().value.as_number().is_some()
    {
        return Ok(document.into_value());
    }
    match typed.trim().parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(Value::number(number.to_string())),
        _ => Err(Error::usage(format!("`{typed}` is no number of degrees"))
            .help("as in `--location 39.9,116.3,Beijing`")),
    }
}
