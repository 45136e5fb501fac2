//! How people settle what is unknown: how they find out at its vendor, and how they say it.

use crate::contract::{Contract, DoubtfulMessage, Operation, Target, TargetKind};
use crate::document::Document;
use crate::error::Result;
use crate::ledger::{Bodies, EntryStatus, Job, JobBatch, Ledger, LedgerEntry, TargetState};
use crate::net;
use crate::outcome::{Outcome, Verdict};
use crate::provider::{self, Vendor};
use crate::report::counted;
use crate::send::followed;
use crate::send::open_ledger::bodies;
use crate::send::prepared_request::LintedRequest;
use crate::send::send_sequence::Sequence;
use crate::text::SuggestedCommand;

impl Sequence<'_, '_> {
    /// Says in an unknown outcome how people find out about this message.
    pub(crate) fn tell_how(&self, one: &LintedRequest, label: Option<&str>, outcome: &mut Outcome) {
        if outcome.verdict == Verdict::Unknown {
            let body = Document::unwritten(one.kept.clone());
            let is_digest = bodies(self.context.env) == Bodies::Digested;
            let lost = DoubtfulMessage::of(one.operation, &body, label);
            let lost = DoubtfulMessage { is_digest, ..lost };
            net::tell_how(self.context.app.vendor.contract(), one.operation, &lost, outcome);
        }
    }
}

/// When the vendor's id of a message is to be looked for, which is done for what is unknown. Of several messages the smallest
/// holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum IdLookUp {
    /// Now.
    Now,
    /// After the decision of a person is withdrawn.
    AfterUndo,
    /// The vendor answered.
    Never,
}

impl IdLookUp {
    pub(crate) fn of_entry(entry: &LedgerEntry) -> Self {
        let is_unknown = entry.status == EntryStatus::Decided(Verdict::Unknown);
        Self::of(is_unknown, entry.resolution.is_some())
    }

    pub(crate) fn of_batch(batch: &JobBatch) -> Self {
        let unknown = TargetState::Decided(Verdict::Unknown);
        let is_unknown = batch.state == unknown || batch.fates().any(|fate| fate.state == unknown);
        Self::of(is_unknown, batch.resolved.is_some())
    }

    fn of(is_unknown: bool, is_resolved: bool) -> Self {
        match (is_unknown, is_resolved) {
            (true, _) => Self::Now,
            (false, true) => Self::AfterUndo,
            (false, false) => Self::Never,
        }
    }
}

/// How to settle an entry; `None` where it is not unknown, or repeating it does no harm.
pub(crate) fn entry_advice(entry: &LedgerEntry) -> Option<String> {
    if entry.status != EntryStatus::Decided(Verdict::Unknown) {
        return None;
    }
    let route = &entry.intent.route;
    let (vendor, operation) = operation_of(&route.provider, &route.operation)?;
    vendor.contract().how_to_settle(operation, &lost_entry(operation, entry))
}

/// The command with which herald looks for the message of an entry at the vendor; `None` where it cannot.
pub(crate) fn entry_check(entry: &LedgerEntry) -> Option<SuggestedCommand> {
    let route = &entry.intent.route;
    let (vendor, operation) = operation_of(&route.provider, &route.operation)?;
    vendor.contract().check_command(operation, &lost_entry(operation, entry))
}

/// The message of an entry.
fn lost_entry<'e>(operation: &Operation, entry: &'e LedgerEntry) -> DoubtfulMessage<'e> {
    let route = &entry.intent.route;
    let label = Some(entry.short_id.as_str());
    let lost = match Document::parse(entry.intent.content.body.as_str()) {
        Ok(body) => DoubtfulMessage::of(operation, &body, label),
        Err(_) => {
            let audience = entry.intent.reach.audience.split_once(':');
            let target =
                audience.and_then(|(kind, id)| Some(Target::new(TargetKind::from_word(kind)?, id)));
            DoubtfulMessage { to: Vec::from_iter(target), label, ..DoubtfulMessage::default() }
        }
    };
    let from = lost.from.clone().or_else(|| entry.intent.reach.sender.clone());
    let (profile, is_digest) = (route.profile.as_deref(), !entry.has_body());
    DoubtfulMessage { from, profile, is_digest, ..lost }
}

/// How to settle what is unknown of a job; `None` where repeating it does no harm.
pub(crate) fn job_advice(job: &Job) -> Option<String> {
    of_job(job, |contract, operation, lost| contract.how_to_settle(operation, lost))
}

/// The command with which herald looks for the messages of a job at the vendor; `None` where it cannot.
pub(crate) fn job_check(job: &Job) -> Option<SuggestedCommand> {
    of_job(job, Contract::check_command)
}

/// What is done about the targets of a job for which no request could be made, since the ids of what was sent are not known:
/// that is settled first. `None` where there are none.
pub(crate) fn out_of_reach_advice(ledger: &mut Ledger, job: &Job) -> Result<Option<String>> {
    let (count, verb) = (job.intent.aside(), &job.intent.verb);
    if count == 0 {
        return Ok(None);
    }
    let mut how = Vec::new();
    for id in followed::about(&job.intent) {
        how.extend(match ledger.maybe_entry(id)? {
            Some(entry) => entry_advice(&entry),
            None => ledger
                .job(id)
                .ok()
                .filter(|sent| sent.counts().unknown > 0)
                .and_then(|sent| job_advice(&sent)),
        });
    }
    let what = format!(
        "no {verb} could be made for {}: the id of what was sent is not known",
        counted(count, "target")
    );
    Ok(Some(match how.as_slice() {
        [] => what,
        how => format!("{what}. {}; then the same {verb} again does the rest", how.join("; ")),
    }))
}

/// Asks the contract about the first messages of a job. What holds for one of its operations holds for the others.
fn of_job<T>(
    job: &Job,
    ask: impl FnOnce(&'static Contract, &Operation, &DoubtfulMessage<'_>) -> Option<T>,
) -> Option<T> {
    let template = job.templates.first()?;
    let (vendor, operation) = operation_of(&job.intent.provider, &template.operation)?;
    let label = job.label();
    let lost = DoubtfulMessage {
        kind: template.kind,
        from: template.sender.clone(),
        label: Some(&label),
        profile: job.intent.profile.as_deref(),
        is_digest: template.body.is_empty(),
        ..DoubtfulMessage::default()
    };
    ask(vendor.contract(), operation, &lost)
}

fn operation_of(
    provider: &str,
    operation: &str,
) -> Option<(&'static dyn Vendor, &'static Operation)> {
    provider::find_operation(&format!("{provider}/{operation}")).ok()
}
