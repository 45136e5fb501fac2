//! `herald send`: one message to named targets.

use crate::cli::args::{MessageFlags, SendFlags};
use crate::env::Env;
use crate::error::Result;
use crate::exit::Exit;

const EXAMPLES: &str = "\
Examples:
  herald send --sandbox --provider wildfire --from alice --to bob --text \"hello\"
  herald send --sandbox --provider jpush-v3 --to alias:bob --title \"News\" --text \"hello\" --dry-run
  herald send --sandbox --provider rongcloud --from alice --to bob --type RC:CmdMsg --set name=refresh --set data={}";

/// Flags of `send`.
#[derive(Debug, clap::Args)]
#[command(before_help = EXAMPLES)]
pub(super) struct Args {
    #[command(flatten)]
    compose: MessageFlags,
    #[command(flatten)]
    sending: SendFlags,
}

/// Composes, lints, guards and sends.
pub(super) fn run(env: &Env, args: &Args) -> Result<Exit> {
    let sent = crate::send::send(env, &args.compose.options(), &args.sending.options())?;
    Ok(sent.tell(&env.ui))
}
