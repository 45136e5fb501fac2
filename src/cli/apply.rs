//! `herald apply`: carries out a plan.

use std::path::PathBuf;

use crate::broadcast::job::{self, ApplyOptions};
use crate::cli::args::SendFlags;
use crate::cli::job_flags::RunFlags;
use crate::env::Env;
use crate::error::Result;
use crate::exit::Exit;

const EXAMPLES: &str = "\
Examples:
  printf 'ann\\nbob\\n' | herald broadcast --sandbox --provider wildfire --from news --text \"hello\" --targets - --plan hello.plan
  herald apply hello.plan --sandbox";

/// Flags of `apply`.
#[derive(Debug, clap::Args)]
#[command(before_help = EXAMPLES)]
pub(super) struct Args {
    /// Plan that `herald broadcast --plan` wrote
    #[arg(value_name = "FILE")]
    plan: PathBuf,
    #[command(flatten)]
    running: RunFlags,
    #[command(flatten)]
    sending: SendFlags,
}

/// Carries out a plan.
pub(super) fn run(env: &Env, args: &Args) -> Result<Exit> {
    let (running, sending) = (args.running.options(), args.sending.options());
    job::apply(env, &ApplyOptions { plan: args.plan.clone(), running, sending })
}
