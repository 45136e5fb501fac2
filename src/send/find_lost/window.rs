//! Which ids a lost message can have: the time in which it was sent, by the server's clock.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use crate::provider::{IdParts, IdSearch};

/// The most known messages that tell about the server's clock: those that were sent nearest to the lost one.
const MAX_REFERENCES: usize = 32;

/// How far the clock of a server may be off, in milliseconds: 30 days. Ids that say more are not made of the time at which
/// they were given.
const MAX_AHEAD_MS: i64 = 30 * 24 * 3_600_000;

/// A message that was accepted, with what its id tells of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct KnownId {
    /// When it got its id, by the server's clock.
    pub(super) ms: i64,
    /// The node that made it.
    pub(super) node: i64,
    /// When its request left, and when the answer was there, by this machine's clock.
    pub(super) started_ms: i64,
    pub(super) finished_ms: i64,
}

/// How far a server's clock is ahead of this machine's, and which nodes make its ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ServerClock {
    /// In milliseconds: at least, and at most.
    pub(super) ahead: (i64, i64),
    pub(super) nodes: BTreeSet<i64>,
}

impl ServerClock {
    /// What messages tell that were sent near a time. Each got its id between the beginning and the end of its request;
    /// as clocks drift, the nearest ones count where they do not agree. Without any, both clocks show the same time.
    pub(super) fn near(known: &[KnownId], sent_ms: i64, search: &IdSearch) -> Self {
        let mut nearest: Vec<&KnownId> =
            known.iter().filter(|one| one.started_ms <= one.finished_ms).collect();
        nearest.sort_by_key(|one| one.started_ms.abs_diff(sent_ms));
        nearest.truncate(MAX_REFERENCES);
        let mut ahead: Option<(i64, i64)> = None;
        for one in &nearest {
            let (least, most) = (one.ms - one.finished_ms, one.ms - one.started_ms);
            match ahead {
                None => ahead = Some((least, most)),
                Some((low, high)) if least.max(low) <= most.min(high) => {
                    ahead = Some((least.max(low), most.min(high)));
                }
                Some(_) => break,
            }
        }
        let mut nodes: BTreeSet<i64> = nearest.iter().map(|one| one.node).collect();
        if nodes.is_empty() {
            nodes.insert(search.usual_node);
        }
        Self { ahead: ahead.unwrap_or_default(), nodes }
    }

    /// Whether the ids of the server can be made of the time at which they were given.
    pub(super) const fn is_likely(&self) -> bool {
        let (least, most) = self.ahead;
        least >= -MAX_AHEAD_MS && most <= MAX_AHEAD_MS
    }

    /// The milliseconds of the server's clock in which a message can have got its id that left at a time, and within this
    /// many milliseconds.
    pub(super) fn window(&self, sent_ms: i64, window_ms: i64) -> RangeInclusive<i64> {
        let (least, most) = self.ahead;
        sent_ms + least..=sent_ms + most + window_ms
    }
}

/// The same milliseconds, each once and in their order.
pub(super) fn merged(mut windows: Vec<RangeInclusive<i64>>) -> Vec<RangeInclusive<i64>> {
    windows.sort_by_key(|window| *window.start());
    let mut out: Vec<RangeInclusive<i64>> = Vec::new();
    for window in windows {
        match out.last_mut() {
            Some(last) if *window.start() <= last.end().saturating_add(1) => {
                *last = *last.start()..=*last.end().max(window.end());
            }
            _ => out.push(window),
        }
    }
    out
}

/// How many milliseconds there are.
pub(super) fn length(windows: &[RangeInclusive<i64>]) -> u64 {
    windows.iter().map(|window| window.end().abs_diff(*window.start()) + 1).sum()
}

/// What is asked for first: some counters of each millisecond, of each node.
pub(super) fn first_round(
    windows: Vec<RangeInclusive<i64>>,
    nodes: BTreeSet<i64>,
    counters: RangeInclusive<i64>,
) -> impl Iterator<Item = IdParts> {
    windows.into_iter().flatten().flat_map(move |ms| {
        let counters = counters.clone();
        let nodes: Vec<i64> = nodes.iter().copied().collect();
        nodes.into_iter().flat_map(move |node| {
            counters.clone().map(move |counter| IdParts { ms, node, counter })
        })
    })
}

