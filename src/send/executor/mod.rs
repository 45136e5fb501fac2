//! The executor: every request that herald makes goes out here. It takes planned batches from a journal, sends them at the
//! vendor's rate limit, tries them again where that cannot do anything twice, and writes down what happened to them.
//!
//! No thread, no runtime, no clock of its own: the [`TimedTransport`] carries requests, tells the time and says when the user
//! asks to stop, so that a simulated one runs the same code. What is sent is on disk before it leaves: the intents of all
//! free connections and the outcomes since the last time are one commit, so that no more batches are ever *begun and not
//! ended* than there are connections - after a crash these, and no others, are in doubt. While the journal is at work on a
//! commit, the executor reads answers and makes the requests of the next one.
//!
//! A broadcast is a run of many batches, under the policy of its job. A single request, a prerequisite, a question to the
//! vendor is a run of one (`single`).

mod commit;
mod ends;
pub mod ports;
mod record_outcome;
pub(crate) mod single;
mod state;

use std::cell::RefCell;
use std::collections::{BinaryHeap, HashMap, VecDeque};
use std::rc::Rc;
use std::time::Duration;

use foldhash::fast::FixedState;

use crate::contract::Operation;
use crate::error::{Error, Result};
use crate::net::rate_limit::{self, LONG_WAIT};
use crate::net::retry::{self, RetryBudget};
use crate::outcome::Outcome;
use commit::CommitPipeline;
pub use ends::{Executed, Halt};
use ports::{Journal, MadeRequest, Maker, NotMade, RunPolicy, Settings, TimedTransport};
use state::{OpenAttempt, ReadyBatch, RunBatch, Waiting};

/// How long an answer is awaited once the user asked to stop.
const STOP_GRACE: Duration = Duration::from_secs(5);

/// The longest that the executor waits without looking around.
const MAX_WAIT: Duration = Duration::from_millis(250);

/// How long the journal is waited for before the executor looks whether anything else has come.
const COMMIT_POLL: Duration = Duration::from_millis(10);

/// How long requests are made while others could leave.
const FILL_TIME: Duration = Duration::from_millis(5);

/// What can be done next.
enum NextStep {
    /// Send this.
    Send(RunBatch, &'static Operation),
    /// Nothing before this much time has passed.
    Wait(Duration),
    /// There is nothing left to begin.
    Nothing,
}

/// Batches that wait.
#[derive(Default)]
struct Queue {
    /// Read from the journal.
    ahead: VecDeque<RunBatch>,
    /// Whether the journal has no more.
    drained: bool,
    /// Parts of batches that were cut, not yet taken from the journal.
    parts: usize,
    /// For another attempt.
    waiting: BinaryHeap<Waiting>,
}

/// What the vendor's rate limits, and what requests need beforehand, make the run wait for.
struct RateWait {
    pace: rate_limit::Shared,
    /// Until when a rate limit that other processes share has no room, and how many requests are worth asking for then.
    held_until: Duration,
    room: usize,
    /// From when on requests are made again, where one could not be made, and whether a rate limit is the reason.
    ready_from: Duration,
    is_rate_wait: bool,
    /// The end of the last long wait that the policy was told of.
    told_until: Duration,
    /// When a request could have left, where the run ended because that is too late.
    too_late: Option<Duration>,
    /// Whether the next request waits for a rate limit.
    is_waiting: bool,
}

/// How long things take.
#[derive(Default)]
struct Timing {
    /// Until something is kept, and until there is an answer: an average of the last ones.
    commit: Duration,
    answer: Duration,
    /// The longest that an answer took.
    slowest: Duration,
}

/// A run of requests.
pub struct Executor<'a> {
    journal: &'a mut dyn Journal,
    transport: &'a mut dyn TimedTransport,
    maker: &'a mut dyn Maker,
    policy: &'a mut dyn RunPolicy,
    settings: &'a Settings,
    rate: RateWait,
    budget: Rc<RefCell<RetryBudget>>,
    queue: Queue,
    commits: CommitPipeline,
    in_flight: HashMap<u64, OpenAttempt, FixedState>,
    count: u64,
    timing: Timing,
    halt: Option<Halt>,
    /// When the user asked to stop.
    asked: Option<Duration>,
    last: Option<Outcome>,
}

