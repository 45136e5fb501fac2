//! Exchanges that run beside each other, and what became of those that have ended.

use std::cell::RefCell;
use std::collections::HashMap;
use std::future::Future;
use std::time::Instant;

use tokio::runtime::Runtime;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::task::AbortHandle;

use super::client::Progress;
use crate::wire::{Exchange, Failure};

/// A ticket, what became of its exchange, and when that began.
type Landed = (u64, Exchange, Instant);

/// Exchanges under way, by their tickets.
#[derive(Debug)]
pub(super) struct Flight {
    under_way: RefCell<HashMap<u64, UnderWay>>,
    report: UnboundedSender<(u64, Exchange)>,
    reports: RefCell<UnboundedReceiver<(u64, Exchange)>>,
}

#[derive(Debug)]
struct UnderWay {
    since: Instant,
    progress: Progress,
    /// `None` where it ended before anything was tried.
    task: Option<AbortHandle>,
}

impl Default for Flight {
    fn default() -> Self {
        let (report, reports) = mpsc::unbounded_channel();
        Self { under_way: RefCell::default(), report, reports: RefCell::new(reports) }
    }
}

impl Flight {
    /// Starts an exchange. It gets on whenever the runtime runs, whoever runs it.
    pub(super) fn launch(
        &self,
        runtime: &Runtime,
        ticket: u64,
        progress: Progress,
        exchange: impl Future<Output = Exchange> + Send + 'static,
    ) {
        let report = self.report.clone();
        let task = runtime.spawn(async move {
            // Nobody listens any more once the network is gone.
            let _ = report.send((ticket, exchange.await));
        });
        self.note(ticket, progress, Some(task.abort_handle()));
    }

    /// Reports an exchange that cannot even begin.
    pub(super) fn land(&self, ticket: u64, exchange: Exchange) {
        self.note(ticket, Progress::default(), None);
        self.report.send((ticket, exchange)).expect("the other end is in this struct");
    }

    fn note(&self, ticket: u64, progress: Progress, task: Option<AbortHandle>) {
        let since = Instant::now();
        self.under_way.borrow_mut().insert(ticket, UnderWay { since, progress, task });
    }

    /// Waits for one that ends, and takes along all that have ended by then.
    #[expect(
        clippy::await_holding_refcell_ref,
        reason = "one thread waits, and whoever starts something meanwhile uses the other end"
    )]
    pub(super) async fn landed(&self) -> Vec<Landed> {
        let mut reports = self.reports.borrow_mut();
        let mut next = reports.recv().await;
        let mut landed = Vec::new();
        while let Some((ticket, exchange)) = next {
            // What was abandoned has been told of already.
            if let Some(known) = self.under_way.borrow_mut().remove(&ticket) {
                landed.push((ticket, exchange, known.since));
            }
            next = reports.try_recv().ok();
        }
        landed
    }

    /// Ends all that are under way. How far each had got is what is known of it.
    pub(super) fn abandon(&self) -> Vec<(u64, Exchange)> {
        let mut ended: HashMap<u64, Exchange> = HashMap::new();
        let mut reports = self.reports.borrow_mut();
        while let Ok((ticket, exchange)) = reports.try_recv() {
            ended.insert(ticket, exchange);
        }
        let all = self.under_way.take();
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
