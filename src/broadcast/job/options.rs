//! How a job is planned and run, as plain values: the command line makes them of its flags.

use std::path::PathBuf;
use std::time::Duration;

use crate::broadcast::abort::{Canary, Limits};
use crate::broadcast::targets::ListFormat;
use crate::error::{Error, Result};
use crate::send::options::{MessageOptions, SendOptions};
use crate::send::payload_file::is_stdin;

/// A message to everybody, a class of people, a few targets, or a list.
#[derive(Clone, Debug, Default)]
pub struct BroadcastOptions {
    /// Reach everybody.
    pub all: bool,
    /// Reach all who have one of these tags.
    pub tag: Vec<String>,
    /// Reach the users of these app packages.
    pub package: Vec<String>,
    /// Reach the targets of a list.
    pub list: ListOptions,
    /// The message.
    pub message: MessageOptions,
    /// The job.
    pub job: JobOptions,
}

/// A list of targets, and how it is read.
#[derive(Clone, Debug, Default)]
pub struct ListOptions {
    /// The file; `-` is stdin.
    pub targets: Option<PathBuf>,
    /// The column of a CSV that has the targets.
    pub column: Option<String>,
    /// How it is written, where its name does not say it.
    pub form: Option<ListFormat>,
    /// Its encoding, where it is not UTF-8.
    pub encoding: Option<String>,
    /// Leave out entries that cannot be used, instead of sending nothing.
    pub skip_invalid: bool,
}

/// How a job is planned.
#[derive(Clone, Debug, Default)]
pub struct JobOptions {
    /// Its name, for `--resume`, `stop`, `recall --job` and the guard against audiences that grow.
    pub job: Option<String>,
    /// What every run of it may have anew.
    pub running: RunOptions,
    /// How many targets are reached first.
    pub canary: Option<u64>,
    /// How long to wait after them; `None`: 60 s.
    pub soak: Option<Duration>,
    /// The file into which a plan is written, instead of sending.
    pub plan: Option<PathBuf>,
    /// How long the plan may be applied; `None`: 1 h.
    pub valid_for: Option<Duration>,
}

/// What every run of a job may have anew.
#[derive(Clone, Debug, Default)]
pub struct RunOptions {
    /// How many requests are in flight at a time, at most; `None`: 16.
    pub concurrency: Option<u16>,
    /// The file into which the outcome of each target is written.
    pub results: Option<PathBuf>,
    /// The share of targets that may fail, from 0 to 1; `None`: 1 % with a canary, else any.
    pub abort_above: Option<f64>,
}

/// A plan that is to be carried out.
#[derive(Clone, Debug, Default)]
pub struct ApplyOptions {
    /// The file that `herald broadcast --plan` wrote; `-` is stdin.
    pub plan: PathBuf,
    /// What every run of a job may have anew.
    pub running: RunOptions,
    /// How requests go out.
    pub sending: SendOptions,
}

impl RunOptions {
    /// Refuses what cannot be written to.
    pub(crate) fn check(&self) -> Result<()> {
        match &self.results {
            Some(path) if is_stdin(Some(path)) => Err(Error::usage("--results writes a file")
                .help("stdout has the summary; name a file, /dev/stderr for one")),
            _ => Ok(()),
        }
    }
}

impl JobOptions {
    /// Refuses what cannot be written to.
    pub(crate) fn check(&self) -> Result<()> {
        self.running.check()?;
        match &self.plan {
            Some(path) if is_stdin(Some(path)) => Err(Error::usage("--plan writes a file")
                .help("give it a name: `herald apply FILE` reads it more than once")),
            Some(_) if self.running.results.is_some() => {
                Err(Error::usage("--plan sends nothing, and there are no results to write")
                    .help("give --results to `herald apply FILE`, which sends the plan"))
            }
            _ => Ok(()),
        }
    }

    /// Whether any flag asks for a job, even of one request.
    pub(crate) fn is_given(&self) -> bool {
        self.job.is_some()
            || self.running.concurrency.is_some()
            || self.running.results.is_some()
            || self.canary.is_some()
            || self.running.abort_above.is_some()
            || self.plan.is_some()
    }

    /// What ends the job early.
    pub(crate) fn limits(&self) -> Limits {
        /// How long a canary is watched where no flag says so.
        const SOAK: Duration = Duration::from_secs(60);
        /// How much may fail after a canary where no flag says so.
        const SHARE: f64 = 0.01;
        let canary = self.canary.map(|targets| Canary { targets, soak: self.soak.unwrap_or(SOAK) });
        let usual = canary.map(|_| SHARE);
        Limits { canary, abort_above: self.running.abort_above.or(usual) }
    }
}
