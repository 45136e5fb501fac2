//! What can be asked about jobs, and about what went out before.

use std::collections::HashMap;
use std::ops::ControlFlow;

use uuid::Uuid;

use super::super::{Ending, Ledger, Realm, SHORTEST_PREFIX};
use super::{BatchFilter, BatchKey, Job, JobBatch, TargetState};
use crate::error::{Error, Result};
use crate::ledger::store::{JobQuery, Liveness, Which, WhichJob};
use crate::ledger::{Filter, LedgerEntry};
use crate::near::did_you_mean;
use crate::outcome::Verdict;

/// How long after its last sign of life an owner still counts as living, where nobody can tell whether it does.
const LEASE_MS: i64 = 5 * 60_000;

/// The last job of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastJob {
    /// Its id.
    pub id: Uuid,
    /// When it was made, in milliseconds since 1970.
    pub created_ms: i64,
    /// How many targets it has.
    pub targets: u64,
}

/// An entry or a job that sent the same to the same audience, or may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EarlierSend {
    /// Its id.
    pub id: Uuid,
    /// Whether it is a job.
    pub is_job: bool,
    /// When it went out last, in milliseconds since 1970.
    pub sent_ms: i64,
    /// The word of its outcome, or of the job's state.
    pub standing: &'static str,
    /// Whether somebody certainly got it.
    pub certain: bool,
}

/// Which calls count against a quota.
#[derive(Clone, Copy, Debug)]
pub struct QuotaCall<'a> {
    /// Of this realm.
    pub realm: Realm,
    /// To this provider.
    pub provider: &'a str,
    /// About this app.
    pub app: &'a str,
    /// Of one of these operations.
    pub operations: &'a [&'a str],
    /// Whether only those to everybody are meant.
    pub to_all: bool,
    /// Begun at this time or later, in milliseconds since 1970.
    pub since_ms: i64,
}

/// How many entries with ids that begin alike are named.
const MOST_NAMED: usize = 10;

/// What an id in the ledger stands for.
pub(in crate::ledger) enum LedgerSubject {
    Entry(Box<LedgerEntry>),
    Job(Box<Job>),
}

impl LedgerSubject {
    fn name(&self) -> String {
        match self {
            Self::Entry(entry) => entry.intent.id.to_string(),
            Self::Job(job) => format!("the job {}", job.intent.id),
        }
    }
}

impl Ledger {
    /// The job with an id.
    pub fn job(&mut self, id: Uuid) -> Result<Job> {
        let mut job = self
            .first_job(&JobQuery::of(WhichJob::Id(id)), |_| true)?
            .ok_or_else(|| no_job(&id.to_string()))?;
        // The process that planned it has in hand what the store does not keep.
        for (template, body) in
            job.templates.iter_mut().zip(self.held.get(&id).into_iter().flatten())
        {
            if let Some(body) = body {
                template.body.clone_from(body);
            }
        }
        Ok(job)
    }

    /// The job with an id, or an id that begins so, or else the latest one with a name.
    pub fn find_job(&mut self, id_or_name: &str, realm: Realm) -> Result<Job> {
        self.find_job_among(id_or_name, realm, &Filter::default())
    }

    /// The same, where a name is looked for among the jobs of a provider or a profile.
    pub fn find_job_among(
        &mut self,
        id_or_name: &str,
        realm: Realm,
        among: &Filter,
    ) -> Result<Job> {
        let mut names = Vec::new();
        if let Some(job) = self.job_called(id_or_name, realm, among, &mut names)? {
            return Ok(job);
        }
        let error = no_job(id_or_name);
        Err(match did_you_mean(id_or_name, names.iter().map(String::as_str)) {
            Some(near) => error.help(near),
            None => error,
        })
    }

    /// The same, and all of them where it is a name, the latest first: what is gone on with or stopped must not be taken
    /// from another job of the same name.
    pub fn find_jobs_among(
        &mut self,
        id_or_name: &str,
        realm: Realm,
        among: &Filter,
    ) -> Result<Vec<Job>> {
        let latest = self.find_job_among(id_or_name, realm, among)?;
        if latest.intent.name.as_deref() != Some(id_or_name) {
            return Ok(vec![latest]);
        }
        let filter = Filter { realm: Some(realm), ..among.clone() };
        let query = JobQuery { which: WhichJob::Name(id_or_name.to_owned()), filter };
        let mut found = Vec::new();
        self.each_job(&query, &mut |job, _| {
            found.push(job);
            ControlFlow::Continue(())
        })?;
        Ok(found)
    }

