//! Flags become operations: neutral content, audiences, and what each of them cannot have.

use super::CONTRACT;
use super::checks::audience::PER_MINUTE;
use super::prerequisite;
use crate::account::Account;
use crate::contract::{Target, TargetKind, Verb};
use crate::document::Value;
use crate::error::{Error, Result};
use crate::provider::kit;
use crate::provider::kit::{file_name, object, pairs, put, put_given};
use crate::provider::{Content, Draft, LocalFile, Media, MediaKind, SendIntent, WantedAudience};

/// The most users, groups and chat rooms in a call.
const USERS: usize = 600;
const GROUPS: usize = 3;
const ROOMS: usize = 10;

/// A message before it has an audience.
struct Message {
    /// Its type; `None` where `--set` gives it.
    kind: Option<&'static str>,
    /// The fields of its content; `None` where `--set` gives them.
    content: Option<Value>,
    ext: Option<Value>,
    file: Option<(LocalFile, MediaKind)>,
    lost: Vec<String>,
}

impl Message {
    fn of(intent: &SendIntent<'_>) -> Result<Self> {
        let (kind, content) = match (&intent.content, intent.message_type) {
            (Some(content), _) => {
                let (kind, fields) = neutral(content, intent.account)?;
                (Some(kind), Some(fields))
            }
            (None, Some(row)) => (Some(row.id), Some(Value::object())),
            (None, None) => (None, None),
        };
        let file = intent.content.as_ref().and_then(Content::file);
        let file = file.map(|(file, kind)| (file.clone(), kind));
        let mut message = Self { kind, content, ext: None, file, lost: Vec::new() };
        message.add_ext(intent);
        Ok(message)
    }

    /// The app's own pairs, and the title, which only the offline push shows.
    fn add_ext(&mut self, intent: &SendIntent<'_>) {
        let mut ext = pairs(intent.extra);
        if let Some(title) = intent.title {
            put(&mut ext, "em_apns_ext", object([("em_push_title", title.into())]));
            put(&mut ext, "em_push_ext", object([("title", title.into())]));
            let why = match self.kind {
                Some("cmd") => "commands are never shown and never pushed",
                _ => "it is seen in the offline push only, never in the chat",
            };
            self.lost.push(format!("the title: {why}"));
        }
        self.ext = ext.as_object().is_some_and(|object| !object.is_empty()).then_some(ext);
    }

    /// The message of the current generation: `type`, `body`, `ext`.
    fn write(&self, body: &mut Value) {
        if let Some(kind) = self.kind {
            put(body, "type", kind);
        }
        if let Some(content) = &self.content {
            put(body, "body", content.clone());
        }
        self.write_ext(body);
    }

    /// The message of the old form: everything in `msg`, and `ext`.
    fn write_flat(&self, body: &mut Value) {
        let mut msg = Value::object();
        if let Some(kind) = self.kind {
            put(&mut msg, "type", kind);
        }
        for member in self.content.iter().filter_map(Value::as_object).flatten() {
            put(&mut msg, &member.key, member.node.value.clone());
        }
        put(body, "msg", msg);
        self.write_ext(body);
    }

    fn write_ext(&self, body: &mut Value) {
        if let Some(ext) = &self.ext {
            put(body, "ext", ext.clone());
        }
    }

    /// A draft with what the message brings along.
    fn draft(&self, operation: &str, body: Value) -> Draft {
        let operation = kit::operation(&CONTRACT, operation);
        let flat = operation.content == "msg";
        let upload = self.file.iter().map(|(file, kind)| prerequisite::attach(file, *kind, flat));
        Draft { lost: self.lost.clone(), uploads: upload.collect(), ..Draft::new(operation, body) }
    }
}

/// Type and fields of neutral content.
fn neutral(content: &Content, account: &Account) -> Result<(&'static str, Value)> {
    let file = |wire: &'static str, media: &Media| Ok((wire, attachment(content, media, account)?));
    match content {
        Content::Text(text) => Ok(("txt", object([("msg", text.as_str().into())]))),
        Content::Image(media) => file("img", media),
        Content::Voice(media) => file("audio", media),
        Content::Video(media) => file("video", media),
        Content::File(media) => file("file", media),
        Content::Location { latitude, longitude, name } => {
            let addr = name.clone().unwrap_or_else(|| format!("{latitude},{longitude}"));
            let fields = object([
                ("lat", latitude.as_str().into()),
                ("lng", longitude.as_str().into()),
                ("addr", addr.into()),
            ]);
            Ok(("loc", fields))
        }
        Content::Command(name) => Ok(("cmd", object([("action", name.as_str().into())]))),
    }
}

fn attachment(content: &Content, media: &Media, account: &Account) -> Result<Value> {
    let file = match media {
        Media::Url(url) => {
            return Ok(object([("url", url.as_str().into()), ("filename", file_name(url).into())]));
        }
        Media::File(file) => file,
    };
    let mut fields = object([
        ("url", prerequisite::stand_in(account)?),
        ("filename", file.name.as_str().into()),
    ]);
    if matches!(content, Content::Video(_)) {
        put(&mut fields, "file_length", Value::number(file.size.to_string()));
    }
    Ok(fields)
}

