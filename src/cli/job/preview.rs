//! `--dry-run` of a list: the first requests as they would go out, and what all of them come to.

use serde_json::json;

use super::planner::{Planned, Sink};
use super::sheets::Made;
use crate::cli::guarding;
use crate::cli::trip::Trip;
use crate::contract::TargetKind;
use crate::error::Result;
use crate::exit::Exit;
use crate::guard::Use;
use crate::ledger::PlannedBatch;
use crate::net::pace;
use crate::report::{self, Printed};
use crate::vendor::Call;
use crate::wire::{Request, Show};

/// How many requests are printed for people, and for machines.
const SHOWN: usize = 20;
const SHOWN_TO_MACHINES: usize = 1000;

/// Counts batches, and keeps the first ones.
pub(super) struct Preview<'a> {
    trip: &'a Trip<'a>,
    first: Vec<PlannedBatch>,
    /// Requests and targets by template.
    counts: Vec<(u64, u64)>,
}

impl<'a> Preview<'a> {
    pub(super) fn new(trip: &'a Trip<'a>) -> Self {
        Self { trip, first: Vec::new(), counts: Vec::new() }
    }

    /// Prints what would go out.
    pub(super) fn print(&self, planned: &Planned, made: &[Made]) -> Result<Exit> {
        let trip = self.trip;
        let show = if trip.sending.show_secrets { Show::Secrets } else { Show::Redacted };
        let uploads: Vec<_> = made.iter().flat_map(|made| &made.uploads).collect();
        let mut requests = trip.planned_uploads(&uploads)?;
        for batch in &self.first {
            requests.push(self.request(batch, &made[batch.template as usize])?);
        }
        let contract = trip.vendor.contract();
        let seconds = self.seconds(made);
        let ui = &trip.session.ui;
        let operation = made.first().map_or("", |made| made.sheet.operation.id);
        let uses = made.iter().map(|made| Use::of(made.sheet.operation, made.sheet.body()));
        let quotas = guarding::quotas_left(trip, uses, Some(planned.batches));
        let more = json!({
            "targets": planned.targets,
            "requests_total": planned.batches,
            "seconds": seconds,
            "quotas": quotas.iter().map(guarding::QuotaLeft::to_json).collect::<Vec<_>>(),
        });
        let how = Printed { curl: trip.sending.curl, show };
        report::planned_of_many(ui, contract.id, operation, &requests, how, &more);
        if !ui.is_machine() && !trip.sending.curl {
            let left = planned.batches - self.first.len() as u64;
            if left > 0 {
                ui.remark(&format!(
                    "not shown: {} more like these",
                    report::counted(left, "request")
                ));
            }
            ui.remark(&format!(
                "reaches {} with {}, in about {} at the vendor's pace",
                report::counted(planned.targets, "target"),
                report::counted(planned.batches, "request"),
                report::time_span(seconds)
            ));
            quotas.iter().for_each(|quota| ui.remark(&quota.words()));
            for made in made {
                ui.remark(&report::take_back(made.sheet.operation));
            }
        }
        Ok(Exit::Done)
    }

    fn request(&self, batch: &PlannedBatch, made: &Made) -> Result<Request> {
        let trip = self.trip;
        let body = made.sheet.render(&batch.ids, batch.vars.as_deref())?;
        let (account, stamp) = (&trip.world.account, &trip.stamp());
        let operation = made.sheet.operation;
        trip.vendor.request(&Call { operation, body: &body, account, stamp })
    }

    /// How long all of it takes at the vendor's pace, in seconds.
    fn seconds(&self, made: &[Made]) -> u64 {
        let times = made.iter().zip(&self.counts).map(|(made, (requests, targets))| {
            pace::estimate(made.sheet.operation, *requests, *targets).as_secs()
        });
        times.sum()
    }
}

impl Sink for Preview<'_> {
    fn template(&mut self, _: Option<TargetKind>, _: &mut Made) -> Result<()> {
        self.counts.push((0, 0));
        Ok(())
    }

    fn batch(&mut self, batch: PlannedBatch, _: &Made) -> Result<()> {
        if let Some((requests, targets)) = self.counts.get_mut(batch.template as usize) {
            *requests += 1;
            *targets += (batch.ids.len() as u64).max(1);
        }
        let machine = self.trip.session.ui.is_machine() || self.trip.sending.curl;
        if self.first.len() < if machine { SHOWN_TO_MACHINES } else { SHOWN } {
            self.first.push(batch);
        }
        Ok(())
    }
}
