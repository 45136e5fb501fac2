//! The flags of broadcasts and jobs, as plain values without clap.

use std::path::PathBuf;
use std::time::Duration;

use crate::broadcast::abort::Canary;
use crate::broadcast::abort::Limits;
use crate::broadcast::targets::ListFormat;
use crate::error::{Error, Result};
use crate::report::Ui;
use crate::send::options::{MessageOptions, SendOptions};
use crate::send::payload_file::is_stdin;

/// The flags of `broadcast`.
#[derive(Clone, Debug, Default)]
pub struct BroadcastOptions {
    /// Sends to everybody.
    pub all: bool,
    /// Sends to all users with one of these tags.
    pub tag: Vec<String>,
    /// Sends to the users of these app packages.
    pub package: Vec<String>,
    /// Sends to the targets of a list.
    pub list: ListOptions,
    /// The message.
    pub message: MessageOptions,
    /// The flags of the job.
    pub job: JobOptions,
}

/// The flags for a list of targets.
#[derive(Clone, Debug, Default)]
pub struct ListOptions {
    /// The file; `-` is stdin.
    pub targets: Option<PathBuf>,
    /// The column with the targets, in a CSV.
    pub column: Option<String>,
    /// Its format; `None`: from its name.
    pub form: Option<ListFormat>,
    /// Its encoding; `None`: UTF-8.
    pub encoding: Option<String>,
    /// Leaves out entries that cannot be used, instead of sending nothing.
    pub skip_invalid: bool,
    /// Whether its targets get a new message.
    pub sends: bool,
}

/// The flags for a new job.
#[derive(Clone, Debug, Default)]
pub struct JobOptions {
    /// Its name, for `--resume`, `stop`, `recall --job` and the guard `growth`.
    pub job: Option<String>,
    /// The flags of its first run.
    pub running: RunOptions,
    /// The number of targets in the canary.
    pub canary: Option<u64>,
    /// The pause after the canary; `None`: 60 s.
    pub soak: Option<Duration>,
    /// Writes a plan to this file, instead of sending.
    pub plan: Option<PathBuf>,
    /// How long the plan is valid; `None`: 1 h.
    pub valid_for: Option<Duration>,
}

/// The flags for one run of a job.
#[derive(Clone, Debug, Default)]
pub struct RunOptions {
    /// The most requests in flight; `None`: 16.
    pub concurrency: Option<u16>,
    /// The file for the outcome of each target.
    pub results: Option<PathBuf>,
    /// The share of targets that may fail, from 0 to 1; `None`: 1 % with a canary, otherwise no limit.
    pub abort_above: Option<f64>,
}

/// The flags of `apply`.
#[derive(Clone, Debug, Default)]
pub struct ApplyOptions {
    /// The file that `herald broadcast --plan` wrote; `-` is stdin.
    pub plan: PathBuf,
    /// The flags of the run.
    pub running: RunOptions,
    /// The sending flags.
    pub sending: SendOptions,
}

impl RunOptions {
    /// Whether a flag makes a job necessary, also for a single request.
    pub(crate) fn is_given(&self) -> bool {
        self.concurrency.is_some() || self.results.is_some() || self.abort_above.is_some()
    }

    /// Fails where the results file is stdout. Warns of a share that never stops the job, also where nothing is sent.
    pub(crate) fn check(&self, ui: &Ui) -> Result<()> {
        if let Some(path) = &self.results
            && is_stdin(Some(path))
        {
            return Err(Error::usage("--results writes a file")
                .help("stdout has the summary; name a file, /dev/stderr for one"));
        }
        if self.abort_above.is_some_and(|share| share >= 1.0) {
            ui.warn("--abort-above 100% never stops the job");
        }
        Ok(())
    }
}

impl JobOptions {
    /// Fails where a file to write is stdout, or where `--plan` and `--results` are combined.
    pub(crate) fn check(&self, ui: &Ui) -> Result<()> {
        self.running.check(ui)?;
        match &self.plan {
            Some(path) if is_stdin(Some(path)) => Err(Error::usage("--plan writes a file")
                .help("give it a name: `apply FILE` reads it more than once")),
            Some(_) if self.running.results.is_some() => {
                Err(Error::usage("--plan sends nothing, and there are no results to write")
                    .help("give --results to `apply FILE`, which sends the plan"))
            }
            _ => Ok(()),
        }
    }

    /// Whether a flag makes a job necessary, also for a single request.
    pub(crate) fn is_given(&self) -> bool {
        self.job.is_some()
            || self.running.is_given()
            || self.canary.is_some()
            || self.plan.is_some()
    }

    /// Fails where the pause after the canary lasts until the deadline, so that nothing could follow it.
    pub(crate) fn check_pause(&self, deadline: Option<Duration>) -> Result<()> {
        let pause = self.limits().canary.map(|canary| canary.soak);
        match pause.zip(deadline).filter(|_| self.plan.is_none()) {
            Some((pause, deadline)) if pause >= deadline => Err(Error::usage(format!(
                "the pause after --canary lasts {pause:?}, and --deadline ends everything after {deadline:?}"
            ))
            .help("nothing was sent; give a longer --deadline or a shorter --soak")),
            _ => Ok(()),
        }
    }

    /// When a run of the job ends early.
    pub(crate) fn limits(&self) -> Limits {
        /// The pause after a canary without `--soak`.
        const DEFAULT_SOAK: Duration = Duration::from_secs(60);
        /// The share of targets that may fail with a canary and without `--abort-above`.
        const DEFAULT_ABORT_ABOVE: f64 = 0.01;
        let soak = self.soak.unwrap_or(DEFAULT_SOAK);
        let canary = self.canary.map(|targets| Canary { targets, soak });
        let usual = canary.map(|_| DEFAULT_ABORT_ABOVE);
        Limits { canary, abort_above: self.running.abort_above.or(usual) }
    }
}
