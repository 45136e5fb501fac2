//! Message uids. A uid is a clock: milliseconds, node and counter in one number of 63 bits.

use crate::provider::IdParts;

/// Midnight of 2018-01-01 in China, where uids begin.
const EPOCH_MS: i64 = 1_514_736_000_000;

/// The last millisecond of which there are uids.
const LAST_MS: i64 = EPOCH_MS + (i64::MAX >> 21);

/// The largest node: it has 6 bits.
const MAX_NODE: i64 = 0x3f;

/// The largest counter: it has 15 bits.
pub(super) const MAX_COUNTER: i64 = 0x7fff;

/// Midnight of 2019-01-01 in China: no server made a uid before.
pub(super) const YEAR_2019_MS: i64 = 1_546_272_000_000;

/// When the message was sent, in milliseconds since 1970.
pub(super) const fn sent_ms(uid: i64) -> i64 {
    (uid >> 21) + EPOCH_MS
}

/// The uid that a node gives to the n-th message of a millisecond.
pub(super) const fn at(ms: i64, node: i64, counter: i64) -> i64 {
    ((ms - EPOCH_MS) << 21) | ((node & MAX_NODE) << 15) | (counter & MAX_COUNTER)
}

/// What a uid was made of.
pub(super) const fn parts(uid: i64) -> IdParts {
    IdParts { ms: sent_ms(uid), node: (uid >> 15) & MAX_NODE, counter: uid & MAX_COUNTER }
}

/// The uid that was made of these, as text; `None` before the first uid, and where a part does not fit.
pub(super) fn text(parts: IdParts) -> Option<String> {
    let IdParts { ms, node, counter } = parts;
    let fits = (EPOCH_MS..=LAST_MS).contains(&ms)
        && (0..=MAX_NODE).contains(&node)
        && (0..=MAX_COUNTER).contains(&counter);
    fits.then(|| at(ms, node, counter).to_string())
}

/// A text that is a uid in plain digits.
pub(super) fn of_text(text: &str) -> Option<i64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|uid| plain && *uid > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_in_a_uid_is_that_of_the_documents_samples() {
        for (uid, ms) in [
            (430_843_814_853_214_338, 1_720_178_340_304),
            (432_584_300_838_256_770, 1_721_008_268_695),
            (432_585_620_179_648_642, 1_721_008_897_806),
            (432_595_101_554_835_586, 1_721_013_418_878),
        ] {
            assert_eq!(sent_ms(uid), ms, "{uid}");
        }
    }

    #[test]
    fn the_parts_of_a_uid_make_it_again() {
        for (uid, ms, node, counter) in [
            (430_843_814_853_214_338, 1_720_178_340_304, 0, 130),
            (561_233_975_322_902_529, 1_782_353_213_880, 1, 1),
            (561_233_975_322_902_530, 1_782_353_213_880, 1, 2),
            (32_769, EPOCH_MS, 1, 1),
            (i64::MAX, LAST_MS, MAX_NODE, MAX_COUNTER),
        ] {
            let made = IdParts { ms, node, counter };
            assert_eq!((parts(uid), text(made)), (made, Some(uid.to_string())), "{uid}");
        }
        for (ms, node, counter) in [
            (EPOCH_MS - 1, 1, 1),
            (LAST_MS + 1, 1, 1),
            (EPOCH_MS, 64, 1),
            (EPOCH_MS, -1, 1),
            (EPOCH_MS, 1, 0x8000),
            (EPOCH_MS, 1, -1),
        ] {
            assert_eq!(text(IdParts { ms, node, counter }), None, "{ms} {node} {counter}");
        }
    }

    #[test]
    fn only_plain_digits_above_0_are_a_uid() {
        assert_eq!(of_text("9223372036854775807"), Some(i64::MAX));
        for text in ["", "0", "-1", "+1", "1.0", "1e3", " 1", "9223372036854775808", "x"] {
            assert_eq!(of_text(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn every_uid_is_its_parts(uid in 1..=i64::MAX) {
            proptest::prop_assert_eq!(text(parts(uid)), Some(uid.to_string()));
        }
    }

    #[test]
    fn a_uid_holds_what_it_was_made_of() {
        let uid = at(1_782_353_213_880, 1, 1);
        assert_eq!(sent_ms(uid), 1_782_353_213_880);
        assert_eq!(uid & 0x1f_ffff, (1 << 15) | 1);
    }
}
