//! The engine: takes planned batches from a journal, sends them at the vendor's pace, and writes down what became of
//! them.
//!
//! No thread, no runtime, no clock of its own: the [`EngineWorld`] carries requests, tells the time and says when somebody asks
//! to stop, so that a simulated one runs the same code. What is sent is on disk before it leaves: the intents of all free
//! connections and the outcomes since the last time are one commit, so that no more batches are ever *begun and not ended*
//! than there are connections - after a crash these, and no others, are in doubt. While the journal is at work on a commit,
//! the engine reads answers and makes the requests of the next one.

mod gate;
mod item;
mod keep;
mod land;
#[cfg(test)]
mod tests;

use std::collections::{BinaryHeap, HashMap, VecDeque};
use std::time::Duration;

use super::halt::{FailureWatch, Halt};
use super::parts::{Journal, MadeRequest, Maker, Observer, RunReport, RunSettings};
use super::tally::TargetCounts;
use crate::contract::Operation;
use crate::error::{Again, Error, ErrorKind, Result};
use crate::ledger::BatchChange;
use crate::net::pace::{self, LONG_WAIT};
use crate::net::retry::{self, RetryBudget};
use crate::outcome::Outcome;
use crate::send::ports::EngineWorld;
use gate::Gate;
use item::{Flying, ObserverEvent, ReadyBatch, RunBatch, Waiting};
use keep::Handed;

/// How long an answer is awaited once somebody asked to stop.
const GRACE: Duration = Duration::from_secs(5);

/// The longest that the engine waits without looking around.
const PATIENCE: Duration = Duration::from_millis(250);

/// How long the journal is waited for before it is looked whether anything else has come.
const GLANCE: Duration = Duration::from_millis(10);

/// How long requests are made while others could leave.
const AWHILE: Duration = Duration::from_millis(5);

/// How long a request waits at first for what it needs and cannot be had; twice as long the next time.
const UNREADY: Duration = Duration::from_secs(1);

/// How many connections there are at first. Each request that is accepted adds one, up to what was asked for, so that a
/// host that answers nothing gets a few requests and not all of them.
const FIRST_WINDOW: usize = 4;

/// How many retries there may be in a row, beside one for each connection: one refusal meets all that are under way.
const RETRIES: u32 = 10;

/// The longest pause that a run waits for: whoever resumes it can wait as well.
const LONGEST_PAUSE: Duration = Duration::from_secs(900);

/// What can be done next.
enum NextStep {
    /// Send this.
    Send(RunBatch, &'static Operation),
    /// Nothing before so much time has passed.
    Wait(Duration),
    /// There is nothing left to begin.
    Nothing,
}

/// A run.
pub struct Engine<'a> {
    journal: &'a mut dyn Journal,
    world: &'a mut dyn EngineWorld,
    maker: &'a mut dyn Maker,
    observer: &'a mut dyn Observer,
    settings: &'a RunSettings,
    pace: pace::Shared,
    budget: RetryBudget,
    watch: FailureWatch,
    tally: TargetCounts,
    gate: Gate,
    ahead: VecDeque<RunBatch>,
    drained: bool,
    /// Parts of batches that were cut, not yet taken from the journal.
    parts: usize,
    waiting: BinaryHeap<Waiting>,
    flight: HashMap<u64, Flying>,
    /// Requests whose beginnings the journal does not have yet.
    ready: Vec<ReadyBatch>,
    /// What the journal is at work on.
    handed: Option<Handed>,
    /// What has come back, and the journal does not have yet.
    changes: Vec<BatchChange>,
    /// What to tell once it is kept, in the order of the changes.
    told: VecDeque<ObserverEvent>,
    window: usize,
    /// How many may be under way at most: as many as was asked for, and fewer where no more can be opened.
    most: usize,
    count: u64,
    halt: Option<Halt>,
    /// When the journal was last asked whether the job is to stop.
    looked: Duration,
    /// How long it takes of late until it is known that something is kept, and until there is an answer.
    commit_took: Duration,
    answer_took: Duration,
    /// The longest that an answer took.
    slowest: Duration,
    /// How often in a row a request could not be made, and from when on it is tried again.
    unready: u32,
    ready_from: Duration,
    /// Whether that is for the vendor's rate limit.
    is_rate_wait: bool,
    /// Until when a rate limit that other processes share has no room, and how many requests are worth asking for then.
    held_until: Duration,
    room: usize,
    /// The end of the last wait for a rate limit that the observer was told of.
    told_until: Duration,
    /// When somebody asked to stop.
    asked: Option<Duration>,
    last: Option<Outcome>,
}