impl<'a> Executor<'a> {
    /// A run that knows of no request before it.
    pub fn new(
        journal: &'a mut dyn Journal,
        transport: &'a mut dyn TimedTransport,
        maker: &'a mut dyn Maker,
        policy: &'a mut dyn RunPolicy,
        settings: &'a Settings,
    ) -> Self {
        let rate = RateWait {
            pace: rate_limit::Shared::default(),
            held_until: Duration::ZERO,
            room: usize::MAX,
            ready_from: Duration::ZERO,
            is_rate_wait: false,
            told_until: Duration::ZERO,
            too_late: None,
            is_waiting: false,
        };
        Self {
            journal,
            transport,
            maker,
            policy,
            settings,
            rate,
            budget: Rc::default(),
            queue: Queue::default(),
            commits: CommitPipeline::default(),
            in_flight: HashMap::default(),
            count: 0,
            timing: Timing::default(),
            halt: None,
            asked: None,
            last: None,
        }
    }

    /// Keeps to the rate limits and the budget of retries that other requests of the command share.
    #[must_use]
    pub fn sharing(mut self, pace: rate_limit::Shared, budget: Rc<RefCell<RetryBudget>>) -> Self {
        self.rate.pace = pace;
        self.budget = budget;
        self
    }

    /// Ends the run before it begins, where there is a reason.
    #[must_use]
    pub fn halted(mut self, halt: Option<Halt>) -> Self {
        self.halt = halt;
        self
    }

