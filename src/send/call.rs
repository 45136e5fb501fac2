//! Any operation of a contract, by its name.

use crate::contract::{Effect, Verb};
use crate::env::Session;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::provider;
use crate::send::context::SendContext;
use crate::send::options::{PayloadOptions, SendOptions};
use crate::send::trip::Trip;
use crate::send::{compose, follow_up, payload_file};

/// Makes the payload, lints, guards and sends it.
pub fn call(
    session: &Session,
    operation: &str,
    payload: &PayloadOptions,
    sending: &SendOptions,
) -> Result<Exit> {
    let named = operation;
    let (vendor, operation) = provider::find_operation(named)?;
    let contract = vendor.contract();
    if operation.path.is_empty() {
        return Err(Error::usage(format!(
            "`{}` is a form of message, no call of the vendor's API",
            named
        ))
        .help(format!("herald validate --as {} FILE", named)));
    }
    let world = SendContext::open_for(session, sending, contract.id)?;
    let mut composed = compose::for_operation(session, &world.account, operation, payload)?;
    composed.about = match operation.effect {
        Effect::Destroys => follow_up::subject_of(session, sending, &world, &composed.draft.body)?,
        Effect::Sends | Effect::Manages | Effect::Reads => None,
    };
    let trip = Trip {
        stdin_used: payload_file::is_stdin(payload.body.as_deref()),
        ..Trip::new(session, sending, &world, Verb::Call)
    };
    trip.go(vec![composed])
}
