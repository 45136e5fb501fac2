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
  herald send --sandbox --provider wildfire --from alice --to bob --text \"hello\"
  herald history --sandbox --since 2d
  herald history --sandbox --to user:bob --output json";

/// Flags of `history`.
#[derive(Debug, clap::Args)]
#[command(before_help = EXAMPLES)]
pub(super) struct Args {
    #[command(subcommand)]
    what: Option<HistoryCommand>,
    #[command(flatten)]
    list: ListArgs,
    /// File of the ledger [default: ledger.db in herald's state folder]
    #[arg(
        long,
        hide_short_help = true,
        global = true,
        value_name = "FILE",
        env = "HERALD_LEDGER",
        hide_env_values = true
    )]
    ledger: Option<PathBuf>,
    /// Use the history of the sandbox
    #[arg(long, global = true)]
    sandbox: bool,
}

const LIST: &str = "\
Examples:
  herald send --sandbox --provider wildfire --from alice --to bob --text \"hello\"
  herald history list --sandbox --since 2d
  herald history list --sandbox --to user:bob --output json";

const SHOW: &str = "\
Examples:
  printf 'ann\\nbob\\n' | herald broadcast --sandbox --provider wildfire --from news --text \"hello\" --targets - --job spring
  herald history show --sandbox spring";

const RESOLVE: &str = "\
Examples:
  herald history resolve --sandbox spring user:u1 --not-accepted --note \"the support did not find it\"
  herald history resolve --sandbox spring --accepted --yes
  herald history resolve --sandbox spring --undo";

const PRUNE: &str = "\
Examples:
  herald history prune --older-than 30d --dry-run
  herald history prune --older-than 30d";

#[derive(Debug, Subcommand)]
enum HistoryCommand {
    /// List what was sent, latest first
    #[command(before_help = LIST)]
    List(ListArgs),
    /// Show everything about one message or job
    #[command(before_help = SHOW)]
    Show(ShowArgs),
    /// Record the real outcome of what is unknown
    #[command(before_help = RESOLVE)]
    Resolve(ResolveArgs),
    /// Remove old entries whose outcome is known
    #[command(before_help = PRUNE)]
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
