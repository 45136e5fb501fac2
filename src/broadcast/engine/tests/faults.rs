//! Whatever goes wrong: the ledger never says *accepted* of what is not stored, and what it does not know is all that may
//! be stored besides.

use std::time::Duration;

use crate::broadcast::engine::tests::fuse::{BreakingStore, End, Fuse};
use crate::broadcast::engine::tests::request_builder::{TestRequestBuilder, Tools};
use crate::broadcast::engine::tests::site::Site;
use crate::broadcast::engine::tests::world::{Faults, SimWorld};
use crate::broadcast::engine::tests::*;
use crate::broadcast::ledger_batches::LedgerBatches;
use crate::contract::{Repeatable, TargetKind};
use crate::error::ErrorKind;
use crate::outcome::Verdict;
use crate::provider::{self, Vendor};
use crate::send::executor::Halt;

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
        Repeatable::Deduplicated { seconds, .. } => i64::try_from(seconds).ok(),
        _ => None,
    });
    if let Some(seconds) = seconds {
        let within = now_ms - (seconds - 30) * 1000..=now_ms;
        ledger.requeue_doubtful(job, 0, &within).unwrap();
    }
}

/// A vendor, a kind of target, whether a request takes several, and what is switched on for the app.
type Setting = (&'static str, TargetKind, bool, &'static [(&'static str, &'static str)]);

/// The same vendors, and one of them with an app that has idempotency keys switched on.
fn setting(dice: &mut SeededRandom) -> Setting {
    let place = usize::try_from(dice.below(6)).unwrap();
    match VENDORS.get(place) {
        Some((provider, kind, many)) => (provider, *kind, *many, &[]),
        None => ("rongcloud", TargetKind::User, true, &[("msg_random", "on")]),
    }
}

/// What a schedule was like: how many answers were read while the journal was at work, and how many batches were taken
/// back.
#[derive(Debug, Default)]
struct Hard {
    beside: usize,
    taken_back: usize,
}

/// One run with random faults, sometimes stopped, then judged.
fn one_run(
    dice: &mut SeededRandom,
    faults: fn(&mut SeededRandom) -> Faults,
    seed: u64,
    (site, ledger, job): (&Site, &mut Ledger, Uuid),
    tools: &Tools<'_>,
    mill: &mut TestRequestBuilder<'_>,
    fuse: &Fuse,
) -> (RunReport, RunWitness, Hard) {
    let settings = settings(1 + usize::try_from(dice.below(16)).unwrap());
    let faults = faults(dice);
    let mut world = SimWorld::new(site, fuse, faults, seed ^ dice.next());
    if dice.hits(0.4) {
        let latest = if dice.hits(0.5) { 400 } else { 4000 };
        let first = world.elapsed() + dice.millis(0, latest);
        world.stops = (Some(first), dice.hits(0.5).then(|| first + dice.millis(0, 3000)));
    }
    let before = crate::broadcast::engine::tests::before(ledger, job);
    let mut journal = BreakingStore::of(LedgerBatches::of(ledger, job).unwrap(), fuse);
    journal.stop = dice.hits(0.2).then(|| (1 + dice.below(20), job));
    let stop_at = journal.stop.map(|(at, _)| at);
    let (report, witness) =
        run_paced(site, tools.pace(), &mut journal, &mut world, mill, &settings, before);
    world.settle();
    if let Some(Halt::Fault(error)) = &report.halt
        && error.kind() != ErrorKind::Unavailable
    {
        panic!("seed {seed}: {}", error.full_message());
    }
    if stop_at.is_some_and(|at| fuse.commits() >= at) {
        assert!(report.halt.is_some() || report.tally.left() == 0, "seed {seed}: not stopped");
        assert_eq!(fuse.started_after_stop.get(), 0, "seed {seed}: sent after a stop");
    }
    let hard = Hard { beside: world.beside, taken_back: witness.taken_back };
    (report, witness, hard)
}

