//! Checks every request of a plan: it is sent exactly as the reviewer has read it.

use crate::broadcast::job::composer::job_template;
use crate::broadcast::job::inspect::{Inspection, StoredRequest};
use crate::broadcast::job::plan_source::SealedPlan;
use crate::broadcast::job::plan_totals::{check_template, check_totals, plan_totals};
use crate::broadcast::job::totals::{Totals, template_digest};
use crate::broadcast::plan::PlanLine;
use crate::document::{Document, Value};
use crate::error::{Error, Result};
use crate::ledger::PlannedBatch;
use crate::send::context::SendContext;
use crate::template::message_template::{FinishedBody, MessageTemplate};

/// The source of the requests in messages.
pub(crate) const PLAN_SOURCE: &str = "the plan";

/// Inspects every request of a plan, and calls `handle` with its batch. Fails where the head has other facts than the
/// requests, or where a request would be sent with another body.
pub(crate) fn inspect_plan(
    context: &SendContext<'_>,
    plan: &SealedPlan,
    sheets: &[MessageTemplate],
    handle: &mut dyn FnMut(PlannedBatch) -> Result<()>,
) -> Result<Totals> {
    let head = &plan.head;
    for (number, (stored, sheet)) in head.templates.iter().zip(sheets).enumerate() {
        check_template(number, stored, &job_template(sheet))?;
    }
    let mut inspection = Inspection::new(context, sheets, PLAN_SOURCE)?.with_remarks();
    let mut number = 0;
    plan.each_batch(&mut |line| {
        number += 1;
        let PlannedBatch { template, ids, vars } = &line.batch;
        let finished = inspection.add(StoredRequest {
            number,
            template: *template,
            ids,
            vars: vars.as_deref(),
            dedupe_id: None,
        })?;
        check_body(number, &finished, &line)?;
        handle(line.batch)
    })?;
    let totals = inspection.totals;
    let operations = sheets.iter().map(|sheet| sheet.operation);
    let fingerprint = totals.fingerprint(sheets.iter().map(template_digest));
    let created_ms = head.validity.created_ms;
    let computed = plan_totals(&totals, operations, &head.templates, fingerprint, created_ms);
    check_totals(&head.totals, &computed)?;
    Ok(totals)
}

/// Fails where a request would be sent with another body than the plan shows.
fn check_body(number: u64, finished: &FinishedBody, line: &PlanLine) -> Result<()> {
    let computed = &finished.body.root().value;
    if computed.to_compact() == line.body {
        return Ok(());
    }
    let stored = Document::parse(line.body.as_str()).map(Document::into_value).ok();
    let place = stored.and_then(|stored| first_difference(&stored, computed)).unwrap_or_default();
    let place = if place.is_empty() { "the body".to_owned() } else { format!("`{place}`") };
    Err(Error::input(format!(
        "request {number} of the plan would go out otherwise than the plan says: {place} has changed"
    ))
    .help("nothing was sent; write a new plan"))
}

/// The pointer of the first place where two values differ.
fn first_difference(one: &Value, other: &Value) -> Option<String> {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            let missing = other.iter().find(|member| one.get(&member.key).is_none());
            let inside = one.iter().find_map(|member| {
                let inside = match other.get(&member.key) {
                    Some(node) => first_difference(&member.node.value, &node.value)?,
                    None => String::new(),
                };
                Some(format!("/{}{inside}", member.key))
            });
            inside.or_else(|| missing.map(|member| format!("/{}", member.key)))
        }
        (Value::Array(one), Value::Array(other)) => {
            let pairs = one.iter().zip(other.iter()).enumerate();
            let inside = pairs.into_iter().find_map(|(index, (one, other))| {
                Some(format!("/{index}{}", first_difference(&one.value, &other.value)?))
            });
            inside.or_else(|| {
                (one.len() != other.len()).then(|| format!("/{}", one.len().min(other.len())))
            })
        }
        (one, other) => (!one.same(other)).then(String::new),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_place_that_differs_is_named() {
        let value = |text: &str| Document::parse(text).expect("JSON").into_value();
        let one = value(r#"{"to":["a","b"],"text":{"n":12345678901234567890},"flag":true}"#);
        for (other, place) in [
            (r#"{"to":["a","b"],"text":{"n":12345678901234567890},"flag":true}"#, None),
            (r#"{"to":["a","c"],"text":{"n":12345678901234567890},"flag":true}"#, Some("/to/1")),
            (r#"{"to":["a"],"text":{"n":12345678901234567890},"flag":true}"#, Some("/to/1")),
            (r#"{"to":["a","b"],"text":{"n":12345678901234567891},"flag":true}"#, Some("/text/n")),
            (r#"{"to":["a","b"],"text":{"n":12345678901234567890}}"#, Some("/flag")),
            (r#"{"to":["a","b"],"text":{"n":12345678901234567890},"flag":true,"x":1}"#, Some("/x")),
            ("[]", Some("")),
        ] {
            assert_eq!(first_difference(&one, &value(other)).as_deref(), place, "{other}");
        }
    }
}
