//! A few requests, one after the other: errands, intent, attempts, outcome, ledger, report.

use std::time::Duration;

use super::carry::{Carrier, Mender};
use super::errand::Errands;
use super::guarding::{self, Bound};
use super::pacing;
use super::ready::Ready;
use super::trip::Trip;
use crate::broadcast::parts::{Sealed, World as _};
use crate::contract::Effect;
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::guard::Guard;
use crate::ledger::{Ending, Intent, Ledger};
use crate::net::pace::Pace;
use crate::net::retry::{self, Bounds, Budget, Next, Tries};
use crate::net::{self, Fleet, Stop};
use crate::outcome::{Outcome, Verdict};
use crate::report::{self, Sent};
use crate::wire::{Exchange, Failure, Phase, Reply};

/// Requests on their way, one at a time.
struct Sequence<'a, 'e> {
    trip: &'a Trip<'a>,
    fleet: &'a dyn Fleet,
    clock: Carrier<'a>,
    errands: Errands<'e>,
    mender: Mender,
    pace: Pace,
    bound: Bound,
    budget: Budget,
    /// When everything has to be over.
    until: Duration,
}

/// Sends one request after the other. What the vendor refuses to everybody, or cannot be reached for, ends it.
pub(super) fn send_all(trip: &Trip<'_>, ready: Vec<Ready>, overridden: &[Guard]) -> Result<Exit> {
    let acts = ready.iter().any(|one| one.operation.effect != Effect::Reads);
    let fleet = trip.world.transport(trip.session, trip.sending)?;
    for one in &ready {
        fleet.prepare(&one.request)?;
    }
    let clock = Carrier::new(fleet.as_ref(), trip.session.edge);
    // Waiting for others who hold the ledger takes of this time, too.
    let until = clock.now() + trip.sending.deadline();
    let mut ledger =
        if acts { Some(trip.world.open_ledger(trip.session, trip.sending)?) } else { None };
    let total = ready.len();
    let operations = || ready.iter().map(|one| one.operation);
    let bound = guarding::bound(trip, operations())?;
    let overridden = &bound.recorded(overridden);
    let pace = pacing::known(trip, ledger.as_mut(), operations(), clock.now());
    let (mut done, failed) = trip.with_errands(fleet.as_ref(), |errands| {
        let mut sequence = Sequence {
            trip,
            fleet: fleet.as_ref(),
            clock,
            errands,
            mender: Mender::default(),
            pace,
            bound,
            budget: Budget::default(),
            until,
        };
        sequence.run(ready, overridden, ledger.as_mut())
    })?;
    let ui = &trip.session.ui;
    let unsent = total - done.len();
    done.extend_from_slice(trip.aside);
    let exit = report::sent(ui, &done);
    if unsent > 0 {
        ui.warn(&format!("{unsent} of {total} requests were not sent"));
    }
    Ok(match fleet.stopped() {
        Some(Stop::Interrupted) => Exit::Interrupted,
        Some(Stop::Terminated) => Exit::Terminated,
        None => failed.map_or(exit, |failed| match Exit::worst([exit, failed]) {
            // A fault of herald's own input is not among those that results have.
            Exit::Done => failed,
            worst => worst,
        }),
    })
}

impl Sequence<'_, '_> {
    /// What became of those that went out, and the fault that ended it after that.
    fn run(
        &mut self,
        ready: Vec<Ready>,
        overridden: &[Guard],
        mut ledger: Option<&mut Ledger>,
    ) -> Result<(Vec<Sent>, Option<Exit>)> {
        let mut done = Vec::new();
        for mut one in ready {
            if !done.is_empty() && self.clock.now() >= self.until {
                break;
            }
            let sent = match self.send(&mut one, overridden, ledger.as_deref_mut()) {
                Ok(sent) => sent,
                Err(error) if done.is_empty() => {
                    return Err(stopped_by(self.fleet.stopped(), error));
                }
                // What went out before has to be told all the same.
                Err(error) => {
                    self.trip.session.ui.complain(&error);
                    return Ok((done, Some(error.exit())));
                }
            };
            let over = matches!(sent.outcome.verdict, Verdict::Denied | Verdict::Unavailable);
            done.push(sent);
            if over || self.fleet.stopped().is_some() {
                break;
            }
        }
        Ok((done, None))
    }

    /// Errands, intent, attempts, outcome, for one request.
    fn send(
        &mut self,
        one: &mut Ready,
        overridden: &[Guard],
        ledger: Option<&mut Ledger>,
    ) -> Result<Sent> {
        let trip = self.trip;
        let ui = &trip.session.ui;
        let mut ledger = ledger.filter(|_| one.operation.effect != Effect::Reads);
        let began = self.clock.now();
        one.equip(trip, &mut self.errands)?;
        let intent = one.intent(trip, overridden);
        if let Some(ledger) = ledger.as_deref_mut() {
            ledger.wait_at_most(self.until.saturating_sub(self.clock.now()))?;
            if let Some(unmet) = ledger.begin_within(&intent, &self.bound.terms(one.operation))? {
                return Err(self.bound.refusal(trip, one.operation, &unmet));
            }
            ui.phase("ledger", &format!("the intent {} is on disk", intent.id));
            // What becomes of it is worth more time.
            ledger.wait_at_most(Duration::MAX)?;
        }
        let (mut outcome, attempts) = self.attempts(one, &intent, ledger.as_deref_mut());
        ui.phase("outcome", outcome.verdict.word());
        let took = self.clock.now().saturating_sub(began);
        let elapsed_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        let reaches = one.operation.effect == Effect::Sends
            && matches!(outcome.verdict, Verdict::Accepted | Verdict::Partial | Verdict::Unknown);
        let ledger_id = ledger.is_some().then(|| intent.id.to_string());
        if let Some(ledger) = ledger {
            let ending = Ending::of(&outcome, self.clock.now_ms(), elapsed_ms, attempts);
            if let Err(error) = ledger.finish(intent.id, &ending) {
                // The request is out; its outcome has to reach the user whatever has become of the disk.
                let error = error.full_message();
                outcome.warnings.push(format!("the ledger could not take the outcome: {error}"));
            }
        }
        Ok(Sent {
            provider: trip.vendor.contract().id.to_owned(),
            operation: one.operation.id.to_owned(),
            profile: trip.world.account.profile.clone(),
            outcome,
            ledger_id,
            attempts,
            elapsed_ms,
            take_back: reaches.then(|| report::take_back(one.operation)),
        })
    }

