//! What of a job is sealed: all that decides which messages are sent, and to which targets. Outcomes are not sealed.

use uuid::Uuid;

use super::{Batch, JobIntent, JobTemplate, Ledger, Realm};
use crate::contract::Effect;
use crate::seal::{SealKey, SealWriter, ShortSeal};

/// A job without its batches.
#[derive(Clone, Copy, Debug)]
pub(super) struct JobHead<'a> {
    /// What it is.
    pub(super) intent: &'a JobIntent,
    /// What its batches have in common, each with the SHA-256 of its payload: the payload itself may not be kept.
    pub(super) templates: &'a [(JobTemplate, Vec<u8>)],
    /// How many batches it has, counted from the first one without a gap.
    pub(super) batches: u32,
}

/// Writes down what the seal of a job covers.
pub(super) fn of_job(key: &SealKey, head: &JobHead<'_>) -> SealWriter {
    let mut seal = key.begin("job");
    let JobIntent {
        id,
        realm,
        created_ms,
        name,
        verb,
        provider,
        profile,
        app,
        endpoint,
        audience,
        overrides,
        settings,
        fingerprint,
    } = head.intent;
    seal.bytes(id.as_bytes())
        .number(i64::from(*realm == Realm::Sandbox))
        .number(*created_ms)
        .maybe(name.as_deref())
        .text(verb)
        .text(provider)
        .maybe(profile.as_deref())
        .text(app)
        .text(endpoint)
        .text(audience)
        .text(settings)
        .text(fingerprint)
        .number(count(overrides.len()));
    for guard in overrides {
        seal.text(guard);
    }
    seal.number(count(head.templates.len()));
    for (template, digest) in head.templates {
        let JobTemplate { operation, effect, kind, sender, body: _, slot, recall_seconds } =
            template;
        let recall_seconds = recall_seconds.map(|seconds| seconds.to_string());
        seal.text(operation)
            .number(effect_number(*effect))
            .maybe(kind.map(|kind| kind.word()))
            .maybe(sender.as_deref())
            .bytes(digest)
            .maybe(slot.as_deref())
            .maybe(recall_seconds.as_deref());
    }
    seal.number(i64::from(head.batches));
    seal
}

/// Writes down what the seal of a batch covers: its job, its number, and what it is.
pub(super) fn of_batch(
    key: &SealKey,
    job: Uuid,
    number: u32,
    batch: (u32, &[String], Option<&str>),
) -> SealWriter {
    let (template, ids, vars) = batch;
    let mut seal = key.begin("batch");
    seal.bytes(job.as_bytes())
        .number(i64::from(number))
        .number(i64::from(template))
        .number(count(ids.len()));
    for id in ids {
        seal.text(id);
    }
    seal.maybe(vars);
    seal
}

/// Writes down what the seal of a batch's idempotency key covers.
pub(super) fn of_dedupe_id(key: &SealKey, job: Uuid, number: u32, dedupe_id: &str) -> SealWriter {
    let mut seal = key.begin("dedupe id");
    seal.bytes(job.as_bytes()).number(i64::from(number)).text(dedupe_id);
    seal
}

/// The seals of a batch as it was read, for [`Ledger::reseal_job`](crate::ledger::Ledger::reseal_job).
#[derive(Clone, Debug)]
pub struct BatchSeals {
    pub(super) number: u32,
    pub(super) batch: ShortSeal,
    pub(super) dedupe_id: Option<ShortSeal>,
}

impl Ledger {
    /// What gives the seals that a batch of a job as it was read would bear; none without a key.
    pub fn seals_of(&self, job: Uuid) -> impl Fn(&Batch) -> Option<BatchSeals> + use<> {
        let key = self.settings.seal_key.clone();
        move |batch| {
            let key = key.as_ref()?;
            let Batch { key: number, template, ids, vars, dedupe_id, .. } = batch;
            let content = (*template, ids.as_slice(), vars.as_deref());
            let of_id = |id: &String| of_dedupe_id(key, job, number.0, id).finish_short();
            Some(BatchSeals {
                number: number.0,
                batch: of_batch(key, job, number.0, content).finish_short(),
                dedupe_id: dedupe_id.as_ref().map(of_id),
            })
        }
    }
}

fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

/// Numbers of this list never change: seals are kept.
const fn effect_number(effect: Effect) -> i64 {
    match effect {
        Effect::Sends => 0,
        Effect::Destroys => 1,
        Effect::Manages => 2,
        Effect::Reads => 3,
    }
}
