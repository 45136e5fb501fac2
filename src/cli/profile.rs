//! `herald profile`: who sends, where to, and with which credentials.

mod check;
mod init;
mod list;
mod show;

use clap::Subcommand;

use super::Session;
use crate::contract::Contract;
use crate::error::Result;
use crate::exit::Exit;
use crate::profile::{self, Account, Chosen, Resolved, Secrets, Wish, World};
use crate::report::escape;
use crate::vendor;

/// Arguments of `herald profile`.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Clone, Debug, Subcommand)]
enum Action {
    /// Ask for what a profile needs and add it to the profile file
    Init {
        /// Name of the profile; asked for where it is not given
        name: Option<String>,
    },
    /// List the profiles
    List,
    /// Show a profile without its secrets, and where each value comes from
    Show {
        /// Name of the profile; without it, the one that would be used
        name: Option<String>,
    },
    /// Check that profiles can be used
    ///
    /// Looks every secret up and checks endpoints and permissions, offline. Without a name, every profile of the file is
    /// checked.
    Check {
        /// Names of profiles
        names: Vec<String>,
        /// Also ask the vendor, by a call that changes nothing
        #[arg(long)]
        online: bool,
    },
}

/// What is known of accounts beyond this module.
#[derive(Clone, Copy)]
pub struct Hooks<'a> {
    /// What a vendor has to say about an account: a default password, a port that answers something else.
    pub remarks: &'a dyn Fn(&'static Contract, &Account) -> Vec<String>,
    /// Asks the vendor, by a call that changes nothing, whether it takes the credentials: what it said, or why not.
    pub online: &'a dyn Fn(&'static Contract, &Account) -> Result<String>,
}

/// Runs `herald profile`.
pub fn run(session: &Session, args: &Args, hooks: &Hooks<'_>) -> Result<Exit> {
    match &args.action {
        Action::Init { name } => init::run(session, name.as_deref()),
        Action::List => list::run(session),
        Action::Show { name } => show::run(session, name.as_deref()),
        Action::Check { names, online } => check::run(session, names, *online, hooks),
    }
}

/// Whose credentials the flags, the environment and the profile file mean.
pub fn choose(session: &Session) -> Result<Chosen> {
    in_world(session, profile::choose)
}

/// The account that they mean, with its warnings told.
pub fn resolve(session: &Session, secrets: Secrets) -> Result<Resolved> {
    let resolved =
        in_world(session, |wish, world| profile::choose(wish, world)?.resolve(world, secrets))?;
    resolved.warnings.iter().for_each(|warning| session.ui.warn(warning));
    Ok(resolved)
}

/// Hands over what the flags say and what is around.
fn in_world<T>(session: &Session, act: impl FnOnce(&Wish<'_>, &World<'_>) -> T) -> T {
    let globals = &session.globals;
    let env = |name: &str| session.edge.var(name);
    let config_dir = session.edge.config_dir();
    let contracts: Vec<&'static Contract> =
        vendor::ALL.iter().map(|vendor| vendor.contract()).collect();
    let wish = Wish {
        profiles: globals.profiles.as_deref(),
        profile: globals.profile.as_deref(),
        provider: globals.provider.as_deref(),
    };
    act(&wish, &World { env: &env, config_dir: config_dir.as_deref(), contracts: &contracts })
}

/// A table for people: columns as wide as their text is on a terminal, foreign text made safe.
fn table(headers: &[&str], rows: &[Vec<String>]) -> String {
    let mut table = comfy_table::Table::new();
    table.load_style(comfy_table::presets::NOTHING).set_header(headers);
    for row in rows {
        table.add_row(row.iter().map(|cell| escape(cell)));
    }
    // Columns begin at the margin: comfy-table pads each cell on its left, too.
    let text = table.trim_fmt();
    text.lines().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests;
