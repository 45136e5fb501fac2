//! What the ledger keeps of a job that follows up on messages.

use std::collections::HashSet;
use std::ops::ControlFlow;

use uuid::Uuid;

use crate::broadcast::job::batch_writer::BatchWriter;
use crate::broadcast::job::guard_check::override_words;
use crate::broadcast::job::settings::JobSettings;
use crate::contract::{Audience, TargetKind};
use crate::error::Result;
use crate::ledger::{Filter, JobTemplate, Ledger, Opening, PlannedBatch};
use crate::net::ConcurrentTransport;
use crate::send::composed_follow_ups::ComposedFollowUps;
use crate::send::context::SendContext;
use crate::send::guard_prompt::PassedGuards;
use crate::send::prepared_request::LintedRequest;
use crate::template::message_template::MessageTemplate;
use crate::template::own_payload::OwnPayload;

/// What is known of the job once the guards have judged it.
pub(crate) fn opening(
    context: &SendContext<'_>,
    ready: &[LintedRequest],
    passed: &PassedGuards,
) -> Opening {
    let audience = match ready {
        [only] => only.whom(),
        all => Audience::together(all.iter().map(|one| one.audience.clone())).to_string(),
    };
    let settings = JobSettings {
        allow: context.sending.allow.clone(),
        confirmed: passed.confirmed,
        about: about(ready),
        aside: aside(context),
        ..JobSettings::default()
    };
    Opening {
        audience: context.app.hidden(&audience),
        fingerprint: String::new(),
        overrides: override_words(&passed.overridden),
        settings: settings.to_text(),
    }
}

/// Writes the requests of a job into the ledger, a template for each operation and kind of targets.
pub(crate) fn plan(
    context: &SendContext<'_>,
    ledger: &mut Ledger,
    fleet: &dyn ConcurrentTransport,
    job: Uuid,
    ready: Vec<LintedRequest>,
) -> Result<()> {
    let mut templates: Vec<(&'static str, Option<TargetKind>)> = Vec::new();
    let mut batches = BatchWriter::new(ledger, job, fleet);
    for one in ready {
        let told = one.told(context.app);
        let kind = told.first().map(|target| target.kind);
        let ids = told.into_iter().map(|target| target.id).collect();
        let key = (one.operation.id, kind);
        let number = match templates.iter().position(|known| *known == key) {
            Some(number) => number,
            None => {
                let sheet = MessageTemplate::of_own_payloads(one.operation, kind);
                let template = JobTemplate {
                    operation: one.operation.id.to_owned(),
                    effect: one.operation.effect,
                    kind,
                    sender: one.sender.as_deref().map(|sender| context.app.hidden(sender)),
                    body: sheet.body().to_compact(),
                    slot: sheet.slot_text(),
                    recall_seconds: None,
                };
                batches.ledger.plan_template(job, &template)?;
                templates.push(key);
                templates.len() - 1
            }
        };
        let about = one.about.as_ref();
        let own = OwnPayload {
            subject: about.map(|about| about.id),
            batch: about.and_then(|about| about.batch),
            body: one.kept,
        };
        let template = u32::try_from(number).unwrap_or(u32::MAX);
        batches.add(PlannedBatch { template, ids, vars: Some(own.to_text()) })?;
    }
    batches.flush()
}

/// How many targets belong to the command, and no request can be made for.
fn aside(context: &SendContext<'_>) -> u64 {
    context.aside.iter().map(|one| one.outcome.targets.len().max(1) as u64).sum()
}

/// The entries and jobs that requests are about, each once.
fn about(ready: &[LintedRequest]) -> Vec<Uuid> {
    let mut seen = HashSet::new();
    let ids = ready.iter().filter_map(|one| Some(one.about.as_ref()?.id));
    ids.filter(|id| seen.insert(*id)).collect()
}

/// A name that no other job has, made of the command and of the name of the job that it is about. None for several
/// messages.
pub(crate) fn name(
    follow_ups: &ComposedFollowUps,
    context: &SendContext<'_>,
    ledger: &mut Ledger,
) -> Result<Option<String>> {
    let [subject] = follow_ups.look.about[..] else { return Ok(None) };
    let (mut sent, mut names) = (None, Vec::new());
    let filter = Filter { realm: Some(context.app.realm()), ..Filter::default() };
    ledger.jobs(&filter, &mut |job| {
        if job.intent.id == subject {
            sent.clone_from(&job.intent.name);
        }
        names.extend(job.intent.name);
        ControlFlow::Continue(())
    })?;
    let Some(sent) = sent else { return Ok(None) };
    let first = format!("{}-{sent}", follow_ups.verb.word());
    let more = (2..).map(|next| format!("{first}-{next}"));
    Ok(std::iter::once(first.clone()).chain(more).find(|name| !names.contains(name)))
}
