//! Past times as people write them.

use std::str::FromStr as _;

use jiff::{Span, SpanRelativeTo, Timestamp};

/// How long ago something was, in milliseconds: `90d`, `2h`, `1d12h`.
pub fn ago(text: &str) -> Result<i64, String> {
    let due = || format!("`{text}` is no length of time: write it as 90d, 12h or 30m");
    let span = Span::from_str(text).map_err(|_| due())?;
    let length = span.to_duration(SpanRelativeTo::days_are_24_hours()).map_err(|_| due())?;
    i64::try_from(length.as_millis()).ok().filter(|millis| *millis >= 0).ok_or_else(due)
}

/// A moment: either how long ago it was, or RFC 3339.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// This many milliseconds ago.
    Ago(i64),
    /// In milliseconds since 1970.
    At(i64),
}

impl Moment {
    /// The moment that a flag names.
    pub fn parse(text: &str) -> Result<Self, String> {
        if let Ok(at) = text.parse::<Timestamp>() {
            return Ok(Self::At(at.as_millisecond()));
        }
        ago(text).map(Self::Ago).map_err(|_| {
            format!("`{text}` is no time: write how long ago, as 2h or 3d, or 2026-05-01T08:00:00Z")
        })
    }

    /// In milliseconds since 1970.
    pub fn at_ms(self, now_ms: i64) -> i64 {
        match self {
            Self::Ago(millis) => now_ms.saturating_sub(millis),
            Self::At(at) => at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_so_long_ago_or_stands_there() {
        for (text, at) in [
            ("2h", 1_000_000_000_000 - 7_200_000),
            ("3d", 1_000_000_000_000 - 3 * 86_400_000),
            ("1d12h", 1_000_000_000_000 - 129_600_000),
            ("30m", 1_000_000_000_000 - 1_800_000),
            ("1w", 1_000_000_000_000 - 604_800_000),
            ("2001-09-09T01:46:40Z", 1_000_000_000_000),
            ("2001-09-09T09:46:40+08:00", 1_000_000_000_000),
        ] {
            assert_eq!(Moment::parse(text).map(|at| at.at_ms(1_000_000_000_000)), Ok(at), "{text}");
        }
        for text in ["", "2", "yesterday", "-2h", "2001-09-09", "1mo", "99999999999999d"] {
            assert!(Moment::parse(text).is_err(), "{text}");
        }
    }
}
