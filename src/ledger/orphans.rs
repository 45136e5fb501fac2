//! Who is at work, who owns a job, and what a process left behind that a crash or a kill has ended.

use std::collections::HashMap;
use std::ops::{ControlFlow, RangeInclusive};

use uuid::Uuid;

use super::query::{EntryQuery, JobQuery, WhichJob};
use super::{Job, JobEnd, JobState, Ledger, LedgerEntry, NotAccepted, Realm, Settled};
use crate::error::{Error, ErrorKind, Result};
use crate::text::suggest;

/// How long after its deadline an entry still counts as being sent, where it cannot be told whether its process lives.
const DEADLINE_GRACE_MS: i64 = 10_000;

/// How long after its last sign of life an owner still counts as living, where it cannot be told whether it does.
const OWNER_LEASE_MS: i64 = 5 * 60_000;

/// How often claiming is tried where others claim the same job at the same time.
const CLAIM_TRIES: usize = 5;

/// Owners of jobs in a store.
pub(super) trait OwnerStore {
    /// Changes the status of a job, where its owner is still the one that was seen; `None` where it is not. What an owner
    /// that is taken off had begun becomes unknown. A claim of what is this writer's already changes nothing.
    fn change_status(
        &mut self,
        job: Uuid,
        seen: Option<&str>,
        change: StatusChange<'_>,
    ) -> Result<Option<Orphans>>;

    /// Plans unknown batches of a template again that carry what the vendor tells repeats by and whose first attempt
    /// began in this time. The answer is how many. An error where this writer is not the owner.
    fn requeue(
        &mut self,
        job: Uuid,
        template: u32,
        started_ms: &RangeInclusive<i64>,
    ) -> Result<u64>;
}

/// How the status of a job changes. Times are in milliseconds since 1970.
#[derive(Clone, Copy, Debug)]
pub(super) enum StatusChange<'a> {
    /// This writer owns it from this time on, and no stop is asked for any more.
    Claim { now_ms: i64 },
    /// It has no owner from this time on; `None` where the owner died, at a time that is not known. How its run ended, and
    /// what halted it, in words.
    Release { ended_ms: Option<i64>, how: Option<JobEnd>, why: Option<&'a str> },
    /// Its owner is asked to stop.
    Stop { asked_ms: i64 },
}

/// What happened to batches that were begun or may have arrived before, when the owner of a job changed.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Orphans {
    /// How many became unknown.
    pub(super) batches: u64,
    /// How many unknown batches of the job carry what the vendor tells repeats by. Counted for a claim only.
    pub(super) recognisable: u64,
}

/// This writer of a store, and what tells about others. A store comes with it.
pub(super) struct Writers {
    /// This writer, as jobs name their owners.
    pub(super) me: String,
    /// Whether a writer, as entries and jobs name it, is at work.
    pub(super) liveness: Box<dyn Fn(&str) -> Liveness + Send>,
}

/// Whether a writer is still at work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Liveness {
    /// It is.
    Alive,
    /// It has ended, one way or another.
    Gone,
    /// It cannot be told: a deadline decides.
    CannotTell,
}

/// Writers. Each is asked about once.
struct KnownWriters<'a> {
    writers: &'a Writers,
    known: HashMap<String, Liveness>,
}

impl<'a> KnownWriters<'a> {
    fn of(writers: &'a Writers) -> Self {
        Self { writers, known: HashMap::new() }
    }

    fn is_alive(&mut self, writer: &str, before_deadline: bool) -> bool {
        let Self { writers, known } = self;
        let ask =
            || if writer == writers.me { Liveness::Alive } else { (writers.liveness)(writer) };
        match *known.entry(writer.to_owned()).or_insert_with(ask) {
            Liveness::Alive => true,
            Liveness::Gone => false,
            Liveness::CannotTell => before_deadline,
        }
    }
}

/// A job that is this writer's.
#[derive(Clone, Debug)]
pub struct Claim {
    /// The job as it is now.
    pub job: Job,
    /// How many batches a dead owner had begun: they are unknown now.
    pub orphaned: u64,
    /// How many unknown batches carry what the vendor tells repeats by.
    pub recognisable: u64,
    /// How much is planned again that people resolved as not accepted.
    pub again: Settled,
}

impl Ledger {
    /// Makes a job this writer's own. Refuses one that another living writer owns, and one with nothing left to do.
    /// What a dead owner had begun becomes unknown. Does nothing where it is this writer's already.
    pub fn claim_job(&mut self, job: Uuid, now_ms: i64) -> Result<Claim> {
        self.claim_to_send_again(job, now_ms, &[])
    }

    /// The same, and plans again what people resolved as not accepted, where that is still as it was read: these targets,
    /// and no others. Those of them that have not begun when the job is left are resolved as not accepted again.
    pub fn claim_to_send_again(
        &mut self,
        job: Uuid,
        now_ms: i64,
        these: &[NotAccepted],
    ) -> Result<Claim> {
        self.now_ms = self.now_ms.max(now_ms);
        for _ in 0..CLAIM_TRIES {
            let found = self.job(job)?;
            if found.planning {
                return Err(refused(&found, "is still being planned", "wait until it is open"));
            }
            if found.state.is_at_work() && found.owner.as_ref() != Some(&self.writers.me) {
                let stop = suggest("stop").arg(found.label());
                let help = format!("wait for its end, or ask it to with {stop}");
                return Err(refused(&found, "is running elsewhere", &help));
            }
            let claim = StatusChange::Claim { now_ms };
            let claimed = self.store.change_status(job, found.owner.as_deref(), claim)?;
            let Some(Orphans { batches, recognisable }) = claimed else { continue };
            let again = if these.is_empty() {
                Settled::default()
            } else {
                match self.store.plan_not_accepted(job, these) {
                    Ok(again) => again,
                    Err(error) => {
                        let _ = self.release_job(job, now_ms);
                        return Err(error);
                    }
                }
            };
            let found = self.job(job)?;
            if found.batches.planned + found.batches.sending + recognisable == 0 {
                self.release_job(job, now_ms)?;
                return Err(refused(
                    &found,
                    "has nothing left to do",
                    "`history show` tells what happened to it",
                ));
            }
            return Ok(Claim { job: found, orphaned: batches, recognisable, again });
        }
        Err(Error::new(ErrorKind::Ledger, format!("others keep claiming the job {job}"))
            .help("retry"))
    }

