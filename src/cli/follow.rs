//! `recall`, `update`, `delete`, `clear`, `get`, `status`: commands on a message that was sent.

use crate::cli::args::{MessageFlags, SendFlags, parse_job};
use crate::contract::Verb;
use crate::env::Env;
use crate::error::Result;
use crate::exit::Exit;
use crate::send::{self, FollowUpOptions, MessageChoice};

/// Flags of `delete`, `clear`, `get` and `status`.
#[derive(Debug, clap::Args)]
pub(super) struct FollowArgs {
    /// Name messages by ledger id, of which 8 characters do, or by the vendor's id
    #[arg(value_name = "ID")]
    ids: Vec<String>,
    /// Mean what was sent last, with this profile where one is named
    #[arg(long, conflicts_with = "ids")]
    last: bool,
    /// Name the user, group or room that it is about, where the ledger does not know
    #[arg(long, value_name = "[KIND:]ID")]
    to: Vec<String>,
    /// Name who acts, where the ledger does not know
    #[arg(long, value_name = "ID")]
    from: Option<String>,
    /// Set a field of the contract: PATH=TEXT or PATH:=JSON; repeatable
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    #[command(flatten)]
    sending: SendFlags,
}

const EXAMPLES: &str = "\
Examples:
  herald recall --last
  herald recall 01a1fc65-c14e --dry-run
  herald recall --job tonight
  herald recall --provider rongcloud BH5K-ABCD-1234-WXYZ --from alice --to group:g1";

/// Flags of `recall`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct RecallArgs {
    #[command(flatten)]
    follow: FollowArgs,
    /// Take back all that a job has sent, by its name or its id
    #[arg(long, value_name = "JOB", value_parser = parse_job, conflicts_with_all = ["ids", "last"])]
    job: Option<String>,
}

/// Flags of `update`.
#[derive(Debug, clap::Args)]
pub(super) struct UpdateArgs {
    /// Name the message by ledger id, of which 8 characters do, or by the vendor's id
    #[arg(value_name = "ID", required_unless_present = "last")]
    id: Option<String>,
    /// Mean what was sent last, with this profile where one is named
    #[arg(long, conflicts_with = "id")]
    last: bool,
    #[command(flatten)]
    compose: MessageFlags,
    #[command(flatten)]
    sending: SendFlags,
}

impl FollowArgs {
    fn options(&self, job: Option<String>) -> FollowUpOptions {
        let messages = MessageChoice { ids: self.ids.clone(), last: self.last, job };
        let (to, from, set) = (self.to.clone(), self.from.clone(), self.set.clone());
        FollowUpOptions { messages, to, from, set }
    }
}

/// Recalls what was sent.
pub(super) fn recall(env: &Env, args: &RecallArgs) -> Result<Exit> {
    let options = args.follow.options(args.job.clone());
    let sent = send::follow_up(env, Verb::Recall, &options, &args.follow.sending.options())?;
    Ok(sent.tell(&env.ui))
}

/// Follows up without new content.
pub(super) fn run(env: &Env, verb: Verb, args: &FollowArgs) -> Result<Exit> {
    let sent = send::follow_up(env, verb, &args.options(None), &args.sending.options())?;
    Ok(sent.tell(&env.ui))
}

/// Replaces the content of a message that was sent.
pub(super) fn update(env: &Env, args: &UpdateArgs) -> Result<Exit> {
    let ids = args.id.iter().cloned().collect();
    let messages = MessageChoice { ids, last: args.last, job: None };
    let sent = send::update(env, &messages, &args.compose.options(), &args.sending.options())?;
    Ok(sent.tell(&env.ui))
}
