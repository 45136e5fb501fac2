//! What each store has to do: the tests that a second implementation has to pass as well, written against the ledger that is
//! made of a store.
//!
//! A store gets them by a line in each of the two macros below, and by an implementation of [`Stores`]. Tests about the file
//! of SQLite (damage, names, rights, trust, sums) are beside its code.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use tempfile::TempDir;
use uuid::Uuid;

use super::super::*;
use crate::contract::{Effect, TargetKind, Verb};
use crate::net::rate_limit::RateClaim;
use crate::outcome::{TargetResult, Verdict};

/// Where the ledgers of a test are.
pub(in crate::ledger) trait Stores: Sync {
    /// A new ledger with nothing in it.
    fn create(&self) -> Ledger;

    /// The last one that was created, opened by one more writer at a time. Stores in memory have one writer.
    fn open(&self, now_ms: i64) -> Ledger;

    /// By what another process finds the last one that was created: a value of [`ADDRESS`].
    fn address(&self) -> String;

    /// How many cases a test with made-up data has.
    fn cases(&self) -> u32;
}

/// The environment variable that names the ledger to a process of a test.
pub(in crate::ledger) const ADDRESS: &str = "LEDGER_OF_A_TEST";

/// SQLite in memory.
pub(in crate::ledger) struct InMemory;

impl Stores for InMemory {
    fn create(&self) -> Ledger {
        Ledger::in_memory(NOW).unwrap()
    }

    fn open(&self, _: i64) -> Ledger {
        unreachable!("it has one writer")
    }

    fn address(&self) -> String {
        unreachable!("no other process finds it")
    }

    fn cases(&self) -> u32 {
        256
    }
}

/// SQLite in files.
pub(in crate::ledger) struct InFiles {
    folder: TempDir,
    created: AtomicU32,
}

impl InFiles {
    fn new() -> Self {
        Self { folder: quick_folder(), created: AtomicU32::new(0) }
    }

    fn path(&self) -> PathBuf {
        let number = self.created.load(Ordering::Relaxed);
        self.folder.path().join(format!("{number}/ledger.db"))
    }
}

impl Stores for InFiles {
    fn create(&self) -> Ledger {
        self.created.fetch_add(1, Ordering::Relaxed);
        self.open(NOW)
    }

    fn open(&self, now_ms: i64) -> Ledger {
        Ledger::open(&self.path(), now_ms, Duration::MAX).unwrap()
    }

    fn address(&self) -> String {
        self.path().to_str().unwrap().to_owned()
    }

    fn cases(&self) -> u32 {
        16
    }
}

/// Where syncing costs least.
pub(in crate::ledger) fn quick_folder() -> TempDir {
    let quick = std::path::Path::new("/dev/shm");
    if quick.is_dir() { tempfile::tempdir_in(quick) } else { tempfile::tempdir() }.unwrap()
}

