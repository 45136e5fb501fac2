//! The requests of a job, each with the vendor's id: the vendor's reports and support know the message by this id.

use std::ops::ControlFlow;

use serde_json::{Value as Json, json};

use crate::error::Result;
use crate::ledger::{BatchFilter, Job, JobBatch, Ledger};
use crate::report::history_item::{failure, ids, listed, vendor};
use crate::report::{LocalTime, Ui, table, time};
use crate::text::suggest;

/// The most requests that are shown to people; scripts get all.
const SHOWN: usize = 10;

/// Adds all requests of a job to a JSON document about it, and writes the document.
pub(crate) fn add(ui: &Ui, ledger: &mut Ledger, job: &Job, document: Json) -> Result<()> {
    ui.json_with_list(&document, "batches", |add| {
        ledger.each_batch(job.intent.id, BatchFilter::All, &mut |batch| {
            add(&object(job, &batch));
            ControlFlow::Continue(())
        })
    })
}

/// Lists the first requests of a job that has several, and says how to see the others.
pub(crate) fn list(ui: &Ui, ledger: &mut Ledger, job: &Job, local: &LocalTime) -> Result<()> {
    let total = job.batches.total();
    if total < 2 {
        return Ok(());
    }
    let mut rows = Vec::new();
    ledger.each_batch(job.intent.id, BatchFilter::All, &mut |batch| {
        rows.push(row(&batch, local));
        if rows.len() < SHOWN { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    let shown = rows.len() as u64;
    ui.line(&table(ui, &["request", "targets", "outcome", "ids", "sent"], &rows));
    if total > shown {
        let id = job.label();
        ui.remark(&format!(
            "and {} more requests; {} has all",
            total - shown,
            suggest("history show").arg(id).words("--output json")
        ));
    }
    Ok(())
}

fn row(batch: &JobBatch, local: &LocalTime) -> Vec<String> {
    vec![
        batch.batch.key.number().to_string(),
        batch.batch.ids.len().to_string(),
        batch.state.word().to_owned(),
        listed(batch.ending.as_ref()),
        batch.started_ms.map(|millis| local.second(millis)).unwrap_or_default(),
    ]
}

/// A request of a job, for scripts.
pub(crate) fn object(job: &Job, batch: &JobBatch) -> Json {
    let ending = batch.ending.as_ref();
    let template = job.templates.get(batch.batch.template as usize);
    json!({
        "number": batch.batch.key.number(),
        "operation": template.map(|template| &template.operation),
        "targets": batch.batch.ids.len(),
        "outcome": batch.state.word(),
        "ids": ids(ending),
        "vendor": vendor(ending),
        "failure": failure(ending),
        "attempts": batch.batch.attempts,
        "started": batch.started_ms.map(time),
        "finished": ending.map(|ending| time(ending.finished_ms)),
        "elapsed_ms": ending.map(|ending| ending.elapsed_ms),
        "dedupe_id": batch.batch.dedupe_id,
    })
}
