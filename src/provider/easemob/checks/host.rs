//! What depends on the data centre.

use crate::contract::{Check, FindingSink};
use crate::document::At;
use crate::provider::easemob::wire;
use crate::provider::kit::wire::Region;
use crate::provider::kit::wire::host_of;

/// Environments of callbacks exist in China alone.
pub(in super::super) const ENVIRONMENT: Check =
    Check::function("EM-W24", "`env` needs a data centre in China", environment);

/// A data centre that is in no current table.
pub(in super::super) const OLD: Check =
    Check::function("EM-W33", "the data centre is an old one", old);

/// The old generation as a whole.
pub(in super::super) const OLD_GENERATION: Check =
    Check::function("EM-W33", "the old generation", old_generation);

/// The recall of old SDKs.
pub(in super::super) const OLD_RECALL: Check =
    Check::function("EM-W33", "the recall of old SDKs", old_recall);

fn environment(at: At<'_>, sink: &mut FindingSink<'_>) {
    let env = at.get("env");
    let Some(account) = sink.context().account else { return };
    if env.is_there() && wire::region_of(account) == Region::Abroad {
        sink.report("EM-W24", env, "`env` works in the data centres China 1 and China 2 alone");
    }
}

fn old(at: At<'_>, sink: &mut FindingSink<'_>) {
    let Some(account) = sink.context().account else { return };
    let endpoint = account.endpoint.as_deref().unwrap_or_default();
    if endpoint == "frankfurt-1" || host_of(endpoint) == "a51.easemob.com" {
        let help = "the current European data centre is germany-2";
        sink.report_with_help("EM-W33", at, "the data centre a51 is in no current table", help);
    }
}

fn old_generation(at: At<'_>, sink: &mut FindingSink<'_>) {
    let current = match at.get("target_type").as_str() {
        Some("chatgroups") => "send-groups",
        Some("chatrooms") => "send-rooms",
        _ => "send-users",
    };
    let help = format!(
        "`{current}` replaces it: `target` becomes `to`, the fields of `msg` go into `body`, `type` beside it"
    );
    sink.report_with_help("EM-W33", at, "POST /messages is not maintained since 2021-12-31", help);
}

fn old_recall(at: At<'_>, sink: &mut FindingSink<'_>) {
    sink.report_with_help(
        "EM-W33",
        at,
        "/messages/recall is the recall of old SDKs",
        "`recall` and `recall-batch` replace it",
    );
}
