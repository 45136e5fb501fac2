//! What all requests of a command share: the vendor's rate limits, the retries that are left, the clock.
//!
//! Processes share the limits through the ledger. A request that begins with an entry or a batch takes its share in the
//! transaction that writes the entry. All other requests take it here: later attempts, tokens, uploads, reading operations.

use std::cell::{Cell, RefCell, RefMut};
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

use super::Session;
use super::args::Sending;
use super::clock::SteadyClock;
use super::edge::Edge;
use super::world::{self, SendContext};
use crate::contract::Operation;
use crate::error::{Error, ErrorKind};
use crate::ledger::Ledger;
use crate::net::Fleet;
use crate::net::pace::{self, LONG_WAIT, Pace, RateAsk, RateGrant, RateSharer, Ticket};
use crate::net::retry::RetryBudget;
use crate::report::Ui;
use crate::wire::{Exchange, Request};

/// How long a request without an entry waits for other processes that hold the ledger.
const BUSY: Duration = Duration::from_secs(1);

/// What all requests of a command share, those that it needs beforehand included.
pub(crate) struct Pacing {
    pub(crate) pace: pace::Shared,
    pub(super) budget: Rc<RefCell<RetryBudget>>,
    pub(super) clock: SteadyClock,
    /// Whether a request that has to wait is waited for. In a broadcast the engine waits instead, since others are in flight.
    pub(crate) waits: bool,
    edge: Edge,
    ui: Ui,
    /// The file of the ledger, for a command that has not opened one.
    path: Option<PathBuf>,
    ledger: RefCell<Option<Ledger>>,
    /// Whether the ledger cannot be used for this: then the process keeps the limits on its own.
    is_alone: Cell<bool>,
}

impl Pacing {
    /// Of a command that knows of no request before it, and makes one after the other. Limits are not shared.
    pub(super) fn alone(edge: Edge, ui: Ui) -> Self {
        Self::by(SteadyClock::new(edge), edge, ui)
    }

    /// The same by another clock.
    pub(crate) fn by(clock: SteadyClock, edge: Edge, ui: Ui) -> Self {
        Self {
            pace: pace::Shared::default(),
            budget: Rc::default(),
            clock,
            waits: true,
            edge,
            ui,
            path: None,
            ledger: RefCell::default(),
            is_alone: Cell::new(false),
        }
    }

    /// The same where limits are shared through the ledger, if there is one. It is opened when it is needed first.
    pub(super) fn new(session: &Session, sending: &Sending, world: &SendContext) -> Self {
        let who = format!("rate-{:016x}", session.edge.random(u64::MAX));
        let path = world::ledger_path(session, sending).ok();
        Self { path, ..Self::alone(session.edge, session.ui).named(world, who) }
    }

    /// The same for a command that writes to this ledger.
    pub(super) fn keeping(session: &Session, world: &SendContext, ledger: Ledger) -> Self {
        let pacing = Self::alone(session.edge, session.ui).named(world, ledger.writer().to_owned());
        Self { ledger: RefCell::new(Some(ledger)), ..pacing }
    }

    /// The same for a command whose ledger is in use by another part of it: a second connection is opened when it is needed.
    pub(super) fn beside(
        session: &Session,
        sending: &Sending,
        world: &SendContext,
        ledger: &Ledger,
    ) -> Self {
        Self::new(session, sending, world).named(world, ledger.writer().to_owned())
    }

    fn named(self, world: &SendContext, who: String) -> Self {
        let provider = world.vendor.contract().id.to_owned();
        let sharer = RateSharer { sandbox: world.sandbox, provider, app: world.app(), who };
        self.pace.replace(Pace::sharing(sharer));
        self
    }

