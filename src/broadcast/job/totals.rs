//! What the requests of a job add up to. The same code counts new requests and those of a plan or of the ledger, so that a
//! file cannot have wrong totals.

use crate::broadcast::job::guard_check::SampleBodies;
use crate::contract::Operation;
use crate::guard::{self, AllowList, AudienceCounts, AudienceDigest};
use crate::net::rate_limit;
use crate::template::message_template::{FinishedBody, MessageTemplate};

/// What the requests of a job add up to.
#[derive(Default)]
pub(crate) struct Totals {
    /// The targets in the finished requests.
    pub(crate) audience: AudienceCounts,
    /// Payloads for the guards.
    pub(crate) samples: SampleBodies,
    /// The number of targets. A request whose number of targets is not known counts as one.
    pub(crate) targets: u64,
    /// The number of requests.
    pub(crate) requests: u64,
    /// The number of requests and of targets of each template.
    by_template: Vec<(u64, u64)>,
    digest: AudienceDigest,
}

impl Totals {
    /// Adds a finished request.
    pub(crate) fn add(
        &mut self,
        (template, sheet): (usize, &MessageTemplate),
        finished: &FinishedBody,
        vars: Option<&str>,
        allow_list: &AllowList<'_>,
    ) {
        let FinishedBody { body, audience } = finished;
        self.audience.add(audience, allow_list);
        for target in audience.targets() {
            self.digest.add(target, vars.unwrap_or_default());
        }
        let targets = audience.count().unwrap_or_default().max(1) as u64;
        self.targets += targets;
        self.requests += 1;
        if self.by_template.len() <= template {
            self.by_template.resize(template + 1, (0, 0));
        }
        let (own_requests, own_targets) = &mut self.by_template[template];
        *own_requests += 1;
        *own_targets += targets;
        self.samples.note(template, sheet.operation, body, vars.is_some());
    }

    /// A digest of all targets with their variables. It does not depend on their order.
    pub(crate) fn audience_digest(&self) -> String {
        self.digest.to_hex()
    }

    /// A digest of all payloads and targets. It does not depend on their order and the number of requests. Takes the
    /// [digest](template_digest) of each template.
    pub(crate) fn fingerprint(&self, digests: impl IntoIterator<Item = String>) -> String {
        let used = digests.into_iter().enumerate().filter(|(index, _)| self.samples.has(*index));
        guard::fingerprint_of_job(used.map(|(_, digest)| digest), &self.digest)
    }

    /// How long sending takes at the vendor's rate limit, in seconds. Takes the operation of each template.
    pub(crate) fn seconds(&self, operations: impl IntoIterator<Item = &'static Operation>) -> u64 {
        let times = operations.into_iter().zip(&self.by_template).map(
            |(operation, (requests, targets))| {
                rate_limit::estimate(operation, *requests, *targets).as_secs()
            },
        );
        times.sum()
    }
}

/// A digest of a template without its targets. Compute it before uploads and idempotency keys are put in, because those
/// differ from run to run.
pub(crate) fn template_digest(sheet: &MessageTemplate) -> String {
    guard::content_digest(sheet.operation, sheet.body(), &sheet.own_audience())
}
