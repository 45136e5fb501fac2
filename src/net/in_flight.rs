//! Exchanges that run beside each other, and the results of those that have ended.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::FutureExt as _;
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use tokio::task::yield_now;

use super::progress::Progress;
use crate::wire::Exchange;

/// A ticket, the result of its exchange, and when that began.
type EndedExchange = (u64, Exchange, Instant);

/// An exchange that ends by itself, in time.
type RunningExchange = Pin<Box<dyn Future<Output = (u64, Exchange)>>>;

/// More turns of the runtime than these without news mean that nothing more has come by now: one reads, the next one runs
/// the connection or the signal that it is for, and that carries it here.
const QUIET_TURNS: u32 = 2;

/// Lets the runtime notice what has come by now, without a timer: those take a millisecond at least.
///
/// Connections that are kept notice then that the other end has closed them, so that none of those takes a request: what is
/// written to one counts as sent. That is needed before each request, since the runtime stands still between them.
pub(super) async fn take_turns() {
    for _ in 0..=QUIET_TURNS {
        yield_now().await;
    }
}

/// This many exchanges that have ended are handed on before others are read.
const MAX_LANDED: usize = 12;

/// Exchanges under way, by their tickets. They get on while [`InFlight::gather`] is awaited.
#[derive(Default)]
pub(super) struct InFlight {
    under_way: RefCell<Vec<RunningRequest>>,
    running: RefCell<FuturesUnordered<RunningExchange>>,
    /// Those that begin when the runtime runs next.
    waiting: RefCell<Vec<RunningExchange>>,
    landed: RefCell<Vec<EndedExchange>>,
    /// How long another one is waited for.
    linger: Cell<Duration>,
}

#[derive(Debug)]
struct RunningRequest {
    ticket: u64,
    since: Instant,
    progress: Arc<Progress>,
}

impl std::fmt::Debug for InFlight {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InFlight").field("under_way", &self.under_way).finish_non_exhaustive()
    }
}

impl InFlight {
    /// Takes an exchange on. It begins with the next [`InFlight::take_off`].
    pub(super) fn launch(
        &self,
        ticket: u64,
        progress: Arc<Progress>,
        exchange: impl Future<Output = Exchange> + 'static,
    ) {
        let known = RunningRequest { ticket, since: Instant::now(), progress };
        self.under_way.borrow_mut().push(known);
        self.waiting.borrow_mut().push(Box::pin(exchange.map(move |ended| (ticket, ended))));
    }

    /// Begins what was taken on. Has to be called inside the runtime.
    pub(super) async fn take_off(&self) {
        if !self.waiting.borrow().is_empty() {
            take_turns().await;
            self.running.borrow_mut().extend(self.waiting.borrow_mut().drain(..));
        }
    }

    /// Notes an exchange that cannot even begin.
    pub(super) fn land(&self, ticket: u64, exchange: Exchange) {
        self.landed.borrow_mut().push((ticket, exchange, Instant::now()));
    }

    /// Waits for one that ends, and for others that have ended by then: the more come together, the fewer times they are
    /// written down. [`InFlight::landed`] has them, also where this is broken off.
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
            // Signals that have come are heard meanwhile.
            take_turns().await;
        }
        self.gather_for(&mut self.running.borrow_mut(), Duration::ZERO).await;
    }

    /// Takes what has ended, until nothing more ends for the given time, or enough has: what is done with them goes on beside what
    /// is done with the next ones.
    async fn gather_for(&self, running: &mut FuturesUnordered<RunningExchange>, linger: Duration) {
        let (mut quiet, mut last) = (0, None);
        while !running.is_empty() && self.landed.borrow().len() < MAX_LANDED {
            if self.take_ended(running) {
                (quiet, last) = (0, None);
            }
            if quiet > QUIET_TURNS {
                if last.get_or_insert_with(Instant::now).elapsed() >= linger {
                    return;
                }
                // Too short for a timer, and the server may need this processor.
                std::thread::yield_now();
            }
            yield_now().await;
            quiet += 1;
        }
    }

    /// Lets each get on that can, and takes those that have ended, up to [`MAX_LANDED`]. Whether there were any.
    fn take_ended(&self, running: &mut FuturesUnordered<RunningExchange>) -> bool {
        let before = self.landed.borrow().len();
        // It gives way after two that had more to do, so that its first word may not be its last.
        for _ in 0..=running.len() / 2 {
            while let Some(ended) = running.next().now_or_never().flatten() {
                self.note(ended);
                if self.landed.borrow().len() >= MAX_LANDED {
                    return true;
                }
            }
        }
        self.landed.borrow().len() > before
    }

    /// How long another one is waited for from now on, once one has ended.
    pub(super) fn linger(&self, time: Duration) {
        self.linger.set(time);
    }

    fn note(&self, (ticket, exchange): (u64, Exchange)) {
        let mut under_way = self.under_way.borrow_mut();
        if let Some(place) = under_way.iter().position(|known| known.ticket == ticket) {
            let since = under_way.swap_remove(place).since;
            self.landed.borrow_mut().push((ticket, exchange, since));
        }
    }

    /// What has ended since the last time.
    pub(super) fn landed(&self) -> Vec<EndedExchange> {
        self.landed.replace(Vec::with_capacity(MAX_LANDED))
    }

    /// Ends all that are under way. How far each had got is what is known of it.
    pub(super) fn abandon(&self) -> Vec<(u64, Exchange)> {
        self.waiting.take();
        drop(self.running.take());
        let ended = self.landed.take().into_iter().map(|(ticket, exchange, _)| (ticket, exchange));
        let given_up = self.under_way.take().into_iter().map(|known| {
            (known.ticket, Err(known.progress.given_up("given up while an answer was expected")))
        });
        ended.chain(given_up).collect()
    }
}
