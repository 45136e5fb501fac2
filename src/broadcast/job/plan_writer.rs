//! `--plan FILE`: what would go out, written down.

use std::io::{BufReader, BufWriter, ErrorKind, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::broadcast::job::claims::PlanClaims;
use crate::broadcast::job::message_templates::{MadeSheet, kept};
use crate::broadcast::job::options::JobOptions;
use crate::broadcast::job::planner::{PlanSink, Survey};
use crate::broadcast::job::secret_payload::what_is_secret;
use crate::broadcast::job::settings::JobSettings;
use crate::broadcast::plan::{self, Head, PlanLine};
use crate::env::Env;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::files::{FileAccess, OutputFile, WriteThrough};
use crate::guard::QuotaRequest;
use crate::ledger::{JobTemplate, PlannedBatch};
use crate::report::{self, Format};
use crate::seal::SealKey;
use crate::send::app::App;
use crate::send::context::SendContext;
use crate::send::guard_prompt;

/// A plan in the making.
pub(crate) struct PlanDraft<'w> {
    app: &'w App,
    path: PathBuf,
    plan: OutputFile,
    /// Batches, until the head that goes before them is known. This file is never put into a place.
    batches: BufWriter<OutputFile>,
    templates: Vec<JobTemplate>,
    /// What it is sealed with.
    key: SealKey,
}

impl<'w> PlanDraft<'w> {
    /// Begins a plan, which is sealed with this key in the end.
    pub(crate) fn create(app: &'w App, path: &Path, key: SealKey) -> Result<Self> {
        let open = || {
            OutputFile::open(path, FileAccess::Private).map_err(|error| match error.kind() {
                ErrorKind::IsADirectory => would_replace(path, "no regular file"),
                _ => cannot(path, error),
            })
        };
        let plan = open()?;
        replaceable(path, &plan)?;
        let batches = BufWriter::new(open()?);
        Ok(Self { app, path: path.to_owned(), plan, batches, templates: Vec::new(), key })
    }

    /// Writes the plan, and tells what is in it.
    pub(crate) fn finish(
        mut self,
        context: &SendContext<'_>,
        args: &JobOptions,
        survey: &Survey,
        valid: Duration,
    ) -> Result<Exit> {
        let Survey { totals, made, .. } = survey;
        let created_ms = context.env.system.now_ms();
        let valid_ms = i64::try_from(valid.as_millis()).unwrap_or(i64::MAX);
        let uses =
            made.iter().map(|made| QuotaRequest::of(made.sheet.operation, made.sheet.body()));
        let quotas = guard_prompt::quotas_left(context, uses, Some(totals.requests));
        let operations = made.iter().map(|made| made.sheet.operation);
        let templates = std::mem::take(&mut self.templates);
        let claims =
            PlanClaims::of(totals, operations, &templates, survey.fingerprint.clone(), created_ms);
        let settings = JobSettings {
            limits: args.limits(),
            allow: context.sending.allow.clone(),
            ..JobSettings::default()
        };
        let head = claims.into_head(Head {
            id: Uuid::now_v7(),
            herald: env!("CARGO_PKG_VERSION").to_owned(),
            created_ms,
            valid_until_ms: created_ms.saturating_add(valid_ms),
            provider: context.app.vendor.contract().id.to_owned(),
            profile: context.app.account.profile.clone(),
            sandbox: context.app.sandbox,
            app: context.app.id(),
            endpoint: context.app.base(),
            job: args.job.clone(),
            quota: quotas.iter().map(guard_prompt::QuotaLeft::words).collect(),
            quotas: quotas.iter().map(guard_prompt::QuotaLeft::to_json).collect(),
            settings: settings.to_text(),
            templates,
            ..Head::default()
        });
        self.write(&head).map_err(|error| cannot(&self.path, error))?;
        tell_plan(context.env, &self.path, &head, made);
        Ok(Exit::Done)
    }

    /// Puts the head before the batches. The plan is there as a whole or not at all.
    fn write(&mut self, head: &Head) -> std::io::Result<()> {
        self.batches.flush()?;
        let batches = self.batches.get_mut().file();
        batches.seek(SeekFrom::Start(0))?;
        plan::write(&mut self.plan, head, batches, &self.key)?;
        self.plan.publish(WriteThrough::Yes)
    }
}

impl PlanSink for PlanDraft<'_> {
    fn template(&mut self, made: &mut MadeSheet) -> Result<()> {
        if let Some(upload) = made.uploads.first() {
            return Err(Error::usage(format!(
                "a plan opens no connection, and `{}` would have to be uploaded",
                upload.file.name
            ))
            .help("upload it with `herald upload` first, and give its address"));
        }
        let redacted = self.app.redactor.borrow().redacted_value(made.sheet.body());
        if redacted.is_some() {
            let what = what_is_secret(&self.app.redactor, made.sheet.body());
            return Err(Error::usage(format!("a plan holds no secrets, and {what}"))
                .help("send it without --plan; --dry-run shows what would go out"));
        }
        self.templates.push(kept(&made.sheet));
        Ok(())
    }

    fn batch(&mut self, batch: PlannedBatch, made: &MadeSheet) -> Result<()> {
        let body = made.sheet.render(&batch.ids, batch.vars.as_deref())?.to_compact();
        let line = PlanLine { batch, body }.to_text();
        writeln!(self.batches, "{line}").map_err(|error| cannot(&self.path, error))
    }
}

/// Only another plan is replaced.
fn replaceable(path: &Path, plan: &OutputFile) -> Result<()> {
    if !plan.is_whole() {
        return Err(would_replace(path, "no regular file"));
    }
    let Some(before) = plan.before() else { return Ok(()) };
    let before = before.map_err(|error| cannot(path, error))?;
    let is_empty = before.metadata().is_ok_and(|about| about.len() == 0);
    if is_empty || plan::is_plan(&mut BufReader::new(before)) {
        Ok(())
    } else {
        Err(would_replace(path, "no plan"))
    }
}

fn would_replace(path: &Path, what: &str) -> Error {
    Error::usage(format!("`{}` is {what}, and would be replaced by the plan", path.display()))
        .help("name a new file")
}

fn cannot(path: &Path, error: std::io::Error) -> Error {
    Error::input(format!("cannot write the plan `{}`", path.display())).because(error)
}

/// What a plan comes to, for scripts: beside what `--plan` and `apply --dry-run` say besides.
pub(crate) fn facts(path: &Path, head: &Head) -> Json {
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

fn tell_plan(env: &Env, path: &Path, head: &Head, made: &[MadeSheet]) {
    let ui = &env.ui;
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
    remark_on_term(env, path, head);
}

/// Says what carries a plan out, and until when.
pub(crate) fn remark_on_term(env: &Env, path: &Path, head: &Head) {
    env.ui.remark(&format!(
        "`herald apply {}` sends it, once, until {}",
        path.display(),
        report::time(head.valid_until_ms)
    ));
}