impl<'a> Engine<'a> {
    /// A run over a job of which so much has come to an end before.
    pub fn new(
        journal: &'a mut dyn Journal,
        world: &'a mut dyn EngineWorld,
        maker: &'a mut dyn Maker,
        observer: &'a mut dyn Observer,
        settings: &'a RunSettings,
        before: TargetCounts,
    ) -> Self {
        Self {
            journal,
            world,
            maker,
            observer,
            settings,
            pace: pace::Shared::default(),
            budget: RetryBudget::of(
                RETRIES + u32::try_from(settings.concurrency).unwrap_or(u32::MAX),
            ),
            watch: FailureWatch::new(before.accepted > 0),
            gate: Gate::of(settings.limits.canary, before.decided()),
            tally: before,
            ahead: VecDeque::new(),
            drained: false,
            parts: 0,
            waiting: BinaryHeap::new(),
            flight: HashMap::new(),
            ready: Vec::new(),
            handed: None,
            changes: Vec::new(),
            told: VecDeque::new(),
            window: FIRST_WINDOW.min(settings.concurrency),
            most: settings.concurrency,
            count: 0,
            halt: None,
            looked: Duration::ZERO,
            commit_took: Duration::ZERO,
            answer_took: Duration::ZERO,
            slowest: Duration::ZERO,
            unready: 0,
            ready_from: Duration::ZERO,
            is_rate_wait: false,
            held_until: Duration::ZERO,
            room: usize::MAX,
            told_until: Duration::ZERO,
            asked: None,
            last: None,
        }
    }

    /// Begins with what is known of earlier runs, at the pace of whoever else makes requests.
    pub fn paced(mut self, pace: pace::Shared) -> Self {
        self.pace = pace;
        self
    }

    /// Sends until nothing is left, or something halts it. What is on its way is awaited either way.
    pub fn run(mut self) -> RunReport {
        // What failed in earlier runs counts: going on past it takes a limit that says so.
        self.watch_failures();
        loop {
            self.look_around();
            let pause = self.advance().unwrap_or_else(|error| self.fail(error));
            if self.under_way() == 0 && (self.halt.is_some() || self.is_done()) {
                break;
            }
            let mut landed = self.world.wait(pause);
            if landed.is_empty()
                && self.handed.is_some()
                && self.journal.is_done(GLANCE)
                && let Err(error) = self.settle()
            {
                let pause = self.fail(error);
                landed = self.world.wait(pause);
            }
            for (ticket, exchange) in landed {
                self.land(ticket, exchange);
            }
        }
        self.leave();
        let mut unkept = Vec::new();
        if let Err(error) = self.keep_all() {
            // Told even where the run was halted before: what came back is not on disk.
            self.halt = Some(Halt::Fault(error));
            unkept = self.tell_unkept();
        }
        if self.had_nothing_to_halt() {
            self.halt = None;
        }
        let (requests, last) = (self.count, self.last);
        RunReport { tally: self.tally, halt: self.halt, requests, last, unkept }
    }

    /// Whether all had come to its end by the time that it was halted. A signal, a pause or the deadline may have given up
    /// what was awaited, or have kept it from going out once more.
    fn had_nothing_to_halt(&self) -> bool {
        let is_all_known = self.tally.unknown + self.tally.unavailable == 0;
        self.tally.left() == 0
            && match self.halt {
                Some(Halt::Failures { .. }) => true,
                Some(Halt::Signal(_) | Halt::Throttled | Halt::Deadline) => is_all_known,
                _ => false,
            }
    }

    fn is_done(&self) -> bool {
        self.drained
            && self.parts == 0
            && self.ahead.is_empty()
            && self.waiting.is_empty()
            && self.changes.is_empty()
            && self.handed.is_none()
    }

    /// Halts where too many have failed.
    fn watch_failures(&mut self) {
        if let Some(halt) = self.watch.failures(&self.settings.limits, &self.tally) {
            self.halt(halt);
        }
    }

