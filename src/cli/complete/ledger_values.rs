//! Completion of values from the ledger.

use std::ops::ControlFlow;
use std::path::PathBuf;

use uuid::Uuid;

use crate::cli::complete::offer::Offer;
use crate::cli::complete::values::TypedLine;
use crate::ledger::{EntryStatus, Filter, Job, Ledger, LedgerEntry};
use crate::outcome::Verdict;

/// How many entries of the ledger are offered: the latest ones.
const MOST_ENTRIES: usize = 30;

/// The latest jobs of the ledger: by name, or by id if they have no name.
pub(super) fn jobs(line: &TypedLine, typed: &str) -> Vec<Offer> {
    let (ledger, filter) = glance(line);
    // If the ledger cannot be read, nothing is offered.
    let Some(mut ledger) = ledger else { return Vec::new() };
    let mut jobs: Vec<Job> = Vec::new();
    let _ = ledger.jobs(&filter, &mut |job| {
        // A name stands for the latest job that has it.
        let name = &job.intent.name;
        if name.is_none() || !jobs.iter().any(|known| known.intent.name == *name) {
            jobs.push(job);
        }
        if jobs.len() < MOST_ENTRIES { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    let _ = ledger.tell_apart_jobs(&mut jobs);
    let local = line.env().local_time();
    let offer = |job: Job| {
        let intent = &job.intent;
        let about = format!(
            "{} {} {} {}",
            local.minute(intent.created_ms),
            intent.provider,
            intent.audience,
            job.state.word()
        );
        let name = intent.name.clone();
        Offer::new(name.unwrap_or_else(|| id(&job.short_id, intent.id, typed)), about)
    };
    jobs.into_iter().map(offer).collect()
}

/// The short form of an id, or all of it where it is that which the user types.
fn id(short: &str, id: Uuid, typed: &str) -> String {
    let whole = id.to_string();
    if whole.starts_with(typed) && !short.starts_with(typed) { whole } else { short.to_owned() }
}

/// The latest entries and jobs.
pub(super) fn entries_and_jobs(line: &TypedLine, typed: &str) -> Vec<Offer> {
    let mut offers = entries(line, typed);
    offers.extend(jobs(line, typed));
    offers
}

/// The ledger, if it can be read at once, and which part of it the line means.
fn glance(line: &TypedLine) -> (Option<Ledger>, Filter) {
    let env = line.env();
    let path = line.flag("--ledger").map(PathBuf::from).or_else(|| {
        let set = env.system.var("HERALD_LEDGER").filter(|path| !path.is_empty());
        set.map(PathBuf::from).or_else(|| Some(env.system.state_dir()?.join("ledger.db")))
    });
    let filter = Filter {
        realm: Some(crate::send::open_ledger::realm(line.is_sandbox())),
        provider: env.globals.provider.clone(),
        profile: env.globals.profile.clone(),
        limit: Some(MOST_ENTRIES),
        ..Filter::default()
    };
    (path.and_then(|path| Ledger::open_readonly(&path, env.system.now_ms())), filter)
}

/// The latest entries of the ledger; those of the sandbox if the line means it.
pub(super) fn entries(line: &TypedLine, typed: &str) -> Vec<Offer> {
    let (ledger, filter) = glance(line);
    let entries = ledger.and_then(|mut ledger| ledger.list(&filter).ok()).unwrap_or_default();
    // A rejected message cannot be recalled or changed.
    let wanted = |entry: &LedgerEntry| {
        let is_gone = [Verdict::Rejected, Verdict::Denied, Verdict::Unavailable]
            .into_iter()
            .any(|verdict| entry.status == EntryStatus::Decided(verdict));
        line.has("history") || !is_gone
    };
    let entries = entries.into_iter().filter(wanted);
    let local = line.env().local_time();
    let offer = |entry: LedgerEntry| {
        let intent = &entry.intent;
        let about = format!(
            "{} {}/{} {} {}",
            local.minute(intent.times.created_ms),
            intent.route.provider,
            intent.route.operation,
            intent.reach.audience,
            entry.status.word()
        );
        Offer::new(id(&entry.short_id, intent.id, typed), about)
    };
    entries.map(offer).collect()
}
