//! One message to named targets.

use crate::contract::{TargetKind, Verb};
use crate::env::Env;
use crate::error::{Error, Result};
use crate::provider::WantedAudience;
use crate::send::app::App;
use crate::send::context::SendContext;
use crate::send::delivery::Delivery;
use crate::send::options::{MessageOptions, SendOptions};
use crate::send::{compose, parse_options, payload_file};
use crate::text::suggest;

/// Composes, lints, guards and sends.
pub fn send(env: &Env, message: &MessageOptions, sending: &SendOptions) -> Result<Delivery> {
    let message = &*message.with_text()?;
    let app = App::open(env, sending)?;
    let vendor = app.vendor;
    let mut targets = parse_options::targets(&message.to, vendor.contract())?;
    if let Some(wide) =
        targets.iter().find(|target| matches!(target.kind, TargetKind::Tag | TargetKind::Package))
    {
        return Err(Error::usage(format!(
            "`{wide}` is not a named target: it reaches an unknown number of people"
        ))
        .help(suggest("broadcast").words(&format!("--{}", wide.kind)).arg(&wide.id).to_string()));
    }
    if targets.is_empty() && message.payload.body.is_none() {
        return Err(Error::usage("there is no target").help(format!(
            "name a target: --to {}:ID; there is no default audience",
            vendor.contract().default_target
        )));
    }
    parse_options::leave_out_repeats(&env.ui, &mut targets);
    parse_options::tell_doubts(&env.ui, &targets);
    parse_options::tell_rounded(&env.ui, &targets, message.from.as_deref());
    let context = SendContext {
        stdin_used: message.reads_stdin(),
        ..SendContext::new(env, sending, &app, Verb::Send)
    };
    let file = payload_file::read_body(env, &app.account, &message.payload)?;
    let composed =
        compose::compose(&context, message, WantedAudience::Targets(targets), file.as_ref())?;
    context.deliver(context.ready(composed)?)
}
