//! Reads the lines of a plan. Every key must be present exactly once, and no other key.

use serde::Deserialize;
use serde::de::{Deserializer, Error as _};
use serde_json::Value as Json;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::{EFFECTS, PlanDestination, PlanHead, PlanLine, PlanTotals, PlanValidity};
use crate::contract::{Effect, TargetKind};
use crate::ledger::{JobTemplate, PlannedBatch};

impl PlanHead {
    /// Reads a head without its seal.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let form: HeadForm = serde_json::from_str(text).ok()?;
        Some(Self {
            id: Uuid::parse_str(&form.plan).ok()?,
            job: form.job,
            validity: PlanValidity {
                herald: form.herald,
                created_ms: form.created_ms,
                valid_until_ms: form.valid_until_ms,
            },
            destination: PlanDestination {
                provider: form.provider,
                profile: form.profile,
                sandbox: form.sandbox,
                app: form.app,
                endpoint: form.endpoint,
            },
            totals: PlanTotals {
                audience: form.audience,
                targets: form.targets,
                requests: form.requests,
                audience_digest: form.audience_digest,
                fingerprint: form.fingerprint,
                seconds: form.seconds,
                recallable_until: form.recallable_until,
                recallable_seconds: form.recallable_seconds,
            },
            quota: form.quota,
            quotas: form.quotas,
            settings: form.settings,
            templates: form.templates.into_iter().map(TemplateForm::template).collect(),
        })
    }
}

/// A head as it stands in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HeadForm {
    #[serde(rename = "version")]
    _version: u64,
    plan: String,
    herald: String,
    created_ms: i64,
    valid_until_ms: i64,
    provider: String,
    #[serde(deserialize_with = "nullable")]
    profile: Option<String>,
    sandbox: bool,
    app: String,
    endpoint: String,
    audience: String,
    targets: u64,
    requests: u64,
    audience_digest: String,
    fingerprint: String,
    #[serde(deserialize_with = "nullable")]
    job: Option<String>,
    seconds: u64,
    quota: Vec<String>,
    quotas: Vec<Json>,
    #[serde(deserialize_with = "nullable")]
    recallable_until: Option<String>,
    #[serde(deserialize_with = "nullable")]
    recallable_seconds: Option<u64>,
    settings: String,
    templates: Vec<TemplateForm>,
}

/// A payload as it stands in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TemplateForm {
    operation: String,
    #[serde(deserialize_with = "effect")]
    effect: Effect,
    #[serde(deserialize_with = "kind")]
    kind: Option<TargetKind>,
    #[serde(deserialize_with = "nullable")]
    sender: Option<String>,
    body: String,
    #[serde(deserialize_with = "nullable")]
    slot: Option<String>,
    #[serde(deserialize_with = "nullable")]
    recall_seconds: Option<u64>,
}

impl TemplateForm {
    fn template(self) -> JobTemplate {
        let Self { operation, effect, kind, sender, body, slot, recall_seconds } = self;
        JobTemplate { operation, effect, kind, sender, body, slot, recall_seconds }
    }
}

/// A value that may be null, but must be present. Without this, serde accepts a missing `Option`.
fn nullable<'d, T: Deserialize<'d>, D: Deserializer<'d>>(from: D) -> Result<Option<T>, D::Error> {
    Option::deserialize(from)
}

fn kind<'d, D: Deserializer<'d>>(from: D) -> Result<Option<TargetKind>, D::Error> {
    let word: Option<String> = Option::deserialize(from)?;
    let known = |word: String| {
        TargetKind::from_word(&word).ok_or_else(|| D::Error::custom("no kind of target"))
    };
    word.map(known).transpose()
}

fn effect<'d, D: Deserializer<'d>>(from: D) -> Result<Effect, D::Error> {
    let word = String::deserialize(from)?;
    let found = EFFECTS.iter().find(|(_, known)| *known == word);
    found.map(|(effect, _)| *effect).ok_or_else(|| D::Error::custom("no effect"))
}

impl PlanLine {
    /// Reads a batch.
    pub(super) fn parse(text: &str) -> Option<Self> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct LineForm {
            template: u32,
            ids: Vec<String>,
            #[serde(default, deserialize_with = "given")]
            vars: Option<String>,
            body: Box<RawValue>,
        }
        /// A batch without variables has no key `vars`. Null is an error.
        fn given<'d, D: Deserializer<'d>>(from: D) -> Result<Option<String>, D::Error> {
            String::deserialize(from).map(Some)
        }
        let LineForm { template, ids, vars, body } = serde_json::from_str(text).ok()?;
        Some(Self { batch: PlannedBatch { template, ids, vars }, body: body.get().to_owned() })
    }
}
