//! `history resolve`: what a person, or the vendor, says about an unknown outcome.

use std::path::PathBuf;

use serde_json::{Value as Json, json};

use crate::broadcast::job::{ChosenState, ChosenTargets, ListOptions, choose_targets};
use crate::cli::job_flags::ListForm;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::ledger::{
    BatchKey, EntryStatus, Job, Ledger, LedgerEntry, Realm, Resolution, ResolvedAs, Settled,
};
use crate::outcome::Verdict;
use crate::report::history_item::{entry_summary, job_summary};
use crate::report::{Format, counted, marked};
use crate::send::named::{NamePurpose, NamedSubject, named};
use crate::send::open_ledger::{known_names, ledger_to_change, realm_of};
use crate::send::options::SendOptions;
use crate::send::resolve_lost::{LostMessages, resolve_lost};
use crate::send::undo_decision::{DecidedSubject, ask_to_decide, undo_decision};
use crate::send::vendor_status::{VendorStatus, ask as look_up, no_look_up_of_job};

/// Flags of `history resolve`.
#[derive(Debug, clap::Args)]
#[group(skip)]
#[command(group = clap::ArgGroup::new("decision").required(true).args(["accepted", "not_accepted", "check", "undo"]))]
pub(super) struct ResolveArgs {
    /// Message or job by its id or name
    ///
    /// Of a ledger id, a part of at least 6 digits is enough. The vendor's id names one request of a job.
    pub(super) id: String,
    /// Only these targets of a job
    #[arg(value_name = "[KIND:]TARGET", conflicts_with = "check")]
    whom: Vec<String>,
    /// Only the targets in this file; `-` is stdin
    ///
    /// The list has the same formats as that of `broadcast`.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["whom", "check"])]
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
    /// The vendor accepted it
    #[arg(long)]
    accepted: bool,
    /// The vendor did not accept it
    ///
    /// `broadcast --resume` then sends to these targets of a job.
    #[arg(long)]
    not_accepted: bool,
    /// Ask the vendor whether it has the message
    ///
    /// If the vendor has it, the outcome becomes accepted. If ids of messages are times (WildfireChat), no id is
    /// needed: herald asks for each id that is possible, some thousand look-ups within the vendor's rate limit, and
    /// never more than 100000 for a request. It keeps the id of the message with the same sender, conversation and payload. If a profile may not ask, name
    /// another one of the same server with --profile.
    #[arg(long)]
    check: bool,
    /// With --check: the vendor's id of the message
    ///
    /// It is for a message without an id in the ledger.
    #[arg(long, value_name = "ID", requires = "check", conflicts_with_all = ["accepted", "not_accepted"])]
    pub(super) vendor_id: Option<String>,
    /// Make it unknown as before
    ///
    /// With targets, those alone; the others keep what was decided. This works until something was sent because of the
    /// decision.
    #[arg(long)]
    undo: bool,
    /// How you know it
    #[arg(long)]
    note: Option<String>,
    /// Resolve several targets without a question
    #[arg(long)]
    yes: bool,
}

/// The entry or job to resolve.
enum ResolveSubject {
    Entry(Box<LedgerEntry>),
    Job(Box<Job>, Option<BatchKey>),
}

/// Resolves an entry, a job, or one request of a job.
pub(super) fn resolve(env: &Env, place: &SendOptions, flags: &ResolveArgs) -> Result<Exit> {
    let realm = realm_of(env, place.sandbox);
    let mut ledger = ledger_to_change(env, place)?;
    known_names(env, &mut ledger)?;
    let subject = subject(env, &mut ledger, &flags.id, realm)?;
    if flags.undo {
        let chosen = chosen(env, &mut ledger, (flags, ChosenState::Decided), &subject)?;
        let decided = match (&subject, chosen) {
            (ResolveSubject::Entry(entry), _) => DecidedSubject::Entry(entry),
            (ResolveSubject::Job(job, _), Some(targets)) => DecidedSubject::Targets(job, targets),
            (ResolveSubject::Job(job, Some(batch)), None) => DecidedSubject::Request(job, *batch),
            (ResolveSubject::Job(job, None), None) => DecidedSubject::Job(job),
        };
        return undo_decision(env, &mut ledger, &decided);
    }
    let chosen = chosen(env, &mut ledger, (flags, ChosenState::Unknown), &subject)?;
    if flags.check
        && flags.vendor_id.is_none()
        && let Some(lost) = lost(&mut ledger, &subject)?
    {
        let decides = |said| resolution(env, flags, ResolvedAs::Accepted, Some(said));
        return resolve_lost(env, place, ledger, lost, &decides);
    }
    let (resolved, said) = match (flags.check, flags.accepted) {
        (true, _) => match checked(env, place, flags, &subject)? {
            VendorStatus::Has(said) => (ResolvedAs::Accepted, Some(said)),
            VendorStatus::Silent(why) => {
                env.ui.warn(&format!("the vendor's answer proves nothing: {why}"));
                return Ok(Exit::Unknown);
            }
        },
        (false, true) => (ResolvedAs::Accepted, None),
        (false, false) => (ResolvedAs::NotAccepted, None),
    };
    let resolution = resolution(env, flags, resolved, said);
    if !flags.yes && !flags.check {
        ask_about(env, &mut ledger, &subject, chosen.as_ref(), resolved)?;
    }
    match subject {
        ResolveSubject::Entry(entry) => {
            let entry = ledger.resolve(entry.intent.id, &resolution)?;
            tell_entry(env, &entry, resolved);
        }
        ResolveSubject::Job(job, only) => {
            let settled = match &chosen {
                Some(targets) => ledger.resolve_targets(job.intent.id, targets, &resolution)?,
                None => ledger.resolve_job(job.intent.id, only, &resolution)?,
            };
            let job = ledger.job(job.intent.id)?;
            let only = ledger.only_ending(&job)?;
            tell_job(env, job_summary(&job, only.as_ref()), &job.label(), settled, resolved);
            tell_resume(env, &job, resolved);
        }
    }
    Ok(Exit::Done)
}