    /// Asks the owner of a job to stop before its next batch. The answer is the job at the moment when it is asked, not
    /// later: a quick owner may have stopped by then. One that no process works on is left alone.
    pub fn ask_to_stop(&mut self, job: Uuid, now_ms: i64) -> Result<Job> {
        loop {
            let mut found = self.job(job)?;
            if found.state != JobState::Running {
                return Ok(found);
            }
            // Another writer may have taken over between the two: then that one is asked.
            let stop = StatusChange::Stop { asked_ms: now_ms };
            if self.store.change_status(job, found.owner.as_deref(), stop)?.is_some() {
                found.state = JobState::Stopping;
                return Ok(found);
            }
        }
    }

    /// Leaves a job. What was begun and has no verdict is unknown then.
    pub fn release_job(&mut self, job: Uuid, now_ms: i64) -> Result<()> {
        self.leave_job(job, now_ms, None, None)
    }

    /// The same, and notes how the run ended, and what halted it, in words.
    pub fn end_job(
        &mut self,
        job: Uuid,
        now_ms: i64,
        how: JobEnd,
        why: Option<&str>,
    ) -> Result<()> {
        self.leave_job(job, now_ms, Some(how), why)
    }

    fn leave_job(
        &mut self,
        job: Uuid,
        now_ms: i64,
        how: Option<JobEnd>,
        why: Option<&str>,
    ) -> Result<()> {
        let release = StatusChange::Release { ended_ms: Some(now_ms), how, why };
        let released = self.store.change_status(job, Some(&self.writers.me), release)?;
        released.map(drop).ok_or_else(|| not_own(job))
    }

    /// Plans unknown batches again that carry what the vendor tells repeats by and whose first attempt began in this time,
    /// in milliseconds since 1970: the vendor would recognise the repeat. The answer is how many.
    pub fn requeue_doubtful(
        &mut self,
        job: Uuid,
        template: u32,
        started_ms: &RangeInclusive<i64>,
    ) -> Result<u64> {
        self.store.requeue(job, template, started_ms)
    }

    /// Forgets jobs whose planning process has died. Others may do so at the same moment, and one of them may be planning
    /// the same job again already: what is no longer as it was seen is theirs.
    pub(super) fn forget_dead_plans(&mut self) -> Result<()> {
        let mut dead = Vec::new();
        self.each_job(&JobQuery::of(WhichJob::Planning), &mut |job, alive| {
            if !alive {
                dead.push(job);
            }
            ControlFlow::Continue(())
        })?;
        self.store.remove(&[], &dead).map(drop)
    }

    /// Hands over each entry with its status: one without an ending is being sent while its process lives, and unknown
    /// afterwards.
    pub(super) fn each_entry(
        &mut self,
        query: &EntryQuery,
        take: &mut dyn FnMut(LedgerEntry) -> ControlFlow<()>,
    ) -> Result<()> {
        let now_ms = self.now_ms;
        let mut writers = KnownWriters::of(&self.writers);
        self.store.entries(query, &mut |mut entry| {
            let deadline_ms = entry.intent.times.deadline_ms.saturating_add(DEADLINE_GRACE_MS);
            let alive = entry.ending.is_none()
                && match entry.writer.as_deref() {
                    None => now_ms <= deadline_ms,
                    Some(writer) => writers.is_alive(writer, now_ms <= deadline_ms),
                };
            entry.status = entry.status_if(alive);
            take(entry)
        })
    }

    /// Hands over each job with its state, and with whether its owner lives.
    pub(super) fn each_job(
        &mut self,
        query: &JobQuery,
        take: &mut dyn FnMut(Job, bool) -> ControlFlow<()>,
    ) -> Result<()> {
        let now_ms = self.now_ms;
        let mut writers = KnownWriters::of(&self.writers);
        self.store.jobs(query, &mut |mut job| {
            let lease_ms = job.active_ms.saturating_add(OWNER_LEASE_MS);
            let owner = job.owner.as_deref();
            let alive = owner.is_some_and(|owner| writers.is_alive(owner, now_ms <= lease_ms));
            job.settle(alive);
            take(job, alive)
        })
    }
}

/// Why a job cannot be worked on.
pub(super) fn refused(job: &Job, why: &str, help: &str) -> Error {
    let realm = match job.intent.realm {
        Realm::Real => "",
        Realm::Sandbox => " of the sandbox",
    };
    Error::input(format!("the job {}{realm} {why}", job.label())).help(help)
}

/// The error of a writer that works on a job of another.
pub(super) fn not_own(job: Uuid) -> Error {
    Error::new(ErrorKind::Ledger, format!("the job {job} is not this process's own"))
        .help("another herald has claimed it; nothing more is sent from here")
}
