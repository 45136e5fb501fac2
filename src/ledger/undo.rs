//! Whether something was sent because of a decision: then the decision cannot be withdrawn.

use std::collections::HashSet;
use std::ops::ControlFlow;

use uuid::Uuid;

use super::query::{EntryQuery, JobQuery, WhichEntries, WhichJob};
use super::{
    BatchFilter, BatchKey, EntryStatus, Filter, Job, Ledger, LedgerEntry, Realm, ResolvedAs,
};
use crate::contract::{Effect, TargetKind};
use crate::error::Result;
use crate::outcome::Verdict;

/// A decision, and what could be sent on the strength of it.
struct DecisionReach<'a> {
    id: Uuid,
    realm: Realm,
    provider: &'a str,
    app: &'a str,
    /// Since when it holds, in milliseconds since 1970.
    since_ms: i64,
    /// Those who did not get it, by that decision, each with the kind.
    not_reached: HashSet<String>,
}

impl Ledger {
    /// What people call the first thing that was sent because of a decision about an entry, where there is any.
    pub fn sent_because_of_entry(&mut self, entry: &LedgerEntry) -> Result<Option<String>> {
        let Some(resolution) = &entry.resolution else { return Ok(None) };
        let route = &entry.intent.route;
        let not = resolution.resolved == ResolvedAs::NotAccepted;
        let whom = entry.intent.reach.audience.clone();
        self.sent_because(&DecisionReach {
            id: entry.intent.id,
            realm: route.realm,
            provider: &route.provider,
            app: &route.app,
            since_ms: resolution.resolved_ms,
            not_reached: not.then_some(whom).into_iter().collect(),
        })
    }

    /// The same for decisions about a job.
    pub fn sent_because_of_job(&mut self, job: &Job) -> Result<Option<String>> {
        self.sent_because_of_targets(job, None)
    }

    /// The same for decisions about these targets of a job alone, by the batches that they are in.
    pub fn sent_because_of_targets(
        &mut self,
        job: &Job,
        only: Option<&[(BatchKey, Vec<String>)]>,
    ) -> Result<Option<String>> {
        let only: Option<HashSet<(BatchKey, &str)>> = only.map(|all| {
            all.iter()
                .flat_map(|(key, names)| names.iter().map(|one| (*key, one.as_str())))
                .collect()
        });
        let since_ms = job.resolutions.iter().map(|one| one.resolved_ms).min();
        let Some(since_ms) = since_ms else { return Ok(None) };
        self.release_unbegun(job.intent.id)?;
        let state = super::TargetState::Decided(Verdict::Unavailable);
        let mut not_reached = HashSet::new();
        self.each_batch(job.intent.id, BatchFilter::All, &mut |batch| {
            let kind = kind_of(job, batch.batch.template);
            let is_meant =
                |target| only.as_ref().is_none_or(|only| only.contains(&(batch.batch.key, target)));
            let not = batch.fates().filter(|fate| fate.state == state && is_meant(fate.target));
            not_reached.extend(not.map(|fate| named(kind, fate.target)));
            ControlFlow::Continue(())
        })?;
        let intent = &job.intent;
        self.sent_because(&DecisionReach {
            id: intent.id,
            realm: intent.realm,
            provider: &intent.provider,
            app: &intent.app,
            since_ms,
            not_reached,
        })
    }

    fn sent_because(&mut self, decided: &DecisionReach<'_>) -> Result<Option<String>> {
        let (realm, provider) = (Some(decided.realm), Some(decided.provider.to_owned()));
        let filter = Filter { realm, provider, ..Filter::default() };
        let since = Filter { since_ms: Some(decided.since_ms), ..filter.clone() };
        let mut found = None;
        let query = EntryQuery { which: WhichEntries::All, filter: since };
        self.each_entry(&query, &mut |entry| {
            if decided.led_to(&entry) {
                found = Some(entry.intent.id);
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        })?;
        if found.is_none() {
            found = self.job_because(decided, filter)?;
        }
        found.map(|id| self.label(id)).transpose()
    }

    /// A job that has sent to one of those who did not get it.
    fn job_because(&mut self, decided: &DecisionReach<'_>, filter: Filter) -> Result<Option<Uuid>> {
        let mut later = Vec::new();
        let query = JobQuery { which: WhichJob::Opened, filter };
        self.each_job(&query, &mut |job, _| {
            let is_later = job.active_ms >= decided.since_ms && job.intent.app == decided.app;
            if is_later && job.intent.id != decided.id && job.has_reached() {
                later.push(job);
            }
            ControlFlow::Continue(())
        })?;
        for job in later {
            let mut is_reached = false;
            self.each_batch(job.intent.id, BatchFilter::Reached, &mut |batch| {
                let kind = kind_of(&job, batch.batch.template);
                // The receivers of a batch without targets are not known here.
                is_reached = batch.started_ms.is_some_and(|at| at >= decided.since_ms)
                    && !decided.not_reached.is_empty()
                    && (batch.batch.ids.is_empty()
                        || batch.fates().any(|fate| {
                            fate.state.may_have_arrived()
                                && decided.not_reached.contains(&named(kind, fate.target))
                        }));
                if is_reached { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            })?;
            if is_reached {
                return Ok(Some(job.intent.id));
            }
        }
        Ok(None)
    }
}

impl DecisionReach<'_> {
    /// Whether an entry was sent on the strength of it: it follows up on what was accepted, or goes to one of those who did
    /// not get it. Of several targets the ledger has no list: they may be among them.
    fn led_to(&self, entry: &LedgerEntry) -> bool {
        let EntryStatus::Decided(verdict) = entry.status else {
            return entry.intent.id != self.id;
        };
        let went = matches!(verdict, Verdict::Accepted | Verdict::Partial | Verdict::Unknown);
        let (intent, reach) = (&entry.intent, &entry.intent.reach);
        let follows = intent.parent == Some(self.id) && intent.content.effect != Effect::Reads;
        let may_be_one =
            reach.target_count != Some(1) || self.not_reached.contains(&reach.audience);
        let sends_again = intent.content.effect == Effect::Sends
            && intent.route.app == self.app
            && !self.not_reached.is_empty()
            && may_be_one;
        intent.id != self.id && went && (follows || sends_again)
    }
}

fn kind_of(job: &Job, template: u32) -> Option<TargetKind> {
    job.template(template).ok().and_then(|template| template.kind)
}

fn named(kind: Option<TargetKind>, target: &str) -> String {
    kind.map_or_else(|| target.to_owned(), |kind| format!("{}:{target}", kind.word()))
}
