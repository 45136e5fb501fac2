//! The way of a request: lint, guards, ledger, network, ledger, report. Every command that makes one goes through here.

use std::time::Instant;

use serde_json::json;

use super::Session;
use super::args::{DryRun, Sending};
use super::compose::Composed;
use super::guarding;
use super::world::World;
use crate::contract::{Audience, Effect, Operation, Severity, Verb};
use crate::document::{Document, Value};
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::ledger::{Intent, Ledger};
use crate::lint::{self, Context, Finding};
use crate::net::{self, Exchanged, Transport};
use crate::outcome::{Outcome, Verdict};
use crate::report::{self, Printed, Sent};
use crate::vendor::{self, Call, Vendor};
use crate::wire::{Request, Show, Stamp};

/// One command on its way: what was typed, for whom, and with which clock and dice.
#[derive(Clone, Copy)]
pub struct Trip<'a> {
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
    /// What the payloads are about, where the ledger knows it: its entry and what was sent.
    pub about: Option<(&'a str, &'a vendor::Sent)>,
    /// Whether stdin was read, so that nothing can be asked.
    pub stdin_used: bool,
}

/// A payload that has passed lint, with the request that it makes.
struct Ready {
    operation: &'static Operation,
    body: Value,
    document: Document,
    request: Request,
    audience: Audience,
}

