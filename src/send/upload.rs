//! Files to a vendor that takes them, for messages that refer to them later.

use serde_json::{Map, Value as Json, json};
use std::path::PathBuf;

use crate::contract::typed::{PathRoots, SetExpr};
use crate::contract::{Audience, Verb};
use crate::document::Value;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::provider::errand::{Ask, BroughtValues};
use crate::provider::{Errand, MediaKind, Upload};
use crate::report::{self, Printed, lossless};
use crate::send::app::App;
use crate::send::context::SendContext;
use crate::send::guard_prompt::{self, Going};
use crate::send::lint_uploads::{LintState, lint_upload};
use crate::send::options::{DryRun, PayloadOptions, SendOptions};
use crate::send::rate_limits::RateLimits;
use crate::send::{attachments, compose};
use crate::text::escape;
use crate::wire::Show;

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
    let uploads = files
        .files
        .iter()
        .map(|path| {
            let file = attachments::look(path, app.vendor.measures())?;
            let kind = files.kind.unwrap_or_else(|| MediaKind::of_ending(&file.ending()));
            Ok(Upload { file, kind, places: Vec::new() })
        })
        .collect::<Result<Vec<_>>>()?;
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
    // An upload reaches nobody, and what is in a file is not for guards to read.
    let (audience, body) = (&Audience::Nobody, &Value::object());
    let of_errand = |errand: &Errand| guard_prompt::GuardedRequest {
        operation: errand.operation,
        audience,
        body,
        base: "",
    };
    let requests: Vec<_> = prerequisites.iter().map(of_errand).collect();
    guard_prompt::pass(&context, &Going::all(&requests))?;
    let operation = prerequisites.last().map_or("", |errand| errand.operation.id);
    carry_out(&context, &uploads, &sets, operation)
}

/// What the uploads would call, linted.
fn plan(context: &SendContext<'_>, uploads: &[Upload], sets: &[SetExpr]) -> Result<Vec<Errand>> {
    let mut linted = LintState::of(context)?;
    let known = context.known();
    let mut prerequisites = Vec::new();
    for upload in uploads {
        for mut errand in context.planned(upload)? {
            adjust(&mut errand, sets)?;
            lint_upload(&errand, upload, &known, &mut linted);
            prerequisites.push(errand);
        }
    }
    linted.result()?;
    Ok(prerequisites)
}

/// Applies `--set` to a call of the vendor's.
fn adjust(errand: &mut Errand, sets: &[SetExpr]) -> Result<()> {
    if let Ask::Call(body) = &mut errand.ask {
        for set in sets {
            compose::apply(set, body, errand.operation, PathRoots::Body)?;
        }
    }
    Ok(())
}

fn print(context: &SendContext<'_>, prerequisites: &[Errand]) -> Result<Exit> {
    let requests = prerequisites
        .iter()
        .map(|errand| context.planned_request(errand))
        .collect::<Result<Vec<_>>>()?;
    let operation = prerequisites.first().map_or("", |errand| errand.operation.id);
    let show = if context.sending.show_secrets { Show::Secrets } else { Show::Redacted };
    let how = Printed { curl: context.sending.curl, show };
    report::planned(&context.env.ui, context.app.vendor.contract().id, operation, &requests, how)?;
    Ok(Exit::Done)
}

fn carry_out(
    context: &SendContext<'_>,
    uploads: &[Upload],
    sets: &[SetExpr],
    operation: &str,
) -> Result<Exit> {
    let transport = context.app.transport(context.env, context.sending)?;
    let limits = RateLimits::new(context.env, context.sending, context.app);
    context.with_prerequisites(transport.as_ref(), &limits, |mut prerequisites| {
        prerequisites.upload_for_themselves();
        let mut done = Vec::new();
        for upload in uploads {
            match prerequisites.upload(upload, &|errand| adjust(errand, sets)) {
                Ok(values) => done.push((upload, values)),
                Err(error) if done.is_empty() => return Err(error),
                Err(error) => {
                    tell_all(context, operation, &done);
                    context.env.ui.complain(&error);
                    return Ok(Exit::worst([error.exit(), Exit::Partly]));
                }
            }
        }
        tell_all(context, operation, &done);
        Ok(Exit::Done)
    })
}

/// What the vendor calls the files from now on.
fn tell_all(context: &SendContext<'_>, operation: &str, done: &[(&Upload, BroughtValues)]) {
    let ui = &context.env.ui;
    if !ui.is_machine() {
        for (upload, values) in done {
            for (name, value) in values {
                let file = escape(&upload.file.name);
                ui.line(&format!("{file}  {name}  {}", escape(&value.to_plain())));
            }
        }
        return;
    }
    let files: Vec<Json> = done
        .iter()
        .map(|(upload, values)| {
            let ids: Map<String, Json> =
                values.iter().map(|(name, value)| ((*name).to_owned(), lossless(value))).collect();
            json!({ "file": upload.file.path.to_string_lossy(), "ids": ids })
        })
        .collect();
    ui.json(&json!({
        "version": 1,
        "provider": context.app.vendor.contract().id,
        "operation": operation,
        "profile": context.app.account.profile,
        "outcome": "accepted",
        "ids": files.first().map(|file| &file["ids"]),
        "files": files,
    }));
}