/// One run, judged by what the ledger and the server have afterwards.
fn any_schedule(seed: u64) -> Hard {
    let mut dice = SeededRandom(seed);
    let (provider, kind, many, switches) = setting(&mut dice);
    let vendor = provider::find(provider).unwrap();
    let site = Site::switched(vendor, switches);
    let targets = users(1 + usize::try_from(dice.below(40)).unwrap());
    let size = if many { 1 + usize::try_from(dice.below(5)).unwrap() } else { 1 };
    let mut ledger = Ledger::in_memory(START_MS).unwrap();
    let job = plan(&mut ledger, &targets, size);
    let fuse = Fuse::at(End::Never);
    let tools = Tools::failing(&site, if dice.hits(0.5) { 0.1 } else { 0.0 }, seed);
    let mut mill = TestRequestBuilder::of(&tools, vendor, kind, many);
    let own = (&site, &mut ledger, job);
    let (report, witness, hard) =
        one_run(&mut dice, Faults::random, seed, own, &tools, &mut mill, &fuse);
    let fates = fates(&mut ledger, job, &targets, seed);
    site.compare(&fates, seed);
    assert!(!fates.values().any(|state| *state == REJECTED), "seed {seed}: rejected");
    let decided = fates.iter().filter(|(_, state)| state.is_decided()).map(|(id, _)| id.clone());
    let mut told: Vec<String> = witness.ended.iter().flatten().cloned().collect();
    told.sort();
    assert_eq!(told, decided.collect::<Vec<_>>(), "seed {seed}: told once of each that has ended");
    assert_eq!(
        report.tally,
        crate::broadcast::engine::tests::before(&mut ledger, job),
        "seed {seed}"
    );
    assert!(!fates.values().any(|state| *state == TargetState::Sending), "seed {seed}");
    hard
}

#[test]
fn after_any_faults_ledger_and_server_agree() {
    let mut all = Hard::default();
    for seed in 0..rounds(300, 10_000) {
        let came = any_schedule(seed);
        all.beside += came.beside;
        all.taken_back += came.taken_back;
    }
    // What comes while the journal is at work is what makes it hard.
    assert!(all.beside > 200 && all.taken_back > 5, "{all:?}");
}

/// Faults with many refusals that name a pause, and many lost answers: the former undo batches that have begun, the
/// latter leave the same batches in doubt.
fn throttled(dice: &mut SeededRandom) -> Faults {
    let some = |dice: &mut SeededRandom| 0.1 + 0.2 * dice.unit();
    Faults { busy: some(dice), after: some(dice), late: 0.0, ..Faults::random(dice) }
}

/// A job with random faults that is resumed, with others, until nothing is left. How often a batch had an idempotency
/// key, was undone, and went out again in a later run.
fn resumed(seed: u64) -> usize {
    let mut dice = SeededRandom(seed);
    let (provider, kind, many, switches) = match dice.below(2) {
        0 => ("jpush-v3", TargetKind::Alias, true, &[][..]),
        _ => ("rongcloud", TargetKind::User, true, &[("msg_random", "on")][..]),
    };
    let vendor = provider::find(provider).unwrap();
    let site = Site::switched(vendor, switches);
    let targets = users(30 + usize::try_from(dice.below(90)).unwrap());
    let mut ledger = Ledger::in_memory(START_MS).unwrap();
    let job = plan(&mut ledger, &targets, 1 + usize::try_from(dice.below(3)).unwrap());
    let mut fuse = Fuse::at(End::Never);
    let tools = Tools::failing(&site, if dice.hits(0.5) { 0.1 } else { 0.0 }, seed);
    let mut mill = TestRequestBuilder::of(&tools, vendor, kind, many);
    let mut taken_back = 0;
    for _ in 0..12 {
        let own = (&site, &mut ledger, job);
        taken_back +=
            one_run(&mut dice, throttled, seed, own, &tools, &mut mill, &fuse).2.taken_back;
        site.compare(&fates(&mut ledger, job, &targets, seed), seed);
        fuse = fuse.later(End::Never);
        ledger.release_job(job, fuse.now_ms()).unwrap();
        if ledger.claim_job(job, fuse.now_ms()).is_err() {
            break;
        }
        requeue(&mut ledger, job, vendor, fuse.now_ms());
    }
    taken_back
}

