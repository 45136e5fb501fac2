//! A few requests, one after the other: prerequisites, intent, attempts, outcome, ledger, report.

use std::cell::{RefCell, RefMut};
use std::time::Duration;

use uuid::Uuid;

use crate::contract::{Effect, Operation, Target};
use crate::env::clock::{SteadyClock, chance};
use crate::error::{Error, ErrorKind, Result};
use crate::exit::Exit;
use crate::guard::Guard;
use crate::ledger::{Batch, Ending, Ledger, Permit, Unmet};
use crate::net::pace::RateClaim;
use crate::net::{self, Fleet, Stop};
use crate::outcome::{Outcome, TargetResult, Verdict};
use crate::report::{self, SentReport};
use crate::send::context::SendContext;
use crate::send::delivery::Delivery;
use crate::send::executor::Halt;
use crate::send::executor::ports::{MadeRequest, Maker, Sealed};
use crate::send::executor::single::{
    Entry, Single, SingleJournal, SingleRun, SingleTransport, Talk, kept_back,
};
use crate::send::failover::Failover;
use crate::send::guard_prompt::{self, Bound};
use crate::send::prepared_request::LintedRequest;
use crate::send::prerequisites::{PreparedRequest, Prerequisites};
use crate::send::rate_limits::RateLimits;
use crate::wire::{Exchange, Reply};

/// Requests on their way, one at a time.
struct Sequence<'a, 'e> {
    context: &'a SendContext<'a>,
    fleet: &'a dyn Fleet,
    prerequisites: Prerequisites<'e>,
    failover: Failover,
    limits: &'a RateLimits,
    bound: Bound,
    /// When everything has to be over.
    until: Duration,
    /// The ledger could not take what became of a request: nothing more leaves, and the command ends so.
    ledger_failed: Option<Error>,
}