    /// The ledger of the command, or the file that is there; `None` where there is none that can be used.
    pub(super) fn ledger(&self) -> Option<RefMut<'_, Ledger>> {
        let mut ledger = self.ledger.borrow_mut();
        if let (None, Some(path), false) = (&*ledger, &self.path, self.is_alone.get()) {
            // None is made for this. Without a ledger no other process sends either.
            let opened = (!Ledger::is_absent(path))
                .then(|| Ledger::open(path, self.edge.now_ms(), BUSY).ok());
            *ledger = opened.flatten();
            self.is_alone.set(ledger.is_none());
        }
        RefMut::filter_map(ledger, Option::as_mut).ok()
    }

    /// Waits until a request may leave, and takes its share of the limits. `sleep` waits until a time, and answers `false`
    /// where the user asked to stop. `Err` holds when the request could leave, where that is too late or the wait was ended.
    pub(super) fn place(
        &self,
        ask: &RateAsk,
        until: Duration,
        sleep: &mut dyn FnMut(Duration) -> bool,
    ) -> Result<Ticket, Duration> {
        loop {
            let due = match self.take(ask) {
                Ok(ticket) => return Ok(ticket),
                Err(due) => due,
            };
            if due < until {
                self.tell_wait(due);
            }
            if due >= until || !sleep(due) {
                if self.waits {
                    self.give_up(ask.operation);
                }
                return Err(due);
            }
        }
    }

    /// A request that had to wait does not leave after all: other processes need not keep room for it.
    pub(super) fn give_up(&self, operation: &'static Operation) {
        if self.pace.borrow_mut().is_shared(operation) {
            self.pace.borrow_mut().give_up(operation);
            self.tell();
        }
    }

    /// Takes the share of a request that leaves now, or says when it could leave.
    fn take(&self, ask: &RateAsk) -> Result<Ticket, Duration> {
        let RateAsk { operation, targets, .. } = *ask;
        self.pace.borrow_mut().ready(operation, targets, self.clock.now())?;
        let is_shared = !self.is_alone.get() && self.pace.borrow_mut().is_shared(operation);
        let grant = if is_shared { self.claim(vec![ask.clone()]) } else { None };
        if let Some(until) = grant.and_then(|grant| grant.until) {
            return Err(self.by_clock(until));
        }
        let mut pace = self.pace.borrow_mut();
        let mut ticket = pace.begin(operation, targets);
        if grant.is_some() {
            pace.granted(&mut ticket);
        }
        Ok(ticket)
    }

    /// A request has ended. What its reply says about limits is believed.
    pub(super) fn end(&self, ticket: Ticket, operation: &'static Operation, exchange: &Exchange) {
        let (mut pace, now) = (self.pace.borrow_mut(), self.clock.now());
        pace.end(ticket, now);
        if let Ok(reply) = exchange {
            pace.heed(operation, reply, now);
        }
    }

    /// Waits for the limits, and makes one exchange; both within this time.
    pub(super) fn exchange(
        &self,
        fleet: &dyn Fleet,
        operation: &'static Operation,
        request: &Request,
        limit: Duration,
    ) -> crate::error::Result<Exchange> {
        let until = self.clock.now() + limit;
        let ask = RateAsk { operation, targets: 1, limit };
        let sleep = &mut |due| self.sleep(fleet, due);
        let ticket = self.place(&ask, until, sleep).map_err(|due| {
            let seconds = due.saturating_sub(self.clock.now()).as_secs() + 1;
            Error::new(
                ErrorKind::Unavailable,
                "the vendor's rate limit allows no request in this time",
            )
            .help(format!("it may go in {seconds} s: try again then"))
        })?;
        let left = until.saturating_sub(self.clock.now());
        let exchange = fleet.exchange(request, left);
        self.end(ticket, operation, &exchange);
        self.tell();
        Ok(exchange)
    }

    /// Waits until a time; `false` where the user asks to stop before.
    pub(super) fn sleep(&self, fleet: &dyn Fleet, due: Duration) -> bool {
        while fleet.stopped().is_none() {
            let left = due.saturating_sub(self.clock.now());
            if left.is_zero() {
                return true;
            }
            fleet.wait(left);
        }
        false
    }

    /// Reports what has ended to the processes that share the limits, where no entry is written that would do it.
    pub(super) fn tell(&self) {
        if !self.is_alone.get() {
            self.claim(Vec::new());
        }
    }

    /// Reports what has ended, and asks for shares; `None` where there is nothing to report, or no ledger.
    fn claim(&self, asks: Vec<RateAsk>) -> Option<RateGrant> {
        let mut ledger = self.ledger()?;
        let mut pace = self.pace.borrow_mut();
        let claim = pace.claim(asks, self.clock.now(), self.edge.now_ms())?;
        let granted = ledger.claim(&claim);
        if granted.is_err() {
            self.is_alone.set(true);
        }
        granted.ok()
    }

    /// A time since 1970 by the clock of this command.
    pub(super) fn by_clock(&self, until: Duration) -> Duration {
        let now = Duration::from_millis(u64::try_from(self.edge.now_ms()).unwrap_or_default());
        self.clock.now() + until.saturating_sub(now).max(Duration::from_millis(1))
    }

    /// Says that nothing leaves until this time, since the vendor's rate limit does not allow it, where the wait is long.
    pub(super) fn tell_wait(&self, until: Duration) {
        let wait = until.saturating_sub(self.clock.now());
        if wait >= LONG_WAIT {
            self.ui.waits(wait);
        }
    }
}
