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
use super::world::World;
use crate::contract::{Audience, Auth, Effect, Operation, Verb};
use crate::document::{Document, Trail, Value};
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::guard::{Guard, fingerprint};
use crate::ledger::{Ending, Intent, Ledger};
use crate::lint::{Context, Waivers};
use crate::net::{self, Stop};
use crate::outcome::Verdict;
use crate::report::{self, Printed, Sent};
use crate::vendor::{self, Call, Upload, Vendor};
use crate::wire::{Exchange, Failure, Phase, Request, Show, Stamp};

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
    body: Value,
    /// Local files that it refers to.
    uploads: Vec<Upload>,
    /// The body without what signs it, as the ledger keeps it.
    unsigned: Value,
    request: Request,
    audience: Audience,
    /// What it says to whom, where it reaches anybody: by this the guards tell a repeated broadcast.
    fingerprint: Option<String>,
    /// What the vendor tells repeats by.
    dedupe_id: Option<String>,
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
        self.send_all(ready, &overridden)
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
            sent: self.about.map(|(_, sent)| sent),
            ..Context::default()
        };
        let ui = &self.session.ui;
        let mut linted = Linted { ui, contract, waived, errors: 0, records: Vec::new() };
        for one in composed {
            let operation = one.draft.operation;
            let sizes: Vec<(String, u64)> =
                one.parts.iter().map(|part| (part.named.clone(), part.size)).collect();
            let context = Context { sizes: &sizes, ..context };
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
        let Composed { draft, parts, .. } = one;
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
        Ok(Ready {
            operation,
            sender,
            body,
            uploads,
            unsigned,
            request,
            audience,
            fingerprint,
            dedupe_id: None,
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
    fn equip(&self, one: &mut Ready, errands: &mut Errands<'_>) -> Result<()> {
        let before = one.body.clone();
        let prepared = errands.prepare(one.operation, &mut one.body, &one.uploads)?;
        one.request = prepared.request;
        one.dedupe_id = prepared.dedupe_id;
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
                ui.remark(&format!(
                    "reaches {}; {}",
                    one.audience,
                    report::take_back(one.operation)
                ));
            }
        }
        Ok(Exit::Done)
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
        let now_ms = || self.session.edge.now_ms();
        let stamp = || self.stamp();
        let tell = |name: &str, text: &str| self.session.ui.phase(name, text);
        let until = Instant::now() + self.sending.deadline();
        let around = Around {
            vendor: self.vendor,
            transport: transport.as_ref(),
            stamp: &stamp,
            now_ms: &now_ms,
            tell: &tell,
            until,
        };
        let mut errands = self.world.errands(self.session, around);
        let mut done = Vec::new();
        let mut failed = None;
        for mut one in ready {
            if !done.is_empty() && Instant::now() >= until {
                break;
            }
            let sent = match self.send_one(&mut one, overridden, ledger.as_mut(), &mut errands) {
                Ok(sent) => sent,
                Err(error) if done.is_empty() => {
                    return Err(stopped_by(transport.stopped(), error));
                }
                // What went out before has to be told all the same.
                Err(error) => {
                    self.session.ui.complain(&error);
                    failed = Some(error.exit());
                    break;
                }
            };
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
            None => failed.map_or(exit, |failed| match Exit::worst([exit, failed]) {
                // A fault of herald's own input is not among those that results have.
                Exit::Done => failed,
                worst => worst,
            }),
        })
    }

    /// Errands, intent, exchange, outcome, for one request.
    fn send_one(
        &self,
        one: &mut Ready,
        overridden: &[Guard],
        ledger: Option<&mut Ledger>,
        errands: &mut Errands<'_>,
    ) -> Result<Sent> {
        let (ui, edge) = (&self.session.ui, &self.session.edge);
        let contract = self.vendor.contract();
        let mut ledger = ledger.filter(|_| one.operation.effect != Effect::Reads);
        let clock = Instant::now();
        self.equip(one, errands)?;
        let intent = self.intent(one, overridden);
        if let Some(ledger) = ledger.as_deref_mut() {
            ledger.begin(&intent)?;
            ui.phase("ledger", &format!("the intent {} is on disk", intent.id));
        }
        let (exchange, attempts) = self.exchange(one, errands);
        let elapsed_ms = u64::try_from(clock.elapsed().as_millis()).unwrap_or(u64::MAX);
        let read = |reply: &crate::wire::Reply| self.vendor.read(one.operation, reply);
        let mut outcome = net::decide(contract, one.operation, &exchange, &read);
        let asked = one.audience.targets().iter().map(|target| target.id.as_str());
        net::account_for(one.operation, &mut outcome, asked);
        ui.phase("outcome", outcome.verdict.word());
        let reaches = one.operation.effect == Effect::Sends
            && matches!(outcome.verdict, Verdict::Accepted | Verdict::Partial | Verdict::Unknown);
        let ledger_id = ledger.is_some().then(|| intent.id.to_string());
        if let Some(ledger) = ledger {
            let ending = Ending::of(&outcome, edge.now_ms(), elapsed_ms, attempts);
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
            attempts,
            elapsed_ms,
            take_back: reaches.then(|| report::take_back(one.operation)),
        })
    }

    /// One exchange, in what is left of the time. Where it was the token that was refused nothing was done, so that the
    /// request goes out once more with another.
    fn exchange(&self, one: &mut Ready, errands: &mut Errands<'_>) -> (Exchange, u32) {
        let until = errands.until();
        let left = || until.saturating_duration_since(Instant::now());
        errands.begin();
        let first = errands.transport().exchange(&one.request, left());
        if let (Err(Failure { phase: Phase::Connect, .. }), None, Some(base)) =
            (&first, errands.transport().stopped(), self.backup(&one.request.base))
        {
            // Nothing was read at the first host, so that this is no second request. After anything else it would be.
            self.session
                .ui
                .phase("backup", &format!("{} cannot be reached; trying {base}", one.request.base));
            one.request.base = base.to_owned();
            return (errands.transport().exchange(&one.request, left()), 2);
        }
        if !errands.drop_stale_token(one.operation, &first) {
            return (first, 1);
        }
        // Without another token the vendor's refusal is what there is to tell.
        match errands.prepare(one.operation, &mut one.body, &[]) {
            Ok(prepared) => (errands.transport().exchange(&prepared.request, left()), 2),
            Err(error) => {
                self.session.ui.complain(&error);
                (first, 1)
            }
        }
    }

    /// The other host of a pair, where the address is the first one of it.
    fn backup(&self, base: &str) -> Option<&'static str> {
        self.vendor.contract().endpoints.iter().find(|row| row.base == base)?.backup
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
            dedupe_id: one.dedupe_id.clone(),
            parent: self.about.map(|(id, _)| id),
            fingerprint: one.fingerprint.clone(),
            recall_until_ms: one.operation.recall.until_ms(created_ms),
        }
    }
}

/// An error by what stopped the command, where something did.
fn stopped_by(stop: Option<Stop>, error: Error) -> Error {
    let kind = match stop {
        Some(Stop::Interrupted) => Kind::Interrupted,
        Some(Stop::Terminated) => Kind::Terminated,
        None => return error,
    };
    Error::new(kind, error.full_message())
}
