//! `recall`, `update`, `delete` and `clear` of many: a job of their own.
//!
//! Each request has a payload of its own ([`crate::template::own_payload::OwnPayload`]), and is about a message of the ledger. So the ledger knows at
//! every moment from which users the message was recalled, and a second command goes on with what is left.

use crate::broadcast::job::follow_up_steps::carry_out;
use crate::broadcast::job::options::{ListOptions, RunOptions};
use crate::contract::Verb;
use crate::env::Env;
use crate::error::Result;
use crate::exit::Exit;
use crate::send::compose_update::compose_updates;
use crate::send::follow_up::compose_follow_ups;
use crate::send::options::{MessageOptions, SendOptions};
use crate::send::{FollowUpOptions, MessageChoice, RecallListReader};

/// Recalls, deletes or clears: one request by itself, and more requests as a job.
pub fn follow_up(
    env: &Env,
    verb: Verb,
    options: &FollowUpOptions,
    list: &ListOptions,
    (running, sending): (&RunOptions, &SendOptions),
) -> Result<Exit> {
    running.check(&env.ui)?;
    let read = |usual| list.read_all(env, usual);
    let reads = list.targets.is_some().then_some(&read as RecallListReader<'_>);
    let composed = compose_follow_ups(env, verb, options, reads, sending)?;
    let kept = list.targets.iter().map(|path| ("the list of targets", path.clone())).collect();
    carry_out(env, composed, kept, (running, sending))
}

/// Replaces the content of messages: of one by itself, and of more as a job.
pub fn update(
    env: &Env,
    messages: &MessageChoice,
    message: &MessageOptions,
    (running, sending): (&RunOptions, &SendOptions),
) -> Result<Exit> {
    running.check(&env.ui)?;
    let composed = compose_updates(env, messages, message, sending)?;
    let kept = message.payload.body.iter().map(|path| ("the payload", path.clone())).collect();
    carry_out(env, composed, kept, (running, sending))
}
