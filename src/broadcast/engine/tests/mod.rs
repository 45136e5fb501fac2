//! The engine on a virtual clock, against vendors' own mock servers, with faults that a seed decides.
//!
//! Each property names its seed when it fails. `HERALD_LONG=1` runs the long forms.

mod crash;
mod ends;
mod faults;
mod fuse;
mod overlap;
mod pace;
mod plain;
mod request_builder;
mod run_script;
mod sharing;
mod site;
mod slow;
mod world;

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::time::Duration;

use uuid::Uuid;

use self::site::Site;
use self::slow::SlowStore;
use crate::broadcast::abort::Limits;
use crate::broadcast::counts::TargetCounts;
use crate::broadcast::engine::Engine;
use crate::broadcast::ports::BatchStore;
use crate::broadcast::ports::Observer;
use crate::broadcast::ports::RunReport;
use crate::broadcast::ports::RunSettings;
use crate::contract::{Effect, Operation};
use crate::ledger::{
    Batch, BatchFilter, JobIntent, JobTemplate, Ledger, Opening, PlannedBatch, Realm, TargetState,
};
use crate::net::rate_limit::Shared as SharedPace;
use crate::outcome::Outcome;
use crate::send::executor::ports::{Maker, TimedTransport};

/// When all of this begins, in milliseconds since 1970.
pub(super) const START_MS: i64 = 1_782_353_213_000;

/// How many rounds a property runs: a few, or many with `HERALD_LONG=1`.
fn rounds(few: u64, many: u64) -> u64 {
    let is_long = std::env::var_os("HERALD_LONG").is_some_and(|value| value == "1");
    if is_long { many } else { few }
}

/// Random numbers that a seed decides (SplitMix64).
#[derive(Clone, Debug)]
struct SeededRandom(u64);

impl SeededRandom {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n.max(1)
    }

    fn hits(&mut self, chance: f64) -> bool {
        self.unit() < chance
    }

    /// Between two numbers of milliseconds.
    fn millis(&mut self, from: u64, to: u64) -> Duration {
        Duration::from_millis(from + self.below(to - from + 1))
    }
}

/// Counts what it is told.
#[derive(Default)]
struct RunWitness {
    ended: Vec<Vec<String>>,
    /// How many batches had begun for the first time, and did not leave after all.
    taken_back: usize,
    waits: Vec<Duration>,
}

impl Observer for RunWitness {
    fn ended(&mut self, batch: &Batch, _: &Operation, _: &Outcome) {
        self.ended.push(batch.ids.clone());
    }

    fn progress(&mut self, _: &TargetCounts) {}

    fn waits(&mut self, time: Duration) {
        self.waits.push(time);
    }
}

fn settings(concurrency: usize) -> RunSettings {
    RunSettings {
        concurrency,
        request_limit: Duration::from_secs(30),
        until: None,
        has_own_payloads: false,
        limits: Limits::default(),
        overrun: &[],
    }
}

fn run(
    site: &Site,
    books: &mut dyn BatchStore,
    world: &mut dyn TimedTransport,
    maker: &mut dyn Maker,
    settings: &RunSettings,
    before: TargetCounts,
) -> (RunReport, RunWitness) {
    run_paced(site, SharedPace::default(), books, world, maker, settings, before)
}

/// The same with the rate limits that the maker's own requests share.
fn run_paced(
    site: &Site,
    pace: SharedPace,
    books: &mut dyn BatchStore,
    world: &mut dyn TimedTransport,
    maker: &mut dyn Maker,
    settings: &RunSettings,
    before: TargetCounts,
) -> (RunReport, RunWitness) {
    let mut witness = RunWitness::default();
    let mut journal = SlowStore::of(books, site, SeededRandom(world.chance().to_bits()));
    let engine = Engine::new(&mut journal, world, maker, &mut witness, settings, before);
    let report = engine.paced(pace).run();
    witness.taken_back = journal.taken_back;
    (report, witness)
}

/// Names of targets.
fn names(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("u{n}")).collect()
}

/// Names of users that every vendor takes.
fn users(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("user{n}")).collect()
}

/// Plans and opens a job in a ledger: targets in batches of a size.
fn plan(ledger: &mut Ledger, targets: &[String], size: usize) -> Uuid {
    let intent = JobIntent {
        id: Uuid::from_u64_pair(0x0199_0000_0000_7000, 0x9000_0000_0000_0001),
        realm: Realm::Sandbox,
        created_ms: START_MS,
        name: None,
        verb: "broadcast".to_owned(),
        provider: "simulated".to_owned(),
        profile: None,
        app: "app".to_owned(),
        endpoint: "https://api.example".to_owned(),
        audience: "a list".to_owned(),
        overrides: Vec::new(),
        settings: "{}".to_owned(),
        fingerprint: "f".to_owned(),
    };
    let template = JobTemplate {
        operation: "send".to_owned(),
        effect: Effect::Sends,
        kind: None,
        sender: None,
        body: "{}".to_owned(),
        slot: None,
        recall_seconds: None,
    };
    let batches: Vec<PlannedBatch> = targets
        .chunks(size)
        .map(|ids| PlannedBatch { template: 0, ids: ids.to_vec(), vars: None })
        .collect();
    ledger.plan_job(&intent).unwrap();
    ledger.plan_template(intent.id, &template).unwrap();
    ledger.plan_batches(intent.id, &batches).unwrap();
    ledger.open_job(intent.id, &Opening::of(&intent), None).unwrap();
    ledger.claim_job(intent.id, START_MS).unwrap();
    intent.id
}

/// Where each target stands; each must stand somewhere, and once.
fn fates(
    ledger: &mut Ledger,
    job: Uuid,
    targets: &[String],
    seed: u64,
) -> BTreeMap<String, TargetState> {
    let mut fates = BTreeMap::new();
    ledger
        .each_batch(job, BatchFilter::All, &mut |batch| {
            for fate in batch.fates() {
                let before = fates.insert(fate.target.to_owned(), fate.state);
                assert_eq!(before, None, "seed {seed}: {} stands there twice", fate.target);
            }
            ControlFlow::Continue(())
        })
        .unwrap();
    for target in targets {
        assert!(fates.contains_key(target), "seed {seed}: {target} is lost");
    }
    assert_eq!(fates.len(), targets.len(), "seed {seed}");
    fates
}

/// What earlier runs came to.
fn before(ledger: &mut Ledger, job: Uuid) -> TargetCounts {
    let counts = ledger.job(job).unwrap().targets;
    TargetCounts {
        total: counts.total(),
        accepted: counts.accepted,
        rejected: counts.rejected,
        unavailable: counts.unavailable,
        unknown: counts.unknown + counts.partial,
    }
}
