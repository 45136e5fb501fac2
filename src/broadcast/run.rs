//! The engine: takes planned batches from a journal, sends them at the vendor's pace, and writes down what became of
//! them.
//!
//! One thread, no runtime, no clock of its own: the [`World`] carries requests, tells the time and says when somebody
//! asks to stop, so that a simulated one runs the same code. What is sent is on disk before it leaves: the intents of all
//! free connections and the outcomes since the last time are one commit, so that no more batches are ever *begun and not
//! ended* than there are connections - after a crash these, and no others, are in doubt.

use std::collections::{BinaryHeap, HashMap, VecDeque};
use std::time::Duration;

use super::halt::{Halt, Watch};
use super::parts::{Journal, Maker, Observer, Report, Sealed, Settings, World};
use super::tally::Tally;
use crate::contract::{Operation, Repeat};
use crate::error::Result;
use crate::ledger::{Batch, Change, Ending, Permit, PlannedBatch};
use crate::net::pace::{Pace, Ticket};
use crate::net::retry::{self, Bounds, Budget, Next, Tries};
use crate::outcome::{Outcome, Verdict};
use crate::wire::{Exchange, Request};

/// How long an answer is awaited once somebody asked to stop.
const GRACE: Duration = Duration::from_secs(5);

/// The longest that the engine waits without looking around.
const PATIENCE: Duration = Duration::from_millis(250);

/// How many connections there are at first. Each request that is accepted adds one, up to what was asked for, so that a
/// host that answers nothing gets a few requests and not all of them.
const FIRST_WINDOW: usize = 4;

/// How many retries there may be in a row, beside one for each connection: one refusal meets all that are under way.
const RETRIES: u32 = 10;

/// The longest pause that a run waits for: whoever resumes it can wait as well.
const LONGEST_PAUSE: Duration = Duration::from_secs(900);

/// A batch, and what this run has tried with it.
struct Item {
    batch: Batch,
    /// Attempts of this run.
    tries: u32,
    /// Whether a reason that lay on this side has been mended once.
    mended: bool,
}

impl Item {
    fn new(batch: Batch) -> Self {
        Self { batch, tries: 0, mended: false }
    }
}

/// A batch on its way.
struct Flying {
    item: Item,
    operation: &'static Operation,
    sealed: Sealed,
    pace: Ticket,
    started: Duration,
    started_ms: i64,
}

/// A batch that waits for its next attempt.
struct Waiting {
    due: Duration,
    order: u64,
    item: Item,
}

/// By when they are due, the first one the greatest.
impl Ord for Waiting {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (other.due, other.order).cmp(&(self.due, self.order))
    }
}

impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Waiting {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Waiting {}

/// What can be done next.
enum Choice {
    /// Send this.
    Send(Item, &'static Operation),
    /// Nothing before so much time has passed.
    Wait(Duration),
    /// There is nothing left to begin.
    Nothing,
}

/// Whether the few of a canary have gone out.
#[derive(Clone, Copy)]
enum Gate {
    /// So many targets may still begin before the pause.
    Few(u64),
    /// Nothing begins before this time.
    Soaking(Duration),
    /// There is none, or it is over.
    Open,
}

/// What the observer is told once it is on disk.
struct Told {
    batch: Batch,
    operation: &'static Operation,
    outcome: Outcome,
}

/// A run.
pub struct Engine<'a> {
    journal: &'a mut dyn Journal,
    world: &'a mut dyn World,
    maker: &'a mut dyn Maker,
    observer: &'a mut dyn Observer,
    settings: &'a Settings,
    pace: Pace,
    budget: Budget,
    watch: Watch,
    tally: Tally,
    gate: Gate,
    ahead: VecDeque<Item>,
    drained: bool,
    waiting: BinaryHeap<Waiting>,
    flight: HashMap<u64, Flying>,
    /// Changes that are not on disk yet.
    changes: Vec<Change>,
    told: Vec<Told>,
    window: usize,
    count: u64,
    halt: Option<Halt>,
    /// When somebody asked to stop.
    asked: Option<Duration>,
    last: Option<Outcome>,
}

impl<'a> Engine<'a> {
    /// A run over a job of which so much has come to an end before.
    pub fn new(
        journal: &'a mut dyn Journal,
        world: &'a mut dyn World,
        maker: &'a mut dyn Maker,
        observer: &'a mut dyn Observer,
        settings: &'a Settings,
        before: Tally,
    ) -> Self {
        let gate = match settings.limits.canary {
            Some(canary) if before.decided() < canary.targets => {
                Gate::Few(canary.targets - before.decided())
            }
            _ => Gate::Open,
        };
        Self {
            journal,
            world,
            maker,
            observer,
            settings,
            pace: Pace::new(),
            budget: Budget::of(RETRIES + u32::try_from(settings.concurrency).unwrap_or(u32::MAX)),
            watch: Watch::default(),
            tally: before,
            gate,
            ahead: VecDeque::new(),
            drained: false,
            waiting: BinaryHeap::new(),
            flight: HashMap::new(),
            changes: Vec::new(),
            told: Vec::new(),
            window: FIRST_WINDOW.min(settings.concurrency),
            count: 0,
            halt: None,
            asked: None,
            last: None,
        }
    }

    /// Sends until nothing is left, or something halts it. What is on its way is awaited either way.
    pub fn run(mut self) -> Report {
        loop {
            self.look_around();
            let pause = self.fill().unwrap_or_else(|error| {
                self.halt(Halt::Fault(error));
                PATIENCE
            });
            if self.flight.is_empty() && (self.halt.is_some() || self.is_done()) {
                break;
            }
            for (ticket, exchange) in self.world.wait(pause) {
                self.land(ticket, exchange);
            }
        }
        if let Err(error) = self.keep(Vec::new()) {
            // Told even where the run was halted before: what came back is not on disk.
            self.halt = Some(Halt::Fault(error));
        }
        Report { tally: self.tally, halt: self.halt, requests: self.count, last: self.last }
    }

    fn is_done(&self) -> bool {
        self.drained && self.ahead.is_empty() && self.waiting.is_empty() && self.changes.is_empty()
    }

    /// The first reason is the one that is told.
    fn halt(&mut self, halt: Halt) {
        self.halt.get_or_insert(halt);
    }

    /// Deadline and signals.
    fn look_around(&mut self) {
        let now = self.world.now();
        if let Some((stop, hurried)) = self.world.stopped() {
            let since = *self.asked.get_or_insert(now);
            self.halt(Halt::Signal(stop));
            if hurried || now >= since + GRACE {
                self.give_up();
            }
        }
        if self.settings.until.is_some_and(|until| now >= until) {
            if !self.is_done() || !self.flight.is_empty() {
                self.halt(Halt::Deadline);
            }
            self.give_up();
        }
    }

    fn give_up(&mut self) {
        for (ticket, exchange) in self.world.abandon() {
            self.land(ticket, exchange);
        }
    }

    /// Sends as much as may go out now, and tells how long nothing more can.
    fn fill(&mut self) -> Result<Duration> {
        let mut pause = PATIENCE;
        let mut ready: Vec<(Flying, Request)> = Vec::new();
        while self.halt.is_none() && self.flight.len() + ready.len() < self.window {
            let (item, operation) = match self.choose()? {
                Choice::Send(item, operation) => (item, operation),
                Choice::Wait(time) => {
                    pause = pause.min(time);
                    break;
                }
                Choice::Nothing => break,
            };
            if self.is_too_late(&item, operation, self.world.now()) {
                self.end(item, operation, forgotten(operation), Duration::ZERO);
                continue;
            }
            match self.maker.make(&item.batch) {
                Ok(made) => ready.push((self.board(item, operation, made.sealed), made.request)),
                Err(error) => {
                    self.ahead.push_front(item);
                    self.halt(Halt::Fault(error));
                }
            }
        }
        if !ready.is_empty() || !self.changes.is_empty() {
            self.keep(ready)?;
            if self.flight.is_empty() {
                pause = Duration::ZERO;
            }
        }
        Ok(pause)
    }

    /// Takes a batch on board: it counts from now on.
    fn board(&mut self, item: Item, operation: &'static Operation, sealed: Sealed) -> Flying {
        let started = self.world.now();
        let targets = item.batch.ids.len() as u64;
        if let Gate::Few(left) = &mut self.gate {
            *left = left.saturating_sub(targets);
        }
        let pace = self.pace.begin(operation, targets);
        Flying { item, operation, sealed, pace, started, started_ms: self.world.now_ms() }
    }

    /// Puts on disk what is about to leave and what has come back, and lets the former go.
    fn keep(&mut self, ready: Vec<(Flying, Request)>) -> Result<()> {
        let ended = self.changes.len();
        self.changes.extend(ready.iter().map(|(flying, _)| Change::Begin {
            batch: flying.item.batch.key,
            started_ms: flying.started_ms,
            dedupe_id: flying.sealed.dedupe_id.clone(),
        }));
        let permit = self.journal.commit(&self.changes);
        self.changes.truncate(ended);
        if permit.is_ok() {
            // What was cut has left its parts behind everything else.
            let cut = self.changes.iter().any(|change| matches!(change, Change::Split { .. }));
            self.drained &= !cut;
            self.changes.clear();
            for told in std::mem::take(&mut self.told) {
                self.observer.ended(&told.batch, told.operation, &told.outcome);
            }
        }
        match permit {
            Ok(Permit::Granted) => ready.into_iter().for_each(|(flying, request)| {
                let limit = self.limit();
                self.count += 1;
                self.world.start(self.count, request, limit);
                self.flight.insert(self.count, flying);
            }),
            Ok(Permit::Stopped) => {
                self.halt(Halt::Asked);
                self.unboard(ready);
            }
            Ok(Permit::NoRoom) => {
                self.halt(Halt::NoRoom);
                self.unboard(ready);
            }
            Err(error) => {
                self.unboard(ready);
                return Err(error);
            }
        }
        self.observer.progress(&self.tally);
        Ok(())
    }

    /// Nothing of these has left.
    fn unboard(&mut self, ready: Vec<(Flying, Request)>) {
        let now = self.world.now();
        for (flying, _) in ready {
            self.pace.end(flying.pace, now);
            self.ahead.push_front(flying.item);
        }
    }

    /// How long the next request may take.
    fn limit(&self) -> Duration {
        let left = self.settings.until.map(|until| until.saturating_sub(self.world.now()));
        left.map_or(self.settings.request_limit, |left| left.min(self.settings.request_limit))
    }

    /// What to send next: what is due again goes first.
    fn choose(&mut self) -> Result<Choice> {
        let now = self.world.now();
        if let Some(time) = self.closed(now) {
            return Ok(Choice::Wait(time));
        }
        let is_due = self.waiting.peek().is_some_and(|first| first.due <= now);
        if !is_due && self.ahead.is_empty() && !self.drained {
            let fresh = self.journal.next(self.settings.concurrency)?;
            self.drained = fresh.is_empty();
            self.ahead.extend(fresh.into_iter().map(Item::new));
        }
        let next =
            if is_due { self.waiting.peek().map(|first| &first.item) } else { self.ahead.front() };
        let Some(next) = next else {
            let due = self.waiting.peek().map(|first| first.due - now);
            return Ok(due.map_or(Choice::Nothing, Choice::Wait));
        };
        let operation = self.maker.operation(&next.batch);
        if let Err(time) = self.pace.ready(operation, next.batch.ids.len() as u64, now) {
            return Ok(Choice::Wait(time.saturating_sub(now)));
        }
        let item = if is_due {
            self.waiting.pop().map(|first| first.item)
        } else {
            self.ahead.pop_front()
        };
        Ok(item.map_or(Choice::Nothing, |item| Choice::Send(item, operation)))
    }

    /// How long the canary keeps everything else back. The pause begins when all answers to it are there.
    fn closed(&mut self, now: Duration) -> Option<Duration> {
        match self.gate {
            Gate::Open => None,
            Gate::Few(left) if left > 0 => None,
            Gate::Few(_) if !self.flight.is_empty() || !self.waiting.is_empty() => Some(PATIENCE),
            Gate::Few(_) => {
                let soak = self.settings.limits.canary.map_or(Duration::ZERO, |few| few.soak);
                self.gate = Gate::Soaking(now + soak);
                self.closed(now)
            }
            Gate::Soaking(until) if now < until => Some(until - now),
            Gate::Soaking(_) => {
                self.gate = Gate::Open;
                None
            }
        }
    }

    /// Decides what became of a request, and what becomes of its batch now.
    fn land(&mut self, ticket: u64, exchange: Exchange) {
        let Some(flying) = self.flight.remove(&ticket) else { return };
        let now = self.world.now();
        let Flying { mut item, operation, sealed, pace, started, started_ms } = flying;
        self.pace.end(pace, now);
        item.tries += 1;
        item.batch.attempts += 1;
        item.batch.first_started_ms.get_or_insert(started_ms);
        item.batch.dedupe_id.clone_from(&sealed.dedupe_id);
        if let Ok(reply) = &exchange {
            self.pace.heed(operation, reply, now);
        }
        if !item.mended && self.maker.mends(&sealed, operation, &exchange) {
            item.mended = true;
            return self.again(item, now);
        }
        let outcome = self.maker.decide(&item.batch, operation, &exchange);
        if let Some(pause) = outcome.retry_after.filter(|pause| *pause < LONGEST_PAUSE) {
            self.pace.hold(operation, now + pause);
        }
        match self.next(&item, operation, &outcome, now) {
            Next::At(due) => {
                item.batch.doubtful |= outcome.verdict == Verdict::Unknown;
                self.last = Some(outcome);
                self.again(item, due);
            }
            Next::End => {
                let outcome = retry::settle(item.batch.doubtful, outcome);
                if exchange.is_ok() {
                    self.watch.answered();
                } else if let Some(halt) = self.watch.unanswered() {
                    self.halt(halt);
                }
                self.end(item, operation, outcome, now - started);
            }
        }
    }

    /// Whether a batch goes out once more.
    fn next(
        &mut self,
        item: &Item,
        operation: &'static Operation,
        outcome: &Outcome,
        now: Duration,
    ) -> Next {
        if self.halt.is_some() {
            return Next::End;
        }
        let dice = self.world.chance();
        let (tries, bounds) = (self.tries(item, now), self.bounds());
        retry::next(operation, outcome, &tries, &bounds, &mut self.budget, now, dice)
    }

    fn tries(&self, item: &Item, now: Duration) -> Tries {
        let first = item.batch.first_started_ms.and_then(|ms| u64::try_from(ms).ok());
        Tries {
            count: item.tries,
            first: first.map_or(now, Duration::from_millis),
            unknown: item.batch.doubtful,
            deduplicated: item.batch.dedupe_id.is_some(),
        }
    }

    fn bounds(&self) -> Bounds {
        let exchange = self.settings.request_limit;
        let patience = self.world.now() + LONGEST_PAUSE;
        Bounds {
            deadline: self.settings.until.map_or(patience, |until| until.min(patience)),
            exchange,
        }
    }

    /// Whether a batch that may have arrived must not go out again, since the vendor would not recognise it any more.
    fn is_too_late(&self, item: &Item, operation: &Operation, now: Duration) -> bool {
        item.batch.doubtful
            && !retry::may_repeat(operation, &self.tries(item, now), &self.bounds(), now)
    }

    /// Back to what is planned, for another attempt at this time.
    fn again(&mut self, mut item: Item, due: Duration) {
        self.put_back(&mut item.batch);
        self.waiting.push(Waiting { due, order: self.count, item });
    }

    fn put_back(&mut self, batch: &mut Batch) {
        if !batch.doubtful {
            // The vendor's window begins with an attempt that may have arrived.
            batch.first_started_ms = None;
        }
        self.changes.push(Change::Again {
            batch: batch.key,
            attempts: batch.attempts,
            doubtful: batch.doubtful,
        });
    }

    /// A batch has come to its end, for this run at least.
    fn end(&mut self, item: Item, operation: &'static Operation, outcome: Outcome, took: Duration) {
        let Item { mut batch, .. } = item;
        match outcome.verdict {
            // Certainly not sent: it stays planned, for whoever resumes the job.
            Verdict::Denied | Verdict::Unavailable => {
                self.put_back(&mut batch);
                if outcome.verdict == Verdict::Denied {
                    self.halt(Halt::Denied);
                } else if outcome.http_status.is_some() {
                    self.halt(Halt::Throttled);
                }
                self.last = Some(outcome);
                return;
            }
            Verdict::Rejected if self.maker.may_be_one_targets_fault(&outcome) => {
                if self.watch.may_cut(batch.ids.len()) {
                    self.cut(&batch, outcome);
                    return;
                }
                if batch.ids.len() > 1 {
                    self.halt(Halt::Payload);
                }
            }
            Verdict::Accepted | Verdict::Partial => {
                self.watch.accepted();
                self.budget.accepted();
                self.window = (self.window + 1).min(self.settings.concurrency);
            }
            Verdict::Rejected | Verdict::Unknown => {}
        }
        let ending = self.ending(&batch, &outcome, took);
        self.tally.count(&batch.ids, &ending);
        self.changes.push(Change::End { batch: batch.key, ending });
        if outcome.verdict != Verdict::Accepted {
            self.last = Some(outcome.clone());
        }
        self.told.push(Told { batch, operation, outcome });
        if let Some(halt) = self.watch.failures(&self.settings.limits, &self.tally) {
            self.halt(halt);
        }
    }

    /// Two halves in the place of a batch that was rejected as a whole: whichever target was at fault, the others of its
    /// batch are not.
    fn cut(&mut self, batch: &Batch, outcome: Outcome) {
        let (first, second) = batch.ids.split_at(batch.ids.len() / 2);
        let part = |ids: &[String]| PlannedBatch {
            template: batch.template,
            ids: ids.to_vec(),
            vars: batch.vars.clone(),
        };
        let parts = vec![part(first), part(second)];
        self.changes.push(Change::Split { batch: batch.key, parts });
        self.last = Some(outcome);
    }

    fn ending(&self, batch: &Batch, outcome: &Outcome, took: Duration) -> Ending {
        let took = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        Ending::of(outcome, self.world.now_ms(), took, batch.attempts)
    }
}

/// The end of a batch that may have gone out in an earlier run, too long ago to be sent again.
fn forgotten(operation: &Operation) -> Outcome {
    let mut outcome = Outcome::of(Verdict::Unknown);
    outcome.message = Some("an earlier attempt may have been done".to_owned());
    if let Repeat::Deduplicated { field, seconds } = operation.repeat {
        outcome.advice = Some(format!(
            "the vendor recognised a repeat by `{field}` for {seconds} s, and these are over; find out, then say so with `herald history resolve`"
        ));
    }
    outcome
}
