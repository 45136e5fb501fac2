//! `--plan FILE`: writes the requests of a broadcast to a plan file.

use std::io::{BufReader, BufWriter, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use crate::broadcast::job::composer::{ComposedTemplate, job_template};
use crate::broadcast::job::plan_sink::PlanSink;
use crate::broadcast::job::secret_payload::describe_secret;
use crate::broadcast::plan::{self, PlanHead, PlanLine};
use crate::error::{Error, ErrorKind, Result};
use crate::files::{FileAccess, KeptFile, OutputFile, OutputKind, WriteThrough};
use crate::ledger::{JobTemplate, PlannedBatch};
use crate::seal::SealKey;
use crate::send::app::App;

/// Writes a plan file.
pub(crate) struct PlanFileWriter<'w> {
    app: &'w App,
    path: PathBuf,
    plan: OutputFile,
    /// The batches, until the head that stands before them is known. This file stays temporary.
    batches: BufWriter<OutputFile>,
    templates: Vec<JobTemplate>,
    key: SealKey,
}

impl<'w> PlanFileWriter<'w> {
    /// Begins a plan that will be sealed with this key. It replaces an older plan, and none of the files `kept`.
    pub(crate) fn create(
        app: &'w App,
        path: &Path,
        key: SealKey,
        kept: &[KeptFile],
    ) -> Result<Self> {
        let kind = OutputKind {
            name: "the plan",
            content: "plan",
            is_own: &|file| plan::is_plan(&mut BufReader::new(file)),
            kept,
            refusal: ErrorKind::Usage,
            help: "name a new file",
        };
        let open = || OutputFile::open(path, FileAccess::Private, &kind);
        let plan = open()?;
        if !plan.is_whole() {
            return Err(kind.not_regular(path));
        }
        let batches = BufWriter::new(open()?);
        Ok(Self { app, path: path.to_owned(), plan, batches, templates: Vec::new(), key })
    }

    /// The templates, for the head.
    pub(crate) fn take_templates(&mut self) -> Vec<JobTemplate> {
        std::mem::take(&mut self.templates)
    }

    /// Writes the head and the batches. The file appears complete or not at all.
    pub(crate) fn finish(mut self, head: &PlanHead) -> Result<()> {
        let path = std::mem::take(&mut self.path);
        self.write(head).map_err(|error| write_error(&path, error))
    }

    fn write(&mut self, head: &PlanHead) -> std::io::Result<()> {
        self.batches.flush()?;
        let batches = self.batches.get_mut().file();
        batches.seek(SeekFrom::Start(0))?;
        plan::write(&mut self.plan, head, batches, &self.key)?;
        self.plan.publish(WriteThrough::Yes)
    }
}

impl PlanSink for PlanFileWriter<'_> {
    fn template(&mut self, composed: &mut ComposedTemplate) -> Result<()> {
        if let Some(upload) = composed.uploads.first() {
            return Err(Error::usage(format!(
                "a plan opens no connection, and `{}` would have to be uploaded",
                upload.file.name
            ))
            .help("upload it with `upload` first, and give its address"));
        }
        let redacted = self.app.redactor.borrow().redacted_value(composed.sheet.body());
        if redacted.is_some() {
            let what = describe_secret(&self.app.redactor, composed.sheet.body());
            return Err(Error::usage(format!("a plan holds no secrets, and {what}"))
                .help("send it without --plan; --dry-run shows what would go out"));
        }
        self.templates.push(job_template(&composed.sheet));
        Ok(())
    }

    fn batch(&mut self, batch: PlannedBatch, composed: &ComposedTemplate) -> Result<()> {
        let body = composed.sheet.render(&batch.ids, batch.vars.as_deref())?.to_compact();
        let line = PlanLine { batch, body }.to_text();
        writeln!(self.batches, "{line}").map_err(|error| write_error(&self.path, error))
    }
}

fn write_error(path: &Path, error: std::io::Error) -> Error {
    Error::input(format!("cannot write the plan `{}`", path.display())).because(error)
}
