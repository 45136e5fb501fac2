//! `herald broadcast`: one message to everybody, a tag, a package, or a list of any length.

use super::args::{Compose, Sending, parse_job};
use super::compose::{self, ComposeContext};
use super::job::{self, JobArgs, List, Start};
use super::trip::Trip;
use super::world::{SendContext, jobs_called, ledger_to_look, realm_of};
use super::{Session, input};
use crate::contract::{Contract, Target, TargetKind, Verb};
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::ledger::{Job, JobState};
use crate::provider::Wanted;
use crate::report::time;

const EXAMPLES: &str = "\
Examples:
  herald broadcast --tag vip --title Tonight --text \"Doors open at eight\" --dry-run
  herald broadcast --profile live --all --text \"Back at two\" --confirm live
  herald broadcast --targets users.txt --from news --text \"hello\" --results sent.ndjson
  herald broadcast --targets guests.csv --column user --text \"Dear {{name}}\" --canary 100 --soak 5m
  herald broadcast --resume 01a1fc65-c14e";

/// Flags of `broadcast`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Reach everybody; has to be confirmed
    #[arg(long, conflicts_with_all = ["tag", "package", "targets", "to"])]
    all: bool,
    /// Reach whoever has this tag; repeatable, for whoever has any of them
    #[arg(long, value_name = "TAG", conflicts_with = "targets")]
    tag: Vec<String>,
    /// Reach the users of this app package
    #[arg(long, value_name = "PACKAGE", conflicts_with = "targets")]
    package: Vec<String>,
    #[command(flatten)]
    list: List,
    /// Go on with what is left of a job, by its id, of which 8 characters do, or by its name
    #[arg(long, value_name = "JOB", value_parser = parse_job, conflicts_with_all = [
        "all", "tag", "package", "targets", "to", "from", "text", "image", "voice", "video", "file", "location", "command",
        "title", "extra", "message_type", "set", "body", "job", "canary", "soak", "plan", "valid_for",
    ])]
    resume: Option<String>,
    #[command(flatten)]
    compose: Compose,
    #[command(flatten)]
    job: JobArgs,
    #[command(flatten)]
    sending: Sending,
}

/// Composes, lints, guards and sends.
pub(super) fn run(session: &Session, args: &Args) -> Result<Exit> {
    args.job.check()?;
    if let Some(job) = &args.resume {
        return resume(session, args, job);
    }
    let readers = [args.list.targets.as_deref(), args.compose.payload.body.as_deref()];
    if readers.into_iter().all(input::is_stdin) {
        return Err(Error::usage("--targets - and --body - both read stdin")
            .help("put one of them into a file"));
    }
    if args.list.targets.is_some() && !args.compose.to.is_empty() {
        return Err(Error::usage("--to and --targets both name targets")
            .help("put all of them into the list"));
    }
    if args.job.canary.is_some() && args.list.targets.is_none() {
        return Err(no_few(args));
    }
    let world = SendContext::open(session, &args.sending)?;
    let trip = Trip {
        stdin_used: job::reads_stdin(&args.list, &args.compose),
        ..Trip::new(session, &args.sending, &world, Verb::Broadcast)
    };
    let wanted = match args.list.targets {
        Some(_) => None,
        None => Some(wanted(args, world.vendor.contract())?),
    };
    if let Some(wanted) = wanted.clone().filter(|_| !args.job.is_given()) {
        let stamp = session.edge.stamp();
        let desk = ComposeContext { verb: Verb::Broadcast, account: &world.account, stamp: &stamp };
        let composed = compose::compose(session, world.vendor, desk, &args.compose, wanted)?;
        if composed.len() == 1 {
            return trip.go(composed);
        }
    }
    job::broadcast(&Start { trip, flags: &args.compose, wanted, list: &args.list, args: &args.job })
}

