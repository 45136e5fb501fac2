//! Writes the batches of a job that is being planned into the ledger, and stops on a signal.

use std::time::Instant;

use uuid::Uuid;

use crate::error::{Error, Result};
use crate::ledger::{Ledger, PlannedBatch};
use crate::net::{ConcurrentTransport, Stop};
use crate::send::interruptible_io::{self, STOP_POLL_INTERVAL};

/// The number of batches in one transaction.
const BATCHES_PER_WRITE: usize = 64;

/// Collects batches, and writes several at a time.
pub(crate) struct BatchWriter<'a> {
    pub(crate) ledger: &'a mut Ledger,
    job: Uuid,
    fleet: &'a dyn ConcurrentTransport,
    pending: Vec<PlannedBatch>,
    /// When signals were last looked for.
    last_look: Instant,
}

impl<'a> BatchWriter<'a> {
    /// A writer for the batches of this job.
    pub(crate) fn new(
        ledger: &'a mut Ledger,
        job: Uuid,
        fleet: &'a dyn ConcurrentTransport,
    ) -> Self {
        Self { ledger, job, fleet, pending: Vec::new(), last_look: Instant::now() }
    }

    /// Adds a batch. Fails after a signal.
    pub(crate) fn add(&mut self, batch: PlannedBatch) -> Result<()> {
        self.pending.push(batch);
        if self.pending.len() < BATCHES_PER_WRITE {
            return Ok(());
        }
        // Looking for signals takes a millisecond, so do not do it for every write.
        if self.last_look.elapsed() > STOP_POLL_INTERVAL {
            self.last_look = Instant::now();
            interruptible_io::heed(self.fleet).map_err(stopped)?;
        }
        self.write()
    }

    /// Writes the last batches, at the end of the list. Fails after a signal.
    pub(crate) fn flush(&mut self) -> Result<()> {
        self.write()?;
        interruptible_io::heed(self.fleet).map_err(stopped)
    }

    fn write(&mut self) -> Result<()> {
        let pending = std::mem::take(&mut self.pending);
        self.ledger.plan_batches(self.job, &pending)
    }
}

/// The error when a signal stops the reading of a list.
pub(crate) fn stopped(stop: Stop) -> Error {
    interruptible_io::stopped(stop, "while the list was read")
}