    /// What has an id, or an id that begins so. Refuses letters with which the ids of several begin, of entries and jobs
    /// alike: they are of one time, and who reads of a job must not settle an entry with the same letters.
    pub(in crate::ledger) fn subject(&mut self, id: &str) -> Result<Option<LedgerSubject>> {
        let prefix = id.to_ascii_lowercase();
        if prefix.len() < SHORTEST_PREFIX
            || !prefix.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-')
        {
            return Ok(None);
        }
        let entries = self.collect(Which::Prefix(prefix.clone()), MOST_NAMED)?;
        let mut found: Vec<LedgerSubject> =
            entries.into_iter().map(|entry| LedgerSubject::Entry(Box::new(entry))).collect();
        self.each_job(&JobQuery::of(WhichJob::Prefix(prefix)), &mut |job, _| {
            found.push(LedgerSubject::Job(Box::new(job)));
            ControlFlow::Continue(())
        })?;
        if found.len() > 1 {
            let named: Vec<String> = found.iter().map(LedgerSubject::name).collect();
            return Err(Error::usage(format!("several ids in the ledger begin with `{id}`"))
                .help(format!("write more of the id: {}", named.join(", "))));
        }
        Ok(found.pop())
    }

    /// The same; `None` where there is none.
    pub fn maybe_job(&mut self, id_or_name: &str, realm: Realm) -> Result<Option<Job>> {
        self.job_called(id_or_name, realm, &Filter::default(), &mut Vec::new())
    }

    fn job_called(
        &mut self,
        id_or_name: &str,
        realm: Realm,
        among: &Filter,
        names: &mut Vec<String>,
    ) -> Result<Option<Job>> {
        if let Some(job) = self.job_of_id(id_or_name, Some(realm))? {
            return Ok(Some(job));
        }
        let filter = Filter { realm: Some(realm), ..among.clone() };
        let query = JobQuery { which: WhichJob::Opened, filter };
        self.first_job(&query, |job| match &job.intent.name {
            Some(name) if name == id_or_name => true,
            Some(name) => {
                names.push(name.clone());
                false
            }
            None => false,
        })
    }

    /// The job with an id, or with an id that begins so; `None` where there is none, or where the text cannot be one. An
    /// error where several begin so, or where the job is not of the wanted realm.
    pub fn job_of_id(&mut self, id: &str, realm: Option<Realm>) -> Result<Option<Job>> {
        let Some(LedgerSubject::Job(job)) = self.subject(id)? else { return Ok(None) };
        let job = *job;
        match (realm, job.intent.realm) {
            (Some(Realm::Real), Realm::Sandbox) => {
                Err(Error::usage(format!("the job `{id}` is one of the sandbox"))
                    .help("add --sandbox"))
            }
            (Some(Realm::Sandbox), Realm::Real) => {
                Err(Error::usage(format!("the job `{id}` goes to a real vendor"))
                    .help("leave --sandbox out"))
            }
            _ => Ok(Some(job)),
        }
    }

    /// Jobs, the latest first. [`Filter::standing`] and [`Filter::limit`] are the caller's concern.
    pub fn jobs(
        &mut self,
        filter: &Filter,
        take: &mut dyn FnMut(Job) -> ControlFlow<()>,
    ) -> Result<()> {
        let query = JobQuery { which: WhichJob::Opened, filter: filter.clone() };
        self.each_job(&query, &mut |job, _| take(job))
    }

    /// Whether anything was sent with a profile of this name.
    pub fn knows_profile(&mut self, name: &str) -> Result<bool> {
        let filter = Filter { profile: Some(name.to_owned()), limit: Some(1), ..Filter::default() };
        let query = JobQuery { which: WhichJob::Opened, filter: filter.clone() };
        Ok(self.first_job(&query, |_| true)?.is_some() || !self.list(&filter)?.is_empty())
    }

    /// Hands over batches of a job in their order, until it is told to stop, without holding them in memory.
    pub fn each_batch(
        &mut self,
        job: Uuid,
        which: BatchFilter,
        take: &mut dyn FnMut(JobBatch) -> ControlFlow<()>,
    ) -> Result<()> {
        let alive = self.job(job)?.state.is_at_work();
        self.store.batches(job, which, &mut |mut batch| {
            if batch.state == TargetState::Sending && !alive {
                batch.state = TargetState::Decided(Verdict::Unknown);
                batch.rest = batch.state;
            }
            if which.holds(batch.state) { take(batch) } else { ControlFlow::Continue(()) }
        })
    }

    /// The latest batch to which a vendor gave an id, for the whole of it or for one of its targets, with its job.
    pub fn find_batch_by_vendor_id(
        &mut self,
        provider: &str,
        id: &str,
        realm: Realm,
    ) -> Result<Option<(Job, JobBatch)>> {
        let Some((job, key)) = self.store.batch_of_vendor_id(provider, id, realm)? else {
            return Ok(None);
        };
        let job = self.job(job)?;
        Ok(self.batch(job.intent.id, key)?.map(|batch| (job, batch)))
    }

