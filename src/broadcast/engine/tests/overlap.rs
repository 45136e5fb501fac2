//! What happens while the journal is at work.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use crate::broadcast::engine::tests::fuse::{End, Fuse};
use crate::broadcast::engine::tests::plain::Memory;
use crate::broadcast::engine::tests::request_builder::Plain;
use crate::broadcast::engine::tests::site::{SEND, Site, reply};
use crate::broadcast::engine::tests::world::{Faults, SimWorld};
use crate::broadcast::engine::tests::*;
use crate::net::Stop;
use crate::outcome::Verdict;
use crate::send::executor::Halt;
use crate::wire::{Exchange, Request};

const ACCEPTED: TargetState = TargetState::Decided(Verdict::Accepted);

/// A simulation that answers requests together which left together, and records when each left.
struct BatchedServer<'a> {
    inner: SimWorld<'a>,
    waits: u32,
    /// In which wait it hears a signal, as the network does: nothing has ended then.
    hears: u32,
    /// Whether a 429 has come, and the run has not come to rest since.
    refused: bool,
    /// How many left after the signal, and after the 429.
    after_signal: u32,
    after_refusal: u32,
}

impl<'a> BatchedServer<'a> {
    fn of(site: &'a Site, fuse: &'a Fuse, millis: u64) -> Self {
        let faults = Faults { latency: (millis, millis), ..Faults::NONE };
        let mut inner = SimWorld::new(site, fuse, faults, 1);
        inner.beside_takes_time = false;
        let (waits, hears, refused) = (0, u32::MAX, false);
        Self { inner, waits, hears, refused, after_signal: 0, after_refusal: 0 }
    }

    /// A run over these, by a journal that is never quick.
    fn run(&mut self, site: &Site, journal: &mut Memory, settings: &RunSettings) -> RunReport {
        let mut maker = Plain::of(site, &SEND);
        let mut witness = RunWitness::default();
        let before = TargetCounts { total: journal.fates.len() as u64, ..TargetCounts::default() };
        let mut lazy = SlowStore::lazy(journal, site);
        Engine::new(&mut lazy, self, &mut maker, &mut witness, settings, before).run()
    }
}

impl TimedTransport for BatchedServer<'_> {
    fn now(&self) -> Duration {
        self.inner.now()
    }

    fn now_ms(&self) -> i64 {
        self.inner.now_ms()
    }

    fn chance(&mut self) -> f64 {
        self.inner.chance()
    }

    fn start(&mut self, ticket: u64, request: Request, limit: Duration) {
        self.after_signal += u32::from(self.stopped().is_some());
        self.after_refusal += u32::from(self.refused);
        self.inner.start(ticket, request, limit);
    }

    fn wait(&mut self, at_most: Duration) -> Vec<(u64, Exchange)> {
        self.waits += 1;
        if self.waits == self.hears {
            return Vec::new();
        }
        self.refused &= at_most.is_zero();
        let landed = self.inner.wait(at_most);
        let is_refusal = |exchange: &Exchange| exchange.as_ref().is_ok_and(|r| r.status == 429);
        self.refused |= landed.iter().any(|(_, exchange)| is_refusal(exchange));
        landed
    }

    fn abandon(&mut self) -> Vec<(u64, Exchange)> {
        self.inner.abandon()
    }

    fn stopped(&self) -> Option<(Stop, bool)> {
        (self.waits >= self.hears).then_some((Stop::Interrupted, false))
    }
}

/// A run of four at a time.
fn in_fours(site: &Site, journal: &mut Memory) -> RunReport {
    BatchedServer::of(site, &Fuse::at(End::Never), 30).run(site, journal, &settings(4))
}

/// A server that answers request number `at` with a 429 and a `Retry-After`.
fn refusing_once(at: u32, seconds: &'static str) -> Site {
    let mut count = 0;
    Site::plain(move |_, _| {
        count += 1;
        let pause = [("retry-after", seconds)];
        if count == at { reply(429, &pause) } else { reply(200, &[]) }
    })
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
    let site = refusing_once(10, "3600");
    let mut journal = Memory::of(&names(40), 1);
    let report = in_fours(&site, &mut journal);
    assert!(matches!(report.halt, Some(Halt::Throttled)), "{:?}", report.halt);
    // What follows the ninth was written down as begun when the tenth was read.
    assert_eq!(report.requests, 12);
    assert_eq!((journal.begun, journal.most_begun), (0, 4));
    assert_eq!((journal.count(ACCEPTED), journal.count(TargetState::Planned)), (11, 29));
    assert_eq!(journal.taken_back, 1);
}

