//! A job whose ledger is lost while it runs: what has come back is told all the same.

use crate::broadcast::parts::RunReport;
use crate::error::ErrorKind;
use crate::ledger::{Counts, Job, JobState};
use crate::send::executor::Halt;

/// Whether a run was halted because of its ledger.
pub(crate) fn halted_by_ledger(report: &RunReport) -> bool {
    matches!(&report.halt, Some(Halt::Fault(error)) if error.kind() == ErrorKind::Ledger)
}

/// A job whose ledger has been lost on the way, by what this run has received.
pub(crate) fn received(mut job: Job, report: &RunReport) -> Job {
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
    job
}
