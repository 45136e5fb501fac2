//! `herald call PROVIDER/OPERATION`: any operation of a contract.

use crate::cli::args::{PayloadFlags, SendFlags};
use crate::env::Env;
use crate::error::Result;
use crate::exit::Exit;

const EXAMPLES: &str = "\
Examples:
  herald call --sandbox rongcloud/tag-set --set userId=u1 --set 'tags:=[\"vip\"]'
  herald call --sandbox wildfire/health";

/// Flags of `call`.
#[derive(Debug, clap::Args)]
#[command(before_help = EXAMPLES)]
pub(super) struct Args {
    /// Operation; `herald providers PROVIDER` lists them
    #[arg(value_name = "PROVIDER/OPERATION")]
    operation: String,
    #[command(flatten)]
    payload: PayloadFlags,
    #[command(flatten)]
    sending: SendFlags,
}

/// Makes the payload, lints, guards and sends it.
pub(super) fn run(env: &Env, args: &Args) -> Result<Exit> {
    let (payload, sending) = (args.payload.options(), args.sending.options());
    let sent = crate::send::call(env, &args.operation, &payload, &sending)?;
    Ok(sent.tell(&env.ui))
}
