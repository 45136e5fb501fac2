//! Files to a vendor that takes them, for messages that refer to them later.

use serde_json::{Map, Value as Json, json};
use std::path::PathBuf;

use crate::contract::typed::{PathRoots, SetExpr};
use crate::contract::{Audience, Context, Verb};
use crate::document::Value;
use crate::env::Session;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::lint::Waivers;
use crate::provider::errand::{Ask, BroughtValues};
use crate::provider::{Errand, MediaKind, Upload};
use crate::report::{self, Printed, lossless};
use crate::send::context::SendContext;
use crate::send::guard_prompt::{self, Going};
use crate::send::lint_uploads::{LintState, lint_upload};
use crate::send::options::{DryRun, PayloadOptions, SendOptions};
use crate::send::rate_limits::RateLimits;
use crate::send::trip::Trip;
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
pub fn upload(session: &Session, files: &UploadOptions, sending: &SendOptions) -> Result<Exit> {
    sending.check()?;
    let world = SendContext::open(session, sending)?;
    let sets = PayloadOptions::setting(&files.set).expressions()?;
    let uploads = files
        .files
        .iter()
        .map(|path| {
            let file = attachments::look(path, world.vendor.measures())?;
            let kind = files.kind.unwrap_or_else(|| MediaKind::of_ending(&file.ending()));
            Ok(Upload { file, kind, places: Vec::new() })
        })
        .collect::<Result<Vec<_>>>()?;
    let trip = Trip::new(session, sending, &world, Verb::Upload);
    let errands = plan(&trip, &uploads, &sets)?;
    if sending.dry_run == Some(DryRun::Server) {
        return Err(Error::usage("no vendor has a check of its own for uploads")
            .help("--dry-run checks them offline"));
    }
    if sending.prints_only() {
        return print(&trip, &errands);
    }
    world.require_complete()?;
    // An upload reaches nobody, and what is in a file is not for guards to read.
    let (audience, body) = (&Audience::Nobody, &Value::object());
    let of_errand = |errand: &Errand| guard_prompt::GuardedRequest {
        operation: errand.operation,
        audience,
        body,
        base: "",
    };
    let requests: Vec<_> = errands.iter().map(of_errand).collect();
    guard_prompt::pass(&trip, &Going::all(&requests))?;
    let operation = errands.last().map_or("", |errand| errand.operation.id);
    carry_out(&trip, &uploads, &sets, operation)
}

/// What the uploads would call, linted.
fn plan(trip: &Trip<'_>, uploads: &[Upload], sets: &[SetExpr]) -> Result<Vec<Errand>> {
    let contract = trip.vendor.contract();
    let waived = Waivers::of(&trip.sending.allow, &[contract])?;
    let ui = &trip.session.ui;
    let (records, redactor) = (Vec::new(), trip.world.redactor.clone());
    let mut linted = LintState { ui, contract, waived, errors: 0, records, redactor };
    let now_ms = Some(trip.session.edge.now_ms());
    let context = Context { account: Some(&trip.world.account), now_ms, ..Context::default() };
    let mut errands = Vec::new();
    for upload in uploads {
        for mut errand in trip.planned(upload)? {
            adjust(&mut errand, sets)?;
            lint_upload(&errand, upload, &context, &mut linted);
            errands.push(errand);
        }
    }
    linted.result()?;
    Ok(errands)
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

fn print(trip: &Trip<'_>, errands: &[Errand]) -> Result<Exit> {
    let requests =
        errands.iter().map(|errand| trip.planned_request(errand)).collect::<Result<Vec<_>>>()?;
    let operation = errands.first().map_or("", |errand| errand.operation.id);
    let show = if trip.sending.show_secrets { Show::Secrets } else { Show::Redacted };
    let how = Printed { curl: trip.sending.curl, show };
    report::planned(&trip.session.ui, trip.vendor.contract().id, operation, &requests, how)?;
    Ok(Exit::Done)
}

fn carry_out(
    trip: &Trip<'_>,
    uploads: &[Upload],
    sets: &[SetExpr],
    operation: &str,
) -> Result<Exit> {
    let transport = trip.world.transport(trip.session, trip.sending)?;
    let pacing = RateLimits::new(trip.session, trip.sending, trip.world);
    trip.with_errands(transport.as_ref(), &pacing, |mut errands| {
        errands.upload_for_themselves();
        let mut done = Vec::new();
        for upload in uploads {
            match errands.upload(upload, &|errand| adjust(errand, sets)) {
                Ok(values) => done.push((upload, values)),
                Err(error) if done.is_empty() => return Err(error),
                Err(error) => {
                    tell_all(trip, operation, &done);
                    trip.session.ui.complain(&error);
                    return Ok(Exit::worst([error.exit(), Exit::Partly]));
                }
            }
        }
        tell_all(trip, operation, &done);
        Ok(Exit::Done)
    })
}

/// What the vendor calls the files from now on.
fn tell_all(trip: &Trip<'_>, operation: &str, done: &[(&Upload, BroughtValues)]) {
    let ui = &trip.session.ui;
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
        "provider": trip.vendor.contract().id,
        "operation": operation,
        "profile": trip.world.account.profile,
        "outcome": "accepted",
        "ids": files.first().map(|file| &file["ids"]),
        "files": files,
    }));
}
