//! The requests that uploads of files make: linted, or only printed.

use serde_json::json;

use crate::contract::typed::{PathRoots, SetExpr};
use crate::document::{Document, Value};
use crate::error::Result;
use crate::exit::Exit;
use crate::provider::errand::Ask;
use crate::provider::{Errand, Upload};
use crate::report::{self, Printed};
use crate::send::apply_sets;
use crate::send::context::SendContext;
use crate::send::guard_prompt::{self, Going, GuardedRequest};
use crate::send::lint_state::{LintState, lint_upload};
use crate::wire::Show;

/// What the uploads would call, linted.
pub(crate) fn plan(
    context: &SendContext<'_>,
    uploads: &[Upload],
    sets: &[SetExpr],
) -> Result<Vec<Errand>> {
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
pub(crate) fn adjust(errand: &mut Errand, sets: &[SetExpr]) -> Result<()> {
    if let Ask::Call(body) = &mut errand.ask {
        for set in sets {
            apply_sets::apply(set, body, errand.operation, PathRoots::Body)?;
        }
    }
    Ok(())
}

pub(crate) fn print(context: &SendContext<'_>, prerequisites: &[Errand]) -> Result<Exit> {
    let requests = prerequisites
        .iter()
        .map(|errand| context.planned_request(errand))
        .collect::<Result<Vec<_>>>()?;
    let operation = prerequisites.first().map_or("", |errand| errand.operation.id);
    let show = if context.sending.show_secrets { Show::Secrets } else { Show::Redacted };
    let how = Printed { curl: context.sending.curl, show, sandbox: context.app.sandbox };
    let body = Document::of(&Value::object());
    let guarded: Vec<_> = prerequisites
        .iter()
        .map(|errand| GuardedRequest::of_upload(errand.operation, &body))
        .collect();
    let refusals = guard_prompt::would_refuse(context, &Going::all(&guarded))?;
    let more = json!({ "guards": guard_prompt::refusals_to_json(context, &refusals) });
    let (ui, provider) = (&context.env.ui, context.app.vendor.contract().id);
    report::planned_of_many(ui, (provider, operation), &requests, how, &more)?;
    guard_prompt::tell_refusals(context, &refusals);
    Ok(Exit::Done)
}