/// The operations that flags ask for.
pub(super) fn compose(intent: &SendIntent<'_>) -> Result<Vec<Draft>> {
    let targets = match &intent.audience {
        WantedAudience::Everybody => return everybody(intent),
        WantedAudience::Targets(targets) => targets,
    };
    let members = intent.sets.iter().any(|path| path == "users" || path.starts_with("users."));
    match kit::kinds(targets).as_slice() {
        [] => Err(Error::usage("there is no audience").help("name it with --to KIND:ID")),
        [TargetKind::User] => chunks(intent, targets, "send-users", USERS),
        [TargetKind::Group] if members => one_place(intent, targets, "send-groups-targeted"),
        [TargetKind::Group] => chunks(intent, targets, "send-groups", GROUPS),
        [TargetKind::Room] if members => one_place(intent, targets, "send-rooms-targeted"),
        [TargetKind::Room] => chunks(intent, targets, "send-rooms", ROOMS),
        [TargetKind::Tag] => label(intent, targets),
        some if some.iter().any(is_unknown) => {
            Err(Error::usage("easemob knows no channels, aliases, registration ids or packages")
                .help(
                    "there are user, group, room, and tag for `broadcast`; an app key is one app",
                ))
        }
        _ => Err(Error::usage("one command sends to targets of one kind")
            .help("members of a group are aimed at by --to group:ID with --set users:='[\"u1\"]'")),
    }
}

fn is_unknown(kind: &TargetKind) -> bool {
    !matches!(kind, TargetKind::User | TargetKind::Group | TargetKind::Room | TargetKind::Tag)
}

/// A draft for each `cap` targets, in the order given.
fn chunks(
    intent: &SendIntent<'_>,
    targets: &[Target],
    operation: &str,
    cap: usize,
) -> Result<Vec<Draft>> {
    let message = Message::of(intent)?;
    let draft = |chunk: &[Target]| {
        let ids: Vec<Value> = chunk.iter().map(|target| target.id.as_str().into()).collect();
        let mut body = start(intent);
        put(&mut body, "to", ids);
        message.write(&mut body);
        message.draft(operation, body)
    };
    let mut drafts: Vec<Draft> = targets.chunks(cap).map(draft).collect();
    if operation == "send-users"
        && targets.len() > PER_MINUTE
        && let Some(first) = drafts.first_mut()
    {
        let minutes = targets.len().div_ceil(PER_MINUTE);
        first.warnings.push(format!(
            "{} receivers need {minutes} minutes: {PER_MINUTE} messages a minute go out (easemob/EM-W20)",
            targets.len()
        ));
    }
    Ok(drafts)
}

fn start(intent: &SendIntent<'_>) -> Value {
    let mut body = Value::object();
    put_given(&mut body, "from", intent.from);
    body
}

/// Some members of one group or room; `--set users` names them.
fn one_place(intent: &SendIntent<'_>, targets: &[Target], operation: &str) -> Result<Vec<Draft>> {
    if targets.len() > 1 {
        return Err(Error::usage("members are those of one group or room")
            .help("give one --to beside --set users"));
    }
    chunks(intent, targets, operation, 1)
}

fn everybody(intent: &SendIntent<'_>) -> Result<Vec<Draft>> {
    let message = Message::of(intent)?;
    let mut body = object([("target_type", "users".into())]);
    message.write_flat(&mut body);
    put_given(&mut body, "from", intent.from);
    Ok(vec![message.draft("broadcast-all", body)])
}

/// A notification to the users with a label.
fn label(intent: &SendIntent<'_>, targets: &[Target]) -> Result<Vec<Draft>> {
    if intent.verb != Verb::Broadcast {
        return Err(Error::usage("labels are reached by `broadcast` alone")
            .help("`broadcast --tag LABEL --title … --text …`"));
    }
    let [target] = targets else {
        return Err(Error::usage("a push goes to one label").help(
            "documents and SDKs differ on whether several mean any or all of them; give one",
        ));
    };
    let text = match &intent.content {
        Some(Content::Text(text)) => Some(text.as_str()),
        None => None,
        Some(other) => {
            let message = format!("a push to a label has no place for {}", other.flag());
            return Err(Error::usage(message).help("it is a notification: --title and --text"));
        }
    };
    if let Some(row) = intent.message_type {
        return Err(Error::usage(format!("a push to a label is no `{}`", row.id))
            .help("it is a notification: --title and --text"));
    }
    let mut notification = Value::object();
    for (flag, name, value) in [("--title", "title", intent.title), ("--text", "content", text)] {
        match value {
            Some(value) => put(&mut notification, name, value),
            None if intent.sets.iter().any(|path| *path == format!("pushMessage.{name}")) => {}
            None => {
                return Err(Error::usage(format!("a push to a label needs {flag}"))
                    .help("`broadcast --tag LABEL --title … --text …`"));
            }
        }
    }
    if !intent.extra.is_empty() {
        put(&mut notification, "ext", pairs(intent.extra));
    }
    let targets = vec![Value::from(target.id.as_str())];
    let body = object([("targets", targets.into()), ("pushMessage", notification)]);
    let mut draft = Draft::new(kit::operation(&CONTRACT, "push-label"), body);
    if intent.from.is_some() {
        draft.warnings.push("a push has no sender; --from is not sent".to_owned());
    }
    Ok(vec![draft])
}
