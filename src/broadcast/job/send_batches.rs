//! Runs the engine over the batches of a job.

use std::time::Duration;

use crate::broadcast::batches::LedgerBatches;
use crate::broadcast::clerk::Clerk;
use crate::broadcast::job::prepare::PreparedRun;
use crate::broadcast::job::request_builder::RequestBuilder;
use crate::broadcast::job::run_observer::RunObserver;
use crate::broadcast::parts::RunReport;
use crate::broadcast::run::Engine;
use crate::error::Result;
use crate::ledger::{Job, Ledger};
use crate::net::Fleet;
use crate::send::guard_prompt;
use crate::send::ports::EngineWorld as _;
use crate::send::rate_limits::Pacing;
use crate::send::transport_adapter::TransportAdapter;
use crate::send::trip::Trip;

/// Sends the batches of a job.
pub(crate) struct BatchSender<'a> {
    trip: &'a Trip<'a>,
    fleet: &'a dyn Fleet,
    pacing: Pacing,
    transport: TransportAdapter<'a>,
    batches: LedgerBatches<'a>,
    prepared: PreparedRun,
    /// The number of requests that are left.
    planned: u64,
}

impl<'a> BatchSender<'a> {
    /// Opens the batches of a job that this process has claimed.
    pub(crate) fn open(
        trip: &'a Trip<'a>,
        fleet: &'a dyn Fleet,
        ledger: &'a mut Ledger,
        job: &Job,
        mut prepared: PreparedRun,
    ) -> Result<Self> {
        let mut pacing = Pacing::beside(trip.session, trip.sending, trip.world, ledger);
        pacing.waits = false;
        let transport = TransportAdapter::new(fleet, trip.session.edge, pacing.clock.clone());
        prepared.settings.until = trip.sending.deadline.map(|limit| transport.now() + limit);
        let allowances = std::mem::take(&mut prepared.allowances);
        let batches = LedgerBatches::of(ledger, job.intent.id)?.within(allowances);
        let planned = job.batches.planned;
        Ok(Self { trip, fleet, pacing, transport, batches, prepared, planned })
    }

    /// Sends them, and reports how the run ended.
    pub(crate) fn send(self, observer: &mut RunObserver<'_>) -> Result<RunReport> {
        let Self { trip, fleet, pacing, mut transport, batches, prepared, planned } = self;
        let PreparedRun { sheets, settings, before, .. } = prepared;
        let run = |journal: &mut Clerk| {
            trip.with_errands(fleet, &pacing, |mut errands| {
                errands.expect(planned);
                let allowed = || guard_prompt::still_allowed(trip);
                let mut builder = RequestBuilder::new(trip.vendor, errands, sheets, &allowed);
                let engine =
                    Engine::new(journal, &mut transport, &mut builder, observer, &settings, before);
                // Handles a signal that arrived while the run was prepared, before the engine sends anything.
                fleet.wait(Duration::ZERO);
                engine.paced(pacing.pace.clone()).run()
            })
        };
        Clerk::with(batches, run)
    }
}