/// Sends one request after the other. What the vendor refuses to everybody, or cannot be reached for, ends it.
///
/// Over this transport, where one was needed before.
pub(crate) fn send_all(
    context: &SendContext<'_>,
    fleet: Option<Box<dyn Fleet>>,
    ready: Vec<LintedRequest>,
    overridden: &[Guard],
) -> Result<Delivery> {
    let acts = ready.iter().any(|one| one.operation.effect != Effect::Reads);
    let fleet = match fleet {
        Some(fleet) => fleet,
        None => context.app.transport(context.env, context.sending)?,
    };
    for one in &ready {
        fleet.prepare(&one.request)?;
    }
    let clock = SteadyClock::new(context.env.system);
    // Waiting for others who hold the ledger takes of this time, too.
    let until = clock.now() + context.sending.deadline();
    let mut limits = if acts {
        let ledger = context.app.open_ledger(context.env, context.sending)?;
        RateLimits::keeping(context.env, context.app, ledger)
    } else {
        RateLimits::new(context.env, context.sending, context.app)
    };
    limits.clock = clock.clone();
    let bound = guard_prompt::bound(context, ready.iter().map(LintedRequest::quota_use))?;
    let overridden = &bound.recorded(overridden);
    let (mut done, failed, ledger_failed) =
        context.with_prerequisites(fleet.as_ref(), &limits, |prerequisites| {
            let mut sequence = Sequence {
                context,
                fleet: fleet.as_ref(),
                prerequisites,
                failover: Failover::default(),
                limits: &limits,
                bound,
                until,
                ledger_failed: None,
            };
            let ended = sequence.run(ready, overridden);
            ended.map(|(done, failed)| (done, failed, sequence.ledger_failed))
        })?;
    let ui = &context.env.ui;
    let unsent = done.iter().filter(|one| one.attempts == 0).count();
    if unsent > 0 && done.len() > 1 {
        ui.warn(&format!("{unsent} of {} requests were not sent", done.len()));
    }
    done.extend_from_slice(context.aside);
    let stopped = fleet.stopped();
    Ok(Delivery { reports: done, ledger_failed, failed, stopped, is_printed: false })
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
        for one in ready {
            let one = &RefCell::new(one);
            if !done.is_empty() && self.limits.clock.now() >= self.until {
                over.get_or_insert("the deadline has passed");
            }
            if let Some(why) = over {
                done.push(self.unsent(&one.borrow(), why));
                continue;
            }
            match self.send(one, overridden) {
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
                    self.context.env.ui.complain(&error);
                    done.push(self.unsent(&one.borrow(), &error.to_string()));
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

    /// A request that was not sent, with the targets that it did not reach.
    fn unsent(&self, one: &LintedRequest, why: &str) -> SentReport {
        let target = |target: &Target| TargetResult {
            target: target.id.clone(),
            verdict: Verdict::Unavailable,
            id: None,
            code: None,
            message: Some("not sent".to_owned()),
        };
        let targets = one.audience.targets().iter().map(target).collect();
        let message = Some(format!("not sent: {why}"));
        let outcome = Outcome { message, targets, ..Outcome::of(Verdict::Unavailable) };
        self.report_of(one.operation, outcome)
    }

    /// What is told of a request that has made no attempt.
    fn report_of(&self, operation: &Operation, outcome: Outcome) -> SentReport {
        SentReport {
            provider: self.context.app.vendor.contract().id.to_owned(),
            operation: operation.id.to_owned(),
            profile: self.context.app.account.profile.clone(),
            outcome,
            ledger_id: None,
            attempts: 0,
            elapsed_ms: 0,
            take_back: None,
        }
    }

    /// Prerequisites, intent, attempts, outcome, for one request.
    fn send(&mut self, one: &RefCell<LintedRequest>, overridden: &[Guard]) -> Result<SentReport> {
        let context = self.context;
        let limits = self.limits;
        let (operation, began) = (one.borrow().operation, limits.clock.now());
        let entry = RefCell::new(EntryRecord {
            context,
            limits,
            bound: &self.bound,
            overridden,
            until: self.until,
            one,
            id: None,
            attempts: 0,
        });
        let (system, fleet) = (context.env.system, self.fleet);
        let run = {
            let tell = |name: &str, text: &str| context.env.ui.phase(name, text);
            let waits = |time| limits.tell_wait(time);
            let talk = Talk { tell: &tell, waits: &waits };
            let unsent = || entry.borrow().id.map(|_| held_by(fleet, limits, None));
            let finishes = |outcome: &mut Outcome| {
                let one = one.borrow();
                if let Some(id) = &one.dedupe_id {
                    net::tell_repeat(operation, outcome, id, one.typed_id);
                }
            };
            let mut single = Single::within(limits, talk, context.sending.deadline());
            single.settings.until = Some(self.until);
            single.settings.rate_until = Some(self.until);
            single.settings.began = Some(began);
            let single = Single { finishes: &finishes, unsent: &unsent, ..single };
            let mut transport = SingleTransport {
                transport: fleet,
                rest: &|pause| drop(fleet.wait(pause)),
                clock: &limits.clock,
                now_ms: &|| system.now_ms(),
                chance: &|| chance(system),
                started: None,
            };
            let mut maker = MessageMaker {
                context,
                fleet,
                prerequisites: &mut self.prerequisites,
                failover: &mut self.failover,
                one,
                is_again: false,
            };
            let mut shared = SharedEntry(&entry);
            let journal = SingleJournal::new(limits, operation);
            let mut journal = match operation.effect {
                Effect::Reads => journal,
                _ => journal.with(&mut shared),
            };
            single.execute(&mut journal, &mut transport, &mut maker)
        };
        let entry = entry.into_inner().id;
        let (outcome, attempts) = self.came_to(run, entry.is_some())?;
        context.env.ui.phase("outcome", outcome.verdict.word());
        let took = limits.clock.now().saturating_sub(began);
        let reaches = operation.effect == Effect::Sends
            && matches!(outcome.verdict, Verdict::Accepted | Verdict::Partial | Verdict::Unknown);
        Ok(SentReport {
            ledger_id: entry.map(|entry| entry.to_string()),
            attempts,
            elapsed_ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
            take_back: reaches.then(|| report::take_back(operation)),
            ..self.report_of(operation, outcome)
        })
    }

    /// The outcome of a run, or the error that kept its request from being made at all.
    fn came_to(&mut self, run: SingleRun, has_entry: bool) -> Result<(Outcome, u32)> {
        let SingleRun { ended, halt, held_until } = run;
        match (ended, halt) {
            (Some((mut outcome, attempts)), Some(Halt::Fault(error))) => {
                // The request is out, or was: its outcome has to reach the user, whatever has become of the disk.
                let ui = &self.context.env.ui;
                ui.complain(&error);
                if error.kind() == ErrorKind::Ledger && has_entry {
                    if ui.is_machine() {
                        let error = error.full_message();
                        let warning = format!("the ledger could not take the outcome: {error}");
                        outcome.warnings.push(warning);
                    }
                    self.ledger_failed = Some(error);
                }
                Ok((outcome, attempts))
            }
            (Some(ended), _) => Ok(ended),
            (None, Some(Halt::Fault(error))) => Err(error),
            (None, _) => Ok((held_by(self.fleet, self.limits, held_until), 0)),
        }
    }
}

/// Why a request that the vendor's rate limit allows at this time did not go out.
fn held_by(fleet: &dyn Fleet, limits: &RateLimits, due: Option<Duration>) -> Outcome {
    if fleet.stopped().is_some() {
        let advice = "nothing was sent; try again".to_owned();
        return kept_back("stopped while the vendor's pace was kept", advice);
    }
    let seconds = due.unwrap_or_default().saturating_sub(limits.clock.now()).as_secs() + 1;
    kept_back(
        "the vendor's pace allows no request before the deadline",
        format!(
            "nothing was sent; it may go in {seconds} s: try again then, or with a longer --deadline"
        ),
    )
}

/// The entry of a request, and what it needs to be written down.
struct EntryRecord<'a> {
    context: &'a SendContext<'a>,
    limits: &'a RateLimits,
    bound: &'a Bound,
    overridden: &'a [Guard],
    /// When everything has to be over.
    until: Duration,
    one: &'a RefCell<LintedRequest>,
    /// Once it is on disk.
    id: Option<Uuid>,
    attempts: u32,
}

impl EntryRecord<'_> {
    fn ledger(&self) -> Result<RefMut<'_, Ledger>> {
        let bug = || Error::new(ErrorKind::Bug, "a request that acts has no ledger");
        self.limits.ledger().ok_or_else(bug)
    }

    /// Puts the intent on disk, where the vendor's rate limit has room: both in one transaction, since other processes share
    /// the limit.
    fn write_down(&self, claim: Option<&RateClaim>) -> Result<(Permit, Option<Uuid>)> {
        let (context, one) = (self.context, self.one.borrow());
        let mut ledger = self.ledger()?;
        // Another process may hold it.
        ledger.wait_at_most(self.until.saturating_sub(self.limits.clock.now()))?;
        let intent = one.intent(context, self.overridden);
        let terms = self.bound.terms(one.quota_use());
        match ledger.begin_sharing(&intent, &terms, claim)? {
            None => {
                context.env.ui.phase("ledger", &format!("the intent {} is on disk", intent.id));
                // The outcome may wait for the ledger as long as it has to.
                ledger.wait_at_most(Duration::MAX)?;
                Ok((Permit::Granted, Some(intent.id)))
            }
            Some(Unmet::RateLimited { until_ms }) => {
                Ok((Permit::RateLimited { begun: 0, until_ms }, None))
            }
            Some(unmet) => Err(self.bound.refusal(context, one.operation, &unmet)),
        }
    }

    fn begin(&mut self, claim: Option<&RateClaim>) -> Result<Permit> {
        let Some(id) = self.id else {
            let (permit, id) = self.write_down(claim)?;
            (self.id, self.attempts) = (id, 1);
            return Ok(permit);
        };
        let permit = self.limits.share(self.one.borrow().operation, claim);
        if permit == Permit::Granted {
            self.attempts += 1;
            let mut ledger = self.ledger()?;
            ledger.in_place()?;
            // Told in `history` alone: what counts is the intent.
            let _ = ledger.attempt(id, self.attempts, self.context.env.system.now_ms());
        }
        Ok(permit)
    }

    /// Puts the outcome on disk, without an id that is a secret itself.
    fn finish(&self, ending: &Ending, claim: Option<&RateClaim>) -> Result<()> {
        let Some(id) = self.id else { return Ok(()) };
        let ending = self.context.app.kept_ending(ending);
        self.ledger()?.finish_sharing(id, &ending, claim)
    }
}

