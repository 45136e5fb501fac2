//! An id against repeats that the ledger knows from another message: the vendor would take the new message for a repeat of
//! that one, send nothing, and answer as if it had.

use std::ops::ControlFlow;

use crate::contract::{Operation, Repeatable};
use crate::document::{Document, Value};
use crate::error::{Error, Result};
use crate::ledger::{BatchFilter, Filter, Job, JobBatch, Ledger, LedgerEntry};
use crate::provider::find_operation;
use crate::send::compose;
use crate::send::context::SendContext;
use crate::send::open_ledger::ledger_to_read;
use crate::send::prepared_request::LintedRequest;
use crate::send::sent_batch::sent;
use crate::text::{escape, suggest};

/// An id against repeats that the user gave, in a request that is about to go out.
struct GivenDedupeId<'a> {
    field: &'static str,
    ids: Vec<String>,
    /// The payload.
    body: &'a Value,
    /// Since when the vendor knows an id, in milliseconds since 1970.
    since_ms: i64,
}

/// What an id went out with before.
enum EarlierUse {
    /// The same payload, in what people call so: the vendor answers with its result.
    Same(String),
    /// Another payload.
    Other(String),
    /// One that the ledger does not keep.
    Unkept(String),
}

impl SendContext<'_> {
    /// Refuses a message with an id against repeats under which another message went out, or may have, while the vendor
    /// still knows the id. The same message again is told, and goes out: that is what such an id is for.
    pub(crate) fn check_known_ids(&self, ready: &[LintedRequest]) -> Result<()> {
        let bodies: Vec<_> = ready.iter().map(|one| (one.operation, &one.body)).collect();
        let given = GivenDedupeId::all(self, &bodies);
        if given.is_empty() {
            return Ok(());
        }
        check_given(self, &mut ledger_to_read(self.env, self.sending)?, &given)
    }
}

