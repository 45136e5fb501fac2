//! From flags or a file to the operations that are meant: shared by every command that makes a payload.

use std::path::Path;

use uuid::Uuid;

use crate::account::Account;
use crate::contract::identify::take_schema_off;
use crate::contract::typed::{PathRoots, SetExpr};
use crate::contract::{Audience, MessageType, Operation, Repeatable, Target, Verb};
use crate::document::{Document, Trail, Value};
use crate::env::Env;
use crate::error::{Error, Result};
use crate::outcome::SentMessage;
use crate::provider::{Content, Draft, SendIntent, Vendor, Wanted};
use crate::send::apply_sets::{PROBE_TEXT, of_text, with_sets};
use crate::send::attachments::{self, Attachment};
use crate::send::context::SendContext;
use crate::send::options::{ContentOptions, MessageOptions, PayloadOptions};
use crate::send::parse_options::{
    TEXT_FLAG, check_sender, check_set_text, check_texts, content, extra_pair, message_type,
};
use crate::send::payload_file;

/// The origin of a payload that flags say.
const FLAGS: &str = "(flags)";

/// Behind the name of a file whose payload was changed.
const WITH_FLAGS: &str = " with flags";

/// A payload, before it is linted: where it came from decides how findings are shown.
#[derive(Debug)]
pub(crate) struct Composed {
    /// The operation with its payload and the vendor's remarks.
    pub draft: Draft,
    /// The name under which findings show it: a file, or `(flags)`.
    pub origin: String,
    /// The text that findings point into. A file's own text where nothing was changed in it.
    pub document: Document,
    /// The files that the payload names.
    pub parts: Vec<Attachment>,
    /// What it is about, where the ledger knows that.
    pub about: Option<About>,
}

/// Something that was sent, which a payload recalls, changes or asks after.
#[derive(Clone, Debug)]
pub(crate) struct About {
    /// Its entry or its job in the ledger.
    pub id: Uuid,
    /// What people call it.
    pub label: String,
    /// The number of its batch, where it is of a job.
    pub batch: Option<u32>,
    /// What was sent.
    pub sent: SentMessage,
}

impl Composed {
    /// A payload made from flags.
    pub(crate) fn from_flags(draft: Draft) -> Self {
        let document = Document::of(&draft.body);
        Self { draft, origin: FLAGS.to_owned(), document, parts: Vec::new(), about: None }
    }

    /// Changes the payload, so that findings no longer point into the text of a file.
    pub(crate) fn change(&mut self, body: Value) {
        self.draft.body = body;
        self.document = Document::of(&self.draft.body);
        if self.origin != FLAGS && !self.origin.ends_with(WITH_FLAGS) {
            self.origin.push_str(WITH_FLAGS);
        }
    }

    /// The same with the files that the payload names, which have to lie beside the payload or where flags allow it.
    fn with_parts(mut self, payload: &PayloadOptions) -> Result<Self> {
        let beside = payload.body.as_deref().filter(|path| !payload_file::is_stdin(Some(path)));
        let folder = beside.and_then(Path::parent).filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        let (operation, body) = (self.draft.operation, &self.draft.body);
        self.parts = attachments::parts(operation, body, folder, &payload.allow_path)?;
        Ok(self)
    }
}

/// By what the vendor would tell a repeat of this payload, where that stands in it: the field and its value.
pub(crate) fn dedupe_id<'b>(
    operation: &'static Operation,
    body: &'b Value,
) -> Option<(&'static str, &'b Value)> {
    let Repeatable::Deduplicated { field, .. } = operation.repeat else { return None };
    Some((field, &body.as_object()?.get(field)?.value))
}

/// Refuses an id against repeats that several requests would share: the vendor would take all but the first for repeats,
/// and say that they were accepted.
pub(crate) fn shared_id(field: &str) -> Error {
    Error::usage(format!(
        "several requests would share one `{field}`, and all but the first would count as repeats"
    ))
    .help(format!("leave `{field}` out: each request gets its own where the vendor has them"))
}

/// The operations that the flags of `send`, `broadcast` or `update` ask for.
pub(crate) fn compose(
    context: &SendContext<'_>,
    flags: &MessageOptions,
    audience: Wanted,
) -> Result<Vec<Composed>> {
    let (env, account) = (context.env, &context.app.account);
    let read = |path| payload_file::read_payload(env, account, path, &flags.payload.allow_path);
    let file = flags.payload.body.as_deref().map(read);
    compose_with(context, flags, audience, file.transpose()?.as_ref())
}

