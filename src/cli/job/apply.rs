//! `--plan FILE` and `herald apply FILE`: what would go out, and that it does, exactly so and once.

use std::fs::{File, OpenOptions};
use std::io::{BufReader, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::json;
use uuid::Uuid;

use super::planner::{Planned, Sink};
use super::run::{Judged, Leave, judge, run};
use super::sheets::{Made, kept};
use super::start::{Running, Start, audience, fingerprint};
use crate::broadcast::plan::{self, Head};
use crate::broadcast::sheet::Sheet;
use crate::cli::Session;
use crate::cli::args::Sending;
use crate::cli::dispatch::Trip;
use crate::cli::guarding;
use crate::cli::world::World;
use crate::contract::{Target, TargetKind, Verb};
use crate::document::Value;
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::guard::{Guests, Tally};
use crate::ledger::{JobIntent, Ledger, Opening, PlannedBatch};
use crate::net::pace;
use crate::report::{self, Format};
use crate::vendor;

const EXAMPLES: &str = "\
Examples:
  herald broadcast --targets users.txt --from news --text \"hello\" --plan tonight.plan
  herald apply tonight.plan --confirm live";

/// Flags of `apply`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct ApplyArgs {
    /// Carry out this plan, which `herald broadcast --plan` wrote
    #[arg(value_name = "FILE")]
    plan: PathBuf,
    #[command(flatten)]
    running: Running,
    #[command(flatten)]
    sending: Sending,
}

/// A plan in the making.
pub(super) struct Draft {
    path: PathBuf,
    /// Batches, until the head that goes before them is known.
    beside: PathBuf,
    batches: BufWriter<File>,
    /// Requests and targets by template.
    counts: Vec<(u64, u64)>,
    templates: Vec<crate::ledger::JobTemplate>,
}

impl Draft {
    pub(super) fn create(path: &Path) -> Result<Self> {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.part", std::process::id()));
        let beside = path.with_file_name(name);
        let file = private(&beside).map_err(|error| cannot(path, error))?;
        let batches = BufWriter::new(file);
        Ok(Self {
            path: path.to_owned(),
            beside,
            batches,
            counts: Vec::new(),
            templates: Vec::new(),
        })
    }

    /// Writes the plan, and tells what is in it.
    pub(super) fn finish(
        mut self,
        start: &Start<'_>,
        planned: &Planned,
        tally: &Tally,
        made: &[Made],
        valid: Duration,
    ) -> Result<Exit> {
        let trip = &start.trip;
        let created_ms = trip.session.edge.now_ms();
        let valid_ms = i64::try_from(valid.as_millis()).unwrap_or(i64::MAX);
        let times = made.iter().zip(&self.counts).map(|(made, (requests, targets))| {
            pace::estimate(made.sheet.operation, *requests, *targets).as_secs()
        });
        let operations = made.iter().map(|made| made.sheet.operation);
        let quotas = guarding::quotas_left(trip, operations, Some(planned.batches));
        let head = Head {
            id: Uuid::now_v7(),
            herald: env!("CARGO_PKG_VERSION").to_owned(),
            created_ms,
            valid_until_ms: created_ms.saturating_add(valid_ms),
            provider: trip.vendor.contract().id.to_owned(),
            profile: trip.world.account.profile.clone(),
            sandbox: trip.world.sandbox,
            app: trip.world.app(),
            endpoint: trip.world.base(),
            audience: audience(planned, tally),
            targets: planned.targets,
            requests: planned.batches,
            audience_digest: planned.digest.clone(),
            fingerprint: fingerprint(made, planned),
            job: start.args.job.clone(),
            seconds: times.sum(),
            quota: quotas.iter().map(guarding::QuotaLeft::words).collect(),
            recallable_seconds: self.templates.iter().filter_map(|kept| kept.recall_seconds).min(),
            settings: super::run::settings(&start.args.limits()),
            templates: std::mem::take(&mut self.templates),
        };
        self.write(&head).map_err(|error| cannot(&self.path, error))?;
        tell_plan(trip.session, &self.path, &head);
        Ok(Exit::Done)
    }

    /// Puts the head before the batches. The plan is there as a whole or not at all.
    fn write(&mut self, head: &Head) -> std::io::Result<()> {
        self.batches.flush()?;
        let mut whole = self.path.file_name().unwrap_or_default().to_owned();
        whole.push(format!(".{}.new", std::process::id()));
        let whole = self.path.with_file_name(whole);
        let mut out = private(&whole)?;
        let written = plan::write(&mut out, head, &mut BufReader::new(File::open(&self.beside)?))
            .and_then(|()| out.sync_all())
            .and_then(|()| std::fs::rename(&whole, &self.path));
        if written.is_err() {
            let _ = std::fs::remove_file(&whole);
        }
        written
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.beside);
    }
}

