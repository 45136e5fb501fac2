//! What can be done about a push that was sent.

use super::CONTRACT;
use super::operations::{MAX_REPORT, MAX_STATUS};
use crate::contract::{TargetKind, Verb};
use crate::document::Value;
use crate::error::{Error, Result};
use crate::provider::kit::follow_up::message_ids;
use crate::provider::kit::{draft, object};
use crate::provider::{Draft, FollowUp};

/// What follows up on a push.
pub(super) fn follow_up(ask: &FollowUp<'_>) -> Result<Vec<Draft>> {
    match ask.verb {
        Verb::Recall => {
            Ok(message_ids(ask, "push", "msg_id")?.iter().map(|id| recall(id)).collect())
        }
        Verb::Status => status(ask),
        Verb::Update => Err(no_update()),
        Verb::Get => Err(Error::usage("jpush-v3 does not return what was sent")
            .help("`history show ID` has what herald sent, `status` what happened to it")),
        verb => Err(Error::usage(format!("jpush-v3 has no `{}` for messages", verb.word()))
            .help("recall a push with `recall`; target files: `call jpush-v3/file-delete`")),
    }
}

/// How a push is changed all the same.
pub(super) fn no_update() -> Error {
    Error::usage("jpush-v3 has no `update`").help(
        "send it anew in the place of the old one: `--set options.override_msg_id:=ID` (a day, Android and HarmonyOS), on iOS `--set options.apns_collapse_id=ID`",
    )
}

/// An id as the number that it is, digit by digit; what is none stays text, for lint to tell.
fn number(id: &str) -> Value {
    let is_number = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    let is_plain = is_number && (id == "0" || !id.starts_with('0'));
    if is_plain { Value::number(id) } else { id.into() }
}

fn recall(id: &str) -> Draft {
    draft(&CONTRACT, "recall", object([("msg_id", id.into())]))
}

/// Counts of pushes, or the outcome of each on given devices.
fn status(ask: &FollowUp<'_>) -> Result<Vec<Draft>> {
    let chunk = |cap: u32| usize::try_from(cap).expect("a small number");
    let messages = message_ids(ask, "push", "msg_id")?;
    if ask.to.is_empty() {
        let draft = |ids: &[String]| {
            draft(&CONTRACT, "received-detail", object([("msg_ids", ids.to_vec().into())]))
        };
        return Ok(messages.chunks(chunk(MAX_REPORT)).map(draft).collect());
    }
    if let Some(other) = ask.to.iter().find(|target| target.kind != TargetKind::Regid) {
        return Err(Error::usage(format!(
            "the state of a message on `{other}` cannot be asked for"
        ))
        .help("name devices: `--to regid:ID`"));
    }
    let devices: Vec<String> = ask.to.iter().map(|target| target.id.clone()).collect();
    let drafts = messages.iter().flat_map(|id| {
        devices.chunks(chunk(MAX_STATUS)).map(move |devices| {
            let ids = devices.to_vec().into();
            let body = object([("msg_id", number(id)), ("registration_ids", ids)]);
            draft(&CONTRACT, "status", body)
        })
    });
    Ok(drafts.collect())
}
