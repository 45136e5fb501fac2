//! Message uids. A uid is a clock: milliseconds, node and counter in one number of 63 bits.

/// Midnight of 2018-01-01 in China, where uids begin.
const EPOCH_MS: i64 = 1_514_736_000_000;

/// Midnight of 2019-01-01 in China: no server made a uid before.
pub(super) const YEAR_2019_MS: i64 = 1_546_272_000_000;

/// When the message was sent, in milliseconds since 1970.
pub(super) const fn sent_ms(uid: i64) -> i64 {
    (uid >> 21) + EPOCH_MS
}

/// The uid that a node gives to the n-th message of a millisecond.
pub(super) const fn at(ms: i64, node: i64, counter: i64) -> i64 {
    ((ms - EPOCH_MS) << 21) | ((node & 0x3f) << 15) | (counter & 0x7fff)
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
    fn a_uid_holds_what_it_was_made_of() {
        let uid = at(1_782_353_213_880, 1, 1);
        assert_eq!(sent_ms(uid), 1_782_353_213_880);
        assert_eq!(uid & 0x1f_ffff, (1 << 15) | 1);
    }
}
