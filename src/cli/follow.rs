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
    /// Messages by the vendor's id or by the ledger's id
    ///
    /// Of a ledger id, a part of at least 6 digits is enough.
    #[arg(value_name = "ID")]
    ids: Vec<String>,
    /// The last message that was sent
    ///
    /// With --profile, the last one of that profile.
    #[arg(long, conflicts_with = "ids")]
    last: bool,
    /// Target of the message; repeatable
    ///
    /// If the ledger has the message or the job: the targets that are meant, and no others. If the vendor has no
    /// request for these alone, nothing is sent. If the ledger does not have it: to whom it was sent.
    #[arg(long, value_name = "[KIND:]ID")]
    to: Vec<String>,
    /// Sender of the message, if the ledger does not have it
    #[arg(long, value_name = "ID")]
    from: Option<String>,
    /// Field: PATH=TEXT or PATH:=JSON; repeatable
    ///
    /// PATH is a field of the API contract; `herald providers PROVIDER/OPERATION` shows it.
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
    /// Continue what is left of a job of this command
    ///
    /// JOB is its name, its id, or a part of the id with at least 6 digits.
    #[arg(long, value_name = "JOB", value_parser = parse_job, help_heading = "Job", conflicts_with_all = ["ids", "last", "to", "from", "set"])]
    resume: Option<String>,
    #[command(flatten)]
    running: RunFlags,
}

const EXAMPLES: &str = "\
Examples:
  herald send --sandbox --provider rongcloud --from alice --to bob --text \"hello\"
  herald recall --sandbox --last
  printf 'ann\\nbob\\n' | herald broadcast --sandbox --provider wildfire --from news --text \"hello\" --targets - --job tonight
  herald recall --sandbox --job tonight
  herald recall --sandbox --provider rongcloud BH5K-ABCD-1234-WXYZ --from alice --to group:g1 --dry-run";

/// Flags of `recall`.
#[derive(Debug, clap::Args)]
#[command(before_help = EXAMPLES)]
pub(super) struct RecallArgs {
    #[command(flatten)]
    follow: FollowArgs,
    /// Recall all that this job has sent
    ///
    /// JOB is its name, its id, or a part of the id with at least 6 digits.
    #[arg(long, value_name = "JOB", value_parser = parse_job, help_heading = "Job", conflicts_with_all = ["ids", "last", "resume"])]
    job: Option<String>,
    #[command(flatten)]
    list: RecallList,
    #[command(flatten)]
    many: ManyFlags,
}

/// The list of the users from whom a message is recalled.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "List")]
struct RecallList {
    /// Recall from the users in this file; `-` is stdin
    ///
    /// The list has the same formats as that of `broadcast`. It is for vendors whose recall names the users, if the
    /// ledger does not have them: a broadcast to everybody, or a message of another ledger. For a job, it names the
    /// targets from whom the message is recalled.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["to", "resume"])]
    targets: Option<PathBuf>,
    /// Column of a CSV that holds the targets
    #[arg(long, value_name = "NAME", requires = "targets")]
    column: Option<String>,
    /// Format of the list, if its file name does not tell
    #[arg(long, hide_short_help = true, value_name = "FORMAT", requires = "targets")]
    form: Option<ListForm>,
    /// Encoding of the list
    ///
    /// One of utf-8, gbk, gb18030, utf-16, utf-16le, utf-16be.
    #[arg(long, hide_short_help = true, value_name = "NAME", requires = "targets")]
    encoding: Option<String>,
    /// Leave out invalid entries, and recall the others
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
            sends: false,
        }
    }
}

const UPDATE: &str = "\
Examples:
  herald send --sandbox --provider wildfire --from alice --to bob --text \"hello\"
  herald update --sandbox --last --text \"hello, bob\"";

pub(super) const DELETE: &str = "\
Examples:
  herald send --sandbox --provider wildfire --from alice --to bob --text \"hello\"
  herald delete --sandbox --last";

pub(super) const CLEAR: &str = "\
Examples:
  herald send --sandbox --provider wildfire --from alice --to bob --text \"hello\"
  herald clear --sandbox --provider wildfire --from alice --to bob";

pub(super) const GET: &str = "\
Examples:
  herald send --sandbox --provider wildfire --from alice --to bob --text \"hello\"
  herald get --sandbox --last";

pub(super) const STATUS: &str = "\
Examples:
  herald send --sandbox --provider jpush-v3 --to alias:bob --text \"hello\"
  herald status --sandbox --last";

/// Flags of `update`.
#[derive(Debug, clap::Args)]
#[command(before_help = UPDATE)]
pub(super) struct UpdateArgs {
    /// Message by the vendor's id or by the ledger's id
    ///
    /// Of a ledger id, a part of at least 6 digits is enough.
    #[arg(value_name = "ID", required_unless_present_any = ["last", "resume"])]
    id: Option<String>,
    /// The last message that was sent
    ///
    /// With --profile, the last one of that profile.
    #[arg(long, conflicts_with = "id")]
    last: bool,
    /// Continue what is left of a job of this command
    ///
    /// JOB is its name, its id, or a part of the id with at least 6 digits.
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
