//! How one run of a job goes: from flags, and from what was found out before it.

use uuid::Uuid;

use crate::broadcast::abort::Limits;
use crate::broadcast::job::options::RunOptions;
use crate::broadcast::job::results::ResultsWriter;
use crate::broadcast::job::results_file::ResultsFile;
use crate::error::{Error, ErrorKind, Result};
use crate::files::KeptFile;
use crate::ledger::{Claim, Job, JobIntent, JobTemplate, Ledger, NotAccepted};
use crate::send::context::SendContext;
use crate::send::kept_files::kept_files;

/// The number of requests in flight without `--concurrency`.
const DEFAULT_CONCURRENCY: u16 = 16;

/// The parameters of one run.
#[derive(Debug)]
pub(crate) struct RunParams {
    /// The number of requests in flight.
    pub(crate) concurrency: usize,
    results: Option<ResultsFile>,
    /// The share of targets that may fail; `None`: the share from the job's settings.
    abort_above: Option<f64>,
    /// The entries that were left out of the list, as lines of a results file; `None`: keep those that an earlier run wrote
    /// into the file.
    pub(crate) skipped: Option<Vec<String>>,
    /// Guards that this command overrode and that the job does not list yet.
    pub(crate) overridden: Vec<String>,
    /// What people resolved as not accepted, and this run sends once more.
    pub(crate) again: Vec<NotAccepted>,
    /// The job as it was inspected before it is resumed; `None` for a new job.
    inspected: Option<(JobIntent, Vec<JobTemplate>)>,
}

impl RunParams {
    /// The parameters from flags, for a new job or for the one that is resumed. Fails before there is a job where the results file cannot be written, or would replace a
    /// file that the command reads, or the results of another job.
    pub(crate) fn new(
        context: &SendContext<'_>,
        flags: &RunOptions,
        mut reads: Vec<KeptFile>,
        resumed: Option<Uuid>,
    ) -> Result<Self> {
        let open = |path: &std::path::PathBuf| {
            reads.extend(kept_files(context.env, context.sending, path));
            ResultsFile::open(path, &reads, resumed, context.app.sandbox)
        };
        let results = flags.results.as_ref().map(open).transpose()?;
        let concurrency = usize::from(flags.concurrency.unwrap_or(DEFAULT_CONCURRENCY));
        let (skipped, overridden) = (Some(Vec::new()), Vec::new());
        let abort_above = flags.abort_above;
        let (again, inspected) = (Vec::new(), None);
        Ok(Self { concurrency, results, abort_above, skipped, overridden, again, inspected })
    }

    /// The same for a job that was inspected and is resumed.
    pub(crate) fn for_resume(
        self,
        overridden: Vec<String>,
        inspected: (JobIntent, Vec<JobTemplate>),
    ) -> Self {
        Self { overridden, skipped: None, inspected: Some(inspected), ..self }
    }

    /// Claims a job, and plans what is sent once more. It was inspected before, and people may have been asked about it: so
    /// look once more whether something was sent since.
    pub(crate) fn claim(
        &mut self,
        context: &SendContext<'_>,
        ledger: &mut Ledger,
        job: Uuid,
    ) -> Result<Claim> {
        let again = std::mem::take(&mut self.again);
        if !again.is_empty() {
            let seen = ledger.job(job)?;
            if let Some(other) = ledger.sent_because_of_job(&seen)? {
                let label = seen.label();
                let message = format!("{other} was sent while the job {label} was looked at");
                return Err(Error::new(ErrorKind::Ledger, message).help("nothing was sent; retry"));
            }
        }
        ledger.claim_to_send_again(job, context.env.system.now_ms(), &again)
    }

    /// Begins the results file, if there is one.
    pub(crate) fn begin_results(&mut self, job: Uuid) -> Result<Option<ResultsWriter>> {
        let begin = |file: ResultsFile| match &self.skipped {
            Some(skipped) => file.begin(job, skipped),
            None => file.resume(job),
        };
        self.results.take().map(begin).transpose()
    }

    /// The limits of this run, from those of the job.
    pub(crate) fn limits(&self, planned: Limits) -> Limits {
        Limits { abort_above: self.abort_above.or(planned.abort_above), ..planned }
    }

    /// Fails where another process changed the job after it was inspected.
    pub(crate) fn check_unchanged(&self, job: &Job) -> Result<()> {
        match &self.inspected {
            Some((intent, templates)) if *intent != job.intent || *templates != job.templates => {
                let message = format!("the job {} was changed while it was looked at", job.label());
                Err(Error::new(ErrorKind::Ledger, message).help("nothing was sent; retry"))
            }
            _ => Ok(()),
        }
    }
}
