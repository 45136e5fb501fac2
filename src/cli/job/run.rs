//! The second pass: batches out of the ledger and onto the wire, whoever has put them into the ledger.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::json;
use uuid::Uuid;

use super::results::{Results, Witness, bar};
use super::start::Running;
use super::tell::{Told, tell};
use crate::broadcast::halt::{Canary, Limits};
use crate::broadcast::parts::{Journal, Report, Settings, World as _};
use crate::broadcast::run::Engine;
use crate::broadcast::sheet::Sheet;
use crate::broadcast::tally::Tally;
use crate::cli::carry::{Carrier, Mender, Press};
use crate::cli::dispatch::Trip;
use crate::cli::guarding::{self, Going};
use crate::contract::{Audience, Operation, Repeat, Target, TargetKind};
use crate::document::{Document, Value};
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::guard::{self, Guard, Guests};
use crate::ledger::{
    Batch, BatchFilter, BatchKey, Change, Counts, Job, JobBatch, Ledger, Permit, TargetState,
};
use crate::net::Fleet;
use crate::report;
use crate::vendor;

/// How many requests are on their way at a time where no flag says so.
const CONCURRENCY: u16 = 16;

/// What a run may have anew each time.
#[derive(Clone, Debug)]
pub(super) struct Leave {
    concurrency: usize,
    results: Option<PathBuf>,
    /// What ends it early; `None`: as the job says.
    limits: Option<Limits>,
}

impl Leave {
    /// As flags say.
    pub(super) fn of(flags: &Running) -> Self {
        let concurrency = usize::from(flags.concurrency.unwrap_or(CONCURRENCY));
        Self { concurrency, results: flags.results.clone(), limits: None }
    }
}

/// What a later run of a job has to know of the first: as text, which only [`limits`] reads.
pub(super) fn settings(limits: &Limits) -> String {
    let canary = limits.canary.map(|few| json!({"targets": few.targets, "soak_ms": u64::try_from(few.soak.as_millis()).unwrap_or(u64::MAX)}));
    json!({"canary": canary, "abort_above": limits.abort_above}).to_string()
}

/// What [`settings`] wrote. What cannot be read is no limit that anybody asked for.
fn limits(settings: &str) -> Limits {
    let Ok(read) = serde_json::from_str::<serde_json::Value>(settings) else {
        return Limits::default();
    };
    let canary = &read["canary"];
    Limits {
        canary: canary["targets"].as_u64().map(|targets| Canary {
            targets,
            soak: Duration::from_millis(canary["soak_ms"].as_u64().unwrap_or_default()),
        }),
        abort_above: read["abort_above"].as_f64(),
    }
}

/// The batches of a job in the ledger.
struct Batches {
    ledger: Ledger,
    job: Uuid,
    after: Option<BatchKey>,
}

impl Journal for Batches {
    fn next(&mut self, count: usize) -> Result<Vec<Batch>> {
        let batches = self.ledger.next_batches(self.job, self.after, count)?;
        self.after = batches.last().map(|batch| batch.key).or(self.after);
        Ok(batches)
    }

    fn commit(&mut self, changes: &[Change]) -> Result<Permit> {
        self.ledger.commit(self.job, changes)
    }
}

/// Takes up a job that has batches left.
pub(in crate::cli) fn resume(trip: &Trip<'_>, flags: &Running, job: &Job) -> Result<Exit> {
    let mut ledger = trip.world.open_ledger(trip.session, trip.sending)?;
    let fleet = trip.world.transport(trip.session, trip.sending)?;
    guard_again(trip, &mut ledger, job)?;
    run(trip, &Leave::of(flags), ledger, fleet.as_ref(), job.intent.id)
}

