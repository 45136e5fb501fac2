//! `herald profile`: who sends, to where, and with which credentials.

mod check;
mod init;
mod list;
mod show;

use clap::Subcommand;

use crate::account::Account;
use crate::contract::Contract;
use crate::env::Env;
use crate::error::Result;
use crate::exit::Exit;
use crate::send::check_account::OnlineCheck;

const EXAMPLES: &str = "\
Examples:
  IM_SECRET=s3cret herald profile init staging --provider wildfire --set endpoint=http://127.0.0.1:18080 --secret-env secret=IM_SECRET
  herald profile list";

const INIT: &str = "\
Examples:
  IM_SECRET=s3cret herald profile init staging --provider wildfire --set endpoint=http://127.0.0.1:18080 --secret-env secret=IM_SECRET";

const LIST: &str = "\
Examples:
  herald profile list
  herald profile list --output json";

const SHOW: &str = "\
Examples:
  IM_SECRET=s3cret herald profile init staging --provider wildfire --set endpoint=http://127.0.0.1:18080 --secret-env secret=IM_SECRET
  herald profile show staging";

const CHECK: &str = "\
Examples:
  IM_SECRET=s3cret herald profile init staging --provider wildfire --set endpoint=http://127.0.0.1:18080 --secret-env secret=IM_SECRET
  IM_SECRET=s3cret herald profile check staging";

/// Arguments of `herald profile`.
#[derive(Clone, Debug, clap::Args)]
#[command(before_help = EXAMPLES)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Clone, Debug, Subcommand)]
enum Action {
    /// Make a profile: ask for its values, and add it to the profiles file
    #[command(before_help = INIT)]
    Init(init::Args),
    /// List the profiles
    #[command(before_help = LIST)]
    List(list::Args),
    /// Show a profile without its secrets, and the source of each value
    #[command(before_help = SHOW)]
    Show(show::Args),
    /// Check that profiles can be used
    ///
    /// herald reads every secret, and checks endpoints and permissions, offline.
    #[command(before_help = CHECK)]
    Check(check::Args),
}

/// Checks of accounts that other modules provide.
#[derive(Clone, Copy)]
pub(super) struct Hooks<'a> {
    /// The vendor's remarks on an account: a default password, a port that answers something else.
    pub remarks: &'a dyn Fn(&'static Contract, &Account) -> Vec<String>,
    /// Asks the vendor, by a call that changes nothing, whether it accepts the credentials; an error if it does not, or
    /// does not answer.
    pub online: &'a dyn Fn(&'static Contract, &Account) -> Result<OnlineCheck>,
}

/// Runs `herald profile`.
pub(super) fn run(env: &Env, args: &Args) -> Result<Exit> {
    match &args.action {
        Action::Init(args) => init::run(env, args),
        Action::List(args) => list::run(env, args),
        Action::Show(args) => show::run(env, args),
        Action::Check(args) => check::run(env, args),
    }
}

#[cfg(test)]
mod tests;
