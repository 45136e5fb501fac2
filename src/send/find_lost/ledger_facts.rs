//! What the ledger knows for a search: the lost requests, others that may have sent the same, and messages that tell about
//! the server's clock.

use std::ops::ControlFlow;

use uuid::Uuid;

use super::window::KnownId;
use crate::contract::Effect;
use crate::error::{Error, Result};
use crate::ledger::{
    BatchFilter, BatchKey, Ending, EntryStatus, Filter, Job, JobBatch, Ledger, LedgerEntry,
    TargetState,
};
use crate::outcome::{SentMessage, Verdict, first_id};
use crate::provider::IdSearch;
use crate::send::app::App;
use crate::send::sent_batch::sent;

/// How long before a lost request a message may have been sent that tells about the server's clock.
const LOOK_BACK_MS: i64 = 24 * 3_600_000;

/// How long before a lost request another one with the same message may have begun that is lost as well.
const NEIGHBOUR_MS: i64 = 60_000;

/// The most entries that are looked at for the server's clock.
const MAX_ENTRIES: usize = 2000;

/// A request in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LostKey {
    /// An entry.
    Entry(Uuid),
    /// A batch of a job.
    Batch(Uuid, BatchKey),
}

/// A request whose answer was lost.
#[derive(Clone, Debug)]
pub(crate) struct LostRequest {
    pub(super) key: LostKey,
    /// The app that sent it, and where to.
    pub(super) app: String,
    endpoint: String,
    /// What was sent, and when it left.
    pub(super) sent: SentMessage,
    /// When a server answered late, in milliseconds since 1970.
    answered_ms: Option<i64>,
    has_body: bool,
}

/// When a server answered.
fn answered_ms(ending: Option<&Ending>) -> Option<i64> {
    ending.filter(|ending| ending.http_status.is_some()).map(|ending| ending.finished_ms)
}

impl LostRequest {
    /// An entry.
    pub(crate) fn entry(entry: &LedgerEntry) -> Result<Self> {
        Ok(Self {
            key: LostKey::Entry(entry.intent.id),
            app: entry.intent.route.app.clone(),
            endpoint: entry.intent.route.endpoint.clone(),
            sent: entry.to_sent()?,
            answered_ms: answered_ms(entry.ending.as_ref()),
            has_body: entry.has_body(),
        })
    }

    /// A batch of a job.
    pub(crate) fn batch(job: &Job, batch: &JobBatch) -> Result<Self> {
        Ok(Self {
            key: LostKey::Batch(job.intent.id, batch.batch.key),
            app: job.intent.app.clone(),
            endpoint: job.intent.endpoint.clone(),
            sent: sent(job, batch)?,
            answered_ms: answered_ms(batch.ending.as_ref()),
            has_body: !job.template(batch.batch.template)?.body.is_empty(),
        })
    }

    /// How long after it was written down its message can have got an id, in milliseconds. It may have waited for the
    /// ledger before it left; then a server that took as long as it may answered that much later.
    pub(super) fn window_ms(&self, search: &IdSearch) -> i64 {
        let until_answer = self.answered_ms.map_or(0, |at| at.saturating_sub(self.sent.sent_ms));
        until_answer.clamp(search.window_ms, 2 * search.window_ms)
    }

    /// Refuses what cannot be found, or not by this app.
    pub(super) fn check(&self, search: &IdSearch, app: &App) -> Result<()> {
        (search.check)(&app.account)?;
        if !self.has_body {
            return Err(Error::usage(
                "the ledger keeps no payloads: no message can be compared with what was sent",
            )
            .help("name the vendor's id of it with --vendor-id"));
        }
        Ok(())
    }
}

/// What the ledger knows.
pub(super) struct LedgerFacts {
    /// The lost requests, and behind them others that are unknown and may have sent the same.
    pub(super) requests: Vec<LostRequest>,
    /// What was accepted by the same servers.
    pub(super) known: Vec<KnownId>,
}

