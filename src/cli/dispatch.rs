//! The way of a request: lint, guards, ledger, network, ledger, report. Every command that makes one goes through here.

use std::time::Instant;

use serde_json::json;
use uuid::Uuid;

use super::Session;
use super::args::{DryRun, Sending};
use super::compose::Composed;
use super::guarding;
use super::world::World;
use crate::contract::identify::Named;
use crate::contract::{Audience, Auth, Effect, Operation, Severity, Verb};
use crate::document::{Document, Trail, Value};
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::guard::Guard;
use crate::ledger::{Ending, Intent, Ledger};
use crate::lint::{self, Context, Waivers};
use crate::net::{self, Stop, Transport};
use crate::outcome::Verdict;
use crate::report::{self, Printed, Sent};
use crate::vendor::{self, Call, Vendor};
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
    /// The entry of the ledger that the payloads are about, and what was sent with it.
    pub about: Option<(Uuid, &'a vendor::Sent)>,
    /// Whether stdin was read, so that nothing can be asked.
    pub stdin_used: bool,
}

/// A payload that has passed lint, with the request that it makes.
struct Ready {
    operation: &'static Operation,
    sender: Option<String>,
    /// The body without what signs it, as the ledger keeps it.
    unsigned: Value,
    request: Request,
    audience: Audience,
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
            return Ok(self.print(&ready));
        }
        self.world.require_complete()?;
        let requests: Vec<_> = ready.iter().map(|one| (one.operation, &one.audience)).collect();
        let overridden = guarding::pass(self, &requests)?;
        self.send_all(ready, &overridden)
    }

    /// Clock and dice, or what flags fix.
    fn stamp(&self) -> Stamp {
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
            sent: self.about.map(|(_, sent)| sent),
            retries: 0,
        };
        let mut errors = 0;
        let mut records = Vec::new();
        for one in composed {
            let operation = one.draft.operation;
            let mut found = lint::lint(contract, operation, &one.document, &context);
            found.retain(|finding| !waived.cover(finding));
            errors += found.iter().filter(|finding| finding.severity() == Severity::Error).count();
            let named = Named { contract, operation };
            let text = one.document.text().as_bytes();
            records.extend(report::findings_for_send(
                &self.session.ui,
                &one.origin,
                text,
                Some(named),
                found,
            ));
            for remark in one.draft.lost.iter().chain(&one.draft.warnings) {
                self.session.ui.warn(remark);
            }
        }
        let message = match errors {
            0 => return Ok(()),
            1 => "the payload has an error; nothing was sent".to_owned(),
            many => format!("the payload has {many} errors; nothing was sent"),
        };
        Err(Error::new(Kind::Lint, message)
            .help("mend it, or waive a single rule by its code with --allow CODE")
            .with("findings", json!(records)))
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
        let draft = one.draft;
        let call = Call {
            operation: draft.operation,
            body: &draft.body,
            account: &self.world.account,
            stamp,
        };
        let request = self.vendor.request(&call)?;
        let mut unsigned = draft.body.clone();
        if let (Auth::Body, Some(object)) = (draft.operation.auth, unsigned.as_object_mut()) {
            for (field, _) in self.vendor.sign(&call)?.fields {
                object.remove(field);
            }
        }
        let document = Document::of(&draft.body);
        let trail = Trail::new(&document);
        let sender = trail.root().find(draft.operation.sender).as_str().map(str::to_owned);
        let audience = Audience::of(draft.operation, &document);
        Ok(Ready { operation: draft.operation, sender, unsigned, request, audience })
    }

    fn print(&self, ready: &[Ready]) -> Exit {
        let show = if self.sending.show_secrets { Show::Secrets } else { Show::Redacted };
        let requests: Vec<Request> = ready.iter().map(|one| one.request.clone()).collect();
        let operation = ready.first().map_or("", |one| one.operation.id);
        let how = Printed { curl: self.sending.curl, show };
        let ui = &self.session.ui;
        report::planned(ui, self.vendor.contract().id, operation, &requests, how);
        if !ui.is_machine() && !self.sending.curl {
            for one in ready.iter().filter(|one| one.operation.effect == Effect::Sends) {
                ui.remark(&format!(
                    "reaches {}; {}",
                    one.audience,
                    report::take_back(one.operation)
                ));
            }
        }
        Exit::Done
    }

    /// Sends one request after the other. What the vendor refuses to everybody, or cannot be reached for, ends it.
    fn send_all(&self, ready: Vec<Ready>, overridden: &[Guard]) -> Result<Exit> {
        let acts = ready.iter().any(|one| one.operation.effect != Effect::Reads);
        let transport = self.world.transport(self.session, self.sending)?;
        for one in &ready {
            transport.prepare(&one.request)?;
        }
        let mut ledger =
            if acts { Some(self.world.open_ledger(self.session, self.sending)?) } else { None };
        let total = ready.len();
        let mut done = Vec::new();
        for one in ready {
            let sent = self.send_one(&one, overridden, ledger.as_mut(), transport.as_ref())?;
            let over = matches!(sent.outcome.verdict, Verdict::Denied | Verdict::Unavailable);
            done.push(sent);
            if over || transport.stopped().is_some() {
                break;
            }
        }
        let exit = report::sent(&self.session.ui, &done);
        if done.len() < total {
            self.session
                .ui
                .warn(&format!("{} of {total} requests were not sent", total - done.len()));
        }
        Ok(match transport.stopped() {
            Some(Stop::Interrupted) => Exit::Interrupted,
            Some(Stop::Terminated) => Exit::Terminated,
            None => exit,
        })
    }

    /// Intent, exchange, outcome, for one request.
    fn send_one(
        &self,
        one: &Ready,
        overridden: &[Guard],
        ledger: Option<&mut Ledger>,
        transport: &dyn Transport,
    ) -> Result<Sent> {
        let (ui, edge) = (&self.session.ui, &self.session.edge);
        let contract = self.vendor.contract();
        let mut ledger = ledger.filter(|_| one.operation.effect != Effect::Reads);
        let intent = self.intent(one, overridden);
        if let Some(ledger) = ledger.as_deref_mut() {
            ledger.begin(&intent)?;
            ui.phase("ledger", &format!("the intent {} is on disk", intent.id));
        }
        let clock = Instant::now();
        let exchange = transport.exchange(&one.request, self.sending.deadline());
        let elapsed_ms = u64::try_from(clock.elapsed().as_millis()).unwrap_or(u64::MAX);
        let read = |reply: &crate::wire::Reply| self.vendor.read(one.operation, reply);
        let mut outcome = net::decide(contract, one.operation, &exchange, &read);
        ui.phase("outcome", outcome.verdict.word());
        let reaches = one.operation.effect == Effect::Sends
            && matches!(outcome.verdict, Verdict::Accepted | Verdict::Partial | Verdict::Unknown);
        let ledger_id = ledger.is_some().then(|| intent.id.to_string());
        if let Some(ledger) = ledger {
            let ending = Ending::of(&outcome, edge.now_ms(), elapsed_ms, 1);
            if let Err(error) = ledger.finish(intent.id, &ending) {
                // The request is out; its outcome has to reach the user whatever has become of the disk.
                outcome.warnings.push(format!(
                    "the ledger could not take the outcome: {}",
                    error.full_message()
                ));
            }
        }
        Ok(Sent {
            provider: contract.id.to_owned(),
            operation: one.operation.id.to_owned(),
            profile: self.world.account.profile.clone(),
            outcome,
            ledger_id,
            attempts: 1,
            elapsed_ms,
            take_back: reaches.then(|| report::take_back(one.operation)),
        })
    }

    fn intent(&self, one: &Ready, overridden: &[Guard]) -> Intent {
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
            dedupe_id: None,
            parent: self.about.map(|(id, _)| id),
        }
    }
}
