//! The ledger: what was meant to go out, and what became of it.
//!
//! Before a request leaves, its [`EntryIntent`] is on disk, safe from a power cut; after the answer, its [`Ending`]. An entry
//! without an ending whose process is gone is *unknown*: it may have gone out, and only a person decides on it
//! ([`Ledger::resolve`]). Entries of the sandbox stand in the same file and are never mixed with real ones: every
//! question says which [`Realm`] it is about. A broadcast over a list is a [`Job`], whose batches share what they have in
//! common.
//!
//! What decides about a job's messages and targets is [sealed](Ledger::sealed_with) when the job is opened; what became of
//! them is not.
//!
//! The rules are here; where entries are kept is behind one narrow boundary (the trait `LedgerStore`), so that another database can
//! take the place of the embedded one. Bodies come in unsigned: no secret ever reaches this module.

mod entry;
mod job;
mod prune;
mod sqlite;
mod store;
mod terms;
#[cfg(test)]
mod tests;

pub use entry::{Ending, EntryIntent, EntryStatus, LedgerEntry, Realm, Resolution, ResolvedAs};
pub use job::{
    Batch, BatchChange, BatchFilter, BatchKey, BatchSeals, Claim, Code, Counts, EarlierSend, Fate,
    Job, JobBatch, JobIntent, JobState, JobTemplate, LastJob, Opening, Permit, PlannedBatch,
    QuotaCall, Settled, TargetState, fates,
};
pub use prune::{KeptLonger, Pruned, Pruning};
/// What sums up the rows of a ledger: who changes one by other means has to sum it up again.
#[doc(hidden)]
pub use sqlite::sums::{register as register_row_sums, seal_all as sum_all_rows};
pub use store::{Bodies, Filter};
pub use terms::{Allowance, CommitBounds, Spent, Terms, Unmet};

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::contract::Verb;
use crate::error::{Error, ErrorKind, Result};
use crate::net::pace::{RateClaim, RateGrant};
use crate::outcome::Verdict;
use crate::seal::SealKey;
use sqlite::Sqlite;
use store::{LedgerStore, Liveness, Query, Which};

/// The shortest beginning of an id that stands for it.
pub const SHORTEST_PREFIX: usize = 8;

/// How long after its deadline an entry still counts as being sent, where nobody can tell whether its process lives.
const GRACE_MS: i64 = 10_000;

/// Commands whose sends `recall --last` takes back.
const RECALLABLE: [Verb; 3] = [Verb::Send, Verb::Broadcast, Verb::Call];

/// The ledger.
pub struct Ledger {
    store: Box<dyn LedgerStore>,
    now_ms: i64,
    bodies: Bodies,
    seal_key: Option<SealKey>,
    /// Bodies of jobs that this process has planned, where the store keeps none.
    held: HashMap<uuid::Uuid, Vec<Option<String>>>,
}

impl Ledger {
    /// Opens a ledger to write to it, and makes it where there is none. Refuses one that could not be written: nothing
    /// may be sent then. `now_ms` is the time of the command, in milliseconds since 1970.
    pub fn open(path: &Path, now_ms: i64) -> Result<Self> {
        Self::open_within(path, now_ms, Duration::MAX)
    }

    /// The same, waiting no longer than this for others who hold it, and no longer than is usual.
    pub fn open_within(path: &Path, now_ms: i64, patience: Duration) -> Result<Self> {
        Ok(Self::over(Sqlite::open_within(path, patience)?, now_ms))
    }

    /// Opens a ledger to look things up. Where there is none, or an empty file, none is made, and there is nothing in it.
    pub fn open_to_read(path: &Path, now_ms: i64) -> Result<Self> {
        Self::open_to_read_within(path, now_ms, Duration::MAX)
    }

    /// The same, waiting no longer than this for others who hold it, and no longer than is usual.
    pub fn open_to_read_within(path: &Path, now_ms: i64, patience: Duration) -> Result<Self> {
        if Self::is_absent(path) {
            Self::in_memory(now_ms)
        } else {
            Ok(Self::over(Sqlite::open_to_read(path, now_ms, patience)?, now_ms))
        }
    }