    /// Sends until nothing is left, or something halts it. What is on its way is awaited either way.
    pub fn run(mut self) -> Executed {
        loop {
            self.look_around();
            let pause = self.advance().unwrap_or_else(|error| self.fail(error));
            if self.under_way() == 0 && (self.halt.is_some() || self.is_done()) {
                break;
            }
            let mut landed = self.transport.wait(pause);
            if landed.is_empty()
                && self.commits.is_pending()
                && self.journal.is_done(COMMIT_POLL)
                && let Err(error) = self.settle()
            {
                let pause = self.fail(error);
                landed = self.transport.wait(pause);
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
        Executed {
            kept_at_last: self.commits.was_refused && unkept.is_empty(),
            halt: self.halt,
            requests: self.count,
            last: self.last,
            unkept,
            held_until: self.rate.too_late,
            waited_for_rate: self.rate.is_waiting,
        }
    }

    fn is_done(&self) -> bool {
        let Queue { ahead, drained, parts, waiting } = &self.queue;
        *drained && *parts == 0 && ahead.is_empty() && waiting.is_empty() && self.commits.is_empty()
    }

    /// The first reason is the one that is told.
    fn halt(&mut self, halt: Halt) {
        self.halt.get_or_insert(halt);
    }

    /// Halts with a failure of this side. How long to wait before anything else is tried.
    fn fail(&mut self, error: Error) -> Duration {
        self.halt(Halt::Fault(error));
        if self.in_flight.is_empty() { Duration::ZERO } else { MAX_WAIT }
    }

    /// Deadline and signals.
    fn look_around(&mut self) {
        let now = self.transport.now();
        if let Some((stop, hurried)) = self.transport.stopped() {
            let since = *self.asked.get_or_insert(now);
            self.halt(Halt::Signal(stop));
            if hurried || now >= since + STOP_GRACE {
                self.give_up();
            }
        }
        let Some(until) = self.settings.until else { return };
        // What begins too late for its answer would be given up in doubt.
        let margin = (2 * self.timing.slowest).min(STOP_GRACE);
        let last = if self.settings.keeps_margin { until.saturating_sub(margin) } else { until };
        if now >= last && (!self.is_done() || !self.in_flight.is_empty() && now >= until) {
            self.halt(Halt::Deadline);
        }
        if now >= until {
            self.give_up();
        }
    }

    fn give_up(&mut self) {
        for (ticket, exchange) in self.transport.abandon() {
            self.land(ticket, exchange);
        }
    }

    /// Puts a batch back whose request could not be made.
    fn not_made(&mut self, item: RunBatch, error: Error) {
        self.queue.ahead.push_front(item);
        let chance = self.transport.chance();
        match self.policy.not_made(error, chance) {
            NotMade::Halt(error) => self.halt(Halt::Fault(error)),
            NotMade::RetryAfter { pause, rate_limit } => {
                self.rate.is_rate_wait = rate_limit;
                self.rate.ready_from = self.transport.now() + pause;
            }
        }
    }

    /// Makes what may go out now, hands it to the journal, and tells how long nothing more can be done.
    fn advance(&mut self) -> Result<Duration> {
        self.settle_if_done()?;
        let pause = self.fill()?;
        let has_settled = self.settle_if_done()?;
        if !self.commits.is_pending() {
            self.hand_over();
        }
        // While the journal is at work, and after what it has just kept, there may be more to do.
        Ok(if has_settled || self.commits.is_pending() { Duration::ZERO } else { pause })
    }

    /// Makes as many requests as may go out now, and tells how long nothing more can.
    fn fill(&mut self) -> Result<Duration> {
        let late = self.transport.now() + FILL_TIME;
        while self.halt.is_none()
            && self.under_way() < self.policy.max_in_flight()
            && self.commits.ready.len() < self.rate.room
        {
            if self.commits.is_pending() && self.transport.now() > late {
                // What one request needs first may take long; others are not to wait for it.
                break;
            }
            let (item, operation) = match self.choose()? {
                NextStep::Send(item, operation) => (item, operation),
                NextStep::Wait(time) => return Ok(time.min(MAX_WAIT)),
                NextStep::Nothing => break,
            };
            if item.batch.doubtful && self.is_too_late(&item, operation, self.transport.now()) {
                self.end_without_answer(item, operation, true);
                continue;
            }
            match self.maker.make(&item.batch) {
                Ok(made) => {
                    self.policy.made();
                    if self.rate_due(operation, &item, self.transport.now()).is_some() {
                        // What it needed beforehand has taken its place.
                        self.queue.ahead.push_front(item);
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
        Ok(MAX_WAIT)
    }

    /// When the vendor's rate limits allow a batch, where that is later than now.
    fn rate_due(
        &self,
        operation: &'static Operation,
        item: &RunBatch,
        now: Duration,
    ) -> Option<Duration> {
        if !self.maker.is_rated() {
            return None;
        }
        let targets = self.maker.targets(&item.batch);
        self.rate.pace.borrow_mut().ready(operation, targets, now).err()
    }

    /// How many are on their way, or about to leave.
    fn under_way(&self) -> usize {
        self.in_flight.len() + self.commits.count()
    }

    /// Takes a batch on board: it counts from now on. Its idempotency key is fixed here, before the beginning is on disk,
    /// and stays with the batch on every way back: under another key a repeat would be a second message.
    fn board(
        &mut self,
        mut item: RunBatch,
        operation: &'static Operation,
        made: MadeRequest,
    ) -> Result<()> {
        let MadeRequest { request, dedupe_id, attempt } = made;
        if let Err(error) = item.batch.take_key(dedupe_id) {
            self.queue.ahead.push_front(item);
            return Err(error);
        }
        item.recognised = attempt.recognised;
        self.rate.is_waiting = false;
        if !std::mem::replace(&mut item.begun, true) {
            self.policy.begins(item.batch.ids.len() as u64);
        }
        if std::mem::take(&mut item.goes_otherwise) {
            self.policy.goes_otherwise(&request);
        }
        let targets = self.maker.targets(&item.batch);
        let is_rated = self.maker.is_rated();
        let pace = is_rated.then(|| self.rate.pace.borrow_mut().begin(operation, targets));
        self.commits.ready.push(ReadyBatch { item, operation, targets, attempt, pace, request });
        Ok(())
    }

    /// How long the next request of a batch may take.
    fn limit(&self, item: &RunBatch, operation: &Operation, now: Duration) -> Duration {
        let tries = self.tries(item, now);
        let limit = retry::limit(operation, &tries, &self.bounds(now), now);
        let left = self.settings.until.map(|until| until.saturating_sub(now));
        left.map_or(limit, |left| left.min(limit))
    }

    /// What to send next: what is due again goes first, then parts of what was cut.
    fn choose(&mut self) -> Result<NextStep> {
        let now = self.transport.now();
        if now < self.rate.held_until {
            return Ok(self.wait_for_rate(self.rate.held_until, now));
        }
        if now < self.rate.ready_from {
            let until = self.rate.ready_from;
            let wait = NextStep::Wait(until - now);
            return Ok(if self.rate.is_rate_wait { self.wait_for_rate(until, now) } else { wait });
        }
        let is_due = self.queue.waiting.peek().is_some_and(|first| first.due <= now);
        if !is_due {
            self.look_ahead()?;
            let is_fresh = self.queue.ahead.front().is_some_and(|item| !item.begun);
            let is_busy = self.under_way() + self.queue.waiting.len() > 0;
            if is_fresh && self.policy.keeps_back(is_busy, now) {
                return Ok(NextStep::Wait(self.until_due(now)));
            }
        }
        let next = if is_due {
            self.queue.waiting.peek().map(|first| &first.item)
        } else {
            self.queue.ahead.front()
        };
        let Some(next) = next else {
            let Some(first) = self.queue.waiting.peek() else { return Ok(NextStep::Nothing) };
            if first.is_rate_wait {
                self.wait_for_rate(first.due, now);
            }
            return Ok(NextStep::Wait(self.until_due(now)));
        };
        let operation = self.maker.operation(&next.batch);
        if let Some(time) = self.rate_due(operation, next, now) {
            return Ok(self.wait_for_rate(time, now));
        }
        let item = if is_due {
            self.queue.waiting.pop().map(|first| first.item)
        } else {
            self.queue.ahead.pop_front()
        };
        Ok(item.map_or(NextStep::Nothing, |item| NextStep::Send(item, operation)))
    }

    /// Nothing leaves until this time, since the vendor's rate limit does not allow it. The policy is told once, where the
    /// wait is long and no answer is due that could end it.
    fn wait_for_rate(&mut self, until: Duration, now: Duration) -> NextStep {
        self.rate.is_waiting = true;
        if self.settings.rate_until.is_some_and(|last| until >= last) {
            self.rate.too_late = Some(until);
            self.halt(Halt::RateLimit(until.saturating_sub(now)));
            return NextStep::Nothing;
        }
        if self.under_way() == 0 && until >= now.max(self.rate.told_until) + LONG_WAIT {
            self.rate.told_until = until;
            self.policy.waits(until - now);
        }
        NextStep::Wait(until.saturating_sub(now))
    }

    /// Takes batches from the journal. What was cut goes on before anything new begins, so that what is wrong with it is
    /// known soon.
    fn look_ahead(&mut self) -> Result<()> {
        let queue = &mut self.queue;
        if queue.parts > 0 {
            let parts = self.journal.parts(queue.parts)?;
            queue.parts = 0;
            parts.into_iter().rev().for_each(|part| queue.ahead.push_front(RunBatch::part(part)));
        }
        if queue.ahead.is_empty() && !queue.drained {
            let fresh = self.journal.next(self.settings.read_ahead)?;
            queue.drained = fresh.is_empty();
            queue.ahead.extend(fresh.into_iter().map(RunBatch::fresh));
        }
        Ok(())
    }

    /// How long until the next attempt is due, or until it is time to look around.
    fn until_due(&self, now: Duration) -> Duration {
        let due = self.queue.waiting.peek().map(|first| first.due.saturating_sub(now));
        due.map_or(MAX_WAIT, |due| due.min(MAX_WAIT))
    }
}
