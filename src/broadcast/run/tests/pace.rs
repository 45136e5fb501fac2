//! The vendor's windows, counted where requests arrive.

use std::time::Duration;

use super::fuse::{End, Fuse};
use super::mill::Plain;
use super::plain::Memory;
use super::site::{PACED, SEND, Site, reply};
use super::world::{Faults, SimWorld};
use super::*;
use crate::contract::Counted;

/// No window of a documented rate holds more than it may, wherever it begins.
fn check(arrived: &[(Duration, u64)], seed: u64) {
    for rate in PACED.rates {
        let span = Duration::from_secs(u64::from(rate.seconds));
        let weight = |targets: u64| if rate.counted == Counted::Calls { 1 } else { targets };
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
        let mut dice = Dice(seed);
        let site = Site::plain(|_, _| reply(200, &[]));
        let faults = Faults { late: 0.0, ..Faults::random(&mut dice) };
        let fuse = Fuse::at(End::Never);
        let mut world = SimWorld::new(&site, &fuse, faults, seed);
        let targets = names(100 + usize::try_from(dice.below(150)).unwrap());
        let mut journal = Memory::of(&targets, 1 + usize::try_from(dice.below(8)).unwrap());
        let settings = settings(1 + usize::try_from(dice.below(32)).unwrap());
        let before = Tally { total: targets.len() as u64, ..Tally::default() };
        run(&mut journal, &mut world, &mut Plain::of(&site, &PACED), &settings, before);
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
        let before = Tally { total: 40, ..Tally::default() };
        let settings = settings(1 + usize::try_from(seed % 8).unwrap());
        run(&mut journal, &mut world, &mut Plain::of(&site, &SEND), &settings, before);
        let refused = site.arrived.borrow()[usize::try_from(busy_from).unwrap() - 1].0;
        let told = refused + Duration::from_millis(5);
        let start = Duration::from_millis(START_MS.unsigned_abs());
        let next = world.started.iter().map(|at| start + *at).find(|at| *at > told).unwrap();
        let pause = (next - told).as_millis();
        assert!((7000..=7500).contains(&pause), "seed {seed}: {pause} ms");
        assert_eq!(site.stored(), 40, "seed {seed}");
    }
}
