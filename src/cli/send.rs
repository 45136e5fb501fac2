//! `herald send`: one message to named targets.

use super::args::{Compose, Sending};
use super::compose::{self, ComposeContext};
use super::trip::Trip;
use super::world::SendContext;
use super::{Session, input};
use crate::contract::{TargetKind, Verb};
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::provider::Wanted;

const EXAMPLES: &str = "\
Examples:
  herald send --sandbox --provider wildfire --from alice --to bob --text \"hello\"
  herald send --profile staging --from alice --to group:g1 --text \"hello\" --dry-run
  herald send --provider rongcloud --from alice --to bob --type RC:CmdMsg --set name=refresh --set data={}";

/// Flags of `send`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    #[command(flatten)]
    compose: Compose,
    #[command(flatten)]
    sending: Sending,
}

/// Composes, lints, guards and sends.
pub(super) fn run(session: &Session, args: &Args) -> Result<Exit> {
    let world = SendContext::open(session, &args.sending)?;
    let vendor = world.vendor;
    let mut targets = compose::targets(&args.compose.to, vendor.contract())?;
    if let Some(wide) =
        targets.iter().find(|target| matches!(target.kind, TargetKind::Tag | TargetKind::Package))
    {
        return Err(Error::usage(format!(
            "`{wide}` is not a named target: nobody knows how many it reaches"
        ))
        .help(format!("herald broadcast --{} {}", wide.kind, wide.id)));
    }
    if targets.is_empty() && args.compose.payload.body.is_none() {
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
    let composed =
        compose::compose(session, vendor, desk, &args.compose, Wanted::Targets(targets))?;
    let trip = Trip {
        stdin_used: input::is_stdin(args.compose.payload.body.as_deref()),
        ..Trip::new(session, &args.sending, &world, Verb::Send)
    };
    trip.go(composed)
}