/// What is asked for next: where the last counter of a millisecond that was asked for is there, the one behind it can be
/// there, too.
pub(super) fn next_round(there: &[IdParts], last: i64, search: &IdSearch) -> Vec<IdParts> {
    let behind = there.iter().filter(|one| one.counter == last && last < search.max_counter);
    behind.map(|one| IdParts { counter: last + 1, ..*one }).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::provider;

    fn search() -> &'static IdSearch {
        let mut searches = provider::ALL.iter().filter_map(|vendor| vendor.id_search());
        searches.next().expect("a vendor with ids that are clocks")
    }

    fn known(ms: i64, started_ms: i64, finished_ms: i64) -> KnownId {
        KnownId { ms, node: 3, started_ms, finished_ms }
    }

    #[test]
    fn the_clock_of_a_server_is_known_by_its_ids() {
        for (references, ahead, nodes) in [
            (vec![], (0, 0), vec![1]),
            (vec![known(1010, 1000, 1020)], (-10, 10), vec![3]),
            // Two that agree say more than one.
            (vec![known(1010, 1000, 1020), known(2015, 2000, 2030)], (-10, 10), vec![3]),
            (vec![known(1010, 1000, 1020), known(2035, 2030, 2032)], (3, 5), vec![3]),
            // The clock was set between the two: the nearer one counts.
            (vec![known(1010, 1000, 1020), known(9000, 2000, 2100)], (-10, 10), vec![3]),
            // One whose answer came before it was sent tells nothing.
            (vec![known(1010, 1000, 999)], (0, 0), vec![1]),
        ] {
            let clock = ServerClock::near(&references, 1000, search());
            assert_eq!((clock.ahead, clock.nodes.iter().copied().collect()), (ahead, nodes));
        }
    }

    #[test]
    fn a_window_is_from_when_the_request_left_to_5_s_after_by_the_servers_clock() {
        let clock = |ahead| ServerClock { ahead, nodes: BTreeSet::new() };
        assert_eq!(clock((0, 0)).window(1000, 5000), 1000..=6000);
        assert_eq!(clock((-7, 3)).window(1000, 5000), 993..=6003);
        assert_eq!(clock((3_600_000, 3_600_001)).window(1000, 5000), 3_601_000..=3_606_001);
    }

    #[test]
    fn ids_of_another_month_are_not_made_of_the_time() {
        let day = 24 * 3_600_000;
        let clock = |ahead| ServerClock { ahead, nodes: BTreeSet::new() }.is_likely();
        assert!(clock((0, 0)) && clock((29 * day, 30 * day)) && clock((-30 * day, -day)));
        assert!(!clock((0, 31 * day)) && !clock((-31 * day, 0)));
        // What a counter that begins at 1 says: the first moment of the ids.
        let known = [known(1_514_736_000_000, 1_796_000_000_000, 1_796_000_000_020)];
        assert!(!ServerClock::near(&known, 1_796_000_000_000, search()).is_likely());
    }

    #[test]
    fn a_busy_millisecond_is_asked_on_until_a_counter_is_not_there() {
        let part = |ms, counter| IdParts { ms, node: 1, counter };
        let there = [part(1, 1), part(2, 1), part(2, 2), part(3, 2)];
        assert_eq!(next_round(&there, 2, search()), [part(2, 3), part(3, 3)]);
        assert_eq!(next_round(&there, 3, search()), []);
        let last = search().max_counter;
        assert_eq!(next_round(&[part(1, last)], last, search()), []);
    }

    proptest! {
        #[test]
        fn no_millisecond_of_a_window_is_left_out_or_asked_twice(
            starts in prop::collection::vec((0_i64..60, 0_i64..12), 0..8),
        ) {
            let windows: Vec<_> = starts.iter().map(|(start, long)| *start..=start + long).collect();
            let all: BTreeSet<i64> = windows.iter().cloned().flatten().collect();
            let merged = merged(windows);
            prop_assert_eq!(length(&merged), all.len() as u64);
            let asked: Vec<IdParts> =
                first_round(merged, BTreeSet::from([1, 5]), 1..=2).collect();
            let once: BTreeSet<IdParts> = asked.iter().copied().collect();
            prop_assert_eq!((asked.len(), once.len()), (all.len() * 4, all.len() * 4));
        }

        /// Whatever the clocks show: a message that got its id within the time is in the window.
        #[test]
        fn a_window_holds_every_id_that_the_message_can_have(
            ahead in -100_000_i64..100_000,
            sent in prop::collection::vec((0_i64..50_000, 0_i64..800, 0.0..=1.0_f64), 0..6),
            late in 0_i64..=5000,
        ) {
            let known: Vec<KnownId> = sent
                .iter()
                .map(|(started, took, at)| {
                    #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "below 800")]
                    let ms = started + ahead + (*took as f64 * at) as i64;
                    known(ms, *started, started + took)
                })
                .collect();
            let clock = ServerClock::near(&known, 20_000, search());
            let ahead = if known.is_empty() { 0 } else { ahead };
            prop_assert!(clock.window(20_000, 5000).contains(&(20_000 + ahead + late)));
        }
    }
}
