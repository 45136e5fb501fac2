//! The vendor's windows, counted where requests arrive.

use std::time::Duration;

use crate::broadcast::engine::tests::fuse::{End, Fuse};
use crate::broadcast::engine::tests::plain::Memory;
use crate::broadcast::engine::tests::request_builder::Plain;
use crate::broadcast::engine::tests::site::{PACED, SEND, SLOW, SLOW_STATUS, Site, reply};
use crate::broadcast::engine::tests::world::{Faults, SimWorld};
use crate::broadcast::engine::tests::*;
use crate::contract::RateUnit;
use crate::error::{Error, ErrorKind, Result, RetryAfter};
use crate::send::executor::ports::{AttemptInfo, MadeRequest};
use crate::wire::Exchange;

/// What a request needs has to wait for the rate limit this many times.
struct Held<'a>(Plain<'a>, u32);

impl Maker for Held<'_> {
    fn operation(&self, batch: &Batch) -> &'static Operation {
        self.0.operation(batch)
    }

    fn make(&mut self, batch: &Batch) -> Result<MadeRequest> {
        if self.1 == 0 {
            return self.0.make(batch);
        }
        self.1 -= 1;
        let held = RetryAfter::Held(Duration::from_secs(2));
        Err(Error::new(ErrorKind::Unavailable, "it has to wait").again(held))
    }

    fn recovers(&mut self, _: &AttemptInfo, _: &'static Operation, _: &Exchange) -> bool {
        false
    }

    fn decide(&self, batch: &Batch, operation: &'static Operation, exchange: &Exchange) -> Outcome {
        self.0.decide(batch, operation, exchange)
    }
}

/// No window of a documented rate holds more than it may, wherever it begins.
pub(super) fn check(arrived: &[(Duration, u64)], seed: u64) {
    for rate in PACED.rates {
        let span = Duration::from_secs(u64::from(rate.seconds));
        let weight = |targets: u64| if rate.counted == RateUnit::Calls { 1 } else { targets };
        let (mut first, mut sum) = (0, 0);
        for (at, targets) in arrived {
            sum += weight(*targets);
            while arrived[first].0 + span <= *at {
                sum -= weight(arrived[first].1);
                first += 1;
            }
            assert!(sum <= u64::from(rate.count), "seed {seed}: {sum} in {span:?} at {at:?}");
        }
    }
}

#[test]
fn no_window_is_exceeded_on_any_schedule() {
    for seed in 0..rounds(200, 10_000) {
        let mut dice = SeededRandom(seed);
        let site = Site::plain(|_, _| reply(200, &[]));
        let faults = Faults { late: 0.0, ..Faults::random(&mut dice) };
        let fuse = Fuse::at(End::Never);
        let mut world = SimWorld::new(&site, &fuse, faults, seed);
        let targets = names(100 + usize::try_from(dice.below(150)).unwrap());
        let mut journal = Memory::of(&targets, 1 + usize::try_from(dice.below(8)).unwrap());
        let settings = settings(1 + usize::try_from(dice.below(32)).unwrap());
        let before = TargetCounts { total: targets.len() as u64, ..TargetCounts::default() };
        run(&site, &mut journal, &mut world, &mut Plain::of(&site, &PACED), &settings, before);
        assert!(journal.most_begun <= settings.concurrency, "seed {seed}");
        check(&site.arrived.borrow(), seed);
    }
}

#[test]
fn after_a_pause_that_the_vendor_names_the_next_request_comes_when_it_is_over_and_soon() {
    for seed in 0..rounds(100, 2000) {
        let busy_from = 3 + seed % 20;
        let mut count = 0;
        let site = Site::plain(move |_, _| {
            count += 1;
            if count == busy_from { reply(429, &[("retry-after", "7")]) } else { reply(200, &[]) }
        });
        let fuse = Fuse::at(End::Never);
        // So quick that nothing else is under way when the refusal is there.
        let faults = Faults { latency: (5, 5), ..Faults::NONE };
        let mut world = SimWorld::new(&site, &fuse, faults, seed);
        let targets = names(40);
        let mut journal = Memory::of(&targets, 1);
        let before = TargetCounts { total: 40, ..TargetCounts::default() };
        let settings = settings(1 + usize::try_from(seed % 8).unwrap());
        run(&site, &mut journal, &mut world, &mut Plain::of(&site, &SEND), &settings, before);
        let refused = site.arrived.borrow()[usize::try_from(busy_from).unwrap() - 1].0;
        let told = refused + Duration::from_millis(5);
        let start = Duration::from_millis(START_MS.unsigned_abs());
        let next = world.started.iter().map(|at| start + *at).find(|at| *at > told).unwrap();
        let pause = (next - told).as_millis();
        assert!((7000..=7500).contains(&pause), "seed {seed}: {pause} ms");
        assert_eq!(site.stored(), 40, "seed {seed}");
    }
}

