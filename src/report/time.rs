//! Times as people and machines read them.

use jiff::Timestamp;

/// A time in RFC 3339, in UTC, to the second.
pub fn time(millis: i64) -> String {
    match Timestamp::from_millisecond(millis) {
        Ok(time) => time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        Err(_) => millis.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_to_the_second() {
        assert_eq!(time(1_782_353_213_880), "2026-06-25T02:06:53Z");
        assert_eq!(time(i64::MAX), i64::MAX.to_string());
    }
}