    /// Whether it is certain that there is nothing at a path. What may be there and cannot be looked at is not absent.
    pub fn is_absent(path: &Path) -> bool {
        use std::io::ErrorKind::{NotADirectory, NotFound};
        std::fs::symlink_metadata(path)
            .is_err_and(|error| matches!(error.kind(), NotFound | NotADirectory))
    }

    /// Refuses a path at which a ledger is lost: a link that leads nowhere, a journal without its database, and a file that
    /// has nothing in it. One that another herald is just making is waited for.
    pub fn refuse_lost(path: &Path) -> Result<()> {
        sqlite::file::refuse_lost(path)
    }

    /// The files that a ledger at a path consists of while it is open, and the record beside it.
    pub fn files(path: &Path) -> Vec<PathBuf> {
        sqlite::file::files(path)
    }

    /// Opens a ledger to have a glance at it, for completion: nothing is made, mended or tidied up, and one that cannot be
    /// read at once is as good as none.
    pub fn glance(path: &Path, now_ms: i64) -> Option<Self> {
        Some(Self::over(Sqlite::glance(path)?, now_ms))
    }

    /// A ledger that is forgotten when it is dropped.
    pub fn in_memory(now_ms: i64) -> Result<Self> {
        Ok(Self::over(Sqlite::in_memory()?, now_ms))
    }

    fn over(store: impl LedgerStore + 'static, now_ms: i64) -> Self {
        let (bodies, seal_key) = (Bodies::Kept, None);
        Self { store: Box::new(store), now_ms, bodies, seal_key, held: HashMap::new() }
    }

    /// Waits from now on no longer than this for others who hold it, and no longer than is usual.
    pub fn wait_at_most(&mut self, time: Duration) -> Result<()> {
        self.store.wait_at_most(time)
    }

    /// Says what is kept of payloads from now on.
    pub fn keep(mut self, bodies: Bodies) -> Self {
        self.bodies = bodies;
        self
    }

    /// Seals jobs with this key from now on, and checks their seals with it. Without one nothing is sealed, and no seal is
    /// checked.
    pub fn sealed_with(mut self, key: Option<SealKey>) -> Self {
        self.store.seal_with(key.clone());
        self.seal_key = key;
        self
    }

    /// Puts an intent on disk. When this returns, it outlives a power cut, and the request may leave.
    pub fn begin(&mut self, intent: &EntryIntent) -> Result<()> {
        self.begin_within(intent, &Terms::default()).map(drop)
    }

    /// The same where its terms are met: otherwise nothing is kept, and the request must not leave. Of those who begin at the
    /// same moment, no more may than the terms leave room for.
    pub fn begin_within(&mut self, intent: &EntryIntent, terms: &Terms) -> Result<Option<Unmet>> {
        self.begin_sharing(intent, terms, None)
    }

    /// The same where it also has to take a share of the vendor's rate limits.
    pub fn begin_sharing(
        &mut self,
        intent: &EntryIntent,
        terms: &Terms,
        claim: Option<&RateClaim>,
    ) -> Result<Option<Unmet>> {
        self.store.begin(std::slice::from_ref(intent), terms, claim, self.bodies)
    }

    /// Takes a share of the vendor's rate limits for requests without an entry of their own, or for later attempts, and
    /// reports what has ended. A crash of the process does not undo it; a power cut may.
    pub fn claim(&mut self, claim: &RateClaim) -> Result<RateGrant> {
        self.store.claim(claim)
    }

    /// The name of this process as a writer.
    pub fn writer(&self) -> &str {
        self.store.me()
    }

    /// Marks that an attempt begins, counted from 1. What [`Ledger::begin`] wrote is what counts after a crash; this is
    /// told in `history` and costs no sync.
    pub fn attempt(&mut self, entry: uuid::Uuid, attempt: u32, now_ms: i64) -> Result<()> {
        self.store.attempt(entry, attempt, now_ms)
    }

