//! `--plan FILE`: what would go out, written down.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::flags::{JobArgs, settings};
use super::planner::{Sink, Survey};
use super::secret_payload::what_is_secret;
use super::sheets::{Made, kept};
use crate::broadcast::plan::{self, Head, Line};
use crate::cli::Session;
use crate::cli::guarding;
use crate::cli::trip::Trip;
use crate::cli::world::World;
use crate::contract::TargetKind;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::guard::Use;
use crate::ledger::{JobTemplate, PlannedBatch};
use crate::net::pace;
use crate::report::{self, Format};

/// A plan in the making.
pub(super) struct Draft<'w> {
    world: &'w World,
    path: PathBuf,
    /// Batches, until the head that goes before them is known.
    beside: PathBuf,
    batches: BufWriter<File>,
    /// Requests and targets by template.
    counts: Vec<(u64, u64)>,
    templates: Vec<JobTemplate>,
}

impl<'w> Draft<'w> {
    pub(super) fn create(world: &'w World, path: &Path) -> Result<Self> {
        let path = &replaceable(path)?;
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.part", std::process::id()));
        let beside = path.with_file_name(name);
        let file = private(&beside).map_err(|error| cannot(path, error))?;
        let batches = BufWriter::new(file);
        Ok(Self {
            world,
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
        trip: &Trip<'_>,
        args: &JobArgs,
        survey: &Survey,
        valid: Duration,
    ) -> Result<Exit> {
        let Survey { planned, made, .. } = survey;
        let created_ms = trip.session.edge.now_ms();
        let valid_ms = i64::try_from(valid.as_millis()).unwrap_or(i64::MAX);
        let times = made.iter().zip(&self.counts).map(|(made, (requests, targets))| {
            pace::estimate(made.sheet.operation, *requests, *targets).as_secs()
        });
        let uses = made.iter().map(|made| Use::of(made.sheet.operation, made.sheet.body()));
        let quotas = guarding::quotas_left(trip, uses, Some(planned.batches));
        let recallable_seconds = self.templates.iter().filter_map(|kept| kept.recall_seconds).min();
        // Of what is sent first: the rest can be taken back for a little longer.
        let recallable = recallable_seconds.and_then(|seconds| i64::try_from(seconds).ok());
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
            audience: survey.audience(),
            targets: planned.targets,
            requests: planned.batches,
            audience_digest: planned.digest.clone(),
            fingerprint: survey.fingerprint.clone(),
            job: args.job.clone(),
            seconds: times.sum(),
            quota: quotas.iter().map(guarding::QuotaLeft::words).collect(),
            quotas: quotas.iter().map(guarding::QuotaLeft::to_json).collect(),
            recallable_until: recallable.map(|seconds| report::time(created_ms + seconds * 1000)),
            recallable_seconds,
            settings: settings(&args.limits()),
            templates: std::mem::take(&mut self.templates),
        };
        self.write(&head).map_err(|error| cannot(&self.path, error))?;
        tell_plan(trip.session, &self.path, &head, made);
        Ok(Exit::Done)
    }

    /// Puts the head before the batches. The plan is there as a whole or not at all.
    fn write(&mut self, head: &Head) -> std::io::Result<()> {
        self.batches.flush()?;
        let mut whole = self.path.file_name().unwrap_or_default().to_owned();
        whole.push(format!(".{}.new", std::process::id()));
        let whole = self.path.with_file_name(whole);
        let mut out = private(&whole)?;
        let written = File::open(&self.beside)
            .and_then(|mut batches| plan::write(&mut out, head, &mut batches))
            .and_then(|()| out.sync_all())
            .and_then(|()| std::fs::rename(&whole, &self.path));
        if written.is_err() {
            let _ = std::fs::remove_file(&whole);
        }
        written
    }
}

impl Drop for Draft<'_> {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.beside);
    }
}

