//! Flags of a job, and what of them later runs of it have to know.

use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;
use serde_json::json;

use crate::broadcast::halt::{Canary, Limits};
use crate::broadcast::plan;
use crate::cli::args::{Sending, parse_duration, parse_job};
use crate::cli::input::is_stdin;
use crate::contract::Contract;
use crate::error::{Error, ErrorKind, Result};
use crate::guard::Confirmed;
use crate::ledger::JobIntent;
use crate::lint::Waivers;

/// Flags of a job.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Job")]
pub(in crate::cli) struct JobArgs {
    /// Name the job, for --resume, `stop`, `recall --job` and the guard against audiences that grow
    #[arg(long, value_name = "NAME", value_parser = parse_job)]
    pub job: Option<String>,
    #[command(flatten)]
    pub running: RunFlags,
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
pub(in crate::cli) struct RunFlags {
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

impl RunFlags {
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

/// What a later run of a job has to know of the first. Plans and the ledger keep it as text, under their seal.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct JobSettings {
    /// What ends it early.
    pub(super) limits: Limits,
    /// Rules that `--allow` ignored.
    pub(super) allow: Vec<String>,
    /// How its audience was confirmed.
    pub(super) confirmed: Confirmed,
    /// Until when the plan held that it was, in milliseconds since 1970.
    pub(super) planned_until_ms: Option<i64>,
    /// Whether its payload had secrets: the ledger does not keep those, and no later run can send them.
    pub(super) holds_secrets: bool,
}

/// The same as it stands in the text. Jobs of older versions lack what has a default.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SettingsForm {
    canary: Option<CanaryForm>,
    abort_above: Option<f64>,
    #[serde(default)]
    allow: Vec<String>,
    #[serde(default)]
    confirmed: Option<String>,
    #[serde(default)]
    planned_until_ms: Option<i64>,
    #[serde(default)]
    holds_secrets: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CanaryForm {
    targets: u64,
    soak_ms: u64,
}

impl JobSettings {
    /// Flags of sending that ignore the same rules as the first run did. Only for settings whose seal fits: otherwise the
    /// command's own flags count alone. A rule that there is no more is not among them.
    pub(super) fn allowing(&self, sending: &Sending, contract: &'static Contract) -> Sending {
        let is_rule = |code: &&String| Waivers::check(code, &[contract]).is_ok();
        let mut sending = sending.clone();
        for code in self.allow.iter().filter(is_rule) {
            if !sending.allow.contains(code) {
                sending.allow.push(code.clone());
            }
        }
        sending
    }

    /// As text.
    pub(super) fn to_text(&self) -> String {
        let Self { limits, allow, confirmed, planned_until_ms, holds_secrets } = self;
        let soak_ms = |few: &Canary| u64::try_from(few.soak.as_millis()).unwrap_or(u64::MAX);
        let canary =
            limits.canary.map(|few| json!({"targets": few.targets, "soak_ms": soak_ms(&few)}));
        let mut all = json!({
            "canary": canary,
            "abort_above": limits.abort_above,
            "allow": allow,
            "confirmed": confirmed.word(),
        });
        if let Some(until) = planned_until_ms {
            all["planned_until_ms"] = json!(until);
        }
        if *holds_secrets {
            all["holds_secrets"] = json!(true);
        }
        all.to_string()
    }

    /// What [`JobSettings::to_text`] wrote. What cannot be read is an error: it would be another limit than was asked for.
    pub(super) fn parse(text: &str) -> Result<Self> {
        let odd = || {
            Error::new(ErrorKind::Ledger, "the settings of the job cannot be read")
                .help("send the rest as a new job: `herald history --failed --as targets`")
        };
        let form: SettingsForm = serde_json::from_str(text).map_err(|_| odd())?;
        let confirmed = match form.confirmed.as_deref() {
            None => Confirmed::default(),
            Some(word) => Confirmed::from_word(word).ok_or_else(odd)?,
        };
        let canary = form
            .canary
            .map(|few| Canary { targets: few.targets, soak: Duration::from_millis(few.soak_ms) });
        Ok(Self {
            limits: Limits { canary, abort_above: form.abort_above },
            allow: form.allow,
            confirmed,
            planned_until_ms: form.planned_until_ms,
            holds_secrets: form.holds_secrets,
        })
    }
}

/// Whether a job had secrets in its payload, which no later run can send.
pub(super) fn holds_secrets(job: &JobIntent) -> bool {
    JobSettings::parse(&job.settings).is_ok_and(|settings| settings.holds_secrets)
}

/// Until when the plan held that became a job, in milliseconds since 1970; `None` where it was none. One whose settings
/// cannot be read may have held for as long as a plan can.
pub(in crate::cli) fn planned_until_ms(job: &JobIntent) -> Option<i64> {
    let longest = i64::try_from(plan::LONGEST.as_millis()).unwrap_or(i64::MAX);
    JobSettings::parse(&job.settings)
        .map_or(Some(job.created_ms.saturating_add(longest)), |settings| settings.planned_until_ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_that_was_a_plan_knows_until_when_it_held_and_all_its_settings() {
        let canary = Some(Canary { targets: 7, soak: Duration::from_secs(5) });
        let settings = JobSettings {
            limits: Limits { canary, abort_above: Some(0.5) },
            allow: vec!["json/null".to_owned()],
            confirmed: Confirmed::ByName,
            planned_until_ms: None,
            holds_secrets: false,
        };
        let read = |settings: &JobSettings| JobSettings::parse(&settings.to_text()).expect("same");
        assert_eq!(read(&settings), settings);
        let planned = JobSettings { planned_until_ms: Some(99), holds_secrets: true, ..settings };
        assert_eq!(read(&planned), planned);
        assert_eq!(read(&JobSettings::default()), JobSettings::default());
        // As an older version wrote them.
        let older = r#"{"canary":null,"abort_above":0.5}"#;
        let limits = Limits { canary: None, abort_above: Some(0.5) };
        let expected = JobSettings { limits, ..JobSettings::default() };
        assert_eq!(JobSettings::parse(older).expect("older"), expected);
    }

    #[test]
    fn a_rule_that_was_ignored_stays_so_unless_there_is_none_or_none_may_ignore_it() {
        let contract = crate::provider::ALL[0].contract();
        let rule = format!("{}/{}", contract.id, contract.rules[0].id);
        let allow = [&rule, "json/null", "json/duplicate-key", "gone/X1", "*"];
        let allow = allow.map(|code: &str| code.to_owned()).to_vec();
        let settings = JobSettings { allow, ..JobSettings::default() };
        let sending = Sending { allow: vec!["json/null".to_owned()], ..Sending::default() };
        let merged = settings.allowing(&sending, contract);
        assert_eq!(merged.allow, ["json/null".to_owned(), rule]);
    }

    #[test]
    fn settings_that_cannot_be_read_are_no_settings() {
        for odd in [
            "",
            "5",
            "[]",
            "null",
            r#"{"canary":null,"abort_above":"x"}"#,
            r#"{"canary":{"targets":1},"abort_above":null}"#,
            r#"{"canary":null,"abort_above":null,"more":1}"#,
            r#"{"canary":null,"abort_above":null,"confirmed":"twice"}"#,
            r#"{"canary":null,"abort_above":null,"abort_above":1}"#,
        ] {
            let error = JobSettings::parse(odd).expect_err(odd);
            assert_eq!(error.exit(), crate::exit::Exit::Input, "{odd}");
        }
    }
}