/// Goes on with a job, with the profile that it was begun with.
fn resume(session: &Session, args: &Args, name: &str) -> Result<Exit> {
    args.sending.check()?;
    if args.sending.curl || args.sending.dry_run.is_some() {
        return Err(Error::usage("--resume sends what is left, and takes no --dry-run")
            .help("`herald history show JOB` tells what is left"));
    }
    let realm = realm_of(session, args.sending.sandbox);
    let mut ledger = ledger_to_look(session, &args.sending)?;
    let job = one_to_resume(name, jobs_called(session, &mut ledger, realm, name)?)?;
    // Who closes it last puts the journal away, and this connection cannot.
    drop(ledger);
    let (provider, profile) = (&job.intent.provider, job.intent.profile.as_deref());
    for (flag, asked, own) in [
        ("--profile", &session.globals.profile, profile),
        ("--provider", &session.globals.provider, Some(provider.as_str())),
    ] {
        if let Some(asked) = asked.as_deref().filter(|asked| own != Some(asked)) {
            let own = own.unwrap_or("none");
            return Err(Error::usage(format!(
                "the job was begun with {flag} {own}, and this says {asked}"
            ))
            .help(format!("leave {flag} out")));
        }
    }
    let world = SendContext::open_as(session, &args.sending, provider, profile)?;
    if world.app() != job.intent.app || world.base() != job.intent.endpoint {
        return Err(Error::input(format!(
            "the job was begun for the app `{}` at {}, and the profile is now for `{}` at {}",
            job.intent.app,
            job.intent.endpoint,
            world.app(),
            world.base()
        ))
        .help("nothing was sent; set the profile back, or send the rest as a new job"));
    }
    world.require_complete()?;
    let trip = Trip::new(session, &args.sending, &world, Verb::Broadcast);
    job::resume(&trip, &args.job.running, &job)
}

/// Of the jobs of a name the only one that has something left and nobody at work on it, or else the latest.
fn one_to_resume(name: &str, mut jobs: Vec<Job>) -> Result<Job> {
    let waits = |job: &Job| matches!(job.state, JobState::Stopped | JobState::Interrupted);
    let waiting: Vec<usize> = (0..jobs.len()).filter(|place| waits(&jobs[*place])).collect();
    let place = match waiting[..] {
        [place] => place,
        [] => jobs.iter().position(|job| job.state.is_at_work()).unwrap_or(0),
        _ => {
            let told = waiting.iter().map(|place| {
                let job = &jobs[*place];
                let (left, total) = (job.counts().planned, job.counts().total());
                format!(
                    "{} ({left} of {total} left, {})",
                    job.intent.id,
                    time(job.intent.created_ms)
                )
            });
            let told = told.collect::<Vec<_>>().join(", ");
            return Err(Error::usage(format!("several jobs `{name}` have something left"))
                .help(format!("name one by its id: {told}")));
        }
    };
    Ok(jobs.swap_remove(place))
}

/// Why there can be no canary: only a list says who the first few are. Whom a class reaches, nobody can cut into a few and
/// the rest, and what flags or a payload name goes out as it is.
fn no_few(args: &Args) -> Error {
    let error = Error::usage("--canary tries a list on its first targets, and there is no list");
    error.help(if args.compose.to.is_empty() {
        "everything would go out at once: send it to a few with --targets FILE first, then to all without --canary"
    } else {
        "put the targets of --to into a file, a target a line, and name it with --targets"
    })
}

/// Whom the flags name; nobody is an error, since a vendor may read it as everybody.
fn wanted(args: &Args, contract: &Contract) -> Result<Wanted> {
    if args.all {
        return Ok(Wanted::Everybody);
    }
    let mut targets = compose::targets(&args.compose.to, contract)?;
    targets.extend(args.tag.iter().map(|tag| Target::new(TargetKind::Tag, tag)));
    targets.extend(args.package.iter().map(|package| Target::new(TargetKind::Package, package)));
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
    compose::leave_out_repeats(&mut targets);
    Ok(Wanted::Targets(targets))
}
