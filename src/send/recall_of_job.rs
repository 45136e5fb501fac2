//! How what a job has sent can be recalled.

use std::ops::ControlFlow;

use crate::account::Account;
use crate::contract::{Effect, Operation};
use crate::document::Document;
use crate::env::Env;
use crate::ledger::{BatchFilter, Job, JobBatch, Ledger, TargetState};
use crate::outcome::Verdict;
use crate::provider::{self, Vendor};
use crate::report::{LocalTime, RecallAdvice, RecallName, SentSubject};
use crate::send::context::SendContext;
use crate::send::out_of_reach::look_for_id;
use crate::send::recall_of_sent::recall_of;
use crate::send::sent_batch::sent;
use crate::send::settle_unknown::{IdLookUp, job_check};

impl SendContext<'_> {
    /// How what a job has sent with this account can be recalled.
    pub(crate) fn job_recall(&self, ledger: &mut Ledger, job: &Job) -> Option<RecallAdvice> {
        job_recall(self.env, ledger, job, &self.app.account)
    }
}

/// How what a job has sent can be recalled, as `recall` would do it; `None` where nothing of it has left, or it is no message.
///
/// One request that can be recalled is enough: `recall` tells which others it leaves out.
pub(crate) fn job_recall(
    env: &Env,
    ledger: &mut Ledger,
    job: &Job,
    account: &Account,
) -> Option<RecallAdvice> {
    if !job.has_reached() {
        return None;
    }
    let (id, label, local) = (job.intent.id.to_string(), job.label(), env.local_time());
    let mut parts: Vec<Option<JobPart>> =
        job.templates.iter().map(|template| JobPart::of(job, template)).collect();
    let named = (RecallName::Known { id: &id, label: &label }, account, &local);
    let now_ms = env.system.now_ms();
    for part in parts.iter_mut().flatten() {
        let subject = part.subject(job, named);
        part.how = Some(RecallAdvice::of(&subject).at(now_ms, &subject));
    }
    let is_open =
        |part: &JobPart| !part.is_certain && part.how.as_ref().is_some_and(|how| how.is_possible);
    // Where the ledger cannot be read any more, what holds for the type of message has to do.
    let _ = ledger.each_batch(job.intent.id, BatchFilter::Reached, &mut |batch| {
        let place = batch.batch.template as usize;
        if let Some(part) = parts.get_mut(place).and_then(Option::as_mut)
            && is_open(part)
        {
            let how = part.how_of(env, (job, &batch), named);
            part.add(how, &batch);
        }
        match parts.iter().flatten().any(is_open) {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(()),
        }
    });
    RecallAdvice::of_all(parts.into_iter().flatten().filter_map(JobPart::end))
}

/// How the job is named, the account, and how people read times.
type JobNaming<'a> = (RecallName<'a>, &'a Account, &'a LocalTime);

/// What a job has sent with one of its templates.
struct JobPart {
    vendor: &'static dyn Vendor,
    operation: &'static Operation,
    body: Option<Document>,
    /// How messages of this type are recalled.
    how: Option<RecallAdvice>,
    /// Whether a request was found that can be recalled.
    is_certain: bool,
    /// Why a request cannot be recalled, and whether its outcome is unknown.
    not: Option<(RecallAdvice, bool)>,
}

impl JobPart {
    /// `None` where the template sends no message.
    fn of(job: &Job, template: &crate::ledger::JobTemplate) -> Option<Self> {
        let name = format!("{}/{}", job.intent.provider, template.operation);
        let (vendor, operation) = provider::find_operation(&name).ok()?;
        (operation.effect == Effect::Sends).then(|| Self {
            vendor,
            operation,
            body: Document::parse(template.body.as_str()).ok(),
            how: None,
            is_certain: false,
            not: None,
        })
    }

    fn subject<'a>(&'a self, job: &Job, (name, account, local): JobNaming<'a>) -> SentSubject<'a> {
        SentSubject {
            operation: self.operation,
            body: self.body.as_ref(),
            account,
            name,
            sent_ms: job.begun_ms.unwrap_or(job.intent.created_ms),
            is_planned: false,
            sandbox: job.is_of_sandbox(),
            local,
        }
    }

    /// How one request can be recalled; `None` where it adds nothing to what is known of others.
    fn how_of(
        &self,
        env: &Env,
        (job, batch): (&Job, &JobBatch),
        named: JobNaming<'_>,
    ) -> Option<RecallAdvice> {
        let is_unknown = is_unknown(batch);
        let has_id = batch.fates().any(|fate| fate.id.is_some())
            || batch.ending.as_ref().is_some_and(|ending| !ending.ids.is_empty());
        let is_known = self.not.as_ref().is_some_and(|(_, before)| *before || !is_unknown);
        if !has_id && is_known {
            return None;
        }
        let subject = self.subject(job, named);
        let sent = sent(job, batch).ok()?;
        let is_digest = job.template(batch.batch.template).is_ok_and(|kept| kept.body.is_empty());
        let doubt = is_unknown.then_some(is_digest);
        let how = recall_of(self.vendor, &subject, &sent, doubt, &env.system.stamp());
        let look = look_for_id(&job.label(), IdLookUp::of_batch(batch), job_check(job).as_ref());
        Some(match look.filter(|_| !how.is_possible && !has_id && !is_unknown) {
            Some(look) => RecallAdvice::never(format!("{}; {look}", how.words)),
            None => how,
        })
    }

    fn add(&mut self, how: Option<RecallAdvice>, batch: &JobBatch) {
        let Some(how) = how else { return };
        let is_unknown = is_unknown(batch);
        if how.is_possible {
            self.is_certain = true;
        } else if self.not.as_ref().is_none_or(|(_, before)| is_unknown && !before) {
            self.not = Some((how, is_unknown));
        }
    }

    fn end(self) -> Option<RecallAdvice> {
        let not = self.not.filter(|_| !self.is_certain);
        not.map(|(how, _)| how).or(self.how)
    }
}

/// Whether it is not known of any target of a request that it was accepted.
fn is_unknown(batch: &JobBatch) -> bool {
    matches!(batch.state, TargetState::Sending | TargetState::Decided(Verdict::Unknown))
}
