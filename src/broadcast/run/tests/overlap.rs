//! What happens while the journal is at work.

use super::fuse::{End, Fuse};
use super::mill::Plain;
use super::plain::Memory;
use super::site::{SEND, Site, reply};
use super::world::{Faults, SimWorld};
use super::*;
use crate::broadcast::halt::Halt;
use crate::outcome::Verdict;

const ACCEPTED: TargetState = TargetState::Decided(Verdict::Accepted);

/// A run of four at a time, whose answers come in fours, and whose journal is never quick.
fn in_fours(site: &Site, journal: &mut Memory) -> Report {
    let fuse = Fuse::at(End::Never);
    let faults = Faults { latency: (30, 30), ..Faults::NONE };
    let mut world = SimWorld::new(site, &fuse, faults, 1);
    let mut maker = Plain::of(site, &SEND);
    let mut witness = Witness::default();
    let before = Tally { total: journal.fates.len() as u64, ..Tally::default() };
    let mut lazy = Slow::lazy(journal);
    Engine::new(&mut lazy, &mut world, &mut maker, &mut witness, &settings(4), before).run()
}

#[test]
fn answers_that_come_while_the_journal_is_at_work_are_read_before_it_is_waited_for() {
    let site = Site::plain(|_, _| reply(200, &[]));
    let mut journal = Memory::of(&names(40), 1);
    let report = in_fours(&site, &mut journal);
    assert!(report.halt.is_none(), "{:?}", report.halt);
    assert_eq!(journal.count(ACCEPTED), 40);
    // The first of four is written down by itself, the other three together.
    assert!(journal.commits <= 2 * 40 / 4 + 2, "{}", journal.commits);
    assert_eq!((journal.begun, journal.most_begun), (0, 4));
}

#[test]
fn what_has_begun_in_the_journal_does_not_leave_once_the_run_is_halted() {
    let mut count = 0;
    let site = Site::plain(move |_, _| {
        count += 1;
        let long = [("retry-after", "3600")];
        if count == 10 { reply(429, &long) } else { reply(200, &[]) }
    });
    let mut journal = Memory::of(&names(40), 1);
    let report = in_fours(&site, &mut journal);
    assert!(matches!(report.halt, Some(Halt::Throttled)), "{:?}", report.halt);
    // What follows the ninth was written down as begun when the tenth was read.
    assert_eq!(report.requests, 12);
    assert_eq!((journal.begun, journal.most_begun), (0, 4));
    assert_eq!((journal.count(ACCEPTED), journal.count(TargetState::Planned)), (11, 29));
    assert_eq!(journal.taken_back, 1);
}
