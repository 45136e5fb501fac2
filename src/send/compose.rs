//! From flags or a file to the operations that are meant: shared by every command that makes a payload.

use std::path::Path;
use std::rc::Rc;

use uuid::Uuid;

use crate::contract::typed::{PathRoots, SetExpr};
use crate::contract::{Contract, MessageType, Operation, Repeatable, Verb};
use crate::document::{Document, Value};
use crate::error::{Error, Result};
use crate::outcome::SentMessage;
use crate::provider::{Content, Draft, SendIntent, WantedAudience};
use crate::send::attachments::{self, Attachment};
use crate::send::body_with_flags::{from_body, operation_of};
use crate::send::context::SendContext;
use crate::send::given_texts::TextGiven;
use crate::send::options::{MessageOptions, PayloadOptions};
use crate::send::origins::{self, LintSource, Origins};
use crate::send::parse_options::{
    check_sender, check_set_texts, check_texts, content, extra_pair, message_type,
};
use crate::send::payload_file;
use crate::send::profile_defaults;

/// A payload, before it is linted: where it came from decides how findings are shown.
#[derive(Debug)]
pub(crate) struct Composed {
    /// The operation with its payload and the vendor's warnings.
    pub draft: Draft,
    /// The text that is linted. A file's own text where nothing was changed in it.
    pub document: Document,
    /// The files that the payload names.
    pub parts: Vec<Attachment>,
    /// What it is about, where the ledger knows that.
    pub about: Option<Rc<FollowedMessage>>,
    /// The origins of its values.
    pub origins: Origins,
}

/// Something that was sent, which a payload recalls, changes or asks after.
#[derive(Clone, Debug)]
pub(crate) struct FollowedMessage {
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
    pub(crate) fn from_flags(draft: Draft, origins: Origins) -> Self {
        let document = Document::of(&draft.body);
        Self { draft, document, parts: Vec::new(), about: None, origins }
    }

    /// Changes the payload.
    pub(crate) fn change(&mut self, body: Value) {
        self.draft.body = body;
        self.document = Document::of(&self.draft.body);
    }

