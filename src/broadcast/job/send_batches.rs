//! Runs the engine over the batches of a job.

use std::time::Duration;

use crate::broadcast::engine::Engine;
use crate::broadcast::job::prepare::PreparedRun;
use crate::broadcast::job::request_builder::RequestBuilder;
use crate::broadcast::job::run_observer::RunObserver;
use crate::broadcast::ledger_batches::LedgerBatches;
use crate::broadcast::ledger_thread::LedgerThread;
use crate::broadcast::ports::RunReport;
use crate::error::Result;
use crate::ledger::{Job, Ledger};
use crate::net::ConcurrentTransport;
use crate::send::context::SendContext;
use crate::send::executor::ports::TimedTransport as _;
use crate::send::guard_prompt;
use crate::send::rate_limits::RateLimits;
use crate::send::transport_adapter::TransportAdapter;

/// Sends the batches of a job.
pub(crate) struct BatchSender<'a> {
    context: &'a SendContext<'a>,
    fleet: &'a dyn ConcurrentTransport,
    limits: RateLimits,
    transport: TransportAdapter<'a>,
    batches: LedgerBatches<'a>,
    prepared: PreparedRun,
    /// The number of requests that are left.
    planned: u64,
}

impl<'a> BatchSender<'a> {
    /// Opens the batches of a job that this process has claimed.
    pub(crate) fn open(
        context: &'a SendContext<'a>,
        fleet: &'a dyn ConcurrentTransport,
        ledger: &'a mut Ledger,
        job: &Job,
        mut prepared: PreparedRun,
    ) -> Result<Self> {
        let mut limits = RateLimits::beside(context.env, context.sending, context.app, ledger);
        limits.waits = false;
        let transport = TransportAdapter::new(fleet, context.env.system, limits.clock.clone());
        prepared.settings.until = context.sending.deadline.map(|limit| transport.now() + limit);
        let allowances = std::mem::take(&mut prepared.allowances);
        let batches = LedgerBatches::of(ledger, job.intent.id)?.within(allowances);
        let planned = job.batches.planned;
        Ok(Self { context, fleet, limits, transport, batches, prepared, planned })
    }

    /// Sends them, and reports how the run ended.
    pub(crate) fn send(self, observer: &mut RunObserver<'_>) -> Result<RunReport> {
        let Self { context, fleet, limits, mut transport, batches, prepared, planned } = self;
        let PreparedRun { sheets, settings, before, .. } = prepared;
        let run = |journal: &mut LedgerThread| {
            context.with_prerequisites(fleet, &limits, |mut prerequisites| {
                prerequisites.expect(planned);
                let allowed = || guard_prompt::still_allowed(context);
                let mut builder =
                    RequestBuilder::new(context.app.vendor, prerequisites, sheets, &allowed);
                let engine =
                    Engine::new(journal, &mut transport, &mut builder, observer, &settings, before);
                // Handles a signal that arrived while the run was prepared, before the engine sends anything.
                fleet.wait(Duration::ZERO);
                engine.paced(limits.pace.clone()).run()
            })
        };
        LedgerThread::with(batches, run)
    }
}
