//! Requests that are only printed, with how long they take and what they leave of quotas.

use serde_json::{Value, json};

use crate::contract::{Effect, Operation};
use crate::error::Result;
use crate::net::rate_limit;
use crate::provider::Upload;
use crate::report::{self, Printed, RecallAdvice, RecallName};
use crate::send::context::SendContext;
use crate::send::guard_prompt::{self, GuardSubject, QuotaLeft};
use crate::send::prepared_request::LintedRequest;
use crate::wire::{Show, Stamp};

impl SendContext<'_> {
    /// How each of those that send could be recalled.
    fn recalls(&self, ready: &[LintedRequest]) -> Vec<RecallAdvice> {
        let sending: Vec<_> = ready.iter().filter(|one| one.sends()).collect();
        let name = if sending.len() == 1 { RecallName::Last } else { RecallName::Unknown };
        sending.iter().map(|one| self.planned_recall(one.operation, &one.body, name)).collect()
    }

    /// Prints the requests, and sends nothing.
    pub(crate) fn print(&self, ready: &[LintedRequest], stamp: &Stamp) -> Result<()> {
        let show = if self.sending.show_secrets { Show::Secrets } else { Show::Redacted };
        let uploads: Vec<&Upload> = ready.iter().flat_map(|one| &one.uploads).collect();
        let mut requests = self.planned_uploads(&uploads)?;
        for one in ready {
            requests.push(self.marked(one.request(self, stamp)?));
        }
        let operation = ready.first().map_or("", |one| one.operation.id);
        let how = Printed { curl: self.sending.curl, show, sandbox: self.app.sandbox };
        let ui = &self.env.ui;
        let acts = ready.iter().any(|one| one.operation.effect != Effect::Reads);
        let quotas =
            guard_prompt::quotas_left(self, ready.iter().map(LintedRequest::quota_use), None);
        let seconds = duration(ready);
        let mut more = json!({ "requests_total": requests.len() });
        let guarded: Vec<_> = ready.iter().map(LintedRequest::to_guard).collect();
        let refusals = guard_prompt::would_refuse(self, &GuardSubject::all(&guarded))?;
        let recalls = self.recalls(ready);
        if !recalls.is_empty() {
            more["recall"] =
                RecallAdvice::of_all(recalls.clone()).map_or(Value::Null, |how| how.to_json());
        }
        if acts {
            let targets: Option<usize> = ready.iter().map(|one| one.audience.count()).sum();
            if let Some(targets) = targets {
                more["targets"] = json!(targets);
            }
            more["seconds"] = json!(seconds);
            more["quotas"] = quotas.iter().map(QuotaLeft::to_json).collect();
            more["guards"] = guard_prompt::refusals_to_json(self, &refusals);
        }
        report::planned_of_many(
            ui,
            (self.app.vendor.contract().id, operation),
            &requests,
            how,
            &more,
        )?;
        if !ui.is_machine() && !self.sending.curl {
            ui.tell_profile(self.app.account.profile.as_deref());
            for (one, how) in ready.iter().filter(|one| one.sends()).zip(recalls) {
                let whom = report::marked(&one.audience.to_string(), self.app.sandbox);
                ui.remark(&self.app.hidden(&format!("reaches {whom}")));
                ui.remark(&self.app.hidden(&format!("recall: {}", how.words)));
            }
            // Asked for, so told whatever is quiet.
            if ready.len() > 1 {
                let requests = report::counted(ready.len() as u64, "request");
                let time = report::time_span(seconds);
                ui.say(&format!("{requests}, in about {time} within the vendor's rate limit"));
            }
            quotas.iter().for_each(|quota| ui.say(&quota.words()));
        }
        guard_prompt::tell_refusals(self, &refusals);
        Ok(())
    }
}

impl LintedRequest {
    fn sends(&self) -> bool {
        self.operation.effect == Effect::Sends
    }
}

/// How long requests take at the vendor's pace, in seconds: those of one operation wait for each other.
fn duration(ready: &[LintedRequest]) -> u64 {
    let mut counts: Vec<(&'static Operation, u64, u64)> = Vec::new();
    for one in ready {
        match counts.iter_mut().find(|(operation, ..)| operation.id == one.operation.id) {
            Some((_, requests, targets)) => {
                *requests += 1;
                *targets += one.targets();
            }
            None => counts.push((one.operation, 1, one.targets())),
        }
    }
    let times = counts.iter().map(|(operation, requests, targets)| {
        rate_limit::estimate(operation, *requests, *targets).as_secs()
    });
    times.sum()
}
