//! Ids as batches of a run. Nothing of them is kept: a look-up changes nothing.

use std::time::Duration;

use super::MessageSearch;
use crate::error::{Error, ErrorKind, Result};
use crate::ledger::{Batch, BatchChange, BatchKey};
use crate::net::rate_limit::RateClaim;
use crate::provider::IdParts;
use crate::send::executor::ports::{CommitState, Journal};
use crate::send::rate_limits::RateLimits;

/// The journal of a run of look-ups: it shares rate limits with other processes.
pub(super) struct IdJournal<'a> {
    pub(super) limits: &'a RateLimits,
    pub(super) look: &'a MessageSearch<'a>,
    pub(super) ids: Box<dyn Iterator<Item = IdParts> + 'a>,
    pub(super) number: u32,
    pub(super) kept: Option<CommitState>,
}

impl Journal for IdJournal<'_> {
    fn next(&mut self, count: usize) -> Result<Vec<Batch>> {
        let mut batches = Vec::new();
        for parts in self.ids.by_ref() {
            let Some(id) = (self.look.search.id)(parts) else { continue };
            self.number += 1;
            let key = BatchKey::from_number(self.number);
            batches.push(Batch { key, ids: vec![id], ..Batch::only() });
            if batches.len() >= count {
                break;
            }
        }
        Ok(batches)
    }

    fn parts(&mut self, _: usize) -> Result<Vec<Batch>> {
        Ok(Vec::new())
    }

    fn hand_over(&mut self, changes: Vec<BatchChange>, claim: Option<RateClaim>) {
        let permit = Ok(self.limits.share(self.look.operation, claim.as_ref()));
        self.kept = Some(CommitState { changes, claim, permit });
    }

    fn is_done(&mut self, _: Duration) -> bool {
        true
    }

    fn kept(&mut self) -> CommitState {
        let nothing = || CommitState {
            changes: Vec::new(),
            claim: None,
            permit: Err(Error::new(ErrorKind::Bug, "nothing was handed over to the journal")),
        };
        self.kept.take().unwrap_or_else(nothing)
    }
}
