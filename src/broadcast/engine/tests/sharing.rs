//! A run beside another process that takes its share of the same rate limits, through the same ledger.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use crate::broadcast::engine::tests::fuse::{End, Fuse};
use crate::broadcast::engine::tests::pace::check;
use crate::broadcast::engine::tests::request_builder::Plain;
use crate::broadcast::engine::tests::site::{PACED, SHORT, Site, reply};
use crate::broadcast::engine::tests::world::{Faults, SimWorld};
use crate::broadcast::engine::tests::*;
use crate::broadcast::ledger_batches::LedgerBatches;
use crate::error::Result;
use crate::ledger::{BatchChange, Permit};
use crate::net::rate_limit::RateAsk;
use crate::net::rate_limit::RateClaim;
use crate::net::rate_limit::RateLimiter;
use crate::net::rate_limit::RateSharer;

fn sharer(who: &str) -> RateSharer {
    let (provider, app) = ("simulated".to_owned(), "app".to_owned());
    RateSharer { sandbox: true, provider, app, who: who.to_owned() }
}

/// Another process. It sends one request after the other, and each is answered at once.
struct ConflictingJob {
    pace: RateLimiter,
    dice: SeededRandom,
    /// How often it wants to send when the run does.
    eagerness: f64,
    /// When its requests arrived, and with how many targets.
    arrived: Vec<(Duration, u64)>,
}

impl ConflictingJob {
    fn send(&mut self, ledger: &mut Ledger, now_ms: i64) {
        let now = Duration::from_millis(now_ms.unsigned_abs());
        while self.dice.hits(self.eagerness) {
            let targets = 1 + self.dice.below(4);
            let ask = RateAsk { operation: &PACED, targets, limit: Duration::from_secs(30) };
            let claim = self.pace.claim(vec![ask], now, now_ms).expect("it asks");
            if ledger.claim(&claim).unwrap().begun == 0 {
                return;
            }
            self.arrived.push((now, targets));
            let mut ticket = self.pace.begin(&PACED, targets);
            self.pace.granted(&mut ticket);
            self.pace.end(ticket, now);
        }
    }
}

/// The ledger of a run. Before each commit the other process sends.
struct Beside<'a> {
    batches: LedgerBatches<'a>,
    rival: ConflictingJob,
    /// How often only some of the batches could begin.
    limited: usize,
}

impl BatchStore for Beside<'_> {
    fn next(&mut self, count: usize) -> Result<Vec<Batch>> {
        self.batches.next(count)
    }

    fn parts(&mut self, count: usize) -> Result<Vec<Batch>> {
        self.batches.parts(count)
    }

    fn commit(&mut self, changes: &[BatchChange], claim: Option<&RateClaim>) -> Result<Permit> {
        let begins = changes.iter().find_map(|change| match change {
            BatchChange::Begin { started_ms, .. } => Some(*started_ms),
            _ => None,
        });
        if let Some(now_ms) = begins {
            self.rival.send(self.batches.ledger(), now_ms);
        }
        let permit = self.batches.commit(changes, claim)?;
        self.limited += usize::from(matches!(permit, Permit::RateLimited { .. }));
        Ok(permit)
    }
}

/// The outcome of a run beside another process.
struct SharedRun {
    report: RunReport,
    witness: RunWitness,
    limited: usize,
    of_rival: Vec<(Duration, u64)>,
}

/// Sends to these targets by an operation with rate limits, beside a process of that eagerness.
fn beside(
    site: &Site,
    targets: &[String],
    faults: Faults,
    eagerness: f64,
    dice: &mut SeededRandom,
) -> SharedRun {
    let mut ledger = Ledger::in_memory(START_MS).unwrap();
    let job = plan(&mut ledger, targets, 1 + usize::try_from(dice.below(8)).unwrap());
    let fuse = Fuse::at(End::Never);
    let mut world = SimWorld::new(site, &fuse, faults, dice.next());
    let rival = ConflictingJob {
        pace: RateLimiter::sharing(sharer("rival")),
        dice: SeededRandom(dice.next()),
        eagerness,
        arrived: Vec::new(),
    };
    let mut books =
        Beside { batches: LedgerBatches::of(&mut ledger, job).unwrap(), rival, limited: 0 };
    let settings = settings(1 + usize::try_from(dice.below(32)).unwrap());
    let (mut witness, mut maker) = (RunWitness::default(), Plain::of(site, &PACED));
    let before = TargetCounts { total: targets.len() as u64, ..TargetCounts::default() };
    let mut journal = SlowStore::of(&mut books, site, SeededRandom(dice.next()));
    let engine = Engine::new(&mut journal, &mut world, &mut maker, &mut witness, &settings, before);
    let pace = Rc::new(RefCell::new(RateLimiter::sharing(sharer("run"))));
    let report = engine.paced(pace).run();
    world.settle();
    let (limited, of_rival) = (books.limited, books.rival.arrived);
    site.compare(&fates(&mut ledger, job, targets, 0), 0);
    SharedRun { report, witness, limited, of_rival }
}

