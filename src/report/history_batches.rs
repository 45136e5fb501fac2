//! The requests of a job, each with the vendor's id: the vendor's reports and support know the message by this id.

use std::collections::HashSet;
use std::ops::ControlFlow;

use serde_json::{Value as Json, json};

use crate::error::Result;
use crate::ledger::{BatchFilter, BatchKey, Job, JobBatch, Ledger, Repeat, ResolvedAs};
use crate::report::history_item::{failure, ids, listed, meaning, told, vendor};
use crate::report::{LocalTime, Ui, table, time};
use crate::text::suggest;

/// The most requests that are shown to people; scripts get all.
const SHOWN: usize = 10;

/// Adds all requests of a job to a JSON document about it, and writes the document.
pub(crate) fn add(ui: &Ui, ledger: &mut Ledger, job: &Job, document: Json) -> Result<()> {
    let repeats = Repeats::of(ledger, job)?;
    ui.json_with_list(&document, "batches", |add| {
        ledger.each_batch(job.intent.id, BatchFilter::Requests, &mut |batch| {
            add(&object(job, &batch, &repeats));
            ControlFlow::Continue(())
        })
    })
}

/// What was sent again of a job, because a person resolved it as not accepted.
#[derive(Default)]
pub(crate) struct Repeats(Vec<Repeat>);

impl Repeats {
    pub(crate) fn of(ledger: &mut Ledger, job: &Job) -> Result<Self> {
        ledger.repeats(job.intent.id).map(Self)
    }

    /// How many requests were sent whose targets are all in others now: no count of the job has them.
    pub(crate) fn left_behind(&self) -> u64 {
        let all = self.0.iter().filter(|one| one.leaves_none).map(|one| one.of);
        all.collect::<HashSet<_>>().len() as u64
    }

    /// What of a request was planned again.
    fn from(&self, request: BatchKey) -> impl Iterator<Item = &Repeat> {
        self.0.iter().filter(move |one| one.of == request)
    }

    /// The request of which a batch holds targets.
    fn origin(&self, batch: BatchKey) -> Option<BatchKey> {
        let at = self.0.binary_search_by_key(&batch, |one| one.batch);
        at.ok().map(|at| self.0[at].of)
    }

    /// How many targets a request had when it left.
    fn targets(&self, batch: &JobBatch) -> u64 {
        let is_left = self.from(batch.batch.key).all(|one| !one.leaves_none);
        let own = if is_left { batch.batch.ids.len() as u64 } else { 0 };
        own + self.from(batch.batch.key).map(|one| one.targets).sum::<u64>()
    }

    /// The words for a request: its outcome, and where else its targets are or were.
    fn outcome(&self, batch: &JobBatch) -> String {
        let later: Vec<&Repeat> = self.from(batch.batch.key).collect();
        let leaves_none = later.iter().any(|one| one.leaves_none);
        let mut words = match leaves_none {
            true => ResolvedAs::NotAccepted.word().to_owned(),
            false => batch.state.word().to_owned(),
        };
        if !later.is_empty() {
            let numbers: Vec<String> =
                later.iter().map(|one| one.batch.number().to_string()).collect();
            let what = if leaves_none { "sent again as" } else { "in part sent again as" };
            words.push_str(&format!(", {what} {}", numbers.join(", ")));
        }
        if let Some(origin) = self.origin(batch.batch.key) {
            words.push_str(&format!(", again of {}", origin.number()));
        }
        words
    }

    fn add_to(&self, one: &mut Json, batch: &JobBatch) {
        let later = self
            .from(batch.batch.key)
            .map(|one| json!({"number": one.batch.number(), "targets": one.targets}));
        one["targets"] = json!(self.targets(batch));
        one["sent_again_as"] = later.collect();
        one["again_of"] = json!(self.origin(batch.batch.key).map(BatchKey::number));
    }
}

/// How many requests of a job are in which state, in words, and how many were sent besides.
pub(crate) fn requests(ledger: &mut Ledger, job: &Job) -> Result<String> {
    let behind = Repeats::of(ledger, job)?.left_behind();
    let counts = told(&job.batches);
    Ok(match behind {
        0 => counts,
        _ => format!("{counts}; and {behind} resolved as not accepted and sent again"),
    })
}

/// Lists the first requests of a job that has several, and says how to see the others.
pub(crate) fn list(ui: &Ui, ledger: &mut Ledger, job: &Job, local: &LocalTime) -> Result<()> {
    let repeats = Repeats::of(ledger, job)?;
    let total = job.batches.total() + repeats.left_behind();
    if total < 2 {
        return Ok(());
    }
    let mut rows = Vec::new();
    ledger.each_batch(job.intent.id, BatchFilter::Requests, &mut |batch| {
        rows.push(row(&batch, &repeats, local));
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

fn row(batch: &JobBatch, repeats: &Repeats, local: &LocalTime) -> Vec<String> {
    vec![
        batch.batch.key.number().to_string(),
        repeats.targets(batch).to_string(),
        repeats.outcome(batch),
        listed(batch.ending.as_ref()),
        batch
            .started_ms
            .filter(|_| batch.batch.attempts > 0)
            .map(|millis| local.second(millis))
            .unwrap_or_default(),
    ]
}

/// A request of a job, for scripts.
pub(crate) fn object(job: &Job, batch: &JobBatch, repeats: &Repeats) -> Json {
    let ending = batch.ending.as_ref();
    let template = job.templates.get(batch.batch.template as usize);
    let mut one = json!({
        "number": batch.batch.key.number(),
        "operation": template.map(|template| &template.operation),
        "targets": 0,
        "outcome": batch.state.word(),
        "ids": ids(ending),
        "vendor": vendor(ending),
        "meaning": meaning(ending),
        "failure": failure(ending),
        "attempts": batch.batch.attempts,
        // One that was planned again and did not leave has the times of the request before it.
        "started": batch.started_ms.filter(|_| batch.batch.attempts > 0).map(time),
        "finished": ending.map(|ending| time(ending.finished_ms)),
        "elapsed_ms": ending.map(|ending| ending.elapsed_ms),
        "dedupe_id": batch.batch.dedupe_id,
    });
    repeats.add_to(&mut one, batch);
    one
}
