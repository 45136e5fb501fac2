//! What herald's own flags become: neutral content and `--to`.

use super::CONTRACT;
use super::audience::{MAX_IDS, MAX_TAGS};
use super::follow_up::no_update;
use crate::contract::{Target, TargetKind, Verb};
use crate::document::{Object, Value};
use crate::error::{Error, Result};
use crate::provider::jiguang;
use crate::provider::kit::compose::{one_kind, same_type};
use crate::provider::kit::{object, operation, pairs};
use crate::provider::{Content, Draft, SendIntent, WantedAudience};

/// The pushes that flags ask for: one a chunk of targets.
pub(super) fn compose(intent: &SendIntent<'_>) -> Result<Vec<Draft>> {
    if intent.verb == Verb::Update {
        return Err(no_update());
    }
    let content = content(intent)?;
    let mut drafts = Vec::new();
    for audience in audiences(intent)? {
        let mut body = Object::default();
        body.set("platform", "all");
        body.set("audience", audience);
        if let Some((name, value)) = &content {
            body.set(name, value.clone());
        }
        let mut draft = Draft::new(operation(&CONTRACT, "push"), Value::Object(body));
        draft.lost = lost(intent);
        draft.own = &["platform"];
        if intent.from.is_some() {
            draft.warnings.push(jiguang::NO_SENDER.to_owned());
        }
        drafts.push(draft);
    }
    Ok(drafts)
}

/// The member of the push that holds the content; `None` where `--set` has to give it.
fn content(intent: &SendIntent<'_>) -> Result<Option<(&'static str, Value)>> {
    let wanted = intent.message_type.map(|row| row.id);
    let (id, value) = match &intent.content {
        Some(Content::Text(text)) => ("notification", notification(text, intent)),
        Some(Content::Command(name)) => ("message", message(name, intent)),
        Some(other) => return Err(no_media(other)),
        None if intent.title.is_some() => {
            return Err(Error::usage("`--title` alone is no message").help("add `--text`"));
        }
        None if !intent.extra.is_empty() => {
            return Err(Error::usage("`--extra` alone is no message").help("add `--text`"));
        }
        None if wanted.is_some() || !intent.sets.is_empty() => return Ok(None),
        None => {
            return Err(Error::usage("there is nothing to send")
                .help("give `--text TEXT`, or `--command NAME` for a message to the app"));
        }
    };
    same_type(intent, id, &format!("`{id}`"))?;
    Ok(Some((id, value)))
}

/// The text for every platform, and blocks for what only they can say.
fn notification(text: &str, intent: &SendIntent<'_>) -> Value {
    let mut notification = Object::default();
    notification.set("alert", text);
    for name in ["android", "ios", "hmos"] {
        let mut block = Object::default();
        match intent.title {
            Some(title) if name == "ios" => {
                block.set("alert", object([("title", title.into()), ("body", text.into())]));
            }
            Some(title) => {
                block.set("title", title);
            }
            None => {}
        }
        if !intent.extra.is_empty() {
            block.set("extras", pairs(intent.extra));
        }
        if !block.is_empty() {
            notification.set(name, Value::Object(block));
        }
    }
    Value::Object(notification)
}

fn message(name: &str, intent: &SendIntent<'_>) -> Value {
    let mut message = Object::default();
    message.set("msg_content", name);
    if let Some(title) = intent.title {
        message.set("title", title);
    }
    if !intent.extra.is_empty() {
        message.set("extras", pairs(intent.extra));
    }
    Value::Object(message)
}

fn no_media(content: &Content) -> Error {
    let help = match content {
        Content::Image(_) => {
            "put the address into `--extra KEY=URL`; a picture on Android is `--set notification.android.style:=3 --set notification.android.big_pic_path=URL` beside `--text`"
        }
        _ => jiguang::AS_EXTRA,
    };
    jiguang::no_media(content, help)
}

/// What of the flags is seen only in some places.
fn lost(intent: &SendIntent<'_>) -> Vec<String> {
    let mut lost = Vec::new();
    match intent.content {
        Some(Content::Text(_)) => {
            if intent.title.is_some() {
                lost.push("quick apps do not show `--title`".to_owned());
            }
            if !intent.extra.is_empty() {
                lost.push("quick apps do not get `--extra`".to_owned());
            }
        }
        Some(Content::Command(_)) => {
            lost.push("iOS gets a message only while the app is in front".to_owned());
        }
        _ => {}
    }
    lost
}

/// `audience` of each request.
fn audiences(intent: &SendIntent<'_>) -> Result<Vec<Value>> {
    let targets = match &intent.audience {
        WantedAudience::Everybody => return Ok(vec![Value::from("all")]),
        WantedAudience::Targets(targets) => targets,
    };
    let first = one_kind(targets, "ALIAS", |first, other| {
        let message = format!("`{first}` and `{other}` together would reach only who is both");
        Error::usage(message).help(
            "send to each kind by itself; to narrow on purpose: `--set audience.tag_and:='[\"a\"]'`",
        )
    })?;
    let (key, cap) = match first.kind {
        TargetKind::Alias => ("alias", MAX_IDS),
        TargetKind::Regid => ("registration_id", MAX_IDS),
        TargetKind::Tag if intent.verb == Verb::Send => return Err(jiguang::tag_in_send(first)),
        TargetKind::Tag => ("tag", MAX_TAGS),
        TargetKind::User
        | TargetKind::Group
        | TargetKind::Room
        | TargetKind::Channel
        | TargetKind::Package => {
            return Err(jiguang::no_such_target(
                first,
                "an AppKey is one app: `--all` reaches all of it; all apps of a group: `call jpush-v3/group-push`",
            ));
        }
    };
    let cap = usize::try_from(cap).expect("a small number");
    jiguang::tags_fit(targets, cap)?;
    let audience = |chunk: &[Target]| {
        let ids: Vec<&str> = chunk.iter().map(|target| target.id.as_str()).collect();
        object([(key, ids.into())])
    };
    Ok(targets.chunks(cap).map(audience).collect())
}