    /// Where findings about it are told to be.
    pub(crate) fn source(&self) -> LintSource<'_> {
        LintSource { name: origins::FLAGS, origins: &self.origins }
    }

    /// The same with the files that the payload names, which have to lie beside the payload or where flags allow it.
    pub(crate) fn with_parts(mut self, payload: &PayloadOptions) -> Result<Self> {
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

/// The operations that the flags of `send` or `broadcast` ask for, with the payload of `--body`. Sender and title are the
/// profile's where no flag gives them.
pub(crate) fn compose(
    context: &SendContext<'_>,
    flags: &MessageOptions,
    audience: WantedAudience,
    file: Option<&payload_file::PayloadFile>,
) -> Result<Vec<Composed>> {
    let asked = flags;
    let compose =
        |flags: &MessageOptions| compose_given(context, (flags, asked), audience.clone(), file);
    profile_defaults::with_neutral(&context.app.account, flags, &compose)
}

fn compose_given(
    context: &SendContext<'_>,
    (flags, asked): (&MessageOptions, &MessageOptions),
    audience: WantedAudience,
    file: Option<&payload_file::PayloadFile>,
) -> Result<Vec<Composed>> {
    let vendor = context.app.vendor;
    let sets = flags.payload.expressions()?;
    check_sender(flags.from.as_deref(), vendor.contract())?;
    check_texts(flags, &sets, file)?;
    let run = |intent: &SendIntent<'_>| vendor.compose(intent);
    check_set_texts(&given_texts(context, flags, audience.clone(), (&sets, file), &run))?;
    if let Some(file) = file {
        let composed = from_body(context, flags, audience, file, &sets)?;
        return composed.into_iter().map(|one| one.with_parts(&flags.payload)).collect();
    }
    let drafts = with_intent(context, flags, audience, &sets, &run)?;
    let finish = |(draft, mut origins): (Draft, Origins)| {
        origins.keep_given_by(asked);
        let draft = profile_defaults::with_sets(context.app, draft, &sets, &mut origins)?;
        vendor.refuses(&draft, &context.app.account)?;
        Ok(Composed::from_flags(draft, origins))
    };
    drafts.into_iter().map(finish).collect()
}

/// The texts of the message that `--set` gives, and those with variables of the file, unless they may show nothing. `run` composes the message.
pub(crate) fn given_texts(
    context: &SendContext<'_>,
    flags: &MessageOptions,
    audience: WantedAudience,
    (sets, file): (&[SetExpr], Option<&payload_file::PayloadFile>),
    run: &dyn Fn(&SendIntent<'_>) -> Result<Vec<Draft>>,
) -> Vec<TextGiven> {
    if flags.allow_empty || sets.is_empty() && file.is_none() {
        return Vec::new();
    }
    if let Some(file) = file {
        let Ok(operation) = operation_of(context, (flags, &audience), file, sets) else {
            return Vec::new();
        };
        let mut texts = TextGiven::of_file(&file.name, operation, &file.body);
        let draft = Draft::new(operation, file.body.clone());
        texts.extend(TextGiven::of_sets(&[draft], sets, PathRoots::Body));
        return texts;
    }
    let mut probe = flags.clone();
    if context.verb == Verb::Update && !flags.content.is_given() {
        // An update by `--set` alone is composed as one of a text.
        probe.content.text = Some("-".to_owned());
    }
    let composed = with_intent(context, &probe, audience, sets, run).unwrap_or_default();
    let drafts: Vec<Draft> = composed.into_iter().map(|(draft, _)| draft).collect();
    TextGiven::of_sets(&drafts, sets, PathRoots::ContentFirst)
}

/// Composes what the flags ask for. Each draft has the origins of its values.
pub(crate) fn with_intent(
    context: &SendContext<'_>,
    flags: &MessageOptions,
    audience: WantedAudience,
    sets: &[SetExpr],
    run: &dyn Fn(&SendIntent<'_>) -> Result<Vec<Draft>>,
) -> Result<Vec<(Draft, Origins)>> {
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
    let intent = SendIntent {
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
    };
    check_content(contract, &intent, run)?;
    let drafts = run(&intent)?;
    let origins = origins::of_drafts(contract, &intent, &drafts, run);
    Ok(drafts.into_iter().zip(origins).collect())
}

/// Refuses a message that nothing gives content: what else is missing is told first, as that the vendor has no such command.
fn check_content(
    contract: &'static Contract,
    intent: &SendIntent<'_>,
    run: &dyn Fn(&SendIntent<'_>) -> Result<Vec<Draft>>,
) -> Result<()> {
    // Of a message that was sent, the title or the data alone can change.
    let is_update = intent.verb == Verb::Update;
    let is_given = intent.content.is_some()
        || intent.message_type.is_some()
        || !intent.sets.is_empty()
        || is_update && (intent.title.is_some() || !intent.extra.is_empty());
    if is_given {
        return Ok(());
    }
    run(&SendIntent { content: Some(Content::Text("-".to_owned())), ..intent.clone() })?;
    Err(Error::usage("there is nothing to send").help(match is_update {
        true => "add --text TEXT".to_owned(),
        false => content_flags(contract),
    }))
}

/// The flags that give a message its content.
fn content_flags(contract: &Contract) -> String {
    let mut others: Vec<&str> = Vec::new();
    for row in contract.types.iter().filter(|row| !matches!(row.flag, "" | "--text")) {
        if !others.contains(&row.flag) {
            others.push(row.flag);
        }
    }
    match others.as_slice() {
        [] => "add --text TEXT".to_owned(),
        others => format!("add --text TEXT; other content: {}", others.join(", ")),
    }
}