/// The entry as the journal sees it.
struct SharedEntry<'a, 'e>(&'a RefCell<EntryRecord<'e>>);

impl Entry for SharedEntry<'_, '_> {
    fn begin(&mut self, claim: Option<&RateClaim>) -> Result<Permit> {
        self.0.borrow_mut().begin(claim)
    }

    fn finish(&mut self, ending: &Ending, claim: Option<&RateClaim>) -> Result<()> {
        self.0.borrow().finish(ending, claim)
    }
}

/// Makes the attempts of a message.
struct MessageMaker<'a, 'e> {
    context: &'a SendContext<'a>,
    fleet: &'a dyn Fleet,
    prerequisites: &'a mut Prerequisites<'e>,
    failover: &'a mut Failover,
    one: &'a RefCell<LintedRequest>,
    is_again: bool,
}

impl Maker for MessageMaker<'_, '_> {
    fn operation(&self, _: &Batch) -> &'static Operation {
        self.one.borrow().operation
    }

    fn targets(&self, _: &Batch) -> u64 {
        self.one.borrow().targets()
    }

    fn make(&mut self, _: &Batch) -> Result<MadeRequest> {
        let one = &mut *self.one.borrow_mut();
        let is_first = !std::mem::replace(&mut self.is_again, true);
        let prepared = one.equip(self.context, self.prerequisites, is_first)?;
        let PreparedRequest { mut request, dedupe_id, token } = prepared;
        self.failover.redirect(&mut request);
        // What was fetched for it may be in its headers now.
        self.fleet.prepare(&request)?;
        self.prerequisites.begin();
        one.request.base.clone_from(&request.base);
        let base = request.base.clone();
        let sealed = Sealed { recognised: dedupe_id.is_some(), token, base };
        Ok(MadeRequest { request, dedupe_id, sealed })
    }

    fn mends(
        &mut self,
        sealed: &Sealed,
        operation: &'static Operation,
        exchange: &Exchange,
    ) -> bool {
        let vendor = self.context.app.vendor;
        self.failover.mends(vendor, self.prerequisites, sealed, operation, exchange)
    }

    fn decide(&self, _: &Batch, operation: &'static Operation, exchange: &Exchange) -> Outcome {
        let (vendor, one) = (self.context.app.vendor, self.one.borrow());
        let read = |reply: &Reply| vendor.read(operation, reply);
        let mut outcome = net::decide(vendor.contract(), operation, exchange, &read);
        let asked = operation.asked(&one.body, &one.audience);
        net::account_for(vendor.contract(), operation, &mut outcome, asked);
        let targets = one.audience.targets();
        let is_asked = |name: &str| targets.iter().any(|target| target.id == name);
        self.prerequisites.redacted(outcome, &is_asked)
    }
}
