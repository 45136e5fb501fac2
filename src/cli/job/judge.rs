//! A job before the guards.

use std::ops::ControlFlow;

use crate::broadcast::sheet::Sheet;
use crate::cli::guarding::{self, Going};
use crate::cli::trip::Trip;
use crate::contract::{Audience, Operation, Target, TargetKind};
use crate::document::{Document, Value};
use crate::error::{Error, Kind, Result};
use crate::guard::{self, Guard, Guests};
use crate::ledger::{BatchFilter, Job, JobTemplate, Ledger};
use crate::vendor;

/// The guards on what is left of a job: the hour, a switch, or the guest list may be others now.
pub(super) fn guard_again(trip: &Trip<'_>, ledger: &mut Ledger, job: &Job) -> Result<()> {
    let sheets = sheets(trip, job)?;
    let guests = Guests::of(&trip.world.account.guards);
    let mut tally = guard::Tally::default();
    let mut samples: Vec<Option<Value>> = vec![None; sheets.len()];
    let mut fault = None;
    ledger.each_batch(job.intent.id, BatchFilter::Planned, &mut |one| {
        let batch = &one.batch;
        let number = batch.template as usize;
        let kind = job.templates.get(number).and_then(|kept| kept.kind.as_deref());
        if let Some(kind) = kind.and_then(TargetKind::from_word) {
            batch.ids.iter().for_each(|id| tally.take(&Target::new(kind, id), &guests));
        }
        let sample = samples.get_mut(number).filter(|sample| sample.is_none());
        if let Some((sample, sheet)) = sample.zip(sheets.get(number)) {
            match sheet.render(&batch.ids, batch.vars.as_deref()) {
                Ok(body) => *sample = Some(body),
                Err(error) => fault = Some(error),
            }
        }
        if fault.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    if let Some(fault) = fault {
        return Err(fault);
    }
    let texts = sheets.iter().zip(&samples);
    let texts = texts.filter_map(|(sheet, body)| Some((sheet.operation, body.as_ref()?)));
    judge(
        trip,
        texts.collect(),
        &Judged {
            tally: sheets.iter().any(|sheet| sheet.slot().is_some()).then_some(&tally),
            calls: job.batches.planned,
            name: None,
            fingerprint: None,
        },
    )
    .map(drop)
}

/// What the guards are told of a job besides its payloads.
pub(super) struct Judged<'a> {
    /// Its targets, where they come from a list.
    pub(super) tally: Option<&'a guard::Tally>,
    /// How many requests it makes.
    pub(super) calls: u64,
    /// Its name.
    pub(super) name: Option<&'a str>,
    /// The same for the same payload to the same audience.
    pub(super) fingerprint: Option<&'a str>,
}

/// Lets the guards judge a job by one payload of each template. Gives the guards that `--override` passed.
pub(super) fn judge(
    trip: &Trip<'_>,
    samples: Vec<(&'static Operation, &Value)>,
    judged: &Judged<'_>,
) -> Result<Vec<Guard>> {
    let base = trip.world.base();
    let audiences: Vec<Audience> = samples
        .iter()
        .map(|(operation, body)| Audience::of(operation, &Document::of(body)))
        .collect();
    let request = |((operation, body), audience)| guarding::Request {
        operation,
        audience,
        body,
        base: &base,
    };
    let requests: Vec<_> = samples.into_iter().zip(&audiences).map(request).collect();
    guarding::pass(
        trip,
        &Going {
            requests: &requests,
            listed: judged.tally,
            calls: Some(judged.calls),
            job: judged.name,
            fingerprint: judged.fingerprint,
        },
    )
}

/// The sheets that a job was planned with.
pub(super) fn sheets(trip: &Trip<'_>, job: &Job) -> Result<Vec<Sheet>> {
    let contract = trip.vendor.contract();
    let sheet = |kept: &JobTemplate| {
        let (_, operation) =
            vendor::find_operation(&format!("{}/{}", contract.id, kept.operation))?;
        if kept.body.is_empty() {
            return Err(Error::new(
                Kind::Ledger,
                format!("the ledger keeps no payloads, and the job {} needs one", job.label()),
            )
            .help("send the rest as a new job: `herald history --failed --as targets`"));
        }
        Sheet::of(kept, operation)
    };
    job.templates.iter().map(sheet).collect()
}
