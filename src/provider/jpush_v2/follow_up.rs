//! What can be done about a push that was sent.

use super::CONTRACT;
use super::operations::MAX_REPORT;
use crate::contract::Verb;
use crate::error::{Error, Result};
use crate::provider::kit::follow_up::message_ids;
use crate::provider::kit::{draft, object};
use crate::provider::{Draft, FollowUp};

/// What follows up on a push: only its report.
pub(super) fn follow_up(ask: &FollowUp<'_>) -> Result<Vec<Draft>> {
    match ask.verb {
        Verb::Status => reports(ask),
        Verb::Recall => Err(Error::usage("a push of jpush-v2 cannot be recalled")
            .help("replace it within a day: `send … --set override_msg_id=ID`")),
        Verb::Update => Err(no_update()),
        Verb::Get => Err(Error::usage("jpush-v2 does not return what was sent")
            .help("`history show ID` has what herald sent, `status` how many got it")),
        verb => Err(Error::usage(format!("jpush-v2 has no `{}`", verb.word()))
            .help("a push can be replaced within a day: `send … --set override_msg_id=ID`")),
    }
}

/// How a push is changed all the same.
pub(super) fn no_update() -> Error {
    Error::usage("jpush-v2 has no `update`").help(
        "send it anew within a day, in the place of the old one: `send … --set override_msg_id=ID`",
    )
}

fn reports(ask: &FollowUp<'_>) -> Result<Vec<Draft>> {
    let cap = usize::try_from(MAX_REPORT).expect("a small number");
    let ids = message_ids(ask, "push", "msg_id")?;
    let draft =
        |ids: &[String]| draft(&CONTRACT, "received", object([("msg_ids", ids.to_vec().into())]));
    Ok(ids.chunks(cap).map(draft).collect())
}