    /// Refuses to go on where the ledger was moved, deleted or replaced since it was opened. Every commit looks at that, too.
    pub fn in_place(&mut self) -> Result<()> {
        self.store.in_place()
    }

    /// Puts on disk what became of an entry.
    pub fn finish(&mut self, entry: uuid::Uuid, ending: &Ending) -> Result<()> {
        self.finish_sharing(entry, ending, None)
    }

    /// The same with what there is to report about shared rate limits.
    pub fn finish_sharing(
        &mut self,
        entry: uuid::Uuid,
        ending: &Ending,
        claim: Option<&RateClaim>,
    ) -> Result<()> {
        self.store.finish(&[(entry, ending)], claim)
    }

    /// Entries, the latest first.
    pub fn list(&mut self, filter: &Filter) -> Result<Vec<LedgerEntry>> {
        let limit = filter.limit.unwrap_or(usize::MAX);
        let mut entries = Vec::new();
        if limit > 0 {
            let query = Query { which: Which::All, filter: filter.clone() };
            self.each(&query, &mut |entry| {
                if filter.stands(entry.standing) {
                    entries.push(entry);
                }
                if entries.len() < limit {
                    ControlFlow::Continue(())
                } else {
                    ControlFlow::Break(())
                }
            })?;
        }
        Ok(entries)
    }

    /// The entry with an id, or with an id that begins so; `None` where there is none, or where the text cannot be one.
    /// An error where several begin so, or where the entry is not of the wanted realm.
    pub fn find(&mut self, id: &str, realm: Option<Realm>) -> Result<Option<LedgerEntry>> {
        let Some(job::LedgerSubject::Entry(entry)) = self.subject(id)? else { return Ok(None) };
        let entry = *entry;
        match (realm, entry.intent.realm) {
            (Some(Realm::Real), Realm::Sandbox) => {
                Err(Error::usage(format!("the ledger entry `{id}` is one of the sandbox"))
                    .help("add --sandbox"))
            }
            (Some(Realm::Sandbox), Realm::Real) => {
                Err(Error::usage(format!("the ledger entry `{id}` went to a real vendor"))
                    .help("leave --sandbox out"))
            }
            _ => Ok(Some(entry)),
        }
    }

    /// The entry with an id, or with an id that begins so.
    pub fn get(&mut self, id: &str, realm: Option<Realm>) -> Result<LedgerEntry> {
        self.find(id, realm)?.ok_or_else(|| {
            let error = Error::usage(format!("there is no ledger entry `{id}`"));
            if id.len() < SHORTEST_PREFIX {
                error.help(format!("write at least {SHORTEST_PREFIX} characters of its id"))
            } else {
                error.help("`herald history` lists them")
            }
        })
    }

    /// The latest entry to which a vendor gave an id, for the whole of it or for one of its targets.
    pub fn find_by_vendor_id(
        &mut self,
        provider: &str,
        id: &str,
        realm: Realm,
    ) -> Result<Option<LedgerEntry>> {
        self.first(Query::of_vendor_id(provider, id, realm), |_| true)
    }

    /// Every entry to which a vendor gave an id, for the whole of it or for one of its targets, the latest first.
    pub fn entries_of_vendor_id(
        &mut self,
        provider: &str,
        id: &str,
        realm: Realm,
    ) -> Result<Vec<LedgerEntry>> {
        let mut entries = Vec::new();
        self.each(&Query::of_vendor_id(provider, id, realm), &mut |entry| {
            entries.push(entry);
            ControlFlow::Continue(())
        })?;
        Ok(entries)
    }

    /// The entries that recalled or changed an entry, the latest first.
    pub fn follow_ups(&mut self, entry: uuid::Uuid) -> Result<Vec<LedgerEntry>> {
        self.collect(Which::FollowUps(entry), usize::MAX)
    }