    /// Attempts of one request, as long as another cannot do it twice, and what they come to.
    fn attempts(
        &mut self,
        one: &mut Ready,
        intent: &Intent,
        mut ledger: Option<&mut Ledger>,
    ) -> (Outcome, u32) {
        self.errands.begin();
        let mut tries = Tries::new(self.clock.now(), one.dedupe_id.is_some());
        let (mut attempts, mut mended) = (0, false);
        loop {
            attempts += 1;
            if let Some(ledger) = ledger.as_deref_mut().filter(|_| attempts > 1) {
                // Told in `history` alone: what counts is the intent.
                let _ = ledger.attempt(intent.id, attempts, self.clock.now_ms());
            }
            let exchange = self.exchange(one, &tries);
            let stopped = self.fleet.stopped().is_some();
            if !mended && !stopped && self.mend(one, &exchange) {
                mended = true;
                continue;
            }
            let outcome = self.decide(one, &exchange);
            if let Some(pause) = outcome.retry_after {
                self.pace.hold(one.operation, self.clock.now().saturating_add(pause));
            }
            match self.next(one, &outcome, &tries) {
                Next::At(due) if !stopped && self.sleep(due) => {
                    tries = tries.again(outcome.verdict);
                    if let Err(error) = self.make_again(one) {
                        self.trip.session.ui.complain(&error);
                        return (retry::settle(tries.unknown, outcome), attempts);
                    }
                }
                Next::At(_) | Next::End => {
                    return (retry::settle(tries.unknown, outcome), attempts);
                }
            }
        }
    }

    /// One exchange, in what is left of the time, when the vendor's pace allows it.
    fn exchange(&mut self, one: &Ready, tries: &Tries) -> Exchange {
        let unsent = |reason: &str| Failure { phase: Phase::Connect, reason: reason.to_owned() };
        let targets = one.audience.count().unwrap_or(1) as u64;
        while let Err(due) = self.pace.ready(one.operation, targets, self.clock.now()) {
            if due >= self.until {
                return Err(unsent("the vendor's pace allows no request before the deadline"));
            }
            if !self.sleep(due) {
                return Err(unsent("stopped while the vendor's pace was kept"));
            }
        }
        let now = self.clock.now();
        if tries.unknown && !retry::may_repeat(one.operation, tries, &self.bounds(), now) {
            // The pace has cost the time in which this would not have been done twice.
            return Err(unsent("the vendor would no longer recognise a repeat"));
        }
        let left = self.until.saturating_sub(now).min(self.errands.left());
        let ticket = self.pace.begin(one.operation, targets);
        let exchange = self.fleet.exchange(&one.request, left);
        self.pace.end(ticket, self.clock.now());
        if let Ok(reply) = &exchange {
            self.pace.heed(one.operation, reply, self.clock.now());
        }
        exchange
    }

    /// Makes the request anew where nothing was done and the next one goes out otherwise.
    fn mend(&mut self, one: &mut Ready, exchange: &Exchange) -> bool {
        let sealed = Sealed { dedupe_id: None, token: one.token, base: one.request.base.clone() };
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

    /// The same body with a signature of now.
    fn make_again(&mut self, one: &mut Ready) -> Result<()> {
        let prepared = self.errands.prepare(one.operation, &mut one.body, &[])?;
        (one.request, one.token) = (prepared.request, prepared.token);
        self.mender.redirect(&mut one.request);
        Ok(())
    }

    fn decide(&self, one: &Ready, exchange: &Exchange) -> Outcome {
        let vendor = self.trip.vendor;
        let read = |reply: &Reply| vendor.read(one.operation, reply);
        let mut outcome = net::decide(vendor.contract(), one.operation, exchange, &read);
        let asked = one.audience.targets().iter().map(|target| target.id.as_str());
        net::account_for(one.operation, &mut outcome, asked);
        outcome
    }

    fn next(&mut self, one: &Ready, outcome: &Outcome, tries: &Tries) -> Next {
        let bounds = self.bounds();
        let (now, dice) = (self.clock.now(), self.clock.chance());
        let next = retry::next(one.operation, outcome, tries, &bounds, &mut self.budget, now, dice);
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

    /// Waits until a moment; `false` where somebody asks to stop before.
    fn sleep(&mut self, due: Duration) -> bool {
        while self.fleet.stopped().is_none() {
            let left = due.saturating_sub(self.clock.now());
            if left.is_zero() {
                return true;
            }
            self.fleet.wait(left);
        }
        false
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