/// How many requests are in flight when each of them leaves. Each takes `each`.
fn in_flight(started: &[Duration], each: Duration) -> Vec<usize> {
    let at =
        |at: &Duration| started.iter().filter(|one| **one <= *at && *at < **one + each).count();
    started.iter().map(at).collect()
}

#[test]
fn after_a_server_says_that_it_does_not_keep_up_half_as_many_are_in_flight_and_then_more_again() {
    for (seed, most) in [(1, 16_usize), (2, 8)] {
        let mut count = 0;
        let site = Site::plain(move |_, _| {
            count += 1;
            reply(if (101..=100 + most).contains(&count) { SLOW_STATUS } else { 200 }, &[])
        });
        let fuse = Fuse::at(End::Never);
        let each = Duration::from_millis(1000);
        let faults = Faults { latency: (1000, 1000), ..Faults::NONE };
        let mut world = SimWorld::new(&site, &fuse, faults, seed);
        let mut journal = Memory::of(&names(300), 1);
        let before = TargetCounts { total: 300, ..TargetCounts::default() };
        let settings = RunSettings { overrun: &[SLOW], ..settings(most) };
        let maker = &mut Plain::of(&site, &SEND);
        let (report, _) = run(&site, &mut journal, &mut world, maker, &settings, before);
        assert_eq!((report.tally.unknown, report.tally.accepted), (most as u64, 300 - most as u64));
        let in_flight = in_flight(&world.started, each);
        assert_eq!(in_flight[80..100].iter().max(), Some(&most), "{in_flight:?}");
        // Usually some of as many as may be in flight are the last of them; now none is for a while.
        let is_half = |some: &[usize]| some.iter().all(|count| *count <= most / 2);
        assert!(!in_flight[40..100].windows(most).any(is_half), "{in_flight:?}");
        assert!(in_flight[100..100 + 2 * most].windows(most).any(is_half), "{in_flight:?}");
        assert_eq!(in_flight[200..].iter().max(), Some(&most), "{in_flight:?}");
    }
}

#[test]
fn what_a_request_needs_beforehand_is_asked_for_again_when_the_vendor_said_and_soon() {
    for seed in 0..rounds(50, 500) {
        let site = Site::plain(|_, _| reply(200, &[]));
        let fuse = Fuse::at(End::Never);
        let faults = Faults { latency: (5, 5), ..Faults::NONE };
        let mut world = SimWorld::new(&site, &fuse, faults, seed);
        let mut journal = Memory::of(&names(20), 1);
        let before = TargetCounts { total: 20, ..TargetCounts::default() };
        let fault = || {
            let told = RetryAfter::Told(Duration::from_secs(7));
            Error::new(ErrorKind::Unavailable, "no id to be had").again(told)
        };
        let mut maker = Plain { fails: Some(5), fault, ..Plain::of(&site, &SEND) };
        let (report, _) = run(&site, &mut journal, &mut world, &mut maker, &settings(1), before);
        assert!(report.halt.is_none(), "seed {seed}: {:?}", report.halt);
        let gap = (world.started[4] - world.started[3]).as_millis();
        assert!((7000..=7510).contains(&gap), "seed {seed}: {gap} ms");
        assert_eq!(site.stored(), 20, "seed {seed}");
    }
}

#[test]
fn what_the_pace_alone_keeps_back_is_no_failure() {
    let site = Site::plain(|_, _| reply(200, &[]));
    let fuse = Fuse::at(End::Never);
    let mut world = SimWorld::new(&site, &fuse, Faults::NONE, 7);
    let mut journal = Memory::of(&names(3), 1);
    let before = TargetCounts { total: 3, ..TargetCounts::default() };
    let mut maker = Held(Plain::of(&site, &SEND), 20);
    let (report, _) = run(&site, &mut journal, &mut world, &mut maker, &settings(1), before);
    assert!(report.halt.is_none(), "{:?}", report.halt);
    assert_eq!(site.stored(), 3);
}