/// Tests for each store.
macro_rules! passed_by_each_store {
    ($($test:ident),* $(,)?) => {
        mod sqlite_in_memory {
            $(#[test] fn $test() { super::$test(&super::super::InMemory); })*
        }

        mod sqlite_in_files {
            $(#[test] fn $test() { super::$test(&super::super::InFiles::new()); })*
        }
    };
}

/// Tests for each store that several writers share.
macro_rules! passed_by_shared_stores {
    ($($test:ident),* $(,)?) => {
        mod shared_sqlite_in_files {
            $(#[test] fn $test() { super::$test(&super::super::InFiles::new()); })*
        }
    };
}

mod answers;
mod commits;
mod decide;
mod entries;
mod follow_ups;
mod jobs;
mod look_up;
mod orphans;
mod plan;
mod prune;
mod quota;
mod rates;
mod recent_calls;
pub(in crate::ledger) mod seals;
mod writers;

pub(in crate::ledger) const NOW: i64 = 1_790_000_000_000;

/// An intent with an id of its own, made at a time.
pub(in crate::ledger) fn intent(n: u64, created_ms: i64) -> EntryIntent {
    EntryIntent {
        id: Uuid::from_u64_pair(0x0199_0000_0000_7000 + (n << 32), 0x8000_0000_0000_0000 + n),
        parent: None,
        part: None,
        overrides: Vec::new(),
        route: EntryRoute {
            realm: Realm::Real,
            provider: "acme".to_owned(),
            operation: "push".to_owned(),
            profile: Some("live".to_owned()),
            app: "key-1".to_owned(),
            endpoint: "https://api.example".to_owned(),
        },
        content: EntryContent {
            verb: Verb::Send.word().to_owned(),
            effect: Effect::Sends,
            body: r#"{"to":"bob"}"#.to_owned(),
            fingerprint: None,
            dedupe_id: None,
        },
        reach: EntryReach { sender: None, audience: "user:bob".to_owned(), target_count: Some(1) },
        times: EntryTimes { created_ms, deadline_ms: created_ms + 30_000, recall_until_ms: None },
    }
}

/// An intent that differs from another one.
pub(in crate::ledger) fn with(
    mut intent: EntryIntent,
    change: impl FnOnce(&mut EntryIntent),
) -> EntryIntent {
    change(&mut intent);
    intent
}

pub(in crate::ledger) fn ending(verdict: Verdict) -> Ending {
    Ending {
        finished_ms: NOW + 5,
        elapsed_ms: 5,
        attempts: 1,
        verdict,
        // What is unavailable here was not answered.
        http_status: (verdict != Verdict::Unavailable).then_some(200),
        code: None,
        message: None,
        ids: Vec::new(),
        targets: Vec::new(),
    }
}

/// A job with an id of its own.
pub(in crate::ledger) fn job_intent(n: u64) -> JobIntent {
    JobIntent {
        id: Uuid::from_u64_pair(0x0199_0000_0000_7000 + (n << 32), 0x9000_0000_0000_0000 + n),
        realm: Realm::Real,
        created_ms: NOW,
        name: Some("spring".to_owned()),
        verb: "broadcast".to_owned(),
        provider: "acme".to_owned(),
        profile: Some("live".to_owned()),
        app: "key-1".to_owned(),
        endpoint: "https://api.example".to_owned(),
        audience: "a list".to_owned(),
        overrides: Vec::new(),
        settings: "{}".to_owned(),
        fingerprint: format!("f{n}"),
    }
}

pub(in crate::ledger) fn job_template() -> JobTemplate {
    JobTemplate {
        operation: "push".to_owned(),
        effect: Effect::Sends,
        kind: Some(TargetKind::User),
        sender: None,
        body: r#"{"text":"hi"}"#.to_owned(),
        slot: Some("/to".to_owned()),
        recall_seconds: Some(60),
    }
}

pub(in crate::ledger) fn planned(ids: &[&str]) -> PlannedBatch {
    PlannedBatch { template: 0, ids: ids.iter().map(|id| (*id).to_owned()).collect(), vars: None }
}

/// Plans and opens a job.
pub(in crate::ledger) fn opened(ledger: &mut Ledger, intent: &JobIntent, batches: &[PlannedBatch]) {
    ledger.plan_job(intent).unwrap();
    assert_eq!(ledger.plan_template(intent.id, &job_template()).unwrap(), 0);
    ledger.plan_batches(intent.id, batches).unwrap();
    ledger.open_job(intent.id, &Opening::of(intent), None).unwrap();
}

/// A job of three batches, claimed.
pub(in crate::ledger) fn three(stores: &dyn Stores) -> (Ledger, Uuid, Vec<BatchKey>) {
    let mut ledger = stores.create();
    let job = job_intent(1);
    opened(&mut ledger, &job, &[planned(&["a", "b"]), planned(&["c"]), planned(&["d"])]);
    ledger.claim_job(job.id, NOW).unwrap();
    let keys = keys(&mut ledger, job.id);
    (ledger, job.id, keys)
}

pub(in crate::ledger) fn keys(ledger: &mut Ledger, job: Uuid) -> Vec<BatchKey> {
    let batches = ledger.next_batches(job, None, 100).unwrap();
    batches.into_iter().map(|batch| batch.key).collect()
}

pub(in crate::ledger) fn begin(batch: BatchKey) -> BatchChange {
    BatchChange::Begin { batch, started_ms: NOW + 1, dedupe_id: None }
}

pub(in crate::ledger) fn end(batch: BatchKey, verdict: Verdict) -> BatchChange {
    BatchChange::End { batch, ending: ending(verdict) }
}

pub(in crate::ledger) fn told(target: &str, verdict: Verdict, id: Option<&str>) -> TargetResult {
    TargetResult { id: id.map(str::to_owned), ..TargetResult::new(target, verdict) }
}

/// Every target with the word of its state.
pub(in crate::ledger) fn fates(ledger: &mut Ledger, job: Uuid) -> Vec<String> {
    let mut fates = Vec::new();
    ledger
        .each_batch(job, BatchFilter::All, &mut |batch| {
            fates
                .extend(batch.fates().map(|fate| format!("{} {}", fate.target, fate.state.word())));
            ControlFlow::Continue(())
        })
        .unwrap();
    fates.sort();
    fates
}

/// Counts must be what the batches say.
pub(in crate::ledger) fn audit(ledger: &mut Ledger, job: Uuid) {
    let mut counts = std::collections::BTreeMap::<&str, u64>::new();
    for fate in fates(ledger, job) {
        let words =
            ["planned", "sending", "accepted", "partial", "rejected", "unavailable", "unknown"];
        *counts.entry(words.into_iter().find(|word| fate.ends_with(word)).unwrap()).or_default() +=
            1;
    }
    let targets = ledger.job(job).unwrap().targets;
    for (word, count) in [
        ("planned", targets.planned),
        ("sending", targets.sending),
        ("accepted", targets.accepted),
        ("partial", targets.partial),
        ("rejected", targets.rejected),
        ("unavailable", targets.unavailable),
        ("unknown", targets.unknown),
    ] {
        assert_eq!(counts.get(word).copied().unwrap_or(0), count, "{word}: {counts:?} {targets:?}");
    }
}

/// A new ledger with a job of two batches, which is owned by no writer.
pub(in crate::ledger) fn two_batches(stores: &dyn Stores) {
    let mut first = stores.create();
    opened(&mut first, &job_intent(1), &[planned(&["a", "b"]), planned(&["c"])]);
    first.claim_job(job_intent(1).id, NOW).unwrap();
    first.release_job(job_intent(1).id, NOW).unwrap();
}

/// Quotas alone.
pub(in crate::ledger) fn within(allowances: &[Allowance]) -> Preconditions<'_> {
    Preconditions { allowances, ..Preconditions::NONE }
}

/// A shared rate limit alone.
pub(in crate::ledger) fn sharing_rate(rate: Option<&RateClaim>) -> Preconditions<'_> {
    Preconditions { rate, ..Preconditions::NONE }
}

/// That no other writer has begun the same since a time, alone.
pub(in crate::ledger) fn fresh_since(since_ms: i64) -> Preconditions<'static> {
    Preconditions { fresh_since_ms: Some(since_ms), ..Preconditions::NONE }
}
