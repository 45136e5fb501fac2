//! Any operation of a contract, by its name.

use std::rc::Rc;

use crate::contract::{Effect, Verb};
use crate::env::Env;
use crate::error::{Error, Result};
use crate::provider;
use crate::send::app::App;
use crate::send::context::SendContext;
use crate::send::delivery::Delivery;
use crate::send::options::{PayloadOptions, SendOptions};
use crate::send::{body_with_flags, payload_file, same_vendor_id};
use crate::text::suggest;

/// Makes the payload, lints, guards and sends it.
pub fn call(
    env: &Env,
    operation: &str,
    payload: &PayloadOptions,
    sending: &SendOptions,
) -> Result<Delivery> {
    let named = operation;
    let (vendor, operation) = provider::find_operation(named)?;
    let contract = vendor.contract();
    if operation.path.is_empty() {
        return Err(Error::usage(format!(
            "`{}` is a form of message, no call of the vendor's API",
            named
        ))
        .help(suggest("validate --as").arg(named).words("FILE").form()));
    }
    let app = App::open_for(env, sending, contract.id)?;
    let mut composed = body_with_flags::for_operation(env, &app, payload, operation)?;
    composed.about = match operation.effect {
        Effect::Destroys => {
            same_vendor_id::subject_of(env, sending, &app, &composed.draft.body)?.map(Rc::new)
        }
        Effect::Sends | Effect::Manages | Effect::Reads => None,
    };
    let context = SendContext {
        stdin_used: payload_file::is_stdin(payload.body.as_deref()),
        ..SendContext::new(env, sending, &app, Verb::Call)
    };
    context.deliver(context.ready(vec![composed])?)
}
