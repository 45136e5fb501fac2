//! Processes that end at any moment, and ledgers that lose what was not synced.

use crate::broadcast::engine::tests::faults::{VENDORS, requeue};
use crate::broadcast::engine::tests::fuse::{BreakingStore, End, Fuse};
use crate::broadcast::engine::tests::request_builder::{TestRequestBuilder, Tools};
use crate::broadcast::engine::tests::site::Site;
use crate::broadcast::engine::tests::world::{Faults, SimWorld};
use crate::broadcast::engine::tests::*;
use crate::broadcast::ledger_batches::LedgerBatches;
use crate::contract::TargetKind;
use crate::ledger::TargetState;
use crate::outcome::Verdict;
use crate::provider;
use std::path::{Path, PathBuf};

const CONCURRENCY: usize = 8;

fn unknown(fates: &std::collections::BTreeMap<String, TargetState>) -> usize {
    let unknown = TargetState::Decided(Verdict::Unknown);
    fates.values().filter(|state| **state == unknown).count()
}

/// Runs a job whose process ends again and again, until nothing is left.
fn ends_and_ends(seed: u64, folder: &Path) {
    let mut dice = SeededRandom(seed);
    let (provider, kind, many) = VENDORS[usize::try_from(dice.below(3)).unwrap()];
    let vendor = provider::find(provider).unwrap();
    let site = Site::vendor(vendor);
    let targets = users(40);
    let path = folder.join(format!("{seed}.db"));
    let mut ledger = Ledger::open(&path, START_MS, Duration::MAX).unwrap();
    let job = plan(&mut ledger, &targets, 2 - usize::from(!many));
    let mut fuse = Fuse::at(End::Never);
    let mut doubts = 0;
    loop {
        let end = match dice.below(3) {
            0 => End::Before(1 + dice.below(12)),
            1 => End::After(1 + dice.below(12)),
            _ => End::Waiting(1 + dice.below(24)),
        };
        fuse = fuse.later(end);
        let mut world = SimWorld::new(&site, &fuse, Faults::NONE, dice.next());
        let tools = Tools::of(&site);
        let mut mill = TestRequestBuilder::of(&tools, vendor, kind, many);
        let before = before(&mut ledger, job);
        let mut journal = BreakingStore::of(LedgerBatches::of(&mut ledger, job).unwrap(), &fuse);
        run(&site, &mut journal, &mut world, &mut mill, &settings(CONCURRENCY), before);
        world.settle();
        let died = fuse.dead.get();
        drop(ledger);
        ledger = Ledger::open(&path, fuse.now_ms(), Duration::MAX).unwrap();
        site.compare(&fates(&mut ledger, job, &targets, seed), seed);
        let Ok(claim) = ledger.claim_job(job, fuse.now_ms()) else {
            // What it had begun last may have been all that was left.
            doubts += if died { 2 * CONCURRENCY } else { 0 };
            break;
        };
        assert!(claim.orphaned <= CONCURRENCY as u64, "seed {seed}: {}", claim.orphaned);
        assert!(died || claim.orphaned == 0, "seed {seed}: in doubt without an end");
        doubts += usize::try_from(claim.orphaned).unwrap() * (2 - usize::from(!many));
        requeue(&mut ledger, job, vendor, fuse.now_ms());
    }
    let fates = fates(&mut ledger, job, &targets, seed);
    site.compare(&fates, seed);
    assert!(fates.values().all(|state| state.is_decided()), "seed {seed}: something is left");
    let unknown = unknown(&fates);
    assert!(unknown <= doubts, "seed {seed}: {unknown} of {doubts}");
    if provider == "jpush-v3" {
        assert_eq!((unknown, site.stored()), (0, targets.len()), "seed {seed}");
    }
}

/// Where syncing costs least.
fn folder() -> tempfile::TempDir {
    let quick = Path::new("/dev/shm");
    if quick.is_dir() { tempfile::tempdir_in(quick) } else { tempfile::tempdir() }.unwrap()
}

#[test]
fn whenever_the_process_ends_nothing_is_lost_and_nothing_goes_out_twice() {
    let folder = folder();
    (0..rounds(15, 1000)).for_each(|seed| ends_and_ends(seed, folder.path()));
}

/// A job of 500 requests loses power at a write; another process goes on with what was synced. Whether it got so far.
fn power_fails(end: End, torn: u64) -> bool {
    let seed = torn;
    let folder = folder();
    let paths: [PathBuf; 2] = ["before.db", "after.db"].map(|name| folder.path().join(name));
    let vendor = provider::find("jmessage").unwrap();
    let site = Site::vendor(vendor);
    let targets = users(500);
    let mut ledger = Ledger::open(&paths[0], START_MS, Duration::MAX).unwrap();
    let job = plan(&mut ledger, &targets, 1);
    let tools = Tools::of(&site);
    let mut mill = TestRequestBuilder::of(&tools, vendor, TargetKind::User, false);
    let fuse = Fuse::at(end);
    let mut world = SimWorld::new(&site, &fuse, Faults::NONE, seed);
    let mut journal = BreakingStore::of(LedgerBatches::of(&mut ledger, job).unwrap(), &fuse);
    journal.power = Some((paths[0].clone(), paths[1].clone(), torn));
    let none = TargetCounts { total: 500, ..TargetCounts::default() };
    run(&site, &mut journal, &mut world, &mut mill, &settings(16), none);
    world.settle();
    drop(ledger);
    if !fuse.dead.get() {
        return false;
    }
    let fuse = fuse.later(End::Never);
    let mut ledger = Ledger::open(&paths[1], fuse.now_ms(), Duration::MAX).unwrap();
    if let Ok(claim) = ledger.claim_job(job, fuse.now_ms()) {
        assert!(claim.orphaned <= 16, "{end:?}, {torn}: {}", claim.orphaned);
        let mut world = SimWorld::new(&site, &fuse, Faults::NONE, seed + 1);
        let before = before(&mut ledger, job);
        let mut journal = LedgerBatches::of(&mut ledger, job).unwrap();
        run(&site, &mut journal, &mut world, &mut mill, &settings(16), before);
        world.settle();
    }
    let fates = fates(&mut ledger, job, &targets, seed);
    site.compare(&fates, seed);
    assert!(fates.values().all(|state| state.is_decided()), "{end:?}, {torn}: something is left");
    assert!(unknown(&fates) <= 16, "{end:?}, {torn}");
    true
}

#[test]
fn whenever_the_power_fails_nothing_is_lost_and_nothing_goes_out_twice() {
    let stride = usize::try_from(rounds(101, 1)).unwrap();
    let mut dice = SeededRandom(5);
    for at in (1..).step_by(stride) {
        let is_there = power_fails(End::Before(at), dice.next());
        power_fails(End::After(at), dice.next());
        if !is_there {
            break;
        }
    }
}
