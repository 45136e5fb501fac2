//! Whatever goes wrong: the ledger never says *accepted* of what is not stored, and what it does not know is all that may
//! be stored besides.

use std::time::Duration;

use super::fuse::{Brittle, End, Fuse};
use super::mill::Mill;
use super::site::Site;
use super::world::{Faults, SimWorld};
use super::*;
use crate::broadcast::batches::Batches;
use crate::broadcast::halt::Halt;
use crate::contract::{Repeat, TargetKind};
use crate::outcome::Verdict;
use crate::vendor::{self, Vendor};

/// Vendors with a kind of target, and whether a request takes several.
pub(super) const VENDORS: [(&str, TargetKind, bool); 5] = [
    ("jpush-v3", TargetKind::Alias, true),
    ("jmessage", TargetKind::User, false),
    ("rongcloud", TargetKind::User, true),
    ("jpush-v2", TargetKind::Alias, true),
    ("easemob", TargetKind::User, true),
];

const REJECTED: TargetState = TargetState::Decided(Verdict::Rejected);

/// A claimed job plans again what its vendor knows again.
pub(super) fn requeue(ledger: &mut Ledger, job: Uuid, vendor: &dyn Vendor, now_ms: i64) {
    let operations = vendor.contract().operations;
    let seconds = operations.iter().find_map(|row| match row.repeat {
        Repeat::Deduplicated { seconds, .. } => i64::try_from(seconds).ok(),
        _ => None,
    });
    if let Some(seconds) = seconds {
        let within = now_ms - (seconds - 30) * 1000..=now_ms;
        ledger.requeue_doubtful(job, 0, &within).unwrap();
    }
}

/// One run with random faults, sometimes stopped, then judged. How many answers were read while the journal was at work,
/// and how many batches were taken back.
fn any_schedule(seed: u64) -> (usize, usize) {
    let mut dice = Dice(seed);
    let (provider, kind, many) = VENDORS[usize::try_from(dice.below(5)).unwrap()];
    let vendor = vendor::find(provider).unwrap();
    let site = Site::vendor(vendor);
    let targets = users(1 + usize::try_from(dice.below(40)).unwrap());
    let size = if many { 1 + usize::try_from(dice.below(5)).unwrap() } else { 1 };
    let settings = settings(1 + usize::try_from(dice.below(16)).unwrap());
    let mut ledger = Ledger::in_memory(START_MS).unwrap();
    let job = plan(&mut ledger, &targets, size);
    let fuse = Fuse::at(End::Never);
    let mut world = SimWorld::new(&site, &fuse, Faults::random(&mut dice), seed);
    if dice.hits(0.4) {
        let latest = if dice.hits(0.5) { 400 } else { 4000 };
        let first = dice.millis(0, latest);
        world.stops = (Some(first), dice.hits(0.5).then(|| first + dice.millis(0, 3000)));
    }
    let mut mill = Mill::of(&site, vendor, kind, many);
    let mut journal = Brittle::of(Batches::of(&mut ledger, job).unwrap(), &fuse);
    journal.stop = dice.hits(0.2).then(|| (1 + dice.below(20), job));
    let stop_at = journal.stop.map(|(at, _)| at);
    let before = Tally { total: targets.len() as u64, ..Tally::default() };
    let (report, witness) = run(&mut journal, &mut world, &mut mill, &settings, before);
    world.settle();
    if let Some(Halt::Fault(error)) = &report.halt {
        panic!("seed {seed}: {}", error.full_message());
    }
    if stop_at.is_some_and(|at| fuse.commits() >= at) {
        assert!(report.halt.is_some() || report.tally.left() == 0, "seed {seed}: not stopped");
        assert_eq!(fuse.started_after_stop.get(), 0, "seed {seed}: sent after a stop");
    }
    let fates = fates(&mut ledger, job, &targets, seed);
    site.compare(&fates, seed);
    assert!(!fates.values().any(|state| *state == REJECTED), "seed {seed}: rejected");
    let decided = fates.iter().filter(|(_, state)| state.is_decided()).map(|(id, _)| id.clone());
    let mut told: Vec<String> = witness.ended.iter().flatten().cloned().collect();
    told.sort();
    assert_eq!(told, decided.collect::<Vec<_>>(), "seed {seed}: told once of each that has ended");
    assert_eq!(report.tally, super::before(&mut ledger, job), "seed {seed}");
    assert!(!fates.values().any(|state| *state == TargetState::Sending), "seed {seed}");
    (world.beside, witness.taken_back)
}

