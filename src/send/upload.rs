//! Files to a vendor that takes them, for messages that refer to them later.

use std::path::PathBuf;

use crate::contract::Verb;
use crate::document::{Document, Value};
use crate::env::Env;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::provider::prerequisite::BroughtValues;
use crate::provider::{MediaKind, Prerequisite, Upload};
use crate::report;
use crate::send::app::App;
use crate::send::attachments;
use crate::send::context::SendContext;
use crate::send::guard_prompt::{self, GuardSubject, GuardedRequest};
use crate::send::options::{DryRun, PayloadOptions, SendOptions};
use crate::send::planned_uploads::{adjust, plan, print};
use crate::send::rate_limits::RateLimits;

/// Files that are uploaded for themselves.
#[derive(Clone, Debug, Default)]
pub struct UploadOptions {
    /// The files.
    pub files: Vec<PathBuf>,
    /// What they are, where the ending of their names does not say it.
    pub kind: Option<MediaKind>,
    /// Fields of the upload: `PATH=TEXT` or `PATH:=JSON`.
    pub set: Vec<String>,
}

/// Lints, guards and uploads, one file after the other.
pub fn upload(env: &Env, files: &UploadOptions, sending: &SendOptions) -> Result<Exit> {
    sending.check()?;
    let app = App::open(env, sending)?;
    let sets = PayloadOptions::setting(&files.set).expressions()?;
    let uploads = attachments::uploads(&files.files, files.kind, app.vendor.measures())?;
    let context = SendContext::new(env, sending, &app, Verb::Upload);
    let prerequisites = plan(&context, &uploads, &sets)?;
    if sending.dry_run == Some(DryRun::Server) {
        return Err(Error::usage("no vendor has a check of its own for uploads")
            .help("--dry-run checks them offline"));
    }
    if sending.prints_only() {
        return print(&context, &prerequisites);
    }
    app.require_complete()?;
    let body = Document::of(&Value::object());
    let of_prerequisite =
        |prerequisite: &Prerequisite| GuardedRequest::of_upload(prerequisite.operation, &body);
    let requests: Vec<_> = prerequisites.iter().map(of_prerequisite).collect();
    guard_prompt::pass(&context, &GuardSubject::all(&requests))?;
    let operation = prerequisites.last().map_or("", |prerequisite| prerequisite.operation.id);
    carry_out(&context, &uploads, operation, &|prerequisite| adjust(prerequisite, &sets))
}

fn carry_out(
    context: &SendContext<'_>,
    uploads: &[Upload],
    operation: &str,
    adjust: &dyn Fn(&mut Prerequisite) -> Result<()>,
) -> Result<Exit> {
    let transport = context.app.transport(context.env, context.sending)?;
    let limits = RateLimits::new(context.env, context.sending, context.app);
    context.with_prerequisites(transport.as_ref(), &limits, |mut prerequisites| {
        prerequisites.upload_for_themselves();
        let mut done = Vec::new();
        for upload in uploads {
            match prerequisites.upload(upload, adjust) {
                Ok(values) => done.push((upload, values)),
                Err(error) if done.is_empty() => return Err(error),
                Err(error) => {
                    told(context, operation, &done);
                    context.env.ui.complain(&error);
                    return Ok(Exit::worst([error.exit(), Exit::Partly]));
                }
            }
        }
        told(context, operation, &done);
        Ok(Exit::Done)
    })
}

/// Tells what the vendor calls the files from now on.
fn told(context: &SendContext<'_>, operation: &str, done: &[(&Upload, BroughtValues)]) {
    let (provider, profile) =
        (context.app.vendor.contract().id, context.app.account.profile.as_deref());
    let files: Vec<_> =
        done.iter().map(|(upload, values)| (&upload.file, values.as_slice())).collect();
    report::uploaded(&context.env.ui, (provider, operation, profile), context.app.sandbox, &files);
}
