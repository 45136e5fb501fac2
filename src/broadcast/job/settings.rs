//! The settings of a job that later runs of it need.

use std::time::Duration;

use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use crate::broadcast::abort::Canary;
use crate::broadcast::abort::Limits;
use crate::broadcast::plan;
use crate::contract::Contract;
use crate::error::{Error, ErrorKind, Result};
use crate::guard::Confirmed;
use crate::ledger::{ASIDE, Job, JobIntent};
use crate::lint::IgnoredRules;
use crate::provider::find_operation;
use crate::send::followed::ABOUT;
use crate::send::options::SendOptions;
use crate::template::message_template::MessageTemplate;

/// The settings of a job from its first command. Plans and the ledger store them as text, under their seal.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct JobSettings {
    /// When a run ends early.
    pub(crate) limits: Limits,
    /// Lint rules that `--allow` ignored.
    pub(crate) allow: Vec<String>,
    /// How the user confirmed the audience.
    pub(crate) confirmed: Confirmed,
    /// For a job from a plan: when the plan expires, in milliseconds since 1970.
    pub(crate) planned_until_ms: Option<i64>,
    /// Whether its payload had secrets. The ledger does not store them, so no later run can send it.
    pub(crate) holds_secrets: bool,
    /// For a job that follows up on messages: their entries and jobs in the ledger.
    pub(crate) about: Vec<Uuid>,
    /// The variables of its texts. A ledger that keeps no payloads has no other sign that its texts differed.
    pub(crate) variables: Vec<String>,
    /// How many targets belong to its command, and no request could be made for.
    pub(crate) aside: u64,
}

/// The settings in their text form. Older versions did not write the keys with a default.
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
    #[serde(default)]
    about: Vec<String>,
    #[serde(default)]
    variables: Vec<String>,
    #[serde(default)]
    aside: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CanaryForm {
    targets: u64,
    soak_ms: u64,
}

impl JobSettings {
    /// Sending flags that also ignore the rules which the first command ignored. Only for settings whose seal is
    /// intact. Rules that no longer exist are left out.
    pub(crate) fn allowing(
        &self,
        sending: &SendOptions,
        contract: &'static Contract,
    ) -> SendOptions {
        let is_rule = |code: &&String| IgnoredRules::check(code, &[contract]).is_ok();
        let mut sending = sending.clone();
        for code in self.allow.iter().filter(is_rule) {
            if !sending.allow.contains(code) {
                sending.allow.push(code.clone());
            }
        }
        sending
    }

    /// The text form.
    pub(crate) fn to_text(&self) -> String {
        let Self { limits, allow, confirmed, planned_until_ms, .. } = self;
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
        if self.holds_secrets {
            all["holds_secrets"] = json!(true);
        }
        if !self.about.is_empty() {
            all[ABOUT] = self.about.iter().map(Uuid::to_string).collect();
        }
        if !self.variables.is_empty() {
            all["variables"] = json!(self.variables);
        }
        if self.aside > 0 {
            all[ASIDE] = json!(self.aside);
        }
        all.to_string()
    }

    /// Reads the text form. Unknown content is an error, because ignoring it could change a limit.
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
        let about = form.about.iter().map(|id| Uuid::parse_str(id));
        let about = about.collect::<Result<Vec<_>, _>>().map_err(|_| odd())?;
        let canary = form
            .canary
            .map(|few| Canary { targets: few.targets, soak: Duration::from_millis(few.soak_ms) });
        Ok(Self {
            limits: Limits { canary, abort_above: form.abort_above },
            allow: form.allow,
            confirmed,
            planned_until_ms: form.planned_until_ms,
            holds_secrets: form.holds_secrets,
            about,
            variables: form.variables,
            aside: form.aside,
        })
    }
}

/// When the plan of a job expires, in milliseconds since 1970; `None` for a job without a plan. Where the settings cannot be
/// read: the latest time at which a plan of this job can expire.
pub(crate) fn planned_until_ms(job: &JobIntent) -> Option<i64> {
    let longest = i64::try_from(plan::MAX_VALIDITY.as_millis()).unwrap_or(i64::MAX);
    JobSettings::parse(&job.settings)
        .map_or(Some(job.created_ms.saturating_add(longest)), |settings| settings.planned_until_ms)
}

/// The variables of the texts of a job, each once.
pub(crate) fn variables_of(job: &Job) -> Vec<String> {
    let mut names = JobSettings::parse(&job.intent.settings).unwrap_or_default().variables;
    for kept in &job.templates {
        let operation = format!("{}/{}", job.intent.provider, kept.operation);
        let Ok((_, operation)) = find_operation(&operation) else { continue };
        let Ok(template) = MessageTemplate::of(kept, operation) else { continue };
        add_names(&mut names, &template);
    }
    names
}

/// The variables of templates, each once.
pub(crate) fn names_of<'a>(templates: impl Iterator<Item = &'a MessageTemplate>) -> Vec<String> {
    let mut names = Vec::new();
    templates.for_each(|template| add_names(&mut names, template));
    names
}

fn add_names(names: &mut Vec<String>, template: &MessageTemplate) {
    for name in template.names() {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
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
            ..JobSettings::default()
        };
        let read = |settings: &JobSettings| JobSettings::parse(&settings.to_text()).expect("same");
        assert_eq!(read(&settings), settings);
        let planned = JobSettings { planned_until_ms: Some(99), holds_secrets: true, ..settings };
        assert_eq!(read(&planned), planned);
        let recall = JobSettings { about: vec![Uuid::nil(), Uuid::max()], aside: 3, ..planned };
        assert_eq!(read(&recall), recall);
        let filled = JobSettings { variables: vec!["name".to_owned()], ..recall };
        assert_eq!(read(&filled), filled);
        assert_eq!(read(&JobSettings::default()), JobSettings::default());
        // The text form of an older version.
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
