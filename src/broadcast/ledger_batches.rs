//! The batches of a job in the ledger, as the engine takes them and gives them back.

use uuid::Uuid;

use crate::broadcast::ports::BatchStore;
use crate::error::Result;
use crate::ledger::{Allowance, Batch, BatchChange, BatchKey, Ledger, Permit, Preconditions};
use crate::net::rate_limit::RateClaim;

/// The batches of a job that is this writer's.
pub struct LedgerBatches<'a> {
    ledger: &'a mut Ledger,
    job: Uuid,
    after: Option<BatchKey>,
    /// The last batch before this run cut any.
    last: Option<BatchKey>,
    parts_after: Option<BatchKey>,
    allowances: Vec<Allowance>,
}

impl<'a> LedgerBatches<'a> {
    /// From the first planned one on.
    pub fn of(ledger: &'a mut Ledger, job: Uuid) -> Result<Self> {
        let last = ledger.last_batch(job)?;
        let allowances = Vec::new();
        Ok(Self { ledger, job, after: None, last, parts_after: last, allowances })
    }

    /// No more begin than these leave room for.
    pub fn within(mut self, allowances: Vec<Allowance>) -> Self {
        self.allowances = allowances;
        self
    }

    /// The ledger that they are in.
    #[cfg(test)]
    pub(super) fn ledger(&mut self) -> &mut Ledger {
        self.ledger
    }
}

impl BatchStore for LedgerBatches<'_> {
    fn next(&mut self, count: usize) -> Result<Vec<Batch>> {
        let mut batches = self.ledger.next_batches(self.job, self.after, count)?;
        batches.retain(|batch| Some(batch.key) <= self.last);
        self.after = batches.last().map(|batch| batch.key).or(self.after);
        Ok(batches)
    }

    fn parts(&mut self, count: usize) -> Result<Vec<Batch>> {
        let batches = self.ledger.next_batches(self.job, self.parts_after, count)?;
        self.parts_after = batches.last().map(|batch| batch.key).or(self.parts_after);
        Ok(batches)
    }

    fn commit(&mut self, changes: &[BatchChange], claim: Option<&RateClaim>) -> Result<Permit> {
        let allowances = &self.allowances;
        let on = Preconditions { allowances, rate: claim, ..Preconditions::NONE };
        self.ledger.commit(self.job, changes, &on)
    }
}
