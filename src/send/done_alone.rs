//! Recalls and deletions of messages that the ledger does not know: which of them it has done before.

use crate::contract::{Effect, Verb};
use crate::error::Result;
use crate::ledger::LedgerEntry;
use crate::send::context::SendContext;
use crate::send::open_ledger::ledger_to_read;
use crate::send::prepared_request::LintedRequest;
use crate::text::suggest;

/// Leaves out the requests about messages by the vendor's ids alone that were done already, says so, and gives the entries
/// that did them. Only the same payload tells that it is the same: the ledger does not know who got the message.
pub(crate) fn leave_out_done(
    context: &SendContext<'_>,
    verb: Verb,
    requests: &mut Vec<LintedRequest>,
) -> Result<Vec<LedgerEntry>> {
    let is_alone = |one: &LintedRequest| {
        one.about.is_none() && one.operation.effect == Effect::Destroys && !one.has_secrets
    };
    if !matches!(verb, Verb::Recall | Verb::Delete) || !requests.iter().any(is_alone) {
        return Ok(Vec::new());
    }
    let mut ledger = ledger_to_read(context.env, context.sending)?;
    let (provider, app) = (context.app.vendor.contract().id, context.app.id());
    let mut found: Vec<LedgerEntry> = Vec::new();
    for one in std::mem::take(requests) {
        let (operation, body) = (one.operation.id, one.kept.to_compact());
        let done = match is_alone(&one) {
            true => ledger.done_alone((context.app.realm(), provider, &app), operation, &body)?,
            false => None,
        };
        match done {
            Some(entry) => found.push(entry),
            None => requests.push(one),
        }
    }
    if let Some(last) = found.first() {
        let at = last.ending.as_ref().map_or(last.intent.times.created_ms, |end| end.finished_ms);
        let (done, at) = (verb.done(), context.env.local_time().minute(at));
        let count =
            if found.len() > 1 { format!(": {} messages", found.len()) } else { String::new() };
        let left = if requests.is_empty() { "; nothing is left to do" } else { "" };
        let show = suggest("history show").arg(&last.short_id);
        let how = format!("{show} tells how");
        context.env.ui.remark(&format!("{done} already{count}, at {at} ({how}){left}"));
    }
    Ok(found)
}
