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

/// Arguments of `herald profile`.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Clone, Debug, Subcommand)]
enum Action {
    /// Ask for what a profile needs and add it to the profile file
    Init(init::Args),
    /// List the profiles
    List(list::Args),
    /// Show a profile without its secrets, and where each value comes from
    Show(show::Args),
    /// Check that profiles can be used
    ///
    /// Looks every secret up and checks endpoints and permissions, offline. Without a name, every profile of the file is
    /// checked.
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
