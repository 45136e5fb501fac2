//! The way of a request: lint, guards, ledger, network, ledger, report. Every command that makes one goes through here.

use std::time::Instant;

use uuid::Uuid;

use super::Session;
use super::args::{DryRun, Sending};
use super::attach::Linted;
use super::compose::Composed;
use super::errand::{Around, Errands};
use super::guarding::{self, Going};
use super::part;
use super::sequence;
use super::world::World;
use crate::contract::{Audience, Auth, Effect, Operation, Verb};
use crate::document::{Document, Trail, Value};
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::guard::{Guard, fingerprint};
use crate::ledger::Intent;
use crate::lint::{Context, Waivers};
use crate::net::{Stop, Transport};
use crate::report::{self, Printed};
use crate::vendor::{Call, Upload, Vendor};
use crate::wire::{Request, Show, Stamp};

/// One command on its way: what was typed, for whom, and where it goes.
#[derive(Clone, Copy)]
pub(super) struct Trip<'a> {
    /// The session.
    pub session: &'a Session,
    /// Flags of sending.
    pub sending: &'a Sending,
    /// The vendor.
    pub vendor: &'static dyn Vendor,
    /// Credentials, guards, host; and whether it stays in the sandbox.
    pub world: &'a World,
    /// The command.
    pub verb: Verb,
    /// Whether stdin was read, so that nothing can be asked.
    pub stdin_used: bool,
}

/// A payload that has passed lint, with the request that it makes.
pub(super) struct Ready {
    pub(super) operation: &'static Operation,
    sender: Option<String>,
    pub(super) body: Value,
    /// Local files that it refers to.
    uploads: Vec<Upload>,
    /// The body without what signs it, as the ledger keeps it.
    unsigned: Value,
    pub(super) request: Request,
    pub(super) audience: Audience,
    /// What it says to whom, where it reaches anybody: by this the guards tell a repeated broadcast.
    fingerprint: Option<String>,
    /// What the vendor tells repeats by.
    pub(super) dedupe_id: Option<String>,
    /// Which of the tokens that were fetched the request carries.
    pub(super) token: u64,
    /// The entry or the job that it is about.
    parent: Option<Uuid>,
}

impl Ready {
    /// What the guards look at.
    fn to_guard(&self) -> guarding::Request<'_> {
        let (operation, audience, body) = (self.operation, &self.audience, &self.unsigned);
        guarding::Request { operation, audience, body, base: &self.request.base }
    }
}

