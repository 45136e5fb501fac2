//! A payload that has passed lint, with the request that it makes and all that the ledger and the guards want to know.

use std::rc::Rc;

use uuid::Uuid;

use crate::contract::{Audience, Auth, Effect, Operation, Target};
use crate::document::{Document, Trail, Value};
use crate::error::Result;
use crate::guard::{Guard, QuotaRequest, fingerprint};
use crate::ledger::{CommandPart, EntryContent, EntryIntent, EntryReach, EntryRoute, EntryTimes};
use crate::provider::{Call, Upload};
use crate::send::app::App;
use crate::send::attachments;
use crate::send::compose::{Composed, FollowedMessage};
use crate::send::context::SendContext;
use crate::send::followed;
use crate::send::guard_prompt::{self, MessageAudiences};
use crate::wire::{Request, Stamp};

/// A payload that has passed lint, with the request that it makes.
pub(crate) struct LintedRequest {
    pub(crate) operation: &'static Operation,
    pub(crate) sender: Option<String>,
    pub(crate) body: Value,
    /// Local files that it refers to.
    pub(crate) uploads: Vec<Upload>,
    /// The body without its secrets and what signs it, as the ledger keeps it.
    pub(crate) kept: Value,
    /// The body before uploads and idempotency keys are put in, with the place of each value.
    document: Document,
    /// Scheme, host and port that it goes to.
    pub(crate) base: String,
    pub(crate) audience: Audience,
    /// Digest of content and audience, where it reaches people: by this the guards recognise a repeated broadcast.
    fingerprint: Option<String>,
    /// What the vendor tells repeats by.
    pub(crate) dedupe_id: Option<String>,
    /// Whether that stands in what was given, so that the same command has the same again.
    pub(crate) typed_id: bool,
    /// The message that it is about.
    pub(crate) about: Option<Rc<FollowedMessage>>,
    /// Whether its payload has secrets, which the ledger does not keep.
    pub(crate) has_secrets: bool,
    /// Which part of its command it is, where that makes several requests.
    pub(crate) part: Option<CommandPart>,
}

impl LintedRequest {
    /// Makes the request of a payload.
    pub(crate) fn of(
        context: &SendContext<'_>,
        one: Composed,
        stamp: &Stamp,
        audiences: &mut MessageAudiences<'_>,
    ) -> Result<Self> {
        let Composed { draft, parts, about, document, .. } = one;
        let (operation, mut body) = (draft.operation, draft.body);
        attachments::put(&parts, &mut body);
        let call = Call { operation, body: &body, account: &context.app.account, stamp };
        let base = context.app.vendor.base(&call)?;
        let unsigned = context.unsigned(&call)?;
        context.app.redactor.borrow_mut().learn(&body);
        let kept = context.kept(&unsigned);
        let has_secrets = !kept.same(&unsigned);
        // With the place of each value, once: lint, guards and ledger look at the same.
        let is_same = parts.is_empty() && document.repeated().is_empty();
        let document = match operation.auth {
            Auth::Body => Document::of(&unsigned),
            _ if is_same => document,
            _ => Document::of(&body),
        };
        let trail = Trail::new(&document);
        let sender = trail.root().find(operation.sender).as_str().map(str::to_owned);
        let audience = audiences.audience(operation, &document, about.as_deref())?;
        let sends = operation.effect == Effect::Sends;
        // Before uploads and ids against repeats are put in: those differ from run to run. Nothing of a secret is in it, since
        // a short one is guessed from a digest.
        let fingerprint = sends.then(|| fingerprint(operation, &kept, &audience));
        Ok(Self {
            operation,
            sender,
            body,
            uploads: draft.uploads,
            kept,
            document,
            base,
            audience,
            fingerprint,
            dedupe_id: None,
            typed_id: false,
            about,
            has_secrets,
            part: None,
        })
    }

    /// What the guards look at.
    pub(crate) fn to_guard(&self) -> guard_prompt::GuardedRequest<'_> {
        let (operation, audience, body) = (self.operation, &self.audience, &self.document);
        guard_prompt::GuardedRequest { operation, audience, body, base: &self.base }
    }

    /// The message that it is about, where the ledger has its payload.
    pub(crate) fn message(
        &self,
        context: &SendContext<'_>,
    ) -> Option<(&'static Operation, Document)> {
        let sent = &self.about.as_ref()?.sent;
        let operation = context.app.vendor.contract().operation(&sent.operation)?;
        Some((operation, Document::unwritten(sent.body.clone())))
    }

    /// The users that it takes a message from, as far as that can be said one by one.
    pub(crate) fn told(&self, app: &App) -> Vec<Target> {
        let usual = app.vendor.contract().default_target;
        followed::told(self.operation, &self.document, &self.audience, usual)
    }

    /// Its payload, where it is about what one user sees alone: by this a repeat of it is known.
    pub(crate) fn own_view(&self) -> Option<String> {
        self.operation.own_view.then(|| self.kept.to_compact())
    }

    /// The request as it would go out now.
    pub(crate) fn request(&self, context: &SendContext<'_>, stamp: &Stamp) -> Result<Request> {
        let account = &context.app.account;
        let call = Call { operation: self.operation, body: &self.body, account, stamp };
        context.app.vendor.request(&call)
    }

    /// What quotas count it for.
    pub(crate) fn quota_use(&self) -> QuotaRequest {
        QuotaRequest::of(self.operation, &self.body)
    }

    /// How many targets the rate limits count it for.
    pub(crate) fn targets(&self) -> u64 {
        self.audience.count().unwrap_or(1) as u64
    }

    /// Who gets it, for people. For a message whose receivers are not known: those who have it.
    pub(crate) fn whom(&self) -> String {
        let mut messages = Vec::new();
        if self.audience == Audience::Everybody && self.operation.reach.names_messages() {
            Audience::with_sent(self.operation, &self.document, &mut |id| {
                messages.push(id.to_owned());
                None
            });
        }
        match messages.as_slice() {
            [] => self.audience.to_string(),
            all => format!("who has {}", all.join(", ")),
        }
    }

    /// What the ledger keeps of it before it leaves.
    pub(crate) fn intent(&self, context: &SendContext<'_>, overridden: &[Guard]) -> EntryIntent {
        let created_ms = context.env.system.now_ms();
        let deadline = i64::try_from(context.sending.deadline().as_millis()).unwrap_or(i64::MAX);
        EntryIntent {
            id: Uuid::now_v7(),
            parent: self.about.as_ref().map(|about| about.id),
            part: self.part,
            overrides: overridden.iter().map(|guard| guard.word().to_owned()).collect(),
            route: EntryRoute {
                realm: context.app.realm(),
                provider: context.app.vendor.contract().id.to_owned(),
                operation: self.operation.id.to_owned(),
                profile: context.app.account.profile.clone(),
                app: context.app.id(),
                endpoint: self.base.clone(),
            },
            content: EntryContent {
                verb: context.verb.word().to_owned(),
                effect: self.operation.effect,
                body: self.kept.to_compact(),
                fingerprint: self.fingerprint.clone(),
                dedupe_id: self.dedupe_id.clone(),
            },
            reach: EntryReach {
                sender: self.sender.as_deref().map(|sender| context.app.hidden(sender)),
                audience: context.app.hidden(&self.whom()),
                target_count: self.audience.count().map(|count| count as u64),
            },
            times: EntryTimes {
                created_ms,
                deadline_ms: created_ms.saturating_add(deadline),
                recall_until_ms: self.operation.recall.until_ms(created_ms),
            },
        }
    }
}