#[test]
fn nothing_leaves_after_a_signal_whenever_it_is_heard() {
    let site = Site::plain(|_, _| reply(200, &[]));
    let mut taken_back = 0;
    for hears in 1..120 {
        let fuse = Fuse::at(End::Never);
        let mut world = BatchedServer { hears, ..BatchedServer::of(&site, &fuse, 30) };
        let mut journal = Memory::of(&names(200), 1);
        let report = world.run(&site, &mut journal, &settings(16));
        assert!(matches!(report.halt, Some(Halt::Signal(_))), "{hears}: {:?}", report.halt);
        assert_eq!((world.after_signal, journal.begun), (0, 0), "{hears}");
        taken_back += journal.taken_back;
    }
    assert!(taken_back > 100, "{taken_back}");
}

#[test]
fn nothing_leaves_once_the_time_is_up() {
    let site = Site::plain(|_, _| reply(200, &[]));
    let fuse = Fuse::at(End::Never);
    for millis in [500, 1000, 1030, 2000] {
        let mut world = BatchedServer::of(&site, &fuse, 15);
        let until = world.now() + Duration::from_millis(millis);
        let settings = RunSettings { until: Some(until), ..settings(4) };
        let mut journal = Memory::of(&names(1000), 1);
        let report = world.run(&site, &mut journal, &settings);
        assert!(matches!(report.halt, Some(Halt::Deadline)), "{:?}", report.halt);
        let last = world.inner.started.last().copied().unwrap();
        assert!(last < Duration::from_millis(millis), "{last:?} of {millis}");
        assert_eq!(journal.count(ACCEPTED) as u64, report.requests);
        assert_eq!(journal.begun, 0);
    }
}

#[test]
fn a_job_that_ends_shortly_before_its_deadline_was_not_halted_by_it() {
    let site = Site::plain(|_, _| reply(200, &[]));
    let fuse = Fuse::at(End::Never);
    let mut world = BatchedServer::of(&site, &fuse, 1000);
    // An answer takes 2 s, so that nothing begins in the last 4.
    let until = Some(world.now() + Duration::from_secs(5));
    let mut journal = Memory::of(&names(4), 1);
    let report = world.run(&site, &mut journal, &RunSettings { until, ..settings(4) });
    assert!(report.halt.is_none(), "{:?}", report.halt);
    assert_eq!(journal.count(ACCEPTED), 4);
}

#[test]
fn nothing_leaves_after_a_refusal_that_names_a_pause() {
    // The first and the last of a wave, and one in between.
    for at in [25, 28, 32] {
        let site = refusing_once(at, "7");
        let fuse = Fuse::at(End::Never);
        let mut world = BatchedServer::of(&site, &fuse, 30);
        let mut journal = Memory::of(&names(100), 1);
        let report = world.run(&site, &mut journal, &settings(8));
        assert!(report.halt.is_none(), "{:?}", report.halt);
        assert_eq!((world.after_refusal, journal.begun), (0, 0), "{at}");
        assert_eq!(journal.count(ACCEPTED), 100);
    }
}

#[test]
fn a_server_that_is_down_for_a_moment_in_the_middle_of_a_wave_does_not_halt() {
    let (mut count, from) = (0, Rc::new(Cell::new(Duration::MAX)));
    let site = Site::plain(move |_, now| {
        count += 1;
        if count == 2000 {
            from.set(now);
        }
        let is_down = now >= from.get() && now < from.get() + Duration::from_millis(600);
        reply(if is_down { 502 } else { 200 }, &[])
    });
    let fuse = Fuse::at(End::Never);
    let mut journal = Memory::of(&names(4000), 1);
    let report = BatchedServer::of(&site, &fuse, 250).run(&site, &mut journal, &settings(64));
    assert!(report.halt.is_none(), "{:?}", report.halt);
    assert!(journal.count(ACCEPTED) > 3900, "{:?}", report.tally);
}

#[test]
fn what_came_back_last_is_kept_although_the_journal_fails_twice() {
    let site = Site::plain(|_, _| reply(200, &[]));
    let mut journal = Memory::of(&names(60), 1);
    assert!(in_fours(&site, &mut journal).halt.is_none());
    let last = journal.commits;
    for (from, many) in [(last - 5, 2), (last - 2, 2), (last - 1, 2), (last, 1), (last, 2)] {
        let mut journal = Memory::of(&names(60), 1);
        journal.fails = (from..from + many).collect();
        let report = in_fours(&site, &mut journal);
        assert!(matches!(report.halt, Some(Halt::Fault(_))), "{from}+{many}: {:?}", report.halt);
        assert_eq!(journal.begun, 0, "{from}+{many}");
        assert_eq!(journal.count(ACCEPTED) as u64, report.requests, "{from}+{many}");
    }
}
