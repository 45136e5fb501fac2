//! The second pass of a broadcast: sends the batches of a job in the ledger. New, planned and resumed jobs come here.

use std::time::Instant;

use uuid::Uuid;

use crate::broadcast::job::halt_reason::end_job;
use crate::broadcast::job::ledger_failure::{
    halted_by_ledger, with_counts_of_run, with_unknown_counts,
};
use crate::broadcast::job::ledger_results::{
    tell_sent_again, write_earlier_results, write_unsent_targets,
};
use crate::broadcast::job::prepare::{prepare, target_counts};
use crate::broadcast::job::run_observer::RunObserver;
use crate::broadcast::job::run_params::RunParams;
use crate::broadcast::job::send_batches::BatchSender;
use crate::broadcast::job::summary::{FinishedRun, print_summary};
use crate::broadcast::ports::RunReport;
use crate::error::Result;
use crate::exit::Exit;
use crate::ledger::{Claim, Job, JobState, Ledger};
use crate::net::ConcurrentTransport;
use crate::report;
use crate::send::context::SendContext;

/// Sends what is left of a job, and reports it.
pub(crate) fn run(
    context: &SendContext<'_>,
    mut params: RunParams,
    mut ledger: Ledger,
    fleet: &dyn ConcurrentTransport,
    job: Uuid,
) -> Result<Exit> {
    let system = &context.env.system;
    let began = Instant::now();
    let ui = &context.env.ui;
    // A claim makes this process the only one that works on the job.
    let claim = match params.claim(context, &mut ledger, job) {
        Ok(claim) => claim,
        Err(refused) => {
            let job = ledger.job(job)?;
            if job.state != JobState::Finished {
                return Err(refused);
            }
            ui.remark(&refused.to_string());
            return report_finished_job(context, &mut params, &mut ledger, fleet, &job);
        }
    };
    if claim.orphaned > 0 {
        ui.warn(&format!(
            "{} of an earlier run may have gone out, and {} unknown",
            report::counted(claim.orphaned, "request"),
            if claim.orphaned == 1 { "is" } else { "are" }
        ));
    }
    let report = match run_claimed(context, &mut params, &mut ledger, fleet, &claim) {
        Ok(report) => report,
        Err(error) => {
            let _ = ledger.release_job(job, system.now_ms());
            return Err(error);
        }
    };
    let released = end_job(context, &mut ledger, job, &report);
    let elapsed_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    let job = match (released, ledger.job(job)) {
        // The reason of the halt already names the error of the ledger.
        (Err(_), _) if halted_by_ledger(&report) => with_counts_of_run(claim.job, &report),
        (released, found) => {
            if let Err(error) = released {
                let error = error.full_message();
                ui.warn(&format!("the ledger could not take the end of the job: {error}"));
            }
            found.unwrap_or_else(|error| {
                ui.warn(&format!("the ledger cannot be read: {}", error.full_message()));
                with_unknown_counts(claim.job, &report)
            })
        }
    };
    let recall = context.job_recall(&mut ledger, &job);
    let run = FinishedRun { job: &job, report: &report, elapsed_ms, recall };
    print_summary(ui, &mut ledger, &run)
}

/// Reports a job that has nothing left to send. So a script that resumes a job until it succeeds gets the result, also when
/// the last run was killed before its report.
fn report_finished_job(
    context: &SendContext<'_>,
    params: &mut RunParams,
    ledger: &mut Ledger,
    fleet: &dyn ConcurrentTransport,
    job: &Job,
) -> Result<Exit> {
    let ui = &context.env.ui;
    if let Some(mut results) = params.begin_results(job.intent.id)? {
        write_earlier_results(ledger, fleet, job, &mut results)?;
        results.finish(ui, &job.label());
    }
    // Only a signal during this report counts.
    let report = RunReport::of_nothing(target_counts(job.counts()), fleet.stopped());
    let recall = context.job_recall(ledger, job);
    let run = FinishedRun { job, report: &report, elapsed_ms: 0, recall };
    print_summary(ui, ledger, &run)
}

/// Sends the batches of a job that this process has claimed, and writes the results file.
fn run_claimed(
    context: &SendContext<'_>,
    params: &mut RunParams,
    ledger: &mut Ledger,
    fleet: &dyn ConcurrentTransport,
    claim: &Claim,
) -> Result<RunReport> {
    let job = &claim.job;
    let mut prepared = prepare(context, params, ledger, job)?;
    let ui = &context.env.ui;
    let mut observer = RunObserver::new(ui, prepared.results.take(), job, &prepared.before);
    if let Some(results) = &mut observer.results {
        write_earlier_results(ledger, fleet, job, results)?;
    }
    let report = BatchSender::open(context, fleet, ledger, job, prepared)?.send(&mut observer);
    if let Some(bar) = &observer.bar {
        bar.end();
    }
    // Nothing is said to be sent before it is.
    tell_sent_again(ui, ledger, claim);
    let Some(mut results) = observer.results else { return report };
    let unkept = report.as_ref().map_or(&[][..], |report| &report.unkept);
    if let Err(error) = write_unsent_targets(ledger, fleet, job, &mut results, unkept) {
        // Finish the file all the same, so that it has the targets that were sent to.
        match &report {
            Ok(report) if halted_by_ledger(report) => results.stop_without_ledger(),
            _ => ui.complain(&error),
        }
    }
    results.finish(ui, &job.label());
    report
}
