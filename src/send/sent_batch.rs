//! What a job has sent, for what follows up on it.

use crate::contract::Operation;
use crate::document::Value;
use crate::error::{Error, ErrorKind, Result};
use crate::ledger::{Job, JobBatch, JobTemplate, TargetState};
use crate::provider;
use crate::template::message_template::MessageTemplate;

/// What a batch of a job has sent, as the vendor needs to know it in order to recall it.
pub(crate) fn sent(job: &Job, batch: &JobBatch) -> Result<crate::outcome::SentMessage> {
    let kept = job.template(batch.batch.template)?;
    let name = format!("{}/{}", job.intent.provider, kept.operation);
    let (_, operation) = provider::find_operation(&name).map_err(|error| {
        Error::new(ErrorKind::Ledger, format!("the job {} cannot be read: {error}", job.label()))
            .help("give the vendor's ids by hand, with --to and --from")
    })?;
    let body = if kept.body.is_empty() {
        without_payload(kept, operation, &batch.batch.ids)
    } else {
        MessageTemplate::of(kept, operation)?
            .render(&batch.batch.ids, batch.batch.vars.as_deref())?
    };
    // The targets that the vendor names one by one, without those that certainly got nothing.
    let told = batch.ending.iter().flat_map(|ending| &ending.targets);
    let reached = told.filter(|target| TargetState::Decided(target.verdict).may_have_arrived());
    let targets = reached.map(|target| (target.target.clone(), target.id.clone())).collect();
    let sent = crate::outcome::SentMessage {
        operation: kept.operation.clone(),
        body,
        ids: batch.ending.as_ref().map(|ending| ending.ids.clone()).unwrap_or_default(),
        targets,
        sent_ms: batch.started_ms.unwrap_or(job.intent.created_ms),
    };
    Ok(sent.without_hidden())
}

/// What a ledger that keeps no payloads still knows of the body of a batch: who sent it, and a list of its targets.
fn without_payload(kept: &JobTemplate, operation: &Operation, ids: &[String]) -> Value {
    let mut body = Value::object();
    if let (Some(sender), Some(object), false) =
        (&kept.sender, body.as_object_mut(), operation.sender.is_empty())
    {
        object.set(operation.sender, sender.as_str());
    }
    let list = operation
        .batch
        .filter(|batch| kept.slot.as_deref() == Some(&format!("list /{}", batch.field)));
    if let (Some(list), Some(object)) = (list, body.as_object_mut()) {
        object.set(list.field, ids.iter().map(String::as_str).collect::<Vec<_>>());
    }
    body
}
