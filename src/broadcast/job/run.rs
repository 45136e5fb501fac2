//! The second pass: batches out of the ledger and onto the wire, whoever has put them into the ledger.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use uuid::Uuid;

use crate::broadcast::abort::Limits;
use crate::broadcast::counts::TargetCounts;
use crate::broadcast::engine::Engine;
use crate::broadcast::job::inspect::sheets;
use crate::broadcast::job::lost::{halted_by_ledger, received};
use crate::broadcast::job::options::RunOptions;
use crate::broadcast::job::output_file::ResultsFile;
use crate::broadcast::job::output_path::{InputFile, keep_apart};
use crate::broadcast::job::remaining::has_bodies;
use crate::broadcast::job::request_builder::RequestBuilder;
use crate::broadcast::job::results::{Results, Witness, bar};
use crate::broadcast::job::settings::JobSettings;
use crate::broadcast::job::summary::{FinishedRun, tell};
use crate::broadcast::ledger_batches::LedgerBatches;
use crate::broadcast::ledger_thread::Clerk;
use crate::broadcast::parts::{RunReport, RunSettings};
use crate::contract::TargetKind;
use crate::error::{Error, ErrorKind, Result};
use crate::exit::Exit;
use crate::guard::QuotaRequest;
use crate::ledger::{
    Allowance, BatchFilter, BatchKey, Counts, Job, JobBatch, JobIntent, JobState, JobTemplate,
    Ledger,
};
use crate::net::{Fleet, retry};
use crate::report;
use crate::send::context::SendContext;
use crate::send::executor::Halt;
use crate::send::executor::ports::TimedTransport as _;
use crate::send::failover::Failover;
use crate::send::guard_prompt;
use crate::send::interruptible_io::{self, LOOK};
use crate::send::rate_limits::RateLimits;
use crate::send::transport_adapter::TransportAdapter;
use crate::template::message_template::Sheet;

/// How many requests are on their way at a time where no flag says so.
const CONCURRENCY: u16 = 16;

/// What a run may have anew each time.
#[derive(Debug)]
pub(crate) struct Leave {
    concurrency: usize,
    results: Option<ResultsFile>,
    /// How many may fail; `None`: as the job says.
    abort_above: Option<f64>,
    /// Entries that were left out of its list, as results tell them; `None`: as the file of results has them from an
    /// earlier run.
    pub(crate) skipped: Option<Vec<String>>,
    /// Guards that `--override` passed on the way here, and that the job does not have yet.
    overridden: Vec<String>,
    /// The job that was looked at; `None` where this process has planned it.
    seen: Option<(JobIntent, Vec<JobTemplate>)>,
}