/// Whether the ledger knows what sent a message: then it is none of the lost ones.
pub(super) fn is_known(ledger: &mut Ledger, app: &App, id: &str) -> Result<bool> {
    let (provider, realm) = (app.vendor.contract().id, app.realm());
    let entries = ledger.entries_of_vendor_id(provider, id, realm)?;
    Ok(entries.iter().any(|entry| entry.intent.content.effect == Effect::Sends)
        || ledger.find_batch_by_vendor_id(provider, id, realm)?.is_some())
}

/// Reads what the ledger knows for a search for lost requests.
pub(super) fn gather(
    ledger: &mut Ledger,
    search: &'static IdSearch,
    app: &App,
    lost: Vec<LostRequest>,
) -> Result<LedgerFacts> {
    let first_ms = lost.iter().map(|one| one.sent.sent_ms).min().unwrap_or_default();
    let mut servers: Vec<String> = lost.iter().map(|one| one.endpoint.clone()).collect();
    servers.push(app.base());
    let of = Filter {
        realm: Some(app.realm()),
        provider: Some(app.vendor.contract().id.to_owned()),
        ..Filter::default()
    };
    let mut gathering =
        Gathering { search, servers, facts: LedgerFacts { requests: lost, known: Vec::new() } };
    let known = Filter {
        since_ms: Some(first_ms - LOOK_BACK_MS),
        status: Some(EntryStatus::Decided(Verdict::Accepted)),
        limit: Some(MAX_ENTRIES),
        ..of.clone()
    };
    for entry in ledger.list(&known)? {
        // Further attempts are told by themselves.
        let started_ms = entry.started_ms.unwrap_or(entry.intent.times.created_ms);
        let endpoint = &entry.intent.route.endpoint;
        gathering.add_known(endpoint, Some(started_ms), entry.ending.as_ref());
    }
    for status in [EntryStatus::Decided(Verdict::Unknown), EntryStatus::Sending] {
        let since_ms = Some(first_ms - NEIGHBOUR_MS);
        for entry in ledger.list(&Filter { since_ms, status: Some(status), ..of.clone() })? {
            gathering.add_other(LostRequest::entry(&entry)?);
        }
    }
    let mut jobs = Vec::new();
    let since_ms = Some(first_ms - LOOK_BACK_MS);
    ledger.jobs(&Filter { since_ms, ..of }, &mut |job| {
        jobs.push(job);
        ControlFlow::Continue(())
    })?;
    for job in jobs {
        gathering.add_job(ledger, &job)?;
    }
    Ok(gathering.facts)
}

struct Gathering {
    search: &'static IdSearch,
    /// Addresses of the server.
    servers: Vec<String>,
    facts: LedgerFacts,
}

impl Gathering {
    fn is_of_server(&self, endpoint: &str) -> bool {
        self.servers.iter().any(|server| server == endpoint)
    }

    fn add_known(&mut self, endpoint: &str, started_ms: Option<i64>, ending: Option<&Ending>) {
        let Some((started_ms, ending)) = started_ms.zip(ending) else { return };
        // What a person decided says nothing about when it was done.
        let is_answered = ending.verdict == Verdict::Accepted;
        let parts = first_id(&ending.ids).and_then(self.search.parts);
        if let (Some(parts), true, true) = (parts, is_answered, self.is_of_server(endpoint)) {
            self.facts.known.push(KnownId {
                ms: parts.ms,
                node: parts.node,
                started_ms,
                finished_ms: ending.finished_ms,
            });
        }
    }

    fn add_other(&mut self, other: LostRequest) {
        let is_there = self.facts.requests.iter().any(|one| one.key == other.key);
        if !is_there && self.is_of_server(&other.endpoint) {
            self.facts.requests.push(other);
        }
    }

    fn add_job(&mut self, ledger: &mut Ledger, job: &Job) -> Result<()> {
        let mut fault = None;
        ledger.each_batch(job.intent.id, BatchFilter::Reached, &mut |batch| {
            match batch.state {
                TargetState::Sending | TargetState::Decided(Verdict::Unknown) => {
                    match LostRequest::batch(job, &batch) {
                        Ok(other) => self.add_other(other),
                        Err(error) => fault = Some(error),
                    }
                }
                _ => self.add_known(&job.intent.endpoint, batch.started_ms, batch.ending.as_ref()),
            }
            if fault.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        fault.map_or(Ok(()), Err)
    }
}
