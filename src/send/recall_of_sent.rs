//! How what was just sent, or would be sent, can be recalled.

use crate::account::Account;
use crate::contract::{Effect, Operation, Verb};
use crate::document::{Document, Value};
use crate::error::Error;
use crate::ledger::Bodies;
use crate::outcome::{Outcome, SentMessage, Verdict};
use crate::provider::{FollowUp, Vendor};
use crate::report::{RecallAdvice, RecallName, SentSubject};
use crate::send::context::SendContext;
use crate::send::open_ledger::bodies;
use crate::send::prepared_request::LintedRequest;
use crate::send::send_sequence::Sequence;
use crate::template::message_template::MessageTemplate;
use crate::wire::Stamp;

impl SendContext<'_> {
    /// How something that is only shown or planned could be recalled after it was sent.
    pub(crate) fn planned_recall(
        &self,
        operation: &Operation,
        body: &Value,
        name: RecallName<'_>,
    ) -> RecallAdvice {
        RecallAdvice::of(&SentSubject {
            operation,
            body: Some(&Document::unwritten(body.clone())),
            account: &self.app.account,
            name,
            sent_ms: self.env.system.now_ms(),
            is_planned: true,
            sandbox: self.app.sandbox,
            local: &self.env.local_time(),
        })
    }

    /// How what is planned with some templates could be recalled; `None` where they send nothing.
    pub(crate) fn recall_of_sheets<'t>(
        &self,
        name: RecallName<'_>,
        sheets: impl Iterator<Item = &'t MessageTemplate>,
    ) -> Option<RecallAdvice> {
        let sending = sheets.filter(|sheet| sheet.operation.effect == Effect::Sends);
        let parts = sending.map(|sheet| self.planned_recall(sheet.operation, sheet.body(), name));
        RecallAdvice::of_all(parts)
    }
}

impl Sequence<'_, '_> {
    /// How to recall what was sent, if it may have reached people.
    pub(crate) fn take_back(
        &self,
        one: &LintedRequest,
        outcome: &Outcome,
        name: RecallName<'_>,
        elapsed_ms: u64,
    ) -> Option<RecallAdvice> {
        let (context, app, operation) = (self.context, self.context.app, one.operation);
        let now_ms = context.env.system.now_ms();
        let sent_ms = now_ms.saturating_sub(i64::try_from(elapsed_ms).unwrap_or(i64::MAX));
        let subject = SentSubject {
            operation,
            body: Some(&Document::unwritten(one.kept.clone())),
            account: &app.account,
            name,
            sent_ms,
            is_planned: false,
            sandbox: app.sandbox,
            local: &context.env.local_time(),
        };
        match outcome.verdict {
            _ if operation.effect != Effect::Sends => return None,
            Verdict::Denied | Verdict::Rejected | Verdict::Unavailable => return None,
            Verdict::Accepted | Verdict::Partial | Verdict::Unknown => {}
        }
        let targets = outcome.targets.iter();
        let sent = SentMessage {
            operation: operation.id.to_owned(),
            body: one.kept.clone(),
            ids: outcome.ids.clone(),
            targets: targets.map(|one| (one.target.clone(), one.id.clone())).collect(),
            sent_ms,
        };
        let is_unknown = outcome.verdict == Verdict::Unknown;
        let is_digest = bodies(context.env) == Bodies::Digested;
        let doubt = is_unknown.then_some(is_digest);
        Some(recall_of(app.vendor, &subject, &sent, doubt, &context.stamp()))
    }
}

/// How a message can be recalled that was sent, as `recall` would do it. `doubt`: it is not known what became of it; and whether
/// the ledger keeps no payload of it.
pub(crate) fn recall_of(
    vendor: &dyn Vendor,
    subject: &SentSubject<'_>,
    sent: &SentMessage,
    doubt: Option<bool>,
    stamp: &Stamp,
) -> RecallAdvice {
    let how = RecallAdvice::of(subject);
    if !how.is_possible {
        return how;
    }
    let has_id = !sent.ids.is_empty() || sent.targets.iter().any(|(_, id)| id.is_some());
    if let Some(is_digest) = doubt.filter(|_| !has_id) {
        return RecallAdvice::once_settled(subject, vendor.contract(), is_digest);
    }
    if !has_id && subject.operation.recall.listed.is_some() {
        let why = "the id of what was sent is not known";
        return RecallAdvice::never(format!("it cannot be recalled: {why}"));
    }
    let refused = refusal(vendor, subject.operation, sent, (subject.account, stamp));
    refused.map_or(how, |why| RecallAdvice::never(format!("it cannot be recalled: {why}")))
}

/// Why `recall` would refuse it, except that it has to be told from whom.
fn refusal(
    vendor: &dyn Vendor,
    operation: &Operation,
    sent: &SentMessage,
    (account, stamp): (&Account, &Stamp),
) -> Option<Error> {
    if operation.recall.listed.is_some() {
        return None;
    }
    let ids: Vec<String> = sent.ids.iter().map(|(_, id)| id.clone()).collect();
    let ask = FollowUp {
        verb: Verb::Recall,
        ids: &ids,
        sent: Some(sent),
        from: None,
        to: &[],
        intent: None,
        sets: &[],
        account,
        stamp,
    };
    vendor.follow_up(&ask).err()
}
