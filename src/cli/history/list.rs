//! `history` and `history list`: what was sent, latest first, and the targets of a job.

use std::ops::ControlFlow;

use clap::ValueEnum;
use serde_json::{Value as Json, json};

use crate::broadcast::job::{TargetListing, failed_targets, list_targets};
use crate::cli::args::parse_job;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::ledger::{EntryStatus, Filter, Job, Ledger, Realm};
use crate::near::did_you_mean;
use crate::report::history_item::HistoryItem;
use crate::report::{FollowUpMarks, Format, listing, marked};
use crate::send::followed::{self, Marked};
use crate::send::history_search::{FoundItem, HistorySearch, mark_targets};
use crate::send::named::{NamePurpose, job_called};
use crate::send::open_ledger::{
    SENT_BY_OTHERS, in_other_part, known_names, ledger_to_look, realm_of,
};
use crate::send::options::SendOptions;
use crate::text::times::Moment;

/// Flags of `history` and `history list`.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct ListArgs {
    /// Only what had this outcome
    ///
    /// One of accepted, rejected, unavailable, unknown, partial, sending.
    #[arg(long, value_name = "OUTCOME")]
    outcome: Option<String>,
    /// Only what was sent since: 2h, 3d, 2026-05-01
    ///
    /// It takes how long ago: numbers with s, m, h, d or w, as 30m, 2d or 1d12h. It takes a day or a time in local time:
    /// 2026-05-01 or 2026-05-01T08:00. And it takes a time of a zone: 2026-05-01T08:00:00Z or
    /// 2026-05-01T08:00:00+08:00. `--since 1d` is the last 24 hours.
    #[arg(long, value_name = "TIME", value_parser = Moment::parse)]
    since: Option<Moment>,
    /// Only this job
    ///
    /// JOB is its name, its id, or a part of the id.
    #[arg(long, value_name = "JOB", value_parser = parse_job)]
    job: Option<String>,
    /// Only what was certainly not accepted
    ///
    /// That is rejected, unavailable, or resolved as not accepted. What a job has not sent yet is left to `broadcast
    /// --resume`; it is listed only where the job cannot be resumed.
    #[arg(long)]
    failed: bool,
    /// List the targets of a job, one a line
    ///
    /// `targets` has the format that --targets takes. If the texts of the job differ from target to target, each line is
    /// NDJSON and has the values, too. `names` has the targets alone. Without --job, the latest job.
    #[arg(long = "as", value_name = "LIST")]
    listed: Option<Listed>,
    /// Only what went to this target
    ///
    /// Also as one of the targets of a job, with the outcome for it. Without KIND, targets of any kind.
    #[arg(long, value_name = "[KIND:]ID", conflicts_with = "listed")]
    to: Option<String>,
    /// Only what has this in its text
    ///
    /// In the text as its targets got it, with the values of each of them. Upper and lower case are the same.
    #[arg(long, value_name = "PART", conflicts_with = "listed")]
    text: Option<String>,
    /// List at most this many entries [default: 20]
    ///
    /// All targets of an entry are listed.
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
}

/// How many are listed by default.
const LIMIT: usize = 20;

impl ListArgs {
    /// The first of its flags that the user gave.
    pub(super) fn first_given(&self) -> Option<&'static str> {
        let Self { outcome, since, job, failed, listed, to, text, limit } = self;
        let given = [
            ("--outcome", outcome.is_some()),
            ("--since", since.is_some()),
            ("--job", job.is_some()),
            ("--failed", *failed),
            ("--as", listed.is_some()),
            ("--to", to.is_some()),
            ("--text", text.is_some()),
            ("--limit", limit.is_some()),
        ];
        given.into_iter().find(|(_, given)| *given).map(|(flag, _)| flag)
    }

    /// These flags, with missing ones taken from `others`: they may be before `list` or after it.
    pub(super) fn or(&self, others: &Self) -> Self {
        Self {
            outcome: self.outcome.clone().or_else(|| others.outcome.clone()),
            since: self.since.or(others.since),
            job: self.job.clone().or_else(|| others.job.clone()),
            failed: self.failed || others.failed,
            listed: self.listed.or(others.listed),
            to: self.to.clone().or_else(|| others.to.clone()),
            text: self.text.clone().or_else(|| others.text.clone()),
            limit: self.limit.or(others.limit),
        }
    }
}

/// What is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Listed {
    /// One target a line, with the values of its text if the texts differ.
    Targets,
    /// One target a line, and nothing else.
    Names,
}

