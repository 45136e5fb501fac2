//! A job before the guards.

use std::ops::ControlFlow;

use crate::broadcast::sheet::Sheet;
use crate::cli::guarding::{self, Going};
use crate::cli::trip::Trip;
use crate::contract::{Audience, Operation, Target, TargetKind};
use crate::document::{Document, Value};
use crate::error::{Error, Kind, Result};
use crate::guard::{self, Guard, Guests};
use crate::ledger::{BatchFilter, Job, JobTemplate, Ledger, TargetState};
use crate::outcome::Verdict;
use crate::vendor;

/// The guards on what is left of a job: the hour, a switch, or the guest list may be others now. Gives those that
/// `--override` passed.
pub(super) fn guard_again(trip: &Trip<'_>, ledger: &mut Ledger, job: &Job) -> Result<Vec<Guard>> {
    let sheets = sheets(trip, job)?;
    let guests = Guests::of(&trip.world.account.guards);
    let mut tally = guard::Tally::default();
    let mut samples = Samples::default();
    let (mut fault, mut calls) = (None, 0);
    ledger.each_batch(job.intent.id, BatchFilter::All, &mut |one| {
        // What is unknown may be sent again, where the vendor recognises repeats.
        let may_be_sent = matches!(
            one.state,
            TargetState::Planned | TargetState::Sending | TargetState::Decided(Verdict::Unknown)
        );
        if !may_be_sent {
            return ControlFlow::Continue(());
        }
        calls += 1;
        let batch = &one.batch;
        let number = batch.template as usize;
        let kind = job.templates.get(number).and_then(|kept| kept.kind.as_deref());
        if let Some(kind) = kind.and_then(TargetKind::from_word) {
            batch.ids.iter().for_each(|id| tally.take(&Target::new(kind, id), &guests));
        }
        let Some(sheet) = sheets.get(number) else { return ControlFlow::Continue(()) };
        match samples.note(number, sheet, &batch.ids, batch.vars.as_deref()) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                fault = Some(error);
                ControlFlow::Break(())
            }
        }
    })?;
    if let Some(fault) = fault {
        return Err(fault);
    }
    if calls == 0 {
        return Ok(Vec::new());
    }
    judge(
        trip,
        samples.with(|template| sheets[template].operation),
        &Judged {
            tally: sheets.iter().any(|sheet| sheet.slot().is_some()).then_some(&tally),
            calls,
            name: None,
            fingerprint: None,
        },
    )
}

/// Payloads of a job that the guards look at: the first of each template, and the first that its variables make look like a
/// test, which is enough to refuse all.
#[derive(Default)]
pub(super) struct Samples {
    kept: Vec<(usize, Value)>,
    has_test: bool,
}

impl Samples {
    /// Looks at a batch.
    pub(super) fn note(
        &mut self,
        template: usize,
        sheet: &Sheet,
        ids: &[String],
        vars: Option<&str>,
    ) -> Result<()> {
        let is_first = !self.has(template);
        let is_suspect = vars.is_some() && !self.has_test;
        if !is_first && !is_suspect {
            return Ok(());
        }
        // As it goes out: what a value comes to stand beside may make a word of both.
        let body = Document::unwritten(sheet.render(ids, vars)?);
        let is_test = is_suspect && guard::says_a_test(sheet.operation, &body);
        self.has_test |= is_test;
        if is_first || is_test {
            self.kept.push((template, body.into_value()));
        }
        Ok(())
    }

    /// Whether there is a batch of a template.
    pub(super) fn has(&self, template: usize) -> bool {
        self.kept.iter().any(|(known, _)| *known == template)
    }

    /// Each with its operation.
    pub(super) fn with(
        &self,
        operation: impl Fn(usize) -> &'static Operation,
    ) -> Vec<(&'static Operation, &Value)> {
        self.kept.iter().map(|(template, body)| (operation(*template), body)).collect()
    }
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
    if samples.is_empty() {
        return Err(Error::new(Kind::Bug, "a job without a payload came before the guards"));
    }
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
