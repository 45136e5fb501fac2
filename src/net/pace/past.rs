//! What earlier processes sent, as far as windows that are still open count it.

use std::time::Duration;

use super::{Key, Pace, add, is_paced, name_of, weight};
use crate::contract::{Counted, Operation};

/// What has to be looked up so that no window begins emptier than the vendor's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lookback {
    /// The ids of the operations whose requests count.
    pub operations: Vec<&'static str>,
    /// How long ago a request may have ended that still counts.
    pub span: Duration,
    /// So many of the latest requests fill each of the windows.
    pub most: usize,
}

/// A request that is over.
#[derive(Clone, Copy, Debug)]
pub struct Past {
    /// Its operation.
    pub operation: &'static Operation,
    /// How many targets it had.
    pub targets: u64,
    /// When it ended.
    pub ended: Duration,
}

/// What windows of these operations have to know, of all that their vendor has; `None` where there is no such window.
pub fn lookback(
    all: &'static [Operation],
    used: impl IntoIterator<Item = &'static Operation>,
) -> Option<Lookback> {
    let mut keys: Vec<(Key, u32)> = Vec::new();
    for operation in used {
        for rate in operation.rates.iter().filter(|rate| is_paced(rate)) {
            let name = name_of(operation, rate);
            let key = Key { name, counted: rate.counted, seconds: rate.seconds };
            if key.counted != Counted::Alive && !keys.iter().any(|(known, _)| *known == key) {
                keys.push((key, rate.count));
            }
        }
    }
    let seconds = keys.iter().map(|(key, _)| key.seconds).max()?;
    let shares = |other: &&Operation| keys.iter().any(|(key, _)| counts_in(other, key));
    Some(Lookback {
        operations: all.iter().filter(shares).map(|other| other.id).collect(),
        span: Duration::from_secs(u64::from(seconds)),
        most: keys.iter().map(|(_, count)| *count as usize).sum(),
    })
}

impl Pace {
    /// Counts requests of earlier processes in the windows of these operations, and makes no window of any other. They come
    /// in the order in which they ended, before anything begins here.
    pub fn remember(&mut self, used: impl IntoIterator<Item = &'static Operation>, calls: &[Past]) {
        let mut places = Vec::new();
        for operation in used {
            let lane = self.lane(operation);
            self.lanes[lane].windows.iter().for_each(|place| add(&mut places, *place));
        }
        for place in places {
            let (key, window) = &mut self.windows[place];
            let count =
                |call: &&Past| key.counted != Counted::Alive && counts_in(call.operation, key);
            for call in calls.iter().filter(count) {
                let weight = weight(key.counted, call.targets);
                window.begin(weight);
                window.end(weight, call.ended);
            }
        }
    }
}

/// Whether a window counts requests of an operation.
fn counts_in(operation: &Operation, key: &Key) -> bool {
    operation.rates.iter().any(|rate| {
        let name = name_of(operation, rate);
        is_paced(rate) && *key == Key { name, counted: rate.counted, seconds: rate.seconds }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Rate;

    const fn rate(count: u32, seconds: u32, counted: Counted, pool: &'static str) -> Rate {
        Rate { count, seconds, counted, scope: "", pool }
    }

    const CALLS: Counted = Counted::Calls;

    static ALL: &[Operation] = &[
        Operation {
            id: "one",
            rates: &[rate(3, 1, CALLS, ""), rate(5, 60, CALLS, "both"), rate(2, 3600, CALLS, "")],
            ..Operation::BASE
        },
        // Fewer of these than of the other: no reason to slow the other down.
        Operation { id: "two", rates: &[rate(1, 60, CALLS, "both")], ..Operation::BASE },
        Operation { id: "many", rates: &[rate(9, 10, Counted::Targets, "")], ..Operation::BASE },
        Operation { id: "alive", rates: &[rate(9, 10, Counted::Alive, "")], ..Operation::BASE },
        Operation { id: "free", rates: &[rate(9, 3600, CALLS, "")], ..Operation::BASE },
    ];

    fn of(ids: &[&str]) -> Vec<&'static Operation> {
        ids.iter().map(|id| ALL.iter().find(|one| one.id == *id).expect("it is there")).collect()
    }

    #[test]
    fn what_is_looked_up_is_what_open_windows_count() {
        for (used, wanted) in [
            (&["free"][..], None),
            (&["alive"], None),
            (&["two"], Some((vec!["one", "two"], 60, 1))),
            (&["one"], Some((vec!["one", "two"], 60, 8))),
            (&["many", "alive", "many"], Some((vec!["many"], 10, 9))),
            (&["one", "many"], Some((vec!["one", "two", "many"], 60, 17))),
        ] {
            let told = lookback(ALL, of(used));
            let told = told.map(|told| (told.operations, told.span.as_secs(), told.most));
            assert_eq!(told, wanted, "{used:?}");
        }
    }

    #[test]
    fn a_run_goes_on_where_earlier_ones_left_each_window() {
        let now = Duration::from_secs(1_000);
        let ago = |id: &str, targets, millis| {
            let ended = now - Duration::from_millis(millis);
            Past { operation: of(&[id])[0], targets, ended }
        };
        let free_in = |millis| Err(now + Duration::from_millis(millis));
        for (past, id, targets, ready) in [
            (vec![], "one", 1, Ok(())),
            (
                vec![ago("one", 1, 900), ago("one", 1, 300), ago("one", 1, 100)],
                "one",
                1,
                free_in(100),
            ),
            (vec![ago("one", 1, 1_100), ago("one", 1, 300), ago("one", 1, 100)], "one", 1, Ok(())),
            // The other counts in the window that they share, and in no other.
            (vec![ago("two", 1, 500); 4], "one", 1, Ok(())),
            (vec![ago("two", 1, 500); 5], "one", 1, free_in(59_500)),
            (vec![ago("one", 1, 61_000), ago("one", 1, 2_000)], "two", 1, free_in(58_000)),
            (vec![ago("many", 5, 4_000), ago("many", 3, 1_000)], "many", 1, Ok(())),
            (vec![ago("many", 5, 4_000), ago("many", 3, 1_000)], "many", 2, free_in(6_000)),
            (vec![ago("alive", 1, 0); 20], "alive", 1, Ok(())),
        ] {
            let mut pace = Pace::new();
            pace.remember(of(&[id]), &past);
            assert_eq!(pace.ready(of(&[id])[0], targets, now), ready, "{id} {targets} {past:?}");
        }
    }
}