/// The guards on what is left of a job: the hour, a switch, or the guest list may be others now.
fn guard_again(trip: &Trip<'_>, ledger: &mut Ledger, job: &Job) -> Result<()> {
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

/// Carries out what is left of a job.
pub(super) fn run(
    trip: &Trip<'_>,
    leave: &Leave,
    mut ledger: Ledger,
    fleet: &dyn Fleet,
    job: Uuid,
) -> Result<Exit> {
    let edge = &trip.session.edge;
    let began = Instant::now();
    let claim = ledger.claim_job(job, edge.now_ms())?;
    let ui = &trip.session.ui;
    if claim.orphaned > 0 {
        ui.warn(&format!(
            "{} of an earlier run may have gone out, and is unknown",
            report::counted(claim.orphaned, "request")
        ));
    }
    let released = carry_out(trip, leave, ledger, fleet, &claim.job);
    let (mut ledger, report) = match released {
        Ok(done) => done,
        Err((mut ledger, error)) => {
            let _ = ledger.release_job(job, edge.now_ms());
            return Err(error);
        }
    };
    if let Err(error) = ledger.release_job(job, edge.now_ms()) {
        ui.warn(&format!("the ledger could not take the end of the job: {}", error.full_message()));
    }
    let elapsed_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    let job = ledger.job(job).unwrap_or(claim.job);
    tell(ui, &mut ledger, &Told { job: &job, report: &report, elapsed_ms })
}

/// Runs the engine over a job that is this process's own.
fn carry_out(
    trip: &Trip<'_>,
    leave: &Leave,
    mut ledger: Ledger,
    fleet: &dyn Fleet,
    job: &Job,
) -> std::result::Result<(Ledger, Report), (Ledger, Error)> {
    let prepared = (|| {
        let sheets = sheets(trip, job)?;
        let settings = Settings {
            concurrency: leave.concurrency,
            request_limit: trip.sending.deadline(),
            until: None,
            limits: leave.limits.unwrap_or_else(|| limits(&job.intent.settings)),
        };
        requeue(trip, &mut ledger, job, &sheets, settings.request_limit)?;
        let results = leave.results.as_deref().map(Results::create).transpose()?;
        Ok((sheets, settings, results))
    })();
    let (sheets, mut settings, results) = match prepared {
        Ok(prepared) => prepared,
        Err(error) => return Err((ledger, error)),
    };
    let kinds = job.templates.iter().map(|template| template.kind.clone()).collect();
    let before = match ledger.job(job.intent.id) {
        Ok(job) => tally(&job.targets),
        Err(error) => return Err((ledger, error)),
    };
    let ui = &trip.session.ui;
    let mut witness = Witness { ui, results, kinds, bar: bar(ui, &before) };
    if let Err(error) = told_before(&mut ledger, job, &mut witness) {
        return Err((ledger, error));
    }
    let mut carrier = Carrier::new(fleet, trip.session.edge);
    settings.until = trip.sending.deadline.map(|deadline| carrier.now() + deadline);
    let mut journal = Batches { ledger, job: job.intent.id, after: None };
    let report = trip.with_errands(fleet, |mut errands| {
        errands.expect(job.batches.planned);
        let mut press = Press {
            vendor: trip.vendor,
            errands,
            sheets,
            mender: Mender::default(),
            allowed: &|| guarding::still_allowed(trip),
        };
        let (journal, witness) = (&mut journal, &mut witness);
        Engine::new(journal, &mut carrier, &mut press, witness, &settings, before).run()
    });
    if let Some(bar) = &witness.bar {
        bar.finish_and_clear();
    }
    if let Some(results) = witness.results {
        results.finish(ui);
    }
    Ok((journal.ledger, report))
}

/// The sheets that a job was planned with.
fn sheets(trip: &Trip<'_>, job: &Job) -> Result<Vec<Sheet>> {
    let contract = trip.vendor.contract();
    let sheet = |kept: &crate::ledger::JobTemplate| {
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

/// What a batch of a job has sent, as the vendor needs to know it in order to take it back.
pub(in crate::cli) fn sent(job: &Job, batch: &JobBatch) -> Result<vendor::Sent> {
    let kept = job.template(batch.batch.template)?;
    let name = format!("{}/{}", job.intent.provider, kept.operation);
    if kept.body.is_empty() {
        return Err(Error::new(
            Kind::Ledger,
            format!("the ledger keeps no payloads, and the job {} needs one", job.label()),
        )
        .help("give the vendor's ids by hand, with --to and --from"));
    }
    let (_, operation) = vendor::find_operation(&name)?;
    let body = Sheet::of(kept, operation)?.render(&batch.batch.ids, batch.batch.vars.as_deref())?;
    // Those that the vendor told apart, but for those that certainly got nothing.
    let told = batch.ending.iter().flat_map(|ending| &ending.targets);
    let reached = told.filter(|target| TargetState::Decided(target.verdict).may_have_arrived());
    let targets = reached.map(|target| (target.target.clone(), target.id.clone())).collect();
    Ok(vendor::Sent {
        operation: kept.operation.clone(),
        body,
        ids: batch.ending.as_ref().map(|ending| ending.ids.clone()).unwrap_or_default(),
        targets,
        sent_ms: batch.started_ms.unwrap_or(job.intent.created_ms),
    })
}

/// Plans again what the vendor would recognise as a repeat.
fn requeue(
    trip: &Trip<'_>,
    ledger: &mut Ledger,
    job: &Job,
    sheets: &[Sheet],
    request_limit: Duration,
) -> Result<()> {
    for (number, sheet) in (0_u32..).zip(sheets) {
        let Repeat::Deduplicated { seconds, .. } = sheet.operation.repeat else { continue };
        if !trip.vendor.recognises_repeats(&trip.world.account) {
            continue;
        }
        let window = Duration::from_secs(seconds).saturating_sub(request_limit);
        let window = i64::try_from(window.as_millis()).unwrap_or(i64::MAX);
        let since = trip.session.edge.now_ms().saturating_sub(window);
        let again = ledger.requeue_doubtful(job.intent.id, number, since)?;
        if again > 0 {
            trip.session.ui.remark(&format!(
                "sent again since the vendor recognises repeats: {} in doubt",
                report::counted(again, "request")
            ));
        }
    }
    Ok(())
}

/// Writes what earlier runs have come to into the file of results.
fn told_before(ledger: &mut Ledger, job: &Job, witness: &mut Witness<'_>) -> Result<()> {
    let Some(results) = &mut witness.results else { return Ok(()) };
    ledger.each_batch(job.intent.id, BatchFilter::All, &mut |batch| {
        let template = job.templates.get(batch.batch.template as usize);
        let kind = template.and_then(|template| template.kind.as_deref());
        let operation = template.map_or("", |template| template.operation.as_str());
        if batch.state.is_decided() {
            batch.fates().for_each(|fate| results.write(kind, operation, &fate));
        }
        ControlFlow::Continue(())
    })
}

/// The engine's count of targets from the ledger's.
fn tally(counts: &Counts) -> Tally {
    Tally {
        total: counts.total(),
        accepted: counts.accepted,
        rejected: counts.rejected,
        unavailable: counts.unavailable,
        unknown: counts.unknown + counts.partial,
    }
}
