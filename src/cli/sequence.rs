//! A few requests, one after the other: errands, intent, attempts, outcome, ledger, report.

mod begin;

use std::time::Duration;

use uuid::Uuid;

use super::carry::{Carrier, Mender};
use super::clock::{SteadyClock, dated};
use super::errand::Errands;
use super::guarding::{self, Bound};
use super::pacing::Pacing;
use super::ready::LintedRequest;
use super::trip::Trip;
use crate::broadcast::parts::{EngineWorld as _, Sealed};
use crate::contract::{Effect, Target};
use crate::error::{Error, ErrorKind, Result};
use crate::exit::Exit;
use crate::guard::Guard;
use crate::ledger::Ending;
use crate::net::pace::Ticket;
use crate::net::retry::{self, Bounds, Next, Tries};
use crate::net::{self, Fleet, Stop};
use crate::outcome::{Outcome, TargetResult, Verdict};
use crate::report::{self, SentReport};
use crate::wire::{Exchange, Reply};
use begin::Begun;

/// Requests on their way, one at a time.
struct Sequence<'a, 'e> {
    trip: &'a Trip<'a>,
    fleet: &'a dyn Fleet,
    clock: Carrier<'a>,
    errands: Errands<'e>,
    mender: Mender,
    pacing: &'a Pacing,
    bound: Bound,
    /// When everything has to be over.
    until: Duration,
    /// The ledger could not take what became of a request: nothing more leaves, and the command ends so.
    ledger_failed: Option<Error>,
}

/// Sends one request after the other. What the vendor refuses to everybody, or cannot be reached for, ends it.
///
/// Over this transport, where one was needed before.
pub(super) fn send_all(
    trip: &Trip<'_>,
    fleet: Option<Box<dyn Fleet>>,
    ready: Vec<LintedRequest>,
    overridden: &[Guard],
) -> Result<Exit> {
    let acts = ready.iter().any(|one| one.operation.effect != Effect::Reads);
    let fleet = match fleet {
        Some(fleet) => fleet,
        None => trip.world.transport(trip.session, trip.sending)?,
    };
    for one in &ready {
        fleet.prepare(&one.request)?;
    }
    let clock = SteadyClock::new(trip.session.edge);
    // Waiting for others who hold the ledger takes of this time, too.
    let until = clock.now() + trip.sending.deadline();
    let mut pacing = if acts {
        let ledger = trip.world.open_ledger(trip.session, trip.sending)?;
        Pacing::keeping(trip.session, trip.world, ledger)
    } else {
        Pacing::new(trip.session, trip.sending, trip.world)
    };
    pacing.clock = clock.clone();
    let clock = Carrier::new(fleet.as_ref(), trip.session.edge, clock);
    let bound = guarding::bound(trip, ready.iter().map(LintedRequest::quota_use))?;
    let overridden = &bound.recorded(overridden);
    let (mut done, failed, ledger_failed) =
        trip.with_errands(fleet.as_ref(), &pacing, |errands| {
            let mut sequence = Sequence {
                trip,
                fleet: fleet.as_ref(),
                clock,
                errands,
                mender: Mender::default(),
                pacing: &pacing,
                bound,
                until,
                ledger_failed: None,
            };
            let ended = sequence.run(ready, overridden);
            ended.map(|(done, failed)| (done, failed, sequence.ledger_failed))
        })?;
    let ui = &trip.session.ui;
    let unsent = done.iter().filter(|one| one.attempts == 0).count();
    if unsent > 0 && done.len() > 1 {
        ui.warn(&format!("{unsent} of {} requests were not sent", done.len()));
    }
    done.extend_from_slice(trip.aside);
    let exit = report::sent(ui, &done, ledger_failed.as_ref());
    Ok(match (fleet.stopped(), ledger_failed) {
        (Some(stop), _) => stop.exit(),
        // Whatever the outcomes are: the ledger may have none of them.
        (None, Some(ledger_failed)) => ledger_failed.exit(),
        (None, None) => failed.map_or(exit, |failed| match Exit::worst([exit, failed]) {
            // A fault of herald's own input is not among those that results have.
            Exit::Done => failed,
            worst => worst,
        }),
    })
}

impl Sequence<'_, '_> {
    /// What became of all of them, and the fault that ended it after the first went out. Those that were not sent, since
    /// one before them ended it, are told as well.
    fn run(
        &mut self,
        ready: Vec<LintedRequest>,
        overridden: &[Guard],
    ) -> Result<(Vec<SentReport>, Option<Exit>)> {
        let mut done = Vec::new();
        let (mut over, mut failed) = (None, None);
        for mut one in ready {
            if !done.is_empty() && self.clock.now() >= self.until {
                over.get_or_insert("the deadline has passed");
            }
            if let Some(why) = over {
                done.push(self.unsent(&one, why));
                continue;
            }
            match self.send(&mut one, overridden) {
                Ok(sent) => {
                    let verdict = sent.outcome.verdict;
                    done.push(sent);
                    if self.ledger_failed.is_some() {
                        over = Some("the ledger takes no more");
                    } else if self.fleet.stopped().is_some() {
                        over = Some("stopped before it was its turn");
                    } else if matches!(verdict, Verdict::Denied | Verdict::Unavailable) {
                        over = Some("the request before it would not be taken either");
                    }
                }
                Err(error) if done.is_empty() => {
                    return Err(error.stopped_by(self.fleet.stopped().map(Stop::kind)));
                }
                // What went out before has to be told all the same.
                Err(error) => {
                    self.trip.session.ui.complain(&error);
                    done.push(self.unsent(&one, &error.to_string()));
                    failed = Some(error.exit());
                    if error.kind() == ErrorKind::Ledger {
                        self.ledger_failed = Some(error);
                    }
                    over = Some("what one before it needs cannot be had");
                }
            }
        }
        Ok((done, failed))
    }

