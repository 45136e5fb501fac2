//! What happened to an entry or a job later, for `history show`.

use serde_json::Value as Json;

use crate::env::Env;
use crate::error::Result;
use crate::ledger::{Job, Ledger, LedgerEntry, Realm};
use crate::report::{FollowUpMarks, LocalTime, RecallAdvice, completed};
use crate::send::followed::{self, Marked};
use crate::send::recall_way;
use crate::send::settle_unknown::{entry_advice, job_advice, out_of_reach_advice};

/// What happened to an entry or a job later, and what it is about itself.
pub(crate) struct LaterFollowUps {
    /// What was done with it, and what it is about.
    pub(crate) marks: FollowUpMarks,
    /// The entries that followed up on it.
    pub(crate) entries: Vec<LedgerEntry>,
    /// The jobs that did.
    pub(crate) jobs: Vec<Job>,
    /// How people read times.
    pub(crate) local: LocalTime,
    /// How what is unknown of it is settled.
    pub(crate) advice: Option<String>,
    /// How it can be recalled, where it was not.
    recall: Option<RecallAdvice>,
}

impl LaterFollowUps {
    /// Of an entry.
    pub(crate) fn of_entry(
        env: &Env,
        ledger: &mut Ledger,
        realm: Realm,
        entry: &LedgerEntry,
    ) -> Result<Self> {
        Self::of(env, ledger, realm, &Marked::Entry(entry))
    }

    /// Of a job.
    pub(crate) fn of_job(env: &Env, ledger: &mut Ledger, realm: Realm, job: &Job) -> Result<Self> {
        Self::of(env, ledger, realm, &Marked::Job(job))
    }

    fn of(env: &Env, ledger: &mut Ledger, realm: Realm, one: &Marked<'_>) -> Result<Self> {
        let marks = followed::marks(ledger, realm, std::slice::from_ref(one))?;
        let marks = marks.into_iter().next().unwrap_or_default();
        let (entries, jobs) = followed::follow_ups(ledger, realm, one.id())?;
        let local = env.local_time();
        let recall = recall_way::of(env, ledger, one, &marks, &local);
        let advice = match one {
            Marked::Entry(entry) => entry_advice(entry),
            Marked::Job(job) => {
                let unknown = job_advice(job).filter(|_| job.counts().unknown > 0);
                let all = unknown.into_iter().chain(out_of_reach_advice(ledger, job)?);
                all.reduce(|one, other| format!("{one}; {other}"))
            }
        };
        let advice = advice.map(|advice| completed(&advice));
        Ok(Self { marks, entries, jobs, local, advice, recall })
    }

    /// How it can be recalled, in words; empty where it cannot.
    pub(crate) fn recall_words(&self) -> String {
        self.recall.as_ref().map(|how| how.words.clone()).unwrap_or_default()
    }

    /// The same for scripts.
    pub(crate) fn recall_json(&self) -> Json {
        self.recall.as_ref().map_or(Json::Null, RecallAdvice::to_json)
    }
}