/// The same for the payloads of a job that is about to be opened.
pub(crate) fn check_known_in_job(
    context: &SendContext<'_>,
    ledger: &mut Ledger,
    bodies: &[(&'static Operation, &Value)],
) -> Result<()> {
    check_given(context, ledger, &GivenDedupeId::all(context, bodies))
}

fn check_given(
    context: &SendContext<'_>,
    ledger: &mut Ledger,
    given: &[GivenDedupeId<'_>],
) -> Result<()> {
    for one in given {
        let field = one.field;
        let Some(found) = one.earlier(context, ledger)? else { continue };
        let show = |label: &str| suggest("history show").arg(label);
        match found {
            EarlierUse::Same(label) => context.env.ui.remark(&format!(
                "this message went out with this `{field}` before, as {label}: the vendor recognises it as a repeat"
            )),
            EarlierUse::Unkept(label) => context.env.ui.warn(&format!(
                "{} had this `{field}`: where that was another message, the vendor sends nothing now, and answers with its result",
                show(&label)
            )),
            EarlierUse::Other(label) => {
                let id = escape(one.ids.first().map_or("", String::as_str));
                return Err(Error::input(format!(
                    "another message, {label}, has this id against repeats in `{field}`, {id}: the vendor would take this one for a repeat of that, and send nothing"
                ))
                .help(format!(
                    "nothing was sent; a message of its own needs a new id there; {} shows the other message",
                    show(&label)
                )));
            }
        }
    }
    Ok(())
}

impl<'a> GivenDedupeId<'a> {
    /// Those that payloads have.
    fn all(context: &SendContext<'_>, bodies: &[(&'static Operation, &'a Value)]) -> Vec<Self> {
        let (app, now_ms) = (context.app, context.env.system.now_ms());
        if !app.vendor.recognises_repeats(&app.account) {
            return Vec::new();
        }
        let of_body = |(operation, body): &(&'static Operation, &'a Value)| {
            let Repeatable::Deduplicated { seconds, .. } = operation.repeat else { return None };
            let (field, value) = compose::dedupe_id(operation, body)?;
            let window = i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1000);
            let since_ms = now_ms.saturating_sub(window);
            Some(Self { field, ids: ids_of(value), body: *body, since_ms })
        };
        bodies.iter().filter_map(of_body).collect()
    }

    /// Another use of one of the ids, or else a use of it by the same message.
    fn earlier(
        &self,
        context: &SendContext<'_>,
        ledger: &mut Ledger,
    ) -> Result<Option<EarlierUse>> {
        let (provider, app) = (context.app.vendor.contract().id, context.app.id());
        let (realm, of_vendor) = (Some(context.app.realm()), Some(provider.to_owned()));
        let filter = Filter { realm, provider: of_vendor, ..Filter::default() };
        let mut same = None;
        for entry in ledger.list(&Filter { since_ms: Some(self.since_ms), ..filter.clone() })? {
            if entry.intent.route.app != app || !entry.status.may_be_recalled() {
                continue;
            }
            match self.in_entry(provider, &entry) {
                Some(EarlierUse::Same(label)) => same = Some(EarlierUse::Same(label)),
                Some(other) => return Ok(Some(other)),
                None => {}
            }
        }
        let mut jobs = Vec::new();
        ledger.jobs(&filter, &mut |job| {
            if job.active_ms >= self.since_ms && job.intent.app == app && job.has_reached() {
                jobs.push(job);
            }
            ControlFlow::Continue(())
        })?;
        ledger.tell_apart_jobs(&mut jobs)?;
        for job in jobs {
            let mut found = None;
            ledger.each_batch(job.intent.id, BatchFilter::Reached, &mut |batch| {
                let id = batch.batch.dedupe_id.as_ref();
                if id.is_some_and(|id| self.ids.contains(id))
                    && batch.started_ms.is_none_or(|at| at >= self.since_ms)
                {
                    found = Some(self.in_batch(&job, &batch));
                    return ControlFlow::Break(());
                }
                ControlFlow::Continue(())
            })?;
            match found {
                Some(EarlierUse::Same(label)) => same = Some(EarlierUse::Same(label)),
                Some(other) => return Ok(Some(other)),
                None => {}
            }
        }
        Ok(same)
    }

    fn in_batch(&self, job: &Job, batch: &JobBatch) -> EarlierUse {
        let label = job.label();
        match job.template(batch.batch.template) {
            Ok(template) if template.body.is_empty() => EarlierUse::Unkept(label),
            _ => match sent(job, batch) {
                Ok(sent) if self.is_same(&sent.body) => EarlierUse::Same(label),
                _ => EarlierUse::Other(label),
            },
        }
    }

    /// Whether another payload is the same. The id itself may be in one of them alone.
    fn is_same(&self, other: &Value) -> bool {
        let without = |body: &Value| {
            let mut body = body.clone();
            if let Some(object) = body.as_object_mut() {
                object.remove(self.field);
            }
            body
        };
        // In a batch the ids name what is sent.
        match self.body.as_object().and_then(|body| body.get(self.field)) {
            Some(node) if matches!(node.value, Value::Object(_)) => self.body.same(other),
            _ => without(self.body).same(&without(other)),
        }
    }

    fn in_entry(&self, provider: &str, entry: &LedgerEntry) -> Option<EarlierUse> {
        let label = || entry.short_id.clone();
        let content = &entry.intent.content;
        let known = content.dedupe_id.as_ref();
        let Some(body) = entry.has_body().then(|| Document::parse(content.body.as_str()).ok())
        else {
            let is_known = known.is_some_and(|id| self.ids.contains(id));
            return is_known.then(|| EarlierUse::Unkept(label()));
        };
        let body = body?.into_value();
        let name = format!("{provider}/{}", entry.intent.route.operation);
        let (_, operation) = find_operation(&name).ok()?;
        let (field, value) = compose::dedupe_id(operation, &body)?;
        if !ids_of(value).iter().any(|id| self.ids.contains(id)) {
            return None;
        }
        let is_same = field == self.field && self.is_same(&body);
        Some(if is_same { EarlierUse::Same(label()) } else { EarlierUse::Other(label()) })
    }
}

/// The ids in a value: it is one, or each of its members is named by one.
fn ids_of(value: &Value) -> Vec<String> {
    match value {
        Value::Object(object) => object.iter().map(|member| member.key.to_string()).collect(),
        other => vec![other.to_plain()],
    }
}
