//! `herald broadcast`: one message to everybody, a tag, a package, or a list of any length.

use crate::broadcast::job::{self, BroadcastOptions};
use crate::cli::args::{MessageFlags, SendFlags, parse_job};
use crate::cli::job_flags::{JobFlags, ListFlags};
use crate::env::Env;
use crate::error::Result;
use crate::exit::Exit;

const EXAMPLES: &str = "\
Examples:
  printf 'ann\\nbob\\n' | herald broadcast --sandbox --provider wildfire --from news --text \"hello\" --targets - --job spring
  herald broadcast --sandbox --resume spring
  herald broadcast --sandbox --provider rongcloud --from news --all --text \"Back at two\"
  herald broadcast --sandbox --provider jpush-v3 --tag vip --title \"Tonight\" --text \"Doors open at eight\" --dry-run";

/// Flags of `broadcast`.
#[derive(Debug, clap::Args)]
#[command(before_help = EXAMPLES)]
pub(super) struct Args {
    /// Reach everybody; needs --confirm
    #[arg(long, conflicts_with_all = ["tag", "package", "targets", "to"])]
    all: bool,
    /// Reach the users with this tag; repeatable
    ///
    /// With several tags: the users who have any of them.
    #[arg(long, value_name = "TAG", conflicts_with = "targets")]
    tag: Vec<String>,
    /// Reach the users of this app package
    #[arg(long, value_name = "PACKAGE", conflicts_with = "targets")]
    package: Vec<String>,
    #[command(flatten)]
    list: ListFlags,
    /// Continue what is left of a job
    ///
    /// JOB is its name, its id, or a part of the id with at least 6 digits.
    #[arg(long, value_name = "JOB", value_parser = parse_job, conflicts_with_all = [
        "all", "tag", "package", "targets", "to", "from", "text", "text_file", "image", "voice", "video", "file", "location", "command",
        "title", "extra", "message_type", "set", "body", "job", "canary", "soak", "plan", "valid_for",
    ])]
    resume: Option<String>,
    #[command(flatten)]
    compose: MessageFlags,
    #[command(flatten)]
    job: JobFlags,
    #[command(flatten)]
    sending: SendFlags,
}

/// Composes, lints, guards and sends, or continues a job.
pub(super) fn run(env: &Env, args: &Args) -> Result<Exit> {
    let options = BroadcastOptions {
        all: args.all,
        tag: args.tag.clone(),
        package: args.package.clone(),
        list: args.list.options(),
        message: args.compose.options(),
        job: args.job.options(),
    };
    let sending = args.sending.options();
    match &args.resume {
        Some(job) => job::resume(env, job, &options.job.running, &sending),
        None => {
            options.job.check(&env.ui)?;
            job::broadcast(env, &options, &sending)
        }
    }
}