impl Trip<'_> {
    /// Lints, guards and sends, or prints, what was composed.
    pub fn go(&self, composed: Vec<Composed>) -> Result<Exit> {
        self.sending.check()?;
        let stamp = self.stamp();
        self.lint_all(&composed)?;
        let composed = match self.sending.dry_run {
            Some(DryRun::Server) => self.at_the_vendors_check(composed)?,
            _ => composed,
        };
        let ready = composed.into_iter().map(|one| self.ready(one, &stamp)).collect::<Result<Vec<_>>>()?;
        if self.sending.prints_only() {
            return Ok(self.print(&ready));
        }
        self.world.account.require_complete(self.vendor.contract())?;
        for one in &ready {
            self.world.refuse_plain_http(&one.request)?;
        }
        self.guard(&ready)?;
        self.send_all(ready)
    }

    /// Clock and dice, or what flags fix.
    pub fn stamp(&self) -> Stamp {
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
        let waived = lint::Waivers::parse(&self.sending.allow)?;
        let context = Context {
            account: Some(&self.world.account),
            now_ms: Some(self.session.edge.now_ms()),
            sent: self.about.map(|(_, sent)| sent),
        };
        let mut errors = 0;
        let mut objects = Vec::new();
        for one in composed {
            let found = lint::lint(contract, one.draft.operation, &one.document, &context);
            let found: Vec<Finding> = found.into_iter().filter(|finding| !waived.covers(finding)).collect();
            errors += found.iter().filter(|finding| finding.severity() == Severity::Error).count();
            let name = (contract.id, one.draft.operation.id);
            report::findings_of_payload(&self.session.ui, &one.origin, &one.document, &found);
            objects.extend(found.iter().map(|finding| report::finding_object(finding, &one.origin, &one.document, name)));
            for lost in one.draft.lost.iter().chain(&one.draft.warnings) {
                self.session.ui.warn(lost);
            }
        }
        if errors == 0 {
            return Ok(());
        }
        let (are, them) = if errors == 1 { ("is 1 error", "it") } else { ("are errors", "them") };
        let many = if errors == 1 { String::new() } else { format!(" ({errors})") };
        Err(Error::new(Kind::Lint, format!("there {are} in the payload{many}; nothing was sent"))
            .help(format!("mend {them}, or waive a rule by name with --allow CODE"))
            .with("findings", json!(objects)))
    }

    /// The same payloads for the vendor's own check, which delivers nothing.
    fn at_the_vendors_check(&self, composed: Vec<Composed>) -> Result<Vec<Composed>> {
        let contract = self.vendor.contract();
        let check = contract.operations.iter().find(|operation| operation.verbs.contains(&Verb::DryRun));
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
            _ => Err(Error::usage(format!("{} has no check of its own for this request", contract.id))
                .help("--dry-run checks it offline")),
        }
    }

    fn ready(&self, one: Composed, stamp: &Stamp) -> Result<Ready> {
        let Composed { draft, .. } = one;
        let call = Call { operation: draft.operation, body: &draft.body, account: &self.world.account, stamp };
        let request = self.vendor.request(&call)?;
        let document = Document::of(&draft.body);
        let audience = Audience::of(draft.operation, &document);
        Ok(Ready { operation: draft.operation, body: draft.body, document, request, audience })
    }

    fn print(&self, ready: &[Ready]) -> Exit {
        let show = if self.sending.show_secrets { Show::Secrets } else { Show::Redacted };
        let requests: Vec<Request> = ready.iter().map(|one| one.request.clone()).collect();
        let operation = ready.first().map_or("", |one| one.operation.id);
        let how = Printed { curl: self.sending.curl, show };
        report::planned(&self.session.ui, self.vendor.contract().id, operation, &requests, how);
        for one in ready.iter().filter(|one| one.operation.effect == Effect::Sends) {
            self.session.ui.remark(&format!("reaches {}; {}", one.audience, report::take_back(one.operation)));
        }
        Exit::Done
    }

    /// The guards judge all requests of the command together.
    fn guard(&self, ready: &[Ready]) -> Result<()> {
        let requests: Vec<_> = ready.iter().map(|one| (one.operation, &one.audience)).collect();
        guarding::pass(self, &requests)
    }

    fn send_all(&self, ready: Vec<Ready>) -> Result<Exit> {
        let acts = ready.iter().any(|one| one.operation.effect != Effect::Reads);
        let mut ledger = if acts { Some(self.world.open_ledger(self.session, self.sending)?) } else { None };
        let transport = self.world.transport(self.session, self.sending, self.vendor, &ready[0].request)?;
        let mut done = Vec::new();
        let mut interrupted = None;
        let total = ready.len();
        for one in ready {
            let (sent, signal) = self.send_one(one, ledger.as_mut(), transport.as_ref())?;
            let stop = matches!(sent.outcome.verdict, Verdict::Denied | Verdict::Unavailable);
            done.push(sent);
            interrupted = signal;
            if stop || interrupted.is_some() {
                break;
            }
        }
        let exit = report::sent(&self.session.ui, &done);
        if done.len() < total {
            let left = total - done.len();
            self.session.ui.warn(&format!("{left} of {total} requests were not sent"));
        }
        Ok(interrupted.unwrap_or(exit))
    }

    /// Intent, exchange, outcome, for one request.
    fn send_one(
        &self,
        one: Ready,
        ledger: Option<&mut Ledger>,
        transport: &dyn Transport,
    ) -> Result<(Sent, Option<Exit>)> {
        let contract = self.vendor.contract();
        let ui = &self.session.ui;
        let started = self.session.edge.now_ms();
        let deadline = self.sending.deadline.unwrap_or(super::args::DEADLINE);
        let mut entry = None;
        let mut ledger = ledger.filter(|_| one.operation.effect != Effect::Reads);
        if let Some(ledger) = ledger.as_deref_mut() {
            let id = ledger.begin(&self.intent(&one, started))?;
            ui.phase("ledger", &format!("intent {id} is on disk"));
            entry = Some(id);
        }
        ui.phase("request", &format!("{} {}", one.request.method.as_str(), one.request.url(Show::Redacted)));
        let clock = Instant::now();
        let Exchanged { exchange, signal } = transport.exchange(&one.request, deadline);
        let elapsed_ms = u64::try_from(clock.elapsed().as_millis()).unwrap_or(u64::MAX);
        let outcome = net::decide(contract, one.operation, &exchange, |reply| self.vendor.read(one.operation, reply));
        ui.phase("outcome", outcome.verdict.word());
        if let (Some(ledger), Some(id)) = (ledger, &entry)
            && let Err(error) = ledger.finish(id, &outcome, 1, elapsed_ms, self.session.edge.now_ms())
        {
            // The request is out; its outcome must reach the user whatever has become of the disk.
            ui.warn(&format!("the outcome could not be written to the ledger: {}", error.full_message()));
        }
        let sent = Sent {
            provider: contract.id.to_owned(),
            operation: one.operation.id.to_owned(),
            profile: self.world.account.profile.clone(),
            outcome,
            ledger_id: entry,
            attempts: 1,
            elapsed_ms,
            recall: one.operation.recall,
        };
        Ok((sent, signal))
    }
}