impl Trip<'_> {
    /// Lints, guards and sends, or prints, what was composed.
    pub(super) fn go(&self, composed: Vec<Composed>) -> Result<Exit> {
        self.sending.check()?;
        self.lint_all(&composed)?;
        let composed = match self.sending.dry_run {
            Some(DryRun::Server) => self.at_the_vendors_check(composed)?,
            _ => composed,
        };
        let stamp = self.stamp();
        let ready =
            composed.into_iter().map(|one| self.ready(one, &stamp)).collect::<Result<Vec<_>>>()?;
        if self.sending.prints_only() {
            return self.print(&ready);
        }
        self.world.require_complete()?;
        let requests: Vec<_> = ready.iter().map(Ready::to_guard).collect();
        let overridden = guarding::pass(self, &Going::all(&requests))?;
        sequence::send_all(self, ready, &overridden)
    }

    /// Clock and dice, or what flags fix.
    pub(super) fn stamp(&self) -> Stamp {
        let mut stamp = self.session.edge.stamp();
        if let Some(nonce) = &self.sending.nonce {
            stamp.nonce.clone_from(nonce);
        }
        if let Some(timestamp) = &self.sending.timestamp {
            stamp.timestamp.clone_from(timestamp);
        }
        stamp
    }

    /// All findings of all payloads; errors end the command.
    fn lint_all(&self, composed: &[Composed]) -> Result<()> {
        let contract = self.vendor.contract();
        let waived = Waivers::of(&self.sending.allow, &[contract])?;
        let context = Context {
            account: Some(&self.world.account),
            now_ms: Some(self.session.edge.now_ms()),
            ..Context::default()
        };
        let ui = &self.session.ui;
        let mut linted = Linted { ui, contract, waived, errors: 0, records: Vec::new() };
        for one in composed {
            let operation = one.draft.operation;
            let sizes: Vec<(String, u64)> =
                one.parts.iter().map(|part| (part.named.clone(), part.size)).collect();
            let sent = one.about.as_ref().map(|about| &about.sent);
            let context = Context { sizes: &sizes, sent, ..context };
            linted.one(operation, &one.document, &one.origin, &context);
            for remark in one.draft.lost.iter().chain(&one.draft.warnings) {
                self.session.ui.warn(remark);
            }
        }
        self.lint_uploads(composed, &context, &mut linted)?;
        linted.result()
    }

    /// The same payloads for the vendor's own check, which delivers nothing.
    fn at_the_vendors_check(&self, composed: Vec<Composed>) -> Result<Vec<Composed>> {
        let contract = self.vendor.contract();
        let check =
            contract.operations.iter().find(|operation| operation.verbs.contains(&Verb::DryRun));
        let same = |one: &Composed, check: &Operation| {
            one.draft.operation.shape().zip(check.shape()).is_some_and(|(a, b)| std::ptr::eq(a, b))
        };
        match check {
            Some(check) if composed.iter().all(|one| same(one, check)) => {
                let switch = |mut one: Composed| {
                    one.draft.operation = check;
                    one
                };
                Ok(composed.into_iter().map(switch).collect())
            }
            _ => Err(Error::usage(format!(
                "{} has no check of its own for this request",
                contract.id
            ))
            .help("--dry-run checks it offline")),
        }
    }

    fn ready(&self, one: Composed, stamp: &Stamp) -> Result<Ready> {
        let Composed { draft, parts, about, .. } = one;
        let (operation, mut body) = (draft.operation, draft.body);
        part::put(&parts, &mut body);
        let call = Call { operation, body: &body, account: &self.world.account, stamp };
        let request = self.vendor.request(&call)?;
        let unsigned = self.unsigned(&call)?;
        let document = Document::of(&body);
        let trail = Trail::new(&document);
        let sender = trail.root().find(operation.sender).as_str().map(str::to_owned);
        let audience = Audience::of(operation, &document);
        let sends = operation.effect == Effect::Sends;
        // Before uploads and ids against repeats are put in: those differ from run to run.
        let fingerprint = sends.then(|| fingerprint(operation, &unsigned));
        let uploads = draft.uploads;
        let dedupe_id = None;
        Ok(Ready {
            operation,
            sender,
            body,
            uploads,
            unsigned,
            request,
            audience,
            fingerprint,
            dedupe_id,
            token: 0,
            parent: about.map(|about| about.id),
        })
    }

    /// The body without what signs it.
    fn unsigned(&self, call: &Call<'_>) -> Result<Value> {
        let mut unsigned = call.body.clone();
        if let (Auth::Body, Some(object)) = (call.operation.auth, unsigned.as_object_mut()) {
            for (field, _) in self.vendor.sign(call)?.fields {
                object.remove(field);
            }
        }
        Ok(unsigned)
    }

    /// Fetches and uploads what a request needs before it can go out.
    pub(super) fn equip(&self, one: &mut Ready, errands: &mut Errands<'_>) -> Result<()> {
        let before = one.body.clone();
        let prepared = errands.prepare(one.operation, &mut one.body, &one.uploads)?;
        one.request = prepared.request;
        one.dedupe_id = prepared.dedupe_id;
        one.token = prepared.token;
        if !one.body.same(&before) {
            let (account, stamp) = (&self.world.account, &self.stamp());
            let call = Call { operation: one.operation, body: &one.body, account, stamp };
            one.unsigned = self.unsigned(&call)?;
        }
        Ok(())
    }

    fn print(&self, ready: &[Ready]) -> Result<Exit> {
        let show = if self.sending.show_secrets { Show::Secrets } else { Show::Redacted };
        let uploads: Vec<&Upload> = ready.iter().flat_map(|one| &one.uploads).collect();
        let mut requests = self.planned_uploads(&uploads)?;
        requests.extend(ready.iter().map(|one| one.request.clone()));
        let operation = ready.first().map_or("", |one| one.operation.id);
        let how = Printed { curl: self.sending.curl, show };
        let ui = &self.session.ui;
        report::planned(ui, self.vendor.contract().id, operation, &requests, how);
        if !ui.is_machine() && !self.sending.curl {
            for one in ready.iter().filter(|one| one.operation.effect == Effect::Sends) {
                let how = report::take_back(one.operation);
                ui.remark(&format!("reaches {}; {how}", one.audience));
            }
            let operations = ready.iter().map(|one| one.operation);
            let quotas = guarding::quotas_left(self, operations, None);
            quotas.iter().for_each(|quota| ui.remark(&quota.words()));
        }
        Ok(Exit::Done)
    }

    /// Hands over what runs errands, over this transport.
    pub(super) fn with_errands<T>(
        &self,
        transport: &dyn Transport,
        act: impl FnOnce(Errands<'_>) -> T,
    ) -> T {
        let (stamp, now_ms) = (|| self.stamp(), || self.session.edge.now_ms());
        let tell = |name: &str, text: &str| self.session.ui.phase(name, text);
        // A broadcast ends when it is done; one request, and all that it needs, within the usual time.
        let endless = self.verb == Verb::Broadcast && self.sending.deadline.is_none();
        let limit = self.sending.deadline();
        act(self.world.errands(
            self.session,
            Around {
                vendor: self.vendor,
                transport,
                stamp: &stamp,
                now_ms: &now_ms,
                tell: &tell,
                until: (!endless).then(|| Instant::now() + limit),
                limit,
            },
        ))
    }

    pub(super) fn intent(&self, one: &Ready, overridden: &[Guard]) -> Intent {
        let created_ms = self.session.edge.now_ms();
        let deadline = i64::try_from(self.sending.deadline().as_millis()).unwrap_or(i64::MAX);
        Intent {
            id: Uuid::now_v7(),
            realm: self.world.realm(),
            created_ms,
            deadline_ms: created_ms.saturating_add(deadline),
            verb: self.verb.word().to_owned(),
            effect: one.operation.effect,
            provider: self.vendor.contract().id.to_owned(),
            operation: one.operation.id.to_owned(),
            profile: self.world.account.profile.clone(),
            app: self.world.app(),
            endpoint: one.request.base.clone(),
            sender: one.sender.clone(),
            audience: one.audience.to_string(),
            target_count: one.audience.count().map(|count| count as u64),
            body: one.unsigned.to_compact(),
            overrides: overridden.iter().map(|guard| guard.word().to_owned()).collect(),
            dedupe_id: one.dedupe_id.clone(),
            parent: one.parent,
            fingerprint: one.fingerprint.clone(),
            recall_until_ms: one.operation.recall.until_ms(created_ms),
        }
    }
}

/// An error by what stopped the command, where something did.
pub(super) fn stopped_by(stop: Option<Stop>, error: Error) -> Error {
    let kind = match stop {
        Some(Stop::Interrupted) => Kind::Interrupted,
        Some(Stop::Terminated) => Kind::Terminated,
        None => return error,
    };
    Error::new(kind, error.full_message())
}
