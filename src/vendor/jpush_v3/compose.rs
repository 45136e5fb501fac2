//! What herald's own flags become: neutral content, `--to`, and the commands that follow up.

use super::audience::{MAX_IDS, MAX_TAGS};
use super::operations::{MAX_REPORT, MAX_STATUS, OPERATIONS};
use crate::contract::{Operation, Target, TargetKind, Verb};
use crate::document::{Object, Value};
use crate::error::{Error, Result};
use crate::vendor::{Content, Draft, FollowUp, Intent, Wanted};

/// The pushes that flags ask for: one a chunk of targets.
pub(super) fn compose(intent: &Intent<'_>) -> Result<Vec<Draft>> {
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
        let mut draft = Draft::new(operation("push"), Value::Object(body));
        draft.lost = lost(intent);
        if intent.from.is_some() {
            draft.warnings.push("`--from` is not sent: a push has no sender".to_owned());
        }
        drafts.push(draft);
    }
    Ok(drafts)
}

fn operation(id: &str) -> &'static Operation {
    OPERATIONS.iter().find(|row| row.id == id).expect("the table has this row")
}

/// The member of the push that holds the content; `None` where `--set` has to give it.
fn content(intent: &Intent<'_>) -> Result<Option<(&'static str, Value)>> {
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
    if wanted.is_some_and(|wanted| wanted != id) {
        let flag = intent.content.as_ref().map_or("", Content::flag);
        return Err(Error::usage(format!("`{flag}` makes a `{id}`"))
            .help(format!("leave `--type` out, or `{flag}`")));
    }
    Ok(Some((id, value)))
}

/// The text for every platform, and blocks for what only they can say.
fn notification(text: &str, intent: &Intent<'_>) -> Value {
    let mut notification = Object::default();
    notification.set("alert", text);
    for name in ["android", "ios", "hmos"] {
        let mut block = Object::default();
        match intent.title {
            Some(title) if name == "ios" => {
                let mut alert = Object::default();
                alert.set("title", title);
                alert.set("body", text);
                block.set("alert", Value::Object(alert));
            }
            Some(title) => {
                block.set("title", title);
            }
            None => {}
        }
        if !intent.extra.is_empty() {
            block.set("extras", extras(intent.extra));
        }
        if !block.is_empty() {
            notification.set(name, Value::Object(block));
        }
    }
    Value::Object(notification)
}

fn message(name: &str, intent: &Intent<'_>) -> Value {
    let mut message = Object::default();
    message.set("msg_content", name);
    if let Some(title) = intent.title {
        message.set("title", title);
    }
    if !intent.extra.is_empty() {
        message.set("extras", extras(intent.extra));
    }
    Value::Object(message)
}

fn extras(pairs: &[(String, String)]) -> Value {
    let mut extras = Object::default();
    for (key, value) in pairs {
        extras.set(key, value.as_str());
    }
    Value::Object(extras)
}

fn no_media(content: &Content) -> Error {
    let help = match content {
        Content::Image(_) => {
            "put the address into `--extra KEY=URL`; a picture on Android is `--set notification.android.style:=3 --set notification.android.big_pic_path=URL` beside `--text`"
        }
        _ => "put the address into `--extra KEY=URL` beside `--text`",
    };
    Error::usage(format!("JPush has no such content as `{}`, and takes no media", content.flag()))
        .help(help)
}

