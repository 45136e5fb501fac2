//! How what was just sent can be recalled.

use crate::contract::{Effect, Verb};
use crate::document::Document;
use crate::error::Error;
use crate::outcome::{Outcome, SentMessage, Verdict};
use crate::provider::FollowUp;
use crate::report::{SentSubject, TakeBack};
use crate::send::prepared_request::LintedRequest;
use crate::send::send_sequence::Sequence;

impl Sequence<'_, '_> {
    /// How to recall what was sent, if it may have reached people.
    pub(crate) fn take_back(
        &self,
        one: &LintedRequest,
        outcome: &Outcome,
        (ledger_id, label): (Option<&str>, Option<&str>),
        elapsed_ms: u64,
    ) -> Option<TakeBack> {
        let (context, app, operation) = (self.context, self.context.app, one.operation);
        let now_ms = context.env.system.now_ms();
        let sent_ms = now_ms.saturating_sub(i64::try_from(elapsed_ms).unwrap_or(i64::MAX));
        let (account, sandbox) = (&app.account, app.sandbox);
        let (body, local) = (Document::unwritten(one.kept.clone()), context.env.local_time());
        let (body, local) = (Some(&body), &local);
        let sent =
            SentSubject { operation, body, account, ledger_id, label, sent_ms, sandbox, local };
        let has_id = !outcome.ids.is_empty() || outcome.targets.iter().any(|one| one.id.is_some());
        let how = match outcome.verdict {
            _ if operation.effect != Effect::Sends => return None,
            Verdict::Denied | Verdict::Rejected | Verdict::Unavailable => return None,
            Verdict::Accepted | Verdict::Partial | Verdict::Unknown => TakeBack::of(&sent),
        };
        if how.command.is_none() {
            return Some(how);
        }
        if outcome.verdict == Verdict::Unknown && !has_id {
            return Some(TakeBack::once_settled(&sent, app.vendor.id_search().is_some()));
        }
        // `recall` would say the same.
        let refused = self.refused(one, outcome, sent_ms);
        Some(refused.map_or(how, |why| TakeBack::never(format!("it cannot be recalled: {why}"))))
    }

    /// Why `recall` would refuse what was just sent, except that it has to be told from which users.
    fn refused(&self, one: &LintedRequest, outcome: &Outcome, sent_ms: i64) -> Option<Error> {
        let app = self.context.app;
        if one.operation.recall.listed.is_some() {
            return None;
        }
        let targets = outcome.targets.iter();
        let sent = SentMessage {
            operation: one.operation.id.to_owned(),
            body: one.kept.clone(),
            ids: outcome.ids.clone(),
            targets: targets.map(|one| (one.target.clone(), one.id.clone())).collect(),
            sent_ms,
        };
        let ids: Vec<String> = outcome.ids.iter().map(|(_, id)| id.clone()).collect();
        let ask = FollowUp {
            verb: Verb::Recall,
            ids: &ids,
            sent: Some(&sent),
            from: None,
            to: &[],
            intent: None,
            sets: &[],
            account: &app.account,
            stamp: &self.context.stamp(),
        };
        app.vendor.follow_up(&ask).err()
    }
}
