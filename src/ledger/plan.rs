//! A job on its way from a list to batches that can be sent: planned, opened, and changed before it goes on.

use uuid::Uuid;

use super::orphans::refused;
use super::{
    BatchSeals, Bodies, ConflictingJob, Job, JobIntent, JobTemplate, Ledger, Opening, PlannedBatch,
};
use crate::error::{Error, ErrorKind, Result};

/// Jobs that are planned, in a store.
pub(super) trait PlanStore {
    /// Adds a job that is being planned, with this writer as its owner. An error where it is there already.
    fn plan_job(&mut self, intent: &JobIntent) -> Result<()>;

    /// Adds templates and batches behind those of a job that this writer is planning. They are numbered in the order in
    /// which they are added, templates from 0 and batches from 1. They may be lost in a power cut until the job is
    /// opened.
    fn plan(
        &mut self,
        job: Uuid,
        templates: &[JobTemplate],
        batches: &[PlannedBatch],
    ) -> Result<()>;

    /// Ends the planning, seals the job, and makes all of it durable. Where there is such a rival, nothing changes, and the
    /// answer is that one. Looking for it and opening the job are one step for all writers.
    fn open_job(
        &mut self,
        job: Uuid,
        opening: &Opening,
        rival: Option<ConflictingJob<'_>>,
    ) -> Result<Option<Uuid>>;

    /// Changes what the opening said of a job that is as it was seen; an error where it is not. With seals of batches, it is
    /// sealed again as it is now, and those batches bear these. Without, it is sealed only where it bore its seal.
    fn amend_job(
        &mut self,
        seen: &Job,
        opening: &Opening,
        seals: Option<&[BatchSeals]>,
    ) -> Result<()>;
}

impl Ledger {
    /// Writes down that a job is being planned. It is not listed, cannot be resumed, and is forgotten when its process
    /// dies.
    pub fn plan_job(&mut self, intent: &JobIntent) -> Result<()> {
        self.forget_dead_plans()?;
        self.store.plan_job(intent)?;
        self.held.insert(intent.id, Vec::new());
        Ok(())
    }

    /// Adds what batches of a planned job have in common. The answer is its number.
    pub fn plan_template(&mut self, job: Uuid, template: &JobTemplate) -> Result<u32> {
        let body = (self.settings.bodies == Bodies::Digested).then(|| template.body.clone());
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
        self.store.plan(job, std::slice::from_ref(template), &[])?;
        let all = self.held.entry(job).or_default();
        all.push(held);
        Ok(u32::try_from(all.len() - 1).unwrap_or(u32::MAX))
    }

    /// Adds batches to a planned job, all or none. They outlive a power cut only from [`Ledger::open_job`] on.
    pub fn plan_batches(&mut self, job: Uuid, batches: &[PlannedBatch]) -> Result<()> {
        self.store.plan(job, &[], batches)
    }

    /// Ends the planning: when this returns `None`, the job with all its batches outlives a power cut, and can be resumed.
    /// Where there is such a rival, nothing is opened, and the answer is that one. Of those that open the same at the same
    /// moment one does.
    pub fn open_job(
        &mut self,
        job: Uuid,
        opening: &Opening,
        rival: Option<ConflictingJob<'_>>,
    ) -> Result<Option<Uuid>> {
        self.store.open_job(job, opening, rival)
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
        if found.owner.as_ref() != Some(&self.writers.me) {
            return Err(refused(&found, "is planned elsewhere", "whoever plans it discards it"));
        }
        self.store.remove(&[], std::slice::from_ref(&found)).map(drop)
    }

    /// Adds guards to those that `--override` passed for a job, each once.
    pub fn add_overrides(&mut self, job: Uuid, guards: &[String]) -> Result<()> {
        let seen = self.stored_job(job)?;
        let mut opening = Opening::of(&seen.intent);
        for guard in guards {
            if !opening.overrides.contains(guard) {
                opening.overrides.push(guard.clone());
            }
        }
        self.store.amend_job(&seen, &opening, None)
    }

    /// Whether every batch of a job is there that was there when it was sealed. Gaps between them are told by whatever reads
    /// its batches.
    pub fn has_all_batches(&mut self, job: Uuid) -> Result<bool> {
        let Job { last, sealed_batches, .. } = self.stored_job(job)?;
        Ok(sealed_batches <= last.map(|last| last.number()).or(Some(0)))
    }

    /// Seals a job again as it was read, with these of its batches, after a person has decided to go on with it. What the
    /// opening says takes the place of what the job said of itself. An error where it has changed since it was read.
    pub fn reseal_job(
        &mut self,
        seen: &Job,
        opening: &Opening,
        batches: &[BatchSeals],
    ) -> Result<()> {
        self.store.amend_job(seen, opening, Some(batches))
    }
}
