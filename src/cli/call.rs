//! `herald call PROVIDER/OPERATION`: any operation of a contract.

use super::args::{PayloadArgs, Sending};
use super::compose;
use super::trip::Trip;
use super::world::SendContext;
use super::{Session, follow, input};
use crate::contract::{Effect, Verb};
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::provider;

const EXAMPLES: &str = "\
Examples:
  herald call rongcloud/tag-set --set userId=u1 --set tags:='[\"vip\"]'
  herald call jpush-v3/push --body push.json --dry-run
  herald call wildfire/health --sandbox";

/// Flags of `call`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Name the operation; `herald providers PROVIDER` lists them
    #[arg(value_name = "PROVIDER/OPERATION")]
    operation: String,
    #[command(flatten)]
    payload: PayloadArgs,
    #[command(flatten)]
    sending: Sending,
}

/// Makes the payload, lints, guards and sends it.
pub(super) fn run(session: &Session, args: &Args) -> Result<Exit> {
    let (vendor, operation) = provider::find_operation(&args.operation)?;
    let contract = vendor.contract();
    if operation.path.is_empty() {
        return Err(Error::usage(format!(
            "`{}` is a form of message, no call of the vendor's API",
            args.operation
        ))
        .help(format!("herald validate --as {} FILE", args.operation)));
    }
    let world = SendContext::open_for(session, &args.sending, contract.id)?;
    let mut composed = compose::for_operation(session, &world.account, operation, &args.payload)?;
    composed.about = match operation.effect {
        Effect::Destroys => {
            follow::subject_of(session, &args.sending, &world, &composed.draft.body)?
        }
        Effect::Sends | Effect::Manages | Effect::Reads => None,
    };
    let trip = Trip {
        stdin_used: input::is_stdin(args.payload.body.as_deref()),
        ..Trip::new(session, &args.sending, &world, Verb::Call)
    };
    trip.go(vec![composed])
}