/// What of the flags is seen only in some places.
fn lost(intent: &Intent<'_>) -> Vec<String> {
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
fn audiences(intent: &Intent<'_>) -> Result<Vec<Value>> {
    let targets = match &intent.audience {
        Wanted::Everybody => return Ok(vec![Value::from("all")]),
        Wanted::Targets(targets) => targets,
    };
    let Some(first) = targets.first() else {
        return Err(Error::usage("there is nobody to send to").help("give `--to ALIAS`"));
    };
    if let Some(other) = targets.iter().find(|target| target.kind != first.kind) {
        let message = format!("`{first}` and `{other}` together would reach only who is both");
        return Err(Error::usage(message).help(
            "send to each kind by itself; to narrow on purpose: `--set audience.tag_and:='[\"a\"]'`",
        ));
    }
    let (key, cap) = match first.kind {
        TargetKind::Alias => ("alias", MAX_IDS),
        TargetKind::Regid => ("registration_id", MAX_IDS),
        TargetKind::Tag if intent.verb == Verb::Send => {
            return Err(Error::usage(format!("`send` does not reach `{first}`"))
                .help("a tag stands for many: `herald broadcast --tag TAG`"));
        }
        TargetKind::Tag => ("tag", MAX_TAGS),
        TargetKind::User
        | TargetKind::Group
        | TargetKind::Room
        | TargetKind::Channel
        | TargetKind::Package => return Err(no_such_target(first)),
    };
    let cap = usize::try_from(cap).expect("a small number");
    if first.kind == TargetKind::Tag && targets.len() > cap {
        let message = format!("{} tags, the limit is {cap}", targets.len());
        return Err(Error::usage(message)
            .help("in two requests, a device with tags of both would get it twice"));
    }
    let audience = |chunk: &[Target]| {
        let ids: Vec<&str> = chunk.iter().map(|target| target.id.as_str()).collect();
        let mut audience = Object::default();
        audience.set(key, ids);
        Value::Object(audience)
    };
    Ok(targets.chunks(cap).map(audience).collect())
}

fn no_such_target(target: &Target) -> Error {
    let help = match target.kind {
        TargetKind::User => "an app sets an alias for its user: `--to alias:ID`",
        TargetKind::Package => {
            "an AppKey is one app: `--all` reaches all of it; all apps of a group: `herald call jpush-v3/group-push`"
        }
        _ => "a tag stands for a group: `herald broadcast --tag TAG`",
    };
    Error::usage(format!("JPush knows no `{}`", target.kind)).help(help)
}

/// What follows up on a push.
pub(super) fn follow_up(ask: &FollowUp<'_>) -> Result<Vec<Draft>> {
    match ask.verb {
        Verb::Recall => Ok(messages(ask)?.iter().map(|id| recall(id)).collect()),
        Verb::Status => status(ask),
        Verb::Update => Err(no_update()),
        Verb::Get => Err(Error::usage("jpush-v3 does not hand out what was sent")
            .help("`herald history show ID` has what herald sent, `status` what became of it")),
        verb => Err(Error::usage(format!("jpush-v3 has no `{}` for messages", verb.word())).help(
            "take a push back with `recall`; target files: `herald call jpush-v3/file-delete`",
        )),
    }
}

fn no_update() -> Error {
    Error::usage("jpush-v3 has no `update`").help(
        "send it anew in the place of the old one: `--set options.override_msg_id:=ID` (a day, Android and HarmonyOS), on iOS `--set options.apns_collapse_id=ID`",
    )
}

/// The ids of the messages that are meant. Groups and batches have one for each of their parts.
fn messages(ask: &FollowUp<'_>) -> Result<Vec<String>> {
    let mut ids = ask.ids_called(&["msg_id"]);
    if let (true, Some(sent)) = (ids.is_empty(), ask.sent) {
        ids.extend(sent.targets.iter().filter_map(|(_, id)| id.clone()));
    }
    if ids.is_empty() {
        return Err(Error::usage("the push has no id that is known")
            .help("name what the answer to it called msg_id"));
    }
    Ok(ids)
}

fn recall(id: &str) -> Draft {
    let mut body = Object::default();
    body.set("msg_id", id);
    Draft::new(operation("recall"), Value::Object(body))
}

/// Counts of pushes, or what became of each on given devices.
fn status(ask: &FollowUp<'_>) -> Result<Vec<Draft>> {
    let chunk = |cap: u32| usize::try_from(cap).expect("a small number");
    let messages = messages(ask)?;
    if ask.to.is_empty() {
        let draft = |ids: &[String]| {
            let mut body = Object::default();
            body.set("msg_ids", ids.to_vec());
            Draft::new(operation("received-detail"), Value::Object(body))
        };
        return Ok(messages.chunks(chunk(MAX_REPORT)).map(draft).collect());
    }
    if let Some(other) = ask.to.iter().find(|target| target.kind != TargetKind::Regid) {
        return Err(Error::usage(format!(
            "the state of a message on `{other}` cannot be asked for"
        ))
        .help("name devices: `--to regid:ID`"));
    }
    let devices: Vec<String> = ask.to.iter().map(|target| target.id.clone()).collect();
    let drafts = messages.iter().flat_map(|id| {
        devices.chunks(chunk(MAX_STATUS)).map(move |devices| {
            let mut body = Object::default();
            body.set("msg_id", id.as_str());
            body.set("registration_ids", devices.to_vec());
            Draft::new(operation("status"), Value::Object(body))
        })
    });
    Ok(drafts.collect())
}
