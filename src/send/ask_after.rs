//! What follows up on messages without a job.

use crate::contract::Verb;
use crate::env::Env;
use crate::error::Result;
use crate::send::composed_follow_ups::ComposedFollowUps;
use crate::send::context::SendContext;
use crate::send::delivery::Delivery;
use crate::send::follow_up::{FollowUpOptions, compose_follow_ups};
use crate::send::kept_payload::without_body;
use crate::send::options::SendOptions;

/// Follows up on messages without a job: asks after them, or makes one request after the other.
pub fn follow_up(
    env: &Env,
    verb: Verb,
    args: &FollowUpOptions,
    sending: &SendOptions,
) -> Result<Delivery> {
    let follow_ups = compose_follow_ups(env, verb, args, None, sending)?;
    let ComposedFollowUps { app, composed, aside, bodiless, .. } = follow_ups;
    let sending = each_in_time(sending, composed.len());
    let context = SendContext { aside: &aside, ..SendContext::new(env, &sending, &app, verb) };
    let gone = context.ready(composed).and_then(|ready| context.deliver(ready));
    gone.map_err(|error| without_body(error, bodiless.as_deref()))
}

/// Gives each of several requests the usual time.
pub(crate) fn each_in_time(sending: &SendOptions, count: usize) -> SendOptions {
    let count = u32::try_from(count.max(1)).unwrap_or(u32::MAX);
    let deadline = sending.deadline.or(Some(sending.deadline().saturating_mul(count)));
    SendOptions { deadline, ..sending.clone() }
}
