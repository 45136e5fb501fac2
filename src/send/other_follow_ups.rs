//! Follow-ups of the same command on the same messages: two of them at once would do the same twice.

use std::collections::HashSet;
use std::ops::ControlFlow;

use uuid::Uuid;

use crate::contract::{Contract, Effect, Operation, Verb};
use crate::error::{Error, Result};
use crate::ledger::{EntryStatus, Filter, Job, JobState, Ledger, OtherFollowUps, Realm};
use crate::report::counted;
use crate::send::followed;
use crate::text::suggest;

/// What there was before a command looked at what was done with messages.
#[derive(Debug, Default)]
pub(crate) struct FollowUpLook {
    /// The entries and jobs that the command is about, each once.
    pub(crate) about: Vec<Uuid>,
    /// Entries and jobs of the same command that were not under way.
    seen: HashSet<Uuid>,
    /// The operations of the command.
    operations: Vec<&'static str>,
}

impl FollowUpLook {
    /// To be taken before the other look: what begins between the two is seen by at least one of them.
    pub(crate) fn take(
        ledger: &mut Ledger,
        (realm, contract, verb): (Realm, &Contract, Verb),
        all: impl IntoIterator<Item = Uuid>,
    ) -> Result<Self> {
        let (mut known, mut seen) = (HashSet::new(), HashSet::new());
        let about: Vec<Uuid> = all.into_iter().filter(|id| known.insert(*id)).collect();
        for id in &about {
            let entries = ledger.follow_ups(*id)?.into_iter();
            let ended = entries.filter(|entry| entry.status != EntryStatus::Sending);
            seen.extend(ended.map(|entry| entry.intent.id));
        }
        let filter = Filter { realm: Some(realm), ..Filter::default() };
        ledger.jobs(&filter, &mut |job| {
            if job.intent.verb == verb.word() && !job.state.is_at_work() {
                seen.insert(job.intent.id);
            }
            ControlFlow::Continue(())
        })?;
        let destroys =
            |row: &&Operation| row.effect == Effect::Destroys && row.verbs.contains(&verb);
        let operations = contract.operations.iter().filter(destroys).map(|row| row.id).collect();
        Ok(Self { about, seen, operations })
    }

    /// What would be in the way of a request about some of them.
    pub(crate) fn others<'a>(&'a self, about: &'a [Uuid]) -> OtherFollowUps<'a> {
        let Self { seen, operations, .. } = self;
        OtherFollowUps { about, seen, operations, about_of: followed::about }
    }
}

/// The refusal since this entry or job does the same, or has just done it.
pub(crate) fn in_the_way(ledger: &mut Ledger, verb: Verb, other: Uuid) -> Result<Error> {
    let label = ledger.label(other)?;
    if let Some(entry) = ledger.maybe_entry(other)? {
        return Ok(match entry.status {
            EntryStatus::Sending => request_at_work(verb, &label),
            EntryStatus::Decided(_) => ended_just_now(verb, label),
        });
    }
    let job = ledger.job(other)?;
    Ok(if job.state.is_at_work() {
        at_work(verb, label)
    } else if job.state != JobState::Finished {
        has_some_left(verb, &job)
    } else {
        ended_just_now(verb, label)
    })
}

/// The refusal since a job is at work.
pub(crate) fn at_work(verb: Verb, label: String) -> Error {
    Error::input(format!("the {} {label} is running on the same messages", verb.word()))
        .help(format!("{} stops it before its next request", suggest("stop").arg(label)))
}

/// The refusal since a request is under way.
pub(crate) fn request_at_work(verb: Verb, label: &str) -> Error {
    Error::input(format!("the {} {label} of the same message is under way", verb.word()))
        .help(format!("nothing was sent; {} tells how it ends", suggest("history show").arg(label)))
}

/// The refusal since a job that was halted is about some of the same messages.
pub(crate) fn has_some_left(verb: Verb, job: &Job) -> Error {
    Error::input(format!(
        "the {} {} is about some of the same messages, and has {} left",
        verb.word(),
        job.label(),
        counted(job.counts().planned, "target")
    ))
    .help(format!("{} continues it", job.resume_command()))
}

fn ended_just_now(verb: Verb, label: String) -> Error {
    Error::input(format!(
        "the {} {label} was about the same messages, and ended just now",
        verb.word()
    ))
    .help(format!("nothing was sent; {} tells what it did", suggest("history show").arg(label)))
}