    /// A request that was not sent, with those whom it did not reach.
    fn unsent(&self, one: &LintedRequest, why: &str) -> SentReport {
        let message = format!("not sent: {why}");
        let target = |target: &Target| TargetResult {
            target: target.id.clone(),
            verdict: Verdict::Unavailable,
            id: None,
            code: None,
            message: Some("not sent".to_owned()),
        };
        let targets = one.audience.targets().iter().map(target).collect();
        let message = Some(message);
        SentReport {
            provider: self.trip.vendor.contract().id.to_owned(),
            operation: one.operation.id.to_owned(),
            profile: self.trip.world.account.profile.clone(),
            outcome: Outcome { message, targets, ..Outcome::of(Verdict::Unavailable) },
            ledger_id: None,
            attempts: 0,
            elapsed_ms: 0,
            take_back: None,
        }
    }

    /// Errands, intent, attempts, outcome, for one request.
    fn send(&mut self, one: &mut LintedRequest, overridden: &[Guard]) -> Result<SentReport> {
        let trip = self.trip;
        let began = self.clock.now();
        one.equip(trip, &mut self.errands)?;
        // What was fetched for it may be in its headers now.
        self.fleet.prepare(&one.request)?;
        let has_entry = one.operation.effect != Effect::Reads;
        let begun = if has_entry { self.begin(one, overridden)? } else { Begun::default() };
        let entry = begun.entry;
        let (mut outcome, attempts) = match begun.held {
            Some(held) => (held, 0),
            None => self.attempts(one, entry, begun.ticket),
        };
        trip.session.ui.phase("outcome", outcome.verdict.word());
        let took = self.clock.now().saturating_sub(began);
        let elapsed_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        let reaches = one.operation.effect == Effect::Sends
            && matches!(outcome.verdict, Verdict::Accepted | Verdict::Partial | Verdict::Unknown);
        match entry {
            Some(entry) => self.finish(entry, &mut outcome, elapsed_ms, attempts),
            None => self.pacing.tell(),
        }
        Ok(SentReport {
            provider: trip.vendor.contract().id.to_owned(),
            operation: one.operation.id.to_owned(),
            profile: trip.world.account.profile.clone(),
            outcome,
            ledger_id: entry.map(|entry| entry.to_string()),
            attempts,
            elapsed_ms,
            take_back: reaches.then(|| report::take_back(one.operation)),
        })
    }

    /// Puts the outcome of an entry on disk, and reports the end of its requests to the shared rate limit.
    fn finish(&mut self, entry: Uuid, outcome: &mut Outcome, elapsed_ms: u64, attempts: u32) {
        let kept = self.trip.world.kept_outcome(outcome);
        let ending = Ending::of(&kept, self.clock.now_ms(), elapsed_ms, attempts);
        let Some(mut ledger) = self.pacing.ledger() else { return };
        let (now, now_ms) = (self.clock.now(), self.clock.now_ms());
        let claim = self.pacing.pace.borrow_mut().claim(Vec::new(), now, now_ms);
        let finished = ledger.finish(entry, &ending, claim.as_ref());
        drop(ledger);
        if let Err(error) = finished {
            // The request is out; its outcome has to reach the user whatever has become of the disk.
            let ui = &self.trip.session.ui;
            ui.complain(&error);
            if ui.is_machine() {
                let error = error.full_message();
                outcome.warnings.push(format!("the ledger could not take the outcome: {error}"));
            }
            self.ledger_failed = Some(error);
        }
    }

