//! Sends requests with an unknown outcome again where the vendor recognises repeats.

use std::time::Duration;

use crate::error::Result;
use crate::ledger::{Job, Ledger};
use crate::net::retry;
use crate::report;
use crate::send::context::SendContext;
use crate::template::message_template::MessageTemplate;

/// Marks requests with an unknown outcome as planned again, as far as the vendor still recognises them as repeats.
pub(crate) fn requeue(
    context: &SendContext<'_>,
    ledger: &mut Ledger,
    job: &Job,
    sheets: &[MessageTemplate],
    request_limit: Duration,
) -> Result<()> {
    for (number, sheet) in (0_u32..).zip(sheets) {
        let window = retry::repeatable_for(sheet.operation, request_limit);
        if window.is_zero() || !context.app.vendor.recognises_repeats(&context.app.account) {
            continue;
        }
        let window = i64::try_from(window.as_millis()).unwrap_or(i64::MAX);
        // A request with a later time than now began before the clock was set back. Its age is not known, so leave it.
        let now_ms = context.env.system.now_ms();
        let within = now_ms.saturating_sub(window)..=now_ms;
        let again = ledger.requeue_doubtful(job.intent.id, number, &within)?;
        if again > 0 {
            context.env.ui.remark(&format!(
                "sent again, because the vendor recognises repeats: {} in doubt",
                report::counted(again, "request")
            ));
        }
    }
    Ok(())
}
