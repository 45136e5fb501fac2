//! The requests that uploads of files make: linted, or only printed.

use serde_json::json;

use crate::contract::typed::{PathRoots, SetExpr};
use crate::document::{Document, Value};
use crate::error::Result;
use crate::exit::Exit;
use crate::provider::prerequisite::Ask;
use crate::provider::{Prerequisite, Upload};
use crate::report::{self, Printed};
use crate::send::apply_sets;
use crate::send::context::SendContext;
use crate::send::guard_prompt::{self, GuardSubject, GuardedRequest};
use crate::send::lint_state::{LintState, lint_upload};
use crate::wire::Show;

/// What the uploads would call, linted.
pub(crate) fn plan(
    context: &SendContext<'_>,
    uploads: &[Upload],
    sets: &[SetExpr],
) -> Result<Vec<Prerequisite>> {
    let mut linted = LintState::of(context)?;
    let known = context.known();
    let mut prerequisites = Vec::new();
    for upload in uploads {
        for mut prerequisite in context.planned(upload)? {
            adjust(&mut prerequisite, sets)?;
            lint_upload(&prerequisite, upload, &known, &mut linted);
            prerequisites.push(prerequisite);
        }
    }
    linted.result()?;
    Ok(prerequisites)
}

/// Applies `--set` to a call of the vendor's.
pub(crate) fn adjust(prerequisite: &mut Prerequisite, sets: &[SetExpr]) -> Result<()> {
    if let Ask::Call(body) = &mut prerequisite.ask {
        for set in sets {
            apply_sets::apply(set, body, prerequisite.operation, PathRoots::Body)?;
        }
    }
    Ok(())
}

pub(crate) fn print(context: &SendContext<'_>, prerequisites: &[Prerequisite]) -> Result<Exit> {
    let requests = prerequisites
        .iter()
        .map(|prerequisite| context.planned_request(prerequisite))
        .collect::<Result<Vec<_>>>()?;
    let operation = prerequisites.first().map_or("", |prerequisite| prerequisite.operation.id);
    let show = if context.sending.show_secrets { Show::Secrets } else { Show::Redacted };
    let how = Printed { curl: context.sending.curl, show, sandbox: context.app.sandbox };
    let body = Document::of(&Value::object());
    let guarded: Vec<_> = prerequisites
        .iter()
        .map(|prerequisite| GuardedRequest::of_upload(prerequisite.operation, &body))
        .collect();
    let refusals = guard_prompt::would_refuse(context, &GuardSubject::all(&guarded))?;
    let more = json!({ "guards": guard_prompt::refusals_to_json(context, &refusals) });
    let (ui, provider) = (&context.env.ui, context.app.vendor.contract().id);
    report::planned_of_many(ui, (provider, operation), &requests, how, &more)?;
    guard_prompt::tell_refusals(context, &refusals);
    Ok(Exit::Done)
}
