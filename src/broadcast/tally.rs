//! How many targets have come to which end.

use crate::outcome::{Outcome, Verdict};

/// Targets by what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Targets of the whole job.
    pub total: u64,
    /// Taken by the vendor.
    pub accepted: u64,
    /// Refused for good.
    pub rejected: u64,
    /// Certainly not taken, by an answer that names single targets.
    pub unavailable: u64,
    /// Nobody knows.
    pub unknown: u64,
}

impl Tally {
    /// Counts what became of so many targets of one request.
    pub fn count(&mut self, outcome: &Outcome, targets: u64) {
        let named = outcome.targets.iter().map(|target| target.verdict);
        let mut left = targets;
        for verdict in named.take(usize::try_from(targets).unwrap_or(usize::MAX)) {
            self.add(verdict, 1);
            left -= 1;
        }
        self.add(unnamed(outcome.verdict), left);
    }

    fn add(&mut self, verdict: Verdict, targets: u64) {
        match verdict {
            Verdict::Accepted | Verdict::Partial => self.accepted += targets,
            Verdict::Denied | Verdict::Rejected => self.rejected += targets,
            Verdict::Unavailable => self.unavailable += targets,
            Verdict::Unknown => self.unknown += targets,
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

/// What holds for targets that a reply does not name: of a mixed one, nobody knows.
const fn unnamed(verdict: Verdict) -> Verdict {
    match verdict {
        Verdict::Partial => Verdict::Unknown,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::TargetResult;

    #[test]
    fn targets_that_a_mixed_reply_does_not_name_are_in_doubt() {
        let named = |verdict| TargetResult {
            target: "t".into(),
            verdict,
            id: None,
            code: None,
            message: None,
        };
        let targets = vec![named(Verdict::Accepted), named(Verdict::Rejected)];
        let outcome = Outcome { targets, ..Outcome::of(Verdict::Partial) };
        let mut tally = Tally { total: 10, ..Tally::default() };
        tally.count(&outcome, 3);
        tally.count(&Outcome::of(Verdict::Accepted), 4);
        let expected = Tally { total: 10, accepted: 5, rejected: 1, unknown: 1, unavailable: 0 };
        assert_eq!(tally, expected);
        assert_eq!((tally.decided(), tally.failed(), tally.left()), (7, 2, 3));
    }
}
