//! What all requests of a command share: the vendor's rate limits, the retries that are left, the clock.
//!
//! Processes share the limits through the ledger. A request that begins with an entry or a batch takes its share in the
//! transaction that writes the entry. All other requests take it here: later attempts, tokens, uploads, reading operations.

use std::cell::{Cell, RefCell, RefMut};
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

use crate::contract::Operation;
use crate::env::clock::SteadyClock;
use crate::env::{Env, System};
use crate::ledger::{Ledger, Permit};
use crate::net::rate_limit::{self, RateClaim, RateGrant, RateLimiter, RateSharer};
use crate::net::retry::RetryBudget;
use crate::report::Ui;
use crate::send::app::App;
use crate::send::open_ledger;
use crate::send::options::SendOptions;

/// How long a request without an entry waits for other processes that hold the ledger.
const BUSY_TIMEOUT: Duration = Duration::from_secs(1);

/// What all requests of a command share, those that it needs beforehand included.
pub(crate) struct RateLimits {
    pub(crate) pace: rate_limit::Shared,
    pub(crate) budget: Rc<RefCell<RetryBudget>>,
    pub(crate) clock: SteadyClock,
    /// Whether a request that has to wait is waited for. In a broadcast the engine waits instead, since others are in flight.
    pub(crate) waits: bool,
    system: System,
    ui: Ui,
    /// The file of the ledger, for a command that has not opened one.
    path: Option<PathBuf>,
    ledger: RefCell<Option<Ledger>>,
    /// Whether the ledger cannot be used for this: then the process keeps the limits on its own.
    is_alone: Cell<bool>,
}

impl RateLimits {
    /// Of a command that knows of no request before it, and makes one after the other. Limits are not shared.
    pub(crate) fn alone(system: System, ui: Ui) -> Self {
        Self::by(SteadyClock::new(system), system, ui)
    }

    /// The same by another clock.
    pub(crate) fn by(clock: SteadyClock, system: System, ui: Ui) -> Self {
        Self {
            pace: rate_limit::Shared::default(),
            budget: Rc::default(),
            clock,
            waits: true,
            system,
            ui,
            path: None,
            ledger: RefCell::default(),
            is_alone: Cell::new(false),
        }
    }

    /// The same where limits are shared through the ledger, if there is one. It is opened when it is needed first.
    pub(crate) fn new(env: &Env, sending: &SendOptions, app: &App) -> Self {
        let who = format!("rate-{:016x}", env.system.random(u64::MAX));
        let path = open_ledger::ledger_path(env, sending).ok();
        Self { path, ..Self::alone(env.system, env.ui).named(app, who) }
    }

    /// The same for a command that writes to this ledger.
    pub(crate) fn keeping(env: &Env, app: &App, ledger: Ledger) -> Self {
        let limits = Self::alone(env.system, env.ui).named(app, ledger.writer().to_owned());
        Self { ledger: RefCell::new(Some(ledger)), ..limits }
    }

    /// The same where another part of the command uses the ledger: a second connection is opened when it is needed.
    pub(crate) fn beside(env: &Env, sending: &SendOptions, app: &App, ledger: &Ledger) -> Self {
        Self::new(env, sending, app).named(app, ledger.writer().to_owned())
    }

    fn named(self, app: &App, who: String) -> Self {
        let provider = app.vendor.contract().id.to_owned();
        let sharer = RateSharer { sandbox: app.sandbox, provider, app: app.id(), who };
        self.pace.replace(RateLimiter::sharing(sharer));
        self
    }

    /// The ledger of the command, or the file that is there; `None` where there is none that can be used.
    pub(crate) fn ledger(&self) -> Option<RefMut<'_, Ledger>> {
        let mut ledger = self.ledger.borrow_mut();
        if let (None, Some(path), false) = (&*ledger, &self.path, self.is_alone.get()) {
            // None is made for this. Without a ledger no other process sends either.
            let opened = (!Ledger::is_absent(path))
                .then(|| Ledger::open(path, self.system.now_ms(), BUSY_TIMEOUT).ok());
            *ledger = opened.flatten();
            self.is_alone.set(ledger.is_none());
        }
        RefMut::filter_map(ledger, Option::as_mut).ok()
    }

    /// A request that had to wait does not leave after all: other processes need not keep room for it.
    pub(crate) fn give_up(&self, operation: &'static Operation) {
        if self.pace.borrow_mut().is_shared(operation) {
            self.pace.borrow_mut().give_up(operation);
            self.tell();
        }
    }

    /// Reports what has ended to the processes that share the limits, where no entry is written that would do it.
    fn tell(&self) {
        let claim =
            self.pace.borrow_mut().claim(Vec::new(), self.clock.now(), self.system.now_ms());
        if let Some(claim) = claim {
            let _ = self.grant(&claim);
        }
    }

    /// Reports what has ended, and asks for shares of the limits, where other processes share those of the operation.
    pub(crate) fn share(&self, operation: &'static Operation, claim: Option<&RateClaim>) -> Permit {
        let is_shared = self.pace.borrow_mut().is_shared(operation);
        let granted =
            claim.filter(|claim| is_shared || claim.has_news()).and_then(|claim| self.grant(claim));
        match granted.and_then(|granted| granted.until) {
            Some(until) => Permit::RateLimited {
                begun: 0,
                until_ms: i64::try_from(until.as_millis()).unwrap_or(i64::MAX),
            },
            None => Permit::Granted,
        }
    }

    /// What the ledger grants; `None` where there is none, or none that can be used.
    fn grant(&self, claim: &RateClaim) -> Option<RateGrant> {
        if self.is_alone.get() {
            return None;
        }
        let granted = self.ledger()?.claim(claim);
        if granted.is_err() {
            self.is_alone.set(true);
        }
        granted.ok()
    }

    /// Says that nothing leaves for this time, since the vendor's rate limit does not allow it.
    pub(crate) fn tell_wait(&self, time: Duration) {
        self.ui.waits(time);
    }
}
