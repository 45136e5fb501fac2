//! One message to named targets.

use crate::contract::{TargetKind, Verb};
use crate::env::Session;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::provider::Wanted;
use crate::send::compose::{self, ComposeContext};
use crate::send::context::SendContext;
use crate::send::options::{MessageOptions, SendOptions};
use crate::send::payload_file;
use crate::send::trip::Trip;

/// Composes, lints, guards and sends.
pub fn send(session: &Session, message: &MessageOptions, sending: &SendOptions) -> Result<Exit> {
    let world = SendContext::open(session, sending)?;
    let vendor = world.vendor;
    let mut targets = compose::targets(&message.to, vendor.contract())?;
    if let Some(wide) =
        targets.iter().find(|target| matches!(target.kind, TargetKind::Tag | TargetKind::Package))
    {
        return Err(Error::usage(format!(
            "`{wide}` is not a named target: nobody knows how many it reaches"
        ))
        .help(format!("herald broadcast --{} {}", wide.kind, wide.id)));
    }
    if targets.is_empty() && message.payload.body.is_none() {
        return Err(Error::usage("nobody to send to")
            .help("name a target: --to user:ID; there is no default audience"));
    }
    // A target that has a request of its own would get the message twice.
    let repeats = compose::leave_out_repeats(&mut targets);
    if repeats > 0 {
        session.ui.warn(&format!("{repeats} of --to name a target again, and are left out"));
    }
    let stamp = session.edge.stamp();
    let desk = ComposeContext { verb: Verb::Send, account: &world.account, stamp: &stamp };
    let composed = compose::compose(session, vendor, desk, message, Wanted::Targets(targets))?;
    let trip = Trip {
        stdin_used: payload_file::is_stdin(message.payload.body.as_deref()),
        ..Trip::new(session, sending, &world, Verb::Send)
    };
    trip.go(composed)
}
