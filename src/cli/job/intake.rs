//! Batches on their way into the ledger, many at a time, while somebody may ask to stop.

use std::time::Instant;

use uuid::Uuid;

use crate::cli::patience::{self, LOOK};
use crate::error::{Error, Result};
use crate::ledger::{Ledger, PlannedBatch};
use crate::net::{Fleet, Stop};

/// How many batches are written down at a time.
const TOGETHER: usize = 64;

/// Takes batches of a job that is being planned.
pub(super) struct Intake<'a> {
    pub(super) ledger: &'a mut Ledger,
    job: Uuid,
    fleet: &'a dyn Fleet,
    pending: Vec<PlannedBatch>,
    looked: Instant,
}

impl<'a> Intake<'a> {
    pub(super) fn of(ledger: &'a mut Ledger, job: Uuid, fleet: &'a dyn Fleet) -> Self {
        Self { ledger, job, fleet, pending: Vec::new(), looked: Instant::now() }
    }

    /// Takes a batch. An error where somebody asked to stop.
    pub(super) fn take(&mut self, batch: PlannedBatch) -> Result<()> {
        self.pending.push(batch);
        if self.pending.len() < TOGETHER {
            return Ok(());
        }
        // A look takes a millisecond, and nobody notices that it comes a little later.
        if self.looked.elapsed() > LOOK {
            self.looked = Instant::now();
            patience::heed(self.fleet).map_err(stopped)?;
        }
        self.write()
    }

    /// Writes down what is left, at the end of the list. An error where somebody asked to stop while it was read.
    pub(super) fn flush(&mut self) -> Result<()> {
        self.write()?;
        patience::heed(self.fleet).map_err(stopped)
    }

    fn write(&mut self) -> Result<()> {
        let pending = std::mem::take(&mut self.pending);
        self.ledger.plan_batches(self.job, &pending)
    }
}

/// Why a list is not read any further.
pub(super) fn stopped(stop: Stop) -> Error {
    patience::stopped(stop, "while the list was read")
}