/// The targets that flags name, where they name any: each has to be in this state.
fn chosen(
    env: &Env,
    ledger: &mut Ledger,
    (flags, due): (&ResolveArgs, ChosenState),
    subject: &ResolveSubject,
) -> Result<Option<ChosenTargets>> {
    let ResolveArgs { whom, targets, column, form, encoding, .. } = flags;
    if whom.is_empty() && targets.is_none() {
        return Ok(None);
    }
    let ResolveSubject::Job(job, None) = subject else {
        return Err(Error::usage("targets are named of a job, and this is one request")
            .help("leave them out: a request is decided on as a whole"));
    };
    let list = ListOptions {
        targets: targets.clone(),
        column: column.clone(),
        form: form.map(Into::into),
        encoding: encoding.clone(),
        skip_invalid: false,
        sends: false,
    };
    choose_targets(env, ledger, job, whom, (&list, due)).map(Some)
}

/// Asks before more than one target of a job is decided on.
fn ask_about(
    env: &Env,
    ledger: &mut Ledger,
    subject: &ResolveSubject,
    chosen: Option<&ChosenTargets>,
    resolved: ResolvedAs,
) -> Result<()> {
    let ResolveSubject::Job(job, only) = subject else { return Ok(()) };
    let count = match (chosen, only) {
        (Some(chosen), _) => chosen.iter().map(|(_, names)| names.len() as u64).sum(),
        (None, Some(batch)) => {
            let batch = ledger.batch(job.intent.id, *batch)?;
            batch.map_or(0, |batch| batch.batch.ids.len() as u64)
        }
        (None, None) => job.targets.unknown,
    };
    ask_to_decide(env, job, count, resolved)
}

/// A decision of now, by the user of this machine. `said`: what the vendor said, where the user says nothing.
fn resolution(
    env: &Env,
    flags: &ResolveArgs,
    resolved: ResolvedAs,
    said: Option<String>,
) -> Resolution {
    Resolution {
        resolved,
        note: flags.note.clone().or(said),
        by: env.system.var("USER").or_else(|| env.system.var("USERNAME")),
        resolved_ms: env.system.now_ms(),
    }
}

/// What can be looked for without an id.
fn lost(ledger: &mut Ledger, subject: &ResolveSubject) -> Result<Option<LostMessages>> {
    match subject {
        ResolveSubject::Entry(entry) => LostMessages::of_entry(entry),
        ResolveSubject::Job(job, only) => LostMessages::of_job(ledger, job, *only),
    }
}

/// The meaning of an id: an entry or a job of the ledger, or one request of a job by the vendor's id.
fn subject(env: &Env, ledger: &mut Ledger, id: &str, realm: Realm) -> Result<ResolveSubject> {
    // Ids are looked up in both realms; names in the one that is meant.
    Ok(match named(env, ledger, (realm, false), id, NamePurpose::Change)? {
        NamedSubject::Entry(entry) => ResolveSubject::Entry(entry),
        NamedSubject::Request(job, batch) => ResolveSubject::Job(job, Some(batch.batch.key)),
        NamedSubject::Jobs(mut jobs) => ResolveSubject::Job(Box::new(jobs.swap_remove(0)), None),
    })
}

/// Asks the vendor about an unknown entry.
fn checked(
    env: &Env,
    place: &SendOptions,
    flags: &ResolveArgs,
    subject: &ResolveSubject,
) -> Result<VendorStatus> {
    match subject {
        ResolveSubject::Entry(entry) if entry.status == EntryStatus::Decided(Verdict::Unknown) => {
            look_up(env, place, entry, flags.vendor_id.as_deref())
        }
        ResolveSubject::Entry(entry) => Err(Error::usage(format!(
            "the ledger entry {} is not unknown, it is {}",
            entry.short_id,
            entry.status.word()
        ))
        .help("only what is unknown is looked up")),
        ResolveSubject::Job(job, _) => Err(no_look_up_of_job(job)?),
    }
}

fn tell_entry(env: &Env, entry: &LedgerEntry, resolved: ResolvedAs) {
    let ui = &env.ui;
    if matches!(ui.format, Format::Json | Format::Ndjson) {
        ui.json(&entry_summary(entry));
    } else {
        ui.sentence(&format!(
            "{} is resolved as {}",
            marked(&entry.short_id, entry.is_of_sandbox()),
            resolved.word()
        ));
    }
}

/// Says how targets that did not get a message get it.
fn tell_resume(env: &Env, job: &Job, resolved: ResolvedAs) {
    if job.sends() && resolved == ResolvedAs::NotAccepted {
        env.ui.remark(&format!("{} sends it to them once more", job.resume_command()));
    }
}

fn tell_job(env: &Env, mut summary: Json, label: &str, settled: Settled, resolved: ResolvedAs) {
    let ui = &env.ui;
    let Settled { batches, targets } = settled;
    if matches!(ui.format, Format::Json | Format::Ndjson) {
        summary["resolved"] = json!({
            "as": resolved.key(),
            "batches": batches,
            "targets": targets,
        });
        ui.json(&summary);
    } else {
        let one = targets == 1 || targets == 0 && batches == 1;
        ui.sentence(&format!(
            "{}{} of {label} {} resolved as {}",
            // The number of targets of a request to everybody is unknown.
            if targets > 0 { format!("{} in ", counted(targets, "target")) } else { String::new() },
            counted(batches, "request"),
            if one { "is" } else { "are" },
            resolved.word()
        ));
    }
}
