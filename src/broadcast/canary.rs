//! What keeps the many back until the few of a canary have been watched.

use std::time::Duration;

use crate::broadcast::abort::Canary;

/// Whether the few of a canary have gone out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gate {
    /// This number of targets may still begin before a pause of this length.
    Few { left: u64, soak: Duration },
    /// Nothing begins before this time.
    Soaking(Duration),
    /// There is none, or it is over.
    Open,
}

impl Gate {
    /// The gate of a job where earlier runs decided this number of targets. Where these are just the few of the canary,
    /// they are watched again: the user who stopped the run may have seen a problem.
    pub(crate) fn of(canary: Option<Canary>, decided: u64) -> Self {
        match canary {
            Some(Canary { targets, soak }) if decided <= targets => {
                Self::Few { left: targets - decided, soak }
            }
            _ => Self::Open,
        }
    }

    /// This number of targets begins for the first time.
    pub(crate) fn begin(&mut self, targets: u64) {
        if let Self::Few { left, .. } = self {
            *left = left.saturating_sub(targets);
        }
    }

    /// Whether nothing is known of the few yet.
    pub(crate) const fn is_watched(&self) -> bool {
        matches!(self, Self::Few { .. })
    }

    /// Whether targets that have not begun are kept back. The pause begins when nothing is under way any more: no answer
    /// is awaited, and no other attempt.
    pub(crate) fn keeps_back(&mut self, under_way: bool, now: Duration) -> bool {
        match *self {
            Self::Few { left: 0, .. } if under_way => true,
            Self::Few { left: 0, soak } => {
                *self = Self::Soaking(now + soak);
                self.keeps_back(under_way, now)
            }
            Self::Soaking(until) if now < until => true,
            Self::Soaking(_) => {
                *self = Self::Open;
                false
            }
            Self::Few { .. } | Self::Open => false,
        }
    }
}
