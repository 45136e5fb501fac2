//! Flags of a job, and what of them later runs of it have to know.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Map, Value as Json, json};

use crate::broadcast::halt::{Canary, Limits};
use crate::cli::args::{parse_duration, parse_job};
use crate::cli::input::is_stdin;
use crate::error::{Error, Result};

/// Flags of a job.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Job")]
pub(in crate::cli) struct JobArgs {
    /// Name the job, for --resume, `stop`, `recall --job` and the guard against audiences that grow
    #[arg(long, value_name = "NAME", value_parser = parse_job)]
    pub job: Option<String>,
    #[command(flatten)]
    pub running: Running,
    /// Reach so many targets of the list first, then wait for --soak and go on if no more than --abort-above failed
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub canary: Option<u64>,
    /// Wait so long after the canary [default: 60s]
    #[arg(long, value_name = "TIME", value_parser = parse_duration, requires = "canary")]
    pub soak: Option<Duration>,
    /// Write down what would go out instead of sending it: `herald apply FILE` sends exactly that, once
    #[arg(long, value_name = "FILE")]
    pub plan: Option<PathBuf>,
    /// Let the plan be applied within this time, at most 24h [default: 1h]
    #[arg(long, value_name = "TIME", value_parser = parse_duration, requires = "plan")]
    pub valid_for: Option<Duration>,
}

/// Flags of a job that every run of it may have anew.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Job")]
pub(in crate::cli) struct Running {
    /// Have so many requests on their way at a time, at most [default: 16]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub concurrency: Option<u16>,
    /// Write what became of each target into this file, a JSON object a line; who got nothing yet is `planned`
    #[arg(long, value_name = "FILE")]
    pub results: Option<PathBuf>,
    /// Halt when more than this share of the targets failed: 1% or 0.01 [default: 1% with --canary, else none]
    ///
    /// Of those that have an outcome, once there are 100 of them, or as many as --canary says if that is fewer; and as soon as
    /// more of all have failed than the share allows, however few have an outcome. What is unknown counts as failed.
    #[arg(long, value_name = "SHARE", value_parser = parse_share)]
    pub abort_above: Option<f64>,
}

impl Running {
    /// Refuses what cannot be written to.
    pub(in crate::cli) fn check(&self) -> Result<()> {
        match &self.results {
            Some(path) if is_stdin(Some(path)) => Err(Error::usage("--results writes a file")
                .help("stdout has the summary; name a file, /dev/stderr for one")),
            _ => Ok(()),
        }
    }
}

impl JobArgs {
    /// Refuses what cannot be written to.
    pub(in crate::cli) fn check(&self) -> Result<()> {
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
    pub(in crate::cli) fn is_given(&self) -> bool {
        self.job.is_some()
            || self.running.concurrency.is_some()
            || self.running.results.is_some()
            || self.canary.is_some()
            || self.running.abort_above.is_some()
            || self.plan.is_some()
    }

    /// What ends the job early.
    pub(super) fn limits(&self) -> Limits {
        /// How long a canary is watched where no flag says so.
        const SOAK: Duration = Duration::from_secs(60);
        /// How much may fail after a canary where no flag says so.
        const SHARE: f64 = 0.01;
        let canary = self.canary.map(|targets| Canary { targets, soak: self.soak.unwrap_or(SOAK) });
        let usual = canary.map(|_| SHARE);
        Limits { canary, abort_above: self.running.abort_above.or(usual) }
    }
}

/// A share: `1%` or `0.01`.
fn parse_share(text: &str) -> std::result::Result<f64, String> {
    let (number, whole) = match text.strip_suffix('%') {
        Some(number) => (number, 100.0),
        None => (text, 1.0),
    };
    let share =
        number.trim().parse::<f64>().map_err(|_| "a share is due, as 1% or 0.01".to_owned())?;
    let share = share / whole;
    if (0.0..=1.0).contains(&share) {
        Ok(share)
    } else {
        Err("a share lies between 0 and 100%".into())
    }
}

/// What a later run of a job has to know of the first: as text, which only [`limits`] reads.
pub(super) fn settings(limits: &Limits) -> String {
    let canary = limits.canary.map(|few| json!({"targets": few.targets, "soak_ms": u64::try_from(few.soak.as_millis()).unwrap_or(u64::MAX)}));
    json!({"canary": canary, "abort_above": limits.abort_above}).to_string()
}

/// The same of a job whose payload has secrets: the ledger does not keep those, and no later run can send them.
pub(super) fn settings_with_secrets(settings: &str) -> String {
    let mut all: Map<String, Json> = serde_json::from_str(settings).unwrap_or_default();
    all.insert(HOLDS_SECRETS.to_owned(), json!(true));
    Json::Object(all).to_string()
}

/// Whether a job with these settings had secrets in its payload.
pub(super) fn holds_secrets(settings: &str) -> bool {
    serde_json::from_str::<Json>(settings).is_ok_and(|read| read[HOLDS_SECRETS] == true)
}

const HOLDS_SECRETS: &str = "holds_secrets";

/// The same of a plan, which holds until a time.
pub(super) fn settings_of_plan(settings: &str, valid_until_ms: i64) -> String {
    let mut all: Map<String, Json> = serde_json::from_str(settings).unwrap_or_default();
    all.insert("planned_until_ms".to_owned(), json!(valid_until_ms));
    Json::Object(all).to_string()
}

/// Until when the plan held that became a job with these settings, in milliseconds since 1970; `None` where it was none.
pub(in crate::cli) fn planned_until_ms(settings: &str) -> Option<i64> {
    serde_json::from_str::<Json>(settings).ok()?["planned_until_ms"].as_i64()
}

/// What [`settings`] wrote. What cannot be read is no limit that anybody asked for.
pub(super) fn limits(settings: &str) -> Limits {
    let Ok(read) = serde_json::from_str::<Json>(settings) else {
        return Limits::default();
    };
    let canary = &read["canary"];
    Limits {
        canary: canary["targets"].as_u64().map(|targets| Canary {
            targets,
            soak: Duration::from_millis(canary["soak_ms"].as_u64().unwrap_or_default()),
        }),
        abort_above: read["abort_above"].as_f64(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_that_was_a_plan_knows_until_when_it_held_and_all_its_limits() {
        let few = Some(Canary { targets: 7, soak: Duration::from_secs(5) });
        let text = settings(&Limits { canary: few, abort_above: Some(0.5) });
        assert_eq!(planned_until_ms(&text), None);
        let planned = settings_of_plan(&text, 99);
        assert_eq!(planned_until_ms(&planned), Some(99));
        assert_eq!(settings(&limits(&planned)), text);
        assert!(!holds_secrets(&planned) && holds_secrets(&settings_with_secrets(&planned)));
        assert_eq!(planned_until_ms(&settings_with_secrets(&planned)), Some(99));
        for odd in ["", "5", "[]", "null"] {
            assert!(!holds_secrets(odd) && holds_secrets(&settings_with_secrets(odd)));
            assert_eq!(planned_until_ms(&settings_of_plan(odd, 99)), Some(99), "{odd}");
        }
    }
}
