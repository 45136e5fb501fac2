//! From composed follow-ups to what happened to them.

use crate::broadcast::job::follow_up_again::{go_on, nothing_left, tell_doubts, unfinished};
use crate::broadcast::job::follow_up_job::{is_one_request, start_follow_up};
use crate::broadcast::job::options::RunOptions;
use crate::env::Env;
use crate::error::Result;
use crate::exit::Exit;
use crate::files::KeptFile;
use crate::send::ask_after::each_in_time;
use crate::send::composed_follow_ups::ComposedFollowUps;
use crate::send::context::SendContext;
use crate::send::delivery::Delivery;
use crate::send::done_alone::leave_out_done;
use crate::send::kept_payload;
use crate::send::options::SendOptions;

/// Lints requests, leaves out what was done before, and sends them: one by itself, more as a job.
pub(crate) fn carry_out(
    env: &Env,
    mut follow_ups: ComposedFollowUps,
    reads: Vec<KeptFile>,
    (running, sending): (&RunOptions, &SendOptions),
) -> Result<Exit> {
    let composed = std::mem::take(&mut follow_ups.composed);
    let mut earlier = std::mem::take(&mut follow_ups.earlier);
    let each = each_in_time(sending, composed.len());
    let context = context_of(env, &follow_ups, &each);
    if !sending.prints_only()
        && let Some(job) = unfinished(&follow_ups, &composed)?
    {
        return go_on(&context_of(env, &follow_ups, sending), running, job);
    }
    let without_body = |error| kept_payload::without_body(error, follow_ups.bodiless.as_deref());
    let mut ready = context.ready(composed).map_err(without_body)?;
    ready.requests.retain(|one| {
        let told = one.told(&follow_ups.app);
        !earlier.covers(&follow_ups.followed, one.about.as_deref(), (&told, one.own_view()))
    });
    let words = earlier.words(follow_ups.verb, &env.local_time());
    if let Some(words) = words {
        let left = if ready.requests.is_empty() { "; nothing is left to do" } else { "" };
        env.ui.remark(&format!("{words}{left}"));
    }
    tell_doubts(&env.ui, &follow_ups, &earlier);
    let done = leave_out_done(&context, follow_ups.verb, &mut ready.requests)?;
    if ready.requests.is_empty() && !done.is_empty() {
        return Ok(Delivery::of_reports(done).tell(&env.ui));
    }
    if ready.requests.is_empty() {
        return nothing_left(&context, &follow_ups, running);
    }
    let is_alone = is_one_request(&ready.requests) && !running.is_given();
    if sending.prints_only() || sending.dry_run.is_some() || is_alone {
        return Ok(context.deliver(ready)?.tell(&env.ui));
    }
    let context = SendContext { is_job: true, ..context_of(env, &follow_ups, sending) };
    start_follow_up(&context, &follow_ups, ready, (running, reads))
}

fn context_of<'a>(
    env: &'a Env,
    follow_ups: &'a ComposedFollowUps,
    sending: &'a SendOptions,
) -> SendContext<'a> {
    let ComposedFollowUps { app, verb, aside, stdin_used, look, .. } = follow_ups;
    let context = SendContext::new(env, sending, app, *verb);
    SendContext { aside, stdin_used: *stdin_used, look: Some(look), ..context }
}
