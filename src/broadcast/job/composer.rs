//! Composes the templates of a broadcast, with placeholders for the targets.

use crate::contract::{Audience, Effect, Target, TargetKind};
use crate::document::{Document, Trail};
use crate::error::{Error, Result};
use crate::ledger::JobTemplate;
use crate::provider::{Call, SendIntent, Upload, WantedAudience};
use crate::send::attachments;
use crate::send::compose::{self, Composed};
use crate::send::context::SendContext;
use crate::send::given_texts::TextGiven;
use crate::send::options::MessageOptions;
use crate::send::origins::{FLAGS, LintSource, Origins};
use crate::send::payload_file::{self, PayloadFile};
use crate::send::placeholders::MessageTexts;
use crate::template::message_template::MessageTemplate;
use crate::template::target_field::TargetField;

/// The number of placeholders. It is more than any vendor allows in a request, so the number of placeholders in the composed
/// request is the vendor's limit.
const PLACEHOLDER_COUNT: usize = 1001;

/// The most targets of a request where the vendor has no limit.
const MAX_TARGETS_PER_REQUEST: usize = 1000;

/// A composed template.
pub(crate) struct ComposedTemplate {
    /// The template itself.
    pub(crate) sheet: MessageTemplate,
    /// The most targets of a request.
    pub(crate) cap: usize,
    /// The origins of its values.
    pub(crate) origins: Origins,
    /// Files that the payload names, with their sizes.
    pub(crate) sizes: Vec<(String, u64)>,
    /// Files that have to be uploaded first.
    pub(crate) uploads: Vec<Upload>,
    /// Warnings about flags that the vendor does not support.
    pub(crate) remarks: Vec<String>,
}

impl ComposedTemplate {
    /// Where findings about it are told to be.
    pub(crate) fn source(&self) -> LintSource<'_> {
        LintSource { name: FLAGS, origins: &self.origins }
    }
}

/// Composes the templates of a command.
pub(crate) struct Composer<'a> {
    context: SendContext<'a>,
    flags: &'a MessageOptions,
    file: Option<PayloadFile>,
}

impl<'a> Composer<'a> {
    /// Reads the payload of `--body` once, for all templates.
    pub(crate) fn new(context: SendContext<'a>, flags: &'a MessageOptions) -> Result<Self> {
        let (env, account) = (context.env, &context.app.account);
        let file = payload_file::read_body(env, account, &flags.payload)?;
        Ok(Self { context, flags, file })
    }

    /// All texts that may have variables.
    pub(crate) fn texts(&self) -> Result<MessageTexts> {
        let sets = self.flags.payload.expressions()?;
        Ok(MessageTexts::of(self.flags, &sets, self.file.as_ref()))
    }

    /// The texts of the message that `--set` gives, and those with variables that the file has, unless they may show nothing.
    pub(crate) fn given_texts(&self) -> Result<Vec<TextGiven>> {
        let sets = self.flags.payload.expressions()?;
        let usual = self.context.app.vendor.contract().default_target;
        let one = WantedAudience::Targets(vec![Target::new(usual, "herald-stand-in")]);
        let run = |intent: &SendIntent<'_>| self.context.app.vendor.compose(intent);
        let given = (sets.as_slice(), self.file.as_ref());
        Ok(compose::given_texts(&self.context, self.flags, one, given, &run))
    }

    /// The template for a list of targets of a kind.
    pub(crate) fn for_kind(&self, kind: TargetKind) -> Result<ComposedTemplate> {
        let ids: Vec<String> =
            (1..=PLACEHOLDER_COUNT).map(|n| format!("herald-stand-in-{n}")).collect();
        let targets = ids.iter().map(|id| Target::new(kind, id)).collect();
        let wanted = WantedAudience::Targets(targets);
        let mut composed = self.compose(self.flags, wanted)?;
        let first = composed.swap_remove(0);
        let operation = first.draft.operation;
        let Some((slot, fits)) = slot(&first, &ids) else {
            return Err(Error::usage(format!(
                "`{}` does not take a list of targets of the kind {kind}",
                operation.id
            ))
            .help("send it to each with `send`"));
        };
        let cap = if slot.takes_one() { 1 } else { fits.min(MAX_TARGETS_PER_REQUEST) };
        self.sheet(first, Some((slot, kind)), cap)
    }

    /// The templates for an audience from flags. They contain the audience.
    pub(crate) fn for_audience(&self, wanted: WantedAudience) -> Result<Vec<ComposedTemplate>> {
        let composed = self.compose(self.flags, wanted)?;
        composed.into_iter().map(|one| self.sheet(one, None, 0)).collect()
    }

    fn compose(&self, flags: &MessageOptions, wanted: WantedAudience) -> Result<Vec<Composed>> {
        let mut composed = compose::compose(&self.context, flags, wanted, self.file.as_ref())?;
        composed.iter_mut().try_for_each(|one| one.fill_defaults(self.context.app))?;
        Ok(composed)
    }

    /// The template of a composed message.
    fn sheet(
        &self,
        composed: Composed,
        slot: Option<(TargetField, TargetKind)>,
        cap: usize,
    ) -> Result<ComposedTemplate> {
        let Composed { draft, parts, origins, .. } = composed;
        let sizes = parts.iter().map(|part| (part.named.clone(), part.size)).collect();
        let (operation, mut body) = (draft.operation, draft.body);
        attachments::put(&parts, &mut body);
        let (account, stamp) = (&self.context.app.account, self.context.env.system.stamp());
        // Each request gets its signature later.
        let body =
            self.context.unsigned(&Call { operation, body: &body, account, stamp: &stamp })?;
        if let (Some(_), Some((field, _))) = (&slot, compose::dedupe_id(operation, &body)) {
            return Err(compose::shared_id(field));
        }
        let sheet = match slot {
            Some((slot, kind)) => MessageTemplate::for_list(operation, body, slot, kind),
            None => MessageTemplate::for_audience(operation, body),
        };
        let remarks = draft.lost.into_iter().chain(draft.warnings).collect();
        let uploads = draft.uploads;
        Ok(ComposedTemplate { sheet, cap, origins, sizes, uploads, remarks })
    }
}

/// The place of the placeholders in a composed payload, and how many of them fit.
fn slot(composed: &Composed, ids: &[String]) -> Option<(TargetField, usize)> {
    let (operation, body) = (composed.draft.operation, &composed.draft.body);
    let Audience::Named(targets) = Audience::of(operation, &Document::of(body)) else {
        return None;
    };
    let fits = targets.len();
    let placed = ids.get(..fits).filter(|ids| !ids.is_empty())?;
    TargetField::find(operation, body, placed).map(|slot| (slot, fits))
}

/// The form of a template in the ledger and in plans.
pub(crate) fn job_template(sheet: &MessageTemplate) -> JobTemplate {
    let document = Document::of(sheet.body());
    let trail = Trail::new(&document);
    let operation = sheet.operation;
    let recallable = operation.effect == Effect::Sends && operation.recall.operation.is_some();
    JobTemplate {
        operation: operation.id.to_owned(),
        effect: operation.effect,
        kind: sheet.kind(),
        sender: trail.root().find(operation.sender).as_str().map(str::to_owned),
        body: sheet.body().to_compact(),
        slot: sheet.slot().map(TargetField::to_text),
        recall_seconds: operation.recall.window.filter(|_| recallable),
    }
}
