//! `herald history`: what was sent, its ids and outcome, and what a person decided about it.

mod list;
mod prune;
mod resolve;
mod show;

use std::path::PathBuf;

use clap::Subcommand;

use crate::env::Env;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::send::options::SendOptions;
use list::ListArgs;
use prune::PruneArgs;
use resolve::ResolveArgs;
use show::ShowArgs;

const EXAMPLES: &str = "\
Examples:
  herald history --since 2d --outcome unknown
  herald history --job spring --failed --as targets
  herald history resolve 7ffda768 --not-accepted --note \"the support has looked\"
  herald history prune --older-than 30d --dry-run";

/// Flags of `history`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    #[command(subcommand)]
    what: Option<HistoryCommand>,
    #[command(flatten)]
    list: ListArgs,
    /// Read this ledger
    #[arg(long, global = true, value_name = "FILE", env = "HERALD_LEDGER", hide_env_values = true)]
    ledger: Option<PathBuf>,
    /// Use the entries of the sandbox instead of the real ones
    #[arg(long, global = true)]
    sandbox: bool,
}

#[derive(Debug, Subcommand)]
enum HistoryCommand {
    /// List what was sent, latest first
    List(ListArgs),
    /// Show all that is known of one entry or job
    Show(ShowArgs),
    /// Record the outcome of an entry or job whose outcome is unknown
    Resolve(ResolveArgs),
    /// Remove what is old and certain
    Prune(PruneArgs),
}

/// Lists, shows, resolves or removes.
pub(super) fn run(env: &Env, args: &Args) -> Result<Exit> {
    let place = SendOptions {
        ledger: args.ledger.clone(),
        sandbox: args.sandbox,
        ..SendOptions::default()
    };
    if let (Some(what), Some(flag)) = (&args.what, args.list.first_given())
        && !matches!(what, HistoryCommand::List(_))
    {
        return Err(Error::usage(format!("{flag} goes with the list, and not with this"))
            .help("leave it out, or ask for the list alone: `herald history`"));
    }
    match &args.what {
        None => list::list(env, &place, &args.list),
        Some(HistoryCommand::List(flags)) => list::list(env, &place, &flags.or(&args.list)),
        Some(HistoryCommand::Show(flags)) => show::show(env, &place, flags),
        Some(HistoryCommand::Resolve(flags)) => resolve::resolve(env, &place, flags),
        Some(HistoryCommand::Prune(flags)) => prune::prune(env, &place, flags),
    }
}
