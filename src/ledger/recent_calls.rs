//! What went out before, as guards ask: calls that count against a quota, and the same to the same audience.

use uuid::Uuid;

use super::query::{JobQuery, WhichEntries, WhichJob};
use super::{EntryStatus, Filter, Ledger, LedgerEntry, Realm};
use crate::error::Result;
use crate::outcome::Verdict;

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
    pub status: &'static str,
    /// Whether it certainly arrived, at least in part.
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

impl Ledger {
    /// The last job of a name that sent anything, for the same provider and profile.
    pub fn last_job_of(
        &mut self,
        name: &str,
        realm: Realm,
        provider: &str,
        profile: Option<&str>,
    ) -> Result<Option<LastJob>> {
        let provider = Some(provider.to_owned());
        let filter = Filter { realm: Some(realm), provider, ..Filter::default() };
        let query = JobQuery { which: WhichJob::Name(name.to_owned()), filter };
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
            status: job.state.word(),
            certain: job.counts().accepted + job.counts().partial > 0,
        });
        Ok([job, entry].into_iter().flatten().max_by_key(|repeat| repeat.sent_ms))
    }

    /// When requests began that left, or may have, of entries and batches alike, the latest first.
    pub fn recent_calls(&mut self, call: &QuotaCall<'_>, limit: usize) -> Result<Vec<i64>> {
        self.store.calls(call, limit)
    }

    /// The latest entry about an app with a fingerprint that went out, or may have, at a time or later.
    fn entry_of_fingerprint(
        &mut self,
        filter: Filter,
        app: &str,
        fingerprint: &str,
        since_ms: i64,
    ) -> Result<Option<EarlierSend>> {
        let filter = Filter { since_ms: Some(since_ms), ..filter };
        let which = WhichEntries::Fingerprint(fingerprint.to_owned());
        let same = |entry: &LedgerEntry| entry.intent.route.app == app && entry.may_have_arrived();
        let entry = self.some_entries(which, filter, 1, same)?.pop();
        Ok(entry.map(|entry| EarlierSend {
            id: entry.intent.id,
            is_job: false,
            sent_ms: entry.started_ms.unwrap_or(entry.intent.times.created_ms),
            status: entry.status.word(),
            certain: matches!(
                entry.status,
                EntryStatus::Decided(Verdict::Accepted | Verdict::Partial)
            ),
        }))
    }
}