/// The same with the payload of `--body` read beforehand.
pub(crate) fn compose_with(
    context: &SendContext<'_>,
    flags: &MessageOptions,
    audience: Wanted,
    file: Option<&payload_file::PayloadFile>,
) -> Result<Vec<Composed>> {
    let vendor = context.app.vendor;
    let sets = flags.payload.expressions()?;
    check_sender(flags.from.as_deref())?;
    check_texts(flags, &sets, file)?;
    if let Some(file) = file {
        let composed = from_body(context, flags, audience, file, &sets)?;
        return composed.into_iter().map(|one| one.with_parts(&flags.payload)).collect();
    }
    for set in text_sets(context, flags, audience.clone(), &sets) {
        check_set_text(set)?;
    }
    let drafts = with_intent(context, flags, audience, &sets, |intent| vendor.compose(intent))?;
    let finish = |draft| {
        let draft = with_sets(draft, &sets, PathRoots::ContentFirst)?;
        vendor.refuses(&draft, &context.app.account)?;
        Ok(Composed::from_flags(draft))
    };
    drafts.into_iter().map(finish).collect()
}

/// The expressions of `--set` that say what a message of text says, unless it may say nothing.
pub(crate) fn text_sets<'s>(
    context: &SendContext<'_>,
    flags: &MessageOptions,
    audience: Wanted,
    sets: &'s [SetExpr],
) -> Vec<&'s SetExpr> {
    let vendor = context.app.vendor;
    let named = flags.message_type.as_deref().map(|name| message_type(vendor.contract(), name));
    let is_text = match named {
        Some(row) => row.is_ok_and(|row| row.flag == TEXT_FLAG),
        None => flags.content.text.is_some(),
    };
    if sets.is_empty() || flags.allow_empty || !is_text {
        return Vec::new();
    }
    let content = ContentOptions { text: Some(PROBE_TEXT.to_owned()), ..ContentOptions::default() };
    let probe = MessageOptions { content, message_type: None, ..flags.clone() };
    let composed = with_intent(context, &probe, audience, sets, |intent| vendor.compose(intent));
    composed.map(|drafts| of_text(&drafts, sets)).unwrap_or_default()
}

