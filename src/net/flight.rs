//! Exchanges that run beside each other, and what became of those that have ended.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant};

use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::task::{AbortHandle, yield_now};

use super::client::{self, Progress};
use crate::wire::{Exchange, Failure};

/// A ticket, what became of its exchange, and when that began.
type Landed = (u64, Exchange, Instant);

/// An exchange that nobody has polled yet.
type Waiting = Pin<Box<dyn Future<Output = Exchange> + Send>>;

/// So many turns of the runtime without news mean that nothing more has come by now: one reads, one carries it here.
const QUIET_TURNS: u32 = 2;

/// Exchanges under way, by their tickets.
pub(super) struct Flight {
    under_way: RefCell<HashMap<u64, UnderWay>>,
    /// Those that begin when the runtime runs next.
    waiting: RefCell<Vec<(u64, Waiting)>>,
    /// No exchange is due before this. May lie before the earliest.
    due: Cell<Option<Instant>>,
    report: UnboundedSender<(u64, Exchange)>,
    reports: RefCell<UnboundedReceiver<(u64, Exchange)>>,
}

#[derive(Debug)]
struct UnderWay {
    since: Instant,
    limit: Duration,
    progress: Progress,
    /// `None` where it has not begun, or ended before anything was tried.
    task: Option<AbortHandle>,
}

impl UnderWay {
    fn due(&self) -> Option<Instant> {
        self.since.checked_add(self.limit)
    }
}

impl Default for Flight {
    fn default() -> Self {
        let (report, reports) = mpsc::unbounded_channel();
        Self {
            under_way: RefCell::default(),
            waiting: RefCell::default(),
            due: Cell::default(),
            report,
            reports: RefCell::new(reports),
        }
    }
}

impl std::fmt::Debug for Flight {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Flight").field("under_way", &self.under_way).finish_non_exhaustive()
    }
}

impl Flight {
    /// Takes an exchange on. It begins with the next [`Flight::take_off`], and its time runs from now on.
    pub(super) fn launch(
        &self,
        ticket: u64,
        progress: Progress,
        limit: Duration,
        exchange: impl Future<Output = Exchange> + Send + 'static,
    ) {
        self.note(ticket, progress, limit);
        self.waiting.borrow_mut().push((ticket, Box::pin(exchange)));
    }

    /// Reports an exchange that cannot even begin.
    pub(super) fn land(&self, ticket: u64, exchange: Exchange) {
        self.note(ticket, Progress::default(), Duration::MAX);
        self.report.send((ticket, exchange)).expect("the other end is in this struct");
    }

    fn note(&self, ticket: u64, progress: Progress, limit: Duration) {
        let known = UnderWay { since: Instant::now(), limit, progress, task: None };
        self.due.set([self.due.get(), known.due()].into_iter().flatten().min());
        self.under_way.borrow_mut().insert(ticket, known);
    }

    /// Begins what was taken on. Has to be called inside the runtime.
    pub(super) async fn take_off(&self) {
        if self.waiting.borrow().is_empty() {
            return;
        }
        client::notice_closed().await;
        let mut under_way = self.under_way.borrow_mut();
        for (ticket, exchange) in self.waiting.borrow_mut().drain(..) {
            let report = self.report.clone();
            let task = tokio::spawn(async move {
                // Nobody listens any more once the network is gone.
                let _ = report.send((ticket, exchange.await));
            });
            if let Some(known) = under_way.get_mut(&ticket) {
                known.task = Some(task.abort_handle());
            }
        }
    }

    /// Waits for one that ends, and takes along all that have ended by then: the more come together, the fewer times
    /// they are written down.
    #[expect(
        clippy::await_holding_refcell_ref,
        reason = "one thread waits, and whoever starts something meanwhile uses the other end"
    )]
    pub(super) async fn landed(&self) -> Vec<Landed> {
        let mut reports = self.reports.borrow_mut();
        let mut next = reports.recv().await;
        let mut landed = Vec::new();
        let mut quiet = 0;
        loop {
            while let Some((ticket, exchange)) = next {
                // What was abandoned has been told of already.
                if let Some(known) = self.under_way.borrow_mut().remove(&ticket) {
                    landed.push((ticket, exchange, known.since));
                }
                next = reports.try_recv().ok();
                quiet = 0;
            }
            if quiet == QUIET_TURNS || self.under_way.borrow().is_empty() {
                return landed;
            }
            yield_now().await;
            quiet += 1;
            next = reports.try_recv().ok();
        }
    }

    /// When an exchange may be overdue.
    pub(super) fn due(&self) -> Option<Instant> {
        self.due.get()
    }

    /// Ends those whose time is up.
    pub(super) fn overdue(&self, now: Instant) -> Vec<Landed> {
        if self.due.get().is_none_or(|due| now < due) {
            return Vec::new();
        }
        let mut under_way = self.under_way.borrow_mut();
        let is_late = |known: &UnderWay| known.due().is_some_and(|due| due <= now);
        let late = under_way.extract_if(|_, known| is_late(known));
        let ended = late.map(|(ticket, known)| {
            self.waiting.borrow_mut().retain(|(waiting, _)| *waiting != ticket);
            if let Some(task) = known.task {
                task.abort();
            }
            (ticket, Err(client::timed_out(&known.progress, known.limit)), known.since)
        });
        let ended = ended.collect();
        self.due.set(under_way.values().filter_map(UnderWay::due).min());
        ended
    }

    /// Ends all that are under way. How far each had got is what is known of it.
    pub(super) fn abandon(&self) -> Vec<(u64, Exchange)> {
        let mut ended: HashMap<u64, Exchange> = HashMap::new();
        let mut reports = self.reports.borrow_mut();
        while let Ok((ticket, exchange)) = reports.try_recv() {
            ended.insert(ticket, exchange);
        }
        let all = self.under_way.take();
        self.waiting.take();
        self.due.take();
        let given_up = all.into_iter().map(|(ticket, known)| {
            if let Some(task) = known.task {
                task.abort();
            }
            let reason = "given up while an answer was due".to_owned();
            let failure = Failure { phase: known.progress.phase(), reason };
            (ticket, ended.remove(&ticket).unwrap_or(Err(failure)))
        });
        given_up.collect()
    }
}
