//! `herald broadcast`: one message to everybody, a tag, a package, or a list of any length.

use crate::broadcast::job::{self, BroadcastOptions};
use crate::cli::args::{MessageFlags, SendFlags, parse_job};
use crate::cli::job_flags::{JobFlags, ListFlags};
use crate::env::Env;
use crate::error::Result;
use crate::exit::Exit;

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
    /// Reach the users who have this tag; repeatable: those who have any of the tags
    #[arg(long, value_name = "TAG", conflicts_with = "targets")]
    tag: Vec<String>,
    /// Reach the users of this app package
    #[arg(long, value_name = "PACKAGE", conflicts_with = "targets")]
    package: Vec<String>,
    #[command(flatten)]
    list: ListFlags,
    /// Go on with what is left of a job, by its name, or by its id or a part of at least 6 digits of it
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
    options.job.check()?;
    let sending = args.sending.options();
    match &args.resume {
        Some(job) => job::resume(env, job, &options.job.running, &sending),
        None => job::broadcast(env, &options, &sending),
    }
}
