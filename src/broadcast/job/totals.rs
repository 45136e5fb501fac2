//! What the requests of a job come to. It is counted where they are planned, and counted again by the same code where they
//! come from a file, so that a file cannot say of itself what is not so.

use crate::broadcast::job::guard_input::Samples;
use crate::contract::Operation;
use crate::guard::{self, AudienceCounts, AudienceDigest, GuestList};
use crate::net::pace;
use crate::template::message_template::{FinishedBody, Sheet};

/// What the requests of a job come to.
#[derive(Default)]
pub(crate) struct Totals {
    /// Their targets, read from each of them.
    pub(crate) tally: AudienceCounts,
    /// Payloads for the guards.
    pub(crate) samples: Samples,
    /// Targets; a request whose targets cannot be counted is one.
    pub(crate) targets: u64,
    /// Requests.
    pub(crate) requests: u64,
    /// Requests and targets by template.
    of_template: Vec<(u64, u64)>,
    digest: AudienceDigest,
}

impl Totals {
    /// Counts a finished request.
    pub(crate) fn take(
        &mut self,
        (template, sheet): (usize, &Sheet),
        finished: &FinishedBody,
        vars: Option<&str>,
        guests: &GuestList<'_>,
    ) {
        let FinishedBody { body, audience } = finished;
        self.tally.add(audience, guests);
        for target in audience.targets() {
            self.digest.add(target, vars.unwrap_or_default());
        }
        let targets = audience.count().unwrap_or_default().max(1) as u64;
        self.targets += targets;
        self.requests += 1;
        if self.of_template.len() <= template {
            self.of_template.resize(template + 1, (0, 0));
        }
        let (own_requests, own_targets) = &mut self.of_template[template];
        *own_requests += 1;
        *own_targets += targets;
        self.samples.note(template, sheet.operation, body, vars.is_some());
    }

    /// A digest of all targets with their variables, whatever their order.
    pub(crate) fn audience_digest(&self) -> String {
        self.digest.to_hex()
    }

    /// The same for the same payloads to the same targets, in whatever order and however many requests. Each template says
    /// [this](says).
    pub(crate) fn fingerprint(&self, says: impl IntoIterator<Item = String>) -> String {
        let used = says.into_iter().enumerate().filter(|(index, _)| self.samples.has(*index));
        guard::fingerprint_of_job(used.map(|(_, says)| says), &self.digest)
    }

    /// How long all of it takes at the vendor's pace, in seconds, by the operations of the templates.
    pub(crate) fn seconds(&self, operations: impl IntoIterator<Item = &'static Operation>) -> u64 {
        let times = operations.into_iter().zip(&self.of_template).map(
            |(operation, (requests, targets))| {
                pace::estimate(operation, *requests, *targets).as_secs()
            },
        );
        times.sum()
    }
}

/// What a payload says, whatever its targets are. Call it before uploads and idempotency keys are put in: those differ from
/// run to run.
pub(crate) fn says(sheet: &Sheet) -> String {
    guard::content_digest(sheet.operation, sheet.body(), &sheet.own_audience())
}