    /// Attempts of one request, as long as another cannot do it twice, and what they come to. The first one may have its
    /// share of the vendor's rate limit already.
    fn attempts(
        &mut self,
        one: &mut LintedRequest,
        entry: Option<Uuid>,
        mut first: Option<Ticket>,
    ) -> (Outcome, u32) {
        let mut tries = Tries::new(self.clock.now(), one.dedupe_id.is_some());
        let (mut attempts, mut mended) = (0, false);
        let mut last: Option<Outcome> = None;
        loop {
            let ticket = match first.take().map_or_else(|| self.keep_pace(one, &tries), Ok) {
                Ok(ticket) => ticket,
                // Of one that went out before, that is what there is to tell.
                Err(held) => return (self.settle(one, &tries, last.unwrap_or(*held)), attempts),
            };
            attempts += 1;
            if attempts == 1 {
                tries.first = self.clock.now();
                self.errands.begin();
            } else if let (Some(entry), Some(mut ledger)) = (entry, self.pacing.ledger())
                && let Err(error) = ledger.attempt(entry, attempts, self.clock.now_ms())
            {
                self.trip.session.ui.complain(&error);
                self.ledger_failed = Some(error);
                let lost = Outcome {
                    message: Some("stopped, since the ledger is lost".to_owned()),
                    ..Outcome::of(Verdict::Unavailable)
                };
                return (self.settle(one, &tries, last.unwrap_or(lost)), attempts - 1);
            }
            let exchange = self.exchange(one, &tries, ticket);
            let stopped = self.fleet.stopped().is_some();
            if !mended && !stopped && self.mend(one, &exchange) {
                mended = true;
                continue;
            }
            let outcome = self.decide(one, &exchange);
            if let Some(pause) = outcome.retry_after {
                let until = self.clock.now().saturating_add(pause);
                self.pacing.pace.borrow_mut().hold(one.operation, until);
            }
            match self.next(one, &outcome, &tries) {
                Next::At(due) if !stopped && self.rest(&outcome, due) => {
                    tries = tries.again(outcome.verdict);
                    if let Err(error) = self.make_again(one) {
                        self.trip.session.ui.complain(&error);
                        return (self.settle(one, &tries, outcome), attempts);
                    }
                    last = Some(outcome);
                }
                Next::At(_) | Next::End => {
                    return (self.settle(one, &tries, outcome), attempts);
                }
            }
        }
    }

    /// What the attempts come to, and how what is in doubt can be repeated.
    fn settle(&self, one: &LintedRequest, tries: &Tries, outcome: Outcome) -> Outcome {
        let mut outcome = retry::settle(tries.unknown > 0, outcome);
        if let Some(id) = &one.dedupe_id {
            net::tell_repeat(one.operation, &mut outcome, id, one.typed_id);
        }
        outcome
    }

    /// One exchange, in what is left of the time.
    fn exchange(&mut self, one: &LintedRequest, tries: &Tries, ticket: Ticket) -> Exchange {
        let now = self.clock.now();
        let limit = retry::limit(one.operation, tries, &self.bounds(), now);
        let left = self.until.saturating_sub(now).min(limit);
        let exchange = dated(self.fleet.exchange(&one.request, left), self.trip.session.edge);
        self.pacing.end(ticket, one.operation, &exchange);
        exchange
    }

    /// Makes the request anew where nothing was done and the next one goes out otherwise.
    fn mend(&mut self, one: &mut LintedRequest, exchange: &Exchange) -> bool {
        let sealed = Sealed { recognised: false, token: one.token, base: one.request.base.clone() };
        let (vendor, errands) = (self.trip.vendor, &mut self.errands);
        if !self.mender.mends(vendor, errands, &sealed, one.operation, exchange) {
            return false;
        }
        match self.make_again(one) {
            Ok(()) => {
                let base = &one.request.base;
                self.trip
                    .session
                    .ui
                    .phase("again", &format!("nothing was done; once more, at {base}"));
                true
            }
            // The vendor's refusal is what there is to tell.
            Err(error) => {
                self.trip.session.ui.complain(&error);
                false
            }
        }
    }

    /// The same body with a signature of now. Its idempotency key is the one that the ledger has.
    fn make_again(&mut self, one: &mut LintedRequest) -> Result<()> {
        let prepared = self.errands.prepare(one.operation, &mut one.body, &[])?;
        if prepared.dedupe_id != one.dedupe_id {
            return Err(Error::new(
                ErrorKind::Bug,
                "another attempt would carry another idempotency key",
            )
            .help("it was not made; `herald history` tells what became of the one before"));
        }
        (one.request, one.token) = (prepared.request, prepared.token);
        self.mender.redirect(&mut one.request);
        Ok(())
    }

    fn decide(&self, one: &LintedRequest, exchange: &Exchange) -> Outcome {
        let vendor = self.trip.vendor;
        let read = |reply: &Reply| vendor.read(one.operation, reply);
        let mut outcome = net::decide(vendor.contract(), one.operation, exchange, &read);
        let asked = one.operation.asked(&one.body, &one.audience);
        net::account_for(vendor.contract(), one.operation, &mut outcome, asked);
        let targets = one.audience.targets();
        self.errands.redacted(outcome, &|name| targets.iter().any(|target| target.id == name))
    }

    fn next(&mut self, one: &LintedRequest, outcome: &Outcome, tries: &Tries) -> Next {
        let bounds = self.bounds();
        let (now, dice) = (self.clock.now(), self.clock.chance());
        let budget = &mut *self.pacing.budget.borrow_mut();
        let next = retry::next(one.operation, outcome, tries, &bounds, budget, now, dice);
        if let Next::At(due) = next {
            let wait = due.saturating_sub(now).as_millis();
            let why = outcome.message.as_deref().unwrap_or(outcome.verdict.word());
            self.trip.session.ui.phase("retry", &format!("in {wait} ms: {why}"));
        }
        next
    }

    fn bounds(&self) -> Bounds {
        Bounds { deadline: self.until, exchange: self.errands.left() }
    }
}