    /// The first reason is the one that is told.
    fn halt(&mut self, halt: Halt) {
        self.halt.get_or_insert(halt);
    }

    /// Halts with a failure of this side. How long to wait before anything else is tried.
    fn fail(&mut self, error: Error) -> Duration {
        self.halt(Halt::Fault(error));
        if self.flight.is_empty() { Duration::ZERO } else { PATIENCE }
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
        let Some(until) = self.settings.until else { return };
        // What begins too late for its answer would be given up in doubt.
        let last = until.saturating_sub((2 * self.slowest).min(GRACE));
        if now >= last && (!self.is_done() || !self.flight.is_empty() && now >= until) {
            self.halt(Halt::Deadline);
        }
        if now >= until {
            self.give_up();
        }
    }

    fn give_up(&mut self) {
        for (ticket, exchange) in self.world.abandon() {
            self.land(ticket, exchange);
        }
    }

    /// Puts a batch back whose request could not be made. What requests need first - a token, an id - may be refused for
    /// now: then all of them wait, and the run goes on.
    fn not_made(&mut self, item: RunBatch, error: Error) {
        self.ahead.push_front(item);
        self.is_rate_wait = error.when().is_some();
        if let Some(Again::Held(pause)) = error.when() {
            // Nobody was asked: that is no failure, however often it happens.
            self.ready_from = self.world.now() + pause;
            return;
        }
        self.unready += 1;
        let told = match error.when() {
            Some(Again::Told(pause)) => Some(pause),
            Some(Again::Held(_) | Again::Never) | None => None,
        };
        let is_over =
            told.is_some_and(|pause| pause >= LONGEST_PAUSE) || error.when() == Some(Again::Never);
        if error.kind() != ErrorKind::Unavailable || self.unready >= retry::ATTEMPTS || is_over {
            return self.halt(Halt::Fault(error));
        }
        let pause = match told {
            Some(_) => retry::pause(told, self.unready, self.world.chance()),
            None => UNREADY.saturating_mul(1 << self.unready),
        };
        self.ready_from = self.world.now() + pause;
    }

    /// Makes what may go out now, hands it to the journal, and tells how long nothing more can be done.
    fn advance(&mut self) -> Result<Duration> {
        self.settle_if_done()?;
        let pause = self.fill()?;
        let has_settled = self.settle_if_done()?;
        if self.handed.is_none() {
            self.hand_over();
        }
        // While the journal is at work, and after what it has just kept, there may be more to do.
        Ok(if has_settled || self.handed.is_some() { Duration::ZERO } else { pause })
    }

    /// Makes as many requests as may go out now, and tells how long nothing more can.
    fn fill(&mut self) -> Result<Duration> {
        let late = self.world.now() + AWHILE;
        while self.halt.is_none()
            && self.under_way() < self.window()
            && self.ready.len() < self.room
        {
            if self.handed.is_some() && self.world.now() > late {
                // What one request needs first may take long; others are not to wait for it.
                break;
            }
            let (item, operation) = match self.choose()? {
                NextStep::Send(item, operation) => (item, operation),
                NextStep::Wait(time) => return Ok(time.min(PATIENCE)),
                NextStep::Nothing => break,
            };
            if item.batch.doubtful && self.is_too_late(&item, operation, self.world.now()) {
                let forgotten = land::forgotten(operation, &item.batch, true);
                self.end(item, operation, forgotten, Duration::ZERO);
                continue;
            }
            match self.maker.make(&item.batch) {
                Ok(made) => {
                    self.unready = 0;
                    let now = self.world.now();
                    if self.pace.borrow_mut().ready(operation, item.targets(), now).is_err() {
                        // What it needed beforehand has taken its place.
                        self.ahead.push_front(item);
                        break;
                    }
                    self.board(item, operation, made)?;
                }
                Err(error) => {
                    self.not_made(item, error);
                    break;
                }
            }
        }
        Ok(PATIENCE)
    }

    /// How many are on their way, or about to leave.
    fn under_way(&self) -> usize {
        let handed = self.handed.as_ref().map_or(0, |handed| handed.ready.len());
        self.flight.len() + handed + self.ready.len()
    }

    /// How many may be on their way.
    fn window(&self) -> usize {
        self.window.min(self.watch.room())
    }

