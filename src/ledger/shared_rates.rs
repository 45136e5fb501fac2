//! Shares of the rate limits of a vendor, which the processes that send through one app have in common.

use crate::error::Result;
use crate::ledger::Ledger;
use crate::net::rate_limit::{RateClaim, RateGrant};

/// Shared rate limits in a store.
pub(super) trait RateStore {
    /// Takes in what a process reports about its requests, and decides how many more it may begin. A power cut may undo it.
    fn claim(&mut self, claim: &RateClaim) -> Result<RateGrant>;
}

impl Ledger {
    /// Takes a share of the vendor's rate limits for requests without an entry of their own, or for later attempts, and
    /// reports what has ended. A crash of the process does not undo it; a power cut may.
    pub fn claim(&mut self, claim: &RateClaim) -> Result<RateGrant> {
        self.store.claim(claim)
    }
}
