//! `--dry-run` of a list or of a plan: the first requests as they would go out, and what all of them come to.

use serde_json::{Map, Value as Json, json};

use crate::broadcast::job::message_templates::MadeSheet;
use crate::broadcast::job::planner::{PlanSink, Survey};
use crate::error::Result;
use crate::exit::Exit;
use crate::guard::QuotaRequest;
use crate::ledger::PlannedBatch;
use crate::net::pace;
use crate::provider::{Call, Upload};
use crate::report::{self, Printed};
use crate::send::context::SendContext;
use crate::send::guard_prompt;
use crate::template::message_template::Sheet;
use crate::wire::{Request, Show};

/// How many requests are printed for people, and for machines.
const SHOWN: usize = 20;
const SHOWN_TO_MACHINES: usize = 1000;

/// Counts batches, and keeps the first ones.
pub(crate) struct Preview<'a> {
    context: &'a SendContext<'a>,
    first: Vec<PlannedBatch>,
    /// Requests and targets by template.
    counts: Vec<(u64, u64)>,
}

/// All that would go out, of which the first requests are shown.
pub(crate) struct All<'w> {
    pub(crate) targets: u64,
    pub(crate) requests: u64,
    /// By template.
    pub(crate) sheets: Vec<&'w Sheet>,
    /// Files that have to be uploaded before.
    pub(crate) uploads: Vec<&'w Upload>,
    /// What scripts are told besides.
    pub(crate) more: Map<String, Json>,
}

impl<'a> Preview<'a> {
    pub(crate) fn new(context: &'a SendContext<'a>) -> Self {
        Self { context, first: Vec::new(), counts: Vec::new() }
    }

    /// Prints what would go out.
    pub(crate) fn print(&self, survey: &Survey) -> Result<Exit> {
        let Survey { totals, made, .. } = survey;
        self.show(All {
            targets: totals.targets,
            requests: totals.requests,
            sheets: made.iter().map(|made| &made.sheet).collect(),
            uploads: made.iter().flat_map(|made| &made.uploads).collect(),
            more: Map::new(),
        })
    }

    /// The same of whatever it was made of.
    pub(crate) fn show(&self, all: All<'_>) -> Result<Exit> {
        let All { targets, requests: total, sheets, uploads, more: mut told } = all;
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
        told.extend([
            ("targets".to_owned(), json!(targets)),
            ("requests_total".to_owned(), json!(total)),
            ("seconds".to_owned(), json!(seconds)),
            ("quotas".to_owned(), quotas.iter().map(guard_prompt::QuotaLeft::to_json).collect()),
        ]);
        let how = Printed { curl: context.sending.curl, show };
        report::planned_of_many(ui, contract.id, operation, &requests, how, &Json::Object(told))?;
        if !ui.is_machine() && !context.sending.curl {
            let left = total - self.first.len() as u64;
            if left > 0 {
                ui.remark(&format!(
                    "not shown: {} more like these",
                    report::counted(left, "request")
                ));
            }
            ui.remark(&format!(
                "reaches {} with {}, in about {} at the vendor's pace",
                report::counted(targets, "target"),
                report::counted(total, "request"),
                report::time_span(seconds)
            ));
            quotas.iter().for_each(|quota| ui.remark(&quota.words()));
            for sheet in sheets {
                ui.remark(&report::take_back(sheet.operation));
            }
        }
        Ok(Exit::Done)
    }

    fn request(&self, batch: &PlannedBatch, sheet: &Sheet) -> Result<Request> {
        let context = self.context;
        let body = sheet.render(&batch.ids, batch.vars.as_deref())?;
        let (account, stamp) = (&context.app.account, &context.stamp());
        let operation = sheet.operation;
        context.app.redactor.borrow_mut().learn(&body);
        let call = Call { operation, body: &body, account, stamp };
        context.app.vendor.request(&call).map(|request| context.marked(request))
    }

    /// How long all of it takes at the vendor's pace, in seconds.
    fn seconds(&self, sheets: &[&Sheet]) -> u64 {
        let times = sheets.iter().zip(&self.counts).map(|(sheet, (requests, targets))| {
            pace::estimate(sheet.operation, *requests, *targets).as_secs()
        });
        times.sum()
    }

    /// Counts a batch; the first ones are kept.
    pub(crate) fn take(&mut self, batch: PlannedBatch) {
        let template = batch.template as usize;
        if self.counts.len() <= template {
            self.counts.resize(template + 1, (0, 0));
        }
        let (requests, targets) = &mut self.counts[template];
        *requests += 1;
        *targets += (batch.ids.len() as u64).max(1);
        let machine = self.context.env.ui.is_machine() || self.context.sending.curl;
        if self.first.len() < if machine { SHOWN_TO_MACHINES } else { SHOWN } {
            self.first.push(batch);
        }
    }
}

impl PlanSink for Preview<'_> {
    fn template(&mut self, _: &mut MadeSheet) -> Result<()> {
        Ok(())
    }

    fn batch(&mut self, batch: PlannedBatch, _: &MadeSheet) -> Result<()> {
        self.take(batch);
        Ok(())
    }
}
