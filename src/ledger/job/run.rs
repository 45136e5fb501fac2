//! What whoever carries out a job does: plan, claim, commit, release.

use std::ops::RangeInclusive;

use uuid::Uuid;

use super::super::{Allowance, Bodies, CommitBounds, Ledger, Realm};
use super::seal;
use super::{
    Batch, BatchChange, BatchKey, BatchSeals, Job, JobIntent, JobState, JobTemplate, Opening,
    Permit, PlannedBatch,
};
use crate::error::{Error, ErrorKind, Result};
use crate::ledger::store::{JobQuery, WhichJob};

/// How often claiming is tried where others claim the same job at the same time.
const CLAIMS: usize = 5;

/// A job that is this writer's.
#[derive(Clone, Debug)]
pub struct Claim {
    /// The job as it is now.
    pub job: Job,
    /// How many batches a dead owner had begun: they are unknown now.
    pub orphaned: u64,
    /// How many unknown batches carry what the vendor tells repeats by.
    pub recognisable: u64,
}

impl Ledger {
    /// Writes down that a job is being planned. It is not listed, cannot be resumed, and is forgotten when its process
    /// dies.
    pub fn plan_job(&mut self, intent: &JobIntent) -> Result<()> {
        self.sweep_plans()?;
        self.store.plan_job(intent)
    }

    /// Adds what batches of a planned job have in common. The answer is its number.
    pub fn plan_template(&mut self, job: Uuid, template: &JobTemplate) -> Result<u32> {
        let body = (self.bodies == Bodies::Digested).then(|| template.body.clone());
        self.plan(job, template, body)
    }

    /// The same of a template whose secrets are not in it: `body` is the payload with them. Only this writer has it, and
    /// only it can carry out the job.
    pub fn plan_redacted_template(
        &mut self,
        job: Uuid,
        template: &JobTemplate,
        body: String,
    ) -> Result<u32> {
        self.plan(job, template, Some(body))
    }

    fn plan(&mut self, job: Uuid, template: &JobTemplate, held: Option<String>) -> Result<u32> {
        let number = self.store.plan_template(job, template, self.bodies)?;
        self.held.entry(job).or_default().push(held);
        Ok(number)
    }

    /// Adds batches to a planned job, all or none. They outlive a power cut only from [`Ledger::open_job`] on.
    pub fn plan_batches(&mut self, job: Uuid, batches: &[PlannedBatch]) -> Result<()> {
        self.store.plan_batches(job, batches)
    }

    /// Ends the planning: when this returns, the job with all its batches outlives a power cut, and can be resumed.
    pub fn open_job(&mut self, job: Uuid, opening: &Opening) -> Result<()> {
        self.store.open_job(job, opening, None).map(drop)
    }

    /// The same, unless another job with this fingerprint is at work, or reached somebody at this time or later: then
    /// nothing is opened, and the answer is that one. Of those who open the same at the same moment one does.
    pub fn open_fresh(
        &mut self,
        job: Uuid,
        opening: &Opening,
        since_ms: i64,
    ) -> Result<Option<Uuid>> {
        self.store.open_job(job, opening, Some(since_ms))
    }

    /// Forgets a job that this writer is still planning.
    pub fn discard_job(&mut self, job: Uuid) -> Result<()> {
        let found = self.job(job)?;
        if !found.planning {
            return Err(Error::new(
                ErrorKind::Ledger,
                format!("the job {job} is open, and is kept"),
            )
            .help("`herald history prune` removes old jobs"));
        }
        if found.owner.as_deref() != Some(self.store.me()) {
            return Err(refused(&found, "is planned elsewhere", "whoever plans it discards it"));
        }
        self.store.remove_job(&found).map(drop)
    }

    /// Makes a job this writer's own. Refuses one that another living writer owns, and one of which nothing is left to do.
    /// What a dead owner had begun becomes unknown. Does nothing where it is this writer's already.
    pub fn claim_job(&mut self, job: Uuid, now_ms: i64) -> Result<Claim> {
        self.now_ms = self.now_ms.max(now_ms);
        for _ in 0..CLAIMS {
            let found = self.job(job)?;
            let own = found.owner.as_deref() == Some(self.store.me());
            if found.planning {
                return Err(refused(&found, "is still being planned", "wait until it is open"));
            }
            if found.state.is_at_work() && !own {
                return Err(refused(
                    &found,
                    "is running elsewhere",
                    "wait for its end, or ask it to with `herald stop`",
                ));
            }
            let Some(orphaned) = self.store.claim_job(job, found.owner.as_deref(), now_ms)? else {
                continue;
            };
            let recognisable = self.store.recognisable(job)?;
            let found = self.job(job)?;
            if found.batches.planned + found.batches.sending + recognisable == 0 {
                self.store.release_job(job, now_ms)?;
                return Err(refused(
                    &found,
                    "has nothing left to do",
                    "`herald history show` tells what became of it",
                ));
            }
            return Ok(Claim { job: found, orphaned, recognisable });
        }
        Err(Error::new(ErrorKind::Ledger, format!("others keep claiming the job {job}"))
            .help("try again"))
    }