impl Sink for Draft<'_> {
    fn template(&mut self, kind: Option<TargetKind>, made: &mut Made) -> Result<()> {
        if let Some(upload) = made.uploads.first() {
            return Err(Error::usage(format!(
                "a plan opens no connection, and `{}` would have to be uploaded",
                upload.file.name
            ))
            .help("upload it with `herald upload` first, and give its address"));
        }
        let redacted = self.world.redactor.borrow().redacted_value(made.sheet.body());
        if redacted.is_some() {
            let what = what_is_secret(&self.world.redactor, made.sheet.body());
            return Err(Error::usage(format!("a plan holds no secrets, and {what}"))
                .help("send it without --plan; --dry-run shows what would go out"));
        }
        self.counts.push((0, 0));
        self.templates.push(kept(&made.sheet, kind));
        Ok(())
    }

    fn batch(&mut self, batch: PlannedBatch, made: &Made) -> Result<()> {
        if let Some((requests, targets)) = self.counts.get_mut(batch.template as usize) {
            *requests += 1;
            *targets += (batch.ids.len() as u64).max(1);
        }
        let body = made.sheet.render(&batch.ids, batch.vars.as_deref())?.to_compact();
        let line = Line { batch, body }.to_text();
        writeln!(self.batches, "{line}").map_err(|error| cannot(&self.path, error))
    }
}

/// Where the plan goes: behind a link, the file that it names. Only another plan is replaced.
fn replaceable(path: &Path) -> Result<PathBuf> {
    let Ok(about) = std::fs::metadata(path) else { return Ok(path.to_owned()) };
    let refused = |what: &str| {
        Error::usage(format!("`{}` is {what}, and would be replaced by the plan", path.display()))
            .help("name a new file")
    };
    if !about.is_file() {
        return Err(refused("no regular file"));
    }
    let file = File::open(path).map_err(|error| cannot(path, error))?;
    if about.len() > 0 && !plan::is_plan(&mut std::io::BufReader::new(file)) {
        return Err(refused("no plan"));
    }
    path.canonicalize().map_err(|error| cannot(path, error))
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

/// What a plan comes to, for scripts: beside what `--plan` and `apply --dry-run` say besides.
pub(super) fn facts(path: &Path, head: &Head) -> Json {
    json!({
        "profile": head.profile,
        "plan": path.display().to_string(),
        "id": head.id.to_string(),
        "targets": head.targets,
        "requests_total": head.requests,
        "audience": head.audience,
        "audience_digest": head.audience_digest,
        "seconds": head.seconds,
        "quota": head.quota,
        "quotas": head.quotas,
        "recallable_until": head.recallable_until,
        "recallable_seconds": head.recallable_seconds,
        "valid_until": report::time(head.valid_until_ms),
    })
}

fn tell_plan(session: &Session, path: &Path, head: &Head, made: &[Made]) {
    let ui = &session.ui;
    if matches!(ui.format, Format::Json | Format::Ndjson) {
        let mut document = json!({
            "version": 1,
            "outcome": "planned",
            "provider": head.provider,
            "operation": head.templates.first().map(|template| template.operation.clone()),
        });
        if let (Some(all), Json::Object(facts)) = (document.as_object_mut(), facts(path, head)) {
            all.extend(facts);
        }
        ui.json(&document);
        return;
    }
    ui.sentence(&format!(
        "{}: {}, {}, about {} at the vendor's pace",
        path.display(),
        head.audience,
        report::counted(head.requests, "request"),
        report::time_span(head.seconds)
    ));
    head.quota.iter().for_each(|quota| ui.remark(quota));
    match &head.recallable_until {
        Some(until) => ui.remark(&format!("sent now, it can be taken back until {until}")),
        None => made.iter().for_each(|made| ui.remark(&report::take_back(made.sheet.operation))),
    }
    remark_on_term(session, path, head);
}

/// Says what carries a plan out, and until when.
pub(super) fn remark_on_term(session: &Session, path: &Path, head: &Head) {
    session.ui.remark(&format!(
        "`herald apply {}` sends it, once, until {}",
        path.display(),
        report::time(head.valid_until_ms)
    ));
}
