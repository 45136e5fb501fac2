//! The counts of a job when the ledger fails during a run.

use crate::broadcast::ports::RunReport;
use crate::error::ErrorKind;
use crate::ledger::{Counts, Job, JobState};
use crate::send::executor::Halt;

/// Whether an error of the ledger halted a run.
pub(crate) fn halted_by_ledger(report: &RunReport) -> bool {
    matches!(&report.halt, Some(Halt::Fault(error)) if error.kind() == ErrorKind::Ledger)
}

/// The job with the counts of this run, for a ledger that failed during the run.
pub(crate) fn with_counts_of_run(mut job: Job, report: &RunReport) -> Job {
    let RunReport { tally, .. } = report;
    let counts = if job.targets.total() > 0 { &mut job.targets } else { &mut job.batches };
    *counts = Counts {
        planned: tally.left(),
        accepted: tally.accepted,
        rejected: tally.rejected,
        unavailable: tally.unavailable,
        unknown: tally.unknown,
        ..Counts::default()
    };
    job.state = JobState::Interrupted;
    without_batches(job)
}

/// Where its targets are counted, the outcomes of its batches are not known.
fn without_batches(mut job: Job) -> Job {
    if job.targets.total() > 0 {
        job.batches = Counts { planned: job.batches.total(), ..Counts::default() };
    }
    job
}

/// The job for a ledger that cannot be read after the run. What this run sent counts as unknown, because the ledger may have
/// lost it. Only targets that were certainly not reached keep their outcome.
pub(crate) fn with_unknown_counts(mut job: Job, report: &RunReport) -> Job {
    let RunReport { tally, .. } = report;
    let is_counted = job.targets.total() > 0;
    let counts = if is_counted { &mut job.targets } else { &mut job.batches };
    let before = *counts;
    job.state = JobState::Interrupted;
    counts.planned = tally.left();
    counts.rejected = tally.rejected;
    counts.unavailable = tally.unavailable;
    counts.sending = 0;
    let decided = counts.planned + tally.rejected + tally.unavailable;
    let taken = before.accepted + before.partial;
    counts.unknown = before.total().saturating_sub(decided + taken);
    without_batches(job)
}

#[cfg(test)]
mod tests;
