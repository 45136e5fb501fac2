//! BatchStore whose process ends at a chosen moment, or that are asked to stop.

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::time::Duration;

use uuid::Uuid;

use crate::broadcast::engine::tests::START_MS;
use crate::broadcast::ledger_batches::LedgerBatches;
use crate::broadcast::ports::BatchStore;
use crate::error::{Error, ErrorKind, Result};
use crate::ledger::{Batch, BatchChange, Permit};
use crate::net::rate_limit::RateClaim;

/// When a process ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// Never.
    Never,
    /// Before this commit.
    Before(u64),
    /// After this commit, before anything starts.
    After(u64),
    /// When it waits for the so-many-eth time: its requests have left.
    Waiting(u64),
}

/// What ends a process, and whether it has.
pub(super) struct Fuse {
    end: End,
    commits: Cell<u64>,
    waits: Cell<u64>,
    pub(super) dead: Cell<bool>,
    pub(super) stopped: Cell<bool>,
    /// Requests that started after the first commit that could know of the stop.
    pub(super) started_after_stop: Cell<u64>,
    /// How much time has passed in earlier runs.
    pub(super) elapsed: Cell<Duration>,
}

impl Fuse {
    pub(super) fn at(end: End) -> Self {
        let (commits, waits, dead, elapsed) = Default::default();
        let (stopped, started_after_stop) = Default::default();
        Self { end, commits, waits, dead, stopped, started_after_stop, elapsed }
    }

    /// The same clock for a later process.
    pub(super) fn later(&self, end: End) -> Self {
        let later = Self::at(end);
        later.elapsed.set(self.elapsed.get() + Duration::from_secs(2));
        later
    }

    pub(super) fn waits(&self) {
        self.waits.set(self.waits.get() + 1);
        if self.end == End::Waiting(self.waits.get()) {
            self.dead.set(true);
        }
    }

    /// Whether the process ends at a moment that has nothing to do with the ledger.
    pub(super) fn ends_waiting(&self) -> bool {
        matches!(self.end, End::Waiting(_))
    }

    pub(super) fn commits(&self) -> u64 {
        self.commits.get()
    }

    /// The time now, in milliseconds since 1970.
    pub(super) fn now_ms(&self) -> i64 {
        START_MS + i64::try_from(self.elapsed.get().as_millis()).expect("this century")
    }
}

fn gone() -> Error {
    Error::new(ErrorKind::Ledger, "the process has ended")
}

/// The batches of a real ledger behind a fuse.
pub(super) struct BreakingStore<'a> {
    pub(super) batches: LedgerBatches<'a>,
    pub(super) fuse: &'a Fuse,
    /// Before this commit another process asks the job to stop.
    pub(super) stop: Option<(u64, Uuid)>,
    /// Where the ledger is, and where to keep what of it would outlive a power cut; and a number that says how much of
    /// what is not synced yet is there all the same.
    pub(super) power: Option<(PathBuf, PathBuf, u64)>,
}

impl<'a> BreakingStore<'a> {
    pub(super) fn of(batches: LedgerBatches<'a>, fuse: &'a Fuse) -> Self {
        Self { batches, fuse, stop: None, power: None }
    }

    fn keep(&self, synced: u64) {
        if let Some((from, to, torn)) = &self.power {
            std::fs::copy(from, to).unwrap();
            std::fs::copy(log(from), log(to)).unwrap();
            let length = std::fs::metadata(log(to)).unwrap().len();
            if length > synced {
                // Of what was written since the last sync a part may be on disk.
                let file = std::fs::OpenOptions::new().write(true).open(log(to)).unwrap();
                file.set_len(synced + torn % (length - synced + 1)).unwrap();
            }
        }
    }
}

fn log(database: &Path) -> PathBuf {
    let mut name = database.file_name().unwrap().to_owned();
    name.push("-wal");
    database.with_file_name(name)
}

impl BatchStore for BreakingStore<'_> {
    fn next(&mut self, count: usize) -> Result<Vec<Batch>> {
        self.batches.next(count)
    }

    fn parts(&mut self, count: usize) -> Result<Vec<Batch>> {
        self.batches.parts(count)
    }

    fn commit(&mut self, changes: &[BatchChange], claim: Option<&RateClaim>) -> Result<Permit> {
        if self.fuse.dead.get() {
            return Err(gone());
        }
        let number = self.fuse.commits.get() + 1;
        self.fuse.commits.set(number);
        if let Some((at, job)) = self.stop
            && at == number
        {
            self.batches.ledger().ask_to_stop(job, START_MS).unwrap();
            self.fuse.stopped.set(true);
        }
        if self.fuse.end == End::Before(number) {
            self.fuse.dead.set(true);
            self.keep(u64::MAX);
            return Err(gone());
        }
        let is_last = self.fuse.end == End::After(number);
        let log = self.power.as_ref().filter(|_| is_last).map(|(from, ..)| log(from));
        let synced = log.map_or(0, |log| std::fs::metadata(log).unwrap().len());
        let permit = self.batches.commit(changes, claim)?;
        if is_last {
            self.fuse.dead.set(true);
            self.keep(synced);
            return Err(gone());
        }
        Ok(permit)
    }
}