impl Leave {
    /// As flags say. Refuses what a run could not do, before there is a job, and results that would replace what a command
    /// reads.
    pub(crate) fn of(
        context: &SendContext<'_>,
        flags: &RunOptions,
        reads: &[InputFile<'_>],
    ) -> Result<Self> {
        let open = |path: &std::path::PathBuf| {
            keep_apart(context, path, reads)?;
            ResultsFile::open(path)
        };
        let results = flags.results.as_ref().map(open).transpose()?;
        let concurrency = usize::from(flags.concurrency.unwrap_or(CONCURRENCY));
        let (skipped, overridden) = (Some(Vec::new()), Vec::new());
        let abort_above = flags.abort_above;
        Ok(Self { concurrency, results, abort_above, skipped, overridden, seen: None })
    }

    /// The same for a job that was looked at, and for which these guards were bypassed now.
    pub(crate) fn resuming(
        self,
        overridden: Vec<String>,
        seen: (JobIntent, Vec<JobTemplate>),
    ) -> Self {
        Self { overridden, skipped: None, seen: Some(seen), ..self }
    }

    /// Begins the file of results, where there is one.
    fn begin_results(&mut self) -> Result<Option<Results>> {
        let begin = |place: ResultsFile| match &self.skipped {
            Some(skipped) => place.begin(skipped),
            None => place.go_on(),
        };
        self.results.take().map(begin).transpose()
    }
}

/// Carries out what is left of a job.
pub(crate) fn run(
    context: &SendContext<'_>,
    mut leave: Leave,
    mut ledger: Ledger,
    fleet: &dyn Fleet,
    job: Uuid,
) -> Result<Exit> {
    let system = &context.env.system;
    let began = Instant::now();
    let ui = &context.env.ui;
    let claim = match ledger.claim_job(job, system.now_ms()) {
        Ok(claim) => claim,
        Err(refused) => {
            let job = ledger.job(job)?;
            if job.state != JobState::Finished {
                return Err(refused);
            }
            ui.remark(&refused.to_string());
            return tell_again(context, &mut leave, &mut ledger, fleet, &job);
        }
    };
    if claim.orphaned > 0 {
        ui.warn(&format!(
            "{} of an earlier run may have gone out, and is unknown",
            report::counted(claim.orphaned, "request")
        ));
    }
    let report = match carry_out(context, &mut leave, &mut ledger, fleet, &claim.job) {
        Ok(report) => report,
        Err(error) => {
            let _ = ledger.release_job(job, system.now_ms());
            return Err(error);
        }
    };
    let released = ledger.release_job(job, system.now_ms());
    let elapsed_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    let job = match (released, ledger.job(job)) {
        // Why it is halted tells already what is wrong with the ledger.
        (Err(_), _) if halted_by_ledger(&report) => received(claim.job, &report),
        (released, found) => {
            if let Err(error) = released {
                let error = error.full_message();
                ui.warn(&format!("the ledger could not take the end of the job: {error}"));
            }
            found.unwrap_or_else(|error| {
                ui.warn(&format!("the ledger cannot be read: {}", error.full_message()));
                untold(claim.job, &report)
            })
        }
    };
    tell(ui, &mut ledger, &FinishedRun { job: &job, report: &report, elapsed_ms })
}

/// A job of which the ledger no longer tells how it stands. What this run sent is unknown, but for what was certainly not
/// accepted: nothing of it may be kept.
fn untold(mut job: Job, report: &RunReport) -> Job {
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
    job
}

/// Tells what became of a job that has nothing left to do. Whoever was killed before it could tell, and is resumed until it
/// succeeds, ends with what the job came to.
fn tell_again(
    context: &SendContext<'_>,
    leave: &mut Leave,
    ledger: &mut Ledger,
    fleet: &dyn Fleet,
    job: &Job,
) -> Result<Exit> {
    let ui = &context.env.ui;
    let mut witness = Witness::new(ui, leave.begin_results()?, job, None);
    told_before(ledger, fleet, job, &mut witness)?;
    if let Some(results) = witness.results {
        results.finish(ui, &witness.job);
    }
    // Only whoever breaks off the telling is heard here.
    let halt = fleet.stopped().map(Halt::Signal);
    let (tally, unkept) = (tally(job.counts()), Vec::new());
    let report = RunReport { tally, halt, requests: 0, last: None, unkept };
    tell(ui, ledger, &FinishedRun { job, report: &report, elapsed_ms: 0 })
}

/// What a run works with, found before anything leaves.
struct PreparedRun {
    sheets: Vec<Sheet>,
    settings: RunSettings,
    results: Option<Results>,
    allowances: Vec<Allowance>,
    /// What earlier runs have come to.
    before: TargetCounts,
}

/// Makes ready to carry out a job that is this process's own.
fn prepare(
    context: &SendContext<'_>,
    leave: &mut Leave,
    ledger: &mut Ledger,
    job: &Job,
) -> Result<PreparedRun> {
    if let Some((intent, templates)) = &leave.seen
        && (*intent != job.intent || *templates != job.templates)
    {
        let message = format!("the job {} was changed while it was looked at", job.label());
        return Err(Error::new(ErrorKind::Ledger, message).help("nothing was sent; try again"));
    }
    has_bodies(job)?;
    let sheets = sheets(context, &job.templates, "the job in the ledger")?;
    let planned = JobSettings::parse(&job.intent.settings)?.limits;
    let settings = RunSettings {
        concurrency: leave.concurrency,
        request_limit: context.sending.deadline(),
        until: None,
        limits: Limits { abort_above: leave.abort_above.or(planned.abort_above), ..planned },
    };
    if !leave.overridden.is_empty() {
        ledger.add_overrides(job.intent.id, &leave.overridden)?;
    }
    requeue(context, ledger, job, &sheets, settings.request_limit)?;
    let results = leave.begin_results()?;
    let uses = sheets.iter().map(|sheet| QuotaRequest::of(sheet.operation, sheet.body()));
    let allowances = guard_prompt::bound(context, uses)?.allowances();
    let before = tally(ledger.job(job.intent.id)?.counts());
    Ok(PreparedRun { sheets, settings, results, allowances, before })
}

/// Runs the engine over a job that is this process's own.
fn carry_out(
    context: &SendContext<'_>,
    leave: &mut Leave,
    ledger: &mut Ledger,
    fleet: &dyn Fleet,
    job: &Job,
) -> Result<RunReport> {
    let PreparedRun { sheets, mut settings, results, allowances, before } =
        prepare(context, leave, ledger, job)?;
    let ui = &context.env.ui;
    let mut witness = Witness::new(ui, results, job, bar(ui, &before));
    told_before(ledger, fleet, job, &mut witness)?;
    let mut limits = RateLimits::beside(context.env, context.sending, context.app, ledger);
    limits.waits = false;
    let mut carrier = TransportAdapter::new(fleet, context.env.system, limits.clock.clone());
    settings.until = context.sending.deadline.map(|deadline| carrier.now() + deadline);
    let books = LedgerBatches::of(ledger, job.intent.id)?.within(allowances);
    let send = |journal: &mut Clerk| {
        context.with_prerequisites(fleet, &limits, |mut prerequisites| {
            prerequisites.expect(job.batches.planned);
            let mut press = RequestBuilder {
                vendor: context.app.vendor,
                prerequisites,
                sheets,
                failover: Failover::default(),
                allowed: &|| guard_prompt::still_allowed(context),
            };
            let engine =
                Engine::new(journal, &mut carrier, &mut press, &mut witness, &settings, before);
            // A signal that came before, while the list was read, judged, claimed or told, counts before anything leaves.
            fleet.wait(Duration::ZERO);
            engine.paced(limits.pace.clone()).run()
        })
    };
    let report = Clerk::with(books, send);
    if let Some(bar) = &witness.bar {
        bar.finish_and_clear();
    }
    let unkept = report.as_ref().map_or(&[][..], |report| &report.unkept);
    if let Err(error) = told_left(ledger, fleet, job, &mut witness, unkept) {
        // What was sent is told all the same.
        match (&report, &mut witness.results) {
            (Ok(report), Some(results)) if halted_by_ledger(report) => results.lose_ledger(),
            _ => ui.complain(&error),
        }
    }
    if let Some(results) = witness.results {
        results.finish(ui, &witness.job);
    }
    report
}

/// Plans again what the vendor would recognise as a repeat.
fn requeue(
    context: &SendContext<'_>,
    ledger: &mut Ledger,
    job: &Job,
    sheets: &[Sheet],
    request_limit: Duration,
) -> Result<()> {
    for (number, sheet) in (0_u32..).zip(sheets) {
        let window = retry::repeatable_for(sheet.operation, request_limit);
        if window.is_zero() || !context.app.vendor.recognises_repeats(&context.app.account) {
            continue;
        }
        let window = i64::try_from(window.as_millis()).unwrap_or(i64::MAX);
        // What began later than now was noted by a clock that has been set since: nobody knows how old it is.
        let now_ms = context.env.system.now_ms();
        let within = now_ms.saturating_sub(window)..=now_ms;
        let again = ledger.requeue_doubtful(job.intent.id, number, &within)?;
        if again > 0 {
            context.env.ui.remark(&format!(
                "sent again since the vendor recognises repeats: {} in doubt",
                report::counted(again, "request")
            ));
        }
    }
    Ok(())
}

/// Hands over batches with their templates. An error where a batch has none: nothing would tell who its targets are.
fn each_with_template(
    ledger: &mut Ledger,
    job: &Job,
    which: BatchFilter,
    take: &mut dyn FnMut(&JobBatch, &JobTemplate) -> ControlFlow<()>,
) -> Result<()> {
    let mut fault = None;
    ledger.each_batch(
        job.intent.id,
        which,
        &mut |batch| match job.template(batch.batch.template) {
            Ok(kept) => take(&batch, kept),
            Err(error) => {
                fault = Some(error);
                ControlFlow::Break(())
            }
        },
    )?;
    fault.map_or(Ok(()), Err)
}

/// Writes what earlier runs have come to into the file of results, until somebody asks to stop.
fn told_before(
    ledger: &mut Ledger,
    fleet: &dyn Fleet,
    job: &Job,
    witness: &mut Witness<'_>,
) -> Result<()> {
    let Some(results) = &mut witness.results else { return Ok(()) };
    let mut looked = Instant::now();
    each_with_template(ledger, job, BatchFilter::All, &mut |batch, kept| {
        let (kind, operation) = (kept.kind.map(TargetKind::word), kept.operation.as_str());
        if looked.elapsed() > LOOK {
            looked = Instant::now();
            if let Err(stop) = interruptible_io::heed(fleet) {
                results.break_off(stop);
                return ControlFlow::Break(());
            }
        }
        if let (true, Some(ending)) = (batch.batch.ids.is_empty(), &batch.ending) {
            results.write_whole(&job.intent.audience, operation, Some(ending));
        }
        if batch.state.is_decided() {
            batch.fates().for_each(|fate| results.write(kind, operation, &fate));
        }
        ControlFlow::Continue(())
    })
}

/// Writes whom nothing was sent to yet into the file of results, behind all others, unless somebody is in a hurry. The
/// ledger has those as begun that have ended and that it could not take: they are told already.
fn told_left(
    ledger: &mut Ledger,
    fleet: &dyn Fleet,
    job: &Job,
    witness: &mut Witness<'_>,
    unkept: &[BatchKey],
) -> Result<()> {
    let Some(results) = witness.results.as_mut().filter(|results| !results.is_over()) else {
        return Ok(());
    };
    let mut looked = Instant::now();
    each_with_template(ledger, job, BatchFilter::Planned, &mut |batch, kept| {
        let (kind, operation) = (kept.kind.map(TargetKind::word), kept.operation.as_str());
        if looked.elapsed() > LOOK {
            looked = Instant::now();
            fleet.wait(Duration::ZERO);
            if let Some(stop) = fleet.stopped().filter(|_| fleet.hurried()) {
                results.break_off(stop);
                return ControlFlow::Break(());
            }
        }
        if unkept.contains(&batch.batch.key) {
            return ControlFlow::Continue(());
        }
        if batch.batch.ids.is_empty() {
            results.write_whole(&job.intent.audience, operation, None);
        }
        batch.fates().for_each(|fate| results.write(kind, operation, &fate));
        ControlFlow::Continue(())
    })
}

/// The engine's count of targets from the ledger's.
fn tally(counts: &Counts) -> TargetCounts {
    TargetCounts {
        total: counts.total(),
        accepted: counts.accepted,
        rejected: counts.rejected,
        unavailable: counts.unavailable,
        unknown: counts.unknown + counts.partial,
    }
}

#[cfg(test)]
mod tests;
