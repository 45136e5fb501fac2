//! How many targets have come to which end.

use crate::ledger::{Ending, TargetState, fates};
use crate::outcome::Verdict;

/// Targets by their outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TargetCounts {
    /// Targets of the whole job.
    pub total: u64,
    /// Taken by the vendor.
    pub accepted: u64,
    /// Refused permanently.
    pub rejected: u64,
    /// Certainly not taken, by an answer that names single targets.
    pub unavailable: u64,
    /// Not known.
    pub unknown: u64,
}

impl TargetCounts {
    /// Counts the outcomes of the targets of one request. One without named targets counts once.
    pub fn count(&mut self, ids: &[String], ending: &Ending) {
        if ids.is_empty() {
            self.add(ending.verdict);
        }
        for fate in fates(ids, ending) {
            if let TargetState::Decided(verdict) = fate.state {
                self.add(verdict);
            }
        }
    }

    fn add(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Accepted => self.accepted += 1,
            Verdict::Denied | Verdict::Rejected => self.rejected += 1,
            Verdict::Unavailable => self.unavailable += 1,
            // Of one that stands for several, some were taken, and the vendor does not say which.
            Verdict::Partial | Verdict::Unknown => self.unknown += 1,
        }
    }

    /// Targets whose end is known, or known to be unknown.
    pub const fn decided(&self) -> u64 {
        self.accepted + self.failed()
    }

    /// Targets that were not taken, or perhaps not.
    pub const fn failed(&self) -> u64 {
        self.rejected + self.unavailable + self.unknown
    }

    /// Targets that nothing was sent to yet.
    pub const fn left(&self) -> u64 {
        self.total.saturating_sub(self.decided())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::{Outcome, TargetResult};

    #[test]
    fn targets_count_by_their_own_verdict_and_else_by_that_of_the_whole() {
        let named = |target: &str, verdict| TargetResult::new(target, verdict);
        let ids: Vec<String> = ["a", "b", "c"].map(str::to_owned).to_vec();
        let targets = vec![named("a", Verdict::Accepted), named("b", Verdict::Rejected)];
        let mixed = Outcome { targets, ..Outcome::of(Verdict::Partial) };
        let mut tally = TargetCounts { total: 10, ..TargetCounts::default() };
        tally.count(&ids, &Ending::of(&mixed, 0, 0, 1));
        tally.count(&ids, &Ending::of(&Outcome::of(Verdict::Accepted), 0, 0, 1));
        tally.count(&[], &Ending::of(&Outcome::of(Verdict::Rejected), 0, 0, 1));
        let expected =
            TargetCounts { total: 10, accepted: 4, rejected: 2, unknown: 1, unavailable: 0 };
        assert_eq!(tally, expected);
        assert_eq!((tally.decided(), tally.failed(), tally.left()), (7, 3, 3));
    }
}