    /// Adds guards to those that `--override` passed for a job.
    pub fn add_overrides(&mut self, job: Uuid, guards: &[String]) -> Result<()> {
        self.store.add_overrides(job, guards)
    }

    /// Whether every batch of a job is there that was there when it was sealed.
    pub fn has_all_batches(&mut self, job: Uuid) -> Result<bool> {
        self.store.has_all_batches(job)
    }

    /// What gives the seals that a batch of a job as it was read would bear; none without a key.
    pub fn seals_of(&self, job: Uuid) -> impl Fn(&Batch) -> Option<BatchSeals> + use<> {
        let key = self.seal_key.clone();
        move |batch| {
            let key = key.as_ref()?;
            let Batch { key: number, template, ids, vars, dedupe_id, .. } = batch;
            let content = (*template, ids.as_slice(), vars.as_deref());
            let of_id = |id: &String| seal::of_dedupe_id(key, job, number.0, id).finish_short();
            Some(BatchSeals {
                number: number.0,
                batch: seal::of_batch(key, job, number.0, content).finish_short(),
                dedupe_id: dedupe_id.as_ref().map(of_id),
            })
        }
    }

    /// Seals a job anew as it was read, with these of its batches, after a person has decided to go on with it. What the
    /// opening says takes the place of what the job said of itself. An error where it has changed since it was read.
    pub fn reseal_job(
        &mut self,
        seen: &Job,
        opening: &Opening,
        batches: &[BatchSeals],
    ) -> Result<()> {
        self.store.reseal_job(seen, opening, batches)
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

    /// Planned batches in their order, after one or from the first on.
    pub fn next_batches(
        &mut self,
        job: Uuid,
        after: Option<BatchKey>,
        count: usize,
    ) -> Result<Vec<Batch>> {
        self.store.planned(job, after, count)
    }

    /// The last batch of a job, whatever became of it; parts of what is cut come behind it.
    pub fn last_batch(&mut self, job: Uuid) -> Result<Option<BatchKey>> {
        self.store.last(job)
    }

    /// Changes batches of a job that is this writer's, all or none, in one transaction that outlives a power cut. Where
    /// the job was asked to stop, or the disk is full, what is to begin is left as it was.
    pub fn commit(&mut self, job: Uuid, changes: &[BatchChange]) -> Result<Permit> {
        self.commit_within(job, changes, &[])
    }

    /// The same; and what is to begin is left as it was, too, where it would exceed an allowance.
    pub fn commit_within(
        &mut self,
        job: Uuid,
        changes: &[BatchChange],
        allowances: &[Allowance],
    ) -> Result<Permit> {
        self.commit_sharing(job, changes, CommitBounds { allowances, claim: None })
    }

    /// The same; and what is to begin is left as it was, too, where a shared rate limit has no room for it yet.
    pub fn commit_sharing(
        &mut self,
        job: Uuid,
        changes: &[BatchChange],
        bounds: CommitBounds<'_>,
    ) -> Result<Permit> {
        self.store.commit(job, changes, bounds, self.bodies)
    }

    /// What there was no room for when a commit answered [`Permit::NoRoom`]: file and reason, for people.
    pub fn no_room(&self) -> Option<&str> {
        self.store.no_room()
    }

    /// Asks whoever works on a job to stop before its next batch. The answer is the job as it is then: one at which nobody
    /// is at work is left alone.
    pub fn ask_to_stop(&mut self, job: Uuid, now_ms: i64) -> Result<Job> {
        let found = self.job(job)?;
        if found.state != JobState::Running {
            return Ok(found);
        }
        self.store.stop_job(job, now_ms)?;
        self.job(job)
    }

    /// Leaves a job. What was begun and has no verdict is unknown then.
    pub fn release_job(&mut self, job: Uuid, now_ms: i64) -> Result<()> {
        self.store.release_job(job, now_ms)
    }

    /// Forgets jobs whose planning process has died. Others may sweep at the same moment, and one of them may be planning
    /// the same job anew already: what is no longer as it was seen is theirs.
    fn sweep_plans(&mut self) -> Result<()> {
        let mut dead = Vec::new();
        self.each_job(&JobQuery::of(WhichJob::Planning), &mut |job, alive| {
            if !alive {
                dead.push(job);
            }
            std::ops::ControlFlow::Continue(())
        })?;
        dead.iter().try_for_each(|job| self.store.remove_job(job).map(drop))
    }
}

/// Why a job cannot be worked on.
fn refused(job: &Job, why: &str, help: &str) -> Error {
    let realm = match job.intent.realm {
        Realm::Real => "",
        Realm::Sandbox => " of the sandbox",
    };
    Error::input(format!("the job {}{realm} {why}", job.label())).help(help)
}