    /// The last entry of `send`, `broadcast` or `call` that reached people, or may have.
    pub fn last(&mut self, realm: Realm, profile: Option<&str>) -> Result<Option<LedgerEntry>> {
        let filter =
            Filter { realm: Some(realm), profile: profile.map(str::to_owned), ..Filter::default() };
        self.first(
            Query { which: Which::Sends(&RECALLABLE), filter },
            LedgerEntry::may_have_arrived,
        )
    }

    /// Records what a person found out about an entry that is unknown.
    pub fn resolve(&mut self, id: &str, resolution: &Resolution) -> Result<LedgerEntry> {
        let mut entry = self.get(id, None)?;
        if entry.resolution.is_none()
            && entry.standing == EntryStatus::Decided(Verdict::Unknown)
            && self.store.resolve(entry.intent.id, resolution)?
        {
            entry.resolution = Some(resolution.clone());
            entry.standing = entry.standing_if(false);
            return Ok(entry);
        }
        // Somebody else may have been quicker: what stands there now says why it cannot be resolved.
        Err(not_unknown(&self.get(id, None)?))
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
        let query = Query { which: Which::Fingerprint(fingerprint.to_owned()), filter };
        let entry =
            self.first(query, |entry| entry.intent.app == app && entry.may_have_arrived())?;
        Ok(entry.map(|entry| EarlierSend {
            id: entry.intent.id,
            is_job: false,
            sent_ms: entry.started_ms.unwrap_or(entry.intent.created_ms),
            standing: entry.standing.word(),
            certain: matches!(
                entry.standing,
                EntryStatus::Decided(Verdict::Accepted | Verdict::Partial)
            ),
        }))
    }

    fn collect(&mut self, which: Which, limit: usize) -> Result<Vec<LedgerEntry>> {
        let mut entries = Vec::new();
        self.each(&Query { which, filter: Filter::default() }, &mut |entry| {
            entries.push(entry);
            if entries.len() < limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        Ok(entries)
    }

    fn first(
        &mut self,
        query: Query,
        wanted: impl Fn(&LedgerEntry) -> bool,
    ) -> Result<Option<LedgerEntry>> {
        let mut found = None;
        self.each(&query, &mut |entry| {
            if wanted(&entry) {
                found = Some(entry);
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        })?;
        Ok(found)
    }

    /// Hands over each entry with its standing: one without an ending is being sent while its process lives, and
    /// unknown afterwards.
    fn each(
        &mut self,
        query: &Query,
        take: &mut dyn FnMut(LedgerEntry) -> ControlFlow<()>,
    ) -> Result<()> {
        let now_ms = self.now_ms;
        let liveness = self.store.liveness();
        let mut known: HashMap<String, Liveness> = HashMap::new();
        self.store.each(query, &mut |mut entry| {
            let alive = entry.ending.is_none()
                && match entry.writer.as_deref() {
                    None => Liveness::CannotTell,
                    Some(writer) => {
                        *known.entry(writer.to_owned()).or_insert_with(|| liveness(writer))
                    }
                }
                .says_alive(now_ms <= entry.intent.deadline_ms.saturating_add(GRACE_MS));
            entry.standing = entry.standing_if(alive);
            take(entry)
        })
    }
}

/// Why an entry cannot be resolved.
fn not_unknown(entry: &LedgerEntry) -> Error {
    let id = entry.intent.id;
    if let Some(resolution) = &entry.resolution {
        let by = resolution.by.as_deref().map_or(String::new(), |by| format!(" by {by}"));
        return Error::usage(format!(
            "the ledger entry {id} has been resolved{by} as {}",
            resolution.resolved.word()
        ))
        .help(format!("`herald history show {id}` says when and why"));
    }
    let help = match entry.standing {
        EntryStatus::Sending => "wait for its answer, or for its process to end",
        EntryStatus::Decided(_) => {
            "the vendor's answer is known; only an unknown entry is resolved"
        }
    };
    Error::new(
        ErrorKind::Usage,
        format!("the ledger entry {id} is not unknown, it is {}", entry.standing.word()),
    )
    .help(help)
}
