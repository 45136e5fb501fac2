//! Which message is which lost one. Only what is certain counts: one message that fits one request, and no other.

use std::ops::RangeInclusive;

/// A message that fits at least one lost request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FittingMessage {
    /// The vendor's id of it.
    pub(super) id: String,
    /// When it got its id, by the server's clock.
    pub(super) ms: i64,
    /// The lost requests whose sender, conversation and payload it has, by their places.
    pub(super) fits: Vec<usize>,
}

/// What the search says of a lost request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum MessageMatch {
    /// This message is the one, and no other can be.
    Found(String),
    /// No message fits.
    None,
    /// Several messages fit it, or the only one fits another lost request as well. These are they.
    Several(Vec<String>),
}

/// What happens to lost requests. `windows` are the times in which the message of each can have got its id.
pub(super) fn matches(
    windows: &[RangeInclusive<i64>],
    candidates: &[FittingMessage],
) -> Vec<MessageMatch> {
    let fits = |candidate: &FittingMessage, at: usize| {
        candidate.fits.contains(&at) && windows[at].contains(&candidate.ms)
    };
    let of = |at: usize| {
        let own: Vec<&FittingMessage> = candidates.iter().filter(|one| fits(one, at)).collect();
        let is_shared = |candidate: &FittingMessage| {
            (0..windows.len()).any(|other| other != at && fits(candidate, other))
        };
        match own.as_slice() {
            [] => MessageMatch::None,
            [only] if !is_shared(only) => MessageMatch::Found(only.id.clone()),
            several => MessageMatch::Several(several.iter().map(|one| one.id.clone()).collect()),
        }
    };
    (0..windows.len()).map(of).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn candidate(id: &str, ms: i64, fits: &[usize]) -> FittingMessage {
        FittingMessage { id: id.to_owned(), ms, fits: fits.to_vec() }
    }

    #[test]
    fn only_what_is_certain_is_found() {
        let found = |id: &str| MessageMatch::Found(id.to_owned());
        let several =
            |ids: &[&str]| MessageMatch::Several(ids.iter().map(|id| (*id).to_owned()).collect());
        for (windows, candidates, due) in [
            (vec![0..=9], vec![], vec![MessageMatch::None]),
            (vec![0..=9], vec![candidate("a", 5, &[0])], vec![found("a")]),
            (vec![0..=9], vec![candidate("a", 10, &[0])], vec![MessageMatch::None]),
            (
                vec![0..=9],
                vec![candidate("a", 5, &[0]), candidate("b", 6, &[0])],
                vec![several(&["a", "b"])],
            ),
            // Two different messages.
            (
                vec![0..=9, 0..=9],
                vec![candidate("a", 5, &[0]), candidate("b", 6, &[1])],
                vec![found("a"), found("b")],
            ),
            // Two equal ones, and one of them is there: it is not known which.
            (
                vec![0..=9, 5..=14],
                vec![candidate("a", 7, &[0, 1])],
                vec![several(&["a"]), several(&["a"])],
            ),
            // Two equal ones, at different times.
            (
                vec![0..=9, 20..=29],
                vec![candidate("a", 7, &[0, 1]), candidate("b", 25, &[0, 1])],
                vec![found("a"), found("b")],
            ),
        ] {
            assert_eq!(matches(&windows, &candidates), due, "{windows:?} {candidates:?}");
        }
    }

    proptest! {
        #[test]
        fn no_message_is_that_of_two_requests_and_none_is_found_beside_another(
            starts in prop::collection::vec(0_i64..30, 1..5),
            messages in prop::collection::vec((0_i64..40, prop::collection::btree_set(0_usize..5, 0..4)), 0..7),
        ) {
            let windows: Vec<_> = starts.iter().map(|start| *start..=start + 9).collect();
            let candidates: Vec<FittingMessage> = messages
                .iter()
                .enumerate()
                .map(|(at, (ms, fits))| FittingMessage {
                    id: at.to_string(),
                    ms: *ms,
                    fits: fits.iter().copied().filter(|fit| *fit < windows.len()).collect(),
                })
                .collect();
            let found = matches(&windows, &candidates);
            let mut seen = BTreeSet::new();
            for (at, one) in found.iter().enumerate() {
                let fitting = |one: &&FittingMessage| {
                    one.fits.contains(&at) && windows[at].contains(&one.ms)
                };
                let ids: Vec<String> =
                    candidates.iter().filter(fitting).map(|one| one.id.clone()).collect();
                match one {
                    MessageMatch::Found(id) => {
                        prop_assert_eq!(&ids, &vec![id.clone()]);
                        prop_assert!(seen.insert(id.clone()));
                    }
                    MessageMatch::None => prop_assert!(ids.is_empty()),
                    MessageMatch::Several(several) => prop_assert_eq!(&ids, several),
                }
            }
        }
    }
}
