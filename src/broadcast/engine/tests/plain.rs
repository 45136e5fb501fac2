//! BatchStore in plain memory, strict about what may follow what.

use std::collections::{BTreeMap, VecDeque};

use crate::broadcast::engine::tests::START_MS;
use crate::broadcast::ports::BatchStore;
use crate::error::{Error, ErrorKind, Result};
use crate::ledger::{Batch, BatchChange, BatchKey, Permit, PlannedBatch, TargetState, fates};
use crate::net::rate_limit::RateClaim;

#[derive(Debug, PartialEq)]
enum State {
    Planned,
    Begun,
    Ended,
}

/// Batches in memory.
#[derive(Default)]
pub(super) struct Memory {
    states: BTreeMap<BatchKey, (State, Vec<String>)>,
    /// The idempotency keys with which batches have begun.
    keys: BTreeMap<BatchKey, String>,
    ahead: VecDeque<Batch>,
    parts: VecDeque<Batch>,
    pub(super) fates: BTreeMap<String, TargetState>,
    /// Which commits fail, counted from 1.
    pub(super) fails: Vec<u64>,
    /// From this commit on nothing may begin.
    pub(super) permit: Option<(u64, Permit)>,
    pub(super) commits: u64,
    pub(super) begun: usize,
    /// The most batches that were begun and not ended at a time.
    pub(super) most_begun: usize,
    /// How many had begun for the first time, and did not leave after all.
    pub(super) taken_back: usize,
}

impl Memory {
    pub(super) fn of(targets: &[String], size: usize) -> Self {
        let mut memory = Self::default();
        for ids in targets.chunks(size) {
            let planned = PlannedBatch { template: 0, ids: ids.to_vec(), vars: None };
            let batch = memory.add(&planned);
            memory.ahead.push_back(batch);
        }
        memory
    }

    fn add(&mut self, planned: &PlannedBatch) -> Batch {
        let key = BatchKey::nth(u32::try_from(self.states.len() + 1).unwrap());
        self.states.insert(key, (State::Planned, planned.ids.clone()));
        self.fates.extend(planned.ids.iter().map(|id| (id.clone(), TargetState::Planned)));
        Batch {
            key,
            template: 0,
            ids: planned.ids.clone(),
            vars: None,
            dedupe_id: None,
            attempts: 0,
            first_started_ms: None,
            doubtful: false,
        }
    }

    /// A batch that may have arrived in an earlier run.
    pub(super) fn doubtful(ids: &[String], first_ms: i64) -> Self {
        let mut memory = Self::of(ids, ids.len());
        let batch = memory.ahead.front_mut().unwrap();
        batch.doubtful = true;
        batch.first_started_ms = Some(first_ms);
        batch.dedupe_id = Some("kept".to_owned());
        let key = batch.key;
        memory.keys.insert(key, "kept".to_owned());
        memory
    }

    fn shift(&mut self, key: BatchKey, from: &[State], to: State) -> Vec<String> {
        let (state, ids) = self.states.get_mut(&key).unwrap();
        assert!(from.contains(state), "{key:?} is {state:?} and becomes {to:?}");
        *state = to;
        ids.clone()
    }

    fn change(&mut self, change: &BatchChange) {
        match change {
            BatchChange::Begin { batch, started_ms, dedupe_id } => {
                assert!(*started_ms >= START_MS);
                let before = dedupe_id.clone().and_then(|id| self.keys.insert(*batch, id));
                assert!(before.is_none() || before == *dedupe_id, "{batch:?} has another key");
                let ids = self.shift(*batch, &[State::Planned], State::Begun);
                self.fates.extend(ids.into_iter().map(|id| (id, TargetState::Sending)));
                self.begun += 1;
                self.most_begun = self.most_begun.max(self.begun);
            }
            BatchChange::RetryAfter { batch, attempts, .. } => {
                self.taken_back += usize::from(*attempts == 0);
                let ids = self.shift(*batch, &[State::Begun], State::Planned);
                self.fates.extend(ids.into_iter().map(|id| (id, TargetState::Planned)));
                self.begun -= 1;
            }
            BatchChange::End { batch, ending } => {
                self.begun -= usize::from(self.states[batch].0 == State::Begun);
                let ids = self.shift(*batch, &[State::Begun, State::Planned], State::Ended);
                for fate in fates(&ids, ending) {
                    self.fates.insert(fate.target.to_owned(), fate.state);
                }
            }
            BatchChange::Split { batch, parts } => {
                let ids = self.shift(*batch, &[State::Begun], State::Ended);
                self.begun -= 1;
                let of_parts: Vec<String> =
                    parts.iter().flat_map(|part| part.ids.clone()).collect();
                assert_eq!(ids, of_parts);
                for part in parts {
                    let part = self.add(part);
                    self.parts.push_back(part);
                }
            }
        }
    }

    /// How many targets are in a state.
    pub(super) fn count(&self, state: TargetState) -> usize {
        self.fates.values().filter(|fate| **fate == state).count()
    }
}

impl BatchStore for Memory {
    fn next(&mut self, count: usize) -> Result<Vec<Batch>> {
        Ok(self.ahead.drain(..count.min(self.ahead.len())).collect())
    }

    fn parts(&mut self, count: usize) -> Result<Vec<Batch>> {
        Ok(self.parts.drain(..count.min(self.parts.len())).collect())
    }

    fn commit(&mut self, changes: &[BatchChange], _: Option<&RateClaim>) -> Result<Permit> {
        self.commits += 1;
        if self.fails.contains(&self.commits) {
            return Err(Error::new(ErrorKind::Ledger, "the ledger cannot be written"));
        }
        let permit = self.permit.filter(|(from, _)| self.commits >= *from);
        let permit = permit.map_or(Permit::Granted, |(_, permit)| permit);
        for change in changes {
            if permit == Permit::Granted || !matches!(change, BatchChange::Begin { .. }) {
                self.change(change);
            }
        }
        Ok(permit)
    }
}
