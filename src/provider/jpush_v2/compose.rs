//! What herald's own flags become: neutral content and `--to`.

use super::CONTRACT;
use super::follow_up::no_update;
use super::operations::{MAX_IDS, MAX_TAGS};
use crate::contract::{Target, TargetKind, Verb};
use crate::document::Value;
use crate::error::{Error, Result};
use crate::provider::jiguang;
use crate::provider::kit::compose::{one_kind, same_type};
use crate::provider::kit::operation;
use crate::provider::{Content, Draft, SendIntent, WantedAudience};
use crate::wire::Stamp;

/// The pushes that flags ask for: one a chunk of targets.
pub(super) fn compose(intent: &SendIntent<'_>) -> Result<Vec<Draft>> {
    if intent.verb == Verb::Update {
        return Err(no_update());
    }
    let content = content(intent)?;
    let (kind, chunks) = receivers(intent)?;
    let first = first_sendno(intent.stamp);
    let mut drafts = Vec::new();
    for (index, chunk) in chunks.into_iter().enumerate() {
        let mut body = Value::object();
        let fields = body.as_object_mut().expect("it was made as an object");
        fields.set("sendno", sendno(first, index));
        fields.set("receiver_type", kind);
        if let Some(names) = chunk {
            fields.set("receiver_value", names);
        }
        if let Some((msg_type, platform, content)) = &content {
            fields.set("msg_type", *msg_type);
            fields.set("msg_content", content.clone());
            fields.set("platform", *platform);
        }
        let mut draft = Draft::new(operation(&CONTRACT, "push"), body);
        draft.own = &["platform"];
        draft.lost = lost(intent);
        if intent.from.is_some() {
            draft.warnings.push(jiguang::NO_SENDER.to_owned());
        }
        drafts.push(draft);
    }
    Ok(drafts)
}

/// `msg_type`, `platform` and `msg_content`; `None` where `--set` has to give them.
fn content(intent: &SendIntent<'_>) -> Result<Option<(i64, &'static str, Value)>> {
    let wanted = intent.message_type.map(|row| row.id);
    let (id, text) = match &intent.content {
        Some(Content::Text(text)) => ("notification", Some(text)),
        Some(Content::Command(name)) => ("custom", Some(name)),
        Some(other) => return Err(jiguang::no_media(other, jiguang::AS_EXTRA)),
        None => match wanted {
            Some(id) => (id, None),
            None if intent.title.is_some() => {
                return Err(Error::usage("`--title` alone is no message").help("add `--text`"));
            }
            None if intent.extra.is_empty() && !intent.sets.is_empty() => return Ok(None),
            None => {
                return Err(Error::usage("there is nothing to send")
                    .help("give `--text TEXT`, or `--command NAME` for a custom message"));
            }
        },
    };
    same_type(intent, id, &format!("message of type `{id}`"))?;
    let notification = id == "notification";
    let names = if notification {
        ("n_content", "n_title", "n_extras")
    } else {
        ("message", "title", "extras")
    };
    let mut content = Value::object();
    let fields = content.as_object_mut().expect("it was made as an object");
    if let Some(text) = text {
        fields.set(names.0, text.as_str());
    }
    if let Some(title) = intent.title {
        fields.set(names.1, title);
    }
    if !intent.extra.is_empty() {
        fields.set(names.2, extras(intent.extra, notification)?);
    }
    let (msg_type, platform) = if notification { (1, "android,ios") } else { (2, "android") };
    Ok(Some((msg_type, platform, content)))
}

fn extras(pairs: &[(String, String)], notification: bool) -> Result<Value> {
    let mut extras = Value::object();
    let fields = extras.as_object_mut().expect("it was made as an object");
    for (key, value) in pairs {
        if notification && key == "ios" {
            return Err(Error::usage("`--extra ios=…` cannot be sent: `n_extras.ios` is for APNs")
                .help("as in `--set msg_content.n_extras.ios.badge:=1`"));
        }
        fields.set(key, value.as_str());
    }
    Ok(extras)
}

/// What of the flags is seen only in some places.
fn lost(intent: &SendIntent<'_>) -> Vec<String> {
    let mut lost = Vec::new();
    match intent.content {
        Some(Content::Text(_)) if intent.title.is_some() => {
            lost.push("iOS does not show `--title`".to_owned());
        }
        Some(Content::Command(_)) => lost.push("iOS gets no custom messages".to_owned()),
        _ => {}
    }
    lost
}

/// `receiver_type` and, for each request, `receiver_value`.
fn receivers(intent: &SendIntent<'_>) -> Result<(i64, Vec<Option<String>>)> {
    let targets = match &intent.audience {
        WantedAudience::Everybody => return Ok((4, vec![None])),
        WantedAudience::Targets(targets) => targets,
    };
    let first = one_kind(targets, "ALIAS", |first, other| {
        let message = format!("a push goes to one kind of targets, not to `{first}` and `{other}`");
        Error::usage(message).help("send to each kind by itself")
    })?;
    let (kind, cap) = match first.kind {
        TargetKind::Alias => (3, MAX_IDS),
        TargetKind::Regid => (5, MAX_IDS),
        TargetKind::Tag if intent.verb == Verb::Send => return Err(jiguang::tag_in_send(first)),
        TargetKind::Tag => (2, MAX_TAGS),
        TargetKind::User
        | TargetKind::Group
        | TargetKind::Room
        | TargetKind::Channel
        | TargetKind::Package => {
            return Err(jiguang::no_such_target(
                first,
                "an AppKey is one app: `--all` reaches all of it",
            ));
        }
    };
    if let Some(target) = targets.iter().find(|target| target.id.contains(',')) {
        return Err(Error::usage(format!("`{target}` holds a comma, which joins the receivers"))
            .help("give each one a `--to` of its own"));
    }
    let cap = usize::try_from(cap).expect("a small number");
    jiguang::tags_fit(targets, cap)?;
    let join = |chunk: &[Target]| {
        let names: Vec<&str> = chunk.iter().map(|target| target.id.as_str()).collect();
        Some(names.join(","))
    };
    Ok((kind, targets.chunks(cap).map(join).collect()))
}

/// A random number for the first request.
fn first_sendno(stamp: &Stamp) -> u64 {
    let dice = stamp.nonce.parse::<u128>().or_else(|_| stamp.timestamp.parse::<u128>());
    let number = dice.unwrap_or_default() % u128::from(u32::MAX);
    u64::try_from(number).expect("it is below 2^32")
}

/// The number of a later one: from 1 to 4294967295.
fn sendno(first: u64, index: usize) -> u64 {
    (first + index as u64) % u64::from(u32::MAX) + 1
}
