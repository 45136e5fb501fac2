//! `recall`, `update`, `delete`, `clear`, `get`, `status`: commands on a message that was sent.

use std::path::PathBuf;

use crate::broadcast::job::{self, ListOptions};
use crate::cli::args::{MessageFlags, SendFlags, parse_job};
use crate::cli::job_flags::{ListForm, RunFlags};
use crate::contract::Verb;
use crate::env::Env;
use crate::error::Result;
use crate::exit::Exit;
use crate::send::{self, FollowUpOptions, MessageChoice};

/// Flags of `get` and `status`, and those that `recall`, `delete` and `clear` share with them.
#[derive(Debug, clap::Args)]
pub(super) struct FollowArgs {
    /// Name messages by the vendor's id, or by ledger id or a part of at least 6 digits of it
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

/// Flags of `delete` and `clear`.
#[derive(Debug, clap::Args)]
pub(super) struct DestroyArgs {
    #[command(flatten)]
    follow: FollowArgs,
    #[command(flatten)]
    many: ManyFlags,
}

/// Flags of a command that changes many messages, which is a job.
#[derive(Debug, clap::Args)]
struct ManyFlags {
    /// Go on with what is left of such a command that was halted, by the id or the name of its job
    #[arg(long, value_name = "JOB", value_parser = parse_job, help_heading = "Job", conflicts_with_all = ["ids", "last", "to", "from", "set"])]
    resume: Option<String>,
    #[command(flatten)]
    running: RunFlags,
}

const EXAMPLES: &str = "\
Examples:
  herald recall --last
  herald recall 7ffda768 --dry-run
  herald recall --job tonight
  herald recall --resume recall-tonight
  herald recall 7ffda768 --targets users.txt
  herald recall --provider rongcloud BH5K-ABCD-1234-WXYZ --from alice --to group:g1";

/// Flags of `recall`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct RecallArgs {
    #[command(flatten)]
    follow: FollowArgs,
    /// Recall all that a job has sent, by its name or its id
    #[arg(long, value_name = "JOB", value_parser = parse_job, conflicts_with_all = ["ids", "last", "resume"])]
    job: Option<String>,
    #[command(flatten)]
    list: RecallList,
    #[command(flatten)]
    many: ManyFlags,
}

/// The list of the users from whom a message is recalled.
#[derive(Debug, clap::Args)]
struct RecallList {
    /// Recall it from the users of this list alone, in the forms that a broadcast takes; `-` is stdin
    ///
    /// For a vendor whose recall names the users, where the ledger does not know them: a broadcast to everybody, or a
    /// message that the ledger does not have. Of a job, it names those of its targets from whom it is recalled.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["to", "resume"])]
    targets: Option<PathBuf>,
    /// Find the targets in this column of a CSV
    #[arg(long, value_name = "NAME", requires = "targets")]
    column: Option<String>,
    /// Read the list as this, where its name does not say it
    #[arg(long, value_name = "FORM", requires = "targets")]
    form: Option<ListForm>,
    /// Read the list in this encoding: utf-8, gbk, gb18030, utf-16, utf-16le, utf-16be
    #[arg(long, value_name = "NAME", requires = "targets")]
    encoding: Option<String>,
    /// Leave out entries that cannot be used, instead of recalling nothing
    #[arg(long, requires = "targets")]
    skip_invalid: bool,
}

impl RecallList {
    fn options(&self) -> ListOptions {
        let Self { targets, column, form, encoding, skip_invalid } = self;
        ListOptions {
            targets: targets.clone(),
            column: column.clone(),
            form: form.map(Into::into),
            encoding: encoding.clone(),
            skip_invalid: *skip_invalid,
        }
    }
}

/// Flags of `update`.
#[derive(Debug, clap::Args)]
pub(super) struct UpdateArgs {
    /// Name the message by the vendor's id, or by ledger id or a part of at least 6 digits of it
    #[arg(value_name = "ID", required_unless_present_any = ["last", "resume"])]
    id: Option<String>,
    /// Mean what was sent last, with this profile where one is named
    #[arg(long, conflicts_with = "id")]
    last: bool,
    /// Go on with what is left of an update of many that was halted, by the id or the name of its job
    #[arg(long, value_name = "JOB", value_parser = parse_job, help_heading = "Job", conflicts_with_all = ["id", "last"])]
    resume: Option<String>,
    #[command(flatten)]
    compose: MessageFlags,
    #[command(flatten)]
    running: RunFlags,
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
    let RecallArgs { follow, job, list, many } = args;
    carry_out(env, Verb::Recall, follow, (job.clone(), list.options()), many)
}

/// Deletes or clears.
pub(super) fn destroy(env: &Env, verb: Verb, args: &DestroyArgs) -> Result<Exit> {
    carry_out(env, verb, &args.follow, (None, ListOptions::default()), &args.many)
}

fn carry_out(
    env: &Env,
    verb: Verb,
    follow: &FollowArgs,
    (job, list): (Option<String>, ListOptions),
    many: &ManyFlags,
) -> Result<Exit> {
    let (running, sending) = (many.running.options(), follow.sending.options());
    match &many.resume {
        Some(job) => job::resume(env, job, &running, &sending),
        None => job::follow_up(env, verb, &follow.options(job), &list, (&running, &sending)),
    }
}

/// Asks after what was sent.
pub(super) fn run(env: &Env, verb: Verb, args: &FollowArgs) -> Result<Exit> {
    let sent = send::follow_up(env, verb, &args.options(None), &args.sending.options())?;
    Ok(sent.tell(&env.ui))
}

/// Replaces the content of a message that was sent.
pub(super) fn update(env: &Env, args: &UpdateArgs) -> Result<Exit> {
    let (running, sending) = (args.running.options(), args.sending.options());
    if let Some(job) = &args.resume {
        return job::resume(env, job, &running, &sending);
    }
    let ids = args.id.iter().cloned().collect();
    let messages = MessageChoice { ids, last: args.last, job: None };
    job::update(env, &messages, &args.compose.options(), (&running, &sending))
}