/// Lists.
pub(super) fn list(env: &Env, place: &SendOptions, flags: &ListArgs) -> Result<Exit> {
    let wanted = flags.outcome.as_deref().map(status).transpose()?;
    let search = HistorySearch::new(flags.to.as_deref(), flags.text.as_deref())?;
    let limit = flags.limit.unwrap_or(LIMIT);
    let mut ledger = ledger_to_look(env, place)?;
    known_names(env, &mut ledger)?;
    let realm = realm_of(env, place.sandbox);
    let filter = Filter {
        realm: Some(realm),
        provider: env.globals.provider.clone(),
        profile: env.globals.profile.clone(),
        status: wanted,
        failed: flags.failed,
        since_ms: flags
            .since
            .map(|since| since.at_ms(env.system.now_ms(), &env.system.time_zone())),
        limit: (!search.is_on()).then_some(limit),
    };
    if let Some(listed) = flags.listed {
        let job = match &flags.job {
            Some(job) => job_called(env, &mut ledger, realm, job, NamePurpose::Look)?,
            None => latest(&mut ledger, &Filter { status: None, failed: false, ..filter })?,
        };
        let names_alone = listed == Listed::Names;
        let listing = TargetListing { outcome: wanted, failed: flags.failed, names_alone };
        return list_targets(env, &mut ledger, &job, &listing);
    }
    let items = match &flags.job {
        Some(job) => {
            let job = job_called(env, &mut ledger, realm, job, NamePurpose::Look)?;
            let wanted = filter.holds(job.status()) || flags.failed && failed_targets(&job) > 0;
            if wanted { vec![of_job(&mut ledger, job)?] } else { Vec::new() }
        }
        None => items(&mut ledger, &filter)?,
    };
    let mut found = search.among(env, &mut ledger, items, limit)?;
    if flags.to.is_some() {
        mark_targets(&mut ledger, realm, &mut found)?;
    }
    let globals = &env.globals;
    let named = search.is_on()
        || globals.provider.is_some()
        || globals.profile.is_some()
        || flags.job.is_some();
    let filtered = named || wanted.is_some() || flags.failed || flags.since.is_some();
    let marked: Vec<Marked<'_>> = found.iter().map(|found| found.item.marked()).collect();
    let marks = followed::marks(&mut ledger, realm, &marked)?;
    let others = match found.is_empty() {
        true if realm == Realm::Sandbox => Some(SENT_BY_OTHERS.to_owned()),
        true => in_other_part(&mut ledger, realm, "history")?,
        false => None,
    };
    tell(env, &found, &marks, (filtered, realm == Realm::Sandbox, others));
    Ok(Exit::Done)
}

fn tell(
    env: &Env,
    items: &[FoundItem],
    marks: &[FollowUpMarks],
    (filtered, sandbox, others): (bool, bool, Option<String>),
) {
    let (ui, local) = (&env.ui, env.local_time());
    let summaries = || items.iter().zip(marks).map(|(found, marks)| found.summary(marks));
    match ui.format {
        Format::Json => {
            ui.json(&json!({"version": 1, "entries": summaries().collect::<Json>()}));
        }
        Format::Ndjson => summaries().for_each(|summary| ui.json(&summary)),
        _ if items.is_empty() => {
            let found = match (filtered, sandbox) {
                (true, _) => "nothing matches",
                (false, false) => "nothing was sent yet",
                (false, true) => "nothing was sent with --sandbox yet",
            };
            let others = others.map(|others| format!("; {others}")).unwrap_or_default();
            ui.remark(&format!("{found}{others}"));
        }
        _ => {
            let outcome = marked("outcome", sandbox);
            let headers = ["sent", "what", &outcome, "operation", "to", "ids", "ledger id"];
            let row = |(found, marks): (&FoundItem, _)| found.row(marks, &local);
            let rows: Vec<Vec<String>> = items.iter().zip(marks).map(row).collect();
            ui.line(listing(ui, &headers, &rows, &["ids", "operation"]).trim_end());
        }
    }
}

/// Entries and jobs together, latest first.
fn items(ledger: &mut Ledger, filter: &Filter) -> Result<Vec<HistoryItem>> {
    let limit = filter.limit.unwrap_or(usize::MAX);
    let entries = ledger.list(filter)?.into_iter().map(|entry| HistoryItem::Entry(Box::new(entry)));
    let mut items: Vec<HistoryItem> = entries.collect();
    let mut jobs = Vec::new();
    ledger.jobs(filter, &mut |job| {
        let certain = filter.status.is_none() && filter.failed && failed_targets(&job) > 0;
        if jobs.len() < limit && (certain || filter.holds(job.status())) {
            jobs.push(job);
        }
        if jobs.len() < limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    if !jobs.is_empty() {
        ledger.tell_apart_jobs(&mut jobs)?;
        for job in jobs {
            items.push(of_job(ledger, job)?);
        }
        items.sort_by_key(|item| std::cmp::Reverse(item.created_ms()));
    }
    items.truncate(limit);
    Ok(items)
}

fn of_job(ledger: &mut Ledger, job: Job) -> Result<HistoryItem> {
    let only = ledger.only_ending(&job)?;
    Ok(HistoryItem::Job(Box::new(job), only.map(Box::new)))
}

/// The latest job.
fn latest(ledger: &mut Ledger, filter: &Filter) -> Result<Job> {
    let mut latest = None;
    ledger.jobs(filter, &mut |job| {
        latest = Some(job);
        ControlFlow::Break(())
    })?;
    latest.ok_or_else(|| {
        Error::usage("there is no job whose targets could be listed")
            .help("a `broadcast` over a list makes one; `herald history` lists what there is")
    })
}

/// The status that `--outcome` names.
fn status(word: &str) -> Result<EntryStatus> {
    EntryStatus::from_word(word).ok_or_else(|| {
        let words = EntryStatus::ALL.map(EntryStatus::word);
        let help = did_you_mean(word, words)
            .unwrap_or_else(|| format!("the outcomes are {}", words.join(", ")));
        Error::usage(format!("there is no outcome `{word}`")).help(help)
    })
}
