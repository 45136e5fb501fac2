//! Flags of a job, and what of them later runs of it have to know.

use std::time::Duration;

use serde::Deserialize;
use serde_json::json;

use crate::broadcast::abort::{Canary, Limits};
use crate::broadcast::plan;
use crate::contract::Contract;
use crate::error::{Error, ErrorKind, Result};
use crate::guard::Confirmed;
use crate::ledger::JobIntent;
use crate::lint::Waivers;
use crate::send::options::SendOptions;

/// What a later run of a job has to know of the first. Plans and the ledger keep it as text, under their seal.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct JobSettings {
    /// What ends it early.
    pub(crate) limits: Limits,
    /// Rules that `--allow` ignored.
    pub(crate) allow: Vec<String>,
    /// How its audience was confirmed.
    pub(crate) confirmed: Confirmed,
    /// Until when the plan held that it was, in milliseconds since 1970.
    pub(crate) planned_until_ms: Option<i64>,
    /// Whether its payload had secrets: the ledger does not keep those, and no later run can send them.
    pub(crate) holds_secrets: bool,
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
    pub(crate) fn allowing(
        &self,
        sending: &SendOptions,
        contract: &'static Contract,
    ) -> SendOptions {
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
    pub(crate) fn to_text(&self) -> String {
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
    pub(crate) fn parse(text: &str) -> Result<Self> {
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
pub(crate) fn holds_secrets(job: &JobIntent) -> bool {
    JobSettings::parse(&job.settings).is_ok_and(|settings| settings.holds_secrets)
}

/// Until when the plan held that became a job, in milliseconds since 1970; `None` where it was none. One whose settings
/// cannot be read may have held for as long as a plan can.
pub(crate) fn planned_until_ms(job: &JobIntent) -> Option<i64> {
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
        let sending = SendOptions { allow: vec!["json/null".to_owned()], ..SendOptions::default() };
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