impl Sink for Draft {
    fn template(&mut self, kind: Option<TargetKind>, made: &mut Made) -> Result<()> {
        if let Some(upload) = made.uploads.first() {
            return Err(Error::usage(format!(
                "a plan opens no connection, and `{}` would have to be uploaded",
                upload.file.name
            ))
            .help("upload it with `herald upload` first, and give its address"));
        }
        self.counts.push((0, 0));
        self.templates.push(kept(&made.sheet, kind));
        Ok(())
    }

    fn batch(&mut self, batch: PlannedBatch, _: &Made) -> Result<()> {
        if let Some((requests, targets)) = self.counts.get_mut(batch.template as usize) {
            *requests += 1;
            *targets += (batch.ids.len() as u64).max(1);
        }
        writeln!(self.batches, "{}", plan::line(&batch)).map_err(|error| cannot(&self.path, error))
    }
}

/// A new file that nobody else can read.
fn private(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn cannot(path: &Path, error: std::io::Error) -> Error {
    Error::input(format!("cannot write the plan `{}`", path.display())).because(error)
}

fn tell_plan(session: &Session, path: &Path, head: &Head) {
    let ui = &session.ui;
    if matches!(ui.format, Format::Json | Format::Ndjson) {
        ui.json(&json!({
            "version": 1,
            "outcome": "planned",
            "provider": head.provider,
            "operation": head.templates.first().map(|template| template.operation.clone()),
            "profile": head.profile,
            "plan": path.display().to_string(),
            "id": head.id.to_string(),
            "targets": head.targets,
            "requests_total": head.requests,
            "audience_digest": head.audience_digest,
            "seconds": head.seconds,
            "recallable_seconds": head.recallable_seconds,
            "valid_until": report::time(head.valid_until_ms),
        }));
        return;
    }
    ui.line(&format!(
        "{}: {}, {}, about {} at the vendor's pace",
        path.display(),
        head.audience,
        report::counted(head.requests, "request"),
        report::time_span(head.seconds)
    ));
    ui.remark(&format!(
        "`herald apply {}` sends it, once, until {}",
        path.display(),
        report::time(head.valid_until_ms)
    ));
}

/// Carries out a plan.
pub(in crate::cli) fn apply(session: &Session, args: &ApplyArgs) -> Result<Exit> {
    args.sending.check()?;
    let mut head = None;
    // The first reading proves that it is whole, before anything of it is believed.
    let proven = each(&args.plan, &mut |_, _| Ok(()))?;
    let head = head.get_or_insert(proven);
    still_holds(session, &args.plan, head)?;
    let world = open_world(session, args, head)?;
    unchanged(&world, head)?;
    let vendor = world.vendor;
    let trip = Trip {
        session,
        sending: &args.sending,
        vendor,
        world: &world,
        verb: Verb::Broadcast,
        stdin_used: args.plan == Path::new("-"),
    };
    if args.sending.prints_only() {
        tell_plan(session, &args.plan, head);
        return Ok(Exit::Done);
    }
    world.require_complete()?;
    let mut ledger = world.open_ledger(session, &args.sending)?;
    once(&mut ledger, head)?;
    let fleet = world.transport(session, &args.sending)?;
    ledger.plan_job(&intent(&trip, head))?;
    if let Err(error) = open(&trip, &mut ledger, &args.plan, head) {
        let _ = ledger.discard_job(head.id);
        return Err(error);
    }
    run(&trip, &Leave::of(&args.running), ledger, fleet.as_ref(), head.id)
}

/// Reads a plan from its file.
fn each(path: &Path, take: &mut dyn FnMut(&Head, PlannedBatch) -> Result<()>) -> Result<Head> {
    let name = path.display().to_string();
    let file = File::open(path)
        .map_err(|error| Error::input(format!("cannot read the plan `{name}`")).because(error))?;
    plan::read(&mut BufReader::new(file), &name, take)
}

fn still_holds(session: &Session, path: &Path, head: &Head) -> Result<()> {
    let again = "write a new one with `herald broadcast --plan FILE`";
    if session.edge.now_ms() > head.valid_until_ms {
        let until = report::time(head.valid_until_ms);
        return Err(
            Error::input(format!("the plan `{}` held until {until}", path.display())).help(again)
        );
    }
    let version = env!("CARGO_PKG_VERSION");
    if head.herald != version {
        return Err(Error::input(format!(
            "the plan was checked by herald {}, and this is herald {version}, which may know other limits",
            head.herald
        ))
        .help(again));
    }
    Ok(())
}

/// The world of the plan's own profile.
fn open_world(session: &Session, args: &ApplyArgs, head: &Head) -> Result<World> {
    let globals = &session.globals;
    let other = |what: &str, asked: &Option<String>, own: Option<&str>| match asked {
        Some(asked) if own != Some(asked) => Err(Error::input(format!(
            "the plan is for the {what} `{}`, and the flag says `{asked}`",
            own.unwrap_or("(none)")
        ))
        .help(format!("leave --{what} out, or write a plan for the one that you mean"))),
        _ => Ok(()),
    };
    other("profile", &globals.profile, head.profile.as_deref())?;
    other("provider", &globals.provider, Some(&head.provider))?;
    let world = if head.sandbox {
        let sending = Sending { sandbox: true, ..args.sending.clone() };
        World::open_as(session, &sending, &head.provider, head.profile.as_deref())?
    } else {
        World::open_as(session, &args.sending, &head.provider, head.profile.as_deref())?
    };
    if world.sandbox != head.sandbox {
        return Err(Error::input(
            "the plan is for a real vendor, and this would stay in the sandbox",
        )
        .help("leave --sandbox out, or write a plan with --sandbox"));
    }
    Ok(world)
}

/// Refuses where the profile is no longer what the plan was made for, and says what changed.
fn unchanged(world: &World, head: &Head) -> Result<()> {
    let base = world.base();
    let now =
        [("provider", world.vendor.contract().id), ("app", &world.app()), ("endpoint", &base)]
            .map(|(what, now)| (what, now.to_owned()));
    let then = [&head.provider, &head.app, &head.endpoint];
    let changes = now.iter().zip(then).filter(|((_, now), then)| *now != **then);
    let changes: Vec<String> =
        changes.map(|((what, now), then)| format!("{what} was `{then}` and is `{now}`")).collect();
    if changes.is_empty() {
        return Ok(());
    }
    Err(Error::input(format!(
        "the plan belongs to another profile than there is now: {}",
        changes.join(", ")
    ))
    .help("nothing was sent; write a new plan"))
}

/// Refuses a plan that was carried out before.
fn once(ledger: &mut Ledger, head: &Head) -> Result<()> {
    let id = head.id.to_string();
    match ledger.job_of_id(&id, None)? {
        None => Ok(()),
        Some(job) => Err(Error::new(
            Kind::Input,
            format!("the plan was carried out before: {}", job.state.word()),
        )
        .help(format!("`herald history show {id}` tells what became of it; `herald broadcast --resume {id}` goes on where something is left"))),
    }
}

fn intent(trip: &Trip<'_>, head: &Head) -> JobIntent {
    JobIntent {
        id: head.id,
        realm: trip.world.realm(),
        created_ms: trip.session.edge.now_ms(),
        name: head.job.clone(),
        verb: Verb::Broadcast.word().to_owned(),
        provider: head.provider.clone(),
        profile: head.profile.clone(),
        app: head.app.clone(),
        endpoint: head.endpoint.clone(),
        audience: head.audience.clone(),
        overrides: Vec::new(),
        settings: head.settings.clone(),
        fingerprint: head.fingerprint.clone(),
    }
}

/// Writes the job of a plan down, and lets the guards judge it.
fn open(trip: &Trip<'_>, ledger: &mut Ledger, path: &Path, head: &Head) -> Result<()> {
    let contract = trip.vendor.contract();
    let mut sheets = Vec::new();
    for kept in &head.templates {
        let (_, operation) =
            vendor::find_operation(&format!("{}/{}", contract.id, kept.operation))?;
        ledger.plan_template(head.id, kept)?;
        sheets.push(Sheet::of(kept, operation)?);
    }
    let guests = Guests::of(&trip.world.account.guards);
    let mut tally = Tally::default();
    let mut samples: Vec<Option<Value>> = vec![None; sheets.len()];
    let again = each(path, &mut |head, batch| {
        let number = batch.template as usize;
        let (Some(sheet), Some(kept)) = (sheets.get(number), head.templates.get(number)) else {
            return Err(Error::input("the plan names a payload that it does not have"));
        };
        if let Some(kind) = kept.kind.as_deref().and_then(TargetKind::from_word) {
            batch.ids.iter().for_each(|id| tally.take(&Target::new(kind, id), &guests));
        }
        let sample = samples.get_mut(number).filter(|sample| sample.is_none());
        if let Some(sample) = sample {
            *sample = Some(sheet.render(&batch.ids, batch.vars.as_deref())?);
        }
        ledger.plan_batches(head.id, &[batch])
    })?;
    if again != *head {
        return Err(Error::input("the plan was changed while it was read").help("nothing was sent"));
    }
    let texts = sheets.iter().zip(&samples);
    let texts = texts.filter_map(|(sheet, body)| Some((sheet.operation, body.as_ref()?)));
    let overridden = judge(
        trip,
        texts.collect(),
        &Judged {
            tally: sheets.iter().any(|sheet| sheet.slot().is_some()).then_some(&tally),
            calls: head.requests,
            name: head.job.as_deref(),
            fingerprint: Some(&head.fingerprint),
        },
    )?;
    let overrides = overridden.iter().map(|guard| guard.word().to_owned()).collect();
    let intent = intent(trip, head);
    ledger.open_job(head.id, &Opening { overrides, ..Opening::of(&intent) })
}
