//! `herald broadcast`: one message to everybody, a tag, a package, or a list that fits one request.

use std::path::{Path, PathBuf};

use super::args::{Compose, Sending};
use super::compose::{self, Desk};
use super::dispatch::Trip;
use super::world::World;
use super::{Session, input};
use crate::contract::{Contract, Target, TargetKind, Verb};
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::vendor::Wanted;

const EXAMPLES: &str = "\
Examples:
  herald broadcast --tag vip --title Tonight --text \"Doors open at eight\" --dry-run
  herald broadcast --profile live --all --text \"Back at two\" --confirm live
  herald broadcast --targets users.txt --from news --text \"hello\"";

/// Flags of `broadcast`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Reach everybody; has to be confirmed
    #[arg(long, conflicts_with_all = ["tag", "package", "targets", "to"])]
    all: bool,
    /// Reach whoever has this tag; repeatable, for whoever has any of them
    #[arg(long, value_name = "TAG")]
    tag: Vec<String>,
    /// Reach the users of this app package
    #[arg(long, value_name = "PACKAGE")]
    package: Vec<String>,
    /// Reach the targets in this file, one a line, as --to takes them; `-` is stdin
    #[arg(long, value_name = "FILE")]
    targets: Option<PathBuf>,
    #[command(flatten)]
    compose: Compose,
    #[command(flatten)]
    sending: Sending,
}

/// Composes, lints, guards and sends.
pub(super) fn run(session: &Session, args: &Args) -> Result<Exit> {
    let readers = [args.targets.as_deref(), args.compose.payload.body.as_deref()];
    if readers.into_iter().all(input::is_stdin) {
        return Err(Error::usage("--targets - and --body - both read stdin")
            .help("put one of them into a file"));
    }
    let world = World::open(session, &args.sending)?;
    let vendor = world.vendor;
    let wanted = wanted(args, vendor.contract())?;
    let stamp = session.edge.stamp();
    let desk = Desk { verb: Verb::Broadcast, account: &world.account, stamp: &stamp };
    let composed = compose::compose(session, vendor, desk, &args.compose, wanted)?;
    if composed.len() > 1 {
        return Err(Error::usage(format!(
            "the list takes {} requests, and one is what a broadcast makes",
            composed.len()
        ))
        .help("split the list, and send a part at a time"));
    }
    let stdin_used = [args.targets.as_deref(), args.compose.payload.body.as_deref()]
        .into_iter()
        .any(input::is_stdin);
    let trip = Trip {
        session,
        sending: &args.sending,
        vendor,
        world: &world,
        verb: Verb::Broadcast,
        about: None,
        stdin_used,
    };
    trip.go(composed)
}

/// Whom the flags name; nobody is an error, since a vendor may read it as everybody.
fn wanted(args: &Args, contract: &Contract) -> Result<Wanted> {
    if args.all {
        return Ok(Wanted::Everybody);
    }
    let mut targets = compose::targets(&args.compose.to, contract)?;
    targets.extend(args.tag.iter().map(|tag| Target::new(TargetKind::Tag, tag)));
    targets.extend(args.package.iter().map(|package| Target::new(TargetKind::Package, package)));
    if let Some(path) = &args.targets {
        targets.extend(listed(path, contract)?);
    }
    if let Some(empty) = targets.iter().find(|target| target.id.trim().is_empty()) {
        return Err(Error::usage(format!(
            "a {} without a name would be read as anybody's",
            empty.kind
        )));
    }
    if targets.is_empty() && args.compose.payload.body.is_none() {
        return Err(Error::usage("nobody to broadcast to")
            .help("--all, --tag TAG, --package PACKAGE, --targets FILE or --to; there is no default audience"));
    }
    let mut seen = std::collections::HashSet::new();
    targets.retain(|target| seen.insert(target.clone()));
    Ok(Wanted::Targets(targets))
}

/// The targets of a file, one a line; blank lines are passed over.
fn listed(path: &Path, contract: &Contract) -> Result<Vec<Target>> {
    let text = input::read_text(path)?;
    let lines = text
        .lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line.trim()))
        .filter(|(_, line)| !line.is_empty());
    let targets = lines
        .map(|(number, line)| {
            Target::parse(line, contract.default_target).map_err(|error| {
                let help = error.advice().unwrap_or("one target a line").to_owned();
                Error::input(format!("{}, line {number}: {error}", path.display())).help(help)
            })
        })
        .collect::<Result<Vec<_>>>()?;
    if targets.is_empty() {
        return Err(
            Error::input(format!("{} names no target", path.display())).help("one target a line")
        );
    }
    Ok(targets)
}
