//! Completion of values from the ledger.

use std::ops::ControlFlow;
use std::path::PathBuf;

use crate::cli::complete::offer::Offer;
use crate::ledger::{EntryStatus, Filter, Job, Ledger, LedgerEntry};
use crate::outcome::Verdict;
use crate::report::time;

/// How many entries of the ledger are offered: the latest ones.
const MOST_ENTRIES: usize = 30;

use crate::cli::complete::values::TypedLine;
/// The latest jobs of the ledger: by name, or by id if they have no name.
pub(super) fn jobs(line: &TypedLine, _: &str) -> Vec<Offer> {
    let (ledger, filter) = glance(line);
    let mut offers: Vec<Offer> = Vec::new();
    let take = &mut |job: Job| {
        let intent = &job.intent;
        let about = format!(
            "{} {} {} {}",
            time(intent.created_ms),
            intent.provider,
            intent.audience,
            job.state.word()
        );
        // A name stands for the latest job that has it.
        if !offers.iter().any(|offer| offer.value == job.label()) {
            offers.push(Offer::new(job.label(), about));
        }
        if offers.len() < MOST_ENTRIES { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    // If the ledger cannot be read, nothing is offered.
    let _ = ledger.map(|mut ledger| ledger.jobs(&filter, take));
    offers
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
pub(super) fn entries(line: &TypedLine, _: &str) -> Vec<Offer> {
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
    let offer = |entry: LedgerEntry| {
        let intent = &entry.intent;
        let about = format!(
            "{} {}/{} {} {}",
            time(intent.times.created_ms),
            intent.route.provider,
            intent.route.operation,
            intent.reach.audience,
            entry.status.word()
        );
        Offer::new(intent.id.to_string(), about)
    };
    entries.map(offer).collect()
}