    /// The same with the id of its job, for who asks about many batches of a job: the state is as it was written.
    pub fn written_batch_by_vendor_id(
        &mut self,
        provider: &str,
        id: &str,
        realm: Realm,
    ) -> Result<Option<(Uuid, JobBatch)>> {
        let Some((job, key)) = self.store.batch_of_vendor_id(provider, id, realm)? else {
            return Ok(None);
        };
        Ok(self.store.batch(job, key)?.map(|batch| (job, batch)))
    }

    /// One batch of a job.
    pub fn batch(&mut self, job: Uuid, key: BatchKey) -> Result<Option<JobBatch>> {
        let alive = self.job(job)?.state.is_at_work();
        let batch = self.store.batch(job, key)?;
        Ok(batch.map(|mut batch| {
            if batch.state == TargetState::Sending && !alive {
                batch.state = TargetState::Decided(Verdict::Unknown);
                batch.rest = batch.state;
            }
            batch
        }))
    }

    /// The answer to a job's only request; `None` where it has several, or none yet.
    pub fn only_ending(&mut self, job: &Job) -> Result<Option<Ending>> {
        let mut only = None;
        if job.batches.total() == 1 {
            self.each_batch(job.intent.id, BatchFilter::All, &mut |batch| {
                only = batch.ending;
                ControlFlow::Break(())
            })?;
        }
        Ok(only)
    }

    /// The last job of a name that sent anything, for the same provider and profile.
    pub fn last_job_of(
        &mut self,
        name: &str,
        realm: Realm,
        provider: &str,
        profile: Option<&str>,
    ) -> Result<Option<LastJob>> {
        let mut query = JobQuery::in_realm(WhichJob::Name(name.to_owned()), realm);
        query.filter.provider = Some(provider.to_owned());
        let last = self.first_job(&query, |job| {
            job.begun_ms.is_some() && job.intent.profile.as_deref() == profile
        })?;
        Ok(last.map(|job| LastJob {
            id: job.intent.id,
            created_ms: job.intent.created_ms,
            targets: job.targets.total(),
        }))
    }

    /// The latest entry or job with a fingerprint that went out, or may have, at this time or later.
    pub fn sent_since(
        &mut self,
        realm: Realm,
        provider: &str,
        app: &str,
        fingerprint: &str,
        since_ms: i64,
    ) -> Result<Option<EarlierSend>> {
        let filter =
            Filter { realm: Some(realm), provider: Some(provider.to_owned()), ..Filter::default() };
        let which = WhichJob::Fingerprint(fingerprint.to_owned());
        let query = JobQuery { which, filter: filter.clone() };
        let job = self.first_job(&query, |job| {
            job.intent.app == app && job.active_ms >= since_ms && job.has_reached()
        })?;
        let entry = self.entry_of_fingerprint(filter, app, fingerprint, since_ms)?;
        let job = job.map(|job| EarlierSend {
            id: job.intent.id,
            is_job: true,
            sent_ms: job.active_ms,
            standing: job.state.word(),
            certain: job.counts().accepted + job.counts().partial > 0,
        });
        Ok([job, entry].into_iter().flatten().max_by_key(|repeat| repeat.sent_ms))
    }

    /// When requests began that left, or may have, of entries and batches alike, the latest first.
    pub fn recent_calls(&mut self, call: &QuotaCall<'_>, limit: usize) -> Result<Vec<i64>> {
        self.store.calls(call, limit)
    }

    fn first_job(
        &mut self,
        query: &JobQuery,
        mut wanted: impl FnMut(&Job) -> bool,
    ) -> Result<Option<Job>> {
        let mut found = None;
        self.each_job(query, &mut |job, _| {
            if wanted(&job) {
                found = Some(job);
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        })?;
        Ok(found)
    }

    /// Hands over each job with its state, and with whether its owner lives.
    pub(in crate::ledger) fn each_job(
        &mut self,
        query: &JobQuery,
        take: &mut dyn FnMut(Job, bool) -> ControlFlow<()>,
    ) -> Result<()> {
        let now_ms = self.now_ms;
        let me = self.store.me().to_owned();
        let liveness = self.store.liveness();
        let mut known: HashMap<String, Liveness> = HashMap::new();
        self.store.each_job(query, &mut |mut job| {
            let alive = match job.owner.as_deref() {
                None => false,
                Some(owner) if owner == me => true,
                Some(owner) => known
                    .entry(owner.to_owned())
                    .or_insert_with(|| liveness(owner))
                    .says_alive(now_ms <= job.active_ms.saturating_add(LEASE_MS)),
            };
            job.settle(alive);
            take(job, alive)
        })
    }
}

fn no_job(id: &str) -> Error {
    Error::usage(format!("there is no job `{id}`")).help("`herald history` lists them")
}
