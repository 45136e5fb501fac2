//! Batches on their way into the ledger, many at a time, while somebody may ask to stop.

use std::time::Instant;

use uuid::Uuid;

use crate::error::{Error, Result};
use crate::ledger::{Ledger, PlannedBatch};
use crate::net::{Fleet, Stop};
use crate::send::interruptible_io::{self, LOOK};

/// How many batches are written down at a time.
const TOGETHER: usize = 64;

/// Takes batches of a job that is being planned.
pub(crate) struct Intake<'a> {
    pub(crate) ledger: &'a mut Ledger,
    job: Uuid,
    fleet: &'a dyn Fleet,
    pending: Vec<PlannedBatch>,
    looked: Instant,
}

impl<'a> Intake<'a> {
    pub(crate) fn of(ledger: &'a mut Ledger, job: Uuid, fleet: &'a dyn Fleet) -> Self {
        Self { ledger, job, fleet, pending: Vec::new(), looked: Instant::now() }
    }

    /// Takes a batch. An error where somebody asked to stop.
    pub(crate) fn take(&mut self, batch: PlannedBatch) -> Result<()> {
        self.pending.push(batch);
        if self.pending.len() < TOGETHER {
            return Ok(());
        }
        // A look takes a millisecond, and nobody notices that it comes a little later.
        if self.looked.elapsed() > LOOK {
            self.looked = Instant::now();
            interruptible_io::heed(self.fleet).map_err(stopped)?;
        }
        self.write()
    }

    /// Writes down what is left, at the end of the list. An error where somebody asked to stop while it was read.
    pub(crate) fn flush(&mut self) -> Result<()> {
        self.write()?;
        interruptible_io::heed(self.fleet).map_err(stopped)
    }

    fn write(&mut self) -> Result<()> {
        let pending = std::mem::take(&mut self.pending);
        self.ledger.plan_batches(self.job, &pending)
    }
}

/// Why a list is not read any further.
pub(crate) fn stopped(stop: Stop) -> Error {
    interruptible_io::stopped(stop, "while the list was read")
}
