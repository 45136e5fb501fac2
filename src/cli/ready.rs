//! A payload that has passed lint, with the request that it makes and all that the ledger and the guards want to know.

use uuid::Uuid;

use super::compose::{self, Composed};
use super::errand::Errands;
use super::guarding::{self, MessageAudiences};
use super::part;
use super::trip::Trip;
use crate::contract::{Audience, Effect, Operation};
use crate::document::{Document, Trail, Value};
use crate::error::Result;
use crate::guard::{Guard, QuotaRequest, fingerprint};
use crate::ledger::{EntryContent, EntryIntent, EntryReach, EntryRoute, EntryTimes};
use crate::provider::{Call, Upload};
use crate::wire::{Request, Stamp};

/// A payload that has passed lint, with the request that it makes.
pub(super) struct LintedRequest {
    pub(super) operation: &'static Operation,
    sender: Option<String>,
    pub(super) body: Value,
    /// Local files that it refers to.
    pub(super) uploads: Vec<Upload>,
    /// The body without what signs it.
    unsigned: Value,
    /// The same without its secrets, as the ledger keeps it.
    kept: Value,
    pub(super) request: Request,
    pub(super) audience: Audience,
    /// What it says to whom, where it reaches anybody: by this the guards tell a repeated broadcast.
    fingerprint: Option<String>,
    /// What the vendor tells repeats by.
    pub(super) dedupe_id: Option<String>,
    /// Whether that stands in what was given, so that the same command has the same again.
    pub(super) typed_id: bool,
    /// Which of the tokens that were fetched the request carries.
    pub(super) token: u64,
    /// The entry or the job that it is about.
    parent: Option<Uuid>,
}

impl LintedRequest {
    /// Makes the request of a payload.
    pub(super) fn of(
        trip: &Trip<'_>,
        one: Composed,
        stamp: &Stamp,
        audiences: &mut MessageAudiences<'_>,
    ) -> Result<Self> {
        let Composed { draft, parts, about, .. } = one;
        let (operation, mut body) = (draft.operation, draft.body);
        part::put(&parts, &mut body);
        let call = Call { operation, body: &body, account: &trip.world.account, stamp };
        let request = trip.vendor.request(&call)?;
        let unsigned = trip.unsigned(&call)?;
        trip.world.redactor.borrow_mut().learn(&body);
        let kept = trip.kept(&unsigned);
        let document = Document::of(&body);
        let trail = Trail::new(&document);
        let sender = trail.root().find(operation.sender).as_str().map(str::to_owned);
        let audience = audiences.audience(operation, &document)?;
        let sends = operation.effect == Effect::Sends;
        // Before uploads and ids against repeats are put in: those differ from run to run. Nothing of a secret is in it, since
        // a short one is guessed from a digest.
        let fingerprint = sends.then(|| fingerprint(operation, &kept, &audience));
        let uploads = draft.uploads;
        let dedupe_id = None;
        Ok(Self {
            operation,
            sender,
            body,
            uploads,
            unsigned,
            kept,
            request,
            audience,
            fingerprint,
            dedupe_id,
            typed_id: false,
            token: 0,
            parent: about.map(|about| about.id),
        })
    }

    /// What the guards look at.
    pub(super) fn to_guard(&self) -> guarding::GuardedRequest<'_> {
        let (operation, audience, body) = (self.operation, &self.audience, &self.unsigned);
        guarding::GuardedRequest { operation, audience, body, base: &self.request.base }
    }

    /// What quotas count it for.
    pub(super) fn quota_use(&self) -> QuotaRequest {
        QuotaRequest::of(self.operation, &self.body)
    }

    /// How many targets the pace counts it for.
    pub(super) fn targets(&self) -> u64 {
        self.audience.count().unwrap_or(1) as u64
    }

    /// Fetches and uploads what a request needs before it can go out.
    pub(super) fn equip(&mut self, trip: &Trip<'_>, errands: &mut Errands<'_>) -> Result<()> {
        let before = self.body.clone();
        self.typed_id = compose::dedupe_id(self.operation, &before).is_some();
        let prepared = errands.prepare(self.operation, &mut self.body, &self.uploads)?;
        self.request = prepared.request;
        self.dedupe_id = prepared.dedupe_id;
        self.token = prepared.token;
        if !self.body.same(&before) {
            let (account, stamp) = (&trip.world.account, &trip.stamp());
            let call = Call { operation: self.operation, body: &self.body, account, stamp };
            self.unsigned = trip.unsigned(&call)?;
            trip.world.redactor.borrow_mut().learn(&self.body);
            self.kept = trip.kept(&self.unsigned);
        }
        Ok(())
    }

    /// What the ledger keeps of it before it leaves.
    pub(super) fn intent(&self, trip: &Trip<'_>, overridden: &[Guard]) -> EntryIntent {
        let created_ms = trip.session.edge.now_ms();
        let deadline = i64::try_from(trip.sending.deadline().as_millis()).unwrap_or(i64::MAX);
        EntryIntent {
            id: Uuid::now_v7(),
            parent: self.parent,
            overrides: overridden.iter().map(|guard| guard.word().to_owned()).collect(),
            route: EntryRoute {
                realm: trip.world.realm(),
                provider: trip.vendor.contract().id.to_owned(),
                operation: self.operation.id.to_owned(),
                profile: trip.world.account.profile.clone(),
                app: trip.world.app(),
                endpoint: self.request.base.clone(),
            },
            content: EntryContent {
                verb: trip.verb.word().to_owned(),
                effect: self.operation.effect,
                body: self.kept.to_compact(),
                fingerprint: self.fingerprint.clone(),
                dedupe_id: self.dedupe_id.clone(),
            },
            reach: EntryReach {
                sender: self.sender.as_deref().map(|sender| trip.world.hidden(sender)),
                audience: trip.world.hidden(&self.audience.to_string()),
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
