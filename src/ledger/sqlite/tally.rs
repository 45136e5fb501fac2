//! The counts of a job: batches and targets by state.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use super::fault::StoreFault;
use super::sums::TALLY;

/// How the counts of a job change.
#[derive(Debug, Default)]
pub(super) struct CountChanges(BTreeMap<i64, (i64, i64)>);

impl CountChanges {
    /// More batches and targets in a state, or fewer.
    pub(super) fn add(&mut self, state: i64, batches: i64, targets: i64) {
        let entry = self.0.entry(state).or_default();
        entry.0 += batches;
        entry.1 += targets;
    }

    /// Adds it to what the job has.
    pub(super) fn write(&self, db: &Connection, job: i64) -> Result<(), StoreFault> {
        let changes = [("batches", "batches + ?3"), ("targets", "targets + ?4")];
        let mut change = db.prepare_cached(&TALLY.update(&changes, "job = ?1 AND state = ?2"))?;
        let mut add = db.prepare_cached(&TALLY.insert())?;
        for (state, (batches, targets)) in &self.0 {
            let row = params![job, state, batches, targets];
            if (*batches, *targets) != (0, 0) && change.execute(row)? == 0 {
                add.execute(row)?;
            }
        }
        Ok(())
    }
}
