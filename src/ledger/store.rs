//! The boundary behind which the ledger is kept. A database has to do this, and nothing else. Each subject has a trait
//! in the file that has its rules.
//!
//! Several processes, or machines, may work on the same ledger at once. Each method is one step for all of them: it sees all
//! that others have committed, and does all that it says or nothing. What it writes is durable when it returns, unless
//! it says otherwise. `tests::conformance` has the tests that each store has to pass.

use std::time::Duration;

use super::commit::CommitStore;
use super::decide::DecisionStore;
use super::orphans::OwnerStore;
use super::plan::PlanStore;
use super::prune::PruneStore;
use super::query::QueryStore;
use crate::ledger::shared_rates::RateStore;
use crate::seal::SealKey;

/// Where a ledger is kept.
pub(super) trait LedgerStore:
    PlanStore + RateStore + CommitStore + QueryStore + OwnerStore + DecisionStore + PruneStore + Send
{
    /// Sets what holds from the next operation on.
    fn set(&mut self, settings: &StoreSettings);
}

/// What a command says about its use of the ledger.
#[derive(Clone, Debug)]
pub(super) struct StoreSettings {
    /// What is kept of payloads.
    pub(super) bodies: Bodies,
    /// Seals jobs and batches that are written, and checks the seals of those that are read. Without it nothing is sealed,
    /// and no seal is checked.
    pub(super) seal_key: Option<SealKey>,
    /// How long to wait for others who hold the ledger. A store has a limit of its own, and waits no longer than that.
    pub(super) patience: Duration,
}

/// What is kept of payloads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Bodies {
    /// All of them, unsigned.
    #[default]
    Kept,
    /// Their digests only.
    Digested,
}