#[test]
fn no_window_is_exceeded_by_two_processes_together() {
    let mut limited = 0;
    for seed in 0..rounds(100, 3000) {
        let mut dice = SeededRandom(seed);
        let site = Site::plain(|_, _| reply(200, &[]));
        let faults = Faults { late: 0.0, ..Faults::random(&mut dice) };
        let targets = names(60 + usize::try_from(dice.below(100)).unwrap());
        let eagerness = 0.3 + 0.6 * dice.unit();
        let outcome = beside(&site, &targets, faults, eagerness, &mut dice);
        limited += outcome.limited;
        let mut arrived = site.arrived.borrow().clone();
        arrived.extend(outcome.of_rival);
        arrived.sort();
        check(&arrived, seed);
    }
    assert!(limited > 100, "{limited}");
}

#[test]
fn a_run_beside_another_process_ends_and_neither_is_refused() {
    for seed in 0..rounds(20, 500) {
        let mut dice = SeededRandom(seed);
        let site = Site::plain(|_, _| reply(200, &[]));
        let targets = names(150);
        let outcome = beside(&site, &targets, Faults::NONE, 0.9, &mut dice);
        assert!(outcome.report.halt.is_none(), "seed {seed}: {:?}", outcome.report.halt);
        assert_eq!(site.stored(), targets.len(), "seed {seed}");
        assert_eq!(outcome.report.tally.accepted, 150, "seed {seed}");
        // Neither takes all that there is.
        let (own, other) = (outcome.report.requests, outcome.of_rival.len() as u64);
        assert!(other > 0 && own < 40 * other, "seed {seed}: {own} and {other}");
    }
}

#[test]
fn a_long_wait_is_told_once_and_a_short_one_is_not() {
    for (rates, waits) in [
        // Forty in a minute, so that 100 need two more minutes.
        (&PACED, 2),
        (&SHORT, 0),
    ] {
        let site = Site::plain(|_, _| reply(200, &[]));
        let fuse = Fuse::at(End::Never);
        let mut world = SimWorld::new(&site, &fuse, Faults::NONE, 3);
        let mut memory = crate::broadcast::engine::tests::plain::Memory::of(&names(100), 1);
        let (mut witness, mut maker) = (RunWitness::default(), Plain::of(&site, rates));
        let before = TargetCounts { total: 100, ..TargetCounts::default() };
        let mut journal = SlowStore::of(&mut memory, &site, SeededRandom(3));
        let settings = settings(8);
        Engine::new(&mut journal, &mut world, &mut maker, &mut witness, &settings, before).run();
        assert_eq!(site.stored(), 100);
        let told: Vec<u64> = witness.waits.iter().map(Duration::as_secs).collect();
        assert_eq!(told.len(), waits, "{told:?}");
        assert!(told.iter().all(|wait| (45..=60).contains(wait)), "{told:?}");
    }
}

#[test]
fn a_pause_that_the_vendor_asks_for_is_told_also_where_nothing_else_is_left() {
    let named = &[("retry-after", "7")][..];
    // Where no pause is named, the fourth refusal is the first that makes the run wait for long.
    for (targets, headers, refusals, least) in [(1, named, 3, 7), (30, named, 3, 7), (1, &[], 4, 1)]
    {
        let mut left = refusals;
        let site = Site::plain(move |_, _| {
            left -= 1;
            if left >= 0 { reply(429, headers) } else { reply(200, &[]) }
        });
        let fuse = Fuse::at(End::Never);
        let mut world = SimWorld::new(&site, &fuse, Faults { latency: (5, 5), ..Faults::NONE }, 3);
        let mut memory = crate::broadcast::engine::tests::plain::Memory::of(&names(targets), 1);
        let (mut witness, mut maker) = (RunWitness::default(), Plain::of(&site, &SHORT));
        let before = TargetCounts { total: targets as u64, ..TargetCounts::default() };
        let mut journal = SlowStore::of(&mut memory, &site, SeededRandom(3));
        Engine::new(&mut journal, &mut world, &mut maker, &mut witness, &settings(1), before).run();
        assert_eq!(site.stored(), targets);
        assert!(!witness.waits.is_empty() && witness.waits.len() <= 3, "{:?}", witness.waits);
        let is_right = |wait: &Duration| (least..=least + 3).contains(&wait.as_secs());
        assert!(witness.waits.iter().all(is_right), "{:?}", witness.waits);
    }
}

#[test]
fn what_is_unknown_after_a_shared_run_is_what_the_vendor_may_have() {
    let mut dice = SeededRandom(11);
    let site = Site::plain(|_, _| reply(200, &[]));
    let faults = Faults { after: 0.3, ..Faults::NONE };
    let outcome = beside(&site, &names(100), faults, 0.5, &mut dice);
    assert!(outcome.report.tally.unknown > 0, "{:?}", outcome.report.tally);
    assert!(outcome.witness.ended.len() > 10);
}