#[test]
fn however_often_a_job_is_resumed_after_any_faults_nothing_goes_out_twice() {
    let taken_back: usize = (0..rounds(150, 10_000)).map(resumed).sum();
    assert!(taken_back > 20, "{taken_back}");
}

/// A thousand requests, resumed until nothing is left. Three in ten lose their answer. How many runs it took.
fn a_thousand(
    site: &Site,
    vendor: &'static dyn Vendor,
    kind: TargetKind,
    seed: u64,
) -> (Ledger, Uuid, u32) {
    let provider = vendor.contract().id;
    let targets = users(1000);
    let mut ledger = Ledger::in_memory(START_MS).unwrap();
    let job = plan(&mut ledger, &targets, 1);
    let mut fuse = Fuse::at(End::Never);
    let tools = Tools::of(site);
    let mut mill = TestRequestBuilder::of(&tools, vendor, kind, false);
    for runs in 1..=40 {
        let faults = Faults { after: 0.3, ..Faults::NONE };
        let mut world = SimWorld::new(site, &fuse, faults, seed + u64::from(runs));
        let mut journal = LedgerBatches::of(&mut ledger, job).unwrap();
        let before = crate::broadcast::engine::tests::before(journal.ledger(), job);
        let (report, _) = run_paced(
            site,
            tools.pace(),
            &mut journal,
            &mut world,
            &mut mill,
            &settings(16),
            before,
        );
        world.settle();
        assert!(!matches!(report.halt, Some(Halt::Silence)), "{provider}: halted by accident");
        fuse = fuse.later(End::Never);
        ledger.release_job(job, fuse.now_ms()).unwrap();
        if ledger.claim_job(job, fuse.now_ms()).is_err() {
            return (ledger, job, runs);
        }
        requeue(&mut ledger, job, vendor, fuse.now_ms());
        let left = ledger.job(job).unwrap().batches;
        if left.planned + left.sending == 0 {
            return (ledger, job, runs);
        }
    }
    panic!("{provider}: it does not end");
}

#[test]
fn of_a_thousand_sends_with_lost_answers_a_vendor_that_knows_repeats_stores_each_once() {
    for seed in 0..rounds(1, 20) {
        let vendor = provider::find("jpush-v3").unwrap();
        let site = Site::vendor(vendor);
        let (mut ledger, job, runs) = a_thousand(&site, vendor, TargetKind::Alias, seed);
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
        let vendor = provider::find(provider).unwrap();
        let site = Site::vendor(vendor);
        let (mut ledger, job, runs) = a_thousand(&site, vendor, kind, 7);
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
        let site = Site::vendor(provider::find("jmessage").unwrap());
        let faults = Faults { refused, late: 1.0 - refused, ..Faults::NONE };
        let targets = users(1000);
        let mut journal = crate::broadcast::engine::tests::plain::Memory::of(&targets, 1);
        let fuse = Fuse::at(End::Never);
        let mut world = SimWorld::new(&site, &fuse, faults, 1);
        let tools = Tools::of(&site);
        let mut mill = TestRequestBuilder::of(
            &tools,
            provider::find("jmessage").unwrap(),
            TargetKind::User,
            false,
        );
        let before = TargetCounts { total: 1000, ..TargetCounts::default() };
        let (report, _) = run(&site, &mut journal, &mut world, &mut mill, &settings(64), before);
        assert!(matches!(report.halt, Some(Halt::Silence)), "{:?}", report.halt);
        assert!(report.requests <= 12, "{}", report.requests);
        assert!(world.elapsed() <= Duration::from_secs(65), "{:?}", world.elapsed());
    }
}
