//! `--dry-run` of a list or of a plan: shows the first requests, and the totals of all.

use serde_json::{Map, Value as Json, json};

use crate::broadcast::job::composer::ComposedTemplate;
use crate::broadcast::job::guard_check::{GuardedJob, would_refuse};
use crate::broadcast::job::plan_sink::PlanSink;
use crate::broadcast::job::planner::PlanningResult;
use crate::error::Result;
use crate::exit::Exit;
use crate::guard::{GuardRefusal, QuotaRequest};
use crate::ledger::PlannedBatch;
use crate::net::rate_limit;
use crate::provider::{Call, Upload};
use crate::report::{self, Printed, RecallAdvice, RecallName};
use crate::send::context::SendContext;
use crate::send::guard_prompt;
use crate::template::message_template::MessageTemplate;
use crate::wire::{Request, Show};

/// The most requests that are printed for users, and for scripts.
const MAX_SHOWN: usize = 20;
const MAX_SHOWN_TO_SCRIPTS: usize = 1000;

/// Counts the batches, and keeps the first ones.
pub(crate) struct Preview<'a> {
    context: &'a SendContext<'a>,
    first: Vec<PlannedBatch>,
    /// The number of requests and of targets of each template.
    counts: Vec<(u64, u64)>,
}

/// The facts about all planned requests.
pub(crate) struct PlannedRequests<'w> {
    /// The number of targets.
    pub(crate) targets: u64,
    /// The number of requests.
    pub(crate) requests: u64,
    /// The templates by their number.
    pub(crate) sheets: Vec<&'w MessageTemplate>,
    /// Files that have to be uploaded first.
    pub(crate) uploads: Vec<&'w Upload>,
    /// The guards that would refuse them.
    pub(crate) refusals: Vec<GuardRefusal>,
    /// How they could be recalled after they were sent; `None` where they send nothing.
    pub(crate) recall: Option<RecallAdvice>,
    /// Further facts for scripts.
    pub(crate) facts: Map<String, Json>,
}

impl<'a> Preview<'a> {
    /// A preview without batches.
    pub(crate) fn new(context: &'a SendContext<'a>) -> Self {
        Self { context, first: Vec::new(), counts: Vec::new() }
    }

    /// Prints the requests of a broadcast.
    pub(crate) fn print(&self, planned: &PlanningResult, job: Option<&str>) -> Result<Exit> {
        let PlanningResult { totals, templates, .. } = planned;
        let samples =
            totals.samples.with_operations(|template| templates[template].sheet.operation);
        let guarded = GuardedJob {
            audience: &totals.audience,
            calls: totals.requests,
            name: job,
            fingerprint: Some(&planned.fingerprint),
            before: &guard_prompt::NOTHING_SAID,
        };
        let refusals = would_refuse(self.context, samples, &guarded)?;
        let sheets = templates.iter().map(|composed| &composed.sheet);
        let name = job.map_or(RecallName::Last, |job| RecallName::Known { id: job, label: job });
        self.show(PlannedRequests {
            targets: totals.targets,
            requests: totals.requests,
            sheets: templates.iter().map(|composed| &composed.sheet).collect(),
            uploads: templates.iter().flat_map(|composed| &composed.uploads).collect(),
            refusals,
            recall: self.context.recall_of_sheets(name, sheets),
            facts: Map::new(),
        })
    }

    /// Prints planned requests.
    pub(crate) fn show(&self, planned: PlannedRequests<'_>) -> Result<Exit> {
        let PlannedRequests {
            targets,
            requests: total,
            sheets,
            uploads,
            refusals,
            recall,
            mut facts,
        } = planned;
        let context = self.context;
        let show = if context.sending.show_secrets { Show::Secrets } else { Show::Redacted };
        let mut requests = context.planned_uploads(&uploads)?;
        for batch in &self.first {
            requests.push(self.request(batch, sheets[batch.template as usize])?);
        }
        let contract = context.app.vendor.contract();
        let seconds = self.seconds(&sheets);
        let ui = &context.env.ui;
        let operation = sheets.first().map_or("", |sheet| sheet.operation.id);
        let uses = sheets.iter().map(|sheet| QuotaRequest::of(sheet.operation, sheet.body()));
        let quotas = guard_prompt::quotas_left(context, uses, Some(total));
        if let Some(how) = &recall {
            facts.insert("recall".to_owned(), how.to_json());
        }
        facts.extend([
            ("targets".to_owned(), json!(targets)),
            ("requests_total".to_owned(), json!(total)),
            ("seconds".to_owned(), json!(seconds)),
            ("guards".to_owned(), guard_prompt::refusals_to_json(context, &refusals)),
            ("quotas".to_owned(), quotas.iter().map(guard_prompt::QuotaLeft::to_json).collect()),
        ]);
        let how = Printed { curl: context.sending.curl, show, sandbox: context.app.sandbox };
        report::planned_of_many(
            ui,
            (contract.id, operation),
            &requests,
            how,
            &Json::Object(facts),
        )?;
        if !ui.is_machine() && !context.sending.curl {
            ui.tell_profile(context.app.account.profile.as_deref());
            let left = total - self.first.len() as u64;
            if left > 0 {
                ui.remark(&format!(
                    "not shown: {} more like these",
                    report::counted(left, "request")
                ));
            }
            ui.remark(&format!(
                "reaches {} with {}, in about {} within the vendor's rate limit",
                report::marked(&report::counted(targets, "target"), context.app.sandbox),
                report::counted(total, "request"),
                report::time_span(seconds)
            ));
            quotas.iter().for_each(|quota| ui.remark(&quota.words()));
            if let Some(how) = recall {
                ui.remark(&format!("recall: {}", how.words));
            }
        }
        guard_prompt::tell_refusals(context, &refusals);
        Ok(Exit::Done)
    }

    fn request(&self, batch: &PlannedBatch, sheet: &MessageTemplate) -> Result<Request> {
        let context = self.context;
        let body = sheet.render(&batch.ids, batch.vars.as_deref())?;
        let (account, stamp) = (&context.app.account, &context.stamp());
        let operation = sheet.operation;
        context.app.redactor.borrow_mut().learn(&body);
        let call = Call { operation, body: &body, account, stamp };
        context.app.vendor.request(&call).map(|request| context.marked(request))
    }

    /// How long sending takes at the vendor's rate limit, in seconds.
    fn seconds(&self, sheets: &[&MessageTemplate]) -> u64 {
        let times = sheets.iter().zip(&self.counts).map(|(sheet, (requests, targets))| {
            rate_limit::estimate(sheet.operation, *requests, *targets).as_secs()
        });
        times.sum()
    }

    /// Adds a batch.
    pub(crate) fn add(&mut self, batch: PlannedBatch) {
        let template = batch.template as usize;
        if self.counts.len() <= template {
            self.counts.resize(template + 1, (0, 0));
        }
        let (requests, targets) = &mut self.counts[template];
        *requests += 1;
        *targets += (batch.ids.len() as u64).max(1);
        let machine = self.context.env.ui.is_machine() || self.context.sending.curl;
        if self.first.len() < if machine { MAX_SHOWN_TO_SCRIPTS } else { MAX_SHOWN } {
            self.first.push(batch);
        }
    }
}

impl PlanSink for Preview<'_> {
    fn template(&mut self, _: &mut ComposedTemplate) -> Result<()> {
        Ok(())
    }

    fn batch(&mut self, batch: PlannedBatch, _: &ComposedTemplate) -> Result<()> {
        self.add(batch);
        Ok(())
    }
}
