//! Writes the outcomes that the ledger has into the results file.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use crate::broadcast::job::results::ResultsWriter;
use crate::contract::TargetKind;
use crate::error::Result;
use crate::ledger::{BatchFilter, BatchKey, Claim, Job, Ledger};
use crate::net::{ConcurrentTransport, Stop};
use crate::report::{Ui, counted};
use crate::send::interruptible_io::{self, STOP_POLL_INTERVAL};

/// Writes the outcomes of earlier runs. Stops at a signal.
pub(crate) fn write_earlier_results(
    ledger: &mut Ledger,
    fleet: &dyn ConcurrentTransport,
    job: &Job,
    results: &mut ResultsWriter,
) -> Result<()> {
    let signal = || interruptible_io::heed(fleet).err();
    write_batches(ledger, job, results, BatchFilter::All, &[], &signal)
}

/// Writes the targets that nothing was sent to, after all others. Stops only when the user is in a hurry: at a second
/// signal.
///
/// In the ledger, the batches in `unkept` have no outcome: it could not be stored. Their results are already written.
pub(crate) fn write_unsent_targets(
    ledger: &mut Ledger,
    fleet: &dyn ConcurrentTransport,
    job: &Job,
    results: &mut ResultsWriter,
    unkept: &[BatchKey],
) -> Result<()> {
    if results.is_over() {
        return Ok(());
    }
    let second_signal = || {
        fleet.wait(Duration::ZERO);
        fleet.stopped().filter(|_| fleet.hurried())
    };
    write_batches(ledger, job, results, BatchFilter::Planned, unkept, &second_signal)
}

/// Writes batches of a job without those in `skipped`, until `signal` returns a signal. Fails where a batch has no template,
/// because the template has the kind of the targets.
fn write_batches(
    ledger: &mut Ledger,
    job: &Job,
    results: &mut ResultsWriter,
    which: BatchFilter,
    skipped: &[BatchKey],
    signal: &dyn Fn() -> Option<Stop>,
) -> Result<()> {
    let is_unsent = matches!(which, BatchFilter::Planned);
    let (mut last_look, mut fault) = (Instant::now(), None);
    ledger.each_batch(job.intent.id, which, &mut |one| {
        let template = match job.template(one.batch.template) {
            Ok(template) => template,
            Err(error) => {
                fault = Some(error);
                return ControlFlow::Break(());
            }
        };
        if last_look.elapsed() > STOP_POLL_INTERVAL {
            last_look = Instant::now();
            if let Some(stop) = signal() {
                results.stop(stop);
                return ControlFlow::Break(());
            }
        }
        if skipped.contains(&one.batch.key) {
            return ControlFlow::Continue(());
        }
        let (kind, operation) = (template.kind.map(TargetKind::word), template.operation.as_str());
        let ending = one.ending.as_ref().filter(|_| !is_unsent);
        if one.batch.ids.is_empty() && (is_unsent || ending.is_some()) {
            results.write_audience(&job.intent.audience, operation, ending);
        }
        if is_unsent || one.state.is_decided() {
            one.fates().for_each(|fate| results.write_target(kind, operation, &fate));
        }
        ControlFlow::Continue(())
    })?;
    fault.map_or(Ok(()), Err)
}

/// Says how much has been sent once more, because it was resolved as not accepted.
pub(crate) fn tell_sent_again(ui: &Ui, ledger: &mut Ledger, claim: &Claim) {
    let planned = claim.again;
    if planned.batches == 0 {
        return;
    }
    let left = match ledger.left_of_not_accepted(claim.job.intent.id) {
        Ok(left) => left,
        Err(error) => return ui.complain(&error),
    };
    let batches = planned.batches.saturating_sub(left.batches);
    let what = match planned.targets.saturating_sub(left.targets) {
        _ if batches == 0 => return,
        0 => counted(batches, "request"),
        targets => counted(targets, "target"),
    };
    ui.remark(&format!("sent again, because it was resolved as not accepted: {what}"));
}
