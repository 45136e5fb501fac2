//! `herald profile`: who sends, where to, and with which credentials.

mod check;
mod init;
mod list;
mod show;

use std::time::Duration;

use clap::Subcommand;

use super::Session;
use super::args::parse_duration;
use crate::account::Account;
use crate::contract::Contract;
use crate::error::Result;
use crate::exit::Exit;

/// Arguments of `herald profile`.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Clone, Debug, Subcommand)]
enum Action {
    /// Ask for what a profile needs and add it to the profile file
    Init {
        /// Name the profile; asked for where it is not given
        name: Option<String>,
    },
    /// List the profiles
    List,
    /// Show a profile without its secrets, and where each value comes from
    Show {
        /// Name the profile; without it, the one that would be used
        name: Option<String>,
    },
    /// Check that profiles can be used
    ///
    /// Looks every secret up and checks endpoints and permissions, offline. Without a name, every profile of the file is
    /// checked.
    Check {
        /// Name the profiles
        names: Vec<String>,
        /// Also ask the vendor, by a call that changes nothing
        #[arg(long)]
        online: bool,
        /// Give up on the vendor's answer after this time: 500ms, 30s, 2m [default: 30s]
        #[arg(long, value_name = "TIME", value_parser = parse_duration, requires = "online")]
        deadline: Option<Duration>,
    },
}

impl Args {
    /// How long the vendor may take to answer, where a flag says so.
    pub(super) fn deadline(&self) -> Option<Duration> {
        match &self.action {
            Action::Check { deadline, .. } => *deadline,
            Action::Init { .. } | Action::List | Action::Show { .. } => None,
        }
    }
}

/// What is known of accounts beyond this module.
#[derive(Clone, Copy)]
pub(super) struct Hooks<'a> {
    /// What a vendor has to say about an account: a default password, a port that answers something else.
    pub remarks: &'a dyn Fn(&'static Contract, &Account) -> Vec<String>,
    /// Asks the vendor, by a call that changes nothing, whether it takes the credentials: what it said, or why not.
    pub online: &'a dyn Fn(&'static Contract, &Account) -> Result<String>,
}

/// Runs `herald profile`.
pub(super) fn run(session: &Session, args: &Args, hooks: &Hooks<'_>) -> Result<Exit> {
    match &args.action {
        Action::Init { name } => init::run(session, name.as_deref()),
        Action::List => list::run(session),
        Action::Show { name } => show::run(session, name.as_deref()),
        Action::Check { names, online, .. } => check::run(session, names, *online, hooks),
    }
}

#[cfg(test)]
mod tests;
