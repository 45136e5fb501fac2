//! How a test says what a run is like, in memory.

use std::time::Duration;

use crate::broadcast::engine::tests::fuse::{End, Fuse};
use crate::broadcast::engine::tests::plain::Memory;
use crate::broadcast::engine::tests::request_builder::Plain;
use crate::broadcast::engine::tests::site::{SEND, Site};
use crate::broadcast::engine::tests::world::{Faults, SimWorld};
use crate::broadcast::engine::tests::*;

/// What a run came to.
pub(super) struct RunResult {
    pub(super) report: RunReport,
    pub(super) witness: RunWitness,
    pub(super) started: Vec<Duration>,
    pub(super) elapsed: Duration,
}

/// How a run is to go.
pub(super) struct RunScript<'a> {
    pub(super) site: &'a Site,
    pub(super) operation: &'static Operation,
    pub(super) faults: Faults,
    pub(super) settings: RunSettings,
    pub(super) stops: (Option<Duration>, Option<Duration>),
    pub(super) fails: Option<u64>,
    /// Targets that an earlier run has reached.
    pub(super) reached: u64,
    /// Targets that an earlier run has failed with.
    pub(super) failed: u64,
}

impl<'a> RunScript<'a> {
    pub(super) fn to(site: &'a Site, concurrency: usize) -> Self {
        let settings = settings(concurrency);
        let stops = (None, None);
        Self {
            site,
            operation: &SEND,
            faults: Faults::NONE,
            settings,
            stops,
            fails: None,
            reached: 0,
            failed: 0,
        }
    }

    pub(super) fn run(&self, journal: &mut Memory) -> RunResult {
        let fuse = Fuse::at(End::Never);
        let mut world = SimWorld::new(self.site, &fuse, self.faults.clone(), 11);
        world.stops = self.stops;
        let mut settings = self.settings.clone();
        settings.until = settings.until.map(|until| world.now() + until);
        let mut maker = Plain { fails: self.fails, ..Plain::of(self.site, self.operation) };
        let (accepted, rejected) = (self.reached, self.failed);
        let total = journal.fates.len() as u64 + accepted + rejected;
        let before = TargetCounts { total, accepted, rejected, ..TargetCounts::default() };
        let (report, witness) = crate::broadcast::engine::tests::run(
            self.site, journal, &mut world, &mut maker, &settings, before,
        );
        let elapsed = world.elapsed();
        world.settle();
        RunResult { report, witness, started: world.started, elapsed }
    }
}