    /// Takes a batch on board: it counts from now on. Its idempotency key is chosen here, before the beginning is on disk,
    /// and stays with the batch on every way back: under another key a repeat would be a second message.
    fn board(
        &mut self,
        mut item: RunBatch,
        operation: &'static Operation,
        made: MadeRequest,
    ) -> Result<()> {
        let MadeRequest { request, dedupe_id, sealed } = made;
        if let Err(error) = item.batch.take_key(dedupe_id) {
            self.ahead.push_front(item);
            return Err(error);
        }
        item.recognised = sealed.recognised;
        if !std::mem::replace(&mut item.begun, true) {
            self.gate.begin(item.targets());
        }
        let pace = self.pace.borrow_mut().begin(operation, item.targets());
        self.ready.push(ReadyBatch { item, operation, sealed, pace, request });
        Ok(())
    }

    /// How long the next request of a batch may take.
    fn limit(&self, item: &RunBatch, operation: &Operation) -> Duration {
        let now = self.world.now();
        let tries = self.tries(item, now);
        let limit = retry::limit(operation, &tries, &self.bounds(), now);
        let left = self.settings.until.map(|until| until.saturating_sub(now));
        left.map_or(limit, |left| left.min(limit))
    }

    /// What to send next: what is due again goes first, then parts of what was cut.
    fn choose(&mut self) -> Result<NextStep> {
        let now = self.world.now();
        if now < self.held_until {
            return Ok(self.wait_for_rate(self.held_until, now));
        }
        if now < self.ready_from {
            let until = self.ready_from;
            let wait = NextStep::Wait(until - now);
            return Ok(if self.is_rate_wait { self.wait_for_rate(until, now) } else { wait });
        }
        let is_due = self.waiting.peek().is_some_and(|first| first.due <= now);
        if !is_due {
            self.look_ahead()?;
            let is_fresh = self.ahead.front().is_some_and(|item| !item.begun);
            let under_way = self.under_way() + self.waiting.len() > 0;
            if is_fresh && self.gate.keeps_back(under_way, now) {
                return Ok(NextStep::Wait(self.until_due(now)));
            }
        }
        let next =
            if is_due { self.waiting.peek().map(|first| &first.item) } else { self.ahead.front() };
        let Some(next) = next else {
            let Some(first) = self.waiting.peek() else { return Ok(NextStep::Nothing) };
            if first.is_rate_wait {
                self.wait_for_rate(first.due, now);
            }
            return Ok(NextStep::Wait(self.until_due(now)));
        };
        let operation = self.maker.operation(&next.batch);
        let paced = self.pace.borrow_mut().ready(operation, next.targets(), now);
        if let Err(time) = paced {
            return Ok(self.wait_for_rate(time, now));
        }
        let item = if is_due {
            self.waiting.pop().map(|first| first.item)
        } else {
            self.ahead.pop_front()
        };
        Ok(item.map_or(NextStep::Nothing, |item| NextStep::Send(item, operation)))
    }

    /// Nothing leaves until this time, since the vendor's rate limit does not allow it. The observer is told once, where the
    /// wait is long and no answer is due that could end it.
    fn wait_for_rate(&mut self, until: Duration, now: Duration) -> NextStep {
        if self.under_way() == 0 && until >= now.max(self.told_until) + LONG_WAIT {
            self.told_until = until;
            self.observer.waits(until - now);
        }
        NextStep::Wait(until.saturating_sub(now))
    }

    /// Takes batches from the journal. What was cut goes on before anything new begins, so that what is wrong with it is
    /// known soon.
    fn look_ahead(&mut self) -> Result<()> {
        if self.parts > 0 {
            let parts = self.journal.parts(self.parts)?;
            self.parts = 0;
            parts.into_iter().rev().for_each(|part| self.ahead.push_front(RunBatch::part(part)));
        }
        if self.ahead.is_empty() && !self.drained {
            let fresh = self.journal.next(self.settings.concurrency)?;
            self.drained = fresh.is_empty();
            self.ahead.extend(fresh.into_iter().map(RunBatch::fresh));
        }
        Ok(())
    }

    /// How long until the next attempt is due, or until it is time to look around.
    fn until_due(&self, now: Duration) -> Duration {
        let due = self.waiting.peek().map(|first| first.due.saturating_sub(now));
        due.map_or(PATIENCE, |due| due.min(PATIENCE))
    }
}