#[test]
fn after_any_faults_ledger_and_server_agree() {
    let (mut beside, mut taken_back) = (0, 0);
    for seed in 0..rounds(200, 10_000) {
        let came = any_schedule(seed);
        beside += came.0;
        taken_back += came.1;
    }
    // What comes while the journal is at work is what makes it hard.
    assert!(beside > 200 && taken_back > 5, "{beside} {taken_back}");
}

/// A thousand requests of which three in ten lose their answer, resumed until nothing is left. How many runs it took.
fn a_thousand(provider: &str, kind: TargetKind, seed: u64) -> (Site, Ledger, Uuid, u32) {
    let vendor = vendor::find(provider).unwrap();
    let site = Site::vendor(vendor);
    let targets = users(1000);
    let mut ledger = Ledger::in_memory(START_MS).unwrap();
    let job = plan(&mut ledger, &targets, 1);
    let mut fuse = Fuse::at(End::Never);
    let mut mill = Mill::of(&site, vendor, kind, false);
    for runs in 1..=40 {
        let faults = Faults { after: 0.3, ..Faults::NONE };
        let mut world = SimWorld::new(&site, &fuse, faults, seed + u64::from(runs));
        let mut journal = Batches::of(&mut ledger, job).unwrap();
        let before = super::before(journal.ledger(), job);
        let (report, _) = run(&mut journal, &mut world, &mut mill, &settings(16), before);
        world.settle();
        assert!(!matches!(report.halt, Some(Halt::Silence)), "{provider}: halted by accident");
        fuse = fuse.later(End::Never);
        ledger.release_job(job, fuse.now_ms()).unwrap();
        if ledger.claim_job(job, fuse.now_ms()).is_err() {
            return (site, ledger, job, runs);
        }
        requeue(&mut ledger, job, vendor, fuse.now_ms());
        let left = ledger.job(job).unwrap().batches;
        if left.planned + left.sending == 0 {
            return (site, ledger, job, runs);
        }
    }
    panic!("{provider}: it does not end");
}

#[test]
fn of_a_thousand_sends_with_lost_answers_a_vendor_that_knows_repeats_stores_each_once() {
    for seed in 0..rounds(1, 20) {
        let (site, mut ledger, job, runs) = a_thousand("jpush-v3", TargetKind::Alias, seed);
        let fates = fates(&mut ledger, job, &users(1000), seed);
        site.compare(&fates, seed);
        assert_eq!(site.stored(), 1000, "seed {seed}");
        let accepted = TargetState::Decided(Verdict::Accepted);
        assert!(fates.values().all(|state| *state == accepted), "seed {seed}");
        assert!(runs <= 12, "seed {seed}: {runs} runs");
    }
}

#[test]
fn of_a_thousand_sends_with_lost_answers_other_vendors_store_none_twice_and_doubts_are_told() {
    for (provider, kind, _) in VENDORS.into_iter().filter(|(name, ..)| *name != "jpush-v3") {
        let (site, mut ledger, job, runs) = a_thousand(provider, kind, 7);
        let fates = fates(&mut ledger, job, &users(1000), 7);
        site.compare(&fates, 7);
        assert_eq!((site.stored(), runs), (1000, 1), "{provider}");
        let unknown = TargetState::Decided(Verdict::Unknown);
        let doubts = fates.values().filter(|state| **state == unknown).count();
        assert!((200..400).contains(&doubts), "{provider}: {doubts}");
    }
}

#[test]
fn a_black_hole_gets_a_few_requests_and_no_more() {
    for refused in [0.0, 1.0] {
        let site = Site::vendor(vendor::find("jmessage").unwrap());
        let faults = Faults { refused, late: 1.0 - refused, ..Faults::NONE };
        let targets = users(1000);
        let mut journal = super::plain::Memory::of(&targets, 1);
        let fuse = Fuse::at(End::Never);
        let mut world = SimWorld::new(&site, &fuse, faults, 1);
        let mut mill = Mill::of(&site, vendor::find("jmessage").unwrap(), TargetKind::User, false);
        let before = Tally { total: 1000, ..Tally::default() };
        let (report, _) = run(&mut journal, &mut world, &mut mill, &settings(64), before);
        assert!(matches!(report.halt, Some(Halt::Silence)), "{:?}", report.halt);
        assert!(report.requests <= 12, "{}", report.requests);
        assert!(world.elapsed() <= Duration::from_secs(65), "{:?}", world.elapsed());
    }
}