/// Hands over what the flags ask for.
pub(crate) fn with_intent<T>(
    context: &SendContext<'_>,
    flags: &MessageOptions,
    audience: Wanted,
    sets: &[SetExpr],
    run: impl FnOnce(&SendIntent<'_>) -> Result<T>,
) -> Result<T> {
    let (vendor, stamp) = (context.app.vendor, context.env.system.stamp());
    let contract = vendor.contract();
    let extra = flags.extra.iter().map(|pair| extra_pair(pair)).collect::<Result<Vec<_>>>()?;
    let message_type =
        flags.message_type.as_deref().map(|name| message_type(contract, name)).transpose()?;
    let content = content(vendor, &flags.content)?;
    // An update may have to say what type the message is that its flag changes.
    let agree = |row: &MessageType, content: &Content| {
        context.verb == Verb::Update && row.flag == content.flag()
    };
    if let (Some(row), Some(content)) = (message_type, &content)
        && !agree(row, content)
    {
        let flag = content.flag();
        return Err(Error::usage(format!(
            "--type {} and {flag} both say what the message is",
            row.id
        ))
        .help("give --type with --set for the fields of that type, or the flag alone"));
    }
    let paths: Vec<String> = sets.iter().map(|set| set.path().to_owned()).collect();
    run(&SendIntent {
        verb: context.verb,
        audience,
        from: flags.from.as_deref(),
        content,
        title: flags.title.as_deref(),
        extra: &extra,
        message_type,
        sets: &paths,
        account: &context.app.account,
        stamp: &stamp,
    })
}

/// A payload from a file, for `send` and `broadcast`: its operation is found out among those of the command. One for each
/// request that it takes to reach the targets that the flags name.
fn from_body(
    context: &SendContext<'_>,
    flags: &MessageOptions,
    audience: Wanted,
    file: &payload_file::PayloadFile,
    sets: &[SetExpr],
) -> Result<Vec<Composed>> {
    let vendor = context.app.vendor;
    let operation = payload_file::operation_of(vendor, context.verb, file)?;
    let addressed = !matches!(&audience, Wanted::Targets(targets) if targets.is_empty());
    let content = flags.content.is_given() || flags.message_type.is_some();
    if !addressed && !content && flags.from.is_none() {
        if flags.title.is_some() || !flags.extra.is_empty() {
            return Err(Error::usage("--title and --extra go with a content flag")
                .help("beside --body, single fields are changed with --set PATH=VALUE"));
        }
        return Ok(vec![overlay(file.clone(), operation, None, sets)?]);
    }
    let asked = flags;
    let mut flags = asked.clone();
    if flags.from.is_none() && !operation.sender.is_empty() {
        let trail = Trail::new(&file.document);
        flags.from = Some(trail.root().find(operation.sender).as_str().unwrap_or("-").to_owned());
    }
    if !content {
        // The file has the content; what is composed from the rest needs one to be composed with.
        flags.content.text = Some("-".to_owned());
    }
    let audience = if addressed { audience } else { stand_in(vendor, operation, file) };
    let drafts = with_intent(context, &flags, audience, sets, |intent| vendor.compose(intent))?;
    let same: Vec<Draft> =
        drafts.into_iter().filter(|draft| draft.operation.id == operation.id).collect();
    if same.is_empty() {
        return Err(Error::usage(format!(
            "the flags ask for another operation than the body, which is `{}`",
            operation.id
        ))
        .help("leave the flags out, or change single fields with --set PATH=VALUE"));
    }
    let members = operation.audience_members();
    let is_asked = |name: &str| {
        content && !members.contains(&name) && name != operation.sender
            || addressed && members.contains(&name)
            || asked.from.is_some() && name == operation.sender
    };
    let lay = |mut over: Draft| {
        let mut file = file.clone();
        if let (true, Some(body)) = (addressed, file.body.as_object_mut()) {
            // It reaches the targets that the flags name, and no others: nothing of the file's own audience stays.
            members.iter().for_each(|member| drop(body.remove(member)));
        }
        if let Some(object) = over.body.as_object_mut() {
            let names: Vec<String> = object.iter().map(|member| member.key.to_string()).collect();
            names.iter().filter(|name| !is_asked(name)).for_each(|name| drop(object.remove(name)));
        }
        overlay(file, operation, Some(over.body), sets)
    };
    same.into_iter().map(lay).collect()
}

/// An audience to compose with where only the content or the sender is asked for: it is taken out again.
fn stand_in(
    vendor: &'static dyn Vendor,
    operation: &Operation,
    file: &payload_file::PayloadFile,
) -> Wanted {
    match Audience::of(operation, &file.document) {
        Audience::Named(targets) | Audience::Class(targets) if !targets.is_empty() => {
            Wanted::Targets(targets)
        }
        Audience::Everybody => Wanted::Everybody,
        _ => Wanted::Targets(vec![Target::new(vendor.contract().default_target, "-")]),
    }
}

/// A payload for a named operation, as `call` takes it.
pub(crate) fn for_operation(
    env: &Env,
    account: &Account,
    operation: &'static Operation,
    payload: &PayloadOptions,
) -> Result<Composed> {
    for_chosen(env, account, payload, |_| Ok(operation))
}

/// The same, but the file of the payload, if there is one, decides which operation it is for.
pub(crate) fn for_chosen(
    env: &Env,
    account: &Account,
    payload: &PayloadOptions,
    choose: impl FnOnce(Option<&payload_file::PayloadFile>) -> Result<&'static Operation>,
) -> Result<Composed> {
    let sets = payload.expressions()?;
    let composed = match &payload.body {
        Some(path) => {
            let file = payload_file::read_payload(env, account, path, &payload.allow_path)?;
            let operation = choose(Some(&file))?;
            overlay(file, operation, None, &sets)?
        }
        None => {
            let draft = Draft::new(choose(None)?, Value::object());
            with_sets(draft, &sets, PathRoots::Body).map(Composed::from_flags)?
        }
    };
    composed.with_parts(payload)
}

/// A file's payload with flags laid over it. Without any, the file's own text stays, so that findings point into it.
fn overlay(
    file: payload_file::PayloadFile,
    operation: &'static Operation,
    over: Option<Value>,
    sets: &[SetExpr],
) -> Result<Composed> {
    let mut body = file.body;
    take_schema_off(&mut body);
    let changed = over.is_some() || !sets.is_empty();
    if let Some(over) = over {
        merge(&mut body, over);
    }
    let draft = with_sets(Draft::new(operation, body), sets, PathRoots::Body)?;
    if changed && file.document.repeated().is_empty() {
        let document = Document::of(&draft.body);
        let origin = format!("{}{WITH_FLAGS}", file.name);
        return Ok(Composed { draft, origin, document, parts: Vec::new(), about: None });
    }
    Ok(Composed {
        draft,
        origin: file.name,
        document: file.document,
        parts: Vec::new(),
        about: None,
    })
}

/// Lays members of `over` on those of `under`; objects are laid on objects member by member.
fn merge(under: &mut Value, over: Value) {
    match (under, over) {
        (Value::Object(under), Value::Object(over)) => {
            for member in &over {
                match under.get_mut(&member.key) {
                    Some(node) => merge(&mut node.value, member.node.value.clone()),
                    None => {
                        under.set(&member.key, member.node.value.clone());
                    }
                }
            }
        }
        (under, over) => *under = over,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_beat_the_file_member_by_member() {
        let value = |text: &str| Document::parse(text).expect("JSON").into_value();
        let mut under = value(r#"{"a":{"x":1,"y":2},"b":[1]}"#);
        merge(&mut under, value(r#"{"a":{"y":3},"b":[2],"c":4}"#));
        assert_eq!(under.to_compact(), r#"{"a":{"x":1,"y":3},"b":[2],"c":4}"#);
    }
}
