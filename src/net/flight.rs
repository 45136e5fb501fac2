//! Exchanges that run beside each other, and what became of those that have ended.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant};

use futures_util::future::FutureExt as _;
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use tokio::task::yield_now;

use super::lane::notice_closed;
use super::progress::Progress;
use crate::wire::Exchange;

/// A ticket, what became of its exchange, and when that began.
type Landed = (u64, Exchange, Instant);

/// An exchange that ends by itself, in time.
type RunningExchange = Pin<Box<dyn Future<Output = (u64, Exchange)>>>;

/// So many turns of the runtime without news mean that nothing more has come by now: one reads, one carries it here.
const QUIET_TURNS: u32 = 2;

/// Lets the runtime notice what has come by now, without a timer: those take a millisecond at least.
pub(super) async fn take_turns() {
    for _ in 0..=QUIET_TURNS {
        yield_now().await;
    }
}

/// So many that have ended are handed on before others are read.
const ENOUGH: usize = 12;

/// Exchanges under way, by their tickets. They get on while [`Flight::gather`] is awaited.
#[derive(Default)]
pub(super) struct Flight {
    under_way: RefCell<HashMap<u64, UnderWay>>,
    running: RefCell<FuturesUnordered<RunningExchange>>,
    /// Those that begin when the runtime runs next.
    waiting: RefCell<Vec<RunningExchange>>,
    landed: RefCell<Vec<Landed>>,
    /// How long another one is waited for.
    linger: Cell<Duration>,
}

#[derive(Debug)]
struct UnderWay {
    since: Instant,
    progress: Progress,
}

impl std::fmt::Debug for Flight {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Flight").field("under_way", &self.under_way).finish_non_exhaustive()
    }
}

impl Flight {
    /// Takes an exchange on. It begins with the next [`Flight::take_off`].
    pub(super) fn launch(
        &self,
        ticket: u64,
        progress: Progress,
        exchange: impl Future<Output = Exchange> + 'static,
    ) {
        let known = UnderWay { since: Instant::now(), progress };
        self.under_way.borrow_mut().insert(ticket, known);
        self.waiting.borrow_mut().push(Box::pin(exchange.map(move |ended| (ticket, ended))));
    }

    /// Begins what was taken on. Has to be called inside the runtime.
    pub(super) async fn take_off(&self) {
        if !self.waiting.borrow().is_empty() {
            notice_closed().await;
            self.running.borrow_mut().extend(self.waiting.borrow_mut().drain(..));
        }
    }

    /// Notes an exchange that cannot even begin.
    pub(super) fn land(&self, ticket: u64, exchange: Exchange) {
        self.landed.borrow_mut().push((ticket, exchange, Instant::now()));
    }

    /// Waits for one that ends, and for others that have ended by then: the more come together, the fewer times they are
    /// written down. [`Flight::landed`] has them, also where this is broken off.
    #[expect(
        clippy::await_holding_refcell_ref,
        reason = "one thread waits, and nothing is launched or abandoned meanwhile"
    )]
    pub(super) async fn gather(&self) {
        let mut running = self.running.borrow_mut();
        if self.landed.borrow().is_empty() {
            match running.next().await {
                Some(ended) => self.note(ended),
                None => return std::future::pending().await,
            }
        }
        self.gather_for(&mut running, self.linger.get()).await;
    }

    /// The same without waiting for the first one.
    #[expect(
        clippy::await_holding_refcell_ref,
        reason = "one thread waits, and nothing is launched or abandoned meanwhile"
    )]
    pub(super) async fn glance(&self) {
        if self.running.borrow().is_empty() {
            // Whoever listens beside this has to hear what there is.
            take_turns().await;
        }
        self.gather_for(&mut self.running.borrow_mut(), Duration::ZERO).await;
    }

    /// Takes what has ended, until nothing more has for so long, or enough has: what is done with them goes on beside what
    /// is done with the next ones.
    async fn gather_for(&self, running: &mut FuturesUnordered<RunningExchange>, linger: Duration) {
        let (mut quiet, mut last) = (0, Instant::now());
        while !running.is_empty() && self.landed.borrow().len() < ENOUGH {
            if self.take_ended(running) {
                (quiet, last) = (0, Instant::now());
            }
            if quiet > QUIET_TURNS {
                if last.elapsed() >= linger {
                    return;
                }
                // Too short for a timer, and whoever answers may need this processor.
                std::thread::yield_now();
            }
            yield_now().await;
            quiet += 1;
        }
    }

    /// Lets each get on that can, and takes those that have ended, up to [`ENOUGH`]. Whether there were any.
    fn take_ended(&self, running: &mut FuturesUnordered<RunningExchange>) -> bool {
        let before = self.landed.borrow().len();
        // It gives way after two that had more to do, so that its first word may not be its last.
        for _ in 0..=running.len() / 2 {
            while let Some(ended) = running.next().now_or_never().flatten() {
                self.note(ended);
                if self.landed.borrow().len() >= ENOUGH {
                    return true;
                }
            }
        }
        self.landed.borrow().len() > before
    }

    /// Waits so long for another one from now on, once one has ended.
    pub(super) fn linger(&self, time: Duration) {
        self.linger.set(time);
    }

    fn note(&self, (ticket, exchange): (u64, Exchange)) {
        if let Some(known) = self.under_way.borrow_mut().remove(&ticket) {
            self.landed.borrow_mut().push((ticket, exchange, known.since));
        }
    }

    /// What has ended since the last time.
    pub(super) fn landed(&self) -> Vec<Landed> {
        self.landed.take()
    }

    /// Ends all that are under way. How far each had got is what is known of it.
    pub(super) fn abandon(&self) -> Vec<(u64, Exchange)> {
        self.waiting.take();
        drop(self.running.take());
        let ended = self.landed.take().into_iter().map(|(ticket, exchange, _)| (ticket, exchange));
        let given_up = self.under_way.take().into_iter().map(|(ticket, known)| {
            (ticket, Err(known.progress.given_up("given up while an answer was due")))
        });
        ended.chain(given_up).collect()
    }
}
