//! Flags of a job.

use std::path::PathBuf;
use std::time::Duration;

use crate::broadcast::job::{JobOptions, ListOptions, RunOptions};
use crate::broadcast::targets::ListFormat;
use crate::cli::args::parse_duration;
use crate::ledger::job_name_fault;

/// Flags of a job.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Job")]
pub(super) struct JobFlags {
    /// Name of the job
    ///
    /// It serves --resume, `stop`, `recall --job`, and the guard against an audience that grows.
    #[arg(long, value_name = "NAME", value_parser = parse_job_name)]
    pub job: Option<String>,
    #[command(flatten)]
    pub running: RunFlags,
    /// Send to the first N targets, then wait
    ///
    /// After --soak it continues, if no more than --abort-above failed.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub canary: Option<u64>,
    /// Wait this time after --canary [default: 60s]
    #[arg(long, hide_short_help = true, value_name = "TIME", value_parser = parse_duration, requires = "canary")]
    pub soak: Option<Duration>,
    /// Write a plan and send nothing; see `herald apply`
    #[arg(long, value_name = "FILE")]
    pub plan: Option<PathBuf>,
    /// A plan is valid this long, at most 24h [default: 1h]
    #[arg(long, hide_short_help = true, value_name = "TIME", value_parser = parse_duration, requires = "plan")]
    pub valid_for: Option<Duration>,
}

/// Flags of a job that every run of it may have anew.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Job")]
pub(super) struct RunFlags {
    /// Requests in flight at a time, at most [default: 16]
    #[arg(long, hide_short_help = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub concurrency: Option<u16>,
    /// Write the outcome of each target into this file
    ///
    /// It has one JSON object a line. A target without a request yet is `planned`. A file with the results of another
    /// job is refused.
    #[arg(long, value_name = "FILE")]
    pub results: Option<PathBuf>,
    /// Stop if a larger share failed: 1% or 0.01
    ///
    /// Without it, only --canary has a limit: 1%. The share is that of the targets with an outcome, as soon as there
    /// are 100 of them, or as many as --canary says if that is fewer. It also stops as soon as more of all targets have
    /// failed than the share allows. An unknown outcome counts as failed.
    #[arg(long, hide_short_help = true, value_name = "SHARE", value_parser = parse_share)]
    pub abort_above: Option<f64>,
}

impl RunFlags {
    pub(super) fn options(&self) -> RunOptions {
        let Self { concurrency, results, abort_above } = self.clone();
        RunOptions { concurrency, results, abort_above }
    }
}

impl JobFlags {
    pub(super) fn options(&self) -> JobOptions {
        let Self { job, canary, soak, plan, valid_for, .. } = self.clone();
        JobOptions { job, running: self.running.options(), canary, soak, plan, valid_for }
    }
}

/// A list of targets, as flags name it.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct ListFlags {
    /// Reach the targets in this file; `-` is stdin
    ///
    /// One target a line as --to takes it, CSV with --column, NDJSON, or JSON. The columns of a CSV and the members of
    /// NDJSON fill in `{{name}}` in the texts, for each target. herald reads and checks the whole list before the first
    /// request leaves. A repeated target gets one message.
    #[arg(long, value_name = "FILE")]
    pub targets: Option<PathBuf>,
    /// Column of a CSV that holds the targets
    #[arg(long, value_name = "NAME", requires = "targets")]
    pub column: Option<String>,
    /// Format of the list, if its file name does not tell
    #[arg(long, hide_short_help = true, value_name = "FORMAT", requires = "targets")]
    pub form: Option<ListForm>,
    /// Encoding of the list
    ///
    /// One of utf-8, gbk, gb18030, utf-16, utf-16le, utf-16be.
    #[arg(long, hide_short_help = true, value_name = "NAME", requires = "targets")]
    pub encoding: Option<String>,
    /// Leave out invalid entries, and send to the others
    ///
    /// Without it, one invalid entry stops everything. --results reports the entries that are left out as `skipped`.
    #[arg(long, requires = "targets")]
    pub skip_invalid: bool,
}

/// How a list is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum ListForm {
    /// A target a line.
    Lines,
    /// Comma-separated values with a header row.
    Csv,
    /// A JSON text a line.
    Ndjson,
    /// A JSON array.
    Json,
}

impl From<ListForm> for ListFormat {
    fn from(form: ListForm) -> Self {
        match form {
            ListForm::Lines => Self::Lines,
            ListForm::Csv => Self::Csv,
            ListForm::Ndjson => Self::Ndjson,
            ListForm::Json => Self::Json,
        }
    }
}

impl ListFlags {
    pub(super) fn options(&self) -> ListOptions {
        let Self { targets, column, encoding, skip_invalid, .. } = self.clone();
        let form = self.form.map(Into::into);
        ListOptions { targets, column, form, encoding, skip_invalid, sends: true }
    }
}

/// The name of a new job.
fn parse_job_name(text: &str) -> std::result::Result<String, String> {
    job_name_fault(text).map_or_else(|| Ok(text.to_owned()), Err)
}

/// A share: a percentage, or a fraction below 1. A bare 1 could mean both 1% and all.
fn parse_share(text: &str) -> std::result::Result<f64, String> {
    let (number, whole) = match text.trim().strip_suffix('%') {
        Some(number) => (number.trim_end(), 100.0),
        None => (text.trim(), 1.0),
    };
    let is_plain = number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let share = number.parse::<f64>().ok().filter(|_| is_plain).map(|number| number / whole);
    match share {
        Some(share) if share < 1.0 || whole > 1.0 && share <= 1.0 => Ok(share),
        Some(_) if whole > 1.0 => Err("a share is between 0 and 100%".to_owned()),
        Some(one) if one <= 100.0 => {
            let fraction = one / 100.0;
            Err(format!("a share is a percentage or a fraction below 1: {number}% or {fraction}"))
        }
        _ => Err("a share is expected, as 1% or 0.01".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_a_percentage_or_a_fraction_below_one() {
        for (text, share) in
            [("1%", 0.01), ("0.01", 0.01), ("0", 0.0), ("0%", 0.0), ("100%", 1.0), (".5 %", 0.005)]
        {
            assert_eq!(parse_share(text), Ok(share), "{text}");
        }
        for (text, words) in [
            ("1", "1% or 0.01"),
            ("1.0", "1.0% or 0.01"),
            ("5", "5% or 0.05"),
            ("100", "100% or 1"),
            ("101%", "between 0 and 100%"),
            ("-1%", "a share is expected"),
            ("nan", "a share is expected"),
            ("inf%", "a share is expected"),
            ("1e-2", "a share is expected"),
            ("", "a share is expected"),
            ("%", "a share is expected"),
            ("500", "a share is expected"),
        ] {
            let told = parse_share(text);
            assert!(told.as_ref().is_err_and(|told| told.contains(words)), "{text}: {told:?}");
        }
    }
}
